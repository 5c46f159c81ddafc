/* The start of a program: its file, its words, where, and what it reads from. */
#include "sandbox/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#define WORDS_MAX 4096u            /* that are counted */
#define WORD_BYTES_MAX (256 << 10) /* likewise */

struct words {
    char text[SP_EVENT_STRING_MAX];
    size_t length;
    uint64_t bytes;
    bool cut;
};

static void
read_words(const struct sp_call *call, uint64_t at, struct words *out)
{
    uint64_t pointers[32];
    char piece[SP_SAID_PATH_MAX];
    out->text[0] = '\0';
    out->length = out->bytes = 0;
    out->cut = false;
    for (size_t count = 0; at;) {
        size_t got = sp_call_bytes(call, at + count * 8, pointers, sizeof(pointers)) / 8;
        for (size_t i = 0; i < got; i++, count++) {
            if (!pointers[i])
                return;
            if (count >= WORDS_MAX || out->bytes >= WORD_BYTES_MAX) {
                out->cut = true; /* and .bytes are a lower bound */
                return;
            }
            int whole = sp_call_string(call, pointers[i], piece, sizeof(piece));
            if (whole < 0)
                return;
            out->bytes += strlen(piece) + 1;
            out->cut |= !sp_words_add(out->text, sizeof(out->text), &out->length, piece);
            for (uint64_t next = pointers[i]; whole == 0 && out->bytes < WORD_BYTES_MAX;) {
                out->cut = true;
                next += sizeof(piece) - 1;
                if ((whole = sp_call_string(call, next, piece, sizeof(piece))) < 0)
                    return;
                out->bytes += strlen(piece);
            }
        }
        if (got < SP_COUNT(pointers))
            return;
    }
}

/* ------------------------------------------------------------------- flags */

static bool
is_internet_socket(const struct sp_call *call, int fd)
{
    char path[64], name[32];
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)call->tid, fd);
    ssize_t length = getxattr(path, "system.sockprotoname", name, sizeof(name) - 1);
    if (length <= 0)
        return false;
    name[length] = '\0';
    return strncmp(name, "UNIX", 4) != 0 && strcmp(name, "NETLINK") != 0;
}

static int64_t
flags_of_streams(const struct sp_call *call)
{
    char in[64], out[64];
    int64_t flags = 0;
    if (sp_call_link(call, "fd/0", in, sizeof(in))) {
        if (!strncmp(in, "pipe:", 5))
            flags |= SP_EXEC_STDIN_PIPE;
        else if (!strncmp(in, "socket:", 7) && is_internet_socket(call, 0))
            flags |= SP_EXEC_STDIN_SOCKET;
    }
    if (sp_call_link(call, "fd/1", out, sizeof(out)) && !strncmp(out, "socket:", 7) &&
        is_internet_socket(call, 1))
        flags |= SP_EXEC_STDOUT_SOCKET;
    return flags;
}

/* The kernel marks what has no name any more. */
static int64_t
flags_of_file(const char *path, bool magic)
{
    static const char mark[] = " (deleted)";
    size_t length = strlen(path);
    int64_t flags = 0;
    if (!magic)
        return 0;
    if (!strncmp(path, "/memfd:", 7))
        flags |= SP_EXEC_MEMORY;
    if (length >= sizeof(mark) - 1 && !strcmp(path + length - (sizeof(mark) - 1), mark))
        flags |= SP_EXEC_DELETED;
    return flags;
}

/* -------------------------------------------------------------------- telling */

static void
tell_first(struct sp_call *call)
{
    struct sp_listener *listener = call->listener;
    struct sp_said_path path;
    char whole[2 * SP_SAID_PATH_MAX];
    bool relative = listener->program[0] != '/';
    snprintf(whole, sizeof(whole), "%s%s%s", relative ? listener->cwd : "", relative ? "/" : "",
             listener->program);
    sp_call_resolve(call, AT_FDCWD, whole, true, &path);
    sp_call_tell(call, &(struct sp_event){ .kind = SP_EVENT_EXEC,
                                           .subject = path.text,
                                           .detail = listener->words,
                                           .bytes = listener->word_bytes,
                                           .value = flags_of_streams(call) |
                                                    (listener->words_cut ? SP_EXEC_WORDS_CUT : 0) |
                                                    (listener->program_cut ? SP_EXEC_PATH_CUT : 0),
                                           .directory = listener->cwd });
    free(listener->program);
    free(listener->words);
    free(listener->cwd);
    listener->program = listener->words = listener->cwd = NULL;
}

/* A search along PATH asks for programs that are not there. They are not told; but should the answer have
 * been made wrong meanwhile, by who put a file there just in time, it shows afterwards. */
static void
expect_failure(struct sp_call *call)
{
    char now[SP_SAID_PATH_MAX];
    if (!call->process || call->process->before)
        return;
    if (sp_call_link(call, "exe", now, sizeof(now)))
        call->process->before = strdup(now);
}

void
sp_call_late_exec(struct sp_call *call)
{
    char now[SP_SAID_PATH_MAX], directory[SP_SAID_PATH_MAX], path[64];
    struct sp_watched *process = call->process;
    if (!process || !process->before || !sp_call_link(call, "exe", now, sizeof(now)))
        return;
    bool changed = strcmp(now, process->before) != 0;
    if (!changed)
        return;
    free(process->before);
    process->before = NULL;
    sp_autofree char *words = malloc(SP_EVENT_STRING_MAX);
    snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)call->tid);
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 || !words ? 0 : read(fd, words, SP_EVENT_STRING_MAX - 1);
    for (ssize_t i = 0; i < length; i++)
        words[i] = words[i] == SP_EVENT_WORD_END ? '?' : words[i] ? words[i] : SP_EVENT_WORD_END;
    if (words)
        words[length > 0 ? length : 0] = '\0';
    bool where = sp_call_link(call, "cwd", directory, sizeof(directory));
    sp_call_tell(call, &(struct sp_event){ .kind = SP_EVENT_EXEC,
                                           .subject = now,
                                           .detail = words,
                                           .bytes = length > 0 ? (uint64_t)length : 0,
                                           .value = flags_of_streams(call) | flags_of_file(now, true),
                                           .directory = where ? directory : NULL });
}

int
sp_call_exec(struct sp_call *call)
{
    bool at = call->number == __NR_execveat;
    struct sp_said_path path;
    char directory[SP_SAID_PATH_MAX];
    if (call->listener->program) {
        tell_first(call);
        return 0;
    }
    if (!sp_call_path(call, at ? (int)call->args[0] : AT_FDCWD, call->args[at ? 1 : 0], true, &path))
        return 0;
    if (!path.magic && (!path.exists || !S_ISREG(path.status.st_mode) || !(path.status.st_mode & 0111))) {
        expect_failure(call);
        return 0;
    }
    sp_autofree struct words *words = malloc(sizeof(*words));
    if (!words)
        return ENOMEM;
    read_words(call, call->args[at ? 2 : 1], words);
    bool where = sp_call_link(call, "cwd", directory, sizeof(directory));
    sp_call_tell(call,
                 &(struct sp_event){ .kind = SP_EVENT_EXEC,
                                     .subject = path.text,
                                     .detail = words->text,
                                     .bytes = words->bytes,
                                     .value = flags_of_streams(call) | flags_of_file(path.text, path.magic) |
                                              (words->cut ? SP_EXEC_WORDS_CUT : 0),
                                     .directory = where ? directory : NULL });
    if (call->process) {
        free(call->process->before);
        call->process->before = NULL;
    }
    return 0;
}
