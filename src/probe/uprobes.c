#include "probe/uprobes.h"
#include "base/attributes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TRACE_UPROBE_MULTI                                                                                   \
    48 /* BPF_TRACE_UPROBE_MULTI, for headers before Linux 6.6 and libbpf before 1.3                         \
        */

void
sp_uprobes_prepare(struct sp_uprobe_links *links, struct bpf_program *program)
{
    struct utsname kernel;
    int major = 0, minor = 0;
    if (uname(&kernel) < 0 || sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
        return;
    /* a program is for one way to be attached or the other, and two of them would take twice as long to load
     */
    links->at_once = major > 6 || (major == 6 && minor >= 6);
    if (links->at_once)
        (void)bpf_program__set_expected_attach_type(program, TRACE_UPROBE_MULTI);
}

/* The file by its descriptor, whatever its name is by now; through an overlay the kernel goes to the real one
 * by itself. */
static void
path_of(const struct sp_eyes_uprobe *uprobe, char path[64])
{
    snprintf(path, 64, "/proc/self/fd/%d", uprobe->fd);
}

/* All COUNT places are of one file. Returns the descriptor of the link. */
static int
attach_multi(int program, const struct sp_eyes_uprobe *uprobes, size_t count)
{
    char path[64];
    uint64_t offsets[SP_UPROBE_LINKS_MAX], cookies[SP_UPROBE_LINKS_MAX];
    /* union bpf_attr, BPF_LINK_CREATE with uprobe_multi: include/uapi/linux/bpf.h of Linux 6.6 */
    struct {
        uint32_t program, target, type, flags;
        uint64_t path, offsets, references, cookies;
        uint32_t count, multi_flags, pid, unused;
    } attr = { .program = (uint32_t)program, .type = TRACE_UPROBE_MULTI, .count = (uint32_t)count };
    path_of(uprobes, path);
    for (size_t i = 0; i < count; i++) {
        offsets[i] = uprobes[i].offset;
        cookies[i] = uprobes[i].kind;
    }
    attr.path = (uintptr_t)path;
    attr.offsets = (uintptr_t)offsets;
    attr.cookies = (uintptr_t)cookies;
    return (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
}

static struct bpf_link *
attach_single(const struct bpf_program *program, const struct sp_eyes_uprobe *uprobe)
{
    char path[64];
    LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = uprobe->kind);
    path_of(uprobe, path);
    return bpf_program__attach_uprobe_opts(program, -1, path, uprobe->offset, &opts);
}

/* Takes UPROBE down as attached. False: it is already. */
static bool
is_new(struct sp_uprobe_links *links, const struct sp_eyes_uprobe *uprobe, const struct stat *status)
{
    for (size_t i = 0; i < links->known_count; i++) {
        const struct sp_uprobe_known *known = &links->known[i];
        if (known->offset == uprobe->offset && known->kind == uprobe->kind &&
            known->size == (uint64_t)status->st_size &&
            !memcmp(&known->modified, &status->st_mtim, sizeof(known->modified)) &&
            !memcmp(&known->changed, &status->st_ctim, sizeof(known->changed)))
            return false;
    }
    links->known[links->known_count++] = (struct sp_uprobe_known){ .modified = status->st_mtim,
                                                                   .changed = status->st_ctim,
                                                                   .size = (uint64_t)status->st_size,
                                                                   .offset = uprobe->offset,
                                                                   .kind = uprobe->kind };
    return true;
}

static bool
attach_one(struct sp_uprobe_links *links, const struct bpf_program *program,
           const struct sp_eyes_uprobe *uprobe)
{
    if (links->at_once) {
        int link = attach_multi(bpf_program__fd(program), uprobe, 1);
        if (link >= 0)
            links->multi[links->multi_count++] = link;
        return link >= 0;
    }
    struct bpf_link *link = attach_single(program, uprobe);
    if (link)
        links->single[links->single_count++] = link;
    return link != NULL;
}

/* Returns how many of COUNT places, all of one file and new, could not be attached. */
static size_t
attach_file(struct sp_uprobe_links *links, const struct bpf_program *program,
            const struct sp_eyes_uprobe *uprobes, size_t count, int *why)
{
    size_t missed = 0;
    int link = links->at_once ? attach_multi(bpf_program__fd(program), uprobes, count) : -1;
    if (link >= 0) {
        links->multi[links->multi_count++] = link;
        return 0;
    }
    /* one place that cannot take a probe must not cost the others theirs */
    for (size_t i = 0; i < count; i++)
        if (!attach_one(links, program, &uprobes[i])) {
            *why = errno;
            missed++;
        }
    return missed;
}

size_t
sp_uprobes_attach(struct sp_uprobe_links *links, const struct bpf_program *program,
                  const struct sp_eyes_uprobe *uprobes, size_t count)
{
    struct sp_eyes_uprobe fresh[SP_UPROBE_LINKS_MAX];
    size_t missed = 0;
    int why = 0;
    for (size_t i = 0, end; i < count; i = end) {
        struct stat status;
        size_t fresh_count = 0;
        bool there = fstat(uprobes[i].fd, &status) == 0;
        if (!there)
            why = errno;
        for (end = i; end < count && uprobes[end].fd == uprobes[i].fd; end++) {
            if (!there) {
                missed++;
            } else if (links->known_count == SP_UPROBE_LINKS_MAX) {
                missed++;
                why = E2BIG;
            } else if (is_new(links, &uprobes[end], &status)) {
                fresh[fresh_count++] = uprobes[end];
            }
        }
        if (fresh_count)
            missed += attach_file(links, program, fresh, fresh_count, &why);
    }
    errno = why;
    return missed;
}

static void *
close_multi(void *fd)
{
    close((int)(intptr_t)fd);
    return NULL;
}

static void *
destroy_single(void *link)
{
    (void)bpf_link__destroy(link);
    return NULL;
}

void
sp_uprobes_detach(struct sp_uprobe_links *links)
{
    pthread_t threads[2 * SP_UPROBE_LINKS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < links->multi_count; i++) {
        void *fd = (void *)(intptr_t)links->multi[i];
        if (pthread_create(&threads[count], NULL, close_multi, fd) == 0)
            count++;
        else
            close_multi(fd);
    }
    for (size_t i = 0; i < links->single_count; i++) {
        if (pthread_create(&threads[count], NULL, destroy_single, links->single[i]) == 0)
            count++;
        else
            destroy_single(links->single[i]);
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    links->multi_count = links->single_count = links->known_count = 0;
}
