/* decoys_wallet.c: wallets and password stores.
 * Sources: Ethereum Web3 Secret Storage, Solana's keypair files, LevelDB's log and version formats
 * (MetaMask's vault), GNOME keyring's file format, RFC 4880 (OpenPGP packets). */
#include "sandbox/decoys_parts.h"

#include <openssl/evp.h>
#include <string.h>

static int
hex(struct sp_decoy_making *making, size_t length)
{
    return sp_decoy_random(making, length, SP_HEX);
}

/* The canary stands in hexadecimal: that text must not leave in any wrapping either. */
int
sp_write_ethereum(struct sp_decoy_making *making)
{
    char wrapped[2 * SP_CANARY_LENGTH + 1];
    for (int i = 0; i < SP_CANARY_LENGTH; i++)
        snprintf(wrapped + 2 * i, 3, "%02x", (unsigned char)making->canaries.texts[0][i]);
    if (sp_canaries_add(&making->canaries, wrapped, 2 * SP_CANARY_LENGTH, making->err) < 0 ||
        sp_decoy_printf(making,
                        "{\"address\":\"6b1f0c7d5a94e2838e07c0a5d1f4b9a263e8d75c\",\"crypto\":{\"cipher\":"
                        "\"aes-128-ctr\",\"ciphertext\":\"%s",
                        wrapped) < 0 ||
        hex(making, 16) < 0 || sp_decoy_printf(making, "\",\"cipherparams\":{\"iv\":\"") < 0 ||
        hex(making, 32) < 0 ||
        sp_decoy_printf(making, "\"},\"kdf\":\"scrypt\",\"kdfparams\":{\"dklen\":32,\"n\":262144,\"p\":1,"
                                "\"r\":8,\"salt\":\"") < 0 ||
        hex(making, 64) < 0 || sp_decoy_printf(making, "\"},\"mac\":\"") < 0 || hex(making, 64) < 0)
        return -1;
    return sp_decoy_printf(making, "\"},\"id\":\"3c1a9e52-7d44-4b0e-9f27-d0b86a1c5e31\",\"version\":3}");
}

/* An Ed25519 seed and its public half as numbers; the canary's bytes begin the seed. */
int
sp_write_solana(struct sp_decoy_making *making)
{
    unsigned char pair[64];
    size_t length = 32;
    char numbers[4 * SP_CANARY_LENGTH + 1];
    int at = 0;
    if (sp_random_bytes(pair, 32, making->err) < 0)
        return -1;
    memcpy(pair, making->canaries.texts[0], SP_CANARY_LENGTH);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, pair, 32);
    int got = key ? EVP_PKEY_get_raw_public_key(key, pair + 32, &length) : 0;
    EVP_PKEY_free(key);
    if (got != 1)
        return sp_fail(making->err, SP_ERROR_INTERNAL, "cannot make a Solana key for a decoy");
    for (int i = 0; i < SP_CANARY_LENGTH; i++)
        at += snprintf(numbers + at, sizeof(numbers) - (size_t)at, i ? ",%u" : "%u", pair[i]);
    if (sp_canaries_add(&making->canaries, numbers, (size_t)at, making->err) < 0)
        return -1;
    for (int i = 0; i < 64; i++)
        if (sp_decoy_printf(making, i ? ",%u" : "[%u", pair[i]) < 0)
            return -1;
    return sp_decoy_printf(making, "]");
}

int
sp_write_exodus(struct sp_decoy_making *making)
{
    /* "SECO", a version, lengths and names, then what is encrypted */
    static const char head[] = "SECO\0\0\0\0seco-v0-scrypt-aes\0\x0c"
                               "Exodus-18.x\0";
    if (sp_decoy_append(making, head, sizeof(head)) < 0 || sp_decoy_random_bytes(making, 220) < 0 ||
        sp_decoy_append(making, making->canaries.texts[0], SP_CANARY_LENGTH) < 0)
        return -1;
    return sp_decoy_random_bytes(making, 480);
}

int
sp_write_electrum(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "{\n    \"keystore\": {\n        \"derivation\": \"m/0'\",\n"
                                "        \"pw_hash_version\": 1,\n        \"root_fingerprint\": \"") < 0 ||
        hex(making, 8) < 0 ||
        sp_decoy_printf(making,
                        "\",\n        \"seed_type\": \"segwit\",\n        \"type\": \"bip32\",\n"
                        "        \"xprv\": \"%s",
                        making->canaries.texts[0]) < 0 ||
        sp_decoy_random(making, 148, SP_BASE62 "+/") < 0)
        return -1;
    return sp_decoy_printf(making, "\"\n    },\n    \"seed_version\": 53,\n    \"use_encryption\": true,\n"
                                   "    \"wallet_type\": \"standard\"\n}\n");
}

