/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* process.bpf.c: how processes begin, what programs they become, how they end; and code from elsewhere than a
 * program's file. */
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The token of the command that the keeper starts: the last eight letters of its name just then. */
static __always_inline __u32
token_of(struct task_struct *keeper)
{
    char name[16];
    __u32 token = 0;
    if (bpf_probe_read_kernel(name, sizeof(name), &keeper->comm))
        return 0;
    for (int i = 7; i < 15; i++) {
        char digit = name[i];
        token = token << 4 | (digit >= 'a' ? (__u32)(digit - 'a' + 10) : (__u32)(digit - '0')) % 16;
    }
    return token;
}

SEC("tp_btf/sched_process_fork")
int
BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
    if (!aim.on || (aim.cgroup && bpf_get_current_cgroup_id() != aim.cgroup))
        return 0;
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = (__u32)id, child_thread = BPF_CORE_READ(child, pid);
    /* by number and namespace: once it is dead its number may be a stranger's, its namespace is held open by
     * whoever aims */
    int ours = id >> 32 == aim.keeper && BPF_CORE_READ(parent, nsproxy, net_ns, ns.inum) == aim.netns;
    struct task *maker = ours ? 0 : bpf_map_lookup_elem(&tasks, &thread);
    barrier_var(maker); /* else the compiler tells the two cases apart by something that the verifier does not
                           follow */
    if (!ours && !maker)
        return 0;
    struct task fresh = { .maker = thread };
    int is_thread = BPF_CORE_READ(child, tgid) == BPF_CORE_READ(parent, tgid);
    struct sp_wire_counts *of = maker ? counts_of(maker->process) : 0;
    struct sp_wire_control *state = control_of();
    if (is_thread) {
        if (!maker)
            return 0;
        fresh.process = maker->process;
        fresh.flags = maker->flags;
        count(of, SP_COUNT_THREADS, 1);
    } else {
        fresh.process = new_process();
        fresh.flags = maker ? maker->flags : TASK_OURS;
        count(of, SP_COUNT_FORKS, 1);
        if (maker)
            maker->spawn = 1;
    }
    /* what an end that was not seen has left behind must not stand in the way */
    if (bpf_map_update_elem(&tasks, &child_thread, &fresh, BPF_ANY) && state)
        __sync_fetch_and_add(&state->lost_tasks, 1);
    if (is_thread)
        return 0;
    struct sp_wire *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_FORK);
        return 0;
    }
    __builtin_memset(record, 0, sizeof(*record));
    record->kind = SP_WIRE_FORK;
    record->process = fresh.process;
    record->parent = maker ? maker->process : 0;
    record->pid = inner_pid(child);
    record->time = bpf_ktime_get_ns();
    record->value = ours ? token_of(parent) : 0;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

struct words {
    __u64 from, to;
    __u32 process;
};

static int
send_words_part(__u32 index, void *context)
{
    struct words *words = context;
    struct scratch *to = scratch_of();
    __u64 left = words->to - words->from;
    /* the last part goes with the EXEC */
    if (!to || left <= SP_WIRE_CHUNK || words->to < words->from)
        return 1;
    struct sp_wire *record = record_at(to, 0, SP_WIRE_WORDS_PART, words->process);
    record->lengths[1] = SP_WIRE_CHUNK;
    if (bpf_probe_read_user(to->bytes + sizeof(*record), SP_WIRE_CHUNK, (void *)words->from))
        record->flags = SP_WIRE_UNREADABLE;
    send(to, 0, sizeof(*record) + SP_WIRE_CHUNK, SP_WIRE_WORDS_PART, 0);
    words->from += SP_WIRE_CHUNK;
    return 0;
}

/* Whether descriptor FD is an internet socket or a pipe. */
static __always_inline __u32
stream_kind(long fd)
{
    struct file *file = file_of(fd);
    if (!file)
        return 0;
    __u32 kind = BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT;
    if (kind != S_IFSOCK)
        return kind;
    struct socket *socket = BPF_CORE_READ(file, private_data);
    __u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
    return family == AF_INET || family == AF_INET6 ? S_IFSOCK : 0;
}

static __always_inline __s64
exec_flags(struct file *file)
{
    __s64 flags = 0;
    __u32 in = stream_kind(0);
    if (in == S_IFSOCK)
        flags |= 1;
    else if (in == S_IFIFO)
        flags |= 64;
    if (stream_kind(1) == S_IFSOCK)
        flags |= 2;
    if (BPF_CORE_READ(file, f_inode, i_nlink) == 0)
        flags |= 8;
    return flags;
}

