/* The proxy between a client that shows every byte and a registry that misbehaves. */
#include "proxy_scene.h"

/* ---- pages ---- */

static void
packument_leads_back_to_the_proxy(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    add_npm(scene, "left-pad", "1.0.0", "tarball", 7, "tarball", 7);
    ask(scene, &said, "GET", "/npm/left-pad", "Accept: application/vnd.npm.install-v1+json\r\n");
    assert_int_equal(said.status, 200);
    char expected[128];
    snprintf(expected, sizeof(expected),
             "\"tarball\":\"%s/http/127.0.0.1:%u/npm/left-pad/-/left-pad-1.0.0.tgz\"", scene->origin,
             stand_in_port(scene->stand));
    must_hold(said.body, expected);
    get(scene, &said, "/npm/left-pad/-/left-pad-1.0.0.tgz");
    must_be_whole(&said, "tarball", 7);
    get(scene, &said, "/npm/left-pad/-/left-pad-1.0.0.tgz");
    must_be_whole(&said, "tarball", 7);
    must_happen(scene, "package left-pad|pkg:npm/left-pad||0|0\n");
    must_happen(scene, "|pkg:npm/left-pad@1.0.0|sha512-");
    must_happen(scene, "|0|7\n"); /* from the registry, then from the cache */
    must_happen(scene, "|1|7\n");
    pthread_mutex_lock(&scene->lock);
    const char *first = strstr(scene->events.bytes, "package left-pad");
    assert_null(strstr(first + 1, "package left-pad")); /* said once */
    pthread_mutex_unlock(&scene->lock);
}

static void
page_is_kept_and_revalidated(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    struct stand_in_page *stale = stand_in_add(scene->stand, "/npm/stale", "application/json", "{}", 2);
    struct stand_in_page *fresh = stand_in_add(scene->stand, "/npm/fresh", "application/json", "{}", 2);
    stale->etag = "\"one\"";
    stale->cache_control = "max-age=0";
    for (int i = 0; i < 3; i++) {
        get(scene, &said, "/npm/stale");
        must_be_whole(&said, "{}", 2);
        get(scene, &said, "/npm/fresh");
        must_be_whole(&said, "{}", 2);
    }
    assert_int_equal(stale->hits, 3);
    assert_int_equal(stale->not_modified, 2);
    assert_int_equal(fresh->hits, 1);
    ask(scene, &said, "GET", "/npm/stale", "If-None-Match: \"one\"\r\n");
    assert_int_equal(said.status, 304);
}

static void
simple_pages_in_both_forms_lead_back(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    const char *html = "<html><a href=\"../../files/six-1.0-py3-none-any.whl#sha256="
                       "b45fe8ec5cd8a4b4ba2a5f5b6fca2b8bb4b2c1e2f0bb4a4e4ad2bbbd5b0e0e0e\">six</a>";
    stand_in_add(scene->stand, "/pypi/simple/six/", "text/html", html, strlen(html));
    const char *json = "{\"files\":[{\"url\":\"json-1.tar.gz\",\"hashes\":{}}]}";
    stand_in_add(scene->stand, "/pypi/simple/json/", "application/vnd.pypi.simple.v1+json", json,
                 strlen(json));
    stand_in_add(scene->stand, "/pypi/files/six-1.0-py3-none-any.whl", NULL, "other bytes", 11);
    stand_in_add(scene->stand, "/pypi/simple/json/json-1.tar.gz", NULL, "source", 6);
    get(scene, &said, "/pypi/simple/six/");
    must_hold(said.body, scene->origin);
    get(scene, &said, "/pypi/files/six-1.0-py3-none-any.whl");
    assert_int_equal(said.status, 502);
    must_hold(said.body, "not the bytes");
    get(scene, &said, "/pypi/simple/json/");
    must_hold(said.body, "/pypi/simple/json/json-1.tar.gz\"");
    get(scene, &said, "/pypi/simple/json/json-1.tar.gz");
    must_be_whole(&said, "source", 6);
    must_happen(scene, "|pkg:pypi/six@1.0|");
    must_happen(scene, "|pkg:pypi/json@1|sha512-");
}

/* ---- digests ---- */

