/* The folder: descriptions and fragments found, checked against each other. */
#include "eval/catalogue.h"
#include "base/file.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FRAGMENTS_MAX 64
#define ENTRIES_MAX 512

static const char *const endings[SP_CORPUS_LANGUAGES] = { ".js", ".py", ".sh" };
static const char *const comments[SP_CORPUS_LANGUAGES] = { "// ", "# ", "# " };
static const char *const definitions[SP_CORPUS_LANGUAGES] = { "async function {{act}}(", "def {{act}}(", "" };
static const char *const drawn[] = { "act", "host", "ip", "port", "path", "token", "delay", "n" };

static const char first_of_replica[] =
    "Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; "
    "refuses to run elsewhere.";
static const char first_of_chore[] = "Honest work of a made-up package; refuses to run outside the sandbox.";

/* ------------------------------------------------------------ fragments */

static bool
knows_placeholder(const struct sp_corpus_entry *entry, const char *name, size_t length)
{
    for (size_t i = 0; i < SP_COUNT(drawn); i++)
        if (strlen(drawn[i]) == length && !memcmp(drawn[i], name, length))
            return true;
    for (size_t i = 0; i < entry->choice_count; i++)
        if (strlen(entry->choices[i].name) == length && !memcmp(entry->choices[i].name, name, length))
            return true;
    return false;
}

static int
check_placeholders(const struct sp_corpus_entry *entry, const char *path, const char *text,
                   struct sp_error *err)
{
    unsigned line = 1;
    for (const char *at = text; *at; at++) {
        line += *at == '\n';
        if (at[0] != '{' || at[1] != '{')
            continue;
        const char *name = at + 2;
        size_t length = strcspn(name, "}\n");
        if (name[length] != '}' || name[length + 1] != '}' || !knows_placeholder(entry, name, length))
            return sp_fail(err, SP_ERROR_INPUT, "%s:%u: there is no placeholder '{{%.*s'", path, line,
                           (int)(length < 40 ? length : 40), name);
        at = name + length + 1;
    }
    return 0;
}

int
sp_corpus_fragment_check(const struct sp_corpus_entry *entry, enum sp_corpus_language language,
                         const char *path, const char *text, size_t length, size_t *body,
                         struct sp_error *err)
{
    const char *first = entry->chore ? first_of_chore : first_of_replica, *at = text;
    if (strlen(text) != length || !sp_utf8_valid(text, length))
        return sp_fail(err, SP_ERROR_INPUT, "%s:1: no text in UTF-8", path);
    if (language == SP_CORPUS_SH && !strncmp(at, "#!", 2))
        at += strcspn(at, "\n") + (strchr(at, '\n') != NULL);
    size_t mark = strlen(comments[language]), size = strlen(first);
    if (strncmp(at, comments[language], mark) || strncmp(at + mark, first, size) || at[mark + size] != '\n')
        return sp_fail(err, SP_ERROR_INPUT, "%s:1: the first line is not '%s%s'", path, comments[language],
                       first);
    at += mark + size + 1;
    const char *definition = definitions[language], *found = strstr(at, definition);
    if (!found || (*definition && strstr(found + 1, definition)))
        return sp_fail(err, SP_ERROR_INPUT, "%s:2: '%s)' is not defined exactly once", path, definition);
    *body = (size_t)(at - text);
    return check_placeholders(entry, path, text, err);
}

static int
add_fragment(struct sp_catalogue *catalogue, struct sp_corpus_entry *entry, const char *path,
             const char *shape, enum sp_corpus_language language, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    size_t body = 0, name = strlen(shape) - strlen(endings[language]);
    if (entry->fragment_count == FRAGMENTS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d fragments", path, FRAGMENTS_MAX);
    if (sp_file_read(path, SP_CATALOGUE_FRAGMENT_MAX, &text, err) < 0 ||
        sp_corpus_fragment_check(entry, language, path, sp_buffer_string(&text), text.length, &body, err) <
            0 ||
        sp_grow(entry->fragments, entry->fragment_capacity, entry->fragment_count + 1, err) < 0)
        return -1;
    struct sp_fragment fragment = {
        .shape = sp_arena_copy(&catalogue->arena, shape, name, err),
        .language = language,
        .text = sp_arena_copy(&catalogue->arena, text.bytes + body, text.length - body, err),
        .length = text.length - body,
    };
    if (!fragment.shape || !fragment.text)
        return -1;
    entry->fragments[entry->fragment_count++] = fragment;
    return 0;
}

size_t
sp_corpus_shapes(const struct sp_corpus_entry *entry, enum sp_corpus_language language)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->fragment_count; i++)
        count += entry->fragments[i].language == language;
    return count;
}

