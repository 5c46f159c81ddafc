#include "base/hash.h"
#include "base/tsv.h"
#include "name/build.h"
#include "name/edits.h"
#include "name/keys.h"
#include "name/tokens.h"

#include <string.h>

/* One ecosystem while its sections are put together. */
struct part {
    struct sp_index_writer *writer;
    const struct sp_ecosystem *ecosystem;
    const struct sp_words *words;
    struct sp_lookalike lookalike;
    struct sp_buffer strings, summaries;
    struct sp_package_record *packages;
    size_t package_count, package_capacity;
    struct sp_map form_ids; /* form string -> form */
    struct sp_form_record *forms;
    uint32_t *owned; /* by form: the package whose full name it is, plus one; 0 none */
    size_t form_capacity, owned_capacity;
    struct owner {
        uint32_t form, value;
    } * owners;
    size_t owner_count, owner_capacity;
    struct sp_map namespace_ids;
    struct sp_namespace_record *namespaces;
    size_t namespace_capacity;
    struct sp_buffer scratch, flat;
};

static void
free_part(struct part *part)
{
    sp_lookalike_free(&part->lookalike);
    sp_buffer_free(&part->strings);
    sp_buffer_free(&part->summaries);
    sp_buffer_free(&part->scratch);
    sp_buffer_free(&part->flat);
    sp_map_free(&part->form_ids);
    sp_map_free(&part->namespace_ids);
    free(part->packages);
    free(part->forms);
    free(part->owned);
    free(part->owners);
    free(part->namespaces);
}

/* The form's number, new or known; STRING is any text and is brought to lower-case ASCII or its skeleton. */
static int
add_form(struct part *part, const char *string, size_t length, uint32_t package, enum sp_owner_flags flags,
         uint32_t *out, struct sp_error *err)
{
    char form[SP_NAME_MAX];
    size_t size = sp_skeleton(&part->lookalike, string, length, form, sizeof(form));
    uint32_t fresh = (uint32_t)part->form_ids.count;
    uint32_t *id = sp_map_at(&part->form_ids, form, size, fresh, err);
    if (!id || sp_grow(part->forms, part->form_capacity, part->form_ids.count, err) < 0 ||
        sp_grow(part->owned, part->owned_capacity, part->form_ids.count, err) < 0 ||
        sp_grow(part->owners, part->owner_capacity, part->owner_count + 1, err) < 0)
        return -1;
    *out = *id;
    if (*id == fresh)
        part->owned[fresh] = 0;
    if (flags & SP_OWNER_FULL)
        part->owned[*id] = package + 1;
    if (*id == fresh) {
        struct sp_string_reference reference;
        if (sp_writer_string(&part->strings, form, size, &reference, err) < 0)
            return -1;
        part->forms[fresh] = (struct sp_form_record){
            .offset = reference.offset,
            .length = (uint16_t)size,
            .signature = sp_signature(form, size),
        };
    }
    part->owners[part->owner_count++] = (struct owner){ *out, package << 4 | (uint32_t)flags };
    return 0;
}

static int
add_namespace(struct part *part, struct sp_slice name, uint32_t package, uint32_t *out, struct sp_error *err)
{
    *out = UINT32_MAX;
    if (name.length && name.bytes[0] == '@') {
        name.bytes++;
        name.length--;
    }
    if (!name.length)
        return 0;
    char form[SP_NAME_MAX];
    size_t size = sp_skeleton(&part->lookalike, name.bytes, name.length, form, sizeof(form));
    uint32_t fresh = (uint32_t)part->namespace_ids.count;
    uint32_t *id = sp_map_at(&part->namespace_ids, form, size, fresh, err);
    if (!id || sp_grow(part->namespaces, part->namespace_capacity, part->namespace_ids.count, err) < 0)
        return -1;
    if (*id == fresh) {
        struct sp_namespace_record record = { .best_package = UINT32_MAX,
                                              .signature = sp_signature(form, size) };
        if (sp_writer_string(&part->strings, form, size, &record.name, err) < 0)
            return -1;
        part->namespaces[fresh] = record;
    }
    *out = *id;
    if (package == UINT32_MAX)
        return 0;
    struct sp_namespace_record *record = &part->namespaces[*id];
    record->packages++;
    uint32_t rank = part->packages[package].rank;
    uint32_t best = record->best_package == UINT32_MAX ? 0 : part->packages[record->best_package].rank;
    if (record->best_package == UINT32_MAX || (rank && (!best || rank < best)))
        record->best_package = package;
    return 0;
}

