/* What is seen of processes without probes, by seccomp's notifications (tests/asked.c acts), as each kind of
 * caller. One process a caller; a kind that this host does not allow is skipped, and says so. */
#include "base/clock.h"
#include "base/tree.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define SECOND 1000000000ull
#define ORDINARY_ID 54321
#define END "\x1f"

static const char *const asked_source = ASKED_PROGRAM;

static const struct caller {
    const char *name;
    bool needs_root, sudo;
    uid_t uid;
} callers[] = {
    { "root", .needs_root = true },
    { "root through sudo", .needs_root = true, .sudo = true },
    { "an ordinary user", .uid = ORDINARY_ID },
};
static const struct caller *caller;
static char base[256];

struct heard {
    enum sp_event_kind kind;
    uint32_t process, parent, pid;
    uint16_t port;
    int64_t value;
    uint64_t bytes;
    char *subject, *detail, *directory;
};

struct world {
    char home[300], project[300], layers[300];
    struct sp_sandbox_spec spec;
    struct sp_sandbox *sandbox;
    struct heard *heard;
    size_t count, capacity;
    bool refuse_at_exec;
    struct sp_error err;
};

static char *
copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static void
hear(void *context, const struct sp_event *event)
{
    struct world *world = context;
    assert_int_equal(sp_grow(world->heard, world->capacity, world->count + 1, NULL), 0);
    world->heard[world->count++] = (struct heard){ .kind = event->kind,
                                                   .process = event->process,
                                                   .parent = event->parent,
                                                   .pid = event->pid,
                                                   .port = event->port,
                                                   .value = event->value,
                                                   .bytes = event->bytes,
                                                   .subject = copy(event->subject),
                                                   .detail = copy(event->detail),
                                                   .directory = copy(event->directory) };
    if (world->refuse_at_exec && event->kind == SP_EVENT_EXEC)
        sp_sandbox_refuse(world->sandbox);
}

static void
make_owned(const char *path)
{
    assert_return_code(mkdir(path, 0755), errno);
    if (caller->sudo)
        assert_return_code(chown(path, ORDINARY_ID, ORDINARY_ID), errno);
}

static int
set_up(void **state)
{
    static unsigned worlds;
    char program[400];
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->home, sizeof(world->home), "%s/home%u", base, worlds);
    snprintf(world->project, sizeof(world->project), "%s/home%u/project", base, worlds);
    snprintf(world->layers, sizeof(world->layers), "%s/layers", base);
    worlds++;
    make_owned(world->home);
    make_owned(world->project);
    snprintf(program, sizeof(program), "%s/asked", world->project);
    assert_int_equal(sp_tree_copy(asked_source, program, &world->err), 0);
    assert_return_code(chmod(program, 0755), errno);
    if (caller->sudo)
        assert_return_code(chown(program, ORDINARY_ID, ORDINARY_ID), errno);
    world->spec = (struct sp_sandbox_spec){
        .home = world->home,
        .project = world->project,
        .net = SP_NET_REGISTRY,
        .scratch = world->layers,
        .notify = true,
        .limits = { .time = 100 * SECOND, .processes = 400 },
    };
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    sp_sandbox_close(world->sandbox);
    for (size_t i = 0; i < world->count; i++) {
        free(world->heard[i].subject);
        free(world->heard[i].detail);
        free(world->heard[i].directory);
    }
    free(world->heard);
    assert_int_equal(sp_tree_remove(world->home, &world->err), 0);
    free(world);
    return 0;
}

static uint32_t
start(struct world *world, const char *const *argv)
{
    char home[320];
    snprintf(home, sizeof(home), "HOME=%s", world->home);
    const char *const env[] = { "PATH=/nowhere:/usr/local/bin:/usr/bin:/bin", home, NULL };
    const struct sp_sandbox_command command = {
        .argv = argv, .env = env, .cwd = world->project, .in = -1, .out = -1, .error = STDERR_FILENO
    };
    if (!world->sandbox && sp_sandbox_open(&world->sandbox, &world->spec, &world->err) < 0)
        fail_msg("%s", world->err.text);
    uint32_t token = sp_sandbox_run(world->sandbox, &command, &world->err);
    if (!token)
        fail_msg("%s", world->err.text);
    return token;
}

