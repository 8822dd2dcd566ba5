/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for changes in files and directories, with inotify (Linux). Directories are watched with all that is in
 * them, hidden ones left out, also those that come later.
 */
#ifndef MRG_WATCH_H
#define MRG_WATCH_H

#include <signal.h>

#include "morgue.h"

typedef struct mrg_watch mrg_watch;

/* `paths` is NULL-terminated and lent. INVALID for standard input, IO when the system's limit is reached. */
morgue_status mrg_watch_open(mrg_watch **out, char *const *paths, morgue_error *err);

/* Waits until something changed and then nothing more for `quiet_ms` (but not longer than ten times that). OK, or
   CANCELLED once `*stop` is set. What happens from the return on is told by the next call. */
morgue_status mrg_watch_wait(mrg_watch *watch, int quiet_ms, const volatile sig_atomic_t *stop, morgue_error *err);

void mrg_watch_close(mrg_watch *watch);

#endif
