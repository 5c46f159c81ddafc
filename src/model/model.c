#include "model/model.h"
#include "model/trees.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static const char *const kind_names[SP_MODEL_KINDS] = { "boosted", "forest", "tree", "logistic" };

const char *
sp_model_kind_name(enum sp_model_kind kind)
{
    return kind_names[kind];
}

bool
sp_model_kind_parse(enum sp_model_kind *out, const char *text)
{
    for (int i = 0; i < SP_MODEL_KINDS; i++) {
        if (strcmp(text, kind_names[i]) == 0) {
            *out = (enum sp_model_kind)i;
            return true;
        }
    }
    return false;
}

static int
copy_names(struct sp_model *model, const char *const *names, size_t count, struct sp_error *err)
{
    sp_automap struct sp_map seen = { 0 };
    for (size_t i = 0; i < count; i++) {
        size_t length = strnlen(names[i], SP_MODEL_NAME_MAX + 1);
        if (length == 0 || length > SP_MODEL_NAME_MAX)
            return sp_fail(err, SP_ERROR_INPUT, "feature %zu: its name must have 1 to %d bytes", i,
                           SP_MODEL_NAME_MAX);
        for (size_t j = 0; j < length; j++) {
            if (names[i][j] < '!' || names[i][j] > '~')
                return sp_fail(err, SP_ERROR_INPUT, "feature '%s': its name must be printable ASCII",
                               names[i]);
        }
        if (sp_map_get(&seen, names[i], length, NULL))
            return sp_fail(err, SP_ERROR_INPUT, "feature '%s' is there twice", names[i]);
        if (sp_map_set(&seen, names[i], length, (uint32_t)i, err) < 0)
            return -1;
        model->features[i] = sp_arena_copy(&model->arena, names[i], length, err);
        if (!model->features[i])
            return -1;
    }
    return 0;
}

int
sp_model_new(struct sp_model **out, enum sp_model_kind kind, const char *const *names, size_t count,
             struct sp_error *err)
{
    if (count == 0 || count > SP_MODEL_FEATURES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%zu features; a model has 1 to %d", count,
                       SP_MODEL_FEATURES_MAX);
    sp_automodel struct sp_model *model = sp_new(struct sp_model, err);
    if (!model)
        return -1;
    model->kind = kind;
    model->feature_count = count;
    model->features = sp_arena_alloc(&model->arena, count * sizeof(*model->features), err);
    if (!model->features || copy_names(model, names, count, err) < 0)
        return -1;
    if (kind == SP_MODEL_LOGISTIC) {
        model->terms = sp_arena_alloc(&model->arena, count * sizeof(*model->terms), err);
        if (!model->terms)
            return -1;
    }
    *out = sp_take(model);
    return 0;
}

void
sp_model_free(struct sp_model *model)
{
    if (!model)
        return;
    free(model->notes);
    free(model->trees);
    free(model->nodes);
    free(model->covers);
    sp_arena_free(&model->arena);
    free(model);
}

int
sp_model_set_threshold(struct sp_model *model, const char *name, double value, struct sp_error *err)
{
    size_t length = strnlen(name, SP_MODEL_THRESHOLD_NAME_MAX + 1);
    if (length == 0 || length > SP_MODEL_THRESHOLD_NAME_MAX ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        return sp_fail(err, SP_ERROR_INPUT,
                       "threshold '%.80s': its name must be 1 to %d lower-case letters, digits or '-'", name,
                       SP_MODEL_THRESHOLD_NAME_MAX);
    if (!(value >= 0 && value <= 1))
        return sp_fail(err, SP_ERROR_INPUT, "threshold '%s': %g is no probability", name, value);
    size_t place = 0;
    while (place < model->threshold_count && strcmp(model->thresholds[place].name, name) != 0)
        place++;
    if (place == SP_MODEL_THRESHOLDS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %d thresholds", SP_MODEL_THRESHOLDS_MAX);
    struct sp_model_threshold *threshold = &model->thresholds[place];
    if (place == model->threshold_count) {
        *threshold = (struct sp_model_threshold){ 0 };
        memcpy(threshold->name, name, length);
        model->threshold_count++;
    }
    threshold->value = value + 0.0; /* no negative zero: equal models give equal bytes */
    return 0;
}

/* Whether LINE can stand behind a keyword in the text form and be read back as it is. */
static int
check_line(const char *line, struct sp_error *err)
{
    size_t length = strlen(line), at = 0;
    if (length == 0 || length > SP_MODEL_LINE_MAX - 16 || line[0] == ' ' || line[length - 1] == ' ')
        return sp_fail(err, SP_ERROR_INPUT, "'%.80s': must have 1 to %d bytes, no space at its ends", line,
                       SP_MODEL_LINE_MAX - 16);
    while (at < length) {
        size_t size;
        uint32_t point = sp_utf8_decode(line + at, length - at, &size);
        if (point == SP_UTF8_INVALID || !sp_utf8_is_printable(point))
            return sp_fail(err, SP_ERROR_INPUT, "'%.80s': must be one printable line", line);
        at += size;
    }
    return 0;
}

int
sp_model_set_command(struct sp_model *model, const char *command, struct sp_error *err)
{
    if (check_line(command, err) < 0)
        return sp_fail_within(err, "the training command");
    char *copy = sp_arena_copy(&model->arena, command, strlen(command), err);
    if (!copy)
        return -1;
    model->command = copy;
    return 0;
}

int
sp_model_add_note(struct sp_model *model, struct sp_error *err, const char *format, ...)
{
    char line[SP_MODEL_LINE_MAX + 1];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof(line))
        return sp_fail(err, SP_ERROR_LIMIT, "a note of more than %d bytes", SP_MODEL_LINE_MAX);
    if (check_line(line, err) < 0)
        return sp_fail_within(err, "a note");
    if (sp_grow(model->notes, model->note_capacity, model->note_count + 1, err) < 0)
        return -1;
    char *copy = sp_arena_copy(&model->arena, line, (size_t)length, err);
    if (!copy)
        return -1;
    model->notes[model->note_count++] = copy;
    return 0;
}

int
sp_model_add_tree(struct sp_model *model, const struct sp_model_node *nodes, const float *covers,
                  size_t count, struct sp_error *err)
{
    uint32_t depth;
    if (model->kind == SP_MODEL_LOGISTIC)
        return sp_fail(err, SP_ERROR_INPUT, "a logistic model has no trees");
    if (sp_tree_check(nodes, covers, count, model->feature_count, &depth, err) < 0)
        return -1;
    size_t total = model->node_count + count;
    if (model->tree_count == SP_MODEL_TREES_MAX || total > SP_MODEL_NODES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %d trees or %zu nodes", SP_MODEL_TREES_MAX,
                       SP_MODEL_NODES_MAX);
    if (sp_grow(model->trees, model->tree_capacity, model->tree_count + 1, err) < 0 ||
        sp_grow(model->nodes, model->node_capacity, total, err) < 0 ||
        sp_grow(model->covers, model->cover_capacity, total, err) < 0)
        return -1;
    model->trees[model->tree_count++] = (struct sp_model_tree){ (uint32_t)model->node_count, depth };
    memcpy(model->nodes + model->node_count, nodes, count * sizeof(*nodes));
    memcpy(model->covers + model->node_count, covers, count * sizeof(*covers));
    model->node_count = total;
    return 0;
}