SEC("tp_btf/sched_process_exec")
int
BPF_PROG(process_exec, struct task_struct *p, int old_thread, struct linux_binprm *bprm)
{
    if (!aim.on || (aim.cgroup && bpf_get_current_cgroup_id() != aim.cgroup))
        return 0;
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = (__u32)id;
    struct task *task = bpf_map_lookup_elem(&tasks, &thread);
    if (!task) {
        /* another thread than the first became the program, and took the first one's id */
        task = watched();
        if (!task)
            return 0;
    }
    task->flags = 0;
    task->recent = task->older = task->calls = 0;
    __u32 process = task->process;
    struct task *maker = bpf_map_lookup_elem(&tasks, &task->maker);
    if (maker && maker->spawn == 1)
        maker->spawn = 2;
    count(counts_of(process), SP_COUNT_EXECS, 1);

    struct scratch *to = scratch_of();
    if (!to)
        return 0;
    struct mm_struct *memory = BPF_CORE_READ(p, mm);
    struct words words = { .from = BPF_CORE_READ(memory, arg_start),
                           .to = BPF_CORE_READ(memory, arg_end),
                           .process = process };
    __u64 whole = words.to - words.from;
    __u32 flags = 0;
    if (whole > SP_WIRE_WORDS) {
        words.to = words.from + SP_WIRE_WORDS;
        flags = SP_WIRE_CUT;
    }
    bpf_loop(SP_WIRE_WORDS / SP_WIRE_CHUNK, send_words_part, &words, 0);

    struct file *file = BPF_CORE_READ(bprm, file);
    __u32 path = (__u32)sp_path_walk((__u64)file, 0);
    __u32 directory = (__u32)sp_path_walk(0, 1);
    if (path > 4000 || directory > 4000)
        return 0;
    __u32 start = PATH_END - path - sizeof(struct sp_wire);
    struct sp_wire *record = record_at(to, start, SP_WIRE_EXEC, process);
    __u64 left = words.to - words.from;
    __u32 length = left > SP_WIRE_CHUNK ? SP_WIRE_CHUNK : (__u32)left;
    if (length && bpf_probe_read_user(to->bytes + PATH_END, length & 16383, (void *)words.from)) {
        flags |= SP_WIRE_UNREADABLE;
        length = 0;
    }
    __u32 zero = 0;
    struct second *where = bpf_map_lookup_elem(&second, &zero);
    if (where && directory) {
        __u32 at = (PATH_END + length) & 16383;
        bpf_probe_read_kernel(to->bytes + at, directory & 4095,
                              where->bytes + ((SP_WIRE_PATH - directory) & 4095));
    }
    record->flags = flags | (path ? 0 : SP_WIRE_UNREADABLE);
    record->lengths[0] = path;
    record->lengths[1] = length;
    record->lengths[2] = directory;
    record->pid = inner_pid(p);
    record->bytes = whole;
    record->value = exec_flags(file);
    send(to, start, sizeof(*record) + path + length + directory, SP_WIRE_EXEC, 0);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int
BPF_PROG(process_exit, struct task_struct *p)
{
    if (!aim.on || (aim.cgroup && bpf_get_current_cgroup_id() != aim.cgroup))
        return 0;
    __u32 thread = (__u32)bpf_get_current_pid_tgid();
    struct task *task = bpf_map_lookup_elem(&tasks, &thread);
    if (!task)
        return 0;
    __u32 process = task->process;
    int last = BPF_CORE_READ(p, signal, live.counter) == 0;
    bpf_map_delete_elem(&tasks, &thread);
    if (!last)
        return 0;
    struct sp_wire *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_EXIT);
        return 0;
    }
    __builtin_memset(record, 0, sizeof(*record));
    int group = BPF_CORE_READ(p, signal, group_exit_code);
    record->kind = SP_WIRE_EXIT;
    record->process = process;
    record->pid = inner_pid(p);
    record->time = bpf_ktime_get_ns();
    record->value = group ? group : BPF_CORE_READ(p, exit_code);
    record->bytes = BPF_CORE_READ(p, signal, maxrss) * 4096;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

/* ------------------------------------------------------------------ code */

