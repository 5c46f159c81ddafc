/* sallyport-probes: the one program that holds the right to load programs into the kernel. It is started by
 * 'sallyport run' with one socket and speaks nothing but protocol.h. */
#include "probe/helper.h"
#include "probe/protocol.h"

#include <string.h>
#include <sys/socket.h>

static bool
is_packet_socket(int fd)
{
    int domain, type;
    socklen_t size = sizeof(domain), length = sizeof(type);
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_SEQPACKET;
}

int
main(void)
{
    static const char usage[] = "sallyport-probes " SP_TOOL_VERSION
                                ": started by 'sallyport run', never by hand; see 'sallyport setup --help'\n";
    if (!is_packet_socket(SP_PROBES_SOCKET)) {
        (void)!write(STDERR_FILENO, usage, strlen(usage));
        return 2;
    }
    return sp_helper_serve(SP_PROBES_SOCKET);
}
