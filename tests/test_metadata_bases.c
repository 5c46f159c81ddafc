/* Where each service is asked, by the configuration of its own tool. */
#include "metadata/bases.h"
#include "base/tree.h"
#include "registry/reading.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define ENV_MAX 6
#define FILES_MAX 3

struct setting_case {
    const char *name;
    const char *env[ENV_MAX]; /* "~" at the start of a value is the home */
    struct {
        const char *path, *content; /* beneath the home */
    } files[FILES_MAX];
    enum sp_service service;
    const char *url, *authorization, *source; /* a part of the source */
    const char *note;                         /* a part of one; NULL: there is none */
    const char *error;                        /* a part of it; the rest does not matter then */
};

/* ---- the scene ---- */

static char home[64];

static void
write_file(const char *path, const char *content)
{
    char whole[512];
    snprintf(whole, sizeof(whole), "%s/%s", home, path);
    for (char *slash = whole + strlen(home) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        assert_true(mkdir(whole, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int
read_bases(struct sp_bases *out, struct sp_registries *registries, const char *const given[],
           struct sp_error *err)
{
    static char texts[ENV_MAX][512];
    const char *env[ENV_MAX + 1] = { 0 };
    const char *const argv[] = { "npm", "install", NULL };
    for (size_t i = 0; given && i < ENV_MAX && given[i]; i++) {
        const char *tilde = strstr(given[i], "=~");
        snprintf(texts[i], sizeof(texts[i]), "%.*s%s%s",
                 tilde ? (int)(tilde - given[i]) + 1 : (int)strlen(given[i]), given[i], tilde ? home : "",
                 tilde ? tilde + 2 : "");
        env[i] = texts[i];
    }
    const struct sp_registry_sources sources = {
        .home = home, .project = home, .root = home, .env = env, .argv = argv
    };
    assert_int_equal(sp_registries_read(registries, &sources, err), 0);
    return sp_bases_read(out, registries, &sources, err);
}

static int
begin(void **state SP_UNUSED)
{
    snprintf(home, sizeof(home), "/tmp/sallyport-bases-XXXXXX");
    return mkdtemp(home) ? 0 : -1;
}

static int
end(void **state SP_UNUSED)
{
    return sp_tree_remove(home, NULL);
}

static bool
is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
check_notes(const struct setting_case *one, const struct sp_bases *bases)
{
    bool found = false;
    for (size_t i = 0; one->note && i < bases->note_count; i++)
        found |= strstr(bases->notes[i], one->note) != NULL;
    if (one->note ? !found : bases->note_count > 0)
        fail_msg("%s: notes '%s' instead of '%s'", one->name, bases->note_count ? bases->notes[0] : "none",
                 one->note ? one->note : "none");
}

static void
check_case(const struct setting_case *one)
{
    struct sp_bases bases;
    struct sp_registries registries;
    struct sp_error err = { 0 };
    assert_int_equal(begin(NULL), 0);
    for (size_t i = 0; i < FILES_MAX && one->files[i].path; i++)
        write_file(one->files[i].path, one->files[i].content);
    int status = read_bases(&bases, &registries, one->env, &err);
    if (one->error) {
        if (status == 0 || !strstr(err.text, one->error))
            fail_msg("%s: '%s' instead of the error '%s'", one->name, status ? err.text : "success",
                     one->error);
    } else if (status < 0) {
        fail_msg("%s: %s", one->name, err.text);
    } else {
        const struct sp_base *base = &bases.services[one->service];
        if (!is_same(base->url, one->url) || !is_same(base->authorization, one->authorization) ||
            !strstr(base->source, one->source ? one->source : "default"))
            fail_msg("%s: '%s' '%s' of '%s' instead of '%s' '%s' of '%s'", one->name, base->url,
                     base->authorization ? base->authorization : "", base->source, one->url,
                     one->authorization ? one->authorization : "", one->source ? one->source : "default");
        check_notes(one, &bases);
    }
    sp_bases_free(&bases);
    sp_registries_free(&registries);
    end(NULL);
}

static void
check_cases(const struct setting_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}
#define CHECK(cases) check_cases(cases, SP_COUNT(cases))

/* ---- each tool ---- */

static void
without_any_configuration_the_public_ones_are_asked(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "npm downloads", .service = SP_SERVICE_NPM_DOWNLOADS, .url = "https://api.npmjs.org/" },
        { "gems", .service = SP_SERVICE_RUBYGEMS, .url = "https://rubygems.org/" },
        { "maven", .service = SP_SERVICE_MAVEN, .url = "https://repo1.maven.org/maven2/" },
        { "maven search", .service = SP_SERVICE_MAVEN_SEARCH,
          .url = "https://search.maven.org/solrsearch/select" },
        { "go", .service = SP_SERVICE_GOPROXY, .url = "https://proxy.golang.org/" },
        { "hub", .service = SP_SERVICE_HUGGINGFACE, .url = "https://huggingface.co/" },
        { "index", .service = SP_SERVICE_CRATES_INDEX, .url = "https://index.crates.io/" },
        { "crates", .service = SP_SERVICE_CRATES_API, .url = "https://crates.io/" },
        { "crate files", .service = SP_SERVICE_CRATES_FILES, .url = "https://static.crates.io/crates/" },
        { "nuget", .service = SP_SERVICE_NUGET, .url = "https://api.nuget.org/v3/index.json" },
        { "deps.dev", .service = SP_SERVICE_DEPS_DEV, .url = "https://api.deps.dev/" },
        { "ecosyste.ms", .service = SP_SERVICE_ECOSYSTEMS, .url = "https://packages.ecosyste.ms/" },
        { "github", .service = SP_SERVICE_GITHUB, .url = "https://api.github.com/" },
    };
    assert_int_equal(SP_COUNT(cases), SP_SERVICE_COUNT);
    CHECK(cases);
}

static void
our_own_variables_go_before(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "a slash is added",
          { "SALLYPORT_GOPROXY_URL=https://go.example/p", "GOPROXY=off" },
          .service = SP_SERVICE_GOPROXY,
          .url = "https://go.example/p/",
          .source = "environment SALLYPORT_GOPROXY_URL" },
        { "not to a document",
          { "SALLYPORT_NUGET_URL=https://n.example/v3/index.json" },
          .service = SP_SERVICE_NUGET,
          .url = "https://n.example/v3/index.json",
          .source = "SALLYPORT_NUGET" },
        { "off",
          { "SALLYPORT_DEPS_DEV_URL=off" },
          .service = SP_SERVICE_DEPS_DEV,
          .url = "",
          .source = "SALLYPORT_DEPS_DEV_URL" },
        { "empty is unset",
          { "SALLYPORT_GITHUB_URL=" },
          .service = SP_SERVICE_GITHUB,
          .url = "https://api.github.com/" },
        { "a login of the URL",
          { "SALLYPORT_MAVEN_URL=https://u%40x:p%3A@m.example/r/" },
          .service = SP_SERVICE_MAVEN,
          .url = "https://m.example/r/",
          .authorization = "Basic dUB4OnA6",
          .source = "SALLYPORT_MAVEN_URL" },
        { "a token does not follow to another host",
          { "HF_TOKEN=hf_x", "SALLYPORT_HUGGINGFACE_URL=https://hub.example/" },
          .service = SP_SERVICE_HUGGINGFACE,
          .url = "https://hub.example/",
          .source = "SALLYPORT_HUGGINGFACE" },
        { "nor to plain http",
          { "HF_TOKEN=hf_x", "SALLYPORT_HUGGINGFACE_URL=http://huggingface.co/" },
          .service = SP_SERVICE_HUGGINGFACE,
          .url = "http://huggingface.co/",
          .source = "SALLYPORT_HUGGINGFACE" },
        { "but beneath its own place",
          { "HF_TOKEN=hf_x", "SALLYPORT_HUGGINGFACE_URL=https://huggingface.co/a" },
          .service = SP_SERVICE_HUGGINGFACE,
          .url = "https://huggingface.co/a/",
          .authorization = "Bearer hf_x",
          .source = "SALLYPORT_HUGGINGFACE" },
        { "no URL", { "SALLYPORT_CRATES_API_URL=crates.io" }, .error = "SALLYPORT_CRATES_API_URL" },
        { "a query", { "SALLYPORT_CRATES_API_URL=https://crates.io/?a" }, .error = "query" },
        { "a file", { "SALLYPORT_CRATES_API_URL=file:///x" }, .error = "SALLYPORT_CRATES_API_URL" },
    };
    CHECK(cases);
}

