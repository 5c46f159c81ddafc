/* bench_search: how fast names are searched with all indices on, and whether comparing with every trusted
 * name would find more.
 *
 *   bench_search INDEX ECOSYSTEM NAMES... [--limit N] [--sample N] [--threads N]
 *
 * NAMES: tables with a column "name". --limit: at most so many names, evenly spread (0: all; default
 * 200,000).
 * --sample: so many of them are also compared with every trusted name (default 300). --threads: instead, the
 * time that N threads take for all names. Ends with 1 if the rival finds a target that search does not. */
#include "base/tsv.h"
#include "name/edits.h"
#include "name/osa.h"
#include "name/searcher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define CHUNK 256
#define THREADS_MAX 64
#define NEAR_MAX 4096

struct names {
    struct sp_arena arena;
    const char **at;
    size_t count, capacity;
};

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long
peak_memory(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static int
read_names(struct names *names, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "name", NULL };
    sp_autotsv struct sp_tsv tsv;
    if (sp_tsv_open(&tsv, path, columns, 1, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        if (sp_grow(names->at, names->capacity, names->count + 1, err) < 0)
            return -1;
        names->at[names->count] = sp_arena_copy(&names->arena, row.field[0].bytes, row.field[0].length, err);
        if (!names->at[names->count++])
            return -1;
    }
    return status;
}

/* Keeps LIMIT of them, evenly spread. */
static void
thin(struct names *names, size_t limit)
{
    if (!limit || names->count <= limit)
        return;
    for (size_t i = 0; i < limit; i++)
        names->at[i] = names->at[(size_t)((double)i * (double)names->count / (double)limit)];
    names->count = limit;
}

static int
by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* --- Search --------------------------------------------------------------------------------------------- */

/* Seconds for all names on one core; each one's latency is printed as median and 99th percentile. */
static int
measure_search(struct sp_index *index, const struct sp_ecosystem *ecosystem, const struct names *names,
               double *per_name, struct sp_error *err)
{
    struct sp_searcher *searcher;
    sp_autofree uint32_t *nanoseconds = sp_new_array(names->count, sizeof(*nanoseconds), err);
    if (!nanoseconds || sp_searcher_new(&searcher, index, err) < 0)
        return -1;
    static struct sp_search_result result;
    size_t searched = 0, trusted = 0, refused = 0, review = 0, block = 0;
    struct sp_risk_thresholds thresholds = sp_searcher_thresholds(searcher);
    /* the first search verifies the ecosystem's sections: part of opening, not of searching */
    double start = now();
    sp_search(searcher, ecosystem, "warm-up", 7, &result, err);
    printf("verify             %.2f ms at the first search\n", (now() - start) * 1e3);
    start = now();
    double last = start;
    for (size_t i = 0; i < names->count; i++) {
        int status = sp_search(searcher, ecosystem, names->at[i], strlen(names->at[i]), &result, err);
        double end = now();
        if (status < 0) {
            refused++;
        } else {
            nanoseconds[searched++] = (uint32_t)((end - last) * 1e9);
            trusted += result.trusted;
            review += result.count && result.matches[0].risk >= thresholds.review;
            block += result.count && result.matches[0].risk >= thresholds.block;
        }
        last = end;
    }
    double taken = last - start;
    sp_searcher_free(searcher);
    if (!searched)
        return sp_fail(err, SP_ERROR_INPUT, "no name could be searched");
    qsort(nanoseconds, searched, sizeof(*nanoseconds), by_number);
    *per_name = taken / (double)names->count;
    printf("names              %zu searched, %zu of them trusted; %zu refused\n", searched, trusted, refused);
    printf("alarms             %zu at review or above, %zu at block\n", review, block);
    printf("one core           %.0f names/s\n", (double)names->count / taken);
    printf("latency            median %.1f us, 99th percentile %.1f us\n", nanoseconds[searched / 2] / 1e3,
           nanoseconds[searched * 99 / 100] / 1e3);
    printf("peak memory        %ld MB resident, names included (%.0f MB)\n", peak_memory(),
           (double)names->arena.used / 1048576.0);
    return 0;
}

/* --- The rival ------------------------------------------------------------------------------------------ */

struct near {
    const struct sp_index_ecosystem *part;
    const char *string;
    size_t length;
    unsigned limit;
    uint32_t signature;
    uint32_t forms[NEAR_MAX];
    size_t count;
};

static void
try_form(struct near *near, uint32_t form)
{
    const struct sp_form_record *record = &near->part->forms[form];
    size_t apart =
        record->length > near->length ? record->length - near->length : near->length - record->length;
    if (apart > near->limit ||
        (unsigned)__builtin_popcount(record->signature ^ near->signature) > 2 * near->limit)
        return;
    struct sp_slice string = sp_form_string(near->part, form);
    if (sp_osa_within(near->string, near->length, string.bytes, string.length, near->limit) <= near->limit &&
        near->count < NEAR_MAX)
        near->forms[near->count++] = form;
}

static void
try_found(void *context, uint32_t id)
{
    struct near *near = context;
    if (id < near->part->form_count)
        try_form(near, id);
}

/* Full names with a namespace are there to be recognised, not to be searched. */
static bool
is_searched(const struct sp_index_ecosystem *part, uint32_t form)
{
    const struct sp_form_record *record = &part->forms[form];
    for (uint32_t i = 0; i < record->owner_count; i++)
        if (part->owners[record->first_owner + i] & (SP_OWNER_FLAT | SP_OWNER_IDENTIFIER | SP_OWNER_ALIAS))
            return true;
    return false;
}

static size_t
sort_forms(struct near *near)
{
    qsort(near->forms, near->count, sizeof(near->forms[0]), by_number);
    size_t kept = 0;
    for (size_t i = 0; i < near->count; i++)
        if (!kept || near->forms[i] != near->forms[kept - 1])
            near->forms[kept++] = near->forms[i];
    return near->count = kept;
}

static int
measure_rival(struct sp_index *index, const struct sp_ecosystem *ecosystem, const struct names *names,
              size_t sample, double per_name, struct sp_error *err)
{
    const struct sp_index_ecosystem *part = sp_index_ecosystem(index, ecosystem->id, err);
    struct sp_lookalike lookalike = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    sp_autobuffer struct sp_buffer scratch = { 0 };
    static struct sp_side side;
    static struct near all, found;
    if (!part)
        return -1;
    if (sample > names->count)
        sample = names->count;
    double rival = 0, edits = 0;
    size_t tried = 0, near_forms = 0, missed = 0;
    for (size_t i = 0; i < sample; i++) {
        const char *asked = names->at[(size_t)((double)i * (double)names->count / (double)sample)];
        sp_buffer_clear(&name);
        if (sp_ecosystem_read_name(ecosystem, asked, strlen(asked), &name, NULL) < 0 ||
            sp_side_prepare(&side, ecosystem, name.bytes, name.length, &lookalike, &scratch, NULL) < 0)
            continue;
        all.part = found.part = part;
        all.string = found.string = side.flat;
        all.length = found.length = side.flat_length;
        all.limit = found.limit = sp_edit_limit(side.flat_length);
        all.signature = found.signature = sp_signature(side.flat, side.flat_length);
        all.count = found.count = 0;
        tried++;
        double start = now();
        for (uint32_t form = 0; all.limit && form < part->form_count; form++)
            try_form(&all, form);
        double middle = now();
        if (found.limit)
            sp_edits_find(&part->edits, side.flat, side.flat_length, found.limit, try_found, &found);
        edits += now() - middle;
        rival += middle - start;
        sort_forms(&all);
        sort_forms(&found);
        for (size_t k = 0; k < all.count; k++) {
            if (!is_searched(part, all.forms[k]))
                continue;
            near_forms++;
            if (!bsearch(&all.forms[k], found.forms, found.count, sizeof(all.forms[0]), by_number)) {
                struct sp_slice form = sp_form_string(part, all.forms[k]);
                printf("missed             '%s' is near '%.*s'\n", asked, (int)form.length, form.bytes);
                missed++;
            }
        }
    }
    sp_lookalike_free(&lookalike);
    if (!tried)
        return sp_fail(err, SP_ERROR_INPUT, "no name could be compared");
    rival /= (double)tried;
    edits /= (double)tried;
    printf("rival              %.1f us a name: each of %u forms, by length, signature and bit-parallel "
           "distance\n",
           rival * 1e6, part->form_count);
    printf("ratio              %.1f to search with all indices, %.1f to the edit index alone (%.2f us)\n",
           rival / per_name, rival / edits, edits * 1e6);
    printf(
        "targets near       %zu of %zu names, %zu missed (distance at most 2; 1 for names of 3 and 4 bytes, "
        "none sought for shorter ones)\n",
        near_forms, tried, missed);
    return missed ? 1 : 0;
}

/* --- Threads -------------------------------------------------------------------------------------------- */

struct work {
    struct sp_index *index;
    const struct sp_ecosystem *ecosystem;
    const struct names *names;
    atomic_size_t next;
    atomic_size_t alarms, failures;
};

static void *
run(void *context)
{
    struct work *work = context;
    struct sp_searcher *searcher;
    struct sp_error err;
    struct sp_search_result *result = malloc(sizeof(*result));
    if (!result || sp_searcher_new(&searcher, work->index, &err) < 0) {
        atomic_fetch_add(&work->failures, 1);
        free(result);
        return NULL;
    }
    double review = sp_searcher_thresholds(searcher).review;
    size_t alarms = 0;
    for (;;) {
        size_t from = atomic_fetch_add(&work->next, CHUNK);
        if (from >= work->names->count)
            break;
        size_t to = from + CHUNK < work->names->count ? from + CHUNK : work->names->count;
        for (size_t i = from; i < to; i++)
            if (sp_search(searcher, work->ecosystem, work->names->at[i], strlen(work->names->at[i]), result,
                          NULL) == 0)
                alarms += result->count && result->matches[0].risk >= review;
    }
    atomic_fetch_add(&work->alarms, alarms);
    sp_searcher_free(searcher);
    free(result);
    return NULL;
}

static int
measure_threads(struct sp_index *index, const struct sp_ecosystem *ecosystem, const struct names *names,
                unsigned threads, struct sp_error *err)
{
    struct work work = { .index = index, .ecosystem = ecosystem, .names = names };
    pthread_t started[THREADS_MAX];
    unsigned count = 0;
    double start = now();
    while (count < threads && pthread_create(&started[count], NULL, run, &work) == 0)
        count++;
    for (unsigned i = 0; i < count; i++)
        pthread_join(started[i], NULL);
    double taken = now() - start;
    if (count < threads || work.failures)
        return sp_fail(err, SP_ERROR_SYSTEM, "a thread could not be started");
    printf("%u threads          %.2f s for %zu names, %.0f names/s; %zu at review or above\n", threads, taken,
           names->count, (double)names->count / taken, (size_t)work.alarms);
    printf("peak memory        %ld MB resident, names included (%.0f MB)\n", peak_memory(),
           (double)names->arena.used / 1048576.0);
    return 0;
}

struct options {
    size_t limit, sample;
    unsigned threads;
    const char *index, *ecosystem;
    const char **files;
    int file_count;
};

static int
read_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){ .limit = 200000, .sample = 300, .files = (const char **)argv };
    bool limited = false;
    for (int i = 1; i < argc; i++) {
        bool number = i + 1 < argc && strspn(argv[i + 1], "0123456789") == strlen(argv[i + 1]);
        if (strcmp(argv[i], "--limit") == 0 && number)
            options->limit = strtoul(argv[++i], NULL, 10), limited = true;
        else if (strcmp(argv[i], "--sample") == 0 && number)
            options->sample = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--threads") == 0 && number)
            options->threads = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (argv[i][0] == '-')
            return -1;
        else if (!options->index)
            options->index = argv[i];
        else if (!options->ecosystem)
            options->ecosystem = argv[i];
        else
            options->files[options->file_count++] = argv[i];
    }
    if (options->threads && !limited)
        options->limit = 0;
    return options->file_count && options->threads <= THREADS_MAX ? 0 : -1;
}

