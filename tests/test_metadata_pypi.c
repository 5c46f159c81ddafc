/* What is read of Python package indexes, wheels and source distributions. */
#include "eval/corpus_parts.h"
#include "metadata/pypi_artefact.h"
#include "metadata/pypi_told.h"
#include "metadata_ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define JSON "https://pypi.org/pypi/pad-it/json"
#define SIMPLE "https://pypi.org/simple/pad-it/"
#define FILES "https://files.pythonhosted.org/packages/"
#define WHEEL FILES "pad_it-1.1-py3-none-any.whl"
#define SDIST FILES "pad_it-1.1.tar.gz"
#define SIMPLE_JSON "application/vnd.pypi.simple.v1+json"

static const char whole[] =
    "{\"info\":{\"name\":\"Pad_It\",\"version\":\"1.1\",\"summary\":\"Pads it.\",\"description\":\"# "
    "Pad\\nIt.\","
    "\"license\":\"MIT License\\n\\nPermission is\",\"license_expression\":null,"
    "\"classifiers\":[\"License :: OSI Approved :: MIT License\",\"Development Status :: 7 - Inactive\"],"
    "\"home_page\":\"\",\"project_urls\":{\"Homepage\":\"https://pad.example\","
    "\"Source Code\":\"https://token:x@github.com/padders/pad\",\"Docs\":\"https://docs.example\"},"
    "\"author\":\"Ann\",\"author_email\":\"ann@pad.example\",\"maintainer\":null,"
    "\"maintainer_email\":\"Bob <bob@pad.example>, \\\"Carl, C.\\\" <carl@pad.example>\","
    "\"keywords\":\"pad,string\",\"requires_dist\":[\"Requests[socks] (>=2)\",\"tox; extra == 'test'\","
    "\"idna>=2; python_version < '3'\"],\"downloads\":{\"last_month\":-1}},"
    "\"releases\":{\"1.0\":[{\"packagetype\":\"sdist\",\"upload_time_iso_8601\":\"2019-01-01T00:00:00.5Z\","
    "\"yanked\":true}],\"1.1\":[{\"packagetype\":\"sdist\",\"url\":\"" SDIST "\",\"upload_time_iso_8601\":"
    "\"2020-01-02T00:00:00Z\",\"yanked\":false},{\"packagetype\":\"bdist_wheel\",\"url\":\"" WHEEL "\","
    "\"upload_time_iso_8601\":\"2020-01-01T00:00:00Z\",\"yanked\":false}],\"0.1\":[]},"
    "\"urls\":[{\"packagetype\":\"bdist_wheel\",\"url\":\"" WHEEL "\"}],"
    "\"ownership\":{\"organization\":\"padders\",\"roles\":[{\"role\":\"Owner\",\"user\":\"ann\"},"
    "{\"role\":\"Maintainer\",\"user\":\"bob\"}]}}";

static const char page[] =
    "{\"meta\":{\"api-version\":\"1.4\"},\"name\":\"pad-it\",\"project-status\":{\"status\":\"active\"},"
    "\"versions\":[\"1.0\",\"1.1\"],\"files\":["
    "{\"filename\":\"pad_it-1.1-py3-none-any.whl\",\"url\":\"" WHEEL
    "\",\"provenance\":\"https://pypi.org/x\","
    "\"upload-time\":\"2020-01-01T00:00:00Z\",\"size\":9,\"yanked\":false,\"core-metadata\":{\"sha256\":"
    "\"0\"}}]}";

