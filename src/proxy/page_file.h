/* page_file.h: a page as it lies in the cache: lines of "name: value", an empty one, the body. */
#pragma once
#include "proxy/pages.h"

int sp_page_write(const struct sp_page *page, struct sp_buffer *out, struct sp_error *err);
/* NULL: damaged, or of another version. */
struct sp_page *sp_page_read(const struct sp_buffer *file);
struct sp_page *sp_page_new(void);
void sp_page_free(struct sp_page *page);
