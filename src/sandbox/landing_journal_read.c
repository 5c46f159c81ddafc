/* landing_journal_read.c: a journal as it is found on disk: damaged, half written or forged, or as it was
 * meant. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define JOURNAL_MAX ((uint64_t)8 << 30)

struct reader {
    const char *at, *end;
    struct sp_arena *arena;
    bool damaged;
};

static void
get_bytes(struct reader *reader, void *out, size_t length)
{
    if ((size_t)(reader->end - reader->at) < length) {
        reader->damaged = true;
        memset(out, 0, length);
        return;
    }
    memcpy(out, reader->at, length);
    reader->at += length;
}

static uint64_t
get(struct reader *reader)
{
    uint64_t number;
    get_bytes(reader, &number, sizeof(number));
    return number;
}

static const char *
get_text(struct reader *reader)
{
    uint32_t length;
    get_bytes(reader, &length, sizeof(length));
    if (reader->damaged || (size_t)(reader->end - reader->at) < length || memchr(reader->at, '\0', length)) {
        reader->damaged = true;
        return "";
    }
    const char *text = sp_arena_copy(reader->arena, reader->at, length, NULL);
    reader->at += length;
    if (!text)
        reader->damaged = true;
    return text ? text : "";
}

/* A name in a directory: a damaged or forged one must not lead elsewhere. */
static const char *
get_name(struct reader *reader)
{
    const char *name = get_text(reader);
    if (!*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        reader->damaged = true;
    return name;
}

static struct sp_seen
get_thing(struct reader *reader)
{
    struct sp_packed_thing packed;
    get_bytes(reader, &packed, sizeof(packed));
    return (struct sp_seen){ .inode = packed.inode,
                             .device = packed.device,
                             .size = packed.size,
                             .modified = { packed.modified, packed.modified_ns },
                             .changed = { packed.changed, packed.changed_ns },
                             .born = { packed.born, packed.born_ns },
                             .mode = packed.mode };
}

static uint64_t
get_count(struct reader *reader, size_t least)
{
    uint64_t count = get(reader);
    if (count > (uint64_t)(reader->end - reader->at) / least) {
        reader->damaged = true;
        return 0;
    }
    return count;
}

static void *
get_room(struct reader *reader, size_t size)
{
    void *room = sp_arena_alloc(reader->arena, size ? size : 1, NULL);
    if (!room)
        reader->damaged = true;
    return room;
}

static void
get_header(struct reader *reader, struct sp_journal *journal)
{
    uint64_t count = get_count(reader, sizeof(struct sp_packed_thing));
    journal->trees = get_room(reader, count * sizeof(*journal->trees));
    journal->tree_count = reader->damaged ? 0 : count;
    for (size_t i = 0; i < journal->tree_count; i++) {
        struct sp_journal_tree *tree = &journal->trees[i];
        *tree = (struct sp_journal_tree){ .root = -1, .area_fd = -1, .layer = -1 };
        tree->target = get_text(reader);
        tree->area = get_text(reader);
        tree->area_inside = get(reader) != 0;
        tree->root_seen = get_thing(reader);
        /* what is removed at the end must be what a landing makes */
        const char *name = strrchr(tree->area, '/');
        if (tree->target[0] != '/' || tree->area[0] != '/' || !name ||
            (strncmp(name + 1, SP_AREA_PREFIX, strlen(SP_AREA_PREFIX)) != 0 &&
             strncmp(name + 1, "area.", 5) != 0))
            reader->damaged = true;
    }
}

static void
get_steps(struct reader *reader, struct sp_journal_tree *tree)
{
    uint64_t count = get_count(reader, sizeof(struct sp_packed_thing));
    tree->dirs = get_room(reader, count * sizeof(*tree->dirs));
    for (size_t i = 0; i < count && !reader->damaged; i++, tree->dir_count++) {
        struct sp_landing_dir *dir = &tree->dirs[i];
        uint64_t parent = get(reader), flags = get(reader);
        *dir = (struct sp_landing_dir){ .parent = (uint32_t)parent, .role = flags & 3 };
        if (i > 0 ? parent >= i : parent != 0)
            reader->damaged = true;
        else
            dir->depth = i ? tree->dirs[parent].depth + 1 : 0;
        dir->made = flags & 4;
        dir->entries = flags & 8;
        dir->keep_time = flags & 16;
        dir->mode_changes = flags & 32;
        dir->inode = get(reader);
        dir->now = get_thing(reader);
        dir->before = get_thing(reader);
        dir->name = i ? get_name(reader) : get_text(reader);
    }
    count = get_count(reader, sizeof(struct sp_packed_thing));
    tree->steps = get_room(reader, count * sizeof(*tree->steps));
    for (size_t i = 0; i < count && !reader->damaged; i++, tree->step_count++) {
        struct sp_landing_step *step = &tree->steps[i];
        uint64_t flags = get(reader), dir = get(reader);
        *step = (struct sp_landing_step){ .kind = flags & 3, .staged = flags & 4, .dir = (uint32_t)dir };
        step->makes = flags & 8;
        step->number = (uint32_t)get(reader);
        step->thing = get_thing(reader);
        step->name = get_name(reader);
        if (dir >= tree->dir_count || (step->kind != SP_STEP_ASIDE && step->kind != SP_STEP_PLACE))
            reader->damaged = true;
    }
}

/* 1: read, 0: no such file. */
static int
read_file(struct sp_journal *journal, const char *file, struct sp_buffer *out, struct sp_error *err)
{
    struct stat st;
    sp_autoclose int fd = openat(journal->fd, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0 || fstat(fd, &st) < 0)
        return sp_fail_errno(err, "%s/%s: cannot read it", journal->path, file);
    if ((uint64_t)st.st_size > JOURNAL_MAX || sp_buffer_reserve(out, (size_t)st.st_size, err) < 0)
        return sp_fail_within(err, "%s/%s: too large", journal->path, file);
    ssize_t got;
    while ((got = read(fd, out->bytes + out->length, (size_t)st.st_size - out->length)) > 0)
        out->length += (size_t)got;
    return got < 0 ? sp_fail_errno(err, "%s/%s: cannot read it", journal->path, file) : 1;
}

int
sp_journal_read(struct sp_journal *journal, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    const char *file = "steps";
    int begun = read_file(journal, file, &bytes, err);
    if (begun < 0)
        return -1;
    if (!begun) {
        file = "areas";
        int known = read_file(journal, file, &bytes, err);
        if (known <= 0)
            return known;
    }
    uint64_t length = 0, hash = 0;
    if (bytes.length >= SP_JOURNAL_HEADER) {
        memcpy(&length, bytes.bytes + 8, 8);
        memcpy(&hash, bytes.bytes + 16, 8);
    }
    struct reader reader = { .arena = &journal->arena };
    if (bytes.length < SP_JOURNAL_HEADER || memcmp(bytes.bytes, SP_JOURNAL_MAGIC, 8) != 0 ||
        length != bytes.length - SP_JOURNAL_HEADER ||
        hash != sp_hash(bytes.bytes + SP_JOURNAL_HEADER, length, 0)) {
        reader.damaged = true;
    } else {
        reader.at = bytes.bytes + SP_JOURNAL_HEADER;
        reader.end = reader.at + length;
        get_header(&reader, journal);
        for (size_t i = 0; begun && i < journal->tree_count && !reader.damaged; i++)
            get_steps(&reader, &journal->trees[i]);
        if (reader.at != reader.end)
            reader.damaged = true;
    }
    if (reader.damaged)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%s/%s: the journal of an interrupted landing is damaged and nothing was touched; what "
            "the landing moved away lies in the area.N beside it, or in " SP_AREA_PREFIX
            "* beside the project: put it back by hand and remove the journal",
            journal->path, file);
    return begun;
}
