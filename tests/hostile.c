/* Acts that a hostile package would try, each by name. Harmless: run outside a sandbox it refuses (see main),
 * and what it does stays in the room it is in. An act that is contained ends with 0; one that gets through
 * with 1, and a line. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <dirent.h>

static int got_through;

/* Counts RESULT (0 or more: it worked) as an escape. */
static void
must_fail(const char *what, long result)
{
    if (result < 0)
        return;
    got_through = 1;
    fprintf(stderr, "got through: %s\n", what);
}

static void
must_fail_with(const char *what, long result, int wanted)
{
    if (result < 0 && errno == wanted)
        return;
    got_through = 1;
    fprintf(stderr, "%s: %s, not %s\n", what, result < 0 ? strerror(errno) : "got through", strerror(wanted));
}

static int
try_open(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd >= 0)
        close(fd);
    return fd;
}

static void
fork_bomb(const char *argument)
{
    (void)argument;
    for (int i = 0; i < 100000; i++) {
        pid_t pid = fork();
        if (!pid) {
            for (;;)
                pause();
        }
        if (pid < 0)
            return; /* the limit */
    }
    must_fail("100,000 processes", 0);
}

static void
disk_filler(const char *argument)
{
    char block[1 << 16];
    (void)argument;
    memset(block, 'x', sizeof(block));
    int fd = open("filler", O_WRONLY | O_CREAT, 0644);
    for (uint64_t wrote = 0; wrote < (uint64_t)4 << 30; wrote += sizeof(block))
        if (write(fd, block, sizeof(block)) < 0)
            return;
    must_fail("4 GiB on disk", 0);
}

static void
sparse_file(const char *argument)
{
    (void)argument;
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("sparse", O_WRONLY | O_CREAT, 0644);
    must_fail("a file of 10 GB", ftruncate(fd, (off_t)10 << 30));
}

static void
many_files(const char *argument)
{
    char name[32];
    (void)argument;
    for (int i = 0; i < 1000000; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0644);
        if (fd < 0)
            return;
        close(fd);
    }
    must_fail("a million files", 0);
}

static void
odd_names(const char *argument)
{
    char name[256];
    (void)argument;
    (void)!mkdir("\033[2J\033]0;x\007", 0755);
    close(open("two\nlines", O_WRONLY | O_CREAT, 0644));
    close(open(".wh.planted", O_WRONLY | O_CREAT, 0644));
    memset(name, 'd', 250);
    name[250] = '\0';
    for (int i = 0; i < 40 && mkdir(name, 0755) == 0 && chdir(name) == 0; i++)
        continue;
}

static void
daemon_that_stays(const char *argument)
{
    (void)argument;
    if (fork())
        return;
    setsid();
    if (fork())
        _exit(0);
    for (int i = 0; i < 600; i++) {
        int fd = open("heartbeat", O_WRONLY | O_CREAT | O_APPEND, 0644);
        (void)!write(fd, ".", 1);
        close(fd);
        usleep(10000);
    }
}

static void
kill_keeper(const char *argument)
{
    (void)argument;
    /* signals to process 1 from inside are dropped, whatever kill says of it */
    for (int i = 1; i < 32; i++)
        kill(1, i);
    struct rlimit none = { 0 };
    must_fail("limits of the keeper", syscall(SYS_prlimit64, 1, RLIMIT_NOFILE, &none, NULL));
}

