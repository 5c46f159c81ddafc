/* asking.h: one question to the origin: what is sent, and what the answer's head says. */
#pragma once
#include "http/http.h"
#include "metadata/bases.h"
#include "metadata/kept.h"
#include "metadata/transport.h"

struct sp_asking {
    const struct sp_asked *asked;
    const struct sp_bases *bases; /* NULL: no authorization at all */
    const struct sp_kept *known;  /* what is kept already, to be confirmed; NULL: nothing */
    unsigned long fresh_seconds;  /* where the answer says nothing of its age */
    bool once;                    /* no second attempt */

    /* what came; .kept has neither key nor length, and its times are set */
    struct sp_kept kept;
    struct sp_body body; /* begun by the caller, who frees it; complete after an answer */
    bool may_keep;
    bool silent; /* the host that was asked did not answer at all */
};

/* What is sent with the question; NULL none. Borrowed from the bases. */
const char *sp_asking_authorization(const struct sp_bases *bases, const struct sp_asked *asked,
                                    const char *url);
/* Asks. 0 with any status; 304 only where something was known. -1: there was no answer that can be used. */
int sp_ask(struct sp_http *http, struct sp_asking *asking, struct sp_error *err);
