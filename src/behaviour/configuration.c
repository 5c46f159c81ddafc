/* configuration.c: files that are no package's to write, told as they are written: settings of package
 * managers, workflows, what every program loads, browsers, and commands that everybody types.
 * Sources: MITRE ATT&CK T1195.002, T1574.006, T1574.007, T1176, T1677. */
#include "behaviour/judge.h"

#include "ecosystem/purl.h"

#include <string.h>

#define PUTTING (1u << SP_EVENT_OPEN | 1u << SP_EVENT_CHANGE)

/* The path that EVENT puts in a place of CLASS, told for the first time; NULL: none. */
static const char *
puts_at(struct sp_behaviour *behaviour, const struct sp_event *event, enum sp_place_class class,
        struct sp_remark *remark, const char **where)
{
    const char *path;
    if (sp_put_class(behaviour, event, &path, where) != class || !sp_tell_path(behaviour, path))
        return NULL;
    remark->subject = path;
    return path;
}

static bool
read_manager_config(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *where, *path = puts_at(behaviour, event, SP_PLACE_MANAGER, remark, &where);
    if (!path)
        return false;
    SP_SAY(remark, "writes %s, the settings of %s, %s", sp_shown_path(behaviour, shown, path), where,
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: with these it takes the next install, or publishes as you");
    return true;
}

const struct sp_rule sp_rule_manager_config = {
    .id = "run/manager-config",
    .title = "the package manager's settings were written",
    .source = "MITRE ATT&CK T1195.002, T1554",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a package's process writes .npmrc, .yarnrc, pip.conf, .pypirc, .netrc or their like, in the home, "
        "the system or the project",
    .advice = "do not install",
    .page = SP_PAGE "runmanager-config",
    .who = SP_RULE_PACKAGES,
    .kinds = PUTTING,
    .read = read_manager_config,
};

static bool
read_workflow(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *where, *path = puts_at(behaviour, event, SP_PLACE_WORKFLOW, remark, &where);
    if (!path)
        return false;
    SP_SAY(remark, "writes %s, which %s would run with its secrets, %s",
           sp_shown_path(behaviour, shown, path), where, sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: worms carry tokens out of continuous integration so");
    return true;
}

const struct sp_rule sp_rule_workflow = {
    .id = "run/workflow",
    .title = "a workflow of continuous integration was written",
    .source = "MITRE ATT&CK T1677, T1195.002",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a package's process writes beneath .github/workflows, .github/actions or .circleci, or "
                ".gitlab-ci.yml, Jenkinsfile and their like",
    .advice = "do not install",
    .page = SP_PAGE "runworkflow",
    .who = SP_RULE_PACKAGES,
    .kinds = PUTTING,
    .read = read_workflow,
};

/* ------------------------------------------------------------------------------------- what all programs
 * load */

static const char *
loader_words(const struct sp_command *command)
{
    static const char *const variables[] = { "LD_PRELOAD=", "LD_AUDIT=", "DYLD_INSERT_LIBRARIES=" };
    for (size_t v = 0; v < SP_COUNT(variables); v++) {
        for (size_t i = 1; i < command->count && !strcmp(command->words[0], "env"); i++)
            if (!strncmp(command->words[i], variables[v], strlen(variables[v])))
                return variables[v];
        if (command->shell && command->text && strstr(command->text, variables[v]))
            return variables[v];
    }
    return NULL;
}

static bool
read_loader(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    if (event->kind == SP_EVENT_EXEC) {
        const char *variable = loader_words(&behaviour->command);
        if (!variable)
            return false;
        remark->severity = SP_SEVERITY_REVIEW;
        SP_SAY(remark, "starts programs with %.*s set: %s, %s", (int)strlen(variable) - 1, variable,
               sp_shown_words(shown, event->detail), sp_phase_words(event->phase));
        SP_ADVISE(remark, "allocators and test tools are loaded so, and so is what hides or listens");
        return true;
    }
    const char *where, *path = puts_at(behaviour, event, SP_PLACE_LOADER, remark, &where);
    if (!path)
        return false;
    SP_SAY(remark, "writes %s, which %s obeys, %s", sp_shown_path(behaviour, shown, path), where,
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: its code would be in every program");
    return true;
}

const struct sp_rule sp_rule_loader = {
    .id = "run/loader",
    .title = "what every program loads was changed",
    .source = "MITRE ATT&CK T1574.006",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a package's process writes /etc/ld.so.preload, /etc/ld.so.conf, /etc/environment or "
                "environment.d; review of LD_PRELOAD in the words of env or a shell",
    .advice = "do not install what writes them",
    .page = SP_PAGE "runloader",
    .who = SP_RULE_PACKAGES,
    .kinds = PUTTING | 1u << SP_EVENT_EXEC,
    .read = read_loader,
};

/* ------------------------------------------------------------------------------------------------- commands
 */

bool
sp_hijacks(const char *path)
{
    static const char *const common[] = {
        "npm",  "npx", "node", "yarn", "pnpm", "corepack", "python", "python3", "pip",   "pip3",   "uv",
        "git",  "ssh", "scp",  "sudo", "su",   "ls",       "cat",    "cp",      "mv",    "rm",     "sh",
        "bash", "zsh", "env",  "curl", "wget", "gpg",      "docker", "kubectl", "code",  "make",   "gcc",
        "cc",   "ps",  "top",  "grep", "find", "which",    "vim",    "go",      "cargo", "rustc",  "java",
        "ruby", "gem", "gh",   "aws",  "tsc",  "eslint",   "jest",   "doas",    "login", "passwd", NULL
    };
    static const char *const directories[] = { "/bin/",           "/.local/bin/", "/usr/bin/",
                                               "/usr/local/bin/", "/sbin/",       "/.bin/" };
    const char *slash = strrchr(path, '/');
    if (!slash || !sp_is_one_of(slash + 1, common))
        return false;
    size_t length = (size_t)(slash + 1 - path);
    for (size_t i = 0; i < SP_COUNT(directories); i++) {
        size_t end = strlen(directories[i]);
        if (length < end || strncmp(path + length - end, directories[i], end))
            continue;
        /* a "bin" within a package is its own business */
        return !strcmp(directories[i], "/.bin/") ? strstr(path, "/node_modules/.bin/") != NULL
                                                 : !sp_is_installed(path) && !sp_is_temporary(path);
    }
    return false;
}

/* Whether the package is the tool whose name it takes: node-bin of "node", "npm" of npm. */
static bool
is_the_tool(const char *package, const char *tool)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    if (!package || sp_purl_parse(package, strlen(package), &purl, &arena, NULL) < 0 ||
        sp_purl_package_name(&purl, &name, NULL) < 0)
        return false;
    return !strcmp(sp_buffer_string(&name), tool);
}

static bool
read_path_hijack(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *path = sp_put_path(event);
    if (!path || !sp_hijacks(path) || sp_write_allowed(behaviour, path) ||
        is_the_tool(behaviour->who.package, strrchr(path, '/') + 1) || !sp_tell_path(behaviour, path))
        return false;
    remark->subject = path;
    /* package managers link programs of all names there, and this may be one that was seen too late */
    if (behaviour->who.kind == SP_ACTOR_UNKNOWN && !behaviour->who.package && sp_is_installed(path))
        remark->severity = SP_SEVERITY_REVIEW;
    SP_SAY(remark, "puts a program of its own at %s, where it runs in place of the one that you mean, %s",
           sp_shown_path(behaviour, shown, path), sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "do not install it: package managers make links to a package's programs, packages do not");
    return true;
}

const struct sp_rule sp_rule_path_hijack = {
    .id = "run/path-hijack",
    .title = "a common command was given another program",
    .source = "MITRE ATT&CK T1574.007",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a package's process puts a file or link named npm, node, git, ssh, sudo, ls ... into bin, "
                ".local/bin or node_modules/.bin, and is not the package of that name; review of "
                "node_modules/.bin where it is not known who does it",
    .advice = "do not install",
    .page = SP_PAGE "runpath-hijack",
    .who = SP_RULE_PACKAGES,
    .kinds = PUTTING,
    .read = read_path_hijack,
};

/* ------------------------------------------------------------------------------------------------- browsers
 */

static bool
read_browser(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    static const char *const browsers[] = {
        "chrome",      "chromium", "chromium-browser", "google-chrome",  "firefox",
        "firefox-esr", "brave",    "msedge",           "headless_shell", NULL
    };
    char shown[SP_SHOWN_MAX], name[128];
    const char *where, *path = puts_at(behaviour, event, SP_PLACE_BROWSER, remark, &where);
    if (!path)
        return false;
    sp_program_name(behaviour->who.process ? behaviour->who.process->program : NULL, name, sizeof(name));
    if (sp_is_one_of(name, browsers))
        remark->severity = SP_SEVERITY_REVIEW; /* a test of the browser that it brings, perhaps */
    SP_SAY(remark, "changes %s, which belongs to %s, %s", sp_shown_path(behaviour, shown, path), where,
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "an install has no business in your browser: extensions read every page");
    return true;
}

const struct sp_rule sp_rule_browser = {
    .id = "run/browser",
    .title = "a browser's profile or extensions were written",
    .source = "MITRE ATT&CK T1176, T1185",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a package's process writes into a profile or extension directory of Firefox, Chrome or their kin; "
        "review where the browser itself does",
    .advice = "do not install",
    .page = SP_PAGE "runbrowser",
    .who = SP_RULE_PACKAGES,
    .kinds = PUTTING,
    .read = read_browser,
};
