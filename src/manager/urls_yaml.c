/* urls_yaml.c: URLs of yarn.lock (yarn 1 and berry) and pnpm-lock.yaml, which their tools write one field a
 * line. Source: lockfiles written by yarn 1.22, yarn 4 and pnpm 10. */
#include "manager/lockfile_urls.h"

#include <string.h>

struct line {
    const char *text;
    size_t start, end; /* without the newline */
    size_t indent;
};

static bool
next_line(const struct sp_url_rewriter *rewriter, struct line *line)
{
    size_t start = line->text ? line->end + 1 : 0;
    if (start >= rewriter->length)
        return false;
    const char *newline = memchr(rewriter->text + start, '\n', rewriter->length - start);
    line->text = rewriter->text;
    line->start = start;
    line->end = newline ? (size_t)(newline - rewriter->text) : rewriter->length;
    line->indent = 0;
    while (start + line->indent < line->end && rewriter->text[start + line->indent] == ' ')
        line->indent++;
    return true;
}

/* The first byte of AT.. that cannot belong to a URL in a lockfile's line. In a key, a colon followed by the
 * end of the line or a blank ends it too. */
static size_t
url_end(const struct line *line, size_t at)
{
    for (; at < line->end; at++) {
        char c = line->text[at];
        if ((unsigned char)c <= ' ' || strchr("\"'`<>,{}|\\^", c))
            return at;
        if (c == ':' && (at + 1 >= line->end || line->text[at + 1] == ' ' || line->text[at + 1] == '\r'))
            return at;
        /* "::" begins berry's parameters, "(" pnpm's peers */
        if ((c == ':' && at + 1 < line->end && line->text[at + 1] == ':') || c == '(')
            return at;
    }
    return at;
}

/* The key of "  key: value" or "  "key" value"; VALUE is where the value begins. */
static bool
key_is(const struct line *line, const char *key, size_t *value)
{
    size_t at = line->start + line->indent, length = strlen(key);
    if (line->end - at <= length || memcmp(line->text + at, key, length) != 0)
        return false;
    at += length;
    if (line->text[at] != ':' && line->text[at] != ' ')
        return false;
    while (at < line->end && (line->text[at] == ':' || line->text[at] == ' '))
        at++;
    *value = at;
    return true;
}

/* Where berry's parameters begin ("::version=1&__archiveUrl=..."): behind all locators of the line. */
static size_t
parameters(const struct line *line)
{
    const char *found = memmem(line->text + line->start, line->end - line->start, "::", 2);
    return found ? (size_t)(found - line->text) : line->end;
}

/* "name@https://..." anywhere before the parameters: keys and resolutions. */
static int
rewrite_locators(struct sp_url_rewriter *rewriter, const struct line *line)
{
    size_t stop = parameters(line);
    for (size_t at = line->start + line->indent; at + 8 < stop; at++) {
        if (line->text[at] != '@' || !sp_url_is_http(line->text + at + 1, stop - at - 1))
            continue;
        size_t end = url_end(line, at + 1);
        if (sp_url_is_tarball(line->text + at + 1, end - at - 1) && sp_url_rewrite(rewriter, at + 1, end) < 0)
            return -1;
        at = end - 1;
    }
    return 0;
}

static int
rewrite_archive_url(struct sp_url_rewriter *rewriter, const struct line *line)
{
    static const char word[] = "__archiveUrl=";
    size_t from = parameters(line);
    const char *found = memmem(line->text + from, line->end - from, word, sizeof(word) - 1);
    if (!found)
        return 0;
    size_t start = (size_t)(found - line->text) + sizeof(word) - 1, end = start;
    while (end < line->end && !strchr("\"'& \r#", line->text[end]))
        end++;
    return sp_url_rewrite_encoded(rewriter, start, end);
}

/* A specifier or a plain field: the value from AT, quoted or not. */
static int
rewrite_value(struct sp_url_rewriter *rewriter, const struct line *line, size_t at, bool specifier)
{
    if (at < line->end && (line->text[at] == '"' || line->text[at] == '\''))
        at++;
    if (at >= line->end || !sp_url_is_http(line->text + at, line->end - at))
        return 0;
    size_t end = url_end(line, at);
    if (specifier && !sp_url_is_tarball(line->text + at, end - at))
        return 0;
    return sp_url_rewrite(rewriter, at, end);
}

/* The value of a dependency line "    name "https://..."" or "    name: https://...". */
static int
rewrite_dependency(struct sp_url_rewriter *rewriter, const struct line *line)
{
    size_t at = line->start + line->indent;
    char quote = line->text[at];
    if (quote == '"' || quote == '\'') {
        const char *close = memchr(line->text + at + 1, quote, line->end - at - 1);
        if (!close)
            return 0;
        at = (size_t)(close - line->text) + 1;
    }
    while (at < line->end && line->text[at] != ' ')
        at++;
    while (at < line->end && line->text[at] == ' ')
        at++;
    return rewrite_value(rewriter, line, at, true);
}

