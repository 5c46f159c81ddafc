/* The rules of behaviour: what each event says, once, in words that a hostile string cannot bend. */
#include "base/file.h"
#include "base/utf8.h"
#include "behaviour/risk.h"
#include "behaviour/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct sp_arena decoy_arena;
static struct sp_decoys decoys;

static int
make_decoys(void **state SP_UNUSED)
{
    static const char *const env[] = { "GITHUB_TOKEN=ghp_0000000000000000000000000000000000AA", NULL };
    const struct sp_decoy_wishes wishes = { .home = "/home/user", .env = env };
    return sp_decoys_make(&decoys, &decoy_arena, &wishes, NULL);
}

static int
free_decoys(void **state SP_UNUSED)
{
    sp_arena_free(&decoy_arena);
    return 0;
}

static struct sp_behaviour *
begin(void)
{
    struct sp_behaviour *behaviour;
    struct sp_error err;
    if (sp_behaviour_new(&behaviour,
                         &(struct sp_behaviour_options){ .decoys = &decoys, .home = "/home/user" }, &err) < 0)
        fail_msg("%s", err.text);
    return behaviour;
}

static void
finish(struct sp_behaviour *behaviour, struct sp_verdict *verdict)
{
    struct sp_error err;
    if (sp_behaviour_findings(behaviour, verdict, &err) < 0)
        fail_msg("%s", err.text);
    sp_behaviour_free(behaviour);
}

/* One event and the finding that it makes; RULE NULL: none. */
struct rule_case {
    const char *story;
    struct sp_event event;
    const char *rule;
    enum sp_severity severity;
    const char *message, *advice; /* parts; NULL: any */
};

#define LONG_LABEL "a8f3k2m9x7q1w5e6r4t8y2u0i3o7p9s1d5f6g8h2j4k0"

