/* The proxy's own words, in the form in which each client shows them to its user:
 * npm prints the "error" of a JSON body; pip prints, of a page, nothing but the Content-Type that it does not
 * like, and of a file nothing but the URL that failed. */
#include "base/json.h"
#include "proxy/internal.h"

#include <string.h>
#include <strings.h>

void
sp_answer_add(struct MHD_Response *response, const char *name, const char *value)
{
    if (response && value && *value)
        MHD_add_response_header(response, name, value);
}

enum MHD_Result
sp_answer_queue(struct sp_asked *asked, unsigned status, struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(asked->connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

struct MHD_Response *
sp_answer_body(struct sp_buffer *body, const char *type)
{
    size_t length = body->length;
    char *bytes = sp_buffer_steal(body, NULL);
    if (!bytes)
        return NULL;
    struct MHD_Response *response = MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(bytes);
    sp_answer_add(response, "Content-Type", type);
    return response;
}

static enum MHD_Result
answer_json(struct sp_asked *asked, unsigned status, const char *line)
{
    struct sp_error err;
    sp_autojson struct sp_json json = { .err = &err, .compact = true };
    sp_json_begin_object(&json);
    sp_json_key(&json, "error");
    sp_json_string(&json, line);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return MHD_NO;
    return sp_answer_queue(asked, status, sp_answer_body(&json.out, "application/json"));
}

enum MHD_Result
sp_answer_line(struct sp_asked *asked, unsigned status, const char *line)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (asked->speaks_npm)
        return answer_json(asked, status, line);
    if (sp_buffer_printf(&text, NULL, "sallyport: %s\n", line) < 0)
        return MHD_NO;
    struct MHD_Response *response = sp_answer_body(&text, "text/plain; charset=utf-8");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        sp_answer_add(response, "Allow", "GET, HEAD");
    return sp_answer_queue(asked, status, response);
}

static bool
is_pip(const struct sp_asked *asked)
{
    const char *agent = sp_asked_header(asked, "User-Agent");
    return agent && !strncmp(agent, "pip/", 4);
}

/* LINE with nothing but what a header field and a path bear as it is. */
static int
write_plain(struct sp_buffer *out, const char *line, const char *space)
{
    for (; *line; line++) {
        bool plain = (*line > ' ' && *line < 0x7f && !strchr("\"#%&?<>\\^`{|}", *line));
        if (*line == ' ' ? sp_buffer_append_string(out, space, NULL) < 0
                         : sp_buffer_append_byte(out, plain ? *line : '_', NULL) < 0)
            return -1;
    }
    return 0;
}

/* pip passes over a page that it may not have in silence ("no matching distribution"); of one whose type it
 * does not know it says so, and shows the type. */
static enum MHD_Result
answer_pip_page(struct sp_asked *asked, const char *line)
{
    sp_autobuffer struct sp_buffer type = { 0 }, body = { 0 };
    if (sp_buffer_append_string(&type, "Sallyport: ", NULL) < 0 || write_plain(&type, line, " ") < 0 ||
        sp_buffer_printf(&body, NULL, "sallyport: %s\n", line) < 0)
        return MHD_NO;
    return sp_answer_queue(asked, MHD_HTTP_OK, sp_answer_body(&body, type.bytes));
}

/* Of a file that it may not have pip shows the URL. */
static enum MHD_Result
answer_pip_file(struct sp_asked *asked, const char *line)
{
    sp_autobuffer struct sp_buffer place = { 0 }, body = { 0 };
    if (sp_buffer_append_string(&place, "/refused/", NULL) < 0 || write_plain(&place, line, "_") < 0 ||
        sp_buffer_printf(&body, NULL, "sallyport: %s\n", line) < 0)
        return MHD_NO;
    struct MHD_Response *response = sp_answer_body(&body, "text/plain; charset=utf-8");
    sp_answer_add(response, "Location", place.bytes);
    return sp_answer_queue(asked, MHD_HTTP_FOUND, response);
}

enum MHD_Result
sp_answer_no_page(struct sp_asked *asked, unsigned status, const char *line)
{
    /* what is not there is no news: pip asks every index that it knows */
    bool silent = asked->route == SP_ROUTE_SIMPLE && status != MHD_HTTP_NOT_FOUND && is_pip(asked);
    return silent ? answer_pip_page(asked, line) : sp_answer_line(asked, status, line);
}

enum MHD_Result
sp_answer_no_file(struct sp_asked *asked, unsigned status, const char *line)
{
    return status != MHD_HTTP_NOT_FOUND && is_pip(asked) ? answer_pip_file(asked, line)
                                                         : sp_answer_line(asked, status, line);
}

enum MHD_Result
sp_answer_unserved(struct sp_asked *asked, unsigned status, const char *line)
{
    sp_autobuffer struct sp_buffer subject = { 0 };
    const char *url = asked->upstream.url ? asked->upstream.url : asked->target;
    if (sp_buffer_printf(&subject, NULL, "%.32s %.7000s", asked->method, url ? url : "") == 0)
        sp_event_send(
            asked->proxy->options.sink,
            &(struct sp_event){ .kind = SP_EVENT_REQUEST, .subject = subject.bytes, .detail = line });
    return status == MHD_HTTP_FORBIDDEN ? sp_answer_no_file(asked, status, line)
                                        : sp_answer_line(asked, status, line);
}

enum MHD_Result
sp_answer_refused(struct sp_asked *asked, const struct sp_judgement *judgement)
{
    sp_autobuffer struct sp_buffer line = { 0 };
    if (sp_buffer_printf(&line, NULL, "refused %s%s%s: %s", sp_buffer_string(&asked->name),
                         asked->version.length ? " " : "", sp_buffer_string(&asked->version),
                         judgement->message) < 0)
        return MHD_NO;
    if (is_pip(asked))
        return asked->route == SP_ROUTE_SIMPLE ? answer_pip_page(asked, line.bytes)
                                               : answer_pip_file(asked, line.bytes);
    return sp_answer_line(asked, MHD_HTTP_FORBIDDEN, line.bytes);
}

const char *
sp_asked_header(const struct sp_asked *asked, const char *name)
{
    const char *value = MHD_lookup_connection_value(asked->connection, MHD_HEADER_KIND, name);
    if (!value || strlen(value) > 1024)
        return NULL;
    for (const char *c = value; *c; c++)
        if (*c < ' ' || *c >= 0x7f)
            return NULL;
    return value;
}

bool
sp_asked_has(const struct sp_asked *asked, const char *etag)
{
    const char *known = sp_asked_header(asked, "If-None-Match");
    if (!known || !*etag)
        return false;
    if (!strncmp(known, "W/", 2))
        known += 2;
    if (!strncmp(etag, "W/", 2))
        etag += 2;
    return strcmp(known, etag) == 0;
}
