/* expand.c: variables in values, and the encodings of logins. */
#include "registry/reading.h"

#include <openssl/evp.h>
#include <string.h>

#define EXPANDED_MAX ((size_t)64 << 10)
#define LOGIN_MAX ((size_t)16 << 10)

/* Finds the next "${...}" in TEXT: its length to the brace, or 0 if that is none. */
static size_t
variable_length(const char *text)
{
    if (text[0] != '$' || text[1] != '{')
        return 0;
    size_t length = strcspn(text + 2, "${}");
    return length && text[2 + length] == '}' ? length : 0;
}

bool
sp_has_variable(const char *text)
{
    for (const char *c = strchr(text, '$'); c; c = strchr(c + 1, '$'))
        if (variable_length(c))
            return true;
    return false;
}

/* Appends what INNER (between the braces) stands for; *UNSET: nothing. */
static int
add_variable(struct sp_reading *reading, struct sp_buffer *out, const char *inner, size_t length, bool *unset,
             struct sp_error *err)
{
    size_t name_length = strcspn(inner, "-:?}");
    const char *rest = inner + name_length, *end = inner + length, *fallback = NULL;
    bool empty_counts = true; /* a value that is empty is one */
    if (rest == end - 1 && *rest == '?') {
        fallback = end;
    } else if (rest < end && *rest == '-') {
        fallback = rest + 1;
    } else if (rest + 1 < end && rest[0] == ':' && rest[1] == '-') {
        fallback = rest + 2;
        empty_counts = false;
    } else {
        name_length = length;
    }
    char *name = sp_arena_copy(&reading->arena, inner, name_length, err);
    if (!name)
        return -1;
    const char *value = sp_reading_env(reading, name);
    if (value && (*value || empty_counts))
        return sp_buffer_append_string(out, value, err);
    if (fallback)
        return sp_buffer_append(out, fallback, (size_t)(end - fallback), err);
    *unset = true;
    return sp_buffer_append(out, inner - 2, length + 3, err);
}

char *
sp_expand(struct sp_reading *reading, const char *text, bool *unset, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { .limit = EXPANDED_MAX };
    bool missing = false;
    while (*text) {
        size_t plain = strcspn(text, "\\$");
        if (sp_buffer_append(&out, text, plain, err) < 0)
            return NULL;
        text += plain;
        size_t slashes = strspn(text, "\\");
        size_t length = variable_length(text + slashes);
        /* before a variable backslashes count in pairs, elsewhere they are themselves */
        for (size_t i = 0; i < (length ? slashes / 2 : slashes); i++)
            if (sp_buffer_append_byte(&out, '\\', err) < 0)
                return NULL;
        text += slashes;
        int added = 0;
        if (length && slashes % 2 == 0)
            added = add_variable(reading, &out, text + 2, length, &missing, err);
        else if (length)
            added = sp_buffer_append(&out, text, length + 3, err);
        else if (*text == '$')
            added = sp_buffer_append(&out, text, 1, err);
        if (added < 0)
            return NULL;
        text += length ? length + 3 : *text == '$';
    }
    if (unset)
        *unset = missing;
    return sp_arena_copy(&reading->arena, sp_buffer_string(&out), out.length, err);
}

char *
sp_expand_url(struct sp_reading *reading, const struct sp_setting *setting, struct sp_error *err)
{
    bool unset = false;
    if (setting->project && sp_has_variable(setting->value)) {
        sp_fail(err, SP_ERROR_INPUT,
                "%s: a variable in a URL that the project sets could send a secret to a host of its choice; "
                "write "
                "the URL out, or set it in your own configuration or on the command line",
                setting->source);
        return NULL;
    }
    char *value = sp_expand(reading, setting->value, &unset, err);
    if (!value)
        sp_fail_within(err, "%s", setting->source);
    else if (unset) {
        sp_fail(err, SP_ERROR_INPUT, "%s: a variable in the value is not set; set it, or write the URL out",
                setting->source);
        return NULL;
    }
    return value;
}

int
sp_expand_secret(struct sp_reading *reading, const struct sp_setting *setting, char **out,
                 struct sp_error *err)
{
    bool unset = false;
    *out = NULL;
    char *value = sp_expand(reading, setting->value, &unset, err);
    if (!value)
        return sp_fail_within(err, "%s", setting->source);
    *out = unset || !*value ? NULL : value;
    return 0;
}

char *
sp_basic(struct sp_reading *reading, const char *user, const char *password, struct sp_error *err)
{
    size_t length = strlen(user) + 1 + strlen(password);
    if (length > LOGIN_MAX) {
        sp_fail(err, SP_ERROR_LIMIT, "a login of %zu bytes; at most %zu are sent", length, LOGIN_MAX);
        return NULL;
    }
    char *plain = sp_arena_printf(&reading->arena, err, "%s:%s", user, password);
    char *basic = plain ? sp_arena_alloc(&reading->arena, 6 + (length + 2) / 3 * 4 + 1, err) : NULL;
    if (!basic)
        return NULL;
    memcpy(basic, "Basic ", 6);
    EVP_EncodeBlock((unsigned char *)basic + 6, (const unsigned char *)plain, (int)length);
    return basic;
}

char *
sp_base64_read(struct sp_reading *reading, const char *text, struct sp_error *err)
{
    size_t length = strlen(text);
    while (length && text[length - 1] == '=')
        length--;
    size_t whole = (length + 3) / 4 * 4;
    if (whole > LOGIN_MAX) {
        sp_fail(err, SP_ERROR_LIMIT, "a login of %zu bytes; at most %zu are read", length, LOGIN_MAX);
        return NULL;
    }
    /* as Buffer.from has it: padding may be missing, and the URL alphabet counts */
    char *padded = sp_arena_alloc(&reading->arena, whole + 1, err);
    char *out = sp_arena_alloc(&reading->arena, whole / 4 * 3 + 1, err);
    if (!padded || !out)
        return NULL;
    for (size_t i = 0; i < whole; i++)
        padded[i] = i >= length ? '=' : text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    int count = EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)padded, (int)whole);
    size_t bytes = count < 0 ? 0 : (size_t)count - (whole - length);
    if (count < 0 || length % 4 == 1 || memchr(out, '\0', bytes)) {
        sp_fail(err, SP_ERROR_INPUT, "a login that is no base64; write it as 'npm login' does");
        return NULL;
    }
    out[bytes] = '\0';
    return out;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

char *
sp_percent_decode(struct sp_reading *reading, const char *text, size_t length, struct sp_error *err)
{
    char *out = sp_arena_copy(&reading->arena, text, length, err);
    size_t count = 0;
    for (size_t i = 0; out && i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0 && (high || low)) {
            out[count++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[count++] = text[i];
        }
    }
    if (out)
        out[count] = '\0';
    return out;
}
