#include "eval/collect_run.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "behaviour/vector.h"
#include "ecosystem/purl.h"
#include "gate/evidence.h"
#include "gate/install.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>

#define NOTE_MAX 160
#define LOG_TAIL 4096

/* -------------------------------------------------------------------------------------------- the table */

static const char *const meta[] = { "features_version", "ecosystem", "name",   "version", "digest",  "label",
                                    "technique",        "family",    "origin", "net",     "run",     "role",
                                    "status",           "exit",      "rules",  "outside", "seconds", "note" };

/* What stands before a row's features. */
struct row_head {
    const struct sp_collect_run *run;
    const char *name, *version, *digest; /* NULL: unknown */
    const char *family;
    bool dependency;
    enum sp_run_status status;
    int exit;
    const char *rules;
    bool outside;
    double seconds;
    const char *note;
};

int
sp_collect_head(struct sp_buffer *out, struct sp_error *err)
{
    char name[SP_VECTOR_NAME_MAX];
    for (size_t i = 0; i < SP_COUNT(meta); i++)
        if (sp_buffer_printf(out, err, "%s%s", i ? "," : "", meta[i]) < 0)
            return -1;
    for (size_t i = 0; i < sp_vector_count(); i++)
        if (sp_buffer_printf(out, err, ",%s", sp_vector_name(i, name)) < 0)
            return -1;
    return sp_buffer_append_byte(out, '\n', err);
}

/* A field that may hold anything: printable, quoted where it must be (RFC 4180). */
static int
append_field(struct sp_buffer *out, const char *text, struct sp_error *err)
{
    char shown[4 * NOTE_MAX + 16];
    sp_utf8_printable(shown, sizeof(shown), text, strnlen(text, 4 * NOTE_MAX));
    if (!strpbrk(shown, ",\"\r\n"))
        return sp_buffer_append_string(out, shown, err);
    if (sp_buffer_append_byte(out, '"', err) < 0)
        return -1;
    for (const char *at = shown; *at; at++)
        if ((*at == '"' && sp_buffer_append_byte(out, '"', err) < 0) ||
            sp_buffer_append_byte(out, *at, err) < 0)
            return -1;
    return sp_buffer_append_byte(out, '"', err);
}

static int
append_row(const struct row_head *head, const float *vector, struct sp_buffer *out, struct sp_error *err)
{
    const struct sp_collect_item *item = head->run->item;
    bool subject = !head->dependency;
    const char *words[] = {
        item->ecosystem->name,
        head->name,
        head->version ? head->version : "",
        head->digest ? head->digest : "",
        subject && item->attack ? "attack" : "honest",
        subject ? item->technique : "",
        head->family,
        subject ? item->origin : "real",
        head->run->net == SP_NET_SINKHOLE ? "sinkhole" : "registry",
    };
    if (sp_buffer_printf(out, err, "%u", SP_VECTOR_VERSION) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(words); i++) {
        if (sp_buffer_append_byte(out, ',', err) < 0 || append_field(out, words[i], err) < 0)
            return -1;
    }
    if (sp_buffer_printf(out, err, ",%u,%s,%s,%d,%s,%d,%.1f,", head->run->number,
                         subject ? "subject" : "dependency", sp_run_status_names[head->status], head->exit,
                         head->rules, head->outside, head->seconds) < 0 ||
        append_field(out, head->note ? head->note : "", err) < 0)
        return -1;
    for (size_t i = 0; i < sp_vector_count(); i++)
        if ((!vector || isnan(vector[i]) ? sp_buffer_append_string(out, ",NaN", err)
                                         : sp_buffer_printf(out, err, ",%.9g", (double)vector[i])) < 0)
            return -1;
    return sp_buffer_append_byte(out, '\n', err);
}

int
sp_collect_failed_row(const struct sp_collect_run *run, const char *why, double seconds,
                      struct sp_buffer *out, struct sp_error *err)
{
    const struct row_head head = { .run = run,
                                   .name = run->item->name,
                                   .version = run->item->version,
                                   .family = run->item->family,
                                   .status = SP_RUN_ERROR,
                                   .exit = -1,
                                   .rules = "",
                                   .seconds = seconds,
                                   .note = why };
    return append_row(&head, NULL, out, err);
}

/* ------------------------------------------------------------------------------------- what the run says */

