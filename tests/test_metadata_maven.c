/* Maven: metadata, POMs with their parents, relocations, and the search. */
#include "metadata/maven.h"
#include "metadata_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOST "https://repo1.maven.org/maven2/"
#define METADATA HOST "org/example/lib/maven-metadata.xml"
#define POM HOST "org/example/lib/2.0/lib-2.0.pom"
#define PARENT HOST "org/example/parent/7/parent-7.pom"
#define SEARCH "https://search.maven.org/solrsearch/select"

static const char metadata[] =
    "<?xml version=\"1.0\" "
    "encoding=\"UTF-8\"?><metadata><groupId>org.example</groupId><artifactId>lib</artifactId>"
    "<versioning><latest>2.1-beta</latest><release>2.0</release><versions><version>1.0</version>"
    "<version>2.0</version><version>2.1-beta</version></versions><lastUpdated>20240301120000</lastUpdated>"
    "</versioning></metadata>";
static const char pom[] =
    "<?xml version=\"1.0\"?><project "
    "xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
    "<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version></parent>"
    "<artifactId>lib</artifactId><version>2.0</version><description>\n  A library of "
    "${project.artifactId}\n</description>"
    "<dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></"
    "dependency>"
    "<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>"
    "<dependency><groupId>a</groupId><artifactId>b</artifactId><optional>true</optional></dependency>"
    "</dependencies></project>";
static const char parent[] =
    "<project><groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version>"
    "<description>All of our projects</description><url>https://${site}/lib</url>"
    "<properties><site>example.org</site></properties>"
    "<licenses><license><name>Apache-2.0</name></license></licenses>"
    "<developers><developer><id>ann</id><name>Ann</name><email>ann@example.org</email></developer></"
    "developers>"
    "<scm><url>https://user:secret@github.com/example/lib</url></scm></project>";

static struct scene *
a_scene(void)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_MAVEN, HOST);
    answers_add_text(&scene->answers, METADATA, "text/xml", metadata);
    return scene;
}

static void
a_pom_speaks_together_with_its_parents(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, POM, "text/xml", pom);
    answers_add_text(&scene->answers, PARENT, "text/xml", parent);
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->version, "2.0");
    assert_string_equal(record->namespace_, "org.example");
    assert_string_equal(record->owner, "org.example");
    assert_string_equal(record->description, "A library of lib");
    assert_string_equal(record->module, "org.example:lib");
    assert_string_equal(record->licence, "Apache-2.0");
    assert_string_equal(record->homepage, "https://example.org/lib");
    assert_string_equal(record->repository, "https://github.com/example/lib");
    assert_string_equal(find_person(record, SP_FIELD_AUTHORS, "ann")->name, "Ann");
    assert_int_equal(record->dependencies.count, 1);
    assert_true(has_name(&record->dependencies, "org.example:core"));
    assert_int_equal(record->release_count, 3);
    assert_false(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_false(sp_record_knows(record, SP_FIELD_UPDATED)); /* lastUpdated is a file's time */
    assert_true(sp_record_knows(record, SP_FIELD_RELOCATED));
    assert_null(record->relocated);
    assert_int_equal(record->problems.count, 0);
}

static void
a_parent_that_is_missing_leaves_what_it_would_say_unknown(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, POM, "text/xml", pom);
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_string_equal(record->description, "A library of lib");
    assert_false(sp_record_knows(record, SP_FIELD_LICENCE));
    assert_false(sp_record_knows(record, SP_FIELD_REPOSITORY));
    assert_false(sp_record_knows(record, SP_FIELD_DEPENDENCIES));
    assert_true(has_problem(record, "there is none for org.example:parent:7"));
}

static void
parents_without_end_are_cut(void **state SP_UNUSED)
{
    static char texts[20][400], urls[20][100];
    autoscene struct scene *scene = a_scene();
    for (int i = 0; i < 20; i++) {
        snprintf(urls[i], sizeof(urls[i]), i ? HOST "p/p/%d/p-%d.pom" : POM, i, i);
        snprintf(texts[i], sizeof(texts[i]),
                 "<project><artifactId>p</artifactId><parent><groupId>p</groupId><artifactId>p</artifactId>"
                 "<version>%d</version></parent></project>",
                 i + 1);
        answers_add_text(&scene->answers, urls[i], "text/xml", texts[i]);
    }
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_int_equal(scene->answers.asked_count, 2 + SP_MAVEN_PARENTS_MAX);
    assert_true(has_problem(record, "more than 8 parents"));
    assert_false(sp_record_knows(record, SP_FIELD_LICENCE));
}

