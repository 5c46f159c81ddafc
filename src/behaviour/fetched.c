/* fetched.c: code that came from elsewhere than the registry: downloaded, or written by a script from bytes
 * that it carried. Sources: MITRE ATT&CK T1105, T1027, T1140, T1059, T1204. */
#include "behaviour/judge.h"

#include <string.h>

/* How surely what was WRITTEN came from outside: 0 not at all, 1 from an allowed host, unknown where, or
 * after a call that nobody answered; 2 from somewhere that nobody allowed. */
static int
fetched(const struct sp_behaviour *behaviour, const struct sp_written *written)
{
    const struct sp_traits *traits = written ? sp_traits_of(behaviour, written->process) : NULL;
    uint32_t bits = traits ? traits->bits : 0;
    if (traits && traits->source)
        bits |= sp_traits_of(behaviour, traits->source) ? sp_traits_of(behaviour, traits->source)->bits : 0;
    bool piped = written && written->bits & SP_WRITTEN_PIPED;
    if (bits & SP_TRAIT_OUTSIDE || (piped && bits & SP_TRAIT_CHILD_OUTSIDE))
        return behaviour->unanswered ? 1 : 2;
    return bits & (SP_TRAIT_SEEN | SP_TRAIT_PASSED | SP_TRAIT_DOWNLOADER) ||
           (piped && bits & SP_TRAIT_CHILD_FETCHES);
}

/* The written file that EVENT runs: the program, or an interpreter's script; *PATH is its name. */
static struct sp_written *
executed(const struct sp_behaviour *behaviour, const struct sp_event *event, const char **path)
{
    const struct sp_command *command = &behaviour->command;
    const char *paths[3] = { NULL };
    if (event->kind == SP_EVENT_CODE) {
        paths[0] = event->value == SP_CODE_MAPPED ? event->subject : NULL;
    } else {
        paths[0] = command->program;
        paths[1] = command->script;
    }
    for (int i = 0; i < 2; i++) {
        struct sp_written *written = paths[i] && *paths[i] ? sp_written_find(behaviour, paths[i]) : NULL;
        if (written) {
            *path = paths[i];
            return written;
        }
    }
    return NULL;
}

/* Where programs keep what they can fetch again, each beneath its own name. */
static bool
is_cache(const struct sp_behaviour *behaviour, const char *path)
{
    const char *within = sp_within_home(behaviour, path);
    return within && !strncmp(within, ".cache/", 7);
}

static void
say_fetched(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark,
            const char *path, bool mapped)
{
    char shown[SP_SHOWN_MAX];
    remark->subject = path;
    SP_SAY(remark, "%s %s, which it %s, %s", mapped ? "loads" : "runs", sp_shown_path(behaviour, shown, path),
           behaviour->unanswered ? "wrote after it had tried to fetch from outside the registry"
                                 : "fetched from outside the registry",
           sp_phase_words(event->phase));
    if (remark->severity == SP_SEVERITY_BLOCK)
        SP_ADVISE(remark, "do not install it: nobody has looked at what it runs, and it can be another thing "
                          "tomorrow");
    else if (remark->severity == SP_SEVERITY_REVIEW)
        SP_ADVISE(remark, "see that the package checks a digest of what it downloads");
}

static bool
read_fetched(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const char *path;
    if (event->kind == SP_EVENT_CONNECTION || event->kind == SP_EVENT_DATAGRAM) {
        /* it ran before it was known where the connection led */
        uint32_t ran = behaviour->who.traits->ran;
        if (!ran || sp_sent(event) != SP_SENT_OUTSIDE)
            return false;
        path = behaviour->written[ran - 1].path;
        if (behaviour->unanswered || sp_is_installed(path) || is_cache(behaviour, path))
            remark->severity = SP_SEVERITY_REVIEW;
        say_fetched(behaviour, event, remark, path, false);
        return true;
    }
    struct sp_written *written = executed(behaviour, event, &path);
    int sure = fetched(behaviour, written);
    if (!sure)
        return false;
    bool mapped = event->kind == SP_EVENT_CODE;
    struct sp_traits *writer = sp_traits_of(behaviour, written->process);
    if (writer && !mapped)
        writer->ran = (uint32_t)(written - behaviour->written) + 1;
    /* dozens of honest packages unpack a download where they are installed and try it; a dropper hides it */
    bool at_home = sp_is_installed(path) || is_cache(behaviour, path);
    if (sure < 2 || at_home)
        remark->severity = mapped ? SP_SEVERITY_NONE : SP_SEVERITY_REVIEW;
    say_fetched(behaviour, event, remark, path, mapped);
    return true;
}

