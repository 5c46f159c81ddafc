/* counts.h: what is counted of each process in the kernel, exactly. Read by C and by BPF C: nothing but an
 * enumeration here. Definitions and sources: docs/features.md. */
#pragma once

enum sp_count {
    SP_COUNT_SYSCALLS, /* all that returned */
    /* by group; a call is in one group or in none */
    SP_COUNT_IO,       /* read, write, their kin, ioctl, poll, select, epoll ... */
    SP_COUNT_FILE,     /* open, stat, unlink, rename, mkdir ... */
    SP_COUNT_NETWORK,  /* socket, connect, sendto, recvfrom ... */
    SP_COUNT_TIME,     /* clock_gettime, nanosleep, timer_* ... */
    SP_COUNT_SECURITY, /* setuid, capset, seccomp, chmod-like changes of rights ... */
    SP_COUNT_PROCESS,  /* clone, execve, wait4, kill, prctl ... */
    /* ten sequences within one thread */
    SP_COUNT_PATTERN_1,  /* file metadata */
    SP_COUNT_PATTERN_2,  /* file content */
    SP_COUNT_PATTERN_3,  /* file write */
    SP_COUNT_PATTERN_4,  /* socket */
    SP_COUNT_PATTERN_5,  /* spawn */
    SP_COUNT_PATTERN_6,  /* memory */
    SP_COUNT_PATTERN_7,  /* descriptors */
    SP_COUNT_PATTERN_8,  /* pipes */
    SP_COUNT_PATTERN_9,  /* locks */
    SP_COUNT_PATTERN_10, /* error handling */
    /* regular files */
    SP_COUNT_READS,
    SP_COUNT_READ_BYTES,
    SP_COUNT_WRITES,
    SP_COUNT_WRITTEN_BYTES,
    /* successful opens, by the first directory of the resolved path */
    SP_COUNT_OPEN_ROOT, /* /root, or / itself */
    SP_COUNT_OPEN_TEMP, /* /tmp, /var/tmp, /dev/shm */
    SP_COUNT_OPEN_HOME, /* /home */
    SP_COUNT_OPEN_USER, /* /usr, and what stands for its parts: /bin, /lib, /lib64, /sbin */
    SP_COUNT_OPEN_SYS,  /* /sys, /proc */
    SP_COUNT_OPEN_ETC,  /* /etc */
    SP_COUNT_OPEN_OTHER,
    SP_COUNT_OPEN_FAILED,
    /* internet sockets */
    SP_COUNT_TCP_STATES, /* changes of state */
    SP_COUNT_SENT_BYTES,
    SP_COUNT_RECEIVED_BYTES,
    SP_COUNT_CONNECTS,
    /* processes */
    SP_COUNT_FORKS,
    SP_COUNT_THREADS,
    SP_COUNT_EXECS,
    SP_COUNT_SIGNALS, /* kill, tgkill, tkill of others */
    SP_COUNT_SLEEPS,
    SP_COUNT_SLEPT_MS, /* asked for */
    /* others */
    SP_COUNT_UNLINKS,
    SP_COUNT_RENAMES,
    SP_COUNT_MODES,       /* chmod and kin */
    SP_COUNT_EXEC_PAGES,  /* anonymous memory made executable */
    SP_COUNT_REFUSED,     /* calls that ended with EPERM, EACCES or by the sandbox's filter */
    SP_COUNT_ENVIRONS,    /* opens of /proc/PID/environ */
    SP_COUNT_TIME_CHECKS, /* clock reads that are system calls */
    SP_COUNT_END,
};
