/* urls_json.c: URLs of package-lock.json, npm-shrinkwrap.json and package.json. Source: package-lock-json(5),
 * package-json(5), npm-package-arg. */
#include "base/json_reader.h"
#include "manager/lockfile_urls.h"

#include <string.h>

static bool
holds_specifiers(const struct sp_json_reader *reader)
{
    static const char *const names[] = { "dependencies",     "devDependencies", "optionalDependencies",
                                         "peerDependencies", "requires",        "overrides",
                                         "resolutions" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (sp_json_is(reader, names[i]))
            return true;
    return false;
}

static int
rewrite_string(struct sp_url_rewriter *rewriter, const struct sp_json_reader *reader)
{
    /* where the string stands in the file, whether or not it had to be decoded */
    size_t start = reader->line_start + reader->column - 1, end = reader->at - 1;
    if (start > end || end >= rewriter->length || rewriter->text[end] != '"')
        return sp_fail(rewriter->err, SP_ERROR_INTERNAL, "%.300s:%u: a string lost its place", rewriter->path,
                       reader->line);
    return sp_url_rewrite_as(rewriter, start, end, reader->text, reader->length);
}

/* A string of .yarn-integrity: a URL, or "name@URL". */
static int
rewrite_pattern(struct sp_url_rewriter *rewriter, const struct sp_json_reader *reader)
{
    const char *at = memmem(reader->text, reader->length, "@http", 5);
    size_t skip = at && at != reader->text ? (size_t)(at + 1 - reader->text) : 0;
    size_t start = reader->line_start + reader->column - 1 + skip, end = reader->at - 1;
    if (reader->escaped || end >= rewriter->length || start > end)
        return 0;
    return sp_url_rewrite(rewriter, start, end);
}

int
sp_urls_of_yarn_integrity(struct sp_url_rewriter *rewriter)
{
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct sp_json_reader reader;
    if (!rewriter->length)
        return 0;
    if (sp_json_reader_open(&reader, rewriter->path, rewriter->text, rewriter->length, &scratch,
                            rewriter->err) < 0)
        return -1;
    for (;;) {
        enum sp_json_token token = sp_json_next(&reader, rewriter->err);
        if (token == SP_JSON_FAILED || token == SP_JSON_END)
            return token == SP_JSON_END ? 0 : -1;
        if (token != SP_JSON_KEY && token != SP_JSON_STRING)
            continue;
        if (rewrite_pattern(rewriter, &reader) < 0)
            return -1;
    }
}

int
sp_urls_of_json(struct sp_url_rewriter *rewriter)
{
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct sp_json_reader reader;
    /* an empty file is no lockfile yet: npm starts anew */
    if (!rewriter->length)
        return 0;
    if (sp_json_reader_open(&reader, rewriter->path, rewriter->text, rewriter->length, &scratch,
                            rewriter->err) < 0)
        return -1;
    bool specifiers[SP_JSON_READER_DEPTH_MAX + 2] = { 0 };
    bool next_specifiers = false, resolved = false, version = false;
    unsigned depth = 0;
    for (;;) {
        enum sp_json_token token = sp_json_next(&reader, rewriter->err);
        switch (token) {
        case SP_JSON_FAILED:
            return -1;
        case SP_JSON_END:
            return 0;
        case SP_JSON_OBJECT:
        case SP_JSON_ARRAY:
            depth++;
            specifiers[depth] = next_specifiers;
            break;
        case SP_JSON_OBJECT_END:
        case SP_JSON_ARRAY_END:
            depth--;
            break;
        case SP_JSON_KEY:
            resolved = sp_json_is(&reader, "resolved");
            version = sp_json_is(&reader, "version");
            next_specifiers = holds_specifiers(&reader);
            continue;
        case SP_JSON_STRING:
            if (resolved || ((specifiers[depth] || version) && sp_url_is_tarball(reader.text, reader.length)))
                if (rewrite_string(rewriter, &reader) < 0)
                    return -1;
            break;
        default:
            break;
        }
        next_specifiers = resolved = version = false;
    }
}
