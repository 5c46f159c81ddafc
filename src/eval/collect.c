#include "eval/collect.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/tree.h"
#include "eval/collect_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define JOBS_MAX 64u
#define ROWS_MAX ((size_t)256 << 20) /* of one run */
#define GRACE_NANOSECONDS ((uint64_t)90 * 1000000000u)

/* One that runs. */
struct slot {
    pid_t pid; /* 0: free */
    int from;  /* its rows */
    uint64_t began;
    struct sp_collect_run run;
    struct sp_buffer rows;
    char npm_project[PATH_MAX], pip_project[PATH_MAX], log[PATH_MAX];
};

struct collection {
    const struct sp_collect_list *list;
    const struct sp_collect_options *options;
    struct sp_collect_totals *totals;
    struct sp_map there; /* runs whose rows the table has */
    char room[PATH_MAX]; /* everything that runs need lies there */
    int out;
    struct slot *slots;
    struct sp_collect_run *runs;
    size_t run_count, next;
};

/* --------------------------------------------------------------------------------- what is there already */

static int
append_key(struct sp_buffer *key, const char *ecosystem, const char *name, const char *version,
           const char *net, const char *number, struct sp_error *err)
{
    sp_buffer_clear(key);
    return sp_buffer_printf(key, err, "%s %s %s %s %s", ecosystem, name, version, net, number);
}

/* Fields of a row up to "status"; none of them is ever quoted. */
enum { F_VERSION, F_ECOSYSTEM, F_NAME, F_PACKAGE_VERSION, F_NET = 9, F_RUN, F_ROLE, F_STATUS, F_COUNT };

static bool
split(char *line, char *fields[F_COUNT])
{
    for (size_t i = 0; i < F_COUNT; i++) {
        fields[i] = line;
        line = strchr(line, ',');
        if (!line)
            return false;
        *line++ = '\0';
    }
    return true;
}

static int
note_row(struct collection *collection, char *line, struct sp_error *err)
{
    char *field[F_COUNT];
    sp_autobuffer struct sp_buffer key = { 0 };
    if (!split(line, field))
        return sp_fail(err, SP_ERROR_INPUT, "%s: a row has too few fields; take another --out",
                       collection->options->out);
    if (strcmp(field[F_ROLE], "subject") != 0 ||
        (collection->options->again && !strcmp(field[F_STATUS], "error")))
        return 0;
    /* the list may leave the version open */
    const char *versions[] = { field[F_PACKAGE_VERSION], "" };
    for (size_t i = 0; i < SP_COUNT(versions); i++)
        if (append_key(&key, field[F_ECOSYSTEM], field[F_NAME], versions[i], field[F_NET], field[F_RUN],
                       err) < 0 ||
            sp_map_set(&collection->there, key.bytes, key.length, 1, err) < 0)
            return -1;
    return 0;
}

/* Reads the table and cuts off what an interrupted collection left behind its last whole run. */
static int
read_table(struct collection *collection, const char *head, struct sp_error *err)
{
    const char *path = collection->options->out;
    FILE *file = fdopen(dup(collection->out), "r");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    off_t whole = 0, at = 0;
    int result = file ? 0 : sp_fail_errno(err, "%s", path);
    while (result == 0 && (length = getline(&line, &capacity, file)) > 0 && line[length - 1] == '\n') {
        at += length;
        if (whole == 0) {
            if (strcmp(line, head) != 0)
                result = sp_fail(err, SP_ERROR_INPUT,
                                 "%s: not a table of this version's features; take another --out", path);
            whole = at;
            continue;
        }
        bool subject = strstr(line, ",subject,") != NULL;
        result = note_row(collection, line, err);
        whole = subject ? at : whole;
    }
    free(line);
    if (file)
        fclose(file);
    if (result == 0 && ftruncate(collection->out, whole) < 0)
        return sp_fail_errno(err, "%s", path);
    if (result == 0 && whole == 0 && write(collection->out, head, strlen(head)) != (ssize_t)strlen(head))
        return sp_fail_errno(err, "%s", path);
    return result;
}

