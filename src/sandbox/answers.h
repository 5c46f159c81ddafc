/* answers.h: files that the sinkhole gives for downloads, so that what follows a download is seen too:
 *
 *   HOST/PATH    for exactly that request
 *   any.SUFFIX   for any other whose path ends in .SUFFIX
 *
 * Names come from the sandbox: nothing is followed out of the directory. */
#pragma once
#include "base/buffer.h"

#define SP_ANSWER_MAX ((size_t)512 << 10)

struct sp_answers;
/* Opens PATH, which may be out of reach for the process later on; what lies in it must be world-readable. */
int sp_answers_open(struct sp_answers **out, const char *path, struct sp_error *err);
void sp_answers_close(struct sp_answers *answers); /* NULL is fine */

/* Appends the file for a GET of PATH (with its query) at HOST (its port is ignored) to OUT and returns its
 * content type; NULL: there is none. */
const char *sp_answers_find(const struct sp_answers *answers, const char *host, const char *path,
                            struct sp_buffer *out);
