#include "name/search.h"
#include "base/hash.h"
#include "name/osa.h"
#include "name/searcher.h"

#include <math.h>
#include <string.h>

const char *
sp_index_kind_name(enum sp_index_kind kind)
{
    static const char *const names[SP_INDEX_KIND_COUNT] = {
        [SP_BY_KEY_DELIMITERS] = "delimiters",
        [SP_BY_KEY_TOKENS] = "token-order",
        [SP_BY_KEY_LOOKALIKE] = "lookalike",
        [SP_BY_KEY_PHONETIC] = "sound",
        [SP_BY_KEY_STEM] = "stem",
        [SP_BY_KEY_SPELLING] = "spelling",
        [SP_BY_KEY_FLAT] = "flattened",
        [SP_BY_KEY_IDENTIFIER] = "identifier",
        [SP_BY_KEY_TOKEN_RUN] = "token-run",
        [SP_BY_EDITS] = "edit-distance",
        [SP_BY_EMBEDDING] = "embedding",
        [SP_BY_NAMESPACE] = "namespace",
        [SP_BY_LIST] = "list",
        [SP_BY_ECOSYSTEM] = "other-ecosystem",
    };
    return names[kind];
}

int
sp_searcher_use_model(struct sp_searcher *searcher, const struct sp_model_view *model, struct sp_error *err)
{
    searcher->model = NULL;
    searcher->thresholds = (struct sp_risk_thresholds){ 0.5, 0.9 };
    if (!model)
        return 0;
    size_t count = sp_model_feature_count(model);
    bool same = count == SP_FEATURE_COUNT;
    for (size_t i = 0; same && i < count; i++)
        same = strcmp(sp_model_feature_name(model, i), sp_feature_names[i]) == 0;
    if (!same)
        return sp_fail(err, SP_ERROR_INPUT,
                       "the model was fitted on other features than this program computes; build the index "
                       "again with this version's data");
    searcher->model = model;
    sp_model_threshold(model, "review", &searcher->thresholds.review);
    sp_model_threshold(model, "block", &searcher->thresholds.block);
    return 0;
}

int
sp_searcher_new(struct sp_searcher **out, struct sp_index *index, struct sp_error *err)
{
    struct sp_searcher *searcher = sp_new(struct sp_searcher, err);
    if (!searcher)
        return -1;
    searcher->index = index;
    searcher->thresholds = (struct sp_risk_thresholds){ 0.5, 0.9 };
    if (sp_vectors_scratch_init(&searcher->vectors, err) < 0) {
        sp_searcher_free(searcher);
        return -1;
    }
    if (index->has_model && sp_searcher_use_model(searcher, &index->model, err) < 0) {
        sp_searcher_free(searcher);
        return sp_fail_within(err, "%.300s", index->path);
    }
    *out = searcher;
    return 0;
}

void
sp_searcher_free(struct sp_searcher *searcher)
{
    if (!searcher)
        return;
    sp_lookalike_free(&searcher->lookalike);
    sp_vectors_scratch_free(&searcher->vectors);
    sp_buffer_free(&searcher->normalised);
    sp_buffer_free(&searcher->scratch);
    free(searcher);
}

void
sp_searcher_use_thresholds(struct sp_searcher *searcher, struct sp_risk_thresholds thresholds)
{
    searcher->thresholds = thresholds;
}

void
sp_searcher_search_trusted(struct sp_searcher *searcher, bool on)
{
    searcher->search_trusted = on;
}

struct sp_risk_thresholds
sp_searcher_thresholds(const struct sp_searcher *searcher)
{
    return searcher->thresholds;
}

uint32_t
sp_find_trusted(const struct sp_index_ecosystem *part, const char *form, size_t length)
{
    uint32_t count;
    const struct sp_posting *found =
        sp_postings_find(&part->keys, sp_key_hash(SP_KEY_EXACT, form, length), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct sp_slice string = sp_form_string(part, found[i].id);
        if (string.length != length || memcmp(string.bytes, form, length) != 0)
            continue;
        const struct sp_form_record *record = &part->forms[found[i].id];
        for (uint32_t k = 0; k < record->owner_count && record->first_owner + k < part->owner_count; k++) {
            uint32_t owner = part->owners[record->first_owner + k];
            if (owner & (SP_OWNER_FULL | SP_OWNER_ALIAS) && owner >> 4 < part->package_count)
                return owner >> 4;
        }
    }
    return UINT32_MAX;
}

