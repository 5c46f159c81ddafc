/* The index file: built twice it is the same bytes; damaged, foreign or cut short it is refused with a line;
 * and hostile content behind right checksums misleads at most. */
#include "small_index.h"
#include "name/layout.h"

static struct small_index small;
static struct sp_buffer whole; /* the file's bytes */

static int
build_index(void **state SP_UNUSED)
{
    static const char *const npm[] = { "lodash",      "react",     "body-parser", "@babel/core",
                                       "@types/node", "socket.io", "JSONStream",  NULL };
    static const char *const pypi[] = { "requests", "python-dateutil", "Django", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_trust(&small, "pypi", pypi);
    small.recipe.names[SP_PYPI] =
        small_write(&small, "names.tsv", "name\nrequests\nflask-x\nDjango\n-bad-\n");
    small.recipe.names_date = "2026-01-02";
    small.recipe.origin = "made for a test";
    small.recipe.aliases =
        small_write(&small, "aliases.tsv", "ecosystem\talias\tname\nnpm\told-lodash\tlodash\n");
    small.recipe.namespaces = small_write(&small, "namespaces.tsv",
                                          "ecosystem\tnamespace\tpackages\tbest_rank\nnpm\t@angular\t9\t1\n");
    if (!small_take_words(&small))
        fail_msg("SALLYPORT_DATA_DIR holds no word tables");
    small_build(&small);
    struct sp_error err = { 0 };
    return sp_file_read(small.path, SP_INDEX_SIZE_MAX, &whole, &err);
}

static int
drop_index(void **state SP_UNUSED)
{
    sp_buffer_free(&whole);
    small_end(&small);
    return 0;
}

static void
expect_refusal(const char *story, const char *path, const char *says)
{
    struct sp_index *index = NULL;
    struct sp_error err = { 0 };
    if (sp_index_open(&index, path, &err) == 0) {
        sp_index_close(index);
        fail_msg("%s: was opened", story);
    }
    if (!strstr(err.text, says) || !strstr(err.text, path) || strchr(err.text, '\n'))
        fail_msg("%s: says '%s', expected '%s' with the path", story, err.text, says);
}

static const char *
write_bytes(const char *name, const void *bytes, size_t length)
{
    const char *path = small_path(&small, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* --- What it says of itself ----------------------------------------------------------------------------- */

static void
index_says_what_it_holds(void **state SP_UNUSED)
{
    assert_int_equal(sp_index_trusted_count(small.index, SP_NPM), 7);
    assert_int_equal(sp_index_trusted_count(small.index, SP_PYPI), 3);
    assert_int_equal(sp_index_trusted_count(small.index, SP_CARGO), 0);
    assert_string_equal(sp_index_origin(small.index), "made for a test");
    assert_string_equal(sp_index_names_date(small.index), "2026-01-02");
    bool edits = false;
    for (size_t i = 0; i < sp_index_section_count(small.index); i++) {
        struct sp_index_section section;
        sp_index_section_at(small.index, i, &section);
        assert_true(section.name[0] && section.what[0] && section.bytes);
        assert_null(strstr(section.name, "unknown"));
        edits = edits || (!strcmp(section.name, "npm/edits") && section.items);
    }
    assert_true(edits);
    struct sp_error err = { 0 };
    assert_int_equal(sp_index_verify(small.index, &err), 0);
}

static void
index_default_path_follows_the_environment(void **state SP_UNUSED)
{
    const char *before = getenv("SALLYPORT_INDEX");
    char *kept = before ? strdup(before) : NULL;
    char room[SP_INDEX_PATH_MAX];
    setenv("SALLYPORT_INDEX", small.path, 1);
    assert_string_equal(sp_index_default_path(room), small.path);
    struct sp_index *index = NULL;
    struct sp_error err = { 0 };
    assert_int_equal(sp_index_open(&index, NULL, &err), 0);
    sp_index_close(index);
    unsetenv("SALLYPORT_INDEX");
    assert_non_null(strstr(sp_index_default_path(room), "sallyport.index"));
    if (kept)
        setenv("SALLYPORT_INDEX", kept, 1);
    free(kept);
}

static void
same_input_gives_the_same_bytes(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer again = { 0 };
    char *path = small_path(&small, "again.index");
    assert_int_equal(sp_index_build(&small.recipe, path, NULL, &err), 0);
    assert_int_equal(sp_file_read(path, SP_INDEX_SIZE_MAX, &again, &err), 0);
    assert_int_equal(again.length, whole.length);
    assert_memory_equal(again.bytes, whole.bytes, whole.length);
}

static void
failed_build_leaves_the_old_file(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer after = { 0 };
    const char *path = write_bytes("kept.index", "old", 3);
    struct sp_index_recipe recipe = small.recipe;
    recipe.trusted[SP_NPM] = small_write(&small, "bad.tsv", "name\trank\nlodash\tfirst\n");
    assert_int_equal(sp_index_build(&recipe, path, NULL, &err), -1);
    assert_int_equal(sp_file_read(path, 100, &after, &err), 0);
    assert_string_equal(sp_buffer_string(&after), "old");
    assert_int_equal(sp_index_build(&small.recipe, "/nowhere/at/all.index", NULL, &err), -1);
}

static void
damaged_tables_are_refused_with_file_and_line(void **state SP_UNUSED)
{
    static const struct {
        const char *story;
        size_t field; /* of the recipe */
        const char *text, *says;
    } cases[] = {
        { "name that npm forbids", offsetof(struct sp_index_recipe, trusted[SP_NPM]),
          "name\trank\nlodash\t1\n.hidden\t2\n", ":3: " },
        { "rank that is no number", offsetof(struct sp_index_recipe, trusted[SP_NPM]),
          "name\trank\nlodash\tx\n", ":2: 'x' is no whole number" },
        { "no name column", offsetof(struct sp_index_recipe, trusted[SP_PYPI]), "nom\nlodash\n",
          ":1: no column 'name'" },
        { "too few fields", offsetof(struct sp_index_recipe, aliases), "ecosystem\talias\tname\nnpm\tx\n",
          ":2: 2 fields" },
        { "unknown ecosystem of a list", offsetof(struct sp_index_recipe, commands),
          "ecosystem\tname\twhat\nmars\tinstall\tx\n", ":2: 'mars' is no ecosystem" },
        { "unknown class of an affix", offsetof(struct sp_index_recipe, affixes), "token\tclass\njs\tbig\n",
          ":2: class must be" },
        { "frequency that is no number", offsetof(struct sp_index_recipe, vocabulary), "token\tdf\nx\tmany\n",
          ":2: 'many'" },
        { "unknown ecosystem of a family", offsetof(struct sp_index_recipe, families),
          "ecosystem\tpattern\tposition\tmembers\tkind\nmars\tx-\tprefix\t3\tplugin\n", ":2: 'mars'" },
        { "target that npm forbids", offsetof(struct sp_index_recipe, extra), "ecosystem\tname\nnpm\t.x\n",
          ":2: " },
        { "empty file", offsetof(struct sp_index_recipe, spelling), "", "is empty" },
        { "list of names without any", offsetof(struct sp_index_recipe, names[SP_PYPI]), "name\n-\n",
          "holds no name that PyPI allows" },
        { "embedding of another kind", offsetof(struct sp_index_recipe, embedding), "no vectors at all\n",
          "" },
        { "model of another kind", offsetof(struct sp_index_recipe, model), "no model at all\n", "" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        struct sp_index_recipe recipe = small.recipe;
        const char *path = small_write(&small, "table.tsv", cases[i].text);
        memcpy((char *)&recipe + cases[i].field, &path, sizeof(path));
        if (sp_index_build(&recipe, small_path(&small, "never.index"), NULL, &err) == 0)
            fail_msg("%s: was built", cases[i].story);
        if (!err.text[0] || !strstr(err.text, cases[i].says) ||
            (cases[i].says[0] && !strstr(err.text, "table.tsv")))
            fail_msg("%s: says '%s', expected '%s' with the file", cases[i].story, err.text, cases[i].says);
        assert_int_equal(access(small_path(&small, "never.index"), F_OK), -1);
    }
    struct sp_error err = { 0 };
    struct sp_index_recipe recipe = small.recipe;
    recipe.trusted[SP_NPM] = "/nowhere/npm.tsv";
    assert_int_equal(sp_index_build(&recipe, small_path(&small, "never.index"), NULL, &err), -1);
    assert_non_null(strstr(err.text, "/nowhere/npm.tsv"));
}

static void
folder_without_trusted_tables_is_refused(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_index_recipe recipe;
    assert_int_equal(sp_index_recipe_from_folder(&recipe, small.folder, &small.arena, &err), -1);
    assert_non_null(strstr(err.text, "trusted/ECOSYSTEM.tsv"));
    assert_int_equal(sp_index_recipe_from_folder(&recipe, "/nowhere", &small.arena, &err), -1);
    assert_int_equal(sp_index_recipe_from_folder(&recipe, small.path, &small.arena, &err), -1);
    assert_non_null(strstr(err.text, "is no folder"));
}

/* --- Files that are no index ---------------------------------------------------------------------------- */

static void
what_is_no_index_is_refused(void **state SP_UNUSED)
{
    char *fifo = small_path(&small, "fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    expect_refusal("absent", small_path(&small, "absent"), "there is no index; build it with");
    expect_refusal("directory", small.folder, "is a directory");
    expect_refusal("FIFO", fifo, "is a FIFO");
    expect_refusal("device", "/dev/zero", "is a device");
    expect_refusal("empty", write_bytes("empty", "", 0), "0 bytes are too few");
    expect_refusal("short", write_bytes("short", "SALLYIDX", 8), "8 bytes are too few");
    char text[4096];
    memset(text, 'x', sizeof(text));
    expect_refusal("foreign", write_bytes("foreign", text, sizeof(text)), "is no Sallyport index");
    memset(text, 0, sizeof(text));
    expect_refusal("zeros", write_bytes("zeros", text, sizeof(text)), "is no Sallyport index");
}

static void
other_version_is_refused(void **state SP_UNUSED)
{
    struct sp_index_header header;
    memcpy(&header, whole.bytes, sizeof(header));
    for (uint32_t version = 0; version < 4; version++) {
        if (version == SP_INDEX_VERSION)
            continue;
        header.version = version;
        char *bytes = malloc(whole.length);
        memcpy(bytes, whole.bytes, whole.length);
        memcpy(bytes, &header, sizeof(header));
        expect_refusal("version", write_bytes("version", bytes, whole.length),
                       "this program reads version 1");
        free(bytes);
    }
}

static void
truncated_or_grown_file_is_refused(void **state SP_UNUSED)
{
    const size_t lengths[] = { 64,
                               65,
                               sizeof(struct sp_index_header) + sizeof(struct sp_section_record),
                               4096,
                               whole.length / 2,
                               whole.length - 64,
                               whole.length - 1 };
    for (size_t i = 0; i < SP_COUNT(lengths); i++)
        expect_refusal("cut short", write_bytes("cut", whole.bytes, lengths[i]), "it is cut short or grew");
    sp_autobuffer struct sp_buffer grown = { 0 };
    sp_buffer_append(&grown, whole.bytes, whole.length, NULL);
    sp_buffer_append_byte(&grown, '\0', NULL);
    expect_refusal("grown", write_bytes("grown", grown.bytes, grown.length), "it is cut short or grew");
}

/* One flipped bit in the middle, at the start and at the end of every section, and in header and table. */
static void
damaged_byte_is_refused_wherever_it_lies(void **state SP_UNUSED)
{
    struct sp_index_header header;
    memcpy(&header, whole.bytes, sizeof(header));
    const struct sp_section_record *table =
        (const struct sp_section_record *)(const void *)(whole.bytes + sizeof(header));
    char *path = small_path(&small, "damaged");
    write_bytes("damaged", whole.bytes, whole.length);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    for (uint32_t s = 0; s < header.section_count; s++) {
        const uint64_t places[] = { table[s].offset, table[s].offset + table[s].size / 2,
                                    table[s].offset + table[s].size - 1 };
        for (size_t p = 0; p < SP_COUNT(places); p++) {
            char byte = whole.bytes[places[p]] ^ (char)(1 << (s + p) % 8);
            assert_int_equal(pwrite(fileno(file), &byte, 1, (off_t)places[p]), 1);
            struct sp_index *index = NULL;
            struct sp_error err = { 0 };
            struct sp_index_section section;
            sp_index_section_at(small.index, s, &section);
            int opened = sp_index_open(&index, path, &err);
            bool shared = table[s].id >> 8 == SP_SHARED;
            if (shared && opened == 0)
                fail_msg("%s, byte %llu: was opened", section.name, (unsigned long long)places[p]);
            if (opened == 0 && sp_index_verify(index, &err) == 0)
                fail_msg("%s, byte %llu: was verified", section.name, (unsigned long long)places[p]);
            if (!strstr(err.text, section.name) || !strstr(err.text, "is damaged") || !strstr(err.text, path))
                fail_msg("%s: says '%s'", section.name, err.text);
            /* the damaged part is not used */
            if (opened == 0) {
                enum sp_ecosystem_id id = (enum sp_ecosystem_id)(table[s].id >> 8);
                struct sp_searcher *searcher = NULL;
                static struct sp_search_result result;
                assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
                assert_int_equal(sp_search(searcher, sp_ecosystems[id], "requests", 8, &result, &err), -1);
                sp_searcher_free(searcher);
            }
            sp_index_close(opened == 0 ? index : NULL);
            assert_int_equal(pwrite(fileno(file), &whole.bytes[places[p]], 1, (off_t)places[p]), 1);
        }
    }
    size_t head = sizeof(header) + header.section_count * sizeof(*table);
    for (size_t at = 0; at < head; at += at < 64 ? 1 : 7) {
        char byte = whole.bytes[at] ^ 0x10;
        assert_int_equal(pwrite(fileno(file), &byte, 1, (off_t)at), 1);
        expect_refusal("header", path, "");
        assert_int_equal(pwrite(fileno(file), &whole.bytes[at], 1, (off_t)at), 1);
    }
    fclose(file);
    struct sp_index *index = NULL;
    struct sp_error err = { 0 };
    assert_int_equal(sp_index_open(&index, path, &err), 0);
    assert_int_equal(sp_index_verify(index, &err), 0);
    sp_index_close(index);
}

/* --- Hostile content behind right checksums ------------------------------------------------------------- */

static uint64_t
section_sum(const struct sp_section_record *section, const char *bytes)
{
    uint64_t sum = section->id;
    for (uint64_t done = 0; done < section->size; done += 256 << 10) {
        uint64_t left = section->size - done;
        sum = sp_index_checksum(sum, bytes + section->offset + done, left < 256 << 10 ? left : 256 << 10);
    }
    return sum;
}

/* Makes all checksums of BYTES right. */
static void
sign(char *bytes)
{
    struct sp_index_header *header = (struct sp_index_header *)(void *)bytes;
    struct sp_section_record *table = (struct sp_section_record *)(void *)(bytes + sizeof(*header));
    for (uint32_t i = 0; i < header->section_count; i++)
        table[i].checksum = section_sum(&table[i], bytes);
    header->checksum = 0;
    uint64_t sum = sp_index_checksum(SP_INDEX_VERSION, header, sizeof(*header));
    header->checksum = sp_index_checksum(sum, table, header->section_count * sizeof(*table));
}

static struct sp_section_record *
section_of(char *bytes, unsigned ecosystem, enum sp_section_kind kind)
{
    struct sp_index_header *header = (struct sp_index_header *)(void *)bytes;
    struct sp_section_record *table = (struct sp_section_record *)(void *)(bytes + sizeof(*header));
    for (uint32_t i = 0; i < header->section_count; i++)
        if (table[i].id == sp_section_id(ecosystem, kind))
            return &table[i];
    return NULL;
}

/* Uses what can be opened in every way that there is. */
static void
use(const char *path)
{
    static const char *const names[] = { "lodash",  "loadsh",   "@babel/cor", "bodyparser",    "old-lodash",
                                         "react-x", "requests", "q",          "@angluar/core", "install" };
    static struct sp_search_result result;
    static struct sp_match matches[16];
    struct sp_index *index = NULL;
    struct sp_error err = { 0 };
    if (sp_index_open(&index, path, &err) < 0) {
        assert_true(err.text[0]);
        return;
    }
    sp_index_verify(index, &err);
    struct sp_searcher *searcher = NULL;
    if (sp_searcher_new(&searcher, index, &err) == 0) {
        for (size_t i = 0; i < SP_COUNT(names); i++) {
            sp_search(searcher, sp_ecosystems[SP_NPM], names[i], strlen(names[i]), &result, &err);
            for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++)
                sp_neighbours(searcher, sp_ecosystems[SP_NPM], names[i], (enum sp_index_kind)kind, matches,
                              16, &err);
            sp_relate(searcher, sp_ecosystems[SP_NPM], names[i], sp_ecosystems[SP_NPM], "lodash", &matches[0],
                      &err);
        }
        sp_searcher_free(searcher);
    }
    sp_index_close(index);
}

static void
hostile_numbers_behind_right_checksums_do_no_harm(void **state SP_UNUSED)
{
    char *bytes = malloc(whole.length);
    assert_non_null(bytes);
    /* every number of every record in turn points as far away as it can; then there are none at all */
    static const struct {
        unsigned ecosystem;
        enum sp_section_kind kind;
    } sections[] = {
        { SP_NPM, SP_SECTION_PACKAGES },       { SP_NPM, SP_SECTION_FORMS },
        { SP_NPM, SP_SECTION_OWNERS },         { SP_NPM, SP_SECTION_KEYS },
        { SP_NPM, SP_SECTION_EDITS },          { SP_NPM, SP_SECTION_NAMESPACES },
        { SP_NPM, SP_SECTION_NAMESPACE_KEYS }, { SP_NPM, SP_SECTION_NAMESPACE_EDITS },
        { SP_NPM, SP_SECTION_STRINGS },        { SP_NPM, SP_SECTION_SUMMARIES },
        { SP_NPM, SP_SECTION_VECTORS },        { SP_PYPI, SP_SECTION_NAMES },
        { SP_SHARED, SP_SECTION_LISTS },       { SP_SHARED, SP_SECTION_LIST_KEYS },
        { SP_SHARED, SP_SECTION_META },        { SP_SHARED, SP_SECTION_LIST_STRINGS },
        { SP_SHARED, SP_SECTION_SPELLING },    { SP_SHARED, SP_SECTION_FAMOUS },
    };
    static const uint32_t numbers[] = { UINT32_MAX, 0x7fffffff, 0, 0x00010000, 513 };
    for (size_t s = 0; s < SP_COUNT(sections); s++) {
        if (!section_of(whole.bytes, sections[s].ecosystem, sections[s].kind))
            fail_msg("no section %d of %u", sections[s].kind, sections[s].ecosystem);
        for (size_t n = 0; n < SP_COUNT(numbers); n++) {
            memcpy(bytes, whole.bytes, whole.length);
            struct sp_section_record *section = section_of(bytes, sections[s].ecosystem, sections[s].kind);
            size_t head = sections[s].kind == SP_SECTION_KEYS || sections[s].kind == SP_SECTION_EDITS ? 8 : 0;
            for (size_t at = head; at + 4 <= section->size; at += n % 2 ? 4 : 12)
                memcpy(bytes + section->offset + at, &numbers[n], 4);
            sign(bytes);
            use(write_bytes("hostile", bytes, whole.length));
        }
        memcpy(bytes, whole.bytes, whole.length);
        section_of(bytes, sections[s].ecosystem, sections[s].kind)->size /= 2;
        sign(bytes);
        use(write_bytes("hostile", bytes, whole.length));
        memcpy(bytes, whole.bytes, whole.length);
        section_of(bytes, sections[s].ecosystem, sections[s].kind)->size = 0;
        sign(bytes);
        use(write_bytes("hostile", bytes, whole.length));
    }
    free(bytes);
}

static void
sections_that_lie_outside_the_file_are_refused(void **state SP_UNUSED)
{
    char *bytes = malloc(whole.length);
    assert_non_null(bytes);
    static const struct {
        uint64_t offset, size;
    } wrong[] = { { UINT64_MAX - 63, 64 }, { 64, UINT64_MAX }, { (uint64_t)1 << 40, 1 }, { 65, 1 } };
    for (size_t i = 0; i < SP_COUNT(wrong); i++) {
        memcpy(bytes, whole.bytes, whole.length);
        struct sp_index_header *header = (struct sp_index_header *)(void *)bytes;
        struct sp_section_record *table = (struct sp_section_record *)(void *)(bytes + sizeof(*header));
        table[0].offset = wrong[i].offset;
        table[0].size = wrong[i].size;
        header->checksum = 0;
        uint64_t sum = sp_index_checksum(SP_INDEX_VERSION, header, sizeof(*header));
        header->checksum = sp_index_checksum(sum, table, header->section_count * sizeof(*table));
        expect_refusal("outside", write_bytes("outside", bytes, whole.length), "lies outside the file");
    }
    free(bytes);
}

/* --- Parts of one's own --------------------------------------------------------------------------------- */

static void
extra_targets_join_those_of_the_base(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_index_recipe recipe = { .base = small.index };
    recipe.extra =
        small_write(&small, "extra.tsv", "ecosystem\tname\nnpm\tour-own-thing\nnpm\tlodash\npypi\tour.own\n");
    char *path = small_path(&small, "extra.index");
    assert_int_equal(sp_index_build(&recipe, path, NULL, &err), 0);
    struct sp_index *index = NULL;
    if (sp_index_open(&index, path, &err) < 0 || sp_index_verify(index, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(sp_index_trusted_count(index, SP_NPM), 8); /* lodash is there already */
    assert_int_equal(sp_index_trusted_count(index, SP_PYPI), 4);
    assert_string_equal(sp_index_origin(index), "made for a test");
    assert_string_equal(sp_index_names_date(index), "2026-01-02");
    struct sp_searcher *searcher = NULL;
    static struct sp_search_result result;
    assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_NPM], "our-own-thign", 13, &result, &err), 0);
    assert_string_equal(result.matches[0].target, "our-own-thing");
    assert_int_equal(result.matches[0].rank, 0);
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_NPM], "our-own-thing", 13, &result, &err), 0);
    assert_true(result.trusted);
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_NPM], "loadsh", 6, &result, &err), 0);
    assert_string_equal(result.matches[0].target, "lodash");
    assert_int_equal(result.matches[0].rank, 1);
    assert_int_equal(result.matches[0].downloads, 1000000);
    assert_string_equal(result.matches[0].summary, "about lodash");
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_PYPI], "flask-x", 7, &result, &err), 0);
    assert_true(result.listed);
    sp_searcher_free(searcher);
    sp_index_close(index);
}

