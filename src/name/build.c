#include "name/build.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/tsv.h"
#include "name/lookalike.h"
#include "name/tokens.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

struct sp_buffer *
sp_writer_section(struct sp_index_writer *writer, uint32_t id, struct sp_error *err)
{
    if (sp_grow(writer->sections, writer->capacity, writer->count + 1, err) < 0)
        return NULL;
    writer->sections[writer->count] = (struct sp_writer_section){ .id = id };
    return &writer->sections[writer->count++].bytes;
}

void
sp_writer_items(struct sp_index_writer *writer, uint64_t items)
{
    writer->sections[writer->count - 1].items = items;
}

int
sp_writer_postings(struct sp_index_writer *writer, uint32_t id, struct sp_postings_builder *builder,
                   struct sp_error *err)
{
    if (!builder->count)
        return 0;
    struct sp_buffer *bytes = sp_writer_section(writer, id, err);
    if (!bytes || sp_postings_write(builder, bytes, err) < 0)
        return -1;
    sp_writer_items(writer, builder->count);
    return 0;
}

int
sp_writer_string(struct sp_buffer *strings, const char *bytes, size_t length, struct sp_string_reference *out,
                 struct sp_error *err)
{
    if (strings->length + length > UINT32_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than 4 GiB of names");
    *out = (struct sp_string_reference){ (uint32_t)strings->length, (uint32_t)length };
    if (sp_buffer_append(strings, bytes, length, err) < 0)
        return -1;
    return sp_buffer_append_byte(strings, '\0', err);
}

void
sp_writer_free(struct sp_index_writer *writer)
{
    for (size_t i = 0; i < writer->count; i++)
        sp_buffer_free(&writer->sections[i].bytes);
    free(writer->sections);
    sp_postings_builder_free(&writer->famous);
    *writer = (struct sp_index_writer){ 0 };
}

/* A shared section of the base index, byte for byte. */
static int
copy_shared(struct sp_index_writer *writer, struct sp_index *base, enum sp_section_kind kind,
            struct sp_error *err)
{
    size_t size;
    uint64_t items;
    uint32_t id = sp_section_id(SP_SHARED, kind);
    const void *from = base ? sp_index_bytes(base, id, &size, &items) : NULL;
    if (!from)
        return 0;
    struct sp_buffer *bytes = sp_writer_section(writer, id, err);
    if (!bytes || sp_buffer_append(bytes, from, size, err) < 0)
        return -1;
    sp_writer_items(writer, items);
    return 0;
}

static int
build_vocabulary(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "token", "df", NULL };
    sp_autotsv struct sp_tsv tsv;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    if (sp_tsv_open(&tsv, path, columns, 2, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        uint64_t frequency;
        if (sp_tsv_number(&tsv, &row, 1, 0, &frequency, err) < 0)
            return -1;
        uint64_t hash = sp_hash(row.field[0].bytes, row.field[0].length, SP_WORDS_SEED_VOCABULARY);
        uint32_t kept = frequency > UINT32_MAX ? UINT32_MAX : (uint32_t)frequency;
        if (sp_postings_add(&builder, hash, kept, err) < 0)
            return -1;
    }
    if (status < 0)
        return -1;
    return sp_writer_postings(writer, sp_section_id(SP_SHARED, SP_SECTION_VOCABULARY), &builder, err);
}

/* Words of one relation that are joined, directly or by way of others, are one class: union-find. */
static uint32_t
class_of(uint32_t *parents, uint32_t i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

static int
build_relation(struct sp_postings_builder *builder, const char *path, enum sp_word_relation relation,
               const char *kind, struct sp_error *err)
{
    static const char *const columns[] = { "a", "b", "kind", NULL };
    sp_autotsv struct sp_tsv tsv;
    sp_automap struct sp_map ids = { 0 };
    sp_autofree uint32_t *parents = NULL;
    size_t capacity = 0;
    if (sp_tsv_open(&tsv, path, columns, 3, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        if (row.field[2].length != strlen(kind) || memcmp(row.field[2].bytes, kind, strlen(kind)) != 0)
            continue;
        uint32_t ends[2];
        for (int i = 0; i < 2; i++) {
            uint32_t fresh = (uint32_t)ids.count;
            uint32_t *id = sp_map_at(&ids, row.field[i].bytes, row.field[i].length, fresh, err);
            if (!id || sp_grow(parents, capacity, ids.count, err) < 0)
                return -1;
            if (*id == fresh)
                parents[fresh] = fresh;
            ends[i] = class_of(parents, *id);
        }
        /* the smaller number is the root, so that the classes do not depend on the order of rows */
        parents[ends[0] > ends[1] ? ends[0] : ends[1]] = ends[0] < ends[1] ? ends[0] : ends[1];
    }
    if (status < 0)
        return -1;
    size_t cursor = 0, length;
    const char *token;
    uint32_t id;
    while (sp_map_next(&ids, &cursor, &token, &length, &id)) {
        uint64_t hash = sp_hash(token, length, SP_WORDS_SEED_SPELLING + (uint64_t)relation);
        if (sp_postings_add(builder, hash, class_of(parents, id) + 1, err) < 0)
            return -1;
    }
    return 0;
}

static int
build_spelling(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    static const char *const kinds[SP_WORD_RELATION_COUNT] = { "british", "number", "homophone",
                                                               "abbreviation", "plural" };
    sp_autopostings struct sp_postings_builder builder = { 0 };
    for (int i = 0; i < SP_WORD_RELATION_COUNT; i++)
        if (build_relation(&builder, path, (enum sp_word_relation)i, kinds[i], err) < 0)
            return -1;
    return sp_writer_postings(writer, sp_section_id(SP_SHARED, SP_SECTION_SPELLING), &builder, err);
}

static int
build_affixes(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "token", "class", NULL };
    sp_autotsv struct sp_tsv tsv;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    if (sp_tsv_open(&tsv, path, columns, 2, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        enum sp_affix_class class = sp_tsv_is(&row.field[1], "language")    ? SP_AFFIX_LANGUAGE
                                    : sp_tsv_is(&row.field[1], "generic")   ? SP_AFFIX_GENERIC
                                    : sp_tsv_is(&row.field[1], "framework") ? SP_AFFIX_FRAMEWORK
                                                                            : SP_AFFIX_NONE;
        if (class == SP_AFFIX_NONE)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: class must be language, generic or framework",
                           path, row.line);
        uint64_t hash = sp_hash(row.field[0].bytes, row.field[0].length, SP_WORDS_SEED_AFFIX);
        if (sp_postings_add(&builder, hash, class, err) < 0)
            return -1;
    }
    if (status < 0)
        return -1;
    return sp_writer_postings(writer, sp_section_id(SP_SHARED, SP_SECTION_AFFIXES), &builder, err);
}

static int
read_ecosystem(const struct sp_tsv *tsv, const struct sp_tsv_row *row, unsigned field,
               const struct sp_ecosystem **out, struct sp_error *err)
{
    *out = sp_ecosystem_find(row->field[field].bytes, row->field[field].length);
    if (*out)
        return 0;
    return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s' is no ecosystem", tsv->path, row->line,
                   (int)(row->field[field].length < 40 ? row->field[field].length : 40),
                   row->field[field].bytes);
}

static int
build_families(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "pattern", "position", "members", "kind", NULL };
    /* kinds that are only frequent say nothing about honesty */
    static const char *const idle[] = { "word", "generic", "language", "number", "host", "scope" };
    sp_autotsv struct sp_tsv tsv;
    sp_autopostings struct sp_postings_builder builder = { 0 };
    if (sp_tsv_open(&tsv, path, columns, 4, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        const struct sp_ecosystem *ecosystem;
        uint64_t members;
        bool skipped = false;
        for (size_t i = 0; i < SP_COUNT(idle); i++)
            skipped = skipped || sp_tsv_is(&row.field[4], idle[i]);
        if (skipped)
            continue;
        if (read_ecosystem(&tsv, &row, 0, &ecosystem, err) < 0 ||
            sp_tsv_number(&tsv, &row, 3, 1, &members, err) < 0)
            return -1;
        uint64_t seed =
            SP_WORDS_SEED_FAMILY + (uint64_t)ecosystem->id * 2 + (sp_tsv_is(&row.field[2], "suffix") ? 1 : 0);
        uint64_t hash = sp_hash(row.field[1].bytes, row.field[1].length, seed);
        if (sp_postings_add(&builder, hash, members ? (uint32_t)members : 1, err) < 0)
            return -1;
    }
    if (status < 0)
        return -1;
    return sp_writer_postings(writer, sp_section_id(SP_SHARED, SP_SECTION_FAMILIES), &builder, err);
}

struct lists {
    struct sp_buffer records, strings;
    struct sp_postings_builder keys;
    uint32_t count;
};

static int
add_list(struct lists *lists, const char *path, enum sp_list_kind kind, const char *const *columns,
         struct sp_error *err)
{
    sp_autotsv struct sp_tsv tsv;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (sp_tsv_open(&tsv, path, columns, 3, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        const struct sp_ecosystem *ecosystem;
        if (read_ecosystem(&tsv, &row, 0, &ecosystem, err) < 0)
            return -1;
        /* an import such as google.protobuf or a flag such as -g is no name that the registry could hold: it
         * stays in the list as it is, lower case */
        sp_buffer_clear(&name);
        if (sp_ecosystem_read_name(ecosystem, row.field[1].bytes, row.field[1].length, &name, NULL) < 0) {
            sp_buffer_clear(&name);
            if (sp_buffer_append(&name, row.field[1].bytes, row.field[1].length, err) < 0)
                return -1;
        }
        for (size_t i = 0; i < name.length; i++)
            name.bytes[i] = sp_lower(name.bytes[i]);
        struct sp_list_record record = { .kind = kind, .ecosystem = ecosystem->id };
        if (sp_writer_string(&lists->strings, row.field[1].bytes, row.field[1].length, &record.name, err) <
                0 ||
            sp_writer_string(&lists->strings, row.field[2].bytes, row.field[2].length, &record.detail, err) <
                0 ||
            sp_buffer_append(&lists->records, &record, sizeof(record), err) < 0)
            return -1;
        uint64_t hash = sp_hash(name.bytes, name.length, SP_LIST_SEED + (uint64_t)ecosystem->id);
        if (sp_postings_add(&lists->keys, hash, lists->count++, err) < 0)
            return -1;
    }
    return status;
}

static int
build_lists(struct sp_index_writer *writer, const struct sp_index_recipe *recipe, struct sp_error *err)
{
    static const char *const commands[] = { "ecosystem", "name", "what", NULL };
    static const char *const builtins[] = { "ecosystem", "name", "kind", NULL };
    static const char *const imports[] = { "ecosystem", "import", "package", NULL };
    struct lists lists = { 0 };
    int status = 0;
    if (recipe->commands)
        status = add_list(&lists, recipe->commands, SP_LIST_COMMAND, commands, err);
    if (status == 0 && recipe->builtins)
        status = add_list(&lists, recipe->builtins, SP_LIST_BUILTIN, builtins, err);
    if (status == 0 && recipe->imports)
        status = add_list(&lists, recipe->imports, SP_LIST_IMPORT, imports, err);
    if (status == 0 && lists.count) {
        struct sp_buffer *records =
            sp_writer_section(writer, sp_section_id(SP_SHARED, SP_SECTION_LISTS), err);
        status = records ? 0 : -1;
        if (records) {
            *records = lists.records;
            lists.records = (struct sp_buffer){ 0 };
            sp_writer_items(writer, lists.count);
        }
        struct sp_buffer *strings =
            status == 0 ? sp_writer_section(writer, sp_section_id(SP_SHARED, SP_SECTION_LIST_STRINGS), err)
                        : NULL;
        status = strings ? 0 : -1;
        if (strings) {
            *strings = lists.strings;
            lists.strings = (struct sp_buffer){ 0 };
            status =
                sp_writer_postings(writer, sp_section_id(SP_SHARED, SP_SECTION_LIST_KEYS), &lists.keys, err);
        }
    }
    sp_buffer_free(&lists.records);
    sp_buffer_free(&lists.strings);
    sp_postings_builder_free(&lists.keys);
    return status;
}

static int
build_embedding(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    struct sp_buffer *bytes = sp_writer_section(writer, sp_section_id(SP_SHARED, SP_SECTION_EMBEDDING), err);
    return bytes ? sp_file_read(path, SP_INDEX_SIZE_MAX, bytes, err) : -1;
}

static int
build_model(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_model *model = NULL;
    struct sp_buffer *bytes = sp_writer_section(writer, sp_section_id(SP_SHARED, SP_SECTION_MODEL), err);
    if (!bytes || sp_file_read(path, SP_INDEX_SIZE_MAX, &text, err) < 0 ||
        sp_model_read(&model, sp_buffer_string(&text), text.length, path, err) < 0)
        return -1;
    int status = sp_model_compile(model, bytes, err);
    sp_model_free(model);
    return status;
}

static int
build_meta(struct sp_index_writer *writer, const struct sp_index_recipe *recipe, struct sp_error *err)
{
    struct sp_index *base = recipe->base;
    const char *origin = recipe->origin ? recipe->origin : base ? base->origin : "";
    const char *date = recipe->names_date ? recipe->names_date : base ? base->names_date : "";
    struct sp_buffer *bytes = sp_writer_section(writer, sp_section_id(SP_SHARED, SP_SECTION_META), err);
    if (!bytes || sp_buffer_append(bytes, origin, strlen(origin) + 1, err) < 0)
        return -1;
    return sp_buffer_append(bytes, date, strlen(date) + 1, err);
}

static int
build_shared(struct sp_index_writer *writer, const struct sp_index_recipe *recipe, struct sp_error *err)
{
    const struct {
        const char *path;
        enum sp_section_kind kind;
        int (*build)(struct sp_index_writer *, const char *, struct sp_error *);
    } tables[] = {
        { recipe->vocabulary, SP_SECTION_VOCABULARY, build_vocabulary },
        { recipe->spelling, SP_SECTION_SPELLING, build_spelling },
        { recipe->affixes, SP_SECTION_AFFIXES, build_affixes },
        { recipe->families, SP_SECTION_FAMILIES, build_families },
        { recipe->embedding, SP_SECTION_EMBEDDING, build_embedding },
        { recipe->model, SP_SECTION_MODEL, build_model },
    };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        int status = tables[i].path ? tables[i].build(writer, tables[i].path, err)
                                    : copy_shared(writer, recipe->base, tables[i].kind, err);
        if (status < 0)
            return -1;
    }
    if (recipe->commands || recipe->builtins || recipe->imports) {
        if (build_lists(writer, recipe, err) < 0)
            return -1;
    } else if (copy_shared(writer, recipe->base, SP_SECTION_LISTS, err) < 0 ||
               copy_shared(writer, recipe->base, SP_SECTION_LIST_KEYS, err) < 0 ||
               copy_shared(writer, recipe->base, SP_SECTION_LIST_STRINGS, err) < 0) {
        return -1;
    }
    return build_meta(writer, recipe, err);
}

static const struct sp_writer_section *
written(const struct sp_index_writer *writer, enum sp_section_kind kind)
{
    for (size_t i = 0; i < writer->count; i++)
        if (writer->sections[i].id == sp_section_id(SP_SHARED, kind))
            return &writer->sections[i];
    return NULL;
}

/* The words and the embedding of the index that is being made, out of the sections already written. */
static int
open_words(const struct sp_index_writer *writer, struct sp_words *out, struct sp_error *err)
{
    const struct {
        enum sp_section_kind kind;
        struct sp_postings *table;
    } tables[] = {
        { SP_SECTION_VOCABULARY, &out->vocabulary },
        { SP_SECTION_SPELLING, &out->spelling },
        { SP_SECTION_AFFIXES, &out->affixes },
        { SP_SECTION_FAMILIES, &out->families },
    };
    *out = (struct sp_words){ 0 };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        const struct sp_writer_section *section = written(writer, tables[i].kind);
        if (section &&
            sp_postings_open(tables[i].table, section->bytes.bytes, section->bytes.length, err) < 0)
            return -1;
    }
    return 0;
}

