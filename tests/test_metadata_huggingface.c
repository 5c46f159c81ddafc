/* Hugging Face: the model's document and its card. */
#include "metadata_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOST "https://huggingface.co/"
#define MODEL HOST "api/models/example/tiny"
#define CARD HOST "example/tiny/raw/main/README.md"

static const char model[] =
    "{\"_id\":\"6\",\"id\":\"example/"
    "tiny\",\"author\":\"example\",\"sha\":\"aa\",\"gated\":false,\"disabled\":false,"
    "\"lastModified\":\"2024-03-01T00:00:00.000Z\",\"createdAt\":\"2022-03-02T23:29:04.000Z\",\"downloads\":"
    "1234,\"likes\":3,"
    "\"tags\":[\"pytorch\",\"bert\",\"custom_code\",\"license:mit\"],\"pipeline_tag\":\"fill-mask\","
    "\"cardData\":{\"license\":\"apache-2.0\",\"base_model\":[\"google/base\",\"google/other\"]},"
    "\"siblings\":[{\"rfilename\":\"README.md\"},{\"rfilename\":\"pytorch_model.bin\"},{\"rfilename\":"
    "\"training_args.bin\"},"
    "{\"rfilename\":\"extra/weights.pt\"}]}";
static const char card[] = "---\nlicense: bsd\nbase_model:\n- a/b\n- c/d\ntags:\n  - x\nextra:\n  license: "
                           "no\n---\n# Tiny\n\nWords.\n";

static struct scene *
a_scene(const char *document, const char *text)
{
    struct scene *scene = scene_new();
    scene_base(scene, SP_SERVICE_HUGGINGFACE, HOST);
    if (document)
        answers_add_text(&scene->answers, MODEL, "application/json", document);
    if (text)
        answers_add_text(&scene->answers, CARD, "text/plain", text);
    return scene;
}

static void
a_model_is_described(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene(model, card);
    const struct sp_record *record = scene_describe(scene, &sp_client_huggingface, "example/tiny");
    assert_int_equal(record->presence, SP_PRESENT);
    assert_string_equal(record->owner, "example");
    assert_string_equal(record->namespace_, "example");
    assert_string_equal(record->licence, "apache-2.0");
    assert_int_equal(record->downloads, 1234);
    assert_day(record->created, "2022-03-02");
    assert_day(record->updated, "2024-03-01");
    assert_true(has_name(&record->dependencies, "google/base") &&
                has_name(&record->dependencies, "google/other"));
    assert_int_equal(record->dependencies.count, 2);
    assert_true(has_name(&record->hooks, "loads pickle: pytorch_model.bin"));
    assert_true(has_name(&record->hooks, "loads pickle: extra/weights.pt"));
    assert_true(has_name(&record->hooks, "custom code (trust_remote_code)"));
    assert_int_equal(record->hooks.count, 3);
    assert_int_equal(record->keywords.count, 3);
    assert_null(record->relocated);
    assert_string_equal(record->readme, "# Tiny\n\nWords.");
    assert_int_equal(record->problems.count, 0);
}

static void
safe_weights_go_before_pickled_ones_by_their_very_names(void **state SP_UNUSED)
{
    static const struct {
        const char *other;
        size_t hooks;
    } cases[] = { { "model.safetensors", 0 },
                  { "model.safetensors.index.json", 0 },
                  { "other.safetensors", 1 },
                  { "sub/model.safetensors", 1 } };
    char text[300];
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        snprintf(text, sizeof(text),
                 "{\"id\":\"example/tiny\",\"siblings\":[{\"rfilename\":\"pytorch_model.bin\"},"
                 "{\"rfilename\":\"%s\"}]}",
                 cases[i].other);
        autoscene struct scene *scene = a_scene(text, NULL);
        const struct sp_record *record = scene_describe(scene, &sp_client_huggingface, "example/tiny");
        assert_true(sp_record_knows(record, SP_FIELD_HOOKS));
        if (record->hooks.count != cases[i].hooks)
            fail_msg("%s: %zu hooks", cases[i].other, record->hooks.count);
    }
}

