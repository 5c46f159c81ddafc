/* Naming rules of the registries: what they allow, how they compare, how names come apart. */
#include "base/utf8.h"
#include "ecosystem/ecosystem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TEXT(literal) literal, sizeof(literal) - 1
#define TEN(literal) literal literal literal literal literal literal literal literal literal literal

struct valid_case {
    const char *story;
    const char *name;
    size_t length;
};

struct invalid_case {
    const char *story;
    const char *name;
    size_t length;
    const char *place; /* that the message must name */
    const char *rule;  /* the same */
};

struct pair_case {
    const char *name, *expected;
};

struct split_case {
    const char *name, *space, *identifier;
};

static const struct sp_ecosystem *
find(const char *name)
{
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(name, strlen(name));
    assert_non_null(ecosystem);
    return ecosystem;
}

static void
check_valid(const char *ecosystem, const struct valid_case *cases, size_t count)
{
    assert_true(count >= 15);
    for (size_t i = 0; i < count; i++) {
        struct sp_error err = { 0 };
        if (find(ecosystem)->validate(cases[i].name, cases[i].length, &err) < 0)
            fail_msg("%s: %s: refused: %s", ecosystem, cases[i].story, err.text);
    }
}

/* A message fits one line of a terminal's scroll, moves no cursor, and ends with what to do. */
static void
check_message(const char *ecosystem, const char *story, const struct sp_error *err)
{
    if (!strstr(err->text, find(ecosystem)->title) || !strstr(err->text, "; "))
        fail_msg("%s: %s: a message without registry or advice: %s", ecosystem, story, err->text);
    assert_true(strlen(err->text) < 420);
    for (size_t i = 0, size; err->text[i]; i += size)
        assert_true(sp_utf8_is_printable(sp_utf8_decode(err->text + i, strlen(err->text + i), &size)));
}

static void
check_invalid(const char *ecosystem, const struct invalid_case *cases, size_t count)
{
    assert_true(count >= 15);
    for (size_t i = 0; i < count; i++) {
        struct sp_error err = { 0 };
        if (find(ecosystem)->validate(cases[i].name, cases[i].length, &err) != -1)
            fail_msg("%s: %s: '%s' was accepted", ecosystem, cases[i].story, cases[i].name);
        assert_int_equal(err.code, SP_ERROR_INPUT);
        if (!strstr(err.text, cases[i].place) || !strstr(err.text, cases[i].rule))
            fail_msg("%s: %s: expected '%s' and '%s' in: %s", ecosystem, cases[i].story, cases[i].place,
                     cases[i].rule, err.text);
        check_message(ecosystem, cases[i].story, &err);
    }
}

static void
check_normalised(const char *ecosystem, const struct pair_case *cases, size_t count)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    for (size_t i = 0; i < count; i++) {
        struct sp_error err = { 0 };
        if (sp_ecosystem_read_name(find(ecosystem), cases[i].name, strlen(cases[i].name), &out, &err) < 0)
            fail_msg("%s: %s: %s", ecosystem, cases[i].name, err.text);
        if (strcmp(sp_buffer_string(&out), cases[i].expected))
            fail_msg("%s: '%s' became '%s', expected '%s'", ecosystem, cases[i].name, sp_buffer_string(&out),
                     cases[i].expected);
    }
}

static bool
slice_is(struct sp_slice slice, const char *expected)
{
    return slice.length == strlen(expected) && !memcmp(slice.bytes, expected, slice.length);
}

static void
check_split(const char *ecosystem, const struct split_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sp_name_parts parts;
        find(ecosystem)->split(cases[i].name, strlen(cases[i].name), &parts);
        if (!slice_is(parts.namespace_, cases[i].space) || !slice_is(parts.identifier, cases[i].identifier))
            fail_msg("%s: '%s' came apart as '%.*s' and '%.*s'", ecosystem, cases[i].name,
                     (int)parts.namespace_.length, parts.namespace_.bytes, (int)parts.identifier.length,
                     parts.identifier.bytes);
    }
}

static void
check_flat(const char *ecosystem, const struct pair_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sp_autobuffer struct sp_buffer out = { 0 };
        struct sp_error err = { 0 };
        const char *name = cases[i].name;
        assert_int_equal(sp_buffer_append_string(&out, "kept:", &err), 0);
        assert_int_equal(sp_ecosystem_flatten(find(ecosystem), name, strlen(name), &out, &err), 0);
        if (strncmp(out.bytes, "kept:", 5) || strcmp(out.bytes + 5, cases[i].expected))
            fail_msg("%s: '%s' is flat '%s', expected '%s'", ecosystem, name, out.bytes + 5,
                     cases[i].expected);
    }
}

#define CHECK(what, ecosystem, cases) check_##what(ecosystem, cases, SP_COUNT(cases))

/* --- npm ------------------------------------------------------------------------------------------------ */

static void
npm_allows_new_and_old_names(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "plain", TEXT("lodash") },
        { "one letter", TEXT("q") },
        { "digits alone", TEXT("3") },
        { "hyphens and digits", TEXT("core-js2-pure") },
        { "dots inside", TEXT("socket.io") },
        { "underscores inside", TEXT("lodash_fp") },
        { "two dots inside", TEXT("a..b") },
        { "ends with a hyphen", TEXT("crypto-") },
        { "scoped", TEXT("@babel/core") },
        { "scope with digits and hyphens", TEXT("@0x-tools/a.b") },
        { "scoped name may begin with an underscore", TEXT("@scope/_private") },
        { "scoped name may begin with a hyphen", TEXT("@scope/-") },
        { "upper case in an old name", TEXT("JSONStream") },
        { "upper case in a scope", TEXT("@Foo/Bar") },
        { "name of a core module", TEXT("http") },
        { "old special characters", TEXT("crazy!") },
        { "tilde, quote, star and parentheses", TEXT("~a'*(b)") },
        { "reserved word within a scope", TEXT("@types/node_modules") },
        { "214 bytes", TEXT(TEN("abcdefghij") TEN("abcdefghij") "abcdefghijklmn") },
        { "a Cyrillic lookalike is judged, not dismissed", TEXT("\xd0\xb0xios") },
        { "a letter with its accent apart", TEXT("cafe\xcc\x81") },
    };
    CHECK(valid, "npm", cases);
}

