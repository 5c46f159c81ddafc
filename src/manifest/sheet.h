/* sheet.h: one manifest while it is read: copies what is found into the reader's arena, within limits, and
 * words what is wrong the same way for all formats. */
#pragma once
#include "manifest/manifest.h"

#include <stdint.h>

/* More than any honest project has (npm's largest lockfiles list some ten thousand); together with the next
 * limit it keeps the whole reading of a 256 MB file below 512 MB. */
#define SP_SHEET_PACKAGES_MAX 1000000
#define SP_SHEET_STRINGS_MAX ((size_t)160 << 20)

struct sp_sheet {
    const struct sp_manifest_reading *reading; /* borrowed */
    const struct sp_ecosystem *ecosystem;
    const char *path;  /* in the arena */
    size_t count;      /* dependencies handed on */
    size_t unseen;     /* lines that could not be read */
    size_t arena_base; /* what the arena held before */
};

int sp_sheet_open(struct sp_sheet *sheet, const struct sp_manifest_reading *reading, enum sp_ecosystem_id id,
                  const char *path, struct sp_error *err);

/* A random seed for a map whose keys come from a file: its writer cannot make them collide. */
uint64_t sp_sheet_seed(void);

/* A copy in the arena. Text with a NUL byte in it, which would end the string early and hide the rest, is an
 * error at LINE:COLUMN. NULL with ERR filled. */
const char *sp_sheet_copy(struct sp_sheet *sheet, const char *text, size_t length, uint32_t line,
                          uint32_t column, struct sp_error *err);

/* Hands DEPENDENCY (ecosystem and place.file are filled here) to the sink. */
int sp_sheet_add(struct sp_sheet *sheet, struct sp_dependency *dependency, struct sp_error *err);

/* "PATH:LINE:COLUMN: what"; returns -1. */
int sp_sheet_fail(const struct sp_sheet *sheet, uint32_t line, uint32_t column, enum sp_error_code code,
                  struct sp_error *err, const char *format, ...) SP_PRINTF(6, 7);

/* Reports one line that could not be read; where the reader takes no such lines it is an error. */
int sp_sheet_unseen(struct sp_sheet *sheet, uint32_t line, uint32_t column, struct sp_error *err,
                    const char *format, ...) SP_PRINTF(5, 6);
