/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* file.bpf.c: files opened, with their paths from the kernel's own objects; names and attributes changed;
 * bytes that went through. */
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define O_TRUNC 01000
#define O_CREAT 0100
#define O_EXCL 0200
#define O_DIRECTORY 0200000
#define OPEN_CREATED (1ull << 32)
#define AT_REMOVEDIR 0x200

/* ---------------------------------------------------------------- bytes */

static __always_inline void
send_bytes(const struct sp_wire_file *file)
{
    struct sp_wire *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_BYTES);
        return;
    }
    __builtin_memset(record, 0, sizeof(*record));
    record->kind = SP_WIRE_BYTES;
    record->process = file->process;
    record->time = bpf_ktime_get_ns();
    record->id = file->inode;
    record->device = file->device;
    record->value = (__s64)file->read;
    record->bytes = file->written;
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static __always_inline void
add_file_bytes(struct file *file, struct inode *inode, __u64 bytes, int written, __u32 process)
{
    __u64 key = (__u64)file;
    struct sp_wire_file *known = bpf_map_lookup_elem(&files, &key);
    if (!known) {
        struct sp_wire_file fresh = { .process = process, .kind = S_IFREG };
        fresh.inode = BPF_CORE_READ(inode, i_ino);
        fresh.device = BPF_CORE_READ(inode, i_sb, s_dev);
        if (bpf_map_update_elem(&files, &key, &fresh, BPF_NOEXIST)) {
            struct sp_wire_control *state = control_of();
            if (state)
                __sync_fetch_and_add(&state->lost_files, 1);
        }
        known = bpf_map_lookup_elem(&files, &key);
        if (!known)
            return;
    }
    if (written)
        __sync_fetch_and_add(&known->written, bytes);
    else
        __sync_fetch_and_add(&known->read, bytes);
}

__noinline int
sp_bytes_moved(__s64 fd, __s64 bytes, int written, __u32 process)
{
    struct file *file = bytes > 0 ? file_of(fd) : 0;
    struct sp_wire_counts *of = counts_of(process);
    if (!file)
        return 0;
    struct inode *inode = BPF_CORE_READ(file, f_inode);
    __u32 kind = BPF_CORE_READ(inode, i_mode) & S_IFMT;
    if (kind == S_IFREG) {
        count(of, written ? SP_COUNT_WRITES : SP_COUNT_READS, 1);
        count(of, written ? SP_COUNT_WRITTEN_BYTES : SP_COUNT_READ_BYTES, (__u64)bytes);
        add_file_bytes(file, inode, (__u64)bytes, written, process);
    } else if (kind == S_IFSOCK) {
        struct socket *socket = BPF_CORE_READ(file, private_data);
        __u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
        if (family != AF_INET && family != AF_INET6)
            return 0;
        count(of, written ? SP_COUNT_SENT_BYTES : SP_COUNT_RECEIVED_BYTES, (__u64)bytes);
    }
    return (int)kind;
}

/* ---------------------------------------------------------------- opens */

/* Eight bytes at once: byte by byte the verifier would follow every way through the comparisons. */
static __always_inline __u64
word_of(const char *text, __u32 length)
{
    __u64 word = 0;
    for (__u32 i = 0; i < length && i < 8; i++)
        word |= (__u64)(__u8)text[i] << (8 * i);
    return word;
}
static __always_inline __u64
word_at(const char *bytes)
{
    __u64 word;
    __builtin_memcpy(&word, bytes, sizeof(word));
    return word;
}
#define MASK(with) (~0ull >> (8 * (8 - (sizeof(with) - 1))))
#define BEGINS(word, with) (((word)&MASK(with)) == word_of(with, sizeof(with) - 1))

static __always_inline enum sp_count
directory_of(__u64 path, __u32 length)
{
    if (length == 1 || BEGINS(path, "/root/") || (length == 5 && BEGINS(path, "/root")))
        return SP_COUNT_OPEN_ROOT;
    if (BEGINS(path, "/tmp") || BEGINS(path, "/var/tmp") || BEGINS(path, "/dev/shm"))
        return SP_COUNT_OPEN_TEMP;
    if (BEGINS(path, "/home"))
        return SP_COUNT_OPEN_HOME;
    if (BEGINS(path, "/usr/") || BEGINS(path, "/lib") || BEGINS(path, "/bin/") || BEGINS(path, "/sbin/"))
        return SP_COUNT_OPEN_USER;
    if (BEGINS(path, "/sys/") || BEGINS(path, "/proc/"))
        return SP_COUNT_OPEN_SYS;
    if (BEGINS(path, "/etc/"))
        return SP_COUNT_OPEN_ETC;
    return SP_COUNT_OPEN_OTHER;
}

