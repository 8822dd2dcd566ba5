/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long answers on a terminal go through a pager; short ones, and those that go elsewhere, do not. */
#ifndef MRG_OUTPUT_PAGER_H
#define MRG_OUTPUT_PAGER_H

#include <stdio.h>

/* What $MORGUE_PAGER, else $PAGER says, else "less"; NULL for none, which "" and "cat" mean. */
const char *mrg_pager_command(void);

typedef struct mrg_pager_setup {
    const char *command; /* for the shell */
    size_t rows, columns; /* of the terminal */
    int keep_links;      /* pass OSC 8 on; not every pager can take it */
    FILE *terminal;      /* where a short answer goes */
} mrg_pager_setup;

/* A stream that holds back what is printed until it is more than fits on the screen, then starts the pager and
   feeds it. A reader who leaves the pager early is no error. NULL when memory ran out. `setup` is only read
   during the call. */
FILE *mrg_pager_open(const mrg_pager_setup *setup);
/* Prints what fitted, or waits for the pager to end. 0, or -1 after saying on standard error what failed. */
int mrg_pager_close(FILE *stream);

/* ---- For the tests: rows that a stream of bytes takes ---- */

typedef struct mrg_row_count {
    size_t columns; /* of the screen; 0: lines never fold */
    size_t rows, column;
    enum { MRG_ROW_TEXT, MRG_ROW_ESCAPE, MRG_ROW_CSI, MRG_ROW_OSC, MRG_ROW_OSC_ESCAPE } state;
} mrg_row_count;

/* Takes one byte; non-zero if it belongs to an OSC sequence. */
int mrg_row_count_byte(mrg_row_count *count, unsigned char byte);

#endif
