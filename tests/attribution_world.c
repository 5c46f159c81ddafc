/* attribution_world.c: installs at random: scripts within scripts, daemons, forged names, changed
 * directories. The world keeps for each process who is really behind it; the attribution sees the events
 * only. */
#include "attribution_world.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct world_package world_packages[] = {
    { "pkg:npm/left@1.0.0", WORLD_PROJECT "/node_modules/left" },
    { "pkg:npm/%40scope/right@2.0.0", WORLD_PROJECT "/node_modules/@scope/right" },
    { "pkg:npm/deep@3.0.0", WORLD_PROJECT "/node_modules/left/node_modules/deep" },
    { "pkg:npm/stored@4.0.0", WORLD_PROJECT "/node_modules/.pnpm/stored@4.0.0/node_modules/stored" },
    { "pkg:npm/%40scope/kept@5.1.0",
      WORLD_PROJECT "/node_modules/.pnpm/@scope+kept@5.1.0_left@1.0.0/node_modules/@scope/kept" },
    { "pkg:npm/global@6.0.0", "/usr/lib/node_modules/global" },
    { "pkg:npm/plugged@7.0.0",
      WORLD_PROJECT "/.yarn/unplugged/plugged-npm-7.0.0-0123456789/node_modules/plugged" },
    { "pkg:npm/sub@8.0.0", WORLD_PROJECT "/packages/tool/node_modules/sub" },
};
const size_t world_package_count = SP_COUNT(world_packages);

#define MANAGER (-1)
#define PROJECT (-2)
#define PROCESSES 600
#define FILES 64

struct being {
    uint32_t number;
    int owner; /* of world_packages, or MANAGER, PROJECT */
    bool ended, helps, manages;
    char directory[256];
};

struct world {
    uint64_t random;
    struct sp_attribution *attribution;
    struct being beings[PROCESSES];
    size_t count;
    uint64_t time;
    struct {
        char path[128];
        int writer;
    } files[FILES];
    size_t file_count;
    size_t compared, wrong;
    uint64_t seed;
};

static uint64_t
draw(struct world *world, uint64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return (world->random >> 11) % below;
}

/* Sends EVENT and compares whose it is said to be with OWNER. */
static void
act(struct world *world, struct sp_event event, int owner)
{
    event.time = ++world->time;
    event.phase = SP_PHASE_FETCH;
    sp_attribution_take(world->attribution, &event);
    const struct sp_actor *actor = sp_attribution_actor(world->attribution, &event);
    const char *expected = owner >= 0 ? world_packages[owner].purl : NULL;
    enum sp_actor_kind kind = owner >= 0         ? SP_ACTOR_PACKAGE
                              : owner == MANAGER ? SP_ACTOR_MANAGER
                                                 : SP_ACTOR_PROJECT;
    enum sp_phase phase = owner == MANAGER ? SP_PHASE_FETCH : SP_PHASE_INSTALL;
    bool right = actor && actor->kind == kind && event.phase == phase &&
                 (expected ? event.package && !strcmp(event.package, expected) : !event.package);
    world->compared++;
    world->wrong += !right;
    if (!right && world->wrong == 1)
        printf("seed %llu, act %zu: %s %s of process %u is laid to %s %s, not to %s\n",
               (unsigned long long)world->seed, world->compared, sp_event_kind_name(event.kind),
               event.subject ? event.subject : "", event.process,
               actor ? sp_actor_kind_name(actor->kind) : "nobody", event.package ? event.package : "",
               expected           ? expected
               : owner == MANAGER ? "the manager"
                                  : "the project");
}

/* An act whose path carries its owner's token. */
static void
leave_token(struct world *world, const struct being *being)
{
    char path[64];
    snprintf(path, sizeof(path), "/tmp/acts/%d/%u", being->owner, being->number);
    act(world,
        (struct sp_event){
            .kind = SP_EVENT_OPEN, .process = being->number, .subject = path, .value = O_WRONLY | O_CREAT },
        being->owner);
}

