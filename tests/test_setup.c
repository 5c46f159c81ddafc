/* 'sallyport setup' and what an ordinary user gets by it: full sight of his own sandbox, and of nothing else.
 * Needs root, which makes the users, and a kernel that takes the probes; skipped, and said, elsewhere. */
#include "users.h"
#include "probe/install.h"
#include "probe/probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include <cmocka.h>

/* ------------------------------------------------------------ what is there */

static void
what_was_put_there_is_found_to_be_the_same(void **state)
{
    char path[320], directory[300];
    struct sp_error err = { 0 };
    struct stat status;
    enum sp_install_state found;
    (void)state;
    snprintf(directory, sizeof(directory), "%s/a/b/c", users_base);
    snprintf(path, sizeof(path), "%s/sallyport-probes", directory);
    assert_int_equal(sp_install_look(&found, HELPER_PROGRAM, path, &err), 0);
    assert_int_equal(found, SP_INSTALL_ABSENT);
    for (int again = 0; again < 2; again++) {
        if (sp_install_put(HELPER_PROGRAM, path, &err) < 0)
            fail_msg("%s", err.text);
        assert_int_equal(sp_install_look(&found, HELPER_PROGRAM, path, &err), 0);
        assert_int_equal(found, SP_INSTALL_SAME);
    }
    assert_return_code(stat(path, &status), errno);
    assert_int_equal(status.st_mode & 07777, 0755);
    assert_int_equal(status.st_uid, 0);
    /* bpf 39, perfmon 38, net_admin 12, sys_ptrace 19: no more than these */
    assert_true(sp_install_capabilities(path) == (1ull << 39 | 1ull << 38 | 1ull << 12 | 1ull << 19));

    /* a temporary file that stays would carry the capabilities too */
    DIR *entries = opendir(directory);
    size_t count = 0;
    while (readdir(entries))
        count++;
    closedir(entries);
    assert_int_equal(count, 3);

    assert_int_equal(sp_install_remove(path, &err), 1);
    assert_int_equal(sp_install_remove(path, &err), 0);
    assert_int_equal(access(directory, F_OK), -1);
}

static void
what_was_changed_is_found_and_put_right(void **state)
{
    static const char *const changes[] = { "owner", "mode", "capabilities", "bytes", "a link" };
    char path[320];
    struct sp_error err = { 0 };
    enum sp_install_state found;
    (void)state;
    snprintf(path, sizeof(path), "%s/changed/sallyport-probes", users_base);
    for (size_t i = 0; i < SP_COUNT(changes); i++) {
        assert_int_equal(sp_install_put(HELPER_PROGRAM, path, &err), 0);
        int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_return_code(i == 0   ? chown(path, ALICE, 0)
                           : i == 1 ? chmod(path, 0775)
                           : i == 2 ? removexattr(path, "security.capability")
                           : i == 3 ? (int)write(fd, "x", 1) - 1
                                    : unlink(path) + symlink(HELPER_PROGRAM, path),
                           errno);
        close(fd);
        assert_int_equal(sp_install_look(&found, HELPER_PROGRAM, path, &err), 0);
        if (found != SP_INSTALL_OTHER)
            fail_msg("%s: not noticed", changes[i]);
        assert_int_equal(sp_install_put(HELPER_PROGRAM, path, &err), 0);
        assert_int_equal(sp_install_look(&found, HELPER_PROGRAM, path, &err), 0);
        if (found != SP_INSTALL_SAME)
            fail_msg("%s: not put right", changes[i]);
    }
}

static void
a_directory_that_others_may_write_to_is_refused(void **state)
{
    char directory[300], path[330];
    struct sp_error err = { 0 };
    (void)state;
    snprintf(directory, sizeof(directory), "%s/open", users_base);
    snprintf(path, sizeof(path), "%s/sallyport-probes", directory);
    assert_return_code(mkdir(directory, 0755), errno);
    assert_return_code(chmod(directory, 0777), errno);
    assert_int_equal(sp_install_put(HELPER_PROGRAM, path, &err), -1);
    assert_non_null(strstr(err.text, "somebody else than root"));
    assert_return_code(chmod(directory, 0755), errno);
    assert_return_code(chown(directory, ALICE, ALICE), errno);
    assert_int_equal(sp_install_put(HELPER_PROGRAM, path, &err), -1);
    assert_int_equal(access(path, F_OK), -1);
}