static void
a_card_speaks_where_the_document_does_not(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene("{\"id\":\"example/tiny\"}", card);
    const struct sp_record *record = scene_describe(scene, &sp_client_huggingface, "example/tiny");
    assert_string_equal(record->licence, "bsd");
    assert_true(has_name(&record->dependencies, "a/b") && has_name(&record->dependencies, "c/d"));
    assert_int_equal(record->dependencies.count, 2);
    assert_true(has_name(&record->keywords, "x"));
    assert_false(sp_record_knows(record, SP_FIELD_HOOKS));
}

static void
hostile_cards_do_no_harm(void **state SP_UNUSED)
{
    static char deep[70000];
    memset(deep, '[', sizeof(deep) - 1);
    memcpy(deep, "---\na: ", 7);
    memcpy(deep + 60000, "\n---\nx", 6);
    const char *const cards[] = {
        deep,
        "---\na: &a [x,x]\nb: &b [*a,*a]\nlicense: *b\n---\n",
        "---\n",
        "---\nlicense: [\n---\nbody",
        "",
        "---",
        "---\n- license\n---\n",
        "---\nlicense\n---\n",
        "---\n? [a]\n: b\nlicense: mit\n---\n",
        "---\n\xff\xfe: x\n---\n",
    };
    for (size_t i = 0; i < SP_COUNT(cards); i++) {
        autoscene struct scene *scene = a_scene("{\"id\":\"example/tiny\"}", cards[i]);
        scene_describe(scene, &sp_client_huggingface, "example/tiny");
    }
    autoscene struct scene *scene = a_scene("{\"id\":\"example/tiny\"}", cards[8]);
    assert_string_equal(scene_describe(scene, &sp_client_huggingface, "example/tiny")->licence, "mit");
}

static void
another_name_in_the_answer_is_where_it_moved(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene(NULL, NULL);
    answers_add_text(&scene->answers, HOST "api/models/old-tiny", "application/json",
                     "{\"id\":\"example/tiny\",\"author\":\"example\"}");
    const struct sp_record *record = scene_describe(scene, &sp_client_huggingface, "old-tiny");
    assert_string_equal(record->relocated, "example/tiny");
    assert_null(record->namespace_);
    assert_true(answers_were_asked(&scene->answers, HOST "old-tiny/raw/main/README.md"));
}

static void
presence_and_answers(void **state SP_UNUSED)
{
    static const struct {
        long status;
        const char *text;
        enum sp_presence presence;
    } cases[] = { { 404, "", SP_ABSENT },
                  { 410, "", SP_REMOVED },
                  { 401, "", SP_PRESENCE_UNKNOWN },
                  { 500, "", SP_PRESENCE_UNKNOWN },
                  { 200, "{\"error\":\"x\"}", SP_PRESENCE_UNKNOWN },
                  { 200, "{\"id\":\"example/tiny\",\"disabled\":true}", SP_REMOVED } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoscene struct scene *scene = a_scene(cases[i].text, NULL);
        scene->answers.items[0].status = cases[i].status;
        const struct sp_record *record = scene_describe(scene, &sp_client_huggingface, "example/tiny");
        assert_int_equal(record->presence, cases[i].presence);
    }
}

static void
wrong_shapes_do_no_harm(void **state SP_UNUSED)
{
    autoscene struct scene *scene = a_scene(model, card);
    scene_spoil_json(scene, &sp_client_huggingface, "example/tiny", MODEL);
    scene->answers.items[0].bytes = "{\"id\":\"example/tiny\"}";
    scene->answers.items[0].length = strlen(scene->answers.items[0].bytes);
    scene_spoil_bytes(scene, &sp_client_huggingface, "example/tiny", CARD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_described),
        cmocka_unit_test(safe_weights_go_before_pickled_ones_by_their_very_names),
        cmocka_unit_test(a_card_speaks_where_the_document_does_not),
        cmocka_unit_test(hostile_cards_do_no_harm),
        cmocka_unit_test(another_name_in_the_answer_is_where_it_moved),
        cmocka_unit_test(presence_and_answers),
        cmocka_unit_test(wrong_shapes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
