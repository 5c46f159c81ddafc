/* The generator: techniques times ecosystems times packages, into a tree. */
#include "eval/corpus.h"
#include "base/tsv.h"
#include "eval/corpus_implant.h"
#include "eval/corpus_parts.h"

#include <string.h>

struct making {
    const struct sp_corpus_options *options;
    const struct sp_catalogue *catalogue;
    struct sp_corpus_tree *tree;
    struct sp_map taken; /* names */
    struct sp_corpus_counts *counts;
};

void
sp_corpus_artefact_free(struct sp_corpus_artefact *artefact)
{
    sp_buffer_free(&artefact->page);
    sp_buffer_free(&artefact->archive);
}
#define autoartefact __attribute__((cleanup(sp_corpus_artefact_free)))

static void
drop_package(struct sp_corpus_package *package)
{
    sp_arena_free(&package->arena);
}
#define autopackage __attribute__((cleanup(drop_package)))

static int
put_package(struct making *making, struct sp_corpus_package *package, enum sp_corpus_ecosystem ecosystem,
            bool *source, struct sp_error *err)
{
    autoartefact struct sp_corpus_artefact artefact = { 0 };
    int made = ecosystem == SP_CORPUS_NPM ? sp_corpus_make_npm(&artefact, package, err)
                                          : sp_corpus_make_pypi(&artefact, package, err);
    if (made < 0)
        return sp_fail_within(err, "%s", package->words.name);
    *source = artefact.source;
    return sp_corpus_tree_put(making->tree, ecosystem, package->words.name, &artefact, err);
}

/* The package that a user asks for, where the code that acts stands in another: it depends on CULPRIT. */
static int
put_front(struct making *making, const struct sp_corpus_package *culprit, struct sp_corpus_package *front,
          enum sp_corpus_ecosystem ecosystem, struct sp_error *err)
{
    bool source;
    front->catalogue = culprit->catalogue;
    front->draw = sp_draw_begin(sp_draw_next(&(struct sp_draw){ culprit->draw.state }), "front");
    front->companion = &culprit->words;
    if (sp_corpus_draw_words(&front->words, &front->draw, ecosystem, &making->taken, &front->arena, err) < 0)
        return -1;
    return put_package(making, front, ecosystem, &source, err);
}

static int
list_made(struct making *making, const struct sp_corpus_package *package,
          const struct sp_corpus_package *front, bool honest, bool source, struct sp_error *err)
{
    const struct sp_corpus_plan *plan = package->plan;
    const struct sp_corpus_words *asked = front ? &front->words : &package->words;
    sp_autobuffer struct sp_buffer note = { 0 }, family = { 0 };
    if (sp_corpus_write_note(&note, plan, err) < 0 ||
        sp_buffer_printf(&family, err, "%s:%s", honest ? "chore" : "technique", plan->main_act->entry->id) <
            0)
        return -1;
    const struct sp_corpus_row row = {
        .ecosystem = plan->ecosystem,
        .name = asked->name,
        .version = asked->version,
        .attack = !honest,
        .technique = honest ? NULL : plan->main_act->entry->id,
        .family = family.bytes,
        .origin = honest ? "twin" : "replica",
        .culprit = front ? package->words.name : NULL,
        .source = source,
        .note = note.bytes,
    };
    return sp_corpus_tree_list(making->tree, &row, err);
}

/* Package NUMBER of the mould TECHNIQUE: an attack, or an honest one. */
static int
make_one(struct making *making, const struct sp_corpus_entry *technique, enum sp_corpus_ecosystem ecosystem,
         bool honest, unsigned number, struct sp_error *err)
{
    autopackage struct sp_corpus_package package = { .catalogue = making->catalogue };
    autopackage struct sp_corpus_package front = { 0 };
    struct sp_corpus_plan plan;
    char label[128];
    bool source = false;
    snprintf(label, sizeof(label), "%.80s %d %d %u", technique->id, ecosystem, honest, number);
    package.draw = sp_draw_begin(making->options->seed, label);
    if (sp_corpus_draw_plan(&plan, making->catalogue, technique, honest, ecosystem, &package.draw, err) < 0 ||
        sp_corpus_draw_words(&package.words, &package.draw, ecosystem, &making->taken, &package.arena, err) <
            0)
        return -1;
    package.plan = &plan;
    if (put_package(making, &package, ecosystem, &source, err) < 0 ||
        (technique->companion && put_front(making, &package, &front, ecosystem, err) < 0) ||
        list_made(making, &package, technique->companion ? &front : NULL, honest, source, err) < 0)
        return -1;
    size_t done = ++*(honest ? &making->counts->twins : &making->counts->replicas);
    if (making->options->progress)
        making->options->progress(making->options->progress_context, honest ? "twins" : "replicas", done);
    return 0;
}