static __always_inline void
tell_what_went_through(struct file *file)
{
    /* the kernel gives the place of a file that was closed to the next: what was counted there is whole now
     */
    __u64 key = (__u64)file;
    struct sp_wire_file *known = bpf_map_lookup_elem(&files, &key);
    if (!known)
        return;
    struct sp_wire_file whole = *known;
    bpf_map_delete_elem(&files, &key);
    if (whole.kind == S_IFREG)
        send_bytes(&whole);
}

static __always_inline int
opened(struct file *file, __u64 asked, __u32 process)
{
    struct scratch *to = scratch_of();
    struct sp_wire_counts *of = counts_of(process);
    tell_what_went_through(file);
    __u32 path = (__u32)sp_path_walk((__u64)file, 0);
    if (!to || path > 4000)
        return 0;
    struct inode *inode = BPF_CORE_READ(file, f_inode);
    __u32 start = (PATH_END - path - sizeof(struct sp_wire)) & 8191;
    struct sp_wire *record = record_at(to, start, SP_WIRE_OPEN, process);
    __u32 mode = BPF_CORE_READ(inode, i_mode) & S_IFMT;
    struct decoy_key key = {
        .inode = BPF_CORE_READ(inode, i_ino),
        .device = BPF_CORE_READ(inode, i_sb, s_dev),
    };
    record->lengths[0] = path;
    record->pid = inner_pid(current_task());
    record->value = BPF_CORE_READ(file, f_flags) | (asked & (O_CREAT | O_TRUNC | O_EXCL));
    if (BPF_CORE_READ(file, f_mode) & FMODE_CREATED)
        record->value |= OPEN_CREATED;
    if (mode == S_IFDIR)
        record->value |= O_DIRECTORY;
    record->bytes = mode == S_IFREG ? (__u64)BPF_CORE_READ(inode, i_size) : 0;
    record->id = key.inode;
    record->device = (__u32)key.device;
    if (!path)
        record->flags = SP_WIRE_UNREADABLE;
    else {
        const char *begin = to->bytes + ((PATH_END - path) & 8191);
        __u64 first = word_at(begin);
        count(of, directory_of(first, path), 1);
        if (path > 14 && BEGINS(first, "/proc/") &&
            word_at(to->bytes + PATH_END - 8) == word_of("/environ", 8))
            count(of, SP_COUNT_ENVIRONS, 1);
    }
    int proof = 0;
    struct decoy *decoy = bpf_map_lookup_elem(&decoys, &key);
    if (decoy && (mode != S_IFREG || decoy->size != (__u64)BPF_CORE_READ(inode, i_size)))
        decoy = 0; /* another layer's file under the same number */
    if (decoy) {
        record->index = decoy->index + 1;
        proof = decoy->proves != 0;
    }
    if (proof) {
        struct sp_wire_control *state = control_of();
        record->kind = SP_WIRE_PROOF;
        if (state && !state->proof)
            state->proof = decoy->index + 1;
        if (aim.kill)
            bpf_send_signal(9);
    }
    send(to, start, sizeof(*record) + path, SP_WIRE_OPEN, decoy != 0);
    return 0;
}

/* ---------------------------------------------------------------- looks */

static __always_inline void
looked(__u64 user, __s64 result, __u32 process)
{
    __u64 begin = 0;
    if (bpf_probe_read_user(&begin, sizeof(begin), (void *)user) &&
        bpf_probe_read_user(&begin, 4, (void *)user))
        return;
    if (!BEGINS(begin, "/"))
        return;
    int telling = BEGINS(begin, "/.") || BEGINS(begin, "/proc/") || BEGINS(begin, "/sys/") ||
                  BEGINS(begin, "/run/") || BEGINS(begin, "/dev/");
    struct scratch *to = scratch_of();
    __u32 home = aim.home_length;
    if (!to)
        return;
    if (!telling && (!home || home >= sizeof(aim.home) || (__u8)(begin >> 8) != (__u8)aim.home[1]))
        return;
    struct sp_wire *record = record_at(to, 0, SP_WIRE_LOOK, process);
    char *said = to->bytes + sizeof(*record);
    __s64 length = bpf_probe_read_user_str(said, 1024, (void *)user);
    if (length <= 1 || length > 1024)
        return;
    if (!telling) {
        /* hidden things of the home; of a long one its first 32 bytes are compared */
        const volatile __u64 *wanted = (const volatile __u64 *)aim.home;
        for (__u32 i = 0; i < 4; i++) {
            __u32 left = home > 8 * i ? home - 8 * i : 0;
            __u64 mask = left >= 8 ? ~0ull : (1ull << (8 * left)) - 1;
            if ((word_at(said + 8 * i) ^ wanted[i]) & mask)
                return;
        }
        if (said[home & 63] != '/' || said[(home & 63) + 1] != '.')
            return;
    }
    record->lengths[0] = (__u16)(length - 1);
    record->value = result < 0 ? result : 0;
    record->pid = inner_pid(current_task());
    send(to, 0, sizeof(*record) + ((__u32)length - 1), SP_WIRE_LOOK, 0);
}

