/* neighbours.c: a package that changes another one. Worms do; honest ones write beneath themselves, into
 * shared caches, and into what they installed themselves. Sources: MITRE ATT&CK T1554, T1195.002. */
#include "behaviour/judge.h"

#include "ecosystem/purl.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>

/* A package's directory within a path. */
struct root {
    const char *name; /* in the path; "@scope/x" too */
    size_t length;    /* of the name */
    size_t end;       /* of the directory within the path */
    bool python;
};

/* The first package's directory in PATH from *AT on; *AT moves behind it. */
static bool
next_root(const char *path, const char **at, struct root *out)
{
    static const struct {
        const char *part;
        bool python;
    } parts[] = { { "/node_modules/", false }, { "/site-packages/", true }, { "/dist-packages/", true } };
    const char *found = NULL;
    for (size_t i = 0; i < SP_COUNT(parts); i++) {
        const char *here = strstr(*at, parts[i].part);
        if (!here || (found && here > found))
            continue;
        found = here;
        out->name = here + strlen(parts[i].part);
        out->python = parts[i].python;
    }
    if (!found)
        return false;
    out->length = strcspn(out->name, "/");
    if (!out->python && *out->name == '@' && out->name[out->length] == '/')
        out->length += 1 + strcspn(out->name + out->length + 1, "/");
    out->end = (size_t)(out->name - path) + out->length;
    *at = out->name; /* ".pnpm/x/node_modules/x": the next begins within */
    return true;
}

/* As PEP 503 has it, and without what follows a dash in "x-1.0.dist-info". */
static void
fold(char *out, size_t size, const char *name, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i < length && at + 1 < size; i++) {
        char c = name[i] == '_' || name[i] == '.' ? '-' : (char)tolower((unsigned char)name[i]);
        if (c != '-' || !at || out[at - 1] != '-')
            out[at++] = c;
    }
    out[at] = '\0';
}

static bool
is_own_name(const struct root *root, const char *own)
{
    if (!root->python)
        return strlen(own) == root->length && !strncmp(own, root->name, root->length);
    char theirs[256], ours[256];
    fold(theirs, sizeof(theirs), root->name, root->length);
    fold(ours, sizeof(ours), own, strlen(own));
    size_t length = strlen(ours);
    return length && !strncmp(theirs, ours, length) && (!theirs[length] || theirs[length] == '-');
}

static bool
same_scope(const struct root *root, const char *own)
{
    size_t length = strcspn(own, "/");
    return own[0] == '@' && own[length] == '/' && root->length > length &&
           !strncmp(root->name, own, length + 1);
}

static bool
is_code(const char *path)
{
    static const char *const endings[] = { ".js",  ".cjs", ".mjs", ".ts",   ".jsx", ".node", ".so", ".py",
                                           ".pyc", ".pth", ".sh",  ".wasm", ".pyd", ".json", NULL };
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    if (!dot)
        return strstr(path, "/bin/") || strstr(path, "/.bin/") || strstr(path, "/scripts/");
    return sp_is_one_of(dot, endings) && (strcmp(dot, ".json") || !strcmp(slash + 1, "package.json"));
}

/* Python keeps what it compiled beside what it read. */
static bool
is_python_cache(const struct sp_behaviour *behaviour, const char *path)
{
    char name[128];
    sp_program_name(behaviour->who.process ? behaviour->who.process->program : NULL, name, sizeof(name));
    return strstr(path, "/__pycache__/") && (!strcmp(name, "python") || !strcmp(name, "pypy"));
}

static bool
is_made_by(const struct sp_behaviour *behaviour, const char *path, const struct root *root)
{
    uint32_t maker, number = (uint32_t)(behaviour->who.deeds - behaviour->deeds) + 1;
    return sp_map_get(&behaviour->made, path, root->end, &maker) && maker == number;
}

/* Whether the package's own directory is on PATH, as it was seen or by its name; else *OTHER is the innermost
 * that is another's. */
