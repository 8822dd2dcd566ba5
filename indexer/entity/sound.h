/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a word of a name sounds, roughly and across languages: "Qaddafi", "Gaddafi" and "Kadafi" have one
 * key, and so have "Medvedev" and "Medwedew". Our own, in the manner of Daitch-Mokotoff Soundex (groups of
 * letters as Slavic and German spellings use them) and of Metaphone (Philips 1990: consonants only, silent
 * letters dropped), kept to one key a word and to sounds that transliterations disagree on:
 *
 *   P  p   B  b    T  d t th dt       K  c g k q ck kh gh, and ch before a consonant but k
 *   F  f v w ph    S  s z ss ts tz, c before e i y, x at the beginning
 *   X  ch sh sch tch tsch zh dzh dj cz sz cs shch, j at the beginning
 *   L  M  N  R     KS x               H  h at the beginning
 *
 * Vowels, y, other h and j, and w between a or o and a consonant ("Brown") are dropped, but for one at the
 * beginning, which is A; the same sound twice in a row is one. Silent at the beginning are the k, g, p and
 * w of kn, gn, pn, ps, wr, and a y before a vowel.
 */
#ifndef MRG_SOUND_H
#define MRG_SOUND_H

#include <stddef.h>

enum { MRG_SOUND_MAX = 12 };

/* The key of a folded word. Returns its length, at most MRG_SOUND_MAX; 0 if the word has letters other than
   a to z, digits, or fewer than two sounds. */
size_t mrg_sound_key(char out[MRG_SOUND_MAX], const char *word, size_t len);

/* Whether the key of a word is that one; faster, as most words differ early. */
int mrg_sounds_so(const char *key, size_t key_len, const char *word, size_t len);

#endif
