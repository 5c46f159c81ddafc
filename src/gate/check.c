#include "gate/check.h"
#include "base/hash.h"
#include "gate/asking.h"
#include "gate/check_finding.h"

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

/* By the name alone, as it was just searched. */
static void
judge_alone(const struct sp_checker *checker, struct sp_judged_name *judged)
{
    const struct sp_search_result *result = &checker->result;
    if (result->count && result->matches[0].risk >= checker->review)
        judged->match = &result->matches[0];
    judged->severity =
        judged->match && judged->match->risk >= checker->block ? SP_SEVERITY_BLOCK : SP_SEVERITY_REVIEW;
    judged->unlisted = result->unlisted;
}

/* And by what its registry says. */
static void
judge_cleared(struct sp_judged_name *judged, const struct sp_cleared *cleared)
{
    judged->cleared = cleared;
    judged->gone = cleared->presence == SP_ABSENT || cleared->presence == SP_REMOVED;
    judged->unlisted = judged->gone || (judged->unlisted && cleared->presence == SP_PRESENCE_UNKNOWN);
    if (judged->gone) { /* what may yet be registered is judged by its name, as before */
        judged->severity = judged->match ? judged->severity : SP_SEVERITY_REVIEW;
        judged->like = judged->match ? judged->match->target : NULL;
        judged->match = NULL;
    } else if (cleared->match) {
        judged->match = cleared->match;
        judged->severity = cleared->severity;
    }
}

/* Judges the name that was just searched. */
static int
judge_found(struct sp_checker *checker, const struct question *question, struct sp_verdict *verdict,
            struct sp_error *err)
{
    struct sp_cleared cleared = { 0 };
    struct sp_judged_name judged = {
        .ecosystem = question->ecosystem,
        .name = question->name,
        .version = question->version,
        .place = question->place,
        .names_date = sp_index_names_date(checker->index),
    };
    verdict->checked++;
    if (warn_once(checker, question->ecosystem, verdict, err) < 0)
        return -1;
    judge_alone(checker, &judged);
    if (is_worth_a_look(checker, question)) {
        if (clear(checker, question, &cleared, &verdict->arena, err) < 0 ||
            (cleared.unknown && sp_verdict_unseen(verdict, err, "%s", cleared.unknown) < 0))
            return -1;
        judge_cleared(&judged, &cleared);
    }
    /* what could not be asked clears nobody: it was said already */
    if (checker->result.trusted || (!judged.match && !judged.unlisted) ||
        (judged.severity == SP_SEVERITY_NONE && cleared.unknown))
        return 0;
    return sp_check_add(verdict, &judged, err);
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
