/* landing_apply.c: the landing itself. Each thing is looked at again before it is moved; at the first that is
 * not as it was, everything goes back. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* One try at landing. */
struct run {
    struct sp_landing *landing;
    struct sp_journal journal;
    struct sp_landing_hooks *hooks;
    bool far; /* a rename met EXDEV though both ends seemed near */
};

static int
fail_step(const struct sp_journal_tree *tree, uint32_t dir, const char *name, const char *what, bool number,
          struct sp_error *err)
{
    int saved = errno;
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_landing_path(&path, tree->dirs, dir, name, err) < 0)
        return -1;
    errno = saved;
    return number ? sp_fail_errno(err, "%s/%s: %s", tree->target, path.bytes, what)
                  : sp_fail(err, SP_ERROR_INPUT, "%s/%s: %s", tree->target, path.bytes, what);
}

static int
changed(const struct sp_journal_tree *tree, uint32_t dir, const char *name, struct sp_error *err)
{
    return fail_step(tree, dir, name,
                     "was changed while the landing was under way; nothing landed, run the command again",
                     false, err);
}

/* ------------------------------------------------------------- before */

static int
lock_trees(struct sp_landing *landing, struct sp_error *err)
{
    for (size_t i = 0; i < landing->tree_count; i++) {
        struct sp_landing_plan_tree *tree = &landing->trees[i];
        const char *target = tree->tree.target;
        if (flock(tree->root, LOCK_EX | LOCK_NB) < 0)
            return errno == EWOULDBLOCK
                       ? sp_fail(err, SP_ERROR_INPUT,
                                 "%s: another landing is under way in it; nothing landed, run the command "
                                 "again when it is done",
                                 target)
                       : sp_fail_errno(err, "%s: cannot lock the directory to land in", target);
        struct sp_seen seen;
        if (sp_look(AT_FDCWD, target, &seen) <= 0 || seen.inode != tree->root_seen.inode ||
            seen.device != tree->root_seen.device)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s: another directory stands there than when the command began; nothing landed",
                           target);
    }
    return 0;
}

static void
unlock_trees(struct sp_landing *landing)
{
    for (size_t i = 0; i < landing->tree_count; i++)
        flock(landing->trees[i].root, LOCK_UN);
}

/* ------------------------------------------------------------- steps */

static int
rename_new(int from, const char *from_name, int to, const char *to_name)
{
    if (renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL)
        return -1;
    struct sp_seen there; /* a file system that knows no NOREPLACE */
    if (sp_look(to, to_name, &there) != 0) {
        errno = EEXIST;
        return -1;
    }
    return renameat(from, from_name, to, to_name);
}

/* As rename_new. A directory that may not be written cannot be moved, since its ".." is in it. */
static int
move(int from, const char *from_name, int to, const char *to_name, uint32_t mode)
{
    if (rename_new(from, from_name, to, to_name) == 0)
        return 0;
    if (errno != EACCES || !S_ISDIR(mode) || fchmodat(from, from_name, (mode & 07777) | 0200, 0) < 0)
        return -1;
    int result = rename_new(from, from_name, to, to_name), number = errno;
    if (fchmodat(result == 0 ? to : from, result == 0 ? to_name : from_name, mode & 07777, 0) < 0)
        return -1;
    errno = number;
    return result;
}

static int
step_aside(struct run *run, const struct sp_journal_tree *tree, const struct sp_landing_step *step, int fd,
           struct sp_error *err)
{
    struct sp_seen seen;
    char old[24];
    snprintf(old, sizeof(old), "old.%u", step->number);
    int there = sp_look(fd, step->name, &seen);
    if (there < 0)
        return fail_step(tree, step->dir, step->name, "cannot look at it", true, err);
    if (there == 0 || !sp_seen_untouched(&seen, &step->thing))
        return changed(tree, step->dir, step->name, err);
    if (move(fd, step->name, tree->area_fd, old, step->thing.mode) < 0) {
        run->far |= errno == EXDEV;
        return fail_step(tree, step->dir, step->name, "cannot move the earlier one away", true, err);
    }
    /* what was edited in the instant between the look and the move is seen here */
    if (sp_look(tree->area_fd, old, &seen) <= 0 || !sp_seen_same_thing(&seen, &step->thing))
        return changed(tree, step->dir, step->name, err);
    if (!S_ISDIR(step->thing.mode))
        return 0;
    sp_autobuffer struct sp_buffer where = { 0 };
    uint64_t count;
    int edited = sp_scan_host(run->landing, tree->area_fd, old, &where, &count, err);
    return edited > 0 ? changed(tree, step->dir, step->name, err) : edited;
}

