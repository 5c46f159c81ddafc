#include "base/error.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* A name of 10,000 bytes must not push the advice at the end out of the line: each argument is cut by the
 * caller's precision, and the line as a whole here. */
static void
set_text(struct sp_error *err, const char *raw)
{
    sp_utf8_printable(err->text, sizeof(err->text), raw, strlen(raw));
}

int
sp_fail(struct sp_error *err, enum sp_error_code code, const char *format, ...)
{
    if (!err)
        return -1;
    char raw[SP_ERROR_TEXT_MAX * 2];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof(raw), format, args);
    va_end(args);
    err->code = code;
    err->number = 0;
    set_text(err, raw);
    return -1;
}

int
sp_fail_errno(struct sp_error *err, const char *format, ...)
{
    int number = errno;
    if (!err)
        return -1;
    char raw[SP_ERROR_TEXT_MAX * 2];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof(raw) - 128, format, args);
    va_end(args);
    char reason[96];
    const char *text = strerror_r(number, reason, sizeof(reason));
    size_t used = strlen(raw);
    snprintf(raw + used, sizeof(raw) - used, ": %s", text);
    err->code = SP_ERROR_SYSTEM;
    err->number = number;
    set_text(err, raw);
    return -1;
}

int
sp_fail_memory(struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_MEMORY, "out of memory; close other programs or raise the limit, and retry");
}

int
sp_fail_within(struct sp_error *err, const char *where_format, ...)
{
    if (!err)
        return -1;
    char raw[SP_ERROR_TEXT_MAX * 2];
    va_list args;
    va_start(args, where_format);
    vsnprintf(raw, SP_ERROR_TEXT_MAX, where_format, args);
    va_end(args);
    size_t used = strlen(raw);
    snprintf(raw + used, sizeof(raw) - used, ": %s", err->text);
    set_text(err, raw);
    return -1;
}
