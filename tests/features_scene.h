/* features_scene.h: npm installs left and right, whose scripts act, and loads left; for the tests of
 * features. */
#pragma once
#include "base/file.h"
#include "base/tree.h"
#include "base/hash.h"
#include "behaviour/feature_places.h"
#include "behaviour/feature_programs.h"
#include "behaviour/features.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LEFT "pkg:npm/left@1.0.0"
#define LEFT_PLACE "/project/node_modules/left"
#define RIGHT "pkg:npm/right@2.0.0"
#define RIGHT_PLACE "/project/node_modules/right"
#define SECOND ((uint64_t)1000000000)

struct run {
    struct sp_attribution *attribution;
    struct sp_features *features;
    struct sp_feature_row *rows;
    size_t count;
};

static inline bool
proves(void *context SP_UNUSED, const char *id)
{
    return !strcmp(id, "ssh-key");
}

static inline void
act(struct run *run, struct sp_event event)
{
    sp_attribution_take(run->attribution, &event);
    sp_features_take(run->features, &event);
}

static inline struct run
begin_with(bool library_probes)
{
    struct run run = { 0 };
    struct sp_error err;
    const struct sp_attribution_options whose = {
        .manager = "npm", .ecosystem = "npm", .project = "/project", .home = "/home/user"
    };
    if (sp_attribution_new(&run.attribution, &whose, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_features_options options = { .attribution = run.attribution,
                                                 .home = "/home/user",
                                                 .project = "/project",
                                                 .decoy_read_proves = proves,
                                                 .library_probes = library_probes };
    if (sp_features_new(&run.features, &options, &err) < 0)
        fail_msg("%s", err.text);
    return run;
}

/* npm is process 1; the install scripts of left and right are 2 and 3, npm's children; left is loaded by 4.
 */
static inline struct run
begin(void)
{
    struct run run = begin_with(true);
    act(&run, (struct sp_event){ SP_EVENT_PLACE, .subject = LEFT_PLACE, .package = LEFT });
    act(&run, (struct sp_event){ SP_EVENT_PLACE, .subject = RIGHT_PLACE, .package = RIGHT });
    act(&run, (struct sp_event){ SP_EVENT_COMMAND, .value = 1,
                                 .subject = "npm\x1f"
                                            "ci\x1f" });
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 1, .value = 1, .time = SECOND });
    act(&run,
        (struct sp_event){ SP_EVENT_EXEC, .process = 1, .subject = "/usr/bin/node", .time = SECOND,
                           .detail = "node\x1f/usr/bin/npm\x1f", .directory = "/project", .bytes = 18 });
    for (uint32_t i = 2; i < 4; i++) {
        act(&run, (struct sp_event){ SP_EVENT_FORK, .process = i, .parent = 1, .time = SECOND });
        act(&run, (struct sp_event){ SP_EVENT_EXEC, .process = i, .subject = "/usr/bin/dash", .time = SECOND,
                                     .detail = "sh\x1f-c\x1f:\x1f", .bytes = 8,
                                     .directory = i == 2 ? LEFT_PLACE : RIGHT_PLACE });
    }
    act(&run, (struct sp_event){ SP_EVENT_COMMAND, SP_PHASE_LOAD, .value = 2, .package = LEFT });
    act(&run, (struct sp_event){ SP_EVENT_FORK, SP_PHASE_LOAD, .process = 4, .value = 2, .time = SECOND });
    return run;
}

static inline void
look(struct run *run)
{
    struct sp_error err;
    free(run->rows);
    if (sp_features_rows(run->features, &run->rows, &run->count, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void
end(struct run *run)
{
    free(run->rows);
    sp_features_free(run->features);
    sp_attribution_free(run->attribution);
}

static inline size_t
index_of(const char *id)
{
    for (size_t i = 0; i < sp_feature_count; i++)
        if (!strcmp(sp_feature_table[i].id, id))
            return i;
    fail_msg("there is no feature %s", id);
    return 0;
}

static inline const struct sp_feature_row *
row_of(const struct run *run, const char *kind, const char *package, int phase)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct sp_feature_row *row = &run->rows[i];
        if (!strcmp(row->kind, kind) && row->phase == phase && !row->package == !package &&
            (!package || !strcmp(row->package, package)))
            return row;
    }
    fail_msg("there is no row %s %s %d", kind, package ? package : "", phase);
    return NULL;
}

static inline double
value(const struct run *run, const char *kind, const char *package, int phase, const char *id)
{
    return row_of(run, kind, package, phase)->values[index_of(id)];
}

static inline double
of_left(const struct run *run, const char *id)
{
    return value(run, "package", LEFT, SP_PHASE_INSTALL, id);
}

static inline double
of_run(const struct run *run, const char *id)
{
    return value(run, "all", NULL, -1, id);
}

static inline void
fill(uint64_t numbers[SP_COUNT_END], uint64_t times)
{
    for (uint64_t i = 0; i < SP_COUNT_END; i++)
        numbers[i] = times * (1000 + i);
}

static inline void
take_counts(struct run *run, uint32_t process, const uint64_t *numbers, size_t count)
{
    act(run,
        (struct sp_event){ SP_EVENT_COUNTS, .process = process, .numbers = numbers, .number_count = count });
}

/* Acts of process 2, which is left's at install. */
#define OPEN(path, flags)                                                                                    \
    {                                                                                                        \
        SP_EVENT_OPEN, SP_PHASE_FETCH, .process = 2, .subject = path, .value = flags                         \
    }
#define READS(path) OPEN(path, O_RDONLY)
#define MAKES(path) OPEN(path, O_WRONLY | O_CREAT | O_TRUNC)
#define LOOKS(path)                                                                                          \
    {                                                                                                        \
        SP_EVENT_LOOK, .process = 2, .subject = path, .value = -2                                            \
    }
#define RUNS(path, words)                                                                                    \
    {                                                                                                        \
        SP_EVENT_EXEC, .process = 2, .subject = path, .detail = words, .directory = LEFT_PLACE,              \
                       .bytes = sizeof(words) - 1                                                            \
    }
#define CHANGE(act, path, more)                                                                              \
    {                                                                                                        \
        SP_EVENT_CHANGE, .process = 2, .value = act, .subject = path, .detail = more                         \
    }
#define SOCKET(act, address, kind)                                                                           \
    {                                                                                                        \
        SP_EVENT_SOCKET, .process = 2, .value = act, .subject = address, .port = 443, .detail = kind         \
    }
#define CALL(host)                                                                                           \
    {                                                                                                        \
        SP_EVENT_CONNECTION, .process = 2, .subject = host, .port = 443, .value = 1, .bytes = 10             \
    }
#define NAME(name)                                                                                           \
    {                                                                                                        \
        SP_EVENT_NAME, .process = 2, .subject = name, .detail = "A"                                          \
    }
#define CODE(code, what)                                                                                     \
    {                                                                                                        \
        SP_EVENT_CODE, .process = 2, .value = code, .subject = what                                          \
    }
#define TCP(address, to, from, own)                                                                          \
    {                                                                                                        \
        SP_EVENT_TCP, .process = 2, .subject = address, .port = to, .detail = from, .bytes = own,            \
                      .value = 0x0102                                                                        \
    }
#define SAYS(address, length)                                                                                \
    {                                                                                                        \
        SP_EVENT_SAID, .process = 2, .subject = address, .port = 443, .bytes = length,                       \
                       .value = SP_SAID_WRITE                                                                \
    }
