/* wire.h: what crosses from the kernel to us: records in the ring, counters in mapped arrays. Read by C and
 * by BPF C. */
#pragma once
#include "trace/counts.h"

#include <linux/types.h>

#define SP_WIRE_VERSION 1u
#define SP_WIRE_RING_BYTES (16u << 20)
#define SP_WIRE_PROCESSES 32768u /* numbers of processes in a run: from 1; 0 stands for those not known */
#define SP_WIRE_TASKS 16384u     /* threads at once */
#define SP_WIRE_CALLS 512u       /* numbers of system calls */
#define SP_WIRE_DECOYS 2048u
#define SP_WIRE_PATH 4096u
#define SP_WIRE_CHUNK 8192u /* bytes of argv in one record */
#define SP_WIRE_WORDS (256u << 10)
#define SP_WIRE_SAID 512u /* bytes of what is sent over one socket */

enum sp_wire_kind {
    SP_WIRE_FORK = 1,
    SP_WIRE_WORDS_PART, /* argv of the EXEC that follows; detail */
    SP_WIRE_EXEC,
    SP_WIRE_EXIT,
    SP_WIRE_OPEN,
    SP_WIRE_LOOK,
    SP_WIRE_BYTES,
    SP_WIRE_CHANGE,
    SP_WIRE_SOCKET,
    SP_WIRE_TCP,
    SP_WIRE_SAID_BYTES,
    SP_WIRE_CODE,
    SP_WIRE_NAME,  /* getaddrinfo */
    SP_WIRE_PROOF, /* a decoy that proves was opened; as OPEN */
    SP_WIRE_KIND_END,
};

enum sp_wire_flag {
    SP_WIRE_CUT = 1,        /* a string was longer */
    SP_WIRE_UNREADABLE = 2, /* one could not be read */
    SP_WIRE_RELATIVE = 4,   /* detail is relative to subject (CHANGE: a directory and what was said) */
};

/* One record: this, then the strings one after the other, without NUL. Fields mean what those of struct
 * sp_event mean; by kind:
 *   OPEN, PROOF   id: inode; device; index: of the decoy + 1
 *   BYTES         id: inode; device
 *   CHANGE        subject: directory, detail: what was said; a RENAME or LINK has the second directory and
 * name after them: directory, more SOCKET, TCP   subject: remote address in 4 or 16 bytes; detail: the local
 * one SAID          subject: remote address; detail: the bytes */
struct sp_wire {
    __u16 kind, flags;
    __u16 lengths[4]; /* subject, detail, directory, more */
    __u16 port, from_port;
    __u32 process, parent, pid, device;
    __u64 time, bytes, id;
    __s64 value;
    __u32 index, act;
};

struct sp_wire_counts {
    __u64 values[SP_COUNT_END];
};

/* What went through one open file and was not told yet. */
struct sp_wire_file {
    __u64 read, written, inode;
    __u32 device, process, said, kind;
};

/* The state that user space reads. */
struct sp_wire_control {
    __u64 lost[SP_WIRE_KIND_END]; /* records that found the ring full, by kind */
    __u64 lost_tasks, lost_processes, lost_files,
        late; /* late: threads that were there before they were seen to begin */
    __u32 next_process;
    __u32 proof;   /* index + 1 of the first decoy that was opened and proves */
    __u64 refused; /* connections, datagrams and packets */
};

/* What the programs are aimed at. */
struct sp_wire_aim {
    __u32 on;
    __u32 keeper; /* process id, as the first namespace has it */
    __u64 cgroup; /* id; 0: membership is by descent from the keeper alone */
    __u32 netns;  /* inode */
    __u32 refuse, kill;
    __u32 proxy_address; /* network order */
    __u32 proxy_port;    /* host order */
    __u32 home_length;
    _Alignas(8) char home[64]; /* beginning of paths whose being looked at is told */
};

