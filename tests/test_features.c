/* The features: every one moves by what its definition says and by nothing else, in the row that it belongs
 * to, and what could not be seen is not a zero. */
#include "base/file.h"
#include "base/tree.h"
#include "base/hash.h"
#include "behaviour/feature_places.h"
#include "behaviour/feature_programs.h"
#include "behaviour/features.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LEFT "pkg:npm/left@1.0.0"
#define LEFT_PLACE "/project/node_modules/left"
#define RIGHT "pkg:npm/right@2.0.0"
#define RIGHT_PLACE "/project/node_modules/right"
#define SECOND ((uint64_t)1000000000)

struct run {
    struct sp_attribution *attribution;
    struct sp_features *features;
    struct sp_feature_row *rows;
    size_t count;
};

static bool
proves(void *context SP_UNUSED, const char *id)
{
    return !strcmp(id, "ssh-key");
}

static void
act(struct run *run, struct sp_event event)
{
    sp_attribution_take(run->attribution, &event);
    sp_features_take(run->features, &event);
}

static struct run
begin_with(bool library_probes)
{
    struct run run = { 0 };
    struct sp_error err;
    const struct sp_attribution_options whose = {
        .manager = "npm", .ecosystem = "npm", .project = "/project", .home = "/home/user"
    };
    if (sp_attribution_new(&run.attribution, &whose, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_features_options options = { .attribution = run.attribution,
                                                 .home = "/home/user",
                                                 .project = "/project",
                                                 .decoy_read_proves = proves,
                                                 .library_probes = library_probes };
    if (sp_features_new(&run.features, &options, &err) < 0)
        fail_msg("%s", err.text);
    return run;
}

/* npm is process 1; the install scripts of left and right are 2 and 3, npm's children; left is loaded by 4.
 */
static struct run
begin(void)
{
    struct run run = begin_with(true);
    act(&run, (struct sp_event){ SP_EVENT_PLACE, .subject = LEFT_PLACE, .package = LEFT });
    act(&run, (struct sp_event){ SP_EVENT_PLACE, .subject = RIGHT_PLACE, .package = RIGHT });
    act(&run, (struct sp_event){ SP_EVENT_COMMAND, .value = 1,
                                 .subject = "npm\x1f"
                                            "ci\x1f" });
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 1, .value = 1, .time = SECOND });
    act(&run,
        (struct sp_event){ SP_EVENT_EXEC, .process = 1, .subject = "/usr/bin/node", .time = SECOND,
                           .detail = "node\x1f/usr/bin/npm\x1f", .directory = "/project", .bytes = 18 });
    for (uint32_t i = 2; i < 4; i++) {
        act(&run, (struct sp_event){ SP_EVENT_FORK, .process = i, .parent = 1, .time = SECOND });
        act(&run, (struct sp_event){ SP_EVENT_EXEC, .process = i, .subject = "/usr/bin/dash", .time = SECOND,
                                     .detail = "sh\x1f-c\x1f:\x1f", .bytes = 8,
                                     .directory = i == 2 ? LEFT_PLACE : RIGHT_PLACE });
    }
    act(&run, (struct sp_event){ SP_EVENT_COMMAND, SP_PHASE_LOAD, .value = 2, .package = LEFT });
    act(&run, (struct sp_event){ SP_EVENT_FORK, SP_PHASE_LOAD, .process = 4, .value = 2, .time = SECOND });
    return run;
}

static void
look(struct run *run)
{
    struct sp_error err;
    free(run->rows);
    if (sp_features_rows(run->features, &run->rows, &run->count, &err) < 0)
        fail_msg("%s", err.text);
}

static void
end(struct run *run)
{
    free(run->rows);
    sp_features_free(run->features);
    sp_attribution_free(run->attribution);
}

static size_t
index_of(const char *id)
{
    for (size_t i = 0; i < sp_feature_count; i++)
        if (!strcmp(sp_feature_table[i].id, id))
            return i;
    fail_msg("there is no feature %s", id);
    return 0;
}

static const struct sp_feature_row *
row_of(const struct run *run, const char *kind, const char *package, int phase)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct sp_feature_row *row = &run->rows[i];
        if (!strcmp(row->kind, kind) && row->phase == phase && !row->package == !package &&
            (!package || !strcmp(row->package, package)))
            return row;
    }
    fail_msg("there is no row %s %s %d", kind, package ? package : "", phase);
    return NULL;
}

static double
value(const struct run *run, const char *kind, const char *package, int phase, const char *id)
{
    return row_of(run, kind, package, phase)->values[index_of(id)];
}

static double
of_left(const struct run *run, const char *id)
{
    return value(run, "package", LEFT, SP_PHASE_INSTALL, id);
}

static double
of_run(const struct run *run, const char *id)
{
    return value(run, "all", NULL, -1, id);
}

/* ----------------------------------------------------------------------------------------------- the table
 */

static void
the_36_stand_first_in_the_order_of_dysec(void **state SP_UNUSED)
{
    static const struct {
        const char *group;
        size_t count;
    } groups[] = { { "filetop", 5 }, { "install", 3 }, { "opensnoop", 7 },
                   { "tcp", 5 },     { "syscall", 6 }, { "pattern", 10 } };
    size_t at = 0;
    for (size_t g = 0; g < SP_COUNT(groups); g++)
        for (size_t i = 0; i < groups[g].count; i++, at++) {
            assert_string_equal(sp_feature_table[at].group, groups[g].group);
            assert_string_equal(sp_feature_table[at].source, "DySec");
        }
    assert_int_equal(at, SP_FEATURES_DYSEC);
    for (; at < sp_feature_count; at++)
        assert_string_equal(sp_feature_table[at].group, "own");
    for (size_t i = 0; i < sp_feature_count; i++) {
        const struct sp_feature *feature = &sp_feature_table[i];
        if (strncmp(feature->id, feature->group, strlen(feature->group)) ||
            feature->id[strlen(feature->group)] != '.' || index_of(feature->id) != i)
            fail_msg("%s: is no id of its group, or there twice", feature->id);
        if (!*feature->title || !*feature->unit || !*feature->probe || strlen(feature->definition) < 10 ||
            strchr(feature->definition, '|'))
            fail_msg("%s: lacks something", feature->id);
    }
}

/* -------------------------------------------------------------------------------------------------- counts
 */

static const struct {
    enum sp_count count;
    const char *id;
} counted[] = {
    { SP_COUNT_READ_BYTES, "filetop.read-data-transfer" },
    { SP_COUNT_WRITTEN_BYTES, "filetop.write-data-transfer" },
    { SP_COUNT_OPEN_ROOT, "opensnoop.root" },
    { SP_COUNT_OPEN_TEMP, "opensnoop.temp" },
    { SP_COUNT_OPEN_HOME, "opensnoop.home" },
    { SP_COUNT_OPEN_USER, "opensnoop.user" },
    { SP_COUNT_OPEN_SYS, "opensnoop.sys" },
    { SP_COUNT_OPEN_ETC, "opensnoop.etc" },
    { SP_COUNT_OPEN_OTHER, "opensnoop.other" },
    { SP_COUNT_TCP_STATES, "tcp.state-transitions" },
    { SP_COUNT_IO, "syscall.io" },
    { SP_COUNT_FILE, "syscall.file" },
    { SP_COUNT_NETWORK, "syscall.network" },
    { SP_COUNT_TIME, "syscall.time" },
    { SP_COUNT_SECURITY, "syscall.security" },
    { SP_COUNT_PROCESS, "syscall.process" },
    { SP_COUNT_PATTERN_1, "pattern.1" },
    { SP_COUNT_PATTERN_2, "pattern.2" },
    { SP_COUNT_PATTERN_3, "pattern.3" },
    { SP_COUNT_PATTERN_4, "pattern.4" },
    { SP_COUNT_PATTERN_5, "pattern.5" },
    { SP_COUNT_PATTERN_6, "pattern.6" },
    { SP_COUNT_PATTERN_7, "pattern.7" },
    { SP_COUNT_PATTERN_8, "pattern.8" },
    { SP_COUNT_PATTERN_9, "pattern.9" },
    { SP_COUNT_PATTERN_10, "pattern.10" },
    { SP_COUNT_ENVIRONS, "own.environ-reads" },
    { SP_COUNT_SENT_BYTES, "own.bytes-sent" },
    { SP_COUNT_RECEIVED_BYTES, "own.bytes-received" },
    { SP_COUNT_EXEC_PAGES, "own.exec-pages" },
    { SP_COUNT_THREADS, "own.threads" },
    { SP_COUNT_UNLINKS, "own.unlinks" },
    { SP_COUNT_SLEPT_MS, "own.slept" },
    { SP_COUNT_TIME_CHECKS, "own.time-checks" },
    { SP_COUNT_REFUSED, "own.calls-refused" },
};

