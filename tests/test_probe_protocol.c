/* What 'sallyport' and the helper of the probes say to each other: whole messages come through, all others
 * are refused, and no descriptor is left open by either. */
#include "probe/protocol.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define VERSION (SP_PROBES_VERSION << 16 | SP_WIRE_VERSION)
#define LARGEST (sizeof(struct sp_probes_head) + SP_PROBES_BYTES_MAX)

struct world {
    int ends[2];
    struct sp_probes_message message;
    struct sp_error err;
};

static int
set_up(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    assert_return_code(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, world->ends), errno);
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    sp_probes_message_close(&world->message);
    close(world->ends[0]);
    close(world->ends[1]);
    free(world);
    return 0;
}

static size_t
open_descriptors(void)
{
    size_t count = 0;
    DIR *all = opendir("/proc/self/fd");
    while (readdir(all))
        count++;
    closedir(all);
    return count;
}

/* Sends BYTES as they are, with COUNT descriptors beside them. */
static void
send_raw(struct world *world, const void *bytes, size_t length, size_t count)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 8)];
    } space = { 0 };
    struct iovec part = { .iov_base = (void *)bytes, .iov_len = length };
    struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
    if (count) {
        header.msg_control = &space;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int) * count);
        for (size_t i = 0; i < count; i++)
            memcpy(CMSG_DATA(control) + i * sizeof(int), &world->ends[0], sizeof(int));
    }
    assert_int_equal(sendmsg(world->ends[0], &header, 0), (ssize_t)length);
}

