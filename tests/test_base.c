/* The floor that everything stands on: errors, text, buffers, memory, maps, files, JSON, tables. */
#include "base/buffer.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define TEXT(literal) literal, sizeof(literal) - 1

/* a refused allocation is what some tests are about: the sanitizer must return NULL as the C library does */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static char folder[64];

static const char *
path_of(const char *name)
{
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static const char *
write_text(const char *name, const char *text, size_t length)
{
    struct sp_error err = { 0 };
    const char *path = path_of(name);
    if (sp_file_write(path, text, length, &err) < 0)
        fail_msg("%s", err.text);
    return path;
}

static int
make_folder(void **state SP_UNUSED)
{
    snprintf(folder, sizeof(folder), "/tmp/sallyport-base-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state SP_UNUSED)
{
    static const char *const files[] = { "plain", "empty", "lines", "table", "fifo", "big", "written" };
    for (size_t i = 0; i < SP_COUNT(files); i++)
        unlink(path_of(files[i]));
    return rmdir(folder);
}

/* --- Errors --------------------------------------------------------------------------------------------- */

static void
error_says_what_and_keeps_terminals_safe(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    assert_int_equal(sp_fail(&err, SP_ERROR_INPUT, "%s: line %d", "a\x1b[2Jb\n\xff\xe2\x80\xae", 7), -1);
    assert_int_equal(err.code, SP_ERROR_INPUT);
    assert_string_equal(err.text, "a\\u{1b}[2Jb\\u{a}\\xff\\u{202e}: line 7");

    assert_int_equal(sp_fail_within(&err, "%s:%d", "lock.json", 3), -1);
    assert_string_equal(err.text, "lock.json:3: a\\u{1b}[2Jb\\u{a}\\xff\\u{202e}: line 7");

    errno = ENOENT;
    assert_int_equal(sp_fail_errno(&err, "%s", "gone"), -1);
    assert_int_equal(err.code, SP_ERROR_SYSTEM);
    assert_int_equal(err.number, ENOENT);
    assert_string_equal(err.text, "gone: No such file or directory");
    assert_int_equal(sp_fail(NULL, SP_ERROR_INPUT, "nobody listens"), -1);
    assert_int_equal(sp_fail_within(NULL, "nobody"), -1);
}

static void
error_of_a_huge_argument_is_cut_to_one_line(void **state SP_UNUSED)
{
    char huge[10001];
    memset(huge, 'x', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    struct sp_error err = { 0 };
    sp_fail(&err, SP_ERROR_LIMIT, "%s", huge);
    assert_true(strlen(err.text) < SP_ERROR_TEXT_MAX);
    assert_non_null(strstr(err.text, "..."));
    for (int i = 0; i < 50; i++)
        sp_fail_within(&err, "%s", huge);
    assert_true(strlen(err.text) < SP_ERROR_TEXT_MAX);
}

/* --- UTF-8 ---------------------------------------------------------------------------------------------- */

static void
utf8_is_decoded_as_rfc_3629_has_it(void **state SP_UNUSED)
{
    static const struct {
        const char *bytes;
        size_t length;
        uint32_t point;
        size_t size;
    } cases[] = {
        { TEXT("a"), 'a', 1 },
        { TEXT("\0"), 0, 1 },
        { TEXT("\x7f"), 0x7f, 1 },
        { TEXT("\xc2\x80"), 0x80, 2 },
        { TEXT("\xdf\xbf"), 0x7ff, 2 },
        { TEXT("\xe0\xa0\x80"), 0x800, 3 },
        { TEXT("\xed\x9f\xbf"), 0xd7ff, 3 },
        { TEXT("\xef\xbf\xbf"), 0xffff, 3 },
        { TEXT("\xf0\x90\x80\x80"), 0x10000, 4 },
        { TEXT("\xf4\x8f\xbf\xbf"), 0x10ffff, 4 },
        { TEXT("\x80"), SP_UTF8_INVALID, 1 },             /* a continuation alone */
        { TEXT("\xc0\x80"), SP_UTF8_INVALID, 1 },         /* overlong NUL */
        { TEXT("\xc1\xbf"), SP_UTF8_INVALID, 1 },         /* overlong */
        { TEXT("\xe0\x9f\xbf"), SP_UTF8_INVALID, 1 },     /* overlong */
        { TEXT("\xf0\x8f\xbf\xbf"), SP_UTF8_INVALID, 1 }, /* overlong */
        { TEXT("\xed\xa0\x80"), SP_UTF8_INVALID, 1 },     /* surrogate */
        { TEXT("\xf4\x90\x80\x80"), SP_UTF8_INVALID, 1 }, /* beyond U+10FFFF */
        { TEXT("\xf8\x88\x80\x80\x80"), SP_UTF8_INVALID, 1 },
        { TEXT("\xff"), SP_UTF8_INVALID, 1 },
        { TEXT("\xe2\x82"), SP_UTF8_INVALID, 1 }, /* cut short */
        { TEXT("\xe2\x28\xa1"), SP_UTF8_INVALID, 1 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        size_t size = 0;
        uint32_t point = sp_utf8_decode(cases[i].bytes, cases[i].length, &size);
        if (point != cases[i].point || size != cases[i].size)
            fail_msg("case %zu: U+%X of %zu bytes, expected U+%X of %zu", i, point, size, cases[i].point,
                     cases[i].size);
        assert_int_equal(sp_utf8_valid(cases[i].bytes, cases[i].length), point != SP_UTF8_INVALID);
    }
}

static void
utf8_comes_back_from_every_code_point(void **state SP_UNUSED)
{
    for (uint32_t point = 0; point <= 0x110000; point += point < 0x3000 ? 1 : 61) {
        char bytes[4];
        size_t length = sp_utf8_encode(point, bytes), size;
        bool surrogate = point >= 0xd800 && point <= 0xdfff;
        assert_int_equal(length == 0, surrogate || point > 0x10ffff);
        if (length) {
            assert_int_equal(sp_utf8_decode(bytes, length, &size), point);
            assert_int_equal(size, length);
        }
    }
}

static void
utf8_printable_hides_what_moves_or_deceives(void **state SP_UNUSED)
{
    static const struct {
        const char *text;
        size_t length;
        const char *expected;
    } cases[] = {
        { TEXT("caf\xc3\xa9"), "caf\xc3\xa9" },
        { TEXT("a\tb"), "a\\u{9}b" },
        { TEXT("\x1b[31m"), "\\u{1b}[31m" },
        { TEXT("\xe2\x80\xae"), "\\u{202e}" },      /* right-to-left override */
        { TEXT("a\xe2\x80\x8b"), "a\\u{200b}" },    /* zero width space */
        { TEXT("\xef\xbb\xbfx"), "\\u{feff}x" },    /* byte order mark */
        { TEXT("\xfe\x80"), "\\xfe\\x80" },         /* no UTF-8 */
        { TEXT("\xc2\x9b"), "\\u{9b}" },            /* C1 control */
        { TEXT("\xf3\xa0\x81\x81"), "\\u{e0041}" }, /* tag letter */
        { TEXT(""), "" },
    };
    char out[64];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        size_t length = sp_utf8_printable(out, sizeof(out), cases[i].text, cases[i].length);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(length, strlen(out));
    }
    /* cut at any size: terminated, never half a character */
    static const char mixed[] = "\xe2\x82\xac\x1b\xe2\x82\xac\xff\xe2\x82\xac";
    for (size_t size = 8; size < 40; size++) {
        memset(out, '#', sizeof(out));
        size_t length = sp_utf8_printable(out, size, mixed, sizeof(mixed) - 1);
        assert_true(length < size);
        assert_int_equal(out[length], '\0');
        assert_true(sp_utf8_valid(out, length));
        assert_int_equal(out[size], '#');
    }
}

/* --- Buffers and memory --------------------------------------------------------------------------------- */

static void
buffer_grows_and_stays_terminated(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer buffer = { 0 };
    struct sp_error err = { 0 };
    assert_string_equal(sp_buffer_string(&buffer), "");
    for (int i = 0; i < 1000; i++)
        assert_int_equal(sp_buffer_printf(&buffer, &err, "%d,", i % 10), 0);
    assert_int_equal(buffer.length, 2000);
    assert_int_equal(strlen(sp_buffer_string(&buffer)), 2000);
    assert_int_equal(sp_buffer_append(&buffer, "a\0b", 3, &err), 0);
    assert_int_equal(buffer.length, 2003);
    assert_int_equal(buffer.bytes[2003], '\0');
    sp_buffer_clear(&buffer);
    assert_string_equal(sp_buffer_string(&buffer), "");
    assert_int_equal(sp_buffer_append_string(&buffer, "kept", &err), 0);
    char *stolen = sp_buffer_steal(&buffer, &err);
    assert_string_equal(stolen, "kept");
    assert_int_equal(buffer.length, 0);
    free(stolen);
    stolen = sp_buffer_steal(&buffer, &err);
    assert_string_equal(stolen, "");
    free(stolen);
}

static void
buffer_holds_its_limit(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer buffer = { .limit = 8 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_buffer_append(&buffer, "12345678", 8, &err), 0);
    assert_int_equal(sp_buffer_append_byte(&buffer, '9', &err), -1);
    assert_int_equal(err.code, SP_ERROR_LIMIT);
    assert_string_equal(buffer.bytes, "12345678");
    assert_int_equal(sp_buffer_reserve(&buffer, SIZE_MAX - 4, &err), -1);
}

static void
memory_refuses_what_cannot_be(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    assert_null(sp_new_array(SIZE_MAX / 2, 16, &err));
    assert_int_equal(err.code, SP_ERROR_MEMORY);
    uint64_t *items = NULL;
    size_t capacity = 0;
    assert_int_equal(sp_grow(items, capacity, SIZE_MAX / 4, &err), -1);
    assert_null(items);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(sp_grow(items, capacity, i + 1, &err), 0);
        items[i] = i * i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i * i);
    free(items);
}

static void
arena_keeps_everything_apart_and_aligned(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    char *pieces[300];
    for (size_t i = 0; i < SP_COUNT(pieces); i++) {
        size_t size = i * 37 % 3000 + 1;
        pieces[i] = sp_arena_alloc(&arena, size, &err);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(pieces[i][k], 0);
        memset(pieces[i], (int)(i % 100 + 1), size);
    }
    for (size_t i = 0; i < SP_COUNT(pieces); i++)
        for (size_t k = 0; k < i * 37 % 3000 + 1; k++)
            assert_int_equal(pieces[i][k], (int)(i % 100 + 1));
    assert_non_null(sp_arena_alloc(&arena, 1 << 20, &err));
    assert_string_equal(sp_arena_printf(&arena, &err, "%s-%d", "a", 1), "a-1");
    assert_string_equal(sp_arena_copy(&arena, "abcdef", 3, &err), "abc");
    assert_null(sp_arena_alloc(&arena, SIZE_MAX - 8, &err));
    assert_int_equal(err.code, SP_ERROR_MEMORY);
}

/* --- Hash and map --------------------------------------------------------------------------------------- */

static void
hash_is_the_one_that_index_files_hold(void **state SP_UNUSED)
{
    /* stored in files: a change of these numbers is a change of the index format */
    char text[80];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 26);
    static const struct {
        size_t length;
        uint64_t seed, expected;
    } cases[] = {
        { 0, 0, 0xc1eeb3c885fb2c20u },  { 1, 0, 0x02a4fff8b02bd698u },    { 8, 7, 0xa6d0215d18ef6141u },
        { 16, 0, 0x7362cca0a3677005u }, { 79, 150, 0x3191656d85105365u },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint64_t hash = sp_hash(text, cases[i].length, cases[i].seed);
        if (hash != cases[i].expected)
            fail_msg("%zu bytes, seed %llu: 0x%016llx", cases[i].length, (unsigned long long)cases[i].seed,
                     (unsigned long long)hash);
    }
}

static void
hash_tells_lengths_seeds_and_neighbours_apart(void **state SP_UNUSED)
{
    static const char zeros[64];
    sp_automap struct sp_map seen = { 0 };
    struct sp_error err = { 0 };
    size_t made = 0;
    for (size_t length = 0; length < sizeof(zeros); length++)
        for (uint64_t seed = 0; seed < 20; seed++, made++) {
            uint64_t hash = sp_hash(zeros, length, seed);
            assert_non_null(sp_map_at(&seen, (const char *)&hash, sizeof(hash), 0, &err));
        }
    char text[40] = { 0 };
    for (size_t i = 0; i < sizeof(text); i++)
        for (int bit = 0; bit < 8; bit++, made++) {
            text[i] = (char)(1 << bit);
            uint64_t hash = sp_hash(text, sizeof(text), 99);
            assert_non_null(sp_map_at(&seen, (const char *)&hash, sizeof(hash), 0, &err));
            text[i] = 0;
        }
    assert_int_equal(seen.count, made);
}

static void
map_holds_what_was_put_in(void **state SP_UNUSED)
{
    sp_automap struct sp_map map = { .seed = 12345 };
    struct sp_error err = { 0 };
    uint32_t value;
    assert_false(sp_map_get(&map, "nothing", 7, &value));
    for (uint32_t i = 0; i < 5000; i++) {
        char key[16];
        int length = snprintf(key, sizeof(key), "key-%u", i);
        assert_int_equal(sp_map_set(&map, key, (size_t)length, i, &err), 0);
    }
    assert_int_equal(sp_map_set(&map, "key-7", 5, 70, &err), 0);
    assert_int_equal(*sp_map_at(&map, "key-8", 5, 99, &err), 8);
    *sp_map_at(&map, "", 0, 1, &err) += 1;
    assert_int_equal(map.count, 5001);
    assert_true(sp_map_get(&map, "key-7", 5, &value));
    assert_int_equal(value, 70);
    assert_true(sp_map_get(&map, "", 0, &value));
    assert_int_equal(value, 2);
    assert_false(sp_map_get(&map, "key-5000", 8, NULL));
    assert_false(sp_map_get(&map, "key-7", 4, NULL));

    size_t cursor = 0, length, met = 0;
    const char *key;
    uint64_t sum = 0;
    while (sp_map_next(&map, &cursor, &key, &length, &value))
        met++, sum += value;
    assert_int_equal(met, 5001);
    assert_int_equal(sum, 4999ull * 5000 / 2 - 7 + 70 + 2);
}

/* --- Files ---------------------------------------------------------------------------------------------- */

static void
file_refuses_what_is_no_plain_file(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_mapping mapping;
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    write_text("big", "0123456789", 10);
    const struct {
        const char *path;
        const char *says;
        enum sp_error_code code;
    } cases[] = {
        { path_of("fifo"), "is a FIFO", SP_ERROR_INPUT },
        { folder, "is a directory", SP_ERROR_INPUT },
        { "/dev/zero", "is a device", SP_ERROR_INPUT },
        { path_of("big"), "10 bytes; at most 9 are read", SP_ERROR_LIMIT },
        { path_of("absent"), "cannot open: No such file", SP_ERROR_SYSTEM },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        assert_int_equal(sp_file_read(cases[i].path, 9, &out, &err), -1);
        if (!strstr(err.text, cases[i].says) || !strstr(err.text, cases[i].path) || err.code != cases[i].code)
            fail_msg("%s: says '%s', expected '%s'", cases[i].path, err.text, cases[i].says);
        assert_int_equal(sp_file_map(&mapping, cases[i].path, 9, &err), -1);
    }
}

static void
file_comes_back_as_it_was_written(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_mapping mapping;
    const char *path = write_text("written", "old", 3);
    write_text("written", "a\0b", 3);
    assert_int_equal(sp_file_read(path, 100, &out, &err), 0);
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.bytes, "a\0b", 4);
    assert_int_equal(sp_file_map(&mapping, path, 100, &err), 0);
    assert_memory_equal(mapping.bytes, "a\0b", 3);
    sp_mapping_free(&mapping);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0111, 0);

    path = write_text("empty", "", 0);
    assert_int_equal(sp_file_read(path, 0, &out, &err), 0);
    assert_string_equal(sp_buffer_string(&out), "");
    assert_int_equal(sp_file_map(&mapping, path, 100, &err), 0);
    assert_null(mapping.bytes);

    assert_int_equal(sp_file_write("/nowhere/at/all", "x", 1, &err), -1);
    assert_non_null(strstr(err.text, "/nowhere/at/all: cannot create"));
}