static void
wrong_file_is_never_complete(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    static const struct {
        const char *name;
        size_t length;
        bool endless;
    } cases[] = { { "small", 10 }, { "middle", 200000 }, { "huge", LARGE }, { "chunked", LARGE, true } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct stand_in_page *page =
            add_npm(scene, cases[i].name, "1.0.0", large, cases[i].length, "what was stated", 15);
        if (cases[i].endless)
            page->truncated = true;
        get(scene, &said, text(scene, "/npm/%s", cases[i].name));
        for (int again = 0; again < 2; again++) {
            get(scene, &said, text(scene, "/npm/%s/-/%s-1.0.0.tgz", cases[i].name, cases[i].name));
            must_not_be_whole(&said, cases[i].length);
        }
        must_happen(scene, text(scene, "pkg:npm/%s@1.0.0|", cases[i].name));
    }
    must_happen(scene, "these are not the bytes that the registry stated");
    must_happen(scene, "|-1|");
}

static void
large_file_streams_and_is_right(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    add_npm(scene, "big", "1.0.0", large, LARGE, large, LARGE)->pause = 1;
    get(scene, &said, "/npm/big");
    get(scene, &said, "/npm/big/-/big-1.0.0.tgz");
    must_be_whole(&said, large, LARGE);
    must_happen(scene, text(scene, "|0|%zu\n", LARGE));
    get(scene, &said, "/npm/big/-/big-1.0.0.tgz");
    must_be_whole(&said, large, LARGE);
}

static void *
get_big(void *context)
{
    struct scene *scene = context;
    auto_said struct said said = { 0 };
    get(scene, &said, "/npm/shared/-/shared-1.0.0.tgz");
    return (void *)(uintptr_t)(said.complete && said.body_length == LARGE &&
                               !memcmp(said.body, large, LARGE));
}

static void
artefact_wanted_by_many_is_fetched_once(void **state)
{
    struct scene *scene = *state;
    pthread_t threads[8];
    struct stand_in_page *page = add_npm(scene, "shared", "1.0.0", large, LARGE, large, LARGE);
    page->delay = 100;
    page->pause = 1;
    for (size_t i = 0; i < SP_COUNT(threads); i++)
        pthread_create(&threads[i], NULL, get_big, scene);
    for (size_t i = 0; i < SP_COUNT(threads); i++) {
        void *whole;
        pthread_join(threads[i], &whole);
        assert_non_null(whole);
    }
    assert_int_equal(page->hits, 1);
}

/* ---- refusals ---- */

static void
refused_package_is_said_to_its_user(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    get(scene, &said, "/npm/lodahs");
    assert_int_equal(said.status, 403);
    must_hold(said.body, "{\"error\":\"refused lodahs: lodahs is made to be mistaken for another\"}");
    get(scene, &said, "/npm/lodahs/-/lodahs-1.0.0.tgz");
    assert_int_equal(said.status, 403);
    get(scene, &said, "/npm/fine/-/fine-6.6.6.tgz");
    assert_int_equal(said.status, 403);
    must_hold(said.body, "refused fine 6.6.6: this version");
    get(scene, &said, "/npm/unknown");
    assert_int_equal(said.status, 403);
    must_hold(said.body, "the index cannot be read");
    get(scene, &said, "/pypi/simple/ReqEusts/");
    assert_int_equal(said.status, 403);
    /* pip shows the type of a page that it cannot read, and the URL of a file that it may not have */
    ask(scene, &said, "GET", "/pypi/simple/reqeusts/", "User-Agent: pip/23.2.1\r\n");
    must_hold(said.head, "Content-Type: Sallyport: refused reqeusts: reqeusts is made");
    ask(scene, &said, "GET", "/pypi/files/reqeusts-1.0.tar.gz", "User-Agent: pip/23.2.1\r\n");
    must_hold(said.head, "Location: /refused/refused_reqeusts_1.0:_reqeusts_is_made");
    assert_int_equal(stand_in_hits(scene->stand), 0);
    must_happen(scene, "package lodahs|pkg:npm/lodahs|lodahs is made to be mistaken for another|2|0\n");
    must_happen(scene, "package fine|pkg:npm/fine@6.6.6|this version is known to be malicious|2|0\n");
    must_happen(scene, "package unknown|pkg:npm/unknown|the index cannot be read|-1|0\n");

    scene->options.enforce = false;
    restart_proxy(scene);
    stand_in_add(scene->stand, "/npm/lodahs", "application/json", "{}", 2);
    get(scene, &said, "/npm/lodahs");
    must_be_whole(&said, "{}", 2);
}