static void
words_and_descriptors_come_through_as_they_were_sent(void **state)
{
    struct world *world = *state;
    const int fds[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
    assert_int_equal(sp_probes_send_text(world->ends[0], SP_PROBES_AIMED, "no uprobes", fds, 3, &world->err),
                     0);
    assert_int_equal(sp_probes_receive(world->ends[1], &world->message, &world->err), 1);
    assert_int_equal(world->message.head.word, SP_PROBES_AIMED);
    assert_string_equal((const char *)world->message.bytes, "no uprobes");
    assert_int_equal(world->message.fd_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fcntl(world->message.fds[i], F_GETFD), FD_CLOEXEC);
}

static void
an_aim_with_as_many_files_as_there_may_be_comes_through(void **state)
{
    struct world *world = *state;
    static struct {
        struct sp_probes_aim aim;
        struct sp_eyes_file files[SP_WIRE_DECOYS];
    } sent = { .aim = { .refuse = 1, .proxy_port = 4873, .file_count = SP_WIRE_DECOYS, .home = "/home/x" } };
    struct sp_probes_aim aim;
    const struct sp_eyes_file *files;
    sent.files[SP_WIRE_DECOYS - 1].inode = 77;
    assert_int_equal(sizeof(sent), SP_PROBES_BYTES_MAX);
    assert_int_equal(sp_probes_send(world->ends[0], SP_PROBES_AIM, &sent, sizeof(sent), world->ends, 1, false,
                                    &world->err),
                     0);
    assert_int_equal(sp_probes_receive(world->ends[1], &world->message, &world->err), 1);
    assert_int_equal(sp_probes_read_aim(&world->message, &aim, &files, &world->err), 0);
    assert_int_equal(files[aim.file_count - 1].inode, 77);
    assert_string_equal(aim.home, "/home/x");
}

static void
a_closed_socket_is_an_end_and_no_error(void **state)
{
    struct world *world = *state;
    close(world->ends[0]);
    world->ends[0] = -1;
    assert_int_equal(sp_probes_receive(world->ends[1], &world->message, &world->err), 0);
}

static void
what_no_side_of_ours_sends_is_refused_and_leaves_nothing_open(void **state)
{
    struct world *world = *state;
    const struct {
        const char *name;
        size_t length; /* of the packet */
        struct sp_probes_head head;
        size_t fds;
        const char *says;
    } cases[] = {
        { "half a head", 7, { VERSION, SP_PROBES_REST, 0, 0 }, 0, "cut short" },
        { "half a head with a descriptor", 7, { VERSION, SP_PROBES_REST, 0, 0 }, 1, "cut short" },
        { "another version", 16, { VERSION + 1, SP_PROBES_REST, 0, 0 }, 0, "not of the same version" },
        { "another protocol", 16, { VERSION + 0x10000, SP_PROBES_REST, 0, 0 }, 0, "not of the same version" },
        { "word 0", 16, { VERSION, 0, 0, 0 }, 0, "unknown kind" },
        { "a word after the last", 16, { VERSION, SP_PROBES_WORD_END, 0, 0 }, 0, "unknown kind" },
        { "a word far after the last", 16, { VERSION, UINT32_MAX, 0, 0 }, 0, "unknown kind" },
        { "a length that is not there", 16, { VERSION, SP_PROBES_FAILED, 10, 0 }, 0, "wrong length" },
        { "more than its length", 30, { VERSION, SP_PROBES_FAILED, 10, 0 }, 0, "wrong length" },
        { "a length near the end of numbers",
          16,
          { VERSION, SP_PROBES_RESTED, UINT32_MAX - 15, 0 },
          0,
          "wrong length" },
        { "a text too long",
          16 + SP_ERROR_TEXT_MAX + 1,
          { VERSION, SP_PROBES_LOADED, SP_ERROR_TEXT_MAX + 1, 0 },
          0,
          "wrong length" },
        { "a rest with bytes", 17, { VERSION, SP_PROBES_REST, 1, 0 }, 0, "wrong length" },
        { "half a leftover",
          16 + sizeof(struct sp_wire_file) / 2,
          { VERSION, SP_PROBES_RESTED, sizeof(struct sp_wire_file) / 2, 0 },
          0,
          "wrong length" },
        { "an aim cut short",
          16 + sizeof(struct sp_probes_aim) - 1,
          { VERSION, SP_PROBES_AIM, sizeof(struct sp_probes_aim) - 1, 0 },
          1,
          "wrong length" },
        { "an aim with half a file",
          16 + sizeof(struct sp_probes_aim) + 3,
          { VERSION, SP_PROBES_AIM, sizeof(struct sp_probes_aim) + 3, 0 },
          1,
          "wrong length" },
        { "an aim at nobody",
          16 + sizeof(struct sp_probes_aim),
          { VERSION, SP_PROBES_AIM, sizeof(struct sp_probes_aim), 0 },
          0,
          "number of descriptors" },
        { "an aim at three",
          16 + sizeof(struct sp_probes_aim),
          { VERSION, SP_PROBES_AIM, sizeof(struct sp_probes_aim), 0 },
          3,
          "number of descriptors" },
        { "an aim at eight",
          16 + sizeof(struct sp_probes_aim),
          { VERSION, SP_PROBES_AIM, sizeof(struct sp_probes_aim), 0 },
          8,
          "number of descriptors" },
        { "a rest with a descriptor", 16, { VERSION, SP_PROBES_REST, 0, 0 }, 1, "number of descriptors" },
        { "an answer without its maps", 16, { VERSION, SP_PROBES_AIMED, 0, 0 }, 2, "number of descriptors" },
        { "more of what has no more", 16, { VERSION, SP_PROBES_REST, 0, 1 }, 0, "promises more" },
        { "more than more", 16, { VERSION, SP_PROBES_RESTED, 0, 2 }, 0, "promises more" },
        { "longer than the largest",
          LARGEST + 1,
          { VERSION, SP_PROBES_AIM, SP_PROBES_BYTES_MAX + 1, 0 },
          1,
          "too long" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        static char packet[LARGEST + 1];
        size_t before = open_descriptors();
        memcpy(packet, &cases[i].head, sizeof(cases[i].head));
        send_raw(world, packet, cases[i].length, cases[i].fds);
        int got = sp_probes_receive(world->ends[1], &world->message, &world->err);
        if (got != -1 || !strstr(world->err.text, cases[i].says))
            fail_msg("%s: got %d and '%s', not '%s'", cases[i].name, got, world->err.text, cases[i].says);
        if (open_descriptors() != before)
            fail_msg("%s: %zu descriptors were open, now %zu", cases[i].name, before, open_descriptors());
    }
}

static void
an_aim_that_contradicts_itself_is_refused(void **state)
{
    struct world *world = *state;
    const struct {
        const char *name;
        struct sp_probes_aim aim;
        const char *says;
    } cases[] = {
        { "a file that was not sent", { .file_count = 2 }, "2 files, but 1" },
        { "more files than numbers", { .file_count = UINT32_MAX }, "but 1" },
        { "a group without its descriptor", { .file_count = 1, .has_group = 1 }, "mean nothing" },
        { "a port above the last", { .file_count = 1, .proxy_port = 65536 }, "mean nothing" },
        { "half refusing", { .file_count = 1, .refuse = 2 }, "mean nothing" },
        { "half killing", { .file_count = 1, .kill = 7 }, "mean nothing" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct {
            struct sp_probes_aim aim;
            struct sp_eyes_file file;
        } sent = { .aim = cases[i].aim };
        struct sp_probes_aim aim;
        const struct sp_eyes_file *files;
        assert_int_equal(
            sp_probes_send(world->ends[0], SP_PROBES_AIM, &sent, sizeof(sent), world->ends, 1, false, NULL),
            0);
        assert_int_equal(sp_probes_receive(world->ends[1], &world->message, &world->err), 1);
        int got = sp_probes_read_aim(&world->message, &aim, &files, &world->err);
        if (got != -1 || !strstr(world->err.text, cases[i].says))
            fail_msg("%s: got %d and '%s', not '%s'", cases[i].name, got, world->err.text, cases[i].says);
        sp_probes_message_close(&world->message);
    }
}

static void
a_home_without_an_end_is_refused(void **state)
{
    struct world *world = *state;
    struct sp_probes_aim sent = { 0 }, aim;
    const struct sp_eyes_file *files;
    memset(sent.home, 'h', sizeof(sent.home));
    assert_int_equal(
        sp_probes_send(world->ends[0], SP_PROBES_AIM, &sent, sizeof(sent), world->ends, 1, false, NULL), 0);
    assert_int_equal(sp_probes_receive(world->ends[1], &world->message, &world->err), 1);
    assert_int_equal(sp_probes_read_aim(&world->message, &aim, &files, &world->err), -1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(words_and_descriptors_come_through_as_they_were_sent),
        TEST(an_aim_with_as_many_files_as_there_may_be_comes_through),
        TEST(a_closed_socket_is_an_end_and_no_error),
        TEST(what_no_side_of_ours_sends_is_refused_and_leaves_nothing_open),
        TEST(an_aim_that_contradicts_itself_is_refused),
        TEST(a_home_without_an_end_is_refused),
    };
    return cmocka_run_group_tests_name("probe_protocol", tests, NULL, NULL);
}
