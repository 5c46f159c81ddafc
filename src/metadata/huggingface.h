/* huggingface.h: the documents of the Hugging Face Hub, read. Each returns SP_READ, SP_NOT_READ or -1. */
#pragma once
#include "metadata/documents.h"

/* api/models/AUTHOR/MODEL. *DISABLED: the Hub does not serve it any more. */
int sp_huggingface_read_model(const struct sp_teller *teller, const char *bytes, size_t length,
                              bool *disabled, struct sp_error *err);
/* README.md: the model card, YAML between two lines of dashes, then Markdown. */
int sp_huggingface_read_card(const struct sp_teller *teller, const char *bytes, size_t length,
                             struct sp_error *err);
