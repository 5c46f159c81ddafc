#include "sandbox/dns.h"

#include <stdio.h>
#include <string.h>

static uint16_t
read16(const unsigned char *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void
write16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static size_t
write_character(char *out, unsigned char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        byte |= 0x20;
    if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_') {
        *out = (char)byte;
        return 1;
    }
    return (size_t)sprintf(out, "\\%03u", byte);
}

/* Reads the labels at *AT; a compression pointer has no place in a question. */
static bool
read_name(struct sp_dns_question *out, const unsigned char *message, size_t length, size_t *at)
{
    size_t written = 0, start = *at;
    for (;;) {
        if (*at >= length)
            return false;
        size_t label = message[(*at)++];
        if (!label)
            break;
        if (label > 63 || *at + label >= length || *at + label - start > 254)
            return false;
        if (written)
            out->name[written++] = '.';
        for (size_t i = 0; i < label; i++)
            written += write_character(out->name + written, message[*at + i]);
        memcpy(out->joined + out->joined_length, message + *at, label);
        out->joined_length += label;
        *at += label;
    }
    if (!written)
        out->name[written++] = '.';
    out->name[written] = 0;
    return true;
}

bool
sp_dns_read(struct sp_dns_question *out, const unsigned char *message, size_t length)
{
    memset(out, 0, sizeof(*out));
    if (length < 12 || (message[2] & 0x80) || read16(message + 4) != 1)
        return false;
    out->id = read16(message);
    out->flags = read16(message + 2);
    size_t at = 12;
    if (!read_name(out, message, length, &at) || length - at < 4)
        return false;
    out->type = read16(message + at);
    out->class_ = read16(message + at + 2);
    out->bytes = message + 12;
    out->length = at + 4 - 12;
    return true;
}

size_t
sp_dns_write(unsigned char *out, const struct sp_dns_question *question, unsigned code, const void *address,
             size_t address_length)
{
    memset(out, 0, 12);
    write16(out, question->id);
    /* a response, recursion available; operation and "recursion desired" as asked */
    write16(out + 2, 0x8080u | (question->flags & 0x7900u) | code);
    write16(out + 4, 1);
    memcpy(out + 12, question->bytes, question->length);
    size_t at = 12 + question->length;
    if (!address)
        return at;
    write16(out + 6, 1);
    write16(out + at, 0xc00c); /* the name of the question */
    write16(out + at + 2, question->type);
    write16(out + at + 4, question->class_);
    write16(out + at + 6, 0);
    write16(out + at + 8, 60); /* seconds that it may be kept */
    write16(out + at + 10, (unsigned)address_length);
    memcpy(out + at + 12, address, address_length);
    return at + 12 + address_length;
}

const char *
sp_dns_type_name(uint16_t type, char spare[12])
{
    static const struct {
        uint16_t type;
        const char *name;
    } names[] = { { 1, "A" },      { 2, "NS" },    { 5, "CNAME" },  { 6, "SOA" },   { 10, "NULL" },
                  { 12, "PTR" },   { 15, "MX" },   { 16, "TXT" },   { 28, "AAAA" }, { 33, "SRV" },
                  { 35, "NAPTR" }, { 64, "SVCB" }, { 65, "HTTPS" }, { 255, "ANY" } };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (names[i].type == type)
            return names[i].name;
    snprintf(spare, 12, "TYPE%u", type);
    return spare;
}
