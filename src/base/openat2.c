/* Apart, since the privileged program takes this and nothing else of file.h. */
#include "base/file.h"

#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int
sp_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve)
{
    const struct open_how how = { .flags = flags, .resolve = resolve };
    for (int tries = 0;; tries++) {
        int fd = (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR) || tries == 1000)
            return fd;
    }
}
