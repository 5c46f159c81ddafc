/* risk.h: the model's judge: how much what a package did resembles what attacks do. A model is a file of
 * model/model.h over the names of behaviour/vector.h, with thresholds 'review' and 'block' and a note
 * 'features_version N'. docs/judging.md. */
#pragma once
#include "base/memory.h"
#include "behaviour/features.h"
#include "behaviour/rules.h"
#include "verdict/risk.h"

#define SP_RISK_RULE "run/behaviour-model"
/* No rule of sp_rules, which look at events: it has no .read. Its row stands in docs/rules.md among theirs.
 */
extern const struct sp_rule sp_rule_behaviour_model;

#define SP_RISK_PATH_MAX 4096
/* $SALLYPORT_MODEL, else the file that lies where a build or an installation puts it beside the running
 * program, else where one is installed; may be written into ROOM. Never NULL. */
const char *sp_risk_default_path(char room[SP_RISK_PATH_MAX]);

struct sp_risk_judge;
/* Opens the model at PATH (either form; NULL: the default) and finds its features. Refused with
 * SP_ERROR_INPUT: a damaged file, a feature that there is not, another features version, a threshold that is
 * missing. Freed with sp_risk_close. */
int sp_risk_open(struct sp_risk_judge **out, const char *path, struct sp_error *err);
void sp_risk_close(struct sp_risk_judge *judge);                              /* NULL is fine */
const struct sp_risk_model *sp_risk_model(const struct sp_risk_judge *judge); /* as long as JUDGE */

/* What was said of a run. Zero-initialise; freed with sp_risks_free. */
struct sp_risks {
    struct sp_arena arena;
    struct sp_package_risk *items; /* the highest first */
    size_t count, capacity;
    size_t unjudged;           /* packages of which too little was seen */
    const char *unjudged_name; /* purl of the first of them; NULL: what is laid to nobody */
    const char *blind;         /* why nothing at all could be judged, though somebody acted; NULL: it could */
    bool dropped;              /* that is because events were lost, which the rules tell */
};
/* Judges every package of ROWS (of sp_features_rows) in the light of what the rules found (FINDINGS, those
 * that the user allows left out), and what is laid to nobody as if it were one. */
int sp_risk_judge_rows(const struct sp_risk_judge *judge, const struct sp_feature_row *rows, size_t count,
                       const struct sp_finding *findings, size_t finding_count, struct sp_risks *out,
                       struct sp_error *err);
void sp_risks_free(struct sp_risks *risks);

/* Appends "behaves like an attack: risk 0.97 (read 2 planted secrets while installing; ...)". */
int sp_risk_message(const struct sp_package_risk *risk, struct sp_buffer *out, struct sp_error *err);

/* Appends what VALUE (not-a-number: not seen) of FEATURE (a place in sp_feature_table) says of a package:
 * "started 3 shells", "started no shells", followed by WHEN ("while installing"; "": nothing). */
int sp_risk_words(size_t feature, double value, const char *when, struct sp_buffer *out,
                  struct sp_error *err);
