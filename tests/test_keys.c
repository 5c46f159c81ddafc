/* What names are looked up by: words, keys, lookalikes, distances, the deletion neighbourhood. */
#include "name/edits.h"
#include "name/keys.h"
#include "name/osa.h"
#include "name/tokens.h"
#include "small_index.h"
#include "name/layout.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static struct small_index small;

static int
build_words(void **state SP_UNUSED)
{
    static const char *const npm[] = { "lodash", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small.recipe.spelling = small_write(&small, "spelling.tsv",
                                        "a\tb\tkind\n"
                                        "colour\tcolor\tbritish\n"
                                        "two\t2\tnumber\n"
                                        "javascript\tjs\tabbreviation\n"
                                        "ecmascript\tjavascript\tabbreviation\n"
                                        "index\tindices\tplural\n"
                                        "index\tindexes\tplural\n"
                                        "byte\tbite\thomophone\n"
                                        "write\tright\thomophone\n"
                                        "right\trite\thomophone\n");
    small.recipe.affixes =
        small_write(&small, "affixes.tsv", "token\tclass\npython\tlanguage\njs\tlanguage\nutils\tgeneric\n");
    small.recipe.vocabulary = small_write(&small, "vocabulary.tsv", "token\tdf\nlodash\t3\nutils\t5000\n");
    small.recipe.families = small_write(&small, "families.tsv",
                                        "ecosystem\tpattern\tposition\tmembers\tkind\n"
                                        "npm\teslint-\tprefix\t900\tplugin\n"
                                        "npm\teslint-plugin-\tprefix\t700\tplugin\n"
                                        "npm\tmy-\tprefix\t9000\tword\n"
                                        "npm\t-loader\tsuffix\t300\tplugin\n");
    small_build(&small);
    return 0;
}

static int
drop_words(void **state SP_UNUSED)
{
    small_end(&small);
    return 0;
}

/* --- Random names, the same at every run ---------------------------------------------------------------- */

static uint64_t random_state = 0x5a11f00d;

static uint32_t
random_below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % bound;
}

/* Few letters, so that near and doubled ones are common. */
static size_t
random_name(char *out, size_t least, size_t most, const char *letters)
{
    size_t length = least + random_below((uint32_t)(most - least + 1));
    for (size_t i = 0; i < length; i++)
        out[i] = letters[random_below((uint32_t)strlen(letters))];
    return length;
}

/* One random edit of the kinds that the distance counts; at AT, or anywhere with SIZE_MAX. */
static size_t
edit(char *name, size_t length, const char *letters, size_t at)
{
    char letter = letters[random_below((uint32_t)strlen(letters))];
    size_t i = at < length ? at : random_below((uint32_t)length);
    switch (random_below(4)) {
    case 0:
        name[i] = letter;
        return length;
    case 1:
        memmove(name + i + 1, name + i, length - i);
        name[i] = letter;
        return length + 1;
    case 2:
        if (length < 2)
            return length;
        memmove(name + i, name + i + 1, length - i - 1);
        return length - 1;
    default:
        if (i + 1 < length) {
            char swapped = name[i];
            name[i] = name[i + 1];
            name[i + 1] = swapped;
        }
        return length;
    }
}

/* Optimal string alignment as the textbook writes it. */
static unsigned
plain_osa(const char *a, size_t m, const char *b, size_t n)
{
    static uint16_t d[201][201];
    assert_true(m <= 200 && n <= 200);
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            if (!i || !j) {
                d[i][j] = (uint16_t)(i + j);
                continue;
            }
            unsigned least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1u < least)
                least = d[i - 1][j] + 1u;
            if (d[i][j - 1] + 1u < least)
                least = d[i][j - 1] + 1u;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1u < least)
                least = d[i - 2][j - 2] + 1u;
            d[i][j] = (uint16_t)least;
        }
    return d[m][n];
}

/* --- Tokens and words ----------------------------------------------------------------------------------- */

static void
tokens_are_the_words_between_delimiters(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *words;
    } cases[] = {
        { "lodash", "lodash" },
        { "body-parser", "body|parser" },
        { "@babel/plugin-transform_x.y", "babel|plugin|transform|x|y" },
        { "org.slf4j:slf4j-api", "org|slf4j|slf4j|api" },
        { "--a--b--", "a|b" },
        { "", "" },
        { "-./:@+~ _", "" },
        { "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r", "a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p-q-r" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_tokens tokens;
        char joined[256] = "";
        sp_tokenise(cases[i].name, strlen(cases[i].name), &tokens);
        for (unsigned t = 0; t < tokens.count; t++)
            snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%.*s", t ? "|" : "",
                     (int)tokens.at[t].length, cases[i].name + tokens.at[t].start);
        if (strcmp(joined, cases[i].words) != 0)
            fail_msg("'%s': words %s, expected %s", cases[i].name, joined, cases[i].words);
    }
}

