/* Where functions lie in programs, sound and hostile, and which files of a root are looked into. */
#include "base/memory.h"
#include "base/tree.h"
#include "probe/symbols.h"
#include "probe/targets.h"
#include "probe/wire.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A small library: two functions that it exports, and one more in its full table. */
struct small {
    Elf64_Ehdr head;
    Elf64_Phdr segments[2];
    Elf64_Shdr sections[6];
    Elf64_Sym dynamic[5], full[3];
    char names[96], full_names[48];
    unsigned char code[64];
};
enum { NOTHING, DYNSYM, DYNSTR, SYMTAB, STRTAB, TEXT };
#define ADDRESS 0x401000u

static Elf64_Sym
symbol(uint32_t name, unsigned char type, uint16_t section, uint64_t value)
{
    return (Elf64_Sym){
        .st_name = name, .st_info = ELF64_ST_INFO(STB_GLOBAL, type), .st_shndx = section, .st_value = value
    };
}

static struct small
small_library(void)
{
    struct small small = {
        .head = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
                  .e_type = ET_DYN,
                  .e_phoff = offsetof(struct small, segments),
                  .e_shoff = offsetof(struct small, sections),
                  .e_phentsize = sizeof(Elf64_Phdr),
                  .e_phnum = 2,
                  .e_shentsize = sizeof(Elf64_Shdr),
                  .e_shnum = 6 },
        .segments = { { .p_type = PT_LOAD, .p_flags = PF_R, .p_vaddr = 0x400000, .p_filesz = 64 },
                      { .p_type = PT_LOAD,
                        .p_flags = PF_R | PF_X,
                        .p_offset = offsetof(struct small, code),
                        .p_vaddr = ADDRESS,
                        .p_filesz = sizeof(small.code) } },
        .sections = { [DYNSYM] = { .sh_type = SHT_DYNSYM,
                                   .sh_offset = offsetof(struct small, dynamic),
                                   .sh_size = sizeof(small.dynamic),
                                   .sh_link = DYNSTR,
                                   .sh_entsize = sizeof(Elf64_Sym) },
                      [DYNSTR] = { .sh_type = SHT_STRTAB,
                                   .sh_offset = offsetof(struct small, names),
                                   .sh_size = sizeof(small.names) },
                      [SYMTAB] = { .sh_type = SHT_SYMTAB,
                                   .sh_offset = offsetof(struct small, full),
                                   .sh_size = sizeof(small.full),
                                   .sh_link = STRTAB,
                                   .sh_entsize = sizeof(Elf64_Sym) },
                      [STRTAB] = { .sh_type = SHT_STRTAB,
                                   .sh_offset = offsetof(struct small, full_names),
                                   .sh_size = sizeof(small.full_names) } },
        .names = "\0getaddrinfo\0PyRun_StringFlags\0SSL_write\0used_from_elsewhere\0table_of_numbers",
        .full_names = "\0first_half.cold\0first_half_of_all",
    };
    small.dynamic[0] = symbol(1, STT_FUNC, TEXT, ADDRESS + 16);
    small.dynamic[1] = symbol(13, STT_FUNC, TEXT, ADDRESS + 32);
    small.dynamic[2] = symbol(31, STT_FUNC, TEXT, ADDRESS + 48);
    small.dynamic[3] = symbol(41, STT_FUNC, SHN_UNDEF, ADDRESS);
    small.dynamic[4] = symbol(61, STT_OBJECT, TEXT, ADDRESS);
    small.full[1] = symbol(1, STT_FUNC, TEXT, ADDRESS + 4);
    small.full[2] = symbol(17, STT_FUNC, TEXT, ADDRESS + 8);
    return small;
}

static int
in_memory(const void *bytes, size_t size)
{
    int fd = memfd_create("library", MFD_CLOEXEC);
    assert_return_code(fd, errno);
    assert_int_equal(write(fd, bytes, size), size);
    return fd;
}

static void
functions_are_found_where_they_lie(void **state)
{
    static const struct {
        const char *name;
        uint64_t at; /* behind the begin of the code; 0: not found */
    } cases[] = {
        { "getaddrinfo", 16 },
        { "PyRun_StringFlags", 32 },
        { "first_half_of_all", 8 },
        { "first_half*", 8 }, /* and not its part, which comes first */
        { "getaddrinf", 0 },
        { "getaddrinfo2", 0 },
        { "used_from_elsewhere", 0 },
        { "table_of_numbers", 0 },
        { "", 0 },
    };
    const struct small small = small_library();
    sp_autoclose int fd = in_memory(&small, sizeof(small));
    struct sp_error err;
    (void)state;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        uint64_t offset = 99, wanted = cases[i].at ? offsetof(struct small, code) + cases[i].at : 0;
        int found = sp_symbols_find(fd, &cases[i].name, 1, &offset, &err);
        if (found != (cases[i].at != 0) || offset != wanted)
            fail_msg("'%s': found %d, at %llu instead of %llu", cases[i].name, found,
                     (unsigned long long)offset, (unsigned long long)wanted);
    }
}