static void
fill(uint64_t numbers[SP_COUNT_END], uint64_t times)
{
    for (uint64_t i = 0; i < SP_COUNT_END; i++)
        numbers[i] = times * (1000 + i);
}

static void
take_counts(struct run *run, uint32_t process, const uint64_t *numbers, size_t count)
{
    act(run,
        (struct sp_event){ SP_EVENT_COUNTS, .process = process, .numbers = numbers, .number_count = count });
}

static void
each_count_goes_to_its_feature_and_row(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END], none[SP_COUNT_END] = { 0 };
    struct run run = begin();
    fill(numbers, 1);
    take_counts(&run, 2, numbers, SP_COUNT_END);
    take_counts(&run, 2, numbers, SP_COUNT_END); /* told twice: counted once */
    take_counts(&run, 3, none, SP_COUNT_END);
    fill(numbers, 2);
    take_counts(&run, 4, numbers, SP_COUNT_END);
    take_counts(&run, 1, none, SP_COUNT_END);
    look(&run);
    for (size_t i = 0; i < SP_COUNT(counted); i++) {
        double once = 1000.0 + counted[i].count;
        double left = of_left(&run, counted[i].id);
        if (left != once)
            fail_msg("%s: left has %g instead of %g", counted[i].id, left, once);
        assert_true(value(&run, "package", LEFT, SP_PHASE_LOAD, counted[i].id) == 2 * once);
        assert_true(value(&run, "package", LEFT, -1, counted[i].id) == 3 * once);
        assert_true(value(&run, "package", RIGHT, -1, counted[i].id) == 0);
        assert_true(value(&run, "manager", NULL, SP_PHASE_FETCH, counted[i].id) == 0);
        assert_true(value(&run, "all", NULL, SP_PHASE_INSTALL, counted[i].id) == once);
        assert_true(of_run(&run, counted[i].id) == 3 * once);
    }
    static const char *const processes[] = { "filetop.read-processes", "filetop.write-processes",
                                             "filetop.file-access-processes" };
    for (size_t i = 0; i < SP_COUNT(processes); i++) {
        assert_true(of_run(&run, processes[i]) == 2);
        assert_true(of_left(&run, processes[i]) == 1);
        assert_true(value(&run, "package", RIGHT, -1, processes[i]) == 0);
    }
    assert_true(of_run(&run, "own.processes") == 4);
    assert_true(of_run(&run, "own.processes-uncounted") == 0);
    end(&run);
}

static void
numbers_are_no_larger_than_what_was_counted(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END] = { [SP_COUNT_READ_BYTES] = (uint64_t)1 << 60 };
    struct run run = begin();
    take_counts(&run, 2, numbers, SP_COUNT_END);
    look(&run);
    assert_true(of_left(&run, "filetop.read-data-transfer") == 0x1p60);
    assert_true(of_left(&run, "filetop.read-processes") == 0); /* no call read, whatever the bytes say */
    end(&run);
}

/* ------------------------------------------------------------------------------------------- what moves what
 */

/* What process 2, of left, does, and what the feature then is in left's row of the install. */
struct feature_case {
    const char *story, *id;
    double value;
    struct sp_event events[6];
};

#define OPEN(path, flags)                                                                                    \
    {                                                                                                        \
        SP_EVENT_OPEN, SP_PHASE_FETCH, .process = 2, .subject = path, .value = flags                         \
    }
#define READS(path) OPEN(path, O_RDONLY)
#define MAKES(path) OPEN(path, O_WRONLY | O_CREAT | O_TRUNC)
#define LOOKS(path)                                                                                          \
    {                                                                                                        \
        SP_EVENT_LOOK, .process = 2, .subject = path, .value = -2                                            \
    }
#define RUNS(path, words)                                                                                    \
    {                                                                                                        \
        SP_EVENT_EXEC, .process = 2, .subject = path, .detail = words, .directory = LEFT_PLACE,              \
                       .bytes = sizeof(words) - 1                                                            \
    }
#define CHANGE(act, path, more)                                                                              \
    {                                                                                                        \
        SP_EVENT_CHANGE, .process = 2, .value = act, .subject = path, .detail = more                         \
    }
#define SOCKET(act, address, kind)                                                                           \
    {                                                                                                        \
        SP_EVENT_SOCKET, .process = 2, .value = act, .subject = address, .port = 443, .detail = kind         \
    }
#define CALL(host)                                                                                           \
    {                                                                                                        \
        SP_EVENT_CONNECTION, .process = 2, .subject = host, .port = 443, .value = 1, .bytes = 10             \
    }
#define NAME(name)                                                                                           \
    {                                                                                                        \
        SP_EVENT_NAME, .process = 2, .subject = name, .detail = "A"                                          \
    }
#define CODE(code, what)                                                                                     \
    {                                                                                                        \
        SP_EVENT_CODE, .process = 2, .value = code, .subject = what                                          \
    }
#define TCP(address, to, from, own)                                                                          \
    {                                                                                                        \
        SP_EVENT_TCP, .process = 2, .subject = address, .port = to, .detail = from, .bytes = own,            \
                      .value = 0x0102                                                                        \
    }
#define SAYS(address, length)                                                                                \
    {                                                                                                        \
        SP_EVENT_SAID, .process = 2, .subject = address, .port = 443, .bytes = length,                       \
                       .value = SP_SAID_WRITE                                                                \
    }
#define BASE64 "aW1wb3J0IG9zO29zLnN5c3RlbSgnY3VybCBldmlsLmV4YW1wbGUnKTsK"

