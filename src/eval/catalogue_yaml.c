/* The description of one technique or chore. */
#include "eval/catalogue.h"

#include <string.h>
#include <yaml.h>

#define WORDS_MAX 64

static const struct {
    const char *name;
    enum sp_corpus_ecosystem ecosystem;
} triggers[SP_TRIGGER_COUNT] = {
    [SP_TRIGGER_PREINSTALL] = { "preinstall", SP_CORPUS_NPM },
    [SP_TRIGGER_INSTALL] = { "install", SP_CORPUS_NPM },
    [SP_TRIGGER_POSTINSTALL] = { "postinstall", SP_CORPUS_NPM },
    [SP_TRIGGER_GYP] = { "gyp", SP_CORPUS_NPM },
    [SP_TRIGGER_LOAD] = { "load", SP_CORPUS_NPM },
    [SP_TRIGGER_SETUP] = { "setup", SP_CORPUS_PYPI },
    [SP_TRIGGER_INSTALL_CLASS] = { "install-class", SP_CORPUS_PYPI },
    [SP_TRIGGER_EGG_INFO] = { "egg-info", SP_CORPUS_PYPI },
    [SP_TRIGGER_BACKEND] = { "backend", SP_CORPUS_PYPI },
    [SP_TRIGGER_PTH] = { "pth", SP_CORPUS_PYPI },
    [SP_TRIGGER_IMPORT] = { "import", SP_CORPUS_PYPI },
};
static const char *const wrappers[SP_WRAPPER_COUNT] = { "plain",    "base64", "zlib", "hex",
                                                        "reversed", "child",  "vm",   "marshal" };
static const char *const ecosystems[SP_CORPUS_ECOSYSTEMS] = { "npm", "pypi" };
static const char *const classes[] = { "theft",       "exfiltration", "dropper", "loader", "backdoor",
                                       "persistence", "destruction",  "evasion", "abuse",  "propagation" };

const char *
sp_corpus_ecosystem_name(enum sp_corpus_ecosystem ecosystem)
{
    return ecosystems[ecosystem];
}

const char *
sp_corpus_trigger_name(enum sp_corpus_trigger trigger)
{
    return triggers[trigger].name;
}

enum sp_corpus_ecosystem
sp_corpus_trigger_ecosystem(enum sp_corpus_trigger trigger)
{
    return triggers[trigger].ecosystem;
}

const char *
sp_corpus_wrapper_name(enum sp_corpus_wrapper wrapper)
{
    return wrappers[wrapper];
}

/* ------------------------------------------------------------ nodes */

struct reading {
    yaml_document_t *document;
    const char *path;
    struct sp_arena *arena;
    struct sp_corpus_entry *entry;
    uint32_t seen; /* fields, by their place in the table */
};

static int
complain(const struct reading *reading, const yaml_node_t *node, const char *what, const char *word,
         struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%s:%zu: %s%s%.80s%s", reading->path, node->start_mark.line + 1, what,
                   word ? " '" : "", word ? word : "", word ? "'" : "");
}

/* A scalar that is a line of text. */
static int
read_text(const struct reading *reading, const yaml_node_t *node, const char **out, struct sp_error *err)
{
    if (node->type != YAML_SCALAR_NODE || !node->data.scalar.length)
        return complain(reading, node, "a text belongs here", NULL, err);
    const char *text = (const char *)node->data.scalar.value;
    size_t length = node->data.scalar.length;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return complain(reading, node, "a text of one line belongs here", NULL, err);
    *out = sp_arena_copy(reading->arena, text, length, err);
    return *out ? 0 : -1;
}

static int
add_word(const struct reading *reading, const yaml_node_t *node, struct sp_words *words, struct sp_error *err)
{
    const char *text = NULL;
    if (words->count == WORDS_MAX)
        return complain(reading, node, "too many in one list", NULL, err);
    if (read_text(reading, node, &text, err) < 0 ||
        sp_grow(words->items, words->capacity, words->count + 1, err) < 0)
        return -1;
    words->items[words->count++] = text;
    return 0;
}

