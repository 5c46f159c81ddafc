/* PyPI projects: wheels and source distributions with what the trigger starts.
 * Sources: PEP 427 (wheels), PEP 517 (build backends), PEP 691 (index), core metadata 2.1. */
#include "base/digest.h"
#include "eval/corpus_parts.h"

#include <jansson.h>
#include <string.h>

#define MODULES_MAX 3

struct python_layout {
    struct sp_ordinary ordinary;
    const char *modules[MODULES_MAX]; /* "" is __init__ */
    size_t count;
    size_t acting;        /* which of them acts, with the trigger import */
    const char *apart;    /* module where the acts stand; NULL: in the file that is started */
    const char *function; /* that runs them */
    const char *requires[3];
    size_t require_count;
};

static const char *const module_names[] = { "_format", "core",   "parse", "_compat",
                                            "options", "values", "shared" };
static const char *const apart_names[] = {
    "_env", "_setup", "_native", "_support", "_bootstrap", "_targets"
};
static const char *const function_names[] = {
    "run", "start", "prepare", "init", "ready", "begin", "configure"
};

static void
draw_layout(struct python_layout *layout, struct sp_corpus_package *package)
{
    struct sp_draw *draw = &package->draw;
    const struct sp_catalogue *catalogue = package->catalogue;
    *layout = (struct python_layout){ 0 };
    sp_corpus_draw_ordinary(&layout->ordinary, draw);
    size_t at = sp_draw_below(draw, SP_COUNT(module_names));
    layout->count = 1 + sp_draw_below(draw, MODULES_MAX);
    layout->modules[0] = "";
    for (size_t i = 1; i < layout->count; i++)
        layout->modules[i] = module_names[(at + i) % SP_COUNT(module_names)];
    layout->function = sp_draw_word(draw, function_names);
    for (size_t left = sp_draw_chance(draw, 35) ? 1 : 0; left && catalogue->dependency_count; left--) {
        const struct sp_corpus_dependency *one =
            &catalogue->dependencies[sp_draw_below(draw, catalogue->dependency_count)];
        if (one->ecosystem == SP_CORPUS_PYPI)
        layout->requires[layout->require_count++] =
            sp_arena_printf(&package->arena, NULL, "%s%s", one->name, one->range);
    }
    if (package->companion)
    layout->requires[layout->require_count++] = package->companion->name;
    if (!package->plan)
        return;
    layout->acting = sp_draw_chance(draw, 60) ? 0 : sp_draw_below(draw, layout->count);
    /* a .pth file is one line: what it starts always stands in a module */
    if (package->plan->split || package->plan->trigger == SP_TRIGGER_PTH)
        layout->apart = sp_draw_word(draw, apart_names);
}

static bool
is_source(const struct sp_corpus_package *package)
{
    return package->plan && package->plan->trigger >= SP_TRIGGER_SETUP &&
           package->plan->trigger <= SP_TRIGGER_BACKEND;
}

static int
add(struct sp_made_files *files, struct sp_corpus_package *package, struct sp_buffer *text,
    struct sp_error *err, const char *folder, const char *name)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_printf(&path, err, "%s%s", folder, name) < 0)
        return -1;
    return sp_made_add(files, path.bytes, text, &package->arena, err);
}

/* ------------------------------------------------------------ the project's own modules */

static int
write_ordinary(struct sp_buffer *out, const struct python_layout *layout, size_t module, size_t from,
               size_t until, struct sp_error *err)
{
    for (size_t i = 0, at = 0; i < layout->ordinary.count; i++) {
        if (i % layout->count != module || at++ < from || at > until)
            continue;
        if (sp_buffer_printf(out, err, "\n%s\n",
                             sp_corpus_ordinary_text(SP_CORPUS_PY, layout->ordinary.picks[i])) < 0)
            return -1;
    }
    return 0;
}

/* The acts, or the call of where they stand; FROM: "." in a package, "" beside it. */
static int
write_acting(struct sp_buffer *out, struct sp_corpus_package *package, const struct python_layout *layout,
             const char *from, struct sp_error *err)
{
    if (layout->apart) {
        if (sp_buffer_printf(out, err, "from %s%s import %s\n", from, layout->apart, layout->function) < 0)
            return -1;
    } else if (sp_corpus_write_acts(out, package->plan, layout->function, &package->draw, &package->arena,
                                    err) < 0) {
        return -1;
    }
    return sp_buffer_printf(out, err, "%s()\n", layout->function);
}

