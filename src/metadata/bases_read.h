/* bases_read.h: what the readers of the tools' configurations share. */
#pragma once
#include "metadata/bases.h"
#include "registry/reading.h"

/* A reading under way. Texts live in the arena of .reading. */
struct sp_bases_reading {
    struct sp_reading reading; /* .out stays NULL */
    struct sp_bases *out;
};

/* Makes URL the base of SERVICE. A login within it becomes its authorization, else AUTHORIZATION (NULL none)
 * does. It ends in '/' afterwards, unless SERVICE is asked under a document. */
int sp_base_set(struct sp_bases_reading *reading, enum sp_service service, const char *url,
                const char *authorization, const char *source, struct sp_error *err);
/* Nobody is asked. */
int sp_base_switch_off(struct sp_bases_reading *reading, enum sp_service service, const char *source,
                       struct sp_error *err);
int sp_bases_note(struct sp_bases_reading *reading, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);
bool sp_is_web_url(const char *url);
/* TEXT with each OPEN...CLOSE replaced by the variable of that name; one that is unset stays. In the arena.
 */
char *sp_bases_expand(struct sp_bases_reading *reading, const char *text, const char *open, const char *close,
                      struct sp_error *err);
/* A path beneath the directory that VARIABLE names, else beneath the home's FALLBACK. In the arena. */
char *sp_bases_path(struct sp_bases_reading *reading, const char *variable, const char *fallback,
                    const char *rest, struct sp_error *err);
/* Whether URL is BASE's origin and lies beneath its path. */
bool sp_base_covers(const char *base, const char *url);

/* The readers: each sets the bases of its registry where the user's configuration names others. */
int sp_bases_read_go(struct sp_bases_reading *reading, struct sp_error *err);
int sp_bases_read_huggingface(struct sp_bases_reading *reading, struct sp_error *err);
int sp_bases_read_rubygems(struct sp_bases_reading *reading, struct sp_error *err);
int sp_bases_read_maven(struct sp_bases_reading *reading, struct sp_error *err);
int sp_bases_read_cargo(struct sp_bases_reading *reading, struct sp_error *err);
int sp_bases_read_nuget(struct sp_bases_reading *reading, struct sp_error *err);
