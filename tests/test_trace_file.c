/* Traces: what is written comes back; what is cut, altered or foreign is refused with a line that says which.
 */
#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "trace/file_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zstd.h>

#include <cmocka.h>

#define HEAD "{\"a\":1}"

static char scratch[] = "/tmp/sallyport-trace-XXXXXX";
static char path[64];

static int
make_scratch(void **state)
{
    (void)state;
    if (!mkdtemp(scratch))
        return -1;
    snprintf(path, sizeof(path), "%s/run.trace", scratch);
    return 0;
}

static int
remove_scratch(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(scratch); /* fails where a temporary file was left */
}

/* ------------------------------------------------------------ what came out */

static int
same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static void
assert_same(const struct sp_event *got, const struct sp_event *wanted)
{
    assert_int_equal(got->kind, wanted->kind);
    assert_int_equal(got->phase, wanted->phase);
    assert_true(got->time == wanted->time);
    assert_int_equal(got->pid, wanted->pid);
    assert_int_equal(got->process, wanted->process);
    assert_int_equal(got->parent, wanted->parent);
    assert_int_equal(got->port, wanted->port);
    assert_int_equal(got->from_port, wanted->from_port);
    assert_true(got->value == wanted->value && got->bytes == wanted->bytes);
    assert_true(same_text(got->package, wanted->package) && same_text(got->subject, wanted->subject));
    assert_true(same_text(got->detail, wanted->detail) && same_text(got->directory, wanted->directory));
    assert_int_equal(got->number_count, wanted->number_count);
    if (wanted->number_count)
        assert_memory_equal(got->numbers, wanted->numbers, wanted->number_count * sizeof(uint64_t));
}

struct played {
    const struct sp_event *wanted; /* NULL: only counted */
    size_t count;
    uint64_t sum;
    char head[64];
};

static int
take_head(void *context, const char *head, struct sp_error *err)
{
    struct played *played = context;
    (void)err;
    snprintf(played->head, sizeof(played->head), "%s", head);
    return 0;
}

static int
take_event(void *context, const struct sp_event *event, struct sp_error *err)
{
    struct played *played = context;
    (void)err;
    if (played->wanted)
        assert_same(event, &played->wanted[played->count]);
    played->count++;
    played->sum += event->bytes;
    return 0;
}

static void
write_trace(const struct sp_event *events, size_t count)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    for (size_t i = 0; i < count; i++)
        sp_trace_write(writer, &events[i]);
    assert_int_equal(sp_trace_finish(writer, &err), 0);
}