static void
npm_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "leading dot", TEXT(".bin"), "byte 1 ('.')", "cannot begin" },
        { "leading underscore", TEXT("_private"), "byte 1 ('_')", "cannot begin" },
        { "leading hyphen", TEXT("-g"), "byte 1 ('-')", "cannot begin" },
        { "directory of modules", TEXT("node_modules"), "byte 1", "reserves" },
        { "directory of modules, shouted", TEXT("Node_Modules"), "byte 1", "reserves" },
        { "icon", TEXT("favicon.ico"), "byte 1", "reserves" },
        { "215 bytes", TEXT(TEN("abcdefghij") TEN("abcdefghij") "abcdefghijklmno"), "byte 215",
          "at most 214" },
        { "space within", TEXT("left pad"), "byte 5 (U+0020)", "white space" },
        { "trailing newline", TEXT("lodash\n"), "byte 7 (U+000A)", "white space" },
        { "version in the name", TEXT("lodash@4.17.21"), "byte 7 ('@')", "without a version" },
        { "slash without a scope", TEXT("babel/core"), "byte 6 ('/')", "@scope/name" },
        { "scope alone", TEXT("@babel"), "at its end (byte 6)", "@scope/name" },
        { "scope without a name", TEXT("@babel/"), "at its end (byte 7)", "nothing follows" },
        { "empty scope", TEXT("@/core"), "byte 2", "scope is empty" },
        { "three parts", TEXT("@a/b/c"), "byte 5 ('/')", "allowed" },
        { "scoped name with a leading dot", TEXT("@a/.b"), "byte 4 ('.')", "begin with a dot" },
        { "scoped name that climbs", TEXT("@a/.."), "byte 4", "begin with a dot" },
        { "NUL within", TEXT("lod\0ash"), "byte 4 (U+0000)", "hidden" },
        { "byte that is no UTF-8", TEXT("lod\xff"), "byte 4 (\\xff, no UTF-8)", "allowed" },
        { "half of a UTF-8 sequence", TEXT("lod\xd0"), "byte 4", "no UTF-8" },
        { "right-to-left override",
          TEXT("a\xe2\x80\xae"
               "b"),
          "byte 2 (U+202E)", "allowed" },
        { "zero width joiner",
          TEXT("a\xe2\x80\x8d"
               "b"),
          "byte 2 (U+200D)", "allowed" },
        { "emoji", TEXT("a\xf0\x9f\x98\x80"), "byte 2", "allowed" },
        { "percent-encoding", TEXT("a%2fb"), "byte 2 ('%')", "allowed" },
        { "terminal escape", TEXT("a\x1b[2J"), "byte 2 (U+001B)", "allowed" },
    };
    CHECK(invalid, "npm", cases);
}

static void
npm_compares_in_lower_case(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "lodash", "lodash" },
        { "JSONStream", "jsonstream" },
        { "@Foo/Bar", "@foo/bar" },
        { "a_b.c-d", "a_b.c-d" },
        { "\xd0\x90xios", "\xd0\xb0xios" },       /* Cyrillic A */
        { "\xe2\x84\xaanex", "\xe2\x84\xaanex" }, /* the Kelvin sign is no k */
        { "\xc4\xb0gloo", "\xc4\xb0gloo" },       /* the dotted capital I is no i */
    };
    CHECK(normalised, "npm", normalised);
    static const struct split_case parts[] = {
        { "@babel/core", "@babel", "core" },
        { "lodash", "", "lodash" },
        { "@a/-", "@a", "-" },
        { "socket.io", "", "socket.io" },
        { "", "", "" },
        { "@lonely", "", "@lonely" },
        { "@lonely/", "", "@lonely/" },
        { "a/b", "", "a/b" },
    };
    CHECK(split, "npm", parts);
    static const struct pair_case flat[] = {
        { "@azure/core-tracing", "azure-core-tracing" },
        { "lodash", "lodash" },
        { "socket.io", "socket-io" },
        { "a__b..c", "a-b-c" },
        { "@a/_b", "a-b" },
        { "crypto-", "crypto" },
        { "@-x/y", "x-y" },
        { "@scope/-", "scope" },
    };
    CHECK(flat, "npm", flat);
}

/* --- PyPI ----------------------------------------------------------------------------------------------- */

static void
pypi_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "plain", TEXT("requests") },
        { "one letter", TEXT("q") },
        { "one digit", TEXT("0") },
        { "upper case", TEXT("Django") },
        { "hyphen", TEXT("scikit-learn") },
        { "underscore", TEXT("typing_extensions") },
        { "dot", TEXT("zope.interface") },
        { "run of separators", TEXT("a-_.b") },
        { "begins with a digit", TEXT("2to3") },
        { "ends with a digit", TEXT("python3") },
        { "a version's look", TEXT("0.0.1") },
        { "name of a standard module", TEXT("asyncio") },
        { "two underscores inside", TEXT("a__b") },
        { "mixed case and separators", TEXT("Flask-SQLAlchemy.X_y") },
        { "200 bytes", TEXT(TEN("abcdefghij") TEN("abcdefghij")) },
    };
    CHECK(valid, "pypi", cases);
}

