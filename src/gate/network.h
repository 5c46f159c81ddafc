/* network.h: the process that stands outside the room and serves its sockets: registry proxy and sinkhole. It
 * holds the tokens, becomes nobody in particular before the first hostile byte, and tells what it saw by
 * events. */
#pragma once
#include "gate/check.h"
#include "gate/lookups.h"
#include "gate/places.h"
#include "gate/policy.h"
#include "registry/registry.h"
#include "sandbox/sandbox.h"

struct sp_network_options {
    const struct sp_places *places;
    const struct sp_registries *registries;
    const struct sp_decoys *decoys;
    const char *const *allow_hosts; /* NULL-terminated */
    const char *npmjs_from;         /* of the manager's plan */
    const char *stand_in;       /* directory: packages there are served in place of the registry's; NULL */
    const char *answers;        /* directory: what the sinkhole gives for downloads; NULL */
    struct sp_checker *checker; /* door one */
    struct sp_lookups *lookups; /* read, not started; NULL: names are judged alone */
    const struct sp_policy *policy;          /* names that it allows are served; NULL */
    struct sp_sinkhole_authority *authority; /* TLS is answered under it; NULL: it is not */
    enum sp_net net;
    bool enforce, offline, keep_nothing;
};

struct sp_network {
    pid_t pid;  /* 0: none */
    int events; /* SOCK_SEQPACKET: one event a message */
    int stop;   /* closing it ends the process */
};
/* Starts serving SANDBOX's sockets, which the caller may then close. */
int sp_network_start(struct sp_network *out, const struct sp_sandbox *sandbox,
                     const struct sp_network_options *options, struct sp_error *err);
/* Takes the events that are there and hands them to SINK. Returns how many. -1: the process is gone, or sent
 * something that is no event. */
int sp_network_take(struct sp_network *network, const struct sp_event_sink *sink, struct sp_error *err);
/* Ends the process after its last events; those go to SINK. */
int sp_network_stop(struct sp_network *network, const struct sp_event_sink *sink, struct sp_error *err);
