/* model_read.c: the text form; docs/models.md describes it. Nothing is allocated by a count that the file
 * claims, only by lines that are there. */
#include "model/model.h"
#include "model/plain_locale.h"
#include "model/trees.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

#define WORDS_MAX 9

struct reader {
    const char *path, *at, *end;
    size_t line_number;
    bool again; /* the line was looked at and not used: the next call gives it once more */
    char line[SP_MODEL_LINE_MAX + 1];  /* whole */
    char split[SP_MODEL_LINE_MAX + 1]; /* cut into words */
    char *words[WORDS_MAX];
    size_t word_count;
    struct sp_map places; /* feature name to number */
    struct sp_model *model;
    struct sp_model_node *nodes; /* of the tree being read */
    float *covers;
    size_t node_capacity, cover_capacity;
    struct sp_error *err;
};

static int
refuse(struct reader *reader, const char *what)
{
    return sp_fail(reader->err, SP_ERROR_INPUT, "%.200s:%zu: %s", reader->path, reader->line_number, what);
}

/* ERR is filled: says where. */
static int
refuse_within(struct reader *reader)
{
    return sp_fail_within(reader->err, "%.200s:%zu", reader->path, reader->line_number);
}

static void
cut_words(struct reader *reader)
{
    memcpy(reader->split, reader->line, sizeof(reader->split));
    reader->word_count = 0;
    char *rest = reader->split, *word;
    while (reader->word_count < WORDS_MAX && (word = strsep(&rest, " ")))
        reader->words[reader->word_count++] = word;
}

/* Reads a line and cuts it into words; empty words stand for doubled spaces and match nothing. */
static int
next_line(struct reader *reader)
{
    if (reader->again) {
        reader->again = false;
        return 0;
    }
    reader->line_number++;
    size_t left = (size_t)(reader->end - reader->at);
    if (left == 0)
        return refuse(reader, "the file ends here; it is not whole");
    const char *newline = memchr(reader->at, '\n', left);
    size_t length = newline ? (size_t)(newline - reader->at) : left;
    if (!newline)
        return refuse(reader, "the last line has no end; the file is not whole");
    if (length > SP_MODEL_LINE_MAX)
        return refuse(reader, "the line is too long");
    if (memchr(reader->at, '\0', length) || memchr(reader->at, '\r', length))
        return refuse(reader, "the line holds a NUL byte or a carriage return");
    memcpy(reader->line, reader->at, length);
    reader->line[length] = '\0';
    reader->at = newline + 1;
    cut_words(reader);
    return 0;
}

/* 1: the next line begins with KEYWORD and has COUNT words in all (0: any number); 0: it does not begin so.
 */
static int
next_is(struct reader *reader, const char *keyword, size_t count)
{
    if (next_line(reader) < 0)
        return -1;
    if (strcmp(reader->words[0], keyword) != 0) {
        reader->again = true;
        return 0;
    }
    if (count && reader->word_count != count)
        return sp_fail(reader->err, SP_ERROR_INPUT, "%.200s:%zu: '%s' has %zu words, not %zu", reader->path,
                       reader->line_number, keyword, reader->word_count, count);
    return 1;
}

static int
need(struct reader *reader, const char *keyword, size_t count)
{
    int found = next_is(reader, keyword, count);
    if (found == 0)
        return sp_fail(reader->err, SP_ERROR_INPUT, "%.200s:%zu: '%s' was expected, not '%.60s'",
                       reader->path, reader->line_number, keyword, reader->words[0]);
    return found < 0 ? -1 : 0;
}

/* A number as printf writes it: no hexadecimal, no infinity, no blanks. */
static int
read_number(struct reader *reader, const char *word, double *out)
{
    char *stop;
    if (!*word || strspn(word, "+-.0123456789eE") != strlen(word))
        return refuse(reader, "a number was expected");
    *out = strtod(word, &stop);
    if (*stop)
        return refuse(reader, "a number was expected");
    if (!(fabs(*out) <= SP_MODEL_NUMBER_MAX))
        return refuse(reader, "a number is out of range");
    return 0;
}

