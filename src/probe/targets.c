#include "probe/targets.h"
#include "base/file.h"
#include "base/memory.h"
#include "probe/wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PLACE_MAX 1024u        /* bytes of a path that is tried */
#define LINKS_FOLLOWED 8       /* from the name of a program to its file */
#define ENTRIES_LOOKED_AT 8192 /* of one directory */
#define OLDEST_PYTHON 6        /* 3.6 */
#define NEWEST_PYTHON 20
#define OLDEST_NODE_ABI 64 /* libnode.so.64 is Node 10 */
#define NEWEST_NODE_ABI 160

enum role { ROLE_LIBC, ROLE_TLS, ROLE_PYTHON, ROLE_NODE, ROLE_COUNT };

static const struct wanted {
    enum role role;
    enum sp_uprobe_kind kind;
    const char *symbol;
} wanted[] = {
    { ROLE_LIBC, SP_UPROBE_NAME, "getaddrinfo" },
    { ROLE_TLS, SP_UPROBE_TLS, "SSL_write" },
    { ROLE_TLS, SP_UPROBE_TLS, "SSL_write_ex" },
    { ROLE_TLS, SP_UPROBE_TLS, "gnutls_record_send" },
    { ROLE_PYTHON, SP_UPROBE_PYTHON_RUN, "PyRun_StringFlags" },
    { ROLE_PYTHON, SP_UPROBE_PYTHON_COMPILE, "Py_CompileStringObject" },
    { ROLE_PYTHON, SP_UPROBE_PYTHON_MARSHAL, "PyMarshal_ReadObjectFromString" },
    { ROLE_NODE, SP_UPROBE_TLS, "SSL_write" },
    { ROLE_NODE, SP_UPROBE_TLS, "SSL_write_ex" },
    /* the rest of these names is types of arguments, which change from one V8 to the next */
    { ROLE_NODE, SP_UPROBE_NODE_EVAL, "_ZN2v88internal8Compiler19GetFunctionFromEvalE*" },
    { ROLE_NODE, SP_UPROBE_NODE_SCRIPT, "_ZN4node10contextify16ContextifyScript3NewE*" },
};

static const char *const library_directories[] = {
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/lib64",
};

struct search {
    int root;
    struct sp_targets *out;
    struct {
        dev_t device;
        ino_t inode;
        bool useful;
    } seen[4 * SP_TARGET_FILES_MAX];
    size_t seen_count;
};

/* ---------------------------------------------------------------- files */

