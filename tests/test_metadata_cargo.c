/* crates.io: the sparse index, the API, and the crate itself. */
#include "metadata/cargo.h"
#include "metadata_scene.h"
#include "packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define INDEX "https://index.crates.io/se/rd/serde"
#define API "https://crates.io/api/v1/crates/serde"
#define CRATE "https://static.crates.io/crates/serde/serde-1.0.10.crate"

static const char lines[] =
    "{\"name\":\"serde\",\"vers\":\"1.0.9\",\"deps\":[],\"cksum\":\"a\",\"features\":{},\"yanked\":false}\n"
    "{\"name\":\"serde\",\"vers\":\"1.0.10\",\"deps\":[{\"name\":\"derive\",\"package\":\"serde_derive\","
    "\"kind\":\"normal\",\"optional\":false},"
    "{\"name\":\"maybe\",\"optional\":true,\"kind\":\"normal\"},{\"name\":\"test-kit\",\"kind\":\"dev\","
    "\"optional\":false},"
    "{\"name\":\"cc\",\"kind\":\"build\",\"optional\":false}],\"yanked\":false,\"pubtime\":\"2024-03-01T00:"
    "00:00Z\"}\n"
    "{\"name\":\"serde\",\"vers\":\"1.0.11\",\"deps\":[],\"yanked\":true}\n"
    "{\"name\":\"serde\",\"vers\":\"2.0.0-rc.1\",\"deps\":[],\"yanked\":false}\n";
static const char crate[] =
    "{\"crate\":{\"id\":\"serde\",\"name\":\"serde\",\"description\":\"From the API\",\"homepage\":null,"
    "\"repository\":\"https://github.com/serde-rs/serde\",\"recent_downloads\":3001,\"downloads\":99999,"
    "\"created_at\":\"2014-12-05T20:20:39Z\",\"updated_at\":\"2024-03-01T00:00:00Z\",\"keywords\":["
    "\"serialization\"]},"
    "\"versions\":[{\"num\":\"1.0.9\",\"created_at\":\"2017-05-01T00:00:00Z\"},{\"num\":\"1.0.10\",\"created_"
    "at\":\"2024-03-01T00:00:00Z\",\"license\":\"MIT OR Apache-2.0\"},"
    "{\"num\":\"1.0.11\",\"created_at\":\"2024-03-02T00:00:00Z\"},{\"num\":\"2.0.0-rc.1\",\"created_at\":"
    "\"2024-03-03T00:00:00Z\"}]}";
static const char owners[] =
    "{\"users\":[{\"id\":1,\"login\":\"dtolnay\",\"name\":\"David\",\"kind\":\"user\"},"
    "{\"id\":2,\"login\":\"github:serde-rs:publish\",\"kind\":\"team\"}]}";
static const char manifest[] =
    "[package]\nname = \"serde\"\nversion = \"1.0.10\"\nauthors = [\n  \"Erick <erick@example.org>\",\n  "
    "\"David\"]\n"
    "description = \"From its manifest\"\nrepository = \"https://github.com/serde-rs/serde\"\n"
    "keywords = [\"serde\", \"no_std\"]\nlicense = 'MIT'\nreadme = "
    "\"README.md\"\n[package.metadata.docs.rs]\nlicense = \"no\"\n";

static struct scene *
a_scene(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_CRATES_INDEX, "https://index.crates.io/");
    scene_base(scene, SP_SERVICE_CRATES_FILES, "https://static.crates.io/crates/");
    answers_add_text(&scene->answers, INDEX, "text/plain", lines);
    return scene;
}

