/* contributions.c: what each feature added to a margin.
 * Source: Lundberg, Erion, Chen et al., From local explanations to global understanding with explainable AI
 * for trees, Nature Machine Intelligence 2020, algorithm 2 (path-dependent TreeSHAP). */
#include "model/trees.h"
#include "model/view.h"

#include <math.h>
#include <string.h>

/* A feature on the path from the root: the share of subsets in which it is unknown and the path still taken
 * (zero), or known (one), and the permutation weight of subsets of this size. */
struct step {
    int feature;
    double zero, one, weight;
};

/* Each level copies the path so far behind its parent's: 1 + 2 + ... + (depth + 2) steps. */
#define PATH_MAX_STEPS ((SP_MODEL_DEPTH_MAX + 2) * (SP_MODEL_DEPTH_MAX + 3) / 2)

struct walk {
    const struct sp_model_node *nodes;
    const float *covers;
    const float *features;
    float *out;
};

static void
extend_path(struct step *path, unsigned depth, double zero, double one, int feature)
{
    path[depth] = (struct step){ feature, zero, one, depth == 0 ? 1.0 : 0.0 };
    for (unsigned i = depth; i-- > 0;) {
        path[i + 1].weight += one * path[i].weight * (i + 1) / (depth + 1);
        path[i].weight = zero * path[i].weight * (depth - i) / (depth + 1);
    }
}

/* Takes step GONE out again, as if its feature had not been met. */
static void
unwind_path(struct step *path, unsigned depth, unsigned gone)
{
    double one = path[gone].one, zero = path[gone].zero;
    double next = path[depth].weight;
    for (unsigned i = depth; i-- > 0;) {
        if (one != 0) {
            double weight = path[i].weight;
            path[i].weight = next * (depth + 1) / ((i + 1) * one);
            next = weight - path[i].weight * zero * (depth - i) / (depth + 1);
        } else if (zero != 0) {
            path[i].weight = path[i].weight * (depth + 1) / (zero * (depth - i));
        }
    }
    for (unsigned i = gone; i < depth; i++) {
        path[i].feature = path[i + 1].feature;
        path[i].zero = path[i + 1].zero;
        path[i].one = path[i + 1].one;
    }
}

/* The sum of the weights that the path would have without step GONE. */
static double
unwound_sum(const struct step *path, unsigned depth, unsigned gone)
{
    double one = path[gone].one, zero = path[gone].zero;
    double next = path[depth].weight, total = 0;
    for (unsigned i = depth; i-- > 0;) {
        if (one != 0) {
            double weight = next * (depth + 1) / ((i + 1) * one);
            total += weight;
            next = path[i].weight - weight * zero * (depth - i) / (depth + 1);
        } else if (zero != 0) {
            total += path[i].weight * (depth + 1) / (zero * (depth - i));
        }
    }
    return total;
}

/* The depth of a tree is checked when a model is opened, so the recursion and the path are bounded. */
static void
visit(const struct walk *walk, uint32_t at, struct step *parent, unsigned depth, double zero, double one,
      int feature)
{
    struct step *path = parent + depth;
    memcpy(path, parent, depth * sizeof(*path));
    extend_path(path, depth, zero, one, feature);

    const struct sp_model_node *node = &walk->nodes[at];
    if (node->step == 0) {
        for (unsigned i = 1; i <= depth; i++)
            walk->out[path[i].feature] +=
                (float)(unwound_sum(path, depth, i) * (path[i].one - path[i].zero) * node->split);
        return;
    }
    uint32_t hot = sp_tree_next(walk->nodes, at, walk->features);
    uint32_t cold = at + node->step + (hot == at + node->step);
    float cover = walk->covers[at];
    /* no row of the training came here: either way is as likely */
    double hot_share = cover > 0 ? (double)walk->covers[hot] / cover : 0.5;
    double cold_share = cover > 0 ? (double)walk->covers[cold] / cover : 0.5;

    int own = node->feature & SP_NODE_FEATURE;
    double known_zero = 1, known_one = 1;
    for (unsigned i = 1; i <= depth; i++) {
        if (path[i].feature != own)
            continue;
        known_zero = path[i].zero;
        known_one = path[i].one;
        unwind_path(path, depth, i);
        depth--;
        break;
    }
    visit(walk, hot, path, depth + 1, hot_share * known_zero, known_one, own);
    visit(walk, cold, path, depth + 1, cold_share * known_zero, 0, own);
}

int
sp_model_contributions(const struct sp_model_view *view, const float *features, float *out)
{
    size_t count = view->feature_count;
    memset(out, 0, (count + 1) * sizeof(*out));
    if (view->terms) {
        for (size_t i = 0; i < count; i++)
            out[i] = (float)sp_term_read(&view->terms[i], features[i]);
    } else {
        struct step path[PATH_MAX_STEPS];
        for (size_t i = 0; i < view->tree_count; i++) {
            if (view->trees[i].depth == 0)
                continue;
            path[0] = (struct step){ .feature = -1 };
            struct walk walk = { view->nodes, view->covers, features, out };
            visit(&walk, view->trees[i].first, path, 0, 1, 1, -1);
        }
    }
    /* the base and the trees' means; taken as the rest, so that the sum is the margin to the last digit */
    double rest = sp_model_margin(view, features);
    for (size_t i = 0; i < count; i++)
        rest -= out[i];
    out[count] = (float)rest;
    return 0;
}
