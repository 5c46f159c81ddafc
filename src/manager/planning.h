/* planning.h: what the managers share while they make a plan: the command's words, the environment, paths. */
#pragma once
#include "base/path.h"
#include "manager/manager.h"

struct sp_planning {
    struct sp_manager_plan *plan;
    const struct sp_manager_request *request;
    size_t first; /* in request->argv: the manager's own word, behind "env NAME=value" and "corepack" */
};

/* Index of the word in ARGV that names the program: behind "env NAME=value ..." and "corepack". */
size_t sp_command_first(const char *const *argv);
/* The last component of PATH. */
const char *sp_base_name(const char *path);
bool sp_word_in(const char *word, const char *const *list); /* NULL-terminated list */

/* ---- words of the command ---- */

/* Walks the words after the program's name. WITH_VALUE lists the options that take one ("--prefix", "-C"). */
struct sp_words {
    const char *const *argv; /* NULL-terminated; argv[0] is the program */
    const char *const *with_value;
    bool clusters; /* "-Ur file": one letter after another, the last with a value (pip) */
    size_t at;     /* private from here */
    const char *rest;
    bool ended;
};
struct sp_word {
    char option[64];   /* "--prefix", "-C"; "" for a positional word */
    const char *value; /* of the option, or the positional word; NULL: none */
    size_t index;      /* of the word in argv that holds the value */
    size_t prefix;     /* where in that word the value begins */
};
bool sp_words_next(struct sp_words *words, struct sp_word *word);

/* ---- environment ---- */

/* Of the command: "env NAME=value" before it beats the host's. NULL: unset. */
const char *sp_planning_getenv(const struct sp_planning *planning, const char *name);
int sp_plan_add_env(struct sp_manager_plan *plan, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);

/* ---- paths ---- */

bool sp_path_exists(const char *path);
bool sp_path_is_directory(const char *path);
/* PATH made absolute from DIRECTORY, "~" expanded, links of what exists resolved; in the arena. */
const char *sp_planning_path(struct sp_planning *planning, const char *directory, const char *path,
                             struct sp_error *err);
/* Adds PATH unless it is there already. */
int sp_path_list_add(struct sp_path_list *list, const char *path, struct sp_error *err);
int sp_path_list_addf(struct sp_manager_plan *plan, struct sp_path_list *list, struct sp_error *err,
                      const char *format, ...) SP_PRINTF(4, 5);
/* Adds the directory PATH to the outputs, and to the trees where it lies outside the project. */
int sp_plan_add_output_tree(struct sp_manager_plan *plan, const char *path, struct sp_error *err);
/* The nearest directory from START upwards that holds one of NAMES (NULL-terminated); NULL: none. HOME itself
 * and what is above count too. */
const char *sp_planning_upwards(struct sp_planning *planning, const char *start, const char *const *names,
                                struct sp_error *err);

/* ---- programs ---- */

/* NAME as the command's PATH finds it (NAME with a slash: from the working directory), links not resolved;
 * NULL with an untouched ERR: not found. Entries of PATH in SKIP (may be NULL) are passed over. */
const char *sp_planning_which(struct sp_planning *planning, const char *name, const char *skip,
                              struct sp_error *err);
/* Adds to .readable what PATH and the program need of toolchains beneath the home. */
int sp_planning_toolchains(struct sp_planning *planning, struct sp_error *err);
/* The same for one more program. */
int sp_planning_toolchain_of(struct sp_planning *planning, const char *program, struct sp_error *err);

/* ---- rewriting ---- */

/* Reads PATH, rewrites it, keeps the result in the plan where it differs. A missing file is nothing. */
int sp_planning_rewrite(struct sp_planning *planning, const char *path, struct sp_error *err);
/* As that for a requirement file, and for those that it includes from beneath the project. */
int sp_planning_rewrite_requirements(struct sp_planning *planning, const char *path, struct sp_error *err);
/* Writes the value of WORD (an http URL, or "name @ URL") inside, in the plan's argv. Others stay. */
int sp_planning_rewrite_word(struct sp_planning *planning, const struct sp_word *word, struct sp_error *err);
/* The URL inside, in the arena. */
const char *sp_planning_inside(struct sp_planning *planning, const char *url, struct sp_error *err);

/* ---- settings that several managers read ---- */

/* npm_config_* for registries, scopes and proxies. */
int sp_plan_npm_env(struct sp_planning *planning, struct sp_error *err);
/* PIP_* for indices and proxies. */
int sp_plan_pip_env(struct sp_planning *planning, struct sp_error *err);
/* What the user chose in ~/.npmrc, and in his pip.conf for SUBCOMMAND, and that is no address and no secret:
 * after the rest of the environment, for what is set stays. */
int sp_plan_user_npmrc(struct sp_planning *planning, struct sp_error *err);
int sp_plan_user_pip_conf(struct sp_planning *planning, const char *subcommand, struct sp_error *err);
/* YARN_* and COREPACK_*, beside npm's. */
int sp_plan_yarn_env(struct sp_planning *planning, struct sp_error *err);
/* UV_*, beside pip's. */
int sp_plan_uv_env(struct sp_planning *planning, struct sp_error *err);
/* The variable NAME, a list of URLs and paths, with the URLs inside; unset: nothing. */
int sp_plan_env_inside(struct sp_planning *planning, const char *name, struct sp_error *err);
/* The Python indices behind the first, inside, divided by blanks; "" without. */
const char *sp_planning_extra_indices(struct sp_planning *planning, struct sp_error *err);
/* The first registry of KIND without a scope; NULL: none. */
const struct sp_registry *sp_planning_default_registry(const struct sp_planning *planning,
                                                       enum sp_registry_kind kind);

extern const struct sp_manager sp_manager_npm, sp_manager_yarn, sp_manager_yarn_berry, sp_manager_pnpm,
    sp_manager_pip, sp_manager_uv, sp_manager_other;
