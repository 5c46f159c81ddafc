/* pip's requirements files. Source: pip documentation, "Requirements File Format"; req_file.py. */
#include "base/file.h"
#include "manifest/requirement.h"
#include "manifest/requirements_lines.h"
#include "manifest/sheet.h"
#include "manifest/text.h"

#include <limits.h>
#include <string.h>

/* A file and those that include it, back to the first. */
struct reading {
    struct sp_sheet sheet;
    struct sp_requirements_lines lines;
    const struct reading *by;
    struct tree *tree;
    char real[PATH_MAX]; /* "" where the file is not on a disk */
    bool constraints;
};

/* What all files of one reading share. */
struct tree {
    char root[PATH_MAX]; /* the directory of the first file; "" where it cannot be told */
    unsigned includes;
    size_t bytes;
};

static int read_content(struct reading *file, const char *content, size_t length, struct sp_error *err);

static int
unseen(struct reading *file, const char *at, struct sp_error *err, const char *what)
{
    uint32_t line, column;
    sp_requirements_lines_place(&file->lines, at, &line, &column);
    return sp_sheet_unseen(&file->sheet, line, column, err, "%s", what);
}

static int
fail(struct reading *file, const char *at, enum sp_error_code code, struct sp_error *err, const char *what)
{
    uint32_t line, column;
    sp_requirements_lines_place(&file->lines, at, &line, &column);
    return sp_sheet_fail(&file->sheet, line, column, code, err, "%s", what);
}

/* ---- requirements ---- */

static int
copy_slice(struct reading *file, const char **out, struct sp_slice slice, const struct sp_place *place,
           struct sp_error *err)
{
    if (!slice.length)
        return 0;
    *out = sp_sheet_copy(&file->sheet, slice.bytes, slice.length, place->line, place->column, err);
    return *out ? 0 : -1;
}

static int
read_requirement(struct reading *file, const char *text, size_t length, struct sp_error *err)
{
    struct sp_requirement requirement;
    enum sp_requirement_kind kind = sp_requirement_read(text, length, &requirement);
    if (kind == SP_REQUIREMENT_BROKEN && sp_text_find(text, length, "${"))
        return unseen(file, text, err, "the package depends on an environment variable; write its name");
    if (kind == SP_REQUIREMENT_BROKEN)
        return unseen(file, text, err, "this line is no requirement that pip documents; mend it");
    if (kind == SP_REQUIREMENT_NAMELESS)
        return unseen(file, text, err,
                      "a URL or path that does not say which package it holds; write 'name @ URL'");

    struct sp_dependency dependency = { .direct = !file->constraints };
    struct sp_place *place = &dependency.place;
    sp_requirements_lines_place(&file->lines, requirement.name.bytes, &place->line, &place->column);
    if (copy_slice(file, &dependency.name, requirement.name, place, err) < 0 ||
        copy_slice(file, &dependency.version, requirement.version, place, err) < 0 ||
        copy_slice(file, &dependency.source, requirement.source, place, err) < 0)
        return -1;
    return sp_sheet_add(&file->sheet, &dependency, err);
}

/* ---- includes ---- */

static bool
is_beneath(const char *path, const char *root)
{
    size_t length = strlen(root);
    return length && !strncmp(path, root, length) && (path[length] == '/' || !strcmp(root, "/"));
}

/* Fills CHILD->real; 1: follow it, 0: reported as unseen. */
static int
resolve(struct reading *file, struct reading *child, const char *path, const char *at, struct sp_error *err)
{
    if (!realpath(path, child->real)) {
        char what[320];
        snprintf(what, sizeof(what), "cannot include %.200s: it is not there, or cannot be reached", path);
        return unseen(file, at, err, what);
    }
    if (!is_beneath(child->real, file->tree->root))
        return unseen(file, at, err,
                      "an include from outside of the first file's directory is not followed; "
                      "check that file by itself");
    for (const struct reading *open = file; open; open = open->by)
        if (!strcmp(open->real, child->real))
            return fail(file, at, SP_ERROR_INPUT, err, "a file that includes itself; remove this line");
    if (file->tree->includes++ == SP_MANIFEST_INCLUDES_MAX)
        return fail(file, at, SP_ERROR_LIMIT, err, "more than 64 included files; split the project");
    return 1;
}

