/* node_project.h: the user's own project as npm, yarn and pnpm see it: its root, its workspaces, .npmrc. */
#pragma once
#include "manager/node_package.h"
#include "manager/planning.h"

/* Reads DIRECTORY/package.json of the host; a missing one leaves PACKAGE empty. */
int sp_node_project_read(struct sp_planning *planning, const char *directory, struct sp_node_package *package,
                         struct sp_error *err);
/* The project's root as npm finds it from START: the nearest directory with package.json or node_modules, and
 * from there the one whose workspaces hold it. START where there is none. */
const char *sp_node_project_root(struct sp_planning *planning, const char *start, struct sp_error *err);
/* Adds ROOT and the directories of its workspaces (package.json, pnpm-workspace.yaml) to DIRECTORIES. */
int sp_node_project_packages(struct sp_planning *planning, const char *root, struct sp_path_list *directories,
                             struct sp_error *err);
/* Outputs and .modules of each of DIRECTORIES: node_modules, and package.json with MANIFESTS. */
int sp_node_project_outputs(struct sp_planning *planning, const struct sp_path_list *directories,
                            bool manifests, struct sp_error *err);
/* Files of the project as they are to stand inside: the COUNT names OWN, of which the first that is there
 * among MANIFESTS is what door one reads, and each package.json of DIRECTORIES, the first of which is read in
 * its absence. */
int sp_node_project_files(struct sp_planning *planning, const char *const *own, size_t count,
                          size_t manifests, const struct sp_path_list *directories, struct sp_error *err);
/* The value of KEY in the npmrc file PATH, ${NAME} replaced; NULL with an untouched ERR: none. */
const char *sp_npmrc_value(struct sp_planning *planning, const char *path, const char *key,
                           struct sp_error *err);
/* The same from npm_config_KEY, the project's .npmrc (PROJECT may be NULL) and the user's. */
const char *sp_npm_setting(struct sp_planning *planning, const char *project, const char *key,
                           struct sp_error *err);
/* Sets .program and .interpreter (node). */
int sp_node_programs(struct sp_planning *planning, struct sp_error *err);
