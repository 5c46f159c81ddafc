#include "manifest/sheet.h"

#include <stdarg.h>
#include <string.h>
#include <sys/random.h>

int
sp_sheet_open(struct sp_sheet *sheet, const struct sp_manifest_reading *reading, enum sp_ecosystem_id id,
              const char *path, struct sp_error *err)
{
    *sheet = (struct sp_sheet){ .reading = reading,
                                .ecosystem = sp_ecosystems[id],
                                .arena_base = reading->arena->used };
    sheet->path = sp_arena_copy(reading->arena, path, strlen(path), err);
    return sheet->path ? 0 : -1;
}

uint64_t
sp_sheet_seed(void)
{
    uint64_t seed = 0;
    /* without randomness the map still works; only its speed could be attacked */
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
        seed = (uint64_t)(uintptr_t)&seed;
    return seed;
}

const char *
sp_sheet_copy(struct sp_sheet *sheet, const char *text, size_t length, uint32_t line, uint32_t column,
              struct sp_error *err)
{
    if (length && memchr(text, '\0', length)) {
        sp_sheet_fail(sheet, line, column, SP_ERROR_INPUT, err,
                      "a NUL inside a name; do not trust this file");
        return NULL;
    }
    struct sp_arena *arena = sheet->reading->arena;
    if (length > SP_SHEET_STRINGS_MAX || arena->used - sheet->arena_base > SP_SHEET_STRINGS_MAX - length) {
        sp_sheet_fail(sheet, line, column, SP_ERROR_LIMIT, err,
                      "more than %zu MB of names and versions; split the file", SP_SHEET_STRINGS_MAX >> 20);
        return NULL;
    }
    return sp_arena_copy(arena, text, length, err);
}

int
sp_sheet_add(struct sp_sheet *sheet, struct sp_dependency *dependency, struct sp_error *err)
{
    if (sheet->count == SP_SHEET_PACKAGES_MAX)
        return sp_sheet_fail(sheet, dependency->place.line, dependency->place.column, SP_ERROR_LIMIT, err,
                             "more than %d packages; split the file", SP_SHEET_PACKAGES_MAX);
    dependency->ecosystem = sheet->ecosystem;
    dependency->place.file = sheet->path;
    sheet->count++;
    return sheet->reading->sink(sheet->reading->context, dependency, err);
}

int
sp_sheet_fail(const struct sp_sheet *sheet, uint32_t line, uint32_t column, enum sp_error_code code,
              struct sp_error *err, const char *format, ...)
{
    char what[SP_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return sp_fail(err, code, "%.300s:%u:%u: %s", sheet->path, line, column, what);
}

int
sp_sheet_unseen(struct sp_sheet *sheet, uint32_t line, uint32_t column, struct sp_error *err,
                const char *format, ...)
{
    char what[SP_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (!sheet->reading->unseen)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%u:%u: %s", sheet->path, line, column, what);
    sheet->unseen++;
    struct sp_place place = { .file = sheet->path, .line = line, .column = column };
    return sheet->reading->unseen(sheet->reading->context, &place, what, err);
}
