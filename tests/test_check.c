/* The first journey: names in, verdict out. */
#include "gate/check.h"
#include "small_index.h"

static struct small_index small;
static struct sp_checker *checker;

static int
build_index(void **state SP_UNUSED)
{
    static const char *const npm[] = { "react", "lodash", "express", "body-parser", "@babel/core", NULL };
    static const char *const pypi[] = { "requests", "opencv-python", NULL };
    static const char *const rubygems[] = { "activesupport", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_trust(&small, "pypi", pypi);
    small_trust(&small, "rubygems", rubygems);
    small.recipe.names[SP_PYPI] = small_write(&small, "names.tsv", "name\nrequests\ncv2\nreqeusts\n");
    small.recipe.names_date = "2026-01-02";
    small.recipe.commands =
        small_write(&small, "commands.tsv", "ecosystem\tname\twhat\npypi\tinstall\tcommand\n");
    small.recipe.imports =
        small_write(&small, "imports.tsv", "ecosystem\timport\tpackage\npypi\tcv2\topencv-python\n");
    small_build(&small);
    struct sp_error err = { 0 };
    const struct sp_check_options options = { .index_path = small.path, .review = -1, .block = -1 };
    if (sp_checker_open(&checker, &options, &err) < 0)
        fail_msg("%s", err.text);
    return 0;
}

static int
drop_index(void **state SP_UNUSED)
{
    sp_checker_close(checker);
    small_end(&small);
    return 0;
}

static void
check(struct sp_verdict *verdict, const char *ecosystem, const char *name)
{
    struct sp_error err = { 0 };
    if (sp_check_name(checker, small_ecosystem(ecosystem), name, NULL, NULL, verdict, &err) < 0)
        fail_msg("%s", err.text);
}

static bool
has_category(const struct sp_finding *finding, const char *category)
{
    for (size_t i = 0; i < finding->category_count; i++)
        if (strcmp(finding->categories[i], category) == 0)
            return true;
    return false;
}

static void
finding_says_rule_target_and_what_to_do(void **state SP_UNUSED)
{
    static const struct {
        const char *ecosystem, *name, *rule, *target, *category;
    } cases[] = {
        { "npm", "loadsh", "name/confusion", "lodash", "edit-distance" },
        { "npm", "bodyparser", "name/confusion", "body-parser", "delimiter" },
        { "npm", "babel-core", "name/confusion", "@babel/core", "scope-confusion" },
        { "npm", "activesupport", "name/cross-ecosystem", "activesupport", "cross-ecosystem" },
        { "pypi", "install", "name/command", "install", "command" },
        { "pypi", "cv2", "name/import-name", "opencv-python", "import-name" },
        { "pypi", "never-heard-of-it", "name/slopsquatting", NULL, "slopsquatting" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoverdict struct sp_verdict verdict = { 0 };
        check(&verdict, cases[i].ecosystem, cases[i].name);
        if (verdict.count != 1)
            fail_msg("%s: %zu findings", cases[i].name, verdict.count);
        const struct sp_finding *finding = &verdict.findings[0];
        const char *target = finding->target ? finding->target : "none";
        if (strcmp(finding->rule, cases[i].rule) != 0 ||
            strcmp(target, cases[i].target ? cases[i].target : "none") != 0 ||
            !has_category(finding, cases[i].category))
            fail_msg("%s: %s, target %s", cases[i].name, finding->rule, target);
        assert_string_equal(finding->ecosystem, cases[i].ecosystem);
        assert_string_equal(finding->name, cases[i].name);
        assert_true(finding->severity == SP_SEVERITY_REVIEW || finding->severity == SP_SEVERITY_BLOCK);
        assert_true(finding->message[0] && !strchr(finding->message, '\n'));
        assert_true(finding->advice && finding->advice[0] && !strchr(finding->advice, '\n'));
        assert_true(finding->risk == -1 || (finding->risk >= 0 && finding->risk <= 1));
        assert_null(finding->version);
        assert_null(finding->place.file);
    }
}

static void
target_of_another_registry_is_named_with_it(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    check(&verdict, "npm", "activesupport");
    check(&verdict, "npm", "loadsh");
    assert_string_equal(verdict.findings[0].target_ecosystem, "rubygems");
    assert_null(verdict.findings[1].target_ecosystem);
}

static void
date_of_the_list_is_told(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    check(&verdict, "pypi", "never-heard-of-it");
    assert_non_null(strstr(verdict.findings[0].message, "2026-01-02"));
    assert_int_equal(verdict.findings[0].severity, SP_SEVERITY_REVIEW);
}

static void
clean_names_add_nothing_but_are_counted(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    check(&verdict, "npm", "lodash");
    check(&verdict, "npm", "React");
    check(&verdict, "npm", "zzyzx-quux-frobnicate");
    check(&verdict, "pypi", "requests");
    assert_int_equal(verdict.count, 0);
    assert_int_equal(verdict.checked, 4);
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_ALLOW);
}

static void
impossible_name_is_an_error_and_adds_nothing(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_check_name(checker, small_ecosystem("npm"), "left pad", NULL, NULL, &verdict, &err),
                     -1);
    assert_int_equal(err.code, SP_ERROR_INPUT);
    assert_int_equal(sp_check_name(checker, small_ecosystem("npm"), "", NULL, NULL, &verdict, &err), -1);
    assert_int_equal(verdict.count + verdict.checked + verdict.unseen_count, 0);
}

