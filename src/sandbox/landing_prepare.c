/* landing_prepare.c: makes a layer ready: nothing in the project is touched yet, only what is ours. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REWRITE_NAME ".sallyport-rewrite" /* exists for a moment, in the layer only */

static int
strip(int directory, const char *name, const struct sp_seen *seen)
{
    if (sp_marks_strip(directory, name) == 0)
        return 0;
    if (errno != EACCES || S_ISLNK(seen->mode))
        return -1;
    /* attributes of the user's name space obey the mode, which may forbid writing even to the owner */
    if (fchmodat(directory, name, (seen->mode & 07777) | 0200, 0) < 0)
        return -1;
    int result = sp_marks_strip(directory, name);
    return fchmodat(directory, name, seen->mode & 07777, 0) < 0 ? -1 : result;
}

static int
rewrite(int directory, const struct sp_landing_prep *prep, const struct sp_seen *seen)
{
    uid_t uid = prep->ops & SP_PREP_OWNER ? prep->uid : seen->uid;
    gid_t gid = prep->ops & SP_PREP_OWNER ? prep->gid : seen->gid;
    if (sp_remove_tree(directory, REWRITE_NAME) < 0)
        return -1;
    sp_autoclose int fd =
        openat(directory, REWRITE_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || sp_write_whole(fd, prep->content, prep->length) < 0)
        return -1;
    if (fchown(fd, uid, gid) < 0 && errno != EPERM)
        return -1;
    struct timespec times[2] = { seen->accessed, seen->modified };
    if (fchmod(fd, seen->mode & 07777) < 0 || futimens(fd, times) < 0)
        return -1;
    return renameat(directory, REWRITE_NAME, directory, prep->name);
}

