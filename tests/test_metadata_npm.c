/* What is read of npm's packuments and tarballs, and that nothing in them can do harm. */
#include "eval/corpus_parts.h"
#include "metadata/npm_manifest.h"
#include "metadata_ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define URL "https://registry.npmjs.org/pad-it"
#define TARBALL "https://registry.npmjs.org/pad-it/-/pad-it-1.1.0.tgz"

static const char whole[] =
    "{\"_id\":\"pad-it\",\"name\":\"pad-it\",\"dist-tags\":{\"latest\":\"1.1.0\",\"next\":\"2.0.0-rc.1\"},"
    "\"versions\":{"
    "\"1.0.0\":{\"name\":\"pad-it\",\"version\":\"1.0.0\",\"description\":\"old\"},"
    "\"1.1.0\":{\"name\":\"pad-it\",\"version\":\"1.1.0\",\"description\":\"Pads it.\",\"license\":\"MIT\","
    "\"repository\":{\"type\":\"git\",\"url\":\"git+https://someone:hunter2@github.com/padders/pad-it.git\"},"
    "\"homepage\":\"https://pad.example/\",\"keywords\":[\"pad\",\"string\"],"
    "\"author\":{\"name\":\"Ann Author\",\"email\":\"ann@pad.example\"},"
    "\"contributors\":[\"Carl <carl@pad.example> (https://carl.example)\"],"
    "\"scripts\":{\"test\":\"node test\",\"postinstall\":\"node setup.js\"},"
    "\"dependencies\":{\"left\":\"^1\",\"right\":\"^2\"},\"optionalDependencies\":{\"left\":\"^1\"},"
    "\"peerDependencies\":{\"host\":\"*\"},"
    "\"dist\":{\"tarball\":\"" TARBALL "\",\"unpackedSize\":9000,\"attestations\":{\"url\":\"https://x/\"}},"
    "\"_npmUser\":{\"name\":\"ann\",\"email\":\"ann@pad.example\"}},"
    "\"2.0.0-rc.1\":{\"name\":\"pad-it\",\"version\":\"2.0.0-rc.1\",\"deprecated\":\"Use `pad-more` "
    "instead\","
    "\"_npmUser\":{\"name\":\"ann\"}}},"
    "\"time\":{\"created\":\"2019-01-02T03:04:05.000Z\",\"modified\":\"2021-01-01T00:00:00.000Z\","
    "\"1.0.0\":\"2019-01-02T03:04:05.000Z\",\"1.1.0\":\"2020-02-02T00:00:00.000Z\","
    "\"2.0.0-rc.1\":\"9999-01-01T00:00:00.000Z\"},"
    "\"maintainers\":[{\"name\":\"ann\",\"email\":\"ann@pad.example\"},{\"name\":\"bob\"}],"
    "\"description\":\"Pads it, says the top.\",\"readme\":\"# pad-it\\nPads \\ud83d "
    "it.\",\"license\":\"ISC\"}";

/* ---- what a whole packument gives ---- */

static void
reads_the_whole_record(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, URL, "application/json", whole);
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_FULL);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "1.1.0");
    assert_string_equal(record->description, "Pads it.");
    assert_string_equal(record->licence, "MIT");
    assert_string_equal(record->repository, "git+https://github.com/padders/pad-it.git");
    assert_string_equal(record->homepage, "https://pad.example/");
    assert_string_equal(record->readme, "# pad-it\nPads \xef\xbf\xbd it.");
    assert_string_equal(record->owner, "ann");
    assert_string_equal(ask_names(&record->keywords), "pad, string");
    assert_string_equal(ask_names(&record->hooks), "postinstall: node setup.js");
    assert_string_equal(ask_names(&record->dependencies), "left, right, host");
    assert_int_equal(record->maintainer_count, 2);
    assert_string_equal(record->maintainers[1].id, "bob");
    assert_int_equal(record->author_count, 2);
    assert_string_equal(record->authors[1].name, "Carl");
    assert_string_equal(record->authors[1].email, "carl@pad.example");
    assert_null(record->authors[0].id);
    assert_true(record->provenance && !record->holding);
    assert_int_equal(record->release_count, 3);
    assert_int_equal(record->created, sp_time_read("2019-01-02T03:04:05Z", 20));
    assert_int_equal(record->releases[0].time, SP_TIME_UNKNOWN); /* the year 9999 */
    assert_string_equal(record->releases[0].number, "2.0.0-rc.1");
    assert_true(sp_record_knows(record, SP_FIELD_DEPRECATED) && !record->deprecated);
    assert_false(sp_record_knows(record, SP_FIELD_DOWNLOADS));
    assert_int_equal(record->problems.count, 0);
    assert_int_equal(ask.answers.asked_count, 1); /* nothing was missing: no tarball */
    ask_end(&ask);
}