static void
plays_as(const struct sp_event *wanted, size_t count)
{
    struct played played = { .wanted = wanted };
    struct sp_error err = { 0 };
    const struct sp_trace_reading reading = { take_head, take_event, &played };
    if (sp_trace_read(path, &reading, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(played.count, count);
    assert_string_equal(played.head, HEAD);
}

/* ------------------------------------------------------------- round trips */

static void
every_kind_and_every_field_comes_back(void **state)
{
    static const uint64_t numbers[] = { 0, 1, 127, 128, UINT64_MAX, 5 };
    struct sp_event events[2 * SP_EVENT_KIND_END];
    size_t count = 0;
    (void)state;
    for (int kind = 1; kind < SP_EVENT_KIND_END; kind++) {
        events[count++] = (struct sp_event){ .kind = (enum sp_event_kind)kind,
                                             .phase = (enum sp_phase)(kind % SP_PHASE_COUNT),
                                             .time = 1 };
        events[count++] = (struct sp_event){
            .kind = (enum sp_event_kind)kind,
            .phase = SP_PHASE_LOAD,
            .time = kind % 2 ? UINT64_MAX : 3,
            .pid = UINT32_MAX,
            .process = 1,
            .parent = 0x80000000u,
            .port = UINT16_MAX,
            .from_port = 1,
            .value = kind % 2 ? INT64_MIN : INT64_MAX,
            .bytes = UINT64_MAX,
            .package = "pkg:npm/left-pad@1.3.0",
            .subject = "",
            .detail = "\x01\x1f\x7f\xff\xc0\x80",
            .directory = "/",
            .numbers = numbers,
            .number_count = SP_COUNT(numbers),
        };
    }
    write_trace(events, count);
    plays_as(events, count);
}

/* One field at a time, so that none is taken for its neighbour. */
static void
each_field_alone_comes_back(void **state)
{
    static const uint64_t numbers[SP_EVENT_NUMBERS_MAX] = { [5] = 7, [SP_EVENT_NUMBERS_MAX - 1] = 9 };
    const struct sp_event events[] = {
        { .kind = SP_EVENT_OPEN, .time = 9, .pid = 2 },
        { .kind = SP_EVENT_OPEN, .time = 8, .process = 3 },
        { .kind = SP_EVENT_OPEN, .time = 7, .parent = 4 },
        { .kind = SP_EVENT_OPEN, .time = 6, .port = 5 },
        { .kind = SP_EVENT_OPEN, .time = 5, .from_port = 6 },
        { .kind = SP_EVENT_OPEN, .time = 4, .value = -1 },
        { .kind = SP_EVENT_OPEN, .time = 3, .bytes = 8 },
        { .kind = SP_EVENT_OPEN, .time = 2, .package = "p" },
        { .kind = SP_EVENT_OPEN, .time = 2, .subject = "s" },
        { .kind = SP_EVENT_OPEN, .time = 2, .detail = "d" },
        { .kind = SP_EVENT_OPEN, .time = 2, .directory = "w" },
        { .kind = SP_EVENT_COUNTS, .time = 2, .numbers = numbers, .number_count = SP_EVENT_NUMBERS_MAX },
    };
    (void)state;
    write_trace(events, SP_COUNT(events));
    plays_as(events, SP_COUNT(events));
}

static void
a_trace_without_events_is_whole(void **state)
{
    (void)state;
    write_trace(NULL, 0);
    plays_as(NULL, 0);
}

static void
long_strings_come_back_whole_and_longer_ones_cut(void **state)
{
    sp_autofree char *whole = malloc(SP_TRACE_STRING_MAX + 1), *longer = malloc(SP_TRACE_STRING_MAX + 100);
    uint64_t number = UINT64_MAX;
    (void)state;
    memset(whole, 'w', SP_TRACE_STRING_MAX);
    whole[SP_TRACE_STRING_MAX] = '\0';
    memset(longer, 'w', SP_TRACE_STRING_MAX + 99);
    longer[SP_TRACE_STRING_MAX + 99] = '\0';
    const struct sp_event given[] = {
        { .kind = SP_EVENT_EXEC,
          .time = 1,
          .package = whole,
          .subject = whole,
          .detail = whole,
          .directory = whole,
          .numbers = &number,
          .number_count = 1 },
        { .kind = SP_EVENT_EXEC,
          .time = 1,
          .package = longer,
          .subject = longer,
          .detail = longer,
          .directory = longer },
    };
    struct sp_event wanted[2] = { given[0], given[0] };
    wanted[1].numbers = NULL;
    wanted[1].number_count = 0;
    write_trace(given, 2);
    plays_as(wanted, 2);
}

static int
take_time(void *context, const struct sp_event *event, struct sp_error *err)
{
    (void)err;
    *(uint64_t *)context = event->time;
    return 0;
}

static void
an_event_without_a_time_gets_the_moment_it_is_written(void **state)
{
    uint64_t before = sp_now(), time = 0;
    struct sp_error err;
    (void)state;
    write_trace(&(struct sp_event){ .kind = SP_EVENT_NAME }, 1);
    assert_int_equal(sp_trace_read(path, &(struct sp_trace_reading){ NULL, take_time, &time }, &err), 0);
    assert_true(time >= before && time <= sp_now());
}

#define MANY 100000u

static void
a_hundred_thousand_events_come_back(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    struct stat status;
    char text[64];
    (void)state;
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    for (unsigned i = 1; i <= MANY; i++) {
        snprintf(text, sizeof(text), "/work/node_modules/p%u/index.js", i);
        sp_trace_write(writer,
                       &(struct sp_event){
                           .kind = SP_EVENT_OPEN, .time = i, .process = i, .bytes = i, .subject = text });
    }
    assert_int_equal(sp_trace_finish(writer, &err), 0);
    struct played played = { 0 };
    assert_int_equal(sp_trace_read(path, &(struct sp_trace_reading){ NULL, take_event, &played }, &err), 0);
    assert_int_equal(played.count, MANY);
    assert_true(played.sum == (uint64_t)MANY * (MANY + 1) / 2);
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 20 * (off_t)MANY); /* of about 45 bytes each */
}

/* ---------------------------------------------------------------- refusals */

static const struct sp_event few[] = {
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_FETCH, .time = 1000, .subject = "the command starts" },
    { .kind = SP_EVENT_EXEC,
      .phase = SP_PHASE_INSTALL,
      .time = 2000,
      .process = 2,
      .pid = 17,
      .subject = "/usr/bin/node",
      .detail = "node\x1fx.js\x1f",
      .directory = "/work",
      .bytes = 9 },
    { .kind = SP_EVENT_DECOY,
      .phase = SP_PHASE_INSTALL,
      .time = 3000,
      .process = 2,
      .package = "pkg:npm/evil@1.0.0",
      .subject = "/home/u/.ssh/id_ed25519",
      .detail = "ssh-key" },
};