static void
parents_in_a_circle_are_cut(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, POM, "text/xml", pom);
    answers_add_text(&scene->answers, PARENT, "text/xml",
                     "<project><artifactId>parent</artifactId><parent><groupId>org.example</groupId>"
                     "<artifactId>lib</artifactId><version>2.0</version></parent></project>");
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_true(has_problem(record, "lead in a circle"));
    assert_int_equal(scene->answers.asked_count, 3);
}

static void
add_move(struct scene *scene, const char *url, const char *group, const char *artefact, char out[600])
{
    snprintf(out, 600,
             "<project><groupId>x</groupId><artifactId>y</artifactId><version>2.0</"
             "version><distributionManagement>"
             "<relocation><groupId>%s</groupId><artifactId>%s</artifactId><message>It has moved</message>"
             "</relocation></distributionManagement></project>",
             group, artefact);
    answers_add_text(&scene->answers, url, "text/xml", out);
}

static void
relocations_are_followed_to_their_end(void **state SP_UNUSED)
{
    char one[600], two[600];
    autoscene struct scene *scene = a_scene();
    add_move(scene, POM, "com.example", "lib", one);
    add_move(scene, HOST "com/example/lib/2.0/lib-2.0.pom", "com.example", "newer", two);
    answers_add_text(&scene->answers, HOST "com/example/newer/2.0/newer-2.0.pom", "text/xml",
                     "<project><artifactId>newer</artifactId></project>");
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_string_equal(record->relocated, "com.example:newer");
    assert_string_equal(record->deprecated, "It has moved");
}

static void
relocations_in_a_circle_name_the_first_place(void **state SP_UNUSED)
{
    char one[600], two[600];
    autoscene struct scene *scene = a_scene();
    add_move(scene, POM, "com.example", "lib", one);
    add_move(scene, HOST "com/example/lib/2.0/lib-2.0.pom", "org.example", "lib", two);
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_string_equal(record->relocated, "com.example:lib");
    assert_true(has_problem(record, "relocations lead in a circle"));
}

static void
relocations_without_end_are_cut(void **state SP_UNUSED)
{
    static char texts[10][600], urls[10][100], names[10][16];
    autoscene struct scene *scene = a_scene();
    for (int i = 0; i < 10; i++) {
        snprintf(names[i], sizeof(names[i]), "m%d", i + 1);
        snprintf(urls[i], sizeof(urls[i]), i ? HOST "m/m%d/2.0/m%d-2.0.pom" : POM, i, i);
        add_move(scene, urls[i], "m", names[i], texts[i]);
    }
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_string_equal(record->relocated, "m:m4");
    assert_true(has_problem(record, "further than is followed"));
    assert_int_equal(scene->answers.asked_count, 2 + SP_MAVEN_RELOCATIONS_MAX - 1);
}

static void
a_pom_cannot_send_requests_elsewhere(void **state SP_UNUSED)
{
    char text[600];
    static const char *const bad[] = { "../../..", "a/b", "x?y", "..", "", "a b", "%2e%2e" };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        autoscene struct scene *scene = a_scene();
        snprintf(text, sizeof(text),
                 "<project><artifactId>lib</artifactId><parent><groupId>g</groupId>"
                 "<artifactId>%s</artifactId><version>1</version></parent></project>",
                 bad[i]);
        answers_add_text(&scene->answers, POM, "text/xml", text);
        const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
        assert_int_equal(scene->answers.asked_count, 2);
        assert_true(has_problem(record, "names no file"));
    }
}

static void
entities_and_bombs_are_refused(void **state SP_UNUSED)
{
    static const char *const bombs[] = {
        "<?xml version=\"1.0\"?><!DOCTYPE project [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        "<project><description>&b;</description></project>",
        "<!DOCTYPE project [<!ENTITY x SYSTEM "
        "\"file:///etc/passwd\">]><project><description>&x;</description></project>",
        "<!DOCTYPE project SYSTEM "
        "\"http://127.0.0.1:1/x.dtd\"><project><description>x</description></project>",
    };
    for (size_t i = 0; i < SP_COUNT(bombs); i++) {
        autoscene struct scene *scene = a_scene();
        answers_add_text(&scene->answers, POM, "text/xml", bombs[i]);
        const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
        assert_true(has_problem(record, "DOCTYPE"));
        assert_false(sp_record_knows(record, SP_FIELD_DESCRIPTION));
    }
}

