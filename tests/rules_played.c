/* A short text of acts, played to the real attribution and then to the rules; shared by test_rules.c and
 * test_rules_honest.c.
 *
 * One act a line: WHO VERB WORDS. WHO is a letter; "m" is npm, which runs in the project from the start.
 * Words are parted by spaces; "^" stands for a space within a word. An act takes 10 ms; "wait N" lets N
 * seconds pass. p package PURL                m starts a script of the package: sh -c, in the package's own
 * directory p build PURL | p load PURL    the same of a Python build; a command of ours that imports the
 * package p project                     m starts a script of the project p unknown                     a
 * process whose begin nobody saw p fork q | p at DIRECTORY     q is made by p; where its programs are started
 *   p exec FILE WORD...           flags before FILE: +socket +pipe +memory +deleted
 *   p read PATH [DECOY] | p write PATH | p append PATH | p create PATH
 *   p unlink|truncate PATH | p rename|link|symlink PATH TO | p mkdir PATH | p mode PATH MODE
 *   p decoy PATH ID               the watched decoys tell it
 *   p look PATH
 *   p connect ADDRESS PORT        as the kernel sees it; "refused" the same, refused
 *   p outside ADDRESS PORT DETAIL...   as the sinkhole hears it; "passed" of an allowed host
 *   p said ADDRESS PORT BYTES... | p socket KIND | p unix PATH | p bind KIND ADDRESS PORT | p listen ADDRESS
 * PORT p code KIND SUBJECT [DETAIL]  KIND as sp_code_name has it p slept MS SLEEPS | p exit | p forks N (all
 * alive) | p forks-ended N (each ends at once)
 *   - place DIRECTORY PURL | - left PATH   a package's directory; a change that does not land */
#include "behaviour/rules.h"
#include "trace/counts.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define WORDS 40
#define SECOND 1000000000ull
#define ACT (SECOND / 100)
#define PROJECT "/home/user/app"

int scene_begin_all(void **state);
int scene_end_all(void **state);
enum sp_severity scene_play(const char *text, struct sp_verdict *verdict);

static struct sp_decoys decoys;
static struct sp_arena decoy_arena;

int
scene_begin_all(void **state SP_UNUSED)
{
    static const char *const env[] = { "GITHUB_TOKEN=ghp_0000000000000000000000000000000000AA", NULL };
    const struct sp_decoy_wishes wishes = { .home = "/home/user", .env = env };
    return sp_decoys_make(&decoys, &decoy_arena, &wishes, NULL);
}

int
scene_end_all(void **state SP_UNUSED)
{
    sp_arena_free(&decoy_arena);
    return 0;
}

struct scene {
    struct sp_behaviour *behaviour;
    struct sp_attribution *attribution;
    struct sp_arena arena;
    uint32_t names[128]; /* letter -> process */
    const char *directories[128];
    uint32_t next;
    int64_t token;
    uint64_t time;
    enum sp_severity worst;
    const char *line;
};

static void
send(struct scene *scene, struct sp_event event)
{
    scene->time += ACT;
    event.time = scene->time;
    if (!event.phase)
        event.phase = SP_PHASE_INSTALL;
    sp_attribution_take(scene->attribution, &event);
    enum sp_severity severity = sp_behaviour_take(scene->behaviour, &event);
    if (severity > scene->worst)
        scene->worst = severity;
}

/* The words with END after each, or between, where it is a space. */
static char *
join(struct scene *scene, char **words, int count, char end)
{
    size_t length = 1;
    for (int i = 0; i < count; i++)
        length += strlen(words[i]) + 1;
    char *out = sp_arena_alloc(&scene->arena, length, NULL), *at = out;
    for (int i = 0; i < count; i++) {
        for (const char *c = words[i]; *c; c++)
            *at++ = *c == '^' ? ' ' : *c;
        if (end == SP_EVENT_WORD_END || i + 1 < count)
            *at++ = end;
    }
    return out;
}

