/* check_finding.h: what was judged of a name, as a finding in words. */
#pragma once
#include "gate/clearing.h"

/* All borrowed. */
struct sp_judged_name {
    const struct sp_ecosystem *ecosystem;
    const char *name, *version;   /* version NULL: not stated */
    const struct sp_place *place; /* NULL: unknown */
    const struct sp_match *match; /* what it may be mistaken for; NULL: nothing */
    enum sp_severity severity;
    bool unlisted;                    /* its registry's list does not hold it */
    bool gone;                        /* its registry knows no such package, or took it away */
    const char *like;                 /* of one that is gone: what it resembles; NULL: nothing */
    const struct sp_cleared *cleared; /* what metadata says; NULL: nobody was asked */
    const char *names_date;           /* of the list, "" unknown */
};

/* Adds it to VERDICT; strings go to its arena. */
int sp_check_add(struct sp_verdict *verdict, const struct sp_judged_name *judged, struct sp_error *err);
