/* Tables of runs, damaged at will, plain or packed. The first byte chooses: even, the rest stands beneath a
 * right head line, so that rows are reached; odd, the rest is the whole file. What is read must hold
 * together. */
#include "base/buffer.h"
#include "behaviour/vector.h"
#include "eval/behaviour_table.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int
put_head(struct sp_buffer *out)
{
    int status =
        sp_buffer_append_string(out,
                                "features_version,ecosystem,name,version,label,technique,family,origin,"
                                "net,run,role,status,rules,outside",
                                NULL);
    for (size_t i = 0; status == 0 && i < sp_vector_count(); i++) {
        char name[SP_VECTOR_NAME_MAX];
        status = sp_buffer_printf(out, NULL, ",%s", sp_vector_name(i, name));
    }
    return status < 0 ? -1 : sp_buffer_append_byte(out, '\n', NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    sp_autobuffer struct sp_buffer text = { 0 };
    if ((bytes[0] % 2 == 0 && put_head(&text) < 0) ||
        sp_buffer_append(&text, bytes + 1, size - 1, NULL) < 0 || !text.length)
        return 0;
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    if (sp_behaviour_table_take(&table, text.bytes, text.length, "fuzz", NULL) < 0 ||
        sp_behaviour_table_finish_any(&table, NULL) < 0)
        return 0;
    for (size_t i = 0; i < table.table.row_count; i++) {
        const float *row = sp_table_row(&table.table, i);
        for (size_t j = 0; j < table.table.feature_count; j++)
            if (isinf(row[j]))
                __builtin_trap();
        if (table.rows[i].package >= table.package_count || table.rows[i].group > i ||
            !sp_behaviour_table_knows(&table, &table.rows[i]))
            __builtin_trap();
    }
    return 0;
}