static void
lines_are_cut_where_they_end(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    static const char text[] = "one\ntwo\r\n\n0123456789abcdef\nna\0l\nlast";
    sp_autoclose int fd = open(write_text("lines", text, sizeof(text) - 1), O_RDONLY);
    static const struct {
        const char *line;
        size_t length;
        bool cut;
    } expected[] = {
        { TEXT("one"), false },       { TEXT("two"), false },   { TEXT(""), false },
        { TEXT("0123456789"), true }, { TEXT("na\0l"), false }, { TEXT("last"), false },
    };
    struct sp_lines lines;
    assert_int_equal(sp_lines_open(&lines, fd, "lines", 10, &err), 0);
    const char *line;
    size_t length;
    for (size_t i = 0; i < SP_COUNT(expected); i++) {
        assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 1);
        assert_int_equal(lines.number, i + 1);
        assert_int_equal(length, expected[i].length);
        assert_memory_equal(line, expected[i].line, length + 1);
        assert_int_equal(lines.cut, expected[i].cut);
        assert_int_equal(sp_lines_buffered(&lines), i + 2 < SP_COUNT(expected));
    }
    assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 0);
    assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 0);
    sp_lines_free(&lines);
}

static void
lines_of_a_pipe_come_before_it_ends(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct sp_lines lines;
    const char *line;
    size_t length;
    assert_int_equal(sp_lines_open(&lines, ends[0], "pipe", 100, &err), 0);
    assert_int_equal(write(ends[1], "first\nsec", 9), 9);
    assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 1);
    assert_string_equal(line, "first");
    assert_false(sp_lines_buffered(&lines));
    assert_int_equal(write(ends[1], "ond\n", 4), 4);
    assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 1);
    assert_string_equal(line, "second");
    close(ends[1]);
    assert_int_equal(sp_lines_next(&lines, &line, &length, &err), 0);
    sp_lines_free(&lines);
    close(ends[0]);
}