static void
exec(struct scene *scene, uint32_t number, const char *directory, char **words, int count)
{
    int64_t flags = 0;
    for (; count && **words == '+'; words++, count--)
        flags |= !strcmp(*words, "+socket")   ? SP_EXEC_STDIN_SOCKET
                 : !strcmp(*words, "+pipe")   ? SP_EXEC_STDIN_PIPE
                 : !strcmp(*words, "+memory") ? SP_EXEC_MEMORY
                                              : SP_EXEC_DELETED;
    send(scene, (struct sp_event){ SP_EVENT_EXEC, .process = number, .subject = words[0], .value = flags,
                                   .detail = join(scene, words + 1, count - 1, SP_EVENT_WORD_END),
                                   .directory = directory });
}

static uint32_t
fork_from(struct scene *scene, uint32_t parent, int64_t token)
{
    uint32_t number = scene->next++;
    send(scene, (struct sp_event){ SP_EVENT_FORK, .process = number, .parent = parent, .value = token,
                                   .pid = 1000 + number });
    return number;
}

static void
start(struct scene *scene, uint32_t number, const char *directory, const char *file, const char *words)
{
    send(scene, (struct sp_event){ SP_EVENT_EXEC, .process = number, .subject = file, .detail = words,
                                   .directory = directory });
}

/* A command of Sallyport's own; PURL NULL: the package manager's. */
static uint32_t
begin_command(struct scene *scene, const char *purl, enum sp_phase phase)
{
    scene->token++;
    send(scene, (struct sp_event){ SP_EVENT_COMMAND, phase, .value = scene->token, .package = purl });
    return fork_from(scene, 0, scene->token);
}

static bool
begin_process(struct scene *scene, int name, const char *verb, const char *purl)
{
    const char *directory = PROJECT;
    bool build = !strcmp(verb, "build"), package = !strcmp(verb, "package");
    uint32_t number;
    if (package || build) {
        char path[256];
        const char *type = strchr(purl, '/') + 1, *end = strrchr(purl, '@');
        bool scoped = !strncmp(type, "%40", 3);
        type += scoped ? 3 : 0;
        snprintf(path, sizeof(path), "%s%s%.*s", build ? "/tmp/pip-install-k2/" : PROJECT "/node_modules/",
                 scoped ? "@" : "", (int)(end - type), type);
        directory = sp_arena_copy(&scene->arena, path, strlen(path), NULL);
        send(scene, (struct sp_event){ SP_EVENT_PLACE, .subject = directory, .package = purl });
        number = fork_from(scene, scene->names['m'], 0);
        if (build)
            start(scene, number, directory, "/usr/bin/python3",
                  "/usr/bin/python3\x1f/usr/lib/python3/_in_process.py\x1f");
        else
            start(scene, number, directory, "/bin/sh", "sh\x1f-c\x1fnode install.js\x1f");
    } else if (!strcmp(verb, "load")) {
        number = begin_command(scene, purl, SP_PHASE_LOAD);
        start(scene, number, directory, "/usr/bin/node", "node\x1f-e\x1frequire('x')\x1f");
    } else if (!strcmp(verb, "project")) {
        number = fork_from(scene, scene->names['m'], 0);
        start(scene, number, directory, "/bin/sh", "sh\x1f-c\x1fnode prepare.js\x1f");
    } else if (!strcmp(verb, "unknown")) {
        number = scene->next++;
    } else {
        return false;
    }
    scene->names[name] = number;
    scene->directories[name] = directory;
    return true;
}

static bool
file_act(struct scene *scene, uint32_t number, const char *verb, const char *path, const char *to)
{
    static const struct {
        const char *verb;
        int64_t flags;
    } opens[] = { { "read", O_RDONLY },
                  { "write", O_WRONLY | O_TRUNC },
                  { "append", O_WRONLY | O_APPEND },
                  { "create", O_WRONLY | O_CREAT | O_TRUNC } };
    for (size_t i = 0; i < SP_COUNT(opens); i++)
        if (!strcmp(verb, opens[i].verb)) {
            send(scene, (struct sp_event){ SP_EVENT_OPEN, .process = number, .subject = path, .detail = to,
                                           .value = opens[i].flags });
            return true;
        }
    for (int act = 0; act < SP_FILE_ACT_COUNT; act++)
        if (!strcmp(verb, sp_file_act_name((enum sp_file_act)act))) {
            send(scene, (struct sp_event){ SP_EVENT_CHANGE, .process = number, .subject = path, .detail = to,
                                           .value = act });
            return true;
        }
    return false;
}

