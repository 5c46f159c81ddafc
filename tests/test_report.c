/* The reports, from findings made by hand: what they say, that they are whole, that nothing in a name can
 * harm a terminal. */
#include "base/utf8.h"
#include "ecosystem/ecosystem.h"
#include "name/category.h"
#include "report/alignment.h"
#include "report/report.h"
#include "schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* ------------------------------------------------------------------ given */

static const char *const affix_and_edit[] = { "delimiter", "edit-distance" };

static const struct sp_edit crossenv_edits[] = {
    { SP_EDIT_KEEP, 0, 5, 0, 5 },
    { SP_EDIT_DELETE, 5, 0, 5, 1 },
    { SP_EDIT_KEEP, 5, 3, 6, 3 },
};

static const struct sp_finding crossenv = {
    .rule = "name/confusion",
    .severity = SP_SEVERITY_BLOCK,
    .ecosystem = "npm",
    .name = "crossenv",
    .version = "6.1.1",
    .target = "cross-env",
    .target_rank = 1342,
    .categories = affix_and_edit,
    .category_count = 2,
    .risk = 0.973,
    .edits = crossenv_edits,
    .edit_count = 3,
    .place = { "package-lock.json", 17, 5 },
    .message = "may be mistaken for 'cross-env' (number 1342 on npm)",
    .advice = "did you mean 'cross-env'?",
};

static const struct sp_finding invented = {
    .rule = "name/slopsquatting",
    .severity = SP_SEVERITY_REVIEW,
    .ecosystem = "pypi",
    .name = "requests-easy-json",
    .risk = -1,
    .place = { "requirements.txt", 3, 0 },
    .message = "is not among the names of PyPI",
    .advice = "look it up before you install it",
};

static const char *
title(const char *category)
{
    return !strcmp(category, "edit-distance") ? "one or two letters changed" : NULL;
}

static const struct sp_report_options plain = { .version = "1.2.3",
                                                .against = "19,743 popular npm packages",
                                                .category_title = title };

struct run {
    struct sp_verdict verdict;
    struct sp_buffer out;
};

static void
add(struct run *run, const struct sp_finding *finding)
{
    assert_int_equal(sp_verdict_add(&run->verdict, finding, NULL), 0);
}

static const char *
report(struct run *run, const struct sp_report_format *format)
{
    struct sp_error err = { 0 };
    int status = sp_report_verdict(format, &plain, &run->verdict, &run->out, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, 0);
    return sp_buffer_string(&run->out);
}

static void
end(struct run *run)
{
    sp_verdict_free(&run->verdict);
    sp_buffer_free(&run->out);
}

static void
assert_holds(const char *text, const char *part)
{
    if (!text || !strstr(text, part))
        fail_msg("not found: %s\nin:\n%s", part, text ? text : "nothing");
}

static void
assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("found: %s\nin:\n%s", part, text);
}

