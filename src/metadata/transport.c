#include "metadata/transport.h"

void
sp_answer_free(struct sp_answer *answer)
{
    if (answer->release)
        answer->release(answer->owned);
    *answer = (struct sp_answer){ 0 };
}
