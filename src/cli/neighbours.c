/* sallyport neighbours: the nearest popular names, by each index. */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/what.h"
#include "base/json.h"
#include "base/utf8.h"
#include "report/report.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define LIMIT_MAX 100

struct neighbours_options {
    const char *ecosystem, *format, *index, *by;
    unsigned long limit;
};

static const char *
kind_at(size_t position)
{
    return position < SP_INDEX_KIND_COUNT ? sp_index_kind_name(position) : NULL;
}

#define AT(field) offsetof(struct neighbours_options, field)
static const struct sp_option options[] = {
    { .name = "ecosystem",
      .letter = 'e',
      .kind = SP_OPTION_TEXT,
      .value = "ECO",
      .at = AT(ecosystem),
      .help = "registry of bare names",
      .choice = sp_what_ecosystem_at },
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = AT(format),
      .help = "what to write",
      .choice = sp_text_or_json_at },
    { .name = "limit",
      .letter = 'n',
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(limit),
      .help = "names by each index",
      .least = 1,
      .most = LIMIT_MAX },
    { .name = "by",
      .kind = SP_OPTION_CHOICE,
      .value = "INDEX",
      .at = AT(by),
      .help = "only by this index",
      .choice = kind_at },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { 0 },
};
#undef AT

struct neighbours {
    struct sp_what what;
    const struct neighbours_options *chosen;
    struct sp_searcher *searcher;
    struct sp_match *matches; /* of one index; room for chosen->limit */
};

static bool
is_wanted(const struct neighbours *neighbours, enum sp_index_kind kind)
{
    return !neighbours->chosen->by || !strcmp(neighbours->chosen->by, sp_index_kind_name(kind));
}

static int
find(struct neighbours *neighbours, enum sp_index_kind kind, struct sp_error *err)
{
    return sp_neighbours(neighbours->searcher, neighbours->what.ecosystem, neighbours->what.name, kind,
                         neighbours->matches, neighbours->chosen->limit, err);
}

static int
put_match(struct sp_buffer *out, const struct sp_match *match, const struct sp_ecosystem *usual,
          struct sp_error *err)
{
    char name[1024], rank[SP_REPORT_COUNT_MAX] = "-", meaning[16] = "-";
    sp_utf8_printable(name, sizeof(name), match->target, strlen(match->target));
    bool elsewhere = match->target_ecosystem && match->target_ecosystem != usual;
    if (match->rank)
        sp_report_count(rank, match->rank);
    if (!isnan(match->cosine))
        snprintf(meaning, sizeof(meaning), "%.2f", match->cosine);
    return sp_buffer_printf(out, err, "  %s%s%-40s  distance %3u  meaning %5s  rank %s\n",
                            elsewhere ? match->target_ecosystem->name : "", elsewhere ? ":" : "", name,
                            match->distance, meaning, rank);
}

static int
write_text(struct neighbours *neighbours, struct sp_buffer *out, struct sp_error *err)
{
    for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++) {
        int count = is_wanted(neighbours, kind) ? find(neighbours, kind, err) : 0;
        if (count < 0)
            return -1;
        if (count &&
            sp_buffer_printf(out, err, "%sby %s\n", out->length ? "\n" : "", sp_index_kind_name(kind)) < 0)
            return -1;
        for (int i = 0; i < count; i++)
            if (put_match(out, &neighbours->matches[i], neighbours->what.ecosystem, err) < 0)
                return -1;
    }
    return out->length ? 0 : sp_buffer_append_string(out, "no popular name is near\n", err);
}

static void
json_match(struct sp_json *json, const struct sp_match *match)
{
    sp_json_begin_object(json);
    sp_json_key(json, "ecosystem");
    sp_json_string(json, match->target_ecosystem ? match->target_ecosystem->name : NULL);
    sp_json_key(json, "name");
    sp_json_string(json, match->target);
    sp_json_key(json, "rank");
    match->rank ? sp_json_integer(json, match->rank) : sp_json_null(json);
    sp_json_key(json, "distance");
    sp_json_integer(json, match->distance);
    sp_json_key(json, "cosine");
    sp_json_number(json, match->cosine, 4);
    sp_json_end_object(json);
}

static int
write_json(struct neighbours *neighbours, struct sp_buffer *out, struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "ecosystem");
    sp_json_string(&json, neighbours->what.ecosystem->name);
    sp_json_key(&json, "name");
    sp_json_string(&json, neighbours->what.name);
    sp_json_key(&json, "neighbours");
    sp_json_begin_object(&json);
    for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++) {
        if (!is_wanted(neighbours, kind))
            continue;
        int count = find(neighbours, kind, err);
        if (count < 0)
            return -1;
        sp_json_key(&json, sp_index_kind_name(kind));
        sp_json_begin_array(&json);
        for (int i = 0; i < count; i++)
            json_match(&json, &neighbours->matches[i]);
        sp_json_end_array(&json);
    }
    sp_json_end_object(&json);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s\n", sp_buffer_string(&json.out));
}

static int
read_name(const struct sp_call *call, const struct sp_arguments *words, struct neighbours *out,
          struct sp_arena *arena)
{
    struct sp_error err;
    const struct sp_ecosystem *usual = NULL;
    if (words->count != 1)
        return sp_usage(call, "takes one name, not %zu", words->count);
    if (out->chosen->ecosystem && !(usual = sp_what_ecosystem(out->chosen->ecosystem, &err)))
        return sp_usage(call, "%s", err.text);
    if (sp_what_read(&out->what, words->items[0], strlen(words->items[0]), usual, arena, &err) < 0)
        return sp_complain(&err);
    return -1;
}

static int
run(const struct sp_call *call)
{
    struct neighbours_options chosen = { .format = "text", .limit = 5 };
    struct neighbours neighbours = { .chosen = &chosen };
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autolookup struct sp_lookup lookup = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0)
        done = read_name(call, &words, &neighbours, &arena);
    if (done >= 0)
        return done;
    if (sp_lookup_open(&lookup, chosen.index, &err) < 0)
        return sp_lookup_complain(chosen.index, &err);
    sp_autofree struct sp_match *matches = sp_new_array(chosen.limit, sizeof(*matches), &err);
    neighbours.matches = matches;
    neighbours.searcher = lookup.searcher;
    if (!matches || (!strcmp(chosen.format, "json") ? write_json(&neighbours, &out, &err)
                                                    : write_text(&neighbours, &out, &err)) < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

const struct sp_command sp_command_neighbours = {
    .name = "neighbours",
    .summary = "List the nearest popular names, by each index",
    .arguments = "NAME",
    .options = options,
    .run = run,
};