static bool
is_own(const struct sp_behaviour *behaviour, const char *path, const char *own, struct root *other)
{
    const char *purl = behaviour->who.package, *at = path;
    struct root root;
    other->name = NULL;
    while (next_root(path, &at, &root)) {
        uint32_t hash;
        if (root.name[0] == '.' || !root.length) {
            other->name = NULL; /* shared: .bin, .cache, .prisma */
            continue;
        }
        bool placed = sp_map_get(&behaviour->places, path, root.end, &hash);
        if ((placed && purl && hash == (uint32_t)sp_hash(purl, strnlen(purl, SP_COMMAND_PATH), 0)) ||
            (!placed && own && is_own_name(&root, own)) || is_made_by(behaviour, path, &root))
            return true;
        *other = root;
    }
    return !other->name;
}

/* Whether a change at PATH is one of installed code, not yet by whom. */
static bool
may_be_theirs(const struct sp_behaviour *behaviour, const char *path)
{
    return sp_is_installed(path) && !strstr(path, "/pip-build-env-") && is_code(path) &&
           !is_python_cache(behaviour, path);
}

static bool
read_neighbour(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    /* what is renamed is put at one place and gone from another */
    bool renamed = event->kind == SP_EVENT_CHANGE && event->value == SP_FILE_RENAME;
    const char *put = sp_put_path(event), *changed = renamed || !put ? sp_changed_path(event) : NULL;
    bool put_counts = put && may_be_theirs(behaviour, put);
    bool changed_counts = changed && may_be_theirs(behaviour, changed);
    if (behaviour->who.kind == SP_ACTOR_PROJECT || behaviour->who.kind == SP_ACTOR_COMMAND ||
        !(put_counts || changed_counts))
        return false;
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    const char *package = behaviour->who.package, *own = NULL;
    if (package && sp_purl_parse(package, strlen(package), &purl, &arena, NULL) == 0 &&
        sp_purl_package_name(&purl, &name, NULL) == 0)
        own = sp_buffer_string(&name);
    struct root other = { 0 };
    const char *path = NULL;
    if (put_counts && !is_own(behaviour, put, own, &other))
        path = put;
    else if (changed_counts && !is_own(behaviour, changed, own, &other))
        path = changed;
    if (!path)
        return false;
    /* who is not known has no neighbours that could be told from its own */
    bool nobody = behaviour->who.kind == SP_ACTOR_UNKNOWN && !package;
    if (nobody || (own && same_scope(&other, own)))
        remark->severity = SP_SEVERITY_REVIEW;
    char whose[256], shown[SP_SHOWN_MAX], neighbour[SP_SHOWN_MAX];
    snprintf(whose, sizeof(whose), "%.*s", (int)(other.length < 255 ? other.length : 255), other.name);
    remark->subject = path;
    SP_SAY(remark, "%s %s, code of %s, %s",
           path == put                                                        ? "changes"
           : renamed                                                          ? "moves away"
           : event->kind == SP_EVENT_CHANGE && event->value == SP_FILE_UNLINK ? "deletes"
                                                                              : "changes",
           sp_shown_path(behaviour, shown, path), sp_shown(neighbour, whose), sp_phase_words(event->phase));
    SP_ADVISE(remark, "%s",
              nobody ? "it was seen too late to know whose act it is; find out what wrote it"
              : remark->severity == SP_SEVERITY_BLOCK
                  ? "do not install it: a package that rewrites its neighbours is how a worm lives on"
                  : "packages of one publisher may set each other up; look at what it writes");
    return true;
}

const struct sp_rule sp_rule_neighbour_rewritten = {
    .id = "run/neighbour-rewritten",
    .title = "another package's code was changed",
    .source = "MITRE ATT&CK T1554, T1195.002",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a package's process writes, replaces or deletes code or a package.json beneath node_modules/OTHER "
        "or site-packages/OTHER, which it did not make itself; review within one npm scope, or "
        "where it is not known who does it",
    .advice = "do not install",
    .page = SP_PAGE "runneighbour-rewritten",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_OPEN | 1u << SP_EVENT_CHANGE,
    .read = read_neighbour,
};