static void
go_proxies(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "the first of a list",
          { "GOPROXY=https://a.example,https://b.example|direct" },
          .url = "https://a.example/",
          .source = "environment GOPROXY" },
        { "direct only", { "GOPROXY=direct" }, .url = "", .source = "GOPROXY" },
        { "off", { "GOPROXY=off" }, .url = "", .source = "GOPROXY" },
        { "nothing behind off", { "GOPROXY=off,https://a.example" }, .url = "", .source = "GOPROXY" },
        { "behind direct",
          { "GOPROXY=direct,https://a.example" },
          .url = "https://a.example/",
          .source = "GOPROXY" },
        { "a file is passed over",
          { "GOPROXY=file:///srv/go,https://a.example" },
          .url = "https://a.example/",
          .source = "GOPROXY",
          .note = "file:///srv/go" },
        { "commas only", { "GOPROXY=,,|," }, .url = "", .source = "GOPROXY" },
        { "the file of go env",
          .files = { { ".config/go/env", "# x\nGOFLAGS=-mod=mod\r\nGOPROXY=https://f.example/\r\n" } },
          .url = "https://f.example/", .source = "go/env:3" },
        { "the last of a key there",
          .files = { { ".config/go/env", "GOPROXY=off\nGOPROXY=https://f.example/\n" } },
          .url = "https://f.example/", .source = "go/env:2" },
        { "XDG_CONFIG_HOME",
          { "XDG_CONFIG_HOME=~/c" },
          { { "c/go/env", "GOPROXY=https://x.example" } },
          .url = "https://x.example/",
          .source = "c/go/env:1" },
        { "GOENV",
          { "GOENV=~/elsewhere" },
          { { "elsewhere", "GOPROXY=https://e.example" } },
          .url = "https://e.example/",
          .source = "elsewhere:1" },
        { "GOENV=off",
          { "GOENV=off" },
          { { ".config/go/env", "GOPROXY=https://f.example/\n" } },
          .url = "https://proxy.golang.org/" },
        { "the environment goes before",
          { "GOPROXY=https://a.example" },
          { { ".config/go/env", "GOPROXY=https://f.example/\n" } },
          .url = "https://a.example/",
          .source = "environment GOPROXY" },
        { "a login of the URL",
          { "GOPROXY=https://u:p@a.example" },
          .url = "https://a.example/",
          .authorization = "Basic dTpw",
          .source = "GOPROXY" },
        { "a login of netrc",
          { "GOPROXY=https://a.example" },
          { { ".netrc", "machine a.example login u password p\n" } },
          .url = "https://a.example/",
          .authorization = "Basic dTpw",
          .source = "GOPROXY" },
        { "netrc's default is for nobody",
          { "GOPROXY=https://a.example" },
          { { ".netrc", "default login u password p\n" } },
          .url = "https://a.example/",
          .source = "GOPROXY" },
        { "damaged", { "GOPROXY=https://a b.example" }, .error = "environment GOPROXY" },
        { "no regular file", .files = { { ".config/go/env/x", "" } }, .error = ".config/go/env" },
    };
    static struct setting_case go[SP_COUNT(cases)];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        go[i] = cases[i];
        go[i].service = SP_SERVICE_GOPROXY;
    }
    CHECK(go);
}

