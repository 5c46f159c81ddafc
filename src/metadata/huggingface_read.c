/* huggingface_read.c: what the Hub says of a model. Sources: huggingface.co/docs/hub, "Hub API Endpoints",
 * "Pickle Scanning"; transformers, from_pretrained. */
#include "metadata/huggingface.h"

#include <string.h>
#include <strings.h>

/* -------------------------------------------------------- code in the files */

static bool
ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length > tail && !strcmp(name + length - tail, end);
}

static bool
is_pickle(const char *name)
{
    static const char *const ends[] = {
        ".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".dill"
    };
    for (size_t i = 0; i < SP_COUNT(ends); i++)
        if (ends_with(name, ends[i]))
            return true;
    return false;
}

/* What training leaves behind under these names is opened by no loader. */
static bool
is_left_over(const char *name)
{
    static const char *const names[] = { "training_args.bin", "optimizer.bin", "optimizer.pt",
                                         "scheduler.bin",     "scheduler.pt",  "rng_state.pth" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* A loader takes model.safetensors, which holds numbers alone, before pytorch_model.bin; by these very names,
 * so that no other file can stand in for it. */
static bool
is_superseded(const char *name, bool safe)
{
    return safe && !strncmp(name, "pytorch_model", 13) && ends_with(name, ".bin") && !strchr(name, '/');
}

static int
tell_hook(const struct sp_teller *teller, const char *what, const char *file, struct sp_error *err)
{
    char line[400];
    int length = snprintf(line, sizeof(line), "%s%.300s", what, file);
    return sp_tell_name(teller, SP_FIELD_HOOKS, line, (size_t)length, err);
}

static bool
has_safe_weights(const json_t *siblings)
{
    const json_t *item;
    size_t i;
    json_array_foreach(siblings, i, item)
    {
        const char *name = sp_member_text(item, "rfilename");
        if (name && (!strcmp(name, "model.safetensors") || !strcmp(name, "model.safetensors.index.json")))
            return true;
    }
    return false;
}

static bool
has_tag(const json_t *tags, const char *wanted)
{
    const json_t *item;
    size_t i;
    json_array_foreach(tags, i, item) if (json_is_string(item) &&
                                          !strcmp(json_string_value(item), wanted)) return true;
    return false;
}

static int
tell_hooks(const struct sp_teller *teller, const json_t *model, struct sp_error *err)
{
    const json_t *siblings = sp_member(model, "siblings"), *item;
    size_t i;
    if (!json_is_array(siblings) || !sp_tell_list(teller, SP_FIELD_HOOKS))
        return 0;
    if (has_tag(sp_member(model, "tags"), "custom_code") &&
        tell_hook(teller, "custom code (trust_remote_code)", "", err) < 0)
        return -1;
    bool safe = has_safe_weights(siblings);
    json_array_foreach(siblings, i, item)
    {
        const char *name = sp_member_text(item, "rfilename");
        if (name && is_pickle(name) && !is_left_over(name) && !is_superseded(name, safe) &&
            tell_hook(teller, "loads pickle: ", name, err) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------- what it says */

/* "base_model" is one name or several. */
static int
tell_bases(const struct sp_teller *teller, const json_t *card, struct sp_error *err)
{
    const json_t *bases = sp_member(card, "base_model");
    if (!json_is_object(card))
        return 0;
    if (!json_is_string(bases)) {
        if (!bases && sp_tell_list(teller, SP_FIELD_DEPENDENCIES))
            return 0;
        return sp_tell_member_names(teller, SP_FIELD_DEPENDENCIES, card, "base_model", err);
    }
    return sp_tell_list(teller, SP_FIELD_DEPENDENCIES)
               ? sp_tell_name(teller, SP_FIELD_DEPENDENCIES, json_string_value(bases),
                              json_string_length(bases), err)
               : 0;
}

/* Tags such as "license:mit" repeat what has a field of its own. */
static int
tell_keywords(const struct sp_teller *teller, const json_t *model, struct sp_error *err)
{
    const json_t *tags = sp_member(model, "tags"), *item;
    size_t i;
    if (!json_is_array(tags) || !sp_tell_list(teller, SP_FIELD_KEYWORDS))
        return 0;
    json_array_foreach(tags, i, item)
    {
        const char *tag = json_string_value(item);
        if (tag && !strchr(tag, ':') && sp_tell_name(teller, SP_FIELD_KEYWORDS, tag, strlen(tag), err) < 0)
            return -1;
    }
    return 0;
}

static int
tell_tagged_licence(const struct sp_teller *teller, const json_t *model, struct sp_error *err)
{
    const json_t *tags = sp_member(model, "tags"), *item;
    size_t i;
    json_array_foreach(tags, i, item)
    {
        const char *tag = json_string_value(item);
        if (tag && !strncmp(tag, "license:", 8))
            return sp_tell_text(teller, SP_FIELD_LICENCE, tag + 8, strlen(tag + 8), err);
    }
    return 0;
}

/* The account that the name belongs to, and which alone may publish under it. */
static int
tell_author(const struct sp_teller *teller, const json_t *model, struct sp_error *err)
{
    const char *author = sp_member_text(model, "author");
    if (!author || !*author)
        return 0;
    if (sp_tell_owner(teller, author, false, err) < 0)
        return -1;
    return sp_tell_list(teller, SP_FIELD_MAINTAINERS)
               ? sp_tell_person(teller, SP_FIELD_MAINTAINERS, &(struct sp_person){ .id = author }, err)
               : 0;
}

int
sp_huggingface_read_model(const struct sp_teller *teller, const char *bytes, size_t length, bool *disabled,
                          struct sp_error *err)
{
    sp_autotree json_t *model = NULL;
    *disabled = false;
    int status = sp_document_json(teller, bytes, length, &model, err);
    if (status != SP_READ)
        return status;
    const char *id = sp_member_text(model, "id");
    if (!id)
        id = sp_member_text(model, "modelId");
    if (!id || !*id)
        return sp_record_problem(teller->record, err, "%s: it names no model", teller->source);
    *disabled = sp_member_true(model, "disabled");
    /* the Hub answers for an old name with the model under its new one */
    bool moved = strcasecmp(id, teller->record->name) != 0;
    const json_t *card = sp_member(model, "cardData");
    if (sp_tell_text(teller, SP_FIELD_RELOCATED, moved ? id : NULL, moved ? strlen(id) : 0, err) < 0 ||
        tell_author(teller, model, err) < 0 || sp_tell_member_licences(teller, card, "license", err) < 0 ||
        tell_tagged_licence(teller, model, err) < 0 || tell_keywords(teller, model, err) < 0 ||
        tell_bases(teller, card, err) < 0 || tell_hooks(teller, model, err) < 0 ||
        sp_tell_number(teller, SP_FIELD_DOWNLOADS, sp_member_number(model, "downloads"), err) < 0 ||
        sp_tell_number(teller, SP_FIELD_CREATED, sp_member_time(model, "createdAt"), err) < 0 ||
        sp_tell_number(teller, SP_FIELD_UPDATED, sp_member_time(model, "lastModified"), err) < 0)
        return -1;
    return SP_READ;
}
