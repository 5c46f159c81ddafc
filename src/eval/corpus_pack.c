/* Archives, by libarchive: always the same bytes for the same files. */
#include "eval/corpus_parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define WHEN 499162500 /* what npm gives to every file: 1985-10-26 */
#define ENTRIES_MAX 20000

struct writing {
    struct sp_buffer *out;
    struct sp_error *err;
};

static la_ssize_t
take_bytes(struct archive *archive, void *context, const void *bytes, size_t length)
{
    struct writing *writing = context;
    (void)archive;
    return sp_buffer_append(writing->out, bytes, length, writing->err) < 0 ? -1 : (la_ssize_t)length;
}

static int
fail_archive(struct archive *archive, struct sp_error *err)
{
    const char *text = archive_error_string(archive);
    return sp_fail(err, SP_ERROR_INPUT, "archive: %s", text ? text : "cannot be written");
}

static void
drop_writer(struct archive **archive)
{
    if (*archive)
        archive_write_free(*archive);
}

static void
drop_reader(struct archive **archive)
{
    if (*archive)
        archive_read_free(*archive);
}

static void
drop_entry(struct archive_entry **entry)
{
    if (*entry)
        archive_entry_free(*entry);
}

static int
choose_format(struct archive *archive, enum sp_archive_kind kind)
{
    switch (kind) {
    case SP_ARCHIVE_ZIP:
        return archive_write_set_format_zip(archive);
    case SP_ARCHIVE_TAR_XZ:
        return archive_write_add_filter_xz(archive) | archive_write_set_format_ustar(archive);
    default:
        /* without the time of day in gzip's head */
        return archive_write_add_filter_gzip(archive) |
               archive_write_set_filter_option(archive, "gzip", "timestamp", NULL) |
               archive_write_set_format_ustar(archive);
    }
}

static int
write_file(struct archive *archive, enum sp_archive_kind kind, const struct sp_made_file *file,
           const char *prefix, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    __attribute__((cleanup(drop_entry))) struct archive_entry *entry = archive_entry_new();
    if (!entry)
        return sp_fail_memory(err);
    if (sp_buffer_printf(&path, err, "%s%s", prefix, file->path) < 0)
        return -1;
    archive_entry_set_pathname(entry, path.bytes);
    archive_entry_set_size(entry, (la_int64_t)file->length);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, file->executable ? 0755 : 0644);
    if (kind != SP_ARCHIVE_ZIP) /* zip writes local time: none is the same everywhere */
        archive_entry_set_mtime(entry, WHEN, 0);
    if (archive_write_header(archive, entry) != ARCHIVE_OK ||
        (file->length && archive_write_data(archive, file->bytes, file->length) != (la_ssize_t)file->length))
        return fail_archive(archive, err);
    return 0;
}

int
sp_corpus_pack(struct sp_buffer *out, enum sp_archive_kind kind, const struct sp_made_files *files,
               const char *prefix, struct sp_error *err)
{
    struct writing writing = { out, err };
    __attribute__((cleanup(drop_writer))) struct archive *archive = archive_write_new();
    if (!archive)
        return sp_fail_memory(err);
    if (choose_format(archive, kind) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
        archive_write_open(archive, &writing, NULL, take_bytes, NULL) != ARCHIVE_OK)
        return fail_archive(archive, err);
    for (size_t i = 0; i < files->count; i++)
        if (write_file(archive, kind, &files->items[i], prefix, err) < 0)
            return -1;
    return archive_write_close(archive) == ARCHIVE_OK ? 0 : fail_archive(archive, err);
}

