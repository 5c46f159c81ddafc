#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define ROOM_IDS 65536u /* how many ids a room for root has */
/* Above what distributions hand out for users, subordinate ids and system containers; a place for each of
 * 4,096 rooms, so that two of them are strangers to each other. */
#define SPARE_FIRST 0x60000000u
#define SPARE_ROOMS 4096u

static bool
number_in_environment(const char *name, unsigned long *out)
{
    const char *text = getenv(name);
    char *end;
    if (!text || !*text)
        return false;
    errno = 0;
    *out = strtoul(text, &end, 10);
    return !errno && !*end && *out > 0 && *out < SPARE_FIRST;
}

static int
choose_for_root(struct sp_identity *out, struct sp_error *err)
{
    unsigned long uid, gid;
    char map[96];
    out->privileged = true;
    if (number_in_environment("SUDO_UID", &uid) && number_in_environment("SUDO_GID", &gid)) {
        char groups[96];
        out->uid = out->inside_uid = (uid_t)uid;
        out->gid = out->inside_gid = (gid_t)gid;
        snprintf(map, sizeof(map), "%lu %lu 1\n", uid, uid);
        snprintf(groups, sizeof(groups), "%lu %lu 1\n", gid, gid);
        out->user_namespace = sp_user_namespace(map, groups, err);
        return out->user_namespace < 0 ? -1 : 0;
    }
    static unsigned rooms;
    out->whole = true;
    out->owner_base = SPARE_FIRST + (((unsigned)getpid() * 16u + rooms++ % 16u) % SPARE_ROOMS) * ROOM_IDS;
    out->uid = out->gid = out->owner_base;
    out->inside_uid = out->inside_gid = 0;
    snprintf(map, sizeof(map), "0 %u %u\n", out->owner_base, ROOM_IDS);
    out->user_namespace = sp_user_namespace(map, map, err);
    return out->user_namespace < 0 ? -1 : 0;
}

int
sp_identity_choose(struct sp_identity *out, struct sp_error *err)
{
    *out = (struct sp_identity){ .user_namespace = -1 };
    if (!geteuid())
        return choose_for_root(out, err);
    out->uid = out->inside_uid = geteuid();
    out->gid = out->inside_gid = getegid();
    return 0;
}

/* Lines of a map in which OWNER and the room's root change places. */
static void
swapped_map(char *out, size_t size, uint32_t base, uint32_t owner)
{
    if (!owner || owner >= ROOM_IDS) {
        snprintf(out, size, "0 %u %u\n", base, ROOM_IDS);
        return;
    }
    int at = snprintf(out, size, "%u %u 1\n0 %u 1\n", owner, base, base + owner);
    if (owner > 1)
        at += snprintf(out + at, size - (size_t)at, "1 %u %u\n", base + 1, owner - 1);
    if (owner + 1 < ROOM_IDS)
        snprintf(out + at, size - (size_t)at, "%u %u %u\n", owner + 1, base + owner + 1,
                 ROOM_IDS - owner - 1);
}

int
sp_identity_map(const struct sp_identity *identity, uid_t uid, gid_t gid, struct sp_error *err)
{
    char users[192], groups[192];
    swapped_map(users, sizeof(users), identity->owner_base, uid);
    swapped_map(groups, sizeof(groups), identity->owner_base, gid);
    return sp_user_namespace(users, groups, err);
}

/* ------------------------------------------------------------ user namespaces */

static int
write_map(pid_t pid, const char *file, const char *text)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    sp_autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* Waits in a new user namespace until it is killed. Shares nothing that it could spoil: it only makes
 * syscalls. */
_Noreturn static void
hold_namespace(int ready)
{
    char word = unshare(CLONE_NEWUSER) < 0 ? (char)errno : 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)!write(ready, &word, 1);
    for (;;)
        pause();
}

int
sp_user_namespace(const char *uid_map, const char *gid_map, struct sp_error *err)
{
    int ends[2], fd = -1, why = 0;
    char word = 0, path[64];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return sp_fail_errno(err, "pipe");
    pid_t pid = fork();
    if (!pid)
        hold_namespace(ends[1]);
    close(ends[1]);
    if (pid < 0 || read(ends[0], &word, 1) != 1 || word)
        why = word ? word : errno ? errno : EPERM;
    else if (write_map(pid, "uid_map", uid_map) < 0 || write_map(pid, "gid_map", gid_map) < 0)
        why = errno;
    else {
        snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        why = fd < 0 ? errno : 0;
    }
    close(ends[0]);
    if (pid > 0) {
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    errno = why;
    return fd >= 0 ? fd
                   : sp_fail_errno(
                         err, "no user namespace could be made (see user.max_user_namespaces, and 'sallyport "
                              "doctor')");
}

/* --------------------------------------------------------------- privileges */

static int
join_identity(const struct sp_identity *identity, struct sp_error *err)
{
    char map[64];
    if (identity->user_namespace >= 0) {
        if (setgroups(0, NULL) < 0 || setns(identity->user_namespace, CLONE_NEWUSER) < 0 ||
            setresgid(identity->inside_gid, identity->inside_gid, identity->inside_gid) < 0 ||
            setresuid(identity->inside_uid, identity->inside_uid, identity->inside_uid) < 0)
            return sp_fail_errno(err, "could not become user %u of the sandbox", identity->inside_uid);
        return 0;
    }
    /* a second namespace, so that nothing inside owns the one that owns the mounts */
    if (unshare(CLONE_NEWUSER) < 0 || write_map(getpid(), "setgroups", "deny") < 0)
        return sp_fail_errno(err, "no second user namespace could be made");
    snprintf(map, sizeof(map), "%u %u 1\n", identity->inside_uid, identity->inside_uid);
    if (write_map(getpid(), "uid_map", map) < 0)
        return sp_fail_errno(err, "uid_map of the second user namespace");
    snprintf(map, sizeof(map), "%u %u 1\n", identity->inside_gid, identity->inside_gid);
    return write_map(getpid(), "gid_map", map) < 0
               ? sp_fail_errno(err, "gid_map of the second user namespace")
               : 0;
}

int
sp_privileges_drop(const struct sp_identity *identity, struct sp_error *err)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2] = { { 0 } };
    if (join_identity(identity, err) < 0)
        return -1;
    /* an exec by id 0 would bring capabilities back */
    if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                                     SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
                                     SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED) < 0)
        return sp_fail_errno(err, "securebits");
    for (int cap = 0; cap <= 63; cap++)
        if (prctl(PR_CAPBSET_DROP, cap) < 0 && errno != EINVAL)
            return sp_fail_errno(err, "capability %d could not be given up", cap);
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
        syscall(SYS_capset, &header, none) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return sp_fail_errno(err, "capabilities could not be given up");
    /* nobody inside may look at or into the keeper, whose memory was ours */
    if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return sp_fail_errno(err, "prctl");
    return 0;
}
