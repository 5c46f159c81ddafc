#include "name/tokens.h"

void
sp_tokenise(const char *string, size_t length, struct sp_tokens *out)
{
    out->count = 0;
    size_t i = 0;
    while (i < length && out->count < SP_TOKENS_MAX) {
        if (sp_is_delimiter(string[i])) {
            i++;
            continue;
        }
        size_t start = i;
        bool last = out->count == SP_TOKENS_MAX - 1;
        while (i < length && (last || !sp_is_delimiter(string[i])))
            i++;
        out->at[out->count++] = (struct sp_token){ (uint16_t)start, (uint16_t)(i - start) };
    }
}
