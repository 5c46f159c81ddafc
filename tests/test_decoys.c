/* Planted secrets: valid in form, new for each run, found in whatever wrapping they leave; the project's own
 * files masked and otherwise kept; the environment. */
#include "base/file.h"
#include "base/hash.h"
#include "sandbox/canary.h"
#include "sandbox/decoys_parts.h"
#include "sandbox/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <cmocka.h>

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static const char *const no_env[] = { NULL };

static void
make(struct sp_decoys *decoys, struct sp_arena *arena, const char *project, const char *const *env)
{
    struct sp_error err = { 0 };
    const struct sp_decoy_wishes wishes = { .home = "/home/user", .project = project, .env = env };
    if (sp_decoys_make(decoys, arena, &wishes, &err) < 0)
        fail_msg("%s", err.text);
}

static const struct sp_decoy *
by_id(const struct sp_decoys *decoys, const char *id)
{
    for (size_t i = 0; i < decoys->count; i++)
        if (!strcmp(decoys->items[i].id, id))
            return &decoys->items[i];
    return NULL;
}

static const char *
env_of(const struct sp_decoys *decoys, const char *name)
{
    size_t length = strlen(name);
    for (char **line = decoys->env; *line; line++)
        if (!strncmp(*line, name, length) && (*line)[length] == '=')
            return *line + length + 1;
    return NULL;
}

/* ------------------------------------------------------------------------------------------------- forms */

static void
every_secret_is_found_in_its_own_file(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    assert_true(decoys.count > sp_home_decoy_count);
    for (size_t i = 0; i < decoys.count; i++) {
        const struct sp_decoy *decoy = &decoys.items[i];
        const struct sp_decoy *found = sp_decoys_find(&decoys, decoy->bytes, decoy->length);
        if (decoy->canary[0] ? found != decoy : found != NULL)
            fail_msg("%s: found %s", decoy->id, found ? found->id : "nothing");
        for (const char *const *needle = decoy->needles; *needle; needle++)
            if (strlen(*needle) < SP_NEEDLE_MIN || strlen(*needle) > SP_NEEDLE_MAX)
                fail_msg("%s: needle of %zu bytes: %s", decoy->id, strlen(*needle), *needle);
        if (decoy->reading_proves && !decoy->canary[0])
            fail_msg("%s: proves by reading but has no canary", decoy->id);
    }
}

static void
canaries_are_new_for_each_run_and_decoy(void **state SP_UNUSED)
{
    enum { RUNS = 8 };
    sp_autoarena struct sp_arena arena = { 0 };
    sp_automap struct sp_map seen = { 0 };
    for (int run = 0; run < RUNS; run++) {
        struct sp_decoys decoys;
        make(&decoys, &arena, NULL, no_env);
        for (size_t i = 0; i < decoys.count; i++)
            for (const char *const *needle = decoys.items[i].needles; *needle; needle++) {
                uint32_t own = (uint32_t)(run * 1000 + (int)i), other;
                if (sp_map_get(&seen, *needle, strlen(*needle), &other) && other != own)
                    fail_msg("%s: needle seen before: %s", decoys.items[i].id, *needle);
                assert_int_equal(sp_map_set(&seen, *needle, strlen(*needle), own, NULL), 0);
            }
    }
}

static void
ssh_key_is_read_by_ssh_keygen(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    struct sp_error err;
    char folder[] = "/tmp/sallyport-decoys-XXXXXX", path[128], command[512];
    make(&decoys, &arena, NULL, no_env);
    const struct sp_decoy *key = by_id(&decoys, "ssh-key"), *public = by_id(&decoys, "ssh-public-key");
    /* without the program: the public half stands in the private file too */
    assert_true(key->length > 300 && !memcmp(key->bytes, "-----BEGIN OPENSSH PRIVATE KEY-----\n", 36));
    if (system("command -v ssh-keygen >/dev/null") != 0)
        skip();
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/key", folder);
    assert_int_equal(sp_file_write(path, key->bytes, key->length, &err), 0);
    chmod(path, 0600);
    snprintf(command, sizeof(command), "ssh-keygen -y -f %s >%s.pub", path, path);
    assert_int_equal(system(command), 0);
    sp_autobuffer struct sp_buffer made = { 0 };
    snprintf(command, sizeof(command), "%s.pub", path);
    assert_int_equal(sp_file_read(command, 4096, &made, &err), 0);
    assert_string_equal(made.bytes, public->bytes);
    unlink(command);
    unlink(path);
    rmdir(folder);
}

