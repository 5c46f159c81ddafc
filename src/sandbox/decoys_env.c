/* decoys_env.c: the environment of the room: what is harmless, and canaries for what is secret. */
#include "sandbox/decoys_parts.h"
#include "sandbox/secret.h"

#include <string.h>
#include <strings.h>

/* One name, or all that begin so ("LC_*"). */
static bool
is_listed(const char *const *list, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        size_t need = strlen(list[i]);
        bool open = list[i][need - 1] == '*';
        need -= open;
        if ((open ? length >= need : length == need) && !memcmp(name, list[i], need))
            return true;
    }
    return false;
}

/* What reaches out of the room, or into its programs: sockets and agents, displays, proxies (ours is set by
 * others), the loader, shells' start files; NODE_OPTIONS and PYTHONSTARTUP run a file of the host's in every
 * interpreter, and --require of a path that the room hides would break all of them. */
static const char *const left_out[] = {
    "HOME",
    "OLDPWD",
    "SSH_*",
    "GPG_AGENT_INFO",
    "GPG_TTY",
    "DBUS_*",
    "DISPLAY",
    "WAYLAND_*",
    "XAUTHORITY",
    "DOCKER_*",
    "CONTAINER_HOST",
    "KUBECONFIG",
    "LD_*",
    "DYLD_*",
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
    "NODE_OPTIONS",
    "SUDO_*",
    "XDG_RUNTIME_DIR",
    "TMPDIR",
    "TMP",
    "TEMP",
    "MAIL",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "BASH_FUNC_*",
    "PS1",
    "PS4",
    "GIT_ASKPASS",
    "VSCODE_*",
    "TMUX*",
    "STY",
    "PERL5OPT",
    "RUBYOPT",
    "NOTIFY_SOCKET",
    "LISTEN_*",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "SSLKEYLOGFILE",
    "GLIBC_TUNABLES",
    "SALLYPORT_*",
};

/* clang-format off */
static const char *const passes[] = {
    "PATH", "PWD", "USER", "LOGNAME", "SHELL", "HOSTTYPE", "OSTYPE",
    "LANG", "LC_*", "LANGUAGE", "TZ", "TZDIR", "TERM", "TERMINFO", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR*",
    "COLUMNS", "LINES", "EDITOR", "VISUAL", "PAGER", "LESS", "MANPAGER",
    "CI", "CONTINUOUS_INTEGRATION", "BUILD_ID", "BUILD_NUMBER", "RUN_ID", "GITHUB_ACTIONS", "GITHUB_ACTION",
    "GITHUB_WORKSPACE", "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_SHA", "GITHUB_REPOSITORY", "GITHUB_RUN_ID",
    "GITHUB_EVENT_NAME", "GITHUB_HEAD_REF", "GITHUB_BASE_REF", "GITLAB_CI", "CI_COMMIT_SHA", "CI_COMMIT_REF_NAME",
    "CI_PROJECT_PATH", "CIRCLECI", "TRAVIS", "APPVEYOR", "BUILDKITE", "DRONE", "TEAMCITY_VERSION", "JENKINS_URL",
    "TF_BUILD", "BITBUCKET_COMMIT", "CODEBUILD_BUILD_ARN", "NETLIFY", "VERCEL", "RUNNER_OS", "RUNNER_ARCH", "RENOVATE",
    "NODE_ENV", "NODE_VERSION", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "NODE_NO_WARNINGS", "NVM_*", "VOLTA_HOME",
    "FNM_*", "ASDF_*", "COREPACK_*", "HUSKY", "ELECTRON_SKIP_BINARY_DOWNLOAD", "PUPPETEER_SKIP_*",
    "PLAYWRIGHT_SKIP_*", "CYPRESS_INSTALL_BINARY", "SHARP_*", "DISABLE_OPENCOLLECTIVE", "ADBLOCK", "OPENCOLLECTIVE_HIDE",
    "PYTHON*", "VIRTUAL_ENV*", "CONDA_*", "MAMBA_*", "PYENV*", "POETRY_*", "PIPENV_*", "SETUPTOOLS_*", "CIBW_*", "PBR_VERSION",
    "PIP_*", "npm_config_*", "NPM_CONFIG_*", "YARN_*", "PNPM_*", "UV_*",
    "CC", "CXX", "CPP", "LD", "AR", "AS", "NM", "RANLIB", "STRIP", "FC", "F77", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS",
    "FFLAGS", "MAKEFLAGS", "MAKE", "MAKELEVEL", "CMAKE_*", "NINJA_STATUS", "PKG_CONFIG*", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
    "CPATH", "LIBRARY_PATH", "ARCHFLAGS", "JAVA_HOME", "JDK_HOME", "GOPATH", "GOROOT", "GOFLAGS", "CARGO_HOME", "RUSTUP_*",
    "RUSTFLAGS", "CARGO_BUILD_*", "RBENV_*", "GEM_HOME", "GEM_PATH", "ANDROID_HOME", "CUDA_HOME", "CUDA_PATH", "OPENSSL_DIR",
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "npm_node_execpath", "SOURCE_DATE_EPOCH", "DEBIAN_FRONTEND",
    "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "UV_NATIVE_TLS",
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_TERMINAL_PROMPT",
};
/* clang-format on */

