/* landing_walk.c: walks layer and host side by side, tells what changed, and asks the judge about it. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define COMPARE_CHUNK 65536

/* One change under question, with all that is known of it. */
struct question {
    struct sp_walk_frame *frame;
    const char *name;
    struct sp_seen now, before;
    unsigned marks;
    struct sp_change change;
    bool restored;
    struct sp_buffer content, link;
};

/* ------------------------------------------------------------- judging */

void
sp_walk_refuse(struct sp_walk *walk, const struct sp_change *change, const char *why)
{
    const struct sp_landing_options *options = &walk->landing->options;
    walk->landing->totals.refused++;
    if (options->refused)
        options->refused(options->context, walk->number, change, why);
}

static int
conflict(struct sp_walk *walk, struct question *question, const char *beneath, const char *what,
         struct sp_error *err)
{
    struct sp_buffer *text = &walk->landing->conflict;
    walk->landing->totals.conflicts++;
    if (text->length == 0 &&
        (sp_buffer_append_string(text, walk->path.bytes, err) < 0 ||
         (beneath && *beneath &&
          (sp_buffer_append_byte(text, '/', err) < 0 || sp_buffer_append_string(text, beneath, err) < 0)) ||
         sp_buffer_append_string(text, what, err) < 0))
        return -1;
    const struct sp_landing_options *options = &walk->landing->options;
    if (options->refused)
        options->refused(options->context, walk->number, &question->change, SP_LANDING_MEANWHILE);
    return 0;
}

/* The overlay saw a directory where none is now. Files may have been renamed and keep the mark. */
static bool
is_vanished(const struct question *question)
{
    return !question->before.mode && S_ISDIR(question->now.mode) && question->marks & SP_MARK_ORIGIN;
}

/* 1: a conflict, noted. COUNT: things on the host that go, beneath this one. */
static int
check_host(struct sp_walk *walk, struct question *question, uint64_t *count, struct sp_error *err)
{
    const struct sp_seen *before = &question->before;
    *count = 0;
    for (const struct sp_walk_frame *frame = question->frame; frame; frame = frame->up)
        if (frame->vanished)
            return conflict(walk, question, NULL, ": its directory was removed meanwhile", err) < 0 ? -1 : 1;
    if (!before->mode)
        return !is_vanished(question)                                              ? 0
               : conflict(walk, question, NULL, " was removed meanwhile", err) < 0 ? -1
                                                                                   : 1;
    if (before->mount_root)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s: a file system is mounted there, so it cannot be replaced; unmount it first",
                       walk->path.bytes);
    /* every change sets the ctime, and nobody can set it back; an mtime may lie in the future honestly */
    if (sp_time_order(&before->changed, &walk->landing->options.started) >= 0)
        return conflict(walk, question, NULL, " was changed meanwhile", err) < 0 ? -1 : 1;
    bool merged = question->change.kind == SP_CHANGE_MODIFIED;
    if (!S_ISDIR(before->mode) || merged)
        return 0;
    sp_autobuffer struct sp_buffer where = { 0 };
    int changed = sp_scan_host(walk->landing, sp_trail_fd(&walk->host), question->name, &where, count, err);
    if (changed < 0)
        return sp_fail_within(err, "%s", walk->path.bytes);
    if (changed)
        return conflict(walk, question, sp_buffer_string(&where), " was changed meanwhile", err) < 0 ? -1 : 1;
    return 0;
}

static void
count_change(struct sp_landing_totals *totals, const struct question *question, uint64_t gone, uint64_t bytes)
{
    const struct sp_change *change = &question->change;
    uint64_t things = 1 + change->inside;
    switch (change->kind) {
    case SP_CHANGE_NEW:
        totals->new += things;
        break;
    case SP_CHANGE_MODIFIED:
        totals->modified++;
        break;
    case SP_CHANGE_REPLACED:
        totals->modified++;
        totals->new += change->inside;
        totals->deleted += gone;
        break;
    case SP_CHANGE_DELETED:
        totals->deleted += 1 + gone;
        break;
    case SP_CHANGE_SAME:
        break;
    }
    if (S_ISREG(question->now.mode))
        bytes += question->restored ? question->content.length : question->now.size;
    totals->bytes += bytes;
}

