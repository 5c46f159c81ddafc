/* The uprobes over a real sandbox: what is only known inside of a process. Needs root, a kernel that takes
 * them, and for each case the program that it is about; skipped, and said, elsewhere. */
#include "base/tree.h"
#include "probe/targets.h"
#include "probe_room.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEARCH "/usr/local/bin:/usr/bin:/bin"
#define PYTHON "/usr/bin/python3"
#define NODE "/usr/bin/node"
#define GETENT "/usr/bin/getent"
#define LIBSSL "/usr/lib/x86_64-linux-gnu/libssl.so.3"

/* The room, with all its targets. */
struct scene {
    struct world *world;
    struct sp_targets targets;
};

static void
look_for_targets(struct scene *scene, const char *const *packages)
{
    const struct sp_target_hints hints = { .path = SEARCH, .packages = packages };
    sp_targets_free(&scene->targets);
    sp_targets_find(&scene->targets, sp_sandbox_root(scene->world->sandbox), &hints);
    scene->world->uprobes = scene->targets.uprobes;
    scene->world->uprobe_count = scene->targets.count;
}

static int
set_up_targets(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    if (!scene || set_up(state) < 0)
        return -1;
    scene->world = *state;
    look_for_targets(scene, NULL);
    *state = scene;
    return 0;
}

static int
tear_down_targets(void **state)
{
    struct scene *scene = *state;
    *state = scene->world;
    sp_targets_free(&scene->targets);
    free(scene);
    return tear_down(state);
}

static void
need(const char *program)
{
    if (access(program, R_OK) == 0)
        return;
    print_message("no %s here\n", program);
    skip();
}

static void
write_file(const struct world *world, const char *name, const char *text)
{
    char path[400];
    snprintf(path, sizeof(path), "%s/%s", world->project, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Runs TEXT by PROGRAM, as a file and without what the host's Python starts by itself. */
static void
run_text(struct world *world, const char *program, const char *text)
{
    const char *const python[] = { PYTHON, "-E", "-s", "-S", "script", NULL };
    const char *const node[] = { NODE, "script", NULL };
    need(program);
    write_file(world, "script", text);
    aim_at(world, false, false);
    assert_string_equal(sp_eyes_missing(eyes), "");
    assert_int_equal(run_program(world, !strcmp(program, NODE) ? node : python), 0);
    nothing_was_lost(world);
}

/* How many strings of code were told that are CALLED so and begin with SOURCE (NULL: any). */
static size_t
told(const struct world *world, int64_t how, const char *called, const char *source)
{
    size_t count = 0;
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        count += event->kind == SP_EVENT_CODE && event->value == how &&
                 (!called || !strcmp(event->subject, called)) &&
                 (!source || !strncmp(event->detail, source, strlen(source)));
    }
    return count;
}

static const struct sp_event *
said_in_tls(const struct world *world, const char *bytes)
{
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        if (event->kind == SP_EVENT_SAID && event->value == SP_SAID_TLS && !strcmp(event->detail, bytes))
            return event;
    }
    fail_msg("not seen before it was enciphered: %s", bytes);
    return NULL;
}

/* ------------------------------------------------------------------ names */

static void
names_that_are_asked_for_are_seen_once(void **state)
{
    struct scene *scene = *state;
    const char *const argv[] = { GETENT, "ahosts", "evil.example", NULL };
    size_t asked = 0;
    need(GETENT);
    for (int aimed = 0; aimed < 2; aimed++) { /* uprobes stay where they are from one aim to the next */
        aim_at(scene->world, false, false);
        (void)run_program(scene->world, argv);
        asked = 0;
        for (size_t i = 0; i < scene->world->count; i++) {
            const struct sp_event *event = &scene->world->kept[i].event;
            asked += event->kind == SP_EVENT_NAME && event->detail && !strcmp(event->detail, "getaddrinfo") &&
                     !strcmp(event->subject, "evil.example") && event->process && event->pid;
        }
        assert_int_equal(asked, 1);
        forget(scene->world);
    }
}

