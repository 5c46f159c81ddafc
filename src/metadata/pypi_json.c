#include "metadata/pypi_index.h"
#include "metadata/pypi_told.h"
#include "metadata/told.h"

#include <string.h>

enum key { INFO, RELEASES, URLS, OWNERSHIP, KEY_COUNT };
static const char *const keys[KEY_COUNT] = { "info", "releases", "urls", "ownership" };

enum info {
    NAME,
    VERSION,
    SUMMARY,
    DESCRIPTION,
    EXPRESSION,
    LICENSE,
    CLASSIFIERS,
    HOME_PAGE,
    PROJECT_URLS,
    AUTHOR,
    AUTHOR_EMAIL,
    MAINTAINER,
    MAINTAINER_EMAIL,
    KEYWORDS,
    REQUIRES,
    DOWNLOADS,
    INFO_COUNT,
};
static const char *const info_keys[INFO_COUNT] = {
    "name",         "version",     "summary",          "description",  "license_expression",
    "license",      "classifiers", "home_page",        "project_urls", "author",
    "author_email", "maintainer",  "maintainer_email", "keywords",     "requires_dist",
    "downloads",
};

/* ---- what the package says of itself ---- */

static const char *
copy_of(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    return sp_json_walk_go(walk, mark) ? sp_json_walk_copy(walk) : NULL;
}

/* Tells text that may be null: then it is known that there is none. */
static void
tell_text(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark, enum sp_field field)
{
    enum sp_json_token token = sp_json_walk_go(walk, mark) ? sp_json_walk_value(walk) : SP_JSON_FAILED;
    const struct sp_json_reader *at = &walk->reader;
    bool blank = token != SP_JSON_STRING || sp_pypi_is_blank(at->text, at->length);
    if (token == SP_JSON_STRING || token == SP_JSON_NULL)
        sp_json_walk_did(walk, sp_tell_text(walk->teller, field, blank ? NULL : at->text,
                                            blank ? 0 : at->length, &walk->err));
}

static void
tell_classifiers(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    enum sp_json_token token;
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_enter(walk, SP_JSON_ARRAY))
        return;
    while (sp_json_walk_item(walk, &token)) {
        if (token == SP_JSON_STRING)
            sp_json_walk_did(walk, sp_pypi_tell_classifier(walk->teller, walk->reader.text,
                                                           walk->reader.length, &walk->err));
        else
            sp_json_walk_leave(walk, token);
    }
}

/* An expression, else a text, else a classifier; old packages put the whole licence into the text. */
static void
tell_licence(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks)
{
    static const enum info places[] = { EXPRESSION, LICENSE };
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        if (!sp_json_walk_go(walk, &marks[places[i]]) || !sp_json_walk_text(walk) ||
            sp_pypi_is_blank(walk->reader.text, walk->reader.length))
            continue;
        const char *line = memchr(walk->reader.text, '\n', walk->reader.length);
        size_t length = line ? (size_t)(line - walk->reader.text) : walk->reader.length;
        if (length)
            sp_json_walk_did(
                walk, sp_tell_text(walk->teller, SP_FIELD_LICENCE, walk->reader.text, length, &walk->err));
    }
    tell_classifiers(walk, &marks[CLASSIFIERS]);
    if (marks[LICENSE].there && marks[CLASSIFIERS].there && !walk->failed)
        sp_json_walk_did(walk, sp_tell_text(walk->teller, SP_FIELD_LICENCE, NULL, 0, &walk->err));
}

static void
tell_links(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks)
{
    bool urls = sp_json_walk_go(walk, &marks[PROJECT_URLS]) && sp_json_walk_enter(walk, SP_JSON_OBJECT);
    while (urls && sp_json_walk_key(walk)) {
        char label[64];
        size_t length = walk->reader.length < sizeof(label) ? walk->reader.length : sizeof(label) - 1;
        snprintf(label, sizeof(label), "%.*s", (int)length, walk->reader.text);
        const char *url = sp_json_walk_copy(walk);
        if (url)
            sp_json_walk_did(walk, sp_pypi_tell_url(walk->teller, label, url, &walk->err));
    }
    const char *page = copy_of(walk, &marks[HOME_PAGE]);
    if (page && !sp_pypi_is_blank(page, strlen(page)))
        sp_json_walk_did(walk, sp_tell_link(walk->teller, SP_FIELD_HOMEPAGE, page, strlen(page), &walk->err));
    if (walk->failed || !marks[PROJECT_URLS].there)
        return;
    sp_json_walk_did(walk, sp_tell_text(walk->teller, SP_FIELD_REPOSITORY, NULL, 0, &walk->err));
    if (marks[HOME_PAGE].there)
        sp_json_walk_did(walk, sp_tell_text(walk->teller, SP_FIELD_HOMEPAGE, NULL, 0, &walk->err));
}

