/* Search: each index finds what it is for; the same question has the same answer; any name is survived. */
#include "small_index.h"
#include "name/keys.h"
#include "name/layout.h"
#include "name/osa.h"
#include "name/searcher.h"

#include <math.h>

#define TEXT(literal) literal, sizeof(literal) - 1
#define TEN(literal) literal literal literal literal literal literal literal literal literal literal

static struct small_index small;
static struct sp_search_result result;

static int
build_index(void **state SP_UNUSED)
{
    static const char *const npm[] = {
        "react",       "lodash",        "express",           "axios",
        "webpack",     "body-parser",   "cross-env",         "socket.io",
        "modernizr",   "color-convert", "css-loader",        "node-fetch",
        "@babel/core", "@types/node",   "@babel/preset-env", "@azure/core-tracing",
        "color",       "request",       "file-directory",    "http-fetch",
        "array-index", "react-dom",     "@solana/web3.js",   "JSONStream",
        NULL
    };
    static const char *const pypi[] = { "requests",       "Django",         "numpy",  "python-dateutil",
                                        "scikit-learn",   "PyYAML",         "Pillow", "opencv-python",
                                        "beautifulsoup4", "zope.interface", NULL };
    static const char *const rubygems[] = { "rails", "activesupport", "nokogiri", NULL };
    static const char *const maven[] = { "org.slf4j:slf4j-api", "com.google.guava:guava", NULL };
    static const char *const golang[] = { "github.com/spf13/cobra", "github.com/gorilla/mux", NULL };
    static const char *const huggingface[] = { "google/gemma-2b", "meta-llama/Llama-2-7b", NULL };
    static const char *const nuget[] = { "Newtonsoft.Json", "Serilog", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_trust(&small, "pypi", pypi);
    small_trust(&small, "rubygems", rubygems);
    small_trust(&small, "maven", maven);
    small_trust(&small, "golang", golang);
    small_trust(&small, "huggingface", huggingface);
    small_trust(&small, "nuget", nuget);
    small.recipe.names[SP_PYPI] =
        small_write(&small, "names.tsv", "name\nrequests\nFlask_X\nzope.interface\n");
    small.recipe.aliases =
        small_write(&small, "aliases.tsv", "ecosystem\talias\tname\nnpm\told-lodash\tlodash\n");
    if (!small_take_words(&small))
        fail_msg("SALLYPORT_DATA_DIR holds no word tables");
    small_build(&small);
    return 0;
}

static int
drop_index(void **state SP_UNUSED)
{
    small_end(&small);
    return 0;
}

static void
search(const char *ecosystem, const char *name)
{
    struct sp_error err = { 0 };
    if (sp_search(small.searcher, small_ecosystem(ecosystem), name, strlen(name), &result, &err) < 0)
        fail_msg("%s", err.text);
}

/* --- Targets -------------------------------------------------------------------------------------------- */

static void
right_target_comes_first(void **state SP_UNUSED)
{
    static const struct {
        const char *ecosystem, *name, *target;
    } cases[] = {
        { "npm", "loadsh", "lodash" },
        { "npm", "reakt", "react" },
        { "npm", "crossenv", "cross-env" },
        { "npm", "parser-body", "body-parser" },
        { "npm", "azure-core-tracing", "@azure/core-tracing" },
        { "npm", "@azurre/core-tracing", "@azure/core-tracing" },
        { "npm", "1odash", "lodash" },
        { "npm", "expresss", "express" },
        { "npm", "lodash-utils-js", "lodash" },
        { "npm", "loadash-cli", "lodash" },
        { "npm", "json-stream", "JSONStream" },
        { "npm", "colour-convert", "color-convert" },
        { "pypi", "reqeusts", "requests" },
        { "pypi", "djanggo", "Django" },
        { "pypi", "Python_Dateutils", "python-dateutil" },
        { "pypi", "zopeinterface", "zope.interface" },
        { "rubygems", "active-support", "activesupport" },
        { "maven", "org.slf4jj:slf4j-api", "org.slf4j:slf4j-api" },
        { "maven", "com.gogle.guava:guava", "com.google.guava:guava" },
        { "golang", "github.com/spf14/cobra", "github.com/spf13/cobra" },
        { "golang", "github.com/spf13/corba", "github.com/spf13/cobra" },
        { "huggingface", "gooogle/gemma-2b", "google/gemma-2b" },
        { "nuget", "Newtonsoft.Jsom", "Newtonsoft.Json" },
        { "nuget", "Newt\xd0\xbensoft.Json", "Newtonsoft.Json" }, /* Cyrillic o */
        { "nuget", "N\xd0\xb5wt\xd0\xbensoft.Json", "Newtonsoft.Json" },
        { "nuget", "S\xd0\xb5rilog", "Serilog" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        search(cases[i].ecosystem, cases[i].name);
        if (!result.count || strcmp(result.matches[0].target, cases[i].target) != 0)
            fail_msg("%s: %s: %s comes first, expected %s", cases[i].ecosystem, cases[i].name,
                     result.count ? result.matches[0].target : "nothing", cases[i].target);
        assert_false(result.trusted);
    }
}

static void
every_index_finds_what_it_is_for(void **state SP_UNUSED)
{
    static const struct {
        enum sp_index_kind kind;
        const char *ecosystem, *name, *target;
    } cases[] = {
        { SP_BY_KEY_DELIMITERS, "npm", "crossenv", "cross-env" },
        { SP_BY_KEY_TOKENS, "npm", "parser-body", "body-parser" },
        { SP_BY_KEY_LOOKALIKE, "npm", "rnodernizr", "modernizr" },
        { SP_BY_KEY_LOOKALIKE, "nuget", "S\xd0\xb5rilog", "Serilog" },
        { SP_BY_KEY_PHONETIC, "npm", "kolor-konvert", "color-convert" },
        { SP_BY_KEY_STEM, "npm", "body-parsers", "body-parser" },
        { SP_BY_KEY_SPELLING, "npm", "colour-convert", "color-convert" },
        { SP_BY_KEY_FLAT, "npm", "azure-core-tracing", "@azure/core-tracing" },
        { SP_BY_KEY_IDENTIFIER, "npm", "@evil/core-tracing", "@azure/core-tracing" },
        { SP_BY_KEY_TOKEN_RUN, "npm", "my-lodash-thing", "lodash" },
        { SP_BY_EDITS, "npm", "lodahs", "lodash" },
        { SP_BY_EMBEDDING, "npm", "http-fetcher-x", "http-fetch" },
        { SP_BY_NAMESPACE, "npm", "@bable/preset-env", "@babel/preset-env" },
        { SP_BY_NAMESPACE, "npm", "solana-rpc-client", "@solana/web3.js" },
        { SP_BY_LIST, "pypi", "cv2", "opencv-python" },
        { SP_BY_LIST, "pypi", "install", "install" },
        { SP_BY_ECOSYSTEM, "npm", "activesupport", "activesupport" },
    };
    uint32_t tried = 0;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        static struct sp_match matches[SP_MATCHES_MAX];
        struct sp_error err = { 0 };
        tried |= 1u << cases[i].kind;
        int count = sp_neighbours(small.searcher, small_ecosystem(cases[i].ecosystem), cases[i].name,
                                  cases[i].kind, matches, SP_MATCHES_MAX, &err);
        if (count < 0)
            fail_msg("%s", err.text);
        bool found = false;
        for (int k = 0; k < count; k++) {
            found = found || strcmp(matches[k].target, cases[i].target) == 0;
            assert_true(matches[k].found_by >> cases[i].kind & 1);
        }
        if (!found)
            fail_msg("%s: %s: the index '%s' does not find %s (%d others)", cases[i].ecosystem, cases[i].name,
                     sp_index_kind_name(cases[i].kind), cases[i].target, count);
        /* and the whole search knows by which index it was found */
        search(cases[i].ecosystem, cases[i].name);
        found = false;
        for (size_t k = 0; k < result.count; k++)
            found = found || (strcmp(result.matches[k].target, cases[i].target) == 0 &&
                              result.matches[k].found_by >> cases[i].kind & 1);
        if (!found)
            fail_msg("%s: %s: the search does not have %s from the index '%s'", cases[i].ecosystem,
                     cases[i].name, cases[i].target, sp_index_kind_name(cases[i].kind));
    }
    assert_int_equal(tried, (1u << SP_INDEX_KIND_COUNT) - 1);
}

static void
names_of_indices_are_told_apart(void **state SP_UNUSED)
{
    for (int i = 0; i < SP_INDEX_KIND_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(sp_index_kind_name((enum sp_index_kind)i),
                                    sp_index_kind_name((enum sp_index_kind)k));
}

static void
neighbours_keep_to_their_room(void **state SP_UNUSED)
{
    static struct sp_match matches[4];
    struct sp_error err = { 0 };
    for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++)
        for (size_t limit = 0; limit <= 3; limit++) {
            memset(matches, 0x5a, sizeof(matches));
            int count = sp_neighbours(small.searcher, small_ecosystem("npm"), "react-lodash",
                                      (enum sp_index_kind)kind, matches, limit, &err);
            assert_in_range(count, 0, limit);
            for (size_t i = 0; i < sizeof(matches[3]); i++)
                assert_int_equal(((unsigned char *)&matches[3])[i], 0x5a);
        }
}

/* --- Results -------------------------------------------------------------------------------------------- */

static const char *const questions[] = { "loadsh",
                                         "crossenv",
                                         "azure-core-tracing",
                                         "lodash-x",
                                         "reactt",
                                         "@evil/core",
                                         "solana-rpc-client",
                                         "color",
                                         "body-pars",
                                         "http-download",
                                         "install",
                                         "activesupport" };

static void
matches_come_by_falling_risk_each_target_once(void **state SP_UNUSED)
{
    for (size_t q = 0; q < SP_COUNT(questions); q++) {
        search("npm", questions[q]);
        assert_true(result.count <= SP_MATCHES_MAX);
        for (size_t i = 0; i < result.count; i++) {
            const struct sp_match *match = &result.matches[i];
            if (!(match->risk >= 0 && match->risk <= 1))
                fail_msg("%s for %s: risk %g", questions[q], match->target, match->risk);
            assert_true(i == 0 || result.matches[i - 1].risk >= match->risk);
            assert_true(match->found_by && match->target && match->target[0] && match->summary);
            assert_true(match->edit_count <= SP_EDITS_MAX);
            for (size_t k = 0; k < i; k++)
                if (result.matches[k].target_id == match->target_id && match->target_id != UINT32_MAX &&
                    result.matches[k].target_ecosystem == match->target_ecosystem)
                    fail_msg("%s: %s comes twice", questions[q], match->target);
        }
    }
}

static void
match_says_who_the_target_is(void **state SP_UNUSED)
{
    search("npm", "loadsh");
    assert_string_equal(result.name, "loadsh");
    const struct sp_match *match = &result.matches[0];
    assert_int_equal(match->rank, 2);
    assert_int_equal(match->downloads, 500000);
    assert_string_equal(match->summary, "about lodash");
    assert_string_equal(match->target_ecosystem->name, "npm");
    assert_int_equal(match->distance, 1);
    assert_true(match->found_by >> SP_BY_EDITS & 1);
    assert_true(match->categories >> SP_CATEGORY_EDIT_DISTANCE & 1);
    assert_true(match->edit_count >= 2);
    assert_null(match->note);
    assert_string_equal(result.matches[0].target, "lodash");
    /* as its registry writes it, not as it is compared */
    search("npm", "json-stream");
    assert_string_equal(result.matches[0].target, "JSONStream");
}

static uint64_t
digest(void)
{
    uint64_t sum = result.count | (uint64_t)result.trusted << 32;
    for (size_t i = 0; i < result.count; i++) {
        const struct sp_match *match = &result.matches[i];
        uint64_t risk, cosine;
        memcpy(&risk, &match->risk, 8);
        memcpy(&cosine, &match->cosine, 8);
        const uint64_t parts[] = {
            match->target_id, match->found_by,   match->categories,   risk, isnan(match->cosine) ? 1 : cosine,
            match->distance,  match->edit_count, match->edits[0].kind
        };
        for (size_t k = 0; k < SP_COUNT(parts); k++)
            sum = sum * 0x9e3779b97f4a7c15u + (k == 7 && !match->edit_count ? 0 : parts[k]);
    }
    return sum;
}

static void
answers_do_not_depend_on_what_was_asked_before(void **state SP_UNUSED)
{
    uint64_t first[SP_COUNT(questions)];
    for (size_t q = 0; q < SP_COUNT(questions); q++) {
        search("npm", questions[q]);
        first[q] = digest();
        search("npm", questions[q]);
        if (digest() != first[q])
            fail_msg("%s: the second answer differs", questions[q]);
    }
    for (size_t q = SP_COUNT(questions); q-- > 0;) {
        search("pypi", "reqeusts");
        search("npm", questions[q]);
        if (digest() != first[q])
            fail_msg("%s: another answer when asked in another order", questions[q]);
    }
    struct sp_searcher *kept = small.searcher;
    struct sp_error err = { 0 };
    assert_int_equal(sp_searcher_new(&small.searcher, small.index, &err), 0);
    for (size_t q = 0; q < SP_COUNT(questions); q++) {
        search("npm", questions[q]);
        if (digest() != first[q])
            fail_msg("%s: another answer from another searcher", questions[q]);
    }
    sp_searcher_free(small.searcher);
    small.searcher = kept;
}

static void
relating_a_pair_agrees_with_finding_it(void **state SP_UNUSED)
{
    static const char *const names[] = { "loadsh",      "crossenv", "azure-core-tracing", "lodash-utils",
                                         "parser-body", "1odash",   "colour-convert",     "body-parsers" };
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        search("npm", names[i]);
        struct sp_match found = result.matches[0], related;
        struct sp_error err = { 0 };
        assert_int_equal(sp_relate(small.searcher, small_ecosystem("npm"), names[i], small_ecosystem("npm"),
                                   found.target, &related, &err),
                         0);
        if (related.distance != found.distance || related.target_id != found.target_id ||
            related.rank != found.rank || fabs(related.cosine - found.cosine) > 0.02)
            fail_msg("%s and %s: found at distance %u, cosine %.4f, related at %u, %.4f", names[i],
                     found.target, found.distance, found.cosine, related.distance, related.cosine);
        if (found.categories & ~related.categories)
            fail_msg("%s and %s: found with categories %x, related with %x", names[i], found.target,
                     found.categories, related.categories);
    }
}