static void
private_go_modules(void **state SP_UNUSED)
{
    static const struct {
        const char *env, *path;
        bool is_private;
    } cases[] = {
        { "GOPRIVATE=corp.example", "corp.example/tool", true },
        { "GOPRIVATE=corp.example", "corp.example", true },
        { "GOPRIVATE=corp.example", "corp.example.org/tool", false },
        { "GOPRIVATE=*.corp.example,github.com/us/*", "git.corp.example/a/b", true },
        { "GOPRIVATE=*.corp.example,github.com/us/*", "github.com/us/tool/v2", true },
        { "GOPRIVATE=*.corp.example,github.com/us/*", "github.com/us", false },
        { "GOPRIVATE=*.corp.example,github.com/us/*", "github.com/them/tool", false },
        { "GOPRIVATE=corp.example/", "corp.example/x", true },
        { "GONOPROXY=none", "corp.example/x", false },
        { "GOPRIVATE=,,", "corp.example/x", false },
        { "GOPROXY=direct", "corp.example/x", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_bases bases;
        struct sp_registries registries;
        struct sp_error err = { 0 };
        const char *env[ENV_MAX] = { cases[i].env };
        assert_int_equal(read_bases(&bases, &registries, env, &err), 0);
        if (sp_bases_go_private(&bases, cases[i].path) != cases[i].is_private)
            fail_msg("%s: %s", cases[i].env, cases[i].path);
        sp_bases_free(&bases);
        sp_registries_free(&registries);
    }
    /* GONOPROXY stands in for GOPRIVATE */
    struct sp_bases bases;
    struct sp_registries registries;
    const char *env[ENV_MAX] = { "GOPRIVATE=a.example", "GONOPROXY=b.example" };
    assert_int_equal(read_bases(&bases, &registries, env, NULL), 0);
    assert_false(sp_bases_go_private(&bases, "a.example/x"));
    assert_true(sp_bases_go_private(&bases, "b.example/x"));
    sp_bases_free(&bases);
    sp_registries_free(&registries);
}

static void
hugging_face(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "endpoint",
          { "HF_ENDPOINT=https://hub.example" },
          .url = "https://hub.example/",
          .source = "environment HF_ENDPOINT" },
        { "a token goes to the endpoint",
          { "HF_ENDPOINT=https://hub.example", "HF_TOKEN=hf_a" },
          .url = "https://hub.example/",
          .authorization = "Bearer hf_a",
          .source = "HF_ENDPOINT" },
        { "the token's file", .files = { { ".cache/huggingface/token", " hf_b\n" } },
          .url = "https://huggingface.co/", .authorization = "Bearer hf_b" },
        { "HF_HOME",
          { "HF_HOME=~/hf" },
          { { "hf/token", "hf_c" } },
          .url = "https://huggingface.co/",
          .authorization = "Bearer hf_c" },
        { "HF_TOKEN_PATH",
          { "HF_TOKEN_PATH=~/t", "HF_HOME=~/hf" },
          { { "hf/token", "hf_c" }, { "t", "hf_d" } },
          .url = "https://huggingface.co/",
          .authorization = "Bearer hf_d" },
        { "the variable goes before",
          { "HF_TOKEN=hf_a" },
          { { ".cache/huggingface/token", "hf_b" } },
          .url = "https://huggingface.co/",
          .authorization = "Bearer hf_a" },
        { "not sent unasked",
          { "HF_HUB_DISABLE_IMPLICIT_TOKEN=1", "HF_TOKEN=hf_a" },
          { { ".cache/huggingface/token", "hf_b" } },
          .url = "https://huggingface.co/" },
        { "an empty file", .files = { { ".cache/huggingface/token", "\n" } },
          .url = "https://huggingface.co/" },
        { "a token of two lines", { "HF_TOKEN=a\nX-Evil: b" }, .error = "no HTTP header holds" },
    };
    static struct setting_case hub[SP_COUNT(cases)];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        hub[i] = cases[i];
        hub[i].service = SP_SERVICE_HUGGINGFACE;
    }
    CHECK(hub);
}

