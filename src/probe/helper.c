#include "probe/helper.h"
#include "probe/load.h"
#include "probe/ownership.h"
#include "probe/privilege.h"
#include "probe/protocol.h"
#include "probe/targets.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

struct helper {
    int socket;
    uid_t caller;
    struct sp_eyes *eyes;
    struct sp_probes_room room;
    bool hooked;
    bool aimed; /* at the room; the room stays open until then */
    struct sp_probes_message message;
};

static int
refuse(struct helper *helper, const struct sp_error *why)
{
    return sp_probes_send_text(helper->socket, SP_PROBES_FAILED, why->text, NULL, 0, NULL);
}

static void
rest(struct helper *helper)
{
    if (!helper->aimed)
        return;
    (void)!sp_eyes_rest(helper->eyes, NULL);
    sp_probes_room_close(&helper->room);
    helper->aimed = false;
}

/* ------------------------------------------------------------------ aiming */

/* Where the hooks of control groups cannot be attached, the rest still sees; it is told. */
static int
attach(struct helper *helper, struct sp_eyes_aim *aim, char *missing, size_t size, struct sp_error *err)
{
    struct sp_error why = { 0 };
    snprintf(missing, size, "%s", sp_eyes_missing(helper->eyes));
    if (aim->cgroup < 0) {
        snprintf(why.text, sizeof(why.text), "no control groups of version 2 are mounted");
    } else if (sp_eyes_aim(helper->eyes, aim, &why) == 0) {
        return 0;
    } else {
        aim->cgroup = -1;
        aim->cgroup_id = 0;
    }
    size_t used = strlen(missing);
    snprintf(missing + used, size - used, "%sconnections are not refused by the kernel: %.300s",
             used ? "; " : "", why.text);
    return sp_eyes_aim(helper->eyes, aim, err);
}

static int
answer_aim(struct helper *helper, struct sp_error *err)
{
    struct sp_probes_message *message = &helper->message;
    struct sp_probes_aim asked;
    const struct sp_eyes_file *files;
    char missing[SP_ERROR_TEXT_MAX];
    int fds[SP_EYES_FDS];
    if (helper->aimed)
        return sp_fail(err, SP_ERROR_USAGE, "the probes are aimed already");
    if (sp_probes_read_aim(message, &asked, &files, err) < 0)
        return -1;
    int pidfd = message->fds[0], group = message->fd_count > 1 ? message->fds[1] : -1;
    message->fd_count = 0; /* the room's from here on */
    if (sp_probes_room_open(&helper->room, pidfd, group, helper->caller, err) < 0)
        return -1;
    struct sp_eyes_aim aim = {
        .keeper = (uint32_t)helper->room.keeper,
        .cgroup = helper->room.group,
        .cgroup_id = helper->room.group_id,
        .netns = helper->room.netns,
        .files = files,
        .file_count = asked.file_count,
        .refuse = asked.refuse,
        .kill = asked.kill,
        .proxy_address = asked.proxy_address,
        .proxy_port = (uint16_t)asked.proxy_port,
        .home = *asked.home ? asked.home : NULL,
    };
    helper->aimed = true;
    if (attach(helper, &aim, missing, sizeof(missing), err) < 0) {
        rest(helper);
        return -1;
    }
    sp_eyes_fds(helper->eyes, fds);
    if (sp_probes_send_text(helper->socket, SP_PROBES_AIMED, missing, fds, SP_EYES_FDS, err) < 0) {
        rest(helper);
        return -1;
    }
    return 0;
}

static int
answer_rest(struct helper *helper, struct sp_error *err)
{
    /* as large as a message: the one that asked for this is done with */
    struct sp_wire_file *left = (struct sp_wire_file *)(void *)helper->message.bytes;
    size_t count;
    rest(helper);
    do {
        count = sp_eyes_leftovers(helper->eyes, left, SP_PROBES_LEFT_MAX);
        if (sp_probes_send(helper->socket, SP_PROBES_RESTED, left, count * sizeof(*left), NULL, 0, count > 0,
                           err) < 0)
            return -1;
    } while (count);
    return 0;
}

/* ----------------------------------------------------------------- hooking */

/* Puts uprobes where the caller found functions. It says where; what is there is looked at again here: a
 * uprobe in the midst of an instruction would break whoever runs the file. */
