/* node_load.h: what is new in node_modules: loads, and scripts that the manager did not run. See
 * sp_manager.loads and .blocked. */
#pragma once
#include "manager/manager.h"

int sp_node_loads(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                  struct sp_load_list *out, struct sp_error *err);
int sp_npm_blocked(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                   struct sp_load_list *out, struct sp_error *err);
int sp_pnpm_blocked(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                    struct sp_load_list *out, struct sp_error *err);