/* clang-format off */
static const struct feature_case cases[] = {
    { "addresses are told apart", "tcp.remote-ips", 2, { TCP("192.0.2.1", 443, "10.0.0.1", 40000), TCP("192.0.2.1", 80, "10.0.0.1", 40001), TCP("::1", 80, "::1", 40001) } },
    { "a mapped address is the same", "tcp.remote-ips", 1, { TCP("192.0.2.1", 443, "10.0.0.1", 1), TCP("::ffff:192.0.2.1", 443, "10.0.0.1", 1) } },
    { "a listener has no peer", "tcp.remote-ips", 0, { TCP("0.0.0.0", 0, "127.0.0.1", 8080) } },
    { "local addresses", "tcp.local-ips", 2, { TCP("192.0.2.1", 443, "10.0.0.1", 40000), TCP("::1", 80, "::1", 40001) } },
    { "local ports", "tcp.local-ports", 2, { TCP("192.0.2.1", 443, "10.0.0.1", 40000), TCP("192.0.2.1", 443, "10.0.0.1", 40001), TCP("192.0.2.1", 443, "10.0.0.1", 0) } },
    { "remote ports", "tcp.remote-ports", 2, { TCP("192.0.2.1", 443, "10.0.0.1", 1), TCP("192.0.2.2", 443, "10.0.0.1", 1), TCP("192.0.2.2", 80, "10.0.0.1", 1) } },

    { "a decoy is opened, and seen by two eyes", "own.decoys", 1, { { SP_EVENT_OPEN, .process = 2, .subject = "/home/user/.ssh/id_ed25519", .detail = "ssh-key" }, { SP_EVENT_DECOY, .process = 2, .subject = "/home/user/.ssh/id_ed25519", .detail = "ssh-key" } } },
    { "of two decoys one proves", "own.decoys-proving", 1, { { SP_EVENT_DECOY, .process = 2, .detail = "ssh-key" }, { SP_EVENT_DECOY, .process = 2, .detail = "npmrc" } } },
    { "a canary leaves twice", "own.canaries", 1, { { SP_EVENT_CANARY, .process = 2, .subject = "evil.example:443", .detail = "npmrc" }, { SP_EVENT_CANARY, .process = 2, .subject = "evil.example:80", .detail = "npmrc" } } },
    { "an SSH key and a look for another", "own.sensitive-ssh", 2, { READS("/home/user/.ssh/id_ed25519"), READS("/home/user/.ssh/id_ed25519"), LOOKS("/home/user/.ssh/id_rsa") } },
    { "another's home", "own.sensitive-ssh", 1, { READS("/home/other/.ssh/config") } },
    { "root's home", "own.sensitive-ssh", 1, { READS("/root/.ssh") } },
    { "a key outside any home", "own.sensitive-ssh", 1, { READS("/backup/id_rsa") } },
    { "SSH's own public settings", "own.sensitive-ssh", 0, { READS("/etc/ssh/ssh_config"), READS("/project/ssh/x"), READS("/home/user/.sshx") } },
    { "a key of the host", "own.sensitive-ssh", 1, { READS("/etc/ssh/ssh_host_ed25519_key") } },
    { "a secret that is written only", "own.sensitive-ssh", 0, { OPEN("/home/user/.ssh/x", O_WRONLY) } },
    { "cloud credentials", "own.sensitive-cloud", 3, { READS("/home/user/.aws/credentials"), READS("/home/user/.config/gcloud/x.json"), READS("/home/user/.vault-token") } },
    { "a browser's profile", "own.sensitive-browser", 2, { READS("/home/user/.config/google-chrome/Default/Login Data"), READS("/home/user/.config/google-chrome-beta/Default/Cookies") } },
    { "a wallet within a browser", "own.sensitive-wallet", 1, { READS("/home/user/.config/google-chrome/Default/Local Extension Settings/nkb/000003.log") } },
    { "wallets", "own.sensitive-wallet", 2, { READS("/home/user/.bitcoin/wallet.dat"), READS("/data/wallet.dat") } },
    { "histories", "own.sensitive-history", 2, { READS("/home/user/.bash_history"), READS("/home/user/.node_repl_history"), READS("/home/user/my_history") } },
    { "package managers' settings", "own.sensitive-manager", 2, { READS("/home/user/.npmrc"), READS("/project/.npmrc") } },
    { "tokens", "own.sensitive-token", 2, { READS("/home/user/.netrc"), READS("/home/user/.config/gh/hosts.yml") } },
    { "mounted secrets", "own.sensitive-ci", 1, { READS("/run/secrets/token") } },
    { ".env files", "own.sensitive-dotenv", 2, { READS("/project/.env"), READS("/project/.env.production"), READS("/project/x.env") } },
    { "shadow", "own.sensitive-password", 2, { READS("/etc/shadow"), READS("/etc/shadow-"), READS("/etc/passwd") } },
    { "keyrings", "own.sensitive-keyring", 2, { READS("/home/user/.local/share/keyrings/login.keyring"), READS("/mnt/all.kdbx") } },
    { "messengers", "own.sensitive-messenger", 1, { READS("/home/user/.config/discord/Local Storage/leveldb/1.ldb") } },
    { "three classes", "own.sensitive-classes", 3, { READS("/home/user/.bash_history"), READS("/home/user/.zsh_history"), READS("/home/user/.netrc"), READS("/etc/shadow"), READS("/usr/lib/x") } },
    { "env alone", "own.environment-dumps", 3, { RUNS("/usr/bin/env", "env\x1f"), RUNS("/usr/bin/env", "env\x1f" "A=b\x1f"), RUNS("/usr/bin/printenv", "printenv\x1f") } },
    { "env that starts another", "own.environment-dumps", 0, { RUNS("/usr/bin/env", "env\x1fnode\x1f"), RUNS("/usr/bin/env", "env\x1f" "A=b\x1f-u\x1fX\x1fnode\x1f"), RUNS("/usr/bin/env", "env\x1f-Snode x\x1f") } },
    { "what is sent before", "own.bytes-sent-before-sensitive", 100, { SAYS("192.0.2.1", 100), READS("/home/user/.netrc"), SAYS("192.0.2.1", 5) } },
    { "what is sent after", "own.bytes-sent-after-sensitive", 12, { SAYS("192.0.2.1", 100), READS("/home/user/.netrc"), SAYS("192.0.2.1", 5), SAYS("192.0.2.1", 7), SAYS("127.0.0.1", 50) } },
    { "a decoy of no class", "own.bytes-sent-after-sensitive", 5, { { SP_EVENT_DECOY, .process = 2, .detail = "x" }, SAYS("2001:db8::1", 5), { SP_EVENT_SAID, .process = 2, .subject = "2001:db8::1", .bytes = 4, .value = SP_SAID_TLS } } },
    { "names without the registry's", "own.names", 2, { NAME("evil.example"), NAME("EVIL.example."), NAME("registry.example.org"), { SP_EVENT_ARTEFACT, .subject = "https://user@registry.example.org:8443/left.tgz", .package = LEFT }, NAME("registry.example.org"), NAME("b.example") } },
    { "localhost is no name", "own.names", 0, { NAME("localhost"), NAME("LOCALHOST.") } },
    { "letters all alike", "own.name-entropy", 0, { NAME("aaaaaaaaaaaaaaaa.example") } },
    { "sixteen different letters", "own.name-entropy", 4, { NAME("short.example"), NAME("0123456789abcdef.example") } },
    { "long names", "own.name-length", 20, { NAME("a.example"), NAME("0123456.evil.example") } },
    { "connections", "own.connections", 3, { CALL("evil.example"), CALL("evil.example"), { SP_EVENT_PASSED, .process = 2, .subject = "cdn.example" }, CALL("127.0.0.1") } },
    { "refused by the sinkhole and by the kernel", "own.connections-refused", 2, { CALL("evil.example"), { SP_EVENT_CONNECTION, .process = 2, .subject = "evil.example", .value = 0 }, { SP_EVENT_SOCKET, .process = 2, .value = SP_SOCKET_CONNECT, .subject = "192.0.2.1", .detail = "tcp", .bytes = 1 } } },
    { "datagrams", "own.datagrams", 1, { { SP_EVENT_DATAGRAM, .process = 2, .subject = "192.0.2.1", .port = 123 }, CALL("evil.example") } },
    { "hosts", "own.hosts", 3, { CALL("evil.example"), CALL("Evil.Example"), { SP_EVENT_DATAGRAM, .process = 2, .subject = "192.0.2.1" }, { SP_EVENT_PASSED, .process = 2, .subject = "cdn.example" } } },
    { "publishing", "own.registry-refusals", 1, { { SP_EVENT_REQUEST, .process = 2, .subject = "PUT https://registry.example.org/left" } } },
    { "binds", "own.binds", 1, { SOCKET(SP_SOCKET_BIND, "0.0.0.0", "tcp"), SOCKET(SP_SOCKET_BIND, "/tmp/x", "unix") } },
    { "listens", "own.listens", 1, { SOCKET(SP_SOCKET_LISTEN, "0.0.0.0", "tcp"), SOCKET(SP_SOCKET_LISTEN, "/tmp/x", "unix") } },
    { "accepts", "own.accepts", 1, { SOCKET(SP_SOCKET_ACCEPT, "192.0.2.1", "tcp") } },
    { "raw sockets", "own.sockets-unusual", 1, { SOCKET(SP_SOCKET_OPENED, "", "raw"), SOCKET(SP_SOCKET_CONNECT, "192.0.2.1", "tcp") } },
    { "a shell on a socket", "own.programs-on-sockets", 1, { { SP_EVENT_EXEC, .process = 2, .subject = "/usr/bin/dash", .value = SP_EXEC_STDIN_SOCKET | SP_EXEC_STDOUT_SOCKET }, { SP_EVENT_EXEC, .process = 2, .subject = "/usr/bin/dash", .value = SP_EXEC_STDIN_PIPE } } },
    { "a written program", "own.written-executed", 1, { MAKES("/tmp/x"), RUNS("/tmp/x", "x\x1f"), RUNS("/usr/bin/true", "true\x1f") } },
    { "a written script", "own.written-executed", 2, { MAKES(LEFT_PLACE "/x.sh"), RUNS("/usr/bin/dash", "sh\x1f-e\x1f./x.sh\x1f"), RUNS("/usr/bin/bash", "bash\x1f-u\x1f" LEFT_PLACE "/x.sh\x1f"), RUNS("/usr/bin/dash", "sh\x1f-c\x1f" LEFT_PLACE "/x.sh\x1f") } },
    { "a downloaded program", "own.downloaded-executed", 1, { CALL("evil.example"), MAKES("/tmp/x"), RUNS("/tmp/x", "x\x1f") } },
    { "what curl brought", "own.downloaded-executed", 1, { RUNS("/usr/bin/curl", "curl\x1f-o\x1f/tmp/x\x1f"), MAKES("/tmp/x"), RUNS("/tmp/x", "x\x1f") } },
    { "a program built without any call", "own.downloaded-executed", 0, { SOCKET(SP_SOCKET_CONNECT, "127.83.80.1", "tcp"), MAKES("/tmp/x"), RUNS("/tmp/x", "x\x1f") } },
    { "from memory", "own.memory-executions", 3, { { SP_EVENT_EXEC, .process = 2, .subject = "/memfd:x", .value = SP_EXEC_MEMORY | SP_EXEC_DELETED }, { SP_EVENT_EXEC, .process = 2, .subject = "/tmp/x", .value = SP_EXEC_DELETED }, CODE(SP_CODE_MEMORY_MAPPED, "/memfd:x"), CODE(SP_CODE_MAPPED, "/usr/lib/x.so") } },
    { "memory files", "own.memfds", 1, { CODE(SP_CODE_MEMFD, "x") } },
    { "python starts node", "own.interpreters-nested", 1, { RUNS("/usr/bin/python3.11", "python3\x1fx.py\x1f"), RUNS("/usr/bin/dash", "sh\x1f-c\x1fx\x1f"), RUNS("/usr/bin/env", "env\x1fnode\x1f"), RUNS("/usr/bin/node", "node\x1f") } },
    { "a compiler in between", "own.interpreters-nested", 0, { RUNS("/usr/bin/python3.11", "python3\x1f"), RUNS("/usr/bin/make", "make\x1f"), RUNS("/usr/bin/node", "node\x1f") } },
    { "npm, itself node, starts the package's node", "own.interpreters-nested", 0, { RUNS("/usr/bin/node", "node\x1f") } },
    { "shells", "own.shells", 3, { RUNS("/usr/bin/bash", "bash\x1f"), RUNS("/bin/busybox", "sh\x1f"), RUNS("/bin/busybox", "ls\x1f") } },
    { "downloaders", "own.downloaders", 3, { RUNS("/usr/bin/curl", "x\x1f"), RUNS("/bin/nc.openbsd", "nc\x1f"), RUNS("/bin/busybox", "/bin/wget\x1f"), RUNS("/usr/bin/curly", "curl\x1f") } },
    { "compilers", "own.compilers", 3, { RUNS("/usr/bin/x86_64-linux-gnu-gcc-12", "cc\x1f"), RUNS("/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus", "x\x1f"), RUNS("/usr/bin/x86_64-linux-gnu-ld.bfd", "ld\x1f") } },
    { "packers", "own.packers", 2, { RUNS("/usr/bin/base64", "base64\x1f"), RUNS("/usr/bin/tar", "tar\x1f") } },
    { "reconnaissance", "own.reconnaissance", 2, { RUNS("/usr/bin/whoami", "whoami\x1f"), RUNS("/usr/bin/whoami", "whoami\x1f"), RUNS("/usr/bin/uname", "uname\x1f") } },
    { "places of the host", "own.host-looks", 3, { READS("/etc/machine-id"), LOOKS("/etc/machine-id"), READS("/proc/12/net/tcp"), READS("/proc/12/net/tcp6"), READS("/sys/class/net/eth0/address"), READS("/etc/ld.so.cache") } },
    { "checks for a sandbox", "own.sandbox-checks", 4, { LOOKS("/.dockerenv"), READS("/proc/1/cgroup"), READS("/proc/1/sched"), READS("/proc/12/status"), RUNS("/usr/bin/systemd-detect-virt", "x\x1f"), READS("/proc/1/ns/net") } },
    { "files read", "own.files-read", 2, { READS("/a"), READS("/a"), READS("/b"), OPEN("/c", O_WRONLY), OPEN("/a", O_RDWR) } },
    { "files written", "own.files-written", 3, { READS("/a"), OPEN("/c", O_WRONLY), OPEN("/a", O_RDWR), CHANGE(SP_FILE_LINK, "/d", "/e") } },
    { "outside its directory", "own.writes-outside", 3, { MAKES(LEFT_PLACE "/x"), MAKES("/tmp/x"), MAKES("/project/x"), MAKES("/home/user/x"), MAKES(RIGHT_PLACE "/x"), MAKES("/dev/null") } },
    { "a copy of itself elsewhere", "own.writes-outside", 0, { MAKES("/project/node_modules/a/node_modules/left/x"), MAKES("/venv/lib/python3/site-packages/Left-1.0.dist-info/x") } },
    { "into others", "own.writes-other-packages", 2, { MAKES(RIGHT_PLACE "/x"), MAKES("/project/node_modules/@left/left/x"), MAKES("/project/node_modules/.bin/x"), MAKES("/v/site-packages/unheard/x.py") } },
    { "into another that the run knows, of Python", "own.writes-other-packages", 1, { { SP_EVENT_ARTEFACT, .package = "pkg:pypi/some-thing@1" }, MAKES("/v/lib/python3/site-packages/some_thing/x.py") } },
    { "persistence", "own.persistence", 2, { MAKES("/home/user/.bashrc"), { SP_EVENT_WRITE, .process = 2, .subject = "/home/user/.bashrc" }, CHANGE(SP_FILE_RENAME, "/tmp/x", "/project/.git/hooks/pre-commit"), READS("/home/user/.profile") } },
    { "undeclared", "own.undeclared", 1, { { SP_EVENT_WRITE, .process = 2, .subject = "/project/x" }, MAKES("/project/y") } },
    { "chmod +x", "own.executables-made", 1, { CHANGE(SP_FILE_MODE, "/tmp/x", "755"), CHANGE(SP_FILE_MODE, "/tmp/x", "0100"), CHANGE(SP_FILE_MODE, "/tmp/y", "644") } },
    { "hidden", "own.hidden-made", 3, { MAKES("/tmp/.x"), OPEN("/tmp/.y", O_WRONLY), CHANGE(SP_FILE_MKDIR, "/tmp/.d", NULL), CHANGE(SP_FILE_RENAME, "/tmp/z", "/tmp/.z"), MAKES("/tmp/.d/x"), CHANGE(SP_FILE_UNLINK, "/tmp/.u", NULL) } },
    { "erased", "own.traces-erased", 3, { OPEN("/home/user/.bash_history", O_WRONLY | O_TRUNC), CHANGE(SP_FILE_UNLINK, "/var/log/syslog", NULL), CHANGE(SP_FILE_TRUNCATE, "/root/.zsh_history", NULL), OPEN("/home/user/.bash_history", O_WRONLY | O_APPEND), CHANGE(SP_FILE_UNLINK, "/tmp/x", NULL) } },
    { "deletes what it runs", "own.self-deletions", 2, { RUNS("/usr/bin/node", "node\x1fx.js\x1f"), CHANGE(SP_FILE_UNLINK, LEFT_PLACE "/x.js", NULL), CHANGE(SP_FILE_UNLINK, "/usr/bin/node", NULL), CHANGE(SP_FILE_UNLINK, LEFT_PLACE "/y.js", NULL) } },
    { "its child deletes it", "own.self-deletions", 1, { RUNS("/tmp/dropper", "x\x1f"), { SP_EVENT_FORK, .process = 20, .parent = 2 }, { SP_EVENT_EXEC, .process = 20, .subject = "/bin/rm", .detail = "rm\x1f/tmp/dropper\x1f" }, { SP_EVENT_CHANGE, .process = 20, .value = SP_FILE_UNLINK, .subject = "/tmp/dropper" } } },
    { "ptrace", "own.ptraces", 1, { CODE(SP_CODE_PTRACE, "") } },
    { "renamed", "own.renames-of-processes", 1, { CODE(SP_CODE_RENAMED, "[kworker/0:1]") } },
    { "strings", "own.strings-compiled", 1, { CODE(SP_CODE_STRING, "<string>") } },
    { "marshal", "own.marshal-loads", 1, { CODE(SP_CODE_MARSHAL, "") } },
    { "foreign", "own.foreign-calls", 1, { CODE(SP_CODE_FOREIGN, "io_uring_setup") } },
    { "base64", "own.argv-base64", 1, { RUNS("/bin/x", "x\x1f--data=" BASE64 "\x1f" BASE64 "\x1f"), RUNS("/bin/x", "x\x1f/Usr/Lib1/Aaaaaaa/Bbbbbbb/Ccccccc/Ddddddd/Eeeeeee/Fffffff/G\x1f"), RUNS("/bin/x", "x\x1f" "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\x1f"), RUNS("/bin/x", BASE64 "\x1f") } },
    { "the longest argv", "own.argv-length", 5000, { { SP_EVENT_EXEC, .process = 2, .subject = "/bin/x", .bytes = 5000 }, RUNS("/bin/x", "x\x1f") } },
    { "lost", "own.dropped", 8, { { SP_EVENT_DROPPED, .process = 2, .subject = "open", .value = 7 }, { SP_EVENT_DROPPED, .process = 2, .subject = "exec" } } },
    { "from the first to the last", "own.duration", 2500, { { SP_EVENT_LOOK, .process = 2, .time = 2 * SECOND }, { SP_EVENT_LOOK, .process = 2, .time = 7 * (SECOND / 2) }, { SP_EVENT_LOOK, .process = 2 } } },

    { "processes", "own.processes", 3, { { SP_EVENT_FORK, .process = 20, .parent = 2 }, { SP_EVENT_FORK, .process = 21, .parent = 20 }, { SP_EVENT_EXIT, .process = 20, .time = 2 * SECOND } } },
    { "depth", "own.depth", 4, { { SP_EVENT_FORK, .process = 20, .parent = 2 }, { SP_EVENT_FORK, .process = 21, .parent = 20 }, { SP_EVENT_FORK, .process = 22, .parent = 2 } } },
    { "one child lives on", "own.daemons", 1, { { SP_EVENT_FORK, .process = 20, .parent = 2 }, { SP_EVENT_FORK, .process = 21, .parent = 2 }, { SP_EVENT_EXIT, .process = 21, .time = 2 * SECOND + 1000 }, { SP_EVENT_EXIT, .process = 2, .time = 2 * SECOND }, { SP_EVENT_EXIT, .process = 20, .time = 9 * SECOND } } },
    { "ended by a signal", "own.ended-by-signal", 1, { { SP_EVENT_EXIT, .process = 2, .value = 9, .time = 2 * SECOND } } },
    { "a failure", "own.ended-failing", 1, { { SP_EVENT_EXIT, .process = 2, .value = 0x100, .time = 2 * SECOND } } },
    { "no failure", "own.ended-failing", 0, { { SP_EVENT_EXIT, .process = 2, .time = 2 * SECOND } } },
    { "peak memory", "own.peak-memory", 4096, { { SP_EVENT_EXIT, .process = 2, .bytes = 4096, .time = 2 * SECOND } } },
    { "no counts came", "own.processes-uncounted", 1, { { SP_EVENT_LOOK, .process = 2 } } },
};
/* clang-format on */

