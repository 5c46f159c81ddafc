/* dns.h: one question of DNS, and the answer to it. Source: RFC 1035; RFC 6891 is tolerated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_DNS_NAME_MAX 256 /* 253 characters of text, and a NUL */
#define SP_DNS_QUESTION_MAX 300
#define SP_DNS_REPLY_MAX 512

enum { SP_DNS_A = 1, SP_DNS_PTR = 12, SP_DNS_AAAA = 28 };

struct sp_dns_question {
    uint16_t id, flags;
    uint16_t type, class_;
    /* Lower case, no trailing dot; "." is the root. A byte that is no letter, digit, '-' or '_' stands as
     * \DDD. */
    char name[SP_DNS_NAME_MAX * 4];
    /* The labels run together as they were sent: what a process hides in a name is often cut into labels. */
    char joined[SP_DNS_NAME_MAX];
    size_t joined_length;
    const unsigned char *bytes; /* the question as sent, within the message */
    size_t length;
};

/* Reads MESSAGE. False: no query with exactly one well-formed question. */
bool sp_dns_read(struct sp_dns_question *out, const unsigned char *message, size_t length);

enum { SP_DNS_NOERROR = 0, SP_DNS_NOT_THERE = 3, SP_DNS_NOT_IMPLEMENTED = 4 };
/* Writes the reply with CODE, and ADDRESS (4 or 16 bytes; NULL: no answer record) to OUT (SP_DNS_REPLY_MAX);
 * returns its length. */
size_t sp_dns_write(unsigned char *out, const struct sp_dns_question *question, unsigned code,
                    const void *address, size_t address_length);

/* "A", "TXT", "TYPE65"; written to SPARE (of 12 bytes) where it has no name. */
const char *sp_dns_type_name(uint16_t type, char spare[12]);
