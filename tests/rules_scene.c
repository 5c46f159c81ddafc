#include "rules_scene.h"

#include "stand_in_attribution.h"
#include "trace/counts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#define WORDS 40
#define SECOND 1000000000ull

struct sp_decoys scene_decoys;
static struct sp_arena decoy_arena;

int
scene_begin_all(void **state SP_UNUSED)
{
    static const char *const env[] = { "GITHUB_TOKEN=ghp_0000000000000000000000000000000000AA", NULL };
    const struct sp_decoy_wishes wishes = { .home = "/home/user", .env = env };
    return sp_decoys_make(&scene_decoys, &decoy_arena, &wishes, NULL);
}

int
scene_end_all(void **state SP_UNUSED)
{
    sp_arena_free(&decoy_arena);
    return 0;
}

struct scene {
    struct sp_behaviour *behaviour;
    struct sp_attribution *attribution;
    struct sp_arena arena;
    uint32_t names[128]; /* letter -> process */
    const char *directories[128];
    uint32_t next;
    uint64_t time;
    enum sp_severity worst;
    const char *line;
};

static void
send(struct scene *scene, struct sp_event event)
{
    const struct sp_process *process = sp_attribution_process(scene->attribution, event.process);
    scene->time += SECOND / 100;
    event.time = scene->time;
    if (!event.phase)
        event.phase = process ? process->actor->phase : SP_PHASE_INSTALL;
    if (process && process->actor->package)
        event.package = process->actor->package;
    enum sp_severity severity = sp_behaviour_take(scene->behaviour, &event);
    if (severity > scene->worst)
        scene->worst = severity;
}

/* The words from AT on, with END after each (or between, where it is a space). */
static char *
join(struct scene *scene, char **words, int count, char end)
{
    size_t length = 1;
    for (int i = 0; i < count; i++)
        length += strlen(words[i]) + 1;
    char *out = sp_arena_alloc(&scene->arena, length, NULL), *at = out;
    for (int i = 0; i < count; i++) {
        for (const char *c = words[i]; *c; c++) {
            bool space = !strncmp(c, "␣", strlen("␣"));
            *at++ = space ? ' ' : *c;
            c += space ? strlen("␣") - 1 : 0;
        }
        if (end == SP_EVENT_WORD_END || i + 1 < count)
            *at++ = end;
    }
    return out;
}

static void
exec(struct scene *scene, uint32_t number, const char *directory, char **words, int count)
{
    int64_t flags = 0;
    for (; count && **words == '+'; words++, count--)
        flags |= !strcmp(*words, "+socket")   ? SP_EXEC_STDIN_SOCKET
                 : !strcmp(*words, "+pipe")   ? SP_EXEC_STDIN_PIPE
                 : !strcmp(*words, "+memory") ? SP_EXEC_MEMORY
                                              : SP_EXEC_DELETED;
    char *argv = join(scene, words + 1, count - 1, SP_EVENT_WORD_END);
    struct sp_process *process = stand_in_at(scene->attribution, number);
    process->program = sp_arena_copy(&scene->arena, words[0], strlen(words[0]), NULL);
    process->words = argv;
    process->directory = directory;
    send(scene, (struct sp_event){ SP_EVENT_EXEC, .process = number, .subject = process->program,
                                   .detail = argv, .value = flags, .directory = directory });
}

static uint32_t
fork_from(struct scene *scene, uint32_t parent)
{
    const struct sp_process *maker = stand_in_at(scene->attribution, parent);
    uint32_t number = scene->next++;
    stand_in_process(scene->attribution, number, parent, maker->actor->kind, maker->actor->package,
                     maker->actor->phase);
    stand_in_at(scene->attribution, number)->program = maker->program;
    send(scene, (struct sp_event){ SP_EVENT_FORK, .process = number, .parent = parent });
    return number;
}

static bool
begin_process(struct scene *scene, char name, const char *verb, const char *purl)
{
    static const struct {
        const char *verb;
        enum sp_actor_kind kind;
        enum sp_phase phase;
    } kinds[] = {
        { "package", SP_ACTOR_PACKAGE, SP_PHASE_INSTALL }, { "manager", SP_ACTOR_MANAGER, SP_PHASE_INSTALL },
        { "project", SP_ACTOR_PROJECT, SP_PHASE_INSTALL }, { "command", SP_ACTOR_COMMAND, SP_PHASE_INSTALL },
        { "unknown", SP_ACTOR_UNKNOWN, SP_PHASE_INSTALL }, { "load", SP_ACTOR_PACKAGE, SP_PHASE_LOAD },
        { "build", SP_ACTOR_PACKAGE, SP_PHASE_BUILD },     { "as", SP_ACTOR_PACKAGE, SP_PHASE_INSTALL }
    };
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        if (strcmp(verb, kinds[i].verb))
            continue;
        uint32_t number = !strcmp(verb, "as") ? scene->names[(int)name] : scene->next++;
        scene->names[(int)name] = number;
        stand_in_process(scene->attribution, number, 0, kinds[i].kind,
                         kinds[i].kind == SP_ACTOR_PACKAGE ? purl : NULL, kinds[i].phase);
        return true;
    }
    return false;
}

