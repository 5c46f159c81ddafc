#include "probe/launch.h"
#include "base/memory.h"
#include "probe/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define ANSWER_MILLISECONDS 20000 /* loading takes 0.1 s; on a machine that does other things, longer */

/* ------------------------------------------------------------------- where */

const char *
sp_helper_installed(void)
{
    return SP_PROBES_INSTALLED;
}

int
sp_helper_beside(char *out, size_t size, struct sp_error *err)
{
    /* from the directory of the program: in the build tree from src/cli and from tests; installed from bin */
    static const char *const ways[] = { "../probe", "../src/probe", "../libexec/sallyport" };
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    if (length <= 0)
        return sp_fail_errno(err, "/proc/self/exe");
    own[length] = '\0';
    char *end = strrchr(own, '/');
    if (end)
        *end = '\0';
    for (size_t i = 0; i < SP_COUNT(ways); i++)
        if ((size_t)snprintf(out, size, "%s/%s/%s", own, ways[i], SP_HELPER_NAME) < size &&
            access(out, X_OK) == 0)
            return 0;
    return sp_fail(err, SP_ERROR_SYSTEM,
                   "%.400s: there is no " SP_HELPER_NAME " beside it; install Sallyport whole", own);
}

static bool
has_capabilities(const char *path)
{
    return getxattr(path, "security.capability", NULL, 0) > 0;
}

int
sp_helper_find(char *out, size_t size, struct sp_error *err)
{
    /* for tests; not in a program that somebody was given rights with */
    const char *chosen = secure_getenv("SALLYPORT_PROBES");
    if (chosen && *chosen)
        return (size_t)snprintf(out, size, "%s", chosen) < size
                   ? 0
                   : sp_fail(err, SP_ERROR_USAGE, "SALLYPORT_PROBES: this path is too long");
    if (!geteuid() && sp_helper_beside(out, size, NULL) == 0)
        return 0;
    bool there = access(sp_helper_installed(), X_OK) == 0;
    if (there && (!geteuid() || has_capabilities(sp_helper_installed()))) {
        snprintf(out, size, "%s", sp_helper_installed());
        return 0;
    }
    return sp_fail(err, SP_ERROR_SYSTEM, "%s; 'sudo sallyport setup' gives the probes their right",
                   there ? "the probes' helper is installed without its capabilities"
                         : "the probes need a right that this user has not");
}

/* --------------------------------------------------------------------- life */

/* The child's: the socket under its number, default signals, no environment. */
static int
spawn(pid_t *pid, const char *path, int socket)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *const argv[] = { (char *)SP_HELPER_NAME, NULL };
    char *const env[] = { NULL };
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    /* away from the terminal: Ctrl-C is ours to answer, and the end of our socket is the helper's sign */
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    failed = posix_spawn_file_actions_adddup2(&actions, socket, SP_PROBES_SOCKET);
    if (!failed)
        failed = posix_spawn(pid, path, &actions, &attributes, argv, env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int
sp_helper_start(struct sp_helper_process *out, const char *path, struct sp_error *err)
{
    int ends[2];
    *out = (struct sp_helper_process){ .socket = -1 };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return sp_fail_errno(err, "socketpair");
    int failed = spawn(&out->pid, path, ends[1]);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        out->pid = 0;
        errno = failed;
        return failed == EPERM
                   ? sp_fail(err, SP_ERROR_SYSTEM,
                             "%s: the probes' helper may not be given its rights here; a container needs "
                             "--cap-add for what 'sallyport setup --help' lists",
                             path)
                   : sp_fail_errno(err, "%s: the probes' helper cannot be started", path);
    }
    out->socket = ends[0];
    return 0;
}

static int
no_answer(struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_SYSTEM, "the probes' helper ended without a word");
}

int
sp_helper_loaded(const struct sp_helper_process *helper, char *missing, size_t size, struct sp_error *err)
{
    struct sp_probes_hello hello;
    sp_autofree struct sp_probes_message *message = sp_new(struct sp_probes_message, err);
    if (!message)
        return -1;
    int got = sp_probes_wait(helper->socket, ANSWER_MILLISECONDS, message, err);
    if (got <= 0 || message->head.word != SP_PROBES_HELLO)
        return got < 0 ? -1 : no_answer(err);
    memcpy(&hello, message->bytes, sizeof(hello));
    if (strncmp(hello.tool, SP_TOOL_VERSION, sizeof(hello.tool)) != 0)
        return sp_fail(err, SP_ERROR_SYSTEM,
                       "the probes' helper is of Sallyport %.*s, this is " SP_TOOL_VERSION
                       "; run 'sudo sallyport setup' again",
                       (int)sizeof(hello.tool), hello.tool);
    got = sp_probes_wait(helper->socket, ANSWER_MILLISECONDS, message, err);
    if (got <= 0)
        return got < 0 ? -1 : no_answer(err);
    if (message->head.word == SP_PROBES_FAILED)
        return sp_fail(err, SP_ERROR_SYSTEM, "%s", (const char *)message->bytes);
    if (message->head.word != SP_PROBES_LOADED)
        return no_answer(err);
    snprintf(missing, size, "%s", (const char *)message->bytes);
    return 0;
}

void
sp_helper_end(struct sp_helper_process *helper)
{
    if (helper->socket >= 0)
        close(helper->socket);
    helper->socket = -1;
    /* the keeper of a sandbox may hold the other end's twin: the closed socket alone is no sign then */
    if (helper->pid > 0) {
        (void)!kill(helper->pid, SIGKILL);
        while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    helper->pid = 0;
}