/* Plans a change that the judge lets land. SCAN: of a directory that lands whole. */
static int
plan_change(struct sp_walk *walk, struct question *question, struct sp_scan *scan, struct sp_error *err)
{
    struct sp_landing *landing = walk->landing;
    const struct sp_landing_options *options = &landing->options;
    uint64_t gone;
    int changed = check_host(walk, question, &gone, err);
    if (changed != 0)
        return changed < 0 ? -1 : 0;
    if (options->lands)
        options->lands(options->context, walk->number, &question->change);
    count_change(&landing->totals, question, gone, scan ? scan->bytes : 0);

    uint32_t dir;
    if (sp_walk_landing_dir(walk, question->frame, &dir, err) < 0)
        return -1;
    if (scan && sp_scan_settle(walk, scan, err) < 0)
        return -1;
    struct sp_landing_item *item = sp_walk_item(walk, dir, question->name, err);
    if (!item)
        return -1;
    item->kind = (uint8_t)question->change.kind;
    item->now = question->now;
    if (question->before.mode) {
        item->before = sp_arena_alloc(&landing->arena, sizeof(*item->before), err);
        if (!item->before)
            return -1;
        *item->before = question->before;
    }
    if (!item->now.mode)
        return 0;
    if (question->restored) {
        item->rewritten = true;
        question->marks |= SP_MARK_STRIP; /* so that there is a preparation to hang the content on */
    }
    if (sp_walk_prep(walk, question->frame, question->name, question->marks, &question->now,
                     &question->before, err) < 0)
        return -1;
    if (question->restored) {
        struct sp_landing_prep *prep = &walk->tree->preps[walk->tree->prep_count - 1];
        prep->ops |= SP_PREP_REWRITE;
        prep->length = question->content.length;
        prep->content = sp_buffer_steal(&question->content, err);
        if (!prep->content)
            return -1;
    }
    return 0;
}

static enum sp_landing_answer
ask(struct sp_walk *walk, const struct sp_change *change)
{
    const struct sp_landing_options *options = &walk->landing->options;
    return options->judge(options->context, walk->number, change);
}

/* Asks about anything but a directory of the layer, and plans it. */
static int
consider(struct sp_walk *walk, struct question *question, struct sp_error *err)
{
    const struct sp_change *change = &question->change;
    const char *why;
    switch (ask(walk, change)) {
    case SP_LANDING_LEAVE:
        return 0;
    case SP_LANDING_REFUSE:
        sp_walk_refuse(walk, change, change->leaves ? "link out of the project" : "no declared output");
        return 0;
    case SP_LANDING_LAND:
        why = question->now.mode ? sp_walk_forbidden(&question->now, question->marks) : NULL;
        if (why) {
            sp_walk_refuse(walk, change, why);
            return 0;
        }
        return plan_change(walk, question, NULL, err);
    case SP_LANDING_DESCEND:
        break;
    }
    return sp_fail(err, SP_ERROR_INTERNAL, "%s: the judge asked to look inside what is no new directory",
                   change->path);
}

/* ------------------------------------------------------------- what changed */

static void
free_question(struct question *question)
{
    sp_buffer_free(&question->content);
    sp_buffer_free(&question->link);
}
#define autoquestion __attribute__((cleanup(free_question)))

static void
state_change(struct question *question, const char *path, enum sp_change_kind kind)
{
    question->change.kind = kind;
    question->change.path = path;
    if (question->now.mode)
        sp_seen_stat(&question->now, &question->change.now);
    if (question->before.mode)
        sp_seen_stat(&question->before, &question->change.before);
}

