/* tree.h: a directory tree as text, so that two can be compared: kinds, bytes, modes, owners, links, hard
 * links, times of change and the user's extended attributes. */
#pragma once
#include <stdbool.h>

enum {
    TREE_TIMES = 1,  /* with mtimes */
    TREE_OWNERS = 2, /* with owners */
    TREE_ROOT = 4,   /* with the root's own mtime */
};

/* One line a thing, sorted by path; whatever its depth and names. The caller frees it. Exits the test's
 * process with a message where the tree cannot be read. */
char *tree_list(const char *root, unsigned what);
/* The first line in which two lists differ, of each ("-": its end); false: they are equal. Valid until the
 * next call. */
bool tree_differs(const char *one, const char *other, const char **line, const char **other_line);
