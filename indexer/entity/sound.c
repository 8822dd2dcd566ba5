/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/sound.h"

#include <string.h>

typedef struct spelling {
    const char *letters;
    char sound;
} spelling;

/* Longer ones before those that they begin with. */
static const spelling groups[] = {
    { "shch", 'X' }, { "szcz", 'X' }, { "tsch", 'X' }, { "dsch", 'X' }, { "sch", 'X' }, { "tch", 'X' },
    { "dzh", 'X' },  { "ch", 'X' },   { "sh", 'X' },   { "zh", 'X' },   { "cz", 'X' },  { "sz", 'X' },
    { "cs", 'X' },   { "dj", 'X' },   { "ts", 'S' },   { "tz", 'S' },   { "ph", 'F' },  { "th", 'T' },
    { "dt", 'T' },   { "ck", 'K' },   { "kh", 'K' },   { "gh", 'K' },
};

/* Of a to z; 0: none. */
static const char sound_of_single[26] = {
    0,   'B', 'K', 'T', 0,   'F', 'K', 0,   0,   0,   'K', 'L', 'M',
    'N', 0,   'P', 'K', 'R', 'S', 'T', 0,   'F', 'F', 'K', 0,   'S',
};

static int is_vowel(char c)
{
    return c && strchr("aeiouy", c) != NULL;
}

/* How many letters at the beginning are not heard. */
static size_t silent_beginning(const char *w, size_t len)
{
    static const char *const silent[] = { "kn", "gn", "pn", "ps", "wr" };
    if (len < 2)
        return 0;
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (!memcmp(w, silent[i], 2))
            return 1;
    return w[0] == 'y' && is_vowel(w[1]);
}

static char group_at(const char *w, size_t left, size_t *used)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (groups[i].letters[0] != w[0])
            continue;
        size_t n = strlen(groups[i].letters);
        if (n > left || memcmp(w, groups[i].letters, n))
            continue;
        *used = n;
        int hard = n == 2 && w[0] == 'c' && w[1] == 'h' && left > 2 && !is_vowel(w[2]) && w[2] != 'k';
        return hard ? 'K' : groups[i].sound;
    }
    return 0;
}

/* The sound of the letter at i, which begins no group. */
static char letter_at(const char *w, size_t len, size_t i, size_t begin)
{
    char c = w[i], after = i + 1 < len ? w[i + 1] : 0, before = i > begin ? w[i - 1] : 0;
    if (i == begin) {
        if (is_vowel(c))
            return 'A';
        if (c == 'h' || c == 'j' || c == 'x')
            return c == 'h' ? 'H' : c == 'j' ? 'X' : 'S';
    }
    if (c == 'c' && (after == 'e' || after == 'i' || after == 'y'))
        return 'S';
    if (c == 'w' && (before == 'a' || before == 'o') && after && !is_vowel(after))
        return 0;
    return sound_of_single[c - 'a'];
}

/* Ends early, with 0, when the key turns out not to be `wanted` (may be NULL). */
static size_t make_key(char out[MRG_SOUND_MAX], const char *word, size_t len, const char *wanted, size_t wanted_len)
{
    size_t n = 0, begin;
    char last = 0; /* 0 after what is not heard, so that "Mimi" has two sounds */
    for (size_t i = 0; i < len; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return 0;
    begin = silent_beginning(word, len);
    for (size_t i = begin; i < len && n < MRG_SOUND_MAX;) {
        size_t used = 1;
        char sound = group_at(word + i, len - i, &used);
        if (!sound)
            sound = letter_at(word, len, i, begin);
        int unheard = !sound && (word[i] == 'h' || word[i] == 'w');
        if (sound && sound != last)
            out[n++] = sound;
        if (used == 1 && word[i] == 'x' && i > begin && n < MRG_SOUND_MAX)
            out[n++] = sound = 'S';
        if (wanted && n && (n > wanted_len || out[n - 1] != wanted[n - 1]))
            return 0;
        if (!unheard)
            last = sound;
        i += used;
    }
    return n < 2 ? 0 : n;
}

size_t mrg_sound_key(char out[MRG_SOUND_MAX], const char *word, size_t len)
{
    return make_key(out, word, len, NULL, 0);
}

int mrg_sounds_so(const char *key, size_t key_len, const char *word, size_t len)
{
    char out[MRG_SOUND_MAX];
    return key_len && make_key(out, word, len, key, key_len) == key_len && !memcmp(out, key, key_len);
}
