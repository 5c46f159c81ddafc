/* view.c: the compiled form. A header, then sections one behind the other; where each lies follows from the
 * counts in the header, so no offset can point astray. */
#include "model/view.h"
#include "model/trees.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MAGIC "SPMODEL"
#define BYTE_ORDER_MARK 0x01020304u

struct header {
    char magic[8];
    uint32_t byte_order, format, kind, calibration;
    uint32_t feature_count, tree_count, node_count, knot_count, threshold_count, name_bytes;
    double base, slope, intercept;
    uint64_t fingerprint; /* of all the bytes before the notes, with this, .size and the notes' counts as 0 */
    uint64_t size;
    uint32_t note_count, note_bytes;
};
_Static_assert(sizeof(struct header) == 96, "the header has no padding");
_Static_assert(sizeof(struct sp_model_node) == 8 && sizeof(struct sp_model_tree) == 8, "nodes are packed");
_Static_assert(sizeof(struct sp_model_threshold) == 32, "thresholds are packed");

struct layout {
    size_t knots, thresholds, terms, trees, nodes, covers, name_starts, names, notes, size;
};

static size_t
place(size_t *at, size_t count, size_t size)
{
    size_t here = *at;
    *at = (here + count * size + 7) / 8 * 8;
    return here;
}

/* The counts are within their limits: nothing overflows. */
static struct layout
lay_out(const struct header *header)
{
    struct layout layout;
    size_t at = sizeof(*header);
    layout.knots = place(&at, header->knot_count, sizeof(struct sp_knot));
    layout.thresholds = place(&at, header->threshold_count, sizeof(struct sp_model_threshold));
    layout.terms = place(&at, header->kind == SP_MODEL_LOGISTIC ? header->feature_count : 0,
                         sizeof(struct sp_model_term));
    layout.trees = place(&at, header->tree_count, sizeof(struct sp_model_tree));
    layout.nodes = place(&at, header->node_count, sizeof(struct sp_model_node));
    layout.covers = place(&at, header->node_count, sizeof(float));
    layout.name_starts = place(&at, header->feature_count, sizeof(uint32_t));
    layout.names = place(&at, header->name_bytes, 1);
    layout.notes = place(&at, header->note_bytes, 1);
    layout.size = at;
    return layout;
}

static void
copy(char *to, const void *from, size_t size)
{
    if (size)
        memcpy(to, from, size);
}

static int
count_notes(const struct sp_model *model, struct header *header, struct sp_error *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < model->note_count; i++)
        bytes += strlen(model->notes[i]) + 1;
    if (bytes > SP_MODEL_NOTE_BYTES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%zu bytes of notes where a compiled model has room for %u",
                       bytes, SP_MODEL_NOTE_BYTES_MAX);
    header->note_count = (uint32_t)model->note_count;
    header->note_bytes = (uint32_t)bytes;
    return 0;
}

/* A note more or less makes no other model of it. */
static uint64_t
fingerprint(const char *bytes, const struct layout *layout)
{
    return sp_hash(bytes, layout->notes, 0);
}

int
sp_model_compile(const struct sp_model *model, struct sp_buffer *out, struct sp_error *err)
{
    if (out->length % 8 != 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "a compiled model must start at a multiple of 8");
    struct header header = {
        .magic = MAGIC,
        .byte_order = BYTE_ORDER_MARK,
        .format = SP_MODEL_COMPILED_FORMAT,
        .kind = model->kind,
        .calibration = model->calibration.kind,
        .feature_count = (uint32_t)model->feature_count,
        .tree_count = (uint32_t)model->tree_count,
        .node_count = (uint32_t)model->node_count,
        .threshold_count = (uint32_t)model->threshold_count,
        .base = model->base,
    };
    if (model->calibration.kind == SP_CALIBRATION_PLATT) {
        header.slope = model->calibration.slope;
        header.intercept = model->calibration.intercept;
    } else if (model->calibration.kind == SP_CALIBRATION_ISOTONIC) {
        header.knot_count = (uint32_t)model->calibration.knot_count;
    }
    for (size_t i = 0; i < model->feature_count; i++)
        header.name_bytes += (uint32_t)strlen(model->features[i]) + 1;
    struct header counted = header;
    if (count_notes(model, &counted, err) < 0)
        return -1;
    struct layout layout = lay_out(&counted);

    size_t start = out->length;
    if (sp_buffer_reserve(out, layout.size, err) < 0)
        return -1;
    char *bytes = out->bytes + start;
    memset(bytes, 0, layout.size + 1);
    copy(bytes + layout.knots, model->calibration.knots, header.knot_count * sizeof(struct sp_knot));
    copy(bytes + layout.thresholds, model->thresholds,
         model->threshold_count * sizeof(struct sp_model_threshold));
    if (model->kind == SP_MODEL_LOGISTIC)
        copy(bytes + layout.terms, model->terms, model->feature_count * sizeof(*model->terms));
    copy(bytes + layout.trees, model->trees, model->tree_count * sizeof(*model->trees));
    copy(bytes + layout.nodes, model->nodes, model->node_count * sizeof(*model->nodes));
    copy(bytes + layout.covers, model->covers, model->node_count * sizeof(*model->covers));
    uint32_t name_start = 0;
    for (size_t i = 0; i < model->feature_count; i++) {
        size_t length = strlen(model->features[i]) + 1;
        memcpy(bytes + layout.name_starts + i * sizeof(name_start), &name_start, sizeof(name_start));
        memcpy(bytes + layout.names + name_start, model->features[i], length);
        name_start += (uint32_t)length;
    }
    size_t note = layout.notes;
    for (size_t i = 0; i < model->note_count; i++) {
        size_t length = strlen(model->notes[i]) + 1;
        memcpy(bytes + note, model->notes[i], length);
        note += length;
    }
    memcpy(bytes, &header, sizeof(header));
    counted.fingerprint = fingerprint(bytes, &layout);
    counted.size = layout.size;
    memcpy(bytes, &counted, sizeof(counted));
    out->length = start + layout.size;
    return 0;
}

