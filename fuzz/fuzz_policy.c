/* The text of a policy, and that what was read from it answers for itself. */
#include "gate/policy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_policy policy = { 0 };
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    if (size > SP_POLICY_BYTES_MAX || sp_buffer_append(&text, data, size, NULL) < 0)
        return 0;
    if (sp_policy_parse(&policy, "policy", sp_buffer_string(&text), size, &err) == 0)
        for (size_t i = 0; i < policy.count && i < 16; i++) {
            const struct sp_policy_line *line = &policy.lines[i], *found;
            /* each package is allowed by its own line, or by one before it */
            if (!line->version &&
                (!(found = sp_policy_allows(&policy, line->rule, line->package)) || found > line))
                abort();
            if (sp_rule_needs_version(line->rule) && !line->version)
                abort();
        }
    else if (err.code == SP_ERROR_NONE)
        abort();
    sp_policy_free(&policy);
    return 0;
}
