/* ranks.h: services that count across registries: they say how much a package is used. They belong to others
 * than its registry, so they are asked only where the user says so, and only about public registries. */
#pragma once
#include "metadata/client.h"

/* Asks deps.dev and ecosyste.ms. A record that is not present is left as it is, and so is one whose registry
 * is not the public one. -1 only where memory ran out. */
int sp_ranks_ask(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err);

/* Their documents, read: 1, 0 with a problem, or -1. */
int sp_ranks_read_deps_dev(const struct sp_teller *teller, const char *bytes, size_t length,
                           struct sp_error *err);
int sp_ranks_read_ecosystems(const struct sp_teller *teller, const char *bytes, size_t length,
                             struct sp_error *err);
