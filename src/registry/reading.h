/* reading.h: what the readers of the configuration files share: settings with their place, and the set of
 * registries that grows. */
#pragma once
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "registry/registry.h"
#include "registry/url.h"

#include <stdarg.h>
#include <stdbool.h>

#define SP_CONFIG_FILE_MAX ((size_t)1 << 20)
#define SP_REGISTRIES_MAX 1000 /* items, credentials and notes, each */

enum sp_tool { SP_TOOL_OTHER, SP_TOOL_NPM, SP_TOOL_YARN, SP_TOOL_PIP, SP_TOOL_UV };

/* A reading under way. What the settings point to lives in the arena. */
struct sp_reading {
    const struct sp_registry_sources *sources;
    struct sp_registries *out;
    struct sp_arena arena;
    enum sp_tool tool;        /* of the command */
    const char *const *words; /* of the command, from that tool on; NULL-terminated, may be NULL */
    bool npm_named;           /* npm's own configuration names a registry for all packages */
    bool berry;               /* the command is a Yarn that reads .yarnrc.yml */
};

struct sp_setting {
    const char *key, *value;
    const char *source; /* "/home/u/.npmrc:3" */
    bool project;       /* from a file of the project, which may be somebody else's */
};

/* The first of a key is the one in force. */
struct sp_settings {
    struct sp_setting *items; /* freed with sp_settings_free */
    size_t count, capacity;
};
int sp_settings_add(struct sp_settings *settings, const struct sp_setting *setting, struct sp_error *err);
/* In a file the last of a key is in force: turns round what was added from place FROM on. */
void sp_settings_reverse(struct sp_settings *settings, size_t from);
/* NULL: none. */
const struct sp_setting *sp_settings_find(const struct sp_settings *settings, const char *key);
void sp_settings_free(struct sp_settings *settings);
#define sp_autosettings __attribute__((cleanup(sp_settings_free)))

/* A file that is being read. */
struct sp_config_file {
    struct sp_reading *reading;
    const char *path;
    bool project;
    struct sp_buffer content;
};
/* Reads PATH: 1; there is none (or it is /dev/null): 0. A NUL byte in it is an error. */
int sp_config_open(struct sp_config_file *file, struct sp_reading *reading, const char *path, bool project,
                   struct sp_error *err);
void sp_config_close(struct sp_config_file *file);
#define sp_autoconfig __attribute__((cleanup(sp_config_close)))
/* Adds KEY and VALUE (copied, LENGTH bytes each) with their place. */
int sp_config_add(struct sp_config_file *file, struct sp_settings *settings, unsigned line, const char *key,
                  size_t key_length, const char *value, size_t value_length, struct sp_error *err);

/* The value of an environment variable; NULL: unset. */
const char *sp_reading_env(const struct sp_reading *reading, const char *name);
/* PATH with "~/" and relative forms made absolute, the latter beneath the project. In the arena. */
char *sp_reading_absolute(struct sp_reading *reading, const char *path, struct sp_error *err);
/* PATH of the system, beneath the root that the sources name. In the arena. */
char *sp_reading_system(struct sp_reading *reading, const char *path, struct sp_error *err);
/* Whether DIRECTORY holds NAME. */
bool sp_directory_has(const char *directory, const char *name);
/* Cuts the last part of a path off; false: it was the root. */
bool sp_path_up(char *path);
/* Whether two paths name the same file. */
bool sp_same_file(const char *a, const char *b);

/* Appends what the command line says, the last first: each "--NAME=VALUE" and "--NAME VALUE" up to a "--", -i
 * as index-url. Those that are known to stand alone have the value "true". */
int sp_option_words_read(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err);

/* Adds a registry: cleans its URL, keeps the credentials in it apart, and leaves out what is there already.
 * SCOPE may be NULL. */
int sp_reading_add(struct sp_reading *reading, enum sp_registry_kind kind, const char *scope, const char *url,
                   const char *source, bool project, struct sp_error *err);
/* Adds an Authorization for PREFIX ("//host/path/" with or without its last slash) unless one is there. A
 * value that no header can hold is an error. */
