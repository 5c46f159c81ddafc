/* The description of a technique: the first byte says technique or chore. */
#include "eval/catalogue.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    if (!size || sp_buffer_append(&text, data + 1, size - 1, NULL) < 0)
        return 0;
    struct sp_corpus_entry entry = { .chore = data[0] & 1 };
    if (sp_corpus_entry_read(&entry, "fuzz", sp_buffer_string(&text), size - 1, &arena, &err) == 0) {
        if (!entry.title || !entry.triggers || !entry.wrappers)
            abort();
    } else if (err.code == SP_ERROR_NONE) {
        abort();
    }
    sp_corpus_entry_free(&entry);
    return 0;
}
