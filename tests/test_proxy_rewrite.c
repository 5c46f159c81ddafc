/* What the proxy reads and writes without a network: URLs, hosts and tokens, names, pages. */
#include "proxy/names.h"
#include "proxy/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN "http://127.83.80.1:4873"
#define SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA512                                                                                               \
    "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="

#define TEXT(text) ((char[]){ text }) /* the registries' strings are their owner's to change */
static const struct sp_registry registries[] = {
    { SP_REGISTRY_NPM, TEXT("https://registry.npmjs.org/"), NULL, NULL, NULL, TEXT("default") },
    { SP_REGISTRY_PYPI, TEXT("https://pypi.org/simple/"), NULL, NULL, NULL, TEXT("default") },
    { SP_REGISTRY_NPM, TEXT("https://corp.example/npm/"), TEXT("@corp"), NULL, NULL, TEXT("/h/.npmrc:1") },
    { SP_REGISTRY_PYPI, TEXT("https://corp.example/pypi/simple/"), NULL, NULL, NULL, TEXT("/h/pip.conf:2") },
    { SP_REGISTRY_PYPI, TEXT("http://plain.example:8080/simple/"), NULL, NULL, NULL, TEXT("/h/pip.conf:3") },
};
static char *further[] = { TEXT("files.example:8443") };
static const struct sp_credential credentials[] = {
    { SP_REGISTRY_NPM, TEXT("//corp.example/npm/"), TEXT("Bearer n") },
    { SP_REGISTRY_PYPI, TEXT("//corp.example/pypi/"), TEXT("Basic p") },
};
static const struct sp_registries all = { .items = (struct sp_registry *)(uintptr_t)registries,
                                          .count = SP_COUNT(registries),
                                          .hosts = further,
                                          .host_count = 1,
                                          .credentials = (struct sp_credential *)(uintptr_t)credentials,
                                          .credential_count = 2 };
static struct sp_hosts *hosts;

/* ---- URLs ---- */