/* Whether PURL is the package NAME of ECOSYSTEM; its version goes to *VERSION (in ARENA). */
static bool
is_package(const char *purl, const struct sp_ecosystem *ecosystem, const char *name, const char **version,
           struct sp_arena *arena)
{
    struct sp_purl parsed;
    sp_autobuffer struct sp_buffer spelled = { 0 }, wanted = { 0 };
    if (sp_purl_parse(purl, strlen(purl), &parsed, arena, NULL) < 0 || parsed.ecosystem != ecosystem ||
        sp_purl_package_name(&parsed, &spelled, NULL) < 0 ||
        sp_ecosystem_read_name(ecosystem, name, strlen(name), &wanted, NULL) < 0)
        return false;
    *version = parsed.version;
    return !strcmp(sp_buffer_string(&spelled), sp_buffer_string(&wanted));
}

static const char *
digest_of(const struct sp_run_report *report, const struct sp_collect_item *item, const char *name,
          const char *version)
{
    for (size_t i = 0; i < report->package_count; i++) {
        const struct sp_run_package *package = &report->packages[i];
        if (!strcmp(package->ecosystem, item->ecosystem->name) && !strcmp(package->name, name) &&
            (!version || (package->version && !strcmp(package->version, version))))
            return package->digest;
    }
    return NULL;
}

static bool
is_met(const struct sp_run_report *report, enum sp_event_kind kind)
{
    for (size_t i = 0; i < report->event_count; i++)
        if (report->events[i].kind == kind)
            return true;
    return false;
}

static enum sp_run_status
status_of(const struct sp_run_report *report, const struct sp_evidence *evidence, const float *vector)
{
    float dropped = vector[sp_vector_index("run.own.dropped")],
          uncounted = vector[sp_vector_index("run.own.processes-uncounted")];
    if (report->command_status < 0 && !report->stopped)
        return SP_RUN_ERROR;
    if (report->sight || evidence->failed || is_met(report, SP_EVENT_DROPPED) || !(dropped <= 0) ||
        !(uncounted <= 0))
        return SP_RUN_DROPPED;
    if (report->stopped || report->exit_code > 128)
        return SP_RUN_CUT_OFF;
    if (is_met(report, SP_EVENT_LIMIT))
        return SP_RUN_LIMIT;
    for (size_t i = 0; i < report->load_count; i++)
        if (report->loads[i].outcome == SP_LOAD_TIMED_OUT)
            return SP_RUN_LIMIT;
    return SP_RUN_WHOLE;
}

/* Rules that spoke of PURL; of the subject also those that are laid to nobody. */
static int
append_rules(const struct sp_run_report *report, const char *purl, bool subject, struct sp_buffer *out,
             struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_purl parsed;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (sp_purl_parse(purl, strlen(purl), &parsed, &arena, err) < 0 ||
        sp_purl_package_name(&parsed, &name, err) < 0)
        return -1;
    for (size_t i = 0; i < report->verdict->count; i++) {
        const struct sp_finding *finding = &report->verdict->findings[i];
        bool about = finding->name ? !strcmp(finding->name, sp_buffer_string(&name)) : subject;
        char word[128];
        if (finding->severity == SP_SEVERITY_NONE || !about || strncmp(finding->rule, "run/", 4) != 0 ||
            !strcmp(finding->rule, "run/behaviour-model"))
            continue;
        snprintf(word, sizeof(word), "%s:%s", sp_severity_name(finding->severity), finding->rule);
        if (!strstr(sp_buffer_string(out), word) &&
            sp_buffer_printf(out, err, "%s%s", out->length ? " " : "", word) < 0)
            return -1;
    }
    return 0;
}

static bool
went_outside(const struct sp_run_report *report, const char *purl, bool subject)
{
    for (size_t i = 0; i < report->event_count; i++) {
        const struct sp_event *event = &report->events[i];
        bool out = event->kind == SP_EVENT_CONNECTION || event->kind == SP_EVENT_DATAGRAM ||
                   event->kind == SP_EVENT_PASSED;
        if (out && (subject || (event->package && !strcmp(event->package, purl))))
            return true;
    }
    return false;
}

