/* decoys_keys.c: SSH and other private keys, whole and valid: their public halves belong to them.
 * Sources: OpenSSH PROTOCOL.key, RFC 8032 (Ed25519), RFC 8410 (its PKCS #8 form), RFC 7468 (PEM). */
#include "sandbox/decoys_parts.h"

#include <openssl/evp.h>
#include <string.h>

/* The public half of the Ed25519 key that SEED is. */
static int
public_half(const unsigned char seed[32], unsigned char out[32], struct sp_error *err)
{
    size_t length = 32;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    int got = key ? EVP_PKEY_get_raw_public_key(key, out, &length) : 0;
    EVP_PKEY_free(key);
    return got == 1 ? 0 : sp_fail(err, SP_ERROR_INTERNAL, "cannot make an Ed25519 key for a decoy");
}

static void
put_u32(unsigned char **at, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *(*at)++ = (unsigned char)(value >> shift);
}

static void
put_string(unsigned char **at, const void *bytes, size_t length)
{
    put_u32(at, (uint32_t)length);
    memcpy(*at, bytes, length);
    *at += length;
}

static void
put_public(unsigned char **at, const unsigned char public[32])
{
    put_string(at, "ssh-ed25519", 11);
    put_string(at, public, 32);
}

/* The seed begins at byte 161 of the file's binary form; three bytes make four letters, so the canary's
 * eighteen bytes from 162 on stand as its own letters in the fourth line, whole. */
#define SEED_AT 161

int
sp_write_ssh_key(struct sp_decoy_making *making)
{
    unsigned char seed[32], check[4], file[512], *at = file;
    if (sp_random_bytes(seed, sizeof(seed), making->err) < 0 ||
        sp_random_bytes(check, sizeof(check), making->err) < 0)
        return -1;
    sp_base64_decode(making->canaries.texts[0], SP_CANARY_LENGTH, seed + 1);
    if (public_half(seed, making->ssh_public, making->err) < 0)
        return -1;

    char comment[64];
    int comment_length = snprintf(comment, sizeof(comment), "%s@workstation", making->account);
    memcpy(at, "openssh-key-v1", 15);
    at += 15;
    put_string(&at, "none", 4);
    put_string(&at, "none", 4);
    put_u32(&at, 0);
    put_u32(&at, 1);
    put_u32(&at, 51);
    put_public(&at, making->ssh_public);
    unsigned char *length_at = at;
    at += 4;
    memcpy(at, check, 4);
    memcpy(at + 4, check, 4);
    at += 8;
    put_public(&at, making->ssh_public);
    put_u32(&at, 64);
    if (at - file != SEED_AT)
        return sp_fail(making->err, SP_ERROR_INTERNAL, "the decoy SSH key is laid out wrongly");
    memcpy(at, seed, 32);
    memcpy(at + 32, making->ssh_public, 32);
    at += 64;
    put_string(&at, comment, (size_t)comment_length);
    for (unsigned char pad = 1; (at - length_at - 4) % 8; pad++)
        *at++ = pad;
    unsigned char *end = at;
    at = length_at;
    put_u32(&at, (uint32_t)(end - length_at - 4));

    if (sp_decoy_printf(making, "-----BEGIN OPENSSH PRIVATE KEY-----\n") < 0 ||
        sp_base64_append(&making->bytes, file, (size_t)(end - file), 70, making->err) < 0)
        return -1;
    if (making->bytes.bytes[making->bytes.length - 1] != '\n' && sp_decoy_printf(making, "\n") < 0)
        return -1;
    return sp_decoy_printf(making, "-----END OPENSSH PRIVATE KEY-----\n");
}

int
sp_write_ssh_public(struct sp_decoy_making *making)
{
    unsigned char blob[64], *at = blob;
    put_public(&at, making->ssh_public);
    if (sp_decoy_printf(making, "ssh-ed25519 ") < 0 ||
        sp_base64_append(&making->bytes, blob, (size_t)(at - blob), 0, making->err) < 0)
        return -1;
    return sp_decoy_printf(making, " %s@workstation\n", making->account);
}

