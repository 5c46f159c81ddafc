/* pom_parser.h: the artefacts that a POM names, as written; nothing is interpolated yet. */
#pragma once
#include "manifest/pom_properties.h"
#include "manifest/sheet.h"
#include "manifest/text.h"

struct sp_pom_artefact {
    const char *group, *artefact, *version, *scope, *system_path; /* "" where absent; in the arena */
    uint32_t line, column;                                        /* of the artifactId's text */
    bool is_plugin;                                               /* its group has a default */
    bool is_parent, managed, building;
};

struct sp_pom {
    struct sp_sheet sheet;
    struct sp_arena arena;
    struct sp_pom_artefact **artefacts;
    size_t count, capacity;
    struct sp_pom_properties properties;
    struct sp_pom_artefact project; /* what the POM says of itself */
    bool is_project;
};

void sp_pom_free(struct sp_pom *pom);

/* Reads TEXT. A document type declaration is refused: a POM has none, and entities are how XML reads files
 * and fills memory. */
int sp_pom_parse(struct sp_pom *pom, struct sp_text *text, struct sp_error *err);
