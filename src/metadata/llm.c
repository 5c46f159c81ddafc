#include "metadata/llm.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "metadata/llm_question.h"
#include "registry/url.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#define FAILURES_MAX 3
#define KEPT_MARK "sallyport llm answer 1"
#define HEX_SIZE 65
#define SECOND UINT64_C(1000000000)
#define SECONDS_MAX 1000000

/* One question at a time: the lock is held while it is asked. */
struct sp_llm {
    pthread_mutex_t lock;
    struct sp_http *http;
    char *url, *model, *authorization, *directory;
    char host[SP_URL_AUTHORITY_MAX];
    bool named, offline;
    unsigned long timeout_seconds;
    uint64_t budget, spent; /* nanoseconds */
    uint64_t token_budget, tokens;
    unsigned questions, asked, failures; /* failures in a row */
};

/* ---- opening ---- */

static bool
is_loopback(const char *host)
{
    struct in_addr address;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* Whether some segment of PATH is a version, "v1" or "v1beta": then the base has it already. */
static bool
has_version(const char *path)
{
    for (const char *at = strstr(path, "/v"); at; at = strstr(at + 1, "/v"))
        if (at[2] >= '0' && at[2] <= '9')
            return true;
    return false;
}

static bool
ends_in(const char *text, size_t length, const char *end)
{
    size_t end_length = strlen(end);
    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

static int
read_url(struct sp_llm *llm, const char *text, bool *loopback, struct sp_error *err)
{
    struct sp_url url;
    sp_autobuffer struct sp_buffer whole = { 0 };
    if (sp_url_parse(&url, text, err) < 0)
        return sp_fail_within(err, "the LLM's URL");
    if (url.user)
        return sp_fail(err, SP_ERROR_USAGE, "the LLM's URL holds credentials; set SALLYPORT_LLM_KEY instead");
    if (strpbrk(url.rest, "?#"))
        return sp_fail(err, SP_ERROR_USAGE, "the LLM's URL has a query or a fragment; leave it out");
    *loopback = is_loopback(url.host);
    if (!url.secure && !*loopback)
        return sp_fail(err, SP_ERROR_USAGE,
                       "the LLM's URL is http and not of this machine: anybody on the way could read the key "
                       "and write the answers; use https");
    sp_url_authority(&url, llm->host);
    size_t length = strlen(url.rest);
    while (length && url.rest[length - 1] == '/')
        length--;
    const char *rest = ends_in(url.rest, length, "/chat/completions") ? ""
                       : has_version(url.rest)                        ? "/chat/completions"
                                                                      : "/v1/chat/completions";
    if (sp_buffer_printf(&whole, err, "%s://%s%.*s%s", url.secure ? "https" : "http", llm->host, (int)length,
                         url.rest, rest) < 0)
        return -1;
    return (llm->url = sp_buffer_steal(&whole, err)) ? 0 : -1;
}

static int
read_key(struct sp_llm *llm, const char *key, struct sp_error *err)
{
    if (!key || !*key)
        return 0;
    for (const char *at = key; *at; at++)
        if (*at <= ' ' || *at > '~')
            return sp_fail(err, SP_ERROR_USAGE,
                           "SALLYPORT_LLM_KEY holds a space or a character that no header may hold");
    if (asprintf(&llm->authorization, "Bearer %s", key) < 0) {
        llm->authorization = NULL;
        return sp_fail_memory(err);
    }
    return 0;
}

static int
copy(char **out, const char *text, struct sp_error *err)
{
    *out = strdup(text);
    return *out ? 0 : sp_fail_memory(err);
}

/* With DIRECTORY's parents; what is kept says what somebody looked up, so it is the user's alone. */
static int
make_directory(char *path, struct sp_error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int failed = mkdir(path, 0700) < 0 && errno != EEXIST;
        *slash = '/';
        if (failed)
            return sp_fail_errno(err, "%.300s: cannot be made", path);
    }
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return sp_fail_errno(err, "%.300s: cannot be made", path);
    return 0;
}

/* Leave to go unchecked, or through a proxy, was given for registries: the key has none of it. */
static int
open_http(struct sp_llm *llm, const struct sp_http_options *given, bool loopback, struct sp_error *err)
{
    struct sp_http_options options = given ? *given : (struct sp_http_options){ 0 };
    options.unchecked = NULL;
    options.unchecked_context = NULL;
    if (loopback)
        options.proxy = NULL;
    options.attempts = 1; /* so that the time of a question is bounded; the next question asks again */
    options.timeout_seconds = llm->timeout_seconds;
    return sp_http_new(&llm->http, &options, err);
}

static unsigned long
bounded(unsigned long seconds, unsigned long otherwise)
{
    return !seconds ? otherwise : seconds < SECONDS_MAX ? seconds : SECONDS_MAX;
}

int
sp_llm_open(struct sp_llm **out, const struct sp_llm_options *options, struct sp_error *err)
{
    bool loopback;
    struct sp_llm *llm = sp_new(struct sp_llm, err);
    if (!llm)
        return -1;
    pthread_mutex_init(&llm->lock, NULL);
    const char *directory = options->cache_directory;
    llm->named = options->model && *options->model;
    llm->offline = options->offline;
    llm->timeout_seconds = bounded(options->timeout_seconds, 30);
    llm->budget = bounded(options->budget_seconds, 120) * SECOND;
    llm->token_budget = options->tokens ? options->tokens : 500000;
    llm->questions = options->questions ? options->questions : 50;
    if (!options->url || !*options->url)
        sp_fail(err, SP_ERROR_USAGE, "the LLM has no URL");
    else if (read_url(llm, options->url, &loopback, err) == 0 && read_key(llm, options->key, err) == 0 &&
             copy(&llm->model, llm->named ? options->model : "default", err) == 0 &&
             (!directory || !*directory ||
              (copy(&llm->directory, directory, err) == 0 && make_directory(llm->directory, err) == 0)) &&
             open_http(llm, options->http, loopback, err) == 0) {
        *out = llm;
        return 0;
    }
    sp_llm_close(llm);
    return -1;
}

void
sp_llm_close(struct sp_llm *llm)
{
    if (!llm)
        return;
    sp_http_free(llm->http);
    pthread_mutex_destroy(&llm->lock);
    free(llm->url);
    free(llm->model);
    if (llm->authorization)
        explicit_bzero(llm->authorization, strlen(llm->authorization));
    free(llm->authorization);
    free(llm->directory);
    free(llm);
}

/* ---- answers kept ---- */

static int
digest_of(char out[HEX_SIZE], const char *first, const char *second, const void *bytes, size_t length,
          struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    char text[SP_DIGEST_TEXT_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    /* the NUL bytes keep the parts apart */
    if (!digest || sp_digest_add(digest, first, strlen(first) + 1, err) < 0 ||
        sp_digest_add(digest, second, strlen(second) + 1, err) < 0 ||
        sp_digest_add(digest, bytes, length, err) < 0 || sp_digest_finish(digest, value, err) < 0)
        return -1;
    sp_digest_write_hex(text, value, 32);
    memcpy(out, text, HEX_SIZE);
    return 0;
}

/* What is kept is known by model and question; where the model has no name, by the endpoint as well. PATH
 * stays empty where nothing is kept. */
static int
find_place(struct sp_buffer *path, char key[HEX_SIZE], const struct sp_llm *llm,
           const struct sp_buffer *question, struct sp_error *err)
{
    if (!llm->directory)
        return 0;
    if (digest_of(key, llm->model, llm->named ? "" : llm->url, question->bytes, question->length, err) < 0)
        return -1;
    return sp_buffer_printf(path, err, "%s/llm-%s.json", llm->directory, key);
}

/* MARK KEY DIGEST newline, then what the model wrote. A file that is anything else is as good as none. */
static bool
read_kept(struct sp_llm_judged *out, const char *path, const char *key)
{
    char digest[HEX_SIZE], head[sizeof(KEPT_MARK) + 2 * HEX_SIZE + 1];
    sp_autobuffer struct sp_buffer file = { 0 };
    const size_t head_length = sizeof(head) - 1;
    if (sp_file_read(path, SP_LLM_BODY_MAX + sizeof(head), &file, NULL) < 0 || file.length < head_length ||
        digest_of(digest, "", "", file.bytes + head_length, file.length - head_length, NULL) < 0)
        return false;
    snprintf(head, sizeof(head), "%s %s %s\n", KEPT_MARK, key, digest);
    return memcmp(head, file.bytes, head_length) == 0 &&
           sp_llm_answer_read(out, file.bytes + head_length, file.length - head_length, NULL) == 0;
}

/* A full disk costs the next run a question, nothing else. */
static void
keep(const char *path, const char *key, const struct sp_buffer *content)
{
    char digest[HEX_SIZE];
    sp_autobuffer struct sp_buffer file = { 0 };
    if (digest_of(digest, "", "", content->bytes, content->length, NULL) == 0 &&
        sp_buffer_printf(&file, NULL, "%s %s %s\n", KEPT_MARK, key, digest) == 0 &&
        sp_buffer_append(&file, content->bytes, content->length, NULL) == 0)
        (void)sp_file_write(path, file.bytes, file.length, NULL);
}

/* ---- asking ---- */

struct exchange {
    const struct sp_llm *llm;
    long status;
    struct sp_buffer body;
};

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    const struct exchange *exchange = context;
    if (strcmp(url, exchange->llm->url) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "%s: redirects are not followed", exchange->llm->host);
    *authorization = exchange->llm->authorization;
    return 0;
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err SP_UNUSED)
{
    ((struct exchange *)context)->status = head->status;
    return 0;
}

static int
take_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    return sp_buffer_append(&((struct exchange *)context)->body, bytes, length, err);
}