/* --- JSON ----------------------------------------------------------------------------------------------- */

static void
json_is_written_whole(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autojson struct sp_json json = { .err = &err, .compact = true };
    sp_json_begin_object(&json);
    sp_json_key(&json, "a");
    sp_json_begin_array(&json);
    sp_json_integer(&json, -5);
    sp_json_number(&json, 0.25, 3);
    sp_json_number(&json, NAN, 3);
    sp_json_number(&json, INFINITY, 3);
    sp_json_bool(&json, true);
    sp_json_null(&json);
    sp_json_string(&json, NULL);
    sp_json_begin_object(&json);
    sp_json_end_object(&json);
    sp_json_end_array(&json);
    sp_json_key(&json, "q\"\\");
    sp_json_string(&json, "tab\t nl\n \x1b \xe2\x80\xae \xc3\xa9 \xff \xf3\xa0\x81\x81");
    sp_json_end_object(&json);
    assert_int_equal(sp_json_finish(&json), 0);
    assert_string_equal(json.out.bytes, "{\"a\":[-5,0.25,null,null,true,null,null,{}],\"q\\\"\\\\\":"
                                        "\"tab\\t nl\\n \\u001b \\u202e \xc3\xa9 \\ufffd \\udb40\\udc41\"}");
}

static void
json_is_indented_for_people(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autojson struct sp_json json = { .err = &err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "list");
    sp_json_begin_array(&json);
    sp_json_string(&json, "x");
    sp_json_integer(&json, 1);
    sp_json_end_array(&json);
    sp_json_key(&json, "none");
    sp_json_begin_array(&json);
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    assert_string_equal(json.out.bytes, "{\n  \"list\": [\n    \"x\",\n    1\n  ],\n  \"none\": []\n}");
}