static void
json_decoys_are_json(void **state SP_UNUSED)
{
    static const char *const ids[] = { "gcloud",   "azure",  "docker",  "firefox-logins",
                                       "ethereum", "solana", "electrum" };
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    for (size_t i = 0; i < SP_COUNT(ids); i++) {
        json_error_t error;
        const struct sp_decoy *decoy = by_id(&decoys, ids[i]);
        json_t *json = json_loadb(decoy->bytes, decoy->length, JSON_REJECT_DUPLICATES, &error);
        if (!json)
            fail_msg("%s: %s", ids[i], error.text);
        json_decref(json);
    }
}

static void
kube_key_is_a_private_key(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    unsigned char pem[512] = { 0 };
    make(&decoys, &arena, NULL, no_env);
    const struct sp_decoy *kube = by_id(&decoys, "kube");
    const char *key = strstr(kube->bytes, "client-key-data: ");
    assert_non_null(key);
    key += strlen("client-key-data: ");
    int length = EVP_DecodeBlock(pem, (const unsigned char *)key, (int)strcspn(key, "\n"));
    assert_true(length > 0);
    BIO *bio = BIO_new_mem_buf(pem, (int)strlen((char *)pem));
    EVP_PKEY *read = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    assert_non_null(read);
    EVP_PKEY_free(read);
    BIO_free(bio);
    /* decoded, and encoded as it stands */
    assert_ptr_equal(sp_decoys_find(&decoys, pem, (size_t)length), kube);
    assert_ptr_equal(sp_decoys_find(&decoys, key, strcspn(key, "\n")), kube);
}

static void
tokens_end_in_their_checksum(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    static const char *const where[][2] = { { "gh", "gho_" },
                                            { "npmrc", "npm_" },
                                            { "git-credentials", "ghp_" } };
    for (size_t i = 0; i < SP_COUNT(where); i++) {
        const char *token = strstr(by_id(&decoys, where[i][0])->bytes, where[i][1]);
        char sum[7];
        assert_non_null(token);
        sp_token_checksum(token + 4, 30, sum);
        if (strncmp(token + 34, sum, 6))
            fail_msg("%s: %.40s should end in %s", where[i][0], token, sum);
    }
    char sum[7];
    sp_token_checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", 30, sum); /* GitHub's own example */
    assert_string_equal(sum, "0mLq17");
}

static void
databases_have_the_header_and_size_of_sqlite(void **state SP_UNUSED)
{
    static const char *const ids[] = { "chrome-logins", "chrome-cookies", "bitcoin" };
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    for (size_t i = 0; i < SP_COUNT(ids); i++) {
        const struct sp_decoy *decoy = by_id(&decoys, ids[i]);
        assert_memory_equal(decoy->bytes, "SQLite format 3", 16);
        assert_int_equal(decoy->length, 8192);
        assert_int_equal(((const unsigned char *)decoy->bytes)[31], 2); /* pages */
    }
}

/* ----------------------------------------------------------------------------------------------- finding */

static void
put_encoded(struct sp_buffer *out, const char *way, const char *canary)
{
    size_t length = strlen(canary);
    if (!strcmp(way, "plain"))
        sp_buffer_append_string(out, canary, NULL);
    else if (!strncmp(way, "base64", 6)) { /* behind 0, 1 and 2 other bytes */
        char text[64];
        snprintf(text, sizeof(text), "%.*s%s!!", way[6] - '0', "??", canary);
        sp_base64_append(out, text, strlen(text), 0, NULL);
    } else
        for (size_t i = 0; i < length; i++) {
            unsigned char c = (unsigned char)canary[!strcmp(way, "reversed") ? length - 1 - i : i];
            if (!strcmp(way, "hex"))
                sp_buffer_printf(out, NULL, "%02x", c);
            else if (!strcmp(way, "HEX"))
                sp_buffer_printf(out, NULL, "%02X", c);
            else if (!strcmp(way, "percent"))
                sp_buffer_printf(out, NULL, "%%%02X", c);
            else if (!strcmp(way, "lower"))
                sp_buffer_printf(out, NULL, "%c", c >= 'A' && c <= 'Z' ? c + 32 : c);
            else
                sp_buffer_append_byte(out, (char)c, NULL);
        }
}

