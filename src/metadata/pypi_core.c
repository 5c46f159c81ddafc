/* Core metadata: headers as in mail, then the description. */
#include "metadata/pypi_told.h"
#include "metadata/told.h"

#include <string.h>
#include <strings.h>

#define VALUE_MAX SP_RECORD_README_MAX

struct reading {
    const struct sp_teller *teller;
    struct sp_error *err;
    struct sp_buffer value; /* of the header under way, unfolded */
    char name[64];          /* its name */
    /* what has to be seen together */
    char author[1024], author_email[2048], maintainer[1024], maintainer_email[2048];
    char homepage[1024], licence_class[256];
    bool requirements; /* nobody else has told them */
};

static void
keep(char *out, size_t size, const struct sp_buffer *value)
{
    snprintf(out, size, "%s", sp_buffer_string(value));
}

/* Descriptions in a header have their lines begun by seven spaces and a bar, to be taken away. */
static int
tell_description(struct reading *reading, const char *text, size_t length, bool folded)
{
    sp_autobuffer struct sp_buffer plain = { 0 };
    if (sp_pypi_is_blank(text, length))
        return 0;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) + 1 - at : length - at, skip = 0;
        if (folded && line >= 8 && (!memcmp(text + at, "       |", 8) || !memcmp(text + at, "        ", 8)))
            skip = 8;
        if (sp_buffer_append(&plain, text + at + skip, line - skip, reading->err) < 0)
            return -1;
        at += line;
    }
    return sp_tell_text(reading->teller, SP_FIELD_README, plain.bytes, plain.length, reading->err);
}

static int
tell_header(struct reading *reading)
{
    const struct sp_teller *teller = reading->teller;
    const char *name = reading->name, *value = sp_buffer_string(&reading->value);
    size_t length = reading->value.length;
    struct sp_error *err = reading->err;
    const struct {
        const char *name;
        char *keep;
        size_t size;
    } kept[] = { { "author", reading->author, sizeof(reading->author) },
                 { "author-email", reading->author_email, sizeof(reading->author_email) },
                 { "maintainer", reading->maintainer, sizeof(reading->maintainer) },
                 { "maintainer-email", reading->maintainer_email, sizeof(reading->maintainer_email) },
                 { "home-page", reading->homepage, sizeof(reading->homepage) } };
    if (!*name || sp_pypi_is_blank(value, length))
        return 0;
    for (size_t i = 0; i < SP_COUNT(kept); i++)
        if (!strcasecmp(name, kept[i].name))
            return keep(kept[i].keep, kept[i].size, &reading->value), 0;
    if (!strcasecmp(name, "name"))
        return sp_tell_text(teller, SP_FIELD_MODULE, value, length, err);
    if (!strcasecmp(name, "summary"))
        return sp_tell_text(teller, SP_FIELD_DESCRIPTION, value, length, err);
    if (!strcasecmp(name, "license") || !strcasecmp(name, "license-expression"))
        return sp_tell_text(teller, SP_FIELD_LICENCE, value, strcspn(value, "\n"), err);
    if (!strcasecmp(name, "classifier") && !strncmp(value, "License", 7))
        return keep(reading->licence_class, sizeof(reading->licence_class), &reading->value), 0;
    if (!strcasecmp(name, "classifier"))
        return sp_pypi_tell_classifier(teller, value, length, err);
    if (!strcasecmp(name, "description"))
        return tell_description(reading, value, length, true);
    if (!strcasecmp(name, "requires-dist"))
        return !reading->requirements ? 0 : sp_pypi_tell_requirement(teller, value, length, err);
    if (!strcasecmp(name, "keywords") && sp_tell_list(teller, SP_FIELD_KEYWORDS))
        return sp_tell_keywords_text(teller, value, length, err);
    char label[64];
    size_t comma = strcspn(value, ",");
    if (strcasecmp(name, "project-url") != 0 || value[comma] != ',' || comma >= sizeof(label))
        return 0;
    snprintf(label, sizeof(label), "%.*s", (int)comma, value);
    comma += 1 + strspn(value + comma + 1, " \t");
    return sp_pypi_tell_url(teller, label, value + comma, err);
}

