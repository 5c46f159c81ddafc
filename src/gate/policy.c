#include "gate/policy.h"
#include "base/file.h"
#include "ecosystem/purl.h"
#include "report/report.h"

#include <string.h>

#define SPACES " \t\r"

/* --------------------------------------------------------------- reading */

/* "run/decoy-read": two words of small letters, digits and '-'. */
static bool
is_rule(const char *text, size_t length)
{
    size_t slash = strcspn(text, "/");
    if (!slash || slash + 1 >= length)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool word = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
                    (text[i] == '-' && i && text[i - 1] != '/' && i + 1 < length);
        if (!word && i != slash)
            return false;
    }
    return true;
}

/* PACKAGE is the canonical form without version, qualifiers and subpath: what makes two URLs the same
 * package. */
static int
read_package(struct sp_arena *arena, const char *text, size_t length, const char **package,
             const char **version, struct sp_error *err)
{
    struct sp_purl purl;
    sp_autobuffer struct sp_buffer canonical = { 0 };
    if (sp_purl_parse(text, length, &purl, arena, err) < 0)
        return -1;
    *version = purl.version;
    purl.version = purl.subpath = NULL;
    purl.qualifier_count = 0;
    if (sp_purl_format(&purl, &canonical, err) < 0)
        return -1;
    *package = sp_arena_copy(arena, canonical.bytes, canonical.length, err);
    return *package ? 0 : -1;
}

/* The next word of *AT, which moves behind it; 0: none is left before a comment or the end. */
static size_t
next_word(const char **at, const char *end, const char **word)
{
    while (*at < end && strchr(SPACES, **at))
        ++*at;
    *word = *at;
    if (*at < end && **at == '#')
        *at = end;
    while (*at < end && !strchr(SPACES, **at))
        ++*at;
    return **word == '#' ? 0 : (size_t)(*at - *word);
}

static int
read_words(struct sp_policy *policy, struct sp_policy_line *out, const char *line, const char *end,
           struct sp_error *err)
{
    const char *word, *at = line;
    size_t length = next_word(&at, end, &word);
    if (length != 5 || strncmp(word, "allow", 5) != 0)
        return sp_fail(err, SP_ERROR_INPUT,
                       "a line is 'allow RULE PURL', 'allow RULE' or a comment after '#', not '%.*s'",
                       (int)(length < 60 ? length : 60), word);
    length = next_word(&at, end, &word);
    if (!length)
        return sp_fail(err, SP_ERROR_INPUT,
                       "it names no rule, as in 'allow run/connection pkg:npm/left-pad@1.3.0'");
    if (!is_rule(word, length))
        return sp_fail(err, SP_ERROR_INPUT,
                       "'%.*s' is no rule; each is allowed by its whole name, such as run/connection",
                       (int)(length < 60 ? length : 60), word);
    if (!(out->rule = sp_arena_copy(&policy->arena, word, length, err)))
        return -1;
    length = next_word(&at, end, &word);
    if (length && read_package(&policy->arena, word, length, &out->package, &out->version, err) < 0)
        return -1;
    if (next_word(&at, end, &word))
        return sp_fail(err, SP_ERROR_INPUT, "'%.40s' is one word too many; write a line for each package",
                       word);
    if (!strncmp(out->rule, "name/", 5) && out->version)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s is about the name, whatever the version: leave the version out of the package URL",
                       out->rule);
    if (sp_rule_needs_version(out->rule) && !out->version)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%s is a proof and can be allowed for one version only: name the package with its version",
            out->rule);
    return 0;
}

static int
read_line(struct sp_policy *policy, uint32_t number, const char *line, const char *end, struct sp_error *err)
{
    const char *word, *at = line;
    struct sp_policy_line read = { .line = number };
    if (!next_word(&at, end, &word))
        return 0;
    if (read_words(policy, &read, line, end, err) < 0)
        return -1;
    if (policy->count >= SP_POLICY_LINES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "a policy has at most %u lines", SP_POLICY_LINES_MAX);
    if (sp_grow(policy->lines, policy->capacity, policy->count + 1, err) < 0)
        return -1;
    policy->lines[policy->count++] = read;
    return 0;
}

int
sp_policy_parse(struct sp_policy *policy, const char *path, const char *text, size_t length,
                struct sp_error *err)
{
    const char *all = text + length;
    if (!(policy->path = sp_arena_copy(&policy->arena, path, strlen(path), err)))
        return -1;
    if (memchr(text, '\0', length))
        return sp_fail(err, SP_ERROR_INPUT, "%s: holds a NUL byte and is no policy", path);
    for (uint32_t number = 1; text < all; number++) {
        const char *end = memchr(text, '\n', (size_t)(all - text));
        if (!end)
            end = all;
        if (read_line(policy, number, text, end, err) < 0)
            return sp_fail_within(err, "%s:%u", path, number);
        text = end + 1;
    }
    return 0;
}

int
sp_policy_read(struct sp_policy *policy, const char *path, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_file_read(path, SP_POLICY_BYTES_MAX, &text, err) < 0)
        return -1;
    return sp_policy_parse(policy, path, sp_buffer_string(&text), text.length, err);
}

void
sp_policy_free(struct sp_policy *policy)
{
    free(policy->lines);
    sp_arena_free(&policy->arena);
    *policy = (struct sp_policy){ 0 };
}

/* -------------------------------------------------------------- applying */

const struct sp_policy_line *
sp_policy_allows(const struct sp_policy *policy, const char *rule, const char *purl)
{
    sp_autoarena struct sp_arena arena = { 0 };
    const char *package = NULL, *version = NULL;
    if (!policy || !policy->count || !rule)
        return NULL;
    if (purl && read_package(&arena, purl, strlen(purl), &package, &version, NULL) < 0)
        return NULL;
    for (size_t i = 0; i < policy->count; i++) {
        const struct sp_policy_line *line = &policy->lines[i];
        if (strcmp(line->rule, rule) != 0 || !line->package != !package)
            continue;
        if (package && (strcmp(line->package, package) != 0 ||
                        (line->version && (!version || strcmp(line->version, version) != 0))))
            continue;
        return line;
    }
    return NULL;
}

/* What is laid to something that has no package URL is nobody's to allow. */
static const struct sp_policy_line *
allows_finding(const struct sp_policy *policy, const struct sp_finding *finding)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    if (!finding->name)
        return sp_policy_allows(policy, finding->rule, NULL);
    if (sp_report_purl(&purl, finding->ecosystem, finding->name, finding->version, NULL) < 0 || !purl.length)
        return NULL;
    return sp_policy_allows(policy, finding->rule, purl.bytes);
}

int
sp_policy_apply(const struct sp_policy *policy, struct sp_verdict *verdict, struct sp_error *err)
{
    for (size_t i = 0; policy && i < verdict->count; i++) {
        struct sp_finding *finding = &verdict->findings[i];
        const struct sp_policy_line *line =
            finding->severity == SP_SEVERITY_NONE ? NULL : allows_finding(policy, finding);
        if (!line)
            continue;
        finding->allowed = sp_arena_printf(&verdict->arena, err, "%s:%u", policy->path, line->line);
        finding->advice = finding->allowed
                              ? sp_arena_printf(&verdict->arena, err, "allowed by %s", finding->allowed)
                              : NULL;
        if (!finding->advice)
            return -1;
        finding->was = finding->severity;
        finding->severity = SP_SEVERITY_NONE;
    }
    return 0;
}
