/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forms of one entity within the article. After the abbreviations: "Joe R. Biden" and "Joe Biden"; a
 * surname and the one full name that ends in it; a first name and the one full name that begins with it;
 * "Exxon" and the one organisation that begins with it; "the Council" and the one that ends in it. What
 * fits two is left alone.
 */
#include "core/alloc.h"
#include "entity/article.h"

enum { PART_SUFFIX, PART_FIRST, PART_ORG_PREFIX, PART_ORG_HEAD, PART_ORG_BARE };

uint32_t mrg_form_root(mrg_finder *f, uint32_t form)
{
    while (f->forms[form].link != form) {
        f->forms[form].link = f->forms[f->forms[form].link].link;
        form = f->forms[form].link;
    }
    return form;
}

/* A name of the user's list, or of several words or an abbreviation that the alias table knows. */
static int has_canonical(const mrg_form *form)
{
    return form->listed || (form->known && form->known->canonical && !(form->known->flags & MRG_KNOWN_SURNAME));
}

void mrg_form_link(mrg_finder *f, uint32_t from, uint32_t to)
{
    from = mrg_form_root(f, from);
    to = mrg_form_root(f, to);
    if (from == to)
        return;
    if (has_canonical(&f->forms[from])) {
        if (has_canonical(&f->forms[to]))
            return; /* the tables know better */
        uint32_t other = from;
        from = to;
        to = other;
    }
    mrg_form *a = &f->forms[from], *b = &f->forms[to];
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++)
        b->score[t] += a->score[t];
    b->flags |= a->flags & FORM_TITLED;
    if (!(a->flags & FORM_WEAK_ONLY))
        b->flags &= ~(uint32_t)FORM_WEAK_ONLY;
    a->link = to;
}

static int same_entity(mrg_finder *f, uint32_t a, uint32_t b)
{
    a = mrg_form_root(f, a);
    b = mrg_form_root(f, b);
    const mrg_known *x = f->forms[a].known, *y = f->forms[b].known;
    return a == b || (x && y && x->canonical && x->canonical == y->canonical);
}

/* ---- Parts of names ---- */

static const char *form_text(const mrg_finder *f, const mrg_form *form)
{
    return (const char *)f->names.data + form->text_off;
}

static uint32_t *part_slot(const mrg_finder *f, uint32_t kind, const char *text, size_t len, uint32_t hash)
{
    const mrg_table *table = &f->part_table;
    size_t i = hash & (table->used - 1);
    for (; table->slots[i]; i = (i + 1) & (table->used - 1)) {
        const mrg_part *part = &f->parts[table->slots[i] - 1];
        if (part->hash == hash && part->kind == kind && part->text_len == len &&
            !memcmp(f->names.data + part->text_off, text, len))
            break;
    }
    return &table->slots[i];
}

static uint32_t part_hash(uint32_t kind, const char *text, size_t len)
{
    return mrg_name_hash(text, len) + kind * 0x9e3779b9u;
}

static void add_part(mrg_finder *f, uint32_t kind, uint32_t form, size_t off, size_t len)
{
    const char *text = (const char *)f->names.data + off;
    uint32_t hash = part_hash(kind, text, len);
    uint32_t *slot = part_slot(f, kind, text, len, hash);
    if (*slot) {
        mrg_part *old = &f->parts[*slot - 1];
        if (!same_entity(f, old->form, form))
            old->ambiguous = 1;
        return;
    }
    f->parts[f->part_count++] = (mrg_part){ (uint32_t)off, (uint32_t)len, hash, form, kind, 0 };
    *slot = (uint32_t)f->part_count;
}

/* The one form that has the part, or NO_FORM. */
static uint32_t find_part(mrg_finder *f, uint32_t kind, const mrg_form *form)
{
    const char *text = form_text(f, form);
    uint32_t slot = *part_slot(f, kind, text, form->text_len, part_hash(kind, text, form->text_len));
    return slot && !f->parts[slot - 1].ambiguous ? f->parts[slot - 1].form : NO_FORM;
}