static void
ruby_gems(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "RUBYGEMS_HOST",
          { "RUBYGEMS_HOST=https://g.example" },
          { { ".gemrc", ":sources: [https://x.example]\n" } },
          .url = "https://g.example/",
          .source = "environment RUBYGEMS_HOST" },
        { "the first source",
          .files = { { ".gemrc", "---\n:backtrace: false\n:sources:\n- https://a.example/gems\n- "
                                 "https://b.example\n:verbose: true\n" } },
          .url = "https://a.example/gems/", .source = ".gemrc:4" },
        { "sources elsewhere are none",
          .files = { { ".gemrc", ":other:\n  :sources:\n  - https://a.example\ngem: --no-document\n" } },
          .url = "https://rubygems.org/" },
        { "a login of the URL", .files = { { ".gemrc", ":sources: ['https://u:p@a.example']\n" } },
          .url = "https://a.example/", .authorization = "Basic dTpw", .source = ".gemrc" },
        { "GEMRC's last goes before",
          { "GEMRC=~/one:/nowhere/two" },
          { { "one", ":sources: [https://one.example]\n" },
            { ".gemrc", ":sources: [https://user.example]\n" } },
          .url = "https://one.example/",
          .source = "one:1" },
        { "the system's", .files = { { "etc/gemrc", ":sources: [https://s.example]\n" } },
          .url = "https://s.example/", .source = "etc/gemrc" },
        { "a directory is no source that we ask", .files = { { ".gemrc", ":sources: [/srv/gems]\n" } },
          .url = "", .source = ".gemrc", .note = "/srv/gems" },
        { "Bundler's mirror",
          .files = { { ".bundle/config",
                       "---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: \"https://m.example/r\"\n" } },
          .url = "https://m.example/r/", .source = ".bundle/config:2" },
        { "with its login",
          .files = { { ".bundle/config",
                       "---\nBUNDLE_MIRROR__ALL: \"https://gems.m-1.example\"\nBUNDLE_GEMS__M___1__EXAMPLE: "
                       "\"u:p\"\n" } },
          .url = "https://gems.m-1.example/", .authorization = "Basic dTpw", .source = ".bundle/config:2" },
        { "a mirror of another source",
          .files = { { ".bundle/config",
                       "---\nBUNDLE_MIRROR__HTTPS://OTHER__EXAMPLE/: \"https://m.example\"\n" } },
          .url = "https://rubygems.org/" },
        { "damaged", .files = { { ".gemrc", ":sources: [https://a.example\n" } }, .error = ".gemrc:" },
        { "a source that is no URL", .files = { { ".gemrc", ":sources: ['https://a b']\n" } },
          .error = ".gemrc:1" },
    };
    static struct setting_case gems[SP_COUNT(cases)];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        gems[i] = cases[i];
        gems[i].service = SP_SERVICE_RUBYGEMS;
    }
    CHECK(gems);
}