static void
pypi_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "leading hyphen", TEXT("-requests"), "byte 1", "begins with" },
        { "leading underscore", TEXT("_requests"), "byte 1", "begins with" },
        { "leading dot", TEXT(".requests"), "byte 1", "begins with" },
        { "trailing hyphen", TEXT("requests-"), "byte 9", "ends with" },
        { "trailing dot", TEXT("requests."), "byte 9", "ends with" },
        { "trailing underscore", TEXT("requests_"), "byte 9", "ends with" },
        { "separator alone", TEXT("-"), "byte 1", "begins with" },
        { "extras", TEXT("requests[security]"), "byte 9 ('[')", "without extras" },
        { "version", TEXT("requests==2.0"), "byte 9 ('=')", "without a version" },
        { "range", TEXT("requests>=2"), "byte 9 ('>')", "without a version" },
        { "direct reference", TEXT("pip@https://x"), "byte 4 ('@')", "without a version" },
        { "space within", TEXT("scikit learn"), "byte 7 (U+0020)", "white space" },
        { "path", TEXT("dir/pkg"), "byte 4 ('/')", "not a path" },
        { "Cyrillic lookalike", TEXT("r\xd0\xb5quests"), "U+0435", "lookalike" },
        { "NUL within", TEXT("a\0b"), "byte 2 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("a\xc0\xaf"), "byte 2 (\\xc0", "only ASCII" },
        { "right-to-left mark",
          TEXT("a\xe2\x80\x8f"
               "b"),
          "byte 2 (U+200F)", "only ASCII" },
        { "over every limit", TEXT(TEN(TEN("abcdefghij"))), "byte 513", "at most 512" },
    };
    CHECK(invalid, "pypi", cases);
}

static void
pypi_compares_by_pep_503(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "Django", "django" },
        { "zope.interface", "zope-interface" },
        { "a-_.b", "a-b" },
        { "typing_extensions", "typing-extensions" },
        { "A", "a" },
        { "a__b--c..d", "a-b-c-d" },
        { "Friendly-Bard", "friendly-bard" },
    };
    CHECK(normalised, "pypi", normalised);
    static const struct split_case parts[] = {
        { "zope-interface", "", "zope-interface" },
        { "requests", "", "requests" },
        { "", "", "" },
    };
    CHECK(split, "pypi", parts);
    static const struct pair_case flat[] = {
        { "zope-interface", "zope-interface" },
        { "requests", "requests" },
    };
    CHECK(flat, "pypi", flat);
}

/* --- RubyGems ------------------------------------------------------------------------------------------- */

static void
rubygems_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "plain", TEXT("rails") },
        { "one letter", TEXT("k") },
        { "upper case", TEXT("RedCloth") },
        { "hyphen", TEXT("rspec-core") },
        { "underscore", TEXT("multi_json") },
        { "dot", TEXT("will_paginate.rb") },
        { "digits first", TEXT("3scale_client") },
        { "one letter among digits", TEXT("1a1") },
        { "trailing hyphen", TEXT("rails-") },
        { "trailing underscore", TEXT("rails_") },
        { "trailing dot", TEXT("rails.") },
        { "two hyphens", TEXT("a--b") },
        { "two dots", TEXT("a..b") },
        { "name of a default gem", TEXT("json") },
        { "old gem that begins with a dot", TEXT(".cat") },
        { "old gem that is one underscore", TEXT("_") },
        { "old gem without a letter", TEXT("1234567890_") },
        { "200 bytes", TEXT(TEN("abcdefghij") TEN("abcdefghij")) },
    };
    CHECK(valid, "rubygems", cases);
}

static void
rubygems_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "dot alone", TEXT("."), "byte 1", "more than dots" },
        { "dots that climb", TEXT(".."), "byte 1", "more than dots" },
        { "requirement", TEXT("rails>=7"), "byte 6 ('>')", "without a version" },
        { "platform in brackets", TEXT("rails[java]"), "byte 6 ('[')", "only ASCII" },
        { "at sign", TEXT("rails@7"), "byte 6 ('@')", "without a version" },
        { "tab", TEXT("rails\t"), "byte 6 (U+0009)", "white space" },
        { "space", TEXT("ruby on rails"), "byte 5 (U+0020)", "white space" },
        { "version", TEXT("rails=7"), "byte 6 ('=')", "without a version" },
        { "pessimistic version", TEXT("rails~>7"), "byte 6 ('~')", "without a version" },
        { "path", TEXT("../rails"), "byte 3 ('/')", "not a path" },
        { "module", TEXT("Rails::Engine"), "byte 6 (':')", "only ASCII" },
        { "plus", TEXT("c++"), "byte 2 ('+')", "only ASCII" },
        { "accent", TEXT("caf\xc3\xa9"), "byte 4", "lookalike" },
        { "NUL within", TEXT("a\0b"), "byte 2 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("\xfe\xff"), "byte 1 (\\xfe", "only ASCII" },
        { "256 bytes", TEXT(TEN("abcdefghij") TEN("abcdefghij") TEN("abcde") "abcdef"), "byte 256",
          "at most 255" },
    };
    CHECK(invalid, "rubygems", cases);
}

