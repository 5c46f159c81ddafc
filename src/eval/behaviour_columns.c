#include "eval/behaviour_columns.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>

const struct sp_unseen_feature sp_unseen_features[] = {
    { "own.duration", "how long it took: the machine's speed and load, and the registry's" },
    { "own.peak-memory", "the runtime's version and the memory that the machine has" },
    { "own.time-checks", "clock reads are polling, which grows with waiting" },
    { "syscall.time", "as own.time-checks, and timers" },
    { "own.threads", "runtimes start as many as the machine has processors" },
    { "opensnoop.root", "where the project and the toolchain lie: another machine, other classes" },
    { "opensnoop.temp", "as opensnoop.root" },
    { "opensnoop.home", "as opensnoop.root" },
    { "opensnoop.user", "as opensnoop.root" },
    { "opensnoop.other", "as opensnoop.root" },
    { "own.processes-uncounted", "of the probes, not of the package: what they lost" },
    { "own.dropped", "of the probes, not of the package: what they lost" },
};
const size_t sp_unseen_feature_count = SP_COUNT(sp_unseen_features);

const char *const sp_rising_features[] = {
    "own.decoys",
    "own.decoys-proving",
    "own.canaries",
    "own.sensitive-ssh",
    "own.sensitive-cloud",
    "own.sensitive-browser",
    "own.sensitive-wallet",
    "own.sensitive-history",
    "own.sensitive-token",
    "own.sensitive-ci",
    "own.sensitive-dotenv",
    "own.sensitive-password",
    "own.sensitive-keyring",
    "own.sensitive-messenger",
    "own.sensitive-classes",
    "own.environ-reads",
    "own.bytes-sent-after-sensitive",
    "own.downloaded-executed",
    "own.programs-on-sockets",
    "own.memory-executions",
    "own.persistence",
    "own.traces-erased",
};
const size_t sp_rising_feature_count = SP_COUNT(sp_rising_features);

bool
sp_behaviour_seen(size_t index)
{
    const struct sp_feature *feature = sp_vector_feature(index);
    if (!feature)
        return true;
    if (sp_vector_part(index) == SP_VECTOR_RUN || !strcmp(feature->group, "install"))
        return false;
    for (size_t i = 0; i < sp_unseen_feature_count; i++)
        if (!strcmp(feature->id, sp_unseen_features[i].id))
            return false;
    return true;
}

int8_t
sp_behaviour_monotone(size_t index)
{
    if (sp_vector_rule(index))
        return 1;
    for (size_t i = 0; i < sp_rising_feature_count; i++)
        if (!strcmp(sp_vector_feature(index)->id, sp_rising_features[i]))
            return 1;
    return 0;
}

static bool
changes(const struct sp_table *table, size_t column)
{
    float first = sp_table_row(table, 0)[column];
    for (size_t i = 1; i < table->row_count; i++) {
        float value = sp_table_row(table, i)[column];
        if (value != first && !(isnan(value) && isnan(first)))
            return true;
    }
    return false;
}

int
sp_columns_take(struct sp_columns *out, const struct sp_table *table, const bool *chosen,
                struct sp_error *err)
{
    sp_autocolumns struct sp_columns columns = {
        .at = sp_new_array(table->feature_count, sizeof(*columns.at), err),
        .names = sp_new_array(table->feature_count, sizeof(*columns.names), err),
        .monotone = sp_new_array(table->feature_count, sizeof(*columns.monotone), err),
    };
    if (!columns.at || !columns.names || !columns.monotone)
        return -1;
    for (size_t i = 0; i < table->feature_count; i++) {
        if (!chosen[i] || !changes(table, i))
            continue;
        columns.at[columns.count] = i;
        columns.names[columns.count] = table->names[i];
        columns.monotone[columns.count++] = sp_behaviour_monotone(i);
    }
    if (columns.count == 0)
        return sp_fail(err, SP_ERROR_INPUT, "none of the chosen columns differs between rows");
    columns.table = *table;
    columns.table.names = columns.names;
    columns.table.feature_count = columns.count;
    columns.table.values = sp_new_array(table->row_count * columns.count, sizeof(float), err);
    if (!columns.table.values)
        return -1;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t j = 0; j < columns.count; j++)
            columns.table.values[i * columns.count + j] = sp_table_row(table, i)[columns.at[j]];
    *out = columns;
    columns = (struct sp_columns){ 0 };
    return 0;
}

void
sp_columns_free(struct sp_columns *columns)
{
    free(columns->at);
    free(columns->names);
    free(columns->monotone);
    free(columns->table.values);
    *columns = (struct sp_columns){ 0 };
}

static int
mark(bool *chosen, const char *pattern, bool value, struct sp_error *err)
{
    size_t met = 0;
    for (size_t i = 0; i < sp_vector_count(); i++) {
        char name[SP_VECTOR_NAME_MAX];
        if (fnmatch(pattern, sp_vector_name(i, name), 0) != 0)
            continue;
        if (value && sp_vector_part(i) == SP_VECTOR_RUN)
            continue; /* of the whole run, whoever acted: no judge of one package may see it */
        met++;
        chosen[i] = value;
    }
    if (met == 0)
        return sp_fail(err, SP_ERROR_USAGE,
                       "'%.100s' matches no column of a package; names are as 'load.own.decoys', see "
                       "docs/features.md",
                       pattern);
    return 0;
}

int
sp_columns_choose(bool *chosen, const char *const *with, size_t with_count, const char *const *without,
                  size_t without_count, struct sp_error *err)
{
    for (size_t i = 0; i < sp_vector_count(); i++)
        chosen[i] = sp_behaviour_seen(i);
    for (size_t i = 0; i < with_count; i++)
        if (mark(chosen, with[i], true, err) < 0)
            return -1;
    for (size_t i = 0; i < without_count; i++)
        if (mark(chosen, without[i], false, err) < 0)
            return -1;
    return 0;
}
