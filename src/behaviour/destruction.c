/* destruction.c: files of the user's that an install takes away. Sources: MITRE ATT&CK T1485, T1486,
 * T1565.001; CVE-2022-23812. */
#include "behaviour/judge.h"

#include <fcntl.h>
#include <string.h>

/* The decoy that lies at PATH, NULL: none. */
static const struct sp_decoy *
decoy_at(const struct sp_behaviour *behaviour, const char *path)
{
    for (size_t i = 0; behaviour->decoys && i < behaviour->decoys->count; i++) {
        const struct sp_decoy *decoy = &behaviour->decoys->items[i];
        if (decoy->path && !strcmp(decoy->path, path))
            return decoy;
    }
    return NULL;
}

/* What EVENT takes away, NULL: nothing. */
static const char *
taken_away(const struct sp_event *event)
{
    bool opened = event->kind == SP_EVENT_OPEN && event->value & O_TRUNC;
    bool changed =
        event->kind == SP_EVENT_CHANGE && (event->value == SP_FILE_UNLINK || event->value == SP_FILE_RENAME ||
                                           event->value == SP_FILE_TRUNCATE);
    return opened || changed ? event->subject : NULL;
}

static bool
read_secret_destroyed(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char title[SP_SHOWN_MAX], shown[SP_SHOWN_MAX];
    const char *path = taken_away(event);
    const struct sp_decoy *decoy = path ? decoy_at(behaviour, path) : NULL;
    /* settings that tools write themselves, and the project's own .env, are other rules' affair */
    if (!decoy || !decoy->reading_proves)
        return false;
    remark->subject = path;
    SP_SAY(remark, "deletes or empties %s (%s) %s", sp_shown(title, decoy->title),
           sp_shown_path(behaviour, shown, path), sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: it destroys what is not its own");
    return true;
}

const struct sp_rule sp_rule_secret_destroyed = {
    .id = "run/secret-destroyed",
    .title = "a planted secret was deleted or emptied",
    .source = "MITRE ATT&CK T1485, T1486, T1565.001",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a decoy that no honest install reads is deleted, renamed or opened to be overwritten",
    .advice = "do not install",
    .page = SP_PAGE "runsecret-destroyed",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_OPEN | 1u << SP_EVENT_CHANGE,
    .read = read_secret_destroyed,
};