#define MIRROR(of)                                                                                           \
    "<settings><mirrors><mirror><id>m</id><mirrorOf>" of "</mirrorOf>"                                       \
    "<url>https://m.example/r</url></mirror></mirrors>"
#define SERVER(user, password)                                                                               \
    "<servers><server><id>other</id><username>x</username><password>y</password>"                            \
    "</server><server><id>m</id><username>" user "</username><password>" password                            \
    "</password></server></servers></settings>"

static void
maven_mirrors(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *settings, *env;
        const char *url, *authorization, *note, *error;
    } cases[] = {
        { "central", MIRROR("central") "</settings>", .url = "https://m.example/r/" },
        { "all", MIRROR("*") "</settings>", .url = "https://m.example/r/" },
        { "all outside", MIRROR("external:*") "</settings>", .url = "https://m.example/r/" },
        { "plain http outside", MIRROR("external:http:*") "</settings>", .url = NULL },
        { "all but central", MIRROR("*,!central") "</settings>", .url = NULL },
        { "all but another", MIRROR("*, !jboss") "</settings>", .url = "https://m.example/r/" },
        { "a list with it", MIRROR("jboss,central") "</settings>", .url = "https://m.example/r/" },
        { "another", MIRROR("jboss") "</settings>", .url = NULL },
        { "the exact one goes before",
          "<settings><mirrors><mirror><mirrorOf>*</mirrorOf><url>https://all.example</url></mirror><mirror>"
          "<mirrorOf>central</mirrorOf><url>https://c.example</url></mirror></mirrors></settings>",
          .url = "https://c.example/" },
        { "a namespace",
          "<?xml version='1.0'?><settings xmlns='http://maven.apache.org/SETTINGS/1.0.0'><mirrors><mirror>"
          "<mirrorOf>\n  central\n</mirrorOf><url> https://c.example </url></mirror></mirrors></settings>",
          .url = "https://c.example/" },
        { "with a login", MIRROR("*") SERVER("u", "p"), .url = "https://m.example/r/",
          .authorization = "Basic dTpw" },
        { "of the environment", MIRROR("*") SERVER("u", "${env.MAVEN_WORD}"), "MAVEN_WORD=p",
          .url = "https://m.example/r/", .authorization = "Basic dTpw" },
        { "an encrypted one", MIRROR("*") SERVER("u", "{COQLCE6DU6GtcS5P=}"), .url = "https://m.example/r/",
          .note = "encrypted" },
        { "blocked",
          "<settings><mirrors><mirror><mirrorOf>*</mirrorOf><url>https://m.example</url><blocked>true</"
          "blocked>"
          "</mirror></mirrors></settings>",
          .url = "" },
        { "a file",
          "<settings><mirrors><mirror><mirrorOf>*</mirrorOf><url>file:///srv</url></mirror></mirrors></"
          "settings>",
          .url = "", .note = "file:///srv" },
        { "nothing in it", "<settings/>", .url = NULL },
        { "without a URL", "<settings><mirrors><mirror><mirrorOf>*</mirrorOf></mirror></mirrors></settings>",
          .error = "without <url>" },
        { "damaged", "<settings><mirrors>", .error = "settings.xml:1" },
        { "entities", "<!DOCTYPE s [<!ENTITY a 'b'>]><settings>&a;</settings>", .error = "document type" },
        { "an outer one", "<!DOCTYPE s SYSTEM 'file:///etc/passwd'><settings/>", .error = "document type" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct setting_case one = {
            .name = cases[i].name,
            .env = { cases[i].env },
            .files = { { ".m2/settings.xml", cases[i].settings } },
            .service = SP_SERVICE_MAVEN,
            .url = cases[i].url ? cases[i].url : "https://repo1.maven.org/maven2/",
            .authorization = cases[i].authorization,
            .source = cases[i].url ? ".m2/settings.xml:" : NULL,
            .note = cases[i].note,
            .error = cases[i].error,
        };
        check_case(&one);
    }
    static const struct setting_case global = { "the installation's",
                                                { "MAVEN_HOME=~/maven" },
                                                { { "maven/conf/settings.xml", MIRROR("*") "</settings>" } },
                                                .service = SP_SERVICE_MAVEN,
                                                .url = "https://m.example/r/",
                                                .source = "maven/conf" };
    check_case(&global);
}

