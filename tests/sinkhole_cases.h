/* sinkhole_cases.h: what the files of the sinkhole's test share. */
#pragma once
#include "sinkhole_room.h"
#include "sinkhole_words.h"

/* In functions that run inside. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            return __LINE__;                                                                                 \
    } while (0)

/* The value of the decoy "ssh-key" in every room; that of "npmrc" is OTHER_CANARY. */
#define CANARY "Qm7xT2vKp9LwRz4NcY8sHd3B"
#define OTHER_CANARY "sp00kyvalue0123456789abc"
extern struct sp_decoys test_decoys;

/* Skips the test where no room can be made. */
void open_or_skip(struct room *room, const struct room_wishes *wishes);
void open_registry(struct room *room);
void open_sinkhole(struct room *room);

/* Fails, with all that was seen, where there is no such event. */
#define assert_seen(room, kind, subject, port, detail)                                                       \
    check_seen((room), (kind), (subject), (port), (detail), __LINE__)
const struct seen_event *check_seen(struct room *room, enum sp_event_kind kind, const char *subject,
                                    uint16_t port, const char *detail, int line);

/* sinkhole_answers.c */
void a_sinkhole_answers(void **state);
void tls_is_answered_under_the_run_s_authority(void **state);
void a_canary_is_found_over_writes_labels_and_datagrams(void **state);
void an_allowed_host_is_passed_through_untouched(void **state);
/* sinkhole_parsers.c */
void questions_are_read_strictly(void **state);
void hellos_are_read_whole_or_not_at_all(void **state);
void requests_are_read(void **state);
void chunked_bodies_end_where_they_end(void **state);
void allowed_names_match_whole_labels(void **state);
void only_public_addresses_are_dialled(void **state);
void canaries_are_found_once_in_a_stream(void **state);
