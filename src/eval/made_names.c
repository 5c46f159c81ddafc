/* Names, people and prose of made-up records. Nothing here knows what a package is for. */
#include "eval/made_parts.h"

#include <string.h>
#include <time.h>

static const char *const parts[] = { "kit",    "parser", "loader", "store",  "queue",  "table",
                                     "router", "stream", "schema", "view",   "config", "logger",
                                     "codec",  "cache",  "graph",  "mapper", "match",  "paths",
                                     "colour", "client", "units",  "events", "layout", "shell" };
static const char *const fillers[] = { "utils", "helper", "lib", "core", "common", "tools", "plus", "pro" };

struct topic {
    const char *about, *deed, *noun;
};
static const struct topic topics[] = {
    { "parsing of dates and times", "reads dates as people write them", "date" },
    { "colour conversion", "turns colours of one space into another", "colour" },
    { "deep merging of objects", "merges nested settings without surprises", "setting" },
    { "structured logging", "writes log lines that machines read", "line" },
    { "routing of requests", "finds the handler of a path", "route" },
    { "matrix arithmetic", "multiplies large sparse matrices", "matrix" },
    { "rendering of templates", "fills templates and escapes what it fills in", "template" },
    { "message queues", "hands jobs to workers and counts their failures", "job" },
    { "audio tags", "reads and writes the tags of sound files", "tag" },
    { "validation of schemas", "says where a document breaks its schema", "document" },
    { "image thumbnails", "scales pictures down and keeps their edges sharp", "picture" },
    { "network retries", "asks again, later each time, and gives up in time", "request" },
    { "spreadsheet export", "writes tables that office programs open", "sheet" },
    { "tokenising of source code", "cuts programs into tokens with their places", "token" },
};
static const char *const qualities[] = { "Small",     "Fast",   "Dependable", "Modern",
                                         "Pragmatic", "Simple", "Complete",   "Lightweight" };
static const char *const places[] = {
    "for servers",      "for command line programs", "for data pipelines",
    "for everyday use", "for large projects",        "without dependencies"
};
static const char *const licences[] = { "MIT", "MIT", "ISC", "Apache-2.0", "BSD-3-Clause" };
static const char *const sentences[] = {
    "Every function is documented, and every documented example is run as a test.",
    "It is used in production by several teams and released when there is something to release.",
    "Errors say what went wrong and where; nothing is printed that you did not ask for.",
    "Settings are read once, at the start, and can be given by the environment as well.",
    "Contributions are welcome: open an issue first where a change is larger than a few lines.",
    "Benchmarks lie in a folder of their own with the machine that they were run on.",
    "The interface follows semantic versions; what is experimental is called so.",
    "Supported are the releases that their own makers support.",
};

const char *
sp_made_print(struct sp_made_pair *pair, const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    const char *kept = length < 0 ? NULL : sp_arena_copy(pair->arena, text, (size_t)length, pair->err);
    if (length >= 0)
        free(text);
    else
        sp_fail_memory(pair->err);
    if (kept)
        return kept;
    pair->failed = true;
    return "";
}

static const char *
draw_invented(struct sp_made_pair *pair)
{
    const char *word = sp_corpus_draw_invented(&pair->draw, pair->arena, pair->err);
    pair->failed |= !word;
    return word ? word : "";
}

/* ---- names ---- */

static const char *
join_name(struct sp_made_pair *pair, const struct sp_ecosystem *ecosystem, const char *namespace_,
          const char *base)
{
    if (ecosystem->id == SP_GOLANG)
        return sp_made_print(pair, "github.com/%s/%s", namespace_, base);
    if (ecosystem->id == SP_MAVEN)
        return sp_made_print(pair, "%s:%s", namespace_, base);
    if (ecosystem->id == SP_NPM && namespace_)
        return sp_made_print(pair, "@%s/%s", namespace_, base);
    return base;
}

/* Compared without delimiters, since some registries do. */
static bool
take_name(struct sp_made_pair *pair, const struct sp_ecosystem *ecosystem, const char *name)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    sp_autobuffer struct sp_buffer normal = { 0 };
    if (pair->failed)
        return true;
    if (sp_ecosystem_read_name(ecosystem, name, strlen(name), &normal, pair->err) < 0 ||
        sp_buffer_printf(&key, pair->err, "%s %s", ecosystem->name, sp_buffer_string(&normal)) < 0) {
        pair->failed = true;
        return true;
    }
    if (sp_map_get(pair->taken, key.bytes, key.length, NULL))
        return false;
    pair->failed |= sp_map_set(pair->taken, key.bytes, key.length, 1, pair->err) < 0;
    return true;
}

