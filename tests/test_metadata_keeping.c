/* The transport and its kept answers, against a registry that misbehaves. */
#include "metadata/keeping.h"
#include "base/tree.h"
#include "metadata/kept.h"
#include "metadata_server.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

static struct metadata_server *server, *other, *secure;
static char top[64];
static const struct sp_http_options quick = { .timeout_seconds = 1, .backoff_milliseconds = 1 };

/* ---- the scene ---- */

struct scene {
    char directory[128];
    struct sp_bases bases;
    struct sp_keeping_options options;
    struct sp_keeping *keeping;
    struct sp_transport transport;
    struct sp_answer answer;
    struct sp_error err;
};

static void
open_scene(struct scene *scene)
{
    assert_int_equal(sp_keeping_open(&scene->keeping, &scene->options, &scene->err), 0);
    scene->transport = sp_keeping_transport(scene->keeping);
}

static void
begin(struct scene *scene)
{
    static unsigned number;
    snprintf(scene->directory, sizeof(scene->directory), "%s/%u", top, number++);
    scene->options =
        (struct sp_keeping_options){ .directory = scene->directory, .bases = &scene->bases, .http = &quick };
    open_scene(scene);
}

static void
reopen(struct scene *scene)
{
    sp_answer_free(&scene->answer);
    sp_keeping_close(scene->keeping);
    scene->keeping = NULL;
    open_scene(scene);
}

static void
end(struct scene *scene)
{
    sp_answer_free(&scene->answer);
    sp_keeping_close(scene->keeping);
    sp_tree_remove(scene->directory, NULL);
}
#define auto_scene __attribute__((cleanup(end)))

static const char *
url_of(char url[512], const char *path)
{
    snprintf(url, 512, "http://127.0.0.1:%u%s", metadata_server_port(server), path);
    return url;
}

static int
get_as(struct scene *scene, struct sp_asked asked, const char *path)
{
    char url[512];
    if (!asked.url)
        asked.url = url_of(url, path);
    if (!asked.max_bytes)
        asked.max_bytes = 1 << 20;
    sp_answer_free(&scene->answer);
    scene->err = (struct sp_error){ 0 };
    return scene->transport.get(scene->transport.context, &asked, &scene->answer, &scene->err);
}

static int
get(struct scene *scene, const char *path)
{
    return get_as(scene, (struct sp_asked){ .ecosystem = SP_HUGGINGFACE }, path);
}

/* Gets PATH, and expects STATUS and BODY, and whether the origin was left alone. */
static void
expect(struct scene *scene, const char *path, long status, const char *body, bool kept)
{
    if (get(scene, path) < 0)
        fail_msg("%s: %s", path, scene->err.text);
    if (scene->answer.status != status || scene->answer.kept != kept ||
        scene->answer.length != strlen(body) || strcmp(scene->answer.bytes, body) != 0)
        fail_msg("%s: %ld '%.100s'%s instead of %ld '%s'%s", path, scene->answer.status, scene->answer.bytes,
                 scene->answer.kept ? " kept" : "", status, body, kept ? " kept" : "");
}

static void
expect_failure(struct scene *scene, const char *path, const char *says)
{
    if (get(scene, path) == 0)
        fail_msg("%s: succeeded", path);
    if (!strstr(scene->err.text, says) || !strstr(scene->err.text, "127.0.0.1"))
        fail_msg("%s: '%s' instead of '%s'", path, scene->err.text, says);
}

static struct served *
serve(const char *path, const char *body)
{
    return metadata_serve(server, path, body, strlen(body));
}

/* Calls CALL for the path of each kept answer. */
static size_t
each_file(const char *directory, void (*call)(const char *path, void *context), void *context)
{
    size_t count = 0;
    for (unsigned i = 0; i < 256; i++) {
        char folder[256], path[600];
        snprintf(folder, sizeof(folder), "%s/%02x", directory, i);
        DIR *list = opendir(folder);
        struct dirent *entry;
        while (list && (entry = readdir(list))) {
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
            count++;
            if (call)
                call(path, context);
        }
        if (list)
            closedir(list);
    }
    return count;
}

/* ---- fresh, stale, confirmed ---- */

static void
a_fresh_answer_is_given_again_without_asking(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/fresh", "one");
    page->headers = "Content-Type: Application/JSON; charset=utf-8\r\nCache-Control: max-age=1000\r\n";
    expect(&scene, "/fresh", 200, "one", false);
    assert_string_equal(scene.answer.type, "application/json");
    int64_t asked_at = scene.answer.time;
    assert_true(asked_at >= time(NULL) - 60 && asked_at <= time(NULL));
    expect(&scene, "/fresh", 200, "one", true);
    assert_string_equal(scene.answer.type, "application/json");
    assert_int_equal(scene.answer.time, asked_at);
    char url[512];
    assert_string_equal(scene.answer.url, url_of(url, "/fresh"));
    reopen(&scene);
    expect(&scene, "/fresh", 200, "one", true);
    assert_int_equal(page->hits, 1);
}

