/* python_place.c: from a command to an interpreter, and from there to its venv, prefix and site-packages.
 * Sources: Python's "site", "venv" and "sysconfig"; Debian's python3 policy; pyenv's COMMANDS.md and the
 * script pyenv-which. */
#include "manager/python_place.h"
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SCRIPT_MAX 4096 /* bytes of a script that are looked at */

/* The first bytes of the file at PATH as a string; false: none. */
static bool
read_start(const char *path, char bytes[SCRIPT_MAX])
{
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return false;
    ssize_t length = read(fd, bytes, SCRIPT_MAX - 1);
    bytes[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* ---- pyenv ---- */

static const char *
pyenv_root(struct sp_planning *planning, struct sp_error *err)
{
    const char *root = sp_planning_getenv(planning, "PYENV_ROOT");
    return root && *root ? root
                         : sp_arena_printf(&planning->plan->arena, err, "%s/.pyenv", planning->request->home);
}

/* "3.11" means the highest 3.11.x that is there. */
static bool
match_version(const char *versions, const char *wanted, char out[NAME_MAX + 1])
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", versions, wanted) < sizeof(path) &&
        sp_path_is_directory(path)) {
        snprintf(out, NAME_MAX + 1, "%s", wanted);
        return true;
    }
    DIR *entries = opendir(versions);
    out[0] = '\0';
    size_t length = strlen(wanted);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (!strncmp(entry->d_name, wanted, length) && entry->d_name[length] == '.' &&
            strverscmp(entry->d_name, out) > 0)
            snprintf(out, NAME_MAX + 1, "%s", entry->d_name);
    if (entries)
        closedir(entries);
    return out[0] != '\0';
}

/* Versions in TEXT, divided by blanks and colons: the first that has bin/NAME. */
static const char *
pick_version(struct sp_planning *planning, const char *root, const char *text, const char *name,
             struct sp_error *err)
{
    while (*text) {
        text += strspn(text, " \t\r\n:");
        size_t length = strcspn(text, " \t\r\n:#");
        char wanted[NAME_MAX + 1], found[NAME_MAX + 1], versions[PATH_MAX];
        if (!length || length >= sizeof(wanted))
            break;
        memcpy(wanted, text, length);
        wanted[length] = '\0';
        text += length;
        if (!strcmp(wanted, "system"))
            return NULL;
        snprintf(versions, sizeof(versions), "%s/versions", root);
        const char *bare = !strncmp(wanted, "python-", 7) ? wanted + 7 : wanted;
        if (strchr(bare, '/') || !match_version(versions, bare, found))
            continue;
        const char *program =
            sp_arena_printf(&planning->plan->arena, err, "%s/%s/bin/%s", versions, found, name);
        if (!program || access(program, X_OK) == 0)
            return program;
    }
    return NULL;
}

/* What the shim NAME runs: PYENV_VERSION, .python-version upwards, the global version file. NULL: the
 * system's. */
static const char *
follow_shim(struct sp_planning *planning, const char *root, const char *name, struct sp_error *err)
{
    static const char *const local[] = { ".python-version", NULL };
    const char *version = sp_planning_getenv(planning, "PYENV_VERSION");
    char bytes[SCRIPT_MAX], path[PATH_MAX];
    if (version && *version)
        return pick_version(planning, root, version, name, err);
    const char *directory = sp_planning_upwards(planning, planning->request->cwd, local, err);
    snprintf(path, sizeof(path), "%s/.python-version", directory ? directory : "/nonexistent");
    if (!read_start(path, bytes)) {
        snprintf(path, sizeof(path), "%s/version", root);
        if (!read_start(path, bytes))
            return NULL;
    }
    return pick_version(planning, root, bytes, name, err);
}

