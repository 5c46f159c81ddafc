/* What this host lets the probes see, found by trying. */
#include "base/clock.h"
#include "probe/install.h"
#include "probe/launch.h"
#include "probe/probe.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct checks {
    struct sp_host_check *items;
    size_t count;
};

static void SP_PRINTF(6, 7) add(struct checks *checks, const char *id, enum sp_sight state, const char *lost,
                                const char *remedy, const char *found, ...)
{
    struct sp_host_check *check = &checks->items[checks->count++];
    va_list args;
    *check = (struct sp_host_check){ .id = id, .state = state };
    va_start(args, found);
    vsnprintf(check->found, sizeof(check->found), found, args);
    va_end(args);
    snprintf(check->lost, sizeof(check->lost), "%s", lost);
    snprintf(check->remedy, sizeof(check->remedy), "%s", remedy);
}

/* The first line of a small file of the kernel's; "" where it is not there. */
static void
read_line(const char *path, char *out, size_t size)
{
    sp_autofclose FILE *file = fopen(path, "re");
    if (!file || !fgets(out, (int)size, file))
        *out = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static bool
has_mount(const char *kind, char *where, size_t size)
{
    sp_autofclose FILE *table = fopen("/proc/self/mounts", "re");
    char line[4096], place[512], type[64];
    while (table && fgets(line, sizeof(line), table))
        if (sscanf(line, "%*s %511s %63s", place, type) == 2 && !strcmp(type, kind)) {
            snprintf(where, size, "%s", place);
            return true;
        }
    return false;
}

#define UNWATCHED                                                                                            \
    "processes, files and connections are not seen in the kernel; only the proxy, the sinkhole, the decoys " \
    "and what was written tell"

/* The proof that programs can be loaded is that they were. */
static void
check_probes(struct checks *checks)
{
    char path[PATH_MAX], missing[SP_ERROR_TEXT_MAX] = "";
    struct sp_error err = { 0 };
    uint64_t began = sp_now();
    int done = sp_helper_find(path, sizeof(path), &err) < 0 ||
                       sp_install_try(path, geteuid(), missing, sizeof(missing), &err) < 0
                   ? -1
                   : 0;
    double took = (double)(sp_now() - began) / 1e6;
    if (done < 0)
        add(checks, "probes", SP_SIGHT_NO, UNWATCHED,
            geteuid() ? "sudo sallyport setup" : "see what was seen, and the lines below", "%.150s",
            err.text);
    else if (*missing)
        add(checks, "probes", SP_SIGHT_PART, "what is missing is not seen", "see the lines below",
            "loaded in %.0f ms; %.120s", took, missing);
    else
        add(checks, "probes", SP_SIGHT_YES, "", "", "loaded in %.0f ms", took);
}

static void
check_types(struct checks *checks)
{
    bool there = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
    add(checks, "btf", there ? SP_SIGHT_YES : SP_SIGHT_NO, UNWATCHED,
        "a kernel with CONFIG_DEBUG_INFO_BTF, as distributions' kernels are; /sys mounted",
        there ? "the kernel describes its types" : "/sys/kernel/btf/vmlinux cannot be read");
}

static void
check_ring(struct checks *checks)
{
    struct utsname host;
    unsigned major = 0, minor = 0;
    uname(&host);
    (void)!sscanf(host.release, "%u.%u", &major, &minor);
    bool able = major > 5 || (major == 5 && minor >= 17);
    add(checks, "probes-kernel", able ? SP_SIGHT_YES : SP_SIGHT_NO, UNWATCHED, "Linux 5.17 or later",
        "Linux %u.%u: %s", major, minor,
        able                                     ? "ring buffers and loops of BPF"
        : major < 5 || (major == 5 && minor < 8) ? "no ring buffers of BPF (5.8), no loops (5.17)"
                                                 : "no loops of BPF (5.17)");
}

static void
check_groups(struct checks *checks)
{
    char where[512];
    bool there = has_mount("cgroup2", where, sizeof(where));
    add(checks, "cgroup-v2", there ? SP_SIGHT_YES : SP_SIGHT_NO,
        "connections after a proof are not refused by the kernel; the sandbox is killed all the same",
        "mount -t cgroup2 none /sys/fs/cgroup (on systemd: systemd.unified_cgroup_hierarchy=1)",
        there ? "mounted at %.120s" : "no control groups of version 2 are mounted%s", there ? where : "");
}

static void
check_uprobes(struct checks *checks)
{
    char type[32];
    read_line("/sys/bus/event_source/devices/uprobe/type", type, sizeof(type));
    add(checks, "uprobes", *type ? SP_SIGHT_YES : SP_SIGHT_PART,
        "names asked of the C library and what is said over TLS are not seen at their source",
        "a kernel with CONFIG_UPROBE_EVENTS; /sys mounted",
        *type ? "functions of libraries can be watched" : "this kernel watches no functions of libraries");
}

static void
check_lockdown(struct checks *checks)
{
    char text[128];
    read_line("/sys/kernel/security/lockdown", text, sizeof(text));
    /* "none [integrity] confidentiality": the one in brackets holds */
    bool confidential = strstr(text, "[confidentiality]") != NULL;
    add(checks, "lockdown", confidential ? SP_SIGHT_NO : SP_SIGHT_YES, UNWATCHED,
        "boot with lockdown=integrity, or without lockdown=confidentiality",
        confidential ? "the kernel is locked down: programs may not read its memory"
        : *text      ? "the kernel lets programs read its memory"
                     : "this kernel has no lockdown");
}

static void
check_unprivileged(struct checks *checks)
{
    char text[32];
    read_line("/proc/sys/kernel/unprivileged_bpf_disabled", text, sizeof(text));
    bool open = !strcmp(text, "0");
    add(checks, "unprivileged-bpf", open ? SP_SIGHT_PART : SP_SIGHT_YES,
        "nothing of ours; but anybody here may load programs, which widens what an intruder can try",
        "sysctl kernel.unprivileged_bpf_disabled=2",
        open ? "any user may load programs into this kernel"
             : "only who has the right may load programs (kernel.unprivileged_bpf_disabled=%.20s)",
        text);
}

size_t
sp_probe_host_checks(struct sp_host_check *items)
{
    struct checks checks = { .items = items };
    check_probes(&checks);
    check_types(&checks);
    check_ring(&checks);
    check_groups(&checks);
    check_uprobes(&checks);
    check_lockdown(&checks);
    check_unprivileged(&checks);
    return checks.count;
}