static int
prepare(int directory, const struct sp_landing_prep *prep, struct sp_landing_dir *dir)
{
    struct sp_seen seen;
    int found = sp_look(directory, prep->name, &seen);
    if (found == 0 && (prep->ops & SP_PREP_UNLINK))
        return 0;
    if (found == 0)
        errno = ENOENT;
    if (found <= 0)
        return -1;
    if (prep->ops & (SP_PREP_UNLINK | SP_PREP_REWRITE)) {
        if (!dir->disturbed && !(dir->now.mode & S_IWUSR) && fchmod(directory, 0700) < 0)
            return -1;
        dir->disturbed = true;
    }
    if (prep->ops & SP_PREP_UNLINK)
        return unlinkat(directory, prep->name, 0);
    if (prep->ops & SP_PREP_STRIP && strip(directory, prep->name, &seen) < 0)
        return -1;
    if (prep->ops & SP_PREP_OWNER &&
        fchownat(directory, prep->name, prep->uid, prep->gid, AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    return prep->ops & SP_PREP_REWRITE ? rewrite(directory, prep, &seen) : 0;
}

int
sp_landing_prepare(struct sp_landing_plan_tree *tree, struct sp_error *err)
{
    sp_autotrail struct sp_trail trail = { 0 };
    if (sp_trail_start(&trail, tree->tree.upper) < 0)
        return sp_fail_errno(err, "%s: cannot open its layer", tree->tree.target);
    for (size_t i = 0; i < tree->prep_count; i++) {
        const struct sp_landing_prep *prep = &tree->preps[i];
        int fd = sp_trail_go(&trail, tree->dirs, prep->dir, false);
        if (fd >= 0 && prepare(fd, prep, &tree->dirs[prep->dir]) == 0)
            continue;
        int number = errno;
        sp_autobuffer struct sp_buffer path = { 0 };
        if (sp_landing_path(&path, tree->dirs, prep->dir, prep->name, err) < 0)
            return -1;
        errno = number;
        return sp_fail_errno(err, "%s: cannot make it ready in the layer", path.bytes);
    }
    for (size_t i = tree->dir_count; i-- > 0;) {
        struct sp_landing_dir *dir = &tree->dirs[i];
        if (!dir->disturbed)
            continue;
        int fd = sp_trail_go(&trail, tree->dirs, (uint32_t)i, false);
        struct timespec times[2] = { dir->now.accessed, dir->now.modified };
        if (fd < 0 || futimens(fd, times) < 0 ||
            (!(dir->now.mode & S_IWUSR) && fchmod(fd, dir->now.mode & 07777) < 0))
            return sp_fail_errno(err, "%s: cannot make a directory ready in the layer", dir->name);
        dir->disturbed = false;
    }
    return 0;
}

/* ------------------------------------------------------------- steps */

/* An empty directory in the area, with what the layer's one carries but its mode, which comes last. */
static int
make_empty(struct sp_landing_plan_tree *tree, const struct sp_landing_item *item, int layer, int area,
           const char *name)
{
    uid_t uid;
    gid_t gid;
    sp_landing_owner(&tree->tree, &item->now, &uid, &gid);
    if (mkdirat(area, name, 0700) < 0 || sp_marks_copy(layer, item->name, area, name) < 0)
        return -1;
    return fchownat(area, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 &&
                   (errno != EPERM || tree->tree.owner_base)
               ? -1
               : 0;
}

static int
stage_item(struct sp_landing_plan_tree *tree, struct sp_journal_tree *journal, struct sp_stage *stage,
           const struct sp_landing_item *item, int layer, struct sp_landing_step *step, struct sp_error *err)
{
    char name[24];
    snprintf(name, sizeof(name), "new.%u", step->number);
    step->makes = item->makes != 0;
    step->staged = tree->copy || step->makes;
    if (step->makes && make_empty(tree, item, layer, journal->area_fd, name) < 0)
        return sp_fail_errno(err, "%s: cannot make the directory", item->name);
    if (!step->makes && tree->copy &&
        sp_stage_copy(stage, layer, item->name, journal->area_fd, name, err) < 0)
        return -1;
    step->thing = item->now;
    if ((step->staged || item->rewritten) &&
        sp_look(step->staged ? journal->area_fd : layer, step->staged ? name : item->name, &step->thing) <= 0)
        return sp_fail_errno(err, "%s: cannot look at it", item->name);
    if (step->makes)
        tree->dirs[item->makes].inode = step->thing.inode;
    return 0;
}

int
sp_landing_stage(struct sp_landing_plan_tree *tree, struct sp_journal_tree *journal, struct sp_arena *arena,
                 struct sp_error *err)
{
    sp_autotrail struct sp_trail layer = { 0 };
    struct sp_stage stage = { .tree = &tree->tree, .area = journal->area_fd };
    journal->dirs = tree->dirs;
    journal->dir_count = tree->dir_count;
    journal->steps = sp_arena_alloc(arena, (2 * tree->item_count + 1) * sizeof(*journal->steps), err);
    if (!journal->steps)
        return -1;
    if (sp_trail_start(&layer, tree->tree.upper) < 0)
        return sp_fail_errno(err, "%s: cannot open its layer", tree->tree.target);
    int result = 0;
    for (size_t i = 0; i < tree->item_count && result == 0; i++) {
        const struct sp_landing_item *item = &tree->items[i];
        struct sp_landing_step step = { .dir = item->dir, .number = (uint32_t)i, .name = item->name };
        if (item->before) {
            step.kind = SP_STEP_ASIDE;
            step.thing = *item->before;
            journal->steps[journal->step_count++] = step;
        }
        if (!item->now.mode)
            continue;
        step.kind = SP_STEP_PLACE;
        bool looks = tree->copy || item->makes || item->rewritten;
        int fd = looks ? sp_trail_go(&layer, tree->dirs, item->dir, false) : -1;
        if (looks && fd < 0)
            result = sp_fail_errno(err, "%s: cannot open its directory in the layer", item->name);
        else
            result = stage_item(tree, journal, &stage, item, fd, &step, err);
        journal->steps[journal->step_count++] = step;
    }
    sp_map_free(&stage.known);
    return result;
}
