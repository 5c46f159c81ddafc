#include "sandbox/secret.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static bool
is_alnum(char c)
{
    return c && strchr(SP_BASE62, c);
}

/* Whether all of TEXT is of LETTERS. */
static bool
is_only(const char *text, size_t length, const char *letters)
{
    for (size_t i = 0; i < length; i++)
        if (!text[i] || !strchr(letters, text[i]))
            return false;
    return true;
}

static bool
is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && !strncasecmp(text, word, length);
}

/* ------------------------------------------------------------------------------------------------ by name */

static bool
holds(const char *name, size_t length, const char *part)
{
    size_t need = strlen(part);
    for (size_t i = 0; i + need <= length; i++)
        if (!strncasecmp(name + i, part, need))
            return true;
    return false;
}

bool
sp_secret_named(const char *name, size_t length)
{
    /* settings whose names speak of secrets and hold none */
    static const char *const open[] = { "auth-type", "always-auth", "npmAlwaysAuth",  "PWD",     "OLDPWD",
                                        "auth_type", "token_type",  "GIT_AUTHOR_KEY", "keyring", "KEYBOARD" };
    static const char *const parts[] = { "token",      "secret",    "password",  "passwd",
                                         "passphrase", "apikey",    "accesskey", "privatekey",
                                         "credential", "authIdent", "webhook",   "cookie" };
    static const char *const words[] = { "auth",     "pass", "pwd", "key", "dsn",  "private",
                                         "mnemonic", "seed", "pat", "otp", "salt", "signing" };
    for (size_t i = 0; i < SP_COUNT(open); i++)
        if (is_word(name, length, open[i]))
            return false;
    for (size_t i = 0; i < SP_COUNT(parts); i++)
        if (holds(name, length, parts[i]))
            return true;
    if (holds(name, length, "DATABASE_URL"))
        return true;
    for (size_t from = 0; from < length;) {
        size_t to = from;
        while (to < length && is_alnum(name[to]))
            to++;
        for (size_t i = 0; i < SP_COUNT(words); i++)
            if (is_word(name + from, to - from, words[i]))
                return true;
        from = to + 1;
    }
    return false;
}

/* ----------------------------------------------------------------------------------------------- by value */

bool
sp_secret_harmless(const char *value, size_t length)
{
    static const char *const words[] = {
        "true", "false", "yes", "no", "on", "off", "null", "none", "legacy"
    };
    for (size_t i = 0; i < SP_COUNT(words); i++)
        if (is_word(value, length, words[i]))
            return true;
    if (length < SP_NEEDLE_MIN && is_only(value, length, "0123456789."))
        return true;
    if (value[0] == '~' || (length > 1 && value[0] == '.' && strchr("./", value[1])))
        return true;
    if (value[0] == '/' && memchr(value + 1, '/', length - 1) && !memchr(value, '+', length) &&
        !memchr(value, '=', length))
        return true; /* a path; base64 may begin with a slash too, but rarely so and without plus signs */
    if (value[0] == '$' && length > 1 && (value[1] == '{' || value[1] == '(') &&
        memchr(value, "})"[value[1] == '('], length))
        return true;
    return value[0] == '$' && length > 1 && length < 40 && !memchr(value + 1, '$', length - 1) &&
           is_only(value + 1, length - 1, SP_BASE62 "_");
}

bool
sp_secret_random(const char *value, size_t length)
{
    if (length < 20 || length > 4096 || strncasecmp(value, "http", 4) == 0)
        return false;
    unsigned seen[256] = { 0 }, digits = 0, letters = 0, lower = 0, upper = 0;
    for (size_t i = 0; i < length; i++) {
        char c = value[i];
        if (!is_alnum(c) && !(c && strchr("+/=_-.~", c)))
            return false;
        seen[(unsigned char)c]++;
        digits += c >= '0' && c <= '9';
        letters += is_alnum(c) && !(c >= '0' && c <= '9');
        lower += c >= 'a' && c <= 'z';
        upper += c >= 'A' && c <= 'Z';
    }
    bool hex = is_only(value, length, "0123456789abcdefABCDEF");
    if (!digits || !letters || (length < 32 && !hex && !(lower && upper)))
        return false;
    double entropy = 0;
    for (int i = 0; i < 256; i++)
        if (seen[i])
            entropy -= seen[i] / (double)length * log2(seen[i] / (double)length);
    return entropy >= (hex ? 3.0 : 3.6);
}

