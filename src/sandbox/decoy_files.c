/* decoy_files.c: which file each decoy is, by device and inode: a hard link, another mount or a path through
 * /proc leads to the same. The device is that of the mount's file system: what stat gives for a file of an
 * overlay may be made up (overlayfs.rst, "Inode properties"). */
#include "sandbox/sandbox.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOUNTS_MAX 512

struct mounts {
    struct {
        uint64_t id, device;
    } items[MOUNTS_MAX];
    size_t count;
};

/* mountinfo(5): "36 35 98:0 ...": the mount's id, its parent's, the device. */
static void
read_mounts(struct mounts *out, pid_t keeper)
{
    char path[64], line[8192];
    snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)keeper);
    sp_autofclose FILE *file = fopen(path, "re");
    while (file && out->count < MOUNTS_MAX && fgets(line, sizeof(line), file)) {
        unsigned long id, parent;
        unsigned major, minor;
        if (sscanf(line, "%lu %lu %u:%u", &id, &parent, &major, &minor) != 4)
            continue;
        out->items[out->count].id = id;
        out->items[out->count++].device = (uint64_t)major << 20 | minor; /* as the kernel keeps it inside */
    }
}

static bool
find_device(const struct mounts *mounts, uint64_t id, uint64_t *device)
{
    for (size_t i = 0; i < mounts->count; i++)
        if (mounts->items[i].id == id) {
            *device = mounts->items[i].device;
            return true;
        }
    return false;
}

static bool
read_file(const struct sp_sandbox *sandbox, const struct mounts *mounts, const char *path,
          struct sp_decoy_file *out)
{
    sp_autoclose int fd = sp_openat2(sp_sandbox_root(sandbox), path, O_PATH | O_CLOEXEC | O_NOFOLLOW,
                                     RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    struct statx status;
    if (fd < 0 ||
        statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_TYPE | STATX_SIZE | STATX_MNT_ID, &status) < 0 ||
        !(status.stx_mask & STATX_MNT_ID) || !find_device(mounts, status.stx_mnt_id, &out->device))
        return false;
    out->inode = status.stx_ino;
    out->size = status.stx_size;
    return S_ISREG(status.stx_mode);
}

size_t
sp_sandbox_decoy_files(const struct sp_sandbox *sandbox, struct sp_decoy_file *files, size_t *missed)
{
    const struct sp_decoys *decoys = sp_sandbox_decoys(sandbox);
    struct mounts mounts = { .count = 0 };
    size_t count = 0, unknown = 0;
    read_mounts(&mounts, sp_sandbox_keeper(sandbox));
    for (size_t i = 0; decoys && i < decoys->count; i++) {
        if (!decoys->items[i].path)
            continue;
        if (read_file(sandbox, &mounts, decoys->items[i].path, &files[count]))
            files[count++].decoy = (uint32_t)i;
        else
            unknown++;
    }
    if (missed)
        *missed = unknown;
    return count;
}
