/* signal_cases.h: each signal by packages that people can picture: where it is seen, where it is not, and
 * where nobody can know. */
#pragma once
#include "signal_scene.h"

struct signal_case {
    enum sp_signal_id id;
    enum sp_signal_state state;
    const char *story;
    struct told name, target;
    int distance;        /* -1: the two names were never compared */
    uint32_t categories; /* bits of enum sp_category_id */
    const char *says;    /* part of the evidence; NULL: anything */
};

#define YES SP_SIGNAL_YES
#define NO SP_SIGNAL_NO
#define UNKNOWN SP_SIGNAL_UNKNOWN
#define LODASH_SAYS "Lodash modular utilities for arrays, strings and objects."
#define IS(category) (1u << SP_CATEGORY_##category)

/* signal_cases_words.h and signal_cases_facts.h hold them */
