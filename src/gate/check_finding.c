#include "gate/check_finding.h"

#include <string.h>

static const char *
copy(struct sp_verdict *verdict, const char *string, struct sp_error *err)
{
    return string ? sp_arena_copy(&verdict->arena, string, strlen(string), err) : NULL;
}

static int
list_categories(struct sp_verdict *verdict, uint32_t set, struct sp_finding *finding, struct sp_error *err)
{
    const char **names = sp_arena_alloc(&verdict->arena, SP_CATEGORY_COUNT * sizeof(*names), err);
    if (!names)
        return -1;
    for (int i = 0; i < SP_CATEGORY_COUNT; i++)
        if (set >> i & 1)
            names[finding->category_count++] = sp_categories[i]->name;
    finding->categories = names;
    return 0;
}

static const char *
rule_of(uint32_t categories, const struct sp_match *match)
{
    if (categories >> SP_CATEGORY_COMMAND & 1)
        return "name/command";
    if (categories >> SP_CATEGORY_CROSS_ECOSYSTEM & 1)
        return "name/cross-ecosystem";
    if (categories >> SP_CATEGORY_IMPORT_NAME & 1)
        return "name/import-name";
    return match ? "name/confusion" : "name/slopsquatting";
}

/* 12,345,678 downloads are read more easily as 12M. */
static void
write_popularity(const struct sp_match *match, char *out, size_t size)
{
    double downloads = (double)match->downloads;
    char count[32] = "";
    if (downloads >= 1e9)
        snprintf(count, sizeof(count), "%.1fG downloads a month", downloads / 1e9);
    else if (downloads >= 1e6)
        snprintf(count, sizeof(count), "%.0fM downloads a month", downloads / 1e6);
    else if (downloads >= 1e3)
        snprintf(count, sizeof(count), "%.0fk downloads a month", downloads / 1e3);
    /* only npm's list counts months */
    bool monthly = count[0] && match->target_ecosystem->id == SP_NPM;
    if (match->rank && monthly)
        snprintf(out, size, " (number %u on %s, %s)", match->rank, match->target_ecosystem->title, count);
    else if (match->rank)
        snprintf(out, size, " (number %u on %s)", match->rank, match->target_ecosystem->title);
    else
        snprintf(out, size, " on %s", match->target_ecosystem->title);
}

static int
fill_match(struct sp_verdict *verdict, const struct sp_match *match, struct sp_finding *finding,
           struct sp_error *err)
{
    finding->target = copy(verdict, match->target, err);
    if (!finding->target)
        return -1;
    if (strcmp(match->target_ecosystem->name, finding->ecosystem) != 0)
        finding->target_ecosystem = match->target_ecosystem->name;
    finding->target_rank = match->rank;
    finding->risk = match->risk;
    if (match->edit_count) {
        struct sp_edit *edits = sp_arena_alloc(&verdict->arena, match->edit_count * sizeof(*edits), err);
        if (!edits)
            return -1;
        memcpy(edits, match->edits, match->edit_count * sizeof(*edits));
        finding->edits = edits;
        finding->edit_count = match->edit_count;
    }
    char popularity[128];
    write_popularity(match, popularity, sizeof(popularity));
    if (match->note && match->target_id == UINT32_MAX)
        finding->message = sp_arena_printf(&verdict->arena, err, "'%s' %s", finding->name, match->note);
    else if (match->note)
        finding->message = sp_arena_printf(&verdict->arena, err, "may be mistaken for '%s'%s: %s",
                                           match->target, popularity, match->note);
    else
        finding->message =
            sp_arena_printf(&verdict->arena, err, "may be mistaken for '%s'%s", match->target, popularity);
    finding->advice = match->target_id == UINT32_MAX
                          ? "remove it unless you know who publishes it"
                          : sp_arena_printf(&verdict->arena, err, "did you mean '%s'?", match->target);
    return finding->message && finding->advice ? 0 : -1;
}

static int
fill_unlisted(const struct sp_ecosystem *ecosystem, const char *date, struct sp_verdict *verdict,
              struct sp_finding *finding, struct sp_error *err)
{
    finding->risk = -1;
    finding->message = sp_arena_printf(
        &verdict->arena, err, "is not among the names of %s%s%s: a name that was made up, mistyped or is new",
        ecosystem->title, *date ? " as of " : "", date);
    finding->advice = "look it up before you install it: invented names get registered by others";
    return finding->message ? 0 : -1;
}

