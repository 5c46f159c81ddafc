/* privilege.h: the helper's own rights, and how they are given up. It runs with file capabilities, started by
 * anyone: everything that it inherits is the caller's choice until sp_privilege_enter returns. Private to
 * src/probe. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the helper needs, found by trying (kernel 6.18): CAP_BPF and CAP_PERFMON to load programs that read
 * the kernel, CAP_NET_ADMIN for those of control groups, CAP_SYS_PTRACE to learn who owns a sandbox whose
 * first process lets nobody look into it. */
#define SP_PRIVILEGE_NAMES "cap_bpf,cap_perfmon,cap_net_admin,cap_sys_ptrace"
uint64_t sp_privilege_capabilities(void); /* as bits */

/* First thing in main: no environment, no descriptors but KEEP (standard ones become /dev/null), default
 * signals, no core, root as working directory, nobody may trace; no capability but those above, none of them
 * for another program. -1: one of them is missing; ERR says why and what to do. */
int sp_privilege_enter(int keep, struct sp_error *err);
/* Once the programs are loaded: from here on only the calls that aiming and answering need; another one
 * fails, and starting a program or making a process or a socket ends this one. */
int sp_privilege_narrow(struct sp_error *err);

/* How many helpers one user may have at a time; root is not limited. */
#define SP_PRIVILEGE_QUOTA 16u
/* Refuses when UID has more than that, this process counted. Counts processes that run this very file, so
 * that nobody can take another's places by making files or names. */
int sp_privilege_quota(uid_t uid, struct sp_error *err);