static bool
file_act(struct scene *scene, uint32_t number, const char *verb, const char *path, const char *to)
{
    static const struct {
        const char *verb;
        int64_t flags;
    } opens[] = { { "read", O_RDONLY },
                  { "write", O_WRONLY | O_TRUNC },
                  { "append", O_WRONLY | O_APPEND },
                  { "create", O_WRONLY | O_CREAT | O_TRUNC } };
    for (size_t i = 0; i < SP_COUNT(opens); i++)
        if (!strcmp(verb, opens[i].verb)) {
            send(scene, (struct sp_event){ SP_EVENT_OPEN, .process = number, .subject = path, .detail = to,
                                           .value = opens[i].flags });
            if (to)
                send(scene,
                     (struct sp_event){ SP_EVENT_DECOY, .process = number, .subject = path, .detail = to });
            return true;
        }
    for (int act = 0; act < SP_FILE_ACT_COUNT; act++)
        if (!strcmp(verb, sp_file_act_name((enum sp_file_act)act))) {
            send(scene, (struct sp_event){ SP_EVENT_CHANGE, .process = number, .subject = path, .detail = to,
                                           .value = act });
            return true;
        }
    return false;
}

static bool
network_act(struct scene *scene, uint32_t number, char **words, int count)
{
    const char *verb = words[0], *one = count > 1 ? words[1] : "", *two = count > 2 ? words[2] : "";
    uint16_t port = (uint16_t)atoi(two);
    struct sp_event event = { .process = number, .subject = one, .port = port };
    char *rest = count > 3 ? join(scene, words + 3, count - 3, ' ') : NULL;
    if (!strcmp(verb, "connect") || !strcmp(verb, "refused")) {
        event.kind = SP_EVENT_SOCKET;
        event.value = SP_SOCKET_CONNECT;
        event.detail = "tcp";
        event.bytes = *verb == 'r';
    } else if (!strcmp(verb, "outside") || !strcmp(verb, "datagram") || !strcmp(verb, "passed")) {
        event.kind = *verb == 'o' ? SP_EVENT_CONNECTION : *verb == 'd' ? SP_EVENT_DATAGRAM : SP_EVENT_PASSED;
        event.detail = rest;
    } else if (!strcmp(verb, "said")) {
        event.kind = SP_EVENT_SAID;
        event.detail = rest;
    } else if (!strcmp(verb, "name")) {
        event.kind = SP_EVENT_NAME;
    } else if (!strcmp(verb, "socket")) {
        event =
            (struct sp_event){ SP_EVENT_SOCKET, .process = number, .detail = one, .value = SP_SOCKET_OPENED };
    } else if (!strcmp(verb, "unix")) {
        event.kind = SP_EVENT_SOCKET;
        event.detail = "unix";
        event.value = SP_SOCKET_CONNECT;
    } else if (!strcmp(verb, "bind")) {
        event = (struct sp_event){ SP_EVENT_SOCKET,
                                   .process = number,
                                   .subject = two,
                                   .detail = one,
                                   .port = (uint16_t)atoi(words[3]),
                                   .value = SP_SOCKET_BIND };
    } else if (!strcmp(verb, "listen")) {
        event.kind = SP_EVENT_SOCKET;
        event.detail = "tcp";
        event.value = SP_SOCKET_LISTEN;
    } else {
        return false;
    }
    send(scene, event);
    return true;
}

