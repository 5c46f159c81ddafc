/* npm packages: ordinary modules, the file that the trigger starts, package.json and the packument. */
#include "base/digest.h"
#include "eval/corpus_parts.h"

#include <jansson.h>
#include <string.h>

#define MODULES_MAX 4

struct npm_layout {
    struct sp_ordinary ordinary;
    const char *modules[MODULES_MAX]; /* paths; the first is the main file */
    size_t count;
    size_t acting;        /* which module acts, with the trigger load */
    const char *script;   /* what npm starts; NULL: nothing */
    const char *shell;    /* a shell script that npm starts; NULL */
    const char *apart;    /* where the acts stand, if not in the file that is started; NULL */
    const char *function; /* that runs them */
};

static const char *const folders[] = { "lib/", "src/", "lib/core/", "dist/", "src/internal/", "" };
static const char *const module_names[] = { "format", "parse", "shared", "options",
                                            "compat", "types", "values", "tools" };
static const char *const script_names[] = { "install.js",       "scripts/postinstall.js", "scripts/setup.js",
                                            "lib/install.js",   "build/prepare.js",       "setup.js",
                                            "tools/install.js", "scripts/build.js",       "bin/prepare.js" };
static const char *const apart_names[] = { "scripts/shared.js", "lib/setup.js",     "lib/internal/env.js",
                                           "src/native.js",     "build/targets.js", "lib/loader.js" };
static const char *const function_names[] = { "run",   "start", "prepare", "init",
                                              "setup", "ready", "begin",   "main" };

/* ------------------------------------------------------------ layout */

static int
draw_modules(struct npm_layout *layout, struct sp_corpus_package *package, struct sp_error *err)
{
    struct sp_draw *draw = &package->draw;
    const char *folder = sp_draw_word(draw, folders);
    size_t at = sp_draw_below(draw, SP_COUNT(module_names));
    layout->modules[0] = sp_draw_chance(draw, 70)
                             ? "index.js"
                             : sp_arena_printf(&package->arena, err, "%s%s.js", folder, package->words.base);
    layout->count = 1 + sp_draw_below(draw, MODULES_MAX);
    for (size_t i = 1; i < layout->count; i++) {
        layout->modules[i] = sp_arena_printf(&package->arena, err, "%s%s.js", folder,
                                             module_names[(at + i) % SP_COUNT(module_names)]);
        if (!layout->modules[i])
            return -1;
    }
    return layout->modules[0] ? 0 : -1;
}

static int
draw_layout(struct npm_layout *layout, struct sp_corpus_package *package, struct sp_error *err)
{
    struct sp_draw *draw = &package->draw;
    const struct sp_corpus_plan *plan = package->plan;
    *layout = (struct npm_layout){ 0 };
    sp_corpus_draw_ordinary(&layout->ordinary, draw);
    if (draw_modules(layout, package, err) < 0)
        return -1;
    layout->function = sp_draw_word(draw, function_names);
    if (!plan)
        return 0;
    layout->acting = sp_draw_chance(draw, 60) ? 0 : sp_draw_below(draw, layout->count);
    if (plan->split)
        layout->apart = sp_draw_word(draw, apart_names);
    if (plan->trigger == SP_TRIGGER_LOAD)
        return 0;
    layout->script = sp_draw_word(draw, script_names);
    if (plan->shell_file && plan->main_act->fragment->language == SP_CORPUS_SH) {
        layout->shell = sp_draw_chance(draw, 50) ? "scripts/setup.sh" : "install.sh";
        if (plan->act_count == 1) /* nothing is left for node to do */
            layout->script = layout->apart = NULL;
    }
    return 0;
}