static void
rubygems_compares_in_lower_case(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "RedCloth", "redcloth" },
        { "rspec-core", "rspec-core" },
        { "multi_json", "multi_json" },
        { "A.B", "a.b" },
    };
    CHECK(normalised, "rubygems", normalised);
    static const struct split_case parts[] = { { "rspec-core", "", "rspec-core" }, { "", "", "" } };
    CHECK(split, "rubygems", parts);
    static const struct pair_case flat[] = {
        { "multi_json", "multi-json" },
        { "a--b__c", "a-b-c" },
        { "rails.", "rails" },
    };
    CHECK(flat, "rubygems", flat);
}

/* --- Maven ---------------------------------------------------------------------------------------------- */

static void
maven_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "reversed domain", TEXT("org.slf4j:slf4j-api") },
        { "old group of one word", TEXT("junit:junit") },
        { "hyphen in the group", TEXT("commons-io:commons-io") },
        { "underscore", TEXT("com.google:error_prone") },
        { "Scala's suffix", TEXT("org.typelevel:cats-core_2.13") },
        { "upper case", TEXT("xerces:xercesImpl") },
        { "upper case group", TEXT("com.Acme:X") },
        { "digits", TEXT("com.h2database:h2") },
        { "short", TEXT("a:b") },
        { "dots in the artifact", TEXT("org.eclipse:org.eclipse.core") },
        { "two dots in the artifact", TEXT("a:b..c") },
        { "artifact begins with a dot", TEXT("a:.b") },
        { "digits alone", TEXT("1:2") },
        { "hyphen first", TEXT("-a:-b") },
        { "deep group", TEXT("com.a.b.c.d.e.f:g") },
    };
    CHECK(valid, "maven", cases);
}

static void
maven_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "no group", TEXT("slf4j-api"), "at its end", "group:artifact" },
        { "empty group", TEXT(":slf4j-api"), "byte 1 (':')", "group is empty" },
        { "empty artifact", TEXT("org.slf4j:"), "at its end", "artifact is empty" },
        { "colon alone", TEXT(":"), "byte 1", "group is empty" },
        { "version", TEXT("org.slf4j:slf4j-api:2.0.9"), "byte 20 (':')", "without version" },
        { "slash for colon", TEXT("org.slf4j/slf4j-api"), "at its end", "group:artifact" },
        { "slash in the group", TEXT("org/slf4j:slf4j-api"), "byte 4 ('/')", "only ASCII" },
        { "group begins with a dot", TEXT(".org:a"), "byte 1 ('.')", "joins two words" },
        { "group ends with a dot", TEXT("org.:a"), "byte 4 ('.')", "joins two words" },
        { "two dots in the group", TEXT("org..slf4j:a"), "byte 5 ('.')", "joins two words" },
        { "artifact that climbs", TEXT("a:.."), "byte 3 ('.')", "more than dots" },
        { "space in the artifact", TEXT("a:b c"), "byte 4 (U+0020)", "white space" },
        { "property left in", TEXT("${g}:a"), "byte 1 ('$')", "only ASCII" },
        { "Greek lookalike", TEXT("\xce\xbfrg.slf4j:a"), "U+03BF", "lookalike" },
        { "NUL within", TEXT("a:b\0c"), "byte 4 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("a:\x80"), "byte 3 (\\x80", "only ASCII" },
        { "513 bytes", TEXT("a:" TEN(TEN("abcde")) "abcdefghijk"), "byte 513", "at most 512" },
    };
    CHECK(invalid, "maven", cases);
}

static void
maven_keeps_case_and_group(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "org.slf4j:slf4j-api", "org.slf4j:slf4j-api" },
        { "xerces:xercesImpl", "xerces:xercesImpl" },
    };
    CHECK(normalised, "maven", normalised);
    static const struct split_case parts[] = {
        { "org.slf4j:slf4j-api", "org.slf4j", "slf4j-api" },
        { "junit:junit", "junit", "junit" },
        { "lonely", "", "lonely" },
        { ":a", "", ":a" },
        { "a:", "", "a:" },
        { "", "", "" },
    };
    CHECK(split, "maven", parts);
    static const struct pair_case flat[] = {
        { "org.slf4j:slf4j-api", "org-slf4j-slf4j-api" }, /* the first label stays */
        { "io.netty:netty-all", "io-netty-netty-all" },
        { "org.typelevel:cats-core_2.13", "org-typelevel-cats-core-2-13" },
        { "a:.b", "a-b" },
    };
    CHECK(flat, "maven", flat);
}

/* --- Go ------------------------------------------------------------------------------------------------- */

static void
golang_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "GitHub", TEXT("github.com/spf13/cobra") },
        { "upper case after the host", TEXT("github.com/BurntSushi/toml") },
        { "major version", TEXT("github.com/jackc/pgx/v5") },
        { "two-digit major version", TEXT("github.com/google/go-github/v62") },
        { "module within a repository", TEXT("github.com/aws/aws-sdk-go-v2/service/s3") },
        { "golang.org/x", TEXT("golang.org/x/sys") },
        { "vanity host", TEXT("k8s.io/api") },
        { "host alone", TEXT("go4.org") },
        { "gopkg.in", TEXT("gopkg.in/yaml.v3") },
        { "gopkg.in version 0", TEXT("gopkg.in/check.v0") },
        { "gopkg.in with an owner", TEXT("gopkg.in/src-d/go-git.v4") },
        { "gopkg.in unstable", TEXT("gopkg.in/yaml.v3-unstable") },
        { "tilde", TEXT("git.sr.ht/~sircmpwn/getopt") },
        { "dots, underscores and hyphens", TEXT("example.com/a_b-c.d") },
        { "digits that are no version", TEXT("github.com/a/b2") },
        { "v alone", TEXT("github.com/a/v") },
        { "version in the middle", TEXT("github.com/a/v1/b") },
        { "tilde and letters", TEXT("example.com/a~b") },
        { "device as part of a word", TEXT("example.com/console") },
        { "com0 is no device", TEXT("example.com/com0") },
    };
    CHECK(valid, "golang", cases);
}

