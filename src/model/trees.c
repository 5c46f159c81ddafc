#include "model/trees.h"

#include <math.h>

int
sp_tree_check(const struct sp_model_node *nodes, const float *covers, size_t count, size_t feature_count,
              uint32_t *depth, struct sp_error *err)
{
    if (count == 0 || count > SP_MODEL_TREE_NODES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "a tree of %zu nodes; 1 to %d are allowed", count,
                       SP_MODEL_TREE_NODES_MAX);
    size_t next = 1; /* the first node that no split has claimed yet */
    size_t level_end = 1;
    *depth = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == level_end) {
            if (next == level_end)
                return sp_fail(err, SP_ERROR_INPUT, "node %zu: no split leads to it", i);
            level_end = next;
            if (++*depth > SP_MODEL_DEPTH_MAX)
                return sp_fail(err, SP_ERROR_LIMIT, "node %zu: deeper than %d", i, SP_MODEL_DEPTH_MAX);
        }
        const struct sp_model_node *node = &nodes[i];
        if (!isfinite(node->split) || !isfinite(covers[i]) || covers[i] < 0)
            return sp_fail(err, SP_ERROR_INPUT, "node %zu: its numbers are no numbers", i);
        if (node->step == 0) {
            if (node->feature != 0)
                return sp_fail(err, SP_ERROR_INPUT, "node %zu: a leaf that names a feature", i);
            continue;
        }
        if ((node->feature & SP_NODE_FEATURE) >= feature_count)
            return sp_fail(err, SP_ERROR_INPUT, "node %zu: feature %u of %zu", i,
                           node->feature & SP_NODE_FEATURE, feature_count);
        if (i + node->step != next || next + 2 > count)
            return sp_fail(err, SP_ERROR_INPUT,
                           "node %zu: its children are not the next two; nodes are numbered level by level",
                           i);
        next += 2;
    }
    if (next != count)
        return sp_fail(err, SP_ERROR_INPUT, "node %zu: no split leads to it", next);
    return 0;
}

static inline uint32_t
next_node(const struct sp_model_node *nodes, uint32_t at, const float *features)
{
    struct sp_model_node node = nodes[at];
    float value = features[node.feature & SP_NODE_FEATURE];
    /* no branch: which way a row goes is what a predictor cannot guess */
    uint32_t missing = (uint32_t)(value != value);
    uint32_t right = (uint32_t)(value >= node.split) | (missing & (uint32_t)(node.feature >> 15));
    return at + node.step + (right & (uint32_t)(node.step != 0));
}

uint32_t
sp_tree_next(const struct sp_model_node *nodes, uint32_t at, const float *features)
{
    return next_node(nodes, at, features);
}

/* A step waits for memory, so eight trees are walked side by side; one that ends early waits in its leaf. */
#define SIDE_BY_SIDE 8

static double
sum_eight(const struct sp_model_tree *trees, const struct sp_model_node *nodes, const float *features)
{
    uint32_t at0 = trees[0].first, at1 = trees[1].first, at2 = trees[2].first, at3 = trees[3].first;
    uint32_t at4 = trees[4].first, at5 = trees[5].first, at6 = trees[6].first, at7 = trees[7].first;
    uint32_t depth = 0;
    for (size_t i = 0; i < SIDE_BY_SIDE; i++)
        depth = trees[i].depth > depth ? trees[i].depth : depth;
    for (uint32_t level = 0; level < depth; level++) {
        at0 = next_node(nodes, at0, features);
        at1 = next_node(nodes, at1, features);
        at2 = next_node(nodes, at2, features);
        at3 = next_node(nodes, at3, features);
        at4 = next_node(nodes, at4, features);
        at5 = next_node(nodes, at5, features);
        at6 = next_node(nodes, at6, features);
        at7 = next_node(nodes, at7, features);
    }
    double sum = (double)nodes[at0].split + nodes[at1].split + nodes[at2].split + nodes[at3].split;
    return sum + nodes[at4].split + nodes[at5].split + nodes[at6].split + nodes[at7].split;
}

double
sp_trees_sum(const struct sp_model_tree *trees, size_t count, const struct sp_model_node *nodes,
             const float *features)
{
    double sum = 0;
    size_t i = 0;
    for (; i + SIDE_BY_SIDE <= count; i += SIDE_BY_SIDE)
        sum += sum_eight(trees + i, nodes, features);
    for (; i < count; i++) {
        uint32_t at = trees[i].first;
        for (uint32_t level = 0; level < trees[i].depth; level++)
            at = next_node(nodes, at, features);
        sum += nodes[at].split;
    }
    return sum;
}
