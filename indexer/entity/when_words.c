/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that dates are made of. Few words of news are among them, so most cost one look into a table. */
#include "entity/when_scan.h"

#include <pthread.h>

static const struct {
    const char *text;
    mrg_date_word word;
    int number;
} words[] = {
    { "january", DATE_WORD_MONTH, 1 },       { "february", DATE_WORD_MONTH, 2 },      { "march", DATE_WORD_MONTH, 3 },
    { "april", DATE_WORD_MONTH, 4 },         { "may", DATE_WORD_MONTH, 5 },           { "june", DATE_WORD_MONTH, 6 },
    { "july", DATE_WORD_MONTH, 7 },          { "august", DATE_WORD_MONTH, 8 },        { "september", DATE_WORD_MONTH, 9 },
    { "october", DATE_WORD_MONTH, 10 },      { "november", DATE_WORD_MONTH, 11 },     { "december", DATE_WORD_MONTH, 12 },
    { "jan", DATE_WORD_MONTH_SHORT, 1 },     { "feb", DATE_WORD_MONTH_SHORT, 2 },     { "mar", DATE_WORD_MONTH_SHORT, 3 },
    { "apr", DATE_WORD_MONTH_SHORT, 4 },     { "jun", DATE_WORD_MONTH_SHORT, 6 },     { "jul", DATE_WORD_MONTH_SHORT, 7 },
    { "aug", DATE_WORD_MONTH_SHORT, 8 },     { "sep", DATE_WORD_MONTH_SHORT, 9 },     { "sept", DATE_WORD_MONTH_SHORT, 9 },
    { "oct", DATE_WORD_MONTH_SHORT, 10 },    { "nov", DATE_WORD_MONTH_SHORT, 11 },    { "dec", DATE_WORD_MONTH_SHORT, 12 },
    { "monday", DATE_WORD_WEEKDAY, 0 },      { "tuesday", DATE_WORD_WEEKDAY, 1 },     { "wednesday", DATE_WORD_WEEKDAY, 2 },
    { "thursday", DATE_WORD_WEEKDAY, 3 },    { "friday", DATE_WORD_WEEKDAY, 4 },      { "saturday", DATE_WORD_WEEKDAY, 5 },
    { "sunday", DATE_WORD_WEEKDAY, 6 },      { "mon", DATE_WORD_WEEKDAY_SHORT, 0 },   { "tue", DATE_WORD_WEEKDAY_SHORT, 1 },
    { "tues", DATE_WORD_WEEKDAY_SHORT, 1 },  { "wed", DATE_WORD_WEEKDAY_SHORT, 2 },   { "thu", DATE_WORD_WEEKDAY_SHORT, 3 },
    { "thur", DATE_WORD_WEEKDAY_SHORT, 3 },  { "thurs", DATE_WORD_WEEKDAY_SHORT, 3 }, { "fri", DATE_WORD_WEEKDAY_SHORT, 4 },
    { "sat", DATE_WORD_WEEKDAY_SHORT, 5 },   { "sun", DATE_WORD_WEEKDAY_SHORT, 6 },   { "today", DATE_WORD_DAY, 0 },
    { "tonight", DATE_WORD_DAY, 0 },         { "yesterday", DATE_WORD_DAY, -1 },      { "tomorrow", DATE_WORD_DAY, 1 },
    { "last", DATE_WORD_WHICH, -1 },         { "this", DATE_WORD_WHICH, 0 },          { "next", DATE_WORD_WHICH, 1 },
    { "year", DATE_WORD_YEAR, 0 },           { "end", DATE_WORD_END, 0 },             { "ago", DATE_WORD_AGO, 0 },
    { "twenties", DATE_WORD_DECADE, 20 },    { "thirties", DATE_WORD_DECADE, 30 },    { "forties", DATE_WORD_DECADE, 40 },
    { "fifties", DATE_WORD_DECADE, 50 },     { "sixties", DATE_WORD_DECADE, 60 },     { "seventies", DATE_WORD_DECADE, 70 },
    { "eighties", DATE_WORD_DECADE, 80 },    { "nineties", DATE_WORD_DECADE, 90 },
};

