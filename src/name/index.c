#include "name/index.h"
#include "base/file.h"
#include "base/hash.h"
#include "name/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef SALLYPORT_INDEX_PATH
#define SALLYPORT_INDEX_PATH "/usr/local/share/sallyport/sallyport.index"
#endif

static const struct {
    const char *name, *what;
} section_names[SP_SECTION_KIND_COUNT] = {
    [SP_SECTION_STRINGS] = { "strings", "names and their forms" },
    [SP_SECTION_SUMMARIES] = { "summaries", "one-line summaries" },
    [SP_SECTION_PACKAGES] = { "packages", "trusted packages by rank" },
    [SP_SECTION_FORMS] = { "forms", "full, flattened and short forms of their names" },
    [SP_SECTION_OWNERS] = { "owners", "which package has which form" },
    [SP_SECTION_KEYS] = { "keys", "keys by transformation" },
    [SP_SECTION_EDITS] = { "edits", "deletion neighbourhood, distance 2" },
    [SP_SECTION_VECTORS] = { "vectors", "embeddings of the names" },
    [SP_SECTION_NAMESPACES] = { "namespaces", "scopes, groups, owners, authors" },
    [SP_SECTION_NAMESPACE_KEYS] = { "namespace-keys", "keys of the namespaces" },
    [SP_SECTION_NAMESPACE_EDITS] = { "namespace-edits", "deletion neighbourhood of the namespaces" },
    [SP_SECTION_NAMES] = { "names", "all names of the registry" },
    [SP_SECTION_VOCABULARY] = { "vocabulary", "how common a word is in names" },
    [SP_SECTION_SPELLING] = { "spelling", "other spellings of words" },
    [SP_SECTION_AFFIXES] = { "affixes", "words that are put before and after names" },
    [SP_SECTION_FAMILIES] = { "families", "prefixes of honest plugin families" },
    [SP_SECTION_LISTS] = { "lists", "commands, builtins and import names" },
    [SP_SECTION_LIST_KEYS] = { "list-keys", "keys of these" },
    [SP_SECTION_LIST_STRINGS] = { "list-strings", "names of these" },
    [SP_SECTION_EMBEDDING] = { "embedding", "subword vectors" },
    [SP_SECTION_MODEL] = { "model", "name risk" },
    [SP_SECTION_FAMOUS] = { "famous", "names known beyond their ecosystem" },
    [SP_SECTION_META] = { "meta", "where the data come from" },
};

uint32_t
sp_signature(const char *string, size_t length)
{
    uint32_t signature = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)string[i];
        unsigned bit = c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? 26 + c % 3 : 29 + c % 3;
        signature |= 1u << bit;
    }
    return signature;
}

/* Eight lanes of 64 bits; each step multiplies the halves of a lane, as XXH3 does, so that it runs at the
 * speed of memory. Blocks must be multiples of 64 bytes except the last. Guards against damage, not against
 * forgery. */
typedef uint64_t lanes __attribute__((vector_size(32)));

uint64_t
sp_index_checksum(uint64_t state, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    lanes a = { state, 0x9e3779b97f4a7c15u, 0xc2b2ae3d27d4eb4fu, 0x165667b19e3779f9u };
    lanes b = { 0x85ebca77c2b2ae63u, state, 0x27d4eb2f165667c5u, 0xff51afd7ed558ccdu };
    lanes step = { 0x9e3779b97f4a7c15u, 0x9e3779b97f4a7c15u, 0x9e3779b97f4a7c15u, 0x9e3779b97f4a7c15u };
    lanes key = { 1, 2, 3, 4 };
    size_t left = length;
    unsigned char tail[64] = { 0 };
    while (left) {
        if (left < sizeof(tail)) {
            memcpy(tail, at, left);
            at = tail;
            left = sizeof(tail);
        }
        lanes x, y;
        memcpy(&x, at, 32);
        memcpy(&y, at + 32, 32);
        key += step;
        lanes mixed_x = x ^ key, mixed_y = y ^ (key + step);
        a += (mixed_x & 0xffffffffu) * (mixed_x >> 32) + __builtin_shufflevector(x, x, 1, 0, 3, 2);
        b += (mixed_y & 0xffffffffu) * (mixed_y >> 32) + __builtin_shufflevector(y, y, 1, 0, 3, 2);
        at += 64;
        left -= 64;
    }
    uint64_t out = sp_hash_mix(length, state);
    for (int i = 0; i < 4; i++)
        out = sp_hash_mix(out ^ a[i], b[i]);
    return out;
}