static void
other_methods_hosts_and_paths_are_refused(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *request, *says;
        unsigned status;
    } cases[] = {
        { "PUT /https/registry.example/x HTTP/1.1\r\n", "GET and HEAD", 405 },
        { "DELETE /https/registry.example/x HTTP/1.1\r\n", "GET and HEAD", 405 },
        { "POST /https/registry.example/x HTTP/1.1\r\n", "--allow-host registry.example", 403 },
        { "GET /https/evil.example/x HTTP/1.1\r\n", "--allow-host evil.example", 403 },
        { "GET /https/169.254.169.254/latest/meta-data HTTP/1.1\r\n", "--allow-host", 403 },
        { "GET / HTTP/1.1\r\n", "/https/HOST/PATH", 404 },
        { "GET /etc/passwd HTTP/1.1\r\n", "/https/HOST/PATH", 404 },
        { "GET http://evil.example/ HTTP/1.1\r\n", "/https/HOST/PATH", 404 },
        { "GET /https/u:p@h/x HTTP/1.1\r\n", "credentials", 400 },
        { "GET /https/h/../../x HTTP/1.1\r\n", "'.' and '..'", 400 },
        { "GET /https/h/%2e%2e/x HTTP/1.1\r\n", "'.' and '..'", 400 },
        { "GET /https/h/a%0d%0aX-Evil:%20y HTTP/1.1\r\n", "control character", 400 },
    };
    auto_said struct said said = { 0 };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        say(scene, &said, text(scene, "%sHost: x\r\nConnection: close\r\n\r\n", cases[i].request));
        if (said.status != cases[i].status || !said.body || !strstr(said.body, cases[i].says))
            fail_msg("%s: %u %s", cases[i].request, said.status, said.body ? said.body : "");
    }
    /* npm shows the error of a JSON body, pip the URL that failed */
    const char *foreign =
        "GET /https/evil.example/x.tgz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: ";
    say(scene, &said, text(scene, "%snpm/11\r\n\r\n", foreign));
    must_hold(said.body, "{\"error\":\"evil.example is none of your");
    say(scene, &said, text(scene, "%spip/23\r\n\r\n", foreign));
    must_hold(said.head, "Location: /refused/evil.example_is_none_of_your");
    ask(scene, &said, "POST", "/npm/left-pad", "Content-Length: 0\r\n");
    assert_int_equal(said.status, 405);
    must_happen(scene, "request PUT /https/registry.example/x|");
    must_happen(scene, "request GET https://evil.example/x||evil.example is none of your registries'");
    assert_int_equal(stand_in_hits(scene->stand), 0);
}

