/* tokens.h: the words of a name. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_TOKENS_MAX 16 /* what comes after the fifteenth delimiter is one last token */

/* Bytes that separate words, in any ecosystem. */
static inline bool
sp_is_delimiter(char byte)
{
    return byte == '-' || byte == '_' || byte == '.' || byte == '/' || byte == ':' || byte == '@' ||
           byte == '+' || byte == '~' || byte == ' ';
}

static inline bool
sp_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline char
sp_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

struct sp_token {
    uint16_t start, length; /* in the string that was cut */
};

struct sp_tokens {
    uint8_t count;
    struct sp_token at[SP_TOKENS_MAX];
};

/* Cuts STRING (at most SP_NAME_MAX bytes); empty tokens are left out. */
void sp_tokenise(const char *string, size_t length, struct sp_tokens *out);