/* Tokens whose beginning tells them. */
static const struct token {
    const char *prefix;
    unsigned least;   /* letters after the prefix, for it to be one */
    const char *more; /* what may stand in it beside letters and digits */
    bool checked;     /* 30 letters and a checksum */
} tokens[] = {
    { "ghp_", 30, "", true },      { "gho_", 30, "", true },     { "ghu_", 30, "", true },
    { "ghs_", 30, "", true },      { "ghr_", 30, "", true },     { "npm_", 30, "", true },
    { "github_pat_", 22, "_", 0 }, { "pypi-", 40, "_-", 0 },     { "glpat-", 16, "_-.", 0 },
    { "sk-", 20, "_-", 0 },        { "sk_live_", 16, "", 0 },    { "sk_test_", 16, "", 0 },
    { "rk_live_", 16, "", 0 },     { "whsec_", 16, "", 0 },      { "xoxb-", 16, "-", 0 },
    { "xoxp-", 16, "-", 0 },       { "xoxa-", 16, "-", 0 },      { "xapp-", 16, "-", 0 },
    { "AKIA", 16, "", 0 },         { "ASIA", 16, "", 0 },        { "AIza", 30, "_-", 0 },
    { "ya29.", 20, "_-", 0 },      { "hf_", 30, "", 0 },         { "SG.", 30, "_-.", 0 },
    { "dop_v1_", 32, "", 0 },      { "shpat_", 30, "", 0 },      { "eyJ", 30, "_-.", 0 },
    { "hvs.", 20, "_-", 0 },       { "dckr_pat_", 20, "_-", 0 }, { "AGE-SECRET-KEY-1", 20, "", 0 },
    { "lin_api_", 20, "", 0 },     { "NRAK-", 20, "", 0 },       { "GOCSPX-", 20, "_-", 0 },
};

/* The length of the token that TEXT begins with; 0: none. */
static size_t
token_at(const char *text, size_t length, const struct token **which)
{
    for (size_t i = 0; i < SP_COUNT(tokens); i++) {
        size_t lead = strlen(tokens[i].prefix), to = lead;
        if (length <= lead || text[0] != tokens[i].prefix[0] || memcmp(text, tokens[i].prefix, lead))
            continue;
        while (to < length && (is_alnum(text[to]) || (text[to] && strchr(tokens[i].more, text[to]))))
            to++;
        if (to - lead >= tokens[i].least) {
            if (which)
                *which = &tokens[i];
            return to;
        }
    }
    return 0;
}

/* The password in a URL whose "://" stands at AT. */
static bool
url_password(const char *text, size_t length, size_t at, struct sp_span *out)
{
    size_t from = at + 3, to = from, colon = 0;
    size_t end = from, last_at = 0;
    while (end < length && (unsigned char)text[end] > ' ' && !strchr("/?#\"'<>`", text[end]))
        last_at = text[end] == '@' ? end : last_at, end++;
    if (!last_at)
        return false;
    for (to = from; to < last_at && !colon; to++)
        if (text[to] == ':')
            colon = to;
    /* a user without a password is a token where it is long: https://TOKEN@github.com */
    *out = colon ? (struct sp_span){ colon + 1, last_at } : (struct sp_span){ from, last_at };
    if (colon && out->from == out->to) { /* "TOKEN:@host" */
        *out = (struct sp_span){ from, colon };
        colon = 0;
    }
    size_t size = out->to - out->from;
    return size && !sp_secret_harmless(text + out->from, size) && (colon || size >= SP_NEEDLE_MIN);
}

size_t
sp_secret_pem(const char *text, size_t length)
{
    if (length < 16 || memcmp(text, "-----BEGIN ", 11))
        return 0;
    const char *label = memmem(text, length < 80 ? length : 80, "PRIVATE KEY", 11);
    if (!label)
        return 0;
    const char *end = memmem(label, length - (size_t)(label - text), "-----END ", 9);
    if (!end)
        return length;
    size_t from = (size_t)(end - text) + 9;
    const char *stop = memmem(text + from, length - from, "-----", 5);
    return stop ? (size_t)(stop - text) + 5 : length;
}

bool
sp_secret_next(const char *text, size_t length, struct sp_span *out)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ':' && length - i > 3 && !memcmp(text + i, "://", 3)) {
            if (url_password(text, length, i, out))
                return true;
        } else if (text[i] == '-') {
            size_t key = sp_secret_pem(text + i, length - i);
            *out = (struct sp_span){ i, i + key };
            if (key)
                return true;
        }
        size_t size = i == 0 || !is_alnum(text[i - 1]) ? token_at(text + i, length - i, NULL) : 0;
        if (size) {
            *out = (struct sp_span){ i, i + size };
            return true;
        }
    }
    return false;
}

