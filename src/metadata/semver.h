/* semver.h: versions compared as semver.org 2.0.0 has it, of Go, crates.io and NuGet. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Less than, equal to or greater than 0; a leading 'v' and build metadata do not count. Text that is no
 * version comes before all that are. Any length of number; allocates nothing. */
int sp_semver_compare(const char *a, const char *b);
bool sp_semver_is_prerelease(const char *version);
