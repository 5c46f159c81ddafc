/* SARIF 2.1.0 (OASIS), as code hosts and editors read it. */
#include "report/json_parts.h"
#include "base/hash.h"

#include <string.h>

static const struct rule_text {
    const char *prefix, *text;
} rule_texts[] = {
    { "name/", "The name of a package may be mistaken for that of a popular one" },
    { "run/behaviour-model", "What a package did in an install resembles what attacks do" },
    { "run/", "An install did what its package manager and its packages have no reason to do" },
    { "", "Sallyport finding" },
};

static void
put_message(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    sp_json_begin_object(json);
    sp_report_json_text(json, "text", text);
    sp_json_end_object(json);
}

static int
sarif_begin(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    (void)totals;
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_begin_object(json);
    sp_report_json_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    sp_report_json_text(json, "version", "2.1.0");
    sp_json_key(json, "runs");
    sp_json_begin_array(json);
    sp_json_begin_object(json);
    sp_json_key(json, "results");
    sp_json_begin_array(json);
    return sp_report_json_hand_over(report, err);
}

/* Where RULE stands in the list of rules, which is written last; -1 when the list is full. */
static int
rule_position(struct sp_report *report, const char *rule)
{
    for (size_t i = 0; i < report->rule_count; i++)
        if (!strcmp(report->rules[i], rule))
            return (int)i;
    if (report->rule_count == SP_REPORT_RULES_MAX)
        return -1;
    report->rules[report->rule_count] = rule;
    return (int)report->rule_count++;
}

/* A path as a URI reference: what RFC 3986 does not allow in a path is percent-encoded. */
static int
path_uri(struct sp_buffer *out, const char *path, struct sp_error *err)
{
    if (path[0] == '/' && sp_buffer_append_string(out, "file://", err) < 0)
        return -1;
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("-._~/@+", byte);
        if ((plain ? sp_buffer_append_byte(out, *path, err) : sp_buffer_printf(out, err, "%%%02X", byte)) < 0)
            return -1;
    }
    return 0;
}

static void
put_region(struct sp_json *json, const struct sp_place *place)
{
    if (!place->line)
        return;
    sp_json_key(json, "region");
    sp_json_begin_object(json);
    sp_json_key(json, "startLine");
    sp_json_integer(json, place->line);
    if (place->column) {
        sp_json_key(json, "startColumn");
        sp_json_integer(json, place->column);
    }
    sp_json_end_object(json);
}

static int
put_location(struct sp_json *json, const struct sp_finding *finding, const char *purl, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer uri = { 0 };
    sp_json_key(json, "locations");
    sp_json_begin_array(json);
    sp_json_begin_object(json);
    if (finding->place.file) {
        if (path_uri(&uri, finding->place.file, err) < 0)
            return -1;
        sp_json_key(json, "physicalLocation");
        sp_json_begin_object(json);
        sp_json_key(json, "artifactLocation");
        sp_json_begin_object(json);
        sp_report_json_text(json, "uri", sp_buffer_string(&uri));
        sp_json_end_object(json);
        put_region(json, &finding->place);
        sp_json_end_object(json);
    }
    sp_json_key(json, "logicalLocations");
    sp_json_begin_array(json);
    sp_json_begin_object(json);
    sp_report_json_text(json, "fullyQualifiedName", purl);
    sp_report_json_text(json, "kind", "module");
    sp_json_end_object(json);
    sp_json_end_array(json);
    sp_json_end_object(json);
    sp_json_end_array(json);
    return 0;
}

/* The same name and target are the same result, wherever the line has moved to. */
static void
put_fingerprint(struct sp_json *json, const struct sp_finding *finding, const char *purl)
{
    char text[24];
    uint64_t hash = sp_hash(purl, strlen(purl), sp_hash(finding->rule, strlen(finding->rule), 0));
    if (finding->target)
        hash = sp_hash(finding->target, strlen(finding->target), hash);
    snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
    sp_json_key(json, "partialFingerprints");
    sp_json_begin_object(json);
    sp_report_json_text(json, "sallyportFinding/v1", text);
    sp_json_end_object(json);
}

