/* The probes, loaded here, over a real sandbox: what tests/watched.c does is seen, refused or known to be
 * missed. Needs root and a kernel that takes them; skipped, and said, elsewhere. */
#include "base/clock.h"
#include "base/tree.h"
#include "probe/load.h"
#include "probe/read.h"
#include "sandbox/sandbox.h"
#include "trace/counts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static const char *const watched_source = WATCHED_PROGRAM;
static char base[256];
static struct sp_eyes *eyes;

struct kept {
    struct sp_event event;
    uint64_t numbers[SP_COUNT_END];
};

struct world {
    struct sp_arena arena;
    char home[300], project[300], layers[300], decoy[320];
    struct sp_sandbox *sandbox;
    struct sp_probe_reader *reader;
    struct sp_decoys decoys;
    struct sp_decoy secret;
    struct kept *kept;
    size_t count, capacity;
    char said[256]; /* standard output */
    struct sp_error err;
};

/* ------------------------------------------------------------------ a room */

static void
keep(void *context, const struct sp_event *event)
{
    struct world *world = context;
    assert_int_equal(sp_grow(world->kept, world->capacity, world->count + 1, &world->err), 0);
    struct kept *kept = &world->kept[world->count++];
    const char **strings[] = { &kept->event.subject, &kept->event.detail, &kept->event.directory };
    kept->event = *event;
    for (size_t i = 0; i < SP_COUNT(strings); i++)
        if (*strings[i])
            *strings[i] = sp_arena_copy(&world->arena, *strings[i], strlen(*strings[i]), NULL);
    if (event->numbers)
        memcpy(kept->numbers, event->numbers, sizeof(kept->numbers));
    if (getenv("SHOW_EVENTS"))
        print_message(
            "%s process %u pid %u value %lld bytes %llu port %u subject '%s' detail '%.200s' in '%s'\n",
            sp_event_kind_name(event->kind), event->process, event->pid, (long long)event->value,
            (unsigned long long)event->bytes, event->port, event->subject ? event->subject : "",
            event->detail ? event->detail : "", event->directory ? event->directory : "");
}

static int
set_up(void **state)
{
    static unsigned worlds;
    char program[400];
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->home, sizeof(world->home), "%s/home%u", base, worlds);
    snprintf(world->project, sizeof(world->project), "%s/home%u/project", base, worlds++);
    snprintf(world->layers, sizeof(world->layers), "%s/layers", base);
    snprintf(world->decoy, sizeof(world->decoy), "%s/.ssh/id_test", world->home);
    assert_return_code(mkdir(world->home, 0755), errno);
    assert_return_code(mkdir(world->project, 0755), errno);
    snprintf(program, sizeof(program), "%s/watched", world->project);
    assert_int_equal(sp_tree_copy(watched_source, program, &world->err), 0);
    assert_return_code(chmod(program, 0755), errno);
    world->secret = (struct sp_decoy){ .id = "ssh-key",
                                       .title = "an SSH private key",
                                       .reading_proves = true,
                                       .path = world->decoy,
                                       .bytes = "secret\n",
                                       .length = 7,
                                       .mode = 0600 };
    world->decoys = (struct sp_decoys){ .items = &world->secret, .count = 1 };
    const struct sp_sandbox_spec spec = { .home = world->home,
                                          .project = world->project,
                                          .net = SP_NET_REGISTRY,
                                          .scratch = world->layers,
                                          .decoys = &world->decoys,
                                          .limits = { .processes = 4000 } };
    if (sp_sandbox_open(&world->sandbox, &spec, &world->err) < 0)
        fail_msg("%s", world->err.text);
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    sp_probe_read_close(world->reader);
    sp_sandbox_close(world->sandbox);
    assert_int_equal(sp_tree_remove(world->home, &world->err), 0);
    sp_arena_free(&world->arena);
    free(world->kept);
    free(world);
    return 0;
}

