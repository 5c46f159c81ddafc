/* text.h: the text of a manifest as UTF-8, whatever it was saved as, and where a byte of it stands. */
#pragma once
#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

struct sp_text {
    const char *bytes; /* valid UTF-8 without NUL and byte order mark; followed by a NUL */
    size_t length;
    struct sp_buffer decoded; /* owned; empty where BYTES is the file's own content */
    /* private: the cursor of sp_text_seek */
    size_t at, line_start;
    uint32_t line;
};

enum sp_text_encoding {
    SP_TEXT_UTF8,  /* or UTF-16 where a byte order mark says so, as PowerShell's redirection writes it */
    SP_TEXT_LATIN1 /* the file declares ISO-8859-1 */
};

/* Prepares TEXT over CONTENT (LENGTH bytes and a NUL; borrowed). Bytes that are no text are an error with
 * their place. Free with sp_text_free, also after an error. */
int sp_text_open(struct sp_text *text, const char *path, const char *content, size_t length,
                 enum sp_text_encoding encoding, struct sp_error *err);
void sp_text_free(struct sp_text *text);
#define sp_autotext __attribute__((cleanup(sp_text_free)))

/* Line and column (from 1, in bytes) of OFFSET; cheap when asked in ascending order. */
void sp_text_seek(struct sp_text *text, size_t offset, uint32_t *line, uint32_t *column);

/* The first WORD in BYTES (LENGTH bytes, may be NULL); NULL: none. */
const char *sp_text_find(const char *bytes, size_t length, const char *word);
