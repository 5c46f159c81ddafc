#include "probe/load.h"
#include "probe/calls.h"
#include "probe/uprobes.h"
#include "base/memory.h"

#include "probe/probes.skel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINKS_MAX 24

struct sp_eyes {
    struct probes *programs;
    struct bpf_link *links[LINKS_MAX];
    size_t link_count;
    struct sp_uprobe_links uprobes;
    bool blind; /* without uprobes */
    char missing[160];
};

/* libbpf says at length what our own messages say in a line; SALLYPORT_LIBBPF is for those who change
 * programs. */
static int
say(enum libbpf_print_level level, const char *format, va_list arguments)
{
    if (!getenv("SALLYPORT_LIBBPF") || level == LIBBPF_DEBUG)
        return 0;
    return vfprintf(stderr, format, arguments);
}

static void
fill_calls(struct probes *programs)
{
    for (size_t i = 0; i < sp_call_row_count; i++) {
        int number = sp_call_number(&sp_call_rows[i]);
        if (number < 0)
            continue;
        programs->rodata->calls[number].group = sp_call_rows[i].group;
        programs->rodata->calls[number].act = sp_call_rows[i].act;
        programs->rodata->calls[number].steps = sp_call_rows[i].steps;
    }
}

static int
explain(struct sp_error *err, int why)
{
    if (access("/sys/kernel/btf/vmlinux", R_OK) < 0)
        return sp_fail(
            err, SP_ERROR_SYSTEM,
            "the probes need the kernel's own type information (/sys/kernel/btf/vmlinux); use a kernel "
            "with CONFIG_DEBUG_INFO_BTF");
    if (why == EPERM)
        return sp_fail(err, SP_ERROR_SYSTEM,
                       "the probes may not be loaded: CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN are needed");
    errno = why;
    return sp_fail_errno(err, "the probes could not be loaded into this kernel (5.17 or later is needed)");
}

/* Returns 0, or an errno. */
static int
load_programs(struct sp_eyes *eyes, bool uprobes)
{
    eyes->programs = probes__open();
    if (!eyes->programs)
        return errno;
    fill_calls(eyes->programs);
    if (uprobes)
        sp_uprobes_prepare(&eyes->uprobes, eyes->programs->progs.library);
    (void)bpf_program__set_autoload(eyes->programs->progs.library, uprobes);
    int failed = probes__load(eyes->programs);
    if (!failed)
        return 0;
    probes__destroy(eyes->programs);
    eyes->programs = NULL;
    return -failed;
}

int
sp_eyes_load(struct sp_eyes **out, struct sp_error *err)
{
    struct sp_eyes *eyes = sp_new(struct sp_eyes, err);
    if (!eyes)
        return -1;
    libbpf_set_print(say);
    int failed = load_programs(eyes, true);
    if (failed && failed != EPERM && load_programs(eyes, false) == 0) {
        /* the rest sees what a verdict needs */
        failed = 0;
        eyes->blind = true;
        snprintf(eyes->missing, sizeof(eyes->missing), "uprobes: this kernel does not take them");
    }
    if (failed) {
        sp_eyes_free(eyes);
        return explain(err, failed);
    }
    *out = eyes;
    return 0;
}

static int
keep_link(struct sp_eyes *eyes, struct bpf_link *link, const char *what, struct sp_error *err)
{
    if (!link)
        return sp_fail_errno(err, "the probe of %s could not be attached", what);
    eyes->links[eyes->link_count++] = link;
    return 0;
}

static int
attach_group(struct sp_eyes *eyes, int cgroup, struct sp_error *err)
{
    const struct {
        const struct bpf_program *program;
        const char *what;
    } hooks[] = {
        { eyes->programs->progs.connect4, "connections" }, { eyes->programs->progs.connect6, "connections" },
        { eyes->programs->progs.sendmsg4, "datagrams" },   { eyes->programs->progs.sendmsg6, "datagrams" },
        { eyes->programs->progs.bind4, "bound sockets" },  { eyes->programs->progs.bind6, "bound sockets" },
        { eyes->programs->progs.egress, "packets" },
    };
    /* packets are not told apart by process: only where the whole group is the sandbox may they be stopped */
    size_t count = SP_COUNT(hooks) - (eyes->programs->bss->aim.cgroup ? 0 : 1);
    for (size_t i = 0; i < count; i++)
        if (keep_link(eyes, bpf_program__attach_cgroup(hooks[i].program, cgroup), hooks[i].what, err) < 0)
            return -1;
    return 0;
}

static int
fill_files(struct sp_eyes *eyes, const struct sp_eyes_aim *aim, struct sp_error *err)
{
    int map = bpf_map__fd(eyes->programs->maps.decoys);
    struct {
        uint64_t inode, device;
    } key, next;
    bool any = bpf_map_get_next_key(map, NULL, &key) == 0;
    while (any) { /* those of the sandbox before this one */
        any = bpf_map_get_next_key(map, &key, &next) == 0;
        (void)bpf_map_delete_elem(map, &key);
        key = next;
    }
    for (size_t i = 0; i < aim->file_count; i++) {
        struct {
            uint32_t index, proves;
            uint64_t size;
        } value = { aim->files[i].decoy, aim->files[i].proves, aim->files[i].size };
        key.inode = aim->files[i].inode;
        key.device = aim->files[i].device;
        if (bpf_map_update_elem(map, &key, &value, BPF_ANY) < 0)
            return sp_fail_errno(err, "the probes have no room for the decoys");
    }
    return 0;
}

