/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records, fields, manifests and runs: what goes in comes out, and damage is told. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "merge_policy.h"
#include "pending.h"
#include "run.h"
#include "store/catalogue.h"
#include "store/manifest.h"
#include "store/names_write.h"
#include "store/record.h"

/* A title and a body with two names in four mentions, a date, and what is said of a person. */
static const char *const article_text = "Talks in Oslo\n\nJens Berg spoke. Berg left Oslo on the 29 of February.";

static mrg_found read_article(mrg_tokens *tokens)
{
    static mrg_article_entity entities[] = { { MRG_ENTITY_PLACE, "l:oslo", "Oslo", 2, 5 },
                                             { MRG_ENTITY_PERSON, "p:jens berg", "Jens Berg", 2, 2 },
                                             { MRG_ENTITY_DATE, "d:2012-02-29", "2012-02-29", 1, 1 } };
    static mrg_mention mentions[] = { { 2, 1, 0 }, { 3, 2, 1 }, { 6, 1, 1 }, { 8, 1, 0 }, { 11, 3, 2 } };
    static mrg_attribute attributes[] = { { 1, 1, MRG_ATTRIBUTE_ROLE, "Talks in", 0, 2 },
                                          { 1, 2, MRG_ATTRIBUTE_ROLE, "spoke", 5, 1 },
                                          { 1, 2, MRG_ATTRIBUTE_ROLE, "left", 7, 1 },
                                          { 1, 2, MRG_ATTRIBUTE_AGE, "29", 11, 1 } };
    ck_assert_int_eq(mrg_tokenize(tokens, article_text, 0, 13, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(tokens, article_text, 15, strlen(article_text), 100, NULL), MORGUE_OK);
    ck_assert_uint_eq(tokens->count, 14);
    return (mrg_found){ .entities = entities,
                        .entity_count = 3,
                        .mentions = mentions,
                        .mention_count = 5,
                        .attributes = attributes,
                        .attribute_count = 4 };
}

static void make_record(mrg_buffer *out, mrg_tokens *tokens)
{
    mrg_found found = read_article(tokens);
    mrg_record_encode(out, article_text, strlen(article_text), 13, tokens, &found);
    ck_assert_int_eq(out->failed, 0);
}

START_TEST(record_comes_back)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    mrg_record record;
    mrg_record_walk walk;
    mrg_record_mention m;
    const char *forms[] = { "Oslo", "Jens Berg", "Berg", "Oslo", "29 of February" };
    const uint32_t numbers[] = { 0, 1, 1, 0, 2 };
    make_record(&bytes, &tokens);
    ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), MORGUE_OK);
    ck_assert_uint_eq(record.body_begin, 15);
    ck_assert_uint_eq(record.entity_count, 3);
    ck_assert_int_eq(strncmp(record.text + record.body_begin, "Jens Berg spoke", 15), 0);
    mrg_record_walk_init(&walk, &record);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_ne(mrg_record_walk_next(&walk, &m), 0);
        ck_assert_uint_eq(m.number, numbers[i]);
        ck_assert_int_eq(m.is_first, i < 2 || i == 4);
        ck_assert_uint_eq(m.end - m.begin, strlen(forms[i]));
        ck_assert_int_eq(strncmp(record.text + m.begin, forms[i], strlen(forms[i])), 0);
        if (i == 0)
            ck_assert(m.entity.type == MRG_ENTITY_PLACE && m.entity.more_weight == 3 && m.entity.key_len == 6 &&
                      !memcmp(m.entity.key, "l:oslo", 6));
        if (i == 1)
            ck_assert(m.entity.type == MRG_ENTITY_PERSON && m.entity.more_weight == 0 && m.entity.name_len == 9);
        if (i == 4)
            ck_assert(m.entity.type == MRG_ENTITY_DATE && m.entity.key_len == 12 && m.entity.name_len == 10 &&
                      !memcmp(m.entity.key, "d:2012-02-29", 12) && !memcmp(m.entity.name, "2012-02-29", 10));
    }
    ck_assert_int_eq(mrg_record_walk_next(&walk, &m), 0);
    ck_assert_int_eq(walk.r.failed, 0);
    static const char *const said[] = { "Talks in", "spoke", "left", "29" };
    mrg_record_attributes it;
    mrg_record_attribute a;
    mrg_record_attributes_init(&it, &walk);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(mrg_record_attributes_next(&it, &a), 1);
        ck_assert(a.number == 1 && a.end - a.begin == strlen(said[i]));
        ck_assert(!strncmp(record.text + a.begin, said[i], strlen(said[i])));
        ck_assert_int_eq(a.kind, i < 3 ? MRG_ATTRIBUTE_ROLE : MRG_ATTRIBUTE_AGE);
    }
    ck_assert_int_eq(mrg_record_attributes_next(&it, &a), 0);
    ck_assert_int_eq(it.r.failed, 0);
    mrg_buffer_dispose(&bytes);
    mrg_tokens_dispose(&tokens);
}
END_TEST

