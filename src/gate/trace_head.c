#include "gate/trace_head.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/utf8.h"
#include "ecosystem/ecosystem.h"
#include "ecosystem/purl.h"
#include "report/report.h"

#include <stddef.h>
#include <string.h>

#define WORDS_MAX 65536u
#define PACKAGES_MAX 100000u
/* Needles in one run of the matcher's table. Real ones make runs below ten; whoever chooses them can make one
 * that costs a comparison with each at every byte. */
#define CROWDING_MAX 256u

/* ----------------------------------------------------------------- writing */

/* JSON holds UTF-8 alone, and a path or a word any bytes: those that are no UTF-8 stand as hexadecimal digits
 * under "hex". */
static void
put_bytes(struct sp_json *json, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (!text || sp_utf8_valid(text, length)) {
        sp_json_string(json, text);
        return;
    }
    sp_autobuffer struct sp_buffer hex = { 0 };
    for (size_t i = 0; i < length && !json->failed; i++)
        if (sp_buffer_printf(&hex, json->err, "%02x", (unsigned char)text[i]) < 0)
            json->failed = true;
    sp_json_begin_object(json);
    sp_json_key(json, "hex");
    sp_json_string(json, sp_buffer_string(&hex));
    sp_json_end_object(json);
}

static void
put_text(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    put_bytes(json, text);
}

static void
put_list(struct sp_json *json, const char *key, const char *const *list)
{
    sp_json_key(json, key);
    sp_json_begin_array(json);
    for (; list && *list; list++)
        put_bytes(json, *list);
    sp_json_end_array(json);
}

static void
put_decoy(struct sp_json *json, const struct sp_decoy *decoy)
{
    sp_json_begin_object(json);
    put_text(json, "id", decoy->id);
    put_text(json, "title", decoy->title);
    put_text(json, "path", decoy->path);
    put_text(json, "name", decoy->name);
    sp_json_key(json, "reading_proves");
    sp_json_bool(json, decoy->reading_proves);
    put_text(json, "canary", decoy->canary);
    put_list(json, "needles", decoy->needles);
    sp_json_end_object(json);
}

/* Purls, as two lists. */
static int
put_packages(struct sp_json *json, const struct sp_run_report *report, bool direct, struct sp_error *err)
{
    sp_json_key(json, direct ? "direct" : "indirect");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->package_count && i < PACKAGES_MAX; i++) {
        const struct sp_run_package *package = &report->packages[i];
        sp_autobuffer struct sp_buffer purl = { 0 };
        if (package->direct != direct)
            continue;
        if (sp_report_purl(&purl, package->ecosystem, package->name, package->version, err) < 0)
            return -1;
        if (purl.length)
            sp_json_string(json, purl.bytes);
    }
    sp_json_end_array(json);
    return 0;
}

int
sp_trace_head_write(const struct sp_run_report *report, const char *home, const char *project,
                    const char *ecosystem, const struct sp_decoys *decoys, struct sp_buffer *out,
                    struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    if (decoys && (decoys->count > SP_TRACE_DECOYS_MAX || sp_decoys_needles(decoys) > SP_TRACE_NEEDLES_MAX))
        return sp_fail(err, SP_ERROR_LIMIT, "%zu decoys are more than a trace keeps (%u)", decoys->count,
                       SP_TRACE_DECOYS_MAX);
    sp_json_begin_object(&json);
    sp_json_key(&json, "version");
    sp_json_integer(&json, SP_TRACE_HEAD_VERSION);
    put_text(&json, "tool", report->tool_version);
    put_text(&json, "kind", report->kind);
    put_list(&json, "command", report->command);
    put_text(&json, "manager", report->manager);
    put_text(&json, "ecosystem", ecosystem);
    put_text(&json, "project", project ? project : report->project);
    put_text(&json, "home", home);
    put_text(&json, "mode", report->mode);
    put_text(&json, "net", report->net);
    sp_json_key(&json, "started");
    sp_json_integer(&json, (long long)report->started);
    if (put_packages(&json, report, true, err) < 0 || put_packages(&json, report, false, err) < 0)
        return -1;
    sp_json_key(&json, "decoys");
    sp_json_begin_array(&json);
    for (size_t i = 0; decoys && i < decoys->count; i++)
        put_decoy(&json, &decoys->items[i]);
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_append(out, sp_buffer_string(&json.out), json.out.length, err);
}

/* ----------------------------------------------------------------- reading */

struct reading {
    struct sp_json_reader json;
    struct sp_arena *arena;
    struct sp_trace_head *out;
    uint64_t version;
    size_t needles;
    bool direct_read, indirect_read;
};

static int
refuse(const struct reading *reading, const char *what, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%s:%u:%u: %s", reading->json.path, reading->json.line,
                   reading->json.column, what);
}

