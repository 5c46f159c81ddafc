/* bench_landing: how long a landing takes, beside cp -a of the same tree.
 *
 *   bench_landing [FOLDER [FILES]]
 *
 * FOLDER (default: the one it is started in) must lie on a file system of the user's own; a folder is made in
 * it and removed again. FILES (default 50,000) are 100 bytes to 4 KiB each, in 500 directories. Layers are
 * made as an overlay makes them: plain files and directories in an upper directory. */
#include "sandbox/landing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIRECTORIES 500
#define ROUNDS 3

static char folder[512];

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void SP_PRINTF(1, 2) shell(const char *format, ...)
{
    char command[2048];
    va_list arguments;
    int length = snprintf(command, sizeof(command), "cd '%s' && ", folder);
    va_start(arguments, format);
    vsnprintf(command + length, sizeof(command) - (size_t)length, format, arguments);
    va_end(arguments);
    if (system(command) != 0) {
        fprintf(stderr, "bench_landing: failed: %s\n", command);
        exit(1);
    }
}

static void
make_files(const char *where, int files, bool empty)
{
    static char bytes[4096];
    char path[1024];
    memset(bytes, 'x', sizeof(bytes));
    for (int i = 0; i < DIRECTORIES; i++) {
        snprintf(path, sizeof(path), "%s/%s/d%d", folder, where, i);
        if (mkdir(path, 0755) < 0)
            exit(1);
    }
    for (int i = 0; i < files; i++) {
        snprintf(path, sizeof(path), "%s/%s/d%d/%s%d", folder, where, i % DIRECTORIES, empty ? "was" : "file",
                 i);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        size_t size = 100 + (size_t)i * 7919 % 3997;
        if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
            exit(1);
        close(fd);
    }
}

static enum sp_landing_answer
land_all(void *context SP_UNUSED, size_t tree SP_UNUSED, const struct sp_change *change SP_UNUSED)
{
    return SP_LANDING_LAND;
}

/* Seconds of plan and of landing. */
static void
land(double seconds[2])
{
    struct sp_error err = { 0 };
    struct sp_landing *landing;
    char target[1024], upper[1024], journal[1024];
    snprintf(target, sizeof(target), "%s/host", folder);
    snprintf(upper, sizeof(upper), "%s/upper", folder);
    snprintf(journal, sizeof(journal), "%s/journal", folder);
    struct sp_landing_tree tree = { .target = target, .user_xattr = geteuid() != 0 };
    tree.upper = open(upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct sp_landing_options options = { .trees = &tree, .tree_count = 1, .judge = land_all };
    clock_gettime(CLOCK_REALTIME_COARSE, &options.started);
    double start = now();
    int result = sp_landing_plan(&landing, &options, &err);
    seconds[0] = now() - start;
    if (result == 0)
        result = sp_landing_apply(landing, journal, &err);
    seconds[1] = now() - start - seconds[0];
    if (result < 0) {
        fprintf(stderr, "bench_landing: %s\n", err.text);
        exit(1);
    }
    sp_landing_free(landing);
    close(tree.upper);
}

static int
by_size(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return *one < *other ? -1 : *one > *other;
}

/* One kind of layer, ROUNDS times, in turn with cp -a of it. */
static void
measure(const char *name, int files, const char *prepare, const char *upper, double aim)
{
    double ours[ROUNDS], plans[ROUNDS], copies[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        shell("rm -rf host upper copy && mkdir host upper copy");
        if (*prepare)
            make_files("host", DIRECTORIES, true);
        shell("mkdir -p %s", upper);
        make_files(upper, files, false);
        shell("sync -f .");
        double start = now();
        shell("cp -a upper/. copy/");
        copies[i] = now() - start;
        shell("rm -rf copy && sync -f . && sleep 0.1");
        double seconds[2];
        land(seconds);
        plans[i] = seconds[0];
        ours[i] = seconds[0] + seconds[1];
        shell("test $(find host -name 'file*' | wc -l) = %d", files);
    }
    qsort(ours, ROUNDS, sizeof(*ours), by_size);
    qsort(plans, ROUNDS, sizeof(*plans), by_size);
    qsort(copies, ROUNDS, sizeof(*copies), by_size);
    double median = ours[ROUNDS / 2], copy = copies[ROUNDS / 2];
    printf("%-45s %.3f s (plan %.3f s, aim %.1f s); cp -a %.3f s; ratio %.3f\n", name, median,
           plans[ROUNDS / 2], aim, copy, median / copy);
}

int
main(int argc, char **argv)
{
    int files = argc > 2 ? atoi(argv[2]) : 50000;
    char *real = realpath(argc > 1 ? argv[1] : ".", NULL);
    if (!real || files < 1) {
        fprintf(stderr, "usage: bench_landing [FOLDER [FILES]]\n");
        return 2;
    }
    snprintf(folder, sizeof(folder), "%s/bench-landing-XXXXXX", real);
    free(real);
    if (!mkdtemp(folder)) {
        fprintf(stderr, "bench_landing: %s: %s\n", folder, strerror(errno));
        return 1;
    }
    printf("%d files, median of %d\n", files, ROUNDS);
    measure("one wholly new tree", files, "", "upper/node_modules", 0.3);
    measure("scattered among 500 existing directories", files, "host", "upper", 1.2);
    shell("cd / && rm -rf '%s'", folder);
    return 0;
}
