/* Package URLs both ways, by the rules of the specification and of each type. */
#include "base/utf8.h"
#include "ecosystem/purl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct valid_case {
    const char *story;
    const char *text;
    const char *canonical;                                            /* NULL: TEXT is canonical already */
    const char *type, *space, *name, *version, *qualifiers, *subpath; /* NULL: none */
};

struct invalid_case {
    const char *story;
    const char *text;
    const char *place, *rule; /* both in the message */
};

/* clang-format off */
static const struct valid_case valid[] = {
    /* the shape */
    { "name alone", "pkg:npm/lodash", NULL, "npm", NULL, "lodash" },
    { "name and version", "pkg:npm/lodash@4.17.21", NULL, "npm", NULL, "lodash", "4.17.21" },
    { "every component", "pkg:generic/a/b/c@1?k=v#d/e", NULL, "generic", "a/b", "c", "1", "k=v;", "d/e" },
    { "scheme in upper case", "PKG:npm/a", "pkg:npm/a", "npm", NULL, "a" },
    { "scheme in mixed case", "Pkg:npm/a", "pkg:npm/a", "npm", NULL, "a" },
    { "one slash after the scheme", "pkg:/npm/a", "pkg:npm/a", "npm", NULL, "a" },
    { "two slashes after the scheme", "pkg://npm/a@1", "pkg:npm/a@1", "npm", NULL, "a", "1" },
    { "many slashes after the scheme", "pkg:////npm/a", "pkg:npm/a", "npm", NULL, "a" },
    { "slashes after the type", "pkg:npm///a", "pkg:npm/a", "npm", NULL, "a" },
    { "slash at the end", "pkg:npm/a/", "pkg:npm/a", "npm", NULL, "a" },
    { "slash before the version", "pkg:npm/a/@1", "pkg:npm/a@1", "npm", NULL, "a", "1" },
    { "empty version", "pkg:npm/a@", "pkg:npm/a", "npm", NULL, "a" },
    { "empty qualifiers", "pkg:npm/a?", "pkg:npm/a", "npm", NULL, "a" },
    { "empty subpath", "pkg:npm/a#", "pkg:npm/a", "npm", NULL, "a" },
    { "everything empty", "pkg:npm/a@?#", "pkg:npm/a", "npm", NULL, "a" },
    /* type */
    { "type in upper case", "pkg:NPM/a", "pkg:npm/a", "npm", NULL, "a" },
    { "unknown type", "pkg:x-y.z+1/Foo@1", NULL, "x-y.z+1", NULL, "Foo", "1" },
    { "unknown type keeps case and underscores", "pkg:Mine/Ns/My_Name@V", "pkg:mine/Ns/My_Name@V", "mine", "Ns", "My_Name", "V" },
    { "type may hold digits", "pkg:a1/b", NULL, "a1", NULL, "b" },
    /* version */
    { "version after the last at sign", "pkg:generic/a@b@1", "pkg:generic/a%40b@1", "generic", NULL, "a@b", "1" },
    { "plus in a version", "pkg:npm/a@1.0+build", "pkg:npm/a@1.0%2Bbuild", "npm", NULL, "a", "1.0+build" },
    { "colon in a version stays", "pkg:generic/a@1:2.3-4~x", NULL, "generic", NULL, "a", "1:2.3-4~x" },
    { "encoded colon is decoded", "pkg:generic/a@sha256%3Aabc", "pkg:generic/a@sha256:abc", "generic", NULL, "a", "sha256:abc" },
    { "slash in a version", "pkg:generic/a@x/y", "pkg:generic/a@x%2Fy", "generic", NULL, "a", "x/y" },
    { "encoded slash in a version", "pkg:generic/a@x%2Fy", NULL, "generic", NULL, "a", "x/y" },
    { "caret and space in a version", "pkg:npm/a@%5E1%202", NULL, "npm", NULL, "a", "^1 2" },
    { "encoded question mark and hash", "pkg:generic/a@1%3F2%23", NULL, "generic", NULL, "a", "1?2#" },
    { "encoded at sign", "pkg:generic/a@1%402", NULL, "generic", NULL, "a", "1@2" },
    { "exclamation mark is encoded", "pkg:generic/a@1!2", "pkg:generic/a@1%212", "generic", NULL, "a", "1!2" },
    /* percent-encoding */
    { "lower case digits become upper case", "pkg:generic/a%2bb", "pkg:generic/a%2Bb", "generic", NULL, "a+b" },
    { "needless encoding goes away", "pkg:generic/%61%2D%2E%5F%7E", "pkg:generic/a-._~", "generic", NULL, "a-._~" },
    { "percent sign", "pkg:generic/100%25", NULL, "generic", NULL, "100%" },
    { "decoded once only", "pkg:generic/a%252Fb", NULL, "generic", NULL, "a%2Fb" },
    { "space", "pkg:generic/a%20b", NULL, "generic", NULL, "a b" },
    { "UTF-8", "pkg:generic/caf%C3%A9", NULL, "generic", NULL, "caf\xc3\xa9" },
    { "raw UTF-8 is tolerated", "pkg:generic/caf\xc3\xa9", "pkg:generic/caf%C3%A9", "generic", NULL, "caf\xc3\xa9" },
    { "encoded slash in a name", "pkg:generic/a%2Fb", NULL, "generic", NULL, "a/b" },
    { "plus is no space", "pkg:generic/a+b", "pkg:generic/a%2Bb", "generic", NULL, "a+b" },
    { "colons in a name", "pkg:generic/a::b", NULL, "generic", NULL, "a::b" },
    /* namespace */
    { "empty segments are dropped", "pkg:generic/a//b///c", "pkg:generic/a/b/c", "generic", "a/b", "c" },
    { "segment with encoded bytes", "pkg:generic/a%20b/c", NULL, "generic", "a b", "c" },
    { "question mark encoded in a segment", "pkg:generic/a%3Fb/c", NULL, "generic", "a?b", "c" },
    /* qualifiers */
    { "sorted by key", "pkg:generic/a?z=1&b=2&a=3", "pkg:generic/a?a=3&b=2&z=1", "generic", NULL, "a", NULL, "a=3;b=2;z=1;" },
    { "keys in lower case, values not", "pkg:generic/a?Arch=X86", "pkg:generic/a?arch=X86", "generic", NULL, "a", NULL, "arch=X86;" },
    { "empty value is dropped", "pkg:generic/a?a=&b=1", "pkg:generic/a?b=1", "generic", NULL, "a", NULL, "b=1;" },
    { "all values empty", "pkg:generic/a?a=&b=", "pkg:generic/a", "generic", NULL, "a" },
    { "empty pair is skipped", "pkg:generic/a?a=1&&b=2&", "pkg:generic/a?a=1&b=2", "generic", NULL, "a", NULL, "a=1;b=2;" },
    { "equals sign in a value", "pkg:generic/a?a=b=c", "pkg:generic/a?a=b%3Dc", "generic", NULL, "a", NULL, "a=b=c;" },
    { "encoded URL as a value", "pkg:generic/a?u=https:%2F%2Fx.org%2Fy", NULL, "generic", NULL, "a", NULL, "u=https://x.org/y;" },
    { "slash in a value is encoded", "pkg:generic/a?u=x/y", "pkg:generic/a?u=x%2Fy", "generic", NULL, "a", NULL, "u=x/y;" },
    { "ampersand in a value", "pkg:generic/a?u=x%26y", NULL, "generic", NULL, "a", NULL, "u=x&y;" },
    { "checksums", "pkg:generic/a?checksum=sha1:ab,sha256:cd", "pkg:generic/a?checksum=sha1:ab%2Csha256:cd", "generic", NULL, "a", NULL, "checksum=sha1:ab,sha256:cd;" },
    { "key with dot, hyphen, underscore, digit", "pkg:generic/a?a.b-c_1=x", NULL, "generic", NULL, "a", NULL, "a.b-c_1=x;" },
    { "at sign in a value is encoded", "pkg:generic/a@1?u=x%40y", NULL, "generic", NULL, "a", "1", "u=x@y;" },
    /* subpath */
    { "slashes around a subpath", "pkg:generic/a#/b/c/", "pkg:generic/a#b/c", "generic", NULL, "a", NULL, NULL, "b/c" },
    { "dots in a subpath are dropped", "pkg:generic/a#../b/./c/..", "pkg:generic/a#b/c", "generic", NULL, "a", NULL, NULL, "b/c" },
    { "encoded dots are dropped too", "pkg:generic/a#%2E%2e/b", "pkg:generic/a#b", "generic", NULL, "a", NULL, NULL, "b" },
    { "subpath of dots alone", "pkg:generic/a#.././..", "pkg:generic/a", "generic", NULL, "a" },
    { "subpath keeps three dots", "pkg:generic/a#.../b", NULL, "generic", NULL, "a", NULL, NULL, ".../b" },
    { "subpath with an encoded space", "pkg:generic/a#b%20c", NULL, "generic", NULL, "a", NULL, NULL, "b c" },
    { "the last hash begins the subpath", "pkg:generic/a#b#c", "pkg:generic/a%23b#c", "generic", NULL, "a#b", NULL, NULL, "c" },
    { "question mark in a subpath", "pkg:generic/a#b?c", "pkg:generic/a#b%3Fc", "generic", NULL, "a", NULL, NULL, "b?c" },
    /* npm */
    { "npm scope", "pkg:npm/%40babel/core@7.24.0", NULL, "npm", "@babel", "core", "7.24.0" },
    { "npm raw scope", "pkg:npm/@babel/core@7.24.0", "pkg:npm/%40babel/core@7.24.0", "npm", "@babel", "core", "7.24.0" },
    { "npm raw scope without a version", "pkg:npm/@babel/core", "pkg:npm/%40babel/core", "npm", "@babel", "core" },
    { "npm scope with an encoded slash", "pkg:npm/%40babel%2Fcore@7", "pkg:npm/%40babel/core@7", "npm", "@babel", "core", "7" },
    { "npm is in lower case", "pkg:npm/%40Babel/Core@1.0.0-RC", "pkg:npm/%40babel/core@1.0.0-RC", "npm", "@babel", "core", "1.0.0-RC" },
    /* PyPI */
    { "pypi lower case and hyphens", "pkg:pypi/Typing_Extensions@4", "pkg:pypi/typing-extensions@4", "pypi", NULL, "typing-extensions", "4" },
    { "pypi keeps dots", "pkg:pypi/zope.interface", NULL, "pypi", NULL, "zope.interface" },
    /* RubyGems */
    { "gem", "pkg:gem/rails@7.1.0", NULL, "gem", NULL, "rails", "7.1.0" },
    { "gem keeps case", "pkg:gem/RedCloth?platform=java", NULL, "gem", NULL, "RedCloth", NULL, "platform=java;" },
    { "rubygems means gem", "pkg:rubygems/rails", "pkg:gem/rails", "gem", NULL, "rails" },
    /* Maven */
    { "maven", "pkg:maven/org.slf4j/slf4j-api@2.0.9", NULL, "maven", "org.slf4j", "slf4j-api", "2.0.9" },
    { "maven with qualifiers", "pkg:Maven/org.x/y@1?type=zip&classifier=dist", "pkg:maven/org.x/y@1?classifier=dist&type=zip", "maven", "org.x", "y", "1", "classifier=dist;type=zip;" },
    { "maven keeps case", "pkg:maven/Xerces/xercesImpl", NULL, "maven", "Xerces", "xercesImpl" },
    /* Go */
    { "golang", "pkg:golang/github.com/spf13/cobra@v1.8.0", NULL, "golang", "github.com/spf13", "cobra", "v1.8.0" },
    { "golang keeps case", "pkg:golang/github.com/BurntSushi/toml", NULL, "golang", "github.com/BurntSushi", "toml" },
    { "golang with a package's path", "pkg:golang/google.golang.org/genproto#googleapis/api", NULL, "golang", "google.golang.org", "genproto", NULL, NULL, "googleapis/api" },
    { "golang incompatible version", "pkg:golang/github.com/a/b@v2.0.0+incompatible", "pkg:golang/github.com/a/b@v2.0.0%2Bincompatible", "golang", "github.com/a", "b", "v2.0.0+incompatible" },
    { "golang without a namespace", "pkg:golang/go4.org", NULL, "golang", NULL, "go4.org" },
    { "golang owner with a tilde", "pkg:golang/git.sr.ht/~a/b", NULL, "golang", "git.sr.ht/~a", "b" },
    /* Hugging Face */
    { "huggingface version in lower case", "pkg:huggingface/Google/BERT@ABCDEF", "pkg:huggingface/Google/BERT@abcdef", "huggingface", "Google", "BERT", "abcdef" },
    { "huggingface legacy name", "pkg:huggingface/gpt2", NULL, "huggingface", NULL, "gpt2" },
    /* cargo and NuGet */
    { "cargo keeps underscore and case", "pkg:cargo/Serde_json@1.0.0", NULL, "cargo", NULL, "Serde_json", "1.0.0" },
    { "nuget keeps case", "pkg:nuget/Newtonsoft.Json@13.0.3", NULL, "nuget", NULL, "Newtonsoft.Json", "13.0.3" },
    /* other types */
    { "github is in lower case", "pkg:github/Package-URL/Purl-Spec@ABC", "pkg:github/package-url/purl-spec@ABC", "github", "package-url", "purl-spec", "ABC" },
    { "bitbucket is in lower case", "pkg:bitbucket/A/B", "pkg:bitbucket/a/b", "bitbucket", "a", "b" },
    { "deb with qualifiers", "pkg:deb/Debian/Curl@7.50.3-1?distro=jessie&arch=i386", "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "deb", "debian", "curl", "7.50.3-1", "arch=i386;distro=jessie;" },
    { "rpm lowers the namespace alone", "pkg:rpm/Fedora/Curl", "pkg:rpm/fedora/Curl", "rpm", "fedora", "Curl" },
    { "composer is in lower case", "pkg:composer/Laravel/Laravel", "pkg:composer/laravel/laravel", "composer", "laravel", "laravel" },
    { "oci name in lower case", "pkg:oci/Debian@sha256:AB", "pkg:oci/debian@sha256:AB", "oci", NULL, "debian", "sha256:AB" },
    { "pub takes underscores", "pkg:pub/Flutter-Http", "pkg:pub/flutter_http", "pub", NULL, "flutter_http" },
    { "swift", "pkg:swift/github.com/Alamofire/Alamofire@5", NULL, "swift", "github.com/Alamofire", "Alamofire", "5" },
};

static const struct invalid_case invalid[] = {
    { "no scheme", "npm/lodash", "byte 1", "begins with 'pkg:'" },
    { "another scheme", "http://npm/lodash", "byte 1", "begins with 'pkg:'" },
    { "scheme with a letter more", "pkgs:npm/lodash", "byte 1", "begins with 'pkg:'" },
    { "encoded colon after the scheme", "pkg%3Anpm/lodash", "byte 1", "begins with 'pkg:'" },
    { "scheme alone", "pkg:", "byte 5", "type is missing" },
    { "slashes alone", "pkg:///", "byte", "type is missing" },
    { "type alone", "pkg:npm", "byte 8", "name is missing" },
    { "type and a slash", "pkg:npm/", "byte 8", "name is missing" },
    { "type and a version", "pkg:generic/@1", "byte 13", "name is missing" },
    { "type, qualifiers and no name", "pkg:generic/?a=b", "byte", "name is missing" },
    { "type begins with a digit", "pkg:3d/a", "byte 5", "begins with a letter" },
    { "type begins with a dot", "pkg:.a/b", "byte 5", "begins with a letter" },
    { "type with an underscore", "pkg:n_pm/a", "byte 6", "a type holds only" },
    { "type with a percent-escape", "pkg:n%70m/a", "byte 6", "never percent-encoded" },
    { "type with a colon", "pkg:n:pm/a", "byte 6", "a type holds only" },
    { "escape cut short", "pkg:npm/a%2", "byte 10", "two hexadecimal digits" },
    { "percent sign at the end", "pkg:npm/a%", "byte 10", "write a '%' as %25" },
    { "escape that is none", "pkg:npm/a%zz", "byte 10", "two hexadecimal digits" },
    { "escape cut by the version", "pkg:npm/a%4@1", "byte 10", "two hexadecimal digits" },
    { "escape cut by a slash", "pkg:generic/a%4/b", "byte 14", "two hexadecimal digits" },
    { "bad escape in a version", "pkg:npm/a@%g1", "byte 11", "two hexadecimal digits" },
    { "bad escape in a value", "pkg:npm/a?k=%1", "byte 13", "two hexadecimal digits" },
    { "bad escape in a subpath", "pkg:npm/a#b/%", "byte 13", "two hexadecimal digits" },
    { "encoded NUL in a name", "pkg:npm/a%00b", "byte 10", "NUL" },
    { "encoded NUL in a value", "pkg:npm/a?k=%00", "byte 13", "NUL" },
    { "encoded bytes that are no UTF-8", "pkg:npm/%ff", "byte 9", "no UTF-8" },
    { "overlong encoding of a slash", "pkg:npm/a%c0%af", "byte 9", "no UTF-8" },
    { "encoded surrogate", "pkg:npm/%ED%A0%80", "byte 9", "no UTF-8" },
    { "raw byte that is no UTF-8", "pkg:npm/a\xff", "byte 10", "no UTF-8" },
    { "raw space", "pkg:npm/a b", "byte 10", "white space" },
    { "trailing newline", "pkg:npm/a\n", "byte 10", "white space" },
    { "leading space", " pkg:npm/a", "byte 1", "white space" },
    { "raw escape character", "pkg:npm/\x1b[2J", "byte 9", "white space" },
    { "namespace segment with an encoded slash", "pkg:generic/a%2Fb/c", "byte 13", "encoded '/'" },
    { "subpath segment with an encoded slash", "pkg:generic/a#..%2F..%2Fetc", "byte 15", "encoded '/'" },
    { "qualifier without a value", "pkg:npm/a?k", "byte 11", "no '='" },
    { "raw question mark in a value begins the qualifiers", "pkg:npm/a?u=x?z", "byte 15", "no '='" },
    { "qualifier without a key", "pkg:npm/a?=v", "byte 11", "no key" },
    { "key begins with a digit", "pkg:npm/a?1k=v", "byte 11", "begins with a letter" },
    { "key with a percent-escape", "pkg:npm/a?k%31=v", "byte 12", "never percent-encoded" },
    { "key with a plus", "pkg:npm/a?k+=v", "byte 12", "key holds only" },
    { "key twice", "pkg:npm/a?k=1&k=2", "byte 10", "twice" },
    { "key twice in another case", "pkg:npm/a?k=1&K=1", "byte 10", "twice" },
    { "key twice, once empty", "pkg:npm/a?k=&x=1&k=2", "byte 10", "twice" },
    { "maven without a group", "pkg:maven/slf4j-api@1", "byte 11", "needs a namespace" },
    { "github without an owner", "pkg:github/purl-spec", "byte 12", "needs a namespace" },
    { "swift without a namespace", "pkg:swift/Alamofire", "byte 11", "needs a namespace" },
    { "pypi with a namespace", "pkg:pypi/a/b", "byte 10", "no namespace" },
    { "gem with a namespace", "pkg:gem/a/b", "byte 9", "no namespace" },
    { "cargo with a namespace", "pkg:cargo/a/b", "byte 11", "no namespace" },
    { "nuget with a namespace", "pkg:nuget/a/b", "byte 11", "no namespace" },
};
/* clang-format on */

static void
check_text(const char *story, const char *what, const char *got, const char *expected)
{
    if ((got == NULL) != (expected == NULL) || (got && strcmp(got, expected)))
        fail_msg("%s: %s is '%s', expected '%s'", story, what, got ? got : "(none)",
                 expected ? expected : "(none)");
}

static void
check_components(const struct valid_case *test, const struct sp_purl *purl, struct sp_arena *arena)
{
    char *joined = sp_arena_printf(arena, NULL, "%s", "");
    for (size_t i = 0; i < purl->qualifier_count; i++)
        joined = sp_arena_printf(arena, NULL, "%s%s=%s;", joined, purl->qualifiers[i].key,
                                 purl->qualifiers[i].value);
    check_text(test->story, "type", purl->type, test->type);
    check_text(test->story, "namespace", purl->namespace_, test->space);
    check_text(test->story, "name", purl->name, test->name);
    check_text(test->story, "version", purl->version, test->version);
    check_text(test->story, "qualifiers", joined, test->qualifiers ? test->qualifiers : "");
    check_text(test->story, "subpath", purl->subpath, test->subpath);
}

/* Read, written, read again and written again: the components stay and the canonical string stands. */
static void
valid_package_urls_go_both_ways(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(valid); i++) {
        const struct valid_case *test = &valid[i];
        const char *canonical = test->canonical ? test->canonical : test->text;
        const char *text = test->text;
        for (int round = 0; round < 2; round++, text = canonical) {
            sp_autoarena struct sp_arena arena = { 0 };
            sp_autobuffer struct sp_buffer out = { 0 };
            struct sp_error err = { 0 };
            struct sp_purl purl;
            if (sp_purl_parse(text, strlen(text), &purl, &arena, &err) < 0)
                fail_msg("%s: %s", test->story, err.text);
            check_components(test, &purl, &arena);
            assert_int_equal(sp_purl_format(&purl, &out, &err), 0);
            check_text(test->story, "canonical form", sp_buffer_string(&out), canonical);
        }
    }
}

