/* golang_mod.c: go.mod as it counts for others than the module itself: no replacements, no exclusions.
 * Source: go.dev/ref/mod, "go.mod files", "Deprecation", "retract directive". */
#include "metadata/golang.h"
#include "metadata/semver.h"

#include <string.h>
#include <strings.h>

#define LINE_MAX_BYTES 4096
#define COMMENT_MAX 4096
#define WORDS_MAX 8

struct line {
    char text[LINE_MAX_BYTES];
    char *words[WORDS_MAX];
    size_t count;
    const char *comment; /* after "//", trimmed on the left; NULL none */
};

struct reader {
    const char *at, *end;
    char block[16];            /* the verb of the block that is open */
    char comment[COMMENT_MAX]; /* of the lines before, one a line */
    size_t comment_length;
};

/* Splits the line: words, brackets and commas apart, quotes away. */
static void
split_words(struct line *line)
{
    char *at = line->text;
    line->count = 0;
    while (*at && line->count < WORDS_MAX) {
        at += strspn(at, " \t\r,[]");
        if (!*at)
            break;
        char quote = *at == '"' || *at == '`' ? *at : 0;
        char *start = at + (quote != 0);
        char *stop =
            quote ? start + strcspn(start, quote == '"' ? "\"" : "`") : start + strcspn(start, " \t\r,[]");
        at = *stop ? stop + 1 : stop;
        *stop = '\0';
        line->words[line->count++] = start;
    }
}

/* The next line; a longer one than any is passed over. */
static bool
next_line(struct reader *reader, struct line *line)
{
    while (reader->at < reader->end) {
        const char *stop = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
        size_t length = (size_t)((stop ? stop : reader->end) - reader->at);
        const char *from = reader->at;
        reader->at = stop ? stop + 1 : reader->end;
        if (length >= sizeof(line->text) || memchr(from, '\0', length))
            continue;
        memcpy(line->text, from, length);
        line->text[length] = '\0';
        char *comment = strstr(line->text, "//");
        line->comment = NULL;
        if (comment) {
            *comment = '\0';
            comment += 2;
            line->comment = comment + strspn(comment, " \t");
        }
        split_words(line);
        return true;
    }
    return false;
}

static void
gather_comment(struct reader *reader, const char *text)
{
    size_t length = strcspn(text, "\r");
    if (reader->comment_length + length + 2 >= sizeof(reader->comment))
        return;
    memcpy(reader->comment + reader->comment_length, text, length);
    reader->comment_length += length;
    reader->comment[reader->comment_length++] = '\n';
    reader->comment[reader->comment_length] = '\0';
}

/* The next statement with its verb; blocks are unfolded. */
static bool
next_statement(struct reader *reader, struct line *line, const char **verb, char ***words, size_t *count)
{
    while (next_line(reader, line)) {
        if (!line->count) {
            if (line->comment)
                gather_comment(reader, line->comment);
            else
                reader->comment_length = 0, *reader->comment = '\0';
            continue;
        }
        if (*reader->block && !strcmp(line->words[0], ")")) {
            *reader->block = '\0';
            continue;
        }
        if (!*reader->block && line->count == 2 && !strcmp(line->words[1], "(")) {
            snprintf(reader->block, sizeof(reader->block), "%.15s", line->words[0]);
            continue;
        }
        bool inside = *reader->block;
        *verb = inside ? reader->block : line->words[0];
        *words = line->words + !inside;
        *count = line->count - !inside;
        return true;
    }
    return false;
}

static bool
is_indirect(const struct line *line)
{
    if (!line->comment || strncmp(line->comment, "indirect", 8) != 0)
        return false;
    return !line->comment[8] || strchr("; \t\r", line->comment[8]);
}

/* ------------------------------------------------------------- the module */

int
sp_golang_read_module(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct reader reader = { .at = bytes, .end = bytes + length };
    struct line line;
    const char *verb;
    char **words;
    size_t count;
    bool named = false, tells = sp_tell_list(teller, SP_FIELD_DEPENDENCIES);
    while (next_statement(&reader, &line, &verb, &words, &count)) {
        if (!strcmp(verb, "module") && count && !named) {
            named = true;
            if (sp_tell_text(teller, SP_FIELD_MODULE, words[0], strlen(words[0]), err) < 0)
                return -1;
        } else if (tells && !strcmp(verb, "require") && count >= 2 && !is_indirect(&line) &&
                   sp_tell_name(teller, SP_FIELD_DEPENDENCIES, words[0], strlen(words[0]), err) < 0) {
            return -1;
        }
        reader.comment_length = 0;
    }
    return named ? SP_READ : sp_record_problem(teller->record, err, "%s: it names no module", teller->source);
}

