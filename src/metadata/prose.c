#include "metadata/prose.h"

#include "base/hash.h"
#include "name/tokens.h"

#include <string.h>
#include <strings.h>

#define WORD_SEED 211u
#define TAG_MAX 512   /* bytes of an HTML tag; a '<' without an end within them is a character */
#define LINK_MAX 2048 /* bytes of a link's address */
#define NAME_GAP 3    /* words between "fork of" and the name */

/* ---- characters */

static bool
is_letter(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The first byte of a code point of three bytes from U+3000 to U+DFFF: scripts written without spaces. */
static bool
is_ideograph(char byte)
{
    return (unsigned char)byte >= 0xe3 && (unsigned char)byte <= 0xed;
}

static uint32_t
hash_word(const char *lower, size_t length)
{
    return (uint32_t)sp_hash(lower, length, WORD_SEED);
}

/* ---- cleaning */

static void
put_blank(struct sp_prose *out)
{
    if (out->length && out->text[out->length - 1] != ' ' && out->length < SP_PROSE_MAX)
        out->text[out->length++] = ' ';
}

static void
put(struct sp_prose *out, const char *bytes, size_t length)
{
    if (out->length + length > SP_PROSE_MAX)
        return;
    for (size_t i = 0; i < length; i++)
        out->text[out->length++] = sp_lower(bytes[i]);
}

static bool
starts(const char *at, const char *end, const char *with)
{
    size_t length = strlen(with);
    return (size_t)(end - at) >= length && sp_lower(*at) == *with && strncasecmp(at, with, length) == 0;
}

static bool
line_has(const char *line, const char *end, const char *what)
{
    size_t length = strlen(what);
    for (; (size_t)(end - line) >= length; line++)
        if (sp_lower(*line) == *what && strncasecmp(line, what, length) == 0)
            return true;
    return false;
}

/* Behind the next CLOSING within LIMIT bytes; NULL: there is none. */
static const char *
behind(const char *at, const char *end, char closing, size_t limit)
{
    if ((size_t)(end - at) > limit)
        end = at + limit;
    const char *found = memchr(at, closing, (size_t)(end - at));
    return found ? found + 1 : NULL;
}

static bool
is_address(const char *at, const char *end)
{
    return starts(at, end, "http://") || starts(at, end, "https://") || starts(at, end, "www.") ||
           starts(at, end, "git://") || starts(at, end, "git+");
}

static const char *
behind_address(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at > ' ' && !strchr(")>]\"'`", *at))
        at++;
    return at;
}

/* Markup at AT that is no prose: where it ends; AT itself where there is none. */
static const char *
skip_markup(const char *at, const char *end)
{
    const char *next = NULL;
    if (*at == '<' && at + 1 < end && (is_letter(at[1]) || at[1] == '/' || at[1] == '!'))
        next = behind(at, end, '>', TAG_MAX);
    else if (*at == '!' && at + 1 < end && at[1] == '[')
        next = behind(at, end, ']', LINK_MAX);
    else if (*at == ']' && at + 1 < end && at[1] == '(')
        next = behind(at, end, ')', LINK_MAX);
    if (!next)
        return at;
    /* an image's own address follows its text */
    if (*at == '!' && next < end && *next == '(') {
        const char *image = behind(next, end, ')', LINK_MAX);
        return image ? image : next;
    }
    return next;
}

static void
clean_line(struct sp_prose *out, const char *at, const char *end)
{
    bool within = false;
    while (at < end && out->length < SP_PROSE_MAX) {
        const char *next = skip_markup(at, end);
        if (next == at && !within && is_address(at, end))
            next = behind_address(at, end);
        if (next > at) {
            put_blank(out);
            at = next;
            within = false;
            continue;
        }
        if (is_ideograph(*at) && end - at >= 3) {
            put_blank(out);
            put(out, at, 3);
            put_blank(out);
            at += 3;
            within = false;
            continue;
        }
        if (is_letter(*at))
            put(out, at, 1);
        else if (*at != '\'' || !within)
            put_blank(out); /* "don't" is one word */
        within = is_letter(*at) || (*at == '\'' && within);
        at++;
    }
    put_blank(out);
}

static bool
is_licence_heading(const char *line, const char *end)
{
    return line_has(line, end, "licen") || line_has(line, end, "copyright");
}

static bool
is_licence_text(const char *line, const char *end)
{
    return line_has(line, end, "permission is hereby granted") ||
           line_has(line, end, "software is provided \"as is\"") ||
           line_has(line, end, "redistribution and use in source") ||
           line_has(line, end, "licensed under the") || line_has(line, end, "all rights reserved");
}