static int
read_words(const struct reading *reading, const yaml_node_t *node, struct sp_words *words,
           struct sp_error *err)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return complain(reading, node, "a list belongs here", NULL, err);
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++)
        if (add_word(reading, yaml_document_get_node(reading->document, *item), words, err) < 0)
            return -1;
    return words->count ? 0 : complain(reading, node, "an empty list; leave the field out", NULL, err);
}

/* ------------------------------------------------------------ fields */

static int
read_title(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    return read_text(reading, node, &reading->entry->title, err);
}

static int
read_class(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    if (read_text(reading, node, &reading->entry->class_, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(classes); i++)
        if (!strcmp(classes[i], reading->entry->class_))
            return 0;
    return complain(reading, node, "there is no class", reading->entry->class_, err);
}

static int
read_attack(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    return read_words(reading, node, &reading->entry->attack, err);
}

static int
read_sources(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    return read_words(reading, node, &reading->entry->sources, err);
}

static int
read_triggers_of(struct reading *reading, const yaml_node_t *key, const yaml_node_t *value,
                 struct sp_error *err)
{
    __attribute__((cleanup(sp_cleanup_free))) const char **items = NULL;
    struct sp_words words = { 0 };
    const char *name = NULL;
    size_t ecosystem = 0;
    if (read_text(reading, key, &name, err) < 0)
        return -1;
    while (ecosystem < SP_CORPUS_ECOSYSTEMS && strcmp(ecosystems[ecosystem], name))
        ecosystem++;
    if (ecosystem == SP_CORPUS_ECOSYSTEMS)
        return complain(reading, key, "there is no ecosystem", name, err);
    int status = read_words(reading, value, &words, err);
    items = words.items;
    for (size_t i = 0; status == 0 && i < words.count; i++) {
        size_t at = 0;
        while (at < SP_TRIGGER_COUNT &&
               (triggers[at].ecosystem != ecosystem || strcmp(triggers[at].name, items[i])))
            at++;
        if (at == SP_TRIGGER_COUNT)
            return complain(reading, value, "this ecosystem has no trigger", items[i], err);
        reading->entry->triggers |= 1u << at;
    }
    return status;
}

static int
read_triggers(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    if (node->type != YAML_MAPPING_NODE)
        return complain(reading, node, "npm: and pypi: with their lists belong here", NULL, err);
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        if (read_triggers_of(reading, yaml_document_get_node(reading->document, pair->key),
                             yaml_document_get_node(reading->document, pair->value), err) < 0)
            return -1;
    return reading->entry->triggers ? 0 : complain(reading, node, "no trigger is named", NULL, err);
}

static int
read_wrappers(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    __attribute__((cleanup(sp_cleanup_free))) const char **items = NULL;
    struct sp_words words = { 0 };
    int status = read_words(reading, node, &words, err);
    items = words.items;
    for (size_t i = 0; status == 0 && i < words.count; i++) {
        size_t at = 0;
        while (at < SP_WRAPPER_COUNT && strcmp(wrappers[at], items[i]))
            at++;
        if (at == SP_WRAPPER_COUNT)
            return complain(reading, node, "there is no wrapper", items[i], err);
        reading->entry->wrappers |= 1u << at;
    }
    return status;
}

static bool
is_identifier(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
    return length && length <= 32 && !name[length];
}

static int
read_choose(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    struct sp_corpus_entry *entry = reading->entry;
    if (node->type != YAML_MAPPING_NODE)
        return complain(reading, node, "names with their lists belong here", NULL, err);
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(reading->document, pair->key);
        if (entry->choice_count == WORDS_MAX)
            return complain(reading, key, "too many placeholders", NULL, err);
        if (sp_grow(entry->choices, entry->choice_capacity, entry->choice_count + 1, err) < 0)
            return -1;
        struct sp_choice *choice = &entry->choices[entry->choice_count++];
        *choice = (struct sp_choice){ 0 };
        if (read_text(reading, key, &choice->name, err) < 0)
            return -1;
        if (!is_identifier(choice->name))
            return complain(reading, key, "a placeholder has letters a-z and '_', not", choice->name, err);
        if (read_words(reading, yaml_document_get_node(reading->document, pair->value), &choice->values,
                       err) < 0)
            return -1;
    }
    return 0;
}