static void
how_long_answers_are_fresh(void **state SP_UNUSED)
{
    static const struct {
        const char *path, *headers;
        unsigned status;
        bool kept; /* the second time */
    } cases[] = {
        { "/age/silent", NULL, 200, true },
        { "/age/max", "Cache-Control: public, max-age=60\r\n", 200, true },
        { "/age/zero", "Cache-Control: max-age=0\r\n", 200, false },
        { "/age/no-cache", "Cache-Control: no-cache\r\n", 200, false },
        { "/age/no-store", "Cache-Control: no-store, max-age=60\r\n", 200, false },
        { "/age/spent", "Cache-Control: max-age=60\r\nAge: 70\r\n", 200, false },
        { "/age/vary-all", "Cache-Control: max-age=60\r\nVary: *\r\n", 200, false },
        { "/age/absent", NULL, 404, true },
        { "/age/gone", NULL, 410, true },
        { "/age/absent-no-store", "Cache-Control: no-store\r\n", 404, false },
        { "/age/forbidden", NULL, 403, false },
        { "/age/broken", NULL, 500, false },
    };
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct served *page = serve(cases[i].path, "x");
        page->headers = cases[i].headers;
        page->status = cases[i].status;
        expect(&scene, cases[i].path, cases[i].status, "x", false);
        expect(&scene, cases[i].path, cases[i].status, "x", cases[i].kept);
        assert_int_equal(page->hits, cases[i].kept ? 1 : 2);
    }
}

static void
no_store_leaves_nothing_on_disk_and_removes_what_was(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/changes-its-mind", "x");
    page->headers = "Cache-Control: no-cache\r\n";
    expect(&scene, "/changes-its-mind", 200, "x", false);
    assert_int_equal(each_file(scene.directory, NULL, NULL), 1);
    page->headers = "Cache-Control: no-store\r\n";
    expect(&scene, "/changes-its-mind", 200, "x", false);
    assert_int_equal(each_file(scene.directory, NULL, NULL), 0);
}

static void
stale_answers_are_confirmed(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/etag", "body");
    page->headers = "Cache-Control: max-age=0\r\n";
    page->etag = "\"v1\"";
    page->modified = "Mon, 01 Jan 2024 00:00:00 GMT";
    expect(&scene, "/etag", 200, "body", false);
    expect(&scene, "/etag", 200, "body", false);
    assert_int_equal(page->confirmed, 1);
    assert_string_equal(page->since, ""); /* the date only where there is no ETag */
    /* 304 says anew how long it is good */
    page->headers = "Cache-Control: max-age=500\r\n";
    expect(&scene, "/etag", 200, "body", false);
    expect(&scene, "/etag", 200, "body", true);
    assert_int_equal(page->hits, 3);

    page = serve("/dated", "old");
    page->headers = "Cache-Control: max-age=0\r\n";
    page->modified = "Mon, 01 Jan 2024 00:00:00 GMT";
    expect(&scene, "/dated", 200, "old", false);
    expect(&scene, "/dated", 200, "old", false);
    assert_int_equal(page->confirmed, 1);
    page->modified = "Tue, 02 Jan 2024 00:00:00 GMT";
    page->body = "new";
    expect(&scene, "/dated", 200, "new", false);
    assert_int_equal(page->confirmed, 1);

    struct sp_keeping_figures figures;
    sp_keeping_tally(scene.keeping, &figures);
    assert_int_equal(figures.asked, 6);
    assert_int_equal(figures.confirmed, 3);
    assert_int_equal(figures.kept, 1);
    assert_int_equal(figures.failed, 0);
    assert_int_equal(figures.bytes, 4 + 3 + 3);
}

static void
an_immutable_answer_is_good_for_ever(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    const struct sp_asked asked = { .immutable = true };
    struct served *page = serve("/artefact", "bytes"), *absent = serve("/artefact-later", "bytes");
    page->headers = absent->headers = "Cache-Control: max-age=0\r\n";
    absent->status = 404;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get_as(&scene, asked, "/artefact"), 0);
        assert_int_equal(get_as(&scene, asked, "/artefact-later"), 0);
    }
    assert_int_equal(page->hits, 1);
    assert_int_equal(absent->hits, 3); /* what is not there may come */
}

