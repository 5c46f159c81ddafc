/* sallyport-probes: loads Sallyport's own programs into the kernel for the 'sallyport' that started it, aims
 * them at a sandbox that its user owns, and ends with it. docs/probes.md says what it may and may not do. */
#include "probe/helper.h"
#include "probe/protocol.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

int
main(void)
{
    int type = 0;
    socklen_t length = sizeof(type);
    struct stat status;
    for (int fd = 0; fd < 3; fd++)
        if (fstat(fd, &status) < 0)
            return 1; /* what is opened later must not take their place */
    if (getsockopt(SP_PROBES_SOCKET, SOL_SOCKET, SO_TYPE, &type, &length) < 0 || type != SOCK_SEQPACKET) {
        fputs("sallyport-probes: is started by 'sallyport run', not by hand; see 'sallyport setup --help'\n",
              stderr);
        return 2;
    }
    return sp_probes_serve();
}
