/* What the calls mean that change files or names, or get power over code. One row a call. */
#include "sandbox/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif

bool
sp_call_waits(const struct sp_call *call)
{
    return ioctl(call->listener->fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) == 0;
}

void
sp_call_tell(const struct sp_call *call, struct sp_event *event)
{
    /* killed meanwhile: what was read may be of another process under its number */
    if (!sp_call_waits(call))
        return;
    if (call->process) {
        event->process = call->process->number;
        event->parent = call->process->parent;
        event->pid = call->process->inside;
    }
    sp_event_send(call->sink, event);
}

/* -------------------------------------------------------------------- opens */

static bool
is_process_memory(const char *path)
{
    size_t length = strlen(path);
    return !strncmp(path, "/proc/", 6) && length > 4 && !strcmp(path + length - 4, "/mem");
}

static void
tell_open(const struct sp_call *call, int directory, uint64_t address, uint64_t flags)
{
    struct sp_said_path path;
    uint32_t decoy;
    if (!sp_call_path(call, directory, address, !(flags & O_NOFOLLOW), &path))
        return;
    if (!path.exists && !path.magic && !(flags & O_CREAT))
        return; /* not there */
    bool is_decoy = sp_map_get(&call->notify->decoys, path.text, strlen(path.text), &decoy);
    if (is_process_memory(path.text))
        sp_call_tell(call, &(struct sp_event){ .kind = SP_EVENT_CODE,
                                               .value = SP_CODE_PTRACE,
                                               .subject = path.text,
                                               .detail = "opened for writing" });
    sp_call_tell(call,
                 &(struct sp_event){
                     .kind = SP_EVENT_OPEN,
                     .subject = path.text,
                     .value = (int64_t)(int32_t)flags,
                     .bytes = path.exists && S_ISREG(path.status.st_mode) ? (uint64_t)path.status.st_size : 0,
                     .detail = is_decoy ? call->notify->options.decoys->items[decoy].id : NULL });
}

static void
tell_openat2(const struct sp_call *call)
{
    struct open_how how;
    if (sp_call_bytes(call, call->args[2], &how, sizeof(how)) == sizeof(how) &&
        (how.flags & O_ACCMODE || how.flags & (O_CREAT | O_TRUNC)))
        tell_open(call, (int)call->args[0], call->args[1], how.flags);
}

/* ------------------------------------------------------------- names and modes */

/* Where a call has what. Numbers of arguments; -1: it has none, and then the directory is the current one. */
struct change {
    int number;
    enum sp_file_act act;
    signed char directory, path; /* .path -1: a descriptor in the first argument */
    signed char directory_2, path_2;
    signed char mode;
};

static const struct change changes[] = {
    { __NR_unlinkat, SP_FILE_UNLINK, 0, 1, -1, -1, -1 },
#ifdef __NR_unlink
    { __NR_unlink, SP_FILE_UNLINK, -1, 0, -1, -1, -1 },     { __NR_rmdir, SP_FILE_RMDIR, -1, 0, -1, -1, -1 },
    { __NR_rename, SP_FILE_RENAME, -1, 0, -1, 1, -1 },      { __NR_link, SP_FILE_LINK, -1, 0, -1, 1, -1 },
    { __NR_symlink, SP_FILE_SYMLINK, -1, 1, -1, -1, -1 },   { __NR_chmod, SP_FILE_MODE, -1, 0, -1, -1, 1 },
#endif
#ifdef __NR_renameat
    { __NR_renameat, SP_FILE_RENAME, 0, 1, 2, 3, -1 },
#endif
    { __NR_renameat2, SP_FILE_RENAME, 0, 1, 2, 3, -1 },     { __NR_linkat, SP_FILE_LINK, 0, 1, 2, 3, -1 },
    { __NR_symlinkat, SP_FILE_SYMLINK, 1, 2, -1, -1, -1 },  { __NR_fchmod, SP_FILE_MODE, -1, -1, -1, -1, 1 },
    { __NR_fchmodat, SP_FILE_MODE, 0, 1, -1, -1, 2 },       { __NR_fchmodat2, SP_FILE_MODE, 0, 1, -1, -1, 2 },
    { __NR_truncate, SP_FILE_TRUNCATE, -1, 0, -1, -1, -1 },
};

static int
directory_in(const struct sp_call *call, int argument)
{
    return argument < 0 ? AT_FDCWD : (int)call->args[argument];
}

