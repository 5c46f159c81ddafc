/* event.h: what happened in a run, one act at a time: the stream that every eye writes and every judge reads.
 * It knows no kernel: probes, the proxy, the sinkhole, the watched decoys and the landing all speak it. */
#pragma once
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum sp_phase {
    SP_PHASE_FETCH,   /* the command runs, nothing of a package did yet */
    SP_PHASE_BUILD,   /* a source distribution was handed out: its build may run */
    SP_PHASE_INSTALL, /* the first file of a package was written to where packages go */
    SP_PHASE_LOAD,    /* what is new is imported, on a layer that is thrown away */
    SP_PHASE_COUNT,
};
const char *sp_phase_name(enum sp_phase phase); /* "fetch", "build", "install", "load" */

enum sp_event_kind {
    SP_EVENT_PHASE = 1, /* a phase began; subject: what showed it */
    SP_EVENT_PACKAGE,   /* a registry was asked for a package. subject: its name as asked for; package: purl;
                           value: enum sp_severity of door one; detail: the message, where refused */
    SP_EVENT_ARTEFACT,  /* an artefact was served. package: purl; subject: URL; detail: "sha512-..." (SRI
                           form);  bytes: its size; value: 1 from the cache, 0 from the registry, -1 refused,
                           -2 not to be had  (why: detail) */
    SP_EVENT_REQUEST, /* the proxy was asked for something it does not serve. subject: "PUT URL"; detail: why
                       */
    SP_EVENT_DECOY,   /* a decoy was opened. subject: its path inside; detail: the decoy's id */
    SP_EVENT_CANARY, /* a decoy's value left a process for the network. subject: where to; detail: the decoy's
                        id */
    SP_EVENT_NAME,   /* a name was looked up. subject: the name; detail: record type */
    SP_EVENT_CONNECTION, /* a connection that is none of the registry's. subject: address; port; detail: who
                            was meant and what was said ("TLS to evil.example", "GET /x"); bytes: sent by the
                            sandbox; value: 1 answered, 0 refused */
    SP_EVENT_DATAGRAM,   /* the same of a datagram */
    SP_EVENT_PASSED,     /* an --allow-host connection was passed through. subject: name; port; bytes: to the
                            host;     value: bytes back */
    SP_EVENT_WRITE,      /* a change that is no declared output. subject: path; detail: what changed */
    SP_EVENT_LIMIT,      /* a limit was met. subject: "memory", "time", ...; value: the limit */
    SP_EVENT_LOADED,     /* a package was loaded. package; subject: module; value: enum sp_load_outcome;
                            detail: last line of its standard error */
    SP_EVENT_DROPPED,    /* something could not be seen. subject: what; value: how many */

    SP_EVENT_COMMAND, /* a command is about to be started inside. value: its token; subject: its words, as
                         SP_EVENT_EXEC has them; package: purl that it loads, NULL: the package manager's own
                       */
    SP_EVENT_PLACE,   /* a directory is a package's. subject: its absolute path inside; package: purl */

    /* Acts of processes, seen in the kernel; with less sight some of them by seccomp's notifications.
     * .process is set. Paths are absolute, inside, resolved by the kernel's own objects unless said
     * otherwise. */
    SP_EVENT_FORK, /* .process began, made by .parent. value: token of the command whose first process it is,
                      else 0 */
    SP_EVENT_EXEC, /* a program was started. subject: its file; detail: argv, each word followed by
                      SP_EVENT_WORD_END; bytes: of argv before any cut; value: bits of enum sp_exec_flag;
                      directory: the working directory */
    SP_EVENT_EXIT, /* value: status as wait(2) gives it; bytes: peak resident memory */
    SP_EVENT_COUNTS, /* numbers: the process's exact counts, enum sp_count, once, at its end or the run's */
    SP_EVENT_OPEN,   /* a file was opened. subject; value: flags of open(2); bytes: its size then; detail: the
                        decoy's id, where it is one */
    SP_EVENT_LOOK,   /* a place that tells about the host was looked at without success or without opening.
                        subject: path as it was said; value: 0 or -errno */
    SP_EVENT_BYTES,  /* what went through one open file, told once, some time later. subject; value: bytes
                        read;  bytes: bytes written */
    SP_EVENT_CHANGE, /* names or attributes changed. value: enum sp_file_act; subject: path, its last part as
                        it was said; detail: new path, link's target, or mode in octal */
    SP_EVENT_SOCKET, /* value: enum sp_socket_act; subject: address, or path of a unix socket ("" abstract or
                        none); port; detail: "tcp", "udp", "unix", "icmp", "raw", "packet", "vsock", ...;
                        bytes: 1 where it was refused */
    SP_EVENT_TCP, /* a TCP socket changed its state. value: old << 8 | new (enum of include/net/tcp_states.h);
                     subject: remote address; port: remote; detail: local address; bytes: local port */
    SP_EVENT_SAID, /* first bytes of what was sent over a socket. subject, port: to whom; detail: the bytes,
                      NUL as C0 80; bytes: length of the whole write; value: enum sp_said_by */
    SP_EVENT_CODE, /* code, or power over it, from elsewhere than a program's file. value: enum sp_code;
                      subject: file or name; detail: more, in words */
    SP_EVENT_KIND_END,
};

#define SP_EVENT_WORD_END '\x1f' /* any in a word is handed on as '?' */

