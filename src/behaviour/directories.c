/* directories.c: node_modules, virtual stores, build directories. */
#include "behaviour/directories.h"
#include "base/path.h"

#include <stdio.h>
#include <string.h>

#define HASH_DIGITS 32 /* pip appends a uuid4 in hexadecimal */

struct part {
    const char *at;
    size_t length;
};

/* The component that begins at *AT (which is behind a slash), or false at the end. *AT goes behind it. */
static bool
next_part(const char **at, struct part *out)
{
    while (**at == '/')
        (*at)++;
    out->at = *at;
    out->length = strcspn(*at, "/");
    *at += out->length;
    return out->length > 0;
}

static bool
is(const struct part *part, const char *word)
{
    return part->length == strlen(word) && !memcmp(part->at, word, part->length);
}

static bool
begins(const struct part *part, const char *word)
{
    size_t length = strlen(word);
    return part->length > length && !memcmp(part->at, word, length);
}

static bool
is_hex(const char *text, size_t length)
{
    return length > 0 && strspn(text, "0123456789abcdef") >= length;
}

static bool
take_name(struct sp_directory *out, enum sp_ecosystem_id id, const char *name, size_t length)
{
    if (length > SP_NAME_MAX || sp_ecosystems[id]->validate(name, length, NULL) < 0)
        return false;
    memcpy(out->name, name, length);
    out->name[length] = '\0';
    return true;
}

/* A version begins with a digit: what does not is a tag, a hash or a URL. */
static void
take_version(struct sp_directory *out, const char *text, size_t length)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+!";
    if (length && length < sizeof(out->version) && text[0] >= '0' && text[0] <= '9' &&
        strspn(text, letters) >= length) {
        memcpy(out->version, text, length);
        out->version[length] = '\0';
    }
}

/* ---------------------------------------------------------------- node_modules */

/* STORE is the component before ".../node_modules/NAME": pnpm's "NAME@VERSION_PEERS", yarn's
 * "NAME-npm-VERSION-HASH". Both write '/' of a scoped name differently. */
static void
read_store(struct sp_directory *out, const struct part *before, const struct part *store)
{
    bool pnpm = is(before, ".pnpm"), yarn = is(before, "unplugged");
    size_t length = strlen(out->name);
    if ((!pnpm && !yarn) || store->length <= length)
        return;
    for (size_t i = 0; i < length; i++) {
        char written = out->name[i] == '/' ? (pnpm ? '+' : '-') : out->name[i];
        if (store->at[i] != written)
            return;
    }
    const char *rest = store->at + length, *end = store->at + store->length;
    if (pnpm && *rest == '@') {
        size_t span = strcspn(rest + 1, "_(/");
        take_version(out, rest + 1, span);
    } else if (yarn && end - rest > 5 && !strncmp(rest, "-npm-", 5)) {
        const char *hash = memrchr(rest + 5, '-', (size_t)(end - rest - 5));
        if (hash)
            take_version(out, rest + 5, (size_t)(hash - rest - 5));
    }
}

/* Fills OUT where the component behind "node_modules/" at FROM is a package's name. */
static bool
read_module(const char *path, const char *from, struct sp_directory *out)
{
    const char *at = from;
    struct part part;
    if (!next_part(&at, &part))
        return false;
    if (part.at[0] == '@' && !next_part(&at, &part))
        return false;
    if (!take_name(out, SP_NPM, from, (size_t)(at - from)))
        return false;
    out->kind = SP_DIRECTORY_NODE;
    out->length = (size_t)(at - path);
    return true;
}

static bool
read_node(const char *path, const char *start, struct sp_directory *out)
{
    struct part part, store = { 0 }, before = { 0 };
    bool found = false;
    for (const char *at = start; next_part(&at, &part);) {
        struct sp_directory each = { 0 };
        if (is(&part, "node_modules") && *at == '/' && read_module(path, at + 1, &each)) {
            read_store(&each, &before, &store);
            *out = each;
            found = true;
        }
        before = store;
        store = part;
    }
    return found;
}

/* ---------------------------------------------------------------- builds */

/* pip: pip-install-RANDOM/NAME_UUID, or without the uuid where builds do not run side by side. */
static void
read_pip(const struct part *part, struct sp_directory *out)
{
    size_t length = part->length;
    if (length > HASH_DIGITS + 1 && part->at[length - HASH_DIGITS - 1] == '_' &&
        is_hex(part->at + length - HASH_DIGITS, HASH_DIGITS))
        length -= HASH_DIGITS + 1;
    take_name(out, SP_PYPI, part->at, length);
}

/* uv: sdists-vN/pypi/NAME/VERSION/REVISION/src, sdists-vN/index/HASH/NAME/VERSION/...; other buckets name
 * nothing. Returns the end of what is the package's own. */
static const char *
read_uv(const char *at, struct sp_directory *out)
{
    struct part bucket, name, version, part;
    const char *end = at;
    bool named = next_part(&end, &bucket) && (is(&bucket, "pypi") || is(&bucket, "index"));
    if (named && is(&bucket, "index"))
        named = next_part(&end, &part);
    if (named && next_part(&end, &name) && next_part(&end, &version) &&
        take_name(out, SP_PYPI, name.at, name.length))
        take_version(out, version.at, version.length);
    while (next_part(&end, &part))
        if (is(&part, "src"))
            return end;
    return end;
}

static bool
read_build(const char *path, const char *start, struct sp_directory *out)
{
    struct part part, next;
    for (const char *at = start; next_part(&at, &part);) {
        const char *end = at;
        if (begins(&part, "pip-install-") && next_part(&end, &next))
            read_pip(&next, out);
        else if (begins(&part, "sdists-v") && *at)
            end = read_uv(at, out);
        else if (!begins(&part, "pip-req-build-"))
            continue;
        out->kind = SP_DIRECTORY_BUILD;
        out->length = (size_t)(end - path);
        return true;
    }
    return false;
}

void
sp_directory_read(const char *project, const char *path, struct sp_directory *out)
{
    *out = (struct sp_directory){ .kind = SP_DIRECTORY_OTHER };
    bool within =
        project && project[0] == '/' && (project[1] ? sp_path_beneath(project, path) : !strcmp(path, "/"));
    const char *start = path;
    if (within) {
        size_t length = strlen(project);
        while (length > 1 && project[length - 1] == '/')
            length--;
        start = path + length;
    }
    if (read_node(path, start, out) || read_build(path, start, out))
        return;
    out->kind = within ? SP_DIRECTORY_PROJECT : SP_DIRECTORY_OTHER;
    out->length = within ? (size_t)(start - path) : strlen(path);
    while (out->length > 1 && path[out->length - 1] == '/')
        out->length--;
}

const char *
sp_directory_type(const struct sp_directory *directory)
{
    return directory->kind == SP_DIRECTORY_NODE    ? sp_ecosystems[SP_NPM]->name
           : directory->kind == SP_DIRECTORY_BUILD ? sp_ecosystems[SP_PYPI]->name
                                                   : NULL;
}
