/* Registries from made-up configuration files, and URLs as they are written inside a sandbox and back. */
#include "base/file.h"
#include "registry/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* -------------------------------------------------------------------- URLs */

struct url_case {
    const char *url, *inside; /* beneath the origin */
    const char *outside;      /* NULL: as URL */
};

/* clang-format off */
static const struct url_case urls[] = {
    { "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "/https/registry.npmjs.org/a/-/a-1.0.0.tgz" },
    { "http://host/", "/http/host/" },
    { "https://host:8443/a/b", "/https/host:8443/a/b" },
    { "https://user:pw@Host:443/a%20b?x=1#frag", "/https/host/a%20b?x=1#frag", "https://host/a%20b?x=1#frag" },
    { "http://host:80/x", "/http/host/x", "http://host/x" },
    { "http://host:443/x", "/http/host:443/x" },
    { "https://host:0443/x", "/https/host/x", "https://host/x" },
    { "https://host:/x", "/https/host/x", "https://host/x" },
    { "HTTPS://HOST/Path", "/https/host/Path", "https://host/Path" },
    { "https://host", "/https/host" },
    { "https://host?q", "/https/host?q" },
    { "https://host/@scope%2fname", "/https/host/@scope%2fname" },
    { "https://user:p@ss@host/x", "/https/host/x", "https://host/x" },
    { "https://host/a@b:c", "/https/host/a@b:c" },
    { "https://host/...", "/https/host/..." },
    { "https://host/?a=/../b", "/https/host/?a=/../b" },
    { "https://under_score.host.", "/https/under_score.host." },
    { "http://127.0.0.1:4873/x", "/http/127.0.0.1:4873/x" },
    { "https://127.83.80.1/x", "/https/127.83.80.1/x" },
    { "http://[::1]:8080/x", "/http/~~~1:8080/x" },
    { "https://[2001:DB8::1]/x", "/https/~2001~db8~~1/x", "https://[2001:db8::1]/x" },
    { "https://[::ffff:1.2.3.4]:8443", "/https/~~~ffff~1.2.3.4:8443" },
};

static const struct {
    const char *url, *rule;
} bad_urls[] = {
    { "", "neither http" },
    { "ftp://host/", "neither http" },
    { "file:///etc/passwd", "neither http" },
    { "//host/x", "neither http" },
    { "https:host", "neither http" },
    { "https://", "without a host" },
    { "https:///x", "without a host" },
    { "https://user@/x", "without a host" },
    { "https://:80/x", "without a host" },
    { "https://host:0/", "port" },
    { "https://host:65536/", "port" },
    { "https://host:-1/", "port" },
    { "https://host:8a/", "port" },
    { "https://host:99999999999999999999/", "port" },
    { "https://a b/", "space" },
    { "https://host/a b", "space" },
    { "https://host/\n", "space" },
    { "https://host/\x7f", "space" },
    { "https://host\\@evil/", "backslash" },
    { "https://ho%73t/", "character" },
    { "https://h\xc3\xb6st/", "character" },
    { "https://~1/", "character" },
    { "https://../", "label" },
    { "https://a..b/", "label" },
    { "https://.a/", "label" },
    { "https://[/", "IPv6" },
    { "https://[]/", "IPv6" },
    { "https://[::1/", "IPv6" },
    { "https://[::1%25eth0]/", "IPv6" },
    { "https://[host]/", "IPv6" },
    { "https://host/../https/evil/", "'..'" },
    { "https://host/a/%2E%2e/b", "'..'" },
    { "https://host/a/./b", "'..'" },
    { "https://host/..", "'..'" },
    { "http://127.83.80.1:4873/https/host/", "itself" },
};

#define IN "http://127.83.80.1:4873"
#define JSON_IN "http:\\/\\/127.83.80.1:4873"
#define UNICODE_IN "http:\\u002f\\u002F127.83.80.1:4873"
#define PERCENT_IN "http%3A%2F%2F127.83.80.1%3A4873"
#define TWICE_IN "http%253A%252F%252F127.83.80.1%253A4873"

static const struct {
    const char *story, *inside, *outside;
    size_t changed;
} texts[] = {
    { "no URL", "nothing", "nothing", 0 },
    { "empty", "", "", 0 },
    { "npm's lockfile", "\"resolved\": \"" IN "/https/host:8443/a.tgz\"", "\"resolved\": \"https://host:8443/a.tgz\"", 1 },
    { "http", IN "/http/host/", "http://host/", 1 },
    { "two in a row", IN "/http/a" IN "/https/b", "http://ahttps://b", 2 },
    { "JSON with escaped slashes", JSON_IN "\\/https\\/host\\/a", "https:\\/\\/host\\/a", 1 },
    { "JSON with slashes as code points", UNICODE_IN "\\u002fhttps\\u002fhost", "https:\\u002f\\u002Fhost", 1 },
    { "percent-encoded", "::__archiveUrl=" PERCENT_IN "%2Fhttps%2Fhost%3A8443%2Fa", "::__archiveUrl=https%3A%2F%2Fhost%3A8443%2Fa", 1 },
    { "percent-encoded in lower case", "http%3a%2f%2f127.83.80.1%3a4873%2fhttps%2fhost", "https%3a%2f%2fhost", 1 },
    { "percent-encoded twice", TWICE_IN "%252Fhttp%252Fhost", "http%253A%252F%252Fhost", 1 },
    { "a git URL", "git+" IN "/https/host/r.git", "git+https://host/r.git", 1 },
    { "IPv6", IN "/https/~~~1:8443/a", "https://[::1]:8443/a", 1 },
    { "IPv6 percent-encoded", PERCENT_IN "%2Fhttps%2F~2001~db8~~1%3A1%2Fa", "https%3A%2F%2F%5B2001%3Adb8%3A%3A1%5D%3A1%2Fa", 1 },
    { "IPv6 with encoded marks", PERCENT_IN "%2Fhttps%2F%7E%7E%7E1%2Fa", "https%3A%2F%2F%5B%3A%3A1%5D%2Fa", 1 },
    { "IPv6 percent-encoded twice", TWICE_IN "%252Fhttps%252F~~~1", "https%253A%252F%252F%255B%253A%253A1%255D", 1 },
    { "IPv6 in JSON", JSON_IN "\\/https\\/~~~1", "https:\\/\\/[::1]", 1 },
    { "a tilde that is no IPv6", IN "/https/~user/x", IN "/https/~user/x", 0 },
    { "the origin alone", IN, IN, 0 },
    { "no host", IN "/https/", IN "/https/", 0 },
    { "another path of ours", IN "/npm/x", IN "/npm/x", 0 },
    { "another scheme", IN "/ftp/x/", IN "/ftp/x/", 0 },
    { "another port", "http://127.83.80.1:48730/https/host/", "http://127.83.80.1:48730/https/host/", 0 },
    { "another address", "http://1127.83.80.1:4873/https/host/", "http://1127.83.80.1:4873/https/host/", 0 },
    { "https to us", "https://127.83.80.1:4873/https/host/", "https://127.83.80.1:4873/https/host/", 0 },
    { "cut at its start", "//127.83.80.1:4873/https/host/", "//127.83.80.1:4873/https/host/", 0 },
    { "the address alone", "127.83.80.1127.83.80.1", "127.83.80.1127.83.80.1", 0 },
};
/* clang-format on */

static void
urls_go_inside_and_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(urls); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer inside = { 0 }, outside = { 0 }, text = { 0 };
        size_t changed;
        const char *expected = urls[i].outside ? urls[i].outside : urls[i].url;
        if (sp_registry_url_inside(&inside, urls[i].url, &err) < 0 ||
            sp_registry_url_outside(&outside, inside.bytes, &err) < 0)
            fail_msg("%s: refused: %s", urls[i].url, err.text);
        if (strcmp(inside.bytes + strlen(SP_PROXY_ORIGIN), urls[i].inside) != 0)
            fail_msg("%s: became %s, expected %s", urls[i].url, inside.bytes, urls[i].inside);
        if (strcmp(outside.bytes, expected) != 0)
            fail_msg("%s: came back as %s, expected %s", urls[i].url, outside.bytes, expected);
        assert_int_equal(sp_registry_text_outside(&text, inside.bytes, inside.length, &changed, &err), 0);
        assert_string_equal(text.bytes, expected);
        assert_int_equal(changed, 1);
    }
}