static void
the_index_and_the_crate_are_enough(void **state SP_UNUSED)
{
    const struct packed files[] = { { "serde-1.0.10/Cargo.toml", manifest },
                                    { "serde-1.0.10/docs/README.md", "another" },
                                    { "serde-1.0.10/README.md", "# Serde" },
                                    { "serde-1.0.10/build.rs", "fn main() {}" } };
    autoscene struct scene *scene = a_scene();
    size_t length;
    sp_autofree char *packed = pack_tar_gz(files, SP_COUNT(files), &length);
    answers_add(&scene->answers, CRATE, "application/gzip", packed, length);
    const struct sp_record *record = scene_describe(scene, &sp_client_cargo, "serde");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "1.0.10");
    assert_string_equal(record->description, "From its manifest");
    assert_string_equal(record->licence, "MIT");
    assert_string_equal(record->readme, "# Serde");
    assert_string_equal(record->module, "serde");
    assert_string_equal(find_person(record, SP_FIELD_AUTHORS, "Erick")->email, "erick@example.org");
    assert_int_equal(record->author_count, 2);
    assert_int_equal(record->keywords.count, 2);
    assert_int_equal(record->hooks.count, 1);
    assert_true(has_name(&record->hooks, "build.rs"));
    assert_string_equal(record->homepage, "");
    assert_int_equal(record->dependencies.count, 2);
    assert_true(has_name(&record->dependencies, "serde_derive") && has_name(&record->dependencies, "cc"));
    assert_int_equal(record->release_count, 4);
    assert_true(find_release(record, "1.0.11")->yanked);
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_int_equal(record->problems.count, 0);
    scene_spoil_bytes(scene, &sp_client_cargo, "serde", CRATE);
}

static void
a_build_script_runs_unless_the_manifest_says_no(void **state SP_UNUSED)
{
    static const struct {
        const char *manifest, *script;
        size_t hooks;
    } cases[] = { { "[package]\nname = \"serde\"\n", "build.rs", 1 },
                  { "[package]\nname = \"serde\"\n", "src/build.rs", 0 },
                  { "[package]\nbuild = false\n", "build.rs", 0 },
                  { "[package]\nbuild = \"make/it.rs\"\n", "make/it.rs", 1 },
                  { "[package]\nbuild = true\n", "build.rs", 1 } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char path[64];
        snprintf(path, sizeof(path), "serde-1.0.10/%s", cases[i].script);
        const struct packed files[] = { { path, "fn main() {}" },
                                        { "serde-1.0.10/Cargo.toml", cases[i].manifest } };
        autoscene struct scene *scene = a_scene();
        size_t length;
        sp_autofree char *packed = pack_tar_gz(files, SP_COUNT(files), &length);
        answers_add(&scene->answers, CRATE, "application/gzip", packed, length);
        const struct sp_record *record = scene_describe(scene, &sp_client_cargo, "serde");
        assert_true(sp_record_knows(record, SP_FIELD_HOOKS));
        if (record->hooks.count != cases[i].hooks)
            fail_msg("case %zu: %zu hooks", i, record->hooks.count);
    }
}

static void
a_bomb_is_not_unpacked(void **state SP_UNUSED)
{
    const struct packed files[] = { { "serde-1.0.10/zeros", NULL, (size_t)300 << 20 },
                                    { "serde-1.0.10/Cargo.toml", manifest } };
    autoscene struct scene *scene = a_scene();
    size_t length;
    sp_autofree char *packed = pack_tar_gz(files, SP_COUNT(files), &length);
    answers_add(&scene->answers, CRATE, "application/gzip", packed, length);
    const struct sp_record *record = scene_describe(scene, &sp_client_cargo, "serde");
    assert_true(has_problem(record, "MB unpacked"));
    assert_false(sp_record_knows(record, SP_FIELD_HOOKS));
    assert_string_equal(record->version, "1.0.10");
}

