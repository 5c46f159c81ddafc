/* Events as they cross from one process to another. */
#include "trace/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

static const struct sp_event sample = {
    .kind = SP_EVENT_CONNECTION,
    .phase = SP_PHASE_LOAD,
    .time = 123456789012345,
    .pid = 42,
    .port = 65535,
    .value = -1,
    .bytes = UINT64_MAX,
    .package = "pkg:npm/left-pad@1.3.0",
    .subject = "evil.example",
    .detail = NULL,
};

static void
an_event_comes_back_as_it_went(void **state)
{
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX];
    struct sp_event out;
    struct sp_error err;
    (void)state;
    size_t length = sp_event_encode(&sample, bytes);
    assert_int_equal(sp_event_decode(bytes, length, &out, &err), 0);
    assert_int_equal(out.kind, sample.kind);
    assert_int_equal(out.phase, sample.phase);
    assert_true(out.time == sample.time && out.pid == 42 && out.port == 65535 && out.value == -1);
    assert_true(out.bytes == UINT64_MAX);
    assert_string_equal(out.package, sample.package);
    assert_string_equal(out.subject, sample.subject);
    assert_null(out.detail);
}

static void
a_long_string_is_cut_and_still_fits(void **state)
{
    static char text[3 * SP_EVENT_STRING_MAX];
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX];
    struct sp_event event = { .kind = SP_EVENT_NAME, .package = text, .subject = text, .detail = text }, out;
    struct sp_error err;
    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    size_t length = sp_event_encode(&event, bytes);
    assert_true(length <= sizeof(bytes));
    assert_int_equal(sp_event_decode(bytes, length, &out, &err), 0);
    assert_int_equal(strlen(out.detail), SP_EVENT_STRING_MAX - 1);
}

static void
damaged_bytes_are_refused(void **state)
{
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX], hurt[SP_EVENT_BYTES_MAX];
    struct sp_event out;
    struct sp_error err;
    (void)state;
    size_t length = sp_event_encode(&sample, bytes);
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(sp_event_decode(bytes, cut, &out, &err), -1);
    bytes[length] = 0;
    assert_int_equal(sp_event_decode(bytes, length + 1, &out, &err), -1);
    /* the kind, and a string without its end */
    memcpy(hurt, bytes, length);
    hurt[4] = SP_EVENT_KIND_END;
    assert_int_equal(sp_event_decode(hurt, length, &out, &err), -1);
    memcpy(hurt, bytes, length);
    hurt[length - 1] = 'x';
    assert_int_equal(sp_event_decode(hurt, length, &out, &err), -1);
}

static void
every_kind_phase_and_outcome_has_a_name(void **state)
{
    (void)state;
    for (int kind = 1; kind < SP_EVENT_KIND_END; kind++)
        assert_string_not_equal(sp_event_kind_name((enum sp_event_kind)kind), "unknown");
    assert_string_equal(sp_event_kind_name(SP_EVENT_KIND_END), "unknown");
    for (int phase = 0; phase < SP_PHASE_COUNT; phase++)
        assert_string_not_equal(sp_phase_name((enum sp_phase)phase), "unknown");
    assert_string_equal(sp_load_outcome_name(SP_LOAD_TIMED_OUT), "timed-out");
}

static void
a_socket_carries_one_event_a_message(void **state)
{
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX];
    int ends[2];
    struct sp_event out;
    struct sp_error err;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    const struct sp_event_sink sink = sp_event_socket_sink(&ends[1]);
    sp_event_send(&sink, &sample);
    sp_event_send(&sink, &(struct sp_event){ .kind = SP_EVENT_LIMIT, .subject = "disk", .value = 7 });
    for (int i = 0; i < 2; i++) {
        ssize_t length = recv(ends[0], bytes, sizeof(bytes), 0);
        assert_true(length > 0);
        assert_int_equal(sp_event_decode(bytes, (size_t)length, &out, &err), 0);
    }
    assert_int_equal(out.kind, SP_EVENT_LIMIT);
    assert_string_equal(out.subject, "disk");
    close(ends[0]);
    sp_event_send(&sink, &sample); /* nobody listens: no signal, no failure */
    close(ends[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_comes_back_as_it_went),
        cmocka_unit_test(a_long_string_is_cut_and_still_fits),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(every_kind_phase_and_outcome_has_a_name),
        cmocka_unit_test(a_socket_carries_one_event_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