/* Opening. */

static bool
in_range(double value)
{
    return value >= -SP_MODEL_NUMBER_MAX && value <= SP_MODEL_NUMBER_MAX;
}

static int
check_header(const struct header *header, size_t size, struct sp_error *err)
{
    if (memcmp(header->magic, MAGIC, sizeof(header->magic)) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "is no compiled model");
    if (header->byte_order != BYTE_ORDER_MARK)
        return sp_fail(err, SP_ERROR_INPUT, "was compiled for another byte order; compile it here");
    if (header->format != SP_MODEL_COMPILED_FORMAT)
        return sp_fail(err, SP_ERROR_INPUT, "has format %u, this program reads %d; compile it anew",
                       header->format, SP_MODEL_COMPILED_FORMAT);
    bool logistic = header->kind == SP_MODEL_LOGISTIC;
    if (header->kind >= SP_MODEL_KINDS || header->calibration > SP_CALIBRATION_ISOTONIC ||
        header->feature_count == 0 || header->feature_count > SP_MODEL_FEATURES_MAX ||
        header->tree_count > SP_MODEL_TREES_MAX || header->node_count > SP_MODEL_NODES_MAX ||
        header->knot_count > SP_KNOTS_MAX || header->threshold_count > SP_MODEL_THRESHOLDS_MAX ||
        header->name_bytes > header->feature_count * (SP_MODEL_NAME_MAX + 1) ||
        header->note_bytes > SP_MODEL_NOTE_BYTES_MAX || header->note_count > header->note_bytes ||
        (header->knot_count > 0) != (header->calibration == SP_CALIBRATION_ISOTONIC) ||
        (logistic && (header->tree_count || header->node_count)))
        return sp_fail(err, SP_ERROR_INPUT, "has counts that no model has");
    if (!in_range(header->base) || !in_range(header->slope) || !in_range(header->intercept) ||
        header->slope < 0)
        return sp_fail(err, SP_ERROR_INPUT, "has a base or a calibration that is no number in range");
    if (header->size != size || lay_out(header).size != size)
        return sp_fail(err, SP_ERROR_INPUT, "has %zu bytes where its counts ask for %zu", size,
                       lay_out(header).size);
    return 0;
}

static int
check_numbers(const struct sp_model_view *view, struct sp_error *err)
{
    for (size_t i = 0; i < view->knot_count; i++) {
        const struct sp_knot *knot = &view->knots[i];
        if (!in_range(knot->margin) || !(knot->probability >= 0 && knot->probability <= 1) ||
            (i && (knot->margin <= knot[-1].margin || knot->probability < knot[-1].probability)))
            return sp_fail(err, SP_ERROR_INPUT, "calibration knot %zu does not rise", i);
    }
    for (size_t i = 0; i < view->threshold_count; i++) {
        const struct sp_model_threshold *threshold = &view->thresholds[i];
        if (!(threshold->value >= 0 && threshold->value <= 1) ||
            !memchr(threshold->name, '\0', sizeof(threshold->name)))
            return sp_fail(err, SP_ERROR_INPUT, "threshold %zu is no probability with a name", i);
    }
    for (size_t i = 0; view->terms && i < view->feature_count; i++) {
        const struct sp_model_term *term = &view->terms[i];
        if (!in_range(term->weight) || !in_range(term->centre) || !in_range(term->missing))
            return sp_fail(err, SP_ERROR_INPUT, "term %zu is no number in range", i);
    }
    return 0;
}

