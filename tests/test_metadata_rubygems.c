/* RubyGems: the API, and servers that have nothing but the compact index. */
#include "metadata_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HOST "https://rubygems.org/"
#define GEM HOST "api/v1/gems/rack.json"
#define VERSIONS HOST "api/v1/versions/rack.json"
#define OWNERS HOST "api/v1/gems/rack/owners.json"
#define INFO HOST "info/rack"

static const char gem[] =
    "{\"name\":\"rack\",\"downloads\":900000000,\"version\":\"3.1.0\",\"platform\":\"ruby\","
    "\"authors\":\"Leah Neukirchen, Sam\",\"info\":\"A modular interface\",\"licenses\":[\"MIT\",\"Ruby\"],"
    "\"homepage_uri\":\"https://github.com/rack/rack\",\"source_code_uri\":\"https://u:secret@github.com/"
    "rack/rack\","
    "\"dependencies\":{\"development\":[{\"name\":\"minitest\",\"requirements\":\">= 0\"}],"
    "\"runtime\":[{\"name\":\"json\",\"requirements\":\">= 1\"}]}}";
static const char versions[] =
    "[{\"number\":\"3.2.0.beta1\",\"created_at\":\"2024-06-01T00:00:00.000Z\",\"prerelease\":true,"
    "\"summary\":\"Not yet\",\"platform\":\"ruby\"},"
    "{\"number\":\"3.1.0\",\"created_at\":\"2024-03-01T10:00:00.000Z\",\"prerelease\":false,\"description\":"
    "\"From its versions\","
    "\"authors\":\"Leah "
    "Neukirchen\",\"licenses\":[\"MIT\"],\"platform\":\"ruby\",\"metadata\":{\"source_code_uri\":\"https://"
    "github.com/rack/rack\"}},"
    "{\"number\":\"3.1.0\",\"created_at\":\"2024-03-01T10:01:00.000Z\",\"platform\":\"java\"},"
    "{\"number\":\"0.1.0\",\"created_at\":\"2007-03-03T00:00:00.000Z\",\"prerelease\":false}]";
static const char owners[] =
    "[{\"id\":1,\"handle\":\"leah\",\"email\":\"leah@example.org\"},{\"id\":77,\"handle\":null}]";
static const char info[] =
    "---\n0.1.0 |checksum:aa\n3.0.0-java json:>= 1|checksum:bb\n"
    "3.1.0 json:>= 1&< 3,logger:>= 0|checksum:cc,ruby:>= 2.4\n4.0.0.rc1 |checksum:dd\n";

static struct scene *
a_scene(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_RUBYGEMS, HOST);
    return scene;
}

static void
add_api(struct scene *scene)
{
    answers_add_text(&scene->answers, GEM, "application/json", gem);
    answers_add_text(&scene->answers, VERSIONS, "application/json", versions);
    answers_add_text(&scene->answers, OWNERS, "application/json", owners);
}

static void
the_api_tells_all_it_knows(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    add_api(scene);
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "3.1.0");
    assert_string_equal(record->description, "A modular interface");
    assert_string_equal(record->licence, "MIT OR Ruby");
    assert_string_equal(record->repository, "https://github.com/rack/rack");
    assert_non_null(find_person(record, SP_FIELD_AUTHORS, "Sam"));
    assert_int_equal(record->maintainer_count, 2);
    assert_string_equal(find_person(record, SP_FIELD_MAINTAINERS, "leah")->email, "leah@example.org");
    assert_non_null(find_person(record, SP_FIELD_MAINTAINERS, "#77"));
    assert_int_equal(record->dependencies.count, 1);
    assert_true(has_name(&record->dependencies, "json"));
    assert_int_equal(record->release_count, 3);
    assert_day(record->created, "2007-03-03");
    assert_day(record->updated, "2024-06-01");
    assert_int_equal(record->problems.count, 0);
}

static void
totals_since_ever_are_no_downloads_of_a_month(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    add_api(scene);
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_false(sp_record_knows(record, SP_FIELD_DOWNLOADS));
    assert_false(sp_record_knows(record, SP_FIELD_HOOKS));
}

static void
a_short_look_is_one_request(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    add_api(scene);
    scene->call.depth = SP_DEPTH_SHORT;
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_int_equal(scene->answers.asked_count, 1);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "3.1.0");
    assert_string_equal(record->description, "From its versions");
    assert_true(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
}

