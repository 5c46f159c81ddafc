/* Names and package URLs from strangers: nothing crashes, and what was accepted once is stable. */
#include "base/utf8.h"
#include "ecosystem/purl.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static bool
same(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static void
require_message(const struct sp_error *err)
{
    REQUIRE(err->code != SP_ERROR_NONE && err->text[0]);
    REQUIRE(sp_utf8_valid(err->text, strlen(err->text)));
}

static void
require_within(struct sp_slice part, const char *name, size_t length)
{
    REQUIRE(part.bytes >= name && part.bytes + part.length <= name + length);
}

/* --- Package URLs --------------------------------------------------------------------------------------- */

static void
require_equal(const struct sp_purl *a, const struct sp_purl *b)
{
    REQUIRE(same(a->type, b->type) && same(a->namespace_, b->namespace_) && same(a->name, b->name));
    REQUIRE(same(a->version, b->version) && same(a->subpath, b->subpath) && a->ecosystem == b->ecosystem);
    REQUIRE(a->qualifier_count == b->qualifier_count);
    for (size_t i = 0; i < a->qualifier_count; i++) {
        REQUIRE(same(a->qualifiers[i].key, b->qualifiers[i].key));
        REQUIRE(same(a->qualifiers[i].value, b->qualifiers[i].value));
        REQUIRE(i == 0 || strcmp(a->qualifiers[i - 1].key, a->qualifiers[i].key) < 0);
    }
}

static void
require_safe_subpath(const char *subpath)
{
    for (const char *from = subpath; from && *from;) {
        size_t length = strcspn(from, "/");
        REQUIRE(length && !(length == 1 && from[0] == '.') && !(length == 2 && !memcmp(from, "..", 2)));
        from += length + (from[length] == '/');
    }
}

/* A package's name leads to a package URL that leads back to the same package. */
static void
try_package(const struct sp_ecosystem *ecosystem, const char *name, const char *version,
            struct sp_arena *arena)
{
    sp_autobuffer struct sp_buffer text = { 0 }, back = { 0 }, normal = { 0 }, normal_back = { 0 };
    struct sp_error err = { 0 };
    struct sp_purl purl, again;
    if (sp_purl_from_package(ecosystem, name, version, &purl, arena, &err) < 0) {
        require_message(&err);
        return;
    }
    REQUIRE(sp_purl_format(&purl, &text, &err) == 0);
    if (text.length > SP_PURL_MAX)
        return;
    REQUIRE(sp_purl_parse(text.bytes, text.length, &again, arena, &err) == 0);
    require_equal(&purl, &again);
    REQUIRE(sp_purl_package_name(&again, &back, &err) == 0);
    REQUIRE(sp_ecosystem_read_name(ecosystem, name, strlen(name), &normal, &err) == 0);
    REQUIRE(sp_ecosystem_read_name(ecosystem, back.bytes, back.length, &normal_back, &err) == 0);
    REQUIRE(same(sp_buffer_string(&normal), sp_buffer_string(&normal_back)));
}

static void
try_purl(const char *text, size_t length, struct sp_arena *arena)
{
    sp_autobuffer struct sp_buffer first = { 0 }, second = { 0 }, name = { 0 };
    struct sp_error err = { 0 };
    struct sp_purl purl, again;
    if (sp_purl_parse(text, length, &purl, arena, &err) < 0) {
        require_message(&err);
        return;
    }
    REQUIRE(*purl.type && *purl.name);
    require_safe_subpath(purl.subpath);
    REQUIRE(sp_purl_format(&purl, &first, &err) == 0);
    REQUIRE(sp_purl_package_name(&purl, &name, &err) == 0);
    if (first.length > SP_PURL_MAX) /* encoding trebles bytes */
        return;
    if (sp_purl_parse(first.bytes, first.length, &again, arena, &err) < 0) {
        fprintf(stderr, "%s: %s\n", first.bytes, err.text);
        abort();
    }
    require_equal(&purl, &again);
    REQUIRE(sp_purl_format(&again, &second, &err) == 0);
    REQUIRE(same(first.bytes, second.bytes));
    if (purl.ecosystem)
        try_package(purl.ecosystem, name.bytes, purl.version, arena);
}

/* --- Names ---------------------------------------------------------------------------------------------- */

static void
try_parts(const struct sp_ecosystem *ecosystem, const char *name, size_t length)
{
    sp_autobuffer struct sp_buffer flat = { 0 };
    struct sp_error err = { 0 };
    struct sp_name_parts parts;
    ecosystem->split(name, length, &parts);
    require_within(parts.namespace_, name, length);
    require_within(parts.identifier, name, length);
    REQUIRE(!length || parts.identifier.length);
    REQUIRE(ecosystem->has_namespaces || !parts.namespace_.length);
    REQUIRE(sp_ecosystem_flatten(ecosystem, name, length, &flat, &err) == 0);
    REQUIRE(flat.length <= length && (!length || flat.length));
}

static void
try_name(const struct sp_ecosystem *ecosystem, const char *name, size_t length, struct sp_arena *arena)
{
    sp_autobuffer struct sp_buffer once = { 0 }, twice = { 0 };
    struct sp_error err = { 0 };
    try_parts(ecosystem, name, length);
    REQUIRE(ecosystem->validate(name, length, NULL) == ecosystem->validate(name, length, &err));
    if (sp_ecosystem_read_name(ecosystem, name, length, &once, &err) < 0) {
        require_message(&err);
        return;
    }
    REQUIRE(once.length && once.length <= SP_NAME_MAX);
    REQUIRE(!memchr(once.bytes, 0, once.length) && sp_utf8_valid(once.bytes, once.length));
    if (ecosystem->validate(once.bytes, once.length, &err) == 0) {
        REQUIRE(ecosystem->normalise(once.bytes, once.length, &twice, &err) == 0);
        REQUIRE(same(once.bytes, twice.bytes));
    }
    try_parts(ecosystem, once.bytes, once.length);
    try_package(ecosystem, once.bytes, "1.0+x/y", arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    /* a block of its own size, so that a read beyond the name is seen */
    sp_autofree char *name = malloc(size ? size : 1);
    if (!name)
        return 0;
    if (size)
        memcpy(name, bytes, size);
    sp_autoarena struct sp_arena arena = { 0 };
    try_purl(name, size, &arena);
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        try_name(sp_ecosystems[i], name, size, &arena);
    return 0;
}
