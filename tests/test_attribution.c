/* Whose acts are whose: label by place, label by origin of the code, what is seen from outside, bounds. */
#include "attribution_world.h"
#include "behaviour/directories.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "attribution_places.h"

#define P WORLD_PROJECT
#define SH W("sh") W("-c") W("node install.js")

static struct sp_attribution *
fresh(const char *manager, const char *ecosystem)
{
    struct sp_attribution *attribution = NULL;
    struct sp_error err;
    const struct sp_attribution_options options = { .manager = manager,
                                                    .ecosystem = ecosystem,
                                                    .project = P };
    assert_int_equal(sp_attribution_new(&attribution, &options, &err), 0);
    sp_attribution_take(attribution, &(struct sp_event){ .kind = SP_EVENT_COMMAND, .value = 1 });
    return attribution;
}

/* Takes EVENT and returns the package that it is laid to; "" where it is none. */
static const char *
take(struct sp_attribution *attribution, struct sp_event event)
{
    sp_attribution_take(attribution, &event);
    return event.package ? event.package : "";
}

static void
make(struct sp_attribution *attribution, uint32_t number, uint32_t parent)
{
    take(attribution,
         (struct sp_event){
             .kind = SP_EVENT_FORK, .process = number, .parent = parent, .value = parent ? 0 : 1 });
}

static const char *
start(struct sp_attribution *attribution, uint32_t number, const char *directory, const char *program,
      const char *words)
{
    return take(attribution, (struct sp_event){ .kind = SP_EVENT_EXEC,
                                                .process = number,
                                                .subject = program,
                                                .detail = words,
                                                .directory = directory });
}

static const char *
open_file(struct sp_attribution *attribution, uint32_t number, const char *path, int flags)
{
    return take(attribution, (struct sp_event){
                                 .kind = SP_EVENT_OPEN, .process = number, .subject = path, .value = flags });
}

static const char *
change(struct sp_attribution *attribution, uint32_t number, enum sp_file_act act, const char *path,
       const char *second)
{
    return take(
        attribution,
        (struct sp_event){
            .kind = SP_EVENT_CHANGE, .process = number, .subject = path, .value = act, .detail = second });
}

static enum sp_actor_kind
kind_of(const struct sp_attribution *attribution, uint32_t number)
{
    const struct sp_process *process = sp_attribution_process(attribution, number);
    assert_non_null(process);
    return process->actor->kind;
}

static void
every_act_of_random_installs_is_laid_to_whoever_planned_it(void **state)
{
    size_t compared = 0, failed = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        size_t wrong = 0;
        compared += world_run(seed, 700, &wrong);
        failed += wrong;
    }
    printf("%zu acts compared\n", compared);
    assert_true(compared > 100000);
    assert_int_equal(failed, 0);
}

/* ---------------------------------------------------------------- by place */

