/* Policies: which lines are read, which findings they allow, and what they cannot. */
#include "gate/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
given_policy(struct sp_policy *policy, const char *text)
{
    struct sp_error err = { 0 };
    *policy = (struct sp_policy){ 0 };
    int status = sp_policy_parse(policy, "sallyport.policy", text, strlen(text), &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, 0);
}

static void
lines_are_read_with_comments_and_spaces(void **state)
{
    (void)state;
    struct sp_policy policy;
    given_policy(&policy, "# why: it downloads its own binary\r\n\n"
                          "  allow\trun/connection   pkg:npm/%40scope/tool@2.0.0 # seen by us\n"
                          "allow run/write-outside\n"
                          "allow run/name-lookup pkg:pypi/My_Tool");
    assert_int_equal(policy.count, 3);
    assert_string_equal(policy.lines[0].rule, "run/connection");
    assert_string_equal(policy.lines[0].package, "pkg:npm/%40scope/tool");
    assert_string_equal(policy.lines[0].version, "2.0.0");
    assert_int_equal(policy.lines[0].line, 3);
    assert_null(policy.lines[1].package);
    assert_string_equal(policy.lines[2].package, "pkg:pypi/my-tool");
    assert_null(policy.lines[2].version);
    sp_policy_free(&policy);
}

static void
what_is_no_line_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "allow", "p:1: it names no rule" },
        { "allow # nothing", "p:1: it names no rule" },
        { "deny run/connection", "p:1: a line is 'allow RULE PURL'" },
        { "Allow run/connection", "p:1: a line is 'allow RULE PURL'" },
        { "\n\nallow run/* pkg:npm/x", "p:3: 'run/*' is no rule" },
        { "allow *", "p:1: '*' is no rule" },
        { "allow run/", "p:1: 'run/' is no rule" },
        { "allow /x", "p:1: '/x' is no rule" },
        { "allow run/a/b", "p:1: 'run/a/b' is no rule" },
        { "allow run/-x", "p:1: 'run/-x' is no rule" },
        { "allow run", "p:1: 'run' is no rule" },
        { "allow run/connection left-pad", "p:1: " },
        { "allow run/connection pkg:npm/a pkg:npm/b", "p:1: 'pkg:npm/b' is one word too many" },
        { "allow run/canary-sent pkg:npm/a", "p:1: run/canary-sent is a proof" },
        { "allow run/canary-sent", "p:1: run/canary-sent is a proof" },
        { "allow run/digest pkg:npm/a", "p:1: run/digest is a proof" },
        { "allow name/confusion pkg:npm/a@1", "p:1: name/confusion is about the name" },
        { "\x1b[2J", "p:1: a line is" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_policy policy = { 0 };
        struct sp_error err = { 0 };
        assert_int_equal(sp_policy_parse(&policy, "p", cases[i].text, strlen(cases[i].text), &err), -1);
        if (strncmp(err.text, cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("%s\nwanted: %s", err.text, cases[i].want);
        assert_null(strchr(err.text, '\033'));
        sp_policy_free(&policy);
    }
}

static void
a_line_allows_its_rule_and_package_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *purl;
        uint32_t line; /* 0: none allows it */
    } cases[] = {
        { "run/connection", "pkg:npm/tool@1.0.0", 1 },
        { "run/connection", "pkg:npm/tool@9.9.9", 1 },
        { "run/connection", "pkg:npm/tool", 1 },
        { "run/connection", "pkg:npm/toolbox@1.0.0", 0 },
        { "run/connection", "pkg:pypi/tool@1.0.0", 0 },
        { "run/connection", NULL, 0 },
        { "run/decoy-read", "pkg:npm/tool@1.0.0", 0 },
        { "run/canary-sent", "pkg:npm/tool@1.0.0", 2 },
        { "run/canary-sent", "pkg:npm/tool@1.0.1", 0 },
        { "run/canary-sent", "pkg:npm/tool", 0 },
        { "run/write-outside", NULL, 3 },
        { "run/write-outside", "pkg:npm/tool@1.0.0", 0 },
        { "run/connection", "pkg:npm/%40a/b@2.0.0-rc.1", 4 },
        { "run/connection", "pkg:npm/@a/b@2.0.0-rc.1", 4 },
        { "run/connection", "pkg:npm/b@2.0.0-rc.1", 0 },
        { "run/connection", "no purl at all", 0 },
    };
    struct sp_policy policy;
    given_policy(&policy, "allow run/connection pkg:npm/tool\n"
                          "allow run/canary-sent pkg:npm/tool@1.0.0\n"
                          "allow run/write-outside\n"
                          "allow run/connection pkg:npm/@a/b@2.0.0-rc.1\n");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct sp_policy_line *line = sp_policy_allows(&policy, cases[i].rule, cases[i].purl);
        if ((line ? line->line : 0) != cases[i].line)
            fail_msg("%s %s: line %u, not %u", cases[i].rule, cases[i].purl ? cases[i].purl : "(no package)",
                     line ? line->line : 0, cases[i].line);
    }
    assert_null(sp_policy_allows(NULL, "run/connection", "pkg:npm/tool"));
    sp_policy_free(&policy);
}

