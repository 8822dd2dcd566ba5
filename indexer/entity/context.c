/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An article whose names the rules have found -> what the tagger sees of each word. */
#include "core/alloc.h"
#include "core/error.h"
#include "entity/tagger.h"

enum { KEPT_WORDS = 50000 }; /* about 10 MB a thread */

typedef struct mrg_tag_mark {
    uint8_t alive, rule, evidence, name;
    uint8_t span_flags, span_count; /* of the rules' span, at its first token */
} mrg_tag_mark;

enum { GAP_QUOTE = GAP_OTHER + 1, GAP_COLON, GAP_SLASH, GAP_HYPHEN, GAP_POSSESSIVE, GAP_SENTENCE };

/* ---- What the rules say ---- */

static uint8_t bucket(uint32_t n, uint32_t a, uint32_t b, uint32_t c)
{
    return (uint8_t)((n >= a) + (n >= b) + (n >= c));
}

static uint8_t evidence_of(const mrg_form *form, const mrg_form *root, int margin)
{
    uint32_t sure = bucket(margin < 0 ? 0 : (uint32_t)margin, 3, 6, 12);
    uint32_t known = form != root ? 3 : !root->known ? 0 : root->known->canonical ? 2 : 1;
    return (uint8_t)((known * 4 + sure) * 3 + bucket(form->mention_count, 2, 4, UINT32_MAX));
}

static int margin_of(const mrg_form *form, mrg_entity_type best)
{
    int second = 0;
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++) {
        if (t != (int)best && form->score[t] > second)
            second = form->score[t];
    }
    return form->score[best] - second;
}

/* What the names of several words tell of each of their words. */
enum { SAYS_SURNAME = 1, SAYS_IN_ORG = 2, SAYS_PLACE = 4, SAYS_TITLED = 8 };

static void tell(mrg_finder *f, const mrg_span *span, const mrg_form *root, mrg_entity_type type)
{
    for (size_t i = span->first; i < span->first + span->count; i++) {
        if (!is_capital(f, i))
            continue;
        mrg_doubt *doubt = (mrg_doubt *)(uintptr_t)mrg_doubt_find(f, i);
        if (!doubt)
            continue;
        if (type == MRG_ENTITY_PERSON && span->count > 1 && i + 1 == span->first + span->count)
            doubt->says |= SAYS_SURNAME;
        if (type == MRG_ENTITY_ORG && span->count > 1)
            doubt->says |= SAYS_IN_ORG;
        if (type == MRG_ENTITY_PLACE && root->known)
            doubt->says |= SAYS_PLACE;
        if (span->flags & SPAN_TITLED)
            doubt->says |= SAYS_TITLED;
    }
}

static uint8_t near(size_t distance)
{
    return (uint8_t)(distance < MRG_TAG_DISTANCE - 1 ? distance : MRG_TAG_DISTANCE - 1);
}

static void mark_rules(mrg_tagger *t, mrg_finder *f)
{
    size_t after = 0;
    for (size_t s = 0; s < f->span_count; s++) {
        const mrg_span *span = &f->spans[s];
        const mrg_form *form = &f->forms[span->form], *root = &f->forms[mrg_form_root(f, span->form)];
        int score;
        mrg_entity_type type = mrg_form_type(root, &score);
        if (span->first < after || (form->flags | root->flags) & FORM_DROPPED || score < 1)
            continue;
        after = span->first + span->count;
        uint8_t evidence = evidence_of(form, root, margin_of(root, type));
        for (size_t i = span->first; i < after; i++) {
            unsigned place = span->count == 1  ? MRG_LABEL_ONLY
                        : i == span->first     ? MRG_LABEL_FIRST
                        : i + 1 == after       ? MRG_LABEL_LAST
                                               : MRG_LABEL_INNER;
            t->marks[i] = (mrg_tag_mark){ .alive = 1,
                                          .rule = (uint8_t)(1u + (unsigned)type * 4 + place),
                                          .evidence = evidence,
                                          .span_flags = (uint8_t)span->flags,
                                          .span_count = (uint8_t)(i == span->first ? span->count : 0) };
        }
        tell(f, span, root, type);
    }
}

/* ---- Which words may be in a name ---- */

