/* names.h: the names that were asked for, each with an address of its own, so that a later connection to that
 * address says whom it was meant for. The addresses are those set aside for benchmarks, which nobody has:
 * 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180). */
#pragma once
#include "base/hash.h"

#include <netinet/in.h>
#include <sys/socket.h>

#define SP_NAMES_MAX 10000u
#define SP_ADDRESS_TEXT_MAX INET6_ADDRSTRLEN

/* Zero-initialise. */
struct sp_called {
    const char **items; /* NAME number i is items[i] */
    size_t count, capacity;
    struct sp_map index;
    struct sp_arena arena;
};
void sp_called_free(struct sp_called *names);

/* Gives NAME its address of FAMILY in ADDRESS (4 or 16 bytes). A name beyond SP_NAMES_MAX gets the address of
 * nobody, and 0 is returned in place of 1. */
int sp_called_give(struct sp_called *names, const char *name, int family, unsigned char address[16]);

/* Whose address this is; NULL: nobody's. Valid until sp_called_free. */
const char *sp_called_find(const struct sp_called *names, const struct sockaddr_storage *address);

/* Whether NAME (lower case, no trailing dot) is on the list, which may hold "*.example.org". */
bool sp_called_allowed(const char *const *allow, const char *name);

void sp_address_text(char out[SP_ADDRESS_TEXT_MAX], const struct sockaddr_storage *address);
uint16_t sp_address_port(const struct sockaddr_storage *address);
