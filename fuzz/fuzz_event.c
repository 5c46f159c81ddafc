/* Messages of a process that was taken over: sp_event_decode, and back. */
#include "trace/event.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX], again[SP_EVENT_BYTES_MAX];
    struct sp_event event, second;
    struct sp_error err;
    if (size > sizeof(bytes))
        return 0;
    memcpy(bytes, data, size);
    if (sp_event_decode(bytes, size, &event, &err) < 0)
        return 0;
    size_t length = sp_event_encode(&event, again);
    if (sp_event_decode(again, length, &second, &err) < 0 || second.kind != event.kind || second.value != event.value)
        abort();
    return 0;
}