int
sp_corpus_compress(struct sp_buffer *out, enum sp_archive_kind kind, const void *bytes, size_t length,
                   struct sp_error *err)
{
    struct writing writing = { out, err };
    __attribute__((cleanup(drop_writer))) struct archive *archive = archive_write_new();
    __attribute__((cleanup(drop_entry))) struct archive_entry *entry = archive_entry_new();
    if (!archive || !entry)
        return sp_fail_memory(err);
    archive_entry_set_pathname(entry, "raw");
    archive_entry_set_filetype(entry, AE_IFREG);
    int failed = archive_write_set_format_raw(archive);
    failed |= kind == SP_ARCHIVE_TAR_XZ
                  ? archive_write_add_filter_xz(archive)
                  : archive_write_add_filter_gzip(archive) |
                        archive_write_set_filter_option(archive, "gzip", "timestamp", NULL);
    if (failed != ARCHIVE_OK || archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
        archive_write_open(archive, &writing, NULL, take_bytes, NULL) != ARCHIVE_OK ||
        archive_write_header(archive, entry) != ARCHIVE_OK ||
        (length && archive_write_data(archive, bytes, length) != (la_ssize_t)length) ||
        archive_write_close(archive) != ARCHIVE_OK)
        return fail_archive(archive, err);
    return 0;
}

/* ------------------------------------------------------------ reading */

/* One file; *LEFT is how many bytes may still come. */
static int
read_file(struct archive *archive, struct archive_entry *entry, struct sp_made_files *out, size_t *left,
          struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { .limit = *left };
    const char *path = archive_entry_pathname(entry);
    const void *bytes;
    size_t length;
    la_int64_t at;
    int status;
    if (!path || !*path || *path == '/' || strstr(path, ".."))
        return sp_fail(err, SP_ERROR_INPUT, "the archive has a file outside of itself");
    while ((status = archive_read_data_block(archive, &bytes, &length, &at)) == ARCHIVE_OK)
        if ((uint64_t)at != text.length || sp_buffer_append(&text, bytes, length, err) < 0)
            return sp_fail(err, SP_ERROR_LIMIT, "%.200s: larger than allowed, or full of holes", path);
    if (status != ARCHIVE_EOF)
        return fail_archive(archive, err);
    *left -= text.length;
    bool executable = archive_entry_perm(entry) & 0100;
    if (sp_made_add(out, path, &text, arena, err) < 0)
        return -1;
    out->items[out->count - 1].executable = executable;
    return 0;
}

int
sp_corpus_unpack(struct sp_made_files *out, const void *bytes, size_t length, size_t limit,
                 struct sp_arena *arena, struct sp_error *err)
{
    __attribute__((cleanup(drop_reader))) struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    int status;
    if (!archive)
        return sp_fail_memory(err);
    if ((archive_read_support_filter_gzip(archive) | archive_read_support_filter_xz(archive) |
         archive_read_support_format_tar(archive) | archive_read_support_format_zip(archive)) != ARCHIVE_OK ||
        archive_read_open_memory(archive, bytes, length) != ARCHIVE_OK)
        return fail_archive(archive, err);
    while ((status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        if (out->count == ENTRIES_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "the archive has more than %d files", ENTRIES_MAX);
        if (archive_entry_filetype(entry) == AE_IFREG &&
            read_file(archive, entry, out, &limit, arena, err) < 0)
            return -1;
    }
    return status == ARCHIVE_EOF ? 0 : fail_archive(archive, err);
}

/* ------------------------------------------------------------ files of a package */

int
sp_made_add(struct sp_made_files *files, const char *path, struct sp_buffer *text, struct sp_arena *arena,
            struct sp_error *err)
{
    if (sp_grow(files->items, files->capacity, files->count + 1, err) < 0)
        return -1;
    struct sp_made_file file = {
        .path = sp_arena_copy(arena, path, strlen(path), err),
        .bytes = sp_arena_copy(arena, sp_buffer_string(text), text->length, err),
        .length = text->length,
    };
    if (!file.path || !file.bytes)
        return -1;
    files->items[files->count++] = file;
    sp_buffer_clear(text);
    return 0;
}

struct sp_made_file *
sp_made_find(const struct sp_made_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (!strcmp(files->items[i].path, path))
            return &files->items[i];
    return NULL;
}

void
sp_made_free(struct sp_made_files *files)
{
    free(files->items);
    *files = (struct sp_made_files){ 0 };
}
