/* What metadata say about two packages: every signal where it is seen, where it is not, and where nobody can
 * know; and what strangers may write into a record. */
#include "small_index.h"

#include "base/utf8.h"
#include "metadata/owners.h"
#include "metadata/texts.h"
#include "signal_cases_facts.h"
#include "signal_cases_words.h"

#include <math.h>

static struct {
    struct small_index index;
    struct sp_owner_list *owners;
    struct sp_weights weights;
    struct sp_embedding embedding;
    struct sp_mapping mapping;
} world;

static struct sp_signal_scene
make_scene(const struct sp_record *name, const struct sp_record *target, const struct sp_match *match)
{
    return (struct sp_signal_scene){ name,         target,         match,    &world.embedding,
                                     world.owners, &world.weights, SCENE_NOW };
}

/* ---- the table */

static void
table_of_signals_is_in_order(void **state SP_UNUSED)
{
    for (int i = 0; i < SP_SIGNAL_COUNT; i++) {
        const struct sp_signal *signal = sp_signals[i];
        assert_int_equal(signal->id, i);
        assert_true(*signal->name && *signal->title && *signal->definition && *signal->source);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(signal->name, sp_signals[k]->name);
    }
}

static void
twelve_signals_have_a_counterpart(void **state SP_UNUSED)
{
    static const char *const columns[] = {
        "obvious_not_typosquat",
        "is_adversarial_name",
        "is_fork",
        "has_distinct_purpose",
        "is_test",
        "is_known_maintainer",
        "no_readme",
        "has_suspicious_intent",
        "is_relocated_package",
        "overlapped_maintainers",
        "comprehensive_metadata",
        "active_development",
    };
    unsigned all = 0;
    for (size_t c = 0; c < SP_COUNT(columns); c++) {
        unsigned found = 0;
        for (int i = 0; i < SP_SIGNAL_COUNT; i++)
            found += sp_signals[i]->counterpart && !strcmp(sp_signals[i]->counterpart, columns[c]);
        if (found != 1)
            fail_msg("%s is the counterpart of %u signals", columns[c], found);
    }
    for (int i = 0; i < SP_SIGNAL_COUNT; i++)
        all += sp_signals[i]->counterpart != NULL;
    assert_int_equal(all, SP_COUNT(columns));
}

static void
documentation_is_of_this_table(void **state SP_UNUSED)
{
    const char *folder = getenv("SALLYPORT_DOCS_DIR");
    char path[512], row[2048], counterpart[64];
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    snprintf(path, sizeof(path), "%s/signals.md", folder && *folder ? folder : "docs");
    if (sp_file_read(path, 1 << 20, &text, &err) < 0)
        fail_msg("%s", err.text);
    for (int i = 0; i < SP_SIGNAL_COUNT; i++) {
        const struct sp_signal *signal = sp_signals[i];
        snprintf(counterpart, sizeof(counterpart), signal->counterpart ? "`%s`" : "%s",
                 signal->counterpart ? signal->counterpart : "–");
        snprintf(row, sizeof(row), "| `%s` | %s | %s | %s | %s | %s |\n", signal->name, signal->title,
                 signal->definition, signal->source, counterpart,
                 signal->lean == SP_LEANS_BENIGN ? "benign" : "attack");
        if (!strstr(text.bytes, row))
            fail_msg("%s: has no row %s", path, row);
    }
}

/* ---- the signals */

static const char *const state_names[] = { "unknown", "no", "yes" };

static void
assert_printable(const struct sp_signal_seen *seen, const char *where)
{
    size_t length = strlen(seen->evidence), size;
    for (size_t at = 0; at < length; at += size) {
        uint32_t point = sp_utf8_decode(seen->evidence + at, length - at, &size);
        if (point == SP_UTF8_INVALID || !sp_utf8_is_printable(point))
            fail_msg("%s: evidence that cannot be printed: %s", where, seen->evidence);
    }
}