enum { WORD_COUNT = sizeof words / sizeof *words, SLOTS = 512 };

static uint8_t slots[SLOTS]; /* index into words, + 1; open addressing */
static uint8_t lens[WORD_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

uint64_t mrg_date_word_bits[DATE_WORD_BITS / 64];

static inline size_t slot_of(const char *word, size_t len)
{
    return mrg_date_word_hash(word, len) % SLOTS;
}

static void init(void)
{
    mrg_tense_words_init();
    for (size_t i = 0; i < WORD_COUNT; i++) {
        lens[i] = (uint8_t)strlen(words[i].text);
        size_t slot = slot_of(words[i].text, lens[i]);
        while (slots[slot])
            slot = (slot + 1) % SLOTS;
        slots[slot] = (uint8_t)(i + 1);
        uint32_t bit = mrg_date_word_hash(words[i].text, lens[i]);
        mrg_date_word_bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
}

void mrg_date_words_init(void)
{
    pthread_once(&once, init);
}

mrg_date_word mrg_date_word_at(const mrg_when *w, size_t i, int *number)
{
    const mrg_token *t = when_token(w, i);
    const char *term = mrg_token_term(w->tokens, t);
    if (!mrg_may_be_date_word(term, t->term_len))
        return DATE_WORD_NONE;
    for (size_t slot = slot_of(term, t->term_len); slots[slot]; slot = (slot + 1) % SLOTS) {
        size_t k = slots[slot] - 1u;
        if (lens[k] == t->term_len && !memcmp(words[k].text, term, t->term_len)) {
            *number = words[k].number;
            return words[k].word;
        }
    }
    return DATE_WORD_NONE;
}

int mrg_month_at(const mrg_when *w, size_t i)
{
    int number = 0;
    if (!when_has(w, i) || !when_is_capital(w, i))
        return 0;
    mrg_date_word word = mrg_date_word_at(w, i, &number);
    return word == DATE_WORD_MONTH || word == DATE_WORD_MONTH_SHORT ? number : 0;
}

int mrg_day_at(const mrg_when *w, size_t i)
{
    if (!when_has(w, i) || !(when_token(w, i)->flags & MRG_TOKEN_DIGIT))
        return 0;
    const char *term = mrg_token_term(w->tokens, when_token(w, i));
    size_t len = when_token(w, i)->term_len, n = 0;
    int day = 0;
    while (n < len && n < 3 && term[n] >= '0' && term[n] <= '9')
        day = day * 10 + (term[n++] - '0');
    if (n > 2 || day < 1 || day > 31)
        return 0;
    if (n < len && (len - n != 2 || (memcmp(term + n, "st", 2) && memcmp(term + n, "nd", 2) && memcmp(term + n, "rd", 2) &&
                                     memcmp(term + n, "th", 2))))
        return 0;
    return day;
}

int mrg_four_digits_at(const mrg_when *w, size_t i)
{
    if (!when_has(w, i) || when_token(w, i)->term_len != 4 || !(when_token(w, i)->flags & MRG_TOKEN_DIGIT))
        return 0;
    const char *term = mrg_token_term(w->tokens, when_token(w, i));
    int year = 0;
    for (int k = 0; k < 4; k++) {
        if (term[k] < '0' || term[k] > '9')
            return 0;
        year = year * 10 + (term[k] - '0');
    }
    /* "2,008" has five */
    return when_token(w, i)->end - when_token(w, i)->begin == 4 && year >= 1000 && year < 3000 ? year : 0;
}

int mrg_year_at(const mrg_when *w, size_t i)
{
    enum { LAST_OF_EURO = 0xac, LAST_OF_POUND = 0xa3 };
    int year = mrg_four_digits_at(w, i);
    if (!year)
        return 0;
    unsigned char before = (unsigned char)when_before(w, i), after = (unsigned char)when_after(w, i);
    if ((before && strchr("$#:.@+", before)) || before == LAST_OF_EURO || before == LAST_OF_POUND || (after && strchr("%$@", after)))
        return 0;
    size_t end = when_token(w, i)->end;
    if (after == ':' && end + 1 < w->len && w->text[end + 1] >= '0' && w->text[end + 1] <= '9')
        return 0;
    return year;
}

int mrg_count_at(const mrg_when *w, size_t i)
{
    static const char *const numbers[] = { "one", "two", "three", "four", "five",   "six",
                                           "seven", "eight", "nine", "ten", "eleven", "twelve" };
    if (when_is(w, i, "a"))
        return 1;
    for (int k = 0; k < 12; k++) {
        if (when_is(w, i, numbers[k]))
            return k + 1;
    }
    const char *term = mrg_token_term(w->tokens, when_token(w, i));
    size_t len = when_token(w, i)->term_len;
    int count = 0;
    for (size_t k = 0; k < len; k++) {
        if (len > 3 || term[k] < '0' || term[k] > '9')
            return 0;
        count = count * 10 + (term[k] - '0');
    }
    return count <= 120 ? count : 0;
}

int mrg_when_is_any(const mrg_when *w, size_t i, const char *list)
{
    char word[16];
    if (!when_has(w, i) || when_token(w, i)->term_len > sizeof word - 3)
        return 0;
    size_t len = when_token(w, i)->term_len;
    word[0] = word[len + 1] = ' ';
    memcpy(word + 1, mrg_token_term(w->tokens, when_token(w, i)), len);
    word[len + 2] = 0;
    return strstr(list, word) != NULL;
}

int mrg_is_unit(const mrg_when *w, size_t i)
{
    return mrg_when_is_any(w, i, " people percent pct per metres meters metre meter miles mile km kms kilometres kilometers feet "
                                 "foot ft tons tonnes ton dollars euros pounds points votes seats jobs workers troops "
                                 "soldiers employees shares hours minutes seconds times kg kgs kilos barrels ounces rupees yen "
                                 "yuan rubles roubles francs cents gmt est edt hrs homes houses members men women children "
                                 "students police officers civilians refugees migrants cases deaths fans spectators "
                                 "passengers guests delegates protesters demonstrators residents families companies stores "
                                 "pages copies units cars vehicles acres hectares litres liters gallons megawatts mw "
                                 "calories words characters runs goals laps games rpm cc hp bhp degrees others million "
                                 "billion m bn ");
}

mrg_when_gap mrg_when_gap_after(const mrg_when *w, size_t i)
{
    if (!when_has(w, i + 1))
        return WHEN_OTHER;
    size_t at = when_token(w, i)->end, end = when_token(w, i + 1)->begin;
    mrg_when_gap gap = WHEN_TIGHT;
    int lines = 0;
    if (when_token(w, i)->flags & MRG_TOKEN_POSSESSIVE) { /* 's, or a curly one of three bytes */
        at += w->text[at] == '\'' ? 1 : 3;
        at += at < end && (w->text[at] == 's' || w->text[at] == 'S');
    }
    for (; at < end; at++) {
        unsigned char c = (unsigned char)w->text[at];
        mrg_when_gap found;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            lines += c == '\n';
            if (lines > 1)
                return WHEN_OTHER;
            found = WHEN_SPACE;
        } else if (c == ',' || c == '.' || c == '/' || c == '-') {
            found = c == ',' ? WHEN_COMMA : c == '.' ? WHEN_PERIOD : c == '/' ? WHEN_SLASH : WHEN_DASH;
        } else if (end - at >= 3 && c == 0xe2 && (unsigned char)w->text[at + 1] == 0x80 &&
                   ((unsigned char)w->text[at + 2] == 0x93 || (unsigned char)w->text[at + 2] == 0x94)) {
            found = WHEN_DASH;
            at += 2;
        } else if (end - at >= 2 && c == 0xc2 && (unsigned char)w->text[at + 1] == 0xa0) {
            found = WHEN_SPACE;
            at++;
        } else {
            return WHEN_OTHER;
        }
        if (gap > WHEN_SPACE && found > WHEN_SPACE)
            return WHEN_OTHER;
        if (found > gap)
            gap = found;
    }
    return gap;
}
