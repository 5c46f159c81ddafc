#include "sandbox/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

/* ----------------------------------------------------------------- rlimits */

static int
set_limit(int resource, uint64_t value)
{
    struct rlimit limit;
    if (!value)
        return 0;
    if (getrlimit(resource, &limit) < 0)
        return -1;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < value)
        value = limit.rlim_max;
    limit.rlim_cur = limit.rlim_max = value;
    return setrlimit(resource, &limit);
}

int
sp_limits_of_command(const struct sp_room *room)
{
    const struct rlimit no_core = { 0 };
    if (setrlimit(RLIMIT_CORE, &no_core) < 0 || set_limit(RLIMIT_FSIZE, room->limits.file_size) < 0)
        return -1;
    /* counted for each user namespace by itself, so other processes of the user do not matter */
    if (room->limit_processes_by_rlimit && set_limit(RLIMIT_NPROC, room->limits.processes) < 0)
        return -1;
    /* of one process, and of what it may write to: address space alone says nothing about a JavaScript engine
     */
    return room->limit_memory_by_rlimit ? set_limit(RLIMIT_DATA, room->limits.memory) : 0;
}

/* ----------------------------------------------------------------- cgroups */

/* Where the hierarchy of CONTROLLER ("" for version 2) is mounted. */
static bool
find_hierarchy(const char *controller, char *out, size_t size)
{
    FILE *table = setmntent("/proc/self/mounts", "re");
    bool found = false;
    for (struct mntent *entry; table && !found && (entry = getmntent(table));) {
        found = *controller ? !strcmp(entry->mnt_type, "cgroup") && hasmntopt(entry, controller)
                            : !strcmp(entry->mnt_type, "cgroup2");
        if (found)
            snprintf(out, size, "%s", entry->mnt_dir);
    }
    if (table)
        endmntent(table);
    return found;
}

static bool
lists(const char *names, size_t length, const char *name)
{
    size_t wanted = strlen(name);
    for (const char *at = names; at < names + length;) {
        size_t here = strcspn(at, ",:");
        if (here == wanted && !strncmp(at, name, wanted))
            return true;
        at += here + 1;
    }
    return false;
}

/* The group of this process in that hierarchy: the third field of a line of /proc/self/cgroup. */
static bool
own_group(const char *controller, char *out, size_t size)
{
    sp_autofclose FILE *file = fopen("/proc/self/cgroup", "re");
    char line[1024];
    while (file && fgets(line, sizeof(line), file)) {
        char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
        if (!path)
            continue;
        size_t length = (size_t)(path - names - 1);
        if (*controller ? !lists(names + 1, length, controller) : length != 0)
            continue;
        path[strcspn(path, "\n")] = '\0';
        snprintf(out, size, "%s", !strcmp(path + 1, "/") ? "" : path + 1);
        return true;
    }
    return false;
}

static int
write_file(const char *directory, const char *name, const char *text)
{
    char path[1280];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    sp_autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

static int
write_number(const char *directory, const char *name, uint64_t number)
{
    char text[32];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    return write_file(directory, name, text);
}

/* Groups of runs that were killed before they could remove them. One that still holds a process stays. */
static void
remove_dead_groups(const char *directory)
{
    DIR *entries = opendir(directory);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        int pid;
        if (sscanf(entry->d_name, "sallyport-%d-", &pid) == 1 && pid > 0 && kill(pid, 0) < 0 &&
            errno == ESRCH)
            (void)!unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
    }
    if (entries)
        closedir(entries);
}

/* A new group beneath our own; NULL where there is none to be had. */
static char *
make_group(const char *controller, const char *name)
{
    char mounted[512], own[512], path[1200];
    if (!find_hierarchy(controller, mounted, sizeof(mounted)) || !own_group(controller, own, sizeof(own)))
        return NULL;
    if (!*controller) {
        snprintf(path, sizeof(path), "%s%s", mounted, own);
        (void)!write_file(path, "cgroup.subtree_control", "+memory");
        (void)!write_file(path, "cgroup.subtree_control", "+pids");
    }
    snprintf(path, sizeof(path), "%s%s", mounted, own);
    remove_dead_groups(path);
    snprintf(path, sizeof(path), "%s%s/%s", mounted, own, name);
    return mkdir(path, 0755) < 0 ? NULL : strdup(path);
}

