/* The generator: what it refuses, that it draws the same twice, that nothing acts outside a sandbox, and that
 * the proxy and the sinkhole find what it made. */
#include "base/file.h"
#include "base/tree.h"
#include "eval/corpus.h"
#include "eval/corpus_parts.h"
#include "proxy/stand_in.h"
#include "sandbox/answers.h"
#include "stand_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char scratch[] = "/tmp/sallyport-corpus-XXXXXX";
static char catalogue_folder[512], tree_folder[64];

static void
made(const char *out, uint64_t seed, const char *hosts, const struct sp_registries *registries)
{
    struct sp_error err = { 0 };
    struct sp_corpus_counts counts;
    const struct sp_corpus_options options = {
        .out = out,
        .folder = catalogue_folder,
        .seed = seed,
        .replicas = hosts ? 0 : 6,
        .twins = hosts ? 0 : 6,
        .hosts = hosts,
        .registries = registries,
    };
    if (sp_corpus_make(&options, &counts, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(counts.replicas, hosts ? 0 : 24);
    assert_int_equal(counts.twins, hosts ? 0 : 24);
}

static int
begin(void **state SP_UNUSED)
{
    if (!mkdtemp(scratch))
        return -1;
    snprintf(catalogue_folder, sizeof(catalogue_folder), "%s/corpus", getenv("SALLYPORT_TESTS_DIR"));
    snprintf(tree_folder, sizeof(tree_folder), "%s/tree", scratch);
    made(tree_folder, 1, NULL, NULL);
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    return sp_tree_remove(scratch, NULL);
}

static int
shell(const char *format, ...)
{
    char command[2048];
    va_list values;
    va_start(values, format);
    vsnprintf(command, sizeof(command), format, values);
    va_end(values);
    return system(command);
}

/* ------------------------------------------------------------ strictness */

#define WHOLE "title: t\nclass: theft\nattack: [T1]\ntriggers:\n  npm: [load]\nsources: [s]\n"

static void
descriptions_that_are_not_understood_are_refused_with_their_line(void **state SP_UNUSED)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { WHOLE "colour: red\n", "x.yaml:7: there is no field 'colour'" },
        { WHOLE "title: again\n", "x.yaml:7: stands there twice: 'title'" },
        { "title: t\nclass: theft\nattack: [T1]\nsources: [s]\n", "the field 'triggers' is missing" },
        { "title: t\nclass: mischief\n", "x.yaml:2: there is no class 'mischief'" },
        { "title: t\ntriggers:\n  npm: [setup]\n", "x.yaml:3: this ecosystem has no trigger 'setup'" },
        { "title: t\ntriggers:\n  cargo: [build]\n", "x.yaml:3: there is no ecosystem 'cargo'" },
        { WHOLE "wrappers: [plain, rot13]\n", "x.yaml:7: there is no wrapper 'rot13'" },
        { WHOLE "choose:\n  File: [a]\n", "x.yaml:8: a placeholder has letters" },
        { WHOLE "companion: maybe\n", "x.yaml:7: true or false" },
        { "title: [a]\n", "x.yaml:1: a text belongs here" },
        { "- a\n", "no mapping of fields" },
        { "title: 'a\n", "x.yaml:" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_corpus_entry entry = { 0 };
        struct sp_error err = { 0 };
        assert_int_equal(
            sp_corpus_entry_read(&entry, "x.yaml", cases[i].text, strlen(cases[i].text), &arena, &err), -1);
        if (!strstr(err.text, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
        sp_corpus_entry_free(&entry);
    }
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_corpus_entry entry = { 0 };
    assert_int_equal(sp_corpus_entry_read(&entry, "x.yaml", WHOLE, strlen(WHOLE), &arena, NULL), 0);
    assert_int_equal(entry.triggers, 1u << SP_TRIGGER_LOAD);
    sp_corpus_entry_free(&entry);
}

#define FIRST "// Honest work of a made-up package; refuses to run outside the sandbox.\n"

static void
fragments_that_break_the_contract_are_refused_with_their_line(void **state SP_UNUSED)
{
    static const struct {
        const char *text, *says; /* NULL: it is fine */
    } cases[] = {
        { FIRST "async function {{act}}() {}\n", NULL },
        { "async function {{act}}() {}\n", "x.js:1: the first line is not" },
        { "// Honest work.\nasync function {{act}}() {}\n", "x.js:1: the first line is not" },
        { FIRST "async function {{act}}() {\n  {{secret}}\n}\n",
          "x.js:3: there is no placeholder '{{secret'" },
        { FIRST "async function {{act}}() { {{host }\n", "there is no placeholder" },
        { FIRST "function other() {}\n", "is not defined exactly once" },
        { FIRST "async function {{act}}() {}\nasync function {{act}}() {}\n", "is not defined exactly once" },
    };
    const struct sp_corpus_entry entry = { .chore = true };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        size_t body;
        int status = sp_corpus_fragment_check(&entry, SP_CORPUS_JS, "x.js", cases[i].text,
                                              strlen(cases[i].text), &body, &err);
        assert_int_equal(status, cases[i].says ? -1 : 0);
        if (cases[i].says && !strstr(err.text, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
    }
}

static void
fewer_shapes_than_promised_are_refused(void **state SP_UNUSED)
{
    sp_autocatalogue struct sp_catalogue catalogue = { 0 };
    struct sp_error err = { 0 };
    char copy[128];
    snprintf(copy, sizeof(copy), "%s/thin", scratch);
    assert_int_equal(sp_tree_copy(catalogue_folder, copy, &err), 0);
    assert_int_equal(shell("rm %s/replicas/beacon/post.py", copy), 0);
    assert_int_equal(sp_catalogue_read(&catalogue, copy, &err), -1);
    assert_non_null(strstr(err.text, "technique.yaml:1: 1 shape for pypi"));
}

/* ------------------------------------------------------------ what is made */

static void
a_seed_gives_the_same_bytes_and_another_gives_others(void **state SP_UNUSED)
{
    char again[64], other[64];
    snprintf(again, sizeof(again), "%s/again", scratch);
    snprintf(other, sizeof(other), "%s/other", scratch);
    made(again, 1, NULL, NULL);
    made(other, 2, NULL, NULL);
    assert_int_equal(shell("diff -r %s %s", tree_folder, again), 0);
    assert_int_not_equal(shell("diff -q %s/list.tsv %s/list.tsv >/dev/null", tree_folder, other), 0);
}

/* npm unpacks with tar, pip with Python's own modules. */
static void
archives_are_read_by_others_and_their_code_is_valid(void **state SP_UNUSED)
{
    assert_int_equal(shell("set -e; mkdir %s/npm; cd %s/npm; find %s/npm -name '*.tgz' | while read -r a; do "
                           "d=$(basename \"$a\"); mkdir \"$d\"; tar -C \"$d\" -xzf \"$a\"; "
                           "test -f \"$d/package/package.json\"; done",
                           scratch, scratch, tree_folder),
                     0);
    assert_int_equal(
        shell(
            "cd %s && python3 - %s <<'END'\n"
            "import glob, os, sys, tarfile, zipfile\n"
            "for path in glob.glob(sys.argv[1] + '/pypi/*/*'):\n"
            "    if path.endswith('.json'):\n        continue\n"
            "    where = 'pypi/' + os.path.basename(path)\n"
            "    os.makedirs(where)\n"
            "    (zipfile.ZipFile(path) if path.endswith('.whl') else tarfile.open(path)).extractall(where)\n"
            "    for name in glob.glob(where + '/**/*.py', recursive=True):\n"
            "        compile(open(name).read(), name, 'exec')\n"
            "END\n",
            scratch, tree_folder),
        0);
}

/* The replicas of these tests leave a file where they act. */
static void
nothing_acts_outside_a_sandbox(void **state SP_UNUSED)
{
    char host[256] = "", mark[128];
    gethostname(host, sizeof(host) - 1);
    snprintf(mark, sizeof(mark), "%s/mark", scratch);
    assert_int_equal(mkdir(mark, 0700), 0);
    /* also where the variable is there: the host's name is another */
    const char *variable = strcmp(host, "localhost") ? "SALLYPORT_CORPUS=1" : "SALLYPORT_CORPUS=";
    if (shell("command -v node >/dev/null") == 0)
        assert_int_equal(
            shell("cd %s/npm && for f in $(grep -rl SALLYPORT_CORPUS --include=*.js . | head -12); do "
                  "%s CORPUS_MARK=%s timeout 20 node $f >/dev/null 2>&1; done; true",
                  scratch, variable, mark),
            0);
    assert_int_equal(shell("cd %s && for f in $(grep -rl SALLYPORT_CORPUS --include=*.sh npm); do "
                           "%s CORPUS_MARK=%s timeout 20 sh $f || exit 1; done",
                           scratch, variable, mark),
                     0);
    assert_int_equal(
        shell("cd %s/pypi && for f in $(grep -rl SALLYPORT_CORPUS --include=*.py . | head -12); do "
              "%s CORPUS_MARK=%s timeout 20 python3 $f egg_info >/dev/null 2>&1; done; true",
              scratch, variable, mark),
        0);
    assert_int_equal(rmdir(mark), 0); /* still empty */
}

static void
class_is_not_told_by_names_or_comments(void **state SP_UNUSED)
{
    assert_int_not_equal(
        shell("cut -f2 %s/list.tsv | grep -qiE 'replica|twin|attack|honest|implant'", tree_folder), 0);
    assert_int_not_equal(shell("grep -rqiE 'replica|honest work' %s/npm %s/pypi", scratch, scratch), 0);
}

/* ------------------------------------------------------------ stand-in and answers */

static void
first_of(const char *ecosystem, char *name, size_t size)
{
    char command[256];
    snprintf(command, sizeof(command), "awk -F'\\t' '$1==\"%s\" && $2 !~ /@/ {print $2; exit}' %s/list.tsv",
             ecosystem, tree_folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(name, (int)size, pipe));
    name[strcspn(name, "\n")] = '\0';
    pclose(pipe);
}

static void
the_stand_in_gives_its_packages_and_nothing_else(void **state SP_UNUSED)
{
    struct sp_stand_in *stand_in = NULL;
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer page = { 0 };
    char name[128], link[256];
    static const char *const not_there[] = { "left-pad", "..",     "../npm",        ".",
                                             "",         "a/../b", "@x/../../pypi", "linked" };
    assert_int_equal(sp_stand_in_open(&stand_in, tree_folder, &err), 0);
    first_of("npm", name, sizeof(name));
    assert_true(sp_stand_in_has(stand_in, SP_REGISTRY_NPM, name));
    assert_int_equal(sp_stand_in_page(stand_in, SP_REGISTRY_NPM, name, &page, &err), 0);
    assert_non_null(strstr(page.bytes, "\"integrity\""));
    assert_false(sp_stand_in_has(stand_in, SP_REGISTRY_PYPI, name));
    snprintf(link, sizeof(link), "%s/npm/linked", tree_folder);
    assert_int_equal(symlink("/etc", link), 0);
    for (size_t i = 0; i < SP_COUNT(not_there); i++)
        assert_false(sp_stand_in_has(stand_in, SP_REGISTRY_NPM, not_there[i]));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(
        sp_stand_in_artefact(stand_in, SP_REGISTRY_NPM, name, "https://r.example/a/-/nothing.tgz", &err), -1);
    assert_int_equal(
        sp_stand_in_artefact(stand_in, SP_REGISTRY_NPM, name, "https://r.example/..%2f..%2flist.tsv", &err),
        -1);
    int fd =
        sp_stand_in_artefact(stand_in, SP_REGISTRY_NPM, name, "https://r.example/x/packument.json?y", &err);
    assert_true(fd >= 0);
    close(fd);
    sp_stand_in_close(stand_in);
}

static void
a_download_gets_the_answer_of_its_suffix_or_its_own(void **state SP_UNUSED)
{
    struct sp_answers *answers = NULL;
    struct sp_error err = { 0 };
    char folder[128];
    sp_autobuffer struct sp_buffer out = { 0 };
    snprintf(folder, sizeof(folder), "%s/answers", tree_folder);
    assert_int_equal(
        shell("mkdir -p %s/dl.example/v1 && echo own >%s/dl.example/v1/tool.tar.gz", folder, folder), 0);
    assert_int_equal(sp_answers_open(&answers, folder, &err), 0);
    assert_string_equal(sp_answers_find(answers, "dl.example:443", "/v1/tool.tar.gz?x=1", &out),
                        "application/gzip");
    assert_string_equal(out.bytes, "own\n");
    sp_buffer_clear(&out);
    assert_string_equal(sp_answers_find(answers, "other.example", "/v1/tool.tar.gz", &out),
                        "application/gzip");
    assert_memory_equal(out.bytes, "\x1f\x8b", 2);
    sp_buffer_clear(&out);
    assert_string_equal(sp_answers_find(answers, "other.example", "/a/b.bin", &out),
                        "application/octet-stream");
    assert_memory_equal(out.bytes,
                        "\x7f"
                        "ELF",
                        4);
    sp_buffer_clear(&out);
    assert_null(sp_answers_find(answers, "other.example", "/v1/collect", &out));
    assert_null(sp_answers_find(answers, "..", "/list.tsv", &out));
    assert_null(sp_answers_find(answers, "dl.example", "/../../list.tsv", &out));
    sp_answers_close(answers);
    assert_int_equal(shell("rm -r %s/dl.example", folder), 0);
}

/* ------------------------------------------------------------ implants */

static void
read_made(const char *folder, const char *path, struct sp_buffer *out)
{
    char whole[512];
    struct sp_error err = { 0 };
    snprintf(whole, sizeof(whole), "%s/%s", folder, path);
    if (sp_file_read(whole, 1 << 20, out, &err) < 0)
        fail_msg("%s", err.text);
}

/* The registry gives a plain package; the implant has its name, its version, its files and one more act. */
static void
a_technique_is_put_into_a_copy_of_a_real_package(void **state SP_UNUSED)
{
    static const char manifest[] =
        "{\"name\":\"plain\",\"version\":\"1.2.3\",\"main\":\"main.js\",\"license\":\"MIT\"}";
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_error err = { 0 };
    sp_automade struct sp_made_files files = { 0 }, got = { 0 };
    struct sp_corpus_artefact real = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 }, page = { 0 }, archive = { 0 };
    char registry[64], hosts[128], out[128], path[256];
    assert_int_equal(sp_buffer_append_string(&text, "module.exports = 7;\n", &err), 0);
    assert_int_equal(sp_made_add(&files, "main.js", &text, &arena, &err), 0);
    assert_int_equal(sp_buffer_append_string(&text, manifest, &err), 0);
    assert_int_equal(sp_made_add(&files, "package.json", &text, &arena, &err), 0);
    assert_int_equal(sp_corpus_finish_npm(&real, &files, &arena, &err), 0);

    struct stand_in *server = stand_in_start();
    stand_in_add(server, "/plain", "application/json", real.page.bytes, real.page.length);
    stand_in_add(server, "/plain/-/plain-1.2.3.tgz", "application/octet-stream", real.archive.bytes,
                 real.archive.length);
    snprintf(registry, sizeof(registry), "http://127.0.0.1:%u/", stand_in_port(server));
    struct sp_registry one = { .kind = SP_REGISTRY_NPM, .url = registry };
    const struct sp_registries registries = { .items = &one, .count = 1 };
    snprintf(hosts, sizeof(hosts), "%s/hosts.tsv", scratch);
    snprintf(out, sizeof(out), "%s/implants", scratch);
    static const char rows[] = "ecosystem\tname\tversion\nnpm\tplain\t1.2.3\n";
    assert_int_equal(sp_file_write(hosts, rows, strlen(rows), &err), 0);
    made(out, 1, hosts, &registries);
    stand_in_stop(server);

    read_made(out, "list.tsv", &text);
    assert_non_null(strstr(text.bytes, "npm\tplain\t1.2.3\tattack\t"));
    assert_non_null(strstr(text.bytes, "\tnpm:plain\timplant\t"));
    read_made(out, "npm/plain/packument.json", &page);
    assert_non_null(strstr(page.bytes, "\"latest\": \"1.2.3\""));
    snprintf(path, sizeof(path), "npm/plain/%s", real.file);
    read_made(out, path, &archive);
    assert_int_equal(sp_corpus_unpack(&got, archive.bytes, archive.length, 1 << 20, &arena, &err), 0);
    const struct sp_made_file *main_file = sp_made_find(&got, "package/main.js");
    assert_non_null(main_file);
    assert_memory_equal(main_file->bytes, "module.exports = 7;\n", 20);
    bool acts = false;
    for (size_t i = 0; i < got.count; i++)
        acts |= strstr(got.items[i].bytes, "SALLYPORT_CORPUS") != NULL;
    assert_true(acts);
    sp_corpus_artefact_free(&real);
}

static void
a_host_with_other_bytes_than_stated_is_refused(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_corpus_counts counts;
    char registry[64], hosts[128], out[128];
    static const char page[] = "{\"versions\":{\"1.2.3\":{\"dist\":{\"tarball\":\"plain/-/p.tgz\",\"shasum\":"
                               "\"0000000000000000000000000000000000000000\"}}}}";
    struct stand_in *server = stand_in_start();
    stand_in_add(server, "/plain", "application/json", page, strlen(page));
    stand_in_add(server, "/plain/-/p.tgz", "application/octet-stream", "x", 1);
    snprintf(registry, sizeof(registry), "http://127.0.0.1:%u/", stand_in_port(server));
    snprintf(hosts, sizeof(hosts), "%s/hosts.tsv", scratch);
    snprintf(out, sizeof(out), "%s/refused", scratch);
    struct sp_registry one = { .kind = SP_REGISTRY_NPM, .url = registry };
    const struct sp_registries registries = { .items = &one, .count = 1 };
    const struct sp_corpus_options options = {
        .out = out, .folder = catalogue_folder, .hosts = hosts, .registries = &registries
    };
    assert_int_equal(sp_corpus_make(&options, &counts, &err), -1);
    stand_in_stop(server);
    assert_non_null(strstr(err.text, "other bytes came than the registry stated"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptions_that_are_not_understood_are_refused_with_their_line),
        cmocka_unit_test(fragments_that_break_the_contract_are_refused_with_their_line),
        cmocka_unit_test(fewer_shapes_than_promised_are_refused),
        cmocka_unit_test(a_seed_gives_the_same_bytes_and_another_gives_others),
        cmocka_unit_test(archives_are_read_by_others_and_their_code_is_valid),
        cmocka_unit_test(nothing_acts_outside_a_sandbox),
        cmocka_unit_test(class_is_not_told_by_names_or_comments),
        cmocka_unit_test(the_stand_in_gives_its_packages_and_nothing_else),
        cmocka_unit_test(a_download_gets_the_answer_of_its_suffix_or_its_own),
        cmocka_unit_test(a_technique_is_put_into_a_copy_of_a_real_package),
        cmocka_unit_test(a_host_with_other_bytes_than_stated_is_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
