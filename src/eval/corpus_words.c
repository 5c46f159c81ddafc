/* Names and prose of made-up packages. Nothing here knows what kind of package it is for. */
#include "eval/corpus_parts.h"

#include <string.h>

#define TRIES 100

static const char *const onsets[] = { "b",  "br", "c",  "d", "dr", "f", "fl", "g", "gr", "h",
                                      "k",  "kl", "l",  "m", "n",  "p", "pr", "q", "r",  "s",
                                      "sk", "t",  "tr", "v", "vl", "w", "x",  "y", "z",  "zh" };
static const char *const nuclei[] = { "a", "e", "i", "o", "u", "ae", "io", "ua", "ei" };
static const char *const codas[] = { "", "", "", "l", "n", "r", "s", "x", "m", "th" };
static const char *const parts[] = { "kit",    "core",   "parse",    "loader", "store",  "queue",  "table",
                                     "fmt",    "router", "stream",   "bench",  "schema", "view",   "config",
                                     "logger", "watch",  "codec",    "cache",  "graph",  "mapper", "paths",
                                     "match",  "tokens", "time",     "color",  "string", "merge",  "flags",
                                     "units",  "events", "template", "layout" };
static const char *const qualities[] = {
    "Small",   "Fast",   "Tiny",       "Lightweight", "Simple",
    "Minimal", "Modern", "Dependable", "Pragmatic",   "Straightforward"
};
static const char *const things[] = { "string formatting", "configuration loading",  "event handling",
                                      "colour conversion", "deep merging",           "path matching",
                                      "date arithmetic",   "schema checks",          "table rendering",
                                      "token parsing",     "queue handling",         "unit conversion",
                                      "query parsing",     "template rendering",     "structured logging",
                                      "cache keys",        "command line arguments", "retry policies" };
static const char *const places[] = { "for servers",           "for build tools", "for command line programs",
                                      "for large projects",    "for scripts",     "with no surprises",
                                      "for data pipelines",    "for test suites", "for everyday use",
                                      "in a few lines of code" };
static const char *const licences[] = { "MIT", "MIT", "MIT", "ISC", "Apache-2.0", "BSD-3-Clause" };
static const char *const given[] = { "Ada",   "Jonas", "Mira",   "Teun", "Ines",
                                     "Pavel", "Noor",  "Silvan", "Yuki", "Rosa" };
static const char *const keywords[] = {
    "utility", "format", "config", "parser", "cli",    "async",  "string",
    "object",  "merge",  "events", "time",   "colour", "schema", "cache"
};

static int
write_invented(struct sp_buffer *out, struct sp_draw *draw, unsigned syllables, struct sp_error *err)
{
    for (unsigned i = 0; i < syllables; i++)
        if (sp_buffer_printf(out, err, "%s%s%s", sp_draw_word(draw, onsets), sp_draw_word(draw, nuclei),
                             i + 1 == syllables ? sp_draw_word(draw, codas) : "") < 0)
            return -1;
    return 0;
}

const char *
sp_corpus_draw_invented(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer word = { 0 };
    if (write_invented(&word, draw, 3, err) < 0)
        return NULL;
    return sp_arena_copy(arena, word.bytes, word.length, err);
}

