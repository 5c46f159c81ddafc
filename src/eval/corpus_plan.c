/* What a package does, what starts it and what it hides in. The plan of an honest package is drawn as that of
 * an attack is, with chores in place of the technique. */
#include "eval/corpus_parts.h"

#define NOISE_MAX 4

static uint32_t
triggers_of(const struct sp_corpus_entry *entry, enum sp_corpus_ecosystem ecosystem)
{
    uint32_t mask = 0;
    for (unsigned i = 0; i < SP_TRIGGER_COUNT; i++)
        /* node-gyp fetches headers before it evaluates a command: that trigger cannot work offline */
        if (i != SP_TRIGGER_GYP && sp_corpus_trigger_ecosystem(i) == ecosystem)
            mask |= 1u << i;
    return entry->triggers & mask;
}

/* The language of an ecosystem has its number. */
static bool
speaks(const struct sp_fragment *fragment, enum sp_corpus_ecosystem ecosystem)
{
    return fragment->language == SP_CORPUS_SH || (unsigned)fragment->language == (unsigned)ecosystem;
}

static size_t
shapes_for(const struct sp_corpus_entry *entry, enum sp_corpus_ecosystem ecosystem)
{
    return sp_corpus_shapes(entry, (enum sp_corpus_language)ecosystem) +
           sp_corpus_shapes(entry, SP_CORPUS_SH);
}

bool
sp_corpus_fits(const struct sp_corpus_entry *technique, enum sp_corpus_ecosystem ecosystem)
{
    return triggers_of(technique, ecosystem) && shapes_for(technique, ecosystem);
}

static const struct sp_fragment *
draw_fragment(const struct sp_corpus_entry *entry, enum sp_corpus_ecosystem ecosystem, struct sp_draw *draw)
{
    size_t left = sp_draw_below(draw, shapes_for(entry, ecosystem));
    for (size_t i = 0; i < entry->fragment_count; i++)
        if (speaks(&entry->fragments[i], ecosystem) && !left--)
            return &entry->fragments[i];
    return NULL;
}

static bool
is_taken(const struct sp_corpus_plan *plan, const struct sp_corpus_entry *entry)
{
    for (size_t i = 0; i < plan->act_count; i++)
        if (plan->acts[i].entry == entry)
            return true;
    return false;
}

/* Adds a chore that is not there yet; there may be none left. */
static void
add_chore(struct sp_corpus_plan *plan, const struct sp_catalogue *catalogue, struct sp_draw *draw)
{
    size_t fitting = 0;
    for (size_t i = 0; i < catalogue->chore_count; i++)
        fitting +=
            shapes_for(&catalogue->chores[i], plan->ecosystem) && !is_taken(plan, &catalogue->chores[i]);
    size_t left = sp_draw_below(draw, fitting);
    for (size_t i = 0; fitting && i < catalogue->chore_count; i++) {
        const struct sp_corpus_entry *chore = &catalogue->chores[i];
        if (!shapes_for(chore, plan->ecosystem) || is_taken(plan, chore) || left--)
            continue;
        plan->acts[plan->act_count++] =
            (struct sp_act){ .entry = chore, .fragment = draw_fragment(chore, plan->ecosystem, draw) };
        return;
    }
}

static void
draw_wrappers(struct sp_corpus_plan *plan, uint32_t allowed, struct sp_draw *draw)
{
    enum sp_corpus_language language = (enum sp_corpus_language)plan->ecosystem;
    uint32_t mask = allowed & sp_corpus_wrappers_of(language);
    plan->wrappers[0] = plan->wrappers[1] = SP_WRAPPER_COUNT;
    /* plain as often as all others together: most published attacks, and most honest packages, are */
    if (!mask || (mask >> SP_WRAPPER_PLAIN & 1 && sp_draw_chance(draw, 45)))
        plan->wrappers[0] = SP_WRAPPER_PLAIN;
    else
        plan->wrappers[0] = (uint32_t)sp_draw_bit(draw, mask);
    if (plan->wrappers[0] != SP_WRAPPER_PLAIN && sp_draw_chance(draw, 25))
        plan->wrappers[1] =
            (uint32_t)sp_draw_bit(draw, mask & ~(1u << SP_WRAPPER_PLAIN | 1u << plan->wrappers[0]));
}