static void
deep_and_wide_documents_are_refused(void **state SP_UNUSED)
{
    size_t length = 4u << 20;
    sp_autofree char *much = malloc(length + 1);
    assert_non_null(much);
    for (size_t i = 0; i < length; i++)
        much[i] = "<a/>"[i % 4];
    autoscene struct scene *scene = a_scene();
    answers_add(&scene->answers, POM, "text/xml", much, length);
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_true(has_problem(record, "more elements than any package has"));
    for (size_t i = 0; i < 300000; i++)
        much[i] = "<a>"[i % 3];
    scene->answers.items[1].length = 300000;
    record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_true(has_problem(record, "not well formed"));
}

static void
presence_and_answers(void **state SP_UNUSED)
{
    static const struct {
        long status;
        enum sp_presence presence;
    } cases[] = { { 404, SP_ABSENT },
                  { 410, SP_REMOVED },
                  { 403, SP_PRESENCE_UNKNOWN },
                  { 500, SP_PRESENCE_UNKNOWN },
                  { 0, SP_PRESENCE_UNKNOWN } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene();
        scene->answers.items[0].status = cases[i].status;
        const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
        assert_int_equal(record->presence, cases[i].presence);
        assert_int_equal(scene->answers.asked_count, 1);
    }
}

static void
the_search_gives_times_for_central_alone(void **state SP_UNUSED)
{
    static const char url[] = SEARCH "?q=g:%22org.example%22+AND+a:%22lib%22&core=gav&rows=200&wt=json";
    static const char all[] =
        "{\"response\":{\"numFound\":3,\"docs\":["
        "{\"v\":\"2.1-beta\",\"timestamp\":1709290000000},{\"v\":\"2.0\",\"timestamp\":1600000000000},"
        "{\"v\":\"1.0\",\"timestamp\":1300000000000}]}}";
    autoscene struct scene *scene = a_scene();
    scene_base(scene, SP_SERVICE_MAVEN_SEARCH, SEARCH);
    struct answer *answer = answers_add_text(&scene->answers, url, "application/json", all);
    const struct sp_record *record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_day(record->created, "2011-03-13");
    assert_true(sp_record_knows(record, SP_FIELD_RELEASE_TIMES));
    assert_day(find_release(record, "2.0")->time, "2020-09-13");
    assert_string_equal(record->origins[SP_FIELD_UPDATED].source, "Maven search");
    scene_spoil_json(scene, &sp_client_maven, "org.example:lib", url);
    answer->bytes = "{\"response\":{\"numFound\":9,\"docs\":[{\"v\":\"2.0\",\"timestamp\":1600000000000}]}}";
    answer->length = strlen(answer->bytes);
    record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_false(sp_record_knows(record, SP_FIELD_CREATED));

    scene_base(scene, SP_SERVICE_MAVEN, "https://maven.example.com/");
    answers_add_text(&scene->answers, "https://maven.example.com/org/example/lib/maven-metadata.xml",
                     "text/xml", metadata);
    record = scene_describe(scene, &sp_client_maven, "org.example:lib");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_false(answers_were_asked(&scene->answers, url));
}

static void
spoiled_documents_do_no_harm(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene();
    answers_add_text(&scene->answers, POM, "text/xml", pom);
    answers_add_text(&scene->answers, PARENT, "text/xml", parent);
    scene_spoil_bytes(scene, &sp_client_maven, "org.example:lib", METADATA);
    scene_spoil_bytes(scene, &sp_client_maven, "org.example:lib", POM);
    scene_spoil_bytes(scene, &sp_client_maven, "org.example:lib", PARENT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pom_speaks_together_with_its_parents),
        cmocka_unit_test(a_parent_that_is_missing_leaves_what_it_would_say_unknown),
        cmocka_unit_test(parents_without_end_are_cut),
        cmocka_unit_test(parents_in_a_circle_are_cut),
        cmocka_unit_test(relocations_are_followed_to_their_end),
        cmocka_unit_test(relocations_in_a_circle_name_the_first_place),
        cmocka_unit_test(relocations_without_end_are_cut),
        cmocka_unit_test(a_pom_cannot_send_requests_elsewhere),
        cmocka_unit_test(entities_and_bombs_are_refused),
        cmocka_unit_test(deep_and_wide_documents_are_refused),
        cmocka_unit_test(presence_and_answers),
        cmocka_unit_test(the_search_gives_times_for_central_alone),
        cmocka_unit_test(spoiled_documents_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
