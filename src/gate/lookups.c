#include "gate/lookups.h"
#include "gate/places.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

struct sp_lookups {
    struct sp_arena arena;
    enum sp_look look;
    const char *saved, *llm_url, *llm_model, *llm_key;
    bool ranks;
    unsigned jobs;
    size_t limit;
    struct sp_registries own; /* where the caller had none */
    struct sp_bases bases;
    struct sp_buffer trust; /* read while files that only the user may read can still be read */
    struct sp_filter *filter;
    struct sp_keeping *keeping;
    struct sp_transport transport;
    struct sp_metadata *metadata;
    struct sp_owner_list *owners;
    struct sp_weights weights;
    struct sp_llm *llm;
    struct sp_clearing clearing;
};

int
sp_look_of_environment(enum sp_look otherwise, enum sp_look *out, struct sp_error *err)
{
    static const char *const names[] = {
        [SP_LOOK_ONLINE] = "online", [SP_LOOK_OFFLINE] = "offline", [SP_LOOK_NEVER] = "off"
    };
    const char *said = getenv("SALLYPORT_METADATA");
    *out = otherwise;
    if (!said || !*said)
        return 0;
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (!strcmp(said, names[i])) {
            *out = (enum sp_look)i;
            return 0;
        }
    return sp_fail(err, SP_ERROR_USAGE,
                   "environment SALLYPORT_METADATA: is online, offline or off, not '%.40s'", said);
}

void
sp_lookups_close(struct sp_lookups *lookups)
{
    if (!lookups)
        return;
    sp_llm_close(lookups->llm);
    sp_owner_list_free(lookups->owners);
    sp_metadata_close(lookups->metadata);
    sp_keeping_close(lookups->keeping);
    sp_filter_free(lookups->filter);
    sp_bases_free(&lookups->bases);
    sp_registries_free(&lookups->own);
    sp_buffer_free(&lookups->trust);
    sp_arena_free(&lookups->arena);
    free(lookups);
}

/* A copy in the arena, NULL of NULL. */
static int
keep(struct sp_lookups *lookups, const char **out, const char *text, struct sp_error *err)
{
    *out = text ? sp_arena_copy(&lookups->arena, text, strlen(text), err) : NULL;
    return text && !*out ? -1 : 0;
}

int
sp_lookups_read(struct sp_lookups **out, const struct sp_lookups_options *options, struct sp_error *err)
{
    static const char *const no_command[] = { NULL };
    sp_autolookups struct sp_lookups *lookups = sp_new(struct sp_lookups, err);
    if (!lookups)
        return -1;
    lookups->look = options->look;
    lookups->ranks = options->ranks;
    lookups->jobs = options->jobs;
    lookups->limit = options->limit;
    lookups->clearing.review = options->review;
    lookups->clearing.block = options->block;
    if (keep(lookups, &lookups->saved, options->saved, err) < 0 ||
        keep(lookups, &lookups->llm_url, options->llm_url, err) < 0 ||
        keep(lookups, &lookups->llm_model, options->llm_model, err) < 0 ||
        keep(lookups, &lookups->llm_key, getenv("SALLYPORT_LLM_KEY"), err) < 0)
        return -1;
    const struct sp_registry_sources sources = {
        .home = options->home,
        .project = options->project,
        .env = options->env,
        .argv = no_command,
    };
    if (!options->registries && sp_registries_read(&lookups->own, &sources, err) < 0)
        return -1;
    if (sp_bases_read(&lookups->bases, options->registries ? options->registries : &lookups->own, &sources,
                      err) < 0 ||
        sp_registries_trust(lookups->bases.registries, &lookups->trust, err) < 0 ||
        sp_filter_open(&lookups->filter, options->filter_path, err) < 0)
        return -1;
    lookups->clearing.filter = lookups->filter;
    *out = sp_take(lookups);
    return 0;
}

