/* sallyport explain: how two names relate, with everything the risk was made from. */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/what.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "gate/last.h"
#include "report/alignment.h"
#include "report/report.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#define FEATURES_SHOWN 8

struct explain_options {
    const char *ecosystem, *format, *index, *colour, *html;
    bool last;
};

static const char *
format_at(size_t position)
{
    static const char *const values[] = { "text", "json", "html" };
    return position < SP_COUNT(values) ? values[position] : NULL;
}

#define AT(field) offsetof(struct explain_options, field)
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
      .help = "what to write (html with --last alone)",
      .choice = format_at },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { .name = "last",
      .kind = SP_OPTION_FLAG,
      .at = AT(last),
      .help = "show the report of the last run in full" },
    { .name = "html",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(html),
      .help = "with --last: write its page there",
      .completion = SP_COMPLETE_FILE },
    { .name = "color",
      .kind = SP_OPTION_CHOICE,
      .value = "WHEN",
      .at = AT(colour),
      .help = "colour the text",
      .choice = sp_colour_at },
    { 0 },
};
#undef AT

/* One of the two names. */
struct side {
    struct sp_what what;
    char name[SP_NAME_MAX + 1]; /* normalised */
    bool trusted;
    uint32_t rank;
};

struct explanation {
    struct side name, target;
    struct sp_match match;
    struct sp_features_view features;
    struct sp_risk_thresholds thresholds;
    size_t order[256]; /* features by the weight of their contribution */
    size_t order_count;
};

/* ---------------------------------------------------------------- finding */

static int
look_up(struct sp_searcher *searcher, struct side *side, struct sp_error *err)
{
    struct sp_search_result result;
    if (sp_search(searcher, side->what.ecosystem, side->what.name, strlen(side->what.name), &result, err) < 0)
        return -1;
    memcpy(side->name, result.name, sizeof(side->name));
    side->trusted = result.trusted;
    side->rank = result.rank;
    return 0;
}

static void
sort_features(struct explanation *explanation)
{
    const struct sp_features_view *features = &explanation->features;
    if (!features->contributions)
        return;
    for (size_t i = 0; i < features->count && i < SP_COUNT(explanation->order); i++) {
        size_t at = explanation->order_count++;
        float weight = fabsf(features->contributions[i]);
        for (; at && fabsf(features->contributions[explanation->order[at - 1]]) < weight; at--)
            explanation->order[at] = explanation->order[at - 1];
        explanation->order[at] = i;
    }
}

static int
relate(struct sp_searcher *searcher, struct explanation *out, struct sp_error *err)
{
    if (look_up(searcher, &out->name, err) < 0 || look_up(searcher, &out->target, err) < 0 ||
        sp_relate(searcher, out->name.what.ecosystem, out->name.what.name, out->target.what.ecosystem,
                  out->target.what.name, &out->match, err) < 0 ||
        sp_relate_features(searcher, &out->features, err) < 0)
        return -1;
    out->thresholds = sp_searcher_thresholds(searcher);
    sort_features(out);
    return 0;
}

static enum sp_severity
severity_of(const struct explanation *explanation)
{
    double risk = explanation->match.risk;
    /* a package that is itself popular is nobody's lookalike */
    if (explanation->name.trusted)
        return SP_SEVERITY_NONE;
    return risk >= explanation->thresholds.block    ? SP_SEVERITY_BLOCK
           : risk >= explanation->thresholds.review ? SP_SEVERITY_REVIEW
                                                    : SP_SEVERITY_NONE;
}

/* ------------------------------------------------------------------- text */

static int
put_side(struct sp_buffer *out, const char *label, const struct side *side, struct sp_error *err)
{
    char name[1024], rank[SP_REPORT_COUNT_MAX];
    sp_utf8_printable(name, sizeof(name), side->name, strlen(side->name));
    if (sp_buffer_printf(out, err, "%-8s%s  (%s, ", label, name, side->what.ecosystem->title) < 0)
        return -1;
    if (!side->trusted)
        return sp_buffer_append_string(out, "not among the popular)\n", err);
    if (!side->rank)
        return sp_buffer_append_string(out, "popular)\n", err);
    return sp_buffer_printf(out, err, "popular: no. %s)\n", sp_report_count(rank, side->rank));
}

