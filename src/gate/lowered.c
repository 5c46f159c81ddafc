#include "gate/lowered.h"
#include "sandbox/sandbox.h"

#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int
sp_become_lowered(const struct sp_places *places, struct sp_error *err)
{
    const struct rlimit no_core = { 0 };
    if (!geteuid() &&
        (setgroups(0, NULL) < 0 || setresgid(places->proxy_gid, places->proxy_gid, places->proxy_gid) < 0 ||
         setresuid(places->proxy_uid, places->proxy_uid, places->proxy_uid) < 0))
        return sp_fail_errno(err, "could not give up root");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || setrlimit(RLIMIT_CORE, &no_core) < 0)
        return sp_fail_errno(err, "could not give up rights");
    return sp_filter_for_parser(err);
}