static void
reads_the_whole_record(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, JSON, "application/json", whole);
    answers_add_text(&ask.answers, SIMPLE, SIMPLE_JSON, page);
    const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad.it", NULL, SP_DEPTH_FULL);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->name, "Pad_It");
    assert_string_equal(record->version, "1.1");
    assert_string_equal(record->description, "Pads it.");
    assert_string_equal(record->readme, "# Pad\nIt.");
    assert_string_equal(record->licence, "MIT License");
    assert_string_equal(record->homepage, "https://pad.example");
    assert_string_equal(record->repository, "https://github.com/padders/pad");
    assert_string_equal(record->owner, "padders");
    assert_true(record->owner_is_organisation);
    assert_string_equal(record->deprecated, "Development Status :: 7 - Inactive");
    assert_string_equal(ask_names(&record->keywords), "pad, string");
    assert_string_equal(ask_names(&record->dependencies), "Requests, idna");
    assert_int_equal(record->maintainer_count, 2);
    assert_string_equal(record->maintainers[0].id, "ann");
    assert_int_equal(record->author_count, 3);
    assert_string_equal(record->authors[0].email, "ann@pad.example");
    assert_string_equal(record->authors[2].name, "Carl, C.");
    assert_int_equal(record->release_count, 3);
    assert_true(record->releases[1].yanked && !record->releases[2].yanked);
    assert_int_equal(record->releases[2].time, sp_time_read("2020-01-01", 10));
    assert_true(sp_record_knows(record, SP_FIELD_HOOKS) && !record->hooks.count);
    assert_true(record->provenance && !record->holding);
    assert_true(sp_record_knows(record, SP_FIELD_HOLDING));
    assert_false(sp_record_knows(record, SP_FIELD_DOWNLOADS));
    assert_int_equal(record->problems.count, 0);
    assert_int_equal(ask.answers.asked_count, 2);
    ask_describe(&ask, &sp_client_pypi, "pad.it", NULL, SP_DEPTH_SHORT);
    assert_int_equal(ask.answers.asked_count, 1);
    ask_end(&ask);
}

static void
describes_the_version_that_is_asked(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_text(&ask.answers, JSON, "application/json", whole);
    answers_add_text(
        &ask.answers, "https://pypi.org/pypi/pad-it/1.0/json", "application/json",
        "{\"info\":{\"name\":\"pad-it\",\"version\":\"1.0\",\"summary\":\"Padded.\"},\"urls\":[]}");
    const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad-it", "1.0", SP_DEPTH_SHORT);
    assert_string_equal(record->version, "1.0");
    assert_string_equal(record->description, "Padded.");
    assert_int_equal(record->release_count, 3);
    assert_int_equal(record->problems.count, 0);
    record = ask_describe(&ask, &sp_client_pypi, "pad-it", "7", SP_DEPTH_SHORT);
    assert_true(ask_complains(&ask, "there is no version 7"));
    ask_end(&ask);
}

static void
tells_absent_from_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        long json, simple; /* status; 0: the host is down */
        bool public;
        enum sp_presence presence;
        size_t asked;
    } cases[] = {
        { "the public index has none", 404, 404, true, SP_ABSENT, 1 },
        { "a company's index has no JSON API, and no project", 404, 404, false, SP_ABSENT, 2 },
        { "a company's index has no JSON API", 404, 200, false, SP_PRESENT, 2 },
        { "JSON API is down", 500, 200, true, SP_PRESENT, 2 },
        { "all is down", 0, 0, true, SP_PRESENCE_UNKNOWN, 2 },
        { "JSON API is down, simple has none", 503, 404, true, SP_ABSENT, 2 },
        { "refused", 401, 403, false, SP_PRESENCE_UNKNOWN, 2 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct ask ask;
        ask_begin(&ask);
        ask.bases.public_pypi = cases[i].public;
        answers_add_status(&ask.answers, JSON, cases[i].json);
        answers_add_text(&ask.answers, SIMPLE, SIMPLE_JSON, page)->status = cases[i].simple;
        const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_SHORT);
        if (record->presence != cases[i].presence || ask.answers.asked_count != cases[i].asked)
            fail_msg("%s: %s after %zu", cases[i].name, sp_presence_names[record->presence],
                     ask.answers.asked_count);
        ask_end(&ask);
    }
}

/* ---- the simple API ---- */

