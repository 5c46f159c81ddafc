#include "cli/output.h"
#include "cli/options.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

static void
give_up(struct sp_output *output)
{
    if (errno == EPIPE) {
        output->closed = true;
        return;
    }
    output->failed = true;
    fprintf(stderr, "sallyport: cannot write the result: %s\n", strerror(errno));
}

int
sp_output_write(struct sp_output *output, struct sp_buffer *buffer)
{
    const char *bytes = sp_buffer_string(buffer);
    size_t left = output->closed || output->failed ? 0 : buffer->length;
    while (left) {
        ssize_t count = write(output->fd, bytes, left);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            give_up(output);
            break;
        }
        bytes += count;
        left -= (size_t)count;
    }
    sp_buffer_clear(buffer);
    return output->closed || output->failed ? -1 : 0;
}

int
sp_output_exit(const struct sp_output *output)
{
    return output->closed ? SP_EXIT_CLOSED : SP_EXIT_INCONCLUSIVE;
}

bool
sp_output_colour(int fd, const char *when)
{
    if (!strcmp(when, "always"))
        return true;
    if (!strcmp(when, "never"))
        return false;
    /* https://no-color.org: set and not empty, whatever the value */
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fd) && !(no_colour && *no_colour) && term && strcmp(term, "dumb");
}

unsigned
sp_output_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col < 40)
        return 80;
    return size.ws_col > 160 ? 160 : size.ws_col;
}
