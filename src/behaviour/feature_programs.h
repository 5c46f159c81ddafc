/* feature_programs.h: programs by what they are for. docs/features.md lists them. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_PROGRAM_SHELL 1u
#define SP_PROGRAM_INTERPRETER 2u
#define SP_PROGRAM_WRAPPER 4u /* starts another program in its own place */
#define SP_PROGRAM_DOWNLOADER 8u
#define SP_PROGRAM_COMPILER 16u
#define SP_PROGRAM_PACKER 32u
#define SP_PROGRAM_RECONNAISSANCE 64u
#define SP_PROGRAM_DUMP 128u    /* prints the environment */
#define SP_PROGRAM_VIRTUAL 256u /* tells a virtual machine */

struct sp_feature_program {
    uint32_t class_; /* bits */
    const char *name;
};
extern const struct sp_feature_program sp_feature_programs[];
extern const size_t sp_feature_program_count;
extern const struct sp_feature_program_class {
    uint32_t class_;
    const char *name;
} sp_feature_program_classes[];
extern const size_t sp_feature_program_class_count;

/* The row of the program at PATH, by its name without version, triplet and suffix; -1: none. */
int sp_feature_program_of(const char *path);
/* Whether WORD (LENGTH bytes) holds what own.argv-base64 counts. */
bool sp_feature_has_base64(const char *word, size_t length);
