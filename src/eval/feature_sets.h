/* feature_sets.h: the groups of columns that the tables of the papers, and ours, are made over. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum sp_scope {
    SP_SCOPE_ANY,
    SP_SCOPE_RUN,     /* of the whole run, whoever acted: DySec's measure */
    SP_SCOPE_PACKAGE, /* of the package, over all phases */
};

struct sp_feature_set {
    const char *title, *reference; /* REFERENCE: QUT-DV25's name of the set; NULL: none */
    enum sp_scope scope;
    bool ablation;
    bool (*holds)(size_t index, const char *word); /* a column of behaviour/vector.h */
    const char *word;
};
extern const struct sp_feature_set sp_feature_sets[];
extern const size_t sp_feature_set_count;