static int
measure(const struct options *options, struct names *names, struct sp_error *err)
{
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(options->ecosystem, strlen(options->ecosystem));
    if (!ecosystem)
        return sp_fail(err, SP_ERROR_USAGE, "'%s' is no ecosystem", options->ecosystem);
    for (int i = 0; i < options->file_count; i++)
        if (read_names(names, options->files[i], err) < 0)
            return -1;
    thin(names, options->limit);
    struct sp_index *index;
    double start = now();
    if (sp_index_open(&index, options->index, err) < 0)
        return -1;
    printf("open               %.2f ms, %u trusted in %s\n", (now() - start) * 1e3,
           sp_index_trusted_count(index, ecosystem->id), ecosystem->title);
    int status;
    if (options->threads) {
        status = measure_threads(index, ecosystem, names, options->threads, err);
    } else {
        double per_name = 0;
        status = measure_search(index, ecosystem, names, &per_name, err);
        if (status == 0 && options->sample)
            status = measure_rival(index, ecosystem, names, options->sample, per_name, err);
    }
    sp_index_close(index);
    return status;
}

int
main(int argc, char **argv)
{
    struct options options;
    if (read_options(argc, argv, &options) < 0) {
        fprintf(stderr,
                "usage: bench_search INDEX ECOSYSTEM NAMES... [--limit N] [--sample N] [--threads N]\n");
        return 2;
    }
    struct sp_error err = { 0 };
    struct names names = { 0 };
    int status = measure(&options, &names, &err);
    if (status < 0)
        fprintf(stderr, "bench_search: %s\n", err.text);
    sp_arena_free(&names.arena);
    free(names.at);
    return status < 0 ? 2 : status;
}
