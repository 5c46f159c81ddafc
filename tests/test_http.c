/* The HTTP client against a registry that misbehaves. */
#include "http/http.h"
#include "stand_in.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct stand_in *stand, *other;
static struct sp_http *http;

struct seen {
    long status;
    char url[256], type[64];
    int64_t length;
    struct sp_buffer body;
    const char *refused; /* a part of the URLs that may not be asked */
    const char *token;   /* sent to those that hold "private" */
};

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    const struct seen *seen = context;
    if (seen->refused && strstr(url, seen->refused))
        return sp_fail(err, SP_ERROR_USAGE, "%s may not be asked", url);
    if (seen->token && strstr(url, "private"))
        *authorization = seen->token;
    return 0;
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err)
{
    (void)err;
    struct seen *seen = context;
    const char *type = sp_http_header(head, "content-type");
    seen->status = head->status;
    seen->length = head->length;
    snprintf(seen->url, sizeof(seen->url), "%s", head->url);
    snprintf(seen->type, sizeof(seen->type), "%s", type ? type : "");
    return 0;
}

static int
take_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    return sp_buffer_append(&((struct seen *)context)->body, bytes, length, err);
}

static int
fetch(const char *path, uint64_t max, struct seen *seen, struct sp_error *err)
{
    char url[256];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", stand_in_port(stand), path);
    sp_buffer_clear(&seen->body);
    const struct sp_http_request request = { .url = url,
                                             .max_bytes = max,
                                             .decode = true,
                                             .admit = admit,
                                             .head = take_head,
                                             .body = take_body,
                                             .context = seen };
    return sp_http_fetch(http, &request, err);
}

static void
plain_answer_comes_whole(void **state SP_UNUSED)
{
    struct seen seen = { 0 };
    struct sp_error err = { 0 };
    stand_in_add(stand, "/plain", "text/x", "hello", 5);
    assert_int_equal(fetch("/plain", 100, &seen, &err), 0);
    assert_int_equal(seen.status, 200);
    assert_int_equal(seen.length, 5);
    assert_string_equal(seen.type, "text/x");
    assert_string_equal(seen.body.bytes, "hello");
    assert_int_equal(fetch("/nowhere", 100, &seen, &err), 0);
    assert_int_equal(seen.status, 404);
    sp_buffer_free(&seen.body);
}

