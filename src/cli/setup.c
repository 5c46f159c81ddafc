/* sallyport setup: puts the probes' helper in its place, with the right to load programs into the kernel. */
#include "base/attributes.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "probe/install.h"
#include "probe/launch.h"
#include "probe/privilege.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#define NOBODY 65534u

struct setup_options {
    bool remove, dry;
};

static const struct sp_option options[] = {
    { .name = "remove",
      .kind = SP_OPTION_FLAG,
      .at = offsetof(struct setup_options, remove),
      .help = "undo it: remove the helper" },
    { .name = "dry-run",
      .kind = SP_OPTION_FLAG,
      .at = offsetof(struct setup_options, dry),
      .help = "say what would be done, and change nothing" },
    { 0 },
};

static int say(const struct sp_call *call, const char *format, ...) SP_PRINTF(2, 3);

static int
say(const struct sp_call *call, const char *format, ...)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err = { 0 };
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (sp_buffer_append_string(&out, text, &err) < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

/* Who will start it: the user behind sudo, or one that has no rights at all. */
static uid_t
user_to_try(void)
{
    const char *behind = getenv("SUDO_UID");
    char *end;
    unsigned long uid = behind ? strtoul(behind, &end, 10) : 0;
    return uid && uid < UINT32_MAX && !*end ? (uid_t)uid : NOBODY;
}

static int
take_away(const struct sp_call *call, const char *path, bool dry)
{
    struct sp_error err = { 0 };
    enum sp_install_state state;
    if (dry) {
        /* its bytes do not matter here */
        if (sp_install_look(&state, path, path, &err) < 0)
            return sp_complain(&err);
        return say(call,
                   state == SP_INSTALL_ABSENT ? "%s is not there; nothing would be done\n"
                                              : "%s would be removed\n",
                   path);
    }
    int there = sp_install_remove(path, &err);
    if (there < 0)
        return sp_complain(&err);
    return say(call,
               there ? "%s is removed; the probes are root's alone again\n"
                     : "%s is not there; nothing was done\n",
               path);
}

static int
put_there(const struct sp_call *call, const char *path, bool dry)
{
    char source[PATH_MAX], missing[SP_ERROR_TEXT_MAX];
    struct sp_error err = { 0 };
    enum sp_install_state state;
    if (sp_helper_beside(source, sizeof(source), &err) < 0 || sp_install_look(&state, source, path, &err) < 0)
        return sp_complain(&err);
    if (dry)
        return say(call,
                   state == SP_INSTALL_SAME
                       ? "%s is in place, with " SP_PRIVILEGE_NAMES "; nothing would be done\n"
                       : "%s would be put there, root's, mode 0755, with " SP_PRIVILEGE_NAMES "\n",
                   path);
    if (state != SP_INSTALL_SAME && sp_install_put(source, path, &err) < 0)
        return sp_complain(&err);
    /* what was written is not believed but looked at, and tried as somebody without rights */
    uid_t uid = user_to_try();
    if (sp_install_look(&state, source, path, &err) < 0)
        return sp_complain(&err);
    if (state != SP_INSTALL_SAME) {
        sp_fail(&err, SP_ERROR_SYSTEM, "%s: it did not stay as it was put there; is this file system shared?",
                path);
        return sp_complain(&err);
    }
    if (sp_install_try(path, uid, missing, sizeof(missing), &err) < 0) {
        sp_fail_within(&err, "%s is in place, but user %u sees nothing with it", path, uid);
        return sp_complain(&err);
    }
    return say(call,
               "%s is in place, with " SP_PRIVILEGE_NAMES "\n"
               "tried as user %u: the probes load%s%s\n"
               "undo: sudo sallyport setup --remove\n",
               path, uid, *missing ? "; not seen: " : "", missing);
}

static int
run(const struct sp_call *call)
{
    struct setup_options chosen = { 0 };
    const char *path = sp_helper_installed();
    int done = sp_options_read(call, &chosen, NULL);
    if (done >= 0)
        return done;
    if (geteuid() && !chosen.dry)
        return sp_usage(call, "needs root: sudo sallyport setup%s", chosen.remove ? " --remove" : "");
    return chosen.remove ? take_away(call, path, chosen.dry) : put_there(call, path, chosen.dry);
}

const struct sp_command sp_command_setup = {
    .name = "setup",
    .summary = "Give the probes their right, so that users without root have full sight",
    .about = "Installs one small program, sallyport-probes, with the file capabilities\n" SP_PRIVILEGE_NAMES
             ".\nIt loads nothing but its own probes, aims them only at a sandbox that its\n"
             "caller owns, and gives up what it does not need. Needs root; may be repeated,\n"
             "and is to be after an update. Ends with 0 when all is in place and was tried.\n",
    .options = options,
    .run = run,
};
