/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* library.bpf.c: what is only known inside a process: names asked for, bytes before they are enciphered, code
 * that was a string. One program for all functions; the link's cookie says which. A hit costs an interrupt,
 * so only rare functions are worth one: docs/uprobes.md. Everything read here is the process's own word, and
 * may be forged by it: evidence, never a proof. */
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* How much each process was told of, so that none fills the ring with one loop. */
struct told {
    __u32 names, tls, code, unused;
};
struct told_map {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SP_WIRE_PROCESSES);
    __type(key, __u32);
    __type(value, struct told);
};
struct told_map told SEC(".maps");

/* A record has its place in the ring from the start: these programs can be preempted by those of system
 * calls, which write to the scratch. */
struct name_record {
    struct sp_wire head;
    char name[256];
};
struct tls_record {
    struct sp_wire head;
    char bytes[SP_WIRE_SAID];
};
struct code_record {
    struct sp_wire head;
    char strings[16 + 2 * SP_WIRE_SOURCE]; /* what it is called, and at once behind it the source, whose last
                                              part may be read whole before it is cut */
};

static __always_inline void
begin(struct sp_wire *record, __u16 kind, __u32 process)
{
    __builtin_memset(record, 0, sizeof(*record));
    record->kind = kind;
    record->process = process;
    record->pid = inner_pid(current_task());
    record->time = bpf_ktime_get_ns();
}

static __always_inline int
tell_name(__u64 name, __u32 process)
{
    if (!name)
        return 0; /* an address to listen at */
    struct name_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_NAME);
        return 0;
    }
    begin(&record->head, SP_WIRE_NAME, process);
    __s64 length = bpf_probe_read_user_str(record->name, sizeof(record->name), (void *)name);
    if (length > 0)
        record->head.lengths[0] = (__u16)(length - 1);
    else
        record->head.flags = SP_WIRE_UNREADABLE;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

static __always_inline int
tell_tls(__u64 bytes, __u64 length, __u32 process)
{
    struct tls_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_SAID_BYTES);
        return 0;
    }
    begin(&record->head, SP_WIRE_SAID_BYTES, process);
    record->head.act = SP_ACT_TLS;
    record->head.bytes = length;
    __u32 kept = length > SP_WIRE_SAID ? SP_WIRE_SAID : (__u32)length;
    barrier_var(kept);
    if (kept > SP_WIRE_SAID || bpf_probe_read_user(record->bytes, kept, (void *)bytes))
        record->head.flags = SP_WIRE_UNREADABLE;
    else
        record->head.lengths[1] = (__u16)kept;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

/* --------------------------------------------------------------- python */

/* Whether the Python string at OBJECT is an absolute path: then it is an import that compiles, or what looks
 * like one. The characters stand behind a head whose length has changed with the versions: 40 bytes
 * from 3.12, 48 before; 56 and 72 where they are not all ASCII. */
static __always_inline int
is_path(__u64 object)
{
    char head[73] = { 0 };
    if (bpf_probe_read_user(head, sizeof(head), (void *)object) &&
        bpf_probe_read_user(head, 49, (void *)object))
        return 0;
    if (head[40] == '<' || head[48] == '<')
        return 0;
    return head[40] == '/' || head[48] == '/' || head[56] == '/' || head[72] == '/';
}

static long
is_of_a_file(struct task_struct *task, struct vm_area_struct *area, void *answer)
{
    *(int *)answer = BPF_CORE_READ(area, vm_file) != 0;
    return 0;
}

/* Whether ADDRESS lies in a file that is mapped, and not in memory of the process's own: modules that were
 * frozen into the interpreter are byte code too, and read at every start. */
static __always_inline int
is_mapped_file(__u64 address)
{
    int answer = 0;
    (void)bpf_find_vma(bpf_get_current_task_btf(), address, is_of_a_file, &answer, 0);
    return answer;
}

/* ----------------------------------------------------------------- node */

/* What is being read: a string may be a tree of concatenations, the right sides of which wait. */
struct heap_text {
    char *to;
    __u64 waiting[8];
    __u64 value;
    __u32 depth, skip, limit, length;
};
#define PARTS_READ 24

struct heap_head {
    __u64 map;
    __u32 hash, length;
    __u64 first,
        second; /* of a concatenation; what a thin string stands for; what a slice is of, and where */
};

static long
one_string(__u32 index, void *context)
{
    struct heap_text *text = context;
    struct heap_head string = { 0 };
    __u16 type = 0;
    __u64 at = text->value - 1;
    if ((text->value & 3) != 1 || (bpf_probe_read_user(&string, sizeof(string), (void *)at) &&
                                   bpf_probe_read_user(&string, 16, (void *)at)))
        return 1;
    if ((string.map & 3) != 1 || bpf_probe_read_user(&type, sizeof(type), (void *)(string.map - 1 + 12)) ||
        type >= 128)
        return 1;
    __u32 shape = type & 7, depth = text->depth;
    if (shape == 1 || shape == 5 || shape == 3) {
        if (shape == 1) {
            if (depth >= 8)
                return 1;
            text->waiting[depth & 7] = string.second;
            text->depth = depth + 1;
        } else if (shape == 3) {
            text->skip = (__u32)(string.second >> 32);
            text->limit = string.length;
        }
        text->value = string.first;
        return 0;
    }
    if (shape || !(type & 8) || text->skip > string.length)
        return 1;
    __u32 length = string.length - text->skip, from = text->length;
    if (length > text->limit)
        length = text->limit;
    if (length > SP_WIRE_SOURCE)
        length = SP_WIRE_SOURCE;
    barrier_var(length);
    barrier_var(from);
    if (length > SP_WIRE_SOURCE || from > SP_WIRE_SOURCE ||
        bpf_probe_read_user(text->to + from, length, (void *)(at + 16 + text->skip)))
        return 1;
    text->length = from + length;
    text->skip = 0;
    text->limit = SP_WIRE_SOURCE;
    if (text->length >= SP_WIRE_SOURCE || !depth || depth > 8)
        return 1;
    text->depth = depth - 1;
    text->value = text->waiting[(depth - 1) & 7];
    return 0;
}