/* The embedding wants aligned bytes, as a mapping has them and a growing buffer has not. */
static int
open_vectors(const struct sp_index_writer *writer, struct sp_embedding *out, void **bytes, bool *has,
             struct sp_error *err)
{
    const struct sp_writer_section *section = written(writer, SP_SECTION_EMBEDDING);
    *has = section != NULL;
    if (!section)
        return 0;
    size_t size = section->bytes.length;
    *bytes = aligned_alloc(SP_INDEX_ALIGN, (size + SP_INDEX_ALIGN) / SP_INDEX_ALIGN * SP_INDEX_ALIGN);
    if (!*bytes)
        return sp_fail_memory(err);
    memcpy(*bytes, section->bytes.bytes, size);
    return sp_embedding_open(out, *bytes, size, err);
}

static uint64_t
aligned(uint64_t offset)
{
    return (offset + SP_INDEX_ALIGN - 1) / SP_INDEX_ALIGN * SP_INDEX_ALIGN;
}

static int
write_file(struct sp_index_writer *writer, const char *path, struct sp_error *err)
{
    struct sp_index_header header = { .version = SP_INDEX_VERSION };
    memcpy(header.magic, SP_INDEX_MAGIC, sizeof(header.magic));
    sp_autofree struct sp_section_record *table = sp_new_array(writer->count, sizeof(*table), err);
    if (!table)
        return -1;
    uint64_t offset = aligned(sizeof(header) + writer->count * sizeof(*table));
    for (size_t i = 0; i < writer->count; i++) {
        struct sp_writer_section *section = &writer->sections[i];
        table[i] = (struct sp_section_record){
            .id = section->id,
            .offset = offset,
            .size = section->bytes.length,
            .items = section->items,
            .checksum = section->id,
        };
        /* in the same chunks as the reader */
        for (size_t done = 0; done < section->bytes.length; done += 256 << 10) {
            size_t left = section->bytes.length - done;
            table[i].checksum = sp_index_checksum(table[i].checksum, section->bytes.bytes + done,
                                                  left < 256 << 10 ? left : 256 << 10);
        }
        offset = aligned(offset + section->bytes.length);
    }
    header.section_count = (uint32_t)writer->count;
    header.size = offset;
    uint64_t sum = sp_index_checksum(SP_INDEX_VERSION, &header, sizeof(header));
    header.checksum = sp_index_checksum(sum, table, writer->count * sizeof(*table));

    sp_autobuffer struct sp_buffer file = { 0 };
    static const char zeros[SP_INDEX_ALIGN];
    if (sp_buffer_reserve(&file, offset, err) < 0 ||
        sp_buffer_append(&file, &header, sizeof(header), err) < 0 ||
        sp_buffer_append(&file, table, writer->count * sizeof(*table), err) < 0)
        return -1;
    for (size_t i = 0; i < writer->count; i++) {
        struct sp_buffer *bytes = &writer->sections[i].bytes;
        if (sp_buffer_append(&file, zeros, table[i].offset - file.length, err) < 0 ||
            sp_buffer_append(&file, bytes->bytes, bytes->length, err) < 0)
            return -1;
        sp_buffer_free(bytes);
    }
    if (sp_buffer_append(&file, zeros, offset - file.length, err) < 0)
        return -1;
    return sp_file_write(path, file.bytes, file.length, err);
}

