/* python_load.h: what is new in site-packages and can be imported or run. See sp_manager.loads. */
#pragma once
#include "manager/manager.h"

int sp_python_loads(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                    struct sp_load_list *out, struct sp_error *err);
