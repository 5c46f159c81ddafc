/* utf8.h: UTF-8 as RFC 3629 has it (no overlong forms, no surrogates, at most U+10FFFF). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_UTF8_INVALID UINT32_MAX

/* Decodes the code point at TEXT (LENGTH bytes left, at least 1) and stores its size in *SIZE.
 * An invalid sequence gives SP_UTF8_INVALID and a size of 1. */
uint32_t sp_utf8_decode(const char *text, size_t length, size_t *size);

/* Encodes POINT into OUT (at least 4 bytes); returns the size, 0 where POINT cannot be encoded. */
size_t sp_utf8_encode(uint32_t point, char out[4]);

bool sp_utf8_valid(const char *text, size_t length);

/* Whether POINT may be printed as it is: no control, no bidirectional override or isolate, no invisible
 * format character, no separator other than the space (Unicode Technical Report 36, section 2). */
bool sp_utf8_is_printable(uint32_t point);

/* Copies TEXT to OUT (SIZE bytes, at least 8), replacing bytes that are no UTF-8 by \xNN and unprintable code
 * points by \u{N}; ends in "..." where it had to be cut. Always terminates; returns the length written. */
size_t sp_utf8_printable(char *out, size_t size, const char *text, size_t length);