static void
bad_urls_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(bad_urls); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        if (sp_registry_url_inside(&out, bad_urls[i].url, &err) == 0)
            fail_msg("'%s' was taken, as %s", bad_urls[i].url, out.bytes);
        if (!strstr(err.text, bad_urls[i].rule))
            fail_msg("'%s': expected '%s' in: %s", bad_urls[i].url, bad_urls[i].rule, err.text);
        assert_int_equal(out.length, 0);
    }
}

static void
long_url_is_refused(void **state)
{
    (void)state;
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    char url[9000] = "https://host/";
    memset(url + 13, 'a', sizeof(url) - 14);
    assert_int_equal(sp_registry_url_inside(&out, url, &err), -1);
    assert_int_equal(err.code, SP_ERROR_LIMIT);
    url[8192] = '\0';
    assert_int_equal(sp_registry_url_inside(&out, url, &err), 0);
}

static void
password_never_stands_in_a_message(void **state)
{
    (void)state;
    static const char *const bad[] = { "https://user:hunter2@host:99999/", "https://user:hunter2/x@host/",
                                       "https://user:hunter2@a..b/",       "https://user:hunter2@host/../",
                                       "ftp://user:hunter2@host/",         "https://user:hunter2@ho st/" };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        assert_int_equal(sp_registry_url_inside(&out, bad[i], &err), -1);
        if (strstr(err.text, "hunter2"))
            fail_msg("%s: %s", bad[i], err.text);
    }
}