/* Reads all of a record that may be damaged; the sanitizers watch. */
static void read_all(const unsigned char *bytes, size_t len)
{
    mrg_record record;
    mrg_record_walk walk;
    mrg_record_mention m;
    if (mrg_record_decode(&record, bytes, len, NULL))
        return;
    ck_assert_uint_le(record.body_begin, record.text_len);
    mrg_record_walk_init(&walk, &record);
    while (mrg_record_walk_next(&walk, &m)) {
        ck_assert(m.begin <= m.end && m.end <= record.text_len && m.number < record.entity_count);
        if (m.is_first)
            ck_assert(m.entity.type < MRG_ENTITY_TYPES || m.entity.type == MRG_ENTITY_DATE);
    }
    if (walk.r.failed)
        return;
    mrg_record_attributes it;
    mrg_record_attribute a;
    mrg_record_attributes_init(&it, &walk);
    while (mrg_record_attributes_next(&it, &a))
        ck_assert(a.begin < a.end && a.end <= record.text_len && a.number < record.entity_count);
}

START_TEST(dates_of_all_granularities_come_back)
{
    static const char *const keys[] = { "d:0001",       "d:0001-01",    "d:0001-01-01", "d:9999", "d:9999-12",
                                        "d:9999-12-31", "d:2014-03-01", "d:2014-03",    "d:2014", "d:1990s",
                                        "d:2000s",      "d:1999-12-31", "d:2000-01-01", "d:1999", "d:2000",
                                        "d:1100s",      "d:1969-07" };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    ck_assert_int_eq(mrg_tokenize(&tokens, "then", 0, 4, 0, NULL), MORGUE_OK);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        mrg_article_entity entity = { MRG_ENTITY_DATE, keys[i], keys[i] + 2, 1, 1 };
        mrg_mention mention = { 0, 1, 0 };
        mrg_found found = { .entities = &entity, .entity_count = 1, .mentions = &mention, .mention_count = 1 };
        mrg_record record;
        mrg_record_walk walk;
        mrg_record_mention m;
        mrg_buffer_clear(&bytes);
        mrg_record_encode(&bytes, "then", 4, 0, &tokens, &found);
        ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), MORGUE_OK);
        mrg_record_walk_init(&walk, &record);
        ck_assert_int_eq(mrg_record_walk_next(&walk, &m), 1);
        ck_assert(m.entity.key_len == strlen(keys[i]) && !memcmp(m.entity.key, keys[i], m.entity.key_len));
    }
    mrg_buffer_dispose(&bytes);
    mrg_tokens_dispose(&tokens);
}
END_TEST

START_TEST(damaged_records_are_harmless)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    make_record(&bytes, &tokens);
    for (size_t len = 0; len <= bytes.len; len++) {
        unsigned char *copy = malloc(len + 1);
        memcpy(copy, bytes.data, len);
        read_all(copy, len);
        for (size_t i = 0; len == bytes.len && i < len; i++) {
            for (int bit = 0; bit < 8; bit++) {
                copy[i] ^= (unsigned char)(1 << bit);
                read_all(copy, len);
                copy[i] ^= (unsigned char)(1 << bit);
            }
        }
        free(copy);
    }
    mrg_buffer_dispose(&bytes);
    mrg_tokens_dispose(&tokens);
}
END_TEST

