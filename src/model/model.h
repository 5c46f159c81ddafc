/* model.h: boosted trees, random forests, single trees and logistic regression over float features.
 *
 * A model lives in two forms. The text form (struct sp_model, sp_model_read, sp_model_write) is for people
 * and version control. The compiled form (sp_model_compile, struct sp_model_view) is used where it lies, in a
 * mapped file: opening it checks every node once and allocates nothing.
 *
 * A missing feature is not-a-number: each split says where it goes. Features are given in the model's order;
 * ask sp_model_feature_index for the place of a name. */
#pragma once
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/calibration.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_MODEL_FORMAT 1          /* of the text form */
#define SP_MODEL_COMPILED_FORMAT 2 /* 2: carries the notes */
#define SP_MODEL_NAME_MAX 63       /* of a feature; printable ASCII without a space */
#define SP_MODEL_FEATURES_MAX 4096
#define SP_MODEL_TREES_MAX 20000
#define SP_MODEL_TREE_NODES_MAX 65535
#define SP_MODEL_NODES_MAX ((size_t)8 << 20)
#define SP_MODEL_DEPTH_MAX 32
#define SP_MODEL_THRESHOLDS_MAX 16
#define SP_MODEL_THRESHOLD_NAME_MAX 23
#define SP_MODEL_LINE_MAX 1023             /* of the text form, without the newline */
#define SP_MODEL_NOTE_BYTES_MAX (1u << 20) /* of the notes of a compiled model */
#define SP_MODEL_FILE_MAX ((size_t)256 << 20)

enum sp_model_kind {
    SP_MODEL_BOOSTED,  /* margin: log-odds, base plus the leaves; probability: its sigmoid */
    SP_MODEL_FOREST,   /* margin: the trees' mean share of positives; probability: the same within [0, 1] */
    SP_MODEL_TREE,     /* a forest of one */
    SP_MODEL_LOGISTIC, /* margin: log-odds, base plus one term a feature */
};
#define SP_MODEL_KINDS 4

/* A node of a tree. The nodes of a tree are numbered level by level, so the children of the n-th split lie at
 * 2n+1 and 2n+2: each comes after its parent and has no other. */
struct sp_model_node {
    float split;      /* a value below it goes left; of a leaf: the leaf's value */
    uint16_t feature; /* | SP_NODE_MISSING_RIGHT; of a leaf: 0 */
    uint16_t step;    /* distance to the left child, the right one lies behind it; of a leaf: 0 */
};
#define SP_NODE_MISSING_RIGHT 0x8000u
#define SP_NODE_FEATURE 0x7fffu

struct sp_model_tree {
    uint32_t first; /* its root */
    uint32_t depth; /* of its deepest leaf; a lone leaf is 0 */
};

/* A feature's term in a logistic model: weight * (value - centre), or missing where there is no value. */
struct sp_model_term {
    double weight, centre, missing;
};

struct sp_model_threshold {
    char name[SP_MODEL_THRESHOLD_NAME_MAX + 1];
    double value; /* a probability */
};

/* A model that can be changed and written. Made by sp_model_new, sp_model_read or sp_train. */
struct sp_model {
    enum sp_model_kind kind;
    size_t feature_count;
    char **features; /* owned by the arena */
    double base;
    struct sp_calibration calibration;
    size_t threshold_count;
    struct sp_model_threshold thresholds[SP_MODEL_THRESHOLDS_MAX];
    char *command; /* the training command, or NULL; owned by the arena */
    char **notes;  /* provenance: where the rows came from, the scores; one line each */
    size_t note_count, note_capacity;
    struct sp_model_term *terms; /* logistic: feature_count of them; else NULL */
    struct sp_model_tree *trees;
    size_t tree_count, tree_capacity;
    struct sp_model_node *nodes;
    float *covers; /* one a node: training weight that came by, for contributions */
    size_t node_count, node_capacity, cover_capacity;
    struct sp_arena arena;
};

const char *sp_model_kind_name(enum sp_model_kind kind);
/* Whether TEXT names a kind, which goes to *OUT. */
bool sp_model_kind_parse(enum sp_model_kind *out, const char *text);

/* An empty model over COUNT features whose NAMES are copied; the caller frees it. */
int sp_model_new(struct sp_model **out, enum sp_model_kind kind, const char *const *names, size_t count,
                 struct sp_error *err);
void sp_model_free(struct sp_model *model);
static inline void
sp_cleanup_model(struct sp_model **model)
{
    sp_model_free(*model);
}
#define sp_automodel __attribute__((cleanup(sp_cleanup_model)))

