#include "gate/asking.h"
#include "gate/lowered.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define WORKERS 16
#define HINTS_MAX 4096 /* more that wait are dropped */
#define SIGNALS_ROOM (SP_SIGNAL_COUNT + 1)

/* Both sides are one program, so structs may cross as they are. */
enum request_kind { REQUEST_HINT, REQUEST_JUDGE };

struct request {
    enum request_kind kind;
    enum sp_ecosystem_id ecosystem;
    bool has_version;
    char name[SP_NAME_MAX + 1], version[128];
};

struct reply_signal {
    char name[48]; /* for the one that is none of the table's; "" else */
    char state[12];
    char evidence[SP_EVIDENCE_MAX];
    double contribution;
};

struct reply {
    bool failed; /* .unknown says why */
    int match;   /* place in the result; -1 none */
    double risk, name_risk, bias;
    enum sp_severity severity;
    enum sp_presence presence;
    char unknown[SP_ERROR_TEXT_MAX], floor[256];
    uint32_t signal_count;
    struct reply_signal signals[SIGNALS_ROOM];
};

struct sp_asking {
    pid_t pid;
    int socket;
    struct sp_index *index;
    bool gone;
};

/* ------------------------------------------------------------ the other side */

struct service {
    int socket;
    struct sp_index *index;
    struct sp_lookups *lookups;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct request *hints; /* a ring */
    size_t first, waiting;
};

static int
search_and(struct sp_searcher *searcher, struct sp_search_result *result, const struct request *request,
           struct sp_error *err)
{
    return sp_search(searcher, sp_ecosystems[request->ecosystem], request->name, strlen(request->name),
                     result, err);
}

/* Looks up what hints ask for; the metadata keeps it. */
static void *
follow_hints(void *context)
{
    struct service *service = context;
    const struct sp_clearing *clearing = sp_lookups_clearing(service->lookups);
    struct sp_searcher *searcher = NULL;
    struct sp_error err = { 0 };
    sp_autofree struct sp_search_result *result = sp_new(struct sp_search_result, &err);
    sp_autofree struct request *request = sp_new(struct request, &err);
    if (!result || !request || sp_searcher_new(&searcher, service->index, &err) < 0)
        return NULL;
    for (;;) {
        pthread_mutex_lock(&service->lock);
        while (!service->waiting)
            pthread_cond_wait(&service->changed, &service->lock);
        *request = service->hints[service->first];
        service->first = (service->first + 1) % HINTS_MAX;
        service->waiting--;
        pthread_mutex_unlock(&service->lock);
        struct sp_sought sought[1 + SP_CLEARED_MATCHES];
        if (search_and(searcher, result, request, &err) < 0)
            continue;
        size_t count = sp_clearing_sought(clearing, sp_ecosystems[request->ecosystem], request->name,
                                          request->has_version ? request->version : NULL, result, sought);
        for (size_t i = 0; i < count; i++)
            (void)sp_metadata_record(clearing->metadata, sought[i].ecosystem, sought[i].name,
                                     sought[i].version, sought[i].depth, &err);
    }
}

static void
take_hint(struct service *service, const struct request *request)
{
    pthread_mutex_lock(&service->lock);
    if (service->waiting < HINTS_MAX) {
        service->hints[(service->first + service->waiting++) % HINTS_MAX] = *request;
        pthread_cond_signal(&service->changed);
    }
    pthread_mutex_unlock(&service->lock);
}

static void
fill_reply(struct reply *reply, const struct sp_cleared *cleared, const struct sp_search_result *result)
{
    *reply = (struct reply){
        .match = cleared->match ? (int)(cleared->match - result->matches) : -1,
        .risk = cleared->risk,
        .name_risk = cleared->name_risk,
        .bias = cleared->bias,
        .severity = cleared->severity,
        .presence = cleared->presence,
        .signal_count = (uint32_t)cleared->signal_count,
    };
    snprintf(reply->unknown, sizeof(reply->unknown), "%s", cleared->unknown ? cleared->unknown : "");
    snprintf(reply->floor, sizeof(reply->floor), "%s", cleared->floor ? cleared->floor : "");
    for (size_t i = 0; i < cleared->signal_count && i < SIGNALS_ROOM; i++) {
        const struct sp_seen_signal *signal = &cleared->signals[i];
        struct reply_signal *out = &reply->signals[i];
        if (i >= SP_SIGNAL_COUNT)
            snprintf(out->name, sizeof(out->name), "%s", signal->name);
        snprintf(out->state, sizeof(out->state), "%s", signal->state);
        snprintf(out->evidence, sizeof(out->evidence), "%s", signal->evidence ? signal->evidence : "");
        out->contribution = signal->contribution;
    }
}