static int
read_included(struct reading *file, struct reading *child, const char *path, const char *at,
              struct sp_error *err)
{
    sp_autobuffer struct sp_buffer content = { 0 };
    struct sp_error why;
    size_t room = SP_MANIFEST_SIZE_MAX - file->tree->bytes;
    if (sp_file_read(child->real, room, &content, &why) < 0) {
        if (why.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return unseen(file, at, err, why.text);
    }
    file->tree->bytes += content.length;
    if (sp_sheet_open(&child->sheet, file->sheet.reading, SP_PYPI, path, err) < 0)
        return -1;
    /* the limits hold for all files together */
    child->sheet.count = file->sheet.count;
    child->sheet.unseen = file->sheet.unseen;
    child->sheet.arena_base = file->sheet.arena_base;
    int status = read_content(child, sp_buffer_string(&content), content.length, err);
    file->sheet.count = child->sheet.count;
    file->sheet.unseen = child->sheet.unseen;
    return status;
}

/* Follows "-r NAME" or "-c NAME", which are relative to the file they stand in. */
static int
read_include(struct reading *file, struct sp_slice name, bool constraints, struct sp_error *err)
{
    if (sp_text_find(name.bytes, name.length, "${") || sp_text_find(name.bytes, name.length, "://"))
        return unseen(file, name.bytes, err,
                      "an include by URL or environment variable is not followed; download and check it");
    const char *slash = *name.bytes == '/' ? NULL : strrchr(file->sheet.path, '/');
    size_t directory = slash ? (size_t)(slash - file->sheet.path) + 1 : 0;
    sp_autobuffer struct sp_buffer path = { .limit = PATH_MAX };
    struct sp_error why;
    if (sp_buffer_append(&path, file->sheet.path, directory, &why) < 0 ||
        sp_buffer_append(&path, name.bytes, name.length, &why) < 0)
        return unseen(file, name.bytes, err, "an include whose path is too long");
    sp_autofree struct reading *child = sp_new(struct reading, err);
    if (!child)
        return -1;
    child->by = file;
    child->tree = file->tree;
    child->constraints = constraints || file->constraints;
    int follow = resolve(file, child, path.bytes, name.bytes, err);
    return follow == 1 ? read_included(file, child, path.bytes, name.bytes, err) : follow;
}

/* ---- options ---- */

enum option_use { IGNORED, FLAG, INCLUDE, CONSTRAINT, EDITABLE };

static const struct option {
    const char *name;
    enum option_use use;
} options[] = {
    { "-r", INCLUDE },
    { "--requirement", INCLUDE },
    { "-c", CONSTRAINT },
    { "--constraint", CONSTRAINT },
    { "-e", EDITABLE },
    { "--editable", EDITABLE },
    { "-i", IGNORED },
    { "--index-url", IGNORED },
    { "--pypi-url", IGNORED },
    { "--extra-index-url", IGNORED },
    { "-f", IGNORED },
    { "--find-links", IGNORED },
    { "--no-binary", IGNORED },
    { "--only-binary", IGNORED },
    { "--trusted-host", IGNORED },
    { "--use-feature", IGNORED },
    { "--hash", IGNORED },
    { "--global-option", IGNORED },
    { "--install-option", IGNORED },
    { "--build-option", IGNORED },
    { "-C", IGNORED },
    { "--config-settings", IGNORED },
    { "--no-index", FLAG },
    { "--pre", FLAG },
    { "--prefer-binary", FLAG },
    { "--require-hashes", FLAG },
    { "-Z", FLAG },
    { "--always-unzip", FLAG },
};

/* The option that WORD means (without "=value"): long ones may be shortened, short ones carry their value. */
static const struct option *
find_option(struct sp_slice word)
{
    bool is_long = word.length > 2 && word.bytes[1] == '-';
    const struct option *found = NULL;
    for (size_t i = 0; i < SP_COUNT(options); i++) {
        const char *name = options[i].name;
        if (is_long ? strncmp(name, word.bytes, word.length) != 0
                    : word.length < 2 || name[2] || name[1] != word.bytes[1])
            continue;
        if (!is_long || strlen(name) == word.length)
            return &options[i];
        if (found)
            return NULL; /* it could be either */
        found = &options[i];
    }
    return found;
}

/* The next word, its quotes dropped. Empty: the end. */
static struct sp_slice
next_word(const char **at)
{
    const char *from = *at;
    while (*from == ' ' || *from == '\t')
        from++;
    if (*from == '"' || *from == '\'') {
        const char *close = strchr(from + 1, *from);
        if (close) {
            *at = close + 1;
            return (struct sp_slice){ from + 1, (size_t)(close - from - 1) };
        }
    }
    size_t length = strcspn(from, " \t");
    *at = from + length;
    return (struct sp_slice){ from, length };
}

static struct sp_slice
option_value(struct sp_slice word, size_t name_length, const char **at)
{
    struct sp_slice value = { word.bytes + name_length, word.length - name_length };
    if (!value.length)
        return next_word(at);
    if (*value.bytes == '=') {
        value.bytes++;
        value.length--;
    }
    if (value.length && (*value.bytes == '"' || *value.bytes == '\'')) {
        *at = value.bytes; /* the quoted value may hold spaces */
        value = next_word(at);
    }
    return value;
}

static int
use_option(struct reading *file, const struct option *option, struct sp_slice value, struct sp_error *err)
{
    if (option->use == IGNORED)
        return 0;
    if (!value.length)
        return unseen(file, value.bytes, err, "an option without its value; complete the line");
    if (option->use == EDITABLE)
        return read_requirement(file, value.bytes, value.length, err);
    return read_include(file, value, option->use == CONSTRAINT, err);
}

/* Reads "-x value --long=value ..."; behind a requirement (AFTER) pip ignores all but its own options. */
static int
read_options(struct reading *file, const char *at, bool after, struct sp_error *err)
{
    for (;;) {
        struct sp_slice word = next_word(&at);
        if (!word.length)
            return 0;
        const char *equals = memchr(word.bytes, '=', word.length);
        bool is_long = word.length > 2 && word.bytes[1] == '-';
        size_t name_length = !is_long ? 2 : equals ? (size_t)(equals - word.bytes) : word.length;
        const struct option *option =
            *word.bytes == '-' ? find_option((struct sp_slice){ word.bytes, name_length }) : NULL;
        if (!option || (after && option->use > FLAG))
            return unseen(file, word.bytes, err,
                          after ? "what follows the requirement is not read; give it a line of its own"
                                : "an option that this reader does not know; check what it pulls in");
        if (option->use == FLAG)
            continue;
        struct sp_slice value = option_value(word, name_length, &at);
        if (use_option(file, option, value, err) < 0)
            return -1;
    }
}

/* ---- lines ---- */

static int
read_line(struct reading *file, const char *line, size_t length, struct sp_error *err)
{
    /* options begin at the first word with a '-' */
    const char *dash = *line == '-' ? line : NULL;
    for (size_t i = 1; i < length && !dash; i++)
        if (line[i] == '-' && (line[i - 1] == ' ' || line[i - 1] == '\t'))
            dash = line + i;
    size_t before = dash ? (size_t)(dash - line) : length;
    if (before && read_requirement(file, line, before, err) < 0)
        return -1;
    return dash ? read_options(file, dash, before > 0, err) : 0;
}

static int
read_lines(struct reading *file, struct sp_error *err)
{
    const char *line;
    size_t length;
    int more;
    while ((more = sp_requirements_lines_next(&file->lines, &line, &length, err)) == 1)
        if (read_line(file, line, length, err) < 0)
            return -1;
    return more;
}

static int
read_content(struct reading *file, const char *content, size_t length, struct sp_error *err)
{
    enum sp_text_encoding encoding;
    if (sp_requirements_encoding(file->sheet.path, content, length, &encoding, err) < 0)
        return -1;
    sp_autotext struct sp_text text = { 0 };
    if (sp_text_open(&text, file->sheet.path, content, length, encoding, err) < 0)
        return -1;
    file->lines.text = &text;
    file->lines.path = file->sheet.path;
    int status = read_lines(file, err);
    sp_requirements_lines_free(&file->lines);
    return status;
}

static void
find_root(struct tree *tree, struct reading *file, const char *path)
{
    if (!realpath(path, file->real)) {
        file->real[0] = '\0';
        return;
    }
    char *slash = strrchr(file->real, '/');
    size_t length = slash == file->real ? 1 : (size_t)(slash - file->real);
    memcpy(tree->root, file->real, length);
    tree->root[length] = '\0';
}

static int
read_requirements(const struct sp_manifest_reading *reading, const char *path, const char *content,
                  size_t length, struct sp_error *err)
{
    struct tree tree = { .bytes = length > SP_MANIFEST_SIZE_MAX ? SP_MANIFEST_SIZE_MAX : length };
    sp_autofree struct reading *file = sp_new(struct reading, err);
    if (!file || sp_sheet_open(&file->sheet, reading, SP_PYPI, path, err) < 0)
        return -1;
    file->tree = &tree;
    find_root(&tree, file, path);
    if (read_content(file, content, length, err) < 0)
        return -1;
    if (!file->sheet.count && !file->sheet.unseen)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "no requirements; is this the right file?");
    return 0;
}

/* ---- which files ---- */

/* A pinned or hashed requirement; anything vaguer is too like prose. */
static bool
recognise(const char *content, size_t length)
{
    if (sp_text_find(content, length, "--hash=sha256:"))
        return true;
    for (const char *line = content, *end = content + length; line < end;) {
        size_t size = strcspn(line, "\r\n");
        const char *equals = sp_text_find(line, size, "==");
        struct sp_requirement requirement;
        if (equals && equals[2] >= '0' && equals[2] <= '9' &&
            sp_requirement_read(line, strcspn(line, "\r\n#"), &requirement) == SP_REQUIREMENT_NAMED &&
            !requirement.source.length)
            return true;
        line += size + 1;
    }
    return false;
}

static const char *const names[] = { "requirements*.txt",
                                     "*.requirements.txt",
                                     "*requirements.txt",
                                     "requirements/*.txt",
                                     "constraints*.txt",
                                     "requirements*.in",
                                     NULL };

const struct sp_manifest_format sp_manifest_requirements = {
    .id = "requirements",
    .title = "pip requirements.txt, constraints.txt",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_PYPI],
    .recognise = recognise,
    .read = read_requirements,
};