static int
read_float(struct reader *reader, const char *word, float *out)
{
    char *stop;
    if (!*word || strspn(word, "+-.0123456789eE") != strlen(word))
        return refuse(reader, "a number was expected");
    *out = strtof(word, &stop);
    if (*stop || !isfinite(*out))
        return refuse(reader, "a number within a float's range was expected");
    return 0;
}

static int
read_count(struct reader *reader, const char *word, size_t most, size_t *out)
{
    size_t length = strlen(word);
    if (length == 0 || length > 9 || strspn(word, "0123456789") != length || (length > 1 && word[0] == '0'))
        return refuse(reader, "a count was expected");
    *out = strtoul(word, NULL, 10);
    if (*out > most)
        return sp_fail(reader->err, SP_ERROR_LIMIT, "%.200s:%zu: %zu is more than %zu", reader->path,
                       reader->line_number, *out, most);
    return 0;
}

/* The model cannot be made before its features are known, and lines about its origin come first. */
struct origin {
    char **lines;
    size_t count, capacity;
    struct sp_arena arena;
    char *command;
    enum sp_model_kind kind;
};

static int
read_origin(struct reader *reader, struct origin *origin)
{
    if (need(reader, "sallyport-model", 2) < 0)
        return -1;
    size_t format;
    if (read_count(reader, reader->words[1], 999999999, &format) < 0)
        return -1;
    if (format != SP_MODEL_FORMAT)
        return sp_fail(reader->err, SP_ERROR_INPUT, "%.200s: has format %zu, this program reads %d",
                       reader->path, format, SP_MODEL_FORMAT);
    if (need(reader, "kind", 2) < 0)
        return -1;
    if (!sp_model_kind_parse(&origin->kind, reader->words[1]))
        return refuse(reader, "the kind is not boosted, forest, tree or logistic");
    int found = next_is(reader, "command", 0);
    if (found < 0)
        return -1;
    if (found) {
        const char *rest = strchr(reader->line, ' ');
        origin->command =
            sp_arena_copy(&origin->arena, rest ? rest + 1 : "", rest ? strlen(rest + 1) : 0, reader->err);
        if (!origin->command)
            return -1;
    }
    while ((found = next_is(reader, "note", 0)) > 0) {
        if (sp_grow(origin->lines, origin->capacity, origin->count + 1, reader->err) < 0)
            return -1;
        const char *rest = strchr(reader->line, ' ');
        char *line =
            sp_arena_copy(&origin->arena, rest ? rest + 1 : "", rest ? strlen(rest + 1) : 0, reader->err);
        if (!line)
            return -1;
        origin->lines[origin->count++] = line;
    }
    return found;
}

static int
read_features(struct reader *reader, struct origin *origin)
{
    size_t count, capacity = 0;
    if (need(reader, "features", 2) < 0 ||
        read_count(reader, reader->words[1], SP_MODEL_FEATURES_MAX, &count) < 0)
        return -1;
    sp_autofree const char **names = NULL;
    for (size_t i = 0; i < count; i++) {
        if (need(reader, "feature", 2) < 0 || sp_grow(names, capacity, i + 1, reader->err) < 0)
            return -1;
        const char *name = reader->words[1];
        names[i] = sp_arena_copy(&origin->arena, name, strlen(name), reader->err);
        if (!names[i] || sp_map_set(&reader->places, name, strlen(name), (uint32_t)i, reader->err) < 0)
            return -1;
    }
    if (sp_model_new(&reader->model, origin->kind, names, count, reader->err) < 0)
        return refuse_within(reader);
    if (origin->command && sp_model_set_command(reader->model, origin->command, reader->err) < 0)
        return refuse_within(reader);
    for (size_t i = 0; i < origin->count; i++) {
        if (sp_model_add_note(reader->model, reader->err, "%s", origin->lines[i]) < 0)
            return refuse_within(reader);
    }
    return 0;
}

