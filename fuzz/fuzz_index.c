/* Index files: the input is a list of changes to a good one, whose checksums are then made right, so that
 * what lies behind them is reached. Opened, verified and searched, it may mislead but not crash.
 *
 * Input: records of 8 bytes: u8 section, u8 what, u16 place, u32 value. An input that starts with the magic
 * is taken for a whole file, as it is. */
#include "base/file.h"
#include "base/memory.h"
#include "name/layout.h"
#include "name/search.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

#define RECORD 8
#define RECORDS_MAX 64

static struct sp_buffer good; /* the bytes of a small index, kept for all runs */
static char path[64];         /* of a file in memory, written anew at each run */
static int file = -1;

static const char *
write_table(struct sp_arena *arena, const char *folder, const char *name, const char *text)
{
    struct sp_error err;
    char *table = sp_arena_printf(arena, NULL, "%s/%s", folder, name);
    REQUIRE(table && sp_file_write(table, text, strlen(text), &err) == 0);
    return table;
}

/* An embedding in which little is known, by the format that embedding.h describes. */
static const char *
write_embedding(struct sp_arena *arena, const char *folder)
{
    enum { BUCKETS = 256, SLOTS = 4, MEAN = 64, REMAP = 192, SCALES = 256, ROWS = 320, ROW_COUNT = 8 };
    enum { SLOT_BYTES = ROWS + ROW_COUNT * 64, WORD_BYTES = SLOT_BYTES + 64, SIZE = WORD_BYTES + 64 };
    static unsigned char bytes[SIZE];
    const uint32_t head[] = { SP_EMBEDDING_VERSION, 64, 3, 5, BUCKETS, ROW_COUNT, SLOTS, 1, 100, 100 };
    const uint64_t size = SIZE;
    memcpy(bytes, SP_EMBEDDING_MAGIC, 8);
    memcpy(bytes + 8, head, sizeof(head));
    memcpy(bytes + 48, &size, 8);
    for (uint32_t i = 0; i < BUCKETS / 64; i++) {
        struct sp_embedding_block block = { 0x8001, i * 2, 0 };
        memcpy(bytes + REMAP + i * sizeof(block), &block, sizeof(block));
    }
    memset(bytes + SCALES, 20, ROW_COUNT);
    for (size_t i = 0; i < ROW_COUNT * 64; i++)
        bytes[ROWS + i] = (unsigned char)(i * 37);
    memset(bytes + SLOT_BYTES, 0xff, SLOTS * sizeof(struct sp_embedding_slot));
    memset(bytes + WORD_BYTES, 15, 64);
    struct sp_error err;
    char *name = sp_arena_printf(arena, NULL, "%s/embedding", folder);
    REQUIRE(name && sp_file_write(name, bytes, sizeof(bytes), &err) == 0);
    return name;
}

