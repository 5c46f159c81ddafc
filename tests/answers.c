#include "answers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer *
answers_add(struct answers *answers, const char *url, const char *type, const char *bytes, size_t length)
{
    assert(answers->count < ANSWERS_MAX);
    struct answer *item = &answers->items[answers->count++];
    *item = (struct answer){ .url = url, .status = 200, .type = type, .bytes = bytes, .length = length };
    return item;
}

struct answer *
answers_add_text(struct answers *answers, const char *url, const char *type, const char *text)
{
    return answers_add(answers, url, type, text, strlen(text));
}

struct answer *
answers_add_status(struct answers *answers, const char *url, long status)
{
    struct answer *item = answers_add_text(answers, url, "text/plain", "no");
    item->status = status;
    return item;
}

/* The bytes that ASKED wants of the whole. */
static void
cut(const struct sp_asked *asked, const struct answer *item, size_t *from, size_t *to)
{
    *from = 0;
    *to = item->length;
    if (asked->from < 0)
        *from = item->length > (size_t)-asked->from ? item->length - (size_t)-asked->from : 0;
    else if (asked->to) {
        *from = (size_t)asked->from < item->length ? (size_t)asked->from : item->length;
        *to = (size_t)asked->to < item->length ? (size_t)asked->to + 1 : item->length;
    }
}

static int
get(void *context, const struct sp_asked *asked, struct sp_answer *out, struct sp_error *err)
{
    struct answers *answers = context;
    const struct answer *item = NULL;
    for (size_t i = 0; i < answers->count; i++)
        if (!strcmp(answers->items[i].url, asked->url))
            item = &answers->items[i];
    assert(answers->asked_count < ANSWERS_MAX);
    size_t number = answers->asked_count++;
    snprintf(answers->asked_urls[number], sizeof(answers->asked_urls[number]), "%s", asked->url);
    answers->asked[number] = *asked;
    answers->asked[number].url = answers->asked_urls[number];
    if (item && !item->status)
        return sp_fail(err, SP_ERROR_SYSTEM, "%s: no answer", asked->url);
    static const struct answer missing = { .status = 404, .type = "text/plain", .bytes = "", .length = 0 };
    if (!item)
        item = &missing;
    bool part = (asked->from || asked->to) && item->status == 200 && !item->whole;
    size_t from = 0, to = item->length;
    if (part)
        cut(asked, item, &from, &to);
    if (to - from > asked->max_bytes)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %llu bytes", asked->url,
                       (unsigned long long)asked->max_bytes);
    /* exactly as long as it is, so that a read beyond it is seen */
    char *bytes = malloc(to - from + 1);
    if (!bytes)
        return sp_fail_memory(err);
    memcpy(bytes, item->bytes + from, to - from);
    bytes[to - from] = '\0';
    *out = (struct sp_answer){ .status = part ? 206 : item->status,
                               .bytes = bytes,
                               .length = to - from,
                               .whole = part ? (item->said ? item->said : item->length) : 0,
                               .time = ANSWERS_TIME,
                               .owned = bytes,
                               .release = free };
    snprintf(out->type, sizeof(out->type), "%s", item->type);
    snprintf(out->url, sizeof(out->url), "%s", asked->url);
    return 0;
}

struct sp_transport
answers_transport(struct answers *answers)
{
    return (struct sp_transport){ .get = get, .context = answers };
}

bool
answers_were_asked(const struct answers *answers, const char *url)
{
    for (size_t i = 0; i < answers->asked_count; i++)
        if (!strcmp(answers->asked_urls[i], url))
            return true;
    return false;
}