static void
describes_the_version_or_tag_that_is_asked(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, URL, "application/json", whole);
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", "next", SP_DEPTH_SHORT);
    assert_string_equal(record->version, "2.0.0-rc.1");
    assert_string_equal(record->deprecated, "Use `pad-more` instead");
    assert_string_equal(record->relocated, "pad-more");
    record = ask_describe(&ask, &sp_client_npm, "pad-it", "1.0.0", SP_DEPTH_SHORT);
    assert_string_equal(record->description, "old");
    assert_false(sp_record_knows(record, SP_FIELD_HOOKS));
    record = ask_describe(&ask, &sp_client_npm, "pad-it", "7.0.0", SP_DEPTH_SHORT);
    assert_true(ask_complains(&ask, "7.0.0"));
    ask_end(&ask);
}

static void
asks_downloads_only_where_ranks_may_be(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, "https://registry.npmjs.org/@pad%2fit", "application/json",
                     "{\"name\":\"@pad/it\",\"versions\":{\"1.0.0\":{}}}");
    answers_add_text(&ask.answers, "https://api.npmjs.org/downloads/point/last-month/@pad/it",
                     "application/json", "{\"downloads\":1234,\"package\":\"@pad/it\"}");
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "@pad/it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(ask.answers.asked_count, 1);
    assert_string_equal(record->namespace_, "@pad");
    assert_string_equal(record->owner, "@pad");
    assert_string_equal(record->version, "1.0.0"); /* no tag: the last one */
    ask.ranks = true;
    record = ask_describe(&ask, &sp_client_npm, "@pad/it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(record->downloads, 1234);
    assert_true(ask.answers.asked[1].optional);
    ask.bases.public_npm = false; /* a company's names are nobody else's business */
    ask_describe(&ask, &sp_client_npm, "@pad/it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(ask.answers.asked_count, 1);
    ask_end(&ask);
}

/* ---- who has it, and who does not ---- */

static void
tells_absent_from_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        long status; /* 0: the host is down */
        const char *body;
        enum sp_presence presence;
        const char *problem; /* part of it; NULL: there is none */
    } cases[] = {
        { "404", 404, "{}", SP_ABSENT, NULL },
        { "410", 410, "{}", SP_ABSENT, NULL },
        { "500", 500, "{}", SP_PRESENCE_UNKNOWN, "registry.npmjs.org: answered 500" },
        { "403", 403, "{}", SP_PRESENCE_UNKNOWN, "answered 403" },
        { "no answer", 0, "", SP_PRESENCE_UNKNOWN, "no answer" },
        { "a login page", 200, "<html>Sign in</html>", SP_PRESENCE_UNKNOWN, "npm packument" },
        { "no object", 200, "[]", SP_PRESENCE_UNKNOWN, "no JSON object" },
        { "an error as 200", 200, "{\"error\":\"not_found\"}", SP_PRESENCE_UNKNOWN, "no version" },
        { "cut in the middle", 200, "{\"name\":\"pad-it\",\"versions\":{\"1.0.0\":{", SP_PRESENCE_UNKNOWN,
          "truncated" },
        { "another's document", 200, "{\"name\":\"other\",\"versions\":{\"1.0.0\":{}}}", SP_PRESENCE_UNKNOWN,
          "it speaks of other" },
        { "unpublished", 200,
          "{\"name\":\"pad-it\",\"time\":{\"created\":\"2019-01-01T00:00:00Z\",\"unpublished\":"
          "{\"time\":\"2020-01-01T00:00:00Z\",\"versions\":[\"1.0.0\"]}}}",
          SP_REMOVED, NULL },
        { "abbreviated", 200,
          "{\"name\":\"pad-it\",\"modified\":\"2020-01-01T00:00:00Z\",\"dist-tags\":{\"latest\":\"1.0.0\"},"
          "\"versions\":{\"1.0.0\":{\"name\":\"pad-it\",\"hasInstallScript\":true}}}",
          SP_PRESENT, NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct ask ask;
        ask_begin(&ask);
        answers_add_text(&ask.answers, URL, "application/json", cases[i].body)->status = cases[i].status;
        const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
        if (record->presence != cases[i].presence)
            fail_msg("%s: %s", cases[i].name, sp_presence_names[record->presence]);
        if (!cases[i].problem != !record->problems.count ||
            (cases[i].problem && !ask_complains(&ask, cases[i].problem)))
            fail_msg("%s: problem %s", cases[i].name,
                     record->problems.count ? record->problems.items[0] : "missing");
        if (!strcmp(cases[i].name, "abbreviated")) {
            assert_string_equal(ask_names(&record->hooks),
                                "install: the registry says that there is one, not which");
            assert_false(sp_record_knows(record, SP_FIELD_DESCRIPTION));
            assert_false(sp_record_knows(record, SP_FIELD_MAINTAINERS));
            assert_false(sp_record_knows(record, SP_FIELD_DEPRECATED));
        }
        ask_end(&ask);
    }
}

