/* policy.h: what the user has looked at and allows: lines of RULE and package that turn findings into notes.
 * It takes a finding's severity, never its place in the report. docs/policy.md. */
#pragma once
#include "base/buffer.h"
#include "verdict/finding.h"

#define SP_POLICY_NAME "sallyport.policy" /* looked for in the project */
#define SP_POLICY_BYTES_MAX ((size_t)1 << 20)
#define SP_POLICY_LINES_MAX 10000u

struct sp_policy_line {
    const char *rule;    /* "run/decoy-read" */
    const char *package; /* canonical package URL without its version; NULL: what is laid to no package */
    const char *version; /* NULL: every one */
    uint32_t line;
};

/* Zero-initialise. */
struct sp_policy {
    struct sp_arena arena;
    const char *path; /* as it was given; NULL: none was read */
    struct sp_policy_line *lines;
    size_t count, capacity;
};

/* Reads the file PATH into POLICY (freed with sp_policy_free, after a failure too). What is no line of a
 * policy is refused as FILE:LINE. */
int sp_policy_read(struct sp_policy *policy, const char *path, struct sp_error *err);
/* The same from TEXT (LENGTH bytes, followed by a NUL); PATH is for messages. */
int sp_policy_parse(struct sp_policy *policy, const char *path, const char *text, size_t length,
                    struct sp_error *err);
void sp_policy_free(struct sp_policy *policy);

/* The line that allows findings of RULE laid to the package PURL (NULL: to none); NULL: no line does. POLICY
 * may be NULL: nothing is allowed. */
const struct sp_policy_line *sp_policy_allows(const struct sp_policy *policy, const char *rule,
                                              const char *purl);
/* Findings of VERDICT that POLICY allows become notes that say so; their strings go to VERDICT's arena. May
 * be called again when there are more. */
int sp_policy_apply(const struct sp_policy *policy, struct sp_verdict *verdict, struct sp_error *err);
