/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "similar.h"

#include <string.h>

#include "results.h"

/* The article that is asked about. */
typedef struct model_article {
    mrg_record record;
    mrg_text_cache cache;
    mrg_stemmer *stemmer;
} model_article;

static morgue_status read_model(model_article *out, morgue_results *results, const char *id, const char *lang,
                                morgue_error *err)
{
    size_t archive;
    uint32_t docid;
    const unsigned char *bytes;
    size_t len;
    mrg_fields fields = { 0 };
    morgue_status status = mrg_view_find(results->view, id, &archive, &docid, err);
    if (status)
        return status;
    const mrg_snapshot *s = results->view->snapshots[archive];
    const mrg_segment *segment = mrg_snapshot_segment(s, docid);
    if (!segment)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: no segment holds article %u", s->path, docid);
    status = mrg_segment_record(segment, docid, &out->cache, &bytes, &len, err);
    if (!status)
        status = mrg_record_decode(&out->record, bytes, len, err);
    if (!status && !lang)
        status = mrg_catalogue_fields(s->catalogue, docid, &fields, err);
    if (!status)
        status = mrg_stemmer_set_get(&results->searcher->stemmers, lang ? lang : fields.lang, &out->stemmer, err);
    mrg_fields_dispose(&fields);
    return status;
}

/* ---- As a query, so that it can be shown --------------------------------------------------------------- */

static mrg_node *new_node(mrg_query *query, mrg_node_type type)
{
    mrg_node *node = mrg_arena_alloc(&query->arena, sizeof *node);
    if (node) {
        memset(node, 0, sizeof *node);
        node->type = type;
        node->column = 1;
        node->boost = 1;
    }
    return node;
}

static mrg_node *word_node(mrg_query *query, const mrg_telling_word *word)
{
    mrg_node *node = new_node(query, MRG_NODE_WORDS);
    if (node) {
        node->text = mrg_arena_strndup(&query->arena, word->word, word->word_len);
        node->text_len = word->word_len;
    }
    return node && node->text ? node : NULL;
}

static mrg_node *name_node(mrg_query *query, const mrg_telling_name *name)
{
    mrg_node *node = new_node(query, MRG_NODE_ENTITY);
    if (node) {
        node->quoted = 1;
        node->entity_type = name->type;
        node->text_len = strlen(name->name);
        node->text = mrg_arena_strndup(&query->arena, name->name, node->text_len);
    }
    return node && node->text ? node : NULL;
}

/* ---- As a search ----------------------------------------------------------------------------------------- */

static morgue_status add_word(mrg_planner *p, mrg_query *query, const mrg_telling_word *word, mrg_match_node *any)
{
    mrg_match_node *leaf;
    mrg_node *node = word_node(query, word);
    if (!node)
        return mrg_fail_nomem(p->err);
    query->root->children[query->root->child_count++] = node;
    morgue_status status = mrg_plan_text(p, node, &leaf);
    if (status)
        return status;
    leaf->weight *= word->share;
    leaf->title_weight *= word->share;
    any->children[any->child_count++] = leaf;
    return MORGUE_OK;
}

/* What the explanation and the marks need. */
static morgue_status note_name(mrg_planner *p, const mrg_node *node, const mrg_telling_name *name)
{
    mrg_resolved *resolved = mrg_arena_alloc(&p->plan->arena, sizeof *resolved);
    mrg_resolved_name *item = mrg_arena_alloc(&p->plan->arena, sizeof *item);
    mrg_unit *unit = mrg_marker_add(p->marker, MRG_UNIT_ENTITY, 1);
    if (!resolved || !item || !unit || mrg_unit_set(p->marker, unit, 0, name->key, strlen(name->key), 0))
        return mrg_fail_nomem(p->err);
    memset(resolved, 0, sizeof *resolved);
    memset(item, 0, sizeof *item);
    item->key = name->key;
    item->name = name->name;
    item->type = name->type;
    item->article_count = name->article_count;
    resolved->items = item;
    resolved->count = resolved->total = 1;
    return mrg_plan_note_add(p, (mrg_plan_note){ .node = node, .resolved = resolved });
}

