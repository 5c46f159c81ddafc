/* changes.c: what was written that is no declared output of the install, and what of it would run later: as
 * it happens, where a process is seen to do it, and once more at the end, where the landing finds it. */
#include "behaviour/judge.h"

#include <string.h>

/* --allow-write takes the path as it is: where it cannot be shown so, it cannot be advised. */
static void
advise(struct sp_remark *remark, const char *before, const char *path, const char *shown)
{
    bool plain = strlen(path) < SP_SHOWN_MAX - 8 && !strpbrk(path, " '\"\\$`!*?[]{}();&|<>#~\n\t");
    const char *tail = shown[0] == '~' ? shown + 1 : shown;
    size_t length = strlen(tail), whole = strlen(path);
    if (plain && whole >= length && !strcmp(path + whole - length, tail))
        snprintf(remark->advice, sizeof(remark->advice), "%s: --allow-write %s", before, path);
    else
        snprintf(remark->advice, sizeof(remark->advice), "%s: --allow-write with its path", before);
}

static bool
read_persistence(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], detail[SP_SHOWN_MAX];
    const char *where, *path = event->subject ? event->subject : "";
    bool seen = event->kind != SP_EVENT_WRITE; /* as it happens */
    if (seen) {
        if (sp_put_class(behaviour, event, &path, &where) != SP_PLACE_LATER || sp_hijacks(path) ||
            !sp_tell_path(behaviour, path))
            return false;
    } else if (sp_place_class(behaviour, path, &where) == SP_PLACE_NONE || sp_was_told(behaviour, path)) {
        return false;
    }
    remark->subject = path;
    const char *said = seen ? NULL : event->detail;
    sp_shown_path(behaviour, shown, path);
    SP_SAY(remark, "changes %s, which %s would run or obey later, %s%s%s", shown, where,
           sp_phase_words(event->phase), said ? ": " : "", said ? sp_shown(detail, said) : "");
    advise(remark, "it does not land; if you want it (git hooks by husky or lefthook)", path, shown);
    return true;
}

const struct sp_rule sp_rule_persistence = {
    .id = "run/persistence",
    .title = "a change that would run later",
    .source = "MITRE ATT&CK T1053, T1098.004, T1543, T1546, T1547, T1574",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a write, outside the declared outputs, to shells' start files, cron, systemd, autostart, "
                "authorized_keys, git hooks, editors' tasks, workflows, ld.so.preload, sitecustomize, .pth "
                "files; told "
                "as a package's process does it, or by what would have landed",
    .advice = "--allow-write PATH if you want it",
    .page = SP_PAGE "runpersistence",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_WRITE | 1u << SP_EVENT_OPEN | 1u << SP_EVENT_CHANGE,
    .read = read_persistence,
};

static bool
read_write(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], detail[SP_SHOWN_MAX];
    const char *where, *path = event->subject ? event->subject : "";
    if (sp_place_class(behaviour, path, &where) != SP_PLACE_NONE || sp_was_told(behaviour, path))
        return false; /* said by another rule */
    sp_shown_path(behaviour, shown, path);
    snprintf(remark->message, sizeof(remark->message), "changes %s, which is no declared output, %s%s%s",
             shown, sp_phase_words(event->phase), event->detail ? ": " : "",
             event->detail ? sp_shown(detail, event->detail) : "");
    advise(remark, "it does not land; if it belongs to the install", path, shown);
    return true;
}

const struct sp_rule sp_rule_write_outside = {
    .id = "run/write-outside",
    .title = "a change outside the declared outputs",
    .source = "DESIGN: landing",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "a file was made, changed or deleted that the package manager does not declare",
    .advice = "--allow-write PATH if it belongs to the install",
    .page = SP_PAGE "runwrite-outside",
    .kinds = 1u << SP_EVENT_WRITE,
    .read = read_write,
};
