/* Answers that the public registries gave, kept in tests/metadata: what is read from them is what they say,
 * and honest packages whose names are near each other are not blocked for it. */
#include "base/buffer.h"
#include "base/file.h"
#include "eval/pairs.h"
#include "kept_room.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PACKAGES_MAX 256
#define NAME_MAX_LENGTH 200

struct package {
    const struct sp_ecosystem *ecosystem;
    char name[NAME_MAX_LENGTH];
};

static struct world {
    char directory[64];
    struct package packages[PACKAGES_MAX];
    size_t count;
    struct sp_index *index;
    struct sp_searcher *searcher;
    struct sp_lookups *lookups;
} world;

/* "npm:left-pad" */
static struct package
read_package(const char *word)
{
    struct package package = { 0 };
    const char *colon = strchr(word, ':');
    assert_non_null(colon);
    package.ecosystem = sp_ecosystem_find(word, (size_t)(colon - word));
    assert_non_null(package.ecosystem);
    assert_true(strlen(colon + 1) < NAME_MAX_LENGTH);
    strcpy(package.name, colon + 1);
    return package;
}

static void
path_of(char out[4096], const char *name)
{
    const char *tests = getenv("SALLYPORT_TESTS_DIR");
    assert_non_null(tests);
    snprintf(out, 4096, "%s/metadata/%s", tests, name);
}

static void
read_names(void)
{
    char path[4096], line[NAME_MAX_LENGTH + 32];
    path_of(path, "packages.txt");
    sp_autofclose FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#')
            continue;
        assert_true(world.count < PACKAGES_MAX);
        world.packages[world.count++] = read_package(line);
    }
}

/* The look-ups must find the files as they were written: times, owners and modes do not matter. */
static void
unpack_answers(void)
{
    char path[4096], place[4096 + 64];
    struct archive_entry *entry;
    struct archive *from = archive_read_new(), *to = archive_write_disk_new();
    path_of(path, "answers.tar.zst");
    assert_true(from && to);
    archive_read_support_filter_zstd(from);
    archive_read_support_format_tar(from);
    archive_write_disk_set_options(to, ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS);
    if (archive_read_open_filename(from, path, 1 << 16) != ARCHIVE_OK)
        fail_msg("%s: %s", path, archive_error_string(from));
    while (archive_read_next_header(from, &entry) == ARCHIVE_OK) {
        snprintf(place, sizeof(place), "%s/%.4000s", world.directory, archive_entry_pathname(entry));
        archive_entry_set_pathname(entry, place);
        if (archive_read_extract2(from, entry, to) != ARCHIVE_OK)
            fail_msg("%s: %s %s", place, archive_error_string(from), archive_error_string(to));
    }
    if (archive_errno(from))
        fail_msg("%s: %s", path, archive_error_string(from));
    archive_read_free(from);
    archive_write_free(to);
}

static int
begin(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    kept_room_make(world.directory);
    unpack_answers();
    read_names();
    if (sp_index_open(&world.index, NULL, &err) < 0 ||
        sp_searcher_new(&world.searcher, world.index, &err) < 0)
        fail_msg("%s", err.text);
    world.lookups = kept_room_lookups(world.directory, world.index);
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    sp_lookups_close(world.lookups);
    sp_searcher_free(world.searcher);
    sp_index_close(world.index);
    kept_room_remove(world.directory);
    return 0;
}

static const struct sp_record *
look_up(const struct package *package)
{
    struct sp_error err = { 0 };
    const struct sp_record *record = sp_metadata_record(
        sp_lookups_metadata(world.lookups), package->ecosystem, package->name, NULL, SP_DEPTH_FULL, &err);
    if (!record)
        fail_msg("%s: %s", package->name, err.text);
    return record;
}

/* ------------------------------------------------------------------ records */

