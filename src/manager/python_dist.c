/* python_dist.c: RECORD, top_level.txt, entry_points.txt, METADATA. */
#include "manager/python_dist.h"
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

#define MODULES_MAX 200 /* of one distribution */
#define NAME_LENGTH_MAX 200

void
sp_python_dist_free(struct sp_python_dist *dist)
{
    free(dist->modules.items);
    free(dist->tops.items);
    free(dist->scripts.items);
    *dist = (struct sp_python_dist){ 0 };
}

/* The next line of TEXT from *AT, without its end. */
static bool
next_line(const char *text, size_t length, size_t *at, const char **line, size_t *line_length)
{
    if (*at >= length)
        return false;
    const char *newline = memchr(text + *at, '\n', length - *at);
    size_t end = newline ? (size_t)(newline - text) : length;
    *line = text + *at;
    *line_length = end - *at;
    if (*line_length && (*line)[*line_length - 1] == '\r')
        (*line_length)--;
    *at = end + 1;
    return true;
}

static int
add(struct sp_strings *strings, struct sp_arena *arena, const char *word, size_t length, struct sp_error *err)
{
    if (strings->count >= MODULES_MAX || length > NAME_LENGTH_MAX)
        return 0;
    for (size_t i = 0; i < strings->count; i++)
        if (!strncmp(strings->items[i], word, length) && !strings->items[i][length])
            return 0;
    if (sp_grow(strings->items, strings->capacity, strings->count + 1, err) < 0)
        return -1;
    strings->items[strings->count] = sp_arena_copy(arena, word, length, err);
    return strings->items[strings->count++] ? 0 : -1;
}

/* Python allows more letters than ASCII's; bytes above 0x7f are let through for the interpreter to judge. */
static bool
is_identifier(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)word[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        if (!letter && !(i && c >= '0' && c <= '9'))
            return false;
    }
    return length > 0;
}

int
sp_python_read_metadata(struct sp_python_dist *dist, struct sp_arena *arena, const char *text, size_t length,
                        struct sp_error *err)
{
    const char *line;
    size_t at = 0, span;
    while (next_line(text, length, &at, &line, &span) && span) {
        const char **out = span > 6 && !strncmp(line, "Name: ", 6)      ? &dist->name
                           : span > 9 && !strncmp(line, "Version: ", 9) ? &dist->version
                                                                        : NULL;
        size_t skip = out == &dist->name ? 6 : 9;
        if (!out || *out || span - skip > NAME_LENGTH_MAX || memchr(line, '\0', span))
            continue;
        if (!(*out = sp_arena_copy(arena, line + skip, span - skip, err)))
            return -1;
    }
    return 0;
}

int
sp_python_read_top_level(struct sp_python_dist *dist, struct sp_arena *arena, const char *text, size_t length,
                         struct sp_error *err)
{
    const char *line;
    size_t at = 0, span;
    while (next_line(text, length, &at, &line, &span)) {
        while (span && (line[span - 1] == ' ' || line[span - 1] == '\t'))
            span--;
        if (is_identifier(line, span) &&
            (add(&dist->modules, arena, line, span, err) < 0 || add(&dist->tops, arena, line, span, err) < 0))
            return -1;
    }
    return 0;
}

