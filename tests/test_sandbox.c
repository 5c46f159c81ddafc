/* The room and what is tried in it (tests/hostile.c), as each kind of caller: root, root through sudo, an
 * ordinary user. One process a caller; a kind that this host does not allow is skipped, and says so. */
#include "base/tree.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define SECOND 1000000000ull
#define ORDINARY_ID 54321

static const char *const hostile_source = HOSTILE_PROGRAM;

struct caller {
    const char *name;
    bool needs_root, sudo;
    uid_t uid;
};

static const struct caller callers[] = {
    { "root", .needs_root = true },
    { "root through sudo", .needs_root = true, .sudo = true },
    { "an ordinary user", .uid = ORDINARY_ID },
};
static const struct caller *caller;
static char base[256]; /* everything of this test lies there */

/* ------------------------------------------------------------------ a room */

struct heard {
    unsigned count[SP_EVENT_KIND_END];
    char limit[32], decoy[64];
};

struct world {
    char home[300], project[300], layers[300];
    struct sp_sandbox_spec spec;
    struct sp_sandbox *sandbox;
    struct heard heard;
    struct sp_error err;
};

static void
hear(void *context, const struct sp_event *event)
{
    struct heard *heard = context;
    heard->count[event->kind]++;
    if (event->kind == SP_EVENT_LIMIT)
        snprintf(heard->limit, sizeof(heard->limit), "%s", event->subject);
    if (event->kind == SP_EVENT_DECOY)
        snprintf(heard->decoy, sizeof(heard->decoy), "%s", event->detail);
}

static void
make_owned(const char *path)
{
    assert_return_code(mkdir(path, 0755), errno);
    if (caller->sudo)
        assert_return_code(chown(path, ORDINARY_ID, ORDINARY_ID), errno);
}

static void
write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    if (caller->sudo)
        assert_return_code(fchown(fd, ORDINARY_ID, ORDINARY_ID), errno);
    close(fd);
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
    snprintf(program, sizeof(program), "%s/hostile", world->project);
    assert_int_equal(sp_tree_copy(hostile_source, program, &world->err), 0);
    assert_return_code(chmod(program, 0755), errno);
    if (caller->sudo)
        assert_return_code(chown(program, ORDINARY_ID, ORDINARY_ID), errno);
    world->spec = (struct sp_sandbox_spec){
        .home = world->home,
        .project = world->project,
        .net = SP_NET_REGISTRY,
        .scratch = world->layers,
        .limits = { .time = 60 * SECOND,
                    .memory = (uint64_t)1 << 30,
                    .processes = 200,
                    .file_size = 256 << 20,
                    .disk = 128 << 20,
                    .files = 20000 },
    };
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    sp_sandbox_close(world->sandbox);
    assert_int_equal(sp_tree_remove(world->home, &world->err), 0);
    free(world);
    return 0;
}

static void
open_room(struct world *world)
{
    if (sp_sandbox_open(&world->sandbox, &world->spec, &world->err) < 0)
        fail_msg("%s", world->err.text);
}

/* Runs ARGV and returns its status as a shell shows it. */
static int
run_in(struct world *world, struct sp_sandbox *sandbox, const char *const *argv, int out, uint64_t time)
{
    char home[320];
    snprintf(home, sizeof(home), "HOME=%s", world->home);
    const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", home, NULL };
    const struct sp_event_sink sink = { .take = hear, .context = &world->heard };
    const struct sp_sandbox_command command = { .argv = argv,
                                                .env = env,
                                                .cwd = world->project,
                                                .in = -1,
                                                .out = out,
                                                .error = STDERR_FILENO,
                                                .time = time };
    struct sp_sandbox_end end = { 0 };
    uint32_t token = sp_sandbox_run(sandbox, &command, &world->err);
    if (!token)
        fail_msg("%s", world->err.text);
    for (int turns = 0; turns < 1200; turns++) {
        int got = sp_sandbox_next(sandbox, 100, &sink, &end, &world->err);
        if (got < 0)
            fail_msg("%s", world->err.text);
        if (got && end.token == token)
            return end.timed_out             ? -2
                   : end.failure             ? 1000 + end.failure
                   : WIFSIGNALED(end.status) ? 128 + WTERMSIG(end.status)
                                             : WEXITSTATUS(end.status);
    }
    fail_msg("%s did not end", argv[0]);
    return -1;
}

