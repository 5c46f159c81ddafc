/* What the processes of a run were seen to do, in a few lines. */
#include "report/run_scripts.h"
#include "report/run_sheet.h"

#include <string.h>

#define THINGS_SHOWN 3

#define put(sheet, ...) sp_text_put(&(sheet)->text, __VA_ARGS__)

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* What of ACT is shown: a path without the project, a program without its directory, an address with port. */
static const char *
shown_act(const struct sp_run_report *run, enum sp_act_kind kind, const struct sp_act *act, unsigned columns,
          char out[SP_TEXT_SHOWN_MAX])
{
    char text[SP_TEXT_SHOWN_MAX];
    const char *what =
        kind == SP_ACT_RAN && act->weight < 2 ? base_name(act->what) : sp_run_short_path(run, act->what);
    sp_text_fitted(text, what, columns);
    if (act->port)
        snprintf(out, SP_TEXT_SHOWN_MAX, "%.900s:%u", text, act->port);
    else
        memcpy(out, text, sizeof(text));
    return out;
}

/* ": ~/.ssh/id_ed25519, /etc/passwd, ..." of those that weigh at least LEAST. */
static int
put_things(struct sp_buffer *out, const struct sp_run_sheet *sheet, const struct sp_run_acts *acts,
           enum sp_act_kind kind, unsigned least, size_t most, struct sp_error *err)
{
    const struct sp_act_list *list = &acts->lists[kind];
    char text[SP_TEXT_SHOWN_MAX];
    size_t shown = 0;
    for (size_t i = 0; i < list->count && shown < most && list->items[i].weight >= least; i++, shown++)
        if (sp_buffer_printf(out, err, "%s%s", shown ? ", " : ": ",
                             shown_act(sheet->run, kind, &list->items[i], sp_run_columns(sheet) / 2, text)) <
            0)
            return -1;
    return shown && (shown < list->count || list->more) ? sp_buffer_append_string(out, ", ...", err) : 0;
}

static int
put_row(const struct sp_run_sheet *sheet, const char *label, enum sp_act_kind kind, struct sp_error *err)
{
    const struct sp_act_list *list = &sheet->acts->lists[kind];
    char count[SP_REPORT_COUNT_MAX], outside[SP_REPORT_COUNT_MAX];
    sp_autobuffer struct sp_buffer line = { 0 };
    size_t all = list->count + list->more, things = sheet->options->verbose ? 32 : THINGS_SHOWN;
    if (!all)
        return 0;
    sp_report_count(count, all);
    sp_report_count(outside, list->outside);
    int done = kind == SP_ACT_RAN ? sp_buffer_printf(&line, err, "%s program%s", count, sp_text_plural(all))
               : kind == SP_ACT_WROTE ? sp_buffer_printf(&line, err, "%s file%s, %s outside the project",
                                                         count, sp_text_plural(all), outside)
               : kind == SP_ACT_READ
                   ? sp_buffer_printf(&line, err, "%s file%s outside the project", count, sp_text_plural(all))
               : kind == SP_ACT_CONTACTED
                   ? sp_buffer_printf(&line, err, "%s address%s", count, all == 1 ? "" : "es")
                   : sp_buffer_printf(&line, err, "%s name%s", count, sp_text_plural(all));
    if (done < 0 || put_things(&line, sheet, sheet->acts, kind, kind == SP_ACT_WROTE, things, err) < 0)
        return -1;
    return sp_text_line(&sheet->text, 2, label, line.bytes, err);
}

/* "kept back  2 changes: .git/hooks/post-checkout, ..." */
static int
put_kept_back(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    const struct sp_run_report *run = sheet->run;
    char count[SP_REPORT_COUNT_MAX], path[SP_TEXT_SHOWN_MAX];
    sp_autobuffer struct sp_buffer line = { 0 };
    size_t refused = sp_run_list_count(sheet, &sp_run_list_refused), first = 0;
    if (!refused)
        return 0;
    while (run->changes[first].kind != '!')
        first++;
    const char *name = run->changes[first].path ? run->changes[first].path : "";
    if (sp_buffer_printf(&line, err, "%s change%s: %s%s", sp_report_count(count, refused),
                         sp_text_plural(refused),
                         sp_text_fitted(path, sp_run_short_path(run, name), sp_run_columns(sheet) / 2),
                         refused > 1 ? ", ..." : "") < 0)
        return -1;
    return sp_text_line(&sheet->text, 2, "kept back  ", line.bytes, err);
}