static const struct start_case {
    const char *name, *manager, *ecosystem, *directory, *program, *words;
    enum sp_actor_kind kind;
    const char *package;
    enum sp_phase phase;
} start_cases[] = {
    { "npm_runs_a_script_of_a_package", "npm", "npm", P "/node_modules/a", "/bin/sh", SH, SP_ACTOR_PACKAGE,
      "pkg:npm/a@1.0.0", SP_PHASE_INSTALL },
    { "a_script_in_a_directory_below_the_package", "npm", "npm", P "/node_modules/a/lib/x", "/bin/sh", SH,
      SP_ACTOR_PACKAGE, "pkg:npm/a@1.0.0", SP_PHASE_INSTALL },
    { "the_deepest_package_counts", "npm", "npm", P "/node_modules/a/node_modules/@s/b", "/bin/sh", SH,
      SP_ACTOR_PACKAGE, "pkg:npm/%40s/b", SP_PHASE_INSTALL },
    { "a_bin_directory_is_no_package", "npm", "npm", P "/node_modules/a/node_modules/.bin", "/bin/sh", SH,
      SP_ACTOR_PACKAGE, "pkg:npm/a@1.0.0", SP_PHASE_INSTALL },
    { "a_global_install", "npm", "npm", "/usr/lib/node_modules/a", "/bin/sh", SH, SP_ACTOR_PACKAGE,
      "pkg:npm/a@1.0.0", SP_PHASE_INSTALL },
    { "pnpm_says_the_version_in_its_store", "pnpm", "npm", P "/node_modules/.pnpm/a@3.0.0_x@1/node_modules/a",
      "/bin/sh", SH, SP_ACTOR_PACKAGE, "pkg:npm/a@3.0.0", SP_PHASE_INSTALL },
    { "a_script_of_the_project", "npm", "npm", P, "/bin/sh", SH, SP_ACTOR_PROJECT, NULL, SP_PHASE_INSTALL },
    { "a_script_of_a_workspace", "npm", "npm", P "/packages/tool", "/bin/sh", SH, SP_ACTOR_PROJECT, NULL,
      SP_PHASE_INSTALL },
    { "git_in_the_project_is_npms", "npm", "npm", P, "/usr/bin/git", W("git") W("ls-remote"),
      SP_ACTOR_MANAGER, NULL, SP_PHASE_FETCH },
    { "npm_within_npm_stays_npm", "npm", "npm", P, "/usr/bin/node",
      W("node") W("/usr/lib/node_modules/npm/bin/npm-cli.js") W("install"), SP_ACTOR_MANAGER, NULL,
      SP_PHASE_FETCH },
    { "a_script_where_nobody_is_known", "npm", "npm", "/home/user/.npm/_cacache/tmp/git-cloneAb1", "/bin/sh",
      SH, SP_ACTOR_UNKNOWN, NULL, SP_PHASE_FETCH },
    { "yarn_runs_the_projects_script_itself", "yarn", "npm", P, "/usr/bin/node", W("node") W(P "/build.js"),
      SP_ACTOR_PROJECT, NULL, SP_PHASE_INSTALL },
    { "yarn_itself_lies_in_the_project", "yarn", "npm", P, "/usr/bin/node",
      W("node") W(P "/.yarn/releases/yarn-4.1.0.cjs"), SP_ACTOR_MANAGER, NULL, SP_PHASE_FETCH },
    { "pip_runs_a_hook", "pip", "pypi", "/tmp/pip-install-a1/b-b_0123456789abcdef0123456789abcdef",
      "/usr/bin/python3.11", W("python") W("/x/_in_process.py") W("build_wheel") W("/tmp/t"),
      SP_ACTOR_PACKAGE, "pkg:pypi/b-b@2.0", SP_PHASE_BUILD },
    { "pip_runs_setup_py", "pip", "pypi", "/tmp/pip-install-a1/b-b", "/usr/bin/python3",
      W("python3") W("-u") W("-c") W("exec(...'setup.py'...)") W("egg_info"), SP_ACTOR_PACKAGE,
      "pkg:pypi/b-b@2.0", SP_PHASE_BUILD },
    { "pip_clones_into_a_build_directory", "pip", "pypi", "/tmp/pip-req-build-zz", "/usr/bin/git",
      W("git") W("checkout"), SP_ACTOR_MANAGER, NULL, SP_PHASE_FETCH },
    { "a_build_of_nobody_known", "pip", "pypi", "/tmp/pip-req-build-zz", "/usr/bin/python3",
      W("python3") W("/x/_in_process.py"), SP_ACTOR_UNKNOWN, NULL, SP_PHASE_FETCH },
    { "pip_fills_a_build_environment", "pip", "pypi", P, "/usr/bin/python3",
      W("python3") W("/x/pip/__pip-runner__.py") W("install"), SP_ACTOR_MANAGER, NULL, SP_PHASE_FETCH },
    { "pip_builds_the_project", "pip", "pypi", P, "/usr/bin/python3", W("python3") W("/x/_in_process.py"),
      SP_ACTOR_PROJECT, NULL, SP_PHASE_BUILD },
    { "pip_asks_its_interpreter", "pip", "pypi", P, "/usr/bin/python3", W("python3") W("-c") W("print(1)"),
      SP_ACTOR_MANAGER, NULL, SP_PHASE_FETCH },
    { "uv_says_name_and_version", "uv", "pypi", "/c/uv/sdists-v9/pypi/c/0.5/rEv/src", "/usr/bin/python3",
      W("python3") W("-c") W("import setuptools.build_meta as backend"), SP_ACTOR_PACKAGE, "pkg:pypi/c@0.5",
      SP_PHASE_BUILD },
};

static void
programs_of_a_package_manager_by_where_they_start(void **state)
{
    static const char *const served[] = { "pkg:npm/a@1.0.0", "pkg:npm/%40s/b@1.0.0", "pkg:npm/%40s/b@2.0.0",
                                          "pkg:pypi/b-b@2.0" };
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < SP_COUNT(start_cases); i++) {
        const struct start_case *each = &start_cases[i];
        struct sp_attribution *attribution = fresh(each->manager, each->ecosystem);
        for (size_t j = 0; j < SP_COUNT(served); j++)
            take(attribution, (struct sp_event){ .kind = SP_EVENT_ARTEFACT, .package = served[j] });
        make(attribution, 1, 0);
        start(attribution, 1, P, "/usr/bin/node", W("node") W("/usr/bin/npm") W("ci"));
        make(attribution, 2, 1);
        struct sp_event event = { .kind = SP_EVENT_EXEC,
                                  .process = 2,
                                  .subject = each->program,
                                  .detail = each->words,
                                  .directory = each->directory };
        sp_attribution_take(attribution, &event);
        bool right = kind_of(attribution, 2) == each->kind && event.phase == each->phase &&
                     !strcmp(event.package ? event.package : "", each->package ? each->package : "");
        if (!right)
            printf("%s: laid to %s \"%s\" in phase %s\n", each->name,
                   sp_actor_kind_name(kind_of(attribution, 2)), event.package ? event.package : "",
                   sp_phase_name(event.phase));
        failed += !right;
        sp_attribution_free(attribution);
    }
    assert_int_equal(failed, 0);
}

