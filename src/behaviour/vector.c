#include "behaviour/vector.h"
#include "ecosystem/purl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const sp_vector_part_names[SP_VECTOR_PARTS] = {
    "all", "build", "install", "load", "run", "rule"
};

#define RULE_LEAD "run/" /* all rules' ids begin so */

size_t
sp_vector_count(void)
{
    return SP_VECTOR_RULES * sp_feature_count + sp_rule_count;
}

const char *
sp_vector_name(size_t index, char out[SP_VECTOR_NAME_MAX])
{
    const struct sp_rule *rule = sp_vector_rule(index);
    snprintf(out, SP_VECTOR_NAME_MAX, "%s.%s", sp_vector_part_names[sp_vector_part(index)],
             rule ? rule->id + strlen(RULE_LEAD) : sp_vector_feature(index)->id);
    return out;
}

int
sp_vector_index(const char *name)
{
    for (size_t part = 0; part < SP_VECTOR_RULES; part++) {
        size_t length = strlen(sp_vector_part_names[part]);
        if (strncmp(name, sp_vector_part_names[part], length) != 0 || name[length] != '.')
            continue;
        for (size_t i = 0; i < sp_feature_count; i++)
            if (!strcmp(sp_feature_table[i].id, name + length + 1))
                return (int)(part * sp_feature_count + i);
    }
    for (size_t i = 0; !strncmp(name, "rule.", 5) && i < sp_rule_count; i++)
        if (!strcmp(sp_rules[i]->id + strlen(RULE_LEAD), name + 5))
            return (int)(SP_VECTOR_RULES * sp_feature_count + i);
    return -1;
}

const struct sp_feature *
sp_vector_feature(size_t index)
{
    return sp_vector_part(index) == SP_VECTOR_RULES ? NULL : &sp_feature_table[index % sp_feature_count];
}

const struct sp_rule *
sp_vector_rule(size_t index)
{
    size_t first = SP_VECTOR_RULES * sp_feature_count;
    return index < first ? NULL : sp_rules[index - first];
}

enum sp_vector_part
sp_vector_part(size_t index)
{
    size_t part = index / sp_feature_count;
    return part < SP_VECTOR_RULES ? (enum sp_vector_part)part : SP_VECTOR_RULES;
}

/* SP_VECTOR_PARTS: none. */
static enum sp_vector_part
part_of(const struct sp_feature_row *row, const char *package)
{
    if (!row->package)
        return !strcmp(row->kind, "all") && row->phase < 0 ? SP_VECTOR_RUN : SP_VECTOR_PARTS;
    if (strcmp(row->package, package) != 0)
        return SP_VECTOR_PARTS;
    switch (row->phase) {
    case -1:
        return SP_VECTOR_ALL;
    case SP_PHASE_BUILD:
        return SP_VECTOR_BUILD;
    case SP_PHASE_INSTALL:
        return SP_VECTOR_INSTALL;
    case SP_PHASE_LOAD:
        return SP_VECTOR_LOAD;
    default:
        return SP_VECTOR_PARTS; /* a package does nothing while it is fetched */
    }
}

bool
sp_vector_fill(float *out, const struct sp_feature_row *rows, size_t count, const char *package)
{
    bool filled[SP_VECTOR_PARTS] = { 0 };
    size_t width = sp_feature_count;
    for (size_t i = 0; i < sp_vector_count(); i++)
        out[i] = sp_vector_part(i) == SP_VECTOR_RULES ? 0 : NAN;
    for (size_t i = 0; i < count; i++) {
        enum sp_vector_part part = part_of(&rows[i], package);
        if (part == SP_VECTOR_PARTS)
            continue;
        filled[part] = true;
        for (size_t feature = 0; feature < width; feature++)
            out[part * width + feature] = (float)rows[i].values[feature];
    }
    for (size_t feature = 0; feature < width; feature++) {
        float *all = &out[SP_VECTOR_ALL * width + feature];
        for (size_t part = SP_VECTOR_BUILD; part <= SP_VECTOR_LOAD; part++)
            if (filled[SP_VECTOR_ALL] && !filled[part] && !isnan(*all))
                out[part * width + feature] = 0;
        if (!strcmp(sp_feature_table[feature].group, "install"))
            *all = out[SP_VECTOR_RUN * width + feature];
    }
    return filled[SP_VECTOR_ALL];
}

static bool
is_about(const struct sp_finding *finding, const struct sp_purl *purl, const char *name)
{
    return finding->name && finding->ecosystem && purl->ecosystem &&
           !strcmp(finding->ecosystem, purl->ecosystem->name) && !strcmp(finding->name, name) &&
           (!finding->version || !purl->version || !strcmp(finding->version, purl->version));
}

void
sp_vector_rules(float *out, const struct sp_finding *findings, size_t count, const char *package)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl = { 0 };
    if (package && (sp_purl_parse(package, strlen(package), &purl, &arena, NULL) < 0 ||
                    sp_purl_package_name(&purl, &name, NULL) < 0))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct sp_finding *finding = &findings[i];
        if (package ? !is_about(finding, &purl, sp_buffer_string(&name)) : finding->name != NULL)
            continue;
        for (size_t rule = 0; rule < sp_rule_count; rule++) {
            float *worst = &out[SP_VECTOR_RULES * sp_feature_count + rule];
            if (!strcmp(finding->rule, sp_rules[rule]->id) && (float)finding->severity > *worst)
                *worst = (float)finding->severity;
        }
    }
}
