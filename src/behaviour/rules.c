#include "behaviour/judge.h"

const struct sp_rule *const sp_rules[] = {
    &sp_rule_decoy_read,    &sp_rule_canary_sent, &sp_rule_persistence,
    &sp_rule_write_outside, &sp_rule_connection,  &sp_rule_name_lookup,
    &sp_rule_request,       &sp_rule_digest,      &sp_rule_limit,
};
const size_t sp_rule_count = SP_COUNT(sp_rules);