/* Not in the middle of a name either, so that nothing of a name is between capitals this far apart. */
enum { MOST_BETWEEN = 3 };

static int begins_sentence(const mrg_finder *f, size_t i)
{
    return i == 0 || token_at(f, i)->flags & MRG_TOKEN_SENTENCE;
}

static int joins(const mrg_finder *f, size_t i)
{
    return !begins_sentence(f, i) && mrg_gap_after(f, i - 1) <= GAP_AMPERSAND;
}

/* "The" and "However" before a small word. */
static int says_nothing(mrg_finder *f, size_t i)
{
    uint32_t flags = token_at(f, i)->flags;
    if (!(mrg_word_at(f, i) & (MRG_WORD_FUNCTION | MRG_WORD_CALENDAR)) || flags & MRG_TOKEN_ALL_CAPS)
        return 0;
    int before = i && is_capital(f, i - 1) && joins(f, i);
    int after = i + 1 < f->tokens->count && is_capital(f, i + 1) && joins(f, i + 1);
    return !before && !after;
}

static void wake_between(mrg_tagger *t, mrg_finder *f, size_t a, size_t b)
{
    for (size_t i = a + 1; i <= b; i++) {
        if (!joins(f, i))
            return;
    }
    for (size_t i = a + 1; i < b; i++) {
        if (!(mrg_word_at(f, i) & (MRG_WORD_FUNCTION | MRG_WORD_PARTICLE)) && token_at(f, i)->term_len > 4)
            return;
    }
    for (size_t i = a + 1; i < b; i++)
        t->marks[i].alive = 1;
}

static void wake(mrg_tagger *t, mrg_finder *f)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < f->tokens->count; i++) {
        uint32_t flags = token_at(f, i)->flags;
        if (!is_capital(f, i)) {
            if (flags & (MRG_TOKEN_DIGIT | MRG_TOKEN_HYPHEN) && !(flags & MRG_TOKEN_NGRAM) && last != SIZE_MAX &&
                last + 1 == i && joins(f, i))
                t->marks[i].alive = 1;
            continue;
        }
        if (says_nothing(f, i) && !t->marks[i].rule)
            continue;
        t->marks[i].alive = 1;
        if (last != SIZE_MAX && i - last > 1 && i - last <= MOST_BETWEEN + 1)
            wake_between(t, f, last, i);
        last = i;
    }
    for (size_t i = 0; i + 1 < f->tokens->count; i++) {
        if (t->marks[i + 1].alive && !t->marks[i].alive && !is_capital(f, i) && is_capital(f, i + 1) &&
            (token_at(f, i)->flags & MRG_TOKEN_DIGIT || mrg_word_at(f, i) & MRG_WORD_PARTICLE) && joins(f, i + 1))
            t->marks[i].alive = 1;
    }
}

/* ---- Words ---- */

static mrg_word_look surface_of(const mrg_finder *f, size_t i)
{
    const mrg_token *token = token_at(f, i);
    return (mrg_word_look){ .surface = f->text + token->begin,
                            .surface_len = token->end - token->begin,
                            .term = term_at(f, i),
                            .term_len = token->term_len,
                            .token_flags = token->flags };
}

mrg_word_look mrg_tagger_look(const mrg_tagger *t, const mrg_finder *f, size_t i)
{
    mrg_word_look look = surface_of(f, i);
    look.word_flags = mrg_word_flags(look.term, look.term_len);
    look.lexicon = mrg_model_word(t->model, mrg_feature_hash(look.term, look.term_len));
    return look;
}

void mrg_tagger_sum(const mrg_tagger *t, size_t i, int offset, mrg_tag_word *word)
{
    uint64_t keys[MRG_WORD_FEATURES_MAX];
    mrg_word_look look = { 0 };
    if (i != UINT32_MAX) {
        look = surface_of(t->article, i);
        look.word_flags = word->word_flags;
        look.lexicon = word->lexicon;
    }
    int16_t *sums = word->sums[offset + MRG_WINDOW];
    memset(sums, 0, sizeof word->sums[0]);
    size_t count = mrg_word_features(&look, offset, keys);
    mrg_model_expect(t->model, keys, count);
    mrg_model_add_all(t->model, keys, mrg_model_sift(t->model, keys, count), sums);
    word->ready |= (uint8_t)(1 << (offset + MRG_WINDOW));
}

