#include "sandbox/authority.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/hash.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#define LEAVES_MAX 1024u /* certificates kept; beyond, they are made anew each time */

struct sp_sinkhole_authority {
    EVP_PKEY *key, *leaf_key; /* one key for all leaves: it lives as long as the run */
    X509 *certificate;
    char *pem;
    SSL_CTX *context;
    X509 **leaves;
    size_t count, capacity;
    struct sp_map index;
};

struct sp_tls {
    SSL *ssl; /* owns both BIOs */
    BIO *in, *out;
};

static bool
add_extension(X509 *certificate, X509 *issuer, int id, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
    bool added = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

/* A certificate without extensions and signature. */
static X509 *
begin_certificate(const char *subject, EVP_PKEY *key, const X509 *issuer)
{
    X509 *made = X509_new();
    unsigned char serial[16];
    BIGNUM *number = NULL;
    /* an hour back, for clocks that a package shifts a little; no run lasts a week */
    bool good =
        made && RAND_bytes(serial, sizeof(serial)) == 1 && (serial[0] &= 0x7f, true) &&
        (number = BN_bin2bn(serial, sizeof(serial), NULL)) &&
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made)) && X509_set_version(made, 2) &&
        X509_gmtime_adj(X509_getm_notBefore(made), -3600) &&
        X509_gmtime_adj(X509_getm_notAfter(made), 7 * 86400) && X509_set_pubkey(made, key) &&
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                                   (const unsigned char *)subject, -1, -1, 0) &&
        X509_set_issuer_name(made, issuer ? X509_get_subject_name(issuer) : X509_get_subject_name(made));
    BN_free(number);
    if (!good) {
        X509_free(made);
        return NULL;
    }
    return made;
}

static X509 *
make_root(EVP_PKEY *key)
{
    X509 *made = begin_certificate("Sallyport sinkhole, for one run", key, NULL);
    if (made && add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(made, made, NID_subject_key_identifier, "hash") && X509_sign(made, key, EVP_sha256()))
        return made;
    X509_free(made);
    return NULL;
}

