/* SPDX-License-Identifier: GPL-2.0-or-later */
/* subject: The subject that has just these words; if there is none, all that have these words among theirs. There are
   few subjects for many articles, so they are read through. */
#include <string.h>

#include "plan.h"
#include "store/subject.h"

static morgue_status has_term(mrg_planner *p, const mrg_buffer *key, int *has)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_doccount count = 0;
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&term, MRG_PREFIX_SUBJECT);
    mrg_buffer_append(&term, key->data, key->len);
    morgue_status status = MORGUE_OK;
    if (term.failed)
        status = mrg_fail_nomem(p->err);
    else if (key->len && xapian_database_termfreq(&count, p->view->database, (const char *)term.data, term.len, &cause))
        status = mrg_fail_xapian(p->err, &cause, "cannot read the subjects");
    *has = count > 0;
    mrg_buffer_dispose(&term);
    return status;
}

static morgue_status look_through(mrg_planner *p, const mrg_buffer *key, mrg_queries *list)
{
    enum { STEPS = 1024 }; /* between two looks at the cancel flag */
    const size_t skip = strlen(MRG_PREFIX_SUBJECT);
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    const char *term;
    size_t len;
    unsigned steps = 0;
    morgue_status status = MORGUE_OK;
    xapian_status got = xapian_database_allterms(&it, p->view->database, MRG_PREFIX_SUBJECT, skip, &cause);
    while (!got && !status && !(got = xapian_term_iter_next(&term, &len, it, &cause))) {
        if (++steps % STEPS == 0)
            status = mrg_match_run_check(&p->plan->run, p->err);
        if (!status && mrg_subject_has_words(term + skip, len - skip, (const char *)key->data, key->len))
            status = mrg_queries_term(list, "", term, len, p->err);
    }
    xapian_term_iter_free(it);
    return got < 0 && !status ? mrg_fail_xapian(p->err, &cause, "cannot read the subjects") : status;
}

morgue_status mrg_plan_subject(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    mrg_buffer key = MRG_BUFFER_INIT;
    int has = 0;
    morgue_status status = mrg_subject_key(&key, &p->tokens, node->text, node->text_len, p->err);
    if (!status)
        status = has_term(p, &key, &has);
    if (!status && has)
        status = mrg_queries_term(&list, MRG_PREFIX_SUBJECT, (const char *)key.data, key.len, p->err);
    else if (!status && key.len)
        status = look_through(p, &key, &list);
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_OR, out, p->err);
    mrg_queries_dispose(&list);
    mrg_buffer_dispose(&key);
    return status;
}
