/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/attribute.h"

#include <pthread.h>
#include <string.h>

#include "core/alloc.h"
#include "core/error.h"
#include "entity/word_classes.h"
#include "entity/words.h"

enum {
    MAX_AGE = 120,
    MAX_BEFORE = 10,    /* words of a role before the name */
    MAX_AFTER = 14,     /* and behind it */
    MAX_TO_HEAD = 7,    /* of these, up to the word that says what somebody is */
    MAX_AGE_TO_NAME = 6 /* words between "69-year-old" and the name */
};

typedef struct reader {
    const char *text;
    size_t len;
    const mrg_tokens *tokens;
    mrg_found *found;
    size_t mention; /* index of the person's mention at hand */
    int failed;     /* memory ran out */
} reader;

/* ---- Tokens ---- */

static const mrg_token *token_at(const reader *r, size_t i)
{
    return &r->tokens->items[i];
}

static int has(const reader *r, size_t i)
{
    return i < r->tokens->count;
}

static int is(const reader *r, size_t i, const char *word)
{
    size_t len = strlen(word);
    return has(r, i) && token_at(r, i)->term_len == len && !memcmp(mrg_token_term(r->tokens, token_at(r, i)), word, len);
}

/* Words that the rules ask for. */
enum {
    SAYS_JOB = 1 << 0,     /* says what somebody is; beside the titles and roles of words.h */
    NO_JOB = 1 << 1,       /* among those, but a form of address, kin, or only the beginning of a title */
    PART_OF_JOB = 1 << 2,  /* beside NO_JOB, may say what somebody is in an apposition */
    ADDRESS = 1 << 3,
    DETERMINER = 1 << 4,
    ADVERB = 1 << 5,       /* before an apposition */
    PREPOSITION = 1 << 6,  /* behind what says it */
    ENDS_PHRASE = 1 << 7,
    MODIFIER = 1 << 8,     /* before what says it, written small */
    SUFFIX = 1 << 9,       /* likewise, behind a hyphen: "state-run" */
    BARS_AGE = 1 << 10,    /* between "69-year-old" and a name: they do not belong together */
    IS_OR_WAS = 1 << 11
};

static const mrg_class_list lists[] = {
    { SAYS_JOB,
      "accountant administrator agent ally anthropologist archaeologist archivist auditor author baker barrister biologist "
      "bodyguard broker builder butcher caretaker carpenter cartographer chef chemist choreographer clerk cofounder counsel "
      "counselor curator dealer dentist developer electrician employee ethicist examiner fellow firefighter fisherman "
      "geographer geologist geophysicist guard guide hydrologist instructor interpreter investigator janitor jeweller lecturer "
      "librarian lobbyist machinist mechanic merchant meteorologist miner monk neurologist nun nurse observer oceanographer "
      "ombudsman operator organiser organizer paramedic pensioner pharmacist plumber principal programmer psychiatrist "
      "psychologist ranger recruiter referee scholar scout seismologist sociologist spymaster superintendent surveyor tailor "
      "therapist translator trustee tutor umpire undersecretary vet veterinarian vp waiter waitress wicketkeeper worker" },
    { NO_JOB,
      "mr mrs ms miss dr doctor sir dame lord lady mme madame monsieur don dona senor senora signor herr frau hon honourable "
      "honorable saint father brother sister mother son daughter wife husband uncle aunt nephew niece cousin widow friend "
      "colleague rival named called seed seeded citizen star hero legend first state head deputy assistant asst private pvt" },
    { PART_OF_JOB, "head deputy assistant member" },
    { ADDRESS, "mr mrs ms miss named called" },
    { DETERMINER, "the a an its his her their" },
    { ADVERB, "also then now currently" },
    { PREPOSITION, "of at for with in from to by on and" },
    { ENDS_PHRASE, "who whose which that was is are were has had have will would said told says but when while after before as "
                   "because where" },
    { MODIFIER, "ex co non pro anti self outgoing incoming ousted exiled retired jailed embattled rights independent" },
    { SUFFIX, "based backed run owned led" },
    { BARS_AGE, "of in at from who and was is said told by for with to" },
    { IS_OR_WAS, "is was turned turns" },
    { 0, NULL },
};

