/* calls.h: what each system call counts as, by name; numbers are those of this machine. */
#pragma once
#include "probe/wire.h"

#include <stddef.h>
#include <stdint.h>

struct sp_call_row {
    const char *name;
    uint8_t group;  /* enum sp_count of its group; 0: none */
    uint8_t act;    /* enum sp_wire_act */
    uint32_t steps; /* SP_PATTERN_BIT of the patterns' steps that it may be */
};
extern const struct sp_call_row sp_call_rows[];
extern const size_t sp_call_row_count;
/* The number here; -1: not on this machine. */
int sp_call_number(const struct sp_call_row *row);
