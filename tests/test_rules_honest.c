/* Honest installs, as whole sequences: none of them is worth a look. */
#include "rules_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct honest {
    const char *story, *text;
};

#define NODE_MODULES "/home/user/app/node_modules/"

static const struct honest cases[] = {
    { "a native module by node-gyp",
      "m manager\n"
      "m create " NODE_MODULES "bcrypt/binding.gyp\n"
      "a package pkg:npm/bcrypt@5.1.0\n"
      "a at " NODE_MODULES "bcrypt\n"
      "a exec /bin/sh sh -c node-gyp␣rebuild\n"
      "a exec /usr/bin/node node /usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js rebuild\n"
      "a fork p\n"
      "p exec /usr/bin/python3 python3 -c import␣sys;␣print(sys.executable)\n"
      "p exit\n"
      "a fork g\n"
      "g exec /usr/bin/python3 python3 /usr/lib/node_modules/npm/node_modules/node-gyp/gyp/gyp_main.py "
      "binding.gyp\n"
      "g fork u\n"
      "u exec /bin/uname uname -a\n"
      "u exit\n"
      "g create " NODE_MODULES "bcrypt/build/config.gypi\n"
      "g create " NODE_MODULES "bcrypt/build/Makefile\n"
      "g exit\n"
      "a fork k\n"
      "k exec /usr/bin/make make BUILDTYPE=Release -C build\n"
      "k fork s\n"
      "s exec /bin/sh sh -c g++␣-o␣x.o␣-c␣../src/x.cc\n"
      "s fork c\n"
      "c exec /usr/bin/g++ g++ -o x.o -c ../src/x.cc\n"
      "c fork d\n"
      "d exec /usr/lib/gcc/x86_64-linux-gnu/12/cc1plus cc1plus -quiet -o /tmp/ccAbCd.s\n"
      "d create /tmp/ccAbCd.s\n"
      "d exit\n"
      "c fork e\n"
      "e exec /usr/bin/as as -o x.o /tmp/ccAbCd.s\n"
      "e read /tmp/ccAbCd.s\n"
      "e create " NODE_MODULES "bcrypt/build/Release/obj.target/x.o\n"
      "c unlink /tmp/ccAbCd.s\n"
      "k fork l\n"
      "l exec /usr/bin/ld ld -shared -o Release/x.node\n"
      "l create " NODE_MODULES "bcrypt/build/Release/x.node\n"
      "l exit\n"
      "k fork f\n"
      "f exec /bin/cp cp -f Release/obj.target/x.node Release/x.node\n"
      "f create " NODE_MODULES "bcrypt/build/Release/x.node\n"
      "b load pkg:npm/bcrypt@5.1.0\n"
      "b exec /usr/bin/node node -e require('bcrypt')\n"
      "b code mapped " NODE_MODULES "bcrypt/build/Release/x.node\n" },
    { "a native module by cmake-js and its configure checks",
      "a package pkg:npm/x@1.0.0\n"
      "a at " NODE_MODULES "x\n"
      "a exec /usr/bin/node node " NODE_MODULES ".bin/cmake-js compile\n"
      "a fork c\n"
      "c exec /usr/bin/cmake cmake .. -DCMAKE_BUILD_TYPE=Release\n"
      "c fork u\n"
      "u exec /bin/uname uname -r\n"
      "u exit\n"
      "c fork h\n"
      "h exec /bin/hostname hostname\n"
      "c fork l\n"
      "l exec /usr/bin/lsb_release lsb_release -a\n"
      "c fork i\n"
      "i exec /usr/bin/id id -u\n"
      "c fork g\n"
      "g exec /usr/bin/getconf getconf LONG_BIT\n"
      "c fork o\n"
      "o exec /usr/bin/ld ld -o CMakeFiles/cmTC_1\n"
      "o create " NODE_MODULES "x/build/CMakeFiles/cmTC_1\n"
      "c fork t\n"
      "t exec " NODE_MODULES "x/build/CMakeFiles/cmTC_1 cmTC_1\n"
      "t exit\n"
      "c unlink " NODE_MODULES "x/build/CMakeFiles/cmTC_1\n"
      "c fork n\n"
      "n exec /usr/bin/nproc nproc\n"
      "c connect 127.0.0.1 4873\n" },
    { "a git dependency is cloned and prepared",
      "m manager\n"
      "m fork g\n"
      "g exec /usr/bin/git git clone --mirror ssh://git@github.com/x/y "
      "/home/user/.npm/_cacache/tmp/git-cloneAb\n"
      "g read /home/user/.gitconfig gitconfig\n"
      "g create /home/user/.npm/_cacache/tmp/git-cloneAb/.git/hooks/pre-commit.sample\n"
      "g create /home/user/.npm/_cacache/tmp/git-cloneAb/.git/config\n"
      "a package pkg:npm/y@1.0.0\n"
      "a at /home/user/.npm/_cacache/tmp/git-cloneAb\n"
      "a exec /bin/sh sh -c tsc␣&&␣node␣dist/cli.js\n"
      "a fork t\n"
      "t exec /usr/bin/node node node_modules/.bin/tsc\n"
      "t create /home/user/.npm/_cacache/tmp/git-cloneAb/dist/cli.js\n"
      "t exit\n"
      "a fork n\n"
      "n exec /usr/bin/node node dist/cli.js\n"
      "n create /home/user/.npm/_cacache/tmp/git-cloneAb/.github/workflows/generated.yml\n" },
    { "husky is set up by the project",
      "a project\n"
      "a at /home/user/app\n"
      "a exec /bin/sh sh -c husky\n"
      "a exec /usr/bin/node node /home/user/app/node_modules/.bin/husky\n"
      "a mkdir /home/user/app/.husky/_\n"
      "a create /home/user/app/.husky/_/pre-commit\n"
      "a mode /home/user/app/.husky/_/pre-commit 755\n"
      "a fork g\n"
      "g exec /usr/bin/git git config core.hooksPath .husky/_\n"
      "g create /home/user/app/.git/config.lock\n"
      "g rename /home/user/app/.git/config.lock /home/user/app/.git/config\n" },
    { "patch-package is run by the project",
      "a project\n"
      "a at /home/user/app\n"
      "a exec /usr/bin/node node /home/user/app/node_modules/.bin/patch-package\n"
      "a create /tmp/tmp-12/a.patch\n"
      "a write " NODE_MODULES "react/index.js\n"
      "a unlink /tmp/tmp-12/a.patch\n" },
    { "telemetry to a host that was allowed", "a package pkg:npm/next@14.0.0\n"
                                              "a exec /usr/bin/node node telemetry.js\n"
                                              "a exec /bin/uname uname -m\n"
                                              "a connect 198.18.3.4 443\n"
                                              "a name telemetry.nextjs.org\n"
                                              "a passed telemetry.nextjs.org 443\n" },
    { "a browser is downloaded and not started",
      "a package pkg:npm/playwright@1.40.0\n"
      "a at " NODE_MODULES "playwright\n"
      "a exec /usr/bin/node node install.js\n"
      "a look /etc/os-release\n"
      "a connect 198.18.3.4 443\n"
      "a create /tmp/playwright-download-1.zip\n"
      "a passed cdn.playwright.dev 443\n"
      "a read /tmp/playwright-download-1.zip\n"
      "a create /home/user/.cache/ms-playwright/chromium-1/chrome-linux/chrome\n"
      "a mode /home/user/.cache/ms-playwright/chromium-1/chrome-linux/chrome 755\n"
      "a unlink /tmp/playwright-download-1.zip\n" },
    { "electron is downloaded and unpacked",
      "a package pkg:npm/electron@28.0.0\n"
      "a at " NODE_MODULES "electron\n"
      "a exec /usr/bin/node node install.js\n"
      "a read /home/user/.npmrc npmrc\n"
      "a connect 198.18.3.5 443\n"
      "a create /home/user/.cache/electron/x/electron.zip\n"
      "a passed github.com 443\n"
      "a fork u\n"
      "u exec /usr/bin/unzip unzip -q /home/user/.cache/electron/x/electron.zip -d dist\n"
      "u read /home/user/.cache/electron/x/electron.zip\n"
      "u create " NODE_MODULES "electron/dist/electron\n"
      "u create " NODE_MODULES "electron/dist/libffmpeg.so\n"
      "a create " NODE_MODULES "electron/path.txt\n" },
    { "esbuild starts its own binary",
      "m manager\n"
      "m create " NODE_MODULES "@esbuild/linux-x64/bin/esbuild\n"
      "a package pkg:npm/esbuild@0.19.0\n"
      "a at " NODE_MODULES "esbuild\n"
      "a exec /usr/bin/node node install.js\n"
      "a link " NODE_MODULES "@esbuild/linux-x64/bin/esbuild " NODE_MODULES "esbuild/bin/esbuild.tmp\n"
      "a rename " NODE_MODULES "esbuild/bin/esbuild.tmp " NODE_MODULES "esbuild/bin/esbuild\n"
      "a mode " NODE_MODULES "esbuild/bin/esbuild 755\n"
      "a fork e\n"
      "e exec " NODE_MODULES "esbuild/bin/esbuild esbuild --version\n"
      "e exit\n" },
    { "puppeteer skips its download", "a package pkg:npm/puppeteer@21.0.0\n"
                                      "a at " NODE_MODULES "puppeteer\n"
                                      "a exec /usr/bin/node node install.mjs\n"
                                      "a look /home/user/.puppeteerrc.cjs\n"
                                      "a exit\n" },
    { "core-js shows its banner", "a package pkg:npm/core-js@3.30.0\n"
                                  "a at " NODE_MODULES "core-js\n"
                                  "a exec /bin/sh sh -c node␣-e␣\"try{require('./postinstall')}catch(e){}\"\n"
                                  "a fork n\n"
                                  "n exec /usr/bin/node node -e try{require('./postinstall')}catch(e){}\n"
                                  "n create /tmp/core-js-banners\n"
                                  "n exit\n" },
    { "a scientific package is built by pip",
      "m manager\n"
      "m create /tmp/pip-install-ab/numpy_12/setup.py\n"
      "m create /tmp/pip-build-env-x/overlay/bin/ninja\n"
      "a build pkg:pypi/numpy@1.26.0\n"
      "a at /tmp/pip-install-ab/numpy_12\n"
      "a exec /usr/bin/python3 python3 "
      "/usr/lib/python3/dist-packages/pip/_vendor/pyproject_hooks/_in_process/"
      "_in_process.py build_wheel /tmp/x\n"
      "a create /usr/lib/python3/dist-packages/six/__pycache__/six.cpython-311.pyc.1\n"
      "a rename /usr/lib/python3/dist-packages/six/__pycache__/six.cpython-311.pyc.1 "
      "/usr/lib/python3/dist-packages/six/__pycache__/six.cpython-311.pyc\n"
      "a fork g\n"
      "g exec /usr/bin/gcc gcc --version\n"
      "g exit\n"
      "a create /tmp/pip-install-ab/numpy_12/.mesonpy-1/meson-private/sanitycheckc.c\n"
      "a fork l\n"
      "l exec /usr/bin/ld ld -o sanitycheckc.exe\n"
      "l create /tmp/pip-install-ab/numpy_12/.mesonpy-1/meson-private/sanitycheckc.exe\n"
      "l exit\n"
      "a fork s\n"
      "s exec /tmp/pip-install-ab/numpy_12/.mesonpy-1/meson-private/sanitycheckc.exe sanitycheckc.exe\n"
      "s exit\n"
      "a fork n\n"
      "n exec /tmp/pip-build-env-x/overlay/bin/ninja ninja\n"
      "n fork p\n"
      "p exec /usr/bin/python3 python3 ../numpy/_build_utils/process_src_template.py a.src b.c\n"
      "p create /tmp/pip-install-ab/numpy_12/.mesonpy-1/b.c\n"
      "a create /tmp/pip-install-ab/numpy_12/build/numpy-1.26.0.data/purelib/numpy.pth\n"
      "a unlink /tmp/pip-install-ab/numpy_12/.mesonpy-1/meson-private/sanitycheckc.exe\n" },
    { "an autoconf script of a source distribution", "a build pkg:pypi/cffi-like@1.0\n"
                                                     "a at /tmp/pip-install-ab/cffi_12\n"
                                                     "a exec /bin/sh sh ./configure\n"
                                                     "a fork u\n"
                                                     "u exec /bin/uname uname -m\n"
                                                     "u exec /bin/hostname hostname\n"
                                                     "u exec /usr/bin/id id\n"
                                                     "u exit\n"
                                                     "a create /tmp/pip-install-ab/cffi_12/config.guess\n"
                                                     "a fork c\n"
                                                     "c exec /bin/sh sh ./config.guess\n"
                                                     "c exit\n"
                                                     "a forks-ended 900\n"
                                                     "a create /tmp/pip-install-ab/cffi_12/confdefs.h\n"
                                                     "a unlink /tmp/pip-install-ab/cffi_12/confdefs.h\n" },
    { "pytest is loaded", "a load pkg:pypi/pytest@7.4.0\n"
                          "a exec /usr/bin/python3 python3 -c import␣pytest\n"
                          "a code memory-mapped /memfd:libffi\n"
                          "a read /proc/9/status\n"
                          "a exit\n" },
    { "black is loaded", "a load pkg:pypi/black@23.0.0\n"
                         "a exec /usr/bin/python3 python3 -m black --version\n"
                         "a look /home/user/.config/black\n"
                         "a read /sys/devices/system/cpu/online\n"
                         "a exit\n" },
    { "a tool of a cloud is loaded", "a load pkg:npm/is-docker@3.0.0\n"
                                     "a exec /usr/bin/node node -e require('x')\n"
                                     "a read /proc/9/cgroup\n"
                                     "a look /sys/fs/cgroup/memory.max\n"
                                     "a look /var/run/docker.sock\n"
                                     "a exit\n" },
    { "protobuf asks npm for its settings", "a package pkg:npm/protobufjs@7.2.0\n"
                                            "a exec /usr/bin/node node scripts/postinstall\n"
                                            "a fork n\n"
                                            "n exec /usr/bin/npm npm config get registry\n"
                                            "n read /home/user/.npmrc npmrc\n"
                                            "n connect 127.83.80.1 4873\n"
                                            "n exit\n" },
    { "small questions about the system",
      "a package pkg:npm/x@1.0.0\n"
      "a exec /bin/sh sh -c node␣-e␣\"process.exit(+process.versions.node.split('.')[0]<18)\"\n"
      "a fork l\n"
      "l exec /sbin/ldconfig ldconfig -p\n"
      "l read /etc/ld.so.cache\n"
      "a fork g\n"
      "g exec /usr/bin/getconf getconf GNU_LIBC_VERSION\n"
      "a fork c\n"
      "c exec /usr/bin/lscpu lscpu\n"
      "c read /sys/devices/system/cpu/possible\n"
      "c read /proc/cpuinfo\n"
      "a fork e\n"
      "e exec /usr/bin/env env node x.js\n" },
    { "prisma generates its client", "a package pkg:npm/%40prisma/client@5.0.0\n"
                                     "a at " NODE_MODULES "@prisma/client\n"
                                     "a exec /usr/bin/node node scripts/postinstall.js\n"
                                     "a mkdir " NODE_MODULES ".prisma/client\n"
                                     "a create " NODE_MODULES ".prisma/client/index.js\n"
                                     "a create " NODE_MODULES "@prisma/client/generator-build/index.js\n" },
    { "npm lays out and moves packages", "m manager\n"
                                         "m rename " NODE_MODULES "a " NODE_MODULES ".a-x1\n"
                                         "m create " NODE_MODULES "b/index.js\n"
                                         "m symlink " NODE_MODULES ".bin/node ../node/bin/node\n"
                                         "m create /home/user/app/node_modules/.package-lock.json\n"
                                         "m exec /usr/bin/git git ls-remote\n"
                                         "m read /home/user/.npmrc npmrc\n"
                                         "m connect 127.83.80.1 4873\n" },
};

static void
honest_installs_are_not_worth_a_look(void **state SP_UNUSED)
{
    int wrong = 0;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        enum sp_severity worst = scene_play(cases[i].text, NULL, &verdict);
        for (size_t f = 0; f < verdict.count; f++)
            if (verdict.findings[f].severity != SP_SEVERITY_NONE)
                print_message("%s: %s %s: %s\n", cases[i].story,
                              sp_severity_name(verdict.findings[f].severity), verdict.findings[f].rule,
                              verdict.findings[f].message);
        wrong += worst != SP_SEVERITY_NONE || verdict.unseen_count;
    }
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(honest_installs_are_not_worth_a_look) };
    return cmocka_run_group_tests(tests, scene_begin_all, scene_end_all);
}
