/* bench_vectors: how well and how fast the nearest names are found.
 *
 *   bench_vectors EMBEDDING NAMES [QUERIES [K]]
 *
 * NAMES: a table whose first column holds the trusted names; QUERIES: one whose first column holds names to
 * look for (default: NAMES itself, every Nth; at most 5,000 are used either way). A header line "name ..." is
 * left out. */
#include "base/file.h"
#include "base/memory.h"
#include "name/embedding.h"
#include "name/vectors.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>

#define QUERIES_MAX 5000
#define CHUNK 50
#define PASSES 7
#define DIMENSION SP_VECTOR_DIMENSION

struct set {
    int8_t (*vectors)[DIMENSION];
    size_t count, capacity;
};

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int
read_names(const struct sp_embedding *embedding, const char *path, struct set *set, double *seconds,
           struct sp_error *err)
{
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sp_fail_errno(err, "%s: cannot open", path);
    struct sp_lines lines;
    if (sp_lines_open(&lines, fd, path, 4096, err) < 0)
        return -1;
    const char *line;
    size_t length;
    int result;
    while ((result = sp_lines_next(&lines, &line, &length, err)) > 0) {
        size_t name = strcspn(line, "\t");
        if (lines.number == 1 && name == 4 && strncmp(line, "name", name) == 0)
            continue;
        char lower[4096];
        for (size_t i = 0; i < name; i++)
            lower[i] = line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] + 32) : line[i];
        if (sp_grow_array(&set->vectors, &set->capacity, set->count + 1, DIMENSION, err) < 0) {
            result = -1;
            break;
        }
        double start = now();
        sp_embedding_of(embedding, lower, name, set->vectors[set->count++]);
        *seconds += now() - start;
    }
    sp_lines_free(&lines);
    return result;
}

/* How many of the exact neighbours were found, by id. */
static uint32_t
shared(const struct sp_neighbour *found, uint32_t found_count, const struct sp_neighbour *exact,
       uint32_t exact_count)
{
    uint32_t count = 0;
    for (uint32_t e = 0; e < exact_count; e++)
        for (uint32_t f = 0; f < found_count; f++)
            count += exact[e].id == found[f].id;
    return count;
}

/* Seconds for all queries without the exact scans between, which throw out of the cache what a search uses.
 * Each chunk counts with the quickest of its passes: other programs' share of the machine is none of ours. */
static double
quickest(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch, const struct set *queries,
         size_t step, size_t used, uint32_t k)
{
    double least[QUERIES_MAX / CHUNK + 1];
    struct sp_neighbour found[SP_NEIGHBOURS_MAX];
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t first = 0; first < used; first += CHUNK) {
            double start = now();
            for (size_t q = first; q < used && q < first + CHUNK; q++)
                sp_vectors_search(vectors, scratch, queries->vectors[q * step], k, found);
            double taken = now() - start;
            if (pass == 0 || taken < least[first / CHUNK])
                least[first / CHUNK] = taken;
        }
    double sum = 0;
    for (size_t first = 0; first < used; first += CHUNK)
        sum += least[first / CHUNK];
    return sum;
}

static int
measure(const struct set *names, const struct set *queries, uint32_t k, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer section = { 0 };
    double start = now();
    if (sp_vectors_build((const int8_t(*)[DIMENSION])names->vectors, (uint32_t)names->count, &section, err) <
        0)
        return -1;
    double build_seconds = now() - start;
    size_t room = (section.length + 63) / 64 * 64;
    sp_autofree void *bytes = aligned_alloc(64, room);
    if (!bytes)
        return sp_fail_memory(err);
    memcpy(bytes, section.bytes, section.length);
    struct sp_vectors vectors;
    struct sp_vectors_scratch scratch = { 0 };
    if (sp_vectors_open(&vectors, bytes, section.length, err) < 0 ||
        sp_vectors_scratch_init(&scratch, err) < 0)
        return -1;

    size_t step = queries->count > QUERIES_MAX ? queries->count / QUERIES_MAX : 1, used = 0;
    struct sp_neighbour found[SP_NEIGHBOURS_MAX], exact[SP_NEIGHBOURS_MAX];
    double quick = 0, slow = 0, least = 1;
    uint64_t hits = 0, wanted = 0, first = 0, complete = 0;
    for (size_t q = 0; q < queries->count && used < QUERIES_MAX; q += step, used++) {
        start = now();
        uint32_t found_count = sp_vectors_search(&vectors, &scratch, queries->vectors[q], k, found);
        double middle = now();
        uint32_t exact_count = sp_vectors_search_exact(&vectors, &scratch, queries->vectors[q], k, exact);
        slow += now() - middle;
        quick += middle - start;
        uint32_t hit = shared(found, found_count, exact, exact_count);
        hits += hit;
        wanted += exact_count;
        complete += hit == exact_count;
        first += found_count && exact_count && found[0].id == exact[0].id;
        if (exact_count && (double)hit / exact_count < least)
            least = (double)hit / exact_count;
    }
    double warm = quickest(&vectors, &scratch, queries, step, used, k);
    sp_vectors_scratch_free(&scratch);
    if (!used)
        return sp_fail(err, SP_ERROR_INPUT, "nothing to measure");
    printf("vectors            %u in %u cells, %u opened a search\n", vectors.count, vectors.cell_count,
           vectors.probes);
    printf("build              %.2f s, %zu bytes, %.1f a vector\n", build_seconds, section.length,
           (double)section.length / (double)(names->count ? names->count : 1));
    printf("queries            %zu, k = %u\n", used, k);
    printf("recall@%-2u          %.4f; first %.4f; all found %.4f; least %.2f\n", k,
           (double)hits / (double)wanted, (double)first / (double)used, (double)complete / (double)used,
           least);
    printf("approximate        %.2f us a query (%.2f right after an exact scan)\n", warm * 1e6 / (double)used,
           quick * 1e6 / (double)used);
    printf("exact              %.2f us a query\n", slow * 1e6 / (double)used);
    printf("ratio              %.1f\n", slow / warm);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: bench_vectors EMBEDDING NAMES [QUERIES [K]]\n");
        return 2;
    }
    struct sp_error err;
    struct sp_mapping mapping = { 0 };
    struct sp_embedding embedding;
    struct set names = { 0 }, queries = { 0 };
    double seconds = 0, ignored = 0;
    int k = argc > 4 ? atoi(argv[4]) : 10;
    int result = -1;
    if (k < 1 || k > SP_NEIGHBOURS_MAX)
        sp_fail(&err, SP_ERROR_USAGE, "K is 1 to %d", SP_NEIGHBOURS_MAX);
    else if (sp_file_map(&mapping, argv[1], (size_t)1 << 28, &err) == 0 &&
             sp_embedding_open(&embedding, mapping.bytes, mapping.size, &err) == 0 &&
             read_names(&embedding, argv[2], &names, &seconds, &err) == 0 &&
             (argc < 4 || read_names(&embedding, argv[3], &queries, &ignored, &err) == 0)) {
        printf("embedding          %.2f us a name\n", seconds * 1e6 / (double)names.count);
        result = measure(&names, argc < 4 ? &names : &queries, (uint32_t)k, &err);
    }
    if (result < 0)
        fprintf(stderr, "bench_vectors: %s\n", err.text);
    free(names.vectors);
    free(queries.vectors);
    sp_mapping_free(&mapping);
    return result < 0;
}