static mrg_word_classes classes;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_classes(void)
{
    mrg_word_classes_init(&classes, lists);
}

/* Whether the token is of one of the classes. */
static int is_any(const reader *r, size_t i, uint32_t bits)
{
    return has(r, i) &&
           (mrg_word_classes_of(&classes, mrg_token_term(r->tokens, token_at(r, i)), token_at(r, i)->term_len) & bits) != 0;
}

static uint32_t flags_at(const reader *r, size_t i)
{
    return mrg_word_flags(mrg_token_term(r->tokens, token_at(r, i)), token_at(r, i)->term_len);
}

/* What stands between token i and the next, white space aside: its first byte, ' ' for white space alone or nothing,
   '-' for a hyphen without white space, 0 for more than one sign or an empty line. */
static char gap_after(const reader *r, size_t i)
{
    size_t at = token_at(r, i)->end, end = has(r, i + 1) ? token_at(r, i + 1)->begin : r->len;
    char sign = 0;
    int lines = 0;
    for (; at < end; at++) {
        char c = r->text[at];
        lines += c == '\n';
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            continue;
        if (sign)
            return has(r, i + 1) ? 0 : sign;
        sign = c;
    }
    if (sign == '-' && end - token_at(r, i)->end > 1)
        return 0;
    return lines > 1 ? 0 : sign ? sign : ' ';
}

/* ---- What was found ---- */

static uint32_t entity_of(const reader *r)
{
    return r->found->mentions[r->mention].entity;
}

static int is_known(const reader *r, mrg_attribute_kind kind, const char *text)
{
    for (size_t i = 0; i < r->found->attribute_count; i++) {
        const mrg_attribute *a = &r->found->attributes[i];
        if (a->entity == entity_of(r) && a->kind == kind && !strcmp(a->text, text))
            return 1;
    }
    return 0;
}

/* Adds tokens [first, end). */
static void add(reader *r, mrg_attribute_kind kind, size_t first, size_t end)
{
    enum { MAX_ATTRIBUTES = 1000 };
    char text[MRG_ATTRIBUTE_MAX_BYTES + 1];
    size_t n = 0;
    for (size_t at = token_at(r, first)->begin; at < token_at(r, end - 1)->end; at++) {
        char c = r->text[at];
        int space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (n == MRG_ATTRIBUTE_MAX_BYTES)
            return;
        if (!space || (n && text[n - 1] != ' '))
            text[n++] = space ? ' ' : c;
    }
    text[n] = 0;
    mrg_found *found = r->found;
    if (found->attribute_count >= MAX_ATTRIBUTES || is_known(r, kind, text))
        return;
    char *kept = mrg_arena_strndup(&found->arena, text, n);
    if (!kept || mrg_reserve((void **)&found->attributes, &found->attribute_capacity, found->attribute_count + 1,
                             sizeof *found->attributes)) {
        r->failed = 1;
        return;
    }
    found->attributes[found->attribute_count++] =
        (mrg_attribute){ entity_of(r), (uint32_t)r->mention, kind, kept, (uint32_t)first, (uint32_t)(end - first) };
}

/* The mention that covers token i, searched from the person's on; NULL if none does. */
static const mrg_mention *mention_at(const reader *r, size_t i)
{
    const mrg_mention *all = r->found->mentions;
    size_t m = r->mention;
    while (m > 0 && all[m].first_token > i)
        m--;
    while (m + 1 < r->found->mention_count && all[m + 1].first_token <= i)
        m++;
    return all[m].first_token <= i && i < all[m].first_token + all[m].token_count ? &all[m] : NULL;
}

/* ---- Ages ---- */