static bool
opens_dependencies(const struct line *line)
{
    static const char *const names[] = { "dependencies:", "devDependencies:", "optionalDependencies:",
                                         "peerDependencies:", "overrides:" };
    size_t at = line->start + line->indent, length = line->end - at;
    while (length && line->text[at + length - 1] == '\r')
        length--;
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (length == strlen(names[i]) && !memcmp(line->text + at, names[i], length))
            return true;
    return false;
}

/* Whether LINE stands in a block of dependencies, whose heading has the indentation *BLOCK (SIZE_MAX: none).
 */
static bool
in_dependencies(const struct line *line, size_t *block)
{
    if (line->start + line->indent >= line->end)
        return false;
    if (*block != SIZE_MAX && line->indent > *block)
        return true;
    *block = opens_dependencies(line) ? line->indent : SIZE_MAX;
    return false;
}

int
sp_urls_of_yarn(struct sp_url_rewriter *rewriter)
{
    struct line line = { 0 };
    size_t block = SIZE_MAX, value;
    while (next_line(rewriter, &line)) {
        if (line.start == line.end || line.text[line.start] == '#')
            continue;
        int status = 0;
        if (!line.indent)
            status = rewrite_locators(rewriter, &line);
        else if (in_dependencies(&line, &block))
            status = rewrite_dependency(rewriter, &line);
        else if (key_is(&line, "resolution", &value))
            status = rewrite_locators(rewriter, &line) < 0 ? -1 : rewrite_archive_url(rewriter, &line);
        else if (key_is(&line, "resolved", &value))
            status = rewrite_value(rewriter, &line, value, false);
        if (status < 0)
            return -1;
        if (!line.indent)
            block = SIZE_MAX;
    }
    return 0;
}

/* "tarball: URL" as a field of its own or in "resolution: {integrity: ..., tarball: URL}". */
static int
rewrite_tarball(struct sp_url_rewriter *rewriter, const struct line *line, size_t value)
{
    static const char word[] = "tarball: ";
    const char *found = memmem(line->text + value, line->end - value, word, sizeof(word) - 1);
    if (!found || (found != line->text + value && found[-1] != ' ' && found[-1] != '{'))
        return 0;
    return rewrite_value(rewriter, line, (size_t)(found - line->text) + sizeof(word) - 1, false);
}

/* node_modules/.modules.yaml, as YAML or as the JSON that pnpm 10 writes there: the block "registries". pnpm
 * makes node_modules anew where they are not those of its settings. */
int
sp_urls_of_modules_yaml(struct sp_url_rewriter *rewriter)
{
    struct line line = { 0 };
    size_t block = SIZE_MAX;
    while (next_line(rewriter, &line)) {
        const char *text = line.text + line.start + line.indent;
        size_t length = line.end - line.start - line.indent;
        if (block == SIZE_MAX || line.indent <= block) {
            block = memmem(text, length < 13 ? length : 13, "registries", 10) ? line.indent : SIZE_MAX;
            continue;
        }
        const char *http = memmem(text, length, "http", 4);
        /* pnpm's own entry for jsr.io, which settings do not change */
        if (!http || memmem(text, length, "@jsr", 4))
            continue;
        if (rewrite_value(rewriter, &line, (size_t)(http - line.text), false) < 0)
            return -1;
    }
    return 0;
}

/* A key such as "  x@https://host/x.tgz:" or "'@s/x@https://host/x.tgz': {}", with no other value. */
static bool
is_locator_key(const struct line *line)
{
    size_t start = line->start + line->indent, end = line->end;
    while (end > start && strchr("\r {}", line->text[end - 1]))
        end--;
    return end > start && line->text[end - 1] == ':' && !memchr(line->text + start, ' ', end - start);
}

int
sp_urls_of_pnpm(struct sp_url_rewriter *rewriter)
{
    struct line line = { 0 };
    size_t block = SIZE_MAX, value;
    while (next_line(rewriter, &line)) {
        bool dependency = in_dependencies(&line, &block);
        int status = 0;
        if (key_is(&line, "tarball", &value))
            status = rewrite_value(rewriter, &line, value, false);
        else if (key_is(&line, "resolution", &value))
            status = rewrite_tarball(rewriter, &line, value);
        else if (key_is(&line, "specifier", &value) || key_is(&line, "version", &value))
            status = rewrite_value(rewriter, &line, value, true);
        else if (is_locator_key(&line))
            status = rewrite_locators(rewriter, &line);
        else if (dependency)
            status = rewrite_dependency(rewriter, &line);
        if (status < 0)
            return -1;
    }
    return 0;
}
