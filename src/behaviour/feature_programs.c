/* feature_programs.c: programs that are started: of what class, from where, with what words.
 * Sources: MITRE ATT&CK T1059, T1105, T1082, T1033, T1016, T1057, T1497.001, T1560. */
#include "behaviour/feature_programs.h"
#include "behaviour/feature_tally.h"

/* clang-format off */
const struct sp_feature_program sp_feature_programs[] = {
    { SP_PROGRAM_SHELL, "sh" }, { SP_PROGRAM_SHELL, "bash" }, { SP_PROGRAM_SHELL, "dash" },
    { SP_PROGRAM_SHELL, "ash" }, { SP_PROGRAM_SHELL, "zsh" }, { SP_PROGRAM_SHELL, "ksh" },
    { SP_PROGRAM_SHELL, "mksh" }, { SP_PROGRAM_SHELL, "fish" }, { SP_PROGRAM_SHELL, "csh" },
    { SP_PROGRAM_SHELL, "tcsh" }, { SP_PROGRAM_SHELL, "cmd" },
    { SP_PROGRAM_SHELL | SP_PROGRAM_DOWNLOADER, "powershell" },
    { SP_PROGRAM_SHELL | SP_PROGRAM_DOWNLOADER, "pwsh" },
    { SP_PROGRAM_INTERPRETER, "node" }, { SP_PROGRAM_INTERPRETER, "nodejs" },
    { SP_PROGRAM_INTERPRETER, "bun" }, { SP_PROGRAM_INTERPRETER, "deno" },
    { SP_PROGRAM_INTERPRETER, "python" }, { SP_PROGRAM_INTERPRETER, "pypy" },
    { SP_PROGRAM_INTERPRETER, "perl" }, { SP_PROGRAM_INTERPRETER, "ruby" },
    { SP_PROGRAM_INTERPRETER, "php" }, { SP_PROGRAM_INTERPRETER, "lua" },
    { SP_PROGRAM_INTERPRETER, "luajit" }, { SP_PROGRAM_INTERPRETER, "tclsh" },
    { SP_PROGRAM_INTERPRETER, "Rscript" }, { SP_PROGRAM_INTERPRETER, "java" },
    { SP_PROGRAM_INTERPRETER, "osascript" }, { SP_PROGRAM_INTERPRETER, "qjs" },
    { SP_PROGRAM_WRAPPER, "env" }, { SP_PROGRAM_WRAPPER, "nohup" }, { SP_PROGRAM_WRAPPER, "setsid" },
    { SP_PROGRAM_WRAPPER, "nice" }, { SP_PROGRAM_WRAPPER, "ionice" }, { SP_PROGRAM_WRAPPER, "timeout" },
    { SP_PROGRAM_WRAPPER, "xargs" }, { SP_PROGRAM_WRAPPER, "sudo" }, { SP_PROGRAM_WRAPPER, "stdbuf" },
    { SP_PROGRAM_WRAPPER, "time" }, { SP_PROGRAM_WRAPPER, "busybox" }, { SP_PROGRAM_WRAPPER, "unshare" },
    { SP_PROGRAM_DOWNLOADER, "curl" }, { SP_PROGRAM_DOWNLOADER, "wget" }, { SP_PROGRAM_DOWNLOADER, "nc" },
    { SP_PROGRAM_DOWNLOADER, "ncat" }, { SP_PROGRAM_DOWNLOADER, "netcat" },
    { SP_PROGRAM_DOWNLOADER, "socat" }, { SP_PROGRAM_DOWNLOADER, "telnet" },
    { SP_PROGRAM_DOWNLOADER, "aria2c" }, { SP_PROGRAM_DOWNLOADER, "axel" },
    { SP_PROGRAM_DOWNLOADER, "fetch" }, { SP_PROGRAM_DOWNLOADER, "ftp" }, { SP_PROGRAM_DOWNLOADER, "tftp" },
    { SP_PROGRAM_DOWNLOADER, "lftp" }, { SP_PROGRAM_DOWNLOADER, "scp" }, { SP_PROGRAM_DOWNLOADER, "sftp" },
    { SP_PROGRAM_DOWNLOADER, "rsync" }, { SP_PROGRAM_DOWNLOADER, "http" }, { SP_PROGRAM_DOWNLOADER, "xh" },
    { SP_PROGRAM_DOWNLOADER, "lynx" }, { SP_PROGRAM_DOWNLOADER, "w3m" }, { SP_PROGRAM_DOWNLOADER, "GET" },
    { SP_PROGRAM_DOWNLOADER, "certutil" }, { SP_PROGRAM_DOWNLOADER, "bitsadmin" },
    { SP_PROGRAM_DOWNLOADER, "rclone" },
    { SP_PROGRAM_COMPILER, "cc" }, { SP_PROGRAM_COMPILER, "gcc" }, { SP_PROGRAM_COMPILER, "g++" },
    { SP_PROGRAM_COMPILER, "c++" }, { SP_PROGRAM_COMPILER, "cpp" }, { SP_PROGRAM_COMPILER, "clang" },
    { SP_PROGRAM_COMPILER, "clang++" }, { SP_PROGRAM_COMPILER, "cc1" }, { SP_PROGRAM_COMPILER, "cc1plus" },
    { SP_PROGRAM_COMPILER, "collect2" }, { SP_PROGRAM_COMPILER, "ld" }, { SP_PROGRAM_COMPILER, "ld.bfd" },
    { SP_PROGRAM_COMPILER, "ld.gold" }, { SP_PROGRAM_COMPILER, "ld.lld" }, { SP_PROGRAM_COMPILER, "lld" },
    { SP_PROGRAM_COMPILER, "as" }, { SP_PROGRAM_COMPILER, "ar" }, { SP_PROGRAM_COMPILER, "ranlib" },
    { SP_PROGRAM_COMPILER, "gfortran" }, { SP_PROGRAM_COMPILER, "rustc" }, { SP_PROGRAM_COMPILER, "cargo" },
    { SP_PROGRAM_COMPILER, "go" }, { SP_PROGRAM_COMPILER, "javac" }, { SP_PROGRAM_COMPILER, "nvcc" },
    { SP_PROGRAM_COMPILER, "make" }, { SP_PROGRAM_COMPILER, "gmake" }, { SP_PROGRAM_COMPILER, "ninja" },
    { SP_PROGRAM_COMPILER, "cmake" }, { SP_PROGRAM_COMPILER, "meson" }, { SP_PROGRAM_COMPILER, "swig" },
    { SP_PROGRAM_PACKER, "tar" }, { SP_PROGRAM_PACKER, "zip" }, { SP_PROGRAM_PACKER, "7z" },
    { SP_PROGRAM_PACKER, "7za" }, { SP_PROGRAM_PACKER, "7zr" }, { SP_PROGRAM_PACKER, "rar" },
    { SP_PROGRAM_PACKER, "gzip" }, { SP_PROGRAM_PACKER, "bzip2" }, { SP_PROGRAM_PACKER, "xz" },
    { SP_PROGRAM_PACKER, "zstd" }, { SP_PROGRAM_PACKER, "cpio" }, { SP_PROGRAM_PACKER, "base64" },
    { SP_PROGRAM_PACKER, "base32" }, { SP_PROGRAM_PACKER, "basenc" }, { SP_PROGRAM_PACKER, "xxd" },
    { SP_PROGRAM_PACKER, "od" }, { SP_PROGRAM_PACKER, "hexdump" }, { SP_PROGRAM_PACKER, "uuencode" },
    { SP_PROGRAM_PACKER, "openssl" }, { SP_PROGRAM_PACKER, "gpg" }, { SP_PROGRAM_PACKER, "age" },
    { SP_PROGRAM_RECONNAISSANCE, "whoami" }, { SP_PROGRAM_RECONNAISSANCE, "id" },
    { SP_PROGRAM_RECONNAISSANCE, "groups" }, { SP_PROGRAM_RECONNAISSANCE, "users" },
    { SP_PROGRAM_RECONNAISSANCE, "who" }, { SP_PROGRAM_RECONNAISSANCE, "w" },
    { SP_PROGRAM_RECONNAISSANCE, "last" }, { SP_PROGRAM_RECONNAISSANCE, "lastlog" },
    { SP_PROGRAM_RECONNAISSANCE, "getent" }, { SP_PROGRAM_RECONNAISSANCE, "finger" },
    { SP_PROGRAM_RECONNAISSANCE, "uname" }, { SP_PROGRAM_RECONNAISSANCE, "arch" },
    { SP_PROGRAM_RECONNAISSANCE, "hostname" }, { SP_PROGRAM_RECONNAISSANCE, "hostnamectl" },
    { SP_PROGRAM_RECONNAISSANCE, "lsb_release" }, { SP_PROGRAM_RECONNAISSANCE, "sw_vers" },
    { SP_PROGRAM_RECONNAISSANCE, "system_profiler" }, { SP_PROGRAM_RECONNAISSANCE, "systeminfo" },
    { SP_PROGRAM_RECONNAISSANCE, "uptime" }, { SP_PROGRAM_RECONNAISSANCE, "lscpu" },
    { SP_PROGRAM_RECONNAISSANCE, "lspci" }, { SP_PROGRAM_RECONNAISSANCE, "lsusb" },
    { SP_PROGRAM_RECONNAISSANCE, "lsblk" }, { SP_PROGRAM_RECONNAISSANCE, "lsmod" },
    { SP_PROGRAM_RECONNAISSANCE, "free" }, { SP_PROGRAM_RECONNAISSANCE, "df" },
    { SP_PROGRAM_RECONNAISSANCE, "mount" }, { SP_PROGRAM_RECONNAISSANCE, "ps" },
    { SP_PROGRAM_RECONNAISSANCE, "pgrep" }, { SP_PROGRAM_RECONNAISSANCE, "top" },
    { SP_PROGRAM_RECONNAISSANCE, "tasklist" }, { SP_PROGRAM_RECONNAISSANCE, "lsof" },
    { SP_PROGRAM_RECONNAISSANCE, "ip" }, { SP_PROGRAM_RECONNAISSANCE, "ifconfig" },
    { SP_PROGRAM_RECONNAISSANCE, "ipconfig" }, { SP_PROGRAM_RECONNAISSANCE, "arp" },
    { SP_PROGRAM_RECONNAISSANCE, "route" }, { SP_PROGRAM_RECONNAISSANCE, "netstat" },
    { SP_PROGRAM_RECONNAISSANCE, "ss" }, { SP_PROGRAM_RECONNAISSANCE, "nslookup" },
    { SP_PROGRAM_RECONNAISSANCE, "dig" }, { SP_PROGRAM_RECONNAISSANCE, "host" },
    { SP_PROGRAM_RECONNAISSANCE, "traceroute" }, { SP_PROGRAM_RECONNAISSANCE, "ping" },
    { SP_PROGRAM_RECONNAISSANCE, "nmap" }, { SP_PROGRAM_RECONNAISSANCE, "crontab" },
    { SP_PROGRAM_RECONNAISSANCE, "systemctl" }, { SP_PROGRAM_RECONNAISSANCE, "dpkg-query" },
    { SP_PROGRAM_DUMP, "printenv" },
    { SP_PROGRAM_VIRTUAL, "systemd-detect-virt" }, { SP_PROGRAM_VIRTUAL, "virt-what" },
    { SP_PROGRAM_VIRTUAL, "dmidecode" }, { SP_PROGRAM_VIRTUAL, "lshw" },
    { SP_PROGRAM_VIRTUAL, "facter" }, { SP_PROGRAM_VIRTUAL, "cpuid" },
};
/* clang-format on */
const size_t sp_feature_program_count = SP_COUNT(sp_feature_programs);

