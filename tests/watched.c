/* Acts for the probes to see, each harmless: they touch only the working directory of a sandbox and addresses
 * that are answered or refused inside it. Static, so that it runs in any room. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTSIDE "192.0.2.7" /* TEST-NET-1 of RFC 5737: nobody lives there */

static struct sockaddr_in
outside(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, OUTSIDE, &to.sin_addr);
    return to;
}

static int
files(char **argv)
{
    (void)argv;
    char bytes[1000] = { 0 };
    mkdir("made", 0755);
    int made = open("made", O_RDONLY | O_DIRECTORY);
    int file = openat(made, "first", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (write(file, bytes, sizeof(bytes)) != sizeof(bytes) || write(file, bytes, 234) != 234)
        return 1;
    close(file);
    file = openat(made, "first", O_RDONLY);
    if (read(file, bytes, 500) != 500)
        return 1;
    close(file);
    renameat(made, "first", made, "second");
    linkat(made, "second", AT_FDCWD, "third", 0);
    symlinkat("third", made, "fourth");
    fchmodat(AT_FDCWD, "made/../third", 0700, 0);
    truncate("third", 10);
    unlinkat(made, "fourth", 0);
    unlink("made/second");
    rmdir("made");
    return unlink("third") < 0;
}

static int
count(char **argv)
{
    long times = atol(argv[0]);
    pid_t other = fork();
    for (long i = 0; i < times; i++)
        syscall(SYS_getppid);
    if (!other)
        _exit(0);
    return waitpid(other, NULL, 0) < 0;
}

static void
pattern(int which)
{
    char bytes[64] = { 0 };
    struct stat status;
    struct flock lock = { .l_type = F_WRLCK };
    int ends[2], fd, copy;
    struct sockaddr_in any = { .sin_family = AF_INET };
    void *memory;
    switch (which) {
    case 1:
        syscall(SYS_newfstatat, AT_FDCWD, "data", &status, 0);
        fd = (int)syscall(SYS_openat, AT_FDCWD, "data", O_RDONLY);
        fstat(fd, &status);
        break;
    case 2:
        fd = open("data", O_RDONLY);
        (void)!read(fd, bytes, 4);
        (void)!pread(fd, bytes, 4, 0);
        lseek(fd, 0, SEEK_SET);
        break;
    case 3:
        fd = open("data", O_WRONLY);
        (void)!write(fd, bytes, 4);
        (void)!pwrite(fd, bytes, 4, 0);
        fsync(fd);
        break;
    case 4:
        fd = socket(AF_INET, SOCK_STREAM, 0);
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(fd, (struct sockaddr *)&any, sizeof(any));
        listen(fd, 1);
        break;
    case 5:
        if (!(copy = fork()))
            execl("/proc/self/exe", "watched", "nothing", NULL);
        waitpid(copy, NULL, 0);
        return;
    case 6:
        memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(memory, 4096, PROT_READ);
        munmap(memory, 4096);
        return;
    case 7:
        fd = dup(1);
        dup2(fd, fd + 10);
        close(fd + 10);
        break;
    case 8:
        if (pipe(ends) < 0)
            return;
        (void)!write(ends[1], bytes, 4);
        (void)!read(ends[0], bytes, 4);
        close(ends[1]);
        fd = ends[0];
        break;
    case 9:
        fd = open("data", O_RDWR);
        fcntl(fd, F_GETFD);
        fcntl(fd, F_SETLK, &lock);
        break;
    default:
        fd = open("data", O_RDONLY);
        (void)!read(fd, bytes, 4);
        (void)!access("absent", F_OK);
        break;
    }
    close(fd);
}

static int
patterns(char **argv)
{
    int fd = open("data", O_WRONLY | O_CREAT, 0644);
    (void)!write(fd, "something", 9);
    close(fd);
    for (int i = 0; i < atoi(argv[1]); i++) {
        pattern(atoi(argv[0]));
        /* so far apart that one does not lead into the next */
        for (int k = 0; k < 64; k++)
            syscall(SYS_getppid);
    }
    return 0;
}

static int
from_memory(char **argv)
{
    (void)argv;
    int memory = memfd_create("payload", 0), self = open("/proc/self/exe", O_RDONLY);
    struct stat status;
    if (fstat(self, &status) < 0 || sendfile(memory, self, NULL, (size_t)status.st_size) != status.st_size)
        return 1;
    char payload[] = "payload",
         act[] = "nothing", *const words[] = { payload, act, NULL }, *const none[] = { NULL };
    fexecve(memory, words, none);
    return 1;
}

static int
deleted(char **argv)
{
    (void)argv;
    int self = open("/proc/self/exe", O_RDONLY), copy = open("copy", O_WRONLY | O_CREAT, 0700);
    struct stat status;
    if (fstat(self, &status) < 0 || sendfile(copy, self, NULL, (size_t)status.st_size) != status.st_size)
        return 1;
    close(copy);
    copy = open("copy", O_RDONLY);
    unlink("copy");
    char name[] = "copy", act[] = "nothing", *const words[] = { name, act, NULL }, *const none[] = { NULL };
    fexecve(copy, words, none);
    return 1;
}

static int
call(int type, uint16_t port)
{
    struct sockaddr_in to = outside(port);
    int fd = socket(AF_INET, type, 0);
    return connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? errno : 0;
}

/* reads a file, then calls: TIMES times; says how many calls went through */
static int
read_and_call(char **argv)
{
    int through = 0, times = atoi(argv[1]);
    struct sockaddr_in to = outside(443);
    int before = socket(AF_INET, SOCK_DGRAM, 0), datagram = socket(AF_INET, SOCK_DGRAM, 0);
    connect(before, (struct sockaddr *)&to, sizeof(to));
    int fd = open(argv[0], O_RDONLY);
    for (int i = 0; i < times; i++) {
        through += call(SOCK_STREAM, 443) != EPERM;
        through += call(SOCK_DGRAM, 53) != EPERM;
        through += sendto(datagram, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) >= 0;
        through += send(before, "x", 1, 0) >= 0; /* open before */
    }
    close(fd);
    printf("%d\n", through);
    return 0;
}

static int
calls(char **argv)
{
    (void)argv;
    struct sockaddr_in to = outside(9);
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct sockaddr_un host = { .sun_family = AF_UNIX, .sun_path = "/run/docker.sock" };
    socklen_t length = sizeof(here);
    call(SOCK_STREAM, 443);
    call(SOCK_DGRAM, 53);
    sendto(socket(AF_INET, SOCK_DGRAM, 0), "hello", 5, 0, (struct sockaddr *)&to, sizeof(to));
    connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&host, sizeof(host));
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&here, sizeof(here));
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&here, &length);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *)&here, sizeof(here));
    int served = accept(listener, NULL, NULL);
    (void)!write(client, "GET /said HTTP/1.1\r\n\r\n", 22);
    char bytes[64];
    (void)!read(served, bytes, sizeof(bytes));
    close(client);
    close(served);
    return 0;
}

