/* fuzz_manager.c: the first byte chooses the file, the rest is its content: lockfiles whose URLs are turned,
 * and package.json, RECORD and the like of packages. Beyond memory safety it checks that a rewritten text
 * comes back byte for byte, that a second rewriting finds nothing, and what the contract says of errors. */
#include "base/utf8.h"
#include "manager/lockfile_urls.h"
#include "manager/node_package.h"
#include "manager/python_dist.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
check_error(const struct sp_error *err)
{
    must(err->code != SP_ERROR_NONE && err->code != SP_ERROR_INTERNAL && *err->text &&
         sp_utf8_valid(err->text, strlen(err->text)));
}

static int
on_include(void *context, const char *name, size_t length, struct sp_error *err)
{
    (void)context, (void)err;
    must(name && length);
    return 0;
}

static void
fuzz_lockfile(const char *path, const char *text, size_t length)
{
    static const char *const env[] = { "TOKEN=t", "HOST=h.example", NULL };
    struct sp_registries registries = { 0 };
    struct sp_manager_plan plan = { 0 };
    struct sp_error err = { 0 };
    plan.urls.arena = &plan.arena;
    sp_autobuffer struct sp_buffer inside = { 0 }, again = { 0 }, back = { 0 };
    size_t changed, more;
    if (sp_manager_rewrite_text(&inside, path, text, length, env, &registries, &plan.urls, &changed, &err) <
        0) {
        check_error(&err);
    } else {
        must(changed || (inside.length == length && !memcmp(sp_buffer_string(&inside), text, length)));
        must(sp_manager_rewrite_text(&again, path, sp_buffer_string(&inside), inside.length, env, &registries,
                                     NULL, &more, &err) == 0);
        must(sp_manager_restore_text(&plan, &back, sp_buffer_string(&inside), inside.length, &more, &err) ==
             0);
        /* what came back goes in as before */
        sp_buffer_clear(&again);
        if (!memmem(text, length, SP_PROXY_ADDRESS, strlen(SP_PROXY_ADDRESS)))
            must(sp_manager_rewrite_text(&again, path, sp_buffer_string(&back), back.length, env, &registries,
                                         NULL, &more, &err) == 0 &&
                 again.length == inside.length &&
                 !memcmp(sp_buffer_string(&again), sp_buffer_string(&inside), inside.length));
    }
    sp_requirements_includes(text, length, on_include, NULL, &err);
    sp_registries_free(&registries);
    sp_manager_plan_free(&plan);
}

static void
fuzz_package(unsigned which, const char *text, size_t length)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    if (which == 0) {
        sp_autopackage struct sp_node_package package = { 0 };
        if (sp_node_package_read(&package, &arena, "/p/package.json", text, length, &err) < 0)
            check_error(&err);
        else
            must(package.bins.count % 2 == 0);
        return;
    }
    sp_autodist struct sp_python_dist dist = { 0 };
    int status = which == 1   ? sp_python_read_record(&dist, &arena, text, length, &err)
                 : which == 2 ? sp_python_read_metadata(&dist, &arena, text, length, &err)
                 : which == 3 ? sp_python_read_top_level(&dist, &arena, text, length, &err)
                              : sp_python_read_entry_points(&dist, &arena, text, length, &err);
    must(status == 0);
    for (size_t i = 0; i < dist.modules.count; i++)
        must(dist.modules.items[i][0] && !strpbrk(dist.modules.items[i], "/\n'\" ;("));
    for (size_t i = 0; i < dist.scripts.count; i++)
        must(dist.scripts.items[i][0] && !strchr(dist.scripts.items[i], '/'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const files[] = { "/p/package-lock.json",
                                         "/p/package.json",
                                         "/p/yarn.lock",
                                         "/p/pnpm-lock.yaml",
                                         "/p/uv.lock",
                                         "/p/pyproject.toml",
                                         "/p/requirements.txt",
                                         "/p/.npmrc",
                                         "/p/.yarnrc.yml",
                                         "/p/node_modules/.modules.yaml",
                                         "/p/node_modules/.yarn-integrity" };
    if (!size)
        return 0;
    /* exactly as long as the content and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';
    unsigned which = bytes[0] % (SP_COUNT(files) + 5);
    if (which < SP_COUNT(files))
        fuzz_lockfile(files[which], content, size - 1);
    else
        fuzz_package(which - SP_COUNT(files), content, size - 1);
    return 0;
}
