#include "cli/installing.h"
#include "base/file.h"
#include "base/tree.h"
#include "cli/output.h"
#include "gate/last.h"
#include "report/run.h"
#include "sallyport/sallyport.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <time.h>

extern char **environ;

#define GIB ((uint64_t)1 << 30)
#define SECOND ((uint64_t)1000000000)
#define STALE_SECONDS 86400

static const char *
at(const char *const *names, size_t count, size_t position)
{
    return position < count ? names[position] : NULL;
}

const char *
sp_net_at(size_t position)
{
    static const char *const names[] = { "registry", "sinkhole", "none" };
    return at(names, SP_COUNT(names), position);
}

const char *
sp_mode_at(size_t position)
{
    static const char *const names[] = { "enforce", "audit" };
    return at(names, SP_COUNT(names), position);
}

const char *
sp_probes_at(size_t position)
{
    static const char *const names[] = { "auto", "require", "off" };
    return at(names, SP_COUNT(names), position);
}

const char *
sp_review_or_block_at(size_t position)
{
    static const char *const names[] = { "block", "review" };
    return at(names, SP_COUNT(names), position);
}

void
sp_installing_defaults(struct sp_installing *chosen)
{
    struct sysinfo host;
    uint64_t memory = 8 * GIB;
    if (sysinfo(&host) == 0 && (uint64_t)host.totalram * host.mem_unit / 4 * 3 < memory)
        memory = (uint64_t)host.totalram * host.mem_unit / 4 * 3;
    *chosen = (struct sp_installing){
        .net = "registry",
        .mode = "enforce",
        .probes = "auto",
        .fail_on = "block",
        .format = "text",
        .colour = "auto",
        .load_time = 10 * SECOND,
        .processes = 4096,
        .files = 2000000,
        .limits = { .time = 3600 * SECOND, .memory = memory, .file_size = 4 * GIB, .disk = 20 * GIB },
    };
}

void
sp_installing_free(struct sp_installing *chosen)
{
    sp_arguments_free(&chosen->allow_hosts);
    sp_arguments_free(&chosen->allow_writes);
}

int
sp_installing_complain(const struct sp_error *err)
{
    fprintf(stderr, "sallyport: %s\n", err->text);
    return SP_RUN_FAILED;
}

/* ---------------------------------------------------------------- progress */

struct progress {
    bool shown;
    time_t last;
};

static void
show_progress(void *context, const char *what, size_t done, size_t total)
{
    struct progress *progress = context;
    time_t time_now = time(NULL);
    if (!isatty(STDERR_FILENO) || (progress->last == time_now && done < total))
        return;
    progress->last = time_now;
    progress->shown = true;
    fprintf(stderr, "\r\033[Ksallyport: %s %zu of %zu", what, done, total);
    if (done == total)
        fputs("\r\033[K", stderr);
}

/* ------------------------------------------------------------------ report */

int
sp_installing_report(const struct sp_installing *chosen, const struct sp_run_report *report, int fd,
                     struct sp_buffer *out, struct sp_error *err)
{
    bool json = !strcmp(chosen->format, "json"), sarif = !strcmp(chosen->format, "sarif");
    const struct sp_run_report_options options = {
        .colour = !chosen->report && sp_output_colour(fd, chosen->colour),
        .width = chosen->report ? 0 : sp_output_width(fd),
        .diff = chosen->diff,
        .verbose = chosen->verbose,
        .category_title = sp_category_title,
    };
    if (!json && !sarif && !chosen->report && chosen->quiet && report->outcome == SP_OUTCOME_ALLOW)
        return 0;
    return json    ? sp_run_report_json(report, out, err)
           : sarif ? sp_run_report_sarif(report, out, err)
                   : sp_run_report_text(report, &options, out, err);
}