bool
sp_secret_formed(const char *value, size_t length)
{
    struct sp_span span;
    return sp_secret_next(value, length, &span);
}

/* ---------------------------------------------------------------------------------- what stands in its place
 */

static int
next_canary(char canary[SP_CANARY_LENGTH + 1], struct sp_canaries *canaries, const char *alphabet,
            size_t length, struct sp_error *err)
{
    if (canaries->count >= SP_SECRETS_MAX && strlen(canaries->texts[0]) >= length) {
        memcpy(canary, canaries->texts[0], length);
        canary[length] = '\0';
        return 0;
    }
    if (sp_random_text(canary, length, alphabet, err) < 0)
        return -1;
    return sp_canaries_add(canaries, canary, length, err);
}

static int
append_random(struct sp_buffer *out, size_t length, const char *alphabet, struct sp_error *err)
{
    char text[64 + 1];
    for (size_t done = 0; done < length;) {
        size_t now = length - done < 64 ? length - done : 64;
        if (sp_random_text(text, now, alphabet, err) < 0 || sp_buffer_append(out, text, now, err) < 0)
            return -1;
        done += now;
    }
    return 0;
}

/* New letters for all but the first eight of base64 between the BEGIN and END lines: what an ASN.1 header
 * says stays, lines and labels stay. "\n" in one line counts as an end of line. */
static int
stand_in_pem(struct sp_buffer *out, const char *value, size_t length, struct sp_canaries *canaries,
             struct sp_error *err)
{
    static const char seen[] = SP_BASE62 "+/";
    size_t at = 11, kept = 0;
    bool placed = false;
    const char *begun = memmem(value + at, length - at, "-----", 5);
    at = begun ? (size_t)(begun - value) + 5 : length;
    if (sp_buffer_append(out, value, at, err) < 0)
        return -1;
    while (at < length) {
        if (length - at >= 5 && !memcmp(value + at, "-----", 5))
            return sp_buffer_append(out, value + at, length - at, err);
        if (value[at] == '\\' && at + 1 < length) {
            if (sp_buffer_append(out, value + at, 2, err) < 0)
                return -1;
            at += 2;
            continue;
        }
        size_t run = at;
        while (run < length && value[run] && strchr(seen, value[run]))
            run++;
        size_t size = run - at;
        if (run < length && (value[run] == ':' || value[run] == '-') &&
            !(length - run >= 5 && !memcmp(value + run, "-----", 5))) {
            /* a header, "Proc-Type: 4,ENCRYPTED": its line stays */
            while (run < length && value[run] != '\n' && value[run] != '\\')
                run++;
            if (sp_buffer_append(out, value + at, run - at, err) < 0)
                return -1;
        } else if (size) {
            size_t keep = kept < 8 ? (8 - kept < size ? 8 - kept : size) : 0;
            if (sp_buffer_append(out, value + at, keep, err) < 0)
                return -1;
            kept += keep;
            size -= keep;
            if (!placed && size >= SP_CANARY_LENGTH) {
                char canary[SP_CANARY_LENGTH + 1];
                if (next_canary(canary, canaries, SP_BASE58, SP_CANARY_LENGTH, err) < 0 ||
                    sp_buffer_append(out, canary, SP_CANARY_LENGTH, err) < 0)
                    return -1;
                size -= SP_CANARY_LENGTH;
                placed = true;
            }
            if (append_random(out, size, SP_BASE64, err) < 0)
                return -1;
        } else {
            run = at + 1;
            if (sp_buffer_append_byte(out, value[at], err) < 0)
                return -1;
        }
        at = run;
    }
    return 0;
}

/* LENGTH letters or more of ALPHABET of which the first are the canary. */
static int
stand_in_letters(struct sp_buffer *out, size_t length, const char *alphabet, size_t canary_length,
                 struct sp_canaries *canaries, struct sp_error *err)
{
    char canary[SP_CANARY_LENGTH + 1];
    if (next_canary(canary, canaries, alphabet, canary_length, err) < 0 ||
        sp_buffer_append(out, canary, canary_length, err) < 0)
        return -1;
    return length > canary_length ? append_random(out, length - canary_length, alphabet, err) : 0;
}