static void
say_who_limits(struct sp_cgroups *groups, const struct sp_limits *limits)
{
    const char *memory = !limits->memory       ? "none"
                         : !groups->memory_set ? "rlimit"
                         : groups->memory      ? "cgroup v1"
                                               : "cgroup v2";
    const char *processes = !limits->processes  ? "none"
                            : !groups->pids_set ? "rlimit"
                            : groups->pids      ? "cgroup v1"
                                                : "cgroup v2";
    snprintf(groups->by, sizeof(groups->by),
             "memory by %s, processes by %s, file size by rlimit, disk and time watched", memory, processes);
}

int
sp_cgroups_make(struct sp_cgroups *out, const struct sp_limits *limits, struct sp_error *err)
{
    struct timespec time;
    char name[64];
    clock_gettime(CLOCK_MONOTONIC, &time);
    snprintf(name, sizeof(name), "sallyport-%d-%lx", (int)getpid(),
             (unsigned long)time.tv_sec * 1000000000u + (unsigned long)time.tv_nsec);
    *out = (struct sp_cgroups){ .unified = make_group("", name) };
    if (out->unified) {
        out->memory_set = limits->memory && write_number(out->unified, "memory.max", limits->memory) == 0;
        out->pids_set = limits->processes && write_number(out->unified, "pids.max", limits->processes) == 0;
        if (out->memory_set)
            (void)!write_file(out->unified, "memory.swap.max", "0");
    }
    if (limits->memory && !out->memory_set && (out->memory = make_group("memory", name)))
        out->memory_set = write_number(out->memory, "memory.limit_in_bytes", limits->memory) == 0;
    if (limits->processes && !out->pids_set && (out->pids = make_group("pids", name)))
        out->pids_set = write_number(out->pids, "pids.max", limits->processes) == 0;
    say_who_limits(out, limits);
    (void)err;
    return 0;
}

int
sp_cgroups_join(const struct sp_cgroups *groups, pid_t pid, struct sp_error *err)
{
    const char *const directories[] = { groups->unified, groups->memory, groups->pids };
    for (size_t i = 0; i < SP_COUNT(directories); i++)
        if (directories[i] && write_number(directories[i], "cgroup.procs", (uint64_t)pid) < 0)
            return sp_fail_errno(err, "%s: the sandbox cannot be put into this control group",
                                 directories[i]);
    return 0;
}

/* The number after NAME in one of the event files. */
static uint64_t
event_count(const char *directory, const char *file, const char *name)
{
    char path[1280], word[64];
    unsigned long long number;
    snprintf(path, sizeof(path), "%s/%s", directory, file);
    sp_autofclose FILE *events = fopen(path, "re");
    while (events && fscanf(events, "%63s %llu", word, &number) == 2)
        if (!strcmp(word, name))
            return number;
    return 0;
}

void
sp_cgroups_met(const struct sp_cgroups *groups, uint64_t *memory, uint64_t *processes)
{
    *memory = !groups->memory_set ? 0
              : groups->memory    ? event_count(groups->memory, "memory.oom_control", "oom_kill")
                                  : event_count(groups->unified, "memory.events", "oom_kill");
    *processes = !groups->pids_set
                     ? 0
                     : event_count(groups->pids ? groups->pids : groups->unified, "pids.events", "max");
}

void
sp_cgroups_kill(const struct sp_cgroups *groups)
{
    if (groups->unified)
        (void)!write_file(groups->unified, "cgroup.kill", "1");
}

void
sp_cgroups_remove(struct sp_cgroups *groups)
{
    char **const directories[] = { &groups->unified, &groups->memory, &groups->pids };
    for (size_t i = 0; i < SP_COUNT(directories); i++) {
        struct timespec pause = { .tv_nsec = 1000000 };
        /* a group empties a moment after the last of its processes is gone */
        for (int tries = 0; *directories[i] && rmdir(*directories[i]) < 0 && errno == EBUSY && tries < 200;
             tries++)
            nanosleep(&pause, NULL);
        free(*directories[i]);
        *directories[i] = NULL;
    }
}
