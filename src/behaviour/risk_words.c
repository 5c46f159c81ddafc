/* risk_words.c: what a feature's value says, for people. '#' stands for the number with its unit. */
#include "behaviour/risk.h"

#include <math.h>
#include <string.h>

enum format { COUNT, BYTES, TIME, PLAIN };

static const struct phrase {
    const char *id, *text, *one, *many;
    enum format format;
} phrases[] = {
    { "filetop.read-processes", "had # that read files", "process", "processes", COUNT },
    { "filetop.write-processes", "had # that wrote files", "process", "processes", COUNT },
    { "filetop.read-data-transfer", "read # from files", "byte", "bytes", BYTES },
    { "filetop.write-data-transfer", "wrote # to files", "byte", "bytes", BYTES },
    { "filetop.file-access-processes", "had # that opened files", "process", "processes", COUNT },
    { "install.total-dependencies", "came in an install of #", "package", "packages", COUNT },
    { "install.direct-dependencies", "came in an install that asks for #", "package by name",
      "packages by name", COUNT },
    { "install.indirect-dependencies", "came in an install with #", "indirect dependency",
      "indirect dependencies", COUNT },
    { "opensnoop.root", "opened #", "file beneath /root or / itself", "files beneath /root or / itself",
      COUNT },
    { "opensnoop.temp", "opened #", "temporary file", "temporary files", COUNT },
    { "opensnoop.home", "opened #", "file beneath /home", "files beneath /home", COUNT },
    { "opensnoop.user", "opened #", "file beneath /usr", "files beneath /usr", COUNT },
    { "opensnoop.sys", "opened #", "file beneath /proc or /sys", "files beneath /proc or /sys", COUNT },
    { "opensnoop.etc", "opened #", "file beneath /etc", "files beneath /etc", COUNT },
    { "opensnoop.other", "opened #", "file in other places", "files in other places", COUNT },
    { "tcp.state-transitions", "changed the state of TCP connections #", "time", "times", COUNT },
    { "tcp.local-ips", "used # of this machine for TCP", "address", "addresses", COUNT },
    { "tcp.remote-ips", "had TCP connections with #", "address", "addresses", COUNT },
    { "tcp.local-ports", "used # of its own for TCP", "port", "ports", COUNT },
    { "tcp.remote-ports", "had TCP connections with # elsewhere", "port", "ports", COUNT },
    { "syscall.io", "made #", "system call for input or output", "system calls for input or output", COUNT },
    { "syscall.file", "made #", "system call on files", "system calls on files", COUNT },
    { "syscall.network", "made #", "system call on the network", "system calls on the network", COUNT },
    { "syscall.time", "made #", "system call about time", "system calls about time", COUNT },
    { "syscall.security", "made #", "system call about rights", "system calls about rights", COUNT },
    { "syscall.process", "made #", "system call on processes", "system calls on processes", COUNT },
    { "pattern.1", "looked at files and opened them in turn #", "time", "times", COUNT },
    { "pattern.2", "read here and there in files #", "time", "times", COUNT },
    { "pattern.3", "wrote files through to the disk #", "time", "times", COUNT },
    { "pattern.4", "set up a listening socket #", "time", "times", COUNT },
    { "pattern.5", "started a program and waited for it #", "time", "times", COUNT },
    { "pattern.6", "mapped memory, changed its rights and gave it back #", "time", "times", COUNT },
    { "pattern.7", "redirected its input or output #", "time", "times", COUNT },
    { "pattern.8", "talked to itself through a pipe #", "time", "times", COUNT },
    { "pattern.9", "locked files #", "time", "times", COUNT },
    { "pattern.10", "looked in vain for files to read #", "time", "times", COUNT },
    { "own.decoys", "touched #", "planted secret", "planted secrets", COUNT },
    { "own.decoys-proving", "read #", "planted secret that no honest install reads",
      "planted secrets that no honest install reads", COUNT },
    { "own.canaries", "sent away #", "planted secret", "planted secrets", COUNT },
    { "own.sensitive-ssh", "went for #", "SSH key or its place", "SSH keys or their places", COUNT },
    { "own.sensitive-cloud", "went for #", "file of cloud credentials", "files of cloud credentials", COUNT },
    { "own.sensitive-browser", "went for #", "file of a browser's profile", "files of browsers' profiles",
      COUNT },
    { "own.sensitive-wallet", "went for #", "cryptocurrency wallet", "cryptocurrency wallets", COUNT },
    { "own.sensitive-history", "went for #", "shell history", "shell histories", COUNT },
    { "own.sensitive-manager", "looked at #", "setting of package managers", "settings of package managers",
      COUNT },
    { "own.sensitive-token", "went for #", "token of a source host or registry",
      "tokens of source hosts or registries", COUNT },
    { "own.sensitive-ci", "went for #", "secret of continuous integration",
      "secrets of continuous integration", COUNT },
    { "own.sensitive-dotenv", "looked at #", ".env file", ".env files", COUNT },
    { "own.sensitive-password", "went for #", "password file of the system", "password files of the system",
      COUNT },
    { "own.sensitive-keyring", "went for #", "keyring or password store", "keyrings or password stores",
      COUNT },
    { "own.sensitive-messenger", "went for #", "messenger's session", "messengers' sessions", COUNT },
    { "own.sensitive-classes", "went for #", "kind of secret", "kinds of secrets", COUNT },
    { "own.environ-reads", "read the environment of #", "process", "processes", COUNT },
    { "own.environment-dumps", "listed the whole environment #", "time", "times", COUNT },
    { "own.bytes-sent-before-sensitive", "sent # before it had read any secret", "byte", "bytes", BYTES },
    { "own.bytes-sent-after-sensitive", "sent # after reading a secret", "byte", "bytes", BYTES },
    { "own.bytes-sent", "sent # over the network", "byte", "bytes", BYTES },
    { "own.bytes-received", "received # over the network", "byte", "bytes", BYTES },
    { "own.names", "looked up #", "host name", "host names", COUNT },
    { "own.name-entropy", "looked up host names of at most #", "bit a letter", "bits a letter", PLAIN },
    { "own.name-length", "looked up host names of up to #", "byte", "bytes", PLAIN },
    { "own.connections", "made # beside the registry", "connection", "connections", COUNT },
    { "own.connections-refused", "tried #", "connection that was refused", "connections that were refused",
      COUNT },
    { "own.datagrams", "sent # elsewhere", "datagram", "datagrams", COUNT },
    { "own.hosts", "called # beside the registry", "host", "hosts", COUNT },
    { "own.registry-refusals", "asked the registry for # that no install asks for", "thing", "things",
      COUNT },
    { "own.binds", "took # for itself", "port", "ports", COUNT },
    { "own.listens", "opened # for callers", "port", "ports", COUNT },
    { "own.accepts", "took #", "call from outside", "calls from outside", COUNT },
    { "own.sockets-unusual", "made #", "raw or unusual socket", "raw or unusual sockets", COUNT },
    { "own.programs-on-sockets", "tied # to a connection", "program", "programs", COUNT },
    { "own.written-executed", "ran #", "file that it had written itself", "files that it had written itself",
      COUNT },
    { "own.downloaded-executed", "ran #", "downloaded file", "downloaded files", COUNT },
    { "own.memory-executions", "ran # from memory alone", "program", "programs", COUNT },
    { "own.memfds", "made #", "file that lives in memory alone", "files that live in memory alone", COUNT },
    { "own.exec-pages", "made memory executable #", "time", "times", COUNT },
    { "own.interpreters-nested", "started # from within another", "interpreter", "interpreters", COUNT },
    { "own.shells", "started #", "shell", "shells", COUNT },
    { "own.downloaders", "started #", "program that downloads", "programs that download", COUNT },
    { "own.compilers", "started #", "compiler or build tool", "compilers or build tools", COUNT },
    { "own.packers", "started #", "program that packs or encodes", "programs that pack or encode", COUNT },
    { "own.reconnaissance", "started #", "program that tells about this host",
      "programs that tell about this host", COUNT },
    { "own.host-looks", "looked at #", "place that tells about this host", "places that tell about this host",
      COUNT },
    { "own.sandbox-checks", "looked for a sandbox or debugger in #", "place", "places", COUNT },
    { "own.processes", "had #", "process", "processes", COUNT },
    { "own.depth", "nested its processes #", "level deep", "levels deep", COUNT },
    { "own.threads", "started #", "thread", "threads", COUNT },
    { "own.daemons", "left # running behind it", "process", "processes", COUNT },
    { "own.ended-by-signal", "had #", "process ended by a signal", "processes ended by a signal", COUNT },
    { "own.ended-failing", "had #", "process that failed", "processes that failed", COUNT },
    { "own.peak-memory", "took # of memory", "byte", "bytes", BYTES },
    { "own.files-read", "opened # to read", "file", "files", COUNT },
    { "own.files-written", "wrote or changed #", "file", "files", COUNT },
    { "own.writes-outside", "wrote # outside its own directory", "file", "files", COUNT },
    { "own.writes-other-packages", "wrote # of other packages", "file", "files", COUNT },
    { "own.persistence", "wrote #", "file that something runs later", "files that something runs later",
      COUNT },
    { "own.undeclared", "changed # outside the declared outputs", "file", "files", COUNT },
    { "own.executables-made", "made # executable", "file", "files", COUNT },
    { "own.hidden-made", "made #", "hidden file", "hidden files", COUNT },
    { "own.traces-erased", "erased #", "history or log", "histories or logs", COUNT },
    { "own.self-deletions", "deleted its own program or script #", "time", "times", COUNT },
    { "own.unlinks", "deleted #", "file", "files", COUNT },
    { "own.slept", "slept #", "millisecond", "milliseconds", TIME },
    { "own.time-checks", "read the clock #", "time", "times", COUNT },
    { "own.ptraces", "reached into other processes #", "time", "times", COUNT },
    { "own.renames-of-processes", "renamed # of its own", "process or thread", "processes or threads",
      COUNT },
    { "own.strings-compiled", "compiled # to code", "string", "strings", COUNT },
    { "own.marshal-loads", "loaded byte code directly #", "time", "times", COUNT },
    { "own.foreign-calls", "made #", "system call of another architecture or kind",
      "system calls of another architecture or kind", COUNT },
    { "own.argv-base64", "started # with base64 in their words", "program", "programs", COUNT },
    { "own.argv-length", "started programs with words of up to #", "byte", "bytes", PLAIN },
    { "own.calls-refused", "made #", "system call that was refused", "system calls that were refused",
      COUNT },
    { "own.duration", "was at work for #", "millisecond", "milliseconds", TIME },
    { "own.processes-uncounted", "had #", "process whose calls were not counted",
      "processes whose calls were not counted", COUNT },
    { "own.dropped", "did # unseen", "thing", "things", COUNT },
};

