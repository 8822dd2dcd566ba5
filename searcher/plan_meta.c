/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "plan.h"

/* ---- Fields -------------------------------------------------------------------------------------------- */

static morgue_status add_words(mrg_planner *p, const mrg_node *node, const char *prefix, mrg_queries *list)
{
    morgue_status status = mrg_plan_tokenize(p, node);
    for (size_t i = 0; i < p->tokens.count && !status; i++) {
        const mrg_token *t = &p->tokens.items[i];
        status = mrg_queries_term(list, prefix, mrg_token_term(&p->tokens, t), t->term_len, p->err);
    }
    return status;
}

static morgue_status add_lang(mrg_planner *p, const mrg_node *node, mrg_queries *list)
{
    mrg_buffer folded = MRG_BUFFER_INIT;
    mrg_fold(&folded, node->text, node->text_len);
    morgue_status status = folded.failed ? mrg_fail_nomem(p->err)
                                         : mrg_queries_term(list, MRG_PREFIX_LANG, (const char *)folded.data,
                                                            folded.len, p->err);
    mrg_buffer_dispose(&folded);
    return status;
}

static morgue_status add_id(mrg_planner *p, const mrg_node *node, mrg_queries *list)
{
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_catalogue_id_term(&term, node->text, node->text_len);
    morgue_status status = term.failed ? mrg_fail_nomem(p->err)
                                       : mrg_queries_term(list, "", (const char *)term.data, term.len, p->err);
    mrg_buffer_dispose(&term);
    return status;
}

morgue_status mrg_plan_field(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    morgue_status status;
    switch (node->meta_field) {
    case MRG_META_SOURCE:
        status = add_words(p, node, MRG_PREFIX_SOURCE, &list);
        break;
    case MRG_META_AUTHOR:
        status = add_words(p, node, MRG_PREFIX_AUTHOR, &list);
        break;
    case MRG_META_LANG:
        status = add_lang(p, node, &list);
        break;
    case MRG_META_URL:
        return mrg_plan_url(p, node, out);
    case MRG_META_SUBJECT:
        return mrg_plan_subject(p, node, out);
    default:
        status = add_id(p, node, &list);
        break;
    }
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_AND, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}

/* ---- Dates: years, months and days that cover a range ---------------------------------------------------- */

typedef struct day {
    int year, month, day;
} day;

static day day_of(uint32_t yyyymmdd)
{
    return (day){ (int)(yyyymmdd / 10000), (int)(yyyymmdd / 100 % 100), (int)(yyyymmdd % 100) };
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static morgue_status add_date(mrg_planner *p, mrg_queries *list, const char *prefix, const char *format, int a, int b,
                              int c)
{
    char text[48];
    if (c)
        snprintf(text, sizeof text, format, a, b, c);
    else if (b)
        snprintf(text, sizeof text, format, a, b);
    else
        snprintf(text, sizeof text, format, a);
    return mrg_queries_term(list, prefix, text, strlen(text), p->err);
}

static morgue_status add_days(mrg_planner *p, mrg_queries *list, int year, int month, int first, int last)
{
    morgue_status status = MORGUE_OK;
    if (first == 1 && last >= days_in_month(year, month))
        return add_date(p, list, MRG_PREFIX_MONTH, "%04d%02d", year, month, 0);
    for (int d = first; d <= last && !status; d++)
        status = add_date(p, list, MRG_PREFIX_DAY, "%04d%02d%02d", year, month, d);
    return status;
}

static morgue_status add_year(mrg_planner *p, mrg_queries *list, int year, day from, day to)
{
    morgue_status status = MORGUE_OK;
    if (from.month == 1 && from.day == 1 && to.month == 12 && to.day == 31)
        return add_date(p, list, MRG_PREFIX_YEAR, "%04d", year, 0, 0);
    for (int m = from.month; m <= to.month && !status; m++)
        status = add_days(p, list, year, m, m == from.month ? from.day : 1,
                          m == to.month ? to.day : days_in_month(year, m));
    return status;
}

/* The years there are articles of; others need no term. */
typedef struct known_years {
    unsigned char known[10000];
} known_years;

static morgue_status read_years(mrg_planner *p, known_years *out)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    const char *term;
    size_t len;
    memset(out, 0, sizeof *out);
    xapian_status got = xapian_database_allterms(&it, p->view->database, MRG_PREFIX_YEAR, strlen(MRG_PREFIX_YEAR),
                                                 &cause);
    while (got == XAPIAN_C_OK && (got = xapian_term_iter_next(&term, &len, it, &cause)) == XAPIAN_C_OK) {
        int year = 0;
        for (size_t i = 1; i < len && i < 5; i++)
            year = year * 10 + (term[i] >= '0' && term[i] <= '9' ? term[i] - '0' : 0);
        if (len == 5)
            out->known[year] = 1;
    }
    xapian_term_iter_free(it);
    return got < 0 ? mrg_fail_xapian(p->err, &cause, "cannot read the dates") : MORGUE_OK;
}

morgue_status mrg_plan_date(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    day from = node->from ? day_of(node->from) : (day){ 0, 1, 1 };
    day to = node->to ? day_of(node->to) : (day){ 9999, 12, 31 };
    known_years *years = mrg_malloc(sizeof *years);
    morgue_status status = years ? read_years(p, years) : mrg_fail_nomem(p->err);
    for (int year = from.year; year <= to.year && year <= 9999 && !status; year++) {
        if (!years->known[year])
            continue;
        status = add_year(p, &list, year, year == from.year ? from : (day){ year, 1, 1 },
                          year == to.year ? to : (day){ year, 12, 31 });
    }
    mrg_free(years);
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_OR, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}

/* ---- Names ------------------------------------------------------------------------------------------------ */

static morgue_status mark_names(mrg_planner *p, const mrg_resolved *resolved)
{
    if (p->excluded || !resolved->count)
        return MORGUE_OK;
    mrg_unit *unit = mrg_marker_add(p->marker, MRG_UNIT_ENTITY, resolved->count);
    for (size_t i = 0; unit && i < resolved->count; i++) {
        if (mrg_unit_set(p->marker, unit, i, resolved->items[i].key, strlen(resolved->items[i].key), 0))
            unit = NULL;
    }
    return unit ? MORGUE_OK : mrg_fail_nomem(p->err);
}

morgue_status mrg_plan_resolve(mrg_planner *p, const mrg_node *node, const mrg_resolved **out)
{
    morgue_status status = mrg_plan_tokenize(p, node);
    if (status)
        return status;
    mrg_resolved *resolved = mrg_arena_alloc(&p->plan->arena, sizeof *resolved);
    if (!resolved)
        return mrg_fail_nomem(p->err);
    *out = resolved;
    status = mrg_resolve(resolved, &p->plan->arena, p->view->snapshots, p->view->snapshot_count, node->entity_type,
                         node->text, node->text_len, p->err);
    return status ? status : mrg_plan_note_add(p, (mrg_plan_note){ .node = node, .resolved = resolved });
}

morgue_status mrg_plan_entity(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    const mrg_resolved *resolved;
    morgue_status status = mrg_plan_resolve(p, node, &resolved);
    for (size_t i = 0; !status && i < resolved->count; i++)
        status = mrg_queries_term(&list, MRG_PREFIX_ENTITY, resolved->items[i].key, strlen(resolved->items[i].key),
                                  p->err);
    if (!status)
        status = mark_names(p, resolved);
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_SYNONYM, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}
