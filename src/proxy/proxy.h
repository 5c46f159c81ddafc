/* proxy.h: the registry proxy. It listens where package managers are pointed to, fetches from the registries
 * that the user's configuration names and from nowhere else, asks a judge about every package, checks
 * digests, keeps artefacts by digest, and writes down what was asked for. Used by a sandboxed run and by the
 * server. URLs inside are those of registry/registry.h: /https/HOST/PATH. Sources: npm registry API and
 * package metadata (npm/registry docs), PEP 503, 691, 700, 658/714, RFC 9110. */
#pragma once
#include "proxy/stand_in.h"
#include "registry/registry.h"
#include "trace/event.h"
#include "verdict/finding.h"

/* Asked once for each package name (and again for each version that is fetched), by several threads at once.
 * Returns the severity; fills MESSAGE (of SIZE) with one line for the user where it is not NONE. -1: could
 * not tell, MESSAGE says why (the package is served in audit mode, refused in enforce mode). */
typedef int sp_proxy_judge(void *context, const char *ecosystem, const char *name, const char *version,
                           char *message, size_t size);

struct sp_proxy_options {
    const struct sp_registries *registries; /* borrowed until sp_proxy_stop */
    const char *const
        *allow_hosts; /* NULL-terminated: artefacts may come from these as well; no token goes there */
    const char *cache_directory; /* NULL: nothing is kept */
    uint64_t cache_limit;        /* bytes; the least recently used go first */
    bool offline;                /* serve from the cache alone */
    bool enforce;                /* refuse what the judge blocks; false: serve and write down */
    sp_proxy_judge *judge;       /* NULL: all is served */
    void *judge_context;
    const struct sp_event_sink *sink; /* must bear several threads */
    uint64_t artefact_limit;          /* bytes of one artefact; 0: 2 GiB */
    unsigned long timeout_seconds;    /* without a byte from the registry; 0: 60 */
    const char *origin; /* what the clients know it by, "http://HOST:PORT"; NULL: SP_PROXY_ORIGIN */
    const void *ca_pem; /* what to trust, in place of the file that .registries names; NULL: that file */
    size_t ca_length;
    /* What npm fetches URLs of https://registry.npmjs.org/ from (its replace-registry-host); NULL: from
     * there. */
    const char *npmjs_from;
    /* Packages that lie there are served in place of the registry's; borrowed until sp_proxy_stop. NULL:
     * none.
     */
    const struct sp_stand_in *stand_in;
};

struct sp_proxy;
/* Serves the listening socket LISTEN_FD (taken over; of any network namespace) from threads of this process.
 */
int sp_proxy_start(struct sp_proxy **out, int listen_fd, const struct sp_proxy_options *options,
                   struct sp_error *err);
/* Ends all connections and waits for the threads. NULL is fine. */
void sp_proxy_stop(struct sp_proxy *proxy);
