/* huggingface_card.c: the model card. Source: huggingface.co/docs/hub, "Model Cards". Its head is read event
 * by event, so that aliases, which can make much of little, are never followed. */
#include "metadata/huggingface.h"

#include <string.h>
#include <strings.h>
#include <yaml.h>

#define HEAD_MAX ((size_t)64 << 10)
#define EVENTS_MAX 20000
#define DEPTH_MAX 16

struct head {
    const struct sp_teller *teller;
    struct sp_error *err;
    unsigned depth; /* 1: within the map of the head */
    bool is_value;  /* at depth 1: a key went before */
    char key[64];   /* of the value at depth 1, or of the list in it */
    bool listed[SP_FIELD_COUNT];
    bool failed;
};

static int
tell_name(struct head *head, enum sp_field field, const char *text, size_t length)
{
    if (!head->listed[field]) {
        if (!sp_tell_list(head->teller, field))
            return 0;
        head->listed[field] = true;
    }
    return sp_tell_name(head->teller, field, text, length, head->err);
}

/* A text that is the value of the key, or within a list that is. */
static void
take(struct head *head, const char *text, size_t length)
{
    int status = 0;
    if (!strcmp(head->key, "license"))
        status = sp_tell_text(head->teller, SP_FIELD_LICENCE, text, length, head->err);
    else if (!strcmp(head->key, "base_model"))
        status = tell_name(head, SP_FIELD_DEPENDENCIES, text, length);
    else if (!strcmp(head->key, "tags"))
        status = tell_name(head, SP_FIELD_KEYWORDS, text, length);
    head->failed |= status < 0;
}

static void
on_scalar(struct head *head, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (head->depth == 1 && !head->is_value) {
        snprintf(head->key, sizeof(head->key), "%.*s", length < 63 ? (int)length : 0, text);
        head->is_value = true;
        return;
    }
    if (head->depth <= 2)
        take(head, text, length);
    head->is_value &= head->depth != 1;
}

/* Whether there is more to read. */
static bool
on_event(struct head *head, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (!head->depth)
            return false;
        on_scalar(head, event);
        break;
    case YAML_ALIAS_EVENT:
        if (head->depth == 1)
            head->is_value = !head->is_value;
        break;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        if (!head->depth && event->type == YAML_SEQUENCE_START_EVENT)
            return false;
        if (head->depth == 1 && (!head->is_value || event->type == YAML_MAPPING_START_EVENT))
            *head->key = '\0'; /* what is within says nothing that is looked for */
        if (++head->depth > DEPTH_MAX)
            return false;
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        if (--head->depth == 1)
            head->is_value = !head->is_value;
        return head->depth > 0;
    case YAML_STREAM_END_EVENT:
    case YAML_NO_EVENT:
        return false;
    default:
        break;
    }
    return !head->failed;
}

static int
read_head(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct head head = { .teller = teller, .err = err };
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true, damaged = false;
    if (!yaml_parser_initialize(&parser))
        return sp_fail_memory(err);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    for (unsigned count = 0; more && count < EVENTS_MAX; count++) {
        if (!yaml_parser_parse(&parser, &event)) {
            damaged = true;
            break;
        }
        more = on_event(&head, &event);
        yaml_event_delete(&event);
    }
    bool memory = damaged && parser.error == YAML_MEMORY_ERROR;
    yaml_parser_delete(&parser);
    if (head.failed)
        return -1;
    if (memory)
        return sp_fail_memory(err);
    return damaged ? sp_record_problem(teller->record, err, "%s: its head is no YAML", teller->source) : 0;
}

/* The line that is "---" alone from FROM on; LENGTH where there is none. */
static size_t
find_dashes(const char *bytes, size_t length, size_t from)
{
    while (from < length) {
        const char *stop = memchr(bytes + from, '\n', length - from);
        size_t end = stop ? (size_t)(stop - bytes) : length, last = end;
        while (last > from && strchr(" \t\r", bytes[last - 1]) && bytes[last - 1])
            last--;
        if (last - from == 3 && !memcmp(bytes + from, "---", 3))
            return from;
        from = end + 1;
    }
    return length;
}

int
sp_huggingface_read_card(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err)
{
    size_t limit = length < HEAD_MAX ? length : HEAD_MAX, body = 0;
    if (limit && find_dashes(bytes, limit, 0) == 0) {
        const char *line = memchr(bytes, '\n', limit);
        size_t start = line ? (size_t)(line - bytes) + 1 : limit, end = find_dashes(bytes, limit, start);
        if (end < limit) {
            const char *next = memchr(bytes + end, '\n', length - end);
            body = next ? (size_t)(next - bytes) + 1 : length;
            if (read_head(teller, bytes + start, end - start, err) < 0)
                return -1;
        }
    }
    return sp_tell_text(teller, SP_FIELD_README, bytes + body, length - body, err) < 0 ? -1 : SP_READ;
}
