/* sallyport corpus records: made-up registry records of pairs of packages, for tests. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/made_records.h"
#include "metadata/keeping.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#define NOW 1748736000 /* 2025-06-01: what is made does not change with the day */

struct records_options {
    const char *out;
    unsigned long seed, pairs;
};

#define AT(field) offsetof(struct records_options, field)
static const struct sp_option options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(out),
      .help = "folder to make: pairs.tsv, and the answers of the registries in answers",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "seed",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(seed),
      .help = "of all that is drawn",
      .least = 0,
      .most = 4294967295.0 },
    { .name = "pairs",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(pairs),
      .help = "how many (400)",
      .least = 1,
      .most = 100000 },
    { 0 },
};
#undef AT

static int
put(void *context, const char *url, const char *accept, const char *type, const char *bytes, size_t length,
    struct sp_error *err)
{
    return sp_keeping_put(context, url, accept, 200, type, bytes, length, NOW, err);
}

static int
write_all(const struct records_options *chosen, struct sp_error *err)
{
    char answers[PATH_MAX], table[PATH_MAX];
    if (snprintf(answers, sizeof(answers), "%s/answers", chosen->out) >= (int)sizeof(answers) ||
        snprintf(table, sizeof(table), "%s/pairs.tsv", chosen->out) >= (int)sizeof(table))
        return sp_fail(err, SP_ERROR_USAGE, "%.200s: the path is too long", chosen->out);
    if (mkdir(chosen->out, 0777) < 0)
        return sp_fail_errno(err, "%s: cannot make the folder", chosen->out);
    sp_autofclose FILE *pairs = fopen(table, "we");
    if (!pairs)
        return sp_fail_errno(err, "%s", table);
    const struct sp_made_options making = {
        .seed = chosen->seed,
        .pairs = (unsigned)chosen->pairs,
        .now = NOW,
        .put = put,
        .context = answers,
    };
    if (sp_made_records_write(&making, pairs, err) < 0)
        return -1;
    return fflush(pairs) == 0 ? 0 : sp_fail_errno(err, "%s: cannot be written", table);
}

static int
run(const struct sp_call *call)
{
    struct records_options chosen = { .seed = 1, .pairs = 400 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, NULL);
    if (done >= 0)
        return done;
    if (!chosen.out)
        return sp_usage(call, "needs --out DIR");
    return write_all(&chosen, &err) < 0 ? sp_complain(&err) : SP_EXIT_CLEAN;
}

const struct sp_command sp_command_corpus_records = {
    .name = "records",
    .summary = "Make up registry records of lookalikes, hostile and honest",
    .about = "They exercise clients, signals and filter after documented patterns; no figure may rest\n"
             "on them: 'sallyport eval confusion --made-up --metadata DIR/answers DIR/pairs.tsv' says so.\n",
    .options = options,
    .run = run,
};