static void
cargo_sources(void **state SP_UNUSED)
{
    static const struct setting_case cases[] = {
        { "a source",
          .files = { { ".cargo/config.toml", "[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry "
                                             "= \"sparse+https://m.example/index\"\n" } },
          .url = "https://m.example/index/", .source = ".cargo/config.toml:4" },
        { "two steps",
          .files = { { ".cargo/config.toml", "source.crates-io.replace-with = 'a'\nsource.a.replace-with = "
                                             "'b'\nsource.b.registry = 'sparse+https://b.example/'\n" } },
          .url = "https://b.example/", .source = "config.toml:3" },
        { "a registry with its token",
          .files = { { ".cargo/config.toml",
                       "[source.crates-io]\nreplace-with = 'our-own'\n[registries.our-own]\nindex = "
                       "'sparse+https://o.example/'\n" },
                     { ".cargo/credentials.toml",
                       "[registries.our-own]\ntoken = 'Bearer t'\n[registry]\ntoken = 'never'\n" } },
          .url = "https://o.example/", .authorization = "Bearer t", .source = "config.toml:4" },
        { "of the environment",
          { "CARGO_REGISTRIES_OUR_OWN_TOKEN=e", "CARGO_REGISTRIES_OUR_OWN_INDEX=sparse+https://e.example/" },
          { { ".cargo/config.toml", "[source.crates-io]\nreplace-with = 'our-own'\n" } },
          .url = "https://e.example/",
          .authorization = "e",
          .source = "config.toml:2" },
        { "CARGO_HOME and the old name",
          { "CARGO_HOME=~/c" },
          { { "c/config",
              "source.crates-io.replace-with = 'a'\nsource.a.registry = 'sparse+https://a.example/'\n" } },
          .url = "https://a.example/",
          .source = "c/config:2" },
        { "a Git index",
          .files = { { ".cargo/config.toml", "source.crates-io.replace-with = 'a'\nsource.a.registry = "
                                             "'https://git.example/index'\n" } },
          .url = "", .source = "config.toml:2", .note = "no sparse index" },
        { "a directory",
          .files = { { ".cargo/config.toml",
                       "source.crates-io.replace-with = 'v'\nsource.v.directory = 'vendor'\n" } },
          .url = "", .source = "config.toml:1", .note = "replaced by 'v'" },
        { "a circle",
          .files = { { ".cargo/config.toml",
                       "source.crates-io.replace-with = 'a'\nsource.a.replace-with = 'crates-io'\n" } },
          .url = "", .source = "config.toml:", .note = "crates-io is replaced" },
        { "other settings",
          .files = { { ".cargo/config.toml", "[build]\njobs = 2\n[registries.x]\nindex = "
                                             "'sparse+https://x.example/'\ntoken = 'x'\n" } },
          .url = "https://index.crates.io/" },
        { "crates.io's own token is for publishing",
          .files = { { ".cargo/credentials.toml", "[registry]\ntoken = 'never'\n" } },
          .url = "https://index.crates.io/" },
        { "damaged", .files = { { ".cargo/config.toml", "[source.crates-io\n" } }, .error = "config.toml:1" },
    };
    static struct setting_case cargo[SP_COUNT(cases)];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        cargo[i] = cases[i];
        cargo[i].service = SP_SERVICE_CRATES_INDEX;
    }
    CHECK(cargo);
}

