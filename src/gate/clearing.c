#include "gate/clearing.h"

#include <string.h>

bool
sp_clearing_wants(const struct sp_clearing *clearing, const struct sp_search_result *result)
{
    return !result->trusted && result->count &&
           result->matches[0].risk >= sp_filter_look_from(clearing->filter);
}

/* How many of the matches are worth a look: they come by falling risk. */
static size_t
worth_a_look(const struct sp_clearing *clearing, const struct sp_search_result *result)
{
    size_t count = 0;
    while (count < result->count && count < SP_CLEARED_MATCHES &&
           result->matches[count].risk >= sp_filter_look_from(clearing->filter))
        count++;
    return count;
}

static bool
is_package(const struct sp_match *match)
{
    return match->target_id != UINT32_MAX;
}

size_t
sp_clearing_sought(const struct sp_clearing *clearing, const struct sp_ecosystem *ecosystem, const char *name,
                   const char *version, const struct sp_search_result *result,
                   struct sp_sought out[1 + SP_CLEARED_MATCHES])
{
    size_t count = 0, matches = worth_a_look(clearing, result);
    out[count++] = (struct sp_sought){ ecosystem, name, version, SP_DEPTH_FULL };
    for (size_t i = 0; i < matches; i++)
        if (is_package(&result->matches[i]))
            out[count++] = (struct sp_sought){ result->matches[i].target_ecosystem, result->matches[i].target,
                                               NULL, SP_DEPTH_FULL };
    return count;
}

/* Ages are counted from when the registry was asked: what was kept for a year is judged as of then. */
static int64_t
time_of(const struct sp_record *record)
{
    int64_t latest = SP_TIME_UNKNOWN;
    for (int i = 0; record && i < SP_FIELD_COUNT; i++)
        if (record->origins[i].source && record->origins[i].time > latest)
            latest = record->origins[i].time;
    return latest;
}

void
sp_clearing_read(const struct sp_clearing *clearing, const struct sp_record *name,
                 const struct sp_record *target, const struct sp_match *match,
                 struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    const struct sp_signal_scene scene = {
        .now = time_of(name),
        .name = name,
        .target = target,
        .match = match,
        .embedding = clearing->embedding,
        .owners = clearing->owners,
        .weights = clearing->weights,
    };
    sp_signals_read(&scene, seen);
}

/* With room for one more. */
static struct sp_seen_signal *
list_signals(const struct sp_signal_seen seen[SP_SIGNAL_COUNT], const struct sp_filtered *filtered,
             struct sp_arena *arena, struct sp_error *err)
{
    static const char *const states[] = {
        [SP_SIGNAL_UNKNOWN] = "unknown", [SP_SIGNAL_NO] = "no", [SP_SIGNAL_YES] = "yes"
    };
    struct sp_seen_signal *list = sp_arena_alloc(arena, (SP_SIGNAL_COUNT + 1) * sizeof(*list), err);
    for (size_t i = 0; list && i < SP_SIGNAL_COUNT; i++) {
        list[i] = (struct sp_seen_signal){
            .name = sp_signals[i]->name,
            .title = sp_signals[i]->title,
            .state = states[seen[i].state],
            .contribution = filtered ? filtered->contributions[SP_FILTER_SIGNALS + i] : 0,
        };
        if (!seen[i].evidence[0])
            continue;
        list[i].evidence = sp_arena_copy(arena, seen[i].evidence, strlen(seen[i].evidence), err);
        if (!list[i].evidence)
            return NULL;
    }
    return list;
}

/* ---------------------------------------------------------------- judging */

static enum sp_severity
severity_of(const struct sp_clearing *clearing, const struct sp_filtered *filtered)
{
    bool own_words = clearing->review >= 0 || clearing->block >= 0; /* the user's thresholds */
    if (filtered->floor || (!filtered->known && !own_words))
        return filtered->severity;
    struct sp_risk_thresholds own = sp_filter_thresholds(clearing->filter);
    double review = clearing->review >= 0 ? clearing->review : own.review;
    double block = clearing->block >= 0 ? clearing->block : own.block;
    return filtered->risk >= (block > review ? block : review) ? SP_SEVERITY_BLOCK
           : filtered->risk >= review                          ? SP_SEVERITY_REVIEW
                                                               : SP_SEVERITY_NONE;
}

