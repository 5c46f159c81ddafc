/* logistic.h: logistic regression by Newton's method. Used within src/model. */
#pragma once
#include "model/train.h"

/* TABLE and PARAMS were checked. */
int sp_logistic_train(struct sp_model **out, const struct sp_table *table,
                      const struct sp_train_params *params, struct sp_error *err);