static void
golang_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "standard library", TEXT("fmt"), "byte 1", "has a dot" },
        { "standard library path", TEXT("net/http"), "byte 4", "has a dot" },
        { "upper case host", TEXT("GitHub.com/a/b"), "byte 1 ('G')", "lower case" },
        { "leading hyphen", TEXT("-x.com/a"), "byte 1 ('-')", "cannot begin" },
        { "leading slash", TEXT("/github.com/a"), "byte 1 ('/')", "empty" },
        { "trailing slash", TEXT("github.com/a/"), "at its end", "empty" },
        { "two slashes", TEXT("github.com//a"), "byte 12 ('/')", "empty" },
        { "leading dot in an element", TEXT("github.com/a/.git"), "byte 14 ('.')", "begin with a dot" },
        { "trailing dot in an element", TEXT("github.com/a./b"), "byte 13 ('.')", "end with a dot" },
        { "path that climbs", TEXT("github.com/../b"), "byte 12 ('.')", "begin with a dot" },
        { "URL", TEXT("https://github.com/a/b"), "byte 7 ('/')", "has a dot" },
        { "version after @", TEXT("github.com/a/b@v1.0.0"), "byte 15 ('@')", "without a version" },
        { "v1", TEXT("github.com/a/b/v1"), "byte 17 ('1')", "'/v2' and above" },
        { "v0", TEXT("github.com/a/b/v0"), "byte 17 ('0')", "'/v2' and above" },
        { "leading zero", TEXT("github.com/a/b/v02"), "byte 18", "'/v2' and above" },
        { "minor version", TEXT("github.com/a/b/v2.1"), "byte 19", "'/v2' and above" },
        { "gopkg.in without a version", TEXT("gopkg.in/yaml"), "at its end", "gopkg.in/name.v1" },
        { "gopkg.in leading zero", TEXT("gopkg.in/yaml.v03"), "at its end", "gopkg.in/name.v1" },
        { "gopkg.in with /v2", TEXT("gopkg.in/yaml/v2"), "at its end", "gopkg.in/name.v1" },
        { "Windows device", TEXT("example.com/aux"), "byte 13 ('a')", "device of Windows" },
        { "Windows device with an ending", TEXT("example.com/NUL.txt/b"), "byte 13 ('N')",
          "device of Windows" },
        { "Windows port", TEXT("example.com/lpt1"), "byte 13", "device of Windows" },
        { "Windows short name", TEXT("example.com/progra~1"), "byte 20 ('1')", "'~' and digits" },
        { "short name with an ending", TEXT("example.com/a~1.go"), "byte 15", "'~' and digits" },
        { "plus", TEXT("github.com/a/c++"), "byte 15 ('+')", "only ASCII" },
        { "Cyrillic lookalike", TEXT("github.com/\xd0\xb0/b"), "U+0430", "lookalike" },
        { "underscore in the host", TEXT("my_host.com/a"), "byte 3 ('_')", "lower case" },
        { "NUL within", TEXT("github.com/a\0/b"), "byte 13 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("github.com/\xed\xa0\x80"), "byte 12 (\\xed", "only ASCII" },
    };
    CHECK(invalid, "golang", cases);
}

static void
golang_keeps_case_and_drops_versions(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "github.com/BurntSushi/toml", "github.com/BurntSushi/toml" },
        { "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5" },
    };
    CHECK(normalised, "golang", normalised);
    static const struct split_case parts[] = {
        { "github.com/spf13/cobra", "github.com/spf13", "cobra" },
        { "github.com/jackc/pgx/v5", "github.com/jackc", "pgx" },
        { "github.com/a/b/sub/v2", "github.com/a", "b/sub" },
        { "github.com/aws/aws-sdk-go-v2/service/s3", "github.com/aws", "aws-sdk-go-v2/service/s3" },
        { "gitlab.com/group/name", "gitlab.com/group", "name" },
        { "golang.org/x/crypto", "golang.org/x", "crypto" },
        { "git.sr.ht/~user/name", "git.sr.ht/~user", "name" },
        { "k8s.io/api", "k8s.io", "api" },
        { "go.uber.org/zap", "go.uber.org", "zap" },
        { "google.golang.org/genproto/googleapis/rpc", "google.golang.org", "genproto/googleapis/rpc" },
        { "sigs.k8s.io/yaml", "sigs.k8s.io", "yaml" },
        { "gopkg.in/yaml.v3", "gopkg.in", "yaml" },
        { "gopkg.in/yaml.v3-unstable", "gopkg.in", "yaml" },
        { "gopkg.in/src-d/go-git.v4", "gopkg.in/src-d", "go-git" },
        { "go4.org", "", "go4.org" },
        { "example.com/v2", "", "example.com" },
        { "github.com/owner", "github.com", "owner" },
        { "github.com/owner/v2", "github.com", "owner" },
        { "example.com/yaml.v3", "example.com", "yaml.v3" },
        { "github.com/a/b/v1", "github.com/a", "b/v1" },
        { "github.com/", "", "github.com/" },
        { "github.com/a/", "github.com", "a/" },
        { "/v2", "", "/v2" },
        { "gopkg.in/.v1", "gopkg.in", ".v1" },
        { "gopkg.in/", "", "gopkg.in/" },
        { "", "", "" },
    };
    CHECK(split, "golang", parts);
    static const struct pair_case flat[] = {
        { "github.com/spf13/cobra", "spf13-cobra" },
        { "gitlab.com/spf13/cobra", "spf13-cobra" },
        { "bitbucket.org/spf13/cobra/v2", "spf13-cobra" },
        { "k8s.io/api", "k8s-io-api" },
        { "golang.org/x/crypto", "golang-org-x-crypto" },
        { "gopkg.in/yaml.v3", "gopkg-in-yaml" },
        { "github.com/owner", "owner" },
        { "git.sr.ht/~user/name", "git-sr-ht-user-name" },
        { "github.com/a/b/sub/v2", "a-b-sub" },
        { "go4.org", "go4-org" },
        { "github.company.com/a/b", "github-company-com-a-b" },
    };
    CHECK(flat, "golang", flat);
}

