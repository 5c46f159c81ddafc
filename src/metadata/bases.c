#include "metadata/bases.h"
#include "metadata/bases_read.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#define NOTES_MAX 100

static const struct {
    const char *variable, *url;
    int ecosystem; /* whose requests may carry its token; -1: any */
    bool document;
} services[SP_SERVICE_COUNT] = {
    [SP_SERVICE_NPM_DOWNLOADS] = { "NPM_DOWNLOADS", "https://api.npmjs.org/", SP_NPM, false },
    [SP_SERVICE_RUBYGEMS] = { "RUBYGEMS", "https://rubygems.org/", SP_RUBYGEMS, false },
    [SP_SERVICE_MAVEN] = { "MAVEN", "https://repo1.maven.org/maven2/", SP_MAVEN, false },
    [SP_SERVICE_MAVEN_SEARCH] = { "MAVEN_SEARCH", "https://search.maven.org/solrsearch/select", SP_MAVEN,
                                  true },
    [SP_SERVICE_GOPROXY] = { "GOPROXY", "https://proxy.golang.org/", SP_GOLANG, false },
    [SP_SERVICE_HUGGINGFACE] = { "HUGGINGFACE", "https://huggingface.co/", SP_HUGGINGFACE, false },
    [SP_SERVICE_CRATES_INDEX] = { "CRATES_INDEX", "https://index.crates.io/", SP_CARGO, false },
    [SP_SERVICE_CRATES_API] = { "CRATES_API", "https://crates.io/", SP_CARGO, false },
    [SP_SERVICE_CRATES_FILES] = { "CRATES_FILES", "https://static.crates.io/crates/", SP_CARGO, false },
    [SP_SERVICE_NUGET] = { "NUGET", "https://api.nuget.org/v3/index.json", SP_NUGET, true },
    [SP_SERVICE_DEPS_DEV] = { "DEPS_DEV", "https://api.deps.dev/", -1, false },
    [SP_SERVICE_ECOSYSTEMS] = { "ECOSYSTEMS", "https://packages.ecosyste.ms/", -1, false },
    [SP_SERVICE_GITHUB] = { "GITHUB", "https://api.github.com/", -1, false },
};

/* ---- setting ---- */

static void
free_base(struct sp_base *base)
{
    free(base->url);
    free(base->authorization);
    free(base->source);
    *base = (struct sp_base){ 0 };
}

static int
fill_base(struct sp_base *base, const char *url, const char *authorization, const char *source,
          struct sp_error *err)
{
    struct sp_base new = { strdup(url), authorization ? strdup(authorization) : NULL, strdup(source) };
    free_base(base);
    *base = new;
    return new.url &&new.source && (new.authorization || !authorization) ? 0 : sp_fail_memory(err);
}

static int
check_header(const char *authorization, const char *source, struct sp_error *err)
{
    for (const char *c = authorization; c && *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s: a token with a byte that no HTTP header holds; write it as it was issued",
                           source);
    return 0;
}

int
sp_base_set(struct sp_bases_reading *reading, enum sp_service service, const char *url,
            const char *authorization, const char *source, struct sp_error *err)
{
    struct sp_arena *arena = &reading->reading.arena;
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX];
    if (sp_url_parse(&parts, url, err) < 0)
        return sp_fail_within(err, "%s", source);
    sp_url_authority(&parts, authority);
    size_t path = strcspn(parts.rest, "?#");
    if (parts.rest[path])
        return sp_fail(err, SP_ERROR_INPUT, "%s: a registry with a query; write its URL without '?...'",
                       source);
    if (parts.user) {
        char *user = sp_percent_decode(&reading->reading, parts.user, parts.user_length, err);
        char *password = sp_percent_decode(&reading->reading, parts.password ? parts.password : "",
                                           parts.password_length, err);
        authorization = user && password ? sp_basic(&reading->reading, user, password, err) : NULL;
        if (!authorization)
            return -1;
    }
    bool closed = services[service].document || (path && parts.rest[path - 1] == '/');
    char *clean = sp_arena_printf(arena, err, "%s://%s%.*s%s", parts.secure ? "https" : "http", authority,
                                  (int)path, parts.rest, closed ? "" : "/");
    if (!clean || check_header(authorization, source, err) < 0)
        return -1;
    return fill_base(&reading->out->services[service], clean, authorization, source, err);
}

