/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What postings weigh, roughly and for many at once: without branches that nobody could predict. */
#include "store/postings.h"

/* Inlined with a constant width. */
__attribute__((always_inline)) static inline uint32_t keep(mrg_postings *p, const mrg_posting_filter *f,
                                                           const unsigned char *lengths, unsigned width)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->block_len; i++) {
        uint32_t words = mrg_length_at(lengths, width, p->docids[i] - p->segment->footer.first_docid);
        p->kept[n] = (uint8_t)i;
        n += f->base + f->slope * (float)words <= f->limit * (float)p->tfs[i];
    }
    return n;
}

static morgue_status filter_block(mrg_postings *p, const mrg_posting_filter *f, morgue_error *err)
{
    morgue_status status = p->tfs_decoded ? MORGUE_OK : mrg_postings_decode_tfs(p, err);
    if (status)
        return status;
    const mrg_footer *footer = &p->segment->footer;
    int title = mrg_field_is_title(p->info.field);
    const unsigned char *lengths = title ? p->segment->title_words : p->segment->words;
    unsigned width = title ? footer->title_words_width : footer->words_width;
    p->kept_count = width == 2 ? keep(p, f, lengths, 2) : width == 1 ? keep(p, f, lengths, 1) : keep(p, f, lengths, 4);
    p->kept_next = 0;
    p->filtered = 1;
    return MORGUE_OK;
}

morgue_status mrg_postings_seek_kept(mrg_postings *p, uint32_t target, const mrg_posting_filter *filter, int *found,
                                     morgue_error *err)
{
    morgue_status status = mrg_postings_seek(p, target, err);
    *found = 0;
    if (status || p->docid == MRG_DOCID_END)
        return status;
    if (!p->filtered) {
        status = filter_block(p, filter, err);
        if (status)
            return status;
    }
    while (p->kept_next < p->kept_count && p->kept[p->kept_next] < p->in_block)
        p->kept_next++;
    *found = p->kept_next < p->kept_count;
    p->in_block = *found ? p->kept[p->kept_next] : p->block_len - 1;
    p->docid = p->docids[p->in_block];
    p->tf = p->tfs[p->in_block];
    return MORGUE_OK;
}

/* ---- Weights of many, added up ---- */

/* Of the decoded block's postings from the current one on; returns the index of the first at `end` or behind. */
__attribute__((always_inline)) static inline uint32_t add_block(const mrg_postings *p, const mrg_posting_curve *c,
                                                                uint32_t first, uint32_t end, float *sums,
                                                                const unsigned char *lengths, unsigned width)
{
    uint32_t i = p->in_block;
    for (; i < p->block_len && p->docids[i] < end; i++) {
        uint32_t words = mrg_length_at(lengths, width, p->docids[i] - p->segment->footer.first_docid);
        float tf = (float)p->tfs[i];
        sums[p->docids[i] - first] += c->weight * tf / (tf + c->base + c->slope * (float)words);
    }
    return i;
}

morgue_status mrg_postings_add_weights(mrg_postings *p, const mrg_posting_curve *curve, uint32_t first, uint32_t end,
                                       float *sums, morgue_error *err)
{
    const mrg_footer *footer = &p->segment->footer;
    int title = mrg_field_is_title(p->info.field);
    const unsigned char *lengths = title ? p->segment->title_words : p->segment->words;
    unsigned width = title ? footer->title_words_width : footer->words_width;
    morgue_status status = mrg_postings_seek(p, first, err);
    while (!status && p->docid < end) {
        status = p->tfs_decoded ? MORGUE_OK : mrg_postings_decode_tfs(p, err);
        if (status)
            break;
        uint32_t next = width == 2   ? add_block(p, curve, first, end, sums, lengths, 2)
                        : width == 1 ? add_block(p, curve, first, end, sums, lengths, 1)
                                     : add_block(p, curve, first, end, sums, lengths, 4);
        if (next == p->block_len) {
            status = mrg_postings_next_block(p, err);
        } else {
            p->in_block = next;
            p->docid = p->docids[next];
        }
    }
    return status;
}