static void
make_few(struct sp_buffer *bytes)
{
    struct sp_error err;
    write_trace(few, SP_COUNT(few));
    assert_int_equal(sp_file_read(path, SIZE_MAX, bytes, &err), 0);
}

static void
assert_refused(const void *bytes, size_t length, const char *why)
{
    struct played played = { 0 };
    struct sp_error err = { 0 };
    int result = sp_trace_read_bytes(bytes, length,
                                     &(struct sp_trace_reading){ take_head, take_event, &played }, &err);
    assert_int_equal(result, -1);
    if (err.code != SP_ERROR_INPUT || !strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
}

static void
every_cut_is_refused(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    make_few(&bytes);
    assert_refused(bytes.bytes, 0, "empty");
    for (size_t cut = 1; cut < bytes.length; cut++)
        assert_refused(bytes.bytes, cut, "cut off");
}

/* Everything that a trace said, as one number. */
static int
mix_event(void *context, const struct sp_event *event, struct sp_error *err)
{
    const char *strings[] = { event->package, event->subject, event->detail, event->directory };
    uint64_t *sum = context;
    const uint64_t numbers[] = { event->kind,    event->phase,           event->time,        event->pid,
                                 event->process, event->parent,          event->port,        event->from_port,
                                 event->bytes,   (uint64_t)event->value, event->number_count };
    (void)err;
    *sum = sp_hash(numbers, sizeof(numbers), *sum);
    for (size_t i = 0; i < SP_COUNT(strings); i++)
        *sum = strings[i] ? sp_hash(strings[i], strlen(strings[i]) + 1, *sum) : *sum + 1;
    if (event->number_count)
        *sum = sp_hash(event->numbers, event->number_count * sizeof(*event->numbers), *sum);
    return 0;
}

static int
mix_head(void *context, const char *head, struct sp_error *err)
{
    (void)err;
    *(uint64_t *)context = sp_hash(head, strlen(head), 1);
    return 0;
}

/* Some bits of a compressed block can change without changing what it unpacks to: such a trace says what it
 * said. Any other change is refused. */
static void
flip_every_bit(struct sp_buffer *bytes)
{
    uint64_t wanted, got;
    struct sp_error err = { 0 };
    size_t accepted = 0;
    assert_int_equal(sp_trace_read_bytes(bytes->bytes, bytes->length,
                                         &(struct sp_trace_reading){ mix_head, mix_event, &wanted }, &err),
                     0);
    for (size_t bit = 0; bit < 8 * bytes->length; bit++) {
        bytes->bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (sp_trace_read_bytes(bytes->bytes, bytes->length,
                                &(struct sp_trace_reading){ mix_head, mix_event, &got }, &err) == 0) {
            if (got != wanted)
                fail_msg("bit %zu of byte %zu changes what the trace says, unnoticed", bit % 8, bit / 8);
            accepted++;
        } else {
            assert_int_equal(err.code, SP_ERROR_INPUT);
        }
        bytes->bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(accepted < bytes->length / 10);
}

static void
no_flipped_bit_changes_what_a_trace_says(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    make_few(&bytes);
    flip_every_bit(&bytes);
}

/* Enough of the same that zstd codes it in every way that it has. */
static void
no_flipped_bit_changes_what_a_well_compressed_trace_says(void **state)
{
    struct sp_event events[300];
    char texts[SP_COUNT(events)][64];
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err;
    (void)state;
    for (size_t i = 0; i < SP_COUNT(events); i++) {
        events[i] = few[i % SP_COUNT(few)];
        events[i].time += i * i;
        snprintf(texts[i], sizeof(texts[i]), "/work/node_modules/%zu/%c", i * 7919 % 1000,
                 (int)('a' + i % 26));
        events[i].subject = texts[i];
    }
    write_trace(events, SP_COUNT(events));
    assert_int_equal(sp_file_read(path, SIZE_MAX, &bytes, &err), 0);
    flip_every_bit(&bytes);
}

static void
every_flipped_byte_is_refused(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    make_few(&bytes);
    for (size_t at = 0; at < bytes.length; at++) {
        bytes.bytes[at] ^= '\xff';
        assert_refused(bytes.bytes, bytes.length, "trace");
        bytes.bytes[at] ^= '\xff';
    }
}

static void
bytes_after_the_end_are_refused(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err;
    (void)state;
    make_few(&bytes);
    size_t length = bytes.length;
    assert_int_equal(sp_buffer_append_byte(&bytes, '\0', &err), 0);
    assert_refused(bytes.bytes, bytes.length, "bytes follow");
    /* a frame that zstd itself would skip */
    bytes.length = length;
    assert_int_equal(sp_buffer_append(&bytes, "\x50\x2a\x4d\x18\0\0\0\0", 8, &err), 0);
    assert_refused(bytes.bytes, bytes.length, "bytes follow");
    /* the same trace once more */
    sp_autobuffer struct sp_buffer twice = { 0 };
    assert_int_equal(sp_buffer_append(&twice, bytes.bytes, length, &err), 0);
    assert_int_equal(sp_buffer_append(&twice, bytes.bytes, length, &err), 0);
    assert_refused(twice.bytes, twice.length, "bytes follow");
}

static void
another_version_is_refused_by_its_number(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    make_few(&bytes);
    bytes.bytes[SP_TRACE_MAGIC_LENGTH] = 2;
    assert_refused(bytes.bytes, bytes.length, "is a trace of version 2; this Sallyport reads version 1");
    bytes.bytes[SP_TRACE_MAGIC_LENGTH + 3] = 1;
    assert_refused(bytes.bytes, bytes.length, "version 16777218;");
}

static void
what_is_no_trace_is_refused(void **state)
{
    (void)state;
    assert_refused("{\"version\": 1}", 14, "is no trace of Sallyport");
    assert_refused("S", 1, "cut off");
    assert_refused("X", 1, "is no trace of Sallyport");
    assert_refused("\x28\xb5\x2f\xfd\x04\x50\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, "is no trace of Sallyport");
}

/* A whole and well-formed file around CONTENT. */
static void
wrap(struct sp_buffer *out, const void *content, size_t length)
{
    struct sp_error err;
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    size_t size = ZSTD_compressBound(length) + 64;
    sp_autofree char *space = malloc(size);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, SP_TRACE_WINDOW_LOG);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0);
    ZSTD_inBuffer in = { content, length, 0 };
    ZSTD_outBuffer packed = { space, size, 0 };
    /* in two steps, so that the frame has a window of its own */
    assert_false(ZSTD_isError(ZSTD_compressStream2(zstd, &packed, &in, ZSTD_e_continue)));
    assert_int_equal(ZSTD_compressStream2(zstd, &packed, &in, ZSTD_e_end), 0);
    ZSTD_freeCCtx(zstd);
    sp_buffer_clear(out);
    assert_int_equal(sp_buffer_append(out, SP_TRACE_MAGIC "\1\0\0\0", 12, &err), 0);
    assert_int_equal(sp_buffer_append(out, space, packed.pos, &err), 0);
}

#define CONTENT(text) text, sizeof(text) - 1

static void
content_that_no_writer_makes_is_refused(void **state)
{
    /* head "{}", then records: length, kind, phase, mask, time ... */
    static const struct {
        const char *name, *content;
        size_t length;
        const char *why;
    } cases[] = {
        { "whole, for comparison", CONTENT("\2{}\2\0\0"), NULL },
        { "one event, for comparison", CONTENT("\2{}\4\1\0\0\2\2\0\1"), NULL },
        { "nothing at all", CONTENT(""), "cut off" },
        { "a head alone", CONTENT("\2{}"), "cut off" },
        { "a head that ends early", CONTENT("\5{}"), "cut off" },
        { "a head with a NUL", CONTENT("\2{\0\2\0\0"), "head" },
        { "a head of 0 bytes", CONTENT("\0\2\0\0"), "a head of 0 bytes" },
        { "a head of 16 MiB and one", CONTENT("\x81\x80\x80\x08{}"), "a head of 16777217 bytes" },
        { "a record of 0 bytes", CONTENT("\2{}\0"), "a record of 0 bytes" },
        { "a record of 128 MiB", CONTENT("\2{}\x80\x80\x80\x40"), "a record of 134217728 bytes" },
        { "a length that does not end", CONTENT("\2{}\x80\x80\x80\x80\x80\x80"), "a record is longer" },
        { "no end record", CONTENT("\2{}\4\1\0\0\2"), "cut off" },
        { "two end records", CONTENT("\2{}\2\0\0\2\0\0"), "after its last record" },
        { "an event after the end", CONTENT("\2{}\2\0\0\4\1\0\0\2"), "after its last record" },
        { "a wrong count", CONTENT("\2{}\4\1\0\0\2\2\0\2"), "holds 1 events and says that it has 2" },
        { "an end record without a count", CONTENT("\2{}\1\0"), "last record is damaged" },
        { "an end record with more", CONTENT("\2{}\3\0\0\0"), "last record is damaged" },
        { "a kind of the future", CONTENT("\2{}\4\x7f\0\0\2\2\0\1"), "unknown kind (127)" },
        { "a kind beyond 32 bits", CONTENT("\2{}\x09\x81\x80\x80\x80\x80\x01\0\0\2\2\0\1"), "unknown kind" },
        { "a phase of the future", CONTENT("\2{}\4\1\4\0\2\2\0\1"), "event 1 (phase) is damaged" },
        { "a field of the future", CONTENT("\2{}\6\1\0\x80\x20\2\1\2\0\1"), "event 1 (phase) is damaged" },
        { "a record that is too short", CONTENT("\2{}\3\1\0\0\2\0\1"), "damaged" },
        { "a record that is too long", CONTENT("\2{}\5\1\0\0\2\0\2\0\1"), "damaged" },
        { "a port of 65536", CONTENT("\2{}\7\1\0\x08\2\x80\x80\4\2\0\1"), "damaged" },
        { "a number of 0 that is there", CONTENT("\2{}\5\1\0\1\2\0\2\0\1"), "damaged" },
        { "a string with a NUL", CONTENT("\2{}\x08\1\0\x80\1\2\2a\0\2\0\1"), "damaged" },
        { "a string beyond its record", CONTENT("\2{}\x07\1\0\x80\1\2\2a\2\0\1"), "damaged" },
        { "no numbers where there are some", CONTENT("\2{}\6\1\0\x80\x10\2\0\2\0\1"), "damaged" },
        { "129 numbers", CONTENT("\2{}\7\1\0\x80\x10\2\x81\1\2\0\1"), "damaged" },
        { "a number of 70 bits", CONTENT("\2{}\x0e\1\0\x40\2\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\2\0\1"),
          "damaged" },
    };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        wrap(&bytes, cases[i].content, cases[i].length);
        int result = sp_trace_read_bytes(bytes.bytes, bytes.length, &(struct sp_trace_reading){ 0 }, &err);
        if ((result == 0) != !cases[i].why || (cases[i].why && !strstr(err.text, cases[i].why)) ||
            (result < 0 && err.code != SP_ERROR_INPUT))
            fail_msg("%s: %d '%s'", cases[i].name, result, err.text);
    }
}

