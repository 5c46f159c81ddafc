/* build.h: what the files that write an index share. */
#pragma once
#include "name/layout.h"

/* The sections written so far, in memory. Zero-initialise. */
struct sp_index_writer {
    struct sp_writer_section {
        uint32_t id;
        uint64_t items;
        struct sp_buffer bytes;
    } * sections;
    size_t count, capacity;
    struct sp_postings_builder famous; /* of all ecosystems, for SP_SECTION_FAMOUS */
};

/* A new, empty section whose bytes the caller appends; valid until the next call. */
struct sp_buffer *sp_writer_section(struct sp_index_writer *writer, uint32_t id, struct sp_error *err);
/* States the items of the section last begun. */
void sp_writer_items(struct sp_index_writer *writer, uint64_t items);
/* Sorts and writes BUILDER as section ID, unless it is empty. */
int sp_writer_postings(struct sp_index_writer *writer, uint32_t id, struct sp_postings_builder *builder,
                       struct sp_error *err);
/* Appends a string and a NUL to STRINGS and says where it stands. */
int sp_writer_string(struct sp_buffer *strings, const char *bytes, size_t length,
                     struct sp_string_reference *out, struct sp_error *err);
void sp_writer_free(struct sp_index_writer *writer);
#define sp_autowriter __attribute__((cleanup(sp_writer_free)))

/* Writes the sections of one ecosystem; WORDS and EMBEDDING (NULL: none) are those of the index being made.
 */
int sp_build_ecosystem(struct sp_index_writer *writer, const struct sp_index_recipe *recipe,
                       enum sp_ecosystem_id id, const struct sp_words *words,
                       const struct sp_embedding *embedding, struct sp_error *err);
