/* sallyport check: the first journey, names in, verdict out. */
#include "cli/commands.h"
#include "cli/manifests.h"
#include "cli/screening.h"
#include "sallyport/sallyport.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_UPS 2000 /* a list of a million names is for --no-metadata */

struct check_options {
    const char *ecosystem, *format, *fail_on, *index, *manifest, *colour, *saved, *filter, *llm, *llm_model;
    double review, block;
    unsigned long jobs, look_ups;
    bool offline, no_metadata, ranks, explain, quiet;
};

static const char *
fail_on_at(size_t position)
{
    static const char *const values[] = { "review", "block", "never" };
    return position < SP_COUNT(values) ? values[position] : NULL;
}

static const char *
format_at(size_t position)
{
    return position < sp_report_format_count ? sp_report_formats[position]->id : NULL;
}

#define AT(field) offsetof(struct check_options, field)
static const struct sp_option options[] = {
    { .name = "ecosystem",
      .letter = 'e',
      .kind = SP_OPTION_TEXT,
      .value = "ECO",
      .at = AT(ecosystem),
      .help = "registry of bare names",
      .choice = sp_what_ecosystem_at },
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = AT(format),
      .help = "what to write",
      .choice = format_at },
    { .name = "fail-on",
      .kind = SP_OPTION_CHOICE,
      .value = "SEVERITY",
      .at = AT(fail_on),
      .help = "exit with 1 from this severity on",
      .choice = fail_on_at },
    { .name = "review",
      .kind = SP_OPTION_NUMBER,
      .value = "RISK",
      .at = AT(review),
      .help = "risk from which a name is to be reviewed",
      .least = 0,
      .most = 1 },
    { .name = "block",
      .kind = SP_OPTION_NUMBER,
      .value = "RISK",
      .at = AT(block),
      .help = "risk from which a name is to be blocked",
      .least = 0,
      .most = 1 },
    { .name = "manifest-format",
      .letter = 'm',
      .kind = SP_OPTION_CHOICE,
      .value = "ID",
      .at = AT(manifest),
      .help = "read files as this format",
      .choice = sp_manifests_id_at },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { .name = "jobs",
      .letter = 'j',
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(jobs),
      .help = "threads for names on standard input",
      .least = 1,
      .most = 16 },
    { .name = "offline",
      .kind = SP_OPTION_FLAG,
      .at = AT(offline),
      .help = "ask no registry: use what was kept of its answers" },
    { .name = "no-metadata",
      .kind = SP_OPTION_FLAG,
      .at = AT(no_metadata),
      .help = "judge names alone, look nothing up" },
    { .name = "metadata",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(saved),
      .help = "directory of saved answers, asked in place of the registries",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "look-ups",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(look_ups),
      .help = "packages looked up at most; the rest stay unknown (2000)",
      .least = 1,
      .most = 1e9 },
    { .name = "ranks",
      .kind = SP_OPTION_FLAG,
      .at = AT(ranks),
      .help = "ask how popular packages are, third parties too" },
    { .name = "explain",
      .kind = SP_OPTION_FLAG,
      .at = AT(explain),
      .help = "show every signal, and what was cleared" },
    { .name = "filter",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(filter),
      .help = "model that makes a risk of name and metadata",
      .completion = SP_COMPLETE_FILE },
    { .name = "llm",
      .kind = SP_OPTION_TEXT,
      .value = "URL",
      .at = AT(llm),
      .help = "have an LLM read doubtful cases (chat completions)" },
    { .name = "llm-model",
      .kind = SP_OPTION_TEXT,
      .value = "NAME",
      .at = AT(llm_model),
      .help = "model to ask for there" },
    { .name = "quiet",
      .letter = 'q',
      .kind = SP_OPTION_FLAG,
      .at = AT(quiet),
      .help = "say nothing where nothing was found" },
    { .name = "color",
      .kind = SP_OPTION_CHOICE,
      .value = "WHEN",
      .at = AT(colour),
      .help = "colour the text",
      .choice = sp_colour_at },
    { 0 },
};
#undef AT

