/* The public C API, as a stranger uses it: this file includes nothing of ours but the public header. */
#include <sallyport/sallyport.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sallyport *
open_gate(void)
{
    char error[SALLYPORT_ERROR_MAX] = "";
    sallyport *gate = sallyport_open(NULL, error);
    if (!gate)
        fail_msg("%s", error);
    return gate;
}

static void
a_lookalike_is_found_with_its_target(void **state)
{
    (void)state;
    char error[SALLYPORT_ERROR_MAX];
    sallyport *gate = open_gate();
    struct sallyport_result *result = sallyport_check(gate, "npm", "crossenv", "6.1.1", error);
    assert_non_null(result);
    assert_int_equal(result->count, 1);
    const struct sallyport_finding *finding = &result->findings[0];
    assert_string_equal(finding->target, "cross-env");
    assert_string_equal(finding->target_ecosystem, "npm");
    assert_string_equal(finding->name, "crossenv");
    assert_true(finding->risk > 0.5 && finding->risk <= 1);
    assert_true(finding->category_count > 0);
    assert_true(result->outcome == SALLYPORT_TO_REVIEW || result->outcome == SALLYPORT_TO_BLOCK);
    sallyport_result_free(result);
    sallyport_close(gate);
}

static void
a_popular_name_is_allowed(void **state)
{
    (void)state;
    char error[SALLYPORT_ERROR_MAX];
    sallyport *gate = open_gate();
    struct sallyport_result *result = sallyport_check(gate, "npm", "lodash", NULL, error);
    assert_non_null(result);
    assert_int_equal(result->outcome, SALLYPORT_ALLOW);
    assert_int_equal(result->count, 0);
    sallyport_result_free(result);
    sallyport_close(gate);
}

static void
a_package_url_is_as_good_as_a_name(void **state)
{
    (void)state;
    char error[SALLYPORT_ERROR_MAX];
    sallyport *gate = open_gate();
    struct sallyport_result *result = sallyport_check_purl(gate, "pkg:npm/crossenv@6.1.1", error);
    assert_non_null(result);
    assert_string_equal(result->findings[0].target, "cross-env");
    sallyport_result_free(result);
    sallyport_close(gate);
}

static void
a_result_outlives_its_handle_and_the_callers_strings(void **state)
{
    (void)state;
    char name[] = "crossenv", error[SALLYPORT_ERROR_MAX];
    sallyport *gate = open_gate();
    struct sallyport_result *result = sallyport_check(gate, "npm", name, NULL, error);
    memset(name, 'x', sizeof(name) - 1);
    sallyport_close(gate);
    assert_string_equal(result->findings[0].name, "crossenv");
    assert_string_equal(result->findings[0].target, "cross-env");
    sallyport_result_free(result);
}

static void
what_cannot_be_judged_is_an_error_with_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *ecosystem, *name;
    } cases[] = { { "nmp", "lodash" }, { "npm", "" },        { "npm", "a b" },
                  { "npm", "\xff" },   { "pypi", "a\033b" }, { "", "" } };
    char long_name[10001];
    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    sallyport *gate = open_gate();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char error[SALLYPORT_ERROR_MAX] = "";
        assert_null(sallyport_check(gate, cases[i].ecosystem, cases[i].name, NULL, error));
        assert_true(strlen(error) > 0);
        assert_null(strchr(error, '\033'));
    }
    assert_null(sallyport_check(gate, "npm", long_name, NULL, NULL));
    assert_null(sallyport_check_purl(gate, "pkg:", NULL));
    assert_null(sallyport_check_purl(gate, "pkg:docker/debian", NULL));
    sallyport_close(gate);
}

static void
a_missing_index_is_an_error_with_a_line(void **state)
{
    (void)state;
    char error[SALLYPORT_ERROR_MAX] = "";
    assert_null(sallyport_open("/nonexistent/index", error));
    assert_non_null(strstr(error, "/nonexistent/index"));
    assert_null(sallyport_open("/nonexistent/index", NULL));
}

static void *
check_in_thread(void *found)
{
    char error[SALLYPORT_ERROR_MAX];
    sallyport *gate = sallyport_open(NULL, error);
    for (int i = 0; gate && i < 200; i++) {
        struct sallyport_result *result =
            sallyport_check(gate, i % 2 ? "npm" : "pypi", "crossenv", NULL, error);
        *(size_t *)found += result && i % 2 ? result->count : 0;
        sallyport_result_free(result);
    }
    sallyport_close(gate);
    return NULL;
}

static void
threads_with_a_handle_each_agree(void **state)
{
    (void)state;
    pthread_t threads[4];
    size_t found[4] = { 0 };
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, check_in_thread, &found[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        assert_int_equal(found[i], 100);
}

static void
nothing_may_be_freed(void **state)
{
    (void)state;
    sallyport_close(NULL);
    sallyport_result_free(NULL);
}

static void
header_and_library_are_of_one_version(void **state)
{
    (void)state;
    assert_string_equal(sallyport_version(), SALLYPORT_VERSION);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lookalike_is_found_with_its_target),
        cmocka_unit_test(a_popular_name_is_allowed),
        cmocka_unit_test(a_package_url_is_as_good_as_a_name),
        cmocka_unit_test(a_result_outlives_its_handle_and_the_callers_strings),
        cmocka_unit_test(what_cannot_be_judged_is_an_error_with_a_line),
        cmocka_unit_test(a_missing_index_is_an_error_with_a_line),
        cmocka_unit_test(threads_with_a_handle_each_agree),
        cmocka_unit_test(nothing_may_be_freed),
        cmocka_unit_test(header_and_library_are_of_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
