/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a source: every article handed over is what the contract says, and nothing else happens. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/source.h"
#include "text/tokenize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int fact)
{
    if (!fact)
        abort();
}

static void check_field(const char *field)
{
    if (!field)
        return;
    size_t len = strlen(field);
    require(len > 0 && mrg_is_clean_utf8(field, len) && !strpbrk(field, "\n\t"));
}

static morgue_status take(void *ctx, const morgue_article *a, const char *place, morgue_error *err)
{
    mrg_date date;
    char again[MRG_DATE_TEXT_BYTES];
    (void)ctx;
    (void)err;
    require(a->id && a->text && a->text_len && *place);
    require(mrg_is_clean_utf8(a->text, a->text_len) && !memchr(a->text, 0, a->text_len));
    check_field(a->id);
    check_field(a->title);
    check_field(a->url);
    check_field(a->source);
    check_field(a->author);
    check_field(a->lang);
    check_field(a->subject);
    check_field(a->captured);
    if (a->date) {
        require(mrg_date_parse(&date, a->date, strlen(a->date)));
        mrg_date_format(&date, again);
        require(strcmp(again, a->date) == 0);
    }
    return MORGUE_OK;
}

static void skipped(void *ctx, const char *line)
{
    (void)ctx;
    require(*line && !strchr(line, '\n'));
}

/* The first byte chooses a kind (0: found by content), the rest is the source. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const fields[] = { "text=content.body", "author=by", NULL };
    const mrg_source_handler handler = { .article = take, .skipped = skipped };
    mrg_source_options options = { .fields = fields, .max_article_bytes = 100000, .max_inflated_bytes = 1000000 };
    morgue_error err = { 0 };
    char path[40];
    if (size == 0)
        return 0;
    size_t kinds = 0;
    while (mrg_source_kinds()[kinds])
        kinds++;
    size_t kind = data[0] % (kinds + 1);
    options.input = kind ? mrg_source_kinds()[kind - 1] : NULL;
    int fd = memfd_create("source", 0);
    if (fd < 0)
        return 0;
    if (write(fd, data + 1, size - 1) == (ssize_t)(size - 1) && lseek(fd, 0, SEEK_SET) == 0) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        require(mrg_source_read(path, &options, &handler, &err) == MORGUE_OK);
    }
    close(fd);
    return 0;
}
