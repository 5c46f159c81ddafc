/* sallyport demo: a harmless package that acts like a thief, and what becomes of it. */
#include "cli/installing.h"
#include "cli/output.h"

#include <limits.h>
#include <string.h>

struct demo_file {
    const char *path, *text; /* the first part of the path is the kind */
};

static const struct demo_file files[] = {
#include <demo_files.inc>
};

static const char *const npm[] = { "npm",       "install",   "--install-links", "--no-audit",
                                   "--no-fund", "--offline", "./package",       NULL };
static const char *const pip[] = { "python3",
                                   "-m",
                                   "pip",
                                   "install",
                                   "--disable-pip-version-check",
                                   "--no-index",
                                   "--no-build-isolation",
                                   "--target",
                                   "packages",
                                   "./package",
                                   NULL };
static const char *const sh[] = { "/bin/sh", "package/install.sh", NULL };

static const struct demo_kind {
    const char *name, *needs;
    const char *const *argv;
} kinds[] = { { "npm", "npm", npm }, { "pip", "pip3", pip }, { "sh", "sh", sh } };

static bool
on_path(const char *program)
{
    const char *at = getenv("PATH");
    while (at && *at) {
        char path[PATH_MAX];
        size_t length = strcspn(at, ":");
        if (snprintf(path, sizeof(path), "%.*s/%s", (int)length, at, program) < (int)sizeof(path) &&
            access(path, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

static const struct demo_kind *
choose_kind(const char *wanted)
{
    for (size_t i = 0; i < SP_COUNT(kinds); i++)
        if (wanted ? !strcmp(kinds[i].name, wanted) : on_path(kinds[i].needs))
            return &kinds[i];
    return NULL;
}

static int
write_package(const char *project, const struct demo_kind *kind, struct sp_error *err)
{
    size_t length = strlen(kind->name);
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        char name[256];
        if (strncmp(files[i].path, kind->name, length) != 0 || files[i].path[length] != '/')
            continue;
        snprintf(name, sizeof(name), "package%s", files[i].path + length);
        if (sp_made_up_file(project, name, files[i].text, err) < 0)
            return -1;
    }
    return sp_made_up_file(project, "package.json",
                           "{\"name\":\"demo\",\"version\":\"0.0.0\",\"private\":true}\n", err);
}

static int
demonstrate(const struct demo_kind *kind, const struct sp_installing *chosen)
{
    struct sp_error err = { 0 };
    char project[PATH_MAX];
    enum sp_outcome outcome = SP_OUTCOME_INCONCLUSIVE;
    if (sp_made_up_project(project, sizeof(project), &err) < 0)
        return sp_installing_complain(&err);
    fprintf(
        stderr,
        "sallyport: a package that reads an SSH key and tries to send it, installed by '%s'; the key is a "
        "decoy\n\n",
        kind->argv[0]);
    const struct sp_installing_work work = {
        .kind = "demo", .argv = kind->argv, .directory = project, .never_land = true, .own_output = true
    };
    int code = write_package(project, kind, &err) < 0 ? sp_installing_complain(&err)
                                                      : sp_installing_do(chosen, &work, &outcome);
    sp_made_up_remove(project);
    if (code == SP_RUN_FAILED)
        return code;
    fprintf(stderr, "\nsallyport: %s\n",
            outcome == SP_OUTCOME_BLOCK ? "it was caught, and nothing of it reached this machine"
                                        : "it was NOT caught; please report this");
    return outcome == SP_OUTCOME_BLOCK ? SP_EXIT_CLEAN : SP_EXIT_FOUND;
}

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    struct sp_installing chosen;
    int done = sp_options_read(call, NULL, &words);
    if (done >= 0)
        return done;
    if (words.count > 1)
        return sp_usage(call, "takes one kind, not %zu", words.count);
    const struct demo_kind *kind = choose_kind(words.count ? words.items[0] : NULL);
    if (!kind)
        return sp_usage(call, "there is no demonstration '%.60s': npm, pip, sh",
                        words.count ? words.items[0] : "");
    if (!on_path(kind->needs))
        return sp_usage(call, "%s is not installed here; try '%s sh'", kind->needs, call->path);
    sp_installing_defaults(&chosen);
    done = demonstrate(kind, &chosen);
    sp_installing_free(&chosen);
    return done;
}

const struct sp_command sp_command_demo = {
    .name = "demo",
    .summary = "Install a harmless package that acts like a thief, and see it blocked",
    .arguments = "[npm|pip|sh]",
    .about = "Ends with 0 when it was blocked, as it should be, 1 when not, 125 when Sallyport failed.\n",
    .run = run,
};