static int
check_status(const struct exchange *exchange, struct sp_error *err)
{
    const char *host = exchange->llm->host;
    if (exchange->status == 200)
        return 0;
    if (exchange->status == 401 || exchange->status == 403)
        return sp_fail(err, SP_ERROR_INPUT, "%s: answered %ld; is SALLYPORT_LLM_KEY right?", host,
                       exchange->status);
    if (exchange->status >= 300 && exchange->status < 400)
        return sp_fail(err, SP_ERROR_INPUT, "%s: answered %ld; redirects are not followed", host,
                       exchange->status);
    return sp_fail(err, SP_ERROR_INPUT, "%s: answered %ld", host, exchange->status);
}

static int
check_budget(const struct sp_llm *llm, const struct sp_buffer *question, struct sp_error *err)
{
    if (llm->offline)
        return sp_fail(err, SP_ERROR_USAGE, "no answer is kept, and offline nobody is asked");
    if (llm->failures >= FAILURES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s failed %d times in a row and is not asked any more",
                       llm->host, FAILURES_MAX);
    if (llm->asked >= llm->questions)
        return sp_fail(err, SP_ERROR_LIMIT, "all %u questions are asked", llm->questions);
    if (llm->spent >= llm->budget)
        return sp_fail(err, SP_ERROR_LIMIT, "its %llu seconds are used up",
                       (unsigned long long)(llm->budget / SECOND));
    if (llm->tokens >= llm->token_budget || question->length / 4 > llm->token_budget - llm->tokens)
        return sp_fail(err, SP_ERROR_LIMIT, "of its %llu tokens too few are left",
                       (unsigned long long)llm->token_budget);
    return 0;
}

