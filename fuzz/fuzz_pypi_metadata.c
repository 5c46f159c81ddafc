/* fuzz_pypi_metadata.c: the first byte chooses the JSON API, either form of the simple API, core metadata,
 * the end of a wheel, a part of it, or a source distribution; the rest is what was sent. */
#include "base/utf8.h"
#include "metadata/pypi_artefact.h"
#include "metadata/pypi_index.h"
#include "metadata/pypi_told.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
check_text(const char *text, size_t max)
{
    must(!text || (strlen(text) <= max && sp_utf8_valid(text, strlen(text))));
}

static void
check_record(struct sp_record *record)
{
    must(sp_record_finish(record, NULL) == 0);
    check_text(record->name, SP_RECORD_TEXT_MAX);
    check_text(record->version, SP_RECORD_TEXT_MAX);
    check_text(record->readme, SP_RECORD_README_MAX);
    check_text(record->deprecated, SP_RECORD_TEXT_MAX);
    must(record->dependencies.count <= SP_RECORD_NAMES_MAX);
    must(!record->dependencies.count || sp_record_knows(record, SP_FIELD_DEPENDENCIES));
    for (size_t i = 0; i < record->dependencies.count; i++)
        check_text(record->dependencies.items[i], SP_RECORD_TEXT_MAX);
    for (size_t i = 0; i < record->release_count; i++)
        check_text(record->releases[i].number, SP_RECORD_TEXT_MAX);
}

static void
read_wheel(const char *content, size_t length)
{
    struct sp_wheel_part part;
    enum sp_wheel_found found;
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    /* as if a part of it were missing before what was sent */
    for (uint64_t before = 0; before <= 4096; before += 4096)
        if (sp_wheel_find(content, length, length + before, &found, &part, &err) == 0) {
            must(part.from <= part.to && part.to < length + before);
            if (found == SP_WHEEL_METADATA && part.from >= before)
                sp_wheel_unpack(content + (part.from - before), part.to - part.from + 1, &out, &err);
        } else {
            must(*err.text);
        }
    must(out.length <= SP_WHEEL_METADATA_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sp_error err = { 0 };
    sp_autorecord struct sp_record *record = NULL;
    if (!size)
        return 0;
    /* exactly as long as the content and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';
    size_t length = size - 1;
    must(sp_record_new(&record, sp_ecosystems[SP_PYPI], "a", &err) == 0);
    const struct sp_teller teller = { record, "PyPI", 1 };
    struct sp_pypi_files files = { .wheel_size = -1, .source_size = -1 };
    sp_autobuffer struct sp_buffer out = { 0 };
    switch (bytes[0] % 8) {
    case 0:
        must(sp_pypi_json_tell(&teller, NULL, false, content, length, &files, &err) == 0);
        break;
    case 1:
        must(sp_pypi_json_tell(&teller, "1.0", true, content, length, &files, &err) == 0);
        break;
    case 2:
        must(sp_pypi_simple_json_tell(&teller, NULL, content, length, &files, &err) == 0);
        break;
    case 3:
        must(sp_pypi_simple_html_tell(&teller, "1.0", content, length, &files, &err) == 0);
        break;
    case 4:
        must(sp_pypi_core_tell(&teller, content, length, &err) == 0);
        break;
    case 5:
        read_wheel(content, length);
        break;
    case 6:
        if (sp_wheel_unpack(content, length, &out, &err) < 0)
            must(*err.text);
        break;
    default:
        must(sp_pypi_sdist_tell(record, 1, content, length, &err) == 0);
    }
    check_record(record);
    return 0;
}
