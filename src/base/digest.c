#include "base/digest.h"
#include "base/memory.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

static const struct digest_kind {
    const char *name;
    size_t length;
    const EVP_MD *(*algorithm)(void);
} kinds[] = {
    [SP_DIGEST_MD5] = { "md5", 16, EVP_md5 },          [SP_DIGEST_SHA1] = { "sha1", 20, EVP_sha1 },
    [SP_DIGEST_SHA256] = { "sha256", 32, EVP_sha256 }, [SP_DIGEST_SHA384] = { "sha384", 48, EVP_sha384 },
    [SP_DIGEST_SHA512] = { "sha512", 64, EVP_sha512 },
};

struct sp_digest {
    EVP_MD_CTX *context;
};

struct sp_digest *
sp_digest_new(enum sp_digest_kind kind, struct sp_error *err)
{
    struct sp_digest *digest = sp_new(struct sp_digest, err);
    if (!digest)
        return NULL;
    digest->context = EVP_MD_CTX_new();
    if (digest->context && EVP_DigestInit_ex(digest->context, kinds[kind].algorithm(), NULL))
        return digest;
    sp_digest_free(digest);
    sp_fail(err, SP_ERROR_INTERNAL, "%s: the cryptographic library does not offer it", kinds[kind].name);
    return NULL;
}

int
sp_digest_add(struct sp_digest *digest, const void *bytes, size_t length, struct sp_error *err)
{
    return EVP_DigestUpdate(digest->context, bytes, length)
               ? 0
               : sp_fail(err, SP_ERROR_INTERNAL, "digest failed");
}

int
sp_digest_finish(struct sp_digest *digest, unsigned char value[SP_DIGEST_MAX], struct sp_error *err)
{
    unsigned length = 0;
    if (!EVP_DigestFinal_ex(digest->context, value, &length))
        return sp_fail(err, SP_ERROR_INTERNAL, "digest failed");
    return (int)length;
}

void
sp_digest_free(struct sp_digest *digest)
{
    if (!digest)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

static const struct digest_kind *
kind_named(const char *name, size_t length)
{
    for (size_t i = 0; i < SP_COUNT(kinds); i++)
        if (strlen(kinds[i].name) == length && !strncasecmp(kinds[i].name, name, length))
            return &kinds[i];
    return NULL;
}

bool
sp_digest_read_hex(struct sp_stated_digest *out, const char *name, const char *hex, size_t length)
{
    const struct digest_kind *kind = kind_named(name, strlen(name));
    out->length = 0;
    if (!kind || length != kind->length * 2)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isxdigit((unsigned char)hex[i]))
            return false;
        unsigned digit =
            isdigit((unsigned char)hex[i]) ? (unsigned)(hex[i] - '0') : (unsigned)((hex[i] | 32) - 'a' + 10);
        out->value[i / 2] = (unsigned char)(i % 2 ? out->value[i / 2] | digit : digit << 4);
    }
    out->kind = (enum sp_digest_kind)(kind - kinds);
    out->length = kind->length;
    return true;
}

static bool
read_one_sri(struct sp_stated_digest *out, const char *text, size_t length)
{
    const char *dash = memchr(text, '-', length), *end = text + length;
    const struct digest_kind *kind = dash ? kind_named(text, (size_t)(dash - text)) : NULL;
    const char *options = dash ? memchr(dash, '?', (size_t)(end - dash)) : NULL;
    if (!kind)
        return false;
    if (options)
        end = options;
    size_t coded = (size_t)(end - dash - 1);
    unsigned char value[SP_DIGEST_MAX + 8];
    if (coded != (kind->length + 2) / 3 * 4)
        return false;
    if (EVP_DecodeBlock(value, (const unsigned char *)dash + 1, (int)coded) < (int)kind->length)
        return false;
    memcpy(out->value, value, kind->length);
    out->kind = (enum sp_digest_kind)(kind - kinds);
    out->length = kind->length;
    return true;
}

bool
sp_digest_read_sri(struct sp_stated_digest *out, const char *text)
{
    struct sp_stated_digest one = { 0 };
    out->length = 0;
    while (*text) {
        size_t length = strcspn(text, " \t\r\n");
        if (length && read_one_sri(&one, text, length) && (!out->length || one.kind > out->kind))
            *out = one;
        text += length;
        text += strspn(text, " \t\r\n");
    }
    return out->length > 0;
}

void
sp_digest_write_sri(char out[SP_DIGEST_TEXT_MAX], enum sp_digest_kind kind, const unsigned char *value)
{
    int at = snprintf(out, SP_DIGEST_TEXT_MAX, "%s-", kinds[kind].name);
    EVP_EncodeBlock((unsigned char *)out + at, value, (int)kinds[kind].length);
}

void
sp_digest_write_hex(char out[SP_DIGEST_TEXT_MAX], const unsigned char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        snprintf(out + 2 * i, 3, "%02x", value[i]);
}
