/* judgements.h: what the judge said of the packages that were asked for, each asked once. */
#pragma once
#include "proxy/proxy.h"

struct sp_judgement {
    int severity;        /* enum sp_severity; -1: the judge could not tell */
    bool refused;        /* not to be served */
    const char *message; /* one line; "" where there is nothing to say. Lives as long as the table */
};

struct sp_judgements;
/* OPTIONS is borrowed. */
int sp_judgements_new(struct sp_judgements **out, const struct sp_proxy_options *options,
                      struct sp_error *err);
void sp_judgements_free(struct sp_judgements *judged);

/* Asks about NAME and, where VERSION is not NULL, about that version too; the first question about a name,
 * and a refused version, go to the sink. The judge is asked by one thread for each; the others wait. */
int sp_judgements_ask(struct sp_judgements *judged, enum sp_registry_kind kind, const char *name,
                      const char *version, struct sp_judgement *out, struct sp_error *err);

/* Appends the purl of NAME (and VERSION, NULL: none). */
int sp_judgements_write_purl(struct sp_buffer *out, enum sp_registry_kind kind, const char *name,
                             const char *version, struct sp_error *err);
