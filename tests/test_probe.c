/* The probes, loaded here, over a real sandbox: what tests/watched.c does is seen, refused or known to be
 * missed. Needs root and a kernel that takes them; skipped, and said, elsewhere. */
#include "base/tree.h"
#include "probe_room.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

static const char *const watched_source = WATCHED_PROGRAM;

static int
set_up_watched(void **state)
{
    char program[400];
    if (set_up(state) < 0)
        return -1;
    struct world *world = *state;
    snprintf(program, sizeof(program), "%s/watched", world->project);
    assert_int_equal(sp_tree_copy(watched_source, program, &world->err), 0);
    assert_return_code(chmod(program, 0755), errno);
    return 0;
}

/* Runs watched with WORDS in the aimed room. */
static int
run(struct world *world, const char *const *words)
{
    const char *argv[12] = { "./watched" };
    for (size_t i = 0; words[i]; i++)
        argv[i + 1] = words[i];
    return run_program(world, argv);
}

static int
run_act(struct world *world, const char *act)
{
    const char *const words[] = { act, NULL };
    aim_at(world, false, false);
    return run(world, words);
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
        forget(world);
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

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up_watched, tear_down)
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
    int failed = probes_begin();
    if (failed)
        return failed;
    failed = cmocka_run_group_tests(cases, NULL, NULL);
    probes_end();
    return failed;
}