static int
put_categories(struct sp_buffer *out, const struct sp_match *match, struct sp_error *err)
{
    if (sp_buffer_append_string(out, match->categories ? "\ncategories\n" : "\ncategories: none\n", err) < 0)
        return -1;
    for (unsigned i = 0; i < SP_CATEGORY_COUNT; i++)
        if (match->categories >> i & 1 &&
            sp_buffer_printf(out, err, "  %-34s such as %s\n", sp_categories[i]->title,
                             sp_categories[i]->example) < 0)
            return -1;
    return 0;
}

static int
put_features(struct sp_buffer *out, const struct explanation *explanation, struct sp_error *err)
{
    const struct sp_features_view *features = &explanation->features;
    size_t shown = explanation->order_count < FEATURES_SHOWN ? explanation->order_count : FEATURES_SHOWN;
    if (!features->contributions)
        return sp_buffer_append_string(out, "  (the index holds no model: no contributions)\n", err);
    for (size_t i = 0; i < shown; i++) {
        size_t at = explanation->order[i];
        char value[32] = "unknown";
        if (!isnan(features->values[at]))
            snprintf(value, sizeof(value), "%.4g", (double)features->values[at]);
        if (sp_buffer_printf(out, err, "  %+6.2f  %s = %s\n", (double)features->contributions[at],
                             features->names[at], value) < 0)
            return -1;
    }
    return sp_buffer_printf(out, err, "  %+6.2f  where every pair begins\n",
                            (double)features->contributions[features->count]);
}

static int
put_risk(struct sp_buffer *out, const struct explanation *explanation, struct sp_error *err)
{
    enum sp_severity severity = severity_of(explanation);
    const struct sp_risk_thresholds *thresholds = &explanation->thresholds;
    if (sp_buffer_printf(out, err, "\nrisk %.3f by the names alone: %s (review from %.3f, block from %.3f)\n",
                         explanation->match.risk,
                         explanation->name.trusted ? "no alarm, since the name is itself popular"
                         : severity                ? sp_severity_name(severity)
                                                   : "no alarm",
                         thresholds->review, thresholds->block) < 0)
        return -1;
    return put_features(out, explanation, err);
}

static int
write_text(const struct explanation *explanation, const struct explain_options *chosen, struct sp_buffer *out,
           struct sp_error *err)
{
    const struct sp_match *match = &explanation->match;
    struct sp_alignment_style style = {
        .name_label = "",
        .target_label = "",
        .indent = 6,
        .width = sp_output_width(STDOUT_FILENO),
        .colour = sp_output_colour(STDOUT_FILENO, chosen->colour),
    };
    if (put_side(out, "name", &explanation->name, err) < 0 ||
        put_side(out, "target", &explanation->target, err) < 0 || sp_buffer_append_byte(out, '\n', err) < 0 ||
        sp_alignment_draw(out, explanation->name.name, explanation->target.name, match->edits,
                          match->edit_count, &style, err) < 0 ||
        sp_buffer_printf(out, err, "\nedit distance %u%s\n", match->distance,
                         match->distance == 255 ? " or more" : "") < 0 ||
        (!isnan(match->cosine) &&
         sp_buffer_printf(out, err, "nearness in meaning %.2f\n", match->cosine) < 0))
        return -1;
    if (match->note) {
        char note[1024];
        sp_utf8_printable(note, sizeof(note), match->note, strlen(match->note));
        if (sp_buffer_printf(out, err, "%s\n", note) < 0)
            return -1;
    }
    return put_categories(out, match, err) < 0 ? -1 : put_risk(out, explanation, err);
}

/* ------------------------------------------------------------------- JSON */

static void
json_text(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    sp_json_string(json, text);
}

static void
json_number(struct sp_json *json, const char *key, double number)
{
    sp_json_key(json, key);
    sp_json_number(json, number, 6);
}

static void
json_side(struct sp_json *json, const char *key, const struct side *side)
{
    sp_json_key(json, key);
    sp_json_begin_object(json);
    json_text(json, "ecosystem", side->what.ecosystem->name);
    json_text(json, "name", side->what.name);
    json_text(json, "normalised", side->name);
    sp_json_key(json, "trusted");
    sp_json_bool(json, side->trusted);
    sp_json_key(json, "rank");
    side->rank ? sp_json_integer(json, side->rank) : sp_json_null(json);
    sp_json_end_object(json);
}

