/* test_manifest.c: what each format's reader finds, where, and how it refuses what is damaged or hostile. */
#include "base/json_reader.h"
#include "manifest/manifest.h"
#include "lockfiles/expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

/* ---- a reading that keeps what it is handed ---- */

struct kept {
    struct sp_arena arena;
    struct sp_dependency *items;
    size_t count, capacity, direct, development;
    struct sp_place unseen_place[64];
    const char *unseen[64];
    size_t unseen_count;
    struct sp_error err;
};

static int
keep(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    struct kept *kept = context;
    if (sp_grow(kept->items, kept->capacity, kept->count + 1, err) < 0)
        return -1;
    kept->items[kept->count++] = *dependency;
    kept->direct += dependency->direct;
    kept->development += dependency->development;
    return 0;
}

static int
keep_unseen(void *context, const struct sp_place *place, const char *what, struct sp_error *err)
{
    struct kept *kept = context;
    if (kept->unseen_count == SP_COUNT(kept->unseen))
        return sp_fail(err, SP_ERROR_LIMIT, "too many unseen lines for this test");
    kept->unseen_place[kept->unseen_count] = *place;
    kept->unseen[kept->unseen_count++] = sp_arena_copy(&kept->arena, what, strlen(what), err);
    return 0;
}

static void
kept_free(struct kept *kept)
{
    free(kept->items);
    sp_arena_free(&kept->arena);
}

#define autokept __attribute__((cleanup(kept_free)))

static int
read_file(struct kept *kept, const char *format, const char *path)
{
    const struct sp_manifest_reading reading = { &kept->arena, keep, kept, keep_unseen };
    return sp_manifest_read_file(&reading, format ? sp_manifest_format_find(format) : NULL, path, &kept->err);
}

static int
read_bytes(struct kept *kept, const char *format, const char *content, size_t length)
{
    const struct sp_manifest_reading reading = { &kept->arena, keep, kept, keep_unseen };
    const struct sp_manifest_format *found = sp_manifest_format_find(format);
    assert_non_null(found);
    return found->read(&reading, "/nonexistent/bad", content, length, &kept->err);
}

static int
read_string(struct kept *kept, const char *format, const char *content)
{
    return read_bytes(kept, format, content, strlen(content));
}

/* ---- counts ---- */

static void
test_counts(void **state)
{
    (void)state;
    static const struct {
        const char *file, *format;
        size_t count, direct, development, unseen;
    } cases[] = {
        { "npm/v1-package-lock.json", "package-lock", 799, 8, 716, 0 },
        { "npm/v2-package-lock.json", "package-lock", 802, 14, 716, 0 },
        { "npm/v3-package-lock.json", "package-lock", 802, 14, 716, 0 },
        { "npm/aliases-package-lock.json", "package-lock", 11, 6, 3, 1 },
        { "npm/package.json", NULL, 9, 9, 5, 0 },
        { "npm/all-package.json", "package-json", 25, 19, 1, 1 },
        { "python/freeze-requirements.txt", NULL, 14, 14, 0, 0 },
        { "python/all-requirements.txt", NULL, 13, 12, 0, 7 },
        { "python/utf16-requirements.txt", NULL, 2, 2, 0, 0 },
        { "python/latin1-requirements.txt", NULL, 1, 1, 0, 0 },
        { "go/go.mod", NULL, 36, 4, 0, 0 },
        { "go/all-go.mod", "go-mod", 9, 5, 0, 1 },
        { "ruby/Gemfile.lock", NULL, 11, 8, 0, 0 },
        { "maven/pom.xml", NULL, 13, 11, 6, 2 },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autokept struct kept kept = { 0 };
        if (read_file(&kept, cases[i].format, cases[i].file) < 0)
            fail_msg("%s: %s", cases[i].file, kept.err.text);
        if (kept.count != cases[i].count || kept.direct != cases[i].direct ||
            kept.development != cases[i].development || kept.unseen_count != cases[i].unseen)
            fail_msg("%s: %zu packages, %zu direct, %zu development, %zu unseen", cases[i].file, kept.count,
                     kept.direct, kept.development, kept.unseen_count);
    }
}

