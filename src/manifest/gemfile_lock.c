/* Bundler's lockfile. Source: Bundler, lib/bundler/lockfile_parser.rb and lockfile_generator.rb.
 * Two readings of the same lines: DEPENDENCIES, which says what the project names itself, stands at the end.
 */
#include "base/hash.h"
#include "manifest/sheet.h"
#include "manifest/text.h"

#include <string.h>

#define DIRECT_MAX 200000

enum section { SECTION_NONE, SECTION_GEM, SECTION_SOURCE, SECTION_DEPENDENCIES, SECTION_OTHER };

struct reading {
    struct sp_sheet sheet;
    struct sp_text *text;
    size_t at;
    struct sp_slice line; /* without its end */
    enum section section;
    bool in_specs, has_dependencies;
    struct sp_slice remote; /* of a GIT, PATH or PLUGIN SOURCE section */
    struct sp_map direct;   /* name -> 1 once its spec was seen */
};

typedef int use_line(struct reading *file, struct sp_error *err);

/* ---- lines ---- */

static bool
next_line(struct reading *file)
{
    const char *s = file->text->bytes + file->at;
    size_t left = file->text->length - file->at;
    if (!left)
        return false;
    const char *stop = memchr(s, '\n', left);
    size_t length = stop ? (size_t)(stop - s) : left;
    file->at += stop ? length + 1 : length;
    while (length && (s[length - 1] == '\r' || s[length - 1] == ' '))
        length--;
    file->line = (struct sp_slice){ s, length };
    return true;
}

static bool
is_line(const struct reading *file, const char *word)
{
    return file->line.length == strlen(word) && !memcmp(file->line.bytes, word, file->line.length);
}

static bool
starts(struct sp_slice line, const char *with)
{
    return line.length >= strlen(with) && !memcmp(line.bytes, with, strlen(with));
}

static void
place(struct reading *file, const char *byte, uint32_t *line, uint32_t *column)
{
    sp_text_seek(file->text, (size_t)(byte - file->text->bytes), line, column);
}

static int
unseen(struct reading *file, const char *what, struct sp_error *err)
{
    uint32_t line, column;
    place(file, file->line.bytes, &line, &column);
    return sp_sheet_unseen(&file->sheet, line, column, err, "%s: \"%.*s\"", what,
                           file->line.length > 80 ? 80 : (int)file->line.length, file->line.bytes);
}

static int
enter_section(struct reading *file, struct sp_error *err)
{
    static const char *const others[] = { "PLATFORMS", "RUBY VERSION", "BUNDLED WITH", "CHECKSUMS" };
    file->in_specs = false;
    file->remote = (struct sp_slice){ 0 };
    file->section = SECTION_NONE;
    if (is_line(file, "GEM"))
        file->section = SECTION_GEM;
    else if (is_line(file, "GIT") || is_line(file, "PATH") || is_line(file, "PLUGIN SOURCE"))
        file->section = SECTION_SOURCE;
    else if (is_line(file, "DEPENDENCIES"))
        file->section = SECTION_DEPENDENCIES;
    for (size_t i = 0; i < SP_COUNT(others); i++)
        if (is_line(file, others[i]))
            file->section = SECTION_OTHER;
    if (!starts(file->line, "<<<<<<<") && !starts(file->line, ">>>>>>>") && !starts(file->line, "======="))
        return 0;
    uint32_t line, column;
    place(file, file->line.bytes, &line, &column);
    return sp_sheet_fail(&file->sheet, line, column, SP_ERROR_INPUT, err,
                         "a merge conflict; solve it and run 'bundle lock'");
}

