/* load_list.c: items, notes and digests of the load list. */
#include "manager/load_list.h"
#include "base/file.h"
#include "ecosystem/purl.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

void
sp_load_list_free(struct sp_load_list *list)
{
    free(list->items);
    free(list->notes);
    free(list->purls);
    *list = (struct sp_load_list){ 0 };
}

int
sp_loading_open(struct sp_loading *loading, const struct sp_manager_plan *plan, int root,
                struct sp_arena *arena, struct sp_load_list *out, struct sp_error *err)
{
    *loading = (struct sp_loading){ .plan = plan, .root = root, .arena = arena, .out = out };
    struct stat status = { 0 };
    if (plan->interpreter) {
        sp_autoclose int fd = sp_inside_open(root, plan->interpreter, O_PATH);
        if (fd >= 0 && fstat(fd, &status) < 0)
            status.st_size = 0;
    }
    loading->interpreter_mark =
        sp_arena_printf(arena, err, "%s %lld %lld", plan->interpreter ? plan->interpreter : "",
                        (long long)status.st_size, (long long)status.st_mtime);
    return loading->interpreter_mark ? 0 : -1;
}

const char *
sp_loading_purl(struct sp_loading *loading, const char *name, const char *version, struct sp_error *err)
{
    const char *type = loading->plan->manager->ecosystem;
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(type, strlen(type));
    struct sp_purl purl;
    sp_autobuffer struct sp_buffer text = { 0 };
    if (version && !*version)
        version = NULL;
    if (ecosystem && sp_purl_from_package(ecosystem, name, version, &purl, loading->arena, NULL) == 0 &&
        sp_purl_format(&purl, &text, NULL) == 0)
        return sp_arena_copy(loading->arena, text.bytes, text.length, err);
    sp_buffer_clear(&text);
    if (sp_buffer_printf(&text, err, "pkg:%s/", type) < 0)
        return NULL;
    for (const char *c = name; *c && text.length < 1000; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                     strchr("-._/", *c);
        if (plain ? sp_buffer_append_byte(&text, *c, err) < 0
                  : sp_buffer_printf(&text, err, "%%%02X", (unsigned)(unsigned char)*c) < 0)
            return NULL;
    }
    return sp_arena_copy(loading->arena, text.bytes, text.length, err);
}

int
sp_loading_package(struct sp_loading *loading, const char *purl, struct sp_error *err)
{
    struct sp_load_list *out = loading->out;
    if (sp_grow(out->purls, out->purl_capacity, out->purl_count + 1, err) < 0)
        return -1;
    out->purls[out->purl_count++] = purl;
    return 0;
}

int
sp_loading_note(struct sp_loading *loading, struct sp_error *err, const char *format, ...)
{
    struct sp_load_list *out = loading->out;
    if (out->note_count >= SP_LOAD_NOTES_MAX)
        return 0;
    char text[SP_ERROR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    /* through an error's text: one line, printable */
    struct sp_error shown;
    sp_fail(&shown, SP_ERROR_INPUT, "%s", text);
    if (sp_grow(out->notes, out->note_capacity, out->note_count + 1, err) < 0)
        return -1;
    out->notes[out->note_count] = sp_arena_copy(loading->arena, shown.text, strlen(shown.text), err);
    return out->notes[out->note_count++] ? 0 : -1;
}

int
sp_loading_add(struct sp_loading *loading, const char *package, const char *what, const char *const *argv,
               const char *cwd, const char *tree, struct sp_error *err)
{
    struct sp_load_list *out = loading->out;
    const char **copy = sp_arena_alloc(loading->arena, 9 * sizeof(*copy), err);
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!copy || !digest || sp_grow(out->items, out->capacity, out->count + 1, err) < 0)
        return -1;
    for (size_t i = 0; argv[i] && i < 8; i++)
        if (!(copy[i] = sp_arena_copy(loading->arena, argv[i], strlen(argv[i]), err)))
            return -1;
    const char *const parts[] = { tree, what, package, loading->interpreter_mark };
    for (size_t i = 0; i < SP_COUNT(parts); i++)
        if (sp_digest_add(digest, parts[i], strlen(parts[i]) + 1, err) < 0)
            return -1;
    struct sp_load load = { .package = package, .argv = copy };
    load.what = sp_arena_copy(loading->arena, what, strlen(what), err);
    load.cwd = sp_arena_copy(loading->arena, cwd, strlen(cwd), err);
    load.digest = sp_loading_hex(loading, digest, err);
    if (!load.what || !load.cwd || !load.digest)
        return -1;
    out->items[out->count++] = load;
    return 0;
}

bool
sp_host_file_equals(const char *path, const char *text, size_t length)
{
    struct sp_mapping mapping = { 0 };
    if (sp_file_map(&mapping, path, length, NULL) < 0)
        return false;
    bool equal = mapping.size == length && (!length || !memcmp(mapping.bytes, text, length));
    sp_mapping_free(&mapping);
    return equal;
}

const char *
sp_loading_hex(struct sp_loading *loading, struct sp_digest *digest, struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    char hex[SP_DIGEST_TEXT_MAX];
    int length = sp_digest_finish(digest, value, err);
    if (length < 0)
        return NULL;
    sp_digest_write_hex(hex, value, (size_t)length);
    return sp_arena_copy(loading->arena, hex, strlen(hex), err);
}