static int
odd_sockets(char **argv)
{
    (void)argv;
    socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    socket(AF_PACKET, SOCK_RAW, 0);
    socket(AF_VSOCK, SOCK_STREAM, 0);
    return 0;
}

static int
powers(char **argv)
{
    (void)argv;
    ptrace(PTRACE_ATTACH, 1, 0, 0);
    prctl(PR_SET_NAME, "kworker/u8:1");
    syscall(425 /* io_uring_setup */, 8, NULL);
    syscall(SYS_bpf, 0, NULL, 0);
    struct timespec pause = { .tv_nsec = 20000000 };
    nanosleep(&pause, NULL);
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(memory, 4096, PROT_READ | PROT_EXEC);
    struct stat status;
    stat("/.dockerenv", &status);
    (void)!access("/proc/1/cgroup", R_OK);
    close(open("/proc/self/environ", O_RDONLY));
    close(open("/sys/fs/bpf", O_RDONLY));
    return 0;
}

/* makes TIMES processes as fast as it can, and lets each end */
static int
forks(char **argv)
{
    for (int i = 0; i < atoi(argv[0]); i++) {
        pid_t pid = (pid_t)syscall(SYS_fork);
        if (!pid)
            _exit(7);
        if (pid > 0 && i % 16 == 15)
            while (waitpid(-1, NULL, WNOHANG) > 0)
                continue;
    }
    while (wait(NULL) > 0)
        continue;
    return 0;
}

