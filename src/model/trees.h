/* trees.h: what is known of a tree's nodes, and the walk down many trees at once. Used within src/model. */
#pragma once
#include "model/model.h"

/* Magnitude that no number of a model file exceeds, so that sums over it stay finite. */
#define SP_MODEL_NUMBER_MAX 1e30

/* Holds COUNT nodes to the rules of struct sp_model_node: level order, each child exactly one parent,
 * features below FEATURE_COUNT, finite numbers, bounded depth (which goes to *DEPTH). */
int sp_tree_check(const struct sp_model_node *nodes, const float *covers, size_t count, size_t feature_count,
                  uint32_t *depth, struct sp_error *err);

/* The sum of the leaves that FEATURES lead to. */
double sp_trees_sum(const struct sp_model_tree *trees, size_t count, const struct sp_model_node *nodes,
                    const float *features);
/* Where the walk goes from node AT: the left child or the right one; a leaf leads to itself. */
uint32_t sp_tree_next(const struct sp_model_node *nodes, uint32_t at, const float *features);
