#include "cli/commands.h"
#include "base/clock.h"

#include <string.h>

#include <sched.h>

const char *
sp_colour_at(size_t position)
{
    static const char *const values[] = { "auto", "always", "never" };
    return position < SP_COUNT(values) ? values[position] : NULL;
}

const char *
sp_text_or_json_at(size_t position)
{
    static const char *const values[] = { "text", "json" };
    return position < SP_COUNT(values) ? values[position] : NULL;
}

const char *
sp_run_format_at(size_t position)
{
    static const char *const values[] = { "text", "json", "sarif" };
    return position < SP_COUNT(values) ? values[position] : NULL;
}

const char *
sp_category_title(const char *category)
{
    const struct sp_category *found = sp_category_find(category);
    return found ? found->title : NULL;
}

unsigned long
sp_default_jobs(void)
{
    /* what this process may use, which in a container is less than what the machine has */
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > 8 ? 8 : (unsigned long)count;
}

int
sp_lookup_open(struct sp_lookup *lookup, const char *path, struct sp_error *err)
{
    if (sp_index_open(&lookup->index, path, err) < 0) {
        lookup->index = NULL;
        return -1;
    }
    return sp_searcher_new(&lookup->searcher, lookup->index, err);
}

void
sp_lookup_close(struct sp_lookup *lookup)
{
    if (lookup->searcher)
        sp_searcher_free(lookup->searcher);
    if (lookup->index)
        sp_index_close(lookup->index);
}

int
sp_lookup_complain(const char *path, const struct sp_error *err)
{
    int code = sp_complain(err);
    return path ? code : SP_EXIT_INCONCLUSIVE;
}

int
sp_enter_files(const struct sp_call *call, const char *option, const struct sp_arguments *words,
               const char *files[SP_ECOSYSTEM_COUNT])
{
    for (size_t i = 0; i < words->count; i++) {
        const char *equals = strchr(words->items[i], '=');
        const struct sp_ecosystem *ecosystem =
            equals ? sp_ecosystem_find(words->items[i], (size_t)(equals - words->items[i])) : NULL;
        if (!ecosystem || !equals[1])
            return sp_usage(call, "--%s takes ECO=FILE, such as npm=popular.tsv, not '%.60s'", option,
                            words->items[i]);
        files[ecosystem->id] = equals + 1;
    }
    return -1;
}

int
sp_spell_files(struct sp_buffer *out, const struct sp_arguments *words, struct sp_error *err)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *slash = strrchr(words->items[i], '/');
        if (sp_buffer_printf(out, err, " %s", slash ? slash + 1 : words->items[i]) < 0)
            return -1;
    }
    return 0;
}

void
sp_show_looked_up(uint64_t *begun, bool shown, size_t done, size_t all)
{
    uint64_t now = sp_now();
    if (!*begun)
        *begun = now;
    if (!shown || now - *begun < 1000000000u)
        return;
    if (done < all)
        fprintf(stderr, "\r\033[Ksallyport: looked up %zu of %zu packages", done, all);
    else
        fputs("\r\033[K", stderr);
}