static const struct sp_section_record *
find_section(const struct sp_index *index, uint32_t id)
{
    for (uint32_t i = 0; i < index->section_count; i++)
        if (index->sections[i].id == id)
            return &index->sections[i];
    return NULL;
}

const void *
sp_index_bytes(const struct sp_index *index, uint32_t id, size_t *size, uint64_t *items)
{
    const struct sp_section_record *section = find_section(index, id);
    *size = section ? section->size : 0;
    if (items)
        *items = section ? section->items : 0;
    return *size ? index->bytes + section->offset : NULL;
}

struct sp_slice
sp_index_string(const char *strings, size_t size, struct sp_string_reference reference)
{
    if (!strings || reference.offset > size || reference.length > size - reference.offset)
        return (struct sp_slice){ "", 0 };
    return (struct sp_slice){ strings + reference.offset, reference.length };
}

const char *
sp_index_c_string(const char *strings, size_t size, struct sp_string_reference reference)
{
    struct sp_slice string = sp_index_string(strings, size, reference);
    bool terminated = string.length < size && string.bytes + string.length < strings + size &&
                      string.bytes[string.length] == '\0';
    return string.length && terminated ? string.bytes : "";
}

struct sp_slice
sp_form_string(const struct sp_index_ecosystem *part, uint32_t form)
{
    if (form >= part->form_count)
        return (struct sp_slice){ "", 0 };
    struct sp_string_reference reference = { part->forms[form].offset, part->forms[form].length };
    return sp_index_string(part->strings, part->strings_size, reference);
}

static void
name_section(uint32_t id, char out[48])
{
    unsigned ecosystem = id >> 8, kind = id & 0xff;
    const char *what = kind < SP_SECTION_KIND_COUNT ? section_names[kind].name : "unknown";
    if (ecosystem < SP_ECOSYSTEM_COUNT)
        snprintf(out, 48, "%s/%s", sp_ecosystems[ecosystem]->name, what);
    else
        snprintf(out, 48, "%s", what);
}

/* The checksum is taken of what read() gives, in a buffer: through the mapping it would make the whole file
 * resident. */
static int
verify_section(const struct sp_index *index, const struct sp_section_record *section, struct sp_error *err)
{
    enum { CHUNK = 256 << 10 };
    if (!section->size)
        return 0;
    sp_autofree unsigned char *chunk = malloc(CHUNK);
    if (!chunk)
        return sp_fail_memory(err);
    uint64_t sum = section->id;
    for (uint64_t done = 0; done < section->size;) {
        size_t want = section->size - done < CHUNK ? section->size - done : CHUNK;
        size_t have = 0;
        while (have < want) {
            ssize_t count =
                pread(index->fd, chunk + have, want - have, (off_t)(section->offset + done + have));
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return sp_fail(err, SP_ERROR_INPUT, "%.300s: became shorter while it was read", index->path);
            have += (size_t)count;
        }
        sum = sp_index_checksum(sum, chunk, want);
        done += want;
    }
    if (sum == section->checksum)
        return 0;
    char name[48];
    name_section(section->id, name);
    return sp_fail(err, SP_ERROR_INPUT,
                   "%.300s: section %s is damaged (its checksum differs); build or install the index again",
                   index->path, name);
}

