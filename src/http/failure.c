/* Why there was no answer, in the user's words. */
#include "http/internal.h"

#include <errno.h>
#include <string.h>

void
sp_http_host_of(char *out, size_t size, const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    snprintf(out, size, "%.*s", (int)strcspn(host, "/?#"), host);
}

/* The certificate of somebody in between, or of a company: the user decides whom to trust. */
static int
fail_certificate(const char *host, const char *detail, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT,
                   "%.200s: its certificate is not trusted (%.160s); if it is your company's, set cafile "
                   "(npm), cert (pip) or SSL_CERT_FILE to the authority's PEM file",
                   host, detail);
}

static int
fail_timed_out(const char *host, unsigned long seconds, struct sp_error *err)
{
    sp_fail(err, SP_ERROR_SYSTEM,
            "%.200s: no answer in time (%lu s without a byte, or 15 s to connect); try again, or look at the "
            "network",
            host, seconds);
    if (err)
        err->number = ETIMEDOUT;
    return -1;
}

int
sp_http_explain(CURLcode code, const char *url, const char *detail, unsigned long timeout_seconds,
                struct sp_error *err)
{
    char host[256];
    sp_http_host_of(host, sizeof(host), url);
    if (!detail || !*detail)
        detail = curl_easy_strerror(code);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return fail_certificate(host, detail, err);
    case CURLE_SSL_CACERT_BADFILE:
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.200s: the file of trusted authorities cannot be read (%.200s); mend cafile", host,
                       detail);
    case CURLE_COULDNT_RESOLVE_HOST:
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%.200s: the name could not be resolved; look at the registry's URL and at the network", host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.200s: the name of the HTTP proxy could not be resolved; look at https_proxy", host);
    case CURLE_OPERATION_TIMEDOUT:
        return fail_timed_out(host, timeout_seconds, err);
    case CURLE_PARTIAL_FILE:
        return sp_fail(err, SP_ERROR_INPUT, "%.200s: the answer broke off before its end; try again", host);
    case CURLE_OUT_OF_MEMORY:
        return sp_fail_memory(err);
    default:
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.200s: %.300s; try again, or look at the registry's URL and at the network", host,
                       detail);
    }
}

bool
sp_http_is_passing(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return true;
    default:
        return false;
    }
}
