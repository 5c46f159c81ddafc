/* sallyport scan: one package, installed and loaded in a sandbox, and nothing else. */
#include "base/tree.h"
#include "cli/installing.h"
#include "ecosystem/purl.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct scan_options {
    struct sp_installing installing;
    const char *manager;
};

static const char *
manager_at(size_t position)
{
    static const char *const names[] = { "npm", "pip" };
    return position < SP_COUNT(names) ? names[position] : NULL;
}

static const struct sp_option options[] = {
    SP_INSTALLING_OPTIONS(struct scan_options),
    { .name = "manager",
      .kind = SP_OPTION_CHOICE,
      .value = "MANAGER",
      .at = offsetof(struct scan_options, manager),
      .help = "that installs it, where its form does not say",
      .choice = manager_at },
    { 0 },
};

/* What to install, as the manager writes it. */
struct subject {
    const char *manager;
    char what[PATH_MAX + 64];
};

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && !strcmp(text + length - tail, end);
}

static bool
holds_file(const char *directory, const char *name)
{
    char path[PATH_MAX];
    return snprintf(path, sizeof(path), "%s/%s", directory, name) < (int)sizeof(path) &&
           access(path, F_OK) == 0;
}

/* A purl, or the name of a package with its registry in front: npm:left-pad@1.3.0. */
static int
read_package(struct subject *subject, const char *word, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 }, name = { 0 };
    struct sp_purl purl;
    const char *colon = strchr(word, ':');
    if (strncmp(word, "pkg:", 4) != 0) {
        if (!colon)
            return sp_fail(err, SP_ERROR_USAGE,
                           "'%s' is no file, no directory and no package URL (pkg:npm/left-pad@1.3.0)", word);
        const char *scope = colon[1] == '@' ? "%40" : "";
        if (sp_buffer_printf(&text, err, "pkg:%.*s/%s%s", (int)(colon - word), word, scope,
                             colon + 1 + (*scope != 0)) < 0)
            return -1;
        word = sp_buffer_string(&text);
    }
    if (sp_purl_parse(word, strlen(word), &purl, &arena, err) < 0 ||
        sp_purl_package_name(&purl, &name, err) < 0)
        return -1;
    bool npm = !strcmp(purl.type, "npm");
    if (!npm && strcmp(purl.type, "pypi") != 0)
        return sp_fail(err, SP_ERROR_USAGE,
                       "packages of %s cannot be installed by scan yet: npm and pypi can", purl.type);
    subject->manager = npm ? "npm" : "pip";
    snprintf(subject->what, sizeof(subject->what), "%s%s%s", sp_buffer_string(&name),
             !purl.version ? ""
             : npm         ? "@"
                           : "==",
             purl.version ? purl.version : "");
    return subject->what[0] == '-' ? sp_fail(err, SP_ERROR_USAGE, "'%s' is no package", word) : 0;
}

static int
read_subject(struct subject *subject, const char *word, const char *manager, struct sp_error *err)
{
    struct stat status;
    if (stat(word, &status) < 0)
        return read_package(subject, word, err);
    if (!realpath(word, subject->what))
        return sp_fail_errno(err, "%s", word);
    bool folder = S_ISDIR(status.st_mode);
    subject->manager =
        manager                                                                            ? manager
        : folder && holds_file(word, "package.json")                                       ? "npm"
        : folder && (holds_file(word, "pyproject.toml") || holds_file(word, "setup.py"))   ? "pip"
        : ends_with(word, ".tgz")                                                          ? "npm"
        : ends_with(word, ".whl") || ends_with(word, ".tar.gz") || ends_with(word, ".zip") ? "pip"
                                                                                           : NULL;
    return subject->manager
               ? 0
               : sp_fail(err, SP_ERROR_USAGE,
                         "%s: it cannot be told what installs this; say it with --manager", word);
}

/* What lies on this machine is copied into the made-up project: the sandbox shows nothing else. */
static int
bring_in(struct subject *subject, const char *project, struct sp_error *err)
{
    char name[NAME_MAX + 1], target[PATH_MAX + NAME_MAX + 2];
    if (subject->what[0] != '/')
        return 0;
    snprintf(name, sizeof(name), "%s", strrchr(subject->what, '/') + 1);
    snprintf(target, sizeof(target), "%s/%s", project, name);
    if (sp_tree_copy(subject->what, target, err) < 0)
        return -1;
    snprintf(subject->what, sizeof(subject->what), "./%s", name);
    return 0;
}

static int
scan(const struct scan_options *chosen, const char *word, struct sp_error *err)
{
    struct subject subject = { 0 };
    char project[PATH_MAX];
    if (read_subject(&subject, word, chosen->manager, err) < 0 ||
        sp_made_up_project(project, sizeof(project), err) < 0)
        return sp_installing_complain(err);
    const char *const npm[] = { "npm",        "install", "--install-links", "--no-audit", "--no-fund",
                                subject.what, NULL };
    const char *const pip[] = {
        "python3",  "-m",       "pip",        "install", "--disable-pip-version-check",
        "--target", "packages", subject.what, NULL
    };
    int code;
    if (bring_in(&subject, project, err) < 0 ||
        (!strcmp(subject.manager, "npm") &&
         sp_made_up_file(project, "package.json",
                         "{\"name\":\"scanned\",\"version\":\"0.0.0\",\"private\":true}\n", err) < 0))
        code = sp_installing_complain(err);
    else
        code = sp_installing_do(&chosen->installing,
                                &(struct sp_installing_work){
                                    .kind = "scan",
                                    .argv = !strcmp(subject.manager, "npm") ? npm : pip,
                                    .directory = project,
                                    .never_land = true,
                                    .own_output = true,
                                },
                                NULL);
    sp_made_up_remove(project);
    return code;
}

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    struct scan_options chosen = { 0 };
    struct sp_error err = { 0 };
    sp_installing_defaults(&chosen.installing);
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && words.count != 1)
        done = sp_usage(call, "takes one package, not %zu", words.count);
    if (done < 0)
        done = scan(&chosen, words.items[0], &err);
    else if (done == SP_EXIT_USAGE)
        done = SP_RUN_FAILED;
    sp_installing_free(&chosen.installing);
    return done;
}

const struct sp_command sp_command_scan = {
    .name = "scan",
    .summary = "Install and load one package in a sandbox, and report; nothing lands",
    .arguments = "PURL|FILE|DIR",
    .about = "PURL is a package URL or a name with its registry: pkg:npm/left-pad@1.3.0, pypi:six.\n"
             "FILE is a tarball or wheel, DIR the source of a package. Ends as 'sallyport run' does.\n",
    .options = options,
    .completion = SP_COMPLETE_FILE,
    .run = run,
};
