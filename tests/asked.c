/* Calls that the filter of syscalls asks about (test_notify.c), each by name. Harmless: run outside a sandbox
 * it refuses. Ends with the errno of what it tried, or 0. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in
address_of(const char *text)
{
    char host[64];
    struct sockaddr_in address = { .sin_family = AF_INET };
    const char *colon = strrchr(text, ':');
    snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
    inet_pton(AF_INET, host, &address.sin_addr);
    address.sin_port = htons((uint16_t)atoi(colon + 1));
    return address;
}

static int
why(long result)
{
    return result < 0 && errno != EINPROGRESS ? errno : 0;
}

static int
call(const char *where)
{
    struct sockaddr_in address = address_of(where);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int got = why(connect(fd, (struct sockaddr *)&address, sizeof(address)));
    close(fd);
    return got;
}

static int
do_connect(char **words)
{
    return call(words[0]);
}

static int
do_sendto(char **words)
{
    struct sockaddr_in address = address_of(words[0]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return why(sendto(fd, "hello", 5, 0, (struct sockaddr *)&address, sizeof(address)));
}

static int
send_messages(char **words, int many)
{
    struct sockaddr_in address = address_of(words[0]);
    struct iovec part = { .iov_base = (char[]){ "hello" }, .iov_len = 5 };
    struct mmsghdr message = {
        .msg_hdr = { .msg_name = &address, .msg_namelen = sizeof(address), .msg_iov = &part, .msg_iovlen = 1 }
    };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return why(many ? sendmmsg(fd, &message, 1, 0) : sendmsg(fd, &message.msg_hdr, 0));
}

static int
do_sendmsg(char **words)
{
    return send_messages(words, 0);
}

static int
do_sendmmsg(char **words)
{
    return send_messages(words, 1);
}

static int
do_listen(char **words)
{
    struct sockaddr_in address = address_of(words[0]);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    return why(bind(fd, (struct sockaddr *)&address, sizeof(address))) || why(listen(fd, 1)) ? errno : 0;
}

/* Opens words[0] and at once calls words[1], words[2] times; 0: each call was refused. */
static int
do_steal(char **words)
{
    for (int i = 0; i < atoi(words[2]); i++) {
        close(open(words[0], O_RDONLY));
        if (call(words[1]) != EPERM)
            return 1;
    }
    return 0;
}

static int
copy_to(int to)
{
    static char block[1 << 16];
    ssize_t length;
    int from = open("/proc/self/exe", O_RDONLY);
    while ((length = read(from, block, sizeof(block))) > 0)
        if (write(to, block, (size_t)length) != length)
            return -1;
    close(from);
    return 0;
}

static int
do_memory(char **words)
{
    char *const argv[] = { (char[]){ "innocent" }, (char[]){ "nothing" }, NULL }, *const env[] = { NULL };
    (void)words;
    int fd = memfd_create("payload", 0);
    if (copy_to(fd) < 0)
        return 1;
    syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH);
    return errno;
}

/* By a link that only the kernel sees through, to a program whose start nobody was told of. */
static int
do_hidden_exec(char **words)
{
    char *const argv[] = { (char[]){ "quiet" }, (char[]){ "connect" }, words[0], NULL }, *const env[] = {
        NULL
    };
    int fd = open("other", O_WRONLY | O_CREAT, 0755);
    if (copy_to(fd) < 0)
        return 1;
    close(fd);
    if (dup2(open("other", O_RDONLY), 77) < 0 || symlink("/proc/self/fd/77", "odd") < 0)
        return 1;
    execve("odd", argv, env);
    return errno;
}

static int
do_nothing(char **words)
{
    (void)words;
    return 0;
}

static int
do_power(char **words)
{
    char params[256] = { 0 };
    (void)words;
    if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 || errno != EPERM)
        return 1;
    if (syscall(SYS_process_vm_writev, getppid(), NULL, 0, NULL, 0, 0) == 0 || errno != EPERM)
        return 2;
    if (syscall(SYS_io_uring_setup, 4, params) >= 0 || errno != EPERM)
        return 3;
    return 0;
}

