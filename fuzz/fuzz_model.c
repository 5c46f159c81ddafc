/* Model files of either form, damaged at will. The first byte chooses: even, the rest is text; odd, the rest
 * is compiled. What opens is used; text that is read must compile, be written, and be read again as the same.
 */
#include "base/buffer.h"
#include "model/model.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define FEATURES_MAX 64
#define NODES_MAX 2000 /* beyond, contributions are bounded but slow to fuzz */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
use(const struct sp_model_view *view)
{
    static const float fills[] = { 0, 1.5f, -1e30f, INFINITY, -INFINITY, NAN };
    if (view->feature_count > FEATURES_MAX || view->node_count > NODES_MAX)
        return;
    for (size_t fill = 0; fill < SP_COUNT(fills); fill++) {
        float features[FEATURES_MAX], contributions[FEATURES_MAX + 1];
        for (size_t i = 0; i < FEATURES_MAX; i++)
            features[i] = i % 3 == 1 ? fills[(fill + 3) % SP_COUNT(fills)] : fills[fill];
        double margin = sp_model_margin(view, features), probability = sp_model_predict(view, features);
        if (isnan(margin) || !(probability >= 0 && probability <= 1))
            __builtin_trap();
        sp_model_contributions(view, features, contributions);
    }
    for (size_t i = 0; i < view->feature_count; i++) {
        const char *name = sp_model_feature_name(view, i);
        if (sp_model_feature_index(view, name) > (int)i)
            __builtin_trap();
    }
    double value;
    if (sp_model_threshold(view, "review", &value) && !(value >= 0 && value <= 1))
        __builtin_trap();
}

static void
try_text(const char *text, size_t length)
{
    sp_automodel struct sp_model *model = NULL, *again = NULL;
    if (sp_model_read(&model, text, length, "fuzz", NULL) < 0)
        return;
    sp_automodelfile struct sp_model_file first = { 0 }, second = { 0 };
    sp_autobuffer struct sp_buffer written = { 0 };
    if (sp_model_use(&first, model, NULL) < 0 || sp_model_write(model, &written, NULL) < 0 ||
        sp_model_read(&again, written.bytes, written.length, "fuzz", NULL) < 0 ||
        sp_model_use(&second, again, NULL) < 0)
        __builtin_trap();
    if (first.compiled.length != second.compiled.length ||
        memcmp(first.compiled.bytes, second.compiled.bytes, first.compiled.length) != 0)
        __builtin_trap();
    use(&first.view);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    /* memory of just that size, aligned as a mapped file is */
    sp_autofree char *copy = malloc(size);
    if (!copy)
        return 0;
    memcpy(copy, bytes + 1, size - 1);
    if (bytes[0] % 2 == 0) {
        try_text(copy, size - 1);
    } else {
        struct sp_model_view view;
        if (sp_model_open(&view, copy, size - 1, NULL) == 0)
            use(&view);
    }
    return 0;
}
