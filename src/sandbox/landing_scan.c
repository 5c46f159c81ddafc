/* landing_scan.c: looks through what lands, or goes, as a whole: nothing forbidden may ride along, and
 * nothing that somebody edited meanwhile may be lost. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ------------------------------------------------------------- single things */

const char *
sp_walk_forbidden(const struct sp_seen *now, unsigned marks)
{
    if (marks & SP_MARK_CAPABILITY)
        return "file capability";
    switch (now->mode & S_IFMT) {
    case S_IFREG:
        if (now->mode & S_ISUID)
            return "setuid bit";
        return now->mode & S_ISGID ? "setgid bit" : NULL;
    case S_IFCHR:
    case S_IFBLK:
        return "device node";
    case S_IFIFO:
        return "FIFO";
    case S_IFSOCK:
        return "socket";
    default:
        return NULL;
    }
}

/* Whether TEXT, read in a directory DEPTH levels beneath the root, ever steps above it. */
static bool
climbs(const char *text, uint64_t depth)
{
    while (*text) {
        size_t length = strcspn(text, "/");
        if (length == 2 && text[0] == '.' && text[1] == '.') {
            if (depth == 0)
                return true;
            depth--;
        } else if (length > 0 && !(length == 1 && text[0] == '.')) {
            depth++;
        }
        text += length;
        text += strspn(text, "/");
    }
    return false;
}

int
sp_walk_link(struct sp_walk *walk, const char *name, uint64_t depth, struct sp_buffer *link, bool *leaves,
             struct sp_error *err)
{
    char text[4097];
    ssize_t length = readlinkat(sp_trail_fd(&walk->layer), name, text, sizeof(text) - 1);
    if (length < 0)
        return sp_fail_errno(err, "%s: cannot read the link", walk->path.bytes);
    text[length] = '\0';
    sp_buffer_clear(link);
    if (sp_buffer_append(link, text, (size_t)length, err) < 0)
        return -1;
    const char *target = walk->tree->tree.target;
    size_t target_length = strlen(target);
    *leaves = climbs(text, depth);
    if (text[0] == '/')
        *leaves = strncmp(text, target, target_length) != 0 ||
                  (text[target_length] != '/' && text[target_length] != '\0') ||
                  climbs(text + target_length, 0);
    return 0;
}

bool
sp_walk_asks_restore(const struct sp_walk *walk, const struct sp_seen *now)
{
    const struct sp_landing_options *options = &walk->landing->options;
    return options->restore && S_ISREG(now->mode) && now->size <= SP_LANDING_RESTORE_MAX &&
           (!options->restores || options->restores(options->context, walk->number, walk->path.bytes));
}

int
sp_walk_restore(struct sp_walk *walk, int directory, const char *name, struct sp_buffer *content,
                struct sp_error *err)
{
    const struct sp_landing_options *options = &walk->landing->options;
    sp_autoclose int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return sp_fail_errno(err, "%s: cannot open it in the layer", walk->path.bytes);
    int restored = options->restore(options->context, walk->number, walk->path.bytes, fd, content, err);
    return restored < 0 ? sp_fail_within(err, "%s", walk->path.bytes) : restored;
}

/* ------------------------------------------------------------- a new directory */

static int
find(struct sp_walk *walk, struct sp_walk_frame *frame, struct sp_scan *scan, const char *name,
     const struct sp_seen *now, unsigned marks, const char *why, struct sp_error *err)
{
    if (sp_grow(scan->found, scan->capacity, scan->count + 1, err) < 0)
        return -1;
    struct sp_scan_found *found = &scan->found[scan->count];
    *found = (struct sp_scan_found){ .why = why, .depth = frame->depth, .now = *now, .marks = marks };
    found->name = sp_arena_copy(&walk->landing->arena, name, strlen(name), err);
    if (!found->name || sp_walk_dir(walk, frame, &found->dir, err) < 0)
        return -1;
    scan->count++;
    return 0;
}

static int scan_inside(struct sp_walk *walk, struct sp_walk_frame *frame, struct sp_scan *scan,
                       struct sp_error *err);

