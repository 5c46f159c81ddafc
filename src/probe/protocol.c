#include "probe/protocol.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define VERSION (SP_PROBES_VERSION << 16 | SP_WIRE_VERSION)

/* What belongs to each word. A text is at most SP_ERROR_TEXT_MAX. */
static const struct shape {
    size_t least, most, step; /* of the payload */
    size_t least_fds, most_fds;
} shapes[SP_PROBES_WORD_END] = {
    [SP_PROBES_HELLO] = { sizeof(struct sp_probes_hello), sizeof(struct sp_probes_hello), 1, 0, 0 },
    [SP_PROBES_LOADED] = { 0, SP_ERROR_TEXT_MAX, 1, 0, 0 },
    [SP_PROBES_FAILED] = { 0, SP_ERROR_TEXT_MAX, 1, 0, 0 },
    [SP_PROBES_AIM] = { sizeof(struct sp_probes_aim), SP_PROBES_BYTES_MAX, sizeof(struct sp_eyes_file), 1,
                        2 },
    [SP_PROBES_AIMED] = { 0, SP_ERROR_TEXT_MAX, 1, SP_EYES_FDS, SP_EYES_FDS },
    [SP_PROBES_REST] = { 0, 0, 1, 0, 0 },
    [SP_PROBES_RESTED] = { 0, SP_PROBES_LEFT_MAX * sizeof(struct sp_wire_file), sizeof(struct sp_wire_file),
                           0, 0 },
    [SP_PROBES_BYE] = { 0, 0, 1, 0, 0 },
    [SP_PROBES_HOOK] = { 0, SP_PROBES_HOOKS_MAX * sizeof(struct sp_probes_hook),
                         sizeof(struct sp_probes_hook), 1, SP_PROBES_FDS_MAX },
};
_Static_assert(SP_PROBES_LEFT_MAX * sizeof(struct sp_wire_file) <= SP_PROBES_BYTES_MAX,
               "room for what is left");
_Static_assert(SP_ERROR_TEXT_MAX <= SP_PROBES_BYTES_MAX, "room for a text");

union fd_space {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * SP_PROBES_FDS_MAX)];
};

int
sp_probes_send(int socket, enum sp_probes_word word, const void *bytes, size_t length, const int *fds,
               size_t fd_count, bool more, struct sp_error *err)
{
    struct sp_probes_head head = {
        .version = VERSION, .word = (uint32_t)word, .length = (uint32_t)length, .more = more
    };
    struct iovec parts[] = {
        { .iov_base = &head, .iov_len = sizeof(head) },
        { .iov_base = (void *)bytes, .iov_len = length },
    };
    struct msghdr header = { .msg_iov = parts, .msg_iovlen = length ? 2 : 1 };
    union fd_space space;
    if (length > SP_PROBES_BYTES_MAX || fd_count > SP_PROBES_FDS_MAX)
        return sp_fail(err, SP_ERROR_INTERNAL, "%zu bytes are too many for one message to the probes",
                       length);
    if (fd_count) {
        memset(&space, 0, sizeof(space));
        header.msg_control = &space;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        struct cmsghdr *control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(control), fds, sizeof(int) * fd_count);
    }
    ssize_t sent;
    while ((sent = sendmsg(socket, &header, MSG_NOSIGNAL)) < 0 && errno == EINTR)
        continue;
    return sent < 0 ? sp_fail_errno(err, "the other side of the probes does not answer") : 0;
}

int
sp_probes_send_text(int socket, enum sp_probes_word word, const char *text, const int *fds, size_t fd_count,
                    struct sp_error *err)
{
    return sp_probes_send(socket, word, text, strnlen(text, SP_ERROR_TEXT_MAX), fds, fd_count, false, err);
}

void
sp_probes_message_close(struct sp_probes_message *message)
{
    for (size_t i = 0; i < message->fd_count; i++)
        if (message->fds[i] >= 0)
            close(message->fds[i]);
    message->fd_count = 0;
}

/* Descriptors of a message; those for which there is no room are closed. Returns whether all had room. */
static bool
take_fds(struct msghdr *header, struct sp_probes_message *message)
{
    bool all = !(header->msg_flags & MSG_CTRUNC);
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(control) + i * sizeof(fd), sizeof(fd));
            if (message->fd_count < SP_PROBES_FDS_MAX)
                message->fds[message->fd_count++] = fd;
            else
                all = close(fd) && false;
        }
    }
    return all;
}