START_TEST(fields_come_back)
{
    morgue_article a = { .id = "http://x.example/1", .title = "T", .url = "http://x.example/1", .author = "A B" };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_fields f;
    mrg_fields_encode(&bytes, &a, "2014-03", "en");
    ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, bytes.len, NULL), MORGUE_OK);
    ck_assert_str_eq(f.id, a.id);
    ck_assert_str_eq(f.url, a.url);
    ck_assert_str_eq(f.date, "2014-03");
    ck_assert_str_eq(f.source, "");
    ck_assert_str_eq(f.author, "A B");
    mrg_fields_dispose(&f);
    for (size_t len = 0; len < bytes.len; len++)
        ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, len, NULL), MORGUE_ERR_CORRUPT);
    mrg_buffer_append_byte(&bytes, 0); /* more than there is to say */
    ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, bytes.len, NULL), MORGUE_ERR_CORRUPT);
    mrg_buffer_dispose(&bytes);
}
END_TEST

START_TEST(subject_and_version_come_back)
{
    morgue_article a = { .id = "1", .subject = "Sport; Tennis", .version = 4000000000u };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_fields f;
    mrg_fields_encode(&bytes, &a, "", "en");
    ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, bytes.len, NULL), MORGUE_OK);
    ck_assert_str_eq(f.subject, a.subject);
    ck_assert_uint_eq(f.version, a.version);
    mrg_fields_dispose(&f);
    for (size_t len = bytes.len - 1; len > 12; len--) /* 12: it ends behind the language */
        ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, len, NULL), MORGUE_ERR_CORRUPT);
    ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, 12, NULL), MORGUE_OK);
    ck_assert_str_eq(f.subject, "");
    mrg_fields_dispose(&f);
    mrg_buffer_append_byte(&bytes, 0);
    ck_assert_int_eq(mrg_fields_decode(&f, bytes.data, bytes.len, NULL), MORGUE_ERR_CORRUPT);
    mrg_buffer_dispose(&bytes);
}
END_TEST

START_TEST(long_ids_have_distinct_terms)
{
    char a[400], b[400];
    mrg_buffer ta = MRG_BUFFER_INIT, tb = MRG_BUFFER_INIT;
    memset(a, 'x', sizeof a);
    memcpy(b, a, sizeof b);
    b[399] = 'y';
    mrg_catalogue_id_term(&ta, a, sizeof a);
    mrg_catalogue_id_term(&tb, b, sizeof b);
    ck_assert_uint_le(ta.len, XAPIAN_MAX_TERM_LEN);
    ck_assert(ta.len == tb.len && memcmp(ta.data, tb.data, ta.len));
    mrg_buffer_clear(&ta);
    mrg_catalogue_id_term(&ta, "short", 5);
    ck_assert_str_eq(mrg_buffer_cstr(&ta), "Qshort");
    mrg_buffer_clear(&ta); /* the term of a hash is no id's own */
    mrg_catalogue_id_term(&ta, (const char *)tb.data + 1, tb.len - 1);
    ck_assert(ta.len == tb.len && memcmp(ta.data, tb.data, ta.len));
    mrg_buffer_dispose(&ta);
    mrg_buffer_dispose(&tb);
}
END_TEST

static void make_manifest(mrg_manifest *m, size_t segments)
{
    memset(m, 0, sizeof *m);
    m->format = MRG_ARCHIVE_FORMAT;
    m->commit_number = 7;
    m->next_segment_number = 100;
    strcpy(m->lang, "en");
    for (size_t i = 0; i < segments; i++) {
        mrg_manifest_segment s = { .number = i + 1,
                                   .summary = { .file_bytes = 1000,
                                                .first_docid = (uint32_t)(1 + 10 * i),
                                                .doc_count = 10,
                                                .live_count = 10,
                                                .word_count = 100,
                                                .checksum = 0xdeadbeef } };
        ck_assert_int_eq(mrg_manifest_add(m, &s), 0);
    }
    for (uint32_t docid = 3; docid < 10 * segments; docid += 7)
        ck_assert_int_eq(mrg_bitset_add(&m->deleted, docid), 0);
}

