/* urls_toml.c: URLs of uv.lock and of pyproject.toml. Sources: uv's "Locking", "Package indexes" and
 * "Managing dependencies". Only strings of the fields named below change; git sources stay. */
#include "manager/lockfile_urls.h"
#include "manager/planning.h"

#include <string.h>

enum section { OTHER_SECTION, LOCK_PACKAGE, UV_INDEX, UV_SETTINGS, UV_SOURCES, DEPENDENCIES };

static enum section
section_of(const char *line, size_t length, bool lock)
{
    static const struct {
        const char *name;
        enum section section;
    } sections[] = {
        { "[[package]]", LOCK_PACKAGE },
        { "[package.", LOCK_PACKAGE },
        { "[[package.", LOCK_PACKAGE },
        { "[manifest", LOCK_PACKAGE },
        { "[[manifest", LOCK_PACKAGE },
        { "[[tool.uv.index]]", UV_INDEX },
        { "[[index]]", UV_INDEX },
        { "[pip]", UV_SETTINGS },
        { "[tool.uv]", UV_SETTINGS },
        { "[tool.uv.pip]", UV_SETTINGS },
        { "[tool.uv.sources", UV_SOURCES },
        { "[project]", DEPENDENCIES },
        { "[project.optional-dep", DEPENDENCIES },
        { "[dependency-groups]", DEPENDENCIES },
        { "[build-system]", DEPENDENCIES },
    };
    for (size_t i = 0; i < SP_COUNT(sections); i++)
        if (length >= strlen(sections[i].name) &&
            !strncmp(line, sections[i].name, strlen(sections[i].name)) &&
            (sections[i].section != LOCK_PACKAGE || lock))
            return sections[i].section;
    return OTHER_SECTION;
}

/* Whether the string of KEY is a URL by the rules of SECTION. */
static bool
key_names_url(enum section section, const char *key, size_t length)
{
    static const char *const lock[] = { "registry", "url", "index", NULL };
    static const char *const index[] = { "url", NULL };
    static const char *const settings[] = { "index-url", "extra-index-url", "find-links", "url", NULL };
    const char *const *names = section == LOCK_PACKAGE                        ? lock
                               : section == UV_INDEX || section == UV_SOURCES ? index
                               : section == UV_SETTINGS                       ? settings
                                                                              : NULL;
    for (; names && *names; names++)
        if (strlen(*names) == length && !strncmp(*names, key, length))
            return true;
    return false;
}

/* "name @ https://host/x.whl ; marker" in a list of dependencies. */
static int
rewrite_requirement(struct sp_url_rewriter *rewriter, size_t start, size_t end)
{
    const char *at = memchr(rewriter->text + start, '@', end - start);
    if (!at)
        return 0;
    size_t url = (size_t)(at - rewriter->text) + 1;
    while (url < end && rewriter->text[url] == ' ')
        url++;
    size_t stop = url;
    while (stop < end && (unsigned char)rewriter->text[stop] > ' ' && rewriter->text[stop] != '\\')
        stop++;
    return sp_url_rewrite(rewriter, url, stop);
}

/* A walk over the tokens of TOML that is just good enough to tell keys, strings and headings apart: nothing
 * is taken for a URL field unless its key stands before it. */
struct walk {
    struct sp_url_rewriter *rewriter;
    size_t at, key, key_length;
    bool line_start, lock;
    enum section section;
};

static size_t
string_end(const struct sp_url_rewriter *rewriter, size_t at, size_t *from, size_t *to)
{
    const char *text = rewriter->text;
    char quote = text[at];
    size_t marks = at + 2 < rewriter->length && text[at + 1] == quote && text[at + 2] == quote ? 3 : 1;
    size_t end = at + marks;
    *from = end;
    for (; end < rewriter->length; end++) {
        if (text[end] == '\\' && quote == '"') {
            end++;
        } else if (marks == 1 && text[end] == '\n') {
            break;
        } else if (text[end] == quote && (marks == 1 || (end + 2 < rewriter->length &&
                                                         text[end + 1] == quote && text[end + 2] == quote))) {
            *to = end;
            return end + marks;
        }
    }
    *to = *from;
    return end < rewriter->length ? end : rewriter->length;
}

static int
on_string(struct walk *walk)
{
    size_t from, to;
    walk->at = string_end(walk->rewriter, walk->at, &from, &to);
    const char *text = walk->rewriter->text;
    size_t after = walk->at;
    while (after < walk->rewriter->length && text[after] == ' ')
        after++;
    if (after < walk->rewriter->length && text[after] == '=' &&
        (after + 1 >= walk->rewriter->length || text[after + 1] != '=')) {
        walk->key = from;
        walk->key_length = to - from;
        return 0;
    }
    if (key_names_url(walk->section, text + walk->key, walk->key_length))
        return sp_url_rewrite(walk->rewriter, from, to);
    if (walk->section == DEPENDENCIES || walk->section == UV_SETTINGS)
        return rewrite_requirement(walk->rewriter, from, to);
    return 0;
}

static bool
is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static void
on_word(struct walk *walk)
{
    const char *text = walk->rewriter->text;
    size_t start = walk->at, length = walk->rewriter->length;
    while (walk->at < length && is_bare(text[walk->at]))
        walk->at++;
    size_t after = walk->at;
    while (after < length && text[after] == ' ')
        after++;
    if (after < length && text[after] == '=') {
        walk->key = start;
        walk->key_length = walk->at - start;
    }
}

int
sp_urls_of_toml(struct sp_url_rewriter *rewriter)
{
    struct walk walk = { .rewriter = rewriter,
                         .line_start = true,
                         .lock = !strcmp(sp_base_name(rewriter->path), "uv.lock") };
    if (!strcmp(sp_base_name(rewriter->path), "uv.toml"))
        walk.section = UV_SETTINGS;
    /* depth of brackets: a '[' at the start of a line within a list is no heading */
    long depth = 0;
    while (walk.at < rewriter->length) {
        char c = rewriter->text[walk.at];
        bool line_start = walk.line_start;
        walk.line_start = c == '\n' || (line_start && (c == ' ' || c == '\t'));
        if (c == '#') {
            const char *newline = memchr(rewriter->text + walk.at, '\n', rewriter->length - walk.at);
            walk.at = newline ? (size_t)(newline - rewriter->text) : rewriter->length;
        } else if (c == '[' && line_start && depth <= 0) {
            const char *line = rewriter->text + walk.at;
            const char *newline = memchr(line, '\n', rewriter->length - walk.at);
            size_t length = newline ? (size_t)(newline - line) : rewriter->length - walk.at;
            walk.section = section_of(line, length, walk.lock);
            walk.key_length = 0;
            walk.at += length;
        } else if (c == '"' || c == '\'') {
            if (on_string(&walk) < 0)
                return -1;
        } else if (is_bare(c)) {
            on_word(&walk);
        } else {
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            walk.at++;
        }
    }
    return 0;
}