static void
tell_people(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks)
{
    if ((!marks[AUTHOR].there && !marks[AUTHOR_EMAIL].there) || !sp_tell_list(walk->teller, SP_FIELD_AUTHORS))
        return;
    for (enum info i = AUTHOR; i <= MAINTAINER; i += 2) {
        const char *name = copy_of(walk, &marks[i]), *email = copy_of(walk, &marks[i + 1]);
        if (!walk->failed)
            sp_json_walk_did(walk, sp_pypi_tell_authors(walk->teller, name, email, &walk->err));
    }
}

static void
tell_lists(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks)
{
    enum sp_json_token token;
    const char *words = copy_of(walk, &marks[KEYWORDS]);
    if (marks[KEYWORDS].there && !walk->failed && sp_tell_list(walk->teller, SP_FIELD_KEYWORDS) && words &&
        !sp_pypi_is_blank(words, strlen(words)))
        sp_json_walk_did(walk, sp_tell_keywords_text(walk->teller, words, strlen(words), &walk->err));
    if (!sp_json_walk_go(walk, &marks[REQUIRES]))
        return;
    token = sp_json_walk_value(walk);
    if ((token != SP_JSON_NULL && token != SP_JSON_ARRAY) ||
        !sp_tell_list(walk->teller, SP_FIELD_DEPENDENCIES) || token == SP_JSON_NULL) {
        sp_json_walk_leave(walk, token);
        return;
    }
    while (sp_json_walk_item(walk, &token)) {
        if (token == SP_JSON_STRING)
            sp_json_walk_did(walk, sp_pypi_tell_requirement(walk->teller, walk->reader.text,
                                                            walk->reader.length, &walk->err));
        else
            sp_json_walk_leave(walk, token);
    }
}

static void
tell_downloads(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    static const char *const inner[] = { "last_month" };
    struct sp_json_walk_mark month;
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_marks(walk, inner, 1, &month) ||
        !sp_json_walk_go(walk, &month))
        return;
    int64_t count = sp_json_walk_number(walk); /* the public index says -1 */
    if (count > 0)
        sp_tell_number(walk->teller, SP_FIELD_DOWNLOADS, count, &walk->err);
}

static void
tell_info(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks)
{
    tell_text(walk, &marks[SUMMARY], SP_FIELD_DESCRIPTION);
    tell_text(walk, &marks[DESCRIPTION], SP_FIELD_README);
    tell_licence(walk, marks);
    tell_links(walk, marks);
    tell_people(walk, marks);
    tell_lists(walk, marks);
    tell_downloads(walk, &marks[DOWNLOADS]);
}

/* ---- files ---- */

struct file {
    const char *url;
    bool wheel, source, yanked, metadata;
    int64_t time, size;
};