static int
long_words(char **argv)
{
    (void)argv;
    static char word[128 * 1024 - 1];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 2] = 'z';
    execl("/proc/self/exe", "watched", "nothing", word, word, "end", NULL);
    return 1;
}

/* the same file by a maze of links and directories */
static int
maze(char **argv)
{
    (void)argv;
    mkdir("a", 0755);
    mkdir("a/b", 0755);
    close(open("a/b/goal", O_WRONLY | O_CREAT, 0644));
    symlink("../a/b", "a/loop");
    symlink("a/loop", "way");
    int way = open("way", O_RDONLY | O_DIRECTORY);
    close(openat(way, "../../way/../b/./goal", O_RDONLY));
    close(open("\033[31mred\033[0m\n", O_WRONLY | O_CREAT, 0644));
    return 0;
}

static int
sent_without_write(char **argv)
{
    (void)argv;
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof(here);
    int ends[2], data = open("data", O_RDWR | O_CREAT, 0644);
    (void)!write(data, "0123456789", 10);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&here, sizeof(here));
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&here, &length);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr *)&here, sizeof(here)) < 0 || pipe(ends) < 0)
        return 1;
    off_t from = 0;
    if (sendfile(client, data, &from, 10) != 10)
        return 1;
    from = 0;
    return splice(data, &from, ends[1], NULL, 10, 0) != 10 ||
           splice(ends[0], NULL, client, NULL, 10, 0) != 10;
}

#if defined(__x86_64__)
static int
old_calls(char **argv)
{
    (void)argv;
    long (*vsyscall_time)(long *) = (long (*)(long *))0xffffffffff600400ul;
    pid_t pid = fork();
    if (!pid) {
        long got;
        __asm__ volatile("int $0x80" : "=a"(got) : "a"(20L) : "memory"); /* getpid of the 32-bit table */
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    pid = fork();
    if (!pid) {
        vsyscall_time(NULL);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    return 0;
}
#else
static int
old_calls(char **argv)
{
    (void)argv;
    return 0;
}
#endif

/* a socket as standard input of a shell */
static int
shell_on_socket(char **argv)
{
    (void)argv;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    dup2(fd, 0);
    dup2(fd, 1);
    execl("/bin/sh", "sh", "-c", "true", NULL);
    return 1;
}

/* a grandchild in a session of its own that outlives who made it */
static int
daemon_that_acts(char **argv)
{
    if (fork())
        _exit(0);
    setsid();
    if (fork())
        _exit(0);
    close(open(argv[0], O_WRONLY | O_CREAT, 0644));
    return 0;
}

static int
nothing(char **argv)
{
    (void)argv;
    return 0;
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*act)(char **argv);
    } acts[] = {
        { "files", files },
        { "count", count },
        { "patterns", patterns },
        { "from-memory", from_memory },
        { "deleted", deleted },
        { "read-and-call", read_and_call },
        { "calls", calls },
        { "odd-sockets", odd_sockets },
        { "powers", powers },
        { "forks", forks },
        { "long-words", long_words },
        { "maze", maze },
        { "sent-without-write", sent_without_write },
        { "old-calls", old_calls },
        { "shell-on-socket", shell_on_socket },
        { "daemon", daemon_that_acts },
        { "nothing", nothing },
    };
    for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(*acts); i++)
        if (!strcmp(argv[1], acts[i].name))
            return acts[i].act(argv + 2);
    return 64;
}
