/* last.h: the report of the last run, kept for 'sallyport explain --last': its text, JSON and page as they
 * were written, in one file of the user's cache that nobody else may read. */
#pragma once
#include "base/buffer.h"

enum sp_last_form { SP_LAST_TEXT, SP_LAST_JSON, SP_LAST_HTML, SP_LAST_FORM_COUNT };

/* Keeps the three FORMS in place of what was kept before. */
int sp_last_write(const struct sp_buffer forms[SP_LAST_FORM_COUNT], struct sp_error *err);
/* Appends FORM of what was kept. A file that is not what sp_last_write makes is refused: a text holds no
 * control characters, a JSON is one document, a page is one of ours. */
int sp_last_read(enum sp_last_form form, struct sp_buffer *out, struct sp_error *err);
/* The same from the bytes of a file; PATH is for messages. */
int sp_last_parse(const char *path, const char *bytes, size_t length, enum sp_last_form form,
                  struct sp_buffer *out, struct sp_error *err);
