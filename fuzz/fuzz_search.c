/* Names from strangers against a small index: the first byte chooses the ecosystem, the rest is the name.
 * What comes back is held to what search.h says of it. */
#include "base/file.h"
#include "base/utf8.h"
#include "name/search.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static struct sp_searcher *searcher;

static const char *
write_table(struct sp_arena *arena, const char *folder, const char *name, const char *text)
{
    struct sp_error err;
    char *path = sp_arena_printf(arena, NULL, "%s/%s", folder, name);
    REQUIRE(path && sp_file_write(path, text, strlen(text), &err) == 0);
    return path;
}

static void
build(void)
{
    static const char *const trusted[SP_ECOSYSTEM_COUNT] = {
        [SP_NPM] = "name\nlodash\nreact\nbody-parser\ncross-env\nsocket.io\n@babel/core\n@types/node\n",
        [SP_PYPI] = "name\nrequests\npython-dateutil\nPyYAML\nscikit-learn\n",
        [SP_RUBYGEMS] = "name\nrails\nactivesupport\nmulti_json\n",
        [SP_MAVEN] = "name\norg.slf4j:slf4j-api\ncom.google.guava:guava\n",
        [SP_GOLANG] = "name\ngithub.com/spf13/cobra\ngolang.org/x/sys\n",
        [SP_HUGGINGFACE] = "name\ngoogle/gemma-2b\nmeta-llama/Llama-2-7b\n",
        [SP_CARGO] = "name\nserde\ntokio\n",
        [SP_NUGET] = "name\nNewtonsoft.Json\nSerilog\n",
    };
    char folder[] = "/tmp/sallyport-fuzz-XXXXXX";
    REQUIRE(mkdtemp(folder));
    struct sp_arena arena = { 0 };
    struct sp_index_recipe recipe = { 0 };
    struct sp_error err;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        recipe.trusted[id] = write_table(&arena, folder, sp_ecosystems[id]->name, trusted[id]);
    recipe.spelling =
        write_table(&arena, folder, "spelling",
                    "a\tb\tkind\ncolour\tcolor\tbritish\ntwo\t2\tnumber\nbyte\tbite\thomophone\n");
    recipe.affixes = write_table(&arena, folder, "affixes", "token\tclass\npython\tlanguage\njs\tlanguage\n");
    recipe.commands =
        write_table(&arena, folder, "commands", "ecosystem\tname\twhat\nnpm\tinstall\tcommand\n");
    recipe.imports =
        write_table(&arena, folder, "imports", "ecosystem\timport\tpackage\npypi\tyaml\tpyyaml\n");
    recipe.families =
        write_table(&arena, folder, "families",
                    "ecosystem\tpattern\tposition\tmembers\tkind\nnpm\treact-\tprefix\t9\tplugin\n");
    recipe.names[SP_NPM] = write_table(&arena, folder, "names", "name\nlodash\nleft-pad\n");
    const char *path = sp_arena_printf(&arena, NULL, "%s/index", folder);
    struct sp_index *index;
    if (sp_index_build(&recipe, path, NULL, &err) < 0 || sp_index_open(&index, path, &err) < 0 ||
        sp_searcher_new(&searcher, index, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    /* what is mapped stays; nothing is left behind */
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        unlink(recipe.trusted[id]);
    const char *const others[] = { recipe.spelling,
                                   recipe.affixes,
                                   recipe.commands,
                                   recipe.imports,
                                   recipe.families,
                                   recipe.names[SP_NPM],
                                   path };
    for (size_t i = 0; i < SP_COUNT(others); i++)
        unlink(others[i]);
    rmdir(folder);
    sp_arena_free(&arena);
}

static void
require_edits(const struct sp_match *match, size_t name_length)
{
    size_t from = 0, to = 0;
    REQUIRE(match->edit_count <= SP_EDITS_MAX);
    for (size_t i = 0; i < match->edit_count; i++) {
        REQUIRE(match->edits[i].from == from && match->edits[i].to == to);
        from += match->edits[i].from_length;
        to += match->edits[i].to_length;
    }
    REQUIRE(!match->edit_count || (from == name_length && to == strlen(match->target)));
}

static void
require_match(const struct sp_match *match, size_t name_length)
{
    REQUIRE(match->risk >= 0 && match->risk <= 1);
    REQUIRE(match->target && match->target[0] && match->summary && match->target_ecosystem);
    REQUIRE(match->categories < 1u << SP_CATEGORY_COUNT && match->found_by < 1u << SP_INDEX_KIND_COUNT);
    require_edits(match, name_length);
}

static void
try_pair(const struct sp_ecosystem *ecosystem, const char *name, size_t length)
{
    static const char *const targets[SP_ECOSYSTEM_COUNT] = {
        "@babel/core",     "requests", "rails",           "org.slf4j:slf4j-api", "github.com/spf13/cobra",
        "google/gemma-2b", "serde",    "Newtonsoft.Json",
    };
    char text[SP_NAME_MAX + 1];
    if (length > SP_NAME_MAX || memchr(name, 0, length))
        return;
    memcpy(text, name, length);
    text[length] = '\0';
    struct sp_match match;
    struct sp_error err;
    struct sp_features_view view;
    for (int other = 0; other < SP_ECOSYSTEM_COUNT; other++) {
        if (sp_relate(searcher, ecosystem, text, sp_ecosystems[other], targets[other], &match, &err) < 0)
            return;
        REQUIRE(sp_relate_features(searcher, &view, &err) == 0 && view.count);
    }
    /* a name related to itself is no distance away */
    REQUIRE(sp_relate(searcher, ecosystem, text, ecosystem, text, &match, &err) == 0);
    REQUIRE(match.distance == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sp_search_result result;
    static struct sp_match matches[8];
    if (!searcher)
        build();
    if (!size)
        return 0;
    const struct sp_ecosystem *ecosystem = sp_ecosystems[bytes[0] % SP_ECOSYSTEM_COUNT];
    size_t length = size - 1;
    sp_autofree char *name = malloc(length ? length : 1);
    if (!name)
        return 0;
    if (length)
        memcpy(name, bytes + 1, length);
    struct sp_error err = { 0 };
    if (sp_search(searcher, ecosystem, name, length, &result, &err) < 0) {
        REQUIRE(err.code != SP_ERROR_NONE && err.text[0] && sp_utf8_valid(err.text, strlen(err.text)));
        return 0;
    }
    REQUIRE(result.count <= SP_MATCHES_MAX && (!result.trusted || !result.count));
    REQUIRE(!(result.listed && result.unlisted));
    for (size_t i = 0; i < result.count; i++) {
        require_match(&result.matches[i], length);
        REQUIRE(i == 0 || result.matches[i - 1].risk >= result.matches[i].risk);
    }
    if (length <= SP_NAME_MAX && !memchr(name, 0, length)) {
        char text[SP_NAME_MAX + 1];
        memcpy(text, name, length);
        text[length] = '\0';
        for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++)
            REQUIRE(sp_neighbours(searcher, ecosystem, text, (enum sp_index_kind)kind, matches, 8, &err) <=
                    8);
    }
    try_pair(ecosystem, name, length);
    return 0;
}