static void
index_of_nothing_but_trusted_names_works(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_index_recipe recipe = { 0 };
    recipe.trusted[SP_NPM] = small_write(&small, "bare.tsv", "name\nlodash\nreact\n");
    char *path = small_path(&small, "bare.index");
    assert_int_equal(sp_index_build(&recipe, path, NULL, &err), 0);
    struct sp_index *index = NULL;
    if (sp_index_open(&index, path, &err) < 0 || sp_index_verify(index, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(sp_index_origin(index), "");
    struct sp_searcher *searcher = NULL;
    static struct sp_search_result result;
    assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_NPM], "loadsh", 6, &result, &err), 0);
    assert_string_equal(result.matches[0].target, "lodash");
    assert_false(result.listed || result.unlisted);
    /* an ecosystem without trusted packages has nothing to be mistaken for */
    assert_int_equal(sp_search(searcher, sp_ecosystems[SP_NUGET], "loadsh", 6, &result, &err), 0);
    assert_int_equal(result.count, 0);
    sp_searcher_free(searcher);
    sp_index_close(index);
}

static void
index_of_nothing_works(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_index_recipe recipe = { 0 };
    char *path = small_path(&small, "nothing.index");
    assert_int_equal(sp_index_build(&recipe, path, NULL, &err), 0);
    use(path);
}

