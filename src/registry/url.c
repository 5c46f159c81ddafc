#include "registry/url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool
is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

static int
read_host(struct sp_url *url, const char *host, size_t length, struct sp_error *err)
{
    if (!length)
        return sp_fail(err, SP_ERROR_INPUT, "a URL without a host; write https://HOST/PATH");
    if (length > SP_URL_HOST_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "a host of %zu bytes; no name has more than %d", length,
                       SP_URL_HOST_MAX);
    for (size_t i = 0; i < length; i++)
        url->host[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + ('a' - 'A')) : host[i];
    url->host[length] = '\0';

    if (url->host[0] == '[') {
        char inner[SP_URL_HOST_MAX + 1];
        struct in6_addr address;
        bool closed = length > 2 && url->host[length - 1] == ']';
        snprintf(inner, sizeof(inner), "%.*s", closed ? (int)length - 2 : 0, url->host + 1);
        if (!closed || inet_pton(AF_INET6, inner, &address) != 1)
            return sp_fail(err, SP_ERROR_INPUT, "the host '%.100s' is no IPv6 literal; write [ADDRESS]",
                           url->host);
        url->literal6 = true;
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_host_byte(url->host[i]))
            return sp_fail(err, SP_ERROR_INPUT,
                           "the host '%.100s' has a character that no host name has; write it as DNS has it",
                           url->host);
        if (url->host[i] == '.' && (i == 0 || url->host[i - 1] == '.'))
            return sp_fail(err, SP_ERROR_INPUT,
                           "the host '%.100s' has an empty label; write it as DNS has it", url->host);
    }
    return 0;
}

static int
read_port(struct sp_url *url, const char *port, size_t length, struct sp_error *err)
{
    unsigned number = 0;
    for (size_t i = 0; i < length; i++) {
        if (port[i] < '0' || port[i] > '9' || (number = number * 10 + (unsigned)(port[i] - '0')) > 65535)
            return sp_fail(err, SP_ERROR_INPUT, "a port that is no number from 1 to 65535; write HOST:PORT");
    }
    if (length && !number)
        return sp_fail(err, SP_ERROR_INPUT, "port 0 cannot be asked; write a number from 1 to 65535");
    url->port = number == (url->secure ? 443 : 80) ? 0 : number;
    return 0;
}

/* As the URL Standard reads them: "%2e" is a dot too. */
static bool
is_dot_segment(const char *segment, size_t length)
{
    size_t dots = 0;
    for (size_t i = 0; i < length; dots++) {
        if (segment[i] == '.')
            i++;
        else if (length - i >= 3 && strncasecmp(segment + i, "%2e", 3) == 0)
            i += 3;
        else
            return false;
    }
    return dots == 1 || dots == 2;
}

static bool
has_dot_segment(const char *path)
{
    while (*path == '/') {
        size_t length = strcspn(path + 1, "/?#");
        if (is_dot_segment(path + 1, length))
            return true;
        path += 1 + length;
    }
    return false;
}

int
sp_url_parse(struct sp_url *out, const char *text, struct sp_error *err)
{
    *out = (struct sp_url){ 0 };
    size_t length = strnlen(text, SP_URL_MAX + 1);
    if (length > SP_URL_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "a URL of more than %d bytes; shorten it", SP_URL_MAX);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f || text[i] == '\\')
            return sp_fail(err, SP_ERROR_INPUT,
                           "a URL with a space, a control character or a backslash; write them as %%XX");

    const char *authority;
    if (strncasecmp(text, "https://", 8) == 0) {
        out->secure = true;
        authority = text + 8;
    } else if (strncasecmp(text, "http://", 7) == 0) {
        authority = text + 7;
    } else {
        return sp_fail(err, SP_ERROR_INPUT, "a URL that is neither http:// nor https://; write one of them");
    }
    size_t authority_length = strcspn(authority, "/?#");
    out->rest = authority + authority_length;

    const char *host = authority, *end = out->rest;
    const char *at = memrchr(authority, '@', authority_length);
    if (at) {
        const char *colon = memchr(authority, ':', (size_t)(at - authority));
        out->user = authority;
        out->user_length = (size_t)((colon ? colon : at) - authority);
        out->password = colon ? colon + 1 : NULL;
        out->password_length = colon ? (size_t)(at - colon - 1) : 0;
        host = at + 1;
    }
    const char *bracket = memrchr(host, ']', (size_t)(end - host));
    const char *colon = memchr(bracket ? bracket : host, ':', (size_t)(end - (bracket ? bracket : host)));
    if (read_host(out, host, (size_t)((colon ? colon : end) - host), err) < 0 ||
        (colon && read_port(out, colon + 1, (size_t)(end - colon - 1), err) < 0))
        return -1;
    if (has_dot_segment(out->rest))
        return sp_fail(err, SP_ERROR_INPUT,
                       "a URL on %.100s with '.' or '..' in its path; write the path that is meant",
                       out->host);
    return 0;
}

void
sp_url_authority(const struct sp_url *url, char out[SP_URL_AUTHORITY_MAX])
{
    if (url->port)
        snprintf(out, SP_URL_AUTHORITY_MAX, "%s:%u", url->host, url->port);
    else
        snprintf(out, SP_URL_AUTHORITY_MAX, "%s", url->host);
}
