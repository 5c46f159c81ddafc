#include "metadata/walk.h"
#include "base/utf8.h"

#include <string.h>

/* A little more than the longest text that a record keeps, so that it can tell that more was there. */
#define KEEP (SP_RECORD_README_MAX + 64)

void
sp_json_walk_open(struct sp_json_walk *walk, const struct sp_teller *teller, const char *bytes, size_t length)
{
    walk->teller = teller;
    walk->failed =
        sp_json_reader_open(&walk->reader, teller->source, bytes, length, &walk->scratch, &walk->err) < 0;
    walk->reader.forgiving = true;
    walk->reader.keep = KEEP;
}

int
sp_json_walk_close(struct sp_json_walk *walk, struct sp_error *err)
{
    sp_buffer_free(&walk->scratch);
    if (!walk->failed)
        return 0;
    if (walk->err.code == SP_ERROR_MEMORY)
        return sp_fail_memory(err);
    return sp_record_problem(walk->teller->record, err, "%s", walk->err.text);
}

enum sp_json_token
sp_json_walk_value(struct sp_json_walk *walk)
{
    if (walk->failed)
        return SP_JSON_FAILED;
    enum sp_json_token token = sp_json_next(&walk->reader, &walk->err);
    walk->failed = token == SP_JSON_FAILED;
    return token;
}

void
sp_json_walk_leave(struct sp_json_walk *walk, enum sp_json_token token)
{
    if (!walk->failed)
        sp_json_walk_did(walk, sp_json_skip(&walk->reader, token, &walk->err));
}

bool
sp_json_walk_enter(struct sp_json_walk *walk, enum sp_json_token kind)
{
    enum sp_json_token token = sp_json_walk_value(walk);
    if (token == kind)
        return true;
    sp_json_walk_leave(walk, token);
    return false;
}

bool
sp_json_walk_key(struct sp_json_walk *walk)
{
    return sp_json_walk_value(walk) == SP_JSON_KEY;
}

bool
sp_json_walk_item(struct sp_json_walk *walk, enum sp_json_token *token)
{
    *token = sp_json_walk_value(walk);
    return *token != SP_JSON_FAILED && *token != SP_JSON_ARRAY_END;
}

void
sp_json_walk_skip(struct sp_json_walk *walk)
{
    if (!walk->failed)
        sp_json_walk_did(walk, sp_json_skip_value(&walk->reader, &walk->err));
}

bool
sp_json_walk_text(struct sp_json_walk *walk)
{
    return sp_json_walk_enter(walk, SP_JSON_STRING);
}

const char *
sp_json_walk_copy(struct sp_json_walk *walk)
{
    if (!sp_json_walk_text(walk))
        return NULL;
    size_t length = walk->reader.length;
    if (length > SP_RECORD_TEXT_MAX)
        for (length = SP_RECORD_TEXT_MAX; length && (walk->reader.text[length] & 0xc0) == 0x80;)
            length--;
    if (!sp_utf8_valid(walk->reader.text, length))
        return NULL;
    const char *copy = sp_arena_copy(&walk->teller->record->arena, walk->reader.text, length, &walk->err);
    walk->failed |= !copy;
    return copy;
}

int64_t
sp_json_walk_number(struct sp_json_walk *walk)
{
    int64_t value = 0;
    if (!sp_json_walk_enter(walk, SP_JSON_NUMBER) || walk->reader.length > 18)
        return -1;
    for (size_t i = 0; i < walk->reader.length; i++) {
        char c = walk->reader.text[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

int
sp_json_walk_flag(struct sp_json_walk *walk)
{
    enum sp_json_token token = sp_json_walk_value(walk);
    sp_json_walk_leave(walk, token);
    return token == SP_JSON_TRUE ? 1 : token == SP_JSON_FALSE ? 0 : -1;
}

void
sp_json_walk_here(struct sp_json_walk *walk, struct sp_json_walk_mark *mark)
{
    *mark = (struct sp_json_walk_mark){ true, walk->reader };
}

bool
sp_json_walk_go(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    if (walk->failed || !mark->there)
        return false;
    walk->reader = mark->at;
    return true;
}

bool
sp_json_walk_marks(struct sp_json_walk *walk, const char *const *keys, size_t count,
                   struct sp_json_walk_mark *marks)
{
    memset(marks, 0, count * sizeof(*marks));
    if (!sp_json_walk_enter(walk, SP_JSON_OBJECT))
        return false;
    while (sp_json_walk_key(walk)) {
        for (size_t i = 0; i < count; i++)
            if (sp_json_is(&walk->reader, keys[i])) {
                sp_json_walk_here(walk, &marks[i]);
                break;
            }
        sp_json_walk_skip(walk);
    }
    return !walk->failed;
}