const struct sp_rule sp_rule_fetched_executed = {
    .id = "run/fetched-executed",
    .title = "a fetched file was executed",
    .source = "DESIGN 4.4; MITRE ATT&CK T1105, T1204.002",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a file that was written, unpacked or copied from a process that connected outside the registry "
        "is started, given to an interpreter, or loaded; review where --allow-host let the download "
        "through, where it is not known where it came from, where nobody answered (--net registry), so that "
        "it was fetched in vain, or where it lies with the installed package or in ~/.cache",
    .advice = "--allow-host NAME for an honest download, and see that a digest is checked",
    .page = SP_PAGE "runfetched-executed",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_CODE | 1u << SP_EVENT_CONNECTION | 1u << SP_EVENT_DATAGRAM,
    .read = read_fetched,
};

/* ------------------------------------------------------------------------------------------------- decoded
 */

/* A directory whose name begins with a dot, other than those in which tools keep whole installs. */
static bool
is_hidden(const char *path)
{
    static const char *const known[] = { ".pnpm", ".venv", ".yarn",  ".nvm", ".pyenv",   ".tox",
                                         ".nox",  ".bin",  ".store", "..",   ".mesonpy", NULL };
    for (const char *at = strstr(path, "/."); at; at = strstr(at + 1, "/.")) {
        char part[64];
        size_t length = strcspn(at + 1, "/");
        snprintf(part, sizeof(part), "%.*s", (int)(length < 63 ? length : 63), at + 1);
        if (length > 1 && at[1 + length] && !sp_is_one_of(part, known))
            return true;
    }
    return false;
}

/* Where builds and preparations happen by design. */
static bool
is_build_place(const char *path, enum sp_phase phase)
{
    return (phase == SP_PHASE_BUILD &&
            (!strncmp(path, "/tmp/pip-", 9) || !strncmp(path, "/tmp/build-env-", 15) ||
             strstr(path, "/.cache/uv/"))) ||
           strstr(path, "/_cacache/tmp/") || strstr(path, "/_npx/");
}

static bool
read_decoded(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *path = event->subject ? event->subject : "";
    if (event->kind == SP_EVENT_CHANGE) {
        const struct sp_written *gone =
            event->value == SP_FILE_UNLINK ? sp_written_find(behaviour, path) : NULL;
        if (!gone || !(gone->bits & SP_WRITTEN_RAN))
            return false;
        SP_SAY(remark, "writes %s, runs it and deletes it %s", sp_shown_path(behaviour, shown, path),
               sp_phase_words(event->phase));
        SP_ADVISE(remark, "do not install it: it hides what it ran");
        return true;
    }
    struct sp_written *written = executed(behaviour, event, &path);
    if (!written || !(written->bits & SP_WRITTEN_DECODED) || fetched(behaviour, written) ||
        !(sp_is_temporary(path) || is_hidden(path)) || is_build_place(path, event->phase))
        return false;
    written->bits |= SP_WRITTEN_RAN;
    remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = path;
    SP_SAY(remark, "runs %s, which a script of its own wrote there, %s",
           sp_shown_path(behaviour, shown, path), sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "look at what the script writes: a program that travels within a script is seldom honest");
    return true;
}

const struct sp_rule sp_rule_decoded_executed = {
    .id = "run/decoded-executed",
    .title = "a file that a script carried was executed",
    .source = "MITRE ATT&CK T1027.009, T1140, T1070.004",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "an interpreter, a shell or a decoder writes a file into a temporary or hidden directory, and it "
        "is started or given to an interpreter; a block where it is deleted afterwards, else review",
    .advice = "look at what the script writes",
    .page = SP_PAGE "rundecoded-executed",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_CHANGE,
    .read = read_decoded,
};

/* ------------------------------------------------------------------------------------------ into a shell */

