/* llm_question.h: the question that a language model is asked about two packages, and the strict reading of
 * what it answers. Nothing is sent from here.
 * Sources: the chat-completions request and answer with "response_format" of type "json_schema" as OpenAI's
 * API reference describes them and as vLLM, llama.cpp and Ollama serve them. */
#pragma once
#include "base/buffer.h"
#include "metadata/signal.h"

#define SP_LLM_JUDGEMENTS 7
#define SP_LLM_REASON_MAX 200               /* characters of a reason */
#define SP_LLM_BODY_MAX ((size_t)256 << 10) /* bytes of an answer */
#define SP_LLM_TOKENS_MAX 1500              /* that one answer may have */

/* The signals that are a matter of judgement. NAME is the key in the question's schema. */
struct sp_llm_judgement {
    enum sp_signal_id id;
    const char *name, *question;
};
extern const struct sp_llm_judgement sp_llm_judgements[SP_LLM_JUDGEMENTS];

/* Appends the request's body to OUT. SCENE's name must be present; its target may be NULL. Equal records give
 * equal bytes: the time of asking is not part of the question. */
int sp_llm_question_write(struct sp_buffer *out, const char *model, const struct sp_signal_scene *scene,
                          struct sp_error *err);

struct sp_llm_judged {
    struct sp_llm_said {
        enum sp_signal_state state;
        char reason[SP_EVIDENCE_MAX - 16]; /* printable */
    } said[SP_LLM_JUDGEMENTS];             /* in the order of sp_llm_judgements */
};
/* Reads what the model wrote (LENGTH bytes). It must be one JSON object with exactly the keys of the schema;
 * anything else is refused. */
int sp_llm_answer_read(struct sp_llm_judged *out, const char *bytes, size_t length, struct sp_error *err);

/* Reads the body of an answer of the endpoint: what the model wrote is appended to CONTENT, the tokens that
 * it counted go to *TOKENS (UINT64_MAX: it did not say, also where the rest is refused). */
int sp_llm_body_read(struct sp_buffer *content, uint64_t *tokens, const char *bytes, size_t length,
                     struct sp_error *err);
