/* landing_undo.c: puts back what a landing moved that was not committed, and clears up after one that was. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int
sp_checkpoint(struct sp_landing_hooks *hooks, struct sp_error *err)
{
    if (!hooks || !hooks->checkpoint || hooks->checkpoint(hooks->context, hooks->step++) == 0)
        return 0;
    return sp_fail(err, SP_ERROR_INTERNAL, "the landing was stopped at step %u", hooks->step - 1);
}

static int
fail_at(const struct sp_journal_tree *tree, const struct sp_landing_step *step, int number, const char *what,
        struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_landing_path(&path, tree->dirs, step->dir, step->name, err) < 0)
        return -1;
    if (number == 0)
        return sp_fail(err, SP_ERROR_INPUT, "%s/%s: %s", tree->target, path.bytes, what);
    errno = number;
    return sp_fail_errno(err, "%s/%s: %s", tree->target, path.bytes, what);
}

/* A directory that is not there, or is another one: nothing was done in it. */
static bool
absent(int number)
{
    return number == ENOENT || number == ENOTDIR || number == ELOOP || number == ESTALE;
}

static void
area_name(char name[24], const char *what, uint32_t number)
{
    snprintf(name, 24, "%s.%u", what, number);
}

/* Nothing is touched where somebody has changed, since, what would have to go. */
static int
check_places(const struct sp_journal_tree *tree, struct sp_error *err)
{
    sp_autotrail struct sp_trail trail = { 0 };
    if (sp_trail_start(&trail, tree->root) < 0)
        return sp_fail_errno(err, "%s: cannot start", tree->target);
    for (size_t i = 0; i < tree->step_count; i++) {
        const struct sp_landing_step *step = &tree->steps[i];
        struct sp_seen there;
        char old[24];
        int fd = sp_trail_go(&trail, tree->dirs, step->dir, true);
        if (fd < 0 && absent(errno))
            continue;
        int found = fd < 0 ? -1 : sp_look(fd, step->name, &there);
        if (found < 0)
            return fail_at(tree, step, errno, "cannot look at it", err);
        if (found == 0 || step->kind != SP_STEP_ASIDE)
            continue;
        area_name(old, "old", step->number);
        struct sp_seen waiting;
        if (tree->area_fd < 0 || sp_look(tree->area_fd, old, &waiting) <= 0)
            continue;
        /* the old one waits: what stands in its place may only be the new one */
        const struct sp_landing_step *next = i + 1 < tree->step_count ? step + 1 : NULL;
        if (next && next->kind == SP_STEP_PLACE && next->dir == step->dir && next->number == step->number &&
            sp_seen_same_thing(&there, &next->thing))
            continue;
        return fail_at(
            tree, step, 0,
            "was changed after the landing was interrupted, so the earlier one cannot be put back; "
            "move it away and recover again",
            err);
    }
    return 0;
}

static int
move_back(const struct sp_journal_tree *tree, const struct sp_landing_step *step, int from,
          const char *from_name, int to, const char *to_name, struct sp_error *err)
{
    if (renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) == 0)
        return 0;
    /* a directory that may not be written cannot be moved: its ".." is in it */
    if (errno == EACCES && S_ISDIR(step->thing.mode) && fchmodat(from, from_name, 0700, 0) == 0 &&
        renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) == 0) {
        if (fchmodat(to, to_name, step->thing.mode & 07777, 0) == 0)
            return 0;
    } else if (errno == EINVAL) { /* a file system that knows no NOREPLACE */
        struct sp_seen there;
        if (sp_look(to, to_name, &there) == 0 && renameat(from, from_name, to, to_name) == 0)
            return 0;
    }
    return fail_at(tree, step, errno, "cannot put back what the landing moved", err);
}

