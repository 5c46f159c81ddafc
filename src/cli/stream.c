/* Names on standard input: read as they come, judged by several threads, written in the order of the input.
 * A batch is what can be read without waiting, so the first results are out before the last name is in, and
 * no more than a batch is held at a time. */
#include "cli/screening.h"
#include "base/file.h"
#include "ecosystem/purl.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define BATCH_LINES 8192
#define ALONE_LINES 64 /* fewer are not worth a second thread */
#define JOBS_MAX 16
#define COMPLAINTS_MAX 1000

struct line {
    const char *text; /* in the batch's arena */
    size_t length, number;
    bool cut;
};

struct batch {
    struct sp_arena arena;
    size_t count;
    struct line lines[BATCH_LINES];
};

/* A line that holds no name. */
struct trouble {
    size_t number;
    char *text;
};

struct worker {
    pthread_t thread;
    struct sp_screening *screening; /* read only */
    struct sp_checker *checker;
    const struct line *lines;
    size_t count;
    struct sp_verdict verdict;
    struct sp_arena arena;
    struct trouble *troubles;
    size_t trouble_count, trouble_capacity;
    uint32_t ecosystems;
    struct sp_error err; /* of our own making: nothing more is read */
};

struct streaming {
    struct sp_screening *screening;
    struct sp_lines lines;
    struct batch *batch;
    struct worker workers[JOBS_MAX];
    size_t jobs, complaints;
    struct timespec begun, shown;
    bool on_screen; /* a progress line is */
};

/* ----------------------------------------------------------------- worker */

static int
remember_trouble(struct worker *worker, size_t number, const char *text)
{
    if (sp_grow(worker->troubles, worker->trouble_capacity, worker->trouble_count + 1, &worker->err) < 0)
        return -1;
    char *copy = sp_arena_printf(&worker->arena, &worker->err, "%s", text);
    if (!copy)
        return -1;
    worker->troubles[worker->trouble_count++] = (struct trouble){ .number = number, .text = copy };
    return 0;
}

static int
judge(struct worker *worker, const struct line *line)
{
    struct sp_error err = { 0 };
    struct sp_what what;
    struct sp_place place = { .file = "-", .line = (uint32_t)line->number };
    if (line->cut)
        return remember_trouble(worker, line->number, "the line is too long to be a name");
    if (sp_what_read(&what, line->text, line->length, worker->screening->usual, &worker->arena, &err) == 0) {
        worker->ecosystems |= 1u << what.ecosystem->id;
        if (sp_check_name(worker->checker, what.ecosystem, what.name, what.version, &place, &worker->verdict,
                          &err) == 0)
            return 0;
    }
    if (err.code == SP_ERROR_MEMORY || err.code == SP_ERROR_INTERNAL) {
        worker->err = err;
        return -1;
    }
    return remember_trouble(worker, line->number, err.text);
}

static void *
work(void *context)
{
    struct worker *worker = context;
    for (size_t i = 0; i < worker->count; i++)
        if (judge(worker, &worker->lines[i]) < 0)
            break;
    return NULL;
}

static void
forget(struct worker *worker)
{
    sp_verdict_free(&worker->verdict);
    sp_arena_free(&worker->arena);
    worker->trouble_count = 0;
}

/* ------------------------------------------------------------------ batch */

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Adds a line without the white space around it; blank lines and comments are passed over. */
static int
add_line(struct streaming *streaming, const char *text, size_t length, struct sp_error *err)
{
    struct batch *batch = streaming->batch;
    if (streaming->lines.number == 1 && length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        text += 3;
        length -= 3;
    }
    for (; length && is_blank(*text); text++)
        length--;
    while (length && is_blank(text[length - 1]))
        length--;
    if (!length || *text == '#')
        return 0;
    char *copy = sp_arena_copy(&batch->arena, text, length, err);
    if (!copy)
        return -1;
    batch->lines[batch->count++] = (struct line){
        .text = copy,
        .length = length,
        .number = streaming->lines.number,
        .cut = streaming->lines.cut,
    };
    return 0;
}

/* Reads what is there, at least one line. 0: the end was reached with nothing read. */
static int
read_batch(struct streaming *streaming, struct sp_error *err)
{
    struct batch *batch = streaming->batch;
    const char *text;
    size_t length;
    int got;
    sp_arena_free(&batch->arena);
    batch->count = 0;
    do {
        got = sp_lines_next(&streaming->lines, &text, &length, err);
        if (got > 0 && add_line(streaming, text, length, err) < 0)
            return -1;
    } while (got > 0 && batch->count < BATCH_LINES && sp_lines_buffered(&streaming->lines));
    return got < 0 ? -1 : got > 0 || batch->count > 0;
}

/* Cuts the batch into runs of lines, one a worker; the first works in this thread. */
static void
share_out(struct streaming *streaming)
{
    size_t total = streaming->batch->count;
    size_t jobs = total < ALONE_LINES ? 1 : streaming->jobs;
    for (size_t i = 0; i < streaming->jobs; i++) {
        struct worker *worker = &streaming->workers[i];
        size_t first = i < jobs ? total * i / jobs : total, last = i < jobs ? total * (i + 1) / jobs : total;
        worker->lines = streaming->batch->lines + first;
        worker->count = last - first;
    }
    bool started[JOBS_MAX] = { false };
    for (size_t i = 1; i < jobs; i++)
        started[i] = pthread_create(&streaming->workers[i].thread, NULL, work, &streaming->workers[i]) == 0;
    work(&streaming->workers[0]);
    for (size_t i = 1; i < jobs; i++) {
        if (started[i])
            pthread_join(streaming->workers[i].thread, NULL);
        else
            work(&streaming->workers[i]); /* no thread to be had: it is only slower */
    }
}