static void
aim_at(struct world *world, bool refuse, bool kill)
{
    char path[64];
    struct stat status;
    struct sp_decoy_file file[1];
    size_t missed;
    int fds[SP_EYES_FDS];
    sp_autoclose int group = open(sp_sandbox_cgroup(world->sandbox), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct sp_eyes_aim aim = { .keeper = (uint32_t)sp_sandbox_keeper(world->sandbox),
                               .cgroup = group,
                               .refuse = refuse,
                               .kill = kill,
                               .home = world->home };
    assert_return_code(fstat(group, &status), errno);
    aim.cgroup_id = status.st_ino;
    snprintf(path, sizeof(path), "/proc/%u/ns/net", aim.keeper);
    assert_return_code(stat(path, &status), errno);
    aim.netns = (uint32_t)status.st_ino;
    assert_int_equal(sp_sandbox_decoy_files(world->sandbox, file, &missed), 1);
    assert_int_equal(missed, 0);
    const struct sp_eyes_file known = { file[0].device, file[0].inode, file[0].size, 0, true };
    aim.files = &known;
    aim.file_count = 1;
    sp_eyes_fds(eyes, fds);
    if (sp_probe_read_open(&world->reader, fds, &world->decoys, &world->err) < 0 ||
        sp_eyes_aim(eyes, &aim, &world->err) < 0)
        fail_msg("%s", world->err.text);
}

/* Runs watched with WORDS in the aimed room to its end and hears all. Returns its status as a shell shows it.
 */
static int
run(struct world *world, const char *const *words)
{
    const char *argv[12] = { "./watched" };
    const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
    const struct sp_event_sink sink = { .take = keep, .context = world }, none = { 0 };
    struct sp_sandbox_end end = { 0 };
    struct sp_wire_file left[64];
    size_t count;
    int ends[2];
    assert_return_code(pipe2(ends, O_CLOEXEC), errno);
    for (size_t i = 0; words[i]; i++)
        argv[i + 1] = words[i];
    const struct sp_sandbox_command command = {
        .argv = argv, .env = env, .cwd = world->project, .in = -1, .out = ends[1], .error = STDERR_FILENO
    };
    if (!sp_sandbox_run(world->sandbox, &command, &world->err))
        fail_msg("%s", world->err.text);
    close(ends[1]);
    while (!end.token) {
        if (sp_sandbox_next(world->sandbox, 5, &none, &end, &world->err) < 0 ||
            sp_probe_read_drain(world->reader, &sink, &world->err) < 0)
            fail_msg("%s", world->err.text);
    }
    assert_int_equal(sp_sandbox_kill(world->sandbox, &world->err), 0);
    while (sp_probe_read_drain(world->reader, &sink, &world->err) > 0)
        continue;
    assert_int_equal(sp_eyes_rest(eyes, &world->err), 0);
    while ((count = sp_eyes_leftovers(eyes, left, SP_COUNT(left))))
        for (size_t i = 0; i < count; i++)
            sp_probe_read_leftover(world->reader, &left[i], &sink);
    sp_probe_read_end(world->reader, &sink);
    ssize_t said = read(ends[0], world->said, sizeof(world->said) - 1);
    world->said[said > 0 ? said : 0] = '\0';
    close(ends[0]);
    if (end.failure)
        fail_msg("watched could not be started: %s", strerror(end.failure));
    return WIFSIGNALED(end.status) ? 128 + WTERMSIG(end.status) : WEXITSTATUS(end.status);
}

static int
run_act(struct world *world, const char *act)
{
    const char *const words[] = { act, NULL };
    aim_at(world, false, false);
    return run(world, words);
}

/* ---------------------------------------------------------------- looking */

/* The first event of KIND with VALUE (-1: any) whose subject ends in ENDING (NULL: any). */
static const struct sp_event *
find(const struct world *world, enum sp_event_kind kind, int64_t value, const char *ending)
{
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        size_t length = event->subject ? strlen(event->subject) : 0, wanted = ending ? strlen(ending) : 0;
        if (event->kind == kind && (value < 0 || event->value == value) &&
            (!ending || (length >= wanted && !strcmp(event->subject + length - wanted, ending))))
            return event;
    }
    return NULL;
}

