/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/segment_part.h"

#include <string.h>

#include "core/alloc.h"

void mrg_segment_part_dispose(mrg_segment_part *part)
{
    mrg_buffer_dispose(&part->bytes);
    mrg_free(part->terms);
    mrg_arena_dispose(&part->arena);
    mrg_list_writer_dispose(&part->list);
    memset(part, 0, sizeof *part);
}

morgue_status mrg_segment_part_start_term(mrg_segment_part *part, const void *key, size_t len, morgue_error *err)
{
    if (mrg_reserve((void **)&part->terms, &part->capacity, part->count + 1, sizeof *part->terms))
        return mrg_fail_nomem(err);
    unsigned char *copy = mrg_arena_alloc_bytes(&part->arena, len);
    if (!copy)
        return mrg_fail_nomem(err);
    memcpy(copy, key, len);
    part->terms[part->count] = (mrg_part_term){ .key = copy, .key_len = len, .begin = part->bytes.len };
    mrg_list_start(&part->list, copy[0], part->first_docid, part->doc_count);
    return MORGUE_OK;
}

static void flush(mrg_segment_part *part)
{
    mrg_buffer_append(&part->bytes, part->list.out.data, part->list.out.len);
    part->list.out.len = 0;
}

void mrg_segment_part_add_posting(mrg_segment_part *part, uint32_t docid, uint32_t tf, const uint32_t *positions,
                                  const uint8_t *lengths)
{
    const uint32_t *words = mrg_field_is_title(part->list.field) ? part->title_words : part->words;
    mrg_list_add(&part->list, docid, tf, words[docid - part->first_docid], positions, lengths);
}

morgue_status mrg_segment_part_end_term(mrg_segment_part *part, morgue_error *err)
{
    mrg_part_term *term = &part->terms[part->count];
    uint64_t head;
    if (part->list.doc_count == 0)
        return MORGUE_OK;
    mrg_list_end(&part->list, &term->info, &head);
    if (mrg_list_failed(&part->list) == MORGUE_ERR_NOMEM)
        return mrg_fail_nomem(err);
    if (mrg_list_failed(&part->list))
        return mrg_fail(err, mrg_list_failed(&part->list), "a list is too long");
    if (term->info.inline_bytes) {
        unsigned char *copy = mrg_arena_alloc_bytes(&part->arena, term->info.inline_len);
        if (!copy)
            return mrg_fail_nomem(err);
        memcpy(copy, term->info.inline_bytes, term->info.inline_len);
        term->info.inline_bytes = copy;
    }
    term->info.offset = part->bytes.len + head;
    flush(part);
    part->count++;
    return part->bytes.failed ? mrg_fail_nomem(err) : MORGUE_OK;
}