enum { MAX_SUFFIXES = 3, MAX_PREFIXES = 3, MAX_PARTS = 9 };

static void add_suffixes(mrg_finder *f, uint32_t kind, uint32_t i, int most)
{
    const mrg_form *form = &f->forms[i];
    const char *text = form_text(f, form);
    for (size_t at = form->text_len; at-- > 1 && most;) {
        if (text[at - 1] != ' ')
            continue;
        add_part(f, kind, i, form->text_off + at, form->text_len - at);
        most--;
    }
}

static void add_prefixes(mrg_finder *f, uint32_t kind, uint32_t i, int most)
{
    const mrg_form *form = &f->forms[i];
    const char *text = form_text(f, form);
    for (size_t at = 0; at < form->text_len && most; at++) {
        if (text[at] != ' ')
            continue;
        add_part(f, kind, i, form->text_off, at);
        most--;
    }
}

static void add_parts(mrg_finder *f)
{
    for (uint32_t i = 0; i < f->form_count; i++) {
        const mrg_form *form = &f->forms[i];
        if (form->word_count < 2 || form->flags & FORM_WEAK_ONLY)
            continue;
        mrg_entity_type type = mrg_form_type(&f->forms[mrg_form_root(f, i)], NULL);
        if (type == MRG_ENTITY_PERSON) {
            add_suffixes(f, PART_SUFFIX, i, MAX_SUFFIXES);
            add_prefixes(f, PART_FIRST, i, 1);
        } else if (type == MRG_ENTITY_ORG) {
            add_prefixes(f, PART_ORG_PREFIX, i, MAX_PREFIXES);
            add_suffixes(f, PART_ORG_HEAD, i, 1);
            size_t bare = mrg_strip_legal_form(form_text(f, form), form->text_len);
            if (bare < form->text_len)
                add_part(f, PART_ORG_BARE, i, form->text_off, bare);
        }
    }
}

/* ---- Ties ---- */

/* "Joseph R. Biden" -> "Joseph Biden" if that is a form too; they are one. */
static void tie_middle_names(mrg_finder *f)
{
    for (uint32_t i = 0; i < f->form_count && !f->failed; i++) {
        mrg_form *form = &f->forms[i];
        if (form->word_count < 3 || mrg_form_type(form, NULL) != MRG_ENTITY_PERSON)
            continue;
        const char *text = form_text(f, form);
        const char *space = memchr(text, ' ', form->text_len);
        const char *last = text + form->text_len;
        while (last > text && last[-1] != ' ')
            last--;
        mrg_buffer_clear(&f->scratch);
        mrg_buffer_append(&f->scratch, text, space ? (size_t)(space - text) + 1 : 0);
        mrg_buffer_append(&f->scratch, last, (size_t)(text + form->text_len - last));
        if (f->scratch.failed)
            f->failed = 1;
        uint32_t other = f->failed ? NO_FORM : mrg_form_named(f, (const char *)f->scratch.data, f->scratch.len);
        if (other != NO_FORM && f->forms[other].link == other)
            mrg_form_link(f, other, i);
    }
}

/* Other evidence, or the tables, say that this is no short form of a person's name. */
static int is_settled(const mrg_form *form, mrg_entity_type but)
{
    int score;
    mrg_entity_type type = mrg_form_type(form, &score);
    if (form->known && form->known->type != (int)but)
        return !(form->flags & FORM_TITLED && but == MRG_ENTITY_PERSON);
    return type != but && score - form->score[but] >= 10 * (int)form->mention_count;
}

static int tie_surname(mrg_finder *f, uint32_t i)
{
    const mrg_form *form = &f->forms[i];
    uint32_t full = find_part(f, PART_SUFFIX, form);
    if (full == NO_FORM || is_settled(form, MRG_ENTITY_PERSON))
        return 0;
    /* whom everybody knows is named without a first name before the namesake is */
    if (form->known && form->known->canonical && !same_entity(f, i, full) && form->earliest < f->forms[full].earliest)
        return 0;
    mrg_form_link(f, i, full);
    return 1;
}

