/* record.h: what is known of a package, the same for all ecosystems. What is unknown is unknown, not empty:
 * each field carries where it was read and when, and a field without a source says nothing.
 *
 * Everything in a record was written by strangers: strings are valid UTF-8 and bounded, but may hold control
 * characters; print them through sp_utf8_printable. */
#pragma once
#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <stdint.h>

#define SP_RECORD_README_MAX ((size_t)256 << 10) /* bytes kept of a readme; more is cut and said so */
#define SP_RECORD_TEXT_MAX 8192                  /* of any other text */
#define SP_RECORD_PEOPLE_MAX 1000
#define SP_RECORD_RELEASES_MAX 20000
#define SP_RECORD_NAMES_MAX 5000 /* dependencies, keywords, hooks: each */
#define SP_TIME_UNKNOWN INT64_MIN

enum sp_field {
    SP_FIELD_DESCRIPTION,
    SP_FIELD_README,
    SP_FIELD_LICENCE,
    SP_FIELD_MAINTAINERS, /* accounts that may publish, by the registry's word */
    SP_FIELD_AUTHORS,     /* as the package itself says: anybody may write anything */
    SP_FIELD_OWNER,       /* user or organisation that the namespace or the package belongs to */
    SP_FIELD_REPOSITORY,
    SP_FIELD_HOMEPAGE,
    SP_FIELD_KEYWORDS,
    SP_FIELD_RELEASES,      /* which versions there are */
    SP_FIELD_RELEASE_TIMES, /* and when they were published */
    SP_FIELD_DEPRECATED,
    SP_FIELD_RELOCATED,
    SP_FIELD_HOOKS, /* what runs at install */
    SP_FIELD_DEPENDENCIES,
    SP_FIELD_DOWNLOADS,
    SP_FIELD_RANK,
    SP_FIELD_CREATED,
    SP_FIELD_UPDATED,
    SP_FIELD_HOLDING,    /* whether the registry's security team holds the name */
    SP_FIELD_PROVENANCE, /* whether the version is attested to come from a repository */
    SP_FIELD_MODULE,     /* what the artefact calls itself (go.mod's module, a tarball's package.json) */
    SP_FIELD_FORK,       /* whether its repository is a fork of another, by the host's word */
    SP_FIELD_COUNT,
};
extern const char *const sp_field_names[SP_FIELD_COUNT]; /* "description", "release-times" */

enum sp_presence {
    SP_PRESENCE_UNKNOWN, /* nobody could be asked */
    SP_PRESENT,
    SP_ABSENT,  /* the registry knows no such package */
    SP_REMOVED, /* it did, and took it away */
};
extern const char *const sp_presence_names[]; /* "unknown", "present", "absent", "removed" */

struct sp_origin {
    const char *source; /* "npm packument", "wheel METADATA"; a static string; NULL: the field is unknown */
    int64_t time;       /* when it was fetched, seconds since 1970 */
};

struct sp_person {
    const char *id;    /* account name, by which people are compared; NULL: only a name is known */
    const char *name;  /* NULL unknown */
    const char *email; /* NULL unknown */
    bool organisation;
};

struct sp_release {
    const char *number;
    int64_t time; /* seconds since 1970; SP_TIME_UNKNOWN */
    bool yanked;
};

struct sp_name_list {
    const char **items;
    size_t count, capacity;
};

/* All strings live in its arena. Fields may be read only where sp_record_knows says yes. */
struct sp_record {
    struct sp_arena arena;
    const struct sp_ecosystem *ecosystem;
    const char *name;       /* as the registry writes it, else as it was asked for */
    const char *namespace_; /* "@babel", "org.slf4j", "github.com/spf13", "google"; NULL none */
    const char *version;    /* the one that is described: what was asked for, else the latest; NULL unknown */
    enum sp_presence presence;
    struct sp_origin origins[SP_FIELD_COUNT];