/* --------------------------------------------------------------- results */

static void
clear_progress(struct streaming *streaming)
{
    if (streaming->on_screen)
        fputs("\r\033[K", stderr);
    streaming->on_screen = false;
}

static void
complain(struct streaming *streaming, const struct trouble *trouble)
{
    streaming->screening->unreadable++;
    streaming->complaints++;
    if (streaming->complaints <= COMPLAINTS_MAX)
        fprintf(stderr, "sallyport: standard input:%zu: %s\n", trouble->number, trouble->text);
    else if (streaming->complaints == COMPLAINTS_MAX + 1)
        fputs("sallyport: standard input: further lines that hold no name are only counted\n", stderr);
}

static int
collect(struct streaming *streaming, struct worker *worker, struct sp_error *err)
{
    struct sp_screening *screening = streaming->screening;
    if (worker->trouble_count || worker->verdict.count)
        clear_progress(streaming);
    for (size_t i = 0; i < worker->trouble_count; i++)
        complain(streaming, &worker->troubles[i]);
    for (size_t i = 0; i < worker->verdict.unseen_count; i++)
        if (sp_verdict_unseen(&screening->verdict, err, "%s", worker->verdict.unseen[i]) < 0)
            return -1;
    screening->ecosystems |= worker->ecosystems;
    if (sp_screening_flush(screening, &worker->verdict, err) < 0)
        return -1;
    if (worker->err.code != SP_ERROR_NONE) {
        *err = worker->err;
        return -1;
    }
    forget(worker);
    return 0;
}

static double
seconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* At most once a second, and not for what is over within one. */
static void
show_progress(struct streaming *streaming)
{
    char number[SP_REPORT_COUNT_MAX];
    const struct sp_screening *screening = streaming->screening;
    if (!screening->progress || seconds_since(&streaming->shown) < 1)
        return;
    clock_gettime(CLOCK_MONOTONIC, &streaming->shown);
    fprintf(stderr, "\r\033[K%s names, %.0f a second, %zu to block, %zu to review",
            sp_report_count(number, screening->checked),
            (double)screening->checked / seconds_since(&streaming->begun), screening->block,
            screening->review);
    streaming->on_screen = true;
}

/* ---------------------------------------------------------------- journey */

static int
open_streaming(struct streaming *streaming, struct sp_screening *screening, int fd, struct sp_error *err)
{
    streaming->screening = screening;
    streaming->jobs = screening->jobs < JOBS_MAX ? screening->jobs : JOBS_MAX;
    if (!streaming->jobs)
        streaming->jobs = 1;
    clock_gettime(CLOCK_MONOTONIC, &streaming->begun);
    streaming->shown = streaming->begun;
    streaming->batch = sp_new(struct batch, err);
    if (!streaming->batch)
        return -1;
    for (size_t i = 0; i < streaming->jobs; i++) {
        streaming->workers[i].screening = screening;
        streaming->workers[i].checker = screening->checker;
        if (i && sp_checker_share(&streaming->workers[i].checker, screening->checker, err) < 0) {
            streaming->workers[i].checker = NULL;
            return -1;
        }
    }
    return sp_lines_open(&streaming->lines, fd, "standard input", SP_PURL_MAX, err);
}

static void
close_streaming(struct streaming *streaming)
{
    clear_progress(streaming);
    for (size_t i = 0; i < streaming->jobs; i++) {
        forget(&streaming->workers[i]);
        free(streaming->workers[i].troubles);
        if (i && streaming->workers[i].checker)
            sp_checker_close(streaming->workers[i].checker);
    }
    if (streaming->batch)
        sp_arena_free(&streaming->batch->arena);
    free(streaming->batch);
    sp_lines_free(&streaming->lines);
}

static int
run(struct streaming *streaming, struct sp_error *err)
{
    int got;
    size_t read = 0;
    while ((got = read_batch(streaming, err)) > 0) {
        share_out(streaming);
        for (size_t i = 0; i < streaming->jobs; i++)
            if (collect(streaming, &streaming->workers[i], err) < 0)
                return -1;
        show_progress(streaming);
        read += streaming->batch->count;
    }
    /* the command that should have written the names may have failed: that is no clean result */
    if (got == 0 && !read)
        return sp_fail(err, SP_ERROR_INPUT, "standard input: there is no name in it");
    return got;
}

void
sp_screening_lines(struct sp_screening *screening, int fd)
{
    struct streaming streaming = { 0 };
    struct sp_error err = { 0 };
    if (open_streaming(&streaming, screening, fd, &err) < 0 || run(&streaming, &err) < 0) {
        clear_progress(&streaming);
        /* an output that is of no more use has been spoken of already, or needs no words */
        if (err.code != SP_ERROR_NONE)
            sp_screening_missed(screening, &err);
    }
    close_streaming(&streaming);
}
