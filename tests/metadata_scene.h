/* metadata_scene.h: one look-up of a package over answers from a table. */
#pragma once
#include "answers.h"
#include "metadata/client.h"
#include "metadata/documents.h"

struct scene {
    struct answers answers;
    struct sp_transport transport;
    struct sp_bases bases;
    struct sp_client_call call;
    struct sp_record *record; /* of the last look-up */
    struct sp_error err;
};
/* Every service is off, but those that the test sets with scene_base. The depth is full. */
struct scene *scene_new(void);
void scene_free(struct scene **scene);
#define autoscene __attribute__((cleanup(scene_free)))
void scene_base(struct scene *scene, enum sp_service service, const char *url);
/* Looks NAME up by CLIENT, and makes sure of what holds for every record. */
struct sp_record *scene_describe(struct scene *scene, const struct sp_client *client, const char *name);
/* Looks NAME up as often as the JSON that answers URL has values, each time with another value of it replaced
 * by one of another shape, and with the document cut off at many places. */
void scene_spoil_json(struct scene *scene, const struct sp_client *client, const char *name, const char *url);
/* The same for any other document: cut off, and with single bytes replaced. */
void scene_spoil_bytes(struct scene *scene, const struct sp_client *client, const char *name,
                       const char *url);

bool has_name(const struct sp_name_list *names, const char *name);
bool has_problem(const struct sp_record *record, const char *part);
/* NULL: there is none. */
const struct sp_release *find_release(const struct sp_record *record, const char *number);
const struct sp_person *find_person(const struct sp_record *record, enum sp_field field, const char *id);
/* "2024-03-01" */
const char *day_of(int64_t time, char out[16]);
#define assert_day(time, day)                                                                                \
    do {                                                                                                     \
        char day_text[16];                                                                                   \
        assert_string_equal(day_of(time, day_text), day);                                                    \
    } while (0)
