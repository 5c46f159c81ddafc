/* attribution_world.h: a made-up install whose truth is known, told as events; for the attribution's tests.
 */
#pragma once
#include "behaviour/attribution.h"

struct world_package {
    const char *purl, *directory;
};
extern const struct world_package world_packages[];
extern const size_t world_package_count;
#define WORLD_PROJECT "/home/user/project"

/* argv as events have it. */
#define W(word) word "\x1f"

/* Runs one install of SEED with STEPS acts against a new attribution. Every act of a process is compared with
 * who planned it. Returns how many acts were compared; those laid wrongly go to *WRONG and the first of them
 * is printed. */
size_t world_run(uint64_t seed, size_t steps, size_t *wrong);
