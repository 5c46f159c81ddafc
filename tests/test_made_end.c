/* Made-up packages end to end: the registries' documents as kept answers, then clients, records, signals and
 * the filter, offline. What is counted here checks the code; it is no figure of how well attacks are found.
 */
#include "eval/made_records.h"
#include "eval/saved.h"
#include "metadata/keeping.h"
#include "model/metrics.h"
#include "kept_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1748736000) /* 2025-06-01 */

struct row {
    const struct sp_labelled_pair *pair;
    struct sp_saved_pair read;
};

/* All that was made, read once. */
static struct world {
    char directory[64], table[96], answers[96];
    struct sp_pairs pairs;
    struct sp_index *index;
    struct sp_saved *saved;
    struct sp_lookups *lookups; /* the same answers, for the records themselves */
    struct row *rows;
} world;

static int
keep(void *context SP_UNUSED, const char *url, const char *accept, const char *type, const char *bytes,
     size_t length, struct sp_error *err)
{
    return sp_keeping_put(world.answers, url, accept, 200, type, bytes, length, NOW, err);
}

static void
make(void)
{
    struct sp_error err = { 0 };
    kept_room_make(world.directory);
    snprintf(world.table, sizeof(world.table), "%s/pairs.tsv", world.directory);
    snprintf(world.answers, sizeof(world.answers), "%s/answers", world.directory);
    const struct sp_made_options options = { .seed = 11, .now = NOW, .put = keep };
    sp_autofclose FILE *table = fopen(world.table, "w");
    assert_non_null(table);
    if (sp_made_records_write(&options, table, &err) < 0)
        fail_msg("%s", err.text);
}

static int
begin(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    make();
    if (sp_pairs_read(&world.pairs, world.table, &err) < 0 || sp_index_open(&world.index, NULL, &err) < 0 ||
        sp_saved_open(&world.saved, world.answers, world.index, &err) < 0)
        fail_msg("%s", err.text);
    world.lookups = kept_room_lookups(world.answers, world.index);
    world.rows = calloc(world.pairs.count, sizeof(*world.rows));
    assert_non_null(world.rows);
    for (size_t i = 0; i < world.pairs.count; i++) {
        world.rows[i].pair = &world.pairs.pairs[i];
        if (sp_saved_read(world.saved, world.rows[i].pair, &world.rows[i].read, &err) < 0)
            fail_msg("%s: %s", world.rows[i].pair->name, err.text);
    }
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    free(world.rows);
    sp_lookups_close(world.lookups);
    sp_saved_close(world.saved);
    sp_index_close(world.index);
    sp_pairs_free(&world.pairs);
    kept_room_remove(world.directory);
    return 0;
}

/* ------------------------------------------------------------------ records */

static void
check_record(const struct sp_labelled_pair *pair, const char *name)
{
    struct sp_error err = { 0 };
    const struct sp_record *record = sp_metadata_record(sp_lookups_metadata(world.lookups), pair->ecosystem,
                                                        name, NULL, SP_DEPTH_FULL, &err);
    assert_non_null(record);
    if (record->presence != SP_PRESENT)
        fail_msg("%s:%s (%s): %s; %s", pair->ecosystem->name, name, pair->categories,
                 sp_presence_names[record->presence],
                 record->problems.count ? record->problems.items[0] : "no problem");
    if (record->problems.count)
        fail_msg("%s:%s (%s): %s", pair->ecosystem->name, name, pair->categories, record->problems.items[0]);
}

static void
every_package_is_present_without_problems(void **state SP_UNUSED)
{
    assert_true(world.pairs.count >= 300);
    for (size_t i = 0; i < world.pairs.count; i++) {
        check_record(&world.pairs.pairs[i], world.pairs.pairs[i].name);
        check_record(&world.pairs.pairs[i], world.pairs.pairs[i].target);
        assert_true(world.rows[i].read.known);
        assert_true(world.rows[i].read.filtered.known);
    }
}