#define SOURCE(key, value) "<add key='" key "' value='" value "' />"
#define SOURCES(inner, rest)                                                                                 \
    "<?xml version='1.0'?><configuration><packageSources><clear />" inner "</packageSources>" rest           \
    "</configuration>"

static void
nuget_sources(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *config, *env;
        const char *url, *authorization, *note, *error;
    } cases[] = {
        { "the first",
          SOURCES(SOURCE("a", "https://a.example/v3/index.json") SOURCE("b", "https://b.example/index.json"),
                  ""),
          .url = "https://a.example/v3/index.json" },
        { "switched off",
          SOURCES(SOURCE("a", "https://a.example/v3/index.json") SOURCE("b", "https://b.example/index.json"),
                  "<disabledPackageSources>" SOURCE("a", "true") "</disabledPackageSources>"),
          .url = "https://b.example/index.json" },
        { "older protocols",
          SOURCES(SOURCE("a", "https://a.example/api/v2") SOURCE("d", "/srv/packages"), ""), .url = "",
          .note = "https://a.example/api/v2" },
        { "a login",
          SOURCES(SOURCE("our feed", "https://a.example/index.json"),
                  "<packageSourceCredentials><our_x0020_feed>" SOURCE("Username", "u")
                      SOURCE("ClearTextPassword", "%WORD%") "</our_x0020_feed></packageSourceCredentials>"),
          "WORD=p", .url = "https://a.example/index.json", .authorization = "Basic dTpw" },
        { "an encrypted one",
          SOURCES(SOURCE("a", "https://a.example/index.json"),
                  "<packageSourceCredentials><a>" SOURCE("Username", "u")
                      SOURCE("Password", "AQAAANCM") "</a></packageSourceCredentials>"),
          .url = "https://a.example/index.json", .note = "encrypted" },
        { "a login of another",
          SOURCES(SOURCE("a", "https://a.example/index.json"),
                  "<packageSourceCredentials><b>" SOURCE("Username", "u")
                      SOURCE("ClearTextPassword", "p") "</b></packageSourceCredentials>"),
          .url = "https://a.example/index.json" },
        { "none named", "<configuration></configuration>", .url = NULL },
        { "damaged", "<configuration>", .error = "NuGet.Config:1" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct setting_case one = {
            .name = cases[i].name,
            .env = { cases[i].env },
            .files = { { ".nuget/NuGet/NuGet.Config", cases[i].config } },
            .service = SP_SERVICE_NUGET,
            .url = cases[i].url ? cases[i].url : "https://api.nuget.org/v3/index.json",
            .authorization = cases[i].authorization,
            .source = cases[i].url ? "NuGet.Config" : NULL,
            .note = cases[i].note,
            .error = cases[i].error,
        };
        check_case(&one);
    }
}

/* ---- npm, PyPI ---- */

