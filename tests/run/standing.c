/* Runs a command in the sandbox with packages of a stand-in tree, and prints what it called and which rules
 * it broke:
 *
 *   standing TREE COMMAND [ARGUMENT...] */
#include "gate/install.h"

#include <string.h>

extern char **environ;

int
main(int argc, char **argv)
{
    sp_autobuffer struct sp_buffer answers = { 0 };
    struct sp_install *install = NULL;
    struct sp_error err = { 0 };
    if (argc < 3 || sp_buffer_printf(&answers, &err, "%s/answers", argv[1]) < 0)
        return 2;
    const struct sp_install_options options = {
        .look = SP_LOOK_NEVER,
        .kind = "run",
        .argv = (const char *const *)argv + 2,
        .env = (const char *const *)environ,
        .tool_version = "0",
        .net = SP_NET_SINKHOLE,
        .limits = { .time = 120000000000u,
                    .memory = 2ull << 30,
                    .disk = 2ull << 30,
                    .processes = 500,
                    .files = 100000 },
        .load_time = 20000000000u,
        .probes = SP_PROBES_AUTO,
        .stand_in = argv[1],
        .answers = answers.bytes,
        .never_land = true,
        .keep_nothing = true,
        .in = -1,
        .out = STDOUT_FILENO,
        .error = STDERR_FILENO,
    };
    if (sp_install_run(&install, &options, &err) < 0) {
        fprintf(stderr, "standing: %s\n", err.text);
        return 125;
    }
    const struct sp_run_report *report = sp_install_report(install);
    for (size_t i = 0; i < report->event_count; i++) {
        const struct sp_event *event = &report->events[i];
        printf("event %d %s %s %s\n", (int)event->kind, event->subject ? event->subject : "",
               event->package ? event->package : "", event->detail ? event->detail : "");
    }
    for (size_t i = 0; i < report->verdict->count; i++)
        printf("finding %s\n", report->verdict->findings[i].rule ? report->verdict->findings[i].rule : "");
    printf("status %d\n", report->command_status);
    int status = report->command_status;
    sp_install_free(install);
    return status;
}
