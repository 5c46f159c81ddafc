/* probe.h: the eyes in the kernel, as a run uses them. A helper process loads the BPF programs (as root by
 * itself; for an ordinary user the installed helper with its capabilities), aims them at one sandbox and
 * hands back what is to be read: a ring of evidence and exact counts, both mapped. This side needs no
 * privilege and no libbpf. Design and figures: docs/probes.md. */
#pragma once
#include "sandbox/decoys.h"
#include "trace/event.h"

struct sp_probe;

/* Starts the helper, which loads its programs while the caller goes on. 0 also where nothing can be seen:
 * then sp_probe_aim says why. Cheap: one fork and exec. */
int sp_probe_start(struct sp_probe **out, struct sp_error *err);

/* A file to be known by its number in the kernel, whatever name it is opened by. */
struct sp_probe_file {
    uint64_t device, inode; /* kernel's: s_dev, i_ino */
    uint64_t size;          /* in bytes; another size is another file */
    uint32_t decoy;         /* index into the decoys */
    bool proves;            /* an open of it is a proof */
};

struct sp_probe_aim {
    int keeper;         /* pidfd of the sandbox's first process, which itself is not watched */
    int keeper_pid;     /* the same as the caller sees it */
    const char *cgroup; /* directory of the room's version 2 control group; NULL: none */
    const struct sp_probe_file *files;
    size_t file_count;
    const struct sp_decoys *decoys; /* borrowed until sp_probe_rest */
    bool refuse; /* after a proof (an open of a file that .proves): no connection, no datagram, no byte to
                    anything but PROXY and loopback, refused by the kernel */
    bool kill;   /* after a proof: whoever did it dies before it can read */
    uint32_t proxy_address; /* of the registry proxy, network byte order */
    uint16_t proxy_port;    /* host byte order */
    const char *home;       /* inside; what is looked at there is told; NULL */
};
/* Waits until the programs are loaded, and attaches them. After 0 nothing that a process of the sandbox other
 * than the keeper does is missed. -1: it cannot be seen here; ERR says why and what to do. May be called
 * again after sp_probe_rest, for the next sandbox of the run. */
int sp_probe_aim(struct sp_probe *probe, const struct sp_probe_aim *aim, struct sp_error *err);
/* Readable (poll) when there is evidence that should not wait, such as a proof; -1: not aimed. What is not
 * urgent waits in the ring until sp_probe_drain. */
int sp_probe_fd(const struct sp_probe *probe);
/* Hands on what is in the ring. 1: there was some; 0: none. -1: the helper is gone or the ring is damaged:
 * the run is then inconclusive. */
int sp_probe_drain(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err);
/* Once all processes of the sandbox are dead: drains the rest, hands on the counts of all processes, what
 * went through files, and DROPPED events where evidence was lost, and detaches. */
int sp_probe_rest(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err);
/* What the programs that are attached can and cannot see here, one line: "all" or "no uprobes: ...". */
const char *sp_probe_sight(const struct sp_probe *probe);
/* Ends the helper. NULL is fine. */
void sp_probe_stop(struct sp_probe *probe);

/* What this kernel allows, for 'sallyport doctor': BTF, capability or helper, control groups of version 2,
 * ring buffers, tracefs for uprobes. Appends to CHECKS (room for 8) and returns how many. */
struct sp_host_check;
size_t sp_probe_host_checks(struct sp_host_check *checks);