/* -------------------------------------------------------------- changes */

/* What the event calls it (enum sp_file_act of trace/event.h, whose numbers the reader checks). */
enum change {
    CHANGE_UNLINK,
    CHANGE_RMDIR,
    CHANGE_RENAME,
    CHANGE_LINK,
    CHANGE_SYMLINK,
    CHANGE_MKDIR,
    CHANGE_MKNOD,
    CHANGE_MODE,
    CHANGE_OWNER,
    CHANGE_TRUNCATE,
};

struct change_call {
    __s64 directory;  /* descriptor; AT_FDCWD the working directory */
    __u64 name;       /* of the caller's; 0: the descriptor itself */
    __s64 directory2; /* of the second name */
    __u64 name2;      /* 0: none */
    __u64 value;      /* mode */
    __u32 what;
    __u32 process;
};

static __always_inline int
is_absolute(__u64 user)
{
    char first = 0;
    return !bpf_probe_read_user(&first, 1, (void *)user) && first == '/';
}

static __always_inline __u32
walk_directory(__s64 directory, int into_second)
{
    struct file *file = 0;
    if ((int)directory != AT_FDCWD && !(file = file_of((int)directory)))
        return 0;
    __u32 length = (__u32)sp_path_walk((__u64)file, into_second);
    return length > 4000 ? 0 : length;
}

static __noinline int
changed(const struct change_call *call)
{
    struct scratch *to = scratch_of();
    __u32 zero = 0, path = 0, flags = 0, at = PATH_END, length = 0, directory2 = 0, length2 = 0;
    struct second *where = bpf_map_lookup_elem(&second, &zero);
    if (!to || !where)
        return 0;
    if (!call->name || !is_absolute(call->name))
        path = walk_directory(call->directory, 0);
    if (path > 4000)
        return 0;
    if (call->name) {
        __s64 got = bpf_probe_read_user_str(to->bytes + PATH_END, SP_WIRE_PATH, (void *)call->name);
        if (got <= 0 || got > SP_WIRE_PATH)
            flags |= SP_WIRE_UNREADABLE;
        else
            length = (__u32)got - 1;
        flags |= SP_WIRE_RELATIVE;
    }
    at += length & 4095;
    if (call->name2) {
        if (call->directory2 != -1 && !is_absolute(call->name2)) {
            directory2 = walk_directory(call->directory2, 1);
            if (directory2 > 4000)
                return 0;
            bpf_probe_read_kernel(to->bytes + (at & 16383), directory2 & 4095,
                                  where->bytes + ((SP_WIRE_PATH - directory2) & 4095));
            at += directory2 & 4095;
        }
        __s64 got = bpf_probe_read_user_str(to->bytes + (at & 16383), SP_WIRE_PATH, (void *)call->name2);
        if (got <= 0 || got > SP_WIRE_PATH)
            flags |= SP_WIRE_UNREADABLE;
        else
            length2 = (__u32)got - 1;
        at += length2 & 4095;
    }
    __u32 start = (PATH_END - path - sizeof(struct sp_wire)) & 8191;
    struct sp_wire *record = record_at(to, start, SP_WIRE_CHANGE, call->process);
    record->flags = flags;
    record->act = call->what;
    record->lengths[0] = path;
    record->lengths[1] = length;
    record->lengths[2] = directory2;
    record->lengths[3] = length2;
    record->value = (__s64)call->value;
    record->pid = inner_pid(current_task());
    send(to, start, (at - start) & 32767, SP_WIRE_CHANGE, 0);
    return 0;
}

