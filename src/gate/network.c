#include "gate/network.h"
#include "base/file.h"
#include "ecosystem/ecosystem.h"
#include "gate/lowered.h"
#include "proxy/proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define CACHE_LIMIT ((uint64_t)8 << 30)
#define STOP_SECONDS 5

/* ------------------------------------------------------------ inside it */

struct judge {
    struct sp_checker *checker;
    struct sp_lookups *lookups; /* started; NULL */
    const struct sp_policy *policy;
    pthread_mutex_t lock; /* a checker is for one thread */
};

static void
say_finding(char *message, size_t size, const struct sp_finding *finding)
{
    snprintf(message, size, "%s", finding->message);
}

/* Looks up what judging NAME needs while others may judge: it is at hand afterwards. */
static int
look_up(struct judge *judge, const struct sp_ecosystem *ecosystem, const char *name, const char *version,
        struct sp_error *err)
{
    struct sp_sought sought[1 + SP_CLEARED_MATCHES];
    if (!judge->lookups)
        return 0;
    pthread_mutex_lock(&judge->lock);
    int count = sp_check_sought(judge->checker, ecosystem, name, version, sought, err);
    pthread_mutex_unlock(&judge->lock);
    return count <= 0 ? count
                      : sp_metadata_fetch(sp_lookups_metadata(judge->lookups), sought, (size_t)count, NULL,
                                          NULL, err);
}

static int
judge_name(void *context, const char *ecosystem, const char *name, const char *version, char *message,
           size_t size)
{
    struct judge *judge = context;
    const struct sp_ecosystem *which = sp_ecosystem_find(ecosystem, strlen(ecosystem));
    const struct sp_place place = { 0 };
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    int worst = SP_SEVERITY_NONE;
    if (!which) {
        snprintf(message, size, "packages of %s cannot be judged", ecosystem);
        return -1;
    }
    if (look_up(judge, which, name, version, &err) < 0) {
        snprintf(message, size, "%s", err.text);
        return -1;
    }
    pthread_mutex_lock(&judge->lock);
    int done = sp_check_name(judge->checker, which, name, version, &place, &verdict, &err);
    pthread_mutex_unlock(&judge->lock);
    if (done < 0 || sp_policy_apply(judge->policy, &verdict, &err) < 0) {
        snprintf(message, size, "%s", err.text);
        return -1;
    }
    for (size_t i = 0; i < verdict.count; i++) {
        if ((int)verdict.findings[i].severity <= worst)
            continue;
        worst = (int)verdict.findings[i].severity;
        say_finding(message, size, &verdict.findings[i]);
    }
    if (worst == SP_SEVERITY_NONE && verdict.unseen_count) {
        snprintf(message, size, "%s", verdict.unseen[0]);
        return -1;
    }
    return worst;
}

/* The proxy asks for itself. */
static int
start_looking(const struct sp_network_options *options, struct sp_error *err)
{
    if (sp_lookups_start(options->lookups, options->keep_nothing ? NULL : options->places->fetched,
                         sp_checker_index(options->checker), err) < 0)
        return -1;
    sp_checker_clear_by(options->checker, sp_lookups_clearing(options->lookups));
    return 0;
}