static struct being *
fork_of(struct world *world, const struct being *maker)
{
    if (world->count == PROCESSES)
        return NULL;
    struct being *child = &world->beings[world->count++];
    *child = *maker;
    child->number = (uint32_t)world->count;
    child->ended = false;
    act(world, (struct sp_event){ .kind = SP_EVENT_FORK, .process = child->number, .parent = maker->number },
        child->owner);
    return child;
}

static void
start(struct world *world, struct being *being, const char *program, const char *words, int owner)
{
    being->owner = owner;
    act(world,
        (struct sp_event){ .kind = SP_EVENT_EXEC,
                           .process = being->number,
                           .subject = program,
                           .detail = words,
                           .directory = being->directory },
        owner);
    leave_token(world, being);
}

static void
end(struct world *world, struct being *being)
{
    act(world, (struct sp_event){ .kind = SP_EVENT_EXIT, .process = being->number }, being->owner);
    being->ended = true;
}

static void
go_to(struct being *being, const char *directory, const char *below)
{
    snprintf(being->directory, sizeof(being->directory), "%s%s", directory, below);
}

/* What a package manager does: scripts of packages, of the project, its own tools. */
static void
manage(struct world *world, struct being *manager)
{
    static const char *const below[] = { "", "/lib/src", "/node_modules" };
    struct being *child = fork_of(world, manager);
    if (!child)
        return;
    int package = (int)draw(world, world_package_count);
    switch (draw(world, 6)) {
    case 0:
        go_to(child, WORLD_PROJECT, "");
        start(world, child, "/usr/bin/sh", W("sh") W("-c") W("node scripts/build.js"), PROJECT);
        break;
    case 1: /* its hooks and helpers are its own too */
        go_to(child, WORLD_PROJECT, "");
        child->helps = true;
        start(world, child, "/usr/bin/git", W("git") W("ls-remote") W("https://h.example/x"), MANAGER);
        if ((child = fork_of(world, child)))
            start(world, child, "/usr/bin/sh", W("sh") W("-c") W("git-remote-https origin"), MANAGER);
        break;
    case 2: /* itself once more; what that one starts is looked at anew */
        go_to(child, WORLD_PROJECT, "");
        child->manages = true;
        start(world, child, "/usr/bin/node", W("node") W("/usr/lib/node_modules/npm/bin/npm-cli.js") W("x"),
              MANAGER);
        break;
    default:
        go_to(child, world_packages[package].directory, below[draw(world, 3)]);
        child->manages = false;
        start(world, child, "/usr/bin/sh", W("sh") W("-c") W("node install.js || node-gyp rebuild"), package);
    }
}

/* Whoever is under a label already, package or project: nothing that it says or does takes the label away. */
static void
run_around(struct world *world, struct being *being)
{
    const struct world_package *other = &world_packages[draw(world, world_package_count)];
    struct being *child, *grandchild;
    char words[256];
    switch (draw(world, 8)) {
    case 0:
        fork_of(world, being);
        break;
    case 1: /* a daemon: its maker is gone before it does anything */
        if ((child = fork_of(world, being)) && (grandchild = fork_of(world, child))) {
            end(world, child);
            leave_token(world, grandchild);
        }
        break;
    case 2: /* changes to a neighbour's directory and starts something there */
        go_to(being, other->directory, "");
        start(world, being, "/usr/bin/sh", W("sh") W("-c") W("node install.js"), being->owner);
        break;
    case 3: /* says to be the neighbour's script, and the package manager */
        snprintf(words, sizeof(words),
                 W("env") W("npm_package_name=%s") W("npm_lifecycle_event=postinstall") W("npm"),
                 other->purl);
        start(world, being, "/usr/bin/env", words, being->owner);
        break;
    case 4: /* runs the package manager, whose child runs the neighbour's script */
        if ((child = fork_of(world, being))) {
            start(world, child, "/usr/bin/node",
                  W("node") W("/usr/lib/node_modules/npm/bin/npm-cli.js") W("install") W("other"),
                  being->owner);
            if ((grandchild = fork_of(world, child))) {
                go_to(grandchild, other->directory, "");
                start(world, grandchild, "/usr/bin/sh", W("sh") W("-c") W("node x.js"), being->owner);
            }
        }
        break;
    case 5: /* calls somebody; the connection is told from outside, without its process */
    {
        uint16_t port = (uint16_t)(20000 + being->number);
        act(world,
            (struct sp_event){
                .kind = SP_EVENT_TCP, .process = being->number, .value = 7 << 8 | 2, .bytes = port },
            being->owner);
        act(world,
            (struct sp_event){ .kind = SP_EVENT_CONNECTION, .subject = "192.0.2.1", .from_port = port },
            being->owner);
        break;
    }
    case 6:
        end(world, being);
        break;
    default:
        leave_token(world, being);
    }
}

