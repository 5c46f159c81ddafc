/* place.h: where an artefact may be fetched from. A document of a registry may point anywhere; asked are the
 * registry's own hosts and those that are known to hold its artefacts. */
#pragma once
#include "metadata/bases.h"
#include "metadata/record.h"

/* Appends to OUT the URL that REFERENCE, found in the document at PAGE (NULL: it must be absolute), stands
 * for, without its fragment. 1: it may be asked; 0: not, RECORD has a problem that says so; -1: memory. */
int sp_place_admit(struct sp_buffer *out, const struct sp_bases *bases, const char *page,
                   const char *reference, struct sp_record *record, struct sp_error *err);
