/* proxy_scene.h: a proxy, the registry behind it, a foreign host, and what the proxy wrote down. */
#pragma once
#include "base/digest.h"
#include "base/file.h"
#include "proxy/proxy.h"
#include "stand_in.h"

#include <dirent.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <cmocka.h>

#define LARGE ((size_t)3 << 20)

/* One proxy, its registry, and what it wrote down. */
struct scene {
    struct stand_in *stand, *foreign;
    struct sp_registry items[2];
    struct sp_registries registries;
    struct sp_credential credential;
    char token[32];
    struct sp_proxy_options options;
    struct sp_event_sink sink;
    struct sp_proxy *proxy;
    unsigned port;
    char origin[64], urls[2][64], prefix[80], cache[64];
    char *texts[128]; /* what stand_in_add borrows */
    size_t text_count;
    pthread_mutex_t lock;
    struct sp_buffer events; /* a line each: kind subject|package|detail|value|bytes */
};

static char large[LARGE];

static void
take(void *context, const struct sp_event *event)
{
    struct scene *scene = context;
    pthread_mutex_lock(&scene->lock);
    sp_buffer_printf(&scene->events, NULL, "%s %s|%s|%s|%ld|%llu\n", sp_event_kind_name(event->kind),
                     event->subject ? event->subject : "", event->package ? event->package : "",
                     event->detail ? event->detail : "", (long)event->value,
                     (unsigned long long)event->bytes);
    pthread_mutex_unlock(&scene->lock);
}

static int
judge(void *context, const char *ecosystem, const char *name, const char *version, char *message, size_t size)
{
    (void)context, (void)ecosystem;
    if (strcmp(name, "lodahs") == 0 || strcmp(name, "reqeusts") == 0) {
        snprintf(message, size, "%s is made to be mistaken for another", name);
        return SP_SEVERITY_BLOCK;
    }
    if (version && strcmp(version, "6.6.6") == 0) {
        snprintf(message, size, "this version is known to be malicious");
        return SP_SEVERITY_BLOCK;
    }
    if (strcmp(name, "unknown") == 0) {
        snprintf(message, size, "the index cannot be read");
        return -1;
    }
    return SP_SEVERITY_NONE;
}

