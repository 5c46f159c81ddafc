#include "ecosystem/rules.h"

#include <string.h>

#define GO_BYTES (SP_ALNUM | SP_DASH | SP_DOT | SP_UNDERSCORE | SP_TILDE)
#define GO_HOST_BYTES (SP_LOWER | SP_DIGIT | SP_DASH | SP_DOT)
#define GOPKG "gopkg.in/"

static int
refuse(const char *name, size_t length, size_t at, const char *rule, const char *advice, struct sp_error *err)
{
    return sp_refuse(&sp_ecosystem_golang, name, length, at, rule, advice, err);
}

static bool
starts_with(const char *name, size_t length, const char *start)
{
    size_t count = strlen(start);
    return length >= count && !memcmp(name, start, count);
}

/* --- Versions at the end of a path: x/mod's SplitPathVersion ------------------------------------------- */

/* Where the ".vN" (or ".vN-unstable") of a gopkg.in path begins; 0: there is none, or a wrong one. */
static size_t
gopkg_version(const char *name, size_t length)
{
    static const char unstable[] = "-unstable";
    size_t end = length, tail = sizeof(unstable) - 1;
    if (length > tail && !memcmp(name + length - tail, unstable, tail))
        end -= tail;
    size_t i = end;
    while (i > 0 && sp_byte_is(name[i - 1], SP_DIGIT))
        i--;
    /* at least one byte of name stands before ".v" */
    if (i == end || i < sizeof(GOPKG) + 2 || name[i - 1] != 'v' || name[i - 2] != '.')
        return 0;
    if (name[i] == '0' && length - i != 1)
        return 0;
    return i - 2;
}

/* Where the "/vN" of PATH begins; LENGTH: there is none. *WRONG: it is one that no module may have. */
static size_t
path_version(const char *name, size_t length, bool *wrong)
{
    *wrong = false;
    if (starts_with(name, length, GOPKG)) {
        size_t at = gopkg_version(name, length);
        *wrong = !at;
        return at ? at : length;
    }
    size_t i = length;
    bool dot = false;
    while (i > 0 && sp_byte_is(name[i - 1], SP_DIGIT | SP_DOT))
        dot |= name[--i] == '.';
    if (i <= 1 || i == length || name[i - 1] != 'v' || name[i - 2] != '/')
        return length;
    *wrong = dot || name[i] == '0' || (name[i] == '1' && i + 1 == length);
    return *wrong ? length : i - 2;
}

/* --- Path elements ------------------------------------------------------------------------------------- */

/* Windows writes long file names in short as "PROGRA~1". */
static bool
is_windows_short_name(const char *stem, size_t length)
{
    size_t i = length;
    while (i > 0 && sp_byte_is(stem[i - 1], SP_DIGIT))
        i--;
    return i > 0 && i < length && stem[i - 1] == '~';
}

static int
check_element(const char *name, size_t length, size_t from, size_t end, struct sp_error *err)
{
    if (from == end)
        return refuse(name, length, from, "an element of the path is empty",
                      "remove the '/' that is too many", err);
    size_t at = sp_span(name, from, end, GO_BYTES);
    if (at < end)
        return sp_refuse_byte(&sp_ecosystem_golang, name, length, at,
                              "ASCII letters, digits, '-', '.', '_' and '~'", err);
    if (name[from] == '.')
        return refuse(name, length, from, "an element of the path cannot begin with a dot",
                      "give the module's path, not a directory", err);
    if (name[end - 1] == '.')
        return refuse(name, length, end - 1, "an element of the path cannot end with a dot", "remove the dot",
                      err);

    const char *dot = memchr(name + from, '.', end - from);
    size_t stem = dot ? (size_t)(dot - (name + from)) : end - from;
    if (sp_is_windows_device(name + from, stem))
        return refuse(name, length, from, "an element of the path is a device of Windows",
                      "check its spelling", err);
    if (is_windows_short_name(name + from, stem))
        return refuse(name, length, from + stem - 1, "an element ends with '~' and digits",
                      "check its spelling", err);
    return 0;
}