/* "pypi:reqeusts: registry.example: answered 500"; NULL with ERR filled only where memory ran out. */
static const char *
why_unknown(const struct sp_record *record, struct sp_arena *arena, struct sp_error *err)
{
    return sp_arena_printf(arena, err, "%s:%s could not be looked up: %s", record->ecosystem->name,
                           record->name,
                           record->problems.count ? record->problems.items[0] : "nobody answered");
}

/* A second reader costs time and money: asked only where the answer may turn the verdict. */
static bool
llm_could_turn_it(const struct sp_clearing *clearing, const struct sp_record *record,
                  const struct sp_filtered *filtered)
{
    double review = sp_filter_thresholds(clearing->filter).review;
    return clearing->llm && record->presence == SP_PRESENT && !filtered->floor &&
           filtered->risk >= review / 4;
}

static int
judge_match(const struct sp_clearing *clearing, const struct sp_record *name, const struct sp_match *match,
            struct sp_cleared *out, struct sp_arena *arena, struct sp_error *err)
{
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    struct sp_filtered filtered;
    const struct sp_record *target = NULL;
    if (is_package(match) && !(target = sp_metadata_record(clearing->metadata, match->target_ecosystem,
                                                           match->target, NULL, SP_DEPTH_FULL, err)))
        return -1;
    sp_clearing_read(clearing, name, target, match, seen);
    sp_filter_judge(clearing->filter, match->risk, seen, &filtered);
    struct sp_error llm = { 0 };
    if (llm_could_turn_it(clearing, name, &filtered)) {
        const struct sp_signal_scene scene = {
            .name = name, .target = target, .match = match, .now = time_of(name)
        };
        if (sp_llm_read(clearing->llm, &scene, seen, &llm) < 0) {
            *err = llm;
            return -1;
        }
        sp_filter_judge(clearing->filter, match->risk, seen, &filtered);
    }
    enum sp_severity severity = severity_of(clearing, &filtered);
    /* where all are cleared, the first is shown: it is the one that the name is most easily taken for */
    if (out->match &&
        (severity < out->severity ||
         (severity == out->severity && (severity == SP_SEVERITY_NONE || filtered.risk <= out->risk))))
        return 0;
    out->match = match;
    out->name_risk = match->risk;
    out->risk = filtered.risk;
    out->bias = filtered.bias;
    out->severity = severity;
    out->floor = filtered.floor;
    if (target && target->presence == SP_PRESENCE_UNKNOWN && !out->unknown &&
        !(out->unknown = why_unknown(target, arena, err)))
        return -1;
    struct sp_seen_signal *list = list_signals(seen, &filtered, arena, err);
    if (!list)
        return -1;
    out->signals = list;
    out->signal_count = SP_SIGNAL_COUNT;
    if (llm.code == SP_ERROR_NONE)
        return 0;
    list[out->signal_count++] = (struct sp_seen_signal){
        .name = "llm",
        .title = "the LLM could be asked",
        .state = "no",
        .evidence = sp_arena_copy(arena, llm.text, strlen(llm.text), err),
    };
    return list[SP_SIGNAL_COUNT].evidence ? 0 : -1;
}

int
sp_clearing_judge(const struct sp_clearing *clearing, const struct sp_ecosystem *ecosystem, const char *name,
                  const char *version, const struct sp_search_result *result, struct sp_cleared *out,
                  struct sp_arena *arena, struct sp_error *err)
{
    *out = (struct sp_cleared){ 0 };
    const struct sp_record *record =
        sp_metadata_record(clearing->metadata, ecosystem, name, version, SP_DEPTH_FULL, err);
    if (!record)
        return -1;
    out->presence = record->presence;
    if (record->presence == SP_PRESENCE_UNKNOWN)
        return (out->unknown = why_unknown(record, arena, err)) ? 0 : -1;
    size_t count = worth_a_look(clearing, result);
    for (size_t i = 0; i < count; i++)
        if (judge_match(clearing, record, &result->matches[i], out, arena, err) < 0)
            return -1;
    return 0;
}