/* Whether NAME on the host holds what FD, or CONTENT, holds; sizes are equal. */
static int
equal_content(struct sp_walk *walk, const char *name, int fd, const struct sp_buffer *content,
              struct sp_error *err)
{
    sp_autoclose int host =
        openat(sp_trail_fd(&walk->host), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (host < 0)
        return sp_fail_errno(err, "%s: cannot open it to compare", walk->path.bytes);
    sp_autofree char *chunks = malloc((size_t)2 * COMPARE_CHUNK);
    if (!chunks)
        return sp_fail_memory(err);
    for (off_t at = 0;;) {
        ssize_t got = pread(host, chunks, COMPARE_CHUNK, at), other;
        if (got < 0)
            return sp_fail_errno(err, "%s: cannot read it", walk->path.bytes);
        const char *mine = chunks + COMPARE_CHUNK;
        if (content) {
            size_t left = content->length - (size_t)at;
            other = (ssize_t)(left < COMPARE_CHUNK ? left : COMPARE_CHUNK);
            mine = content->length ? content->bytes + at : "";
        } else if ((other = pread(fd, chunks + COMPARE_CHUNK, COMPARE_CHUNK, at)) < 0) {
            return sp_fail_errno(err, "%s: cannot read it in the layer", walk->path.bytes);
        }
        if (got != other || memcmp(chunks, mine, (size_t)got) != 0)
            return 0;
        if (got == 0)
            return 1;
        at += got;
    }
}

/* 1: the file equals the host's, so that there is nothing to do. Also asks for the content to restore. */
static int
same_file(struct sp_walk *walk, struct question *question, struct sp_error *err)
{
    const struct sp_seen *now = &question->now, *before = &question->before;
    int directory = sp_trail_fd(&walk->layer);
    if (sp_walk_asks_restore(walk, now)) {
        int restored = sp_walk_restore(walk, directory, question->name, &question->content, err);
        if (restored < 0)
            return -1;
        question->restored = restored;
    }
    if (!S_ISREG(before->mode) || now->mode != before->mode)
        return 0;
    if (question->restored)
        return before->size == question->content.length
                   ? equal_content(walk, question->name, -1, &question->content, err)
                   : 0;
    /* a file that was written again has another mtime, and the bare command would have left that one */
    if (now->size != before->size || sp_time_order(&now->modified, &before->modified) != 0)
        return 0;
    int equal = sp_marks_equal(directory, sp_trail_fd(&walk->host), question->name);
    if (equal <= 0)
        return equal < 0 ? sp_fail_errno(err, "%s: cannot compare its attributes", walk->path.bytes) : 0;
    sp_autoclose int fd =
        openat(directory, question->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return sp_fail_errno(err, "%s: cannot open it in the layer", walk->path.bytes);
    return equal_content(walk, question->name, fd, NULL, err);
}

/* 1: the link equals the host's. Reads it. */
static int
same_link(struct sp_walk *walk, struct question *question, struct sp_error *err)
{
    if (sp_walk_link(walk, question->name, question->frame->depth, &question->link, &question->change.leaves,
                     err) < 0)
        return -1;
    question->change.link = question->link.bytes;
    if (!S_ISLNK(question->before.mode) ||
        sp_time_order(&question->now.modified, &question->before.modified) != 0)
        return 0;
    char text[4097];
    ssize_t length = readlinkat(sp_trail_fd(&walk->host), question->name, text, sizeof(text));
    return length == (ssize_t)question->link.length &&
           memcmp(text, question->link.bytes, (size_t)length) == 0;
}

/* A directory of the layer where the host has none, or where an opaque one hides the host's. */
static int
whole_directory(struct sp_walk *walk, struct question *question, struct sp_error *err)
{
    struct sp_scan scan = { 0 };
    size_t preps = walk->tree->prep_count;
    uint64_t left = walk->left;
    int result = sp_scan_new(walk, question->frame, question->name, &question->now, &scan, err);
    if (result < 0)
        goto end;
    bool new = !question->before.mode;
    question->change.inside = scan.inside;
    state_change(question, walk->path.bytes, new ? SP_CHANGE_NEW : SP_CHANGE_REPLACED);
    enum sp_landing_answer answer = ask(walk, &question->change);
    if (answer == SP_LANDING_LAND) {
        result = plan_change(walk, question, &scan, err);
        goto end;
    }
    walk->tree->prep_count = preps;
    if (answer == SP_LANDING_REFUSE) {
        sp_walk_refuse(walk, &question->change, "no declared output");
    } else if (answer == SP_LANDING_DESCEND && !new) {
        result = sp_fail(err, SP_ERROR_INTERNAL,
                         "%s: the judge asked to look inside what is no new directory", walk->path.bytes);
    } else if (answer == SP_LANDING_DESCEND) {
        /* what it holds may be of no account: a directory of the made-up home, with decoys in it */
        struct sp_walk_frame frame = { .up = question->frame,
                                       .name = question->name,
                                       .vanished = is_vanished(question),
                                       .dir = UINT32_MAX,
                                       .depth = question->frame->depth + 1,
                                       .role = SP_ROLE_MAKE,
                                       .now = question->now };
        walk->left = left; /* they are counted when they are walked again */
        if (sp_trail_down(&walk->layer, question->name) < 0)
            result = sp_fail_errno(err, "%s: cannot open it in the layer", walk->path.bytes);
        else
            result = sp_walk_directory(walk, &frame, false, err);
        if (result == 0 && sp_trail_up(&walk->layer) < 0)
            result = sp_fail_errno(err, "%s: cannot leave it in the layer", walk->path.bytes);
    }
end:
    free(scan.found);
    return result;
}

/* A directory that stands on both sides. */
static int
merged_directory(struct sp_walk *walk, struct question *question, struct sp_error *err)
{
    struct sp_walk_frame frame = { .up = question->frame,
                                   .name = question->name,
                                   .dir = UINT32_MAX,
                                   .depth = question->frame->depth + 1,
                                   .role = SP_ROLE_PASS,
                                   .now = question->now,
                                   .before = question->before };
    if (question->now.mode != question->before.mode) {
        state_change(question, walk->path.bytes, SP_CHANGE_MODIFIED);
        enum sp_landing_answer answer = ask(walk, &question->change);
        uint64_t gone;
        if (answer == SP_LANDING_REFUSE)
            sp_walk_refuse(walk, &question->change, "no declared output");
        int changed = answer == SP_LANDING_LAND ? check_host(walk, question, &gone, err) : 1;
        if (changed < 0)
            return -1;
        if (!changed) {
            const struct sp_landing_options *options = &walk->landing->options;
            uint32_t dir;
            if (sp_walk_dir(walk, &frame, &dir, err) < 0)
                return -1;
            walk->tree->dirs[dir].mode_changes = true;
            walk->landing->totals.modified++;
            if (options->lands)
                options->lands(options->context, walk->number, &question->change);
        }
    }
    if (sp_trail_down(&walk->layer, question->name) < 0)
        return sp_fail_errno(err, "%s: cannot open it in the layer", walk->path.bytes);
    if (sp_trail_down(&walk->host, question->name) < 0)
        return errno == EXDEV
                   ? sp_fail(err, SP_ERROR_INPUT,
                             "%s: another file system is mounted there; run in it by itself, or unmount it",
                             walk->path.bytes)
                   : sp_fail_errno(err, "%s: cannot open it on the host", walk->path.bytes);
    if (sp_walk_directory(walk, &frame, true, err) < 0)
        return -1;
    if (frame.dir != UINT32_MAX &&
        sp_time_order(&frame.before.modified, &walk->landing->options.started) >= 0)
        walk->tree->dirs[frame.dir].keep_time = true;
    if (sp_trail_up(&walk->layer) < 0 || sp_trail_up(&walk->host) < 0)
        return sp_fail_errno(err, "%s: was moved while it was read; run again", walk->path.bytes);
    return 0;
}

static int
walk_entry(struct sp_walk *walk, struct sp_walk_frame *frame, const char *name, bool host,
           struct sp_error *err)
{
    autoquestion struct question question = { .frame = frame, .name = name };
    int directory = sp_trail_fd(&walk->layer);
    if (sp_look(directory, name, &question.now) <= 0)
        return sp_fail_errno(err, "%s: cannot look at it in the layer", walk->path.bytes);
    if (host && sp_look(sp_trail_fd(&walk->host), name, &question.before) < 0)
        return sp_fail_errno(err, "%s: cannot look at it", walk->path.bytes);
    const struct sp_seen *now = &question.now, *before = &question.before;

    if (S_ISCHR(now->mode) && now->rdev == 0) { /* a whiteout */
        question.now = (struct sp_seen){ 0 };
        if (!before->mode)
            return 0;
        state_change(&question, walk->path.bytes, SP_CHANGE_DELETED);
        return consider(walk, &question, err);
    }
    if (sp_marks_read(directory, name, walk->tree->tree.user_xattr, walk->path.bytes, &question.marks, err) <
        0)
        return -1;
    if (S_ISDIR(now->mode)) {
        if (frame->depth >= SP_LANDING_DEPTH_MAX)
            return sp_fail(err, SP_ERROR_LIMIT,
                           "the layer is deeper than %d directories: no honest install is; nothing lands",
                           SP_LANDING_DEPTH_MAX);
        if (S_ISDIR(before->mode) && !(question.marks & SP_MARK_OPAQUE))
            return merged_directory(walk, &question, err);
        return whole_directory(walk, &question, err);
    }
    int same = 0;
    if (S_ISREG(now->mode))
        same = same_file(walk, &question, err);
    else if (S_ISLNK(now->mode))
        same = same_link(walk, &question, err);
    if (same < 0)
        return -1;
    if (same) {
        walk->landing->totals.same++;
        return 0;
    }
    enum sp_change_kind kind = !before->mode                           ? SP_CHANGE_NEW
                               : ((now->mode ^ before->mode) & S_IFMT) ? SP_CHANGE_REPLACED
                                                                       : SP_CHANGE_MODIFIED;
    state_change(&question, walk->path.bytes, kind);
    return consider(walk, &question, err);
}

int
sp_walk_directory(struct sp_walk *walk, struct sp_walk_frame *frame, bool host, struct sp_error *err)
{
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, sp_trail_fd(&walk->layer), walk->left, true, err) < 0)
        return sp_fail_within(err, "%s", walk->path.length ? walk->path.bytes : walk->tree->tree.target);
    walk->left -= listing.count;
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        size_t mark;
        if (sp_walk_enter(walk, name, &mark, err) < 0 || walk_entry(walk, frame, name, host, err) < 0)
            return -1;
        sp_walk_leave(walk, mark);
    }
    return 0;
}