static int
sarif_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer purl = { 0 }, text = { 0 };
    struct sp_json *json = &report->json;
    json->err = err;
    if (sp_report_purl(&purl, finding->ecosystem, finding->name, NULL, err) < 0)
        return -1;
    const char *name = finding->name ? finding->name : "no package";
    const char *whole_name = purl.length ? purl.bytes : name;
    if (sp_buffer_printf(&text, err, "%s: %s%s%s", name, finding->message ? finding->message : "",
                         finding->advice ? "; " : "", finding->advice ? finding->advice : "") < 0)
        return -1;
    sp_json_begin_object(json);
    sp_report_json_text(json, "ruleId", finding->rule);
    int position = rule_position(report, finding->rule);
    if (position >= 0) {
        sp_json_key(json, "ruleIndex");
        sp_json_integer(json, position);
    }
    sp_report_json_text(json, "level", finding->severity == SP_SEVERITY_BLOCK ? "error" : "warning");
    put_message(json, "message", text.bytes);
    if (put_location(json, finding, whole_name, err) < 0)
        return -1;
    put_fingerprint(json, finding, whole_name);
    sp_json_key(json, "properties");
    sp_json_begin_object(json);
    if (sp_report_json_finding(json, finding, err) < 0)
        return -1;
    sp_json_end_object(json);
    sp_json_end_object(json);
    return sp_report_json_hand_over(report, err);
}

static void
put_rules(struct sp_report *report)
{
    struct sp_json *json = &report->json;
    sp_json_key(json, "rules");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->rule_count; i++) {
        const struct rule_text *text = rule_texts;
        while (strncmp(report->rules[i], text->prefix, strlen(text->prefix)))
            text++;
        sp_json_begin_object(json);
        sp_report_json_text(json, "id", report->rules[i]);
        put_message(json, "shortDescription", text->text);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
put_notification(struct sp_json *json, const char *text)
{
    sp_json_begin_object(json);
    sp_report_json_text(json, "level", "error");
    put_message(json, "message", text);
    sp_json_end_object(json);
}

static void
put_invocation(struct sp_json *json, const struct sp_report_totals *totals)
{
    size_t more = totals->unseen_more + totals->unreadable;
    sp_json_key(json, "invocations");
    sp_json_begin_array(json);
    sp_json_begin_object(json);
    sp_json_key(json, "executionSuccessful");
    sp_json_bool(json, !totals->unseen_count && !more);
    sp_json_key(json, "toolExecutionNotifications");
    sp_json_begin_array(json);
    for (size_t i = 0; i < totals->unseen_count; i++)
        put_notification(json, totals->unseen[i]);
    if (more) {
        char text[64];
        snprintf(text, sizeof(text), "%zu further things could not be read", more);
        put_notification(json, text);
    }
    sp_json_end_array(json);
    sp_json_end_object(json);
    sp_json_end_array(json);
}

static int
sarif_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_end_array(json);
    sp_json_key(json, "tool");
    sp_json_begin_object(json);
    sp_json_key(json, "driver");
    sp_json_begin_object(json);
    sp_report_json_text(json, "name", "Sallyport");
    sp_report_json_text(json, "version", report->options->version);
    put_rules(report);
    sp_json_end_object(json);
    sp_json_end_object(json);
    put_invocation(json, totals);
    sp_json_key(json, "properties");
    sp_json_begin_object(json);
    sp_report_json_text(json, "verdict", sp_outcome_name(totals->outcome));
    sp_json_key(json, "checked");
    sp_json_integer(json, (long long)totals->checked);
    sp_json_end_object(json);
    sp_json_end_object(json);
    sp_json_end_array(json);
    sp_json_end_object(json);
    return sp_report_json_hand_over(report, err) < 0 ? -1 : sp_buffer_append_byte(report->out, '\n', err);
}

const struct sp_report_format sp_report_sarif = {
    .id = "sarif",
    .title = "SARIF 2.1.0, for code hosts and editors",
    .begin = sarif_begin,
    .finding = sarif_finding,
    .end = sarif_end,
};
