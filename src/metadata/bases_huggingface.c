/* Hugging Face's hub. Source: "huggingface_hub: Environment variables". */
#include "metadata/bases_read.h"

#include <string.h>
#include <strings.h>

static bool
is_true(const char *value)
{
    return value && (!strcasecmp(value, "1") || !strcasecmp(value, "true") || !strcasecmp(value, "yes") ||
                     !strcasecmp(value, "on"));
}

/* TEXT without the blanks around it; in the arena. NULL where nothing is left. */
static char *
trim(struct sp_bases_reading *reading, const char *text, struct sp_error *err)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return length ? sp_arena_copy(&reading->reading.arena, text, length, err) : NULL;
}

static int
read_token_file(struct sp_bases_reading *reading, char **token, struct sp_error *err)
{
    const char *named = sp_reading_env(&reading->reading, "HF_TOKEN_PATH");
    const char *home = sp_reading_env(&reading->reading, "HF_HOME");
    const char *path = named && *named ? named
                       : home && *home
                           ? sp_arena_printf(&reading->reading.arena, err, "%s/token", home)
                           : sp_bases_path(reading, "XDG_CACHE_HOME", ".cache", "huggingface/token", err);
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
    if (there > 0)
        *token = trim(reading, sp_buffer_string(&file.content), err);
    return there < 0 ? -1 : 0;
}

int
sp_bases_read_huggingface(struct sp_bases_reading *reading, struct sp_error *err)
{
    static const char *const variables[] = { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN" };
    const struct sp_reading *env = &reading->reading;
    const char *endpoint = sp_reading_env(env, "HF_ENDPOINT");
    char *token = NULL, *authorization = NULL;
    if (!is_true(sp_reading_env(env, "HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
        for (size_t i = 0; i < SP_COUNT(variables) && !token; i++) {
            const char *value = sp_reading_env(env, variables[i]);
            token = value ? trim(reading, value, err) : NULL;
        }
        if (!token && read_token_file(reading, &token, err) < 0)
            return -1;
    }
    if (token && !(authorization = sp_arena_printf(&reading->reading.arena, err, "Bearer %s", token)))
        return -1;
    bool named = endpoint && *endpoint;
    if (!named && !authorization)
        return 0;
    return sp_base_set(reading, SP_SERVICE_HUGGINGFACE, named ? endpoint : "https://huggingface.co/",
                       authorization, named ? "environment HF_ENDPOINT" : "default", err);
}
