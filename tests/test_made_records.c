/* Made-up pairs of records: enough of them, always the same, and in the shapes of their registries. */
#include "base/hash.h"
#include "eval/corpus_parts.h"
#include "eval/made_records.h"
#include "eval/pairs.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct document {
    char *url, *type, *bytes;
    size_t length;
};

/* What one run made. */
struct made {
    struct document *documents;
    size_t count, capacity;
    struct sp_map urls;
    char table[64]; /* path */
    uint64_t hash;  /* of everything, in order */
};

static int
keep(void *context, const char *url, const char *accept, const char *type, const char *bytes, size_t length,
     struct sp_error *err)
{
    struct made *made = context;
    if (sp_grow(made->documents, made->capacity, made->count + 1, err) < 0)
        return -1;
    struct document *one = &made->documents[made->count++];
    *one = (struct document){ strdup(url), strdup(type), malloc(length + 1), length };
    assert_true(one->url && one->type && one->bytes);
    memcpy(one->bytes, bytes, length);
    one->bytes[length] = '\0';
    if (sp_map_get(&made->urls, url, strlen(url), NULL))
        fail_msg("%s: made twice", url);
    assert_int_equal(sp_map_set(&made->urls, url, strlen(url), (uint32_t)made->count - 1, err), 0);
    made->hash = sp_hash(url, strlen(url), made->hash);
    if (accept)
        made->hash = sp_hash(accept, strlen(accept), made->hash);
    made->hash = sp_hash(type, strlen(type), made->hash);
    made->hash = sp_hash(bytes, length, made->hash);
    return 0;
}

static void
make(struct made *made, struct sp_made_options options)
{
    struct sp_error err = { 0 };
    *made = (struct made){ .table = "/tmp/sallyport-made-XXXXXX" };
    int fd = mkstemp(made->table);
    sp_autofclose FILE *pairs = fd < 0 ? NULL : fdopen(fd, "w+");
    assert_non_null(pairs);
    options.put = keep;
    options.context = made;
    if (sp_made_records_write(&options, pairs, &err) < 0)
        fail_msg("%s", err.text);
    char line[4096];
    rewind(pairs);
    while (fgets(line, sizeof(line), pairs))
        made->hash = sp_hash(line, strlen(line), made->hash);
}

static void
drop(struct made *made)
{
    for (size_t i = 0; i < made->count; i++) {
        free(made->documents[i].url);
        free(made->documents[i].type);
        free(made->documents[i].bytes);
    }
    free(made->documents);
    sp_map_free(&made->urls);
    unlink(made->table);
}

static struct made whole; /* of the default options */

static int
begin(void **state SP_UNUSED)
{
    make(&whole, (struct sp_made_options){ .seed = 7 });
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    drop(&whole);
    return 0;
}

static void
read_table(struct sp_pairs *pairs)
{
    struct sp_error err = { 0 };
    if (sp_pairs_read(pairs, whole.table, &err) < 0)
        fail_msg("%s", err.text);
}

static void
same_seed_makes_the_same_bytes(void **state SP_UNUSED)
{
    struct made again, other;
    make(&again, (struct sp_made_options){ .seed = 7 });
    make(&other, (struct sp_made_options){ .seed = 8 });
    assert_int_equal(whole.count, again.count);
    assert_true(whole.hash == again.hash);
    assert_true(whole.hash != other.hash);
    drop(&again);
    drop(&other);
}

static void
there_are_hundreds_and_their_names_are_valid(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    size_t attacks = 0;
    read_table(&pairs);
    assert_int_equal(pairs.invalid, 0);
    assert_true(pairs.count >= 300);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct sp_labelled_pair *pair = &pairs.pairs[i];
        sp_autobuffer struct sp_buffer name = { 0 }, target = { 0 };
        struct sp_error err = { 0 };
        if (sp_ecosystem_read_name(pair->ecosystem, pair->name, strlen(pair->name), &name, &err) < 0 ||
            sp_ecosystem_read_name(pair->ecosystem, pair->target, strlen(pair->target), &target, &err) < 0)
            fail_msg("%s: %s", pair->name, err.text);
        if (strcmp(name.bytes, target.bytes) == 0)
            fail_msg("%s is its own target (%s)", pair->name, pair->categories);
        assert_string_equal(pair->source, "made up");
        attacks += pair->attack;
    }
    assert_true(attacks >= 100 && pairs.count - attacks >= 100);
}