static const struct directory_case {
    const char *name, *project, *path;
    enum sp_directory_kind kind;
    const char *package, *version, *root;
} directory_cases[] = {
    { "a_project_that_lies_in_node_modules", "/x/node_modules/y", "/x/node_modules/y/src",
      SP_DIRECTORY_PROJECT, "", "", "/x/node_modules/y" },
    { "a_module_of_such_a_project", "/x/node_modules/y", "/x/node_modules/y/node_modules/z/a",
      SP_DIRECTORY_NODE, "z", "", "/x/node_modules/y/node_modules/z" },
    { "a_scope_alone_is_no_package", P, P "/node_modules/@s", SP_DIRECTORY_PROJECT, "", "", P },
    { "a_file_called_node_modules", P, P "/node_modules", SP_DIRECTORY_PROJECT, "", "", P },
    { "a_name_that_only_looks_alike", P, P "/my_node_modules/a", SP_DIRECTORY_PROJECT, "", "", P },
    { "a_name_that_npm_forbids", P, P "/node_modules/.cache/x", SP_DIRECTORY_PROJECT, "", "", P },
    { "a_store_that_names_another", P, P "/node_modules/.pnpm/b@9.0.0/node_modules/a", SP_DIRECTORY_NODE, "a",
      "", P "/node_modules/.pnpm/b@9.0.0/node_modules/a" },
    { "a_store_of_a_checkout", P, P "/node_modules/.pnpm/a@https+++h.x+a/node_modules/a", SP_DIRECTORY_NODE,
      "a", "", P "/node_modules/.pnpm/a@https+++h.x+a/node_modules/a" },
    { "pip_with_a_name_that_ends_in_digits", NULL, "/tmp/pip-install-q/n_1", SP_DIRECTORY_BUILD, "n_1", "",
      "/tmp/pip-install-q/n_1" },
    { "pip_without_a_name", NULL, "/tmp/pip-install-q", SP_DIRECTORY_OTHER, "", "", "/tmp/pip-install-q" },
    { "uv_from_another_index", NULL, "/c/sdists-v6/index/0a1b/n/1.0/r/src/sub", SP_DIRECTORY_BUILD, "n",
      "1.0", "/c/sdists-v6/index/0a1b/n/1.0/r/src" },
    { "uv_from_a_url", NULL, "/c/sdists-v6/url/0a1b/r/src", SP_DIRECTORY_BUILD, "", "",
      "/c/sdists-v6/url/0a1b/r/src" },
    { "another_project_beside", "/home/u/p", "/home/u/p2", SP_DIRECTORY_OTHER, "", "", "/home/u/p2" },
    { "a_path_that_ends_in_slashes", NULL, "/tmp/x//", SP_DIRECTORY_OTHER, "", "", "/tmp/x" },
};

static void
directories_say_whose_they_are(void **state)
{
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < SP_COUNT(directory_cases); i++) {
        const struct directory_case *each = &directory_cases[i];
        struct sp_directory read;
        sp_directory_read(each->project, each->path, &read);
        bool right = read.kind == each->kind && !strcmp(read.name, each->package) &&
                     !strcmp(read.version, each->version) && read.length == strlen(each->root) &&
                     !strncmp(each->path, each->root, read.length);
        if (!right)
            printf("%s: kind %d, name \"%s\", version \"%s\", %.*s\n", each->name, read.kind, read.name,
                   read.version, (int)read.length, each->path);
        failed += !right;
    }
    assert_int_equal(failed, 0);
}

/* npm (process 1) with scripts of a (process 2) and b (process 3). */
static struct sp_attribution *
two_scripts(void)
{
    struct sp_attribution *attribution = fresh("npm", "npm");
    make(attribution, 1, 0);
    start(attribution, 1, P, "/usr/bin/node", W("node") W("/usr/bin/npm") W("ci"));
    make(attribution, 2, 1);
    make(attribution, 3, 1);
    assert_string_equal(start(attribution, 2, P "/node_modules/a", "/bin/sh", SH), "pkg:npm/a");
    assert_string_equal(start(attribution, 3, P "/node_modules/b", "/bin/sh", SH), "pkg:npm/b");
    return attribution;
}

static void
a_loaded_package_acts_in_its_phase(void **state)
{
    struct sp_attribution *attribution = fresh("npm", "npm");
    (void)state;
    take(attribution,
         (struct sp_event){
             .kind = SP_EVENT_COMMAND, .value = 7, .phase = SP_PHASE_LOAD, .package = "pkg:npm/a@1.0.0" });
    sp_attribution_take(attribution,
                        &(struct sp_event){ .kind = SP_EVENT_FORK, .process = 5, .parent = 99, .value = 7 });
    make(attribution, 6, 5);
    struct sp_event event = { .kind = SP_EVENT_LOOK, .process = 6, .subject = "/proc/1" };
    sp_attribution_take(attribution, &event);
    assert_string_equal(event.package, "pkg:npm/a@1.0.0");
    assert_int_equal(event.phase, SP_PHASE_LOAD);
    assert_int_equal(sp_attribution_process(attribution, 6)->token, 7);
    assert_null(sp_attribution_process(attribution, 5)->parent);
    assert_int_equal(sp_attribution_actor(attribution, &event)->processes, 2);
    sp_attribution_free(attribution);
}