/* --- Hugging Face --------------------------------------------------------------------------------------- */

static void
huggingface_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "author and model", TEXT("google-bert/bert-base-uncased") },
        { "legacy name at the root", TEXT("gpt2") },
        { "upper case", TEXT("FacebookAI/xlm-roberta-large") },
        { "dots", TEXT("meta-llama/Llama-3.1-8B") },
        { "underscore", TEXT("a_b/c_d") },
        { "leading underscore", TEXT("_a/_b") },
        { "trailing underscore", TEXT("a_/b_") },
        { "digits alone", TEXT("123") },
        { "two underscores", TEXT("a__b") },
        { "one letter", TEXT("a") },
        { "dot and hyphen side by side", TEXT("a.-b") },
        { "git within", TEXT("a.git.b") },
        { "name is git", TEXT("git") },
        { "96 bytes", TEXT(TEN("abcdefghi") "abcdef") },
        { "96 bytes twice", TEXT(TEN("abcdefghi") "abcdef/" TEN("abcdefghi") "abcdef") },
    };
    CHECK(valid, "huggingface", cases);
}

static void
huggingface_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "kind of repository", TEXT("datasets/foo/bar"), "byte 13 ('/')", "without the kind" },
        { "empty author", TEXT("/bert"), "byte 1", "part of the name is empty" },
        { "empty model", TEXT("google/"), "at its end", "part of the name is empty" },
        { "leading dot", TEXT(".bert"), "byte 1 ('.')", "cannot begin" },
        { "leading hyphen", TEXT("google/-bert"), "byte 8 ('-')", "cannot begin" },
        { "trailing hyphen", TEXT("google-/bert"), "byte 7 ('-')", "cannot end" },
        { "trailing dot", TEXT("google/bert."), "byte 12 ('.')", "cannot end" },
        { "two hyphens", TEXT("google/bert--base"), "byte 13 ('-')", "forbidden" },
        { "two dots", TEXT("google/bert..base"), "byte 13 ('.')", "forbidden" },
        { "ends with .git", TEXT("google/bert.git"), "byte 12 ('.')", ".git" },
        { "97 bytes", TEXT(TEN("abcdefghi") "abcdefg"), "byte 97", "at most 96" },
        { "97 bytes of model", TEXT("a/" TEN("abcdefghi") "abcdefg"), "byte 99", "at most 96" },
        { "space", TEXT("google/bert base"), "byte 12 (U+0020)", "white space" },
        { "revision", TEXT("google/bert@main"), "byte 12 ('@')", "without a version" },
        { "accent", TEXT("google/b\xc3\xa9rt"), "byte 9", "lookalike" },
        { "NUL within", TEXT("a/b\0"), "byte 4 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("a/\xf5"), "byte 3 (\\xf5", "only ASCII" },
    };
    CHECK(invalid, "huggingface", cases);
}

static void
huggingface_compares_in_lower_case(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "FacebookAI/XLM", "facebookai/xlm" },
        { "gpt2", "gpt2" },
        { "meta-llama/Llama-3.1-8B", "meta-llama/llama-3.1-8b" },
    };
    CHECK(normalised, "huggingface", normalised);
    static const struct split_case parts[] = {
        { "google/bert-base", "google", "bert-base" },
        { "gpt2", "", "gpt2" },
        { "/x", "", "/x" },
        { "", "", "" },
    };
    CHECK(split, "huggingface", parts);
    static const struct pair_case flat[] = {
        { "meta-llama/llama-3.1-8b", "meta-llama-llama-3-1-8b" },
        { "gpt2", "gpt2" },
        { "_", "_" }, /* delimiters alone stay */
    };
    CHECK(flat, "huggingface", flat);
}

/* --- crates.io ------------------------------------------------------------------------------------------ */

static void
cargo_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "plain", TEXT("serde") },
        { "one letter", TEXT("a") },
        { "hyphen", TEXT("proc-macro2") },
        { "underscore", TEXT("serde_json") },
        { "upper case", TEXT("Inflector") },
        { "digits", TEXT("base64") },
        { "trailing hyphen", TEXT("a-") },
        { "trailing underscore", TEXT("a_") },
        { "two hyphens", TEXT("a--b") },
        { "reserved word as a part", TEXT("std-semaphore") },
        { "core as a part", TEXT("core2") },
        { "test as a part", TEXT("test-case") },
        { "device as a part", TEXT("console") },
        { "com0 is no device", TEXT("com0") },
        { "64 bytes", TEXT(TEN("abcdef") "abcd") },
    };
    CHECK(valid, "cargo", cases);
}

