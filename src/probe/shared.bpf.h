/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* shared.bpf.h: what all probes share: the maps, whose thread this is, and how evidence is sent. The maps are
 * defined in counters.bpf.c. */
#pragma once
#include "probe/kernel.bpf.h"
#include "probe/wire.h"

/* One thread of the sandbox. */
struct task {
    __u32 process;
    __u32 flags;
    __u32 recent, older; /* steps of the patterns, see SP_PATTERN_EPOCH */
    __u32 calls;         /* in this epoch */
    __u32 spawn;         /* pattern 5: 1 a child was made, 2 it became a program */
    __u32 maker;         /* thread that made it; for pattern 5 */
    __u32 unused;
};
enum task_flag {
    TASK_OURS = 1, /* the keeper's child before its first program: what it does is ours */
};

#define PATH_END (64 + SP_WIRE_PATH) /* where a path that is written backwards ends */
#define SCRATCH_BYTES 32768          /* the most that a value of its own on each CPU may have */

struct scratch {
    char bytes[SCRATCH_BYTES - 8];
    __u32 at, unused; /* where the path begins that is being written; here, where the verifier knows nothing
                         of it: in a local it would follow every value that it may take */
};
struct second {
    char bytes[2 * SP_WIRE_PATH];
    __u32 at, unused;
};

struct ring_map {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, SP_WIRE_RING_BYTES);
};
struct tasks_map {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, SP_WIRE_TASKS);
    __type(key, __u32);
    __type(value, struct task);
};
struct counts_map {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SP_WIRE_PROCESSES);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, __u32);
    __type(value, struct sp_wire_counts);
};
struct control_map {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, __u32);
    __type(value, struct sp_wire_control);
};
struct files_map {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 32768);
    __type(key, __u64);
    __type(value, struct sp_wire_file);
};
struct decoy_key {
    __u64 inode;
    __u64 device;
};
struct decoy {
    __u32 index, proves;
    __u64 size;
};
struct decoys_map {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, SP_WIRE_DECOYS);
    __type(key, struct decoy_key);
    __type(value, struct decoy);
};
struct sockets_map {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, __u64);
    __type(value, __u32);
};
struct scratch_map {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
};
struct second_map {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct second);
};

#ifdef SP_DEFINE_MAPS
struct ring_map ring SEC(".maps");
struct tasks_map tasks SEC(".maps");
struct counts_map counts SEC(".maps");
struct control_map control SEC(".maps");
struct files_map files SEC(".maps");
struct decoys_map decoys SEC(".maps");
struct sockets_map sockets SEC(".maps");
struct scratch_map scratch SEC(".maps");
struct second_map second SEC(".maps");
volatile struct sp_wire_aim aim;
#else
extern struct ring_map ring SEC(".maps");
extern struct tasks_map tasks SEC(".maps");
extern struct counts_map counts SEC(".maps");
extern struct control_map control SEC(".maps");
extern struct files_map files SEC(".maps");
extern struct decoys_map decoys SEC(".maps");
extern struct sockets_map sockets SEC(".maps");
extern struct scratch_map scratch SEC(".maps");
extern struct second_map second SEC(".maps");
extern volatile struct sp_wire_aim aim;
#endif

static __always_inline struct sp_wire_control *
control_of(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&control, &zero);
}

static __always_inline struct sp_wire_counts *
counts_of(__u32 process)
{
    return bpf_map_lookup_elem(&counts, &process);
}

static __always_inline void
count(struct sp_wire_counts *of, enum sp_count what, __u64 how_many)
{
    if (of)
        __sync_fetch_and_add(&of->values[what], how_many);
}

/* A number for a process that begins; 0: there are no more. */
static __always_inline __u32
new_process(void)
{
    struct sp_wire_control *state = control_of();
    if (!state)
        return 0;
    __u32 number = __sync_fetch_and_add(&state->next_process, 1);
    if (number && number < SP_WIRE_PROCESSES)
        return number;
    __sync_fetch_and_add(&state->lost_processes, 1);
    return 0;
}