static void
invalid_package_urls_are_refused_with_place_and_rule(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(invalid); i++) {
        const struct invalid_case *test = &invalid[i];
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_error err = { 0 };
        struct sp_purl purl;
        if (sp_purl_parse(test->text, strlen(test->text), &purl, &arena, &err) != -1)
            fail_msg("%s: '%s' was accepted", test->story, test->text);
        assert_int_equal(err.code, SP_ERROR_INPUT);
        if (!strstr(err.text, test->place) || !strstr(err.text, test->rule) || !strstr(err.text, "; "))
            fail_msg("%s: expected '%s' and '%s' in: %s", test->story, test->place, test->rule, err.text);
    }
}

static void
refuses_raw_nul_empty_and_endless_text(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    struct sp_purl purl;
    assert_int_equal(sp_purl_parse("", 0, &purl, &arena, &err), -1);
    assert_non_null(strstr(err.text, "empty"));
    assert_int_equal(sp_purl_parse("pkg:npm/a\0b", 11, &purl, &arena, &err), -1);
    assert_non_null(strstr(err.text, "byte 10"));
    static char huge[SP_PURL_MAX + 1] = "pkg:npm/";
    memset(huge + 8, '/', sizeof(huge) - 8);
    huge[8] = 'a';
    assert_int_equal(sp_purl_parse(huge, sizeof(huge), &purl, &arena, &err), -1);
    assert_int_equal(err.code, SP_ERROR_LIMIT);
    assert_int_equal(sp_purl_parse(huge, SP_PURL_MAX, &purl, &arena, &err), 0);
    assert_string_equal(purl.name, "a");
}

