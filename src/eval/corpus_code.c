/* From fragments to code: placeholders filled, the guard before them, the order and the time of the calls. */
#include "eval/corpus_parts.h"

#include <string.h>

/* ------------------------------------------------------------ placeholders */

static const char *const verbs[] = { "load", "prepare", "resolve", "build", "check",   "collect", "init",
                                     "read", "setup",   "apply",   "sync",  "refresh", "probe",   "link" };
static const char *const nouns[] = { "Config", "State", "Assets", "Options", "Cache", "Table", "Target",
                                     "Index",  "Paths", "Schema", "Units",   "Links", "Parts", "Tree" };

static const char *
draw_function(enum sp_corpus_language language, struct sp_draw *draw, struct sp_arena *arena,
              struct sp_error *err)
{
    const char *verb = sp_draw_word(draw, verbs), *noun = sp_draw_word(draw, nouns);
    size_t number = sp_draw_below(draw, 900) + 10; /* several stand in one file */
    if (language == SP_CORPUS_JS)
        return sp_arena_printf(arena, err, "%s%s%zu", verb, noun, number);
    return sp_arena_printf(arena, err, "%s_%c%s_%zu", verb, *noun - 'A' + 'a', noun + 1, number);
}

static const char *
draw_host(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    static const char *const fronts[] = { "",    "",     "api.",   "cdn.",   "static.",
                                          "dl.", "www.", "hooks.", "update." };
    static const char *const tops[] = { "example", "example", "test", "invalid" };
    const char *word = sp_corpus_draw_invented(draw, arena, err), *front = sp_draw_word(draw, fronts);
    return word ? sp_arena_printf(arena, err, "%s%s.%s", front, word, sp_draw_word(draw, tops)) : NULL;
}

static const char *
draw_address(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    static const char *const nets[] = { "192.0.2", "198.51.100", "203.0.113" };
    return sp_arena_printf(arena, err, "%s.%zu", sp_draw_word(draw, nets), 1 + sp_draw_below(draw, 254));
}

static const char *
draw_path(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    static const char *const heads[] = { "v1", "v2", "api", "p", "files", "assets", "release", "hook" };
    static const char *const tails[] = { "latest", "collect", "stable", "update",
                                         "item",   "data",    "pkg",    "event" };
    const char *head = sp_draw_word(draw, heads), *tail = sp_draw_word(draw, tails);
    return sp_draw_chance(draw, 50)
               ? sp_arena_printf(arena, err, "%s/%s", head, tail)
               : sp_arena_printf(arena, err, "%s/%s/%zu", head, tail, sp_draw_below(draw, 9000));
}

static const char *
draw_token(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    char word[13];
    size_t length = 6 + sp_draw_below(draw, 7);
    for (size_t i = 0; i < length; i++)
        word[i] = (char)('a' + sp_draw_below(draw, 26));
    return sp_arena_copy(arena, word, length, err);
}

/* The value of placeholder NAME; the fragment was checked, so that it is known. */
static const char *
draw_value(const struct sp_act *act, const char *name, struct sp_draw *draw, struct sp_arena *arena,
           struct sp_error *err)
{
    static const char *const ports[] = { "443", "8080", "8443", "4444", "9001", "3000", "5000", "6667" };
    for (size_t i = 0; i < act->entry->choice_count; i++)
        if (!strcmp(act->entry->choices[i].name, name))
            return sp_draw_pick(draw, act->entry->choices[i].values.items,
                                act->entry->choices[i].values.count);
    if (!strcmp(name, "act"))
        return draw_function(act->fragment->language, draw, arena, err);
    if (!strcmp(name, "host"))
        return draw_host(draw, arena, err);
    if (!strcmp(name, "ip"))
        return draw_address(draw, arena, err);
    if (!strcmp(name, "port"))
        return sp_draw_chance(draw, 50)
                   ? sp_draw_word(draw, ports)
                   : sp_arena_printf(arena, err, "%zu", 1024 + sp_draw_below(draw, 60000));
    if (!strcmp(name, "path"))
        return draw_path(draw, arena, err);
    if (!strcmp(name, "token"))
        return draw_token(draw, arena, err);
    if (!strcmp(name, "delay"))
        return sp_arena_printf(arena, err, "%zu", sp_draw_below(draw, act->hurried ? 151 : 1501));
    if (!strcmp(name, "n"))
        return sp_arena_printf(arena, err, "%zu", 2 + sp_draw_below(draw, 8));
    sp_fail(err, SP_ERROR_INTERNAL, "%s: placeholder '%s' was not checked", act->entry->id, name);
    return NULL;
}

#define VALUES_MAX 80
struct filling {
    const char *names[VALUES_MAX], *values[VALUES_MAX];
    size_t count;
};

