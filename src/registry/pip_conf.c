/* pip_conf.c: the format of pip.conf, as Python's configparser reads it: keys become "section.key", lower
 * case with '-' for '_'. Lines of a value are joined by newlines. */
#include "registry/reading.h"

#include <string.h>

struct line {
    const char *start, *end; /* without blanks around */
    size_t indent;
};

static struct line
read_line(const char *at, const char *end)
{
    struct line line = { at, end, 0 };
    while (line.start < end && strchr(" \t\r\f\v", *line.start))
        line.start++;
    while (line.end > line.start && strchr(" \t\r\f\v", line.end[-1]))
        line.end--;
    line.indent = (size_t)(line.start - at);
    return line;
}

/* "section.KEY" with KEY as pip spells it. */
static int
write_key(struct sp_buffer *key, const struct sp_buffer *section, const char *name, size_t length,
          struct sp_error *err)
{
    sp_buffer_clear(key);
    if (sp_buffer_append(key, sp_buffer_string(section), section->length, err) < 0 ||
        sp_buffer_append_byte(key, '.', err) < 0)
        return -1;
    if (length > 2 && strncmp(name, "--", 2) == 0) {
        name += 2;
        length -= 2;
    }
    for (size_t i = 0; i < length; i++) {
        char c = name[i] == '_' ? '-' : name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
        if (sp_buffer_append_byte(key, c, err) < 0)
            return -1;
    }
    return 0;
}

struct option {
    struct sp_buffer section, key, value;
    unsigned line; /* where it began; 0: none is open */
    size_t indent;
};

static int
finish(struct sp_config_file *file, struct sp_settings *settings, struct option *option, struct sp_error *err)
{
    unsigned line = option->line;
    option->line = 0;
    return !line ? 0
                 : sp_config_add(file, settings, line, sp_buffer_string(&option->key), option->key.length,
                                 sp_buffer_string(&option->value), option->value.length, err);
}

static int
take_line(struct sp_config_file *file, struct sp_settings *settings, struct option *option, struct line text,
          unsigned number, struct sp_error *err)
{
    size_t length = (size_t)(text.end - text.start);
    if (!length || *text.start == '#' || *text.start == ';')
        return 0;
    if (option->line && text.indent > option->indent)
        return sp_buffer_append_byte(&option->value, '\n', err) < 0
                   ? -1
                   : sp_buffer_append(&option->value, text.start, length, err);
    if (finish(file, settings, option, err) < 0)
        return -1;
    const char *bracket = *text.start == '[' ? memchr(text.start, ']', length) : NULL;
    if (bracket) {
        sp_buffer_clear(&option->section);
        return sp_buffer_append(&option->section, text.start + 1, (size_t)(bracket - text.start - 1), err);
    }
    const char *name_end = text.start;
    while (name_end < text.end && *name_end != '=' && *name_end != ':')
        name_end++;
    if (!option->section.length)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s:%u: a setting outside of any section; write [global] above it", file->path,
                       number);
    if (name_end == text.end || name_end == text.start)
        return sp_fail(err, SP_ERROR_INPUT, "%s:%u: neither a [section] nor a setting; write KEY = VALUE",
                       file->path, number);
    struct line name = read_line(text.start, name_end), value = read_line(name_end + 1, text.end);
    sp_buffer_clear(&option->value);
    option->line = number;
    option->indent = text.indent;
    return write_key(&option->key, &option->section, name.start, (size_t)(name.end - name.start), err) < 0
               ? -1
               : sp_buffer_append(&option->value, value.start, (size_t)(value.end - value.start), err);
}

int
sp_pip_conf_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err)
{
    const size_t from = settings->count;
    const char *at = sp_buffer_string(&file->content), *stop = at + file->content.length;
    struct option option = { 0 };
    int status = 0;
    for (unsigned number = 1; at < stop && status == 0; number++) {
        const char *newline = memchr(at, '\n', (size_t)(stop - at));
        const char *end = newline ? newline : stop;
        status = take_line(file, settings, &option, read_line(at, end), number, err);
        at = newline ? newline + 1 : stop;
    }
    if (status == 0)
        status = finish(file, settings, &option, err);
    sp_buffer_free(&option.section);
    sp_buffer_free(&option.key);
    sp_buffer_free(&option.value);
    sp_settings_reverse(settings, from);
    return status;
}