static void
what_is_kept_does_not_stand_in_for_a_registry_that_fails(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/falls-silent", "was here");
    page->headers = "Cache-Control: max-age=0\r\n";
    expect(&scene, "/falls-silent", 200, "was here", false);
    int64_t then = scene.answer.time;
    page->cut_after = 3;
    expect_failure(&scene, "/falls-silent", "broke off");
    scene.options.mode = SP_KEEP_OFFLINE;
    reopen(&scene);
    expect(&scene, "/falls-silent", 200, "was here", true);
    assert_int_equal(scene.answer.time, then);
}

/* ---- offline ---- */

static void
offline_only_what_is_kept(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/saved", "saved");
    page->headers = "Cache-Control: max-age=0\r\n";
    expect(&scene, "/saved", 200, "saved", false);
    scene.options.mode = SP_KEEP_OFFLINE;
    assert_int_equal(chmod(scene.directory, 0500), 0);
    reopen(&scene);
    unsigned hits = metadata_server_hits(server);
    expect(&scene, "/saved", 200, "saved", true);
    expect_failure(&scene, "/never-saved", "offline, and no answer is kept");
    assert_int_equal(metadata_server_hits(server), hits);
    assert_int_equal(chmod(scene.directory, 0700), 0);
}

static void
what_was_put_is_had(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char url[512] = "https://registry.example/left-pad";
    assert_int_equal(sp_keeping_put(scene.directory, url, "application/json", 200, "application/json", "{}",
                                    2, 1700000000, &scene.err),
                     0);
    assert_int_equal(sp_keeping_put(scene.directory, "https://registry.example/gone", NULL, 404, NULL, "", 0,
                                    1700000000, &scene.err),
                     0);
    scene.options.mode = SP_KEEP_OFFLINE;
    reopen(&scene);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .url = url, .accept = "application/json" }, NULL), 0);
    assert_int_equal(scene.answer.status, 200);
    assert_int_equal(scene.answer.time, 1700000000);
    assert_string_equal(scene.answer.bytes, "{}");
    assert_string_equal(scene.answer.url, url);
    /* another Accept is another answer */
    assert_int_equal(get_as(&scene, (struct sp_asked){ .url = url }, NULL), -1);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .url = "https://registry.example/gone" }, NULL), 0);
    assert_int_equal(scene.answer.status, 404);
    assert_int_equal(scene.answer.length, 0);
    assert_int_equal(
        sp_keeping_put(scene.directory, "https://a.example/\nb", NULL, 200, NULL, "", 0, 0, NULL), -1);
    assert_int_equal(sp_keeping_put(scene.directory, url, NULL, 200, "a\nb", "", 0, 0, NULL), -1);
}

/* ---- tokens ---- */

static void
set_token(struct scene *scene, const char *base, const char *token)
{
    scene->bases.services[SP_SERVICE_HUGGINGFACE] =
        (struct sp_base){ (char *)(uintptr_t)base, (char *)(uintptr_t)token, NULL };
}

static void
two_tokens_share_no_answer(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char base[512];
    url_of(base, "/private/");
    struct served *page = serve("/private/model", "secret");
    set_token(&scene, base, "Bearer one");
    expect(&scene, "/private/model", 200, "secret", false);
    assert_string_equal(page->authorization, "Bearer one");
    page->body = "public";
    set_token(&scene, base, "Bearer two");
    expect(&scene, "/private/model", 200, "public", false);
    set_token(&scene, base, NULL);
    expect(&scene, "/private/model", 200, "public", false);
    assert_string_equal(page->authorization, "");
    set_token(&scene, base, "Bearer one");
    expect(&scene, "/private/model", 200, "secret", true);

    /* offline, what everybody may have is had with any token, and nothing else */
    scene.options.mode = SP_KEEP_OFFLINE;
    reopen(&scene);
    set_token(&scene, base, "Bearer three");
    expect(&scene, "/private/model", 200, "public", true);
    set_token(&scene, base, "Bearer one");
    expect(&scene, "/private/model", 200, "secret", true);
}

static void
a_token_stays_with_its_origin_and_path(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char base[512], away[512], sideways[512];
    url_of(base, "/owned/");
    set_token(&scene, base, "Bearer mine");
    struct served *target = metadata_serve(other, "/target", "elsewhere", 9);
    struct served *beside = serve("/not-owned", "beside");
    snprintf(away, sizeof(away), "Location: http://127.0.0.1:%u/target\r\n", metadata_server_port(other));
    snprintf(sideways, sizeof(sideways), "Location: /not-owned\r\n");
    struct served *leaves = serve("/owned/leaves", ""), *steps = serve("/owned/steps-aside", "");
    leaves->status = steps->status = 302;
    leaves->headers = away;
    steps->headers = sideways;
    expect(&scene, "/owned/leaves", 200, "elsewhere", false);
    assert_string_equal(leaves->authorization, "Bearer mine");
    assert_string_equal(target->authorization, "");
    assert_non_null(strstr(scene.answer.url, "/target"));
    expect(&scene, "/owned/steps-aside", 200, "beside", false);
    assert_string_equal(beside->authorization, "");
    /* another ecosystem's requests do not carry it */
    assert_int_equal(get_as(&scene, (struct sp_asked){ .ecosystem = SP_CARGO }, "/owned/leaves"), 0);
    assert_string_equal(leaves->authorization, "");
}