START_TEST(manifest_comes_back_or_is_refused)
{
    mrg_manifest m, back;
    mrg_buffer bytes = MRG_BUFFER_INIT, deleted = MRG_BUFFER_INIT;
    make_manifest(&m, 5);
    ck_assert_int_eq(mrg_manifest_encode(&m, &bytes, &deleted, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_manifest_decode(&back, bytes.data, bytes.len, deleted.data, deleted.len, NULL), MORGUE_OK);
    ck_assert_uint_eq(back.segment_count, 5);
    ck_assert_uint_eq(back.commit_number, 7);
    ck_assert_uint_eq(back.deleted.count, m.deleted.count);
    ck_assert_uint_eq(back.segments[4].summary.first_docid, 41);
    mrg_manifest_dispose(&back);
    for (size_t i = 0; i < bytes.len; i++) { /* every byte is under the checksum */
        bytes.data[i] ^= 0x10;
        ck_assert_int_eq(mrg_manifest_decode(&back, bytes.data, bytes.len, deleted.data, deleted.len, NULL),
                         MORGUE_ERR_CORRUPT);
        bytes.data[i] ^= 0x10;
        ck_assert_int_eq(mrg_manifest_decode(&back, bytes.data, i, deleted.data, deleted.len, NULL),
                         MORGUE_ERR_CORRUPT);
    }
    for (size_t i = 0; i < deleted.len; i++)
        ck_assert_int_eq(mrg_manifest_decode(&back, bytes.data, bytes.len, deleted.data, i, NULL), MORGUE_ERR_CORRUPT);
    mrg_manifest_dispose(&m);
    mrg_buffer_dispose(&bytes);
    mrg_buffer_dispose(&deleted);
}
END_TEST

START_TEST(unknown_format_is_a_version_error)
{
    mrg_manifest m, back;
    mrg_buffer bytes = MRG_BUFFER_INIT, deleted = MRG_BUFFER_INIT;
    make_manifest(&m, 1);
    m.format = MRG_ARCHIVE_FORMAT + 1;
    ck_assert_int_eq(mrg_manifest_encode(&m, &bytes, &deleted, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_manifest_decode(&back, bytes.data, bytes.len, deleted.data, deleted.len, NULL),
                     MORGUE_ERR_VERSION);
    mrg_manifest_dispose(&m);
    mrg_buffer_dispose(&bytes);
    mrg_buffer_dispose(&deleted);
}
END_TEST

/* Batches of equal size, one segment each, merged as the policy says: every byte is rewritten at most once
   a tier, and few segments stay. */
START_TEST(merging_is_logarithmic)
{
    mrg_manifest m = { 0 };
    uint64_t written = 0;
    const uint64_t size = 512 << 10;
    for (uint32_t batch = 0; batch < 4096; batch++) {
        mrg_manifest_segment s = {
            .number = batch,
            .summary = { .file_bytes = size, .first_docid = batch + 1, .doc_count = 1, .live_count = 1 }
        };
        size_t first, count;
        ck_assert_int_eq(mrg_manifest_add(&m, &s), 0);
        while (mrg_merge_pick(&m, &first, &count)) {
            mrg_manifest_segment merged = m.segments[first];
            ck_assert_uint_le(first + count, m.segment_count);
            for (size_t i = 1; i < count; i++) {
                merged.summary.file_bytes += m.segments[first + i].summary.file_bytes;
                merged.summary.doc_count += m.segments[first + i].summary.doc_count;
                merged.summary.live_count += m.segments[first + i].summary.live_count;
            }
            written += merged.summary.file_bytes;
            m.segments[first] = merged;
            memmove(m.segments + first + 1, m.segments + first + count,
                    (m.segment_count - first - count) * sizeof *m.segments);
            m.segment_count -= count - 1;
        }
        ck_assert_uint_le(m.segment_count, 7 * 6);
    }
    ck_assert_uint_le(written, 5 * 4096 * size); /* log8(4096) = 4 tiers */
    mrg_manifest_dispose(&m);
}
END_TEST

START_TEST(mostly_deleted_segments_are_rewritten)
{
    mrg_manifest m;
    size_t first = 9, count = 9;
    make_manifest(&m, 3);
    ck_assert_int_eq(mrg_merge_pick(&m, &first, &count), 0);
    for (uint32_t docid = 11; docid <= 16; docid++)
        ck_assert_int_eq(mrg_bitset_add(&m.deleted, docid), 0);
    ck_assert_int_ne(mrg_merge_pick(&m, &first, &count), 0);
    ck_assert(first == 1 && count == 1);
    mrg_manifest_dispose(&m);
}
END_TEST

START_TEST(pending_ids_are_found)
{
    mrg_pending p = { 0 };
    char id[32];
    ck_assert_ptr_null(mrg_pending_find(&p, "a"));
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "id-%u", i);
        ck_assert_int_eq(mrg_pending_put(&p, id, i + 1, i, 0), 0);
    }
    ck_assert_int_eq(mrg_pending_put(&p, "id-17", 0, 0, 0), 0);
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "id-%u", i);
        ck_assert_uint_eq(mrg_pending_find(&p, id)->docid, i == 17 ? 0 : i + 1);
    }
    ck_assert_uint_eq(p.count, 5000);
    mrg_pending_clear(&p);
    ck_assert_ptr_null(mrg_pending_find(&p, "id-1"));
    mrg_pending_dispose(&p);
}
END_TEST

