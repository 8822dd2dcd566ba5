/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables and SGML collections: one article a record. */
#include "check_source.h"

START_TEST(csv_records_are_articles)
{
    read_str("a.csv", "\xef\xbb\xbf" "id,title,\"text\",date,other\r\n"
                      "1,\"Ferry, again\",\"It said \"\"yes\"\".\nThen it sailed.\",2014-03-01,x\r\n"
                      "2,Second,Text two.,,\r\n"
                      "\r\n"
                      "3,too,few\r\n"
                      "4,Fourth,Text four.,2014,y");
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[0].id, "1");
    ck_assert_str_eq(got.articles[0].title, "Ferry, again");
    ck_assert_str_eq(got.articles[0].text, "It said \"yes\".\nThen it sailed.");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01");
    ck_assert_str_eq(got.articles[1].place, in_dir("a.csv:4"));
    ck_assert_str_eq(got.articles[2].text, "Text four.");
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "a.csv:6", "3 columns where the header has 5; skipped");
}
END_TEST

START_TEST(tabs_and_semicolons_separate_too)
{
    read_str("a.tsv", "TITLE\tText\n\"Quoted\" title\tHe said \"no.\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "\"Quoted\" title");
    ck_assert_str_eq(got.articles[0].text, "He said \"no.");
    ck_assert_str_eq(got.articles[0].id, in_dir("a.tsv:2"));
    read_str("b.csv", "title;text\nOne, two;\"Three; four\"\n");
    ck_assert_str_eq(got.articles[0].text, "Three; four");
}
END_TEST

START_TEST(columns_are_mapped)
{
    static const char *const fields[] = { "text=body", "title=headline", NULL };
    opt.fields = fields;
    read_str("a", "headline,body,n\nFerry,It sails.,1\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "Ferry");
    opt.fields = NULL;
    opt.input = "csv";
    read_str("a", "headline,body,n\nFerry,It sails.,1\n");
    expect_line(0, "a", "no column \"text\" in the first line (see --field); skipped");
    opt.input = NULL;
    read_str("prose.txt", "The text, they said, is long, and the date, too.\n\nSo be it.");
    ck_assert_uint_eq(got.count, 1); /* commas alone make no table */
    ck_assert_ptr_nonnull(strstr(got.articles[0].text, "So be it."));
}
END_TEST

START_TEST(a_quotation_without_end_costs_its_line)
{
    read_str("a.csv", "id,text\n1,One.\n2,\"No end\n3,Three.\n");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[1].id, "3");
    ck_assert_uint_eq(got.line_count, 1);
}
END_TEST

START_TEST(sgml_collections_are_articles)
{
    read_str("r.sgm", "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS TOPICS=\"YES\" NEWID=\"7\">\n"
                      "<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>ship</D><D>sea-trade</D></TOPICS><TEXT>&#2;\n<TITLE>FERRY SAILS</TITLE>\n<AUTHOR> By Ada "
                      "Quill</AUTHOR><BODY>The ferry &lt;FRY.N> sails.\n&#3;</BODY></TEXT>\n</REUTERS>\n"
                      "<REUTERS NEWID=\"8\"><TEXT><TITLE>TWO</TITLE>Only text.</TEXT></REUTERS>\n");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[0].id, "7");
    ck_assert_str_eq(got.articles[0].title, "FERRY SAILS");
    ck_assert_str_eq(got.articles[0].subject, "ship; sea-trade");
    ck_assert_ptr_null(got.articles[1].subject);
    ck_assert_ptr_nonnull(strstr(got.articles[0].text, "The ferry <FRY.N> sails."));
    ck_assert_str_eq(got.articles[0].date, "1987-02-26T15:01:01Z");
    read_str("t.sgml", "<DOC>\n<DOCNO> FT911-3 </DOCNO>\n<HEADLINE>FT Ferry</HEADLINE><TEXT>First.</TEXT>\n<TEXT>Second."
                       "</TEXT></DOC>\n<DOC><DOCNO>X</DOCNO><TEXT>No end");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, "FT911-3");
    ck_assert_str_eq(got.articles[0].text, "First.\n\nSecond.");
    expect_line(0, "t.sgml#2", "no end of the article; skipped");
    read_str("w", "<doc id=\"12\" url=\"https://a.example/12\" title=\"Old harbour\">\nOld harbour\n\nIt is old.\n</doc>\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "Old harbour");
    ck_assert_str_eq(got.articles[0].url, "https://a.example/12");
    static char many[300000];
    size_t n = 0;
    for (int i = 0; i < 3000; i++)
        n += (size_t)sprintf(many + n, "<DOC><DOCNO>%d</DOCNO><TEXT>The ferry sails at %d, it was said.</TEXT></DOC>\n", i, i);
    read_bytes("many", many, n);
    ck_assert_uint_eq(got.count, 3000);
}
END_TEST

START_TEST(broken_tables_never_break_the_reader)
{
    static const char sample[] = "id,title,text,date\n1,\"a\",\"b\nc\",2014\n2,x,\"y\"\"z\",\n<DOC><DOCNO>1</DOCNO><TEXT>t</TEXT></DOC>";
    char broken[sizeof sample];
    unsigned state = 5;
    static const char *const kinds[] = { "csv", "sgml" };
    for (int round = 0; round < 1000; round++) {
        memcpy(broken, sample, sizeof sample);
        for (int i = 0; i < 5; i++) {
            state = state * 1103515245u + 12345u;
            broken[(state >> 8) % (sizeof sample - 1)] = "\",\n<>/\t;x"[(state >> 24) % 9];
        }
        opt.input = kinds[round % 2];
        read_bytes("broken", broken, sizeof sample - 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-table");
    TCase *tc = tcase_create("table");
    tcase_add_test(tc, csv_records_are_articles);
    tcase_add_test(tc, tabs_and_semicolons_separate_too);
    tcase_add_test(tc, columns_are_mapped);
    tcase_add_test(tc, a_quotation_without_end_costs_its_line);
    tcase_add_test(tc, sgml_collections_are_articles);
    tcase_add_test(tc, broken_tables_never_break_the_reader);
    return run_suite(suite, tc);
}