static void
text_comes_back_in_its_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        size_t changed = 99, length = strlen(texts[i].inside);
        sp_autofree char *exact = malloc(length + 1); /* without a NUL: a read beyond it is seen */
        memcpy(exact, texts[i].inside, length);
        exact = realloc(exact, length ? length : 1);
        assert_int_equal(sp_registry_text_outside(&out, exact, length, &changed, &err), 0);
        if (strcmp(sp_buffer_string(&out), texts[i].outside) != 0 || changed != texts[i].changed)
            fail_msg("%s: got %zu in '%s', expected %zu in '%s'", texts[i].story, changed,
                     sp_buffer_string(&out), texts[i].changed, texts[i].outside);
    }
}

static void
binary_text_is_kept(void **state)
{
    (void)state;
    static const char inside[] = "\0\xff" IN "/https/h\0" IN "/http/g\xfe\0";
    static const char outside[] = "\0\xffhttps://h\0http://g\xfe\0";
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    size_t changed;
    assert_int_equal(sp_registry_text_outside(&out, inside, sizeof(inside) - 1, &changed, &err), 0);
    assert_int_equal(changed, 2);
    assert_int_equal(out.length, sizeof(outside) - 1);
    assert_memory_equal(out.bytes, outside, sizeof(outside) - 1);
}

static void
text_is_turned_in_linear_time(void **state)
{
    (void)state;
    const size_t size = (size_t)8 << 20;
    sp_autofree char *text = malloc(size);
    for (size_t i = 0; i < size; i++)
        text[i] = "http://127.83.80.1:4873/https/~~~~~~~~"[i % 38];
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    size_t changed;
    alarm(20); /* a second with sanitizers; hours were it quadratic */
    assert_int_equal(sp_registry_text_outside(&out, text, size, &changed, &err), 0);
    alarm(0);
}

static void
url_of_others_stands_for_nothing(void **state)
{
    (void)state;
    static const char *const others[] = { "https://host/", "http://127.83.80.1:4873/",
                                          IN "/npm/x",     IN "/https/",
                                          IN "/https/~x/", IN "/https/a:x/" };
    for (size_t i = 0; i < SP_COUNT(others); i++) {
        struct sp_error err = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        if (sp_registry_url_outside(&out, others[i], &err) == 0)
            fail_msg("%s was taken for %s", others[i], out.bytes);
    }
}

static void
hosts_are_kept_once(void **state)
{
    (void)state;
    struct sp_registries set = { 0 };
    struct sp_error err = { 0 };
    static const char *const given[] = { "https://A.example/x", "https://a.example:443/",
                                         "http://a.example:8080/", "https://u:p@a.example/",
                                         "https://[::1]:8443/" };
    for (size_t i = 0; i < SP_COUNT(given); i++)
        assert_int_equal(sp_registries_add_host(&set, given[i], &err), 0);
    assert_int_equal(set.host_count, 3);
    assert_string_equal(set.hosts[0], "a.example");
    assert_string_equal(set.hosts[1], "a.example:8080");
    assert_string_equal(set.hosts[2], "[::1]:8443");
    assert_int_equal(sp_registries_add_host(&set, "file:///x", &err), -1);
    sp_registries_free(&set);
    assert_null(set.hosts);
}

/* -------------------------------------------------------------- the settings */

#define FILES_MAX 6
#define WORDS_MAX 8