static int
verify_sections_of(const struct sp_index *index, unsigned ecosystem, struct sp_error *err)
{
    for (uint32_t i = 0; i < index->section_count; i++)
        if (index->sections[i].id >> 8 == ecosystem && verify_section(index, &index->sections[i], err) < 0)
            return -1;
    return 0;
}

static int
check_header(struct sp_index *index, struct sp_error *err)
{
    struct sp_index_header header;
    if (index->size < sizeof(header))
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: %zu bytes are too few for an index; build it with 'sallyport index build'",
                       index->path, index->size);
    memcpy(&header, index->bytes, sizeof(header));
    if (memcmp(header.magic, SP_INDEX_MAGIC, sizeof(header.magic)) != 0)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: is no Sallyport index (it does not start with %s); build one with "
                       "'sallyport index build'",
                       index->path, SP_INDEX_MAGIC);
    if (header.version != SP_INDEX_VERSION)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: index version %u, this program reads version %u; build the index again",
                       index->path, header.version, SP_INDEX_VERSION);
    if (header.size != index->size)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: %zu bytes long, but was written with %llu: it is cut short or grew; build or "
                       "install the index again",
                       index->path, index->size, (unsigned long long)header.size);
    size_t room = (index->size - sizeof(header)) / sizeof(struct sp_section_record);
    if (header.section_count > room || header.section_count > 4096)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: claims %u sections, more than it has room for",
                       index->path, header.section_count);
    uint64_t stated = header.checksum;
    header.checksum = 0;
    uint64_t sum = sp_index_checksum(SP_INDEX_VERSION, &header, sizeof(header));
    sum = sp_index_checksum(sum, index->bytes + sizeof(header),
                            header.section_count * sizeof(struct sp_section_record));
    if (sum != stated)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%.300s: the header is damaged (its checksum differs); build or install the index again",
            index->path);
    index->sections = (const struct sp_section_record *)(index->bytes + sizeof(header));
    index->section_count = header.section_count;
    for (uint32_t i = 0; i < index->section_count; i++) {
        const struct sp_section_record *section = &index->sections[i];
        if (section->offset % SP_INDEX_ALIGN || section->offset > index->size ||
            section->size > index->size - section->offset)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: section %u lies outside the file", index->path, i);
    }
    return 0;
}

static int
open_postings(const struct sp_index *index, uint32_t id, struct sp_postings *out, struct sp_error *err)
{
    size_t size;
    const void *bytes = sp_index_bytes(index, id, &size, NULL);
    if (!bytes) {
        *out = (struct sp_postings){ 0 };
        return 0;
    }
    return sp_postings_open(out, bytes, size, err);
}

static int
open_edits(const struct sp_index *index, uint32_t id, struct sp_edits_table *out, struct sp_error *err)
{
    size_t size;
    const void *bytes = sp_index_bytes(index, id, &size, NULL);
    *out = (struct sp_edits_table){ 0 };
    return bytes ? sp_edits_open(out, bytes, size, err) : 0;
}