/* Settings of package managers: which registry, by what way, with what credentials and cache is for others to
 * say. */
static bool
is_steering(const char *name, size_t length)
{
    static const char *const families[] = { "PIP_*", "npm_config_*", "NPM_CONFIG_*", "YARN_*",    "PNPM_*",
                                            "UV_*",  "POETRY_*",     "PIPENV_*",     "COREPACK_*" };
    static const char *const parts[] = { "registry",     "index",  "proxy",       "find_links",
                                         "trusted_host", "cache",  "config_file", "userconfig",
                                         "globalconfig", "cafile", "token",       "password",
                                         "_auth",        "auth_",  "username",    "keyring",
                                         "mirror",       "//",     "publish" };
    if (!is_listed(families, SP_COUNT(families), name, length) || !strncmp(name, "PIP_CERT=", 9))
        return false;
    for (size_t i = 0; i < SP_COUNT(parts); i++) {
        size_t need = strlen(parts[i]);
        for (size_t at = 0; at + need <= length; at++)
            if (!strncasecmp(name + at, parts[i], need))
                return true;
    }
    return false;
}

static bool
is_proxy(const char *name, size_t length)
{
    return length >= 6 && !strncasecmp(name + length - 6, "_PROXY", 6);
}

struct env {
    struct sp_decoy_making *making;
    char **items;
    size_t count;
};

static bool
is_set(const struct env *env, const char *name, size_t length)
{
    for (size_t i = 0; i < env->count; i++)
        if (!strncmp(env->items[i], name, length) && env->items[i][length] == '=')
            return true;
    return false;
}

static int
set(struct env *env, const char *name, size_t length, const char *value)
{
    char *line =
        sp_arena_printf(env->making->out->arena, env->making->err, "%.*s=%s", (int)length, name, value);
    if (!line)
        return -1;
    env->items[env->count++] = line;
    return 0;
}

/* What is in making->bytes, as a variable and as a decoy. */
static int
set_decoy(struct env *env, const char *name, size_t length)
{
    struct sp_decoy_making *making = env->making;
    char *own = sp_arena_copy(making->out->arena, name, length, making->err);
    if (!own || set(env, name, length, sp_buffer_string(&making->bytes)) < 0)
        return -1;
    const char *id = sp_arena_printf(making->out->arena, making->err, "env:%s", own);
    const char *title = sp_arena_printf(making->out->arena, making->err, "the environment variable %s", own);
    if (!id || !title)
        return -1;
    return sp_decoys_add(making, id, title, false, NULL, own, 0);
}

static void
begin(struct sp_decoy_making *making)
{
    making->canaries = (struct sp_canaries){ .arena = making->out->arena };
    sp_buffer_clear(&making->bytes);
}

