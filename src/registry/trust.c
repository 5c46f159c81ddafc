/* trust.c: the certificates that the user's configuration names. */
#include "base/file.h"
#include "registry/registry.h"

#define BUNDLE_MAX ((size_t)16 << 20)

int
sp_registries_trust(const struct sp_registries *registries, struct sp_buffer *out, struct sp_error *err)
{
    static const char *const systems[] = { "/etc/ssl/certs/ca-certificates.crt",
                                           "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem" };
    if (!registries->cafile)
        return 0;
    if (sp_file_read(registries->cafile, BUNDLE_MAX, out, err) < 0)
        return -1;
    for (size_t i = 0; registries->cafile_adds && i < SP_COUNT(systems); i++) {
        sp_autobuffer struct sp_buffer more = { 0 };
        if (access(systems[i], R_OK) == 0 && sp_file_read(systems[i], BUNDLE_MAX, &more, err) == 0)
            return sp_buffer_append_byte(out, '\n', err) < 0
                       ? -1
                       : sp_buffer_append(out, more.bytes, more.length, err);
    }
    return 0;
}
