#include "metadata/pypi_simple.h"
#include "base/utf8.h"
#include "metadata/pypi_told.h"
#include "proxy/names.h"

#include <string.h>
#include <strings.h>

void
sp_pypi_page_free(struct sp_pypi_page *page)
{
    sp_map_free(&page->places);
    free(page->releases);
}

/* The release VERSION of the page, made if need be; NULL: there are too many, or memory ran out. */
static struct sp_pypi_release *
release_of(struct sp_pypi_page *page, const char *version, size_t length, struct sp_error *err)
{
    uint32_t at;
    if (sp_map_get(&page->places, version, length, &at))
        return &page->releases[at];
    if (page->count >= SP_RECORD_RELEASES_MAX || length > 128 || !length || !sp_utf8_valid(version, length))
        return NULL;
    struct sp_pypi_release fresh = { .time = SP_TIME_UNKNOWN,
                                     .files.wheel_size = -1,
                                     .files.source_size = -1 };
    fresh.number = sp_arena_copy(&page->teller->record->arena, version, length, err);
    if (!fresh.number || sp_grow(page->releases, page->capacity, page->count + 1, err) < 0 ||
        sp_map_set(&page->places, version, length, (uint32_t)page->count, err) < 0)
        return NULL;
    page->releases[page->count] = fresh;
    return &page->releases[page->count++];
}

int
sp_pypi_page_version(struct sp_pypi_page *page, const char *version, size_t length, struct sp_error *err)
{
    struct sp_error failure = { 0 };
    if (!release_of(page, version, length, &failure) && failure.code == SP_ERROR_MEMORY)
        return sp_fail_memory(err);
    return 0;
}

static int
copy_url(struct sp_pypi_page *page, const char **out, const char *url, struct sp_error *err)
{
    *out = sp_arena_copy(&page->teller->record->arena, url, strlen(url), err);
    return *out ? 0 : -1;
}

int
sp_pypi_page_file(struct sp_pypi_page *page, const struct sp_pypi_page_file *file, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 }, version = { 0 }, project = { 0 };
    struct sp_error failure = { 0 };
    enum sp_python_file kind;
    const char *asked = page->teller->record->name;
    if (sp_ecosystem_read_name(sp_ecosystems[SP_PYPI], asked, strlen(asked), &project, &failure) < 0 ||
        sp_python_read_file(file->name, strlen(file->name), project.bytes, &kind, &name, &version, &failure) <
            0)
        return failure.code == SP_ERROR_MEMORY ? sp_fail_memory(err) : 0;
    if ((kind != SP_PYTHON_WHEEL && kind != SP_PYTHON_SOURCE) || !version.length ||
        strcmp(sp_buffer_string(&name), project.bytes) != 0)
        return 0;
    struct sp_pypi_release *release = release_of(page, version.bytes, version.length, &failure);
    if (!release)
        return failure.code == SP_ERROR_MEMORY ? sp_fail_memory(err) : 0;
    release->file_count++;
    release->yanked_count += file->yanked;
    if (file->time != SP_TIME_UNKNOWN && (release->time == SP_TIME_UNKNOWN || file->time < release->time))
        release->time = file->time;
    page->tells_provenance |= file->provenance >= 0;
    release->provenance |= file->provenance == 1;
    struct sp_pypi_files *files = &release->files;
    if (kind == SP_PYTHON_SOURCE && !files->source) {
        files->source_size = file->size;
        return copy_url(page, &files->source, file->url, err);
    }
    if (kind == SP_PYTHON_WHEEL && (!files->wheel || (file->metadata && !files->wheel_metadata))) {
        files->wheel_size = file->size;
        files->wheel_metadata = file->metadata;
        return copy_url(page, &files->wheel, file->url, err);
    }
    return 0;
}

/* ---- telling ---- */

static bool
is_yanked(const struct sp_pypi_release *release)
{
    return release->file_count && release->yanked_count == release->file_count;
}

