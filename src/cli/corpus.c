/* sallyport corpus: makes the packages that behaviour is learnt from, and lists the techniques. */
#include "cli/commands.h"
#include "cli/output.h"
#include "base/json.h"
#include "eval/corpus.h"

#include <stddef.h>
#include <string.h>

extern char **environ;

/* ------------------------------------------------------------ make */

struct make_options {
    const char *out, *corpus, *hosts;
    unsigned long seed, replicas, twins;
    bool no_implants;
    struct sp_arguments techniques;
};

#define AT(field) offsetof(struct make_options, field)
static const struct sp_option make_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(out),
      .help = "folder to make: a stand-in tree",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "corpus",
      .letter = 'c',
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(corpus),
      .help = "folder of techniques and chores (corpus)",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "seed",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(seed),
      .help = "of all that is drawn",
      .least = 0,
      .most = 4294967295.0 },
    { .name = "replicas",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(replicas),
      .help = "packages of each technique and ecosystem (4)",
      .least = 0,
      .most = 1000 },
    { .name = "twins",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(twins),
      .help = "honest packages of the same make, likewise (4)",
      .least = 0,
      .most = 1000 },
    { .name = "no-implants",
      .kind = SP_OPTION_FLAG,
      .at = AT(no_implants),
      .help = "put no technique into copies of real packages" },
    { .name = "hosts",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(hosts),
      .help = "the real packages (hosts.tsv of the corpus)",
      .completion = SP_COMPLETE_FILE },
    { .name = "technique",
      .letter = 't',
      .kind = SP_OPTION_LIST,
      .value = "ID",
      .at = AT(techniques),
      .help = "only this technique; may be given again" },
    { 0 },
};
#undef AT

static int
read_registries(struct sp_registries *out, struct sp_error *err)
{
    char project[4096];
    const char *home = getenv("HOME");
    if (!getcwd(project, sizeof(project)))
        return sp_fail_errno(err, "the working directory cannot be found");
    const char *const words[] = { NULL };
    const struct sp_registry_sources sources = {
        .home = home && *home == '/' ? home : "/",
        .project = project,
        .env = (const char *const *)environ,
        .argv = words,
    };
    return sp_registries_read(out, &sources, err);
}

static int
make(struct make_options *chosen, struct sp_buffer *text, struct sp_error *err)
{
    struct sp_registries registries = { 0 };
    struct sp_corpus_counts counts;
    sp_autobuffer struct sp_buffer hosts = { 0 };
    if (!chosen->no_implants) {
        if (sp_buffer_printf(&hosts, err, "%s/hosts.tsv", chosen->corpus) < 0 ||
            read_registries(&registries, err) < 0)
            return -1;
        if (!chosen->hosts)
            chosen->hosts = hosts.bytes;
    }
    const struct sp_corpus_options options = {
        .out = chosen->out,
        .folder = chosen->corpus,
        .hosts = chosen->no_implants ? NULL : chosen->hosts,
        .registries = &registries,
        .techniques = chosen->techniques.items,
        .technique_count = chosen->techniques.count,
        .seed = chosen->seed,
        .replicas = (unsigned)chosen->replicas,
        .twins = (unsigned)chosen->twins,
    };
    int status = sp_corpus_make(&options, &counts, err);
    sp_registries_free(&registries);
    if (status < 0)
        return -1;
    return sp_buffer_printf(text, err, "%zu replicas, %zu twins, %zu implants in %s\n", counts.replicas,
                            counts.twins, counts.implants, chosen->out);
}