enum sp_exec_flag {
    SP_EXEC_STDIN_SOCKET = 1, /* standard input is an internet socket */
    SP_EXEC_STDOUT_SOCKET = 2,
    SP_EXEC_MEMORY = 4,     /* the program lies in a memfd */
    SP_EXEC_DELETED = 8,    /* its file has no name any more */
    SP_EXEC_WORDS_CUT = 16, /* argv was longer than what is kept */
    SP_EXEC_PATH_CUT = 32,
    SP_EXEC_STDIN_PIPE = 64,
};
enum sp_file_act {
    SP_FILE_UNLINK,
    SP_FILE_RMDIR,
    SP_FILE_RENAME,
    SP_FILE_LINK,
    SP_FILE_SYMLINK,
    SP_FILE_MKDIR,
    SP_FILE_MKNOD,
    SP_FILE_MODE,
    SP_FILE_OWNER,
    SP_FILE_TRUNCATE,
    SP_FILE_TIMES,
    SP_FILE_XATTR,
    SP_FILE_ACT_COUNT,
};
const char *sp_file_act_name(enum sp_file_act act); /* "unlink" */
enum sp_socket_act {
    SP_SOCKET_OPENED, /* only of families and types that are not the everyday ones */
    SP_SOCKET_CONNECT,
    SP_SOCKET_SEND, /* a datagram to an address */
    SP_SOCKET_BIND,
    SP_SOCKET_LISTEN,
    SP_SOCKET_ACCEPT,
    SP_SOCKET_ACT_COUNT,
};
const char *sp_socket_act_name(enum sp_socket_act act); /* "connect" */
/* What a CONNECTION's detail begins with where its caller sent not a byte. */
#define SP_CONNECTION_SILENT "nothing was said"
enum sp_said_by { SP_SAID_WRITE, SP_SAID_TLS }; /* a system call; a TLS library, before it was enciphered */
enum sp_code {
    SP_CODE_MEMFD,         /* memfd_create; subject: its name */
    SP_CODE_MAPPED,        /* a file was mapped executable; subject: its path */
    SP_CODE_MEMORY_MAPPED, /* the same of a memfd or a deleted file */
    SP_CODE_PTRACE,        /* ptrace, process_vm_writev or an open of /proc/PID/mem; detail: request */
    SP_CODE_RENAMED,       /* prctl(PR_SET_NAME); subject: the new name */
    SP_CODE_STRING,  /* an interpreter compiled a string; subject: what it calls it; detail: its beginning */
    SP_CODE_MARSHAL, /* byte code was loaded outside the import system */
    SP_CODE_FOREIGN, /* a system call of another architecture, or one that this kernel refuses: io_uring,
                        vsyscall; subject: which */
    SP_CODE_COUNT,
};
const char *sp_code_name(enum sp_code code);             /* "memfd" */
const char *sp_event_kind_name(enum sp_event_kind kind); /* "decoy" */

enum sp_load_outcome { SP_LOAD_DONE, SP_LOAD_FAILED, SP_LOAD_TIMED_OUT, SP_LOAD_KILLED, SP_LOAD_REMEMBERED };
const char *sp_load_outcome_name(enum sp_load_outcome outcome);

/* Strings are borrowed from whoever hands the event on, and valid for that call. NULL: unknown, none. All are
 * hostile: any bytes but NUL. */
struct sp_event {
    enum sp_event_kind kind;
    enum sp_phase phase;
    uint64_t time;            /* nanoseconds of CLOCK_MONOTONIC; 0: the moment it is taken */
    uint32_t pid;             /* inside the sandbox; 0 unknown */
    uint32_t process, parent; /* numbers of processes in this run, never used twice; 0 unknown */
    uint16_t port;
    uint16_t from_port; /* of a TCP connection or a datagram, the sandbox's own port; 0 unknown */
    int64_t value;
    uint64_t bytes;
    const char *package; /* purl of the package it is laid to */
    const char *subject;
    const char *detail;
    const char *directory;
    const uint64_t *numbers; /* number_count of them */
    size_t number_count;
};
#define SP_EVENT_NUMBERS_MAX 128u

/* Where events go. take() must not keep the strings; it is called by one thread at a time unless a sink says
 * otherwise, and cannot fail: what it cannot keep it counts. */
struct sp_event_sink {
    void (*take)(void *context, const struct sp_event *event);
    void *context;
};
static inline void
sp_event_send(const struct sp_event_sink *sink, const struct sp_event *event)
{
    if (sink && sink->take)
        sink->take(sink->context, event);
}

/* One event as bytes, to cross from one of our processes to another in one message. */
#define SP_EVENT_STRING_MAX 8192u /* longer strings are cut */
#define SP_EVENT_BYTES_MAX (4 * SP_EVENT_STRING_MAX + 8 * SP_EVENT_NUMBERS_MAX + 128)
/* Fills BYTES (of SP_EVENT_BYTES_MAX) and returns the length. */
size_t sp_event_encode(const struct sp_event *event, unsigned char *bytes);
/* Reads LENGTH BYTES, which may come from a process that was taken over; the strings of OUT point into BYTES.
 */
int sp_event_decode(const unsigned char *bytes, size_t length, struct sp_event *out, struct sp_error *err);

/* A sink that sends each event over the SOCK_SEQPACKET socket *FD, and may be called from several threads. */
struct sp_event_sink sp_event_socket_sink(int *fd);