static void
evidence_is_printable(void **state SP_UNUSED)
{
    size_t said = 0;
    for (size_t i = 0; i < world.pairs.count; i++)
        for (int s = 0; s < SP_SIGNAL_COUNT; s++) {
            const char *evidence = world.rows[i].read.seen[s].evidence;
            if (!kept_room_printable(evidence))
                fail_msg("%s, %s: not printable", world.rows[i].pair->name, sp_signals[s]->name);
            said += *evidence != '\0';
        }
    assert_true(said > world.pairs.count);
}

/* ------------------------------------------------------------------ signals */

#define ANY UINT32_MAX
#define NPM (1u << SP_NPM)
#define PYPI (1u << SP_PYPI)
#define RUBYGEMS (1u << SP_RUBYGEMS)
#define MAVEN (1u << SP_MAVEN)
#define GO (1u << SP_GOLANG)

/* The signals that a pattern is made of, in the ecosystems whose documents can show them. */
static const struct {
    const char *pattern;
    enum sp_signal_id signal;
    uint32_t ecosystems;
} made_of[] = {
    { "copied-typosquat", SP_SIGNAL_NEAR_COPY, ANY },
    { "copied-typosquat", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "copied-typosquat", SP_SIGNAL_BORROWED_REPOSITORY, ANY },
    { "fresh-install-hook", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "fresh-install-hook", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "dependency-confusion", SP_SIGNAL_VERSION_JUMP, ANY },
    { "dependency-confusion", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "dependency-confusion", SP_SIGNAL_NO_README, ANY },
    { "dependency-confusion", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "proof-of-concept", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "dropped-scope", SP_SIGNAL_NEAR_COPY, ANY },
    { "dropped-scope", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "dropped-scope", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "impersonated-namespace", SP_SIGNAL_NEAR_COPY, ANY },
    { "module-impersonation", SP_SIGNAL_NEAR_COPY, ANY },
    { "combosquat", SP_SIGNAL_ADVERSARIAL_NAME, ANY },
    { "lookalike-letters", SP_SIGNAL_NEAR_COPY, ANY },
    { "other-delimiter", SP_SIGNAL_NEAR_COPY, ANY },
    { "other-delimiter", SP_SIGNAL_BORROWED_REPOSITORY, ANY },
    { "other-delimiter", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "empty-squat", SP_SIGNAL_NO_README, NPM | PYPI },
    { "starjacking", SP_SIGNAL_NEAR_COPY, ANY },
    { "starjacking", SP_SIGNAL_BORROWED_REPOSITORY, ANY },
    { "starjacking", SP_SIGNAL_COMPREHENSIVE_METADATA, ANY },
    { "speaking-readme", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "security-holding", SP_SIGNAL_SECURITY_HOLDING, ANY },
    { "fork", SP_SIGNAL_FORK, ANY },
    { "plugin", SP_SIGNAL_EXTENSION, ANY },
    { "types", SP_SIGNAL_EXTENSION, ANY },
    { "types", SP_SIGNAL_KNOWN_OWNER, NPM },
    { "relocated", SP_SIGNAL_RELOCATED, ANY },
    { "experiment", SP_SIGNAL_EXPERIMENT, ANY },
    { "same-people", SP_SIGNAL_OVERLAPPING_MAINTAINERS, ANY },
    { "defensive-registration", SP_SIGNAL_OVERLAPPING_MAINTAINERS, ANY },
    { "same-organisation", SP_SIGNAL_OVERLAPPING_MAINTAINERS, NPM },
    { "same-organisation", SP_SIGNAL_KNOWN_OWNER, MAVEN | GO },
    { "distinct-purpose", SP_SIGNAL_LONG_LIVED, NPM | PYPI | RUBYGEMS },
    { "distinct-purpose", SP_SIGNAL_ACTIVE_DEVELOPMENT, NPM | PYPI | RUBYGEMS },
    { "port", SP_SIGNAL_LONG_LIVED, ANY },
    { "port", SP_SIGNAL_ACTIVE_DEVELOPMENT, ANY },
    { "old-unmaintained", SP_SIGNAL_OLDER_THAN_TARGET, ANY },
    { "popular-neighbour", SP_SIGNAL_LONG_LIVED, ANY },
    { "popular-neighbour", SP_SIGNAL_ACTIVE_DEVELOPMENT, ANY },
    { "honest-newcomer", SP_SIGNAL_NEWLY_PUBLISHED, ANY },
    { "native-build", SP_SIGNAL_INSTALL_HOOK, ANY },
    { "native-build", SP_SIGNAL_EXTENSION, ANY },
};