static void
reads_a_page_of_links(void **state)
{
    (void)state;
    static const char html[] =
        "<!DOCTYPE html><html><head><META name='pypi:project-status' content=archived>"
        "<meta name=\"pypi:project-status-reason\" content=\"done &amp; dusted\"></head><body><a>none</a>"
        "<A HREF=\"../../files/pad_it-1.0.tar.gz#sha256=0\" data-yanked=\"\">x</A>\n"
        "<a data-requires-python=\"&gt;=3\" href='../../files/pad_it-1.1.tar.gz?x=1&amp;y=2#f'>y</a>"
        "<a href=\"pad_it-2.0rc1.tar.gz\">z</a><a href=\"other-9.tar.gz\">o</a><a "
        "href=\"pad_it-1.10.tar.gz\"";
    struct ask ask;
    ask_begin(&ask);
    answers_add_status(&ask.answers, JSON, 500);
    answers_add_text(&ask.answers, SIMPLE, "text/html", html);
    const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_int_equal(record->release_count, 3);
    assert_string_equal(record->version, "1.1"); /* neither early nor yanked */
    assert_true(record->releases[0].yanked);
    assert_string_equal(record->deprecated, "archived: done & dusted");
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_false(sp_record_knows(record, SP_FIELD_PROVENANCE));
    assert_false(sp_record_knows(record, SP_FIELD_DESCRIPTION));
    assert_true(answers_were_asked(&ask.answers, "https://pypi.org/files/pad_it-1.1.tar.gz?x=1&y=2"));
    ask_end(&ask);
}

static void
knows_a_quarantined_project(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_status(&ask.answers, JSON, 500);
    answers_add_text(&ask.answers, SIMPLE, SIMPLE_JSON,
                     "{\"meta\":{\"project-status\":\"quarantined\"},\"files\":[]}");
    const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_SHORT);
    assert_true(sp_record_knows(record, SP_FIELD_HOLDING) && record->holding);
    ask_end(&ask);
}

static void
bears_tags_without_end(void **state)
{
    (void)state;
    size_t size = (size_t)20 << 20;
    sp_autofree char *html = malloc(size + 1);
    struct ask ask;
    assert_non_null(html);
    for (size_t i = 0; i < size; i++)
        html[i] = "<a "[i % 3];
    html[size] = '\0';
    ask_begin(&ask);
    answers_add_status(&ask.answers, JSON, 500);
    answers_add(&ask.answers, SIMPLE, "text/html", html, size);
    assert_int_equal(ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL)->presence,
                     SP_PRESENCE_UNKNOWN);
    ask_end(&ask);
}

static void
orders_versions_as_pip_does(void **state)
{
    (void)state;
    static const char *const rising[] = {
        "junk",      "0.9", "1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0",
        "1.0.post1", "1.1", "1.9",      "1.10",  "v2.0",  "2021.1", "1!0.1"
    };
    for (size_t i = 0; i + 1 < SP_COUNT(rising); i++)
        if (sp_pypi_compare(rising[i], rising[i + 1]) >= 0)
            fail_msg("%s should come before %s", rising[i], rising[i + 1]);
    assert_int_equal(sp_pypi_compare("1.0", "1.0.0"), 0);
    assert_true(sp_pypi_is_early("1.0a1") && sp_pypi_is_early("1.0.dev2") && !sp_pypi_is_early("1.0.post1"));
}

/* ---- wheels and source distributions ---- */

static const char metadata[] =
    "Metadata-Version: 2.1\nName: pad-it\nVersion: 1.1\nSummary: Pads.\n"
    "License: UNKNOWN\nClassifier: License :: OSI Approved :: BSD License\n"
    "Project-URL: Source, https://u:p@code.example/pad\nAuthor-Email: a@pad.example\n"
    "Requires-Dist: idna (>=2)\nRequires-Dist: tox; extra=='test'\n\nLong\n        text\n";