static int
open_beneath(int root, const char *path, uint64_t flags)
{
    return sp_openat2(root, path, flags | O_CLOEXEC, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

static size_t
functions_of(enum role role, const char *names[SP_SYMBOLS_MAX], uint32_t kinds[SP_SYMBOLS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < SP_COUNT(wanted) && count < SP_SYMBOLS_MAX; i++) {
        if (wanted[i].role != role)
            continue;
        kinds[count] = wanted[i].kind;
        names[count++] = wanted[i].symbol;
    }
    return count;
}

/* Takes FD over. True: it is a file that has what ROLE wants, now or already before. */
static bool
look_into(struct search *search, int given, enum role role)
{
    sp_autoclose int fd = given;
    struct sp_targets *out = search->out;
    struct stat status;
    const char *names[SP_SYMBOLS_MAX];
    uint32_t kinds[SP_SYMBOLS_MAX];
    uint64_t offsets[SP_SYMBOLS_MAX];
    size_t count = functions_of(role, names, kinds);
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return false;
    for (size_t i = 0; i < search->seen_count; i++)
        if (search->seen[i].device == status.st_dev && search->seen[i].inode == status.st_ino)
            return search->seen[i].useful;
    if (search->seen_count == SP_COUNT(search->seen)) {
        out->left_out++;
        return false;
    }
    bool useful = sp_symbols_find(fd, names, count, offsets, NULL) > 0;
    search->seen[search->seen_count].device = status.st_dev;
    search->seen[search->seen_count].inode = status.st_ino;
    search->seen[search->seen_count++].useful = useful;
    if (!useful)
        return false;
    if (out->file_count == SP_TARGET_FILES_MAX || out->count + count > SP_TARGET_UPROBES_MAX) {
        out->left_out++;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (offsets[i])
            out->uprobes[out->count++] =
                (struct sp_eyes_uprobe){ .fd = fd, .offset = offsets[i], .kind = kinds[i] };
    out->fds[out->file_count++] = fd;
    fd = -1; /* OUT owns it now */
    return true;
}

static bool look_at(struct search *search, enum role role, const char *format, ...) SP_PRINTF(3, 4);
static bool
look_at(struct search *search, enum role role, const char *format, ...)
{
    char path[PLACE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path, sizeof(path), format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof(path))
        return false;
    return look_into(search, open_beneath(search->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY), role);
}

static DIR *
open_directory(const struct search *search, const char *path)
{
    int fd = open_beneath(search->root, path, O_RDONLY | O_DIRECTORY);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory && fd >= 0)
        close(fd);
    return directory;
}

/* ---------------------------------------------------------- libraries */

static void
look_at_libraries(struct search *search, const char *directory)
{
    static const char *const tls[] = { "libssl.so.3", "libssl.so.1.1", "libgnutls.so.30" };
    for (size_t i = 0; i < SP_COUNT(tls); i++)
        (void)look_at(search, ROLE_TLS, "%s/%s", directory, tls[i]);
    for (int minor = OLDEST_PYTHON; minor <= NEWEST_PYTHON; minor++)
        (void)look_at(search, ROLE_PYTHON, "%s/libpython3.%d%s.so.1.0", directory, minor,
                      minor < 8 ? "m" : "");
}

/* Wheels carry libraries of their own in a directory NAME.libs beside the package. */
static void
look_at_wheels(struct search *search, const char *packages)
{
    DIR *directory = open_directory(search, packages);
    struct dirent *entry;
    if (!directory)
        return;
    for (int looked = 0; looked < ENTRIES_LOOKED_AT && (entry = readdir(directory)); looked++) {
        char libraries[PLACE_MAX];
        size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".libs") != 0 ||
            (size_t)snprintf(libraries, sizeof(libraries), "%s/%s", packages, entry->d_name) >=
                sizeof(libraries))
            continue;
        DIR *inner = open_directory(search, libraries);
        if (!inner)
            continue;
        for (int within = 0; within < ENTRIES_LOOKED_AT && (entry = readdir(inner)); within++)
            if (!strncmp(entry->d_name, "libssl", 6) && strstr(entry->d_name, ".so"))
                (void)look_at(search, ROLE_TLS, "%s/%s", libraries, entry->d_name);
        closedir(inner);
    }
    closedir(directory);
}

static void
look_at_prefix(struct search *search, const char *programs)
{
    char place[PLACE_MAX];
    if ((size_t)snprintf(place, sizeof(place), "%s/../lib", programs) >= sizeof(place) - 64)
        return;
    look_at_libraries(search, place);
    for (int minor = OLDEST_PYTHON; minor <= NEWEST_PYTHON; minor++) {
        static const char *const kinds[] = { "site-packages", "dist-packages" };
        for (size_t i = 0; i < SP_COUNT(kinds); i++) {
            snprintf(place, sizeof(place), "%s/../lib/python3.%d/%s", programs, minor, kinds[i]);
            look_at_wheels(search, place);
        }
    }
}

/* ----------------------------------------------------------- programs */

/* Writes the directory of the file that PATH leads to, link by link, so that its neighbours can be found. */
static bool
directory_of(const struct search *search, const char *path, char directory[PLACE_MAX])
{
    char now[PLACE_MAX], next[2 * PLACE_MAX];
    if ((size_t)snprintf(now, sizeof(now), "%s", path) >= sizeof(now))
        return false;
    for (int followed = 0; followed <= LINKS_FOLLOWED; followed++) {
        char link[PLACE_MAX];
        sp_autoclose int fd = open_beneath(search->root, now, O_PATH | O_NOFOLLOW);
        ssize_t length = fd < 0 ? -1 : readlinkat(fd, "", link, sizeof(link) - 1);
        char *name = strrchr(now, '/');
        if (fd < 0 || !name)
            return false;
        if (length < 0) {
            *name = '\0';
            memcpy(directory, now, (size_t)(name - now) + 1);
            return true;
        }
        link[length] = '\0';
        *name = '\0';
        int written = link[0] == '/' ? snprintf(next, sizeof(next), "%s", link)
                                     : snprintf(next, sizeof(next), "%s/%s", now, link);
        if (written < 0 || (size_t)written >= sizeof(now))
            return false;
        memcpy(now, next, (size_t)written + 1);
    }
    return false;
}