/* The same placeholder has the same value throughout a fragment. */
static const char *
value_of(struct filling *filling, const struct sp_act *act, const char *name, size_t length,
         struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    for (size_t i = 0; i < filling->count; i++)
        if (strlen(filling->names[i]) == length && !memcmp(filling->names[i], name, length))
            return filling->values[i];
    const char *copy = sp_arena_copy(arena, name, length, err);
    const char *value = copy ? draw_value(act, copy, draw, arena, err) : NULL;
    if (!value || filling->count == VALUES_MAX)
        return value;
    filling->names[filling->count] = copy;
    filling->values[filling->count++] = value;
    return value;
}

int
sp_corpus_fill(struct sp_buffer *out, const struct sp_act *act, const char **function, struct sp_draw *draw,
               struct sp_arena *arena, struct sp_error *err)
{
    struct filling filling = { 0 };
    const char *at = act->fragment->text, *found;
    *function = value_of(&filling, act, "act", 3, draw, arena, err);
    if (!*function)
        return -1;
    for (; (found = strstr(at, "{{")); at = strstr(found, "}}") + 2) {
        const char *name = found + 2;
        const char *value = value_of(&filling, act, name, strcspn(name, "}"), draw, arena, err);
        if (!value || sp_buffer_append(out, at, (size_t)(found - at), err) < 0 ||
            sp_buffer_append_string(out, value, err) < 0)
            return -1;
    }
    return sp_buffer_append_string(out, at, err);
}

/* ------------------------------------------------------------ acts */

/* A shell script inside the other languages: started, and waited for. */
static int
write_started(struct sp_buffer *out, const struct sp_act *act, enum sp_corpus_language language,
              const char **function, struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer script = { 0 }, literal = { 0 };
    if (sp_corpus_fill(&script, act, function, draw, arena, err) < 0 ||
        sp_corpus_quote(&literal, script.bytes, script.length, err) < 0)
        return -1;
    *function = draw_function(language, draw, arena, err);
    if (!*function)
        return -1;
    if (language == SP_CORPUS_JS)
        return sp_buffer_printf(
            out, err,
            "async function %s() {\n  await new Promise((done) => {\n"
            "    require('child_process').execFile('sh', ['-c', %s], { timeout: 10000 }, done);\n"
            "  });\n}\n",
            *function, literal.bytes);
    return sp_buffer_printf(
        out, err,
        "def %s():\n    import subprocess\n"
        "    subprocess.run([\"sh\", \"-c\", %s], stdin=subprocess.DEVNULL,\n"
        "                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10)\n",
        *function, literal.bytes);
}

/* Whether the act stands in a shell script beside the code. */
static bool
stands_apart(const struct sp_corpus_plan *plan, const struct sp_act *act)
{
    return plan->shell_file && act == plan->main_act && act->fragment->language == SP_CORPUS_SH &&
           plan->trigger <= SP_TRIGGER_POSTINSTALL;
}

/* All functions, and the list of their names. */
static int
write_functions(struct sp_buffer *out, struct sp_buffer *names, const struct sp_corpus_plan *plan,
                struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    enum sp_corpus_language language = (enum sp_corpus_language)plan->ecosystem;
    for (size_t i = 0; i < plan->act_count; i++) {
        const struct sp_act *act = &plan->acts[i];
        const char *function = NULL;
        if (stands_apart(plan, act))
            continue;
        int status = act->fragment->language == SP_CORPUS_SH
                         ? write_started(out, act, language, &function, draw, arena, err)
                         : sp_corpus_fill(out, act, &function, draw, arena, err);
        if (status < 0 || sp_buffer_append_byte(out, '\n', err) < 0 ||
            sp_buffer_printf(names, err, "%s%s", names->length ? ", " : "", function) < 0)
            return -1;
    }
    return 0;
}

static int
write_js_calls(struct sp_buffer *out, const struct sp_corpus_plan *plan, const char *names,
               struct sp_error *err)
{
    if (sp_buffer_printf(out, err,
                         "  const steps = async () => {\n    for (const step of [%s]) {\n"
                         "      try { await step(); } catch (error) { /* an install goes on without it */ }\n"
                         "    }\n  };\n",
                         names) < 0)
        return -1;
    switch (plan->timing) {
    case SP_TIMING_LATER:
        return sp_buffer_printf(out, err, "  setTimeout(steps, %u);\n", plan->delay);
    case SP_TIMING_NEXT:
        return sp_buffer_append_string(out, "  setImmediate(steps);\n", err);
    default:
        return sp_buffer_append_string(out, "  steps();\n", err);
    }
}

