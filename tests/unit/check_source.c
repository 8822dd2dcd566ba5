/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, directories, gzip, charsets and plain text: what is read, and what is told about the rest. */
#include "check_source.h"

#include <fcntl.h>
#include <iconv.h>
#include <pthread.h>
#include <sys/stat.h>

#include "core/alloc.h"

#define PARAGRAPH                                                                                                      \
    "The harbour of Port Averell was closed on Tuesday after a crane fell across the main quay, the town's "           \
    "council said, and ships were sent on to the north."

/* ---- plain text ---- */

START_TEST(text_has_title_and_id)
{
    read_str("a.txt", "Crane falls in Port Averell\n\n" PARAGRAPH "\n\nNobody was hurt.\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "Crane falls in Port Averell");
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH "\n\nNobody was hurt.");
    ck_assert_str_eq(got.articles[0].id, in_dir("a.txt"));
    ck_assert_str_eq(got.articles[0].place, in_dir("a.txt"));
    ck_assert_ptr_null(got.articles[0].date);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.begun, 1);
}
END_TEST

START_TEST(text_without_a_title_has_none)
{
    static const char *const texts[] = {
        PARAGRAPH "\n\n" PARAGRAPH,           /* too long */
        "It rained.\n\n" PARAGRAPH,           /* a sentence */
        "Two lines\nof a poem\n\n" PARAGRAPH, /* more than a line */
        "One line only",
        "No empty line\n" PARAGRAPH,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_str("a.txt", texts[i]);
        ck_assert_uint_eq(got.count, 1);
        ck_assert_ptr_null(got.articles[0].title);
        ck_assert_str_eq(got.articles[0].text, texts[i]);
    }
}
END_TEST

START_TEST(page_furniture_is_set_aside)
{
    read_str("a.txt", "Select Page\n\n" PARAGRAPH);
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH);
    ck_assert_ptr_null(got.articles[0].title);
    read_str("a.txt",
             "Skip to content\nMENU\n\nHome\nWorld\nSport\n\n[ Share this ]\n\nCrane falls in port\n\n" PARAGRAPH
             "\n\nNobody was hurt.\n\nShare this:\nAdvertisement\n\nSubscribe\n\xc2\xa9 2014 The Averell "
             "Post. All rights reserved.\nSign in\n");
    ck_assert_str_eq(got.articles[0].title, "Crane falls in port");
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH "\n\nNobody was hurt.");
    read_str("a.txt", "Menu  Home  World  Markets\n\n" PARAGRAPH "\n\nHome | World | Contact us\n"); /* bars */
    ck_assert_ptr_null(got.articles[0].title);
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH);
    read_str("a.txt", "Talks  begin  in  Geneva\n\n" PARAGRAPH); /* nothing known is in it */
    ck_assert_str_eq(got.articles[0].title, "Talks begin in Geneva");
    read_str("a.txt", PARAGRAPH "\n\nMenu\n\n" PARAGRAPH); /* not inside */
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH "\n\nMenu\n\n" PARAGRAPH);
    read_str("a.txt", "Menu\nHome\n"); /* nothing else is there */
    ck_assert_str_eq(got.articles[0].text, "Menu\nHome");
}
END_TEST

START_TEST(line_ends_and_marks_are_handled)
{
    read_str("a.txt", "\xef\xbb\xbf"
                      "A title here\r\n\r\nFirst line\r\nsecond line.\r\n");
    ck_assert_str_eq(got.articles[0].title, "A title here");
    ck_assert_str_eq(got.articles[0].text, "First line\nsecond line.");
    read_str("a.txt", "\xef\xbb\xbf");
    ck_assert_uint_eq(got.count, 0);
    expect_line(0, "a.txt", "empty; skipped");
}
END_TEST