static void
json_too_deep_is_our_bug_not_a_crash(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autojson struct sp_json json = { .err = &err, .compact = true };
    for (int i = 0; i < SP_JSON_DEPTH_MAX + 5; i++)
        sp_json_begin_array(&json);
    for (int i = 0; i < SP_JSON_DEPTH_MAX + 9; i++)
        sp_json_end_array(&json);
    assert_int_equal(sp_json_finish(&json), -1);
    assert_int_equal(err.code, SP_ERROR_INTERNAL);
}

/* --- Tables --------------------------------------------------------------------------------------------- */

static void
table_finds_columns_by_name(void **state SP_UNUSED)
{
    static const char *const names[] = { "name", "rank", "absent", NULL };
    struct sp_error err = { 0 };
    static const char text[] = "what\trank\tname\r\nx\t12\talpha\r\n\ny\t\tbeta\n";
    sp_autotsv struct sp_tsv tsv;
    struct sp_tsv_row row;
    uint64_t number;
    assert_int_equal(sp_tsv_open(&tsv, write_text("table", text, sizeof(text) - 1), names, 2, &err), 0);
    assert_int_equal(sp_tsv_next(&tsv, &row, &err), 1);
    assert_memory_equal(row.field[0].bytes, "alpha", row.field[0].length);
    assert_int_equal(sp_tsv_number(&tsv, &row, 1, 0, &number, &err), 0);
    assert_int_equal(number, 12);
    assert_int_equal(row.field[2].length, 0);
    assert_int_equal(row.line, 2);
    assert_int_equal(sp_tsv_next(&tsv, &row, &err), 1);
    assert_int_equal(row.line, 4);
    assert_int_equal(sp_tsv_number(&tsv, &row, 1, 77, &number, &err), 0);
    assert_int_equal(number, 77);
    assert_int_equal(sp_tsv_next(&tsv, &row, &err), 0);
}