static void
scopes_and_indices_are_the_registries_own(void **state SP_UNUSED)
{
    struct sp_bases bases;
    struct sp_registries registries;
    struct sp_error err = { 0 };
    write_file("package.json", "{}");
    write_file(".npmrc", "@corp:registry=https://npm.corp.example/\n//npm.corp.example/:_authToken=t\n");
    assert_int_equal(read_bases(&bases, &registries, NULL, &err), 0);
    assert_string_equal(sp_base_npm(&bases, "left-pad"), "https://registry.npmjs.org/");
    assert_string_equal(sp_base_npm(&bases, "@corp/left-pad"), "https://npm.corp.example/");
    assert_string_equal(sp_base_npm(&bases, "@corporate/x"), "https://registry.npmjs.org/");
    assert_string_equal(sp_base_npm(&bases, "@corp"), "https://registry.npmjs.org/");
    assert_string_equal(sp_base_pypi(&bases), "https://pypi.org/simple/");
    assert_true(bases.public_npm && bases.public_pypi);
    const char *url = "https://npm.corp.example/@corp%2fx";
    assert_string_equal(sp_bases_authorization(&bases, SP_NPM, url), "Bearer t");
    assert_null(sp_bases_authorization(&bases, SP_PYPI, url));
    assert_null(sp_bases_authorization(&bases, SP_CARGO, url));
    assert_null(sp_bases_authorization(&bases, SP_NPM, "https://registry.npmjs.org/x"));
    sp_bases_free(&bases);
    sp_registries_free(&registries);

    write_file(".npmrc", "registry=https://npm.corp.example/\n");
    const char *env[ENV_MAX] = { "PIP_INDEX_URL=https://pypi.corp.example/simple" };
    assert_int_equal(read_bases(&bases, &registries, env, &err), 0);
    assert_string_equal(sp_base_npm(&bases, "left-pad"), "https://npm.corp.example/");
    assert_false(bases.public_npm || bases.public_pypi);
    sp_bases_free(&bases);
    sp_registries_free(&registries);

    const char *none[ENV_MAX] = { "PIP_NO_INDEX=1" };
    assert_int_equal(read_bases(&bases, &registries, none, &err), 0);
    assert_null(sp_base_pypi(&bases));
    assert_false(bases.public_pypi);
    sp_bases_free(&bases);
    sp_registries_free(&registries);
}

static void
tokens_stay_with_origin_and_path(void **state SP_UNUSED)
{
    static const struct {
        const char *url;
        enum sp_ecosystem_id ecosystem;
        bool sent;
    } cases[] = {
        { "https://m.example/repo/a", SP_MAVEN, true },
        { "https://m.example/repo/", SP_MAVEN, true },
        { "https://M.example:443/repo/a", SP_MAVEN, true },
        { "https://m.example/repo", SP_MAVEN, false },
        { "https://m.example/repository/a", SP_MAVEN, false },
        { "https://m.example/", SP_MAVEN, false },
        { "http://m.example/repo/a", SP_MAVEN, false },
        { "https://m.example:8443/repo/a", SP_MAVEN, false },
        { "https://m.example.org/repo/a", SP_MAVEN, false },
        { "https://x.m.example/repo/a", SP_MAVEN, false },
        { "https://m.example/repo/../a", SP_MAVEN, false },
        { "https://m.example/repo/%2e%2e/a", SP_MAVEN, false },
        { "https://m.example@evil.example/repo/a", SP_MAVEN, false },
        { "https://m.example/repo/a", SP_NPM, false },
        { "https://n.example/feed/v3/index.json", SP_NUGET, true },
        { "https://n.example/feed/v3/flat/a", SP_NUGET, true },
        { "https://n.example/other/v3/flat/a", SP_NUGET, false },
    };
    struct sp_bases bases;
    struct sp_registries registries;
    struct sp_error err = { 0 };
    const char *env[ENV_MAX] = { "SALLYPORT_MAVEN_URL=https://u:p@m.example/repo",
                                 "SALLYPORT_NUGET_URL=https://u:p@n.example/feed/v3/index.json" };
    assert_int_equal(read_bases(&bases, &registries, env, &err), 0);
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const char *sent = sp_bases_authorization(&bases, cases[i].ecosystem, cases[i].url);
        if ((sent != NULL) != cases[i].sent)
            fail_msg("%s: %s", cases[i].url, sent ? "sent" : "not sent");
    }
    sp_bases_free(&bases);
    sp_registries_free(&registries);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_any_configuration_the_public_ones_are_asked),
        cmocka_unit_test(our_own_variables_go_before),
        cmocka_unit_test(go_proxies),
        cmocka_unit_test_setup_teardown(private_go_modules, begin, end),
        cmocka_unit_test(hugging_face),
        cmocka_unit_test(ruby_gems),
        cmocka_unit_test(maven_mirrors),
        cmocka_unit_test(cargo_sources),
        cmocka_unit_test(nuget_sources),
        cmocka_unit_test_setup_teardown(scopes_and_indices_are_the_registries_own, begin, end),
        cmocka_unit_test_setup_teardown(tokens_stay_with_origin_and_path, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
