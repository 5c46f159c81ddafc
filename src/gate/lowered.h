/* lowered.h: a process that is about to read what strangers wrote. */
#pragma once
#include "gate/places.h"

/* Becomes whoever PLACES says that parsers run as, gives up what else it may do, and dies with its parent. */
int sp_become_lowered(const struct sp_places *places, struct sp_error *err);
