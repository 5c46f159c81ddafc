/* fuzz_registry.c: the first byte chooses a configuration file, or the mapping of a URL or of a text; the
 * rest is that file, URL or text. Beyond memory safety it checks what the contract promises of each registry,
 * and that what went inside comes back. */
#include "base/utf8.h"
#include "registry/registry.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* Each stands alone in a directory that is both home and project, as a link to one file in memory. */
static const struct {
    const char *name, *command;
    bool own; /* the file is the user's, not the project's */
} readers[] = {
    { ".npmrc", "npm", true },         { ".npmrc", "npm", false },
    { ".yarnrc", "yarn", false },      { ".yarnrc.yml", "yarn", false },
    { ".yarnrc.yml", "npm", true },    { "pnpm-workspace.yaml", "pnpm", false },
    { "pyproject.toml", "uv", false }, { "uv.toml", "uv", false },
    { ".pip/pip.conf", "pip", true },  { ".netrc", "pip", true },
};

static char top[] = "/tmp/sallyport-fuzz-XXXXXX";
static int file = -1;

static void
tidy(void)
{
    char path[128];
    for (size_t i = 0; i < SP_COUNT(readers); i++) {
        static const char *const inner[] = { ".pip", "project", "" };
        snprintf(path, sizeof(path), "%s/%zu/%s%s", top, i, readers[i].own ? "" : "project/",
                 readers[i].name);
        unlink(path);
        for (size_t k = 0; k < SP_COUNT(inner); k++) {
            snprintf(path, sizeof(path), "%s/%zu/%s", top, i, inner[k]);
            rmdir(path);
        }
    }
    rmdir(top);
}

static void
build(void)
{
    char path[128], target[64];
    file = memfd_create("configuration", MFD_CLOEXEC);
    must(file >= 0 && mkdtemp(top) && atexit(tidy) == 0);
    snprintf(target, sizeof(target), "/proc/self/fd/%d", file);
    for (size_t i = 0; i < SP_COUNT(readers); i++) {
        static const char *const inner[] = { "", ".pip", "project" };
        for (size_t k = 0; k < SP_COUNT(inner); k++) {
            snprintf(path, sizeof(path), "%s/%zu/%s", top, i, inner[k]);
            must(mkdir(path, 0700) == 0);
        }
        snprintf(path, sizeof(path), "%s/%zu/%s%s", top, i, readers[i].own ? "" : "project/",
                 readers[i].name);
        must(symlink(target, path) == 0);
    }
}

static void
check_error(const struct sp_error *err)
{
    must(err->code != SP_ERROR_NONE && err->code != SP_ERROR_INTERNAL && *err->text &&
         sp_utf8_valid(err->text, strlen(err->text)));
}

static void
check_header(const char *value)
{
    for (; *value; value++)
        must(*value >= ' ' && *value <= '~');
}

/* Whether the file says it itself, in whatever case: hosts are written small. */
static bool
says_canary(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i + 6 <= size; i++)
        if (!strncasecmp((const char *)bytes + i, "canary", 6))
            return true;
    return false;
}

static void
check_set(const struct sp_registries *set, bool own, bool canary)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct sp_registry *item = &set->items[i];
        struct sp_error err;
        sp_autobuffer struct sp_buffer inside = { 0 };
        must(item->source && item->url[strlen(item->url) - 1] == '/');
        must(sp_registry_url_inside(&inside, item->url, &err) == 0);
        must(!item->authorization == !item->auth_prefix);
        must(!canary || !strstr(item->url, "canary"));
        if (item->authorization)
            check_header(item->authorization);
    }
    for (size_t i = 0; i < set->credential_count; i++) {
        const struct sp_credential *one = &set->credentials[i];
        check_header(one->authorization);
        must(strncmp(one->prefix, "//", 2) == 0 && one->source);
        must(!canary || !strstr(one->prefix, "canary"));
    }
    for (size_t i = 0; i < set->note_count; i++)
        must(sp_utf8_valid(set->notes[i], strlen(set->notes[i])));
    must(own || (!set->insecure && !set->cafile && !set->http_proxy && !set->trusted_count));
}

static void
read_file(size_t reader, const uint8_t *bytes, size_t size)
{
    char home[64], project[80];
    const char *const env[] = { "SECRET=canary", "PATH=/nonexistent",
                                "PIP_INDEX_URL=https://h.example/simple", NULL };
    const char *const argv[] = { readers[reader].command, "install", NULL };
    snprintf(home, sizeof(home), "%s/%zu", top, reader);
    snprintf(project, sizeof(project), "%s/project", home);
    must(ftruncate(file, 0) == 0 && pwrite(file, bytes, size, 0) == (ssize_t)size);
    struct sp_registry_sources sources = {
        .home = home, .project = project, .root = home, .env = env, .argv = argv
    };
    struct sp_registries set;
    struct sp_error err = { 0 };
    /* nothing in a project's file gets hold of a secret that it does not hold already */
    bool canary = !readers[reader].own && !says_canary(bytes, size);
    if (sp_registries_read(&set, &sources, &err) < 0) {
        check_error(&err);
        must(!canary || !strstr(err.text, "canary"));
    } else {
        check_set(&set, readers[reader].own, canary);
    }
    sp_registries_free(&set);
}

static void
map_url(const char *url)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer inside = { 0 }, outside = { 0 }, again = { 0 };
    if (sp_registry_url_inside(&inside, url, &err) < 0) {
        check_error(&err);
        return;
    }
    must(sp_registry_url_outside(&outside, inside.bytes, &err) == 0);
    must(sp_registry_url_inside(&again, outside.bytes, &err) == 0);
    must(strcmp(inside.bytes, again.bytes) == 0);
}

static void
map_text(const char *text, size_t length)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    size_t changed;
    must(sp_registry_text_outside(&out, text, length, &changed, &err) == 0);
    if (!changed)
        must(out.length == length && (!length || memcmp(out.bytes, text, length) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (file < 0)
        build();
    if (!size)
        return 0;
    size_t choice = bytes[0] % (SP_COUNT(readers) + 2);
    /* exactly as long as the text, so that a read beyond it is seen */
    sp_autofree char *text = malloc(size);
    must(text != NULL);
    memcpy(text, bytes + 1, size - 1);
    text[size - 1] = '\0';
    if (choice < SP_COUNT(readers)) {
        read_file(choice, bytes + 1, size - 1);
    } else if (choice == SP_COUNT(readers)) {
        map_url(text);
    } else {
        sp_autofree char *exact = malloc(size);
        must(exact != NULL);
        memcpy(exact, text, size - 1);
        exact = realloc(exact, size > 1 ? size - 1 : 1);
        map_text(exact, size - 1);
    }
    return 0;
}
