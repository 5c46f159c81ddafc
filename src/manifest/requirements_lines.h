/* requirements_lines.h: the logical lines of a requirements file, as pip joins and cuts them.
 * Source: pip, src/pip/_internal/req/req_file.py (join_lines, ignore_comments). */
#pragma once
#include "manifest/text.h"

#include <stdbool.h>

#define SP_REQUIREMENTS_LINE_MAX ((size_t)16 << 20) /* bytes of a logical line */
#define SP_REQUIREMENTS_PIECES_MAX 100000           /* physical lines that it is joined from */

struct sp_requirements_lines {
    struct sp_text *text; /* borrowed */
    const char *path;     /* borrowed, for messages */
    size_t at;            /* the next physical line */
    struct sp_buffer line;
    /* where each piece of the logical line came from */
    struct sp_line_piece {
        size_t in_line, in_file;
    } * pieces;
    size_t piece_count, piece_capacity;
};

void sp_requirements_lines_free(struct sp_requirements_lines *lines);

/* 1: *FROM is the next line with something on it, joined, without its comment and outer white space, NUL-
 * terminated, valid until the next call; 0: end. */
int sp_requirements_lines_next(struct sp_requirements_lines *lines, const char **from, size_t *length,
                               struct sp_error *err);

/* The place in the file of a byte of the current line. Cheap when asked in ascending order. */
void sp_requirements_lines_place(struct sp_requirements_lines *lines, const char *byte, uint32_t *line,
                                 uint32_t *column);

/* What a comment "coding: x" in the first two lines declares, for sp_text_open. An encoding that could spell
 * names in other bytes is an error. */
int sp_requirements_encoding(const char *path, const char *content, size_t length, enum sp_text_encoding *out,
                             struct sp_error *err);
