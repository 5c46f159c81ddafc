/* sallyport lookup: what a registry says of a package, field by field, and whence. */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/what.h"
#include "base/json.h"
#include "base/utf8.h"
#include "gate/lookups.h"

#include <stddef.h>
#include <string.h>

#define SHOWN 300 /* bytes of one text */
#define LIST_SHOWN 8
#define NAMES_MAX 100000u

struct lookup_options {
    const char *ecosystem, *format, *save, *saved;
    unsigned long jobs;
    bool offline, ranks, brief;
};

#define AT(field) offsetof(struct lookup_options, field)
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
      .choice = sp_text_or_json_at },
    { .name = "save",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(save),
      .help = "keep the registries' answers there, for --metadata",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "metadata",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(saved),
      .help = "directory of saved answers, asked in place of the registries",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "offline",
      .kind = SP_OPTION_FLAG,
      .at = AT(offline),
      .help = "ask no registry: use what was kept of its answers" },
    { .name = "ranks",
      .kind = SP_OPTION_FLAG,
      .at = AT(ranks),
      .help = "ask how popular packages are, third parties too" },
    { .name = "brief", .kind = SP_OPTION_FLAG, .at = AT(brief), .help = "one line a package" },
    { .name = "jobs",
      .letter = 'j',
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(jobs),
      .help = "look-ups at once",
      .least = 1,
      .most = 64 },
    { 0 },
};
#undef AT

/* ------------------------------------------------------------------- text */

static int
put_value(struct sp_buffer *out, const struct sp_record *record, enum sp_field field, struct sp_error *err)
{
    char shown[SHOWN], date[16];
    sp_autobuffer struct sp_buffer value = { 0 };
    if (!sp_record_knows(record, field))
        return sp_buffer_printf(out, err, "  %-16s  unknown\n", sp_field_names[field]);
    if (sp_record_value(record, field, LIST_SHOWN, &value, err) < 0)
        return -1;
    for (size_t i = 0; i < value.length; i++) /* a readme has lines; one is enough here */
        if (value.bytes[i] == '\n' || value.bytes[i] == '\r' || value.bytes[i] == '\t')
            value.bytes[i] = ' ';
    sp_utf8_printable(shown, sizeof(shown), sp_buffer_string(&value), value.length);
    sp_time_write(record->origins[field].time, date);
    return sp_buffer_printf(out, err, "  %-16s  %s  [%s, %s]\n", sp_field_names[field], shown,
                            record->origins[field].source, date);
}

static int
put_record(struct sp_buffer *out, const struct sp_record *record, bool brief, struct sp_error *err)
{
    char name[SHOWN], version[80];
    sp_utf8_printable(name, sizeof(name), record->name, strlen(record->name));
    sp_utf8_printable(version, sizeof(version), record->version ? record->version : "",
                      record->version ? strlen(record->version) : 0);
    unsigned known = 0;
    for (int i = 0; i < SP_FIELD_COUNT; i++)
        known += sp_record_knows(record, i);
    if (sp_buffer_printf(out, err, "%s:%s%s%s  %s", record->ecosystem->name, name, *version ? "@" : "",
                         version, sp_presence_names[record->presence]) < 0)
        return -1;
    if (brief)
        return sp_buffer_printf(out, err, ", %u of %u fields known%s%s\n", known, SP_FIELD_COUNT,
                                record->problems.count ? "; " : "",
                                record->problems.count ? record->problems.items[0] : "");
    if (sp_buffer_append_byte(out, '\n', err) < 0)
        return -1;
    for (int i = 0; record->presence == SP_PRESENT && i < SP_FIELD_COUNT; i++)
        if (put_value(out, record, i, err) < 0)
            return -1;
    for (size_t i = 0; i < record->problems.count; i++)
        if (sp_buffer_printf(out, err, "  problem: %s\n", record->problems.items[i]) < 0)
            return -1;
    return 0;
}

/* ---------------------------------------------------------------- looking */

struct looking {
    const struct lookup_options *chosen;
    struct sp_arena arena;
    struct sp_sought *sought;
    size_t count, capacity;
    uint64_t begun;
    bool progress;
};

