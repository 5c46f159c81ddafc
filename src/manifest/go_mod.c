/* go.mod. Source: "Go Modules Reference", section go.mod files; x/mod/modfile/read.go for the lexer.
 * Two readings of the same bytes: the first gathers the replacements, which may stand behind the requirements
 * they change, the second hands on the modules. */
#include "base/hash.h"
#include "manifest/sheet.h"
#include "manifest/text.h"

#include <string.h>

#define TOKENS_MAX 16
#define REPLACES_MAX 200000
#define REPLACE_STEPS 100 /* versions of one module; the rest is handed on as unused */

struct token {
    struct sp_slice text; /* without quotes */
    uint32_t line, column;
};

struct replace {
    struct token from, from_version, to, to_version; /* versions may be empty */
    uint32_t older; /* index + 1 of another replacement of the same module; 0: none */
    bool used;
};

struct reading {
    struct sp_sheet sheet;
    struct sp_text *text;
    size_t at;
    /* the current statement */
    struct token tokens[TOKENS_MAX];
    size_t count;
    bool too_long, opens, closes, indirect;
    /* what was gathered */
    bool has_module;
    struct sp_map replaced; /* module -> index + 1 of its newest replacement */
    struct replace *replaces;
    size_t replace_count, replace_capacity;
};

/* ---- lexer ---- */

static int
fail_at(struct reading *file, size_t at, struct sp_error *err, const char *what)
{
    uint32_t line, column;
    sp_text_seek(file->text, at, &line, &column);
    return sp_sheet_fail(&file->sheet, line, column, SP_ERROR_INPUT, err, "%s", what);
}

static int
add_token(struct reading *file, size_t from, size_t to, struct sp_error *err)
{
    (void)err;
    if (file->count == TOKENS_MAX) {
        file->too_long = true;
        return 0;
    }
    struct token *token = &file->tokens[file->count++];
    token->text = (struct sp_slice){ file->text->bytes + from, to - from };
    sp_text_seek(file->text, from, &token->line, &token->column);
    return 0;
}

static int
read_quoted(struct reading *file, struct sp_error *err)
{
    const char *s = file->text->bytes;
    size_t from = file->at + 1, to = from;
    char quote = s[file->at];
    while (to < file->text->length && s[to] != quote && s[to] != '\n')
        if (s[to++] == '\\' && quote == '"')
            return fail_at(file, to - 1, err, "an escape in a string; write the module's path plainly");
    if (to >= file->text->length || s[to] == '\n')
        return fail_at(file, file->at, err, "a string that does not end on its line; close it");
    file->at = to + 1;
    return add_token(file, from, to, err);
}

static bool
is_plain(char c)
{
    return c && !strchr(" \t\r\n()[]{},\"`", c);
}

/* "// indirect", alone or before a semicolon. */
static void
read_comment(struct reading *file)
{
    const char *s = file->text->bytes;
    size_t from = file->at + 2, to = from;
    while (to < file->text->length && s[to] != '\n')
        to++;
    file->at = to;
    while (from < to && (s[from] == ' ' || s[from] == '\t'))
        from++;
    while (to > from && (s[to - 1] == ' ' || s[to - 1] == '\t' || s[to - 1] == '\r'))
        to--;
    static const char word[] = "indirect";
    size_t length = sizeof(word) - 1;
    if (to - from >= length && !memcmp(s + from, word, length) &&
        (to - from == length || s[from + length] == ';'))
        file->indirect = true;
}

static int
read_token(struct reading *file, struct sp_error *err)
{
    const char *s = file->text->bytes;
    char c = s[file->at];
    if (c == '/' && s[file->at + 1] == '*')
        return fail_at(file, file->at, err, "a /* comment; go.mod has // comments only");
    if (c == '"' || c == '`')
        return read_quoted(file, err);
    if (c == '(' || c == ')') {
        bool *flag = c == '(' ? &file->opens : &file->closes;
        *flag = true;
        file->at++;
        return 0;
    }
    size_t from = file->at++;
    while (is_plain(c) && is_plain(s[file->at]) && memcmp(s + file->at, "//", 2) != 0)
        file->at++;
    return add_token(file, from, file->at, err);
}