/* What a package may say that is not all well: where its problem begins and what is in it. */
static const struct {
    const char *package, *begins, *holds;
} known_problems[] = {
    /* these packuments have no date of creation, and times that a copy was made */
    { "npm:", "npm packument: its times may not be those of publication", "" },
    /* not kept: the archive has what a plain installation fetches */
    { "pypi:lodash", "files.pythonhosted.org: offline", "lodash-0.0.1.tar.gz" },
    { "maven:", "search.maven.org: offline", "/solrsearch/select?q=g:%22" },
    { "cargo:", "crates.io: offline", "https://crates.io/api/v1/crates/" },
};

static bool
is_known(const char *package, const char *problem)
{
    for (size_t i = 0; i < SP_COUNT(known_problems); i++)
        if (!strncmp(package, known_problems[i].package, strlen(known_problems[i].package)) &&
            !strncmp(problem, known_problems[i].begins, strlen(known_problems[i].begins)) &&
            strstr(problem, known_problems[i].holds))
            return true;
    return false;
}

static void
every_package_is_present_and_its_problems_are_known(void **state SP_UNUSED)
{
    assert_true(world.count >= 60);
    for (size_t i = 0; i < world.count; i++) {
        const struct package *package = &world.packages[i];
        const struct sp_record *record = look_up(package);
        char whole[NAME_MAX_LENGTH + 32];
        snprintf(whole, sizeof(whole), "%s:%s", package->ecosystem->name, package->name);
        if (record->presence != SP_PRESENT)
            fail_msg("%s: %s; %s", whole, sp_presence_names[record->presence],
                     record->problems.count ? record->problems.items[0] : "no problem");
        for (size_t p = 0; p < record->problems.count; p++)
            if (!is_known(whole, record->problems.items[p]))
                fail_msg("%s: %s", whole, record->problems.items[p]);
    }
}