static void
answer(struct service *service, struct sp_searcher *searcher, struct sp_search_result *result,
       const struct request *request, struct reply *reply)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_cleared cleared;
    struct sp_error err = { 0 };
    if (search_and(searcher, result, request, &err) == 0 &&
        sp_clearing_judge(sp_lookups_clearing(service->lookups), sp_ecosystems[request->ecosystem],
                          request->name, request->has_version ? request->version : NULL, result, &cleared,
                          &arena, &err) == 0) {
        fill_reply(reply, &cleared, result);
        return;
    }
    *reply = (struct reply){ .failed = true, .match = -1 };
    snprintf(reply->unknown, sizeof(reply->unknown), "%s", err.text);
}

static int
serve(struct service *service, struct sp_error *err)
{
    struct sp_searcher *searcher = NULL;
    sp_autofree struct sp_search_result *result = sp_new(struct sp_search_result, err);
    sp_autofree struct request *request = sp_new(struct request, err);
    sp_autofree struct reply *reply = sp_new(struct reply, err);
    if (!result || !request || !reply || sp_searcher_new(&searcher, service->index, err) < 0 ||
        !(service->hints = sp_new_array(HINTS_MAX, sizeof(*service->hints), err)))
        return -1;
    for (int i = 0; i < WORKERS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, follow_hints, service) == 0)
            pthread_detach(thread);
    }
    for (;;) {
        ssize_t got = recv(service->socket, request, sizeof(*request), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got != sizeof(*request))
            return 0; /* the run is over */
        if (request->kind == REQUEST_HINT) {
            take_hint(service, request);
            continue;
        }
        answer(service, searcher, result, request, reply);
        if (send(service->socket, reply, sizeof(*reply), MSG_NOSIGNAL) != sizeof(*reply))
            return 0;
    }
}

_Noreturn static void
run_process(struct service *service, const struct sp_places *places, const char *cache)
{
    struct sp_error err = { 0 };
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    if (sp_become_lowered(places, &err) < 0 ||
        sp_lookups_start(service->lookups, cache, service->index, &err) < 0 || serve(service, &err) < 0) {
        struct reply reply = { .failed = true, .match = -1 };
        snprintf(reply.unknown, sizeof(reply.unknown), "%s", err.text);
        (void)!send(service->socket, &reply, sizeof(reply), MSG_NOSIGNAL);
        _exit(1);
    }
    _exit(0);
}

/* ----------------------------------------------------------------- this side */

int
sp_asking_start(struct sp_asking **out, struct sp_lookups *lookups, struct sp_index *index,
                const struct sp_places *places, const char *cache, struct sp_error *err)
{
    int pair[2];
    sp_autofree struct sp_asking *asking = sp_new(struct sp_asking, err);
    if (!asking)
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return sp_fail_errno(err, "look-ups: cannot make a socket");
    pid_t pid = fork();
    if (pid < 0) {
        sp_fail_errno(err, "look-ups: cannot start a process");
        close(pair[0]);
        close(pair[1]);
        return -1;
    }
    if (pid == 0) {
        close(pair[0]);
        struct service service = {
            .socket = pair[1],
            .index = index,
            .lookups = lookups,
            .lock = PTHREAD_MUTEX_INITIALIZER,
            .changed = PTHREAD_COND_INITIALIZER,
        };
        run_process(&service, places, cache);
    }
    close(pair[1]);
    asking->pid = pid;
    asking->socket = pair[0];
    asking->index = index;
    *out = sp_take(asking);
    return 0;
}

