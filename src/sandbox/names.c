#include "sandbox/names.h"

#include <arpa/inet.h>
#include <string.h>

/* The first 256 numbers are left to loopback's own addresses. */
#define FIRST 256u
#define NOBODY 0x1ffffu

void
sp_called_free(struct sp_called *names)
{
    free(names->items);
    sp_map_free(&names->index);
    sp_arena_free(&names->arena);
    memset(names, 0, sizeof(*names));
}

/* The number of NAME, which is new unless it is known; NOBODY when there is no room. */
static uint32_t
number_of(struct sp_called *names, const char *name)
{
    uint32_t number;
    size_t length = strlen(name);
    if (sp_map_get(&names->index, name, length, &number))
        return number + FIRST;
    if (names->count >= SP_NAMES_MAX || sp_grow(names->items, names->capacity, names->count + 1, NULL) < 0)
        return NOBODY;
    const char *copy = sp_arena_copy(&names->arena, name, length, NULL);
    if (!copy || sp_map_set(&names->index, name, length, (uint32_t)names->count, NULL) < 0)
        return NOBODY;
    names->items[names->count] = copy;
    return (uint32_t)names->count++ + FIRST;
}

int
sp_called_give(struct sp_called *names, const char *name, int family, unsigned char address[16])
{
    uint32_t number = number_of(names, name);
    uint32_t four = htonl(0xc6120000u + number); /* 198.18.0.0 */
    uint32_t six = htonl(number);
    if (family == AF_INET) {
        memcpy(address, &four, 4);
    } else {
        inet_pton(AF_INET6, "2001:2::", address);
        memcpy(address + 12, &six, 4);
    }
    return number != NOBODY;
}

const char *
sp_called_find(const struct sp_called *names, const struct sockaddr_storage *address)
{
    uint32_t number = 0;
    if (address->ss_family == AF_INET) {
        number = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) - 0xc6120000u;
    } else {
        const unsigned char *bytes = ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr;
        static const unsigned char ours[12] = { 0x20, 0x01, 0x00, 0x02 };
        if (memcmp(bytes, ours, sizeof(ours)))
            return NULL;
        memcpy(&number, bytes + 12, 4);
        number = ntohl(number);
    }
    return number >= FIRST && number - FIRST < names->count ? names->items[number - FIRST] : NULL;
}

bool
sp_called_allowed(const char *const *allow, const char *name)
{
    size_t length = strlen(name);
    for (; allow && *allow && length; allow++) {
        const char *rule = *allow;
        bool beneath = rule[0] == '*' && rule[1] == '.';
        if (beneath)
            rule++; /* ".example.org" */
        size_t size = strlen(rule);
        if (size && rule[size - 1] == '.')
            size--;
        if (!size || (beneath ? length <= size || size < 2 : length != size))
            continue;
        if (!strncasecmp(name + length - size, rule, size))
            return true;
    }
    return false;
}

void
sp_address_text(char out[SP_ADDRESS_TEXT_MAX], const struct sockaddr_storage *address)
{
    const void *bytes = address->ss_family == AF_INET
                            ? (const void *)&((const struct sockaddr_in *)address)->sin_addr
                            : (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr;
    if (!inet_ntop(address->ss_family, bytes, out, SP_ADDRESS_TEXT_MAX))
        snprintf(out, SP_ADDRESS_TEXT_MAX, "?");
}

uint16_t
sp_address_port(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET ? ((const struct sockaddr_in *)address)->sin_port
                                               : ((const struct sockaddr_in6 *)address)->sin6_port);
}
