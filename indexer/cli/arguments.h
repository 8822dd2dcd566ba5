/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command lines of both programs have in common: numbers, where the archive is, how usage errors
   look. Everything that can be wrong with an argument is told on standard error, with the program's name. */
#ifndef MRG_ARGUMENTS_H
#define MRG_ARGUMENTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { MRG_EXIT_USAGE = 2 };

/* "program: message", made safe for a terminal, and a pointer to --help. Returns MRG_EXIT_USAGE. */
int mrg_usage_error(const char *program, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "program: message", made safe for a terminal. */
void mrg_complain(const char *program, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The whole of `s` as a number; 0, or -1 if it is none or does not fit. */
int mrg_read_count(const char *s, uint64_t max, uint64_t *out);
/* "64K", "256M", "1G", "2T" in powers of 1024, also with B or iB behind; plain bytes otherwise. */
int mrg_read_size(const char *s, uint64_t *out);
/* Seconds, decimals allowed, as milliseconds; at least 1 ms unless 0. */
int mrg_read_seconds(const char *s, unsigned *out_ms);

/* $MORGUE_ARCHIVE, else morgue/archive in $XDG_DATA_HOME, else in ~/.local/share; to be freed. NULL when
   none of them is set. *is_ours (may be NULL): it lies in the user's data directory. */
char *mrg_default_archive(int *is_ours);

/* For getopt_long with opterr off: what is wrong with the argument it stopped at. `returned` is '?' or
   ':'. Returns MRG_EXIT_USAGE. */
int mrg_getopt_error(const char *program, char *const *argv, int returned);

/* Opens closed standard descriptors on /dev/null, so that no file of the archive can end up as standard
   output, and writing to a closed one still fails. */
void mrg_guard_standard_files(void);

/* Flushes `out`; 0, or -1 after complaining that something could not be written. */
int mrg_finish_output(const char *program, FILE *out);

#endif