static int
read_knots(struct reader *reader, struct sp_calibration *calibration)
{
    size_t count;
    if (reader->word_count != 3 || read_count(reader, reader->words[2], SP_KNOTS_MAX, &count) < 0 || !count)
        return refuse(reader, "'calibration isotonic' needs a count of knots, 1 to 256");
    for (size_t i = 0; i < count; i++) {
        struct sp_knot *knot = &calibration->knots[i];
        if (need(reader, "knot", 3) < 0 || read_number(reader, reader->words[1], &knot->margin) < 0 ||
            read_number(reader, reader->words[2], &knot->probability) < 0)
            return -1;
        if (!(knot->probability >= 0 && knot->probability <= 1))
            return refuse(reader, "a knot's probability is not within 0 and 1");
        if (i && (knot->margin <= knot[-1].margin || knot->probability < knot[-1].probability))
            return refuse(reader, "knots must rise");
    }
    calibration->knot_count = count;
    calibration->kind = SP_CALIBRATION_ISOTONIC;
    return 0;
}

static int
read_calibration(struct reader *reader, struct sp_calibration *calibration)
{
    if (need(reader, "calibration", 0) < 0)
        return -1;
    const char *kind = reader->word_count > 1 ? reader->words[1] : "";
    if (strcmp(kind, "none") == 0 && reader->word_count == 2)
        return 0;
    if (strcmp(kind, "isotonic") == 0)
        return read_knots(reader, calibration);
    if (strcmp(kind, "platt") != 0 || reader->word_count != 4)
        return refuse(reader, "the calibration is not 'none', 'platt SLOPE INTERCEPT' or 'isotonic COUNT'");
    if (read_number(reader, reader->words[2], &calibration->slope) < 0 ||
        read_number(reader, reader->words[3], &calibration->intercept) < 0)
        return -1;
    if (calibration->slope < 0)
        return refuse(reader, "a slope below 0 would turn the model round");
    calibration->kind = SP_CALIBRATION_PLATT;
    return 0;
}

static int
read_thresholds(struct reader *reader)
{
    struct sp_model *model = reader->model;
    int found;
    while ((found = next_is(reader, "threshold", 3)) > 0) {
        double value;
        size_t before = model->threshold_count;
        if (read_number(reader, reader->words[2], &value) < 0)
            return -1;
        if (sp_model_set_threshold(model, reader->words[1], value, reader->err) < 0)
            return refuse_within(reader);
        if (model->threshold_count == before)
            return refuse(reader, "the threshold is there twice");
    }
    return found;
}

static int
read_terms(struct reader *reader)
{
    struct sp_model *model = reader->model;
    for (size_t i = 0; i < model->feature_count; i++) {
        struct sp_model_term *term = &model->terms[i];
        if (need(reader, "term", 5) < 0)
            return -1;
        if (strcmp(reader->words[1], model->features[i]) != 0)
            return refuse(reader, "the terms are not in the order of the features");
        if (read_number(reader, reader->words[2], &term->weight) < 0 ||
            read_number(reader, reader->words[3], &term->centre) < 0 ||
            read_number(reader, reader->words[4], &term->missing) < 0)
            return -1;
    }
    return 0;
}

static int
read_split(struct reader *reader, size_t index, struct sp_model_node *node)
{
    char **words = reader->words;
    uint32_t feature;
    size_t left, right;
    if (!sp_map_get(&reader->places, words[2], strlen(words[2]), &feature))
        return refuse(reader, "the split is by a feature that the model does not have");
    if (read_float(reader, words[3], &node->split) < 0 ||
        read_count(reader, words[4], SP_MODEL_TREE_NODES_MAX, &left) < 0 ||
        read_count(reader, words[5], SP_MODEL_TREE_NODES_MAX, &right) < 0)
        return -1;
    if (left <= index || right != left + 1)
        return refuse(reader, "the children must come after their parent, side by side");
    bool to_right = strcmp(words[6], "right") == 0;
    if (!to_right && strcmp(words[6], "left") != 0)
        return refuse(reader, "missing values go neither left nor right");
    node->feature = (uint16_t)(feature | (to_right ? SP_NODE_MISSING_RIGHT : 0));
    node->step = (uint16_t)(left - index);
    return 0;
}