/* Whether A is rather the latest than B. */
static bool
is_later(const struct sp_pypi_release *a, const struct sp_pypi_release *b)
{
    int left = !is_yanked(a) * 2 + !sp_pypi_is_early(a->number);
    int right = !is_yanked(b) * 2 + !sp_pypi_is_early(b->number);
    return left != right ? left > right : sp_pypi_compare(a->number, b->number) > 0;
}

static const struct sp_pypi_release *
find_described(const struct sp_pypi_page *page, const char *wanted)
{
    const struct sp_pypi_release *best = NULL;
    if (page->teller->record->version)
        wanted = page->teller->record->version;
    for (size_t i = 0; i < page->count; i++) {
        const struct sp_pypi_release *one = &page->releases[i];
        if (wanted ? sp_pypi_compare(one->number, wanted) == 0 : !best || is_later(one, best))
            best = one;
    }
    return best;
}

static int
tell_releases(const struct sp_pypi_page *page, struct sp_error *err)
{
    const struct sp_teller *teller = page->teller;
    bool timed = false;
    if (!page->count || !sp_tell_list(teller, SP_FIELD_RELEASES))
        return 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct sp_pypi_release *one = &page->releases[i];
        timed |= one->time != SP_TIME_UNKNOWN;
        if (sp_tell_release(teller, one->number, strlen(one->number), one->time, is_yanked(one), err) < 0)
            return -1;
    }
    if (timed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    return 0;
}

/* PEP 792: "quarantined" is how the index's own people hold what they think malicious. */
static int
tell_status(const struct sp_pypi_page *page, struct sp_error *err)
{
    const struct sp_teller *teller = page->teller;
    const char *status = page->status;
    char notice[512];
    if (!*status)
        return 0;
    sp_tell_flag(teller, SP_FIELD_HOLDING, !strcmp(status, "quarantined"));
    if (!strcmp(status, "active") || !strcmp(status, "quarantined"))
        return sp_tell_text(teller, SP_FIELD_DEPRECATED, NULL, 0, err);
    snprintf(notice, sizeof(notice), "%s%s%s", status, *page->reason ? ": " : "", page->reason);
    return sp_tell_text(teller, SP_FIELD_DEPRECATED, notice, strlen(notice), err);
}

int
sp_pypi_page_tell(struct sp_pypi_page *page, const char *wanted, struct sp_pypi_files *files,
                  struct sp_error *err)
{
    struct sp_record *record = page->teller->record;
    const struct sp_pypi_release *described = find_described(page, wanted);
    if (tell_releases(page, err) < 0 || tell_status(page, err) < 0)
        return -1;
    if (page->count || *page->status)
        record->presence = SP_PRESENT;
    if (!record->version)
        record->version = described ? described->number : wanted;
    if (!described)
        return 0;
    if (page->tells_provenance)
        sp_tell_flag(page->teller, SP_FIELD_PROVENANCE, described->provenance);
    if (!files->wheel && !files->source)
        *files = described->files;
    else if (files->wheel && !files->wheel_metadata && described->files.wheel_metadata)
        *files = described->files;
    return 0;
}

/* ---- JSON (PEP 691) ---- */

static void
copy_text(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark, char *out, size_t size)
{
    *out = '\0';
    if (sp_json_walk_go(walk, mark) && sp_json_walk_text(walk))
        snprintf(out, size, "%.*s", walk->reader.length < size ? (int)walk->reader.length : 0,
                 walk->reader.text);
}

