/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containers of files, and things inside things: what comes out, under which names, and what is refused. */
#include "check_source.h"

#include <archive.h>
#include <archive_entry.h>

typedef struct packed {
    char *bytes;
    size_t len;
} packed;

typedef struct member {
    const char *name, *bytes;
    size_t len;
} member;

enum { ROOM = 4 << 20 };

/* A container of these members. `filter` is "none", "gzip", "xz" ..., `format` "ustar", "zip", "raw". */
static packed pack(const char *format, const char *filter, const member *members, size_t count)
{
    packed out = { malloc(ROOM), 0 };
    struct archive *a = archive_write_new();
    ck_assert_int_eq(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
    if (strcmp(filter, "none") != 0)
        ck_assert_int_eq(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(a, 1);
    ck_assert_int_eq(archive_write_open_memory(a, out.bytes, ROOM, &out.len), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, members[i].name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, (la_int64_t)members[i].len);
        ck_assert_int_ge(archive_write_header(a, entry), ARCHIVE_WARN);
        ck_assert_int_eq(archive_write_data(a, members[i].bytes, members[i].len), (la_ssize_t)members[i].len);
        archive_entry_free(entry);
    }
    ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    return out;
}

static void read_packed(const char *name, packed *p)
{
    read_bytes(name, p->bytes, p->len);
    free(p->bytes);
}

#define MEMBER(name, text) { name, text, sizeof text - 1 }

static const member three[] = {
    MEMBER("2014/a.txt", "The ferry sails again."),
    MEMBER("2014/b.jsonl", "{\"id\":\"one\",\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n{broken\n"),
    MEMBER("./c.html", "<html><head><title>Bridge</title></head><body><p>The bridge is open again, the town's council "
                       "said on Tuesday, and buses will cross it from Friday on.</p></body></html>"),
};

START_TEST(members_are_inputs_of_their_own)
{
    static const char *const formats[][2] = { { "ustar", "none" }, { "ustar", "gzip" }, { "ustar", "bzip2" },
                                              { "ustar", "xz" },   { "ustar", "zstd" }, { "pax", "none" },
                                              { "zip", "none" } };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        packed p = pack(formats[i][0], formats[i][1], three, 3);
        read_packed("news", &p);
        ck_assert_uint_eq(got.count, 4);
        ck_assert_str_eq(got.articles[0].id, in_dir("news/2014/a.txt"));
        ck_assert_str_eq(got.articles[0].text, "The ferry sails again.");
        ck_assert_str_eq(got.articles[1].id, "one");
        ck_assert_str_eq(got.articles[2].place, in_dir("news/2014/b.jsonl:2"));
        ck_assert_str_eq(got.articles[3].title, "Bridge");
        ck_assert_str_eq(got.articles[3].id, in_dir("news/c.html"));
        ck_assert_uint_eq(got.line_count, 1);
        ck_assert_ptr_nonnull(strstr(got.lines[0], "news/2014/b.jsonl:3: "));
    }
}
END_TEST

START_TEST(one_compressed_file_keeps_its_name)
{
    static const char *const filters[] = { "bzip2", "xz", "zstd" };
    static const member one[] = { MEMBER("x", "{\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n") };
    for (size_t i = 0; i < 3; i++) {
        packed p = pack("raw", filters[i], one, 1);
        read_packed("lines", &p);
        ck_assert_uint_eq(got.count, 2);
        ck_assert_str_eq(got.articles[1].id, in_dir("lines:2"));
        ck_assert_uint_eq(got.line_count, 0);
    }
}
END_TEST

START_TEST(a_chosen_kind_is_that_of_the_members)
{
    static const member one[] = { MEMBER("a", "<p>Not a page, but text.") };
    packed p = pack("zip", "none", one, 1);
    opt.input = "text";
    read_packed("a.zip", &p);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].text, "<p>Not a page, but text.");
}
END_TEST

