/* What is told of a package, and what is made of times and repositories as people write them. */
#include "metadata/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sp_teller
a_teller(struct sp_record **record)
{
    struct sp_error err;
    assert_int_equal(sp_record_new(record, sp_ecosystems[SP_NPM], "left-pad", &err), 0);
    return (struct sp_teller){ *record, "npm packument", 1700000000 };
}

static void
what_nobody_told_is_unknown_and_blank_is_known(void **state SP_UNUSED)
{
    sp_autorecord struct sp_record *record = NULL;
    struct sp_teller teller = a_teller(&record);
    for (int i = 0; i < SP_FIELD_COUNT; i++) {
        assert_false(sp_record_knows(record, i));
        assert_non_null(sp_field_names[i]);
    }
    assert_int_equal(sp_tell_text(&teller, SP_FIELD_README, " \n", 2, NULL), 0);
    assert_true(sp_record_knows(record, SP_FIELD_README));
    assert_string_equal(record->readme, "");
    assert_int_equal(sp_tell_text(&teller, SP_FIELD_DEPRECATED, NULL, 0, NULL), 0);
    assert_true(sp_record_knows(record, SP_FIELD_DEPRECATED));
    assert_null(record->deprecated);
}

static void
the_first_to_speak_wins(void **state SP_UNUSED)
{
    sp_autorecord struct sp_record *record = NULL;
    struct sp_teller teller = a_teller(&record);
    struct sp_teller other = { record, "tarball", 1800000000 };
    sp_tell_text(&teller, SP_FIELD_LICENCE, "MIT", 3, NULL);
    sp_tell_text(&other, SP_FIELD_LICENCE, "GPL", 3, NULL);
    assert_string_equal(record->licence, "MIT");
    assert_string_equal(record->origins[SP_FIELD_LICENCE].source, "npm packument");
    assert_true(sp_tell_list(&teller, SP_FIELD_MAINTAINERS));
    assert_false(sp_tell_list(&other, SP_FIELD_MAINTAINERS));
    sp_tell_number(&teller, SP_FIELD_DOWNLOADS, -1, NULL);
    assert_false(sp_record_knows(record, SP_FIELD_DOWNLOADS));
    sp_tell_number(&other, SP_FIELD_DOWNLOADS, 7, NULL);
    assert_int_equal(record->downloads, 7);
}

static void
hostile_text_is_bounded_and_clean(void **state SP_UNUSED)
{
    sp_autorecord struct sp_record *record = NULL;
    struct sp_teller teller = a_teller(&record);
    char *much = malloc(SP_RECORD_README_MAX + 100);
    memset(much, 'x', SP_RECORD_README_MAX + 100);
    memcpy(much + SP_RECORD_README_MAX - 1, "\xc3\xa9", 2);
    sp_tell_text(&teller, SP_FIELD_README, much, SP_RECORD_README_MAX + 100, NULL);
    free(much);
    assert_int_equal(strlen(record->readme), SP_RECORD_README_MAX - 1);
    assert_int_equal(record->problems.count, 1);
    sp_tell_text(&teller, SP_FIELD_DESCRIPTION,
                 "a\0b\xff"
                 "c",
                 5, NULL);
    assert_string_equal(record->description, "a\xef\xbf\xbd"
                                             "b\xef\xbf\xbd"
                                             "c");
    for (int i = 0; i < 100000; i++) {
        struct sp_person person = { .id = "x" };
        assert_int_equal(sp_tell_person(&teller, SP_FIELD_MAINTAINERS, &person, NULL), 0);
    }
    assert_int_equal(record->maintainer_count, SP_RECORD_PEOPLE_MAX);
    assert_int_equal(record->problems.count, 2);
    sp_record_problem(record, NULL, "%s", "\x1b[31mred");
    assert_null(strchr(record->problems.items[2], '\x1b'));
}

