/* Go: the module proxy, go.mod, the module's zip, and the host of its repository. */
#include "metadata/golang.h"
#include "metadata/semver.h"
#include "metadata_scene.h"
#include "packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NAME "github.com/Example/Lib"
#define HOST "https://proxy.golang.org/"
#define MODULE HOST "github.com/!example/!lib"
#define LIST MODULE "/@v/list"
#define LATEST MODULE "/@latest"
#define MOD MODULE "/@v/v1.10.0.mod"
#define REPOSITORY "https://api.github.com/repos/Example/Lib"

static const char list[] = "v1.9.0\nv1.10.0\nv1.2.0\nv2.0.0-rc.1\nv0.0.0-20161128191214-064e2069ce9c\n";
static const char latest[] =
    "{\"Version\":\"v1.10.0\",\"Time\":\"2024-03-01T18:54:04Z\",\"Origin\":{\"VCS\":\"git\","
    "\"URL\":\"https://token@github.com/Example/Lib\"}}";
static const char mod[] =
    "// Package lib.\n//\n// Deprecated: use example.org/lib/v2 instead.\nmodule github.com/Example/Lib\n\n"
    "go 1.20\n\nrequire (\n\tgolang.org/x/text v0.3.0\n\texample.org/deep v1.0.0 // indirect\n)\n"
    "require example.org/one v1.0.0 // indirectly speaking\n"
    "retract (\n\tv1.9.0 // broken\n\t[v1.0.0, v1.3.0]\n)\nreplace golang.org/x/text => ../x\n";
static const char repository[] =
    "{\"full_name\":\"Example/Lib\",\"description\":\"A library\",\"fork\":true,\"archived\":false,"
    "\"html_url\":\"https://github.com/Example/"
    "Lib\",\"created_at\":\"2015-01-01T00:00:00Z\",\"stargazers_count\":5,"
    "\"topics\":[\"go\"],\"license\":{\"spdx_id\":\"MIT\"},\"owner\":{\"login\":\"Example\",\"type\":"
    "\"Organization\"}}";

static struct scene *
a_scene(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_GOPROXY, HOST);
    return scene;
}

static struct scene *
a_module(void)
{
    struct scene *scene = a_scene();
    answers_add_text(&scene->answers, LIST, "text/plain", list);
    answers_add_text(&scene->answers, LATEST, "application/json", latest);
    answers_add_text(&scene->answers, MOD, "text/plain", mod);
    return scene;
}

static void
a_module_is_described_by_its_proxy(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_module();
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "v1.10.0");
    assert_string_equal(record->namespace_, "github.com/Example");
    assert_string_equal(record->owner, "github.com/Example");
    assert_string_equal(record->repository, "https://github.com/Example/Lib");
    assert_string_equal(record->module, NAME);
    assert_string_equal(record->deprecated, "use example.org/lib/v2 instead.");
    assert_string_equal(record->relocated, "example.org/lib/v2");
    assert_int_equal(record->dependencies.count, 2);
    assert_true(has_name(&record->dependencies, "golang.org/x/text"));
    assert_true(has_name(&record->dependencies, "example.org/one"));
    assert_int_equal(record->release_count, 5);
    assert_true(find_release(record, "v1.9.0")->yanked && find_release(record, "v1.2.0")->yanked);
    assert_false(find_release(record, "v1.10.0")->yanked);
    assert_day(record->created, "2016-11-28");
    assert_day(record->updated, "2024-03-01");
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_false(sp_record_knows(record, SP_FIELD_FORK));
    assert_false(answers_were_asked(&scene->answers, REPOSITORY));
}

static void
without_latest_the_greatest_release_counts(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, LIST, "text/plain", list);
    answers_add_text(&scene->answers, MODULE "/@v/v1.10.0.info", "application/json", latest);
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "v1.10.0");
    assert_day(record->updated, "2024-03-01");
}

static void
a_short_look_is_the_list(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_module();
    scene->call.depth = SP_DEPTH_SHORT;
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_int_equal(scene->answers.asked_count, 1);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "v1.10.0");
}

static void
a_module_of_commits_alone_is_present(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, LIST, "text/plain", "");
    answers_add_text(
        &scene->answers, LATEST, "application/json",
        "{\"Version\":\"v0.0.0-20200102030405-064e2069ce9c\",\"Time\":\"2020-01-02T03:04:05Z\"}");
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_int_equal(record->release_count, 1);
    assert_day(record->created, "2020-01-02");
}