static void
the_process_that_was_started_is_the_package_manager_to_its_end(void **state)
{
    struct sp_attribution *attribution = fresh("npm", "npm");
    (void)state;
    make(attribution, 1, 0);
    /* a wrapper of a version manager */
    start(attribution, 1, P, "/bin/sh", W("sh") W("-c") W("exec npm ci"));
    assert_int_equal(kind_of(attribution, 1), SP_ACTOR_MANAGER);
    make(attribution, 2, 1);
    start(attribution, 2, P, "/bin/sh", W("sh") W("-c") W("exec npm ci"));
    assert_int_equal(kind_of(attribution, 2), SP_ACTOR_PROJECT);
    sp_attribution_free(attribution);
}

static void
a_command_that_is_no_package_manager_lays_nothing_to_places(void **state)
{
    struct sp_attribution *attribution = fresh(NULL, NULL);
    (void)state;
    make(attribution, 1, 0);
    make(attribution, 2, 1);
    assert_string_equal(start(attribution, 2, P "/node_modules/a", "/bin/sh", SH), "");
    assert_int_equal(kind_of(attribution, 2), SP_ACTOR_COMMAND);
    sp_attribution_free(attribution);
}

static void
who_was_never_seen_to_begin_is_unknown_and_so_are_its_children(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    assert_string_equal(start(attribution, 40, P "/node_modules/a", "/bin/sh", SH), "");
    assert_int_equal(kind_of(attribution, 40), SP_ACTOR_UNKNOWN);
    make(attribution, 41, 40);
    assert_int_equal(kind_of(attribution, 41), SP_ACTOR_UNKNOWN);
    assert_null(sp_attribution_process(attribution, 77));
    sp_attribution_free(attribution);
}

static void
what_nobody_is_known_for_frames_no_neighbour(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    make(attribution, 4, 1);
    start(attribution, 4, "/tmp/git-clone1", "/bin/sh", SH);
    make(attribution, 5, 4);
    assert_string_equal(start(attribution, 5, P "/node_modules/a", "/bin/sh", SH), "");
    assert_int_equal(kind_of(attribution, 5), SP_ACTOR_UNKNOWN);
    sp_attribution_free(attribution);
}

static void
what_a_program_was_is_kept(void **state)
{
    static char words[2 * 4096];
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    const struct sp_process *process = sp_attribution_process(attribution, 2);
    assert_string_equal(process->words, SH);
    assert_string_equal(process->program, "/bin/sh");
    assert_string_equal(process->directory, P "/node_modules/a");
    memset(words, 'x', sizeof(words) - 1);
    start(attribution, 2, "/tmp", "/usr/bin/node", words);
    assert_int_equal(strlen(process->words), 4096);
    take(attribution,
         (struct sp_event){ .kind = SP_EVENT_EXIT, .process = 2, .value = 256, .bytes = 4096, .time = 77 });
    assert_true(process->ended == 77 && process->status == 256 && process->peak_memory == 4096);
    assert_int_equal(process->execs, 2);
    assert_int_equal(sp_attribution_process_count(attribution), 3);
    assert_ptr_equal(sp_attribution_process_at(attribution, 1), process);
    sp_attribution_free(attribution);
}

/* ---------------------------------------------------------------- by the code */

#define A_JS P "/node_modules/a/install.js"

static const struct framing_case {
    const char *name;
    /* what b does first: an open for writing of .path, or a change of it with .second; both, where .write */
    int act; /* enum sp_file_act; -1: none */
    const char *path, *second, *write;
    /* what a starts, in its own directory */
    const char *program, *words;
    const char *owner;
} framing_cases[] = {
    { "nothing_was_changed", -1, NULL, NULL, NULL, "/usr/bin/node", W("node") W("install.js"), "pkg:npm/a" },
    { "its_script_was_written", -1, NULL, NULL, A_JS, "/usr/bin/node", W("node") W("install.js"),
      "pkg:npm/b" },
    { "by_a_path_with_dots", -1, NULL, NULL, A_JS, "/usr/bin/node", W("node") W("./x/../install.js"),
      "pkg:npm/b" },
    { "behind_options", -1, NULL, NULL, A_JS, "/usr/bin/node",
      W("node") W("--max-old-space-size=9") W("-r") W("./no.js") W(A_JS), "pkg:npm/b" },
    { "as_a_module_that_is_loaded_before", -1, NULL, NULL, P "/node_modules/a/pre.js", "/usr/bin/node",
      W("node") W("-r") W("./pre.js") W("install.js"), "pkg:npm/b" },
    { "as_an_options_value", -1, NULL, NULL, P "/node_modules/a/pre.js", "/usr/bin/node",
      W("node") W("--require=./pre.js") W("install.js"), "pkg:npm/b" },
    { "its_program_was_written", -1, NULL, NULL, P "/node_modules/a/bin/tool", P "/node_modules/a/bin/tool",
      W("tool"), "pkg:npm/b" },
    { "a_script_that_names_its_interpreter", -1, NULL, NULL, A_JS, "/usr/bin/env",
      W("/usr/bin/env") W("node") W(A_JS), "pkg:npm/b" },
    { "a_word_that_is_no_script", -1, NULL, NULL, P "/node_modules/a/data.json", "/usr/bin/node",
      W("node") W("install.js") W("data.json"), "pkg:npm/a" },
    { "a_file_that_another_program_reads", -1, NULL, NULL, A_JS, "/usr/bin/cat", W("cat") W("install.js"),
      "pkg:npm/a" },
    { "its_script_was_replaced_by_a_rename", SP_FILE_RENAME, "/tmp/evil.js", A_JS, "/tmp/evil.js",
      "/usr/bin/node", W("node") W("install.js"), "pkg:npm/b" },
    { "its_directory_was_replaced", SP_FILE_RENAME, "/tmp/evil", P "/node_modules/a/lib", NULL,
      "/usr/bin/node", W("node") W("lib/deep/x.js"), "pkg:npm/b" },
    { "its_script_became_a_link", SP_FILE_LINK, "/tmp/evil.js", A_JS, NULL, "/usr/bin/node",
      W("node") W("install.js"), "pkg:npm/b" },
    { "its_script_became_a_symbolic_link", SP_FILE_SYMLINK, A_JS, "/tmp/evil.js", NULL, "/usr/bin/node",
      W("node") W("install.js"), "pkg:npm/b" },
    { "its_script_was_written_by_another_name", SP_FILE_LINK, A_JS, "/tmp/alias", "/tmp/alias",
      "/usr/bin/node", W("node") W("install.js"), "pkg:npm/b" },
    { "what_was_written_is_gone_again", SP_FILE_UNLINK, A_JS, NULL, A_JS, "/usr/bin/node",
      W("node") W("install.js"), "pkg:npm/a" },
    { "the_code_stands_in_the_words", -1, NULL, NULL, A_JS, "/usr/bin/node", W("node") W("-e") W(A_JS),
      "pkg:npm/a" },
};

