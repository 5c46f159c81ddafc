/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* counters.bpf.c: every system call that returns, counted and matched against the ten patterns; and the way
 * from there to the probes that look closer. All at sys_exit: one tracepoint costs as much as two are worth,
 * and what the kernel did is known by then. */
#define SP_DEFINE_MAPS
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* by the number of the system call; filled by the loader */
const volatile struct sp_wire_call calls[SP_WIRE_CALLS];

static __always_inline void
count_patterns(struct task *task, struct sp_wire_counts *of, __u32 steps)
{
    __u32 reached = task->recent | task->older;
    __u32 now = ((reached << 1) | SP_PATTERN_STARTS) & steps;
    __u32 ends = now & SP_PATTERN_ENDS;
    if (ends) {
        for (int i = 0; i < 10; i++) {
            __u32 end = SP_PATTERN_BIT(i + 1, 2);
            if (!(ends & end))
                continue;
            count(of, SP_COUNT_PATTERN_1 + i, 1);
            __u32 all = end | end >> 1 | end >> 2;
            now &= ~all;
            task->recent &= ~all;
            task->older &= ~all;
        }
    }
    task->recent |= now;
    if (++task->calls >= SP_PATTERN_EPOCH) {
        task->calls = 0;
        task->older = task->recent;
        task->recent = 0;
    }
}

static __always_inline __u32
look_closer(struct pt_regs *regs, __u32 act, __s64 result, __u32 process)
{
    switch (act) {
    case SP_ACT_READ:
    case SP_ACT_RECEIVE:
        return sp_bytes_moved((__s64)(int)argument(regs, 0), result, 0, process);
    case SP_ACT_WRITE:
    case SP_ACT_WRITEV:
    case SP_ACT_SEND:
    case SP_ACT_SENDMSG: {
        __u32 kind = sp_bytes_moved((__s64)(int)argument(regs, 0), result, 1, process);
        if (kind == S_IFSOCK)
            sp_socket_said((__u64)regs, act, result, process);
        return kind;
    }
    case SP_ACT_SENDFILE:
    case SP_ACT_SPLICE:
    case SP_ACT_COPY_RANGE: {
        int out = act == SP_ACT_SENDFILE ? 0 : 2, in = act == SP_ACT_SENDFILE ? 1 : 0;
        sp_bytes_moved((__s64)(int)argument(regs, in), result, 0, process);
        sp_bytes_moved((__s64)(int)argument(regs, out), result, 1, process);
        return 0;
    }
    case SP_ACT_FCNTL:
    case SP_ACT_WAIT:
        return 0;
    default:
        break;
    }
    if (act < SP_ACT_SOCKET)
        sp_file_act((__u64)regs, act, result, process);
    else if (act < SP_ACT_MMAP)
        sp_network_act((__u64)regs, act, result, process);
    else
        sp_process_act((__u64)regs, act, result, process);
    return 0;
}

/* fcntl stands for other calls by its command. */
static __always_inline __u32
fcntl_steps(__u32 command)
{
    switch (command) {
    case 0:    /* F_DUPFD */
    case 1030: /* F_DUPFD_CLOEXEC */
        return SP_PATTERN_BIT(7, 0);
    case 6:  /* F_SETLK */
    case 7:  /* F_SETLKW */
    case 37: /* F_OFD_SETLK */
    case 38: /* F_OFD_SETLKW */
        return SP_PATTERN_BIT(9, 1);
    default:
        return 0;
    }
}

SEC("raw_tp/sys_exit")
int
sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
    struct task *task = watched();
    if (!task || task->flags & TASK_OURS)
        return 0;
    struct pt_regs *regs = (struct pt_regs *)ctx->args[0];
    __s64 result = (__s64)ctx->args[1];
#if defined(__TARGET_ARCH_x86)
    __u64 id = BPF_CORE_READ(regs, orig_ax);
#else
    __u64 id = (__u32)BPF_CORE_READ(regs, syscallno);
#endif
    __u32 process = task->process;
    struct sp_wire_counts *of = counts_of(process);
    count(of, SP_COUNT_SYSCALLS, 1);
    if (id >= SP_WIRE_CALLS)
        return 0;
    struct sp_wire_call call;
    call.group = calls[id].group;
    call.act = calls[id].act;
    call.steps = calls[id].steps;
    __u32 group = call.group;
    barrier_var(group); /* the verifier must see the bound of what is used */
    if (group && group < SP_COUNT_END)
        count(of, group, 1);
    __u32 steps = call.steps;
    if (call.act) {
        __u32 kind = look_closer(regs, call.act, result, process);
        /* pattern 8 is about pipes: reading and writing elsewhere is no step of it */
        if (call.act == SP_ACT_FCNTL)
            steps |= fcntl_steps((__u32)argument(regs, 1));
        else if (kind == S_IFIFO && call.act == SP_ACT_READ)
            steps |= SP_PATTERN_BIT(8, 2);
        else if (kind == S_IFIFO && call.act == SP_ACT_WRITE)
            steps |= SP_PATTERN_BIT(8, 1);
    }
    if (result == -EPERM || result == -EACCES)
        count(of, SP_COUNT_REFUSED, 1);
    else if (result == -ENOENT)
        steps |= SP_PATTERN_BIT(10, 2);
    if (call.act == SP_ACT_WAIT && task->spawn == 2 && result > 0) {
        task->spawn = 0;
        count(of, SP_COUNT_PATTERN_5, 1);
    }
    count_patterns(task, of, steps);
    return 0;
}
