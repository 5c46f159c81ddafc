/* attribution_places.h: tests of gate/package_places.h, run with those of the attribution. */
#pragma once

void packages_are_named_by_what_others_vouch_for(void **state);
void a_package_is_remembered_for_its_directory(void **state);
void hostile_manifests_neither_block_nor_lead_out(void **state);