/* --------------------------------------------------------------- full sight */

/* Names of programs that both the sandbox and the host run, to be told apart by their words. */
static void
hear(void *context, const struct sp_event *event)
{
    (void)context;
    if (event->kind == SP_EVENT_EXEC && event->detail) {
        told->execs += strstr(event->detail, "inside") != NULL;
        told->foreign += strstr(event->detail, "outside") != NULL;
    }
    told->opens += event->kind == SP_EVENT_OPEN;
    told->counted += event->kind == SP_EVENT_COUNTS;
}

static const struct sp_event_sink sink = { .take = hear };

static void
run_inside(struct sp_sandbox *sandbox)
{
    const char *const argv[] = { "/bin/sh", "-c", "/bin/echo inside; /bin/cat /etc/hostname", NULL };
    const char *const env[] = { "PATH=/usr/bin:/bin", NULL };
    char project[320];
    struct sp_error err = { 0 };
    struct sp_sandbox_end end = { 0 };
    snprintf(project, sizeof(project), "%s/user%u/project", users_base, users_self);
    const struct sp_sandbox_command command = {
        .argv = argv, .env = env, .cwd = project, .in = -1, .out = -1, .error = -1
    };
    MUST(sp_sandbox_run(sandbox, &command, &err), err.text);
    int got;
    while ((got = sp_sandbox_next(sandbox, 5000, NULL, &end, &err)) == 0)
        continue;
    MUST(got == 1, err.text);
}