static void
code_that_a_neighbour_changed_is_laid_to_the_neighbour(void **state)
{
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < SP_COUNT(framing_cases); i++) {
        const struct framing_case *each = &framing_cases[i];
        struct sp_attribution *attribution = two_scripts();
        bool after = each->act == SP_FILE_LINK; /* first the link, then what is written by it */
        if (each->write && !after)
            open_file(attribution, 3, each->write, O_WRONLY | O_TRUNC);
        if (each->act >= 0)
            change(attribution, 3, (enum sp_file_act)each->act, each->path, each->second);
        if (each->write && after)
            open_file(attribution, 3, each->write, O_WRONLY);
        const char *owner = start(attribution, 2, P "/node_modules/a", each->program, each->words);
        if (strcmp(owner, each->owner) != 0)
            printf("%s: laid to \"%s\"\n", each->name, owner);
        failed += strcmp(owner, each->owner) != 0;
        sp_attribution_free(attribution);
    }
    assert_int_equal(failed, 0);
}

static void
what_is_started_after_it_stays_the_writers_in_the_phase_of_the_framed(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    open_file(attribution, 3, A_JS, O_WRONLY);
    make(attribution, 4, 2);
    start(attribution, 4, P "/node_modules/a", "/usr/bin/node", W("node") W("install.js"));
    make(attribution, 5, 4);
    assert_string_equal(start(attribution, 5, P "/node_modules/a", "/bin/sh", SH), "pkg:npm/b");
    assert_string_equal(open_file(attribution, 2, "/etc/hosts", O_RDONLY), "pkg:npm/a");
    sp_attribution_free(attribution);
}

static void
code_read_from_its_own_directory_counts_other_files_do_not(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    open_file(attribution, 3, "/tmp/common.json", O_WRONLY | O_CREAT);
    open_file(attribution, 3, P "/node_modules/b/build/b.node", O_WRONLY | O_CREAT);
    assert_string_equal(open_file(attribution, 2, "/tmp/common.json", O_RDONLY), "pkg:npm/a");
    /* a dependency's own build product */
    assert_string_equal(open_file(attribution, 2, P "/node_modules/b/build/b.node", O_RDONLY), "pkg:npm/a");
    open_file(attribution, 3, P "/node_modules/a/lib/x.js", O_RDWR);
    assert_string_equal(open_file(attribution, 2, P "/node_modules/a/lib/x.js", O_RDONLY), "pkg:npm/b");
    sp_attribution_free(attribution);
}

static void
a_loaded_package_that_was_rewritten_acts_for_the_writer(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    open_file(attribution, 3, P "/node_modules/c/index.js", O_WRONLY);
    for (uint32_t i = 0; i < 2; i++) {
        static const char *const loaded[] = { "pkg:npm/c@1.0.0", "pkg:npm/d@1.0.0" };
        static const char *const owner[] = { "pkg:npm/b", "pkg:npm/d@1.0.0" };
        take(attribution,
             (struct sp_event){
                 .kind = SP_EVENT_COMMAND, .value = 7 + i, .phase = SP_PHASE_LOAD, .package = loaded[i] });
        sp_attribution_take(attribution,
                            &(struct sp_event){ .kind = SP_EVENT_FORK, .process = 50 + i, .value = 7 + i });
        struct sp_event event = { .kind = SP_EVENT_OPEN,
                                  .process = 50 + i,
                                  .subject = P "/node_modules/c/index.js",
                                  .value = O_RDONLY };
        sp_attribution_take(attribution, &event);
        assert_string_equal(event.package, owner[i]);
        assert_int_equal(event.phase, SP_PHASE_LOAD);
    }
    sp_attribution_free(attribution);
}