static void
read_file(struct sp_json_walk *walk, struct file *out)
{
    static const char *const inner[] = {
        "packagetype", "yanked", "upload_time_iso_8601", "upload_time",
        "url",         "size",   "core-metadata",        "data-dist-info-metadata"
    };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    *out = (struct file){ .time = SP_TIME_UNKNOWN, .size = -1 };
    if (!sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return;
    if (sp_json_walk_go(walk, &marks[0]) && sp_json_walk_text(walk)) {
        out->wheel = sp_json_is(&walk->reader, "bdist_wheel");
        out->source = sp_json_is(&walk->reader, "sdist");
    }
    out->yanked = sp_json_walk_go(walk, &marks[1]) && sp_json_walk_flag(walk) == 1;
    for (size_t i = 2; i < 4 && out->time == SP_TIME_UNKNOWN; i++)
        if (sp_json_walk_go(walk, &marks[i]) && sp_json_walk_text(walk))
            out->time = sp_time_read(walk->reader.text, walk->reader.length);
    if (sp_json_walk_go(walk, &marks[5]))
        out->size = sp_json_walk_number(walk);
    for (size_t i = 6; i < 8; i++) {
        enum sp_json_token token = sp_json_walk_go(walk, &marks[i]) ? sp_json_walk_value(walk) : SP_JSON_NULL;
        out->metadata |= token == SP_JSON_TRUE || token == SP_JSON_OBJECT;
    }
    if ((out->wheel || out->source) && sp_json_walk_go(walk, &marks[4]))
        out->url = sp_json_walk_copy(walk);
}

/* The files in the array that begins next: FIRST is the earliest time, YANKED whether all are. */
static void
read_files(struct sp_json_walk *walk, int64_t *first, bool *yanked, struct sp_pypi_files *keep)
{
    enum sp_json_token token;
    size_t count = 0, bad = 0;
    *first = SP_TIME_UNKNOWN;
    *yanked = false;
    if (!sp_json_walk_enter(walk, SP_JSON_ARRAY))
        return;
    for (;;) {
        struct sp_json_walk_mark mark, after;
        struct file file;
        sp_json_walk_here(walk, &mark);
        if (!sp_json_walk_item(walk, &token))
            break;
        sp_json_walk_leave(walk, token);
        sp_json_walk_here(walk, &after);
        if (token != SP_JSON_OBJECT || !sp_json_walk_go(walk, &mark))
            continue;
        read_file(walk, &file);
        if (!sp_json_walk_go(walk, &after))
            break;
        count++;
        bad += file.yanked;
        if (file.time != SP_TIME_UNKNOWN && (*first == SP_TIME_UNKNOWN || file.time < *first))
            *first = file.time;
        if (!keep || !file.url)
            continue;
        if (file.source && !keep->source)
            keep->source = file.url, keep->source_size = file.size;
        if (file.wheel && (!keep->wheel || (file.metadata && !keep->wheel_metadata)))
            keep->wheel = file.url, keep->wheel_size = file.size, keep->wheel_metadata = file.metadata;
    }
    *yanked = count && bad == count;
}

static void
tell_releases(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark, const char *version,
              struct sp_pypi_files *files)
{
    const struct sp_teller *teller = walk->teller;
    bool timed = false, tell = false;
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_enter(walk, SP_JSON_OBJECT))
        return;
    while (sp_json_walk_key(walk)) {
        char number[128];
        int64_t time;
        bool yanked, right = version && sp_json_is(&walk->reader, version);
        snprintf(number, sizeof(number), "%.*s", walk->reader.length < 128 ? (int)walk->reader.length : 127,
                 walk->reader.text);
        /* an empty "releases" is how a document of one version may have it: it says nothing */
        tell = tell || sp_tell_list(teller, SP_FIELD_RELEASES);
        read_files(walk, &time, &yanked, right ? files : NULL);
        timed |= time != SP_TIME_UNKNOWN;
        if (tell && !walk->failed)
            sp_json_walk_did(walk, sp_tell_release(teller, number, strlen(number), time, yanked, &walk->err));
    }
    if (timed && tell)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
}

/* ---- accounts ---- */

static void
tell_owner(struct sp_json_walk *walk, const char *name, bool organisation)
{
    struct sp_record *record = walk->teller->record;
    if (walk->failed || !name || !*name || sp_record_knows(record, SP_FIELD_OWNER))
        return;
    record->owner_is_organisation = organisation;
    sp_json_walk_did(walk, sp_tell_text(walk->teller, SP_FIELD_OWNER, name, strlen(name), &walk->err));
}

static void
tell_organisation(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    static const char *const inner[] = { "name" };
    struct sp_json_walk_mark name, start = *mark;
    enum sp_json_token token = sp_json_walk_go(walk, &start) ? sp_json_walk_value(walk) : SP_JSON_NULL;
    if (token == SP_JSON_OBJECT && sp_json_walk_go(walk, &start) && sp_json_walk_marks(walk, inner, 1, &name))
        tell_owner(walk, copy_of(walk, &name), true);
    else if (token == SP_JSON_STRING && sp_json_walk_go(walk, &start))
        tell_owner(walk, sp_json_walk_copy(walk), true);
}

