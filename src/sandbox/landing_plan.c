/* landing_plan.c: the plan as a whole: its lists of directories, things and preparations, and its trees. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES_MAX ((uint64_t)10000000)

/* ------------------------------------------------------------- path and list */

int
sp_walk_enter(struct sp_walk *walk, const char *name, size_t *mark, struct sp_error *err)
{
    *mark = walk->path.length;
    if (*mark && sp_buffer_append_byte(&walk->path, '/', err) < 0)
        return -1;
    return sp_buffer_append_string(&walk->path, name, err);
}

void
sp_walk_leave(struct sp_walk *walk, size_t mark)
{
    walk->path.length = mark;
    walk->path.bytes[mark] = '\0';
}

int
sp_walk_dir(struct sp_walk *walk, struct sp_walk_frame *frame, uint32_t *dir, struct sp_error *err)
{
    struct sp_landing_plan_tree *tree = walk->tree;
    if (frame->dir == UINT32_MAX) {
        uint32_t parent = 0;
        if (frame->up && sp_walk_dir(walk, frame->up, &parent, err) < 0)
            return -1;
        if (sp_grow(tree->dirs, tree->dir_capacity, tree->dir_count + 1, err) < 0)
            return -1;
        const char *name = sp_arena_copy(&walk->landing->arena, frame->name, strlen(frame->name), err);
        if (!name)
            return -1;
        tree->dirs[tree->dir_count] = (struct sp_landing_dir){
            .parent = parent,
            .depth = frame->depth,
            .role = frame->role,
            .name = name,
            .inode = frame->role == SP_ROLE_PASS ? frame->before.inode : 0,
            .now = frame->now,
            .before = frame->before,
        };
        frame->dir = (uint32_t)tree->dir_count++;
    }
    *dir = frame->dir;
    return 0;
}

struct sp_landing_item *
sp_walk_item(struct sp_walk *walk, uint32_t dir, const char *name, struct sp_error *err)
{
    struct sp_landing_plan_tree *tree = walk->tree;
    if (sp_grow(tree->items, tree->item_capacity, tree->item_count + 1, err) < 0)
        return NULL;
    struct sp_landing_item *item = &tree->items[tree->item_count];
    *item = (struct sp_landing_item){ .dir = dir };
    item->name = sp_arena_copy(&walk->landing->arena, name, strlen(name), err);
    if (!item->name)
        return NULL;
    tree->item_count++;
    tree->dirs[dir].entries = true;
    return item;
}

int
sp_walk_landing_dir(struct sp_walk *walk, struct sp_walk_frame *frame, uint32_t *dir, struct sp_error *err)
{
    if (sp_walk_dir(walk, frame, dir, err) < 0)
        return -1;
    if (frame->role != SP_ROLE_MAKE || walk->tree->dirs[*dir].made)
        return 0;
    uint32_t parent;
    if (sp_walk_landing_dir(walk, frame->up, &parent, err) < 0)
        return -1;
    struct sp_landing_item *item = sp_walk_item(walk, parent, frame->name, err);
    if (!item)
        return -1;
    item->kind = SP_CHANGE_NEW;
    item->makes = *dir;
    item->now = frame->now;
    walk->tree->dirs[*dir].made = true;
    walk->landing->totals.new ++;
    return 0;
}

void
sp_landing_owner(const struct sp_landing_tree *tree, const struct sp_seen *now, uid_t *uid, gid_t *gid)
{
    *uid = now->uid;
    *gid = now->gid;
    if (tree->owner_base == 0)
        return;
    if (now->uid >= tree->owner_base)
        *uid = now->uid == tree->owner_base ? tree->owner_uid : now->uid - tree->owner_base;
    if (now->gid >= tree->owner_base)
        *gid = now->gid == tree->owner_base ? tree->owner_gid : now->gid - tree->owner_base;
}

int
sp_walk_prep(struct sp_walk *walk, struct sp_walk_frame *frame, const char *name, unsigned marks,
             const struct sp_seen *now, const struct sp_seen *before, struct sp_error *err)
{
    struct sp_landing_plan_tree *tree = walk->tree;
    struct sp_landing_prep prep = { .ops = marks & SP_MARK_STRIP ? SP_PREP_STRIP : 0 };
    if (tree->tree.owner_base) {
        sp_landing_owner(&tree->tree, now, &prep.uid, &prep.gid);
        if (before && before->mode && ((before->mode ^ now->mode) & S_IFMT) == 0) {
            prep.uid = before->uid;
            prep.gid = before->gid;
        }
        if (prep.uid != now->uid || prep.gid != now->gid)
            prep.ops |= SP_PREP_OWNER;
    }
    if (!prep.ops)
        return 0;
    if (sp_walk_dir(walk, frame, &prep.dir, err) < 0 ||
        sp_grow(tree->preps, tree->prep_capacity, tree->prep_count + 1, err) < 0)
        return -1;
    prep.name = sp_arena_copy(&walk->landing->arena, name, strlen(name), err);
    if (!prep.name)
        return -1;
    tree->preps[tree->prep_count++] = prep;
    return 0;
}

