/* output.h: standard output, with its two ways to fail kept apart: a reader that went away is no error to
 * talk about, a full disk is. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>

struct sp_output {
    int fd;
    bool closed; /* the reader went away */
    bool failed; /* could not be written; one line was said */
};

/* Writes what BUFFER holds and empties it. -1 when the output is of no more use. */
int sp_output_write(struct sp_output *output, struct sp_buffer *buffer);
/* The exit code for an output that is of no more use. */
int sp_output_exit(const struct sp_output *output);
/* Whether the terminal behind FD wants colour. WHEN is "auto", "always" or "never". */
bool sp_output_colour(int fd, const char *when);
/* Columns of the terminal behind FD; 80 where it is none. */
unsigned sp_output_width(int fd);