/* The last words of a command that failed, into NOTE. */
static void
read_last_words(const char *log, char note[NOTE_MAX])
{
    char tail[LOG_TAIL + 1];
    int fd = open(log, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END), from = size > LOG_TAIL ? size - LOG_TAIL : 0;
    ssize_t length = fd < 0 ? 0 : pread(fd, tail, LOG_TAIL, from);
    if (fd >= 0)
        close(fd);
    tail[length > 0 ? length : 0] = '\0';
    /* the first line that speaks of an error, else the last */
    const char *best = NULL;
    for (char *line = strtok(tail, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 12 && (!best || !strstr(best, "rror")))
            best = line;
    snprintf(note, NOTE_MAX, "%s", best ? best : "");
}

/* ------------------------------------------------------------------------------------------- the rows */

struct writing {
    const struct sp_collect_run *run;
    const struct sp_run_report *report;
    const struct sp_evidence *evidence;
    const struct sp_feature_row *rows;
    size_t count;
    double seconds;
    char note[NOTE_MAX];
};

static int
write_package(const struct writing *writing, const char *purl, const char *name, const char *version,
              bool subject, struct sp_buffer *out, struct sp_error *err)
{
    sp_autofree float *vector = sp_new_array(sp_vector_count(), sizeof(*vector), err);
    sp_autobuffer struct sp_buffer rules = { 0 }, family = { 0 };
    /* versions of a package that came along belong together as well */
    if (!vector || append_rules(writing->report, purl, subject, &rules, err) < 0 ||
        sp_buffer_printf(&family, err, "%s:%s", writing->run->item->ecosystem->name, name) < 0)
        return -1;
    bool seen = sp_vector_fill(vector, writing->rows, writing->count, purl);
    sp_vector_rules(vector, writing->report->verdict->findings, writing->report->verdict->count, purl);
    struct row_head head = {
        .run = writing->run,
        .name = name,
        .version = version,
        .digest = digest_of(writing->report, writing->run->item, name, version),
        .family = subject ? writing->run->item->family : sp_buffer_string(&family),
        .dependency = !subject,
        .status = status_of(writing->report, writing->evidence, vector),
        .exit = writing->report->command_status,
        .rules = sp_buffer_string(&rules),
        .outside = went_outside(writing->report, purl, subject),
        .seconds = writing->seconds,
        .note = writing->note,
    };
    if (!seen && head.status == SP_RUN_WHOLE)
        head.status = SP_RUN_ABSENT;
    return append_row(&head, vector, out, err);
}

static int
write_rows(const struct writing *writing, bool dependencies, struct sp_buffer *out, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    const struct sp_collect_item *item = writing->run->item;
    sp_autobuffer struct sp_buffer fallback = { 0 };
    const char *subject = NULL, *version = item->version, *found;
    for (size_t i = 0; i < writing->count && !subject; i++)
        if (writing->rows[i].package && writing->rows[i].phase < 0 &&
            is_package(writing->rows[i].package, item->ecosystem, item->culprit, &found, &arena)) {
            subject = writing->rows[i].package;
            version = found;
        }
    for (size_t i = 0; dependencies && i < writing->count; i++) {
        const char *purl = writing->rows[i].package;
        struct sp_purl parsed;
        sp_autobuffer struct sp_buffer name = { 0 };
        if (!purl || writing->rows[i].phase >= 0 || purl == subject)
            continue;
        if (sp_purl_parse(purl, strlen(purl), &parsed, &arena, NULL) == 0 &&
            sp_purl_package_name(&parsed, &name, err) == 0 &&
            write_package(writing, purl, sp_buffer_string(&name), parsed.version, false, out, err) < 0)
            return -1;
    }
    if (!subject) {
        struct sp_purl purl;
        if (sp_purl_from_package(item->ecosystem, item->culprit, item->version, &purl, &arena, err) < 0 ||
            sp_purl_format(&purl, &fallback, err) < 0)
            return -1;
        subject = sp_buffer_string(&fallback);
    }
    return write_package(writing, subject, item->name, version, true, out, err);
}

/* ------------------------------------------------------------------------------------------- the run */

static const char *const added_env[] = {
    "SALLYPORT_CORPUS=1", /* what the corpus's own packages wait for */
    "npm_config_dangerously_allow_all_scripts=true",
    "npm_config_audit=false",
    "npm_config_fund=false",
    "npm_config_update_notifier=false",
    /* all comes through the proxy, whose own cache no package sees */
    "npm_config_cache=/var/tmp/npm",
    "PIP_NO_CACHE_DIR=1",
    "PIP_DISABLE_PIP_VERSION_CHECK=1",
    "PIP_NO_INPUT=1",
    "PIP_ROOT_USER_ACTION=ignore",
};

/* PWD: "PWD=...", borrowed: the host's is another directory. */
static const char **
make_env(const char *const *host, const char *pwd, struct sp_error *err)
{
    size_t count = 0, kept = 0;
    while (host[count])
        count++;
    const char **env = sp_new_array(count + SP_COUNT(added_env) + 2, sizeof(*env), err);
    for (size_t i = 0; env && i < count; i++) {
        bool ours = !strncmp(host[i], "PWD=", 4);
        for (size_t k = 0; k < SP_COUNT(added_env); k++)
            ours |= !strncmp(host[i], added_env[k], strcspn(added_env[k], "=") + 1);
        if (!ours)
            env[kept++] = host[i];
    }
    for (size_t k = 0; env && k < SP_COUNT(added_env); k++)
        env[kept++] = added_env[k];
    if (env)
        env[kept] = pwd;
    return env;
}

int
sp_collect_run(const struct sp_collect_run *run, const struct sp_collect_options *options,
               struct sp_buffer *out, struct sp_error *err)
{
    const struct sp_collect_item *item = run->item;
    bool npm = item->ecosystem->id == SP_NPM;
    sp_autobuffer struct sp_buffer what = { 0 }, answers = { 0 }, pwd = { 0 };
    sp_autoclose int log = open(run->log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    uint64_t began = sp_now();
    if (log < 0)
        return sp_fail_errno(err, "%s", run->log);
    if (options->answers && sp_buffer_append_string(&answers, options->answers, err) < 0)
        return -1;
    if (sp_buffer_printf(&pwd, err, "PWD=%s", npm ? run->npm_project : run->pip_project) < 0 ||
        sp_buffer_printf(&what, err, "%s%s%s", item->name,
                         !item->version ? ""
                         : npm          ? "@"
                                        : "==",
                         item->version ? item->version : "") < 0 ||
        (options->stand_in && !answers.length &&
         sp_buffer_printf(&answers, err, "%s/answers", options->stand_in) < 0))
        return -1;
    sp_autofree const char **env = make_env(options->env, sp_buffer_string(&pwd), err);
    if (!env)
        return -1;
    const char *const by_npm[] = {
        "npm", "install", "--no-audit", "--no-fund", sp_buffer_string(&what), NULL
    };
    const char *const by_pip[] = { "venv/bin/python",
                                   "-m",
                                   "pip",
                                   "install",
                                   sp_buffer_string(&what),
                                   item->source ? "--no-binary" : NULL,
                                   item->name,
                                   NULL };
    const struct sp_install_options installing = {
        .look = SP_LOOK_NEVER, /* the row is about what a package does */
        .kind = "scan",
        .argv = npm ? by_npm : by_pip,
        .env = env,
        .directory = npm ? run->npm_project : run->pip_project,
        .tool_version = options->tool_version,
        .index_path = options->index_path,
        .net = run->net,
        .limits = { .time = options->time,
                    .memory = options->memory,
                    .file_size = (uint64_t)2 << 30,
                    .disk = (uint64_t)4 << 30,
                    .processes = 2048,
                    .files = 500000 },
        .load_time = options->load_time,
        .probes = SP_PROBES_REQUIRED,
        .stand_in = options->stand_in,
        .answers = answers.length && access(sp_buffer_string(&answers), R_OK) == 0
                       ? sp_buffer_string(&answers)
                       : NULL,
        .load_anew = true,
        .never_land = true,
        .in = -1,
        .out = log,
        .error = log,
    };
    struct sp_install *install = NULL;
    struct sp_error problem = { 0 };
    if (sp_install_run(&install, &installing, &problem) < 0)
        return sp_collect_failed_row(run, problem.text, (double)(sp_now() - began) / 1e9, out, err);
    struct writing writing = { .run = run,
                               .report = sp_install_report(install),
                               .evidence = sp_install_evidence(install),
                               .seconds = (double)(sp_now() - began) / 1e9 };
    sp_autofree struct sp_feature_row *rows = NULL;
    if (writing.report->command_status > 0)
        read_last_words(run->log, writing.note);
    else if (writing.report->verdict->unseen_count)
        snprintf(writing.note, NOTE_MAX, "%s", writing.report->verdict->unseen[0]);
    int result = sp_features_rows(writing.evidence->features, &rows, &writing.count, err);
    writing.rows = rows;
    if (result == 0)
        result = write_rows(&writing, options->dependencies, out, err);
    sp_install_free(install);
    return result;
}