static int
drop_file(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

static void
start_proxy(struct scene *scene)
{
    struct sp_error err = { 0 };
    int fd = stand_in_listen(&scene->port);
    snprintf(scene->origin, sizeof(scene->origin), "http://127.0.0.1:%u", scene->port);
    scene->options.origin = scene->origin;
    if (sp_proxy_start(&scene->proxy, fd, &scene->options, &err) < 0)
        fail_msg("%s", err.text);
}

static void
restart_proxy(struct scene *scene)
{
    sp_proxy_stop(scene->proxy);
    start_proxy(scene);
}

static int
begin(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    if (!scene)
        return -1;
    for (size_t i = 0; i < LARGE; i++)
        large[i] = (char)(i * 2654435761u >> 13);
    pthread_mutex_init(&scene->lock, NULL);
    scene->stand = stand_in_start();
    scene->foreign = stand_in_start();
    unsigned port = stand_in_port(scene->stand);
    snprintf(scene->urls[0], sizeof(scene->urls[0]), "http://127.0.0.1:%u/npm/", port);
    snprintf(scene->urls[1], sizeof(scene->urls[1]), "http://127.0.0.1:%u/pypi/simple/", port);
    snprintf(scene->prefix, sizeof(scene->prefix), "//127.0.0.1:%u/npm/@corp/", port);
    scene->items[0] = (struct sp_registry){ SP_REGISTRY_NPM, scene->urls[0] };
    scene->items[1] = (struct sp_registry){ SP_REGISTRY_PYPI, scene->urls[1] };
    scene->credential = (struct sp_credential){ SP_REGISTRY_NPM, scene->prefix, scene->token, .plain = true };
    snprintf(scene->token, sizeof(scene->token), "Bearer secret");
    scene->registries = (struct sp_registries){
        .items = scene->items, .count = 2, .credentials = &scene->credential, .credential_count = 1
    };
    snprintf(scene->cache, sizeof(scene->cache), "/tmp/sallyport-proxy-XXXXXX");
    if (!mkdtemp(scene->cache))
        return -1;
    scene->sink = (struct sp_event_sink){ take, scene };
    scene->options = (struct sp_proxy_options){ .registries = &scene->registries,
                                                .cache_directory = scene->cache,
                                                .enforce = true,
                                                .judge = judge,
                                                .sink = &scene->sink,
                                                .timeout_seconds = 2 };
    start_proxy(scene);
    *state = scene;
    return 0;
}

static int
finish(void **state)
{
    struct scene *scene = *state;
    sp_proxy_stop(scene->proxy);
    stand_in_stop(scene->stand);
    stand_in_stop(scene->foreign);
    nftw(scene->cache, drop_file, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < scene->text_count; i++)
        free(scene->texts[i]);
    sp_buffer_free(&scene->events);
    pthread_mutex_destroy(&scene->lock);
    free(scene);
    return 0;
}

/* ---- small words ---- */

/* A text that lives as long as the scene. */
static const char *
text(struct scene *scene, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (scene->text_count == SP_COUNT(scene->texts) ||
        vasprintf(&scene->texts[scene->text_count], format, args) < 0)
        abort();
    va_end(args);
    return scene->texts[scene->text_count++];
}

/* Asks the proxy for PATH of the registry; HEADERS each end in CR LF. */
static void
ask(struct scene *scene, struct said *said, const char *method, const char *path, const char *headers)
{
    sp_autobuffer struct sp_buffer request = { 0 };
    sp_buffer_printf(&request, NULL,
                     "%s /http/127.0.0.1:%u%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", method,
                     stand_in_port(scene->stand), path, headers);
    stand_in_say(said, scene->port, request.bytes, request.length);
}

static void
get(struct scene *scene, struct said *said, const char *path)
{
    ask(scene, said, "GET", path, "");
}

static void
say(struct scene *scene, struct said *said, const char *request)
{
    stand_in_say(said, scene->port, request, strlen(request));
}

static void
must_hold(const char *text_, const char *part)
{
    if (!text_ || !strstr(text_, part))
        fail_msg("'%s' is not in:\n%s", part, text_ ? text_ : "(nothing)");
}

static void
must_be_whole(const struct said *said, const char *body, size_t length)
{
    if (said->status != 200 || !said->complete || said->body_length != length ||
        memcmp(said->body, body, length) != 0)
        fail_msg("status %u, %scomplete, %zu bytes instead of %zu: %.200s", said->status,
                 said->complete ? "" : "not ", said->body_length, length, said->body ? said->body : "");
}

static void
must_not_be_whole(const struct said *said, size_t length)
{
    if (said->status == 200 && (said->complete || said->body_length + 65536 > length))
        fail_msg("%zu of %zu bytes of a wrong file came", said->body_length, length);
}

static bool
has_happened(struct scene *scene, const char *part)
{
    pthread_mutex_lock(&scene->lock);
    bool there = strstr(sp_buffer_string(&scene->events), part) != NULL;
    pthread_mutex_unlock(&scene->lock);
    return there;
}

/* The last event is sent when the answer has gone: wait for it. */
static void
must_happen(struct scene *scene, const char *part)
{
    for (int i = 0; i < 500 && !has_happened(scene, part); i++)
        nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
    if (!has_happened(scene, part))
        fail_msg("'%s' is not in:\n%s", part, sp_buffer_string(&scene->events));
}

static const char *
sri(struct scene *scene, enum sp_digest_kind kind, const void *bytes, size_t length)
{
    unsigned char value[SP_DIGEST_MAX];
    char out[SP_DIGEST_TEXT_MAX];
    sp_autodigest struct sp_digest *sum = sp_digest_new(kind, NULL);
    sp_digest_add(sum, bytes, length, NULL);
    sp_digest_finish(sum, value, NULL);
    sp_digest_write_sri(out, kind, value);
    return text(scene, "%s", out);
}

/* A package of one version whose tarball is BODY and whose stated integrity is that of STATED. */
static struct stand_in_page *
add_npm(struct scene *scene, const char *name, const char *version, const char *body, size_t length,
        const void *stated, size_t stated_length)
{
    const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    const char *path = text(scene, "/npm/%s/-/%s-%s.tgz", name, base, version);
    const char *page = text(
        scene,
        "{\"versions\":{\"%s\":{\"dist\":{\"tarball\":\"http://127.0.0.1:%u%s\",\"integrity\":\"%s\"}}}}",
        version, stand_in_port(scene->stand), path, sri(scene, SP_DIGEST_SHA512, stated, stated_length));
    stand_in_add(scene->stand, text(scene, "/npm/%s", name), "application/json", page, strlen(page));
    return stand_in_add(scene->stand, path, "application/octet-stream", body, length);
}
