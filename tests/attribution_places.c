/* Which package a directory of a sandbox holds: a root made for the test, and a registry of four packages. */
#include "attribution_places.h"
#include "base/tree.h"
#include "gate/package_places.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cmocka.h>

#define P "/p"

struct room {
    char path[64];
    int root;
    struct sp_evidence evidence;
    struct sp_run_package packages[8];
    struct sp_package_places *places;
};

static void
open_room(struct room *room)
{
    struct sp_error err;
    *room = (struct room){
        .path = "/tmp/sallyport-places-XXXXXX",
        .packages = {
            { .ecosystem = "npm", .name = "left", .version = "1.0.0", .url = "u" },
            { .ecosystem = "npm", .name = "many", .version = "1.0.0", .url = "u" },
            { .ecosystem = "npm", .name = "many", .version = "2.0.0", .url = "u" },
            { .ecosystem = "npm", .name = "react", .version = "18.0.0", .url = "u" },
            { .ecosystem = "npm", .name = "unfetched", .version = "9.0.0" },
            { .ecosystem = "pypi", .name = "snake-case", .version = "1.0", .url = "u" },
            { .ecosystem = "pypi", .name = "snake-case", .version = "2.0", .url = "u" },
            { .ecosystem = "pypi", .name = "requests", .version = "2.31.0", .url = "u" },
        },
    };
    room->evidence.packages = room->packages;
    room->evidence.package_count = SP_COUNT(room->packages);
    assert_non_null(mkdtemp(room->path));
    room->root = open(room->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    assert_true(room->root >= 0);
    assert_int_equal(
        sp_package_places_new(&room->places, room->root, P, sp_evidence_served, &room->evidence, &err), 0);
}

static void
close_room(struct room *room)
{
    sp_package_places_free(room->places);
    close(room->root);
    sp_tree_remove(room->path, NULL);
}

/* The path of INSIDE from outside, its directories made. */
static const char *
outside(const struct room *room, const char *inside, char out[512])
{
    int length = snprintf(out, 512, "%s%s", room->path, inside);
    assert_true(length > 0 && length < 512);
    for (char *slash = out + strlen(room->path) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(out, 0755);
        *slash = '/';
    }
    return out;
}

static void
put(const struct room *room, const char *directory, const char *file, const char *text)
{
    char inside[256], path[512];
    snprintf(inside, sizeof(inside), "%s/%s", directory, file);
    FILE *stream = fopen(outside(room, inside, path), "w");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static const char *
ask(const struct room *room, const char *directory, char out[512])
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    bool found = sp_package_places_resolve(room->places, directory, &purl);
    snprintf(out, 512, "%s", found ? sp_buffer_string(&purl) : "");
    return out;
}

#define HASH "_0123456789abcdef0123456789abcdef"
#define PKG_INFO(name, version) "Metadata-Version: 2.1\nName: " name "\nVersion: " version "\n\n"

static const struct place_case {
    const char *name, *directory, *file, *text, *purl;
} place_cases[] = {
    { "as_it_was_served", P "/node_modules/left", "package.json", "{\"name\":\"left\",\"version\":\"1.0.0\"}",
      "pkg:npm/left@1.0.0" },
    { "a_version_that_was_never_served", P "/node_modules/left", "package.json",
      "{\"name\":\"left\",\"version\":\"6.6.6\"}", "pkg:npm/left@1.0.0" },
    { "the_one_of_several_that_it_says", P "/node_modules/many", "package.json",
      "{\"name\":\"many\",\"version\":\"2.0.0\"}", "pkg:npm/many@2.0.0" },
    { "none_of_several", P "/node_modules/many", "package.json", "{\"name\":\"many\",\"version\":\"3.0.0\"}",
      "pkg:npm/many" },
    { "from_a_warm_cache", P "/node_modules/@s/warm", "package.json", "{\"version\":\"4.0.0-rc.1+b\"}",
      "pkg:npm/%40s/warm@4.0.0-rc.1%2Bb" },
    { "an_alias_of_a_served_package", P "/node_modules/view", "package.json",
      "{\"name\":\"react\",\"version\":\"18.0.0\"}", "pkg:npm/react@18.0.0" },
    { "a_served_package_that_says_to_be_another", P "/node_modules/left", "package.json",
      "{\"name\":\"react\",\"version\":\"18.0.0\"}", "pkg:npm/left@1.0.0" },
    { "says_to_be_what_nobody_served", P "/node_modules/checkout", "package.json",
      "{\"name\":\"unfetched\",\"version\":\"9.0.0\"}", "pkg:npm/checkout" },
    { "a_version_that_is_none", P "/node_modules/warm", "package.json",
      "{\"version\":\"1.0.0?x=y#../../etc\\u001b[2J\"}", "pkg:npm/warm" },
    { "pnpms_store_knows_the_version", P "/node_modules/.pnpm/many@2.0.0/node_modules/many", "package.json",
      "{\"version\":\"1.0.0\"}", "pkg:npm/many@2.0.0" },
    { "a_manifest_that_is_no_json", P "/node_modules/left", "package.json", "{\"name\": \"lef",
      "pkg:npm/left@1.0.0" },
    { "a_manifest_that_nests_too_deep", P "/node_modules/left", "package.json",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "pkg:npm/left@1.0.0" },
    { "no_manifest_at_all", P "/node_modules/left", "README", "", "pkg:npm/left@1.0.0" },
    { "a_checkout_is_what_it_says_but_of_no_registry", "/home/u/.npm/_cacache/tmp/git-cloneX", "package.json",
      "{\"name\":\"@s/react\",\"version\":\"18.0.0\"}", "pkg:generic/%40s/react@18.0.0" },
    { "a_checkout_with_a_name_that_is_none", "/tmp/git-clone", "package.json", "{\"name\":\"../../etc\"}",
      "" },
    { "the_project_is_no_package", P, "package.json", "{\"name\":\"react\",\"version\":\"18.0.0\"}", "" },
    { "pip_says_the_name_and_its_metadata_the_version", "/tmp/pip-install-x/snake-case" HASH, "PKG-INFO",
      PKG_INFO("snake_case", "2.0"), "pkg:pypi/snake-case@2.0" },
    { "metadata_that_says_to_be_another", "/tmp/pip-install-x/snake-case" HASH, "PKG-INFO",
      PKG_INFO("requests", "2.31.0"), "pkg:pypi/snake-case" },
    { "a_version_from_pyproject", "/tmp/pip-install-x/snake-case", "pyproject.toml",
      "[build-system]\nname = \"no\"\nversion='1.0'\n[project]\nname = \"snake-case\"\nversion = '1.0' # x\n",
      "pkg:pypi/snake-case@1.0" },
    { "an_archive_from_a_url_frames_nobody", "/tmp/pip-req-build-y", "PKG-INFO",
      PKG_INFO("requests", "2.31.0"), "pkg:generic/requests@2.31.0" },
    { "a_name_from_setup_cfg", "/tmp/pip-req-build-y", "setup.cfg",
      "[metadata]\r\nname = thing\r\nversion = 3\r\n", "pkg:generic/thing@3" },
    { "beneath_a_package_is_not_asked", P "/node_modules/left/lib", "package.json", "{\"name\":\"x\"}", "" },
};

void
packages_are_named_by_what_others_vouch_for(void **state)
{
    size_t failed = 0;
    char purl[512];
    (void)state;
    for (size_t i = 0; i < SP_COUNT(place_cases); i++) {
        const struct place_case *each = &place_cases[i];
        struct room room;
        open_room(&room);
        put(&room, each->directory, each->file, each->text);
        if (strcmp(ask(&room, each->directory, purl), each->purl) != 0) {
            printf("%s: \"%s\", not \"%s\"\n", each->name, purl, each->purl);
            failed++;
        }
        close_room(&room);
    }
    assert_int_equal(failed, 0);
}

void
a_package_is_remembered_for_its_directory(void **state)
{
    struct room room;
    char purl[512];
    (void)state;
    open_room(&room);
    put(&room, P "/node_modules/many", "package.json", "{\"version\":\"2.0.0\"}");
    assert_string_equal(ask(&room, P "/node_modules/many", purl), "pkg:npm/many@2.0.0");
    put(&room, P "/node_modules/many", "package.json", "{\"version\":\"1.0.0\"}");
    assert_string_equal(ask(&room, P "/node_modules/many", purl), "pkg:npm/many@2.0.0");
    /* one that lies under its own name as well is no alias */
    put(&room, P "/node_modules/react", "package.json", "{\"name\":\"react\",\"version\":\"18.0.0\"}");
    put(&room, P "/node_modules/evil", "package.json", "{\"name\":\"react\",\"version\":\"18.0.0\"}");
    assert_string_equal(ask(&room, P "/node_modules/evil", purl), "pkg:npm/evil");
    close_room(&room);
    open_room(&room);
    put(&room, P "/node_modules/react", "package.json", "{\"version\":\"18.0.0\"}");
    put(&room, P "/node_modules/c/node_modules/evil", "package.json",
        "{\"name\":\"react\",\"version\":\"18.0.0\"}");
    assert_string_equal(ask(&room, P "/node_modules/c/node_modules/evil", purl), "pkg:npm/evil");
    close_room(&room);
    open_room(&room);
    put(&room, P "/node_modules/a/node_modules/react", "package.json", "{\"version\":\"18.0.0\"}");
    put(&room, P "/node_modules/a/node_modules/evil", "package.json",
        "{\"name\":\"react\",\"version\":\"18.0.0\"}");
    assert_string_equal(ask(&room, P "/node_modules/a/node_modules/evil", purl), "pkg:npm/evil");
    close_room(&room);
}

void
hostile_manifests_neither_block_nor_lead_out(void **state)
{
    struct room room;
    char purl[512], path[512];
    (void)state;
    open_room(&room);
    /* nobody opens the other end: this would wait for ever */
    assert_int_equal(mkfifo(outside(&room, P "/node_modules/many/package.json", path), 0644), 0);
    assert_string_equal(ask(&room, P "/node_modules/many", purl), "pkg:npm/many");
    /* links, to what is outside and to what would answer */
    put(&room, "/elsewhere", "package.json", "{\"version\":\"2.0.0\"}");
    char target[512];
    snprintf(target, sizeof(target), "%s/elsewhere/package.json", room.path);
    assert_int_equal(
        symlink(target, outside(&room, P "/node_modules/a/node_modules/many/package.json", path)), 0);
    assert_string_equal(ask(&room, P "/node_modules/a/node_modules/many", purl), "pkg:npm/many");
    assert_int_equal(
        symlink("/dev/zero", outside(&room, P "/node_modules/b/node_modules/many/package.json", path)), 0);
    assert_string_equal(ask(&room, P "/node_modules/b/node_modules/many", purl), "pkg:npm/many");
    /* larger than is read */
    put(&room, P "/node_modules/c/node_modules/many", "package.json", "{\"version\":\"2.0.0\"}");
    assert_int_equal(
        truncate(outside(&room, P "/node_modules/c/node_modules/many/package.json", path), 2 << 20), 0);
    assert_string_equal(ask(&room, P "/node_modules/c/node_modules/many", purl), "pkg:npm/many");
    assert_string_equal(ask(&room, "no/path", purl), "");
    assert_string_equal(ask(&room, "/not/there", purl), "");
    close_room(&room);
}
