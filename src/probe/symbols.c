#include "probe/symbols.h"
#include "base/memory.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENTS_MAX 64u
#define SECTIONS_MAX 256u

struct elf {
    int fd;
    uint64_t size;
    Elf64_Phdr segments[SEGMENTS_MAX];
    size_t segment_count;
    Elf64_Shdr sections[SECTIONS_MAX];
    size_t section_count;
};

static int
damaged(struct sp_error *err, const char *what)
{
    return sp_fail(err, SP_ERROR_INPUT, "the program cannot be searched for functions: %s", what);
}

static int
read_at(const struct elf *elf, uint64_t offset, void *to, uint64_t size, struct sp_error *err)
{
    char *at = to;
    if (offset > elf->size || size > elf->size - offset)
        return damaged(err, "a table leads outside the file");
    while (size) {
        ssize_t got = pread(elf->fd, at, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sp_fail_errno(err, "the program cannot be read");
        if (!got)
            return damaged(err, "it became shorter while it was read");
        at += got;
        offset += (uint64_t)got;
        size -= (uint64_t)got;
    }
    return 0;
}

static int
read_heads(struct elf *elf, struct sp_error *err)
{
    Elf64_Ehdr head;
    const unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
    if (elf->size < sizeof(head) || read_at(elf, 0, &head, sizeof(head), err) < 0)
        return damaged(err, "it is no ELF file");
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
        head.e_ident[EI_DATA] != order || (head.e_type != ET_EXEC && head.e_type != ET_DYN))
        return damaged(err, "it is no ELF file of this machine");
    if (head.e_phnum > SEGMENTS_MAX || (head.e_phnum && head.e_phentsize != sizeof(Elf64_Phdr)))
        return damaged(err, "it has too many segments");
    elf->segment_count = head.e_phnum;
    if (read_at(elf, head.e_phoff, elf->segments, elf->segment_count * sizeof(Elf64_Phdr), err) < 0)
        return -1;
    /* sections may have been stripped: then there is nothing to be found */
    if (head.e_shnum > SECTIONS_MAX || (head.e_shnum && head.e_shentsize != sizeof(Elf64_Shdr)))
        return damaged(err, "it has too many sections");
    elf->section_count = head.e_shnum;
    return read_at(elf, head.e_shoff, elf->sections, elf->section_count * sizeof(Elf64_Shdr), err);
}

/* Where the instruction at ADDRESS stands in the file; 0: it is in no part that is run. */
static uint64_t
place_of(const struct elf *elf, uint64_t address)
{
    for (size_t i = 0; i < elf->segment_count; i++) {
        const Elf64_Phdr *segment = &elf->segments[i];
        uint64_t within = address - segment->p_vaddr, place;
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || address < segment->p_vaddr ||
            within >= segment->p_filesz)
            continue;
        if (__builtin_add_overflow(segment->p_offset, within, &place) || place >= elf->size)
            return 0;
        return place;
    }
    return 0;
}

static bool
matches(const char *wanted, const char *name)
{
    size_t length = strlen(wanted);
    if (!length || wanted[length - 1] != '*')
        return !strcmp(wanted, name);
    return !strncmp(wanted, name, length - 1) && !strchr(name + length - 1, '.');
}

static int
search_names(const struct elf *elf, const Elf64_Sym *symbols, size_t symbol_count, const char *text,
             uint64_t text_size, const char *const *names, size_t count, uint64_t *offsets)
{
    uint64_t firsts[4] = { 0 };  /* bit for each byte that a wanted name begins with... */
    uint64_t seconds[4] = { 0 }; /* ...or goes on with: most symbols end here */
    int found = 0;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char first = (unsigned char)names[i][0], second = first ? (unsigned char)names[i][1] : 0;
        if (offsets[i])
            continue;
        firsts[first >> 6] |= 1ull << (first & 63);
        seconds[second >> 6] |= 1ull << (second & 63);
        left++;
    }
    for (size_t at = 0; at < symbol_count && left; at++) {
        const Elf64_Sym *symbol = &symbols[at];
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
            symbol->st_name >= text_size)
            continue;
        const char *name = text + symbol->st_name; /* TEXT ends in a NUL of ours */
        unsigned char first = (unsigned char)name[0], second = first ? (unsigned char)name[1] : 0;
        if (!(firsts[first >> 6] >> (first & 63) & 1) || !(seconds[second >> 6] >> (second & 63) & 1))
            continue;
        for (size_t i = 0; i < count; i++) {
            if (offsets[i] || !matches(names[i], name))
                continue;
            offsets[i] = place_of(elf, symbol->st_value);
            found += offsets[i] != 0;
            left -= offsets[i] != 0;
        }
    }
    return found;
}

static int
search_table(const struct elf *elf, uint32_t type, const char *const *names, size_t count, uint64_t *offsets,
             struct sp_error *err)
{
    for (size_t i = 0; i < elf->section_count; i++) {
        const Elf64_Shdr *table = &elf->sections[i];
        if (table->sh_type != type)
            continue;
        if (table->sh_link >= elf->section_count || table->sh_entsize != sizeof(Elf64_Sym))
            return damaged(err, "a table of symbols has no names");
        const Elf64_Shdr *strings = &elf->sections[table->sh_link];
        if (strings->sh_type != SHT_STRTAB || table->sh_size > SP_SYMBOLS_TABLE_MAX ||
            strings->sh_size > SP_SYMBOLS_TABLE_MAX)
            return damaged(err, "a table of symbols is too large or has no names");
        if (table->sh_size > elf->size || strings->sh_size > elf->size)
            return damaged(err, "a table leads outside the file"); /* before memory is taken for it */
        sp_autofree Elf64_Sym *symbols = sp_new_array(1, table->sh_size + 1, err);
        sp_autofree char *text = sp_new_array(1, strings->sh_size + 1, err);
        if (!symbols || !text || read_at(elf, table->sh_offset, symbols, table->sh_size, err) < 0 ||
            read_at(elf, strings->sh_offset, text, strings->sh_size, err) < 0)
            return -1;
        return search_names(elf, symbols, table->sh_size / sizeof(Elf64_Sym), text, strings->sh_size, names,
                            count, offsets);
    }
    return 0;
}

int
sp_symbols_find(int fd, const char *const *names, size_t count, uint64_t *offsets, struct sp_error *err)
{
    struct stat status;
    sp_autofree struct elf *elf = sp_new(struct elf, err);
    if (!elf)
        return -1;
    if (count > SP_SYMBOLS_MAX)
        return sp_fail(err, SP_ERROR_INTERNAL, "too many functions in one search");
    memset(offsets, 0, count * sizeof(*offsets));
    if (fstat(fd, &status) < 0)
        return sp_fail_errno(err, "the program cannot be read");
    if (!S_ISREG(status.st_mode))
        return damaged(err, "it is no file");
    elf->fd = fd;
    elf->size = (uint64_t)status.st_size;
    if (read_heads(elf, err) < 0)
        return -1;
    int found = search_table(elf, SHT_DYNSYM, names, count, offsets, err);
    if (found < 0 || (size_t)found == count)
        return found;
    int more = search_table(elf, SHT_SYMTAB, names, count, offsets, err);
    return more < 0 ? -1 : found + more;
}