START_TEST(charsets_become_utf8)
{
    static const char wanted[] = "Zo\xc3\xab paid \xe2\x82\xac"
                                 "5 \xe2\x80\x9cin caf\xc3\xa9s\xe2\x80\x9d.";
    read_str("latin.txt", "Zo\xeb paid \x80"
                          "5 \x93in caf\xe9s\x94.");
    ck_assert_str_eq(got.articles[0].text, wanted);
    read_str("mixed.txt", "Zo\xc3\xab paid \x80"
                          "5 \x93in caf\xc3\xa9s\x94."); /* what is UTF-8 stays */
    ck_assert_str_eq(got.articles[0].text, wanted);
    static const char wide[] = "\xff\xfeZ\0o\0\xeb\0 \0\x3d\xd8\x00\xde.\0";
    read_bytes("wide.txt", wide, sizeof wide - 1);
    ck_assert_str_eq(got.articles[0].text, "Zo\xc3\xab \xf0\x9f\x98\x80.");
    read_bytes("big.txt", "\xfe\xff\0Z\0o\0\xeb\0.", 10);
    ck_assert_str_eq(got.articles[0].text, "Zo\xc3\xab.");
    read_bytes("odd.txt", "\xff\xfeZ\0o\0\xeb", 7); /* half a character at the end */
    ck_assert_str_eq(got.articles[0].text, "Zo\xef\xbf\xbd");
    read_bytes("lines.jsonl", "\xff\xfe{\0\"\0t\0e\0x\0t\0\"\0:\0\"\0\xe9\0\"\0}\0\n\0", 28);
    ck_assert_str_eq(got.articles[0].text, "\xc3\xa9");
}
END_TEST

START_TEST(undeclared_charsets_are_found)
{
    static const struct {
        const char *charset, *text;
    } pages[] = {
        { "KOI8-R", "Российские войска покинули город, сообщил в субботу мэр. Переговоры идут." },
        { "WINDOWS-1251", "Российские войска покинули город, сообщил в субботу мэр. Переговоры идут." },
        { "SHIFT_JIS", "東京都は土曜日、新しい橋を開通させたと発表した。交通は来週から始まる予定である。" },
        { "EUC-KR", "서울시는 토요일에 새로운 다리를 개통했다고 발표했다. 통행은 다음 주부터 시작된다." },
        { "GB18030", "北京市政府星期六宣布新桥已经开通。交通将从下周开始恢复。" },
        { "WINDOWS-1253", "Η νέα γέφυρα άνοιξε το Σάββατο, δήλωσε ο δήμαρχος. Τα λεωφορεία περνούν." },
        { "WINDOWS-1250", "Nowy most został otwarty w sobotę, powiedział burmistrz. Żółte światła świecą się całą noc, a "
                          "mieszkańcy są zadowoleni z tego, że można wreszcie przejść." },
        { "WINDOWS-1252", "Le nouveau pont a été ouvert à midi, a déclaré le maire, précisément à l’heure prévue." },
        { "ISO-8859-1", "Die neue Brücke wurde geöffnet, erklärte der Bürgermeister. Größere Züge warten." },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char bytes[1000], *from = (char *)(uintptr_t)pages[i].text, *to = bytes;
        size_t left = strlen(from), room = sizeof bytes;
        iconv_t converter = iconv_open(pages[i].charset, "UTF-8");
        ck_assert_uint_eq(iconv(converter, &from, &left, &to, &room), 0);
        iconv_close(converter);
        read_bytes("a.txt", bytes, sizeof bytes - room);
        ck_assert_str_eq(got.articles[0].text, pages[i].text);
    }
}
END_TEST

START_TEST(what_is_no_text_is_told)
{
    unsigned char noise[5000];
    uint64_t state = 42;
    for (size_t i = 0; i < sizeof noise; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        noise[i] = (unsigned char)(state >> 56);
    }
    read_bytes("noise", (const char *)noise, sizeof noise);
    expect_line(0, "noise", "not text; skipped");
    read_bytes("nuls.txt", "ab\0\0\0\0cd", 8);
    expect_line(0, "nuls.txt", "not text; skipped");
    read_str("a.pdf", "%PDF-1.4 and so on");
    expect_line(0, "a.pdf", "a PDF document, not text; skipped");
    read_str("zoo.xml", "<?xml version='1.0'?>\n<zoo><animal/></zoo>");
    expect_line(0, "zoo.xml", "XML of a kind that is not read; skipped");
    read_str("empty.txt", "");
    expect_line(0, "empty.txt", "empty; skipped");
    read_str("blank.json", " \n\t \r\n");
    expect_line(0, "blank.json", "empty; skipped");
    ck_assert_uint_eq(got.count, 0);
    ck_assert_uint_eq(got.line_count, 1);
}
END_TEST

START_TEST(long_text_is_told)
{
    opt.max_article_bytes = 100;
    read_str("a.txt", PARAGRAPH);
    ck_assert_uint_eq(got.count, 0);
    expect_line(0, "a.txt", "longer than 100 bytes; skipped");
}
END_TEST

