#include "gate/asking.h"
#include "gate/journey.h"

#include <string.h>
#include <sys/stat.h>

static int
find_project(struct sp_install *install, struct sp_error *err)
{
    struct sp_places *places = &install->places;
    const struct sp_install_options *options = &install->options;
    if (sp_places_find(places, options->directory, NULL, options->scratch, err) < 0)
        return -1;
    const struct sp_registry_sources sources = {
        .home = places->home,
        .project = places->cwd,
        .env = options->env,
        .argv = options->argv,
    };
    if (sp_registries_read(&install->registries, &sources, err) < 0)
        return -1;
    const struct sp_manager_request request = {
        .argv = options->argv,
        .env = options->env,
        .home = places->home,
        .cwd = places->cwd,
        .as_root = places->as_root,
        .registries = &install->registries,
    };
    return sp_manager_plan(&install->plan, &request, err);
}

static int
read_allowed_writes(struct sp_install *install, struct sp_error *err)
{
    const char *const *given = install->options.allow_write;
    size_t count = 0;
    while (given && given[count])
        count++;
    const char **absolute = sp_arena_alloc(&install->arena, (count + 1) * sizeof(*absolute), err);
    for (size_t i = 0; absolute && i < count; i++) {
        absolute[i] = given[i][0] == '/'
                          ? sp_arena_copy(&install->arena, given[i], strlen(given[i]), err)
                          : sp_arena_printf(&install->arena, err, "%s/%s", install->places.cwd, given[i]);
        if (!absolute[i])
            return -1;
        if (strstr(absolute[i], "/../") || strstr(absolute[i], "/./"))
            return sp_fail(err, SP_ERROR_USAGE, "--allow-write %s: write it without '.' and '..'", given[i]);
        for (char *end = strrchr(absolute[i], '\0'); end > absolute[i] + 1 && end[-1] == '/'; end--)
            end[-1] = '\0';
    }
    install->allow_write = absolute;
    return absolute ? 0 : -1;
}

/* Whoever answers TLS has to be believed: an authority made for this run, and trusted inside alone. */
static int
make_authority(struct sp_install *install, struct sp_error *err)
{
    if (install->options.net != SP_NET_SINKHOLE)
        return 0;
    install->authority_file =
        sp_arena_printf(&install->arena, err, "%s/.local/share/certificates.pem", install->places.home);
    return install->authority_file ? sp_sinkhole_authority_make(&install->authority, err) : -1;
}

/* The environment inside: the decoys' view of the host's, and what the manager needs to find our proxy. */
static int
make_environment(struct sp_install *install, struct sp_error *err)
{
    static const char *const trust[] = { "SSL_CERT_FILE",  "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE",
                                         "CURL_CA_BUNDLE", "GIT_SSL_CAINFO",      "PIP_CERT" };
    size_t count = 0, added = 0, at = 0;
    char **from = install->decoys.env;
    while (from && from[count])
        count++;
    while (install->plan.env && install->plan.env[added])
        added++;
    const char **env =
        sp_arena_alloc(&install->arena, (count + added + SP_COUNT(trust) + 2) * sizeof(*env), err);
    if (!env)
        return -1;
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(from[i], "=") + 1;
        bool replaced = false;
        for (size_t j = 0; j < added && !replaced; j++)
            replaced = !strncmp(from[i], install->plan.env[j], length);
        for (size_t j = 0; j < SP_COUNT(trust) && install->authority && !replaced; j++)
            replaced = strlen(trust[j]) + 1 == length && !strncmp(from[i], trust[j], length - 1);
        if (!replaced)
            env[at++] = from[i];
    }
    for (size_t j = 0; j < added; j++)
        env[at++] = install->plan.env[j];
    for (size_t j = 0; j < SP_COUNT(trust) && install->authority; j++)
        if (!(env[at++] = sp_arena_printf(&install->arena, err, "%s=%s", trust[j], install->authority_file)))
            return -1;
    install->env = env;
    return 0;
}

static int
place_rewritten(struct sp_install *install, struct sp_error *err)
{
    const struct sp_manager_plan *plan = &install->plan;
    struct sp_placed_file *files =
        sp_arena_alloc(&install->arena, (plan->rewritten_count + 1) * sizeof(*files), err);
    size_t count = 0;
    if (!files)
        return -1;
    for (size_t i = 0; i < plan->rewritten_count; i++)
        files[count++] = (struct sp_placed_file){
            .path = plan->rewritten[i].path,
            .bytes = plan->rewritten[i].bytes,
            .length = plan->rewritten[i].length,
            .mode = 0644,
        };
    if (install->authority) {
        const char *pem = sp_sinkhole_authority_pem(install->authority);
        files[count++] = (struct sp_placed_file){
            .path = install->authority_file, .bytes = pem, .length = strlen(pem), .mode = 0644
        };
    }
    install->spec.files = files;
    install->spec.file_count = count;
    return 0;
}

