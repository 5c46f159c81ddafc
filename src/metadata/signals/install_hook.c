#include "metadata/scene.h"

static void
read_install_hook(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_name_list *hooks = &scene->name->hooks;
    seen->value = (double)hooks->count;
    if (hooks->count)
        sp_see(seen, true, "runs at install: `%s`%s", sp_excerpt(hooks->items[0]).text,
               hooks->count > 1 ? " and more" : "");
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_install_hook = {
    .id = SP_SIGNAL_INSTALL_HOOK,
    .name = "install-hook",
    .title = "it runs a program of its own at install",
    .definition = "The version has a script that the package manager runs at install (npm's preinstall, "
                  "install, postinstall; a gem's extension; a source distribution's setup.py), as far as "
                  "the record lists them. The value is their number.",
    .source = "Sallyport",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_HOOKS,
    .read = read_install_hook,
};
