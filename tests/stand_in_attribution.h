/* stand_in_attribution.h: an attribution whose processes are set by the test. */
#pragma once
#include "behaviour/attribution.h"

/* Adds a process; PARENT 0: none. Its actor is that of KIND, PACKAGE and PHASE. */
void stand_in_process(struct sp_attribution *attribution, uint32_t number, uint32_t parent,
                      enum sp_actor_kind kind, const char *package, enum sp_phase phase);
/* The same process, for its program, words and end. */
struct sp_process *stand_in_at(struct sp_attribution *attribution, uint32_t number);