/* -------------------------------------------------------------------- tls */

/* A client and a server that talk in memory, without a certificate. */
#define PYTHON_TLS                                                                                           \
    "import ssl\n"                                                                                           \
    "def context(kind):\n"                                                                                   \
    "    c = ssl.SSLContext(kind)\n"                                                                         \
    "    c.check_hostname = False\n"                                                                         \
    "    c.verify_mode = ssl.CERT_NONE\n"                                                                    \
    "    c.maximum_version = ssl.TLSVersion.TLSv1_2\n"                                                       \
    "    c.set_ciphers('AECDH-AES128-SHA:@SECLEVEL=0')\n"                                                    \
    "    return c\n"                                                                                         \
    "a, b = ssl.MemoryBIO(), ssl.MemoryBIO()\n"                                                              \
    "client = context(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(a, b)\n"                                             \
    "server = context(ssl.PROTOCOL_TLS_SERVER).wrap_bio(b, a, server_side=True)\n"                           \
    "for side in (client, server, client, server):\n"                                                        \
    "    try: side.do_handshake()\n"                                                                         \
    "    except ssl.SSLWantReadError: pass\n"

static void
bytes_are_seen_before_python_enciphers_them(void **state)
{
    struct scene *scene = *state;
    run_text(scene->world, PYTHON,
             PYTHON_TLS "client.write(b'POST /collect \\0 token=1')\nclient.write(b'x' * 5000)\n");
    const struct sp_event *said = said_in_tls(scene->world, "POST /collect \xc0\x80 token=1");
    assert_int_equal(said->bytes, 23);
    char long_one[SP_WIRE_SAID + 1] = { 0 };
    memset(long_one, 'x', SP_WIRE_SAID);
    assert_int_equal(said_in_tls(scene->world, long_one)->bytes, 5000);
}

static void
bytes_are_seen_before_node_enciphers_them(void **state)
{
    struct scene *scene = *state;
    run_text(scene->world, NODE,
             "const tls = require('tls');\n"
             "const how = { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2',\n"
             "              host: '127.0.0.1', rejectUnauthorized: false, checkServerIdentity() {} };\n"
             "const server = tls.createServer(how, s => s.on('data', () => process.exit(0)));\n"
             "server.listen(0, '127.0.0.1', () => {\n"
             "  tls.connect({ ...how, port: server.address().port },\n"
             "              function () { this.write('POST /collect token=2'); }).on('error', e => {\n"
             "    console.log(e); process.exit(1); }); });\n");
    said_in_tls(scene->world, "POST /collect token=2");
}

/* A library as a wheel brings it, under a name of its own. */
static void
bytes_are_seen_before_a_wheel_enciphers_them(void **state)
{
    struct scene *scene = *state;
    struct world *world = scene->world;
    char libraries[400], library[500], preload[600];
    const char *const packages[] = { world->project, NULL };
    need(PYTHON);
    need(LIBSSL);
    snprintf(libraries, sizeof(libraries), "%s/some_package.libs", world->project);
    snprintf(library, sizeof(library), "%s/libssl-0d35c8ef.so.3", libraries);
    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", library);
    assert_return_code(mkdir(libraries, 0755), errno);
    assert_int_equal(sp_tree_copy(LIBSSL, library, &world->err), 0);
    assert_return_code(chmod(library, 0755), errno);
    write_file(world, "script", PYTHON_TLS "client.write(b'from a wheel')\n");
    const char *const argv[] = { "/usr/bin/env", preload, PYTHON, "-E", "-s", "-S", "script", NULL };
    look_for_targets(scene, packages);
    aim_at(world, false, false);
    assert_int_equal(run_program(world, argv), 0);
    must_find(world, SP_EVENT_OPEN, -1, "/libssl-0d35c8ef.so.3");
    said_in_tls(world, "from a wheel");
}

/* ------------------------------------------------------------------- code */