static void
what_a_redirect_got_with_a_token_is_not_kept_for_all(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char base[512];
    url_of(base, "/vault/");
    set_token(&scene, base, "Bearer mine");
    serve("/vault/thing", "mine");
    struct served *door = serve("/door", "");
    door->status = 302;
    door->headers = "Location: /vault/thing\r\n";
    expect(&scene, "/door", 200, "mine", false);
    assert_int_equal(each_file(scene.directory, NULL, NULL), 0);
}

/* ---- what registries do wrong ---- */

static void
failures_say_host_and_why(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    static char large[(1 << 20) + 1];
    memset(large, 'x', sizeof(large) - 1);
    large[sizeof(large) - 1] = 'x';
    serve("/cut", "0123456789")->cut_after = 4;
    serve("/short", "0123456789")->stated = 20;
    serve("/silent", "x")->delay = 2500;
    metadata_serve(server, "/large", large, sizeof(large));
    struct served *loop = serve("/loop", ""), *file = serve("/to-file", ""), *plain = serve("/to-host", ""),
                  *login = serve("/to-login", ""), *known = serve("/unasked-304", ""),
                  *part = serve("/unasked-206", "x"), *nowhere = serve("/to-nowhere", "");
    loop->status = file->status = plain->status = login->status = nowhere->status = 302;
    loop->headers = "Location: /loop\r\n";
    file->headers = "Location: file:///etc/passwd\r\n";
    plain->headers = "Location: http://localhost:1/\r\n";
    login->headers = "Location: http://user:password@127.0.0.1:1/\r\n";
    known->status = 304;
    part->status = 206;
    static const struct {
        const char *path, *says;
    } cases[] = {
        { "/cut", "broke off" },
        { "/short", "broke off" },
        { "/silent", "no answer in time" },
        { "/large", "larger than 1048576 bytes" },
        { "/loop", "redirected more than 5 times" },
        { "/to-host", "to another host without https" },
        { "/to-login", "login" },
        { "/to-nowhere", "to nowhere" },
        { "/unasked-304", "304" },
        { "/unasked-206", "a part that was not asked for" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        expect_failure(&scene, cases[i].path, cases[i].says);
    assert_int_equal(get(&scene, "/to-file"), -1);
    assert_int_equal(each_file(scene.directory, NULL, NULL), 0);
    struct sp_keeping_figures figures;
    sp_keeping_tally(scene.keeping, &figures);
    assert_int_equal(figures.failed, SP_COUNT(cases) + 1);
}

static void
a_silent_host_is_left_alone_after_a_while(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char url[128];
    struct metadata_server *gone = metadata_server_start(false);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/x", metadata_server_port(gone));
    metadata_server_stop(gone);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(get_as(&scene, (struct sp_asked){ .url = url }, NULL), -1);
        assert_int_equal(strstr(scene.err.text, "did not answer 5 times in a row") != NULL, i >= 5);
    }
    struct sp_keeping_figures figures;
    sp_keeping_tally(scene.keeping, &figures);
    assert_int_equal(figures.asked, 5);
    assert_int_equal(figures.failed, 7);
    /* what one host does is nothing to another, and an answer of any kind is one */
    serve("/error-page", "x")->status = 500;
    for (int i = 0; i < 7; i++)
        expect(&scene, "/error-page", 500, "x", false);
}

static void
a_certificate_that_nobody_trusts_is_refused(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char url[128];
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/x", metadata_server_port(secure));
    struct served *page = metadata_serve(secure, "/x", "x", 1);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .url = url }, NULL), -1);
    assert_non_null(strstr(scene.err.text, "certificate is not trusted"));
    assert_int_equal(page->hits, 0);
}

static void
the_certificates_of_the_users_configuration_are_trusted(void **state SP_UNUSED)
{
    char path[128], url[128];
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    snprintf(path, sizeof(path), "%s/authority.pem", top);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/trusted", metadata_server_port(secure));
    metadata_server_certificate(secure, path);
    metadata_serve(secure, "/trusted", "x", 1);
    for (int adds = 0; adds < 2; adds++) {
        struct sp_registries registries = { .cafile = path, .cafile_adds = adds };
        scene.bases.registries = &registries;
        scene.options.http = NULL;
        reopen(&scene);
        if (get_as(&scene, (struct sp_asked){ .url = url, .accept = adds ? "a/b" : NULL }, NULL) < 0)
            fail_msg("%s", scene.err.text);
        assert_false(scene.answer.kept);
    }
    scene.bases.registries = NULL;
    assert_int_equal(unlink(path), 0);
}

