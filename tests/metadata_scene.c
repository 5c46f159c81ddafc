#include "metadata_scene.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene *
scene_new(void)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    scene->transport = answers_transport(&scene->answers);
    for (int i = 0; i < SP_SERVICE_COUNT; i++)
        scene->bases.services[i].url = (char *)"";
    scene->call = (struct sp_client_call){ .transport = &scene->transport,
                                           .bases = &scene->bases,
                                           .depth = SP_DEPTH_FULL };
    return scene;
}

void
scene_free(struct scene **scene)
{
    sp_record_free((*scene)->record);
    free(*scene);
}

void
scene_base(struct scene *scene, enum sp_service service, const char *url)
{
    scene->bases.services[service].url = (char *)url;
}

static void
check_names(const struct sp_name_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        assert_true(sp_utf8_valid(names->items[i], strlen(names->items[i])));
}

/* What the header of the record promises. */
static void
check_record(const struct sp_record *record)
{
    const char *const texts[] = { record->name,        record->namespace_, record->version,
                                  record->description, record->readme,     record->licence,
                                  record->owner,       record->repository, record->homepage,
                                  record->module,      record->deprecated, record->relocated };
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        assert_true(!texts[i] || strlen(texts[i]) <= SP_RECORD_README_MAX);
    const enum sp_field known[] = { SP_FIELD_DESCRIPTION, SP_FIELD_README,   SP_FIELD_LICENCE, SP_FIELD_OWNER,
                                    SP_FIELD_REPOSITORY,  SP_FIELD_HOMEPAGE, SP_FIELD_MODULE };
    const char *const values[] = { record->description, record->readme,   record->licence, record->owner,
                                   record->repository,  record->homepage, record->module };
    for (size_t i = 0; i < SP_COUNT(known); i++) {
        assert_true(!sp_record_knows(record, known[i]) == !values[i]);
        assert_true(!values[i] || sp_utf8_valid(values[i], strlen(values[i])));
    }
    check_names(&record->keywords);
    check_names(&record->dependencies);
    check_names(&record->hooks);
    check_names(&record->problems);
    for (size_t i = 0; i < record->release_count; i++)
        assert_true(record->releases[i].time == SP_TIME_UNKNOWN || record->releases[i].time > 0);
    bool spoken = record->presence == SP_PRESENT || record->presence == SP_REMOVED;
    assert_true(spoken || !sp_record_knows(record, SP_FIELD_OWNER));
}

struct sp_record *
scene_describe(struct scene *scene, const struct sp_client *client, const char *name)
{
    const struct sp_ecosystem *ecosystem = sp_ecosystems[client->ecosystem];
    sp_record_free(scene->record);
    scene->record = NULL;
    scene->answers.asked_count = 0;
    assert_int_equal(sp_record_new(&scene->record, ecosystem, name, &scene->err), 0);
    scene->call.name = name;
    if (client->describe(&scene->call, scene->record, &scene->err) < 0)
        fail_msg("describe: %s", scene->err.text);
    assert_int_equal(sp_record_finish(scene->record, &scene->err), 0);
    check_record(scene->record);
    return scene->record;
}

/* ---------------------------------------------------------------- spoiling */

static struct answer *
find_answer(struct scene *scene, const char *url)
{
    for (size_t i = 0; i < scene->answers.count; i++)
        if (!strcmp(scene->answers.items[i].url, url))
            return &scene->answers.items[i];
    fail_msg("no answer to %s", url);
    return NULL;
}

/* Replaces value number *NUMBER of TREE, counted from the root's first child on. */
static bool
replace_value(json_t *tree, size_t *number, json_t *value)
{
    const char *key;
    json_t *child;
    void *next;
    size_t i;
    json_object_foreach_safe(tree, next, key, child)
    {
        if (!(*number)--)
            return json_object_set(tree, key, value) == 0;
        if (replace_value(child, number, value))
            return true;
    }
    json_array_foreach(tree, i, child)
    {
        if (!(*number)--)
            return json_array_set(tree, i, value) == 0;
        if (replace_value(child, number, value))
            return true;
    }
    return false;
}

static void
cut_off(struct scene *scene, const struct sp_client *client, const char *name, struct answer *answer)
{
    const struct answer whole = *answer;
    for (size_t length = 0; length < whole.length; length += 1 + whole.length / 200) {
        answer->length = length;
        scene_describe(scene, client, name);
    }
    *answer = whole;
}

void
scene_spoil_json(struct scene *scene, const struct sp_client *client, const char *name, const char *url)
{
    static const char *const values[] = { "null",
                                          "7",
                                          "-1e300",
                                          "true",
                                          "[]",
                                          "{}",
                                          "[{},[],1,\"x\",null]",
                                          "{\"a\":{\"b\":[1]}}",
                                          "\"\"",
                                          "\"9999-12-31T23:59:59Z\"",
                                          "\"\\u0000\\u001b[2J\"",
                                          "\"https://u:p@\"" };
    struct answer *answer = find_answer(scene, url);
    const struct answer whole = *answer;
    for (size_t v = 0; v < SP_COUNT(values); v++) {
        bool more = true;
        for (size_t number = 0; more && number < 400; number++) {
            json_t *tree = json_loadb(whole.bytes, whole.length, 0, NULL);
            json_t *value = json_loads(values[v], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
            size_t left = number;
            assert_true(tree && value);
            more = replace_value(tree, &left, value);
            char *text = json_dumps(tree, 0);
            answer->bytes = text;
            answer->length = strlen(text);
            scene_describe(scene, client, name);
            *answer = whole;
            free(text);
            json_decref(tree);
            json_decref(value);
        }
    }
    cut_off(scene, client, name, answer);
}

void
scene_spoil_bytes(struct scene *scene, const struct sp_client *client, const char *name, const char *url)
{
    static const char bytes[] = { '\0', '\n', '<', '>', '"', '{', '-', '\xff', '9' };
    struct answer *answer = find_answer(scene, url);
    const struct answer whole = *answer;
    cut_off(scene, client, name, answer);
    sp_autofree char *copy = malloc(whole.length + 1);
    assert_non_null(copy);
    answer->bytes = copy;
    for (size_t at = 0; at < whole.length; at += 1 + whole.length / 400) {
        memcpy(copy, whole.bytes, whole.length);
        copy[at] = bytes[at % SP_COUNT(bytes)];
        scene_describe(scene, client, name);
    }
    *answer = whole;
}

/* ------------------------------------------------------------------ looking */

bool
has_name(const struct sp_name_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (!strcmp(names->items[i], name))
            return true;
    return false;
}

bool
has_problem(const struct sp_record *record, const char *part)
{
    for (size_t i = 0; i < record->problems.count; i++)
        if (strstr(record->problems.items[i], part))
            return true;
    return false;
}

const struct sp_release *
find_release(const struct sp_record *record, const char *number)
{
    for (size_t i = 0; i < record->release_count; i++)
        if (!strcmp(record->releases[i].number, number))
            return &record->releases[i];
    return NULL;
}

const struct sp_person *
find_person(const struct sp_record *record, enum sp_field field, const char *id)
{
    bool authors = field == SP_FIELD_AUTHORS;
    const struct sp_person *people = authors ? record->authors : record->maintainers;
    for (size_t i = 0; i < (authors ? record->author_count : record->maintainer_count); i++)
        if ((people[i].id && !strcmp(people[i].id, id)) || (people[i].name && !strcmp(people[i].name, id)))
            return &people[i];
    return NULL;
}

const char *
day_of(int64_t time, char out[16])
{
    sp_time_write(time, out);
    return out;
}
