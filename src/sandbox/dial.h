/* dial.h: connects to a host outside, for --allow-host: public addresses alone, so that a name cannot lead
 * into the networks that this machine stands in. Source: IANA special-purpose address registries (RFC 6890).
 */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

bool sp_dial_is_public(const struct sockaddr *address);

/* Returns a connected socket, or -1. Blocks, for each address at most ten seconds. CONTEXT is not used. */
int sp_dial_outside(void *context, const char *host, uint16_t port, struct sp_error *err);