static void
a_dripping_answer_comes_whole(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    serve("/drip", "0123456789")->drip = 20;
    expect(&scene, "/drip", 200, "0123456789", false);
}

static void
a_gzip_bomb_is_cut_at_the_limit(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    static char zeros[1 << 16], packed[1 << 20];
    size_t length = 0;
    struct archive *gzip = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_raw(gzip);
    archive_write_add_filter_gzip(gzip);
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_open_memory(gzip, packed, sizeof(packed), &length), ARCHIVE_OK);
    assert_int_equal(archive_write_header(gzip, entry), ARCHIVE_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(archive_write_data(gzip, zeros, sizeof(zeros)), sizeof(zeros));
    archive_write_close(gzip);
    archive_write_free(gzip);
    archive_entry_free(entry);
    struct served *bomb = metadata_serve(server, "/bomb", packed, length);
    bomb->headers = "Content-Encoding: gzip\r\n";
    expect_failure(&scene, "/bomb", "larger than 1048576 bytes");
    assert_int_equal(scene.err.code, SP_ERROR_LIMIT);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .max_bytes = (uint64_t)1 << 30 }, "/bomb"), 0);
    assert_int_equal(scene.answer.length, 1000 * sizeof(zeros));
}

static void
a_busy_registry_is_asked_again(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/busy", "at last"), *never = serve("/always-busy", "no");
    page->fail_first = 1;
    page->fail_status = 429;
    page->fail_headers = "Retry-After: 1\r\n";
    never->status = 429;
    expect(&scene, "/busy", 200, "at last", false);
    assert_int_equal(page->hits, 2);
    expect(&scene, "/always-busy", 429, "no", false);
    assert_int_equal(never->hits, 4);
    /* an optional source is given up after one attempt */
    assert_int_equal(get_as(&scene, (struct sp_asked){ .optional = true }, "/always-busy"), 0);
    assert_int_equal(scene.answer.status, 429);
    assert_int_equal(never->hits, 5);
}

static void
urls_that_nobody_should_ask_are_refused(void **state SP_UNUSED)
{
    static const char *const urls[] = {
        "ftp://127.0.0.1/",      "file:///etc/passwd",      "http://user:word@127.0.0.1/x",
        "http://127.0.0.1/a\nb", "http://127.0.0.1/a/../b", ""
    };
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    for (size_t i = 0; i < SP_COUNT(urls); i++)
        if (get_as(&scene, (struct sp_asked){ .url = urls[i] }, NULL) == 0)
            fail_msg("'%s' was asked", urls[i]);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .accept = "a\r\nX: y" }, "/x"), -1);
}

/* ---- parts ---- */

static void
parts_are_kept_beside_the_whole(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/parts", "0123456789");
    page->ranges = true;
    static const struct {
        int64_t from, to;
        const char *body;
        uint64_t whole;
    } cases[] = {
        { 0, 3, "0123", 10 }, { 4, 7, "4567", 10 },         { -3, 0, "789", 10 },
        { 8, 99, "89", 10 },  { -50, 0, "0123456789", 10 },
    };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < SP_COUNT(cases); i++) {
            const struct sp_asked asked = { .from = cases[i].from, .to = cases[i].to };
            assert_int_equal(get_as(&scene, asked, "/parts"), 0);
            assert_int_equal(scene.answer.status, 206);
            assert_string_equal(scene.answer.bytes, cases[i].body);
            assert_int_equal(scene.answer.whole, cases[i].whole);
            assert_int_equal(scene.answer.kept, round);
        }
    assert_int_equal(get(&scene, "/parts"), 0);
    assert_int_equal(scene.answer.status, 200);
    assert_int_equal(page->hits, SP_COUNT(cases) + 1);
    /* a server that knows no parts gives the whole */
    page->ranges = false;
    assert_int_equal(get_as(&scene, (struct sp_asked){ .from = 1, .to = 2 }, "/parts"), 0);
    assert_int_equal(scene.answer.status, 200);
    assert_int_equal(scene.answer.length, 10);
}

