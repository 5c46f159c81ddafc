/* set.c: the set of registries once it is read: what goes where. */
#include "registry/reading.h"

#include <string.h>
#include <strings.h>

int
sp_list_add(char ***items, size_t *count, size_t *capacity, const char *text, struct sp_error *err)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*items)[i], text) == 0)
            return 0;
    if (sp_grow_array(items, capacity, *count + 1, sizeof(**items), err) < 0)
        return -1;
    char *copy = strdup(text);
    if (!copy)
        return sp_fail_memory(err);
    (*items)[(*count)++] = copy;
    return 0;
}

int
sp_list_note(char ***items, size_t *count, size_t *capacity, size_t most, struct sp_error *err,
             const char *format, va_list arguments)
{
    struct sp_error text;
    char line[SP_ERROR_TEXT_MAX];
    vsnprintf(line, sizeof(line), format, arguments);
    sp_fail(&text, SP_ERROR_INPUT, "%s", line);
    return *count >= most ? 0 : sp_list_add(items, count, capacity, text.text, err);
}

static void
list_free(char **items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(items[i]);
    free(items);
}

int
sp_registries_add_host(struct sp_registries *registries, const char *url, struct sp_error *err)
{
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX];
    if (sp_url_parse(&parts, url, err) < 0)
        return -1;
    sp_url_authority(&parts, authority);
    return sp_list_add(&registries->hosts, &registries->host_count, &registries->host_capacity, authority,
                       err);
}

size_t
sp_prefix_match(const char *prefix, const struct sp_url *url)
{
    char authority[SP_URL_AUTHORITY_MAX];
    sp_url_authority(url, authority);
    size_t length = strlen(authority);
    if (strncmp(prefix, "//", 2) != 0 || strncmp(prefix + 2, authority, length) != 0 ||
        prefix[2 + length] != '/')
        return 0;
    const char *path = prefix + 2 + length;
    size_t path_length = strlen(path), rest_length = strcspn(url->rest, "?#");
    /* "//host/a/" is for https://host/a as well */
    if (rest_length + 1 == path_length && strncmp(path, url->rest, rest_length) == 0)
        return 2 + length + path_length;
    return rest_length >= path_length && strncmp(path, url->rest, path_length) == 0 ? 2 + length + path_length
                                                                                    : 0;
}

const struct sp_credential *
sp_credential_for(const struct sp_registries *registries, enum sp_registry_kind kind, const char *url)
{
    struct sp_url parts;
    const struct sp_credential *best = NULL;
    size_t longest = 0;
    if (sp_url_parse(&parts, url, NULL) < 0)
        return NULL;
    for (size_t i = 0; i < registries->credential_count; i++) {
        const struct sp_credential *one = &registries->credentials[i];
        size_t length = one->kind == kind ? sp_prefix_match(one->prefix, &parts) : 0;
        if (length > longest) {
            longest = length;
            best = one;
        }
    }
    return best && (parts.secure || best->plain) ? best : NULL;
}

const char *
sp_registries_authorization(const struct sp_registries *registries, enum sp_registry_kind kind,
                            const char *url)
{
    const struct sp_credential *one = sp_credential_for(registries, kind, url);
    return one ? one->authorization : NULL;
}

bool
sp_registries_unchecked(const struct sp_registries *registries, const char *url)
{
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX];
    if (registries->insecure)
        return true;
    if (sp_url_parse(&parts, url, NULL) < 0)
        return false;
    /* a trusted host without a port is trusted on all of them, as pip has it */
    snprintf(authority, sizeof(authority), "%s:%u", parts.host,
             parts.port ? parts.port : (parts.secure ? 443u : 80u));
    for (size_t i = 0; i < registries->trusted_count; i++)
        if (strcasecmp(registries->trusted[i], parts.host) == 0 ||
            strcasecmp(registries->trusted[i], authority) == 0)
            return true;
    return false;
}

void
sp_registries_free(struct sp_registries *registries)
{
    for (size_t i = 0; i < registries->count; i++) {
        struct sp_registry *item = &registries->items[i];
        free(item->url);
        free(item->scope);
        free(item->authorization);
        free(item->auth_prefix);
        free(item->source);
    }
    for (size_t i = 0; i < registries->credential_count; i++) {
        free(registries->credentials[i].prefix);
        free(registries->credentials[i].authorization);
        free(registries->credentials[i].source);
    }
    list_free(registries->hosts, registries->host_count);
    list_free(registries->trusted, registries->trusted_count);
    list_free(registries->notes, registries->note_count);
    free(registries->items);
    free(registries->credentials);
    free(registries->no_index);
    free(registries->cafile);
    free(registries->http_proxy);
    free(registries->no_proxy);
    *registries = (struct sp_registries){ 0 };
}
