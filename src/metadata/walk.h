/* walk.h: reads JSON documents of registries, whose shape cannot be trusted: what has another shape than was
 * hoped for is passed over, and nothing of a damaged document is used. */
#pragma once
#include "base/json_reader.h"
#include "metadata/record.h"

/* Zero-initialise; sp_json_walk_close frees it. After a failure every call is false and changes nothing. */
struct sp_json_walk {
    struct sp_json_reader reader;
    const struct sp_teller *teller; /* borrowed */
    bool failed;
    struct sp_error err; /* why */
    struct sp_buffer scratch;
};
/* BYTES (LENGTH, a NUL follows) is borrowed until sp_json_walk_close. */
void sp_json_walk_open(struct sp_json_walk *walk, const struct sp_teller *teller, const char *bytes,
                       size_t length);
/* A failure becomes a problem of the record; -1 only where memory ran out. */
int sp_json_walk_close(struct sp_json_walk *walk, struct sp_error *err);
/* Puts down the outcome of an sp_tell function that was given &walk->err. */
static inline void
sp_json_walk_did(struct sp_json_walk *walk, int status)
{
    walk->failed |= status < 0;
}

/* The next value begins; what begins there is passed over by sp_json_walk_leave, or entered. SP_JSON_FAILED.
 */
enum sp_json_token sp_json_walk_value(struct sp_json_walk *walk);
void sp_json_walk_leave(struct sp_json_walk *walk, enum sp_json_token token);
/* Whether the next value is an object or an array, which is then entered; another is passed over. */
bool sp_json_walk_enter(struct sp_json_walk *walk, enum sp_json_token kind);
/* The next key of the object (reader.text); false: its end. Its value has to be read. */
bool sp_json_walk_key(struct sp_json_walk *walk);
/* The next item of the array, as sp_json_walk_value gives it; false: its end. */
bool sp_json_walk_item(struct sp_json_walk *walk, enum sp_json_token *token);
void sp_json_walk_skip(struct sp_json_walk *walk);
/* Whether the next value is a string: it is then reader.text until something else is read. */
bool sp_json_walk_text(struct sp_json_walk *walk);
/* The same, as a copy in the record's arena of at most SP_RECORD_TEXT_MAX bytes; NULL, also where it is no
 * UTF-8. */
const char *sp_json_walk_copy(struct sp_json_walk *walk);
/* The next value if it is a whole number at least 0; else -1. */
int64_t sp_json_walk_number(struct sp_json_walk *walk);
/* 1 true, 0 false, -1 another value. */
int sp_json_walk_flag(struct sp_json_walk *walk);

/* A place to come back to. */
struct sp_json_walk_mark {
    bool there;
    struct sp_json_reader at;
};
/* Reads over the object that begins next and marks the values of those of its keys that are listed (COUNT);
 * of a repeated key the last. Returns false where it is no object or damaged. */
bool sp_json_walk_marks(struct sp_json_walk *walk, const char *const *keys, size_t count,
                        struct sp_json_walk_mark *marks);
void sp_json_walk_here(struct sp_json_walk *walk, struct sp_json_walk_mark *mark);
/* Goes to MARK's value; false where there is none. */
bool sp_json_walk_go(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark);
