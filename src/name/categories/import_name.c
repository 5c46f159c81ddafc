#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    return pair->is_import;
}

const struct sp_category sp_category_import_name = {
    .id = SP_CATEGORY_IMPORT_NAME,
    .name = "import-name",
    .title = "import-name confusion",
    .source = "Sallyport",
    .example = "cv2 for opencv-python",
    .holds = holds,
};