static void
words_know_their_other_spellings(void **state SP_UNUSED)
{
    static const struct {
        enum sp_word_relation relation;
        const char *a, *b;
        bool same;
    } cases[] = {
        { SP_WORD_BRITISH, "colour", "color", true },       { SP_WORD_NUMBER, "two", "2", true },
        { SP_WORD_ABBREVIATION, "js", "ecmascript", true }, /* by way of javascript */
        { SP_WORD_PLURAL, "indices", "indexes", true },     { SP_WORD_HOMOPHONE, "write", "rite", true },
        { SP_WORD_HOMOPHONE, "write", "byte", false },      { SP_WORD_BRITISH, "two", "2", false },
        { SP_WORD_PLURAL, "index", "color", false },
    };
    const struct sp_words *words = &small.index->words;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint32_t a = sp_word_class(words, cases[i].relation, cases[i].a, strlen(cases[i].a));
        uint32_t b = sp_word_class(words, cases[i].relation, cases[i].b, strlen(cases[i].b));
        if ((a && a == b) != cases[i].same)
            fail_msg("%s and %s: classes %u and %u", cases[i].a, cases[i].b, a, b);
    }
    assert_int_equal(sp_word_frequency(words, TEXT("utils")), 5000);
    assert_int_equal(sp_word_frequency(words, TEXT("nobody")), 0);
    assert_int_equal(sp_word_affix(words, TEXT("python")), SP_AFFIX_LANGUAGE);
    assert_int_equal(sp_word_affix(words, TEXT("utils")), SP_AFFIX_GENERIC);
    assert_int_equal(sp_word_affix(words, TEXT("lodash")), SP_AFFIX_NONE);
}

static void
families_are_found_by_the_longest_prefix(void **state SP_UNUSED)
{
    static const struct {
        const char *name;
        enum sp_ecosystem_id ecosystem;
        uint32_t members;
        size_t prefix;
    } cases[] = {
        { "eslint-plugin-react", SP_NPM, 700, 14 },
        { "eslint-config", SP_NPM, 900, 7 },
        { "sass-loader", SP_NPM, 300, 0 },
        { "my-thing", SP_NPM, 0, 0 }, /* anyone may say "my" */
        { "eslint", SP_NPM, 0, 0 },
        { "eslint-plugin-react", SP_PYPI, 0, 0 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        size_t prefix;
        uint32_t members = sp_word_family(&small.index->words, cases[i].ecosystem, cases[i].name,
                                          strlen(cases[i].name), &prefix);
        if (members != cases[i].members || prefix != cases[i].prefix)
            fail_msg("%s: %u members, prefix of %zu; expected %u, %zu", cases[i].name, members, prefix,
                     cases[i].members, cases[i].prefix);
    }
}

static void
stems_join_the_forms_of_a_word(void **state SP_UNUSED)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        { "parser", "parsers", true },   { "parse", "parser", true },
        { "parsing", "parser", true },   { "map", "mapper", true },
        { "mapping", "mappers", true },  { "library", "libraries", true },
        { "box", "boxes", true },        { "serialize", "serializer", true },
        { "request", "requests", true }, { "installation", "install", true },
        { "class", "clas", false },      { "express", "expres", false },
        { "lodash", "loadash", false },  { "status", "stat", false },
        { "redis", "red", false },       { "react", "reactor", true },
        { "go", "gos", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const char *a = cases[i].a, *b = cases[i].b;
        size_t m = sp_word_stem(a, strlen(a)), n = sp_word_stem(b, strlen(b));
        if ((m == n && memcmp(a, b, m) == 0) != cases[i].same)
            fail_msg("%s and %s: stems %.*s and %.*s", a, b, (int)m, a, (int)n, b);
        assert_true(m >= 1 && m <= strlen(a) && n >= 1 && n <= strlen(b));
    }
}

static void
sounds_join_what_is_said_alike(void **state SP_UNUSED)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        { "request", "rekwest", true }, { "unique", "uneek", true },  { "phone", "fone", true },
        { "color", "kolor", true },     { "flask", "phlask", true },  { "cipher", "sypher", true },
        { "knight", "nite", true },     { "django", "jango", false }, { "shell", "schell", false },
        { "check", "chek", true },      { "wave", "waive", true },    { "axios", "aksios", true },
        { "lodash", "lodax", false },   { "react", "preact", false }, { "zip", "sip", true },
        { "numpy", "numpie", true },    { "psych", "sych", true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char a[16], b[16];
        size_t m = sp_word_sound(cases[i].a, strlen(cases[i].a), a);
        size_t n = sp_word_sound(cases[i].b, strlen(cases[i].b), b);
        if ((m == n && memcmp(a, b, m) == 0) != cases[i].same)
            fail_msg("%s and %s: sounds %.*s and %.*s", cases[i].a, cases[i].b, (int)m, a, (int)n, b);
    }
    /* never beyond its room */
    char out[16], text[600];
    memset(text, 'k', sizeof(text));
    for (size_t i = 0; i < sizeof(text); i += 2)
        text[i] = 'x';
    assert_true(sp_word_sound(text, sizeof(text), out) <= sizeof(out));
}