static int
take_hooks(struct helper *helper, struct sp_error *err)
{
    const struct sp_probes_message *message = &helper->message;
    struct sp_eyes_uprobe uprobes[SP_PROBES_HOOKS_MAX];
    size_t asked = message->head.length / sizeof(struct sp_probes_hook), count = 0;
    if (helper->hooked)
        return sp_fail(err, SP_ERROR_INPUT, "the probes were told where to look already");
    helper->hooked = true;
    for (size_t i = 0; i < asked; i++) {
        struct sp_probes_hook hook;
        memcpy(&hook, message->bytes + i * sizeof(hook), sizeof(hook));
        if (hook.file >= message->fd_count)
            return sp_fail(err, SP_ERROR_INPUT,
                           "the probes are told to look into a file that was not handed over");
        uprobes[count] = (struct sp_eyes_uprobe){ message->fds[hook.file], hook.offset, hook.kind };
        count += sp_targets_allow(&uprobes[count]);
    }
    sp_eyes_hook(helper->eyes, uprobes, count);
    return 0;
}

/* -------------------------------------------------------------------- life */

/* 1: go on; 0: it is over. A message that makes no sense ends it: nothing of ours sends any. */
static int
answer(struct helper *helper, struct sp_error *err)
{
    int got = sp_probes_receive(helper->socket, &helper->message, err);
    if (got <= 0)
        return got;
    switch (helper->message.head.word) {
    case SP_PROBES_AIM:
        got = answer_aim(helper, err);
        sp_probes_message_close(&helper->message);
        return got < 0 ? refuse(helper, err) + 1 : 1;
    case SP_PROBES_HOOK:
        got = take_hooks(helper, err);
        sp_probes_message_close(&helper->message);
        return got < 0 ? -1 : 1;
    case SP_PROBES_REST:
        return answer_rest(helper, err) < 0 ? -1 : 1;
    case SP_PROBES_BYE:
        return 0;
    default:
        return sp_fail(err, SP_ERROR_INPUT, "a message of kind %u, which only the helper sends",
                       helper->message.head.word);
    }
}

/* Serves until the other side closes the socket. The end of the room's first process ends the watch too: its
 * number may be given to a stranger, whose children must not be looked at. */
static int
serve(struct helper *helper, struct sp_error *err)
{
    for (int going = 1; going > 0;) {
        struct pollfd ready[] = {
            { .fd = helper->socket, .events = POLLIN },
            { .fd = helper->aimed ? helper->room.pidfd : -1, .events = POLLIN },
        };
        if (poll(ready, SP_COUNT(ready), -1) < 0) {
            if (errno == EINTR)
                continue;
            return sp_fail_errno(err, "poll");
        }
        if (ready[1].revents)
            rest(helper);
        if (ready[0].revents && (going = answer(helper, err)) < 0)
            return -1;
    }
    return 0;
}

/* User space is to read the counts and never to write them. The ring's reader must write into it, and the
 * control is set anew for each sandbox: who writes into those deceives himself alone. */
static void
seal_counts(const struct sp_eyes *eyes)
{
    int fds[SP_EYES_FDS];
    sp_eyes_fds(eyes, fds);
    (void)!bpf_map_freeze(fds[SP_EYES_COUNTS]);
}

static int
load(struct helper *helper, struct sp_error *err)
{
    if (sp_privilege_enter(helper->socket, err) < 0 || sp_privilege_quota(helper->caller, err) < 0 ||
        sp_eyes_load(&helper->eyes, err) < 0)
        return -1;
    seal_counts(helper->eyes);
    return sp_privilege_narrow(err);
}

int
sp_helper_serve(int socket)
{
    static const struct sp_probes_hello hello = { .tool = SP_TOOL_VERSION };
    struct sp_error err = { 0 };
    struct helper *helper = calloc(1, sizeof(*helper));
    if (!helper)
        return 1;
    *helper = (struct helper){ .socket = socket, .caller = getuid() };
    int done = load(helper, &err);
    if (sp_probes_send(socket, SP_PROBES_HELLO, &hello, sizeof(hello), NULL, 0, false, NULL) < 0)
        done = -1;
    else if (done < 0)
        (void)!refuse(helper, &err);
    else if (sp_probes_send_text(socket, SP_PROBES_LOADED, sp_eyes_missing(helper->eyes), NULL, 0, NULL) == 0)
        done = serve(helper, &err);
    if (done < 0 && helper->eyes)
        (void)!refuse(helper, &err);
    rest(helper);
    /* the end of the process takes the rest apart, and nobody has to wait for it */
    return done < 0;
}