static int
do_long_words(char **words)
{
    static char word[128 << 10];
    char *const argv[] = { (char[]){ "long" }, (char[]){ "nothing" }, word, NULL }, *const env[] = { NULL };
    (void)words;
    memset(word, 'w', sizeof(word) - 1);
    execve("/proc/self/exe", argv, env);
    return errno;
}

static void *
make_files(void *context)
{
    const char *prefix = context;
    for (int i = 0; i < 50; i++) {
        char name[64];
        snprintf(name, sizeof(name), "%s-%d", prefix, i);
        close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    }
    return NULL;
}

static int
do_threads(char **words)
{
    static char names[8][16];
    pthread_t threads[8];
    (void)words;
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof(names[i]), "thread%d", i);
        if (pthread_create(&threads[i], NULL, make_files, names[i]) != 0)
            return 1;
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static char *volatile changing;
static volatile int done;

/* Now a name, now one without an end, now no memory at all. */
static void *
change_mind(void *context)
{
    (void)context;
    while (!done) {
        strcpy(changing, "one");
        memset(changing, '/', 4096);
        mprotect(changing, 4096, PROT_NONE);
        mprotect(changing, 4096, PROT_READ | PROT_WRITE);
        memset(changing, '.', 4095);
        changing[4095] = '\0';
    }
    return NULL;
}

static int
do_change_mind(char **words)
{
    pthread_t thread;
    (void)words;
    changing = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (changing == MAP_FAILED || pthread_create(&thread, NULL, change_mind, NULL) != 0)
        return 1;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < 500; i++) {
        close(openat(AT_FDCWD, changing, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        unlinkat(AT_FDCWD, changing, 0);
        (void)!connect(fd, (struct sockaddr *)changing, 128);
        (void)!sendmsg(fd, (struct msghdr *)changing, 0);
        (void)!syscall(SYS_execve, changing, (char **)changing, (char **)changing);
    }
    done = 1;
    pthread_join(thread, NULL);
    /* and what was never there */
    for (uint64_t at = 0; at < 4; at++) {
        (void)!syscall(SYS_openat, at << 62, at << 62 | 1, O_WRONLY, 0);
        (void)!syscall(SYS_execve, at << 62 | 1, at << 61 | 3, at << 60 | 7);
        (void)!syscall(SYS_sendmmsg, fd, at << 62 | 1, -1, 0);
    }
    return 0;
}

/* Children that are killed while they ask. */
static int
do_killed_while_asking(char **words)
{
    (void)words;
    for (int i = 0; i < 100; i++) {
        pid_t pid = fork();
        if (!pid)
            for (;;)
                close(open("never-mind", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
        usleep((useconds_t)(i * 20));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return 0;
}

_Noreturn static int
do_storm(char **words)
{
    (void)words;
    for (int i = 0; i < 8; i++)
        if (fork() == 0)
            for (;;)
                close(open("storm", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    for (;;)
        pause();
}

static int
do_many_files(char **words)
{
    for (int i = 0; i < atoi(words[0]); i++) {
        char name[32];
        snprintf(name, sizeof(name), "f%d", i);
        close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    }
    return 0;
}

static const struct {
    const char *name;
    int (*act)(char **words);
} acts[] = {
    { "connect", do_connect },       { "sendto", do_sendto },
    { "sendmsg", do_sendmsg },       { "sendmmsg", do_sendmmsg },
    { "listen", do_listen },         { "steal", do_steal },
    { "memory", do_memory },         { "hidden-exec", do_hidden_exec },
    { "nothing", do_nothing },       { "power", do_power },
    { "long-words", do_long_words }, { "threads", do_threads },
    { "storm", do_storm },           { "change-mind", do_change_mind },
    { "many-files", do_many_files }, { "killed-while-asking", do_killed_while_asking },
};

int
main(int argc, char **argv)
{
    if (access("/sys/kernel", F_OK) == 0) {
        fprintf(stderr, "asked: this is no sandbox; nothing was done\n");
        return 99;
    }
    for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
        if (!strcmp(acts[i].name, argv[1]))
            return acts[i].act(argv + 2);
    return 99;
}
