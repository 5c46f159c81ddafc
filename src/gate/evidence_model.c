/* evidence_model.c: what the model of behaviour says joins what the rules said. The rules' findings stand
 * first: the model supports them, or says alone what no rule is made for. */
#include "gate/evidence.h"
#include "ecosystem/purl.h"

#include <string.h>

/* What one package brings says little; what stands beside it is known by now. */
static void
tell_dependencies(struct sp_evidence *evidence)
{
    uint64_t direct = 0;
    for (size_t i = 0; i < evidence->package_count; i++)
        direct += evidence->packages[i].direct;
    sp_features_dependencies(evidence->features, evidence->package_count, direct,
                             evidence->package_count - direct);
}

static int
name_package(struct sp_finding *finding, const char *package, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl = { 0 };
    const char *text = package;
    if (!package)
        return 0;
    if (sp_purl_parse(package, strlen(package), &purl, arena, NULL) == 0 && purl.ecosystem &&
        sp_purl_package_name(&purl, &name, NULL) == 0) {
        finding->ecosystem = purl.ecosystem->name;
        finding->version = purl.version;
        text = sp_buffer_string(&name);
    }
    finding->name = sp_arena_copy(arena, text, strlen(text), err);
    return finding->name ? 0 : -1;
}

static int
add_finding(struct sp_evidence *evidence, const struct sp_package_risk *risk, struct sp_error *err)
{
    struct sp_arena *arena = &evidence->verdict->arena;
    sp_autobuffer struct sp_buffer message = { 0 };
    struct sp_finding finding = {
        .rule = SP_RISK_RULE,
        .severity = risk->severity,
        .risk = risk->probability,
        .advice =
            risk->severity == SP_SEVERITY_BLOCK
                ? "do not install it before you know why it does this; 'sallyport explain --last' shows "
                  "what the model saw"
                : "look at what it did; 'sallyport explain --last' shows what the model saw",
    };
    if (sp_risk_message(risk, &message, err) < 0 || name_package(&finding, risk->package, arena, err) < 0 ||
        !(finding.message = sp_arena_copy(arena, sp_buffer_string(&message), message.length, err)))
        return -1;
    return sp_verdict_add(evidence->verdict, &finding, err);
}

/* A model that could not judge has acquitted nobody. That probes were missing is told in the first line, and
 * lost events by the rules: neither is told again. */
static int
tell_unseen(const struct sp_evidence *evidence, struct sp_error *err)
{
    const struct sp_risks *risks = &evidence->risks;
    if (risks->blind && !risks->dropped && evidence->model_named)
        return sp_verdict_unseen(evidence->verdict, err, "behaviour model: could not judge, because %s",
                                 risks->blind);
    if (!risks->unjudged)
        return 0;
    const char *name = risks->unjudged_name ? risks->unjudged_name : "what is laid to nobody";
    return risks->unjudged == 1
               ? sp_verdict_unseen(evidence->verdict, err,
                                   "behaviour model: could not judge %s, because the counts of some of its "
                                   "processes are missing",
                                   name)
               : sp_verdict_unseen(evidence->verdict, err,
                                   "behaviour model: could not judge %s and %zu more, because the counts of "
                                   "some of their processes are missing",
                                   name, risks->unjudged - 1);
}

/* The rules' findings, without those that the user allows: what is allowed must not come back as a risk. */
static int
list_findings(const struct sp_evidence *evidence, struct sp_finding **out, size_t *count,
              struct sp_error *err)
{
    const struct sp_verdict *verdict = evidence->verdict;
    struct sp_finding *kept = sp_new_array(verdict->count + 1, sizeof(*kept), err);
    *count = 0;
    *out = kept;
    for (size_t i = 0; kept && i < verdict->count; i++) {
        const struct sp_finding *finding = &verdict->findings[i];
        const struct sp_ecosystem *ecosystem =
            finding->ecosystem ? sp_ecosystem_find(finding->ecosystem, strlen(finding->ecosystem)) : NULL;
        sp_autobuffer struct sp_buffer purl = { 0 };
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_purl parsed;
        if (ecosystem && finding->name &&
            (sp_purl_from_package(ecosystem, finding->name, finding->version, &parsed, &arena, err) < 0 ||
             sp_purl_format(&parsed, &purl, err) < 0))
            return -1;
        if (!evidence->policy ||
            !sp_policy_allows(evidence->policy, finding->rule, purl.length ? sp_buffer_string(&purl) : NULL))
            kept[(*count)++] = *finding;
    }
    return kept ? 0 : -1;
}

int
sp_evidence_model(struct sp_evidence *evidence, struct sp_error *err)
{
    sp_autofree struct sp_finding *findings = NULL;
    size_t finding_count = 0;
    sp_autofree struct sp_feature_row *rows = NULL;
    size_t count = 0;
    tell_dependencies(evidence);
    if (!evidence->model)
        return 0;
    if (sp_features_rows(evidence->features, &rows, &count, err) < 0 ||
        list_findings(evidence, &findings, &finding_count, err) < 0 ||
        sp_risk_judge_rows(evidence->model, rows, count, findings, finding_count, &evidence->risks, err) < 0)
        return -1;
    for (size_t i = 0; i < evidence->risks.count; i++)
        if (evidence->risks.items[i].severity >= SP_SEVERITY_REVIEW &&
            add_finding(evidence, &evidence->risks.items[i], err) < 0)
            return -1;
    return tell_unseen(evidence, err);
}