static bool
is_wanted(const struct sp_corpus_options *options, const struct sp_corpus_entry *technique)
{
    for (size_t i = 0; i < options->technique_count; i++)
        if (!strcmp(options->techniques[i], technique->id))
            return true;
    return !options->technique_count;
}

static int
make_technique(struct making *making, const struct sp_corpus_entry *technique, struct sp_error *err)
{
    const struct sp_corpus_options *options = making->options;
    for (unsigned ecosystem = 0; ecosystem < SP_CORPUS_ECOSYSTEMS; ecosystem++) {
        if (!sp_corpus_fits(technique, ecosystem))
            continue;
        for (unsigned i = 0; i < options->replicas; i++)
            if (make_one(making, technique, ecosystem, false, i, err) < 0)
                return -1;
        for (unsigned i = 0; i < options->twins; i++)
            if (make_one(making, technique, ecosystem, true, i, err) < 0)
                return -1;
    }
    return 0;
}

/* A dependency that is a host would bring its implant into packages that are honest. */
static int
part_dependencies(struct sp_catalogue *catalogue, const char *hosts, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name", NULL };
    sp_autotsv struct sp_tsv tsv = { .fd = -1 };
    struct sp_tsv_row row;
    int more;
    if (!hosts)
        return 0;
    if (sp_tsv_open(&tsv, hosts, columns, 2, err) < 0)
        return -1;
    while ((more = sp_tsv_next(&tsv, &row, err)) > 0) {
        size_t kept = 0;
        for (size_t i = 0; i < catalogue->dependency_count; i++)
            if (!sp_tsv_is(&row.field[1], catalogue->dependencies[i].name) ||
                !sp_tsv_is(&row.field[0], sp_corpus_ecosystem_name(catalogue->dependencies[i].ecosystem)))
                catalogue->dependencies[kept++] = catalogue->dependencies[i];
        catalogue->dependency_count = kept;
    }
    return more;
}

static int
make_all(struct making *making, struct sp_error *err)
{
    const struct sp_corpus_options *options = making->options;
    const struct sp_catalogue *catalogue = making->catalogue;
    for (size_t i = 0; i < options->technique_count; i++)
        if (!sp_catalogue_technique(catalogue, options->techniques[i]))
            return sp_fail(err, SP_ERROR_USAGE, "%s: there is no such technique; see 'sallyport corpus list'",
                           options->techniques[i]);
    for (size_t i = 0; i < catalogue->technique_count; i++)
        if (is_wanted(options, &catalogue->techniques[i]) &&
            make_technique(making, &catalogue->techniques[i], err) < 0)
            return -1;
    if (options->hosts &&
        sp_corpus_make_implants(options, catalogue, making->tree, &making->counts->implants, err) < 0)
        return -1;
    return sp_corpus_tree_answers(making->tree, err);
}

int
sp_corpus_make(const struct sp_corpus_options *options, struct sp_corpus_counts *counts, struct sp_error *err)
{
    sp_autocatalogue struct sp_catalogue catalogue = { 0 };
    struct sp_corpus_tree tree = { .fd = -1 };
    struct making making = { .options = options, .catalogue = &catalogue, .tree = &tree, .counts = counts };
    *counts = (struct sp_corpus_counts){ 0 };
    int status = -1;
    if (sp_catalogue_read(&catalogue, options->folder, err) == 0 &&
        part_dependencies(&catalogue, options->hosts, err) == 0 &&
        sp_corpus_tree_open(&tree, options->out, err) == 0)
        status = make_all(&making, err);
    if (sp_corpus_tree_close(&tree, status < 0 ? NULL : err) < 0)
        status = -1;
    sp_map_free(&making.taken);
    return status;
}
