/* view.h: a logistic term's value. Used within src/model. */
#pragma once
#include "model/model.h"

double sp_term_read(const struct sp_model_term *term, float value);
