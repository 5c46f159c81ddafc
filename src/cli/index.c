/* sallyport index: make, describe and verify the index of popular names. */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/what.h"
#include "base/json.h"
#include "report/report.h"

#include <stddef.h>
#include <string.h>

/* ------------------------------------------------------------------ build */

struct build_options {
    const char *folder, *base, *out, *names_date, *extra, *embedding, *model, *origin;
    struct sp_arguments trusted, names;
    bool quiet;
};

#define AT(field) offsetof(struct build_options, field)
static const struct sp_option build_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(out),
      .help = "the index to write; always needed",
      .completion = SP_COMPLETE_FILE },
    { .name = "data",
      .letter = 'd',
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(folder),
      .help = "folder with the tables, laid out as data/",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "base",
      .letter = 'b',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(base),
      .help = "index to take from what is not given",
      .completion = SP_COMPLETE_FILE },
    { .name = "trusted",
      .letter = 't',
      .kind = SP_OPTION_LIST,
      .value = "ECO=FILE",
      .at = AT(trusted),
      .help = "popular packages of one registry",
      .completion = SP_COMPLETE_FILE },
    { .name = "names",
      .letter = 'n',
      .kind = SP_OPTION_LIST,
      .value = "ECO=FILE",
      .at = AT(names),
      .help = "all names of one registry",
      .completion = SP_COMPLETE_FILE },
    { .name = "names-date",
      .kind = SP_OPTION_TEXT,
      .value = "DATE",
      .at = AT(names_date),
      .help = "when the lists of --names were taken" },
    { .name = "extra",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(extra),
      .help = "further packages to guard, such as your own",
      .completion = SP_COMPLETE_FILE },
    { .name = "embedding",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(embedding),
      .help = "subword vectors",
      .completion = SP_COMPLETE_FILE },
    { .name = "model",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(model),
      .help = "model of the name risk",
      .completion = SP_COMPLETE_FILE },
    { .name = "origin",
      .kind = SP_OPTION_TEXT,
      .value = "TEXT",
      .at = AT(origin),
      .help = "one line on where the tables come from" },
    { .name = "quiet",
      .letter = 'q',
      .kind = SP_OPTION_FLAG,
      .at = AT(quiet),
      .help = "do not say what is being done" },
    { 0 },
};
#undef AT

static void
say_step(void *context, const char *what)
{
    (void)context;
    fprintf(stderr, "sallyport: %s\n", what);
}

static void
override(const char **field, const char *chosen)
{
    if (chosen)
        *field = chosen;
}

static int
run_build(const struct sp_call *call)
{
    struct build_options chosen = { 0 };
    struct sp_index_recipe recipe = { 0 };
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_index *base = NULL;
    struct sp_error err;
    int done = sp_options_read(call, &chosen, NULL);
    if (done < 0 && !chosen.out)
        done = sp_usage(call, "--out FILE is needed");
    if (done < 0 && !chosen.folder && !chosen.base && !chosen.trusted.count)
        done = sp_usage(call, "needs --data, --base or --trusted to build from");
    if (done < 0 && chosen.folder && sp_index_recipe_from_folder(&recipe, chosen.folder, &arena, &err) < 0)
        done = sp_complain(&err);
    if (done < 0)
        done = sp_enter_files(call, "trusted", &chosen.trusted, recipe.trusted);
    if (done < 0)
        done = sp_enter_files(call, "names", &chosen.names, recipe.names);
    if (done < 0 && chosen.base && sp_index_open(&base, chosen.base, &err) < 0)
        done = sp_complain(&err);
    if (done < 0) {
        struct sp_index_progress progress = { .step = chosen.quiet ? NULL : say_step };
        recipe.base = base;
        override(&recipe.names_date, chosen.names_date);
        override(&recipe.extra, chosen.extra);
        override(&recipe.embedding, chosen.embedding);
        override(&recipe.model, chosen.model);
        override(&recipe.origin, chosen.origin);
        done = sp_index_build(&recipe, chosen.out, &progress, &err) < 0 ? sp_complain(&err) : SP_EXIT_CLEAN;
    }
    if (base)
        sp_index_close(base);
    sp_arguments_free(&chosen.trusted);
    sp_arguments_free(&chosen.names);
    return done;
}

static const struct sp_command command_build = {
    .name = "build",
    .summary = "Make an index from tables",
    .about = "The tables are tab-separated with a header line; docs/index-format.md lists their\n"
             "columns. The same tables give the same bytes.\n",
    .options = build_options,
    .run = run_build,
};

/* ------------------------------------------------------------------- info */

struct info_options {
    const char *format;
};

static const struct sp_option info_options[] = {
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = offsetof(struct info_options, format),
      .help = "what to write",
      .choice = sp_text_or_json_at },
    { 0 },
};