static int
run(struct world *world, const char *const *argv)
{
    const struct sp_event_sink sink = { .take = hear, .context = world };
    struct sp_sandbox_end end = { 0 };
    uint32_t token = start(world, argv);
    for (uint64_t until = sp_now() + 100 * SECOND; sp_now() < until;) {
        int got = sp_sandbox_next(world->sandbox, 100, &sink, &end, &world->err);
        if (got < 0)
            fail_msg("%s", world->err.text);
        if (got && end.token == token)
            return end.failure               ? 1000 + end.failure
                   : WIFSIGNALED(end.status) ? 128 + WTERMSIG(end.status)
                                             : WEXITSTATUS(end.status);
    }
    fail_msg("%s did not end", argv[0]);
    return -1;
}

static int
act(struct world *world, const char *name, const char *one, const char *two, const char *three)
{
    const char *const argv[] = { "./asked", name, one, two, three, NULL };
    return run(world, argv);
}

static int
shell(struct world *world, const char *script)
{
    const char *const argv[] = { "sh", "-c", script, NULL };
    return run(world, argv);
}

static bool
ends_in(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0, tail = strlen(end);
    return length >= tail && !strcmp(text + length - tail, end);
}

/* The first of KIND and VALUE (-1: any) whose subject ends so; NULL: none. */
static const struct heard *
heard_of(const struct world *world, enum sp_event_kind kind, int64_t value, const char *subject)
{
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == kind && (value == -1 || world->heard[i].value == value) &&
            ends_in(world->heard[i].subject ? world->heard[i].subject : "", subject))
            return &world->heard[i];
    return NULL;
}

static const struct heard *
must_hear(const struct world *world, enum sp_event_kind kind, int64_t value, const char *subject)
{
    const struct heard *found = heard_of(world, kind, value, subject);
    if (!found)
        fail_msg("no %s of %s among %zu events", sp_event_kind_name(kind), subject, world->count);
    return found;
}

static size_t
count_of(const struct world *world, enum sp_event_kind kind, const char *subject)
{
    size_t count = 0;
    for (size_t i = 0; i < world->count; i++)
        count += world->heard[i].kind == kind &&
                 ends_in(world->heard[i].subject ? world->heard[i].subject : "", subject);
    return count;
}

static void
in_project(const struct world *world, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", world->project, *name ? "/" : "", name);
}

/* ------------------------------------------------------------------- programs */

static void
the_first_exec_is_seen_with_words_and_directory(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "nothing", "a b", "\x1f", NULL), 0);
    const struct heard *began = must_hear(world, SP_EVENT_FORK, -1, "");
    assert_int_equal(began->value, 1); /* the token of the first command */
    const struct heard *exec = must_hear(world, SP_EVENT_EXEC, -1, "/project/asked");
    assert_string_equal(exec->detail, "./asked" END "nothing" END "a b" END "?" END);
    assert_int_equal(exec->bytes, sizeof("./asked") + sizeof("nothing") + sizeof("a b") + 2);
    assert_string_equal(exec->directory, world->project);
    assert_int_equal(exec->process, began->process);
    assert_true(exec->process > 0);
}

static void
a_child_is_seen_with_its_parent_directory_and_status(void **state)
{
    struct world *world = *state;
    assert_int_equal(shell(world, "mkdir deep; cd deep; ../asked nothing 'x y'; ../asked none; true"), 0);
    const struct heard *exec = must_hear(world, SP_EVENT_EXEC, -1, "/project/asked");
    assert_string_equal(exec->detail, "../asked" END "nothing" END "x y" END);
    char deep[400];
    in_project(world, "deep", deep, sizeof(deep));
    assert_string_equal(exec->directory, deep);
    const struct heard *shell_itself = must_hear(world, SP_EVENT_FORK, 1, "");
    assert_int_equal(exec->parent, shell_itself->process);
    assert_true(exec->pid > 1);
    const struct heard *failed = NULL;
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_EXIT && world->heard[i].value == 99 << 8)
            failed = &world->heard[i];
    assert_non_null(failed);
    assert_int_equal(failed->parent, shell_itself->process);
}

