/* landing_fixture.c: see landing_fixture.h. */
#include "landing_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

char base[64];
bool overlays;
static char self[512]; /* this program, which also makes what a shell cannot */

/* ------------------------------------------------------------- a project and its layer */

void
shell(const char *format, ...)
{
    char command[8192];
    va_list arguments;
    va_start(arguments, format);
    int length =
        snprintf(command, sizeof(command), "set -e; cd '%s'; made() { '%s' made \"$@\"; }; ", base, self);
    vsnprintf(command + length, sizeof(command) - (size_t)length, format, arguments);
    va_end(arguments);
    int status = system(command);
    if (status != 0)
        fail_msg("the shell ended with %d: %s", status, command);
}

const char *
at(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", base, name);
    return path;
}

/* Files are stamped with the clock's last tick, or more finely; on a busy machine ticks come late. Two things
 * that are to be told apart have a tick between them that surely came. */
void
wait_for_ticks(void)
{
    struct timespec began, tick;
    clock_gettime(CLOCK_REALTIME, &began);
    do {
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
        clock_gettime(CLOCK_REALTIME_COARSE, &tick);
    } while (tick.tv_sec < began.tv_sec || (tick.tv_sec == began.tv_sec && tick.tv_nsec <= began.tv_nsec));
}

/* An empty host/ and, where FAR, a layer on another file system; nothing mounted. */
void
start_over(bool far)
{
    umount2(at("merged"), MNT_DETACH);
    umount2(at("far"), MNT_DETACH);
    shell("chmod -R u+rwx . 2>/dev/null || true; rm -rf host layer near far merged journal outside saved; "
          "mkdir host far merged journal outside; chmod 700 journal");
    if (far && mount("tmpfs", at("far"), "tmpfs", 0, "size=512m") < 0)
        fail_msg("cannot mount a tmpfs: %s", strerror(errno));
    shell("mkdir -p %s/upper %s/work; ln -s %s layer", far ? "far" : "near", far ? "far" : "near",
          far ? "far" : "near");
}

void
mount_overlay(void)
{
    char options[1024];
    shell("chmod --reference=host layer/upper");
    snprintf(options, sizeof(options), "lowerdir=%s/host,upperdir=%s/layer/upper,workdir=%s/layer/work", base,
             base, base);
    if (mount("overlay", at("merged"), "overlay", 0, options) < 0)
        fail_msg("cannot mount an overlay: %s", strerror(errno));
}

/* ------------------------------------------------------------- judging and landing */

static bool
listed(const char *list, const char *path)
{
    char pattern[1024];
    snprintf(pattern, sizeof(pattern), ",%s,", path);
    return list && strstr(list, pattern);
}

static enum sp_landing_answer
judge(void *context, size_t tree SP_UNUSED, const struct sp_change *change)
{
    const struct fixture *fixture = context;
    if (listed(fixture->leave, change->path))
        return SP_LANDING_LEAVE;
    if (listed(fixture->refuse, change->path) || (change->leaves && fixture->links_stay_out))
        return SP_LANDING_REFUSE;
    return listed(fixture->descend, change->path) ? SP_LANDING_DESCEND : SP_LANDING_LAND;
}

static void
refused(void *context, size_t tree SP_UNUSED, const struct sp_change *change, const char *why)
{
    struct fixture *fixture = context;
    sp_buffer_printf(&fixture->told, NULL, "refused %s: %s\n", change->path, why);
}

static void
lands(void *context, size_t tree SP_UNUSED, const struct sp_change *change)
{
    struct fixture *fixture = context;
    sp_buffer_printf(&fixture->told, NULL, "lands %s\n", change->path);
}

static int
restore(void *context, size_t tree SP_UNUSED, const char *path SP_UNUSED, int fd SP_UNUSED,
        struct sp_buffer *out, struct sp_error *err)
{
    const struct fixture *fixture = context;
    return sp_buffer_append_string(out, fixture->restored, err) < 0 ? -1 : 1;
}

static bool
restores(void *context SP_UNUSED, size_t tree SP_UNUSED, const char *path)
{
    size_t length = strlen(path);
    return length >= 9 && strcmp(path + length - 9, "lock.json") == 0;
}

