/* plain_locale.h: numbers are read and written with a point, whatever locale the process has. */
#pragma once
#include "base/attributes.h"

#include <locale.h>

struct sp_plain_locale {
    locale_t plain, before;
};

static inline struct sp_plain_locale
sp_plain_locale_enter(void)
{
    struct sp_plain_locale scope = { .plain = newlocale(LC_ALL_MASK, "C", (locale_t)0) };
    if (scope.plain)
        scope.before = uselocale(scope.plain);
    return scope;
}

static inline void
sp_plain_locale_leave(struct sp_plain_locale *scope)
{
    if (!scope->plain)
        return;
    uselocale(scope->before);
    freelocale(scope->plain);
}

/* In force until the block ends, for this thread. */
#define SP_PLAIN_LOCALE                                                                                      \
    __attribute__((cleanup(sp_plain_locale_leave), unused)) struct sp_plain_locale sp_plain_locale_scope =   \
        sp_plain_locale_enter()
