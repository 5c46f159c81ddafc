/* json_parts.h: what the reports that are JSON share. */
#pragma once
#include "report/report.h"

/* A member: KEY, and TEXT (NULL: null) or COUNT. */
void sp_report_json_text(struct sp_json *json, const char *key, const char *text);
void sp_report_json_count(struct sp_json *json, const char *key, uint64_t count);
/* A member with the package URL; null where there is none. */
int sp_report_json_purl(struct sp_json *json, const char *key, const char *ecosystem, const char *name,
                        const char *version, struct sp_error *err);
/* The member "tool". */
void sp_report_json_tool(struct sp_json *json, const char *version);
/* The members of a finding that the behaviour of a run fills: phase, subject, process, process_number, time
 * since STARTED. */
void sp_report_json_act(struct sp_json *json, const struct sp_finding *finding, uint64_t started);
/* Moves what was written so far to the report's buffer. */
int sp_report_json_hand_over(struct sp_report *report, struct sp_error *err);