/* pyenv and nodenv put scripts into PATH that start one of several versions: all of them. */
static void
look_at_versions(struct search *search, const char *shims, const char *name, enum role role)
{
    char versions[PLACE_MAX], place[PLACE_MAX];
    struct dirent *entry;
    if ((size_t)snprintf(versions, sizeof(versions), "%s/../versions", shims) >= sizeof(versions))
        return;
    DIR *directory = open_directory(search, versions);
    if (!directory)
        return;
    for (int looked = 0; looked < ENTRIES_LOOKED_AT && (entry = readdir(directory)); looked++) {
        if (entry->d_name[0] == '.' ||
            (size_t)snprintf(place, sizeof(place), "%s/%s/bin", versions, entry->d_name) >= sizeof(place))
            continue;
        (void)look_at(search, role, "%s/%s", place, name);
        if (role == ROLE_PYTHON)
            look_at_prefix(search, place);
    }
    closedir(directory);
}

static void
look_at_program(struct search *search, const char *directory, const char *name, enum role role)
{
    char path[PLACE_MAX], real[PLACE_MAX];
    size_t length = strlen(directory);
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, name) >= sizeof(path))
        return;
    int fd = open_beneath(search->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    bool useful = look_into(search, fd, role);
    if (!useful && length > 6 && !strcmp(directory + length - 6, "/shims")) {
        look_at_versions(search, directory, name, role);
        return;
    }
    if (role == ROLE_PYTHON && directory_of(search, path, real) && strcmp(real, directory) != 0)
        look_at_prefix(search, real);
    if (role == ROLE_NODE && !useful) /* a small program before a large library */
        for (size_t i = 0; i < SP_COUNT(library_directories); i++)
            for (int abi = OLDEST_NODE_ABI; abi <= NEWEST_NODE_ABI; abi++)
                (void)look_at(search, ROLE_NODE, "%s/libnode.so.%d", library_directories[i], abi);
}

static void
look_at_programs(struct search *search, const char *directory)
{
    char name[32];
    look_at_program(search, directory, "node", ROLE_NODE);
    look_at_program(search, directory, "nodejs", ROLE_NODE);
    look_at_program(search, directory, "python3", ROLE_PYTHON);
    look_at_program(search, directory, "python", ROLE_PYTHON);
    for (int minor = OLDEST_PYTHON; minor <= NEWEST_PYTHON; minor++) {
        snprintf(name, sizeof(name), "python3.%d", minor);
        look_at_program(search, directory, name, ROLE_PYTHON);
    }
    look_at_prefix(search, directory);
}

void
sp_targets_find(struct sp_targets *out, int root, const struct sp_target_hints *hints)
{
    struct search search = { .root = root, .out = out };
    *out = (struct sp_targets){ 0 };
    for (size_t i = 0; i < SP_COUNT(library_directories); i++) {
        static const char *const libc[] = { "libc.so.6", "ld-musl-x86_64.so.1", "ld-musl-aarch64.so.1" };
        for (size_t which = 0; which < SP_COUNT(libc); which++)
            (void)look_at(&search, ROLE_LIBC, "%s/%s", library_directories[i], libc[which]);
        look_at_libraries(&search, library_directories[i]);
    }
    for (const char *at = hints->path; at && *at;) {
        char directory[PLACE_MAX];
        size_t length = strcspn(at, ":");
        if (length > 1 && length < sizeof(directory) && at[0] == '/') {
            memcpy(directory, at, length);
            directory[length] = '\0';
            while (length > 1 && directory[length - 1] == '/')
                directory[--length] = '\0';
            look_at_programs(&search, directory);
        }
        at += strcspn(at, ":");
        at += *at == ':';
    }
    for (size_t i = 0; hints->packages && hints->packages[i]; i++)
        look_at_wheels(&search, hints->packages[i]);
}

void
sp_targets_free(struct sp_targets *targets)
{
    for (size_t i = 0; i < targets->file_count; i++)
        close(targets->fds[i]);
    targets->file_count = targets->count = 0;
}

bool
sp_targets_allow(const struct sp_eyes_uprobe *uprobe)
{
    for (size_t i = 0; i < SP_COUNT(wanted); i++) {
        uint64_t offset = 0;
        if (wanted[i].kind == uprobe->kind &&
            sp_symbols_find(uprobe->fd, &wanted[i].symbol, 1, &offset, NULL) == 1 && offset == uprobe->offset)
            return true;
    }
    return false;
}