static void
knows_a_security_holding_package(void **state)
{
    (void)state;
    static const struct {
        const char *name, *version, *description, *maintainer;
        bool holding;
    } cases[] = {
        { "the security team's", "0.0.1-security", "security holding package", "npm", true },
        { "somebody who says so", "0.0.1-security", "security holding package", "mallory", false },
        { "only its number", "0.0.1-security", "a package", "npm", false },
        { "only its description", "1.0.0", "security holding package", "npm", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct ask ask;
        char body[512];
        ask_begin(&ask);
        snprintf(body, sizeof(body),
                 "{\"name\":\"pad-it\",\"dist-tags\":{\"latest\":\"%s\"},\"versions\":{\"%s\":{"
                 "\"description\":\"%s\"}},\"maintainers\":[{\"name\":\"%s\"}]}",
                 cases[i].version, cases[i].version, cases[i].description, cases[i].maintainer);
        answers_add_text(&ask.answers, URL, "application/json", body);
        const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
        assert_true(sp_record_knows(record, SP_FIELD_HOLDING));
        if (record->holding != cases[i].holding)
            fail_msg("%s", cases[i].name);
        ask_end(&ask);
    }
}

static void
leaves_out_times_of_mirroring(void **state)
{
    (void)state;
    static const struct {
        const char *name, *times;
        bool known;
    } cases[] = {
        { "a patch before the one that it follows",
          "\"1.0.0\":\"2020-01-01\",\"1.0.2\":\"2021-01-01\",\"1.0.1\":\"2024-01-01\"", false },
        { "a first version years after a later one", "\"1.0.0\":\"2020-01-01\",\"0.1.0\":\"2024-01-01\"",
          false },
        { "a fix of an old line",
          "\"0.1.0\":\"2019-01-01\",\"1.0.0\":\"2020-01-01\",\"2.0.0\":\"2021-01-01\",\"1.0.1\":\"2022-01-"
          "01\","
          "\"1.0.2\":\"2023-01-01\"",
          true },
        { "one version, which proves nothing", "\"1.0.0\":\"2020-01-01\"", false },
        { "creation is known", "\"created\":\"2020-01-01\",\"1.0.0\":\"2020-01-01\",\"0.1.0\":\"2024-01-01\"",
          true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct ask ask;
        char body[1024];
        ask_begin(&ask);
        snprintf(body, sizeof(body),
                 "{\"name\":\"pad-it\",\"versions\":{\"0.1.0\":{},\"1.0.0\":{},\"1.0.1\":{},\"1.0.2\":{},"
                 "\"2.0.0\":{}},\"time\":{%s}}",
                 cases[i].times);
        answers_add_text(&ask.answers, URL, "application/json", body);
        const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
        if (sp_record_knows(record, SP_FIELD_RELEASE_TIMES) != cases[i].known ||
            sp_record_knows(record, SP_FIELD_CREATED) != cases[i].known ||
            ask_complains(&ask, "be those of publication") == cases[i].known)
            fail_msg("%s", cases[i].name);
        assert_int_equal(record->release_count, 5);
        ask_end(&ask);
    }
}

static void
takes_a_new_home_only_from_plain_words(void **state)
{
    (void)state;
    static const struct {
        const char *notice, *to;
    } cases[] = {
        { "Use `pad-more` instead", "pad-more" },
        { "This package has been renamed to @pad/it.", "@pad/it" },
        { "request has been moved to http-asker, please update", "http-asker" },
        { "use String.prototype.padStart()", "" },
        { "please use something else", "" },
        { "Use native promises instead", "" },
        { "use it instead", "" },
        { "use pad-it@2 instead", "" }, /* itself */
        { "use uuid@7 instead", "uuid" },
        { "see https://www.npmjs.com/package/pad-more for more", "pad-more" },
        { "Moved to https://github.com/pad/more", "" },
        { "because of misuse now-or-never", "" },
        { "", "" },
        { "use ", "" },
        { "Please upgrade to the new package @pad/core", "@pad/core" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer to = { 0 };
        struct sp_error err;
        assert_int_equal(sp_npm_relocation(cases[i].notice, "pad-it", &to, &err), 0);
        if (strcmp(sp_buffer_string(&to), cases[i].to) != 0)
            fail_msg("'%s' gave '%s'", cases[i].notice, sp_buffer_string(&to));
    }
}

/* ---- tarballs ---- */

static const char bare[] =
    "{\"name\":\"pad-it\",\"versions\":{\"1.1.0\":{\"maintainers\":[{\"name\":\"famous\"}],"
    "\"scripts\":{},\"dist\":{\"tarball\":\"%s\"}}}}";

static void
pack(struct sp_buffer *out, const char *const *names, const char *const *texts, size_t count)
{
    struct sp_made_file items[8];
    struct sp_error err;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sp_made_file){ names[i], texts[i], strlen(texts[i]), false };
    const struct sp_made_files files = { items, count, count };
    assert_int_equal(sp_corpus_pack(out, SP_ARCHIVE_TGZ, &files, "", &err), 0);
}

static const struct sp_record *
describe_bare(struct ask *ask, char *body, size_t size, const char *tarball, const struct sp_buffer *archive)
{
    ask_begin(ask);
    snprintf(body, size, bare, tarball);
    answers_add_text(&ask->answers, URL, "application/json", body);
    if (archive)
        answers_add(&ask->answers, tarball, "application/octet-stream", archive->bytes, archive->length);
    return ask_describe(ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_FULL);
}

static void
reads_the_tarball_where_the_registry_is_silent(void **state)
{
    (void)state;
    static const char *const names[] = { "top/package.json", "top/lib/package.json", "top/binding.gyp",
                                         "top/README.md" };
    static const char *const texts[] = { "{\"name\":\"pad-it\",\"description\":\"Inside.\",\"scripts\":"
                                         "{\"preinstall\":\"sh ./a\"},\"author\":\"Ann <ann@pad.example>\"}",
                                         "{\"name\":\"wrong\"}", "{}", "# Read me" };
    sp_autobuffer struct sp_buffer archive = { 0 };
    struct ask ask;
    char body[512];
    pack(&archive, names, texts, SP_COUNT(names));
    const struct sp_record *record = describe_bare(&ask, body, sizeof(body), TARBALL, &archive);
    assert_string_equal(record->readme, "# Read me");
    assert_string_equal(record->module, "pad-it");
    assert_string_equal(record->description, "Inside.");
    assert_string_equal(record->authors[0].name, "famous"); /* the packument's word came first */
    assert_true(sp_record_knows(record, SP_FIELD_LICENCE) && !*record->licence);
    /* the packument's scripts were empty: what is installed is the tarball */
    assert_string_equal(ask_names(&record->hooks), "preinstall: sh ./a");
    assert_true(ask_complains(&ask, "does not list: preinstall"));
    /* in package.json anybody may call himself a maintainer */
    assert_false(sp_record_knows(record, SP_FIELD_MAINTAINERS));
    assert_true(ask.answers.asked[1].immutable);
    ask_end(&ask);
}

static void
finds_a_build_that_no_script_mentions(void **state)
{
    (void)state;
    static const char *const names[] = { "package/package.json", "package/README", "package/binding.gyp" };
    static const char *const texts[] = { "{\"name\":\"pad-it\"}", "text", "{}" };
    sp_autobuffer struct sp_buffer archive = { 0 };
    struct ask ask;
    pack(&archive, names, texts, SP_COUNT(names));
    ask_begin(&ask);
    answers_add_text(&ask.answers, URL, "application/json",
                     "{\"name\":\"pad-it\",\"versions\":{\"1.1.0\":{\"dist\":{\"tarball\":\"" TARBALL
                     "\"}}}}");
    answers_add(&ask.answers, TARBALL, "", archive.bytes, archive.length);
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_FULL);
    assert_string_equal(ask_names(&record->hooks), "install: node-gyp rebuild");
    ask_end(&ask);
}

static void
asks_nobody_but_the_registry_for_a_tarball(void **state)
{
    (void)state;
    static const char *const places[] = {
        "https://elsewhere.example/pad-it.tgz",     "file:///etc/passwd", "http://127.0.0.1/x.tgz",
        "https://user:pw@registry.npmjs.org/x.tgz", "not a url",          ""
    };
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        struct ask ask;
        char body[512];
        const struct sp_record *record = describe_bare(&ask, body, sizeof(body), places[i], NULL);
        assert_int_equal(record->presence, SP_PRESENT);
        if (ask.answers.asked_count != 1 || !record->problems.count)
            fail_msg("'%s' was asked, or nobody was told", places[i]);
        ask_end(&ask);
    }
}

