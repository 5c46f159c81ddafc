/* urls_settings.c: a project's own settings: the registries of .npmrc, .yarnrc and .yarnrc.yml. Their tokens
 * are blanked: inside nobody needs them, for the proxy sends them. Sources: npmrc(5), yarn 1 "yarnrc", yarn 4
 * "Settings". */
#include "manager/lockfile_urls.h"
#include "manager/planning.h"

#include <string.h>
#include <strings.h>

static bool
ends_with(const char *text, size_t length, const char *end)
{
    size_t span = strlen(end);
    return length >= span && !strncasecmp(text + length - span, end, span);
}

static bool
is_secret(const char *key, size_t length)
{
    static const char *const names[] = { "_authToken", "_password", "_auth", "npmAuthToken", "npmAuthIdent" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (ends_with(key, length, names[i]))
            return true;
    return false;
}

static bool
is_registry(const char *key, size_t length)
{
    return ends_with(key, length, "registry") || ends_with(key, length, "npmRegistryServer");
}

/* KEY = VALUE, KEY: VALUE or KEY VALUE, either of them in quotes. */
static int
rewrite_setting(struct sp_url_rewriter *rewriter, size_t start, size_t end, bool equals)
{
    const char *text = rewriter->text;
    while (start < end && (text[start] == ' ' || text[start] == '\t'))
        start++;
    while (end > start && (unsigned char)text[end - 1] <= ' ')
        end--;
    if (start == end || text[start] == '#' || text[start] == ';')
        return 0;
    size_t key = start, key_end;
    if (text[key] == '"') {
        const char *close = memchr(text + key + 1, '"', end - key - 1);
        if (!close)
            return 0;
        key_end = (size_t)(close - text);
        key++;
        start = key_end + 1;
    } else {
        /* in .npmrc a key holds colons ("//host/:_authToken"), in YAML it ends at one */
        for (key_end = key; key_end < end && text[key_end] != (equals ? '=' : ' ') &&
                            !(text[key_end] == ':' && key_end + 1 < end && text[key_end + 1] == ' ');)
            key_end++;
        start = key_end;
        while (key_end > key && text[key_end - 1] == ' ')
            key_end--;
    }
    while (start < end && strchr(" \t=:", text[start]))
        start++;
    if (end - start >= 2 && (text[start] == '"' || text[start] == '\'') && text[end - 1] == text[start])
        start++, end--;
    if (start >= end)
        return 0;
    if (is_secret(text + key, key_end - key)) {
        static const char withheld[] = "withheld";
        return sp_url_put(rewriter, start, end, withheld, sizeof(withheld) - 1);
    }
    return is_registry(text + key, key_end - key) ? sp_url_rewrite(rewriter, start, end) : 0;
}

int
sp_urls_of_settings(struct sp_url_rewriter *rewriter)
{
    bool equals = !strcmp(sp_base_name(rewriter->path), ".npmrc");
    for (size_t start = 0; start < rewriter->length;) {
        const char *newline = memchr(rewriter->text + start, '\n', rewriter->length - start);
        size_t end = newline ? (size_t)(newline - rewriter->text) : rewriter->length;
        if (rewrite_setting(rewriter, start, end, equals) < 0)
            return -1;
        start = end + 1;
    }
    return 0;
}