/* A line of the headers, without its end; it begins a header or goes on with the one before. */
static int
read_line(struct reading *reading, const char *line, size_t length)
{
    struct sp_buffer *value = &reading->value;
    if (length && (*line == ' ' || *line == '\t')) {
        if (value->length + length > VALUE_MAX)
            return 0;
        return sp_buffer_append_byte(value, '\n', reading->err) < 0 ||
                       sp_buffer_append(value, line, length, reading->err) < 0
                   ? -1
                   : 0;
    }
    const char *colon = memchr(line, ':', length);
    if (tell_header(reading) < 0)
        return -1;
    sp_buffer_clear(value);
    reading->name[0] = '\0';
    size_t name = colon ? (size_t)(colon - line) : 0;
    if (!name || name >= sizeof(reading->name))
        return 0;
    memcpy(reading->name, line, name);
    reading->name[name] = '\0';
    for (name++; name < length && (line[name] == ' ' || line[name] == '\t');)
        name++;
    return sp_buffer_append(value, line + name, length - name < VALUE_MAX ? length - name : VALUE_MAX,
                            reading->err);
}

/* What is told last: what other headers come before, and that the rest is missing. */
static int
finish(struct reading *reading)
{
    static const enum sp_field fields[] = { SP_FIELD_DESCRIPTION, SP_FIELD_README, SP_FIELD_LICENCE,
                                            SP_FIELD_HOMEPAGE, SP_FIELD_REPOSITORY };
    const struct sp_teller *teller = reading->teller;
    struct sp_error *err = reading->err;
    if (*reading->homepage &&
        sp_tell_link(teller, SP_FIELD_HOMEPAGE, reading->homepage, strlen(reading->homepage), err) < 0)
        return -1;
    if (sp_tell_list(teller, SP_FIELD_AUTHORS) &&
        (sp_pypi_tell_authors(teller, reading->author, reading->author_email, err) < 0 ||
         sp_pypi_tell_authors(teller, reading->maintainer, reading->maintainer_email, err) < 0))
        return -1;
    if (*reading->licence_class &&
        sp_pypi_tell_classifier(teller, reading->licence_class, strlen(reading->licence_class), err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(fields); i++)
        if (sp_tell_text(teller, fields[i], NULL, 0, err) < 0)
            return -1;
    sp_tell_list(teller, SP_FIELD_KEYWORDS);
    return 0;
}

static int
read_all(struct reading *reading, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t line = end ? (size_t)(end - bytes) - at : length - at, next = at + line + 1;
        if (line && bytes[at + line - 1] == '\r')
            line--;
        if (!line) {
            at = next;
            break;
        }
        if (read_line(reading, bytes + at, line) < 0)
            return -1;
        at = next;
    }
    if (tell_header(reading) < 0)
        return -1;
    if (at < length && tell_description(reading, bytes + at, length - at, false) < 0)
        return -1;
    return finish(reading);
}

/* Whether this is core metadata at all, and no page that stands in its place. */
static bool
has_name(const char *bytes, size_t length)
{
    for (const char *at = bytes; at && length >= 5; at = at ? at + 1 : NULL) {
        size_t left = length - (size_t)(at - bytes);
        if (left < 5 || *at == '\n' || *at == '\r')
            return false; /* the headers are over */
        if (!strncasecmp(at, "name:", 5))
            return true;
        at = memchr(at, '\n', left);
    }
    return false;
}

int
sp_pypi_core_tell(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    if (!has_name(bytes, length))
        return sp_record_problem(teller->record, err, "%s: it has no name; nothing is told by it",
                                 teller->source);
    struct reading *reading = sp_new(struct reading, err);
    if (!reading)
        return -1;
    reading->teller = teller;
    reading->err = err;
    reading->requirements = sp_tell_list(teller, SP_FIELD_DEPENDENCIES);
    int status = read_all(reading, bytes, length);
    sp_buffer_free(&reading->value);
    free(reading);
    return status;
}