/* ------------------------------------------------------------------------------------------------- LevelDB
 */

static void
put_little(unsigned char *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t
crc32c(const unsigned char *bytes, size_t length)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

/* One whole record of a log: masked checksum, length, type 1. */
static int
append_record(struct sp_decoy_making *making, const unsigned char *bytes, size_t length)
{
    unsigned char record[7 + 1024];
    if (length > 1024)
        return sp_fail(making->err, SP_ERROR_INTERNAL, "a decoy's record is too long");
    record[6] = 1;
    memcpy(record + 7, bytes, length);
    uint32_t crc = crc32c(record + 6, length + 1);
    put_little(record, (crc >> 15 | crc << 17) + 0xa282ead8u, 4);
    put_little(record + 4, (uint32_t)length, 2);
    return sp_decoy_append(making, record, length + 7);
}

int
sp_write_metamask_log(struct sp_decoy_making *making)
{
    char filling[257], value[512];
    if (sp_random_text(filling, 256, SP_BASE62 "+/", making->err) < 0)
        return -1;
    int length = snprintf(value, sizeof(value),
                          "{\"KeyringController\":{\"vault\":\"{\\\"data\\\":\\\"%s%s==\\\",\\\"iv\\\":"
                          "\\\"%.22s==\\\",\\\"salt\\\":\\\"%.43s=\\\"}\"}}",
                          making->canaries.texts[0], filling, filling + 100, filling + 150);
    unsigned char batch[1024] = { 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 4, 'd', 'a', 't', 'a' };
    batch[18] = (unsigned char)(0x80 | (length & 0x7f));
    batch[19] = (unsigned char)(length >> 7);
    memcpy(batch + 20, value, (size_t)length);
    return append_record(making, batch, 20 + (size_t)length);
}

int
sp_write_metamask_manifest(struct sp_decoy_making *making)
{
    static const unsigned char edit[] = "\x01\x1aleveldb.BytewiseComparator\x02\x03\x09\0\x03\x04\x04\0";
    return append_record(making, edit, sizeof(edit) - 1);
}

/* -------------------------------------------------------------------------------------------- other stores
 */

int
sp_write_keyring(struct sp_decoy_making *making)
{
    unsigned char head[] = "GnomeKeyring\n\r\0\n\0\0\0\0\0\0\0\5Login";
    unsigned char rest[2 * 8 + 4 + 4 + 4 + 8 + 16 + 4] = { 0 };
    unsigned char size[4] = { 0, 0, 1, 0x60 };
    rest[4] = 0x64, rest[5] = 0x35, rest[6] = 0x2a, rest[12] = 0x64, rest[13] = 0x35; /* times */
    rest[26] = 0x07;                                                                  /* rounds of the hash */
    if (sp_random_bytes(rest + 28, 8, making->err) < 0 ||
        sp_decoy_append(making, head, sizeof(head) - 1) < 0 ||
        sp_decoy_append(making, rest, sizeof(rest)) < 0 || sp_decoy_append(making, size, 4) < 0 ||
        sp_decoy_random_bytes(making, 100) < 0 ||
        sp_decoy_append(making, making->canaries.texts[0], SP_CANARY_LENGTH) < 0)
        return -1;
    return sp_decoy_random_bytes(making, 0x160 - 100 - SP_CANARY_LENGTH);
}

/* An encrypted session key (version 3, RSA of 2,048 bits) and encrypted content. */
int
sp_write_password_store(struct sp_decoy_making *making)
{
    unsigned char session[15] = { 0x85, 0x01, 0x0c, 3 }, content[3] = { 0xd2, 80, 1 };
    if (sp_random_bytes(session + 4, 8, making->err) < 0)
        return -1;
    session[12] = 1;
    session[13] = 0x07;
    session[14] = 0xff;
    unsigned char first = 0x5b; /* 2,047 bits */
    if (sp_decoy_append(making, session, sizeof(session)) < 0 || sp_decoy_append(making, &first, 1) < 0 ||
        sp_decoy_random_bytes(making, 255) < 0 || sp_decoy_append(making, content, sizeof(content)) < 0 ||
        sp_decoy_append(making, making->canaries.texts[0], SP_CANARY_LENGTH) < 0)
        return -1;
    return sp_decoy_random_bytes(making, 79 - SP_CANARY_LENGTH);
}