static int
open_table(struct collection *collection, struct sp_error *err)
{
    const char *path = collection->options->out;
    sp_autobuffer struct sp_buffer head = { 0 };
    collection->out = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (collection->out < 0)
        return sp_fail_errno(err, "%s: cannot write the table", path);
    return sp_collect_head(&head, err) < 0 ? -1 : read_table(collection, sp_buffer_string(&head), err);
}

/* --------------------------------------------------------------------------------------- what is to be run
 */

static enum sp_net
draw_net(const struct sp_collect_item *item, uint64_t seed)
{
    uint64_t hash = sp_hash(item->name, strlen(item->name), seed);
    return sp_hash_mix(hash, item->ecosystem->id) & 1 ? SP_NET_SINKHOLE : SP_NET_REGISTRY;
}

static int
plan_run(struct collection *collection, const struct sp_collect_item *item, enum sp_net net, unsigned number,
         struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    char digits[16];
    snprintf(digits, sizeof(digits), "%u", number);
    if (append_key(&key, item->ecosystem->name, item->name, item->version ? item->version : "",
                   net == SP_NET_SINKHOLE ? "sinkhole" : "registry", digits, err) < 0)
        return -1;
    collection->totals->wanted++;
    if (sp_map_get(&collection->there, key.bytes, key.length, NULL)) {
        collection->totals->before++;
        return 0;
    }
    collection->runs[collection->run_count++] =
        (struct sp_collect_run){ .item = item, .net = net, .number = number };
    return 0;
}

static int
plan_runs(struct collection *collection, struct sp_error *err)
{
    const struct sp_collect_options *options = collection->options;
    size_t most = collection->list->count * options->repeats * 2;
    collection->runs = sp_new_array(most + 1, sizeof(*collection->runs), err);
    if (!collection->runs)
        return -1;
    for (size_t i = 0; i < collection->list->count; i++)
        for (unsigned number = 1; number <= options->repeats; number++) {
            const struct sp_collect_item *item = &collection->list->items[i];
            enum sp_net drawn = draw_net(item, options->seed + number);
            bool both = options->net == SP_COLLECT_BOTH;
            if ((both || options->net == SP_COLLECT_REGISTRY ||
                 (options->net == SP_COLLECT_DRAWN && drawn == SP_NET_REGISTRY)) &&
                plan_run(collection, item, SP_NET_REGISTRY, number, err) < 0)
                return -1;
            if ((both || options->net == SP_COLLECT_SINKHOLE ||
                 (options->net == SP_COLLECT_DRAWN && drawn == SP_NET_SINKHOLE)) &&
                plan_run(collection, item, SP_NET_SINKHOLE, number, err) < 0)
                return -1;
        }
    return 0;
}

/* ----------------------------------------------------------------------------------------------- the rooms
 */

static int
run_quietly(const char *const *argv, const char *log, struct sp_error *err)
{
    int status;
    pid_t pid = fork();
    if (pid < 0)
        return sp_fail_errno(err, "fork");
    if (!pid) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return sp_fail_errno(err, "waitpid");
    return status ? sp_fail(err, SP_ERROR_SYSTEM, "'%s %s' failed; %s says why", argv[0], argv[1], log) : 0;
}

static int
write_text(const char *path, const char *text, struct sp_error *err)
{
    return sp_file_write(path, text, strlen(text), err);
}

static bool
wants(const struct collection *collection, int ecosystem)
{
    for (size_t i = 0; i < collection->run_count; i++)
        if ((int)collection->runs[i].item->ecosystem->id == ecosystem)
            return true;
    return false;
}

/* A project of each manager, which no run changes, since nothing lands. */
static int
furnish(struct collection *collection, struct slot *slot, unsigned number, struct sp_error *err)
{
    char path[PATH_MAX + 32];
    snprintf(slot->log, PATH_MAX, "%.3900s/log%u", collection->room, number);
    snprintf(slot->npm_project, PATH_MAX, "%.3900s/npm%u", collection->room, number);
    snprintf(slot->pip_project, PATH_MAX, "%.3900s/pip%u", collection->room, number);
    if (mkdir(slot->npm_project, 0755) < 0 || mkdir(slot->pip_project, 0755) < 0)
        return sp_fail_errno(err, "%s", collection->room);
    snprintf(path, sizeof(path), "%s/package.json", slot->npm_project);
    if (write_text(path, "{\"name\":\"app\",\"version\":\"1.0.0\",\"private\":true}\n", err) < 0)
        return -1;
    if (!wants(collection, SP_PYPI))
        return 0;
    snprintf(path, sizeof(path), "%s/venv", slot->pip_project);
    const char *const venv[] = { "python3", "-m", "venv", path, NULL };
    return run_quietly(venv, slot->log, err);
}

