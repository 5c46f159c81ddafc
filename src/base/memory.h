/* memory.h: growing arrays, and an arena for what dies together. */
#pragma once
#include "base/error.h"

#include <stddef.h>

/* Zeroed memory for COUNT items of SIZE bytes, or NULL with ERR filled; the caller frees it. */
void *sp_new_array(size_t count, size_t size, struct sp_error *err);
#define sp_new(type, err) ((type *)sp_new_array(1, sizeof(type), (err)))

/* Makes room for NEED items in the array *ITEMS of *CAPACITY items of SIZE bytes; what is there is kept. */
int sp_grow_array(void *items, size_t *capacity, size_t need, size_t size, struct sp_error *err);
/* sp_grow(list->items, list->capacity, list->count + 1, err) */
#define sp_grow(items, capacity, need, err)                                                                  \
    sp_grow_array(&(items), &(capacity), (need), sizeof(*(items)), (err))

/* Memory that is freed all at once. Zero-initialise. Not thread-safe. */
struct sp_arena {
    struct sp_arena_block *blocks;
    size_t used; /* bytes handed out, for limits */
};

/* Zeroed, aligned for any type; lives until sp_arena_free. NULL with ERR filled when memory runs out. */
void *sp_arena_alloc(struct sp_arena *arena, size_t size, struct sp_error *err);
/* A NUL-terminated copy of LENGTH bytes. */
char *sp_arena_copy(struct sp_arena *arena, const char *bytes, size_t length, struct sp_error *err);
char *sp_arena_printf(struct sp_arena *arena, struct sp_error *err, const char *format, ...) SP_PRINTF(3, 4);
void sp_arena_free(struct sp_arena *arena);
#define sp_autoarena __attribute__((cleanup(sp_arena_free)))