static void
strings_that_python_runs_are_seen(void **state)
{
    struct scene *scene = *state;
    struct world *world = scene->world;
    run_text(world, PYTHON,
             "exec('x = 1')\n"
             "eval('x + 1')\n"
             "exec(compile('y = 2', '<string>', 'exec'))\n"
             "compile('z = 3', 'no path', 'exec')\n"
             "compile('import_like = 4', '/a/path.py', 'exec')\n"
             "compile('import_like = 5', '/\\xe9/path.py', 'exec')\n"
             "compile('import_like = 6', '/\\u4e2d/path.py', 'exec')\n"
             "exec('#' + 'l' * 1000)\n");
    assert_int_equal(told(world, SP_CODE_STRING, "exec", "x = 1"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "x + 1"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "compile", "y = 2"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "compile", "z = 3"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, NULL, "import_like"), 0);
    assert_int_equal(told(world, SP_CODE_STRING, "exec", "#llll"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, NULL, NULL), 5);
}

static void
byte_code_that_an_extension_loads_is_seen(void **state)
{
    struct scene *scene = *state;
    run_text(scene->world, PYTHON,
             "import ctypes, marshal\n"
             "code = marshal.dumps(compile('z = 3', '/a', 'exec'))\n"
             "read = ctypes.pythonapi.PyMarshal_ReadObjectFromString\n"
             "read.restype = ctypes.py_object\n"
             "read.argtypes = [ctypes.c_char_p, ctypes.c_ssize_t]\n"
             "exec(read(code, len(code)))\n");
    /* and not what is frozen into the interpreter, which comes the same way */
    assert_int_equal(told(scene->world, SP_CODE_MARSHAL, "marshal", NULL), 1);
}