static void
bounds_a_tarball_that_unpacks_without_end(void **state)
{
    (void)state;
    sp_autobuffer struct sp_buffer archive = { 0 };
    size_t size = (size_t)400 << 20;
    sp_autofree char *zeros = calloc(size, 1);
    struct sp_made_file items[] = { { "package/README.md", "# first", 7, false },
                                    { "package/big", zeros, size, false },
                                    { "package/package.json", "{}", 2, false } };
    const struct sp_made_files files = { items, 3, 3 };
    struct sp_error err;
    struct ask ask;
    char body[512];
    assert_non_null(zeros);
    assert_int_equal(sp_corpus_pack(&archive, SP_ARCHIVE_TGZ, &files, "", &err), 0);
    const struct sp_record *record = describe_bare(&ask, body, sizeof(body), TARBALL, &archive);
    assert_true(ask_complains(&ask, "MB unpacked"));
    assert_string_equal(record->readme, "# first");
    assert_false(sp_record_knows(record, SP_FIELD_MODULE));
    ask_end(&ask);
}

static void
says_that_a_tarball_is_damaged(void **state)
{
    (void)state;
    static char bytes[] = "\x1f\x8b\x08 no gzip";
    static const struct sp_buffer noise = { .bytes = bytes, .length = sizeof(bytes) - 1 };
    struct ask ask;
    char body[512];
    const struct sp_record *record = describe_bare(&ask, body, sizeof(body), TARBALL, &noise);
    assert_true(ask_complains(&ask, "npm tarball"));
    assert_false(sp_record_knows(record, SP_FIELD_README));
    ask_end(&ask);
    describe_bare(&ask, body, sizeof(body), TARBALL, NULL); /* 404 */
    assert_true(ask_complains(&ask, "there is none"));
    ask_end(&ask);
}