/* 256 MiB of zeros in a few kilobytes: refused at the first record, in the memory of one block. */
static void
a_decompression_bomb_is_refused(void **state)
{
    size_t size = (size_t)256 << 20;
    sp_autobuffer struct sp_buffer bytes = { 0 };
    sp_autofree char *zeros = calloc(size, 1);
    struct rusage before, after;
    (void)state;
    memcpy(zeros, "\2{}", 3);
    wrap(&bytes, zeros, size);
    assert_true(bytes.length < 64 << 10);
    getrusage(RUSAGE_SELF, &before);
    assert_refused(bytes.bytes, bytes.length, "a record of 0 bytes");
    /* the same beneath one record that says to be long */
    memcpy(zeros, "\2{}\xff\xff\xff\xff\x0f", 8);
    wrap(&bytes, zeros, size);
    assert_refused(bytes.bytes, bytes.length, "a record of");
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 64 << 10); /* in kilobytes */
}

static void
a_window_of_the_files_own_choice_is_refused(void **state)
{
    sp_autobuffer struct sp_buffer bytes = { 0 };
    (void)state;
    make_few(&bytes);
    bytes.bytes[SP_TRACE_PREFIX_LENGTH - 1] = (char)(21 << 3); /* 2 GiB */
    assert_refused(bytes.bytes, bytes.length, "does not begin as one does");
}

