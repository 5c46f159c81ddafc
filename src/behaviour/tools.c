/* tools.c: programs that no install starts: what publishes, mines, reads the clipboard, packs up the home.
 * Sources: MITRE ATT&CK T1195.002, T1496.001, T1115, T1560.001, T1528. */
#include "behaviour/judge.h"

#include "base/path.h"

#include <string.h>

/* --------------------------------------------------------------------------------------------------
 * publishing */

struct publishing {
    const char *tool;
    const char *first, *second; /* operands; NULL: any */
};
static const struct publishing publishing[] = {
    { "npm", "publish", NULL },    { "npm", "token", NULL },      { "npm", "adduser", NULL },
    { "npm", "login", NULL },      { "npm", "owner", NULL },      { "npm", "access", NULL },
    { "npm", "stage", NULL },      { "npm", "whoami", NULL },     { "npm", "unpublish", NULL },
    { "npm", "deprecate", NULL },  { "npm", "dist-tag", "add" },  { "yarn", "publish", NULL },
    { "yarn", "npm", "publish" },  { "yarn", "login", NULL },     { "pnpm", "publish", NULL },
    { "bun", "publish", NULL },    { "twine", "upload", NULL },   { "flit", "publish", NULL },
    { "poetry", "publish", NULL }, { "uv", "publish", NULL },     { "hatch", "publish", NULL },
    { "cargo", "publish", NULL },  { "cargo", "login", NULL },    { "gem", "push", NULL },
    { "git", "push", NULL },       { "git", "credential", NULL }, { "gh", "auth", NULL },
    { "gh", "repo", "create" },    { "gh", "secret", NULL },      { "gh", "workflow", NULL },
    { "gh", "gist", "create" },    { "docker", "push", NULL },    { "glab", "auth", NULL },
};

/* The operand number AT, from FROM on, behind options; NULL: none. */
static const char *
operand(const struct sp_command *command, size_t from, int at)
{
    for (size_t i = from; i < command->count; i++) {
        const char *word = command->words[i];
        if (!strcmp(word, "-C") || !strcmp(word, "--prefix") || !strcmp(word, "-c") ||
            !strcmp(word, "--registry") || !strcmp(word, "--repo")) {
            i++; /* takes a word */
            continue;
        }
        if (word[0] != '-' && at-- == 0)
            return word;
    }
    return NULL;
}

static bool
is_publishing(const char *tool, const struct sp_command *command, size_t from)
{
    const char *first = operand(command, from, 0), *second = operand(command, from, 1);
    for (size_t i = 0; i < SP_COUNT(publishing); i++)
        if (first && !strcmp(tool, publishing[i].tool) && !strcmp(first, publishing[i].first) &&
            (!publishing[i].second || (second && !strcmp(second, publishing[i].second))))
            return true;
    /* setup.py upload */
    return !strcmp(tool, "setup") &&
           (sp_command_has(command, from, "upload") || sp_command_has(command, from, "register"));
}

static bool
read_publishes(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const struct sp_command *command = &behaviour->command;
    char shown[SP_SHOWN_MAX];
    const char *module = command->module;
    /* npm's own file has this name */
    if (!strcmp(module, "npm-cli"))
        module = "npm";
    if (!is_publishing(command->tool, command, command->argument) &&
        !(*module && is_publishing(module, command, command->module_argument)))
        return false;
    SP_SAY(remark, "uses your accounts: %s, %s", sp_shown_words(shown, event->detail),
           sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "do not install it: an install never publishes, pushes or asks for tokens; worms spread so");
    return true;
}

const struct sp_rule sp_rule_publishes = {
    .id = "run/publishes",
    .title = "a tool that publishes, pushes or shows tokens was started",
    .source = "MITRE ATT&CK T1195.002, T1528, T1567.001",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "npm publish, token, adduser, whoami; twine upload; git push or credential; gh auth, secret, repo "
        "create; and their like, started by a package",
    .advice = "do not install",
    .page = SP_PAGE "runpublishes",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC,
    .read = read_publishes,
};

