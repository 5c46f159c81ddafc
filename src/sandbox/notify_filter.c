/* The filter that asks: built once by the keeper, loaded by each command before its first exec. It stands on
 * top of the filter that refuses, which is stricter and so goes first. */
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define FCHMODAT2 452 /* the same on every architecture; younger than our headers */

const char *const sp_notify_refused[] = { "ptrace", "process_vm_writev", "io_uring_setup", NULL };

/* Asked about whatever their arguments are. Those that only some architectures have are left out there. */
static const char *const asked[] = {
    "execve",    "execveat", "connect", "bind",     "listen",    "sendmmsg", "memfd_create", "unlink",
    "unlinkat",  "rmdir",    "rename",  "renameat", "renameat2", "link",     "linkat",       "symlink",
    "symlinkat", "chmod",    "fchmod",  "fchmodat", "truncate",  "creat",    "openat2",
};

static int
ask(scmp_filter_ctx filter, int number, unsigned count, struct scmp_arg_cmp arg)
{
    if (number == __NR_SCMP_ERROR)
        return 0;
    int got = seccomp_rule_add_array(filter, SCMP_ACT_NOTIFY, number, count, &arg);
    return got == -EDOM || got == -EFAULT ? 0 : got; /* not on this architecture */
}

/* Opens that write or make something. For reading there are too many. */
static int
ask_opens(scmp_filter_ctx filter)
{
    static const unsigned long flags[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC };
    int got = 0;
    for (size_t i = 0; i < SP_COUNT(flags) && !got; i++) {
        got = ask(filter, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
        got = got ? got : ask(filter, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
    }
    return got;
}

static int
ask_all(scmp_filter_ctx filter, const void *unasked)
{
    const struct scmp_arg_cmp none = { 0 };
    int got = 0;
    for (size_t i = 0; i < SP_COUNT(asked) && !got; i++)
        got = ask(filter, seccomp_syscall_resolve_name(asked[i]), 0, none);
    for (size_t i = 0; sp_notify_refused[i] && !got; i++)
        got = ask(filter, seccomp_syscall_resolve_name(sp_notify_refused[i]), 0, none);
    got = got ? got : ask(filter, FCHMODAT2, 0, none);
    got = got ? got : ask_opens(filter);
    /* only with an address */
    got = got ? got : ask(filter, SCMP_SYS(sendto), 1, SCMP_A4(SCMP_CMP_NE, 0));
    return got ? got : ask(filter, SCMP_SYS(sendmsg), 1, SCMP_A1(SCMP_CMP_NE, (uintptr_t)unasked));
}

static int
take_steps(struct sp_notify_filter *out, scmp_filter_ctx filter, struct sp_error *err)
{
    struct stat status;
    sp_autoclose int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0)
        return sp_fail_errno(err, "memfd_create");
    int got = seccomp_export_bpf(filter, fd);
    if (got || fstat(fd, &status) < 0 || !status.st_size ||
        status.st_size > (off_t)(BPF_MAXINSNS * sizeof(*out->steps)))
        return sp_fail(err, SP_ERROR_INTERNAL, "the filter that asks could not be made (%d)", got);
    out->steps = sp_new_array(1, (size_t)status.st_size, err);
    if (!out->steps)
        return -1;
    if (pread(fd, out->steps, (size_t)status.st_size, 0) != status.st_size)
        return sp_fail_errno(err, "the filter that asks could not be made");
    out->count = (unsigned short)((size_t)status.st_size / sizeof(*out->steps));
    return 0;
}

static void *
page_somewhere(void)
{
    uint64_t place = 0;
    if (getrandom(&place, sizeof(place), 0) != sizeof(place))
        return MAP_FAILED;
    /* a wish: where the kernel cannot follow it, its own choice is random as well */
    place = (place & 0x3ffffffff000) | 0x10000000000;
    return mmap((void *)(uintptr_t)place, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int
sp_notify_filter_make(struct sp_notify_filter *out, struct sp_error *err)
{
    void *page = page_somewhere();
    if (page == MAP_FAILED)
        return sp_fail_errno(err, "mmap");
    out->unasked = page;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return sp_fail_memory(err);
    int got = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    got = got ? got : ask_all(filter, page);
    int result = got ? sp_fail(err, SP_ERROR_INTERNAL, "the filter that asks could not be made (%d)", got)
                     : take_steps(out, filter, err);
    seccomp_release(filter);
    return result;
}

static int
load(const struct sock_filter *steps, unsigned short count)
{
    const struct sock_fprog program = { .len = count, .filter = (struct sock_filter *)steps };
    /* a signal must not make the caller ask twice */
    int fd =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (fd < 0 && errno == EINVAL)
        fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    return fd;
}

int
sp_notify_filter_load(const struct sp_notify_filter *filter)
{
    return load(filter->steps, filter->count);
}

int
sp_notify_try(void)
{
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const uint32_t action = SECCOMP_RET_USER_NOTIF;
    int status;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0)
        return errno;
    /* one listener a chain of filters: in a container whose runtime has one there can be no other */
    pid_t pid = fork();
    if (!pid)
        _exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || load(&allow, 1) < 0 ? errno : 0);
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return pid < 0 ? errno : WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}
