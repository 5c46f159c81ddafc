/* rewriting.c: the files and words of a command that name URLs, as they are to stand inside. */
#include "base/file.h"
#include "manager/lockfile_urls.h"
#include "manager/planning.h"

#include <string.h>

#define INCLUDES_MAX 64 /* requirement files; a ring of includes ends by each being read once */

static int
keep(struct sp_planning *planning, const char *path, const struct sp_buffer *text, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    if (sp_grow(plan->rewritten, plan->rewritten_capacity, plan->rewritten_count + 1, err) < 0)
        return -1;
    const char *bytes = sp_arena_copy(&plan->arena, sp_buffer_string(text), text->length, err);
    const char *name = sp_arena_copy(&plan->arena, path, strlen(path), err);
    if (!bytes || !name)
        return -1;
    plan->rewritten[plan->rewritten_count++] = (struct sp_rewritten){ name, bytes, text->length };
    return 0;
}

static bool
is_kept(const struct sp_manager_plan *plan, const char *path)
{
    for (size_t i = 0; i < plan->rewritten_count; i++)
        if (!strcmp(plan->rewritten[i].path, path))
            return true;
    return false;
}

static int
rewrite(struct sp_planning *planning, const char *path, struct sp_buffer *text, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    size_t changed;
    planning->plan->urls.arena = &planning->plan->arena;
    if (sp_manager_rewrite_text(&out, path, sp_buffer_string(text), text->length, planning->request->env,
                                planning->request->registries, &planning->plan->urls, &changed, err) < 0)
        return -1;
    return changed ? keep(planning, path, &out, err) : 0;
}

int
sp_planning_rewrite(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (!sp_path_exists(path) || is_kept(planning->plan, path))
        return 0;
    if (sp_file_read(path, SP_LOCKFILE_MAX, &text, err) < 0)
        return -1;
    return rewrite(planning, path, &text, err);
}

struct including {
    struct sp_planning *planning;
    struct sp_path_list queue;
    const char *directory;
};

static int
on_include(void *context, const char *name, size_t length, struct sp_error *err)
{
    struct including *including = context;
    struct sp_arena *arena = &including->planning->plan->arena;
    if (sp_url_is_http(name, length) || including->queue.count >= INCLUDES_MAX)
        return 0;
    const char *copy = sp_arena_copy(arena, name, length, err);
    const char *path = copy ? sp_planning_path(including->planning, including->directory, copy, err) : NULL;
    if (!path)
        return -1;
    /* what lies outside the project is not overlaid: it stays as it is */
    return sp_path_beneath(including->planning->plan->project, path)
               ? sp_path_list_add(&including->queue, path, err)
               : 0;
}

int
sp_planning_rewrite_requirements(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    struct including including = { .planning = planning };
    int status = sp_path_list_add(&including.queue, path, err);
    for (size_t i = 0; status == 0 && i < including.queue.count; i++) {
        const char *file = including.queue.items[i];
        sp_autobuffer struct sp_buffer text = { 0 };
        if (!sp_path_exists(file) || is_kept(planning->plan, file))
            continue;
        status =
            sp_file_read(file, SP_LOCKFILE_MAX, &text, err) < 0 ? -1 : rewrite(planning, file, &text, err);
        including.directory =
            sp_arena_copy(&planning->plan->arena, file, (size_t)(sp_base_name(file) - file), err);
        if (!including.directory)
            status = -1;
        if (status == 0)
            status =
                sp_requirements_includes(sp_buffer_string(&text), text.length, on_include, &including, err);
    }
    free(including.queue.items);
    return status;
}

int
sp_planning_rewrite_word(struct sp_planning *planning, const struct sp_word *word, struct sp_error *err)
{
    if (!word->value)
        return 0;
    /* "name @ https://..." and "name=https://..." (uv's --index) */
    const char *url = word->value;
    while (*url && !sp_url_is_http(url, strlen(url))) {
        url += strcspn(url, "@ =");
        url += strspn(url, "@ =");
    }
    if (!*url || !strncmp(url, SP_PROXY_ORIGIN "/", strlen(SP_PROXY_ORIGIN "/")))
        return 0;
    /* only what begins a value or follows such a mark: git+https:// is git's */
    if (url != word->value && !strchr("@ =", url[-1]))
        return 0;
    struct sp_manager_plan *plan = planning->plan;
    size_t length = strcspn(url, " ;");
    sp_autobuffer struct sp_buffer inside = { 0 };
    size_t index = planning->first + word->index;
    const char *whole = plan->argv[index];
    enum sp_registry_kind kind = plan->manager->ecosystem && !strcmp(plan->manager->ecosystem, "pypi")
                                     ? SP_REGISTRY_PYPI
                                     : SP_REGISTRY_NPM;
    if (sp_buffer_append(&inside, whole, word->prefix + (size_t)(url - word->value), err) < 0 ||
        sp_url_inside(&inside, url, length, kind, "the command line", planning->request->registries, err) <
            0 ||
        sp_buffer_append_string(&inside, url + length, err) < 0)
        return -1;
    plan->argv[index] = sp_arena_copy(&plan->arena, inside.bytes, inside.length, err);
    return plan->argv[index] ? 0 : -1;
}