static void
every_pattern_occurs_with_its_class(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    bool attack;
    const char *name;
    unsigned ecosystems = 0;
    read_table(&pairs);
    for (size_t pattern = 0; (name = sp_made_pattern_name(pattern, &attack)); pattern++) {
        size_t seen = 0;
        for (size_t i = 0; i < pairs.count; i++) {
            if (strcmp(pairs.pairs[i].categories, name) != 0)
                continue;
            seen++;
            ecosystems |= 1u << pairs.pairs[i].ecosystem->id;
            if (pairs.pairs[i].attack != attack || (*pairs.pairs[i].kind != '\0') != attack)
                fail_msg("%s: a row of the other class", name);
        }
        if (seen < 3)
            fail_msg("%s: %zu rows only", name, seen);
    }
    assert_int_equal(ecosystems,
                     1u << SP_NPM | 1u << SP_PYPI | 1u << SP_RUBYGEMS | 1u << SP_MAVEN | 1u << SP_GOLANG);
}

/* -------------------------------------------------------------------- documents */

static void
every_document_is_of_its_type(void **state SP_UNUSED)
{
    size_t json = 0, xml = 0, text = 0, archives = 0;
    assert_true(whole.count > 600);
    for (size_t i = 0; i < whole.count; i++) {
        const struct document *one = &whole.documents[i];
        if (strstr(one->type, "json")) {
            json_error_t error;
            json_t *value = json_loadb(one->bytes, one->length, JSON_REJECT_DUPLICATES, &error);
            if (!value)
                fail_msg("%s: %s", one->url, error.text);
            json_decref(value);
            json++;
        } else if (strcmp(one->type, "application/xml") == 0) {
            xmlDocPtr document = xmlReadMemory(one->bytes, (int)one->length, one->url, NULL,
                                               XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
            if (!document)
                fail_msg("%s: no XML:\n%s", one->url, one->bytes);
            xmlFreeDoc(document);
            xml++;
        } else if (strcmp(one->type, "application/octet-stream") == 0) {
            sp_autoarena struct sp_arena arena = { 0 };
            sp_automade struct sp_made_files files = { 0 };
            struct sp_error err = { 0 };
            if (sp_corpus_unpack(&files, one->bytes, one->length, 1 << 20, &arena, &err) < 0)
                fail_msg("%s: %s", one->url, err.text);
            assert_true(files.count >= 2);
            archives++;
        } else {
            assert_string_equal(one->type, "text/plain");
            assert_true(one->length > 0);
            text++;
        }
    }
    assert_true(json && xml && text && archives);
}

/* The document under FORMAT with NAME in it; npm escapes the slash of a scope, Maven has folders. */
static const struct document *
find(const struct sp_labelled_pair *pair, const char *name)
{
    char url[1024], folder[512];
    const char *slash, *colon = strchr(name, ':');
    uint32_t place;
    switch (pair->ecosystem->id) {
    case SP_NPM:
        slash = strchr(name, '/');
        if (slash)
            snprintf(url, sizeof(url), "https://registry.npmjs.org/%.*s%%2f%s", (int)(slash - name), name,
                     slash + 1);
        else
            snprintf(url, sizeof(url), "https://registry.npmjs.org/%s", name);
        break;
    case SP_PYPI:
        snprintf(url, sizeof(url), "https://pypi.org/pypi/%s/json", name);
        break;
    case SP_RUBYGEMS:
        snprintf(url, sizeof(url), "https://rubygems.org/api/v1/gems/%s.json", name);
        break;
    case SP_MAVEN:
        snprintf(folder, sizeof(folder), "%.*s", (int)(colon - name), name);
        for (char *at = folder; *at; at++)
            if (*at == '.')
                *at = '/';
        snprintf(url, sizeof(url), "https://repo1.maven.org/maven2/%s/%s/maven-metadata.xml", folder,
                 colon + 1);
        break;
    default:
        snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@latest", name);
    }
    return sp_map_get(&whole.urls, url, strlen(url), &place) ? &whole.documents[place] : NULL;
}

static void
both_packages_of_a_pair_have_documents(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    read_table(&pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        if (!find(&pairs.pairs[i], pairs.pairs[i].name))
            fail_msg("%s: no document", pairs.pairs[i].name);
        if (!find(&pairs.pairs[i], pairs.pairs[i].target))
            fail_msg("%s: no document", pairs.pairs[i].target);
    }
}

/* The first pair of PATTERN in ECOSYSTEM, and the JSON that stands for its name; json_decref. */
static json_t *
name_of_first(const char *pattern, enum sp_ecosystem_id ecosystem, json_t **target)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    read_table(&pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct sp_labelled_pair *pair = &pairs.pairs[i];
        if (pair->ecosystem->id != ecosystem || strcmp(pair->categories, pattern) != 0)
            continue;
        *target = json_loads(find(pair, pair->target)->bytes, 0, NULL);
        return json_loads(find(pair, pair->name)->bytes, 0, NULL);
    }
    fail_msg("%s: no pair", pattern);
    return NULL;
}