__noinline int
sp_file_act(__u64 regs_of, __u32 act, __s64 result, __u32 process)
{
    struct pt_regs *regs = (struct pt_regs *)regs_of;
    struct sp_wire_counts *of = counts_of(process);
    __u64 a = argument(regs, 0), b = argument(regs, 1);
    if (act >= SP_ACT_OPEN && act <= SP_ACT_CREAT) {
        __u64 asked = act == SP_ACT_OPEN ? b : act == SP_ACT_OPENAT ? argument(regs, 2) : O_CREAT | O_TRUNC;
        if (act == SP_ACT_OPENAT2 && bpf_probe_read_user(&asked, sizeof(asked), (void *)argument(regs, 2)))
            asked = 0;
        if (result < 0) {
            count(of, SP_COUNT_OPEN_FAILED, 1);
            looked(act == SP_ACT_OPEN || act == SP_ACT_CREAT ? a : b, result, process);
            return 0;
        }
        struct file *file = file_of(result);
        if (file)
            opened(file, asked, process);
        return 0;
    }
    if (act == SP_ACT_LOOK || act == SP_ACT_LOOKAT) {
        looked(act == SP_ACT_LOOK ? a : b, result, process);
        return 0;
    }
    if (result < 0)
        return 0;
    struct change_call call = {
        .directory = AT_FDCWD, .name = a, .directory2 = AT_FDCWD, .process = process
    };
    switch (act) {
    case SP_ACT_UNLINKAT:
        call.directory = (int)a;
        call.name = b;
        call.what = argument(regs, 2) & AT_REMOVEDIR ? CHANGE_RMDIR : CHANGE_UNLINK;
        break;
    case SP_ACT_UNLINK:
        call.what = CHANGE_UNLINK;
        break;
    case SP_ACT_RMDIR:
        call.what = CHANGE_RMDIR;
        break;
    case SP_ACT_RENAME:
    case SP_ACT_LINK:
        call.what = act == SP_ACT_LINK ? CHANGE_LINK : CHANGE_RENAME;
        call.name2 = b;
        break;
    case SP_ACT_RENAMEAT:
    case SP_ACT_LINKAT:
        call.what = act == SP_ACT_LINKAT ? CHANGE_LINK : CHANGE_RENAME;
        call.directory = (int)a;
        call.name = b;
        call.directory2 = (int)argument(regs, 2);
        call.name2 = argument(regs, 3);
        break;
    case SP_ACT_SYMLINK:
    case SP_ACT_SYMLINKAT:
        call.what = CHANGE_SYMLINK;
        call.name = act == SP_ACT_SYMLINK ? b : argument(regs, 2);
        if (act == SP_ACT_SYMLINKAT)
            call.directory = (int)b;
        call.name2 = a;
        call.directory2 = -1; /* a target is a text, not a place */
        break;
    case SP_ACT_MKDIR:
    case SP_ACT_MKNOD:
        call.what = act == SP_ACT_MKDIR ? CHANGE_MKDIR : CHANGE_MKNOD;
        call.value = b;
        break;
    case SP_ACT_MKDIRAT:
    case SP_ACT_MKNODAT:
        call.what = act == SP_ACT_MKDIRAT ? CHANGE_MKDIR : CHANGE_MKNOD;
        call.directory = (int)a;
        call.name = b;
        call.value = argument(regs, 2);
        break;
    case SP_ACT_CHMOD:
        call.what = CHANGE_MODE;
        call.value = b;
        break;
    case SP_ACT_FCHMOD:
        call.what = CHANGE_MODE;
        call.directory = (int)a;
        call.name = 0;
        call.value = b;
        break;
    case SP_ACT_FCHMODAT:
        call.what = CHANGE_MODE;
        call.directory = (int)a;
        call.name = b;
        call.value = argument(regs, 2);
        break;
    case SP_ACT_CHOWN:
        call.what = CHANGE_OWNER;
        break;
    case SP_ACT_FCHOWN:
    case SP_ACT_FTRUNCATE:
        call.what = act == SP_ACT_FCHOWN ? CHANGE_OWNER : CHANGE_TRUNCATE;
        call.directory = (int)a;
        call.name = 0;
        break;
    case SP_ACT_FCHOWNAT:
        call.what = CHANGE_OWNER;
        call.directory = (int)a;
        call.name = b;
        break;
    case SP_ACT_TRUNCATE:
        call.what = CHANGE_TRUNCATE;
        break;
    default:
        return 0;
    }
    if (call.what == CHANGE_UNLINK)
        count(of, SP_COUNT_UNLINKS, 1);
    else if (call.what == CHANGE_RENAME)
        count(of, SP_COUNT_RENAMES, 1);
    else if (call.what == CHANGE_MODE)
        count(of, SP_COUNT_MODES, 1);
    changed(&call);
    return 0;
}