/* --- Keys ----------------------------------------------------------------------------------------------- */

static uint32_t
equal_kinds(const char *a, const char *b)
{
    struct sp_keys keys[2];
    sp_keys_of(&small.index->words, a, strlen(a), &keys[0]);
    sp_keys_of(&small.index->words, b, strlen(b), &keys[1]);
    uint32_t equal = 0;
    for (unsigned i = 0; i < keys[0].count; i++)
        for (unsigned j = 0; j < keys[1].count; j++)
            if (keys[0].at[i].kind == keys[1].at[j].kind && keys[0].at[i].hash == keys[1].at[j].hash)
                equal |= 1u << keys[0].at[i].kind;
    return equal;
}

static void
keys_are_equal_after_their_transformation_alone(void **state SP_UNUSED)
{
    static const struct {
        enum sp_key_kind kind;
        const char *a, *b;
        bool same;
    } cases[] = {
        { SP_KEY_EXACT, "body-parser", "body-parser", true },
        { SP_KEY_EXACT, "body-parser", "body_parser", false },
        { SP_KEY_DELIMITERS, "body-parser", "bodyparser", true },
        { SP_KEY_DELIMITERS, "socket.io", "socket-io", true },
        { SP_KEY_DELIMITERS, "body-parser", "parser-body", false },
        { SP_KEY_TOKENS, "nmap-python", "python-nmap", true },
        { SP_KEY_TOKENS, "a-b-c", "c-a-b", true },
        { SP_KEY_TOKENS, "ab-c", "a-bc", false },
        { SP_KEY_TOKENS, "a-a-b", "a-b-b", false },
        { SP_KEY_LOOKALIKE, "lodash", "1odash", true },
        { SP_KEY_LOOKALIKE, "modernizr", "rnodernizr", true },
        { SP_KEY_LOOKALIKE, "webpack", "vvebpack", true },
        { SP_KEY_LOOKALIKE, "django", "cljango", true },
        { SP_KEY_LOOKALIKE, "lodash", "ladash", false },
        { SP_KEY_PHONETIC, "phone-book", "fone-book", true },
        { SP_KEY_PHONETIC, "byte-size", "bite-size", true },
        { SP_KEY_PHONETIC, "mysql", "redis", false },
        { SP_KEY_STEM, "request-parsers", "request-parser", true },
        { SP_KEY_STEM, "lodash-js", "lodash", true },
        { SP_KEY_STEM, "pyyaml", "yaml", true },
        { SP_KEY_STEM, "python-nmap", "nmap", true },
        { SP_KEY_STEM, "lodash", "underscore", false },
        { SP_KEY_SPELLING, "colour-convert", "color-convert", true },
        { SP_KEY_SPELLING, "web-two", "web-2", true },
        { SP_KEY_SPELLING, "types-js", "types-ecmascript", true },
        { SP_KEY_SPELLING, "colour-convert", "colour-string", false },
        { SP_KEY_DROPPED, "body-parser-json", "body-parser-xml", true },
        { SP_KEY_DROPPED, "body-parser", "cookie-session", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        bool same = equal_kinds(cases[i].a, cases[i].b) >> cases[i].kind & 1;
        if (same != cases[i].same)
            fail_msg("%s and %s: key %d is %s", cases[i].a, cases[i].b, cases[i].kind,
                     same ? "equal" : "not equal");
    }
}

static void
keys_of_short_names_do_not_join_everything(void **state SP_UNUSED)
{
    assert_int_equal(equal_kinds("q", "g") & 1u << SP_KEY_LOOKALIKE, 0);
    assert_int_equal(equal_kinds("co", "ca") & 1u << SP_KEY_PHONETIC, 0);
    assert_int_equal(equal_kinds("a-b", "a-c") & 1u << SP_KEY_DROPPED, 0);
    assert_int_equal(equal_kinds("---", "...") & ~(1u << SP_KEY_TOKENS), 0);
}

static void
keys_of_any_bytes_stay_in_bounds(void **state SP_UNUSED)
{
    char name[SP_NAME_MAX];
    for (int round = 0; round < 2000; round++) {
        size_t length = 1 + random_below(SP_NAME_MAX);
        for (size_t i = 0; i < length; i++)
            name[i] = round % 2 ? "a-.rncl05x"[random_below(10)] : (char)random_below(256);
        struct sp_keys keys;
        sp_keys_of(&small.index->words, name, length, &keys);
        assert_true(keys.count >= 1 && keys.count <= SP_KEYS_MAX);
    }
}

/* --- Lookalikes ----------------------------------------------------------------------------------------- */

static void
skeletons_show_what_a_name_looks_like(void **state SP_UNUSED)
{
    static const struct {
        const char *story, *name, *looks;
    } cases[] = {
        { "ASCII is only lowered", "JSONStream", "jsonstream" },
        { "ASCII digits stay", "l0dash1", "l0dash1" },
        { "Cyrillic a", "lod\xd0\xb0sh", "lodash" },
        { "Cyrillic all over", "\xd0\xb0\xd1\x85\xd1\x96\xd0\xbe\xd1\x95", "axios" },
        { "Greek omicron",
          "l\xce\xbf"
          "dash",
          "lodash" },
        { "fullwidth", "\xef\xbd\x8c\xef\xbd\x8f", "lo" },
        { "mathematical bold",
          "\xf0\x9d\x90\xab"
          "eact",
          "react" },
    };
    struct sp_lookalike lookalike = { 0 };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char out[SP_NAME_MAX];
        size_t length = sp_skeleton(&lookalike, cases[i].name, strlen(cases[i].name), out, sizeof(out));
        if (length != strlen(cases[i].looks) || memcmp(out, cases[i].looks, length) != 0)
            fail_msg("%s: '%s' looks like '%.*s', expected '%s'", cases[i].story, cases[i].name, (int)length,
                     out, cases[i].looks);
    }
    /* what grows when folded stays within its room */
    char wide[SP_NAME_MAX], out[SP_NAME_MAX];
    for (size_t i = 0; i + 3 <= sizeof(wide); i += 3)
        memcpy(wide + i, "\xef\xb7\xba", 3); /* U+FDFA: eighteen letters as one */
    assert_true(sp_skeleton(&lookalike, wide, 510, out, sizeof(out)) <= sizeof(out));
    assert_true(sp_skeleton(&lookalike, wide, 510, out, 1) <= 1);
    sp_lookalike_free(&lookalike);
}

