#include "metadata/client.h"

#include <string.h>

int
sp_url_append(struct sp_buffer *url, const char *text, size_t length, const char *keep, struct sp_error *err)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (size_t i = 0; i < length; i++) {
        bool plain = text[i] && (strchr(unreserved, text[i]) || (keep && strchr(keep, text[i])));
        if (plain ? sp_buffer_append_byte(url, text[i], err) < 0
                  : sp_buffer_printf(url, err, "%%%02X", (unsigned char)text[i]) < 0)
            return -1;
    }
    return 0;
}

/* "registry.example:8080" of a URL. */
static int
host_of(const char *url, const char **host)
{
    const char *scheme = strstr(url, "://");
    *host = scheme ? scheme + 3 : url;
    return (int)strcspn(*host, "/?#");
}

/* Where the registry has been asked and has not said whether there is such a package. */
static int
not_known(const struct sp_asked *asked, const struct sp_answer *answer, struct sp_record *record,
          struct sp_error *err)
{
    const char *host;
    int length = host_of(asked->url, &host);
    bool refused = answer->status == 401 || answer->status == 403;
    const char *why = refused ? "; it lets only those in whom it knows" : "";
    if (answer->status == 429)
        why = "; it is asked too often";
    return sp_record_problem(record, err, "%.*s: answered %ld to %s%s", length, host, answer->status,
                             asked->url, why);
}

int
sp_client_ask(const struct sp_client_call *call, const struct sp_asked *asked, struct sp_answer *out,
              struct sp_record *record, struct sp_error *err)
{
    struct sp_error failure = { 0 };
    if (call->transport->get(call->transport->context, asked, out, &failure) < 0) {
        if (failure.code == SP_ERROR_MEMORY) {
            sp_fail_memory(err);
            return -2;
        }
        return sp_record_problem(record, err, "%s", failure.text) < 0 ? -2 : -1;
    }
    if (out->status == 200 || out->status == 206)
        return 1;
    if (out->status == 404 || out->status == 410)
        return 0;
    return not_known(asked, out, record, err) < 0 ? -2 : -1;
}