static unsigned
try_case(const struct signal_case *test)
{
    sp_autorecord struct sp_record *name = tell(&test->name);
    sp_autorecord struct sp_record *target = tell(&test->target);
    struct sp_match match = { .target = test->target.name,
                              .distance = (uint8_t)(test->distance < 0 ? 0 : test->distance),
                              .categories = test->categories };
    struct sp_signal_scene scene = make_scene(name, target, test->distance < 0 ? NULL : &match);
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    sp_signals_read(&scene, seen);
    const struct sp_signal_seen *got = &seen[test->id];
    const char *signal = sp_signals[test->id]->name;
    for (int i = 0; i < SP_SIGNAL_COUNT; i++)
        assert_printable(&seen[i], test->story);
    bool says = !test->says || strstr(got->evidence, test->says);
    bool silent = got->state != SP_SIGNAL_UNKNOWN || (isnan(got->value) && !*got->evidence);
    if (got->state == test->state && says && silent && (got->state != SP_SIGNAL_YES || *got->evidence))
        return 0;
    print_message("%s: %s: %s (value %.3f, \"%s\"), expected %s%s%s\n", signal, test->story,
                  state_names[got->state], got->value, got->evidence, state_names[test->state],
                  test->says ? ", saying " : "", test->says ? test->says : "");
    return 1;
}

static void
signals_see_what_people_see(void **state SP_UNUSED)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < SP_COUNT(word_cases); i++)
        wrong += try_case(&word_cases[i]);
    for (size_t i = 0; i < SP_COUNT(fact_cases); i++)
        wrong += try_case(&fact_cases[i]);
    assert_int_equal(wrong, 0);
}

static unsigned
states_of(const struct signal_case *cases, size_t count, int id)
{
    unsigned states = 0;
    for (size_t i = 0; i < count; i++)
        if (cases[i].id == (enum sp_signal_id)id)
            states |= 1u << cases[i].state;
    return states;
}

static void
every_signal_is_seen_in_every_state(void **state SP_UNUSED)
{
    for (int id = 0; id < SP_SIGNAL_COUNT; id++) {
        unsigned states =
            states_of(word_cases, SP_COUNT(word_cases), id) | states_of(fact_cases, SP_COUNT(fact_cases), id);
        /* its definition says that it is always unknown */
        unsigned expected = id == SP_SIGNAL_NEW_ACCOUNT ? 1u << UNKNOWN : 7;
        if (states != expected)
            fail_msg("%s: the table has cases of states %x only", sp_signals[id]->name, states);
    }
}

static void
nothing_known_is_nothing_said(void **state SP_UNUSED)
{
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    struct sp_signal_scene scene = { .now = SCENE_NOW };
    sp_signals_read(&scene, seen);
    for (int i = 0; i < SP_SIGNAL_COUNT; i++)
        if (seen[i].state != SP_SIGNAL_UNKNOWN || !isnan(seen[i].value) || *seen[i].evidence)
            fail_msg("%s knows something of nothing", sp_signals[i]->name);
}

/* ---- strangers */

static char *
repeated(const char *what, size_t size)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    size_t length = strlen(what);
    for (size_t i = 0; i < size; i++)
        text[i] = what[i % length];
    text[size] = '\0';
    return text;
}

static void
whatever_strangers_write_is_read_and_printable(void **state SP_UNUSED)
{
    static const char *const patterns[] = {
        "x",
        " ",
        "\x1b[31mred\x07 ",
        "![",
        "[![",
        "](",
        "<",
        "<a",
        "<!--",
        "```\n",
        "# licence\n",
        "'",
        "\xe2\x80\xae",
        "http://",
        "\xe4\xb8\xad\xe6\x96\x87",
        "a\n",
        "fork of ",
        "\xff\xfe",
        "`'\"()[]<>",
        "\n",
        "fork of fork of lodash ",
        "99999999999999999999.",
    };
    for (size_t i = 0; i < SP_COUNT(patterns); i++) {
        sp_autofree char *large = repeated(patterns[i], 256 << 10);
        sp_autofree char *text = repeated(patterns[i], 8000);
        sp_autofree char *word = repeated(patterns[i], 200);
        struct told strange = { .name = word,
                                .description = text,
                                .readme = large,
                                .licence = text,
                                .owner = text,
                                .repository = text,
                                .homepage = text,
                                .deprecated = text,
                                .relocated = text,
                                .accounts = word,
                                .releases = word,
                                .dependencies = word,
                                .hooks = word,
                                .created = word,
                                .namespace_ = word };
        sp_autorecord struct sp_record *name = tell(&strange);
        sp_autorecord struct sp_record *target = tell(&strange);
        struct sp_match match = { .target = word, .distance = 255, .categories = ~0u >> 13 };
        struct sp_signal_scene scene = make_scene(name, target, &match);
        struct sp_signal_seen seen[SP_SIGNAL_COUNT];
        sp_signals_read(&scene, seen);
        for (int k = 0; k < SP_SIGNAL_COUNT; k++)
            assert_printable(&seen[k], sp_signals[k]->name);
    }
}

