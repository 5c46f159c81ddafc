#include "sandbox/room.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Refused outright: what an install never needs and an escape begins with. The reasons stand in
 * docs/sandbox.md. */
static const char *const refused[] = {
    /* mounts and roots */
    "mount",
    "umount2",
    "pivot_root",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "mount_setattr",
    "open_tree_attr",
    "chroot",
    "quotactl",
    "quotactl_fd",
    "swapon",
    "swapoff",
    /* namespaces */
    "unshare",
    "setns",
    /* the kernel itself */
    "bpf",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "perf_event_open",
    "userfaultfd",
    "lookup_dcookie",
    "nfsservctl",
    "acct",
    "reboot",
    "syslog",
    "iopl",
    "ioperm",
    "vhangup",
    "uselib",
    "_sysctl",
    "sysfs",
    /* keyrings belong to the user, not to a namespace */
    "add_key",
    "request_key",
    "keyctl",
    /* io_uring does what this filter would not see */
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    /* other processes' memory and descriptors */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    "move_pages",
    "migrate_pages",
    /* files by handle go round every mount */
    "open_by_handle_at",
    "fanotify_init",
    /* clocks */
    "settimeofday",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "clock_adjtime64",
    "adjtimex",
    "stime",
};

/* What a process that only parses and talks never does: one that was taken over dies of it. */
static const char *const never_parsing[] = { "execve", "execveat", "fork",      "vfork",
                                             "setuid", "setgid",   "setresuid", "setresgid",
                                             "mknod",  "mknodat",  "symlink",   "symlinkat" };

static int
refuse(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned count,
       const struct scmp_arg_cmp *args)
{
    int number = seccomp_syscall_resolve_name(name);
    /* a libseccomp that does not know the call yet: the kernel may, so the number would be needed; those
     * above that Debian 12 does not know need privileges that the room has not */
    if (number == __NR_SCMP_ERROR)
        return 0;
    int got = seccomp_rule_add_array(filter, action, number, count, args);
    /* not on this architecture */
    return got == -EDOM || got == -EFAULT ? 0 : got;
}

static int
refuse_arguments(scmp_filter_ctx filter)
{
    int got = 0;
    static const unsigned long new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                                CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    /* each flag by itself: a masked comparison with zero cannot be said the other way round */
    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned long flag = 1UL << bit;
        if (!(new_namespaces & flag))
            continue;
        struct scmp_arg_cmp arg = SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag);
        got = got ? got : refuse(filter, SCMP_ACT_ERRNO(EPERM), "clone", 1, &arg);
    }
    /* its flags lie in memory, where no filter sees them; every libc falls back to clone */
    got = got ? got : refuse(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);

    static const int families[] = { AF_ALG,    AF_VSOCK,      AF_PACKET,    AF_KEY,  AF_XDP,    AF_BLUETOOTH,
                                    AF_CAN,    AF_TIPC,       AF_NFC,       AF_KCM,  AF_RDS,    AF_IB,
                                    AF_SMC,    AF_QIPCRTR,    AF_X25,       AF_AX25, AF_NETROM, AF_ROSE,
                                    AF_ATMPVC, AF_ATMSVC,     AF_APPLETALK, AF_IPX,  AF_LLC,    AF_PPPOX,
                                    AF_PHONET, AF_IEEE802154, AF_CAIF,      AF_ISDN, AF_IUCV,   AF_RXRPC };
    for (size_t i = 0; i < SP_COUNT(families); i++) {
        struct scmp_arg_cmp arg = SCMP_A0(SCMP_CMP_EQ, (unsigned)families[i]);
        got = got ? got : refuse(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", 1, &arg);
    }
    static const unsigned long ioctls[] = { TIOCSTI, TIOCLINUX };
    for (size_t i = 0; i < SP_COUNT(ioctls); i++) {
        /* the kernel reads 32 bits of the request: so must the comparison */
        struct scmp_arg_cmp arg = SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffUL, ioctls[i]);
        got = got ? got : refuse(filter, SCMP_ACT_ERRNO(EPERM), "ioctl", 1, &arg);
    }
    /* limits of others: the keeper runs under the same id */
    struct scmp_arg_cmp other = SCMP_A0(SCMP_CMP_NE, 0);
    return got ? got : refuse(filter, SCMP_ACT_ERRNO(EPERM), "prlimit64", 1, &other);
}

static bool
stands_in(const char *const *names, const char *name)
{
    while (names && *names && strcmp(*names, name) != 0)
        names++;
    return names && *names;
}

static int
load_filter(bool parser, const char *const *left_out, struct sp_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return sp_fail_memory(err);
    int got = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    for (size_t i = 0; !got && i < SP_COUNT(refused); i++)
        if (!stands_in(left_out, refused[i]))
            got = refuse(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0, NULL);
    for (size_t i = 0; parser && !got && i < SP_COUNT(never_parsing); i++)
        got = refuse(filter, SCMP_ACT_KILL_PROCESS, never_parsing[i], 0, NULL);
    got = got ? got : refuse_arguments(filter);
    got = got ? got : seccomp_load(filter);
    seccomp_release(filter);
    errno = -got;
    return got ? sp_fail_errno(
                     err, "the filter of syscalls could not be loaded (a kernel with CONFIG_SECCOMP_FILTER "
                          "is needed)")
               : 0;
}

int
sp_filter_load(const char *const *left_out, struct sp_error *err)
{
    return load_filter(false, left_out, err);
}

int
sp_filter_for_parser(struct sp_error *err)
{
    return load_filter(true, NULL, err);
}