static size_t
lines_of(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* -------------------------------------------------------------- alignment */

#define ALIGN(name, target, want, ...)                                                                       \
    do {                                                                                                     \
        const struct sp_edit edits[] = { __VA_ARGS__ };                                                      \
        struct sp_alignment_style style = { .name_label = "n", .target_label = "t", .width = 80 };           \
        struct sp_buffer out = { 0 };                                                                        \
        assert_int_equal(sp_alignment_draw(&out, name, target, edits, SP_COUNT(edits), &style, NULL), 0);    \
        assert_string_equal(sp_buffer_string(&out), want);                                                   \
        sp_buffer_free(&out);                                                                                \
    } while (0)

static void
a_dropped_letter_leaves_a_gap(void **state)
{
    (void)state;
    ALIGN("crossenv", "cross-env",
          "n  cross\xc2\xb7"
          "env\nt  cross-env\n        ^\n",
          { SP_EDIT_KEEP, 0, 5, 0, 5 }, { SP_EDIT_DELETE, 5, 0, 5, 1 }, { SP_EDIT_KEEP, 5, 3, 6, 3 });
}

static void
swapped_letters_are_both_marked(void **state)
{
    (void)state;
    ALIGN("loadsh", "lodash", "n  loadsh\nt  lodash\n     ^^\n", { SP_EDIT_KEEP, 0, 2, 0, 2 },
          { SP_EDIT_TRANSPOSE, 2, 2, 2, 2 }, { SP_EDIT_KEEP, 4, 2, 4, 2 });
}

static void
a_foreign_letter_is_named_by_its_code_point(void **state)
{
    (void)state;
    ALIGN("b\xd0\xb0r", "bar",
          "n  b\xd0\xb0r\nt  bar\n    ^\nU+0430 CYRILLIC SMALL LETTER A stands for 'a'\n",
          { SP_EDIT_KEEP, 0, 1, 0, 1 }, { SP_EDIT_REPLACE, 1, 2, 1, 1 }, { SP_EDIT_KEEP, 3, 1, 2, 1 });
}

static void
wide_letters_keep_the_columns(void **state)
{
    (void)state;
    ALIGN("\xe6\x97\xa5"
          "ab",
          "xaB",
          "n  \xe6\x97\xa5"
          "ab\nt  x aB\n   ^^ ^\nU+65E5 CJK UNIFIED IDEOGRAPH-65E5 "
          "stands for 'x'\n",
          { SP_EDIT_REPLACE, 0, 3, 0, 1 }, { SP_EDIT_KEEP, 3, 1, 1, 1 }, { SP_EDIT_REPLACE, 4, 1, 2, 1 });
}

static void
moved_words_carry_the_same_digit(void **state)
{
    (void)state;
    ALIGN("parser-body", "body-parser", "n  parser-body\n   111111 2222\nt  body-parser\n   2222 111111\n",
          { SP_EDIT_MOVE, 0, 6, 5, 6 }, { SP_EDIT_KEEP, 6, 1, 4, 1 }, { SP_EDIT_MOVE, 7, 4, 0, 4 });
}

static void
a_long_name_is_drawn_in_pieces(void **state)
{
    (void)state;
    char name[201], target[201];
    memset(name, 'a', 200);
    memset(target, 'a', 200);
    name[200] = target[200] = '\0';
    name[150] = 'b';
    const struct sp_edit edits[] = { { SP_EDIT_KEEP, 0, 150, 0, 150 },
                                     { SP_EDIT_REPLACE, 150, 1, 150, 1 },
                                     { SP_EDIT_KEEP, 151, 49, 151, 49 } };
    struct sp_alignment_style style = { .name_label = "n", .target_label = "t", .width = 63 };
    struct sp_buffer out = { 0 };
    assert_int_equal(sp_alignment_draw(&out, name, target, edits, 3, &style, NULL), 0);
    /* four pieces of two rows, and one row of marks */
    assert_int_equal(lines_of(out.bytes), 9);
    for (char *line = strtok(out.bytes, "\n"); line; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 63);
    sp_buffer_free(&out);
}

static void
edits_that_do_not_fit_are_not_drawn(void **state)
{
    (void)state;
    ALIGN("abc", "abd", "n  abc\nt  abd\n", { SP_EDIT_KEEP, 0, 2, 0, 2 }, { SP_EDIT_REPLACE, 2, 9, 2, 9 });
    ALIGN("abc", "abd", "n  abc\nt  abd\n", { SP_EDIT_KEEP, 0, 2, 0, 2 });
    ALIGN("abc", "abd", "n  abc\nt  abd\n", { SP_EDIT_KEEP, 1, 2, 0, 2 }, { SP_EDIT_REPLACE, 0, 1, 2, 1 });
}

/* ------------------------------------------------------------------- text */

static void
a_clean_result_is_one_line(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 1502 };
    assert_string_equal(report(&run, &sp_report_text),
                        "1,502 packages checked against 19,743 popular npm packages: nothing found\n");
    end(&run);
}

static void
a_finding_says_what_why_and_what_to_do(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 1 };
    add(&run, &crossenv);
    assert_string_equal(report(&run, &sp_report_text),
                        "Block: do not install\n"
                        "\n"
                        "  crossenv@6.1.1  npm, package-lock.json:17:5\n"
                        "      may be mistaken for 'cross-env' (number 1342 on npm)\n"
                        "      name    cross\xc2\xb7"
                        "env\n"
                        "      target  cross-env\n"
                        "                   ^\n"
                        "      delimiter, one or two letters changed; risk 0.97\n"
                        "      > did you mean 'cross-env'?\n"
                        "\n"
                        "1 package checked against 19,743 popular npm packages: 1 to block\n"
                        "Do not install before the name under block is put right; why: sallyport explain "
                        "npm:crossenv npm:cross-env\n");
    end(&run);
}

static void
block_stands_before_review(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 3 };
    add(&run, &invented);
    add(&run, &crossenv);
    const char *text = report(&run, &sp_report_text);
    assert_true(strstr(text, "Block: ") < strstr(text, "Review: "));
    assert_holds(text, "1 to block, 1 to review");
    end(&run);
}

static void
a_finding_below_review_is_not_told(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 1 };
    struct sp_finding faint = crossenv;
    faint.severity = SP_SEVERITY_NONE;
    add(&run, &faint);
    assert_int_equal(lines_of(report(&run, &sp_report_text)), 1);
    end(&run);
}