static int
serve(const struct sp_sandbox *sandbox, const struct sp_network_options *options,
      const struct sp_event_sink *sink, int stop, struct sp_error *err)
{
    struct judge judge = { .checker = options->checker,
                           .lookups = options->lookups,
                           .policy = options->policy,
                           .lock = PTHREAD_MUTEX_INITIALIZER };
    struct sp_proxy *proxy = NULL;
    struct sp_stand_in *stand_in = NULL; /* both live as long as this process */
    struct sp_answers *answers = NULL;
    sp_autobuffer struct sp_buffer trust = { 0 };
    /* read while files that only the user may read can still be read */
    if ((options->registries && sp_registries_trust(options->registries, &trust, err) < 0) ||
        (options->stand_in && sp_stand_in_open(&stand_in, options->stand_in, err) < 0) ||
        (options->answers && sp_answers_open(&answers, options->answers, err) < 0))
        return -1;
    const struct sp_proxy_options proxying = {
        .registries = options->registries,
        .allow_hosts = options->allow_hosts,
        .cache_directory = options->keep_nothing ? NULL : options->places->fetched,
        .cache_limit = CACHE_LIMIT,
        .offline = options->offline,
        .enforce = options->enforce,
        .judge = options->checker ? judge_name : NULL,
        .judge_context = &judge,
        .sink = sink,
        .ca_pem = trust.bytes,
        .ca_length = trust.length,
        .npmjs_from = options->npmjs_from,
        .stand_in = stand_in,
    };
    const struct sp_sinkhole_options sinking = {
        .net = options->net,
        .allow_hosts = options->allow_hosts,
        .decoys = options->decoys,
        .authority = options->authority,
        .sink = sink,
        .answers = answers,
        .stop_fd = stop,
    };
    int listening = sp_sandbox_proxy_socket(sandbox);
    if (sp_become_lowered(options->places, err) < 0 || (options->lookups && start_looking(options, err) < 0))
        return -1;
    if (options->registries && listening >= 0 && sp_proxy_start(&proxy, dup(listening), &proxying, err) < 0)
        return -1;
    int result = sp_sinkhole_serve(sp_sandbox_sinkhole(sandbox), &sinking, err);
    sp_proxy_stop(proxy);
    sp_stand_in_close(stand_in);
    sp_answers_close(answers);
    return result;
}

_Noreturn static void
run_process(const struct sp_sandbox *sandbox, const struct sp_network_options *options, int events, int stop)
{
    struct sp_error err = { 0 };
    const struct sp_event_sink sink = sp_event_socket_sink(&events);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    if (serve(sandbox, options, &sink, stop, &err) < 0) {
        sp_event_send(&sink, &(struct sp_event){ .kind = SP_EVENT_DROPPED, .subject = err.text, .value = 1 });
        _exit(1);
    }
    _exit(0);
}

/* ------------------------------------------------------------- outside it */

int
sp_network_start(struct sp_network *out, const struct sp_sandbox *sandbox,
                 const struct sp_network_options *options, struct sp_error *err)
{
    int events[2], stop[2];
    const int space = 4 << 20;
    *out = (struct sp_network){ .events = -1, .stop = -1 };
    if (options->net == SP_NET_NONE)
        return 0;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, events) < 0)
        return sp_fail_errno(err, "socketpair");
    if (pipe2(stop, O_CLOEXEC) < 0) {
        close(events[0]);
        close(events[1]);
        return sp_fail_errno(err, "pipe");
    }
    (void)!setsockopt(events[1], SOL_SOCKET, SO_SNDBUF, &space, sizeof(space));
    out->pid = fork();
    if (!out->pid) {
        close(events[0]);
        close(stop[1]);
        run_process(sandbox, options, events[1], stop[0]);
    }
    close(events[1]);
    close(stop[0]);
    out->events = events[0];
    out->stop = stop[1];
    if (out->pid > 0)
        return 0;
    out->pid = 0;
    return sp_fail_errno(err, "the proxy could not be started");
}

int
sp_network_take(struct sp_network *network, const struct sp_event_sink *sink, struct sp_error *err)
{
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX];
    struct sp_event event;
    int taken = 0;
    while (network->events >= 0) {
        ssize_t length = recv(network->events, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return taken;
        if (length <= 0)
            return sp_fail(err, SP_ERROR_SYSTEM, "the registry proxy ended before the command did");
        if (sp_event_decode(bytes, (size_t)length, &event, err) < 0)
            return -1;
        sp_event_send(sink, &event);
        taken++;
    }
    return taken;
}

int
sp_network_stop(struct sp_network *network, const struct sp_event_sink *sink, struct sp_error *err)
{
    int status = 0, left = STOP_SECONDS * 1000;
    if (!network->pid)
        return 0;
    close(network->stop);
    network->stop = -1;
    /* the events end when the process does */
    while (left > 0) {
        struct pollfd fd = { .fd = network->events, .events = POLLIN };
        if (poll(&fd, 1, 100) <= 0) {
            left -= 100;
            continue;
        }
        if (sp_network_take(network, sink, NULL) < 0)
            break;
    }
    if (left <= 0)
        kill(network->pid, SIGKILL);
    while (waitpid(network->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    network->pid = 0;
    close(network->events);
    network->events = -1;
    return WIFEXITED(status) && !WEXITSTATUS(status)
               ? 0
               : sp_fail(err, SP_ERROR_SYSTEM, "the registry proxy failed%s", left <= 0 ? " to end" : "");
}