void
sp_asking_stop(struct sp_asking *asking)
{
    if (!asking)
        return;
    close(asking->socket);
    kill(asking->pid, SIGKILL); /* it holds nothing that could be lost */
    while (waitpid(asking->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    free(asking);
}

static int
fill_request(struct request *request, enum request_kind kind, const struct sp_ecosystem *ecosystem,
             const char *name, const char *version)
{
    *request = (struct request){ .kind = kind, .ecosystem = ecosystem->id };
    if (snprintf(request->name, sizeof(request->name), "%s", name) >= (int)sizeof(request->name))
        return -1;
    request->has_version = version && snprintf(request->version, sizeof(request->version), "%s", version) <
                                          (int)sizeof(request->version);
    return 0;
}

void
sp_asking_hint(struct sp_asking *asking, const struct sp_ecosystem *ecosystem, const char *name,
               const char *version)
{
    struct request request;
    if (!asking->gone && fill_request(&request, REQUEST_HINT, ecosystem, name, version) == 0)
        (void)!send(asking->socket, &request, sizeof(request), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Strings of REPLY, ended whatever they hold, in ARENA; "" is NULL. */
static int
keep(const char **out, char *text, size_t size, struct sp_arena *arena, struct sp_error *err)
{
    text[size - 1] = 0;
    *out = *text ? sp_arena_copy(arena, text, strlen(text), err) : NULL;
    return *text && !*out ? -1 : 0;
}

static const char *
state_of(const char *text)
{
    static const char *const states[] = { "yes", "no", "unknown" };
    for (size_t i = 0; i < SP_COUNT(states); i++)
        if (!strcmp(text, states[i]))
            return states[i];
    return "unknown";
}

static int
take_signals(struct sp_cleared *out, struct reply *reply, struct sp_arena *arena, struct sp_error *err)
{
    size_t count = reply->signal_count < SIGNALS_ROOM ? reply->signal_count : SIGNALS_ROOM;
    struct sp_seen_signal *signals = sp_arena_alloc(arena, (count ? count : 1) * sizeof(*signals), err);
    if (!signals)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct reply_signal *from = &reply->signals[i];
        from->state[sizeof(from->state) - 1] = 0;
        signals[i] =
            (struct sp_seen_signal){ .state = state_of(from->state), .contribution = from->contribution };
        if (keep(&signals[i].evidence, from->evidence, sizeof(from->evidence), arena, err) < 0)
            return -1;
        if (i < SP_SIGNAL_COUNT) {
            signals[i].name = sp_signals[i]->name;
            signals[i].title = sp_signals[i]->title;
        } else if (keep(&signals[i].name, from->name, sizeof(from->name), arena, err) < 0) {
            return -1;
        } else {
            signals[i].title = "";
        }
    }
    out->signals = count ? signals : NULL;
    out->signal_count = count;
    return 0;
}

int
sp_asking_judge(struct sp_asking *asking, const struct sp_ecosystem *ecosystem, const char *name,
                const char *version, const struct sp_search_result *result, struct sp_cleared *out,
                struct sp_arena *arena, struct sp_error *err)
{
    struct request request;
    sp_autofree struct reply *reply = sp_new(struct reply, err);
    *out = (struct sp_cleared){ 0 };
    if (!reply)
        return -1;
    ssize_t got = -1;
    if (!asking->gone && fill_request(&request, REQUEST_JUDGE, ecosystem, name, version) == 0) {
        /* one that could not begin has said why, and takes no question */
        bool sent = send(asking->socket, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request);
        do
            got = recv(asking->socket, reply, sizeof(*reply), sent ? 0 : MSG_DONTWAIT);
        while (got < 0 && errno == EINTR);
    }
    if (got != sizeof(*reply)) {
        asking->gone = true;
        *reply = (struct reply){ .failed = true, .match = -1 };
        snprintf(reply->unknown, sizeof(reply->unknown), "the process that looks packages up is gone");
    }
    const char *unknown;
    if (keep(&unknown, reply->unknown, sizeof(reply->unknown), arena, err) < 0)
        return -1;
    if (reply->failed) {
        out->unknown = sp_arena_printf(arena, err, "%s:%s could not be looked up: %s", ecosystem->name, name,
                                       unknown ? unknown : "no answer");
        return out->unknown ? 0 : -1;
    }
    out->match =
        reply->match >= 0 && (size_t)reply->match < result->count ? &result->matches[reply->match] : NULL;
    out->risk = reply->risk;
    out->name_risk = reply->name_risk;
    out->bias = reply->bias;
    out->severity = reply->severity <= SP_SEVERITY_BLOCK ? reply->severity : SP_SEVERITY_BLOCK;
    out->presence = reply->presence <= SP_REMOVED ? reply->presence : SP_PRESENCE_UNKNOWN;
    out->unknown = unknown;
    return keep(&out->floor, reply->floor, sizeof(reply->floor), arena, err) < 0
               ? -1
               : take_signals(out, reply, arena, err);
}
