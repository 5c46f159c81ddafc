/* yaml.c: the scalars of a YAML file with the keys that lead to them. */
#include "registry/reading.h"

#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 32
#define PATH_MAX_BYTES 4096

struct level {
    bool sequence;
    bool has_key; /* of a mapping: its value comes next */
    size_t path;  /* length of the path that leads here */
};

struct walk {
    struct sp_config_file *file;
    struct sp_settings *settings;
    struct level levels[DEPTH_MAX];
    size_t depth, sequences;
    char path[PATH_MAX_BYTES];
    size_t path_length;
};

/* A value has come to its end. */
static void
value_done(struct walk *walk)
{
    if (walk->depth) {
        struct level *level = &walk->levels[walk->depth - 1];
        level->has_key = false;
        walk->path_length = level->path;
    }
}

static int
open_level(struct walk *walk, bool sequence, unsigned line, struct sp_error *err)
{
    struct level *above = walk->depth ? &walk->levels[walk->depth - 1] : NULL;
    if (walk->depth == DEPTH_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s:%u: nested more than %d deep; make it flatter",
                       walk->file->path, line, DEPTH_MAX);
    /* a mapping as a key: what is beneath is none of ours, as within a sequence */
    bool hidden = sequence || (above && !above->sequence && !above->has_key);
    walk->levels[walk->depth++] = (struct level){ hidden, false, walk->path_length };
    walk->sequences += hidden;
    return 0;
}

static void
close_level(struct walk *walk)
{
    if (!walk->depth)
        return;
    walk->sequences -= walk->levels[--walk->depth].sequence;
    value_done(walk);
}

static int
take_scalar(struct walk *walk, const char *text, size_t length, unsigned line, struct sp_error *err)
{
    struct level *level = walk->depth ? &walk->levels[walk->depth - 1] : NULL;
    if (!level || walk->sequences) {
        return 0;
    } else if (!level->has_key) {
        if (length + 2 > sizeof(walk->path) - walk->path_length)
            return sp_fail(err, SP_ERROR_LIMIT, "%s:%u: a key of %zu bytes; shorten it", walk->file->path,
                           line, length);
        if (walk->path_length)
            walk->path[walk->path_length++] = SP_KEY_JOINT;
        memcpy(walk->path + walk->path_length, text, length);
        walk->path_length += length;
        level->has_key = true;
        return 0;
    }
    int added = memchr(text, '\0', length) ? 0
                                           : sp_config_add(walk->file, walk->settings, line, walk->path,
                                                           walk->path_length, text, length, err);
    value_done(walk);
    return added;
}

static int
take_event(struct walk *walk, const yaml_event_t *event, struct sp_error *err)
{
    unsigned line = (unsigned)event->start_mark.line + 1;
    switch (event->type) {
    case YAML_MAPPING_START_EVENT:
        return open_level(walk, false, line, err);
    case YAML_SEQUENCE_START_EVENT:
        return open_level(walk, true, line, err);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        close_level(walk);
        return 0;
    case YAML_SCALAR_EVENT:
        return take_scalar(walk, (const char *)event->data.scalar.value, event->data.scalar.length, line,
                           err);
    case YAML_ALIAS_EVENT: /* a key or a value that is none of ours */
        return take_scalar(walk, "", 0, line, err);
    default:
        return 0;
    }
}

int
sp_yaml_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err)
{
    const size_t from = settings->count;
    struct walk walk = { .file = file, .settings = settings };
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return sp_fail_memory(err);
    yaml_parser_set_input_string(&parser, (const unsigned char *)sp_buffer_string(&file->content),
                                 file->content.length);
    int status = 0;
    for (bool ended = false; !ended && status == 0;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = sp_fail(err, SP_ERROR_INPUT, "%s:%zu: %s; write it as YAML", file->path,
                             parser.problem_mark.line + 1, parser.problem ? parser.problem : "no YAML");
            break;
        }
        ended = event.type == YAML_STREAM_END_EVENT || event.type == YAML_DOCUMENT_END_EVENT;
        status = take_event(&walk, &event, err);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    sp_settings_reverse(settings, from);
    return status;
}
