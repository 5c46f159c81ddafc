#include "probe/privilege.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static const unsigned needed[] = { CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN, CAP_SYS_PTRACE };

uint64_t
sp_privilege_capabilities(void)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < SP_COUNT(needed); i++)
        bits |= UINT64_C(1) << needed[i];
    return bits;
}

/* ------------------------------------------------------------ inheritance */

/* A descriptor that is closed would be given to the next file opened, and printed into. */
static int
settle_descriptors(int keep, struct sp_error *err)
{
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; nothing >= 0 && fd <= STDERR_FILENO; fd++)
        if (fd != keep && fd != nothing && dup2(nothing, fd) < 0)
            return sp_fail_errno(err, "/dev/null");
    if (nothing < 0)
        return sp_fail_errno(err, "/dev/null");
    unsigned after = (unsigned)keep + 1;
    if (keep > STDERR_FILENO + 1)
        (void)syscall(SYS_close_range, STDERR_FILENO + 1, (unsigned)keep - 1, 0);
    if (syscall(SYS_close_range, after > STDERR_FILENO ? after : STDERR_FILENO + 1, ~0u, 0) < 0)
        for (int fd = (int)after; fd < 65536; fd++)
            if (fd > STDERR_FILENO)
                close(fd);
    return 0;
}

static void
settle_signals(void)
{
    sigset_t none;
    for (int signal = 1; signal < NSIG; signal++)
        (void)!sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
    (void)!sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    sigemptyset(&none);
    (void)!sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
set_capabilities(uint64_t bits)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    const struct __user_cap_data_struct sets[2] = {
        { .permitted = (uint32_t)bits, .effective = (uint32_t)bits },
        { .permitted = (uint32_t)(bits >> 32), .effective = (uint32_t)(bits >> 32) },
    };
    return (int)syscall(SYS_capset, &header, sets);
}

static uint64_t
own_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct sets[2] = { { 0 } };
    return syscall(SYS_capget, &header, sets) < 0
               ? 0
               : (uint64_t)sets[0].permitted | (uint64_t)sets[1].permitted << 32;
}

static int
settle_capabilities(struct sp_error *err)
{
    uint64_t wanted = sp_privilege_capabilities(), have = own_capabilities();
    bool bound = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    /* what is missing is told after the rest is given up */
    if (set_capabilities(have & wanted) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL))
        return sp_fail_errno(err, "the probes' helper cannot give up its rights");
    if ((have & wanted) == wanted)
        return 0;
    if (!getuid())
        return sp_fail(err, SP_ERROR_SYSTEM,
                       "the probes may not be loaded: this root has not all of " SP_PRIVILEGE_NAMES
                       "; a container needs --cap-add for them");
    return sp_fail(err, SP_ERROR_SYSTEM,
                   bound ? "the probes may not be loaded: no-new-privileges is set here (a container, or a "
                           "service with NoNewPrivileges=), so that the helper gets no rights"
                         : "the probes may not be loaded: the helper has no capabilities; 'sudo sallyport "
                           "setup' gives the probes their right");
}

