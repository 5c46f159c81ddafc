/* Out of the memory and the directories of a process that waits for our answer. All of it is hostile, and may
 * change while it is read. */
#include "sandbox/notify.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define PAGE 4096u

/* -------------------------------------------------------------------- memory */

size_t
sp_call_bytes(const struct sp_call *call, uint64_t address, void *out, size_t size)
{
    struct iovec here = { .iov_base = out, .iov_len = size }, there[4];
    size_t parts = 0, at = 0;
    /* what lies before the first page that is not there counts: one part a page */
    while (at < size && parts < SP_COUNT(there)) {
        size_t step = PAGE - (address + at) % PAGE;
        if (step > size - at || parts + 1 == SP_COUNT(there))
            step = size - at;
        there[parts++] = (struct iovec){ .iov_base = (void *)(uintptr_t)(address + at), .iov_len = step };
        at += step;
    }
    ssize_t got = process_vm_readv(call->tid, &here, 1, there, parts, 0);
    return got < 0 ? 0 : (size_t)got;
}

int
sp_call_string(const struct sp_call *call, uint64_t address, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    while (length < size - 1) {
        /* short strings are the rule: no more than to the end of a page at a time */
        size_t step = PAGE - (address + length) % PAGE;
        if (step > size - 1 - length)
            step = size - 1 - length;
        size_t got = sp_call_bytes(call, address + length, out + length, step);
        out[length + got] = '\0';
        if (memchr(out + length, '\0', got))
            return 1;
        if (got < step)
            return -1;
        length += got;
    }
    return 0;
}

bool
sp_words_add(char *words, size_t size, size_t *length, const char *word)
{
    for (; *word; word++) {
        if (*length + 2 >= size)
            return false;
        words[(*length)++] = *word == SP_EVENT_WORD_END ? '?' : *word;
    }
    if (*length + 1 >= size)
        return false;
    words[(*length)++] = SP_EVENT_WORD_END;
    words[*length] = '\0';
    return true;
}

/* --------------------------------------------------------------------- paths */

bool
sp_call_link(const struct sp_call *call, const char *name, char *out, size_t size)
{
    char path[96];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)call->tid, name);
    ssize_t length = readlink(path, out, size - 1);
    if (length < 0 || (size_t)length >= size - 1)
        return false;
    out[length] = '\0';
    return true;
}

/* The room's own view of PATH, which for a directory or file that is there is the kernel's. */
static int
open_inside(const struct sp_call *call, const char *path, uint64_t flags)
{
    return sp_openat2(call->notify->options.root, path, O_PATH | O_CLOEXEC | flags, RESOLVE_IN_ROOT);
}

static bool
name_of(int fd, char *out, size_t size)
{
    char link[40];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, size - 1);
    if (length <= 0 || (size_t)length >= size - 1)
        return false;
    out[length] = '\0';
    return out[0] == '/';
}

/* "/proc/self/fd/3" means the caller's, and in our eyes would be nobody's. Replaces the link by what it links
 * to; true if there was one. */
static bool
see_through_proc(const struct sp_call *call, char *text, size_t size)
{
    static const char *const links[] = { "cwd", "root", "exe" };
    char own[40], name[64], target[SP_SAID_PATH_MAX];
    snprintf(own, sizeof(own), "/proc/%u/", call->process ? call->process->inside : 0);
    const char *const selves[] = { "/proc/self/", "/proc/thread-self/", own };
    for (size_t i = 0; i < SP_COUNT(selves); i++) {
        size_t length = strlen(selves[i]);
        if (strncmp(text, selves[i], length) != 0)
            continue;
        const char *rest = text + length;
        size_t word = strcspn(rest, "/");
        if (word == 2 && !strncmp(rest, "fd/", 3)) {
            size_t digits = strspn(rest + 3, "0123456789");
            word = digits && (rest[3 + digits] == '/' || !rest[3 + digits]) ? 3 + digits : 0;
        } else {
            size_t known = 0;
            while (known < SP_COUNT(links) &&
                   (strlen(links[known]) != word || strncmp(links[known], rest, word) != 0))
                known++;
            word = known < SP_COUNT(links) ? word : 0;
        }
        if (!word || word >= sizeof(name))
            return false;
        snprintf(name, sizeof(name), "%.*s", (int)word, rest);
        if (!sp_call_link(call, name, target, sizeof(target)))
            return false;
        char whole[2 * SP_SAID_PATH_MAX + 16];
        int made = snprintf(whole, sizeof(whole), "%s%s", target, rest + word);
        if (made < 0 || (size_t)made >= sizeof(whole) || (size_t)made >= size)
            return false;
        memcpy(text, whole, (size_t)made + 1);
        return true;
    }
    return false;
}

