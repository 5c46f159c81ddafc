/* layout.h: the sections of an index file, for the code that writes them and the code that reads them.
 * All records are little-endian and are used in place; every offset is checked where it is used, so that a
 * file with a right checksum and wrong content can mislead but not crash. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "name/edits.h"
#include "name/embedding.h"
#include "name/index.h"
#include "name/postings.h"
#include "name/vectors.h"
#include "name/words.h"
#include "model/model.h"

#include <endian.h>
#include <pthread.h>

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "index files are mapped and used in place: only little-endian machines can"
#endif

#define SP_INDEX_MAGIC "SALLYIDX"
#define SP_INDEX_VERSION 1u
#define SP_INDEX_ALIGN 64u

struct sp_index_header {
    char magic[8];
    uint32_t version;
    uint32_t section_count;
    uint64_t size;     /* of the file */
    uint64_t checksum; /* of this header with checksum 0, and the section table */
    uint8_t reserved[32];
};

struct sp_section_record {
    uint32_t id; /* sp_section_id() */
    uint32_t reserved;
    uint64_t offset, size, items, checksum;
};

enum sp_section_kind {
    SP_SECTION_STRINGS,         /* names and forms that records point into */
    SP_SECTION_SUMMARIES,       /* what packages say of themselves; apart, since seldom wanted */
    SP_SECTION_PACKAGES,        /* struct sp_package_record, by rank */
    SP_SECTION_FORMS,           /* struct sp_form_record */
    SP_SECTION_OWNERS,          /* u32: package << 4 | enum sp_owner_flags, runs that forms point at */
    SP_SECTION_KEYS,            /* postings: key of a form -> form */
    SP_SECTION_EDITS,           /* edits.h: half of a form -> form */
    SP_SECTION_VECTORS,         /* vectors.h, one a package */
    SP_SECTION_NAMESPACES,      /* struct sp_namespace_record */
    SP_SECTION_NAMESPACE_KEYS,  /* postings */
    SP_SECTION_NAMESPACE_EDITS, /* edits.h */
    SP_SECTION_NAMES,           /* u64: sorted hashes of the registry's full list */
    SP_SECTION_ECOSYSTEM_COUNT,
    /* shared by all ecosystems */
    SP_SECTION_VOCABULARY = SP_SECTION_ECOSYSTEM_COUNT,
    SP_SECTION_SPELLING,
    SP_SECTION_AFFIXES,
    SP_SECTION_FAMILIES,
    SP_SECTION_LISTS,     /* struct sp_list_record */
    SP_SECTION_LIST_KEYS, /* postings: ecosystem and name -> list record */
    SP_SECTION_LIST_STRINGS,
    SP_SECTION_EMBEDDING,
    SP_SECTION_MODEL,
    SP_SECTION_FAMOUS, /* postings: a name that everybody knows -> ecosystem << 24 | package */
    SP_SECTION_META,   /* origin, NUL, date of the name lists, NUL */
    SP_SECTION_KIND_COUNT,
};

#define SP_SHARED 0xffu

static inline uint32_t
sp_section_id(unsigned ecosystem, enum sp_section_kind kind)
{
    return ecosystem << 8 | (uint32_t)kind;
}

struct sp_string_reference {
    uint32_t offset;
    uint32_t length;
};

struct sp_package_record {
    struct sp_string_reference name; /* as the registry writes it */
    struct sp_string_reference summary;
    uint64_t downloads; /* 0 unknown */
    uint32_t rank;      /* 0 unknown */
    uint32_t form_full, form_flat, form_identifier;
    uint32_t namespace_; /* UINT32_MAX none */
    uint32_t reserved;
};

struct sp_form_record {
    uint32_t offset;
    uint16_t length;
    uint16_t owner_count;
    uint32_t first_owner;
    uint32_t signature; /* which bytes occur: sp_signature() */
};

enum sp_owner_flags {
    SP_OWNER_FULL = 1,       /* the form is the package's normalised name */
    SP_OWNER_FLAT = 2,       /* its flattened name */
    SP_OWNER_IDENTIFIER = 4, /* its name without the namespace */
    SP_OWNER_ALIAS = 8,      /* an older name of it */
};

/* Records of common identifiers ("core", "utils") name the most popular owners alone. */
#define SP_OWNERS_MAX 24

struct sp_namespace_record {
    struct sp_string_reference name; /* without the ecosystem's mark ("@") */
    uint32_t packages;               /* trusted ones in it */
    uint32_t best_package;           /* the most popular of them; UINT32_MAX none */
    uint32_t signature;
    uint32_t reserved;
};

enum sp_list_kind {
    SP_LIST_COMMAND,
    SP_LIST_BUILTIN,
    SP_LIST_IMPORT,
};

struct sp_list_record {
    struct sp_string_reference name;
    struct sp_string_reference detail; /* what it is, or the package that an import name stands for */
    uint32_t kind, ecosystem;
};

/* Names of this rank and better are known beyond their own ecosystem. */
#define SP_FAMOUS_RANK_MAX 500u
#define SP_FAMOUS_SEED 170u
#define SP_LIST_SEED 140u
#define SP_NAMES_SEED 150u

/* Bit I is set where a byte of class I occurs: two strings within two edits differ in at most four bits. */
uint32_t sp_signature(const char *string, size_t length);

uint64_t sp_index_checksum(uint64_t state, const void *bytes, size_t length);

struct sp_index_ecosystem {
    bool ready;
    const char *strings, *summaries;
    size_t strings_size, summaries_size;
    const struct sp_package_record *packages;
    uint32_t package_count;
    const struct sp_form_record *forms;
    uint32_t form_count;
    const uint32_t *owners;
    uint32_t owner_count;
    struct sp_postings keys;
    struct sp_edits_table edits;
    struct sp_vectors vectors;
    bool has_vectors;
    const struct sp_namespace_record *namespaces;
    uint32_t namespace_count;
    struct sp_postings namespace_keys;
    struct sp_edits_table namespace_edits;
    const uint64_t *names;
    uint64_t name_count;
};

struct sp_index {
    char *path;
    int fd;
    const unsigned char *bytes;
    size_t size;
    const struct sp_section_record *sections;
    uint32_t section_count;
    struct sp_words words;
    struct sp_embedding embedding;
    bool has_embedding;
    struct sp_model_view model;
    bool has_model;
    const struct sp_list_record *lists;
    uint32_t list_count;
    struct sp_postings list_keys, famous;
    const char *list_strings;
    size_t list_strings_size;
    const char *origin, *names_date;
    pthread_mutex_t lock; /* over the lazy verification of the ecosystems */
    struct sp_index_ecosystem ecosystems[SP_ECOSYSTEM_COUNT];
};

/* The ecosystem's part, verified; NULL with ERR filled when it is damaged. An ecosystem without trusted
 * packages is an empty one. */
const struct sp_index_ecosystem *sp_index_ecosystem(struct sp_index *index, enum sp_ecosystem_id id,
                                                    struct sp_error *err);
/* A section's bytes; *SIZE is 0 and the result NULL where the file has none. */
const void *sp_index_bytes(const struct sp_index *index, uint32_t id, size_t *size, uint64_t *items);

/* The string that REFERENCE names, "" where it points outside. */
struct sp_slice sp_index_string(const char *strings, size_t size, struct sp_string_reference reference);
/* The same as a C string: names, summaries and the strings of lists are stored with a NUL behind them. */
const char *sp_index_c_string(const char *strings, size_t size, struct sp_string_reference reference);
struct sp_slice sp_form_string(const struct sp_index_ecosystem *part, uint32_t form);
