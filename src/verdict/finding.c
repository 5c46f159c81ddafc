#include "verdict/finding.h"

#include <stdarg.h>
#include <string.h>

const char *
sp_severity_name(enum sp_severity severity)
{
    static const char *const names[] = { "none", "review", "block" };
    return names[severity];
}

const char *
sp_outcome_name(enum sp_outcome outcome)
{
    static const char *const names[] = { "allow", "review", "block", "inconclusive" };
    return names[outcome];
}

const char *
sp_edit_kind_name(enum sp_edit_kind kind)
{
    static const char *const names[] = { "keep", "insert", "delete", "replace", "transpose", "move" };
    return names[kind];
}

bool
sp_rule_needs_version(const char *rule)
{
    static const char *const rules[] = { "run/canary-sent", "run/digest" };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (!strcmp(rule, rules[i]))
            return true;
    return false;
}

int
sp_verdict_add(struct sp_verdict *verdict, const struct sp_finding *finding, struct sp_error *err)
{
    if (sp_grow(verdict->findings, verdict->capacity, verdict->count + 1, err) < 0)
        return -1;
    verdict->findings[verdict->count++] = *finding;
    return 0;
}

int
sp_verdict_unseen(struct sp_verdict *verdict, struct sp_error *err, const char *format, ...)
{
    if (sp_grow(verdict->unseen, verdict->unseen_capacity, verdict->unseen_count + 1, err) < 0)
        return -1;
    char line[SP_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    char *copy = sp_arena_printf(&verdict->arena, err, "%s", line);
    if (!copy)
        return -1;
    verdict->unseen[verdict->unseen_count++] = copy;
    return 0;
}

size_t
sp_verdict_count(const struct sp_verdict *verdict, enum sp_severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->count; i++)
        count += verdict->findings[i].severity == severity;
    return count;
}

enum sp_outcome
sp_verdict_outcome(const struct sp_verdict *verdict)
{
    if (sp_verdict_count(verdict, SP_SEVERITY_BLOCK))
        return SP_OUTCOME_BLOCK;
    if (verdict->unseen_count)
        return SP_OUTCOME_INCONCLUSIVE;
    return sp_verdict_count(verdict, SP_SEVERITY_REVIEW) ? SP_OUTCOME_REVIEW : SP_OUTCOME_ALLOW;
}

void
sp_verdict_free(struct sp_verdict *verdict)
{
    free(verdict->findings);
    free(verdict->unseen);
    sp_arena_free(&verdict->arena);
    *verdict = (struct sp_verdict){ 0 };
}