int
sp_base_switch_off(struct sp_bases_reading *reading, enum sp_service service, const char *source,
                   struct sp_error *err)
{
    return fill_base(&reading->out->services[service], "", NULL, source, err);
}

int
sp_bases_note(struct sp_bases_reading *reading, struct sp_error *err, const char *format, ...)
{
    struct sp_bases *out = reading->out;
    va_list arguments;
    va_start(arguments, format);
    int status =
        sp_list_note(&out->notes, &out->note_count, &out->note_capacity, NOTES_MAX, err, format, arguments);
    va_end(arguments);
    return status;
}

bool
sp_is_web_url(const char *url)
{
    return !strncasecmp(url, "https://", 8) || !strncasecmp(url, "http://", 7);
}

char *
sp_bases_expand(struct sp_bases_reading *reading, const char *text, const char *open, const char *close,
                struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { .limit = SP_CONFIG_FILE_MAX };
    for (const char *at = text; *at;) {
        const char *start = strstr(at, open), *name = start ? start + strlen(open) : NULL;
        const char *end = name ? strstr(name, close) : NULL;
        char variable[256];
        const char *value = NULL;
        if (!end)
            start = at + strlen(at);
        if (sp_buffer_append(&out, at, (size_t)(start - at), err) < 0)
            return NULL;
        if (!end)
            break;
        snprintf(variable, sizeof(variable), "%.*s", (int)(end - name), name);
        if ((size_t)(end - name) < sizeof(variable) && end > name)
            value = sp_reading_env(&reading->reading, variable);
        at = value ? end + strlen(close) : name;
        if ((value ? sp_buffer_append_string(&out, value, err) : sp_buffer_append_string(&out, open, err)) <
            0)
            return NULL;
    }
    return sp_arena_copy(&reading->reading.arena, sp_buffer_string(&out), out.length, err);
}

char *
sp_bases_path(struct sp_bases_reading *reading, const char *variable, const char *fallback, const char *rest,
              struct sp_error *err)
{
    const char *named = sp_reading_env(&reading->reading, variable);
    struct sp_arena *arena = &reading->reading.arena;
    if (named && *named)
        return sp_arena_printf(arena, err, "%s/%s", named, rest);
    return sp_arena_printf(arena, err, "%s/%s/%s", reading->reading.sources->home, fallback, rest);
}

/* ---- reading ---- */

/* What the user says to us goes before what he says to the tool; a token stays with the place that it is for.
 */
static int
read_override(struct sp_bases_reading *reading, enum sp_service service, struct sp_error *err)
{
    char name[64], source[96];
    snprintf(name, sizeof(name), "SALLYPORT_%s_URL", services[service].variable);
    snprintf(source, sizeof(source), "environment %s", name);
    const char *url = sp_reading_env(&reading->reading, name);
    if (!url || !*url)
        return 0;
    if (strcmp(url, "off") == 0)
        return sp_base_switch_off(reading, service, source, err);
    struct sp_base *base = &reading->out->services[service];
    const char *token = NULL;
    if (base->authorization && sp_base_covers(base->url, url) &&
        !(token = sp_arena_printf(&reading->reading.arena, err, "%s", base->authorization)))
        return -1;
    return sp_base_set(reading, service, url, token, source, err);
}

static bool
is_host(const char *url, const char *const *hosts)
{
    struct sp_url parts;
    if (!url || sp_url_parse(&parts, url, NULL) < 0)
        return false;
    for (; *hosts; hosts++)
        if (strcmp(parts.host, *hosts) == 0)
            return true;
    return false;
}