static void
play(struct run *run, const struct feature_case *c)
{
    for (size_t i = 0; i < SP_COUNT(c->events) && c->events[i].kind; i++)
        act(run, c->events[i]);
    look(run);
}

static void
every_feature_is_moved_by_what_it_is_about(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct run run = begin(), still = begin();
        play(&run, &cases[i]);
        double is = of_left(&run, cases[i].id);
        if (is != cases[i].value)
            fail_msg("%s: %s is %.17g instead of %g", cases[i].story, cases[i].id, is, cases[i].value);
        /* the neighbour did not do it */
        look(&still);
        double right = value(&run, "package", RIGHT, -1, cases[i].id);
        double before = value(&still, "package", RIGHT, -1, cases[i].id);
        if (right != before && !isnan(before))
            fail_msg("%s: %s of the neighbour is %g", cases[i].story, cases[i].id, right);
        end(&run);
        end(&still);
    }
}

static void
no_feature_is_without_a_test(void **state SP_UNUSED)
{
    for (size_t i = 0; i < sp_feature_count; i++) {
        const char *id = sp_feature_table[i].id;
        bool moved = !strcmp(sp_feature_table[i].group, "install") || !strncmp(id, "filetop.", 8);
        for (size_t c = 0; c < SP_COUNT(cases) && !moved; c++)
            moved = cases[c].value != 0 && !strcmp(cases[c].id, id);
        for (size_t c = 0; c < SP_COUNT(counted) && !moved; c++)
            moved = !strcmp(counted[c].id, id);
        if (!moved)
            fail_msg("%s: nothing shows that it moves", id);
    }
}

