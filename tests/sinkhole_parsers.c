/* The sinkhole's parsers by themselves: DNS, hellos, requests, and the lists that decide. */
#include "sinkhole_cases.h"

#include "sandbox/leak.h"
#include "sandbox/dial.h"
#include "sandbox/dns.h"
#include "sandbox/hello.h"
#include "sandbox/names.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

void
questions_are_read_strictly(SP_UNUSED void **state)
{
    struct sp_dns_question question;
    unsigned char message[600], reply[SP_DNS_REPLY_MAX];
    char long_name[300] = "";
    size_t length = write_question(message, "WWW.Some-Name.example", 28);
    assert_true(sp_dns_read(&question, message, length));
    assert_string_equal(question.name, "www.some-name.example");
    assert_int_equal(question.type, 28);
    assert_int_equal(question.joined_length, 19);
    assert_memory_equal(question.joined, "WWWSome-Nameexample", 19);
    for (size_t cut = 0; cut < length; cut++)
        assert_false(sp_dns_read(&question, message, cut));

    for (int i = 0; i < 31; i++)
        strcat(long_name, i == 30 ? "abcde" : "abcdefg.");
    length = write_question(message, long_name, 1); /* 245 + 2 bytes */
    assert_true(sp_dns_read(&question, message, length));
    assert_true(sp_dns_write(reply, &question, SP_DNS_NOERROR, reply, 16) <= SP_DNS_REPLY_MAX);
    strcat(long_name, ".abcdefghi"); /* 257 */
    length = write_question(message, long_name, 1);
    assert_false(sp_dns_read(&question, message, length));
    message[12] = 0xc0;
    assert_false(sp_dns_read(&question, message, 40));
}

void
hellos_are_read_whole_or_not_at_all(SP_UNUSED void **state)
{
    unsigned char hello[4096], cut_up[8192];
    char name[SP_HELLO_NAME_MAX];
    size_t length = write_hello(hello, sizeof(hello), "Pkg.Example.ORG");
    assert_int_equal(sp_hello_read(name, hello, length), SP_SAID_THIS);
    assert_string_equal(name, "pkg.example.org");
    for (size_t cut = 1; cut < length; cut++)
        assert_int_equal(sp_hello_read(name, hello, cut), SP_SAID_MORE);

    /* the same over records of seven bytes */
    size_t at = 0;
    for (size_t from = 5; from < length; from += 7) {
        size_t part = length - from < 7 ? length - from : 7;
        memcpy(cut_up + at, "\x16\x03\x01\0", 4);
        cut_up[at + 4] = (unsigned char)part;
        memcpy(cut_up + at + 5, hello + from, part);
        at += 5 + part;
    }
    assert_int_equal(sp_hello_read(name, cut_up, at), SP_SAID_THIS);
    assert_string_equal(name, "pkg.example.org");
    assert_int_equal(sp_hello_read(name, cut_up, at - 1), SP_SAID_MORE);

    unsigned char *found = memmem(hello, length, "Pkg.", 4);
    found[3] = 0; /* "Pkg\0Example.ORG" is no name of a host */
    assert_int_equal(sp_hello_read(name, hello, length), SP_SAID_NOTHING);
    assert_string_equal(name, "");
    length = write_hello(hello, sizeof(hello), NULL);
    assert_int_equal(sp_hello_read(name, hello, length), SP_SAID_THIS);
    assert_string_equal(name, "");
    hello[5] = 2; /* a ServerHello */
    assert_int_equal(sp_hello_read(name, hello, length), SP_SAID_NOTHING);
    assert_int_equal(sp_hello_read(name, (const unsigned char *)"\x16\x02", 2), SP_SAID_MORE);
    assert_int_equal(sp_hello_read(name, (const unsigned char *)"\x16\x02\x00\x00\x05", 5), SP_SAID_NOTHING);
}

