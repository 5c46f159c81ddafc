/* scene.h: what the signals share: evidence in words, owners, names. */
#pragma once
#include "metadata/texts.h"

#include <math.h>

#define SP_DAY 86400

/* What is found out once for all signals. */
struct sp_compared {
    struct sp_scene_texts texts;
    /* whether the same people publish both, by the registry's word alone: accounts, owners, namespaces; and
     * a few printable words of how that is seen */
    enum sp_signal_state same_owner;
    char owner[SP_EVIDENCE_MAX];
    int shared_accounts; /* that may publish both; -1: they cannot be compared */
    char shared[SP_EVIDENCE_MAX];
    size_t target_accounts;
};
void sp_scene_compare(struct sp_compared *out, const struct sp_signal_scene *scene);

/* A stranger's words, made printable and cut, to be put into evidence: sp_excerpt(x).text */
struct sp_excerpt {
    char text[72];
};
struct sp_excerpt sp_excerpt(const char *foreign);

/* Decides SEEN with a line of evidence, whose arguments are printable. */
void sp_see(struct sp_signal_seen *seen, bool yes, const char *format, ...) SP_PRINTF(3, 4);
/* Decides it without a word. */
static inline void
sp_see_no(struct sp_signal_seen *seen)
{
    seen->state = SP_SIGNAL_NO;
}

/* The target's name; "" where there is none. */
const char *sp_scene_target(const struct sp_signal_scene *scene);
/* Whether it has a record of a package that is there, or was. */
bool sp_scene_has(const struct sp_record *record, uint32_t needs);
/* Whether the package's text says anything at all, and whether it is known what it says. */
bool sp_scene_text_known(const struct sp_record *record);

bool sp_phrase_has(const struct sp_phrase *phrase, const char *word);
/* One of WORDS (NULL-terminated) that stands in NAME and not in TARGET; NULL: none. */
const char *sp_phrase_added(const struct sp_phrase *name, const struct sp_phrase *target,
                            const char *const *words);
/* Whether all words of PART stand together in WHOLE. */
bool sp_phrase_within(const struct sp_phrase *part, const struct sp_phrase *whole);

/* Days from TIME to now, at least 0; NaN where TIME is unknown or lies in the future. */
double sp_days_ago(const struct sp_signal_scene *scene, int64_t time);
/* When the last release was, and the first; SP_TIME_UNKNOWN. */
int64_t sp_last_release(const struct sp_record *record);
int64_t sp_first_release(const struct sp_record *record);