static int
add_module(struct sp_made_files *files, struct sp_corpus_package *package, const struct python_layout *layout,
           size_t module, const char *folder, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 }, name = { 0 };
    bool acts = package->plan && package->plan->trigger == SP_TRIGGER_IMPORT && layout->acting == module;
    unsigned place = acts ? package->plan->place : 3;
    if (sp_buffer_printf(&text, err, "# " SP_CORPUS_FIRST_LINE "\n\"\"\"%s.\"\"\"\n", package->words.title) <
            0 ||
        sp_corpus_write_imports(&text, SP_CORPUS_PY, &package->draw, err) < 0)
        return -1;
    for (size_t i = 1; module == 0 && i < layout->count; i++)
        if (sp_buffer_printf(&text, err, "from .%s import *  # noqa: F403\n", layout->modules[i]) < 0)
            return -1;
    if (module == 0 && package->companion &&
        sp_buffer_printf(&text, err, "import %s\n", package->companion->module) < 0)
        return -1;
    if ((place == 0 && write_acting(&text, package, layout, ".", err) < 0) ||
        write_ordinary(&text, layout, module, 0, 1, err) < 0 ||
        (place == 1 && write_acting(&text, package, layout, ".", err) < 0) ||
        write_ordinary(&text, layout, module, 1, SP_ORDINARY_MAX, err) < 0 ||
        (place == 2 && write_acting(&text, package, layout, ".", err) < 0))
        return -1;
    if (module == 0 && sp_buffer_printf(&text, err, "\n__version__ = \"%s\"\n", package->words.version) < 0)
        return -1;
    if (sp_buffer_printf(&name, err, "%s.py", module ? layout->modules[module] : "__init__") < 0)
        return -1;
    return add(files, package, &text, err, folder, name.bytes);
}

/* The module where the acts stand. CALLS: they run when it is imported. */
static int
add_apart(struct sp_made_files *files, struct sp_corpus_package *package, const struct python_layout *layout,
          const char *folder, const char *module, bool calls, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 }, name = { 0 };
    if (sp_buffer_append_string(&text, "# " SP_CORPUS_FIRST_LINE "\n", err) < 0 ||
        sp_corpus_write_imports(&text, SP_CORPUS_PY, &package->draw, err) < 0 ||
        sp_corpus_write_acts(&text, package->plan, layout->function, &package->draw, &package->arena, err) <
            0 ||
        (calls && sp_buffer_printf(&text, err, "\n\n%s()\n", layout->function) < 0) ||
        sp_buffer_printf(&name, err, "%s.py", module) < 0)
        return -1;
    return add(files, package, &text, err, folder, name.bytes);
}

static int
add_modules(struct sp_made_files *files, struct sp_corpus_package *package,
            const struct python_layout *layout, const char *folder, struct sp_error *err)
{
    for (size_t i = 0; i < layout->count; i++)
        if (add_module(files, package, layout, i, folder, err) < 0)
            return -1;
    return package->plan && package->plan->trigger == SP_TRIGGER_IMPORT && layout->apart
               ? add_apart(files, package, layout, folder, layout->apart, false, err)
               : 0;
}

/* ------------------------------------------------------------ metadata */

static int
write_metadata(struct sp_buffer *out, const struct sp_corpus_package *package,
               const struct python_layout *layout, struct sp_error *err)
{
    const struct sp_corpus_words *words = &package->words;
    if (sp_buffer_printf(
            out, err,
            "Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: %s\nAuthor: %s\nLicense: %s\n"
            "Requires-Python: >=3.8\n",
            words->name, words->version, words->title, words->author, words->licence) < 0)
        return -1;
    for (size_t i = 0; i < layout->require_count; i++)
        if (sp_buffer_printf(out, err, "Requires-Dist: %s\n", layout->requires[i]) < 0)
            return -1;
    return sp_buffer_printf(out, err, "\n%s\n", words->title);
}

