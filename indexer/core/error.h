/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: a status and one line, carried in a struct of the caller's, so that there is no hidden state. */
#ifndef MRG_ERROR_H
#define MRG_ERROR_H

#include "morgue.h"

/* Fills `err` (may be NULL) and returns `status`, so that a failure is one statement. The message is
   made valid UTF-8 and one line: control characters from file names and input become '?'. */
morgue_status mrg_fail(morgue_error *err, morgue_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the text of `errno_value` at the end: "cannot open news.txt: Permission denied". */
morgue_status mrg_fail_errno(morgue_error *err, int errno_value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

morgue_status mrg_fail_nomem(morgue_error *err);

void mrg_error_clear(morgue_error *err);

#endif