static int
run_make(const struct sp_call *call)
{
    struct make_options chosen = { .corpus = "corpus", .seed = 1, .replicas = 4, .twins = 4 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, NULL);
    if (done < 0 && !chosen.out)
        done = sp_usage(call, "needs --out DIR");
    if (done < 0 && make(&chosen, &text, &err) < 0)
        done = sp_complain(&err);
    sp_arguments_free(&chosen.techniques);
    if (done >= 0)
        return done;
    return sp_output_write(call->output, &text) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

static const struct sp_command command_make = {
    .name = "make",
    .summary = "Make replicas, honest twins and implants",
    .about = "All of them are harmless and act only in a sandbox where SALLYPORT_CORPUS=1 is set.\n"
             "docs/corpus.md says what is made and how it is held to that.\n",
    .options = make_options,
    .run = run_make,
};

/* ------------------------------------------------------------ list */

struct list_options {
    const char *corpus, *format;
};

static const char *
list_format_at(size_t position)
{
    static const char *const formats[] = { "text", "json", "markdown" };
    return position < SP_COUNT(formats) ? formats[position] : NULL;
}

static const struct sp_option list_options[] = {
    { .name = "corpus",
      .letter = 'c',
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = offsetof(struct list_options, corpus),
      .help = "folder of techniques and chores (corpus)",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = offsetof(struct list_options, format),
      .help = "text, json or markdown",
      .choice = list_format_at },
    { 0 },
};

static void
join(char *out, size_t size, const struct sp_words *words, const char *joint)
{
    size_t at = 0;
    *out = '\0';
    for (size_t i = 0; i < words->count && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? joint : "", words->items[i]);
}

static int
write_text(struct sp_buffer *out, const struct sp_catalogue *catalogue, bool markdown, struct sp_error *err)
{
    const char *head = markdown ? "| id | title | class | ATT&CK | shapes (js, py, sh) | sources |\n"
                                  "|---|---|---|---|---|---|\n"
                                : "";
    if (sp_buffer_append_string(out, head, err) < 0)
        return -1;
    for (size_t i = 0; i < catalogue->technique_count; i++) {
        const struct sp_corpus_entry *one = &catalogue->techniques[i];
        char attack[256], sources[1024];
        join(attack, sizeof(attack), &one->attack, ", ");
        join(sources, sizeof(sources), &one->sources, "; ");
        if (sp_buffer_printf(
                out, err,
                markdown ? "| %s | %s | %s | %s | %zu, %zu, %zu | %s |\n"
                         : "%s: %s\n    class %s, ATT&CK %s, shapes js %zu, py %zu, sh %zu\n    %s\n",
                one->id, one->title, one->class_, attack, sp_corpus_shapes(one, SP_CORPUS_JS),
                sp_corpus_shapes(one, SP_CORPUS_PY), sp_corpus_shapes(one, SP_CORPUS_SH), sources) < 0)
            return -1;
    }
    return 0;
}

static void
write_words(struct sp_json *json, const char *key, const struct sp_words *words)
{
    sp_json_key(json, key);
    sp_json_begin_array(json);
    for (size_t i = 0; i < words->count; i++)
        sp_json_string(json, words->items[i]);
    sp_json_end_array(json);
}

static int
write_json(struct sp_buffer *out, const struct sp_catalogue *catalogue, struct sp_error *err)
{
    static const char *const languages[] = { "js", "py", "sh" };
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_array(&json);
    for (size_t i = 0; i < catalogue->technique_count; i++) {
        const struct sp_corpus_entry *one = &catalogue->techniques[i];
        sp_json_begin_object(&json);
        sp_json_key(&json, "id");
        sp_json_string(&json, one->id);
        sp_json_key(&json, "title");
        sp_json_string(&json, one->title);
        sp_json_key(&json, "class");
        sp_json_string(&json, one->class_);
        write_words(&json, "attack", &one->attack);
        sp_json_key(&json, "shapes");
        sp_json_begin_object(&json);
        for (unsigned language = 0; language < SP_COUNT(languages); language++) {
            sp_json_key(&json, languages[language]);
            sp_json_integer(&json, (long long)sp_corpus_shapes(one, language));
        }
        sp_json_end_object(&json);
        write_words(&json, "sources", &one->sources);
        sp_json_end_object(&json);
    }
    sp_json_end_array(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s\n", sp_buffer_string(&json.out));
}

static int
run_list(const struct sp_call *call)
{
    struct list_options chosen = { .corpus = "corpus", .format = "text" };
    sp_autocatalogue struct sp_catalogue catalogue = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, NULL);
    if (done >= 0)
        return done;
    if (sp_catalogue_read(&catalogue, chosen.corpus, &err) < 0 ||
        (!strcmp(chosen.format, "json")
             ? write_json(&text, &catalogue, &err)
             : write_text(&text, &catalogue, !strcmp(chosen.format, "markdown"), &err)) < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &text) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

static const struct sp_command command_list = {
    .name = "list",
    .summary = "List the techniques",
    .options = list_options,
    .run = run_list,
};

static const struct sp_command *const corpus_commands[] = { &command_make, &command_list,
                                                            &sp_command_corpus_records, NULL };

const struct sp_command sp_command_corpus = {
    .name = "corpus",
    .summary = "Make harmless packages to learn behaviour from",
    .arguments = "COMMAND [ARGUMENT...]",
    .commands = corpus_commands,
};
