/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speed of a segment's lists and dictionary, in nanoseconds: bench_postings [SEGMENT]. Without a segment
 * it makes one of random lists. Of a real segment it takes the words nearest to the wanted densities.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/segment.h"

enum { DOCS = 200000, TERMS = 60000, KEYS = 4096, MAX_TF = 1 << 20 };

static const double densities[] = { 0.9, 0.3, 0.1, 0.03, 0.01, 0.001 };
enum { DENSITIES = sizeof densities / sizeof densities[0] };

static uint64_t seed = 0x9e3779b97f4a7c15u;

static uint64_t random_bits(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static double random_unit(void)
{
    return (double)(random_bits() >> 11) / 9007199254740992.0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(morgue_status status, const morgue_error *err)
{
    if (status) {
        fprintf(stderr, "bench_postings: %s\n", status == MORGUE_ERR_NOT_FOUND ? "not found" : err->message);
        exit(2);
    }
}

/* ---- A segment of random lists ---- */

static void add_term(mrg_segment_writer *w, const char *key, double density)
{
    morgue_error err;
    uint32_t positions[64];
    must(mrg_segment_writer_start_term(w, key, strlen(key), &err), &err);
    for (uint32_t docid = 1; docid <= DOCS; docid++) {
        uint32_t tf = 1, at = 0;
        if (random_unit() >= density)
            continue;
        while (tf < 60 && random_unit() < 0.5)
            tf++;
        for (uint32_t i = 0; i < tf; i++)
            positions[i] = at += 1 + (uint32_t)(random_unit() * 600 / (tf + 1));
        must(mrg_segment_writer_add_posting(w, docid, tf, positions, NULL, &err), &err);
    }
    must(mrg_segment_writer_end_term(w, &err), &err);
}

static void make_segment(const char *path)
{
    mrg_segment_writer *w;
    morgue_error err;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    char key[32];
    must(mrg_segment_writer_create(&w, path, 1, &err), &err);
    for (int i = 0; i < DOCS; i++)
        mrg_text_block_add(&block, "x", 1);
    must(mrg_text_block_encode(&block, &encoded, &err), &err);
    must(mrg_segment_writer_add_text(w, encoded.data, encoded.len, DOCS, &err), &err);
    for (int i = 0; i < DOCS; i++)
        must(mrg_segment_writer_add_length(w, (mrg_doc_length){ 600, 8 }, &err), &err);
    for (size_t i = DENSITIES; i-- > 0;) {
        snprintf(key, sizeof key, "w%08.4f", densities[i]);
        add_term(w, key, densities[i]);
    }
    for (int i = 0; i < TERMS; i++) {
        uint32_t position = 7, docid = (uint32_t)(random_bits() % DOCS) + 1;
        snprintf(key, sizeof key, "wfiller%07d", i * 13);
        must(mrg_segment_writer_start_term(w, key, strlen(key), &err), &err);
        must(mrg_segment_writer_add_posting(w, docid, 1, &position, NULL, &err), &err);
        must(mrg_segment_writer_end_term(w, &err), &err);
    }
    must(mrg_segment_writer_finish(w, 1, NULL, &err), &err);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
}

/* ---- What is measured ---- */

/* The word whose document frequency is nearest to the wanted one. */
static mrg_term_cursor find_density(const mrg_segment *s, double density)
{
    mrg_term_cursor cursor, best = { 0 };
    morgue_error err;
    int done;
    double wanted = density * mrg_segment_info(s)->doc_count, best_off = 1e300;
    must(mrg_term_cursor_init(&cursor, s, "w", 1, &done, &err), &err);
    while (!done && cursor.key[0] == 'w') {
        double off = wanted > cursor.info.doc_count ? wanted - cursor.info.doc_count : cursor.info.doc_count - wanted;
        if (off < best_off) {
            best_off = off;
            best = cursor;
        }
        must(mrg_term_cursor_next(&cursor, &done, &err), &err);
    }
    return best;
}

static double lower(double a, double b)
{
    return a < b ? a : b;
}

static int rounds_for(uint64_t work)
{
    return work ? (int)(20000000 / work) + 1 : 1;
}

enum walk { DOCIDS, FREQUENCIES, POSITIONS };

/* Nanoseconds a posting. */
static double scan(const mrg_segment *s, const mrg_term_info *info, enum walk walk, uint32_t *positions)
{
    static mrg_postings p;
    morgue_error err;
    uint64_t sum = 0;
    int rounds = rounds_for(walk == POSITIONS ? 4 * info->occurrence_count : info->doc_count);
    double best = 1e300;
    for (int i = 0; i < rounds; i++) {
        double start = now();
        must(mrg_postings_init(&p, s, info, &err), &err);
        while (!mrg_postings_next(&p, &err) && p.docid != MRG_DOCID_END) {
            sum += p.docid;
            if (walk == FREQUENCIES) {
                mrg_postings_tf(&p, &err);
                sum += p.tf;
            }
            if (walk == POSITIONS) {
                mrg_postings_positions(&p, positions, NULL, &err);
                sum += positions[0];
            }
        }
        best = lower(best, now() - start);
    }
    if (sum == 0)
        printf(" ");
    return best / info->doc_count;
}

/* Nanoseconds a seek, when the targets are `gap` apart on average. */
static double seek(const mrg_segment *s, const mrg_term_info *info, uint32_t gap, uint64_t *found)
{
    static mrg_postings p;
    morgue_error err;
    uint32_t end = mrg_segment_info(s)->first_docid + mrg_segment_info(s)->doc_count;
    double best = 1e300;
    int rounds = rounds_for((end / gap + 1) * 10);
    for (int i = 0; i < rounds; i++) {
        uint64_t seeks = 0;
        double start = now();
        must(mrg_postings_init(&p, s, info, &err), &err);
        for (uint32_t target = 1 + (uint32_t)i % gap; target < end; target += gap) {
            must(mrg_postings_seek(&p, target, &err), &err);
            *found += p.docid == target;
            seeks++;
        }
        best = lower(best, (now() - start) / (double)seeks);
    }
    return best;
}

/* Nanoseconds to extract the positions of articles `gap` apart. */
static double extract(const mrg_segment *s, const mrg_term_info *info, uint32_t gap, uint32_t *positions)
{
    static mrg_postings p;
    morgue_error err;
    uint64_t count = 0;
    double best[2] = { 1e300, 1e300 }; /* without and with */
    for (int i = 0; i < 200; i++) {
        double start = now();
        count = 0;
        must(mrg_postings_init(&p, s, info, &err), &err);
        for (uint32_t target = 1; !mrg_postings_seek(&p, target, &err) && p.docid != MRG_DOCID_END;
             target = p.docid + gap) {
            must(i % 2 ? mrg_postings_positions(&p, positions, NULL, &err) : MORGUE_OK, &err);
            count++;
        }
        best[i % 2] = lower(best[i % 2], now() - start);
    }
    return (best[1] - best[0]) / (double)count;
}

static void bench_dictionary(const mrg_segment *s)
{
    static struct {
        unsigned char key[MRG_KEY_MAX_BYTES];
        size_t len;
    } keys[KEYS];
    mrg_term_cursor cursor;
    mrg_term_info info;
    morgue_error err;
    int done;
    uint64_t terms = 0, kept = 0, sum = 0;
    double start = now();
    must(mrg_term_cursor_init(&cursor, s, "", 0, &done, &err), &err);
    for (; !done; terms++) { /* reservoir sampling */
        uint64_t slot = terms < KEYS ? terms : random_bits() % (terms + 1);
        if (slot < KEYS) {
            memcpy(keys[slot].key, cursor.key, cursor.key_len);
            keys[slot].len = cursor.key_len;
            kept = slot >= kept ? slot + 1 : kept;
        }
        must(mrg_term_cursor_next(&cursor, &done, &err), &err);
    }
    printf("walk over %llu terms %.1f ns a term\n", (unsigned long long)terms, (now() - start) / (double)terms);
    double first = 0, best = 1e300;
    for (int round = 0; round < 50; round++) {
        start = now();
        for (uint64_t k = 0; k < kept; k++) {
            must(mrg_segment_find(s, keys[k].key, keys[k].len, &info, &err), &err);
            sum += info.doc_count;
        }
        double spent = (now() - start) / (double)kept;
        first = round ? first : spent;
        best = lower(best, spent);
    }
    printf("look-up of one of %d terms: first %.0f ns, best %.0f ns\n", KEYS, first, best);
    if (sum == 0)
        printf(" ");
}

static void bench_lists(const mrg_segment *s)
{
    uint32_t *positions = malloc(MAX_TF * sizeof *positions);
    uint64_t found = 0;
    if (!positions)
        exit(2);
    printf("%-22s %9s %10s %7s %7s %7s | seek every %5s %6s %6s %6s | positions every 1st %6s\n", "word", "docs",
           "occurrences", "next", "+tf", "+places", "3", "30", "300", "3000", "100th");
    for (size_t i = 0; i < DENSITIES; i++) {
        mrg_term_cursor c = find_density(s, densities[i]);
        if (c.key_len == 0 || c.info.max_tf > MAX_TF)
            continue;
        printf("%-22.*s %9u %10llu %8.2f %7.2f %7.2f | %16.1f %6.1f %6.1f %6.1f | %19.1f %6.1f\n", (int)c.key_len - 1,
               (const char *)c.key + 1, c.info.doc_count, (unsigned long long)c.info.occurrence_count,
               scan(s, &c.info, DOCIDS, positions), scan(s, &c.info, FREQUENCIES, positions),
               scan(s, &c.info, POSITIONS, positions), seek(s, &c.info, 3, &found), seek(s, &c.info, 30, &found),
               seek(s, &c.info, 300, &found), seek(s, &c.info, 3000, &found), extract(s, &c.info, 1, positions),
               extract(s, &c.info, 100, positions));
    }
    free(positions);
}

int main(int argc, char **argv)
{
    char path[] = "/tmp/bench_postings_XXXXXX";
    mrg_segment *segment;
    morgue_error err;
    if (argc < 2) {
        int fd = mkstemp(path);
        if (fd < 0)
            return 2;
        close(fd);
        unlink(path);
        make_segment(path);
    }
    double start = now();
    must(mrg_segment_open(&segment, argc < 2 ? path : argv[1], &err), &err);
    printf("open %.0f us; times in ns\n", (now() - start) / 1000);
    bench_dictionary(segment);
    bench_lists(segment);
    mrg_segment_close(segment);
    if (argc < 2)
        unlink(path);
    return 0;
}