static void
a_search_along_path_tells_only_what_is_there(void **state)
{
    struct world *world = *state;
    assert_int_equal(shell(world, "env -u HOME true; no-such-program; true"), 0);
    must_hear(world, SP_EVENT_EXEC, -1, "/env");
    must_hear(world, SP_EVENT_EXEC, -1, "/true");
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_EXEC)
            assert_false(strstr(world->heard[i].subject, "nowhere") != NULL);
}

static void
two_hundred_short_processes_are_all_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(shell(world, "i=0; while [ $i -lt 200 ]; do /bin/true $i; i=$((i+1)); done"), 0);
    assert_int_equal(count_of(world, SP_EVENT_EXEC, "/true"), 200);
    size_t ends = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < world->count; i++) {
        ends += world->heard[i].kind == SP_EVENT_EXIT;
        if (world->heard[i].kind == SP_EVENT_FORK) {
            assert_true(world->heard[i].process > last); /* never the same twice */
            last = world->heard[i].process;
        }
    }
    assert_true(ends >= 200);
}

static void
a_program_in_memory_is_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "memory", NULL, NULL, NULL), 0);
    must_hear(world, SP_EVENT_CODE, SP_CODE_MEMFD, "payload");
    const struct heard *exec = must_hear(world, SP_EVENT_EXEC, -1, "/memfd:payload (deleted)");
    assert_true(exec->value & SP_EXEC_MEMORY);
    assert_string_equal(exec->detail, "innocent" END "nothing" END);
}

static void
an_exec_that_should_have_failed_is_told_afterwards(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "hidden-exec", "127.0.0.1:1", NULL, NULL), 0);
    const struct heard *exec = must_hear(world, SP_EVENT_EXEC, -1, "/project/other");
    assert_string_equal(exec->detail, "quiet" END "connect" END "127.0.0.1:1" END);
}

static void
long_words_are_cut_and_counted(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "long-words", NULL, NULL, NULL), 0);
    const struct heard *exec = NULL;
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_EXEC && !strncmp(world->heard[i].detail, "long" END, 5))
            exec = &world->heard[i];
    assert_non_null(exec);
    assert_true(exec->value & SP_EXEC_WORDS_CUT);
    assert_int_equal(exec->bytes, sizeof("long") + sizeof("nothing") + (128 << 10));
    assert_true(ends_in(exec->subject, "/project/asked"));
}

static void
standard_input_from_a_pipe_is_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(shell(world, "echo true | /bin/sh; true"), 0);
    const struct heard *exec = NULL;
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_EXEC && !strcmp(world->heard[i].detail, "/bin/sh" END))
            exec = &world->heard[i];
    assert_non_null(exec);
    assert_true(exec->value & SP_EXEC_STDIN_PIPE);
}

static void
power_over_others_is_seen_and_refused(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "power", NULL, NULL, NULL), 0);
    assert_string_equal(must_hear(world, SP_EVENT_CODE, SP_CODE_PTRACE, "")->detail, "ATTACH");
    must_hear(world, SP_EVENT_CODE, SP_CODE_FOREIGN, "io_uring_setup");
}

/* ---------------------------------------------------------------------- files */

static void
changes_of_files_are_seen_by_their_real_paths(void **state)
{
    static const struct {
        const char *what, *subject, *detail;
        enum sp_file_act act;
    } cases[] = {
        { "unlink", "/project/real/a", NULL, SP_FILE_UNLINK },
        { "rmdir", "/project/empty", NULL, SP_FILE_RMDIR },
        { "rename", "/project/real/b", "/project/c", SP_FILE_RENAME },
        { "link", "/project/c", "/project/real/d", SP_FILE_LINK },
        { "symlink", "/project/s", "../else", SP_FILE_SYMLINK },
        { "chmod", "/project/c", "751", SP_FILE_MODE },
    };
    struct world *world = *state;
    assert_int_equal(shell(world, "mkdir real empty; ln -s real maze; ln -s ../maze real/again; cd real;"
                                  "echo >a; echo >b; rm again/a; cd ..; rmdir empty; mv maze/b c;"
                                  "ln c real/again/d; ln -s ../else s; chmod 751 c; rm -f not-there"),
                     0);
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct heard *heard = must_hear(world, SP_EVENT_CHANGE, (int)cases[i].act, cases[i].subject);
        if (cases[i].detail && !ends_in(heard->detail, cases[i].detail))
            fail_msg("%s: %s", cases[i].what, heard->detail);
    }
    assert_null(heard_of(world, SP_EVENT_CHANGE, -1, "not-there"));
}

