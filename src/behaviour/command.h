/* command.h: what a started program is, by its file and its words. All of it is as hostile as the package:
 * names are believed only where believing them accuses. */
#pragma once
#include "trace/event.h"

#include <stdbool.h>

#define SP_COMMAND_WORDS 96u
#define SP_COMMAND_BYTES SP_EVENT_STRING_MAX
#define SP_COMMAND_PATH 4096u

struct sp_command {
    size_t count;
    const char *words[SP_COMMAND_WORDS + 1]; /* NULL-terminated; point into .bytes */
    const char *tool;   /* base name of what runs once env, timeout and their like are gone; never NULL */
    size_t argument;    /* the first word after it */
    const char *module; /* of an interpreter: the script's base name without its ending, or -m's module; "" */
    size_t module_argument;
    const char *text; /* program text in the words (-c, -e); NULL */
    bool shell, interpreter;
    uint32_t traits;               /* enum sp_trait that a program has by what it is */
    char script[SP_COMMAND_PATH];  /* absolute path of the script that an interpreter was told to run; "" */
    char program[SP_COMMAND_PATH]; /* of the program's file; "" */
    char bytes[SP_COMMAND_BYTES];
    char names[2][128];
};

/* Fills OUT from an EXEC event's subject, words and directory; each may be NULL. */
void sp_command_read(struct sp_command *out, const char *file, const char *words, const char *directory);
/* The base name of PATH, versions cut off: "python" of "/usr/bin/python3.11". OUT is returned. */
const char *sp_program_name(const char *path, char *out, size_t size);
/* Whether NAME is in LIST, which ends in NULL. */
bool sp_is_one_of(const char *name, const char *const *list);
/* Whether one of the words from FROM on is WORD. */
bool sp_command_has(const struct sp_command *command, size_t from, const char *word);
/* The first word from FROM on that is no option; NULL: none. */
const char *sp_command_operand(const struct sp_command *command, size_t from);
/* Writes DIRECTORY/PATH (PATH alone where it is absolute) without "." and ".." into OUT; false: too long, or
 * relative to nothing. */
bool sp_path_join(char out[SP_COMMAND_PATH], const char *directory, const char *path);
/* Whether TEXT, a shell's, has a download or a decoder whose output a shell or an interpreter runs. */
bool sp_text_pipes_to_shell(const char *text);
bool sp_is_runtime(const char *program); /* an interpreter that compiles while it runs */