static void
files_that_are_none_are_refused(void **state)
{
    char name[96];
    struct sp_error err;
    const struct sp_trace_reading nothing = { 0 };
    (void)state;
    assert_int_equal(sp_trace_read("/dev/zero", &nothing, &err), -1);
    assert_non_null(strstr(err.text, "is a device"));
    assert_int_equal(sp_trace_read(scratch, &nothing, &err), -1);
    assert_non_null(strstr(err.text, "is a directory"));
    snprintf(name, sizeof(name), "%s/fifo", scratch);
    assert_int_equal(mkfifo(name, 0600), 0);
    assert_int_equal(sp_trace_read(name, &nothing, &err), -1);
    assert_non_null(strstr(err.text, "is a FIFO"));
    unlink(name);
    assert_int_equal(sp_trace_read(name, &nothing, &err), -1);
    assert_int_equal(err.number, ENOENT);
    assert_int_equal(sp_file_write(path, "", 0, &err), 0);
    assert_int_equal(sp_trace_read(path, &nothing, &err), -1);
    assert_true(strstr(err.text, path) && strstr(err.text, "it is empty"));
}

static int
stop_at_second(void *context, const struct sp_event *event, struct sp_error *err)
{
    (void)event;
    return ++*(int *)context == 2 ? sp_fail(err, SP_ERROR_LIMIT, "enough") : 0;
}

