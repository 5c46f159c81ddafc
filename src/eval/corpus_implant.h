/* corpus_implant.h: techniques put into copies of real packages. */
#pragma once
#include "eval/corpus.h"
#include "eval/corpus_parts.h"

/* Makes one package of each row of OPTIONS.hosts: a host has one technique only, the techniques share the
 * hosts evenly. *COUNT: how many were made. */
int sp_corpus_make_implants(const struct sp_corpus_options *options, const struct sp_catalogue *catalogue,
                            struct sp_corpus_tree *tree, size_t *count, struct sp_error *err);
