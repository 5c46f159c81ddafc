/* sallyport collect: many packages, each in a sandbox of its own, as a table of what they did. */
#include "eval/collect.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "sallyport/sallyport.h"

#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

extern char **environ;

#define SECOND ((uint64_t)1000000000)
#define MIB ((uint64_t)1 << 20)

struct collect_options {
    const char *out, *stand_in, *answers, *index, *net;
    unsigned long jobs, runs, seed;
    uint64_t memory, time, load_time;
    bool dependencies, again, quiet;
};

static const char *
net_at(size_t position)
{
    static const char *const names[] = { "drawn", "registry", "sinkhole", "both" };
    return position < SP_COUNT(names) ? names[position] : NULL;
}

#define AT(field) offsetof(struct collect_options, field)
static const struct sp_option options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(out),
      .help = "the table; what it holds already is not run again",
      .completion = SP_COMPLETE_FILE },
    { .name = "stand-in",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(stand_in),
      .help = "packages made by 'sallyport corpus make', served as the registry's",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "answers",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(answers),
      .help = "what is given for downloads where the sinkhole answers (the stand-in's)",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "net",
      .kind = SP_OPTION_CHOICE,
      .value = "NET",
      .at = AT(net),
      .help = "who is answered",
      .choice = net_at },
    { .name = "runs",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(runs),
      .help = "of each package",
      .least = 1,
      .most = 100 },
    { .name = "dependencies",
      .kind = SP_OPTION_FLAG,
      .at = AT(dependencies),
      .help = "a row for every package of a run that did something" },
    { .name = "again", .kind = SP_OPTION_FLAG, .at = AT(again), .help = "run anew what Sallyport failed at" },
    { .name = "jobs",
      .letter = 'j',
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(jobs),
      .help = "runs at once, as far as memory allows",
      .least = 1,
      .most = 64 },
    { .name = "memory",
      .kind = SP_OPTION_SIZE,
      .value = "SIZE",
      .at = AT(memory),
      .help = "limit of memory of each run (2G)" },
    { .name = "time",
      .kind = SP_OPTION_TIME,
      .value = "TIME",
      .at = AT(time),
      .help = "limit of each run (3m)" },
    { .name = "load-time",
      .kind = SP_OPTION_TIME,
      .value = "TIME",
      .at = AT(load_time),
      .help = "for each package that is loaded (10 s)" },
    { .name = "seed",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(seed),
      .help = "of what is drawn",
      .least = 0,
      .most = 4294967295.0 },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { .name = "quiet", .letter = 'q', .kind = SP_OPTION_FLAG, .at = AT(quiet), .help = "no progress" },
    { 0 },
};
#undef AT

static volatile sig_atomic_t stopped;

static void
stop(int signal_number)
{
    stopped = signal_number;
}

struct progress {
    uint64_t began;
    size_t before;
    bool terminal;
};

static void
show_progress(void *context, size_t done, size_t total, const char *what)
{
    struct progress *progress = context;
    time_t spent = time(NULL) - (time_t)progress->began;
    size_t fresh = done - progress->before, left = total - done;
    if (!progress->before)
        progress->before = done - 1, fresh = 1;
    unsigned long eta = fresh ? (unsigned long)((double)spent / (double)fresh * (double)left) : 0;
    if (progress->terminal)
        fprintf(stderr, "\r\033[Ksallyport: %zu of %zu runs, %lu min left: %.60s", done, total, eta / 60,
                what);
    else if (done % 50 == 0 || done == total)
        fprintf(stderr, "sallyport: %zu of %zu runs, %lu min left\n", done, total, eta / 60);
}

/* What is available in bytes; 0: unknown. */
static uint64_t
memory_available(void)
{
    char line[128];
    uint64_t kib = 0;
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib << 10;
}

static unsigned
jobs_within_memory(unsigned long wanted, uint64_t memory)
{
    uint64_t available = memory_available(), room = available && memory ? available / memory : wanted;
    if (room >= wanted)
        return (unsigned)wanted;
    fprintf(stderr, "sallyport: memory is enough for %" PRIu64 " runs at once, not for %lu\n",
            room ? room : 1, wanted);
    return room ? (unsigned)room : 1;
}