/* ---- gzip ---- */

static size_t pack_lines(unsigned char *out, size_t room, int count)
{
    static char text[400000];
    size_t len = 0;
    for (int i = 0; i < count; i++)
        len += (size_t)sprintf(text + len, "{\"id\":%d,\"text\":\"article %d, %08x%08x\"}\n", i, i,
                               (unsigned)i * 2654435761u, (unsigned)i * 40503u + 12345u);
    return gzip_member(out, room, text, len);
}

START_TEST(gzip_members_follow_one_another)
{
    unsigned char packed[4000];
    size_t n = gzip_member(packed, 1000, "{\"text\":\"a\"}\n{\"te", 17);
    n += gzip_member(packed + n, 1000, "", 0);
    n += gzip_member(packed + n, 1000, "xt\":\"b\"}\n", 9);
    memset(packed + n, 0, 512); /* padding */
    read_bytes("x.gz", (char *)packed, n + 512);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_str_eq(got.articles[1].text, "b");
    ck_assert_str_eq(got.articles[1].place, in_dir("x.gz:2"));
    memcpy(packed + n, "rubbish", 7);
    read_bytes("x.gz", (char *)packed, n + 7);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "x.gz", "bytes that are no gzip follow the gzip data; skipped");
    n = gzip_member(packed, 1000, PARAGRAPH, sizeof PARAGRAPH - 1);
    read_bytes("text", (char *)packed, n);
    ck_assert_str_eq(got.articles[0].text, PARAGRAPH);
    n = gzip_member(packed, 1000, "", 0);
    read_bytes("nothing.gz", (char *)packed, n);
    expect_line(0, "nothing.gz", "empty; skipped");
}
END_TEST

START_TEST(gzip_cut_short_keeps_whole_articles)
{
    static unsigned char packed[200000];
    size_t n = pack_lines(packed, sizeof packed, 2000), before = 0;
    for (size_t cut = 0; cut <= n; cut += n / 40) {
        if (cut < 3)
            continue;
        read_bytes("x.jsonl.gz", (char *)packed, cut == n ? n - 1 : cut);
        ck_assert_uint_eq(got.line_count, 1);
        expect_line(0, "x.jsonl.gz", "gzip data is cut short; the rest is skipped");
        ck_assert_uint_ge(got.count, before);
        before = got.count;
    }
    ck_assert_uint_gt(before, 1900);
    n = gzip_member(packed, sizeof packed, PARAGRAPH, sizeof PARAGRAPH - 1);
    read_bytes("x.txt.gz", (char *)packed, n - 9); /* part of a text is no text */
    ck_assert_uint_eq(got.count, 0);
    ck_assert_uint_eq(got.line_count, 1);
}
END_TEST

START_TEST(damaged_gzip_never_breaks_the_reader)
{
    static unsigned char packed[50000], broken[50000];
    size_t n = pack_lines(packed, sizeof packed, 300);
    unsigned state = 7;
    for (int round = 0; round < 200; round++) {
        memcpy(broken, packed, n);
        for (int i = 0; i < 3; i++) {
            state = state * 1103515245u + 12345u;
            broken[3 + (state >> 8) % (n - 3)] ^= (unsigned char)(1u << (state >> 28) % 8);
        }
        read_bytes("x.gz", (char *)broken, n);
        ck_assert_uint_le(got.count, 301);
    }
}
END_TEST

START_TEST(bombs_are_bounded)
{
    enum { STEP = 1 << 20, STEPS = 100 };
    char *zeros = calloc(1, STEP);
    unsigned char *packed = malloc(STEP);
    FILE *f = fopen(in_dir("bomb.gz"), "wb");
    memset(zeros, ' ', STEP);
    memcpy(zeros, "{\"text\":\"x\"}\n", 13);
    size_t n = gzip_member(packed, STEP, zeros, STEP);
    for (int i = 0; i < STEPS; i++)
        fwrite(packed, 1, n, f);
    fclose(f);
    ck_assert_int_eq(read_path(in_dir("bomb.gz")), MORGUE_OK);
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "bomb.gz", "inflates to more than 200 times its size; the rest is skipped");
    ck_assert_uint_ge(got.count, 63);
    ck_assert_uint_le(got.count, 66);
    opt.max_inflate_ratio = 5000;
    ck_assert_int_eq(read_path(in_dir("bomb.gz")), MORGUE_OK);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, STEPS);
    opt.max_inflated_bytes = 10 << 20;
    ck_assert_int_eq(read_path(in_dir("bomb.gz")), MORGUE_OK);
    expect_line(0, "bomb.gz", "inflates to more than 10 MiB; the rest is skipped");
    ck_assert_uint_le(got.count, 12);
    free(zeros);
    free(packed);
}
END_TEST