static void
types_belong_to_their_ecosystems(void **state SP_UNUSED)
{
    static const struct {
        const char *text;
        int id; /* -1: none of ours */
    } cases[] = {
        { "pkg:npm/a", SP_NPM },
        { "pkg:pypi/a", SP_PYPI },
        { "pkg:gem/a", SP_RUBYGEMS },
        { "pkg:maven/a/b", SP_MAVEN },
        { "pkg:golang/a.b/c", SP_GOLANG },
        { "pkg:huggingface/a/b", SP_HUGGINGFACE },
        { "pkg:cargo/a", SP_CARGO },
        { "pkg:nuget/a", SP_NUGET },
        { "pkg:rubygems/a", SP_RUBYGEMS },
        { "pkg:github/a/b", -1 },
        { "pkg:nobody/a", -1 },
        { "pkg:go/a", -1 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_error err = { 0 };
        struct sp_purl purl;
        if (sp_purl_parse(cases[i].text, strlen(cases[i].text), &purl, &arena, &err) < 0)
            fail_msg("%s", err.text);
        assert_ptr_equal(purl.ecosystem, cases[i].id < 0 ? NULL : sp_ecosystems[cases[i].id]);
    }
}

static void
package_names_and_package_urls_match(void **state SP_UNUSED)
{
    static const struct {
        enum sp_ecosystem_id id;
        const char *name, *version, *text;
        const char *back; /* NULL: NAME */
    } cases[] = {
        { SP_NPM, "@babel/core", "7.24.0", "pkg:npm/%40babel/core@7.24.0", NULL },
        { SP_NPM, "lodash", NULL, "pkg:npm/lodash", NULL },
        { SP_NPM, "JSONStream", "1.3.5", "pkg:npm/jsonstream@1.3.5", "jsonstream" },
        { SP_PYPI, "Typing_Extensions", "", "pkg:pypi/typing-extensions", "typing-extensions" },
        { SP_RUBYGEMS, "RedCloth", "4", "pkg:gem/RedCloth@4", NULL },
        { SP_MAVEN, "org.slf4j:slf4j-api", "2.0", "pkg:maven/org.slf4j/slf4j-api@2.0", NULL },
        { SP_GOLANG, "github.com/spf13/cobra", "v1.8.0", "pkg:golang/github.com/spf13/cobra@v1.8.0", NULL },
        { SP_GOLANG, "github.com/jackc/pgx/v5", NULL, "pkg:golang/github.com/jackc/pgx/v5", NULL },
        { SP_GOLANG, "go4.org", NULL, "pkg:golang/go4.org", NULL },
        { SP_HUGGINGFACE, "google/BERT", "ABC", "pkg:huggingface/google/BERT@abc", NULL },
        { SP_HUGGINGFACE, "gpt2", NULL, "pkg:huggingface/gpt2", NULL },
        { SP_CARGO, "serde_json", "1.0.0+x", "pkg:cargo/serde_json@1.0.0%2Bx", NULL },
        { SP_NUGET, "Newt\xd0\xbensoft.Json", NULL, "pkg:nuget/Newt%D0%BEnsoft.Json", NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoarena struct sp_arena arena = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        struct sp_error err = { 0 };
        struct sp_purl purl;
        if (sp_purl_from_package(sp_ecosystems[cases[i].id], cases[i].name, cases[i].version, &purl, &arena,
                                 &err) < 0)
            fail_msg("%s", err.text);
        assert_int_equal(sp_purl_format(&purl, &out, &err), 0);
        assert_string_equal(out.bytes, cases[i].text);
        assert_int_equal(sp_purl_parse(cases[i].text, strlen(cases[i].text), &purl, &arena, &err), 0);
        sp_buffer_clear(&out);
        assert_int_equal(sp_purl_package_name(&purl, &out, &err), 0);
        assert_string_equal(out.bytes, cases[i].back ? cases[i].back : cases[i].name);
    }
}

static void
no_package_url_is_made_from_an_invalid_name(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err = { 0 };
    struct sp_purl purl;
    assert_int_equal(sp_purl_from_package(sp_ecosystems[SP_NPM], "a/b", NULL, &purl, &arena, &err), -1);
    assert_int_equal(sp_purl_from_package(sp_ecosystems[SP_MAVEN], "a", NULL, &purl, &arena, &err), -1);
    assert_int_equal(sp_purl_from_package(sp_ecosystems[SP_NPM], "a", "1\xff", &purl, &arena, &err), -1);
    assert_int_equal(sp_purl_format(&(struct sp_purl){ .type = "npm" }, &out, &err), -1);
    assert_int_equal(err.code, SP_ERROR_USAGE);
    assert_int_equal(sp_purl_format(&(struct sp_purl){ .name = "a" }, &out, &err), -1);
    assert_int_equal(out.length, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_package_urls_go_both_ways),
        cmocka_unit_test(invalid_package_urls_are_refused_with_place_and_rule),
        cmocka_unit_test(refuses_raw_nul_empty_and_endless_text),
        cmocka_unit_test(types_belong_to_their_ecosystems),
        cmocka_unit_test(package_names_and_package_urls_match),
        cmocka_unit_test(no_package_url_is_made_from_an_invalid_name),
    };
    return cmocka_run_group_tests_name("purl", tests, NULL, NULL);
}