static int
check(const struct sp_probes_message *message, size_t got, bool all_fds, struct sp_error *err)
{
    const struct sp_probes_head *head = &message->head;
    if (got < sizeof(*head))
        return sp_fail(err, SP_ERROR_INPUT, "a message to or from the probes is cut short");
    if (head->version != VERSION)
        return sp_fail(err, SP_ERROR_INPUT,
                       "sallyport and its probes are not of the same version (%x, %x); after an update run "
                       "'sudo sallyport setup' again",
                       head->version, VERSION);
    if (!head->word || head->word >= SP_PROBES_WORD_END)
        return sp_fail(err, SP_ERROR_INPUT, "a message to or from the probes is of unknown kind %u",
                       head->word);
    const struct shape *shape = &shapes[head->word];
    if (head->length != got - sizeof(*head) || head->length < shape->least || head->length > shape->most ||
        (head->length - shape->least) % shape->step)
        return sp_fail(err, SP_ERROR_INPUT, "a message to or from the probes (%u) has a wrong length, %u",
                       head->word, head->length);
    if (head->more > (head->word == SP_PROBES_RESTED))
        return sp_fail(err, SP_ERROR_INPUT, "a message to or from the probes (%u) promises more", head->word);
    if (!all_fds || message->fd_count < shape->least_fds || message->fd_count > shape->most_fds)
        return sp_fail(err, SP_ERROR_INPUT,
                       "a message to or from the probes (%u) has a wrong number of descriptors, %zu",
                       head->word, message->fd_count);
    return 1;
}

int
sp_probes_receive(int socket, struct sp_probes_message *message, struct sp_error *err)
{
    union fd_space space;
    struct iovec parts[] = {
        { .iov_base = &message->head, .iov_len = sizeof(message->head) },
        { .iov_base = message->bytes, .iov_len = SP_PROBES_BYTES_MAX },
    };
    struct msghdr header = { .msg_iov = parts,
                             .msg_iovlen = SP_COUNT(parts),
                             .msg_control = &space,
                             .msg_controllen = sizeof(space) };
    ssize_t got;
    message->fd_count = 0;
    while ((got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        continue;
    if (got < 0)
        return errno == ECONNRESET ? 0 : sp_fail_errno(err, "the other side of the probes does not answer");
    bool all_fds = take_fds(&header, message);
    if (!got && !message->fd_count)
        return 0;
    int sound = header.msg_flags & MSG_TRUNC
                    ? sp_fail(err, SP_ERROR_LIMIT, "a message to or from the probes is too long")
                    : check(message, (size_t)got, all_fds, err);
    if (sound < 0) {
        sp_probes_message_close(message);
        return -1;
    }
    message->bytes[message->head.length] = '\0';
    return 1;
}

int
sp_probes_wait(int socket, int milliseconds, struct sp_probes_message *message, struct sp_error *err)
{
    struct pollfd waiting = { .fd = socket, .events = POLLIN };
    int ready;
    message->fd_count = 0;
    while ((ready = poll(&waiting, 1, milliseconds)) < 0 && errno == EINTR)
        continue;
    if (ready < 0)
        return sp_fail_errno(err, "poll");
    return ready ? sp_probes_receive(socket, message, err)
                 : sp_fail(err, SP_ERROR_SYSTEM, "the probes did not answer within %d ms", milliseconds);
}

int
sp_probes_read_aim(const struct sp_probes_message *message, struct sp_probes_aim *aim,
                   const struct sp_eyes_file **files, struct sp_error *err)
{
    size_t room = message->head.length - sizeof(*aim);
    memcpy(aim, message->bytes, sizeof(*aim));
    *files = (const struct sp_eyes_file *)(const void *)(message->bytes + sizeof(*aim));
    if (aim->file_count != room / sizeof(**files))
        return sp_fail(err, SP_ERROR_INPUT, "the probes are aimed with %u files, but %zu were sent",
                       aim->file_count, room / sizeof(**files));
    if (aim->has_group > 1 || aim->refuse > 1 || aim->kill > 1 || aim->proxy_port > UINT16_MAX ||
        message->fd_count != 1 + aim->has_group)
        return sp_fail(err, SP_ERROR_INPUT, "the probes are aimed with values that mean nothing");
    if (!memchr(aim->home, '\0', sizeof(aim->home)))
        return sp_fail(err, SP_ERROR_INPUT, "the probes are aimed with a home whose name does not end");
    return 0;
}
