/* manager.h: what Sallyport must know of each package manager: how its command is recognised, what it is
 * allowed to leave behind, how it is pointed at our registry URL, and what of its result can be loaded. One
 * file a manager, one const struct each; the table below is what run, the docs and the tests read. Sources:
 * the manuals of npm 11, yarn 1 and 4, pnpm 10, pip 25, uv 0.9, and the code of npm 11.19. */
#pragma once
#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"
#include "registry/registry.h"

#include <stdbool.h>

struct sp_manager_request {
    const char *const *argv; /* the user's command, NULL-terminated */
    const char *const *env;  /* the host's environment */
    const char *home;        /* the user's, on the host */
    const char *cwd;         /* real path */
    bool as_root;            /* the command runs as root inside: system-wide places may be declared outputs */
    struct sp_registries *registries; /* hosts of lockfile URLs are added here, and as .credentials what those
                                         and the command line carry */
};

struct sp_path_list {
    const char **items; /* absolute; in the plan's arena */
    size_t count, capacity;
};

/* A file of the project that stands rewritten in the overlay. */
struct sp_rewritten {
    const char *path; /* absolute */
    const char *bytes;
    size_t length;
};

/* A URL whose form outside cannot be made from its form inside: it held credentials, or was written with
 * escapes. */
struct sp_rewritten_url {
    const char *inside, *outside; /* as they stand in the file */
};

struct sp_rewritten_urls {
    struct sp_arena *arena; /* where the strings live */
    struct sp_rewritten_url *items;
    size_t count, capacity;
    struct sp_map seen; /* private: which form inside stands for which outside */
};
void sp_rewritten_urls_free(struct sp_rewritten_urls *urls);

struct sp_manager_plan {
    struct sp_arena arena;
    const struct sp_manager *manager;
    const char *project; /* the root of the project: the nearest directory upwards with its manifest (npm,
                            yarn, pnpm, uv: the workspace's root), else the working directory */
    struct sp_path_list trees;  /* directories to overlay beside the project: a venv elsewhere, --target, a
                                   pyenv's  site-packages ... A tree may lie beneath a path of .readable: bind
                                   those first. One that does not exist yet is to be made inside */
    struct sp_path_list caches; /* the manager's own caches: overlaid (warm), landed only with --keep-cache */
    struct sp_path_list outputs;  /* what may land: files, and directories with all beneath them; the last
                                     component may be a pattern ("*.whl"): ask sp_manager_may_land */
    struct sp_path_list readable; /* toolchains under hidden homes that the command needs, read-only */
    struct sp_path_list
        manifests;     /* lockfiles and requirement files that door one reads before the command runs */
    const char **argv; /* the command, with registry URLs written as they are inside */
    const char **env;  /* "NAME=value" to add to the sandbox's environment; NULL-terminated */
    size_t env_count, env_capacity;
    struct sp_rewritten *rewritten; /* lockfiles, requirement files ... with URLs as they are inside */
    size_t rewritten_count, rewritten_capacity;
    struct sp_rewritten_urls urls; /* for sp_manager_restore_text */
    const char *interpreter;       /* python or node that the result is loaded with, absolute; NULL: none */
    const char *program;           /* the manager's own program, absolute, links resolved; NULL: not found */
    struct sp_path_list modules;   /* node_modules and site-packages directories that the command fills */
    const char *npmjs_from; /* npm fetches registry.npmjs.org URLs of lockfiles from its default registry
                               (replace-registry-host); that registry where it is another, else NULL. For the
                               proxy, to which such URLs come as they are written in the lockfile */
    bool lands;             /* false: this command declares no outputs (an unknown one, pip list ...) */
};
void sp_manager_plan_free(struct sp_manager_plan *plan);

/* One thing to load. */
struct sp_load {
    const char *package; /* purl */
    const char *what;    /* "import yaml", "require('left-pad')", "bin/black --help" */
    const char **argv;   /* absolute program, NULL-terminated */
    const char *cwd;
    const char *digest; /* sha256 hex over the package's files, names and the interpreter's version: the same
                           digest loads alike */
};
struct sp_load_list {
    struct sp_load *items;
    size_t count, capacity;
    size_t packages;    /* new packages seen */
    const char **purls; /* theirs, those that cannot be loaded included; a damaged one has none */
    size_t purl_count, purl_capacity;
    size_t ran_code;    /* of them: with install scripts or built from source */
    const char **notes; /* one line each: what could not be told (damaged package.json ...) */
    size_t note_count, note_capacity;
};
/* The arrays; the strings are the arena's. */
void sp_load_list_free(struct sp_load_list *list);

struct sp_manager {
    const char *id, *title;
    const char *ecosystem; /* "npm", "pypi"; NULL */
    /* Whether ARGV is its command. argv[0] may be a path; "env NAME=value" and "corepack" before it are
     * passed over by sp_manager_find. */
    bool (*recognise)(const char *const *argv);
    int (*plan)(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err);
    /* What is new in the result and can be loaded. ROOT is a directory descriptor of the sandbox's root as it
     * stands after the command (all paths inside are resolved beneath it, following no link out: openat2
     * RESOLVE_IN_ROOT). Everything in it is hostile. NULL: nothing. OUT is freed with sp_load_list_free,
     * after a failure too. */
    int (*loads)(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                 struct sp_load_list *out, struct sp_error *err);
    /* Scripts that the manager itself did not run (npm 12, pnpm 10 block those of dependencies), for
     * --run-blocked. NULL: it runs all. */
    int (*blocked)(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                   struct sp_load_list *out, struct sp_error *err);
};

extern const struct sp_manager *const sp_managers[]; /* the last is "other", which recognises everything */
extern const size_t sp_manager_count;
/* By the command's words alone: yarn 1 and yarn berry differ by their project, so "yarn" is found here and
 * sp_manager_plan says which. Never NULL. */
const struct sp_manager *sp_manager_find(const char *const *argv);

/* Recognises the command and fills OUT (freed with sp_manager_plan_free, after a failure too). */
int sp_manager_plan(struct sp_manager_plan *out, const struct sp_manager_request *request,
                    struct sp_error *err);

/* Whether PATH (absolute) is one of the plan's outputs or lies beneath one. Caches are not asked. */
bool sp_manager_may_land(const struct sp_manager_plan *plan, const char *path);

/* Whether a file that lands at PATH may hold URLs under SP_PROXY_ORIGIN that the manager wrote for its own
 * bookkeeping, so that they are to be turned back: lockfiles, package.json, .package-lock.json ... Package
 * content is never touched. */
bool sp_manager_restores(const struct sp_manager_plan *plan, const char *path);

/* Turns the URLs in TEXT back: those that only the plan remembers, then by sp_registry_text_outside. */
int sp_manager_restore_text(const struct sp_manager_plan *plan, struct sp_buffer *out, const char *text,
                            size_t length, size_t *changed, struct sp_error *err);

/* Turns URLs of a lockfile into those inside, adding their hosts to REGISTRIES; only whole URL values of the
 * format's own fields change. The format is told by PATH's last component (the table in
 * lockfile_urls.c: package-lock.json, yarn.lock, pnpm-lock.yaml, uv.lock, .npmrc ...; any other name is a
 * requirements file). ENV (may be NULL): for ${NAME} in requirement files. URLS may be NULL. A text that is
 * no such file is an error that names the place. */
int sp_manager_rewrite_text(struct sp_buffer *out, const char *path, const char *text, size_t length,
                            const char *const *env, struct sp_registries *registries,
                            struct sp_rewritten_urls *urls, size_t *changed, struct sp_error *err);