static X509 *
make_leaf(const struct sp_sinkhole_authority *authority, const char *name)
{
    unsigned char address[16];
    bool is_address = inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
    char short_name[65], alternative[300];
    /* a common name holds 64 characters; clients read the alternative name, and it must hold no comma */
    snprintf(short_name, sizeof(short_name), "%s", name);
    snprintf(alternative, sizeof(alternative), "%s:%s", is_address ? "IP" : "DNS", name);
    X509 *made = begin_certificate(short_name, authority->leaf_key, authority->certificate);
    if (made && add_extension(made, authority->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(made, authority->certificate, NID_ext_key_usage, "serverAuth") &&
        add_extension(made, authority->certificate, NID_authority_key_identifier, "keyid") &&
        add_extension(made, authority->certificate, NID_subject_alt_name, alternative) &&
        X509_sign(made, authority->key, EVP_sha256()))
        return made;
    X509_free(made);
    return NULL;
}

/* The certificate for NAME, with a reference for the caller. */
static X509 *
leaf_for(struct sp_sinkhole_authority *authority, const char *name)
{
    uint32_t at;
    size_t length = strlen(name);
    if (sp_map_get(&authority->index, name, length, &at)) {
        X509_up_ref(authority->leaves[at]);
        return authority->leaves[at];
    }
    X509 *leaf = make_leaf(authority, name);
    if (leaf && authority->count < LEAVES_MAX &&
        sp_grow(authority->leaves, authority->capacity, authority->count + 1, NULL) == 0 &&
        sp_map_set(&authority->index, name, length, (uint32_t)authority->count, NULL) == 0) {
        authority->leaves[authority->count++] = leaf;
        X509_up_ref(leaf);
    }
    return leaf;
}

/* HTTP/1.1 is what we speak, so that is what we agree on where the client asks. */
static int
choose_protocol(SSL *ssl SP_UNUSED, const unsigned char **out, unsigned char *out_length,
                const unsigned char *in, unsigned length, void *context SP_UNUSED)
{
    static const unsigned char ours[] = "\x08http/1.1";
    if (SSL_select_next_proto((unsigned char **)out, out_length, ours, sizeof(ours) - 1, in, length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    return SSL_TLSEXT_ERR_OK;
}

static char *
write_pem(X509 *certificate)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *bytes, *copy = NULL;
    if (memory && PEM_write_bio_X509(memory, certificate)) {
        long length = BIO_get_mem_data(memory, &bytes);
        copy = length > 0 ? strndup(bytes, (size_t)length) : NULL;
    }
    BIO_free(memory);
    return copy;
}

int
sp_sinkhole_authority_make(struct sp_sinkhole_authority **out, struct sp_error *err)
{
    struct sp_sinkhole_authority *made = sp_new(struct sp_sinkhole_authority, err);
    if (!made)
        return -1;
    ERR_clear_error();
    if ((made->key = EVP_EC_gen("P-256")) && (made->leaf_key = EVP_EC_gen("P-256")) &&
        (made->certificate = make_root(made->key)) && (made->pem = write_pem(made->certificate)) &&
        (made->context = SSL_CTX_new(TLS_server_method()))) {
        SSL_CTX_set_alpn_select_cb(made->context, choose_protocol, NULL);
        SSL_CTX_set_session_cache_mode(made->context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(made->context, SSL_MODE_RELEASE_BUFFERS);
        *out = made;
        return 0;
    }
    char why[160];
    ERR_error_string_n(ERR_get_error(), why, sizeof(why));
    sp_sinkhole_authority_free(made);
    return sp_fail(err, SP_ERROR_SYSTEM, "OpenSSL cannot make the sinkhole's certificate authority: %s", why);
}

const char *
sp_sinkhole_authority_pem(const struct sp_sinkhole_authority *authority)
{
    return authority->pem;
}

int
sp_sinkhole_authority_write(const struct sp_sinkhole_authority *authority, const char *directory,
                            struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_printf(&path, err, "%s/sinkhole.crt", directory) < 0)
        return -1;
    return sp_file_write(path.bytes, authority->pem, strlen(authority->pem), err);
}

void
sp_sinkhole_authority_free(struct sp_sinkhole_authority *authority)
{
    if (!authority)
        return;
    for (size_t i = 0; i < authority->count; i++)
        X509_free(authority->leaves[i]);
    free(authority->leaves);
    sp_map_free(&authority->index);
    SSL_CTX_free(authority->context);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    EVP_PKEY_free(authority->leaf_key);
    free(authority->pem);
    free(authority);
}

/* --- One connection ------------------------------------------------------------------------------------- */

struct sp_tls *
sp_tls_new(struct sp_sinkhole_authority *authority, const char *name)
{
    struct sp_tls *tls = sp_new(struct sp_tls, NULL);
    X509 *leaf = leaf_for(authority, name);
    ERR_clear_error();
    if (tls && leaf && (tls->ssl = SSL_new(authority->context))) {
        tls->in = BIO_new(BIO_s_mem());
        tls->out = BIO_new(BIO_s_mem());
        if (tls->in && tls->out) {
            SSL_set_bio(tls->ssl, tls->in, tls->out);
            SSL_set_accept_state(tls->ssl);
            if (SSL_use_certificate(tls->ssl, leaf) == 1 &&
                SSL_use_PrivateKey(tls->ssl, authority->leaf_key) == 1) {
                X509_free(leaf);
                return tls;
            }
        } else {
            BIO_free(tls->in);
            BIO_free(tls->out);
        }
    }
    X509_free(leaf);
    sp_tls_free(tls);
    return NULL;
}

void
sp_tls_free(struct sp_tls *tls)
{
    if (tls)
        SSL_free(tls->ssl);
    free(tls);
}

int
sp_tls_take(struct sp_tls *tls, const void *bytes, size_t length)
{
    return BIO_write(tls->in, bytes, (int)length) == (int)length ? 0 : -1;
}

int
sp_tls_read(struct sp_tls *tls, void *bytes, size_t size)
{
    ERR_clear_error();
    int got = SSL_read(tls->ssl, bytes, (int)size);
    if (got > 0)
        return got;
    int why = SSL_get_error(tls->ssl, got);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

int
sp_tls_write(struct sp_tls *tls, const void *bytes, size_t length)
{
    ERR_clear_error();
    return SSL_write(tls->ssl, bytes, (int)length) == (int)length ? 0 : -1;
}

void
sp_tls_say_goodbye(struct sp_tls *tls)
{
    ERR_clear_error();
    if (SSL_is_init_finished(tls->ssl))
        SSL_shutdown(tls->ssl);
}

size_t
sp_tls_give(struct sp_tls *tls, void *bytes, size_t size)
{
    int got = BIO_read(tls->out, bytes, (int)size);
    return got > 0 ? (size_t)got : 0;
}

bool
sp_tls_agreed(const struct sp_tls *tls)
{
    return SSL_is_init_finished(tls->ssl);
}
