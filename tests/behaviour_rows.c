#include "behaviour_rows.h"
#include "base/hash.h"
#include "behaviour/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const meta =
    "features_version,ecosystem,name,version,digest,label,technique,family,origin,"
    "net,run,role,status,exit,rules,outside,seconds,note";

void
made_head(struct sp_buffer *out)
{
    sp_buffer_append_string(out, meta, NULL);
    for (size_t i = 0; i < sp_vector_count(); i++) {
        char name[SP_VECTOR_NAME_MAX];
        sp_buffer_printf(out, NULL, ",%s", sp_vector_name(i, name));
    }
    sp_buffer_append_byte(out, '\n', NULL);
}

void
made_row(struct sp_buffer *out, const char *name, const char *label, const char *technique,
         const char *family, const char *origin, const char *column, const char *value)
{
    sp_buffer_printf(out, NULL, "%u,npm,%s,1.0.0,,%s,%s,%s,%s,registry,0,subject,whole,0,,0,1.5,",
                     SP_VECTOR_VERSION, name, label, technique, family, origin);
    for (size_t i = 0; i < sp_vector_count(); i++) {
        char at[SP_VECTOR_NAME_MAX];
        bool here = column && !strcmp(sp_vector_name(i, at), column);
        sp_buffer_printf(out, NULL, ",%s", here ? value : "1");
    }
    sp_buffer_append_byte(out, '\n', NULL);
}

static uint64_t state;

static double
draw(void)
{
    state += 0x9e3779b97f4a7c15;
    return (double)(sp_hash_mix(state, 0x5851f42d4c957f2d) >> 11) / 9007199254740992.0;
}

/* Numbers as a run has them: long tails, many zeros, a part that was not seen at all. */
static void
put_numbers(struct sp_buffer *out, double size, bool told, bool calls)
{
    bool built = draw() < 0.4;
    for (size_t i = 0; i < sp_vector_count(); i++) {
        if (sp_vector_rule(i)) {
            sp_buffer_printf(out, NULL, ",%d",
                             told && !strcmp(sp_vector_rule(i)->id, "run/decoy-read") ? 2 : 0);
            continue;
        }
        const char *id = sp_vector_feature(i)->id;
        bool run = sp_vector_part(i) == SP_VECTOR_RUN, own = !strncmp(id, "own.", 4);
        double noise = draw();
        if (sp_vector_part(i) == SP_VECTOR_BUILD && !built)
            sp_buffer_append_string(out, ",NaN", NULL);
        else if (!strcmp(id, "own.decoys") || !strcmp(id, "own.sensitive-ssh"))
            sp_buffer_printf(out, NULL, ",%d", told ? 1 + (noise < 0.3) : noise < 0.002);
        else if (!strcmp(id, "own.hosts") || !strcmp(id, "own.connections"))
            sp_buffer_printf(out, NULL, ",%d", calls);
        else if (own && noise < 0.7)
            sp_buffer_append_string(out, ",0", NULL);
        else
            sp_buffer_printf(out, NULL, ",%.0f", floor(exp(4 * noise) * size * (run ? 20 : 1)));
    }
    sp_buffer_append_byte(out, '\n', NULL);
}

static void
put_package(struct sp_buffer *out, const char *name, const char *label, const char *technique,
            const char *family, const char *origin, bool told, bool calls)
{
    double size = 0.2 + 3 * draw();
    sp_buffer_printf(out, NULL, "%u,%s,%s,1.0.0,,%s,%s,%s,%s,%s,0,subject,whole,0,%s,%d,1.5,\"made, up\"",
                     SP_VECTOR_VERSION, draw() < 0.5 ? "npm" : "pypi", name, label, technique, family, origin,
                     draw() < 0.5 ? "registry" : "sinkhole",
                     told    ? "block:run/decoy-read"
                     : calls ? "review:run/connection"
                             : "",
                     calls);
    put_numbers(out, size, told, calls);
}

void
made_table(struct sp_buffer *out, const struct made_rows *rows)
{
    char name[64], technique[64], family[64];
    state = rows->seed;
    made_head(out);
    for (unsigned i = 0; i < rows->real; i++) {
        snprintf(name, sizeof(name), "real-%u-%u", rows->from, i);
        put_package(out, name, "honest", "", "", "real", false, draw() < 0.02);
    }
    for (unsigned i = 0; i < rows->twins; i++) {
        snprintf(name, sizeof(name), "twin-%u-%u", rows->from, i);
        snprintf(family, sizeof(family), "chore-%u-%u", rows->from, i / 4);
        put_package(out, name, "honest", "", family, "twin", false, draw() < rows->loud);
    }
    for (unsigned t = 0; t < rows->techniques; t++) {
        for (unsigned i = 0; i < rows->a_technique; i++) {
            snprintf(name, sizeof(name), "attack-%u-%u", rows->from + t, i);
            snprintf(technique, sizeof(technique), "technique-%u", rows->from + t);
            snprintf(family, sizeof(family), "family-%u-%u", rows->from + t, i / 2);
            put_package(out, name, "attack", technique, family, i % 3 ? "replica" : "implant",
                        draw() < rows->told, draw() < 0.7);
        }
    }
}