static int
check_host(const char *name, size_t length, size_t end, struct sp_error *err)
{
    if (name[0] == '-')
        return refuse(name, length, 0, "the host cannot begin with '-'", "check its spelling", err);
    if (end && !memchr(name, '.', end))
        return refuse(name, length, end < length ? end : 0, "the first element is a host, which has a dot",
                      "give a module's path such as github.com/owner/name; the standard library is no module",
                      err);
    size_t at = sp_span(name, 0, end, GO_HOST_BYTES);
    if (at < end)
        return sp_refuse_byte(&sp_ecosystem_golang, name, length, at,
                              "lower case ASCII letters, digits, '-' and '.'", err);
    return 0;
}

static int
check_elements(const char *name, size_t length, struct sp_error *err)
{
    for (size_t from = 0;;) {
        const char *slash = from < length ? memchr(name + from, '/', length - from) : NULL;
        size_t end = slash ? (size_t)(slash - name) : length;
        if (from == 0 && check_host(name, length, end, err) < 0)
            return -1;
        if (check_element(name, length, from, end, err) < 0)
            return -1;
        if (!slash)
            return 0;
        from = end + 1;
    }
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_golang, name, length, SP_NAME_MAX, err) < 0 ||
        check_elements(name, length, err) < 0)
        return -1;
    bool wrong;
    path_version(name, length, &wrong);
    if (!wrong)
        return 0;
    if (starts_with(name, length, GOPKG))
        return refuse(name, length, length, "a path at gopkg.in ends with '.v' and the major version",
                      "write it as gopkg.in/name.v1", err);
    return refuse(name, length, length - 1, "only '/v2' and above may end a path",
                  "give the major version alone, and none for v0 and v1", err);
}

static int
normalise(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    return sp_buffer_append(out, name, length, err);
}

/* --- Parts --------------------------------------------------------------------------------------------- */

bool
sp_golang_is_forge(const char *host, size_t length)
{
    static const char *const forges[] = { "github.com", "gitlab.com", "bitbucket.org" };
    for (size_t i = 0; i < SP_COUNT(forges); i++)
        if (sp_is_word(host, length, forges[i]))
            return true;
    return false;
}

/* Hosts whose second element still says who, not what. */
static bool
has_owners(const char *host, size_t length)
{
    static const char *const others[] = { "golang.org", "codeberg.org", "gitee.com", "git.sr.ht" };
    for (size_t i = 0; i < SP_COUNT(others); i++)
        if (sp_is_word(host, length, others[i]))
            return true;
    return sp_golang_is_forge(host, length);
}

static void
split(const char *name, size_t length, struct sp_name_parts *out)
{
    bool wrong;
    size_t end = path_version(name, length, &wrong);
    const char *slash = end ? memchr(name, '/', end) : NULL;
    if (!slash || slash + 1 == name + end) {
        sp_split_none(name, end ? end : length, out);
        return;
    }
    /* gopkg.in/yaml.v3 is the project's own, gopkg.in/user/name.v1 is github.com/user/name */
    size_t host = (size_t)(slash - name);
    if (has_owners(name, host) || starts_with(name, length, GOPKG)) {
        const char *second = memchr(slash + 1, '/', (size_t)(name + end - slash - 1));
        if (second && second + 1 < name + end)
            host = (size_t)(second - name);
    }
    out->namespace_ = (struct sp_slice){ name, host };
    out->identifier = (struct sp_slice){ name + host + 1, end - host - 1 };
}

const struct sp_ecosystem sp_ecosystem_golang = {
    .id = SP_GOLANG,
    .name = "golang",
    .title = "Go",
    .aliases = (const char *const[]){ "go", "gomod", NULL },
    .source = "golang.org/x/mod/module, CheckPath and SplitPathVersion; Go Modules Reference",
    .has_namespaces = true,
    .delimiters = "-_.~/",
    .validate = validate,
    .normalise = normalise,
    .split = split,
};
