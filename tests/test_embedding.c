#include "base/file.h"
#include "base/memory.h"
#include "name/embedding.h"
#include "name/vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIMENSION SP_VECTOR_DIMENSION
#define K 10

/* ---- the shipped embedding */

struct shipped {
    struct sp_mapping mapping;
    struct sp_embedding embedding;
};

static int
open_shipped(void **state)
{
    static struct shipped shipped;
    const char *dir = getenv("SALLYPORT_DATA_DIR");
    char path[4096];
    snprintf(path, sizeof(path), "%s/embedding.bin", dir ? dir : "data");
    struct sp_error err;
    if (sp_file_map(&shipped.mapping, path, (size_t)1 << 28, &err) < 0 ||
        sp_embedding_open(&shipped.embedding, shipped.mapping.bytes, shipped.mapping.size, &err) < 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    *state = &shipped;
    return 0;
}

static int
close_shipped(void **state)
{
    struct shipped *shipped = *state;
    sp_mapping_free(&shipped->mapping);
    return 0;
}

static double
likeness(const struct sp_embedding *embedding, const char *a, const char *b)
{
    int8_t x[DIMENSION], y[DIMENSION];
    assert_true(sp_embedding_of(embedding, a, strlen(a), x));
    assert_true(sp_embedding_of(embedding, b, strlen(b), y));
    return sp_embedding_cosine(x, y);
}

static void
ngram_hashes_are_those_of_fasttext(void **state)
{
    (void)state;
    static const struct {
        const char *ngram;
        uint32_t hash;
    } cases[] = {
        { "", 0x811c9dc5 }, /* FNV-1a's published test values */
        { "a", 0xe40c292c },
        { "foobar", 0xbf9cf968 },
        { "\xc3\xa9", 0x3cfa68c1 }, /* bytes from 0x80 on are sign-extended: plain FNV-1a has another value */
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        assert_int_equal(sp_embedding_ngram_hash(cases[i].ngram, strlen(cases[i].ngram)), cases[i].hash);
}

static void
names_of_one_purpose_are_nearer_than_others(void **state)
{
    const struct shipped *shipped = *state;
    static const struct {
        const char *name, *near, *far;
    } cases[] = {
        { "colour", "color", "kafka" },
        { "tensorflow", "pytorch", "lodash" },
        { "python-dateutil", "dateutils", "webpack" },
        { "http-request", "requests", "leftpad" },
        { "mongo-client", "mongodb", "colors" },
        { "react-native-button", "react-native-buttons", "boto3" },
        { "@azure/core-tracing", "azure-core-tracing", "@babel/core" },
        { "crypto-hash", "bcrypt", "flask" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        double near = likeness(&shipped->embedding, cases[i].name, cases[i].near);
        double far = likeness(&shipped->embedding, cases[i].name, cases[i].far);
        if (near <= far + 0.1)
            fail_msg("%s: %s has %.2f, %s has %.2f", cases[i].name, cases[i].near, near, cases[i].far, far);
    }
}

static void
vectors_have_length_127_and_follow_the_float_ones(void **state)
{
    const struct shipped *shipped = *state;
    static const char *const names[] = {
        "lodash", "requets",         "@types/node", "org.slf4j:slf4j-api", "github.com/spf13/cobra",
        "x",      "caf\xc3\xa9-bar", "\xff\xfe"
    };
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        int8_t rounded[DIMENSION], again[DIMENSION];
        float exact[DIMENSION];
        assert_true(sp_embedding_of(&shipped->embedding, names[i], strlen(names[i]), rounded));
        assert_true(sp_embedding_of(&shipped->embedding, names[i], strlen(names[i]), again));
        assert_true(sp_embedding_of_float(&shipped->embedding, names[i], strlen(names[i]), exact));
        assert_memory_equal(rounded, again, sizeof(rounded));
        for (int d = 0; d < DIMENSION; d++)
            if (rounded[d] - exact[d] * 127 > 0.51 || rounded[d] - exact[d] * 127 < -0.51)
                fail_msg("%s: number %d is %d, exactly %f", names[i], d, rounded[d], exact[d] * 127);
    }
}

static void
delimiters_alone_or_nothing_have_no_vector(void **state)
{
    const struct shipped *shipped = *state;
    int8_t out[DIMENSION], zeros[DIMENSION] = { 0 };
    assert_false(sp_embedding_of(&shipped->embedding, "", 0, out));
    assert_memory_equal(out, zeros, sizeof(out));
    assert_false(sp_embedding_of(&shipped->embedding, "-_./", 4, out));
    struct sp_embedding nothing = { 0 };
    assert_false(sp_embedding_of(&nothing, "lodash", 6, out));
    assert_true(sp_embedding_cosine(out, zeros) == 0);
}

static void
a_name_longer_than_any_registry_allows_is_read_to_its_limit(void **state)
{
    const struct shipped *shipped = *state;
    char name[5000];
    int8_t out[DIMENSION];
    memset(name, 'a', sizeof(name));
    assert_true(sp_embedding_of(&shipped->embedding, name, sizeof(name), out));
    for (size_t i = 1; i < sizeof(name); i += 2)
        name[i] = '-';
    assert_true(sp_embedding_of(&shipped->embedding, name, sizeof(name), out));
}

static unsigned char *
aligned_copy(const void *bytes, size_t size)
{
    unsigned char *copy = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return copy;
}

static void
damaged_embeddings_are_refused_or_harmless(void **state)
{
    const struct shipped *shipped = *state;
    size_t size = shipped->mapping.size;
    unsigned char *copy = aligned_copy(shipped->mapping.bytes, size);
    struct sp_embedding embedding;
    struct sp_error err;
    static const size_t cuts[] = { 0, 7, 63, 64, 4096 };
    for (size_t i = 0; i < SP_COUNT(cuts); i++)
        assert_int_equal(sp_embedding_open(&embedding, copy, cuts[i], &err), -1);
    assert_int_equal(sp_embedding_open(&embedding, copy, size - 64, &err), -1);
    for (size_t field = 8; field < 56; field += 4) {
        unsigned char saved[4];
        memcpy(saved, copy + field, 4);
        memset(copy + field, 0xff, 4);
        if (field != 40 && field != 44)
            assert_int_equal(sp_embedding_open(&embedding, copy, size, &err), -1);
        memset(copy + field, 0, 4);
        int8_t out[DIMENSION];
        if (sp_embedding_open(&embedding, copy, size, &err) == 0)
            sp_embedding_of(&embedding, "lodash", 6, out);
        memcpy(copy + field, saved, 4);
    }
    /* every number after the header at its largest */
    memset(copy + 64, 0xff, size - 64);
    int8_t out[DIMENSION];
    assert_int_equal(sp_embedding_open(&embedding, copy, size, &err), 0);
    sp_embedding_of(&embedding, "python-dateutil", 15, out);
    memset(copy + 64, 0x80, size - 64);
    sp_embedding_of(&embedding, "python-dateutil", 15, out);
    free(copy);
}

/* ---- search */

static uint32_t
next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void
random_vector(uint64_t *seed, const int8_t *centre, int spread, int8_t out[DIMENSION])
{
    for (int i = 0; i < DIMENSION; i++) {
        int sum = 0;
        for (int j = 0; j < 4; j++)
            sum += (int)(next_random(seed) % (unsigned)(2 * spread + 1)) - spread;
        int number = (centre ? centre[i] : 0) + sum / 2;
        out[i] = (int8_t)(number > 127 ? 127 : number < -127 ? -127 : number);
    }
}

struct section {
    uint32_t count;
    int8_t (*source)[DIMENSION];
    unsigned char *bytes;
    size_t size;
    struct sp_vectors vectors;
};

/* COUNT vectors in clusters, as names come in families. */
static void
make_section(struct section *section, uint32_t count)
{
    uint64_t seed = 7;
    int8_t centres[300][DIMENSION];
    for (size_t c = 0; c < SP_COUNT(centres); c++)
        random_vector(&seed, NULL, 18, centres[c]);
    section->count = count;
    section->source = calloc(count ? count : 1, DIMENSION);
    assert_non_null(section->source);
    for (uint32_t v = 0; v < count; v++)
        random_vector(&seed, centres[next_random(&seed) % SP_COUNT(centres)], 9, section->source[v]);
    struct sp_buffer buffer = { 0 };
    struct sp_error err;
    assert_int_equal(sp_vectors_build((const int8_t(*)[DIMENSION])section->source, count, &buffer, &err), 0);
    section->size = buffer.length;
    section->bytes = aligned_copy(buffer.bytes, buffer.length);
    sp_buffer_free(&buffer);
    assert_int_equal(sp_vectors_open(&section->vectors, section->bytes, section->size, &err), 0);
}

static void
free_section(struct section *section)
{
    free(section->source);
    free(section->bytes);
}

static void
search_finds_what_the_exact_scan_finds(void **state)
{
    (void)state;
    struct section section;
    make_section(&section, 12000);
    struct sp_vectors_scratch scratch = { 0 };
    assert_int_equal(sp_vectors_scratch_init(&scratch, NULL), 0);
    uint64_t seed = 99;
    uint32_t hits = 0, wanted = 0;
    for (int q = 0; q < 300; q++) {
        int8_t query[DIMENSION];
        random_vector(&seed, section.source[next_random(&seed) % section.count], 6, query);
        struct sp_neighbour found[K], exact[K];
        uint32_t count = sp_vectors_search(&section.vectors, &scratch, query, K, found);
        assert_int_equal(sp_vectors_search_exact(&section.vectors, &scratch, query, K, exact), K);
        for (uint32_t e = 0; e < K; e++, wanted++)
            for (uint32_t f = 0; f < count; f++)
                hits += exact[e].id == found[f].id;
    }
    if (hits * 100 < wanted * 99)
        fail_msg("recall %.4f", (double)hits / wanted);
    sp_vectors_scratch_free(&scratch);
    free_section(&section);
}

static void
portable_and_fast_code_agree(void **state)
{
    (void)state;
    struct section section;
    make_section(&section, 5000);
    struct sp_vectors_scratch fast = { 0 }, portable = { .portable = true };
    assert_int_equal(sp_vectors_scratch_init(&fast, NULL), 0);
    assert_int_equal(sp_vectors_scratch_init(&portable, NULL), 0);
    uint64_t seed = 5;
    for (int q = 0; q < 200; q++) {
        int8_t query[DIMENSION];
        random_vector(&seed, NULL, q % 2 ? 60 : 16, query);
        uint32_t k = 1 + next_random(&seed) % 40;
        struct sp_neighbour a[40], b[40];
        uint32_t count = sp_vectors_search(&section.vectors, &fast, query, k, a);
        assert_int_equal(sp_vectors_search(&section.vectors, &portable, query, k, b), count);
        assert_memory_equal(a, b, count * sizeof(*a));
        count = sp_vectors_search_exact(&section.vectors, &fast, query, k, a);
        assert_int_equal(sp_vectors_search_exact(&section.vectors, &portable, query, k, b), count);
        assert_memory_equal(a, b, count * sizeof(*a));
    }
    sp_vectors_scratch_free(&fast);
    sp_vectors_scratch_free(&portable);
    free_section(&section);
}

static void
equal_products_are_ordered_by_id(void **state)
{
    (void)state;
    int8_t same[40][DIMENSION], query[DIMENSION];
    memset(same, 3, sizeof(same));
    memset(query, 5, sizeof(query));
    same[17][0] = 4;
    struct sp_buffer buffer = { 0 };
    assert_int_equal(sp_vectors_build((const int8_t(*)[DIMENSION])same, 40, &buffer, NULL), 0);
    unsigned char *bytes = aligned_copy(buffer.bytes, buffer.length);
    struct sp_vectors vectors;
    struct sp_vectors_scratch scratch = { 0 };
    assert_int_equal(sp_vectors_open(&vectors, bytes, buffer.length, NULL), 0);
    assert_int_equal(sp_vectors_scratch_init(&scratch, NULL), 0);
    struct sp_neighbour found[5];
    static const uint32_t expected[5] = { 17, 0, 1, 2, 3 };
    assert_int_equal(sp_vectors_search_exact(&vectors, &scratch, query, 5, found), 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(found[i].id, expected[i]);
    assert_int_equal(sp_vectors_search(&vectors, &scratch, query, 0, found), 0);
    assert_null(sp_vectors_at(&vectors, 40));
    assert_memory_equal(sp_vectors_at(&vectors, 17), same[17], DIMENSION);
    sp_vectors_scratch_free(&scratch);
    free(bytes);
    sp_buffer_free(&buffer);
}

static void
building_twice_gives_the_same_bytes_and_nothing_is_fine(void **state)
{
    (void)state;
    struct section one, two, none;
    make_section(&one, 4000);
    make_section(&two, 4000);
    make_section(&none, 0);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.bytes, two.bytes, one.size);
    struct sp_vectors_scratch scratch = { 0 };
    assert_int_equal(sp_vectors_scratch_init(&scratch, NULL), 0);
    struct sp_neighbour found[K];
    int8_t query[DIMENSION] = { 1 };
    assert_int_equal(sp_vectors_search(&none.vectors, &scratch, query, K, found), 0);
    sp_vectors_scratch_free(&scratch);
    free_section(&one);
    free_section(&two);
    free_section(&none);
}

static void
damaged_sections_are_refused_or_harmless(void **state)
{
    (void)state;
    struct section section;
    make_section(&section, 4000);
    struct sp_vectors vectors;
    struct sp_vectors_scratch scratch = { 0 };
    struct sp_error err;
    assert_int_equal(sp_vectors_scratch_init(&scratch, NULL), 0);
    assert_int_equal(sp_vectors_open(&vectors, section.bytes, 63, &err), -1);
    assert_int_equal(sp_vectors_open(&vectors, section.bytes, section.size - 1, &err), -1);
    assert_int_equal(sp_vectors_open(&vectors, section.bytes + 64, section.size - 64, &err), -1);
    unsigned char *whole = aligned_copy(section.bytes, section.size);
    uint64_t seed = 3;
    struct sp_neighbour found[K];
    for (int trial = 0; trial < 400; trial++) {
        memcpy(section.bytes, whole, section.size);
        size_t from = trial % 4 == 0 ? 8 + next_random(&seed) % 56 : 64 + 4000 * 64;
        size_t damage = trial % 4 == 0 ? 1 + next_random(&seed) % 4 : section.size - from;
        for (size_t i = from; i < from + damage && i < section.size; i++)
            if (trial % 4 < 2 || next_random(&seed) % 16 == 0)
                section.bytes[i] = trial % 4 == 1 ? 0xff : (unsigned char)next_random(&seed);
        int8_t query[DIMENSION];
        random_vector(&seed, NULL, 30, query);
        if (sp_vectors_open(&vectors, section.bytes, section.size, &err) == 0)
            for (uint32_t i = 0, n = sp_vectors_search(&vectors, &scratch, query, K, found); i < n; i++)
                assert_true(found[i].id < vectors.count);
    }
    sp_vectors_scratch_free(&scratch);
    free(whole);
    free_section(&section);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ngram_hashes_are_those_of_fasttext),
        cmocka_unit_test(names_of_one_purpose_are_nearer_than_others),
        cmocka_unit_test(vectors_have_length_127_and_follow_the_float_ones),
        cmocka_unit_test(delimiters_alone_or_nothing_have_no_vector),
        cmocka_unit_test(a_name_longer_than_any_registry_allows_is_read_to_its_limit),
        cmocka_unit_test(damaged_embeddings_are_refused_or_harmless),
        cmocka_unit_test(search_finds_what_the_exact_scan_finds),
        cmocka_unit_test(portable_and_fast_code_agree),
        cmocka_unit_test(equal_products_are_ordered_by_id),
        cmocka_unit_test(building_twice_gives_the_same_bytes_and_nothing_is_fine),
        cmocka_unit_test(damaged_sections_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, open_shipped, close_shipped);
}