static mrg_tag_word *new_word(mrg_tagger *t, uint64_t key, const mrg_word_look *look)
{
    if (mrg_reserve((void **)&t->words, &t->word_capacity, t->word_count + 1, sizeof *t->words)) {
        t->failed = 1;
        return NULL;
    }
    mrg_tag_word *word = &t->words[t->word_count++];
    word->key = key;
    word->ready = 0;
    word->shape = (uint8_t)mrg_word_shape(look);
    word->lexicon = look->lexicon;
    word->word_flags = look->word_flags;
    word->lower = look->surface ? (uint32_t)mrg_feature_hash(look->term, look->term_len) : 0;
    return word;
}

/* Room for so many more words; now and then all are forgotten. */
static void make_room(mrg_tagger *t, size_t more)
{
    if (t->word_count && t->word_count < KEPT_WORDS && (t->word_count + more) * 2 <= t->word_table.used)
        return;
    size_t room = (t->word_count + more) * 2 > KEPT_WORDS ? more : KEPT_WORDS;
    const mrg_word_look between = { 0 };
    t->word_count = 0;
    if (mrg_table_reset(&t->word_table, room + 1)) {
        t->failed = 1;
        return;
    }
    new_word(t, 0, &between);
}

static uint64_t key_of(const mrg_finder *f, size_t i)
{
    const uint32_t looks = MRG_TOKEN_POSSESSIVE | MRG_TOKEN_NGRAM | MRG_TOKEN_ACRONYM;
    const mrg_token *token = token_at(f, i);
    return mrg_short_hash(f->text + token->begin, token->end - token->begin) + (token->flags & looks);
}

static uint32_t *slot_of(const mrg_tagger *t, uint64_t key)
{
    return &t->word_table.slots[key & (t->word_table.used - 1)];
}

static uint32_t word_of(mrg_tagger *t, const mrg_finder *f, size_t i, uint64_t key)
{
    size_t slot = key & (t->word_table.used - 1);
    for (; t->word_table.slots[slot]; slot = (slot + 1) & (t->word_table.used - 1)) {
        if (t->words[t->word_table.slots[slot] - 1].key == key)
            return t->word_table.slots[slot] - 1;
    }
    mrg_word_look look = mrg_tagger_look(t, f, i);
    if (!new_word(t, key, &look))
        return 0;
    t->word_table.slots[slot] = (uint32_t)t->word_count;
    return (uint32_t)t->word_count - 1;
}

/* What is likely to be asked of a word, all of it: three lines of memory. */
static void expect_word(const mrg_tag_word *word)
{
    const char *p = (const char *)word;
    __builtin_prefetch(p);
    __builtin_prefetch(p + 64);
    __builtin_prefetch(p + sizeof *word - 1);
}

static void add_word(mrg_tagger *t, const mrg_finder *f, mrg_tag_token *item, uint64_t key)
{
    item->word = word_of(t, f, item->token, key);
    const mrg_tag_word *known = &t->words[item->word];
    item->lower = known->lower;
    if (known->lexicon & MRG_LEXICON_CLUSTERED)
        item->middle = (uint16_t)(MRG_LEXICON_MIDDLE(known->lexicon) + 1);
    if (item->shape != MRG_SHAPE_LOUD)
        item->shape = known->shape;
    uint32_t gaz = MRG_LEXICON_GAZ(known->lexicon);
    item->name = gaz && is_capital(f, item->token) ? (uint8_t)(4 * 32 + gaz) : 0;
}

/* The words of all items. In steps, so that the memory of many is waited for at once. */
static void find_words(mrg_tagger *t, const mrg_finder *f)
{
    for (size_t i = 0; i < t->item_count; i++) {
        if (t->items[i].token == UINT32_MAX)
            continue;
        t->keys[i] = key_of(f, t->items[i].token);
        __builtin_prefetch(slot_of(t, t->keys[i]));
    }
    for (size_t i = 0; i < t->item_count; i++) {
        if (t->items[i].token != UINT32_MAX && *slot_of(t, t->keys[i]))
            expect_word(&t->words[*slot_of(t, t->keys[i]) - 1]);
    }
    for (size_t i = 0; i < t->item_count && !t->failed; i++) {
        if (t->items[i].token != UINT32_MAX)
            add_word(t, f, &t->items[i], t->keys[i]);
    }
}