static void
thousands_of_accounts_are_compared_in_bounded_time(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer accounts = { 0 };
    for (int i = 0; i < 1000; i++)
        sp_buffer_printf(&accounts, NULL, "account%d ", i);
    struct told crowd = { .name = "crowd", .accounts = sp_buffer_string(&accounts) };
    sp_autorecord struct sp_record *name = tell(&crowd);
    sp_autorecord struct sp_record *target = tell(&crowd);
    struct sp_signal_scene scene = make_scene(name, target, NULL);
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    sp_signals_read(&scene, seen);
    assert_int_equal(seen[SP_SIGNAL_OVERLAPPING_MAINTAINERS].state, SP_SIGNAL_YES);
    assert_true(seen[SP_SIGNAL_OVERLAPPING_MAINTAINERS].value >= 100);
}

/* ---- texts */

static void
prose_is_what_a_person_would_read_aloud(void **state SP_UNUSED)
{
    static const struct {
        const char *text, *prose;
    } cases[] = {
        { NULL, "" },
        { "", "" },
        { "Hello,  World!", "hello world" },
        { "Don't use 'it'", "dont use it" },
        { "[![build](https://img.example/b.svg)](https://ci.example/b) Sorts", "sorts" },
        { "See [the docs](https://docs.example/a) and https://example.org/b?c.", "see the docs and" },
        { "<p align=\"center\"><b>Bold</b> words</p>", "bold words" },
        { "Use a < b here", "use a b here" },
        { "before\n```js\nconst code = 1;\n```\nafter", "before after" },
        { "~~~\nnever closed\n", "" },
        { "# Sorter\nSorts.\n## License\nMIT (c) Jane\n## Usage\nCall it.", "sorter sorts usage call it" },
        { "Sorts.\n\nPermission is hereby granted, free of charge,\nto any person\n\nThanks.",
          "sorts thanks" },
        { "\x1b[31mred\x1b[0m", "31mred 0m" },
        { "\xe4\xb8\xad\xe6\x96\x87 text", "\xe4\xb8\xad \xe6\x96\x87 text" },
        { "caf\xc3\xa9 ol\xc3\xa9", "caf\xc3\xa9 ol\xc3\xa9" },
        { "![an image](no end", "no end" },
        { "[a link](no end", "a link no end" },
    };
    static struct sp_prose prose;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_prose_read(&prose, cases[i].text);
        if (strcmp(prose.text, cases[i].prose) != 0)
            fail_msg("'%s' reads '%s', expected '%s'", cases[i].text, prose.text, cases[i].prose);
    }
}

static void
phrases_are_found_across_delimiters(void **state SP_UNUSED)
{
    static const struct {
        const char *text, *phrase;
        bool says;
    } cases[] = {
        { "A Proof-of-Concept.", "proof of concept", true },
        { "waterproof of concepts", "proof of concept", false },
        { "proof of", "proof of concept", false },
        { "uses @babel/core inside", "@babel/core", true },
        { "uses babel alone", "@babel/core", false },
        { "anything", "", false },
        { "", "fork", false },
    };
    static struct sp_prose prose;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_prose_read(&prose, cases[i].text);
        if (sp_prose_says(&prose, cases[i].phrase) != cases[i].says)
            fail_msg("'%s' and '%s'", cases[i].text, cases[i].phrase);
    }
}