static void
inside_paths_that_could_be_read_in_two_ways_are_refused(void **state SP_UNUSED)
{
    static const struct {
        const char *target, *url; /* NULL: refused */
    } cases[] = {
        { "/https/registry.npmjs.org/lodash", "https://registry.npmjs.org/lodash" },
        { "/https/Registry.NPMjs.org:443/a?b=/../c", "https://registry.npmjs.org/a?b=/../c" },
        { "/http/h:80/", "http://h/" },
        { "/http/h%3A81/x%3A1", "http://h:81/x%3A1" },
        { "/http/h%3a81/x", "http://h:81/x" },
        { "/https/h", "https://h/" },
        { "/https/h?q", "https://h/?q" },
        { "/https/h/@s%2fname", "https://h/@s%2fname" },
        { "/https/h/a%2Bb", "https://h/a%2Bb" },
        { "/ftp/h/a", NULL },
        { "/https/", NULL },
        { "/https//a", NULL },
        { "/https/u:p@h/a", NULL },
        { "/https/h:0/a", NULL },
        { "/https/h:65536/a", NULL },
        { "/https/h:/a", NULL },
        { "/https/h:1x/a", NULL },
        { "/https/[::1]/a", NULL },
        { "/https/.h/a", NULL },
        { "/https/a..b/a", NULL },
        { "/https/h/a/../b", NULL },
        { "/https/h/./b", NULL },
        { "/https/h/..", NULL },
        { "/https/h/%2e%2e/b", NULL },
        { "/https/h/%2E./b", NULL },
        { "/https/h/a%2f..%2fb", NULL },
        { "/https/h/%252e%252e/b", NULL },
        { "/https/h/a%252fb", NULL },
        { "/https/h/a%5c..%5cb", NULL },
        { "/https/h/a\\b", NULL },
        { "/https/h/a%00b", NULL },
        { "/https/h/a%0d%0aX: y", NULL },
        { "/https/h/a%0aX", NULL },
        { "/https/h/a b", NULL },
        { "/https/h/a%zz", NULL },
        { "/https/h/a%2", NULL },
        { "/https/h/a#b", NULL },
        { "/https/h/\xc3\xa9", NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoupstream struct sp_upstream upstream = { 0 };
        struct sp_error err = { 0 };
        int status = sp_upstream_read_inside(&upstream, cases[i].target, &err);
        if ((status == 0) != (cases[i].url != NULL) ||
            (status == 0 && strcmp(upstream.url, cases[i].url) != 0))
            fail_msg("%s: %s %s", cases[i].target, status == 0 ? upstream.url : "refused", err.text);
    }
}

static void
references_resolve_as_in_rfc_3986(void **state SP_UNUSED)
{
    static const struct {
        const char *base, *reference, *url;
    } cases[] = {
        { "https://h/simple/six/", "../../packages/a/six-1.tar.gz", "https://h/packages/a/six-1.tar.gz" },
        { "https://h/simple/six/", "six-1.tar.gz#sha256=x", "https://h/simple/six/six-1.tar.gz" },
        { "https://h/simple/six/?q", "/p/x", "https://h/p/x" },
        { "https://h/simple/six", "x", "https://h/simple/x" },
        { "https://h:8/a/", "//other/x", "https://other/x" },
        { "http://h/a/", "HTTPS://Other/x", "https://other/x" },
        { "https://h/a/", "../../../../x", "https://h/x" },
        { "https://h/a/b", "?c", "https://h/a/b?c" },
        { "https://h/a/", "./x/./y/../z?q=../1", "https://h/a/x/z?q=../1" },
        { "https://h/a/", "mailto:x@y", NULL },
        { "https://h/a/", "javascript:alert(1)", NULL },
        { "https://h/a/", "file:///etc/passwd", NULL },
        { "https://h/a/", "https://u:p@h/x", NULL },
        { "https://h/a/", "%2e%2e/x", NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoupstream struct sp_upstream base = { 0 }, out = { 0 };
        assert_int_equal(sp_upstream_read(&base, cases[i].base, strlen(cases[i].base), NULL), 0);
        int status = sp_upstream_resolve(&out, &base, cases[i].reference, strlen(cases[i].reference), NULL);
        if ((status == 0) != (cases[i].url != NULL) || (status == 0 && strcmp(out.url, cases[i].url) != 0))
            fail_msg("%s + %s: %s", cases[i].base, cases[i].reference, status == 0 ? out.url : "refused");
    }
}

/* ---- hosts and tokens ---- */

static void
tokens_go_to_their_prefix_and_nowhere_else(void **state SP_UNUSED)
{
    static const struct {
        const char *url, *token;
        bool admitted;
    } cases[] = {
        { "https://registry.npmjs.org/x", NULL, true },
        { "https://registry.yarnpkg.com/x", NULL, true },
        { "https://files.pythonhosted.org/x", NULL, true },
        { "https://files.example:8443/x", NULL, true },
        { "https://files.example/x", NULL, false },
        { "https://extra.example/x", NULL, true },
        { "https://corp.example/npm/x", "Bearer n", true },
        { "https://corp.example/npm/", "Bearer n", true },
        { "https://corp.example/npm", "Bearer n", true },
        { "https://corp.example/npm-other/x", NULL, true },
        { "https://corp.example/pypi/simple/x", "Basic p", true },
        { "https://corp.example/pypi-other/x", NULL, true },
        { "https://corp.example:8443/npm/x", NULL, false },
        { "https://corp.example.evil/npm/x", NULL, false },
        { "http://plain.example:8080/simple/x", NULL, true },
        { "https://evil.example/corp.example/npm/", NULL, false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoupstream struct sp_upstream upstream = { 0 };
        struct sp_error err = { 0 };
        assert_int_equal(sp_upstream_read(&upstream, cases[i].url, strlen(cases[i].url), NULL), 0);
        bool admitted = sp_hosts_admit(hosts, &upstream, &err) == 0;
        const char *token = sp_hosts_authorization(hosts, &upstream);
        if (admitted != cases[i].admitted || (token != NULL) != (cases[i].token != NULL) ||
            (token && strcmp(token, cases[i].token) != 0))
            fail_msg("%s: %s, %s", cases[i].url, admitted ? "admitted" : err.text,
                     token ? token : "no token");
        if (!admitted && !strstr(err.text, "--allow-host"))
            fail_msg("%s: '%s' does not say what to do", cases[i].url, err.text);
    }
}

static void
http_of_a_host_known_by_https_becomes_https(void **state SP_UNUSED)
{
    sp_autoupstream struct sp_upstream upstream = { 0 };
    const char *authorization = NULL, *url = "http://registry.npmjs.org/a/-/a-1.tgz";
    assert_int_equal(sp_upstream_read(&upstream, url, strlen(url), NULL), 0);
    assert_int_equal(sp_hosts_admit(hosts, &upstream, NULL), 0);
    assert_string_equal(upstream.url, "https://registry.npmjs.org/a/-/a-1.tgz");
    assert_int_equal(sp_hosts_admit_url(hosts, "http://corp.example/npm/a", &authorization, NULL), -1);
}

/* ---- names ---- */

static void
npm_paths_name_their_package(void **state SP_UNUSED)
{
    static const struct {
        const char *path;
        enum sp_npm_path kind;
        const char *name, *version;
    } cases[] = {
        { "lodash", SP_NPM_PACKUMENT, "lodash", "" },
        { "lodash?write=true", SP_NPM_PACKUMENT, "lodash", "" },
        { "lodash/4.17.21", SP_NPM_PACKUMENT, "lodash", "4.17.21" },
        { "@babel%2fcore", SP_NPM_PACKUMENT, "@babel/core", "" },
        { "@babel/core", SP_NPM_PACKUMENT, "@babel/core", "" },
        { "%40babel%2Fcore/latest", SP_NPM_PACKUMENT, "@babel/core", "latest" },
        { "lodash/-/lodash-4.17.21.tgz", SP_NPM_TARBALL, "lodash", "4.17.21" },
        { "@babel/core/-/core-7.0.0-beta.1.tgz", SP_NPM_TARBALL, "@babel/core", "7.0.0-beta.1" },
        { "@a/b/-/@a/b-1.0.0.tgz", SP_NPM_TARBALL, "@a/b", "1.0.0" },
        { "lodash/-/other-1.tgz", SP_NPM_TARBALL, "lodash", "" },
        { "-/ping", SP_NPM_OTHER, "", "" },
        { "-/package/x/dist-tags", SP_NPM_OTHER, "", "" },
        { "@babel", SP_NPM_OTHER, "", "" },
        { "", SP_NPM_OTHER, "", "" },
        { "a/b/c", SP_NPM_OTHER, "a", "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer name = { 0 }, version = { 0 };
        enum sp_npm_path kind;
        assert_int_equal(sp_npm_read_path(cases[i].path, &kind, &name, &version, NULL), 0);
        if (kind != cases[i].kind || strcmp(sp_buffer_string(&name), cases[i].name) != 0 ||
            strcmp(sp_buffer_string(&version), cases[i].version) != 0)
            fail_msg("%s: %d '%s' '%s'", cases[i].path, kind, sp_buffer_string(&name),
                     sp_buffer_string(&version));
    }
}

static void
python_files_name_their_project(void **state SP_UNUSED)
{
    static const struct {
        const char *file, *project;
        enum sp_python_file kind;
        const char *name, *version;
    } cases[] = {
        { "six-1.16.0-py2.py3-none-any.whl", NULL, SP_PYTHON_WHEEL, "six", "1.16.0" },
        { "Flask_Login-0.6.3-1-py3-none-any.whl", NULL, SP_PYTHON_WHEEL, "flask-login", "0.6.3" },
        { "torch-2.1.0%2Bcpu-cp311-cp311-linux_x86_64.whl", NULL, SP_PYTHON_WHEEL, "torch", "2.1.0+cpu" },
        { "six-1.16.0-py2.py3-none-any.whl.metadata", NULL, SP_PYTHON_METADATA, "six", "1.16.0" },
        { "zope.interface-5.0.tar.gz", NULL, SP_PYTHON_SOURCE, "zope-interface", "5.0" },
        { "python-dateutil-2.8.2.tar.gz", NULL, SP_PYTHON_SOURCE, "python-dateutil", "2.8.2" },
        { "foo-2-bar-1.0.zip", "foo-2-bar", SP_PYTHON_SOURCE, "foo-2-bar", "1.0" },
        { "foo-1.0-2.tar.gz", "foo", SP_PYTHON_SOURCE, "foo", "1.0-2" },
        { "pip.whl", NULL, SP_PYTHON_WHEEL, "", "" },
        { "README.html", NULL, SP_PYTHON_OTHER, "", "" },
        { ".whl", NULL, SP_PYTHON_OTHER, "", "" },
        { "-.tar.gz", NULL, SP_PYTHON_SOURCE, "", "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer name = { 0 }, version = { 0 };
        enum sp_python_file kind;
        assert_int_equal(sp_python_read_file(cases[i].file, strlen(cases[i].file), cases[i].project, &kind,
                                             &name, &version, NULL),
                         0);
        if (kind != cases[i].kind || strcmp(sp_buffer_string(&name), cases[i].name) != 0 ||
            strcmp(sp_buffer_string(&version), cases[i].version) != 0)
            fail_msg("%s: %d '%s' '%s'", cases[i].file, kind, sp_buffer_string(&name),
                     sp_buffer_string(&version));
    }
}

/* ---- pages ---- */

typedef int rewriter(const struct sp_rewriting *rewriting, const char *text, size_t length,
                     struct sp_error *err);

/* What REWRITE makes of TEXT from PAGE; learned things go to LEARNED. */
static int
rewrite(rewriter *how, const char *page, const char *name, const char *text, struct sp_learned *learned,
        struct sp_buffer *out)
{
    sp_autoupstream struct sp_upstream url = { 0 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_upstream_read(&url, page, strlen(page), NULL), 0);
    const struct sp_rewriting rewriting = { ORIGIN, hosts, learned, &url, name, out };
    sp_buffer_clear(out);
    return how(&rewriting, text, strlen(text), &err);
}

static const struct sp_artefact *
find(struct sp_learned *learned, const char *url)
{
    sp_autoupstream struct sp_upstream upstream = { 0 };
    assert_int_equal(sp_upstream_read(&upstream, url, strlen(url), NULL), 0);
    return sp_learned_find(learned, &upstream);
}

struct page_case {
    const char *name, *text, *expected;
};

static void
check_pages(rewriter *how, const char *page, const struct page_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sp_autobuffer struct sp_buffer out = { 0 };
        int status = rewrite(how, page, "six", cases[i].text, NULL, &out);
        const char *got = status == 0 ? sp_buffer_string(&out) : NULL;
        if ((got != NULL) != (cases[i].expected != NULL) || (got && strcmp(got, cases[i].expected) != 0))
            fail_msg("%s:\n%s\ninstead of\n%s", cases[i].name, got ? got : "refused",
                     cases[i].expected ? cases[i].expected : "a refusal");
    }
}

static void
packument_keeps_all_but_its_tarballs(void **state SP_UNUSED)
{
    static const struct page_case cases[] = {
        { "spaces and escapes stay",
          "{ \"a\" : \"\\u0041\", \"versions\":{\"1\":{ \"dist\" : {\"tarball\" :  \"https://h/a.tgz\" , "
          "\"x\":1e5}}}}\n",
          "{ \"a\" : \"\\u0041\", \"versions\":{\"1\":{ \"dist\" : {\"tarball\" :  \"" ORIGIN
          "/https/h/a.tgz\" , \"x\":1e5}}}}\n" },
        { "an escaped URL", "{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"https:\\/\\/h\\/a\\u002etgz\"}}}}",
          "{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"" ORIGIN "/https/h/a.tgz\"}}}}" },
        { "http of a known host becomes https",
          "{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"http://registry.npmjs.org/a/-/a-1.tgz\"}}}}",
          "{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"" ORIGIN
          "/https/registry.npmjs.org/a/-/a-1.tgz\"}}}}" },
        { "one version alone", "{\"dist\":{\"tarball\":\"https://h/a.tgz\"}}",
          "{\"dist\":{\"tarball\":\"" ORIGIN "/https/h/a.tgz\"}}" },
        { "tarballs elsewhere are none",
          "{\"tarball\":\"https://h/a\",\"x\":{\"dist\":{\"tarball\":\"https://h/a\"}}}",
          "{\"tarball\":\"https://h/a\",\"x\":{\"dist\":{\"tarball\":\"https://h/a\"}}}" },
        { "no URL", "{\"dist\":{\"tarball\":\"file:///etc/passwd\"}}",
          "{\"dist\":{\"tarball\":\"file:///etc/passwd\"}}" },
        { "other types", "{\"versions\":[1],\"dist\":{\"tarball\":{\"a\":[]}}}",
          "{\"versions\":[1],\"dist\":{\"tarball\":{\"a\":[]}}}" },
        { "truncated", "{\"versions\":{\"1\":{\"dist\":{\"tarball\":\"https://h/a.tgz\"", NULL },
        { "no object", "[]", NULL },
        { "more behind it", "{} {}", NULL },
        { "nothing", "", NULL },
    };
    check_pages(sp_rewrite_packument, "https://registry.npmjs.org/a", cases, SP_COUNT(cases));
}

static void
simple_json_keeps_all_but_its_urls(void **state SP_UNUSED)
{
    static const struct page_case cases[] = {
        { "absolute, relative",
          "{\"files\":[{\"url\":\"https://files.pythonhosted.org/x/"
          "six-1.tar.gz\",\"hashes\":{}},{\"url\":\"six-2.tar.gz\"}],\"name\":\"six\"}",
          "{\"files\":[{\"url\":\"" ORIGIN
          "/https/files.pythonhosted.org/x/six-1.tar.gz\",\"hashes\":{}},{\"url\":\"" ORIGIN
          "/https/pypi.org/simple/six/six-2.tar.gz\"}],\"name\":\"six\"}" },
        { "urls elsewhere stay", "{\"url\":\"https://h/\",\"files\":[[{\"url\":\"https://h/\"}],1]}",
          "{\"url\":\"https://h/\",\"files\":[[{\"url\":\"https://h/\"}],1]}" },
        { "truncated", "{\"files\":[{\"url\":\"x\"}", NULL },
    };
    check_pages(sp_rewrite_simple_json, "https://pypi.org/simple/six/", cases, SP_COUNT(cases));
}

static void
simple_html_keeps_all_but_its_links(void **state SP_UNUSED)
{
#define PACKAGES ORIGIN "/https/pypi.org/p/"
    static const struct page_case cases[] = {
        { "attributes and fragments stay",
          "<a href=\"../../p/six-1.tar.gz#sha256=ab\" data-requires-python=\"&gt;=3\" data-yanked>six</a>",
          "<a href=\"" PACKAGES
          "six-1.tar.gz#sha256=ab\" data-requires-python=\"&gt;=3\" data-yanked>six</a>" },
        { "no quotes, single quotes, upper case", "<A HREF=/p/a>x</A><a\nhref='/p/b'>",
          "<A HREF=\"" PACKAGES "a\">x</A><a\nhref='" PACKAGES "b'>" },
        { "character references", "<a href=\"/p/a?x=1&amp;y=2&#38;z=&#x33;\">",
          "<a href=\"" PACKAGES "a?x=1&amp;y=2&amp;z=3\">" },
        { "the first href counts", "<a href=/p/a href=/p/b>", "<a href=\"" PACKAGES "a\" href=/p/b>" },
        { "an attribute's value that looks like one", "<a title=\"href='/p/x'>\" href=\"/p/a\">",
          "<a title=\"href='/p/x'>\" href=\"" PACKAGES "a\">" },
        { "comments and other tags", "<!-- <a href=\"/p/a\"> --><abbr href=\"/p/a\"><link href=\"/p/a\">",
          "<!-- <a href=\"/p/a\"> --><abbr href=\"/p/a\"><link href=\"/p/a\">" },
        { "base", "<base href=\"https://pypi.org/p/\"><a href=\"six\">",
          "<base href=\"https://pypi.org/p/\"><a href=\"" PACKAGES "six\">" },
        { "other schemes", "<a href=\"javascript:alert(1)\"><a href=\"mailto:x\">",
          "<a href=\"javascript:alert(1)\"><a href=\"mailto:x\">" },
        { "unfinished", "<a href=\"/p/a", "<a href=\"" PACKAGES "a" },
        { "unfinished tag", "text <a", "text <a" },
        { "empty", "", "" },
        { "quotes are not let out", "<a href='/p/&quot;&gt;&lt;script&gt;'>",
          "<a href='/p/&quot;&gt;&lt;script&gt;'>" },
    };
    check_pages(sp_rewrite_simple_html, "https://pypi.org/simple/six/", cases, SP_COUNT(cases));
}

static void
digests_are_learned_and_the_strongest_counts(void **state SP_UNUSED)
{
    struct sp_learned *learned;
    sp_autobuffer struct sp_buffer out = { 0 };
    assert_int_equal(sp_learned_new(&learned, NULL), 0);
    rewrite(sp_rewrite_packument, "https://registry.npmjs.org/a", "a",
            "{\"versions\":{\"1.0\":{\"dist\":{\"shasum\":\"a9993e364706816aba3e25717850c26c9cd0d89d\","
            "\"integrity\":\"" SHA512 "\",\"tarball\":\"https://registry.npmjs.org/a/-/a-1.0.tgz\"}},"
            "\"0.1\":{\"dist\":{\"tarball\":\"https://registry.npmjs.org/a/-/a-0.1.tgz\",\"shasum\":"
            "\"a9993e364706816aba3e25717850c26c9cd0d89d\"}}}}",
            learned, &out);
    const struct sp_artefact *one = find(learned, "https://registry.npmjs.org/a/-/a-1.0.tgz");
    assert_non_null(one);
    assert_string_equal(one->name, "a");
    assert_string_equal(one->version, "1.0");
    assert_int_equal(one->digest.kind, SP_DIGEST_SHA512);
    assert_int_equal(find(learned, "https://registry.npmjs.org/a/-/a-0.1.tgz")->digest.kind, SP_DIGEST_SHA1);

    rewrite(sp_rewrite_simple_json, "https://pypi.org/simple/six/", "six",
            "{\"files\":[{\"core-metadata\":{\"sha256\":\"" SHA256
            "\"},\"hashes\":{\"md5\":\"900150983cd24fb0d6963f7d28e17f72\",\"sha256\":\"" SHA256
            "\"},\"url\":\"https://files.pythonhosted.org/six-1%2B2-py3-none-any.whl\"}]}",
            learned, &out);
    const struct sp_artefact *wheel =
        find(learned, "https://files.pythonhosted.org/six-1+2-py3-none-any.whl");
    assert_non_null(wheel); /* pip writes the '+' either way */
    assert_string_equal(wheel->version, "1+2");
    assert_int_equal(wheel->digest.kind, SP_DIGEST_SHA256);
    assert_int_equal(
        find(learned, "https://files.pythonhosted.org/six-1%2B2-py3-none-any.whl.metadata")->digest.kind,
        SP_DIGEST_SHA256);

    rewrite(sp_rewrite_simple_html, "https://pypi.org/simple/six/", "six",
            "<a data-core-metadata=\"true\" href=\"https://files.pythonhosted.org/six-2.tar.gz#sha256=" SHA256
            "\">",
            learned, &out);
    assert_int_equal(find(learned, "https://files.pythonhosted.org/six-2.tar.gz")->digest.length, 32);
    assert_int_equal(find(learned, "https://files.pythonhosted.org/six-2.tar.gz.metadata")->digest.length, 0);
    sp_learned_free(learned);
}

static void
another_registry_does_not_speak_for_this_ones_artefacts(void **state SP_UNUSED)
{
    struct sp_learned *learned;
    sp_autobuffer struct sp_buffer out = { 0 };
    assert_int_equal(sp_learned_new(&learned, NULL), 0);
    const char *
        url = "https://registry.npmjs.org/a/-/a-1.0.tgz",
       *evil = "{\"versions\":{\"9\":{\"dist\":{\"tarball\":\"https://registry.npmjs.org/a/-/a-1.0.tgz\"}}}}",
       *good = "{\"versions\":{\"1.0\":{\"dist\":{\"integrity\":\"" SHA512
               "\",\"tarball\":\"https://registry.npmjs.org/a/-/a-1.0.tgz\"}}}}";
    rewrite(sp_rewrite_packument, "https://corp.example/npm/evil", "evil", evil, learned, &out);
    assert_string_equal(find(learned, url)->name, "evil");
    rewrite(sp_rewrite_packument, "https://registry.npmjs.org/a", "a", good, learned, &out);
    assert_string_equal(find(learned, url)->name, "a");
    rewrite(sp_rewrite_packument, "https://corp.example/npm/evil", "evil", evil, learned, &out);
    assert_string_equal(find(learned, url)->name, "a");
    assert_int_equal(find(learned, url)->digest.length, 64);
    sp_learned_free(learned);
}

static int
start(void **state SP_UNUSED)
{
    static const char *const allowed[] = { "extra.example", NULL };
    return sp_hosts_new(&hosts, &all, allowed, NULL);
}

static int
stop(void **state SP_UNUSED)
{
    sp_hosts_free(hosts);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside_paths_that_could_be_read_in_two_ways_are_refused),
        cmocka_unit_test(references_resolve_as_in_rfc_3986),
        cmocka_unit_test(tokens_go_to_their_prefix_and_nowhere_else),
        cmocka_unit_test(http_of_a_host_known_by_https_becomes_https),
        cmocka_unit_test(npm_paths_name_their_package),
        cmocka_unit_test(python_files_name_their_project),
        cmocka_unit_test(packument_keeps_all_but_its_tarballs),
        cmocka_unit_test(simple_json_keeps_all_but_its_urls),
        cmocka_unit_test(simple_html_keeps_all_but_its_links),
        cmocka_unit_test(digests_are_learned_and_the_strongest_counts),
        cmocka_unit_test(another_registry_does_not_speak_for_this_ones_artefacts),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