static int
fill_absent(const struct sp_ecosystem *ecosystem, const struct sp_cleared *cleared, const char *like,
            struct sp_verdict *verdict, struct sp_finding *finding, struct sp_error *err)
{
    finding->risk = -1;
    finding->message =
        cleared->presence == SP_REMOVED
            ? sp_arena_printf(&verdict->arena, err, "was taken away by its registry (%s)", ecosystem->title)
            : sp_arena_printf(
                  &verdict->arena, err,
                  "does not exist in its registry (%s): whoever registers it decides what is installed",
                  ecosystem->title);
    finding->advice = like ? sp_arena_printf(&verdict->arena, err, "did you mean '%s'?", like)
                           : "take the name out, or correct it";
    return finding->message && finding->advice ? 0 : -1;
}

/* Why it is no alarm: what weighed most, or that the model saw no attack. */
static const char *
why_cleared(const struct sp_cleared *cleared, struct sp_arena *arena, struct sp_error *err)
{
    const struct sp_seen_signal *first = NULL, *second = NULL;
    for (size_t i = 0; i < cleared->signal_count; i++) {
        const struct sp_seen_signal *signal = &cleared->signals[i];
        if (signal->contribution >= -0.05)
            continue;
        if (!first || signal->contribution < first->contribution) {
            second = first;
            first = signal;
        } else if (!second || signal->contribution < second->contribution) {
            second = signal;
        }
    }
#define WORDS(signal) ((signal)->evidence ? (signal)->evidence : (signal)->title)
    if (!first)
        return "nothing in its metadata speaks of an attack";
    return second ? sp_arena_printf(arena, err, "%s; %s", WORDS(first), WORDS(second))
                  : sp_arena_copy(arena, WORDS(first), strlen(WORDS(first)), err);
#undef WORDS
}

/* Takes over what metadata made of the risk. */
static int
fill_cleared(const struct sp_cleared *cleared, struct sp_verdict *verdict, struct sp_finding *finding,
             struct sp_error *err)
{
    finding->risk = cleared->risk;
    finding->name_risk = cleared->name_risk;
    finding->bias = cleared->bias;
    finding->signals = cleared->signals;
    finding->signal_count = cleared->signal_count;
    if (cleared->floor && !(finding->message = sp_arena_printf(&verdict->arena, err, "%s: %s",
                                                               finding->message, cleared->floor)))
        return -1;
    if (finding->severity == SP_SEVERITY_NONE &&
        !(finding->cleared = why_cleared(cleared, &verdict->arena, err)))
        return -1;
    return 0;
}

int
sp_check_add(struct sp_verdict *verdict, const struct sp_judged_name *judged, struct sp_error *err)
{
    const struct sp_match *match = judged->match;
    const struct sp_place *place = judged->place;
    uint32_t categories = match ? match->categories : 0;
    if (judged->unlisted)
        categories |= 1u << SP_CATEGORY_SLOPSQUATTING;
    struct sp_finding finding = {
        .rule = rule_of(categories, match),
        .severity = judged->severity,
        .ecosystem = judged->ecosystem->name,
        .name = copy(verdict, judged->name, err),
        .version = copy(verdict, judged->version, err),
    };
    if (place) {
        finding.place = *place;
        finding.place.file = copy(verdict, place->file, err);
    }
    if (!finding.name || (judged->version && !finding.version) ||
        (place && place->file && !finding.place.file) ||
        list_categories(verdict, categories, &finding, err) < 0)
        return -1;
    int status = judged->gone
                     ? fill_absent(judged->ecosystem, judged->cleared, judged->like, verdict, &finding, err)
                 : match ? fill_match(verdict, match, &finding, err)
                         : fill_unlisted(judged->ecosystem, judged->names_date, verdict, &finding, err);
    if (status == 0 && match && judged->cleared && judged->cleared->match)
        status = fill_cleared(judged->cleared, verdict, &finding, err);
    return status < 0 ? -1 : sp_verdict_add(verdict, &finding, err);
}