static int
write_hash(struct sp_buffer *out, const void *bytes, size_t length, struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!digest || (length && sp_digest_add(digest, bytes, length, err) < 0))
        return -1;
    int size = sp_digest_finish(digest, value, err);
    const size_t from = out->length;
    if (size < 0 || sp_corpus_base64(out, value, (size_t)size, err) < 0)
        return -1;
    for (size_t i = from; i < out->length; i++)
        out->bytes[i] = out->bytes[i] == '+' ? '-' : out->bytes[i] == '/' ? '_' : out->bytes[i];
    while (out->length > from && out->bytes[out->length - 1] == '=')
        out->bytes[--out->length] = '\0';
    return 0;
}

int
sp_corpus_add_record(struct sp_made_files *files, const char *directory, struct sp_arena *arena,
                     struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 }, path = { 0 };
    if (sp_buffer_printf(&path, err, "%s/RECORD", directory) < 0)
        return -1;
    for (size_t i = 0; i < files->count; i++)
        if (sp_buffer_printf(&text, err, "%s,sha256=", files->items[i].path) < 0 ||
            write_hash(&text, files->items[i].bytes, files->items[i].length, err) < 0 ||
            sp_buffer_printf(&text, err, ",%zu\n", files->items[i].length) < 0)
            return -1;
    if (sp_buffer_printf(&text, err, "%s,,\n", path.bytes) < 0)
        return -1;
    return sp_made_add(files, path.bytes, &text, arena, err);
}

static void
drop_json(json_t **json)
{
    json_decref(*json);
}

int
sp_corpus_finish_pypi(struct sp_corpus_artefact *out, const char *name, const char *version,
                      const char *requires, struct sp_error *err)
{
    char hex[SP_DIGEST_TEXT_MAX];
    unsigned char value[SP_DIGEST_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!digest || sp_digest_add(digest, out->archive.bytes, out->archive.length, err) < 0)
        return -1;
    int length = sp_digest_finish(digest, value, err);
    if (length < 0)
        return -1;
    sp_digest_write_hex(hex, value, (size_t)length);
    /* resolved against the page's own URL, whatever registry that is */
    __attribute__((cleanup(drop_json))) json_t *root =
        json_pack("{s:{s:s}, s:s, s:[s], s:[{s:s, s:s, s:{s:s}, s:i}]}", "meta", "api-version", "1.1", "name",
                  name, "versions", version, "files", "filename", out->file, "url", out->file, "hashes",
                  "sha256", hex, "size", (int)out->archive.length);
    if (!root)
        return sp_fail_memory(err);
    if (requires)
        json_object_set_new(json_array_get(json_object_get(root, "files"), 0), "requires-python",
                            json_string(requires));
    sp_autofree char *dumped = json_dumps(root, JSON_INDENT(1));
    return dumped ? sp_buffer_printf(&out->page, err, "%s\n", dumped) : sp_fail_memory(err);
}

/* ------------------------------------------------------------ wheels */

static int
make_wheel(struct sp_corpus_artefact *out, struct sp_corpus_package *package,
           const struct python_layout *layout, struct sp_error *err)
{
    sp_automade struct sp_made_files files = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 }, folder = { 0 }, hook = { 0 };
    const struct sp_corpus_words *words = &package->words;
    const char *metadata =
        sp_arena_printf(&package->arena, err, "%s-%s.dist-info", words->module, words->version);
    if (!metadata || sp_buffer_printf(&folder, err, "%s/", words->module) < 0 ||
        add_modules(&files, package, layout, folder.bytes, err) < 0)
        return -1;
    if (package->plan && package->plan->trigger == SP_TRIGGER_PTH &&
        (sp_buffer_printf(&hook, err, "_%s%s", words->module, layout->apart) < 0 ||
         sp_buffer_printf(&text, err, "import %s\n", hook.bytes) < 0 ||
         add(&files, package, &text, err, words->module, "-path.pth") < 0 ||
         add_apart(&files, package, layout, "", hook.bytes, true, err) < 0))
        return -1;
    sp_buffer_clear(&folder);
    if (sp_buffer_printf(&folder, err, "%s/", metadata) < 0 ||
        write_metadata(&text, package, layout, err) < 0 ||
        add(&files, package, &text, err, folder.bytes, "METADATA") < 0 ||
        sp_buffer_append_string(&text,
                                "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.41.2)\nRoot-Is-Purelib: true\n"
                                "Tag: py3-none-any\n",
                                err) < 0 ||
        add(&files, package, &text, err, folder.bytes, "WHEEL") < 0 ||
        sp_buffer_printf(&text, err, "%s\n", words->module) < 0 ||
        add(&files, package, &text, err, folder.bytes, "top_level.txt") < 0 ||
        sp_corpus_add_record(&files, metadata, &package->arena, err) < 0)
        return -1;
    out->file =
        sp_arena_printf(&package->arena, err, "%s-%s-py3-none-any.whl", words->module, words->version);
    return out->file ? sp_corpus_pack(&out->archive, SP_ARCHIVE_ZIP, &files, "", err) : -1;
}