static void
other_act(struct scene *scene, uint32_t number, char **words, int count)
{
    const char *verb = words[0], *one = count > 1 ? words[1] : "", *two = count > 2 ? words[2] : NULL;
    if (!strcmp(verb, "look")) {
        send(scene, (struct sp_event){ SP_EVENT_LOOK, .process = number, .subject = one, .value = -ENOENT });
    } else if (!strcmp(verb, "code")) {
        for (int code = 0; code < SP_CODE_COUNT; code++)
            if (!strcmp(one, sp_code_name((enum sp_code)code)))
                send(scene, (struct sp_event){ SP_EVENT_CODE, .process = number, .subject = two,
                                               .value = code, .detail = count > 3 ? words[3] : NULL });
    } else if (!strcmp(verb, "slept")) {
        uint64_t numbers[SP_COUNT_END] = {
            [SP_COUNT_SLEPT_MS] = (uint64_t)atoll(one), [SP_COUNT_SLEEPS] = (uint64_t)atoll(two)
        };
        send(scene, (struct sp_event){ SP_EVENT_COUNTS, .process = number, .numbers = numbers,
                                       .number_count = SP_COUNT_END });
    } else if (!strcmp(verb, "exit")) {
        send(scene, (struct sp_event){ SP_EVENT_EXIT, .process = number });
        stand_in_at(scene->attribution, number)->ended = scene->time;
    } else if (!strcmp(verb, "forks") || !strcmp(verb, "forks-ended")) {
        for (int i = 0, n = atoi(one); i < n; i++) {
            uint32_t child = fork_from(scene, number);
            if (verb[5])
                send(scene, (struct sp_event){ SP_EVENT_EXIT, .process = child });
            scene->time -= SECOND / 100 * (verb[5] ? 2 : 1);
        }
    } else {
        fail_msg("no act: %s", scene->line);
    }
}

static void
play_line(struct scene *scene, char *line)
{
    char *words[WORDS], *save;
    int count = 0;
    for (char *word = strtok_r(line, " ", &save); word && count < WORDS; word = strtok_r(NULL, " ", &save))
        words[count++] = word;
    if (!count)
        return;
    if (!strcmp(words[0], "wait")) {
        scene->time += (uint64_t)atoi(words[1]) * SECOND;
        return;
    }
    if (count < 2)
        fail_msg("too few words: %s", scene->line);
    int name = (unsigned char)words[0][0] & 127;
    const char *verb = words[1], *one = count > 2 ? words[2] : NULL, *two = count > 3 ? words[3] : NULL;
    if (!strcmp(verb, "place")) {
        send(scene, (struct sp_event){ SP_EVENT_PLACE, .subject = one, .package = two });
        return;
    }
    if (!strcmp(verb, "left")) {
        send(scene, (struct sp_event){ SP_EVENT_WRITE, .subject = one });
        return;
    }
    if (begin_process(scene, (char)name, verb, one))
        return;
    uint32_t number = scene->names[name];
    if (!number)
        fail_msg("nobody: %s", scene->line);
    if (!strcmp(verb, "fork")) {
        scene->names[(unsigned char)*one & 127] = fork_from(scene, number);
        scene->directories[(unsigned char)*one & 127] = scene->directories[name];
    } else if (!strcmp(verb, "at")) {
        scene->directories[name] = sp_arena_copy(&scene->arena, one, strlen(one), NULL);
    } else if (!strcmp(verb, "exec")) {
        exec(scene, number, scene->directories[name], words + 2, count - 2);
    } else if (!file_act(scene, number, verb, one, two) &&
               !network_act(scene, number, words + 1, count - 1)) {
        other_act(scene, number, words + 1, count - 1);
    }
}

enum sp_severity
scene_play(const char *text, const char *const *allow_write, struct sp_verdict *verdict)
{
    struct scene scene = { .next = 1, .time = 100 * SECOND };
    struct sp_error err;
    bool unanswered = !strncmp(text, "unanswered\n", 11);
    text += unanswered ? 11 : 0;
    assert_int_equal(sp_attribution_new(&scene.attribution, &(struct sp_attribution_options){ 0 }, &err), 0);
    const struct sp_behaviour_options options = { .decoys = &scene_decoys,
                                                  .home = "/home/user",
                                                  .project = "/home/user/app",
                                                  .attribution = scene.attribution,
                                                  .unanswered = unanswered,
                                                  .allow_write = allow_write };
    assert_int_equal(sp_behaviour_new(&scene.behaviour, &options, &err), 0);
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = sp_arena_copy(&scene.arena, text, length, NULL);
        scene.line = sp_arena_copy(&scene.arena, text, length, NULL);
        play_line(&scene, line);
        text += length + (text[length] == '\n');
    }
    if (sp_behaviour_findings(scene.behaviour, verdict, &err) < 0)
        fail_msg("%s", err.text);
    sp_behaviour_free(scene.behaviour);
    sp_attribution_free(scene.attribution);
    sp_arena_free(&scene.arena);
    return scene.worst;
}