static const struct sp_event *
must_find(const struct world *world, enum sp_event_kind kind, int64_t value, const char *ending)
{
    const struct sp_event *event = find(world, kind, value, ending);
    if (!event)
        fail_msg("no %s with value %lld and subject ...%s among %zu events", sp_event_kind_name(kind),
                 (long long)value, ending ? ending : "", world->count);
    return event;
}

static size_t
how_many(const struct world *world, enum sp_event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < world->count; i++)
        count += world->kept[i].event.kind == kind;
    return count;
}

static uint64_t
total(const struct world *world, enum sp_count which)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < world->count; i++)
        if (world->kept[i].event.kind == SP_EVENT_COUNTS)
            sum += world->kept[i].numbers[which];
    return sum;
}

static void
nothing_was_lost(const struct world *world)
{
    const struct sp_event *lost = find(world, SP_EVENT_DROPPED, -1, NULL);
    if (lost)
        fail_msg("lost: %s (%lld)", lost->subject, (long long)lost->value);
}

/* ------------------------------------------------------------------ cases */

static void
a_program_is_seen_from_its_first_exec_to_its_end(void **state)
{
    struct world *world = *state;
    char program[400];
    assert_int_equal(run_act(world, "nothing"), 0);
    const struct sp_event *fork = must_find(world, SP_EVENT_FORK, -1, NULL);
    const struct sp_event *exec = must_find(world, SP_EVENT_EXEC, -1, "/watched");
    const struct sp_event *exit = must_find(world, SP_EVENT_EXIT, 0, NULL);
    snprintf(program, sizeof(program), "%s/watched", world->project);
    assert_int_equal(fork->value, 1); /* the token */
    assert_int_equal(fork->parent, 0);
    assert_string_equal(exec->subject, program);
    assert_string_equal(exec->detail, "./watched\x1fnothing\x1f");
    assert_string_equal(exec->directory, world->project);
    assert_int_equal(exec->process, fork->process);
    assert_int_equal(exit->process, fork->process);
    assert_true(exit->bytes > 4096);
    assert_true(fork->time < exec->time && exec->time < exit->time);
    nothing_was_lost(world);
}

static void
files_are_seen_under_their_real_names(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "files"), 0);
    const struct sp_event *made = must_find(world, SP_EVENT_OPEN, -1, "/project/made/first");
    assert_true(made->value & ((int64_t)1 << 32)); /* it was not there before */
    const struct sp_event *renamed = must_find(world, SP_EVENT_CHANGE, SP_FILE_RENAME, "/project/made/first");
    assert_non_null(strstr(renamed->detail, "/project/made/second"));
    const struct sp_event *linked = must_find(world, SP_EVENT_CHANGE, SP_FILE_LINK, "/project/made/second");
    assert_non_null(strstr(linked->detail, "/project/third"));
    assert_string_equal(must_find(world, SP_EVENT_CHANGE, SP_FILE_SYMLINK, "/project/made/fourth")->detail,
                        "third");
    assert_string_equal(must_find(world, SP_EVENT_CHANGE, SP_FILE_MODE, "/project/third")->detail, "0700");
    must_find(world, SP_EVENT_CHANGE, SP_FILE_MKDIR, "/project/made");
    must_find(world, SP_EVENT_CHANGE, SP_FILE_TRUNCATE, "/project/third");
    must_find(world, SP_EVENT_CHANGE, SP_FILE_UNLINK, "/project/made/fourth");
    must_find(world, SP_EVENT_CHANGE, SP_FILE_UNLINK, "/project/made/second");
    must_find(world, SP_EVENT_CHANGE, SP_FILE_RMDIR, "/project/made");
    uint64_t written = 0, read = 0;
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        if (event->kind == SP_EVENT_BYTES && event->subject && strstr(event->subject, "/made/first")) {
            written += event->bytes;
            read += (uint64_t)event->value;
        }
    }
    assert_int_equal(written, 1234);
    assert_int_equal(read, 500);
    assert_int_equal(total(world, SP_COUNT_WRITTEN_BYTES), 1234);
    assert_int_equal(total(world, SP_COUNT_UNLINKS), 3);
    nothing_was_lost(world);
}

