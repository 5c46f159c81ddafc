/* NuGet: the service index and what it leads to; and the services that rank packages of all registries. */
#include "metadata/nuget.h"
#include "metadata/ranks.h"
#include "metadata_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define INDEX "https://api.nuget.org/v3/index.json"
#define REGISTRATION "https://api.nuget.org/v3/registration5-gz-semver2/newtonsoft.json/index.json"
#define PAGE "https://api.nuget.org/v3/page/1.json"
#define NUSPEC "https://api.nuget.org/v3-flatcontainer/newtonsoft.json/13.0.3/newtonsoft.json.nuspec"
#define README "https://api.nuget.org/v3-flatcontainer/newtonsoft.json/13.0.3/readme"
#define SEARCH                                                                                               \
    "https://search.nuget.org/query?q=packageid:newtonsoft.json&prerelease=true&semVerLevel=2.0.0&take=5"
#define NAME "newtonsoft.json"

static const char services[] =
    "{\"version\":\"3.0.0\",\"resources\":["
    "{\"@id\":\"https://api.nuget.org/v3/registration5/\",\"@type\":\"RegistrationsBaseUrl\"},"
    "{\"@id\":\"https://api.nuget.org/v3/registration5-gz-semver2/\",\"@type\":\"RegistrationsBaseUrl/"
    "3.6.0\"},"
    "{\"@id\":\"https://api.nuget.org/v3/registration5-gz/\",\"@type\":\"RegistrationsBaseUrl/3.4.0\"},"
    "{\"@id\":\"http://plain.example/\",\"@type\":\"RegistrationsBaseUrl/Versioned\"},"
    "{\"@id\":\"https://api.nuget.org/v3-flatcontainer/\",\"@type\":\"PackageBaseAddress/3.0.0\"},"
    "{\"@id\":\"https://api.nuget.org/v3-flatcontainer/{lower_id}/{lower_version}/"
    "readme\",\"@type\":\"ReadmeUriTemplate/6.13.0\"},"
    "{\"@id\":\"https://search.nuget.org/query\",\"@type\":\"SearchQueryService\"}]}";
static const char registration[] =
    "{\"count\":2,\"items\":[{\"@id\":\"" PAGE "\",\"count\":1,\"lower\":\"12.0.1\",\"upper\":\"12.0.1\"},"
    "{\"@id\":\"x\",\"items\":[{\"catalogEntry\":{\"id\":\"Newtonsoft.Json\",\"version\":\"13.0.3\","
    "\"listed\":true,"
    "\"published\":\"2023-03-08T07:42:54.647+00:00\",\"description\":\"Json.NET is a JSON "
    "framework\",\"authors\":\"James Newton-King\","
    "\"licenseExpression\":\"MIT\",\"licenseUrl\":\"https://www.nuget.org/x\",\"projectUrl\":\"https://"
    "www.newtonsoft.com/json\",\"tags\":[\"json\"],"
    "\"deprecation\":{\"message\":\"Old\",\"reasons\":[\"Legacy\"],\"alternatePackage\":{\"id\":\"System."
    "Text.Json\",\"range\":\"*\"}},"
    "\"dependencyGroups\":[{\"targetFramework\":\"a\",\"dependencies\":[{\"id\":\"Microsoft.CSharp\"}]},{"
    "\"dependencies\":[{\"id\":\"Microsoft.CSharp\"}]}]}},"
    "{\"catalogEntry\":{\"id\":\"Newtonsoft.Json\",\"version\":\"14.0.0-beta\",\"listed\":true,\"published\":"
    "\"2024-01-01T00:00:00Z\"}},"
    "{\"catalogEntry\":{\"id\":\"Newtonsoft.Json\",\"version\":\"13.0.4\",\"listed\":false,\"published\":"
    "\"1900-01-01T00:00:00Z\"}}]}]}";
static const char page[] = "{\"items\":[{\"catalogEntry\":{\"id\":\"Newtonsoft.Json\",\"version\":\"12.0.1\","
                           "\"published\":\"2018-11-27T00:00:00Z\"}}]}";
static const char nuspec[] = "\xef\xbb\xbf<?xml version=\"1.0\"?><package "
                             "xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata>"
                             "<id>Newtonsoft.Json</id><description>d</description><repository type=\"git\" "
                             "url=\"https://github.com/JamesNK/Newtonsoft.Json\" /></metadata></package>";