void
sp_made_call(struct sp_made_pair *pair, struct sp_made_package *package, const char *namespace_,
             const char *base)
{
    package->namespace_ = namespace_;
    package->base = base;
    package->name = join_name(pair, package->ecosystem, namespace_, base);
    for (unsigned i = 2; !take_name(pair, package->ecosystem, package->name); i++) {
        package->base = sp_made_print(pair, "%s%u", base, i);
        package->name = join_name(pair, package->ecosystem, namespace_, package->base);
    }
}

static const char *
draw_namespace(struct sp_made_pair *pair, const struct sp_ecosystem *ecosystem)
{
    if (ecosystem->id == SP_MAVEN)
        return sp_made_print(pair, "%s.%s", sp_draw_chance(&pair->draw, 50) ? "org" : "com",
                             draw_invented(pair));
    if (ecosystem->id == SP_GOLANG || (ecosystem->id == SP_NPM && sp_draw_chance(&pair->draw, 25)))
        return draw_invented(pair);
    return NULL;
}

/* A slip within the word: never its first letter, which people get right. */
static void
slip(struct sp_made_pair *pair, char *text, size_t length)
{
    size_t at = 1 + sp_draw_below(&pair->draw, length - 2);
    switch (sp_draw_below(&pair->draw, 3)) {
    case 0:
        for (size_t i = 0; i < length && text[at] == text[at + 1]; i++)
            at = 1 + (at % (length - 2));
        char first = text[at];
        text[at] = text[at + 1];
        text[at + 1] = first;
        break;
    case 1:
        memmove(text + at, text + at + 1, length - at);
        break;
    default:
        memmove(text + at + 1, text + at, length - at + 1);
        break;
    }
}

/* A hyphen at either end, or two in a row, is no name everywhere. */
static bool
is_good(const char *text)
{
    size_t length = strlen(text);
    return length > 2 && text[length - 1] != '-' && text[length - 1] != '_' && text[0] != '-' &&
           !strstr(text, "--");
}

static const char *
change_lookalike(struct sp_made_pair *pair, const char *base)
{
    static const struct {
        const char *from, *to;
    } pairs[] = { { "l", "1" }, { "o", "0" }, { "m", "rn" }, { "w", "vv" }, { "d", "cl" } };
    size_t start = sp_draw_below(&pair->draw, SP_COUNT(pairs));
    for (size_t i = 0; i < SP_COUNT(pairs); i++) {
        size_t which = (start + i) % SP_COUNT(pairs);
        const char *at = strstr(base + 1, pairs[which].from);
        if (at)
            return sp_made_print(pair, "%.*s%s%s", (int)(at - base), base, pairs[which].to, at + 1);
    }
    return NULL;
}

const char *
sp_made_change(struct sp_made_pair *pair, const char *base, enum sp_made_change change)
{
    const char *hyphen = strchr(base, '-'), *other = NULL;
    size_t length = strlen(base);
    char text[SP_NAME_MAX];
    if (pair->failed)
        return "";
    if (change == SP_MADE_COMBINED)
        return sp_draw_chance(&pair->draw, 70)
                   ? sp_made_print(pair, "%s-%s", base, sp_draw_word(&pair->draw, fillers))
                   : sp_made_print(pair, "%s-%s", sp_draw_word(&pair->draw, fillers), base);
    if (change == SP_MADE_LOOKALIKE)
        other = change_lookalike(pair, base);
    else if (change == SP_MADE_DELIMITER && hyphen)
        /* PyPI takes '-' and '_' for the same */
        other = sp_made_print(
            pair, "%.*s%s%s", (int)(hyphen - base), base,
            pair->name.ecosystem->id == SP_PYPI || sp_draw_chance(&pair->draw, 50) ? "" : "_", hyphen + 1);
    for (unsigned tries = 0; !other && tries < 100; tries++) {
        snprintf(text, sizeof(text), "%s", base);
        slip(pair, text, length);
        if (strcmp(text, base) != 0 && is_good(text))
            other = sp_made_print(pair, "%s", text);
    }
    return other ? other : sp_made_print(pair, "%ss", base);
}

/* ---- people and prose ---- */

void
sp_made_draw_person(struct sp_made_pair *pair, struct sp_made_person *out)
{
    const char *id = draw_invented(pair);
    if (sp_draw_chance(&pair->draw, 30))
        id = sp_made_print(pair, "%s%zu", id, sp_draw_below(&pair->draw, 100));
    *out = (struct sp_made_person){ id, sp_made_print(pair, "%s@%s.example", id, draw_invented(pair)) };
}