/* ---- the tree ---- */

START_TEST(directories_are_read_in_byte_order)
{
    mkdir(in_dir("sub"), 0777);
    mkdir(in_dir(".git"), 0777);
    put_str("b.txt", "second");
    put_str("B.txt", "first");
    put_str("sub/a.txt", "third");
    put_str("sub/.hidden", "never");
    put_str(".git/x", "never");
    put_str("\xc3\xa4.txt", "last");
    ck_assert_int_eq(read_path(dir), MORGUE_OK);
    ck_assert_uint_eq(got.count, 4);
    ck_assert_str_eq(got.articles[0].text, "first");
    ck_assert_str_eq(got.articles[1].text, "second");
    ck_assert_str_eq(got.articles[2].text, "third");
    ck_assert_str_eq(got.articles[3].text, "last");
    ck_assert_str_eq(got.articles[2].id, in_dir("sub/a.txt"));
    ck_assert_int_eq(read_path(in_dir("sub//")), MORGUE_OK); /* its end does not matter */
    ck_assert_str_eq(got.articles[0].id, in_dir("sub/a.txt"));
    ck_assert_int_eq(read_path(in_dir("sub/.hidden")), MORGUE_OK); /* named by the user */
    ck_assert_uint_eq(got.count, 1);
}
END_TEST

START_TEST(links_and_special_files)
{
    mkdir(in_dir("sub"), 0777);
    put_str("sub/a.txt", "a text");
    ck_assert_int_eq(symlink("..", in_dir("sub/loop")), 0);
    ck_assert_int_eq(symlink("self", in_dir("self")), 0);
    ck_assert_int_eq(symlink("sub/a.txt", in_dir("file")), 0);
    ck_assert_int_eq(symlink("sub", in_dir("directory")), 0);
    ck_assert_int_eq(symlink("nowhere", in_dir("gone")), 0);
    ck_assert_int_eq(mkfifo(in_dir("pipe"), 0666), 0);
    ck_assert_int_eq(read_path(dir), MORGUE_OK);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[0].id, in_dir("file"));
    ck_assert_uint_eq(got.line_count, 3);
    expect_line(0, "gone", "cannot open: No such file or directory; skipped");
    expect_line(1, "pipe", "a FIFO, not a file; skipped");
    expect_line(2, "self", "cannot open: Too many levels of symbolic links; skipped");
    ck_assert_int_eq(read_path(in_dir("directory")), MORGUE_OK); /* named by the user */
    ck_assert_uint_eq(got.count, 1);
    ck_assert_int_eq(read_path(in_dir("missing")), MORGUE_OK);
    expect_line(0, "missing", "cannot open: No such file or directory; skipped");
    ck_assert_int_eq(read_path("/dev/null"), MORGUE_OK);
    ck_assert_str_eq(got.lines[0], "/dev/null: a device, not a file; skipped");
}
END_TEST

START_TEST(unreadable_is_told)
{
    mkdir(in_dir("closed"), 0);
    chmod(put_str("a.txt", "text"), 0);
    put_str("b.txt", "text");
    uid_t old = geteuid();
    if (old == 0) { /* who may read everything */
        chmod(dir, 0755);
        ck_assert_int_eq(seteuid(65534), 0);
    }
    morgue_status status = read_path(dir);
    if (old == 0)
        ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(status, MORGUE_OK);
    ck_assert_uint_eq(got.count, 1);
    expect_line(0, "a.txt", "cannot open: Permission denied; skipped");
    expect_line(1, "closed", "cannot open directory: Permission denied; skipped");
}
END_TEST