static void
cargo_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "leading digit", TEXT("3d"), "byte 1 ('3')", "begins with a letter" },
        { "leading hyphen", TEXT("-a"), "byte 1", "begins with a letter" },
        { "leading underscore", TEXT("_a"), "byte 1", "begins with a letter" },
        { "dot", TEXT("serde.json"), "byte 6 ('.')", "only ASCII" },
        { "65 bytes", TEXT(TEN("abcdef") "abcde"), "byte 65", "at most 64" },
        { "standard library", TEXT("std"), "byte 1", "reserves" },
        { "core library, shouted", TEXT("CORE"), "byte 1", "reserves" },
        { "proc_macro", TEXT("proc_macro"), "byte 1", "reserves" },
        { "proc-macro", TEXT("proc-macro"), "byte 1", "reserves" },
        { "Windows device", TEXT("nul"), "byte 1", "reserves" },
        { "Windows port", TEXT("COM1"), "byte 1", "reserves" },
        { "version", TEXT("serde@1.0"), "byte 6 ('@')", "without a version" },
        { "space", TEXT("serde json"), "byte 6 (U+0020)", "white space" },
        { "path", TEXT("serde::json"), "byte 6 (':')", "not a path" },
        { "accent", TEXT("s\xc3\xa9rde"), "byte 2", "lookalike" },
        { "NUL within", TEXT("a\0"), "byte 2 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("a\xff"), "byte 2 (\\xff", "only ASCII" },
    };
    CHECK(invalid, "cargo", cases);
}

static void
cargo_takes_hyphen_for_underscore(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "Serde-JSON", "serde_json" },
        { "serde_json", "serde_json" },
        { "a--b", "a__b" },
    };
    CHECK(normalised, "cargo", normalised);
    static const struct split_case parts[] = { { "serde_json", "", "serde_json" }, { "", "", "" } };
    CHECK(split, "cargo", parts);
    static const struct pair_case flat[] = { { "serde_json", "serde-json" }, { "a__b_", "a-b" } };
    CHECK(flat, "cargo", flat);
}

/* --- NuGet ---------------------------------------------------------------------------------------------- */

static void
nuget_allows(void **state SP_UNUSED)
{
    static const struct valid_case cases[] = {
        { "plain", TEXT("Dapper") },
        { "dots", TEXT("Newtonsoft.Json") },
        { "hyphen", TEXT("xunit-core") },
        { "underscore first", TEXT("_a") },
        { "underscores last", TEXT("a__") },
        { "digits alone", TEXT("7") },
        { "digit first", TEXT("51Degrees.Core") },
        { "underscore beside a dot", TEXT("a_.b") },
        { "deep", TEXT("Microsoft.Extensions.Logging.Abstractions") },
        { "Cyrillic", TEXT("\xd0\x9f\xd0\xb0\xd0\xba\xd0\xb5\xd1\x82") },
        { "homoglyph of a known package", TEXT("Newt\xd0\xbensoft.Json") },
        { "Chinese", TEXT("\xe4\xb8\xad\xe6\x96\x87") },
        { "accent apart", TEXT("cafe\xcc\x81") },
        { "Arabic digits", TEXT("a\xd9\xa1") },
        { "connector punctuation", TEXT("a\xe2\x80\xbf"
                                        "b") },
        { "100 characters", TEXT(TEN("abcdefghij")) },
        { "100 characters of two bytes", TEXT(TEN(TEN("\xd0\xb0"))) },
    };
    CHECK(valid, "nuget", cases);
}

static void
nuget_refuses(void **state SP_UNUSED)
{
    static const struct invalid_case cases[] = {
        { "empty", TEXT(""), "''", "empty" },
        { "leading dot", TEXT(".Json"), "byte 1", "stand between" },
        { "leading hyphen", TEXT("-Json"), "byte 1", "stand between" },
        { "trailing dot", TEXT("Json."), "byte 5", "ends with" },
        { "trailing hyphen", TEXT("Json-"), "byte 5", "ends with" },
        { "two dots", TEXT("a..b"), "byte 3", "stand between" },
        { "dot and hyphen", TEXT("a.-b"), "byte 3", "stand between" },
        { "space", TEXT("Newtonsoft Json"), "byte 11 (U+0020)", "white space" },
        { "version", TEXT("Dapper@2"), "byte 7 ('@')", "without a version" },
        { "path", TEXT("Dapper/2"), "byte 7 ('/')", "not a path" },
        { "101 characters", TEXT(TEN("abcdefghij") "k"), "byte 101", "100 characters" },
        { "101 characters of two bytes", TEXT(TEN(TEN("\xd0\xb0")) "\xd0\xb0"), "byte 201",
          "100 characters" },
        { "10,000 bytes", TEXT(TEN(TEN(TEN("abcdefghij")))), "byte 301", "at most 300" },
        { "emoji", TEXT("a\xf0\x9f\x98\x80"), "byte 2", "only letters" },
        { "letter above U+FFFF", TEXT("\xf0\x9d\x92\x9c"), "byte 1", "only letters" },
        { "right-to-left override",
          TEXT("a\xe2\x80\xae"
               "b"),
          "byte 2 (U+202E)", "only letters" },
        { "zero width space",
          TEXT("a\xe2\x80\x8b"
               "b"),
          "byte 2 (U+200B)", "only letters" },
        { "NUL within", TEXT("a\0b"), "byte 2 (U+0000)", "hidden" },
        { "invalid UTF-8", TEXT("a\xe4\xb8"), "byte 2 (\\xe4", "only letters" },
    };
    CHECK(invalid, "nuget", cases);
}