/* ----------------------------------------------------------------------------------------------------- rows
 */

static void
rows_are_the_run_its_phases_the_actors_and_the_packages(void **state SP_UNUSED)
{
    static const struct {
        const char *kind, *package;
        int phase;
    } expected[] = {
        { "all", NULL, -1 },
        { "all", NULL, SP_PHASE_FETCH },
        { "all", NULL, SP_PHASE_BUILD },
        { "all", NULL, SP_PHASE_INSTALL },
        { "all", NULL, SP_PHASE_LOAD },
        { "manager", NULL, SP_PHASE_FETCH },
        { "package", LEFT, SP_PHASE_INSTALL },
        { "package", RIGHT, SP_PHASE_INSTALL },
        { "package", LEFT, SP_PHASE_LOAD },
        { "package", LEFT, -1 },
        { "package", RIGHT, -1 },
    };
    struct run run = begin();
    look(&run);
    assert_int_equal(run.count, SP_COUNT(expected));
    for (size_t i = 0; i < SP_COUNT(expected); i++) {
        assert_string_equal(run.rows[i].kind, expected[i].kind);
        assert_int_equal(run.rows[i].phase, expected[i].phase);
        if (expected[i].package)
            assert_string_equal(run.rows[i].package, expected[i].package);
        else
            assert_null(run.rows[i].package);
    }
    end(&run);
}