/* ---- single packages ---- */

static bool
same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static void
test_packages(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(packages); i++) {
        autokept struct kept kept = { 0 };
        if (read_file(&kept, packages[i].format, packages[i].file) < 0)
            fail_msg("%s: %s", packages[i].file, kept.err.text);
        bool found = false;
        for (size_t j = 0; j < kept.count && !found; j++) {
            const struct sp_dependency *item = &kept.items[j];
            int flags = (item->direct ? DIRECT : 0) | (item->development ? DEV : 0);
            found = same(item->name, packages[i].name) && same(item->version, packages[i].version) &&
                    same(item->alias, packages[i].alias) && same(item->source, packages[i].source) &&
                    item->place.line == packages[i].line && item->place.column == packages[i].column &&
                    flags == packages[i].flags;
        }
        if (!found)
            fail_msg("%s: no %s@%s at %u:%u", packages[i].file, packages[i].name,
                     packages[i].version ? packages[i].version : "-", packages[i].line, packages[i].column);
    }
}

/* An include's packages name the included file. */
static void
test_included_place(void **state)
{
    (void)state;
    autokept struct kept kept = { 0 };
    assert_int_equal(read_file(&kept, NULL, "python/all-requirements.txt"), 0);
    assert_string_equal(kept.items[0].place.file, "python/more/base.txt");
    assert_string_equal(kept.items[0].name, "urllib3");
}

/* ---- small contents: what is read ---- */

static void
test_read_as(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(read_as); i++) {
        autokept struct kept kept = { 0 };
        sp_autobuffer struct sp_buffer got = { 0 };
        if (read_string(&kept, read_as[i].format, read_as[i].content) < 0)
            fail_msg("%s: %s", read_as[i].story, kept.err.text);
        for (size_t j = 0; j < kept.count; j++)
            sp_buffer_printf(&got, NULL, "%s%s@%s", got.length ? " " : "", kept.items[j].name,
                             kept.items[j].version ? kept.items[j].version : "-");
        for (size_t j = 0; j < kept.unseen_count; j++)
            sp_buffer_printf(&got, NULL, "%s?", got.length ? " " : "");
        if (strcmp(sp_buffer_string(&got), read_as[i].expected) != 0)
            fail_msg("%s: read '%s', expected '%s'", read_as[i].story, sp_buffer_string(&got),
                     read_as[i].expected);
    }
}

/* ---- small contents: what is refused ---- */

static void
test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(refused); i++) {
        autokept struct kept kept = { 0 };
        if (read_string(&kept, refused[i].format, refused[i].content) == 0)
            fail_msg("%s: accepted", refused[i].story);
        const char *prefix = "/nonexistent/bad:";
        if (strncmp(kept.err.text, prefix, strlen(prefix)) != 0 ||
            strcmp(kept.err.text + strlen(prefix), refused[i].message) != 0)
            fail_msg("%s: says '%s', expected '%s'", refused[i].story, kept.err.text, refused[i].message);
        assert_int_equal(kept.err.code, SP_ERROR_INPUT);
    }
}

static void
test_truncated_pom(void **state)
{
    (void)state;
    autokept struct kept kept = { 0 };
    assert_int_equal(read_string(&kept, "pom-xml", "<project>\n<dependencies>\n<depend"), -1);
    assert_non_null(strstr(kept.err.text, "/nonexistent/bad:3:"));
    assert_non_null(strstr(kept.err.text, "make it again"));
}

static void
test_nul_in_text(void **state)
{
    (void)state;
    autokept struct kept kept = { 0 };
    assert_int_equal(read_bytes(&kept, "requirements", "a\nb\0c\n", 6), -1);
    assert_string_equal(kept.err.text, "/nonexistent/bad:2:2: a NUL byte; this is no text file");
}