const struct sp_feature_program_class sp_feature_program_classes[] = {
    { SP_PROGRAM_SHELL, "shell" },
    { SP_PROGRAM_INTERPRETER, "interpreter" },
    { SP_PROGRAM_WRAPPER, "wrapper" },
    { SP_PROGRAM_DOWNLOADER, "downloader" },
    { SP_PROGRAM_COMPILER, "compiler" },
    { SP_PROGRAM_PACKER, "packer" },
    { SP_PROGRAM_RECONNAISSANCE, "reconnaissance" },
    { SP_PROGRAM_DUMP, "dump" },
    { SP_PROGRAM_VIRTUAL, "virtual" },
};
const size_t sp_feature_program_class_count = SP_COUNT(sp_feature_program_classes);

/* The row of the program called NAME (LENGTH letters); -1: none. */
static int
find(const char *name, size_t length)
{
    for (size_t i = 0; i < sp_feature_program_count; i++)
        if (!strncmp(sp_feature_programs[i].name, name, length) && !sp_feature_programs[i].name[length])
            return (int)i;
    return -1;
}

int
sp_feature_program_of(const char *path)
{
    const char *name = strrchr(path, '/'), *triplet;
    name = name ? name + 1 : path;
    size_t length = strlen(name);
    int row = length ? find(name, length) : -1;
    if (row >= 0 || !length)
        return row;
    /* python3.11, x86_64-linux-gnu-gcc-12, nc.openbsd, curl.exe */
    if ((triplet = strstr(name, "-linux-gnu-")) || (triplet = strstr(name, "-linux-musl-"))) {
        name = strchr(strstr(triplet, "-linux-") + 7, '-') + 1;
        length = strlen(name);
    }
    size_t dot = strcspn(name, ".");
    length = dot ? dot : length;
    while (length && (name[length - 1] >= '0' && name[length - 1] <= '9'))
        length--;
    if (length && name[length - 1] == '-')
        length--;
    return length ? find(name, length) : -1;
}