static int
write_report(const struct sp_installing *chosen, const struct sp_run_report *report, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    if (sp_installing_report(chosen, report, STDERR_FILENO, &out, err) < 0)
        return -1;
    if (chosen->report)
        return sp_file_write(chosen->report, sp_buffer_string(&out), out.length, err);
    return fwrite(sp_buffer_string(&out), 1, out.length, stderr) == out.length && fflush(stderr) == 0
               ? 0
               : sp_fail_errno(err, "the report could not be written");
}

/* Writes the page where one is wanted, and keeps all forms for 'explain --last'. What cannot be kept is no
 * fault of the run. */
static int
keep_report(const struct sp_installing *chosen, const struct sp_run_report *report, struct sp_error *err)
{
    const struct sp_run_report_options options = { .verbose = true, .category_title = sp_category_title };
    struct sp_buffer forms[SP_LAST_FORM_COUNT] = { 0 };
    struct sp_error ignored = { 0 };
    int result = 0;
    bool keeps = !chosen->no_cache && strcmp(report->kind, "demo") != 0;
    if (chosen->html || keeps)
        result = sp_run_report_html(report, &options, &forms[SP_LAST_HTML], err);
    if (result == 0 && chosen->html)
        result = sp_file_write(chosen->html, sp_buffer_string(&forms[SP_LAST_HTML]),
                               forms[SP_LAST_HTML].length, err);
    if (keeps && (sp_run_report_text(report, &options, &forms[SP_LAST_TEXT], &ignored) < 0 ||
                  sp_run_report_json(report, &forms[SP_LAST_JSON], &ignored) < 0 ||
                  !forms[SP_LAST_HTML].length || sp_last_write(forms, &ignored) < 0))
        fprintf(stderr, "sallyport: the report is not kept for 'explain --last': %s\n", ignored.text);
    for (size_t i = 0; i < SP_LAST_FORM_COUNT; i++)
        sp_buffer_free(&forms[i]);
    return result;
}

/* -------------------------------------------------------------------- work */

/* Adds the NULL that ends a list. */
static const char *const *
ended(const struct sp_arguments *words, const char **space)
{
    for (size_t i = 0; i < words->count; i++)
        space[i] = words->items[i];
    space[words->count] = NULL;
    return space;
}

static enum sp_net
net_of(const char *name)
{
    return !strcmp(name, "none")       ? SP_NET_NONE
           : !strcmp(name, "sinkhole") ? SP_NET_SINKHOLE
                                       : SP_NET_REGISTRY;
}

