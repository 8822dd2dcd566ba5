/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-index --extract: the articles of sources as JSONL, without an archive. */
#ifndef MRG_CLI_EXTRACT_H
#define MRG_CLI_EXTRACT_H

#include <signal.h>

#include "cli/report.h"

/* Writes to standard output until the end, a failure, or `*interrupted`. */
void mrg_extract_sources(mrg_report *report, char *const *sources, const morgue_index_options *options,
                         const volatile sig_atomic_t *interrupted);

#endif