int
sp_python_read_entry_points(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                            size_t length, struct sp_error *err)
{
    const char *line;
    size_t at = 0, span;
    bool console = false;
    while (next_line(text, length, &at, &line, &span)) {
        if (span && line[0] == '[') {
            console = span == 17 && !strncmp(line, "[console_scripts]", 17);
            continue;
        }
        const char *equals = memchr(line, '=', span);
        size_t name = equals ? (size_t)(equals - line) : 0;
        while (name && (line[name - 1] == ' ' || line[name - 1] == '\t'))
            name--;
        if (!console || !name || line[0] == '#' || memchr(line, '/', name) || memchr(line, '\0', name))
            continue;
        if (add(&dist->scripts, arena, line, name, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- RECORD ---- */

/* The path of a line of RECORD: its first CSV field. */
static bool
record_path(const char *line, size_t span, const char **path, size_t *length)
{
    if (!span)
        return false;
    if (line[0] == '"') {
        const char *close = memchr(line + 1, '"', span - 1);
        *path = line + 1;
        *length = close ? (size_t)(close - line - 1) : 0;
    } else {
        const char *comma = memchr(line, ',', span);
        *path = line;
        *length = comma ? (size_t)(comma - line) : span;
    }
    return *length && (*path)[0] != '/' && strncmp(*path, "../", 3) != 0 && !memchr(*path, '\0', *length);
}

static bool
ends_with(const char *path, size_t length, const char *end)
{
    size_t span = strlen(end);
    return length > span && !memcmp(path + length - span, end, span);
}

/* Notes the directories that hold an __init__. */
static int
find_packages(struct sp_map *packages, const char *text, size_t length, struct sp_error *err)
{
    const char *line, *path;
    size_t at = 0, span, path_length;
    while (next_line(text, length, &at, &line, &span)) {
        if (!record_path(line, span, &path, &path_length))
            continue;
        const char *slash = memrchr(path, '/', path_length);
        size_t directory = slash ? (size_t)(slash - path) : 0;
        if (!directory || path_length - directory < 10 || strncmp(slash + 1, "__init__.", 9) != 0)
            continue;
        if (sp_map_set(packages, path, directory, 1, err) < 0)
            return -1;
    }
    return 0;
}

/* The module that brings the file PATH in: the shallowest package above it, else the file itself. */
static int
add_module(struct sp_python_dist *dist, struct sp_arena *arena, const struct sp_map *packages,
           const char *path, size_t length, struct sp_error *err)
{
    bool extension = ends_with(path, length, ".so") || ends_with(path, length, ".pyd");
    if (!extension && !ends_with(path, length, ".py"))
        return 0;
    char dotted[2 * NAME_LENGTH_MAX];
    size_t written = 0;
    for (size_t at = 0; at < length;) {
        const char *slash = memchr(path + at, '/', length - at);
        size_t end = slash ? (size_t)(slash - path) : length;
        size_t component = end - at;
        if (!slash) /* six.py, _cffi_backend.cpython-311-x86_64-linux-gnu.so */
            component = strcspn(path + at, ".") < component ? strcspn(path + at, ".") : component;
        if (!is_identifier(path + at, component) || written + component + 2 > sizeof(dotted) ||
            (component == 11 && !strncmp(path + at, "__pycache__", 11)))
            return 0;
        if (written)
            dotted[written++] = '.';
        memcpy(dotted + written, path + at, component);
        written += component;
        if (slash && sp_map_get(packages, path, end, NULL))
            break;
        at = end + 1;
    }
    return add(&dist->modules, arena, dotted, written, err);
}

int
sp_python_read_record(struct sp_python_dist *dist, struct sp_arena *arena, const char *text, size_t length,
                      struct sp_error *err)
{
    sp_automap struct sp_map packages = { 0 };
    const char *line, *path;
    size_t at = 0, span, path_length;
    if (getrandom(&packages.seed, sizeof(packages.seed), GRND_NONBLOCK) < 0)
        packages.seed = (uint64_t)(uintptr_t)text;
    if (find_packages(&packages, text, length, err) < 0)
        return -1;
    while (next_line(text, length, &at, &line, &span)) {
        if (!record_path(line, span, &path, &path_length))
            continue;
        const char *slash = memchr(path, '/', path_length);
        size_t top = slash ? (size_t)(slash - path) : path_length;
        dist->has_pth |= !slash && ends_with(path, path_length, ".pth");
        if ((top == 11 && !strncmp(path, "__pycache__", 11)) || (top == 2 && !strncmp(path, "..", 2)))
            continue;
        if (add(&dist->tops, arena, path, top, err) < 0 ||
            add_module(dist, arena, &packages, path, path_length, err) < 0)
            return -1;
    }
    return 0;
}