/* What a system call does to our evidence; the table that maps numbers to it is made by the loader. */
enum sp_wire_act {
    SP_ACT_NONE,
    SP_ACT_READ, /* fd, ... */
    SP_ACT_WRITE,
    SP_ACT_SEND, /* sendto: fd, buffer, length, flags, address */
    SP_ACT_SENDMSG,
    SP_ACT_WRITEV,
    SP_ACT_RECEIVE,
    SP_ACT_SENDFILE, /* out, in: bytes count for both */
    SP_ACT_SPLICE,   /* in, _, out */
    SP_ACT_COPY_RANGE,
    SP_ACT_OPEN,   /* path, flags */
    SP_ACT_OPENAT, /* dir, path, flags */
    SP_ACT_OPENAT2,
    SP_ACT_CREAT,
    SP_ACT_LOOK,   /* path first */
    SP_ACT_LOOKAT, /* directory first */
    SP_ACT_UNLINK,
    SP_ACT_UNLINKAT,
    SP_ACT_RMDIR,
    SP_ACT_RENAME,
    SP_ACT_RENAMEAT,
    SP_ACT_LINK,
    SP_ACT_LINKAT,
    SP_ACT_SYMLINK,
    SP_ACT_SYMLINKAT,
    SP_ACT_MKDIR,
    SP_ACT_MKDIRAT,
    SP_ACT_MKNOD,
    SP_ACT_MKNODAT,
    SP_ACT_CHMOD,
    SP_ACT_FCHMOD,
    SP_ACT_FCHMODAT,
    SP_ACT_CHOWN,
    SP_ACT_FCHOWN,
    SP_ACT_FCHOWNAT,
    SP_ACT_TRUNCATE,
    SP_ACT_FTRUNCATE,
    SP_ACT_UTIMES,
    SP_ACT_UTIMESAT,
    SP_ACT_SETXATTR,
    SP_ACT_SOCKET,
    SP_ACT_CONNECT,
    SP_ACT_BIND,
    SP_ACT_LISTEN,
    SP_ACT_ACCEPT,
    SP_ACT_MMAP,
    SP_ACT_MPROTECT,
    SP_ACT_MEMFD,
    SP_ACT_PRCTL,
    SP_ACT_SLEEP,       /* request first */
    SP_ACT_CLOCK_SLEEP, /* clock, flags, request */
    SP_ACT_KILL,
    SP_ACT_WAIT,
    SP_ACT_FCNTL,
    SP_ACT_POWER,   /* over other processes' memory */
    SP_ACT_FOREIGN, /* what the sandbox refuses */
    /* of uprobes */
    SP_ACT_TLS,
    SP_ACT_STRING,
    SP_ACT_MARSHAL,
};

/* What a uprobe sees, and so how the arguments of the function are read; the cookie of its link. */
enum sp_uprobe_kind {
    SP_UPROBE_NAME = 1,       /* (const char *name, ...) */
    SP_UPROBE_TLS,            /* (session, const void *bytes, length: int or size_t, ...) */
    SP_UPROBE_PYTHON_RUN,     /* (const char *source, int start, ...) */
    SP_UPROBE_PYTHON_COMPILE, /* (const char *source, PyObject *filename, int start, ...) */
    SP_UPROBE_PYTHON_MARSHAL, /* (const char *bytes, Py_ssize_t length) */
    SP_UPROBE_NODE_EVAL,      /* (Handle<String> source, ...) */
    SP_UPROBE_NODE_SCRIPT,    /* (const FunctionCallbackInfo<Value> &arguments) */
    SP_UPROBE_KIND_END,
};
#define SP_WIRE_TLS_TOLD 16u    /* records of one process */
#define SP_WIRE_CODE_TOLD 2048u /* the same; honest imports of a large application make hundreds */
#define SP_WIRE_NAMES_TOLD 1024u
#define SP_WIRE_SOURCE 200u /* bytes of code that was a string */

/* A call's part in the ten patterns: bit 3 * (pattern - 1) + step. */
#define SP_PATTERN_BIT(pattern, step) (1u << (3 * ((pattern)-1) + (step)))
#define SP_PATTERN_STARTS 0x09249249u
#define SP_PATTERN_ENDS 0x24924924u
#define SP_PATTERN_EPOCH 16u /* calls; a step follows another in the same or the next epoch */

struct sp_wire_call {
    __u8 group; /* enum sp_count of the group; 0: none */
    __u8 act;
    __u16 unused;
    __u32 steps;
};