int
sp_index_build(const struct sp_index_recipe *recipe, const char *path,
               const struct sp_index_progress *progress, struct sp_error *err)
{
    sp_autowriter struct sp_index_writer writer = { 0 };
    if (progress && progress->step)
        progress->step(progress->context, "words, lists, embedding and model");
    if (build_shared(&writer, recipe, err) < 0)
        return -1;
    struct sp_words words;
    struct sp_embedding embedding;
    sp_autofree void *aligned_bytes = NULL;
    bool has_embedding = false;
    if (open_words(&writer, &words, err) < 0 ||
        open_vectors(&writer, &embedding, &aligned_bytes, &has_embedding, err) < 0)
        return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        if (progress && progress->step)
            progress->step(progress->context, sp_ecosystems[id]->title);
        if (sp_build_ecosystem(&writer, recipe, (enum sp_ecosystem_id)id, &words,
                               has_embedding ? &embedding : NULL, err) < 0)
            return -1;
    }
    if (sp_writer_postings(&writer, sp_section_id(SP_SHARED, SP_SECTION_FAMOUS), &writer.famous, err) < 0)
        return -1;
    return write_file(&writer, path, err);
}

static int
take_file(const char **out, const char *dir, const char *name, struct sp_arena *arena, struct sp_error *err)
{
    char *path = sp_arena_printf(arena, err, "%s/%s", dir, name);
    if (!path)
        return -1;
    struct stat status;
    *out = stat(path, &status) == 0 ? path : NULL;
    return 0;
}