static int
open_rooms(struct collection *collection, struct sp_error *err)
{
    unsigned jobs = collection->options->jobs;
    sp_autofree char *real = NULL;
    if (snprintf(collection->room, PATH_MAX, "%.3800s.work-XXXXXX", collection->options->out) < 1 ||
        !mkdtemp(collection->room))
        return sp_fail_errno(err, "%s: cannot make a working directory beside the table",
                             collection->options->out);
    real = realpath(collection->room, NULL);
    if (!real || chmod(collection->room, 0755) < 0)
        return sp_fail_errno(err, "%s", collection->room);
    snprintf(collection->room, PATH_MAX, "%.3900s", real);
    collection->slots = sp_new_array(jobs, sizeof(*collection->slots), err);
    if (!collection->slots)
        return -1;
    for (unsigned i = 0; i < jobs; i++)
        if (furnish(collection, &collection->slots[i], i, err) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------------------------------------------------ running */

/* The run's own process. */
_Noreturn static void
be_run(const struct collection *collection, const struct slot *slot, int to)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer rows = { 0 };
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGINT, SIG_IGN); /* the collection's to take */
    if (sp_collect_run(&slot->run, collection->options, &rows, &err) < 0) {
        sp_buffer_clear(&rows);
        if (sp_collect_failed_row(&slot->run, err.text, 0, &rows, &err) < 0)
            _exit(1);
    }
    for (size_t done = 0; done < rows.length;) {
        ssize_t length = write(to, rows.bytes + done, rows.length - done);
        if (length < 0 && errno != EINTR)
            _exit(1);
        done += length > 0 ? (size_t)length : 0;
    }
    _exit(0);
}

static int
start(struct collection *collection, struct slot *slot, struct sp_error *err)
{
    int ends[2];
    slot->run = collection->runs[collection->next++];
    slot->run.npm_project = slot->npm_project;
    slot->run.pip_project = slot->pip_project;
    slot->run.log = slot->log;
    slot->began = sp_now();
    sp_buffer_clear(&slot->rows);
    slot->rows.limit = ROWS_MAX;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return sp_fail_errno(err, "pipe");
    slot->pid = fork();
    if (slot->pid < 0) {
        slot->pid = 0;
        close(ends[0]);
        close(ends[1]);
        return sp_fail_errno(err, "fork");
    }
    if (!slot->pid) {
        close(ends[0]);
        be_run(collection, slot, ends[1]);
    }
    close(ends[1]);
    slot->from = ends[0];
    return 0;
}

static void
count_row(struct collection *collection, const char *rows, size_t length)
{
    /* the subject's is the last line */
    const char *last = length ? memrchr(rows, '\n', length - 1) : NULL;
    sp_autobuffer struct sp_buffer line = { 0 };
    char *field[F_COUNT];
    last = last ? last + 1 : rows;
    if (sp_buffer_append(&line, last, length - (size_t)(last - rows), NULL) < 0 || !split(line.bytes, field))
        return;
    for (size_t i = 0; i < SP_RUN_STATUSES; i++)
        collection->totals->by_status[i] += !strcmp(field[F_STATUS], sp_run_status_names[i]);
    collection->totals->failed_commands +=
        strncmp(field[F_STATUS] + strlen(field[F_STATUS]) + 1, "0,", 2) != 0;
}