static const struct {
    const char *package;
    enum sp_field field;
    const char *value;
} facts[] = {
    { "npm:left-pad", SP_FIELD_DESCRIPTION, "String left pad" },
    { "npm:left-pad", SP_FIELD_LICENCE, "WTFPL" },
    { "npm:left-pad", SP_FIELD_AUTHORS, "azer, Cameron Westland" },
    { "npm:left-pad", SP_FIELD_REPOSITORY, "git@github.com:stevemao/left-pad.git" },
    { "npm:left-pad", SP_FIELD_RELEASES, "15" },
    { "npm:left-pad", SP_FIELD_KEYWORDS, "leftpad, left, pad, padding, string, repeat" },
    { "npm:left-pad", SP_FIELD_HOOKS, "none" },
    { "npm:left-pad", SP_FIELD_HOLDING, "no" },
    { "npm:left-pad", SP_FIELD_MODULE, "left-pad" },
    { "npm:once", SP_FIELD_LICENCE, "ISC" },
    { "npm:once", SP_FIELD_DESCRIPTION, "Run a function exactly one time" },
    { "npm:once", SP_FIELD_DEPENDENCIES, "wrappy" },
    { "npm:once", SP_FIELD_AUTHORS, "Isaac Z. Schlueter" },
    { "npm:wrappy", SP_FIELD_REPOSITORY, "https://github.com/npm/wrappy" },
    { "npm:ms", SP_FIELD_REPOSITORY, "vercel/ms" },
    { "npm:is-number", SP_FIELD_MODULE, "is-number" },
    { "npm:is-number", SP_FIELD_REPOSITORY, "jonschlinkert/is-number" },
    { "npm:is-glob", SP_FIELD_DEPENDENCIES, "is-extglob" },
    { "npm:to-regex-range", SP_FIELD_DEPENDENCIES, "is-number" },
    { "npm:on-finished", SP_FIELD_DEPENDENCIES, "ee-first" },
    { "npm:unpipe", SP_FIELD_RELEASES, "1" },
    { "npm:picocolors", SP_FIELD_LICENCE, "ISC" },
    { "npm:json5", SP_FIELD_DESCRIPTION, "JSON for Humans" },
    { "npm:lodash.debounce", SP_FIELD_REPOSITORY, "lodash/lodash" },
    { "pypi:requests", SP_FIELD_MAINTAINERS, "Lukasa, graffatcolmingov, nateprewitt" },
    { "pypi:requests", SP_FIELD_LICENCE, "Apache-2.0" },
    { "pypi:requests", SP_FIELD_DESCRIPTION, "Python HTTP for Humans." },
    { "pypi:requests", SP_FIELD_REPOSITORY, "https://github.com/psf/requests" },
    { "pypi:requests", SP_FIELD_DEPENDENCIES, "charset_normalizer, idna, urllib3, certifi" },
    { "pypi:requests", SP_FIELD_CREATED, "2011-02-14" },
    { "pypi:lodash", SP_FIELD_MAINTAINERS, "ironmaniiith" },
    { "pypi:lodash", SP_FIELD_RELEASES, "2" },
    { "pypi:lodash", SP_FIELD_UPDATED, "2016-07-14" },
    { "pypi:docopt", SP_FIELD_HOOKS, "setup.py (source distribution only)" },
    { "pypi:docopt", SP_FIELD_CREATED, "2012-04-10" },
    { "pypi:idna-ssl", SP_FIELD_OWNER, "aio-libs" },
    { "pypi:idna-ssl", SP_FIELD_MODULE, "idna-ssl" },
    { "pypi:termcolor", SP_FIELD_HOOKS, "none" },
    { "pypi:termcolor", SP_FIELD_REPOSITORY, "https://github.com/termcolor/termcolor" },
    { "pypi:nose", SP_FIELD_MAINTAINERS, "jpellerin, jszakmeister, kumar303" },
    { "maven:junit:junit-dep", SP_FIELD_RELOCATED, "junit:junit" },
    { "maven:aopalliance:aopalliance", SP_FIELD_LICENCE, "Public Domain" },
    { "maven:org.hamcrest:hamcrest-core", SP_FIELD_DEPENDENCIES, "org.hamcrest:hamcrest" },
    { "golang:github.com/gorilla/mux", SP_FIELD_UPDATED, "2023-10-18" },
    { "golang:github.com/gofrs/uuid", SP_FIELD_RELEASES, "8" },
    { "cargo:memoffset", SP_FIELD_HOOKS, "build.rs" },
    { "cargo:memoffset", SP_FIELD_DEPENDENCIES, "autocfg" },
    { "maven:junit:junit", SP_FIELD_LICENCE, "Eclipse Public License 1.0" },
    { "maven:junit:junit", SP_FIELD_OWNER, "junit" },
    { "maven:junit:junit", SP_FIELD_REPOSITORY, "https://github.com/junit-team/junit4" },
    { "maven:junit:junit", SP_FIELD_DEPENDENCIES, "org.hamcrest:hamcrest-core" },
    { "maven:junit:junit", SP_FIELD_RELEASES, "32" },
    { "golang:github.com/google/uuid", SP_FIELD_MODULE, "github.com/google/uuid" },
    { "golang:github.com/google/uuid", SP_FIELD_OWNER, "github.com/google" },
    { "golang:github.com/google/uuid", SP_FIELD_UPDATED, "2024-01-23" },
    { "golang:github.com/google/uuid", SP_FIELD_REPOSITORY, "https://github.com/google/uuid" },
    { "cargo:itoa", SP_FIELD_LICENCE, "MIT OR Apache-2.0" },
    { "cargo:itoa", SP_FIELD_REPOSITORY, "https://github.com/dtolnay/itoa" },
    { "cargo:ryu", SP_FIELD_LICENCE, "Apache-2.0 OR BSL-1.0" },
    { "cargo:fnv", SP_FIELD_LICENCE, "Apache-2.0 / MIT" },
    { "cargo:fnv", SP_FIELD_REPOSITORY, "https://github.com/servo/rust-fnv" },
};

