/* The report that is kept: that it comes back as it was, and that what is none is refused. */
#include "gate/last.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define PAGE                                                                                                 \
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"                                \
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';\">"

static void
what_is_kept_comes_back(void **state)
{
    (void)state;
    char directory[] = "/var/tmp/sallyport-last-XXXXXX", path[128];
    static const char *const texts[] = { "allow\n", "{\"verdict\": \"allow\"}\n", PAGE "x\n" };
    struct sp_error err = { 0 };
    struct stat status;
    assert_non_null(mkdtemp(directory));
    setenv("XDG_CACHE_HOME", directory, 1);
    for (int again = 0; again < 2; again++) {
        struct sp_buffer forms[SP_LAST_FORM_COUNT] = { 0 };
        for (size_t i = 0; i < SP_LAST_FORM_COUNT; i++)
            assert_int_equal(sp_buffer_append_string(&forms[i], texts[i], NULL), 0);
        if (sp_last_write(forms, &err) < 0)
            fail_msg("%s", err.text);
        for (size_t i = 0; i < SP_LAST_FORM_COUNT; i++) {
            sp_autobuffer struct sp_buffer out = { 0 };
            if (sp_last_read((enum sp_last_form)i, &out, &err) < 0)
                fail_msg("%s", err.text);
            assert_string_equal(out.bytes, texts[i]);
            sp_buffer_free(&forms[i]);
        }
    }
    snprintf(path, sizeof(path), "%s/sallyport/last-report", directory);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    unlink(path);
}

static void
what_is_none_of_ours_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum sp_last_form form;
    } cases[] = {
        { "", SP_LAST_TEXT },
        { "\n", SP_LAST_TEXT },
        { "sallyport-last-report 1 1 0 0", SP_LAST_TEXT },
        { "sallyport-last-report 2 1 0 0\nx", SP_LAST_TEXT },
        { "sallyport-last-report 1 1 0 0 0\nx", SP_LAST_TEXT },
        { "sallyport-last-report 1 2 0 0\nx", SP_LAST_TEXT },
        { "sallyport-last-report 1 1 0 0\nxy", SP_LAST_TEXT },
        { "sallyport-last-report 1 18446744073709551615 1 1\nx", SP_LAST_TEXT },
        { "sallyport-last-report 1 -1 1 1\nx", SP_LAST_TEXT },
        { "sallyport-last-report 1 3 0 0\n\033[m", SP_LAST_TEXT },
        { "sallyport-last-report 1 3 0 0\n\xe2\x80\xae", SP_LAST_TEXT },
        { "sallyport-last-report 1 0 2 0\n{x", SP_LAST_JSON },
        { "sallyport-last-report 1 0 2 0\n[]", SP_LAST_JSON },
        { "sallyport-last-report 1 0 5 0\n{} {}", SP_LAST_JSON },
        { "sallyport-last-report 1 0 1 1\n{}", SP_LAST_JSON },
        { "sallyport-last-report 1 0 0 8\n<script>", SP_LAST_HTML },
        { "sallyport-last-report 1 0 0 8\n<script>", SP_LAST_HTML },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        if (sp_last_parse("p", cases[i].bytes, strlen(cases[i].bytes), cases[i].form, &out, &err) == 0)
            fail_msg("accepted: %s", cases[i].bytes);
        assert_int_equal(out.length, 0);
        assert_true(err.code != SP_ERROR_NONE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_comes_back),
        cmocka_unit_test(what_is_none_of_ours_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
