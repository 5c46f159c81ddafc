#include "run_given.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const command[] = { "npm", "ci", NULL };

const struct sp_run_package given_packages[] = {
    { .ecosystem = "npm",
      .name = "@corp/app",
      .version = "1.2.0",
      .digest = "sha512-AA==",
      .url = "https://registry.npmjs.org/@corp/app/-/app-1.2.0.tgz",
      .path = "@corp/app",
      .direct = true },
    { .ecosystem = "npm",
      .name = "left-thief",
      .version = "1.3.1",
      .path = "@corp/app > left-thief",
      .ran_code = true,
      .from_cache = true },
    { .ecosystem = "npm", .name = "crossenv", .version = "6.1.1", .refused = true, .direct = true },
};

const struct sp_finding given_thief = {
    .rule = "run/decoy-sent",
    .severity = SP_SEVERITY_BLOCK,
    .ecosystem = "npm",
    .name = "left-thief",
    .version = "1.3.1",
    .risk = -1,
    .message = "read ~/.ssh/id_ed25519 (an SSH private key) and then called 203.0.113.9:443",
    .advice = "remove it; if it ran elsewhere, change the keys that it could read",
};

const struct sp_finding given_startup_file = {
    .rule = "run/write-outside",
    .severity = SP_SEVERITY_REVIEW,
    .risk = -1,
    .message = "/home/u/.bashrc was changed, which is no output of npm",
    .advice = "look at it; --allow-write /home/u/.bashrc lets it land",
};

static const struct sp_edit crossenv_edits[] = {
    { SP_EDIT_KEEP, 0, 5, 0, 5 },
    { SP_EDIT_DELETE, 5, 0, 5, 1 },
    { SP_EDIT_KEEP, 5, 3, 6, 3 },
};
static const char *const crossenv_categories[] = { "delimiter" };

const struct sp_finding given_crossenv = {
    .rule = "name/confusion",
    .severity = SP_SEVERITY_BLOCK,
    .ecosystem = "npm",
    .name = "crossenv",
    .version = "6.1.1",
    .target = "cross-env",
    .target_rank = 1342,
    .categories = crossenv_categories,
    .category_count = 1,
    .risk = 0.973,
    .edits = crossenv_edits,
    .edit_count = 3,
    .place = { "package-lock.json", 17, 5 },
    .message = "may be mistaken for 'cross-env' (number 1342 on npm)",
    .advice = "did you mean 'cross-env'?",
};

const struct sp_event given_call = {
    .kind = SP_EVENT_CONNECTION,
    .phase = SP_PHASE_INSTALL,
    .time = 1500 * MS,
    .pid = 41,
    .port = 443,
    .bytes = 517,
    .package = "pkg:npm/left-thief@1.3.1",
    .subject = "203.0.113.9",
    .detail = "TLS to evil.example",
};

const struct sp_event given_passed = {
    .kind = SP_EVENT_PASSED,
    .phase = SP_PHASE_INSTALL,
    .time = 1600 * MS,
    .port = 443,
    .bytes = 1200,
    .value = 3400000,
    .subject = "cdn.example",
};

const struct sp_run_load given_unloaded = { .package = "pkg:npm/left-thief@1.3.1",
                                            .what = "require('left-thief')",
                                            .outcome = SP_LOAD_FAILED,
                                            .said = "Error: Cannot find module 'react'",
                                            .nanoseconds = 120 * MS };

const struct sp_run_change given_changes[] = {
    { .path = "/home/u/app/node_modules/left-pad", .kind = '+', .things = 12, .bytes = 9800 },
    { .path = "/home/u/app/node_modules/.package-lock.json", .kind = '+', .things = 1, .bytes = 512 },
    { .path = "/home/u/app/package-lock.json", .kind = '~', .things = 1 },
    { .path = "/home/u/app/old", .kind = '-', .things = 1 },
    { .path = "/home/u/app/.git/hooks/post-checkout", .kind = '!', .things = 1, .why = "no declared output" },
    { .path = "/home/u/app2/x", .kind = '!', .things = 1, .why = "no declared output" },
};

