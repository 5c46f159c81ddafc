/* behaviour_model: our evaluator against XGBoost's own, on every row of a table, and what judging costs.
 *
 *   bench_behaviour_model [TABLE.csv]     grow a model on the table (none: random rows), compare and measure
 *   bench_behaviour_model start PROGRAM   from exec to main of PROGRAM, which prints the time (start.c);
 * median */
#include "base/buffer.h"
#include "base/file.h"
#include "behaviour/risk.h"
#include "behaviour/vector.h"
#include "eval/behaviour_columns.h"
#include "eval/behaviour_table.h"
#include "model/xgboost.h"

#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define RANDOM_ROWS 3000u
#define STARTS 31
#define LOADS 51
#define REPEATS 5

static uint64_t
clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int
compare_times(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return *left < *right ? -1 : *left > *right;
}

static double
median_ms(uint64_t *times, size_t count)
{
    qsort(times, count, sizeof(*times), compare_times);
    return (double)times[count / 2] / 1e6;
}

/* ------------------------------------------------------------------- rows */

static uint64_t
draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Rows as sparse as real ones: most features are 0, some are missing; the label follows a few. */
static int
fill_random(struct sp_table *table, struct sp_error *err)
{
    sp_autofree float *values = sp_new_array(table->feature_count, sizeof(*values), err);
    uint64_t seed = 7;
    for (uint32_t row = 0; values && row < RANDOM_ROWS; row++) {
        double score = -2;
        for (size_t i = 0; i < table->feature_count; i++) {
            uint64_t kind = draw(&seed) % 10;
            values[i] = kind == 0   ? NAN
                        : kind < 6  ? 0
                        : kind == 6 ? (float)(draw(&seed) % 1000000)
                                    : (float)(draw(&seed) % 20);
            if (i % 23 == 0 && values[i] > 5)
                score += 0.8;
        }
        if (sp_table_add(table, values, score + (double)(draw(&seed) % 100) / 50 > 1, 1, row, err) < 0)
            return -1;
    }
    return values ? 0 : -1;
}

/* The rows of the table PATH, as 'sallyport collect' writes it, by the columns that the model in the box
 * sees.
 */
struct rows {
    struct sp_behaviour_table all;
    struct sp_columns columns;
};

static int
read_rows(struct rows *rows, const char *path, struct sp_error *err)
{
    sp_autofree bool *chosen = sp_new_array(sp_vector_count(), sizeof(*chosen), err);
    return !chosen || sp_behaviour_table_read(&rows->all, path, err) < 0 ||
                   sp_behaviour_table_finish(&rows->all, err) < 0 ||
                   sp_columns_choose(chosen, NULL, 0, NULL, 0, err) < 0 ||
                   sp_columns_take(&rows->columns, &rows->all.table, chosen, err) < 0
               ? -1
               : 0;
}

/* ------------------------------------------------------------- comparison */

struct difference {
    double margin, contribution, sum, predict_us, contributions_us;
};

static int
compare(void *booster, const struct sp_table *table, const struct sp_model_view *view, struct difference *out,
        struct sp_error *err)
{
    size_t width = table->feature_count + 1;
    sp_autofree float *margins = sp_new_array(table->row_count, sizeof(*margins), err);
    sp_autofree float *theirs = margins ? sp_new_array(table->row_count * width, sizeof(*theirs), err) : NULL;
    sp_autofree float *ours = theirs ? sp_new_array(width, sizeof(*ours), err) : NULL;
    volatile double kept = 0;
    if (!ours || sp_xgboost_predict(booster, table, SP_XGBOOST_MARGIN, margins, err) < 0 ||
        sp_xgboost_predict(booster, table, SP_XGBOOST_CONTRIBUTIONS, theirs, err) < 0)
        return -1;
    for (size_t i = 0; i < table->row_count; i++) {
        double margin = sp_model_margin(view, sp_table_row(table, i)), sum = 0;
        if (sp_model_contributions(view, sp_table_row(table, i), ours) < 0)
            return sp_fail(err, SP_ERROR_INTERNAL, "no contributions");
        out->margin = fmax(out->margin, fabs(margin - (double)margins[i]));
        for (size_t j = 0; j < width; j++) {
            out->contribution =
                fmax(out->contribution, fabs((double)ours[j] - (double)theirs[i * width + j]));
            sum += (double)ours[j];
        }
        out->sum = fmax(out->sum, fabs(sum - margin));
    }
    uint64_t began = clock_now();
    for (unsigned again = 0; again < REPEATS; again++)
        for (size_t i = 0; i < table->row_count; i++)
            kept += sp_model_predict(view, sp_table_row(table, i));
    uint64_t between = clock_now();
    for (size_t i = 0; i < table->row_count; i++)
        kept += sp_model_contributions(view, sp_table_row(table, i), ours);
    out->predict_us = (double)(between - began) / 1e3 / (double)(REPEATS * table->row_count);
    out->contributions_us = (double)(clock_now() - between) / 1e3 / (double)table->row_count;
    return 0;
}