static int
open_llm(struct sp_lookups *lookups, const char *cache, struct sp_error *err)
{
    const struct sp_llm_options options = {
        .url = lookups->llm_url,
        .model = lookups->llm_model,
        .key = lookups->llm_key,
        .cache_directory = cache ? sp_arena_printf(&lookups->arena, err, "%s/llm", cache) : NULL,
        .offline = lookups->look != SP_LOOK_ONLINE,
    };
    if (!lookups->llm_url)
        return 0;
    if (cache && !options.cache_directory)
        return -1;
    return sp_llm_open(&lookups->llm, &options, err);
}

int
sp_lookups_start(struct sp_lookups *lookups, const char *cache, struct sp_index *index, struct sp_error *err)
{
    const char *answers = lookups->saved;
    if (!answers && cache && !(answers = sp_arena_printf(&lookups->arena, err, "%s/metadata", cache)))
        return -1;
    /* before the first look-up there is no cache: offline that is one that holds nothing */
    if (!lookups->saved && answers && lookups->look != SP_LOOK_ONLINE && access(answers, F_OK) < 0 &&
        errno == ENOENT)
        answers = NULL;
    const struct sp_keeping_options keeping = {
        .directory = answers,
        .mode = lookups->look != SP_LOOK_ONLINE ? SP_KEEP_OFFLINE : SP_KEEP_FRESH,
        .bases = &lookups->bases,
        .trust = &lookups->trust,
    };
    if (sp_keeping_open(&lookups->keeping, &keeping, err) < 0)
        return -1;
    lookups->transport = sp_keeping_transport(lookups->keeping);
    const struct sp_metadata_options metadata = {
        .transport = &lookups->transport,
        .bases = &lookups->bases,
        .ranks = lookups->ranks,
        .jobs = lookups->jobs,
        .limit = lookups->limit,
    };
    if (sp_metadata_open(&lookups->metadata, &metadata, err) < 0 ||
        sp_owner_list_new(&lookups->owners, index, err) < 0 || open_llm(lookups, cache, err) < 0)
        return -1;
    sp_weights_of_index(&lookups->weights, index);
    lookups->clearing.metadata = lookups->metadata;
    lookups->clearing.embedding = sp_index_embedding(index);
    lookups->clearing.owners = lookups->owners;
    lookups->clearing.weights = &lookups->weights;
    lookups->clearing.llm = lookups->llm;
    return 0;
}

/* Without a home there is no configuration of the user's, and nothing is kept. */
int
sp_lookups_open_here(struct sp_lookups **out, const struct sp_lookups_options *options,
                     struct sp_index *index, struct sp_error *err)
{
    struct sp_places places = { 0 };
    struct sp_lookups_options here = *options;
    struct sp_error homeless;
    char directory[PATH_MAX];
    bool at_home = sp_places_cache(&places, &homeless) == 0;
    here.env = (const char *const *)environ;
    here.home = at_home ? places.home : "/";
    here.project = getcwd(directory, sizeof(directory)) ? directory : "/";
    int done = sp_lookups_read(out, &here, err);
    if (done == 0 && sp_lookups_start(*out, at_home ? places.cache : NULL, index, err) < 0) {
        sp_lookups_close(*out);
        *out = NULL;
        done = -1;
    }
    sp_places_free(&places);
    return done;
}

const struct sp_clearing *
sp_lookups_clearing(const struct sp_lookups *lookups)
{
    return &lookups->clearing;
}

struct sp_metadata *
sp_lookups_metadata(struct sp_lookups *lookups)
{
    return lookups->metadata;
}

const struct sp_bases *
sp_lookups_bases(const struct sp_lookups *lookups)
{
    return &lookups->bases;
}

void
sp_lookups_tally(struct sp_lookups *lookups, struct sp_metadata_figures *packages,
                 struct sp_keeping_figures *requests)
{
    sp_metadata_tally(lookups->metadata, packages);
    sp_keeping_tally(lookups->keeping, requests);
}