int
sp_index_recipe_from_folder(struct sp_index_recipe *out, const char *dir, struct sp_arena *arena,
                            struct sp_error *err)
{
    *out = (struct sp_index_recipe){ 0 };
    struct stat status;
    if (stat(dir, &status) < 0)
        return sp_fail_errno(err, "%.300s: cannot open the data folder", dir);
    if (!S_ISDIR(status.st_mode))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: is no folder; name the one that holds trusted/", dir);
    bool any = false;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        char name[64];
        snprintf(name, sizeof(name), "trusted/%s.tsv", sp_ecosystems[id]->name);
        if (take_file(&out->trusted[id], dir, name, arena, err) < 0)
            return -1;
        any = any || out->trusted[id];
    }
    if (!any)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: holds no trusted/ECOSYSTEM.tsv; see docs/data.md", dir);
    const struct {
        const char **path;
        const char *name;
    } files[] = {
        { &out->namespaces, "namespaces.tsv" }, { &out->commands, "commands.tsv" },
        { &out->builtins, "builtins.tsv" },     { &out->imports, "imports.tsv" },
        { &out->aliases, "aliases.tsv" },       { &out->vocabulary, "vocabulary.tsv" },
        { &out->spelling, "spelling.tsv" },     { &out->affixes, "affixes.tsv" },
        { &out->families, "families.tsv" },     { &out->embedding, "embedding.bin" },
        { &out->model, "name-risk.model" },
    };
    for (size_t i = 0; i < SP_COUNT(files); i++)
        if (take_file(files[i].path, dir, files[i].name, arena, err) < 0)
            return -1;
    return 0;
}
