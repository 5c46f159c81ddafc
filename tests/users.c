#include "users.h"
#include "base/tree.h"
#include "probe/install.h"

#include <errno.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

char users_base[256], users_helper[300];
uid_t users_self;
struct told *told;

pid_t
start_as(uid_t uid, void (*act)(int said), int *said)
{
    int ends[2];
    assert_return_code(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), errno);
    pid_t pid = fork();
    if (!pid) {
        close(ends[0]);
        users_self = uid;
        if (uid && (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0))
            _exit(2);
        prctl(PR_SET_DUMPABLE, 1);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        act(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    *said = ends[0];
    return pid;
}

void
wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (told->failed || status)
        fail_msg("line %d: %s (status %x)", told->failed, told->text, status);
}

void
do_as(uid_t uid, void (*act)(int said))
{
    int said;
    memset(told, 0, sizeof(*told));
    pid_t pid = start_as(uid, act, &said);
    wait_for(pid);
    close(said);
}

int
pidfd_of(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

void
open_sandbox(struct sp_sandbox **sandbox)
{
    char home[300], project[320], layers[320];
    struct sp_error err = { 0 };
    snprintf(home, sizeof(home), "%s/user%u", users_base, users_self);
    snprintf(project, sizeof(project), "%s/project", home);
    snprintf(layers, sizeof(layers), "%s/layers", home);
    const struct sp_sandbox_spec spec = { .home = home,
                                          .project = project,
                                          .net = SP_NET_REGISTRY,
                                          .scratch = layers,
                                          .limits = { .processes = 200 } };
    MUST(sp_sandbox_open(sandbox, &spec, &err) == 0, err.text);
}

int
users_begin(void **state)
{
    static const uid_t users[] = { 0, ALICE, BOB };
    struct sp_error err = { 0 };
    (void)state;
    told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    snprintf(users_base, sizeof(users_base), "/var/tmp/sallyport-setup-XXXXXX");
    assert_non_null(mkdtemp(users_base));
    assert_return_code(chmod(users_base, 0755), errno);
    snprintf(users_helper, sizeof(users_helper), "%s/right/sallyport-probes", users_base);
    if (sp_install_put(HELPER_PROGRAM, users_helper, &err) < 0)
        fail_msg("%s", err.text);
    assert_return_code(setenv("SALLYPORT_PROBES", users_helper, 1), errno);
    for (size_t i = 0; i < SP_COUNT(users); i++) {
        char path[320];
        snprintf(path, sizeof(path), "%s/user%u", users_base, users[i]);
        assert_return_code(mkdir(path, 0755), errno);
        assert_return_code(chown(path, users[i], users[i]), errno);
        strcat(path, "/project");
        assert_return_code(mkdir(path, 0755), errno);
        assert_return_code(chown(path, users[i], users[i]), errno);
    }
    return 0;
}

int
users_finish(void **state)
{
    struct sp_error err = { 0 };
    (void)state;
    assert_int_equal(sp_tree_remove(users_base, &err), 0);
    munmap(told, sizeof(*told));
    return 0;
}

bool
users_can(void)
{
    struct sp_error err = { 0 };
    char missing[SP_ERROR_TEXT_MAX];
    if (!geteuid() && sp_install_try(HELPER_PROGRAM, 0, missing, sizeof(missing), &err) == 0)
        return true;
    print_message("skipped: %s\n", geteuid() ? "these tests need root" : err.text);
    return false;
}