static void
a_name_must_follow_its_phrase_closely(void **state SP_UNUSED)
{
    static const char *const phrases[] = { "fork of", NULL };
    static const struct {
        const char *text;
        bool says;
    } cases[] = {
        { "a fork of left-pad", true },
        { "a fork of the popular left-pad", true },
        { "a fork of something else, which was inspired by left-pad", false },
        { "left-pad is no fork of anything", false },
        { "fork of right-pad; fork of left-pad", true },
        { "a fork of left", false },
    };
    static struct sp_prose prose;
    struct sp_phrase name;
    sp_phrase_read(&name, "left-pad");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_prose_read(&prose, cases[i].text);
        if ((sp_prose_says_of(&prose, phrases, &name) != NULL) != cases[i].says)
            fail_msg("'%s'", cases[i].text);
    }
}

static void
likeness_is_the_share_of_common_runs(void **state SP_UNUSED)
{
    /* five words are three runs; each case says how many of the union are common */
    static const struct {
        const char *name, *target;
        double expected; /* NaN: too short */
    } cases[] = {
        { "one two three four five", "one two three four five", 1 },
        { "One, TWO: three-four five", "one two three four five", 1 },
        { "one two three four six", "one two three four five", 2 / 4. },
        { "six two three four seven", "one two three four five", 1 / 5. },
        { "red green blue white black", "one two three four five", 0 },
        { "one two three", "one two three", NAN },
        { "sorts loadsh by one two", "sorts lodash by one two", 1 },
    };
    static struct sp_scene_texts texts;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autorecord struct sp_record *name = tell(&(struct told){ "loadsh", .description = cases[i].name });
        sp_autorecord struct sp_record *target =
            tell(&(struct told){ "lodash", .description = cases[i].target });
        struct sp_signal_scene scene = make_scene(name, target, NULL);
        sp_scene_texts_read(&texts, &scene);
        double got = texts.description_likeness, expected = cases[i].expected;
        if (isnan(got) != isnan(expected) || fabs(got - expected) > 1e-9)
            fail_msg("'%s' and '%s': %.3f, expected %.3f", cases[i].name, cases[i].target, got, expected);
    }
}

static void
a_copied_readme_is_known_by_a_part_of_it(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer original = { 0 }, copy = { 0 };
    for (int i = 0; i < 600; i++)
        sp_buffer_printf(&original, NULL, "word%d ", i * 7919 % 911);
    sp_buffer_printf(&copy, NULL, "a few words of its own %s", sp_buffer_string(&original));
    static struct sp_scene_texts texts;
    sp_autorecord struct sp_record *name =
        tell(&(struct told){ "loadsh", .readme = sp_buffer_string(&copy) });
    sp_autorecord struct sp_record *target =
        tell(&(struct told){ "lodash", .readme = sp_buffer_string(&original) });
    struct sp_signal_scene scene = make_scene(name, target, NULL);
    sp_scene_texts_read(&texts, &scene);
    assert_true(texts.readme_likeness > 0.95 && texts.readme_likeness < 1);
}

static void
a_description_says_more_than_a_readme(void **state SP_UNUSED)
{
    static const char parser[] = "parse html documents selectors",
                      chess[] = "chess boards pieces tournaments", quiet[] = "silence between four walls";
    static struct sp_scene_texts texts;
    double by_description = 0, by_readme = 0;
    for (int i = 0; i < 2; i++) {
        sp_autorecord struct sp_record *name =
            tell(&(struct told){ "loadsh", .description = parser, .readme = chess });
        sp_autorecord struct sp_record *target =
            tell(&(struct told){ "lodash", .description = i ? quiet : parser, .readme = i ? chess : quiet });
        struct sp_signal_scene scene = make_scene(name, target, NULL);
        scene.weights = NULL;
        sp_scene_texts_read(&texts, &scene);
        *(i ? &by_readme : &by_description) = texts.tfidf;
    }
    if (!(by_description > by_readme && by_readme > 0))
        fail_msg("%.3f by the description, %.3f by the readme", by_description, by_readme);
}

static void
names_say_nothing_of_a_purpose(void **state SP_UNUSED)
{
    static struct sp_scene_texts texts;
    sp_autorecord struct sp_record *name =
        tell(&(struct told){ "left-pad2", .description = "left-pad2 lodash chess boards pieces" });
    sp_autorecord struct sp_record *target =
        tell(&(struct told){ "lodash", .description = "left-pad2 lodash parse html documents" });
    struct sp_signal_scene scene = make_scene(name, target, NULL);
    sp_scene_texts_read(&texts, &scene);
    assert_true(texts.tfidf == 0);
}