const struct sp_limits given_limits = { .time = 3600 * 1000 * MS, .memory = 8ull << 30, .processes = 4096 };

const struct sp_risk_model given_model = { .path = "/x/a.model",
                                           .note = "rows: 12",
                                           .fingerprint = 0x1234abcd,
                                           .features_version = 1,
                                           .review = 0.5,
                                           .block = 0.9 };
static const struct sp_risk_reason given_reasons[] = {
    { "install.own.decoys", "touched 2 planted secrets while installing", 2, 3.25 },
    { "all.own.strings-compiled", "'strings compiled to code' could not be seen", __builtin_nan(""), -0.5 },
};
const struct sp_package_risk given_risks[] = {
    { "pkg:npm/left-thief@1.3.1", 0.9712, SP_SEVERITY_BLOCK, -1.5, given_reasons, 2 },
    { NULL, 0.6, SP_SEVERITY_REVIEW, -1.5, given_reasons, 1 },
    { "pkg:npm/<b>\x1b[2J@1", 0.01, SP_SEVERITY_NONE, -1.5, NULL, 0 },
};

/* A run without fault: 177 packages, of which the report was handed none but their number matters. */
static struct sp_run_package many[177];

void
given_run(struct run *run)
{
    *run = (struct run){ 0 };
    run->report = (struct sp_run_report){
        .tool_version = "1.2.3",
        .kind = "run",
        .command = command,
        .project = "/home/u/app",
        .manager = "npm",
        .mode = "enforce",
        .net = "registry",
        .outcome = SP_OUTCOME_ALLOW,
        .verdict = &run->verdict,
        .watched = "registry proxy, sinkhole, decoys, overlay",
        .limits = "cgroup v2",
        .packages = many,
        .package_count = SP_COUNT(many),
        .direct = 3,
        .indirect = 174,
        .ran_code = 12,
        .landed = SP_LANDED_YES,
        .landed_things = 2311,
        .landed_bytes = 12345678,
        .total = 4610 * MS,
        .sandbox_start = 9 * MS,
        .command_time = 4200 * MS,
        .landing_time = 40 * MS,
    };
}

void
given_finding(struct run *run, const struct sp_finding *finding)
{
    assert_int_equal(sp_verdict_add(&run->verdict, finding, NULL), 0);
    run->report.outcome = sp_verdict_outcome(&run->verdict);
}

void
given_unseen(struct run *run, const char *line)
{
    assert_int_equal(sp_verdict_unseen(&run->verdict, NULL, "%s", line), 0);
    run->report.outcome = sp_verdict_outcome(&run->verdict);
}

void
given_refusal(struct run *run)
{
    run->report.packages = given_packages;
    run->report.package_count = SP_COUNT(given_packages);
    run->report.direct = 2;
    run->report.indirect = 1;
    run->report.ran_code = 1;
    run->report.exit_code = 100;
    run->report.landed = SP_LANDED_REFUSED;
    run->report.landing = "the verdict is block";
}

const char *
text_of(struct run *run)
{
    struct sp_error err = { 0 };
    sp_buffer_clear(&run->out);
    int status = sp_run_report_text(&run->report, &run->options, &run->out, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, 0);
    return sp_buffer_string(&run->out);
}

const char *
json_of(struct run *run)
{
    struct sp_error err = { 0 };
    sp_buffer_clear(&run->out);
    int status = sp_run_report_json(&run->report, &run->out, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, 0);
    return sp_buffer_string(&run->out);
}

void
given_end(struct run *run)
{
    sp_verdict_free(&run->verdict);
    sp_buffer_free(&run->out);
}

void
assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not found: %s\nin:\n%s", part, text);
}

void
assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("found: %s\nin:\n%s", part, text);
}

void
assert_harmless(const char *text)
{
    assert_true(sp_utf8_valid(text, strlen(text)));
    for (const char *at = text; *at;) {
        size_t size;
        uint32_t point = sp_utf8_decode(at, strlen(at), &size);
        if (point != '\n' && !sp_utf8_is_printable(point))
            fail_msg("U+%04X in:\n%s", point, text);
        at += size;
    }
}
