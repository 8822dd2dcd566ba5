/* SPDX-License-Identifier: GPL-2.0-or-later */
/* On its own, so that a program that only searches and says its version does not load what the indexer reads with. */
#include "morgue.h"
#include "xapian_c.h"

const char *morgue_version(void)
{
    return "0.1.0";
}

const char *morgue_xapian_version(void)
{
    return xapian_version();
}