static int
scan_entry(struct sp_walk *walk, struct sp_walk_frame *frame, struct sp_scan *scan, const char *name,
           struct sp_error *err)
{
    struct sp_seen now;
    unsigned marks;
    int directory = sp_trail_fd(&walk->layer);
    if (sp_look(directory, name, &now) <= 0)
        return sp_fail_errno(err, "%s: cannot look at it in the layer", walk->path.bytes);
    if (S_ISCHR(now.mode) && now.rdev == 0) /* of something below that this directory hides anyway */
        return find(walk, frame, scan, name, &now, 0, "", err);
    if (sp_marks_read(directory, name, walk->tree->tree.user_xattr, walk->path.bytes, &marks, err) < 0)
        return -1;
    const char *why = sp_walk_forbidden(&now, marks);
    if (why)
        return find(walk, frame, scan, name, &now, marks, why, err);
    scan->inside++;
    if (sp_walk_prep(walk, frame, name, marks, &now, NULL, err) < 0)
        return -1;
    if (S_ISDIR(now.mode))
        return sp_scan_new(walk, frame, name, &now, scan, err);
    if (S_ISREG(now.mode))
        scan->bytes += now.size;
    if (S_ISLNK(now.mode)) {
        sp_autobuffer struct sp_buffer link = { 0 };
        bool leaves;
        if (sp_walk_link(walk, name, frame->depth, &link, &leaves, err) < 0)
            return -1;
        return leaves ? find(walk, frame, scan, name, &now, marks, NULL, err) : 0;
    }
    if (sp_walk_asks_restore(walk, &now))
        return find(walk, frame, scan, name, &now, marks, NULL, err);
    return 0;
}

static int
scan_inside(struct sp_walk *walk, struct sp_walk_frame *frame, struct sp_scan *scan, struct sp_error *err)
{
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, sp_trail_fd(&walk->layer), walk->left, true, err) < 0)
        return sp_fail_within(err, "%s", walk->path.bytes);
    walk->left -= listing.count;
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        size_t mark;
        if (sp_walk_enter(walk, name, &mark, err) < 0 || scan_entry(walk, frame, scan, name, err) < 0)
            return -1;
        sp_walk_leave(walk, mark);
    }
    return 0;
}

int
sp_scan_new(struct sp_walk *walk, struct sp_walk_frame *frame, const char *name, const struct sp_seen *now,
            struct sp_scan *scan, struct sp_error *err)
{
    struct sp_walk_frame inside = { .up = frame,
                                    .name = name,
                                    .dir = UINT32_MAX,
                                    .depth = frame->depth + 1,
                                    .role = SP_ROLE_LAYER,
                                    .now = *now };
    if (inside.depth > SP_LANDING_DEPTH_MAX)
        return sp_fail(err, SP_ERROR_LIMIT,
                       "the layer is deeper than %d directories: no honest install is; nothing lands",
                       SP_LANDING_DEPTH_MAX);
    if (sp_trail_down(&walk->layer, name) < 0)
        return sp_fail_errno(err, "%s: cannot open it in the layer", walk->path.bytes);
    if (scan_inside(walk, &inside, scan, err) < 0)
        return -1;
    if (sp_trail_up(&walk->layer) < 0)
        return sp_fail_errno(err, "%s: cannot leave it in the layer", walk->path.bytes);
    return 0;
}

/* ------------------------------------------------------------- it lands */

static int
add_prep(struct sp_walk *walk, const struct sp_scan_found *found, uint8_t ops, struct sp_buffer *content,
         struct sp_error *err)
{
    struct sp_landing_plan_tree *tree = walk->tree;
    if (sp_grow(tree->preps, tree->prep_capacity, tree->prep_count + 1, err) < 0)
        return -1;
    struct sp_landing_prep prep = { .dir = found->dir, .ops = ops, .name = found->name };
    sp_landing_owner(&tree->tree, &found->now, &prep.uid, &prep.gid);
    if (content) {
        prep.length = content->length;
        prep.content = sp_buffer_steal(content, err);
        if (!prep.content)
            return -1;
    }
    tree->preps[tree->prep_count++] = prep;
    return 0;
}

static int
settle_link(struct sp_walk *walk, const struct sp_scan_found *found, int directory, struct sp_scan *scan,
            struct sp_error *err)
{
    const struct sp_landing_options *options = &walk->landing->options;
    sp_autobuffer struct sp_buffer link = { 0 };
    struct sp_change change = { .kind = SP_CHANGE_NEW, .path = walk->path.bytes };
    char text[4097];
    ssize_t length = readlinkat(directory, found->name, text, sizeof(text) - 1);
    if (length < 0)
        return sp_fail_errno(err, "%s: cannot read the link", walk->path.bytes);
    text[length] = '\0';
    change.link = text;
    change.leaves = true;
    sp_seen_stat(&found->now, &change.now);
    enum sp_landing_answer answer = options->judge(options->context, walk->number, &change);
    if (answer == SP_LANDING_LAND)
        return 0;
    if (answer != SP_LANDING_LEAVE)
        sp_walk_refuse(walk, &change, "link out of the project");
    scan->inside--;
    walk->landing->totals.new --;
    return add_prep(walk, found, SP_PREP_UNLINK, NULL, err);
}