static int
read_all(struct sp_bases_reading *reading, struct sp_error *err)
{
    for (int i = 0; i < SP_SERVICE_COUNT; i++)
        if (fill_base(&reading->out->services[i], services[i].url, NULL, "default", err) < 0)
            return -1;
    if (sp_bases_read_go(reading, err) < 0 || sp_bases_read_huggingface(reading, err) < 0 ||
        sp_bases_read_rubygems(reading, err) < 0 || sp_bases_read_maven(reading, err) < 0 ||
        sp_bases_read_cargo(reading, err) < 0 || sp_bases_read_nuget(reading, err) < 0)
        return -1;
    for (int i = 0; i < SP_SERVICE_COUNT; i++)
        if (read_override(reading, (enum sp_service)i, err) < 0)
            return -1;
    return 0;
}

int
sp_bases_read(struct sp_bases *out, const struct sp_registries *registries,
              const struct sp_registry_sources *sources, struct sp_error *err)
{
    static const char *const npm[] = { "registry.npmjs.org", "registry.yarnpkg.com", NULL };
    static const char *const pypi[] = { "pypi.org", "pypi.python.org", NULL };
    *out = (struct sp_bases){ .registries = registries };
    struct sp_bases_reading reading = { .reading.sources = sources, .out = out };
    int status = read_all(&reading, err);
    sp_arena_free(&reading.reading.arena);
    if (status < 0) {
        sp_bases_free(out);
        return -1;
    }
    out->public_npm = is_host(sp_base_npm(out, "x"), npm);
    out->public_pypi = is_host(sp_base_pypi(out), pypi);
    return 0;
}

void
sp_bases_free(struct sp_bases *bases)
{
    for (int i = 0; i < SP_SERVICE_COUNT; i++)
        free_base(&bases->services[i]);
    for (size_t i = 0; i < bases->note_count; i++)
        free(bases->notes[i]);
    free(bases->notes);
    free(bases->go_private);
    *bases = (struct sp_bases){ 0 };
}

/* ---- asking ---- */

const char *
sp_base_npm(const struct sp_bases *bases, const char *name)
{
    const struct sp_registries *registries = bases->registries;
    const char *slash = *name == '@' ? strchr(name, '/') : NULL;
    size_t scope = slash ? (size_t)(slash - name) : 0;
    const char *any = NULL;
    for (size_t i = 0; registries && i < registries->count; i++) {
        const struct sp_registry *item = &registries->items[i];
        if (item->kind != SP_REGISTRY_NPM)
            continue;
        if (!item->scope)
            any = any ? any : item->url;
        else if (scope && strlen(item->scope) == scope && memcmp(item->scope, name, scope) == 0)
            return item->url;
    }
    return any ? any : "https://registry.npmjs.org/";
}

const char *
sp_base_pypi(const struct sp_bases *bases)
{
    const struct sp_registries *registries = bases->registries;
    for (size_t i = 0; registries && i < registries->count; i++)
        if (registries->items[i].kind == SP_REGISTRY_PYPI)
            return registries->items[i].url;
    return NULL;
}

/* A base that names a document covers what lies beside it. */
bool
sp_base_covers(const char *base, const char *url)
{
    struct sp_url one, other;
    if (!*base || sp_url_parse(&one, base, NULL) < 0 || sp_url_parse(&other, url, NULL) < 0 ||
        one.secure != other.secure || one.port != other.port || strcmp(one.host, other.host) != 0)
        return false;
    const char *slash = memrchr(one.rest, '/', strcspn(one.rest, "?#"));
    size_t length = slash ? (size_t)(slash - one.rest) + 1 : 0;
    return strncmp(one.rest, other.rest, length) == 0;
}

const char *
sp_bases_authorization(const struct sp_bases *bases, enum sp_ecosystem_id ecosystem, const char *url)
{
    const char *best = NULL;
    size_t longest = 0;
    for (int i = 0; i < SP_SERVICE_COUNT; i++) {
        const struct sp_base *base = &bases->services[i];
        if (base->authorization && (services[i].ecosystem < 0 || services[i].ecosystem == (int)ecosystem) &&
            strlen(base->url) > longest && sp_base_covers(base->url, url)) {
            best = base->authorization;
            longest = strlen(base->url);
        }
    }
    if (best || !bases->registries || (ecosystem != SP_NPM && ecosystem != SP_PYPI))
        return best;
    return sp_registries_authorization(bases->registries,
                                       ecosystem == SP_NPM ? SP_REGISTRY_NPM : SP_REGISTRY_PYPI, url);
}