static int
write_name(struct sp_buffer *out, enum sp_corpus_ecosystem ecosystem, struct sp_draw *draw,
           struct sp_error *err)
{
    const char *part = sp_draw_word(draw, parts);
    if (ecosystem == SP_CORPUS_NPM && sp_draw_chance(draw, 10)) {
        if (sp_buffer_append_byte(out, '@', err) < 0 || write_invented(out, draw, 3, err) < 0)
            return -1;
        return sp_buffer_printf(out, err, "/%s-%s", part, sp_draw_word(draw, parts));
    }
    if (sp_draw_chance(draw, 25)) {
        if (sp_buffer_printf(out, err, "%s-", part) < 0)
            return -1;
        return write_invented(out, draw, 3, err);
    }
    if (write_invented(out, draw, 3, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "-%s", part);
}

static int
draw_name(struct sp_corpus_words *out, struct sp_draw *draw, enum sp_corpus_ecosystem ecosystem,
          struct sp_map *taken, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 }, key = { 0 };
    for (unsigned i = 0; i < TRIES; i++) {
        sp_buffer_clear(&name);
        sp_buffer_clear(&key);
        if (write_name(&name, ecosystem, draw, err) < 0 ||
            sp_buffer_printf(&key, err, "%d %s", ecosystem, name.bytes) < 0)
            return -1;
        if (sp_map_get(taken, key.bytes, key.length, NULL))
            continue;
        if (sp_map_set(taken, key.bytes, key.length, 1, err) < 0)
            return -1;
        out->name = sp_arena_copy(arena, name.bytes, name.length, err);
        return out->name ? 0 : -1;
    }
    return sp_fail(err, SP_ERROR_LIMIT, "no further names can be made up");
}

int
sp_corpus_draw_words(struct sp_corpus_words *out, struct sp_draw *draw, enum sp_corpus_ecosystem ecosystem,
                     struct sp_map *taken, struct sp_arena *arena, struct sp_error *err)
{
    *out = (struct sp_corpus_words){ 0 };
    if (draw_name(out, draw, ecosystem, taken, arena, err) < 0)
        return -1;
    const char *slash = strchr(out->name, '/');
    out->base = slash ? slash + 1 : out->name;
    char *module = sp_arena_copy(arena, out->base, strlen(out->base), err);
    if (!module)
        return -1;
    for (char *at = module; *at; at++)
        if (*at == '-')
            *at = '_';
    out->module = module;
    out->version = sp_arena_printf(arena, err, "%zu.%zu.%zu", 1 + sp_draw_below(draw, 9),
                                   sp_draw_below(draw, 15), sp_draw_below(draw, 12));
    const char *quality = sp_draw_word(draw, qualities), *thing = sp_draw_word(draw, things);
    out->title = sp_arena_printf(arena, err, "%s %s %s", quality, thing, sp_draw_word(draw, places));
    out->licence = sp_draw_word(draw, licences);
    const char *family = sp_corpus_draw_invented(draw, arena, err);
    if (!family || !out->version || !out->title)
        return -1;
    out->author =
        sp_arena_printf(arena, err, "%s %c%s", sp_draw_word(draw, given), *family - 'a' + 'A', family + 1);
    out->keywords = sp_draw_below(draw, 4);
    for (size_t i = 0, at = sp_draw_below(draw, SP_COUNT(keywords)); i < out->keywords; i++)
        out->keyword[i] = keywords[(at + i * 3) % SP_COUNT(keywords)];
    return out->author ? 0 : -1;
}

int
sp_corpus_write_readme(struct sp_buffer *out, const struct sp_corpus_words *words,
                       enum sp_corpus_ecosystem ecosystem, struct sp_draw *draw, struct sp_error *err)
{
    static const char *const closings[] = { "Issues and pull requests are welcome.",
                                            "See the source for more.", "Tested on Linux and macOS.",
                                            "No configuration is needed." };
    const char *install = ecosystem == SP_CORPUS_NPM ? "npm install" : "pip install";
    if (sp_buffer_printf(out, err, "# %s\n\n%s.\n\n```\n%s %s\n```\n", words->base, words->title, install,
                         words->name) < 0)
        return -1;
    if (sp_draw_chance(draw, 50) && sp_buffer_printf(out, err, "\n%s\n", sp_draw_word(draw, closings)) < 0)
        return -1;
    return sp_buffer_printf(out, err, "\n## Licence\n\n%s\n", words->licence);
}

int
sp_corpus_write_licence(struct sp_buffer *out, const struct sp_corpus_words *words, struct sp_error *err)
{
    return sp_buffer_printf(out, err,
                            "Copyright (c) %s\n\nLicensed under %s; see https://spdx.org/licenses/%s.html "
                            "for the text.\nProvided as it is, without warranty of any kind.\n",
                            words->author, words->licence, words->licence);
}