static void
tarball_and_redirect_to_another_host_are_not_followed(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    stand_in_add(scene->foreign, "/evil.tgz", NULL, "evil", 4);
    const char *far = text(scene, "http://127.0.0.1:%u/evil.tgz", stand_in_port(scene->foreign));
    const char *page = text(scene, "{\"versions\":{\"1.0.0\":{\"dist\":{\"tarball\":\"%s\"}}}}", far);
    stand_in_add(scene->stand, "/npm/evil", "application/json", page, strlen(page));
    struct stand_in_page *moved = stand_in_add(scene->stand, "/npm/moved/-/moved-1.0.0.tgz", NULL, "", 0);
    moved->status = 302;
    moved->location = far;
    get(scene, &said, "/npm/evil");
    must_hold(said.body,
              text(scene, "%s/http/127.0.0.1:%u/evil.tgz", scene->origin, stand_in_port(scene->foreign)));
    say(scene, &said,
        text(scene, "GET /http/127.0.0.1:%u/evil.tgz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             stand_in_port(scene->foreign)));
    assert_int_equal(said.status, 403);
    get(scene, &said, "/npm/moved/-/moved-1.0.0.tgz");
    assert_int_equal(said.status, 502);
    must_hold(said.body, "--allow-host");
    assert_int_equal(stand_in_hits(scene->foreign), 0);

    const char *const allowed[] = { text(scene, "127.0.0.1:%u", stand_in_port(scene->foreign)), NULL };
    scene->options.allow_hosts = allowed;
    restart_proxy(scene);
    get(scene, &said, "/npm/moved/-/moved-1.0.0.tgz");
    must_be_whole(&said, "evil", 4);
    scene->options.allow_hosts = NULL;
    restart_proxy(scene);
}

static void
token_goes_to_its_prefix_and_the_clients_own_nowhere(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    struct stand_in_page *ours = stand_in_add(scene->stand, "/npm/@corp/a", "application/json", "{}", 2);
    struct stand_in_page *others = stand_in_add(scene->stand, "/npm/public", "application/json", "{}", 2);
    struct stand_in_page *ping = stand_in_add(scene->stand, "/npm/-/ping", "application/json", "{}", 2);
    const char *headers = "Authorization: Bearer stolen\r\nCookie: a=b\r\n";
    ask(scene, &said, "GET", "/npm/@corp/a", headers);
    ask(scene, &said, "GET", "/npm/public", headers);
    ask(scene, &said, "GET", "/npm/-/ping", headers);
    must_be_whole(&said, "{}", 2);
    assert_string_equal(ours->authorization, "Bearer secret");
    assert_string_equal(others->authorization, "");
    assert_string_equal(ping->authorization, "");
}

static void
audit_is_passed_on_and_bounded(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    struct stand_in_page *audit =
        stand_in_add(scene->stand, "/npm/-/npm/v1/security/advisories/bulk", "application/json", "{}", 2);
    ask(scene, &said, "POST", "/npm/-/npm/v1/security/advisories/bulk",
        "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}");
    must_be_whole(&said, "{}", 2);
    assert_string_equal(audit->content, "{\"a\":\"b\"}");
    const char *head = text(scene,
                            "POST /http/127.0.0.1:%u/npm/-/npm/v1/security/advisories/bulk HTTP/1.1\r\nHost: "
                            "x\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                            stand_in_port(scene->stand), LARGE);
    sp_autobuffer struct sp_buffer request = { 0 };
    sp_buffer_append_string(&request, head, NULL);
    sp_buffer_append(&request, large, LARGE, NULL);
    stand_in_say(&said, scene->port, request.bytes, request.length);
    assert_int_not_equal(said.status, 200);
    assert_int_equal(audit->hits, 1);
}

/* ---- the cache ---- */

static void
what_is_kept_outlives_the_registry(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    add_npm(scene, "kept", "1.0.0", "tarball", 7, "tarball", 7);
    get(scene, &said, "/npm/kept");
    get(scene, &said, "/npm/kept/-/kept-1.0.0.tgz");
    unsigned before = stand_in_hits(scene->stand);
    scene->options.offline = true;
    restart_proxy(scene);
    /* as npm ci does: the page is never asked for */
    get(scene, &said, "/npm/kept/-/kept-1.0.0.tgz");
    must_be_whole(&said, "tarball", 7);
    ask(scene, &said, "HEAD", "/npm/kept", "");
    assert_int_equal(said.status, 200);
    assert_int_equal(said.body_length, 0);
    get(scene, &said, "/npm/kept");
    assert_int_equal(said.status, 200);
    get(scene, &said, "/npm/kept/-/kept-2.0.0.tgz");
    assert_int_equal(said.status, 504);
    must_hold(said.body, "not in the cache");
    get(scene, &said, "/npm/never");
    assert_int_equal(said.status, 504);
    assert_int_equal(stand_in_hits(scene->stand), before);
}

static int
damage_file(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)walk;
    if (flag == FTW_F && strstr(path, "/artefacts/"))
        sp_file_write(path, "damaged", 7, NULL);
    return 0;
}

static void
damaged_file_in_the_cache_is_fetched_anew(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    struct stand_in_page *page = add_npm(scene, "hurt", "1.0.0", "tarball", 7, "tarball", 7);
    get(scene, &said, "/npm/hurt/-/hurt-1.0.0.tgz");
    nftw(scene->cache, damage_file, 16, FTW_PHYS);
    restart_proxy(scene);
    get(scene, &said, "/npm/hurt/-/hurt-1.0.0.tgz");
    must_be_whole(&said, "tarball", 7);
    assert_int_equal(page->hits, 2);
}

static uint64_t held;

static int
count_file(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)path, (void)walk;
    if (flag == FTW_F)
        held += (uint64_t)status->st_blocks * 512;
    return 0;
}

static void
least_recently_used_goes_first(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    const size_t size = 400000;
    scene->options.cache_limit = 1500000;
    restart_proxy(scene);
    struct stand_in_page *pages[6];
    for (size_t i = 0; i < SP_COUNT(pages); i++) {
        const char *path = text(scene, "/npm/p%zu/-/p%zu-1.tgz", i, i);
        pages[i] = stand_in_add(scene->stand, path, NULL, large + i, size);
        get(scene, &said, path);
        must_be_whole(&said, large + i, size);
        get(scene, &said, "/npm/p0/-/p0-1.tgz"); /* used all the time */
        nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    }
    held = 0;
    nftw(scene->cache, count_file, 16, FTW_PHYS);
    if (held > scene->options.cache_limit)
        fail_msg("%llu bytes are held", (unsigned long long)held);
    assert_int_equal(pages[0]->hits, 1);
    get(scene, &said, "/npm/p1/-/p1-1.tgz");
    assert_int_equal(pages[1]->hits, 2);
}

static void
limits_and_failures_of_the_registry_are_said(void **state)
{
    struct scene *scene = *state;
    auto_said struct said said = { 0 };
    scene->options.artefact_limit = 100000;
    restart_proxy(scene);
    stand_in_add(scene->stand, "/npm/a/-/large-1.tgz", NULL, large, LARGE);
    stand_in_add(scene->stand, "/npm/a/-/endless-1.tgz", NULL, large, 1000)->endless = true;
    stand_in_add(scene->stand, "/npm/a/-/cut-1.tgz", NULL, large, 1000)->truncated = true;
    stand_in_add(scene->stand, "/npm/a/-/silent-1.tgz", NULL, large, 1000)->delay = 4000;
    stand_in_add(scene->stand, "/npm/broken", "application/json", "{\"a\"", 4);
    stand_in_add(scene->stand, "/npm/a/-/late-1.tgz", NULL, large, 1000)->fail_first = 1;
    stand_in_add(scene->stand, "/npm/gone", NULL, "", 0)->status = 410;
    stand_in_add(scene->stand, "/npm/closed", NULL, "", 0)->status = 401;
    static const struct {
        const char *path, *says;
        unsigned status;
    } cases[] = {
        { "/npm/a/-/large-1.tgz", "are let through", 502 },
        { "/npm/a/-/cut-1.tgz", "broke off", 502 },
        { "/npm/a/-/silent-1.tgz", "no answer in time", 504 },
        { "/npm/a/-/none-1.tgz", "answers 404", 404 },
        { "/npm/a/-/late-1.tgz", "", 200 },
        { "/npm/broken", "truncated", 502 },
        { "/npm/none", "answers 404", 404 },
        { "/npm/gone", "answers 410", 410 },
        { "/npm/closed", "answers 401", 401 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        get(scene, &said, cases[i].path);
        if (said.status != cases[i].status || !said.body || !strstr(said.body, cases[i].says))
            fail_msg("%s: %u %.300s", cases[i].path, said.status, said.body ? said.body : "");
    }
    get(scene, &said, "/npm/a/-/endless-1.tgz"); /* broken off, or refused where nothing had gone out yet */
    must_not_be_whole(&said, 1u << 30);
}

static void
stop_does_not_wait_for_the_registry(void **state)
{
    struct scene *scene = *state;
    pthread_t thread;
    add_npm(scene, "shared", "1.0.0", large, LARGE, large, LARGE)->delay = 1500;
    pthread_create(&thread, NULL, get_big, scene);
    nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
    sp_proxy_stop(scene->proxy);
    scene->proxy = NULL;
    pthread_join(thread, NULL);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(packument_leads_back_to_the_proxy),
        SCENE(page_is_kept_and_revalidated),
        SCENE(simple_pages_in_both_forms_lead_back),
        SCENE(wrong_file_is_never_complete),
        SCENE(large_file_streams_and_is_right),
        SCENE(artefact_wanted_by_many_is_fetched_once),
        SCENE(refused_package_is_said_to_its_user),
        SCENE(other_methods_hosts_and_paths_are_refused),
        SCENE(tarball_and_redirect_to_another_host_are_not_followed),
        SCENE(token_goes_to_its_prefix_and_the_clients_own_nowhere),
        SCENE(audit_is_passed_on_and_bounded),
        SCENE(what_is_kept_outlives_the_registry),
        SCENE(damaged_file_in_the_cache_is_fetched_anew),
        SCENE(least_recently_used_goes_first),
        SCENE(limits_and_failures_of_the_registry_are_said),
        SCENE(stop_does_not_wait_for_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