static void
make_absolute(const struct sp_call *call, int directory, const char *said, struct sp_said_path *out)
{
    char name[32] = "cwd", base[SP_SAID_PATH_MAX];
    if (directory != AT_FDCWD)
        snprintf(name, sizeof(name), "fd/%d", directory);
    if (said[0] == '/' || !sp_call_link(call, name, base, sizeof(base)))
        snprintf(out->text, sizeof(out->text), "%s", said);
    else if (said[0])
        snprintf(out->text, sizeof(out->text), "%s%s%s", base, strcmp(base, "/") ? "/" : "", said);
    else {
        snprintf(out->text, sizeof(out->text), "%s", base);
        out->magic = true;
    }
    out->magic |= see_through_proc(call, out->text, sizeof(out->text));
}

/* Puts the kernel's name of the directory in front of the last part as it was said. */
static void
resolve_directory(const struct sp_call *call, struct sp_said_path *out)
{
    char parent[SP_SAID_PATH_MAX], name[SP_SAID_PATH_MAX];
    size_t length = strlen(out->text);
    while (length > 1 && out->text[length - 1] == '/')
        out->text[--length] = '\0';
    const char *slash = strrchr(out->text, '/');
    const char *last = slash ? slash + 1 : NULL;
    if (!last || !*last || !strcmp(last, ".") || !strcmp(last, "..") || strlen(last) > 255)
        return;
    size_t lead = (size_t)(last - out->text);
    if (lead >= sizeof(parent))
        return;
    memcpy(parent, out->text, lead);
    parent[lead] = '\0';
    snprintf(name, sizeof(name), "%s", last);
    sp_autoclose int fd = open_inside(call, parent, O_DIRECTORY);
    if (fd < 0)
        return;
    out->exists = fstatat(fd, name, &out->status, AT_SYMLINK_NOFOLLOW) == 0;
    if (name_of(fd, parent, sizeof(parent)))
        snprintf(out->text, sizeof(out->text), "%s/%s", strcmp(parent, "/") ? parent : "", name);
}

void
sp_call_resolve(const struct sp_call *call, int directory, const char *said, bool follow,
                struct sp_said_path *out)
{
    out->exists = out->magic = false;
    make_absolute(call, directory, said, out);
    if (out->text[0] != '/')
        return;
    if (follow) {
        char whole[SP_SAID_PATH_MAX];
        sp_autoclose int fd = open_inside(call, out->text, 0);
        if (fd >= 0 && fstat(fd, &out->status) == 0) {
            out->exists = true;
            if (name_of(fd, whole, sizeof(whole)))
                snprintf(out->text, sizeof(out->text), "%s", whole);
            return;
        }
    }
    resolve_directory(call, out);
}

bool
sp_call_path(const struct sp_call *call, int directory, uint64_t address, bool follow,
             struct sp_said_path *out)
{
    char said[SP_SAID_PATH_MAX];
    if (sp_call_string(call, address, said, sizeof(said)) <= 0)
        return false; /* longer ones the kernel refuses */
    sp_call_resolve(call, directory, said, follow, out);
    return true;
}
