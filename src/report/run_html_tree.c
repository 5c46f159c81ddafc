/* Who started whom: the processes of a run as lists within lists, those closed that are of no interest. */
#include "report/run_html.h"
#include "report/report.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define NODES_MAX 2000u  /* on the page */
#define CHILDREN_MAX 60u /* of one process */
#define DEPTH_MAX 40u    /* deeper ones stand beside their parents */
#define OPEN_DEPTH 3u
#define OPEN_CHILDREN 12u /* where more, the list is closed at first */

struct node {
    uint32_t parent, child, last, next; /* places from 1; 0: none */
    uint32_t children, below;           /* below: all of them */
    bool flagged, within;               /* a finding names it; or one beneath it */
};
struct tree {
    struct sp_html *html;
    const struct sp_run_process *processes;
    struct node *nodes; /* [0] is the root of all */
    size_t count, put;
};

/* A parent stands before its children: what claims another is nobody's child, so no circle can come about. */
static int
link_nodes(struct tree *tree, struct sp_error *err)
{
    sp_automap struct sp_map known = { 0 };
    for (size_t i = 0; i < tree->count; i++) {
        const struct sp_run_process *process = &tree->processes[i];
        uint32_t parent = 0, place = (uint32_t)i + 1;
        if (process->parent)
            (void)!sp_map_get(&known, (const char *)&process->parent, sizeof(process->parent), &parent);
        if (sp_map_set(&known, (const char *)&process->number, sizeof(process->number), place, err) < 0)
            return -1;
        struct node *above = &tree->nodes[parent];
        tree->nodes[place].parent = parent;
        if (above->last)
            tree->nodes[above->last].next = place;
        else
            above->child = place;
        above->last = place;
        above->children++;
    }
    const struct sp_verdict *verdict = tree->html->run->verdict;
    for (size_t i = 0; i < verdict->count; i++) {
        uint32_t number = verdict->findings[i].process_number, place;
        if (number && verdict->findings[i].severity != SP_SEVERITY_NONE &&
            sp_map_get(&known, (const char *)&number, sizeof(number), &place))
            tree->nodes[place].flagged = tree->nodes[place].within = true;
    }
    for (size_t place = tree->count; place > 0; place--) {
        struct node *node = &tree->nodes[place], *above = &tree->nodes[node->parent];
        above->within |= node->within;
        above->below += node->below + 1;
    }
    return 0;
}

static void
put_end(struct sp_html *html, const struct sp_run_process *process)
{
    char text[SP_TEXT_FIGURE_MAX];
    int status = (int)process->status;
    sp_html_put(html, "<span class=\"i\">");
    sp_html_time(html, process->began);
    if (process->ended > process->began) {
        sp_html_put(html, ", ran ");
        sp_html_put(html, sp_text_duration(text, process->ended - process->began));
    }
    if (process->ended && WIFSIGNALED(status))
        sp_html_putf(html, ", killed by signal %d", WTERMSIG(status));
    else if (process->ended && WEXITSTATUS(status))
        sp_html_putf(html, ", ended with %d", WEXITSTATUS(status));
    if (process->peak_memory) {
        sp_html_put(html, ", ");
        sp_html_put(html, sp_text_size(text, process->peak_memory));
    }
    sp_html_put(html, "</span>");
}

static void
put_line(const struct tree *tree, uint32_t place)
{
    struct sp_html *html = tree->html;
    const struct sp_run_process *process = &tree->processes[place - 1];
    const struct sp_run_process *above =
        tree->nodes[place].parent ? &tree->processes[tree->nodes[place].parent - 1] : NULL;
    /* a package is named where its part begins */
    bool same = above && (process->package && above->package
                              ? !strcmp(process->package, above->package)
                              : !process->package && !above->package &&
                                    sp_html_who(process->who) == sp_html_who(above->who));
    if (!same) {
        sp_html_put(html, "<span class=\"pk\">");
        if (process->package)
            sp_html_text(
                html, !strncmp(process->package, "pkg:", 4) ? process->package + 4 : process->package, 200);
        else
            sp_html_put(html, sp_html_who(process->who));
        sp_html_put(html, "</span>");
    }
    sp_html_put(html, tree->nodes[place].flagged ? "<code class=\"hot\">" : "<code class=\"w\">");
    if (process->words && *process->words)
        sp_html_words(html, process->words, 360);
    else
        sp_html_text(html, process->program ? process->program : "(began as a copy of its parent)", 360);
    sp_html_put(html, "</code>");
    put_end(html, process);
}

static void put_children(struct tree *tree, uint32_t place, unsigned depth);

static void
put_node(struct tree *tree, uint32_t place, unsigned depth)
{
    struct sp_html *html = tree->html;
    const struct node *node = &tree->nodes[place];
    tree->put++;
    if (!node->child || depth >= DEPTH_MAX) {
        sp_html_put(html, "<div class=\"leaf\">");
        put_line(tree, place);
        if (node->child)
            sp_html_putf(html, "<span class=\"i\">and %u beneath it</span>", node->below);
        sp_html_put(html, "</div>\n");
        return;
    }
    bool open = node->within || (depth < OPEN_DEPTH && node->children <= OPEN_CHILDREN);
    sp_html_put(html, open ? "<details open><summary>" : "<details><summary>");
    put_line(tree, place);
    if (!open)
        sp_html_putf(html, "<span class=\"i\">%u beneath it</span>", node->below);
    sp_html_put(html, "</summary>\n");
    put_children(tree, place, depth + 1);
    sp_html_put(html, "</details>\n");
}

/* Where not all find room, those that a finding names do. */
static void
put_children(struct tree *tree, uint32_t place, unsigned depth)
{
    uint32_t shown = 0, left = 0;
    for (uint32_t child = tree->nodes[place].child; child && !tree->html->failed;
         child = tree->nodes[child].next) {
        bool room = shown < CHILDREN_MAX && tree->put < NODES_MAX;
        if (!room && !(tree->nodes[child].within && tree->put < 2 * NODES_MAX)) {
            left++;
            continue;
        }
        shown++;
        put_node(tree, child, depth);
    }
    if (left)
        sp_html_putf(tree->html, "<div class=\"leaf soft\">%u more</div>\n", left);
}

void
sp_html_process_tree(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    struct tree tree = { .html = html, .processes = run->processes, .count = run->process_count };
    if (!run->process_count || html->failed)
        return;
    sp_autofree struct node *nodes = sp_new_array(run->process_count + 1, sizeof(*nodes), html->err);
    tree.nodes = nodes;
    if (!nodes || link_nodes(&tree, html->err) < 0) {
        html->failed = true;
        return;
    }
    sp_html_put(html, "<h2>Processes<small>");
    sp_html_count(html, run->process_count + run->process_more);
    if (run->process_more) {
        sp_html_put(html, ", of which ");
        sp_html_count(html, run->process_more);
        sp_html_put(html, " were counted but not kept");
    }
    sp_html_put(html, "</small></h2>\n<div class=\"pane tree\">\n");
    put_children(&tree, 0, 0);
    sp_html_put(html, "</div>\n");
}