static void
lookalikes_fold_to_one_form(void **state SP_UNUSED)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        { "modern", "modem", true },  { "vvebpack", "webpack", true }, { "cljango", "django", true },
        { "g00gle", "google", true }, { "l1b", "lib", true },          { "5asl", "sasl", true },
        { "a-b_c", "abc", true },     { "lodash", "lodesh", false },   { "m", "n", false },
        { "rrn", "rm", true },        { "vvv", "wv", true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char a[64], b[64];
        size_t m = sp_fold_lookalikes(cases[i].a, strlen(cases[i].a), a);
        size_t n = sp_fold_lookalikes(cases[i].b, strlen(cases[i].b), b);
        assert_true(m <= strlen(cases[i].a) && n <= strlen(cases[i].b));
        if ((m == n && memcmp(a, b, m) == 0) != cases[i].same)
            fail_msg("%s and %s: %.*s and %.*s", cases[i].a, cases[i].b, (int)m, a, (int)n, b);
    }
}

/* --- Distance and alignment ----------------------------------------------------------------------------- */

static void
distance_counts_what_a_typist_does(void **state SP_UNUSED)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } cases[] = {
        { "", "", 0 },
        { "a", "", 1 },
        { "lodash", "lodash", 0 },
        { "lodash", "loadash", 1 },
        { "lodash", "lodsh", 1 },
        { "lodash", "lodesh", 1 },
        { "lodash", "lodahs", 1 },
        { "lodash", "oldsah", 2 },
        { "ca", "abc", 3 }, /* restricted: not 2 */
        { "kitten", "sitting", 3 },
        { "ab", "ba", 1 },
        { "abcdef", "badcfe", 3 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        unsigned there = sp_osa(cases[i].a, strlen(cases[i].a), cases[i].b, strlen(cases[i].b));
        unsigned back = sp_osa(cases[i].b, strlen(cases[i].b), cases[i].a, strlen(cases[i].a));
        if (there != cases[i].distance || back != there)
            fail_msg("'%s' and '%s': %u and %u, expected %u", cases[i].a, cases[i].b, there, back,
                     cases[i].distance);
    }
}

static void
distance_in_bits_is_the_textbook_distance(void **state SP_UNUSED)
{
    static const char *const alphabets[] = { "ab", "abc-", "abcdefghijklmnopqrstuvwxyz0123456789-._" };
    for (int round = 0; round < 6000; round++) {
        const char *letters = alphabets[round % 3];
        char a[200], b[200];
        size_t most = round % 10 == 0 ? 180 : round % 10 == 1 ? 66 : 30;
        size_t m = random_name(a, 0, most, letters), n;
        if (round % 2) {
            n = random_name(b, 0, most, letters);
        } else {
            memcpy(b, a, m);
            n = m;
            for (unsigned edits = random_below(6); edits && n && n < 190; edits--)
                n = edit(b, n, letters, SIZE_MAX);
        }
        unsigned expected = plain_osa(a, m, b, n), found = sp_osa(a, m, b, n);
        if (found != expected)
            fail_msg("'%.*s' and '%.*s': %u, expected %u", (int)m, a, (int)n, b, found, expected);
        for (unsigned limit = 0; limit < 4; limit++) {
            unsigned within = sp_osa_within(a, m, b, n, limit);
            if (within != (expected > limit ? limit + 1 : expected))
                fail_msg("'%.*s' and '%.*s' within %u: %u, expected %u", (int)m, a, (int)n, b, limit, within,
                         expected);
        }
    }
}

