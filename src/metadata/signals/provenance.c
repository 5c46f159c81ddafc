#include "metadata/scene.h"

static void
read_provenance(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    sp_see(seen, scene->name->provenance, "%s",
           scene->name->provenance ? "the registry attests the repository that it was built from" : "");
}

const struct sp_signal sp_signal_provenance = {
    .id = SP_SIGNAL_PROVENANCE,
    .name = "provenance",
    .title = "it is attested where it was built",
    .definition = "The version bears an attestation, recorded by the registry, of the repository that it "
                  "was built from (npm provenance, PyPI attestations).",
    .source = "Sallyport; SLSA",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_PROVENANCE,
    .read = read_provenance,
};
