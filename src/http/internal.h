/* internal.h: what the files of this room share. */
#pragma once
#include "http/http.h"

#include <curl/curl.h>

/* "registry.npmjs.org:8443" of URL, cut to SIZE, for messages. */
void sp_http_host_of(char *out, size_t size, const char *url);
/* Fills ERR with what CODE means for the user who asked URL, and returns -1. DETAIL: libcurl's own words. */
int sp_http_explain(CURLcode code, const char *url, const char *detail, unsigned long timeout_seconds,
                    struct sp_error *err);
/* Whether another attempt could end better. */
bool sp_http_is_passing(CURLcode code);

/* Takes one line of a head into FIELDS. */
int sp_http_add_field(struct sp_buffer *fields, const char *line, size_t length, struct sp_error *err);