static void
make_wheel(struct sp_buffer *out, const char *name, size_t padding)
{
    struct sp_error err;
    sp_autofree char *noise = malloc(padding + 1);
    assert_non_null(noise);
    uint32_t seed = 1;
    for (size_t i = 0; i < padding; i++)
        noise[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
    struct sp_made_file items[] = { { name, metadata, sizeof(metadata) - 1, false },
                                    { "pad_it/noise", noise, padding, false } };
    const struct sp_made_files files = { items, 2, 2 };
    assert_int_equal(sp_corpus_pack(out, SP_ARCHIVE_ZIP, &files, "", &err), 0);
}

static const struct sp_record *
describe_wheel(struct ask *ask, const struct sp_buffer *wheel)
{
    ask_begin(ask);
    answers_add_status(&ask->answers, JSON, 500);
    answers_add_text(&ask->answers, SIMPLE, "text/html", "<a href='" WHEEL "'>w</a>");
    answers_add(&ask->answers, WHEEL, "", wheel->bytes, wheel->length);
    return ask_describe(ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL);
}

static void
check_wheel(const struct sp_record *record)
{
    assert_string_equal(record->description, "Pads.");
    assert_string_equal(record->readme, "Long\n        text");
    assert_string_equal(record->licence, "BSD License");
    assert_string_equal(record->repository, "https://code.example/pad");
    assert_string_equal(record->module, "pad-it");
    assert_string_equal(ask_names(&record->dependencies), "idna");
    assert_string_equal(record->authors[0].email, "a@pad.example");
    assert_true(sp_record_knows(record, SP_FIELD_HOMEPAGE) && !*record->homepage);
    assert_true(sp_record_knows(record, SP_FIELD_HOOKS) && !record->hooks.count);
}

static void
reads_parts_of_a_wheel(void **state)
{
    (void)state;
    static const size_t paddings[] = { 10, 300000 };
    for (size_t i = 0; i < SP_COUNT(paddings); i++) {
        sp_autobuffer struct sp_buffer wheel = { 0 };
        struct ask ask;
        make_wheel(&wheel, "pad_it-1.1.dist-info/METADATA", paddings[i]);
        check_wheel(describe_wheel(&ask, &wheel));
        assert_false(ask_complains(&ask, "wheel"));
        assert_int_equal(ask.answers.asked_count, 3 + i); /* tail; METADATA where it is not in it */
        assert_int_equal(ask.answers.asked[2].from, -SP_WHEEL_TAIL);
        ask_end(&ask);
        describe_wheel(&ask, &wheel);
        ask.answers.items[2].whole = true; /* a server without ranges */
        check_wheel(ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL));
        assert_int_equal(ask.answers.asked_count, 3);
        ask_end(&ask);
    }
}

static void
reads_metadata_beside_the_wheel(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_status(&ask.answers, JSON, 500);
    answers_add_text(&ask.answers, SIMPLE, SIMPLE_JSON, page);
    answers_add_text(&ask.answers, WHEEL ".metadata", "", metadata);
    check_wheel(ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL));
    assert_int_equal(ask.answers.asked_count, 3);
    ask_end(&ask);
}

static void
put(struct sp_buffer *wheel, size_t at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        wheel->bytes[at + (size_t)i] = (char)(value >> (8 * i));
}

