/* behaviour.c: keeps what the rules say, each thing once, within bounds that no package can move. */
#include "base/utf8.h"
#include "behaviour/judge.h"
#include "ecosystem/purl.h"

#include <inttypes.h>
#include <string.h>

#define KEPT_MAX 1000 /* findings of one severity; notes a fifth of it */
#define UNSEEN_MAX 64 /* kinds of things that could not be seen */
#define KEY_MAX 1024  /* bytes of a subject, or of a package, that tell it from others */

struct sp_observation {
    const struct sp_rule *rule;
    enum sp_severity severity;
    const char *package, *message, *advice; /* in the arena; package NULL: not laid to one */
    const char *subject, *process;          /* in the arena; NULL: unknown */
    enum sp_phase phase;
    uint32_t process_number;
    uint64_t time, times;
};

const char *
sp_shown(char out[SP_SHOWN_MAX], const char *text)
{
    if (!text || !*text)
        text = "?";
    sp_utf8_printable(out, SP_SHOWN_MAX, text, strnlen(text, 2 * SP_SHOWN_MAX));
    return out;
}

const char *
sp_shown_words(char out[SP_SHOWN_MAX], const char *words)
{
    char text[2 * SP_SHOWN_MAX];
    size_t length = words ? strnlen(words, sizeof(text) - 1) : 0;
    for (size_t i = 0; i < length; i++)
        text[i] = words[i] == SP_EVENT_WORD_END ? ' ' : words[i];
    while (length && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
    return sp_shown(out, text);
}

const char *
sp_within_home(const struct sp_behaviour *behaviour, const char *path)
{
    size_t length = behaviour->home ? strlen(behaviour->home) : 0;
    while (length && behaviour->home[length - 1] == '/')
        length--;
    if (!length || strncmp(path, behaviour->home, length) || path[length] != '/')
        return NULL;
    return path + length + 1;
}

const char *
sp_shown_path(const struct sp_behaviour *behaviour, char out[SP_SHOWN_MAX], const char *path)
{
    const char *within = path ? sp_within_home(behaviour, path) : NULL;
    if (!within)
        return sp_shown(out, path);
    char text[2 * SP_SHOWN_MAX];
    snprintf(text, sizeof(text), "~/%.*s", (int)(sizeof(text) - 3), within);
    return sp_shown(out, text);
}

const char *
sp_phase_words(enum sp_phase phase)
{
    static const char *const words[SP_PHASE_COUNT] = { "while fetching", "while building", "during install",
                                                       "while loading" };
    return (unsigned)phase < SP_PHASE_COUNT ? words[phase] : "during the run";
}

int
sp_behaviour_new(struct sp_behaviour **out, const struct sp_behaviour_options *options, struct sp_error *err)
{
    struct sp_behaviour *behaviour = sp_new(struct sp_behaviour, err);
    if (!behaviour)
        return -1;
    behaviour->decoys = options->decoys;
    behaviour->home = options->home;
    behaviour->project = options->project;
    behaviour->attribution = options->attribution;
    behaviour->allow_write = options->allow_write;
    behaviour->allows = options->allows;
    behaviour->allows_context = options->allows_context;
    behaviour->unanswered = options->unanswered;
    for (size_t i = 0; i < sp_rule_count; i++)
        for (unsigned kind = 0; kind < SP_EVENT_KIND_END; kind++)
            if (sp_rules[i]->kinds >> kind & 1)
                behaviour->by_kind[kind][behaviour->by_kind_count[kind]++] = (unsigned char)i;
    *out = behaviour;
    return 0;
}

void
sp_behaviour_free(struct sp_behaviour *behaviour)
{
    if (!behaviour)
        return;
    sp_deeds_free(behaviour);
    free(behaviour->items);
    free(behaviour->unseen_counts);
    free(behaviour->unseen_names);
    sp_map_free(&behaviour->known);
    sp_map_free(&behaviour->unseen);
    sp_map_free(&behaviour->names);
    sp_map_free(&behaviour->zones);
    sp_arena_free(&behaviour->arena);
    free(behaviour);
}

void
sp_behaviour_unseen(struct sp_behaviour *behaviour, const char *what, uint64_t count)
{
    char shown[SP_SHOWN_MAX];
    uint32_t at;
    sp_shown(shown, what);
    if (sp_map_get(&behaviour->unseen, shown, strlen(shown), &at)) {
        behaviour->unseen_counts[at] += count;
        return;
    }
    size_t next = behaviour->unseen_count, counts = behaviour->unseen_capacity;
    const char *name = NULL;
    if (next >= UNSEEN_MAX || sp_grow(behaviour->unseen_counts, counts, next + 1, NULL) < 0 ||
        sp_grow(behaviour->unseen_names, behaviour->unseen_capacity, next + 1, NULL) < 0 ||
        !(name = sp_arena_copy(&behaviour->arena, shown, strlen(shown), NULL)) ||
        sp_map_set(&behaviour->unseen, shown, strlen(shown), (uint32_t)next, NULL) < 0) {
        behaviour->unseen_more += count ? count : 1;
        return;
    }
    behaviour->unseen_names[next] = name;
    behaviour->unseen_counts[next] = count;
    behaviour->unseen_count++;
}

/* Whether there is room for one more of SEVERITY: proofs are never crowded out by what is less. */
static bool
has_room(const struct sp_behaviour *behaviour, enum sp_severity severity)
{
    return behaviour->kept[severity] < (severity == SP_SEVERITY_NONE ? KEPT_MAX / 5 : KEPT_MAX);
}

/* "sh -c node x.js (process 12)"; NULL: nobody knows. */
static const char *
process_words(struct sp_behaviour *behaviour)
{
    const struct sp_process *process = behaviour->who.process;
    char shown[SP_SHOWN_MAX];
    if (!process)
        return NULL;
    const char *words = process->words && *process->words ? process->words : process->program;
    unsigned number = process->pid ? process->pid : process->number;
    return words ? sp_arena_printf(&behaviour->arena, NULL, "%s (process %u)", sp_shown_words(shown, words),
                                   number)
                 : sp_arena_printf(&behaviour->arena, NULL, "process %u", number);
}

static void
keep(struct sp_behaviour *behaviour, const struct sp_rule *rule, const struct sp_event *event,
     const struct sp_remark *remark)
{
    char key[2 * KEY_MAX + 96];
    uint32_t at;
    int length =
        snprintf(key, sizeof(key), "%s\n%d\n%.*s\n%.*s", rule->id, (int)remark->severity, KEY_MAX,
                 event->package ? event->package : "", KEY_MAX, remark->subject ? remark->subject : "");
    if (sp_map_get(&behaviour->known, key, (size_t)length, &at)) {
        behaviour->items[at].times++;
        return;
    }
    struct sp_observation item = {
        .rule = rule,
        .severity = remark->severity,
        .phase = event->phase,
        .process_number = event->process,
        .time = event->time,
        .times = 1,
    };
    struct sp_arena *arena = &behaviour->arena;
    size_t package = event->package ? strnlen(event->package, SP_PURL_MAX) : 0;
    bool kept = has_room(behaviour, remark->severity) &&
                (item.message = sp_arena_copy(arena, remark->message, strlen(remark->message), NULL)) &&
                (item.advice = sp_arena_copy(arena, remark->advice, strlen(remark->advice), NULL)) &&
                (!package || (item.package = sp_arena_copy(arena, event->package, package, NULL))) &&
                sp_grow(behaviour->items, behaviour->capacity, behaviour->count + 1, NULL) == 0 &&
                sp_map_set(&behaviour->known, key, (size_t)length, (uint32_t)behaviour->count, NULL) == 0;
    if (!kept) {
        behaviour->lost[remark->severity]++;
        return;
    }
    item.subject =
        event->subject ? sp_arena_copy(arena, event->subject, strnlen(event->subject, KEY_MAX), NULL) : NULL;
    item.process = process_words(behaviour);
    behaviour->items[behaviour->count++] = item;
    behaviour->kept[remark->severity]++;
}

/* What RULE may say at most of whoever acts just now. */
static enum sp_severity
at_most(const struct sp_behaviour *behaviour, const struct sp_rule *rule)
{
    if (rule->who == SP_RULE_ALL)
        return SP_SEVERITY_BLOCK;
    switch (behaviour->who.kind) {
    case SP_ACTOR_PROJECT:
    case SP_ACTOR_COMMAND:
        return SP_SEVERITY_REVIEW;
    default:
        return SP_SEVERITY_BLOCK;
    }
}

enum sp_severity
sp_behaviour_take(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    enum sp_severity worst = SP_SEVERITY_NONE;
    if (event->kind == SP_EVENT_DROPPED)
        sp_behaviour_unseen(behaviour, event->subject, event->value > 0 ? (uint64_t)event->value : 0);
    if ((unsigned)event->kind >= SP_EVENT_KIND_END ||
        (event->kind == SP_EVENT_OPEN && !sp_deeds_wants_read(behaviour, event)))
        return worst;
    sp_deeds_take(behaviour, event);
    for (unsigned i = 0; i < behaviour->by_kind_count[event->kind]; i++) {
        const struct sp_rule *rule = sp_rules[behaviour->by_kind[event->kind][i]];
        struct sp_remark remark = { .severity = rule->severity, .subject = event->subject };
        if ((rule->who == SP_RULE_PACKAGES && behaviour->who.kind == SP_ACTOR_MANAGER) ||
            !rule->read(behaviour, event, &remark))
            continue;
        if (remark.severity > at_most(behaviour, rule))
            remark.severity = at_most(behaviour, rule);
        keep(behaviour, rule, event, &remark);
        if (remark.severity > worst &&
            !(behaviour->allows && behaviour->allows(behaviour->allows_context, rule->id, event->package)))
            worst = remark.severity;
    }
    return worst;
}

size_t
sp_behaviour_count(const struct sp_behaviour *behaviour)
{
    return behaviour->count + behaviour->lost[SP_SEVERITY_NONE] + behaviour->lost[SP_SEVERITY_REVIEW] +
           behaviour->lost[SP_SEVERITY_BLOCK];
}

/* The package that a finding is laid to, by its purl; what is none is shown as it was. */
static int
name_package(struct sp_finding *finding, const char *package, struct sp_arena *arena, struct sp_error *err)
{
    struct sp_purl purl;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (!package)
        return 0;
    if (sp_purl_parse(package, strlen(package), &purl, arena, NULL) == 0 &&
        sp_purl_package_name(&purl, &name, NULL) == 0) {
        finding->ecosystem = purl.type;
        finding->version = purl.version;
        finding->name = sp_arena_copy(arena, sp_buffer_string(&name), name.length, err);
    } else {
        char shown[SP_SHOWN_MAX];
        sp_shown(shown, package);
        finding->name = sp_arena_copy(arena, shown, strlen(shown), err);
    }
    return finding->name ? 0 : -1;
}

static int
add_finding(const struct sp_observation *item, struct sp_verdict *verdict, struct sp_error *err)
{
    struct sp_arena *arena = &verdict->arena;
    struct sp_finding finding = {
        .rule = item->rule->id,
        .severity = item->severity,
        .risk = -1,
        .phase = sp_phase_name(item->phase),
        .time = item->time,
        .process_number = item->process_number,
    };
    if (name_package(&finding, item->package, arena, err) < 0)
        return -1;
    finding.message = item->times > 1
                          ? sp_arena_printf(arena, err, "%s (%" PRIu64 " times)", item->message, item->times)
                          : sp_arena_copy(arena, item->message, strlen(item->message), err);
    if (item->subject)
        finding.subject = sp_arena_copy(arena, item->subject, strlen(item->subject), err);
    if (item->process)
        finding.process = sp_arena_copy(arena, item->process, strlen(item->process), err);
    if (*item->advice)
        finding.advice = sp_arena_copy(arena, item->advice, strlen(item->advice), err);
    if (!finding.message || (*item->advice && !finding.advice) || (item->subject && !finding.subject) ||
        (item->process && !finding.process))
        return -1;
    return sp_verdict_add(verdict, &finding, err);
}

int
sp_behaviour_findings(struct sp_behaviour *behaviour, struct sp_verdict *verdict, struct sp_error *err)
{
    for (size_t i = 0; i < behaviour->count; i++)
        if (add_finding(&behaviour->items[i], verdict, err) < 0)
            return -1;
    for (size_t i = 0; i < behaviour->unseen_count; i++) {
        uint64_t count = behaviour->unseen_counts[i];
        const char *name = behaviour->unseen_names[i];
        if ((count ? sp_verdict_unseen(verdict, err, "not seen: %s (%" PRIu64 ")", name, count)
                   : sp_verdict_unseen(verdict, err, "not seen: %s", name)) < 0)
            return -1;
    }
    if (behaviour->unseen_more && sp_verdict_unseen(verdict, err, "not seen: %" PRIu64 " more of other kinds",
                                                    behaviour->unseen_more) < 0)
        return -1;
    size_t lost = behaviour->lost[SP_SEVERITY_REVIEW] + behaviour->lost[SP_SEVERITY_BLOCK];
    return lost ? sp_verdict_unseen(verdict, err, "%zu more findings than are kept", lost) : 0;
}
