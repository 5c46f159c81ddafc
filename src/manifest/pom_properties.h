/* pom_properties.h: the ${names} of a POM and what they stand for. Source: Maven, "Introduction to the POM",
 * Project Interpolation and Variables. */
#pragma once
#include "base/hash.h"
#include "base/memory.h"
#include "ecosystem/ecosystem.h"

/* A text that grows by interpolation is stopped here; the steps stop one that grows in time instead. */
#define SP_POM_TEXT_MAX 4096
#define SP_POM_STEPS_MAX 1000

struct sp_pom_properties {
    struct sp_map map; /* name -> its place in VALUES */
    struct sp_pom_value {
        const char *text; /* borrowed */
        bool several;     /* defined twice, differently: which one counts depends on the profile */
    } * values;
    size_t count, capacity;
};

void sp_pom_properties_free(struct sp_pom_properties *properties);

/* Defines NAME as TEXT (borrowed for as long as PROPERTIES is used). */
int sp_pom_define(struct sp_pom_properties *properties, const char *name, const char *text,
                  struct sp_error *err);

/* Replaces the ${names} of TEXT into OUT (cleared first). 1: done; 0: some name has no value here, several,
 * or leads back to itself. */
int sp_pom_interpolate(const struct sp_pom_properties *properties, const char *text, struct sp_buffer *out,
                       struct sp_error *err);