/* 1: the tokens of one line, maybe none; 0: end. */
static int
next_statement(struct reading *file, struct sp_error *err)
{
    const char *s = file->text->bytes;
    file->count = 0;
    file->too_long = file->opens = file->closes = file->indirect = false;
    if (file->at >= file->text->length)
        return 0;
    while (file->at < file->text->length) {
        if (s[file->at] == '\n') {
            file->at++;
            break;
        }
        if (s[file->at] == ' ' || s[file->at] == '\t' || s[file->at] == '\r')
            file->at++;
        else if (s[file->at] == '/' && s[file->at + 1] == '/')
            read_comment(file);
        else if (read_token(file, err) < 0)
            return -1;
    }
    return 1;
}

/* ---- statements ---- */

typedef int use_statement(struct reading *file, const char *verb, const struct token *tokens, size_t count,
                          struct sp_error *err);

static bool
is(const struct token *token, const char *word)
{
    return token->text.length == strlen(word) && !memcmp(token->text.bytes, word, token->text.length);
}

static const char *
find_verb(const struct token *token)
{
    static const char *const verbs[] = { "module",  "go",      "toolchain", "godebug", "require",
                                         "exclude", "replace", "retract",   "tool",    "ignore" };
    for (size_t i = 0; i < SP_COUNT(verbs); i++)
        if (is(token, verbs[i]))
            return verbs[i];
    return "";
}

/* Calls USE for each statement, with the verb of the block it stands in, "" for an unknown one. */
static int
walk(struct reading *file, use_statement *use, struct sp_error *err)
{
    const char *block = NULL;
    uint32_t block_line = 0;
    int more;
    file->at = 0;
    while ((more = next_statement(file, err)) == 1) {
        const struct token *tokens = file->tokens;
        size_t count = file->count;
        const char *verb = block;
        if (!block && count) {
            verb = find_verb(tokens);
            if (file->opens && !file->closes) {
                block = verb;
                block_line = tokens->line;
            }
            tokens += *verb != '\0';
            count -= *verb != '\0';
        }
        if (count && use(file, verb, tokens, count, err) < 0)
            return -1;
        if (file->closes)
            block = NULL;
    }
    if (more == 0 && block)
        return sp_sheet_fail(&file->sheet, block_line, 1, SP_ERROR_INPUT, err,
                             "a block that is not closed; the file is truncated: make it again");
    return more;
}

/* The first reading: OLD [version] => NEW [version] */
static int
gather(struct reading *file, const char *verb, const struct token *tokens, size_t count, struct sp_error *err)
{
    file->has_module = file->has_module || !strcmp(verb, "module");
    if (strcmp(verb, "replace") != 0)
        return 0;
    size_t arrow = 0;
    while (arrow < count && !is(&tokens[arrow], "=>"))
        arrow++;
    size_t after = count - arrow;
    if (file->too_long || arrow < 1 || arrow > 2 || after < 2 || after > 3)
        return sp_sheet_fail(&file->sheet, tokens->line, tokens->column, SP_ERROR_INPUT, err,
                             "a replacement should read 'old [version] => new [version]'; mend it");
    if (file->replace_count == REPLACES_MAX)
        return sp_sheet_fail(&file->sheet, tokens->line, tokens->column, SP_ERROR_LIMIT, err,
                             "more than %d replacements; split the file", REPLACES_MAX);
    struct replace replace = { .from = tokens[0], .to = tokens[arrow + 1] };
    if (arrow == 2)
        replace.from_version = tokens[1];
    if (after == 3)
        replace.to_version = tokens[arrow + 2];
    uint32_t *newest = sp_map_at(&file->replaced, replace.from.text.bytes, replace.from.text.length, 0, err);
    if (!newest || sp_grow(file->replaces, file->replace_capacity, file->replace_count + 1, err) < 0)
        return -1;
    replace.older = *newest;
    file->replaces[file->replace_count++] = replace;
    *newest = (uint32_t)file->replace_count;
    return 0;
}

static bool
same(struct sp_slice a, struct sp_slice b)
{
    return a.length == b.length && (!a.length || !memcmp(a.bytes, b.bytes, a.length));
}

/* The replacement of MODULE at VERSION: one for that version goes before one for all. */
static struct replace *
find_replace(struct reading *file, const struct token *module, const struct token *version)
{
    uint32_t at = 0;
    struct replace *any = NULL;
    sp_map_get(&file->replaced, module->text.bytes, module->text.length, &at);
    for (unsigned steps = 0; at && steps < REPLACE_STEPS; at = file->replaces[at - 1].older, steps++) {
        struct replace *replace = &file->replaces[at - 1];
        if (replace->from_version.text.length && same(replace->from_version.text, version->text))
            return replace;
        if (!replace->from_version.text.length && !any)
            any = replace;
    }
    return any;
}

