/* symbols.h: where functions lie in a program or library, so that a uprobe can be put there. The file may be
 * hostile: it is read by pread alone, every offset and size in it is checked, and what is looked at is
 * bounded.
 * Format: System V ABI, "Object Files" (ELF-64). */
#pragma once
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* One place for a uprobe. */
struct sp_eyes_uprobe {
    int fd;          /* the file, open for reading; borrowed */
    uint64_t offset; /* in the file, of the first instruction */
    uint32_t kind;   /* enum sp_uprobe_kind of wire.h */
};

#define SP_SYMBOLS_MAX 16u                 /* names in one search */
#define SP_SYMBOLS_TABLE_MAX (64ull << 20) /* bytes of one table of symbols, and of one of names */

/* Looks for the functions NAMES in the ELF64 file FD: first among those it exports, then, for those not
 * found, in its full table. A name that ends in '*' stands for the first function that begins with what is
 * before it, but for the compiler's parts of functions ("f.cold"). OFFSETS gets the places in the file; 0:
 * not there. Returns how many were found; -1: FD is no whole ELF64 file of this machine's byte order, or one
 * whose tables lead outside it. */
int sp_symbols_find(int fd, const char *const *names, size_t count, uint64_t *offsets, struct sp_error *err);