/* Code that a package wrote is that package's, whoever starts it. */
static void
swap_code(struct world *world, struct being *being)
{
    if (being->owner >= 0 && world->file_count < FILES) {
        size_t at = world->file_count++;
        snprintf(world->files[at].path, sizeof(world->files[at].path), "%s/written-%zu.js",
                 world_packages[draw(world, world_package_count)].directory, at);
        world->files[at].writer = being->owner;
        act(world,
            (struct sp_event){ .kind = SP_EVENT_OPEN,
                               .process = being->number,
                               .subject = world->files[at].path,
                               .value = O_WRONLY | O_CREAT | O_TRUNC },
            being->owner);
    } else if (world->file_count) {
        size_t at = draw(world, world->file_count);
        char words[256];
        snprintf(words, sizeof(words), W("node") W("--no-warnings") W("%s"), world->files[at].path);
        start(world, being, "/usr/bin/node", words, world->files[at].writer);
    }
}

static bool
resolve(void *context, const char *directory, struct sp_buffer *purl)
{
    (void)context;
    for (size_t i = 0; i < world_package_count; i++)
        if (!strcmp(world_packages[i].directory, directory))
            return sp_buffer_append_string(purl, world_packages[i].purl, NULL) == 0;
    return false;
}

size_t
world_run(uint64_t seed, size_t steps, size_t *wrong)
{
    static struct world whole;
    struct world *world = &whole;
    struct sp_error err;
    *world = (struct world){ .seed = seed, .random = seed * 0x9e3779b97f4a7c15u + 1 };
    const struct sp_attribution_options options = {
        .manager = "npm",
        .ecosystem = "npm",
        .project = WORLD_PROJECT,
        .resolve = seed % 3 ? resolve : NULL,
    };
    if (sp_attribution_new(&world->attribution, &options, &err) < 0)
        return 0;
    /* without eyes inside, directories are told, as a trace tells them */
    for (size_t i = 0; seed % 3 == 0 && i < world_package_count; i++)
        sp_attribution_take(world->attribution, &(struct sp_event){ .kind = SP_EVENT_PLACE,
                                                                    .subject = world_packages[i].directory,
                                                                    .package = world_packages[i].purl });
    sp_attribution_take(world->attribution, &(struct sp_event){ .kind = SP_EVENT_COMMAND, .value = 9 });
    struct being *first = &world->beings[world->count++];
    *first = (struct being){ .number = 1, .owner = MANAGER, .manages = true };
    go_to(first, WORLD_PROJECT, "");
    act(world, (struct sp_event){ .kind = SP_EVENT_FORK, .process = 1, .value = 9 }, MANAGER);
    start(world, first, "/usr/bin/node", W("node") W("/usr/bin/npm") W("ci"), MANAGER);

    for (size_t step = 0; step < steps && world->count < PROCESSES; step++) {
        struct being *being = &world->beings[draw(world, world->count)];
        if (being->ended)
            continue;
        if (being->owner == MANAGER && being->manages && !being->helps)
            manage(world, being);
        else if (being->owner == MANAGER)
            leave_token(world, being);
        else if (draw(world, 6) == 0)
            swap_code(world, being);
        else
            run_around(world, being);
    }
    if (sp_attribution_unseen(world->attribution))
        world->wrong++;
    sp_attribution_free(world->attribution);
    *wrong = world->wrong;
    return world->compared;
}
