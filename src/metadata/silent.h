/* silent.h: hosts that do not answer: a thousand look-ups must not each wait for one that is not there. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define SP_SILENT_DOUBTED 2 /* so many failures in a row: asked once a question, not again */
#define SP_SILENT_LEFT 5    /* so many: not asked for SP_SILENT_SECONDS */
#define SP_SILENT_SECONDS 60
#define SP_SILENT_HOSTS 64 /* that are watched; the rest are always asked */

struct sp_silent {
    pthread_mutex_t lock;
    struct sp_silent_host {
        char authority[272];
        unsigned failures; /* in a row */
        uint64_t last;     /* nanoseconds */
    } hosts[SP_SILENT_HOSTS];
    unsigned count;
};
void sp_silent_open(struct sp_silent *silent);
void sp_silent_close(struct sp_silent *silent);
/* How often AUTHORITY ("host[:port]") failed in a row; less than SP_SILENT_LEFT
 * again once its time is over. NOW: sp_now(). */
unsigned sp_silent_failures(struct sp_silent *silent, const char *authority, uint64_t now);
void sp_silent_note(struct sp_silent *silent, const char *authority, bool answered, uint64_t now);