START_TEST(strange_names_make_tidy_lines)
{
    put_str("a\nb\x1b[31m.txt", "");
    ck_assert_int_eq(read_path(dir), MORGUE_OK);
    expect_line(0, "a?b?[31m.txt", "empty; skipped");
    remove(in_dir("a\nb\x1b[31m.txt"));
    put_str("caf\xe9.txt", "a text");
    put_str("caf\xe8.txt", "a text"); /* two articles, not one */
    ck_assert_int_eq(read_path(dir), MORGUE_OK);
    ck_assert_str_eq(got.articles[0].id, in_dir("caf\xc3\xa8.txt"));
    ck_assert_str_eq(got.articles[1].id, in_dir("caf\xc3\xa9.txt"));
    char name[256];
    memset(name, 'n', 250);
    name[250] = 0;
    put_str(name, ""); /* the cause is not cut away */
    ck_assert_int_eq(read_path(in_dir(name)), MORGUE_OK);
    ck_assert_ptr_nonnull(strstr(got.lines[0], "nnn: empty; skipped"));
}
END_TEST

static void *feed_pipe(void *arg)
{
    static const char text[] = "{\"id\":\"p\",\"text\":\"from a pipe\"}\n";
    int fd = *(int *)arg;
    for (size_t i = 0; i < sizeof text - 1; i++) /* a byte at a time */
        if (write(fd, text + i, 1) != 1)
            break;
    close(fd);
    return NULL;
}

START_TEST(standard_input_is_read)
{
    int ends[2], old = dup(STDIN_FILENO);
    pthread_t thread;
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(pthread_create(&thread, NULL, feed_pipe, &ends[1]), 0);
        ck_assert_int_ge(dup2(ends[0], STDIN_FILENO), 0);
        ck_assert_int_eq(read_path(round ? "/dev/stdin" : "-"), MORGUE_OK);
        pthread_join(thread, NULL);
        close(ends[0]);
        ck_assert_uint_eq(got.count, 1);
        ck_assert_str_eq(got.articles[0].text, "from a pipe");
    }
    if (old >= 0) {
        dup2(old, STDIN_FILENO);
        close(old);
    }
}
END_TEST

/* ---- options and handlers ---- */

START_TEST(options_are_checked)
{
    static const char *const wrong[] = { "text", "=a", "text=", "body=text", "ids=x", NULL };
    for (size_t i = 0; wrong[i]; i++) {
        const char *const fields[] = { wrong[i], NULL };
        opt.fields = fields;
        ck_assert_int_eq(mrg_source_options_check(&opt, &got.err), MORGUE_ERR_INVALID);
        ck_assert_int_eq(read_path(dir), MORGUE_ERR_INVALID);
        opt.fields = NULL;
    }
    for (const char *const *kind = mrg_source_kinds(); *kind; kind++) {
        opt.input = *kind;
        ck_assert_int_eq(mrg_source_options_check(&opt, &got.err), MORGUE_OK);
    }
    opt.input = "docx";
    ck_assert_int_eq(mrg_source_options_check(&opt, &got.err), MORGUE_ERR_INVALID);
    ck_assert_str_eq(got.err.message, "unknown kind of input \"docx\"");
    ck_assert_int_eq(mrg_source_options_check(NULL, NULL), MORGUE_OK);
    ck_assert_int_eq(read_path(""), MORGUE_ERR_INVALID);
}
END_TEST

START_TEST(kind_may_be_given)
{
    opt.input = "text";
    read_str("a", "{\"text\":\"x\"}\n");
    ck_assert_str_eq(got.articles[0].text, "{\"text\":\"x\"}");
    opt.input = "html";
    read_str("a", "just words &amp; more");
    ck_assert_str_eq(got.articles[0].text, "just words & more");
    opt.input = "jsonl";
    read_str("a", "no json\n{\"text\":\"x\"}\n");
    ck_assert_uint_eq(got.count, 1);
    expect_line(0, "a:1", "broken JSON at byte 1; skipped");
    read_str("a", "");
    expect_line(0, "a", "empty; skipped");
}
END_TEST

START_TEST(handler_stops_the_reading)
{
    put_str("a.txt", "a text");
    put_str("b.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n");
    put_str("c.json", "[{\"text\":\"1\"},{\"text\":\"2\"}]");
    put_str("d.html", "<html><body><p>words</p></body></html>");
    for (size_t stop = 1; stop <= 7; stop++) {
        forget();
        got.stop_after = stop;
        ck_assert_int_eq(read_again(dir), MORGUE_ERR_LOCKED);
        ck_assert_uint_eq(got.count, stop);
        ck_assert_str_eq(got.err.message, "stopped");
    }
}
END_TEST