struct reading_case {
    const char *story;
    struct {
        const char *path, *content; /* beneath a fresh directory; %T in the content stands for that */
    } files[FILES_MAX];
    const char *env[WORDS_MAX]; /* %T as well */
    const char *argv[WORDS_MAX];
    /* what to look at: n: npm's items, p: PyPI's, k: credentials, c: certificates and proxies, t: notes,
     * h: hosts, e: the error (EXPECTED is in it) */
    const char *show;
    const char *expected;
};

#include "registry_cases.h"

static void
make_parents(const char *path)
{
    sp_autofree char *copy = strdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0700);
        *slash = '/';
    }
}

/* TEXT with each FROM replaced; the caller frees it. */
static char *
replaced(const char *text, const char *from, const char *to)
{
    struct sp_buffer out = { 0 };
    struct sp_error err;
    for (const char *hit; (hit = strstr(text, from)); text = hit + strlen(from)) {
        assert_int_equal(sp_buffer_append(&out, text, (size_t)(hit - text), &err), 0);
        assert_int_equal(sp_buffer_append_string(&out, to, &err), 0);
    }
    assert_int_equal(sp_buffer_append_string(&out, text, &err), 0);
    return out.bytes;
}

static void
show_set(struct sp_buffer *out, const struct sp_registries *set, const char *show)
{
    for (; *show; show++) {
        for (size_t i = 0; i < set->count; i++) {
            const struct sp_registry *item = &set->items[i];
            if ((*show == 'n') == (item->kind == SP_REGISTRY_NPM) && strchr("np", *show))
                sp_buffer_printf(out, NULL, "%s%s%s %s%s%s (%s)%s\n", item->scope ? item->scope : "",
                                 item->scope ? " " : "", item->url,
                                 item->authorization ? item->authorization : "-",
                                 item->auth_prefix ? " " : "", item->auth_prefix ? item->auth_prefix : "",
                                 item->source, item->project ? " project" : "");
        }
        for (size_t i = 0; i < set->credential_count && *show == 'k'; i++) {
            const struct sp_credential *one = &set->credentials[i];
            sp_buffer_printf(out, NULL, "%s %s (%s)%s%s\n", one->prefix, one->authorization, one->source,
                             one->project ? " project" : "", one->plain ? " plain" : "");
        }
        for (size_t i = 0; i < set->note_count && *show == 't'; i++)
            sp_buffer_printf(out, NULL, "%s\n", set->notes[i]);
        for (size_t i = 0; i < set->host_count && *show == 'h'; i++)
            sp_buffer_printf(out, NULL, "%s\n", set->hosts[i]);
        if (*show == 'c') {
            const char *const values[] = { set->no_index, set->cafile, set->http_proxy, set->no_proxy };
            static const char *const names[] = { "no-index", "cafile", "proxy", "no-proxy" };
            for (size_t i = 0; i < SP_COUNT(values); i++)
                if (values[i])
                    sp_buffer_printf(out, NULL, "%s %s%s\n", names[i], values[i],
                                     i == 1 && set->cafile_adds ? " beside" : "");
            for (size_t i = 0; i < set->trusted_count; i++)
                sp_buffer_printf(out, NULL, "trusted %s\n", set->trusted[i]);
            if (set->insecure)
                sp_buffer_printf(out, NULL, "insecure\n");
        }
    }
}

static void
check_case(const struct reading_case *one)
{
    char top[] = "/tmp/sallyport-registry-XXXXXX";
    assert_non_null(mkdtemp(top));
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    const char *env[WORDS_MAX + 2] = { 0 };
    struct sp_registry_sources sources = { .env = env, .argv = one->argv };
    sources.home = sp_arena_printf(&arena, NULL, "%s/home", top);
    sources.project = sp_arena_printf(&arena, NULL, "%s/home/project", top);
    sources.root = sp_arena_printf(&arena, NULL, "%s/root", top);
    make_parents(sp_arena_printf(&arena, NULL, "%s/", sources.project));
    for (size_t i = 0; i < FILES_MAX && one->files[i].path; i++) {
        char *path = sp_arena_printf(&arena, NULL, "%s/%s", top, one->files[i].path);
        sp_autofree char *content = replaced(one->files[i].content, "%T", top);
        make_parents(path);
        assert_int_equal(sp_file_write(path, content, strlen(content), &err), 0);
    }
    size_t words = 0;
    for (; words < WORDS_MAX && one->env[words]; words++) {
        sp_autofree char *entry = replaced(one->env[words], "%T", top);
        env[words] = sp_arena_printf(&arena, NULL, "%s", entry);
    }
    env[words] = "PATH=/nonexistent"; /* the first of a name counts */

    struct sp_registries set;
    sp_autobuffer struct sp_buffer shown = { 0 };
    int status = sp_registries_read(&set, &sources, &err);
    show_set(&shown, &set, one->show);
    sp_registries_free(&set);
    sp_autofree char *got = replaced(status < 0 ? err.text : sp_buffer_string(&shown), top, "");
    sp_autofree char *command = NULL;
    assert_true(asprintf(&command, "rm -rf %s", top) > 0 && system(command) == 0);
    if (*one->show == 'e' ? status == 0 || !strstr(got, one->expected)
                          : status < 0 || strcmp(got, one->expected) != 0)
        fail_msg("%s: got\n%s\nexpected\n%s", one->story, got, one->expected);
}

