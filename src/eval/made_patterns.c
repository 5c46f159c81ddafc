/* The patterns that records are made up after. */
#include "eval/made_dress.h"

#define NPM (1u << SP_NPM)
#define PYPI (1u << SP_PYPI)
#define RUBYGEMS (1u << SP_RUBYGEMS)
#define MAVEN (1u << SP_MAVEN)
#define GO (1u << SP_GOLANG)
#define SCRIPTED (NPM | PYPI | RUBYGEMS)

const struct sp_made_pattern sp_made_patterns[] = {
    { "copied-typosquat", true, "active", SCRIPTED, sp_made_dress_copied_typosquat },
    { "fresh-install-hook", true, "active", NPM | PYPI, sp_made_dress_install_hook },
    { "dependency-confusion", true, "active", NPM | PYPI, sp_made_dress_dependency_confusion },
    { "proof-of-concept", true, "stealthy", NPM | PYPI, sp_made_dress_proof_of_concept },
    { "dropped-scope", true, "active", NPM, sp_made_dress_dropped_scope },
    { "impersonated-namespace", true, "stealthy", NPM | MAVEN, sp_made_dress_impersonated_namespace },
    { "module-impersonation", true, "active", GO, sp_made_dress_module_impersonation },
    { "combosquat", true, "active", SCRIPTED, sp_made_dress_combosquat },
    { "lookalike-letters", true, "active", SCRIPTED | GO, sp_made_dress_lookalike_letters },
    { "other-delimiter", true, "active", SCRIPTED, sp_made_dress_other_delimiter },
    { "empty-squat", true, "stealthy", SCRIPTED, sp_made_dress_empty_squat },
    { "starjacking", true, "active", NPM | PYPI, sp_made_dress_starjacking },
    { "speaking-readme", true, "active", NPM | PYPI, sp_made_dress_speaking_readme },
    { "security-holding", false, "", NPM, sp_made_dress_security_holding },
    { "fork", false, "", SCRIPTED | GO, sp_made_dress_fork },
    { "plugin", false, "", SCRIPTED | MAVEN, sp_made_dress_plugin },
    { "types", false, "", NPM | PYPI, sp_made_dress_types },
    { "relocated", false, "", NPM | MAVEN, sp_made_dress_relocated },
    { "experiment", false, "", SCRIPTED, sp_made_dress_experiment },
    { "same-people", false, "", SCRIPTED, sp_made_dress_same_people },
    { "defensive-registration", false, "", NPM | PYPI, sp_made_dress_defensive },
    { "same-organisation", false, "", NPM | MAVEN | GO, sp_made_dress_same_organisation },
    { "distinct-purpose", false, "", SCRIPTED | MAVEN | GO, sp_made_dress_distinct_purpose },
    { "port", false, "", SCRIPTED, sp_made_dress_port },
    { "old-unmaintained", false, "", SCRIPTED | GO, sp_made_dress_old_unmaintained },
    { "popular-neighbour", false, "", SCRIPTED, sp_made_dress_popular_neighbour },
    { "honest-newcomer", false, "", SCRIPTED | GO, sp_made_dress_honest_newcomer },
    { "native-build", false, "", NPM | PYPI, sp_made_dress_native_build },
};
const size_t sp_made_pattern_count = SP_COUNT(sp_made_patterns);
