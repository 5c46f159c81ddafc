/* netrc.c: logins by host in ~/.netrc (ftp(1)), as pip and uv ask them. */
#include "registry/reading.h"

#include <string.h>
#include <strings.h>

struct words {
    const char *at, *stop;
    unsigned line;
    char *word; /* as long as the file */
};

/* The next word, without its quotes; false: the end. */
static bool
next_word(struct words *words)
{
    size_t count = 0;
    for (; words->at < words->stop && strchr(" \t\r\n", *words->at); words->at++)
        words->line += *words->at == '\n';
    if (words->at == words->stop)
        return false;
    bool quoted = *words->at == '"';
    for (words->at += quoted; words->at < words->stop; words->at++) {
        char c = *words->at;
        if (quoted ? c == '"' : strchr(" \t\r\n", c) != NULL)
            break;
        if (c == '\\' && words->at + 1 < words->stop && words->at[1] != '\n')
            c = *++words->at;
        words->line += c == '\n';
        words->word[count++] = c;
    }
    words->at += quoted && words->at < words->stop;
    words->word[count] = '\0';
    return true;
}

static void
skip_line(struct words *words)
{
    const char *newline = memchr(words->at, '\n', (size_t)(words->stop - words->at));
    words->at = newline ? newline : words->stop;
}

/* A macro goes on to an empty line. */
static void
skip_macro(struct words *words)
{
    const char *empty = memmem(words->at, (size_t)(words->stop - words->at), "\n\n", 2);
    const char *end = empty ? empty : words->stop;
    for (; words->at < end; words->at++)
        words->line += *words->at == '\n';
}

struct login {
    char *user, *password;
    unsigned line;
};

static int
read_login(struct sp_reading *reading, struct words *words, const char *host, bool defaults,
           struct login *found, struct sp_error *err)
{
    struct login fallback = { 0 }, passed = { 0 }, *into = &passed;
    *found = (struct login){ 0 };
    while (next_word(words)) {
        const char *word = words->word;
        if (*word == '#') {
            skip_line(words);
        } else if (strcmp(word, "macdef") == 0) {
            skip_macro(words);
        } else if (strcmp(word, "default") == 0) {
            into = defaults && !fallback.line ? &fallback : &passed;
            into->line = words->line;
        } else if (strcmp(word, "machine") == 0 && next_word(words)) {
            if (found->line && into == found)
                break;
            into = strcasecmp(words->word, host) == 0 ? found : &passed;
            into->line = words->line;
        } else if ((strcmp(word, "login") == 0 || strcmp(word, "password") == 0)) {
            char **slot = strcmp(word, "login") == 0 ? &into->user : &into->password;
            if (!next_word(words))
                break;
            if (into != &passed && !(*slot = sp_arena_printf(&reading->arena, err, "%s", words->word)))
                return -1;
        }
    }
    if (!found->line)
        *found = fallback;
    return 0;
}

int
sp_netrc_find(struct sp_reading *reading, const char *host, bool defaults, char **authorization,
              const char **source, struct sp_error *err)
{
    const char *named = sp_reading_env(reading, "NETRC");
    char *path = sp_reading_absolute(reading, named && *named ? named : "~/.netrc", err);
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, reading, path, false, err) : -1;
    if (there <= 0)
        return there;
    const char *bytes = sp_buffer_string(&file.content);
    sp_autofree char *word = malloc(file.content.length + 1);
    if (!word)
        return sp_fail_memory(err);
    struct words words = { bytes, bytes + file.content.length, 1, word };
    struct login login;
    if (read_login(reading, &words, host, defaults, &login, err) < 0)
        return -1;
    if (!login.password)
        return 0;
    *authorization = sp_basic(reading, login.user ? login.user : "", login.password, err);
    *source = sp_arena_printf(&reading->arena, err, "%s:%u", path, login.line);
    return *authorization && *source ? 1 : -1;
}
