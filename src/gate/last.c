#include "gate/last.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "base/utf8.h"
#include "gate/places.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define NAME "last-report"
#define MARK "sallyport-last-report 1"
#define SIZE_MAX_KEPT ((size_t)256 << 20)

/* --------------------------------------------------------------- writing */

static int
write_whole(int fd, const struct sp_buffer *buffer)
{
    const char *bytes = sp_buffer_string(buffer);
    for (size_t left = buffer->length; left;) {
        ssize_t count = write(fd, bytes, left);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        bytes += count;
        left -= (size_t)count;
    }
    return 0;
}

int
sp_last_write(const struct sp_buffer forms[SP_LAST_FORM_COUNT], struct sp_error *err)
{
    struct sp_places places;
    sp_autobuffer struct sp_buffer path = { 0 }, temporary = { 0 }, head = { 0 };
    int result = sp_places_cache(&places, err);
    if (result == 0)
        result = sp_buffer_printf(&path, err, "%s/" NAME, places.cache) < 0 ||
                         sp_buffer_printf(&temporary, err, "%s/" NAME ".XXXXXX", places.cache) < 0 ||
                         sp_buffer_printf(&head, err, MARK " %zu %zu %zu\n", forms[0].length, forms[1].length,
                                          forms[2].length) < 0
                     ? -1
                     : 0;
    /* made with mode 0600; the person behind sudo gets it, too */
    sp_autoclose int fd = result == 0 ? mkostemp(temporary.bytes, O_CLOEXEC) : -1;
    if (result == 0 && fd < 0)
        result = sp_fail_errno(err, "%s: the report cannot be kept", path.bytes);
    if (result == 0 &&
        ((!geteuid() && fchown(fd, places.uid, places.gid) < 0) || write_whole(fd, &head) < 0 ||
         write_whole(fd, &forms[0]) < 0 || write_whole(fd, &forms[1]) < 0 || write_whole(fd, &forms[2]) < 0 ||
         rename(temporary.bytes, path.bytes) < 0)) {
        result = sp_fail_errno(err, "%s: the report cannot be kept", path.bytes);
        unlink(temporary.bytes);
    }
    sp_places_free(&places);
    return result;
}

/* --------------------------------------------------------------- reading */

static int
check_text(const char *path, const char *bytes, size_t length, struct sp_error *err)
{
    for (size_t at = 0; at < length;) {
        size_t size;
        uint32_t point = sp_utf8_decode(bytes + at, length - at, &size);
        if (point != '\n' && (point == SP_UTF8_INVALID || !sp_utf8_is_printable(point)))
            return sp_fail(err, SP_ERROR_INPUT, "%s: its text could harm a terminal; run again to replace it",
                           path);
        at += size;
    }
    return 0;
}

static int
check_json(const char *path, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer scratch = { 0 }, copy = { 0 };
    struct sp_json_reader reader;
    /* what follows it in the file is none of its own */
    if (check_text(path, bytes, length, err) < 0 || sp_buffer_append(&copy, bytes, length, err) < 0 ||
        sp_json_reader_open(&reader, path, sp_buffer_string(&copy), length, &scratch, err) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&reader, err);
    if (token == SP_JSON_FAILED || (token == SP_JSON_OBJECT && sp_json_skip(&reader, token, err) < 0))
        return -1;
    if (token != SP_JSON_OBJECT || sp_json_next(&reader, err) != SP_JSON_END)
        return sp_fail(err, SP_ERROR_INPUT, "%s: its JSON is no report; run again to replace it", path);
    return 0;
}

static int
check_page(const char *path, const char *bytes, size_t length, struct sp_error *err)
{
    static const char begin[] = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';";
    if (length < sizeof(begin) || memcmp(bytes, begin, sizeof(begin) - 1) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "%s: its page is none of ours; run again to replace it", path);
    return check_text(path, bytes, length, err);
}

int
sp_last_parse(const char *path, const char *bytes, size_t length, enum sp_last_form form,
              struct sp_buffer *out, struct sp_error *err)
{
    static int (*const checks[])(const char *, const char *, size_t,
                                 struct sp_error *) = { check_text, check_json, check_page };
    char head[128];
    size_t sizes[SP_LAST_FORM_COUNT];
    const char *end = memchr(bytes, '\n', length < sizeof(head) ? length : sizeof(head));
    int used = 0;
    if (end) {
        memcpy(head, bytes, (size_t)(end - bytes));
        head[end - bytes] = '\0';
    }
    size_t before = end ? (size_t)(end - bytes) + 1 : 0, left = length - before;
    bool good = end && sscanf(head, MARK " %zu %zu %zu%n", &sizes[0], &sizes[1], &sizes[2], &used) == 3 &&
                !head[used];
    for (size_t i = 0; good && i < SP_LAST_FORM_COUNT; i++) {
        good = sizes[i] <= left;
        left -= good ? sizes[i] : 0;
    }
    if (!good || left)
        return sp_fail(err, SP_ERROR_INPUT, "%s: is no report that was kept; run again to replace it", path);
    const char *at = bytes + before;
    for (size_t i = 0; i < (size_t)form; i++)
        at += sizes[i];
    return checks[form](path, at, sizes[form], err) < 0 ? -1 : sp_buffer_append(out, at, sizes[form], err);
}

int
sp_last_read(enum sp_last_form form, struct sp_buffer *out, struct sp_error *err)
{
    struct sp_places places;
    sp_autobuffer struct sp_buffer path = { 0 }, bytes = { 0 };
    int result = sp_places_cache(&places, err);
    if (result == 0)
        result = sp_buffer_printf(&path, err, "%s/" NAME, places.cache);
    if (result == 0 && access(path.bytes, F_OK) < 0 && errno == ENOENT)
        result =
            sp_fail(err, SP_ERROR_USAGE, "no report is kept yet; 'sallyport run' and 'scan' keep theirs");
    if (result == 0)
        result = sp_file_read(path.bytes, SIZE_MAX_KEPT, &bytes, err);
    if (result == 0)
        result = sp_last_parse(path.bytes, sp_buffer_string(&bytes), bytes.length, form, out, err);
    sp_places_free(&places);
    return result;
}