static int tie_first_name(mrg_finder *f, uint32_t i)
{
    const mrg_form *form = &f->forms[i];
    uint32_t full = find_part(f, PART_FIRST, form);
    if (full == NO_FORM || form->known || mrg_form_type(form, NULL) != MRG_ENTITY_PERSON)
        return 0;
    mrg_form_link(f, i, full);
    return 1;
}

static int tie_short_org(mrg_finder *f, uint32_t i)
{
    const mrg_form *form = &f->forms[i];
    uint32_t bare = find_part(f, PART_ORG_BARE, form);
    uint32_t full = bare != NO_FORM ? bare : find_part(f, PART_ORG_PREFIX, form);
    int score;
    mrg_entity_type type = mrg_form_type(form, &score);
    if (full == NO_FORM || form->flags & FORM_TITLED || (form->known && form->known->type != MRG_ENTITY_ORG))
        return 0;
    if (bare != NO_FORM) {
        mrg_form_link(f, i, full);
        return 1;
    }
    if (form->known || mrg_word_at(f, form->shown.first) & (MRG_WORD_COMMON | MRG_WORD_ORG_PART | MRG_WORD_ORG_HEAD))
        return 0;
    if (type != MRG_ENTITY_ORG && score - form->score[MRG_ENTITY_ORG] >= 8)
        return 0;
    mrg_form_link(f, i, full);
    return 1;
}

static void tie_form(mrg_finder *f, uint32_t i)
{
    mrg_form *form = &f->forms[i];
    if (form->link != i || form->listed)
        return;
    if (form->flags & FORM_WEAK_ONLY) {
        uint32_t full = find_part(f, PART_ORG_HEAD, form);
        if (form->shown.flags & SPAN_LOUD)
            full = find_part(f, PART_SUFFIX, form);
        else if (full != NO_FORM && f->forms[full].earliest > form->earliest)
            full = NO_FORM;
        if (full != NO_FORM)
            form->link = mrg_form_root(f, full);
        else
            form->flags |= FORM_DROPPED;
        return;
    }
    if (form->word_count > 3)
        return;
    if (!tie_surname(f, i) && !(form->word_count == 1 && tie_first_name(f, i)))
        tie_short_org(f, i);
}

void mrg_tie(mrg_finder *f)
{
    mrg_tie_abbreviations(f);
    if (f->failed || !f->form_count)
        return;
    tie_middle_names(f);
    f->part_count = 0;
    if (f->failed || mrg_table_reset(&f->part_table, f->form_count * MAX_PARTS) ||
        mrg_reserve((void **)&f->parts, &f->part_capacity, f->form_count * MAX_PARTS, sizeof *f->parts)) {
        f->failed = 1;
        return;
    }
    add_parts(f);
    for (uint32_t i = 0; i < f->form_count; i++)
        tie_form(f, i);
}

/* ---- Once more through the article ---- */

static int is_joined(mrg_finder *f, size_t i)
{
    return i < f->tokens->count && i > 0 && !(token_at(f, i)->flags & MRG_TOKEN_SENTENCE) &&
           mrg_gap_after(f, i - 1) <= GAP_SPACE;
}

/* A capital that stands alone: what is joined to it is no part of a name that was overlooked. */
static int stands_alone(mrg_finder *f, size_t i, size_t covered)
{
    const uint32_t apart = MRG_WORD_FUNCTION | MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_DEMONYM |
                           MRG_WORD_CALENDAR;
    if (mrg_word_at(f, i) & WORD_LOUD)
        return 1;
    if (is_joined(f, i) && i > covered && is_capital(f, i - 1) && !(mrg_word_at(f, i - 1) & apart) &&
        !(token_at(f, i - 1)->flags & MRG_TOKEN_POSSESSIVE))
        return 0;
    return !is_joined(f, i + 1) || !is_capital(f, i + 1) || token_at(f, i)->flags & MRG_TOKEN_POSSESSIVE ||
           mrg_word_at(f, i + 1) & (MRG_WORD_FUNCTION | MRG_WORD_TITLE);
}