/* An argument that is a path on disk is read, unless a registry is named and the path has not the name of a
 * manifest: "check -e pypi requests" means the package, also beside a folder of that name. */
static bool
means_file(const char *word, const struct sp_ecosystem *usual)
{
    struct stat status;
    if (sp_what_is_prefixed(word, strlen(word)))
        return false;
    if (word[0] == '/' || !strncmp(word, "./", 2) || !strncmp(word, "../", 3))
        return true;
    if (usual)
        return sp_manifests_by_name(word) && stat(word, &status) == 0;
    return strchr(word, '/') || sp_manifests_by_name(word) || stat(word, &status) == 0;
}

/* A folder is not read: its manifests are named, so that what is checked is what was asked for. */
static int
refuse_folder(const char *path, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autoarguments struct sp_arguments inside = { 0 };
    if (sp_manifests_in(path, &inside, &arena, err) < 0)
        return -1;
    if (!inside.count)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: is a directory, and no manifest that is known lies in it", path);
    char names[300] = "";
    for (size_t i = 0, used = 0; i < inside.count && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? " " : "", inside.items[i]);
    return sp_fail(err, SP_ERROR_INPUT, "%.150s: is a directory; name the files to check: %s", path, names);
}

static void
check_package(struct sp_screening *screening, const char *word)
{
    struct sp_error err;
    if (screening->usual || sp_what_is_prefixed(word, strlen(word))) {
        sp_screening_package(screening, word);
        return;
    }
    sp_fail(&err, SP_ERROR_INPUT,
            "'%.200s': there is no such file; for a package write npm:NAME, pypi:NAME and so on, or use "
            "--ecosystem",
            word);
    sp_screening_missed(screening, &err);
}

static void
check_one(struct sp_screening *screening, const char *word)
{
    struct sp_error err;
    struct stat status;
    if (!strcmp(word, "-")) {
        sp_screening_lines(screening, STDIN_FILENO);
    } else if (!means_file(word, screening->usual)) {
        check_package(screening, word);
    } else if (stat(word, &status) == 0 && S_ISDIR(status.st_mode)) {
        refuse_folder(word, &err);
        sp_screening_missed(screening, &err);
    } else {
        sp_screening_file(screening, word);
    }
}

/* Without arguments: the manifests of the current directory. */
static int
find_here(const struct sp_call *call, bool quiet, struct sp_arguments *words, struct sp_arena *arena)
{
    struct sp_error err;
    if (sp_manifests_in(".", words, arena, &err) < 0)
        return sp_complain(&err);
    if (!words->count)
        return sp_usage(call, "no manifest that is known lies here; name a file or a package");
    for (size_t i = 0; i < words->count && !quiet; i++)
        fprintf(stderr, "%s%s%s", i ? ", " : "sallyport: checking ", words->items[i],
                i + 1 == words->count ? "\n" : "");
    return -1;
}

static bool
reads_stream(const struct sp_arguments *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!strcmp(words->items[i], "-"))
            return true;
    return false;
}