static int
act(struct world *world, const char *name, const char *argument)
{
    const char *const argv[] = { "./hostile", name, argument, NULL };
    if (!world->sandbox)
        open_room(world);
    return run_in(world, world->sandbox, argv, -1, 0);
}

static int
shell(struct world *world, struct sp_sandbox *sandbox, const char *script)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    return run_in(world, sandbox, argv, -1, 0);
}

/* Finds what the room wrote to PATH, relative to the project; -1: nothing. */
static int
open_written(const struct world *world, const char *path)
{
    const struct sp_sandbox_tree *trees;
    size_t count = sp_sandbox_trees(world->sandbox, &trees);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(trees[i].target, world->project))
            return openat(trees[i].upper, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    return -1;
}

static bool
on_host(const char *directory, const char *name)
{
    char path[700];
    struct stat status;
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return lstat(path, &status) == 0;
}

/* ------------------------------------------------------------------- cases */

static void
what_is_written_stays_in_the_layers(void **state)
{
    struct world *world = *state;
    open_room(world);
    assert_int_equal(
        shell(world, world->sandbox, "echo new >made && rm hostile && mkdir -p deep/er && echo x >deep/er/y"),
        0);
    assert_false(on_host(world->project, "made"));
    assert_true(on_host(world->project, "hostile"));
    int fd = open_written(world, "made");
    char text[8] = "";
    assert_true(fd >= 0);
    assert_int_equal(read(fd, text, sizeof(text)), 4);
    assert_string_equal(text, "new\n");
    close(fd);
}

static void
the_home_and_its_neighbours_are_hidden(void **state)
{
    struct world *world = *state;
    char secret[700], neighbour[700];
    snprintf(secret, sizeof(secret), "%s/secret", world->home);
    snprintf(neighbour, sizeof(neighbour), "%s/neighbour", base);
    write_text(secret, "s3cr3t");
    write_text(neighbour, "other");
    assert_int_equal(act(world, "hidden", secret), 0);
    assert_int_equal(act(world, "hidden", neighbour), 0);
    assert_int_equal(act(world, "hidden", world->layers), 0);
    unlink(neighbour);
}

static void
a_command_that_is_not_there_says_so(void **state)
{
    struct world *world = *state;
    const char *const argv[] = { "no-such-program", NULL };
    open_room(world);
    assert_int_equal(run_in(world, world->sandbox, argv, -1, 0), 1000 + ENOENT);
}

static void
a_decoy_that_is_opened_is_an_event_and_one_that_is_not_is_none(void **state)
{
    struct world *world = *state;
    char path[400], other[400];
    snprintf(path, sizeof(path), "%s/.ssh/id_ed25519", world->home);
    snprintf(other, sizeof(other), "%s/.other", world->home);
    struct sp_decoy items[] = {
        { .id = "other", .path = other, .bytes = "x", .length = 1, .mode = 0600 },
        { .id = "ssh-key", .path = path, .bytes = "key", .length = 3, .mode = 0600 },
    };
    const struct sp_decoys decoys = { .items = items, .count = 2 };
    world->spec.decoys = &decoys;
    open_room(world);
    assert_int_equal(shell(world, world->sandbox, "ls -la ~ >/dev/null; true"), 0);
    assert_int_equal(world->heard.count[SP_EVENT_DECOY], 0);
    char script[500];
    snprintf(script, sizeof(script), "test \"$(cat %s)\" = key", path);
    assert_int_equal(shell(world, world->sandbox, script), 0);
    assert_true(world->heard.count[SP_EVENT_DECOY] > 0);
    assert_string_equal(world->heard.decoy, "ssh-key");
}

static void
a_file_of_the_project_can_stand_rewritten(void **state)
{
    struct world *world = *state;
    char path[400];
    snprintf(path, sizeof(path), "%s/lock", world->project);
    write_text(path, "before");
    const struct sp_placed_file file = { .path = path, .bytes = "after", .length = 5, .mode = 0644 };
    world->spec.files = &file;
    world->spec.file_count = 1;
    open_room(world);
    assert_int_equal(shell(world, world->sandbox, "test \"$(cat lock)\" = after"), 0);
    char text[8] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, text, sizeof(text)), 6);
    assert_string_equal(text, "before");
    close(fd);
}