static void
inconclusive_is_said_first_and_last(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 2 };
    assert_int_equal(sp_verdict_unseen(&run.verdict, NULL, "a.txt:4: an include is missing"), 0);
    const char *text = report(&run, &sp_report_text);
    assert_ptr_equal(strstr(text, "Inconclusive: not everything could be looked at\n  a.txt:4: an include"),
                     text);
    assert_holds(text, "nothing found in what could be read");
    assert_holds(text, "nothing is proved safe.\n");
    end(&run);
}

static void
hostile_names_move_no_cursor(void **state)
{
    (void)state;
    static const char *const names[] = { "a\033[2Jb",
                                         "a\rb",
                                         "a\nb",
                                         "a\xe2\x80\xae"
                                         "b",
                                         "a\xff"
                                         "b",
                                         "a\tb",
                                         "\xd7\x90\xd7\x91" };
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        struct run run = { .verdict.checked = 1 };
        struct sp_finding hostile = crossenv;
        hostile.name = hostile.version = hostile.target = hostile.message = hostile.advice = names[i];
        hostile.place.file = names[i];
        hostile.edit_count = 0;
        add(&run, &hostile);
        const char *text = report(&run, &sp_report_text);
        assert_true(sp_utf8_valid(text, strlen(text)));
        assert_lacks(text, "sallyport explain"); /* not to be pasted into a shell */
        for (const char *at = text; *at;) {
            size_t size;
            uint32_t point = sp_utf8_decode(at, strlen(at), &size);
            assert_true(point == '\n' || sp_utf8_is_printable(point));
            at += size;
        }
        end(&run);
    }
}

static void
colour_only_where_it_is_asked_for(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 1 };
    struct sp_report_options colourful = plain;
    struct sp_buffer out = { 0 };
    add(&run, &crossenv);
    assert_lacks(report(&run, &sp_report_text), "\033");
    colourful.colour = true;
    assert_int_equal(sp_report_verdict(&sp_report_text, &colourful, &run.verdict, &out, NULL), 0);
    assert_holds(out.bytes, "\033[1;32m-\033[0m");
    sp_buffer_free(&out);
    end(&run);
}

/* ------------------------------------------------------------------- JSON */

static json_t *
load_schema(void)
{
    char path[1024];
    json_error_t error;
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    snprintf(path, sizeof(path), "%s/schema/check.schema.json", docs ? docs : "docs");
    json_t *schema = json_load_file(path, 0, &error);
    if (!schema)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return schema;
}

static json_t *
load(const char *text)
{
    json_error_t error;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!document)
        fail_msg("%s\n%s", error.text, text);
    return document;
}

static void
assert_valid(json_t *schema, const char *pointer, json_t *document)
{
    char why[512];
    if (!schema_holds(schema, schema_at(schema, pointer), document, why))
        fail_msg("%s", why);
}

static json_t *
full_document(struct run *run)
{
    run->verdict.checked = 3;
    add(run, &crossenv);
    add(run, &invented);
    assert_int_equal(sp_verdict_unseen(&run->verdict, NULL, "a.txt:4: an include is missing"), 0);
    return load(report(run, &sp_report_json));
}

static void
a_document_is_what_the_schema_says(void **state)
{
    (void)state;
    struct run run = { 0 };
    json_t *schema = load_schema(), *document = full_document(&run);
    assert_valid(schema, "#", document);
    json_decref(document);
    json_decref(schema);
    end(&run);
}

static void
a_document_holds_what_was_found(void **state)
{
    (void)state;
    struct run run = { 0 };
    json_t *document = full_document(&run);
    const char *purl, *op, *verdict;
    int line, offset;
    assert_int_equal(json_unpack(document, "{s:s, s:[{s:s, s:{s:i}, s:[{}, {s:s, s:i}]}]}", "verdict",
                                 &verdict, "findings", "purl", &purl, "place", "line", &line, "alignment",
                                 "op", &op, "to_offset", &offset),
                     0);
    assert_string_equal(verdict, "block");
    assert_string_equal(purl, "pkg:npm/crossenv@6.1.1");
    assert_string_equal(op, "delete");
    assert_int_equal(line, 17);
    assert_int_equal(offset, 5);
    json_decref(document);
    end(&run);
}

static void
an_empty_document_is_valid(void **state)
{
    (void)state;
    struct run run = { 0 };
    json_t *schema = load_schema(), *document = load(report(&run, &sp_report_json));
    assert_valid(schema, "#", document);
    json_decref(document);
    json_decref(schema);
    end(&run);
}