/* ---- hostile documents ---- */

static const char *const keys[] = { "name",
                                    "dist-tags",
                                    "versions",
                                    "time",
                                    "maintainers",
                                    "author",
                                    "contributors",
                                    "description",
                                    "readme",
                                    "license",
                                    "repository",
                                    "homepage",
                                    "keywords",
                                    "modified",
                                    "scripts",
                                    "gypfile",
                                    "hasInstallScript",
                                    "dependencies",
                                    "peerDependencies",
                                    "deprecated",
                                    "dist",
                                    "_npmUser",
                                    "licenses" };
static const char *const shapes[] = { "null",
                                      "true",
                                      "-1",
                                      "1e999",
                                      "\"\"",
                                      "\"\\u0000\\u001b[31m\"",
                                      "[]",
                                      "{}",
                                      "[[[]]]",
                                      "[null,1,\"x\",{}]",
                                      "{\"a\":{\"b\":[]}}",
                                      "{\"url\":1}",
                                      "{\"name\":[],\"email\":{}}",
                                      "[{\"name\":1}]",
                                      "{\"type\":{}}",
                                      "{\"\":\"\",\"1.1.0\":3}",
                                      "{\"tarball\":[],\"unpackedSize\":\"9\"}",
                                      "{\"install\":{},\"postinstall\":[1]}",
                                      "\"https://a:b@\"" };

