#include "eval/scan.h"
#include "base/file.h"
#include "base/tsv.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

struct name_list {
    struct sp_buffer bytes;
    struct name_at {
        size_t start, length;
    } * names;
    size_t count, capacity;
};

struct worker {
    pthread_t thread;
    struct sp_index *index;
    const struct sp_model_view *model;
    const struct sp_ecosystem *ecosystem;
    const struct name_list *list;
    size_t first, last;
    float *risks; /* one a name; -1 trusted, -2 invalid */
    int status;
    struct sp_error err;
};

static int
read_list(struct name_list *list, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "name", NULL };
    sp_autotsv struct sp_tsv tsv;
    if (sp_tsv_open(&tsv, path, columns, 1, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        if (sp_grow(list->names, list->capacity, list->count + 1, err) < 0)
            return -1;
        list->names[list->count++] = (struct name_at){ list->bytes.length, row.field[0].length };
        if (sp_buffer_append(&list->bytes, row.field[0].bytes, row.field[0].length, err) < 0)
            return -1;
    }
    return status;
}

static void *
judge_names(void *argument)
{
    struct worker *worker = argument;
    struct sp_searcher *searcher = NULL;
    struct sp_search_result *result = sp_new(struct sp_search_result, &worker->err);
    worker->status = result ? sp_searcher_new(&searcher, worker->index, &worker->err) : -1;
    if (worker->status == 0 && worker->model)
        worker->status = sp_searcher_use_model(searcher, worker->model, &worker->err);
    if (worker->status == 0 && worker->model)
        sp_searcher_use_thresholds(searcher, (struct sp_risk_thresholds){ SP_SCAN_LISTED, SP_SCAN_LISTED });
    for (size_t i = worker->first; worker->status == 0 && i < worker->last; i++) {
        const struct name_at *name = &worker->list->names[i];
        struct sp_error err = { 0 };
        if (sp_search(searcher, worker->ecosystem, worker->list->bytes.bytes + name->start, name->length,
                      result, &err) < 0) {
            worker->risks[i] = -2.f;
            if (err.code == SP_ERROR_INPUT || err.code == SP_ERROR_LIMIT)
                continue;
            worker->err = err;
            worker->status = -1;
        } else {
            worker->risks[i] = result->trusted ? -1.f : result->count ? (float)result->matches[0].risk : 0.f;
        }
    }
    sp_searcher_free(searcher);
    free(result);
    return NULL;
}

static int
by_falling_risk(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return a > b ? -1 : a < b;
}

static int
run_workers(struct worker *workers, unsigned threads, struct sp_error *err)
{
    unsigned started = 0;
    int status = 0;
    for (; started < threads; started++)
        if (pthread_create(&workers[started].thread, NULL, judge_names, &workers[started]) != 0) {
            status = sp_fail(err, SP_ERROR_SYSTEM, "cannot start a thread");
            break;
        }
    for (unsigned i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        if (status == 0 && workers[i].status < 0) {
            *err = workers[i].err;
            status = -1;
        }
    }
    return status;
}

#define THREADS_MAX 16

static int
scan(struct sp_registry_scan *out, struct sp_index *index, const struct sp_model_view *model,
     const struct name_list *list, struct sp_error *err)
{
    struct worker workers[THREADS_MAX] = { 0 };
    out->risks = sp_new_array(list->count, sizeof(*out->risks), err);
    if (!out->risks)
        return -1;
    for (unsigned i = 0; i < out->threads; i++) {
        workers[i].index = index;
        workers[i].model = model;
        workers[i].ecosystem = out->ecosystem;
        workers[i].list = list;
        workers[i].first = list->count * i / out->threads;
        workers[i].last = list->count * (i + 1) / out->threads;
        workers[i].risks = out->risks;
    }
    struct timespec start, stop;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (run_workers(workers, out->threads, err) < 0)
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &stop);
    out->seconds = (double)(stop.tv_sec - start.tv_sec) + 1e-9 * (double)(stop.tv_nsec - start.tv_nsec);
    for (size_t i = 0; i < list->count; i++) {
        out->invalid += out->risks[i] == -2.f;
        out->trusted += out->risks[i] == -1.f;
    }
    out->names = list->count - out->invalid;
    qsort(out->risks, list->count, sizeof(*out->risks), by_falling_risk);
    return 0;
}

int
sp_scan_registry(struct sp_registry_scan *out, struct sp_index *index, const struct sp_model_view *model,
                 const struct sp_ecosystem *ecosystem, const char *path, unsigned threads,
                 struct sp_error *err)
{
    *out = (struct sp_registry_scan){
        .ecosystem = ecosystem,
        .threads = threads < 1             ? 1
                   : threads > THREADS_MAX ? THREADS_MAX
                                           : threads,
    };
    struct name_list list = { 0 };
    int status = read_list(&list, path, err);
    if (status == 0)
        status = scan(out, index, model, &list, err);
    sp_buffer_free(&list.bytes);
    free(list.names);
    if (status < 0)
        sp_registry_scan_free(out);
    return status;
}

void
sp_registry_scan_free(struct sp_registry_scan *scan)
{
    free(scan->risks);
    scan->risks = NULL;
}

size_t
sp_registry_scan_alarms(const struct sp_registry_scan *scan, double threshold)
{
    size_t low = 0, high = scan->names - scan->trusted;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scan->risks[middle] >= threshold)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double
sp_registry_scan_threshold(const struct sp_registry_scan *scan, size_t alarms)
{
    size_t count = scan->names - scan->trusted;
    if (alarms >= count)
        return 0.0;
    /* just above the first risk that would be one alarm too many; equal risks stay together */
    return (double)scan->risks[alarms] + 1e-7;
}