/* Each change makes a valid document invalid; the validator must say so. */
static void
the_schema_refuses_a_broken_document(void **state)
{
    (void)state;
    static const struct {
        const char *what, *pointer, *key, *value;
    } changes[] = {
        { "a verdict of another name", "#", "verdict", "\"fine\"" },
        { "a member too many", "#", "extra", "1" },
        { "a negative count", "#", "checked", "-1" },
        { "a count that is text", "#", "checked", "\"3\"" },
        { "findings that are no list", "#", "findings", "{}" },
        { "unseen lines that are numbers", "#", "unseen", "[1]" },
        { "a risk above one", "finding", "risk", "1.5" },
        { "a risk below zero", "finding", "risk", "-0.5" },
        { "an unknown severity", "finding", "severity", "\"severe\"" },
        { "an unknown category", "finding", "categories", "[\"typo\"]" },
        { "an unknown operation", "finding", "alignment",
          "[{\"op\":\"x\",\"from\":\"\",\"to\":\"\",\"from_offset\":0,\"to_offset\":0}]" },
        { "a place without a line", "finding", "place", "{\"file\":null,\"column\":null}" },
        { "line nought", "finding", "place", "{\"file\":\"a\",\"line\":0,\"column\":null}" },
        { "a name that is null", "finding", "name", "null" },
        { "a missing name", "finding", "name", NULL },
        { "a missing verdict", "#", "verdict", NULL },
    };
    json_t *schema = load_schema();
    for (size_t i = 0; i < SP_COUNT(changes); i++) {
        struct run run = { 0 };
        char why[512];
        json_t *document = full_document(&run);
        json_t *part = changes[i].pointer[0] == '#'
                           ? document
                           : json_array_get(json_object_get(document, "findings"), 0);
        if (changes[i].value)
            json_object_set_new(part, changes[i].key, json_loads(changes[i].value, JSON_DECODE_ANY, NULL));
        else
            json_object_del(part, changes[i].key);
        if (schema_holds(schema, schema, document, why))
            fail_msg("accepted: %s", changes[i].what);
        json_decref(document);
        end(&run);
    }
    json_decref(schema);
}

static void
a_keyword_the_validator_does_not_know_fails(void **state)
{
    (void)state;
    char why[512];
    json_t *schema = load("{\"properties\": {\"a\": {\"pattern\": \"x\"}}}"), *value = load("{\"a\": \"x\"}");
    assert_false(schema_holds(schema, schema, value, why));
    json_decref(schema);
    json_decref(value);
}

static void
the_schema_lists_every_category_and_ecosystem(void **state)
{
    (void)state;
    json_t *schema = load_schema();
    json_t *categories = schema_at(schema, "#/definitions/category/enum");
    json_t *ecosystems = schema_at(schema, "#/definitions/ecosystem/enum");
    assert_int_equal(json_array_size(categories), SP_CATEGORY_COUNT);
    for (size_t i = 0; i < SP_CATEGORY_COUNT; i++)
        assert_string_equal(json_string_value(json_array_get(categories, i)), sp_categories[i]->name);
    assert_int_equal(json_array_size(ecosystems), SP_ECOSYSTEM_COUNT);
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        assert_string_equal(json_string_value(json_array_get(ecosystems, i)), sp_ecosystems[i]->name);
    json_decref(schema);
}

static void
json_lines_are_one_object_a_line(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 9 };
    json_t *schema = load_schema();
    add(&run, &crossenv);
    add(&run, &invented);
    report(&run, &sp_report_json_lines);
    assert_int_equal(lines_of(run.out.bytes), 3);
    size_t number = 0;
    for (char *line = strtok(run.out.bytes, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *value = load(line);
        assert_valid(schema, ++number < 3 ? "#/definitions/findingLine" : "#/definitions/summaryLine", value);
        json_decref(value);
    }
    json_decref(schema);
    end(&run);
}

static void
a_stream_of_the_same_is_the_same_document_in_another_order(void **state)
{
    (void)state;
    struct sp_report writer;
    struct sp_buffer out = { 0 };
    struct sp_report_totals totals = { .outcome = SP_OUTCOME_BLOCK, .checked = 1, .block = 1 };
    json_t *schema = load_schema();
    assert_int_equal(sp_report_begin(&writer, &sp_report_json, &plain, NULL, &out, NULL), 0);
    assert_int_equal(sp_report_finding(&writer, &crossenv, NULL), 0);
    assert_int_equal(sp_report_end(&writer, &totals, NULL), 0);
    json_t *document = load(out.bytes);
    assert_valid(schema, "#", document);
    json_decref(document);
    json_decref(schema);
    sp_report_free(&writer);
    sp_buffer_free(&out);
}

