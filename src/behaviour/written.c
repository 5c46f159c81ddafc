/* written.c: who wrote which file, followed through renames, links and what unpacks or copies it. */
#include "behaviour/judge.h"

#include "base/path.h"

#include <fcntl.h>
#include <string.h>

#define FILES_MAX (1u << 18)
#define MOVED_MAX 512
#define PLACES_MAX (1u << 16)
#define TOLD_MAX 8192

bool
sp_is_temporary(const char *path)
{
    return !strncmp(path, "/tmp/", 5) || !strncmp(path, "/var/tmp/", 9) || !strncmp(path, "/dev/shm/", 9);
}

bool
sp_within_project(const struct sp_behaviour *behaviour, const char *path)
{
    size_t length = behaviour->project ? strlen(behaviour->project) : 0;
    return length > 1 && !strncmp(path, behaviour->project, length) && path[length] == '/';
}

bool
sp_is_installed(const char *path)
{
    return strstr(path, "/node_modules/") || strstr(path, "/site-packages/") ||
           strstr(path, "/dist-packages/");
}

const char *
sp_changed_path(const struct sp_event *event)
{
    if (event->kind == SP_EVENT_OPEN)
        return event->value & (O_ACCMODE | O_CREAT | O_TRUNC) ? event->subject : NULL;
    if (event->kind != SP_EVENT_CHANGE)
        return NULL;
    switch (event->value) {
    case SP_FILE_MODE:
    case SP_FILE_OWNER:
    case SP_FILE_TIMES:
    case SP_FILE_XATTR:
    case SP_FILE_MKDIR:
    case SP_FILE_RMDIR:
        return NULL;
    default:
        return event->subject;
    }
}

const char *
sp_put_path(const struct sp_event *event)
{
    if (event->kind == SP_EVENT_OPEN)
        return sp_changed_path(event);
    if (event->kind != SP_EVENT_CHANGE)
        return NULL;
    switch (event->value) {
    case SP_FILE_RENAME:
    case SP_FILE_LINK:
        return event->detail;
    case SP_FILE_SYMLINK:
    case SP_FILE_MKNOD:
    case SP_FILE_TRUNCATE:
        return event->subject;
    default:
        return NULL;
    }
}

bool
sp_write_allowed(const struct sp_behaviour *behaviour, const char *path)
{
    for (const char *const *at = behaviour->allow_write; at && *at; at++)
        if (**at && sp_path_beneath(*at, path))
            return true;
    return false;
}

bool
sp_was_told(const struct sp_behaviour *behaviour, const char *path)
{
    return sp_map_get(&behaviour->told, path, strlen(path), NULL);
}

bool
sp_tell_path(struct sp_behaviour *behaviour, const char *path)
{
    if (sp_was_told(behaviour, path))
        return false;
    if (behaviour->told.count < TOLD_MAX)
        sp_map_set(&behaviour->told, path, strlen(path), 1, NULL);
    return true;
}

static struct sp_written *
find_exact(const struct sp_behaviour *behaviour, const char *path)
{
    uint32_t at;
    return sp_map_get(&behaviour->files, path, strlen(path), &at) ? &behaviour->written[at] : NULL;
}

struct sp_written *
sp_written_find(const struct sp_behaviour *behaviour, const char *path)
{
    struct sp_written *written = find_exact(behaviour, path);
    char now[SP_COMMAND_PATH], before[SP_COMMAND_PATH];
    if (written || strlen(path) >= sizeof(now))
        return written;
    memcpy(now, path, strlen(path) + 1);
    for (size_t i = behaviour->moved_count; !written && i-- > 0;) {
        const struct sp_moved *moved = &behaviour->moved[i];
        if (!sp_path_beneath(moved->to, now))
            continue;
        int length = snprintf(before, sizeof(before), "%s%s", moved->from, now + strlen(moved->to));
        if (length < 0 || (size_t)length >= sizeof(before))
            return NULL;
        memcpy(now, before, (size_t)length + 1);
        written = find_exact(behaviour, now);
    }
    return written;
}

/* Remembers the directories above PATH. */
static void
keep_folders(struct sp_behaviour *behaviour, const char *path)
{
    for (size_t length = strlen(path); length > 1;) {
        while (length > 1 && path[--length] != '/')
            ;
        if (length <= 1 || sp_map_get(&behaviour->folders, path, length, NULL))
            return;
        if (behaviour->folders.count >= FILES_MAX ||
            sp_map_set(&behaviour->folders, path, length, 1, NULL) < 0) {
            sp_behaviour_unseen(behaviour, "directories that packages wrote to, beyond what is kept", 1);
            return;
        }
    }
}

