#include "sandbox/leak.h"

struct telling {
    const struct sp_decoys *decoys;
    struct sp_leak_watch *watch;
    void (*found)(void *context, const char *id);
    void *context;
};

static void
tell_once(void *context, const struct sp_decoy *decoy)
{
    struct telling *telling = context;
    size_t at = (size_t)(decoy - telling->decoys->items);
    uint64_t bit = (uint64_t)1 << at % 64,
             *told = &telling->watch->told[at / 64 % SP_COUNT(telling->watch->told)];
    if (*told & bit)
        return;
    *told |= bit;
    telling->found(telling->context, decoy->id);
}

void
sp_leak_feed(const struct sp_decoys *decoys, struct sp_leak_watch *watch, const void *bytes, size_t length,
             void (*found)(void *context, const char *id), void *context)
{
    struct telling telling = { decoys, watch, found, context };
    if (!decoys || !length || watch->searched >= SP_LEAK_SEARCHED_MAX)
        return;
    watch->searched += length;
    sp_decoys_each_next(decoys, &watch->tail, bytes, length, tell_once, &telling);
}