unsigned
sp_made_draw_topic(struct sp_made_pair *pair)
{
    size_t topic = sp_draw_below(&pair->draw, SP_COUNT(topics) - 1);
    return (unsigned)(topic + (topic >= pair->target.topic));
}

const char *
sp_made_describe(struct sp_made_pair *pair, unsigned topic)
{
    return sp_made_print(pair, "%s %s %s", sp_draw_word(&pair->draw, qualities), topics[topic].about,
                         sp_draw_word(&pair->draw, places));
}

static const char *
install_command(const struct sp_made_package *package)
{
    switch (package->ecosystem->id) {
    case SP_NPM:
        return "npm install ";
    case SP_PYPI:
        return "pip install ";
    case SP_RUBYGEMS:
        return "gem install ";
    case SP_GOLANG:
        return "go get ";
    default:
        return "mvn dependency:get -Dartifact=";
    }
}

void
sp_made_write_readme(struct sp_made_pair *pair, struct sp_made_package *package)
{
    const struct topic *topic = &topics[package->topic];
    size_t first = sp_draw_below(&pair->draw, SP_COUNT(sentences));
    const char *about = sentences[first], *more = sentences[(first + 3) % SP_COUNT(sentences)];
    package->readme = sp_made_print(
        pair,
        "# %s\n\n%s.\n\n%s %s. Give it a %s and it answers with another; give it a thousand and it takes no "
        "more memory.\n\n## Install\n\n```sh\n%s%s\n```\n\n## Use\n\nOpen a %s, look at what it holds, and "
        "close it. %s\n\n%s\n\n## Licence\n\n%s\n",
        package->base, package->description, package->base, topic->deed, topic->noun,
        install_command(package), package->name, topic->noun, about, more,
        package->licence ? package->licence : "see the file LICENSE");
}

void
sp_made_draw_package(struct sp_made_pair *pair, struct sp_made_package *out,
                     const struct sp_ecosystem *ecosystem)
{
    struct sp_draw *draw = &pair->draw;
    *out = (struct sp_made_package){ .ecosystem = ecosystem };
    out->topic = (unsigned)sp_draw_below(draw, SP_COUNT(topics));
    const char *namespace_ = draw_namespace(pair, ecosystem);
    sp_made_call(pair, out, namespace_,
                 sp_made_print(pair, "%s-%s", draw_invented(pair), sp_draw_word(draw, parts)));
    out->licence = sp_draw_word(draw, licences);
    out->description = sp_made_describe(pair, out->topic);
    out->people_count = 1 + (unsigned)sp_draw_below(draw, SP_MADE_PEOPLE_MAX);
    for (unsigned i = 0; i < out->people_count; i++)
        sp_made_draw_person(pair, &out->people[i]);
    const char *owner = ecosystem->id == SP_GOLANG || sp_draw_chance(draw, 60)
                            ? (ecosystem->id == SP_GOLANG ? namespace_ : draw_invented(pair))
                            : out->people[0].id;
    out->repository = sp_made_print(pair, "https://github.com/%s/%s", owner, out->base);
    if (sp_draw_chance(draw, 50))
        out->homepage = sp_made_print(pair, "https://%s.example/", out->base);
    out->created = pair->now - (int64_t)(1500 + sp_draw_below(draw, 2000)) * SP_MADE_DAY;
    out->updated = pair->now - (int64_t)(5 + sp_draw_below(draw, 200)) * SP_MADE_DAY;
    out->major = ecosystem->id == SP_GOLANG ? 1 : 1 + (unsigned)sp_draw_below(draw, 4);
    out->releases = 8 + (unsigned)sp_draw_below(draw, 30);
    out->downloads = 200000 + (int64_t)sp_draw_below(draw, 3000000);
    sp_made_write_readme(pair, out);
}

const char *
sp_made_keyword(const struct sp_made_package *package)
{
    return topics[package->topic].noun;
}

/* ---- releases ---- */

void
sp_made_version(const struct sp_made_package *package, unsigned index, char out[32])
{
    if (package->version)
        snprintf(out, 32, "%s", package->version);
    else
        snprintf(out, 32, "%u.%u.0", package->major, index);
}

int64_t
sp_made_release_time(const struct sp_made_package *package, unsigned index)
{
    if (package->releases < 2)
        return package->created;
    return package->created + (package->updated - package->created) * index / (package->releases - 1);
}

void
sp_made_time(int64_t time, char out[32])
{
    time_t seconds = (time_t)time;
    struct tm parts_of;
    gmtime_r(&seconds, &parts_of);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts_of);
}