static void
a_writers_open_is_seen_and_a_readers_is_not(void **state)
{
    struct world *world = *state;
    assert_int_equal(shell(world,
                           "mkdir real; ln -s real maze; echo hello >maze/one; cat maze/one >/dev/null;"
                           "echo more >>maze/one; cd real; echo x >/proc/self/cwd/two"),
                     0);
    const struct heard *made = must_hear(world, SP_EVENT_OPEN, -1, "/project/real/one");
    assert_true(made->value & O_CREAT && (made->value & O_ACCMODE) == O_WRONLY);
    assert_int_equal(made->bytes, 0);
    assert_int_equal(count_of(world, SP_EVENT_OPEN, "/project/real/one"), 2);
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_OPEN && world->heard[i].value & O_APPEND)
            assert_int_equal(world->heard[i].bytes, 6);
    must_hear(world, SP_EVENT_OPEN, -1, "/project/real/two");
}

static void
threads_are_laid_to_their_process(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "threads", NULL, NULL, NULL), 0);
    size_t opens = 0;
    uint32_t process = must_hear(world, SP_EVENT_EXEC, -1, "/asked")->process;
    for (size_t i = 0; i < world->count; i++)
        if (world->heard[i].kind == SP_EVENT_OPEN) {
            assert_int_equal(world->heard[i].process, process);
            opens++;
        }
    assert_int_equal(opens, 400);
}

/* -------------------------------------------------------------------- network */

static void
callers_and_listeners_are_seen(void **state)
{
    static const struct {
        const char *act, *protocol;
        enum sp_socket_act told;
    } cases[] = {
        { "connect", "tcp", SP_SOCKET_CONNECT }, { "sendto", "udp", SP_SOCKET_SEND },
        { "sendmsg", "udp", SP_SOCKET_SEND },    { "sendmmsg", "udp", SP_SOCKET_SEND },
        { "listen", "tcp", SP_SOCKET_LISTEN },
    };
    struct world *world = *state;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char where[40];
        snprintf(where, sizeof(where), "127.0.0.1:%zu", 5000 + i);
        (void)act(world, cases[i].act, where, NULL, NULL);
        const struct heard *found = NULL;
        for (size_t j = 0; j < world->count; j++)
            if (world->heard[j].kind == SP_EVENT_SOCKET && world->heard[j].value == (int)cases[i].told &&
                world->heard[j].port == 5000 + i)
                found = &world->heard[j];
        if (!found)
            fail_msg("%s was not seen", cases[i].act);
        assert_string_equal(found->subject, "127.0.0.1");
        assert_string_equal(found->detail, cases[i].protocol);
        assert_int_equal(found->bytes, 0);
    }
}

static void
who_was_proved_guilty_calls_nobody_but_loopback(void **state)
{
    static const char *const acts[] = { "connect", "sendto", "sendmsg", "sendmmsg" };
    struct world *world = *state;
    assert_int_equal(act(world, "connect", "203.0.113.5:80", NULL, NULL), 0);
    world->refuse_at_exec = true; /* a sink's word holds at once */
    for (size_t i = 0; i < SP_COUNT(acts); i++) {
        assert_int_equal(act(world, acts[i], "203.0.113.5:443", NULL, NULL), EPERM);
        assert_true(world->heard[world->count - 1].kind == SP_EVENT_EXIT ||
                    world->heard[world->count - 1].bytes == 1);
        assert_int_not_equal(act(world, acts[i], "127.0.0.1:443", NULL, NULL), EPERM);
    }
    size_t refused = 0;
    for (size_t i = 0; i < world->count; i++)
        refused += world->heard[i].kind == SP_EVENT_SOCKET && world->heard[i].bytes == 1;
    assert_int_equal(refused, SP_COUNT(acts));
}

