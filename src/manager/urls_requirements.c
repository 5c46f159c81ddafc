/* urls_requirements.c: URLs of pip's requirement files, and the files that they include. Source: pip's
 * "Requirements File Format". */
#include "manager/lockfile_urls.h"

#include <string.h>

/* One word of the file: comments and continued lines are passed over. */
struct word {
    const char *text;
    size_t start, end;
    bool first; /* of its logical line */
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool
next_word(const char *text, size_t length, struct word *word)
{
    size_t at = word->text ? word->end : 0;
    bool first = !word->text;
    for (; at < length; at++) {
        if (text[at] == '\n')
            first = true;
        else if (text[at] == '\\' && at + 1 < length && text[at + 1] == '\n')
            at++;
        else if (text[at] == '\\' && at + 2 < length && text[at + 1] == '\r' && text[at + 2] == '\n')
            at += 2;
        else if (text[at] == '#' && (!at || is_blank(text[at - 1]) || text[at - 1] == '\n'))
            while (at + 1 < length && text[at + 1] != '\n')
                at++;
        else if (!is_blank(text[at]))
            break;
    }
    if (at >= length)
        return false;
    *word = (struct word){ text, at, at, first };
    while (word->end < length && !is_blank(text[word->end]) && text[word->end] != '\n')
        word->end++;
    return true;
}

static bool
word_is(const struct word *word, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == word->end - word->start &&
            !strncmp(word->text + word->start, *names, strlen(*names)))
            return true;
    return false;
}

/* Where the value begins in "--option=value" or "-ovalue"; 0: WORD is no such option. */
static size_t
attached_value(const struct word *word, const char *const *names)
{
    for (; *names; names++) {
        size_t length = strlen(*names);
        if (word->end - word->start <= length || strncmp(word->text + word->start, *names, length) != 0)
            continue;
        char next = word->text[word->start + length];
        if (next == '=')
            return word->start + length + 1;
        if ((*names)[1] != '-')
            return word->start + length;
    }
    return 0;
}

/* pip replaces ${NAME} (upper case, digits, underscore) with the environment's value. */
static int
expand(struct sp_url_rewriter *rewriter, struct sp_buffer *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *close = bytes[i] == '$' && i + 1 < length && bytes[i + 1] == '{'
                                ? memchr(bytes + i, '}', length - i)
                                : NULL;
        const char *value = NULL;
        size_t name = close ? (size_t)(close - bytes) - i - 2 : 0;
        for (const char *const *env = rewriter->env; close && env && *env && !value; env++)
            if (!strncmp(*env, bytes + i + 2, name) && (*env)[name] == '=')
                value = *env + name + 1;
        int status = value ? sp_buffer_append_string(out, value, rewriter->err)
                           : sp_buffer_append_byte(out, bytes[i], rewriter->err);
        if (status < 0)
            return -1;
        if (value)
            i = (size_t)(close - bytes);
    }
    return 0;
}

static int
rewrite_url(struct sp_url_rewriter *rewriter, size_t start, size_t end)
{
    /* quotes are the shell's, but people write them */
    while (start < end && (rewriter->text[start] == '"' || rewriter->text[start] == '\''))
        start++;
    while (end > start && (rewriter->text[end - 1] == '"' || rewriter->text[end - 1] == '\''))
        end--;
    sp_autobuffer struct sp_buffer url = { 0 };
    if (expand(rewriter, &url, rewriter->text + start, end - start) < 0)
        return -1;
    return url.length ? sp_url_rewrite_as(rewriter, start, end, url.bytes, url.length) : 0;
}

static const char *const url_options[] = {
    "--index-url", "--extra-index-url", "--find-links", "--pypi-url", "-i", "-f", NULL
};
static const char *const include_options[] = { "--requirement", "--constraint", "-r", "-c", NULL };

int
sp_urls_of_requirements(struct sp_url_rewriter *rewriter)
{
    struct word word = { 0 };
    bool expected = false;
    while (next_word(rewriter->text, rewriter->length, &word)) {
        size_t value = 0;
        if (expected)
            value = word.start;
        expected = !value && word_is(&word, url_options);
        if (!value && !expected)
            value = attached_value(&word, url_options);
        const char *at = memchr(rewriter->text + word.start, '@', word.end - word.start);
        if (!value && !expected && sp_url_is_http(rewriter->text + word.start, word.end - word.start))
            value = word.start; /* a URL by itself, or behind "name @" */
        else if (!value && !expected && at && at > rewriter->text + word.start &&
                 sp_url_is_http(at + 1, word.end - (size_t)(at + 1 - rewriter->text)))
            value = (size_t)(at + 1 - rewriter->text); /* "name@https://..." */
        if (value && rewrite_url(rewriter, value, word.end) < 0)
            return -1;
    }
    return 0;
}

int
sp_requirements_includes(const char *text, size_t length,
                         int (*found)(void *context, const char *name, size_t length, struct sp_error *err),
                         void *context, struct sp_error *err)
{
    struct word word = { 0 };
    bool expected = false;
    while (next_word(text, length, &word)) {
        size_t value = expected ? word.start : 0;
        expected = !value && word.first && word_is(&word, include_options);
        if (!value && !expected && word.first)
            value = attached_value(&word, include_options);
        if (value && value < word.end && found(context, text + value, word.end - value, err) < 0)
            return -1;
    }
    return 0;
}
