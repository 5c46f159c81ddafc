/* golang_read.c: what a module proxy answers. Sources: go.dev/ref/mod, "GOPROXY protocol" and
 * "Pseudo-versions"; docs.github.com, "Get a repository". */
#include "metadata/golang.h"
#include "metadata/semver.h"
#include "metadata/told.h"

#include <string.h>

int
sp_golang_escape(struct sp_buffer *url, const char *path, struct sp_error *err)
{
    for (; *path; path++) {
        char c = *path;
        if (c >= 'A' && c <= 'Z') {
            if (sp_buffer_append_byte(url, '!', err) < 0)
                return -1;
            c = (char)(c - 'A' + 'a');
        }
        if (sp_url_append(url, &c, 1, "/", err) < 0)
            return -1;
    }
    return 0;
}

/* ---------------------------------------------------------------- versions */

/* The 14 digits of a pseudo-version, "v0.0.0-20191109021931-daa7c04131f5"; NULL: it is none. */
static const char *
pseudo_stamp(const char *version)
{
    const char *dash = strrchr(version, '-');
    if (!dash || dash - version < 15 || strlen(dash + 1) != 12)
        return NULL;
    const char *stamp = dash - 14;
    if (strspn(stamp, "0123456789") != 14 || (stamp[-1] != '.' && stamp[-1] != '-'))
        return NULL;
    return stamp;
}

static int64_t
pseudo_time(const char *version)
{
    const char *stamp = pseudo_stamp(version);
    char text[32];
    if (!stamp)
        return SP_TIME_UNKNOWN;
    snprintf(text, sizeof(text), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", stamp, stamp + 4, stamp + 6, stamp + 8,
             stamp + 10, stamp + 12);
    return sp_time_read(text, strlen(text));
}

int
sp_golang_read_list(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    char version[129];
    bool timed = true, any = false;
    if (sp_record_knows(teller->record, SP_FIELD_RELEASES))
        return SP_READ;
    for (const char *at = bytes, *end = bytes + length; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at), word = 0;
        while (word < size && (unsigned char)at[word] > ' ')
            word++;
        if (word && word < sizeof(version) && *at == 'v') {
            memcpy(version, at, word);
            version[word] = '\0';
            int64_t time = pseudo_time(version);
            timed &= time != SP_TIME_UNKNOWN;
            /* an empty list says nothing: a module may consist of commits alone */
            any = any || sp_tell_list(teller, SP_FIELD_RELEASES);
            if (sp_tell_release(teller, version, word, time, false, err) < 0)
                return -1;
        }
        at = stop ? stop + 1 : end;
    }
    if (any && timed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    return SP_READ;
}

static int
standing(const char *version)
{
    return pseudo_stamp(version) ? 0 : sp_semver_is_prerelease(version) ? 1 : 2;
}

const char *
sp_golang_latest(const struct sp_record *record)
{
    const char *best = NULL;
    for (size_t i = 0; i < record->release_count; i++) {
        const char *version = record->releases[i].number;
        if (record->releases[i].yanked)
            continue;
        int order = best ? standing(version) - standing(best) : 1;
        if (order > 0 || (order == 0 && sp_semver_compare(version, best) > 0))
            best = version;
    }
    return best;
}

const char *
sp_golang_first(const struct sp_record *record)
{
    const char *first = NULL;
    for (size_t i = 0; i < record->release_count; i++)
        if (!first || sp_semver_compare(record->releases[i].number, first) < 0)
            first = record->releases[i].number;
    return first;
}

static int
keep(struct sp_record *record, const char **out, const char *text, struct sp_error *err)
{
    *out = text ? sp_arena_copy(&record->arena, text, strnlen(text, 1024), err) : NULL;
    return text && !*out ? -1 : 0;
}

int
sp_golang_read_info(const struct sp_teller *teller, const char *bytes, size_t length,
                    struct sp_golang_info *out, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    *out = (struct sp_golang_info){ .time = SP_TIME_UNKNOWN };
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const char *version = sp_member_text(document, "Version");
    if (!version || *version != 'v' || strlen(version) > 128)
        return sp_record_problem(teller->record, err, "%s: it names no version", teller->source);
    out->time = sp_member_time(document, "Time");
    if (keep(teller->record, &out->version, version, err) < 0 ||
        keep(teller->record, &out->repository, sp_member_text(sp_member(document, "Origin"), "URL"), err) < 0)
        return -1;
    return SP_READ;
}

/* -------------------------------------------------------------- repository */

int
sp_golang_read_repository(const struct sp_teller *teller, bool created, const char *bytes, size_t length,
                          struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *fork = sp_member(document, "fork"), *owner = sp_member(document, "owner");
    const json_t *licence = sp_member(document, "license");
    const char *kind = sp_member_text(owner, "type");
    if (!json_is_object(document) || !sp_member_text(document, "full_name"))
        return sp_record_problem(teller->record, err, "%s: it describes no repository", teller->source);
    if (json_is_boolean(fork))
        sp_tell_flag(teller, SP_FIELD_FORK, json_is_true(fork));
    if (sp_member_true(document, "archived") &&
        sp_tell_text(teller, SP_FIELD_DEPRECATED, "its repository is archived", 26, err) < 0)
        return -1;
    if (sp_tell_member(teller, SP_FIELD_DESCRIPTION, document, "description", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_HOMEPAGE, document, "homepage", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_REPOSITORY, document, "html_url", err) < 0 ||
        sp_tell_member(teller, SP_FIELD_LICENCE, licence, "spdx_id", err) < 0 ||
        sp_tell_member_names(teller, SP_FIELD_KEYWORDS, document, "topics", err) < 0)
        return -1;
    if (created && sp_tell_number(teller, SP_FIELD_CREATED, sp_member_time(document, "created_at"), err) < 0)
        return -1;
    if (kind && sp_member_text(owner, "login")) {
        char full[300];
        snprintf(full, sizeof(full), "github.com/%.200s", sp_member_text(owner, "login"));
        if (sp_tell_owner(teller, full, !strcmp(kind, "Organization"), err) < 0)
            return -1;
    }
    return SP_READ;
}
