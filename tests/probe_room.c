#include "probe_room.h"
#include "base/clock.h"
#include "base/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct sp_eyes *eyes;
static char base[256];

int
probes_begin(void)
{
    struct sp_error err;
    if (sp_eyes_load(&eyes, &err) < 0) {
        print_message("SKIPPED: %s\n", err.text);
        return 77;
    }
    snprintf(base, sizeof(base), "/var/tmp/sallyport-probe-%d", (int)getpid());
    return mkdir(base, 0755) < 0;
}

void
probes_end(void)
{
    struct sp_error err;
    (void)!sp_tree_remove(base, &err);
    sp_eyes_free(eyes);
}

/* ------------------------------------------------------------------ a room */

static void
keep(void *context, const struct sp_event *event)
{
    struct world *world = context;
    assert_int_equal(sp_grow(world->kept, world->capacity, world->count + 1, &world->err), 0);
    struct kept *kept = &world->kept[world->count++];
    const char **strings[] = { &kept->event.subject, &kept->event.detail, &kept->event.directory };
    kept->event = *event;
    for (size_t i = 0; i < SP_COUNT(strings); i++)
        if (*strings[i])
            *strings[i] = sp_arena_copy(&world->arena, *strings[i], strlen(*strings[i]), NULL);
    if (event->numbers)
        memcpy(kept->numbers, event->numbers, sizeof(kept->numbers));
    if (getenv("SHOW_EVENTS"))
        print_message(
            "%s process %u pid %u value %lld bytes %llu port %u subject '%s' detail '%.200s' in '%s'\n",
            sp_event_kind_name(event->kind), event->process, event->pid, (long long)event->value,
            (unsigned long long)event->bytes, event->port, event->subject ? event->subject : "",
            event->detail ? event->detail : "", event->directory ? event->directory : "");
}

int
set_up(void **state)
{
    static unsigned worlds;
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->home, sizeof(world->home), "%s/home%u", base, worlds);
    snprintf(world->project, sizeof(world->project), "%s/home%u/project", base, worlds++);
    snprintf(world->layers, sizeof(world->layers), "%s/layers", base);
    snprintf(world->decoy, sizeof(world->decoy), "%s/.ssh/id_test", world->home);
    assert_return_code(mkdir(world->home, 0755), errno);
    assert_return_code(mkdir(world->project, 0755), errno);
    world->secret = (struct sp_decoy){ .id = "ssh-key",
                                       .title = "an SSH private key",
                                       .reading_proves = true,
                                       .path = world->decoy,
                                       .bytes = "secret\n",
                                       .length = 7,
                                       .mode = 0600 };
    world->decoys = (struct sp_decoys){ .items = &world->secret, .count = 1 };
    const struct sp_sandbox_spec spec = { .home = world->home,
                                          .project = world->project,
                                          .net = SP_NET_REGISTRY,
                                          .scratch = world->layers,
                                          .decoys = &world->decoys,
                                          .limits = { .processes = 4000 } };
    if (sp_sandbox_open(&world->sandbox, &spec, &world->err) < 0)
        fail_msg("%s", world->err.text);
    *state = world;
    return 0;
}

int
tear_down(void **state)
{
    struct world *world = *state;
    sp_probe_read_close(world->reader);
    sp_sandbox_close(world->sandbox);
    assert_int_equal(sp_tree_remove(world->home, &world->err), 0);
    sp_arena_free(&world->arena);
    free(world->kept);
    free(world);
    return 0;
}

