#include "base/hash.h"
#include "name/searcher.h"

#include <math.h>
#include <string.h>

/* A name of another registry is mistaken for only if everybody knows it, and if it is no word that anybody
 * would think of. */
#define CROSS_LENGTH_MIN 5
#define CROSS_COMMON_MAX 1500u

static void
begin_match(const struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, enum sp_index_kind kind,
            enum sp_category_id category, struct sp_match *out)
{
    *out = (struct sp_match){
        .target_ecosystem = ecosystem,
        .target_id = UINT32_MAX,
        .summary = "",
        .cosine = NAN,
        .found_by = 1u << kind,
        .categories = 1u << category,
        /* the model has seen no such pairs: a person is to look, no machine is to refuse */
        .risk = searcher->thresholds.review,
    };
}

static const char *
list_string(const struct sp_index *index, struct sp_string_reference reference)
{
    return sp_index_c_string(index->list_strings, index->list_strings_size, reference);
}

/* An import name is confused with the package that provides it. */
static int
match_import(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *package,
             struct sp_match *out, struct sp_error *err)
{
    const struct sp_index_ecosystem *part = sp_index_ecosystem(searcher->index, ecosystem->id, err);
    if (!part)
        return -1;
    sp_autobuffer struct sp_buffer normalised = { 0 };
    begin_match(searcher, ecosystem, SP_BY_LIST, SP_CATEGORY_IMPORT_NAME, out);
    out->target = package;
    out->note = "code imports it by this name, but installs it by the other";
    if (sp_ecosystem_read_name(ecosystem, package, strlen(package), &normalised, NULL) < 0)
        return 0;
    char form[SP_NAME_MAX];
    size_t length =
        sp_skeleton(&searcher->lookalike, normalised.bytes, normalised.length, form, sizeof(form));
    uint32_t id = sp_find_trusted(part, form, length);
    if (id == UINT32_MAX)
        return 0;
    struct sp_hit hit = { id, 1u << SP_BY_LIST, 0, 0.f };
    double floor = out->risk;
    const char *note = out->note;
    sp_fill_match(searcher, part, ecosystem, &hit, true, out);
    out->categories |= 1u << SP_CATEGORY_IMPORT_NAME;
    out->note = note;
    out->risk = out->risk > floor ? out->risk : floor;
    return 0;
}

static int
match_record(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
             const struct sp_list_record *record, struct sp_match *out, struct sp_error *err)
{
    const struct sp_index *index = searcher->index;
    const char *detail = list_string(index, record->detail);
    switch (record->kind) {
    case SP_LIST_IMPORT:
        return match_import(searcher, ecosystem, detail, out, err);
    case SP_LIST_BUILTIN:
        begin_match(searcher, ecosystem, SP_BY_LIST, SP_CATEGORY_COMMAND, out);
        out->note = "comes with the language itself; nothing needs to be installed";
        break;
    default:
        begin_match(searcher, ecosystem, SP_BY_LIST, SP_CATEGORY_COMMAND, out);
        out->note = "is a word of the package manager's command line";
    }
    out->target = list_string(index, record->name);
    return 0;
}

/* Whether the record is of this name: look-ups go by hash. */
static bool
names_record(const struct sp_searcher *searcher, const struct sp_list_record *record)
{
    const char *name = list_string(searcher->index, record->name);
    const struct sp_buffer *own = &searcher->normalised;
    size_t length = strlen(name);
    if (length != own->length)
        return false;
    for (size_t i = 0; i < length; i++) {
        char a = sp_lower(name[i]), b = sp_lower(own->bytes[i]);
        if (a != b && !(sp_is_delimiter(a) && sp_is_delimiter(b)))
            return false;
    }
    return true;
}

static const struct sp_posting *
find_records(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, uint32_t *count)
{
    char lower[SP_NAME_MAX];
    size_t length = searcher->normalised.length;
    for (size_t i = 0; i < length; i++)
        lower[i] = sp_lower(searcher->normalised.bytes[i]);
    return sp_postings_find(&searcher->index->list_keys,
                            sp_hash(lower, length, SP_LIST_SEED + (uint64_t)ecosystem->id), count);
}

static bool
is_rare_word(const struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    if (name->tokens.count > 1)
        return true;
    return sp_word_frequency(&searcher->index->words, name->flat, name->flat_length) <= CROSS_COMMON_MAX;
}