/* NAME as PATH finds it, through pyenv's shims. NULL: not found. */
static const char *
find_program(struct sp_planning *planning, const char *name, struct sp_error *err)
{
    const char *program = sp_planning_which(planning, name, NULL, err);
    const char *root = pyenv_root(planning, err);
    if (!program || !root)
        return program;
    char shims[PATH_MAX];
    snprintf(shims, sizeof(shims), "%s/shims", root);
    if (!sp_path_beneath(shims, program))
        return program;
    const char *found = follow_shim(planning, root, sp_base_name(name), err);
    return found ? found : sp_planning_which(planning, sp_base_name(name), shims, err);
}

/* ---- the interpreter ---- */

int
sp_python_find(struct sp_planning *planning, const char *name, struct sp_python *out, struct sp_error *err)
{
    *out = (struct sp_python){ .interpreter = find_program(planning, name, err) };
    return out->interpreter ? sp_python_place(planning, out, err) : 0;
}

/* The interpreter that the first lines of the script PATH name: "#!/p/python", "#!/usr/bin/env python3", or
 * the shell's exec of a path that is too long for "#!". */
static const char *
interpreter_of(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    char bytes[SCRIPT_MAX];
    if (!read_start(path, bytes) || strncmp(bytes, "#!", 2) != 0)
        return NULL;
    char *line = bytes + 2 + strspn(bytes + 2, " \t");
    char *end = line + strcspn(line, "\n");
    bool more = *end == '\n';
    *end = '\0';
    char *word = line + strcspn(line, " \t\r");
    bool with_argument = *word && *word != '\r';
    *word = '\0';
    if (with_argument && !strcmp(sp_base_name(line), "env")) {
        char *name = word + 1 + strspn(word + 1, " \t");
        if (!strncmp(name, "-S", 2))
            name += 2 + strspn(name + 2, " \t");
        name[strcspn(name, " \t\r")] = '\0';
        return find_program(planning, name, err);
    }
    if (!strncmp(sp_base_name(line), "python", 6) || !strncmp(sp_base_name(line), "pypy", 4))
        return sp_arena_copy(&planning->plan->arena, line, strlen(line), err);
    char *exec = more ? strstr(end + 1, "'''exec' ") : NULL;
    if (!exec)
        return NULL;
    exec += strlen("'''exec' ");
    char quote = *exec == '"' ? *exec++ : ' ';
    char *stop = strchr(exec, quote);
    return stop ? sp_arena_copy(&planning->plan->arena, exec, (size_t)(stop - exec), err) : NULL;
}

int
sp_python_of_script(struct sp_planning *planning, const char *name, struct sp_python *out,
                    struct sp_error *err)
{
    *out = (struct sp_python){ 0 };
    const char *script = find_program(planning, name, err);
    if (!script)
        return 0;
    out->interpreter = interpreter_of(planning, script, err);
    if (!out->interpreter) {
        /* a program of its own (Windows-like launchers, frozen pips): python beside it */
        const char *beside = sp_arena_printf(&planning->plan->arena, err, "%.*s/python3",
                                             (int)(sp_base_name(script) - script - 1), script);
        if (!beside)
            return -1;
        if (access(beside, X_OK) != 0)
            return 0;
        out->interpreter = beside;
    }
    return sp_python_place(planning, out, err);
}

/* ---- its place ---- */

/* KEY's value in the pyvenv.cfg at PATH. */
static const char *
venv_setting(struct sp_planning *planning, const char *path, const char *key, struct sp_error *err)
{
    char bytes[SCRIPT_MAX], *rest = NULL;
    if (!read_start(path, bytes))
        return NULL;
    for (char *line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(key);
        if (strncmp(line, key, length) != 0 || (line[length] != ' ' && line[length] != '='))
            continue;
        char *value = line + length + strspn(line + length, " =");
        value[strcspn(value, "\r")] = '\0';
        return sp_arena_copy(&planning->plan->arena, value, strlen(value), err);
    }
    return NULL;
}

/* "3.11" from "3.11.7", "python3.11", "3.11.7.final.0". */
static const char *
short_version(struct sp_planning *planning, const char *text, struct sp_error *err)
{
    text += strcspn(text, "0123456789");
    size_t major = strspn(text, "0123456789");
    if (!major || text[major] != '.')
        return NULL;
    size_t minor = strspn(text + major + 1, "0123456789");
    return minor ? sp_arena_copy(&planning->plan->arena, text, major + 1 + minor, err) : NULL;
}