static void
print_totals(const struct sp_collect_totals *totals)
{
    printf("%zu runs in %.0f s", totals->done, totals->seconds);
    if (totals->done && totals->seconds > 0)
        printf(" (%.0f an hour)", (double)totals->done * 3600 / totals->seconds);
    if (totals->before)
        printf(", %zu were there before", totals->before);
    printf("\n");
    for (size_t i = 0; i < SP_RUN_STATUSES; i++)
        if (totals->by_status[i])
            printf("  %-8s %zu\n", sp_run_status_names[i], totals->by_status[i]);
    if (totals->failed_commands)
        printf("  commands that failed: %zu\n", totals->failed_commands);
}

/* PATH may be NULL. */
static int
find_folder(char **out, const char *path, struct sp_error *err)
{
    *out = path ? realpath(path, NULL) : NULL;
    return path && !*out ? sp_fail_errno(err, "%s", path) : 0;
}

static int
collect(const struct collect_options *chosen, const struct sp_collect_list *list)
{
    struct progress progress = { .began = (uint64_t)time(NULL), .terminal = isatty(STDERR_FILENO) };
    struct sp_error err = { 0 };
    struct sp_collect_totals totals;
    sp_autofree char *stand_in = NULL, *answers = NULL;
    if (find_folder(&stand_in, chosen->stand_in, &err) < 0 ||
        find_folder(&answers, chosen->answers, &err) < 0)
        return sp_complain(&err);
    const struct sp_collect_options collecting = {
        .env = (const char *const *)environ,
        .out = chosen->out,
        .stand_in = stand_in,
        .answers = answers,
        .index_path = chosen->index,
        .tool_version = SALLYPORT_VERSION,
        .jobs = jobs_within_memory(chosen->jobs, chosen->memory),
        .memory = chosen->memory,
        .time = chosen->time,
        .load_time = chosen->load_time,
        .net = !strcmp(chosen->net, "registry")   ? SP_COLLECT_REGISTRY
               : !strcmp(chosen->net, "sinkhole") ? SP_COLLECT_SINKHOLE
               : !strcmp(chosen->net, "both")     ? SP_COLLECT_BOTH
                                                  : SP_COLLECT_DRAWN,
        .repeats = (unsigned)chosen->runs,
        .seed = chosen->seed,
        .dependencies = chosen->dependencies,
        .again = chosen->again,
        .stop = &stopped,
        .progress = chosen->quiet ? NULL : show_progress,
        .progress_context = &progress,
    };
    const struct sigaction on = { .sa_handler = stop };
    sigaction(SIGINT, &on, NULL);
    sigaction(SIGTERM, &on, NULL);
    int result = sp_collect(list, &collecting, &totals, &err);
    if (progress.terminal && !chosen->quiet)
        fputs("\r\033[K", stderr);
    if (result < 0)
        return sp_complain(&err);
    print_totals(&totals);
    if (stopped)
        fprintf(stderr, "sallyport: interrupted; the same command goes on from here\n");
    if (fflush(stdout) != 0 || ferror(stdout))
        return SP_EXIT_INCONCLUSIVE;
    return stopped ? 128 + stopped : SP_EXIT_CLEAN;
}

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autocollectlist struct sp_collect_list list = { 0 };
    struct collect_options chosen = { .net = "drawn",
                                      .runs = 1,
                                      .jobs = sp_default_jobs(),
                                      .seed = 1,
                                      .memory = 2048 * MIB,
                                      .time = 180 * SECOND,
                                      .load_time = 10 * SECOND };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = sp_usage(call, "needs a list of packages");
    if (done < 0 && !chosen.out)
        done = sp_usage(call, "needs --out FILE for the table");
    for (size_t i = 0; done < 0 && i < words.count; i++)
        if (sp_collect_list_read(&list, words.items[i], &err) < 0)
            done = sp_complain(&err);
    return done < 0 ? collect(&chosen, &list) : done;
}

const struct sp_command sp_command_collect = {
    .name = "collect",
    .summary = "Run many packages in sandboxes, and write what they did as a table",
    .arguments = "LIST.tsv...",
    .about = "A LIST has a head line and the columns ecosystem (npm, pypi), name, version (empty: the\n"
             "latest) and label (honest, attack), and where they are known technique, family, origin,\n"
             "culprit and flags (sdist). Honest packages and attacks take the same way: the real package\n"
             "manager, a sandbox each, probes, loading. Nothing lands. What fails is a row too. Begun\n"
             "again with the same --out it goes on where it was.\n",
    .options = options,
    .completion = SP_COMPLETE_FILE,
    .run = run,
};
