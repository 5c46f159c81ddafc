#include "eval/corpus_implant.h"
#include "base/tsv.h"
#include "ecosystem/ecosystem.h"
#include "eval/corpus_host.h"

#include <jansson.h>
#include <string.h>

#define HOSTS_MAX 1000

struct implanting {
    const struct sp_corpus_options *options;
    const struct sp_catalogue *catalogue;
    struct sp_corpus_tree *tree;
    struct sp_http *http;
    size_t next[SP_CORPUS_ECOSYSTEMS]; /* whose turn it is among the techniques */
};

static void
drop_json(json_t **json)
{
    json_decref(*json);
}

static int
write_acts(struct sp_buffer *out, const struct sp_corpus_plan *plan, const char *comment,
           struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    static const char *const names[] = { "setupEnv", "prepareRun", "initHooks", "loadExtras" };
    const char *name = sp_draw_word(draw, names);
    if (sp_buffer_printf(out, err, "\n%s " SP_CORPUS_FIRST_LINE "\n", comment) < 0 ||
        sp_corpus_write_acts(out, plan, name, draw, arena, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s()%s\n", name, *comment == '/' ? ";" : "");
}

/* Writes ADDED before or behind what FILE holds. */
static int
extend(struct sp_made_file *file, const struct sp_buffer *added, bool before, struct sp_arena *arena,
       struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if ((before && sp_buffer_append(&text, added->bytes, added->length, err) < 0) ||
        sp_buffer_append(&text, file->bytes, file->length, err) < 0 ||
        (!before && sp_buffer_append(&text, added->bytes, added->length, err) < 0))
        return -1;
    file->bytes = sp_arena_copy(arena, text.bytes, text.length, err);
    file->length = text.length;
    return file->bytes ? 0 : -1;
}

/* ------------------------------------------------------------ npm */

static struct sp_made_file *
find_main(const struct sp_corpus_host *host, const json_t *manifest, struct sp_arena *arena)
{
    static const char *const endings[] = { "", ".js", "/index.js" };
    const char *path = json_string_value(json_object_get(manifest, "main"));
    if (!path || !*path || !strcmp(path, "."))
        path = "index.js";
    while (!strncmp(path, "./", 2))
        path += 2;
    for (size_t i = 0; i < SP_COUNT(endings); i++) {
        const char *tried = sp_arena_printf(arena, NULL, "%s%s", path, endings[i]);
        struct sp_made_file *found = tried ? sp_made_find(&host->files, tried) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static int
add_script(struct sp_corpus_host *host, json_t *manifest, struct sp_corpus_plan *plan, struct sp_buffer *acts,
           bool module, struct sp_arena *arena, struct sp_error *err)
{
    const char *trigger = sp_corpus_trigger_name(plan->trigger);
    const char *file = sp_arena_printf(arena, err, "scripts/%s.%s", trigger, module ? "cjs" : "js");
    json_t *scripts = json_object_get(manifest, "scripts");
    if (!file)
        return -1;
    if (!json_is_object(scripts)) {
        scripts = json_object();
        json_object_set_new(manifest, "scripts", scripts);
    }
    const char *old = json_string_value(json_object_get(scripts, trigger));
    json_object_set_new(scripts, trigger,
                        json_sprintf("%s%snode %s", old ? old : "", old ? " && " : "", file));
    if (sp_made_find(&host->files, file))
        return sp_fail(err, SP_ERROR_INPUT, "%s: has a file %s of its own", host->name, file);
    sp_autofree char *dumped = json_dumps(manifest, JSON_INDENT(2));
    struct sp_made_file *at = sp_made_find(&host->files, "package.json");
    if (!dumped || !(at->bytes = sp_arena_copy(arena, dumped, strlen(dumped), err)))
        return sp_fail_memory(err);
    at->length = strlen(dumped);
    return sp_made_add(&host->files, file, acts, arena, err);
}

static int
implant_npm(struct sp_corpus_host *host, struct sp_corpus_plan *plan, struct sp_draw *draw,
            struct sp_arena *arena, struct sp_error *err)
{
    const struct sp_made_file *file = sp_made_find(&host->files, "package.json");
    sp_autobuffer struct sp_buffer acts = { 0 };
    __attribute__((cleanup(drop_json))) json_t *manifest =
        file ? json_loadb(file->bytes, file->length, 0, NULL) : NULL;
    if (!json_is_object(manifest))
        return sp_fail(err, SP_ERROR_INPUT, "%s: its package.json cannot be read", host->name);
    const char *type = json_string_value(json_object_get(manifest, "type"));
    bool module = type && !strcmp(type, "module");
    struct sp_made_file *main_file = module ? NULL : find_main(host, manifest, arena);
    if (plan->trigger == SP_TRIGGER_LOAD && !main_file)
        plan->trigger = SP_TRIGGER_POSTINSTALL;
    if (write_acts(&acts, plan, "//", draw, arena, err) < 0)
        return -1;
    if (plan->trigger == SP_TRIGGER_LOAD)
        return extend(main_file, &acts, false, arena, err);
    return add_script(host, manifest, plan, &acts, module, arena, err);
}

/* ------------------------------------------------------------ PyPI */

static struct sp_made_file *
find_init(const struct sp_corpus_host *host)
{
    static const char init[] = "/__init__.py";
    struct sp_made_file *best = NULL;
    for (size_t i = 0; i < host->files.count; i++) {
        const char *path = host->files.items[i].path, *slash = strchr(path, '/');
        if (slash && !strcmp(slash, init) && (!best || strlen(path) < strlen(best->path)))
            best = &host->files.items[i];
    }
    for (size_t i = 0; !best && i < host->files.count; i++) { /* a module alone */
        const char *path = host->files.items[i].path;
        if (!strchr(path, '/') && strlen(path) > 3 && !strcmp(path + strlen(path) - 3, ".py"))
            best = &host->files.items[i];
    }
    return best;
}

/* RECORD goes out, and comes again at the end with what is there now. */
static int
renew_record(struct sp_corpus_host *host, struct sp_arena *arena, struct sp_error *err)
{
    struct sp_made_files *files = &host->files;
    for (size_t i = 0; i < files->count; i++) {
        const char *path = files->items[i].path, *end = strstr(path, ".dist-info/RECORD");
        if (!end || strcmp(end, ".dist-info/RECORD"))
            continue;
        const char *directory = sp_arena_copy(arena, path, (size_t)(end - path) + strlen(".dist-info"), err);
        memmove(&files->items[i], &files->items[i + 1], (files->count - i - 1) * sizeof(*files->items));
        files->count--;
        return directory ? sp_corpus_add_record(files, directory, arena, err) : -1;
    }
    return sp_fail(err, SP_ERROR_INPUT, "%s: the wheel has no RECORD", host->name);
}

static int
implant_wheel(struct sp_corpus_host *host, const struct sp_corpus_plan *plan, struct sp_draw *draw,
              struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer acts = { 0 }, line = { 0 };
    struct sp_made_file *init = find_init(host);
    const char *word = sp_corpus_draw_invented(draw, arena, err);
    if (!word || write_acts(&acts, plan, "#", draw, arena, err) < 0)
        return -1;
    if (plan->trigger == SP_TRIGGER_PTH || !init) {
        const char *module = sp_arena_printf(arena, err, "_%s.py", word),
                   *pth = sp_arena_printf(arena, err, "%s.pth", word);
        if (!module || !pth || sp_buffer_printf(&line, err, "import _%s\n", word) < 0 ||
            sp_made_add(&host->files, module, &acts, arena, err) < 0 ||
            sp_made_add(&host->files, pth, &line, arena, err) < 0)
            return -1;
    } else if (extend(init, &acts, false, arena, err) < 0) {
        return -1;
    }
    return renew_record(host, arena, err);
}

static int
implant_source(struct sp_corpus_host *host, const struct sp_corpus_plan *plan, struct sp_draw *draw,
               struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer acts = { 0 };
    for (size_t i = 0; i < host->files.count; i++) {
        const char *slash = strchr(host->files.items[i].path, '/');
        if (!slash || strcmp(slash, "/setup.py"))
            continue;
        if (write_acts(&acts, plan, "#", draw, arena, err) < 0)
            return -1;
        return extend(&host->files.items[i], &acts, false, arena, err);
    }
    return sp_fail(err, SP_ERROR_INPUT, "%s: its sdist has no setup.py; choose another host", host->name);
}

/* ------------------------------------------------------------ one host */

static int
finish(struct sp_corpus_artefact *out, struct sp_corpus_host *host, struct sp_corpus_plan *plan,
       struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    if (host->ecosystem == SP_CORPUS_NPM)
        return implant_npm(host, plan, draw, arena, err) < 0
                   ? -1
                   : sp_corpus_finish_npm(out, &host->files, arena, err);
    int put = host->source ? implant_source(host, plan, draw, arena, err)
                           : implant_wheel(host, plan, draw, arena, err);
    out->file = host->file;
    out->source = host->source;
    if (put < 0 || sp_corpus_pack(&out->archive, host->source ? SP_ARCHIVE_TGZ : SP_ARCHIVE_ZIP, &host->files,
                                  "", err) < 0)
        return -1;
    return sp_corpus_finish_pypi(out, host->name, host->version, host->requires, err);
}

/* What starts the code must fit what the host is. */
static void
fit_trigger(struct sp_corpus_plan *plan, const struct sp_corpus_entry *technique,
            const struct sp_corpus_host *host)
{
    bool pth = technique->triggers >> SP_TRIGGER_PTH & 1 && plan->place == 0;
    plan->shell_file = plan->split = false;
    if (host->ecosystem == SP_CORPUS_PYPI)
        plan->trigger = host->source ? SP_TRIGGER_SETUP : pth ? SP_TRIGGER_PTH : SP_TRIGGER_IMPORT;
}

static int
list_host(struct implanting *implanting, const struct sp_corpus_host *host, const struct sp_corpus_plan *plan,
          const struct sp_corpus_entry *technique, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer note = { 0 }, family = { 0 };
    if (sp_corpus_write_note(&note, plan, err) < 0 ||
        sp_buffer_printf(&note, err, " host=%s", host->name) < 0 ||
        sp_buffer_printf(&family, err, "%s:%s", sp_corpus_ecosystem_name(host->ecosystem), host->name) < 0)
        return -1;
    const struct sp_corpus_row row = {
        .ecosystem = host->ecosystem,
        .name = host->name,
        .version = host->version,
        .attack = true,
        .technique = technique->id,
        .family = family.bytes,
        .origin = "implant",
        .source = host->source,
        .note = note.bytes,
    };
    return sp_corpus_tree_list(implanting->tree, &row, err);
}

static int
make_implant(struct implanting *implanting, const struct sp_corpus_entry *technique,
             struct sp_corpus_host *host, struct sp_arena *arena, struct sp_error *err)
{
    struct sp_corpus_artefact artefact = { 0 };
    struct sp_corpus_plan plan;
    char label[700];
    snprintf(label, sizeof(label), "implant %d %s", host->ecosystem, host->name);
    struct sp_draw draw = sp_draw_begin(implanting->options->seed, label);
    if (sp_corpus_draw_plan(&plan, implanting->catalogue, technique, false, host->ecosystem, &draw, err) <
            0 ||
        sp_corpus_fetch_host(host, implanting->http, implanting->options->registries, arena, err) < 0)
        return -1;
    fit_trigger(&plan, technique, host);
    int status = finish(&artefact, host, &plan, &draw, arena, err);
    if (status == 0)
        status = sp_corpus_tree_put(implanting->tree, host->ecosystem, host->name, &artefact, err);
    sp_corpus_artefact_free(&artefact);
    return status < 0 ? -1 : list_host(implanting, host, &plan, technique, err);
}

/* ------------------------------------------------------------ all hosts */

static bool
is_wanted(const struct sp_corpus_options *options, const struct sp_corpus_entry *technique,
          enum sp_corpus_ecosystem ecosystem)
{
    bool named = !options->technique_count;
    for (size_t i = 0; i < options->technique_count; i++)
        named |= !strcmp(options->techniques[i], technique->id);
    return named && sp_corpus_fits(technique, ecosystem);
}

/* The technique whose turn it is; NULL: none is for this ecosystem. */
static const struct sp_corpus_entry *
next_technique(struct implanting *implanting, enum sp_corpus_ecosystem ecosystem)
{
    const struct sp_catalogue *catalogue = implanting->catalogue;
    for (size_t tries = 0; tries < catalogue->technique_count; tries++) {
        const struct sp_corpus_entry *one =
            &catalogue->techniques[implanting->next[ecosystem]++ % catalogue->technique_count];
        if (is_wanted(implanting->options, one, ecosystem))
            return one;
    }
    return NULL;
}

static int
take_row(struct implanting *implanting, const struct sp_tsv *tsv, const struct sp_tsv_row *row, size_t *count,
         struct sp_error *err)
{
    bool npm = sp_tsv_is(&row->field[0], "npm");
    sp_autobuffer struct sp_buffer name = { 0 };
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_corpus_host host = { .ecosystem = npm ? SP_CORPUS_NPM : SP_CORPUS_PYPI };
    if ((!npm && !sp_tsv_is(&row->field[0], "pypi")) || !row->field[2].length)
        return sp_fail(err, SP_ERROR_INPUT, "%s:%zu: npm or pypi, a name and a version belong here",
                       tsv->path, row->line);
    if (sp_ecosystem_read_name(sp_ecosystems[npm ? SP_NPM : SP_PYPI], row->field[1].bytes,
                               row->field[1].length, &name, err) < 0)
        return sp_fail_within(err, "%s:%zu", tsv->path, row->line);
    host.name = name.bytes;
    host.version = sp_arena_copy(&arena, row->field[2].bytes, row->field[2].length, err);
    const struct sp_corpus_entry *technique = next_technique(implanting, host.ecosystem);
    if (!technique || !host.version)
        return host.version ? 0 : -1;
    int status = make_implant(implanting, technique, &host, &arena, err);
    sp_made_free(&host.files);
    *count += status == 0;
    if (status == 0 && implanting->options->progress)
        implanting->options->progress(implanting->options->progress_context, "implants", *count);
    return status;
}

int
sp_corpus_make_implants(const struct sp_corpus_options *options, const struct sp_catalogue *catalogue,
                        struct sp_corpus_tree *tree, size_t *count, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name", "version", NULL };
    const struct sp_registries *registries = options->registries;
    const struct sp_http_options asking = { .cafile = registries->cafile,
                                            .proxy = registries->http_proxy,
                                            .no_proxy = registries->no_proxy };
    struct implanting implanting = { .options = options, .catalogue = catalogue, .tree = tree };
    struct sp_draw draw = sp_draw_begin(options->seed, "hosts");
    sp_autotsv struct sp_tsv tsv = { .fd = -1 };
    struct sp_tsv_row row;
    int more = -1;
    for (size_t i = 0; i < SP_CORPUS_ECOSYSTEMS; i++)
        implanting.next[i] = sp_draw_below(&draw, catalogue->technique_count);
    if (sp_tsv_open(&tsv, options->hosts, columns, 3, err) < 0 ||
        sp_http_new(&implanting.http, &asking, err) < 0)
        return -1;
    while ((more = sp_tsv_next(&tsv, &row, err)) > 0)
        if (*count == HOSTS_MAX
                ? sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d hosts", tsv.path, HOSTS_MAX) < 0
                : take_row(&implanting, &tsv, &row, count, err) < 0) {
            more = -1;
            break;
        }
    sp_http_free(implanting.http);
    return more;
}