static void
distance_of_the_longest_names(void **state SP_UNUSED)
{
    char a[SP_NAME_MAX], b[SP_NAME_MAX];
    memset(a, 'a', sizeof(a));
    memset(b, 'b', sizeof(b));
    assert_int_equal(sp_osa(a, sizeof(a), b, sizeof(b)), SP_NAME_MAX);
    assert_int_equal(sp_osa(a, sizeof(a), b, 64), SP_NAME_MAX);
    assert_int_equal(sp_osa(a, 65, b, 65), 65);
    b[0] = b[511] = 'c';
    memset(b + 1, 'a', 510);
    assert_int_equal(sp_osa(a, sizeof(a), b, sizeof(b)), 2);
}

static void
keyboard_neighbours_touch(void **state SP_UNUSED)
{
    static const char *const near[] = { "as", "qw", "qa", "gh", "nm", "po", "1q", "0-", "vb" };
    static const char *const far[] = { "qp",
                                       "az"
                                       "x",
                                       "aa", "am", "1z" };
    for (size_t i = 0; i < SP_COUNT(near); i++) {
        assert_true(sp_keys_adjacent(near[i][0], near[i][1]));
        assert_true(sp_keys_adjacent(near[i][1], near[i][0]));
    }
    assert_false(sp_keys_adjacent(far[0][0], far[0][1]));
    assert_false(sp_keys_adjacent('a', 'a'));
    assert_false(sp_keys_adjacent('a', 'm'));
    assert_false(sp_keys_adjacent('1', 'z'));
    assert_false(sp_keys_adjacent('\0', 'a'));
    assert_false(sp_keys_adjacent('a', '\0'));
    assert_false(sp_keys_adjacent(' ', 'q'));
}

/* Runs follow each other without a gap on both sides, equal where they say so, and rebuild both strings. */
static void
check_alignment(const char *a, size_t m, const char *b, size_t n)
{
    struct sp_edit edits[SP_EDITS_MAX];
    size_t count = sp_align(a, m, b, n, edits, SP_EDITS_MAX), from = 0, to = 0;
    assert_true(count <= SP_EDITS_MAX);
    if (!count)
        assert_true(m == 0 && n == 0);
    for (size_t i = 0; i < count; i++) {
        const struct sp_edit *run = &edits[i];
        if (run->from != from || run->to != to || run->from + run->from_length > m ||
            run->to + run->to_length > n)
            fail_msg("'%.*s' and '%.*s': run %zu does not follow", (int)m, a, (int)n, b, i);
        bool same =
            run->from_length == run->to_length && memcmp(a + run->from, b + run->to, run->from_length) == 0;
        bool right = run->kind == SP_EDIT_KEEP        ? same && run->from_length
                     : run->kind == SP_EDIT_INSERT    ? run->from_length && !run->to_length
                     : run->kind == SP_EDIT_DELETE    ? !run->from_length && run->to_length
                     : run->kind == SP_EDIT_REPLACE   ? !same && (run->from_length || run->to_length)
                     : run->kind == SP_EDIT_TRANSPOSE ? run->from_length == run->to_length && !same
                                                      : false;
        if (!right)
            fail_msg("'%.*s' and '%.*s': run %zu is no %s", (int)m, a, (int)n, b, i,
                     sp_edit_kind_name(run->kind));
        from += run->from_length;
        to += run->to_length;
    }
    if (from != m || to != n)
        fail_msg("'%.*s' and '%.*s': the runs end at %zu and %zu", (int)m, a, (int)n, b, from, to);
}

static void
alignment_rebuilds_both_names(void **state SP_UNUSED)
{
    for (int round = 0; round < 1500; round++) {
        char a[200], b[200];
        size_t most = round % 10 == 0 ? 180 : 30;
        size_t m = random_name(a, 1, most, "abc-"), n;
        if (round % 2) {
            n = random_name(b, 1, most, "abc-");
        } else {
            memcpy(b, a, m);
            n = m;
            for (unsigned edits = random_below(6); edits && n && n < 190; edits--)
                n = edit(b, n, "abc-", SIZE_MAX);
        }
        check_alignment(a, m, b, n);
    }
    static const struct {
        const char *a, *b;
    } pairs[] = {
        { "lod\xd0\xb0sh", "lodash" },
        { "\xd0\xb0\xd0\xb1", "\xd0\xb0\xd0\xb2" }, /* the first byte of the differing letters is equal */
        { "\xe2\x82\xac", "\xe2\x82\xad" },
        { "", "lodash" },
        { "lodash", "" },
        { "", "" },
    };
    for (size_t i = 0; i < SP_COUNT(pairs); i++)
        check_alignment(pairs[i].a, strlen(pairs[i].a), pairs[i].b, strlen(pairs[i].b));
    char wide[400];
    for (size_t i = 0; i + 2 <= sizeof(wide); i += 2)
        memcpy(wide + i, i % 4 ? "\xd0\xb0" : "\xd0\xb1", 2);
    check_alignment(wide, 400, wide + 2, 390);
    check_alignment(wide, 300, "\xd0\xb2", 2);
    check_alignment(wide, 300, "\xd1\xb0", 2);
}