static morgue_status add_name(mrg_planner *p, mrg_query *query, const mrg_telling_name *name, mrg_match_node *any)
{
    const mrg_rank *rank = &p->plan->rank;
    mrg_node *node = name_node(query, name);
    mrg_match_node *leaf = mrg_plan_match_group(p, MRG_MATCH_TERM, 0);
    uint32_t *term = mrg_arena_alloc(&p->plan->arena, sizeof *term);
    if (!node || !leaf || !term)
        return mrg_fail_nomem(p->err);
    query->root->children[query->root->child_count++] = node;
    *term = name->term;
    leaf->terms = term;
    leaf->term_count = 1;
    leaf->weight = name->share * mrg_rank_idf(rank, name->article_count) * (rank->params.k1 + 1);
    any->children[any->child_count++] = leaf;
    return note_name(p, node, name);
}

/* Every article but that one, whatever its id holds. */
static morgue_status leave_out(mrg_plan *plan, const char *id, morgue_error *err)
{
    mrg_queries pair = { 0 };
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_catalogue_id_term(&term, id, strlen(id));
    morgue_status status = term.failed ? mrg_fail_nomem(err) : mrg_queries_add(&pair, plan->query, err);
    if (!term.failed)
        plan->query = NULL;
    if (!status)
        status = mrg_queries_term(&pair, "", (const char *)term.data, term.len, err);
    if (!status)
        status = mrg_queries_combine(&pair, XAPIAN_OP_AND_NOT, &plan->query, err);
    mrg_queries_dispose(&pair);
    mrg_buffer_dispose(&term);
    return status;
}

static morgue_status plan_telling(mrg_planner *p, mrg_query *query, const mrg_telling *telling)
{
    size_t count = telling->word_count + telling->name_count;
    mrg_match_node *any = mrg_plan_match_group(p, MRG_MATCH_OR, count), *tidy;
    query->root = new_node(query, MRG_NODE_OR);
    if (query->root)
        query->root->children = mrg_arena_alloc(&query->arena, (count + 1) * sizeof *query->root->children);
    if (!any || !query->root || !query->root->children)
        return mrg_fail_nomem(p->err);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < telling->word_count && !status; i++)
        status = add_word(p, query, &telling->words[i], any);
    for (size_t i = 0; i < telling->name_count && !status; i++)
        status = add_name(p, query, &telling->names[i], any);
    if (!status)
        status = mrg_plan_tidy(p, any, &tidy);
    if (!status)
        status = mrg_match_query(&p->plan->query, &p->plan->run, tidy, p->err);
    p->plan->leaf_count += status == MORGUE_OK;
    return status;
}

static morgue_status plan_similar(morgue_results *results, const char *id, const morgue_search_options *options,
                                  morgue_error *err)
{
    mrg_plan *plan = &results->plan;
    mrg_plan_options plan_options = { .rank = &results->searcher->rank };
    mrg_planner p = { .boost = 1, .plan = plan, .view = results->view, .options = &plan_options,
                      .marker = &results->marker, .err = err };
    mrg_telling telling = { 0 };
    model_article model = { 0 };
    morgue_status status = read_model(&model, results, id, options->lang, err);
    mrg_plan_begin(plan, results->view, plan_options.rank);
    if (!status)
        status = mrg_telling_find(&telling, &plan->arena, &model.record, model.stemmer, &plan->rank, &plan->terms, err);
    plan_options.stemmer = model.stemmer;
    if (!status)
        status = plan_telling(&p, &results->query, &telling);
    if (!status)
        status = leave_out(plan, id, err);
    mrg_tokens_dispose(&p.tokens);
    mrg_buffer_dispose(&model.cache.raw);
    return status;
}

morgue_status morgue_similar(morgue_searcher *searcher, const char *id, const morgue_search_options *options,
                             morgue_results **out, morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    if (!id)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no id");
    return mrg_search_run(searcher, plan_similar, id, options, out, err);
}
