#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 << 10)

struct sp_arena_block {
    struct sp_arena_block *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

void *
sp_new_array(size_t count, size_t size, struct sp_error *err)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        sp_fail_memory(err);
    return memory;
}

int
sp_grow_array(void *items, size_t *capacity, size_t need, size_t size, struct sp_error *err)
{
    if (need <= *capacity)
        return 0;
    size_t wider = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    if (wider < need)
        wider = need;
    if (wider > SIZE_MAX / size)
        return sp_fail_memory(err);
    void *old, *grown;
    memcpy(&old, items, sizeof(old));
    grown = realloc(old, wider * size);
    if (!grown)
        return sp_fail_memory(err);
    memcpy(items, &grown, sizeof(grown));
    *capacity = wider;
    return 0;
}

void *
sp_arena_alloc(struct sp_arena *arena, size_t size, struct sp_error *err)
{
    size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2) {
        sp_fail_memory(err);
        return NULL;
    }
    size = (size + align - 1) / align * align;
    struct sp_arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = calloc(1, sizeof(*block) + room);
        if (!block) {
            sp_fail_memory(err);
            return NULL;
        }
        block->size = room;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    arena->used += size;
    return memory;
}

char *
sp_arena_copy(struct sp_arena *arena, const char *bytes, size_t length, struct sp_error *err)
{
    char *copy = sp_arena_alloc(arena, length + 1, err);
    if (copy && length)
        memcpy(copy, bytes, length);
    return copy;
}

char *
sp_arena_printf(struct sp_arena *arena, struct sp_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0) {
        sp_fail(err, SP_ERROR_INTERNAL, "cannot format '%s'", format);
        return NULL;
    }
    char *text = sp_arena_alloc(arena, (size_t)need + 1, err);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)need + 1, format, args);
    va_end(args);
    return text;
}

void
sp_arena_free(struct sp_arena *arena)
{
    while (arena->blocks) {
        struct sp_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->used = 0;
}