static void
a_maze_of_links_leads_to_the_real_file(void **state)
{
    struct world *world = *state;
    unsigned opened = 0;
    assert_int_equal(run_act(world, "maze"), 0);
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        const char *at = event->kind == SP_EVENT_OPEN ? strstr(event->subject, "/project/") : NULL;
        opened += at && !strcmp(at, "/project/a/b/goal");
    }
    assert_int_equal(opened, 2);
    must_find(world, SP_EVENT_OPEN, -1, "\033[31mred\033[0m\n"); /* as it is: writers make it printable */
}

static void
counts_are_exact(void **state)
{
    struct world *world = *state;
    const char *const words[] = { "count", "1000000", NULL };
    aim_at(world, false, false);
    assert_int_equal(run(world, words), 0);
    size_t of_a_million = 0;
    for (size_t i = 0; i < world->count; i++) {
        const struct kept *kept = &world->kept[i];
        if (kept->event.kind != SP_EVENT_COUNTS)
            continue;
        of_a_million++;
        /* getppid is one of the group; so few others are made that they can be told */
        uint64_t others = kept->numbers[SP_COUNT_PROCESS] - 1000000;
        if (others > 12)
            fail_msg("process %u: %llu calls of the group", kept->event.process,
                     (unsigned long long)kept->numbers[SP_COUNT_PROCESS]);
    }
    assert_int_equal(of_a_million, 2);
    nothing_was_lost(world);
}

static void
each_of_the_ten_patterns_is_counted(void **state)
{
    struct world *world = *state;
    for (int which = 1; which <= 10; which++) {
        char number[8];
        const char *const words[] = { "patterns", number, "20", NULL };
        snprintf(number, sizeof(number), "%d", which);
        aim_at(world, false, false);
        assert_int_equal(run(world, words), 0);
        uint64_t seen = total(world, SP_COUNT_PATTERN_1 + which - 1);
        if (seen != 20 && !(seen > 20 && seen < 24)) /* the start of a program makes some of its own */
            fail_msg("pattern %d: %llu of 20", which, (unsigned long long)seen);
        sp_probe_read_close(world->reader);
        world->reader = NULL;
        world->count = 0;
    }
}

static void
a_program_in_memory_is_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "from-memory"), 0);
    must_find(world, SP_EVENT_CODE, SP_CODE_MEMFD, "payload");
    const struct sp_event *exec = must_find(world, SP_EVENT_EXEC, -1, "payload");
    assert_true(exec->value & SP_EXEC_MEMORY);
    assert_false(exec->value & SP_EXEC_DELETED);
}

static void
a_program_without_a_name_is_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "deleted"), 0);
    assert_true(must_find(world, SP_EVENT_EXEC, -1, "/copy")->value & SP_EXEC_DELETED);
}

static void
sockets_are_seen_with_their_addresses(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "calls"), 0);
    const struct sp_event *called = must_find(world, SP_EVENT_SOCKET, SP_SOCKET_CONNECT, "192.0.2.7");
    assert_int_equal(called->port, 443);
    assert_string_equal(called->detail, "tcp");
    assert_int_equal(must_find(world, SP_EVENT_SOCKET, SP_SOCKET_SEND, "192.0.2.7")->port, 9);
    must_find(world, SP_EVENT_SOCKET, SP_SOCKET_CONNECT, "/run/docker.sock");
    must_find(world, SP_EVENT_SOCKET, SP_SOCKET_BIND, "127.0.0.1");
    must_find(world, SP_EVENT_SOCKET, SP_SOCKET_LISTEN, "127.0.0.1");
    must_find(world, SP_EVENT_SOCKET, SP_SOCKET_ACCEPT, "127.0.0.1");
    const struct sp_event *state_of = must_find(world, SP_EVENT_TCP, 2 << 8 | 1, "127.0.0.1");
    assert_int_equal(state_of->process, called->process);
    assert_non_null(strstr(must_find(world, SP_EVENT_SAID, -1, "127.0.0.1")->detail, "GET /said"));
    assert_int_equal(total(world, SP_COUNT_SENT_BYTES), 22 + 5);
    assert_true(total(world, SP_COUNT_TCP_STATES) >= 4);
    nothing_was_lost(world);
}

