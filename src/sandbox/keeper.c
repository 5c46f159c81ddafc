/* The keeper: process 1 of the room. It starts commands, tells how they ended, and its end is the end of all.
 * It runs with no more rights than they have, but none of them can look into it or signal it. */
#include "base/clock.h"
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define COMMANDS_MAX 64 /* under way at once */
#define WORDS_MAX 65536u

struct running {
    pid_t pid; /* 0: free */
    uint32_t token;
    bool own_session, timed_out;
    uint64_t started, deadline; /* 0: none */
};

struct keeper {
    int channel, signals;
    const struct sp_room *room;
    struct running running[COMMANDS_MAX];
};

/* ---------------------------------------------------------------- starting */

/* A command as it crosses: counts, then strings one after the other. */
struct command_words {
    char *bytes;
    size_t size;
    char **argv, **env, *cwd;
};

static void
words_free(struct command_words *words)
{
    if (words->bytes)
        munmap(words->bytes, words->size);
    free(words->argv);
    free(words->env);
}

static char *
next_word(struct command_words *words, size_t *at)
{
    char *word = words->bytes + *at;
    size_t length = *at < words->size ? strnlen(word, words->size - *at) : 0;
    if (*at + length >= words->size)
        return NULL;
    *at += length + 1;
    return word;
}

static int
read_words(struct command_words *words, int fd)
{
    struct stat status;
    uint32_t counts[2];
    size_t at = sizeof(counts);
    if (fstat(fd, &status) < 0 || status.st_size <= (off_t)sizeof(counts))
        return -1;
    words->size = (size_t)status.st_size;
    words->bytes = mmap(NULL, words->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (words->bytes == MAP_FAILED) {
        words->bytes = NULL;
        return -1;
    }
    memcpy(counts, words->bytes, sizeof(counts));
    if (counts[0] > WORDS_MAX || counts[1] > WORDS_MAX)
        return -1;
    words->argv = calloc(counts[0] + 1, sizeof(char *));
    words->env = calloc(counts[1] + 1, sizeof(char *));
    if (!words->argv || !words->env || !(words->cwd = next_word(words, &at)))
        return -1;
    for (uint32_t i = 0; i < counts[0]; i++)
        if (!(words->argv[i] = next_word(words, &at)))
            return -1;
    for (uint32_t i = 0; i < counts[1]; i++)
        if (!(words->env[i] = next_word(words, &at)))
            return -1;
    return 0;
}

static const char *
search_path(char *const *env)
{
    for (; *env; env++)
        if (!strncmp(*env, "PATH=", 5))
            return *env + 5;
    return "/usr/local/bin:/usr/bin:/bin";
}

static int
is_program(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return -1;
    errno = EACCES;
    return S_ISREG(status.st_mode) ? access(path, X_OK) : -1;
}

/* As execvpe looks, with the PATH of the command, not ours. -1: errno says why. */
static int
find_program(const struct command_words *words, char *path, size_t size)
{
    const char *name = words->argv[0];
    int worst = ENOENT;
    if (!name) {
        errno = EINVAL;
        return -1;
    }
    if (strchr(name, '/')) {
        errno = ENAMETOOLONG;
        return snprintf(path, size, "%s", name) < (int)size ? 0 : -1;
    }
    for (const char *at = search_path(words->env); *at;) {
        size_t length = strcspn(at, ":");
        if (snprintf(path, size, "%.*s%s%s", (int)length, at, length ? "/" : "./", name) < (int)size) {
            if (is_program(path) == 0)
                return 0;
            if (errno != ENOENT && errno != ENOTDIR)
                worst = errno;
        }
        at += length + (at[length] == ':');
    }
    errno = worst;
    return -1;
}

/* From here on the opener is asked; it must have the listener before the first question. */
static int
be_asked_about(const struct keeper *keeper, uint32_t token, const char *program)
{
    const struct sp_notify_filter *filter = &keeper->room->notify_filter;
    struct sp_room_message message = { .word = SP_ROOM_LISTENER, .token = token };
    snprintf(message.text, sizeof(message.text), "%.*s", (int)sizeof(message.text) - 1, program);
    sp_autoclose int listener = sp_notify_filter_load(filter);
    return listener < 0 ? -1
                        : sp_room_send_by(filter->unasked, keeper->channel, &message, &listener, 1, NULL);
}

_Noreturn static void
become(const struct keeper *keeper, const struct sp_room_message *message, const struct command_words *words,
       const int fds[4], int complain)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int signal = 1; signal < NSIG; signal++)
        if (signal != SIGKILL && signal != SIGSTOP)
            (void)sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
    if (message->own_session)
        setsid();
    char program[4096];
    for (int i = 0; i < 3; i++)
        if (dup2(fds[i + 1], i) < 0)
            goto failed;
    if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0 || chdir(words->cwd) < 0 ||
        sp_limits_of_command(keeper->room) < 0 || find_program(words, program, sizeof(program)) < 0)
        goto failed;
    if (keeper->room->notify && be_asked_about(keeper, message->token, program) < 0)
        goto failed;
    execve(program, words->argv, words->env);
failed:;
    int why = errno;
    (void)!write(complain, &why, sizeof(why));
    _exit(why == ENOENT ? 127 : 126);
}

static void
say_end(struct keeper *keeper, const struct sp_room_message *ended)
{
    struct sp_room_message message = *ended;
    message.word = SP_ROOM_ENDED;
    if (sp_room_send(keeper->channel, &message, NULL, 0, NULL) < 0)
        _exit(125);
}