static void
settings_are_read_in_order(void **state)
{
    (void)state;
    assert_true(SP_COUNT(cases) > 60);
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        check_case(&cases[i]);
}

static void
special_files_are_refused(void **state)
{
    (void)state;
    char top[] = "/tmp/sallyport-registry-XXXXXX";
    assert_non_null(mkdtemp(top));
    static const char *const names[] = { ".npmrc", ".yarnrc", ".yarnrc.yml", ".netrc", "uv.toml" };
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        for (int kind = 0; kind < 3; kind++) {
            struct sp_error err = { 0 };
            struct sp_registries set;
            const char *const env[] = { "PATH=/nonexistent", "PIP_INDEX_URL=https://a.example/", NULL };
            struct sp_registry_sources sources = { .home = top, .project = top, .env = env, .root = top };
            sp_autofree char *path = NULL;
            assert_true(asprintf(&path, "%s/%s", top, names[i]) > 0);
            if (kind == 0)
                assert_int_equal(mkfifo(path, 0600), 0);
            else if (kind == 1)
                assert_int_equal(mkdir(path, 0700), 0);
            else
                assert_int_equal(symlink("/dev/zero", path), 0);
            int status = sp_registries_read(&set, &sources, &err);
            assert_int_equal(remove(path), 0);
            if (status == 0)
                fail_msg("%s of kind %d was read", names[i], kind);
            if (!strstr(err.text, path))
                fail_msg("%s of kind %d: not named in: %s", names[i], kind, err.text);
        }
    }
    assert_int_equal(rmdir(top), 0);
}

static void
file_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    char top[] = "/tmp/sallyport-registry-XXXXXX";
    assert_non_null(mkdtemp(top));
    struct sp_error err = { 0 };
    struct sp_registries set;
    const char *const env[] = { "PATH=/nonexistent", NULL };
    struct sp_registry_sources sources = { .home = top, .project = top, .env = env, .root = top };
    sp_autofree char *path = NULL;
    const size_t size = ((size_t)1 << 20) + 1;
    sp_autofree char *bytes = malloc(size);
    memset(bytes, '#', size);
    assert_true(asprintf(&path, "%s/.npmrc", top) > 0);
    assert_int_equal(sp_file_write(path, bytes, size, &err), 0);
    assert_int_equal(sp_registries_read(&set, &sources, &err), -1);
    assert_int_equal(err.code, SP_ERROR_LIMIT);
    /* settings without end */
    for (size_t i = 0; i < size - 1; i++)
        bytes[i] = "a=\n"[i % 3];
    assert_int_equal(sp_file_write(path, bytes, size - 1, &err), 0);
    assert_int_equal(sp_registries_read(&set, &sources, &err), -1);
    assert_int_equal(err.code, SP_ERROR_LIMIT);
    assert_int_equal(sp_file_write(path, "a=1\nb\0=2\n", 9, &err), 0);
    assert_int_equal(sp_registries_read(&set, &sources, &err), -1);
    assert_non_null(strstr(err.text, "/.npmrc:2: a NUL"));
    assert_int_equal(remove(path), 0);
    assert_int_equal(rmdir(top), 0);
}