static bool
network_act(struct scene *scene, uint32_t number, char **words, int count)
{
    const char *verb = words[0], *one = count > 1 ? words[1] : "", *two = count > 2 ? words[2] : "";
    struct sp_event event = { .process = number, .subject = one, .port = (uint16_t)atoi(two) };
    char *rest = count > 3 ? join(scene, words + 3, count - 3, ' ') : NULL;
    if (!strcmp(verb, "connect") || !strcmp(verb, "refused")) {
        event.kind = SP_EVENT_SOCKET;
        event.value = SP_SOCKET_CONNECT;
        event.detail = "tcp";
        event.bytes = *verb == 'r';
    } else if (!strcmp(verb, "outside") || !strcmp(verb, "passed")) {
        event.kind = *verb == 'o' ? SP_EVENT_CONNECTION : SP_EVENT_PASSED;
        event.detail = rest;
    } else if (!strcmp(verb, "said")) {
        event.kind = SP_EVENT_SAID;
        event.detail = rest;
    } else if (!strcmp(verb, "socket")) {
        event =
            (struct sp_event){ SP_EVENT_SOCKET, .process = number, .detail = one, .value = SP_SOCKET_OPENED };
    } else if (!strcmp(verb, "unix")) {
        event.kind = SP_EVENT_SOCKET;
        event.detail = "unix";
        event.value = SP_SOCKET_CONNECT;
    } else if (!strcmp(verb, "bind") && count > 3) {
        event = (struct sp_event){ SP_EVENT_SOCKET,
                                   .process = number,
                                   .subject = two,
                                   .detail = one,
                                   .port = (uint16_t)atoi(words[3]),
                                   .value = SP_SOCKET_BIND };
    } else if (!strcmp(verb, "listen")) {
        event.kind = SP_EVENT_SOCKET;
        event.detail = "tcp";
        event.value = SP_SOCKET_LISTEN;
    } else {
        return false;
    }
    send(scene, event);
    return true;
}

static bool
code_act(struct scene *scene, uint32_t number, char **words, int count)
{
    for (int code = 0; code < SP_CODE_COUNT; code++)
        if (count > 2 && !strcmp(words[1], sp_code_name((enum sp_code)code))) {
            send(scene, (struct sp_event){ SP_EVENT_CODE, .process = number, .subject = words[2],
                                           .value = code, .detail = count > 3 ? words[3] : NULL });
            return true;
        }
    return false;
}

static void
other_act(struct scene *scene, uint32_t number, char **words, int count)
{
    const char *verb = words[0], *one = count > 1 ? words[1] : "", *two = count > 2 ? words[2] : "0";
    if (!strcmp(verb, "look")) {
        send(scene, (struct sp_event){ SP_EVENT_LOOK, .process = number, .subject = one, .value = -ENOENT });
    } else if (!strcmp(verb, "decoy")) {
        send(scene, (struct sp_event){ SP_EVENT_DECOY, .process = number, .subject = one, .detail = two });
    } else if (!strcmp(verb, "slept")) {
        uint64_t numbers[SP_COUNT_END] = {
            [SP_COUNT_SLEPT_MS] = (uint64_t)atoll(one), [SP_COUNT_SLEEPS] = (uint64_t)atoll(two)
        };
        send(scene, (struct sp_event){ SP_EVENT_COUNTS, .process = number, .numbers = numbers,
                                       .number_count = SP_COUNT_END });
    } else if (!strcmp(verb, "exit")) {
        send(scene, (struct sp_event){ SP_EVENT_EXIT, .process = number });
    } else if (!strcmp(verb, "forks") || !strcmp(verb, "forks-ended")) {
        for (int i = 0, n = atoi(one); i < n; i++) {
            uint64_t before = scene->time;
            uint32_t child = fork_from(scene, number, 0);
            if (verb[5])
                send(scene, (struct sp_event){ SP_EVENT_EXIT, .process = child });
            scene->time = before; /* all within a moment */
        }
    } else if (strcmp(verb, "code") || !code_act(scene, number, words, count)) {
        fail_msg("no act: %s", scene->line);
    }
}