void
aim_at(struct world *world, bool refuse, bool kill)
{
    char path[64];
    struct stat status;
    struct sp_decoy_file file[1];
    size_t missed;
    int fds[SP_EYES_FDS];
    sp_autoclose int group = open(sp_sandbox_cgroup(world->sandbox), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct sp_eyes_aim aim = { .keeper = (uint32_t)sp_sandbox_keeper(world->sandbox),
                               .cgroup = group,
                               .refuse = refuse,
                               .kill = kill,
                               .home = world->home };
    assert_return_code(fstat(group, &status), errno);
    aim.cgroup_id = status.st_ino;
    snprintf(path, sizeof(path), "/proc/%u/ns/net", aim.keeper);
    assert_return_code(stat(path, &status), errno);
    aim.netns = (uint32_t)status.st_ino;
    assert_int_equal(sp_sandbox_decoy_files(world->sandbox, file, &missed), 1);
    assert_int_equal(missed, 0);
    const struct sp_eyes_file known = { file[0].device, file[0].inode, file[0].size, 0, true };
    aim.files = &known;
    aim.file_count = 1;
    aim.uprobes = world->uprobes;
    aim.uprobe_count = world->uprobe_count;
    sp_eyes_fds(eyes, fds);
    if (sp_probe_read_open(&world->reader, fds, &world->decoys, &world->err) < 0 ||
        sp_eyes_aim(eyes, &aim, &world->err) < 0)
        fail_msg("%s", world->err.text);
}

int
run_program(struct world *world, const char *const *argv)
{
    const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
    const struct sp_event_sink sink = { .take = keep, .context = world }, none = { 0 };
    struct sp_sandbox_end end = { 0 };
    struct sp_wire_file left[64];
    size_t count;
    int ends[2];
    assert_return_code(pipe2(ends, O_CLOEXEC), errno);
    const struct sp_sandbox_command command = {
        .argv = argv, .env = env, .cwd = world->project, .in = -1, .out = ends[1], .error = STDERR_FILENO
    };
    if (!sp_sandbox_run(world->sandbox, &command, &world->err))
        fail_msg("%s", world->err.text);
    close(ends[1]);
    while (!end.token) {
        if (sp_sandbox_next(world->sandbox, 5, &none, &end, &world->err) < 0 ||
            sp_probe_read_drain(world->reader, &sink, &world->err) < 0)
            fail_msg("%s", world->err.text);
    }
    assert_int_equal(sp_sandbox_kill(world->sandbox, &world->err), 0);
    while (sp_probe_read_drain(world->reader, &sink, &world->err) > 0)
        continue;
    assert_int_equal(sp_eyes_rest(eyes, &world->err), 0);
    while ((count = sp_eyes_leftovers(eyes, left, SP_COUNT(left))))
        for (size_t i = 0; i < count; i++)
            sp_probe_read_leftover(world->reader, &left[i], &sink);
    sp_probe_read_end(world->reader, &sink);
    ssize_t said = read(ends[0], world->said, sizeof(world->said) - 1);
    world->said[said > 0 ? said : 0] = '\0';
    close(ends[0]);
    if (end.failure)
        fail_msg("%s could not be started: %s", argv[0], strerror(end.failure));
    return WIFSIGNALED(end.status) ? 128 + WTERMSIG(end.status) : WEXITSTATUS(end.status);
}

/* ---------------------------------------------------------------- looking */

const struct sp_event *
find(const struct world *world, enum sp_event_kind kind, int64_t value, const char *ending)
{
    for (size_t i = 0; i < world->count; i++) {
        const struct sp_event *event = &world->kept[i].event;
        size_t length = event->subject ? strlen(event->subject) : 0, wanted = ending ? strlen(ending) : 0;
        if (event->kind == kind && (value < 0 || event->value == value) &&
            (!ending || (length >= wanted && !strcmp(event->subject + length - wanted, ending))))
            return event;
    }
    return NULL;
}

const struct sp_event *
must_find(const struct world *world, enum sp_event_kind kind, int64_t value, const char *ending)
{
    const struct sp_event *event = find(world, kind, value, ending);
    if (!event)
        fail_msg("no %s with value %lld and subject ...%s among %zu events", sp_event_kind_name(kind),
                 (long long)value, ending ? ending : "", world->count);
    return event;
}

size_t
how_many(const struct world *world, enum sp_event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < world->count; i++)
        count += world->kept[i].event.kind == kind;
    return count;
}

void
nothing_was_lost(const struct world *world)
{
    const struct sp_event *lost = find(world, SP_EVENT_DROPPED, -1, NULL);
    if (lost)
        fail_msg("lost: %s (%lld)", lost->subject, (long long)lost->value);
}

void
forget(struct world *world)
{
    sp_probe_read_close(world->reader);
    world->reader = NULL;
    world->count = 0;
}