static void
a_link_in_the_project_leads_no_placed_file_to_the_host(void **state)
{
    struct world *world = *state;
    char path[400], outside[400];
    snprintf(path, sizeof(path), "%s/.env", world->project);
    snprintf(outside, sizeof(outside), "%s/outside", base);
    write_text(outside, "untouched");
    assert_return_code(symlink(outside, path), errno);
    const struct sp_placed_file file = { .path = path, .bytes = "canary", .length = 6, .mode = 0644 };
    world->spec.files = &file;
    world->spec.file_count = 1;
    open_room(world);
    assert_int_equal(shell(world, world->sandbox, "test \"$(cat .env)\" = canary"), 0);
    char text[16] = "";
    int fd = open(outside, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, text, sizeof(text)), 9);
    close(fd);
    unlink(outside);
}

static void
a_second_room_stands_over_the_first_and_changes_nothing_of_it(void **state)
{
    struct world *world = *state;
    struct sp_sandbox *second = NULL;
    open_room(world);
    assert_int_equal(shell(world, world->sandbox, "echo one >made && echo h >~/.left && rm hostile"), 0);
    assert_int_equal(sp_sandbox_end(world->sandbox, &world->err), 0);
    struct sp_sandbox_spec spec = world->spec;
    spec.over = world->sandbox;
    if (sp_sandbox_open(&second, &spec, &world->err) < 0)
        fail_msg("%s", world->err.text);
    assert_int_equal(shell(world, second,
                           "test $(cat made) = one && test -e ~/.left && test ! -e hostile && "
                           "echo two >made && echo >more"),
                     0);
    sp_sandbox_close(second);
    char text[8] = "";
    int fd = open_written(world, "made");
    assert_int_equal(read(fd, text, sizeof(text)), 4);
    assert_string_equal(text, "one\n");
    close(fd);
    assert_int_equal(open_written(world, "more"), -1);
}

static void
nothing_outlives_the_room(void **state)
{
    struct world *world = *state;
    struct stat before, after;
    assert_int_equal(act(world, "daemon", NULL), 0);
    struct timespec pause = { .tv_nsec = 200000000 };
    nanosleep(&pause, NULL);
    assert_int_equal(sp_sandbox_kill(world->sandbox, &world->err), 0);
    int fd = open_written(world, "heartbeat");
    assert_true(fd >= 0);
    fstat(fd, &before);
    assert_true(before.st_size > 0);
    nanosleep(&pause, NULL);
    fstat(fd, &after);
    close(fd);
    assert_int_equal(before.st_size, after.st_size);
    /* and the room still works */
    assert_int_equal(shell(world, world->sandbox, "true"), 0);
}

static void
a_fork_bomb_meets_the_limit(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "fork-bomb", NULL), 0);
    assert_int_equal(sp_sandbox_kill(world->sandbox, &world->err), 0);
    assert_int_equal(shell(world, world->sandbox, "true"), 0);
}

static void
a_disk_filler_is_stopped(void **state)
{
    struct world *world = *state;
    world->spec.limits.file_size = 0;
    assert_int_equal(act(world, "disk-filler", NULL), 128 + SIGKILL);
    assert_string_equal(world->heard.limit, "disk");
}

static void
one_file_has_its_limit(void **state)
{
    struct world *world = *state;
    world->spec.limits.disk = 0;
    assert_int_equal(act(world, "disk-filler", NULL), 128 + SIGXFSZ);
    assert_int_equal(act(world, "sparse-file", NULL), 0);
}

static void
a_million_files_are_stopped(void **state)
{
    struct world *world = *state;
    assert_int_equal(act(world, "many-files", NULL), 128 + SIGKILL);
    assert_string_equal(world->heard.limit, "files");
}

static void
memory_has_its_limit(void **state)
{
    struct world *world = *state;
    int status = act(world, "memory-eater", NULL);
    assert_true(status == 128 + SIGKILL || status == 3);
}

static void
the_whole_run_has_its_time(void **state)
{
    struct world *world = *state;
    world->spec.limits.time = SECOND / 2;
    open_room(world);
    assert_int_equal(shell(world, world->sandbox, "sleep 20"), 128 + SIGKILL);
    assert_string_equal(world->heard.limit, "time");
}

static void
one_command_has_its_time(void **state)
{
    struct world *world = *state;
    const char *const argv[] = { "/bin/sh", "-c", "sleep 20", NULL };
    open_room(world);
    assert_int_equal(run_in(world, world->sandbox, argv, -1, SECOND / 5), -2);
    assert_int_equal(shell(world, world->sandbox, "true"), 0);
}