static int
read_tree(struct reader *reader, size_t index)
{
    size_t number, count;
    if (need(reader, "tree", 3) < 0 ||
        read_count(reader, reader->words[1], SP_MODEL_TREES_MAX, &number) < 0 ||
        read_count(reader, reader->words[2], SP_MODEL_TREE_NODES_MAX, &count) < 0)
        return -1;
    if (number != index)
        return refuse(reader, "the trees are not numbered one after the other");
    for (size_t i = 0; i < count; i++) {
        size_t node_number;
        if (sp_grow(reader->nodes, reader->node_capacity, i + 1, reader->err) < 0 ||
            sp_grow(reader->covers, reader->cover_capacity, i + 1, reader->err) < 0 ||
            next_line(reader) < 0 ||
            read_count(reader, reader->words[0], SP_MODEL_TREE_NODES_MAX, &node_number) < 0)
            return -1;
        if (node_number != i)
            return refuse(reader, "the nodes are not numbered one after the other");
        reader->nodes[i] = (struct sp_model_node){ 0 };
        const char *kind = reader->word_count > 1 ? reader->words[1] : "";
        if (strcmp(kind, "leaf") == 0 && reader->word_count == 4) {
            if (read_float(reader, reader->words[2], &reader->nodes[i].split) < 0 ||
                read_float(reader, reader->words[3], &reader->covers[i]) < 0)
                return -1;
        } else if (strcmp(kind, "split") == 0 && reader->word_count == 8) {
            if (read_split(reader, i, &reader->nodes[i]) < 0 ||
                read_float(reader, reader->words[7], &reader->covers[i]) < 0)
                return -1;
        } else {
            return refuse(reader,
                          "neither 'split FEATURE BELOW LEFT RIGHT MISSING COVER' nor 'leaf VALUE COVER'");
        }
    }
    if (sp_model_add_tree(reader->model, reader->nodes, reader->covers, count, reader->err) < 0)
        return refuse_within(reader);
    return 0;
}

static int
read_trees(struct reader *reader)
{
    size_t count;
    if (need(reader, "trees", 2) < 0 || read_count(reader, reader->words[1], SP_MODEL_TREES_MAX, &count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (read_tree(reader, i) < 0)
            return -1;
    }
    return 0;
}

static int
read_all(struct reader *reader, struct origin *origin)
{
    if (read_origin(reader, origin) < 0 || read_features(reader, origin) < 0 || need(reader, "base", 2) < 0 ||
        read_number(reader, reader->words[1], &reader->model->base) < 0 ||
        read_calibration(reader, &reader->model->calibration) < 0 || read_thresholds(reader) < 0)
        return -1;
    int status = reader->model->terms ? read_terms(reader) : read_trees(reader);
    if (status < 0 || need(reader, "end", 1) < 0)
        return -1;
    if (reader->at != reader->end)
        return refuse(reader, "something follows the end");
    return 0;
}

int
sp_model_read(struct sp_model **out, const char *text, size_t length, const char *path, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    struct sp_error ignored;
    struct reader reader = { .path = path, .at = text, .end = text + length, .err = err ? err : &ignored };
    struct origin origin = { 0 };
    int status = read_all(&reader, &origin);
    if (status == 0)
        *out = sp_take(reader.model);
    sp_model_free(reader.model);
    sp_map_free(&reader.places);
    free(reader.nodes);
    free(reader.covers);
    free(origin.lines);
    sp_arena_free(&origin.arena);
    return status;
}