/* Turns the options into a screening. Returns -1 to go on, else the exit code. */
static int
prepare(const struct sp_call *call, const struct check_options *chosen, bool streaming,
        struct sp_screening *screening)
{
    struct sp_error err;
    if (chosen->review >= 0 && chosen->block >= 0 && chosen->review > chosen->block)
        return sp_usage(call, "--review must not be above --block");
    *screening = (struct sp_screening){
        .check = { .index_path = chosen->index, .review = chosen->review, .block = chosen->block },
        .format = sp_report_format_find(chosen->format),
        .looking = { .saved = chosen->saved,
                     .filter_path = chosen->filter,
                     .ranks = chosen->ranks,
                     .limit = chosen->look_ups,
                     .llm_url = chosen->llm,
                     .llm_model = chosen->llm_model,
                     .review = chosen->review,
                     .block = chosen->block },
        .report = { .version = SALLYPORT_VERSION,
                    .explain = chosen->explain,
                    .colour = sp_output_colour(STDOUT_FILENO, chosen->colour),
                    .width = sp_output_width(STDOUT_FILENO),
                    .category_title = sp_category_title },
        .manifest = chosen->manifest ? sp_manifest_format_find(chosen->manifest) : NULL,
        .output = call->output,
        .jobs = (unsigned)chosen->jobs,
        .streaming = streaming,
        .quiet = chosen->quiet,
        .progress = isatty(STDERR_FILENO) && !chosen->quiet,
    };
    if (sp_look_of_environment(SP_LOOK_ONLINE, &screening->looking.look, &err) < 0)
        return sp_complain(&err);
    if (chosen->offline)
        screening->looking.look = SP_LOOK_OFFLINE;
    if (chosen->no_metadata && (chosen->saved || chosen->llm || chosen->ranks))
        return sp_usage(call, "--no-metadata leaves no use for --metadata, --ranks and --llm");
    if (chosen->saved)
        screening->looking.look = SP_LOOK_OFFLINE;
    if (chosen->no_metadata)
        screening->looking.look = SP_LOOK_NEVER;
    if (streaming && screening->format == &sp_report_json)
        screening->format = &sp_report_json_lines;
    if (chosen->ecosystem) {
        screening->usual = sp_what_ecosystem(chosen->ecosystem, &err);
        if (!screening->usual)
            return sp_usage(call, "%s", err.text);
    }
    return -1;
}

static enum sp_severity
severity_of(const char *fail_on)
{
    return !strcmp(fail_on, "never")    ? SP_SEVERITY_NONE
           : !strcmp(fail_on, "review") ? SP_SEVERITY_REVIEW
                                        : SP_SEVERITY_BLOCK;
}

static int
run(const struct sp_call *call)
{
    struct check_options chosen = {
        .format = "text",
        .fail_on = "block",
        .colour = "auto",
        .review = -1,
        .block = -1,
        .jobs = sp_default_jobs(),
        .look_ups = LOOK_UPS,
    };
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autoarguments struct sp_arguments words = { 0 };
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = find_here(call, chosen.quiet, &words, &arena);
    if (done >= 0)
        return done;

    struct sp_screening screening;
    if ((done = prepare(call, &chosen, reads_stream(&words), &screening)) >= 0)
        return done;
    if (sp_screening_open(&screening, &err) < 0) {
        int code = sp_complain(&err);
        sp_screening_close(&screening);
        /* what the user named is input; what should have come with the program is our failure */
        return chosen.index || chosen.saved || chosen.filter || chosen.llm ? code : SP_EXIT_INCONCLUSIVE;
    }
    for (size_t i = 0; i < words.count; i++)
        check_one(&screening, words.items[i]);
    int code = sp_screening_finish(&screening, severity_of(chosen.fail_on));
    sp_screening_close(&screening);
    return code;
}

const struct sp_command sp_command_check = {
    .name = "check",
    .summary = "Check packages for names made to be mistaken for another",
    .arguments = "[WHAT...]",
    .about = "WHAT is a manifest or lockfile, a package URL (pkg:npm/left-pad@1.3.0), a package\n"
             "with its registry (npm:left-pad, pypi:requests==2.31.0), a bare name with\n"
             "--ecosystem, or - for names on standard input, one a line. Without WHAT, the\n"
             "manifests in the current directory are checked.\n"
             "\n"
             "A name that looks like a popular one is looked up in its registry, as your own\n"
             "configuration names it, and so is the popular one; their metadata clears honest\n"
             "lookalikes. SALLYPORT_METADATA=offline or off does as --offline or --no-metadata.\n"
             "\n"
             "Exit code: 0 nothing at or above --fail-on (block by default), 1 findings,\n"
             "2 usage or unreadable input, 3 inconclusive or internal failure.\n",
    .options = options,
    .completion = SP_COMPLETE_FILE,
    .run = run,
};
