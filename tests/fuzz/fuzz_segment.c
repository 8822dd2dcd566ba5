/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a segment. The checksums are made right first, as far as the sections can be found, so that
 * a fuzzer gets past them. Opening, walks and the check end in an answer or a clean error.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core/bytes.h"
#include "store/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FOOTER = 256, TABLE = 80, SECTIONS = 7, MAX_TF = 1 << 16, MAX_DOCS = 200, MAX_TERMS = 2000 };

static void require(int holds)
{
    if (!holds)
        abort();
}

static void repair_checksums(uint8_t *bytes, size_t len)
{
    if (len < FOOTER)
        return;
    uint8_t *footer = bytes + len - FOOTER;
    for (int i = 0; i < SECTIONS; i++) {
        uint8_t *entry = footer + TABLE + 24 * i;
        uint64_t offset = mrg_load_u64(entry), n = mrg_load_u64(entry + 8);
        if (offset <= len && n <= len - offset)
            mrg_store_u32(entry + 16, (uint32_t)crc32_z(0, bytes + offset, n));
    }
    mrg_store_u32(footer + FOOTER - 4, (uint32_t)crc32_z(0, footer, FOOTER - 4));
}

/* The list beside itself, as two words of a phrase are. */
static void match_pair(const mrg_postings *p)
{
    static mrg_postings other, same;
    static uint32_t starts[MAX_TF];
    const mrg_pair_place first = { &other, 0 }, second = { &same, 1 };
    uint32_t count = 0;
    if (!mrg_field_has_positions(p->info.field))
        return;
    other = same = *p;
    if (!mrg_postings_match_pair(&first, &second, 1, starts, &count, NULL))
        require(count <= p->tf);
}

static void walk_list(const mrg_segment *segment, const mrg_term_info *info, uint32_t leap)
{
    static mrg_postings p;
    static uint32_t positions[MAX_TF];
    static uint8_t lengths[MAX_TF];
    mrg_impact impacts[MRG_IMPACTS];
    size_t count;
    uint32_t last, before = 0;
    if (mrg_postings_init(&p, segment, info, NULL))
        return;
    while (!(leap ? mrg_postings_seek(&p, p.docid + leap, NULL) : mrg_postings_next(&p, NULL))) {
        if (p.docid == MRG_DOCID_END)
            return;
        require(p.docid > before);
        before = p.docid;
        if (mrg_postings_tf(&p, NULL))
            return;
        require(p.tf >= 1 && p.tf <= info->max_tf);
        if (p.tf <= MAX_TF) {
            match_pair(&p);
            mrg_postings_positions(&p, positions, lengths, NULL);
        }
        mrg_postings_block_max(&p, p.docid, &last, impacts, &count, NULL);
    }
}

static void walk_segment(const mrg_segment *segment)
{
    mrg_term_cursor cursor;
    mrg_term_info info;
    mrg_text_cache cache = { 0 };
    const unsigned char *record;
    const mrg_segment_summary *summary = mrg_segment_info(segment);
    size_t len, terms = 0;
    int done;
    for (uint32_t i = 0; i < summary->doc_count && i < MAX_DOCS; i++) {
        mrg_segment_words(segment, summary->first_docid + i);
        mrg_segment_title_words(segment, summary->first_docid + i);
        mrg_segment_record(segment, summary->first_docid + i, &cache, &record, &len, NULL);
    }
    mrg_buffer_dispose(&cache.raw);
    morgue_status status = mrg_term_cursor_init(&cursor, segment, "", 0, &done, NULL);
    while (!status && !done && terms++ < MAX_TERMS) {
        walk_list(segment, &cursor.info, 0);
        walk_list(segment, &cursor.info, 30);
        mrg_segment_find(segment, cursor.key, cursor.key_len, &info, NULL);
        status = mrg_term_cursor_next(&cursor, &done, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/fuzz_segment_XXXXXX";
    mrg_segment *segment;
    uint8_t *bytes = malloc(size + 1);
    int fd = mkstemp(path);
    require(bytes && fd >= 0);
    if (size)
        memcpy(bytes, data, size);
    repair_checksums(bytes, size);
    require(write(fd, bytes, size) == (ssize_t)size);
    close(fd);
    free(bytes);
    if (!mrg_segment_open(&segment, path, NULL)) {
        walk_segment(segment);
        mrg_segment_check(segment, NULL, NULL, NULL);
        mrg_segment_close(segment);
    }
    unlink(path);
    return 0;
}
