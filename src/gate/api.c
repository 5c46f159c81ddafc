/* The public C API over the first journey. */
#include "sallyport/sallyport.h"
#include "ecosystem/purl.h"
#include "gate/check.h"

#include <string.h>

struct sallyport {
    struct sp_checker *checker;
};

/* A result with the verdict that owns its strings. */
struct owned_result {
    struct sallyport_result result; /* first: the pointer that the caller holds is ours */
    struct sp_verdict verdict;
};

static void *
fail(char *error, const struct sp_error *err)
{
    if (error)
        snprintf(error, SALLYPORT_ERROR_MAX, "%s", err->text);
    return NULL;
}

const char *
sallyport_version(void)
{
    return SALLYPORT_VERSION;
}

sallyport *
sallyport_open(const char *index_path, char *error)
{
    struct sp_error err;
    struct sp_check_options options = { .index_path = index_path, .review = -1, .block = -1 };
    sp_autofree sallyport *gate = sp_new(sallyport, &err);
    if (!gate || sp_checker_open(&gate->checker, &options, &err) < 0)
        return fail(error, &err);
    return sp_take(gate);
}

void
sallyport_close(sallyport *gate)
{
    if (!gate)
        return;
    sp_checker_close(gate->checker);
    free(gate);
}

static void
copy_finding(struct sallyport_finding *out, const struct sp_finding *finding)
{
    const char *elsewhere = finding->target_ecosystem;
    *out = (struct sallyport_finding){
        .severity = finding->severity == SP_SEVERITY_BLOCK ? SALLYPORT_BLOCK : SALLYPORT_REVIEW,
        .rule = finding->rule,
        .ecosystem = finding->ecosystem,
        .name = finding->name,
        .target = finding->target,
        .target_ecosystem = !finding->target ? NULL
                            : elsewhere      ? elsewhere
                                             : finding->ecosystem,
        .target_rank = (uint32_t)finding->target_rank,
        .risk = finding->risk,
        .categories = finding->categories,
        .category_count = finding->category_count,
        .message = finding->message,
        .advice = finding->advice,
    };
}

static enum sallyport_outcome
public_outcome(enum sp_outcome outcome)
{
    switch (outcome) {
    case SP_OUTCOME_ALLOW:
        return SALLYPORT_ALLOW;
    case SP_OUTCOME_REVIEW:
        return SALLYPORT_TO_REVIEW;
    case SP_OUTCOME_BLOCK:
        return SALLYPORT_TO_BLOCK;
    default:
        return SALLYPORT_INCONCLUSIVE;
    }
}

/* Fills the public result from the verdict beside it. */
static int
publish(struct owned_result *owned, struct sp_error *err)
{
    struct sp_verdict *verdict = &owned->verdict;
    struct sallyport_finding *findings =
        sp_arena_alloc(&verdict->arena, (verdict->count + 1) * sizeof(*findings), err);
    if (!findings)
        return -1;
    size_t count = 0;
    for (int severity = SP_SEVERITY_BLOCK; severity >= SP_SEVERITY_REVIEW; severity--)
        for (size_t i = 0; i < verdict->count; i++)
            if ((int)verdict->findings[i].severity == severity)
                copy_finding(&findings[count++], &verdict->findings[i]);
    owned->result = (struct sallyport_result){
        .outcome = public_outcome(sp_verdict_outcome(verdict)),
        .count = count,
        .findings = findings,
        .unseen_count = verdict->unseen_count,
        .unseen = (const char *const *)verdict->unseen,
    };
    return 0;
}

static struct sallyport_result *
check(sallyport *gate, const struct sp_ecosystem *ecosystem, const char *name, const char *version,
      char *error)
{
    struct sp_error err;
    struct sp_place place = { 0 };
    struct owned_result *owned = sp_new(struct owned_result, &err);
    if (!owned)
        return fail(error, &err);
    /* a finding may point to the name and the version as they were given, which the caller takes back */
    char *own_name = sp_arena_printf(&owned->verdict.arena, &err, "%s", name);
    char *own_version = version ? sp_arena_printf(&owned->verdict.arena, &err, "%s", version) : NULL;
    if (own_name && (own_version || !version) &&
        sp_check_name(gate->checker, ecosystem, own_name, own_version, &place, &owned->verdict, &err) == 0 &&
        publish(owned, &err) == 0)
        return &owned->result;
    sallyport_result_free(&owned->result);
    return fail(error, &err);
}

struct sallyport_result *
sallyport_check(sallyport *gate, const char *ecosystem, const char *name, const char *version, char *error)
{
    const struct sp_ecosystem *found = sp_ecosystem_find(ecosystem, strlen(ecosystem));
    struct sp_error err;
    if (found)
        return check(gate, found, name, version, error);
    sp_fail(&err, SP_ERROR_USAGE, "unknown ecosystem '%.60s'", ecosystem);
    return fail(error, &err);
}

struct sallyport_result *
sallyport_check_purl(sallyport *gate, const char *purl, char *error)
{
    struct sp_purl parsed;
    struct sp_error err;
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    if (sp_purl_parse(purl, strlen(purl), &parsed, &arena, &err) < 0 ||
        (!parsed.ecosystem &&
         sp_fail(&err, SP_ERROR_INPUT, "packages of type '%.40s' are not known", parsed.type) < 0) ||
        sp_purl_package_name(&parsed, &name, &err) < 0)
        return fail(error, &err);
    return check(gate, parsed.ecosystem, sp_buffer_string(&name), parsed.version, error);
}

void
sallyport_result_free(struct sallyport_result *result)
{
    if (!result)
        return;
    struct owned_result *owned = (struct owned_result *)result;
    sp_verdict_free(&owned->verdict);
    free(owned);
}
