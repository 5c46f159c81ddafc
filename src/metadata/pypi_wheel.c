/* A wheel is a zip archive; its list of contents stands at its end. */
#include "metadata/pypi_artefact.h"
#include "base/buffer.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define END_SIZE 22      /* of the record that ends the archive, without its comment */
#define ENTRY_SIZE 46    /* of an entry of the directory, without name, extra field and comment */
#define LOCAL_SIZE 30    /* of the header before a file */
#define LOCAL_SLACK 1024 /* local headers may have another extra field than the directory says */
#define ENTRIES_MAX 100000

static uint32_t
read_number(const char *at, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = size; i--;)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static int
damaged(const char *what, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "wheel: %s; its METADATA is not read", what);
}

/* The record that ends the archive: it may be followed by a comment of at most 64 KB. */
static const char *
find_end(const char *tail, size_t length)
{
    if (length < END_SIZE)
        return NULL;
    for (const char *at = tail + length - END_SIZE;; at--) {
        size_t left = length - (size_t)(at - tail);
        if (!memcmp(at, "PK\5\6", 4) && read_number(at + 20, 2) == left - END_SIZE)
            return at;
        if (at == tail || left > 65536 + END_SIZE)
            return NULL;
    }
}

/* "NAME-VERSION.dist-info/METADATA" */
static bool
is_metadata(const char *name, size_t length)
{
    static const char end[] = ".dist-info/METADATA";
    size_t tail = sizeof(end) - 1;
    return length > tail && !memcmp(name + length - tail, end, tail) && !memchr(name, '/', length - tail);
}

/* The entries in DIRECTORY (SIZE bytes), whose archive's files end before LIMIT. */
static int
search(const char *directory, size_t size, uint64_t limit, struct sp_wheel_part *part, struct sp_error *err)
{
    for (size_t at = 0, count = 0; at + ENTRY_SIZE <= size && count < ENTRIES_MAX; count++) {
        const char *entry = directory + at;
        if (memcmp(entry, "PK\1\2", 4) != 0)
            return damaged("its directory is damaged", err);
        uint64_t packed = read_number(entry + 20, 4), unpacked = read_number(entry + 24, 4);
        size_t name = read_number(entry + 28, 2), extra = read_number(entry + 30, 2),
               comment = read_number(entry + 32, 2);
        uint64_t place = read_number(entry + 42, 4);
        if (name > size - at - ENTRY_SIZE)
            return damaged("its directory is cut", err);
        at += ENTRY_SIZE + name + extra + comment;
        if (!is_metadata(entry + ENTRY_SIZE, name))
            continue;
        if (unpacked > SP_WHEEL_METADATA_MAX || packed > SP_WHEEL_METADATA_MAX)
            return damaged("it says that METADATA has more than 8 MB", err);
        uint64_t end = place + LOCAL_SIZE + name + packed;
        if (place >= limit || end > limit)
            return damaged("its directory points to places that it does not have", err);
        end += LOCAL_SLACK;
        *part = (struct sp_wheel_part){ place, (end < limit ? end : limit) - 1 };
        return 0;
    }
    return damaged("it lists no METADATA", err);
}

int
sp_wheel_find(const char *tail, size_t length, uint64_t whole, enum sp_wheel_found *found,
              struct sp_wheel_part *part, struct sp_error *err)
{
    if (whole < length)
        return damaged("its size is not what was said", err);
    const char *end = find_end(tail, length);
    if (!end)
        return damaged("it does not end like a zip archive", err);
    uint64_t size = read_number(end + 12, 4), place = read_number(end + 16, 4);
    uint64_t end_at = whole - length + (uint64_t)(end - tail);
    if (size == UINT32_MAX || place == UINT32_MAX)
        return damaged("it is of the form for more than 4 GB", err);
    if (place + size > end_at || size > SP_WHEEL_DIRECTORY_MAX || !size)
        return damaged("its directory is not where it says, or larger than 4 MB", err);
    if (place < whole - length) {
        *found = SP_WHEEL_DIRECTORY;
        *part = (struct sp_wheel_part){ place, whole - 1 };
        return 0;
    }
    *found = SP_WHEEL_METADATA;
    return search(tail + (place - (whole - length)), size, place, part, err);
}

static void
close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

int
sp_wheel_unpack(const char *part, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    __attribute__((cleanup(close_archive))) struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    if (!archive)
        return sp_fail_memory(err);
    if (length < LOCAL_SIZE || memcmp(part, "PK\3\4", 4) != 0)
        return damaged("no file begins where its directory says", err);
    archive_read_support_format_zip_streamable(archive);
    if (archive_read_open_memory(archive, part, length) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) < ARCHIVE_WARN)
        return damaged("the file that its directory names cannot be read", err);
    const char *name = archive_entry_pathname(entry);
    if (!name || !is_metadata(name, strlen(name)))
        return damaged("its directory and its files have different names", err);
    for (;;) {
        char block[16384];
        la_ssize_t got = archive_read_data(archive, block, sizeof(block));
        if (got == 0)
            return 0;
        if (got < 0)
            return damaged("METADATA cannot be unpacked", err);
        if (out->length + (size_t)got > SP_WHEEL_METADATA_MAX)
            return damaged("METADATA has more than 8 MB", err);
        if (sp_buffer_append(out, block, (size_t)got, err) < 0)
            return -1;
    }
}