static void
finding_keeps_what_the_caller_throws_away(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    char name[16] = "loadsh", version[16] = "1.2.3", file[16] = "lock.json";
    const struct sp_place place = { file, 12, 5 };
    assert_int_equal(sp_check_name(checker, small_ecosystem("npm"), name, version, &place, &verdict, &err),
                     0);
    memset(name, 'x', sizeof(name) - 1);
    memset(version, 'x', sizeof(version) - 1);
    memset(file, 'x', sizeof(file) - 1);
    check(&verdict, "npm", "bodyparser"); /* the searcher's own memory is used again */
    const struct sp_finding *finding = &verdict.findings[0];
    assert_string_equal(finding->name, "loadsh");
    assert_string_equal(finding->version, "1.2.3");
    assert_string_equal(finding->place.file, "lock.json");
    assert_int_equal(finding->place.line, 12);
    assert_int_equal(finding->place.column, 5);
    assert_string_equal(finding->target, "lodash");
    assert_true(finding->edit_count > 0);
    size_t from = 0;
    for (size_t i = 0; i < finding->edit_count; i++) {
        assert_int_equal(finding->edits[i].from, from);
        from += finding->edits[i].from_length;
    }
    assert_int_equal(from, strlen("loadsh"));
}

static void
thresholds_decide_the_severity(void **state SP_UNUSED)
{
    static const struct {
        double review, block;
        size_t findings;
        enum sp_severity severity;
        enum sp_outcome outcome;
    } cases[] = {
        { 0.01, 0.02, 1, SP_SEVERITY_BLOCK, SP_OUTCOME_BLOCK },
        { 0.01, 1.1, 1, SP_SEVERITY_REVIEW, SP_OUTCOME_REVIEW },
        { 1.1, 1.1, 0, SP_SEVERITY_NONE, SP_OUTCOME_ALLOW },
        { 1.1, 0.01, 0, SP_SEVERITY_NONE, SP_OUTCOME_ALLOW }, /* block is never below review */
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_checker *own = NULL;
        struct sp_error err = { 0 };
        const struct sp_check_options options = { small.path, cases[i].review, cases[i].block };
        sp_autoverdict struct sp_verdict verdict = { 0 };
        assert_int_equal(sp_checker_open(&own, &options, &err), 0);
        assert_int_equal(sp_check_name(own, small_ecosystem("npm"), "loadsh", NULL, NULL, &verdict, &err), 0);
        assert_int_equal(verdict.count, cases[i].findings);
        if (verdict.count)
            assert_int_equal(verdict.findings[0].severity, cases[i].severity);
        assert_int_equal(sp_verdict_outcome(&verdict), cases[i].outcome);
        sp_checker_close(own);
    }
}