static const char *
text_of(const json_t *value, const char *key)
{
    const char *text = json_string_value(json_object_get(value, key));
    return text ? text : "";
}

static void
documents_show_the_pattern(void **state SP_UNUSED)
{
    json_t *target, *name = name_of_first("copied-typosquat", SP_NPM, &target);
    assert_string_equal(text_of(name, "readme"), text_of(target, "readme"));
    assert_string_equal(text_of(json_object_get(name, "repository"), "url"),
                        text_of(json_object_get(target, "repository"), "url"));
    assert_false(json_equal(json_object_get(name, "maintainers"), json_object_get(target, "maintainers")));
    assert_true(strcmp(text_of(json_object_get(name, "time"), "created"), "2025-05-01") > 0);
    json_decref(name), json_decref(target);

    name = name_of_first("security-holding", SP_NPM, &target);
    assert_string_equal(text_of(json_object_get(name, "dist-tags"), "latest"), "0.0.1-security");
    json_decref(name), json_decref(target);

    name = name_of_first("same-people", SP_PYPI, &target);
    assert_true(json_equal(json_object_get(name, "ownership"), json_object_get(target, "ownership")));
    json_decref(name), json_decref(target);

    name = name_of_first("dependency-confusion", SP_PYPI, &target);
    const char *version = text_of(json_object_get(name, "info"), "version");
    assert_true(strtol(version, NULL, 10) >= 69);
    assert_int_equal(json_array_size(json_object_get(name, "urls")), 1); /* the source, so that it runs */
    json_decref(name), json_decref(target);
}

/* -------------------------------------------------------------------- failures */

static int
refuse(void *context, const char *url, const char *accept, const char *type, const char *bytes, size_t length,
       struct sp_error *err)
{
    (void)context, (void)accept, (void)type, (void)bytes, (void)length;
    return sp_fail(err, SP_ERROR_SYSTEM, "%s: the disk is full", url);
}

static void
failing_put_ends_the_run(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autofclose FILE *pairs = tmpfile();
    assert_non_null(pairs);
    const struct sp_made_options options = { .put = refuse };
    assert_int_equal(sp_made_records_write(&options, pairs, &err), -1);
    assert_non_null(strstr(err.text, "the disk is full"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_makes_the_same_bytes),
        cmocka_unit_test(there_are_hundreds_and_their_names_are_valid),
        cmocka_unit_test(every_pattern_occurs_with_its_class),
        cmocka_unit_test(every_document_is_of_its_type),
        cmocka_unit_test(both_packages_of_a_pair_have_documents),
        cmocka_unit_test(documents_show_the_pattern),
        cmocka_unit_test(failing_put_ends_the_run),
    };
    return cmocka_run_group_tests_name("made_records", tests, begin, end);
}