/* The file that the words name, or the usual one. */
static int
read_path(const struct sp_call *call, const struct sp_arguments *words, char room[SP_INDEX_PATH_MAX],
          const char **path)
{
    if (words->count > 1)
        return sp_usage(call, "takes one file, not %zu", words->count);
    *path = words->count ? words->items[0] : sp_index_default_path(room);
    return -1;
}

static int
info_text(const struct sp_index *index, const char *path, struct sp_buffer *out, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX], bytes[SP_REPORT_COUNT_MAX];
    const char *origin = sp_index_origin(index);
    if (sp_buffer_printf(out, err, "%s\n%s%s", path, origin, *origin ? "\n" : "") < 0 ||
        sp_buffer_append_string(out, "\npopular packages\n", err) < 0)
        return -1;
    for (unsigned i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        if (sp_buffer_printf(out, err, "  %-24s%14s\n", sp_ecosystems[i]->title,
                             sp_report_count(count, sp_index_trusted_count(index, i))) < 0)
            return -1;
    if (sp_buffer_printf(out, err, "\n%-26s%14s%14s\n", "sections", "items", "bytes") < 0)
        return -1;
    for (size_t i = 0; i < sp_index_section_count(index); i++) {
        struct sp_index_section section;
        sp_index_section_at(index, i, &section);
        if (sp_buffer_printf(out, err, "  %-24s%14s%14s  %s\n", section.name,
                             sp_report_count(count, section.items), sp_report_count(bytes, section.bytes),
                             section.what) < 0)
            return -1;
    }
    return 0;
}

static void
info_json_sections(const struct sp_index *index, struct sp_json *json)
{
    sp_json_key(json, "sections");
    sp_json_begin_array(json);
    for (size_t i = 0; i < sp_index_section_count(index); i++) {
        struct sp_index_section section;
        sp_index_section_at(index, i, &section);
        sp_json_begin_object(json);
        sp_json_key(json, "name");
        sp_json_string(json, section.name);
        sp_json_key(json, "what");
        sp_json_string(json, section.what);
        sp_json_key(json, "items");
        sp_json_integer(json, (long long)section.items);
        sp_json_key(json, "bytes");
        sp_json_integer(json, (long long)section.bytes);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static int
info_json(const struct sp_index *index, const char *path, struct sp_buffer *out, struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "file");
    sp_json_string(&json, path);
    sp_json_key(&json, "origin");
    sp_json_string(&json, sp_index_origin(index));
    sp_json_key(&json, "trusted");
    sp_json_begin_object(&json);
    for (unsigned i = 0; i < SP_ECOSYSTEM_COUNT; i++) {
        sp_json_key(&json, sp_ecosystems[i]->name);
        sp_json_integer(&json, sp_index_trusted_count(index, i));
    }
    sp_json_end_object(&json);
    info_json_sections(index, &json);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s\n", sp_buffer_string(&json.out));
}

static int
run_info(const struct sp_call *call)
{
    struct info_options chosen = { .format = "text" };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_index *index = NULL;
    char room[SP_INDEX_PATH_MAX];
    const char *path = NULL;
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0)
        done = read_path(call, &words, room, &path);
    if (done >= 0)
        return done;
    if (sp_index_open(&index, path, &err) < 0)
        return sp_complain(&err);
    int status = !strcmp(chosen.format, "json") ? info_json(index, path, &out, &err)
                                                : info_text(index, path, &out, &err);
    sp_index_close(index);
    if (status < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

static const struct sp_command command_info = {
    .name = "info",
    .summary = "Describe an index: its origin, sections and counts",
    .arguments = "[FILE]",
    .options = info_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_info,
};

/* ----------------------------------------------------------------- verify */

static int
run_verify(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_index *index = NULL;
    char room[SP_INDEX_PATH_MAX];
    const char *path = NULL;
    struct sp_error err;
    int done = sp_options_read(call, NULL, &words);
    if (done < 0)
        done = read_path(call, &words, room, &path);
    if (done >= 0)
        return done;
    if (sp_index_open(&index, path, &err) < 0)
        return sp_complain(&err);
    int status = sp_index_verify(index, &err);
    if (status == 0)
        status = sp_buffer_printf(&out, &err, "%s: %zu sections, all whole\n", path,
                                  sp_index_section_count(index));
    sp_index_close(index);
    if (status < 0)
        return sp_complain(&err);
    return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
}

static const struct sp_command command_verify = {
    .name = "verify",
    .summary = "Verify every checksum of an index",
    .arguments = "[FILE]",
    .completion = SP_COMPLETE_FILE,
    .run = run_verify,
};

static const struct sp_command *const index_commands[] = { &command_build, &command_info, &command_verify,
                                                           NULL };

const struct sp_command sp_command_index = {
    .name = "index",
    .summary = "Make, describe or verify the index of popular names",
    .arguments = "COMMAND [ARGUMENT...]",
    .commands = index_commands,
};
