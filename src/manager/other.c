/* other.c: any other command. It declares no outputs, but may call a package manager (make, sh -c "npm ci"),
 * so every setting that points one at the proxy is in its environment, and the usual caches are warm. */
#include "manager/planning.h"

#include <string.h>

static bool
recognise(const char *const *argv)
{
    (void)argv;
    return true;
}

static int
plan_other(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    static const char *const caches[] = { ".npm/_cacache", ".cache/pip" };
    plan->project = request->cwd;
    plan->lands = false;
    if (sp_plan_npm_env(&planning, err) < 0 || sp_plan_pip_env(&planning, err) < 0 ||
        sp_plan_yarn_env(&planning, err) < 0 || sp_plan_uv_env(&planning, err) < 0)
        return -1;
    if (sp_plan_user_npmrc(&planning, err) < 0 || sp_plan_user_pip_conf(&planning, "install", err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(caches); i++)
        if (sp_path_list_addf(plan, &plan->caches, err, "%s/%s", request->home, caches[i]) < 0)
            return -1;
    const char *program = request->argv[planning.first]
                              ? sp_planning_which(&planning, request->argv[planning.first], NULL, err)
                              : NULL;
    plan->program = program ? sp_planning_path(&planning, "/", program, err) : NULL;
    return 0;
}

const struct sp_manager sp_manager_other = {
    .id = "other",
    .title = "any other command",
    .recognise = recognise,
    .plan = plan_other,
};