static void
json_alignment(struct sp_json *json, const struct explanation *explanation)
{
    const struct sp_match *match = &explanation->match;
    const char *name = explanation->name.name, *target = explanation->target.name;
    bool fits = sp_alignment_fits(name, target, match->edits, match->edit_count);
    sp_json_key(json, "alignment");
    sp_json_begin_array(json);
    for (size_t i = 0; fits && i < match->edit_count; i++) {
        const struct sp_edit *edit = &match->edits[i];
        sp_json_begin_object(json);
        json_text(json, "op", sp_edit_kind_name(edit->kind));
        sp_json_key(json, "from");
        sp_json_string_n(json, name + edit->from, edit->from_length);
        sp_json_key(json, "to");
        sp_json_string_n(json, target + edit->to, edit->to_length);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
json_features(struct sp_json *json, const struct explanation *explanation)
{
    const struct sp_features_view *features = &explanation->features;
    sp_json_key(json, "contributions");
    sp_json_begin_array(json);
    for (size_t i = 0; i < explanation->order_count; i++) {
        size_t at = explanation->order[i];
        sp_json_begin_object(json);
        json_text(json, "feature", features->names[at]);
        json_number(json, "value", (double)features->values[at]);
        json_number(json, "log_odds", (double)features->contributions[at]);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    if (features->contributions)
        json_number(json, "bias", (double)features->contributions[features->count]);
}

static int
write_json(const struct explanation *explanation, struct sp_buffer *out, struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    const struct sp_match *match = &explanation->match;
    sp_json_begin_object(&json);
    json_side(&json, "name", &explanation->name);
    json_side(&json, "target", &explanation->target);
    json_number(&json, "risk", match->risk);
    json_text(&json, "severity", sp_severity_name(severity_of(explanation)));
    json_number(&json, "review_from", explanation->thresholds.review);
    json_number(&json, "block_from", explanation->thresholds.block);
    sp_json_key(&json, "distance");
    sp_json_integer(&json, match->distance);
    json_number(&json, "cosine", match->cosine);
    json_text(&json, "note", match->note);
    sp_json_key(&json, "categories");
    sp_json_begin_array(&json);
    for (unsigned i = 0; i < SP_CATEGORY_COUNT; i++)
        if (match->categories >> i & 1)
            sp_json_string(&json, sp_categories[i]->name);
    sp_json_end_array(&json);
    json_alignment(&json, explanation);
    json_features(&json, explanation);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s\n", sp_buffer_string(&json.out));
}

/* ---------------------------------------------------------------- command */

static int
read_names(const struct sp_call *call, const struct explain_options *chosen, const struct sp_arguments *words,
           struct explanation *out, struct sp_arena *arena)
{
    struct sp_error err;
    const struct sp_ecosystem *usual = NULL;
    if (words->count != 2)
        return sp_usage(call, "takes two names, not %zu", words->count);
    if (chosen->ecosystem && !(usual = sp_what_ecosystem(chosen->ecosystem, &err)))
        return sp_usage(call, "%s", err.text);
    if (sp_what_read(&out->name.what, words->items[0], strlen(words->items[0]), usual, arena, &err) < 0)
        return sp_complain(&err);
    /* "explain npm:crossenv cross-env": the second is of the same registry unless it says otherwise */
    if (sp_what_read(&out->target.what, words->items[1], strlen(words->items[1]),
                     usual ? usual : out->name.what.ecosystem, arena, &err) < 0)
        return sp_complain(&err);
    return -1;
}

/* The risk of PACKAGE in the last run, with all that the model's features added to it. */
static int
put_package_risk(const json_t *report, const char *package, struct sp_buffer *out, struct sp_error *err)
{
    const json_t *risks = json_object_get(report, "risks"), *risk = NULL;
    for (size_t i = 0; i < json_array_size(risks) && !risk; i++) {
        const json_t *at = json_array_get(risks, i);
        const char *name = json_string_value(json_object_get(at, "package"));
        if (name && !strcmp(name, package))
            risk = at;
    }
    if (!risk)
        return sp_fail(err, SP_ERROR_USAGE, "the behaviour model judged no %.200s in the last run", package);
    const json_t *reasons = json_object_get(risk, "reasons"), *severity = json_object_get(risk, "severity"),
                 *model = json_object_get(report, "model");
    if (sp_buffer_printf(out, err,
                         "%s\nrisk %.3f by the behaviour model: %s (review from %.3f, block from %.3f)\n",
                         package, json_number_value(json_object_get(risk, "probability")),
                         json_is_string(severity) && strcmp(json_string_value(severity), "none")
                             ? json_string_value(severity)
                             : "no alarm",
                         json_number_value(json_object_get(model, "review_from")),
                         json_number_value(json_object_get(model, "block_from"))) < 0)
        return -1;
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *words = json_string_value(json_object_get(reason, "words")),
                   *feature = json_string_value(json_object_get(reason, "feature"));
        if (sp_buffer_printf(out, err, "  %+6.2f  %s  (%s)\n",
                             json_number_value(json_object_get(reason, "contribution")), words ? words : "",
                             feature ? feature : "") < 0)
            return -1;
    }
    return sp_buffer_printf(out, err, "  %+6.2f  where every package begins\n",
                            json_number_value(json_object_get(risk, "bias")));
}

static int
explain_package(const struct sp_call *call, const char *package)
{
    struct sp_error err = { 0 };
    json_error_t problem;
    sp_autobuffer struct sp_buffer text = { 0 }, out = { 0 };
    if (sp_last_read(SP_LAST_JSON, &text, &err) < 0)
        return sp_complain(&err);
    json_t *report = json_loadb(sp_buffer_string(&text), text.length, 0, &problem);
    int done = report ? put_package_risk(report, package, &out, &err)
                      : sp_fail(&err, SP_ERROR_INPUT, "the last report cannot be read: %.200s", problem.text);
    json_decref(report);
    if (done < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

/* What was written at the end of the last run, again. */
static int
show_last(const struct sp_call *call, const struct explain_options *chosen)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    enum sp_last_form form = chosen->html || !strcmp(chosen->format, "html") ? SP_LAST_HTML
                             : !strcmp(chosen->format, "json")               ? SP_LAST_JSON
                                                                             : SP_LAST_TEXT;
    if (sp_last_read(form, &out, &err) < 0)
        return sp_complain(&err);
    if (chosen->html)
        return sp_file_write(chosen->html, sp_buffer_string(&out), out.length, &err) < 0 ? sp_complain(&err)
                                                                                         : SP_EXIT_CLEAN;
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

static int
run(const struct sp_call *call)
{
    struct explain_options chosen = { .format = "text", .colour = "auto" };
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autolookup struct sp_lookup lookup = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct explanation explanation = { 0 };
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && chosen.last)
        return words.count > 1 || (words.count && (chosen.html || strcmp(chosen.format, "text")))
                   ? sp_usage(call, "--last takes one package URL at most, and tells of it as text")
               : words.count ? explain_package(call, words.items[0])
                             : show_last(call, &chosen);
    if (done < 0 && (chosen.html || !strcmp(chosen.format, "html")))
        return sp_usage(call, "a page is made of runs alone: add --last");
    if (done < 0)
        done = read_names(call, &chosen, &words, &explanation, &arena);
    if (done >= 0)
        return done;
    if (sp_lookup_open(&lookup, chosen.index, &err) < 0)
        return sp_lookup_complain(chosen.index, &err);
    if (relate(lookup.searcher, &explanation, &err) < 0 ||
        (!strcmp(chosen.format, "json") ? write_json(&explanation, &out, &err)
                                        : write_text(&explanation, &chosen, &out, &err)) < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

const struct sp_command sp_command_explain = {
    .name = "explain",
    .summary = "Show how two names relate, or the last run's report in full",
    .arguments = "NAME TARGET | --last [PURL]",
    .about = "With --last, the report of the last run or scan, as text, JSON or a page; of a package of\n"
             "it, its risk and all that the behaviour model made it from.\n\n"
             "Each is a package URL, a package with its registry (npm:crossenv) or a bare name\n"
             "with --ecosystem; TARGET is of NAME's registry unless it says otherwise.\n",
    .options = options,
    .run = run,
};
