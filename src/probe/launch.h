/* launch.h: where the helper lies and how it is started. Private to src/probe, but for sallyport setup, which
 * puts it in its place (install.h). */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

#define SP_HELPER_NAME "sallyport-probes"

/* The helper beside this program, in the build tree or as it was installed with it. -1: there is none. */
int sp_helper_beside(char *out, size_t size, struct sp_error *err);
/* Where 'sallyport setup' puts it. */
const char *sp_helper_installed(void);
/* The helper that the caller is to start: root the one beside this program, else the installed one; an
 * ordinary user only one with capabilities. ERR says what to do. */
int sp_helper_find(char *out, size_t size, struct sp_error *err);

struct sp_helper_process {
    pid_t pid;  /* 0: none */
    int socket; /* -1: none */
};
/* Starts PATH with one end of a socket. */
int sp_helper_start(struct sp_helper_process *out, const char *path, struct sp_error *err);
/* Waits for its first words: 0 when its programs are loaded; MISSING (of SIZE) then says what cannot be seen
 * all the same. */
int sp_helper_loaded(const struct sp_helper_process *helper, char *missing, size_t size,
                     struct sp_error *err);
/* Ends it: what it attached is detached. */
void sp_helper_end(struct sp_helper_process *helper);