static const char search[] = "{\"totalHits\":1,\"data\":[{\"id\":\"Newtonsoft.Json\",\"owners\":["
                             "\"dotnetfoundation\",\"jamesnk\"],\"verified\":true,\"totalDownloads\":5}]}";

static struct scene *
a_scene(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_NUGET, INDEX);
    answers_add_text(&scene->answers, INDEX, "application/json", services);
    answers_add_text(&scene->answers, REGISTRATION, "application/json", registration);
    answers_add_text(&scene->answers, PAGE, "application/json", page);
    answers_add_text(&scene->answers, NUSPEC, "application/xml", nuspec);
    answers_add_text(&scene->answers, README, "text/plain", "# Json");
    answers_add_text(&scene->answers, SEARCH, "application/json", search);
    return scene;
}

static void
a_package_is_described(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    const struct sp_record *record = scene_describe(scene, &sp_client_nuget, NAME);
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->name, "Newtonsoft.Json");
    assert_string_equal(record->version, "13.0.3");
    assert_string_equal(record->licence, "MIT");
    assert_string_equal(record->readme, "# Json");
    assert_string_equal(record->repository, "https://github.com/JamesNK/Newtonsoft.Json");
    assert_string_equal(record->deprecated, "Old");
    assert_string_equal(record->relocated, "System.Text.Json");
    assert_int_equal(record->dependencies.count, 1);
    assert_int_equal(record->release_count, 4);
    assert_true(find_release(record, "13.0.4")->yanked);
    assert_int_equal(find_release(record, "13.0.4")->time, SP_TIME_UNKNOWN);
    assert_int_equal(record->maintainer_count, 2);
    assert_string_equal(record->owner, "dotnetfoundation");
    assert_false(sp_record_knows(record, SP_FIELD_DOWNLOADS));
    assert_int_equal(record->problems.count, 0);
}

static void
an_unverified_package_has_no_owner_of_its_name(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, SEARCH, "application/json",
                     "{\"data\":[{\"id\":\"other\",\"owners\":[\"x\"],\"verified\":true},"
                     "{\"id\":\"Newtonsoft.Json\",\"owners\":\"somebody\",\"verified\":false}]}");
    const struct sp_record *record = scene_describe(scene, &sp_client_nuget, NAME);
    assert_false(sp_record_knows(record, SP_FIELD_OWNER));
    assert_int_equal(record->maintainer_count, 1);
    assert_non_null(find_person(record, SP_FIELD_MAINTAINERS, "somebody"));
}

static void
pages_without_end_are_cut(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    autoscene struct scene *scene = a_scene();
    sp_buffer_append_string(&text, "{\"items\":[", NULL);
    for (int i = 0; i < 100; i++)
        sp_buffer_printf(&text, NULL, "%s{\"@id\":\"" PAGE "?%d\"}", i ? "," : "", i);
    sp_buffer_append_string(&text, "]}", NULL);
    answers_add(&scene->answers, REGISTRATION, "application/json", text.bytes, text.length);
    static char urls[SP_NUGET_PAGES_MAX][80];
    for (int i = 0; i < SP_NUGET_PAGES_MAX; i++) {
        snprintf(urls[i], sizeof(urls[i]), PAGE "?%d", 99 - i);
        answers_add_text(&scene->answers, urls[i], "application/json", page);
    }
    scene->call.depth = SP_DEPTH_SHORT;
    const struct sp_record *record = scene_describe(scene, &sp_client_nuget, NAME);
    assert_true(has_problem(record, "16 of 100 pages are read"));
    assert_int_equal(scene->answers.asked_count, 2 + SP_NUGET_PAGES_MAX);
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
}

static void
presence_and_answers(void **state SP_UNUSED)
{
    static const struct {
        const char *url;
        long status;
        enum sp_presence presence;
    } cases[] = { { REGISTRATION, 404, SP_ABSENT },           { REGISTRATION, 410, SP_REMOVED },
                  { REGISTRATION, 403, SP_PRESENCE_UNKNOWN }, { REGISTRATION, 500, SP_PRESENCE_UNKNOWN },
                  { INDEX, 404, SP_PRESENCE_UNKNOWN },        { INDEX, 500, SP_PRESENCE_UNKNOWN } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene();
        answers_add_status(&scene->answers, cases[i].url, cases[i].status);
        const struct sp_record *record = scene_describe(scene, &sp_client_nuget, NAME);
        assert_int_equal(record->presence, cases[i].presence);
    }
}