static void
fields_are_what_the_registries_say(void **state SP_UNUSED)
{
    bool wrong = false;
    for (size_t i = 0; i < SP_COUNT(facts); i++) {
        struct sp_error err = { 0 };
        struct package package = read_package(facts[i].package);
        const struct sp_record *record = look_up(&package);
        sp_autobuffer struct sp_buffer value = { 0 };
        bool known = sp_record_knows(record, facts[i].field);
        if (known)
            assert_int_equal(sp_record_value(record, facts[i].field, 20, &value, &err), 0);
        if (known && !strcmp(sp_buffer_string(&value), facts[i].value))
            continue;
        wrong = true;
        print_error("%s, %s: '%s', not '%s'\n", facts[i].package, sp_field_names[facts[i].field],
                    known ? sp_buffer_string(&value) : "unknown", facts[i].value);
    }
    assert_false(wrong);
}

/* ------------------------------------------------------------------ pairs */

/* Honest packages whose names, or parts of them, are near. Where neither is the lesser one, both ways. */
static const char *const pairs[][2] = {
    { "pypi:idna-ssl", "pypi:idna" },
    { "pypi:docopt-ng", "pypi:docopt" },
    { "pypi:attr", "pypi:attrs" },
    { "pypi:pytoml", "pypi:toml" },
    { "pypi:tomli", "pypi:toml" },
    { "pypi:nose2", "pypi:nose" },
    { "maven:junit:junit-dep", "maven:junit:junit" },
    { "maven:org.hamcrest:hamcrest-core", "maven:org.hamcrest:hamcrest" },
    { "golang:github.com/gofrs/uuid", "golang:github.com/google/uuid" },
    { "golang:github.com/pborman/uuid", "golang:github.com/google/uuid" },
    { "golang:github.com/go-errors/errors", "golang:github.com/pkg/errors" },
    { "npm:object.assign", "npm:object-assign" },
    { "npm:object-assign", "npm:object.assign" },
    { "npm:webidl-conversions", "npm:@types/webidl-conversions" },
    { "npm:istanbul-lib-report", "npm:@types/istanbul-lib-report" },
    { "npm:istanbul-lib-coverage", "npm:@types/istanbul-lib-coverage" },
    { "npm:hoist-non-react-statics", "npm:@types/hoist-non-react-statics" },
    { "npm:connect-history-api-fallback", "npm:@types/connect-history-api-fallback" },
    { "npm:http-errors", "npm:@types/http-errors" },
    { "npm:triple-beam", "npm:@types/triple-beam" },
    { "npm:graceful-fs", "npm:@types/graceful-fs" },
    { "npm:stack-utils", "npm:@types/stack-utils" },
    { "npm:safer-buffer", "npm:safe-buffer" },
    { "npm:safe-buffer", "npm:safer-buffer" },
    { "npm:exit-x", "npm:exit" },
    { "npm:esrecurse", "npm:@types/esrecurse" },
    { "npm:set-proto", "npm:get-proto" },
    { "npm:side-channel-map", "npm:side-channel" },
    { "npm:is-number-object", "npm:is-number" },
    { "npm:default-browser-id", "npm:default-browser" },
    { "npm:get-proto", "npm:set-proto" },
    { "npm:side-channel-list", "npm:side-channel" },
    { "npm:side-channel-weakmap", "npm:side-channel" },
    { "npm:side-channel", "npm:side-channel-weakmap" },
    { "npm:generator-function", "npm:is-generator-function" },
    { "npm:is-number", "npm:is-number-object" },
    { "npm:is-weakset", "npm:is-weakref" },
    { "npm:color", "npm:color-convert" },
    { "npm:side-channel", "npm:side-channel-list" },
    { "npm:default-browser", "npm:default-browser-id" },
    { "npm:async-generator-function", "npm:generator-function" },
    { "npm:call-bind", "npm:call-bound" },
    { "npm:color", "npm:color-name" },
    { "npm:side-channel", "npm:side-channel-map" },
    { "npm:call-bound", "npm:call-bind" },
    { "npm:lodash.once", "npm:once" },
    { "npm:is-generator-function", "npm:generator-function" },
    { "npm:async-function", "npm:is-async-function" },
    { "npm:random-bytes", "npm:bytes" },
    { "npm:is-weakref", "npm:is-weakset" },
    { "npm:bcp-47-match", "npm:bcp-47" },
    { "npm:is-async-function", "npm:async-function" },
    { "npm:generator-function", "npm:async-generator-function" },
    { "npm:signal-exit", "npm:exit" },
    { "npm:bcp-47", "npm:bcp-47-match" },
    { "npm:jws", "npm:jwa" },
    { "npm:exit", "npm:signal-exit" },
    { "npm:jwa", "npm:jws" },
    { "npm:once", "npm:lodash.once" },
    { "npm:exit", "npm:exit-x" },
    { "npm:estree-walker", "npm:walker" },
    { "npm:is-extglob", "npm:is-glob" },
    { "npm:has-proto", "npm:has-symbols" },
    { "npm:has-tostringtag", "npm:has-symbols" },
    { "npm:is-callable", "npm:is-regex" },
    { "npm:is-date-object", "npm:is-regex" },
    { "npm:strip-ansi", "npm:ansi-regex" },
    { "npm:color-string", "npm:color-convert" },
    { "npm:escape-html", "npm:escape-string-regexp" },
    { "npm:hasown", "npm:has-proto" },
    { "npm:to-regex-range", "npm:fill-range" },
    { "cargo:ryu", "cargo:itoa" },
    { "cargo:fnv", "cargo:ryu" },
};