/* Appends how the file FROM requires the file TO. */
static int
write_reference(struct sp_buffer *out, const char *from, const char *to, struct sp_error *err)
{
    if (sp_buffer_append_string(out, "require('", err) < 0)
        return -1;
    const char *up = strchr(from, '/') ? "../" : "./";
    for (; (from = strchr(from, '/')); from++) {
        if (sp_buffer_append_string(out, up, err) < 0)
            return -1;
        up = "../";
    }
    if (!strcmp(up, "./") && sp_buffer_append_string(out, up, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s')", to);
}

/* ------------------------------------------------------------ files */

static int
write_ordinary(struct sp_buffer *out, const struct npm_layout *layout, size_t module, size_t from,
               size_t until, struct sp_error *err)
{
    for (size_t i = 0, at = 0; i < layout->ordinary.count; i++) {
        if (i % layout->count != module || at++ < from || at > until)
            continue;
        if (sp_buffer_printf(out, err, "%s\n",
                             sp_corpus_ordinary_text(SP_CORPUS_JS, layout->ordinary.picks[i])) < 0)
            return -1;
    }
    return 0;
}

static int
write_exports(struct sp_buffer *out, const struct npm_layout *layout, size_t module, struct sp_error *err)
{
    if (sp_buffer_append_string(out, "module.exports = {", err) < 0)
        return -1;
    for (size_t i = 0; i < layout->ordinary.count; i++)
        if (i % layout->count == module &&
            sp_buffer_printf(out, err, " %s,",
                             sp_corpus_ordinary_name(SP_CORPUS_JS, layout->ordinary.picks[i])) < 0)
            return -1;
    for (size_t i = 1; module == 0 && i < layout->count; i++)
        if (sp_buffer_append_string(out, " ...", err) < 0 ||
            write_reference(out, layout->modules[0], layout->modules[i], err) < 0 ||
            sp_buffer_append_byte(out, ',', err) < 0)
            return -1;
    return sp_buffer_append_string(out, " };\n", err);
}

/* The acts, or the call of where they stand, in the file PATH. */
static int
write_acting(struct sp_buffer *out, struct sp_corpus_package *package, const struct npm_layout *layout,
             const char *path, struct sp_error *err)
{
    if (layout->apart) {
        if (write_reference(out, path, layout->apart, err) < 0)
            return -1;
        return sp_buffer_append_string(out, "();\n", err);
    }
    if (sp_corpus_write_acts(out, package->plan, layout->function, &package->draw, &package->arena, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s();\n", layout->function);
}

static int
add_module(struct sp_made_files *files, struct sp_corpus_package *package, const struct npm_layout *layout,
           size_t module, const char *imported, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *path = layout->modules[module];
    bool acts = package->plan && package->plan->trigger == SP_TRIGGER_LOAD && layout->acting == module;
    unsigned place = acts ? package->plan->place : 3;
    if (sp_buffer_append_string(&text, "// " SP_CORPUS_FIRST_LINE "\n'use strict';\n\n", err) < 0 ||
        sp_corpus_write_imports(&text, SP_CORPUS_JS, &package->draw, err) < 0 ||
        (module == 0 && imported &&
         sp_buffer_printf(&text, err, "const base_ = require('%s');\n", imported) < 0) ||
        (place == 0 && write_acting(&text, package, layout, path, err) < 0) ||
        write_ordinary(&text, layout, module, 0, 1, err) < 0 ||
        (place == 1 && write_acting(&text, package, layout, path, err) < 0) ||
        write_ordinary(&text, layout, module, 1, SP_ORDINARY_MAX, err) < 0 ||
        write_exports(&text, layout, module, err) < 0 ||
        (place == 2 && write_acting(&text, package, layout, path, err) < 0))
        return -1;
    return sp_made_add(files, path, &text, &package->arena, err);
}

static int
add_script(struct sp_made_files *files, struct sp_corpus_package *package, const struct npm_layout *layout,
           struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *pick = sp_corpus_ordinary_text(SP_CORPUS_JS, (unsigned)sp_draw_below(&package->draw, 14));
    unsigned place = package->plan->place;
    if (sp_buffer_append_string(&text, "// " SP_CORPUS_FIRST_LINE "\n", err) < 0 ||
        sp_corpus_write_imports(&text, SP_CORPUS_JS, &package->draw, err) < 0 ||
        (place == 1 && sp_buffer_append_string(&text, pick, err) < 0) ||
        write_acting(&text, package, layout, layout->script, err) < 0 ||
        (place == 2 && sp_buffer_append_string(&text, pick, err) < 0))
        return -1;
    return sp_made_add(files, layout->script, &text, &package->arena, err);
}

static int
add_apart(struct sp_made_files *files, struct sp_corpus_package *package, const struct npm_layout *layout,
          struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_buffer_append_string(&text, "// " SP_CORPUS_FIRST_LINE "\n", err) < 0 ||
        sp_corpus_write_imports(&text, SP_CORPUS_JS, &package->draw, err) < 0 ||
        sp_corpus_write_acts(&text, package->plan, layout->function, &package->draw, &package->arena, err) <
            0 ||
        sp_buffer_printf(&text, err, "module.exports = %s;\n", layout->function) < 0)
        return -1;
    return sp_made_add(files, layout->apart, &text, &package->arena, err);
}

static int
add_shell(struct sp_made_files *files, struct sp_corpus_package *package, const struct npm_layout *layout,
          struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_corpus_write_shell(&text, package->plan->main_act, &package->draw, &package->arena, err) < 0 ||
        sp_made_add(files, layout->shell, &text, &package->arena, err) < 0)
        return -1;
    files->items[files->count - 1].executable = true;
    return 0;
}

/* ------------------------------------------------------------ package.json */

static json_t *
scripts_of(const struct sp_corpus_package *package, const struct npm_layout *layout)
{
    static const char *const joints[] = { " && ", "; " };
    json_t *scripts = json_object();
    if (package->plan && (layout->script || layout->shell)) {
        const char *joint = layout->script && layout->shell ? joints[package->plan->place & 1] : "";
        json_object_set_new(scripts, sp_corpus_trigger_name(package->plan->trigger),
                            json_sprintf("%s%s%s%s%s", layout->script ? "node " : "",
                                         layout->script ? layout->script : "", joint,
                                         layout->shell ? "sh " : "", layout->shell ? layout->shell : ""));
    }
    json_object_set_new(scripts, "test", json_string("node --test"));
    return scripts;
}

/* Up to two real packages, and the companion; *IMPORTED is one that the main file requires, or NULL. */
static json_t *
dependencies_of(struct sp_corpus_package *package, const char **imported)
{
    const struct sp_catalogue *catalogue = package->catalogue;
    json_t *dependencies = json_object();
    *imported = NULL;
    for (size_t left = sp_draw_chance(&package->draw, 35) ? 1 + sp_draw_below(&package->draw, 2) : 0; left;
         left--) {
        const struct sp_corpus_dependency *one =
            catalogue->dependency_count
                ? &catalogue->dependencies[sp_draw_below(&package->draw, catalogue->dependency_count)]
                : NULL;
        if (!one || one->ecosystem != SP_CORPUS_NPM)
            continue;
        json_object_set_new(dependencies, one->name, json_string(one->range));
        if (sp_draw_chance(&package->draw, 60))
            *imported = one->name;
    }
    if (package->companion) {
        json_object_set_new(dependencies, package->companion->name,
                            json_sprintf("^%s", package->companion->version));
        *imported = package->companion->name;
    }
    return dependencies;
}

static void
drop_json(json_t **json)
{
    json_decref(*json);
}
#define autojson __attribute__((cleanup(drop_json)))

static int
add_manifest(struct sp_made_files *files, struct sp_corpus_package *package, const struct npm_layout *layout,
             json_t *dependencies, struct sp_error *err)
{
    const struct sp_corpus_words *words = &package->words;
    autojson json_t *root = json_object();
    sp_autobuffer struct sp_buffer text = { 0 };
    json_object_set_new(root, "name", json_string(words->name));
    json_object_set_new(root, "version", json_string(words->version));
    json_object_set_new(root, "description", json_string(words->title));
    json_object_set_new(root, "main", json_string(layout->modules[0]));
    json_object_set_new(root, "scripts", scripts_of(package, layout));
    json_t *keywords = json_array();
    for (size_t i = 0; i < words->keywords; i++)
        json_array_append_new(keywords, json_string(words->keyword[i]));
    json_object_set_new(root, "keywords", keywords);
    json_object_set_new(root, "author", json_string(words->author));
    json_object_set_new(root, "license", json_string(words->licence));
    if (json_object_size(dependencies))
        json_object_set(root, "dependencies", dependencies);
    sp_autofree char *dumped = json_dumps(root, JSON_INDENT(2));
    if (!dumped)
        return sp_fail_memory(err);
    if (sp_buffer_printf(&text, err, "%s\n", dumped) < 0)
        return -1;
    return sp_made_add(files, "package.json", &text, &package->arena, err);
}

static int
add_prose(struct sp_made_files *files, struct sp_corpus_package *package, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_corpus_write_readme(&text, &package->words, SP_CORPUS_NPM, &package->draw, err) < 0 ||
        sp_made_add(files, "README.md", &text, &package->arena, err) < 0)
        return -1;
    if (sp_draw_chance(&package->draw, 30))
        return 0;
    if (sp_corpus_write_licence(&text, &package->words, err) < 0)
        return -1;
    return sp_made_add(files, "LICENSE", &text, &package->arena, err);
}

/* ------------------------------------------------------------ the page */

static int
order_files(const void *a, const void *b)
{
    return strcmp(((const struct sp_made_file *)a)->path, ((const struct sp_made_file *)b)->path);
}

static int
write_digest(char out[SP_DIGEST_TEXT_MAX], enum sp_digest_kind kind, bool sri, const struct sp_buffer *bytes,
             struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(kind, err);
    if (!digest || sp_digest_add(digest, bytes->bytes, bytes->length, err) < 0)
        return -1;
    int length = sp_digest_finish(digest, value, err);
    if (length < 0)
        return -1;
    if (sri)
        sp_digest_write_sri(out, kind, value);
    else
        sp_digest_write_hex(out, value, (size_t)length);
    return 0;
}

static int
write_packument(struct sp_corpus_artefact *out, const json_t *manifest, struct sp_arena *arena,
                struct sp_error *err)
{
    char integrity[SP_DIGEST_TEXT_MAX], shasum[SP_DIGEST_TEXT_MAX];
    const char *name = json_string_value(json_object_get(manifest, "name"));
    const char *version = json_string_value(json_object_get(manifest, "version"));
    if (!name || !version)
        return sp_fail(err, SP_ERROR_INPUT, "package.json has no name or no version");
    const char *slash = strchr(name, '/');
    out->file = sp_arena_printf(arena, err, "%s-%s.tgz", slash ? slash + 1 : name, version);
    if (!out->file || write_digest(integrity, SP_DIGEST_SHA512, true, &out->archive, err) < 0 ||
        write_digest(shasum, SP_DIGEST_SHA1, false, &out->archive, err) < 0)
        return -1;
    autojson json_t *root = json_object();
    json_t *one = json_deep_copy(manifest), *scripts = json_object_get(manifest, "scripts");
    bool starts = json_object_get(scripts, "preinstall") || json_object_get(scripts, "install") ||
                  json_object_get(scripts, "postinstall");
    if (starts)
        json_object_set_new(one, "hasInstallScript", json_true());
    json_object_set_new(one, "_id", json_sprintf("%s@%s", name, version));
    /* resolved against the page's own URL, whatever registry that is */
    json_object_set_new(one, "dist",
                        json_pack("{s:o, s:s, s:s}", "tarball", json_sprintf("%s/-/%s", name, out->file),
                                  "integrity", integrity, "shasum", shasum));
    json_object_set_new(root, "_id", json_string(name));
    json_object_set_new(root, "name", json_string(name));
    json_object_set_new(root, "dist-tags", json_pack("{s:s}", "latest", version));
    json_object_set_new(root, "versions", json_pack("{s:o}", version, one));
    sp_autofree char *dumped = json_dumps(root, JSON_INDENT(1));
    return dumped ? sp_buffer_printf(&out->page, err, "%s\n", dumped) : sp_fail_memory(err);
}

int
sp_corpus_finish_npm(struct sp_corpus_artefact *out, const struct sp_made_files *files,
                     struct sp_arena *arena, struct sp_error *err)
{
    json_error_t problem;
    const struct sp_made_file *file = sp_made_find(files, "package.json");
    if (!file)
        return sp_fail(err, SP_ERROR_INPUT, "the package has no package.json");
    autojson json_t *manifest = json_loadb(file->bytes, file->length, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(manifest))
        return sp_fail(err, SP_ERROR_INPUT, "package.json:%d: %s", problem.line, problem.text);
    if (sp_corpus_pack(&out->archive, SP_ARCHIVE_TGZ, files, "package/", err) < 0)
        return -1;
    return write_packument(out, manifest, arena, err);
}

int
sp_corpus_make_npm(struct sp_corpus_artefact *out, struct sp_corpus_package *package, struct sp_error *err)
{
    sp_automade struct sp_made_files files = { 0 };
    struct npm_layout layout;
    const char *imported;
    if (draw_layout(&layout, package, err) < 0)
        return -1;
    autojson json_t *dependencies = dependencies_of(package, &imported);
    for (size_t i = 0; i < layout.count; i++)
        if (add_module(&files, package, &layout, i, imported, err) < 0)
            return -1;
    if ((layout.script && add_script(&files, package, &layout, err) < 0) ||
        (layout.apart && add_apart(&files, package, &layout, err) < 0) ||
        (layout.shell && add_shell(&files, package, &layout, err) < 0) ||
        add_manifest(&files, package, &layout, dependencies, err) < 0 || add_prose(&files, package, err) < 0)
        return -1;
    qsort(files.items, files.count, sizeof(*files.items), order_files);
    return sp_corpus_finish_npm(out, &files, &package->arena, err);
}