/* The calling thread, where it belongs to the sandbox and is not the keeper's. */
static __always_inline struct task *
watched(void)
{
    if (!aim.on || (aim.cgroup && bpf_get_current_cgroup_id() != aim.cgroup))
        return 0;
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = (__u32)id;
    struct task *task = bpf_map_lookup_elem(&tasks, &thread);
    if (task || !aim.cgroup || id >> 32 == aim.keeper)
        return task;
    /* it was in the group before it was seen to begin: that is told, and it is a process of its own */
    struct task late = { .process = new_process() };
    struct sp_wire_control *state = control_of();
    if (state)
        __sync_fetch_and_add(
            bpf_map_update_elem(&tasks, &thread, &late, BPF_NOEXIST) ? &state->lost_tasks : &state->late, 1);
    return bpf_map_lookup_elem(&tasks, &thread);
}

static __always_inline struct scratch *
scratch_of(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&scratch, &zero);
}

static __always_inline void
lose(__u16 kind)
{
    struct sp_wire_control *state = control_of();
    if (state && kind < SP_WIRE_KIND_END)
        __sync_fetch_and_add(&state->lost[kind], 1);
}

/* Sends a record of SIZE bytes that begins at FROM in the scratch. Those that should not wait wake the
 * reader. */
static __always_inline void
send(struct scratch *from, __u32 at, __u32 size, __u16 kind, int urgent)
{
    at &= 8191;
    if (size > 24576 || size < sizeof(struct sp_wire))
        return;
    if (bpf_ringbuf_output(&ring, from->bytes + at, size, urgent ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP))
        lose(kind);
}

static __always_inline struct sp_wire *
record_at(struct scratch *from, __u32 at, __u16 kind, __u32 process)
{
    struct sp_wire *record = (struct sp_wire *)(from->bytes + (at & 8191));
    __builtin_memset(record, 0, sizeof(*record));
    record->kind = kind;
    record->process = process;
    record->time = bpf_ktime_get_ns();
    return record;
}

static __always_inline struct task_struct *
current_task(void)
{
    return (struct task_struct *)bpf_get_current_task();
}

/* The id of the process as the innermost namespace has it. */
static __always_inline __u32
inner_pid(struct task_struct *task)
{
    struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
    unsigned int level = BPF_CORE_READ(pid, level);
    int number = 0;
    if (level > 32)
        return 0;
    bpf_probe_read_kernel(&number, sizeof(number),
                          (void *)pid + bpf_core_field_offset(struct pid, numbers) +
                              level * bpf_core_type_size(struct upid));
    return (__u32)number;
}

/* The file that descriptor FD of the calling thread stands for; 0: none. */
static __always_inline struct file *
file_of(long fd)
{
    struct fdtable *table = BPF_CORE_READ(current_task(), files, fdt);
    struct file *file = 0;
    if (fd < 0 || fd >= BPF_CORE_READ(table, max_fds))
        return 0;
    struct file **at = BPF_CORE_READ(table, fd);
    bpf_probe_read_kernel(&file, sizeof(file), &at[fd]);
    return file;
}

/* path.bpf.c: writes the path of FILE, or of the calling thread's working directory (FILE 0), as the calling
 * thread would say it, into the scratch (INTO_SECOND 0; it then ends at PATH_END) or into the second buffer
 * (it then ends at SP_WIRE_PATH). Returns its length; 0: it could not be walked. */
int sp_path_walk(__u64 file, int into_second);

/* The other concerns. Arguments are scalars so that each is verified by itself. */
int sp_file_act(__u64 regs, __u32 act, __s64 result, __u32 process);
int sp_network_act(__u64 regs, __u32 act, __s64 result, __u32 process);
int sp_process_act(__u64 regs, __u32 act, __s64 result, __u32 process);
/* What a call to read or write did: returns S_IFMT bits of what it went through. */
int sp_bytes_moved(__s64 fd, __s64 bytes, int written, __u32 process);
int sp_socket_said(__u64 regs, __u32 act, __s64 result, __u32 process);

static __always_inline __u64
argument(struct pt_regs *regs, int which)
{
#if defined(__TARGET_ARCH_x86)
    switch (which) {
    case 0:
        return BPF_CORE_READ(regs, di);
    case 1:
        return BPF_CORE_READ(regs, si);
    case 2:
        return BPF_CORE_READ(regs, dx);
    case 3:
        return BPF_CORE_READ(regs, r10);
    case 4:
        return BPF_CORE_READ(regs, r8);
    default:
        return BPF_CORE_READ(regs, r9);
    }
#else
    /* the first argument's register holds the result by now */
    return which ? BPF_CORE_READ(regs, regs[which]) : BPF_CORE_READ(regs, orig_x0);
#endif
}