/* ------------------------------------------------------------------------------------------------------
 * mining */

static bool
is_mining(const struct sp_command *command)
{
    static const char *const programs[] = { "xmrig",       "minerd",         "cpuminer", "ethminer",
                                            "nbminer",     "lolMiner",       "t-rex",    "ccminer",
                                            "xmr-stak",    "cgminer",        "bfgminer", "phoenixminer",
                                            "xmrig-notls", "srbminer-multi", NULL };
    static const char *const parts[] = {
        "stratum+tcp://",  "stratum+ssl://",      "stratum2+tcp://", "stratum+tls://",
        "--donate-level",  "--coin=monero",       "--randomx-",      ".minexmr.com",
        "supportxmr.com:", "moneroocean.stream:", ".nanopool.org:",  ".2miners.com:",
        "hashvault.pro:",  ".nicehash.com:",      ".c3pool.org:",    ".unmineable.com:"
    };
    char name[128];
    sp_program_name(command->program, name, sizeof(name));
    if (sp_is_one_of(name, programs) || sp_is_one_of(command->tool, programs))
        return true;
    for (size_t i = 1; i < command->count; i++)
        for (size_t p = 0; p < SP_COUNT(parts); p++)
            if (strstr(command->words[i], parts[p]))
                return true;
    return sp_command_has(command, 1, "--coin") &&
           (sp_command_has(command, 1, "-o") || sp_command_has(command, 1, "--url"));
}

static bool
read_miner(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    if (event->kind == SP_EVENT_EXEC) {
        if (!is_mining(&behaviour->command))
            return false;
        SP_SAY(remark, "starts a miner: %s, %s", sp_shown_words(shown, event->detail),
               sp_phase_words(event->phase));
    } else {
        /* what a miner says first to its pool */
        const char *said = event->detail ? event->detail : "";
        if (!strstr(said, "\"mining.subscribe\"") && !strstr(said, "\"mining.authorize\"") &&
            !(strstr(said, "\"method\":\"login\"") && strstr(said, "\"agent\"") && strstr(said, "\"algo\"")))
            return false;
        SP_SAY(remark, "speaks as a miner does to %s port %u %s", sp_shown(shown, event->subject),
               event->port, sp_phase_words(event->phase));
    }
    SP_ADVISE(remark, "do not install it: it earns money with your machine");
    return true;
}

const struct sp_rule sp_rule_miner = {
    .id = "run/miner",
    .title = "a miner was started",
    .source = "MITRE ATT&CK T1496.001; CISA alert of 2021-10-22 on ua-parser-js",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a program named as miners are (xmrig), words with stratum+tcp://, --donate-level, --coin or a "
        "known pool, or the first words of the Stratum protocol over a socket",
    .advice = "do not install",
    .page = SP_PAGE "runminer",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_SAID,
    .read = read_miner,
};

/* ---------------------------------------------------------------------------------------------------
 * clipboard */

static bool
read_clipboard(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    static const char *const tools[] = { "xclip",   "xsel",   "wl-copy",          "wl-paste",
                                         "pbpaste", "pbcopy", "xdotool",          "termux-clipboard-get",
                                         "scrot",   "import", "gnome-screenshot", NULL };
    const struct sp_command *command = &behaviour->command;
    char shown[SP_SHOWN_MAX], name[128];
    sp_program_name(command->program, name, sizeof(name));
    if (!sp_is_one_of(command->tool, tools) && !sp_is_one_of(name, tools) &&
        !(command->interpreter && sp_command_has(command, 1, "Get-Clipboard")))
        return false;
    remark->subject = command->tool;
    SP_SAY(remark, "starts %s, which reads or replaces what you copied or see, %s",
           sp_shown_words(shown, event->detail), sp_phase_words(event->phase));
    SP_ADVISE(remark, "addresses of wallets are swapped so; an install has no use for the clipboard");
    return true;
}

