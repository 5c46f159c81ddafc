/* json.h: writes JSON (RFC 8259) piece by piece; reading is left to jansson.
 * Strings are escaped so that the output is ASCII-safe for terminals: control and bidirectional code points
 * become \u escapes, bytes that are no UTF-8 become U+FFFD. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>

#define SP_JSON_DEPTH_MAX 32

struct sp_json {
    struct sp_buffer out; /* what was written; the caller may take or clear it between values */
    struct sp_error *err; /* borrowed; filled at the first failure, later calls then do nothing */
    bool failed;
    bool compact; /* one line, for JSON Lines */
    /* private */
    int depth;
    bool filled[SP_JSON_DEPTH_MAX];
    bool after_key;
};

void sp_json_begin_object(struct sp_json *json);
void sp_json_end_object(struct sp_json *json);
void sp_json_begin_array(struct sp_json *json);
void sp_json_end_array(struct sp_json *json);
void sp_json_key(struct sp_json *json, const char *key);
/* NULL is written as null. */
void sp_json_string(struct sp_json *json, const char *string);
void sp_json_string_n(struct sp_json *json, const char *bytes, size_t length);
void sp_json_integer(struct sp_json *json, long long value);
/* Shortest form that keeps DIGITS significant digits; not-a-number and infinities become null. */
void sp_json_number(struct sp_json *json, double value, int digits);
void sp_json_bool(struct sp_json *json, bool value);
void sp_json_null(struct sp_json *json);
/* 0, or -1 if anything failed (json->err says what). */
int sp_json_finish(struct sp_json *json);
void sp_json_free(struct sp_json *json);
#define sp_autojson __attribute__((cleanup(sp_json_free)))
