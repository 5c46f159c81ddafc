/* Which package a deprecation notice names. People write these for people, so only a few plain forms count:
 * a wrong answer would clear a lookalike by naming its target. */
#include "metadata/npm_manifest.h"

#include <string.h>
#include <strings.h>

static const char *const openings[] = {
    "moved to ",     "renamed to ",   "renamed as ",       "migrate to ",      "migrated to ",
    "switch to ",    "replaced by ",  "replaced with ",    "superseded by ",   "use ",
    "in favor of ",  "in favour of ", "now published as ", "published under ", "available as ",
    "continued as ", "upgrade to ",   "npm install ",
};
/* What may stand between an opening and the name. */
static const char *const fillers[] = { "the ",         "new ",   "package ", "npm package ",
                                       "npm install ", "npm i ", "just " };
static const char page[] = "npmjs.com/package/";

static bool
is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("@/._-", c));
}

static bool
is_word_of_language(const char *name)
{
    static const char *const words[] = { "it",        "this",     "that",    "native", "the",    "another",
                                         "something", "new",      "version", "npm",    "latest", "yarn",
                                         "node",      "v2",       "a",       "an",     "its",    "official",
                                         "builtin",   "built-in", "core" };
    for (size_t i = 0; i < SP_COUNT(words); i++)
        if (!strcmp(name, words[i]))
            return true;
    return false;
}

/* What follows an unmarked name must end the statement, or the word may be the first of several. */
static bool
ends_statement(const char *rest)
{
    rest += strspn(rest, " ");
    return !*rest || strchr(".,;!)\n", *rest) || !strncasecmp(rest, "instead", 7) ||
           !strncasecmp(rest, "package", 7);
}

/* Takes the name at TEXT if it is plainly one; MARKED: quotes or a page's URL say so already. */
static int
take_name(const char *text, bool marked, const char *own, struct sp_buffer *out, struct sp_error *err)
{
    size_t length = 0;
    while (is_name_byte(text[length]) && !(text[length] == '@' && length))
        length++;
    const char *rest = text + length;
    if (*rest == '@') /* a version */
        rest += strcspn(rest, " ,;`'\")\n");
    while (length && strchr("./-_", text[length - 1]))
        length--, rest = *rest == '@' ? rest : text + length;
    char name[SP_NAME_MAX + 1];
    if (!length || length > SP_NAME_MAX || (!marked && text[0] != '@' && !ends_statement(rest)))
        return 0;
    memcpy(name, text, length);
    name[length] = '\0';
    const char *slash = strchr(name, '/');
    bool shaped = name[0] == '@' ? slash && slash > name + 1 && !strchr(slash + 1, '/') : !slash;
    if (!shaped || !strcasecmp(name, own) || (!marked && is_word_of_language(name)) ||
        sp_ecosystems[SP_NPM]->validate(name, length, NULL) < 0)
        return 0;
    return sp_buffer_append(out, name, length, err);
}

static int
read_after(const char *text, const char *own, struct sp_buffer *out, struct sp_error *err)
{
    for (size_t i = 0; i < SP_COUNT(fillers); i++)
        if (!strncasecmp(text, fillers[i], strlen(fillers[i]))) {
            text += strlen(fillers[i]);
            i = (size_t)-1; /* from the first again: several may follow each other */
        }
    bool marked = *text && strchr("`'\"", *text);
    return take_name(text + marked, marked, own, out, err);
}

int
sp_npm_relocation(const char *notice, const char *name, struct sp_buffer *out, struct sp_error *err)
{
    char text[1024];
    snprintf(text, sizeof(text), "%s", notice);
    const char *url = strstr(text, page);
    if (url && take_name(url + sizeof(page) - 1, true, name, out, err) < 0)
        return -1;
    for (const char *at = text; *at && !out->length; at++) {
        if (at > text && ((at[-1] | 32) >= 'a' && (at[-1] | 32) <= 'z'))
            continue;
        for (size_t i = 0; i < SP_COUNT(openings) && !out->length; i++)
            if (!strncasecmp(at, openings[i], strlen(openings[i])) &&
                read_after(at + strlen(openings[i]), name, out, err) < 0)
                return -1;
    }
    return 0;
}