static int
step_place(struct run *run, const struct sp_journal_tree *tree, const struct sp_landing_step *step, int fd,
           struct sp_trail *layer, struct sp_error *err)
{
    char new[24];
    const char *from_name = step->name;
    int from = tree->area_fd;
    if (step->staged) {
        snprintf(new, sizeof(new), "new.%u", step->number);
        from_name = new;
    } else if ((from = sp_trail_go(layer, tree->dirs, step->dir, false)) < 0) {
        return fail_step(tree, step->dir, step->name, "cannot open its directory in the layer", true, err);
    }
    if (move(from, from_name, fd, step->name, step->thing.mode) == 0)
        return 0;
    if (errno == EEXIST)
        return changed(tree, step->dir, step->name, err);
    run->far |= errno == EXDEV;
    return fail_step(tree, step->dir, step->name, "cannot move it into place", true, err);
}

static int
do_steps(struct run *run, const struct sp_journal_tree *tree, struct sp_error *err)
{
    sp_autotrail struct sp_trail target = { 0 }, layer = { 0 };
    if (sp_trail_start(&target, tree->root) < 0 || sp_trail_start(&layer, tree->layer) < 0)
        return sp_fail_errno(err, "%s: cannot start", tree->target);
    for (size_t i = 0; i < tree->step_count; i++) {
        const struct sp_landing_step *step = &tree->steps[i];
        int fd = sp_trail_go(&target, tree->dirs, step->dir, true);
        if (fd < 0)
            return changed(tree, step->dir, step->name, err);
        int result = step->kind == SP_STEP_ASIDE ? step_aside(run, tree, step, fd, err)
                                                 : step_place(run, tree, step, fd, &layer, err);
        if (result < 0 || sp_checkpoint(run->hooks, err) < 0)
            return -1;
    }
    return 0;
}

/* Modes and times of directories, from the deepest up. The way to each is gone anew from the root: where a
 * directory was exchanged meanwhile, for another or for a link, that is seen before anything is final. */
