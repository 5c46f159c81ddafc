#include "report/run_acts.h"

#include <fcntl.h>
#include <string.h>

/* ----------------------------------------------------------------- paths */

bool
sp_run_beneath(const char *folder, const char *path)
{
    size_t length = folder ? strlen(folder) : 0;
    while (length && folder[length - 1] == '/')
        length--;
    return length && !strncmp(path, folder, length) && path[length] == '/' && path[length + 1];
}

const char *
sp_run_short_path(const struct sp_run_report *run, const char *path)
{
    size_t length = run->project ? strlen(run->project) : 0;
    if (!sp_run_beneath(run->project, path))
        return path;
    while (length && run->project[length - 1] == '/')
        length--;
    return path + length + 1;
}

uint64_t
sp_run_started(const struct sp_run_report *run)
{
    return run->started ? run->started : run->event_count ? run->events[0].time : 0;
}

static bool
begins_with_any(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strncmp(text, list[i], strlen(list[i])))
            return true;
    return false;
}

/* What any program reads to run at all. */
static bool
is_toolchain(const char *path)
{
    static const char *const places[] = {
        "/usr/",       "/lib",          "/bin/",          "/sbin/",
        "/opt/",       "/nix/",         "/snap/",         "/dev/",
        "/proc/self/", "/etc/ld.so",    "/etc/localtime", "/etc/nsswitch.conf",
        "/etc/ssl/",   "/etc/hosts",    "/etc/host.conf", "/etc/resolv.conf",
        "/etc/gai",    "/etc/services", "/proc/meminfo",  "/sys/fs/cgroup/",
        "/proc/stat",  "/etc/gitconfig"
    };
    return begins_with_any(path, places, SP_COUNT(places));
}

/* How much a path says: hidden files of a home, then the system's, then the rest. */
static unsigned
weight_of_path(const char *path)
{
    static const char *const temporary[] = { "/tmp/", "/var/tmp/", "/dev/shm/" };
    bool hidden = strstr(path, "/.") && !strstr(path, "/.npm/") && !strstr(path, "/.cache/") &&
                  !strstr(path, "/.local/share/pnpm/");
    if (hidden)
        return 3;
    if (!strncmp(path, "/etc/", 5) || !strncmp(path, "/proc/", 6))
        return 2;
    return begins_with_any(path, temporary, SP_COUNT(temporary)) ? 1 : 2;
}

/* What is fetched or opened by them is seldom the package manager's. */
static unsigned
weight_of_program(const char *path, int64_t flags)
{
    static const char *const telling[] = { "curl", "wget", "nc",  "ncat", "socat", "ssh",   "scp",
                                           "ftp",  "gdb",  "dig", "nmap", "xxd",   "base64" };
    static const char *const usual[] = { "sh",     "bash", "dash", "node", "npm",  "npx", "python3",
                                         "python", "pip",  "git",  "env",  "make", "cc",  "node-gyp" };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (flags & (SP_EXEC_MEMORY | SP_EXEC_DELETED | SP_EXEC_STDIN_SOCKET))
        return 4;
    for (size_t i = 0; i < SP_COUNT(telling); i++)
        if (!strcmp(name, telling[i]))
            return 3;
    for (size_t i = 0; i < SP_COUNT(usual); i++)
        if (!strcmp(name, usual[i]))
            return 0;
    return is_toolchain(path) ? 1 : 2;
}

/* --------------------------------------------------------------- keeping */

static int
keep(struct sp_run_acts *acts, enum sp_act_kind kind, const struct sp_act *act, struct sp_error *err)
{
    struct sp_act_list *list = &acts->lists[kind];
    sp_autobuffer struct sp_buffer key = { 0 };
    if (!act->what || !*act->what)
        return 0;
    if (sp_buffer_printf(&key, err, "%u ", (unsigned)act->port) < 0 ||
        sp_buffer_append(&key, act->what, strnlen(act->what, 4096), err) < 0)
        return -1;
    uint32_t at;
    if (sp_map_get(&list->known, key.bytes, key.length, &at)) {
        struct sp_act *known = &list->items[at];
        known->times += act->times;
        known->bytes += act->bytes;
        if (act->weight > known->weight) {
            known->weight = act->weight;
            known->detail = act->detail;
            known->package = act->package;
        }
        return 0;
    }
    if (list->count >= SP_ACTS_MAX) {
        list->more++;
        return 0;
    }
    if (sp_map_set(&list->known, key.bytes, key.length, (uint32_t)list->count, err) < 0 ||
        sp_grow(list->items, list->capacity, list->count + 1, err) < 0)
        return -1;
    list->items[list->count++] = *act;
    list->outside += act->outside;
    return 0;
}

static int
keep_file(struct sp_run_acts *acts, const struct sp_run_report *run, const struct sp_event *event, bool wrote,
          unsigned weight, struct sp_error *err)
{
    const char *path = event->subject ? event->subject : "";
    bool outside = path[0] == '/' && !sp_run_beneath(run->project, path);
    if (!wrote && !weight && (!outside || is_toolchain(path)))
        return 0;
    if (wrote && !strncmp(path, "/dev/", 5) && strncmp(path, "/dev/shm/", 9) != 0)
        return 0;
    const struct sp_act act = { .what = path,
                                .package = event->package,
                                .detail = wrote ? NULL : event->detail,
                                .weight = weight    ? weight
                                          : outside ? weight_of_path(path)
                                                    : 0,
                                .outside = outside,
                                .times = 1,
                                .bytes = event->kind == SP_EVENT_BYTES ? event->bytes : 0 };
    return keep(acts, wrote ? SP_ACT_WROTE : SP_ACT_READ, &act, err);
}

