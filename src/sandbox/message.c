#include "sandbox/room.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union fd_space {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * SP_ROOM_FDS_MAX)];
};

int
sp_room_send(int channel, const struct sp_room_message *message, const int *fds, size_t count,
             struct sp_error *err)
{
    struct msghdr header;
    return sp_room_send_by(&header, channel, message, fds, count, err);
}

int
sp_room_send_by(struct msghdr *header, int channel, const struct sp_room_message *message, const int *fds,
                size_t count, struct sp_error *err)
{
    union fd_space space;
    struct iovec part = { .iov_base = (void *)message, .iov_len = sizeof(*message) };
    *header = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 };
    if (count > SP_ROOM_FDS_MAX)
        return sp_fail(err, SP_ERROR_INTERNAL, "%zu descriptors are too many for one message", count);
    if (count) {
        memset(&space, 0, sizeof(space));
        header->msg_control = &space;
        header->msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *control = CMSG_FIRSTHDR(header);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(control), fds, sizeof(int) * count);
    }
    ssize_t sent;
    while ((sent = sendmsg(channel, header, MSG_NOSIGNAL)) < 0 && errno == EINTR)
        continue;
    return sent < 0 ? sp_fail_errno(err, "the sandbox does not answer") : 0;
}

int
sp_room_receive(int channel, struct sp_room_message *message, int *fds, size_t *count, struct sp_error *err)
{
    union fd_space space;
    struct iovec part = { .iov_base = message, .iov_len = sizeof(*message) };
    struct msghdr header = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &space,
        .msg_controllen = sizeof(space),
    };
    ssize_t got;
    size_t room = count ? *count : 0;
    if (count)
        *count = 0;
    while ((got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        continue;
    if (got < 0)
        return errno == ECONNRESET ? 0 : sp_fail_errno(err, "the sandbox does not answer");
    if (!got)
        return 0;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&header); control; control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        const int *from = (const int *)(const void *)CMSG_DATA(control);
        for (size_t i = 0; i < here; i++) {
            if (count && *count < room)
                fds[(*count)++] = from[i];
            else
                close(from[i]);
        }
    }
    if ((size_t)got != sizeof(*message))
        return sp_fail(err, SP_ERROR_INTERNAL, "a message of %zd bytes from the sandbox", got);
    message->text[sizeof(message->text) - 1] = '\0';
    return 1;
}