static const char *
copy(struct reading *file, const struct token *token, struct sp_error *err)
{
    return sp_sheet_copy(&file->sheet, token->text.bytes, token->text.length, token->line, token->column,
                         err);
}

/* A replacement that begins with ./, ../ or / is a directory, else another module. */
static bool
is_directory(const struct token *token)
{
    struct sp_slice path = token->text;
    return path.length &&
           (path.bytes[0] == '/' || path.bytes[0] == '.' || (path.length > 1 && path.bytes[1] == ':') ||
            memchr(path.bytes, '\\', path.length));
}

static int
add_module(struct reading *file, const struct token *module, const struct token *version,
           const struct replace *replace, bool direct, struct sp_error *err)
{
    struct sp_dependency dependency = { .direct = direct,
                                        .place = { .line = module->line, .column = module->column } };
    if (!(dependency.name = copy(file, module, err)))
        return -1;
    if (replace && is_directory(&replace->to)) {
        if (!(dependency.source = copy(file, &replace->to, err)))
            return -1;
    } else if (replace) {
        if (!same(replace->to.text, module->text))
            dependency.alias = dependency.name;
        if (!(dependency.name = copy(file, &replace->to, err)))
            return -1;
        dependency.place.line = replace->to.line;
        dependency.place.column = replace->to.column;
        version = &replace->to_version;
    }
    if (version->text.length && !(dependency.version = copy(file, version, err)))
        return -1;
    return sp_sheet_add(&file->sheet, &dependency, err);
}

/* The second reading. */
static int
hand_on(struct reading *file, const char *verb, const struct token *tokens, size_t count,
        struct sp_error *err)
{
    if (!*verb)
        return sp_sheet_unseen(&file->sheet, tokens->line, tokens->column, err,
                               "the directive \"%.*s\" is unknown; check what it pulls in",
                               tokens->text.length > 60 ? 60 : (int)tokens->text.length, tokens->text.bytes);
    if (strcmp(verb, "require") != 0)
        return 0;
    if (count != 2)
        return sp_sheet_fail(&file->sheet, tokens->line, tokens->column, SP_ERROR_INPUT, err,
                             "a requirement should read 'module version'; mend it");
    struct replace *replace = find_replace(file, &tokens[0], &tokens[1]);
    if (replace)
        replace->used = true;
    return add_module(file, &tokens[0], &tokens[1], replace, !file->indirect, err);
}

/* Replacements of modules that only other modules require: their replacement is fetched all the same. */
static int
add_unused(struct reading *file, struct sp_error *err)
{
    for (size_t i = 0; i < file->replace_count; i++) {
        const struct replace *replace = &file->replaces[i];
        if (!replace->used &&
            add_module(file, &replace->from, &replace->from_version, replace, false, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- the file ---- */

static int
read_statements(struct reading *file, struct sp_error *err)
{
    if (walk(file, gather, err) < 0)
        return -1;
    if (!file->has_module)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "no module directive; is this a go.mod?");
    return walk(file, hand_on, err) < 0 ? -1 : add_unused(file, err);
}

static void
reading_free(struct reading *file)
{
    sp_map_free(&file->replaced);
    free(file->replaces);
}

static int
read_go_mod(const struct sp_manifest_reading *reading, const char *path, const char *content, size_t length,
            struct sp_error *err)
{
    __attribute__((cleanup(reading_free))) struct reading file = { .replaced.seed = sp_sheet_seed() };
    sp_autotext struct sp_text text = { 0 };
    if (sp_sheet_open(&file.sheet, reading, SP_GOLANG, path, err) < 0 ||
        sp_text_open(&text, file.sheet.path, content, length, SP_TEXT_UTF8, err) < 0)
        return -1;
    file.text = &text;
    return read_statements(&file, err);
}

static bool
recognise(const char *content, size_t length)
{
    if (length > 7 && !memcmp(content, "module ", 7))
        return true;
    return sp_text_find(content, length, "\nmodule ") && sp_text_find(content, length, "\ngo ");
}

static const char *const names[] = { "go.mod", NULL };

const struct sp_manifest_format sp_manifest_go_mod = {
    .id = "go-mod",
    .title = "Go go.mod",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_GOLANG],
    .is_lockfile = true,
    .recognise = recognise,
    .read = read_go_mod,
};