static void
test_nested_100000_deep(void **state)
{
    (void)state;
    static const struct {
        const char *format, *open, *message;
    } cases[] = {
        { "package-lock", "{\"x\":",
          "/nonexistent/bad:1:1001: nested deeper than 200 levels; "
          "no manifest is: do not trust this file" },
        { "package-json", "{\"dependencies\":",
          "/nonexistent/bad:1:3201: nested deeper than 200 levels; "
          "no manifest is: do not trust this file" },
        { "pom-xml", "<project>",
          "/nonexistent/bad:1:1809: nested deeper than 200 levels; "
          "no POM is: do not trust this file" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autokept struct kept kept = { 0 };
        sp_autobuffer struct sp_buffer content = { 0 };
        for (int j = 0; j < 100000; j++)
            assert_int_equal(sp_buffer_append_string(&content, cases[i].open, NULL), 0);
        assert_int_equal(read_bytes(&kept, cases[i].format, content.bytes, content.length), -1);
        assert_string_equal(kept.err.text, cases[i].message);
        assert_int_equal(kept.err.code, SP_ERROR_LIMIT);
    }
}

/* ---- the callbacks ---- */

static int
refuse(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    (void)context;
    return sp_fail(err, SP_ERROR_USAGE, "stopped at %s", dependency->name);
}

static void
test_sink_stops_the_reading(void **state)
{
    (void)state;
    static const char *const files[] = { "npm/v1-package-lock.json",
                                         "npm/v3-package-lock.json",
                                         "npm/package.json",
                                         "python/freeze-requirements.txt",
                                         "go/go.mod",
                                         "ruby/Gemfile.lock",
                                         "maven/pom.xml" };
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_error err = { 0 };
        const struct sp_manifest_reading reading = { &arena, refuse, NULL, NULL };
        assert_int_equal(sp_manifest_read_file(&reading, NULL, files[i], &err), -1);
        if (strncmp(err.text, "stopped at ", 11) != 0)
            fail_msg("%s: %s", files[i], err.text);
    }
}

static void
test_unseen_is_an_error_where_nobody_listens(void **state)
{
    (void)state;
    struct kept kept = { 0 };
    const struct sp_manifest_reading reading = { &kept.arena, keep, &kept, NULL };
    const struct sp_manifest_format *format = sp_manifest_format_find("requirements");
    assert_int_equal(format->read(&reading, "/nonexistent/bad", "a\n--odd\n", 8, &kept.err), -1);
    assert_string_equal(kept.err.text, "/nonexistent/bad:2:1: an option that this reader does not know; "
                                       "check what it pulls in");
    kept_free(&kept);
}

/* ---- which format ---- */

static void
test_guess(void **state)
{
    (void)state;
    static const struct {
        const char *path, *content, *expected; /* expected NULL: none */
    } cases[] = {
        { "a/package-lock.json", "", "package-lock" },
        { "npm-shrinkwrap.json", "", "package-lock" },
        { "node_modules/.package-lock.json", "", "package-lock" },
        { "/x/package.json", "", "package-json" },
        { "requirements.txt", "", "requirements" },
        { "requirements-dev.txt", "", "requirements" },
        { "dev.requirements.txt", "", "requirements" },
        { "requirements/base.txt", "", "requirements" },
        { "/a/requirements/base.txt", "", "requirements" },
        { "constraints.txt", "", "requirements" },
        { "requirements/deep/base.txt", "", NULL },
        { "go.mod", "", "go-mod" },
        { "Gemfile.lock", "", "gemfile-lock" },
        { "pom.xml", "", "pom-xml" },
        { "other-1.0.pom", "", "pom-xml" },
        { "x.json", "{\"lockfileVersion\": 3}", "package-lock" },
        { "x.json", " {\"devDependencies\": {}}", "package-json" },
        { "x.txt", "# pinned\nrequests==2.32.0\n", "requirements" },
        { "x.txt", "if a == b: pass\n", NULL },
        { "x", "module example.com/x\n", "go-mod" },
        { "x", "GEM\n  remote: x\n  specs:\n", "gemfile-lock" },
        { "x.xml", "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">", "pom-xml" },
        { "x.xml", "<project/>", NULL },
        { "README.md", "words\n", NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct sp_manifest_format *format =
            sp_manifest_format_guess(cases[i].path, cases[i].content, strlen(cases[i].content));
        if (!same(format ? format->id : NULL, cases[i].expected))
            fail_msg("%s: guessed %s", cases[i].path, format ? format->id : "none");
    }
}

static void
test_table_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < sp_manifest_format_count; i++) {
        const struct sp_manifest_format *format = sp_manifest_formats[i];
        assert_ptr_equal(sp_manifest_format_find(format->id), format);
        assert_true(format->title && format->names && format->names[0] && *format->ecosystem && format->read);
    }
    assert_null(sp_manifest_format_find("no-such-format"));
}