/* What was proved of the sandbox before says nothing about this one; numbers of processes go on. */
static int
begin_anew(struct sp_eyes *eyes, struct sp_error *err)
{
    int map = bpf_map__fd(eyes->programs->maps.control);
    uint32_t zero = 0;
    struct sp_wire_control state;
    if (bpf_map_lookup_elem(map, &zero, &state) < 0)
        return sp_fail_errno(err, "the state of the probes");
    state.proof = 0;
    if (!state.next_process)
        state.next_process = 1; /* 0 stands for those that are not known */
    return bpf_map_update_elem(map, &zero, &state, BPF_ANY) < 0
               ? sp_fail_errno(err, "the state of the probes")
               : 0;
}

void
sp_eyes_hook(struct sp_eyes *eyes, const struct sp_eyes_uprobe *uprobes, size_t count)
{
    if (eyes->blind)
        return;
    size_t missed = sp_uprobes_attach(&eyes->uprobes, eyes->programs->progs.library, uprobes, count);
    if (missed)
        snprintf(eyes->missing, sizeof(eyes->missing), "uprobes: %zu of %zu could not be attached: %s",
                 missed, count, strerror(errno));
}

int
sp_eyes_aim(struct sp_eyes *eyes, const struct sp_eyes_aim *aim, struct sp_error *err)
{
    volatile struct sp_wire_aim *to = &eyes->programs->bss->aim;
    const struct {
        const struct bpf_program *program;
        const char *what;
    } traces[] = {
        { eyes->programs->progs.process_fork, "processes that begin" },
        { eyes->programs->progs.process_exec, "programs that start" },
        { eyes->programs->progs.process_exit, "processes that end" },
        { eyes->programs->progs.tcp_state, "states of TCP" },
        { eyes->programs->progs.sys_exit, "system calls" },
    };
    size_t home = aim->home ? strlen(aim->home) : 0;
    if (begin_anew(eyes, err) < 0 || fill_files(eyes, aim, err) < 0)
        return -1;
    to->on = 0;
    to->keeper = aim->keeper;
    to->cgroup = aim->cgroup >= 0 ? aim->cgroup_id : 0;
    to->netns = aim->netns;
    to->refuse = aim->refuse;
    to->kill = aim->kill;
    to->proxy_address = aim->proxy_address;
    to->proxy_port = aim->proxy_port;
    to->home_length = home < sizeof(to->home) - 1 ? (uint32_t)home : 0;
    for (size_t i = 0; i < to->home_length; i++)
        to->home[i] = aim->home[i];
    for (size_t i = 0; i < SP_COUNT(traces); i++)
        if (keep_link(eyes, bpf_program__attach(traces[i].program), traces[i].what, err) < 0) {
            (void)!sp_eyes_rest(eyes, NULL);
            return -1;
        }
    if (aim->cgroup >= 0 && attach_group(eyes, aim->cgroup, err) < 0) {
        (void)!sp_eyes_rest(eyes, NULL);
        return -1;
    }
    sp_eyes_hook(eyes, aim->uprobes, aim->uprobe_count);
    to->on = 1;
    return 0;
}

int
sp_eyes_rest(struct sp_eyes *eyes, struct sp_error *err)
{
    (void)err;
    eyes->programs->bss->aim.on = 0;
    for (size_t i = 0; i < eyes->link_count; i++)
        (void)bpf_link__destroy(eyes->links[i]);
    eyes->link_count = 0;
    return 0;
}

size_t
sp_eyes_leftovers(struct sp_eyes *eyes, struct sp_wire_file *out, size_t count)
{
    int map = bpf_map__fd(eyes->programs->maps.files);
    uint64_t key;
    size_t found = 0;
    while (found < count && bpf_map_get_next_key(map, NULL, &key) == 0) {
        if (bpf_map_lookup_elem(map, &key, &out[found]) == 0 && out[found].kind == 0100000)
            found++;
        if (bpf_map_delete_elem(map, &key) < 0)
            break;
    }
    return found;
}

void
sp_eyes_fds(const struct sp_eyes *eyes, int fds[SP_EYES_FDS])
{
    fds[SP_EYES_RING] = bpf_map__fd(eyes->programs->maps.ring);
    fds[SP_EYES_COUNTS] = bpf_map__fd(eyes->programs->maps.counts);
    fds[SP_EYES_CONTROL] = bpf_map__fd(eyes->programs->maps.control);
}

const char *
sp_eyes_missing(const struct sp_eyes *eyes)
{
    return eyes->missing;
}

void
sp_eyes_free(struct sp_eyes *eyes)
{
    if (!eyes)
        return;
    for (size_t i = 0; i < eyes->link_count; i++)
        (void)bpf_link__destroy(eyes->links[i]);
    sp_uprobes_detach(&eyes->uprobes);
    probes__destroy(eyes->programs);
    free(eyes);
}
