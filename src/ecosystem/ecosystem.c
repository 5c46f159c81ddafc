#include "ecosystem/rules.h"

#include <string.h>

const struct sp_ecosystem *const sp_ecosystems[SP_ECOSYSTEM_COUNT] = {
    [SP_NPM] = &sp_ecosystem_npm,           [SP_PYPI] = &sp_ecosystem_pypi,
    [SP_RUBYGEMS] = &sp_ecosystem_rubygems, [SP_MAVEN] = &sp_ecosystem_maven,
    [SP_GOLANG] = &sp_ecosystem_golang,     [SP_HUGGINGFACE] = &sp_ecosystem_huggingface,
    [SP_CARGO] = &sp_ecosystem_cargo,       [SP_NUGET] = &sp_ecosystem_nuget,
};

static bool
is_called(const struct sp_ecosystem *ecosystem, const char *name, size_t length)
{
    if (sp_is_word(name, length, ecosystem->name))
        return true;
    for (const char *const *alias = ecosystem->aliases; *alias; alias++)
        if (sp_is_word(name, length, *alias))
            return true;
    return false;
}

const struct sp_ecosystem *
sp_ecosystem_find(const char *name, size_t length)
{
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        if (is_called(sp_ecosystems[i], name, length))
            return sp_ecosystems[i];
    return NULL;
}

int
sp_ecosystem_read_name(const struct sp_ecosystem *ecosystem, const char *name, size_t length,
                       struct sp_buffer *out, struct sp_error *err)
{
    sp_buffer_clear(out);
    if (ecosystem->validate(name, length, err) < 0)
        return -1;
    return ecosystem->normalise(name, length, out, err);
}

/* Where code is kept says nothing about whose it is: without the forge, github.com/x/y and gitlab.com/x/y
 * are one form. */
static struct sp_slice
without_forge(struct sp_slice space)
{
    const char *slash = space.length ? memchr(space.bytes, '/', space.length) : NULL;
    size_t host = slash ? (size_t)(slash - space.bytes) : space.length;
    if (!sp_golang_is_forge(space.bytes, host))
        return space;
    if (!slash)
        return (struct sp_slice){ space.bytes, 0 };
    return (struct sp_slice){ slash + 1, space.length - host - 1 };
}

/* Writes PART with every run of delimiters as one '-'; none at the start of the form, which began at BASE. */
static void
put_flat(const struct sp_ecosystem *ecosystem, struct sp_slice part, size_t base, struct sp_buffer *out)
{
    for (size_t i = 0; i < part.length; i++) {
        char byte = part.bytes[i];
        bool separates = !sp_byte_is(byte, SP_ALNUM) && byte && strchr(ecosystem->delimiters, byte);
        if (!separates || (out->length > base && out->bytes[out->length - 1] != '-'))
            sp_put(out, separates ? '-' : byte);
    }
}

int
sp_ecosystem_flatten(const struct sp_ecosystem *ecosystem, const char *name, size_t length,
                     struct sp_buffer *out, struct sp_error *err)
{
    struct sp_name_parts parts;
    ecosystem->split(name, length, &parts);
    struct sp_slice space = parts.namespace_;
    if (ecosystem->id == SP_GOLANG)
        space = without_forge(space);
    else if (space.length && space.bytes[0] == '@')
        space = (struct sp_slice){ space.bytes + 1, space.length - 1 };

    size_t base = out->length;
    if (sp_buffer_reserve(out, length, err) < 0)
        return -1;
    put_flat(ecosystem, space, base, out);
    if (out->length > base && out->bytes[out->length - 1] != '-')
        sp_put(out, '-');
    put_flat(ecosystem, parts.identifier, base, out);
    if (out->length > base && out->bytes[out->length - 1] == '-')
        out->length--;
    sp_put_end(out);
    /* a name of delimiters alone stays what it is */
    return out->length > base ? 0 : sp_buffer_append(out, name, length, err);
}