/* --------------------------------------------------------------------------------------------------- words
 */

/* The word after AT and its length; NULL: no more. */
static const char *
next_word(const char **at, size_t *length)
{
    const char *word = *at;
    if (!word || !*word)
        return NULL;
    *length = strcspn(word, (const char[]){ SP_EVENT_WORD_END, '\0' });
    *at = word + *length + (word[*length] == SP_EVENT_WORD_END);
    return word;
}

/* Letters of base64 in a row, as random bytes have them and paths or digests do not. */
bool
sp_feature_has_base64(const char *word, size_t length)
{
    enum { RUN = 48 };
    for (size_t from = 0; from < length;) {
        size_t run = 0, slashes = 0;
        bool upper = false, lower = false, digit = false;
        for (; from + run < length; run++) {
            char c = word[from + run];
            bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z';
            bool is_digit = c >= '0' && c <= '9', is_slash = c == '/';
            if (!is_upper && !is_lower && !is_digit && !is_slash && c != '+')
                break;
            upper |= is_upper;
            lower |= is_lower;
            digit |= is_digit;
            slashes += is_slash;
        }
        if (run >= RUN && upper && lower && digit && slashes * 16 <= run)
            return true;
        from += run + 1;
    }
    return false;
}

/* Whether WORDS, of env, name no program to be started. */
static bool
prints_environment(const char *words)
{
    size_t length;
    const char *at = words, *word = next_word(&at, &length);
    while ((word = next_word(&at, &length))) {
        if (length >= 2 && word[0] == '-' && strchr("uCS", word[1])) {
            if (word[1] == 'S')
                return false;
            if (length == 2)
                next_word(&at, &length);
        } else if (word[0] != '-' && !memchr(word, '=', length))
            return false;
    }
    return true;
}