/* ------------------------------------------------------------ source distributions */

/* setup.py with the acts at its top level, or in a class of commands. */
static int
write_setup(struct sp_buffer *out, struct sp_corpus_package *package, const struct python_layout *layout,
            struct sp_error *err)
{
    const struct sp_corpus_words *words = &package->words;
    enum sp_corpus_trigger trigger = package->plan->trigger;
    const char *command = trigger == SP_TRIGGER_EGG_INFO        ? "egg_info"
                          : trigger != SP_TRIGGER_INSTALL_CLASS ? NULL
                          : sp_draw_chance(&package->draw, 50)  ? "install"
                                                                : "build_py";
    bool early = trigger == SP_TRIGGER_SETUP && package->plan->place < 2,
         late = trigger == SP_TRIGGER_SETUP && !early;
    if (sp_buffer_append_string(out, "# " SP_CORPUS_FIRST_LINE "\n", err) < 0 ||
        sp_corpus_write_imports(out, SP_CORPUS_PY, &package->draw, err) < 0 ||
        sp_buffer_append_string(out, "from setuptools import setup\n", err) < 0)
        return -1;
    if ((command || trigger == SP_TRIGGER_SETUP) && layout->apart &&
        sp_buffer_append_string(
            out, "import os\nimport sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\n",
            err) < 0)
        return -1;
    if (early && write_acting(out, package, layout, "", err) < 0)
        return -1;
    if (command) {
        if (sp_buffer_printf(out, err, "from setuptools.command.%s import %s\n", command, command) < 0)
            return -1;
        if (layout->apart
                ? sp_buffer_printf(out, err, "from %s import %s\n", layout->apart, layout->function) < 0
                : sp_corpus_write_acts(out, package->plan, layout->function, &package->draw, &package->arena,
                                       err) < 0)
            return -1;
        const char *before = package->plan->place < 2 ? layout->function : NULL;
        if (sp_buffer_printf(
                out, err, "\n\nclass Command(%s):\n    def run(self):\n%s%s%s        %s.run(self)\n%s%s%s",
                command, before ? "        " : "", before ? before : "", before ? "()\n" : "", command,
                before ? "" : "        ", before ? "" : layout->function, before ? "" : "()\n") < 0)
            return -1;
    }
    if (sp_buffer_printf(
            out, err,
            "\n\nsetup(\n    name=\"%s\",\n    version=\"%s\",\n    description=\"%s\",\n    author=\"%s\",\n"
            "    license=\"%s\",\n    packages=[\"%s\"],\n",
            words->name, words->version, words->title, words->author, words->licence, words->module) < 0 ||
        (command && sp_buffer_printf(out, err, "    cmdclass={\"%s\": Command},\n", command) < 0))
        return -1;
    if (layout->require_count && sp_buffer_append_string(out, "    install_requires=[", err) < 0)
        return -1;
    for (size_t i = 0; i < layout->require_count; i++)
        if (sp_buffer_printf(out, err, "\"%s\"%s", layout->requires[i],
                             i + 1 < layout->require_count ? ", " : "],\n") < 0)
            return -1;
    if (sp_buffer_append_string(out, ")\n", err) < 0)
        return -1;
    return late ? write_acting(out, package, layout, "", err) : 0;
}

