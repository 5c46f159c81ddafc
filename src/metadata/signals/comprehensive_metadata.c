#include "metadata/scene.h"

static bool
has_text(const struct sp_record *record, enum sp_field field, const char *text)
{
    return sp_record_knows(record, field) && text && *text;
}

static void
read_comprehensive_metadata(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    if (!record)
        return;
    unsigned there = has_text(record, SP_FIELD_LICENCE, record->licence) +
                     has_text(record, SP_FIELD_REPOSITORY, record->repository) +
                     has_text(record, SP_FIELD_HOMEPAGE, record->homepage) +
                     (sp_record_knows(record, SP_FIELD_MAINTAINERS) && record->maintainer_count > 0);
    static const enum sp_field some[] = { SP_FIELD_LICENCE, SP_FIELD_REPOSITORY, SP_FIELD_HOMEPAGE,
                                          SP_FIELD_MAINTAINERS };
    unsigned possible = there;
    for (size_t i = 0; i < SP_COUNT(some); i++)
        possible += !sp_record_knows(record, some[i]);
    bool description = has_text(record, SP_FIELD_DESCRIPTION, record->description);
    bool readme = has_text(record, SP_FIELD_README, record->readme);
    bool may_be = possible >= 3 && (description || !sp_record_knows(record, SP_FIELD_DESCRIPTION)) &&
                  (readme || !sp_record_knows(record, SP_FIELD_README));
    if (there >= 3 && description && readme)
        sp_see(seen, true, "description, readme and %u of licence, maintainers, repository and home page",
               there);
    else if (!may_be)
        sp_see_no(seen);
    else
        return;
    seen->value = there + description + readme;
}

const struct sp_signal sp_signal_comprehensive_metadata = {
    .id = SP_SIGNAL_COMPREHENSIVE_METADATA,
    .name = "comprehensive-metadata",
    .title = "its metadata are complete",
    .definition = "It has a description, a readme, and at least three of licence, maintainers, repository "
                  "and home page. Unknown where a field that is missing would decide. The value is how many "
                  "of the six there are.",
    .source = "ConfuGuard 2025, comprehensive metadata",
    .counterpart = "comprehensive_metadata",
    .lean = SP_LEANS_BENIGN,
    .read = read_comprehensive_metadata,
};