static int
open_shared(struct sp_index *index, struct sp_error *err)
{
    static const struct {
        enum sp_section_kind kind;
        size_t offset;
    } tables[] = {
        { SP_SECTION_VOCABULARY, offsetof(struct sp_index, words.vocabulary) },
        { SP_SECTION_SPELLING, offsetof(struct sp_index, words.spelling) },
        { SP_SECTION_AFFIXES, offsetof(struct sp_index, words.affixes) },
        { SP_SECTION_FAMILIES, offsetof(struct sp_index, words.families) },
        { SP_SECTION_LIST_KEYS, offsetof(struct sp_index, list_keys) },
        { SP_SECTION_FAMOUS, offsetof(struct sp_index, famous) },
    };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        struct sp_postings *table = (struct sp_postings *)((char *)index + tables[i].offset);
        if (open_postings(index, sp_section_id(SP_SHARED, tables[i].kind), table, err) < 0)
            return -1;
    }
    size_t size;
    const void *bytes = sp_index_bytes(index, sp_section_id(SP_SHARED, SP_SECTION_LISTS), &size, NULL);
    index->lists = bytes;
    index->list_count = (uint32_t)(size / sizeof(struct sp_list_record));
    index->list_strings = sp_index_bytes(index, sp_section_id(SP_SHARED, SP_SECTION_LIST_STRINGS),
                                         &index->list_strings_size, NULL);

    bytes = sp_index_bytes(index, sp_section_id(SP_SHARED, SP_SECTION_EMBEDDING), &size, NULL);
    if (bytes && sp_embedding_open(&index->embedding, bytes, size, err) < 0)
        return -1;
    index->has_embedding = bytes != NULL;
    bytes = sp_index_bytes(index, sp_section_id(SP_SHARED, SP_SECTION_MODEL), &size, NULL);
    if (bytes && sp_model_open(&index->model, bytes, size, err) < 0)
        return -1;
    index->has_model = bytes != NULL;

    const char *meta = sp_index_bytes(index, sp_section_id(SP_SHARED, SP_SECTION_META), &size, NULL);
    index->origin = index->names_date = "";
    if (meta && size && meta[size - 1] == '\0') {
        index->origin = meta;
        size_t first = strlen(meta) + 1;
        if (first < size)
            index->names_date = meta + first;
    }
    return 0;
}

const char *
sp_index_default_path(char room[SP_INDEX_PATH_MAX])
{
    return sp_shipped_path(room, SP_INDEX_PATH_MAX, "SALLYPORT_INDEX", "sallyport.index",
                           SALLYPORT_INDEX_PATH);
}

int
sp_index_open(struct sp_index **out, const char *path, struct sp_error *err)
{
    char room[SP_INDEX_PATH_MAX];
    if (!path)
        path = sp_index_default_path(room);
    size_t size;
    sp_autoclose int fd = sp_file_open(path, SP_INDEX_SIZE_MAX, &size, err);
    if (fd < 0) {
        if (err && err->number == ENOENT)
            return sp_fail(
                err, SP_ERROR_INPUT,
                "%.300s: there is no index; build it with 'sallyport index build' or name one with "
                "--index or SALLYPORT_INDEX",
                path);
        return -1;
    }
    struct sp_index *index = sp_new(struct sp_index, err);
    if (!index)
        return -1;
    pthread_mutex_init(&index->lock, NULL);
    index->fd = fd;
    fd = -1;
    index->size = size;
    index->path = strdup(path);
    void *bytes = size ? mmap(NULL, size, PROT_READ, MAP_SHARED, index->fd, 0) : NULL;
    index->bytes = bytes == MAP_FAILED ? NULL : bytes;
    int status = 0;
    if (!index->path)
        status = sp_fail_memory(err);
    else if (bytes == MAP_FAILED)
        status = sp_fail_errno(err, "%.300s: cannot map", path);
    if (status < 0 || check_header(index, err) < 0 || verify_sections_of(index, SP_SHARED, err) < 0 ||
        open_shared(index, err) < 0) {
        sp_index_close(index);
        return -1;
    }
    *out = index;
    return 0;
}

void
sp_index_close(struct sp_index *index)
{
    if (!index)
        return;
    if (index->bytes)
        munmap((void *)index->bytes, index->size);
    if (index->fd >= 0)
        close(index->fd);
    pthread_mutex_destroy(&index->lock);
    free(index->path);
    free(index);
}