static int
refuse_token(const struct reading *reading, enum sp_json_token token, const char *wanted,
             struct sp_error *err)
{
    if (token == SP_JSON_FAILED)
        return -1;
    return sp_fail(err, SP_ERROR_INPUT, "%s:%u:%u: %s where %s should stand", reading->json.path,
                   reading->json.line, reading->json.column, sp_json_token_name(token), wanted);
}

static int
hex_digit(char letter)
{
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                            : -1;
}

/* {"hex": "ff"}, of which the brace was read. */
static int
read_hex(struct reading *reading, const char **out, struct sp_error *err)
{
    struct sp_json_reader *json = &reading->json;
    enum sp_json_token token = sp_json_next(json, err);
    if (token != SP_JSON_KEY || !sp_json_is(json, "hex"))
        return refuse_token(reading, token, "\"hex\"", err);
    if ((token = sp_json_next(json, err)) != SP_JSON_STRING)
        return refuse_token(reading, token, "a string", err);
    char *text = sp_arena_alloc(reading->arena, json->length / 2 + 1, err);
    if (!text)
        return -1;
    for (size_t i = 0; i + 1 < json->length; i += 2) {
        int high = hex_digit(json->text[i]), low = hex_digit(json->text[i + 1]);
        if (high < 0 || low < 0 || !(high | low))
            return refuse(reading, "no hexadecimal digits of a text", err);
        text[i / 2] = (char)(high << 4 | low);
    }
    if (json->length % 2)
        return refuse(reading, "half a byte in hexadecimal digits", err);
    if ((token = sp_json_next(json, err)) != SP_JSON_OBJECT_END)
        return refuse_token(reading, token, "the end of a text", err);
    *out = text;
    return 0;
}

/* A string, null, or hexadecimal digits: the value that begins with TOKEN. */
static int
read_text(struct reading *reading, enum sp_json_token token, const char **out, struct sp_error *err)
{
    struct sp_json_reader *json = &reading->json;
    *out = NULL;
    if (token == SP_JSON_NULL)
        return 0;
    if (token == SP_JSON_OBJECT)
        return read_hex(reading, out, err);
    if (token != SP_JSON_STRING)
        return refuse_token(reading, token, "a text", err);
    if (memchr(json->text, '\0', json->length))
        return refuse(reading, "a text with a NUL in it", err);
    *out = sp_arena_copy(reading->arena, json->text, json->length, err);
    return *out ? 0 : -1;
}

static int
read_number(struct reading *reading, uint64_t *out, struct sp_error *err)
{
    struct sp_json_reader *json = &reading->json;
    enum sp_json_token token = sp_json_next(json, err);
    uint64_t number = 0;
    if (token != SP_JSON_NUMBER)
        return refuse_token(reading, token, "a number", err);
    for (size_t i = 0; i < json->length; i++) {
        unsigned digit = (unsigned)json->text[i] - '0';
        if (digit > 9 || number > ((uint64_t)INT64_MAX - digit) / 10)
            return refuse(reading, "a number that is none of a head", err);
        number = 10 * number + digit;
    }
    *out = number;
    return 0;
}

struct texts {
    const char **items;
    size_t count, capacity;
};

/* An array of texts, at most MOST; the list that comes of it ends in NULL and lies in the arena. */
static int
read_texts(struct reading *reading, size_t most, const char *const **out, size_t *count, struct sp_error *err)
{
    struct texts texts = { 0 };
    enum sp_json_token token = sp_json_next(&reading->json, err);
    int result = token == SP_JSON_ARRAY ? 0 : refuse_token(reading, token, "a list", err);
    while (result == 0 && (token = sp_json_next(&reading->json, err)) != SP_JSON_ARRAY_END) {
        const char *text;
        if (texts.count == most)
            result = refuse(reading, "more than is read", err);
        else if (read_text(reading, token, &text, err) < 0)
            result = -1;
        else if (!text)
            result = refuse(reading, "null in a list", err);
        else if (sp_grow(texts.items, texts.capacity, texts.count + 1, err) < 0)
            result = -1;
        else
            texts.items[texts.count++] = text;
    }
    const char **list =
        result == 0 ? sp_arena_alloc(reading->arena, (texts.count + 1) * sizeof(*list), err) : NULL;
    if (list && texts.count)
        memcpy(list, texts.items, texts.count * sizeof(*list));
    free(texts.items);
    *out = list;
    *count = texts.count;
    return list ? 0 : -1;
}