static void
honest_pairs_are_not_blocked(void **state SP_UNUSED)
{
    const struct sp_clearing *clearing = sp_lookups_clearing(world.lookups);
    size_t review = 0;
    bool blocked = false;
    assert_true(SP_COUNT(pairs) >= 30);
    for (size_t i = 0; i < SP_COUNT(pairs); i++) {
        struct sp_error err = { 0 };
        struct package name = read_package(pairs[i][0]), target = read_package(pairs[i][1]);
        struct sp_match match;
        struct sp_signal_seen seen[SP_SIGNAL_COUNT];
        struct sp_filtered filtered;
        if (sp_relate(world.searcher, name.ecosystem, name.name, target.ecosystem, target.name, &match,
                      &err) < 0)
            fail_msg("%s: %s", pairs[i][0], err.text);
        sp_clearing_read(clearing, look_up(&name), look_up(&target), &match, seen);
        sp_filter_judge(clearing->filter, match.risk, seen, &filtered);
        assert_true(filtered.known);
        for (int s = 0; s < SP_SIGNAL_COUNT; s++)
            if (!kept_room_printable(seen[s].evidence))
                fail_msg("%s, %s: its evidence is not printable", pairs[i][0], sp_signals[s]->name);
        review += filtered.severity == SP_SEVERITY_REVIEW;
        if (filtered.severity == SP_SEVERITY_NONE)
            continue;
        blocked |= filtered.severity == SP_SEVERITY_BLOCK;
        print_message("%s for %s: %s, risk %.2f, %.2f by name\n", pairs[i][0], pairs[i][1],
                      sp_severity_name(filtered.severity), filtered.risk, match.risk);
    }
    print_message("honest pairs: %zu of %zu would be reviewed\n", review, SP_COUNT(pairs));
    assert_false(blocked);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_package_is_present_and_its_problems_are_known),
        cmocka_unit_test(fields_are_what_the_registries_say),
        cmocka_unit_test(honest_pairs_are_not_blocked),
    };
    return cmocka_run_group_tests_name("metadata_replay", tests, begin, end);
}
