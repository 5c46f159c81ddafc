/* What this host allows, found by trying: the proof that a sandbox can be made is one that was. */
#include "base/clock.h"
#include "base/tree.h"
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

struct checks {
    struct sp_host_check *items;
    size_t count;
};

static struct sp_host_check *
add(struct checks *checks, const char *id, enum sp_sight state, bool needed, const char *found)
{
    struct sp_host_check *check = &checks->items[checks->count++];
    *check = (struct sp_host_check){ .id = id, .state = state, .needed = needed };
    snprintf(check->found, sizeof(check->found), "%s", found);
    return check;
}

static void
say_cost(struct sp_host_check *check, const char *lost, const char *remedy)
{
    snprintf(check->lost, sizeof(check->lost), "%s", lost);
    snprintf(check->remedy, sizeof(check->remedy), "%s", remedy);
}

/* errno of unshare(FLAGS) in a process of its own; 0: it works. */
static int
try_unshare(int flags)
{
    int status;
    pid_t pid = fork();
    if (!pid)
        _exit(unshare(flags) < 0 ? errno : 0);
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return pid < 0 ? errno : WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

static void
check_caller(struct checks *checks)
{
    bool root = !geteuid(), sudo = root && getenv("SUDO_UID") && strcmp(getenv("SUDO_UID"), "0") != 0;
    struct utsname host;
    char found[160];
    uname(&host);
    snprintf(found, sizeof(found), "Linux %.60s, as %s", host.release,
             sudo   ? "root through sudo: commands run as the user behind it"
             : root ? "root: commands run as a spare id, over the whole system"
                    : "an ordinary user: overlay over the project, the system read-only");
    add(checks, "caller", SP_SIGHT_YES, false, found);
}

static void
check_namespaces(struct checks *checks)
{
    int why = try_unshare(CLONE_NEWUSER);
    struct sp_host_check *check = add(checks, "user-namespaces", why ? SP_SIGHT_NO : SP_SIGHT_YES, true,
                                      why ? strerror(why) : "can be made");
    say_cost(
        check, "no sandbox can be made",
        "sysctl user.max_user_namespaces=15000; on Debian kernel.unprivileged_userns_clone=1; on Ubuntu "
        "kernel.apparmor_restrict_unprivileged_userns=0; in a container --security-opt seccomp=unconfined");
    if (why)
        return;
    int user = geteuid() ? CLONE_NEWUSER : 0;
    why = try_unshare(user | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                      CLONE_NEWCGROUP);
    check = add(checks, "namespaces", why ? SP_SIGHT_NO : SP_SIGHT_YES, true,
                why ? strerror(why) : "mount, pid, net, ipc, uts and cgroup can be made");
    say_cost(check, "no sandbox can be made",
             "a kernel with all namespaces, outside a container or in a privileged one");
}

static void
check_filter(struct checks *checks)
{
    bool there = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
    say_cost(add(checks, "seccomp", there ? SP_SIGHT_YES : SP_SIGHT_NO, true,
                 there ? "filters can be loaded" : "this kernel has none"),
             "no sandbox can be made", "a kernel with CONFIG_SECCOMP_FILTER");
    int why = there ? sp_notify_try() : ENOSYS;
    say_cost(add(checks, "seccomp-notify", why ? SP_SIGHT_NO : SP_SIGHT_YES, false,
                 !why           ? "commands can be asked about"
                 : why == EBUSY ? "somebody above asks already"
                                : strerror(why)),
             "without probes nothing is seen of what processes do but what the network and the overlays show",
             why == EBUSY ? "outside the container whose runtime asks" : "Linux 5.5 or later");
}

static void
check_limits(struct checks *checks)
{
    const struct sp_limits limits = { .memory = 1 << 30, .processes = 100 };
    struct sp_cgroups groups;
    if (sp_cgroups_make(&groups, &limits, NULL) < 0)
        return;
    bool all = groups.memory_set && groups.pids_set;
    say_cost(add(checks, "limits", all ? SP_SIGHT_YES : SP_SIGHT_PART, false, groups.by),
             "memory is limited for each process by itself, not for all together",
             "run as root, or in a systemd scope of your own: systemd-run --user --scope -p Delegate=yes "
             "sallyport run ...");
    sp_cgroups_remove(&groups);
}

/* A whole sandbox, over an empty project in DIRECTORY. */
static void
try_sandbox(struct checks *checks, const char *directory)
{
    char found[160], project[512], layers[512];
    struct sp_error err = { 0 };
    struct sp_sandbox *sandbox = NULL;
    snprintf(project, sizeof(project), "%s/project", directory);
    snprintf(layers, sizeof(layers), "%s/layers", directory);
    if (mkdir(project, 0755) < 0)
        return;
    const struct sp_sandbox_spec spec = {
        .home = "/nonexistent",
        .project = project,
        .net = SP_NET_REGISTRY,
        .scratch = layers,
    };
    uint64_t began = sp_now();
    bool made = sp_sandbox_open(&sandbox, &spec, &err) == 0;
    snprintf(found, sizeof(found), "%.150s", err.text);
    if (made)
        snprintf(found, sizeof(found), "one was made in %.1f ms", (double)(sp_now() - began) / 1e6);
    say_cost(add(checks, "sandbox", made ? SP_SIGHT_YES : SP_SIGHT_NO, true, found), "no sandbox can be made",
             "see what was seen");
    if (made) {
        const char *missing = sp_sandbox_sinkhole(sandbox)->missing;
        say_cost(add(checks, "sinkhole", *missing ? SP_SIGHT_PART : SP_SIGHT_YES, false,
                     *missing ? missing : "hears every address and port"),
                 "connections to other ports are refused all the same, but not written down",
                 "a kernel with nf_tables (modprobe nf_tables nft_tproxy)");
    }
    sp_sandbox_close(sandbox);
}

static void
check_sandbox(struct checks *checks)
{
    char directory[] = "/var/tmp/sallyport-doctor-XXXXXX";
    if (!mkdtemp(directory)) {
        add(checks, "sandbox", SP_SIGHT_NO, true, "/var/tmp cannot be written to, so nothing was tried");
        return;
    }
    (void)!chmod(directory, 0755);
    try_sandbox(checks, directory);
    (void)!sp_tree_remove(directory, NULL);
}

size_t
sp_host_checks(struct sp_host_check items[SP_HOST_CHECKS_MAX])
{
    struct checks checks = { .items = items };
    check_caller(&checks);
    check_namespaces(&checks);
    check_filter(&checks);
    check_limits(&checks);
    for (size_t i = 0; i < checks.count; i++)
        if (checks.items[i].needed && checks.items[i].state == SP_SIGHT_NO)
            return checks.count;
    check_sandbox(&checks);
    return checks.count;
}