static void
canaries_are_found_in_every_wrapping(void **state SP_UNUSED)
{
    static const char *const ways[] = { "plain", "hex",     "HEX",     "percent", "reversed",
                                        "lower", "base640", "base641", "base642" };
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    for (size_t i = 0; i < decoys.count; i++)
        for (size_t k = 0; k < SP_COUNT(ways) && decoys.items[i].canary[0]; k++) {
            sp_autobuffer struct sp_buffer sent = { 0 };
            sp_buffer_append_string(&sent, "POST /c HTTP/1.1\r\n\r\n{\"x\":\"", NULL);
            put_encoded(&sent, ways[k], decoys.items[i].canary);
            sp_buffer_append_string(&sent, "\"}", NULL);
            const struct sp_decoy *found = sp_decoys_find(&decoys, sent.bytes, sent.length);
            if (found != &decoys.items[i])
                fail_msg("%s in %s: found %s in %s", decoys.items[i].id, ways[k],
                         found ? found->id : "nothing", sent.bytes);
        }
}

static void
whole_files_are_found_in_base64_at_every_alignment(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    for (size_t i = 0; i < decoys.count; i++)
        for (size_t skip = 0; skip < 3 && decoys.items[i].canary[0]; skip++) {
            sp_autobuffer struct sp_buffer plain = { 0 }, sent = { 0 };
            sp_buffer_append(&plain, "..", skip, NULL);
            sp_buffer_append(&plain, decoys.items[i].bytes, decoys.items[i].length, NULL);
            sp_base64_append(&sent, plain.bytes, plain.length, 0, NULL);
            if (sp_decoys_find(&decoys, sent.bytes, sent.length) != &decoys.items[i])
                fail_msg("%s behind %zu bytes: not found", decoys.items[i].id, skip);
        }
}

static void
a_stream_finds_what_is_split_anywhere(void **state SP_UNUSED)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    const struct sp_decoy *decoy = by_id(&decoys, "ssh-key");
    char sent[600];
    memset(sent, '.', sizeof(sent));
    memcpy(sent + 250, decoy->canary, SP_CANARY_LENGTH);
    for (size_t piece = 1; piece < sizeof(sent); piece++) {
        struct sp_decoy_tail tail = { 0 };
        const struct sp_decoy *found = NULL;
        for (size_t at = 0; at < sizeof(sent) && !found; at += piece)
            found = sp_decoys_find_next(&decoys, &tail, sent + at,
                                        sizeof(sent) - at < piece ? sizeof(sent) - at : piece);
        if (found != decoy)
            fail_msg("in pieces of %zu bytes: not found", piece);
    }
}

static void
nothing_is_found_where_nothing_is_and_it_is_quick(void **state SP_UNUSED)
{
    enum { PIECE = 65536, PIECES = 256 }; /* 16 MiB */
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    sp_autofree char *bytes = malloc(PIECE);
    struct timespec before, after;
    double seconds = 0;
    make(&decoys, &arena, NULL, no_env);
    for (int i = 0; i < PIECES; i++) {
        if (i % 2)
            assert_int_equal(sp_random_bytes(bytes, PIECE, NULL), 0);
        else
            for (size_t at = 0; at + 64 < PIECE; at += 64)
                assert_int_equal(sp_random_text(bytes + at, 64, SP_BASE64, NULL), 0);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        const struct sp_decoy *found = sp_decoys_find(&decoys, bytes, PIECE);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        seconds += (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
        if (found)
            fail_msg("%s: found in random bytes", found->id);
    }
    print_message("          %.3f ms for 64 KiB\n", seconds / PIECES * 1e3);
#ifndef __SANITIZE_ADDRESS__
    assert_true(seconds / PIECES < 2e-3); /* measured 0.1 ms; the rest is for a crowded machine */
#endif
}

static void
nothing_is_found_in_real_text(void **state SP_UNUSED)
{
    static const char *const files[] = { "exit-codes.md", "embedding.md", "schema/check.schema.json" };
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    make(&decoys, &arena, NULL, no_env);
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        sp_autobuffer struct sp_buffer text = { 0 };
        struct sp_error err;
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", docs ? docs : "docs", files[i]);
        if (sp_file_read(path, 1 << 22, &text, &err) < 0)
            fail_msg("%s", err.text);
        assert_null(sp_decoys_find(&decoys, text.bytes, text.length));
    }
}