static void
refuses_a_wheel_whose_directory_lies(void **state)
{
    (void)state;
    enum { DIRECTORY = 16, SIZE = 12 }; /* in the record that ends the archive */
    static const struct {
        const char *name;
        bool end;  /* patch the end's record, else the first entry of the directory */
        size_t at; /* byte in it */
        uint32_t value;
    } cases[] = {
        { "a directory beyond the end", true, DIRECTORY, 0x7fffffff },
        { "a directory of the larger form", true, DIRECTORY, 0xffffffff },
        { "a directory that overlaps the end", true, SIZE, 0x00ffffff },
        { "an empty directory", true, SIZE, 0 },
        { "no directory there", true, DIRECTORY, 0 },
        { "METADATA beyond the end", false, 42, 0x7fffffff },
        { "METADATA in the directory", false, 20, 0x00700000 },
        { "METADATA of 4 GB", false, 24, 0xffffff00 },
        { "METADATA where another file is", false, 42, 4 },
        { "a name longer than the directory", false, 28, 0xffff },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer wheel = { 0 };
        struct ask ask;
        make_wheel(&wheel, "pad_it-1.1.dist-info/METADATA", 10);
        size_t end = wheel.length - 22, directory = 0;
        for (int byte = 3; byte >= 0; byte--)
            directory = directory << 8 | (unsigned char)wheel.bytes[end + DIRECTORY + (size_t)byte];
        put(&wheel, (cases[i].end ? end : directory) + cases[i].at, cases[i].value);
        const struct sp_record *record = describe_wheel(&ask, &wheel);
        if (!ask_complains(&ask, "wheel: ") || sp_record_knows(record, SP_FIELD_DESCRIPTION))
            fail_msg("%s: was believed", cases[i].name);
        ask_end(&ask);
    }
    sp_autobuffer struct sp_buffer other = { 0 };
    struct ask ask;
    make_wheel(&other, "a/pad_it-1.1.dist-info/METADATA", 10);
    describe_wheel(&ask, &other);
    assert_true(ask_complains(&ask, "lists no METADATA"));
    ask_end(&ask);
}

static void
says_what_a_source_distribution_runs(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *hooks;
    } cases[] = {
        { "setup.py", "import os", "setup.py (source distribution only)" },
        { "pyproject.toml", "[build-system]\nbackend-path = ['.']",
          "its own build backend (source distribution only)" },
        { "pyproject.toml", "[build-system]\nrequires = ['flit']", "" },
        { "tests/setup.py", "", "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char path[64];
        sp_autobuffer struct sp_buffer archive = { 0 };
        struct sp_error err;
        struct ask ask;
        snprintf(path, sizeof(path), "pad_it-1.1/%s", cases[i].name);
        struct sp_made_file items[] = {
            { path, cases[i].text, strlen(cases[i].text), false },
            { "pad_it-1.1/PKG-INFO", metadata, sizeof(metadata) - 1, false },
        };
        const struct sp_made_files files = { items, 2, 2 };
        assert_int_equal(sp_corpus_pack(&archive, SP_ARCHIVE_TGZ, &files, "", &err), 0);
        ask_begin(&ask);
        answers_add_status(&ask.answers, JSON, 500);
        answers_add_text(&ask.answers, SIMPLE, "text/html", "<a href='" SDIST "'>s</a>");
        answers_add(&ask.answers, SDIST, "", archive.bytes, archive.length);
        const struct sp_record *record = ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL);
        assert_string_equal(record->description, "Pads.");
        assert_true(sp_record_knows(record, SP_FIELD_HOOKS));
        if (strcmp(ask_names(&record->hooks), cases[i].hooks) != 0)
            fail_msg("%s: %s", path, ask_names(&record->hooks));
        ask_end(&ask);
    }
}

static void
asks_no_foreign_host_for_a_file(void **state)
{
    (void)state;
    struct ask ask;
    ask_begin(&ask);
    answers_add_status(&ask.answers, JSON, 500);
    answers_add_text(&ask.answers, SIMPLE, "text/html", "<a href='//evil.example/pad_it-1.1.tar.gz'>s</a>");
    ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL);
    assert_int_equal(ask.answers.asked_count, 2);
    assert_true(ask_complains(&ask, "evil.example: the registry points there"));
    ask_end(&ask);
}

/* ---- hostile documents ---- */

static const char *const info_keys[] = { "name",      "version",       "summary",           "description",
                                         "license",   "classifiers",   "home_page",         "project_urls",
                                         "author",    "author_email",  "maintainer",        "keywords",
                                         "downloads", "requires_dist", "license_expression" };
static const char *const top_keys[] = { "info",     "releases", "urls", "ownership",
                                        "versions", "files",    "meta", "project-status" };