/* ------------------------------------------------------------- trees */

static int
open_target(struct sp_landing_plan_tree *tree, struct sp_error *err)
{
    const char *target = tree->tree.target;
    struct sp_seen layer;
    tree->root = open(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (tree->root < 0)
        return sp_fail_errno(err, "%s: cannot open the directory to land in", target);
    if (sp_look(tree->root, "", &tree->root_seen) <= 0)
        return sp_fail_errno(err, "%s: cannot look at the directory to land in", target);
    if (sp_look(tree->tree.upper, "", &layer) <= 0)
        return sp_fail_errno(err, "%s: cannot look at its layer", target);
    if (!tree->tree.user_xattr && geteuid() != 0)
        return sp_fail(err, SP_ERROR_USAGE,
                       "%s: the marks of its layer are for root alone; mount the overlay with userxattr",
                       target);
    tree->copy = layer.device != tree->root_seen.device || layer.mount != tree->root_seen.mount;
    return 0;
}

static int
plan_tree(struct sp_landing *landing, size_t number, uint64_t *left, struct sp_error *err)
{
    struct sp_landing_plan_tree *tree = &landing->trees[number];
    if (open_target(tree, err) < 0)
        return -1;
    struct sp_walk walk = { .landing = landing, .tree = tree, .number = number, .left = *left };
    struct sp_walk_frame frame = { .name = "", .dir = UINT32_MAX, .before = tree->root_seen };
    sp_look(tree->tree.upper, "", &frame.now);
    uint32_t dir;
    unsigned marks;
    int result = -1;
    if (sp_trail_start(&walk.layer, tree->tree.upper) < 0 || sp_trail_start(&walk.host, tree->root) < 0)
        sp_fail_errno(err, "%s: cannot start", tree->tree.target);
    else if (sp_buffer_reserve(&walk.path, 4096, err) == 0 && sp_walk_dir(&walk, &frame, &dir, err) == 0 &&
             sp_marks_read(tree->tree.upper, ".", tree->tree.user_xattr, tree->tree.target, &marks, err) == 0)
        result = sp_walk_directory(&walk, &frame, true, err);
    if (result == 0 && sp_time_order(&tree->root_seen.modified, &landing->options.started) >= 0)
        tree->dirs[0].keep_time = true;
    *left = walk.left;
    sp_trail_end(&walk.layer);
    sp_trail_end(&walk.host);
    sp_buffer_free(&walk.path);
    return result;
}

int
sp_landing_plan(struct sp_landing **out, const struct sp_landing_options *options, struct sp_error *err)
{
    *out = NULL;
    struct sp_landing *landing = sp_new(struct sp_landing, err);
    if (!landing)
        return -1;
    landing->options = *options;
    landing->trees =
        sp_new_array(options->tree_count ? options->tree_count : 1, sizeof(*landing->trees), err);
    if (!landing->trees) {
        sp_landing_free(landing);
        return -1;
    }
    for (; landing->tree_count < options->tree_count; landing->tree_count++) {
        landing->trees[landing->tree_count].tree = options->trees[landing->tree_count];
        landing->trees[landing->tree_count].root = -1;
    }
    uint64_t left = options->entries_max ? options->entries_max : ENTRIES_MAX;
    for (size_t i = 0; i < landing->tree_count; i++) {
        const char *target = options->trees[i].target;
        landing->trees[i].tree.target = sp_arena_copy(&landing->arena, target, strlen(target), err);
        if (!landing->trees[i].tree.target || plan_tree(landing, i, &left, err) < 0) {
            sp_landing_free(landing);
            return -1;
        }
    }
    *out = landing;
    return 0;
}

void
sp_landing_free(struct sp_landing *landing)
{
    if (!landing)
        return;
    for (size_t i = 0; i < landing->tree_count; i++) {
        struct sp_landing_plan_tree *tree = &landing->trees[i];
        for (size_t p = 0; p < tree->prep_count; p++)
            free(tree->preps[p].content);
        free(tree->dirs);
        free(tree->items);
        free(tree->preps);
        if (tree->root >= 0)
            close(tree->root);
    }
    free(landing->trees);
    sp_buffer_free(&landing->conflict);
    sp_arena_free(&landing->arena);
    free(landing);
}

struct sp_landing_totals
sp_landing_totals(const struct sp_landing *landing)
{
    return landing->totals;
}

const char *
sp_landing_conflict(const struct sp_landing *landing)
{
    return landing->conflict.length ? landing->conflict.bytes : NULL;
}
