#include "metadata/body.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

void
sp_body_begin(struct sp_body *body, int directory)
{
    *body = (struct sp_body){ .directory = directory, .fd = -1 };
}

void
sp_body_free(struct sp_body *body)
{
    if (body->mapped)
        munmap(body->mapped, body->mapped_size);
    if (body->fd > 0)
        close(body->fd);
    sp_buffer_free(&body->heap);
    *body = (struct sp_body){ .directory = -1, .fd = -1 };
}

/* The cache's own disk first: /tmp is memory on many machines. */
static int
open_unnamed(int directory)
{
    static const char *const places[] = { "/var/tmp", "/tmp" };
    int fd = directory >= 0 ? openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
    for (size_t i = 0; i < SP_COUNT(places) && fd < 0; i++)
        fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd < 0 ? memfd_create("sallyport-body", MFD_CLOEXEC) : fd;
}

static int
write_whole(int fd, const char *bytes, size_t length, struct sp_error *err)
{
    return sp_write_all(fd, bytes, length) < 0 ? sp_fail_errno(err, "an answer does not fit on the disk") : 0;
}

static int
spill(struct sp_body *body, struct sp_error *err)
{
    body->fd = open_unnamed(body->directory);
    if (body->fd < 0)
        return sp_fail_errno(err, "cannot make a temporary file for a large answer");
    if (write_whole(body->fd, sp_buffer_string(&body->heap), body->heap.length, err) < 0)
        return -1;
    sp_buffer_free(&body->heap);
    return 0;
}

int
sp_body_add(struct sp_body *body, const void *bytes, size_t length, struct sp_error *err)
{
    if (body->fd < 0 && body->length + length > SP_BODY_HEAP_MAX && spill(body, err) < 0)
        return -1;
    if ((body->fd < 0 ? sp_buffer_append(&body->heap, bytes, length, err)
                      : write_whole(body->fd, bytes, length, err)) < 0)
        return -1;
    body->length += length;
    return 0;
}

int
sp_body_complete(struct sp_body *body, struct sp_error *err)
{
    if (body->fd < 0) {
        body->bytes = sp_buffer_string(&body->heap);
        return 0;
    }
    /* the NUL is part of the file: behind its last page there would be none to read */
    if (write_whole(body->fd, "", 1, err) < 0)
        return -1;
    body->mapped_size = body->length + 1;
    void *mapped = mmap(NULL, body->mapped_size, PROT_READ, MAP_PRIVATE, body->fd, 0);
    if (mapped == MAP_FAILED)
        return sp_fail_errno(err, "cannot map a large answer");
    close(body->fd);
    body->fd = -1;
    body->mapped = mapped;
    body->bytes = mapped;
    return 0;
}