void
requests_are_read(SP_UNUSED void **state)
{
    static const struct {
        const char *text;
        enum sp_said said;
        const char *method, *path, *host;
        uint64_t length;
        bool chunked;
    } cases[] = {
        { "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n", SP_SAID_THIS, "GET", "/x", "a.example", 0, false },
        { "POST / HTTP/1.1\nhost:b\nContent-Length:  12 \n\n", SP_SAID_THIS, "POST", "/", "b", 12, false },
        { "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n", SP_SAID_THIS, "PUT", "/", "", 0,
          true },
        { "POST /\x1b[2J HTTP/1.1\r\n\r\n", SP_SAID_THIS, "POST", "/?[2J", "", 0, false },
        { "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", SP_SAID_THIS, "POST", "/", "",
          1999999999999999999, false },
        { "GET /half", SP_SAID_MORE, "GET", "/half", "", 0, false },
        { "DEL", SP_SAID_MORE, "", "", "", 0, false },
        { "NICK bot\r\n", SP_SAID_NOTHING, "NICK", "bot", "", 0, false },
        { "SSH-2.0-x\r\n", SP_SAID_NOTHING, "", "", "", 0, false },
        { "id", SP_SAID_NOTHING, "", "", "", 0, false },
        { "GET  HTTP/1.1\r\n\r\n", SP_SAID_NOTHING, "GET", "", "", 0, false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_http_head head;
        bool looks_so;
        enum sp_said said = sp_http_read(&head, &looks_so, cases[i].text, strlen(cases[i].text));
        if (said != cases[i].said || strcmp(head.method, cases[i].method) ||
            strcmp(head.path, cases[i].path) || strcmp(head.host, cases[i].host) ||
            (cases[i].length < 1000 && head.content_length != cases[i].length) ||
            head.chunked != cases[i].chunked)
            fail_msg("%s: %d %s %s %s %llu", cases[i].text, said, head.method, head.path, head.host,
                     (unsigned long long)head.content_length);
    }
}

void
chunked_bodies_end_where_they_end(SP_UNUSED void **state)
{
    static const char body[] = "5;x=y\r\nab\r\n0\r\n3\r\nxyz\r\n0\r\nTrailer: 1\r\n\r\nrest";
    size_t whole = strlen(body) - 4;
    struct sp_chunks at_once = { 0 }, byte_by_byte = { 0 }, broken = { 0 };
    assert_int_equal(sp_chunks_read(&at_once, body, strlen(body)), whole);
    assert_true(at_once.ended);
    for (size_t i = 0; i < whole; i++) {
        assert_false(byte_by_byte.ended);
        assert_int_equal(sp_chunks_read(&byte_by_byte, body + i, 1), 1);
    }
    assert_true(byte_by_byte.ended);
    sp_chunks_read(&broken, "zz\r\n", 4);
    assert_true(broken.broken);
    struct sp_chunks endless = { 0 };
    sp_chunks_read(&endless, "fffffffffffffffffffff", 21);
    assert_true(endless.broken);
}

void
allowed_names_match_whole_labels(SP_UNUSED void **state)
{
    static const char *const allow[] = { "exact.example", "*.Sub.example.", "*.", "*", NULL };
    static const struct {
        const char *name;
        bool allowed;
    } cases[] = { { "exact.example", true },
                  { "x.exact.example", false },
                  { "a.sub.example", true },
                  { "a.b.sub.example", true },
                  { "sub.example", false },
                  { "evilsub.example", false },
                  { "exact.example.evil", false },
                  { "", false },
                  { "other", false } };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        if (sp_called_allowed(allow, cases[i].name) != cases[i].allowed)
            fail_msg("'%s' should %sbe allowed", cases[i].name, cases[i].allowed ? "" : "not ");
    assert_false(sp_called_allowed(NULL, "exact.example"));
}

void
only_public_addresses_are_dialled(SP_UNUSED void **state)
{
    static const struct {
        const char *address;
        bool is_public;
    } cases[] = { { "8.8.8.8", true },
                  { "93.184.216.34", true },
                  { "127.0.0.1", false },
                  { "10.1.2.3", false },
                  { "172.31.255.255", false },
                  { "172.32.0.1", true },
                  { "192.168.0.1", false },
                  { "169.254.169.254", false },
                  { "100.64.0.1", false },
                  { "100.128.0.1", true },
                  { "0.0.0.0", false },
                  { "224.0.0.1", false },
                  { "255.255.255.255", false },
                  { "198.19.255.255", false },
                  { "198.20.0.1", true },
                  { "2606:4700::1", true },
                  { "::1", false },
                  { "::ffff:8.8.8.8", false },
                  { "fe80::1", false },
                  { "fd00::1", false },
                  { "ff02::1", false },
                  { "2001:db8::1", false },
                  { "2002:7f00:1::", false },
                  { "64:ff9b::7f00:1", false },
                  { "2001:2::1", false },
                  { "2001:4860:4860::8888", true } };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sockaddr_in four = { .sin_family = AF_INET };
        struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
        bool is_four = inet_pton(AF_INET, cases[i].address, &four.sin_addr) == 1;
        inet_pton(AF_INET6, cases[i].address, &six.sin6_addr);
        if (sp_dial_is_public(is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six) !=
            cases[i].is_public)
            fail_msg("%s should %sbe public", cases[i].address, cases[i].is_public ? "" : "not ");
    }
    struct sp_error err = { 0 };
    assert_int_equal(sp_dial_outside(NULL, "127.0.0.1", 80, &err), -1);
    assert_non_null(strstr(err.text, "no public address"));
}

static void
count(void *context, const char *id)
{
    unsigned *counts = context;
    counts[!strcmp(id, "npmrc")]++;
}

void
canaries_are_found_once_in_a_stream(SP_UNUSED void **state)
{
    struct sp_leak_watch watch = { 0 };
    unsigned counts[2] = { 0 };
    static const char text[] = "xx" CANARY OTHER_CANARY "yy" CANARY;
    for (size_t i = 0; i < strlen(text); i++)
        sp_leak_feed(&test_decoys, &watch, text + i, 1, count, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
    sp_leak_feed(NULL, &watch, text, strlen(text), count, counts);
    assert_int_equal(counts[0], 1);
}
