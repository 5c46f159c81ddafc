#include "report/report.h"
#include "report/run.h"

#include <string.h>

const char *
sp_landed_name(enum sp_landed landed)
{
    static const char *const names[] = {
        [SP_LANDED_NOTHING] = "nothing", [SP_LANDED_YES] = "yes",       [SP_LANDED_WOULD] = "would",
        [SP_LANDED_REFUSED] = "refused", [SP_LANDED_FAILED] = "failed", [SP_LANDED_NEVER] = "never",
    };
    return (unsigned)landed < SP_COUNT(names) ? names[landed] : "unknown";
}

uint64_t
sp_run_added_time(const struct sp_run_report *report)
{
    if (report->total > report->command_time)
        return report->total - report->command_time;
    return report->sandbox_start + report->load_time + report->landing_time;
}

int
sp_run_policy_line(const struct sp_finding *finding, struct sp_buffer *out, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    /* a finding about a name holds for whatever version */
    const char *version = strncmp(finding->rule, "name/", 5) ? finding->version : NULL;
    if (finding->name && sp_report_purl(&purl, finding->ecosystem, finding->name, version, err) < 0)
        return -1;
    if ((finding->name && !purl.length) ||
        (sp_rule_needs_version(finding->rule) && !(purl.length && version)))
        return 0;
    return sp_buffer_printf(out, err, "allow %s%s%s", finding->rule, purl.length ? " " : "",
                            sp_buffer_string(&purl));
}

size_t
sp_run_allowed(const struct sp_run_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->verdict->count; i++)
        count += report->verdict->findings[i].allowed != NULL;
    return count;
}

int
sp_run_report_sarif(const struct sp_run_report *report, struct sp_buffer *out, struct sp_error *err)
{
    const struct sp_report_options options = { .version = report->tool_version };
    return sp_report_verdict(&sp_report_sarif, &options, report->verdict, out, err);
}

void
sp_run_landed(const struct sp_run_report *report, uint64_t *things, uint64_t *bytes)
{
    bool lands = report->landed == SP_LANDED_YES || report->landed == SP_LANDED_WOULD;
    *things = lands ? report->landed_things : 0;
    *bytes = lands ? report->landed_bytes : 0;
    if (!lands || *things)
        return;
    for (size_t i = 0; i < report->change_count; i++) {
        if (report->changes[i].kind == '!')
            continue;
        *things += report->changes[i].things ? report->changes[i].things : 1;
        *bytes += report->changes[i].bytes;
    }
}
