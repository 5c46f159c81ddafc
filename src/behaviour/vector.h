/* vector.h: what a model sees of one package in one run: its features over all phases and in each phase by
 * itself, side by side, and what each rule said of it. The table that collect writes, the trainer and the
 * judge all read this order. */
#pragma once
#include "behaviour/features.h"
#include "behaviour/rules.h"

#define SP_VECTOR_VERSION SP_FEATURES_VERSION
#define SP_VECTOR_MAX (6u * SP_FEATURES_MAX)

/* Parts of a vector: sp_feature_count numbers each, but for the last. */
enum sp_vector_part {
    SP_VECTOR_ALL, /* of the package over all phases */
    SP_VECTOR_BUILD,
    SP_VECTOR_INSTALL,
    SP_VECTOR_LOAD,
    SP_VECTOR_RUN,   /* of the whole run, whoever acted; for comparison, never for the model in the box */
    SP_VECTOR_RULES, /* sp_rule_count numbers: the worst severity of each rule's findings, 0, 1 or 2 */
    SP_VECTOR_PARTS,
};
extern const char
    *const sp_vector_part_names[SP_VECTOR_PARTS]; /* "all", "build", "install", "load", "run", "rule" */

size_t sp_vector_count(void); /* SP_VECTOR_RULES * sp_feature_count + sp_rule_count */
/* Writes "all.own.decoys", "load.tcp.remote-ips", "rule.connection" and so on into OUT; returns OUT. */
#define SP_VECTOR_NAME_MAX 64
const char *sp_vector_name(size_t index, char out[SP_VECTOR_NAME_MAX]);
/* The place of NAME, or -1. */
int sp_vector_index(const char *name);
/* Of a number of the part RULES there is no feature, of all others no rule: NULL. */
const struct sp_feature *sp_vector_feature(size_t index);
const struct sp_rule *sp_vector_rule(size_t index);
enum sp_vector_part sp_vector_part(size_t index);

/* Fills OUT (sp_vector_count numbers) with what ROWS (of sp_features_rows) say of PACKAGE (a purl). A part
 * without a row is NaN throughout, but for a package that has a row of its own in some phase: then nothing of
 * it was seen in the others, which is 0 wherever the package's row over all phases has a number. The Install
 * group is of the whole run, and stands in the parts ALL and RUN alike. The part RULES becomes 0. False: no
 * row is about PACKAGE. */
bool sp_vector_fill(float *out, const struct sp_feature_row *rows, size_t count, const char *package);
/* Fills the part RULES of OUT with the worst that FINDINGS say of PACKAGE (NULL: of nobody). */
void sp_vector_rules(float *out, const struct sp_finding *findings, size_t count, const char *package);
