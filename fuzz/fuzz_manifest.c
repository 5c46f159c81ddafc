/* fuzz_manifest.c: the first byte chooses the format, the rest is the file. Beyond memory safety it checks
 * what the contract promises of every dependency and every error. */
#include "base/utf8.h"
#include "manifest/manifest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static int
check_dependency(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    (void)context, (void)err;
    must(dependency->ecosystem && dependency->name && *dependency->name);
    must(dependency->place.file && dependency->place.line && dependency->place.column);
    must(!dependency->alias || strcmp(dependency->alias, dependency->name) != 0 || dependency->source);
    return 0;
}

static int
check_unseen(void *context, const struct sp_place *place, const char *what, struct sp_error *err)
{
    (void)context, (void)err;
    must(place->file && place->line && *what);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    sp_autoarena struct sp_arena arena = { 0 };
    const struct sp_manifest_format *format = sp_manifest_formats[bytes[0] % sp_manifest_format_count];
    const struct sp_manifest_reading reading = { &arena, check_dependency, NULL, check_unseen };
    /* exactly as long as the content and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';

    struct sp_error err = { 0 };
    /* a path that is nowhere: no include is ever followed */
    if (format->read(&reading, "/nonexistent/fuzz", content, size - 1, &err) < 0)
        must(err.code != SP_ERROR_NONE && err.code != SP_ERROR_INTERNAL && *err.text &&
             sp_utf8_valid(err.text, strlen(err.text)));
    sp_manifest_format_guess(NULL, content, size - 1);
    return 0;
}