static bool
is_encoded_command(const struct sp_command *command)
{
    static const char *const options[] = {
        "-enc", "-EncodedCommand", "-encodedcommand", "-ec", "-e", "-Enc", "-EncodedArguments", NULL
    };
    if (strcmp(command->tool, "powershell") && strcmp(command->tool, "pwsh"))
        return false;
    for (size_t i = command->argument; i < command->count; i++)
        if (sp_is_one_of(command->words[i], options))
            return true;
    return false;
}

static bool
evaluates_encoded(const struct sp_command *command)
{
    const char *text = command->text;
    if (!text || command->shell)
        return false;
    bool decodes = strstr(text, "b64decode") || strstr(text, "'base64'") || strstr(text, "\"base64\"") ||
                   strstr(text, "atob(") || strstr(text, "decode_base64") || strstr(text, "fromhex(");
    return decodes && (strstr(text, "exec(") || strstr(text, "eval(") || strstr(text, "Function("));
}

/* Such words make every interpreter here print and end, whatever its input is. Nothing but the first word
 * counts: behind "-s" or "--" it is the script's. */
static bool
only_tells_version(const struct sp_command *command)
{
    static const char *const both[] = { "--version", "--help", NULL };
    const char *word = command->argument < command->count ? command->words[command->argument] : "";
    char name[128];
    sp_program_name(command->program, name, sizeof(name)); /* the file: -v of a shell reads on */
    return sp_is_one_of(word, both) || (!strcmp(name, "node") && !strcmp(word, "-v")) ||
           (!strcmp(name, "python") && !strcmp(word, "-V"));
}

static bool
read_piped_shell(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const struct sp_command *command = &behaviour->command;
    char shown[SP_SHOWN_MAX];
    if (event->kind == SP_EVENT_CONNECTION) {
        if (sp_sent(event) != SP_SENT_OUTSIDE || !sp_family_has(behaviour, SP_TRAIT_PIPED_SHELL) ||
            !(behaviour->who.traits->bits & SP_TRAIT_DOWNLOADER))
            return false;
        SP_SAY(remark, "hands a shell what it downloads from %s port %u %s", sp_shown(shown, event->subject),
               event->port, sp_phase_words(event->phase));
        SP_ADVISE(remark, "do not install it: whoever answers there decides what runs");
        return true;
    }
    const struct sp_process *maker = sp_maker(behaviour, behaviour->who.process);
    struct sp_traits *siblings = maker ? sp_traits_of(behaviour, maker->number) : NULL;
    bool piped = command->interpreter && event->value & SP_EXEC_STDIN_PIPE && !*command->script &&
                 !*command->module && !command->text && !only_tells_version(command) && siblings &&
                 siblings->bits & (SP_TRAIT_CHILD_FETCHES | SP_TRAIT_CHILD_DECODES);
    bool said = command->shell && command->text && sp_text_pipes_to_shell(command->text);
    bool connected = piped && siblings->bits & SP_TRAIT_CHILD_OUTSIDE;
    if (!piped && !said && !is_encoded_command(command) && !evaluates_encoded(command))
        return false;
    if (said)
        behaviour->who.traits->bits |= SP_TRAIT_PIPED_SHELL;
    if (piped)
        siblings->bits |= SP_TRAIT_PIPED_SHELL;
    if (!connected)
        remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = "";
    SP_SAY(remark, "runs what is downloaded or decoded on the way: %s, %s",
           sp_shown_words(shown, event->detail), sp_phase_words(event->phase));
    SP_ADVISE(remark, "look at what it would run: nobody else can");
    return true;
}

const struct sp_rule sp_rule_piped_shell = {
    .id = "run/piped-shell",
    .title = "a shell or an interpreter was given what is downloaded or decoded on the way",
    .source = "MITRE ATT&CK T1059.004, T1059.001, T1027.010, T1140",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "curl or wget into a shell: a block once the download connects to a host that is not allowed, "
        "review as words alone; review of base64 -d into a shell, powershell -enc, and eval of base64 "
        "in an interpreter's words",
    .advice = "look at what it would run",
    .page = SP_PAGE "runpiped-shell",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_CONNECTION,
    .read = read_piped_shell,
};
