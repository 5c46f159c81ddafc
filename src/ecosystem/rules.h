/* rules.h: what the naming rules of several registries share. Only for the files of this directory. */
#pragma once
#include "ecosystem/ecosystem.h"

#include <stdint.h>

extern const struct sp_ecosystem sp_ecosystem_npm, sp_ecosystem_pypi, sp_ecosystem_rubygems,
    sp_ecosystem_maven, sp_ecosystem_golang, sp_ecosystem_huggingface, sp_ecosystem_cargo, sp_ecosystem_nuget;

/* What a byte is; bytes outside ASCII, controls and all other punctuation are none of these. */
enum {
    SP_LOWER = 1,
    SP_UPPER = 2,
    SP_DIGIT = 4,
    SP_DOT = 8,
    SP_DASH = 16,
    SP_UNDERSCORE = 32,
    SP_TILDE = 64,
    SP_URL_MARK = 128, /* ! ' ( ) * : what encodeURIComponent() leaves alone */
    SP_LETTER = SP_LOWER | SP_UPPER,
    SP_ALNUM = SP_LETTER | SP_DIGIT,
};
extern const uint8_t sp_byte_class[256];

static inline bool
sp_byte_is(char byte, unsigned classes)
{
    return sp_byte_class[(unsigned char)byte] & classes;
}

/* The first place from FROM on whose byte is of none of CLASSES; LENGTH if there is none. */
static inline size_t
sp_span(const char *name, size_t from, size_t length, unsigned classes)
{
    while (from < length && sp_byte_is(name[from], classes))
        from++;
    return from;
}

static inline char
sp_lower(char byte)
{
    return sp_byte_is(byte, SP_UPPER) ? (char)(byte | 0x20) : byte;
}

/* Whether LENGTH bytes at NAME are WORD, but for the case of ASCII letters. */
bool sp_is_word(const char *name, size_t length, const char *word);
/* Whether they are a device of Windows ("con", "lpt1"), which no file there can be called. */
bool sp_is_windows_device(const char *name, size_t length);

/* The code point at FROM (LENGTH is the whole), SP_UTF8_INVALID if there is none; *SIZE is its bytes. */
uint32_t sp_point_at(const char *name, size_t length, size_t from, size_t *size);

/* Refuses NAME for what is at the byte AT (from 0; LENGTH: its end). Returns -1. */
int sp_refuse(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t at,
              const char *rule, const char *advice, struct sp_error *err);
/* The same for a byte that is not among those ALLOWED (in words); the advice follows from the byte. */
int sp_refuse_byte(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t at,
                   const char *allowed, struct sp_error *err);
/* Refuses empty names and those above MAX bytes. */
int sp_check_length(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t max,
                    struct sp_error *err);

/* Appends NAME in lower case. A letter is folded only where upper case leads back to it: the Kelvin sign must
 * not become a k, or a lookalike would be taken for the name it apes. */
int sp_append_folded(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err);

/* Appends BYTE where sp_buffer_reserve() has made room; sp_put_end() comes after the last. */
static inline void
sp_put(struct sp_buffer *out, char byte)
{
    out->bytes[out->length++] = byte;
}

static inline void
sp_put_end(struct sp_buffer *out)
{
    out->bytes[out->length] = '\0';
}

/* All of NAME as the identifier. */
void sp_split_none(const char *name, size_t length, struct sp_name_parts *out);
/* At the first SEPARATOR; without one (or with nothing behind it) all of NAME is the identifier. */
void sp_split_at(const char *name, size_t length, char separator, struct sp_name_parts *out);

/* The forge that a Go module's first path element names ("github.com"): owners follow it. False: another
 * host. */
bool sp_golang_is_forge(const char *host, size_t length);
