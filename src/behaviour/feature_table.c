/* feature_table.c: the one list of features, for people and for the files that make the values. */
#include "behaviour/feature_tally.h"

#define X(id, title, group, unit, probe, source, from, at, sight, definition)                                \
    { id, title, group, unit, probe, source, definition },
const struct sp_feature sp_feature_table[] = {
#include "behaviour/feature_list.inc"
};
#undef X

#define X(id, title, group, unit, probe, source, from, at, sight, definition) { SP_FROM_##from, at, sight },
const struct sp_feature_making sp_feature_makings[] = {
#include "behaviour/feature_list.inc"
};
#undef X

const size_t sp_feature_count = SP_COUNT(sp_feature_table);
_Static_assert(SP_COUNT(sp_feature_table) <= SP_FEATURES_MAX, "more features than a row holds");