int
sp_installing_do(const struct sp_installing *chosen, const struct sp_installing_work *work,
                 enum sp_outcome *outcome)
{
    struct sp_error err = { 0 };
    struct progress progress = { 0 };
    struct sp_install *install = NULL;
    if ((chosen->report && sp_file_write(chosen->report, "", 0, &err) < 0) ||
        (chosen->html && sp_file_write(chosen->html, "", 0, &err) < 0))
        return sp_installing_complain(&err); /* now, not when everything is done */
    enum sp_look look;
    if (sp_look_of_environment(SP_LOOK_ONLINE, &look, &err) < 0)
        return sp_installing_complain(&err);
    sp_autofree const char **hosts = calloc(chosen->allow_hosts.count + 1, sizeof(*hosts));
    sp_autofree const char **writes = calloc(chosen->allow_writes.count + 1, sizeof(*writes));
    if (!hosts || !writes) {
        sp_fail_memory(&err);
        return sp_installing_complain(&err);
    }
    const struct sp_install_options options = {
        .kind = work->kind,
        .argv = work->argv,
        .env = (const char *const *)environ,
        .directory = work->directory,
        .tool_version = SALLYPORT_VERSION,
        .index_path = chosen->index,
        .model = chosen->model,
        .no_model = chosen->no_model,
        .policy = chosen->policy,
        .net = net_of(chosen->net),
        .allow_hosts = ended(&chosen->allow_hosts, hosts),
        .allow_write = ended(&chosen->allow_writes, writes),
        .scratch = chosen->scratch,
        .limits = { .time = chosen->limits.time,
                    .memory = chosen->limits.memory,
                    .file_size = chosen->limits.file_size,
                    .disk = chosen->limits.disk,
                    .processes = chosen->processes,
                    .files = chosen->files },
        .load_time = chosen->load_time,
        .probes = !strcmp(chosen->probes, "off")       ? SP_PROBES_OFF
                  : !strcmp(chosen->probes, "require") ? SP_PROBES_REQUIRED
                                                       : SP_PROBES_AUTO,
        .trace_path = chosen->trace,
        .features_path = chosen->features,
        .enforce = !strcmp(chosen->mode, "enforce"),
        .fail_on_review = !strcmp(chosen->fail_on, "review"),
        .dry_run = chosen->dry_run || chosen->diff,
        .land_failed = chosen->land_failed,
        .keep_cache = chosen->keep_cache,
        .no_load = chosen->no_load,
        .run_blocked = chosen->run_blocked,
        .offline = chosen->offline,
        .keep_nothing = chosen->no_cache,
        .look = chosen->no_metadata ? SP_LOOK_NEVER : look,
        .never_land = work->never_land,
        .in = work->own_output ? -1 : STDIN_FILENO,
        .out = work->own_output ? STDERR_FILENO : STDOUT_FILENO,
        .error = STDERR_FILENO,
        .progress = show_progress,
        .progress_context = &progress,
    };
    if (sp_install_run(&install, &options, &err) < 0)
        return sp_installing_complain(&err);
    if (progress.shown)
        fputs("\r\033[K", stderr);
    const struct sp_run_report *report = sp_install_report(install);
    int code = report->exit_code;
    if (outcome)
        *outcome = report->outcome;
    if (write_report(chosen, report, &err) < 0)
        code = sp_installing_complain(&err);
    if (keep_report(chosen, report, &err) < 0)
        code = sp_installing_complain(&err);
    sp_install_free(install);
    return code;
}

/* --------------------------------------------------------- made-up projects */

/* Those of scans that were killed before they could remove them. */
static void
remove_stale_projects(const char *cache)
{
    DIR *entries = opendir(cache);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[PATH_MAX];
        struct stat status;
        if (!strncmp(entry->d_name, "project-", 8) &&
            snprintf(path, sizeof(path), "%s/%s", cache, entry->d_name) < (int)sizeof(path) &&
            lstat(path, &status) == 0 && time(NULL) - status.st_ctime > STALE_SECONDS)
            (void)!sp_tree_remove(path, NULL);
    }
    if (entries)
        closedir(entries);
}

int
sp_made_up_project(char *out, size_t size, struct sp_error *err)
{
    struct sp_places places;
    int result = sp_places_find(&places, NULL, NULL, NULL, err);
    if (result == 0)
        remove_stale_projects(places.cache);
    if (result == 0 && snprintf(out, size, "%s/project-XXXXXX", places.cache) >= (int)size)
        result = sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long", places.cache);
    if (result == 0 && !mkdtemp(out))
        result = sp_fail_errno(err, "%s: cannot make a project there", out);
    if (result == 0 && places.uid != geteuid() && chown(out, places.uid, places.gid) < 0)
        result = sp_fail_errno(err, "%s", out);
    sp_places_free(&places);
    return result;
}

void
sp_made_up_remove(const char *path)
{
    (void)!sp_tree_remove(path, NULL);
}

int
sp_made_up_file(const char *directory, const char *name, const char *text, struct sp_error *err)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long", directory);
    for (char *slash = strchr(path + strlen(directory) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0755) < 0 && errno != EEXIST)
            return sp_fail_errno(err, "%s", path);
        *slash = '/';
    }
    if (sp_file_write(path, text, strlen(text), err) < 0)
        return -1;
    return chmod(path, 0644) < 0 ? sp_fail_errno(err, "%s", path) : 0;
}