static void
what_is_allowed_becomes_a_note_and_stays(void **state)
{
    (void)state;
    struct sp_policy policy;
    sp_autoverdict struct sp_verdict verdict = { 0 };
    const struct sp_finding findings[] = {
        { .rule = "run/connection",
          .severity = SP_SEVERITY_BLOCK,
          .ecosystem = "npm",
          .name = "@a/b",
          .version = "1.0.0",
          .advice = "look" },
        { .rule = "run/connection", .severity = SP_SEVERITY_REVIEW, .name = "pkg:npm/@a/b" }, /* no purl */
        { .rule = "run/connection", .severity = SP_SEVERITY_REVIEW },
    };
    given_policy(&policy, "# x\nallow run/connection pkg:npm/@a/b\n");
    for (size_t i = 0; i < SP_COUNT(findings); i++)
        assert_int_equal(sp_verdict_add(&verdict, &findings[i], NULL), 0);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(sp_policy_apply(&policy, &verdict, NULL), 0);
        assert_int_equal(verdict.count, 3);
        assert_int_equal(verdict.findings[0].severity, SP_SEVERITY_NONE);
        assert_int_equal(verdict.findings[0].was, SP_SEVERITY_BLOCK);
        assert_string_equal(verdict.findings[0].allowed, "sallyport.policy:2");
        assert_string_equal(verdict.findings[0].advice, "allowed by sallyport.policy:2");
        assert_int_equal(verdict.findings[1].severity, SP_SEVERITY_REVIEW);
        assert_int_equal(verdict.findings[2].severity, SP_SEVERITY_REVIEW);
    }
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_REVIEW);
    sp_policy_free(&policy);
}

/* What could not be seen is no finding, and no line takes it away. */
static void
a_policy_does_not_make_the_unseen_seen(void **state)
{
    (void)state;
    struct sp_policy policy;
    sp_autoverdict struct sp_verdict verdict = { 0 };
    given_policy(&policy, "allow run/limit\n");
    const struct sp_finding limit = { .rule = "run/limit", .severity = SP_SEVERITY_REVIEW };
    assert_int_equal(sp_verdict_add(&verdict, &limit, NULL), 0);
    assert_int_equal(sp_verdict_unseen(&verdict, NULL, "time ran out"), 0);
    assert_int_equal(sp_policy_apply(&policy, &verdict, NULL), 0);
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_INCONCLUSIVE);
    sp_policy_free(&policy);
}

static void
a_policy_that_is_no_text_file_is_refused(void **state)
{
    (void)state;
    struct sp_policy policy = { 0 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_policy_read(&policy, "/dev/zero", &err), -1);
    sp_policy_free(&policy);
    assert_int_equal(sp_policy_read(&policy, "/nowhere/at/all", &err), -1);
    sp_policy_free(&policy);
    assert_int_equal(sp_policy_parse(&policy, "p", "# a\0b", 5, &err), -1);
    sp_policy_free(&policy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read_with_comments_and_spaces),
        cmocka_unit_test(what_is_no_line_is_refused_with_its_place),
        cmocka_unit_test(a_line_allows_its_rule_and_package_and_nothing_else),
        cmocka_unit_test(what_is_allowed_becomes_a_note_and_stays),
        cmocka_unit_test(a_policy_does_not_make_the_unseen_seen),
        cmocka_unit_test(a_policy_that_is_no_text_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
