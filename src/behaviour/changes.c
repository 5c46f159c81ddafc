/* changes.c: what was written that is no declared output of the install, and what of it would run later.
 * Sources: MITRE ATT&CK T1053, T1098.004, T1176, T1543, T1546, T1547, T1574; DESIGN 4.1 for a project's own
 * places. */
#include "behaviour/judge.h"

#include <string.h>

struct place {
    const char *path; /* ends in '/': all beneath */
    const char *where;
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
    { ".pam_environment", "every login" },
    { ".config/environment.d/", "every login" },
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
    { ".npmrc", "npm" },
    { ".config/pip/", "pip" },
    { ".pip/", "pip" },
    { ".pythonrc", "python" },
    { ".cargo/config.toml", "cargo" },
    { ".gradle/init.d/", "gradle" },
    { ".m2/settings.xml", "maven" },
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
    { "/etc/environment", "every login" },
    { "/etc/ld.so.", "every program" },
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
    { "/etc/npmrc", "npm" },
    { "/etc/pip.conf", "pip" },
    { "/etc/gitconfig", "git" },
};

/* Within any directory. */
static const struct place anywhere[] = {
    { ".git/hooks/", "git" },
    { ".vscode/tasks.json", "the editor" },
    { ".vscode/settings.json", "the editor" },
    { ".vscode/launch.json", "the editor" },
    { ".idea/runConfigurations/", "the editor" },
    { ".devcontainer/", "the editor" },
    { ".github/workflows/", "continuous integration" },
    { ".github/actions/", "continuous integration" },
    { ".gitlab-ci.yml", "continuous integration" },
    { ".circleci/", "continuous integration" },
    { ".ssh/authorized_keys", "SSH" },
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

bool
sp_persists(const struct sp_behaviour *behaviour, const char *path, const char **where)
{
    const char *within = sp_within_home(behaviour, path);
    for (size_t i = 0; within && i < SP_COUNT(of_home); i++)
        if (is_at(within, of_home[i].path)) {
            *where = of_home[i].where;
            return true;
        }
    for (size_t i = 0; i < SP_COUNT(of_system); i++)
        if (!strncmp(path, of_system[i].path, strlen(of_system[i].path))) {
            *where = of_system[i].where;
            return true;
        }
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        for (size_t i = 0; i < SP_COUNT(anywhere); i++)
            if (is_at(at, anywhere[i].path)) {
                *where = anywhere[i].where;
                return true;
            }
    }
    size_t length = strlen(path);
    if (length > 4 && !strcmp(path + length - 4, ".pth")) {
        *where = "every Python";
        return true;
    }
    return false;
}

/* --allow-write takes the path as it is: where it cannot be shown so, it cannot be advised. */
static void
advise(struct sp_remark *remark, const char *before, const char *path, const char *shown)
{
    bool plain = strlen(path) < SP_SHOWN_MAX - 8 && !strpbrk(path, " '\"\\$`!*?[]{}();&|<>#~\n\t");
    const char *tail = shown[0] == '~' ? shown + 1 : shown;
    size_t length = strlen(tail), whole = strlen(path);
    if (plain && whole >= length && !strcmp(path + whole - length, tail))
        snprintf(remark->advice, sizeof(remark->advice), "%s: --allow-write %s", before, path);
    else
        snprintf(remark->advice, sizeof(remark->advice), "%s: --allow-write with its path", before);
}

static bool
read_persistence(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], detail[SP_SHOWN_MAX];
    const char *where, *path = event->subject ? event->subject : "";
    if (!sp_persists(behaviour, path, &where))
        return false;
    sp_shown_path(behaviour, shown, path);
    snprintf(remark->message, sizeof(remark->message), "changes %s, which %s would run or obey later, %s%s%s",
             shown, where, sp_phase_words(event->phase), event->detail ? ": " : "",
             event->detail ? sp_shown(detail, event->detail) : "");
    advise(remark, "it does not land; if you want it (git hooks by husky or lefthook)", path, shown);
    return true;
}

const struct sp_rule sp_rule_persistence = {
    .id = "run/persistence",
    .title = "a change that would run later",
    .source = "MITRE ATT&CK T1053, T1098.004, T1543, T1546, T1547, T1574",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a write, outside the declared outputs, to shells' start files, cron, systemd, autostart, "
        "authorized_keys, git hooks, editors' tasks, workflows, ld.so.preload, sitecustomize, .pth files",
    .advice = "--allow-write PATH if you want it",
    .kinds = 1u << SP_EVENT_WRITE,
    .read = read_persistence,
};

static bool
read_write(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], detail[SP_SHOWN_MAX];
    const char *where, *path = event->subject ? event->subject : "";
    if (sp_persists(behaviour, path, &where))
        return false; /* said by the other rule */
    sp_shown_path(behaviour, shown, path);
    snprintf(remark->message, sizeof(remark->message), "changes %s, which is no declared output, %s%s%s",
             shown, sp_phase_words(event->phase), event->detail ? ": " : "",
             event->detail ? sp_shown(detail, event->detail) : "");
    advise(remark, "it does not land; if it belongs to the install", path, shown);
    return true;
}

const struct sp_rule sp_rule_write_outside = {
    .id = "run/write-outside",
    .title = "a change outside the declared outputs",
    .source = "DESIGN: landing",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "a file was made, changed or deleted that the package manager does not declare",
    .advice = "--allow-write PATH if it belongs to the install",
    .kinds = 1u << SP_EVENT_WRITE,
    .read = read_write,
};