static int
keep_socket(struct sp_run_acts *acts, const struct sp_event *event, struct sp_error *err)
{
    /* what was not refused is told by whoever answered */
    if (!event->bytes || event->value == SP_SOCKET_BIND || event->value == SP_SOCKET_LISTEN)
        return 0;
    const struct sp_act act = { .what = event->subject && *event->subject ? event->subject : event->detail,
                                .detail = "refused",
                                .package = event->package,
                                .port = event->port,
                                .weight = 3,
                                .times = 1 };
    return keep(acts, SP_ACT_CONTACTED, &act, err);
}

static int
take(struct sp_run_acts *acts, const struct sp_run_report *run, const struct sp_event *event,
     struct sp_error *err)
{
    struct sp_act act = { .what = event->subject,
                          .detail = event->detail,
                          .package = event->package,
                          .port = event->port,
                          .times = 1 };
    switch (event->kind) {
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
    case SP_EVENT_PASSED:
        act.weight = event->kind == SP_EVENT_PASSED ? 2 : 3;
        act.bytes = event->bytes;
        return keep(acts, SP_ACT_CONTACTED, &act, err);
    case SP_EVENT_SOCKET:
        return keep_socket(acts, event, err);
    case SP_EVENT_NAME:
        act.weight = 1;
        return keep(acts, SP_ACT_NAMED, &act, err);
    case SP_EVENT_DECOY:
        return keep_file(acts, run, event, false, 4, err);
    case SP_EVENT_OPEN:
        if ((event->value & O_ACCMODE) != O_RDONLY && keep_file(acts, run, event, true, 0, err) < 0)
            return -1;
        return (event->value & O_ACCMODE) == O_WRONLY
                   ? 0
                   : keep_file(acts, run, event, false, event->detail ? 4 : 0, err);
    case SP_EVENT_BYTES:
        return event->bytes ? keep_file(acts, run, event, true, 0, err) : 0;
    case SP_EVENT_CHANGE:
        return event->value == SP_FILE_TIMES ? 0 : keep_file(acts, run, event, true, 0, err);
    case SP_EVENT_WRITE:
        return keep_file(acts, run, event, true, 4, err);
    case SP_EVENT_EXEC:
        act.detail = NULL;
        act.weight = event->subject ? weight_of_program(event->subject, event->value) : 0;
        return keep(acts, SP_ACT_RAN, &act, err);
    default:
        return 0;
    }
}

/* Where events of programs are missing, the processes still say which they ran. */
static int
take_processes(struct sp_run_acts *acts, const struct sp_run_report *run, const char *package,
               enum sp_phase phase, struct sp_error *err)
{
    for (size_t i = 0; i < run->process_count; i++) {
        const struct sp_run_process *process = &run->processes[i];
        if (!process->program || (phase != SP_PHASE_COUNT && process->phase != phase) ||
            (package && (!process->package || strcmp(process->package, package) != 0)))
            continue;
        const struct sp_act act = { .what = process->program,
                                    .package = process->package,
                                    .weight = weight_of_program(process->program, 0),
                                    .times = 1 };
        if (keep(acts, SP_ACT_RAN, &act, err) < 0)
            return -1;
    }
    return 0;
}

/* The weights are few, so each is walked once: the order within one is kept. */
static int
sort(struct sp_act_list *list, struct sp_error *err)
{
    struct sp_act *sorted = list->count ? sp_new_array(list->count, sizeof(*sorted), err) : NULL;
    size_t at = 0;
    if (list->count && !sorted)
        return -1;
    for (unsigned weight = 5; weight-- > 0;)
        for (size_t i = 0; i < list->count; i++)
            if (list->items[i].weight == weight)
                sorted[at++] = list->items[i];
    free(list->items);
    list->items = sorted;
    list->capacity = list->count;
    return 0;
}

int
sp_run_acts_find(struct sp_run_acts *out, const struct sp_run_report *run, const char *package,
                 enum sp_phase phase, struct sp_error *err)
{
    *out = (struct sp_run_acts){ 0 };
    for (size_t i = 0; i < run->event_count; i++) {
        const struct sp_event *event = &run->events[i];
        if ((phase != SP_PHASE_COUNT && event->phase != phase) ||
            (package && (!event->package || strcmp(event->package, package) != 0)))
            continue;
        if (take(out, run, event, err) < 0)
            return -1;
    }
    if (!out->lists[SP_ACT_RAN].count && take_processes(out, run, package, phase, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_ACT_KIND_COUNT; i++)
        if (sort(&out->lists[i], err) < 0)
            return -1;
    return 0;
}

void
sp_run_acts_free(struct sp_run_acts *acts)
{
    for (size_t i = 0; i < SP_ACT_KIND_COUNT; i++) {
        free(acts->lists[i].items);
        sp_map_free(&acts->lists[i].known);
    }
    *acts = (struct sp_run_acts){ 0 };
}