/* ---- Items ---- */

static uint8_t gap_before(const mrg_finder *f, size_t i)
{
    const mrg_token *a = token_at(f, i - 1), *b = token_at(f, i);
    mrg_gap gap = mrg_gap_after(f, i - 1);
    if (gap == GAP_NONE)
        return b->flags & MRG_TOKEN_HYPHEN ? GAP_HYPHEN : GAP_NONE;
    if (gap == GAP_SPACE)
        return a->flags & MRG_TOKEN_POSSESSIVE ? GAP_POSSESSIVE : GAP_SPACE;
    if (gap != GAP_OTHER)
        return (uint8_t)gap;
    for (size_t at = a->end; at < b->begin && at < a->end + 6u; at++) {
        switch ((unsigned char)f->text[at]) {
        case '"':
        case '`':
            return GAP_QUOTE;
        case 0xe2:
            if (b->begin - at > 2 && (unsigned char)f->text[at + 1] == 0x80 &&
                (f->text[at + 2] == '\x9c' || f->text[at + 2] == '\x9d'))
                return GAP_QUOTE;
            break;
        case ':':
        case ';':
            return GAP_COLON;
        case '/':
            return GAP_SLASH;
        default:
            break;
        }
    }
    return GAP_OTHER;
}

static void add_between(mrg_tagger *t)
{
    for (int k = 0; k < MRG_WINDOW; k++)
        t->items[t->item_count++] = (mrg_tag_token){ .token = UINT32_MAX, .gap = GAP_SENTENCE };
}

static void add_item(mrg_tagger *t, mrg_finder *f, size_t i, int follows)
{
    mrg_tag_token *item = &t->items[t->item_count++];
    const mrg_tag_mark *mark = &t->marks[i];
    uint32_t flags = is_capital(f, i) ? f->word[i] : 0;
    *item = (mrg_tag_token){ .token = (uint32_t)i,
                             .alive = mark->alive,
                             .shape = flags & WORD_LOUD ? (uint8_t)MRG_SHAPE_LOUD : 0,
                             .gap = begins_sentence(f, i) ? (uint8_t)GAP_SENTENCE
                                    : follows             ? gap_before(f, i)
                                                          : (uint8_t)GAP_SPACE,
                             .rule = mark->rule,
                             .evidence = mark->evidence,
                             .start = (flags & WORD_AT_START) != 0 };
    const mrg_doubt *doubt = mark->alive && is_capital(f, i) ? mrg_doubt_find(f, i) : NULL;
    if (doubt) {
        item->counts = (uint8_t)(bucket(doubt->small, 1, 2, UINT32_MAX) * 4 + bucket(doubt->capital, 1, 2, 4));
        item->article = doubt->says;
    }
}

/* The ends of each stretch: what the rules took together, else capitals with nothing but space between. */
static void find_stretches(mrg_tagger *t)
{
    for (size_t i = 0; i < t->item_count;) {
        mrg_tag_token *items = t->items;
        size_t end = i + 1;
        if (items[i].alive && items[i].rule) {
            while (end < t->item_count && items[end].alive && items[end].rule &&
                   (items[end].rule - 1) % 4 != MRG_LABEL_FIRST && (items[end].rule - 1) % 4 != MRG_LABEL_ONLY)
                end++;
        } else if (items[i].alive && items[i].shape != MRG_SHAPE_SMALL) {
            while (end < t->item_count && items[end].alive && !items[end].rule &&
                   items[end].shape != MRG_SHAPE_SMALL && items[end].gap <= GAP_SPACE)
                end++;
        }
        for (size_t k = i; k < end; k++) {
            items[k].first = items[i].lower;
            items[k].last = items[end - 1].lower;
            items[k].to_first = near(k - i);
            items[k].to_last = near(end - 1 - k);
        }
        i = end;
    }
}

/* ---- Names of several words in the model's lists ---- */

enum { MOST_NAME_WORDS = 4, NAME_BYTES = 96 };

