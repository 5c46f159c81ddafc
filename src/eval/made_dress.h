/* made_dress.h: the steps by which the name of a pair becomes a package of a pattern, and the patterns. */
#pragma once
#include "eval/made_parts.h"

/* A time between LEAST and MOST days ago. */
int64_t sp_made_days_ago(struct sp_made_pair *pair, unsigned least, unsigned most);
/* At most RELEASES of them, all within the last DAYS. */
void sp_made_make_young(struct sp_made_pair *pair, unsigned days, unsigned releases);
void sp_made_make_single(struct sp_made_pair *pair, const char *version);
/* To one person who has nothing else. */
void sp_made_give_to_stranger(struct sp_made_pair *pair);
/* The target's description and readme, as they are. */
void sp_made_copy_text(struct sp_made_pair *pair);
void sp_made_take_topic(struct sp_made_pair *pair, unsigned topic);
/* DESCRIPTION, and a readme that goes with it. */
void sp_made_say(struct sp_made_pair *pair, const char *description);
void sp_made_say_nothing(struct sp_made_pair *pair);
/* One that is not the target's; where IMITATED it looks like it. NULL: none. */
const char *sp_made_other_namespace(struct sp_made_pair *pair, bool imitated);
/* So that the target has one to drop, to imitate or to share. */
void sp_made_give_namespace(struct sp_made_pair *pair);
void sp_made_call_like(struct sp_made_pair *pair, enum sp_made_change change, bool imitated);
/* In a place of its own, with a repository of its own. */
void sp_made_call_honestly(struct sp_made_pair *pair, const char *base);
void sp_made_call_within(struct sp_made_pair *pair, const char *suffix);
void sp_made_share_people(struct sp_made_pair *pair);
/* COMMAND runs at install; on PyPI setup.py does. */
void sp_made_hook(struct sp_made_pair *pair, const char *command);
void sp_made_depend_on_target(struct sp_made_pair *pair);

/* ------------------------------------------------------------ made_attacks.c */

void sp_made_dress_copied_typosquat(struct sp_made_pair *pair);
void sp_made_dress_install_hook(struct sp_made_pair *pair);
void sp_made_dress_dependency_confusion(struct sp_made_pair *pair);
void sp_made_dress_proof_of_concept(struct sp_made_pair *pair);
void sp_made_dress_dropped_scope(struct sp_made_pair *pair);
void sp_made_dress_impersonated_namespace(struct sp_made_pair *pair);
void sp_made_dress_module_impersonation(struct sp_made_pair *pair);
void sp_made_dress_combosquat(struct sp_made_pair *pair);
void sp_made_dress_lookalike_letters(struct sp_made_pair *pair);
void sp_made_dress_other_delimiter(struct sp_made_pair *pair);
void sp_made_dress_empty_squat(struct sp_made_pair *pair);
void sp_made_dress_starjacking(struct sp_made_pair *pair);
void sp_made_dress_speaking_readme(struct sp_made_pair *pair);

/* ------------------------------------------------------------ made_honest.c */

void sp_made_dress_security_holding(struct sp_made_pair *pair);
void sp_made_dress_fork(struct sp_made_pair *pair);
void sp_made_dress_plugin(struct sp_made_pair *pair);
void sp_made_dress_types(struct sp_made_pair *pair);
void sp_made_dress_relocated(struct sp_made_pair *pair);
void sp_made_dress_experiment(struct sp_made_pair *pair);
void sp_made_dress_same_people(struct sp_made_pair *pair);
void sp_made_dress_defensive(struct sp_made_pair *pair);
void sp_made_dress_same_organisation(struct sp_made_pair *pair);
void sp_made_dress_distinct_purpose(struct sp_made_pair *pair);
void sp_made_dress_port(struct sp_made_pair *pair);
void sp_made_dress_old_unmaintained(struct sp_made_pair *pair);
void sp_made_dress_popular_neighbour(struct sp_made_pair *pair);
void sp_made_dress_honest_newcomer(struct sp_made_pair *pair);
void sp_made_dress_native_build(struct sp_made_pair *pair);