static int
open_part(struct sp_index *index, enum sp_ecosystem_id id, struct sp_index_ecosystem *part,
          struct sp_error *err)
{
    if (verify_sections_of(index, id, err) < 0)
        return -1;
    size_t size;
    part->strings = sp_index_bytes(index, sp_section_id(id, SP_SECTION_STRINGS), &part->strings_size, NULL);
    part->summaries =
        sp_index_bytes(index, sp_section_id(id, SP_SECTION_SUMMARIES), &part->summaries_size, NULL);
    part->packages = sp_index_bytes(index, sp_section_id(id, SP_SECTION_PACKAGES), &size, NULL);
    part->package_count = (uint32_t)(size / sizeof(*part->packages));
    part->forms = sp_index_bytes(index, sp_section_id(id, SP_SECTION_FORMS), &size, NULL);
    part->form_count = (uint32_t)(size / sizeof(*part->forms));
    part->owners = sp_index_bytes(index, sp_section_id(id, SP_SECTION_OWNERS), &size, NULL);
    part->owner_count = (uint32_t)(size / sizeof(*part->owners));
    part->namespaces = sp_index_bytes(index, sp_section_id(id, SP_SECTION_NAMESPACES), &size, NULL);
    part->namespace_count = (uint32_t)(size / sizeof(*part->namespaces));
    part->names = sp_index_bytes(index, sp_section_id(id, SP_SECTION_NAMES), &size, NULL);
    part->name_count = size / sizeof(*part->names);
    if (open_postings(index, sp_section_id(id, SP_SECTION_KEYS), &part->keys, err) < 0 ||
        open_edits(index, sp_section_id(id, SP_SECTION_EDITS), &part->edits, err) < 0 ||
        open_postings(index, sp_section_id(id, SP_SECTION_NAMESPACE_KEYS), &part->namespace_keys, err) < 0 ||
        open_edits(index, sp_section_id(id, SP_SECTION_NAMESPACE_EDITS), &part->namespace_edits, err) < 0)
        return -1;
    const void *vectors = sp_index_bytes(index, sp_section_id(id, SP_SECTION_VECTORS), &size, NULL);
    if (vectors && sp_vectors_open(&part->vectors, vectors, size, err) < 0)
        return -1;
    part->has_vectors = vectors != NULL;
    part->ready = true;
    return 0;
}

const struct sp_index_ecosystem *
sp_index_ecosystem(struct sp_index *index, enum sp_ecosystem_id id, struct sp_error *err)
{
    struct sp_index_ecosystem *part = &index->ecosystems[id];
    pthread_mutex_lock(&index->lock);
    int status = part->ready ? 0 : open_part(index, id, part, err);
    pthread_mutex_unlock(&index->lock);
    if (status < 0 && err)
        err->code = SP_ERROR_INTERNAL; /* not the fault of the name that was asked for */
    return status < 0 ? NULL : part;
}

int
sp_index_verify(struct sp_index *index, struct sp_error *err)
{
    for (uint32_t i = 0; i < index->section_count; i++)
        if (verify_section(index, &index->sections[i], err) < 0)
            return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        if (!sp_index_ecosystem(index, (enum sp_ecosystem_id)id, err))
            return -1;
    return 0;
}

size_t
sp_index_section_count(const struct sp_index *index)
{
    return index->section_count;
}

void
sp_index_section_at(const struct sp_index *index, size_t position, struct sp_index_section *out)
{
    const struct sp_section_record *section = &index->sections[position];
    unsigned kind = section->id & 0xff;
    name_section(section->id, out->name);
    out->what = kind < SP_SECTION_KIND_COUNT ? section_names[kind].what : "unknown";
    out->bytes = section->size;
    out->items = section->items;
}

uint32_t
sp_index_trusted_count(const struct sp_index *index, enum sp_ecosystem_id ecosystem)
{
    size_t size;
    sp_index_bytes(index, sp_section_id(ecosystem, SP_SECTION_PACKAGES), &size, NULL);
    return (uint32_t)(size / sizeof(struct sp_package_record));
}

const char *
sp_index_origin(const struct sp_index *index)
{
    return index->origin;
}

const struct sp_embedding *
sp_index_embedding(const struct sp_index *index)
{
    return index->has_embedding ? &index->embedding : NULL;
}

const char *
sp_index_names_date(const struct sp_index *index)
{
    return index->names_date;
}