/* Sets or replaces a threshold; NAME is lower-case letters, digits and '-', VALUE within [0, 1]. */
int sp_model_set_threshold(struct sp_model *model, const char *name, double value, struct sp_error *err);
/* COMMAND and NOTE are one printable line each, copied. No dates: the same command gives the same bytes. */
int sp_model_set_command(struct sp_model *model, const char *command, struct sp_error *err);
int sp_model_add_note(struct sp_model *model, struct sp_error *err, const char *format, ...) SP_PRINTF(3, 4);
/* Appends a tree of COUNT nodes in level order; refused where it breaks a rule of struct sp_model_node. */
int sp_model_add_tree(struct sp_model *model, const struct sp_model_node *nodes, const float *covers,
                      size_t count, struct sp_error *err);

/* Reads the text form; PATH is for messages. The caller frees *OUT. */
int sp_model_read(struct sp_model **out, const char *text, size_t length, const char *path,
                  struct sp_error *err);
/* Appends the text form to OUT; reading it back gives the same model, bit by bit. */
int sp_model_write(const struct sp_model *model, struct sp_buffer *out, struct sp_error *err);
/* Appends the compiled form to OUT (to be used on machines of the same byte order; others refuse it).
 * OUT's length must be a multiple of 8 before, and is after. */
int sp_model_compile(const struct sp_model *model, struct sp_buffer *out, struct sp_error *err);

/* A compiled model, ready to predict. Points into bytes that it does not own. Safe to share between threads.
 */
struct sp_model_view {
    enum sp_model_kind kind;
    size_t feature_count, tree_count, node_count, threshold_count, knot_count, note_count;
    double base;
    enum sp_calibration_kind calibration;
    double slope, intercept;
    uint64_t fingerprint; /* of all that decides a prediction; to be shown, not to be trusted */
    const struct sp_knot *knots;
    const struct sp_model_threshold *thresholds;
    const struct sp_model_term *terms;
    const struct sp_model_tree *trees;
    const struct sp_model_node *nodes;
    const float *covers;
    const uint32_t *name_starts; /* feature_count of them, into names */
    const char *names;           /* NUL-terminated each */
    const char *notes;           /* the same, note_count of them */
};

/* Opens SIZE bytes at BYTES (aligned to 8), which must outlive VIEW and not change. Whatever they hold, the
 * functions below stay within them and end. */
int sp_model_open(struct sp_model_view *view, const void *bytes, size_t size, struct sp_error *err);

/* A model file of either form, with what it needs to stay usable. Free with sp_model_file_free. */
struct sp_model_file {
    struct sp_model_view view;
    struct sp_mapping mapping; /* of a compiled file */
    struct sp_buffer compiled; /* of a text file */
};
int sp_model_load(struct sp_model_file *out, const char *path, struct sp_error *err);
/* Compiles MODEL into OUT: a model just trained or read, ready to predict; MODEL is not kept. */
int sp_model_use(struct sp_model_file *out, const struct sp_model *model, struct sp_error *err);
void sp_model_file_free(struct sp_model_file *file);
#define sp_automodelfile __attribute__((cleanup(sp_model_file_free)))

size_t sp_model_feature_count(const struct sp_model_view *view);
/* Owned by the view's bytes. */
const char *sp_model_feature_name(const struct sp_model_view *view, size_t index);
/* The place of NAME, or -1. */
int sp_model_feature_index(const struct sp_model_view *view, const char *name);
/* Whether the model has a threshold NAME, which goes to *VALUE. */
bool sp_model_threshold(const struct sp_model_view *view, const char *name, double *value);

/* What follows KEY and a space in the first note that begins so, owned by the view's bytes; NULL: none does.
 */
const char *sp_model_note(const struct sp_model_view *view, const char *key);

/* The raw score of FEATURES (feature_count of them); a number whatever they are. Allocates nothing. */
double sp_model_margin(const struct sp_model_view *view, const float *features);
/* The probability of the positive class, within [0, 1]: the margin through calibration, or through the kind's
 * own link where the model has none. */
double sp_model_predict(const struct sp_model_view *view, const float *features);
double sp_model_probability(const struct sp_model_view *view, double margin);
/* What each feature added to the margin, and last what the model says before it knows any (feature_count + 1
 * values); their sum is the margin. Trees: exact path-dependent TreeSHAP (Lundberg et al. 2020), as XGBoost's
 * pred_contribs. Logistic: the terms. Allocates nothing; returns 0. */
int sp_model_contributions(const struct sp_model_view *view, const float *features, float *out);
