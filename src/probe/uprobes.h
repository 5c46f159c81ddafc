/* uprobes.h: the program of library.bpf.c, attached. Private to the process that holds the right to load. */
#pragma once
#include "probe/symbols.h"

#include <stdbool.h>
#include <time.h>

struct bpf_link;
struct bpf_program;

#define SP_UPROBE_LINKS_MAX 128u

/* One place that is attached. Its file is known by what is the same through every overlay: neither its device
 * nor, always, its inode is. */
struct sp_uprobe_known {
    struct timespec modified, changed;
    uint64_t size, offset;
    uint32_t kind;
};

/* Once attached they stay until the end, since each link takes some 40 ms to be taken back; between two aims
 * the program does nothing. */
struct sp_uprobe_links {
    int multi[SP_UPROBE_LINKS_MAX]; /* each all places of one file */
    struct bpf_link *single[SP_UPROBE_LINKS_MAX];
    size_t multi_count, single_count;
    bool at_once; /* the kernel can attach to many places of one file at once: Linux 6.6 */
    struct sp_uprobe_known known[SP_UPROBE_LINKS_MAX];
    size_t known_count;
};

/* Before PROGRAM is loaded. */
void sp_uprobes_prepare(struct sp_uprobe_links *links, struct bpf_program *program);
/* Attaches PROGRAM to all COUNT places that it can and that are new. Returns how many it could not, the
 * reason for one of them in errno. */
size_t sp_uprobes_attach(struct sp_uprobe_links *links, const struct bpf_program *program,
                         const struct sp_eyes_uprobe *uprobes, size_t count);
/* All at once, each in a thread of its own: the kernel then waits once for all of them. */
void sp_uprobes_detach(struct sp_uprobe_links *links);
