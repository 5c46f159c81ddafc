#include "eval/made_parts.h"

#include <string.h>

#define PAIRS_DEFAULT 400
#define NOW_DEFAULT INT64_C(1748736000) /* 2025-06-01 */

const char *
sp_made_pattern_name(size_t index, bool *attack)
{
    if (index >= sp_made_pattern_count)
        return NULL;
    if (attack)
        *attack = sp_made_patterns[index].attack;
    return sp_made_patterns[index].name;
}

/* ---- documents ---- */

int
sp_made_put(const struct sp_made_sink *sink, const char *url, const char *accept, const char *type,
            const void *bytes, size_t length, struct sp_error *err)
{
    return sink->options->put(sink->options->context, url, accept, type, bytes ? bytes : "", length, err);
}

int
sp_made_put_json(const struct sp_made_sink *sink, const char *url, const char *accept, const char *type,
                 struct sp_json *json, struct sp_error *err)
{
    if (sp_json_finish(json) < 0)
        return -1;
    return sp_made_put(sink, url, accept, type, json->out.bytes, json->out.length, err);
}

int
sp_made_put_archive(const struct sp_made_sink *sink, const char *url, enum sp_archive_kind kind,
                    const struct sp_made_files *files, const char *prefix, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer archive = { 0 };
    if (sp_corpus_pack(&archive, kind, files, prefix, err) < 0)
        return -1;
    return sp_made_put(sink, url, NULL, "application/octet-stream", archive.bytes, archive.length, err);
}

void
sp_made_digest(struct sp_made_sink *sink, char out[65])
{
    for (int i = 0; i < 4; i++)
        snprintf(out + 16 * i, 17, "%016llx", (unsigned long long)sp_draw_next(&sink->draw));
}

void
sp_made_json_pair(struct sp_json *json, const char *key, const char *value)
{
    sp_json_key(json, key);
    sp_json_string(json, value);
}

static int
put_package(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    switch (package->ecosystem->id) {
    case SP_NPM:
        return sp_made_put_npm(sink, package, err);
    case SP_PYPI:
        return sp_made_put_pypi(sink, package, err);
    case SP_RUBYGEMS:
        return sp_made_put_rubygems(sink, package, err);
    case SP_MAVEN:
        return sp_made_put_maven(sink, package, err);
    case SP_GOLANG:
        return sp_made_put_golang(sink, package, err);
    default:
        return sp_fail(err, SP_ERROR_INTERNAL, "no documents are made up for %s", package->ecosystem->name);
    }
}

/* ---- pairs ---- */

static int
write_pair(const struct sp_made_options *options, const struct sp_made_pattern *pattern,
           const struct sp_ecosystem *ecosystem, unsigned index, struct sp_map *taken, FILE *pairs,
           struct sp_error *err)
{
    char label[64];
    sp_autoarena struct sp_arena arena = { 0 };
    snprintf(label, sizeof(label), "made %s %s %u", pattern->name, ecosystem->name, index);
    struct sp_made_pair pair = { .draw = sp_draw_begin(options->seed, label),
                                 .arena = &arena,
                                 .taken = taken,
                                 .now = options->now,
                                 .err = err };
    struct sp_made_sink sink = { options, sp_draw_begin(options->seed ^ 1, label) };
    sp_made_draw_package(&pair, &pair.target, ecosystem);
    sp_made_draw_package(&pair, &pair.name, ecosystem);
    if (!pair.failed)
        pattern->dress(&pair);
    if (pair.failed)
        return -1;
    if (options->put &&
        (put_package(&sink, &pair.target, err) < 0 || put_package(&sink, &pair.name, err) < 0))
        return -1;
    if (fprintf(pairs, "%s\t%s\t%s\t%s\t%s\t%s\tmade up\n", ecosystem->name, pair.name.name, pair.target.name,
                pattern->attack ? "attack" : "benign", pattern->kind, pattern->name) < 0)
        return sp_fail_errno(err, "the table of made-up pairs cannot be written");
    return 0;
}

/* Every pattern in each of its ecosystems, and from the beginning again until there are enough. */
static int
write_pairs(const struct sp_made_options *options, struct sp_map *taken, FILE *pairs, struct sp_error *err)
{
    for (unsigned made = 0; made < options->pairs;)
        for (size_t i = 0; i < sp_made_pattern_count; i++)
            for (int id = 0; id < SP_ECOSYSTEM_COUNT && made < options->pairs; id++)
                if (sp_made_patterns[i].ecosystems >> id & 1 &&
                    write_pair(options, &sp_made_patterns[i], sp_ecosystems[id], made++, taken, pairs, err) <
                        0)
                    return -1;
    return 0;
}

int
sp_made_records_write(const struct sp_made_options *options, FILE *pairs, struct sp_error *err)
{
    struct sp_made_options whole = *options;
    sp_automap struct sp_map taken = { 0 };
    if (!whole.pairs)
        whole.pairs = PAIRS_DEFAULT;
    if (!whole.now)
        whole.now = NOW_DEFAULT;
    if (fputs("ecosystem\tname\ttarget\tlabel\tkind\tcategories\tsource\n", pairs) < 0)
        return sp_fail_errno(err, "the table of made-up pairs cannot be written");
    if (write_pairs(&whole, &taken, pairs, err) < 0)
        return -1;
    return fflush(pairs) == 0 ? 0 : sp_fail_errno(err, "the table of made-up pairs cannot be written");
}