static uint32_t
packages_in_namespace(const struct sp_index_ecosystem *part, const char *name, size_t length)
{
    uint32_t count;
    const struct sp_posting *found =
        sp_postings_find(&part->namespace_keys, sp_key_hash(SP_KEY_EXACT, name, length), &count);
    for (uint32_t i = 0; i < count; i++) {
        if (found[i].id >= part->namespace_count)
            continue;
        const struct sp_namespace_record *space = &part->namespaces[found[i].id];
        struct sp_slice string = sp_index_string(part->strings, part->strings_size, space->name);
        if (string.length == length && memcmp(string.bytes, name, length) == 0)
            return space->packages;
    }
    return 0;
}

static void
set_vector(struct sp_searcher *searcher, struct sp_side *side)
{
    side->has_vector =
        searcher->index->has_embedding &&
        sp_embedding_of(&searcher->index->embedding, side->flat, side->flat_length, side->vector);
}

int
sp_prepare_name(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, struct sp_error *err)
{
    struct sp_side *name = &searcher->name;
    const struct sp_index_ecosystem *part = sp_index_ecosystem(searcher->index, ecosystem->id, err);
    if (!part ||
        sp_side_prepare(name, ecosystem, sp_buffer_string(&searcher->normalised), searcher->normalised.length,
                        &searcher->lookalike, &searcher->scratch, err) < 0)
        return -1;
    set_vector(searcher, name);
    if (name->namespace_length)
        name->namespace_packages = packages_in_namespace(part, name->namespace_, name->namespace_length);
    else if (name->tokens.count > 1)
        name->brand_packages =
            packages_in_namespace(part, name->flat + name->tokens.at[0].start, name->tokens.at[0].length);
    return 0;
}

static uint16_t
copy_string(char *to, struct sp_slice from)
{
    size_t length = from.length < SP_NAME_MAX ? from.length : SP_NAME_MAX;
    memcpy(to, from.bytes, length);
    return (uint16_t)length;
}

void
sp_prepare_target(struct sp_searcher *searcher, const struct sp_index_ecosystem *part,
                  const struct sp_ecosystem *ecosystem, uint32_t id)
{
    struct sp_side *side = &searcher->target;
    const struct sp_package_record *package = &part->packages[id];
    side->ecosystem = ecosystem;
    side->ascii = true;
    side->flat_length = copy_string(side->flat, sp_form_string(part, package->form_flat));
    side->identifier_length = copy_string(side->identifier, sp_form_string(part, package->form_identifier));
    side->namespace_length = 0;
    side->namespace_packages = side->brand_packages = 0;
    if (package->namespace_ < part->namespace_count) {
        const struct sp_namespace_record *space = &part->namespaces[package->namespace_];
        side->namespace_length =
            copy_string(side->namespace_, sp_index_string(part->strings, part->strings_size, space->name));
        side->namespace_packages = space->packages;
    }
    sp_side_set_plain(side);
    sp_tokenise(side->flat, side->flat_length, &side->tokens);
    if (side->namespace_length)
        sp_tokenise(side->identifier, side->identifier_length, &side->identifier_tokens);
    else
        side->identifier_tokens = side->tokens;
    const int8_t *vector = part->has_vectors ? sp_vectors_at(&part->vectors, id) : NULL;
    side->has_vector = vector != NULL;
    if (vector)
        memcpy(side->vector, vector, sizeof(side->vector));
}

double
sp_judge(struct sp_searcher *searcher, uint32_t trusted)
{
    sp_features_of(&searcher->pair, trusted, searcher->features);
    if (searcher->model) {
        double risk = sp_model_predict(searcher->model, searcher->features);
        /* foo2 beside foo is how honest names look too: somebody should look, nothing is refused */
        bool numbered = searcher->features[SP_FEATURE_EDIT_DIGIT] > 0;
        double most = searcher->thresholds.block - 1e-6;
        return numbered && risk > most ? most : risk;
    }
    /* an index built without a model still orders: by likeness alone, never as a probability */
    double share = searcher->features[SP_FEATURE_DISTANCE_SHARE];
    double inner = searcher->features[SP_FEATURE_IDENTIFIER_SHARE];
    double likeness = 1.0 - (share < inner ? share : inner);
    return likeness < 0 ? 0 : likeness;
}

void
sp_explain_match(struct sp_searcher *searcher, const char *target, struct sp_match *out)
{
    out->categories = sp_categories_of(&searcher->pair);
    /* offsets are those of the name as it was written; letters are compared as the registry compares them,
     * where that keeps them in their places */
    struct sp_slice shown = { sp_buffer_string(&searcher->normalised), searcher->normalised.length };
    if (shown.length != searcher->written.length)
        shown = searcher->written;
    out->edit_count = shown.length > SP_NAME_MAX ? 0
                                                 : sp_align(shown.bytes, shown.length, target, strlen(target),
                                                            out->edits, SP_EDITS_MAX);
}

