/* maven_tell.c: what a POM and its parents say together. Source: maven.apache.org, "Introduction to the POM",
 * Project Inheritance. Where Maven would append an artefact's name to an inherited URL, the parent's is kept
 * as it is; a parent's description is not the package's. */
#include "metadata/maven.h"
#include "metadata/told.h"

#include <string.h>

struct chain {
    const struct sp_teller *teller;
    const struct sp_maven_pom *poms;
    size_t count;
    bool whole;
    struct sp_pom_properties properties;
    struct sp_error *err;
};

static void
chain_free(struct chain *chain)
{
    sp_pom_properties_free(&chain->properties);
}

/* ------------------------------------------------------------- properties */

/* The first who defines a name decides: the package before its parents. */
static int
define(struct chain *chain, const char *name, const char *value)
{
    if (!*value || sp_map_get(&chain->properties.map, name, strlen(name), NULL))
        return 0;
    return sp_pom_define(&chain->properties, name, value, chain->err);
}

static int
define_all(struct chain *chain)
{
    const struct sp_maven_pom *own = chain->poms;
    for (size_t i = 0; i < chain->count; i++)
        for (size_t p = 0; p < chain->poms[i].property_count; p++)
            if (define(chain, chain->poms[i].properties[p].name, chain->poms[i].properties[p].value) < 0)
                return -1;
    const char *group = *own->self.group ? own->self.group : own->parent.group;
    const char *version = *own->self.version ? own->self.version : own->parent.version;
    return define(chain, "project.groupId", group) < 0 || define(chain, "project.version", version) < 0 ||
                   define(chain, "project.artifactId", own->self.artefact) < 0 ||
                   define(chain, "project.parent.groupId", own->parent.group) < 0 ||
                   define(chain, "project.parent.version", own->parent.version) < 0 ||
                   define(chain, "groupId", group) < 0 || define(chain, "version", version) < 0 ||
                   define(chain, "artifactId", own->self.artefact) < 0
               ? -1
               : 0;
}

/* 1, 0: it has no value here, -1. */
static int
interpolate(struct chain *chain, const char *text, struct sp_buffer *out)
{
    return sp_pom_interpolate(&chain->properties, text, out, chain->err);
}

/* Tells TEXT interpolated, or as it is written where it has no value here. */
static int
tell(struct chain *chain, enum sp_field field, const char *text)
{
    sp_autobuffer struct sp_buffer value = { 0 };
    int status = interpolate(chain, text, &value);
    if (status < 0)
        return -1;
    const char *told = status ? sp_buffer_string(&value) : text;
    return field == SP_FIELD_REPOSITORY || field == SP_FIELD_HOMEPAGE
               ? sp_tell_link(chain->teller, field, told, strlen(told), chain->err)
               : sp_tell_text(chain->teller, field, told, strlen(told), chain->err);
}

/* ------------------------------------------------------------------ fields */

/* Tells the first that says something; nobody does, and nobody is left to ask: it is not said. */
static int
tell_first(struct chain *chain, enum sp_field field, const char *(*get)(const struct sp_maven_pom *pom))
{
    for (size_t i = 0; i < chain->count; i++)
        if (*get(&chain->poms[i]))
            return tell(chain, field, get(&chain->poms[i]));
    return chain->whole ? sp_tell_text(chain->teller, field, NULL, 0, chain->err) : 0;
}

static const char *
get_url(const struct sp_maven_pom *pom)
{
    return pom->url;
}

/* "scm:git:https://..." counts where there is no URL to look at. */
static const char *
get_scm(const struct sp_maven_pom *pom)
{
    if (*pom->scm_url)
        return pom->scm_url;
    const char *kind = !strncmp(pom->scm_connection, "scm:", 4) ? strchr(pom->scm_connection + 4, ':') : NULL;
    return kind ? kind + 1 : pom->scm_connection;
}