static int
read_companion(struct reading *reading, const yaml_node_t *node, struct sp_error *err)
{
    const char *word = NULL;
    if (read_text(reading, node, &word, err) < 0)
        return -1;
    reading->entry->companion = !strcmp(word, "true");
    return reading->entry->companion || !strcmp(word, "false")
               ? 0
               : complain(reading, node, "true or false belongs here, not", word, err);
}

enum need { NEED_ALWAYS, NEED_OF_TECHNIQUE, NEED_NEVER };
static const struct field {
    const char *key;
    enum need need;
    int (*read)(struct reading *reading, const yaml_node_t *node, struct sp_error *err);
} fields[] = {
    { "title", NEED_ALWAYS, read_title },           { "class", NEED_OF_TECHNIQUE, read_class },
    { "attack", NEED_OF_TECHNIQUE, read_attack },   { "triggers", NEED_ALWAYS, read_triggers },
    { "wrappers", NEED_NEVER, read_wrappers },      { "choose", NEED_NEVER, read_choose },
    { "sources", NEED_OF_TECHNIQUE, read_sources }, { "companion", NEED_NEVER, read_companion },
};

static int
read_pair(struct reading *reading, const yaml_node_pair_t *pair, struct sp_error *err)
{
    const yaml_node_t *key = yaml_document_get_node(reading->document, pair->key);
    const char *name = NULL;
    if (read_text(reading, key, &name, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(fields); i++) {
        if (strcmp(fields[i].key, name))
            continue;
        if (reading->seen >> i & 1)
            return complain(reading, key, "stands there twice:", name, err);
        reading->seen |= 1u << i;
        return fields[i].read(reading, yaml_document_get_node(reading->document, pair->value), err);
    }
    return complain(reading, key, "there is no field", name, err);
}

static int
read_document(struct reading *reading, struct sp_error *err)
{
    const yaml_node_t *root = yaml_document_get_root_node(reading->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        return sp_fail(err, SP_ERROR_INPUT, "%s:1: no mapping of fields", reading->path);
    const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
    for (; pair < root->data.mapping.pairs.top; pair++)
        if (read_pair(reading, pair, err) < 0)
            return -1;
    for (size_t i = 0; i < SP_COUNT(fields); i++) {
        bool needed =
            fields[i].need == NEED_ALWAYS || (fields[i].need == NEED_OF_TECHNIQUE && !reading->entry->chore);
        if (needed && !(reading->seen >> i & 1))
            return sp_fail(err, SP_ERROR_INPUT, "%s:%zu: the field '%s' is missing", reading->path,
                           root->end_mark.line + 1, fields[i].key);
    }
    if (!reading->entry->wrappers)
        reading->entry->wrappers = (1u << SP_WRAPPER_COUNT) - 1;
    return 0;
}

int
sp_corpus_entry_read(struct sp_corpus_entry *entry, const char *path, const char *text, size_t length,
                     struct sp_arena *arena, struct sp_error *err)
{
    yaml_parser_t parser;
    yaml_document_t document;
    entry->class_ = "";
    if (length > SP_CATALOGUE_YAML_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s:1: more than %zu bytes", path, SP_CATALOGUE_YAML_MAX);
    if (!yaml_parser_initialize(&parser))
        return sp_fail_memory(err);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    int status = -1;
    if (yaml_parser_load(&parser, &document)) {
        struct reading reading = { .document = &document, .path = path, .arena = arena, .entry = entry };
        status = read_document(&reading, err);
        yaml_document_delete(&document);
    } else {
        sp_fail(err, SP_ERROR_INPUT, "%s:%zu: %s; write it as YAML", path, parser.problem_mark.line + 1,
                parser.problem ? parser.problem : "no YAML");
    }
    yaml_parser_delete(&parser);
    return status;
}

void
sp_corpus_entry_free(struct sp_corpus_entry *entry)
{
    for (size_t i = 0; i < entry->choice_count; i++)
        free(entry->choices[i].values.items);
    free(entry->attack.items);
    free(entry->sources.items);
    free(entry->choices);
    free(entry->fragments);
    *entry = (struct sp_corpus_entry){ 0 };
}
