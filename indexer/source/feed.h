/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two forms of feeds share: an entry on its way to being an article (feed.c). */
#ifndef MRG_FEED_H
#define MRG_FEED_H

#include "source/reader.h"

/* The fields of one entry, and what the feed says of itself. Zero-initialise, dispose. */
typedef struct mrg_feed {
    mrg_input *in;
    mrg_buffer id, title, text, date, url, author, source, lang, subject;
    mrg_buffer feed_title, feed_lang;
    uint64_t number; /* of the entry, from 1 */
} mrg_feed;
void mrg_feed_dispose(mrg_feed *feed);

/* Empties the entry's fields for the next one. */
void mrg_feed_next(mrg_feed *feed);

/* Hands the entry over. Of some feeds headlines are all there is: they are the text then. */
morgue_status mrg_feed_deliver(mrg_feed *feed, morgue_error *err);

#endif