static void
alignment_shows_the_change_that_a_person_sees(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *target, *runs;
    } cases[] = {
        { "loadsh", "lodash", "=lo ~ad/da =sh" },
        { "lodahs", "lodash", "=loda ~hs/sh" },
        { "lodash", "lodash", "=lodash" },
        { "lodashs", "lodash", "=lodash +s" },
        { "lodsh", "lodash", "=lod -a =sh" },
        { "1odash", "lodash", "!1/l =odash" },
        { "lodash-utils", "lodash", "=lodash +-utils" },
        { "my-lodash", "lodash", "+my- =lodash" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const char *a = cases[i].name, *b = cases[i].target;
        struct sp_edit edits[SP_EDITS_MAX];
        size_t count = sp_align(a, strlen(a), b, strlen(b), edits, SP_EDITS_MAX);
        char runs[128] = "";
        for (size_t e = 0; e < count; e++) {
            size_t used = strlen(runs);
            int from = edits[e].from_length, to = edits[e].to_length;
            const char *x = a + edits[e].from, *y = b + edits[e].to;
            const char *gap = e ? " " : "";
            if (edits[e].kind == SP_EDIT_KEEP)
                snprintf(runs + used, sizeof(runs) - used, "%s=%.*s", gap, from, x);
            else if (edits[e].kind == SP_EDIT_INSERT)
                snprintf(runs + used, sizeof(runs) - used, "%s+%.*s", gap, from, x);
            else if (edits[e].kind == SP_EDIT_DELETE)
                snprintf(runs + used, sizeof(runs) - used, "%s-%.*s", gap, to, y);
            else
                snprintf(runs + used, sizeof(runs) - used, "%s%c%.*s/%.*s", gap,
                         edits[e].kind == SP_EDIT_TRANSPOSE ? '~' : '!', from, x, to, y);
        }
        if (strcmp(runs, cases[i].runs) != 0)
            fail_msg("%s for %s: %s, expected %s", a, b, runs, cases[i].runs);
    }
    /* too many runs for the room: all between the common ends is one, rather than half of them */
    struct sp_edit few[3];
    assert_int_equal(sp_align("axbycz", 6, "ambncz", 6, few, 3), 3);
    assert_int_equal(few[1].kind, SP_EDIT_REPLACE);
    assert_int_equal(few[1].from_length, 3);
    assert_int_equal(few[1].to_length, 3);
    assert_int_equal(sp_align("xaybz", 5, "maobp", 5, few, 0), 0);
}

/* --- Postings ------------------------------------------------------------------------------------------- */

static void
postings_hold_what_was_added(void **state SP_UNUSED)
{
    sp_autopostings struct sp_postings_builder builder = { 0 };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err = { 0 };
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(sp_postings_add(&builder, (uint64_t)(i / 3) * 0x9e3779b97f4a7c15u, i, &err), 0);
    assert_int_equal(sp_postings_add(&builder, 0, 0, &err), 0); /* a pair twice is held once */
    assert_int_equal(sp_postings_write(&builder, &bytes, &err), 0);
    struct sp_postings postings;
    assert_int_equal(sp_postings_open(&postings, bytes.bytes, bytes.length, &err), 0);
    assert_int_equal(postings.count, 3000);
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t count;
        const struct sp_posting *found =
            sp_postings_find(&postings, (uint64_t)i * 0x9e3779b97f4a7c15u, &count);
        assert_int_equal(count, 3);
        for (uint32_t k = 0; k < 3; k++)
            assert_int_equal(found[k].id, i * 3 + k);
    }
    uint32_t count;
    sp_postings_find(&postings, 0x123456789abcdefu, &count);
    assert_int_equal(count, 0);
}

static void
postings_that_are_damaged_are_refused_or_empty(void **state SP_UNUSED)
{
    sp_autopostings struct sp_postings_builder builder = { 0 };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err = { 0 };
    struct sp_postings postings;
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(sp_postings_add(&builder, sp_key_hash(SP_KEY_EXACT, (char *)&i, 4), i, &err), 0);
    assert_int_equal(sp_postings_write(&builder, &bytes, &err), 0);
    for (size_t length = 0; length < bytes.length; length += length < 16 ? 1 : 64)
        assert_int_equal(sp_postings_open(&postings, bytes.bytes, length, &err), -1);
    uint32_t *words = (uint32_t *)(void *)bytes.bytes;
    uint32_t bits = words[1];
    static const uint32_t wrong[] = { 0, 29, 32, 64, UINT32_MAX };
    for (size_t i = 0; i < SP_COUNT(wrong); i++) {
        words[1] = wrong[i];
        assert_int_equal(sp_postings_open(&postings, bytes.bytes, bytes.length, &err), -1);
    }
    words[1] = bits;
    words[0] = UINT32_MAX;
    assert_int_equal(sp_postings_open(&postings, bytes.bytes, bytes.length, &err), -1);
    words[0] = 100;
    assert_int_equal(sp_postings_open(&postings, bytes.bytes, bytes.length, &err), 0);
    /* a directory that points anywhere: wrong answers, within bounds */
    for (uint32_t slot = 0; slot <= 1u << bits; slot++)
        words[2 + slot] = slot % 3 ? UINT32_MAX - slot : slot * 77;
    for (uint32_t i = 0; i < 100; i++) {
        uint32_t count;
        const struct sp_posting *found =
            sp_postings_find(&postings, sp_key_hash(SP_KEY_EXACT, (char *)&i, 4), &count);
        assert_true(!count || (found >= postings.entries && found + count <= postings.entries + 100));
    }
}