static void
what_two_did_is_one_thing_for_both(void **state SP_UNUSED)
{
    struct run run = begin();
    for (uint32_t i = 2; i <= 4; i++) {
        act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = i, .subject = "/same" });
        act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = i,
                                     .subject = i == 2   ? "/a"
                                                : i == 3 ? "/b"
                                                         : "/c" });
    }
    act(&run, (struct sp_event){ SP_EVENT_OPEN, SP_PHASE_BUILD, .subject = "/nobody's" });
    look(&run);
    assert_true(of_left(&run, "own.files-read") == 2);
    assert_true(value(&run, "package", LEFT, -1, "own.files-read") == 3);
    assert_true(value(&run, "package", RIGHT, -1, "own.files-read") == 2);
    assert_true(value(&run, "all", NULL, SP_PHASE_INSTALL, "own.files-read") == 3);
    assert_true(value(&run, "all", NULL, SP_PHASE_BUILD, "own.files-read") == 1);
    assert_true(value(&run, "all", NULL, SP_PHASE_LOAD, "own.files-read") == 2);
    assert_true(of_run(&run, "own.files-read") == 5);
    end(&run);
}

static void
a_secret_read_at_install_marks_what_is_sent_at_load(void **state SP_UNUSED)
{
    struct run run = begin();
    act(&run, (struct sp_event)READS("/home/user/.aws/credentials"));
    for (uint32_t i = 3; i <= 4; i++)
        act(&run, (struct sp_event){ SP_EVENT_SAID, .process = i, .subject = "192.0.2.1", .bytes = 9 });
    look(&run);
    assert_true(value(&run, "package", LEFT, SP_PHASE_LOAD, "own.bytes-sent-after-sensitive") == 9);
    assert_true(value(&run, "package", RIGHT, -1, "own.bytes-sent-after-sensitive") == 0);
    assert_true(value(&run, "package", RIGHT, -1, "own.bytes-sent-before-sensitive") == 9);
    end(&run);
}

static void
counts_belong_to_whom_the_process_is_laid_at_its_end(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END];
    struct run run = begin();
    fill(numbers, 1);
    /* it was npm's when it began, and is right's since it started a program there */
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 30, .parent = 1 });
    act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = 30, .subject = "/early" });
    act(&run, (struct sp_event){ SP_EVENT_EXEC, .process = 30, .subject = "/usr/bin/dash",
                                 .directory = RIGHT_PLACE, .detail = "sh\x1f-c\x1f:\x1f" });
    take_counts(&run, 30, numbers, SP_COUNT_END);
    look(&run);
    assert_true(value(&run, "package", RIGHT, -1, "syscall.io") == 1000.0 + SP_COUNT_IO);
    assert_true(value(&run, "package", RIGHT, -1, "own.processes") == 2);
    assert_true(value(&run, "package", RIGHT, -1, "own.files-read") == 0);
    assert_true(value(&run, "manager", NULL, SP_PHASE_FETCH, "own.files-read") == 1);
    end(&run);
}

static void
dependencies_are_of_the_run(void **state SP_UNUSED)
{
    struct run run = begin();
    sp_features_dependencies(run.features, 177, 12, 165);
    look(&run);
    assert_true(of_run(&run, "install.total-dependencies") == 177);
    assert_true(of_run(&run, "install.direct-dependencies") == 12);
    assert_true(of_run(&run, "install.indirect-dependencies") == 165);
    assert_true(isnan(of_left(&run, "install.total-dependencies")));
    end(&run);
}

/* ------------------------------------------------------------------------------------------ what is not seen
 */

static void
what_could_not_be_seen_is_no_zero(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END];
    struct run run = begin_with(false);
    fill(numbers, 1);
    look(&run);
    for (size_t i = 0; i < SP_FEATURES_DYSEC; i++)
        if (!isnan(run.rows[0].values[i]))
            fail_msg("%s: nothing was seen, but it is %g", sp_feature_table[i].id, run.rows[0].values[i]);
    assert_true(isnan(of_run(&run, "own.sensitive-ssh")));
    assert_true(isnan(of_run(&run, "own.processes")));
    assert_true(isnan(of_run(&run, "own.duration")));
    assert_true(of_run(&run, "own.decoys") == 0); /* these eyes are always open */
    assert_true(of_run(&run, "own.connections") == 0);
    end(&run);

    /* less sight: programs only */
    run = begin();
    look(&run);
    assert_true(of_left(&run, "own.shells") == 1);
    assert_true(isnan(of_left(&run, "own.files-read")));
    assert_true(isnan(of_left(&run, "tcp.remote-ips")));
    assert_true(isnan(of_left(&run, "syscall.io")));
    assert_true(of_left(&run, "own.strings-compiled") == 0); /* the probes were there */
    /* counts of one package: the other's are not known, and nothing at all is 0 where nobody was */
    take_counts(&run, 2, numbers, SP_COUNT_END);
    look(&run);
    assert_true(of_left(&run, "syscall.io") > 0);
    assert_true(of_left(&run, "tcp.remote-ips") == 0);
    assert_true(isnan(value(&run, "package", RIGHT, -1, "syscall.io")));
    assert_true(value(&run, "all", NULL, SP_PHASE_BUILD, "syscall.io") == 0);
    assert_true(of_run(&run, "own.processes-uncounted") == 3);
    /* an older recording has fewer of them */
    take_counts(&run, 3, numbers, SP_COUNT_READS);
    look(&run);
    assert_true(value(&run, "package", RIGHT, -1, "syscall.io") > 0);
    assert_true(isnan(of_run(&run, "own.slept")));
    end(&run);

    run = begin_with(false);
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 2 });
    take_counts(&run, 2, numbers, SP_COUNT_END);
    look(&run);
    assert_true(isnan(of_run(&run, "own.strings-compiled")));
    act(&run, (struct sp_event)CODE(SP_CODE_MARSHAL, ""));
    look(&run);
    assert_true(of_run(&run, "own.strings-compiled") == 0);
    assert_true(of_run(&run, "own.marshal-loads") == 1);
    end(&run);
}

static void
more_things_than_are_kept_crowd_nothing_else_out(void **state SP_UNUSED)
{
    struct run run = begin();
    char path[64];
    for (unsigned i = 0; i < 400000; i++) {
        snprintf(path, sizeof(path), "/project/%u", i);
        act(&run, (struct sp_event)READS(path));
    }
    assert_true(sp_features_unseen(run.features) > 0);
    act(&run, (struct sp_event)READS("/home/user/.ssh/id_rsa"));
    act(&run, (struct sp_event)CALL("evil.example"));
    look(&run);
    assert_true(of_left(&run, "own.sensitive-ssh") == 1);
    assert_true(of_left(&run, "own.hosts") == 1);
    assert_in_range((uintmax_t)of_left(&run, "own.files-read"), 300000, 400000);
    end(&run);
}

static void
hostile_events_harm_nothing(void **state SP_UNUSED)
{
    static const char *const texts[] = { NULL,
                                         "",
                                         "/",
                                         "\x1f",
                                         "\x1f\x1f\x1f",
                                         "....",
                                         "/node_modules/",
                                         "/x/node_modules/@",
                                         "/site-packages/",
                                         "/site-packages/-1",
                                         "pkg:",
                                         "pkg:npm/%zz",
                                         "/home/",
                                         "/home//.ssh/",
                                         "-",
                                         "env\x1f-u\x1f",
                                         "sh\x1f-c",
                                         "://",
                                         "x://@:/",
                                         "\xff\xfe\x80",
                                         "/-linux-gnu-",
                                         "-linux-musl-1.2",
                                         "1.2.3",
                                         "./" };
    static const int64_t values[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 0x0102, O_CREAT | O_TRUNC, 1 << 20 };
    static const uint64_t numbers[200] = { UINT64_MAX, UINT64_MAX };
    struct run run = begin();
    uint64_t state_of = 7;
    for (unsigned i = 0; i < 200000; i++) {
        uint64_t r = state_of = state_of * 6364136223846793005u + 1442695040888963407u;
        r >>= 8;
        struct sp_event event = {
            .kind = (enum sp_event_kind)(r % (SP_EVENT_KIND_END + 2)),
            .phase = (enum sp_phase)(r >> 6 & 7),
            .time = r >> 7 & 1 ? UINT64_MAX - (r & 3) : r & 0xff,
            .process = r >> 9 & 0x20 ? UINT32_MAX : (uint32_t)(r >> 9 & 0x1f),
            .parent = (uint32_t)(r >> 15 & 0x1f),
            .value = values[(r >> 20) % SP_COUNT(values)],
            .bytes = r >> 23 & 1 ? UINT64_MAX : r & 3,
            .port = (uint16_t)r,
            .subject = texts[(r >> 24) % SP_COUNT(texts)],
            .detail = texts[(r >> 30) % SP_COUNT(texts)],
            .directory = texts[(r >> 36) % SP_COUNT(texts)],
            .package = texts[(r >> 42) % SP_COUNT(texts)],
            .numbers = r >> 47 & 1 ? numbers : NULL,
            .number_count = r % SP_COUNT(numbers),
        };
        if (event.kind == SP_EVENT_COMMAND || (event.kind == SP_EVENT_FORK && !event.process))
            continue;
        act(&run, event);
    }
    look(&run);
    for (size_t r = 0; r < run.count; r++)
        for (size_t i = 0; i < sp_feature_count; i++)
            if (run.rows[r].values[i] < 0)
                fail_msg("%s: is %g", sp_feature_table[i].id, run.rows[r].values[i]);
    end(&run);
    sp_features_free(NULL);
}