static void
what_is_found_is_the_code_that_runs(void **state)
{
    static const char *const name =
        "getservbyname"; /* a function that no run on this machine has a uprobe at */
    void *libc = dlopen("libc.so.6", RTLD_NOW);
    Dl_info info;
    struct sp_error err;
    unsigned char in_file[24];
    uint64_t offset;
    (void)state;
    if (!libc) {
        print_message("no libc.so.6 here\n");
        skip();
    }
    const unsigned char *here = dlsym(libc, name);
    assert_non_null(here);
    assert_true(dladdr(here, &info) != 0);
    sp_autoclose int fd = open(info.dli_fname, O_RDONLY | O_CLOEXEC);
    assert_return_code(fd, errno);
    assert_int_equal(sp_symbols_find(fd, &name, 1, &offset, &err), 1);
    assert_int_equal(pread(fd, in_file, sizeof(in_file), (off_t)offset), sizeof(in_file));
    assert_memory_equal(in_file, here, sizeof(in_file));
    dlclose(libc);
}

/* ---------------------------------------------------------------- hostile */

struct change {
    const char *name;
    size_t at, size; /* of the field */
    uint64_t value;
    int found; /* of two; -1: refused */
};
#define FIELD(path) offsetof(struct small, path), sizeof(((struct small *)0)->path)
static const struct change changes[] = {
    { "as it is", FIELD(head.e_flags), 0, 2 },
    { "no ELF file", FIELD(head.e_ident[1]), 'X', -1 },
    { "of 32 bits", FIELD(head.e_ident[EI_CLASS]), ELFCLASS32, -1 },
    { "of the other byte order", FIELD(head.e_ident[EI_DATA]), ELFDATA2MSB, -1 },
    { "an object before it is linked", FIELD(head.e_type), ET_REL, -1 },
    { "segments beyond the end", FIELD(head.e_phoff), 1ull << 62, -1 },
    { "segments at the very end of numbers", FIELD(head.e_phoff), UINT64_MAX, -1 },
    { "too many segments", FIELD(head.e_phnum), 0xffff, -1 },
    { "segments of another size", FIELD(head.e_phentsize), 8, -1 },
    { "sections beyond the end", FIELD(head.e_shoff), UINT64_MAX - 8, -1 },
    { "too many sections", FIELD(head.e_shnum), 0xfff0, -1 },
    { "no sections", FIELD(head.e_shnum), 0, 0 },
    { "a table beyond the end", FIELD(sections[DYNSYM].sh_offset), 1u << 30, -1 },
    { "a table larger than the file", FIELD(sections[DYNSYM].sh_size), 1u << 20, -1 },
    { "a table larger than any", FIELD(sections[DYNSYM].sh_size), UINT64_MAX, -1 },
    { "a table of other entries", FIELD(sections[DYNSYM].sh_entsize), 0, -1 },
    { "a table cut within an entry", FIELD(sections[DYNSYM].sh_size), 25, 1 },
    { "names from no section", FIELD(sections[DYNSYM].sh_link), 77, -1 },
    { "names that are a table", FIELD(sections[DYNSYM].sh_link), SYMTAB, -1 },
    { "names larger than the file", FIELD(sections[DYNSTR].sh_size), 1u << 28, -1 },
    { "names that end within one", FIELD(sections[DYNSTR].sh_size), 20, 1 },
    { "no names at all", FIELD(sections[DYNSTR].sh_size), 0, 0 },
    { "a name behind the names", FIELD(dynamic[0].st_name), 0xffffffff, 1 },
    { "a function outside the code", FIELD(dynamic[0].st_value), 0x400010, 1 },
    { "a function behind the code", FIELD(dynamic[0].st_value), ADDRESS + 64, 1 },
    { "a function before all", FIELD(dynamic[0].st_value), 0, 1 },
    { "code beyond the end of the file", FIELD(segments[1].p_offset), 1u << 30, 0 },
    { "code at the end of numbers", FIELD(segments[1].p_offset), UINT64_MAX - 4, 0 },
    { "code that does not run", FIELD(segments[1].p_flags), PF_R, 0 },
};