/* Something of the same user's that is not inside, in the same control group. */
static void
run_outside(void)
{
    pid_t pid = fork();
    if (!pid) {
        (void)!execl("/bin/echo", "echo", "", "outside", NULL);
        _exit(127);
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static struct sp_probe_aim
aim_of(const struct sp_sandbox *sandbox, int keeper, const char *group)
{
    return (struct sp_probe_aim){ .keeper = keeper,
                                  .keeper_pid = sp_sandbox_keeper(sandbox),
                                  .cgroup = group ? group : sp_sandbox_cgroup(sandbox),
                                  .refuse = true };
}

static void
watch_own_sandbox_by(const char *group)
{
    struct sp_sandbox *sandbox;
    struct sp_probe *probe;
    struct sp_error err = { 0 };
    MUST(sp_probe_start(&probe, &err) == 0, err.text);
    for (int again = 0; again < 2; again++) {
        open_sandbox(&sandbox);
        sp_autoclose int keeper = pidfd_of(sp_sandbox_keeper(sandbox));
        const struct sp_probe_aim aim = aim_of(sandbox, keeper, group);
        MUST(sp_probe_aim(probe, &aim, &err) == 0, err.text);
        snprintf(told->sight, sizeof(told->sight), "%.600s", sp_probe_sight(probe));
        run_outside();
        run_inside(sandbox);
        MUST(sp_probe_drain(probe, &sink, &err) >= 0, err.text);
        MUST(sp_sandbox_kill(sandbox, &err) == 0, err.text);
        MUST(sp_probe_rest(probe, &sink, &err) == 0, err.text);
        sp_sandbox_close(sandbox);
    }
    sp_probe_stop(probe);
}

static void
watch_own_sandbox(int said)
{
    (void)said;
    watch_own_sandbox_by(NULL);
}

static void
a_user_and_root_see_two_sandboxes_of_their_own_one_after_the_other(void **state)
{
    static const uid_t users[] = { 0, ALICE };
    (void)state;
    for (size_t i = 0; i < SP_COUNT(users); i++) {
        do_as(users[i], watch_own_sandbox);
        assert_string_equal(told->sight, "all");
        /* the shell, its echo and its cat bear the word, or are counted */
        assert_true(told->execs >= 4);
        assert_true(told->opens >= 4);
        assert_true(told->counted >= 4);
        assert_int_equal(told->foreign, 0);
    }
}

static void
watch_by_a_group_of_others(int said)
{
    char where[300];
    (void)said;
    char link[300];
    snprintf(link, sizeof(link), "%s/group", users_base);
    ssize_t length = readlink(link, where, sizeof(where) - 1);
    MUST(length > 0, "no group");
    where[length] = '\0';
    watch_own_sandbox_by(where);
}

static void
a_control_group_that_others_are_in_brings_none_of_them_into_sight(void **state)
{
    char mounted[256] = "", line[1024], link[300];
    (void)state;
    FILE *mounts = fopen("/proc/self/mounts", "re");
    while (fgets(line, sizeof(line), mounts) && !*mounted)
        if (strstr(line, " cgroup2 "))
            (void)!sscanf(line, "%*s %255s", mounted);
    fclose(mounts);
    if (!*mounted)
        skip();
    snprintf(link, sizeof(link), "%s/group", users_base);
    assert_return_code(symlink(mounted, link), errno);
    do_as(ALICE, watch_by_a_group_of_others);
    assert_true(told->execs >= 4);
    assert_int_equal(told->foreign, 0);
}

/* -------------------------------------------------------------- strangers' */

static void
keep_a_sandbox(int said)
{
    struct sp_sandbox *sandbox;
    char byte = 0;
    open_sandbox(&sandbox);
    told->keeper = sp_sandbox_keeper(sandbox);
    MUST(write(said, &byte, 1) == 1, strerror(errno));
    (void)!read(said, &byte, 1);
    sp_sandbox_close(sandbox);
}

/* Starts the helper as the caller and aims it at told->keeper. */
static void
aim_at_told(int said)
{
    struct sp_probe *probe;
    struct sp_error err = { 0 };
    (void)said;
    sp_autoclose int keeper = pidfd_of(told->keeper);
    const struct sp_probe_aim aim = { .keeper = keeper, .keeper_pid = told->keeper };
    MUST(keeper >= 0, strerror(errno));
    MUST(sp_probe_start(&probe, &err) == 0, err.text);
    int aimed = sp_probe_aim(probe, &aim, &err);
    snprintf(told->text, sizeof(told->text), "%s", aimed < 0 ? err.text : "");
    sp_probe_stop(probe);
}

/* What USER is told who aims at process PID; "": the probes are aimed. */
static const char *
answer_to(uid_t user, pid_t pid)
{
    int said;
    told->keeper = pid;
    wait_for(start_as(user, aim_at_told, &said));
    close(said);
    return told->text;
}

static void
a_user_cannot_aim_at_what_is_not_his_own_sandbox(void **state)
{
    int said, ready;
    char byte;
    (void)state;
    memset(told, 0, sizeof(*told));
    pid_t bob = start_as(BOB, keep_a_sandbox, &said);
    ready = (int)read(said, &byte, 1);
    if (ready != 1)
        wait_for(bob);
    pid_t keeper = told->keeper, own = fork();
    if (!own) {
        (void)!setresuid(ALICE, ALICE, ALICE);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
        _exit(0);
    }
    const struct {
        const char *name;
        uid_t user;
        pid_t pid;
        const char *says;
    } cases[] = {
        { "another user's sandbox", ALICE, keeper, "is another user's" },
        /* some hosts let nobody look at it: refused all the same */
        { "the host's first process", ALICE, 1, "the probes are not aimed" },
        { "another user's process of the host", ALICE, bob, "is in no sandbox" },
        { "his own process of the host", ALICE, own, "is in no sandbox" },
        { "root's own process of the host", 0, getpid(), "is in no sandbox" },
        { "his own sandbox", BOB, keeper, "" },
        { "a user's sandbox, by root", 0, keeper, "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const char *answer = answer_to(cases[i].user, cases[i].pid);
        if (*cases[i].says ? !strstr(answer, cases[i].says) : *answer)
            fail_msg("%s: '%s', not '%s'", cases[i].name, answer, cases[i].says);
    }
    kill(own, SIGKILL);
    waitpid(own, NULL, 0);
    close(said);
    wait_for(bob);
}

/* Namespaces of his own, but not those of a sandbox; in the third case it is, and the second process in it is
 * named. */
static void
make_half_a_sandbox(int said)
{
    static const int flags[] = { CLONE_NEWUSER, CLONE_NEWUSER | CLONE_NEWPID,
                                 CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID };
    char which;
    MUST(read(said, &which, 1) == 1, strerror(errno));
    MUST(unshare(flags[which % 3]) == 0, strerror(errno));
    pid_t first = fork();
    if (!first) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pid_t second = fork();
        if (!second) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            pause();
            _exit(0);
        }
        pause();
        _exit(0);
    }
    (void)!read(said, &which, 1);
    kill(first, SIGKILL);
    waitpid(first, NULL, 0);
}

static pid_t
child_of(pid_t parent)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
    for (int tries = 0; tries < 1000 && !child; tries++) {
        FILE *file = fopen(path, "re");
        if (!file || fscanf(file, "%d", &child) != 1)
            usleep(1000);
        if (file)
            fclose(file);
    }
    return child;
}

