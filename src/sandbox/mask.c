#include "sandbox/mask.h"

#include <string.h>
#include <strings.h>

bool
sp_mask_kind_of(const char *file_name, enum sp_mask_kind *kind)
{
    static const struct {
        const char *name;
        enum sp_mask_kind kind;
    } names[] = {
        { ".env", SP_MASK_DOTENV },       { ".envrc", SP_MASK_DOTENV },
        { ".npmrc", SP_MASK_SETTINGS },   { ".yarnrc", SP_MASK_SETTINGS },
        { ".yarnrc.yml", SP_MASK_YAML },  { ".pypirc", SP_MASK_SETTINGS },
        { "pip.conf", SP_MASK_SETTINGS }, { "pip.ini", SP_MASK_SETTINGS },
        { ".netrc", SP_MASK_NETRC },      { "_netrc", SP_MASK_NETRC },
        { "id_rsa", SP_MASK_KEY },        { "id_ed25519", SP_MASK_KEY },
        { "id_ecdsa", SP_MASK_KEY },      { "id_dsa", SP_MASK_KEY },
        { "deploy_key", SP_MASK_KEY },    { "secrets.yml", SP_MASK_YAML },
        { "secrets.yaml", SP_MASK_YAML }, { "auth.toml", SP_MASK_SETTINGS },
        { "uv.toml", SP_MASK_SETTINGS },  { ".git-credentials", SP_MASK_SETTINGS },
    };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (!strcmp(file_name, names[i].name)) {
            *kind = names[i].kind;
            return true;
        }
    if (!strncmp(file_name, ".env.", 5)) {
        *kind = SP_MASK_DOTENV;
        return true;
    }
    size_t length = strlen(file_name);
    if (length > 4 && (!strcmp(file_name + length - 4, ".pem") || !strcmp(file_name + length - 4, ".key"))) {
        *kind = SP_MASK_KEY;
        return true;
    }
    return false;
}

struct masking {
    enum sp_mask_kind kind;
    const char *content;
    size_t length;
    size_t written;     /* of the content: what stands before is in OUT */
    bool password_next; /* .netrc: the next word is one */
    bool replaced;
    struct sp_buffer *out;
    struct sp_canaries *canaries;
    struct sp_error *err;
};

/* Ranges come in order and do not overlap: so all that lies between is kept as it is. */
static int
replace(struct masking *m, size_t from, size_t to)
{
    if (from < m->written || from >= to)
        return 0;
    if (sp_buffer_append(m->out, m->content + m->written, from - m->written, m->err) < 0 ||
        sp_secret_stand_in(m->out, m->content + from, to - from, m->canaries, m->err) < 0)
        return -1;
    m->written = to;
    m->replaced = true;
    return 0;
}

/* What its form gives away between FROM and TO. */
static int
replace_formed(struct masking *m, size_t from, size_t to)
{
    struct sp_span span;
    if (from < m->written)
        from = m->written;
    while (from < to && sp_secret_next(m->content + from, to - from, &span)) {
        if (replace(m, from + span.from, from + span.to) < 0)
            return -1;
        from += span.to;
    }
    return 0;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The value at AT: without its quotes and what follows it. *END is where the reading goes on; a quoted value
 * may reach over lines in .env. */
static struct sp_span
value_at(const struct masking *m, size_t at, size_t line_end, size_t *end)
{
    struct sp_span value = { at, line_end };
    *end = line_end;
    char quote = at < line_end ? m->content[at] : 0;
    if (quote == '"' || quote == '\'' || (quote == '`' && m->kind == SP_MASK_DOTENV)) {
        size_t limit = m->kind == SP_MASK_DOTENV ? m->length : line_end;
        for (size_t i = at + 1; i < limit; i++) {
            if (m->content[i] == '\\' && quote == '"') {
                i++;
            } else if (m->content[i] == quote) {
                *end = i + 1 > line_end ? i + 1 : line_end;
                return (struct sp_span){ at + 1, i };
            }
        }
        value.from++; /* never closed: to the end of its line */
        if (value.from > value.to)
            value.from = value.to;
    } else {
        for (size_t i = at + 1; i < line_end; i++) /* a comment behind it */
            if ((m->content[i] == '#' || m->content[i] == ';') && is_blank(m->content[i - 1])) {
                value.to = i;
                break;
            }
    }
    while (value.to > value.from && is_blank(m->content[value.to - 1]))
        value.to--;
    return value;
}

static size_t
skip(const char *content, size_t at, size_t end, const char *what)
{
    while (at < end && content[at] && strchr(what, content[at]))
        at++;
    return at;
}

/* Basic and bearer credentials in git's http.extraheader, and the like: the last word. */
static size_t
after_scheme(const char *text, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--)
        if (text[i - 1] == ' ')
            return i;
    return from;
}

