#include "metadata/scene.h"

static void
read_new_account(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    (void)scene, (void)seen;
}

const struct sp_signal sp_signal_new_account = {
    .id = SP_SIGNAL_NEW_ACCOUNT,
    .name = "new-account",
    .title = "the account that publishes it is new",
    .definition = "Always unknown: no registry tells the public when an account was made, and the first "
                  "package of an account does not follow from one package's record. The signal keeps its "
                  "place for records that will tell.",
    .source = "Sallyport",
    .lean = SP_LEANS_ATTACK,
    .read = read_new_account,
};
