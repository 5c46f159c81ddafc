/* check.h: the first journey: names in, verdict out. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "gate/clearing.h"
#include "manifest/manifest.h"
#include "name/search.h"
#include "verdict/finding.h"

struct sp_check_options {
    const char *index_path; /* NULL: the default */
    double review, block;   /* risk thresholds; negative: the model's own */
};

struct sp_checker;
int sp_checker_open(struct sp_checker **out, const struct sp_check_options *options, struct sp_error *err);
void sp_checker_close(struct sp_checker *checker);
/* Has lookalikes looked up and cleared from now on (borrowed; NULL: judged by their names alone again). */
void sp_checker_clear_by(struct sp_checker *checker, const struct sp_clearing *clearing);
/* The same, by a process of its own; CLEARING tells what is worth a look. Both borrowed. */
struct sp_asking;
void sp_checker_ask(struct sp_checker *checker, struct sp_asking *asking, const struct sp_clearing *clearing);
/* Called while packages of a manifest are looked up. */
void sp_checker_on_progress(struct sp_checker *checker,
                            void (*progress)(void *context, size_t done, size_t all), void *context);
/* A checker of its own for another thread, on the same open index, which must outlive it. */
int sp_checker_share(struct sp_checker **out, struct sp_checker *checker, struct sp_error *err);
struct sp_searcher *sp_checker_searcher(struct sp_checker *checker);
struct sp_index *sp_checker_index(struct sp_checker *checker);

/* Judges one name and adds what was found to VERDICT (strings go to its arena); a lookalike that its metadata
 * clears is added with the severity NONE. A name that the registry could not hold is an error with
 * SP_ERROR_INPUT; nothing is added then. */
int sp_check_name(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                  const char *version, const struct sp_place *place, struct sp_verdict *verdict,
                  struct sp_error *err);

/* What sp_check_name would look up; 0: nothing. Borrows NAME and VERSION. -1: the name breaks a rule. */
int sp_check_sought(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                    const char *version, struct sp_sought out[1 + SP_CLEARED_MATCHES], struct sp_error *err);
/* As sp_check_name; but where it has to be looked up first, starts that, sets *LATER and adds nothing: ask
 * again. */
int sp_check_name_or_later(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                           const char *version, const struct sp_place *place, bool *later,
                           struct sp_verdict *verdict, struct sp_error *err);
/* The same by its name alone: for what comes from elsewhere than its registry. */
int sp_check_name_alone(struct sp_checker *checker, const struct sp_ecosystem *ecosystem, const char *name,
                        const char *version, const struct sp_place *place, struct sp_verdict *verdict,
                        struct sp_error *err);

/* Judges everything that the manifest PATH names (FORMAT NULL: guessed). What the file holds but could not be
 * read goes to the verdict's unseen list; so does a name that breaks its registry's rules. */
int sp_check_manifest(struct sp_checker *checker, const char *path, const struct sp_manifest_format *format,
                      struct sp_verdict *verdict, struct sp_error *err);

/* Whether it lies in the project itself: it comes from no registry then, whatever it is called, and is not
 * judged by its name. */
bool sp_dependency_is_local(const struct sp_dependency *dependency);