static int
write_python_calls(struct sp_buffer *out, const struct sp_corpus_plan *plan, const char *names,
                   const char *in, struct sp_error *err)
{
    if (plan->timing == SP_TIMING_LATER &&
        sp_buffer_printf(out, err, "%simport time\n%stime.sleep(%u / 1000)\n", in, in, plan->delay) < 0)
        return -1;
    if (plan->timing == SP_TIMING_NEXT)
        return sp_buffer_printf(out, err,
                                "%sdef steps():\n%s    for step in [%s]:\n%s        try:\n"
                                "%s            step()\n%s        except Exception:\n%s            pass\n"
                                "%simport threading\n%sthreading.Thread(target=steps).start()\n",
                                in, in, names, in, in, in, in, in, in);
    return sp_buffer_printf(out, err,
                            "%sfor step in [%s]:\n%s    try:\n%s        step()\n"
                            "%s    except Exception:\n%s        pass\n",
                            in, names, in, in, in, in);
}

static int
write_guard(struct sp_buffer *out, enum sp_corpus_language language, const char *name, struct sp_error *err)
{
    if (language == SP_CORPUS_JS)
        return sp_buffer_printf(out, err,
                                "function %s() {\n"
                                "  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== "
                                "'localhost') return;\n",
                                name);
    return sp_buffer_printf(out, err,
                            "def %s():\n    import os\n"
                            "    if os.environ.get(\"SALLYPORT_CORPUS\") != \"1\" or os.uname().nodename != "
                            "\"localhost\":\n        return\n",
                            name);
}

/* The code that a wrapper takes: functions and calls, at its outermost level. */
static int
write_inner(struct sp_buffer *out, const struct sp_corpus_plan *plan, const struct sp_buffer *functions,
            const char *names, struct sp_error *err)
{
    if (sp_buffer_append_string(out, sp_buffer_string(functions), err) < 0)
        return -1;
    if (plan->ecosystem == SP_CORPUS_PYPI)
        return write_python_calls(out, plan, names, "", err);
    if (sp_buffer_append_string(out, "(() => {\n", err) < 0 || write_js_calls(out, plan, names, err) < 0)
        return -1;
    return sp_buffer_append_string(out, "})();\n", err);
}

int
sp_corpus_write_acts(struct sp_buffer *out, const struct sp_corpus_plan *plan, const char *name,
                     struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err)
{
    enum sp_corpus_language language = (enum sp_corpus_language)plan->ecosystem;
    bool js = language == SP_CORPUS_JS, plain = plan->wrappers[0] == SP_WRAPPER_PLAIN;
    sp_autobuffer struct sp_buffer functions = { 0 }, names = { 0 }, inner = { 0 }, outer = { 0 };
    if (write_functions(&functions, &names, plan, draw, arena, err) < 0)
        return -1;
    if (plain) {
        if (sp_buffer_append_string(out, sp_buffer_string(&functions), err) < 0)
            return -1;
        if (write_guard(out, language, name, err) < 0 ||
            (js ? write_js_calls(out, plan, sp_buffer_string(&names), err)
                : write_python_calls(out, plan, sp_buffer_string(&names), "    ", err)) < 0)
            return -1;
        return js ? sp_buffer_append_string(out, "}\n", err) : 0;
    }
    if (write_inner(&inner, plan, &functions, sp_buffer_string(&names), err) < 0)
        return -1;
    const struct sp_buffer *code = &inner;
    uint32_t wrapper = plan->wrappers[0];
    if (plan->wrappers[1] < SP_WRAPPER_COUNT) {
        if (!js && sp_buffer_append_string(&outer, "import os\n", err) < 0)
            return -1;
        if (sp_corpus_wrap(&outer, language, wrapper, inner.bytes, inner.length, 0, draw, err) < 0)
            return -1;
        code = &outer;
        wrapper = plan->wrappers[1];
    }
    if (write_guard(out, language, name, err) < 0 ||
        sp_corpus_wrap(out, language, wrapper, code->bytes, code->length, js ? 2 : 4, draw, err) < 0)
        return -1;
    return js ? sp_buffer_append_string(out, "}\n", err) : 0;
}

int
sp_corpus_write_shell(struct sp_buffer *out, const struct sp_act *act, struct sp_draw *draw,
                      struct sp_arena *arena, struct sp_error *err)
{
    const char *function = NULL;
    if (sp_buffer_append_string(
            out,
            "#!/bin/sh\n# " SP_CORPUS_FIRST_LINE "\n"
            "[ \"$SALLYPORT_CORPUS\" = 1 ] && [ \"$(uname -n)\" = localhost ] || exit 0\n",
            err) < 0 ||
        sp_corpus_fill(out, act, &function, draw, arena, err) < 0)
        return -1;
    return sp_buffer_append_string(out, "\nexit 0\n", err);
}
