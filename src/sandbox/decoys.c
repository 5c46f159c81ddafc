#include "sandbox/decoys_parts.h"

#include <string.h>

int
sp_decoy_append(struct sp_decoy_making *making, const void *bytes, size_t length)
{
    return sp_buffer_append(&making->bytes, bytes, length, making->err);
}

int
sp_decoy_printf(struct sp_decoy_making *making, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof(text))
        return sp_fail(making->err, SP_ERROR_INTERNAL, "a decoy's text is too long");
    return sp_decoy_append(making, text, (size_t)length);
}

int
sp_decoy_random(struct sp_decoy_making *making, size_t length, const char *alphabet)
{
    char text[256];
    if (length >= sizeof(text))
        return sp_fail(making->err, SP_ERROR_INTERNAL, "a decoy's filling is too long");
    if (sp_random_text(text, length, alphabet, making->err) < 0)
        return -1;
    return sp_decoy_append(making, text, length);
}

int
sp_decoy_random_bytes(struct sp_decoy_making *making, size_t length)
{
    unsigned char bytes[1024];
    if (length > sizeof(bytes))
        return sp_fail(making->err, SP_ERROR_INTERNAL, "a decoy's filling is too long");
    if (sp_random_bytes(bytes, length, making->err) < 0)
        return -1;
    return sp_decoy_append(making, bytes, length);
}

int
sp_decoy_token(struct sp_decoy_making *making, const char *prefix)
{
    char body[31], sum[7];
    memcpy(body, making->canaries.texts[0], SP_CANARY_LENGTH);
    if (sp_random_text(body + SP_CANARY_LENGTH, 30 - SP_CANARY_LENGTH, SP_BASE62, making->err) < 0)
        return -1;
    sp_token_checksum(body, 30, sum);
    return sp_decoy_printf(making, "%s%s%s", prefix, body, sum);
}

/* The list lies in the arena, so that its owner frees nothing. */
static int
grow(struct sp_decoys *decoys, struct sp_error *err)
{
    size_t capacity = decoys->capacity ? 2 * decoys->capacity : 64;
    struct sp_decoy *items = sp_arena_alloc(decoys->arena, capacity * sizeof(*items), err);
    if (!items)
        return -1;
    if (decoys->count)
        memcpy(items, decoys->items, decoys->count * sizeof(*items));
    decoys->items = items;
    decoys->capacity = capacity;
    return 0;
}

int
sp_decoys_add(struct sp_decoy_making *making, const char *id, const char *title, bool reading_proves,
              const char *path, const char *name, mode_t mode)
{
    struct sp_decoys *out = making->out;
    if (out->count == out->capacity && grow(out, making->err) < 0)
        return -1;
    const char *bytes =
        sp_arena_copy(out->arena, sp_buffer_string(&making->bytes), making->bytes.length, making->err);
    const char *const *needles = sp_canary_needles(&making->canaries, making->err);
    if (!bytes || !needles)
        return -1;
    struct sp_decoy *decoy = &out->items[out->count];
    *decoy = (struct sp_decoy){ .id = id,
                                .title = title,
                                .reading_proves = reading_proves,
                                .path = path,
                                .name = name,
                                .bytes = bytes,
                                .length = making->bytes.length,
                                .mode = mode,
                                .needles = needles };
    if (making->canaries.count) /* at most that many letters: what follows them is known all the same */
        snprintf(decoy->canary, sizeof(decoy->canary), "%.*s", SP_CANARY_LENGTH, making->canaries.texts[0]);
    out->count++;
    return 0;
}

static int
add_home(struct sp_decoy_making *making)
{
    for (size_t i = 0; i < sp_home_decoy_count; i++) {
        const struct sp_home_decoy *home = &sp_home_decoys[i];
        char canary[SP_CANARY_LENGTH + 1];
        making->canaries = (struct sp_canaries){ .arena = making->out->arena };
        sp_buffer_clear(&making->bytes);
        if (!home->companion &&
            (sp_canary_new(canary, making->err) < 0 ||
             sp_canaries_add(&making->canaries, canary, SP_CANARY_LENGTH, making->err) < 0))
            return -1;
        const char *path =
            sp_arena_printf(making->out->arena, making->err, "%s/%s", making->wishes->home, home->path);
        if (!path || home->write(making) < 0 ||
            sp_decoys_add(making, home->id, home->title, home->reading_proves, path, NULL, home->mode) < 0)
            return -1;
    }
    return 0;
}

static int
choose_account(struct sp_decoy_making *making)
{
    static const char *const names[] = { "jlarsen", "mkowalski", "anovak",   "dpetrov", "sokafor",
                                         "rmeyer",  "tnguyen",   "cfischer", "lrossi",  "hsato" };
    unsigned char choice;
    if (sp_random_bytes(&choice, 1, making->err) < 0)
        return -1;
    snprintf(making->account, sizeof(making->account), "%s", names[choice % SP_COUNT(names)]);
    return 0;
}

int
sp_decoys_make(struct sp_decoys *out, struct sp_arena *arena, const struct sp_decoy_wishes *wishes,
               struct sp_error *err)
{
    *out = (struct sp_decoys){ .arena = arena };
    struct sp_decoy_making making = { .out = out, .wishes = wishes, .err = err };
    int result = choose_account(&making) < 0 || add_home(&making) < 0 || sp_decoys_of_project(&making) < 0 ||
                         sp_decoys_of_environment(&making) < 0 || sp_decoys_compile(out, err) < 0
                     ? -1
                     : 0;
    sp_buffer_free(&making.bytes);
    return result;
}
