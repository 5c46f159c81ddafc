/* settings.c: the environment that points npm and pip, and those that read the same settings, at our proxy.
 * Environment beats every file of settings: npmrc(5); pip "Configuration". */
#include "manager/lockfile_urls.h"
#include "manager/planning.h"

#include <string.h>

/* No proxy of the host is in reach inside; ours needs none. */
static int
add_proxies(struct sp_planning *planning, struct sp_error *err)
{
    static const char *const names[] = { "http_proxy", "https_proxy", "all_proxy",
                                         "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY" };
    struct sp_manager_plan *plan = planning->plan;
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (sp_planning_getenv(planning, names[i]) && sp_plan_add_env(plan, err, "%s=", names[i]) < 0)
            return -1;
    if (sp_plan_add_env(plan, err, "no_proxy=%s,localhost", SP_PROXY_ADDRESS) < 0)
        return -1;
    return sp_plan_add_env(plan, err, "NO_PROXY=%s,localhost", SP_PROXY_ADDRESS);
}

int
sp_plan_npm_env(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const struct sp_registries *registries = planning->request->registries;
    bool have_default = false;
    for (size_t i = 0; i < registries->count; i++) {
        const struct sp_registry *registry = &registries->items[i];
        bool is_default = !registry->scope;
        if (registry->kind != SP_REGISTRY_NPM || (is_default && have_default))
            continue;
        const char *inside = sp_planning_inside(planning, registry->url, err);
        if (!inside)
            return -1;
        if (is_default ? sp_plan_add_env(plan, err, "npm_config_registry=%s", inside) < 0
                       : sp_plan_add_env(plan, err, "npm_config_%s:registry=%s", registry->scope, inside) < 0)
            return -1;
        have_default |= is_default;
    }
    /* "never": the lockfile's URLs stand rewritten, each for the host that it names */
    if (sp_plan_add_env(plan, err, "npm_config_replace_registry_host=never") < 0 ||
        sp_plan_add_env(plan, err, "npm_config_update_notifier=false") < 0 ||
        sp_plan_add_env(plan, err, "npm_config_noproxy=%s", SP_PROXY_ADDRESS) < 0)
        return -1;
    if (registries->http_proxy && (sp_plan_add_env(plan, err, "npm_config_proxy=null") < 0 ||
                                   sp_plan_add_env(plan, err, "npm_config_https_proxy=null") < 0))
        return -1;
    return add_proxies(planning, err);
}

/* VALUE is a list of URLs, paths and "name=URL" divided by blanks: the same with URLs inside. */
static const char *
words_inside(struct sp_planning *planning, const char *value, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    while (*value) {
        size_t blank = strspn(value, " \t\r\n");
        if (sp_buffer_append(&out, value, blank, err) < 0)
            return NULL;
        value += blank;
        size_t length = strcspn(value, " \t\r\n"), name = 0;
        if (!length)
            break;
        if (!sp_url_is_http(value, length)) {
            const char *equals = memchr(value, '=', length);
            name = equals && sp_url_is_http(equals + 1, length - (size_t)(equals + 1 - value))
                       ? (size_t)(equals + 1 - value)
                       : length;
        }
        if (sp_buffer_append(&out, value, name, err) < 0 ||
            (name < length && sp_url_inside(&out, value + name, length - name, SP_REGISTRY_PYPI,
                                            "the environment", planning->request->registries, err) < 0))
            return NULL;
        value += length;
    }
    return sp_arena_copy(&planning->plan->arena, sp_buffer_string(&out), out.length, err);
}

int
sp_plan_env_inside(struct sp_planning *planning, const char *name, struct sp_error *err)
{
    const char *value = sp_planning_getenv(planning, name);
    if (!value || !strstr(value, "://"))
        return 0;
    const char *inside = words_inside(planning, value, err);
    return inside ? sp_plan_add_env(planning->plan, err, "%s=%s", name, inside) : -1;
}

/* The indices behind the first, divided by blanks; "" without. */
const char *
sp_planning_extra_indices(struct sp_planning *planning, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer extra = { 0 };
    const struct sp_registries *registries = planning->request->registries;
    size_t seen = 0;
    for (size_t i = 0; i < registries->count; i++) {
        const struct sp_registry *registry = &registries->items[i];
        if (registry->kind != SP_REGISTRY_PYPI || registry->scope || !seen++)
            continue;
        if ((extra.length && sp_buffer_append_byte(&extra, ' ', err) < 0) ||
            sp_registry_url_inside(&extra, registry->url, err) < 0)
            return NULL;
    }
    return sp_arena_copy(&planning->plan->arena, sp_buffer_string(&extra), extra.length, err);
}

int
sp_plan_pip_env(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const struct sp_registry *index = sp_planning_default_registry(planning, SP_REGISTRY_PYPI);
    const char *inside = index ? sp_planning_inside(planning, index->url, err) : NULL;
    const char *extra = sp_planning_extra_indices(planning, err);
    if ((index && !inside) || !extra)
        return -1;
    if (inside && sp_plan_add_env(plan, err, "PIP_INDEX_URL=%s", inside) < 0)
        return -1;
    if (*extra && sp_plan_add_env(plan, err, "PIP_EXTRA_INDEX_URL=%s", extra) < 0)
        return -1;
    if (sp_plan_env_inside(planning, "PIP_FIND_LINKS", err) < 0)
        return -1;
    /* pip takes an empty PIP_PROXY for none given: only without its files does it forget a proxy of theirs */
    if (planning->request->registries->http_proxy &&
        sp_plan_add_env(plan, err, "PIP_CONFIG_FILE=/dev/null") < 0)
        return -1;
    return add_proxies(planning, err);
}
