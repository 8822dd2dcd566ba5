/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a query: refused with a column, or read into a tree that prints and reads again the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/buffer.h"
#include "query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static char *print(const mrg_query *query)
{
    mrg_buffer out = MRG_BUFFER_INIT;
    mrg_query_format(query, &out);
    char *text = mrg_buffer_take(&out, NULL);
    require(text != NULL);
    return text;
}

static int same(const mrg_node *a, const mrg_node *b)
{
    if (a->type != b->type || a->quoted != b->quoted || a->text_field != b->text_field ||
        a->meta_field != b->meta_field || a->entity_type != b->entity_type || a->from != b->from || a->to != b->to ||
        a->slop != b->slop || a->distance != b->distance || a->edits != b->edits || a->boost != b->boost ||
        a->text_len != b->text_len || a->child_count != b->child_count ||
        (a->text_len && memcmp(a->text, b->text, a->text_len) != 0))
        return 0;
    for (size_t i = 0; i < a->child_count; i++) {
        if (!same(a->children[i], b->children[i]))
            return 0;
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mrg_query query, again;
    morgue_error err = { 0 };
    char *text = mrg_strndup((const char *)data, size);
    if (!text)
        return 0;
    morgue_status status = mrg_query_parse(&query, text, &err);
    if (status) {
        require(status == MORGUE_ERR_INVALID && err.column >= 1 && (size_t)err.column <= strlen(text) + 1 &&
                err.message[0]);
    } else {
        char *printed = print(&query);
        require(mrg_query_parse(&again, printed, &err) == MORGUE_OK && same(query.root, again.root));
        mrg_query_dispose(&again);
        mrg_query_dispose(&query);
        mrg_free(printed);
    }
    mrg_free(text);
    return 0;
}