static int
stand_in_token(struct sp_buffer *out, const char *value, size_t length, const struct token *token,
               struct sp_canaries *canaries, struct sp_error *err)
{
    size_t lead = strlen(token->prefix);
    if (token->checked) {
        char body[31], sum[7];
        if (next_canary(body, canaries, SP_BASE58, SP_CANARY_LENGTH, err) < 0 ||
            sp_random_text(body + SP_CANARY_LENGTH, 30 - SP_CANARY_LENGTH, SP_BASE62, err) < 0)
            return -1;
        sp_token_checksum(body, 30, sum);
        return sp_buffer_printf(out, err, "%s%s%s", token->prefix, body, sum);
    }
    if (token->least == 16 && lead == 4) { /* AWS: 16 letters of base32, and the whole is the canary */
        static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        char id[21];
        memcpy(id, value, lead);
        if (sp_random_text(id + lead, 16, base32, err) < 0 || sp_canaries_add(canaries, id, 20, err) < 0)
            return -1;
        return sp_buffer_append(out, id, 20, err);
    }
    /* a JWT keeps its header, a dotted or dashed token what stands before its last long part */
    size_t from = lead;
    for (size_t i = lead; i + SP_CANARY_LENGTH < length; i++)
        if ((value[i] == '.' || value[i] == '-') && (value[0] == 'e' ? value[i] == '.' : i < lead + 12))
            from = i + 1;
    if (value[0] == 'e') { /* header, claims about somebody, signature: claims are replaced too */
        const char *dot = memchr(value, '.', length);
        from =
            dot && (size_t)(dot - value) + 1 + SP_CANARY_LENGTH < length ? (size_t)(dot - value) + 1 : lead;
        static const char claims[] = "eyJzdWIiOiIxMDAwMDEifQ."; /* {"sub":"100001"} */
        if (from != lead) {
            size_t used = from + sizeof(claims) - 1;
            return sp_buffer_append(out, value, from, err) < 0 ||
                           sp_buffer_append_string(out, claims, err) < 0 ||
                           stand_in_letters(out, length > used + 43 ? length - used : 43, SP_BASE58,
                                            SP_CANARY_LENGTH, canaries, err) < 0
                       ? -1
                       : 0;
        }
    }
    if (sp_buffer_append(out, value, from, err) < 0)
        return -1;
    return stand_in_letters(out, length - from, SP_BASE58, SP_CANARY_LENGTH, canaries, err);
}

int
sp_secret_stand_in(struct sp_buffer *out, const char *value, size_t length, struct sp_canaries *canaries,
                   struct sp_error *err)
{
    static const char hex[] = "0123456789abcdefABCDEF-";
    const struct token *token;
    struct sp_span span;
    size_t key = sp_secret_pem(value, length);
    if (key) {
        if (stand_in_pem(out, value, key, canaries, err) < 0)
            return -1;
        return sp_buffer_append(out, value + key, length - key, err);
    }
    if (token_at(value, length, &token) == length)
        return stand_in_token(out, value, length, token, canaries, err);
    const char *scheme = memmem(value, length, "://", 3);
    if (scheme && url_password(value, length, (size_t)(scheme - value), &span)) {
        if (sp_buffer_append(out, value, span.from, err) < 0 ||
            sp_secret_stand_in(out, value + span.from, span.to - span.from, canaries, err) < 0)
            return -1;
        return sp_buffer_append(out, value + span.to, length - span.to, err);
    }

    bool hexadecimal = is_only(value, length, hex);
    if (hexadecimal && length == 36 && value[8] == '-' && value[13] == '-') { /* a UUID */
        char uuid[37];
        if (sp_random_text(uuid, 36, SP_HEX, err) < 0)
            return -1;
        uuid[8] = uuid[13] = uuid[18] = uuid[23] = '-';
        uuid[14] = '4';
        uuid[19] = '8';
        char plain[33]; /* the dashes may be taken out on the way */
        size_t at = 0;
        for (size_t i = 0; i < 36; i++)
            if (uuid[i] != '-')
                plain[at++] = uuid[i];
        if (sp_canaries_add(canaries, uuid, SP_CANARY_LENGTH, err) < 0 ||
            sp_canaries_add(canaries, plain, at, err) < 0)
            return -1;
        return sp_buffer_append(out, uuid, 36, err);
    }
    if (hexadecimal && length >= SP_CANARY_LENGTH && !memchr(value, '-', length))
        return stand_in_letters(out, length, SP_HEX, SP_CANARY_LENGTH, canaries, err);
    size_t padding = 0;
    while (padding < 2 && length > SP_CANARY_LENGTH && value[length - 1 - padding] == '=')
        padding++;
    if (stand_in_letters(out, length - padding, SP_BASE58, SP_CANARY_LENGTH, canaries, err) < 0)
        return -1;
    return sp_buffer_append(out, "==", padding, err);
}
