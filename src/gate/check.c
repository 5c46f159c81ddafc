#include "gate/check.h"
#include "base/hash.h"
#include "gate/asking.h"

#include <string.h>

struct sp_checker {
    struct sp_index *index;
    uint32_t warned; /* ecosystems of which it was said that there is nothing to compare with */
    bool borrowed;   /* the index is another checker's */
    struct sp_searcher *searcher;
    double review, block;
    const struct sp_clearing *clearing; /* NULL: names are judged alone */
    struct sp_asking *asking;           /* NULL: look-ups are made here */
    void (*progress)(void *context, size_t done, size_t all);
    void *progress_context;
    struct sp_search_result result; /* of the name being judged; large, so not on the stack */
};

int
sp_checker_open(struct sp_checker **out, const struct sp_check_options *options, struct sp_error *err)
{
    struct sp_checker *checker = sp_new(struct sp_checker, err);
    if (!checker)
        return -1;
    if (sp_index_open(&checker->index, options->index_path, err) < 0 ||
        sp_searcher_new(&checker->searcher, checker->index, err) < 0) {
        sp_checker_close(checker);
        return -1;
    }
    struct sp_risk_thresholds model = sp_searcher_thresholds(checker->searcher);
    checker->review = options->review >= 0 ? options->review : model.review;
    checker->block = options->block >= 0 ? options->block : model.block;
    if (checker->block < checker->review)
        checker->block = checker->review;
    sp_searcher_use_thresholds(checker->searcher,
                               (struct sp_risk_thresholds){ checker->review, checker->block });
    *out = checker;
    return 0;
}

void
sp_checker_close(struct sp_checker *checker)
{
    if (!checker)
        return;
    sp_searcher_free(checker->searcher);
    if (!checker->borrowed)
        sp_index_close(checker->index);
    free(checker);
}

int
sp_checker_share(struct sp_checker **out, struct sp_checker *checker, struct sp_error *err)
{
    struct sp_checker *other = sp_new(struct sp_checker, err);
    if (!other)
        return -1;
    other->index = checker->index;
    other->borrowed = true;
    other->clearing = checker->clearing;
    other->review = checker->review;
    other->block = checker->block;
    if (sp_searcher_new(&other->searcher, other->index, err) < 0) {
        sp_checker_close(other);
        return -1;
    }
    sp_searcher_use_thresholds(other->searcher, (struct sp_risk_thresholds){ other->review, other->block });
    *out = other;
    return 0;
}

void
sp_checker_clear_by(struct sp_checker *checker, const struct sp_clearing *clearing)
{
    checker->clearing = clearing;
    checker->asking = NULL;
}

void
sp_checker_ask(struct sp_checker *checker, struct sp_asking *asking, const struct sp_clearing *clearing)
{
    checker->clearing = clearing;
    checker->asking = asking;
}

void
sp_checker_on_progress(struct sp_checker *checker, void (*progress)(void *context, size_t done, size_t all),
                       void *context)
{
    checker->progress = progress;
    checker->progress_context = context;
}

struct sp_index *
sp_checker_index(struct sp_checker *checker)
{
    return checker->index;
}

struct sp_searcher *
sp_checker_searcher(struct sp_checker *checker)
{
    return checker->searcher;
}

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
fill_unlisted(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, struct sp_verdict *verdict,
              struct sp_finding *finding, struct sp_error *err)
{
    const char *date = sp_index_names_date(checker->index);
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

/* Nothing to compare with is not the same as nothing found. */
static int
warn_once(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, struct sp_verdict *verdict,
          struct sp_error *err)
{
    if (sp_index_trusted_count(checker->index, ecosystem->id) || checker->warned >> ecosystem->id & 1)
        return 0;
    checker->warned |= 1u << ecosystem->id;
    return sp_verdict_unseen(
        verdict, err,
        "the index holds no popular packages of %s: its names are compared with nothing; add "
        "them with 'sallyport index build --trusted %s=FILE'",
        ecosystem->title, ecosystem->name);
}

/* What is asked of one name. */
struct question {
    const struct sp_ecosystem *ecosystem;
    const char *name, *version;
    const struct sp_place *place;
    bool alone; /* by its name */
};

static bool
is_worth_a_look(const struct sp_checker *checker, const struct question *question)
{
    return checker->clearing && !question->alone &&
           (sp_clearing_wants(checker->clearing, &checker->result) ||
            (checker->result.unlisted && !checker->result.trusted));
}

static int
clear(struct sp_checker *checker, const struct question *question, struct sp_cleared *out,
      struct sp_arena *arena, struct sp_error *err)
{
    return checker->asking ? sp_asking_judge(checker->asking, question->ecosystem, question->name,
                                             question->version, &checker->result, out, arena, err)
                           : sp_clearing_judge(checker->clearing, question->ecosystem, question->name,
                                               question->version, &checker->result, out, arena, err);
}

/* Judges the name that was just searched. */
static int
judge_found(struct sp_checker *checker, const struct question *question, struct sp_verdict *verdict,
            struct sp_error *err)
{
    const struct sp_search_result *result = &checker->result;
    const struct sp_ecosystem *ecosystem = question->ecosystem;
    const struct sp_place *place = question->place;
    struct sp_cleared cleared = { 0 };
    verdict->checked++;
    if (warn_once(checker, ecosystem, verdict, err) < 0)
        return -1;
    const struct sp_match *match =
        result->count && result->matches[0].risk >= checker->review ? &result->matches[0] : NULL;
    enum sp_severity severity =
        match && match->risk >= checker->block ? SP_SEVERITY_BLOCK : SP_SEVERITY_REVIEW;
    const char *like = NULL; /* what a name that does not exist resembles */
    bool unlisted = result->unlisted, looked = is_worth_a_look(checker, question), gone = false;
    if (looked) {
        if (clear(checker, question, &cleared, &verdict->arena, err) < 0 ||
            (cleared.unknown && sp_verdict_unseen(verdict, err, "%s", cleared.unknown) < 0))
            return -1;
        gone = cleared.presence == SP_ABSENT || cleared.presence == SP_REMOVED;
        unlisted = gone || (unlisted && cleared.presence == SP_PRESENCE_UNKNOWN);
        if (gone) { /* what may yet be registered is judged by its name, as before */
            severity = match ? severity : SP_SEVERITY_REVIEW;
            match = NULL;
        } else if (cleared.match)
            match = cleared.match, severity = cleared.severity;
    }
    /* what could not be asked clears nobody: it was said already */
    if (result->trusted || (!match && !unlisted) || (severity == SP_SEVERITY_NONE && cleared.unknown))
        return 0;