static void
no_call_follows_the_opening_of_a_decoy(void **state)
{
    struct world *world = *state;
    char path[400];
    snprintf(path, sizeof(path), "%s/.ssh/id_ed25519", world->home);
    struct sp_decoy item = { .id = "ssh-key", .path = path, .bytes = "key", .length = 3, .mode = 0600 };
    const struct sp_decoys decoys = { .items = &item, .count = 1 };
    world->spec.decoys = &decoys;
    world->spec.refuse = true;
    item.reading_proves = true;
    assert_int_equal(act(world, "connect", "203.0.113.5:443", NULL, NULL), 0);
    assert_int_equal(act(world, "steal", path, "203.0.113.5:443", "200"), 0);
    assert_int_equal(count_of(world, SP_EVENT_SOCKET, "203.0.113.5"), 201);
    /* and who opens one to write is told with it */
    char script[500];
    snprintf(script, sizeof(script), "echo x >%s", path);
    assert_int_equal(shell(world, script), 0);
    assert_string_equal(must_hear(world, SP_EVENT_OPEN, -1, "/.ssh/id_ed25519")->detail, "ssh-key");
}

/* ------------------------------------------------------------------ bad manners */

static void
memory_that_changes_meanwhile_breaks_nothing(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "change-mind", NULL, NULL, NULL), 0);
    assert_int_equal(shell(world, "echo >afterwards"), 0);
    must_hear(world, SP_EVENT_OPEN, -1, "/project/afterwards");
}

static void
who_is_killed_while_it_asks_is_forgotten(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "killed-while-asking", NULL, NULL, NULL), 0);
    assert_int_equal(shell(world, "echo >afterwards"), 0);
    must_hear(world, SP_EVENT_OPEN, -1, "/project/afterwards");
}

static void
a_room_full_of_askers_can_be_killed(void **state)
{
    const char *const argv[] = { "./asked", "storm", NULL };
    struct world *world = *state;
    const struct sp_event_sink sink = { .take = hear, .context = world };
    struct sp_sandbox_end end;
    start(world, argv);
    while (count_of(world, SP_EVENT_OPEN, "/storm") < 100)
        assert_return_code(sp_sandbox_next(world->sandbox, 100, &sink, &end, &world->err), errno);
    if (sp_sandbox_kill(world->sandbox, &world->err) < 0)
        fail_msg("%s", world->err.text);
    /* it is still good for another command */
    assert_int_equal(shell(world, "echo >afterwards"), 0);
    must_hear(world, SP_EVENT_OPEN, -1, "/project/afterwards");
}

static void
a_command_that_nobody_answered_yet_can_be_killed(void **state)
{
    const char *const argv[] = { "./asked", "storm", NULL };
    struct world *world = *state;
    const struct sp_event_sink sink = { .take = hear, .context = world };
    struct sp_sandbox_end end = { 0 };
    uint32_t token = start(world, argv);
    if (sp_sandbox_kill(world->sandbox, &world->err) < 0)
        fail_msg("%s", world->err.text);
    int got;
    while ((got = sp_sandbox_next(world->sandbox, 100, &sink, &end, &world->err)) == 0)
        continue;
    assert_int_equal(got, 1);
    assert_int_equal(end.token, token);
    assert_int_equal(count_of(world, SP_EVENT_OPEN, "/storm"), 0);
}

static void
a_room_can_be_left_while_its_processes_ask(void **state)
{
    const char *const argv[] = { "./asked", "storm", NULL };
    struct world *world = *state;
    const struct sp_event_sink sink = { .take = hear, .context = world };
    struct sp_sandbox_end end;
    start(world, argv);
    while (count_of(world, SP_EVENT_OPEN, "/storm") < 10)
        assert_return_code(sp_sandbox_next(world->sandbox, 100, &sink, &end, &world->err), errno);
    assert_int_equal(sp_sandbox_end(world->sandbox, &world->err), 0);
}

static void
a_command_that_is_not_there_says_so(void **state)
{
    const char *const argv[] = { "no-such-program", NULL };
    struct world *world = *state;
    assert_int_equal(run(world, argv), 1000 + ENOENT);
    assert_int_equal(shell(world, "exit 7"), 7);
}