/* A record with what USER, a string of the caller's, says; the rest by number. */
static __always_inline void
send_code(__u32 process, __u32 act, __s64 value, __u64 user, __u64 bytes)
{
    struct scratch *to = scratch_of();
    if (!to)
        return;
    struct sp_wire *record = record_at(to, 0, SP_WIRE_CODE, process);
    __s64 length = user ? bpf_probe_read_user_str(to->bytes + sizeof(*record), 256, (void *)user) : 0;
    if (length < 0)
        record->flags = SP_WIRE_UNREADABLE;
    __u32 size = length > 0 && length <= 256 ? (__u32)length - 1 : 0;
    record->lengths[0] = size;
    record->act = act;
    record->value = value;
    record->bytes = bytes;
    record->pid = inner_pid(current_task());
    send(to, 0, sizeof(*record) + size, SP_WIRE_CODE, 0);
}

/* A file that was mapped as code. */
static __always_inline void
send_mapped(__u32 process, long fd)
{
    struct scratch *to = scratch_of();
    struct file *file = file_of(fd);
    if (!to || !file)
        return;
    __u32 path = (__u32)sp_path_walk((__u64)file, 0);
    if (!path || path > 4000)
        return;
    __u32 start = PATH_END - path - sizeof(struct sp_wire);
    struct sp_wire *record = record_at(to, start, SP_WIRE_CODE, process);
    record->act = SP_ACT_MMAP;
    record->lengths[0] = path;
    record->value = BPF_CORE_READ(file, f_inode, i_nlink) == 0;
    record->pid = inner_pid(current_task());
    send(to, start, sizeof(*record) + path, SP_WIRE_CODE, 0);
}

static __always_inline void
count_sleep(__u64 request, struct sp_wire_counts *of)
{
    __s64 time[2];
    count(of, SP_COUNT_SLEEPS, 1);
    if (bpf_probe_read_user(time, sizeof(time), (void *)request) || time[0] < 0 || time[0] > 1000000000)
        return;
    count(of, SP_COUNT_SLEPT_MS, (__u64)time[0] * 1000 + (__u64)time[1] / 1000000);
}

__noinline int
sp_process_act(__u64 regs_of, __u32 act, __s64 result, __u32 process)
{
    struct pt_regs *regs = (struct pt_regs *)regs_of;
    struct sp_wire_counts *of = counts_of(process);
    __u64 id = bpf_get_current_pid_tgid();
    switch (act) {
    case SP_ACT_MMAP: {
        __u64 protection = argument(regs, 2), flags = argument(regs, 3);
        if (!(protection & PROT_EXEC) || result < 0)
            break;
        if (flags & MAP_ANONYMOUS)
            count(of, SP_COUNT_EXEC_PAGES, 1);
        else
            send_mapped(process, (int)argument(regs, 4));
        break;
    }
    case SP_ACT_MPROTECT:
        if (argument(regs, 2) & PROT_EXEC && !result)
            count(of, SP_COUNT_EXEC_PAGES, 1);
        break;
    case SP_ACT_MEMFD:
        send_code(process, act, result, argument(regs, 0), 0);
        break;
    case SP_ACT_PRCTL:
        /* PR_SET_NAME of the first thread: others name their threads all day */
        if (argument(regs, 0) == 15 && id >> 32 == (__u32)id)
            send_code(process, act, result, argument(regs, 1), 0);
        break;
    case SP_ACT_SLEEP:
        count_sleep(argument(regs, 0), of);
        break;
    case SP_ACT_CLOCK_SLEEP:
        if (!(argument(regs, 1) & 1)) /* a moment, not a time */
            count_sleep(argument(regs, 2), of);
        else
            count(of, SP_COUNT_SLEEPS, 1);
        break;
    case SP_ACT_KILL:
        if ((__s64)(int)argument(regs, 0) != (__s64)inner_pid(current_task()))
            count(of, SP_COUNT_SIGNALS, 1);
        break;
    case SP_ACT_POWER:
    case SP_ACT_FOREIGN: {
#if defined(__TARGET_ARCH_x86)
        __u64 number = BPF_CORE_READ(regs, orig_ax);
#else
        __u64 number = (__u32)BPF_CORE_READ(regs, syscallno);
#endif
        send_code(process, act, result, 0, number);
        break;
    }
    default:
        break;
    }
    return 0;
}