/* -------------------------------------------------------------- deprecation */

/* Whether WORD may be a module: a host with a dot, then a path. */
static bool
is_module(const char *word)
{
    struct sp_error ignored;
    const char *slash = strchr(word, '/'), *dot = strchr(word, '.');
    return slash && dot && dot < slash && strlen(word) < SP_NAME_MAX &&
           sp_ecosystems[SP_GOLANG]->validate(word, strlen(word), &ignored) == 0;
}

/* "use example.com/new instead", "moved to example.com/new": the module named after such a word. */
static int
tell_successor(const struct sp_teller *teller, const char *notice, struct sp_error *err)
{
    static const char *const before[] = { "use", "to", "by", "with", "at", "module", "is" };
    char text[COMMENT_MAX], *rest = text, *word, last[32] = "";
    snprintf(text, sizeof(text), "%s", notice);
    while ((word = strtok_r(rest, " \t\n\r", &rest))) {
        word += strspn(word, "`'\"(<");
        if (!strncmp(word, "https://", 8))
            word += 8;
        size_t length = strlen(word);
        while (length && strchr("`'\"()<>.,;:!/", word[length - 1]))
            word[--length] = '\0';
        bool led = false;
        for (size_t i = 0; i < SP_COUNT(before); i++)
            led |= !strcasecmp(last, before[i]);
        if (led && is_module(word) && strcmp(word, teller->record->name) != 0)
            return sp_tell_text(teller, SP_FIELD_RELOCATED, word, length, err);
        snprintf(last, sizeof(last), "%.31s", word);
    }
    return 0;
}

/* The paragraph that begins with "Deprecated:" in the comment before or behind the module directive. */
static int
tell_deprecation(const struct sp_teller *teller, const struct reader *reader, const char *behind,
                 struct sp_error *err)
{
    static const char mark[] = "Deprecated:";
    const char *found = behind && !strncmp(behind, mark, sizeof(mark) - 1) ? behind : NULL;
    for (const char *at = reader->comment; !found && at && *at; at = strchr(at, '\n'), at = at ? at + 1 : at)
        if (!strncmp(at, mark, sizeof(mark) - 1))
            found = at;
    if (!found)
        return sp_tell_text(teller, SP_FIELD_DEPRECATED, NULL, 0, err) < 0 ||
                       sp_tell_text(teller, SP_FIELD_RELOCATED, NULL, 0, err) < 0
                   ? -1
                   : 0;
    found += sizeof(mark) - 1;
    const char *blank = strstr(found, "\n\n");
    size_t length = blank ? (size_t)(blank - found) : strlen(found);
    char notice[COMMENT_MAX];
    snprintf(notice, sizeof(notice), "%.*s", (int)length, found);
    for (char *at = notice; *at; at++)
        *at = *at == '\n' ? ' ' : *at;
    return sp_tell_text(teller, SP_FIELD_DEPRECATED, notice, strlen(notice), err) < 0
               ? -1
               : tell_successor(teller, notice, err);
}

/* -------------------------------------------------------------- retractions */

static void
retract(struct sp_record *record, const char *low, const char *high)
{
    for (size_t i = 0; i < record->release_count; i++) {
        const char *version = record->releases[i].number;
        if (sp_semver_compare(low, version) <= 0 && sp_semver_compare(version, high) <= 0)
            record->releases[i].yanked = true;
    }
}

int
sp_golang_read_notices(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct reader reader = { .at = bytes, .end = bytes + length };
    struct line line;
    const char *verb;
    char **words;
    size_t count, retractions = 0;
    bool named = false;
    while (next_statement(&reader, &line, &verb, &words, &count)) {
        if (!strcmp(verb, "module") && !named) {
            named = true;
            if (tell_deprecation(teller, &reader, line.comment, err) < 0)
                return -1;
        } else if (!strcmp(verb, "retract") && count && retractions++ < 200) {
            retract(teller->record, words[0], words[count > 1 ? 1 : 0]);
        }
        reader.comment_length = 0;
        *reader.comment = '\0';
    }
    return SP_READ;
}
