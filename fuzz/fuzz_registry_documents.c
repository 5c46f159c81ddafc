/* fuzz_registry_documents.c: the first byte chooses the parser, the rest is what a registry answered. Beyond
 * memory safety it checks what the contract promises of a record. */
#include "base/utf8.h"
#include "metadata/cargo.h"
#include "metadata/golang.h"
#include "metadata/huggingface.h"
#include "metadata/maven.h"
#include "metadata/nuget.h"
#include "metadata/ranks.h"
#include "metadata/rubygems.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static int
read_maven(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_maven_pom pom = { 0 };
    struct sp_maven_id self = { "g", "a", "1" }, moved;
    int status = sp_maven_read_pom(teller, bytes, length, &arena, &pom, err);
    if (status == SP_READ) {
        /* as if it were its own parent too */
        const struct sp_maven_pom poms[] = { pom, pom };
        sp_maven_relocation(&pom, &self, &moved);
        status = sp_maven_tell(teller, poms, 2, true, err);
    }
    sp_maven_pom_free(&pom);
    return status;
}

static int
read_maven_versions(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct sp_maven_versions versions;
    return sp_maven_read_metadata(teller, bytes, length, &versions, err);
}

static int
read_module(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_tell_list(teller, SP_FIELD_RELEASES);
    if (sp_tell_release(teller, "v1.2.3", 6, SP_TIME_UNKNOWN, false, err) < 0 ||
        sp_golang_read_notices(teller, bytes, length, err) < 0)
        return -1;
    return sp_golang_read_module(teller, bytes, length, err);
}

static int
read_list(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    int status = sp_golang_read_list(teller, bytes, length, err);
    sp_golang_latest(teller->record);
    sp_golang_first(teller->record);
    return status;
}

static int
read_info(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct sp_golang_info info;
    return sp_golang_read_info(teller, bytes, length, &info, err);
}

static int
read_repository(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    return sp_golang_read_repository(teller, true, bytes, length, err);
}

static int
read_gem_versions(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    return sp_rubygems_read_versions(teller, NULL, bytes, length, err);
}

static int
read_gem_index(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    bool any = false;
    return sp_rubygems_read_index(teller, NULL, bytes, length, &any, err);
}

static int
read_model(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    bool disabled;
    return sp_huggingface_read_model(teller, bytes, length, &disabled, err);
}

static int
read_crates(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    return sp_cargo_read_index(teller, NULL, bytes, length, err);
}

static int
read_manifest(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    enum sp_cargo_build build;
    const char *readme;
    return sp_cargo_read_manifest(teller, bytes, length, &readme, &build, err);
}

static int
read_services(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct sp_nuget_services services;
    return sp_nuget_read_services(teller, "https://example.org/", bytes, length, &services, err);
}

static int
read_registration(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    struct sp_nuget_registration registration = { 0 };
    int status = sp_nuget_read_page(teller, &registration, bytes, length, err);
    if (status == SP_READ)
        status = sp_nuget_tell(teller, &registration, err);
    sp_nuget_registration_free(&registration);
    return status;
}

static const struct {
    enum sp_ecosystem_id ecosystem;
    int (*read)(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err);
} parsers[] = {
    { SP_RUBYGEMS, sp_rubygems_read_gem },
    { SP_RUBYGEMS, read_gem_versions },
    { SP_RUBYGEMS, sp_rubygems_read_owners },
    { SP_RUBYGEMS, read_gem_index },
    { SP_MAVEN, read_maven_versions },
    { SP_MAVEN, read_maven },
    { SP_MAVEN, sp_maven_read_search },
    { SP_GOLANG, read_list },
    { SP_GOLANG, read_info },
    { SP_GOLANG, read_module },
    { SP_GOLANG, read_repository },
    { SP_HUGGINGFACE, read_model },
    { SP_HUGGINGFACE, sp_huggingface_read_card },
    { SP_CARGO, read_crates },
    { SP_CARGO, sp_cargo_read_crate },
    { SP_CARGO, sp_cargo_read_owners },
    { SP_CARGO, read_manifest },
    { SP_CARGO, sp_cargo_read_artefact },
    { SP_NUGET, read_services },
    { SP_NUGET, read_registration },
    { SP_NUGET, sp_nuget_read_nuspec },
    { SP_NUGET, sp_nuget_read_search },
    { SP_NPM, sp_ranks_read_deps_dev },
    { SP_NPM, sp_ranks_read_ecosystems },
};

static void
check_text(const char *text)
{
    must(!text || (strlen(text) <= SP_RECORD_README_MAX + 8 && sp_utf8_valid(text, strlen(text))));
}

static void
check_names(const struct sp_name_list *names)
{
    must(names->count <= SP_RECORD_NAMES_MAX);
    for (size_t i = 0; i < names->count; i++)
        check_text(names->items[i]);
}

static void
check_record(const struct sp_record *record)
{
    const char *const texts[] = { record->description, record->readme,     record->licence,
                                  record->owner,       record->repository, record->homepage,
                                  record->deprecated,  record->relocated,  record->module };
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        check_text(texts[i]);
    check_names(&record->keywords);
    check_names(&record->dependencies);
    check_names(&record->hooks);
    check_names(&record->problems);
    must(record->release_count <= SP_RECORD_RELEASES_MAX);
    must(record->maintainer_count <= SP_RECORD_PEOPLE_MAX && record->author_count <= SP_RECORD_PEOPLE_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    sp_autorecord struct sp_record *record = NULL;
    struct sp_error err = { 0 };
    size_t which = bytes[0] % SP_COUNT(parsers);
    /* exactly as long as the answer and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';
    must(sp_record_new(&record, sp_ecosystems[parsers[which].ecosystem], "name", &err) == 0);
    const struct sp_teller teller = { record, "a document", 1700000000 };
    if (parsers[which].read(&teller, content, size - 1, &err) < 0)
        must(err.code == SP_ERROR_MEMORY);
    sp_record_finish(record, &err);
    check_record(record);
    return 0;
}
