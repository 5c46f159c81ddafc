#include "metadata/silent.h"

#include <stdio.h>
#include <string.h>

void
sp_silent_open(struct sp_silent *silent)
{
    silent->count = 0;
    pthread_mutex_init(&silent->lock, NULL);
}

void
sp_silent_close(struct sp_silent *silent)
{
    pthread_mutex_destroy(&silent->lock);
}

static struct sp_silent_host *
find(struct sp_silent *silent, const char *authority)
{
    for (unsigned i = 0; i < silent->count; i++)
        if (strcmp(silent->hosts[i].authority, authority) == 0)
            return &silent->hosts[i];
    return NULL;
}

unsigned
sp_silent_failures(struct sp_silent *silent, const char *authority, uint64_t now)
{
    pthread_mutex_lock(&silent->lock);
    struct sp_silent_host *host = find(silent, authority);
    /* one more try afterwards, which decides */
    if (host && host->failures >= SP_SILENT_LEFT &&
        now - host->last > (uint64_t)SP_SILENT_SECONDS * 1000000000)
        host->failures = SP_SILENT_LEFT - 1;
    unsigned failures = host ? host->failures : 0;
    pthread_mutex_unlock(&silent->lock);
    return failures;
}

void
sp_silent_note(struct sp_silent *silent, const char *authority, bool answered, uint64_t now)
{
    pthread_mutex_lock(&silent->lock);
    struct sp_silent_host *host = find(silent, authority);
    if (!host && !answered && silent->count < SP_SILENT_HOSTS) {
        host = &silent->hosts[silent->count++];
        snprintf(host->authority, sizeof(host->authority), "%s", authority);
        host->failures = 0;
    }
    if (host) {
        host->failures = answered ? 0 : host->failures + 1;
        host->last = now;
    }
    pthread_mutex_unlock(&silent->lock);
}