static void
keep_written(struct sp_behaviour *behaviour, const char *path, uint32_t process, uint32_t bits)
{
    struct sp_written *known = find_exact(behaviour, path);
    if (known) {
        known->process = process;
        known->bits = bits;
        return;
    }
    size_t next = behaviour->written_count;
    struct sp_written written = { .process = process, .bits = bits };
    if (next >= FILES_MAX || strlen(path) >= SP_COMMAND_PATH ||
        !(written.path = sp_arena_copy(&behaviour->arena, path, strlen(path), NULL)) ||
        sp_grow(behaviour->written, behaviour->written_capacity, next + 1, NULL) < 0 ||
        sp_map_set(&behaviour->files, path, strlen(path), (uint32_t)next, NULL) < 0) {
        sp_behaviour_unseen(behaviour, "files that packages wrote, beyond what is kept", 1);
        return;
    }
    behaviour->written[next] = written;
    behaviour->written_count++;
    keep_folders(behaviour, path);
}

static void
keep_moved(struct sp_behaviour *behaviour, const char *from, const char *to)
{
    struct sp_moved moved;
    if (behaviour->moved_count >= MOVED_MAX) {
        sp_behaviour_unseen(behaviour, "renames by packages, beyond what is kept", 1);
        return;
    }
    if (!(moved.from = sp_arena_copy(&behaviour->arena, from, strlen(from), NULL)) ||
        !(moved.to = sp_arena_copy(&behaviour->arena, to, strlen(to), NULL)) ||
        sp_grow(behaviour->moved, behaviour->moved_capacity, behaviour->moved_count + 1, NULL) < 0)
        return;
    behaviour->moved[behaviour->moved_count++] = moved;
}

/* Whether something that was written lies beneath DIRECTORY: only then it matters that it moves. */
static bool
holds_written(const struct sp_behaviour *behaviour, const char *directory)
{
    return sp_map_get(&behaviour->folders, directory, strlen(directory), NULL);
}

static void
note_change(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    const char *path = event->subject, *to = event->detail;
    struct sp_traits *traits = behaviour->who.traits;
    switch (event->value) {
    case SP_FILE_RENAME:
    case SP_FILE_LINK: {
        const struct sp_written *written = to ? sp_written_find(behaviour, path) : NULL;
        if (written)
            keep_written(behaviour, to, written->process, written->bits);
        else if (to && event->value == SP_FILE_RENAME && holds_written(behaviour, path)) {
            keep_moved(behaviour, path, to);
            sp_map_set(&behaviour->folders, to, strlen(to), 1, NULL);
        }
        break;
    }
    case SP_FILE_SYMLINK: {
        char target[SP_COMMAND_PATH], directory[SP_COMMAND_PATH];
        snprintf(directory, sizeof(directory), "%s", path);
        char *slash = strrchr(directory, '/');
        if (slash)
            *slash = '\0';
        const struct sp_written *written = NULL;
        if (to && *to && sp_path_join(target, *directory ? directory : "/", to))
            written = sp_written_find(behaviour, target);
        if (written)
            keep_written(behaviour, path, written->process, written->bits);
        break;
    }
    case SP_FILE_MKDIR:
        if (sp_is_installed(path) && behaviour->made.count < PLACES_MAX)
            sp_map_set(&behaviour->made, path, strlen(path),
                       (uint32_t)(behaviour->who.deeds - behaviour->deeds) + 1, NULL);
        break;
    default:
        break;
    }
    if (event->value != SP_FILE_MODE && event->value != SP_FILE_TIMES)
        traits->bits |= SP_TRAIT_ACTED;
}

void
sp_files_take(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    struct sp_traits *traits = behaviour->who.traits;
    const char *path = event->subject;
    if (!path || path[0] != '/')
        return;
    if (event->kind == SP_EVENT_PLACE) {
        size_t length = event->package ? strnlen(event->package, SP_COMMAND_PATH) : 0;
        if (length && behaviour->places.count < PLACES_MAX)
            sp_map_set(&behaviour->places, path, strlen(path), (uint32_t)sp_hash(event->package, length, 0),
                       NULL);
        return;
    }
    if (behaviour->who.kind == SP_ACTOR_MANAGER)
        return;
    if (event->kind == SP_EVENT_CHANGE) {
        note_change(behaviour, event);
        return;
    }
    if (event->value & (O_ACCMODE | O_CREAT | O_TRUNC)) {
        bool decoded = traits->bits & (SP_TRAIT_INTERPRETER | SP_TRAIT_DECODER);
        keep_written(behaviour, path, traits->source ? traits->source : event->process,
                     (decoded ? SP_WRITTEN_DECODED : 0) | (traits->piped ? SP_WRITTEN_PIPED : 0));
        /* terminals and pipes of everyday are no act */
        if (strncmp(path, "/dev/", 5))
            traits->bits |= SP_TRAIT_ACTED;
        return;
    }
    const struct sp_written *source =
        traits->bits & SP_TRAIT_EXTRACTOR ? sp_written_find(behaviour, path) : NULL;
    const struct sp_traits *from = source ? sp_traits_of(behaviour, source->process) : NULL;
    if (from && (from->bits & (SP_TRAITS_FETCHED | SP_TRAIT_DOWNLOADER | SP_TRAIT_CHILD_FETCHES)))
        traits->source = source->process;
    if (from && source->bits & SP_WRITTEN_PIPED)
        traits->piped = true;
}
