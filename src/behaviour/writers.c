/* writers.c: which package last wrote a file, or gave it its name. Whoever is no package is not kept: what
 * the package manager unpacks belongs to the package that lies there. */
#include "behaviour/attribution_parts.h"

#include <fcntl.h>
#include <string.h>

#define KEY_BYTES_MAX ((size_t)16 << 20) /* of all paths */

bool
sp_opens_to_write(int64_t flags)
{
    if (flags & O_PATH || (flags & O_TMPFILE) == O_TMPFILE)
        return false;
    return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
}

static size_t
path_length(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

const struct sp_writer *
sp_writers_find(const struct sp_writers *writers, const char *path, size_t length)
{
    const struct sp_writer *latest = NULL;
    uint32_t at;
    if (!writers->count)
        return NULL;
    if (sp_map_get(&writers->paths, path, length, &at))
        latest = &writers->items[at];
    /* directories that were moved as a whole */
    for (const char *slash = path + length;
         (slash = memrchr(path, '/', (size_t)(slash - path))) && slash > path;) {
        size_t end = (size_t)(slash - path);
        if (end <= SP_KEY_MAX && writers->tree_lengths[end / 64] >> end % 64 & 1 &&
            sp_map_get(&writers->paths, path, end, &at) && writers->items[at].tree &&
            (!latest || writers->items[at].sequence > latest->sequence))
            latest = &writers->items[at];
    }
    return latest && latest->actor ? latest : NULL;
}

/* The entry of PATH, made where it is new; NULL: no room. */
static struct sp_writer *
enter(struct sp_writers *writers, const char *path, size_t length, unsigned *lost)
{
    uint32_t at;
    if (sp_map_get(&writers->paths, path, length, &at))
        return &writers->items[at];
    if (length > SP_KEY_MAX || writers->count >= SP_WRITERS_MAX ||
        writers->key_bytes + length > KEY_BYTES_MAX ||
        sp_grow(writers->items, writers->capacity, writers->count + 1, NULL) < 0 ||
        sp_map_set(&writers->paths, path, length, (uint32_t)writers->count, NULL) < 0) {
        ++*lost;
        return NULL;
    }
    writers->key_bytes += length;
    struct sp_writer *entry = &writers->items[writers->count++];
    *entry = (struct sp_writer){ .sequence = 0 };
    return entry;
}

/* LENGTH: of the entry's path; of a tree only. */
static void
fill(struct sp_writers *writers, struct sp_writer *entry, size_t length, const struct sp_actor *actor,
     uint32_t process, bool tree)
{
    if (tree)
        writers->tree_lengths[length / 64] |= (uint64_t)1 << length % 64;
    entry->actor = actor;
    entry->process = process;
    entry->tree = tree;
    entry->sequence = ++writers->sequence;
}

/* PROCESS changed what PATH names. TREE: it may be a directory, and all beneath it came with it. */
static void
change(struct sp_writers *writers, const struct sp_process *process, const char *path, bool tree,
       unsigned *lost)
{
    size_t length = path_length(path);
    bool package = process->actor->kind == SP_ACTOR_PACKAGE;
    /* who is no package is told of only where a package would be held to it */
    if (!package && !sp_writers_find(writers, path, length))
        return;
    struct sp_writer *entry = enter(writers, path, length, lost);
    if (!entry)
        return;
    const struct sp_actor *actor = package ? process->actor : NULL;
    fill(writers, entry, length, actor, process->number, tree);
    if (entry->other && !tree)
        fill(writers, &writers->items[entry->other - 1], 0, actor, process->number, false);
}

/* A file whose writer is known is a file: it takes no tree with it. */
static bool
is_known_file(const struct sp_writers *writers, const char *path)
{
    uint32_t at;
    return sp_map_get(&writers->paths, path, path_length(path), &at) && !writers->items[at].tree &&
           writers->items[at].actor;
}

/* A name that is gone, so that what comes there next is not laid to who was there before. */
static void
forget(struct sp_writers *writers, const char *path)
{
    uint32_t at;
    if (!sp_map_get(&writers->paths, path, path_length(path), &at))
        return;
    fill(writers, &writers->items[at], 0, NULL, 0, false);
    writers->items[at].other = 0;
}

static void
renamed(struct sp_writers *writers, const struct sp_process *process, const char *from, const char *to,
        unsigned *lost)
{
    size_t length = path_length(from);
    const struct sp_writer *before = sp_writers_find(writers, from, length);
    if (process->actor->kind == SP_ACTOR_PACKAGE) {
        change(writers, process, to, !is_known_file(writers, from), lost);
    } else if (before) {
        /* the package manager gave it another name: who wrote it did not change */
        struct sp_writer kept = *before;
        struct sp_writer *entry = enter(writers, to, path_length(to), lost);
        if (entry)
            fill(writers, entry, path_length(to), kept.actor, kept.process, kept.tree);
    } else {
        change(writers, process, to, true, lost);
    }
    forget(writers, from);
}

static void
linked(struct sp_writers *writers, const struct sp_process *process, const char *from, const char *to,
       unsigned *lost)
{
    change(writers, process, to, false, lost);
    if (process->actor->kind != SP_ACTOR_PACKAGE)
        return;
    /* what is written by one name is then read by the other */
    uint32_t at, other;
    if (!enter(writers, from, path_length(from), lost) ||
        !sp_map_get(&writers->paths, from, path_length(from), &at) ||
        !sp_map_get(&writers->paths, to, path_length(to), &other) || at == other)
        return;
    writers->items[at].other = other + 1;
    writers->items[other].other = at + 1;
}

unsigned
sp_writers_take(struct sp_writers *writers, const struct sp_process *process, const struct sp_event *event)
{
    unsigned lost = 0;
    const char *path = event->subject, *second = event->detail;
    if (!path || !*path)
        return 0;
    if (event->kind == SP_EVENT_OPEN) {
        if (sp_opens_to_write(event->value))
            change(writers, process, path, false, &lost);
        return lost;
    }
    switch (event->value) {
    case SP_FILE_UNLINK:
    case SP_FILE_RMDIR:
        forget(writers, path);
        break;
    case SP_FILE_RENAME:
        if (second && *second)
            renamed(writers, process, path, second, &lost);
        break;
    case SP_FILE_LINK:
        if (second && *second)
            linked(writers, process, path, second, &lost);
        break;
    case SP_FILE_SYMLINK:
        /* beneath it lies whatever it leads to */
        change(writers, process, path, true, &lost);
        break;
    case SP_FILE_TRUNCATE:
    case SP_FILE_MKNOD:
        change(writers, process, path, false, &lost);
        break;
    default: /* modes, times and owners change no code */
        break;
    }
    return lost;
}

void
sp_writers_free(struct sp_writers *writers)
{
    sp_map_free(&writers->paths);
    free(writers->items);
}
