#include "metadata/scene.h"

static const char *const phrases[] = { "moved to",     "has moved",     "been moved",   "renamed to",
                                       "been renamed", "replaced by",   "instead",      "in favor of",
                                       "in favour of", "superseded by", "relocated to", "now published",
                                       "migrate to",   "please use",    "successor",    NULL };

static void
read_relocated(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    if (!record)
        return;
    if (sp_record_knows(record, SP_FIELD_RELOCATED) && record->relocated && *record->relocated) {
        sp_see(seen, true, "moved to `%s`", sp_excerpt(record->relocated).text);
        return;
    }
    if (!sp_record_knows(record, SP_FIELD_DEPRECATED)) {
        if (sp_record_knows(record, SP_FIELD_RELOCATED))
            sp_see_no(seen);
        return;
    }
    struct sp_prose notice;
    sp_prose_read(&notice, record->deprecated);
    if (sp_prose_says_any(&notice, phrases))
        sp_see(seen, true, "deprecated: \"%s\"", sp_excerpt(record->deprecated).text);
    else
        sp_see(seen, false, "%s", record->deprecated ? "deprecated, without another name" : "");
}

const struct sp_signal sp_signal_relocated = {
    .id = SP_SIGNAL_RELOCATED,
    .name = "relocated",
    .title = "it points to another package",
    .definition = "The registry says that it moved (a Maven relocation), or its deprecation notice says "
                  "moved, renamed, replaced or use another instead. A notice that says none of these is "
                  "only a deprecation.",
    .source = "ConfuGuard 2025, relocated package",
    .counterpart = "is_relocated_package",
    .lean = SP_LEANS_BENIGN,
    .read = read_relocated,
};