/* clang-format off */
static const struct rule_case cases[] = {
    { "an SSH key is read", { SP_EVENT_DECOY, SP_PHASE_INSTALL, .subject = "/home/user/.ssh/id_ed25519", .detail = "ssh-key" }, "run/decoy-read", SP_SEVERITY_BLOCK, "reads an SSH private key (~/.ssh/id_ed25519) during install", "do not install" },
    { "a wallet is read while loading", { SP_EVENT_DECOY, SP_PHASE_LOAD, .subject = "/home/user/.bitcoin/wallet.dat", .detail = "bitcoin" }, "run/decoy-read", SP_SEVERITY_BLOCK, "while loading", NULL },
    { "npm reads its own settings", { SP_EVENT_DECOY, SP_PHASE_FETCH, .subject = "/home/user/.npmrc", .detail = "npmrc" }, "run/decoy-read", SP_SEVERITY_NONE, "while fetching", NULL },
    { "AWS credentials in an install", { SP_EVENT_DECOY, SP_PHASE_INSTALL, .subject = "/home/user/.aws/credentials", .detail = "aws-credentials" }, "run/decoy-read", SP_SEVERITY_BLOCK, NULL, NULL },
    { "AWS credentials when a tool is loaded", { SP_EVENT_DECOY, SP_PHASE_LOAD, .subject = "/home/user/.aws/credentials", .detail = "aws-credentials" }, "run/decoy-read", SP_SEVERITY_REVIEW, NULL, NULL },
    { "a decoy that nobody knows", { SP_EVENT_DECOY, SP_PHASE_BUILD, .subject = "/x", .detail = "none" }, "run/decoy-read", SP_SEVERITY_REVIEW, "while building", NULL },
    { "a canary leaves", { SP_EVENT_CANARY, SP_PHASE_INSTALL, .subject = "evil.example:443", .detail = "npmrc" }, "run/canary-sent", SP_SEVERITY_BLOCK, "sends npm's configuration to evil.example:443 during install", "replace the real secret" },
    { "a GitHub token goes to GitHub", { SP_EVENT_CANARY, SP_PHASE_INSTALL, .subject = "api.github.com:443", .detail = "env:GITHUB_TOKEN" }, "run/canary-sent", SP_SEVERITY_REVIEW, NULL, NULL },
    { "a GitHub token goes to a lookalike", { SP_EVENT_CANARY, SP_PHASE_INSTALL, .subject = "api.github.com.evil.example", .detail = "env:GITHUB_TOKEN" }, "run/canary-sent", SP_SEVERITY_BLOCK, NULL, NULL },
    { "another secret goes to GitHub", { SP_EVENT_CANARY, SP_PHASE_INSTALL, .subject = "api.github.com:443", .detail = "env:NPM_TOKEN" }, "run/canary-sent", SP_SEVERITY_BLOCK, NULL, NULL },
    { "TLS to a host", { SP_EVENT_CONNECTION, SP_PHASE_INSTALL, .subject = "192.0.2.1", .port = 443, .detail = "TLS to cdn.example.org", .bytes = 512 }, "run/connection", SP_SEVERITY_REVIEW, "connects to cdn.example.org (192.0.2.1, port 443, 512 bytes sent) during install", "--allow-host cdn.example.org" },
    { "TLS at another port cannot be let through", { SP_EVENT_CONNECTION, SP_PHASE_INSTALL, .subject = "192.0.2.1", .port = 8443, .detail = "TLS to cdn.example.org" }, "run/connection", SP_SEVERITY_REVIEW, NULL, "only TLS at port 443" },
    { "plain HTTP", { SP_EVENT_CONNECTION, SP_PHASE_LOAD, .subject = "192.0.2.1", .port = 80, .detail = "GET /x" }, "run/connection", SP_SEVERITY_REVIEW, "saying GET /x while loading", "only TLS" },
    { "a server name that would be two words", { SP_EVENT_CONNECTION, SP_PHASE_LOAD, .subject = "192.0.2.1", .port = 443, .detail = "TLS to a$(reboot)" }, "run/connection", SP_SEVERITY_REVIEW, NULL, "only TLS" },
    { "a datagram", { SP_EVENT_DATAGRAM, SP_PHASE_INSTALL, .subject = "192.0.2.1", .port = 123 }, "run/connection", SP_SEVERITY_REVIEW, "sends a datagram to 192.0.2.1 port 123", NULL },
    { "what --allow-host let through", { SP_EVENT_PASSED, SP_PHASE_INSTALL, .subject = "cdn.example.org", .port = 443 }, "run/connection", SP_SEVERITY_NONE, "was let through to cdn.example.org", NULL },
    { "loopback", { SP_EVENT_CONNECTION, SP_PHASE_INSTALL, .subject = "127.0.0.1", .port = 9229 }, "run/connection", SP_SEVERITY_NONE, NULL, NULL },
    { "a name", { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = "registry.npmjs.org", .detail = "A" }, "run/name-lookup", SP_SEVERITY_NONE, "looks up registry.npmjs.org", NULL },
    { "a long name of words", { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = "internal-service-load-balancer-for-the-frontend.eu-central-1.elb.example.org" }, "run/name-lookup", SP_SEVERITY_NONE, NULL, NULL },
    { "a name that carries data", { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = LONG_LABEL ".t.evil.example" }, "run/name-lookup", SP_SEVERITY_REVIEW, "seem to carry data", "DNS tunnel" },
    { "a reverse lookup", { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" }, "run/name-lookup", SP_SEVERITY_NONE, NULL, NULL },
    { "a write outside", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/src/index.js", .detail = "changed" }, "run/write-outside", SP_SEVERITY_REVIEW, "changes /project/src/index.js, which is no declared output, during install: changed", "--allow-write /project/src/index.js" },
    { "a path that a shell would read differently", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/a b;c" }, "run/write-outside", SP_SEVERITY_REVIEW, NULL, "--allow-write with its path" },
    { "git's own settings are for review", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/.git/config" }, "run/write-outside", SP_SEVERITY_REVIEW, NULL, NULL },
    { "SSH notes a host", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/home/user/.ssh/known_hosts" }, "run/write-outside", SP_SEVERITY_REVIEW, NULL, NULL },
    { "shells' start file", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/home/user/.bashrc" }, "run/persistence", SP_SEVERITY_BLOCK, "changes ~/.bashrc, which every shell would run or obey later, during install", "--allow-write /home/user/.bashrc" },
    { "somebody's file of that name", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/dotfiles/.bashrc" }, "run/write-outside", SP_SEVERITY_REVIEW, NULL, NULL },
    { "a name that only begins so", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/home/user/.bashrc.orig" }, "run/write-outside", SP_SEVERITY_REVIEW, NULL, NULL },
    { "cron", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/etc/cron.d/x" }, "run/persistence", SP_SEVERITY_BLOCK, "cron", NULL },
    { "crontab", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/var/spool/cron/crontabs/user" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "a user's unit", { SP_EVENT_WRITE, SP_PHASE_LOAD, .subject = "/home/user/.config/systemd/user/x.service" }, "run/persistence", SP_SEVERITY_BLOCK, "systemd", NULL },
    { "autostart", { SP_EVENT_WRITE, SP_PHASE_LOAD, .subject = "/home/user/.config/autostart/x.desktop" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "authorized keys", { SP_EVENT_WRITE, SP_PHASE_LOAD, .subject = "/home/other/.ssh/authorized_keys" }, "run/persistence", SP_SEVERITY_BLOCK, "SSH", NULL },
    { "git hooks", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/.git/hooks/pre-commit" }, "run/persistence", SP_SEVERITY_BLOCK, "git", "husky" },
    { "git hooks, told relative", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = ".git/hooks/pre-commit" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "the editor's tasks", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/.vscode/tasks.json" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "workflows", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/project/.github/workflows/ci.yml" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "ld.so.preload", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/etc/ld.so.preload" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "profile.d", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/etc/profile.d/x.sh" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "sitecustomize", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/usr/lib/python3/sitecustomize.py" }, "run/persistence", SP_SEVERITY_BLOCK, NULL, NULL },
    { "a .pth file", { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = "/usr/lib/python3/dist-packages/x.pth" }, "run/persistence", SP_SEVERITY_BLOCK, "every Python", NULL },
    { "publishing", { SP_EVENT_REQUEST, SP_PHASE_INSTALL, .subject = "PUT https://registry.npmjs.org/x", .detail = "only GET" }, "run/request", SP_SEVERITY_BLOCK, "tries to change the registry: PUT https://registry.npmjs.org/x", "never publishes" },
    { "uploading to PyPI", { SP_EVENT_REQUEST, SP_PHASE_INSTALL, .subject = "POST https://upload.pypi.org/legacy/" }, "run/request", SP_SEVERITY_BLOCK, NULL, NULL },
    { "a foreign host", { SP_EVENT_REQUEST, SP_PHASE_FETCH, .subject = "GET https://cdn.example.org/x.tgz", .detail = "no registry of yours" }, "run/request", SP_SEVERITY_REVIEW, "no registry of yours", NULL },
    { "a digest that differs", { SP_EVENT_ARTEFACT, SP_PHASE_FETCH, .subject = "https://r/x.tgz", .detail = "sha512 differs", .value = -1 }, "run/digest", SP_SEVERITY_BLOCK, "sha512 differs", NULL },
    { "an artefact as it should be", { SP_EVENT_ARTEFACT, SP_PHASE_FETCH, .subject = "https://r/x.tgz" }, NULL, 0, NULL, NULL },
    { "a fork bomb", { SP_EVENT_LIMIT, SP_PHASE_INSTALL, .subject = "processes", .value = 1024 }, "run/limit", SP_SEVERITY_REVIEW, "meets the limit of processes (1024) during install", NULL },
    { "a package that does not load", { SP_EVENT_LOADED, SP_PHASE_LOAD, .subject = "x", .value = SP_LOAD_FAILED }, NULL, 0, NULL, NULL },
    { "a phase", { SP_EVENT_PHASE, SP_PHASE_LOAD, .subject = "x" }, NULL, 0, NULL, NULL },
    { "nothing but a kind", { SP_EVENT_CONNECTION, SP_PHASE_LOAD }, "run/connection", SP_SEVERITY_REVIEW, "connects to ? port 0", NULL },
    { "a phase that is none", { SP_EVENT_WRITE, (enum sp_phase)99, .subject = "/x" }, "run/write-outside", SP_SEVERITY_REVIEW, "during the run", NULL },
};
/* clang-format on */

static void
every_rule_says_what_it_saw(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct rule_case *c = &cases[i];
        sp_autoverdict struct sp_verdict verdict = { 0 };
        struct sp_behaviour *behaviour = begin();
        enum sp_severity severity = sp_behaviour_take(behaviour, &c->event);
        finish(behaviour, &verdict);
        if (severity != c->severity)
            fail_msg("%s: is %s", c->story, sp_severity_name(severity));
        if (verdict.count != (c->rule != NULL))
            fail_msg("%s: %zu findings", c->story, verdict.count);
        if (!c->rule)
            continue;
        const struct sp_finding *f = &verdict.findings[0];
        if (strcmp(f->rule, c->rule) || f->severity != c->severity || f->risk != -1)
            fail_msg("%s: %s, %s", c->story, f->rule, sp_severity_name(f->severity));
        if (c->message && !strstr(f->message, c->message))
            fail_msg("%s: says: %s", c->story, f->message);
        if (c->advice && (!f->advice || !strstr(f->advice, c->advice)))
            fail_msg("%s: advises: %s", c->story, f->advice ? f->advice : "nothing");
    }
}

/* Those that one event completes; the others have theirs in test_rules.c. */
static bool
is_of_one_event(const char *rule)
{
    static const char *const ids[] = { "run/decoy-read",  "run/canary-sent", "run/connection",
                                       "run/name-lookup", "run/request",     "run/digest",
                                       "run/limit",       "run/persistence", "run/write-outside" };
    for (size_t i = 0; i < SP_COUNT(ids); i++)
        if (!strcmp(rule, ids[i]))
            return true;
    return false;
}

static void
every_rule_has_a_case_at_its_severity(void **state SP_UNUSED)
{
    for (size_t r = 0; r < sp_rule_count; r++) {
        bool met = !is_of_one_event(sp_rules[r]->id);
        for (size_t i = 0; i < SP_COUNT(cases); i++)
            met |= cases[i].rule && !strcmp(cases[i].rule, sp_rules[r]->id) &&
                   cases[i].severity == sp_rules[r]->severity;
        if (!met)
            fail_msg("%s: no case", sp_rules[r]->id);
    }
}

static void
a_canary_in_a_name_or_request_is_a_proof(void **state SP_UNUSED)
{
    const struct sp_decoy *key = &decoys.items[0];
    char name[256], url[256];
    snprintf(name, sizeof(name), "%.10s.%s.evil.example", key->canary, key->canary + 10);
    snprintf(url, sizeof(url), "GET https://registry.npmjs.org/%s", key->canary);
    const struct sp_event events[] = { { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = name },
                                       { SP_EVENT_REQUEST, SP_PHASE_INSTALL, .subject = url },
                                       { SP_EVENT_PACKAGE, SP_PHASE_INSTALL, .subject = key->canary },
                                       { SP_EVENT_CONNECTION, SP_PHASE_LOAD, .subject = "192.0.2.1",
                                         .detail = url } };
    for (size_t i = 0; i < SP_COUNT(events); i++) {
        struct sp_behaviour *behaviour = begin();
        enum sp_severity severity = sp_behaviour_take(behaviour, &events[i]);
        sp_behaviour_free(behaviour);
        if (severity != SP_SEVERITY_BLOCK)
            fail_msg("%s: is %s", events[i].subject, sp_severity_name(severity));
    }
}

static void
many_random_names_beneath_one_zone_are_a_tunnel(void **state SP_UNUSED)
{
    struct sp_behaviour *behaviour = begin();
    enum sp_severity severity = SP_SEVERITY_NONE;
    char name[64];
    for (unsigned i = 0; i < 100; i++) { /* one name again and again is none */
        const struct sp_event event = { SP_EVENT_NAME, SP_PHASE_INSTALL,
                                        .subject = "a8f3k2m9x7q1w5e6r4.evil.example" };
        assert_int_equal(sp_behaviour_take(behaviour, &event), SP_SEVERITY_NONE);
    }
    unsigned i;
    for (i = 0; i < 100 && severity == SP_SEVERITY_NONE; i++) {
        const struct sp_event event = { SP_EVENT_NAME, SP_PHASE_INSTALL, .subject = name };
        snprintf(name, sizeof(name), "a8f3k2m9x7q1w%08x.evil.example", i * 2654435761u);
        severity = sp_behaviour_take(behaviour, &event);
    }
    assert_int_equal(severity, SP_SEVERITY_REVIEW);
    assert_in_range(i, 10, 30);
    sp_behaviour_free(behaviour);
}

static void
equal_acts_are_told_once_with_their_number_and_package(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_behaviour *behaviour = begin();
    struct sp_event event = { SP_EVENT_DECOY, SP_PHASE_INSTALL, .subject = "/home/user/.ssh/id_ed25519",
                              .detail = "ssh-key", .package = "pkg:npm/%40a/b@1.0.0" };
    for (int i = 0; i < 3; i++)
        assert_int_equal(sp_behaviour_take(behaviour, &event), SP_SEVERITY_BLOCK);
    event.package = "no purl \x1b[2J";
    sp_behaviour_take(behaviour, &event);
    event.package = NULL;
    sp_behaviour_take(behaviour, &event);
    finish(behaviour, &verdict);
    assert_int_equal(verdict.count, 3);
    assert_non_null(strstr(verdict.findings[0].message, "(3 times)"));
    assert_string_equal(verdict.findings[0].ecosystem, "npm");
    assert_string_equal(verdict.findings[0].name, "@a/b");
    assert_string_equal(verdict.findings[0].version, "1.0.0");
    assert_string_equal(verdict.findings[1].name, "no purl \\u{1b}[2J");
    assert_null(verdict.findings[2].name);
    assert_null(strstr(verdict.findings[2].message, "times"));
}

static void
hostile_strings_stay_in_one_printable_line(void **state SP_UNUSED)
{
    static char longest[70000];
    memset(longest, 'x', sizeof(longest) - 1);
    const char *const strings[] = { "a\nb\x1b[31m",
                                    "\xff\xfe",
                                    "%s%n%d",
                                    longest,
                                    "",
                                    "\xe2\x80\xae"
                                    "gpj.exe" };
    for (size_t s = 0; s < SP_COUNT(strings); s++)
        for (int kind = 1; kind < SP_EVENT_KIND_END; kind++) {
            sp_autoverdict struct sp_verdict verdict = { 0 };
            struct sp_behaviour *behaviour = begin();
            const struct sp_event event = { (enum sp_event_kind)kind, SP_PHASE_LOAD,
                                            .package = strings[s],    .subject = strings[s],
                                            .detail = strings[s],     .value = -1 };
            sp_behaviour_take(behaviour, &event);
            finish(behaviour, &verdict);
            for (size_t i = 0; i < verdict.count; i++)
                for (int part = 0; part < 3; part++) {
                    const char *text = part == 0   ? verdict.findings[i].message
                                       : part == 1 ? verdict.findings[i].advice
                                                   : verdict.findings[i].name;
                    size_t length = text ? strlen(text) : 0, size;
                    for (size_t at = 0; at < length; at += size)
                        if (!sp_utf8_is_printable(sp_utf8_decode(text + at, length - at, &size)))
                            fail_msg("%s: %s", sp_event_kind_name(event.kind), text);
                }
        }
}

static void
findings_are_bounded_and_proofs_are_not_crowded_out(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_behaviour *behaviour = begin();
    char path[64];
    for (int i = 0; i < 5000; i++) {
        const struct sp_event event = { SP_EVENT_WRITE, SP_PHASE_INSTALL, .subject = path };
        snprintf(path, sizeof(path), "/project/%d", i);
        sp_behaviour_take(behaviour, &event);
    }
    const struct sp_event proof = { SP_EVENT_DECOY, SP_PHASE_INSTALL, .subject = "/home/user/.ssh/id_ed25519",
                                    .detail = "ssh-key" };
    assert_int_equal(sp_behaviour_take(behaviour, &proof), SP_SEVERITY_BLOCK);
    finish(behaviour, &verdict);
    assert_int_equal(verdict.count, 1001);
    assert_int_equal(verdict.unseen_count, 1);
    assert_string_equal(verdict.unseen[0], "4000 more findings than are kept");
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_BLOCK);
}

static void
what_was_not_seen_is_inconclusive(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_behaviour *behaviour = begin();
    const struct sp_event dropped = { SP_EVENT_DROPPED, SP_PHASE_INSTALL, .subject = "connections",
                                      .value = 7 };
    const struct sp_event time = { SP_EVENT_LIMIT, SP_PHASE_LOAD, .subject = "time", .value = 60 };
    sp_behaviour_take(behaviour, &dropped);
    sp_behaviour_take(behaviour, &dropped);
    assert_int_equal(sp_behaviour_take(behaviour, &time), SP_SEVERITY_REVIEW);
    char what[64];
    for (int i = 0; i < 1000; i++) {
        const struct sp_event event = { SP_EVENT_DROPPED, SP_PHASE_INSTALL, .subject = what, .value = 1 };
        snprintf(what, sizeof(what), "kind %d", i);
        sp_behaviour_take(behaviour, &event);
    }
    finish(behaviour, &verdict);
    assert_string_equal(verdict.unseen[0], "not seen: connections (14)");
    assert_string_equal(verdict.unseen[1], "not seen: what follows the limit of time while loading");
    assert_in_range(verdict.unseen_count, 3, 100);
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_INCONCLUSIVE);
}

static void
without_decoys_and_home_it_works_too(void **state SP_UNUSED)
{
    struct sp_behaviour *behaviour;
    assert_int_equal(sp_behaviour_new(&behaviour, &(struct sp_behaviour_options){ 0 }, NULL), 0);
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        sp_behaviour_take(behaviour, &cases[i].event);
    sp_behaviour_free(behaviour);
    sp_behaviour_free(NULL);
}

static void
the_document_shows_the_table(void **state SP_UNUSED)
{
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err;
    char path[512], row[2048];
    size_t rows = 0;
    snprintf(path, sizeof(path), "%s/rules.md", docs ? docs : "docs");
    if (sp_file_read(path, 1 << 20, &text, &err) < 0)
        fail_msg("%s", err.text);
    for (const char *at = text.bytes; (at = strstr(at, "\n| `")); at++)
        rows++;
    /* and the model's, which is no rule over events */
    assert_int_equal(rows, sp_rule_count + 1);
    for (size_t i = 0; i <= sp_rule_count; i++) {
        const struct sp_rule *rule = i < sp_rule_count ? sp_rules[i] : &sp_rule_behaviour_model;
        snprintf(row, sizeof(row), "| `%s` | %s | %s | %s | %s | %s |\n", rule->id, rule->title,
                 sp_severity_name(rule->severity), rule->evidence, rule->source, rule->advice);
        if (!strstr(text.bytes, row))
            fail_msg("%s: has no row %s", path, row);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_what_it_saw),
        cmocka_unit_test(every_rule_has_a_case_at_its_severity),
        cmocka_unit_test(a_canary_in_a_name_or_request_is_a_proof),
        cmocka_unit_test(many_random_names_beneath_one_zone_are_a_tunnel),
        cmocka_unit_test(equal_acts_are_told_once_with_their_number_and_package),
        cmocka_unit_test(hostile_strings_stay_in_one_printable_line),
        cmocka_unit_test(findings_are_bounded_and_proofs_are_not_crowded_out),
        cmocka_unit_test(what_was_not_seen_is_inconclusive),
        cmocka_unit_test(without_decoys_and_home_it_works_too),
        cmocka_unit_test(the_document_shows_the_table),
    };
    return cmocka_run_group_tests(tests, make_decoys, free_decoys);
}