const struct sp_rule sp_rule_clipboard = {
    .id = "run/clipboard",
    .title = "a tool for the clipboard or the screen was started",
    .source = "MITRE ATT&CK T1115, T1113",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "xclip, xsel, wl-paste, pbpaste, scrot and their like, started by a package",
    .advice = "find out what it wants there",
    .page = SP_PAGE "runclipboard",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC,
    .read = read_clipboard,
};

/* --------------------------------------------------------------------------------------------------- packing
 * up */

static bool
packs(const struct sp_command *command)
{
    static const char *const archivers[] = { "zip", "7z", "7za", "7zr", "rar", NULL };
    const char *tool = command->tool, *first = operand(command, command->argument, 0);
    if (!strcmp(tool, "tar") || !strcmp(tool, "bsdtar")) {
        const char *flags = command->argument < command->count ? command->words[command->argument] : "";
        if (!strncmp(flags, "--", 2))
            return sp_command_has(command, command->argument, "--create");
        return strchr(flags, 'c') && !strpbrk(flags, "xt") && strlen(flags) < 12;
    }
    return sp_is_one_of(tool, archivers) && (!strcmp(tool, "zip") || (first && !strcmp(first, "a")));
}

/* Whether what lies at PATH is somebody else's than the package's. */
static bool
is_outside(const struct sp_behaviour *behaviour, const char *path)
{
    static const char *const of_system[] = { "/etc", "/var", "/root", "/home", "/srv", "/opt", "/proc" };
    const char *home = behaviour->home, *project = behaviour->project;
    if (sp_is_temporary(path) && !sp_within_project(behaviour, path))
        return false;
    if (!strcmp(path, "/") || (project && !strcmp(path, project)))
        return true; /* the whole of it */
    if (project && sp_path_beneath(project, path))
        return false;
    if (home && sp_path_beneath(home, path))
        return !strstr(path, "/.npm/") && !strstr(path, "/.cache/");
    for (size_t i = 0; i < SP_COUNT(of_system); i++)
        if (sp_path_beneath(of_system[i], path))
            return true;
    return false;
}

static bool
read_staged(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const struct sp_command *command = &behaviour->command;
    char path[SP_COMMAND_PATH], shown[SP_SHOWN_MAX];
    if (!packs(command))
        return false;
    const char *directory = event->directory;
    bool archive = true; /* the first operand is what is made */
    for (size_t i = command->argument; i < command->count; i++) {
        const char *word = command->words[i];
        if (!strcmp(word, "-C") && i + 1 < command->count) {
            directory = command->words[++i];
        } else if (!strcmp(word, "-f") || !strcmp(word, "--file")) {
            i++;
            archive = false;
            continue;
        } else if (word[0] == '-' && i == command->argument && strchr(word, 'f')) {
            i++; /* tar -czf FILE */
            archive = false;
            continue;
        } else if (word[0] == '-' || (i == command->argument && packs(command) && !strchr(word, '/') &&
                                      strspn(word, "acvzjJfp") == strlen(word))) {
            if (word[0] != '-' && strchr(word, 'f')) {
                i++; /* tar czf FILE */
                archive = false;
            }
            continue;
        } else if (archive) {
            archive = false;
            continue;
        }
        if (!sp_path_join(path, event->directory, directory == event->directory ? word : directory) ||
            !is_outside(behaviour, path))
            continue;
        remark->subject = path;
        SP_SAY(remark, "packs up %s: %s, %s", sp_shown_path(behaviour, shown, path), command->tool,
               sp_phase_words(event->phase));
        SP_ADVISE(remark, "find out what the archive is for: what is to be stolen is packed first");
        return true;
    }
    return false;
}

const struct sp_rule sp_rule_staged = {
    .id = "run/staged",
    .title = "files that are not the package's were packed up",
    .source = "MITRE ATT&CK T1560.001, T1074.001",
    .severity = SP_SEVERITY_REVIEW,
    .evidence =
        "tar, zip or 7z makes an archive of the home, the whole project, /etc or another place outside the "
        "package",
    .advice = "find out what the archive is for",
    .page = SP_PAGE "runstaged",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC,
    .read = read_staged,
};