static void
count_tokens(struct sp_llm *llm, uint64_t said, size_t question, size_t answer)
{
    uint64_t used = said == UINT64_MAX ? (question + answer) / 4 : said;
    if (__builtin_add_overflow(llm->tokens, used, &llm->tokens))
        llm->tokens = UINT64_MAX;
}

static int
ask(struct sp_llm *llm, const struct sp_buffer *question, struct sp_buffer *content,
    struct sp_llm_judged *judged, struct sp_error *err)
{
    static const char *const headers[] = { "Content-Type: application/json", "Accept: application/json",
                                           NULL };
    struct exchange exchange = { .llm = llm };
    uint64_t left = llm->budget - llm->spent, tokens = UINT64_MAX;
    unsigned long seconds = (unsigned long)((left + SECOND - 1) / SECOND);
    const struct sp_http_request request = {
        .method = SP_HTTP_POST,
        .url = llm->url,
        .headers = headers,
        .content = question->bytes,
        .content_length = question->length,
        .max_bytes = SP_LLM_BODY_MAX,
        .decode = true,
        .total_seconds = seconds < llm->timeout_seconds ? seconds : llm->timeout_seconds,
        .admit = admit,
        .head = take_head,
        .body = take_body,
        .context = &exchange,
    };
    llm->asked++;
    uint64_t start = sp_now();
    int status = sp_http_fetch(llm->http, &request, err);
    llm->spent += sp_now() - start;
    if (status == 0)
        status = check_status(&exchange, err);
    if (status == 0 &&
        (sp_llm_body_read(content, &tokens, exchange.body.bytes, exchange.body.length, err) < 0 ||
         sp_llm_answer_read(judged, content->bytes, content->length, err) < 0))
        status = sp_fail_within(err, "%s", llm->host);
    count_tokens(llm, tokens, question->length, exchange.body.length);
    llm->failures = status < 0 ? llm->failures + 1 : 0;
    sp_buffer_free(&exchange.body);
    return status;
}