static int refuse(void *ctx, const char *path)
{
    (void)path;
    return ++*(int *)ctx == 2;
}

START_TEST(begins_may_cancel)
{
    int seen = 0;
    const mrg_source_handler handler = { .article = keep_article, .skipped = keep_line, .begins = refuse, .ctx = &seen };
    put_str("a.txt", "one");
    put_str("b.txt", "two");
    forget();
    ck_assert_int_eq(mrg_source_read(dir, NULL, &handler, NULL), MORGUE_ERR_CANCELLED);
    ck_assert_uint_eq(got.count, 1);
}
END_TEST

/* Each allocation fails once: a clean NOMEM, or all is read. */
START_TEST(memory_running_out_is_clean)
{
    unsigned char packed[1000];
    put_str("a.txt", "Title of it\r\n\r\ncaf\xe9 text");
    put_str("b.jsonl", "{\"text\":[\"1\",\"2\"],\"author\":[\"A B\",{\"name\":\"C\"}],\"id\":12345678901234567890}\n");
    put_str("c.json", "{\"articles\":[{\"text\":\"1 \\u0000\",\"title\":\" a  b \"},{\"text\":\"2\"}]}");
    put_str("d.html", "<html lang=en><title>A b c d e - S</title><body><h1>H</h1><p>" PARAGRAPH "</p></body></html>");
    size_t n = gzip_member(packed, sizeof packed, "{\"text\":\"z\"}\n", 13);
    put("e.gz", (char *)packed, n);
    ck_assert_int_eq(read_path(dir), MORGUE_OK);
    ck_assert_uint_eq(got.count, 6);
    ck_assert_uint_eq(got.line_count, 0);
    long failed = 0;
    for (long at = 1; at < 2000; at++) {
        forget();
        mrg_alloc_fail_at(at);
        morgue_status status = read_again(dir);
        mrg_alloc_fail_at(0);
        ck_assert(status == MORGUE_OK || status == MORGUE_ERR_NOMEM);
        ck_assert_uint_eq(got.line_count, 0);
        failed += status != MORGUE_OK;
        if (status == MORGUE_OK)
            ck_assert_uint_eq(got.count, 6);
    }
    ck_assert_int_gt(failed, 20);
}
END_TEST

START_TEST(real_article_begins_with_its_text)
{
    static const char path[] = "../shared/data/seed/ukraine-talks.txt";
    if (access(path, R_OK)) {
        printf("skipped: %s is not here\n", path);
        return;
    }
    ck_assert_int_eq(read_path(path), MORGUE_OK);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_int_eq(strncmp(got.articles[0].text, "Russian President Vladimir Putin, 69", 36), 0);
    ck_assert_ptr_null(got.articles[0].title);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *tc = tcase_create("source");
    tcase_add_test(tc, text_has_title_and_id);
    tcase_add_test(tc, text_without_a_title_has_none);
    tcase_add_test(tc, page_furniture_is_set_aside);
    tcase_add_test(tc, line_ends_and_marks_are_handled);
    tcase_add_test(tc, charsets_become_utf8);
    tcase_add_test(tc, undeclared_charsets_are_found);
    tcase_add_test(tc, what_is_no_text_is_told);
    tcase_add_test(tc, long_text_is_told);
    tcase_add_test(tc, gzip_members_follow_one_another);
    tcase_add_test(tc, gzip_cut_short_keeps_whole_articles);
    tcase_add_test(tc, damaged_gzip_never_breaks_the_reader);
    tcase_add_test(tc, bombs_are_bounded);
    tcase_add_test(tc, directories_are_read_in_byte_order);
    tcase_add_test(tc, links_and_special_files);
    tcase_add_test(tc, unreadable_is_told);
    tcase_add_test(tc, strange_names_make_tidy_lines);
    tcase_add_test(tc, standard_input_is_read);
    tcase_add_test(tc, options_are_checked);
    tcase_add_test(tc, kind_may_be_given);
    tcase_add_test(tc, handler_stops_the_reading);
    tcase_add_test(tc, begins_may_cancel);
    tcase_add_test(tc, memory_running_out_is_clean);
    tcase_add_test(tc, real_article_begins_with_its_text);
    return run_suite(suite, tc);
}