/* The path of the script that an interpreter was given: its first word that is no option. CODE: letters of
 * options that code, or a module's name, follows. False: none. */
static bool
script_of(const struct sp_event *event, const char *code, struct sp_buffer *path)
{
    size_t length;
    const char *at = event->detail, *word = next_word(&at, &length);
    while ((word = next_word(&at, &length))) {
        if (word[0] != '-')
            break;
        if (length == 2 && strchr(code, word[1]))
            return false;
    }
    if (!word || !length)
        return false;
    if (word[0] != '/') {
        while (length > 2 && word[0] == '.' && word[1] == '/') {
            word += 2;
            length -= 2;
        }
        if (!event->directory || event->directory[0] != '/' ||
            sp_buffer_append_string(path, event->directory, NULL) < 0 ||
            (path->length > 1 && sp_buffer_append_byte(path, '/', NULL) < 0))
            return false;
    }
    return sp_buffer_append(path, word, length, NULL) == 0;
}

/* -------------------------------------------------------------------------------------------------- taking
 */

void
sp_feature_take_fork(struct sp_features *features, const struct sp_event *event)
{
    struct sp_feature_process *process = sp_feature_process_at(features, event->process);
    if (!process) {
        features->unseen += event->process != 0;
        return;
    }
    /* the table may have moved: no address from before is used */
    const struct sp_feature_process *parent = event->parent && event->parent < features->process_capacity
                                                  ? &features->processes[event->parent]
                                                  : NULL;
    process->depth = (parent ? parent->depth : 0) + 1;
    process->actor = parent ? parent->actor : 0;
    process->interprets = parent && parent->interprets;
    process->program = parent ? parent->program : 0;
    process->script = parent ? parent->script : 0;
}

