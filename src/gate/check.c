#include "gate/check.h"
#include "base/hash.h"

#include <string.h>

struct sp_checker {
    struct sp_index *index;
    uint32_t warned; /* ecosystems of which it was said that there is nothing to compare with */
    bool borrowed;   /* the index is another checker's */
    struct sp_searcher *searcher;
    double review, block;
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

int
sp_check_name(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
              const char *version, const struct sp_place *place, struct sp_verdict *verdict,
              struct sp_error *err)
{
    struct sp_search_result *result = &checker->result;
    if (sp_search(checker->searcher, ecosystem, name, strlen(name), result, err) < 0)
        return -1;
    verdict->checked++;
    /* nothing to compare with is not the same as nothing found */
    if (!sp_index_trusted_count(checker->index, ecosystem->id) && !(checker->warned >> ecosystem->id & 1)) {
        checker->warned |= 1u << ecosystem->id;
        if (sp_verdict_unseen(
                verdict, err,
                "the index holds no popular packages of %s: its names are compared with nothing; add "
                "them with 'sallyport index build --trusted %s=FILE'",
                ecosystem->title, ecosystem->name) < 0)
            return -1;
    }
    const struct sp_match *match =
        result->count && result->matches[0].risk >= checker->review ? &result->matches[0] : NULL;
    if (result->trusted || (!match && !result->unlisted))
        return 0;

    uint32_t categories = match ? match->categories : 0;
    if (result->unlisted)
        categories |= 1u << SP_CATEGORY_SLOPSQUATTING;
    struct sp_finding finding = {
        .rule = rule_of(categories, match),
        .severity = match && match->risk >= checker->block ? SP_SEVERITY_BLOCK : SP_SEVERITY_REVIEW,
        .ecosystem = ecosystem->name,
        .name = copy(verdict, name, err),
        .version = copy(verdict, version, err),
    };
    if (place) {
        finding.place = *place;
        finding.place.file = copy(verdict, place->file, err);
    }
    if (!finding.name || (version && !finding.version) || (place && place->file && !finding.place.file) ||
        list_categories(verdict, categories, &finding, err) < 0)
        return -1;
    int status = match ? fill_match(verdict, match, &finding, err)
                       : fill_unlisted(checker, ecosystem, verdict, &finding, err);
    return status < 0 ? -1 : sp_verdict_add(verdict, &finding, err);
}

/* A lockfile names a package once for each place it is installed to; one finding is enough for a name and
 * version, at the first place. */
struct reading {
    struct sp_checker *checker;
    struct sp_verdict *verdict;
    struct sp_map seen;
    struct sp_buffer key;
};

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
    if (sp_check_name(reading->checker, dependency->ecosystem, dependency->name, dependency->version,
                      &dependency->place, reading->verdict, &problem) == 0)
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

int
sp_check_manifest(struct sp_checker *checker, const char *path, const struct sp_manifest_format *format,
                  struct sp_verdict *verdict, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct reading reading = { .checker = checker, .verdict = verdict };
    struct sp_manifest_reading manifest = {
        .arena = &arena,
        .sink = check_dependency,
        .context = &reading,
        .unseen = note_unseen,
    };
    int status = sp_manifest_read_file(&manifest, format, path, err);
    sp_map_free(&reading.seen);
    sp_buffer_free(&reading.key);
    return status;
}