static void
without_attribution_the_run_is_still_counted(void **state SP_UNUSED)
{
    struct sp_features *features;
    struct sp_feature_row *rows;
    size_t count;
    assert_int_equal(sp_features_new(&features, &(struct sp_features_options){ 0 }, NULL), 0);
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        for (size_t k = 0; k < SP_COUNT(cases[i].events) && cases[i].events[k].kind; k++)
            sp_features_take(features, &cases[i].events[k]);
    assert_int_equal(sp_features_rows(features, &rows, &count, NULL), 0);
    assert_int_equal(count, 1 + SP_PHASE_COUNT);
    assert_true(rows[0].values[index_of("own.shells")] > 0);
    assert_true(isnan(rows[0].values[index_of("own.decoys-proving")]));
    free(rows);
    sp_features_free(features);
}

/* --------------------------------------------------------------------------------------------------- writing
 */

static void
csv_quotes_and_reads_back_exactly(void **state SP_UNUSED)
{
    struct sp_feature_row rows[2] = { { "pkg:npm/a,\"b\"\n\x1b[2J@1", "package", SP_PHASE_LOAD, { 0 } },
                                      { NULL, "all", -1, { 0 } } };
    static const double values[] = { 0.1, 1.0 / 3, 9007199254740993.0, 0x1p60, NAN, 42 };
    sp_autobuffer struct sp_buffer out = { 0 };
    for (size_t i = 0; i < SP_COUNT(values); i++)
        rows[0].values[i] = values[i];
    assert_int_equal(sp_features_csv(rows, 2, &out, NULL), 0);
    assert_memory_equal(out.bytes, "package,kind,phase,filetop.read-processes,", 42);
    const char *line = strstr(out.bytes, "\r\n");
    assert_non_null(line);
    static const char lead[] = "\r\n\"pkg:npm/a,\"\"b\"\"\\u{a}\\u{1b}[2J@1\",package,load,";
    if (strncmp(line, lead, sizeof(lead) - 1))
        fail_msg("the line begins %.80s", line + 2);
    char *at = (char *)line + sizeof(lead) - 1;
    for (size_t i = 0; i < SP_COUNT(values); i++, at++) {
        double is = strtod(at, &at);
        assert_true(is == values[i] || (isnan(is) && isnan(values[i])));
        assert_int_equal(*at, ',');
    }
    assert_non_null(strstr(at, "\r\n,all,all,0,0,"));
    size_t commas = 0;
    for (const char *c = out.bytes; c < line; c++)
        commas += *c == ',';
    assert_int_equal(commas, sp_feature_count + 2);
}

static void
json_is_what_the_rows_say(void **state SP_UNUSED)
{
    struct run run = begin();
    act(&run, (struct sp_event)READS("/home/user/.ssh/id_rsa"));
    look(&run);
    sp_autobuffer struct sp_buffer out = { 0 };
    assert_int_equal(sp_features_json(run.rows, run.count, &out, NULL), 0);
    json_t *root = json_loadb(out.bytes, out.length, 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "version")), SP_FEATURES_VERSION);
    json_t *all = json_object_get(root, "rows");
    assert_int_equal(json_array_size(all), run.count);
    for (size_t r = 0; r < run.count; r++) {
        json_t *row = json_array_get(all, r), *features = json_object_get(row, "features");
        assert_int_equal(json_object_size(features), sp_feature_count);
        assert_string_equal(json_string_value(json_object_get(row, "kind")), run.rows[r].kind);
        for (size_t i = 0; i < sp_feature_count; i++) {
            json_t *is = json_object_get(features, sp_feature_table[i].id);
            double expected = run.rows[r].values[i];
            if (isnan(expected) ? !json_is_null(is) : json_number_value(is) != expected)
                fail_msg("row %zu: %s differs", r, sp_feature_table[i].id);
        }
    }
    json_decref(root);
    end(&run);
}

static void
read_file(struct sp_buffer *out, const char *directory, const char *name)
{
    char path[512];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    sp_buffer_clear(out);
    if (sp_file_read(path, 1 << 20, out, &err) < 0)
        fail_msg("%s", err.text);
}

static void
the_tables_of_qut_dv25_are_written(void **state SP_UNUSED)
{
    static const struct {
        const char *file, *text;
    } tables[] = {
        { "QUT-DV25_Filetop_Traces.csv",
          "Package_Name,Read_Processes,Write_Processes,Read_Data_Transfer,Write_Data_Transfer,"
          "File_Access_Processes\r\n\"a,b\",1,1,10,20,1\r\n" },
        { "QUT-DV25_Install_Traces.csv",
          "Package_Name,Total_Dependencies,Direct_Dependencies,Indirect_Dependencies\r\n\"a,b\",3,1,2\r\n" },
        { "QUT-DV25_Opensnoop_Traces.csv",
          "Package_Name,Total_Paths,Total_Error_Counts,Total_FD_Counts,Total_Python_Package_Count,"
          "Unique_Path_Count,Root,Temporary,Home,User,Sys,Etc,Other\r\n"
          "\"a,b\",35,7,28,2,5,1,2,3,4,5,6,7\r\n" },
        { "QUT-DV25_TCP_Traces.csv",
          "Package_Name,State_Transitions,Local_IPs,Remote_IPs,Local_Ports,Remote_Ports\r\n"
          "\"a,b\",11,1,1,1,1\r\n" },
        { "QUT-DV25_SystemCall_Traces.csv",
          "Package_Name,IO_Operations,File_Operations,Network_Operations,Time_Operations,"
          "Security_Operations,Process_Operations\r\n\"a,b\",21,22,23,24,25,26\r\n" },
        { "QUT-DV25_Pattern_Traces.csv",
          "Package_Name,Pattern_1,Pattern_2,Pattern_3,Pattern_4,Pattern_5,Pattern_6,Pattern_7,Pattern_8,"
          "Pattern_9,Pattern_10\r\n\"a,b\",1,2,3,4,5,6,7,8,9,10\r\n" },
    };
    uint64_t numbers[SP_COUNT_END] = { 0 };
    char directory[] = "/tmp/sallyport-features-XXXXXX", inner[64];
    struct sp_error err;
    struct run run = begin();
    numbers[SP_COUNT_READS] = numbers[SP_COUNT_WRITES] = 1;
    numbers[SP_COUNT_READ_BYTES] = 10;
    numbers[SP_COUNT_WRITTEN_BYTES] = 20;
    numbers[SP_COUNT_TCP_STATES] = 11;
    numbers[SP_COUNT_OPEN_FAILED] = 7;
    for (unsigned i = 0; i < 7; i++)
        numbers[SP_COUNT_OPEN_ROOT + i] = 1 + i;
    for (unsigned i = 0; i < 6; i++)
        numbers[SP_COUNT_IO + i] = 21 + i;
    for (unsigned i = 0; i < 10; i++)
        numbers[SP_COUNT_PATTERN_1 + i] = 1 + i;
    take_counts(&run, 2, numbers, SP_COUNT_END);
    act(&run, (struct sp_event)TCP("192.0.2.1", 443, "10.0.0.1", 40000));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/yaml/__init__.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/yaml/loader.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/six.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/six-1.16.0.dist-info/RECORD"));
    act(&run, (struct sp_event)MAKES("/tmp/x"));
    sp_features_dependencies(run.features, 3, 1, 2);
    assert_non_null(mkdtemp(directory));
    snprintf(inner, sizeof(inner), "%s/new", directory);
    for (int again = 0; again < 2; again++) /* what is there is replaced */
        if (sp_features_write(run.features, inner, "a,b", &err) < 0)
            fail_msg("%s", err.text);
    sp_autobuffer struct sp_buffer text = { 0 };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        read_file(&text, inner, tables[i].file);
        assert_string_equal(sp_buffer_string(&text), tables[i].text);
    }
    read_file(&text, inner, "features.csv");
    assert_non_null(strstr(text.bytes, LEFT));
    read_file(&text, inner, "features.json");
    assert_non_null(strstr(text.bytes, "\"filetop.read-processes\""));
    snprintf(inner, sizeof(inner), "%s/no/such", directory);
    assert_int_equal(sp_features_write(run.features, inner, "a", &err), -1);
    assert_non_null(strstr(err.text, inner));
    assert_int_equal(sp_tree_remove(directory, &err), 0);
    end(&run);
}