static const struct phrase *
phrase_of(const char *id)
{
    for (size_t i = 0; i < SP_COUNT(phrases); i++)
        if (!strcmp(phrases[i].id, id))
            return &phrases[i];
    return NULL;
}

static int
put_number(const struct phrase *phrase, double value, struct sp_buffer *out, struct sp_error *err)
{
    static const char *const sizes[] = { "kB", "MB", "GB", "TB" };
    size_t size = 0;
    if (phrase->format == BYTES && value >= 10000) {
        for (value /= 1000; value >= 999.5 && size + 1 < SP_COUNT(sizes); size++)
            value /= 1000;
        return sp_buffer_printf(out, err, "%.3g %s", value, sizes[size]);
    }
    if (phrase->format == TIME && value >= 1000)
        return sp_buffer_printf(out, err, value < 1e5 ? "%.3g s" : "%.0f s", value / 1000);
    if (value == 0 && phrase->format != PLAIN)
        return sp_buffer_printf(out, err, "%s%s",
                                phrase->format == BYTES  ? "nothing"
                                : phrase->format == TIME ? "no time"
                                                         : "no ",
                                phrase->format == COUNT ? phrase->many : "");
    bool whole = value == floor(value) && value < 1e15;
    return sp_buffer_printf(out, err, whole ? "%.0f %s" : "%.3g %s", value,
                            value == 1 ? phrase->one : phrase->many);
}

int
sp_risk_words(size_t feature, double value, const char *when, struct sp_buffer *out, struct sp_error *err)
{
    const struct phrase *phrase = feature < sp_feature_count ? phrase_of(sp_feature_table[feature].id) : NULL;
    if (!phrase)
        return sp_fail(err, SP_ERROR_INTERNAL, "feature %zu has no words", feature);
    const char *mark = strchr(phrase->text, '#');
    if (isnan(value))
        return sp_buffer_printf(out, err, "'%s' could not be seen%s%s", sp_feature_table[feature].title,
                                *when ? " " : "", when);
    /* "read the clock no times" */
    if (value == 0 && !strcmp(phrase->many, "times"))
        return sp_buffer_printf(out, err, "never %.*s%s%s", (int)(mark - phrase->text) - 1, phrase->text,
                                *when ? " " : "", when);
    if (sp_buffer_append(out, phrase->text, (size_t)(mark - phrase->text), err) < 0 ||
        put_number(phrase, value, out, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s%s%s", mark + 1, *when ? " " : "", when);
}