static void
token_goes_where_it_belongs(void **state)
{
    (void)state;
    const char *const env[] = { "PATH=/nonexistent",
                                "npm_config_//a.example/npm/:_authToken=A",
                                "npm_config_//a.example/npm/deep/:_authToken=B",
                                "npm_config_//b.example:8443/:_authToken=C",
                                "npm_config_registry=http://plain.example/",
                                "npm_config_//plain.example/:_authToken=D",
                                "PIP_INDEX_URL=https://u:p@a.example/simple",
                                NULL };
    static const struct {
        enum sp_registry_kind kind;
        const char *url, *expected;
    } requests[] = {
        { SP_REGISTRY_NPM, "https://a.example/npm/x", "Bearer A" },
        { SP_REGISTRY_NPM, "https://a.example/npm", "Bearer A" },
        { SP_REGISTRY_NPM, "https://A.example:443/npm/x?q", "Bearer A" },
        { SP_REGISTRY_NPM, "https://a.example/npm/deep/x", "Bearer B" },
        { SP_REGISTRY_NPM, "https://a.example/npm/deeper", "Bearer A" },
        { SP_REGISTRY_NPM, "https://a.example/npmx", NULL },
        { SP_REGISTRY_NPM, "https://a.example/", NULL },
        { SP_REGISTRY_NPM, "http://a.example/npm/x", NULL },
        { SP_REGISTRY_NPM, "https://a.example:8443/npm/x", NULL },
        { SP_REGISTRY_NPM, "https://a.example.evil/npm/x", NULL },
        { SP_REGISTRY_NPM, "https://evil/a.example/npm/x", NULL },
        { SP_REGISTRY_NPM, "https://a.example@evil/npm/x", NULL },
        { SP_REGISTRY_NPM, "https://b.example:8443/x", "Bearer C" },
        { SP_REGISTRY_NPM, "https://b.example/x", NULL },
        { SP_REGISTRY_NPM, "http://plain.example/x", "Bearer D" },
        { SP_REGISTRY_PYPI, "https://a.example/elsewhere", "Basic dTpw" },
        { SP_REGISTRY_PYPI, "http://a.example/simple/", NULL },
        { SP_REGISTRY_PYPI, "https://b.example:8443/x", NULL },
        { SP_REGISTRY_NPM, "nonsense", NULL },
    };
    struct sp_error err = { 0 };
    struct sp_registries set;
    struct sp_registry_sources sources = {
        .home = "/nonexistent", .project = "/nonexistent", .env = env, .root = "/nonexistent"
    };
    if (sp_registries_read(&set, &sources, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < SP_COUNT(requests); i++) {
        const char *got = sp_registries_authorization(&set, requests[i].kind, requests[i].url);
        if (strcmp(got ? got : "none", requests[i].expected ? requests[i].expected : "none") != 0)
            fail_msg("%s: got %s", requests[i].url, got ? got : "none");
    }
    sp_registries_free(&set);
}

static void
trusted_hosts_are_those_named(void **state)
{
    (void)state;
    const char *const env[] = { "PATH=/nonexistent", "PIP_TRUSTED_HOST=a.example b.example:8443", NULL };
    struct sp_registry_sources sources = {
        .home = "/nonexistent", .project = "/nonexistent", .env = env, .root = "/nonexistent"
    };
    struct sp_error err = { 0 };
    struct sp_registries set;
    assert_int_equal(sp_registries_read(&set, &sources, &err), 0);
    assert_true(sp_registries_unchecked(&set, "https://a.example/x"));
    assert_true(sp_registries_unchecked(&set, "https://a.example:99/x"));
    assert_true(sp_registries_unchecked(&set, "https://b.example:8443/x"));
    assert_false(sp_registries_unchecked(&set, "https://b.example/x"));
    assert_false(sp_registries_unchecked(&set, "https://pypi.org/"));
    set.insecure = true;
    assert_true(sp_registries_unchecked(&set, "https://pypi.org/"));
    sp_registries_free(&set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_go_inside_and_come_back),
        cmocka_unit_test(bad_urls_are_refused),
        cmocka_unit_test(long_url_is_refused),
        cmocka_unit_test(password_never_stands_in_a_message),
        cmocka_unit_test(text_comes_back_in_its_spelling),
        cmocka_unit_test(binary_text_is_kept),
        cmocka_unit_test(text_is_turned_in_linear_time),
        cmocka_unit_test(url_of_others_stands_for_nothing),
        cmocka_unit_test(hosts_are_kept_once),
        cmocka_unit_test(settings_are_read_in_order),
        cmocka_unit_test(special_files_are_refused),
        cmocka_unit_test(file_beyond_the_limit_is_refused),
        cmocka_unit_test(token_goes_where_it_belongs),
        cmocka_unit_test(trusted_hosts_are_those_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
