/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* path.bpf.c: from a file to its path, up through directories and mounts to the root of whoever asks. By
 * hand, since bpf_d_path is not for these programs. */
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define PARTS_MAX 256

struct walk {
    __u64 dentry, mount, root_dentry, root_mount; /* mount: struct vfsmount */
    int into_second;
    int done; /* 1 the root, 2 no path: a name alone, 3 cut */
};

static __always_inline struct mount *
mount_of(__u64 vfsmount)
{
    return (struct mount *)(vfsmount - bpf_core_field_offset(struct mount, mnt));
}

static int
one_part(__u32 index, void *context)
{
    struct walk *walk = context;
    struct dentry *dentry = (struct dentry *)walk->dentry;
    if (walk->dentry == walk->root_dentry && walk->mount == walk->root_mount) {
        walk->done = 1;
        return 1;
    }
    struct vfsmount *here = (struct vfsmount *)walk->mount;
    struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
    struct dentry *mount_root = BPF_CORE_READ(here, mnt_root);
    if (dentry == mount_root) {
        /* the root of a bind mount has a name of its own that is not its place */
        struct mount *mount = mount_of(walk->mount);
        struct mount *above = BPF_CORE_READ(mount, mnt_parent);
        if (above == mount) {
            walk->done = 1;
            return 1;
        }
        walk->dentry = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
        walk->mount = (__u64)above + bpf_core_field_offset(struct mount, mnt);
        return 0;
    }
    __u32 length = BPF_CORE_READ(dentry, d_name.len) & 255;
    const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
    __u32 zero = 0, *from, end;
    char *bytes;
    if (walk->into_second) {
        struct second *to = bpf_map_lookup_elem(&second, &zero);
        if (!to)
            return 1;
        bytes = to->bytes;
        from = &to->at;
        end = SP_WIRE_PATH;
    } else {
        struct scratch *to = bpf_map_lookup_elem(&scratch, &zero);
        if (!to)
            return 1;
        bytes = to->bytes;
        from = &to->at;
        end = PATH_END;
    }
    __u32 at = *from;
    if (at > end || at < end - 4000 + length + 1) {
        walk->done = 3;
        return 1;
    }
    at -= length;
    if (at > PATH_END || bpf_probe_read_kernel(bytes + at, length, name))
        return 1;
    if (dentry == parent) {
        /* memfd and its kin hang from nothing */
        *from = at;
        walk->done = 2;
        return 1;
    }
    at--;
    if (at > PATH_END)
        return 1;
    bytes[at] = '/';
    *from = at;
    walk->dentry = (__u64)parent;
    return 0;
}

__noinline int
sp_path_walk(__u64 file, int into_second)
{
    struct task_struct *task = current_task();
    struct fs_struct *fs = BPF_CORE_READ(task, fs);
    struct walk walk = { .into_second = into_second };
    __u32 zero = 0, *at, end;
    char *root;
    if (into_second) {
        struct second *to = bpf_map_lookup_elem(&second, &zero);
        if (!to)
            return 0;
        root = to->bytes + SP_WIRE_PATH - 1;
        at = &to->at;
        end = SP_WIRE_PATH;
    } else {
        struct scratch *to = bpf_map_lookup_elem(&scratch, &zero);
        if (!to)
            return 0;
        root = to->bytes + PATH_END - 1;
        at = &to->at;
        end = PATH_END;
    }
    *at = end;
    walk.root_dentry = (__u64)BPF_CORE_READ(fs, root.dentry);
    walk.root_mount = (__u64)BPF_CORE_READ(fs, root.mnt);
    if (file) {
        struct file *of = (struct file *)file;
        walk.dentry = (__u64)BPF_CORE_READ(of, f_path.dentry);
        walk.mount = (__u64)BPF_CORE_READ(of, f_path.mnt);
    } else {
        walk.dentry = (__u64)BPF_CORE_READ(fs, pwd.dentry);
        walk.mount = (__u64)BPF_CORE_READ(fs, pwd.mnt);
    }
    if (!walk.dentry || !walk.mount)
        return 0;
    bpf_loop(PARTS_MAX, one_part, &walk, 0);
    if (!walk.done)
        return 0;
    if (*at == end) { /* the root itself */
        *root = '/';
        return 1;
    }
    return (int)(end - *at);
}
