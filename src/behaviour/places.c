/* places.c: the places that run, or are obeyed, after the install is over. Sources: MITRE ATT&CK T1053,
 * T1098.004, T1176, T1543, T1546, T1547, T1574; DESIGN 4.1 for a project's own places. */
#include "behaviour/judge.h"

#include <string.h>

struct place {
    const char *path; /* ends in '/': all beneath */
    const char *where;
    enum sp_place_class class; /* NONE stands for LATER */
};

/* Beneath the home. */
static const struct place of_home[] = {
    { ".bashrc", "every shell" },
    { ".bash_profile", "every login" },
    { ".bash_login", "every login" },
    { ".bash_logout", "every logout" },
    { ".bash_aliases", "every shell" },
    { ".profile", "every login" },
    { ".zshrc", "every shell" },
    { ".zshenv", "every shell" },
    { ".zprofile", "every login" },
    { ".zlogin", "every login" },
    { ".config/fish/", "every shell" },
    { ".kshrc", "every shell" },
    { ".xprofile", "every desktop session" },
    { ".xinitrc", "every desktop session" },
    { ".xsessionrc", "every desktop session" },
    { ".pam_environment", "every login", SP_PLACE_LOADER },
    { ".config/environment.d/", "every login", SP_PLACE_LOADER },
    { ".config/systemd/", "systemd" },
    { ".local/share/systemd/", "systemd" },
    { ".config/autostart/", "every desktop session" },
    { ".local/share/applications/", "the desktop" },
    { ".local/bin/", "whoever types its name" },
    { "bin/", "whoever types its name" },
    { ".ssh/authorized_keys", "SSH" }, /* not known_hosts, which SSH itself writes */
    { ".ssh/authorized_keys2", "SSH" },
    { ".ssh/config", "SSH" },
    { ".ssh/rc", "SSH" },
    { ".ssh/environment", "SSH" },
    { ".gitconfig", "git" },
    { ".config/git/", "git" },
    { ".vimrc", "vim" },
    { ".config/nvim/", "nvim" },
    { ".emacs", "emacs" },
    { ".emacs.d/", "emacs" },
    { ".gdbinit", "gdb" },
    { ".npmrc", "npm", SP_PLACE_MANAGER },
    { ".config/pip/", "pip", SP_PLACE_MANAGER },
    { ".pip/", "pip", SP_PLACE_MANAGER },
    { ".pythonrc", "python" },
    { ".cargo/config.toml", "cargo", SP_PLACE_MANAGER },
    { ".gradle/init.d/", "gradle" },
    { ".yarnrc", "yarn", SP_PLACE_MANAGER },
    { ".yarnrc.yml", "yarn", SP_PLACE_MANAGER },
    { ".config/pnpm/", "pnpm", SP_PLACE_MANAGER },
    { ".bunfig.toml", "bun", SP_PLACE_MANAGER },
    { ".config/uv/", "uv", SP_PLACE_MANAGER },
    { ".config/pypoetry/", "poetry", SP_PLACE_MANAGER },
    { ".pypirc", "uploads to PyPI", SP_PLACE_MANAGER },
    { ".gem/credentials", "RubyGems", SP_PLACE_MANAGER },
    { ".cargo/credentials", "cargo", SP_PLACE_MANAGER },
    { ".cargo/credentials.toml", "cargo", SP_PLACE_MANAGER },
    { ".netrc", "downloads", SP_PLACE_MANAGER },
    { ".mozilla/", "the browser", SP_PLACE_BROWSER },
    { ".config/google-chrome", "the browser", SP_PLACE_BROWSER },
    { ".config/chromium/", "the browser", SP_PLACE_BROWSER },
    { ".config/BraveSoftware/", "the browser", SP_PLACE_BROWSER },
    { ".config/microsoft-edge", "the browser", SP_PLACE_BROWSER },
    { ".config/opera", "the browser", SP_PLACE_BROWSER },
    { ".config/vivaldi", "the browser", SP_PLACE_BROWSER },
    { "snap/firefox/", "the browser", SP_PLACE_BROWSER },
    { "snap/chromium/", "the browser", SP_PLACE_BROWSER },
    { ".var/app/org.mozilla.firefox/", "the browser", SP_PLACE_BROWSER },
    { ".m2/settings.xml", "maven", SP_PLACE_MANAGER },
    { ".vscode/extensions/", "the editor" },
    { ".config/Code/User/", "the editor" },
    { "Library/LaunchAgents/", "launchd" },
};

