/* sinkhole_words.h: what a client inside says, for tests of the sinkhole. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* A connected socket (TYPE: SOCK_STREAM or SOCK_DGRAM), or -1. */
int connect_to(const char *address, uint16_t port, int type);
/* A socket bound to ADDRESS:PORT; a stream listens too. PORT 0: *PORT is filled. */
int listen_on(const char *address, uint16_t *port, int type);
bool say(int fd, const void *bytes, size_t length);
/* Reads until the end, at most SIZE - 1 bytes, NUL-terminated; -1: reset, or silent for five seconds. */
ssize_t read_all(int fd, char *out, size_t size);
/* Waits for the end: true where it came as a reset, or as an end of the stream without a byte. */
bool is_refused(int fd);

/* A question of DNS; returns its length. */
size_t write_question(unsigned char *out, const char *name, uint16_t type);
/* Asks SERVER by UDP; returns the length of the reply, or -1. */
ssize_t ask(const char *server, const char *name, uint16_t type, unsigned char reply[512]);
/* The address that NAME has, as text. */
bool resolve(const char *name, int family, char out[46]);

/* A ClientHello for NAME (NULL: none). */
size_t write_hello(unsigned char *out, size_t size, const char *name);