/* ----------------------------------------------------------------------------------------------- masking */

/* "@" in AFTER stands for what replaced a secret: letters, digits and -_.+/= of at least 16. */
struct mask_case {
    const char *story;
    enum sp_mask_kind kind;
    const char *before, *after;
};

/* clang-format off */
static const struct mask_case mask_cases[] = {
    { "a secret by its name", SP_MASK_DOTENV, "API_KEY=abcdefgh12345678\n", "API_KEY=@\n" },
    { "a short password grows to a canary", SP_MASK_DOTENV, "DB_PASSWORD=hunter2\n", "DB_PASSWORD=@\n" },
    { "comments, order, quotes and blanks stay", SP_MASK_DOTENV, "# mine\n\nexport SECRET='s3cr3t s3cr3t'  # why\r\nPORT=3000\n", "# mine\n\nexport SECRET='@'  # why\r\nPORT=3000\n" },
    { "numbers, switches and plain words stay", SP_MASK_DOTENV, "PORT=8080\nDEBUG=true\nNODE_ENV=production\nNAME=My App\nUSE_TOKEN=1\nURL=https://example.org/a\n", NULL },
    { "references stay", SP_MASK_DOTENV, "TOKEN=${CI_TOKEN}\nSECRET=$OTHER\n", NULL },
    { "paths stay", SP_MASK_DOTENV, "SECRET_FILE=/run/secrets/db\nKEY=./certs/key.pem\n", NULL },
    { "the password of a URL", SP_MASK_DOTENV, "DATABASE_URL=postgres://app:s3cr3t@db.example.org:5432/app?ssl=1\n", "DATABASE_URL=postgres://app:@@db.example.org:5432/app?ssl=1\n" },
    { "a token that its form gives away", SP_MASK_DOTENV, "X=ghp_0000000000000000000000000000000000AA\n", "X=ghp_@\n" },
    { "a token in a comment", SP_MASK_DOTENV, "# old: sk_live_abcdefghijklmnop1234 (dead)\n", "# old: sk_live_@ (dead)\n" },
    { "a setting that was commented out", SP_MASK_DOTENV, "#API_TOKEN=abcdef0123456789\n", "#API_TOKEN=@\n" },
    { "prose that speaks of tokens", SP_MASK_DOTENV, "# the token = see the wiki, don't ask\nA=1\n", NULL },
    { "random values without a telling name", SP_MASK_DOTENV, "FOO=9f86d081884c7d659a2feaa0c55ad015\n", "FOO=@\n" },
    { "a quoted private key over lines", SP_MASK_DOTENV, "K=\"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIFRNEVCmNhcvUN3KsvtqwUEA19dKtfQiaKsQWrWQ7wo1\n-----END PRIVATE KEY-----\"\nB=2\n", "K=\"-----BEGIN PRIVATE KEY-----\nMC4CAQAw@\n-----END PRIVATE KEY-----\"\nB=2\n" },
    { "a private key in one line", SP_MASK_DOTENV, "K=\"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIFRNEVCmNhcvUN3KsvtqwUEA19dKtfQiaKsQWrWQ7wo1\\n-----END EC PRIVATE KEY-----\"\n", "K=\"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE@\\n-----END EC PRIVATE KEY-----\"\n" },
    { "an empty file", SP_MASK_DOTENV, "", NULL },
    { "no newline at the end", SP_MASK_DOTENV, "SECRET=abcdefghi", "SECRET=@" },
    { "npm's token", SP_MASK_SETTINGS, "fund=false\n//registry.npmjs.org/:_authToken=npm_000000000000000000000000000000000000\nignore-scripts=true\n", "fund=false\n//registry.npmjs.org/:_authToken=npm_@\nignore-scripts=true\n" },
    { "npm's reference", SP_MASK_SETTINGS, "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nalways-auth=true\nauth-type=legacy\n", NULL },
    { "npm's old forms", SP_MASK_SETTINGS, "_auth=dXNlcjpwYXNzd29yZA==\n//h/:_password = cGFzcw==\n//h/:username=me\n", "_auth=@\n//h/:_password = @\n//h/:username=me\n" },
    { "a registry with credentials", SP_MASK_SETTINGS, "registry=https://me:pa55word@npm.example.org/x/\n", "registry=https://me:@@npm.example.org/x/\n" },
    { "yarn's tokens", SP_MASK_YAML, "npmRegistryServer: \"https://npm.example.org\"\nnpmScopes:\n  a:\n    npmAuthToken: \"abcdef-0123\"\n    npmAlwaysAuth: true\n    npmAuthIdent: 'me:secret99'\n", "npmRegistryServer: \"https://npm.example.org\"\nnpmScopes:\n  a:\n    npmAuthToken: \"@\"\n    npmAlwaysAuth: true\n    npmAuthIdent: '@'\n" },
    { "pypirc", SP_MASK_SETTINGS, "[pypi]\nusername: __token__\npassword: pypi-AgEIcHlwaS5vcmcCJDk1NWVlMDY4LTZhODgtY2I0MS1jOThiLTE\n", "[pypi]\nusername: __token__\npassword: pypi-@\n" },
    { "pip.conf", SP_MASK_SETTINGS, "[global]\nindex-url = https://u:p4ssw0rd@pypi.example.org/simple\ntimeout = 60\n", "[global]\nindex-url = https://u:@@pypi.example.org/simple\ntimeout = 60\n" },
    { "git's remote", SP_MASK_SETTINGS, "[remote \"origin\"]\n\turl = https://ghp_0000000000000000000000000000000000AA@github.com/a/b.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n", "[remote \"origin\"]\n\turl = https://ghp_@@github.com/a/b.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n" },
    { "git's header", SP_MASK_SETTINGS, "[http \"https://github.com/\"]\n\textraheader = AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46Z2hz\n", "[http \"https://github.com/\"]\n\textraheader = AUTHORIZATION: basic @\n" },
    { "a URL whose credentials are empty", SP_MASK_NETRC, "K s://@:x ://:@h ://@h\n", NULL },
    { "netrc in one line", SP_MASK_NETRC, "machine a.example.org login me password hunter2\nmachine b login x\n", "machine a.example.org login me password @\nmachine b login x\n" },
    { "netrc over lines", SP_MASK_NETRC, "machine a\n  login me\n  password\n  hunter2 \n", "machine a\n  login me\n  password\n  @ \n" },
    { "a key file with what stands before", SP_MASK_KEY, "Bag Attributes\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ+/\n-----END RSA PRIVATE KEY-----\ntail\n", "Bag Attributes\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB@\n-----END RSA PRIVATE KEY-----\ntail\n" },
    { "a certificate is none", SP_MASK_KEY, "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ+/\n-----END CERTIFICATE-----\n", NULL },
};
/* clang-format on */