static void
tell_roles(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    static const char *const inner[] = { "user", "role" };
    enum sp_json_token token;
    const char *owner = NULL;
    size_t owners = 0;
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_enter(walk, SP_JSON_ARRAY) ||
        !sp_tell_list(walk->teller, SP_FIELD_MAINTAINERS))
        return;
    for (;;) {
        struct sp_json_walk_mark item, after, marks[SP_COUNT(inner)];
        sp_json_walk_here(walk, &item);
        if (!sp_json_walk_item(walk, &token))
            break;
        sp_json_walk_leave(walk, token);
        sp_json_walk_here(walk, &after);
        if (token != SP_JSON_OBJECT || !sp_json_walk_go(walk, &item) ||
            !sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
            continue;
        const char *user = copy_of(walk, &marks[0]);
        bool owns =
            sp_json_walk_go(walk, &marks[1]) && sp_json_walk_text(walk) && sp_json_is(&walk->reader, "Owner");
        if (user && owns && !owners++)
            owner = user;
        if (user)
            sp_json_walk_did(walk, sp_tell_person(walk->teller, SP_FIELD_MAINTAINERS,
                                                  &(struct sp_person){ .id = user }, &walk->err));
        if (!sp_json_walk_go(walk, &after))
            break;
    }
    if (owners == 1)
        tell_owner(walk, owner, false);
}

static void
tell_ownership(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    static const char *const inner[] = { "organization", "roles" };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return;
    tell_organisation(walk, &marks[0]);
    tell_roles(walk, &marks[1]);
}

/* ---- the whole ---- */

/* Whether the document speaks of the project that was asked for; its spelling is the registry's. */
static bool
is_same_name(struct sp_json_walk *walk, const char *name)
{
    struct sp_record *record = walk->teller->record;
    sp_autobuffer struct sp_buffer asked = { 0 }, told = { 0 };
    const struct sp_ecosystem *ecosystem = sp_ecosystems[SP_PYPI];
    if (!name)
        return true;
    if (sp_ecosystem_read_name(ecosystem, record->name, strlen(record->name), &asked, NULL) == 0 &&
        sp_ecosystem_read_name(ecosystem, name, strlen(name), &told, NULL) == 0 &&
        !strcmp(sp_buffer_string(&asked), sp_buffer_string(&told))) {
        record->name = name;
        return true;
    }
    sp_json_walk_did(walk, sp_record_problem(record, &walk->err, "%s: asked for %s, it speaks of %.200s",
                                             walk->teller->source, record->name, name));
    return false;
}

static void
tell_document(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks, const char *wanted,
              bool anyway, struct sp_pypi_files *files)
{
    struct sp_record *record = walk->teller->record;
    struct sp_json_walk_mark info[INFO_COUNT];
    if (!sp_json_walk_go(walk, &marks[INFO]) || !sp_json_walk_marks(walk, info_keys, INFO_COUNT, info)) {
        if (!walk->failed)
            sp_json_walk_did(
                walk, sp_record_problem(record, &walk->err, "%s: it has no \"info\"", walk->teller->source));
        return;
    }
    const char *name = copy_of(walk, &info[NAME]), *version = copy_of(walk, &info[VERSION]);
    if (walk->failed || !is_same_name(walk, name))
        return;
    record->presence = SP_PRESENT;
    files->other_version = wanted && (!version || strcmp(version, wanted) != 0);
    record->version = wanted ? wanted : version;
    if (!files->other_version || anyway) {
        int64_t time;
        bool yanked;
        tell_info(walk, info);
        if (!files->other_version && sp_json_walk_go(walk, &marks[URLS]))
            read_files(walk, &time, &yanked, files);
    }
    tell_releases(walk, &marks[RELEASES], record->version, files);
    tell_ownership(walk, &marks[OWNERSHIP]);
}

int
sp_pypi_json_tell(const struct sp_teller *teller, const char *wanted, bool anyway, const char *bytes,
                  size_t length, struct sp_pypi_files *files, struct sp_error *err)
{
    struct sp_json_walk_mark marks[KEY_COUNT];
    struct sp_json_walk walk = { 0 };
    sp_json_walk_open(&walk, teller, bytes, length);
    if (sp_json_walk_marks(&walk, keys, KEY_COUNT, marks)) {
        if (sp_json_walk_value(&walk) == SP_JSON_END)
            tell_document(&walk, marks, wanted, anyway, files);
    } else if (!walk.failed) {
        sp_json_walk_did(&walk,
                         sp_record_problem(teller->record, &walk.err, "%s: no JSON object", teller->source));
    }
    return sp_json_walk_close(&walk, err);
}
