/* What honest packages do, as whole sequences: none of it is for review, let alone a block. */
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

#define NM "/home/user/app/node_modules/"
#define ADDON NM "addon/"
#define CLONE "/home/user/.npm/_cacache/tmp/git-cloneAb12"
#define SDIST "/tmp/pip-install-k2/csdist/"
#define NODE "exec /usr/bin/node node "
#define QUICK(words) "p fork q\nq exec " words "\nq exit\n"

struct story {
    const char *story, *acts;
};

static const struct story stories[] = {
    { "node-gyp builds an addon and it is loaded",
      "m create " ADDON "binding.gyp\nm create " ADDON "src/addon.cc\n"
      "p package pkg:npm/addon@2.0.0\n"
      "p fork g\ng " NODE "/usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js rebuild\n"
      "g fork a\na exec +pipe /usr/bin/python3 python3 --version\na exit\n"
      "g fork a\na exec +pipe /usr/bin/python3 python3 -c import^sys;print(sys.version)\na exit\n"
      "g fork a\na exec /usr/bin/uname uname -m\na exit\n"
      "g read /home/user/.cache/node-gyp/20.0.0/installVersion\n"
      "g create " ADDON "build/config.gypi\n"
      "g fork y\ny exec /usr/bin/python3 python3 " NM "node-gyp/gyp/gyp_main.py binding.gyp -f make\n"
      "y create " ADDON "build/Makefile\ny create " ADDON "build/addon.target.mk\ny exit\n"
      "g symlink " ADDON "build/node_gyp_bins/python3 /usr/bin/python3\n"
      "g fork k\nk exec /usr/bin/make make BUILDTYPE=Release -C build\n"
      "k fork s\ns exec /bin/sh sh -c uname^-s\ns fork u\nu exec /usr/bin/uname uname -s\nu exit\ns exit\n"
      "k fork c\nc exec /usr/bin/g++ g++ -o Release/obj.target/addon.o -c ../src/addon.cc\n"
      "c fork d\nd exec /usr/libexec/gcc/cc1plus cc1plus ../src/addon.cc -o /tmp/ccAb.s\nd create "
      "/tmp/ccAb.s\nd exit\n"
      "c fork d\nd exec /usr/bin/as as -o addon.o /tmp/ccAb.s\nd create " ADDON
      "build/Release/obj.target/addon.o\nd exit\n"
      "c unlink /tmp/ccAb.s\nc exit\n"
      "k fork c\nc exec /usr/bin/g++ g++ -shared -o Release/addon.node\nc fork d\n"
      "d exec /usr/bin/ld ld -shared -o Release/addon.node\nd create " ADDON
      "build/Release/addon.node\nd exit\nc exit\n"
      "k fork c\nc exec /bin/sh sh -c ln^-f^a^b||cp^-af^a^b\nc exit\nk exit\ng exit\np exit\n"
      "l load pkg:npm/addon@2.0.0\nl read " ADDON "build/Release/addon.node\nl code mapped " ADDON
      "build/Release/addon.node\n"
      "l exit\n" },
    { "cmake-js configures and builds",
      "p package pkg:npm/addon@2.0.0\np " NODE NM "cmake-js/bin/cmake-js compile\n"
      "p fork c\nc exec +pipe /usr/bin/cmake cmake --version\nc exit\n"
      "p fork c\nc exec /usr/bin/cmake cmake -S . -B build\nc code foreign io_uring_setup\n"
      "c create " ADDON "build/CMakeFiles/3.25/CompilerIdC/CMakeCCompilerId.c\n"
      "c fork u\nu exec /usr/bin/uname uname -s\nu exit\nc fork u\nu exec /usr/bin/uname uname -r\nu exit\n"
      "c fork d\nd exec /usr/bin/cc cc -o cmTC_1 test.c\nd fork l\nl exec /usr/bin/ld ld -o cmTC_1\n"
      "l create " ADDON "build/CMakeFiles/CMakeScratch/cmTC_1\nl exit\nd exit\n"
      "c fork t\nt exec " ADDON "build/CMakeFiles/CMakeScratch/cmTC_1 ./cmTC_1\nt exit\n"
      "c unlink " ADDON "build/CMakeFiles/CMakeScratch/cmTC_1\nc exit\n"
      "p fork c\nc exec /usr/bin/cmake cmake --build build\nc fork n\nn exec /usr/bin/ninja ninja\n"
      "n create " ADDON "build/.ninja_log\nn exit\nc exit\np exit\n" },
    { "a dependency from git is cloned and prepared",
      "m decoy /home/user/.npmrc npmrc\n"
      "m fork g\ng exec /usr/bin/git git clone --mirror /srv/x.git " CLONE
      "\ng decoy /home/user/.gitconfig gitconfig\n"
      "g create " CLONE "/.git/hooks/pre-commit.sample\ng create " CLONE "/.git/config\n"
      "g create " CLONE "/.github/workflows/ci.yml\ng create " CLONE "/.npmrc\ng exit\n"
      "m fork n\nn at " CLONE "\nn " NODE "/usr/lib/node_modules/npm/bin/npm-cli.js install --only=dev\n"
      "n create " CLONE "/node_modules/typescript/lib/tsc.js\n"
      "n symlink " CLONE "/node_modules/.bin/tsc ../typescript/bin/tsc\n"
      "n fork s\ns exec /bin/sh sh -c tsc^-p^.\ns create " CLONE "/dist/index.js\ns exit\nn exit\n" },
    { "husky is installed by the project",
      "p project\np " NODE NM "husky/bin.js install\n"
      "p fork g\ng exec /usr/bin/git git config core.hooksPath .husky/_\ng create "
      "/home/user/app/.git/config.lock\n"
      "g rename /home/user/app/.git/config.lock /home/user/app/.git/config\ng exit\n"
      "p mkdir /home/user/app/.husky/_\np create /home/user/app/.husky/_/husky.sh\n"
      "p create /home/user/app/.husky/_/pre-commit\np mode /home/user/app/.husky/_/pre-commit 755\np "
      "exit\n" },
    { "esbuild runs the program of its tarball",
      "m create " NM "@esbuild/linux-x64/bin/esbuild\nm create " NM "esbuild/bin/esbuild\n"
      "p package pkg:npm/esbuild@0.21.5\np " NODE "install.js\n"
      "p link " NM "@esbuild/linux-x64/bin/esbuild " NM "esbuild/bin-esbuild\n"
      "p rename " NM "esbuild/bin-esbuild " NM "esbuild/bin/esbuild\n"
      "p fork e\ne exec +pipe " NM "esbuild/bin/esbuild esbuild --version\ne exit\np exit\n" },
    { "core-js prints its banner",
      "p package pkg:npm/core-js@3.37.0\np " NODE "-e try{require('./postinstall')}catch(e){}\n"
      "p create /tmp/core-js-banners\np exit\n" },
    { "puppeteer downloads a browser from an allowed host",
      "p package pkg:npm/puppeteer@22.0.0\np " NODE "install.mjs\np decoy /home/user/.npmrc npmrc\n"
      "p connect 203.0.113.9 443\np passed storage.googleapis.com 443\n"
      "p create /home/user/.cache/puppeteer/chrome/linux-1/chrome.zip\n"
      "p create /home/user/.cache/puppeteer/chrome/linux-1/chrome-linux64/chrome\n"
      "p mode /home/user/.cache/puppeteer/chrome/linux-1/chrome-linux64/chrome 755\n"
      "p unlink /home/user/.cache/puppeteer/chrome/linux-1/chrome.zip\np exit\n" },
    { "puppeteer is told to skip the download",
      "p package pkg:npm/puppeteer@22.0.0\np " NODE "install.mjs\np read " NM
      "puppeteer/package.json\np exit\n" },
    { "a version is asked for after an allowed download",
      "p package pkg:npm/x@1.0.0\np fork c\nc exec /usr/bin/curl curl -fsSLo tool.tgz "
      "https://cdn.example.org/tool.tgz\n"
      "c passed cdn.example.org 443\nc create " NM "x/tool.tgz\nc exit\n"
      "p fork q\nq exec +pipe /usr/bin/node node -v\nq exit\np fork q\nq exec +pipe /usr/bin/python3 python3 "
      "-V\nq exit\n"
      "p fork q\nq exec +pipe /usr/bin/python3 python3 --version\nq exit\np exit\n" },
    { "pip builds a source distribution in C",
      "p build pkg:pypi/csdist@1.0.0\np create " SDIST "csdist.egg-info/PKG-INFO\n"
      "p fork s\ns exec /usr/bin/python3 python3 setup.py bdist_wheel\n"
      "s fork u\nu exec /usr/bin/uname uname -m\nu exit\ns create /tmp/tmpq1/a.c\n"
      "s fork c\nc exec /usr/bin/gcc gcc -c /tmp/tmpq1/a.c -o /tmp/tmpq1/a.o\nc fork d\n"
      "d exec /usr/bin/as as -o /tmp/tmpq1/a.o\nd create /tmp/tmpq1/a.o\nd exit\nc exit\n"
      "s fork c\nc exec /usr/bin/ld ld -o /tmp/tmpq1/a.out\nc create /tmp/tmpq1/a.out\nc exit\n"
      "s fork t\nt exec /tmp/tmpq1/a.out a.out\nt exit\ns unlink /tmp/tmpq1/a.out\ns unlink /tmp/tmpq1/a.c\n"
      "s create " SDIST "build/lib/csdist/_c.so\ns create " SDIST "build/bdist.linux/wheel/csdist-nspkg.pth\n"
      "s fork n\nn exec /usr/bin/ninja ninja -C build\nn create " SDIST
      "build/.ninja_deps\nn exit\ns exit\np exit\n" },
    { "a build in Rust unpacks crates that bring their workflows along",
      "p build pkg:pypi/csdist@1.0.0\np fork c\nc exec /usr/bin/cargo cargo build --release\nc passed "
      "static.crates.io 443\n"
      "c create "
      "/home/user/.cargo/registry/src/index.crates.io-6f17d22bba15001f/libc-0.2.155/.github/workflows/"
      "ci.yml\n"
      "c create /home/user/.cargo/registry/src/index.crates.io-6f17d22bba15001f/libc-0.2.155/.travis.yml\nc "
      "exit\n" },
    { "weights of a model are kept, which end as files of Python's do",
      "l load pkg:pypi/torch-like@1.0.0\nl passed download.example.org 443\n"
      "l create /home/user/.cache/torch/hub/checkpoints/resnet18.pth\nl exit\n" },
    { "pytest is loaded",
      "l load pkg:pypi/pytest@8.0.0\nl exec /usr/bin/python3 python3 -c import^pytest\n"
      "l read /proc/self/status\nl create "
      "/usr/lib/python3/site-packages/_pytest/__pycache__/config.cpython-311.pyc\n"
      "l code string <string> x=1\nl code memory-mapped /memfd:libffi\nl bind udp 0.0.0.0 0\nl exit\n" },
    { "black is loaded", "l load pkg:pypi/black@24.0.0\nl exec /usr/bin/python3 python3 -c import^black\n"
                         "l code mapped /usr/lib/python3/site-packages/black/linegen.so\nl mkdir "
                         "/home/user/.cache/black/24.0.0\n"
                         "l create /home/user/.cache/black/24.0.0/x.pickle\nl exit\n" },
    { "electron downloads and unpacks without starting it",
      "p package pkg:npm/electron@30.0.0\np " NODE
      "install.js\np connect 203.0.113.9 443\np passed github.com 443\n"
      "p passed objects.githubusercontent.com 443\np create /home/user/.cache/electron/electron-v30.zip\n"
      "p fork z\nz exec /usr/bin/unzip unzip -o /home/user/.cache/electron/electron-v30.zip -d dist\n"
      "z read /home/user/.cache/electron/electron-v30.zip\nz create " NM "electron/dist/electron\n"
      "z mode " NM "electron/dist/electron 755\nz exit\np create " NM "electron/path.txt\np exit\n" },
    { "npm config get",
      "p package pkg:npm/x@1.0.0\np fork q\nq exec /usr/bin/npm npm config get registry\n"
      "q decoy /home/user/.npmrc npmrc\nq create /home/user/.npm/_logs/1-debug-0.log\nq exit\np exit\n" },
    { "versions are checked by node -e",
      "p package pkg:npm/x@1.0.0\n" QUICK(
          "/usr/bin/node node -e process.exit(+process.versions.node.split('.')[0]<18)")
          QUICK("/usr/bin/node node -p process.arch") "p exit\n" },
    { "ldconfig -p", "p package pkg:npm/x@1.0.0\n" QUICK("/sbin/ldconfig ldconfig -p") "p exit\n" },
    { "getconf",
      "p package pkg:npm/x@1.0.0\n" QUICK("/usr/bin/getconf getconf GNU_LIBC_VERSION") "p exit\n" },
    { "lscpu looks for a hypervisor, as it always does",
      "p package pkg:npm/x@1.0.0\np fork q\nq exec /usr/bin/lscpu lscpu\nq read /proc/cpuinfo\nq look "
      "/proc/xen\n"
      "q look /sys/hypervisor/type\nq read /sys/class/dmi/id/sys_vendor\nq look /sys/bus/pci/devices/0\nq "
      "exit\np exit\n" },
    { "ps looks at every process, as it always does",
      "p package pkg:npm/x@1.0.0\np fork q\nq exec /usr/bin/ps ps -o pid,ppid\nq read /proc/1/status\n"
      "q read /proc/7/status\nq read /proc/8/status\nq exit\np exit\n" },
    { "a program looks at its own status twice",
      "p package pkg:npm/x@1.0.0\np " NODE
      "i.js\np read /proc/self/status\np read /proc/self/status\np exit\n" },
    { "uname -a alone", "p package pkg:npm/x@1.0.0\n" QUICK("/usr/bin/uname uname -a") "p exit\n" },
    { "sharp looks for libvips",
      "p package pkg:npm/sharp@0.33.0\np " NODE
      "install/check.js\n" QUICK("/usr/bin/pkg-config pkg-config --modversion vips-cpp")
          QUICK("/usr/bin/ldd ldd --version") QUICK(
              "/usr/bin/getconf getconf GNU_LIBC_VERSION") "p read " NM "@img/sharp-linux-x64/"
                                                           "package.json\np code mapped " NM
                                                           "@img/sharp-linux-x64/lib/sharp.node\np exit\n" },
    { "fsevents is skipped",
      "m read " NM "fsevents/package.json\nm unlink " NM "fsevents/package.json\nm rmdir " NM "fsevents\n" },
    { "a package keeps caches",
      "p package pkg:npm/babel-loader@9.0.0\np mkdir " NM ".cache/babel-loader\n"
      "p create " NM ".cache/babel-loader/a1.json\np create " NM ".cache/babel-loader/a1.js\np exit\n" },
    { "telemetry to an allowed host",
      "p package pkg:npm/next@14.0.0\np " NODE "telemetry.js\np connect 203.0.113.9 443\n"
      "p passed telemetry.nextjs.org 443\np create /home/user/.config/nextjs-nodejs/config.json\np exit\n" },
    { "a daemon of its own is told something",
      "p package pkg:npm/x@1.0.0\np unix " NM "x/run/agent.sock\np exit\n" },
    { "a thread is named watchdog",
      "p package pkg:npm/x@1.0.0\np " NODE "i.js\np code renamed watchdog\np exit\n" },
    { "npm itself unpacks, links, deletes and listens",
      "m create " NM "a/index.js\nm symlink " NM
      ".bin/tsc ../typescript/bin/tsc\nm rename /home/user/app/.npmrc.1 "
      "/home/user/app/.npmrc\nm unlink " NM "b/index.js\nm listen 127.0.0.1 4000\n" },
};

static void
honest_packages_are_left_alone(void **state SP_UNUSED)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < SP_COUNT(stories); i++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        scene_play(stories[i].acts, &verdict);
        for (size_t f = 0; f < verdict.count; f++)
            if (verdict.findings[f].severity != SP_SEVERITY_NONE) {
                wrong++;
                print_error("%s: %s %s: %s\n", stories[i].story, verdict.findings[f].rule,
                            sp_severity_name(verdict.findings[f].severity), verdict.findings[f].message);
            }
        if (verdict.unseen_count)
            fail_msg("%s: %s", stories[i].story, verdict.unseen[0]);
    }
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(honest_packages_are_left_alone) };
    return cmocka_run_group_tests(tests, scene_begin_all, scene_end_all);
}