static void
features_of_the_last_pair_can_be_asked_for(void **state SP_UNUSED)
{
    struct sp_match match;
    struct sp_error err = { 0 };
    struct sp_features_view view;
    assert_int_equal(sp_relate(small.searcher, small_ecosystem("npm"), "loadsh", small_ecosystem("npm"),
                               "lodash", &match, &err),
                     0);
    assert_int_equal(sp_relate_features(small.searcher, &view, &err), 0);
    assert_int_equal(view.count, SP_FEATURE_COUNT);
    for (size_t i = 0; i < view.count; i++) {
        assert_true(view.names[i] && view.names[i][0]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(view.names[i], view.names[k]);
        assert_false(isinf(view.values[i]));
    }
    assert_int_equal((int)view.values[SP_FEATURE_DISTANCE], 1);
    assert_int_equal((int)view.values[SP_FEATURE_EDIT_TRANSPOSED], 1);
}

/* --- Trusted, listed ------------------------------------------------------------------------------------ */

static void
trusted_names_are_recognised_as_their_registry_does(void **state SP_UNUSED)
{
    static const struct {
        const char *ecosystem, *name;
        bool trusted;
    } cases[] = {
        { "npm", "lodash", true },
        { "npm", "jsonstream", true },
        { "npm", "@babel/core", true },
        { "npm", "babel-core", false },
        { "npm", "core", false },
        { "npm", "old-lodash", true }, /* an alias leads to the package itself */
        { "npm", "lod\xd0\xb0sh", false },
        { "pypi", "Zope_Interface", true },
        { "pypi", "DJANGO", true },
        { "nuget", "newtonsoft.json", true },
        { "nuget", "newtonsoft-json", false },
        { "nuget", "Newt\xd0\xbensoft.Json", false },
        { "maven", "org.slf4j:slf4j-api", true },
        { "maven", "com.acme:slf4j-api", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        search(cases[i].ecosystem, cases[i].name);
        if (result.trusted != cases[i].trusted)
            fail_msg("%s: %s is %s", cases[i].ecosystem, cases[i].name,
                     result.trusted ? "trusted" : "not trusted");
        if (result.trusted)
            assert_int_equal(result.count, 0);
    }
}

static void
list_of_names_decides_listed_and_unlisted(void **state SP_UNUSED)
{
    static const struct {
        const char *ecosystem, *name;
        bool listed, unlisted;
    } cases[] = {
        { "pypi", "flask-x", true, false },    { "pypi", "FLASK.X", true, false },
        { "pypi", "requests", true, false },   { "pypi", "flask-y", false, true },
        { "pypi", "flaskx", false, true },     { "npm", "flask-x", false, false },
        { "rubygems", "rials", false, false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        search(cases[i].ecosystem, cases[i].name);
        if (result.listed != cases[i].listed || result.unlisted != cases[i].unlisted)
            fail_msg("%s: %s: listed %d, unlisted %d", cases[i].ecosystem, cases[i].name, result.listed,
                     result.unlisted);
    }
}

/* --- Names from strangers ------------------------------------------------------------------------------- */

static void
names_of_every_length_are_searched_or_refused(void **state SP_UNUSED)
{
    static const char *const ecosystems[] = { "npm", "pypi", "maven", "golang", "huggingface", "nuget" };
    char name[700];
    for (size_t e = 0; e < SP_COUNT(ecosystems); e++)
        for (size_t length = 0; length < sizeof(name); length += length < 20 || length > 505 ? 1 : 23) {
            for (size_t i = 0; i < length; i++)
                name[i] = i % 9 == 8 ? '-' : (char)('a' + (i * 7 + length) % 26);
            if (length && name[length - 1] == '-')
                name[length - 1] = 'x';
            bool spaced = !strcmp(ecosystems[e], "maven") || !strcmp(ecosystems[e], "golang") ||
                          !strcmp(ecosystems[e], "huggingface");
            if (spaced && length > 6) {
                name[2] = '.';
                name[3] = 'c';
                name[5] = strcmp(ecosystems[e], "maven") ? '/' : ':';
            }
            struct sp_error err = { 0 };
            int status =
                sp_search(small.searcher, small_ecosystem(ecosystems[e]), name, length, &result, &err);
            if (length > SP_NAME_MAX || length == 0)
                assert_int_equal(status, -1);
            if (status < 0)
                assert_true(err.text[0] && strlen(err.text) < SP_ERROR_TEXT_MAX);
            else
                assert_int_equal(strlen(result.name), length);
        }
}

static void
hostile_names_get_a_line_or_an_answer(void **state SP_UNUSED)
{
    static const struct {
        const char *story, *ecosystem, *name;
        size_t length;
        bool refused;
    } cases[] = {
        { "empty", "npm", TEXT(""), true },
        { "NUL", "npm", TEXT("lod\0ash"), true },
        { "invalid UTF-8", "npm", TEXT("lod\xff"), true },
        { "surrogate", "npm", TEXT("\xed\xa0\x80"), true },
        { "right-to-left", "npm", TEXT("a\xe2\x80\xae"), true },
        { "escape", "npm", TEXT("\x1b[2J"), true },
        { "climbing", "npm", TEXT("../../etc/passwd"), true },
        { "delimiters alone", "npm", TEXT("a---...___"), false },
        { "one letter", "npm", TEXT("q"), false },
        { "nothing but marks", "npm", TEXT("!'()*~"), false },
        { "mixed scripts", "npm", TEXT("r\xd0\xb5\xd0\xb0\xd1\x81t"), false },
        { "Chinese", "npm", TEXT("\xe4\xb8\xad\xe6\x96\x87"), false },
        { "accents apart", "npm", TEXT("cafe\xcc\x81"), false },
        { "many words", "npm", TEXT("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z"), false },
        { "one letter repeated", "npm", TEXT(TEN("aaaaaaaaaa") TEN("aaaaaaaaaa")), false },
        { "one word repeated", "npm", TEXT(TEN("lodash-") "lodash"), false },
        { "long module", "golang", TEXT("github.com/" TEN(TEN("abc/")) "x"), false },
        { "nothing behind the scope", "npm", TEXT("@babel/"), true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        char *exact = malloc(cases[i].length ? cases[i].length : 1); /* so that a read beyond it is seen */
        memcpy(exact, cases[i].name, cases[i].length);
        int status = sp_search(small.searcher, small_ecosystem(cases[i].ecosystem), exact, cases[i].length,
                               &result, &err);
        free(exact);
        if ((status < 0) != cases[i].refused)
            fail_msg("%s: %s %s", cases[i].story, status < 0 ? "refused:" : "searched", err.text);
        if (status < 0)
            assert_true(err.text[0] && !strpbrk(err.text, "\n\x1b"));
    }
    /* the searcher is still in order */
    search("npm", "loadsh");
    assert_string_equal(result.matches[0].target, "lodash");
}

static void
name_of_ten_thousand_bytes_is_refused(void **state SP_UNUSED)
{
    static char name[10000];
    memset(name, 'a', sizeof(name));
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        struct sp_error err = { 0 };
        assert_int_equal(sp_search(small.searcher, sp_ecosystems[id], name, sizeof(name), &result, &err), -1);
        assert_true(strlen(err.text) < 400);
    }
}

/* --- Completeness --------------------------------------------------------------------------------------- */

/* Every trusted name within the limit of edits is found, whatever the index: by comparing with all of them.
 */
static void
check_complete(struct sp_index *index, struct sp_searcher *searcher, enum sp_ecosystem_id id, uint32_t step,
               uint32_t samples)
{
    struct sp_error err = { 0 };
    const struct sp_index_ecosystem *part = sp_index_ecosystem(index, id, &err);
    assert_non_null(part);
    uint64_t state = 7;
    static struct sp_match matches[SP_HITS_MAX];
    for (uint32_t n = 0; n < samples; n++) {
        uint32_t package = (uint32_t)((uint64_t)n * step % part->package_count);
        struct sp_slice flat = sp_form_string(part, part->packages[package].form_flat);
        if (flat.length < 3 || flat.length > 60)
            continue;
        char name[80];
        size_t length = flat.length;
        memcpy(name, flat.bytes, length);
        for (int edit = 0; edit < 2; edit++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            size_t at = (size_t)(state >> 33) % (length - 1);
            char letter = name[at];
            if (state >> 63) {
                name[at] = name[at + 1];
                name[at + 1] = letter;
            } else {
                memmove(name + at + 1, name + at, length++ - at);
                name[at] = (char)('a' + (state >> 40) % 26);
            }
        }
        name[length] = '\0';
        int count = sp_neighbours(searcher, sp_ecosystems[id], name, SP_BY_EDITS, matches, SP_HITS_MAX, &err);
        if (count < 0 || count >= SP_HITS_MAX)
            continue; /* a name that the registry refuses */
        unsigned limit = sp_edit_limit(length);
        for (uint32_t other = 0; other < part->package_count; other++) {
            struct sp_slice form = sp_form_string(part, part->packages[other].form_flat);
            if (sp_osa_within(name, length, form.bytes, form.length, limit) > limit)
                continue;
            bool found = false;
            for (int i = 0; i < count; i++)
                found = found || matches[i].target_id == other;
            /* an identifier that thousands share names its most popular owners alone */
            const struct sp_form_record *record = &part->forms[part->packages[other].form_flat];
            if (!found && record->owner_count < SP_OWNERS_MAX)
                fail_msg("%s: '%s' misses '%.*s'", sp_ecosystems[id]->name, name, (int)form.length,
                         form.bytes);
        }
    }
}

static void
no_target_within_the_limit_is_missed(void **state SP_UNUSED)
{
    check_complete(small.index, small.searcher, SP_NPM, 1, 200);
}

static void
no_target_of_the_real_index_is_missed(void **state SP_UNUSED)
{
    struct sp_index *index = real_index();
    if (!index)
        skip();
    struct sp_searcher *searcher = NULL;
    struct sp_error err = { 0 };
    assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
    check_complete(index, searcher, SP_PYPI, 7919, 60);
    check_complete(index, searcher, SP_NPM, 7919, 20);
    sp_searcher_free(searcher);
    sp_index_close(index);
}

static void
real_attacks_meet_their_targets(void **state SP_UNUSED)
{
    /* published typosquats, long removed, and whom they meant */
    static const struct {
        const char *ecosystem, *name, *target;
    } cases[] = {
        { "npm", "crossenv", "cross-env" },
        { "npm", "babelcli", "babel-cli" },
        { "npm", "loadyaml", "js-yaml" },
        { "npm", "mongose", "mongoose" },
        { "npm", "discordie.js", "discord.js" },
        { "npm", "electorn", "electron" },
        { "npm", "azure-core-tracing", "@azure/core-tracing" },
        { "pypi", "python3-dateutil", "python-dateutil" },
        { "pypi", "jeIlyfish", "jellyfish" },
        { "pypi", "colourama", "colorama" },
        { "pypi", "urlib3", "urllib3" },
        { "pypi", "djanga", "django" },
        { "rubygems", "active-support", "activesupport" },
        { "rubygems", "activesupport-jsonn", "activesupport" },
    };
    struct sp_index *index = real_index();
    if (!index)
        skip();
    struct sp_searcher *searcher = NULL;
    struct sp_error err = { 0 };
    assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
    unsigned met = 0;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        assert_int_equal(sp_search(searcher, small_ecosystem(cases[i].ecosystem), cases[i].name,
                                   strlen(cases[i].name), &result, &err),
                         0);
        bool found = result.trusted;
        for (size_t k = 0; k < result.count && k < 3; k++)
            found = found || strcasecmp(result.matches[k].target, cases[i].target) == 0;
        if (!found)
            print_message("    %s: %s does not meet %s in the first three\n", cases[i].ecosystem,
                          cases[i].name, cases[i].target);
        met += found;
    }
    sp_searcher_free(searcher);
    sp_index_close(index);
    assert_true(met >= SP_COUNT(cases) - 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_target_comes_first),
        cmocka_unit_test(every_index_finds_what_it_is_for),
        cmocka_unit_test(names_of_indices_are_told_apart),
        cmocka_unit_test(neighbours_keep_to_their_room),
        cmocka_unit_test(matches_come_by_falling_risk_each_target_once),
        cmocka_unit_test(match_says_who_the_target_is),
        cmocka_unit_test(answers_do_not_depend_on_what_was_asked_before),
        cmocka_unit_test(relating_a_pair_agrees_with_finding_it),
        cmocka_unit_test(features_of_the_last_pair_can_be_asked_for),
        cmocka_unit_test(trusted_names_are_recognised_as_their_registry_does),
        cmocka_unit_test(list_of_names_decides_listed_and_unlisted),
        cmocka_unit_test(names_of_every_length_are_searched_or_refused),
        cmocka_unit_test(hostile_names_get_a_line_or_an_answer),
        cmocka_unit_test(name_of_ten_thousand_bytes_is_refused),
        cmocka_unit_test(no_target_within_the_limit_is_missed),
        cmocka_unit_test(no_target_of_the_real_index_is_missed),
        cmocka_unit_test(real_attacks_meet_their_targets),
    };
    return cmocka_run_group_tests(tests, build_index, drop_index);
}