/* --- The deletion neighbourhood ------------------------------------------------------------------------- */

#define TARGETS 3000

struct found {
    bool proposed[TARGETS];
};

static void
note(void *context, uint32_t id)
{
    struct found *found = context;
    if (id < TARGETS)
        found->proposed[id] = true;
}

static void
edits_find_exactly_what_comparing_with_every_target_finds(void **state SP_UNUSED)
{
    static char targets[TARGETS][48];
    static size_t lengths[TARGETS];
    static struct found found;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err = { 0 };
    for (uint32_t i = 0; i < TARGETS; i++) {
        /* half of short names over few letters, near each other by chance; half as long as real ones */
        lengths[i] =
            i % 2 ? random_name(targets[i], 1, 9, "abc") : random_name(targets[i], 3, 40, "abcdefghij-");
        assert_int_equal(sp_edits_add(&builder, targets[i], lengths[i], i, &err), 0);
    }
    assert_int_equal(sp_edits_write(&builder, &bytes, &err), 0);
    struct sp_edits_table table;
    assert_int_equal(sp_edits_open(&table, bytes.bytes, bytes.length, &err), 0);

    size_t near = 0, proposals = 0;
    for (int query = 0; query < 600; query++) {
        char name[64];
        uint32_t of = random_below(TARGETS);
        size_t length = lengths[of];
        memcpy(name, targets[of], length);
        switch (query % 5) {
        case 0: /* anything */
            length = random_name(name, 1, 42, query % 2 ? "abc" : "abcdefghij-");
            break;
        case 1: /* a swap across the cut between the halves, and one more edit */
            if (length >= 2) {
                size_t cut = length / 2 - (length / 2 > 0);
                char letter = name[cut];
                name[cut] = name[cut + 1];
                name[cut + 1] = letter;
            }
            length = edit(name, length, "abc", SIZE_MAX);
            break;
        case 2: /* doubled letters */
            for (int i = 0; i < 2; i++) {
                size_t at = random_below((uint32_t)length);
                memmove(name + at + 1, name + at, length - at);
                length++;
            }
            break;
        case 3: /* both edits at the cut */
            length = edit(name, length, "abcj", length / 2);
            length = edit(name, length, "abcj", length / 2 ? length / 2 - 1 : 0);
            break;
        default:
            for (int i = 0; i < 2; i++)
                length = edit(name, length, "abcj-", SIZE_MAX);
        }
        static unsigned distances[TARGETS];
        for (uint32_t i = 0; i < TARGETS; i++)
            distances[i] = length > lengths[i] + 2 || lengths[i] > length + 2
                               ? 3
                               : plain_osa(name, length, targets[i], lengths[i]);
        for (unsigned limit = 1; limit <= 2; limit++) {
            memset(&found, 0, sizeof(found));
            sp_edits_find(&table, name, length, limit, note, &found);
            for (uint32_t i = 0; i < TARGETS; i++) {
                unsigned distance = distances[i];
                proposals += found.proposed[i];
                near += distance <= limit;
                if (distance <= limit && !found.proposed[i])
                    fail_msg("'%.*s' within %u of '%.*s' (%u) was missed", (int)length, name, limit,
                             (int)lengths[i], targets[i], distance);
                unsigned verified = found.proposed[i]
                                        ? sp_osa_within(name, length, targets[i], lengths[i], limit)
                                        : limit + 1;
                if ((verified <= limit) != (distance <= limit))
                    fail_msg("'%.*s' and '%.*s': verified as %u, is %u", (int)length, name, (int)lengths[i],
                             targets[i], verified, distance);
            }
        }
    }
    assert_true(near > 5000);
    print_message("    %zu pairs within the limit, %zu proposed\n", near, proposals);
}