    const char *description, *readme, *licence, *owner, *repository, *homepage, *module;
    bool owner_is_organisation;
    const char *deprecated; /* the notice; NULL: not deprecated */
    const char *relocated;  /* the package to use now; NULL: not relocated */
    struct sp_person *maintainers, *authors;
    size_t maintainer_count, maintainer_capacity, author_count, author_capacity;
    struct sp_release *releases; /* after sp_record_finish by rising time, unknown times first */
    size_t release_count, release_capacity;
    struct sp_name_list keywords, dependencies; /* of .version */
    struct sp_name_list hooks;                  /* "postinstall: node setup.js" */
    int64_t downloads;                          /* a month */
    uint32_t rank;                              /* 1 best */
    int64_t created, updated;
    bool holding, provenance, fork;
    struct sp_name_list problems; /* what could not be read, a printable line each */
};

/* Takes NAME as it was typed. The caller frees *OUT with sp_record_free. */
int sp_record_new(struct sp_record **out, const struct sp_ecosystem *ecosystem, const char *name,
                  struct sp_error *err);
void sp_record_free(struct sp_record *record);
static inline void
sp_cleanup_record(struct sp_record **record)
{
    sp_record_free(*record);
}
#define sp_autorecord __attribute__((cleanup(sp_cleanup_record)))

static inline bool
sp_record_knows(const struct sp_record *record, enum sp_field field)
{
    return record->origins[field].source != NULL;
}

/* Who is speaking, for what is set next. SOURCE is static. */
struct sp_teller {
    struct sp_record *record;
    const char *source;
    int64_t time;
};

/* Each sets a field that is not known yet: the first source that speaks of it wins, so ask the better one
 * first. Only running out of memory is an error. Bytes that are no UTF-8 become U+FFFD; NULL or, for
 * description, readme, licence, owner, repository, homepage and module, blank text makes the field known and
 * empty. */
int sp_tell_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                 struct sp_error *err); /* also .deprecated and .relocated; NULL: known not to be */
int
sp_tell_number(const struct sp_teller *teller, enum sp_field field, int64_t value,
               struct sp_error *err); /* downloads, rank, created, updated; SP_TIME_UNKNOWN or < 0: no-op */
int sp_tell_flag(const struct sp_teller *teller, enum sp_field field,
                 bool value); /* holding, provenance, fork */
/* Lists: begin once (false: somebody else has told it already), then add; each keeps at most its maximum and
 * says so among the problems. */
bool sp_tell_list(const struct sp_teller *teller, enum sp_field field);
int sp_tell_person(const struct sp_teller *teller, enum sp_field field, const struct sp_person *person,
                   struct sp_error *err); /* maintainers or authors; strings are copied */
int sp_tell_name(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                 struct sp_error *err); /* keywords, dependencies, hooks */
int sp_tell_release(const struct sp_teller *teller, const char *number, size_t length, int64_t time,
                    bool yanked, struct sp_error *err);
/* Gives a release that is known by NUMBER its time, where it has none. Linear: not for thousands. */
void sp_tell_release_time(const struct sp_teller *teller, const char *number, int64_t time);

/* A line among the problems; made printable. */
int sp_record_problem(struct sp_record *record, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);
/* Sorts the releases; created and updated follow from their times where nobody told them. */
int sp_record_finish(struct sp_record *record, struct sp_error *err);

/* Appends what FIELD, which is known, holds, for people (raw: make it printable); at most MOST of a list. */
int sp_record_value(const struct sp_record *record, enum sp_field field, size_t most, struct sp_buffer *out,
                    struct sp_error *err);
/* The whole record as an object; unknown fields are left out. docs/metadata.md describes it. */
void sp_record_write(struct sp_json *json, const struct sp_record *record);

/* RFC 3339, ISO 8601 without a zone (UTC), or a date alone, as seconds since 1970; SP_TIME_UNKNOWN for
 * anything else and for years before 1990 or after 2200. */
int64_t sp_time_read(const char *text, size_t length);
/* "2024-03-01"; "unknown". */
void sp_time_write(int64_t time, char out[16]);

/* What a repository's URL stands for, to compare: "github.com/babel/babel" of "git+https://github.com/babel/
 * babel.git#main", "git@github.com:babel/babel", "github:babel/babel" or "babel/babel" (npm's shorthand).
 * Credentials, port, query and fragment are left out; host, and on the well-known hosts the path, in lower
 * case. Empty where it is none. */
void sp_repository_key(const char *url, char *out, size_t size);
/* "babel" of a key "github.com/babel/babel"; 0 bytes where there is none. */
struct sp_slice sp_repository_owner(const char *key);