/* 1 to 120 of digits alone; else 0. */
static int number_at(const reader *r, size_t i)
{
    int n = 0;
    if (!has(r, i) || token_at(r, i)->term_len > 3)
        return 0;
    const char *term = mrg_token_term(r->tokens, token_at(r, i));
    for (size_t k = 0; k < token_at(r, i)->term_len; k++) {
        if (term[k] < '0' || term[k] > '9')
            return 0;
        n = n * 10 + (term[k] - '0');
    }
    return n <= MAX_AGE && *term != '0' ? n : 0;
}

/* What closes the name: its first sign, or that behind the full stop of "Jr." or a closing bracket. */
static char sign_behind(const reader *r, size_t i)
{
    size_t at = token_at(r, i)->end;
    if (at < r->len && (r->text[at] == '.' || r->text[at] == ')' || r->text[at] == ']')) {
        at++;
        while (at < r->len && r->text[at] == ' ')
            at++;
        if (at < r->len && (r->text[at] == ',' || r->text[at] == '(' || r->text[at] == '['))
            return r->text[at];
    }
    return gap_after(r, i);
}

static int ends_age(char gap)
{
    return gap && strchr(",.);]", gap) != NULL;
}

/* "Putin, 69,", "Putin (69)", "Putin, aged 69,", "Putin, who is 69,". Returns the token behind it; 0: no age. */
static size_t read_age_behind(reader *r, size_t last)
{
    char gap = sign_behind(r, last);
    size_t i = last + 1;
    if (token_at(r, last)->flags & MRG_TOKEN_POSSESSIVE)
        return 0;
    if (gap == ' ' && is(r, i, "aged"))
        gap = ',';
    if (gap != ',' && gap != '(' && gap != '[')
        return 0;
    int said = (is(r, i, "aged") || is(r, i, "age")) && gap_after(r, i) == ' ';
    if (is(r, i, "who") && is_any(r, i + 1, IS_OR_WAS)) {
        said = 1;
        i++;
    }
    i += (size_t)said;
    if (!number_at(r, i))
        return 0;
    char after = gap_after(r, i);
    if (after == 0 && has(r, i + 1)) /* "(69)," and "69)." */
        after = r->text[token_at(r, i)->end];
    int closed = gap == ',' ? ends_age(after) || said : after == ')' || after == ']' || (said && after == ',');
    if (!closed || (after == ',' && number_at(r, i + 1))) /* "Smith, 6, 3" */
        return 0;
    add(r, MRG_ATTRIBUTE_AGE, i, i + 1);
    return i + 1;
}

/* Whether tokens i to i + 2 are "69-year-old". */
static int is_year_old(const reader *r, size_t i)
{
    return number_at(r, i) && is(r, i + 1, "year") && is(r, i + 2, "old");
}

/* "the 69-year-old president, Vladimir Putin", "43-year-old President Volodymyr Zelensky". */
static void read_age_before(reader *r, size_t first)
{
    size_t digits = first, reach = MAX_AGE_TO_NAME + 3;
    while (digits && first - digits < reach && !(token_at(r, digits - 1)->flags & MRG_TOKEN_DIGIT))
        digits--;
    if (!digits || first - digits == reach)
        return;
    for (size_t n = 0, i = first; i >= 3 && n < MAX_AGE_TO_NAME; n++, i--) {
        char gap = gap_after(r, i - 1);
        if (gap != ' ' && gap != '-' && gap != '.' && !(gap == ',' && i == first && n == 0))
            return;
        if (is_year_old(r, i - 3)) {
            add(r, MRG_ATTRIBUTE_AGE, i - 3, i - 2);
            return;
        }
        const mrg_mention *other = mention_at(r, i - 1);
        if (flags_at(r, i - 1) & (MRG_WORD_SAID) || (other && r->found->entities[other->entity].type == MRG_ENTITY_PERSON) ||
            is_any(r, i - 1, BARS_AGE))
            return;
    }
}

/* ---- Roles ---- */

/* A word that says what somebody is; forms of address and kin do not. */
static int is_head(const reader *r, size_t i)
{
    return is_any(r, i, SAYS_JOB) || (flags_at(r, i) & (MRG_WORD_TITLE | MRG_WORD_ROLE) && !is_any(r, i, NO_JOB));
}