/* Of the system. */
static const struct place of_system[] = {
    { "/etc/cron", "cron" }, /* .d/, tab, .daily/ ... */
    { "/etc/anacrontab", "cron" },
    { "/etc/at.", "at" },
    { "/var/spool/cron/", "cron" },
    { "/var/spool/at/", "at" },
    { "/etc/systemd/", "systemd" },
    { "/lib/systemd/", "systemd" },
    { "/usr/lib/systemd/", "systemd" },
    { "/usr/local/lib/systemd/", "systemd" },
    { "/etc/init.d/", "every start" },
    { "/etc/rc", "every start" },
    { "/etc/profile", "every login" },
    { "/etc/bash.bashrc", "every shell" },
    { "/etc/bashrc", "every shell" },
    { "/etc/zsh", "every shell" },
    { "/etc/environment", "every login", SP_PLACE_LOADER },
    { "/etc/ld.so.", "every program", SP_PLACE_LOADER },
    { "/etc/sudoers", "sudo" },
    { "/etc/pam.d/", "every login" },
    { "/etc/ssh/", "SSH" },
    { "/etc/passwd", "every login" },
    { "/etc/shadow", "every login" },
    { "/etc/udev/", "udev" },
    { "/etc/xdg/autostart/", "every desktop session" },
    { "/etc/apt/", "apt" },
    { "/etc/modprobe.d/", "the kernel" },
    { "/etc/modules", "the kernel" },
    { "/etc/npmrc", "npm", SP_PLACE_MANAGER },
    { "/etc/pip.conf", "pip", SP_PLACE_MANAGER },
    { "/etc/gitconfig", "git" },
    { "/etc/opt/chrome/", "the browser", SP_PLACE_BROWSER },
    { "/etc/chromium/", "the browser", SP_PLACE_BROWSER },
    { "/etc/firefox/", "the browser", SP_PLACE_BROWSER },
    { "/opt/google/chrome/", "the browser", SP_PLACE_BROWSER },
    { "/usr/share/mozilla/extensions/", "the browser", SP_PLACE_BROWSER },
    { "/usr/lib/mozilla/extensions/", "the browser", SP_PLACE_BROWSER },
};

/* Within any directory. */
static const struct place anywhere[] = {
    { ".git/hooks/", "git" },
    { ".vscode/tasks.json", "the editor" },
    { ".vscode/settings.json", "the editor" },
    { ".vscode/launch.json", "the editor" },
    { ".idea/runConfigurations/", "the editor" },
    { ".devcontainer/", "the editor" },
    { ".github/workflows/", "continuous integration", SP_PLACE_WORKFLOW },
    { ".github/actions/", "continuous integration", SP_PLACE_WORKFLOW },
    { ".gitlab-ci.yml", "continuous integration", SP_PLACE_WORKFLOW },
    { ".circleci/", "continuous integration", SP_PLACE_WORKFLOW },
    { ".ssh/authorized_keys", "SSH" },
    { ".travis.yml", "continuous integration", SP_PLACE_WORKFLOW },
    { "azure-pipelines.yml", "continuous integration", SP_PLACE_WORKFLOW },
    { "Jenkinsfile", "continuous integration", SP_PLACE_WORKFLOW },
    { "bitbucket-pipelines.yml", "continuous integration", SP_PLACE_WORKFLOW },
    { ".npmrc", "npm", SP_PLACE_MANAGER },
    { ".yarnrc", "yarn", SP_PLACE_MANAGER },
    { ".yarnrc.yml", "yarn", SP_PLACE_MANAGER },
    { ".pnpmfile.cjs", "pnpm", SP_PLACE_MANAGER },
    { "pip.conf", "pip", SP_PLACE_MANAGER },
    { ".pypirc", "uploads to PyPI", SP_PLACE_MANAGER },
    { "bunfig.toml", "bun", SP_PLACE_MANAGER },
    { ".envrc", "direnv" },
    { "sitecustomize.py", "every Python" },
    { "usercustomize.py", "every Python" },
};