/* The forms and the namespace of package ID, whose normalised name is in part->scratch. */
static int
add_forms(struct part *part, uint32_t id, struct sp_error *err)
{
    struct sp_package_record *package = &part->packages[id];
    const char *full = sp_buffer_string(&part->scratch);
    size_t length = part->scratch.length;
    struct sp_name_parts parts;
    part->ecosystem->split(full, length, &parts);
    if (!parts.namespace_.length) {
        if (add_form(part, full, length, id, SP_OWNER_FULL | SP_OWNER_FLAT | SP_OWNER_IDENTIFIER,
                     &package->form_full, err) < 0)
            return -1;
        package->form_flat = package->form_identifier = package->form_full;
        return 0;
    }
    sp_buffer_clear(&part->flat);
    if (sp_ecosystem_flatten(part->ecosystem, full, length, &part->flat, err) < 0 ||
        add_form(part, full, length, id, SP_OWNER_FULL, &package->form_full, err) < 0 ||
        add_form(part, sp_buffer_string(&part->flat), part->flat.length, id, SP_OWNER_FLAT,
                 &package->form_flat, err) < 0 ||
        add_form(part, parts.identifier.bytes, parts.identifier.length, id, SP_OWNER_IDENTIFIER,
                 &package->form_identifier, err) < 0)
        return -1;
    return add_namespace(part, parts.namespace_, id, &package->namespace_, err);
}

/* Adds the package NAME with its forms; one that is there already is left as it is. */
static int
add_package(struct part *part, const char *name, size_t length, uint64_t rank, uint64_t downloads,
            const char *summary, size_t summary_length, struct sp_error *err)
{
    sp_buffer_clear(&part->scratch);
    if (sp_ecosystem_read_name(part->ecosystem, name, length, &part->scratch, err) < 0)
        return -1;
    if (part->package_count >= UINT32_MAX >> 4)
        return sp_fail(err, SP_ERROR_LIMIT, "more than 2^28 packages");
    uint32_t id = (uint32_t)part->package_count;

    if (sp_grow(part->packages, part->package_capacity, part->package_count + 1, err) < 0)
        return -1;
    struct sp_package_record *package = &part->packages[id];
    *package = (struct sp_package_record){
        .rank = rank > UINT32_MAX ? UINT32_MAX : (uint32_t)rank,
        .downloads = downloads,
        .namespace_ = UINT32_MAX,
    };
    if (sp_writer_string(&part->summaries, summary, summary_length, &package->summary, err) < 0)
        return -1;
    part->package_count++;

    if (add_forms(part, id, err) < 0)
        return -1;
    /* most names are their own form: they are stored once */
    const struct sp_form_record *form = &part->forms[package->form_full];
    if (form->length == length && memcmp(part->strings.bytes + form->offset, name, length) == 0) {
        package->name = (struct sp_string_reference){ form->offset, form->length };
        return 0;
    }
    return sp_writer_string(&part->strings, name, length, &package->name, err);
}

static int
read_trusted(struct part *part, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "name", "rank", "downloads", "summary", NULL };
    sp_autotsv struct sp_tsv tsv;
    if (sp_tsv_open(&tsv, path, columns, 1, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        uint64_t rank, downloads;
        if (sp_tsv_number(&tsv, &row, 1, 0, &rank, err) < 0 ||
            sp_tsv_number(&tsv, &row, 2, 0, &downloads, err) < 0)
            return -1;
        if (add_package(part, row.field[0].bytes, row.field[0].length, rank, downloads, row.field[3].bytes,
                        row.field[3].length, err) < 0)
            return sp_fail_within(err, "%.300s:%zu", path, row.line);
    }
    return status;
}

