/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kernel.bpf.h: the few fields of the kernel's structures that the probes read, by name: where they lie is
 * found when the programs are loaded (CO-RE), so order and neighbours do not matter here. */
#pragma once
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
    __u32 len;
    const unsigned char *name;
};
struct super_block {
    __u32 s_dev;
    unsigned long s_magic;
};
struct inode {
    __u16 i_mode;
    unsigned long i_ino;
    struct super_block *i_sb;
    unsigned int i_nlink;
    long long i_size;
};
struct dentry {
    struct qstr d_name;
    struct inode *d_inode;
    struct dentry *d_parent;
};
struct vfsmount {
    struct dentry *mnt_root;
};
struct mount {
    struct mount *mnt_parent;
    struct dentry *mnt_mountpoint;
    struct vfsmount mnt;
};
struct path {
    struct vfsmount *mnt;
    struct dentry *dentry;
};
struct file {
    struct path f_path;
    struct inode *f_inode;
    unsigned int f_flags;
    unsigned int f_mode;
    void *private_data;
};
struct fdtable {
    unsigned int max_fds;
    struct file **fd;
};
struct files_struct {
    struct fdtable *fdt;
};
struct fs_struct {
    struct path root, pwd;
};
struct ns_common {
    unsigned int inum;
};
struct pid_namespace {
    struct ns_common ns;
};
struct upid {
    int nr;
};
struct pid {
    unsigned int level;
    struct upid numbers[1];
};
typedef struct {
    int counter;
} atomic_t;
struct signal_struct {
    atomic_t live;
    unsigned long maxrss;
    int group_exit_code;
};
struct mm_struct {
    unsigned long arg_start, arg_end;
};
struct net {
    struct ns_common ns;
};
struct nsproxy {
    struct net *net_ns;
};
struct task_struct {
    int pid, tgid;
    char comm[16];
    int exit_code;
    struct files_struct *files;
    struct fs_struct *fs;
    struct mm_struct *mm;
    struct signal_struct *signal;
    struct task_struct *group_leader;
    struct pid *thread_pid;
    struct nsproxy *nsproxy;
};
struct vm_area_struct {
    struct file *vm_file;
};
struct linux_binprm {
    struct file *file;
};
struct in6_addr {
    union {
        __u8 u6_addr8[16];
    } in6_u;
};
typedef struct {
    struct net *net;
} possible_net_t;
struct sock_common {
    __u32 skc_daddr, skc_rcv_saddr;
    __u16 skc_dport;
    __u16 skc_num;
    unsigned short skc_family;
    possible_net_t skc_net;
    struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
    struct sock_common __sk_common;
    __u16 sk_type, sk_protocol;
};
struct socket {
    struct sock *sk;
};
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
    unsigned long di, si, dx, r10, r8, r9, orig_ax, ip;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
    __u64 regs[31];
    __u64 orig_x0;
    int syscallno;
};
#endif

#pragma clang attribute pop

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFDIR 0040000
#define S_IFIFO 0010000
#define S_IFCHR 0020000
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define EPERM 1
#define ENOENT 2
#define EACCES 13
#define AT_FDCWD -100
#define FMODE_CREATED 0x100000
#define PROT_EXEC 4
#define MAP_ANONYMOUS 0x20