static void
wrong_shapes_do_no_harm(void **state SP_UNUSED)
{
    static const char *const urls[] = { INDEX, REGISTRATION, PAGE, SEARCH };
    autoscene struct scene *scene = a_scene();
    for (size_t i = 0; i < SP_COUNT(urls); i++)
        scene_spoil_json(scene, &sp_client_nuget, NAME, urls[i]);
    scene_spoil_bytes(scene, &sp_client_nuget, NAME, NUSPEC);
}

/* ------------------------------------------------------------------- ranks */

#define DEPS_DEV "https://api.deps.dev/v3/systems/npm/packages/%40babel%2Fcore"
#define ECOSYSTEMS "https://packages.ecosyste.ms/api/v1/registries/npmjs.org/packages/%40babel%2Fcore"

static const char versions[] =
    "{\"packageKey\":{},\"versions\":[{\"versionKey\":{\"version\":\"7.0.0\"},\"publishedAt\":\"2018-08-"
    "27T00:00:00Z\"},"
    "{\"versionKey\":{\"version\":\"7.1.0\"},\"publishedAt\":\"2018-09-17T00:00:00Z\",\"isDefault\":true}]}";
static const char package[] =
    "{\"name\":\"@babel/"
    "core\",\"downloads\":1000,\"downloads_period\":\"last-month\",\"rankings\":{\"average\":0.02},"
    "\"maintainers\":[{\"login\":\"hzoo\",\"email\":\"h@example.org\"}],\"first_release_published_at\":"
    "\"2017-10-30T00:00:00Z\"}";

static int
describe_nothing(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    record->presence = SP_PRESENT;
    return sp_ranks_ask(call, record, err);
}

static const struct sp_client ranks_alone = { .ecosystem = SP_NPM, .describe = describe_nothing };

static struct scene *
a_ranking(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_DEPS_DEV, "https://api.deps.dev/");
    scene_base(scene, SP_SERVICE_ECOSYSTEMS, "https://packages.ecosyste.ms/");
    answers_add_text(&scene->answers, DEPS_DEV, "application/json", versions);
    answers_add_text(&scene->answers, ECOSYSTEMS, "application/json", package);
    scene->call.ranks = true;
    scene->bases.public_npm = true;
    return scene;
}

static void
ranks_are_read(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_ranking();
    const struct sp_record *record = scene_describe(scene, &ranks_alone, "@babel/core");
    assert_int_equal(record->rank, 1);
    assert_int_equal(record->downloads, 1000);
    assert_day(record->created, "2018-08-27");
    assert_non_null(find_person(record, SP_FIELD_MAINTAINERS, "hzoo"));
    for (size_t i = 0; i < scene->answers.asked_count; i++)
        assert_true(scene->answers.asked[i].optional);
    scene_spoil_json(scene, &ranks_alone, "@babel/core", DEPS_DEV);
    scene_spoil_json(scene, &ranks_alone, "@babel/core", ECOSYSTEMS);
}

static void
names_go_out_only_where_the_user_says_so_and_the_registry_is_public(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_ranking();
    scene->call.ranks = false;
    scene_describe(scene, &ranks_alone, "@babel/core");
    assert_int_equal(scene->answers.asked_count, 0);
    scene->call.ranks = true;
    scene->bases.public_npm = false;
    scene_describe(scene, &ranks_alone, "@babel/core");
    assert_int_equal(scene->answers.asked_count, 0);

    struct sp_client golang = ranks_alone;
    golang.ecosystem = SP_GOLANG;
    scene_base(scene, SP_SERVICE_GOPROXY, "https://proxy.golang.org.example.com/");
    scene_describe(scene, &golang, "example.com/secret");
    assert_int_equal(scene->answers.asked_count, 0);
    scene_base(scene, SP_SERVICE_GOPROXY, "https://proxy.golang.org/");
    scene_describe(scene, &golang, "example.com/open");
    assert_int_equal(scene->answers.asked_count, 2);
    assert_true(answers_were_asked(&scene->answers,
                                   "https://api.deps.dev/v3/systems/go/packages/example.com%2Fopen"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_described),
        cmocka_unit_test(an_unverified_package_has_no_owner_of_its_name),
        cmocka_unit_test(pages_without_end_are_cut),
        cmocka_unit_test(presence_and_answers),
        cmocka_unit_test(wrong_shapes_do_no_harm),
        cmocka_unit_test(ranks_are_read),
        cmocka_unit_test(names_go_out_only_where_the_user_says_so_and_the_registry_is_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
