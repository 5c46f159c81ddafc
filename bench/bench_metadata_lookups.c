/* bench_metadata_lookups: how long many look-ups take against a registry that answers slowly, first with
 * nothing kept, then with all of it.
 *
 *   bench_metadata_lookups [--urls N] [--threads N] [--latency MILLISECONDS] [--bytes N] [--no-curl]
 *
 * Prints seconds, and beside them what "xargs -P THREADS curl" takes for the same, where curl is there. */
#include "base/buffer.h"
#include "base/clock.h"
#include "base/tree.h"
#include "metadata/keeping.h"
#include "metadata_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>

#define THREADS_MAX 128

struct work {
    struct sp_transport transport;
    unsigned port, urls;
    size_t bytes;
    atomic_uint next, failed;
};

static void *
look_up(void *context)
{
    struct work *work = context;
    for (unsigned i; (i = atomic_fetch_add(&work->next, 1)) < work->urls;) {
        char url[128];
        struct sp_answer answer = { 0 };
        struct sp_error err = { 0 };
        snprintf(url, sizeof(url), "http://127.0.0.1:%u/package/%u", work->port, i);
        const struct sp_asked asked = { .url = url, .max_bytes = (uint64_t)1 << 30 };
        if (work->transport.get(work->transport.context, &asked, &answer, &err) < 0 ||
            answer.length != work->bytes) {
            atomic_fetch_add(&work->failed, 1);
            fprintf(stderr, "%s\n", err.text);
        }
        sp_answer_free(&answer);
    }
    return NULL;
}

static double
run(struct work *work, unsigned threads)
{
    pthread_t at_work[THREADS_MAX];
    uint64_t start = sp_now();
    atomic_store(&work->next, 0);
    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&at_work[i], NULL, look_up, work) != 0)
            abort();
    for (unsigned i = 0; i < threads; i++)
        pthread_join(at_work[i], NULL);
    return (double)(sp_now() - start) / 1e9;
}

/* Negative: curl or xargs is not there, or failed. */
static double
run_curl(const struct work *work, unsigned threads)
{
    char command[256];
    snprintf(command, sizeof(command),
             "command -v curl >/dev/null && seq 0 %u | "
             "xargs -P %u -I{} curl -sf -o /dev/null 'http://127.0.0.1:%u/package/{}'",
             work->urls - 1, threads, work->port);
    uint64_t start = sp_now();
    int status = system(command);
    return status == 0 ? (double)(sp_now() - start) / 1e9 : -1;
}

static unsigned
read_option(char **argv, const char *name, unsigned otherwise)
{
    for (; *argv; argv++)
        if (strcmp(*argv, name) == 0 && argv[1])
            return (unsigned)strtoul(argv[1], NULL, 10);
    return otherwise;
}

static bool
has_option(char **argv, const char *name)
{
    while (*argv && strcmp(*argv, name) != 0)
        argv++;
    return *argv != NULL;
}

int
main(int argc SP_UNUSED, char **argv)
{
    char directory[] = "/tmp/sallyport-lookups-XXXXXX";
    unsigned threads = read_option(argv, "--threads", 32);
    struct work work = { .urls = read_option(argv, "--urls", 1500),
                         .bytes = read_option(argv, "--bytes", 20000) };
    struct sp_keeping *keeping = NULL;
    struct sp_error err = { 0 };
    sp_autofree char *body = malloc(work.bytes + 1);
    if (!body || !threads || threads > THREADS_MAX || !work.urls || !mkdtemp(directory))
        return 2;
    for (size_t i = 0; i < work.bytes; i++)
        body[i] = (char)('a' + i * i % 26);
    struct metadata_server *server = metadata_server_start(false);
    metadata_serve(server, "/package/*", body, work.bytes)->delay = read_option(argv, "--latency", 50);
    work.port = metadata_server_port(server);

    const struct sp_http_options http = { 0 };
    const struct sp_keeping_options options = { .directory = directory, .http = &http };
    if (sp_keeping_open(&keeping, &options, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    work.transport = sp_keeping_transport(keeping);
    double cold = run(&work, threads), warm = run(&work, threads);
    double rival = has_option(argv, "--no-curl") ? -1 : run_curl(&work, threads);
    struct sp_keeping_figures figures;
    sp_keeping_tally(keeping, &figures);
    printf("%u URLs, %u threads, %u ms each, %zu bytes\n", work.urls, threads,
           read_option(argv, "--latency", 50), work.bytes);
    printf("cold: %.2f s (%zu asked, %.1f s of waiting)\n", cold, figures.asked, figures.seconds);
    printf("warm: %.2f s (%zu kept)\n", warm, figures.kept);
    if (rival > 0)
        printf("xargs -P%u curl: %.2f s, %.1f times the cold, %.0f times the warm one\n", threads, rival,
               rival / cold, rival / warm);
    else
        printf("xargs curl: not measured\n");
    sp_keeping_close(keeping);
    metadata_server_stop(server);
    sp_tree_remove(directory, NULL);
    return atomic_load(&work.failed) ? 1 : 0;
}