/* Whether MADE is AFTER with a stand-in at each "@" ("@@" is one and an at sign). */
static bool
fits(const char *made, const char *after)
{
    for (; *after && *after != '@'; after++, made++)
        if (*made != *after)
            return false;
    if (!*after)
        return !*made;
    for (size_t size = strspn(made, SP_BASE62 "-_.+/="); size >= SP_NEEDLE_MIN; size--)
        if (after[1] == '@' ? made[size] == '@' && fits(made + size + 1, after + 2)
                            : fits(made + size, after + 1))
            return true;
    return false;
}

static void
files_are_masked_and_kept(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(mask_cases); i++) {
        const struct mask_case *c = &mask_cases[i];
        sp_autoarena struct sp_arena arena = { 0 };
        sp_autobuffer struct sp_buffer out = { 0 };
        struct sp_canaries canaries = { .arena = &arena };
        struct sp_error err = { 0 };
        int masked = sp_mask_file(c->kind, c->before, strlen(c->before), &out, &canaries, &err);
        if (masked < 0)
            fail_msg("%s: %s", c->story, err.text);
        if (masked != (c->after != NULL))
            fail_msg("%s: masked %d: %s", c->story, masked, sp_buffer_string(&out));
        if (c->after ? !fits(sp_buffer_string(&out), c->after) : strcmp(sp_buffer_string(&out), c->before))
            fail_msg("%s: got\n%s\nfor\n%s", c->story, sp_buffer_string(&out), c->after);
        if (masked && (!canaries.count || !strstr(sp_buffer_string(&out), canaries.texts[0])))
            fail_msg("%s: no canary in %s", c->story, sp_buffer_string(&out));
    }
}

