/* What strangers say to the sinkhole: the first byte chooses the parser, the rest is the message. Nothing is
 * read beyond its end, a piece more never takes an answer back, and what is told is text. */
#include "sandbox/dns.h"
#include "sandbox/hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void
require_printable(const char *text)
{
    for (; *text; text++)
        REQUIRE(*text >= 0x20 && *text < 0x7f);
}

static void
try_question(const unsigned char *message, size_t length)
{
    struct sp_dns_question question, again;
    unsigned char reply[SP_DNS_REPLY_MAX], address[16] = { 0 };
    char spare[12];
    if (!sp_dns_read(&question, message, length))
        return;
    REQUIRE(*question.name && strlen(question.name) < sizeof(question.name));
    require_printable(question.name);
    require_printable(sp_dns_type_name(question.type, spare));
    size_t size = sp_dns_write(reply, &question, SP_DNS_NOERROR, address, sizeof(address));
    REQUIRE(size <= SP_DNS_REPLY_MAX && size == 12 + question.length + 12 + 16);
    REQUIRE(!sp_dns_read(&again, reply, size)); /* an answer is no question */
    reply[2] &= 0x7f;
    REQUIRE(sp_dns_read(&again, reply, size) && !strcmp(again.name, question.name));
}

static void
try_hello(const unsigned char *bytes, size_t length)
{
    char name[SP_HELLO_NAME_MAX], shorter[SP_HELLO_NAME_MAX];
    enum sp_said said = sp_hello_read(name, bytes, length);
    REQUIRE(said == SP_SAID_THIS || !*name);
    require_printable(name);
    REQUIRE(strlen(name) < sizeof(name) && (!*name || name[strlen(name) - 1] != '\0'));
    enum sp_said before = sp_hello_read(shorter, bytes, length / 2);
    REQUIRE(before == SP_SAID_MORE || (before == said && !strcmp(name, shorter)));
}

static void
try_request(const char *bytes, size_t length)
{
    struct sp_http_head head, shorter;
    bool looks_so, looked_so;
    enum sp_said said = sp_http_read(&head, &looks_so, bytes, length);
    REQUIRE(said != SP_SAID_THIS || (head.length <= length && looks_so));
    require_printable(head.method);
    require_printable(head.path);
    require_printable(head.version);
    require_printable(head.host);
    enum sp_said before = sp_http_read(&shorter, &looked_so, bytes, length / 2);
    REQUIRE(before != SP_SAID_THIS || (said == SP_SAID_THIS && head.length == shorter.length));
}

/* However a body is cut, it ends at the same byte. */
static void
try_chunks(const char *bytes, size_t length)
{
    struct sp_chunks whole = { 0 }, pieces = { 0 };
    size_t end = sp_chunks_read(&whole, bytes, length), at = 0;
    for (size_t piece = 1; at < length && !pieces.ended && !pieces.broken; piece = piece % 5 + 1)
        at += sp_chunks_read(&pieces, bytes + at, piece < length - at ? piece : length - at);
    REQUIRE(at == end && whole.ended == pieces.ended && whole.broken == pieces.broken);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    /* a block of its own size, so that a read beyond the message is seen */
    size_t length = size - 1;
    unsigned char *message = malloc(length ? length : 1);
    if (!message)
        return 0;
    memcpy(message, bytes + 1, length);
    switch (bytes[0] % 4) {
    case 0:
        try_question(message, length);
        break;
    case 1:
        try_hello(message, length);
        break;
    case 2:
        try_request((const char *)message, length);
        break;
    default:
        try_chunks((const char *)message, length);
        break;
    }
    free(message);
    return 0;
}
