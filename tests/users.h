/* users.h: processes of ordinary users that a test of root's starts, what they tell it, and a helper of the
 * probes with its capabilities for them. */
#pragma once
#include "base/error.h"
#include "sandbox/sandbox.h"

#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#define ALICE 54321u
#define BOB 54322u

extern char users_base[256], users_helper[300]; /* everything lies there; the helper */
extern uid_t users_self;                        /* of the process that a test started */

/* What the process of a user tells the test. */
struct told {
    int failed; /* line of this file; 0: it went well */
    char text[SP_ERROR_TEXT_MAX];
    pid_t keeper, helper;
    unsigned execs, foreign, counted;
    uint64_t opens;
    char sight[SP_ERROR_TEXT_MAX];
};
extern struct told *told; /* shared with it */

/* In the user's process: ends it with the line and what was said. */
#define MUST(condition, why)                                                                                 \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            snprintf(told->text, sizeof(told->text), "%s: %.500s", #condition, (why));                       \
            told->failed = __LINE__;                                                                         \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

/* A process of UID's that runs ACT, at whose end it ends well; *SAID is a socket to ACT's. */
pid_t start_as(uid_t uid, void (*act)(int said), int *said);
/* Waits for its end; a MUST that did not hold fails the test. */
void wait_for(pid_t pid);
void do_as(uid_t uid, void (*act)(int said));
int pidfd_of(pid_t pid);
/* In such a process: an empty sandbox of its user. */
void open_sandbox(struct sp_sandbox **sandbox);

/* For cmocka: homes for the users, and the helper in its place. */
int users_begin(void **state);
int users_finish(void **state);
/* Whether such tests can be run here; says why not. */
bool users_can(void);
