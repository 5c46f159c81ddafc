/* requirement.h: one line of a requirements file that names a package. Source: PEP 508, PEP 440, PEP 427; pip
 * documentation, "Requirements File Format". */
#pragma once
#include "ecosystem/ecosystem.h"

enum sp_requirement_kind {
    SP_REQUIREMENT_BROKEN,   /* neither a requirement nor a URL nor a path */
    SP_REQUIREMENT_NAMED,    /* NAME is set */
    SP_REQUIREMENT_NAMELESS, /* a URL or a path that does not say which package it holds */
};

/* Slices of the line. */
struct sp_requirement {
    struct sp_slice name;
    struct sp_slice version; /* exact version of "==1.2" alone, else the specifiers as written */
    struct sp_slice source;  /* URL or path; empty: the index */
};

/* Reads TEXT, a requirement without comments and options ("requests[socks]>=2; python_version > '3'"). */
enum sp_requirement_kind sp_requirement_read(const char *text, size_t length, struct sp_requirement *out);