static void
a_part_that_was_not_asked_for_is_refused(void **state SP_UNUSED)
{
    static const char *const parts[] = {
        "bytes 1-4/10", "bytes 0-3/3",  "bytes 0-2/10", "bytes 0-9/10", "bytes 3-0/10",
        "bytes */10",   "lines 0-3/10", "bytes 0-3",    "bytes 0-3/x",  "bytes 0-99999999999999999999/10",
    };
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/lying-part", "0123456789");
    page->ranges = true;
    for (size_t i = 0; i < SP_COUNT(parts); i++) {
        page->part = parts[i];
        if (get_as(&scene, (struct sp_asked){ .from = 0, .to = 3 }, "/lying-part") == 0)
            fail_msg("'%s' was taken", parts[i]);
    }
    page->part = "bytes 0-3/*";
    assert_int_equal(get_as(&scene, (struct sp_asked){ .from = 0, .to = 3 }, "/lying-part"), 0);
    assert_int_equal(scene.answer.whole, 0);
}

/* ---- the disk ---- */

static void
cut_file(const char *path, void *context)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(truncate(path, status.st_size - *(off_t *)context), 0);
}

static void
change_byte(const char *path, void *context)
{
    char byte;
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, *(off_t *)context), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, *(off_t *)context), 1);
    close(fd);
}

static void
make_link(const char *path, void *context)
{
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(context, path), 0);
}

static void
rename_file(const char *path, void *context)
{
    assert_int_equal(rename(path, context), 0);
}

static void
damaged_files_are_removed_and_asked_anew(void **state SP_UNUSED)
{
    static const struct {
        const char *name;
        void (*damage)(const char *path, void *context);
        off_t by;
    } cases[] = {
        { "cut by one byte", cut_file, 1 },
        { "cut within the head", cut_file, 300 },
        { "first line", change_byte, 3 },
        { "a byte of the head", change_byte, 120 },
    };
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct served *page = serve("/damaged", "what it was");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        off_t by = cases[i].by;
        get(&scene, "/damaged");
        assert_int_equal(each_file(scene.directory, cases[i].damage, &by), 1);
        unsigned hits = page->hits;
        expect(&scene, "/damaged", 200, "what it was", false);
        if (page->hits != hits + 1)
            fail_msg("%s: the damaged file was used", cases[i].name);
        expect(&scene, "/damaged", 200, "what it was", true);
    }
    /* a link is not followed, whatever it leads to */
    char elsewhere[256];
    snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", top);
    each_file(scene.directory, rename_file, elsewhere);
    expect(&scene, "/damaged", 200, "what it was", false);
    each_file(scene.directory, make_link, elsewhere);
    expect(&scene, "/damaged", 200, "what it was", false);
    assert_int_equal(unlink(elsewhere), 0);
}

static void
an_answer_under_the_name_of_another_is_none(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char from[SP_KEPT_KEY_SIZE], to[SP_KEPT_KEY_SIZE], path[700], target[700], folder[512], url[512];
    serve("/one-name", "one");
    expect(&scene, "/one-name", 200, "one", false);
    /* the same URL, so that nothing but the name tells the two apart */
    assert_int_equal(sp_kept_key(from, url_of(url, "/one-name"), NULL, 0, 0, NULL, NULL), 0);
    assert_int_equal(sp_kept_key(to, url_of(url, "/one-name"), "a/b", 0, 0, NULL, NULL), 0);
    snprintf(path, sizeof(path), "%s/%.2s/%s", scene.directory, from, from);
    snprintf(folder, sizeof(folder), "%s/%.2s", scene.directory, to);
    snprintf(target, sizeof(target), "%s/%s", folder, to);
    mkdir(folder, 0700);
    assert_int_equal(rename(path, target), 0);
    assert_int_equal(get_as(&scene, (struct sp_asked){ .accept = "a/b" }, "/one-name"), 0);
    assert_false(scene.answer.kept);
}

static void
a_kept_body_never_unpacks_to_more_than_was_stated(void **state SP_UNUSED)
{
    static char zeros[1 << 20];
    sp_autobody struct sp_body packed, small, right;
    struct sp_error err = { 0 };
    sp_body_begin(&packed, -1);
    sp_body_begin(&small, -1);
    sp_body_begin(&right, -1);
    assert_int_equal(sp_kept_pack(zeros, sizeof(zeros), &packed, &err), 0);
    assert_true(packed.length < 1000);
    assert_int_equal(sp_kept_unpack(packed.bytes, packed.length, 1000, &small, &err), -1);
    assert_int_equal(err.code, SP_ERROR_INPUT);
    assert_true(small.length <= 1000);
    assert_int_equal(sp_kept_unpack(packed.bytes, packed.length, sizeof(zeros), &right, &err), 0);
    assert_int_equal(right.length, sizeof(zeros));
}

