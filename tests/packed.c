#include "packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PACKED_MAX ((size_t)4 << 20)

static char *
pack(struct archive *archive, const struct packed *files, size_t count, size_t *length)
{
    static const char zeros[65536];
    char *out = malloc(PACKED_MAX);
    assert(out && archive_write_open_memory(archive, out, PACKED_MAX, length) == ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        size_t size = files[i].zeros ? files[i].zeros : strlen(files[i].text);
        archive_entry_set_pathname(entry, files[i].path);
        archive_entry_set_size(entry, (la_int64_t)size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        assert(archive_write_header(archive, entry) == ARCHIVE_OK);
        for (size_t at = 0; at < size;) {
            size_t part = size - at < sizeof(zeros) ? size - at : sizeof(zeros);
            archive_write_data(archive, files[i].zeros ? zeros : files[i].text + at, part);
            at += part;
        }
        archive_entry_free(entry);
    }
    assert(archive_write_close(archive) == ARCHIVE_OK);
    archive_write_free(archive);
    return out;
}

char *
pack_zip(const struct packed *files, size_t count, size_t *length)
{
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    return pack(archive, files, count, length);
}

char *
pack_tar_gz(const struct packed *files, size_t count, size_t *length)
{
    struct archive *archive = archive_write_new();
    archive_write_set_format_pax_restricted(archive);
    archive_write_add_filter_gzip(archive);
    return pack(archive, files, count, length);
}