static int
check_trees(const struct sp_model_view *view, struct sp_error *err)
{
    for (size_t i = 0; i < view->tree_count; i++) {
        size_t first = view->trees[i].first;
        size_t end = i + 1 < view->tree_count ? view->trees[i + 1].first : view->node_count;
        if ((i == 0 && first != 0) || end <= first || end > view->node_count)
            return sp_fail(err, SP_ERROR_INPUT, "tree %zu lies outside the nodes", i);
        uint32_t depth;
        if (sp_tree_check(view->nodes + first, view->covers + first, end - first, view->feature_count, &depth,
                          err) < 0)
            return sp_fail_within(err, "tree %zu", i);
        if (depth != view->trees[i].depth)
            return sp_fail(err, SP_ERROR_INPUT, "tree %zu has depth %u, not %u", i, depth,
                           view->trees[i].depth);
    }
    if (view->tree_count == 0 && view->node_count != 0)
        return sp_fail(err, SP_ERROR_INPUT, "has nodes but no trees");
    return 0;
}

static int
check_names(const struct sp_model_view *view, size_t name_bytes, struct sp_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < view->feature_count; i++) {
        size_t most = name_bytes - at < SP_MODEL_NAME_MAX + 1 ? name_bytes - at : SP_MODEL_NAME_MAX + 1;
        size_t length = strnlen(view->names + at, most);
        if (view->name_starts[i] != at || length == 0 || length == most)
            return sp_fail(err, SP_ERROR_INPUT, "the name of feature %zu is out of place", i);
        for (size_t j = 0; j < length; j++) {
            if (view->names[at + j] < '!' || view->names[at + j] > '~')
                return sp_fail(err, SP_ERROR_INPUT, "the name of feature %zu is not printable ASCII", i);
        }
        at += length + 1;
    }
    return at == name_bytes ? 0 : sp_fail(err, SP_ERROR_INPUT, "has bytes behind the feature names");
}

static int
check_notes(const struct sp_model_view *view, size_t note_bytes, struct sp_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < view->note_count; i++) {
        size_t length = strnlen(view->notes + at, note_bytes - at);
        if (length == 0 || length == note_bytes - at)
            return sp_fail(err, SP_ERROR_INPUT, "note %zu is out of place", i);
        for (size_t j = 0, size; j < length; j += size) {
            uint32_t point = sp_utf8_decode(view->notes + at + j, length - j, &size);
            if (point == SP_UTF8_INVALID || !sp_utf8_is_printable(point))
                return sp_fail(err, SP_ERROR_INPUT, "note %zu is no printable line", i);
        }
        at += length + 1;
    }
    return at == note_bytes ? 0 : sp_fail(err, SP_ERROR_INPUT, "has bytes behind the notes");
}

int
sp_model_open(struct sp_model_view *view, const void *bytes, size_t size, struct sp_error *err)
{
    *view = (struct sp_model_view){ 0 };
    if ((uintptr_t)bytes % 8 != 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "a compiled model must lie at a multiple of 8");
    struct header header;
    if (size < sizeof(header))
        return sp_fail(err, SP_ERROR_INPUT, "is no compiled model: %zu bytes", size);
    memcpy(&header, bytes, sizeof(header));
    if (check_header(&header, size, err) < 0)
        return -1;
    struct layout layout = lay_out(&header);
    const char *start = bytes;
    struct sp_model_view opened = {
        .kind = header.kind,
        .feature_count = header.feature_count,
        .tree_count = header.tree_count,
        .node_count = header.node_count,
        .threshold_count = header.threshold_count,
        .knot_count = header.knot_count,
        .base = header.base,
        .calibration = header.calibration,
        .slope = header.slope,
        .intercept = header.intercept,
        .fingerprint = header.fingerprint,
        .knots = (const void *)(start + layout.knots),
        .thresholds = (const void *)(start + layout.thresholds),
        .terms = header.kind == SP_MODEL_LOGISTIC ? (const void *)(start + layout.terms) : NULL,
        .trees = (const void *)(start + layout.trees),
        .nodes = (const void *)(start + layout.nodes),
        .covers = (const void *)(start + layout.covers),
        .name_starts = (const void *)(start + layout.name_starts),
        .names = start + layout.names,
        .note_count = header.note_count,
        .notes = start + layout.notes,
    };
    if (check_numbers(&opened, err) < 0 || check_trees(&opened, err) < 0 ||
        check_names(&opened, header.name_bytes, err) < 0 || check_notes(&opened, header.note_bytes, err) < 0)
        return -1;
    *view = opened;
    return 0;
}

