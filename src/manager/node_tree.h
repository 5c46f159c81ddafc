/* node_tree.h: a walk over the packages of node_modules in a sandbox, all of it hostile. */
#pragma once
#include "manager/load_list.h"
#include "manager/node_package.h"

/* A package that is not on the host as it is here. All borrowed for the call. */
struct sp_new_package {
    const char *directory; /* absolute */
    const char *modules;   /* the node_modules that it lies in */
    const char *name;      /* by which it is required: "left-pad", "@babel/core" */
    bool top;              /* lies in one of the plan's .modules directly */
    int fd;                /* its directory */
    const struct sp_node_package *manifest;
};
typedef int (*sp_new_package_fn)(void *context, const struct sp_new_package *package, struct sp_error *err);

/* Calls EACH for every new package; counts .packages and .ran_code of the list, notes what is damaged. */
int sp_node_tree_walk(struct sp_loading *loading, sp_new_package_fn each, void *context,
                      struct sp_error *err);
/* Whether npm would run code of it at install. */
bool sp_node_runs_code(const struct sp_new_package *package);
