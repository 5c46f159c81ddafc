/* fuzz_npm_packument.c: the first byte chooses packument, tarball or deprecation notice and the version that
 * is wanted; the rest is what the registry sent. Beyond memory safety it checks what a record promises. */
#include "base/utf8.h"
#include "metadata/npm_artefact.h"
#include "metadata/npm_packument.h"

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
check_names(const struct sp_name_list *names)
{
    must(names->count <= SP_RECORD_NAMES_MAX);
    for (size_t i = 0; i < names->count; i++)
        check_text(names->items[i], SP_RECORD_TEXT_MAX);
}

static void
check_record(struct sp_record *record)
{
    must(sp_record_finish(record, NULL) == 0);
    check_text(record->name, SP_RECORD_TEXT_MAX);
    check_text(record->version, SP_RECORD_TEXT_MAX);
    check_text(record->readme, SP_RECORD_README_MAX);
    check_text(record->repository, SP_RECORD_TEXT_MAX);
    check_text(record->relocated, SP_RECORD_TEXT_MAX);
    check_names(&record->hooks);
    check_names(&record->dependencies);
    must(!record->maintainer_count || sp_record_knows(record, SP_FIELD_MAINTAINERS));
    must(!record->hooks.count || sp_record_knows(record, SP_FIELD_HOOKS));
    for (size_t i = 0; i < record->problems.count; i++)
        check_text(record->problems.items[i], SP_ERROR_TEXT_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const wanted[] = { NULL, "1.0.0", "next" };
    struct sp_error err = { 0 };
    sp_autorecord struct sp_record *record = NULL;
    if (!size)
        return 0;
    /* exactly as long as the content and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';
    must(sp_record_new(&record, sp_ecosystems[SP_NPM], "a", &err) == 0);
    const struct sp_teller teller = { record, "npm packument", 1 };
    struct sp_npm_manifest manifest;
    if (bytes[0] < 192) {
        must(sp_npm_packument_tell(&teller, wanted[bytes[0] % SP_COUNT(wanted)], content, size - 1, &manifest,
                                   &err) == 0);
    } else if (bytes[0] < 224) {
        must(sp_npm_artefact_tell(record, 1, content, size - 1, &err) == 0);
    } else {
        sp_autobuffer struct sp_buffer to = { 0 };
        must(sp_npm_relocation(content, "a", &to, &err) == 0);
        must(!to.length || sp_ecosystems[SP_NPM]->validate(to.bytes, to.length, NULL) == 0);
    }
    check_record(record);
    return 0;
}
