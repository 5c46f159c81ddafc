#include "metadata/members.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

static void
close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

struct reading {
    const char *what;
    struct archive *archive;
    const struct sp_members_reader *reader;
    uint64_t unpacked;
    struct sp_buffer kept;
};

static int
damaged(const struct reading *reading, struct sp_error *err)
{
    const char *why = archive_error_string(reading->archive);
    return sp_fail(err, SP_ERROR_INPUT, "%s: its archive is damaged: %.200s", reading->what,
                   why ? why : "no reason given");
}

/* "package/README.md" -> "README.md", "./a/b/c" -> "b/c"; "" for what lies beside the top folder. */
static const char *
below_top(const char *path)
{
    while (!strncmp(path, "./", 2))
        path += 2;
    const char *slash = strchr(path, '/');
    return slash ? slash + 1 : "";
}

/* Reads one entry's bytes, all of them: skipping would unpack them as well, and without a limit. */
static int
read_entry(struct reading *reading, size_t wanted, bool *cut, struct sp_error *err)
{
    sp_buffer_clear(&reading->kept);
    *cut = false;
    for (;;) {
        char block[16384];
        la_ssize_t length = archive_read_data(reading->archive, block, sizeof(block));
        if (length < 0)
            return damaged(reading, err);
        if (length == 0)
            return 0;
        reading->unpacked += (uint64_t)length;
        if (reading->unpacked > SP_MEMBERS_BYTES_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d MB unpacked; the rest is not looked at",
                           reading->what, (int)(SP_MEMBERS_BYTES_MAX >> 20));
        size_t take = wanted - reading->kept.length;
        if (take > (size_t)length)
            take = (size_t)length;
        *cut |= take < (size_t)length;
        if (sp_buffer_append(&reading->kept, block, take, err) < 0)
            return -1;
    }
}

static int
read_entries(struct reading *reading, struct sp_error *err)
{
    const struct sp_members_reader *reader = reading->reader;
    for (size_t count = 0;; count++) {
        struct archive_entry *entry;
        int status = archive_read_next_header(reading->archive, &entry);
        if (status == ARCHIVE_EOF)
            return 0;
        if (status < ARCHIVE_WARN)
            return damaged(reading, err);
        if (count == SP_MEMBERS_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d files; the rest is not looked at",
                           reading->what, SP_MEMBERS_MAX);
        const char *path = archive_entry_pathname(entry);
        sp_autofree char *name = strdup(path ? below_top(path) : "");
        if (!name)
            return sp_fail_memory(err);
        bool regular = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) && *name;
        size_t wanted = regular ? reader->wants(reader->context, name) : 0;
        bool cut;
        if (read_entry(reading, wanted, &cut, err) < 0)
            return -1;
        if (!wanted)
            continue;
        status = reader->take(reader->context, name, sp_buffer_string(&reading->kept), reading->kept.length,
                              cut, err);
        if (status)
            return status < 0 ? -1 : 0;
    }
}

int
sp_members_read(const char *what, const void *bytes, size_t length, const struct sp_members_reader *reader,
                struct sp_error *err)
{
    __attribute__((cleanup(close_archive))) struct archive *archive = archive_read_new();
    struct reading reading = { .what = what, .archive = archive, .reader = reader };
    if (!archive)
        return sp_fail_memory(err);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_zip(archive);
    if (archive_read_open_memory(archive, bytes, length) != ARCHIVE_OK)
        return damaged(&reading, err);
    int status = read_entries(&reading, err);
    sp_buffer_free(&reading.kept);
    return status;
}