static void
directories_of_others_are_refused(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    struct sp_keeping *keeping = NULL;
    char link[256];
    snprintf(link, sizeof(link), "%s/link", top);
    assert_int_equal(symlink(scene.directory, link), 0);
    struct sp_keeping_options options = scene.options;
    options.directory = link;
    assert_int_equal(sp_keeping_open(&keeping, &options, &scene.err), -1);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(chmod(scene.directory, 0770), 0);
    assert_int_equal(sp_keeping_open(&keeping, &scene.options, &scene.err), -1);
    assert_non_null(strstr(scene.err.text, "others may write it"));
    options.directory = "/nonexistent/somewhere";
    assert_int_equal(sp_keeping_open(&keeping, &options, &scene.err), -1);
    struct stat status;
    assert_int_equal(chmod(scene.directory, 0700), 0);
    assert_int_equal(stat(scene.directory, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
}

struct owners {
    uid_t uid;
    size_t wrong;
};

static void
count_others(const char *path, void *context)
{
    struct owners *owners = context;
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    owners->wrong += status.st_uid != owners->uid;
}

static void
root_keeps_for_the_owner_of_the_place(void **state SP_UNUSED)
{
    enum { SOMEBODY = 54321 };
    if (geteuid() != 0)
        skip();
    struct owners owners = { .uid = SOMEBODY };
    struct stat status;
    auto_scene struct scene scene = { 0 };
    assert_int_equal(chown(top, SOMEBODY, SOMEBODY), 0);
    begin(&scene);
    serve("/for-somebody", "x");
    expect(&scene, "/for-somebody", 200, "x", false);
    assert_int_equal(stat(scene.directory, &status), 0);
    assert_int_equal(status.st_uid, SOMEBODY);
    assert_int_equal(each_file(scene.directory, count_others, &owners), 1);
    assert_int_equal(owners.wrong, 0);
    assert_int_equal(chown(top, 0, 0), 0);
}

static void
a_folder_that_is_a_link_is_not_followed(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    char elsewhere[256], folder[512];
    snprintf(elsewhere, sizeof(elsewhere), "%s/linked", top);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    for (unsigned i = 0; i < 256; i++) {
        snprintf(folder, sizeof(folder), "%s/%02x", scene.directory, i);
        assert_int_equal(symlink(elsewhere, folder), 0);
    }
    struct served *page = serve("/not-into-links", "x");
    expect(&scene, "/not-into-links", 200, "x", false);
    expect(&scene, "/not-into-links", 200, "x", false);
    assert_int_equal(page->hits, 2);
    assert_int_equal(rmdir(elsewhere), 0); /* it is empty */
}

static void
without_a_directory_nothing_is_kept(void **state SP_UNUSED)
{
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    scene.options.directory = NULL;
    reopen(&scene);
    struct served *page = serve("/not-kept", "x");
    expect(&scene, "/not-kept", 200, "x", false);
    expect(&scene, "/not-kept", 200, "x", false);
    assert_int_equal(page->hits, 2);
}

static void
find_mode(const char *path, void *context)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    *(unsigned *)context |= status.st_mode & 0777;
}

static void
the_least_recently_used_go_first(void **state SP_UNUSED)
{
    enum { EACH = 40000, COUNT = 10 };
    static char bodies[COUNT][EACH], paths[COUNT][32];
    struct served *pages[COUNT];
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    scene.options.limit = 300000;
    reopen(&scene);
    uint64_t random = 1;
    for (int i = 0; i < COUNT; i++) {
        char *path = paths[i];
        for (int k = 0; k < EACH; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            bodies[i][k] = (char)(random >> 56);
        }
        snprintf(path, sizeof(paths[i]), "/lru/%d", i);
        pages[i] = metadata_serve(server, path, bodies[i], EACH);
        assert_int_equal(get(&scene, path), 0);
        assert_int_equal(get(&scene, "/lru/0"), 0); /* in use all the time */
    }
    size_t left = each_file(scene.directory, NULL, NULL);
    assert_true(left >= 4 && left <= 7);
    assert_int_equal(pages[0]->hits, 1);
    assert_int_equal(get(&scene, "/lru/9"), 0);
    assert_true(scene.answer.kept);
    assert_int_equal(get(&scene, "/lru/1"), 0);
    assert_false(scene.answer.kept);
    unsigned mode = 0;
    each_file(scene.directory, find_mode, &mode);
    assert_int_equal(mode, 0600);
}

static void
large_bodies_come_whole(void **state SP_UNUSED)
{
    /* a multiple of the page size, so that the NUL behind it has a page of its own */
    static char body[12 << 20];
    const size_t length = sizeof(body);
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    for (size_t i = 0; i < length; i++)
        body[i] = (char)('a' + i % 23);
    struct served *page = metadata_serve(server, "/packument", body, length);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(get_as(&scene, (struct sp_asked){ .max_bytes = length }, "/packument"), 0);
        assert_int_equal(scene.answer.length, length);
        assert_memory_equal(scene.answer.bytes, body, length);
        assert_int_equal(scene.answer.bytes[length], 0);
        assert_int_equal(scene.answer.kept, i);
    }
    /* the limit holds for what is kept, too */
    assert_int_equal(get_as(&scene, (struct sp_asked){ .max_bytes = length - 1 }, "/packument"), -1);
    assert_int_equal(scene.err.code, SP_ERROR_LIMIT);
    assert_int_equal(page->hits, 1);
}