static void
odd_sockets_are_refused_and_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "odd-sockets"), 0);
    unsigned raw = 0, packet = 0, vsock = 0;
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        if (event->kind != SP_EVENT_SOCKET || !event->bytes)
            continue;
        raw += !strcmp(event->detail, "raw");
        packet += !strcmp(event->detail, "packet");
        vsock += !strcmp(event->detail, "vsock");
    }
    assert_int_equal(raw, 1);
    assert_int_equal(packet, 1);
    assert_int_equal(vsock, 1);
}

static void
bytes_that_no_write_sends_are_counted(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "sent-without-write"), 0);
    assert_int_equal(total(world, SP_COUNT_SENT_BYTES), 20);
}

static void
powers_over_others_are_refused_and_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "powers"), 0);
    const struct sp_event *power = must_find(world, SP_EVENT_CODE, SP_CODE_PTRACE, NULL);
    assert_string_equal(power->detail, "ptrace");
    assert_int_equal(power->bytes, 1);
    must_find(world, SP_EVENT_CODE, SP_CODE_RENAMED, "kworker/u8:1");
    must_find(world, SP_EVENT_CODE, SP_CODE_FOREIGN, "io_uring_setup");
    must_find(world, SP_EVENT_CODE, SP_CODE_FOREIGN, "bpf");
    must_find(world, SP_EVENT_LOOK, -ENOENT, "/.dockerenv");
    must_find(world, SP_EVENT_LOOK, 0, "/proc/1/cgroup");
    assert_true(total(world, SP_COUNT_SLEPT_MS) == 20);
    assert_int_equal(total(world, SP_COUNT_EXEC_PAGES), 1);
    assert_int_equal(total(world, SP_COUNT_ENVIRONS), 1);
}

static void
old_ways_into_the_kernel_end_the_process(void **state)
{
    struct world *world = *state;
    unsigned killed = 0;
    assert_int_equal(run_act(world, "old-calls"), 0);
    for (size_t i = 0; i < world->count; i++)
        killed += world->kept[i].event.kind == SP_EVENT_EXIT && (world->kept[i].event.value & 127) == SIGSYS;
#if defined(__x86_64__)
    assert_true(killed >=
                1); /* int 0x80; whether a vsyscall is answered is the kernel's choice, and not seen */
#endif
}

static void
processes_made_as_fast_as_can_be_are_all_seen(void **state)
{
    struct world *world = *state;
    const char *const words[] = { "forks", "3000", NULL };
    aim_at(world, false, false);
    assert_int_equal(run(world, words), 0);
    nothing_was_lost(world);
    assert_int_equal(how_many(world, SP_EVENT_FORK), 3001);
    assert_int_equal(how_many(world, SP_EVENT_EXIT), 3001);
    assert_int_equal(total(world, SP_COUNT_FORKS), 3000);
}

static void
words_of_any_length_are_seen_whole(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "long-words"), 0);
    const struct sp_event *exec = NULL;
    for (size_t i = 0; i < world->count; i++)
        if (world->kept[i].event.kind == SP_EVENT_EXEC)
            exec = &world->kept[i].event;
    assert_non_null(exec);
    if (exec->value & SP_EXEC_WORDS_CUT) {
        assert_int_equal(strlen(exec->detail), SP_WIRE_WORDS);
        assert_true(exec->bytes > SP_WIRE_WORDS);
    } else {
        size_t length = strlen(exec->detail);
        assert_int_equal(length, exec->bytes);
        assert_string_equal(exec->detail + length - 6, "z\x1f"
                                                       "end\x1f");
    }
}

