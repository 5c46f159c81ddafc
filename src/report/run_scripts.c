#include "report/run_scripts.h"
#include "base/json.h"
#include "ecosystem/purl.h"

#include <string.h>

static const char *
name_of(struct sp_run_scripts *scripts, const char *package, struct sp_error *err)
{
    struct sp_purl purl;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (sp_purl_parse(package, strlen(package), &purl, &scripts->arena, NULL) < 0 ||
        sp_purl_package_name(&purl, &name, NULL) < 0)
        return sp_arena_copy(&scripts->arena, package, strlen(package), err);
    return sp_arena_copy(&scripts->arena, name.bytes, name.length, err);
}

/* The package's entry; NULL: no room for one more. */
static struct sp_run_script *
enter(struct sp_run_scripts *scripts, const struct sp_run_report *run, const char *package,
      struct sp_error *err)
{
    for (size_t i = 0; i < scripts->count; i++)
        if (!strcmp(scripts->items[i].package, package))
            return &scripts->items[i];
    if (scripts->count >= SP_RUN_SCRIPTS_MAX) {
        scripts->more++;
        return NULL;
    }
    if (sp_grow(scripts->items, scripts->capacity, scripts->count + 1, err) < 0)
        return NULL;
    struct sp_run_script *script = &scripts->items[scripts->count];
    *script = (struct sp_run_script){ .package = package, .well = true };
    if (sp_run_acts_find(&script->acts, run, package, SP_PHASE_LOAD, err) < 0 ||
        !(script->name = name_of(scripts, package, err))) {
        sp_run_acts_free(&script->acts);
        return NULL;
    }
    scripts->count++;
    return script;
}

static void
count_acts(struct sp_run_script *script)
{
    const struct sp_act_list *wrote = &script->acts.lists[SP_ACT_WROTE];
    size_t length = strlen(script->name);
    script->ran = script->acts.lists[SP_ACT_RAN].count;
    for (size_t i = 0; i < wrote->count; i++) {
        const char *at = wrote->items[i].what;
        bool inside = false;
        while (!inside && (at = strstr(at, "/node_modules/"))) {
            at += strlen("/node_modules/");
            inside = !strncmp(at, script->name, length) && at[length] == '/';
        }
        ++*(inside ? &script->wrote_inside : &script->wrote_outside);
    }
}

static void
count_findings(struct sp_run_script *script, const struct sp_run_report *run, struct sp_arena *arena)
{
    struct sp_purl purl;
    if (sp_purl_parse(script->package, strlen(script->package), &purl, arena, NULL) < 0)
        return;
    for (size_t i = 0; i < run->verdict->count; i++) {
        const struct sp_finding *finding = &run->verdict->findings[i];
        if (!finding->name || strcmp(finding->name, script->name) != 0 || !finding->ecosystem ||
            strcmp(finding->ecosystem, purl.type) != 0 ||
            (finding->version && purl.version && strcmp(finding->version, purl.version) != 0))
            continue;
        script->block += finding->severity == SP_SEVERITY_BLOCK;
        script->review += finding->severity == SP_SEVERITY_REVIEW;
    }
}

/* A run that did not see everything, or that was stopped, proposes nothing. */
static bool
is_trustworthy(const struct sp_run_report *run)
{
    return !run->verdict->unseen_count && !run->stopped && !run->event_more && !run->sight;
}

int
sp_run_scripts_find(struct sp_run_scripts *out, const struct sp_run_report *run, struct sp_error *err)
{
    *out = (struct sp_run_scripts){ 0 };
    size_t first = run->script_count < run->load_count ? run->load_count - run->script_count : 0;
    if (run->manager && !strcmp(run->manager, "npm"))
        out->setting = "allowScripts";
    else if (run->manager && !strcmp(run->manager, "pnpm"))
        out->setting = "onlyBuiltDependencies";
    for (size_t i = first; run->script_count && i < run->load_count; i++) {
        const struct sp_run_load *load = &run->loads[i];
        struct sp_error problem = { 0 };
        struct sp_run_script *script = load->package ? enter(out, run, load->package, &problem) : NULL;
        if (!script && problem.code) {
            *err = problem;
            return -1;
        }
        if (!script)
            continue;
        size_t used = strlen(script->stages);
        snprintf(script->stages + used, sizeof(script->stages) - used, "%s%s", used ? ", " : "",
                 load->what ? load->what : "?");
        script->well &= load->outcome == SP_LOAD_DONE || load->outcome == SP_LOAD_REMEMBERED;
    }
    for (size_t i = 0; i < out->count; i++) {
        struct sp_run_script *script = &out->items[i];
        count_acts(script);
        count_findings(script, run, &out->arena);
        script->proposed = script->well && !script->block && !script->review && is_trustworthy(run);
        out->proposed += script->proposed;
    }
    return 0;
}

void
sp_run_scripts_free(struct sp_run_scripts *scripts)
{
    for (size_t i = 0; i < scripts->count; i++)
        sp_run_acts_free(&scripts->items[i].acts);
    free(scripts->items);
    sp_arena_free(&scripts->arena);
    *scripts = (struct sp_run_scripts){ 0 };
}

int
sp_run_scripts_setting(const struct sp_run_scripts *scripts, struct sp_buffer *out, struct sp_error *err)
{
    bool object = scripts->setting && !strcmp(scripts->setting, "allowScripts"), first = true;
    if (!scripts->setting || !scripts->proposed)
        return 0;
    if (sp_buffer_printf(out, err, "\"%s\": %c", scripts->setting, object ? '{' : '[') < 0)
        return -1;
    for (size_t i = 0; i < scripts->count; i++) {
        sp_autojson struct sp_json name = { .err = err, .compact = true };
        if (!scripts->items[i].proposed)
            continue;
        sp_json_string(&name, scripts->items[i].name);
        if (sp_json_finish(&name) < 0 ||
            sp_buffer_printf(out, err, "%s%s%s", first ? " " : ", ", sp_buffer_string(&name.out),
                             object ? ": true" : "") < 0)
            return -1;
        first = false;
    }
    return sp_buffer_printf(out, err, " %c", object ? '}' : ']');
}