static struct running *
free_place(struct keeper *keeper)
{
    for (size_t i = 0; i < COMMANDS_MAX; i++)
        if (!keeper->running[i].pid)
            return &keeper->running[i];
    return NULL;
}

/* The probes read there, as the child is made, which command it belongs to: nobody else here can write it. */
static void
say_token(uint32_t token)
{
    char name[16];
    snprintf(name, sizeof(name), "sallyp:%08x", token);
    (void)!prctl(PR_SET_NAME, name);
}

static int
start(struct keeper *keeper, const struct sp_room_message *message, const int fds[4])
{
    struct running *place = free_place(keeper);
    struct command_words words = { 0 };
    int ends[2] = { -1, -1 }, why = place ? 0 : EAGAIN;
    if (!why && read_words(&words, fds[0]) < 0)
        why = EINVAL;
    if (!why && pipe2(ends, O_CLOEXEC) < 0)
        why = errno;
    if (!why) {
        say_token(message->token);
        pid_t pid = fork();
        if (!pid)
            become(keeper, message, &words, fds, ends[1]);
        if (pid < 0)
            why = errno;
        else
            *place = (struct running){
                .pid = pid,
                .token = message->token,
                .own_session = message->own_session,
                .started = sp_now(),
                .deadline = message->time ? sp_now() + message->time : 0,
            };
    }
    if (ends[1] >= 0)
        close(ends[1]);
    if (ends[0] >= 0 && !why && read(ends[0], &why, sizeof(why)) == sizeof(why)) {
        waitpid(place->pid, NULL, 0);
        place->pid = 0;
    }
    if (ends[0] >= 0)
        close(ends[0]);
    words_free(&words);
    return why;
}

/* ------------------------------------------------------------------ ending */

static struct running *
running_by(struct keeper *keeper, pid_t pid)
{
    for (size_t i = 0; i < COMMANDS_MAX; i++)
        if (keeper->running[i].pid == pid)
            return &keeper->running[i];
    return NULL;
}

static void
reap(struct keeper *keeper)
{
    struct rusage usage;
    int status;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        struct running *place = running_by(keeper, pid);
        if (!place)
            continue;
        /* what it left behind in its own session goes with it */
        if (place->own_session)
            kill(-pid, SIGKILL);
        struct sp_room_message ended = {
            .token = place->token,
            .status = status,
            .timed_out = place->timed_out,
            .time = sp_now() - place->started,
            .peak_memory = (uint64_t)usage.ru_maxrss * 1024,
        };
        place->pid = 0;
        say_end(keeper, &ended);
    }
}

static void
kill_overdue(struct keeper *keeper)
{
    for (size_t i = 0; i < COMMANDS_MAX; i++) {
        struct running *place = &keeper->running[i];
        if (!place->pid || !place->deadline || sp_now() < place->deadline)
            continue;
        place->timed_out = true;
        place->deadline = 0;
        kill(place->own_session ? -place->pid : place->pid, SIGKILL);
    }
}

static int
milliseconds_to_next(const struct keeper *keeper)
{
    uint64_t next = 0, time = sp_now();
    for (size_t i = 0; i < COMMANDS_MAX; i++)
        if (keeper->running[i].pid && keeper->running[i].deadline &&
            (!next || keeper->running[i].deadline < next))
            next = keeper->running[i].deadline;
    if (!next)
        return -1;
    return next <= time ? 0 : (int)((next - time) / 1000000u) + 1;
}

/* A process that forks as fast as it can loses: kill(-1) takes all that are there at once. */
static void
kill_all(struct keeper *keeper)
{
    struct timespec pause = { .tv_nsec = 500000 };
    for (;;) {
        kill(-1, SIGKILL);
        reap(keeper);
        if (waitpid(-1, NULL, WNOHANG | __WALL) < 0 && errno == ECHILD)
            return;
        nanosleep(&pause, NULL);
    }
}

/* ---------------------------------------------------------------- the loop */

static void
obey(struct keeper *keeper)
{
    struct sp_room_message message;
    int fds[4];
    size_t count = SP_COUNT(fds);
    if (sp_room_receive(keeper->channel, &message, fds, &count, NULL) <= 0)
        _exit(0); /* the opener is gone, and so is everything here */
    switch (message.word) {
    case SP_ROOM_RUN: {
        int why = count == SP_COUNT(fds) ? start(keeper, &message, fds) : EBADF;
        if (why)
            say_end(keeper, &(struct sp_room_message){ .token = message.token, .failure = why });
        break;
    }
    case SP_ROOM_KILL:
        kill_all(keeper);
        message.word = SP_ROOM_KILLED;
        if (sp_room_send(keeper->channel, &message, NULL, 0, NULL) < 0)
            _exit(125);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
}

_Noreturn void
sp_keeper_run(int channel, const struct sp_room *room)
{
    struct keeper keeper = { .channel = channel, .room = room };
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    keeper.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (keeper.signals < 0)
        _exit(125);
    for (;;) {
        struct signalfd_siginfo came;
        struct pollfd fds[2] = { { .fd = channel, .events = POLLIN },
                                 { .fd = keeper.signals, .events = POLLIN } };
        if (poll(fds, 2, milliseconds_to_next(&keeper)) < 0 && errno != EINTR)
            _exit(125);
        while (read(keeper.signals, &came, sizeof(came)) == sizeof(came))
            continue;
        reap(&keeper);
        kill_overdue(&keeper);
        if (fds[0].revents)
            obey(&keeper);
    }
}