/* What is a row where no list of its own tells it. */
static bool
has_row(const struct sp_run_sheet *sheet, enum sp_act_kind kind)
{
    return sheet->acts->lists[kind].count && (kind != SP_ACT_CONTACTED || sheet->tight);
}

int
sp_run_acts_put(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    static const struct {
        const char *label;
        enum sp_act_kind kind;
    } rows[] = { { "contacted  ", SP_ACT_CONTACTED },
                 { "looked up  ", SP_ACT_NAMED },
                 { "read       ", SP_ACT_READ },
                 { "wrote      ", SP_ACT_WROTE },
                 { "ran        ", SP_ACT_RAN } };
    bool any = false;
    for (size_t i = 0; i < SP_COUNT(rows); i++) {
        if (!has_row(sheet, rows[i].kind))
            continue;
        if (!any &&
            (put(sheet, err, "\n") < 0 ||
             sp_text_paint(&sheet->text, SP_PAINT_BOLD, err, "What it did") < 0 || put(sheet, err, "\n") < 0))
            return -1;
        any = true;
        if (put_row(sheet, rows[i].label, rows[i].kind, err) < 0)
            return -1;
    }
    return any && sheet->tight ? put_kept_back(sheet, err) : 0;
}

/* --------------------------------------------------------------- scripts */

/* "pkg:npm/esbuild@0.19.2  postinstall: ran 3 programs, wrote 2 files of its own, contacted nobody" */
static int
put_script(const struct sp_run_sheet *sheet, const struct sp_run_script *script, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX], own[SP_REPORT_COUNT_MAX], other[SP_REPORT_COUNT_MAX];
    const struct sp_act_list *called = &script->acts.lists[SP_ACT_CONTACTED];
    sp_autobuffer struct sp_buffer line = { 0 };
    if (sp_buffer_printf(&line, err, "%s: %s, ran %s program%s, wrote %s file%s beneath its own directory",
                         script->stages, script->well ? "ended well" : "failed",
                         sp_report_count(count, script->ran), sp_text_plural(script->ran),
                         sp_report_count(own, script->wrote_inside),
                         sp_text_plural(script->wrote_inside)) < 0)
        return -1;
    if (script->wrote_outside &&
        sp_buffer_printf(&line, err, " and %s elsewhere", sp_report_count(other, script->wrote_outside)) < 0)
        return -1;
    if (sp_buffer_append_string(&line, called->count ? ", contacted" : ", contacted nobody", err) < 0)
        return -1;
    if (called->count && put_things(&line, sheet, &script->acts, SP_ACT_CONTACTED, 0, 2, err) < 0)
        return -1;
    if ((script->block || script->review) &&
        sp_buffer_printf(&line, err, "; %zu finding%s", script->block + script->review,
                         sp_text_plural(script->block + script->review)) < 0)
        return -1;
    if (!script->proposed && sp_buffer_append_string(&line, "; not proposed", err) < 0)
        return -1;
    return sp_text_line(&sheet->text, 2, "", script->package, err) < 0
               ? -1
               : sp_text_line(&sheet->text, 6, "", line.bytes, err);
}

int
sp_run_scripts_put(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    sp_autoscripts struct sp_run_scripts scripts = { 0 };
    sp_autobuffer struct sp_buffer setting = { 0 };
    char manager[SP_TEXT_SHOWN_MAX], count[SP_REPORT_COUNT_MAX];
    size_t most = sheet->options->verbose ? SIZE_MAX : 2 * sheet->items;
    if (!sheet->run->script_count)
        return 0;
    if (sp_run_scripts_find(&scripts, sheet->run, err) < 0 ||
        sp_run_scripts_setting(&scripts, &setting, err) < 0)
        return -1;
    if (put(sheet, err, "\n") < 0 ||
        sp_text_paint(&sheet->text, SP_PAINT_BOLD, err, "Scripts that %s blocks, run here for once",
                      sp_text_shown(manager, sheet->run->manager)) < 0 ||
        put(sheet, err, "\n") < 0)
        return -1;
    for (size_t i = 0; i < scripts.count && i < most; i++)
        if (put_script(sheet, &scripts.items[i], err) < 0)
            return -1;
    size_t left = scripts.more + (scripts.count > most ? scripts.count - most : 0);
    if (left && put(sheet, err, "  %s more; --verbose lists them\n", sp_report_count(count, left)) < 0)
        return -1;
    return setting.length ? put(sheet, err, "  to let them run: %s in package.json\n", setting.bytes) : 0;
}
