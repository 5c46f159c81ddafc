/* words.c: the words of a command: its program, options and values. */
#include "manager/planning.h"

#include <string.h>

const char *
sp_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool
sp_word_in(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(word, *list))
            return true;
    return false;
}

static size_t
skip_env(const char *const *argv)
{
    static const char *const with_value[] = { "-u", "--unset", "-C", "--chdir", NULL };
    size_t at = 1;
    for (; argv[at]; at++) {
        if (!strcmp(argv[at], "--"))
            return at + 1;
        if (sp_word_in(argv[at], with_value)) {
            if (argv[at + 1])
                at++;
        } else if (argv[at][0] != '-' && !strchr(argv[at], '=')) {
            return at;
        }
    }
    return at;
}

size_t
sp_command_first(const char *const *argv)
{
    if (!argv[0])
        return 0;
    size_t first = 0;
    if (!strcmp(sp_base_name(argv[0]), "env"))
        first = skip_env(argv);
    if (!argv[first])
        return 0;
    if (!strcmp(sp_base_name(argv[first]), "corepack") && argv[first + 1]) {
        /* "corepack yarn@4.1.0 install" names a version too */
        static const char *const managers[] = { "yarn", "yarnpkg", "pnpm", "npm", "pnpx", "npx" };
        const char *word = argv[first + 1];
        size_t length = strcspn(word, "@");
        for (size_t i = 0; i < SP_COUNT(managers); i++)
            if (strlen(managers[i]) == length && !strncmp(word, managers[i], length))
                return first + 1;
    }
    return first;
}

static void
set_option(struct sp_word *word, const char *bytes, size_t length)
{
    if (length >= sizeof(word->option))
        length = sizeof(word->option) - 1;
    memcpy(word->option, bytes, length);
    word->option[length] = '\0';
}

static void
take_next(struct sp_words *words, struct sp_word *word)
{
    if (!words->argv[words->at])
        return;
    word->value = words->argv[words->at];
    word->index = words->at++;
    word->prefix = 0;
}

/* The next letter of "-Ur": words->rest points at it. */
static void
next_letter(struct sp_words *words, struct sp_word *word)
{
    const char option[3] = { '-', *words->rest, '\0' };
    set_option(word, option, 2);
    const char *after = words->rest + 1;
    words->rest = *after ? after : NULL;
    if (!sp_word_in(option, words->with_value))
        return;
    words->rest = NULL;
    if (!*after) {
        take_next(words, word);
        return;
    }
    if (*after == '=')
        after++;
    word->value = after;
    word->index = words->at - 1;
    word->prefix = (size_t)(after - words->argv[words->at - 1]);
}

bool
sp_words_next(struct sp_words *words, struct sp_word *word)
{
    *word = (struct sp_word){ 0 };
    if (words->rest) {
        next_letter(words, word);
        return true;
    }
    if (!words->at)
        words->at = 1;
    if (!words->argv[0])
        return false;
    const char *text = words->argv[words->at];
    if (text && !words->ended && !strcmp(text, "--")) {
        words->ended = true;
        text = words->argv[++words->at];
    }
    if (!text)
        return false;
    words->at++;
    if (words->ended || text[0] != '-' || !text[1]) {
        word->value = text;
        word->index = words->at - 1;
        return true;
    }
    if (text[1] != '-' && words->clusters) {
        words->rest = text + 1;
        next_letter(words, word);
        return true;
    }
    const char *equals = strchr(text, '=');
    set_option(word, text, equals ? (size_t)(equals - text) : strlen(text));
    if (equals) {
        word->value = equals + 1;
        word->index = words->at - 1;
        word->prefix = (size_t)(equals + 1 - text);
    } else if (sp_word_in(word->option, words->with_value)) {
        take_next(words, word);
    }
    return true;
}
