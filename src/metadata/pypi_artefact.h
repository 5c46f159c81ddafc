/* pypi_artefact.h: core metadata out of a wheel of which only parts are fetched, or out of a source
 * distribution. Sources: PyPA specifications, "Binary distribution format", "Source distribution format";
 * PKWARE APPNOTE 6.3 (zip). */
#pragma once
#include "metadata/record.h"

#define SP_WHEEL_TAIL ((int64_t)64 << 10)       /* bytes from its end to begin with */
#define SP_WHEEL_DIRECTORY_MAX (4u << 20)       /* of its central directory */
#define SP_WHEEL_METADATA_MAX ((size_t)8 << 20) /* of METADATA, unpacked */

/* A part of a file. */
struct sp_wheel_part {
    uint64_t from, to; /* first and last byte */
};
enum sp_wheel_found {
    SP_WHEEL_METADATA,  /* the part holds METADATA with its local header */
    SP_WHEEL_DIRECTORY, /* ask again with this part, to the end of the file */
};
/* Looks for METADATA in the last LENGTH bytes of a wheel of WHOLE bytes. 0, or -1 where it is no wheel, where
 * it is damaged, or claims places that it does not have. */
int sp_wheel_find(const char *tail, size_t length, uint64_t whole, enum sp_wheel_found *found,
                  struct sp_wheel_part *part, struct sp_error *err);
/* Appends METADATA to OUT, out of the PART (LENGTH bytes) that sp_wheel_find found. */
int sp_wheel_unpack(const char *part, size_t length, struct sp_buffer *out, struct sp_error *err);

/* PKG-INFO, and whether code runs when it is built: hooks. What is damaged becomes a problem. -1: memory. */
int sp_pypi_sdist_tell(struct sp_record *record, int64_t time, const char *bytes, size_t length,
                       struct sp_error *err);