static int
walk(struct reading *file, use_line *use, struct sp_error *err)
{
    file->at = 0;
    file->section = SECTION_NONE;
    while (next_line(file)) {
        if (!file->line.length)
            continue;
        bool header = file->line.bytes[0] != ' ' && file->line.bytes[0] != '\t';
        if (header && enter_section(file, err) < 0)
            return -1;
        if (use(file, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- one gem ---- */

struct gem {
    struct sp_slice name, version; /* version: what stands in the parentheses, without the platform */
};

/* "rails (7.0.0)", "nokogiri (1.13.3-x86_64-linux)", "rack (~> 2.2)", "mygem!" */
static void
read_gem(struct sp_slice text, bool resolved, struct gem *out)
{
    *out = (struct gem){ 0 };
    const char *end = text.bytes + text.length;
    const char *from = text.bytes;
    const char *stop = from;
    while (stop < end && *stop != ' ' && *stop != '!')
        stop++;
    out->name = (struct sp_slice){ from, (size_t)(stop - from) };
    const char *open = memchr(stop, '(', (size_t)(end - stop));
    const char *close = open ? memchr(open, ')', (size_t)(end - open)) : NULL;
    if (!close)
        return;
    /* no dash stands in a gem's version: what follows one is the platform */
    const char *dash = resolved ? memchr(open, '-', (size_t)(close - open)) : NULL;
    out->version = (struct sp_slice){ open + 1, (size_t)((dash ? dash : close) - open - 1) };
}

static int
add_gem(struct reading *file, const struct gem *gem, bool direct, struct sp_error *err)
{
    struct sp_dependency dependency = { .direct = direct };
    uint32_t line, column;
    place(file, gem->name.bytes, &line, &column);
    dependency.place.line = line;
    dependency.place.column = column;
    struct sp_slice source = file->section == SECTION_SOURCE ? file->remote : (struct sp_slice){ 0 };
    if (!(dependency.name =
              sp_sheet_copy(&file->sheet, gem->name.bytes, gem->name.length, line, column, err)))
        return -1;
    if (gem->version.length && !(dependency.version = sp_sheet_copy(&file->sheet, gem->version.bytes,
                                                                    gem->version.length, line, column, err)))
        return -1;
    if (file->section == SECTION_SOURCE && !source.length)
        dependency.source = "a source that the lockfile does not name";
    else if (source.length && !(dependency.source = sp_sheet_copy(&file->sheet, source.bytes, source.length,
                                                                  line, column, err)))
        return -1;
    return sp_sheet_add(&file->sheet, &dependency, err);
}

/* ---- the two readings ---- */

static size_t
indent(struct sp_slice line)
{
    size_t i = 0;
    while (i < line.length && line.bytes[i] == ' ')
        i++;
    return i;
}

static struct sp_slice
behind(struct sp_slice line, size_t count)
{
    return (struct sp_slice){ line.bytes + count, line.length - count };
}

static int
gather(struct reading *file, struct sp_error *err)
{
    file->has_dependencies = file->has_dependencies || file->section == SECTION_DEPENDENCIES;
    if (file->section != SECTION_DEPENDENCIES || indent(file->line) != 2)
        return 0;
    struct gem gem;
    read_gem(behind(file->line, 2), false, &gem);
    if (file->direct.count == DIRECT_MAX) {
        uint32_t line, column;
        place(file, file->line.bytes, &line, &column);
        return sp_sheet_fail(&file->sheet, line, column, SP_ERROR_LIMIT, err,
                             "more than %d direct dependencies; split the project", DIRECT_MAX);
    }
    return sp_map_set(&file->direct, gem.name.bytes, gem.name.length, 0, err);
}

static int
hand_on_spec(struct reading *file, struct sp_error *err)
{
    size_t depth = indent(file->line);
    struct sp_slice text = behind(file->line, depth);
    if (depth == 2) {
        file->in_specs = starts(text, "specs:");
        if (starts(text, "remote: "))
            file->remote = behind(text, 8);
        return 0;
    }
    if (depth == 6) /* what the gem above needs; it has a line of its own */
        return 0;
    if (depth != 4 || !file->in_specs)
        return unseen(file, "a line that is neither a gem nor what it needs", err);
    struct gem gem;
    read_gem(text, true, &gem);
    if (!gem.name.length || !gem.version.length)
        return unseen(file, "a gem without a version", err);
    bool direct = sp_map_get(&file->direct, gem.name.bytes, gem.name.length, NULL);
    if (direct && sp_map_set(&file->direct, gem.name.bytes, gem.name.length, 1, err) < 0)
        return -1;
    return add_gem(file, &gem, direct, err);
}

static int
hand_on(struct reading *file, struct sp_error *err)
{
    bool header = !indent(file->line);
    if (header && file->section == SECTION_NONE)
        return unseen(file, "a section that is unknown; check what it pulls in", err);
    if (header || file->section == SECTION_NONE)
        return 0;
    return file->section == SECTION_GEM || file->section == SECTION_SOURCE ? hand_on_spec(file, err) : 0;
}

/* A gem for another platform is named without being listed: it would be fetched there. */
static int
hand_on_missing(struct reading *file, struct sp_error *err)
{
    struct gem gem;
    uint32_t seen = 1;
    if (file->section != SECTION_DEPENDENCIES || indent(file->line) != 2)
        return 0;
    read_gem(behind(file->line, 2), false, &gem);
    sp_map_get(&file->direct, gem.name.bytes, gem.name.length, &seen);
    return seen || !gem.name.length ? 0 : add_gem(file, &gem, true, err);
}

static int
read_sections(struct reading *file, struct sp_error *err)
{
    if (walk(file, gather, err) < 0)
        return -1;
    if (!file->has_dependencies)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "no DEPENDENCIES section; it is truncated or no lockfile: run 'bundle lock'");
    if (walk(file, hand_on, err) < 0)
        return -1;
    if (!file->sheet.count && !file->sheet.unseen && file->direct.count)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "no gems though DEPENDENCIES names some; run 'bundle lock'");
    return walk(file, hand_on_missing, err);
}

static void
reading_free(struct reading *file)
{
    sp_map_free(&file->direct);
}

static int
read_gemfile_lock(const struct sp_manifest_reading *reading, const char *path, const char *content,
                  size_t length, struct sp_error *err)
{
    __attribute__((cleanup(reading_free))) struct reading file = { .direct.seed = sp_sheet_seed() };
    sp_autotext struct sp_text text = { 0 };
    if (sp_sheet_open(&file.sheet, reading, SP_RUBYGEMS, path, err) < 0 ||
        sp_text_open(&text, file.sheet.path, content, length, SP_TEXT_UTF8, err) < 0)
        return -1;
    file.text = &text;
    return read_sections(&file, err);
}

static bool
recognise(const char *content, size_t length)
{
    return sp_text_find(content, length, "\n  specs:") || sp_text_find(content, length, "\nDEPENDENCIES\n");
}

static const char *const names[] = { "Gemfile.lock", "gems.locked", "*.gemfile.lock", NULL };

const struct sp_manifest_format sp_manifest_gemfile_lock = {
    .id = "gemfile-lock",
    .title = "Bundler Gemfile.lock",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_RUBYGEMS],
    .is_lockfile = true,
    .recognise = recognise,
    .read = read_gemfile_lock,
};