static int
settle(struct sp_walk *walk, const struct sp_scan_found *found, int directory, struct sp_scan *scan,
       struct sp_error *err)
{
    if (found->why) {
        struct sp_change change = { .kind = SP_CHANGE_NEW, .path = walk->path.bytes };
        sp_seen_stat(&found->now, &change.now);
        if (*found->why)
            sp_walk_refuse(walk, &change, found->why);
        return add_prep(walk, found, SP_PREP_UNLINK, NULL, err);
    }
    if (S_ISLNK(found->now.mode))
        return settle_link(walk, found, directory, scan, err);
    sp_autobuffer struct sp_buffer content = { 0 };
    int restored = sp_walk_restore(walk, directory, found->name, &content, err);
    return restored <= 0 ? restored : add_prep(walk, found, SP_PREP_REWRITE, &content, err);
}

int
sp_scan_settle(struct sp_walk *walk, struct sp_scan *scan, struct sp_error *err)
{
    sp_autotrail struct sp_trail trail = { 0 };
    if (scan->count && sp_trail_start(&trail, walk->tree->tree.upper) < 0)
        return sp_fail_errno(err, "%s: cannot read its layer", walk->tree->tree.target);
    struct sp_buffer outer = walk->path;
    int result = 0;
    for (size_t i = 0; i < scan->count && result == 0; i++) {
        const struct sp_scan_found *found = &scan->found[i];
        walk->path = (struct sp_buffer){ 0 };
        int directory = sp_trail_go(&trail, walk->tree->dirs, found->dir, false);
        if (directory < 0)
            result = sp_fail_errno(err, "%s: cannot open a directory of its layer", walk->tree->tree.target);
        else if (sp_landing_path(&walk->path, walk->tree->dirs, found->dir, found->name, err) < 0)
            result = -1;
        else
            result = settle(walk, found, directory, scan, err);
        sp_buffer_free(&walk->path);
    }
    walk->path = outer;
    return result;
}

/* ------------------------------------------------------------- what goes */

static int
scan_host(const struct sp_landing *landing, struct sp_trail *trail, struct sp_buffer *where, uint64_t *count,
          struct sp_error *err)
{
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, sp_trail_fd(trail), UINT64_MAX, false, err) < 0)
        return -1;
    size_t length = where->length;
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        struct sp_seen seen;
        int there = sp_look(sp_trail_fd(trail), name, &seen);
        if ((length && sp_buffer_append_byte(where, '/', err) < 0) ||
            sp_buffer_append_string(where, name, err) < 0)
            return -1;
        if (there < 0)
            return sp_fail_errno(err, "%s: cannot look at it", where->bytes);
        if (there == 0 || sp_time_order(&seen.changed, &landing->options.started) >= 0)
            return 1;
        if (seen.mount_root)
            return sp_fail(err, SP_ERROR_INPUT, "%s: a file system is mounted there; unmount it first",
                           where->bytes);
        ++*count;
        if (S_ISDIR(seen.mode)) {
            if (trail->count > SP_LANDING_DEPTH_MAX)
                return sp_fail(err, SP_ERROR_LIMIT, "deeper than %d directories", SP_LANDING_DEPTH_MAX);
            if (sp_trail_down(trail, name) < 0)
                return sp_fail_errno(err, "%s: cannot open it", where->bytes);
            int changed = scan_host(landing, trail, where, count, err);
            if (changed != 0)
                return changed;
            if (sp_trail_up(trail) < 0)
                return errno == ESTALE ? 1 : sp_fail_errno(err, "%s: cannot leave it", where->bytes);
        }
        where->length = length;
        where->bytes[length] = '\0';
    }
    return 0;
}

int
sp_scan_host(const struct sp_landing *landing, int directory, const char *name, struct sp_buffer *where,
             uint64_t *count, struct sp_error *err)
{
    sp_autotrail struct sp_trail trail = { 0 };
    if (sp_trail_start(&trail, directory) < 0 || sp_trail_down(&trail, name) < 0)
        return sp_fail_errno(err, "cannot open it on the host");
    return scan_host(landing, &trail, where, count, err);
}
