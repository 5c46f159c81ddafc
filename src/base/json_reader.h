/* json_reader.h: reads JSON (RFC 8259, strict) token by token, with the line and column of each.
 * Nothing is built in memory: a file of 256 MB costs what its longest escaped string costs. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_JSON_READER_DEPTH_MAX 200
#define SP_JSON_READER_ESCAPED_MAX ((size_t)16 << 20) /* of one string that has to be decoded */

enum sp_json_token {
    SP_JSON_FAILED = -1, /* the error is filled; every later call fails too */
    SP_JSON_END,         /* the document is complete and nothing follows it */
    SP_JSON_OBJECT,
    SP_JSON_OBJECT_END,
    SP_JSON_ARRAY,
    SP_JSON_ARRAY_END,
    SP_JSON_KEY, /* its value is the next token */
    SP_JSON_STRING,
    SP_JSON_NUMBER,
    SP_JSON_TRUE,
    SP_JSON_FALSE,
    SP_JSON_NULL,
};

/* Plain values: a copy is a bookmark from which the same tokens can be read again; the scratch buffer is
 * shared by pointer for that reason. */
struct sp_json_reader {
    /* of the token last returned */
    const char *text; /* key and string: decoded; number: as written. Valid until the next token */
    size_t length;
    uint32_t line, column; /* of its first byte; for keys and strings the byte after the quote */
    bool escaped;          /* the text was decoded: offsets in it are not offsets in the file */

    /* may be set after opening, for what strangers wrote and nobody here can mend */
    bool forgiving; /* half a surrogate pair is read as U+FFFD; bytes that are no UTF-8 are handed on */
    size_t keep;    /* a string that has to be decoded is cut to this many bytes; 0: none is */

    /* private */
    const char *path, *content; /* borrowed */
    size_t size, at, line_start;
    uint32_t line_now;
    unsigned depth;
    uint8_t state;
    uint8_t kind[SP_JSON_READER_DEPTH_MAX + 1]; /* '{' or '[' for each open one */
    struct sp_buffer *scratch;                  /* borrowed: the decoded form of an escaped string */
};

/* Starts at the beginning of CONTENT (SIZE bytes, followed by a NUL; a byte order mark is skipped). PATH is
 * for messages. All three and SCRATCH are borrowed for as long as READER is used. */
int sp_json_reader_open(struct sp_json_reader *reader, const char *path, const char *content, size_t size,
                        struct sp_buffer *scratch, struct sp_error *err);

/* The next token. What is damaged gives SP_JSON_FAILED and "PATH:LINE:COLUMN: what; what to do". */
enum sp_json_token sp_json_next(struct sp_json_reader *reader, struct sp_error *err);

/* After a token that begins a value: reads on to the end of that value (checked as strictly, not decoded). */
int sp_json_skip(struct sp_json_reader *reader, enum sp_json_token token, struct sp_error *err);
/* After a key: reads over its value. */
int sp_json_skip_value(struct sp_json_reader *reader, struct sp_error *err);

/* Whether the text of the key or string last returned is WORD. */
bool sp_json_is(const struct sp_json_reader *reader, const char *word);

/* What TOKEN is, for messages: "an object". */
const char *sp_json_token_name(enum sp_json_token token);
