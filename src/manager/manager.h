/* manager.h: what Sallyport must know of each package manager: how its command is recognised, what it is
 * allowed to leave behind, how it is pointed at our registry URL, and what of its result can be loaded. One
 * file a manager, one const struct each; the table below is what run, the docs and the tests read. Sources:
 * the manuals of npm 11, yarn 1 and 4, pnpm 10, pip 25, uv 0.9. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"
#include "registry/registry.h"

#include <stdbool.h>

struct sp_manager_request {
    const char *const *argv; /* the user's command, NULL-terminated */
    const char *const *env;  /* the host's environment */
    const char *home;        /* the user's, on the host */
    const char *cwd;         /* real path */
    bool as_root;            /* the command runs as root inside: system-wide places may be declared outputs */
    struct sp_registries *registries; /* hosts of lockfile URLs are added here */
};

struct sp_path_list {
    const char **items; /* absolute, real; in the plan's arena */
    size_t count, capacity;
};

/* A file of the project that stands rewritten in the overlay. */
struct sp_rewritten {
    const char *path; /* absolute */
    const char *bytes;
    size_t length;
};

struct sp_manager_plan {
    struct sp_arena arena;
    const struct sp_manager *manager;
    const char *project; /* the root of the project: the nearest directory upwards with its manifest (npm,
                            yarn, pnpm, uv: the workspace's root), else the working directory */
    struct sp_path_list trees;  /* directories to overlay beside the project: a venv elsewhere, --target, a
                                   pyenv's  site-packages ... */
    struct sp_path_list caches; /* the manager's own caches: overlaid (warm), landed only with --keep-cache */
    struct sp_path_list outputs;  /* what may land: files, and directories with all beneath them */
    struct sp_path_list readable; /* toolchains under hidden homes that the command needs, read-only */
    struct sp_path_list
        manifests;     /* lockfiles and requirement files that door one reads before the command runs */
    const char **argv; /* the command, with registry URLs written as they are inside */
    const char **env;  /* "NAME=value" to add to the sandbox's environment; NULL-terminated */
    struct sp_rewritten *rewritten; /* lockfiles, requirement files ... with URLs as they are inside */
    size_t rewritten_count, rewritten_capacity;
    const char *interpreter; /* python or node that the result is loaded with, absolute; NULL: none */
    const char **blocked_scripts_argv; /* npm 12, pnpm 10: see sp_manager.blocked */
    bool lands; /* false: this command declares no outputs (an unknown one, pip list ...) */
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
    size_t ran_code;    /* of them: with install scripts or built from source */
    const char **notes; /* one line each: what could not be told (damaged package.json ...) */
    size_t note_count, note_capacity;
};

struct sp_manager {
    const char *id, *title;
    const char *ecosystem; /* "npm", "pypi"; NULL */
    /* Whether ARGV (argv[0] may be a path; "python -m pip", "corepack yarn", "npx"? see the file) is its
     * command. */
    bool (*recognise)(const char *const *argv);
    int (*plan)(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err);
    /* What is new in the result and can be loaded. ROOT is a directory descriptor of the sandbox's root as it
     * stands after the command (all paths inside are resolved beneath it, following no link out: openat2
     * RESOLVE_IN_ROOT). Everything in it is hostile. NULL: nothing. */
    int (*loads)(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                 struct sp_load_list *out, struct sp_error *err);
    /* Scripts that the manager itself did not run (npm 12, pnpm 10 block those of dependencies), for
     * --run-blocked. NULL: it runs all. */
    int (*blocked)(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                   struct sp_load_list *out, struct sp_error *err);
};

extern const struct sp_manager *const sp_managers[]; /* the last is "other", which recognises everything */
extern const size_t sp_manager_count;
const struct sp_manager *sp_manager_find(const char *const *argv);

/* Recognises the command and fills OUT (freed with sp_manager_plan_free, after a failure too). */
int sp_manager_plan(struct sp_manager_plan *out, const struct sp_manager_request *request,
                    struct sp_error *err);

/* Turns URLs of the lockfile TEXT into those inside, adding their hosts to REGISTRIES; only whole URL values
 * of the format's own fields change. Shared by the managers. */
int sp_manager_rewrite_text(struct sp_buffer *out, const char *text, size_t length,
                            struct sp_registries *registries, size_t *changed, struct sp_error *err);