static void
what_the_package_manager_writes_over_it_is_clean(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    open_file(attribution, 3, A_JS, O_WRONLY);
    assert_string_equal(sp_attribution_writer(attribution, A_JS)->package, "pkg:npm/b");
    open_file(attribution, 1, A_JS, O_WRONLY | O_TRUNC);
    assert_null(sp_attribution_writer(attribution, A_JS));
    /* what it moves keeps its writer, beneath a moved directory too */
    change(attribution, 3, SP_FILE_RENAME, "/tmp/d", "/tmp/e");
    change(attribution, 1, SP_FILE_RENAME, "/tmp/e", P "/node_modules/a/e");
    assert_string_equal(sp_attribution_writer(attribution, P "/node_modules/a/e/f/g")->package, "pkg:npm/b");
    assert_null(sp_attribution_writer(attribution, "/tmp/e/f/g"));
    open_file(attribution, 1, P "/node_modules/a/e/f/g", O_WRONLY);
    assert_null(sp_attribution_writer(attribution, P "/node_modules/a/e/f/g"));
    assert_non_null(sp_attribution_writer(attribution, P "/node_modules/a/e/f/h"));
    sp_attribution_free(attribution);
}

static void
a_package_manager_that_starts_a_packages_program_is_no_cover(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    open_file(attribution, 3, "/home/user/bin/git", O_WRONLY | O_CREAT);
    make(attribution, 4, 1);
    assert_string_equal(start(attribution, 4, P, "/home/user/bin/git", W("git") W("clone")), "pkg:npm/b");
    sp_attribution_free(attribution);
}

static bool
claims_react(void *context, const char *directory, struct sp_buffer *purl)
{
    ++*(int *)context;
    (void)directory;
    return sp_buffer_append_string(purl, "pkg:npm/react@18.0.0", NULL) == 0;
}

static void
a_manifest_that_a_neighbour_rewrote_is_not_asked(void **state)
{
    struct sp_attribution *attribution = NULL;
    struct sp_error err;
    int asked = 0;
    const struct sp_attribution_options options = {
        .manager = "npm", .ecosystem = "npm", .project = P, .resolve = claims_react, .context = &asked
    };
    (void)state;
    assert_int_equal(sp_attribution_new(&attribution, &options, &err), 0);
    sp_attribution_take(attribution, &(struct sp_event){ .kind = SP_EVENT_COMMAND, .value = 1 });
    make(attribution, 1, 0);
    make(attribution, 2, 1);
    start(attribution, 2, P "/node_modules/b", "/bin/sh", SH);
    assert_int_equal(asked, 1);
    open_file(attribution, 2, P "/node_modules/a/package.json", O_WRONLY);
    make(attribution, 3, 1);
    assert_string_equal(start(attribution, 3, P "/node_modules/a", "/bin/sh", SH), "pkg:npm/a");
    assert_int_equal(asked, 1);
    sp_attribution_free(attribution);
}

/* ---------------------------------------------------------------- from outside */

static struct sp_event
seen(struct sp_attribution *attribution, struct sp_event event)
{
    sp_attribution_take(attribution, &event);
    return event;
}

static void
connections_belong_to_who_holds_the_port(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    /* told with SYN_SENT; the answer is taken in by another */
    take(attribution,
         (struct sp_event){ .kind = SP_EVENT_TCP, .process = 2, .value = 7 << 8 | 2, .bytes = 5000 });
    take(attribution,
         (struct sp_event){ .kind = SP_EVENT_TCP, .process = 3, .value = 2 << 8 | 1, .bytes = 5000 });
    struct sp_event event =
        seen(attribution, (struct sp_event){ .kind = SP_EVENT_CONNECTION, .from_port = 5000 });
    assert_string_equal(event.package, "pkg:npm/a");
    assert_int_equal(event.process, 2);
    assert_int_equal(event.phase, SP_PHASE_INSTALL);
    /* told with ESTABLISHED only, of a port that another had before */
    take(attribution, (struct sp_event){ .kind = SP_EVENT_TCP, .process = 3, .value = 7 << 8 | 2 });
    take(attribution,
         (struct sp_event){ .kind = SP_EVENT_TCP, .process = 3, .value = 2 << 8 | 1, .bytes = 5000 });
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_CANARY, .from_port = 5000 });
    assert_string_equal(event.package, "pkg:npm/b");
    /* the same number of the other protocol is another port */
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_DATAGRAM, .from_port = 5000 });
    assert_null(event.package);
    take(attribution,
         (struct sp_event){
             .kind = SP_EVENT_SOCKET, .process = 2, .value = SP_SOCKET_BIND, .detail = "udp", .port = 5000 });
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_DATAGRAM, .from_port = 5000 });
    assert_string_equal(event.package, "pkg:npm/a");
    sp_attribution_free(attribution);
}

