/* The program that holds the right to load the probes: what it keeps of its rights and of what it inherits,
 * and how it answers those who misuse it. Needs root and a kernel that takes the probes, as test_setup does.
 */
#include "users.h"
#include "probe/launch.h"
#include "probe/privilege.h"
#include "probe/protocol.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

static void
start_loaded(struct sp_helper_process *helper)
{
    char missing[SP_ERROR_TEXT_MAX];
    struct sp_error err = { 0 };
    MUST(sp_helper_start(helper, users_helper, &err) == 0, err.text);
    MUST(sp_helper_loaded(helper, missing, sizeof(missing), &err) == 0, err.text);
}

static void
hold_a_helper(int said)
{
    struct sp_helper_process helper;
    char byte = 0;
    /* what an attacker would hand down */
    (void)!open("/etc/passwd", O_RDONLY);
    signal(SIGTERM, SIG_IGN);
    start_loaded(&helper);
    told->helper = helper.pid;
    MUST(write(said, &byte, 1) == 1, strerror(errno));
    (void)!read(said, &byte, 1);
    sp_helper_end(&helper);
}

static void
read_status(pid_t pid, const char *name, char *out, size_t size)
{
    char path[64], line[512];
    size_t length = strlen(name);
    *out = '\0';
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file))
        if (!strncmp(line, name, length) && line[length] == ':') {
            char *text = line + length + 1;
            text += strspn(text, "\t ");
            text[strcspn(text, "\n")] = '\0';
            snprintf(out, size, "%s", text);
        }
    if (file)
        fclose(file);
}

/* How many descriptors of PID lead to something whose name holds WHAT. */
static size_t
descriptors(pid_t pid, const char *what)
{
    char path[64], name[300];
    size_t count = 0;
    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    DIR *all = opendir(path);
    for (struct dirent *entry; all && (entry = readdir(all));) {
        ssize_t length = readlinkat(dirfd(all), entry->d_name, name, sizeof(name) - 1);
        name[length < 0 ? 0 : length] = '\0';
        count += length > 0 && strstr(name, what);
    }
    if (all)
        closedir(all);
    return count;
}

static void
a_helper_has_no_more_rights_than_it_needs_and_keeps_nothing_it_was_handed(void **state)
{
    static const uid_t users[] = { ALICE, 0 };
    (void)state;
    for (size_t i = 0; i < SP_COUNT(users); i++) {
        static const char *const expected[][2] = {
            { "CapPrm", "000000c000081000" },
            { "CapEff", "000000c000081000" },
            { "CapInh", "0000000000000000" },
            { "CapAmb", "0000000000000000" },
            { "NoNewPrivs", "1" },
            { "Seccomp", "2" },
        };
        int said;
        char byte, found[64];
        memset(told, 0, sizeof(*told));
        pid_t pid = start_as(users[i], hold_a_helper, &said);
        if (read(said, &byte, 1) != 1)
            wait_for(pid);
        for (size_t j = 0; j < SP_COUNT(expected); j++) {
            read_status(told->helper, expected[j][0], found, sizeof(found));
            if (strcmp(found, expected[j][1]) != 0)
                fail_msg("user %u: %s is %s, not %s", users[i], expected[j][0], found, expected[j][1]);
        }
        read_status(told->helper, "SigIgn", found, sizeof(found));
        assert_int_equal(strtoull(found, NULL, 16) & 1u << (SIGTERM - 1), 0);
        assert_int_equal(descriptors(told->helper, "passwd"), 0);
        assert_int_equal(descriptors(told->helper, "/dev/null"), 3);
        assert_int_equal(descriptors(told->helper, "socket:"), 1);
        close(said);
        wait_for(pid);
    }
}

static void
send_nonsense(int said)
{
    struct {
        struct sp_probes_head head;
        char more[64];
    } packets[] = {
        { .head = { 0 } },
        { .head = { SP_PROBES_VERSION << 16 | SP_WIRE_VERSION, SP_PROBES_AIM, 64, 0 } },
        { .head = { SP_PROBES_VERSION << 16 | SP_WIRE_VERSION, SP_PROBES_LOADED, 64, 0 } },
        { .head = { SP_PROBES_VERSION << 16 | SP_WIRE_VERSION, SP_PROBES_HELLO, 64, 0 } },
        { .head = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } },
    };
    (void)said;
    for (size_t i = 0; i < SP_COUNT(packets); i++) {
        struct sp_helper_process helper;
        int status;
        start_loaded(&helper);
        MUST(send(helper.socket, &packets[i], sizeof(packets[i]), 0) == sizeof(packets[i]), strerror(errno));
        /* it ends by itself, and by no signal */
        MUST(waitpid(helper.pid, &status, 0) == helper.pid, strerror(errno));
        MUST(WIFEXITED(status) && WEXITSTATUS(status) == 1, "ended otherwise");
        close(helper.socket);
    }
}

