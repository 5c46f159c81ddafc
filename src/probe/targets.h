/* targets.h: which files of a sandbox get uprobes, and where in them: the C library, TLS libraries, Python
 * and Node. Runs without privilege, before anything hostile does; what it opens it opens beneath the
 * sandbox's root. docs/uprobes.md says what is hooked and why. */
#pragma once
#include "probe/symbols.h"

#include <stdbool.h>

#define SP_TARGET_FILES_MAX 24u
#define SP_TARGET_UPROBES_MAX 128u

struct sp_target_hints {
    const char *path;            /* PATH of the commands inside; NULL: none */
    const char *const *packages; /* NULL-terminated: directories inside with Python packages whose wheels may
                                    bring TLS libraries, beside those of the interpreters; NULL: none */
};

struct sp_targets {
    struct sp_eyes_uprobe uprobes[SP_TARGET_UPROBES_MAX]; /* those of one file stand together */
    size_t count;
    int fds[SP_TARGET_FILES_MAX]; /* owned */
    size_t file_count;
    size_t left_out; /* files that hold targets but found no room any more */
};
/* Looks through the tree beneath the directory ROOT. What is not there, cannot be opened or is no sound ELF
 * file is passed over. */
void sp_targets_find(struct sp_targets *out, int root, const struct sp_target_hints *hints);
void sp_targets_free(struct sp_targets *targets);

/* Whether UPROBE is at a function that its kind is meant for, as its file has it. A uprobe in the midst of an
 * instruction breaks every process that runs the file: who attaches for somebody else must ask. */
bool sp_targets_allow(const struct sp_eyes_uprobe *uprobe);