static int is_possessive(const reader *r, size_t i)
{
    return (token_at(r, i)->flags & MRG_TOKEN_POSSESSIVE) != 0;
}

/* Whether token i may go on with a role that begins behind it. */
static int is_role_part(const reader *r, size_t i)
{
    const mrg_token *t = token_at(r, i);
    const uint32_t parts = MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_ROLE | MRG_WORD_DEMONYM;
    const mrg_mention *in = mention_at(r, i);
    if (in)
        return r->found->entities[in->entity].type == MRG_ENTITY_ORG || r->found->entities[in->entity].type == MRG_ENTITY_PLACE;
    uint32_t flags = flags_at(r, i);
    if (flags & parts)
        return !(flags & MRG_WORD_SAID) && !is_any(r, i, ADDRESS);
    if (is(r, i, "of"))
        return i && flags_at(r, i - 1) & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART) && flags_at(r, i + 1) & MRG_WORD_TITLE_PART;
    if (is_any(r, i, t->flags & MRG_TOKEN_HYPHEN ? MODIFIER | SUFFIX : MODIFIER))
        return 1;
    uint32_t no_names = MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | (t->flags & MRG_TOKEN_SENTENCE ? MRG_WORD_COMMON | MRG_WORD_SAID : 0);
    return t->flags & MRG_TOKEN_CAPITAL && !(flags & no_names);
}

/* "Russian President Vladimir Putin", "U.S. Asst. Sec. of State Karen Donfried". */
static void read_role_before(reader *r, size_t first)
{
    if (!first || gap_after(r, first - 1) != ' ')
        if (!first || gap_after(r, first - 1) != '.')
            return;
    if (!is_head(r, first - 1) && !(flags_at(r, first - 1) & MRG_WORD_TITLE_PART && first > 2 && is(r, first - 2, "of")))
        return;
    size_t begin = first - 1;
    if (is_possessive(r, begin) || mention_at(r, begin))
        return;
    while (begin && first - begin < MAX_BEFORE) {
        char gap = gap_after(r, begin - 1);
        if ((gap != ' ' && gap != '-' && gap != '.') || is_possessive(r, begin - 1) || !is_role_part(r, begin - 1))
            break;
        if (gap == '.' && (token_at(r, begin)->flags & MRG_TOKEN_SENTENCE || token_at(r, begin - 1)->term_len > 5))
            break;
        const mrg_mention *in = mention_at(r, begin - 1);
        if (in && first - in->first_token >= MAX_BEFORE)
            break;
        begin = in ? in->first_token : begin - 1;
    }
    for (size_t i = begin; i < first; i++) {
        if (is_head(r, i)) {
            add(r, MRG_ATTRIBUTE_ROLE, begin, first);
            return;
        }
    }
}

/* Words that end an apposition without a comma. */
static int ends_phrase(const reader *r, size_t i)
{
    return is_any(r, i, ENDS_PHRASE) || flags_at(r, i) & MRG_WORD_SAID;
}

/* The head of the phrase that begins with token i, before the first preposition; 0 if there is none. */
static size_t head_of_phrase(const reader *r, size_t i)
{
    size_t head = 0;
    for (size_t n = 0; has(r, i) && n < MAX_TO_HEAD && !ends_phrase(r, i); n++, i++) {
        if (is_any(r, i, PREPOSITION))
            break;
        if (is_head(r, i) || is_any(r, i, PART_OF_JOB))
            head = i;
        char gap = is_possessive(r, i) ? ' ' : gap_after(r, i);
        if (gap != ' ' && gap != '-')
            break;
    }
    return head;
}

