/* run_scripts.h: what the scripts did that the package manager blocks and --run-blocked ran, and which of
 * them may be let run: those that ended well and with nothing found. */
#pragma once
#include "report/run_acts.h"

#define SP_RUN_SCRIPTS_MAX 200u /* packages; more are counted */

struct sp_run_script {
    const char *package;                     /* purl */
    const char *name;                        /* as the manager writes it */
    char stages[64];                         /* "preinstall, postinstall" */
    bool well;                               /* all ended with success */
    size_t ran, wrote_inside, wrote_outside; /* beneath its own directory, elsewhere */
    struct sp_run_acts acts;
    size_t block, review; /* findings that are laid to it */
    bool proposed;
};
struct sp_run_scripts {
    struct sp_arena arena;
    struct sp_run_script *items;
    size_t count, capacity, more, proposed;
    const char *setting; /* "allowScripts", as package.json has it; NULL: the manager has none */
};
/* Freed with sp_run_scripts_free, after a failure too. */
int sp_run_scripts_find(struct sp_run_scripts *out, const struct sp_run_report *run, struct sp_error *err);
void sp_run_scripts_free(struct sp_run_scripts *scripts);
#define sp_autoscripts __attribute__((cleanup(sp_run_scripts_free)))
/* Appends the member of package.json on one line: "allowScripts": { "esbuild": true }. */
int sp_run_scripts_setting(const struct sp_run_scripts *scripts, struct sp_buffer *out, struct sp_error *err);
