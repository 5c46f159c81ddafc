/* load.h: the programs, loaded and aimed. Only the helper process includes this: it alone is linked with
 * libbpf and holds the right to load. */
#pragma once
#include "base/error.h"
#include "probe/symbols.h"
#include "probe/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sp_eyes; /* one set of programs */
/* Loads. Needs CAP_BPF and CAP_PERFMON, for the hooks of control groups also CAP_NET_ADMIN; BTF of the
 * running kernel. ERR says what is missing. */
int sp_eyes_load(struct sp_eyes **out, struct sp_error *err);

struct sp_eyes_file {
    uint64_t device, inode; /* s_dev, i_ino */
    uint64_t size;
    uint32_t decoy;
    uint32_t proves;
};
struct sp_eyes_aim {
    uint32_t keeper;    /* process id as this process sees it; its children are watched, it is not */
    int cgroup;         /* directory descriptor of its version 2 group, borrowed; -1: none */
    uint64_t cgroup_id; /* inode of that directory; 0: none */
    uint32_t netns;     /* inode of its network namespace */
    const struct sp_eyes_file *files;
    size_t file_count;
    bool refuse, kill;
    uint32_t proxy_address; /* network order */
    uint16_t proxy_port;
    const char *home;                     /* inside; NULL */
    const struct sp_eyes_uprobe *uprobes; /* as for sp_eyes_hook */
    size_t uprobe_count;
};
/* Attaches; from then on nothing that the keeper's children do is missed. Once at a time. */
int sp_eyes_aim(struct sp_eyes *eyes, const struct sp_eyes_aim *aim, struct sp_error *err);
/* Attaches uprobes; those of one file must stand together in UPROBES. Those that are there already, be it
 * through another overlay, cost nothing more: the first time costs some 15 ms (the C library is everywhere),
 * which can be spent while the sandbox is built, since a file is the same beneath the host's root. */
void sp_eyes_hook(struct sp_eyes *eyes, const struct sp_eyes_uprobe *uprobes, size_t count);
/* Detaches, but for the uprobes, which are silent from here on. What went through files and was not told yet
 * is then read with sp_eyes_leftovers. */
int sp_eyes_rest(struct sp_eyes *eyes, struct sp_error *err);
/* Takes at most COUNT of what is left. Returns how many; 0: there are no more. */
size_t sp_eyes_leftovers(struct sp_eyes *eyes, struct sp_wire_file *out, size_t count);
/* The ring, the counts (struct sp_wire_counts[SP_WIRE_PROCESSES]) and the control (struct sp_wire_control),
 * all to be mapped; owned by EYES. */
enum sp_eyes_fd { SP_EYES_RING, SP_EYES_COUNTS, SP_EYES_CONTROL, SP_EYES_FDS };
void sp_eyes_fds(const struct sp_eyes *eyes, int fds[SP_EYES_FDS]);
/* What cannot be seen although the programs are loaded: "uprobes: 2 of 9 could not be attached: ..."; "":
 * all is seen. Uprobes alone: without any other program an aim fails. */
const char *sp_eyes_missing(const struct sp_eyes *eyes);
void sp_eyes_free(struct sp_eyes *eyes); /* NULL is fine */