static void
names_belong_to_their_one_asker(void **state)
{
    /* a DNS query for "Evil.Example" */
    static const char query[] =
        "\x12\x34\x01\xc0\x80\xc0\x80\x01\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80"
        "\x04"
        "Evil"
        "\x07"
        "Example\xc0\x80\xc0\x80\x01\xc0\x80\x01";
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    struct sp_event event =
        seen(attribution, (struct sp_event){ .kind = SP_EVENT_NAME, .subject = "evil.example" });
    assert_null(event.package);
    take(attribution, (struct sp_event){ .kind = SP_EVENT_SAID, .process = 3, .port = 53, .detail = query });
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_NAME, .subject = "EVIL.example." });
    assert_string_equal(event.package ? event.package : "", "pkg:npm/b");
    /* two asked: nobody is named */
    take(attribution, (struct sp_event){ .kind = SP_EVENT_NAME, .process = 2, .subject = "evil.example" });
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_NAME, .subject = "evil.example" });
    assert_null(event.package);
    assert_int_equal(event.process, 0);
    sp_attribution_free(attribution);
}

static void
damaged_dns_messages_name_nobody(void **state)
{
    static const char *const messages[] = {
        "",
        "x",
        "\x12\x34\x01",
        "\x12\x34\x01\xc0\x80\xc0\x80\x01\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80",
        "\x12\x34\x01\xc0\x80\xc0\x80\x01\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\x3f"
        "a",
        "\x12\x34\x01\xc0\x80\xc0\x80\x01\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc1\x0c",
        "\x12\x34\x01\xc0\x80\xc0\x80\x01\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\xc0\x80\x01"
        "a",
    };
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    for (size_t i = 0; i < SP_COUNT(messages); i++)
        take(attribution,
             (struct sp_event){ .kind = SP_EVENT_SAID, .process = 3, .port = 53, .detail = messages[i] });
    assert_null(seen(attribution, (struct sp_event){ .kind = SP_EVENT_NAME, .subject = "a" }).package);
    sp_attribution_free(attribution);
}

static void
decoys_and_landed_files_belong_to_who_opened_and_wrote_them(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    struct sp_event event =
        seen(attribution, (struct sp_event){ .kind = SP_EVENT_DECOY, .subject = "/home/user/.ssh/id_rsa" });
    assert_null(event.package); /* two packages run; neither is guessed */
    take(attribution,
         (struct sp_event){
             .kind = SP_EVENT_OPEN, .process = 2, .subject = "/home/user/.ssh/id_rsa", .detail = "ssh" });
    event =
        seen(attribution, (struct sp_event){ .kind = SP_EVENT_DECOY, .subject = "/home/user/.ssh/id_rsa" });
    assert_string_equal(event.package, "pkg:npm/a");
    open_file(attribution, 3, P "/evil.sh", O_WRONLY | O_CREAT);
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_WRITE, .subject = P "/evil.sh" });
    assert_string_equal(event.package, "pkg:npm/b");
    event = seen(attribution, (struct sp_event){ .kind = SP_EVENT_WRITE, .subject = P "/other.sh" });
    assert_null(event.package);
    sp_attribution_free(attribution);
}

static void
the_only_package_that_runs_is_not_guessed(void **state)
{
    struct sp_attribution *attribution = fresh("npm", "npm");
    (void)state;
    make(attribution, 1, 0);
    make(attribution, 2, 1);
    start(attribution, 2, P "/node_modules/a", "/bin/sh", SH);
    struct sp_event event =
        seen(attribution,
             (struct sp_event){ .kind = SP_EVENT_CONNECTION, .subject = "evil.example", .from_port = 4000 });
    assert_null(event.package);
    assert_null(sp_attribution_actor(attribution, &event));
    sp_attribution_free(attribution);
}

/* ---------------------------------------------------------------- traces */

struct told {
    size_t count;
    char subject[256], package[256];
};

static void
keep_place(void *context, const struct sp_event *event)
{
    struct told *told = context;
    assert_int_equal(event->kind, SP_EVENT_PLACE);
    told->count++;
    snprintf(told->subject, sizeof(told->subject), "%s", event->subject);
    snprintf(told->package, sizeof(told->package), "%s", event->package);
}

static void
a_place_is_told_once_and_a_replay_lives_on_it(void **state)
{
    struct told told = { 0 };
    int asked = 0;
    const struct sp_event_sink sink = { .take = keep_place, .context = &told };
    const struct sp_attribution_options options = {
        .manager = "npm",
        .ecosystem = "npm",
        .project = P,
        .resolve = claims_react,
        .context = &asked,
        .places = &sink,
    };
    struct sp_attribution *attribution = NULL;
    struct sp_error err;
    (void)state;
    assert_int_equal(sp_attribution_new(&attribution, &options, &err), 0);
    sp_attribution_take(attribution, &(struct sp_event){ .kind = SP_EVENT_COMMAND, .value = 1 });
    make(attribution, 1, 0);
    for (uint32_t i = 2; i < 6; i++) {
        make(attribution, i, 1);
        start(attribution, i, P "/node_modules/alias/lib", "/bin/sh", SH);
    }
    assert_int_equal(told.count, 1);
    assert_string_equal(told.subject, P "/node_modules/alias");
    sp_attribution_free(attribution);

    attribution = fresh("npm", "npm");
    take(attribution,
         (struct sp_event){ .kind = SP_EVENT_PLACE, .subject = told.subject, .package = told.package });
    make(attribution, 1, 0);
    make(attribution, 2, 1);
    assert_string_equal(start(attribution, 2, P "/node_modules/alias/lib", "/bin/sh", SH),
                        "pkg:npm/react@18.0.0");
    sp_attribution_free(attribution);
}