START_TEST(runs_hold_every_occurrence)
{
    mrg_run_builder *b;
    mrg_run *run;
    mrg_tokens tokens = { 0 };
    const char *texts[] = { "to be or not to be", "not now", "be" };
    ck_assert_int_eq(mrg_run_builder_create(&b, NULL), MORGUE_OK);
    for (int again = 0; again < 2; again++) { /* the builder starts anew */
        for (int i = 0; i < 3; i++) {
            mrg_tokens_clear(&tokens);
            ck_assert_int_eq(mrg_tokenize(&tokens, texts[i], 0, strlen(texts[i]), 0, NULL), MORGUE_OK);
            ck_assert_int_eq(mrg_run_builder_add(b, &tokens, i == 1 ? 1 : 0, 0, NULL, NULL), MORGUE_OK);
        }
        ck_assert_int_eq(mrg_run_builder_finish(b, 10, &run, NULL), MORGUE_OK);
        ck_assert_uint_eq(run->doc_count, 3);
        ck_assert_uint_eq(run->term_count, 6); /* be not now or to, and not in a title */
        ck_assert_int_eq(memcmp(run->terms[0].key, "tnot", 4), 0);
        const mrg_run_term *be = &run->terms[1];
        ck_assert(be->key_len == 3 && !memcmp(be->key, "wbe", 3) && be->doc_count == 2);
        mrg_run_postings p;
        uint32_t positions[8];
        mrg_run_postings_init(&p, run, be);
        ck_assert(mrg_run_postings_next(&p) && p.doc_ord == 0 && p.tf == 2);
        mrg_run_postings_positions(&p, positions, NULL);
        ck_assert(positions[0] == 1 && positions[1] == 5);
        ck_assert(mrg_run_postings_next(&p) && p.doc_ord == 2 && p.tf == 1);
        mrg_run_postings_positions(&p, positions, NULL);
        ck_assert_uint_eq(positions[0], 0);
        ck_assert_int_eq(mrg_run_postings_next(&p), 0);
        mrg_run_free(run);
    }
    mrg_run_builder_free(b);
    mrg_tokens_dispose(&tokens);
}
END_TEST