static void
hostile_files_are_refused_or_yield_nothing(void **state)
{
    static const char *const names[] = { "getaddrinfo", "PyRun_StringFlags" };
    (void)state;
    for (size_t i = 0; i < SP_COUNT(changes); i++) {
        const struct change *change = &changes[i];
        struct small small = small_library();
        struct sp_error err = { 0 };
        uint64_t offsets[2];
        memcpy((char *)&small + change->at, &change->value, change->size);
        sp_autoclose int fd = in_memory(&small, sizeof(small));
        int found = sp_symbols_find(fd, names, 2, offsets, &err);
        if (found != change->found || (found < 0 && err.code != SP_ERROR_INPUT))
            fail_msg("%s: %d instead of %d (%s)", change->name, found, change->found, err.text);
    }
}

static void
a_file_cut_anywhere_is_read_without_harm(void **state)
{
    static const char *const name = "getaddrinfo";
    const struct small small = small_library();
    (void)state;
    for (size_t size = 0; size < sizeof(small); size += 7) {
        sp_autoclose int fd = in_memory(&small, size);
        uint64_t offset;
        struct sp_error err;
        if (sp_symbols_find(fd, &name, 1, &offset, &err) > 0)
            assert_true(offset < size);
    }
}

static void
only_files_are_searched(void **state)
{
    static const char *const name = "getaddrinfo";
    struct sp_error err;
    uint64_t offset;
    int ends[2];
    (void)state;
    assert_return_code(pipe2(ends, O_CLOEXEC), errno);
    assert_int_equal(sp_symbols_find(ends[0], &name, 1, &offset, &err), -1);
    assert_int_equal(sp_symbols_find(-1, &name, 1, &offset, &err), -1);
    close(ends[0]);
    close(ends[1]);
}

/* ---------------------------------------------------------------- targets */

struct root {
    char path[64];
    int fd;
    struct sp_targets targets;
    struct sp_error err;
};

static int
make_root(void **state)
{
    struct root *root = calloc(1, sizeof(*root));
    if (!root)
        return -1;
    snprintf(root->path, sizeof(root->path), "/tmp/sallyport-targets-XXXXXX");
    if (!mkdtemp(root->path))
        return -1;
    root->fd = open(root->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *state = root;
    return root->fd < 0 ? -1 : 0;
}

static int
remove_root(void **state)
{
    struct root *root = *state;
    sp_targets_free(&root->targets);
    close(root->fd);
    int failed = sp_tree_remove(root->path, &root->err);
    free(root);
    return failed;
}

static void
make_parents(const struct root *root, const char *path)
{
    char part[256];
    for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
        snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
        assert_true(mkdirat(root->fd, part, 0755) == 0 || errno == EEXIST);
    }
}

static void
put(const struct root *root, const char *path, const void *bytes, size_t size)
{
    make_parents(root, path);
    sp_autoclose int fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    assert_return_code(fd, errno);
    assert_int_equal(write(fd, bytes, size), size);
}

static void
put_library(const struct root *root, const char *path)
{
    const struct small small = small_library();
    put(root, path, &small, sizeof(small));
}

static void
put_link(const struct root *root, const char *path, const char *to)
{
    make_parents(root, path);
    assert_return_code(symlinkat(to, root->fd, path), errno);
}

static void
look(struct root *root, const char *search, const char *const *packages)
{
    const struct sp_target_hints hints = { .path = search, .packages = packages };
    sp_targets_find(&root->targets, root->fd, &hints);
}

/* What is to be hooked in the file at PATH: a bit for each kind. */
static unsigned
hooked(const struct root *root, const char *path)
{
    struct stat wanted, status;
    unsigned kinds = 0;
    assert_return_code(fstatat(root->fd, path, &wanted, 0), errno);
    for (size_t i = 0; i < root->targets.count; i++) {
        const struct sp_eyes_uprobe *uprobe = &root->targets.uprobes[i];
        assert_return_code(fstat(uprobe->fd, &status), errno);
        if (status.st_ino == wanted.st_ino && status.st_dev == wanted.st_dev)
            kinds |= 1u << uprobe->kind;
    }
    return kinds;
}
#define ONLY(kind) (1u << (kind))