static void
edits_of_the_shortest_and_longest_names(void **state SP_UNUSED)
{
    static const char *const targets[] = { "a", "ab", "abc", "b" };
    static struct found found;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err = { 0 };
    char longest[SP_NAME_MAX + 1];
    memset(longest, 'z', sizeof(longest));
    for (uint32_t i = 0; i < SP_COUNT(targets); i++)
        assert_int_equal(sp_edits_add(&builder, targets[i], strlen(targets[i]), i, &err), 0);
    assert_int_equal(sp_edits_add(&builder, longest, SP_NAME_MAX, 4, &err), 0);
    size_t before = builder.count;
    assert_int_equal(sp_edits_add(&builder, longest, SP_NAME_MAX + 1, 5, &err), 0);
    assert_int_equal(sp_edits_add(&builder, "", 0, 6, &err), 0);
    assert_int_equal(builder.count, before);
    assert_int_equal(sp_edits_write(&builder, &bytes, &err), 0);
    struct sp_edits_table table;
    assert_int_equal(sp_edits_open(&table, bytes.bytes, bytes.length, &err), 0);
    static const struct {
        const char *name;
        unsigned limit;
        bool expected[4];
    } cases[] = {
        { "a", 1, { true, true, false, true } },      { "a", 2, { true, true, true, true } },
        { "ba", 1, { true, true, false, true } },     { "c", 1, { true, false, false, true } },
        { "abcd", 1, { false, false, true, false } },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        memset(&found, 0, sizeof(found));
        sp_edits_find(&table, cases[i].name, strlen(cases[i].name), cases[i].limit, note, &found);
        for (int t = 0; t < 4; t++)
            if (cases[i].expected[t] && !found.proposed[t])
                fail_msg("%s within %u of %s was missed", cases[i].name, cases[i].limit, targets[t]);
    }
    memset(&found, 0, sizeof(found));
    longest[3] = 'y';
    longest[500] = 'x';
    sp_edits_find(&table, longest, SP_NAME_MAX, 2, note, &found);
    assert_true(found.proposed[4]);
    sp_edits_find(&table, longest, SP_NAME_MAX + 1, 2, note, &found);
    sp_edits_find(&table, "", 0, 2, note, &found);
    sp_edits_find(&(struct sp_edits_table){ 0 }, "abc", 3, 2, note, &found);
}

static void
edits_that_are_damaged_are_refused_or_wrong_within_bounds(void **state SP_UNUSED)
{
    static struct found found;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    sp_autobuffer struct sp_buffer bytes = { 0 };
    struct sp_error err = { 0 };
    struct sp_edits_table table;
    static const char *const targets[] = { "lodash", "react", "body-parser", "express" };
    for (uint32_t i = 0; i < SP_COUNT(targets); i++)
        assert_int_equal(sp_edits_add(&builder, targets[i], strlen(targets[i]), i, &err), 0);
    assert_int_equal(sp_edits_write(&builder, &bytes, &err), 0);
    for (size_t length = 0; length < bytes.length; length += length < 24 ? 1 : 16)
        assert_int_equal(sp_edits_open(&table, bytes.bytes, length, &err), -1);
    uint32_t *words = (uint32_t *)(void *)bytes.bytes;
    static const uint32_t wrong[] = { 0, 29, 32, 64, UINT32_MAX };
    for (size_t i = 0; i < SP_COUNT(wrong); i++)
        for (size_t at = 1; at <= 2; at++) {
            uint32_t kept = words[at];
            words[at] = wrong[i];
            assert_int_equal(sp_edits_open(&table, bytes.bytes, bytes.length, &err), -1);
            words[at] = kept;
        }
    assert_int_equal(sp_edits_open(&table, bytes.bytes, bytes.length, &err), 0);
    for (uint32_t slot = 0; slot <= 1u << words[1]; slot++)
        words[4 + slot] = slot % 3 ? UINT32_MAX - slot : slot * 7;
    for (size_t i = 0; i < SP_COUNT(targets); i++)
        sp_edits_find(&table, targets[i], strlen(targets[i]), 2, note, &found);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_the_words_between_delimiters),
        cmocka_unit_test(words_know_their_other_spellings),
        cmocka_unit_test(families_are_found_by_the_longest_prefix),
        cmocka_unit_test(stems_join_the_forms_of_a_word),
        cmocka_unit_test(sounds_join_what_is_said_alike),
        cmocka_unit_test(keys_are_equal_after_their_transformation_alone),
        cmocka_unit_test(keys_of_short_names_do_not_join_everything),
        cmocka_unit_test(keys_of_any_bytes_stay_in_bounds),
        cmocka_unit_test(skeletons_show_what_a_name_looks_like),
        cmocka_unit_test(lookalikes_fold_to_one_form),
        cmocka_unit_test(distance_counts_what_a_typist_does),
        cmocka_unit_test(distance_in_bits_is_the_textbook_distance),
        cmocka_unit_test(distance_of_the_longest_names),
        cmocka_unit_test(keyboard_neighbours_touch),
        cmocka_unit_test(alignment_rebuilds_both_names),
        cmocka_unit_test(alignment_shows_the_change_that_a_person_sees),
        cmocka_unit_test(postings_hold_what_was_added),
        cmocka_unit_test(postings_that_are_damaged_are_refused_or_empty),
        cmocka_unit_test(edits_find_exactly_what_comparing_with_every_target_finds),
        cmocka_unit_test(edits_of_the_shortest_and_longest_names),
        cmocka_unit_test(edits_that_are_damaged_are_refused_or_wrong_within_bounds),
    };
    return cmocka_run_group_tests(tests, build_words, drop_words);
}