static void
without_the_wish_nobody_is_asked(void **state)
{
    struct world *world = *state;
    world->spec.notify = false;
    assert_int_equal(shell(world, "echo >made; rm made"), 0);
    assert_int_equal(sp_sandbox_seccomp_fd(world->sandbox), -1);
    assert_int_equal(world->count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static int
run_cases(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_first_exec_is_seen_with_words_and_directory),
        CASE(a_child_is_seen_with_its_parent_directory_and_status),
        CASE(a_search_along_path_tells_only_what_is_there),
        CASE(two_hundred_short_processes_are_all_seen),
        CASE(a_program_in_memory_is_seen),
        CASE(an_exec_that_should_have_failed_is_told_afterwards),
        CASE(long_words_are_cut_and_counted),
        CASE(standard_input_from_a_pipe_is_seen),
        CASE(power_over_others_is_seen_and_refused),
        CASE(changes_of_files_are_seen_by_their_real_paths),
        CASE(a_writers_open_is_seen_and_a_readers_is_not),
        CASE(threads_are_laid_to_their_process),
        CASE(callers_and_listeners_are_seen),
        CASE(who_was_proved_guilty_calls_nobody_but_loopback),
        CASE(no_call_follows_the_opening_of_a_decoy),
        CASE(memory_that_changes_meanwhile_breaks_nothing),
        CASE(who_is_killed_while_it_asks_is_forgotten),
        CASE(a_room_full_of_askers_can_be_killed),
        CASE(a_command_that_nobody_answered_yet_can_be_killed),
        CASE(a_room_can_be_left_while_its_processes_ask),
        CASE(a_command_that_is_not_there_says_so),
        CASE(without_the_wish_nobody_is_asked),
    };
    return cmocka_run_group_tests_name(caller->name, tests, NULL, NULL);
}

static void
become(void)
{
    struct sp_error err;
    if (caller->sudo) {
        setenv("SUDO_UID", "54321", 1);
        setenv("SUDO_GID", "54321", 1);
    } else {
        unsetenv("SUDO_UID");
        unsetenv("SUDO_GID");
    }
    snprintf(base, sizeof(base), "/var/tmp/sallyport-test-%d", (int)getpid());
    (void)!sp_tree_remove(base, &err);
    if (mkdir(base, 0755) < 0)
        exit(1);
    if (caller->uid && !geteuid() &&
        (chown(base, caller->uid, caller->uid) < 0 || setgroups(0, NULL) < 0 ||
         setresgid(caller->uid, caller->uid, caller->uid) < 0 ||
         setresuid(caller->uid, caller->uid, caller->uid) < 0))
        exit(1);
    /* the change of user made us closed to ourselves */
    prctl(PR_SET_DUMPABLE, 1);
}

static bool
allowed_here(void)
{
    struct sp_host_check checks[SP_HOST_CHECKS_MAX];
    size_t count = sp_host_checks(checks);
    for (size_t i = 0; i < count; i++)
        if (checks[i].needed && checks[i].state == SP_SIGHT_NO) {
            printf("skipped: no sandbox as %s: %s: %s\n[  SKIPPED ] 1 test(s)\n", caller->name, checks[i].id,
                   checks[i].found);
            return false;
        }
    int why = sp_sandbox_try_notify();
    if (why)
        printf("skipped: no notifications as %s: %s\n[  SKIPPED ] 1 test(s)\n", caller->name, strerror(why));
    return !why;
}

int
main(void)
{
    int worst = 0;
    for (size_t i = 0; i < SP_COUNT(callers); i++) {
        int status;
        struct sp_error err;
        caller = &callers[i];
        if (caller->needs_root && geteuid()) {
            printf("skipped: as %s: the tests do not run as root\n[  SKIPPED ] 1 test(s)\n", caller->name);
            continue;
        }
        fflush(stdout);
        pid_t pid = fork();
        if (!pid) {
            become();
            int code = allowed_here() ? run_cases() : 0;
            fflush(stdout);
            (void)!sp_tree_remove(base, &err);
            exit(code);
        }
        waitpid(pid, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status))
            worst = 1;
        snprintf(base, sizeof(base), "/var/tmp/sallyport-test-%d", (int)pid);
        (void)!sp_tree_remove(base, &err);
    }
    return worst;
}
