/* fuzz_llm_answer.c: the first byte chooses the body of an endpoint's answer or what a model wrote; the rest
 * is that. Beyond memory safety: what is accepted is whole and printable, and a refusal says why. */
#include "base/utf8.h"
#include "metadata/llm_question.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
check_error(const struct sp_error *err)
{
    must((err->code == SP_ERROR_INPUT || err->code == SP_ERROR_LIMIT) && *err->text &&
         sp_utf8_valid(err->text, strlen(err->text)));
}

static void
check_judged(const struct sp_llm_judged *judged)
{
    for (size_t i = 0; i < SP_LLM_JUDGEMENTS; i++) {
        const struct sp_llm_said *said = &judged->said[i];
        must(said->state <= SP_SIGNAL_YES);
        size_t length = strnlen(said->reason, sizeof(said->reason)), step;
        must(length < sizeof(said->reason));
        for (size_t at = 0; at < length; at += step)
            must(sp_utf8_is_printable(sp_utf8_decode(said->reason + at, length - at, &step)));
    }
}

static void
read_answer(const char *bytes, size_t length)
{
    struct sp_llm_judged judged;
    struct sp_error err = { 0 };
    if (sp_llm_answer_read(&judged, bytes, length, &err) < 0)
        check_error(&err);
    else
        check_judged(&judged);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    /* exactly as long as the input, so that a read beyond it is seen */
    sp_autofree char *text = malloc(size > 1 ? size - 1 : 1);
    must(text != NULL);
    memcpy(text, bytes + 1, size - 1);
    if (bytes[0] & 1) {
        read_answer(text, size - 1);
        return 0;
    }
    uint64_t tokens;
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer content = { 0 };
    if (sp_llm_body_read(&content, &tokens, text, size - 1, &err) < 0)
        check_error(&err);
    else
        read_answer(content.bytes, content.length);
    return 0;
}