static void
half_a_sandbox_is_none(void **state)
{
    static const char *const says[] = { "is not the first of a sandbox", "shares the host's network",
                                        "is not the first of a sandbox" };
    (void)state;
    for (char which = 0; which < 3; which++) {
        int said;
        memset(told, 0, sizeof(*told));
        pid_t alice = start_as(ALICE, make_half_a_sandbox, &said);
        assert_int_equal(write(said, &which, 1), 1);
        pid_t first = child_of(alice), second = child_of(first);
        const char *answer = answer_to(ALICE, which < 2 ? first : second);
        if (!strstr(answer, says[(int)which]))
            fail_msg("%d: '%s', not '%s'", which, answer, says[(int)which]);
        close(said);
        waitpid(alice, NULL, 0);
    }
}

/* --------------------------------------------------------------- the doctor */

static void
ask_the_doctor(int said)
{
    struct sp_host_check checks[SP_HOST_CHECKS_MAX];
    (void)said;
    MUST(sp_probe_host_checks(checks) <= 8, "more than 8");
    MUST(!strcmp(checks[0].id, "probes"), checks[0].id);
    told->opens = checks[0].state;
    snprintf(told->text, sizeof(told->text), "%s", checks[0].state == SP_SIGHT_YES ? "" : checks[0].remedy);
}

static void
the_doctor_says_whether_this_user_has_sight_and_what_gives_it(void **state)
{
    (void)state;
    do_as(ALICE, ask_the_doctor);
    assert_int_equal(told->opens, SP_SIGHT_YES);
    /* the same bytes without the right */
    assert_return_code(setenv("SALLYPORT_PROBES", HELPER_PROGRAM, 1), errno);
    do_as(ALICE, ask_the_doctor);
    assert_return_code(setenv("SALLYPORT_PROBES", users_helper, 1), errno);
    assert_int_equal(told->opens, SP_SIGHT_NO);
    assert_string_equal(told->text, "sudo sallyport setup");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_there_is_found_to_be_the_same),
        cmocka_unit_test(what_was_changed_is_found_and_put_right),
        cmocka_unit_test(a_directory_that_others_may_write_to_is_refused),
        cmocka_unit_test(a_user_and_root_see_two_sandboxes_of_their_own_one_after_the_other),
        cmocka_unit_test(a_control_group_that_others_are_in_brings_none_of_them_into_sight),
        cmocka_unit_test(a_user_cannot_aim_at_what_is_not_his_own_sandbox),
        cmocka_unit_test(half_a_sandbox_is_none),
        cmocka_unit_test(the_doctor_says_whether_this_user_has_sight_and_what_gives_it),
    };
    return users_can() ? cmocka_run_group_tests_name("setup", tests, users_begin, users_finish) : 77;
}
