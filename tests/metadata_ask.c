#include "metadata_ask.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

void
ask_begin(struct ask *ask)
{
    static char npm[] = "https://registry.npmjs.org/", pypi[] = "https://pypi.org/simple/",
                files[] = "default";
    static char host[] = "files.pythonhosted.org", *hosts[] = { host };
    static char downloads[] = "https://api.npmjs.org/";
    memset(ask, 0, sizeof(*ask));
    ask->items[0] = (struct sp_registry){ .kind = SP_REGISTRY_NPM, .url = npm, .source = files };
    ask->items[1] = (struct sp_registry){ .kind = SP_REGISTRY_PYPI, .url = pypi, .source = files };
    ask->registries =
        (struct sp_registries){ .items = ask->items, .count = 2, .hosts = hosts, .host_count = 1 };
    ask->bases = (struct sp_bases){ .registries = &ask->registries, .public_npm = true, .public_pypi = true };
    ask->bases.services[SP_SERVICE_NPM_DOWNLOADS].url = downloads;
    ask->transport = answers_transport(&ask->answers);
}

void
ask_end(struct ask *ask)
{
    sp_record_free(ask->record);
}

/* What the contract of a record promises, whatever the registry said. */
static void
check_text(const char *text, size_t max)
{
    if (!text)
        return;
    assert_true(strlen(text) <= max);
    assert_true(sp_utf8_valid(text, strlen(text)));
}

static void
check_record(const struct sp_record *record)
{
    check_text(record->name, SP_RECORD_TEXT_MAX);
    check_text(record->version, SP_RECORD_TEXT_MAX);
    check_text(record->description, SP_RECORD_TEXT_MAX);
    check_text(record->readme, SP_RECORD_README_MAX);
    check_text(record->licence, SP_RECORD_TEXT_MAX);
    check_text(record->repository, SP_RECORD_TEXT_MAX);
    check_text(record->homepage, SP_RECORD_TEXT_MAX);
    assert_true(record->maintainer_count <= SP_RECORD_PEOPLE_MAX);
    assert_true(record->author_count <= SP_RECORD_PEOPLE_MAX);
    assert_true(record->release_count <= SP_RECORD_RELEASES_MAX);
    assert_true(record->keywords.count <= SP_RECORD_NAMES_MAX);
    for (size_t i = 0; i < record->release_count; i++)
        check_text(record->releases[i].number, SP_RECORD_TEXT_MAX);
}

const struct sp_record *
ask_describe(struct ask *ask, const struct sp_client *client, const char *name, const char *version,
             enum sp_depth depth)
{
    const struct sp_client_call call = { .transport = &ask->transport,
                                         .bases = &ask->bases,
                                         .name = name,
                                         .version = version,
                                         .depth = depth,
                                         .ranks = ask->ranks };
    struct sp_error err = { 0 };
    sp_record_free(ask->record);
    ask->record = NULL;
    ask->answers.asked_count = 0;
    assert_int_equal(sp_record_new(&ask->record, sp_ecosystems[client->ecosystem], name, &err), 0);
    if (client->describe(&call, ask->record, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    assert_int_equal(sp_record_finish(ask->record, &err), 0);
    check_record(ask->record);
    return ask->record;
}

bool
ask_complains(const struct ask *ask, const char *text)
{
    for (size_t i = 0; i < ask->record->problems.count; i++)
        if (strstr(ask->record->problems.items[i], text))
            return true;
    return false;
}

const char *
ask_names(const struct sp_name_list *names)
{
    static char out[2048];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < names->count && used < sizeof(out); i++)
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s", i ? ", " : "", names->items[i]);
    return out;
}
