/* landing_journal.c: what a landing is going to do, on disk before it does it. docs/landing.md has the
 * format. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

/* ------------------------------------------------------------- the directory of journals */

bool
sp_journal_is_name(const char *name)
{
    return strncmp(name, "landing-", 8) == 0 && strlen(name) == 24;
}

int
sp_journal_home(const char *home, bool make, int *fd, struct sp_error *err)
{
    sp_autofree char *path = strdup(home);
    if (!path)
        return sp_fail_memory(err);
    for (char *slash = path + 1; make && *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return sp_fail_errno(err, "%s: cannot make the directory of the journals", path);
        *slash = '/';
    }
    if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
        return sp_fail_errno(err, "%s: cannot make the directory of the journals", home);
    *fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT && !make)
        return 0;
    if (*fd < 0)
        return sp_fail_errno(err, "%s: cannot open the directory of the journals", home);
    struct stat st;
    if (fstat(*fd, &st) < 0 || st.st_uid != geteuid() || (st.st_mode & 022)) {
        close(*fd);
        *fd = -1;
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s: the directory of the journals must be yours, and writable by you alone", home);
    }
    /* held while a journal begins, or is recovered: nobody meets one without its lock */
    if (flock(*fd, LOCK_EX) < 0)
        return sp_fail_errno(err, "%s: cannot lock the directory of the journals", home);
    return 1;
}

int
sp_journal_lock(int home_fd, const char *name, int *lock, struct sp_error *err)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/lock", name);
    *lock = openat(home_fd, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (*lock < 0 && errno == ENOENT)
        return 0; /* it died before it had begun */
    if (*lock < 0)
        return sp_fail_errno(err, "%s: cannot open the lock of the journal", path);
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    int number = errno;
    close(*lock);
    *lock = -1;
    errno = number;
    return number == EWOULDBLOCK ? 1 : sp_fail_errno(err, "%s: cannot lock the journal", path);
}

/* Field 22 of /proc/self/stat: when the process started, in ticks since the machine did. */
static unsigned long long
own_start(void)
{
    char text[1024];
    sp_autoclose int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoull(at, NULL, 10) : 0;
}

static int
refuse_leftovers(const struct sp_journal *journal, struct sp_error *err)
{
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, journal->home_fd, 1000000, false, err) < 0)
        return sp_fail_within(err, "%s", journal->home);
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        sp_autoclose int lock = -1;
        if (!sp_journal_is_name(name))
            continue;
        int lives = sp_journal_lock(journal->home_fd, name, &lock, err);
        if (lives < 0)
            return -1;
        if (lives == 0)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s/%s: an earlier landing was interrupted; recover it before the next one starts",
                           journal->home, name);
    }
    return 0;
}

