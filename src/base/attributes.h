/* attributes.h: the GNU attributes that the project uses, and cleanup of locals.
 * A pointer marked sp_autofree is freed when it leaves scope; sp_take() hands it out of that scope. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SP_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#define SP_UNUSED __attribute__((unused))
#define SP_MUST_CHECK __attribute__((warn_unused_result))

static inline void
sp_cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void
sp_cleanup_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void
sp_cleanup_fclose(FILE **file)
{
    if (*file)
        fclose(*file);
}

#define sp_autofree __attribute__((cleanup(sp_cleanup_free)))
#define sp_autoclose __attribute__((cleanup(sp_cleanup_close)))
#define sp_autofclose __attribute__((cleanup(sp_cleanup_fclose)))

/* Moves a pointer out of an sp_auto variable, which becomes NULL. */
#define sp_take(pointer)                                                                                     \
    ({                                                                                                       \
        __typeof__(pointer) sp_taken = (pointer);                                                            \
        (pointer) = NULL;                                                                                    \
        sp_taken;                                                                                            \
    })

#define SP_COUNT(array) (sizeof(array) / sizeof((array)[0]))