static void
rare_words_weigh_more(void **state SP_UNUSED)
{
    assert_true(sp_word_weight(NULL, "react", 5) == 1);
    double common = sp_word_weight(&world.weights, "react", 5);
    double rare = sp_word_weight(&world.weights, "zyxel", 5);
    double never = sp_word_weight(&world.weights, "qqxzzyq", 7);
    if (!(common < rare && rare < never && common > 0))
        fail_msg("react %.2f, zyxel %.2f, qqxzzyq %.2f", common, rare, never);
}

/* ---- owners */

static void
owners_are_known_by_their_trusted_packages(void **state SP_UNUSED)
{
    static const struct {
        const char *owner;
        enum sp_ecosystem_id ecosystem;
        bool known;
        uint32_t packages;
    } cases[] = {
        { "@babel", SP_NPM, true, 3 },   { "Babel", SP_NPM, true, 3 }, { "@babel", SP_PYPI, false, 0 },
        { "@lonely", SP_NPM, false, 0 }, { "jane", SP_NPM, true, 0 },  { "jane", SP_PYPI, false, 0 },
        { "@", SP_NPM, false, 0 },       { "", SP_NPM, false, 0 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint32_t packages = 99;
        bool known = sp_owner_known(world.owners, cases[i].ecosystem, cases[i].owner, &packages);
        if (known != cases[i].known || packages != cases[i].packages)
            fail_msg("%s: %d, %u packages", cases[i].owner, known, packages);
    }
    assert_false(sp_owner_vouched(world.owners, SP_NPM, "babel"));
    sp_autofree char *endless = repeated("x", 5000);
    struct sp_error err;
    assert_int_equal(sp_owner_list_add(world.owners, SP_NPM, endless, &err), -1);
    uint32_t packages;
    assert_false(sp_owner_known(world.owners, SP_NPM, endless, &packages));
}

static int
begin(void **state SP_UNUSED)
{
    static const char *const npm[] = { "lodash",        "core",        "@babel/core", "@babel/cli",
                                       "@babel/parser", "@lonely/one", NULL };
    struct sp_error err = { 0 };
    small_begin(&world.index);
    small_trust(&world.index, "npm", npm);
    small_take_words(&world.index);
    small_build(&world.index);
    assert_int_equal(sp_owner_list_new(&world.owners, world.index.index, &err), 0);
    assert_int_equal(sp_owner_list_add(world.owners, SP_NPM, "jane", &err), 0);
    sp_weights_of_index(&world.weights, world.index.index);
    const char *folder = getenv("SALLYPORT_DATA_DIR");
    char path[512];
    snprintf(path, sizeof(path), "%s/embedding.bin", folder && *folder ? folder : "data");
    if (sp_file_map(&world.mapping, path, (size_t)1 << 28, &err) < 0 ||
        sp_embedding_open(&world.embedding, world.mapping.bytes, world.mapping.size, &err) < 0)
        fail_msg("%s", err.text);
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    sp_owner_list_free(world.owners);
    sp_mapping_free(&world.mapping);
    small_end(&world.index);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_signals_is_in_order),
        cmocka_unit_test(twelve_signals_have_a_counterpart),
        cmocka_unit_test(documentation_is_of_this_table),
        cmocka_unit_test(signals_see_what_people_see),
        cmocka_unit_test(every_signal_is_seen_in_every_state),
        cmocka_unit_test(nothing_known_is_nothing_said),
        cmocka_unit_test(whatever_strangers_write_is_read_and_printable),
        cmocka_unit_test(thousands_of_accounts_are_compared_in_bounded_time),
        cmocka_unit_test(prose_is_what_a_person_would_read_aloud),
        cmocka_unit_test(phrases_are_found_across_delimiters),
        cmocka_unit_test(a_name_must_follow_its_phrase_closely),
        cmocka_unit_test(likeness_is_the_share_of_common_runs),
        cmocka_unit_test(a_copied_readme_is_known_by_a_part_of_it),
        cmocka_unit_test(a_description_says_more_than_a_readme),
        cmocka_unit_test(names_say_nothing_of_a_purpose),
        cmocka_unit_test(rare_words_weigh_more),
        cmocka_unit_test(owners_are_known_by_their_trusted_packages),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