static void
build(void)
{
    char folder[] = "/tmp/sallyport-fuzz-XXXXXX";
    REQUIRE(mkdtemp(folder));
    struct sp_arena arena = { 0 };
    struct sp_index_recipe recipe = { 0 };
    struct sp_error err;
    recipe.trusted[SP_NPM] = write_table(
        &arena, folder, "npm", "name\trank\tsummary\nlodash\t1\tx\nbody-parser\t2\ty\n@babel/core\t3\tz\n");
    recipe.trusted[SP_GOLANG] = write_table(&arena, folder, "golang", "name\ngithub.com/spf13/cobra\n");
    recipe.trusted[SP_PYPI] = write_table(&arena, folder, "pypi", "name\nactivesupport\npyyaml\n");
    recipe.spelling = write_table(&arena, folder, "spelling", "a\tb\tkind\ncolour\tcolor\tbritish\n");
    recipe.affixes = write_table(&arena, folder, "affixes", "token\tclass\njs\tlanguage\n");
    recipe.vocabulary = write_table(&arena, folder, "vocabulary", "token\tdf\nlodash\t3\n");
    recipe.commands =
        write_table(&arena, folder, "commands", "ecosystem\tname\twhat\nnpm\tinstall\tcommand\n");
    recipe.imports =
        write_table(&arena, folder, "imports", "ecosystem\timport\tpackage\npypi\tyaml\tpyyaml\n");
    recipe.families = write_table(&arena, folder, "families",
                                  "ecosystem\tpattern\tposition\tmembers\nnpm\tbody-\tprefix\t9\n");
    recipe.names[SP_NPM] = write_table(&arena, folder, "names", "name\nlodash\nleft-pad\n");
    recipe.embedding = write_embedding(&arena, folder);
    const char *made = sp_arena_printf(&arena, NULL, "%s/index", folder);
    if (sp_index_build(&recipe, made, NULL, &err) < 0 ||
        sp_file_read(made, SP_INDEX_SIZE_MAX, &good, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    const char *const tables[] = {
        recipe.trusted[SP_NPM], recipe.trusted[SP_GOLANG], recipe.trusted[SP_PYPI], recipe.spelling,
        recipe.affixes,         recipe.vocabulary,         recipe.commands,         recipe.imports,
        recipe.families,        recipe.names[SP_NPM],      recipe.embedding,        made
    };
    for (size_t i = 0; i < SP_COUNT(tables); i++)
        unlink(tables[i]);
    rmdir(folder);
    sp_arena_free(&arena);
    file = memfd_create("index", MFD_CLOEXEC);
    REQUIRE(file >= 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
}

static void
sign(char *bytes, size_t size)
{
    struct sp_index_header *header = (struct sp_index_header *)(void *)bytes;
    struct sp_section_record *table = (struct sp_section_record *)(void *)(bytes + sizeof(*header));
    /* a change may have come by the number of sections */
    size_t room = (size - sizeof(*header)) / sizeof(*table);
    uint32_t count = header->section_count < room ? header->section_count : (uint32_t)room;
    for (uint32_t i = 0; i < count; i++) {
        table[i].checksum = table[i].id;
        if (table[i].offset > size || table[i].size > size - table[i].offset)
            continue;
        for (uint64_t done = 0; done < table[i].size; done += 256 << 10) {
            uint64_t left = table[i].size - done;
            table[i].checksum = sp_index_checksum(table[i].checksum, bytes + table[i].offset + done,
                                                  left < 256 << 10 ? left : 256 << 10);
        }
    }
    header->size = size;
    header->checksum = 0;
    uint64_t sum = sp_index_checksum(SP_INDEX_VERSION, header, sizeof(*header));
    header->checksum = sp_index_checksum(sum, table, count * sizeof(*table));
}

/* One change. A section that was moved onto the header lets a later change reach the number of sections
 * there, so what is picked goes by the number that the good index has. */
static void
change(char *bytes, const uint8_t *record)
{
    const struct sp_index_header *whole = (const struct sp_index_header *)(const void *)good.bytes;
    struct sp_section_record *table = (struct sp_section_record *)(void *)(bytes + sizeof(*whole));
    struct sp_section_record *section = &table[record[0] % whole->section_count];
    uint16_t place;
    uint32_t value;
    memcpy(&place, record + 2, 2);
    memcpy(&value, record + 4, 4);
    /* by value: what is written may be the section's own record */
    const uint64_t offset = section->offset, extent = section->size;
    bool inside = offset <= good.length && extent <= good.length - offset;
    switch (record[1] % 8) {
    case 0:
        section->size = value;
        break;
    case 1:
        section->offset = (uint64_t)value * SP_INDEX_ALIGN;
        break;
    case 2:
        section->id = value % (SP_ECOSYSTEM_COUNT + 1) == SP_ECOSYSTEM_COUNT
                          ? sp_section_id(SP_SHARED, (enum sp_section_kind)(place % 32))
                          : sp_section_id(value % SP_ECOSYSTEM_COUNT, (enum sp_section_kind)(place % 32));
        break;
    case 3: /* one byte */
        if (inside && extent)
            bytes[offset + place % extent] = (char)value;
        break;
    case 4: /* all numbers from here on */
        for (uint64_t at = (uint64_t)place * 4; inside && at + 4 <= extent; at += 4)
            memcpy(bytes + offset + at, &value, 4);
        break;
    case 5: /* shrink by a few bytes */
        section->size -= section->size > value % 64 ? value % 64 : 0;
        break;
    default: /* one number */
        if (inside && extent >= 4)
            memcpy(bytes + offset + (uint64_t)place * 4 % (extent / 4 * 4), &value, 4);
    }
}

static void
use(void)
{
    static const struct {
        enum sp_ecosystem_id id;
        const char *name;
    } names[] = { { SP_NPM, "loadsh" },         { SP_NPM, "lodash" },
                  { SP_NPM, "body-parser-js" }, { SP_NPM, "@bable/core" },
                  { SP_NPM, "activesupport" },  { SP_PYPI, "yaml" },
                  { SP_NPM, "install" },        { SP_GOLANG, "github.com/spf14/cobra" } };
    static struct sp_search_result result;
    static struct sp_match matches[8];
    struct sp_index *index = NULL;
    struct sp_searcher *searcher = NULL;
    struct sp_error err = { 0 };
    if (sp_index_open(&index, path, &err) < 0) {
        REQUIRE(err.code != SP_ERROR_NONE && err.text[0]);
        return;
    }
    sp_index_verify(index, &err);
    for (size_t i = 0; i < sp_index_section_count(index); i++) {
        struct sp_index_section section;
        sp_index_section_at(index, i, &section);
        REQUIRE(section.name[0] && section.what);
    }
    if (sp_searcher_new(&searcher, index, &err) == 0) {
        char longest[SP_NAME_MAX + 1];
        memset(longest, 'x', SP_NAME_MAX);
        memcpy(longest, "github.com/a/", 13);
        longest[SP_NAME_MAX] = '\0';
        sp_search(searcher, sp_ecosystems[SP_GOLANG], longest, SP_NAME_MAX, &result, &err);
        for (size_t i = 0; i < SP_COUNT(names); i++) {
            const struct sp_ecosystem *ecosystem = sp_ecosystems[names[i].id];
            sp_search(searcher, ecosystem, names[i].name, strlen(names[i].name), &result, &err);
            for (int kind = 0; kind < SP_INDEX_KIND_COUNT; kind++)
                sp_neighbours(searcher, ecosystem, names[i].name, (enum sp_index_kind)kind, matches, 8, &err);
            sp_relate(searcher, ecosystem, names[i].name, sp_ecosystems[SP_NPM], "lodash", &matches[0], &err);
        }
    }
    sp_searcher_free(searcher);
    sp_index_close(index);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (file < 0)
        build();
    bool whole = size >= 8 && memcmp(bytes, SP_INDEX_MAGIC, 8) == 0;
    size_t length = whole ? size : good.length;
    sp_autofree char *changed = malloc(length);
    if (!changed)
        return 0;
    memcpy(changed, whole ? (const char *)bytes : good.bytes, length);
    if (!whole) {
        for (size_t i = 0; i + RECORD <= size && i < RECORD * RECORDS_MAX; i += RECORD)
            change(changed, bytes + i);
        sign(changed, length);
    }
    REQUIRE(ftruncate(file, 0) == 0 && pwrite(file, changed, length, 0) == (ssize_t)length);
    use();
    return 0;
}
