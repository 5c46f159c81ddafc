/* sallyport doctor: what this host allows, what is lost where it does not, and what to do about it. */
#include "base/json.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "probe/probe.h"
#include "sandbox/sandbox.h"

#include <stddef.h>
#include <string.h>

struct doctor_options {
    const char *format, *colour;
};

static const struct sp_option options[] = {
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = offsetof(struct doctor_options, format),
      .help = "what to write",
      .choice = sp_text_or_json_at },
    { .name = "color",
      .kind = SP_OPTION_CHOICE,
      .value = "WHEN",
      .at = offsetof(struct doctor_options, colour),
      .help = "colour the text",
      .choice = sp_colour_at },
    { 0 },
};

static const char *const states[] = {
    [SP_SIGHT_YES] = "yes", [SP_SIGHT_PART] = "partly", [SP_SIGHT_NO] = "no"
};

static int
write_text(const struct sp_host_check *checks, size_t count, bool colour, struct sp_buffer *out,
           struct sp_error *err)
{
    static const char *const paints[] = {
        [SP_SIGHT_YES] = "\033[32m", [SP_SIGHT_PART] = "\033[33m", [SP_SIGHT_NO] = "\033[31m"
    };
    for (size_t i = 0; i < count; i++) {
        const struct sp_host_check *check = &checks[i];
        if (sp_buffer_printf(out, err, "%s%-7s%s %-16s %s\n", colour ? paints[check->state] : "",
                             states[check->state], colour ? "\033[0m" : "", check->id, check->found) < 0 ||
            (check->state != SP_SIGHT_YES && check->lost[0] &&
             sp_buffer_printf(out, err, "%25scosts: %s\n", "", check->lost) < 0) ||
            (check->state != SP_SIGHT_YES && check->remedy[0] &&
             sp_buffer_printf(out, err, "%25sremedy: %s\n", "", check->remedy) < 0))
            return -1;
    }
    return 0;
}

static int
write_json(const struct sp_host_check *checks, size_t count, bool able, struct sp_buffer *out,
           struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "sandbox");
    sp_json_bool(&json, able);
    sp_json_key(&json, "checks");
    sp_json_begin_array(&json);
    for (size_t i = 0; i < count; i++) {
        const char *const members[][2] = { { "id", checks[i].id },
                                           { "state", states[checks[i].state] },
                                           { "found", checks[i].found },
                                           { "lost", checks[i].state == SP_SIGHT_YES ? "" : checks[i].lost },
                                           { "remedy",
                                             checks[i].state == SP_SIGHT_YES ? "" : checks[i].remedy } };
        sp_json_begin_object(&json);
        for (size_t j = 0; j < SP_COUNT(members); j++) {
            sp_json_key(&json, members[j][0]);
            sp_json_string(&json, members[j][1]);
        }
        sp_json_key(&json, "needed");
        sp_json_bool(&json, checks[i].needed);
        sp_json_end_object(&json);
    }
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    return sp_json_finish(&json) < 0 ? -1 : sp_buffer_printf(out, err, "%s\n", sp_buffer_string(&json.out));
}

static int
run(const struct sp_call *call)
{
    struct doctor_options chosen = { .format = "text", .colour = "auto" };
    struct sp_host_check checks[SP_HOST_CHECKS_MAX];
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err = { 0 };
    bool able = true;
    int done = sp_options_read(call, &chosen, NULL);
    if (done >= 0)
        return done;
    size_t count = sp_host_checks(checks);
    count += sp_probe_host_checks(checks + count);
    for (size_t i = 0; i < count; i++)
        able &= !checks[i].needed || checks[i].state != SP_SIGHT_NO;
    bool json = !strcmp(chosen.format, "json");
    if ((json ? write_json(checks, count, able, &out, &err)
              : write_text(checks, count, sp_output_colour(STDOUT_FILENO, chosen.colour), &out, &err)) < 0)
        return sp_complain(&err);
    if (!json &&
        sp_buffer_printf(
            &out, &err, "\n%s\n",
            able ? "a sandbox can be made here"
                 : "no sandbox can be made here: 'sallyport run' ends with 125 and runs nothing") < 0)
        return sp_complain(&err);
    if (sp_output_write(call->output, &out) < 0)
        return sp_output_exit(call->output);
    return able ? SP_EXIT_CLEAN : SP_EXIT_FOUND;
}

const struct sp_command sp_command_doctor = {
    .name = "doctor",
    .summary = "Say what this host allows, and what is lost where it does not",
    .about = "Tries what a sandbox needs and changes nothing. Ends with 0 when a sandbox can be made,\n"
             "1 when not.\n",
    .options = options,
    .run = run,
};