/* A stand-in for each secret in VALUE that its form gives away, else for the whole. */
static int
mask(struct env *env, const char *name, size_t length, const char *value)
{
    struct sp_decoy_making *making = env->making;
    size_t left = strlen(value);
    struct sp_span span;
    begin(making);
    bool url = strstr(value, "://") && sp_secret_formed(value, left);
    while (url && sp_secret_next(value, left, &span)) {
        if (sp_decoy_append(making, value, span.from) < 0 ||
            sp_secret_stand_in(&making->bytes, value + span.from, span.to - span.from, &making->canaries,
                               making->err) < 0)
            return -1;
        value += span.to;
        left -= span.to;
    }
    int result = url ? sp_decoy_append(making, value, left)
                     : sp_secret_stand_in(&making->bytes, value, left, &making->canaries, making->err);
    return result < 0 ? -1 : set_decoy(env, name, length);
}

static int
take(struct env *env, const char *line)
{
    const char *equals = strchr(line, '=');
    if (!equals || equals == line || equals - line > 512)
        return 0;
    size_t length = (size_t)(equals - line), value_length = strlen(equals + 1);
    const char *value = equals + 1;
    /* what the packages of the corpus wait for (docs/corpus.md); no other of ours goes in */
    if (!strcmp(line, "SALLYPORT_CORPUS=1"))
        return set(env, line, length, value);
    if (value_length > 32768 || is_listed(left_out, SP_COUNT(left_out), line, length) ||
        is_proxy(line, length) || is_steering(line, length) || is_set(env, line, length))
        return 0;
    bool known = is_listed(passes, SP_COUNT(passes), line, length);
    if (known && !sp_secret_formed(value, value_length) &&
        (!sp_secret_named(line, length) || sp_secret_harmless(value, value_length)))
        return set(env, line, length, value);
    if (sp_secret_harmless(value, value_length))
        return 0;
    bool plain_url = strstr(value, "://") && !sp_secret_formed(value, value_length);
    if (sp_secret_formed(value, value_length) || sp_secret_random(value, value_length) ||
        (sp_secret_named(line, length) && (!plain_url || strcasestr(line, "webhook"))))
        return mask(env, line, length, value);
    return 0;
}

/* GITHUB_TOKEN is not among them: honest installs send it to GitHub when it is there (vscode-ripgrep). */
static int
plant(struct env *env)
{
    static const struct {
        const char *name, *form;
    } planted[] = {
        { "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE" },
        { "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
        { "NPM_TOKEN", "npm_000000000000000000000000000000000000" },
        { "PYPI_TOKEN", NULL },
    };
    for (size_t i = 0; i < SP_COUNT(planted); i++) {
        if (is_set(env, planted[i].name, strlen(planted[i].name)))
            continue;
        if (planted[i].form) {
            if (mask(env, planted[i].name, strlen(planted[i].name), planted[i].form) < 0)
                return -1;
            continue;
        }
        struct sp_decoy_making *making = env->making;
        char canary[SP_CANARY_LENGTH + 1];
        begin(making);
        if (sp_canary_new(canary, making->err) < 0 ||
            sp_canaries_add(&making->canaries, canary, SP_CANARY_LENGTH, making->err) < 0 ||
            sp_write_pypi_token(making) < 0 || set_decoy(env, planted[i].name, strlen(planted[i].name)) < 0)
            return -1;
    }
    return 0;
}

static int
by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int
sp_decoys_of_environment(struct sp_decoy_making *making)
{
    static const char *const none[] = { NULL };
    const char *const *from = making->wishes->env ? making->wishes->env : none;
    size_t count = 0;
    while (from[count])
        count++;
    struct env env = { .making = making };
    env.items = sp_arena_alloc(making->out->arena, (count + 16) * sizeof(*env.items), making->err);
    if (!env.items || set(&env, "HOME", 4, making->wishes->home) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (take(&env, from[i]) < 0)
            return -1;
    if (plant(&env) < 0)
        return -1;
    qsort(env.items, env.count, sizeof(*env.items), by_line);
    making->out->env = env.items;
    return 0;
}