static void
a_helper_that_is_told_nonsense_ends(void **state)
{
    (void)state;
    do_as(ALICE, send_nonsense);
}

static void
start_too_many(int said)
{
    static struct sp_helper_process helpers[SP_PRIVILEGE_QUOTA + 1];
    char missing[SP_ERROR_TEXT_MAX];
    struct sp_error err = { 0 };
    (void)said;
    for (size_t i = 0; i < SP_PRIVILEGE_QUOTA; i++)
        start_loaded(&helpers[i]);
    struct sp_helper_process *last = &helpers[SP_PRIVILEGE_QUOTA];
    MUST(sp_helper_start(last, users_helper, &err) == 0, err.text);
    MUST(sp_helper_loaded(last, missing, sizeof(missing), &err) < 0, "one too many was loaded");
    MUST(strstr(err.text, "16 of this user's runs"), err.text);
    sp_helper_end(last);
    /* a place that is left is free again */
    sp_helper_end(&helpers[3]);
    start_loaded(&helpers[3]);
    for (size_t i = 0; i < SP_PRIVILEGE_QUOTA; i++)
        sp_helper_end(&helpers[i]);
}

static void
one_more_than_a_user_may_have_is_refused(void **state)
{
    (void)state;
    do_as(ALICE, start_too_many);
}

static void
start_without_new_privileges(int said)
{
    struct sp_helper_process helper;
    char missing[SP_ERROR_TEXT_MAX];
    struct sp_error err = { 0 };
    (void)said;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    MUST(sp_helper_start(&helper, users_helper, &err) == 0, err.text);
    MUST(sp_helper_loaded(&helper, missing, sizeof(missing), &err) < 0, "it was loaded");
    MUST(strstr(err.text, "no-new-privileges"), err.text);
    sp_helper_end(&helper);
}

static void
a_helper_that_gets_no_rights_says_why(void **state)
{
    (void)state;
    do_as(ALICE, start_without_new_privileges);
}

/* Whether PID comes to hold COUNT links of programs. */
static bool
comes_to_hold(pid_t pid, bool any)
{
    for (int tries = 0; tries < 2000; tries++) {
        if ((descriptors(pid, "bpf_link") + descriptors(pid, "bpf-link") > 0) == any)
            return true;
        usleep(1000);
    }
    return false;
}

static void
aim_and_end_the_sandbox(int said)
{
    struct sp_sandbox *sandbox;
    struct sp_helper_process helper;
    struct sp_probes_aim asked = { 0 };
    static struct sp_probes_message message;
    struct sp_error err = { 0 };
    char byte = 0;
    start_loaded(&helper);
    open_sandbox(&sandbox);
    sp_autoclose int keeper = pidfd_of(sp_sandbox_keeper(sandbox));
    MUST(sp_probes_send(helper.socket, SP_PROBES_AIM, &asked, sizeof(asked), &keeper, 1, false, &err) == 0,
         err.text);
    MUST(sp_probes_wait(helper.socket, 10000, &message, &err) == 1, err.text);
    MUST(message.head.word == SP_PROBES_AIMED, (char *)message.bytes);
    void *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, message.fds[SP_EYES_COUNTS], 0);
    MUST(counts == MAP_FAILED, "the counts can be written to");
    told->helper = helper.pid;
    MUST(write(said, &byte, 1) == 1, strerror(errno));
    MUST(read(said, &byte, 1) == 1, strerror(errno));
    sp_sandbox_close(sandbox);
    MUST(read(said, &byte, 1) == 1, strerror(errno));
    sp_helper_end(&helper);
}

static void
when_the_first_process_ends_so_does_the_watch(void **state)
{
    int said;
    char byte = 0;
    (void)state;
    memset(told, 0, sizeof(*told));
    pid_t pid = start_as(ALICE, aim_and_end_the_sandbox, &said);
    if (read(said, &byte, 1) != 1)
        wait_for(pid);
    assert_true(comes_to_hold(told->helper, true));
    assert_int_equal(write(said, &byte, 1), 1);
    assert_true(comes_to_hold(told->helper, false));
    assert_int_equal(write(said, &byte, 1), 1);
    wait_for(pid);
    close(said);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_helper_has_no_more_rights_than_it_needs_and_keeps_nothing_it_was_handed),
        cmocka_unit_test(a_helper_that_is_told_nonsense_ends),
        cmocka_unit_test(one_more_than_a_user_may_have_is_refused),
        cmocka_unit_test(a_helper_that_gets_no_rights_says_why),
        cmocka_unit_test(when_the_first_process_ends_so_does_the_watch),
    };
    return users_can() ? cmocka_run_group_tests_name("probe_helper", tests, users_begin, users_finish) : 77;
}
