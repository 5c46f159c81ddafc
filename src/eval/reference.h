/* reference.h: what others published, to stand beside our figures. Their data are not ours. */
#pragma once
#include "base/attributes.h"
#include "eval/measures.h"

struct sp_reference {
    const char *set; /* QUT-DV25's name */
    enum sp_method method;
    double accuracy, f1; /* on its test part */
};
/* NULL: none was published; SET may be NULL. */
const struct sp_reference *sp_reference_find(const char *set, enum sp_method method);

struct sp_published_system {
    const char *title;
    double accuracy, f1, auc; /* not-a-number: not published */
    const char *source;
};
extern const struct sp_published_system sp_published_systems[];
extern const size_t sp_published_system_count;