/* The process of SLOT has ended; its rows go to the table. */
static int
finish(struct collection *collection, struct slot *slot, struct sp_error *err)
{
    int status;
    close(slot->from);
    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    slot->pid = 0;
    if (collection->options->stop && *collection->options->stop)
        return 0;
    if (status || !slot->rows.length || slot->rows.bytes[slot->rows.length - 1] != '\n') {
        sp_buffer_clear(&slot->rows);
        if (sp_collect_failed_row(&slot->run, "the run's own process did not come back",
                                  (double)(sp_now() - slot->began) / 1e9, &slot->rows, err) < 0)
            return -1;
    }
    if (write(collection->out, slot->rows.bytes, slot->rows.length) != (ssize_t)slot->rows.length)
        return sp_fail_errno(err, "%s: cannot write a row", collection->options->out);
    count_row(collection, slot->rows.bytes, slot->rows.length);
    collection->totals->done++;
    if (collection->options->progress)
        collection->options->progress(collection->options->progress_context,
                                      collection->totals->before + collection->totals->done,
                                      collection->totals->wanted, slot->run.item->name);
    return 0;
}

/* Takes what SLOT has to say. */
static int
take(struct collection *collection, struct slot *slot, struct sp_error *err)
{
    char bytes[65536];
    ssize_t length = read(slot->from, bytes, sizeof(bytes));
    if (length < 0)
        return errno == EINTR ? 0 : sp_fail_errno(err, "a run's pipe");
    if (length == 0)
        return finish(collection, slot, err);
    if (sp_buffer_append(&slot->rows, bytes, (size_t)length, NULL) < 0) {
        kill(slot->pid, SIGKILL);
        sp_buffer_clear(&slot->rows);
    }
    return 0;
}

/* Starts what has room, waits, takes. *ALIVE: something runs. */
static int
turn(struct collection *collection, bool *alive, struct sp_error *err)
{
    const struct sp_collect_options *options = collection->options;
    struct pollfd fds[JOBS_MAX];
    bool stop = options->stop && *options->stop;
    *alive = false;
    for (unsigned i = 0; i < options->jobs; i++) {
        struct slot *slot = &collection->slots[i];
        if (!slot->pid && !stop && collection->next < collection->run_count &&
            start(collection, slot, err) < 0)
            return -1;
        if (slot->pid && stop)
            kill(slot->pid, SIGTERM);
        /* its own limits have ended it long since, unless it is ours that hangs */
        if (slot->pid && sp_now() - slot->began > 3 * options->time + GRACE_NANOSECONDS)
            kill(slot->pid, SIGKILL);
        fds[i] = (struct pollfd){ .fd = slot->pid ? slot->from : -1, .events = POLLIN };
        *alive |= slot->pid != 0;
    }
    if (!*alive || (poll(fds, options->jobs, 500) < 0 && errno != EINTR))
        return 0;
    for (unsigned i = 0; i < options->jobs; i++)
        if (fds[i].fd >= 0 && fds[i].revents && take(collection, &collection->slots[i], err) < 0)
            return -1;
    return 0;
}

static void
close_rooms(struct collection *collection)
{
    for (unsigned i = 0; collection->slots && i < collection->options->jobs; i++) {
        struct slot *slot = &collection->slots[i];
        if (slot->pid) {
            kill(slot->pid, SIGTERM);
            waitpid(slot->pid, NULL, 0);
            close(slot->from);
        }
        sp_buffer_free(&slot->rows);
    }
    free(collection->slots);
    free(collection->runs);
    sp_map_free(&collection->there);
    if (*collection->room)
        (void)!sp_tree_remove(collection->room, NULL);
    if (collection->out >= 0)
        close(collection->out);
}

int
sp_collect(const struct sp_collect_list *list, const struct sp_collect_options *options,
           struct sp_collect_totals *totals, struct sp_error *err)
{
    struct collection collection = { .list = list, .options = options, .totals = totals, .out = -1 };
    uint64_t began = sp_now();
    bool alive = true;
    *totals = (struct sp_collect_totals){ 0 };
    if (options->jobs < 1 || options->jobs > JOBS_MAX || options->repeats < 1)
        return sp_fail(err, SP_ERROR_USAGE, "1 to %u runs at once, each package at least once", JOBS_MAX);
    int result = open_table(&collection, err);
    if (result == 0)
        result = plan_runs(&collection, err);
    if (result == 0 && collection.run_count)
        result = open_rooms(&collection, err);
    while (result == 0 && collection.run_count && alive)
        result = turn(&collection, &alive, err);
    close_rooms(&collection);
    totals->seconds = (double)(sp_now() - began) / 1e9;
    return result;
}