static void
endless_output_ends_with_its_reader_or_its_time(void **state)
{
    struct world *world = *state;
    const char *const argv[] = { "./hostile", "endless-output", NULL };
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    open_room(world);
    assert_int_equal(run_in(world, world->sandbox, argv, null, SECOND / 2), -2);
    close(null);
}

static void
sockets_of_the_host_are_out_of_reach(void **state)
{
    struct world *world = *state;
    struct sockaddr_un abstract = { .sun_family = AF_UNIX }, path = { .sun_family = AF_UNIX };
    memcpy(abstract.sun_path, "\0sallyport-test", 15);
    int one = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
        two = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(
        bind(one, (struct sockaddr *)&abstract, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 15)),
        errno);
    /* by way of a short name: the path of the project may be too long for an address */
    int here = open(".", O_PATH | O_CLOEXEC);
    assert_return_code(chdir(world->project), errno);
    strcpy(path.sun_path, "host.sock");
    assert_return_code(bind(two, (struct sockaddr *)&path, sizeof(path)), errno);
    assert_return_code(chmod("host.sock", 0777), errno);
    assert_return_code(fchdir(here), errno);
    listen(one, 4);
    listen(two, 4);
    assert_int_equal(act(world, "sockets", NULL), 0);
    close(one);
    close(two);
    close(here);
}

static int
listen_on(uint32_t address, int type, char *out, size_t size)
{
    struct sockaddr_in where = { .sin_family = AF_INET, .sin_addr = { htonl(address) } };
    socklen_t length = sizeof(where);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_return_code(bind(fd, (struct sockaddr *)&where, sizeof(where)), errno);
    if (type == SOCK_STREAM)
        assert_return_code(listen(fd, 8), errno);
    assert_return_code(getsockname(fd, (struct sockaddr *)&where, &length), errno);
    snprintf(out, size, "127.0.0.1:%u", ntohs(where.sin_port));
    return fd;
}

static void
nothing_reaches_a_listener_outside(void **state)
{
    struct world *world = *state;
    char stream_at[64], datagram_at[64];
    int stream = listen_on(INADDR_ANY, SOCK_STREAM, stream_at, sizeof(stream_at));
    int datagram = listen_on(INADDR_ANY, SOCK_DGRAM, datagram_at, sizeof(datagram_at));
    static const char *const hosts[] = { "127.0.0.1", "10.0.0.1", "192.0.2.1", "8.8.8.8", "169.254.169.254" };
    for (size_t i = 0; i < SP_COUNT(hosts); i++) {
        char target[96];
        snprintf(target, sizeof(target), "%s%s", hosts[i], strchr(stream_at, ':'));
        assert_int_equal(act(world, "call-out", target), 0);
        snprintf(target, sizeof(target), "%s%s", hosts[i], strchr(datagram_at, ':'));
        assert_int_equal(act(world, "call-out", target), 0);
    }
    struct pollfd fds[] = { { .fd = stream, .events = POLLIN }, { .fd = datagram, .events = POLLIN } };
    assert_int_equal(poll(fds, 2, 200), 0);
    close(stream);
    close(datagram);
}

static void
sixteen_rooms_stand_side_by_side(void **state)
{
    struct world *world = *state;
    struct sp_sandbox *rooms[16] = { 0 };
    for (size_t i = 0; i < SP_COUNT(rooms); i++) {
        if (sp_sandbox_open(&rooms[i], &world->spec, &world->err) < 0)
            fail_msg("%zu: %s", i, world->err.text);
    }
    for (size_t i = 0; i < SP_COUNT(rooms); i++) {
        char script[64];
        snprintf(script, sizeof(script), "test ! -e mine && echo %zu >mine", i);
        assert_int_equal(shell(world, rooms[i], script), 0);
    }
    for (size_t i = 0; i < SP_COUNT(rooms); i++) {
        char script[64];
        snprintf(script, sizeof(script), "test $(cat mine) = %zu", i);
        assert_int_equal(shell(world, rooms[i], script), 0);
        sp_sandbox_close(rooms[i]);
    }
}

