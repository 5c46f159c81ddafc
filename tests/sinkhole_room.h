/* sinkhole_room.h: a network namespace with a sinkhole in it, for tests: a keeper process holds the
 * namespace, a server process outside serves it, and functions of the test are run inside. */
#pragma once
#include "sandbox/sinkhole.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#define SEEN_MAX 4096

struct seen_event {
    enum sp_event_kind kind;
    uint16_t port;
    int64_t value;
    uint64_t bytes;
    char subject[300], detail[700];
};

struct seen { /* shared with the server */
    atomic_uint count;
    struct seen_event items[SEEN_MAX];
};

struct room {
    pid_t keeper, server;
    int stop; /* write end */
    struct seen *seen;
    char missing[160];
    double open_milliseconds;
};

struct room_wishes {
    struct sp_sinkhole_options options; /* sink and stop_fd are filled in */
    bool without_nftables;
    unsigned descriptors; /* that the server may have; 0: as many as the test */
};

/* False: no namespace can be made here; *WHY says why. */
bool room_open(struct room *room, const struct room_wishes *wishes, const char **why);
/* Runs ACT inside; it returns 0, or the line of what is not as it should be. */
void room_run(struct room *room, int (*act)(void *argument), void *argument);
/* Starts it and comes back at once; to be waited for by room_wait. */
pid_t room_start(struct room *room, int (*act)(void *argument), void *argument);
void room_wait(pid_t actor);
/* Stops the server, which must end well; the events stay until room_close. */
void room_stop(struct room *room);
void room_close(struct room *room);

/* An event of KIND about SUBJECT and PORT whose detail holds DETAIL (NULL, 0, NULL: any); NULL: none. Waits a
 * little for it while the server lives. */
const struct seen_event *room_find(struct room *room, enum sp_event_kind kind, const char *subject,
                                   uint16_t port, const char *detail);
unsigned room_count(const struct room *room, enum sp_event_kind kind);