static void
bears_any_shape_under_any_key(void **state)
{
    (void)state;
    size_t cases = 0;
    for (size_t k = 0; k < SP_COUNT(keys); k++)
        for (size_t s = 0; s < SP_COUNT(shapes); s++, cases++) {
            struct ask ask;
            char body[1024];
            ask_begin(&ask);
            /* once at the top, once in a version; the last of equal keys counts */
            snprintf(body, sizeof(body),
                     "{\"name\":\"pad-it\",\"dist-tags\":{\"latest\":\"1.1.0\"},\"versions\":{\"1.1.0\":"
                     "{\"description\":\"Pads.\",\"dist\":{},\"%s\":%s}},\"%s\":%s}",
                     keys[k], shapes[s], keys[k], shapes[s]);
            answers_add_text(&ask.answers, URL, "application/json", body);
            const struct sp_record *record =
                ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_FULL);
            bool decisive = !strcmp(keys[k], "versions") || !strcmp(keys[k], "name");
            if (record->presence != SP_PRESENT && !decisive)
                fail_msg("%s: %s: %s", keys[k], shapes[s], sp_presence_names[record->presence]);
            ask_end(&ask);
        }
    assert_int_equal(cases, SP_COUNT(keys) * SP_COUNT(shapes));
}

static void
describes_no_version_that_is_no_utf8(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, URL, "application/json",
                     "{\"name\":\"pad-it\",\"versions\":{\"1.0.0\":{},\"\xcb.0\":{}}}");
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
    assert_string_equal(record->version, "1.0.0");
    assert_int_equal(record->release_count, 2);
    ask_end(&ask);
}

static void
bounds_what_it_keeps(void **state)
{
    (void)state;
    sp_autobuffer struct sp_buffer body = { 0 };
    struct sp_error err;
    struct ask ask;
    ask_begin(&ask);
    assert_int_equal(sp_buffer_append_string(
                         &body, "{\"name\":\"pad-it\",\"versions\":{\"1.1.0\":{}},\"maintainers\":[", &err),
                     0);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(sp_buffer_printf(&body, &err, "%s{\"name\":\"m%d\"}", i ? "," : "", i), 0);
    assert_int_equal(sp_buffer_append_string(&body, "],\"readme\":\"", &err), 0);
    for (int i = 0; i < (50 << 20) / 16; i++)
        assert_int_equal(sp_buffer_append_string(&body, "\\n0123456789abcd", &err), 0);
    assert_int_equal(sp_buffer_append_string(&body, "\"}", &err), 0);
    answers_add(&ask.answers, URL, "application/json", body.bytes, body.length);
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_int_equal(record->maintainer_count, SP_RECORD_PEOPLE_MAX);
    assert_in_range(strlen(record->readme), SP_RECORD_README_MAX - 8, SP_RECORD_README_MAX);
    assert_true(ask_complains(&ask, "maintainers") && ask_complains(&ask, "readme"));
    ask_end(&ask);
}

static void
says_that_a_document_is_too_large(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    static char byte[] = "{}";
    answers_add(&ask.answers, URL, "application/json", byte, SP_DOCUMENT_MAX + 1);
    const struct sp_record *record = ask_describe(&ask, &sp_client_npm, "pad-it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(record->presence, SP_PRESENCE_UNKNOWN);
    assert_true(ask_complains(&ask, "more than"));
    ask_end(&ask);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_whole_record),
        cmocka_unit_test(describes_the_version_or_tag_that_is_asked),
        cmocka_unit_test(asks_downloads_only_where_ranks_may_be),
        cmocka_unit_test(tells_absent_from_unknown),
        cmocka_unit_test(knows_a_security_holding_package),
        cmocka_unit_test(leaves_out_times_of_mirroring),
        cmocka_unit_test(takes_a_new_home_only_from_plain_words),
        cmocka_unit_test(reads_the_tarball_where_the_registry_is_silent),
        cmocka_unit_test(finds_a_build_that_no_script_mentions),
        cmocka_unit_test(asks_nobody_but_the_registry_for_a_tarball),
        cmocka_unit_test(bounds_a_tarball_that_unpacks_without_end),
        cmocka_unit_test(says_that_a_tarball_is_damaged),
        cmocka_unit_test(bears_any_shape_under_any_key),
        cmocka_unit_test(describes_no_version_that_is_no_utf8),
        cmocka_unit_test(bounds_what_it_keeps),
        cmocka_unit_test(says_that_a_document_is_too_large),
    };
    return cmocka_run_group_tests_name("metadata_npm", tests, NULL, NULL);
}
