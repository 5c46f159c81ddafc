#include "metadata/members.h"
#include "metadata/pypi_artefact.h"
#include "metadata/pypi_told.h"

#include <string.h>

#define PYPROJECT_MAX ((size_t)1 << 20)

struct reading {
    struct sp_record *record;
    int64_t time;
    bool told, setup, backend;
};

static size_t
wants(void *context, const char *name)
{
    const struct reading *reading = context;
    if (!strcmp(name, "PKG-INFO"))
        return reading->told ? 0 : SP_WHEEL_METADATA_MAX;
    if (!strcmp(name, "setup.py"))
        return 1;
    return !strcmp(name, "pyproject.toml") ? PYPROJECT_MAX : 0;
}

static int
take(void *context, const char *name, const char *bytes, size_t length, bool cut, struct sp_error *err)
{
    struct reading *reading = context;
    const struct sp_teller teller = { reading->record, "PKG-INFO", reading->time };
    (void)cut;
    if (!strcmp(name, "setup.py")) {
        reading->setup = true;
    } else if (!strcmp(name, "pyproject.toml")) {
        /* a build backend that lies in the package itself (PEP 517) */
        reading->backend = memmem(bytes, length, "backend-path", 12) != NULL;
    } else {
        reading->told = true;
        return sp_pypi_core_tell(&teller, bytes, length, err);
    }
    return 0;
}

int
sp_pypi_sdist_tell(struct sp_record *record, int64_t time, const char *bytes, size_t length,
                   struct sp_error *err)
{
    static const char setup[] = "setup.py (source distribution only)",
                      backend[] = "its own build backend (source distribution only)";
    struct reading reading = { .record = record, .time = time };
    const struct sp_members_reader reader = { wants, take, &reading };
    const struct sp_teller teller = { record, "source distribution", time };
    struct sp_error failure = { 0 };
    if (sp_members_read("source distribution", bytes, length, &reader, &failure) < 0) {
        if (failure.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_record_problem(record, err, "%s", failure.text);
    }
    if (!reading.told && sp_record_problem(record, err, "source distribution: it holds no PKG-INFO") < 0)
        return -1;
    if (!sp_tell_list(&teller, SP_FIELD_HOOKS))
        return 0;
    if (reading.setup && sp_tell_name(&teller, SP_FIELD_HOOKS, setup, sizeof(setup) - 1, err) < 0)
        return -1;
    return reading.backend ? sp_tell_name(&teller, SP_FIELD_HOOKS, backend, sizeof(backend) - 1, err) : 0;
}