/* Where packages go: an output that is there already, else the directory in which it will be made. */
static int
list_installed_to(struct sp_install *install, struct sp_error *err)
{
    const struct sp_path_list *outputs = &install->plan.outputs;
    const char **list = sp_arena_alloc(&install->arena, (outputs->count + 1) * sizeof(*list), err);
    size_t at = 0;
    for (size_t i = 0; list && i < outputs->count; i++) {
        struct stat status;
        const char *path = outputs->items[i], *slash = strrchr(path, '/');
        if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
            continue;
        bool there = stat(path, &status) == 0;
        list[at] = there ? path : sp_arena_copy(&install->arena, path, (size_t)(slash - path), err);
        if (!list[at++])
            return -1;
    }
    install->spec.installed_to = list;
    return list ? 0 : -1;
}

/* A cache in the home that is still to be made is made in the private home. One that lies elsewhere has to
 * exist to be shown: the manager would make the empty directory as well. */
static bool
cache_is_there(const struct sp_install *install, const char *path)
{
    const struct sp_places *places = &install->places;
    size_t length = strlen(places->home);
    if (access(path, R_OK | X_OK) == 0)
        return true;
    if (!strncmp(path, places->home, length) && path[length] == '/')
        return false;
    return mkdir(path, 0755) == 0 &&
           (places->uid == geteuid() || lchown(path, places->uid, places->gid) == 0);
}

/* All trees that are overlaid beside the project, as one list. */
static int
list_trees(struct sp_install *install, struct sp_error *err)
{
    const struct sp_manager_plan *plan = &install->plan;
    size_t count = plan->trees.count + plan->caches.count, at = 0;
    const char **trees = sp_arena_alloc(&install->arena, (count + 1) * sizeof(*trees), err);
    const char **readable =
        sp_arena_alloc(&install->arena, (plan->readable.count + 1) * sizeof(*readable), err);
    if (!trees || !readable)
        return -1;
    for (size_t i = 0; i < plan->trees.count; i++)
        trees[at++] = plan->trees.items[i];
    for (size_t i = 0; i < plan->caches.count; i++)
        if (cache_is_there(install, plan->caches.items[i]))
            trees[at++] = plan->caches.items[i];
    for (size_t i = 0; i < plan->readable.count; i++)
        readable[i] = plan->readable.items[i];
    install->spec.trees = trees;
    install->spec.readable = readable;
    return list_installed_to(install, err);
}

int
sp_install_prepare(struct sp_install *install, struct sp_error *err)
{
    const struct sp_install_options *options = &install->options;
    if (find_project(install, err) < 0 || read_allowed_writes(install, err) < 0)
        return -1;
    const struct sp_decoy_wishes wishes = {
        .home = install->places.home,
        .real_home = install->places.home,
        .project = install->plan.project,
        .env = options->env,
    };
    install->spec = (struct sp_sandbox_spec){
        .home = install->places.home,
        .project = install->plan.project,
        .decoys = &install->decoys,
        .net = options->net,
        .limits = options->limits,
        .scratch = install->places.layers,
    };
    return sp_decoys_make(&install->decoys, &install->arena, &wishes, err) < 0 ||
                   make_authority(install, err) < 0 || make_environment(install, err) < 0 ||
                   place_rewritten(install, err) < 0 || list_trees(install, err) < 0
               ? -1
               : 0;
}

/* Look-ups read what strangers wrote, so they are made by processes that gave up their rights: one for what
 * the project's files name, and the proxy itself. */
int
sp_install_start_looking(struct sp_install *install, struct sp_error *err)
{
    const struct sp_install_options *options = &install->options;
    const struct sp_lookups_options looking = {
        .look = options->offline && options->look == SP_LOOK_ONLINE ? SP_LOOK_OFFLINE : options->look,
        .filter_path = options->filter,
        .env = options->env,
        .home = install->places.home,
        .project = install->places.cwd,
        .registries = &install->registries,
        .review = -1,
        .block = -1,
    };
    if (looking.look == SP_LOOK_NEVER)
        return 0;
    const char *cache = install->places.fetched;
    if (sp_lookups_read(&install->lookups, &looking, err) < 0 ||
        sp_asking_start(&install->asking, install->lookups, sp_checker_index(install->checker),
                        &install->places, options->keep_nothing ? NULL : cache, err) < 0)
        return -1;
    sp_checker_ask(install->checker, install->asking, sp_lookups_clearing(install->lookups));
    return 0;
}