/* The main act comes to any place among the others. */
static void
shuffle(struct sp_corpus_plan *plan, struct sp_draw *draw)
{
    /* what a module does after others' timers, the load phase may not wait for */
    size_t to = plan->trigger == SP_TRIGGER_LOAD ? 0 : sp_draw_below(draw, plan->act_count);
    struct sp_act main_act = plan->acts[0];
    plan->acts[0] = plan->acts[to];
    plan->acts[to] = main_act;
    plan->main_act = &plan->acts[to];
}

int
sp_corpus_draw_plan(struct sp_corpus_plan *out, const struct sp_catalogue *catalogue,
                    const struct sp_corpus_entry *technique, bool honest, enum sp_corpus_ecosystem ecosystem,
                    struct sp_draw *draw, struct sp_error *err)
{
    *out = (struct sp_corpus_plan){ .ecosystem = ecosystem };
    if (!sp_corpus_fits(technique, ecosystem))
        return sp_fail(err, SP_ERROR_INPUT, "%s: no trigger and fragment of it are for %s", technique->id,
                       sp_corpus_ecosystem_name(ecosystem));
    out->trigger = (enum sp_corpus_trigger)sp_draw_bit(draw, triggers_of(technique, ecosystem));
    size_t noise = sp_draw_below(draw, NOISE_MAX + 1);
    if (honest)
        add_chore(out, catalogue, draw);
    else
        out->acts[out->act_count++] =
            (struct sp_act){ .entry = technique, .fragment = draw_fragment(technique, ecosystem, draw) };
    if (!out->act_count)
        return sp_fail(err, SP_ERROR_INPUT, "no chore has a fragment for %s",
                       sp_corpus_ecosystem_name(ecosystem));
    for (size_t i = 0; i < noise; i++)
        add_chore(out, catalogue, draw);
    draw_wrappers(out, technique->wrappers, draw);
    shuffle(out, draw);
    bool loaded = out->trigger == SP_TRIGGER_LOAD || out->trigger == SP_TRIGGER_PTH ||
                  out->trigger == SP_TRIGGER_IMPORT;
    out->timing =
        sp_draw_chance(draw, 60) ? SP_TIMING_NOW : (enum sp_timing)sp_draw_below(draw, SP_TIMING_COUNT);
    out->delay = (unsigned)sp_draw_below(draw, 1200);
    /* the load phase waits a moment for timers, not for seconds */
    if (loaded)
        out->delay %= 150;
    for (size_t i = 0; i < out->act_count; i++)
        out->acts[i].hurried = loaded;
    out->split = sp_draw_chance(draw, 50);
    out->shell_file = sp_draw_chance(draw, 60);
    out->place = (unsigned)sp_draw_below(draw, 3);
    return 0;
}

int
sp_corpus_write_note(struct sp_buffer *out, const struct sp_corpus_plan *plan, struct sp_error *err)
{
    static const char *const languages[] = { "js", "py", "sh" };
    const struct sp_act *main_act = plan->main_act;
    if (sp_buffer_printf(out, err, "trigger=%s shape=%s.%s wrapper=%s", sp_corpus_trigger_name(plan->trigger),
                         main_act->fragment->shape, languages[main_act->fragment->language],
                         sp_corpus_wrapper_name(plan->wrappers[0])) < 0)
        return -1;
    if (plan->wrappers[1] < SP_WRAPPER_COUNT &&
        sp_buffer_printf(out, err, "+%s", sp_corpus_wrapper_name(plan->wrappers[1])) < 0)
        return -1;
    for (size_t i = 0, said = 0; i < plan->act_count; i++)
        if (&plan->acts[i] != main_act &&
            sp_buffer_printf(out, err, "%s%s", said++ ? "," : " noise=", plan->acts[i].entry->id) < 0)
            return -1;
    return 0;
}