/* From lib/pythonX.Y beneath PREFIX, where names do not tell. */
static const char *
version_of_prefix(struct sp_planning *planning, const char *prefix, struct sp_error *err)
{
    char path[PATH_MAX], best[NAME_MAX + 1] = "";
    snprintf(path, sizeof(path), "%s/lib", prefix);
    DIR *entries = opendir(path);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (!strncmp(entry->d_name, "python", 6) && strchr(entry->d_name, '.') &&
            strverscmp(entry->d_name, best) > 0)
            snprintf(best, sizeof(best), "%s", entry->d_name);
    if (entries)
        closedir(entries);
    return best[0] ? short_version(planning, best, err) : NULL;
}

static const char *
parent(struct sp_arena *arena, const char *path, int levels, struct sp_error *err)
{
    size_t length = strlen(path);
    while (levels-- > 0) {
        while (length > 1 && path[length - 1] != '/')
            length--;
        while (length > 1 && path[length - 1] == '/')
            length--;
    }
    return sp_arena_copy(arena, path, length, err);
}

int
sp_python_place(struct sp_planning *planning, struct sp_python *python, struct sp_error *err)
{
    struct sp_arena *arena = &planning->plan->arena;
    const char *prefix = parent(arena, python->interpreter, 2, err);
    const char *real = sp_planning_path(planning, "/", python->interpreter, err);
    const char *settings = prefix ? sp_arena_printf(arena, err, "%s/pyvenv.cfg", prefix) : NULL;
    if (!real || !settings)
        return -1;
    python->venv = sp_path_exists(settings);
    python->base = parent(arena, real, 2, err);
    if (!python->base)
        return -1;
    if (python->venv) {
        python->prefix = sp_planning_path(planning, "/", prefix, err);
        const char *version = venv_setting(planning, settings, "version", err);
        if (!version)
            version = venv_setting(planning, settings, "version_info", err);
        if (version)
            python->version = short_version(planning, version, err);
    } else {
        python->prefix = python->base;
        python->version = short_version(planning, sp_base_name(real), err);
    }
    if (!python->prefix)
        return -1;
    if (!python->version)
        python->version = version_of_prefix(planning, python->prefix, err);
    if (!python->version)
        python->version = "3";
    python->debian = !python->venv && !strcmp(python->prefix, "/usr") &&
                     sp_path_is_directory("/usr/lib/python3/dist-packages");
    python->site =
        python->debian
            ? sp_arena_printf(arena, err, "/usr/local/lib/python%s/dist-packages", python->version)
            : sp_arena_printf(arena, err, "%s/lib/python%s/site-packages", python->prefix, python->version);
    return python->site ? 0 : -1;
}

int
sp_python_outputs(struct sp_planning *planning, const struct sp_python *python, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    if (sp_path_list_add(&plan->modules, python->site, err) < 0)
        return -1;
    if (python->venv)
        return sp_plan_add_output_tree(plan, python->prefix, err);
    const char *prefix = python->debian ? "/usr/local" : python->prefix;
    static const char *const places[] = { "bin", "share", "include", "etc", "man" };
    if (sp_plan_add_output_tree(plan, python->site, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        const char *place = sp_arena_printf(&plan->arena, err, "%s/%s", prefix, places[i]);
        if (!place || sp_plan_add_output_tree(plan, place, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_python_readable(struct sp_planning *planning, const struct sp_python *python, struct sp_error *err)
{
    if (!python->interpreter)
        return 0;
    if (sp_planning_toolchain_of(planning, python->interpreter, err) < 0)
        return -1;
    const char *base = sp_arena_printf(&planning->plan->arena, err, "%s/bin/python", python->base);
    return base ? sp_planning_toolchain_of(planning, base, err) : -1;
}