START_TEST(name_sums_add_up_and_cancel)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 }, again = { 0 };
    mrg_record record;
    make_record(&bytes, &tokens);
    ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), MORGUE_OK);
    xapian_writable *db;
    mrg_name_list list = { 0 };
    ck_assert_int_eq(xapian_writable_open(&db, "", XAPIAN_DB_CREATE_OR_OPEN | XAPIAN_DB_INMEMORY, 0, 0, NULL),
                     XAPIAN_C_OK);
    mrg_names_delta *one = mrg_names_delta_create(), *sum = mrg_names_delta_create();
    mrg_found found = read_article(&again);
    ck_assert_int_eq(mrg_names_delta_add_found(one, article_text, &again, &found, 20140301, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_names_delta_merge(sum, one, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_names_delta_add(sum, &record, 20130101, 1, NULL), MORGUE_OK);
    ck_assert_uint_eq(mrg_names_delta_count(sum), 2);
    ck_assert_int_eq(mrg_names_delta_apply(sum, db, NULL), MORGUE_OK);
    xapian_database *view = xapian_writable_database(db);
    ck_assert_int_eq(mrg_names_by_words(view, MRG_ENTITY_PERSON, "BERG", 4, 10, &list, NULL, NULL), MORGUE_OK);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(list.items[0].name, "Jens Berg");
    ck_assert_uint_eq(list.items[0].article_count, 2);
    ck_assert_uint_eq(list.items[0].mention_count, 4);
    ck_assert_uint_eq(list.items[0].first_day, 20130101);
    ck_assert_uint_eq(list.items[0].last_day, 20140301);
    ck_assert_uint_eq(list.items[0].alias_count, 2);
    mrg_form_match match;
    ck_assert_int_eq(mrg_name_match(&list.items[0], "berg", 4, &match, NULL), MORGUE_OK);
    ck_assert_int_eq(match, MRG_FORM_ALIAS);
    ck_assert_int_eq(mrg_name_match(&list.items[0], "jens berg", 9, &match, NULL), MORGUE_OK);
    ck_assert_int_eq(match, MRG_FORM_NAME);
    ck_assert_int_eq(mrg_name_match(&list.items[0], "jens", 4, &match, NULL), MORGUE_OK);
    ck_assert_int_eq(match, MRG_FORM_WORDS);
    ck_assert_int_eq(mrg_name_match(&list.items[0], "jen", 3, &match, NULL), MORGUE_OK);
    ck_assert_int_eq(match, MRG_FORM_NONE);
    mrg_names_delta_free(one);
    one = mrg_names_delta_create();
    ck_assert_int_eq(mrg_names_delta_add(one, &record, 0, -1, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_names_delta_apply(one, db, NULL), MORGUE_OK);
    list.count = 0;
    ck_assert_int_eq(mrg_names_get(view, "l:oslo", 6, &list, NULL), MORGUE_OK);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_uint_eq(list.items[0].article_count, 1);
    ck_assert_int_eq(mrg_names_delta_apply(one, db, NULL), MORGUE_OK);
    list.count = 0;
    ck_assert_int_eq(mrg_names_get(view, "l:oslo", 6, &list, NULL), MORGUE_OK);
    ck_assert_uint_eq(list.count, 0); /* no article has it any more */
    mrg_names_delta_free(one);
    mrg_names_delta_free(sum);
    mrg_name_list_dispose(&list);
    mrg_tokens_dispose(&again);
    xapian_writable_free(db);
    mrg_buffer_dispose(&bytes);
    mrg_tokens_dispose(&tokens);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tc = tcase_create("store");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, record_comes_back);
    tcase_add_test(tc, dates_of_all_granularities_come_back);
    tcase_add_test(tc, damaged_records_are_harmless);
    tcase_add_test(tc, fields_come_back);
    tcase_add_test(tc, subject_and_version_come_back);
    tcase_add_test(tc, long_ids_have_distinct_terms);
    tcase_add_test(tc, manifest_comes_back_or_is_refused);
    tcase_add_test(tc, unknown_format_is_a_version_error);
    tcase_add_test(tc, merging_is_logarithmic);
    tcase_add_test(tc, mostly_deleted_segments_are_rewritten);
    tcase_add_test(tc, pending_ids_are_found);
    tcase_add_test(tc, runs_hold_every_occurrence);
    tcase_add_test(tc, name_sums_add_up_and_cancel);
    return test_run_suite(suite);
}