static void
table_that_is_damaged_names_file_and_line(void **state SP_UNUSED)
{
    static const char *const names[] = { "name", "rank", NULL };
    static const struct {
        const char *story, *text;
        size_t length;
        const char *says;
    } cases[] = {
        { "empty file", TEXT(""), ": is empty" },
        { "no such column", TEXT("nom\trank\n"), ":1: no column 'name'" },
        { "too few fields", TEXT("name\trank\na\t1\nb\n"), ":3: 1 fields, the header names 2" },
        { "too many fields", TEXT("name\trank\na\t1\t2\n"), ":2: 3 fields" },
        { "no UTF-8", TEXT("name\trank\n\xff\t1\n"), ":2: is no valid UTF-8" },
        { "NUL byte", TEXT("name\trank\na\0b\t1\n"), ":2: is no valid UTF-8" },
        { "no number", TEXT("name\trank\na\t1x\n"), ":2: '1x' is no whole number" },
        { "negative number", TEXT("name\trank\na\t-1\n"), ":2: '-1' is no whole number" },
        { "number beyond 64 bits", TEXT("name\trank\na\t99999999999999999999\n"), "is no whole number" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        sp_autotsv struct sp_tsv tsv;
        struct sp_tsv_row row;
        uint64_t number;
        const char *path = write_text("table", cases[i].text, cases[i].length);
        int status = sp_tsv_open(&tsv, path, names, 2, &err);
        while (status >= 0 && (status = sp_tsv_next(&tsv, &row, &err)) > 0)
            if (sp_tsv_number(&tsv, &row, 1, 0, &number, &err) < 0)
                status = -1;
        if (status >= 0 || !strstr(err.text, cases[i].says) || !strstr(err.text, path))
            fail_msg("%s: says '%s', expected '%s'", cases[i].story, err.text, cases[i].says);
    }
}

static void
table_with_an_endless_line_is_refused(void **state SP_UNUSED)
{
    static const char *const names[] = { "name", NULL };
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_buffer_append_string(&text, "name\n", &err);
    for (int i = 0; i < 70000; i++)
        sp_buffer_append_byte(&text, 'x', &err);
    sp_autotsv struct sp_tsv tsv;
    struct sp_tsv_row row;
    assert_int_equal(sp_tsv_open(&tsv, write_text("table", text.bytes, text.length), names, 1, &err), 0);
    assert_int_equal(sp_tsv_next(&tsv, &row, &err), -1);
    assert_non_null(strstr(err.text, ":2: a line of more than 65536 bytes"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_says_what_and_keeps_terminals_safe),
        cmocka_unit_test(error_of_a_huge_argument_is_cut_to_one_line),
        cmocka_unit_test(utf8_is_decoded_as_rfc_3629_has_it),
        cmocka_unit_test(utf8_comes_back_from_every_code_point),
        cmocka_unit_test(utf8_printable_hides_what_moves_or_deceives),
        cmocka_unit_test(buffer_grows_and_stays_terminated),
        cmocka_unit_test(buffer_holds_its_limit),
        cmocka_unit_test(memory_refuses_what_cannot_be),
        cmocka_unit_test(arena_keeps_everything_apart_and_aligned),
        cmocka_unit_test(hash_is_the_one_that_index_files_hold),
        cmocka_unit_test(hash_tells_lengths_seeds_and_neighbours_apart),
        cmocka_unit_test(map_holds_what_was_put_in),
        cmocka_unit_test(file_refuses_what_is_no_plain_file),
        cmocka_unit_test(file_comes_back_as_it_was_written),
        cmocka_unit_test(lines_are_cut_where_they_end),
        cmocka_unit_test(lines_of_a_pipe_come_before_it_ends),
        cmocka_unit_test(json_is_written_whole),
        cmocka_unit_test(json_is_indented_for_people),
        cmocka_unit_test(json_too_deep_is_our_bug_not_a_crash),
        cmocka_unit_test(table_finds_columns_by_name),
        cmocka_unit_test(table_that_is_damaged_names_file_and_line),
        cmocka_unit_test(table_with_an_endless_line_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
