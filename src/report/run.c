#include "report/run.h"

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
