/* authority.h: TLS answered under the run's own authority, without sockets: bytes in, bytes out. */
#pragma once
#include "sandbox/sinkhole.h"

struct sp_tls;
/* The server's side of one connection to NAME (a host name, or an address). NULL: no memory. */
struct sp_tls *sp_tls_new(struct sp_sinkhole_authority *authority, const char *name);
void sp_tls_free(struct sp_tls *tls);

/* What came from the client. 0, or -1: no memory. */
int sp_tls_take(struct sp_tls *tls, const void *bytes, size_t length);
/* What it means: the count of bytes, 0: nothing yet, -1: over. */
int sp_tls_read(struct sp_tls *tls, void *bytes, size_t size);
int sp_tls_write(struct sp_tls *tls, const void *bytes, size_t length);
void sp_tls_say_goodbye(struct sp_tls *tls);
/* What must go to the client now: the count of bytes; 0: nothing. */
size_t sp_tls_give(struct sp_tls *tls, void *bytes, size_t size);
/* Whether the client took our certificate. */
bool sp_tls_agreed(const struct sp_tls *tls);