static int
finish_dirs(struct run *run, const struct sp_journal_tree *tree, struct sp_error *err)
{
    sp_autotrail struct sp_trail target = { 0 };
    if (sp_trail_start(&target, tree->root) < 0)
        return sp_fail_errno(err, "%s: cannot start", tree->target);
    for (size_t i = tree->dir_count; i-- > 0;) {
        const struct sp_landing_dir *dir = &tree->dirs[i];
        bool made = dir->role == SP_ROLE_MAKE && dir->made;
        if (dir->role == SP_ROLE_LAYER || (!dir->entries && !dir->mode_changes && !made))
            continue;
        int fd = sp_trail_go(&target, tree->dirs, (uint32_t)i, true);
        if (fd < 0)
            return changed(tree, dir->parent, dir->name, err);
        if (dir->mode_changes) {
            struct sp_seen seen;
            if (sp_look(fd, "", &seen) <= 0 || seen.mode != dir->before.mode)
                return changed(tree, dir->parent, dir->name, err);
        }
        struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, dir->now.modified };
        if (((made || dir->mode_changes) && fchmod(fd, dir->now.mode & 07777) < 0) ||
            ((made || (dir->entries && !dir->keep_time)) && futimens(fd, times) < 0))
            return fail_step(tree, dir->parent, dir->name, "cannot set its mode and time", true, err);
        if (sp_checkpoint(run->hooks, err) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------- all of it */

/* What was copied, or is told in a journal on another disk, must be on its own disk before the mark is. */
static int
settle_on_disk(const struct run *run, struct sp_error *err)
{
    struct sp_seen journal;
    if (sp_look(run->journal.fd, "", &journal) <= 0)
        return sp_fail_errno(err, "%s: cannot look at the journal", run->journal.path);
    for (size_t i = 0; i < run->landing->tree_count; i++) {
        const struct sp_landing_plan_tree *tree = &run->landing->trees[i];
        if ((tree->copy || journal.device != tree->root_seen.device) && syncfs(tree->root) < 0)
            return sp_fail_errno(err, "%s: cannot write it to the disk", tree->tree.target);
    }
    return 0;
}

static int
make_ready(struct run *run, const char *home, bool inside, struct sp_error *err)
{
    struct sp_landing *landing = run->landing;
    if (sp_journal_begin(&run->journal, home, landing->tree_count, err) < 0)
        return -1;
    for (size_t i = 0; i < landing->tree_count; i++) {
        struct sp_journal_tree *tree = &run->journal.trees[i];
        tree->target = landing->trees[i].tree.target;
        tree->root_seen = landing->trees[i].root_seen;
        tree->root = landing->trees[i].root;
        tree->layer = landing->trees[i].tree.upper;
    }
    if (sp_checkpoint(run->hooks, err) < 0 || sp_journal_areas(&run->journal, inside, err) < 0 ||
        sp_checkpoint(run->hooks, err) < 0)
        return -1;
    for (size_t i = 0; i < landing->tree_count; i++) {
        struct sp_journal_tree *tree = &run->journal.trees[i];
        if (sp_landing_prepare(&landing->trees[i], err) < 0 ||
            sp_landing_stage(&landing->trees[i], tree, &run->journal.arena, err) < 0 ||
            sp_checkpoint(run->hooks, err) < 0)
            return -1;
    }
    return sp_journal_write(&run->journal, err) < 0 ? -1 : sp_checkpoint(run->hooks, err);
}

static int
change_all(struct run *run, struct sp_error *err)
{
    for (size_t i = 0; i < run->journal.tree_count; i++)
        if (do_steps(run, &run->journal.trees[i], err) < 0)
            return -1;
    for (size_t i = 0; i < run->journal.tree_count; i++)
        if (finish_dirs(run, &run->journal.trees[i], err) < 0)
            return -1;
    if (settle_on_disk(run, err) < 0 || sp_checkpoint(run->hooks, err) < 0)
        return -1;
    return sp_journal_commit(&run->journal, err);
}

/* Back to how it was; the first error stays the one that is told. */
static int
take_back(struct run *run, bool begun, struct sp_error *err)
{
    struct sp_error why = { 0 };
    if ((begun && sp_journal_undo(&run->journal, NULL, &why) < 0) ||
        (run->journal.fd >= 0 && sp_journal_end(&run->journal, false, &why) < 0)) {
        struct sp_error first = err ? *err : (struct sp_error){ 0 };
        return sp_fail(err, first.code ? first.code : SP_ERROR_SYSTEM,
                       "%s. It could not all be taken back (%s); the journal %s is kept for recovery",
                       first.text, why.text, run->journal.path);
    }
    return -1;
}

static int
try(struct sp_landing *landing, const char *home, bool inside, struct sp_landing_hooks *hooks, bool *far,
    struct sp_error *err)
{
    struct run run = { .landing = landing, .hooks = hooks };
    bool begun = false;
    int result = make_ready(&run, home, inside, err);
    if (result == 0) {
        begun = true;
        result = change_all(&run, err);
    }
    if (result < 0) {
        take_back(&run, begun, err);
    } else {
        /* it has landed: what is left to clear up is cleared up now, or at the next start */
        struct sp_error later;
        if (sp_checkpoint(hooks, &later) == 0)
            sp_journal_end(&run.journal, true, &later);
    }
    *far = run.far;
    sp_journal_close(&run.journal);
    return result;
}

int
sp_landing_apply_with(struct sp_landing *landing, const char *journal_directory,
                      struct sp_landing_hooks *hooks, struct sp_error *err)
{
    if (landing->conflict.length)
        return sp_fail(err, SP_ERROR_INPUT, "%s; nothing landed, run the command again",
                       landing->conflict.bytes);
    size_t work = 0;
    for (size_t i = 0; i < landing->tree_count; i++) {
        work += landing->trees[i].item_count;
        for (size_t d = 0; d < landing->trees[i].dir_count; d++)
            work += landing->trees[i].dirs[d].mode_changes;
    }
    if (work == 0)
        return 0;
    bool far;
    int result = lock_trees(landing, err);
    if (result == 0)
        result = try(landing, journal_directory, false, hooks, &far, err);
    else
        far = false;
    if (result < 0 && far) {
        /* project quotas and encrypted directories forbid renames within one file system: copy */
        for (size_t i = 0; i < landing->tree_count; i++)
            landing->trees[i].copy = true;
        result = try(landing, journal_directory, true, hooks, &far, err);
    }
    unlock_trees(landing);
    return result;
}

int
sp_landing_apply(struct sp_landing *landing, const char *journal_directory, struct sp_error *err)
{
    return sp_landing_apply_with(landing, journal_directory, NULL, err);
}
