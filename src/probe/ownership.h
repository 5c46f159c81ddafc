/* ownership.h: whether a sandbox is its caller's, judged from what the kernel says about its first process.
 * Nothing that the caller says is believed but the descriptors, and of those only what the kernel answers.
 * Private to src/probe. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What is aimed at. The namespaces are held open for as long as it is: their numbers are given to nobody else
 * meanwhile. */
struct sp_probes_room {
    pid_t keeper;      /* as this process sees it */
    int pidfd;         /* owned */
    int network;       /* owned: its network namespace */
    uint32_t netns;    /* inode of that */
    int pids;          /* owned: its pid namespace */
    int group;         /* owned: version 2 group that the hooks are put on; -1: none */
    uint64_t group_id; /* where the keeper has that group to itself: its number; else 0, and membership is by
                          descent from the keeper alone */
};

/* Checks that PIDFD is the first process of a pid namespace, in a user namespace that CALLER made (0: any
 * but this process's own), and fills OUT. GROUP, a descriptor of its control group (-1: none), is taken for
 * what it claims only when it is one of version 2 and holds the keeper and nothing else; else, where the
 * keeper's present group can be opened, that serves for the hooks. Both descriptors belong to OUT afterwards,
 * and are closed where this fails. */
int sp_probes_room_open(struct sp_probes_room *out, int pidfd, int group, uid_t caller, struct sp_error *err);
void sp_probes_room_close(struct sp_probes_room *room);
