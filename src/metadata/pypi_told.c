#include "metadata/pypi_told.h"
#include "metadata/told.h"

#include <ctype.h>
#include <string.h>

bool
sp_pypi_is_blank(const char *text, size_t length)
{
    while (length && isspace((unsigned char)text[length - 1]))
        length--;
    while (length && isspace((unsigned char)*text))
        text++, length--;
    return !length || (length == 7 && !memcmp(text, "UNKNOWN", 7));
}

int
sp_pypi_tell_authors(const struct sp_teller *teller, const char *name, const char *email,
                     struct sp_error *err)
{
    if (name && sp_pypi_is_blank(name, strlen(name)))
        name = NULL;
    if (email && sp_pypi_is_blank(email, strlen(email)))
        email = NULL;
    /* one name and one bare address belong together */
    if (name && email && !strpbrk(name, ",<") && !strpbrk(email, ",<"))
        return sp_tell_person(teller, SP_FIELD_AUTHORS, &(struct sp_person){ .name = name, .email = email },
                              err);
    if (name && sp_tell_people_text(teller, SP_FIELD_AUTHORS, name, strlen(name), err) < 0)
        return -1;
    return email ? sp_tell_people_text(teller, SP_FIELD_AUTHORS, email, strlen(email), err) : 0;
}

static bool
is_for_extra(const char *marker, size_t length)
{
    for (size_t i = 0; i + 5 <= length; i++) {
        if (memcmp(marker + i, "extra", 5) != 0)
            continue;
        size_t at = i + 5;
        while (at < length && marker[at] == ' ')
            at++;
        if (at + 1 < length && marker[at] == '=' && marker[at + 1] == '=')
            return true;
    }
    return false;
}

int
sp_pypi_tell_requirement(const struct sp_teller *teller, const char *text, size_t length,
                         struct sp_error *err)
{
    while (length && isspace((unsigned char)*text))
        text++, length--;
    size_t name = 0;
    while (name < length &&
           (isalnum((unsigned char)text[name]) || strchr("._-", text[name] ? text[name] : ' ')))
        name++;
    const char *marker = memchr(text, ';', length);
    if (marker && is_for_extra(marker, length - (size_t)(marker - text)))
        return 0;
    return sp_tell_name(teller, SP_FIELD_DEPENDENCIES, text, name, err);
}

int
sp_pypi_tell_url(const struct sp_teller *teller, const char *label, const char *url, struct sp_error *err)
{
    static const char *const repositories[] = { "source",    "repository", "sourcecode", "github",
                                                "code",      "gitlab",     "git",        "sourceurl",
                                                "bitbucket", "scm",        "repo",       "githubrepository",
                                                "codeberg" };
    char plain[64];
    size_t used = 0;
    for (; *label && used < sizeof(plain) - 1; label++)
        if (isalnum((unsigned char)*label))
            plain[used++] = (char)tolower((unsigned char)*label);
    plain[used] = '\0';
    if (sp_pypi_is_blank(url, strlen(url)))
        return 0;
    if (!strcmp(plain, "homepage") || !strcmp(plain, "home"))
        return sp_tell_link(teller, SP_FIELD_HOMEPAGE, url, strlen(url), err);
    for (size_t i = 0; i < SP_COUNT(repositories); i++)
        if (!strcmp(plain, repositories[i]))
            return sp_tell_link(teller, SP_FIELD_REPOSITORY, url, strlen(url), err);
    return 0;
}

int
sp_pypi_tell_classifier(const struct sp_teller *teller, const char *text, size_t length, struct sp_error *err)
{
    static const char licence[] = "License :: ", inactive[] = "Development Status :: 7";
    if (length > sizeof(inactive) && !memcmp(text, inactive, sizeof(inactive) - 1))
        return sp_tell_text(teller, SP_FIELD_DEPRECATED, text, length, err);
    if (length < sizeof(licence) || memcmp(text, licence, sizeof(licence) - 1) != 0)
        return 0;
    const char *last = text;
    for (size_t i = 0; i + 4 <= length; i++)
        if (!memcmp(text + i, " :: ", 4))
            last = text + i + 4;
    size_t left = length - (size_t)(last - text);
    if (left == 12 && !memcmp(last, "OSI Approved", left))
        return 0; /* a group, no licence */
    return sp_tell_text(teller, SP_FIELD_LICENCE, last, left, err);
}

/* ---- versions ---- */

#define PARTS_MAX 16

struct version {
    bool valid;
    uint64_t epoch, release[PARTS_MAX];
    int stage; /* -4 dev, -3 a, -2 b, -1 rc, 0 final, 1 post */
    uint64_t number;
};

static uint64_t
read_number(const char **at)
{
    uint64_t value = 0;
    for (; isdigit((unsigned char)**at); ++*at)
        value = value > UINT64_MAX / 20 ? value : value * 10 + (uint64_t)(**at - '0');
    return value;
}

static int
read_stage(const char *at)
{
    static const struct {
        const char *word;
        int stage;
    } words[] = { { "alpha", -3 }, { "beta", -2 }, { "preview", -1 }, { "pre", -1 },
                  { "post", 1 },   { "rev", 1 },   { "dev", -4 },     { "rc", -1 },
                  { "a", -3 },     { "b", -2 },    { "c", -1 },       { "r", 1 } };
    for (size_t i = 0; i < SP_COUNT(words); i++)
        if (!strncasecmp(at, words[i].word, strlen(words[i].word)))
            return words[i].stage;
    return 0;
}

static struct version
read_version(const char *text)
{
    struct version out = { .valid = false };
    const char *at = text + strspn(text, " vV");
    size_t parts = 0;
    while (isdigit((unsigned char)*at) && parts < PARTS_MAX) {
        uint64_t value = read_number(&at);
        if (*at == '!' && !parts && !out.epoch) {
            out.epoch = value;
            at++;
            continue;
        }
        out.release[parts++] = value;
        out.valid = true;
        if (*at != '.' || !isdigit((unsigned char)at[1]))
            break;
        at++;
    }
    if (*at == '+' || !*at)
        return out; /* a local version does not count here */
    bool dash = *at == '-' && isdigit((unsigned char)at[1]);
    at += strspn(at, ".-_");
    out.stage = dash ? 1 : read_stage(at);
    /* "1.0.post1.dev2" and "1.0a1.dev2" are early, too */
    if (out.stage != -4 && strcasestr(at, "dev"))
        out.number = 0, out.stage = out.stage < 0 ? out.stage : -4;
    else {
        at += strcspn(at, "0123456789");
        out.number = read_number(&at);
    }
    return out;
}

int
sp_pypi_compare(const char *a, const char *b)
{
    struct version left = read_version(a), right = read_version(b);
    if (!left.valid || !right.valid)
        return left.valid != right.valid ? (left.valid ? 1 : -1) : strcmp(a, b);
    if (left.epoch != right.epoch)
        return left.epoch < right.epoch ? -1 : 1;
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (left.release[i] != right.release[i])
            return left.release[i] < right.release[i] ? -1 : 1;
    if (left.stage != right.stage)
        return left.stage < right.stage ? -1 : 1;
    return left.number == right.number ? 0 : left.number < right.number ? -1 : 1;
}

bool
sp_pypi_is_early(const char *version)
{
    struct version read = read_version(version);
    return !read.valid || read.stage < 0;
}