void
sp_fill_match(struct sp_searcher *searcher, const struct sp_index_ecosystem *part,
              const struct sp_ecosystem *ecosystem, const struct sp_hit *hit, bool explain,
              struct sp_match *out)
{
    const struct sp_package_record *package = &part->packages[hit->package];
    struct sp_pair *pair = &searcher->pair;
    sp_prepare_target(searcher, part, ecosystem, hit->package);
    sp_pair_prepare(pair, &searcher->index->words, &searcher->name, &searcher->target, hit->keys, true);
    pair->rank = package->rank;
    pair->is_import = hit->found_by >> SP_BY_LIST & 1;
    out->target_ecosystem = ecosystem;
    out->target_id = hit->package;
    out->target = sp_index_c_string(part->strings, part->strings_size, package->name);
    out->summary = sp_index_c_string(part->summaries, part->summaries_size, package->summary);
    out->rank = package->rank;
    out->downloads = package->downloads;
    out->found_by = hit->found_by;
    out->distance = (uint8_t)(pair->distance < 255 ? pair->distance : 255);
    out->cosine = pair->cosine;
    out->note = NULL;
    out->categories = 0;
    out->edit_count = 0;
    out->risk = sp_judge(searcher, part->package_count);
    if (explain || out->risk >= searcher->thresholds.review)
        sp_explain_match(searcher, out->target, out);
}

/* The hits that are worth a judgement, the most promising first. */
static uint32_t
choose(struct sp_searcher *searcher, uint32_t limit)
{
    struct sp_hit *hits = searcher->hits;
    for (uint32_t i = 0; i < searcher->hit_count; i++)
        hits[i].promise += 0.4f * (float)__builtin_popcount(hits[i].found_by);
    uint32_t kept = searcher->hit_count < limit ? searcher->hit_count : limit;
    for (uint32_t i = 0; i < kept; i++) {
        uint32_t best = i;
        for (uint32_t k = i + 1; k < searcher->hit_count; k++)
            if (hits[k].promise > hits[best].promise ||
                (hits[k].promise == hits[best].promise && hits[k].package < hits[best].package))
                best = k;
        struct sp_hit hit = hits[best];
        hits[best] = hits[i];
        hits[i] = hit;
    }
    return kept;
}

/* Keeps MATCHES sorted by falling risk. */
static struct sp_match *
make_room(struct sp_search_result *out, double risk)
{
    size_t at = out->count;
    while (at && out->matches[at - 1].risk < risk)
        at--;
    if (at == SP_MATCHES_MAX)
        return NULL;
    size_t moved = (out->count < SP_MATCHES_MAX ? out->count : SP_MATCHES_MAX - 1) - at;
    memmove(&out->matches[at + 1], &out->matches[at], moved * sizeof(out->matches[0]));
    if (out->count < SP_MATCHES_MAX)
        out->count++;
    return &out->matches[at];
}

static void
add_match(struct sp_search_result *out, const struct sp_match *match)
{
    struct sp_match *room = make_room(out, match->risk);
    if (room)
        *room = *match;
}