static void
bytes_that_are_no_text_are_still_json(void **state)
{
    (void)state;
    struct run run = { 0 };
    struct sp_finding hostile = crossenv;
    hostile.name = "a\xff\x01\xe2\x80\xae\"\\b";
    hostile.edit_count = 0;
    add(&run, &hostile);
    json_decref(load(report(&run, &sp_report_json)));
    end(&run);
}

/* ------------------------------------------------------------------ SARIF */

static void
sarif_has_what_code_hosts_ask_for(void **state)
{
    (void)state;
    struct run run = { .verdict.checked = 2 };
    struct sp_finding spaced = crossenv;
    spaced.place.file = "./some dir/package-lock.json";
    add(&run, &spaced);
    add(&run, &invented);
    json_t *log = load(report(&run, &sp_report_sarif));
    const char *version, *name, *id, *rule, *level, *uri;
    int line, index;
    int status = json_unpack(
        log, "{s:s, s:[{s:{s:{s:s, s:[{s:s}]}}, s:[{s:s, s:i, s:s, s:[{s:{s:{s:s}, s:{s:i}}}]}]}]}",
        "version", &version, "runs", "tool", "driver", "name", &name, "rules", "id", &id, "results", "ruleId",
        &rule, "ruleIndex", &index, "level", &level, "locations", "physicalLocation", "artifactLocation",
        "uri", &uri, "region", "startLine", &line);
    assert_int_equal(status, 0);
    assert_string_equal(version, "2.1.0");
    assert_string_equal(id, rule);
    assert_string_equal(level, "error");
    assert_string_equal(uri, "some%20dir/package-lock.json");
    assert_int_equal(line, 17);
    assert_int_equal(index, 0);
    json_decref(log);
    end(&run);
}

static void
sarif_says_when_something_was_not_seen(void **state)
{
    (void)state;
    struct run run = { 0 };
    int successful = 1;
    assert_int_equal(sp_verdict_unseen(&run.verdict, NULL, "x: cannot open"), 0);
    json_t *log = load(report(&run, &sp_report_sarif));
    assert_int_equal(
        json_unpack(log, "{s:[{s:[{s:b}]}]}", "runs", "invocations", "executionSuccessful", &successful), 0);
    assert_false(successful);
    json_decref(log);
    end(&run);
}

static void
counts_have_thousands_separators(void **state)
{
    (void)state;
    char text[SP_REPORT_COUNT_MAX];
    static const struct {
        size_t count;
        const char *text;
    } cases[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 1234567, "1,234,567" } };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        assert_string_equal(sp_report_count(text, cases[i].count), cases[i].text);
    sp_report_count(text, SIZE_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dropped_letter_leaves_a_gap),
        cmocka_unit_test(swapped_letters_are_both_marked),
        cmocka_unit_test(a_foreign_letter_is_named_by_its_code_point),
        cmocka_unit_test(wide_letters_keep_the_columns),
        cmocka_unit_test(moved_words_carry_the_same_digit),
        cmocka_unit_test(a_long_name_is_drawn_in_pieces),
        cmocka_unit_test(edits_that_do_not_fit_are_not_drawn),
        cmocka_unit_test(a_clean_result_is_one_line),
        cmocka_unit_test(a_finding_says_what_why_and_what_to_do),
        cmocka_unit_test(block_stands_before_review),
        cmocka_unit_test(a_finding_below_review_is_not_told),
        cmocka_unit_test(inconclusive_is_said_first_and_last),
        cmocka_unit_test(hostile_names_move_no_cursor),
        cmocka_unit_test(colour_only_where_it_is_asked_for),
        cmocka_unit_test(a_document_is_what_the_schema_says),
        cmocka_unit_test(a_document_holds_what_was_found),
        cmocka_unit_test(an_empty_document_is_valid),
        cmocka_unit_test(the_schema_refuses_a_broken_document),
        cmocka_unit_test(a_keyword_the_validator_does_not_know_fails),
        cmocka_unit_test(the_schema_lists_every_category_and_ecosystem),
        cmocka_unit_test(json_lines_are_one_object_a_line),
        cmocka_unit_test(a_stream_of_the_same_is_the_same_document_in_another_order),
        cmocka_unit_test(bytes_that_are_no_text_are_still_json),
        cmocka_unit_test(sarif_has_what_code_hosts_ask_for),
        cmocka_unit_test(sarif_says_when_something_was_not_seen),
        cmocka_unit_test(counts_have_thousands_separators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
