/* json_pass.h: a pass over JSON that copies it, but for the strings that are replaced. */
#pragma once
#include "base/json_reader.h"
#include "proxy/rewrite.h"

struct sp_json_pass {
    const struct sp_rewriting *rewriting;
    struct sp_json_reader reader;
    struct sp_buffer scratch;
    const char *text;
    size_t copied; /* how far TEXT was copied or replaced */
};
int sp_json_pass_open(struct sp_json_pass *pass, const struct sp_rewriting *rewriting, const char *text,
                      size_t length, struct sp_error *err);
/* Reads the rest (nothing may follow the value) and copies what is left. */
int sp_json_pass_finish(struct sp_json_pass *pass, size_t length, struct sp_error *err);
void sp_json_pass_close(struct sp_json_pass *pass);
#define sp_autopass __attribute__((cleanup(sp_json_pass_close)))

/* After a key: reads the value; a string that is a URL is replaced by its inside form and left in *UPSTREAM
 * (freed before). */
int sp_json_pass_url(struct sp_json_pass *pass, struct sp_upstream *upstream, struct sp_error *err);
/* After a key: reads the value; a string is appended to OUT (cleared first). */
int sp_json_pass_string(struct sp_json_pass *pass, struct sp_buffer *out, struct sp_error *err);
