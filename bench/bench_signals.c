/* bench_signals: how long all signals of one pair take, with two readmes of ordinary size.
 *
 *   bench_signals INDEX [--bytes N] [--rounds N]
 *
 * --bytes: of each readme (default 8192). --rounds: default 2000. The readmes are made of the index's own
 * summaries, so that their words are those of packages; a second figure is for words that nobody knows, which
 * cost the most. Prints the median and the 99th percentile of a scene in microseconds. */
#include "metadata/scene.h"
#include "name/layout.h"

#include <string.h>
#include <time.h>

#define PEOPLE 20
#define RELEASES 200

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int
by_number(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* BYTES of summaries from package FROM on; of made-up words where PART is NULL. */
static int
make_readme(struct sp_buffer *out, const struct sp_index_ecosystem *part, uint32_t from, size_t bytes,
            struct sp_error *err)
{
    if (sp_buffer_append_string(
            out, "# Readme\n\n[![build](https://ci.example/x.svg)](https://ci.example)\n\n", err) < 0)
        return -1;
    for (uint32_t i = from; out->length < bytes; i++) {
        int status;
        if (part)
            status = sp_buffer_printf(out, err, "- %s\n",
                                      sp_index_c_string(part->summaries, part->summaries_size,
                                                        part->packages[i % part->package_count].summary));
        else
            status = sp_buffer_printf(out, err, "qz%xkw%xvj ", i * 2654435761u, i * 40503u);
        if (status < 0)
            return -1;
    }
    return 0;
}

static int
make_record(struct sp_record **out, const char *name, const char *readme, unsigned first,
            struct sp_error *err)
{
    if (sp_record_new(out, sp_ecosystems[SP_NPM], name, err) < 0)
        return -1;
    struct sp_teller teller = { *out, "bench", 1790000000 };
    static const enum sp_field texts[] = { SP_FIELD_LICENCE, SP_FIELD_REPOSITORY, SP_FIELD_HOMEPAGE,
                                           SP_FIELD_DEPRECATED };
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        if (sp_tell_text(&teller, texts[i], "https://github.com/someone/something", 36, err) < 0)
            return -1;
    if (sp_tell_text(&teller, SP_FIELD_README, readme, strlen(readme), err) < 0 ||
        sp_tell_text(&teller, SP_FIELD_DESCRIPTION, readme + 70, 120, err) < 0 ||
        sp_tell_number(&teller, SP_FIELD_DOWNLOADS, 100000, err) < 0)
        return -1;
    sp_tell_list(&teller, SP_FIELD_MAINTAINERS);
    sp_tell_list(&teller, SP_FIELD_RELEASES);
    sp_tell_list(&teller, SP_FIELD_RELEASE_TIMES);
    sp_tell_list(&teller, SP_FIELD_HOOKS);
    sp_tell_name(&teller, SP_FIELD_HOOKS, "install: node-gyp rebuild", 25, err);
    char text[32];
    for (unsigned i = 0; i < PEOPLE; i++) {
        snprintf(text, sizeof(text), "account%u", first + i);
        if (sp_tell_person(&teller, SP_FIELD_MAINTAINERS, &(struct sp_person){ .id = text }, err) < 0)
            return -1;
    }
    for (unsigned i = 0; i < RELEASES; i++) {
        int length = snprintf(text, sizeof(text), "1.%u.0", i);
        if (sp_tell_release(&teller, text, (size_t)length, 1600000000 + i * 864000, false, err) < 0)
            return -1;
    }
    return sp_record_finish(*out, err);
}

static int
measure(const char *title, const struct sp_index *index, const struct sp_index_ecosystem *part, size_t bytes,
        size_t rounds, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer one = { 0 }, other = { 0 };
    sp_autorecord struct sp_record *name = NULL, *target = NULL;
    sp_autofree double *taken = sp_new_array(rounds, sizeof(*taken), err);
    if (!taken || make_readme(&one, part, 100, bytes, err) < 0 ||
        make_readme(&other, part, 5000, bytes, err) < 0 ||
        make_record(&name, "loadsh", sp_buffer_string(&one), 0, err) < 0 ||
        make_record(&target, "lodash", sp_buffer_string(&other), PEOPLE / 2, err) < 0)
        return -1;
    struct sp_weights weights;
    sp_weights_of_index(&weights, index);
    struct sp_match match = { .target = "lodash", .distance = 2 };
    struct sp_signal_scene scene = {
        name, target, &match, index->has_embedding ? &index->embedding : NULL, NULL, &weights, 1793534400
    };
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    for (size_t i = 0; i < rounds; i++) {
        double start = now();
        sp_signals_read(&scene, seen);
        taken[i] = now() - start;
    }
    qsort(taken, rounds, sizeof(*taken), by_number);
    printf("%-14s %zu bytes each: median %.0f us, 99th percentile %.0f us\n", title, bytes, taken[rounds / 2],
           taken[rounds * 99 / 100]);
    return 0;
}

int
main(int argc, char **argv)
{
    size_t bytes = 8192, rounds = 2000;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--bytes") == 0)
            bytes = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--rounds") == 0)
            rounds = strtoul(argv[i + 1], NULL, 10);
    }
    if (argc < 2 || !rounds) {
        fprintf(stderr, "usage: bench_signals INDEX [--bytes N] [--rounds N]\n");
        return 2;
    }
    struct sp_error err = { 0 };
    struct sp_index *index = NULL;
    const struct sp_index_ecosystem *part = NULL;
    if (sp_index_open(&index, argv[1], &err) < 0 || !(part = sp_index_ecosystem(index, SP_NPM, &err)) ||
        !part->package_count || measure("known words", index, part, bytes, rounds, &err) < 0 ||
        measure("unknown words", index, NULL, bytes, rounds, &err) < 0) {
        fprintf(stderr, "bench_signals: %s\n", *err.text ? err.text : "the index has no npm packages");
        sp_index_close(index);
        return 1;
    }
    sp_index_close(index);
    return 0;
}
