/* model_write.c: the text form; docs/models.md describes it. */
#include "model/model.h"
#include "model/plain_locale.h"

static int
write_calibration(const struct sp_calibration *calibration, struct sp_buffer *out, struct sp_error *err)
{
    switch (calibration->kind) {
    case SP_CALIBRATION_NONE:
        break;
    case SP_CALIBRATION_PLATT:
        return sp_buffer_printf(out, err, "calibration platt %.17g %.17g\n", calibration->slope,
                                calibration->intercept);
    case SP_CALIBRATION_ISOTONIC:
        if (sp_buffer_printf(out, err, "calibration isotonic %zu\n", calibration->knot_count) < 0)
            return -1;
        for (size_t i = 0; i < calibration->knot_count; i++) {
            const struct sp_knot *knot = &calibration->knots[i];
            if (sp_buffer_printf(out, err, "knot %.17g %.17g\n", knot->margin, knot->probability) < 0)
                return -1;
        }
        return 0;
    }
    return sp_buffer_printf(out, err, "calibration none\n");
}

static int
write_head(const struct sp_model *model, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_printf(out, err, "sallyport-model %d\nkind %s\n", SP_MODEL_FORMAT,
                         sp_model_kind_name(model->kind)) < 0)
        return -1;
    if (model->command && sp_buffer_printf(out, err, "command %s\n", model->command) < 0)
        return -1;
    for (size_t i = 0; i < model->note_count; i++) {
        if (sp_buffer_printf(out, err, "note %s\n", model->notes[i]) < 0)
            return -1;
    }
    if (sp_buffer_printf(out, err, "features %zu\n", model->feature_count) < 0)
        return -1;
    for (size_t i = 0; i < model->feature_count; i++) {
        if (sp_buffer_printf(out, err, "feature %s\n", model->features[i]) < 0)
            return -1;
    }
    if (sp_buffer_printf(out, err, "base %.17g\n", model->base) < 0 ||
        write_calibration(&model->calibration, out, err) < 0)
        return -1;
    for (size_t i = 0; i < model->threshold_count; i++) {
        const struct sp_model_threshold *threshold = &model->thresholds[i];
        if (sp_buffer_printf(out, err, "threshold %s %.17g\n", threshold->name, threshold->value) < 0)
            return -1;
    }
    return 0;
}

static int
write_tree(const struct sp_model *model, size_t index, struct sp_buffer *out, struct sp_error *err)
{
    size_t first = model->trees[index].first;
    size_t end = index + 1 < model->tree_count ? model->trees[index + 1].first : model->node_count;
    if (sp_buffer_printf(out, err, "tree %zu %zu\n", index, end - first) < 0)
        return -1;
    for (size_t i = 0; i < end - first; i++) {
        const struct sp_model_node *node = &model->nodes[first + i];
        float cover = model->covers[first + i];
        int status;
        if (node->step == 0)
            status =
                sp_buffer_printf(out, err, "%zu leaf %.9g %.9g\n", i, (double)node->split, (double)cover);
        else
            status = sp_buffer_printf(
                out, err, "%zu split %s %.9g %zu %zu %s %.9g\n", i,
                model->features[node->feature & SP_NODE_FEATURE], (double)node->split, i + node->step,
                i + node->step + 1, node->feature & SP_NODE_MISSING_RIGHT ? "right" : "left", (double)cover);
        if (status < 0)
            return -1;
    }
    return 0;
}

int
sp_model_write(const struct sp_model *model, struct sp_buffer *out, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    if (write_head(model, out, err) < 0)
        return -1;
    for (size_t i = 0; model->terms && i < model->feature_count; i++) {
        const struct sp_model_term *term = &model->terms[i];
        if (sp_buffer_printf(out, err, "term %s %.17g %.17g %.17g\n", model->features[i], term->weight,
                             term->centre, term->missing) < 0)
            return -1;
    }
    if (!model->terms && sp_buffer_printf(out, err, "trees %zu\n", model->tree_count) < 0)
        return -1;
    for (size_t i = 0; i < model->tree_count; i++) {
        if (write_tree(model, i, out, err) < 0)
            return -1;
    }
    return sp_buffer_printf(out, err, "end\n");
}
