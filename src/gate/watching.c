#include "gate/watching.h"
#include "registry/registry.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void
sp_watching_start(struct sp_watching *watching, enum sp_probes wanted, bool enforce)
{
    struct sp_error err = { 0 };
    *watching = (struct sp_watching){ .enforce = enforce };
    if (wanted == SP_PROBES_OFF)
        snprintf(watching->lost, sizeof(watching->lost), "without probes, as was asked");
    else if (sp_probe_start(&watching->probe, &err) < 0)
        snprintf(watching->lost, sizeof(watching->lost), "without probes: %.600s", err.text);
}

/* The decoys as the kernel knows them. */
static int
list_files(const struct sp_sandbox *sandbox, struct sp_probe_file **out, size_t *count, struct sp_error *err)
{
    const struct sp_decoys *decoys = sp_sandbox_decoys(sandbox);
    size_t capacity = decoys ? decoys->count : 0;
    sp_autofree struct sp_decoy_file *found = sp_new_array(capacity + 1, sizeof(*found), err);
    struct sp_probe_file *files = sp_new_array(capacity + 1, sizeof(*files), err);
    if (!found || !files) {
        free(files);
        return -1;
    }
    *count = sp_sandbox_decoy_files(sandbox, found, NULL);
    for (size_t i = 0; i < *count; i++)
        files[i] = (struct sp_probe_file){ .device = found[i].device,
                                           .inode = found[i].inode,
                                           .size = found[i].size,
                                           .decoy = found[i].decoy,
                                           .proves = decoys->items[found[i].decoy].reading_proves };
    *out = files;
    return 0;
}

static int
aim(struct sp_watching *watching, const struct sp_sandbox *sandbox, struct sp_error *err)
{
    sp_autofree struct sp_probe_file *files = NULL;
    pid_t keeper = sp_sandbox_keeper(sandbox);
    sp_autoclose int pidfd = (int)syscall(SYS_pidfd_open, keeper, 0);
    struct sp_probe_aim at = {
        .keeper = pidfd,
        .keeper_pid = keeper,
        .cgroup = sp_sandbox_cgroup(sandbox),
        .decoys = sp_sandbox_decoys(sandbox),
        .refuse = watching->enforce, /* in audit mode the sinkhole hears it all */
        .kill = watching->enforce,
        .proxy_address = inet_addr(SP_PROXY_ADDRESS),
        .proxy_port = SP_PROXY_PORT,
        .home = watching->home,
    };
    if (pidfd < 0)
        return sp_fail_errno(err, "the sandbox's first process");
    if (list_files(sandbox, &files, &at.file_count, err) < 0)
        return -1;
    at.files = files;
    return sp_probe_aim(watching->probe, &at, err);
}

static void
give_up(struct sp_watching *watching, const struct sp_error *why)
{
    snprintf(watching->lost, sizeof(watching->lost), "without probes: %.600s", why->text);
    sp_probe_stop(watching->probe);
    watching->probe = NULL;
}

/* What a filter of system calls can tell, beside what it cannot. */
static int
open_notified(struct sp_watching *watching, struct sp_sandbox **out, struct sp_sandbox_spec *spec,
              struct sp_error *err)
{
    int why = sp_sandbox_try_notify();
    size_t length = strlen(watching->lost);
    spec->notify = !why;
    spec->refuse = watching->enforce;
    snprintf(watching->lost + length, sizeof(watching->lost) - length, "%s",
             why ? "; programs, reads and connections of processes are not seen"
                 : "; what is only read, and all counts, are not seen");
    return sp_sandbox_open(out, spec, err);
}

int
sp_watching_open(struct sp_watching *watching, struct sp_sandbox **out, struct sp_sandbox_spec *spec,
                 enum sp_probes wanted, struct sp_error *err)
{
    struct sp_error why = { 0 };
    watching->aimed = false;
    spec->notify = spec->refuse = false;
    if (watching->probe) {
        if (sp_sandbox_open(out, spec, err) < 0)
            return -1;
        watching->aimed = aim(watching, *out, &why) == 0;
        if (watching->aimed) {
            const char *sight = sp_probe_sight(watching->probe);
            watching->seen = true;
            snprintf(watching->lost, sizeof(watching->lost), "%s", strcmp(sight, "all") ? sight : "");
            return 0;
        }
        give_up(watching, &why);
    }
    if (wanted == SP_PROBES_REQUIRED)
        return sp_fail(err, SP_ERROR_SYSTEM, "%s", watching->lost);
    if (wanted == SP_PROBES_OFF)
        return *out ? 0 : sp_sandbox_open(out, spec, err);
    sp_sandbox_close(*out);
    *out = NULL;
    if (watching->told) /* for a second sandbox the words stand already */
        *strrchr(watching->lost, ';') = '\0';
    watching->told = true;
    return open_notified(watching, out, spec, err);
}

int
sp_watching_fd(const struct sp_watching *watching)
{
    return watching->aimed ? sp_probe_fd(watching->probe) : -1;
}

int
sp_watching_take(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err)
{
    return watching->aimed ? sp_probe_drain(watching->probe, sink, err) : 0;
}

int
sp_watching_rest(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err)
{
    if (!watching->aimed)
        return 0;
    watching->aimed = false;
    return sp_probe_rest(watching->probe, sink, err);
}

void
sp_watching_stop(struct sp_watching *watching)
{
    sp_probe_stop(watching->probe);
    watching->probe = NULL;
    watching->aimed = false;
}