/* ---------------------------------------------------------------------------------------------- the document
 */

static void
read_document(struct sp_buffer *out)
{
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    read_file(out, docs ? docs : "docs", "features.md");
}

static void
the_document_shows_the_table(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    char row[1024];
    read_document(&text);
    for (size_t i = 0; i < sp_feature_count; i++) {
        const struct sp_feature *feature = &sp_feature_table[i];
        snprintf(row, sizeof(row), "\n| `%s` | %s | %s | %s | %s | %s |\n", feature->id, feature->title,
                 feature->unit, feature->probe, feature->source, feature->definition);
        if (!strstr(text.bytes, row))
            fail_msg("docs/features.md has no row %s", row + 1);
    }
    /* and no other */
    for (const char *at = text.bytes; (at = strstr(at, "\n| `")); at++) {
        size_t length = strcspn(at + 4, "`"), i = 0;
        snprintf(row, sizeof(row), "%.*s", (int)length, at + 4);
        if (!strchr(row, '.') || strstr(row, ".csv"))
            continue;
        while (i < sp_feature_count && strcmp(sp_feature_table[i].id, row))
            i++;
        if (i == sp_feature_count)
            fail_msg("docs/features.md: %s is no feature", row);
    }
}

/* The words in backquotes of the row that begins with LEAD. */
static size_t
words_of(const char *text, const char *lead, char words[][64], size_t most)
{
    const char *at = strstr(text, lead);
    size_t count = 0;
    if (!at)
        fail_msg("docs/features.md has no row %s", lead);
    const char *end_of_row = strchr(at + strlen(lead), '\n');
    for (at = at + strlen(lead); (at = memchr(at, '`', (size_t)(end_of_row - at))) && count < most;) {
        size_t length = strcspn(at + 1, "`");
        snprintf(words[count++], 64, "%.*s", (int)length, at + 1);
        at += length + 2;
    }
    return count;
}

static void
the_document_has_every_system_call_in_one_group(void **state SP_UNUSED)
{
    static const char *const groups[] = { "\n| I/O | ",  "\n| file | ",     "\n| network | ",
                                          "\n| time | ", "\n| security | ", "\n| process | " };
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_automap struct sp_map known = { 0 };
    char words[128][64];
    read_document(&text);
    for (size_t g = 0; g < SP_COUNT(groups); g++) {
        size_t count = words_of(text.bytes, groups[g], words, SP_COUNT(words));
        assert_in_range(count, 10, SP_COUNT(words) - 1);
        for (size_t i = 0; i < count; i++) {
            if (seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, words[i]) < 0)
                fail_msg("%s: is no system call", words[i]);
            if (sp_map_get(&known, words[i], strlen(words[i]), NULL))
                fail_msg("%s: stands in two groups", words[i]);
            sp_map_set(&known, words[i], strlen(words[i]), 0, NULL);
        }
    }
}

static void
the_document_shows_the_classes(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_automap struct sp_map shown = { 0 };
    char words[128][64], lead[64], key[160];
    read_document(&text);
    for (size_t c = 0; c < SP_PLACE_CLASSES; c++) {
        snprintf(lead, sizeof(lead), "\n| %s | ", sp_feature_place_classes[c]);
        size_t count = words_of(text.bytes, lead, words, SP_COUNT(words)), rows = 0;
        for (size_t i = 0; i < sp_feature_place_count; i++)
            if (sp_feature_places[i].class_ == c &&
                (rows >= count || strcmp(words[rows++], sp_feature_places[i].pattern) != 0))
                fail_msg("docs/features.md: %s lacks %s", lead + 1, sp_feature_places[i].pattern);
        assert_int_equal(rows, count);
    }
    for (size_t c = 0; c < sp_feature_program_class_count; c++) {
        snprintf(lead, sizeof(lead), "\n| %s | ", sp_feature_program_classes[c].name);
        size_t count = words_of(text.bytes, lead, words, SP_COUNT(words)), rows = 0;
        for (size_t i = 0; i < count; i++) {
            snprintf(key, sizeof(key), "%zu %s", c, words[i]);
            sp_map_set(&shown, key, strlen(key), 0, NULL);
        }
        for (size_t i = 0; i < sp_feature_program_count; i++) {
            if (!(sp_feature_programs[i].class_ & sp_feature_program_classes[c].class_))
                continue;
            snprintf(key, sizeof(key), "%zu %s", c, sp_feature_programs[i].name);
            rows++;
            if (!sp_map_get(&shown, key, strlen(key), NULL))
                fail_msg("docs/features.md: %s lacks %s", lead + 1, sp_feature_programs[i].name);
        }
        assert_int_equal(rows, count);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_36_stand_first_in_the_order_of_dysec),
        cmocka_unit_test(each_count_goes_to_its_feature_and_row),
        cmocka_unit_test(numbers_are_no_larger_than_what_was_counted),
        cmocka_unit_test(every_feature_is_moved_by_what_it_is_about),
        cmocka_unit_test(no_feature_is_without_a_test),
        cmocka_unit_test(rows_are_the_run_its_phases_the_actors_and_the_packages),
        cmocka_unit_test(what_two_did_is_one_thing_for_both),
        cmocka_unit_test(a_secret_read_at_install_marks_what_is_sent_at_load),
        cmocka_unit_test(counts_belong_to_whom_the_process_is_laid_at_its_end),
        cmocka_unit_test(dependencies_are_of_the_run),
        cmocka_unit_test(what_could_not_be_seen_is_no_zero),
        cmocka_unit_test(more_things_than_are_kept_crowd_nothing_else_out),
        cmocka_unit_test(hostile_events_harm_nothing),
        cmocka_unit_test(without_attribution_the_run_is_still_counted),
        cmocka_unit_test(csv_quotes_and_reads_back_exactly),
        cmocka_unit_test(json_is_what_the_rows_say),
        cmocka_unit_test(the_tables_of_qut_dv25_are_written),
        cmocka_unit_test(the_document_shows_the_table),
        cmocka_unit_test(the_document_has_every_system_call_in_one_group),
        cmocka_unit_test(the_document_shows_the_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