static bool
is_at(const char *path, const char *place)
{
    size_t length = strlen(place);
    if (strncmp(path, place, length))
        return false;
    return place[length - 1] == '/' || !path[length] || path[length] == '/';
}

static enum sp_place_class
found(const struct place *place, const char **where)
{
    *where = place->where;
    return place->class ? place->class : SP_PLACE_LATER;
}

enum sp_place_class
sp_place_class(const struct sp_behaviour *behaviour, const char *path, const char **where)
{
    const char *within = sp_within_home(behaviour, path);
    for (size_t i = 0; within && i < SP_COUNT(of_home); i++)
        if (of_home[i].class == SP_PLACE_BROWSER ? !strncmp(within, of_home[i].path, strlen(of_home[i].path))
                                                 : is_at(within, of_home[i].path))
            return found(&of_home[i], where);
    for (size_t i = 0; strchr("elvuo", path[0] ? path[1] : 0) && i < SP_COUNT(of_system); i++)
        if (!strncmp(path, of_system[i].path, strlen(of_system[i].path)))
            return found(&of_system[i], where);
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        /* as they begin: nearly no part of a path does */
        if (!*at || !strchr(".suabpJ", *at))
            continue;
        for (size_t i = 0; i < SP_COUNT(anywhere); i++)
            if (is_at(at, anywhere[i].path))
                return found(&anywhere[i], where);
    }
    size_t length = strlen(path);
    /* Python reads them there alone; elsewhere they are weights of models */
    if (length > 4 && !strcmp(path + length - 4, ".pth") &&
        (strstr(path, "/site-packages/") || strstr(path, "/dist-packages/"))) {
        *where = "every Python";
        return SP_PLACE_LATER;
    }
    return SP_PLACE_NONE;
}

/* Git writes these examples into every repository that it makes; none of them runs. */
static bool
is_sample(const char *path)
{
    size_t length = strlen(path);
    return length > 7 && !strcmp(path + length - 7, ".sample") && strstr(path, "/hooks/");
}

/* Where sources of others are kept, with all that lay in their repositories; nothing runs from there. */
static bool
is_source_cache(const struct sp_behaviour *behaviour, const char *path)
{
    static const char *const caches[] = { ".cargo/registry/src/", ".cargo/git/checkouts/", "go/pkg/mod/" };
    const char *within = sp_within_home(behaviour, path);
    for (size_t i = 0; within && i < SP_COUNT(caches); i++)
        if (!strncmp(within, caches[i], strlen(caches[i])))
            return true;
    return false;
}

/* What Python runs wherever it is installed. */
static bool
is_for_every_python(const char *path)
{
    const char *name = strrchr(path, '/');
    size_t length = strlen(path);
    return (length > 4 && !strcmp(path + length - 4, ".pth")) ||
           (name && (!strcmp(name, "/sitecustomize.py") || !strcmp(name, "/usercustomize.py")));
}

static enum sp_place_class
classify(const struct sp_behaviour *behaviour, const char *path, const char **where)
{
    if (path[0] != '/' || (sp_is_temporary(path) && !sp_within_project(behaviour, path)))
        return SP_PLACE_NONE;
    /* a package's own copy of such a file is nobody's */
    if (sp_is_installed(path) && (!is_for_every_python(path) || strstr(path, "/build/")))
        return SP_PLACE_NONE;
    if (is_sample(path) || is_source_cache(behaviour, path) || strstr(path, "/_cacache/tmp/") ||
        sp_write_allowed(behaviour, path))
        return SP_PLACE_NONE;
    return sp_place_class(behaviour, path, where);
}

enum sp_place_class
sp_put_class(struct sp_behaviour *behaviour, const struct sp_event *event, const char **path,
             const char **where)
{
    /* five rules ask the same of one event */
    if (behaviour->put_event != behaviour->events) {
        behaviour->put_event = behaviour->events;
        behaviour->put_path = sp_put_path(event);
        behaviour->put_class = behaviour->put_path
                                   ? classify(behaviour, behaviour->put_path, &behaviour->put_where)
                                   : SP_PLACE_NONE;
    }
    *path = behaviour->put_path;
    *where = behaviour->put_where;
    return behaviour->put_class;
}