static void
a_taker_that_fails_ends_the_reading(void **state)
{
    int taken = 0;
    struct sp_error err;
    (void)state;
    write_trace(few, SP_COUNT(few));
    assert_int_equal(sp_trace_read(path, &(struct sp_trace_reading){ NULL, stop_at_second, &taken }, &err),
                     -1);
    assert_string_equal(err.text, "enough");
    assert_int_equal(taken, 2);
}

/* ----------------------------------------------------------------- writing */

static void
the_file_appears_when_it_is_whole_and_for_its_owner_alone(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    struct stat status;
    sp_autobuffer struct sp_buffer before = { 0 };
    (void)state;
    assert_int_equal(sp_file_write(path, "before", 6, &err), 0);
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    sp_trace_write(writer, &few[0]);
    assert_int_equal(sp_file_read(path, 100, &before, &err), 0);
    assert_string_equal(before.bytes, "before");
    assert_int_equal(sp_trace_finish(writer, &err), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    plays_as(few, 1);
}

static void
an_abandoned_trace_leaves_nothing(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    struct stat status;
    (void)state;
    unlink(path);
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    sp_trace_write(writer, &few[0]);
    sp_trace_abandon(writer);
    sp_trace_abandon(NULL);
    assert_int_equal(stat(path, &status), -1);
    assert_int_equal(rmdir(scratch), 0);
    assert_int_equal(mkdir(scratch, 0700), 0);
}

/* As a full disk would: the limit of a file's size is met. */
static void
a_failed_write_is_told_at_the_end(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    struct rlimit before, small;
    char text[4096];
    uint64_t random = 88172645463325252u;
    (void)state;
    write_trace(few, SP_COUNT(few));
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ .rlim_cur = 100000, .rlim_max = before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 200; i++) {
        for (size_t j = 0; j < sizeof(text) - 1; j++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            text[j] = (char)(1 + random % 255);
        }
        text[sizeof(text) - 1] = '\0';
        sp_trace_write(writer, &(struct sp_event){ .kind = SP_EVENT_SAID, .detail = text });
    }
    int result = sp_trace_finish(writer, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(result, -1);
    assert_int_equal(err.number, EFBIG);
    assert_non_null(strstr(err.text, "cannot write the trace"));
    plays_as(few, SP_COUNT(few)); /* what was there before */
}

static void
places_where_no_trace_can_be_are_refused_at_once(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    struct stat status;
    (void)state;
    assert_int_equal(sp_trace_create(&writer, "/dev/null", HEAD, &err), -1);
    assert_non_null(strstr(err.text, "no regular file"));
    assert_true(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    assert_int_equal(sp_trace_create(&writer, scratch, HEAD, &err), -1);
    assert_int_equal(sp_trace_create(&writer, "/nosuch/trace", HEAD, &err), -1);
    assert_int_equal(err.number, ENOENT);
    assert_int_equal(sp_trace_create(&writer, path, "", &err), -1);
}

static void
an_event_of_no_kind_spoils_no_trace_silently(void **state)
{
    struct sp_trace_writer *writer;
    struct sp_error err;
    (void)state;
    assert_int_equal(sp_trace_create(&writer, path, HEAD, &err), 0);
    sp_trace_write(writer, &(struct sp_event){ .kind = SP_EVENT_KIND_END });
    sp_trace_write(writer, &few[0]);
    assert_int_equal(sp_trace_finish(writer, &err), -1);
    assert_int_equal(err.code, SP_ERROR_INTERNAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_and_every_field_comes_back),
        cmocka_unit_test(each_field_alone_comes_back),
        cmocka_unit_test(a_trace_without_events_is_whole),
        cmocka_unit_test(long_strings_come_back_whole_and_longer_ones_cut),
        cmocka_unit_test(an_event_without_a_time_gets_the_moment_it_is_written),
        cmocka_unit_test(a_hundred_thousand_events_come_back),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(no_flipped_bit_changes_what_a_trace_says),
        cmocka_unit_test(no_flipped_bit_changes_what_a_well_compressed_trace_says),
        cmocka_unit_test(every_flipped_byte_is_refused),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(another_version_is_refused_by_its_number),
        cmocka_unit_test(what_is_no_trace_is_refused),
        cmocka_unit_test(content_that_no_writer_makes_is_refused),
        cmocka_unit_test(a_decompression_bomb_is_refused),
        cmocka_unit_test(a_window_of_the_files_own_choice_is_refused),
        cmocka_unit_test(files_that_are_none_are_refused),
        cmocka_unit_test(a_taker_that_fails_ends_the_reading),
        cmocka_unit_test(the_file_appears_when_it_is_whole_and_for_its_owner_alone),
        cmocka_unit_test(an_abandoned_trace_leaves_nothing),
        cmocka_unit_test(a_failed_write_is_told_at_the_end),
        cmocka_unit_test(places_where_no_trace_can_be_are_refused_at_once),
        cmocka_unit_test(an_event_of_no_kind_spoils_no_trace_silently),
    };
    return cmocka_run_group_tests_name("trace file", tests, make_scratch, remove_scratch);
}