/* As a run loads it: opened, checked, its names found. */
static int
time_load(const char *what, const char *bytes, size_t length, struct sp_error *err)
{
    char path[] = "/tmp/sallyport-bench-XXXXXX";
    uint64_t times[LOADS];
    int fd = mkstemp(path), result = fd < 0 ? sp_fail_errno(err, "%s", path) : 0;
    if (fd >= 0)
        close(fd);
    if (result == 0)
        result = sp_file_write(path, bytes, length, err);
    for (size_t i = 0; result == 0 && i < LOADS; i++) {
        struct sp_risk_judge *judge;
        uint64_t began = clock_now();
        result = sp_risk_open(&judge, path, err);
        times[i] = clock_now() - began;
        sp_risk_close(judge);
    }
    unlink(path);
    if (result == 0)
        printf("load, %-9s %8.3f ms   (%zu bytes; warm, median of %d)\n", what, median_ms(times, LOADS),
               length, LOADS);
    return result;
}

static int
measure(struct sp_table *table, struct sp_error *err)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_BOOSTED);
    sp_automodel struct sp_model *model = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct difference difference = { 0 };
    void *booster = NULL;
    if (sp_table_check(table, err) < 0 || sp_xgboost_train(&model, &booster, table, &params, err) < 0 ||
        sp_model_add_note(model, err, "features_version %u", SP_VECTOR_VERSION) < 0 ||
        sp_model_set_threshold(model, "block", 0.9, err) < 0 ||
        sp_model_set_threshold(model, "review", 0.5, err) < 0 || sp_model_use(&file, model, err) < 0 ||
        sp_model_write(model, &text, err) < 0)
        return -1;
    printf("%zu rows, %zu features, %zu trees, %zu nodes\n", table->row_count, table->feature_count,
           model->tree_count, model->node_count);
    if (compare(booster, table, &file.view, &difference, err) < 0)
        return -1;
    printf("predictions        %.2e   largest difference from XGBoost's margin\n", difference.margin);
    printf("contributions      %.2e   largest difference from XGBoost's pred_contribs\n",
           difference.contribution);
    printf("their sum          %.2e   largest difference from our margin\n", difference.sum);
    printf("predict            %8.2f us a package\n", difference.predict_us);
    printf("contributions      %8.2f us a package\n", difference.contributions_us);
    if (time_load("text", sp_buffer_string(&text), text.length, err) < 0 ||
        time_load("compiled", file.compiled.bytes, file.compiled.length, err) < 0)
        return -1;
    return difference.margin < 1e-5 && difference.contribution < 1e-4
               ? 0
               : sp_fail(err, SP_ERROR_INTERNAL, "our evaluator differs from XGBoost");
}

/* ------------------------------------------------------------------ starts */

static int
start(const char *program, struct sp_error *err)
{
    uint64_t times[STARTS];
    for (size_t i = 0; i < STARTS; i++) {
        char text[32] = { 0 };
        int ends[2], status;
        pid_t pid;
        posix_spawn_file_actions_t actions;
        char *const argv[] = { (char *)(uintptr_t)program, NULL };
        if (pipe(ends) < 0)
            return sp_fail_errno(err, "pipe");
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        uint64_t began = clock_now();
        int failed = posix_spawn(&pid, program, &actions, NULL, argv, environ);
        close(ends[1]);
        ssize_t got = failed ? -1 : read(ends[0], text, sizeof(text) - 1);
        close(ends[0]);
        posix_spawn_file_actions_destroy(&actions);
        if (!failed)
            waitpid(pid, &status, 0);
        uint64_t reached = strtoull(text, NULL, 10);
        if (got <= 0 || reached < began)
            return sp_fail(err, SP_ERROR_SYSTEM, "%s: did not say when it began", program);
        times[i] = reached - began;
    }
    printf("%.3f\n", median_ms(times, STARTS));
    return 0;
}

int
main(int argc, char **argv)
{
    struct sp_error err = { 0 };
    if (argc == 3 && !strcmp(argv[1], "start"))
        return start(argv[2], &err) < 0 ? (fprintf(stderr, "%s\n", err.text), 1) : 0;
    /* what the model in the box may know: not what the whole run did */
    size_t count = SP_VECTOR_RUN * sp_feature_count;
    char(*space)[SP_VECTOR_NAME_MAX] = calloc(count, sizeof(*space));
    const char **names = calloc(count, sizeof(*names));
    struct sp_table table = { 0 };
    struct rows rows = { 0 };
    if (!space || !names)
        return 1;
    for (size_t i = 0; i < count; i++)
        names[i] = sp_vector_name(i, space[i]);
    sp_table_init(&table, names, count);
    int result = argc > 1 ? read_rows(&rows, argv[1], &err) : fill_random(&table, &err);
    if (result == 0)
        result = measure(argc > 1 ? &rows.columns.table : &table, &err);
    if (result < 0)
        fprintf(stderr, "bench_behaviour_model: %s\n", err.text);
    sp_table_free(&table);
    sp_columns_free(&rows.columns);
    sp_behaviour_table_free(&rows.all);
    free(names);
    free(space);
    return result < 0;
}