static void
strings_that_node_runs_are_seen(void **state)
{
    struct scene *scene = *state;
    struct world *world = scene->world;
    run_text(world, NODE,
             "eval('1+1');\n"
             "(0, eval)('2+2');\n"
             "new Function('return 7')();\n"
             "const name = 'a'.repeat(40), long = 'x'.repeat(20) + ';sliced(' + 'y'.repeat(20) + ')';\n"
             "eval('var ' + name + (Math.random() < 2 ? '_in_parts' : '') + ' = 1;');\n"
             "eval('//' + 'l'.repeat(1000));\n"
             "try { eval(Buffer.from(long).toString().slice(21, -1) + ')'); } catch (e) {}\n"
             "new (require('vm').Script)('3+4').runInThisContext();\n"
             "try { require('vm').runInNewContext('5+6'); } catch (e) {}\n"
             "eval('\"\\u4e2d\"');\n");
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "1+1"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "2+2"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "(function anonymous("), 1);
    assert_int_equal(
        told(world, SP_CODE_STRING, "eval", "var aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_in_parts = 1;"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "//llll"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", "sliced(yyyyyyyyyyyyyyyyyyyy)"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "vm.Script", "3+4"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "vm.Script", "5+6"), 1);
    assert_int_equal(told(world, SP_CODE_STRING, "eval", NULL), 7); /* one without its text */
}

static void
a_command_line_that_node_runs_is_seen(void **state)
{
    struct scene *scene = *state;
    const char *const argv[] = { NODE, "-e", "1 + 2", NULL };
    need(NODE);
    aim_at(scene->world, false, false);
    assert_int_equal(run_program(scene->world, argv), 0);
    assert_int_equal(told(scene->world, SP_CODE_STRING, "vm.Script", "1 + 2"), 1);
}

static void
an_ordinary_import_tells_nothing(void **state)
{
    struct scene *scene = *state;
    write_file(scene->world, "module_of_ours.py", "import os, stat, struct\nclass A:\n    x = 1\n");
    run_text(scene->world, PYTHON, "import module_of_ours, argparse, codecs, string\n");
    must_find(scene->world, SP_EVENT_OPEN, -1, "/module_of_ours.py");
    assert_int_equal(told(scene->world, SP_CODE_STRING, "compile", NULL), 0);
    assert_int_equal(told(scene->world, SP_CODE_STRING, "exec", NULL), 0);
    assert_int_equal(told(scene->world, SP_CODE_MARSHAL, NULL, NULL), 0);
}

static void
an_ordinary_require_tells_nothing(void **state)
{
    struct scene *scene = *state;
    write_file(scene->world, "module.js", "exports.x = () => 1;\n");
    write_file(scene->world, "data.json", "{}\n");
    run_text(
        scene->world, NODE,
        "require('./module.js').x();\nrequire('./data.json');\n"
        "for (const name of ['fs', 'http', 'https', 'crypto', 'child_process', 'zlib']) require(name);\n");
    must_find(scene->world, SP_EVENT_OPEN, -1, "/module.js");
    assert_int_equal(told(scene->world, SP_CODE_STRING, NULL, NULL), 0);
}

static void
no_process_fills_the_ring_alone(void **state)
{
    struct scene *scene = *state;
    size_t said = 0;
    run_text(scene->world, PYTHON,
             PYTHON_TLS "for i in range(3000): eval('1')\n"
                        "for i in range(50): client.write(b'again')\n");
    assert_int_equal(told(scene->world, SP_CODE_STRING, NULL, NULL), SP_WIRE_CODE_TOLD);
    for (size_t i = 0; i < scene->world->count; i++)
        said += scene->world->kept[i].event.kind == SP_EVENT_SAID;
    assert_int_equal(said, SP_WIRE_TLS_TOLD);
}

/* ------------------------------------------------------------------ places */

static void
places_that_were_found_are_allowed_and_no_others(void **state)
{
    struct scene *scene = *state;
    assert_true(scene->targets.count > 0);
    for (size_t i = 0; i < scene->targets.count; i++) {
        struct sp_eyes_uprobe uprobe = scene->targets.uprobes[i];
        assert_true(sp_targets_allow(&uprobe));
        uprobe.offset++;
        assert_false(sp_targets_allow(&uprobe));
        uprobe.offset--;
        uprobe.kind = uprobe.kind == SP_UPROBE_NAME ? SP_UPROBE_TLS : SP_UPROBE_NAME;
        assert_false(sp_targets_allow(&uprobe));
    }
}

/* the last: what is missing stays so */
static void
a_place_that_takes_no_probe_costs_the_others_nothing(void **state)
{
    struct scene *scene = *state;
    const char *const argv[] = { GETENT, "ahosts", "evil.example", NULL };
    need(GETENT);
    scene->targets.uprobes[scene->targets.count] = scene->targets.uprobes[0];
    scene->targets.uprobes[scene->targets.count].offset = 1ull << 40;
    scene->world->uprobe_count++;
    aim_at(scene->world, false, false);
    (void)run_program(scene->world, argv);
    must_find(scene->world, SP_EVENT_NAME, -1, "evil.example");
    assert_non_null(strstr(sp_eyes_missing(eyes), "uprobes: 1 of "));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up_targets, tear_down_targets)
    const struct CMUnitTest cases[] = {
        CASE(names_that_are_asked_for_are_seen_once),
        CASE(bytes_are_seen_before_python_enciphers_them),
        CASE(bytes_are_seen_before_node_enciphers_them),
        CASE(bytes_are_seen_before_a_wheel_enciphers_them),
        CASE(strings_that_python_runs_are_seen),
        CASE(byte_code_that_an_extension_loads_is_seen),
        CASE(strings_that_node_runs_are_seen),
        CASE(a_command_line_that_node_runs_is_seen),
        CASE(an_ordinary_import_tells_nothing),
        CASE(an_ordinary_require_tells_nothing),
        CASE(no_process_fills_the_ring_alone),
        CASE(places_that_were_found_are_allowed_and_no_others),
        CASE(a_place_that_takes_no_probe_costs_the_others_nothing),
    };
    int failed = probes_begin();
    if (failed)
        return failed;
    if (*sp_eyes_missing(eyes)) {
        print_message("SKIPPED: %s\n", sp_eyes_missing(eyes));
        probes_end();
        return 77;
    }
    failed = cmocka_run_group_tests(cases, NULL, NULL);
    probes_end();
    return failed;
}