static void
clean(struct sp_prose *out, const char *text, size_t size)
{
    const char *end = text + size, *line_end;
    bool fenced = false, licence_section = false, licence_text = false;
    for (const char *line = text; line < end && out->length < SP_PROSE_MAX; line = line_end + 1) {
        line_end = memchr(line, '\n', (size_t)(end - line));
        if (!line_end)
            line_end = end;
        const char *at = line;
        while (at < line_end && (*at == ' ' || *at == '\t' || *at == '\r'))
            at++;
        if (at == line_end) {
            licence_text = false;
            continue;
        }
        if (starts(at, line_end, "```") || starts(at, line_end, "~~~")) {
            fenced = !fenced;
            continue;
        }
        if (fenced)
            continue;
        if (*at == '#')
            licence_section = is_licence_heading(at, line_end);
        licence_text |= is_licence_text(at, line_end);
        if (!licence_section && !licence_text)
            clean_line(out, at, line_end);
    }
}

/* ---- words */

static void
find_words(struct sp_prose *out)
{
    size_t at = 0;
    while (at < out->length && out->word_count < SP_PROSE_WORDS) {
        if (!is_letter(out->text[at])) {
            at++;
            continue;
        }
        size_t start = at;
        while (at < out->length && is_letter(out->text[at]))
            at++;
        if (at - start > SP_PROSE_WORD_MAX)
            continue;
        uint32_t hash = hash_word(out->text + start, at - start);
        out->words[out->word_count++] =
            (struct sp_prose_word){ (uint16_t)start, (uint16_t)(at - start), hash };
        out->present[hash >> 6 & 15] |= (uint64_t)1 << (hash & 63);
    }
}

void
sp_prose_read(struct sp_prose *out, const char *text)
{
    out->length = out->word_count = 0;
    memset(out->present, 0, sizeof(out->present));
    if (text)
        clean(out, text, strnlen(text, SP_PROSE_READ));
    while (out->length && out->text[out->length - 1] == ' ')
        out->length--;
    out->text[out->length] = '\0';
    find_words(out);
}

void
sp_phrase_read(struct sp_phrase *out, const char *text)
{
    out->count = 0;
    while (*text && out->count < SP_PHRASE_WORDS) {
        if (!is_letter(*text)) {
            text++;
            continue;
        }
        char lower[SP_PROSE_WORD_MAX];
        const char *start = text;
        for (; is_letter(*text); text++)
            if (text - start < SP_PROSE_WORD_MAX)
                lower[text - start] = sp_lower(*text);
        size_t length = (size_t)(text - start);
        if (length > SP_PROSE_WORD_MAX)
            length = SP_PROSE_WORD_MAX;
        out->words[out->count].bytes = start;
        out->words[out->count].length = (uint16_t)length;
        out->words[out->count++].hash = hash_word(lower, length);
    }
}

/* ---- phrases */

bool
sp_prose_stands(const struct sp_prose *prose, size_t at, const struct sp_phrase *phrase)
{
    if (!phrase->count || at + phrase->count > prose->word_count)
        return false;
    for (unsigned i = 0; i < phrase->count; i++) {
        const struct sp_prose_word *word = &prose->words[at + i];
        if (word->hash != phrase->words[i].hash || word->length != phrase->words[i].length ||
            strncasecmp(prose->text + word->start, phrase->words[i].bytes, word->length) != 0)
            return false;
    }
    return true;
}

static bool
may_say(const struct sp_prose *prose, const struct sp_phrase *phrase)
{
    for (unsigned i = 0; i < phrase->count; i++) {
        uint32_t hash = phrase->words[i].hash;
        if (!(prose->present[hash >> 6 & 15] >> (hash & 63) & 1))
            return false;
    }
    return phrase->count > 0;
}

/* The word at which PHRASE begins, from FROM on; the number of words: nowhere. */
static size_t
find_phrase(const struct sp_prose *prose, size_t from, const struct sp_phrase *phrase)
{
    while (from < prose->word_count && !sp_prose_stands(prose, from, phrase))
        from++;
    return from;
}

bool
sp_prose_says(const struct sp_prose *prose, const char *text)
{
    struct sp_phrase phrase;
    sp_phrase_read(&phrase, text);
    return may_say(prose, &phrase) && find_phrase(prose, 0, &phrase) < prose->word_count;
}

const char *
sp_prose_says_any(const struct sp_prose *prose, const char *const *phrases)
{
    if (prose->word_count)
        for (; *phrases; phrases++)
            if (sp_prose_says(prose, *phrases))
                return *phrases;
    return NULL;
}

const char *
sp_prose_says_of(const struct sp_prose *prose, const char *const *phrases, const struct sp_phrase *name)
{
    if (!may_say(prose, name))
        return NULL;
    for (; *phrases; phrases++) {
        struct sp_phrase phrase;
        sp_phrase_read(&phrase, *phrases);
        if (!may_say(prose, &phrase))
            continue;
        for (size_t at = 0; (at = find_phrase(prose, at, &phrase)) < prose->word_count; at++)
            for (size_t gap = 0; gap <= NAME_GAP; gap++)
                if (sp_prose_stands(prose, at + phrase.count + gap, name))
                    return *phrases;
    }
    return NULL;
}
