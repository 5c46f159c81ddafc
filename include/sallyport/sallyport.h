/* sallyport.h: the C API of libsallyport. Is this package name made to be mistaken for another?
 *
 *     char error[SALLYPORT_ERROR_MAX];
 *     sallyport *gate = sallyport_open(NULL, error);
 *     if (!gate)
 *         return fprintf(stderr, "%s\n", error), 1;
 *     struct sallyport_result *result = sallyport_check(gate, "npm", "crossenv", NULL, error);
 *     for (size_t i = 0; result && i < result->count; i++)
 *         printf("%s for %s, risk %.2f\n", result->findings[i].name, result->findings[i].target,
 *                result->findings[i].risk);
 *     sallyport_result_free(result);
 *     sallyport_close(gate);
 *
 * Build with: cc example.c $(pkg-config --cflags --libs sallyport)
 *
 * Threads. A handle serves one thread at a time; give each thread a handle of its own. Handles on the same
 * index share its pages, so a second one costs little memory. A result belongs to no handle: it may be used
 * and freed in any thread, also after its handle was closed.
 *
 * Strings are UTF-8 and NUL-terminated. Names come from outside and may hold control characters: make them
 * harmless before you print them to a terminal. No function keeps a pointer to its arguments.
 *
 * Before version 1.0 the structs may grow between minor versions; the library's soname changes with them. */
#ifndef SALLYPORT_H
#define SALLYPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header; sallyport_version() is that of the library. */
#define SALLYPORT_VERSION "0.1.0"

/* Room for one line of error text, its NUL included. */
#define SALLYPORT_ERROR_MAX 640

enum sallyport_severity {
    SALLYPORT_REVIEW = 1, /* look before you install */
    SALLYPORT_BLOCK = 2,  /* do not install */
};

enum sallyport_outcome {
    SALLYPORT_ALLOW,
    SALLYPORT_TO_REVIEW,
    SALLYPORT_TO_BLOCK,
    SALLYPORT_INCONCLUSIVE, /* something that matters could not be looked at: never take it for "allow" */
};

struct sallyport_finding {
    enum sallyport_severity severity;
    const char *rule;              /* "name/confusion" */
    const char *ecosystem;         /* package URL type: "npm", "pypi", "rubygems", "maven", "golang", ... */
    const char *name;              /* as it was given */
    const char *target;            /* the package that it may be mistaken for; NULL: none in particular */
    const char *target_ecosystem;  /* NULL without a target */
    uint32_t target_rank;          /* place among the popular packages, 1 the most popular; 0 unknown */
    double risk;                   /* probability of an attack by the names alone, 0 to 1; -1: none given */
    const char *const *categories; /* how: "scope-confusion", ... ; docs/output.md lists them */
    size_t category_count;
    const char *message; /* one line: what was seen */
    const char *advice;  /* one line: what to do; NULL: nothing */
};

struct sallyport_result {
    enum sallyport_outcome outcome;
    size_t count;
    const struct sallyport_finding *findings; /* the severest first */
    size_t unseen_count;
    const char *const *unseen; /* one line each: what could not be looked at, and why */
};

typedef struct sallyport sallyport;

/* The version of the library, "0.1.0"; a static string. */
const char *sallyport_version(void);

/* Opens the index of popular names at INDEX_PATH; NULL: $SALLYPORT_INDEX, else the installed one. Returns a
 * handle, to be closed with sallyport_close, or NULL with one line in ERROR (SALLYPORT_ERROR_MAX bytes, or
 * NULL): the file cannot be read, is damaged, is of another version, or memory ran out. */
sallyport *sallyport_open(const char *index_path, char *error);

/* Frees GATE; NULL is allowed. */
void sallyport_close(sallyport *gate);

/* Judges one package. ECOSYSTEM is a package URL type or a usual name ("npm", "pypi", "go", "gem"); NAME is
 * the name as the registry's own tools write it ("@babel/core", "org.slf4j:slf4j-api"); VERSION may be NULL.
 * Returns a result, to be freed with sallyport_result_free, or NULL with one line in ERROR: the ecosystem is
 * unknown, the registry allows no such name, or memory ran out. A name with nothing against it gives a
 * result without findings and the outcome SALLYPORT_ALLOW. */
struct sallyport_result *sallyport_check(sallyport *gate, const char *ecosystem, const char *name,
                                         const char *version, char *error);

/* As sallyport_check, for a package URL such as "pkg:npm/%40babel/core@7.24.0". */
struct sallyport_result *sallyport_check_purl(sallyport *gate, const char *purl, char *error);

/* Frees RESULT and all that it points to; NULL is allowed. */
void sallyport_result_free(struct sallyport_result *result);

#ifdef __cplusplus
}
#endif

#endif