static void
checker_without_an_index_says_so(void **state SP_UNUSED)
{
    struct sp_checker *own = NULL;
    struct sp_error err = { 0 };
    const struct sp_check_options options = { "/nowhere/at/all.index", -1, -1 };
    assert_int_equal(sp_checker_open(&own, &options, &err), -1);
    assert_non_null(strstr(err.text, "/nowhere/at/all.index: there is no index"));
    assert_null(own);
}

/* --- Manifests ------------------------------------------------------------------------------------------ */

static void
manifest_findings_name_file_and_line(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    char *path = small_write(&small, "requirements.txt",
                             "requests==2.31\n# a comment\nreqeusts==1.0\nreqeusts==1.0\n");
    if (sp_check_manifest(checker, path, NULL, &verdict, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(verdict.count, 1); /* the same name and version again is the same finding */
    assert_string_equal(verdict.findings[0].name, "reqeusts");
    assert_string_equal(verdict.findings[0].target, "requests");
    assert_string_equal(verdict.findings[0].place.file, path);
    assert_int_equal(verdict.findings[0].place.line, 3);
    assert_int_equal(verdict.checked, 2);
}

static void
name_that_no_registry_allows_makes_the_verdict_inconclusive(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    char *path = small_write(&small, "package.json",
                             "{\n  \"name\": \"x\",\n  \"dependencies\": {\n    \"lodash\": \"1\",\n"
                             "    \"left pad\": \"1\"\n  }\n}\n");
    if (sp_check_manifest(checker, path, NULL, &verdict, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(verdict.count, 0);
    assert_int_equal(verdict.checked, 1);
    assert_true(verdict.unseen_count >= 1);
    assert_non_null(strstr(verdict.unseen[0], "left pad"));
    assert_non_null(strstr(verdict.unseen[0], "package.json:5"));
    assert_int_equal(sp_verdict_outcome(&verdict), SP_OUTCOME_INCONCLUSIVE);
}

static void
manifest_that_cannot_be_read_is_an_error(void **state SP_UNUSED)
{
    sp_autoverdict struct sp_verdict verdict = { 0 };
    struct sp_error err = { 0 };
    assert_int_equal(sp_check_manifest(checker, small_path(&small, "go.mod"), NULL, &verdict, &err), -1);
    assert_non_null(strstr(err.text, "go.mod"));
    assert_int_equal(sp_check_manifest(checker, small.folder, NULL, &verdict, &err), -1);
    char *path = small_write(&small, "package-lock.json", "{ \"lockfileVersion\": 3, \"packages\": ");
    assert_int_equal(sp_check_manifest(checker, path, NULL, &verdict, &err), -1);
    assert_non_null(strstr(err.text, "package-lock.json"));
    assert_int_equal(verdict.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding_says_rule_target_and_what_to_do),
        cmocka_unit_test(target_of_another_registry_is_named_with_it),
        cmocka_unit_test(date_of_the_list_is_told),
        cmocka_unit_test(clean_names_add_nothing_but_are_counted),
        cmocka_unit_test(impossible_name_is_an_error_and_adds_nothing),
        cmocka_unit_test(finding_keeps_what_the_caller_throws_away),
        cmocka_unit_test(thresholds_decide_the_severity),
        cmocka_unit_test(checker_without_an_index_says_so),
        cmocka_unit_test(manifest_findings_name_file_and_line),
        cmocka_unit_test(name_that_no_registry_allows_makes_the_verdict_inconclusive),
        cmocka_unit_test(manifest_that_cannot_be_read_is_an_error),
    };
    return cmocka_run_group_tests(tests, build_index, drop_index);
}
