/* metadata_ask.h: a registry client asked against a table of answers, with the public registries as bases. */
#pragma once
#include "answers.h"
#include "metadata/client.h"

struct ask {
    struct answers answers;
    struct sp_registry items[2];
    struct sp_registries registries;
    struct sp_bases bases;
    struct sp_transport transport;
    struct sp_record *record; /* of the last ask_describe */
    bool ranks;
};
void ask_begin(struct ask *ask);
void ask_end(struct ask *ask);
/* Describes NAME anew; the test fails where the client does. */
const struct sp_record *ask_describe(struct ask *ask, const struct sp_client *client, const char *name,
                                     const char *version, enum sp_depth depth);
/* Whether one of the record's problems holds TEXT. */
bool ask_complains(const struct ask *ask, const char *text);
/* "a, b" of a list of names; in a buffer of the function's own. */
const char *ask_names(const struct sp_name_list *names);