static int
add(struct looking *looking, const struct sp_ecosystem *usual, const char *word, size_t length,
    struct sp_error *err)
{
    struct sp_what what;
    if (looking->count >= NAMES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %u packages are not looked up at once", NAMES_MAX);
    if (sp_what_read(&what, word, length, usual, &looking->arena, err) < 0 ||
        what.ecosystem->validate(what.name, strlen(what.name), err) < 0 ||
        sp_grow(looking->sought, looking->capacity, looking->count + 1, err) < 0)
        return -1;
    looking->sought[looking->count++] =
        (struct sp_sought){ what.ecosystem, what.name, what.version, SP_DEPTH_FULL };
    return 0;
}

static int
add_lines(struct looking *looking, const struct sp_ecosystem *usual, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { .limit = (size_t)16 << 20 };
    char room[65536];
    for (ssize_t got; (got = read(STDIN_FILENO, room, sizeof(room))) != 0;) {
        if (got < 0)
            return sp_fail_errno(err, "standard input");
        if (sp_buffer_append(&text, room, (size_t)got, err) < 0)
            return sp_fail_within(err, "standard input");
    }
    const char *at = sp_buffer_string(&text);
    for (unsigned number = 1; *at; number++) {
        size_t length = strcspn(at, "\r\n");
        if (length && *at != '#' && add(looking, usual, at, length, err) < 0)
            return sp_fail_within(err, "standard input, line %u", number);
        at += length;
        at += *at == '\r';
        at += *at == '\n';
    }
    return 0;
}

static void
show_progress(void *context, size_t done, size_t all)
{
    struct looking *looking = context;
    sp_show_looked_up(&looking->begun, looking->progress, done, all);
}

/* Looks all up and writes what was found; returns the exit code. */
static int
look_up(struct looking *looking, struct sp_lookups *lookups, const struct sp_call *call, struct sp_error *err)
{
    bool as_json = !strcmp(looking->chosen->format, "json"), unknown = false, absent = false;
    struct sp_metadata *metadata = sp_lookups_metadata(lookups);
    const struct sp_bases *bases = sp_lookups_bases(lookups);
    for (size_t i = 0; i < bases->note_count; i++)
        fprintf(stderr, "sallyport: %s\n", bases->notes[i]);
    sp_autobuffer struct sp_buffer out = { 0 };
    if (sp_metadata_fetch(metadata, looking->sought, looking->count, show_progress, looking, err) < 0)
        return sp_complain(err);
    for (size_t i = 0; i < looking->count; i++) {
        const struct sp_sought *sought = &looking->sought[i];
        const struct sp_record *record = sp_metadata_record(metadata, sought->ecosystem, sought->name,
                                                            sought->version, sought->depth, err);
        if (!record)
            return sp_complain(err);
        unknown |= record->presence == SP_PRESENCE_UNKNOWN;
        absent |= record->presence == SP_ABSENT || record->presence == SP_REMOVED;
        if (as_json) { /* a document a line: they can be read one by one */
            sp_autojson struct sp_json json = { .err = err, .compact = true };
            sp_record_write(&json, record);
            if (sp_json_finish(&json) < 0 ||
                sp_buffer_printf(&out, err, "%s\n", sp_buffer_string(&json.out)) < 0)
                return sp_complain(err);
        } else if (put_record(&out, record, looking->chosen->brief, err) < 0) {
            return sp_complain(err);
        }
        if (sp_output_write(call->output, &out) < 0)
            return sp_output_exit(call->output);
        sp_buffer_clear(&out);
    }
    return unknown ? SP_EXIT_INCONCLUSIVE : absent ? SP_EXIT_FOUND : SP_EXIT_CLEAN;
}

static int
open_lookups(const struct looking *looking, struct sp_lookups **lookups, struct sp_lookup *lookup,
             struct sp_error *err)
{
    const struct lookup_options *chosen = looking->chosen;
    struct sp_lookups_options looks = {
        .saved = chosen->save ? chosen->save : chosen->saved,
        .ranks = chosen->ranks,
        .jobs = (unsigned)chosen->jobs,
        .review = -1,
        .block = -1,
    };
    if (sp_look_of_environment(SP_LOOK_ONLINE, &looks.look, err) < 0)
        return -1;
    if (chosen->save && looks.look == SP_LOOK_OFFLINE)
        return sp_fail(err, SP_ERROR_USAGE,
                       "environment SALLYPORT_METADATA=offline: --save asks the registries");
    if (chosen->offline || chosen->saved)
        looks.look = SP_LOOK_OFFLINE;
    if (looks.look == SP_LOOK_NEVER)
        return sp_fail(err, SP_ERROR_USAGE, "environment SALLYPORT_METADATA=off: nothing is looked up");
    return sp_lookup_open(lookup, NULL, err) < 0 ? -1
                                                 : sp_lookups_open_here(lookups, &looks, lookup->index, err);
}

static int
run(const struct sp_call *call)
{
    struct lookup_options chosen = { .format = "text", .jobs = 32 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autolookup struct sp_lookup lookup = { 0 };
    sp_autolookups struct sp_lookups *lookups = NULL;
    struct looking looking = { .chosen = &chosen, .progress = isatty(STDERR_FILENO) };
    const struct sp_ecosystem *usual = NULL;
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done >= 0)
        return done;
    if (!words.count)
        return sp_usage(call, "name packages, or - for names on standard input");
    if (chosen.save && (chosen.saved || chosen.offline))
        return sp_usage(call, "--save asks the registries: it goes with neither --metadata nor --offline");
    if (chosen.ecosystem && !(usual = sp_what_ecosystem(chosen.ecosystem, &err)))
        return sp_usage(call, "%s", err.text);
    int code = -1;
    for (size_t i = 0; i < words.count && code < 0; i++)
        if ((strcmp(words.items[i], "-") ? add(&looking, usual, words.items[i], strlen(words.items[i]), &err)
                                         : add_lines(&looking, usual, &err)) < 0)
            code = sp_complain(&err);
    if (code < 0)
        code = open_lookups(&looking, &lookups, &lookup, &err) < 0 ? sp_complain(&err)
                                                                   : look_up(&looking, lookups, call, &err);
    free(looking.sought);
    sp_arena_free(&looking.arena);
    return code;
}

const struct sp_command sp_command_lookup = {
    .name = "lookup",
    .summary = "Show what registries say of packages, and whence each field comes",
    .arguments = "WHAT...",
    .about = "WHAT is a package URL, a package with its registry (npm:left-pad), a bare name with\n"
             "--ecosystem, or - for names on standard input, one a line. Registries are those of\n"
             "your own configuration. What nobody tells stays unknown.\n"
             "\n"
             "Exit code: 0 all are there, 1 a package does not exist, 2 usage, 3 somebody could\n"
             "not be asked.\n",
    .options = options,
    .run = run,
};