static void
nuget_folds_case_but_no_lookalike(void **state SP_UNUSED)
{
    static const struct pair_case normalised[] = {
        { "Newtonsoft.Json", "newtonsoft.json" },
        { "\xd0\x9f\xd0\xb0", "\xd0\xbf\xd0\xb0" },
        { "\xe2\x84\xaa"
          "afka",
          "\xe2\x84\xaa"
          "afka" }, /* Kelvin sign */
        { "\xc5\xbf"
          "ql",
          "\xc5\xbf"
          "ql" },                       /* long s */
        { "\xc8\xba", "\xe2\xb1\xa5" }, /* grows by a byte */
    };
    CHECK(normalised, "nuget", normalised);
    static const struct split_case parts[] = {
        { "newtonsoft.json", "", "newtonsoft.json" },
        { "", "", "" },
    };
    CHECK(split, "nuget", parts);
    static const struct pair_case flat[] = { { "newtonsoft.json", "newtonsoft-json" }, { "_a", "a" } };
    CHECK(flat, "nuget", flat);
}

/* --- The table ------------------------------------------------------------------------------------------ */

static void
every_ecosystem_is_complete(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++) {
        const struct sp_ecosystem *each = sp_ecosystems[i];
        assert_int_equal(each->id, i);
        assert_true(*each->name && *each->title && *each->source && *each->delimiters);
        assert_ptr_equal(sp_ecosystem_find(each->name, strlen(each->name)), each);
        for (const char *const *alias = each->aliases; *alias; alias++)
            assert_ptr_equal(sp_ecosystem_find(*alias, strlen(*alias)), each);
    }
}

static void
ecosystems_are_found_by_any_spelling(void **state SP_UNUSED)
{
    static const struct pair_case cases[] = {
        { "NPM", "npm" },   { "PyPI", "pypi" },      { "pip", "pypi" },      { "gem", "rubygems" },
        { "go", "golang" }, { "HF", "huggingface" }, { "Ruby", "rubygems" }, { "gems", "rubygems" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        assert_string_equal(find(cases[i].name)->name, cases[i].expected);
    assert_null(sp_ecosystem_find("npmx", 4));
    assert_null(sp_ecosystem_find("np", 2));
    assert_null(sp_ecosystem_find("", 0));
    assert_null(sp_ecosystem_find("npm\0", 4));
    assert_ptr_equal(sp_ecosystem_find("npm install", 3), sp_ecosystems[SP_NPM]);
}

static void
hostile_names_are_refused_everywhere(void **state SP_UNUSED)
{
    static char huge[10000];
    memset(huge, 'a', sizeof(huge));
    static const struct invalid_case cases[] = {
        { "nothing", TEXT(""), "", "" },
        { "ten thousand bytes", huge, sizeof(huge), "", "at most" },
        { "NULs alone", TEXT("\0\0\0"), "", "" },
        { "controls", TEXT("\x01\x1b[31m"), "", "" },
        { "format directives", TEXT("%s%n%s%n"), "", "" },
        { "quotes and markup", TEXT("<img src=x onerror='a'>"), "", "" },
        { "right-to-left mark alone", TEXT("\xe2\x80\x8f"), "", "" },
        { "no UTF-8 at all", TEXT("\xff\xfe\xfd"), "", "" },
        { "shell", TEXT("$(reboot)"), "", "" },
        { "climbing path", TEXT("../../etc/passwd"), "", "" },
    };
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        for (size_t j = 0; j < SP_COUNT(cases); j++) {
            struct sp_error err = { 0 };
            if (sp_ecosystems[i]->validate(cases[j].name, cases[j].length, &err) != -1)
                fail_msg("%s accepted %s", sp_ecosystems[i]->name, cases[j].story);
            assert_non_null(strstr(err.text, cases[j].rule));
            check_message(sp_ecosystems[i]->name, cases[j].story, &err);
            assert_int_equal(sp_ecosystems[i]->validate(cases[j].name, cases[j].length, NULL), -1);
        }
}

static void
read_name_begins_with_an_empty_buffer(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_buffer_append_string(&out, "old", &err), 0);
    assert_int_equal(sp_ecosystem_read_name(find("pypi"), "A.B", 3, &out, &err), 0);
    assert_string_equal(out.bytes, "a-b");
    assert_int_equal(sp_ecosystem_read_name(find("pypi"), "-", 1, &out, &err), -1);
    assert_int_equal(out.length, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(npm_allows_new_and_old_names),
        cmocka_unit_test(npm_refuses),
        cmocka_unit_test(npm_compares_in_lower_case),
        cmocka_unit_test(pypi_allows),
        cmocka_unit_test(pypi_refuses),
        cmocka_unit_test(pypi_compares_by_pep_503),
        cmocka_unit_test(rubygems_allows),
        cmocka_unit_test(rubygems_refuses),
        cmocka_unit_test(rubygems_compares_in_lower_case),
        cmocka_unit_test(maven_allows),
        cmocka_unit_test(maven_refuses),
        cmocka_unit_test(maven_keeps_case_and_group),
        cmocka_unit_test(golang_allows),
        cmocka_unit_test(golang_refuses),
        cmocka_unit_test(golang_keeps_case_and_drops_versions),
        cmocka_unit_test(huggingface_allows),
        cmocka_unit_test(huggingface_refuses),
        cmocka_unit_test(huggingface_compares_in_lower_case),
        cmocka_unit_test(cargo_allows),
        cmocka_unit_test(cargo_refuses),
        cmocka_unit_test(cargo_takes_hyphen_for_underscore),
        cmocka_unit_test(nuget_allows),
        cmocka_unit_test(nuget_refuses),
        cmocka_unit_test(nuget_folds_case_but_no_lookalike),
        cmocka_unit_test(every_ecosystem_is_complete),
        cmocka_unit_test(ecosystems_are_found_by_any_spelling),
        cmocka_unit_test(hostile_names_are_refused_everywhere),
        cmocka_unit_test(read_name_begins_with_an_empty_buffer),
    };
    return cmocka_run_group_tests_name("ecosystem", tests, NULL, NULL);
}