int
sp_privilege_enter(int keep, struct sp_error *err)
{
    const struct rlimit no_core = { 0 };
    clearenv();
    umask(077);
    settle_signals();
    if (settle_descriptors(keep, err) < 0)
        return -1;
    if (chdir("/") < 0 || setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
        return sp_fail_errno(err, "the probes' helper cannot be sealed");
    return settle_capabilities(err);
}

/* ----------------------------------------------------------------- filter */

/* What libbpf needs to attach and detach, what answering needs, what malloc and stdio need. */
static const char *const allowed[] = {
    /* the programs */
    "bpf",
    "perf_event_open",
    "ioctl",
    /* the socket; a socket cannot be made */
    "recvmsg",
    "sendmsg",
    "poll",
    "ppoll",
    /* files, none by a name that the caller gives */
    "open",
    "openat",
    "close",
    "read",
    "pread64",
    "write",
    "writev",
    "lseek",
    "fstat",
    "newfstatat",
    "stat",
    "statx",
    "fstatfs",
    "statfs",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents64",
    "fcntl",
    "dup",
    "dup2",
    "dup3",
    /* memory */
    "mmap",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "brk",
    "futex",
    "getrandom",
    /* itself */
    "getpid",
    "gettid",
    "getuid",
    "geteuid",
    "clock_gettime",
    "clock_nanosleep",
    "nanosleep",
    "uname",
    "prlimit64",
    "getrlimit",
    "rt_sigprocmask",
    "rt_sigaction",
    "rt_sigreturn",
    "restart_syscall",
    "exit",
    "exit_group",
};

/* Nothing of ours comes near these: who does was taken over. */
static const char *const deadly[] = { "execve",
                                      "execveat",
                                      "fork",
                                      "vfork",
                                      "clone",
                                      "clone3",
                                      "socket",
                                      "connect",
                                      "bind",
                                      "ptrace",
                                      "setuid",
                                      "setresuid",
                                      "mount",
                                      "unshare",
                                      "setns",
                                      "kill",
                                      "tgkill",
                                      "pidfd_getfd",
                                      "unlink",
                                      "unlinkat",
                                      "rename",
                                      "renameat2",
                                      "init_module",
                                      "finit_module",
                                      "process_vm_readv",
                                      "process_vm_writev" };

static int
add_rules(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    int got = 0;
    for (size_t i = 0; !got && i < count; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        /* this library, or this architecture, does not have it */
        if (number == __NR_SCMP_ERROR)
            continue;
        got = seccomp_rule_add_array(filter, action, number, 0, NULL);
        if (got == -EDOM || got == -EFAULT)
            got = 0;
    }
    return got;
}

int
sp_privilege_narrow(struct sp_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return sp_fail_memory(err);
    int got = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    /* no-new-privs is set, and to ask for it again would need a right that is gone */
    got = got ? got : seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
    got = got ? got : add_rules(filter, SCMP_ACT_ALLOW, allowed, SP_COUNT(allowed));
    got = got ? got : add_rules(filter, SCMP_ACT_KILL_PROCESS, deadly, SP_COUNT(deadly));
    got = got ? got : seccomp_load(filter);
    seccomp_release(filter);
    errno = -got;
    return got ? sp_fail_errno(err, "the filter of the probes' helper could not be loaded (a kernel with "
                                    "CONFIG_SECCOMP_FILTER is needed)")
               : 0;
}

/* ------------------------------------------------------------------ quota */

/* The real user of process PID; false: it is gone. */
static bool
user_of(int directory, uid_t *out)
{
    char text[2048];
    unsigned uid;
    sp_autoclose int fd = openat(directory, "status", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (got <= 0)
        return false;
    text[got] = '\0';
    /* the name of the program comes first and has its line ends written as \n */
    const char *line = strstr(text, "\nUid:");
    if (!line || sscanf(line, "\nUid: %u", &uid) != 1)
        return false;
    *out = uid;
    return true;
}

int
sp_privilege_quota(uid_t uid, struct sp_error *err)
{
    struct stat own, other;
    unsigned count = 0;
    if (!uid)
        return 0;
    DIR *processes = stat("/proc/self/exe", &own) < 0 ? NULL : opendir("/proc");
    if (!processes)
        return sp_fail_errno(err, "/proc: the probes' helpers cannot be counted");
    for (struct dirent *entry; (entry = readdir(processes));) {
        uid_t user;
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        sp_autoclose int directory =
            openat(dirfd(processes), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory >= 0 && fstatat(directory, "exe", &other, 0) == 0 && other.st_ino == own.st_ino &&
            other.st_dev == own.st_dev && user_of(directory, &user) && user == uid)
            count++;
    }
    closedir(processes);
    return count > SP_PRIVILEGE_QUOTA
               ? sp_fail(err, SP_ERROR_LIMIT,
                         "the probes are not loaded: %u of this user's runs are watched already; wait until "
                         "one of them ends",
                         SP_PRIVILEGE_QUOTA)
               : 0;
}
