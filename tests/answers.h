/* answers.h: a transport that answers from a table, and notes what it was asked. */
#pragma once
#include "metadata/transport.h"

#define ANSWERS_MAX 32

struct answers {
    struct answer {
        const char *url; /* borrowed, as everything here */
        long status;
        const char *type;
        const char *bytes; /* NULL with status 0: no answer at all, the host is down */
        size_t length;
        bool whole;    /* a part is asked for, the whole comes (status 200) */
        uint64_t said; /* the size of the whole that a part is said to be of; 0: the true one */
    } items[ANSWERS_MAX];
    size_t count;
    struct sp_asked asked[ANSWERS_MAX]; /* in order; .url is that of .items where there is one */
    char asked_urls[ANSWERS_MAX][512];
    size_t asked_count;
};
/* Status 200 where not said otherwise. */
struct answer *answers_add(struct answers *answers, const char *url, const char *type, const char *bytes,
                           size_t length);
struct answer *answers_add_text(struct answers *answers, const char *url, const char *type, const char *text);
struct answer *answers_add_status(struct answers *answers, const char *url, long status);
/* A URL that is not in the table is answered by 404. Its time is ANSWERS_TIME. Not for threads. */
struct sp_transport answers_transport(struct answers *answers);
bool answers_were_asked(const struct answers *answers, const char *url);
#define ANSWERS_TIME 1700000000