/* Writes the beginning of the string VALUE of V8 to TO, of 2 * SP_WIRE_SOURCE bytes: src/objects/string.h,
 * map.h, instance-type.h; objects begin at their tagged address - 1. Only one-byte characters that lie in the
 * heap are read. Returns how many; 0: another kind, or another V8. */
static __always_inline __u32
heap_string(__u64 value, char *to)
{
    struct heap_text text = { .to = to, .value = value, .limit = SP_WIRE_SOURCE };
    bpf_loop(PARTS_READ, one_string, &text, 0);
    return text.length > SP_WIRE_SOURCE ? SP_WIRE_SOURCE : text.length;
}

/* ----------------------------------------------------------------- code */

#define CALL_IT(what)                                                                                        \
    do {                                                                                                     \
        __builtin_memcpy(record->strings, what, sizeof(what) - 1);                                           \
        called = sizeof(what) - 1;                                                                           \
    } while (0)

static __always_inline int
tell_code(__u32 kind, __u64 a, __u64 b, __u32 process)
{
    struct code_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    __u32 called = 0, length = 0;
    __s64 got = -1;
    if (!record) {
        lose(SP_WIRE_CODE);
        return 0;
    }
    begin(&record->head, SP_WIRE_CODE, process);
    record->head.act = kind == SP_UPROBE_PYTHON_MARSHAL ? SP_ACT_MARSHAL : SP_ACT_STRING;
    switch (kind) {
    case SP_UPROBE_PYTHON_RUN:
        if ((__u32)b == 258) { /* Py_eval_input */
            CALL_IT("eval");
            got = bpf_probe_read_user_str(record->strings + 4, SP_WIRE_SOURCE, (void *)a);
        } else {
            CALL_IT("exec");
            got = bpf_probe_read_user_str(record->strings + 4, SP_WIRE_SOURCE, (void *)a);
        }
        length = got > 0 ? (__u32)got - 1 : 0;
        break;
    case SP_UPROBE_PYTHON_COMPILE:
        CALL_IT("compile");
        got = bpf_probe_read_user_str(record->strings + 7, SP_WIRE_SOURCE, (void *)a);
        length = got > 0 ? (__u32)got - 1 : 0;
        break;
    case SP_UPROBE_PYTHON_MARSHAL:
        CALL_IT("marshal");
        got = 1; /* byte code says nothing to a person */
        break;
    case SP_UPROBE_NODE_EVAL: {
        __u64 value = 0;
        CALL_IT("eval");
        if (!bpf_probe_read_user(&value, sizeof(value), (void *)a)) /* a handle: where the pointer stands */
            length = heap_string(value, record->strings + 4);
        got = length ? 1 : -1;
        break;
    }
    default: {
        __u64 arguments = 0, value = 0;
        CALL_IT("vm.Script");
        /* struct FunctionCallbackInfo { implicit arguments, values, length } */
        if (!bpf_probe_read_user(&arguments, sizeof(arguments), (void *)(a + 8)) &&
            !bpf_probe_read_user(&value, sizeof(value), (void *)arguments))
            length = heap_string(value, record->strings + 9);
        got = length ? 1 : -1;
        break;
    }
    }
    record->head.lengths[0] = (__u16)called;
    record->head.lengths[1] = (__u16)length;
    if (got < 0)
        record->head.flags = SP_WIRE_UNREADABLE;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

__noinline int
sp_library_called(__u64 kind, __u64 a, __u64 b, __u64 c)
{
    struct task *task = watched();
    if (!task || task->flags & TASK_OURS)
        return 0;
    __u32 process = task->process;
    struct told *before = bpf_map_lookup_elem(&told, &process);
    if (!before)
        return 0;
    switch (kind) {
    case SP_UPROBE_NAME:
        return before->names++ < SP_WIRE_NAMES_TOLD ? tell_name(a, process) : 0;
    case SP_UPROBE_TLS:
        /* an int for SSL_write, which refuses what is negative */
        return c && c <= 0x7fffffff && before->tls++ < SP_WIRE_TLS_TOLD ? tell_tls(b, c, process) : 0;
    case SP_UPROBE_PYTHON_COMPILE:
        if (is_path(b))
            return 0;
        break;
    case SP_UPROBE_PYTHON_MARSHAL:
        if (is_mapped_file(a))
            return 0;
        break;
    default:
        break;
    }
    return before->code++ < SP_WIRE_CODE_TOLD ? tell_code((__u32)kind, a, b, process) : 0;
}

static __always_inline __u64
parameter(struct pt_regs *regs, int which)
{
#if defined(__TARGET_ARCH_x86)
    return which == 0   ? BPF_CORE_READ(regs, di)
           : which == 1 ? BPF_CORE_READ(regs, si)
                        : BPF_CORE_READ(regs, dx);
#else
    return BPF_CORE_READ(regs, regs[which]);
#endif
}

SEC("uprobe")
int
library(struct pt_regs *regs)
{
    sp_library_called(bpf_get_attach_cookie(regs), parameter(regs, 0), parameter(regs, 1),
                      parameter(regs, 2));
    return 0;
}