static void
presence_and_answers(void **state SP_UNUSED)
{
    static const struct {
        const char *title;
        long list, latest;
        enum sp_presence presence;
    } cases[] = {
        { "not found", 404, 404, SP_ABSENT },
        { "gone, which is the same here", 410, 410, SP_ABSENT },
        { "a proxy that refuses what it does not know", 403, 404, SP_PRESENCE_UNKNOWN },
        { "refuses both", 403, 403, SP_PRESENCE_UNKNOWN },
        { "broken", 500, 404, SP_PRESENCE_UNKNOWN },
        { "down", 0, 0, SP_PRESENCE_UNKNOWN },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene();
        answers_add_text(&scene->answers, LIST, "text/plain", "no")->status = cases[i].list;
        answers_add_text(&scene->answers, LATEST, "text/plain", "no")->status = cases[i].latest;
        const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
        if (record->presence != cases[i].presence)
            fail_msg("%s: %s", cases[i].title, sp_presence_names[record->presence]);
    }
}

static void
the_host_is_asked_only_where_ranks_are(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_module();
    scene_base(scene, SP_SERVICE_GITHUB, "https://api.github.com/");
    answers_add_text(&scene->answers, REPOSITORY, "application/json", repository);
    scene_describe(scene, &sp_client_golang, NAME);
    assert_false(answers_were_asked(&scene->answers, REPOSITORY));
    scene->call.ranks = true;
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_true(sp_record_knows(record, SP_FIELD_FORK) && record->fork);
    assert_string_equal(record->description, "A library");
    assert_string_equal(record->licence, "MIT");
    assert_true(record->owner_is_organisation);
    assert_string_equal(record->owner, "github.com/Example");
    assert_day(record->created, "2015-01-01");
    scene_spoil_json(scene, &sp_client_golang, NAME, REPOSITORY);
}

static void
the_zip_holds_the_readme(void **state SP_UNUSED)
{
    static const struct packed files[] = {
        { "github.com/Example/Lib@v1.10.0/sub/README.md", "another" },
        { "github.com/Example/Lib@v1.10.0/lib.go", "package lib" },
        { "github.com/Example/Lib@v1.10.0/README.md", "# Lib\n" },
    };
    autoscene struct scene *scene = a_module();
    size_t length;
    sp_autofree char *zip = pack_zip(files, SP_COUNT(files), &length);
    answers_add(&scene->answers, MODULE "/@v/v1.10.0.zip", "application/zip", zip, length);
    const struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_string_equal(record->readme, "# Lib");
    scene_spoil_bytes(scene, &sp_client_golang, NAME, MODULE "/@v/v1.10.0.zip");
}

static void
spoiled_documents_do_no_harm(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_module();
    scene_spoil_bytes(scene, &sp_client_golang, NAME, LIST);
    scene_spoil_bytes(scene, &sp_client_golang, NAME, MOD);
    scene_spoil_json(scene, &sp_client_golang, NAME, LATEST);
}

static void
versions_compare_as_semver_has_it(void **state SP_UNUSED)
{
    static const char *const rising[] = {
        "word",       "v0.9.9",     "v1.0.0-1",     "v1.0.0-2", "v1.0.0-10", "v1.0.0-a",
        "v1.0.0-a.1", "v1.0.0-a.b", "v1.0.0-b",     "v1.0.0",   "1.0.0.1",   "v1.0.2",
        "v1.0.10",    "v1.2",       "v1.10.0-rc.1", "v1.10.0",  "v2.0.0",    "v99999999999999999999.0.0"
    };
    for (size_t i = 0; i < SP_COUNT(rising); i++)
        for (size_t j = 0; j < SP_COUNT(rising); j++) {
            int order = sp_semver_compare(rising[i], rising[j]), wanted = i < j ? -1 : i > j;
            if (order != wanted)
                fail_msg("%s, %s: %d", rising[i], rising[j], order);
        }
    assert_int_equal(sp_semver_compare("v1.2.0+incompatible", "1.2"), 0);
}

static void
a_private_module_is_named_to_nobody(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    char patterns[] = "github.com/Example";
    scene->bases.go_private = patterns;
    struct sp_record *record = scene_describe(scene, &sp_client_golang, NAME);
    assert_int_equal(record->presence, SP_PRESENCE_UNKNOWN);
    assert_true(has_problem(record, "GOPRIVATE"));
    assert_int_equal(scene->answers.asked_count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_is_described_by_its_proxy),
        cmocka_unit_test(a_private_module_is_named_to_nobody),
        cmocka_unit_test(without_latest_the_greatest_release_counts),
        cmocka_unit_test(a_short_look_is_the_list),
        cmocka_unit_test(a_module_of_commits_alone_is_present),
        cmocka_unit_test(presence_and_answers),
        cmocka_unit_test(the_host_is_asked_only_where_ranks_are),
        cmocka_unit_test(the_zip_holds_the_readme),
        cmocka_unit_test(spoiled_documents_do_no_harm),
        cmocka_unit_test(versions_compare_as_semver_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