/* A build backend of the package's own, which hands everything on to setuptools. */
static int
write_backend(struct sp_buffer *out, struct sp_corpus_package *package, const struct python_layout *layout,
              struct sp_error *err)
{
    static const char *const hooks[][2] = {
        { "get_requires_for_build_wheel", "(config_settings=None)" },
        { "build_wheel", "(wheel_directory, config_settings=None, metadata_directory=None)" },
        { "prepare_metadata_for_build_wheel", "(metadata_directory, config_settings=None)" },
    };
    static const char *const handed[] = { "(config_settings)",
                                          "(wheel_directory, config_settings, metadata_directory)",
                                          "(metadata_directory, config_settings)" };
    size_t which = sp_draw_below(&package->draw, SP_COUNT(hooks));
    if (sp_buffer_append_string(out,
                                "# " SP_CORPUS_FIRST_LINE "\nfrom setuptools import build_meta\n"
                                "from setuptools.build_meta import *  # noqa: F403\n",
                                err) < 0)
        return -1;
    if (layout->apart ? sp_buffer_printf(out, err, "from %s import %s\n", layout->apart, layout->function) < 0
                      : sp_corpus_write_acts(out, package->plan, layout->function, &package->draw,
                                             &package->arena, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "\n\ndef %s%s:\n    %s()\n    return build_meta.%s%s\n",
                            hooks[which][0], hooks[which][1], layout->function, hooks[which][0],
                            handed[which]);
}

static int
write_project(struct sp_buffer *out, const struct sp_corpus_package *package, const char *backend,
              struct sp_error *err)
{
    (void)package;
    if (sp_buffer_append_string(out, "[build-system]\nrequires = [\"setuptools>=61\"]\n", err) < 0)
        return -1;
    return backend ? sp_buffer_printf(out, err, "build-backend = \"%s\"\nbackend-path = [\".\"]\n", backend)
                   : sp_buffer_append_string(out, "build-backend = \"setuptools.build_meta\"\n", err);
}

static int
make_source(struct sp_corpus_artefact *out, struct sp_corpus_package *package,
            const struct python_layout *layout, struct sp_error *err)
{
    static const char *const backends[] = { "_build", "backend", "build_hooks" };
    sp_automade struct sp_made_files files = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 }, folder = { 0 }, module = { 0 };
    const struct sp_corpus_words *words = &package->words;
    bool own = package->plan->trigger == SP_TRIGGER_BACKEND;
    const char *backend = sp_draw_word(&package->draw, backends);
    if (sp_buffer_printf(&folder, err, "%s-%s/", words->module, words->version) < 0 ||
        sp_buffer_printf(&module, err, "%s%s/", folder.bytes, words->module) < 0 ||
        write_metadata(&text, package, layout, err) < 0 ||
        add(&files, package, &text, err, folder.bytes, "PKG-INFO") < 0 ||
        sp_corpus_write_readme(&text, words, SP_CORPUS_PYPI, &package->draw, err) < 0 ||
        add(&files, package, &text, err, folder.bytes, "README.md") < 0 ||
        write_setup(&text, package, layout, err) < 0 ||
        add(&files, package, &text, err, folder.bytes, "setup.py") < 0)
        return -1;
    if (own || sp_draw_chance(&package->draw, 70))
        if (write_project(&text, package, own ? backend : NULL, err) < 0 ||
            add(&files, package, &text, err, folder.bytes, "pyproject.toml") < 0)
            return -1;
    if (own) {
        sp_autobuffer struct sp_buffer name = { 0 };
        if (write_backend(&text, package, layout, err) < 0 ||
            sp_buffer_printf(&name, err, "%s.py", backend) < 0 ||
            add(&files, package, &text, err, folder.bytes, name.bytes) < 0)
            return -1;
    }
    if ((layout->apart && add_apart(&files, package, layout, folder.bytes, layout->apart, false, err) < 0) ||
        add_modules(&files, package, layout, module.bytes, err) < 0)
        return -1;
    out->source = true;
    out->file = sp_arena_printf(&package->arena, err, "%s-%s.tar.gz", words->module, words->version);
    return out->file ? sp_corpus_pack(&out->archive, SP_ARCHIVE_TGZ, &files, "", err) : -1;
}

int
sp_corpus_make_pypi(struct sp_corpus_artefact *out, struct sp_corpus_package *package, struct sp_error *err)
{
    struct python_layout layout;
    draw_layout(&layout, package);
    int made =
        is_source(package) ? make_source(out, package, &layout, err) : make_wheel(out, package, &layout, err);
    return made < 0 ? -1
                    : sp_corpus_finish_pypi(out, package->words.name, package->words.version, ">=3.8", err);
}