static int
read_packages(struct reading *reading, bool direct, struct sp_error *err)
{
    const char *const *purls;
    size_t count, before = reading->out->package_count;
    bool *read = direct ? &reading->direct_read : &reading->indirect_read;
    if (*read)
        return refuse(reading, "the same list of packages twice", err);
    *read = true;
    if (read_texts(reading, PACKAGES_MAX, &purls, &count, err) < 0)
        return -1;
    struct sp_trace_package *packages =
        sp_arena_alloc(reading->arena, (before + count) * sizeof(*packages) + 1, err);
    if (!packages)
        return -1;
    if (before)
        memcpy(packages, reading->out->packages, before * sizeof(*packages));
    for (size_t i = 0; i < count; i++)
        packages[before + i] = (struct sp_trace_package){ .purl = purls[i], .direct = direct };
    reading->out->packages = packages;
    reading->out->package_count = before + count;
    return 0;
}

/* ------------------------------------------------------------------ decoys */

static int
check_needles(struct reading *reading, const char *const *needles, struct sp_error *err)
{
    for (; *needles; needles++) {
        size_t length = strnlen(*needles, SP_NEEDLE_MAX + 1);
        if (length < SP_NEEDLE_MIN || length > SP_NEEDLE_MAX)
            return refuse(reading, "a needle that is too short or too long", err);
    }
    return 0;
}

static int
read_decoy_field(struct reading *reading, struct sp_decoy *decoy, struct sp_error *err)
{
    static const struct {
        const char *key;
        size_t at;
    } texts[] = {
        { "id", offsetof(struct sp_decoy, id) },
        { "title", offsetof(struct sp_decoy, title) },
        { "path", offsetof(struct sp_decoy, path) },
        { "name", offsetof(struct sp_decoy, name) },
    };
    struct sp_json_reader *json = &reading->json;
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        if (sp_json_is(json, texts[i].key))
            return read_text(reading, sp_json_next(json, err), (const char **)((char *)decoy + texts[i].at),
                             err);
    if (sp_json_is(json, "reading_proves")) {
        enum sp_json_token token = sp_json_next(json, err);
        decoy->reading_proves = token == SP_JSON_TRUE;
        return token == SP_JSON_TRUE || token == SP_JSON_FALSE
                   ? 0
                   : refuse_token(reading, token, "true or false", err);
    }
    if (sp_json_is(json, "canary")) {
        const char *canary;
        if (read_text(reading, sp_json_next(json, err), &canary, err) < 0)
            return -1;
        if (strlen(canary ? canary : "") > SP_CANARY_LENGTH)
            return refuse(reading, "a canary that is too long", err);
        snprintf(decoy->canary, sizeof(decoy->canary), "%s", canary ? canary : "");
        return 0;
    }
    if (sp_json_is(json, "needles")) {
        size_t count;
        if (read_texts(reading, SP_TRACE_NEEDLES_MAX - reading->needles, &decoy->needles, &count, err) < 0)
            return -1;
        reading->needles += count;
        return check_needles(reading, decoy->needles, err);
    }
    return sp_json_skip_value(json, err);
}

/* A decoy, of which the brace was read. */
static int
read_decoy(struct reading *reading, struct sp_decoy *decoy, struct sp_error *err)
{
    enum sp_json_token token;
    while ((token = sp_json_next(&reading->json, err)) == SP_JSON_KEY)
        if (read_decoy_field(reading, decoy, err) < 0)
            return -1;
    if (token != SP_JSON_OBJECT_END)
        return -1;
    if (!decoy->id || !*decoy->id || !decoy->title)
        return refuse(reading, "a decoy without \"id\" or \"title\"", err);
    if (!decoy->path == !decoy->name || (decoy->path && decoy->path[0] != '/'))
        return refuse(reading, "a decoy that is neither a file nor a variable", err);
    return 0;
}

static int
read_decoys(struct reading *reading, struct sp_error *err)
{
    struct sp_decoys *out = &reading->out->decoys;
    struct sp_decoy *items = NULL;
    size_t count = 0, capacity = 0;
    enum sp_json_token token = sp_json_next(&reading->json, err);
    int result = token == SP_JSON_ARRAY ? 0 : refuse_token(reading, token, "a list of decoys", err);
    while (result == 0 && (token = sp_json_next(&reading->json, err)) != SP_JSON_ARRAY_END) {
        if (token != SP_JSON_OBJECT)
            result = refuse_token(reading, token, "a decoy", err);
        else if (count == SP_TRACE_DECOYS_MAX)
            result = refuse(reading, "more decoys than are read", err);
        else if (sp_grow(items, capacity, count + 1, err) < 0)
            result = -1;
        else {
            items[count] = (struct sp_decoy){ 0 };
            result = read_decoy(reading, &items[count++], err);
        }
    }
    out->items = result == 0 ? sp_arena_alloc(reading->arena, count * sizeof(*items) + 1, err) : NULL;
    if (out->items && count)
        memcpy(out->items, items, count * sizeof(*items));
    out->count = out->capacity = count;
    free(items);
    return out->items ? 0 : -1;
}

