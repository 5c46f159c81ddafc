#include "eval/feature_sets.h"
#include "eval/behaviour_columns.h"

#include <string.h>

/* DySec's features of GROUP ("*": all six). */
static bool
dysec(size_t index, enum sp_vector_part part, const char *group)
{
    if (sp_vector_rule(index))
        return false;
    const char *of = sp_vector_feature(index)->group;
    return sp_vector_part(index) == part && strcmp(of, "own") != 0 && (*group == '*' || !strcmp(of, group));
}

static bool
of_run(size_t index, const char *group)
{
    return dysec(index, SP_VECTOR_RUN, group);
}

static bool
of_package(size_t index, const char *group)
{
    return dysec(index, SP_VECTOR_ALL, group);
}

static bool
is_own(size_t index)
{
    return sp_vector_rule(index) || !strcmp(sp_vector_feature(index)->group, "own");
}

static bool
own(size_t index, const char *word)
{
    (void)word;
    return sp_behaviour_seen(index) && is_own(index);
}

static bool
seen(size_t index, const char *word)
{
    (void)word;
    return sp_behaviour_seen(index);
}

static bool
of_part(size_t index, const char *part)
{
    return sp_behaviour_seen(index) && !strcmp(sp_vector_part_names[sp_vector_part(index)], part);
}

/* WORD: a list of beginnings of ids. */
static bool
without(size_t index, const char *word)
{
    const struct sp_feature *feature = sp_vector_feature(index);
    const char *id = feature ? feature->id : "rule";
    for (const char *at = word; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (!strncmp(id, at, strcspn(at, " ")))
            return false;
    return sp_behaviour_seen(index);
}

#define DECOYS "own.decoys"
#define SECRETS                                                                                              \
    DECOYS " own.canaries own.sensitive own.environ-reads own.bytes-sent-before own.bytes-sent-after"
#define CALLS "own.names own.name- own.connections own.datagrams own.hosts"

const struct sp_feature_set sp_feature_sets[] = {
    { "filetop, run", "FiletopTraces", SP_SCOPE_RUN, false, of_run, "filetop" },
    { "install, run", "InstallTraces", SP_SCOPE_RUN, false, of_run, "install" },
    { "opensnoop, run", "OpensnoopTraces", SP_SCOPE_RUN, false, of_run, "opensnoop" },
    { "tcp, run", "TCPTraces", SP_SCOPE_RUN, false, of_run, "tcp" },
    { "syscall, run", "SystemCallTraces", SP_SCOPE_RUN, false, of_run, "syscall" },
    { "pattern, run", "PatternTraces", SP_SCOPE_RUN, false, of_run, "pattern" },
    { "all 36, run", "CombinedTraces", SP_SCOPE_RUN, false, of_run, "*" },
    { "filetop, package", "FiletopTraces", SP_SCOPE_PACKAGE, false, of_package, "filetop" },
    { "install, package", "InstallTraces", SP_SCOPE_PACKAGE, false, of_package, "install" },
    { "opensnoop, package", "OpensnoopTraces", SP_SCOPE_PACKAGE, false, of_package, "opensnoop" },
    { "tcp, package", "TCPTraces", SP_SCOPE_PACKAGE, false, of_package, "tcp" },
    { "syscall, package", "SystemCallTraces", SP_SCOPE_PACKAGE, false, of_package, "syscall" },
    { "pattern, package", "PatternTraces", SP_SCOPE_PACKAGE, false, of_package, "pattern" },
    { "all 36, package", "CombinedTraces", SP_SCOPE_PACKAGE, false, of_package, "*" },
    { "own", NULL, SP_SCOPE_ANY, false, own, "" },
    { "all that the model sees", NULL, SP_SCOPE_ANY, false, seen, "" },
    /* beside all, DySec's and our own, which stand above */
    { "without decoys", NULL, SP_SCOPE_ANY, true, without, DECOYS },
    { "without decoys, canaries, sensitive paths", NULL, SP_SCOPE_ANY, true, without, SECRETS },
    { "without what was called", NULL, SP_SCOPE_ANY, true, without, CALLS },
    { "without what rules say", NULL, SP_SCOPE_ANY, true, without, "rule" },
    { "what rules say alone", NULL, SP_SCOPE_ANY, true, of_part, "rule" },
    { "the part all alone", NULL, SP_SCOPE_ANY, true, of_part, "all" },
    { "the part build alone", NULL, SP_SCOPE_ANY, true, of_part, "build" },
    { "the part install alone", NULL, SP_SCOPE_ANY, true, of_part, "install" },
    { "the part load alone", NULL, SP_SCOPE_ANY, true, of_part, "load" },
};
const size_t sp_feature_set_count = SP_COUNT(sp_feature_sets);
