/* limits.c: a run that met a limit. A fork bomb or a disk filler is worth a look by itself, so each is for
 * review; what ends processes (time, memory, disk, files) also cuts off what would have come, and that was
 * not seen: the verdict is then inconclusive. The other limits answer with an error that a program can
 * handle. */
#include "behaviour/judge.h"

#include <string.h>

static bool
ends_processes(const char *limit)
{
    static const char *const ending[] = { "time", "memory", "disk", "files" };
    for (size_t i = 0; i < SP_COUNT(ending); i++)
        if (!strcmp(limit, ending[i]))
            return true;
    return false;
}

/* VALUE in the unit that people would give the limit in. */
static void
write_value(char *out, size_t size, const char *limit, int64_t value)
{
    out[0] = '\0';
    if (value <= 0)
        return;
    if (!strcmp(limit, "time"))
        snprintf(out, size, " (%.3g s)", (double)value / 1e9);
    else if (!strcmp(limit, "memory") || !strcmp(limit, "disk"))
        snprintf(out, size, " (%.4g MiB)", (double)value / 1048576);
    else
        snprintf(out, size, " (%lld)", (long long)value);
}

static bool
read_limit(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char what[SP_SHOWN_MAX], unseen[SP_SHOWN_MAX + 64];
    const char *limit = event->subject ? event->subject : "";
    sp_shown(what, limit);
    if (ends_processes(limit)) {
        snprintf(unseen, sizeof(unseen), "what follows the limit of %.100s %s", what,
                 sp_phase_words(event->phase));
        sp_behaviour_unseen(behaviour, unseen, 0);
    }
    char value[48];
    write_value(value, sizeof(value), limit, event->value);
    snprintf(remark->message, sizeof(remark->message), "meets the limit of %s%s %s", what, value,
             sp_phase_words(event->phase));
    snprintf(remark->advice, sizeof(remark->advice),
             "if the install is honestly that large, raise the limit and run it again");
    return true;
}

const struct sp_rule sp_rule_limit = {
    .id = "run/limit",
    .title = "a limit was met",
    .source = "MITRE ATT&CK T1499",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "time, memory, processes, file size, disk or number of files; time, memory, disk and files "
                "make the verdict "
                "inconclusive besides, since what follows them was not seen",
    .advice = "raise the limit for an honestly large install",
    .page = SP_PAGE "runlimit",
    .kinds = 1u << SP_EVENT_LIMIT,
    .read = read_limit,
};