int sp_reading_add_credential(struct sp_reading *reading, enum sp_registry_kind kind, const char *prefix,
                              const char *authorization, const char *source, bool project,
                              struct sp_error *err);
int sp_reading_note(struct sp_reading *reading, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);

/* Each keeps the first one that is given: callers go by precedence. */
int sp_reading_cafile(struct sp_reading *reading, const char *path, bool adds, const char *source,
                      struct sp_error *err);
int sp_reading_proxy(struct sp_reading *reading, const char *proxy, const char *source, struct sp_error *err);
int sp_reading_no_proxy(struct sp_reading *reading, const char *hosts, struct sp_error *err);
int sp_reading_no_index(struct sp_reading *reading, const char *source, struct sp_error *err);

/* expand.c: TEXT with ${NAME}, ${NAME?}, ${NAME-default} and ${NAME:-default} replaced; a backslash before
 * the dollar keeps it. One that is unset and has no default stays as it is, and *UNSET (may be NULL) becomes
 * true. In the arena. */
char *sp_expand(struct sp_reading *reading, const char *text, bool *unset, struct sp_error *err);
bool sp_has_variable(const char *text);
/* The value of SETTING, a URL: expanded; in a file of the project a variable is refused, since it could carry
 * a secret of the user's into a host name. */
char *sp_expand_url(struct sp_reading *reading, const struct sp_setting *setting, struct sp_error *err);
/* The value of SETTING, a secret; *OUT is NULL where a variable in it is unset. */
int sp_expand_secret(struct sp_reading *reading, const struct sp_setting *setting, char **out,
                     struct sp_error *err);

/* "Basic " and the base64 of USER:PASSWORD. In the arena. */
char *sp_basic(struct sp_reading *reading, const char *user, const char *password, struct sp_error *err);
/* The bytes of a base64 TEXT as a string, NULL with ERR filled if it is none or holds NUL. In the arena. */
char *sp_base64_read(struct sp_reading *reading, const char *text, struct sp_error *err);

/* Bytes of a URL; "%00" stays. In the arena. */
char *sp_percent_decode(struct sp_reading *reading, const char *text, size_t length, struct sp_error *err);

/* set.c */
int sp_list_add(char ***items, size_t *count, size_t *capacity, const char *text, struct sp_error *err);
/* Adds a line for the user, made safe for a terminal since what comes from files is in it; past MOST lines
 * none is added. */
int sp_list_note(char ***items, size_t *count, size_t *capacity, size_t most, struct sp_error *err,
                 const char *format, va_list arguments);
/* How much of URL the prefix covers, 0: it is for another. */
size_t sp_prefix_match(const char *prefix, const struct sp_url *url);
const struct sp_credential *sp_credential_for(const struct sp_registries *registries,
                                              enum sp_registry_kind kind, const char *url);

/* The file formats: each appends the settings of an open file, the last of a key first. */
int sp_npmrc_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err);
int sp_pip_conf_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err);
int sp_yarnrc_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err);
/* YAML: nested keys are joined by SP_KEY_JOINT. Sequences and aliases are passed over. */
int sp_yaml_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err);
#define SP_KEY_JOINT '\x1f'

/* netrc.c: the user's login for HOST (without port): 1, 0: none. DEFAULTS: whether "default" counts. */
int sp_netrc_find(struct sp_reading *reading, const char *host, bool defaults, char **authorization,
                  const char **source, struct sp_error *err);

/* pip.c, for uv as well: an index that is no http(s) URL becomes a note. */
int sp_add_index(struct sp_reading *reading, const char *url, const char *source, bool project,
                 struct sp_error *err);

/* The readers: each adds what its manager asks, in its order. */
int sp_read_npm(struct sp_reading *reading, struct sp_error *err);
int sp_read_npm_default(struct sp_reading *reading, struct sp_error *err);
int sp_read_yarn(struct sp_reading *reading, struct sp_error *err);
int sp_read_berry(struct sp_reading *reading, struct sp_error *err);
int sp_read_pip(struct sp_reading *reading, struct sp_error *err);
int sp_read_uv(struct sp_reading *reading, struct sp_error *err);
