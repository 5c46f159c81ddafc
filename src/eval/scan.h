/* scan.h: judges every name of a registry: how many honest names would be alarms. */
#pragma once
#include "model/model.h"
#include "name/search.h"

struct sp_registry_scan {
    const struct sp_ecosystem *ecosystem;
    size_t names;   /* in the list, that the registry's rules allow */
    size_t invalid; /* in the list, that they do not */
    size_t trusted; /* exempt: they are the targets */
    float *risks;   /* of the names - trusted others, the highest first; owned */
    double seconds;
    unsigned threads;
};

/* Risk of what a list found, where a model is being fitted: no model decides it. */
#define SP_SCAN_LISTED 2.0

/* Judges the names of the TSV file PATH (column name) with THREADS threads, by the index's model; or by MODEL
 * (not NULL), which has no thresholds yet: what a list finds then has the risk SP_SCAN_LISTED. Free *OUT with
 * sp_registry_scan_free. */
int sp_scan_registry(struct sp_registry_scan *out, struct sp_index *index, const struct sp_model_view *model,
                     const struct sp_ecosystem *ecosystem, const char *path, unsigned threads,
                     struct sp_error *err);
void sp_registry_scan_free(struct sp_registry_scan *scan);

/* How many untrusted names have at least this risk. */
size_t sp_registry_scan_alarms(const struct sp_registry_scan *scan, double threshold);
/* The lowest threshold at which at most ALARMS names are alarms. */
double sp_registry_scan_threshold(const struct sp_registry_scan *scan, size_t alarms);