static void
a_compact_index_gives_versions_and_dependencies(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, INFO, "text/plain", info);
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "3.1.0");
    assert_int_equal(record->release_count, 4);
    assert_non_null(find_release(record, "3.0.0"));
    assert_true(has_name(&record->dependencies, "json") && has_name(&record->dependencies, "logger"));
    assert_int_equal(record->dependencies.count, 2);
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_false(sp_record_knows(record, SP_FIELD_DESCRIPTION));
    assert_false(sp_record_knows(record, SP_FIELD_MAINTAINERS));
}

static void
presence_is_what_the_compact_index_says(void **state SP_UNUSED)
{
    static const struct {
        const char *title;
        long status;
        const char *text;
        enum sp_presence presence;
    } cases[] = {
        { "neither knows it", 404, "", SP_ABSENT },
        { "gone", 410, "", SP_REMOVED },
        { "every version was yanked", 200, "---\n", SP_REMOVED },
        { "refused", 403, "", SP_PRESENCE_UNKNOWN },
        { "broken", 500, "", SP_PRESENCE_UNKNOWN },
        { "another page", 200, "<html>sign in</html>", SP_PRESENCE_UNKNOWN },
        { "no answer", 0, "", SP_PRESENCE_UNKNOWN },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene();
        answers_add_text(&scene->answers, INFO, "text/plain", cases[i].text)->status = cases[i].status;
        const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
        if (record->presence != cases[i].presence)
            fail_msg("%s: %s", cases[i].title, sp_presence_names[record->presence]);
        if (cases[i].presence == SP_PRESENCE_UNKNOWN)
            assert_true(record->problems.count > 0);
    }
}

static void
another_version_is_asked_for_by_name(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    add_api(scene);
    answers_add_text(&scene->answers, HOST "api/v2/rubygems/rack/versions/0.1.0.json", "application/json",
                     "{\"name\":\"rack\",\"version\":\"0.1.0\",\"info\":\"The old one\"}");
    scene->call.version = "0.1.0";
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_string_equal(record->version, "0.1.0");
    assert_string_equal(record->description, "The old one");
    assert_int_equal(record->release_count, 3);
}

static void
a_document_of_another_gem_is_not_taken(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, GEM, "application/json",
                     "{\"name\":\"rake\",\"version\":\"1.0\",\"info\":\"Another\"}");
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_false(sp_record_knows(record, SP_FIELD_DESCRIPTION));
    assert_int_equal(record->presence, SP_ABSENT);
    assert_true(has_problem(record, "does not describe this gem"));
}

static void
wrong_shapes_do_no_harm(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    add_api(scene);
    answers_add_text(&scene->answers, INFO, "text/plain", info);
    scene_spoil_json(scene, &sp_client_rubygems, "rack", GEM);
    scene_spoil_json(scene, &sp_client_rubygems, "rack", VERSIONS);
    scene_spoil_json(scene, &sp_client_rubygems, "rack", OWNERS);
    scene->answers.count = 0;
    answers_add_text(&scene->answers, INFO, "text/plain", info);
    scene_spoil_bytes(scene, &sp_client_rubygems, "rack", INFO);
}

static void
a_small_document_of_very_many_values_is_refused(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    size_t length = 3u << 20;
    sp_autofree char *much = malloc(length);
    assert_non_null(much);
    for (size_t i = 0; i < length; i++)
        much[i] = i == 0 ? '[' : i == length - 1 ? ']' : i % 2 ? '1' : ',';
    answers_add(&scene->answers, VERSIONS, "application/json", much, length);
    const struct sp_record *record = scene_describe(scene, &sp_client_rubygems, "rack");
    assert_true(has_problem(record, "more values than any package has"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_api_tells_all_it_knows),
        cmocka_unit_test(totals_since_ever_are_no_downloads_of_a_month),
        cmocka_unit_test(a_short_look_is_one_request),
        cmocka_unit_test(a_compact_index_gives_versions_and_dependencies),
        cmocka_unit_test(presence_is_what_the_compact_index_says),
        cmocka_unit_test(another_version_is_asked_for_by_name),
        cmocka_unit_test(a_document_of_another_gem_is_not_taken),
        cmocka_unit_test(wrong_shapes_do_no_harm),
        cmocka_unit_test(a_small_document_of_very_many_values_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
