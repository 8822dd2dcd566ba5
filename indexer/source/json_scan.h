/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a JSON value ends, told from its brackets and strings alone, over bytes that come in pieces; so
 * that a long array is taken apart without holding it. Whether the value is right is the parser's
 * concern.
 */
#ifndef MRG_JSON_SCAN_H
#define MRG_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

typedef enum mrg_json_found {
    MRG_JSON_MORE = 0, /* the value goes on */
    MRG_JSON_END,      /* it ends here */
    MRG_JSON_LIST      /* here its member "articles" begins, after the '[' */
} mrg_json_found;

/* Zero-initialise at the first byte of a value (no white space before it). */
typedef struct mrg_json_scan {
    int watch; /* stop at a list of articles */
    unsigned depth, deepest;
    uint64_t values; /* about how many there are inside */
    int in_string, escaped;
    int newline; /* a line ended inside the value */
    int key_next, in_key, key_is_list;
    size_t key_len; /* characters of the key that agree so far */
} mrg_json_scan;

/* Returns how many of the bytes were looked at: all of them if the value goes on, otherwise up to where it
   ends (END) or the list's first element may begin (LIST). A scalar ends before what follows it. */
size_t mrg_json_scan_bytes(mrg_json_scan *scan, const unsigned char *bytes, size_t len, mrg_json_found *found);

#endif