static void
play_line(struct scene *scene, char *line)
{
    char *words[WORDS], *save;
    int count = 0;
    for (char *word = strtok_r(line, " ", &save); word && count < WORDS; word = strtok_r(NULL, " ", &save))
        words[count++] = word;
    if (!count)
        return;
    if (!strcmp(words[0], "wait") && count == 2) {
        scene->time += (uint64_t)atoi(words[1]) * SECOND;
        return;
    }
    if (count < 2)
        fail_msg("too few words: %s", scene->line);
    int name = (unsigned char)words[0][0] & 127;
    const char *verb = words[1], *one = count > 2 ? words[2] : NULL, *two = count > 3 ? words[3] : NULL;
    if (!strcmp(verb, "place")) {
        send(scene, (struct sp_event){ SP_EVENT_PLACE, .subject = one, .package = two });
        return;
    }
    if (!strcmp(verb, "left")) {
        send(scene, (struct sp_event){ SP_EVENT_WRITE, .subject = one });
        return;
    }
    if (begin_process(scene, name, verb, one))
        return;
    uint32_t number = scene->names[name];
    if (!number)
        fail_msg("nobody: %s", scene->line);
    if (!strcmp(verb, "fork") && one) {
        scene->names[(unsigned char)*one & 127] = fork_from(scene, number, 0);
        scene->directories[(unsigned char)*one & 127] = scene->directories[name];
    } else if (!strcmp(verb, "at") && one) {
        scene->directories[name] = sp_arena_copy(&scene->arena, one, strlen(one), NULL);
    } else if (!strcmp(verb, "exec") && count > 3) {
        exec(scene, number, scene->directories[name], words + 2, count - 2);
    } else if (!file_act(scene, number, verb, one, two) &&
               !network_act(scene, number, words + 1, count - 1)) {
        other_act(scene, number, words + 1, count - 1);
    }
}

/* Plays TEXT; the findings go to VERDICT. Returns the worst severity that a take gave. A text that begins
 * with "command" has a command in npm's place. */
enum sp_severity
scene_play(const char *text, struct sp_verdict *verdict)
{
    struct scene scene = { .next = 1, .time = 100 * SECOND };
    struct sp_error err;
    bool command = !strncmp(text, "command\n", 8);
    const struct sp_attribution_options whose = {
        .manager = command ? NULL : "npm", .ecosystem = "npm", .project = PROJECT, .home = "/home/user"
    };
    if (sp_attribution_new(&scene.attribution, &whose, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_behaviour_options options = {
        .decoys = &decoys, .home = "/home/user", .project = PROJECT, .attribution = scene.attribution
    };
    if (sp_behaviour_new(&scene.behaviour, &options, &err) < 0)
        fail_msg("%s", err.text);
    scene.names['m'] = begin_command(&scene, NULL, SP_PHASE_FETCH);
    scene.directories['m'] = PROJECT;
    start(&scene, scene.names['m'], PROJECT, "/usr/bin/node",
          command ? "node\x1fwork.js\x1f"
                  : "node\x1f/usr/lib/node_modules/npm/bin/npm-cli.js\x1f"
                    "ci\x1f");
    for (text += command ? 8 : 0; *text;) {
        size_t length = strcspn(text, "\n");
        char *line = sp_arena_copy(&scene.arena, text, length, NULL);
        scene.line = sp_arena_copy(&scene.arena, text, length, NULL);
        play_line(&scene, line);
        text += length + (text[length] == '\n');
    }
    if (sp_behaviour_findings(scene.behaviour, verdict, &err) < 0)
        fail_msg("%s", err.text);
    sp_behaviour_free(scene.behaviour);
    sp_attribution_free(scene.attribution);
    sp_arena_free(&scene.arena);
    return scene.worst;
}