static int
judge(struct sp_llm *llm, const struct sp_signal_scene *scene, struct sp_llm_judged *judged,
      struct sp_error *err)
{
    char key[HEX_SIZE];
    sp_autobuffer struct sp_buffer question = { 0 }, content = { 0 }, path = { 0 };
    if (!scene->name || scene->name->presence != SP_PRESENT)
        return sp_fail(err, SP_ERROR_INPUT, "nothing is known of the package that it could judge");
    if (sp_llm_question_write(&question, llm->model, scene, err) < 0 ||
        find_place(&path, key, llm, &question, err) < 0)
        return -1;
    if (path.length && read_kept(judged, path.bytes, key))
        return 0;
    if (check_budget(llm, &question, err) < 0 || ask(llm, &question, &content, judged, err) < 0)
        return -1;
    if (path.length)
        keep(path.bytes, key, &content);
    return 0;
}

/* What the model does not know stays as it was read: its silence is no evidence. What the rules hold against
 * the package stays too: the texts that the model reads are the package's own, and may have been written to
 * talk it round. */
static void
apply(const struct sp_llm_judged *judged, struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    for (size_t i = 0; i < SP_LLM_JUDGEMENTS; i++) {
        const struct sp_llm_said *said = &judged->said[i];
        if (said->state == SP_SIGNAL_UNKNOWN)
            continue;
        enum sp_signal_id id = sp_llm_judgements[i].id;
        struct sp_signal_seen *one = &seen[id];
        if (sp_signals[id]->lean == SP_LEANS_ATTACK && one->state == SP_SIGNAL_YES)
            continue;
        one->state = said->state;
        one->value = NAN;
        snprintf(one->evidence, sizeof(one->evidence), "the LLM: %s",
                 *said->reason ? said->reason : "it gives no reason");
    }
}

int
sp_llm_read(struct sp_llm *llm, const struct sp_signal_scene *scene,
            struct sp_signal_seen seen[SP_SIGNAL_COUNT], struct sp_error *err)
{
    struct sp_llm_judged judged;
    pthread_mutex_lock(&llm->lock);
    int status = judge(llm, scene, &judged, err);
    pthread_mutex_unlock(&llm->lock);
    if (status < 0) {
        sp_fail_within(err, "the LLM is not heard");
        return 1;
    }
    apply(&judged, seen);
    return 0;
}