static int
tell_licences(struct chain *chain)
{
    sp_autobuffer struct sp_buffer all = { 0 };
    size_t i = 0;
    while (i < chain->count && !chain->poms[i].licences.count)
        i++;
    if (i == chain->count && !chain->whole)
        return 0;
    for (size_t l = 0; i < chain->count && l < chain->poms[i].licences.count; l++)
        if (sp_buffer_printf(&all, chain->err, "%s%.1000s", l ? " OR " : "",
                             chain->poms[i].licences.items[l]) < 0)
            return -1;
    return tell(chain, SP_FIELD_LICENCE, sp_buffer_string(&all));
}

static int
tell_developers(struct chain *chain)
{
    size_t i = 0;
    while (i < chain->count && !chain->poms[i].developer_count)
        i++;
    if ((i == chain->count && !chain->whole) || !sp_tell_list(chain->teller, SP_FIELD_AUTHORS))
        return 0;
    for (size_t d = 0; i < chain->count && d < chain->poms[i].developer_count; d++)
        if (sp_tell_person(chain->teller, SP_FIELD_AUTHORS, &chain->poms[i].developers[d], chain->err) < 0)
            return -1;
    return 0;
}

static int
tell_need(struct chain *chain, const struct sp_maven_id *need)
{
    sp_autobuffer struct sp_buffer group = { 0 }, artefact = { 0 };
    int status = interpolate(chain, need->group, &group);
    if (status == 1)
        status = interpolate(chain, need->artefact, &artefact);
    if (status < 1 || !group.length || !artefact.length)
        return status < 0 ? -1 : 0;
    if (sp_buffer_append_byte(&group, ':', chain->err) < 0 ||
        sp_buffer_append(&group, artefact.bytes, artefact.length, chain->err) < 0)
        return -1;
    return sp_tell_name(chain->teller, SP_FIELD_DEPENDENCIES, group.bytes, group.length, chain->err);
}

static int
tell_needs(struct chain *chain)
{
    if (!chain->whole || !sp_tell_list(chain->teller, SP_FIELD_DEPENDENCIES))
        return 0;
    for (size_t i = 0; i < chain->count; i++)
        for (size_t n = 0; n < chain->poms[i].need_count; n++)
            if (tell_need(chain, &chain->poms[i].needs[n]) < 0)
                return -1;
    return 0;
}

/* "group:artefact" as the POM itself has it. */
static int
tell_self(struct chain *chain)
{
    const struct sp_maven_pom *own = chain->poms;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (!*own->self.artefact)
        return 0;
    if (sp_buffer_printf(&name, chain->err, "%s:%s", *own->self.group ? own->self.group : own->parent.group,
                         own->self.artefact) < 0)
        return -1;
    return tell(chain, SP_FIELD_MODULE, sp_buffer_string(&name));
}

int
sp_maven_tell(const struct sp_teller *teller, const struct sp_maven_pom *poms, size_t count, bool whole,
              struct sp_error *err)
{
    __attribute__((cleanup(chain_free))) struct chain chain = {
        .teller = teller, .poms = poms, .count = count, .whole = whole, .err = err
    };
    chain.properties.map.seed = sp_hash_mix((uintptr_t)poms, (uint64_t)teller->time);
    if (!count)
        return 0;
    if (define_all(&chain) < 0 || tell_self(&chain) < 0 ||
        tell(&chain, SP_FIELD_DESCRIPTION, poms->description) < 0 ||
        tell_first(&chain, SP_FIELD_HOMEPAGE, get_url) < 0 ||
        tell_first(&chain, SP_FIELD_REPOSITORY, get_scm) < 0 || tell_licences(&chain) < 0 ||
        tell_developers(&chain) < 0 || tell_needs(&chain) < 0)
        return -1;
    return 0;
}

int
sp_maven_relocation(const struct sp_maven_pom *pom, const struct sp_maven_id *self, struct sp_maven_id *out)
{
    *out = pom->relocation;
    if (!pom->has_relocation)
        return 0;
    if (!*out->group)
        out->group = self->group;
    if (!*out->artefact)
        out->artefact = self->artefact;
    if (!*out->version)
        out->version = self->version;
    /* to another version of the same package: nothing has moved */
    return strcmp(out->group, self->group) != 0 || strcmp(out->artefact, self->artefact) != 0;
}