static void
the_api_adds_people_times_and_downloads(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    scene_base(scene, SP_SERVICE_CRATES_API, "https://crates.io/");
    answers_add_text(&scene->answers, API, "application/json", crate);
    answers_add_text(&scene->answers, API "/owners", "application/json", owners);
    const struct sp_record *record = scene_describe(scene, &sp_client_cargo, "serde");
    assert_string_equal(record->description, "From the API");
    assert_string_equal(record->licence, "MIT OR Apache-2.0");
    assert_string_equal(record->homepage, "");
    assert_int_equal(record->downloads, 1000);
    assert_day(record->created, "2014-12-05");
    assert_true(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_string_equal(record->releases[0].number, "1.0.9");
    assert_true(find_person(record, SP_FIELD_MAINTAINERS, "github:serde-rs:publish")->organisation);
    scene_spoil_json(scene, &sp_client_cargo, "serde", API);
    scene_spoil_json(scene, &sp_client_cargo, "serde", API "/owners");
}

static void
the_api_of_crates_io_is_not_told_names_of_another_registry(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    scene_base(scene, SP_SERVICE_CRATES_INDEX, "https://crates.example.com/");
    scene_base(scene, SP_SERVICE_CRATES_API, "https://crates.io/");
    answers_add_text(&scene->answers, "https://crates.example.com/se/rd/serde", "text/plain", lines);
    assert_int_equal(scene_describe(scene, &sp_client_cargo, "serde")->presence, SP_PRESENT);
    assert_false(answers_were_asked(&scene->answers, API));
}

static void
the_index_is_laid_out_by_the_length_of_names(void **state SP_UNUSED)
{
    static const char *const cases[][2] = {
        { "a", "1/a" },
        { "ab", "2/ab" },
        { "abc", "3/a/abc" },
        { "Itoa", "it/oa/itoa" },
        { "serde_json", "se/rd/serde_json" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer path = { 0 };
        assert_int_equal(sp_cargo_index_path(&path, cases[i][0], NULL), 0);
        assert_string_equal(sp_buffer_string(&path), cases[i][1]);
    }
}

static void
presence_and_answers(void **state SP_UNUSED)
{
    static const struct {
        long status;
        const char *text;
        enum sp_presence presence;
    } cases[] = { { 404, "", SP_ABSENT },
                  { 410, "", SP_ABSENT },
                  { 451, "", SP_PRESENCE_UNKNOWN },
                  { 403, "", SP_PRESENCE_UNKNOWN },
                  { 200, "<html>\n", SP_PRESENCE_UNKNOWN },
                  { 200, "{\"name\":\"another\",\"vers\":\"1.0.0\"}\n", SP_PRESENCE_UNKNOWN },
                  { 200, "{\"name\":\"Serde\",\"vers\":\"1.0.0\"}\n", SP_PRESENT },
                  { 200, "not json\n{\"name\":\"serde\",\"vers\":\"1.0.0\"}\n", SP_PRESENT } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene();
        struct answer *answer = &scene->answers.items[0];
        answer->status = cases[i].status;
        answer->bytes = cases[i].text;
        answer->length = strlen(cases[i].text);
        const struct sp_record *record = scene_describe(scene, &sp_client_cargo, "serde");
        assert_int_equal(record->presence, cases[i].presence);
    }
}

static void
spoiled_lines_do_no_harm(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    scene_spoil_bytes(scene, &sp_client_cargo, "serde", INDEX);
    /* one line is a document of its own */
    const char *second = strchr(lines, '\n') + 1;
    sp_autofree char *line = strndup(second, strcspn(second, "\n"));
    scene->answers.items[0].bytes = line;
    scene->answers.items[0].length = strlen(line);
    scene_spoil_json(scene, &sp_client_cargo, "serde", INDEX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_index_and_the_crate_are_enough),
        cmocka_unit_test(a_build_script_runs_unless_the_manifest_says_no),
        cmocka_unit_test(a_bomb_is_not_unpacked),
        cmocka_unit_test(the_api_adds_people_times_and_downloads),
        cmocka_unit_test(the_api_of_crates_io_is_not_told_names_of_another_registry),
        cmocka_unit_test(the_index_is_laid_out_by_the_length_of_names),
        cmocka_unit_test(presence_and_answers),
        cmocka_unit_test(spoiled_lines_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