int
plan(struct fixture *fixture, struct sp_landing **out)
{
    fixture->tree.target = at("host");
    fixture->tree.user_xattr = geteuid() != 0;
    fixture->tree.upper = open(at("layer/upper"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fixture->started.tv_sec == 0) {
        wait_for_ticks();
        clock_gettime(CLOCK_REALTIME_COARSE, &fixture->started);
    }
    struct sp_landing_options options = { .trees = &fixture->tree,
                                          .tree_count = 1,
                                          .started = fixture->started,
                                          .judge = judge,
                                          .refused = refused,
                                          .lands = lands,
                                          .context = fixture,
                                          .entries_max = fixture->entries_max };
    if (fixture->restored) {
        options.restore = restore;
        options.restores = restores;
    }
    return sp_landing_plan(out, &options, &fixture->err);
}

void
end_fixture(struct fixture *fixture)
{
    if (fixture->tree.upper > 0)
        close(fixture->tree.upper);
    sp_buffer_free(&fixture->told);
}

void
clean_landing(struct sp_landing **landing)
{
    sp_landing_free(*landing);
}

/* Plans and lands; both must work. */
struct sp_landing_totals
land(struct fixture *fixture)
{
    autolanding struct sp_landing *landing = NULL;
    if (plan(fixture, &landing) < 0 || sp_landing_apply(landing, at("journal"), &fixture->err) < 0)
        fail_msg("%s", fixture->err.text);
    return sp_landing_totals(landing);
}

void
assert_told(const struct fixture *fixture, const char *line)
{
    if (!strstr(sp_buffer_string(&fixture->told), line))
        fail_msg("expected \"%s\" among:\n%s", line, sp_buffer_string(&fixture->told));
}

void
assert_error(const struct fixture *fixture, const char *part)
{
    if (!strstr(fixture->err.text, part))
        fail_msg("expected \"%s\" in: %s", part, fixture->err.text);
}

void
assert_equal_lists(const char *what, const char *expected, const char *found)
{
    const char *line, *other;
    if (tree_differs(expected, found, &line, &other))
        fail_msg("%s:\n  expected %s\n  found    %s", what, line, other);
}

void
assert_cleared_up(void)
{
    shell("test -z \"$(ls -A journal)\" || { ls -lAR journal; false; }; "
          "test -z \"$(find . -maxdepth 2 -name '.sallyport-landing*')\"");
}

int
die_at(void *context, unsigned step)
{
    const struct kill_point *point = context;
    if (step == point->step)
        kill(getpid(), SIGKILL);
    return 0;
}

bool
dies(pid_t child)
{
    int status;
    if (waitpid(child, &status, 0) != child)
        fail_msg("the child is lost");
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        fail_msg("the landing failed, see above");
    return WIFSIGNALED(status);
}

/* ------------------------------------------------------------- what a shell cannot make */

static int
make_chain(const char *name, int count)
{
    for (int i = 0; i < count; i++)
        if (mkdir(name, 0755) < 0 || chdir(name) < 0)
            return -1;
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    return fd < 0 ? -1 : close(fd);
}

static int
make_socket(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof(address));
}

static int
make(int count, char **words)
{
    static const unsigned char net_raw[20] = { 1, 0, 0, 2, 0, 0x20 }; /* struct vfs_cap_data, effective */
    const char *what = count > 0 ? words[0] : "";
    char names[256];
    if (strcmp(what, "attribute") == 0 && count == 4)
        return setxattr(words[3], words[1], words[2], strlen(words[2]), 0);
    if (strcmp(what, "bare") == 0 && count == 2)
        return listxattr(words[1], names, sizeof(names)) == 0 ? 0 : -1;
    if (strcmp(what, "capability") == 0 && count == 2)
        return setxattr(words[1], "security.capability", net_raw, sizeof(net_raw), 0);
    if (strcmp(what, "chain") == 0 && count == 3)
        return make_chain(words[1], atoi(words[2]));
    if (strcmp(what, "socket") == 0 && count == 2)
        return make_socket(words[1]);
    return -1;
}

int
landing_made(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "made") == 0) {
        if (make(argc - 2, argv + 2) == 0)
            return 0;
        perror(argc > 2 ? argv[2] : "made");
        return 1;
    }
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (length < 0)
        return 1;
    self[length] = '\0';
    return -1;
}

int
landing_set_up(void **state SP_UNUSED)
{
    snprintf(base, sizeof(base), "/tmp/sallyport-landing-XXXXXX");
    if (!mkdtemp(base))
        return -1;
    if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0) {
        char options[512];
        shell("mkdir -p o/l o/u o/w o/m");
        snprintf(options, sizeof(options), "lowerdir=%s/o/l,upperdir=%s/o/u,workdir=%s/o/w", base, base,
                 base);
        overlays = mount("overlay", at("o/m"), "overlay", 0, options) == 0;
        if (overlays)
            umount2(at("o/m"), MNT_DETACH);
    }
    if (!overlays)
        print_message("no overlay can be mounted here: what needs one is skipped\n");
    return 0;
}

int
landing_tear_down(void **state SP_UNUSED)
{
    umount2(at("merged"), MNT_DETACH);
    umount2(at("far"), MNT_DETACH);
    shell("chmod -R u+rwx . 2>/dev/null || true; cd /; rm -rf '%s'", base);
    return 0;
}