/* ------------------------------------------------------------ one entry */

static int
check_shapes(const struct sp_corpus_entry *entry, const char *path, struct sp_error *err)
{
    uint32_t ecosystems = 0;
    for (unsigned i = 0; i < SP_TRIGGER_COUNT; i++)
        if (entry->triggers >> i & 1)
            ecosystems |= 1u << sp_corpus_trigger_ecosystem(i);
    for (unsigned i = 0; i < SP_CORPUS_ECOSYSTEMS; i++) {
        /* the language of the ecosystem has the number of the ecosystem; a shell script serves both */
        size_t shapes = sp_corpus_shapes(entry, i) + sp_corpus_shapes(entry, SP_CORPUS_SH);
        if (ecosystems >> i & 1 && shapes < SP_CATALOGUE_SHAPES_LEAST)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s:1: %zu shape%s for %s, which its triggers name; at least %d are needed", path,
                           shapes, shapes == 1 ? "" : "s", sp_corpus_ecosystem_name(i),
                           SP_CATALOGUE_SHAPES_LEAST);
    }
    return 0;
}

static int
visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

struct listing {
    struct dirent **items;
    int count;
};

static void
drop_listing(struct listing *listing)
{
    for (int i = 0; i < listing->count; i++)
        free(listing->items[i]);
    free(listing->items);
}

static int
order_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
list_folder(const char *folder, struct listing *out, struct sp_error *err)
{
    out->count = scandir(folder, &out->items, visible, order_names);
    if (out->count >= 0)
        return 0;
    out->count = 0;
    return sp_fail_errno(err, "%s: the folder cannot be read", folder);
}

static bool
ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), size = strlen(ending);
    return length > size && !strcmp(name + length - size, ending);
}

static int
read_fragments(struct sp_catalogue *catalogue, struct sp_corpus_entry *entry, const char *folder,
               const char *description, struct sp_error *err)
{
    __attribute__((cleanup(drop_listing))) struct listing listing = { 0 };
    if (list_folder(folder, &listing, err) < 0)
        return -1;
    for (int i = 0; i < listing.count; i++) {
        const char *name = listing.items[i]->d_name;
        sp_autobuffer struct sp_buffer path = { 0 };
        size_t language = 0;
        if (!strcmp(name, description) || ends_in(name, ".md"))
            continue;
        while (language < SP_CORPUS_LANGUAGES && !ends_in(name, endings[language]))
            language++;
        if (sp_buffer_printf(&path, err, "%s/%s", folder, name) < 0)
            return -1;
        if (language == SP_CORPUS_LANGUAGES)
            return sp_fail(err, SP_ERROR_INPUT, "%s:1: neither '%s' nor a fragment (.js, .py, .sh)",
                           path.bytes, description);
        if (add_fragment(catalogue, entry, path.bytes, name, language, err) < 0)
            return -1;
    }
    return 0;
}

static int
read_entry(struct sp_catalogue *catalogue, struct sp_corpus_entry *entry, const char *folder,
           struct sp_error *err)
{
    const char *description = entry->chore ? "chore.yaml" : "technique.yaml";
    sp_autobuffer struct sp_buffer path = { 0 }, text = { 0 };
    if (sp_buffer_printf(&path, err, "%s/%s", folder, description) < 0 ||
        sp_file_read(path.bytes, SP_CATALOGUE_YAML_MAX, &text, err) < 0 ||
        sp_corpus_entry_read(entry, path.bytes, sp_buffer_string(&text), text.length, &catalogue->arena,
                             err) < 0 ||
        read_fragments(catalogue, entry, folder, description, err) < 0)
        return -1;
    return check_shapes(entry, path.bytes, err);
}

/* ------------------------------------------------------------ the folder */