int
sp_journal_begin(struct sp_journal *journal, const char *home, size_t trees, struct sp_error *err)
{
    *journal = (struct sp_journal){ .home_fd = -1, .fd = -1, .lock = -1, .home = home };
    journal->trees = sp_arena_alloc(&journal->arena, (trees ? trees : 1) * sizeof(*journal->trees), err);
    if (!journal->trees || sp_journal_home(home, true, &journal->home_fd, err) < 0)
        return -1;
    journal->tree_count = trees;
    for (size_t i = 0; i < trees; i++)
        journal->trees[i].area_fd = journal->trees[i].root = journal->trees[i].layer = -1;
    if (refuse_leftovers(journal, err) < 0)
        return -1;

    unsigned char bytes[8];
    if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
        return sp_fail_errno(err, "cannot get random bytes");
    uint64_t random;
    memcpy(&random, bytes, sizeof(random));
    snprintf(journal->name, sizeof(journal->name), "landing-%016llx", (unsigned long long)random);
    sp_autofree char *real = realpath(home, NULL);
    if (!real)
        return sp_fail_errno(err, "%s: cannot tell the whole path of the directory of the journals", home);
    journal->path = sp_arena_printf(&journal->arena, err, "%s/%s", real, journal->name);
    if (!journal->path)
        return -1;
    if (mkdirat(journal->home_fd, journal->name, 0700) < 0)
        return sp_fail_errno(err, "%s: cannot make the journal", journal->path);
    journal->fd = openat(journal->home_fd, journal->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (journal->fd >= 0)
        journal->lock = openat(journal->fd, "lock", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (journal->lock < 0 || flock(journal->lock, LOCK_EX | LOCK_NB) < 0 ||
        dprintf(journal->lock, "%ld %llu\n", (long)getpid(), own_start()) < 0)
        return sp_fail_errno(err, "%s: cannot begin the journal", journal->path);
    flock(journal->home_fd, LOCK_UN);
    return 0;
}

void
sp_journal_close(struct sp_journal *journal)
{
    for (size_t i = 0; i < journal->tree_count; i++)
        if (journal->trees[i].area_fd >= 0)
            close(journal->trees[i].area_fd);
    if (journal->lock >= 0)
        close(journal->lock);
    if (journal->fd >= 0)
        close(journal->fd);
    if (journal->home_fd >= 0)
        close(journal->home_fd);
    sp_arena_free(&journal->arena);
    *journal = (struct sp_journal){ .home_fd = -1, .fd = -1, .lock = -1 };
}

/* ------------------------------------------------------------- writing */

static int
put(struct sp_buffer *out, uint64_t number, struct sp_error *err)
{
    return sp_buffer_append(out, &number, sizeof(number), err);
}

static int
put_text(struct sp_buffer *out, const char *text, struct sp_error *err)
{
    uint32_t length = (uint32_t)strlen(text);
    return sp_buffer_append(out, &length, sizeof(length), err) < 0 ? -1
                                                                   : sp_buffer_append(out, text, length, err);
}

static int
put_thing(struct sp_buffer *out, const struct sp_seen *seen, struct sp_error *err)
{
    struct sp_packed_thing packed = { .inode = seen->inode,
                                      .device = seen->device,
                                      .size = seen->size,
                                      .modified = seen->modified.tv_sec,
                                      .changed = seen->changed.tv_sec,
                                      .born = seen->born.tv_sec,
                                      .modified_ns = (uint32_t)seen->modified.tv_nsec,
                                      .changed_ns = (uint32_t)seen->changed.tv_nsec,
                                      .born_ns = (uint32_t)seen->born.tv_nsec,
                                      .mode = seen->mode };
    return sp_buffer_append(out, &packed, sizeof(packed), err);
}

/* Writes FILE whole under a temporary name, so that it is there complete or not at all. */
static int
write_file(struct sp_journal *journal, const char *file, const struct sp_buffer *bytes, struct sp_error *err)
{
    sp_autoclose int fd =
        openat(journal->fd, "new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || sp_write_whole(fd, bytes->bytes, bytes->length) < 0 || fsync(fd) < 0 ||
        renameat(journal->fd, "new", journal->fd, file) < 0 || fsync(journal->fd) < 0)
        return sp_fail_errno(err, "%s/%s: cannot write it", journal->path, file);
    return 0;
}

/* Puts magic, length and hash in front. OUT began with room for them. */
static int
seal_and_write(struct sp_journal *journal, const char *file, struct sp_buffer *out, struct sp_error *err)
{
    uint64_t length = out->length - SP_JOURNAL_HEADER,
             hash = sp_hash(out->bytes + SP_JOURNAL_HEADER, length, 0);
    memcpy(out->bytes, SP_JOURNAL_MAGIC, 8);
    memcpy(out->bytes + 8, &length, 8);
    memcpy(out->bytes + 16, &hash, 8);
    return write_file(journal, file, out, err);
}

static int
put_header(struct sp_buffer *out, const struct sp_journal *journal, struct sp_error *err)
{
    static const char room[SP_JOURNAL_HEADER];
    if (sp_buffer_append(out, room, SP_JOURNAL_HEADER, err) < 0 || put(out, journal->tree_count, err) < 0)
        return -1;
    for (size_t i = 0; i < journal->tree_count; i++) {
        const struct sp_journal_tree *tree = &journal->trees[i];
        if (put_text(out, tree->target, err) < 0 || put_text(out, tree->area, err) < 0 ||
            put(out, tree->area_inside, err) < 0 || put_thing(out, &tree->root_seen, err) < 0)
            return -1;
    }
    return 0;
}

static int
put_dirs(struct sp_buffer *out, const struct sp_journal_tree *tree, uint32_t *numbers, struct sp_error *err)
{
    uint32_t count = 0;
    for (size_t i = 0; i < tree->dir_count; i++)
        numbers[i] = tree->dirs[i].role == SP_ROLE_LAYER ? UINT32_MAX : count++;
    if (put(out, count, err) < 0)
        return -1;
    for (size_t i = 0; i < tree->dir_count; i++) {
        const struct sp_landing_dir *dir = &tree->dirs[i];
        if (dir->role == SP_ROLE_LAYER)
            continue;
        uint64_t flags = (uint64_t)dir->role | (dir->made ? 4 : 0) | (dir->entries ? 8 : 0) |
                         (dir->keep_time ? 16 : 0) | (dir->mode_changes ? 32 : 0);
        if (put(out, numbers[dir->parent], err) < 0 || put(out, flags, err) < 0 ||
            put(out, dir->inode, err) < 0 || put_thing(out, &dir->now, err) < 0 ||
            put_thing(out, &dir->before, err) < 0 || put_text(out, dir->name, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_journal_write(struct sp_journal *journal, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    if (put_header(&out, journal, err) < 0)
        return -1;
    for (size_t t = 0; t < journal->tree_count; t++) {
        const struct sp_journal_tree *tree = &journal->trees[t];
        sp_autofree uint32_t *numbers = sp_new_array(tree->dir_count, sizeof(*numbers), err);
        if (!numbers || put_dirs(&out, tree, numbers, err) < 0 || put(&out, tree->step_count, err) < 0)
            return -1;
        for (size_t i = 0; i < tree->step_count; i++) {
            const struct sp_landing_step *step = &tree->steps[i];
            uint64_t flags = (uint64_t)step->kind | (step->staged ? 4 : 0) | (step->makes ? 8 : 0);
            if (put(&out, flags, err) < 0 || put(&out, numbers[step->dir], err) < 0 ||
                put(&out, step->number, err) < 0 || put_thing(&out, &step->thing, err) < 0 ||
                put_text(&out, step->name, err) < 0)
                return -1;
        }
    }
    return seal_and_write(journal, "steps", &out, err);
}

int
sp_journal_commit(struct sp_journal *journal, struct sp_error *err)
{
    struct sp_buffer nothing = { 0 };
    return write_file(journal, "committed", &nothing, err);
}

/* ------------------------------------------------------------- areas */

/* Where old things wait and new ones are staged: it must be where a rename from the target can reach. */
static int
choose_area(struct sp_journal *journal, size_t number, bool inside, struct sp_error *err)
{
    struct sp_journal_tree *tree = &journal->trees[number];
    struct sp_seen here;
    if (!inside && sp_look(journal->fd, "", &here) > 0 && here.device == tree->root_seen.device &&
        here.mount == tree->root_seen.mount) {
        tree->area = sp_arena_printf(&journal->arena, err, "%s/area.%zu", journal->path, number);
        return tree->area ? 0 : -1;
    }
    sp_autofree char *parent = strdup(tree->target);
    if (!parent)
        return sp_fail_memory(err);
    char *slash = strrchr(parent, '/');
    if (slash)
        slash[slash == parent] = '\0';
    bool beside = !inside && slash && sp_look(AT_FDCWD, parent, &here) > 0 &&
                  here.device == tree->root_seen.device && here.mount == tree->root_seen.mount &&
                  faccessat(AT_FDCWD, parent, W_OK | X_OK, AT_EACCESS) == 0;
    tree->area_inside = !beside;
    tree->area = sp_arena_printf(&journal->arena, err, "%s/" SP_AREA_PREFIX "%s.%zu",
                                 beside ? parent : tree->target, journal->name + 8, number);
    return tree->area ? 0 : -1;
}

static int
open_area(struct sp_journal_tree *tree)
{
    struct stat st;
    tree->area_fd = open(tree->area, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (tree->area_fd < 0)
        return -1;
    if (fstat(tree->area_fd, &st) < 0 || st.st_uid != geteuid() || (st.st_mode & 077)) {
        close(tree->area_fd);
        tree->area_fd = -1;
        errno = EPERM;
        return -1;
    }
    return 0;
}

int
sp_journal_areas(struct sp_journal *journal, bool inside, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    for (size_t i = 0; i < journal->tree_count; i++)
        if (choose_area(journal, i, inside, err) < 0)
            return -1;
    if (put_header(&out, journal, err) < 0 || seal_and_write(journal, "areas", &out, err) < 0)
        return -1;
    for (size_t i = 0; i < journal->tree_count; i++) {
        struct sp_journal_tree *tree = &journal->trees[i];
        if (mkdir(tree->area, 0700) < 0 || open_area(tree) < 0)
            return sp_fail_errno(err, "%s: cannot make the directory through which the landing goes",
                                 tree->area);
    }
    return 0;
}

int
sp_journal_open_areas(struct sp_journal *journal, struct sp_error *err)
{
    for (size_t i = 0; i < journal->tree_count; i++) {
        struct sp_journal_tree *tree = &journal->trees[i];
        if (open_area(tree) < 0 && errno != ENOENT)
            return sp_fail_errno(err, "%s: cannot open what the landing left", tree->area);
    }
    return 0;
}

/* The parent of the area, and its name there. */
static int
remove_area(const struct sp_journal_tree *tree, struct sp_error *err)
{
    sp_autofree char *parent = strdup(tree->area);
    if (!parent)
        return sp_fail_memory(err);
    char *slash = strrchr(parent, '/');
    *slash = '\0';
    sp_autoclose int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0 || sp_remove_tree(fd, slash + 1) < 0)
        return sp_fail_errno(err, "%s: cannot remove it; nothing in it is needed any more", tree->area);
    return 0;
}

int
sp_journal_end(struct sp_journal *journal, bool committed, struct sp_error *err)
{
    for (size_t i = 0; i < journal->tree_count; i++) {
        struct sp_journal_tree *tree = &journal->trees[i];
        if (tree->area && remove_area(tree, err) < 0)
            return -1;
        if (!tree->area_inside || tree->root < 0 || tree->dir_count == 0)
            continue;
        /* the area came and went in the tree's own root */
        bool lands = committed && tree->dirs[0].entries && !tree->dirs[0].keep_time;
        struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
                                     lands ? tree->dirs[0].now.modified : tree->dirs[0].before.modified };
        futimens(tree->root, times);
    }
    char done[32];
    snprintf(done, sizeof(done), "done-%s", journal->name + 8);
    if (renameat(journal->home_fd, journal->name, journal->home_fd, done) < 0 ||
        sp_remove_tree(journal->home_fd, done) < 0)
        return sp_fail_errno(err, "%s: cannot remove the journal", journal->path);
    return 0;
}