static void
patterns_show_the_signals_that_they_are_made_of(void **state SP_UNUSED)
{
    bool wrong = false;
    for (size_t m = 0; m < SP_COUNT(made_of); m++) {
        size_t seen = 0;
        for (size_t i = 0; i < world.pairs.count; i++) {
            const struct row *row = &world.rows[i];
            const struct sp_signal_seen *signal = &row->read.seen[made_of[m].signal];
            if (strcmp(row->pair->categories, made_of[m].pattern) != 0 ||
                !(made_of[m].ecosystems >> row->pair->ecosystem->id & 1))
                continue;
            seen++;
            if (signal->state == SP_SIGNAL_YES)
                continue;
            wrong = true;
            print_error("%s, %s:%s for %s: %s is %s (%s)\n", made_of[m].pattern, row->pair->ecosystem->name,
                        row->pair->name, row->pair->target, sp_signals[made_of[m].signal]->name,
                        signal->state == SP_SIGNAL_NO ? "no" : "unknown", signal->evidence);
        }
        if (!seen)
            fail_msg("%s: no pair shows it", made_of[m].pattern);
    }
    assert_false(wrong);
}

static bool
has_a_row(const char *pattern)
{
    for (size_t m = 0; m < SP_COUNT(made_of); m++)
        if (!strcmp(made_of[m].pattern, pattern))
            return true;
    return false;
}

static void
every_pattern_is_in_the_table(void **state SP_UNUSED)
{
    const char *pattern;
    for (size_t i = 0; (pattern = sp_made_pattern_name(i, NULL)); i++)
        if (!has_a_row(pattern))
            fail_msg("%s: no signal is named", pattern);
    for (size_t m = 0; m < SP_COUNT(made_of); m++) {
        size_t i = 0;
        while ((pattern = sp_made_pattern_name(i, NULL)) && strcmp(pattern, made_of[m].pattern) != 0)
            i++;
        if (!pattern)
            fail_msg("%s: no such pattern", made_of[m].pattern);
    }
}

/* ------------------------------------------------------------------ verdicts */

static void
attacks_rank_above_honest_packages(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    double *scores = calloc(world.pairs.count, sizeof(*scores)), area = 0;
    float *labels = calloc(world.pairs.count, sizeof(*labels));
    assert_true(scores && labels);
    for (size_t i = 0; i < world.pairs.count; i++) {
        scores[i] = world.rows[i].read.filtered.risk;
        labels[i] = world.rows[i].pair->attack;
    }
    assert_int_equal(sp_roc_auc(&area, scores, labels, NULL, world.pairs.count, &err), 0);
    free(scores);
    free(labels);
    print_message("made-up pairs: area under the curve %.3f\n", area);
    assert_true(area >= 0.9);
}

static void
shares_of_patterns_are_printed(void **state SP_UNUSED)
{
    const char *pattern;
    bool attack;
    size_t counted = 0;
    for (size_t p = 0; (pattern = sp_made_pattern_name(p, &attack)); p++) {
        size_t rows = 0, alarms = 0;
        for (size_t i = 0; i < world.pairs.count; i++)
            if (!strcmp(world.rows[i].pair->categories, pattern)) {
                assert_true(world.rows[i].pair->attack == attack);
                rows++;
                alarms += world.rows[i].read.filtered.severity >= SP_SEVERITY_REVIEW;
            }
        assert_true(rows > 0);
        counted += rows;
        print_message("%-6s  %-24s  review or block %zu of %zu\n", attack ? "attack" : "honest", pattern,
                      alarms, rows);
    }
    assert_int_equal(counted, world.pairs.count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_package_is_present_without_problems),
        cmocka_unit_test(evidence_is_printable),
        cmocka_unit_test(patterns_show_the_signals_that_they_are_made_of),
        cmocka_unit_test(every_pattern_is_in_the_table),
        cmocka_unit_test(attacks_rank_above_honest_packages),
        cmocka_unit_test(shares_of_patterns_are_printed),
    };
    return cmocka_run_group_tests_name("made_end", tests, begin, end);
}