static const char *const shapes[] = { "null",
                                      "true",
                                      "-1",
                                      "\"\"",
                                      "\"\\u0000\\u001b[2J\"",
                                      "[]",
                                      "{}",
                                      "[[[]]]",
                                      "[null,1,\"x\",{}]",
                                      "{\"a\":{\"b\":[]}}",
                                      "{\"1.1\":[{\"url\":[]}]}",
                                      "[{\"url\":1,\"filename\":2,\"yanked\":[]}]",
                                      "{\"roles\":[{\"user\":{}}]}",
                                      "{\"organization\":{\"name\":[]},\"roles\":{}}",
                                      "\"\\ud800\"",
                                      "{\"status\":{},\"reason\":[]}",
                                      "[\"; extra == 'x'\",\";\"]" };

static void
bears_any_shape_under_any_key(void **state)
{
    (void)state;
    for (size_t k = 0; k < SP_COUNT(info_keys) + SP_COUNT(top_keys); k++)
        for (size_t s = 0; s < SP_COUNT(shapes); s++) {
            bool top = k >= SP_COUNT(info_keys);
            char json[1024], simple[512];
            struct ask ask;
            ask_begin(&ask);
            snprintf(json, sizeof(json), "{\"info\":{\"version\":\"1.1\"%s%s%s%s}%s%s%s%s}", top ? "" : ",\"",
                     top ? "" : info_keys[k], top ? "" : "\":", top ? "" : shapes[s], top ? ",\"" : "",
                     top ? top_keys[k - SP_COUNT(info_keys)] : "", top ? "\":" : "", top ? shapes[s] : "");
            snprintf(simple, sizeof(simple), "{\"%s\":%s}", top ? top_keys[k - SP_COUNT(info_keys)] : "x",
                     shapes[s]);
            answers_add_text(&ask.answers, JSON, "application/json", json);
            answers_add_text(&ask.answers, SIMPLE, SIMPLE_JSON, simple);
            const struct sp_record *record =
                ask_describe(&ask, &sp_client_pypi, "pad-it", NULL, SP_DEPTH_FULL);
            bool decisive = top ? k == SP_COUNT(info_keys) : k == 0;
            if (record->presence != SP_PRESENT && !decisive)
                fail_msg("%s: %s", json, sp_presence_names[record->presence]);
            ask_end(&ask);
        }
}

static void
bears_core_metadata_that_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "\n", "Name", ":", "\n\nName: x", "<html>", "Summary: x\n\nName: y", " folded: x\n"
    };
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        sp_autorecord struct sp_record *record = NULL;
        struct sp_error err;
        assert_int_equal(sp_record_new(&record, sp_ecosystems[SP_PYPI], "pad-it", &err), 0);
        const struct sp_teller teller = { record, "core metadata", 0 };
        assert_int_equal(sp_pypi_core_tell(&teller, texts[i], strlen(texts[i]), &err), 0);
        if (sp_record_knows(record, SP_FIELD_DESCRIPTION) || !record->problems.count)
            fail_msg("case %zu told something", i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_whole_record),
        cmocka_unit_test(describes_the_version_that_is_asked),
        cmocka_unit_test(tells_absent_from_unknown),
        cmocka_unit_test(reads_a_page_of_links),
        cmocka_unit_test(knows_a_quarantined_project),
        cmocka_unit_test(bears_tags_without_end),
        cmocka_unit_test(orders_versions_as_pip_does),
        cmocka_unit_test(reads_parts_of_a_wheel),
        cmocka_unit_test(reads_metadata_beside_the_wheel),
        cmocka_unit_test(refuses_a_wheel_whose_directory_lies),
        cmocka_unit_test(says_what_a_source_distribution_runs),
        cmocka_unit_test(asks_no_foreign_host_for_a_file),
        cmocka_unit_test(bears_any_shape_under_any_key),
        cmocka_unit_test(bears_core_metadata_that_is_none),
    };
    return cmocka_run_group_tests_name("metadata_pypi", tests, NULL, NULL);
}