int
sp_model_use(struct sp_model_file *out, const struct sp_model *model, struct sp_error *err)
{
    *out = (struct sp_model_file){ 0 };
    if (sp_model_compile(model, &out->compiled, err) < 0 ||
        sp_model_open(&out->view, out->compiled.bytes, out->compiled.length, err) < 0) {
        sp_model_file_free(out);
        return -1;
    }
    return 0;
}

int
sp_model_load(struct sp_model_file *out, const char *path, struct sp_error *err)
{
    *out = (struct sp_model_file){ 0 };
    if (sp_file_map(&out->mapping, path, SP_MODEL_FILE_MAX, err) < 0)
        return -1;
    const char *bytes = (const char *)out->mapping.bytes;
    size_t size = out->mapping.size;
    if (size >= sizeof(MAGIC) && memcmp(bytes, MAGIC, sizeof(MAGIC)) == 0) {
        if (sp_model_open(&out->view, bytes, size, err) < 0) {
            sp_model_file_free(out);
            return sp_fail_within(err, "%.300s", path);
        }
        return 0;
    }
    sp_automodel struct sp_model *model = NULL;
    int status = sp_model_read(&model, bytes ? bytes : "", size, path, err);
    sp_mapping_free(&out->mapping);
    return status < 0 ? -1 : sp_model_use(out, model, err);
}

void
sp_model_file_free(struct sp_model_file *file)
{
    sp_mapping_free(&file->mapping);
    sp_buffer_free(&file->compiled);
    *file = (struct sp_model_file){ 0 };
}

/* Use. */

size_t
sp_model_feature_count(const struct sp_model_view *view)
{
    return view->feature_count;
}

const char *
sp_model_feature_name(const struct sp_model_view *view, size_t index)
{
    return index < view->feature_count ? view->names + view->name_starts[index] : "";
}

int
sp_model_feature_index(const struct sp_model_view *view, const char *name)
{
    for (size_t i = 0; i < view->feature_count; i++) {
        if (strcmp(view->names + view->name_starts[i], name) == 0)
            return (int)i;
    }
    return -1;
}

bool
sp_model_threshold(const struct sp_model_view *view, const char *name, double *value)
{
    for (size_t i = 0; i < view->threshold_count; i++) {
        if (strcmp(view->thresholds[i].name, name) == 0) {
            *value = view->thresholds[i].value;
            return true;
        }
    }
    return false;
}

const char *
sp_model_note(const struct sp_model_view *view, const char *key)
{
    size_t length = strlen(key);
    const char *note = view->notes;
    for (size_t i = 0; i < view->note_count; i++, note += strlen(note) + 1)
        if (!strncmp(note, key, length) && note[length] == ' ')
            return note + length + 1;
    return NULL;
}

double
sp_term_read(const struct sp_model_term *term, float value)
{
    if (isnan(value))
        return term->missing;
    double held = value > FLT_MAX ? FLT_MAX : value < -FLT_MAX ? -FLT_MAX : value;
    return term->weight * (held - term->centre);
}

double
sp_model_margin(const struct sp_model_view *view, const float *features)
{
    if (!view->terms)
        return view->base + sp_trees_sum(view->trees, view->tree_count, view->nodes, features);
    double margin = view->base;
    for (size_t i = 0; i < view->feature_count; i++)
        margin += sp_term_read(&view->terms[i], features[i]);
    return margin;
}

double
sp_model_probability(const struct sp_model_view *view, double margin)
{
    switch (view->calibration) {
    case SP_CALIBRATION_PLATT:
        return sp_sigmoid(view->slope * margin + view->intercept);
    case SP_CALIBRATION_ISOTONIC:
        return sp_knots_read(view->knots, view->knot_count, margin);
    case SP_CALIBRATION_NONE:
        break;
    }
    if (view->kind == SP_MODEL_BOOSTED || view->kind == SP_MODEL_LOGISTIC)
        return sp_sigmoid(margin);
    return margin < 0 ? 0 : margin > 1 ? 1 : margin;
}

double
sp_model_predict(const struct sp_model_view *view, const float *features)
{
    return sp_model_probability(view, sp_model_margin(view, features));
}
