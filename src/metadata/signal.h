/* signal.h: what metadata says about a pair of packages: one signal a file, each a const struct; one table
 * lists them. A signal is deterministic, says what it saw, and is unknown where a field that it needs is. */
#pragma once
#include "metadata/record.h"
#include "name/embedding.h"
#include "name/search.h"

#define SP_EVIDENCE_MAX 320

enum sp_signal_id {
    SP_SIGNAL_OBVIOUS_DIFFERENCE,
    SP_SIGNAL_ADVERSARIAL_NAME,
    SP_SIGNAL_DISTINCT_PURPOSE,
    SP_SIGNAL_NEAR_COPY, /* description or readme nearly the target's, and another owner */
    SP_SIGNAL_FORK,
    SP_SIGNAL_EXPERIMENT,
    SP_SIGNAL_EXTENSION, /* plugin, adapter, types, binding of the target; or depends on it */
    SP_SIGNAL_KNOWN_OWNER,
    SP_SIGNAL_OVERLAPPING_MAINTAINERS,
    SP_SIGNAL_COMPREHENSIVE_METADATA,
    SP_SIGNAL_ACTIVE_DEVELOPMENT,
    SP_SIGNAL_NO_README,
    SP_SIGNAL_SUSPICIOUS_INTENT,
    SP_SIGNAL_RELOCATED,
    SP_SIGNAL_SECURITY_HOLDING,
    SP_SIGNAL_NEWLY_PUBLISHED,
    SP_SIGNAL_NEW_ACCOUNT,
    SP_SIGNAL_INSTALL_HOOK,
    SP_SIGNAL_BORROWED_REPOSITORY, /* states the target's repository, and others publish it */
    SP_SIGNAL_REPOSITORY_MISMATCH, /* states one whose name has nothing to do with the package */
    SP_SIGNAL_POPULAR,             /* downloads beside the target's, and of age */
    SP_SIGNAL_LONG_LIVED,          /* both have been there for years */
    SP_SIGNAL_OLDER_THAN_TARGET,
    SP_SIGNAL_PROVENANCE,
    SP_SIGNAL_VERSION_JUMP, /* few releases and a version far above any pace (99.0.0): dependency confusion */
    SP_SIGNAL_COUNT,
};

enum sp_signal_state { SP_SIGNAL_UNKNOWN, SP_SIGNAL_NO, SP_SIGNAL_YES };
enum sp_signal_lean { SP_LEANS_BENIGN, SP_LEANS_ATTACK };

/* What signals look at. All borrowed. NAME and TARGET may be NULL (never looked up) or without presence. */
struct sp_signal_scene {
    const struct sp_record *name, *target;
    const struct sp_match *match; /* how the two names relate */
    const struct sp_embedding *embedding;
    const struct sp_owner_list *owners; /* verified organisations; NULL: none are known */
    const struct sp_weights *weights;   /* of words, for TF-IDF; NULL: every word weighs the same */
    int64_t now;                        /* seconds since 1970 */
    const struct sp_compared *compared; /* filled in by sp_signals_read, never by whoever calls it */
};

struct sp_signal_seen {
    enum sp_signal_state state;
    double value;                   /* what was measured (a cosine, days, a share); NaN: nothing */
    char evidence[SP_EVIDENCE_MAX]; /* one printable line; "" where there is nothing to say */
};

struct sp_signal {
    enum sp_signal_id id;
    const char *name;        /* "overlapping-maintainers" */
    const char *title;       /* "the same people publish the target" */
    const char *definition;  /* with its thresholds, one or two sentences, for the docs */
    const char *source;      /* "ConfuGuard, rule 10" */
    const char *counterpart; /* the column of ConfuGuard's table that means the same; NULL none */
    enum sp_signal_lean lean;
    uint32_t needs, target_needs; /* bits of enum sp_field: missing, the signal is unknown */
    /* SEEN is zeroed and its value NaN; called only where the needs are met. */
    void (*read)(const struct sp_signal_scene *scene, struct sp_signal_seen *seen);
};
extern const struct sp_signal *const sp_signals[SP_SIGNAL_COUNT];

/* Reads all signals. Allocates nothing that outlives it; at most 1 ms for records of ordinary size. */
void sp_signals_read(const struct sp_signal_scene *scene, struct sp_signal_seen out[SP_SIGNAL_COUNT]);
