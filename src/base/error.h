/* error.h: what went wrong, where, and what to do about it.
 * Every function that can fail takes a struct sp_error last and returns -1 (or NULL) after filling it. */
#pragma once
#include "base/attributes.h"

#define SP_ERROR_TEXT_MAX 640

enum sp_error_code {
    SP_ERROR_NONE,
    SP_ERROR_USAGE,  /* the caller's words are off */
    SP_ERROR_INPUT,  /* what was read is damaged, hostile, or of an unknown kind */
    SP_ERROR_LIMIT,  /* what was read is larger or deeper than the stated limit */
    SP_ERROR_SYSTEM, /* the operating system refused; see number */
    SP_ERROR_MEMORY,
    SP_ERROR_INTERNAL, /* a bug of ours */
};

struct sp_error {
    enum sp_error_code code;
    int number;                   /* errno, with SP_ERROR_SYSTEM; else 0 */
    char text[SP_ERROR_TEXT_MAX]; /* one line, valid UTF-8, no control characters */
};

/* Each fills ERR (may be NULL) with a formatted line and returns -1. What comes from outside may be passed
 * as an argument as it is: bytes that could move a terminal's cursor or are no UTF-8 are shown as \xNN. */
int sp_fail(struct sp_error *err, enum sp_error_code code, const char *format, ...) SP_PRINTF(3, 4);
/* As sp_fail with SP_ERROR_SYSTEM; appends ": " and the text of errno. */
int sp_fail_errno(struct sp_error *err, const char *format, ...) SP_PRINTF(2, 3);
int sp_fail_memory(struct sp_error *err);

/* Puts "WHERE: " in front of ERR's text and returns -1. */
int sp_fail_within(struct sp_error *err, const char *where_format, ...) SP_PRINTF(2, 3);
