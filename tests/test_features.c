/* The features: every one moves by what its definition says and by nothing else. */
#include "features_scene.h"
#include "probe/calls.h"

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

/* What the kernel counts is what the document says. */
static void
the_groups_of_the_document_are_those_that_are_counted(void **state SP_UNUSED)
{
    static const struct {
        const char *row;
        uint8_t group;
    } rows[] = {
        { "\n| I/O | ", SP_COUNT_IO },
        { "\n| file | ", SP_COUNT_FILE },
        { "\n| network | ", SP_COUNT_NETWORK },
        { "\n| time | ", SP_COUNT_TIME },
        { "\n| security | ", SP_COUNT_SECURITY },
        { "\n| process | ", SP_COUNT_PROCESS },
    };
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    char path[4096], word[64];
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err;
    size_t grouped = 0, listed = 0;
    snprintf(path, sizeof(path), "%s/features.md", docs ? docs : "docs");
    if (sp_file_read(path, 1 << 20, &text, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sp_call_row_count; i++)
        grouped += sp_call_rows[i].group != 0;
    for (size_t g = 0; g < SP_COUNT(rows); g++) {
        const char *line = strstr(sp_buffer_string(&text), rows[g].row);
        assert_non_null(line);
        const char *end = strchr(line + 1, '\n');
        for (const char *at = strchr(line, '`'); at && at < end; at = strchr(at + strlen(word) + 2, '`')) {
            snprintf(word, sizeof(word), "%.*s", (int)strcspn(at + 1, "`"), at + 1);
            size_t i = 0;
            while (i < sp_call_row_count && strcmp(sp_call_rows[i].name, word) != 0)
                i++;
            if (i == sp_call_row_count || sp_call_rows[i].group != rows[g].group)
                fail_msg("%s is not counted as %s says", word, path);
            listed++;
        }
    }
    assert_int_equal(listed, grouped);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_groups_of_the_document_are_those_that_are_counted),
        cmocka_unit_test(the_36_stand_first_in_the_order_of_dysec),
        cmocka_unit_test(each_count_goes_to_its_feature_and_row),
        cmocka_unit_test(numbers_are_no_larger_than_what_was_counted),
        cmocka_unit_test(every_feature_is_moved_by_what_it_is_about),
        cmocka_unit_test(no_feature_is_without_a_test),
        cmocka_unit_test(without_attribution_the_run_is_still_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