static void
libraries_and_interpreters_are_found_by_their_places(void **state)
{
    struct root *root = *state;
    const char *const packages[] = { "/home/me/venv/lib/python3.9/site-packages", "/not/there", NULL };
    const struct small small = small_library();
    put_library(root, "usr/lib64/libc.so.6");
    put_link(root, "lib64", "usr/lib64"); /* the same file by two names */
    put_library(root, "usr/lib/libssl.so.3");
    /* an interpreter that is found by a link out of PATH, absolute within the root; its library beside it */
    put(root, "opt/python/bin/python3.12", &small, offsetof(struct small, segments));
    put_library(root, "opt/python/lib/libpython3.12.so.1.0");
    put_link(root, "usr/bin/python3", "/opt/python/bin/python3");
    put_link(root, "opt/python/bin/python3", "python3.12");
    /* one that has it all inside */
    put_library(root, "usr/bin/python3.11");
    put_library(root, "usr/bin/node");
    /* versions behind a script */
    put(root, "root/.pyenv/shims/python3", "#!/bin/sh\n", 10);
    put(root, "root/.pyenv/versions/3.8.1/bin/python3", &small, offsetof(struct small, segments));
    put_library(root, "root/.pyenv/versions/3.8.1/lib/libpython3.8.so.1.0");
    put_library(root, "root/.pyenv/versions/3.13.0/bin/python3");
    /* wheels, of an interpreter and of a project */
    put_library(root, "opt/python/lib/python3.12/site-packages/psycopg2_binary.libs/libssl-1a2b.so.3");
    put_library(root, "home/me/venv/lib/python3.9/site-packages/a.libs/libssl-9.so.1.1");
    put_library(root, "home/me/venv/lib/python3.9/site-packages/a.libs/libother.so");
    look(root, ":relative:/usr/bin/:/root/.pyenv/shims:/absent", packages);
    unsigned python = ONLY(SP_UPROBE_PYTHON_RUN), tls = ONLY(SP_UPROBE_TLS);
    assert_int_equal(hooked(root, "usr/lib64/libc.so.6"), ONLY(SP_UPROBE_NAME));
    assert_int_equal(hooked(root, "usr/lib/libssl.so.3"), tls);
    assert_int_equal(hooked(root, "opt/python/lib/libpython3.12.so.1.0"), python);
    assert_int_equal(hooked(root, "opt/python/bin/python3.12"), 0);
    assert_int_equal(hooked(root, "usr/bin/python3.11"), python);
    assert_int_equal(hooked(root, "usr/bin/node"), tls);
    assert_int_equal(hooked(root, "root/.pyenv/versions/3.8.1/lib/libpython3.8.so.1.0"), python);
    assert_int_equal(hooked(root, "root/.pyenv/versions/3.13.0/bin/python3"), python);
    assert_int_equal(
        hooked(root, "opt/python/lib/python3.12/site-packages/psycopg2_binary.libs/libssl-1a2b.so.3"), tls);
    assert_int_equal(hooked(root, "home/me/venv/lib/python3.9/site-packages/a.libs/libssl-9.so.1.1"), tls);
    assert_int_equal(root->targets.file_count, 9);
    assert_int_equal(root->targets.count, 9); /* none twice */
    assert_int_equal(root->targets.left_out, 0);
}

static void
what_a_package_put_in_place_of_a_library_does_no_harm(void **state)
{
    struct root *root = *state;
    char outside[128];
    snprintf(outside, sizeof(outside), "/../../../../../../..%s/outside/libssl.so.3", root->path);
    make_parents(root, "usr/lib/x");
    assert_return_code(mkfifoat(root->fd, "usr/lib/libc.so.6", 0600), errno); /* to open it would wait */
    put_library(root, "outside/libssl.so.3");
    put_link(root, "usr/lib/libssl.so.3", outside); /* leads nowhere beneath the root */
    put_link(root, "usr/lib/libgnutls.so.30", "libgnutls.so.30");
    put(root, "usr/lib/libssl.so.1.1", "\177ELF", 4);
    make_parents(root, "usr/bin/node/x");
    put_link(root, "usr/bin/python3", "python");
    put_link(root, "usr/bin/python", "python3");
    look(root, "/usr/bin", NULL);
    assert_int_equal(root->targets.count, 0);
}

static void
of_many_libraries_some_are_left_out(void **state)
{
    struct root *root = *state;
    const char *const packages[] = { "/p", NULL };
    put_library(root, "usr/lib/libc.so.6");
    for (int i = 0; i < 40; i++) {
        char path[64];
        snprintf(path, sizeof(path), "p/wheel%d.libs/libssl.so", i);
        put_library(root, path);
    }
    look(root, NULL, packages);
    assert_int_equal(root->targets.file_count, SP_TARGET_FILES_MAX);
    assert_int_equal(root->targets.left_out, 41 - SP_TARGET_FILES_MAX);
    assert_int_equal(hooked(root, "usr/lib/libc.so.6"), ONLY(SP_UPROBE_NAME));
}

int
main(void)
{
#define ROOT_CASE(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(functions_are_found_where_they_lie),
        cmocka_unit_test(what_is_found_is_the_code_that_runs),
        cmocka_unit_test(hostile_files_are_refused_or_yield_nothing),
        cmocka_unit_test(a_file_cut_anywhere_is_read_without_harm),
        cmocka_unit_test(only_files_are_searched),
        ROOT_CASE(libraries_and_interpreters_are_found_by_their_places),
        ROOT_CASE(what_a_package_put_in_place_of_a_library_does_no_harm),
        ROOT_CASE(of_many_libraries_some_are_left_out),
    };
    return cmocka_run_group_tests(cases, NULL, NULL);
}