/* ---------------------------------------------------------------- bounds */

static void
more_processes_than_there_is_room_for_are_unknown_and_counted(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    for (uint32_t i = 4; i <= 262144; i++)
        make(attribution, i, 2);
    assert_int_equal(sp_attribution_unseen(attribution), 0);
    assert_string_equal(open_file(attribution, 262144, "/tmp/x", O_RDONLY), "pkg:npm/a");
    make(attribution, 262145, 2);
    assert_int_equal(sp_attribution_unseen(attribution), 1);
    struct sp_event event =
        seen(attribution, (struct sp_event){ .kind = SP_EVENT_LOOK, .process = 262145, .subject = "/" });
    assert_null(event.package);
    assert_int_equal(sp_attribution_actor(attribution, &event)->kind, SP_ACTOR_UNKNOWN);
    make(attribution, UINT32_MAX, 2);
    assert_int_equal(sp_attribution_process_count(attribution), 262144);
    sp_attribution_free(attribution);
}

static void
more_files_than_there_is_room_for_are_counted(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    char path[64];
    (void)state;
    for (int i = 0; i < 70000; i++) {
        snprintf(path, sizeof(path), "/tmp/%d", i);
        open_file(attribution, 2, path, O_WRONLY | O_CREAT);
    }
    assert_int_equal(sp_attribution_unseen(attribution), 70000 - 65536);
    assert_non_null(sp_attribution_writer(attribution, "/tmp/65535"));
    assert_null(sp_attribution_writer(attribution, "/tmp/65536"));
    sp_attribution_free(attribution);
}

static void
events_of_any_kind_without_anything_in_them_are_taken(void **state)
{
    struct sp_attribution *attribution = two_scripts();
    (void)state;
    for (int kind = 0; kind <= SP_EVENT_KIND_END; kind++)
        for (uint32_t process = 0; process < 4; process++)
            for (int64_t value = -1; value < SP_FILE_ACT_COUNT; value++)
                take(attribution, (struct sp_event){ .kind = (enum sp_event_kind)kind,
                                                     .process = process,
                                                     .value = value,
                                                     .subject = value & 1 ? "" : NULL,
                                                     .detail = value & 2 ? "" : NULL,
                                                     .directory = value & 4 ? "" : NULL });
    assert_string_equal(open_file(attribution, 2, "/etc/hosts", O_RDONLY), "pkg:npm/a");
    sp_attribution_free(attribution);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_of_random_installs_is_laid_to_whoever_planned_it),
        cmocka_unit_test(programs_of_a_package_manager_by_where_they_start),
        cmocka_unit_test(directories_say_whose_they_are),
        cmocka_unit_test(a_loaded_package_acts_in_its_phase),
        cmocka_unit_test(the_process_that_was_started_is_the_package_manager_to_its_end),
        cmocka_unit_test(a_command_that_is_no_package_manager_lays_nothing_to_places),
        cmocka_unit_test(who_was_never_seen_to_begin_is_unknown_and_so_are_its_children),
        cmocka_unit_test(what_nobody_is_known_for_frames_no_neighbour),
        cmocka_unit_test(what_a_program_was_is_kept),
        cmocka_unit_test(code_that_a_neighbour_changed_is_laid_to_the_neighbour),
        cmocka_unit_test(what_is_started_after_it_stays_the_writers_in_the_phase_of_the_framed),
        cmocka_unit_test(code_read_from_its_own_directory_counts_other_files_do_not),
        cmocka_unit_test(a_loaded_package_that_was_rewritten_acts_for_the_writer),
        cmocka_unit_test(what_the_package_manager_writes_over_it_is_clean),
        cmocka_unit_test(a_package_manager_that_starts_a_packages_program_is_no_cover),
        cmocka_unit_test(a_manifest_that_a_neighbour_rewrote_is_not_asked),
        cmocka_unit_test(connections_belong_to_who_holds_the_port),
        cmocka_unit_test(names_belong_to_their_one_asker),
        cmocka_unit_test(damaged_dns_messages_name_nobody),
        cmocka_unit_test(decoys_and_landed_files_belong_to_who_opened_and_wrote_them),
        cmocka_unit_test(the_only_package_that_runs_is_not_guessed),
        cmocka_unit_test(a_place_is_told_once_and_a_replay_lives_on_it),
        cmocka_unit_test(more_processes_than_there_is_room_for_are_unknown_and_counted),
        cmocka_unit_test(more_files_than_there_is_room_for_are_counted),
        cmocka_unit_test(events_of_any_kind_without_anything_in_them_are_taken),
        cmocka_unit_test(packages_are_named_by_what_others_vouch_for),
        cmocka_unit_test(a_package_is_remembered_for_its_directory),
        cmocka_unit_test(hostile_manifests_neither_block_nor_lead_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