/* One line; returns where the next begins, 0 when memory ran out. */
static size_t
mask_setting(struct masking *m, size_t line, size_t line_end)
{
    const char *c = m->content;
    size_t at = skip(c, line, line_end, " \t-"), end = line_end;
    bool comment = at < line_end && (c[at] == '#' || c[at] == ';');
    at = skip(c, at, line_end, "#; \t");
    if (line_end - at > 7 && !memcmp(c + at, "export ", 7))
        at = skip(c, at + 7, line_end, " \t");
    size_t name = at;
    /* npm's keys hold colons ("//host/:_authToken"), so what divides depends on the kind */
    const char *divides = m->kind == SP_MASK_YAML ? ":" : "=";
    while (at < line_end && c[at] && !strchr(divides, c[at]))
        at++;
    if (at == line_end &&
        m->kind == SP_MASK_SETTINGS) { /* ".pypirc" allows "password: x"; ".yarnrc" a blank */
        for (at = name; at < line_end && c[at] != ':' && c[at] != ' ';)
            at++;
        if (at + 2 < line_end && c[at] == ':' && c[at + 1] == '/')
            at = line_end;
    }
    if (at < line_end) {
        size_t name_end = at;
        while (name_end > name && (is_blank(c[name_end - 1]) || c[name_end - 1] == '"'))
            name_end--;
        at = skip(c, at + 1, line_end, " \t");
        struct sp_span value = value_at(m, at, line_end, &end);
        if (comment)
            end = line_end; /* an apostrophe in prose opens nothing */
        size_t size = value.to - value.from;
        bool named = sp_secret_named(c + name, name_end - name);
        bool header = name_end - name >= 11 && !strncasecmp(c + name_end - 11, "extraheader", 11);
        if (header) {
            value.from = after_scheme(c, value.from, value.to);
            size = value.to - value.from;
            named = true;
        }
        bool prose = comment && (value.to > line_end || memchr(c + value.from, ' ', size));
        struct sp_span formed;
        if (!prose && (named || sp_secret_random(c + value.from, size)) &&
            !sp_secret_harmless(c + value.from, size)) {
            /* within a URL the password is replaced alone, if there is one: its host stays */
            bool url = memmem(c + value.from, size, "://", 3) && size < 1000;
            bool inner = sp_secret_next(c + value.from, size, &formed);
            bool key = inner && c[value.from + formed.from] == '-';
            if (!url && !key &&
                (replace_formed(m, line, value.from) < 0 || replace(m, value.from, value.to) < 0))
                return 0;
        }
    }
    return replace_formed(m, line, end) < 0 ? 0 : end;
}

static int
mask_words(struct masking *m, size_t line, size_t line_end)
{
    const char *c = m->content;
    for (size_t at = skip(c, line, line_end, " \t\r"); at < line_end;) {
        size_t to = at;
        while (to < line_end && !is_blank(c[to]))
            to++;
        if (m->password_next) {
            if (replace(m, at, to) < 0)
                return -1;
            m->password_next = false;
        } else {
            m->password_next = (to - at == 8 && !memcmp(c + at, "password", 8)) ||
                               (to - at == 7 && !memcmp(c + at, "account", 7));
        }
        at = skip(c, to, line_end, " \t\r");
    }
    return replace_formed(m, line, line_end);
}

int
sp_mask_file(enum sp_mask_kind kind, const char *content, size_t length, struct sp_buffer *out,
             struct sp_canaries *canaries, struct sp_error *err)
{
    struct masking m = {
        .kind = kind, .content = content, .length = length, .out = out, .canaries = canaries, .err = err
    };
    if (kind == SP_MASK_KEY) {
        if (replace_formed(&m, 0, length) < 0)
            return -1;
    } else {
        for (size_t line = 0; line < length;) {
            const char *stop = memchr(content + line, '\n', length - line);
            size_t line_end = stop ? (size_t)(stop - content) : length, end = line_end;
            /* a private key that nothing quotes reaches over lines */
            const char *begin = memmem(content + line, line_end - line, "-----BEGIN ", 11);
            size_t key_at = begin ? (size_t)(begin - content) : 0;
            size_t key = begin ? sp_secret_pem(begin, length - key_at) : 0;
            if (key) {
                if (replace_formed(&m, line, key_at) < 0 || replace(&m, key_at, key_at + key) < 0)
                    return -1;
                end = key_at + key;
            } else if (kind == SP_MASK_NETRC) {
                if (mask_words(&m, line, line_end) < 0)
                    return -1;
            } else if (line_end > line) {
                end = mask_setting(&m, line, line_end);
                if (!end)
                    return -1;
            }
            line = end == line_end ? line_end + 1 : end;
        }
    }
    if (sp_buffer_append(out, content + m.written, length - m.written, err) < 0)
        return -1;
    return m.replaced;
}