static void
created_and_updated_follow_from_releases(void **state SP_UNUSED)
{
    sp_autorecord struct sp_record *record = NULL;
    struct sp_teller teller = a_teller(&record);
    sp_tell_list(&teller, SP_FIELD_RELEASES);
    sp_tell_list(&teller, SP_FIELD_RELEASE_TIMES);
    sp_tell_release(&teller, "2.0.0", 5, 1500000000, false, NULL);
    sp_tell_release(&teller, "1.0.0", 5, 1400000000, true, NULL);
    sp_tell_release(&teller, "3.0.0", 5, SP_TIME_UNKNOWN, false, NULL);
    assert_int_equal(sp_record_finish(record, NULL), 0);
    assert_int_equal(record->created, 1400000000);
    assert_int_equal(record->updated, 1500000000);
    assert_string_equal(record->releases[0].number, "3.0.0");
    assert_string_equal(record->releases[2].number, "2.0.0");
}

static void
times_are_read_as_registries_write_them(void **state SP_UNUSED)
{
    static const struct {
        const char *text;
        int64_t time;
    } cases[] = {
        { "1970-01-01", SP_TIME_UNKNOWN },
        { "2001-09-09T01:46:40Z", 1000000000 },
        { "2001-09-09T01:46:40.123456Z", 1000000000 },
        { "2001-09-09T03:46:40+02:00", 1000000000 },
        { "2001-09-09 01:46:40 UTC", 1000000000 },
        { "2001-09-09T01:46:40", 1000000000 },
        { "2000-02-29", 951782400 },
        { "9999-01-01T00:00:00Z", SP_TIME_UNKNOWN },
        { "2001-13-01", SP_TIME_UNKNOWN },
        { "2001-09-09T25:00:00Z", SP_TIME_UNKNOWN },
        { "2001-09-09T01:46:40Zjunk", SP_TIME_UNKNOWN },
        { "yesterday", SP_TIME_UNKNOWN },
        { "", SP_TIME_UNKNOWN },
        { "2001-09-09T01:46:40+", SP_TIME_UNKNOWN },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        if (sp_time_read(cases[i].text, strlen(cases[i].text)) != cases[i].time)
            fail_msg("%s: %lld", cases[i].text,
                     (long long)sp_time_read(cases[i].text, strlen(cases[i].text)));
    char text[16];
    sp_time_write(1000000000, text);
    assert_string_equal(text, "2001-09-09");
    sp_time_write(SP_TIME_UNKNOWN, text);
    assert_string_equal(text, "unknown");
}

static void
one_repository_has_one_key(void **state SP_UNUSED)
{
    static const char *const cases[][2] = {
        { "git+https://github.com/Babel/babel.git#main", "github.com/babel/babel" },
        { "git@github.com:babel/babel.git", "github.com/babel/babel" },
        { "ssh://git@github.com/babel/babel", "github.com/babel/babel" },
        { "git://github.com/babel/babel.git", "github.com/babel/babel" },
        { "github:babel/babel", "github.com/babel/babel" },
        { "babel/babel", "github.com/babel/babel" },
        { "https://user:secret@www.github.com:443/babel/babel/tree/main/packages/core",
          "github.com/babel/babel" },
        { "scm:git:https://gitbox.apache.org/repos/asf/Commons.git", "gitbox.apache.org/repos/asf/Commons" },
        { "https://gitlab.com/group/sub/project", "gitlab.com/group/sub/project" },
        { "https://github.com/babel", "" },
        { "https://example.org", "" },
        { "not a url at all", "" },
        { "", "" },
        { "https:///x", "" },
        { "lodash", "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char key[256];
        sp_repository_key(cases[i][0], key, sizeof(key));
        assert_string_equal(key, cases[i][1]);
    }
    struct sp_slice owner = sp_repository_owner("github.com/babel/babel");
    assert_int_equal(owner.length, 5);
    assert_memory_equal(owner.bytes, "babel", 5);
    char small[8];
    sp_repository_key("https://github.com/babel/babel", small, sizeof(small));
    assert_string_equal(small, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_told_is_unknown_and_blank_is_known),
        cmocka_unit_test(the_first_to_speak_wins),
        cmocka_unit_test(hostile_text_is_bounded_and_clean),
        cmocka_unit_test(created_and_updated_follow_from_releases),
        cmocka_unit_test(times_are_read_as_registries_write_them),
        cmocka_unit_test(one_repository_has_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
