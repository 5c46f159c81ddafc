/* path.h: questions about absolute paths as they are written. */
#pragma once
#include <stdbool.h>
#include <string.h>

/* Whether PATH is DIRECTORY or lies beneath it. */
static inline bool
sp_path_beneath(const char *directory, const char *path)
{
    size_t length = strlen(directory);
    while (length > 1 && directory[length - 1] == '/')
        length--;
    if (length == 1 && directory[0] == '/')
        return path[0] == '/';
    return !strncmp(directory, path, length) && (path[length] == '/' || path[length] == '\0');
}