/* "Jens Stoltenberg, the NATO secretary general,": what begins with token i, behind the comma. */
static void read_apposition(reader *r, size_t i)
{
    while (is_any(r, i, DETERMINER | ADVERB))
        i++;
    if (has(r, i + 3) && is_year_old(r, i)) {
        add(r, MRG_ATTRIBUTE_AGE, i, i + 1);
        i += 3;
    }
    size_t head = has(r, i) ? head_of_phrase(r, i) : 0, end = i, short_end = 0;
    char gap = ' ';
    if (!head)
        return;
    while (has(r, end) && end - i < MAX_AFTER && (gap == ' ' || gap == '-') && !ends_phrase(r, end)) {
        const mrg_mention *in = mention_at(r, end);
        if (in && r->found->entities[in->entity].type == MRG_ENTITY_PERSON)
            return;
        if (end > head && !short_end && is_any(r, end, PREPOSITION))
            short_end = end;
        gap = is_possessive(r, end) ? ' ' : gap_after(r, end);
        if (gap == '.' && token_at(r, end)->term_len <= 4 && has(r, end + 1) && !(token_at(r, end + 1)->flags & MRG_TOKEN_SENTENCE))
            gap = ' ';
        end++;
    }
    if (end <= head)
        return;
    /* unclosed: "Putin, president of Russia and friend of": the short form is sure */
    int closed = !has(r, end) || (gap != ' ' && gap != '-') || ends_phrase(r, end);
    size_t bytes = token_at(r, end - 1)->end - token_at(r, i)->begin;
    if ((!closed || bytes > MRG_ATTRIBUTE_MAX_BYTES) && short_end)
        end = short_end;
    else if (!closed)
        return;
    add(r, MRG_ATTRIBUTE_ROLE, i, end);
}

/* "the head of state-run Naftohaz, Andriy Kobzarenko,": back from the comma to an article. */
static void read_apposition_before(reader *r, size_t first)
{
    size_t begin = first;
    for (size_t n = 0; begin && n < MAX_BEFORE; n++) {
        char gap = gap_after(r, begin - 1);
        if (n ? gap != ' ' && gap != '-' : gap != ',')
            return;
        if (is_any(r, begin - 1, DETERMINER))
            break;
        const mrg_mention *in = mention_at(r, --begin);
        if (ends_phrase(r, begin) || (in && r->found->entities[in->entity].type == MRG_ENTITY_PERSON))
            return;
    }
    if (begin && begin < first && is_any(r, begin - 1, DETERMINER) && !is_year_old(r, begin) &&
        head_of_phrase(r, begin))
        add(r, MRG_ATTRIBUTE_ROLE, begin, first);
}

static void read_person(reader *r)
{
    const mrg_mention *m = &r->found->mentions[r->mention];
    size_t first = m->first_token, behind = first + m->token_count;
    read_role_before(r, first);
    read_age_before(r, first);
    if (!has(r, behind) || is_possessive(r, behind - 1))
        return;
    size_t age = read_age_behind(r, behind - 1);
    char sign = sign_behind(r, age ? age - 1 : behind - 1);
    if (first && gap_after(r, first - 1) == ',' && (age || sign == ',' || sign == '.'))
        read_apposition_before(r, first);
    if (sign == ',' && has(r, age ? age : behind))
        read_apposition(r, age ? age : behind);
}

/* By place; few are out of it. */
static void sort(mrg_found *found)
{
    for (size_t i = 1; i < found->attribute_count; i++) {
        mrg_attribute a = found->attributes[i];
        size_t k = i;
        for (; k && (found->attributes[k - 1].mention > a.mention ||
                     (found->attributes[k - 1].mention == a.mention && found->attributes[k - 1].first_token > a.first_token)); k--)
            found->attributes[k] = found->attributes[k - 1];
        found->attributes[k] = a;
    }
}

morgue_status mrg_attributes_run(const char *text, size_t len, const mrg_tokens *tokens, mrg_found *found, morgue_error *err)
{
    reader r = { .text = text, .len = len, .tokens = tokens, .found = found };
    found->attribute_count = 0;
    pthread_once(&once, init_classes);
    for (size_t i = 0; i < found->mention_count && !r.failed; i++) {
        r.mention = i;
        if (found->entities[found->mentions[i].entity].type == MRG_ENTITY_PERSON)
            read_person(&r);
    }
    if (r.failed)
        return mrg_fail_nomem(err);
    sort(found);
    return MORGUE_OK;
}
