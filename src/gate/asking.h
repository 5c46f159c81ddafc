/* asking.h: look-ups on behalf of a run, by a process of their own that has given up its rights before the
 * first hostile byte: a run may be root's. */
#pragma once
#include "gate/lookups.h"
#include "gate/places.h"

struct sp_asking;
/* Starts the process; it ends with sp_asking_stop, or when this one dies. LOOKUPS has been read, not started;
 * INDEX and PLACES are borrowed. */
int sp_asking_start(struct sp_asking **out, struct sp_lookups *lookups, struct sp_index *index,
                    const struct sp_places *places, const char *cache, struct sp_error *err);
void sp_asking_stop(struct sp_asking *asking);

/* Has NAME and what it resembles looked up, without waiting. Losing it costs time alone. */
void sp_asking_hint(struct sp_asking *asking, const struct sp_ecosystem *ecosystem, const char *name,
                    const char *version);
/* As sp_clearing_judge. A process that is gone makes the candidate unknown. For one thread. */
int sp_asking_judge(struct sp_asking *asking, const struct sp_ecosystem *ecosystem, const char *name,
                    const char *version, const struct sp_search_result *result, struct sp_cleared *out,
                    struct sp_arena *arena, struct sp_error *err);