START_TEST(names_inside_are_only_names)
{
    static const member odd[] = {
        MEMBER("../../etc/passwd", "First."), MEMBER("/abs.txt", "Second."),       MEMBER("a/.hidden", "Never."),
        MEMBER(".git/config", "Never."),      MEMBER("__MACOSX/a.txt", "Never."),  MEMBER("caf\xc3\xa9.txt", "Third."),
        MEMBER("a\nb\x1b[31m.txt", "Fourth."),
    };
    packed p = pack("ustar", "none", odd, 7);
    read_packed("odd.tar", &p);
    ck_assert_uint_eq(got.count, 4);
    ck_assert_ptr_null(strpbrk(got.articles[3].id, "\n\x1b"));
    ck_assert_str_eq(got.articles[0].id, in_dir("odd.tar/../../etc/passwd"));
    ck_assert_str_eq(got.articles[1].id, in_dir("odd.tar/abs.txt"));
    ck_assert_str_eq(got.articles[2].id, in_dir("odd.tar/caf\xc3\xa9.txt"));
    ck_assert_int_ne(access("/abs.txt", F_OK), 0);
}
END_TEST

START_TEST(pictures_cost_a_line_and_no_more)
{
    static const member mixed[] = { MEMBER("p.png", "\x89PNG\r\n\x1a\n...."), MEMBER("a.txt", "The ferry sails.") };
    packed p = pack("zip", "none", mixed, 2);
    read_packed("m.zip", &p);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "m.zip/p.png", "an image, not text; skipped");
}
END_TEST

START_TEST(nesting_is_bounded)
{
    packed inner = { strdup("The ferry sails again."), 22 };
    for (int depth = 1; depth <= 10; depth++) {
        const member one = { "in", inner.bytes, inner.len };
        packed outer = pack(depth % 2 ? "ustar" : "zip", "none", &one, 1);
        free(inner.bytes);
        inner = outer;
        read_bytes("n", inner.bytes, inner.len);
        ck_assert_uint_eq(got.count, depth <= 8);
        ck_assert_uint_eq(got.line_count, depth > 8);
    }
    ck_assert_ptr_nonnull(strstr(got.lines[0], "things nested more than 8 deep; skipped"));
    free(inner.bytes);
}
END_TEST

/* 100 MiB of one letter in every member, packed twice. */
START_TEST(bombs_are_bounded_over_all_members)
{
    size_t len = 100 << 20;
    char *letters = malloc(len);
    memset(letters, 'a', len);
    const member bombs[] = { { "1", letters, len }, { "2", letters, len }, { "3", letters, len } };
    packed p = pack("ustar", "xz", bombs, 3);
    free(letters);
    opt.max_article_bytes = 1 << 20;
    read_bytes("bomb", p.bytes, p.len);
    ck_assert_uint_eq(got.count, 0);
    int bounded = 0;
    for (size_t i = 0; i < got.line_count; i++)
        bounded |= strstr(got.lines[i], "more comes out of this source than is allowed") != NULL;
    ck_assert_int_eq(bounded, 1);
    ck_assert_uint_le(got.line_count, 3);
    free(p.bytes);
}
END_TEST

/* Whole members before the damage stay; nothing else is promised but an end without a crash. */
START_TEST(damage_never_breaks_the_reader)
{
    static const char *const formats[][2] = { { "ustar", "none" }, { "ustar", "xz" }, { "zip", "none" } };
    unsigned state = 11;
    for (size_t f = 0; f < 3; f++) {
        packed p = pack(formats[f][0], formats[f][1], three, 3);
        char *broken = malloc(p.len);
        for (size_t cut = 0; cut < p.len; cut += 1 + p.len / 60)
            read_bytes("cut", p.bytes, cut);
        for (int round = 0; round < 100; round++) {
            memcpy(broken, p.bytes, p.len);
            for (int i = 0; i < 4; i++) {
                state = state * 1103515245u + 12345u;
                broken[(state >> 8) % p.len] ^= (char)(1u << (state >> 28) % 8);
            }
            read_bytes("broken", broken, p.len);
        }
        free(broken);
        free(p.bytes);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-archive");
    TCase *tc = tcase_create("archive");
    tcase_add_test(tc, members_are_inputs_of_their_own);
    tcase_add_test(tc, one_compressed_file_keeps_its_name);
    tcase_add_test(tc, a_chosen_kind_is_that_of_the_members);
    tcase_add_test(tc, names_inside_are_only_names);
    tcase_add_test(tc, pictures_cost_a_line_and_no_more);
    tcase_add_test(tc, nesting_is_bounded);
    tcase_add_test(tc, bombs_are_bounded_over_all_members);
    tcase_add_test(tc, damage_never_breaks_the_reader);
    return run_suite(suite, tc);
}
