/* llm.h: an optional second reader of the judgement signals: a chat-completions endpoint (OpenAI-compatible).
 * Off by default; what it says is marked as its word, and what it costs is limited. */
#pragma once
#include "http/http.h"
#include "metadata/signal.h"

struct sp_llm_options {
    const char *url;                    /* ".../v1/chat/completions" or the base before it */
    const char *model;                  /* NULL: "default" */
    const char *key;                    /* of the environment SALLYPORT_LLM_KEY; NULL: none is sent. Only the
                                           URL's own host sees it */
    unsigned long timeout_seconds;      /* of one question; 0: 30 */
    unsigned long budget_seconds;       /* of all; 0: 120 */
    unsigned questions;                 /* of all; 0: 50 */
    uint64_t tokens;                    /* of all, as the answers count them; 0: 500,000 */
    const char *cache_directory;        /* NULL: answers are not kept */
    const struct sp_http_options *http; /* borrowed; NULL defaults */
    bool offline;                       /* kept answers only */
};
struct sp_llm;
int sp_llm_open(struct sp_llm **out, const struct sp_llm_options *options, struct sp_error *err);
void sp_llm_close(struct sp_llm *llm);
/* Asks about the judgement signals (adversarial-name, distinct-purpose, fork, experiment, extension,
 * suspicious-intent, obvious-difference) and replaces what SEEN says of them, the evidence beginning with
 * "the LLM: "; what the model does not know stays as it was. Metadata goes out as quoted data that cannot
 * speak for itself; an answer that is not of the asked JSON schema is refused. 0: done. 1: fallen back (why
 * in ERR, one line; SEEN is as it was). */
int sp_llm_read(struct sp_llm *llm, const struct sp_signal_scene *scene,
                struct sp_signal_seen seen[SP_SIGNAL_COUNT], struct sp_error *err);