int
sp_write_known_hosts(struct sp_decoy_making *making)
{
    unsigned char seed[32], public[32], blob[64], *at = blob;
    if (sp_random_bytes(seed, sizeof(seed), making->err) < 0 || public_half(seed, public, making->err) < 0)
        return -1;
    put_public(&at, public);
    if (sp_decoy_printf(making, "build.example.org,192.0.2.17 ssh-ed25519 ") < 0 ||
        sp_base64_append(&making->bytes, blob, (size_t)(at - blob), 0, making->err) < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

int
sp_write_ssh_config(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making,
                           "Host build\n    HostName build.example.org\n    User %s\n"
                           "    IdentityFile ~/.ssh/id_ed25519\n    IdentitiesOnly yes\n",
                           making->account);
}

/* An Ed25519 key in PKCS #8: any 32 bytes are one. Its base64 is one line of 64 letters, in which the canary
 * stands as the letters 24 to 47. */
static int
pkcs8(struct sp_decoy_making *making, struct sp_buffer *out)
{
    static const unsigned char head[16] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                            0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
    unsigned char key[48];
    memcpy(key, head, sizeof(head));
    if (sp_random_bytes(key + 16, 32, making->err) < 0)
        return -1;
    sp_base64_decode(making->canaries.texts[0], SP_CANARY_LENGTH, key + 18);
    if (sp_buffer_append_string(out, "-----BEGIN PRIVATE KEY-----\n", making->err) < 0 ||
        sp_base64_append(out, key, sizeof(key), 64, making->err) < 0)
        return -1;
    return sp_buffer_append_string(out, "-----END PRIVATE KEY-----\n", making->err);
}

/* The key stands in base64 of its PEM: that form of the canary must not leave in any wrapping either. */
int
sp_write_kube(struct sp_decoy_making *making)
{
    sp_autobuffer struct sp_buffer key = { 0 }, wrapped = { 0 };
    if (pkcs8(making, &key) < 0 || sp_base64_append(&wrapped, key.bytes, key.length, 0, making->err) < 0)
        return -1;
    /* the canary begins at byte 28 + 24 of the PEM: the first whole three bytes are 54 to 56 */
    if (sp_canaries_add(&making->canaries, wrapped.bytes + 54 / 3 * 4, 28, making->err) < 0)
        return -1;
    char second[SP_CANARY_LENGTH + 1];
    if (sp_canary_new(second, making->err) < 0 ||
        sp_canaries_add(&making->canaries, second, SP_CANARY_LENGTH, making->err) < 0)
        return -1;
    if (sp_decoy_printf(making,
                        "apiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: production\n"
                        "clusters:\n- name: production\n  cluster:\n"
                        "    server: https://k8s.corp.example.org:6443\n"
                        "contexts:\n- name: production\n  context:\n    cluster: production\n"
                        "    namespace: default\n    user: %s\n"
                        "users:\n- name: %s\n  user:\n    token: %s",
                        making->account, making->account, second) < 0 ||
        sp_decoy_random(making, 20, SP_BASE62) < 0 ||
        sp_decoy_printf(making, "\n    client-key-data: ") < 0 ||
        sp_decoy_append(making, wrapped.bytes, wrapped.length) < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

int
sp_write_gcloud(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "{\n  \"account\": \"\",\n  \"client_id\": \"764086051850-") < 0 ||
        sp_decoy_random(making, 32, "0123456789abcdefghijklmnopqrstuvwxyz") < 0 ||
        sp_decoy_printf(making, ".apps.googleusercontent.com\",\n  \"client_secret\": \"GOCSPX-") < 0 ||
        sp_decoy_random(making, 28, SP_BASE62) < 0 ||
        sp_decoy_printf(making,
                        "\",\n  \"quota_project_id\": \"example-prod\",\n  \"refresh_token\": \"1//0e%s",
                        making->canaries.texts[0]) < 0 ||
        sp_decoy_random(making, 75, SP_BASE62 "-_") < 0)
        return -1;
    return sp_decoy_printf(
        making, "\",\n  \"type\": \"authorized_user\",\n  \"universe_domain\": \"googleapis.com\"\n}\n");
}
