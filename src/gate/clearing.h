/* clearing.h: whether a lookalike is cleared by what its registry says of it and of its target. */
#pragma once
#include "metadata/filter.h"
#include "metadata/llm.h"
#include "metadata/metadata.h"
#include "metadata/owners.h"
#include "metadata/texts.h"
#include "name/search.h"
#include "verdict/finding.h"

#define SP_CLEARED_MATCHES 3 /* targets of one name that are looked up, the likeliest first */

/* All borrowed; shared by the threads that check. */
struct sp_clearing {
    struct sp_metadata *metadata;
    const struct sp_filter *filter;
    const struct sp_embedding *embedding;
    const struct sp_owner_list *owners;
    const struct sp_weights *weights;
    struct sp_llm *llm;   /* NULL: none is asked */
    double review, block; /* thresholds of risk; negative: the filter's own */
};

struct sp_cleared {
    const struct sp_match *match; /* of the result: the target that is likeliest after all; NULL: none */
    double risk, name_risk, bias;
    enum sp_severity severity;
    enum sp_presence presence; /* of the candidate */
    const char *unknown;       /* one line: what could not be looked up, and why; in the arena; NULL */
    const char *floor;         /* what decided in the model's place; static; NULL */
    const struct sp_seen_signal *signals; /* in the arena */
    size_t signal_count;
};

/* Whether RESULT is worth a look: else no metadata would make an alarm of it. */
bool sp_clearing_wants(const struct sp_clearing *clearing, const struct sp_search_result *result);
/* What judging it will look up, the candidate first: at most 1 + SP_CLEARED_MATCHES. Borrows NAME, VERSION
 * and the result's strings. */
size_t sp_clearing_sought(const struct sp_clearing *clearing, const struct sp_ecosystem *ecosystem,
                          const char *name, const char *version, const struct sp_search_result *result,
                          struct sp_sought out[1 + SP_CLEARED_MATCHES]);
/* Looks up what is not known yet, and judges. Strings go to ARENA. */
int sp_clearing_judge(const struct sp_clearing *clearing, const struct sp_ecosystem *ecosystem,
                      const char *name, const char *version, const struct sp_search_result *result,
                      struct sp_cleared *out, struct sp_arena *arena, struct sp_error *err);
/* Reads all signals of a pair whose records are at hand (NULL: not). */
void sp_clearing_read(const struct sp_clearing *clearing, const struct sp_record *name,
                      const struct sp_record *target, const struct sp_match *match,
                      struct sp_signal_seen seen[SP_SIGNAL_COUNT]);