static void
take_written_program(struct sp_features *features, struct sp_feature_scope *scope, const char *path)
{
    const struct sp_actor *writer = path && features->options.attribution
                                        ? sp_attribution_writer(features->options.attribution, path)
                                        : NULL;
    if (!writer)
        return;
    scope->sums[SP_SUM_WRITTEN_EXECUTED]++;
    if (writer->number < features->actor_capacity && features->actors[writer->number] &&
        sp_feature_owner(features, features->actors[writer->number])->called)
        scope->sums[SP_SUM_DOWNLOADED_EXECUTED]++;
}

static void
take_class(struct sp_features *features, uint32_t at, const struct sp_event *event, int row)
{
    struct sp_feature_scope *scope = &features->scopes[at];
    uint32_t class_ = row < 0 ? 0 : sp_feature_programs[row].class_;
    bool is_env = row >= 0 && !strcmp(sp_feature_programs[row].name, "env");
    scope->sums[SP_SUM_SHELLS] += (class_ & SP_PROGRAM_SHELL) != 0;
    scope->sums[SP_SUM_DOWNLOADERS] += (class_ & SP_PROGRAM_DOWNLOADER) != 0;
    scope->sums[SP_SUM_COMPILERS] += (class_ & SP_PROGRAM_COMPILER) != 0;
    scope->sums[SP_SUM_PACKERS] += (class_ & SP_PROGRAM_PACKER) != 0;
    scope->sums[SP_SUM_ENVIRONMENT_DUMPS] +=
        class_ & SP_PROGRAM_DUMP || (is_env && event->detail && prints_environment(event->detail));
    if (class_ & SP_PROGRAM_RECONNAISSANCE)
        sp_feature_add(features, at, SP_SET_RECONNAISSANCE, (uint64_t)row);
    if (class_ & SP_PROGRAM_VIRTUAL)
        sp_feature_add(features, at, SP_SET_SANDBOX_CHECKS, sp_feature_place_count + (uint64_t)row);
    if (class_ & SP_PROGRAM_DOWNLOADER)
        sp_feature_owner(features, at)->called = true;
}

void
sp_feature_take_exec(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    struct sp_feature_process *process = sp_feature_process_at(features, event->process);
    struct sp_feature_scope *scope = &features->scopes[at];
    sp_autobuffer struct sp_buffer script = { .limit = 2 * PATH_MAX };
    size_t length;
    int row = event->subject ? sp_feature_program_of(event->subject) : -1;
    const char *words = event->detail, *first = next_word(&words, &length);
    if (row >= 0 && first && !strcmp(sp_feature_programs[row].name, "busybox")) { /* is what it is called */
        char name[64];
        snprintf(name, sizeof(name), "%.*s", (int)(length < 63 ? length : 63), first);
        int called = sp_feature_program_of(name);
        row = called >= 0 ? called : row;
    }
    uint32_t class_ = row < 0 ? 0 : sp_feature_programs[row].class_;
    take_class(features, at, event, row);
    if ((double)event->bytes > scope->maxima[SP_MAX_ARGV])
        scope->maxima[SP_MAX_ARGV] = (double)event->bytes;
    scope->sums[SP_SUM_ON_SOCKET] += (event->value & (SP_EXEC_STDIN_SOCKET | SP_EXEC_STDOUT_SOCKET)) != 0;
    scope->sums[SP_SUM_MEMORY_EXECUTIONS] += (event->value & (SP_EXEC_MEMORY | SP_EXEC_DELETED)) != 0;
    bool base64 = false;
    for (const char *word; !base64 && (word = next_word(&words, &length));)
        base64 = sp_feature_has_base64(word, length);
    scope->sums[SP_SUM_BASE64] += base64;
    bool has_script = class_ & (SP_PROGRAM_INTERPRETER | SP_PROGRAM_SHELL) && event->detail &&
                      script_of(event, class_ & SP_PROGRAM_SHELL ? "c" : "cemEp", &script);
    take_written_program(features, scope, event->subject);
    if (has_script)
        take_written_program(features, scope, script.bytes);
    if (!process)
        return;
    bool same = process->actor == at;
    scope->sums[SP_SUM_NESTED] += class_ & SP_PROGRAM_INTERPRETER && same && process->interprets;
    if (!(class_ & (SP_PROGRAM_SHELL | SP_PROGRAM_WRAPPER)))
        process->interprets = class_ & SP_PROGRAM_INTERPRETER;
    else if (!same)
        process->interprets = false;
    process->actor = at;
    process->program = event->subject ? sp_feature_hash(features, event->subject) : 0;
    process->script = has_script ? sp_feature_hash(features, script.bytes) : 0;
}