static bool
is_listed(const struct sp_index_ecosystem *part, const struct sp_buffer *name)
{
    uint64_t hash = sp_hash(sp_buffer_string(name), name->length, SP_NAMES_SEED);
    uint64_t low = 0, high = part->name_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (part->names[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < part->name_count && part->names[low] == hash;
}

static int
read_name(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name, size_t length,
          struct sp_error *err)
{
    sp_buffer_clear(&searcher->normalised);
    searcher->written = (struct sp_slice){ name, length };
    if (sp_ecosystem_read_name(ecosystem, name, length, &searcher->normalised, err) < 0)
        return -1;
    if (searcher->normalised.length > SP_NAME_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "'%.60s...': %zu bytes; names of at most %d are compared",
                       searcher->normalised.bytes, searcher->normalised.length, SP_NAME_MAX);
    return sp_prepare_name(searcher, ecosystem, err);
}

static uint32_t
find_own(struct sp_searcher *searcher, const struct sp_index_ecosystem *part)
{
    char form[SP_NAME_MAX];
    size_t length = sp_skeleton(&searcher->lookalike, sp_buffer_string(&searcher->normalised),
                                searcher->normalised.length, form, sizeof(form));
    /* a name in foreign letters is nobody's trusted name, however it looks */
    return searcher->name.ascii ? sp_find_trusted(part, form, length) : UINT32_MAX;
}

int
sp_search(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name, size_t length,
          struct sp_search_result *out, struct sp_error *err)
{
    out->count = 0;
    out->trusted = out->listed = out->unlisted = false;
    out->rank = 0;
    if (read_name(searcher, ecosystem, name, length, err) < 0)
        return -1;
    memcpy(out->name, searcher->normalised.bytes, searcher->normalised.length);
    out->name[searcher->normalised.length] = '\0';
    const struct sp_index_ecosystem *part = sp_index_ecosystem(searcher->index, ecosystem->id, err);
    if (!part)
        return -1;
    if (part->name_count) {
        out->listed = is_listed(part, &searcher->normalised);
        out->unlisted = !out->listed;
    }
    uint32_t own = find_own(searcher, part);
    if (own != UINT32_MAX) {
        out->trusted = true;
        out->rank = part->packages[own].rank;
        if (!searcher->search_trusted)
            return 0;
    }

    if (sp_gather(searcher, ecosystem, err) < 0)
        return -1;
    uint32_t judged = choose(searcher, SP_JUDGED_MAX);
    for (uint32_t i = 0; i < judged; i++) {
        if (searcher->hits[i].package == own)
            continue;
        if (searcher->hits[i].promise < (i < SP_JUDGED_FIRST ? SP_PROMISE_LEAST : SP_PROMISE_MIN))
            break;
        struct sp_match match;
        sp_fill_match(searcher, part, ecosystem, &searcher->hits[i], false, &match);
        add_match(out, &match);
    }
    return sp_search_lists(searcher, ecosystem, out, err);
}

void
sp_result_add(struct sp_search_result *out, const struct sp_match *match)
{
    for (size_t i = 0; i < out->count; i++) {
        struct sp_match *there = &out->matches[i];
        if (there->target_ecosystem != match->target_ecosystem || there->target_id != match->target_id ||
            match->target_id == UINT32_MAX)
            continue;
        if (there->risk >= match->risk) {
            there->categories |= match->categories;
            there->found_by |= match->found_by;
            there->note = match->note ? match->note : there->note;
            return;
        }
        memmove(there, there + 1, (out->count - i - 1) * sizeof(*there));
        out->count--;
        break;
    }
    add_match(out, match);
}

int
sp_relate(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name,
          const struct sp_ecosystem *target_ecosystem, const char *target, struct sp_match *out,
          struct sp_error *err)
{
    const struct sp_index_ecosystem *part = sp_index_ecosystem(searcher->index, target_ecosystem->id, err);
    if (!part || read_name(searcher, target_ecosystem, target, strlen(target), err) < 0)
        return -1;
    searcher->target = searcher->name;
    uint32_t id = find_own(searcher, part);
    if (read_name(searcher, ecosystem, name, strlen(name), err) < 0)
        return -1;
    struct sp_pair *pair = &searcher->pair;
    sp_pair_prepare(pair, &searcher->index->words, &searcher->name, &searcher->target, 0, false);
    *out = (struct sp_match){
        .target_ecosystem = target_ecosystem,
        .target = target,
        .target_id = id,
        .summary = "",
        .distance = (uint8_t)(pair->distance < 255 ? pair->distance : 255),
        .cosine = pair->cosine,
    };
    if (id != UINT32_MAX) {
        const struct sp_package_record *package = &part->packages[id];
        pair->rank = out->rank = package->rank;
        out->downloads = package->downloads;
        out->summary = sp_index_c_string(part->summaries, part->summaries_size, package->summary);
        out->target = sp_index_c_string(part->strings, part->strings_size, package->name);
    }
    out->risk = sp_judge(searcher, part->package_count);
    sp_explain_match(searcher, out->target, out);
    return 0;
}

int
sp_relate_features(struct sp_searcher *searcher, struct sp_features_view *out, struct sp_error *err)
{
    out->count = SP_FEATURE_COUNT;
    out->names = sp_feature_names;
    out->values = searcher->features;
    out->contributions = NULL;
    if (!searcher->model)
        return 0;
    if (sp_model_contributions(searcher->model, searcher->features, searcher->contributions) < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "cannot take the risk apart");
    out->contributions = searcher->contributions;
    return 0;
}

int
sp_neighbours(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name,
              enum sp_index_kind kind, struct sp_match *out, size_t limit, struct sp_error *err)
{
    if (read_name(searcher, ecosystem, name, strlen(name), err) < 0)
        return -1;
    if (kind == SP_BY_LIST || kind == SP_BY_ECOSYSTEM)
        return sp_neighbours_in_lists(searcher, ecosystem, kind, out, limit, err);
    if (sp_gather_by(searcher, ecosystem, kind, err) < 0)
        return -1;
    uint32_t kept = choose(searcher, (uint32_t)(limit < SP_HITS_MAX ? limit : SP_HITS_MAX));
    for (uint32_t i = 0; i < kept; i++)
        sp_fill_match(searcher, searcher->part, ecosystem, &searcher->hits[i], true, &out[i]);
    return (int)kept;
}
