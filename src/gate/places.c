#include "gate/places.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* Whom the proxy becomes when root starts it: an id that owns nothing but its cache. Below the ids of the
 * rooms. */
#define PROXY_ID 0x5fff0000u
#define TMPFS_DIRECTORY "/dev/shm"

static unsigned long
sudo_id(const char *name)
{
    const char *text = getenv(name);
    char *end;
    unsigned long id = text ? strtoul(text, &end, 10) : 0;
    return text && *text && !*end ? id : 0;
}

static int
find_person(struct sp_places *places, struct sp_error *err)
{
    char resolved[PATH_MAX];
    const char *home = getenv("HOME");
    unsigned long uid = sudo_id("SUDO_UID"), gid = sudo_id("SUDO_GID");
    places->uid = geteuid();
    places->gid = getegid();
    if (!places->uid && uid && gid) {
        places->uid = (uid_t)uid;
        places->gid = (gid_t)gid;
        home = NULL; /* sudo may leave root's, or not */
    }
    places->as_root = !places->uid;
    if (!home || home[0] != '/') {
        const struct passwd *entry = getpwuid(places->uid);
        home = entry ? entry->pw_dir : NULL;
    }
    if (!home || !realpath(home, resolved) || !resolved[1])
        return sp_fail(err, SP_ERROR_USAGE, "%s: is no home directory; set HOME", home ? home : "(none)");
    places->home = sp_arena_copy(&places->arena, resolved, strlen(resolved), err);
    return places->home ? 0 : -1;
}

/* Makes PATH and what leads to it, the new ones owned by the person. */
static int
make_owned(const struct sp_places *places, const char *path, uid_t uid, gid_t gid, struct sp_error *err)
{
    char whole[PATH_MAX];
    if (snprintf(whole, sizeof(whole), "%s", path) >= (int)sizeof(whole))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long", path);
    for (char *at = whole + 1;; at++) {
        if (*at && *at != '/')
            continue;
        bool last = !*at;
        *at = '\0';
        if (mkdir(whole, last ? 0700 : 0755) == 0) {
            if (!geteuid() && lchown(whole, last ? uid : places->uid, last ? gid : places->gid) < 0)
                return sp_fail_errno(err, "%s", whole);
        } else if (errno != EEXIST) {
            return sp_fail_errno(err, "%s: cannot be made; set XDG_CACHE_HOME to a place that can be written",
                                 whole);
        }
        if (last)
            return 0;
        *at = '/';
    }
}

static int
find_cache(struct sp_places *places, struct sp_error *err)
{
    const char *base = getenv("XDG_CACHE_HOME");
    bool sudo = places->uid != geteuid();
    if (places->as_root && (!base || base[0] != '/'))
        places->cache = "/var/cache/sallyport";
    else if (!sudo && base && base[0] == '/')
        places->cache = sp_arena_printf(&places->arena, err, "%s/sallyport", base);
    else
        places->cache = sp_arena_printf(&places->arena, err, "%s/.cache/sallyport", places->home);
    if (!places->cache)
        return -1;
    places->proxy_uid = places->as_root ? PROXY_ID : places->uid;
    places->proxy_gid = places->as_root ? PROXY_ID : places->gid;
    places->fetched = sp_arena_printf(&places->arena, err, "%s/fetched", places->cache);
    if (!places->fetched || make_owned(places, places->cache, places->uid, places->gid, err) < 0 ||
        make_owned(places, places->fetched, places->proxy_uid, places->proxy_gid, err) < 0)
        return -1;
    /* the proxy has to pass through to its own part */
    return places->as_root && chmod(places->cache, 0711) < 0 ? sp_fail_errno(err, "%s", places->cache) : 0;
}

/* Whether an overlay's upper layer can lie on the file system of PATH. */
static bool
bears_layers(const char *path)
{
    struct statfs status;
    if (statfs(path, &status) < 0)
        return false;
    switch ((unsigned long)status.f_type) {
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
        return true;
    default:
        return false;
    }
}

static bool
on_same_device(const char *a, const char *b)
{
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev;
}

static int
find_layers(struct sp_places *places, const char *project, const char *scratch, struct sp_error *err)
{
    sp_autofree char *parent = project ? strdup(project) : NULL;
    if (scratch && !strcmp(scratch, "tmpfs")) {
        places->layers = TMPFS_DIRECTORY;
    } else if (scratch) {
        if (!(places->layers = realpath(scratch, NULL)))
            return sp_fail_errno(err, "%s: cannot be the scratch directory", scratch);
        const char *kept = sp_arena_copy(&places->arena, places->layers, strlen(places->layers), err);
        free((char *)places->layers);
        if (!(places->layers = kept))
            return -1;
        if (!bears_layers(kept))
            return sp_fail(
                err, SP_ERROR_USAGE,
                "%s: its file system cannot hold the layers of a sandbox; choose a directory on ext4, xfs, "
                "btrfs or tmpfs",
                scratch);
    } else if (bears_layers(places->cache) && (!project || on_same_device(places->cache, project))) {
        places->layers = sp_arena_printf(&places->arena, err, "%s/layers", places->cache);
    } else {
        /* beside the project, where a rename still reaches it */
        char *slash = parent ? strrchr(parent, '/') : NULL;
        if (slash && slash != parent) {
            *slash = '\0';
            if (bears_layers(parent) && on_same_device(parent, project) && access(parent, W_OK) == 0)
                places->layers = sp_arena_printf(&places->arena, err, "%s/.sallyport-layers", parent);
        }
        if (!places->layers)
            places->layers = bears_layers(places->cache)
                                 ? sp_arena_printf(&places->arena, err, "%s/layers", places->cache)
                                 : TMPFS_DIRECTORY;
    }
    if (!places->layers)
        return -1;
    if (strcmp(places->layers, TMPFS_DIRECTORY) &&
        make_owned(places, places->layers, geteuid(), getegid(), err) < 0)
        return -1;
    return 0;
}

int
sp_places_find(struct sp_places *out, const char *directory, const char *project, const char *scratch,
               struct sp_error *err)
{
    char resolved[PATH_MAX];
    *out = (struct sp_places){ 0 };
    if (find_person(out, err) < 0 || find_cache(out, err) < 0)
        return -1;
    if (!realpath(directory ? directory : ".", resolved))
        return sp_fail_errno(err, "the working directory cannot be found");
    if (!(out->cwd = sp_arena_copy(&out->arena, resolved, strlen(resolved), err)))
        return -1;
    return find_layers(out, project ? project : out->cwd, scratch, err);
}

int
sp_places_cache(struct sp_places *out, struct sp_error *err)
{
    *out = (struct sp_places){ 0 };
    return find_person(out, err) < 0 ? -1 : find_cache(out, err);
}

void
sp_places_free(struct sp_places *places)
{
    sp_arena_free(&places->arena);
    *places = (struct sp_places){ 0 };
}