static void
failures_say_host_and_why(void **state SP_UNUSED)
{
    struct seen seen = { .refused = "forbidden" };
    struct sp_error err = { 0 };
    stand_in_add(stand, "/large", "text/x", "0123456789", 10);
    stand_in_add(stand, "/cut", "text/x", "0123456789", 10)->truncated = true;
    stand_in_add(stand, "/endless", "text/x", "0123456789", 10)->endless = true;
    stand_in_add(stand, "/to-nowhere", NULL, "", 0)->status = 302;
    stand_in_add(stand, "/silent", NULL, "x", 1)->delay = 2500;
    static const struct {
        const char *path, *says;
    } cases[] = {
        { "/large", "larger than 9 bytes" },   { "/cut", "broke off" },
        { "/endless", "larger than 9 bytes" }, { "/to-nowhere", "to nowhere" },
        { "/silent", "no answer in time" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        err = (struct sp_error){ 0 };
        uint64_t max = strcmp(cases[i].path, "/cut") == 0 ? 100 : 9;
        if (fetch(cases[i].path, max, &seen, &err) == 0)
            fail_msg("%s: succeeded", cases[i].path);
        if (!strstr(err.text, cases[i].says) || !strstr(err.text, "127.0.0.1"))
            fail_msg("%s: '%s' instead of '%s'", cases[i].path, err.text, cases[i].says);
    }
    assert_int_equal(err.number, ETIMEDOUT);
    sp_buffer_free(&seen.body);
}

static void
busy_registry_is_asked_again(void **state SP_UNUSED)
{
    struct seen seen = { 0 };
    struct sp_error err = { 0 };
    struct stand_in_page *page = stand_in_add(stand, "/busy", NULL, "ok", 2);
    page->fail_first = 2;
    assert_int_equal(fetch("/busy", 10, &seen, &err), 0);
    assert_int_equal(seen.status, 200);
    assert_int_equal(page->hits, 3);
    struct stand_in_page *down = stand_in_add(stand, "/down", NULL, "", 0);
    down->fail_first = 100;
    assert_int_equal(fetch("/down", 10, &seen, &err), 0);
    assert_int_equal(seen.status, 503); /* handed on at last */
    sp_buffer_free(&seen.body);
}

static void
redirects_ask_first_and_lose_the_token(void **state SP_UNUSED)
{
    struct seen seen = { .refused = "forbidden", .token = "Bearer secret" };
    struct sp_error err = { 0 };
    static char far[128], forbidden[128];
    snprintf(far, sizeof(far), "http://127.0.0.1:%u/far", stand_in_port(other));
    snprintf(forbidden, sizeof(forbidden), "http://127.0.0.1:%u/forbidden", stand_in_port(other));
    struct stand_in_page *page = stand_in_add(stand, "/private/a", NULL, "", 0);
    page->status = 302;
    page->location = far;
    struct stand_in_page *target = stand_in_add(other, "/far", NULL, "there", 5);
    assert_int_equal(fetch("/private/a", 10, &seen, &err), 0);
    assert_string_equal(seen.body.bytes, "there");
    assert_string_equal(seen.url, far);
    assert_string_equal(page->authorization, "Bearer secret");
    assert_string_equal(target->authorization, "");

    struct stand_in_page *evil = stand_in_add(stand, "/evil", NULL, "", 0);
    evil->status = 301;
    evil->location = forbidden;
    assert_int_equal(fetch("/evil", 10, &seen, &err), -1);
    assert_non_null(strstr(err.text, "may not be asked"));

    struct stand_in_page *loop = stand_in_add(stand, "/loop", NULL, "", 0);
    loop->status = 302;
    loop->location = "/loop";
    assert_int_equal(fetch("/loop", 10, &seen, &err), -1);
    assert_non_null(strstr(err.text, "more than 5 times"));

    struct stand_in_page *file = stand_in_add(stand, "/file", NULL, "", 0);
    file->status = 302;
    file->location = "file:///etc/passwd";
    assert_int_equal(fetch("/file", 10, &seen, &err), -1);
    sp_buffer_free(&seen.body);
}

static void
nobody_listens_is_said(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct seen seen = { 0 };
    unsigned port;
    close(stand_in_listen(&port));
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
    const struct sp_http_request request = { .url = url, .max_bytes = 1, .admit = admit, .context = &seen };
    assert_int_equal(sp_http_fetch(http, &request, &err), -1);
    assert_non_null(strstr(err.text, "127.0.0.1"));
}

static void
caching_headers_are_read(void **state SP_UNUSED)
{
    static const struct {
        const char *text;
        unsigned long age;
        bool store;
    } cases[] = {
        { NULL, 300, true },        { "", 300, true },
        { "max-age=60", 60, true }, { "public, max-age=600, immutable", 600, true },
        { "no-store", 0, false },   { "max-age=50, no-cache", 0, true },
        { "max-age=0", 0, true },   { "max-age=99999999999999999999999", 1000, true },
        { "private", 300, true },   { ",,,", 300, true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        bool store;
        unsigned long age = sp_http_max_age(cases[i].text, 1000, 300, &store);
        if (age != cases[i].age || store != cases[i].store)
            fail_msg("'%s': %lu, %d", cases[i].text ? cases[i].text : "(none)", age, store);
    }
}

static void *
fetch_silent(void *context)
{
    struct seen seen = { 0 };
    fetch("/silent-too", 10, &seen, context);
    return NULL;
}

static void
stop_ends_what_is_under_way(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct seen seen = { 0 };
    pthread_t thread;
    stand_in_add(stand, "/silent-too", NULL, "x", 1)->delay = 5000;
    pthread_create(&thread, NULL, fetch_silent, &err);
    nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
    sp_http_stop(http);
    pthread_join(thread, NULL);
    assert_int_equal(err.number, ECANCELED);
    assert_int_equal(fetch("/plain", 10, &seen, &err), -1);
}

static int
start(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    const struct sp_http_options options = { .timeout_seconds = 1, .attempts = 3, .backoff_milliseconds = 1 };
    stand = stand_in_start();
    other = stand_in_start();
    return sp_http_new(&http, &options, &err);
}

static int
stop(void **state SP_UNUSED)
{
    sp_http_free(http);
    stand_in_stop(stand);
    stand_in_stop(other);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_answer_comes_whole),
        cmocka_unit_test(failures_say_host_and_why),
        cmocka_unit_test(busy_registry_is_asked_again),
        cmocka_unit_test(redirects_ask_first_and_lose_the_token),
        cmocka_unit_test(nobody_listens_is_said),
        cmocka_unit_test(caching_headers_are_read),
        cmocka_unit_test(stop_ends_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