static void
write_in(const char *folder, const char *name, const char *text)
{
    char path[512];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (sp_file_write(path, text, strlen(text), &err) < 0)
        fail_msg("%s", err.text);
}

static void
a_project_is_shadowed_where_it_has_secrets(void **state SP_UNUSED)
{
    char folder[] = "/tmp/sallyport-project-XXXXXX", path[512], command[600];
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    assert_non_null(mkdtemp(folder));
    static const char *const directories[] = { ".git", "packages", "packages/a", "node_modules", "conf" };
    for (size_t i = 0; i < SP_COUNT(directories); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, directories[i]);
        assert_int_equal(mkdir(path, 0755), 0);
    }
    write_in(folder, ".npmrc", "fund=false\n");
    write_in(folder, ".git/config", "[remote \"o\"]\n\turl = https://u:hunter22@example.org/a\n");
    write_in(folder, "packages/a/.env.local", "SECRET=abcdefgh\n");
    write_in(folder, "node_modules/.env", "SECRET=abcdefgh\n");
    write_in(folder, "conf/production", "SECRET=abcdefgh\n");
    snprintf(path, sizeof(path), "%s/.env", folder);
    assert_int_equal(symlink("conf/production", path), 0);
    snprintf(path, sizeof(path), "%s/.env.outside", folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    make(&decoys, &arena, folder, no_env);

    static const struct {
        const char *id;
        bool there;
    } cases[] = { { "project:.npmrc", false },
                  { "project:.git/config", true },
                  { "project:packages/a/.env.local", true },
                  { "project:node_modules/.env", false },
                  { "project:conf/production", true },
                  { "project:.env", false },
                  { "project:.env.outside", false } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct sp_decoy *decoy = by_id(&decoys, cases[i].id);
        if ((decoy != NULL) != cases[i].there)
            fail_msg("%s: %s", cases[i].id, decoy ? "is shadowed" : "is not shadowed");
        if (decoy && (decoy->reading_proves || strncmp(decoy->path, folder, strlen(folder)) ||
                      memmem(decoy->bytes, decoy->length, "abcdefgh", 8) ||
                      memmem(decoy->bytes, decoy->length, "hunter22", 8)))
            fail_msg("%s: %s holds %s", decoy->id, decoy->path, (const char *)decoy->bytes);
    }
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void
settings_of_the_real_home_are_carried_over(void **state SP_UNUSED)
{
    char folder[] = "/tmp/sallyport-home-XXXXXX", path[512];
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    struct sp_error err;
    assert_non_null(mkdtemp(folder));
    write_in(
        folder, ".npmrc",
        "ignore-scripts=true\n//registry.npmjs.org/:_authToken=npm_realrealrealrealrealrealrealreal0000\n");
    write_in(folder, ".gitconfig",
             "[user]\n\temail = me@real.example\n[core]\n\tautocrlf = input\n\tsshCommand = evil\n"
             "[safe]\n\tdirectory = *\n[url \"https://u:hunter22@h/\"]\n\tinsteadOf = git@h:\n");
    const struct sp_decoy_wishes wishes = { .home = "/home/user", .real_home = folder, .env = no_env };
    assert_int_equal(sp_decoys_make(&decoys, &arena, &wishes, &err), 0);
    const char *npmrc = by_id(&decoys, "npmrc")->bytes, *git = by_id(&decoys, "gitconfig")->bytes;
    assert_non_null(strstr(npmrc, "ignore-scripts=true\n//registry.npmjs.org/:_authToken=npm_"));
    assert_null(strstr(npmrc, "realreal"));
    assert_non_null(strstr(git, "[core]\n\tautocrlf = input\n[safe]\n\tdirectory = *\n[url "));
    assert_null(strstr(git, "me@real"));
    assert_null(strstr(git, "evil"));
    assert_null(strstr(git, "hunter22"));
    snprintf(path, sizeof(path), "%s/.npmrc", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/.gitconfig", folder);
    unlink(path);
    rmdir(folder);
}

/* ------------------------------------------------------------------------------------------- environment */

/* AFTER: "=" unchanged, NULL left out, else a form with "@". */
struct env_case {
    const char *line, *after;
};

/* clang-format off */
static const struct env_case env_cases[] = {
    { "PATH=/usr/bin:/bin", "=" }, { "LANG=C.UTF-8", "=" }, { "LC_ALL=C", "=" }, { "TERM=xterm", "=" },
    { "CI=true", "=" }, { "GITHUB_ACTIONS=true", "=" }, { "NODE_ENV=production", "=" }, { "PYTHONPATH=/a:/b", "=" },
    { "CFLAGS=-O2 -g", "=" }, { "SSL_CERT_FILE=/etc/ssl/cert.pem", "=" }, { "PIP_CERT=/etc/ssl/cert.pem", "=" },
    { "PIP_NO_INPUT=1", "=" }, { "npm_config_fund=false", "=" }, { "NPM_CONFIG_LEGACY_PEER_DEPS=true", "=" },
    { "GIT_AUTHOR_NAME=Jane Doe", "=" }, { "VIRTUAL_ENV=/p/.venv", "=" }, { "SOURCE_DATE_EPOCH=1700000000", "=" },
    { "XDG_CACHE_HOME=/home/user/.cache", "=" }, { "EMPTY_SECRET=", NULL },
    { "SSH_AUTH_SOCK=/tmp/agent", NULL }, { "SSH_AGENT_PID=1", NULL }, { "DBUS_SESSION_BUS_ADDRESS=unix:x", NULL },
    { "DISPLAY=:0", NULL }, { "WAYLAND_DISPLAY=wayland-0", NULL }, { "DOCKER_HOST=unix:///var/run/docker.sock", NULL },
    { "KUBECONFIG=/home/user/.kube/config", NULL }, { "HTTP_PROXY=http://u:pass1234@p:1", NULL },
    { "https_proxy=http://p:1", NULL }, { "no_proxy=*", NULL }, { "LD_PRELOAD=/x.so", NULL },
    { "BASH_ENV=/x", NULL }, { "NODE_OPTIONS=--require /x.js", NULL }, { "SUDO_USER=me", NULL },
    { "XDG_RUNTIME_DIR=/run/user/1000", NULL }, { "TMPDIR=/scratch", NULL }, { "PROMPT_COMMAND=x", NULL },
    { "PIP_INDEX_URL=https://u:pass1234@h/simple", NULL }, { "npm_config_registry=https://h/", NULL },
    { "NPM_CONFIG__AUTHTOKEN=npm_x", NULL }, { "YARN_NPM_AUTH_TOKEN=abcdefgh12345678", NULL },
    { "UV_INDEX_URL=https://h/", NULL }, { "npm_config_cache=/x", NULL }, { "MY_PRIVATE_VARIABLE_PATH=/a/b", NULL },
    { "WHATEVER=x", NULL }, { "malformed", NULL },
    { "GITHUB_TOKEN=ghp_0000000000000000000000000000000000AA", "ghp_@" },
    { "NPM_TOKEN=npm_000000000000000000000000000000000000", "npm_@" },
    { "MY_API_KEY=abcdefghij", "@" }, { "CONDA_PASSWORD=hunter2", "@" }, { "NVM_AUTH_HEADER=Bearer_x", "@" },
    { "PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring", "=" }, { "TOKENIZERS_PARALLELISM=false", NULL }, { "DB_PASSWORD=hunter2", "@" }, { "PGPASSWORD=hunter2", "@" },
    { "DATABASE_URL=postgres://app:hunter2@db/app", "postgres://app:@@db/app" },
    { "SLACK_WEBHOOK=https://hooks.example.org/services/T0/B0/XXXXXXXX", "@" },
    { "SENTRY_DSN=https://0123456789abcdef0123456789abcdef@sentry.example.org/1", "https://@@sentry.example.org/1" },
    { "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AKIA@" }, { "AWS_SESSION_TOKEN=FwoGZXIvYXdzEXAMPLE", "@" },
    { "UNKNOWN=9f86d081884c7d659a2feaa0c55ad015", "@" },
    { "CXXFLAGS=-DTOKEN=ghp_0000000000000000000000000000000000AA", "@" },
    { "HEROKU_KEY=01234567-89ab-cdef-0123-456789abcdef", "@" },
};
/* clang-format on */

static void
the_environment_passes_masks_and_drops(void **state SP_UNUSED)
{
    const char *lines[SP_COUNT(env_cases) + 1];
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_decoys decoys;
    for (size_t i = 0; i < SP_COUNT(env_cases); i++)
        lines[i] = env_cases[i].line;
    lines[SP_COUNT(env_cases)] = NULL;
    make(&decoys, &arena, NULL, lines);
    assert_string_equal(env_of(&decoys, "HOME"), "/home/user");
    for (size_t i = 0; i < SP_COUNT(env_cases); i++) {
        const struct env_case *c = &env_cases[i];
        char name[128];
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(c->line, "="), c->line);
        const char *value = env_of(&decoys, name), *own = strchr(c->line, '=');
        if (!c->after ? value != NULL : !value)
            fail_msg("%s: is %s", c->line, value ? value : "left out");
        if (c->after && (!strcmp(c->after, "=") ? strcmp(value, own + 1) : !fits(value, c->after)))
            fail_msg("%s: became %s", c->line, value);
        if (c->after && strcmp(c->after, "=") && !sp_decoys_find(&decoys, value, strlen(value)))
            fail_msg("%s: no canary in %s", c->line, value);
    }
    for (char **line = decoys.env; line[1]; line++)
        assert_true(strcmp(line[0], line[1]) < 0);
    static const char *const planted[] = { "NPM_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                           "PYPI_TOKEN" };
    for (size_t i = 0; i < SP_COUNT(planted); i++)
        assert_non_null(env_of(&decoys, planted[i]));
}

/* ------------------------------------------------------------------------------------------------- docs */

static void
the_document_lists_every_decoy(void **state SP_UNUSED)
{
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err;
    char path[512], row[512];
    snprintf(path, sizeof(path), "%s/decoys.md", docs ? docs : "docs");
    if (sp_file_read(path, 1 << 20, &text, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sp_home_decoy_count; i++) {
        const struct sp_home_decoy *home = &sp_home_decoys[i];
        snprintf(row, sizeof(row), "| `%s` | %s | `~/%s` | %s |\n", home->id, home->title, home->path,
                 home->reading_proves ? "yes"
                 : home->companion    ? "no secret"
                                      : "no");
        if (!strstr(text.bytes, row))
            fail_msg("%s: has no row %s", path, row);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_secret_is_found_in_its_own_file),
        cmocka_unit_test(canaries_are_new_for_each_run_and_decoy),
        cmocka_unit_test(ssh_key_is_read_by_ssh_keygen),
        cmocka_unit_test(json_decoys_are_json),
        cmocka_unit_test(kube_key_is_a_private_key),
        cmocka_unit_test(tokens_end_in_their_checksum),
        cmocka_unit_test(databases_have_the_header_and_size_of_sqlite),
        cmocka_unit_test(canaries_are_found_in_every_wrapping),
        cmocka_unit_test(whole_files_are_found_in_base64_at_every_alignment),
        cmocka_unit_test(a_stream_finds_what_is_split_anywhere),
        cmocka_unit_test(nothing_is_found_where_nothing_is_and_it_is_quick),
        cmocka_unit_test(nothing_is_found_in_real_text),
        cmocka_unit_test(files_are_masked_and_kept),
        cmocka_unit_test(a_project_is_shadowed_where_it_has_secrets),
        cmocka_unit_test(settings_of_the_real_home_are_carried_over),
        cmocka_unit_test(the_environment_passes_masks_and_drops),
        cmocka_unit_test(the_document_lists_every_decoy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
