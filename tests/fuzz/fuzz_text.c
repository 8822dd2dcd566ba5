/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as text: words keep their bounds and give themselves, cleaning and folding settle at once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/tokenize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void gives_itself(const char *text, size_t len, const char *term, size_t term_len)
{
    mrg_tokens again = { 0 };
    if (mrg_tokenize(&again, text, 0, len, 0, NULL) == MORGUE_OK)
        require(again.count == 1 && again.items->term_len == term_len &&
                !memcmp(mrg_token_term(&again, again.items), term, term_len));
    mrg_tokens_dispose(&again);
}

static void check_words(const char *text, size_t len)
{
    mrg_tokens t = { 0 };
    if (mrg_tokenize(&t, text, 0, len, 0, NULL))
        len = 0;
    for (size_t i = 0; len && i < t.count; i++) {
        const mrg_token *k = &t.items[i];
        const char *term = mrg_token_term(&t, k);
        require(k->begin < k->end && k->end <= len && k->position == i && (i == 0 || k->begin > k[-1].begin));
        require(k->term_len > 0 && k->term_len <= MRG_TERM_MAX_BYTES && mrg_is_clean_utf8(term, k->term_len));
        gives_itself(term, k->term_len, term, k->term_len);
        gives_itself(text + k->begin, k->end - k->begin, term, k->term_len);
    }
    mrg_tokens_dispose(&t);
}

static void check_strings(const char *text, size_t len)
{
    mrg_buffer once = MRG_BUFFER_INIT, twice = MRG_BUFFER_INIT;
    mrg_clean_utf8(&once, text, len);
    require(once.failed || mrg_is_clean_utf8((const char *)once.data, once.len));
    mrg_buffer_clear(&once);
    mrg_fold(&once, text, len);
    mrg_fold(&twice, (const char *)once.data, once.len);
    require(once.failed || twice.failed ||
            (once.len == twice.len && (!once.len || !memcmp(once.data, twice.data, once.len))));
    mrg_buffer_dispose(&once);
    mrg_buffer_dispose(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_words((const char *)data, size);
    check_strings((const char *)data, size);
    return 0;
}