static int may_be_short(mrg_finder *f, size_t i, size_t covered)
{
    const uint32_t never = MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | MRG_WORD_NOT_NAME | MRG_WORD_DEMONYM |
                           MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_HEADS | MRG_WORD_COMMON;
    const mrg_token *t = token_at(f, i);
    if (t->term_len < 3 || mrg_word_at(f, i) & never || mrg_is_ticker_part(f, i) || !stands_alone(f, i, covered))
        return 0;
    if (!(f->word[i] & (WORD_AT_START | WORD_LOUD)))
        return 1;
    const mrg_doubt *doubt = f->word[i] & WORD_LOUD ? NULL : mrg_doubt_find(f, i);
    return !doubt || !doubt->small;
}

/* The form that token i spells, or the one of which it is the short form. */
static uint32_t find_meant(mrg_finder *f, size_t i)
{
    static const uint32_t kinds[] = { PART_SUFFIX, PART_ORG_BARE, PART_ORG_PREFIX };
    uint32_t form = mrg_form_find(f, i, 1);
    if (form != NO_FORM)
        return f->forms[mrg_form_root(f, form)].flags & (FORM_DROPPED | FORM_WEAK_ONLY) ? NO_FORM : form;
    const char *text = term_at(f, i);
    size_t len = token_at(f, i)->term_len;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        uint32_t slot = *part_slot(f, kinds[k], text, len, part_hash(kinds[k], text, len));
        if (slot)
            return f->parts[slot - 1].ambiguous ? NO_FORM : f->parts[slot - 1].form;
    }
    return NO_FORM;
}

typedef void (*on_rest)(mrg_finder *f, size_t token, uint32_t meant);

/* Calls it for each token that is in no span and may be meant for a form. */
static void each_rest(mrg_finder *f, on_rest call)
{
    size_t count = f->span_count, s = 0, covered = 0;
    for (size_t i = 0; i < f->tokens->count && !f->failed; i++) {
        for (; s < count && f->spans[s].first <= i; s++) {
            const mrg_span *span = &f->spans[s];
            if (!(f->forms[span->form].flags & FORM_DROPPED) && span->first + span->count > covered)
                covered = span->first + span->count;
        }
        if (i < covered || !is_capital(f, i) || !may_be_short(f, i, covered))
            continue;
        uint32_t meant = find_meant(f, i);
        if (meant != NO_FORM && !mrg_is_ticker(f, i, 1) && !mrg_is_sender(f, i, 1))
            call(f, i, meant);
    }
}

static void count_rest(mrg_finder *f, size_t token, uint32_t meant)
{
    (void)token;
    f->forms[meant].overlooked++;
}

static void add_rest(mrg_finder *f, size_t token, uint32_t meant)
{
    uint32_t forms = (uint32_t)f->form_count;
    if (f->forms[meant].flags & FORM_SELDOM)
        return;
    mrg_span_add(f, token, 1, f->word[token] & WORD_LOUD ? SPAN_LOUD : 0);
    if (!f->failed && f->form_count > forms)
        f->forms[forms].link = mrg_form_root(f, meant);
}

void mrg_tie_rest(mrg_finder *f)
{
    each_rest(f, count_rest);
    for (uint32_t i = 0; i < f->form_count; i++) {
        mrg_form *form = &f->forms[i];
        /* what is mostly no mention hardly ever is one */
        if (form->overlooked > form->mention_count && form->word_count == 1 && form->link == i && !form->known)
            form->flags |= FORM_SELDOM;
    }
    each_rest(f, add_rest);
}
