/* fuzz_symbols.c: the bytes are a program to be searched for functions. Beyond memory safety: what is found
 * lies in the file, the count is that of the places, and a file that is refused says why. */
#include "base/utf8.h"
#include "probe/symbols.h"

#include <stdbool.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[] = { "getaddrinfo", "SSL_write", "first*", "" };
    uint64_t offsets[4];
    struct sp_error err = { 0 };
    int fd = memfd_create("program", MFD_CLOEXEC), places = 0;
    must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    int found = sp_symbols_find(fd, names, 4, offsets, &err);
    for (size_t i = 0; found >= 0 && i < 4; i++) {
        must(offsets[i] < size || !offsets[i]);
        places += offsets[i] != 0;
    }
    must(found < 0 ? err.code == SP_ERROR_INPUT && *err.text && sp_utf8_valid(err.text, strlen(err.text))
                   : found == places);
    close(fd);
    return 0;
}