static void
namespaces(const char *argument)
{
    (void)argument;
    must_fail_with("unshare user", unshare(CLONE_NEWUSER), EPERM);
    must_fail_with("unshare mount", unshare(CLONE_NEWNS), EPERM);
    must_fail_with("clone user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM);
    struct {
        uint64_t flags, rest[10];
    } args = { .flags = CLONE_NEWUSER };
    must_fail_with("clone3", syscall(SYS_clone3, &args, sizeof(args)), ENOSYS);
    int fd = open("/proc/self/ns/net", O_RDONLY);
    must_fail_with("setns", setns(fd, 0), EPERM);
}

static void
mounts(const char *argument)
{
    (void)argument;
    must_fail("mount tmpfs", mount("x", "/tmp", "tmpfs", 0, NULL));
    must_fail("remount the root", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    must_fail("bind", mount("/etc", "/tmp", NULL, MS_BIND, NULL));
    must_fail("umount /proc/sys", umount2("/proc/sys", MNT_DETACH));
    must_fail("umount /etc/resolv.conf", umount2("/etc/resolv.conf", MNT_DETACH));
    must_fail("pivot_root", syscall(SYS_pivot_root, ".", "."));
    must_fail("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    must_fail("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
    must_fail("chroot", chroot("/tmp"));
}

static void
kernel_doors(const char *argument)
{
    (void)argument;
    union bpf_attr bpf = { 0 };
    struct perf_event_attr perf = { .size = sizeof(perf) };
    char ring[256] = { 0 };
    must_fail_with("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, &bpf, sizeof(bpf)), EPERM);
    must_fail_with("perf_event_open", syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0), EPERM);
    must_fail_with("io_uring_setup", syscall(SYS_io_uring_setup, 4, ring), EPERM);
    must_fail_with("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 0), EPERM);
    must_fail_with("add_key", syscall(SYS_add_key, "user", "x", "y", 1, KEY_SPEC_USER_KEYRING), EPERM);
    must_fail_with("init_module", syscall(SYS_init_module, "", 0, ""), EPERM);
    must_fail_with("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0), EPERM);
    must_fail_with("userfaultfd", syscall(SYS_userfaultfd, 0), EPERM);
    must_fail_with("reboot", syscall(SYS_reboot, 0, 0, 0, 0), EPERM);
    must_fail_with("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, NULL, 0), EPERM);
}

static void
other_processes(const char *argument)
{
    char byte;
    struct iovec part = { &byte, 1 };
    (void)argument;
    must_fail_with("ptrace", ptrace(PTRACE_SEIZE, 1, NULL, NULL), EPERM);
    must_fail_with("process_vm_readv", process_vm_readv(1, &part, 1, &part, 1, 0), EPERM);
    must_fail("the keeper's memory", try_open("/proc/1/mem", O_RDWR));
    must_fail("the keeper's environment", try_open("/proc/1/environ", O_RDONLY));
    must_fail("the keeper's descriptors", try_open("/proc/1/fd/0", O_RDONLY));
    must_fail("the keeper's root", try_open("/proc/1/root", O_RDONLY | O_DIRECTORY));
    must_fail("the keeper's maps", try_open("/proc/1/maps", O_RDONLY));
}

static void
kernel_files(const char *argument)
{
    (void)argument;
    must_fail("core_pattern", try_open("/proc/sys/kernel/core_pattern", O_WRONLY));
    must_fail("modprobe path", try_open("/proc/sys/kernel/modprobe", O_WRONLY));
    must_fail("sysrq-trigger", try_open("/proc/sysrq-trigger", O_WRONLY));
    must_fail("kcore", try_open("/proc/kcore", O_RDONLY));
    must_fail("kallsyms", try_open("/proc/kallsyms", O_RDONLY));
    must_fail("cgroups", try_open("/sys/fs/cgroup", O_RDONLY));
    must_fail("release_agent", try_open("/sys/fs/cgroup/memory/release_agent", O_WRONLY));
    must_fail("/dev/mem", try_open("/dev/mem", O_RDONLY));
    must_fail("/dev/kmsg", try_open("/dev/kmsg", O_RDONLY));
    must_fail("/etc/shadow", try_open("/etc/shadow", O_RDONLY));
}

static void
device_nodes(const char *argument)
{
    (void)argument;
    must_fail("a character device", mknod("null", S_IFCHR | 0666, 0x103));
    must_fail("a block device", mknod("disk", S_IFBLK | 0666, 0x800));
    must_fail("a whiteout", mknod("white", S_IFCHR, 0));
    must_fail("a file capability",
              setxattr(".", "security.capability", "\1\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, 0));
    must_fail("an overlay mark", setxattr(".", "trusted.overlay.opaque", "y", 1, 0));
}

static void
clocks(const char *argument)
{
    struct timespec past = { .tv_sec = 1 };
    struct timeval early = { .tv_sec = 1 };
    (void)argument;
    must_fail("clock_settime", clock_settime(CLOCK_REALTIME, &past));
    must_fail("settimeofday", settimeofday(&early, NULL));
    must_fail_with("adjtimex", syscall(SYS_adjtimex, NULL), EPERM);
}

static void
terminals(const char *argument)
{
    (void)argument;
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0)
        fd = open("/dev/null", O_RDWR);
    must_fail_with("TIOCSTI", ioctl(fd, TIOCSTI, "x"), EPERM);
    /* the kernel reads 32 bits only */
    must_fail_with("TIOCSTI with high bits", syscall(SYS_ioctl, fd, 0x100000000UL | TIOCSTI, "x"), EPERM);
    must_fail_with("TIOCLINUX", ioctl(fd, TIOCLINUX, "\2"), EPERM);
}

static void
foreign_calls(const char *argument)
{
    int status = 0;
    (void)argument;
#ifdef __x86_64__
    pid_t pid = fork();
    if (!pid) {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
        _exit(0);
    }
    waitpid(pid, &status, 0);
    must_fail("a 32-bit syscall", WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? -1 : 0);
    pid = fork();
    if (!pid) {
        syscall(0x40000000 + SYS_getpid);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    must_fail("an x32 syscall", WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? -1 : 0);
#endif
}

static void
sockets(const char *argument)
{
    struct sockaddr_un abstract = { .sun_family = AF_UNIX }, path = { .sun_family = AF_UNIX };
    (void)argument;
    must_fail("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
    must_fail("packet", socket(AF_PACKET, SOCK_RAW, 0));
    must_fail("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    must_fail("alg", socket(AF_ALG, SOCK_SEQPACKET, 0));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(abstract.sun_path, "\0sallyport-test", 15);
    must_fail(
        "an abstract socket of the host",
        connect(fd, (struct sockaddr *)&abstract, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 15)));
    strcpy(path.sun_path, "host.sock");
    must_fail("a socket of the host in the project", connect(fd, (struct sockaddr *)&path, sizeof(path)));
    must_fail("the docker socket", try_open("/run/docker.sock", O_RDONLY));
    must_fail("the docker socket", try_open("/var/run/docker.sock", O_RDONLY));
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = 0 };
    must_fail("the loopback taken down", ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &request));
}

static void
descriptors(const char *argument)
{
    (void)argument;
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            must_fail("an inherited descriptor", fd);
}

/* ARGUMENT: a path of the host that must not be seen. */
static void
hidden(const char *argument)
{
    struct stat status;
    must_fail(argument, stat(argument, &status));
}

/* ARGUMENT: "ADDRESS:PORT" of a listener of the host. Connecting may work (the sinkhole answers); the
 * listener outside must not hear of it. */
static void
call_out(const char *argument)
{
    char host[64];
    struct sockaddr_in address = { .sin_family = AF_INET };
    const char *colon = strrchr(argument, ':');
    snprintf(host, sizeof(host), "%.*s", (int)(colon - argument), argument);
    inet_pton(AF_INET, host, &address.sin_addr);
    address.sin_port = htons((uint16_t)atoi(colon + 1));
    int fd = socket(AF_INET, SOCK_STREAM, 0), datagram = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval wait = { .tv_sec = 1 };
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        (void)!write(fd, "hello", 5);
    sendto(datagram, "hello", 5, 0, (struct sockaddr *)&address, sizeof(address));
}

static void
endless_output(const char *argument)
{
    static char block[1 << 16];
    (void)argument;
    memset(block, 'y', sizeof(block));
    for (;;)
        if (write(STDOUT_FILENO, block, sizeof(block)) < 0 && errno != EAGAIN)
            return;
}

static void
setuid_files(const char *argument)
{
    (void)argument;
    int fd = open("setuid", O_WRONLY | O_CREAT, 0755);
    close(fd);
    /* may be made; it does not land, and means nothing here */
    chmod("setuid", 04755);
    must_fail("another user", setuid(geteuid() + 1));
    must_fail("another group", setgid(getegid() + 1));
    must_fail("another owner", chown("setuid", geteuid() + 1, (gid_t)-1));
}

static void
links_out(const char *argument)
{
    (void)argument;
    must_fail("a hard link to a file of the system", link("/etc/passwd", "passwd"));
    (void)!symlink("/etc/passwd", "link-out");
    mkfifo("fifo", 0644);
}

static void
memory_eater(const char *argument)
{
    (void)argument;
    for (int i = 0; i < 4096; i++) {
        char *block = malloc(1 << 20);
        if (!block)
            exit(3);
        memset(block, i + 1, 1 << 20);
    }
    must_fail("4 GiB of memory", 0);
}

static const struct {
    const char *name;
    void (*act)(const char *argument);
} acts[] = {
    { "fork-bomb", fork_bomb },
    { "disk-filler", disk_filler },
    { "sparse-file", sparse_file },
    { "many-files", many_files },
    { "odd-names", odd_names },
    { "daemon", daemon_that_stays },
    { "kill-keeper", kill_keeper },
    { "namespaces", namespaces },
    { "mounts", mounts },
    { "kernel-doors", kernel_doors },
    { "other-processes", other_processes },
    { "kernel-files", kernel_files },
    { "device-nodes", device_nodes },
    { "clocks", clocks },
    { "terminals", terminals },
    { "foreign-calls", foreign_calls },
    { "sockets", sockets },
    { "descriptors", descriptors },
    { "hidden", hidden },
    { "call-out", call_out },
    { "endless-output", endless_output },
    { "setuid-files", setuid_files },
    { "links-out", links_out },
    { "memory-eater", memory_eater },
};

int
main(int argc, char **argv)
{
    if (access("/sys/kernel", F_OK) == 0) {
        fprintf(stderr, "hostile: this is no sandbox; nothing was done\n");
        return 9;
    }
    for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(acts[i].name, argv[1]) != 0)
            continue;
        acts[i].act(argc > 2 ? argv[2] : NULL);
        return got_through;
    }
    fprintf(stderr, "hostile: no such act\n");
    return 9;
}