static bool
tell_change(const struct sp_call *call)
{
    const struct change *change = NULL;
    struct sp_said_path path, second;
    char detail[SP_SAID_PATH_MAX] = "";
    for (size_t i = 0; i < SP_COUNT(changes) && !change; i++)
        if (changes[i].number == call->number)
            change = &changes[i];
    if (!change)
        return false;
    struct sp_event event = { .kind = SP_EVENT_CHANGE, .value = change->act, .subject = path.text };
    bool follow = change->act == SP_FILE_MODE || change->act == SP_FILE_TRUNCATE;
    if (change->path < 0)
        sp_call_resolve(call, (int)call->args[0], "", false, &path);
    else if (!sp_call_path(call, directory_in(call, change->directory), call->args[(int)change->path], follow,
                           &path))
        return true;
    if (!path.exists && !path.magic && change->act != SP_FILE_SYMLINK)
        return true; /* not there: installers remove a lot to be sure */
    if (change->path_2 >= 0) {
        if (!sp_call_path(call, directory_in(call, change->directory_2), call->args[(int)change->path_2],
                          false, &second))
            return true;
        event.detail = second.text;
    }
    if (change->act == SP_FILE_SYMLINK) {
        if (sp_call_string(call, call->args[0], detail, sizeof(detail)) < 0)
            return true;
        event.detail = detail;
    }
    if (change->mode >= 0) {
        snprintf(detail, sizeof(detail), "%o", (unsigned)call->args[(int)change->mode] & 07777u);
        event.detail = detail;
    }
    if (call->number == __NR_unlinkat && call->args[2] & AT_REMOVEDIR)
        event.value = SP_FILE_RMDIR;
    sp_call_tell(call, &event);
    return true;
}

/* ------------------------------------------------------------ power over code */

static const char *
request_name(uint64_t request, char *space, size_t size)
{
    static const struct {
        unsigned number;
        const char *name;
    } names[] = {
        { 0, "TRACEME" }, { 4, "POKETEXT" }, { 5, "POKEDATA" }, { 16, "ATTACH" }, { 0x4206, "SEIZE" },
    };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (names[i].number == request)
            return names[i].name;
    snprintf(space, size, "request %llu", (unsigned long long)request);
    return space;
}

static void
tell_memfd(const struct sp_call *call)
{
    char name[256];
    if (sp_call_string(call, call->args[0], name, sizeof(name)) >= 0)
        sp_call_tell(call,
                     &(struct sp_event){ .kind = SP_EVENT_CODE, .value = SP_CODE_MEMFD, .subject = name });
}

static int
refuse_code(const struct sp_call *call)
{
    char space[40], target[32];
    struct sp_event event = { .kind = SP_EVENT_CODE, .value = SP_CODE_PTRACE };
    if (call->number == __NR_io_uring_setup) {
        event.value = SP_CODE_FOREIGN;
        event.subject = "io_uring_setup";
    } else if (call->number == __NR_ptrace) {
        snprintf(target, sizeof(target), "process %d", (int)call->args[1]);
        event.subject = target;
        event.detail = request_name(call->args[0], space, sizeof(space));
    } else {
        snprintf(target, sizeof(target), "process %d", (int)call->args[0]);
        event.subject = target;
        event.detail = "process_vm_writev";
    }
    sp_call_tell(call, &event);
    return EPERM;
}

int
sp_call_judge(struct sp_call *call)
{
    switch (call->number) {
    case __NR_execve:
    case __NR_execveat:
        return sp_call_exec(call);
#ifdef __NR_open
    case __NR_open:
        tell_open(call, AT_FDCWD, call->args[0], call->args[1]);
        return 0;
    case __NR_creat:
        tell_open(call, AT_FDCWD, call->args[0], O_CREAT | O_WRONLY | O_TRUNC);
        return 0;
#endif
    case __NR_openat:
        tell_open(call, (int)call->args[0], call->args[1], call->args[2]);
        return 0;
    case __NR_openat2:
        tell_openat2(call);
        return 0;
    case __NR_memfd_create:
        tell_memfd(call);
        return 0;
    case __NR_ptrace:
    case __NR_process_vm_writev:
    case __NR_io_uring_setup:
        return refuse_code(call);
    default:
        return tell_change(call) ? 0 : sp_call_network(call);
    }
}
