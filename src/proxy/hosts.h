/* hosts.h: whom the proxy may ask, and where a token goes. */
#pragma once
#include "proxy/url.h"
#include "registry/registry.h"

struct sp_hosts;
/* REGISTRIES and ALLOWED (NULL-terminated, may be NULL) are borrowed. */
int sp_hosts_new(struct sp_hosts **out, const struct sp_registries *registries, const char *const *allowed,
                 struct sp_error *err);
void sp_hosts_free(struct sp_hosts *hosts);

/* Whether UPSTREAM may be asked. -1 with ERR telling the user how to allow it. A URL by http of a host that
 * the configuration knows by https only becomes https: old lockfiles and packuments write it so. */
int sp_hosts_admit(const struct sp_hosts *hosts, struct sp_upstream *upstream, struct sp_error *err);
/* The registry under whose URL UPSTREAM lies, the closest; NULL: none. *REST: what follows its URL. */
const struct sp_registry *sp_hosts_registry(const struct sp_hosts *hosts, const struct sp_upstream *upstream,
                                            const char **rest);
/* What the registries on UPSTREAM's host, or those whose companion it is, hold: bits 1 << kind. */
unsigned sp_hosts_kinds(const struct sp_hosts *hosts, const struct sp_upstream *upstream);
/* The Authorization for UPSTREAM, borrowed; NULL: none. */
const char *sp_hosts_authorization(const struct sp_hosts *hosts, const struct sp_upstream *upstream);
/* Whether URL may be asked, and with what: for sp_http_request.admit. */
int sp_hosts_admit_url(const struct sp_hosts *hosts, const char *url, const char **authorization,
                       struct sp_error *err);