static void
a_socket_as_standard_input_is_seen(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_act(world, "shell-on-socket"), 0);
    bool seen = false;
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        seen |=
            event->kind == SP_EVENT_EXEC && (event->value & (SP_EXEC_STDIN_SOCKET | SP_EXEC_STDOUT_SOCKET)) ==
                                                (SP_EXEC_STDIN_SOCKET | SP_EXEC_STDOUT_SOCKET);
    }
    assert_true(seen);
}

static void
whoever_reads_a_decoy_dies_before_it_can(void **state)
{
    struct world *world = *state;
    const char *const words[] = { "read-and-call", world->decoy, "1", NULL };
    aim_at(world, true, true);
    assert_int_equal(run(world, words), 128 + SIGKILL);
    const struct sp_event *decoy = must_find(world, SP_EVENT_DECOY, -1, "/.ssh/id_test");
    assert_string_equal(decoy->detail, "ssh-key");
    assert_true(decoy->process > 0);
}

/* nothing is killed here, so that the kernel's refusal alone is what holds */
static void
after_a_decoy_was_read_no_byte_leaves(void **state)
{
    struct world *world = *state;
    const char *const words[] = { "read-and-call", world->decoy, "50", NULL };
    aim_at(world, true, false);
    assert_int_equal(run(world, words), 0);
    must_find(world, SP_EVENT_DECOY, -1, "/.ssh/id_test");
    assert_string_equal(world->said, "0\n");
    assert_true(sp_probe_read_refused(world->reader) >= 200);
}

static void
before_a_decoy_was_read_calls_go_through(void **state)
{
    struct world *world = *state;
    const char *const words[] = { "read-and-call", "/etc/hostname", "1", NULL };
    aim_at(world, true, false);
    assert_int_equal(run(world, words), 0);
    assert_string_not_equal(world->said, "0\n");
    assert_int_equal(sp_probe_read_refused(world->reader), 0);
}

static int
load_once(void **state)
{
    struct sp_error err;
    (void)state;
    if (sp_eyes_load(&eyes, &err) < 0) {
        print_message("SKIPPED: %s\n", err.text);
        return 0;
    }
    return 0;
}

int
main(void)
{
    struct sp_error err;
    int failed;
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest cases[] = {
        CASE(a_program_is_seen_from_its_first_exec_to_its_end),
        CASE(files_are_seen_under_their_real_names),
        CASE(a_maze_of_links_leads_to_the_real_file),
        CASE(counts_are_exact),
        CASE(each_of_the_ten_patterns_is_counted),
        CASE(a_program_in_memory_is_seen),
        CASE(a_program_without_a_name_is_seen),
        CASE(sockets_are_seen_with_their_addresses),
        CASE(odd_sockets_are_refused_and_seen),
        CASE(bytes_that_no_write_sends_are_counted),
        CASE(powers_over_others_are_refused_and_seen),
        CASE(old_ways_into_the_kernel_end_the_process),
        CASE(processes_made_as_fast_as_can_be_are_all_seen),
        CASE(words_of_any_length_are_seen_whole),
        CASE(a_socket_as_standard_input_is_seen),
        CASE(whoever_reads_a_decoy_dies_before_it_can),
        CASE(after_a_decoy_was_read_no_byte_leaves),
        CASE(before_a_decoy_was_read_calls_go_through),
    };
    (void)load_once(NULL);
    if (!eyes)
        return 77;
    snprintf(base, sizeof(base), "/var/tmp/sallyport-probe-%d", (int)getpid());
    if (mkdir(base, 0755) < 0)
        return 1;
    failed = cmocka_run_group_tests(cases, NULL, NULL);
    (void)!sp_tree_remove(base, &err);
    sp_eyes_free(eyes);
    return failed;
}