static void
layers_are_gone_afterwards(void **state)
{
    struct world *world = *state;
    uint64_t bytes, things;
    assert_int_equal(act(world, "odd-names", NULL), 0);
    /* nested more deeply than there are descriptors */
    assert_int_equal(
        shell(world, world->sandbox,
              "i=0; while [ $i -lt 1500 ]; do mkdir d && cd -P d || exit 1; i=$((i+1)); done; chmod 0 ."),
        0);
    sp_sandbox_close(world->sandbox);
    world->sandbox = NULL;
    sp_tree_usage(world->layers, UINT64_MAX, UINT64_MAX, &bytes, &things);
    assert_int_equal(things, 0);
}

static void
a_project_that_would_show_the_host_is_refused(void **state)
{
    struct world *world = *state;
    const char *const bad[] = { "/", world->home, base, "/proc", "/run" };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        world->spec.project = bad[i];
        assert_int_equal(sp_sandbox_open(&world->sandbox, &world->spec, &world->err), -1);
        assert_int_equal(world->err.code, SP_ERROR_USAGE);
    }
}

#define ACT(test, name)                                                                                      \
    static void test(void **state)                                                                           \
    {                                                                                                        \
        assert_int_equal(act(*state, name, NULL), 0);                                                        \
    }
ACT(the_keeper_cannot_be_killed_or_limited, "kill-keeper")
ACT(no_namespace_can_be_made_or_entered, "namespaces")
ACT(no_mount_can_be_made_or_undone, "mounts")
ACT(doors_of_the_kernel_are_shut, "kernel-doors")
ACT(no_other_process_can_be_looked_into, "other-processes")
ACT(files_of_the_kernel_cannot_be_written, "kernel-files")
ACT(no_device_capability_or_mark_can_be_made, "device-nodes")
ACT(clocks_cannot_be_set, "clocks")
ACT(nothing_can_be_typed_into_a_terminal, "terminals")
ACT(calls_of_other_architectures_kill, "foreign-calls")
ACT(nobody_else_can_be_become, "setuid-files")
ACT(no_hard_link_leads_out, "links-out")

static void
no_descriptor_is_inherited(void **state)
{
    int fd = open("/etc/hostname", O_RDONLY); /* on purpose without close-on-exec */
    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, 77), 77);
    assert_int_equal(act(*state, "descriptors", NULL), 0);
    close(77);
    close(fd);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
static int
run_cases(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_written_stays_in_the_layers),
        CASE(the_home_and_its_neighbours_are_hidden),
        CASE(a_command_that_is_not_there_says_so),
        CASE(a_decoy_that_is_opened_is_an_event_and_one_that_is_not_is_none),
        CASE(a_file_of_the_project_can_stand_rewritten),
        CASE(a_link_in_the_project_leads_no_placed_file_to_the_host),
        CASE(a_second_room_stands_over_the_first_and_changes_nothing_of_it),
        CASE(nothing_outlives_the_room),
        CASE(a_fork_bomb_meets_the_limit),
        CASE(a_disk_filler_is_stopped),
        CASE(one_file_has_its_limit),
        CASE(a_million_files_are_stopped),
        CASE(memory_has_its_limit),
        CASE(the_whole_run_has_its_time),
        CASE(one_command_has_its_time),
        CASE(endless_output_ends_with_its_reader_or_its_time),
        CASE(sockets_of_the_host_are_out_of_reach),
        CASE(nothing_reaches_a_listener_outside),
        CASE(sixteen_rooms_stand_side_by_side),
        CASE(layers_are_gone_afterwards),
        CASE(a_project_that_would_show_the_host_is_refused),
        CASE(no_descriptor_is_inherited),
        CASE(the_keeper_cannot_be_killed_or_limited),
        CASE(no_namespace_can_be_made_or_entered),
        CASE(no_mount_can_be_made_or_undone),
        CASE(doors_of_the_kernel_are_shut),
        CASE(no_other_process_can_be_looked_into),
        CASE(files_of_the_kernel_cannot_be_written),
        CASE(no_device_capability_or_mark_can_be_made),
        CASE(clocks_cannot_be_set),
        CASE(nothing_can_be_typed_into_a_terminal),
        CASE(calls_of_other_architectures_kill),
        CASE(nobody_else_can_be_become),
        CASE(no_hard_link_leads_out),
    };
    return cmocka_run_group_tests_name(caller->name, tests, NULL, NULL);
}

/* ----------------------------------------------------------------- callers */

/* Becomes the caller, for good. */
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
    return true;
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
            printf("skipped: the sandbox as %s: the tests do not run as root\n[  SKIPPED ] 1 test(s)\n",
                   caller->name);
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