/* ---------------------------------------------------------------- the head */

static int
read_field(struct reading *reading, struct sp_error *err)
{
    static const struct {
        const char *key;
        size_t at;
    } texts[] = {
        { "tool", offsetof(struct sp_trace_head, tool_version) },
        { "kind", offsetof(struct sp_trace_head, kind) },
        { "manager", offsetof(struct sp_trace_head, manager) },
        { "ecosystem", offsetof(struct sp_trace_head, ecosystem) },
        { "project", offsetof(struct sp_trace_head, project) },
        { "home", offsetof(struct sp_trace_head, home) },
        { "mode", offsetof(struct sp_trace_head, mode) },
        { "net", offsetof(struct sp_trace_head, net) },
    };
    struct sp_json_reader *json = &reading->json;
    struct sp_trace_head *out = reading->out;
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        if (sp_json_is(json, texts[i].key))
            return read_text(reading, sp_json_next(json, err), (const char **)((char *)out + texts[i].at),
                             err);
    if (sp_json_is(json, "version"))
        return read_number(reading, &reading->version, err);
    if (sp_json_is(json, "started"))
        return read_number(reading, &out->started, err);
    if (sp_json_is(json, "command")) {
        size_t count;
        return read_texts(reading, WORDS_MAX, &out->command, &count, err);
    }
    if (sp_json_is(json, "direct") || sp_json_is(json, "indirect"))
        return read_packages(reading, sp_json_is(json, "direct"), err);
    if (sp_json_is(json, "decoys"))
        return read_decoys(reading, err);
    return sp_json_skip_value(json, err);
}

/* TEXT is one of the words of LIST, of which the strings live for ever; or NULL where NONE says so. */
static bool
is_word(const char *text, const char *const *list, size_t count, bool none)
{
    for (size_t i = 0; text && i < count; i++)
        if (!strcmp(text, list[i]))
            return true;
    return !text && none;
}

static int
check_head(struct reading *reading, struct sp_error *err)
{
    static const char *const kinds[] = { "run", "scan", "demo" };
    static const char *const modes[] = { "enforce", "audit" };
    static const char *const nets[] = { "registry", "sinkhole", "none" };
    const struct sp_trace_head *out = reading->out;
    const char *name = reading->json.path;
    if (reading->version != SP_TRACE_HEAD_VERSION)
        return sp_fail(err, SP_ERROR_INPUT, "%s: of version %llu; this Sallyport reads version %u", name,
                       (unsigned long long)reading->version, SP_TRACE_HEAD_VERSION);
    if (!out->command || !out->decoys.items)
        return sp_fail(err, SP_ERROR_INPUT, "%s: \"%s\" is missing", name,
                       out->command ? "decoys" : "command");
    if (!is_word(out->kind, kinds, SP_COUNT(kinds), false) ||
        !is_word(out->mode, modes, SP_COUNT(modes), false) || !is_word(out->net, nets, SP_COUNT(nets), false))
        return sp_fail(err, SP_ERROR_INPUT, "%s: a \"kind\", \"mode\" or \"net\" that is none", name);
    if (out->ecosystem && !sp_ecosystem_find(out->ecosystem, strlen(out->ecosystem)))
        return sp_fail(err, SP_ERROR_INPUT, "%s: an \"ecosystem\" that is none", name);
    if ((out->home && out->home[0] != '/') || (out->project && out->project[0] != '/'))
        return sp_fail(err, SP_ERROR_INPUT, "%s: \"home\" and \"project\" are absolute paths", name);
    return 0;
}

int
sp_trace_head_read(const char *json, struct sp_trace_head *out, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct reading reading = { .arena = arena, .out = out };
    enum sp_json_token token;
    *out = (struct sp_trace_head){ .decoys.arena = arena };
    if (sp_json_reader_open(&reading.json, "the trace's head", json, strlen(json), &scratch, err) < 0)
        return -1;
    if ((token = sp_json_next(&reading.json, err)) != SP_JSON_OBJECT)
        return refuse_token(&reading, token, "an object", err);
    while ((token = sp_json_next(&reading.json, err)) == SP_JSON_KEY)
        if (read_field(&reading, err) < 0)
            return -1;
    if (token != SP_JSON_OBJECT_END || sp_json_next(&reading.json, err) != SP_JSON_END)
        return -1;
    if (check_head(&reading, err) < 0 || sp_decoys_compile(&out->decoys, err) < 0)
        return -1;
    if (sp_decoys_crowding(&out->decoys) > CROWDING_MAX)
        return sp_fail(err, SP_ERROR_INPUT, "the trace's head: needles that were chosen to cost time");
    return 0;
}