/* ---- files ---- */

static char *
temporary_directory(char path[static 64])
{
    strcpy(path, "/tmp/sallyport-manifest-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static void
write_text(const char *path, const char *text)
{
    sp_autofclose FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
}

static void
remove_tree(const char *path)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
}

static void
test_file_kinds(void **state)
{
    (void)state;
    char root[64], previous[4096];
    assert_non_null(getcwd(previous, sizeof(previous)));
    assert_int_equal(chdir(temporary_directory(root)), 0);
    assert_int_equal(mkdir("directory", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    write_text("empty", "");
    write_text("prose.md", "words\n");
    static const struct {
        const char *path, *message;
    } cases[] = {
        { "directory", "directory: is a directory; name a regular file" },
        { "fifo", "fifo: is a FIFO; name a regular file" },
        { "/dev/zero", "/dev/zero: is a device; name a regular file" },
        { "loop", "loop: cannot open: Too many levels of symbolic links" },
        { "absent", "absent: cannot open: No such file or directory" },
        { "empty", "empty:1:1: an empty file; make it again" },
        { "prose.md", "prose.md: of no known manifest format; name the format, or rename the file" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autokept struct kept kept = { 0 };
        int status = read_file(&kept, NULL, cases[i].path);
        if (status == 0 || strcmp(kept.err.text, cases[i].message) != 0)
            fail_msg("%s: says '%s'", cases[i].path, kept.err.text);
    }
    assert_int_equal(chdir(previous), 0);
    remove_tree(root);
}

static void
test_include_loop(void **state)
{
    (void)state;
    autokept struct kept kept = { 0 };
    assert_int_equal(read_file(&kept, NULL, "python/loop-a-requirements.txt"), -1);
    assert_string_equal(kept.err.text, "python/loop-b-requirements.txt:2:4: a file that includes itself; "
                                       "remove this line");
}

static void
test_includes(void **state)
{
    (void)state;
    char root[64], previous[4096], line[32];
    assert_non_null(getcwd(previous, sizeof(previous)));
    assert_int_equal(chdir(temporary_directory(root)), 0);
    assert_int_equal(mkdir("in", 0700), 0);
    assert_int_equal(mkdir("in/directory", 0700), 0);
    assert_int_equal(mkfifo("in/fifo", 0600), 0);
    write_text("outside.txt", "outside\n");
    write_text("in/inside.txt", "inside\n");
    assert_int_equal(symlink("../outside.txt", "in/link.txt"), 0);
    assert_int_equal(symlink("/dev/zero", "in/zero"), 0);
    write_text("in/requirements.txt", "-r inside.txt\n-r ../outside.txt\n-r link.txt\n-r directory\n-r fifo\n"
                                      "-r zero\n-r ../in/inside.txt\n-r /etc/passwd\n");
    {
        autokept struct kept kept = { 0 };
        if (read_file(&kept, NULL, "in/requirements.txt") < 0)
            fail_msg("%s", kept.err.text);
        assert_int_equal(kept.count, 2);
        assert_int_equal(kept.unseen_count, 6);
        assert_non_null(strstr(kept.unseen[0], "outside of the first file's directory"));
        assert_non_null(strstr(kept.unseen[1], "outside of the first file's directory"));
        assert_non_null(strstr(kept.unseen[2], "is a directory"));
        assert_non_null(strstr(kept.unseen[3], "is a FIFO"));
    }
    sp_autobuffer struct sp_buffer many = { 0 };
    for (int i = 0; i < 65; i++) {
        snprintf(line, sizeof(line), "-r inside.txt\n");
        assert_int_equal(sp_buffer_append_string(&many, line, NULL), 0);
    }
    write_text("in/many-requirements.txt", many.bytes);
    autokept struct kept kept = { 0 };
    assert_int_equal(read_file(&kept, NULL, "in/many-requirements.txt"), -1);
    assert_string_equal(kept.err.text,
                        "in/many-requirements.txt:65:4: more than 64 included files; split the project");
    assert_int_equal(chdir(previous), 0);
    remove_tree(root);
}

/* ---- size ---- */

#ifdef __SANITIZE_ADDRESS__ /* which needs a multiple of the time and the memory */
#define BIG_SIZE ((size_t)20 << 20)
#define BIG_MEMORY_KB (1L << 30)
#else
#define BIG_SIZE ((size_t)200 << 20)
#define BIG_MEMORY_KB (512L << 10)
#endif

static size_t
write_big_lock(const char *path)
{
    sp_autofclose FILE *file = fopen(path, "w");
    assert_non_null(file);
    size_t count = 0;
    fputs("{\"lockfileVersion\": 3, \"packages\": {\"\": {\"dependencies\": {\"p0\": \"1\"}}", file);
    for (size_t written = 0; written < BIG_SIZE; count++) {
        int size =
            fprintf(file,
                    ",\n    \"node_modules/p%zu\": {\n      \"version\": \"1.0.%zu\",\n      \"resolved\": "
                    "\"https://registry.npmjs.org/p%zu/-/p%zu-1.0.%zu.tgz\",\n      \"integrity\": "
                    "\"sha512-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\n"
                    "      \"license\": \"MIT\",\n      \"dependencies\": {\n        \"x\": \"^4.0.0\"\n"
                    "      },\n      \"engines\": {\n        \"node\": \">=6.9.0\"\n      }\n    }",
                    count, count, count, count, count);
        assert_true(size > 0);
        written += (size_t)size;
    }
    fputs("\n}}\n", file);
    return count;
}

static int
count_only(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    (void)dependency, (void)err;
    ++*(size_t *)context;
    return 0;
}

/* In a process of its own, so that the most memory it ever held can be asked for. */
static int
read_big_lock(const char *path, size_t expected)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    struct rusage usage;
    size_t count = 0;
    const struct sp_manifest_reading reading = { &arena, count_only, &count, NULL };
    if (sp_manifest_read_file(&reading, sp_manifest_format_find("package-lock"), path, &err) < 0)
        return 1;
    if (count != expected)
        return 2;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss < BIG_MEMORY_KB ? 0 : 3;
}

static void
test_lockfile_of_200_mb_stays_below_512_mb(void **state)
{
    (void)state;
    char root[64], path[96];
    snprintf(path, sizeof(path), "%s/package-lock.json", temporary_directory(root));
    size_t expected = write_big_lock(path);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(read_big_lock(path, expected));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    remove_tree(root);
    assert_int_equal(status, 0);
}

static void
test_file_above_256_mb_is_refused(void **state)
{
    (void)state;
    char root[64], path[96];
    snprintf(path, sizeof(path), "%s/package-lock.json", temporary_directory(root));
    write_text(path, "{");
    assert_int_equal(truncate(path, (off_t)SP_MANIFEST_SIZE_MAX + 1), 0);
    autokept struct kept kept = { 0 };
    assert_int_equal(read_file(&kept, NULL, path), -1);
    assert_int_equal(kept.err.code, SP_ERROR_LIMIT);
    remove_tree(root);
}

static void
test_more_than_a_million_packages_are_refused(void **state)
{
    (void)state;
    sp_autobuffer struct sp_buffer content = { 0 };
    assert_int_equal(sp_buffer_append_string(&content, "{\"dependencies\":{\"a\":\"\"", NULL), 0);
    for (int i = 0; i < 1000000; i++)
        assert_int_equal(sp_buffer_append_string(&content, ",\n\"a\":\"\"", NULL), 0);
    assert_int_equal(sp_buffer_append_string(&content, "}}", NULL), 0);
    size_t count = 0;
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    const struct sp_manifest_reading reading = { &arena, count_only, &count, NULL };
    assert_int_equal(
        sp_manifest_format_find("package-json")->read(&reading, "p", content.bytes, content.length, &err),
        -1);
    assert_string_equal(err.text, "p:1000001:2: more than 1000000 packages; split the file");
}

/* ---- the JSON reader ---- */

static void
test_json_grammar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        { "0", true },
        { "-0", true },
        { "1.5e+10", true },
        { "\"\"", true },
        { " [ ] ", true },
        { "{}", true },
        { "[1,2]", true },
        { "{\"a\":[{}]}", true },
        { "\"\\u00e9\\n\"", true },
        { "\"\\ud83d\\ude00\"", true },
        { "true", true },
        { "null", true },
        { "\"\xf0\x9f\x98\x80\"", true },
        { "", false },
        { "01", false },
        { "1.", false },
        { ".5", false },
        { "+1", false },
        { "1e", false },
        { "-", false },
        { "[1,]", false },
        { "{\"a\":1,}", false },
        { "{a:1}", false },
        { "{\"a\"}", false },
        { "[1 2]", false },
        { "[}", false },
        { "{]", false },
        { "nul", false },
        { "'a'", false },
        { "\"\\x41\"", false },
        { "\"\\u12\"", false },
        { "\"a\nb\"", false },
        { "\"\\ude00\"", false },
        { "\"\\ud83d\\u0041\"", false },
        { "1 2", false },
        { "NaN", false },
        { "\"\xc0\x80\"", false },
        { "\"\xed\xa0\x80\"", false },
        { "[\"a\",", false },
        { "{\"a\":}", false },
        { "truex", false },
        { "/**/1", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        for (int skip = 0; skip < 2; skip++) {
            sp_autobuffer struct sp_buffer scratch = { 0 };
            struct sp_json_reader reader;
            struct sp_error err = { 0 };
            enum sp_json_token token;
            assert_int_equal(
                sp_json_reader_open(&reader, "j", cases[i].text, strlen(cases[i].text), &scratch, &err), 0);
            if (skip && sp_json_skip_value(&reader, &err) < 0)
                token = SP_JSON_FAILED;
            else
                while ((token = sp_json_next(&reader, &err)) > SP_JSON_END)
                    ;
            if ((token == SP_JSON_END) != cases[i].good)
                fail_msg("%s: %s", cases[i].text, token == SP_JSON_END ? "accepted" : err.text);
        }
    }
}

static void
test_json_tokens(void **state)
{
    (void)state;
    static const struct {
        enum sp_json_token token;
        const char *text;
        unsigned line, column;
    } expected[] = {
        { SP_JSON_OBJECT, NULL, 1, 1 },     { SP_JSON_KEY, "k\xc3\xa9y", 2, 4 },
        { SP_JSON_ARRAY, NULL, 2, 16 },     { SP_JSON_NUMBER, "-1.5", 2, 17 },
        { SP_JSON_STRING, "a\"b", 3, 3 },   { SP_JSON_ARRAY_END, NULL, 3, 8 },
        { SP_JSON_OBJECT_END, NULL, 4, 1 }, { SP_JSON_END, NULL, 5, 1 },
    };
    const char *text = "{\r\n  \"k\\u00e9y\" : [-1.5,\n \"a\\\"b\"]\n}\n";
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct sp_json_reader reader;
    struct sp_error err = { 0 };
    assert_int_equal(sp_json_reader_open(&reader, "j", text, strlen(text), &scratch, &err), 0);
    for (size_t i = 0; i < SP_COUNT(expected); i++) {
        assert_int_equal(sp_json_next(&reader, &err), expected[i].token);
        if (reader.line != expected[i].line || reader.column != expected[i].column)
            fail_msg("token %zu stands at %u:%u", i, reader.line, reader.column);
        if (expected[i].text)
            assert_true(sp_json_is(&reader, expected[i].text));
    }
}

static void
test_json_forgiven(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *read; /* NULL: refused */
        size_t keep;
        bool forgiving;
    } cases[] = {
        { "half a pair is refused", "\"a\\ud83d\"", NULL, 0, false },
        { "half a pair stands for U+FFFD", "\"a\\ud83d!\"", "a\xef\xbf\xbd!", 0, true },
        { "two first halves", "\"\\ud83d\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd", 0, true },
        { "a whole pair", "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 0, true },
        { "bytes that are no UTF-8 are refused", "\"a\xff\"", NULL, 0, false },
        { "bytes that are no UTF-8 are handed on", "\"a\xff\"", "a\xff", 0, true },
        { "an escape that JSON does not have", "\"\\x\"", NULL, 0, true },
        { "cut after an escape", "\"\\n\\n\\n\"", "\n\n", 2, false },
        { "cut in plain text", "\"\\nabc\"", "\nab", 3, false },
        { "what needs no decoding is not cut", "\"abcdef\"", "abcdef", 3, false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer scratch = { 0 };
        struct sp_json_reader reader;
        struct sp_error err = { 0 };
        const char *text = cases[i].text;
        assert_int_equal(sp_json_reader_open(&reader, "j", text, strlen(text), &scratch, &err), 0);
        reader.forgiving = cases[i].forgiving;
        reader.keep = cases[i].keep;
        enum sp_json_token token = sp_json_next(&reader, &err);
        if (cases[i].read ? token != SP_JSON_STRING || !sp_json_is(&reader, cases[i].read)
                          : token != SP_JSON_FAILED)
            fail_msg("%s", cases[i].name);
        if (cases[i].read)
            assert_int_equal(sp_json_next(&reader, &err), SP_JSON_END);
    }
}

int
main(void)
{
    const char *tests = getenv("SALLYPORT_TESTS_DIR");
    if (chdir(tests ? tests : "tests") < 0 || chdir("lockfiles") < 0) {
        perror("test_manifest: tests/lockfiles; set SALLYPORT_TESTS_DIR");
        return 1;
    }
    const struct CMUnitTest all[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_included_place),
        cmocka_unit_test(test_read_as),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_truncated_pom),
        cmocka_unit_test(test_nul_in_text),
        cmocka_unit_test(test_nested_100000_deep),
        cmocka_unit_test(test_sink_stops_the_reading),
        cmocka_unit_test(test_unseen_is_an_error_where_nobody_listens),
        cmocka_unit_test(test_guess),
        cmocka_unit_test(test_table_is_complete),
        cmocka_unit_test(test_file_kinds),
        cmocka_unit_test(test_include_loop),
        cmocka_unit_test(test_includes),
        cmocka_unit_test(test_lockfile_of_200_mb_stays_below_512_mb),
        cmocka_unit_test(test_file_above_256_mb_is_refused),
        cmocka_unit_test(test_more_than_a_million_packages_are_refused),
        cmocka_unit_test(test_json_grammar),
        cmocka_unit_test(test_json_tokens),
        cmocka_unit_test(test_json_forgiven),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