static void match_names(mrg_tagger *t, const mrg_finder *f, size_t i)
{
    char name[NAME_BYTES];
    size_t len = 0, best = 0;
    uint32_t best_bits = 0;
    for (size_t n = 0; n < MOST_NAME_WORDS && i + n < t->item_count; n++) {
        const mrg_tag_token *item = &t->items[i + n];
        if (!item->alive || (n && item->gap > GAP_SPACE && item->gap != GAP_HYPHEN))
            break;
        const mrg_token *token = token_at(f, item->token);
        if (len + token->term_len + 1 > sizeof name)
            break;
        if (n)
            name[len++] = ' ';
        memcpy(name + len, term_at(f, item->token), token->term_len);
        len += token->term_len;
        uint32_t bits = n ? mrg_model_name(t->model, mrg_feature_hash(name, len)) & 31 : 0;
        if (bits) {
            best = n + 1;
            best_bits = bits;
        }
    }
    for (size_t n = 0; n < best; n++)
        t->items[i + n].name = (uint8_t)((n == 0 ? 1u : n + 1 == best ? 3u : 2u) * 32 + best_bits);
}

static void find_names(mrg_tagger *t, const mrg_finder *f)
{
    for (size_t i = 0; i < t->item_count; i++) {
        if (t->items[i].alive && t->items[i].name < 4 * 32 && t->items[i].name >= 32)
            continue;
        if (t->items[i].alive && t->items[i].shape != MRG_SHAPE_SMALL)
            match_names(t, f, i);
    }
}

uint32_t mrg_tagger_rule_flags(const mrg_tagger *t, size_t first, size_t count)
{
    return t->marks[first].span_count == count ? t->marks[first].span_flags : 0;
}

uint32_t mrg_tagger_listed(const mrg_tagger *t, const mrg_finder *f, size_t first, size_t count)
{
    char name[NAME_BYTES];
    size_t len = 0;
    if (count == 1)
        return MRG_LEXICON_GAZ(
            mrg_model_word(t->model, mrg_feature_hash(term_at(f, first), token_at(f, first)->term_len)));
    for (size_t i = first; i < first + count; i++) {
        size_t n = token_at(f, i)->term_len;
        if (len + n + 1 > sizeof name)
            return 0;
        if (i > first)
            name[len++] = ' ';
        memcpy(name + len, term_at(f, i), n);
        len += n;
    }
    return mrg_model_name(t->model, mrg_feature_hash(name, len));
}

int mrg_tagger_is_alive(const mrg_tagger *t, size_t i)
{
    return t->marks[i].alive;
}

void mrg_tagger_read(mrg_tagger *t, mrg_finder *f)
{
    size_t count = f->tokens->count, reach = 0;
    t->article = f;
    t->item_count = 0;
    size_t most_items = count * (1 + MRG_WINDOW) + 2 * MRG_WINDOW; /* each sentence has its two neighbours before it */
    if (mrg_reserve((void **)&t->marks, &t->mark_capacity, count + MRG_WINDOW, sizeof *t->marks) ||
        mrg_reserve((void **)&t->items, &t->item_capacity, most_items, sizeof *t->items) ||
        mrg_reserve((void **)&t->keys, &t->key_capacity, most_items, sizeof *t->keys)) {
        t->failed = 1;
        return;
    }
    make_room(t, count);
    if (t->failed)
        return;
    memset(t->marks, 0, (count + MRG_WINDOW) * sizeof *t->marks);
    mark_rules(t, f);
    wake(t, f);
    size_t last = SIZE_MAX - 1;
    for (size_t i = 0; i < count; i++) {
        if (begins_sentence(f, i)) {
            add_between(t);
            reach = 0;
        }
        if (t->marks[i].alive)
            reach = i + MRG_WINDOW + 1;
        int needed = i < reach;
        for (size_t k = i + 1; !needed && k <= i + MRG_WINDOW && k < count && !begins_sentence(f, k); k++)
            needed = t->marks[k].alive;
        if (!needed)
            continue;
        add_item(t, f, i, last + 1 == i);
        last = i;
    }
    add_between(t);
    find_words(t, f);
    if (t->failed)
        return;
    find_stretches(t);
    find_names(t, f);
}