    uint32_t categories = match ? match->categories : 0;
    if (unlisted)
        categories |= 1u << SP_CATEGORY_SLOPSQUATTING;
    struct sp_finding finding = {
        .rule = rule_of(categories, match),
        .severity = severity,
        .ecosystem = ecosystem->name,
        .name = copy(verdict, question->name, err),
        .version = copy(verdict, question->version, err),
    };
    if (place) {
        finding.place = *place;
        finding.place.file = copy(verdict, place->file, err);
    }
    if (!finding.name || (question->version && !finding.version) ||
        (place && place->file && !finding.place.file) ||
        list_categories(verdict, categories, &finding, err) < 0)
        return -1;
    int status = gone    ? fill_absent(ecosystem, &cleared, like, verdict, &finding, err)
                 : match ? fill_match(verdict, match, &finding, err)
                         : fill_unlisted(checker, ecosystem, verdict, &finding, err);
    if (status == 0 && match && cleared.match)
        status = fill_cleared(&cleared, verdict, &finding, err);
    return status < 0 ? -1 : sp_verdict_add(verdict, &finding, err);
}

static int
answer(struct sp_checker *checker, const struct question *question, struct sp_verdict *verdict,
       struct sp_error *err)
{
    if (sp_search(checker->searcher, question->ecosystem, question->name, strlen(question->name),
                  &checker->result, err) < 0)
        return -1;
    return judge_found(checker, question, verdict, err);
}

int
sp_check_name(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
              const char *version, const struct sp_place *place, struct sp_verdict *verdict,
              struct sp_error *err)
{
    const struct question question = { ecosystem, name, version, place, false };
    return answer(checker, &question, verdict, err);
}

int
sp_check_sought(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                const char *version, struct sp_sought out[1 + SP_CLEARED_MATCHES], struct sp_error *err)
{
    const struct question question = { ecosystem, name, version, NULL, false };
    if (sp_search(checker->searcher, ecosystem, name, strlen(name), &checker->result, err) < 0)
        return -1;
    return is_worth_a_look(checker, &question)
               ? (int)sp_clearing_sought(checker->clearing, ecosystem, name, version, &checker->result, out)
               : 0;
}

int
sp_check_name_or_later(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                       const char *version, const struct sp_place *place, bool *later,
                       struct sp_verdict *verdict, struct sp_error *err)
{
    const struct question question = { ecosystem, name, version, place, false };
    *later = false;
    if (sp_search(checker->searcher, ecosystem, name, strlen(name), &checker->result, err) < 0)
        return -1;
    if (!checker->asking || !is_worth_a_look(checker, &question))
        return judge_found(checker, &question, verdict, err);
    sp_asking_hint(checker->asking, ecosystem, name, version);
    *later = true;
    return 0;
}

int
sp_check_name_alone(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                    const char *version, const struct sp_place *place, struct sp_verdict *verdict,
                    struct sp_error *err)
{
    const struct question question = { ecosystem, name, version, place, true };
    return answer(checker, &question, verdict, err);
}

/* A lockfile names a package once for each place it is installed to; one finding is enough for a name and
 * version, at the first place. */
struct reading {
    struct sp_checker *checker;
    struct sp_verdict *verdict;
    struct sp_map seen;
    struct sp_buffer key;
    /* those that are looked up, all at once, when the whole file is read */
    struct sp_arena arena;
    struct waiting {
        struct question question;
        struct sp_place place;
    } * waiting;
    size_t waiting_count, waiting_capacity;
    struct sp_sought *sought;
    size_t sought_count, sought_capacity;
};

static void
stop_reading(struct reading *reading)
{
    sp_map_free(&reading->seen);
    sp_buffer_free(&reading->key);
    sp_arena_free(&reading->arena);
    free(reading->waiting);
    free(reading->sought);
}
#define sp_autoreading __attribute__((cleanup(stop_reading)))

/* Has the name that was just searched wait until all are known that are to be looked up. */
static int
put_off(struct reading *reading, const struct question *question, struct sp_error *err)
{
    struct sp_sought sought[1 + SP_CLEARED_MATCHES];
    if (sp_grow(reading->waiting, reading->waiting_capacity, reading->waiting_count + 1, err) < 0)
        return -1;
    struct waiting *waiting = &reading->waiting[reading->waiting_count];
    *waiting = (struct waiting){ *question, *question->place };
    waiting->question.name = sp_arena_copy(&reading->arena, question->name, strlen(question->name), err);
    if (question->version)
        waiting->question.version =
            sp_arena_copy(&reading->arena, question->version, strlen(question->version), err);
    if (!waiting->question.name || (question->version && !waiting->question.version))
        return -1;
    reading->waiting_count++;
    size_t count = sp_clearing_sought(reading->checker->clearing, question->ecosystem, waiting->question.name,
                                      waiting->question.version, &reading->checker->result, sought);
    if (sp_grow(reading->sought, reading->sought_capacity, reading->sought_count + count, err) < 0)
        return -1;
    memcpy(reading->sought + reading->sought_count, sought, count * sizeof(*sought));
    reading->sought_count += count;
    return 0;
}

static int
see_unreadable(struct reading *reading, const struct sp_place *place, const char *what, struct sp_error *err)
{
    if (place->line)
        return sp_verdict_unseen(reading->verdict, err, "%s:%u: %s", place->file, place->line, what);
    return sp_verdict_unseen(reading->verdict, err, "%s: %s", place->file, what);
}

bool
sp_dependency_is_local(const struct sp_dependency *dependency)
{
    const char *source = dependency->source;
    static const char *const marks[] = { "file:", "link:", "workspace:",           "portal:",
                                         "./",    "../",   "a link to a directory" };
    for (size_t i = 0; source && i < SP_COUNT(marks); i++)
        if (strncmp(source, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

static int
check_dependency(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    struct reading *reading = context;
    if (sp_dependency_is_local(dependency))
        return 0;
    sp_buffer_clear(&reading->key);
    if (sp_buffer_printf(&reading->key, err, "%d %s %s", dependency->ecosystem->id, dependency->name,
                         dependency->version ? dependency->version : "") < 0)
        return -1;
    size_t before = reading->seen.count;
    if (!sp_map_at(&reading->seen, reading->key.bytes, reading->key.length, 0, err))
        return -1;
    if (reading->seen.count == before)
        return 0;

    struct sp_error problem = { 0 };
    const struct question question = { dependency->ecosystem, dependency->name, dependency->version,
                                       &dependency->place, dependency->source != NULL };
    struct sp_checker *checker = reading->checker;
    int done = sp_search(checker->searcher, question.ecosystem, question.name, strlen(question.name),
                         &checker->result, &problem);
    if (done == 0)
        done = is_worth_a_look(checker, &question)
                   ? put_off(reading, &question, &problem)
                   : judge_found(checker, &question, reading->verdict, &problem);
    if (done == 0)
        return 0;
    if (problem.code != SP_ERROR_INPUT && problem.code != SP_ERROR_LIMIT) {
        *err = problem;
        return -1;
    }
    return see_unreadable(reading, &dependency->place, problem.text, err);
}

static int
note_unseen(void *context, const struct sp_place *place, const char *what, struct sp_error *err)
{
    return see_unreadable(context, place, what, err);
}

static int
judge_waiting(struct reading *reading, struct sp_error *err)
{
    struct sp_checker *checker = reading->checker;
    if (reading->sought_count &&
        sp_metadata_fetch(checker->clearing->metadata, reading->sought, reading->sought_count,
                          checker->progress, checker->progress_context, err) < 0)
        return -1;
    for (size_t i = 0; i < reading->waiting_count; i++) {
        struct waiting *waiting = &reading->waiting[i];
        waiting->question.place = &waiting->place;
        if (answer(checker, &waiting->question, reading->verdict, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_check_manifest(struct sp_checker *checker, const char *path, const struct sp_manifest_format *format,
                  struct sp_verdict *verdict, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autoreading struct reading reading = { .checker = checker, .verdict = verdict };
    struct sp_manifest_reading manifest = {
        .arena = &arena,
        .sink = check_dependency,
        .context = &reading,
        .unseen = note_unseen,
    };
    int status = sp_manifest_read_file(&manifest, format, path, err);
    /* what was read is judged also where the rest of the file was not to be read */
    struct sp_error later = { 0 };
    if (judge_waiting(&reading, &later) < 0 && status == 0) {
        *err = later;
        status = -1;
    }
    return status;
}
