/* SPDX-License-Identifier: GPL-2.0-or-later */
/* url: The address is often the id, which is a term. Where it is not, it is in the fields of articles alone, and
   these are read through; the answer is a query for the ids of those that have it. */
#include <string.h>

#include "plan.h"

static morgue_status add_id(mrg_planner *p, const char *id, size_t len, mrg_queries *list)
{
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_catalogue_id_term(&term, id, len);
    morgue_status status = term.failed ? mrg_fail_nomem(p->err)
                                       : mrg_queries_term(list, "", (const char *)term.data, term.len, p->err);
    mrg_buffer_dispose(&term);
    return status;
}

static morgue_status is_id(mrg_planner *p, const mrg_node *node, int *found)
{
    morgue_status status = MORGUE_OK;
    *found = 0;
    for (size_t i = 0; i < p->view->snapshot_count && !status && !*found; i++) {
        uint32_t docid = 0;
        status = mrg_catalogue_find(p->view->snapshots[i]->catalogue, node->text, &docid, p->err);
        *found = docid != 0;
    }
    return status;
}

static morgue_status look_at(mrg_planner *p, const mrg_node *node, xapian_docid docid, mrg_queries *list)
{
    mrg_fields fields = { 0 };
    morgue_status status = mrg_catalogue_fields(p->view->database, docid, &fields, p->err);
    if (!status && strcmp(fields.url, node->text) == 0)
        status = add_id(p, fields.id, strlen(fields.id), list);
    mrg_fields_dispose(&fields);
    return status;
}

static morgue_status look_through(mrg_planner *p, const mrg_node *node, mrg_queries *list)
{
    enum { STEPS = 1024 }; /* between two looks at the cancel flag */
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    morgue_status status = MORGUE_OK;
    unsigned steps = 0;
    xapian_status got = xapian_database_postings(&it, p->view->database, "", 0, &cause);
    while (!status && !got && (got = xapian_posting_iter_next(&docid, it, &cause)) == XAPIAN_C_OK) {
        if (++steps % STEPS == 0)
            status = mrg_match_run_check(&p->plan->run, p->err);
        if (!status)
            status = look_at(p, node, docid, list);
    }
    xapian_posting_iter_free(it);
    if (!status && got < 0)
        status = mrg_fail_xapian(p->err, &cause, "cannot read the articles' addresses");
    return status;
}

morgue_status mrg_plan_url(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    int found;
    morgue_status status = is_id(p, node, &found);
    if (!status)
        status = found ? add_id(p, node->text, node->text_len, &list) : look_through(p, node, &list);
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_OR, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}
