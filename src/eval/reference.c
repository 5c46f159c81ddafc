#include "eval/reference.h"

#include <math.h>
#include <string.h>

/* Source: the table of results that is published with QUT-DV25 (doi 10.7910/DVN/LBMXJY). */
static const struct sp_reference references[] = {
    { "CombinedTraces", SP_METHOD_FOREST, 0.9600, 0.9600 },
    { "CombinedTraces", SP_METHOD_TREE, 0.9402, 0.9401 },
    { "CombinedTraces", SP_METHOD_LOGISTIC, 0.9505, 0.9505 },
    { "CombinedTraces", SP_METHOD_BOOSTED, 0.9411, 0.9410 },
    { "FiletopTraces", SP_METHOD_FOREST, 0.9201, 0.9201 },
    { "FiletopTraces", SP_METHOD_TREE, 0.8688, 0.8688 },
    { "FiletopTraces", SP_METHOD_LOGISTIC, 0.9052, 0.9052 },
    { "FiletopTraces", SP_METHOD_BOOSTED, 0.8739, 0.8739 },
    { "InstallTraces", SP_METHOD_FOREST, 0.6945, 0.6647 },
    { "InstallTraces", SP_METHOD_TREE, 0.6950, 0.6643 },
    { "InstallTraces", SP_METHOD_LOGISTIC, 0.6987, 0.6698 },
    { "InstallTraces", SP_METHOD_BOOSTED, 0.6716, 0.6339 },
    { "OpensnoopTraces", SP_METHOD_FOREST, 0.9355, 0.9355 },
    { "OpensnoopTraces", SP_METHOD_TREE, 0.9136, 0.9136 },
    { "OpensnoopTraces", SP_METHOD_LOGISTIC, 0.8010, 0.7998 },
    { "OpensnoopTraces", SP_METHOD_BOOSTED, 0.9155, 0.9154 },
    { "PatternTraces", SP_METHOD_FOREST, 0.8851, 0.8851 },
    { "PatternTraces", SP_METHOD_TREE, 0.8842, 0.8842 },
    { "PatternTraces", SP_METHOD_LOGISTIC, 0.8589, 0.8589 },
    { "PatternTraces", SP_METHOD_BOOSTED, 0.8561, 0.8561 },
    { "SystemCallTraces", SP_METHOD_FOREST, 0.9463, 0.9462 },
    { "SystemCallTraces", SP_METHOD_TREE, 0.9463, 0.9462 },
    { "SystemCallTraces", SP_METHOD_LOGISTIC, 0.9407, 0.9406 },
    { "SystemCallTraces", SP_METHOD_BOOSTED, 0.9458, 0.9457 },
    { "TCPTraces", SP_METHOD_FOREST, 0.8375, 0.8375 },
    { "TCPTraces", SP_METHOD_TREE, 0.8113, 0.8112 },
    { "TCPTraces", SP_METHOD_LOGISTIC, 0.8220, 0.8220 },
    { "TCPTraces", SP_METHOD_BOOSTED, 0.8048, 0.8044 },
};

const struct sp_reference *
sp_reference_find(const char *set, enum sp_method method)
{
    for (size_t i = 0; set && i < SP_COUNT(references); i++)
        if (!strcmp(references[i].set, set) && references[i].method == method)
            return &references[i];
    return NULL;
}

const struct sp_published_system sp_published_systems[] = {
    { "DySec, all 36 features, random forest", 0.9600, 0.9600, 0.9937,
      "arXiv 2503.00324; figures as published with QUT-DV25 (doi 10.7910/DVN/LBMXJY), CombinedTraces" },
    { "QUT-DV25, static analysis, random forest", 0.9500, 0.9500, 0.9929,
      "doi 10.7910/DVN/LBMXJY, Static Analysis" },
    { "QUT-DV25, metadata, random forest", 0.8445, 0.8444, 0.9079,
      "doi 10.7910/DVN/LBMXJY, Metadata Analysis" },
    { "eDySec, about", 0.99, NAN, NAN, "its authors' claim; docs/reproducing-dysec.md" },
    { "GuardDog (static rules), npm", NAN, 0.933, NAN, "arXiv 2603.27549" },
};
const size_t sp_published_system_count = SP_COUNT(sp_published_systems);