/* Packages keep their numbers, so the base's owners can be read as they are. */
static int
take_aliases(struct part *part, const struct sp_index_ecosystem *from, struct sp_error *err)
{
    for (uint32_t form = 0; form < from->form_count; form++) {
        const struct sp_form_record *record = &from->forms[form];
        for (uint32_t i = 0; i < record->owner_count && record->first_owner + i < from->owner_count; i++) {
            uint32_t owner = from->owners[record->first_owner + i], alias;
            struct sp_slice string = sp_form_string(from, form);
            if (owner & SP_OWNER_ALIAS && owner >> 4 < part->package_count &&
                add_form(part, string.bytes, string.length, owner >> 4, SP_OWNER_ALIAS, &alias, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int
take_base(struct part *part, struct sp_index *base, struct sp_error *err)
{
    const struct sp_index_ecosystem *from = sp_index_ecosystem(base, part->ecosystem->id, err);
    if (!from)
        return -1;
    for (uint32_t i = 0; i < from->package_count; i++) {
        const struct sp_package_record *package = &from->packages[i];
        struct sp_slice name = sp_index_string(from->strings, from->strings_size, package->name);
        struct sp_slice summary = sp_index_string(from->summaries, from->summaries_size, package->summary);
        if (add_package(part, name.bytes, name.length, package->rank, package->downloads, summary.bytes,
                        summary.length, err) < 0)
            return -1;
    }
    return take_aliases(part, from, err);
}

/* Rows of the tables that hold all ecosystems; EACH gets this ecosystem's. */
static int
read_rows(struct part *part, const char *path, const char *const *columns, unsigned required,
          int (*each)(struct part *, const struct sp_tsv_row *, struct sp_error *), struct sp_error *err)
{
    sp_autotsv struct sp_tsv tsv;
    if (sp_tsv_open(&tsv, path, columns, required, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        if (sp_ecosystem_find(row.field[0].bytes, row.field[0].length) != part->ecosystem)
            continue;
        if (each(part, &row, err) < 0)
            return sp_fail_within(err, "%.300s:%zu", path, row.line);
    }
    return status;
}

/* The package of this full name; UINT32_MAX none. */
static uint32_t
find_package(struct part *part, const struct sp_tsv_field *name)
{
    char string[SP_NAME_MAX];
    uint32_t form;
    sp_buffer_clear(&part->scratch);
    if (sp_ecosystem_read_name(part->ecosystem, name->bytes, name->length, &part->scratch, NULL) < 0)
        return UINT32_MAX;
    size_t size =
        sp_skeleton(&part->lookalike, part->scratch.bytes, part->scratch.length, string, sizeof(string));
    return sp_map_get(&part->form_ids, string, size, &form) ? part->owned[form] - 1 : UINT32_MAX;
}

static int
each_extra(struct part *part, const struct sp_tsv_row *row, struct sp_error *err)
{
    if (find_package(part, &row->field[1]) != UINT32_MAX)
        return 0;
    return add_package(part, row->field[1].bytes, row->field[1].length, 0, 0, "", 0, err);
}

static int
each_namespace(struct part *part, const struct sp_tsv_row *row, struct sp_error *err)
{
    uint32_t id;
    struct sp_slice name = { row->field[1].bytes, row->field[1].length };
    return add_namespace(part, name, UINT32_MAX, &id, err);
}

static int
each_alias(struct part *part, const struct sp_tsv_row *row, struct sp_error *err)
{
    uint32_t package = find_package(part, &row->field[2]), alias;
    if (package == UINT32_MAX)
        return 0; /* of a package that is not popular */
    return add_form(part, row->field[1].bytes, row->field[1].length, package, SP_OWNER_ALIAS, &alias, err);
}

static int
by_form(const void *left, const void *right)
{
    const struct owner *a = left, *b = right;
    if (a->form != b->form)
        return a->form < b->form ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static int
write_bytes(struct part *part, enum sp_section_kind kind, const void *items, size_t count, size_t size,
            struct sp_error *err)
{
    struct sp_buffer *bytes = sp_writer_section(part->writer, sp_section_id(part->ecosystem->id, kind), err);
    if (!bytes || sp_buffer_append(bytes, items, count * size, err) < 0)
        return -1;
    sp_writer_items(part->writer, count);
    return 0;
}

/* Forms by which packages are searched, not only recognised. */
#define SEARCHED (SP_OWNER_FLAT | SP_OWNER_IDENTIFIER | SP_OWNER_ALIAS)

static int
write_forms(struct part *part, struct sp_error *err)
{
    struct sp_buffer owners = { 0 };
    qsort(part->owners, part->owner_count, sizeof(*part->owners), by_form);
    int status = 0;
    uint32_t kept = 0;
    for (size_t i = 0; status == 0 && i < part->owner_count; i++) {
        struct sp_form_record *form = &part->forms[part->owners[i].form];
        if (!form->owner_count)
            form->first_owner = kept;
        if (form->owner_count == SP_OWNERS_MAX)
            continue;
        form->owner_count++;
        kept++;
        status = sp_buffer_append(&owners, &part->owners[i].value, sizeof(uint32_t), err);
    }
    if (status == 0)
        status =
            write_bytes(part, SP_SECTION_FORMS, part->forms, part->form_ids.count, sizeof(*part->forms), err);
    if (status == 0)
        status = write_bytes(part, SP_SECTION_OWNERS, owners.bytes, kept, sizeof(uint32_t), err);
    sp_buffer_free(&owners);
    return status;
}

static int
add_keys(const struct sp_words *words, struct sp_postings_builder *keys, struct sp_postings_builder *edits,
         const char *string, size_t length, bool searched, uint32_t id, struct sp_error *err)
{
    struct sp_keys made;
    sp_keys_of(words, string, length, &made);
    for (unsigned i = 0; i < made.count; i++)
        if ((searched || made.at[i].kind == SP_KEY_EXACT) &&
            sp_postings_add(keys, made.at[i].hash, id, err) < 0)
            return -1;
    return searched ? sp_edits_add(edits, string, length, id, err) : 0;
}

static int
write_edits(struct part *part, enum sp_section_kind kind, struct sp_postings_builder *edits,
            struct sp_error *err)
{
    if (!edits->count)
        return 0;
    struct sp_buffer *bytes = sp_writer_section(part->writer, sp_section_id(part->ecosystem->id, kind), err);
    if (!bytes || sp_edits_write(edits, bytes, err) < 0)
        return -1;
    sp_writer_items(part->writer, edits->count);
    return 0;
}

static int
write_searches(struct part *part, struct sp_error *err)
{
    sp_autopostings struct sp_postings_builder keys = { 0 };
    sp_autopostings struct sp_postings_builder edits = { 0 };
    sp_autofree uint8_t *flags = sp_new_array(part->form_ids.count, 1, err);
    if (!flags)
        return -1;
    for (size_t i = 0; i < part->owner_count; i++)
        flags[part->owners[i].form] |= part->owners[i].value & 15;
    for (uint32_t id = 0; id < part->form_ids.count; id++)
        if (add_keys(part->words, &keys, &edits, part->strings.bytes + part->forms[id].offset,
                     part->forms[id].length, flags[id] & SEARCHED, id, err) < 0)
            return -1;
    unsigned ecosystem = part->ecosystem->id;
    if (sp_writer_postings(part->writer, sp_section_id(ecosystem, SP_SECTION_KEYS), &keys, err) < 0)
        return -1;
    return write_edits(part, SP_SECTION_EDITS, &edits, err);
}

static int
write_namespaces(struct part *part, struct sp_error *err)
{
    size_t count = part->namespace_ids.count;
    unsigned ecosystem = part->ecosystem->id;
    sp_autopostings struct sp_postings_builder keys = { 0 };
    sp_autopostings struct sp_postings_builder edits = { 0 };
    if (!count)
        return 0;
    for (uint32_t id = 0; id < count; id++) {
        struct sp_string_reference name = part->namespaces[id].name;
        if (add_keys(part->words, &keys, &edits, part->strings.bytes + name.offset, name.length, true, id,
                     err) < 0)
            return -1;
    }
    if (write_bytes(part, SP_SECTION_NAMESPACES, part->namespaces, count, sizeof(*part->namespaces), err) <
            0 ||
        sp_writer_postings(part->writer, sp_section_id(ecosystem, SP_SECTION_NAMESPACE_KEYS), &keys, err) < 0)
        return -1;
    return write_edits(part, SP_SECTION_NAMESPACE_EDITS, &edits, err);
}

static int
write_vectors(struct part *part, const struct sp_embedding *embedding, struct sp_error *err)
{
    sp_autofree int8_t(*vectors)[SP_EMBEDDING_DIMENSION] =
        sp_new_array(part->package_count, sizeof(*vectors), err);
    if (!vectors)
        return -1;
    for (size_t i = 0; i < part->package_count; i++) {
        const struct sp_form_record *form = &part->forms[part->packages[i].form_flat];
        sp_embedding_of(embedding, part->strings.bytes + form->offset, form->length, vectors[i]);
    }
    unsigned ecosystem = part->ecosystem->id;
    struct sp_buffer *bytes =
        sp_writer_section(part->writer, sp_section_id(ecosystem, SP_SECTION_VECTORS), err);
    if (!bytes || sp_vectors_build((const int8_t(*)[SP_EMBEDDING_DIMENSION])vectors,
                                   (uint32_t)part->package_count, bytes, err) < 0)
        return -1;
    sp_writer_items(part->writer, part->package_count);
    return 0;
}

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* The registry's full list: hashes are enough to ask whether it holds a name. */
static int
write_names(struct part *part, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "name", NULL };
    sp_autotsv struct sp_tsv tsv;
    sp_autofree uint64_t *hashes = NULL;
    size_t count = 0, capacity = 0;
    if (sp_tsv_open(&tsv, path, columns, 1, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        /* registries hold old names that today's rules refuse: these cannot be asked for either */
        sp_buffer_clear(&part->scratch);
        if (sp_ecosystem_read_name(part->ecosystem, row.field[0].bytes, row.field[0].length, &part->scratch,
                                   NULL) < 0)
            continue;
        if (sp_grow(hashes, capacity, count + 1, err) < 0)
            return -1;
        hashes[count++] = sp_hash(part->scratch.bytes, part->scratch.length, SP_NAMES_SEED);
    }
    if (status < 0)
        return -1;
    if (!count)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: holds no name that %s allows", path,
                       part->ecosystem->title);
    qsort(hashes, count, sizeof(*hashes), by_number);
    return write_bytes(part, SP_SECTION_NAMES, hashes, count, sizeof(*hashes), err);
}

static int
copy_names(struct part *part, struct sp_index *base, struct sp_error *err)
{
    const struct sp_index_ecosystem *from = sp_index_ecosystem(base, part->ecosystem->id, err);
    if (!from)
        return -1;
    return from->name_count
               ? write_bytes(part, SP_SECTION_NAMES, from->names, from->name_count, sizeof(*from->names), err)
               : 0;
}

static int
gather(struct part *part, const struct sp_index_recipe *recipe, struct sp_error *err)
{
    static const char *const extra[] = { "ecosystem", "name", NULL };
    static const char *const namespaces[] = { "ecosystem", "namespace", NULL };
    static const char *const aliases[] = { "ecosystem", "alias", "name", NULL };
    enum sp_ecosystem_id id = part->ecosystem->id;
    int status = 0;
    if (recipe->trusted[id])
        status = read_trusted(part, recipe->trusted[id], err);
    else if (recipe->base)
        status = take_base(part, recipe->base, err);
    if (status == 0 && recipe->extra)
        status = read_rows(part, recipe->extra, extra, 2, each_extra, err);
    if (status == 0 && recipe->namespaces)
        status = read_rows(part, recipe->namespaces, namespaces, 2, each_namespace, err);
    if (status == 0 && recipe->aliases)
        status = read_rows(part, recipe->aliases, aliases, 3, each_alias, err);
    return status;
}

/* A name with a namespace is nobody's by chance in another registry. */
static int
add_famous(struct part *part, struct sp_error *err)
{
    if (part->ecosystem->has_namespaces && part->ecosystem->id != SP_NPM)
        return 0;
    for (uint32_t i = 0; i < part->package_count && i < 1u << 24; i++) {
        const struct sp_package_record *package = &part->packages[i];
        if (!package->rank || package->rank > SP_FAMOUS_RANK_MAX || package->namespace_ != UINT32_MAX)
            continue;
        const struct sp_form_record *form = &part->forms[package->form_full];
        uint64_t hash = sp_hash(part->strings.bytes + form->offset, form->length, SP_FAMOUS_SEED);
        if (sp_postings_add(&part->writer->famous, hash, (uint32_t)part->ecosystem->id << 24 | i, err) < 0)
            return -1;
    }
    return 0;
}

static int
write_part(struct part *part, const struct sp_index_recipe *recipe, const struct sp_embedding *embedding,
           struct sp_error *err)
{
    enum sp_ecosystem_id id = part->ecosystem->id;
    if (recipe->names[id]) {
        if (write_names(part, recipe->names[id], err) < 0)
            return -1;
    } else if (recipe->base && copy_names(part, recipe->base, err) < 0) {
        return -1;
    }
    if (!part->package_count)
        return 0;
    if (add_famous(part, err) < 0 || write_forms(part, err) < 0 || write_searches(part, err) < 0 ||
        write_namespaces(part, err) < 0 || (embedding && write_vectors(part, embedding, err) < 0) ||
        write_bytes(part, SP_SECTION_PACKAGES, part->packages, part->package_count, sizeof(*part->packages),
                    err) < 0)
        return -1;
    if (write_bytes(part, SP_SECTION_SUMMARIES, part->summaries.bytes, part->summaries.length, 1, err) < 0)
        return -1;
    return write_bytes(part, SP_SECTION_STRINGS, part->strings.bytes, part->strings.length, 1, err);
}

int
sp_build_ecosystem(struct sp_index_writer *writer, const struct sp_index_recipe *recipe,
                   enum sp_ecosystem_id id, const struct sp_words *words,
                   const struct sp_embedding *embedding, struct sp_error *err)
{
    struct part part = { .writer = writer, .ecosystem = sp_ecosystems[id], .words = words };
    int status = gather(&part, recipe, err);
    if (status == 0)
        status = write_part(&part, recipe, embedding, err);
    free_part(&part);
    return status < 0 ? -1 : 0;
}