static int
match_elsewhere(struct sp_searcher *searcher, enum sp_ecosystem_id id, uint32_t package, struct sp_match *out,
                struct sp_error *err)
{
    const struct sp_side *name = &searcher->name;
    const struct sp_index_ecosystem *part = sp_index_ecosystem(searcher->index, id, err);
    if (!part)
        return -1;
    if (sp_find_trusted(part, name->flat, name->flat_length) != package)
        return 0; /* another name of the same hash */
    begin_match(searcher, sp_ecosystems[id], SP_BY_ECOSYSTEM, SP_CATEGORY_CROSS_ECOSYSTEM, out);
    const struct sp_package_record *record = &part->packages[package];
    out->target_id = package;
    out->target = sp_index_c_string(part->strings, part->strings_size, record->name);
    out->summary = sp_index_c_string(part->summaries, part->summaries_size, record->summary);
    out->rank = record->rank;
    out->downloads = record->downloads;
    out->note = "a well-known name of another registry";
    return 1;
}

static int
find_elsewhere(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, struct sp_match *out,
               size_t limit, struct sp_error *err)
{
    const struct sp_side *name = &searcher->name;
    if (name->namespace_length || name->flat_length < CROSS_LENGTH_MIN || !is_rare_word(searcher))
        return 0;
    uint32_t count;
    const struct sp_posting *famous = sp_postings_find(
        &searcher->index->famous, sp_hash(name->flat, name->flat_length, SP_FAMOUS_SEED), &count);
    size_t found = 0;
    for (uint32_t i = 0; i < count && found < limit; i++) {
        uint32_t id = famous[i].id >> 24, package = famous[i].id & 0xffffff;
        if (id >= SP_ECOSYSTEM_COUNT || id == (uint32_t)ecosystem->id)
            continue;
        int status = match_elsewhere(searcher, (enum sp_ecosystem_id)id, package, &out[found], err);
        if (status < 0)
            return -1;
        found += (size_t)status;
    }
    return (int)found;
}

int
sp_neighbours_in_lists(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
                       enum sp_index_kind kind, struct sp_match *out, size_t limit, struct sp_error *err)
{
    if (kind == SP_BY_ECOSYSTEM)
        return find_elsewhere(searcher, ecosystem, out, limit, err);
    size_t found = 0;
    uint32_t count;
    const struct sp_posting *records = find_records(searcher, ecosystem, &count);
    for (uint32_t i = 0; i < count && found < limit; i++) {
        if (records[i].id >= searcher->index->list_count)
            continue;
        const struct sp_list_record *record = &searcher->index->lists[records[i].id];
        if (!names_record(searcher, record))
            continue;
        if (match_record(searcher, ecosystem, record, &out[found], err) < 0)
            return -1;
        found++;
    }
    return (int)found;
}

/* Foreign letters that make up a plain ASCII name to the eye: nobody needs them, whatever the name is. */
static int
match_foreign_letters(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
                      struct sp_search_result *out, struct sp_error *err)
{
    const struct sp_side *name = &searcher->name;
    if (name->ascii || !sp_is_ascii(name->flat, name->flat_length))
        return 0;
    struct sp_match match;
    begin_match(searcher, ecosystem, SP_BY_KEY_LOOKALIKE, SP_CATEGORY_HOMOGRAPHIC, &match);
    sp_buffer_clear(&searcher->scratch);
    if (sp_buffer_append(&searcher->scratch, name->flat, name->flat_length, err) < 0)
        return -1;
    match.target = sp_buffer_string(&searcher->scratch);
    match.note = "is written with letters of another script that only look like these";
    sp_result_add(out, &match);
    return 0;
}

int
sp_search_lists(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
                struct sp_search_result *out, struct sp_error *err)
{
    static const enum sp_index_kind kinds[] = { SP_BY_LIST, SP_BY_ECOSYSTEM };
    for (size_t k = 0; k < SP_COUNT(kinds); k++) {
        struct sp_match matches[4];
        int count = sp_neighbours_in_lists(searcher, ecosystem, kinds[k], matches, SP_COUNT(matches), err);
        if (count < 0)
            return -1;
        for (int i = 0; i < count; i++)
            sp_result_add(out, &matches[i]);
    }
    return match_foreign_letters(searcher, ecosystem, out, err);
}