static void
read_file(struct sp_json_walk *walk, struct sp_pypi_page *page)
{
    static const char *const inner[] = { "filename",   "url",  "upload-time",   "yanked",
                                         "provenance", "size", "core-metadata", "data-dist-info-metadata" };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    char name[512], url[2048];
    struct sp_pypi_page_file file = {
        .name = name, .url = url, .time = SP_TIME_UNKNOWN, .size = -1, .provenance = -1
    };
    if (!sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return;
    copy_text(walk, &marks[0], name, sizeof(name));
    copy_text(walk, &marks[1], url, sizeof(url));
    if (sp_json_walk_go(walk, &marks[2]) && sp_json_walk_text(walk))
        file.time = sp_time_read(walk->reader.text, walk->reader.length);
    enum sp_json_token token = sp_json_walk_go(walk, &marks[3]) ? sp_json_walk_value(walk) : SP_JSON_NULL;
    file.yanked = token == SP_JSON_TRUE || token == SP_JSON_STRING; /* a reason says so, too */
    if (sp_json_walk_go(walk, &marks[4])) {
        token = sp_json_walk_value(walk);
        file.provenance = token == SP_JSON_STRING;
    }
    if (sp_json_walk_go(walk, &marks[5]))
        file.size = sp_json_walk_number(walk);
    for (size_t i = 6; i < 8; i++) {
        token = sp_json_walk_go(walk, &marks[i]) ? sp_json_walk_value(walk) : SP_JSON_NULL;
        file.metadata |= token == SP_JSON_TRUE || token == SP_JSON_OBJECT;
    }
    if (!walk->failed && *name && *url)
        sp_json_walk_did(walk, sp_pypi_page_file(page, &file, &walk->err));
}

static void
read_files(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark, struct sp_pypi_page *page)
{
    enum sp_json_token token;
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_enter(walk, SP_JSON_ARRAY))
        return;
    for (;;) {
        struct sp_json_walk_mark item, after;
        sp_json_walk_here(walk, &item);
        if (!sp_json_walk_item(walk, &token))
            return;
        sp_json_walk_leave(walk, token);
        sp_json_walk_here(walk, &after);
        if (token == SP_JSON_OBJECT && sp_json_walk_go(walk, &item))
            read_file(walk, page);
        if (!sp_json_walk_go(walk, &after))
            return;
    }
}

/* A status alone, or with its reason. */
static void
read_status(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark, struct sp_pypi_page *page)
{
    static const char *const inner[] = { "status", "reason" };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    enum sp_json_token token = sp_json_walk_go(walk, mark) ? sp_json_walk_value(walk) : SP_JSON_NULL;
    if (token == SP_JSON_STRING)
        copy_text(walk, mark, page->status, sizeof(page->status));
    if (token != SP_JSON_OBJECT || !sp_json_walk_go(walk, mark) ||
        !sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return;
    copy_text(walk, &marks[0], page->status, sizeof(page->status));
    copy_text(walk, &marks[1], page->reason, sizeof(page->reason));
}

static void
read_page(struct sp_json_walk *walk, struct sp_pypi_page *page)
{
    static const char *const keys[] = { "versions", "files", "project-status", "meta" };
    static const char *const status[] = { "project-status" };
    struct sp_json_walk_mark marks[SP_COUNT(keys)], inner[1];
    enum sp_json_token token;
    if (!sp_json_walk_marks(walk, keys, SP_COUNT(keys), marks) || sp_json_walk_value(walk) != SP_JSON_END)
        return;
    if (sp_json_walk_go(walk, &marks[0]) && sp_json_walk_enter(walk, SP_JSON_ARRAY))
        while (sp_json_walk_item(walk, &token)) {
            if (token == SP_JSON_STRING)
                sp_json_walk_did(
                    walk, sp_pypi_page_version(page, walk->reader.text, walk->reader.length, &walk->err));
            else
                sp_json_walk_leave(walk, token);
        }
    read_files(walk, &marks[1], page);
    if (marks[2].there)
        read_status(walk, &marks[2], page);
    else if (sp_json_walk_go(walk, &marks[3]) && sp_json_walk_marks(walk, status, 1, inner))
        read_status(walk, &inner[0], page);
}

int
sp_pypi_simple_json_tell(const struct sp_teller *teller, const char *wanted, const char *bytes, size_t length,
                         struct sp_pypi_files *files, struct sp_error *err)
{
    __attribute__((cleanup(sp_pypi_page_free))) struct sp_pypi_page page = { .teller = teller,
                                                                             .places.seed =
                                                                                 (uintptr_t)bytes };
    struct sp_json_walk walk = { 0 };
    sp_json_walk_open(&walk, teller, bytes, length);
    read_page(&walk, &page);
    if (!walk.failed)
        sp_json_walk_did(&walk, sp_pypi_page_tell(&page, wanted, files, &walk.err));
    return sp_json_walk_close(&walk, err);
}