static int
undo_step(const struct sp_journal_tree *tree, const struct sp_landing_step *step, int fd,
          struct sp_trail *layer, struct sp_error *err)
{
    struct sp_seen there;
    char name[24];
    if (step->kind == SP_STEP_ASIDE) {
        area_name(name, "old", step->number);
        int waits = sp_look(tree->area_fd, name, &there);
        if (waits <= 0)
            return waits < 0 ? fail_at(tree, step, errno, "cannot look at the earlier one", err) : 0;
        return move_back(tree, step, tree->area_fd, name, fd, step->name, err);
    }
    int found = sp_look(fd, step->name, &there);
    if (found < 0)
        return fail_at(tree, step, errno, "cannot look at it", err);
    if (found == 0 || !sp_seen_same_thing(&there, &step->thing))
        return 0;
    if (step->makes) { /* where somebody has put something into it since, it stays */
        if (unlinkat(fd, step->name, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY && errno != EEXIST)
            return fail_at(tree, step, errno, "cannot remove the directory", err);
        return 0;
    }
    if (tree->layer >= 0 && !step->staged) {
        int back = sp_trail_go(layer, tree->dirs, step->dir, false);
        if (back < 0)
            return fail_at(tree, step, errno, "cannot go back to the layer", err);
        return move_back(tree, step, fd, step->name, back, step->name, err);
    }
    area_name(name, "undone", step->number);
    return move_back(tree, step, fd, step->name, tree->area_fd, name, err);
}

/* Modes as they were, so that the steps can be taken back, or (TIMES) the times of directories. */
static int
undo_dirs(const struct sp_journal_tree *tree, bool times, struct sp_error *err)
{
    sp_autotrail struct sp_trail trail = { 0 };
    if (sp_trail_start(&trail, tree->root) < 0)
        return sp_fail_errno(err, "%s: cannot start", tree->target);
    for (size_t i = 0; i < tree->dir_count; i++) {
        const struct sp_landing_dir *dir = &tree->dirs[i];
        bool pass = dir->role == SP_ROLE_PASS;
        if (dir->role == SP_ROLE_LAYER || (!dir->entries && !dir->mode_changes && !dir->made))
            continue;
        int fd = sp_trail_go(&trail, tree->dirs, (uint32_t)i, true), result = 0;
        if (fd < 0 && absent(errno))
            continue;
        if (fd >= 0 && times && pass && dir->entries) {
            struct timespec stamps[2] = { { .tv_nsec = UTIME_OMIT }, dir->before.modified };
            result = futimens(fd, stamps);
        } else if (fd >= 0 && !times && (dir->mode_changes || !pass)) {
            result = fchmod(fd, pass ? dir->before.mode & 07777 : 0700);
        }
        if (fd < 0 || result < 0)
            return sp_fail_errno(err, "%s: cannot restore a directory in it: %s", tree->target, dir->name);
    }
    return 0;
}

static int
undo_tree(struct sp_journal_tree *tree, struct sp_landing_hooks *hooks, struct sp_error *err)
{
    if (tree->area_fd < 0 || undo_dirs(tree, false, err) < 0)
        return tree->area_fd < 0 ? 0 : -1;
    struct sp_trail trail = { 0 }, layer = { 0 };
    int result = sp_trail_start(&trail, tree->root);
    if (result == 0 && tree->layer >= 0)
        result = sp_trail_start(&layer, tree->layer);
    if (result < 0)
        sp_fail_errno(err, "%s: cannot start", tree->target);
    for (size_t i = tree->step_count; result == 0 && i-- > 0;) {
        const struct sp_landing_step *step = &tree->steps[i];
        int fd = sp_trail_go(&trail, tree->dirs, step->dir, true);
        if (fd < 0) {
            result = absent(errno) ? 0 : fail_at(tree, step, errno, "cannot open its directory", err);
            continue;
        }
        result = undo_step(tree, step, fd, &layer, err);
        if (result == 0)
            result = sp_checkpoint(hooks, err);
    }
    sp_trail_end(&trail);
    sp_trail_end(&layer);
    return result < 0 ? -1 : undo_dirs(tree, true, err);
}

/* What still waits could not be put back, since its directory is gone: it must not be removed. */
static int
check_nothing_waits(const struct sp_journal_tree *tree, struct sp_error *err)
{
    for (size_t i = 0; tree->area_fd >= 0 && i < tree->step_count; i++) {
        struct sp_seen waiting;
        char name[24];
        area_name(name, "old", tree->steps[i].number);
        if (tree->steps[i].kind == SP_STEP_ASIDE && sp_look(tree->area_fd, name, &waiting) != 0)
            return fail_at(tree, &tree->steps[i], 0,
                           "its directory was moved or removed after the landing was interrupted; put it "
                           "back and recover again",
                           err);
    }
    return 0;
}

int
sp_journal_undo(struct sp_journal *journal, struct sp_landing_hooks *hooks, struct sp_error *err)
{
    for (size_t i = 0; i < journal->tree_count; i++)
        if (check_places(&journal->trees[i], err) < 0)
            return -1;
    for (size_t i = journal->tree_count; i-- > 0;)
        if (undo_tree(&journal->trees[i], hooks, err) < 0 || check_nothing_waits(&journal->trees[i], err) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------------- recovery */

static int
open_roots(struct sp_journal *journal, struct sp_error *err)
{
    for (size_t i = 0; i < journal->tree_count; i++) {
        struct sp_journal_tree *tree = &journal->trees[i];
        struct sp_seen seen;
        tree->root = open(tree->target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (tree->root < 0 || sp_look(tree->root, "", &seen) <= 0)
            return sp_fail_errno(err,
                                 "%s: a landing in it was interrupted (%s), and it cannot be opened; put it "
                                 "back in its place and start again",
                                 tree->target, journal->path);
        if (seen.inode != tree->root_seen.inode || sp_time_order(&seen.born, &tree->root_seen.born) != 0)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s: a landing was interrupted here (%s), but this is another directory now; put "
                           "the earlier one back in its place and start again",
                           tree->target, journal->path);
        if (flock(tree->root, LOCK_EX | LOCK_NB) < 0)
            return sp_fail_errno(err, "%s: another landing is under way in it; wait for its end",
                                 tree->target);
    }
    return 0;
}

static int
recover(struct sp_journal *journal, struct sp_landing_hooks *hooks, struct sp_error *err)
{
    int begun = sp_journal_read(journal, err);
    if (begun < 0)
        return -1;
    struct sp_seen mark;
    bool committed = begun && sp_look(journal->fd, "committed", &mark) > 0;
    if (begun && !committed) {
        if (open_roots(journal, err) < 0 || sp_journal_open_areas(journal, err) < 0 ||
            sp_journal_undo(journal, hooks, err) < 0)
            return -1;
    } else {
        /* a tree that was moved or removed since has nothing to lose */
        for (size_t i = 0; i < journal->tree_count; i++)
            if (journal->trees[i].area_inside)
                journal->trees[i].root =
                    open(journal->trees[i].target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (sp_checkpoint(hooks, err) < 0)
            return -1;
    }
    return sp_journal_end(journal, committed, err);
}

static int
recover_one(const char *home, int home_fd, const char *name, unsigned *recovered,
            struct sp_landing_hooks *hooks, struct sp_error *err)
{
    struct sp_journal journal = { .home = home, .home_fd = -1, .fd = -1, .lock = -1 };
    snprintf(journal.name, sizeof(journal.name), "%.31s", name);
    journal.path = sp_arena_printf(&journal.arena, err, "%s/%s", home, name);
    int result = journal.path ? sp_journal_lock(home_fd, name, &journal.lock, err) : -1;
    if (result == 0) {
        journal.home_fd = dup(home_fd);
        journal.fd = openat(home_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        result = journal.fd < 0 || journal.home_fd < 0
                     ? sp_fail_errno(err, "%s: cannot open the journal", journal.path)
                     : recover(&journal, hooks, err);
        if (result == 0)
            ++*recovered;
    }
    for (size_t i = 0; i < journal.tree_count; i++)
        if (journal.trees[i].root >= 0)
            close(journal.trees[i].root);
    sp_journal_close(&journal);
    return result < 0 ? -1 : 0;
}

int
sp_landing_recover_with(const char *journal_directory, unsigned *recovered, struct sp_landing_hooks *hooks,
                        struct sp_error *err)
{
    sp_autoclose int home = -1;
    *recovered = 0;
    int there = sp_journal_home(journal_directory, false, &home, err);
    if (there <= 0)
        return there;
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, home, 1000000, true, err) < 0)
        return sp_fail_within(err, "%s", journal_directory);
    int result = 0;
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        struct sp_error later; /* one damaged journal must not keep the others from being recovered */
        if (sp_journal_is_name(name))
            result |= recover_one(journal_directory, home, name, recovered, hooks, result ? &later : err);
        else if (strncmp(name, "done-", 5) == 0)
            sp_remove_tree(home, name);
    }
    return result;
}

int
sp_landing_recover(const char *journal_directory, unsigned *recovered, struct sp_error *err)
{
    return sp_landing_recover_with(journal_directory, recovered, NULL, err);
}