/* ---- many at once ---- */

struct crowd {
    struct scene *scene;
    unsigned number, failures;
};

static void *
ask_many(void *context)
{
    struct crowd *crowd = context;
    for (unsigned i = 0; i < 100; i++) {
        char path[64], url[512];
        struct sp_answer answer = { 0 };
        /* half of them are asked for by all */
        snprintf(path, sizeof(path), "/crowd/%u", i % 2 ? i : crowd->number * 1000 + i);
        const struct sp_asked asked = { .url = url_of(url, path), .max_bytes = 100 };
        struct sp_transport transport = crowd->scene->transport;
        crowd->failures += transport.get(transport.context, &asked, &answer, NULL) < 0 ||
                           answer.length != 5 || strcmp(answer.bytes, "crowd") != 0;
        sp_answer_free(&answer);
    }
    return NULL;
}

static void
thirty_two_threads_share_one_transport(void **state SP_UNUSED)
{
    enum { THREADS = 32 };
    pthread_t threads[THREADS];
    struct crowd crowds[THREADS];
    auto_scene struct scene scene = { 0 };
    begin(&scene);
    scene.options.limit = 500000; /* so that files go while others are read */
    reopen(&scene);
    serve("/crowd/*", "crowd");
    for (unsigned i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){ .scene = &scene, .number = i + 1 };
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, &crowds[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crowds[i].failures, 0);
    }
    struct sp_keeping_figures figures;
    sp_keeping_tally(scene.keeping, &figures);
    assert_int_equal(figures.asked + figures.kept, THREADS * 100);
    assert_int_equal(figures.failed, 0);
}

/* ---- all of it ---- */

static int
start(void **state SP_UNUSED)
{
    snprintf(top, sizeof(top), "/tmp/sallyport-keeping-XXXXXX");
    if (!mkdtemp(top))
        return -1;
    server = metadata_server_start(false);
    other = metadata_server_start(false);
    secure = metadata_server_start(true);
    return 0;
}

static int
stop(void **state SP_UNUSED)
{
    metadata_server_stop(server);
    metadata_server_stop(other);
    metadata_server_stop(secure);
    return sp_tree_remove(top, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_answer_is_given_again_without_asking),
        cmocka_unit_test(how_long_answers_are_fresh),
        cmocka_unit_test(no_store_leaves_nothing_on_disk_and_removes_what_was),
        cmocka_unit_test(stale_answers_are_confirmed),
        cmocka_unit_test(an_immutable_answer_is_good_for_ever),
        cmocka_unit_test(what_is_kept_does_not_stand_in_for_a_registry_that_fails),
        cmocka_unit_test(offline_only_what_is_kept),
        cmocka_unit_test(what_was_put_is_had),
        cmocka_unit_test(two_tokens_share_no_answer),
        cmocka_unit_test(a_token_stays_with_its_origin_and_path),
        cmocka_unit_test(what_a_redirect_got_with_a_token_is_not_kept_for_all),
        cmocka_unit_test(failures_say_host_and_why),
        cmocka_unit_test(a_silent_host_is_left_alone_after_a_while),
        cmocka_unit_test(a_certificate_that_nobody_trusts_is_refused),
        cmocka_unit_test(the_certificates_of_the_users_configuration_are_trusted),
        cmocka_unit_test(a_dripping_answer_comes_whole),
        cmocka_unit_test(a_gzip_bomb_is_cut_at_the_limit),
        cmocka_unit_test(a_busy_registry_is_asked_again),
        cmocka_unit_test(urls_that_nobody_should_ask_are_refused),
        cmocka_unit_test(parts_are_kept_beside_the_whole),
        cmocka_unit_test(a_part_that_was_not_asked_for_is_refused),
        cmocka_unit_test(damaged_files_are_removed_and_asked_anew),
        cmocka_unit_test(an_answer_under_the_name_of_another_is_none),
        cmocka_unit_test(a_kept_body_never_unpacks_to_more_than_was_stated),
        cmocka_unit_test(directories_of_others_are_refused),
        cmocka_unit_test(root_keeps_for_the_owner_of_the_place),
        cmocka_unit_test(a_folder_that_is_a_link_is_not_followed),
        cmocka_unit_test(without_a_directory_nothing_is_kept),
        cmocka_unit_test(the_least_recently_used_go_first),
        cmocka_unit_test(large_bodies_come_whole),
        cmocka_unit_test(thirty_two_threads_share_one_transport),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