static int
read_entries(struct sp_catalogue *catalogue, const char *folder, bool chores, struct sp_error *err)
{
    __attribute__((cleanup(drop_listing))) struct listing listing = { 0 };
    struct sp_corpus_entry **entries = chores ? &catalogue->chores : &catalogue->techniques;
    size_t *count = chores ? &catalogue->chore_count : &catalogue->technique_count;
    size_t *capacity = chores ? &catalogue->chore_capacity : &catalogue->technique_capacity;
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_printf(&path, err, "%s/%s", folder, chores ? "chores" : "replicas") < 0 ||
        list_folder(path.bytes, &listing, err) < 0)
        return -1;
    const size_t base = path.length;
    for (int i = 0; i < listing.count; i++) {
        struct stat status;
        path.length = base;
        if (sp_buffer_printf(&path, err, "/%s", listing.items[i]->d_name) < 0)
            return -1;
        if (stat(path.bytes, &status) < 0)
            return sp_fail_errno(err, "%s: cannot be read", path.bytes);
        if (!S_ISDIR(status.st_mode))
            continue;
        if (*count == ENTRIES_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d folders", path.bytes, ENTRIES_MAX);
        if (sp_grow(*entries, *capacity, *count + 1, err) < 0)
            return -1;
        struct sp_corpus_entry *entry = &(*entries)[(*count)++];
        *entry = (struct sp_corpus_entry){ .chore = chores };
        entry->id = sp_arena_copy(&catalogue->arena, path.bytes + base + 1, path.length - base - 1, err);
        if (!entry->id || read_entry(catalogue, entry, path.bytes, err) < 0)
            return -1;
    }
    path.length = base;
    path.bytes[base] = '\0';
    return *count ? 0 : sp_fail(err, SP_ERROR_INPUT, "%s: nothing is described there", path.bytes);
}

static int
read_dependencies(struct sp_catalogue *catalogue, const char *folder, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name", "range", NULL };
    sp_autotsv struct sp_tsv tsv = { .fd = -1 };
    sp_autobuffer struct sp_buffer path = { 0 };
    struct sp_tsv_row row;
    int more = 0;
    if (sp_buffer_printf(&path, err, "%s/dependencies.tsv", folder) < 0)
        return -1;
    if (access(path.bytes, F_OK) < 0 && errno == ENOENT)
        return 0;
    if (sp_tsv_open(&tsv, path.bytes, columns, 3, err) < 0)
        return -1;
    while ((more = sp_tsv_next(&tsv, &row, err)) > 0) {
        bool npm = sp_tsv_is(&row.field[0], "npm");
        if (!npm && !sp_tsv_is(&row.field[0], "pypi"))
            return sp_fail(err, SP_ERROR_INPUT, "%s:%zu: the ecosystem is neither npm nor pypi", path.bytes,
                           row.line);
        if (!row.field[1].length || !row.field[2].length)
            return sp_fail(err, SP_ERROR_INPUT, "%s:%zu: a name and a version range belong here", path.bytes,
                           row.line);
        if (sp_grow(catalogue->dependencies, catalogue->dependency_capacity, catalogue->dependency_count + 1,
                    err) < 0)
            return -1;
        struct sp_corpus_dependency *dependency = &catalogue->dependencies[catalogue->dependency_count];
        dependency->ecosystem = npm ? SP_CORPUS_NPM : SP_CORPUS_PYPI;
        dependency->name = sp_arena_copy(&catalogue->arena, row.field[1].bytes, row.field[1].length, err);
        dependency->range = sp_arena_copy(&catalogue->arena, row.field[2].bytes, row.field[2].length, err);
        if (!dependency->name || !dependency->range)
            return -1;
        catalogue->dependency_count++;
    }
    return more;
}

int
sp_catalogue_read(struct sp_catalogue *out, const char *folder, struct sp_error *err)
{
    if (read_entries(out, folder, false, err) < 0 || read_entries(out, folder, true, err) < 0)
        return -1;
    return read_dependencies(out, folder, err);
}

void
sp_catalogue_free(struct sp_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->technique_count; i++)
        sp_corpus_entry_free(&catalogue->techniques[i]);
    for (size_t i = 0; i < catalogue->chore_count; i++)
        sp_corpus_entry_free(&catalogue->chores[i]);
    free(catalogue->techniques);
    free(catalogue->chores);
    free(catalogue->dependencies);
    sp_arena_free(&catalogue->arena);
    *catalogue = (struct sp_catalogue){ 0 };
}

const struct sp_corpus_entry *
sp_catalogue_technique(const struct sp_catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue->technique_count; i++)
        if (!strcmp(catalogue->techniques[i].id, id))
            return &catalogue->techniques[i];
    return NULL;
}