static void
real_index_is_whole(void **state SP_UNUSED)
{
    struct sp_index *index = real_index();
    if (!index)
        skip();
    struct sp_error err = { 0 };
    int status = sp_index_verify(index, &err);
    uint32_t npm = sp_index_trusted_count(index, SP_NPM), pypi = sp_index_trusted_count(index, SP_PYPI);
    sp_index_close(index);
    if (status < 0)
        fail_msg("%s", err.text);
    assert_true(npm > 20000 && pypi > 5000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_says_what_it_holds),
        cmocka_unit_test(index_default_path_follows_the_environment),
        cmocka_unit_test(same_input_gives_the_same_bytes),
        cmocka_unit_test(failed_build_leaves_the_old_file),
        cmocka_unit_test(damaged_tables_are_refused_with_file_and_line),
        cmocka_unit_test(folder_without_trusted_tables_is_refused),
        cmocka_unit_test(what_is_no_index_is_refused),
        cmocka_unit_test(other_version_is_refused),
        cmocka_unit_test(truncated_or_grown_file_is_refused),
        cmocka_unit_test(damaged_byte_is_refused_wherever_it_lies),
        cmocka_unit_test(hostile_numbers_behind_right_checksums_do_no_harm),
        cmocka_unit_test(sections_that_lie_outside_the_file_are_refused),
        cmocka_unit_test(extra_targets_join_those_of_the_base),
        cmocka_unit_test(index_of_nothing_but_trusted_names_works),
        cmocka_unit_test(index_of_nothing_works),
        cmocka_unit_test(real_index_is_whole),
    };
    return cmocka_run_group_tests(tests, build_index, drop_index);
}
