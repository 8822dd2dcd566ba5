/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules by which text becomes words, each on what news is made of. */
#include "../support/testing.h"
#include "check_text.h"

#include "text/chars.h"

#define FLAG(text, index, flag) ((flags_of(text, index) & (flag)) != 0)

START_TEST(case_accents_and_forms_fold)
{
    ck_assert_str_eq(terms("Café ZÜRICH Łódź Øre straße Æon Đặng Þór œuvre Ħal"),
                     "cafe|zurich|lodz|ore|strasse|aeon|dang|thor|oeuvre|hal");
    ck_assert_str_eq(terms("ﬁne ＦＵＬＬ ３ Ⅷ m² İstanbul Diyarbakır ǅ"), "fine|full|3|viii|m2|istanbul|diyarbakir|dz");
    ck_assert_str_eq(terms("cafe\u0301 Zu\u0308rich"), "cafe|zurich"); /* accents that stand behind */
    ck_assert_str_eq(terms("Киев КИЕВ Ёлка Αθήνα ΟΔΟΣ οδος"), "киев|киев|елка|αθηνα|οδοσ|οδοσ");
    ck_assert_str_eq(terms("Российский и\u0306"), "российский|й"); /* the stemmer needs its short i */
    ck_assert_str_eq(terms("ƙasa ɓera ɗaya Əliyev Ọ̀yọ́"), "kasa|bera|daya|aliyev|oyo");
    ck_assert_str_eq(terms("हिन्दी"), "हिन्दी"); /* vowel signs are no accents */
    ck_assert_str_eq(terms("مُحَمَّد محمـــد أحمد ٢٠١٤"), "محمد|محمد|احمد|2014");
    ck_assert_str_eq(terms("col·lega coŀlega a·b"), "collega|collega|a|b");
}
END_TEST

START_TEST(acronyms_are_one_word)
{
    ck_assert_str_eq(terms("U.S. U.S u.s. US us U.S.A. U.S.A"), "u.s.|u.s.|u.s.|us|us|u.s.a.|u.s.a.");
    ck_assert_str_eq(terms("in the U.S."), "in|the|u.s.");
    ck_assert_str_eq(terms("(U.N.), U.N.'s U.N.’s plan; e.g. at 3 a.m. i.e."),
                     "u.n.|u.n.|u.n.|plan|e.g.|at|3|a.m.|i.e.");
    ck_assert_str_eq(terms("U.S.-led, non-U.S. firms, U.S.dollar"), "u.s.|led|non|u.s.|firms|u.s.|dollar");
    ck_assert_str_eq(terms("J. Smith, J.K. Rowling, J.K.Rowling, J.O'Brien, J.Smith"),
                     "j|smith|j.k.|rowling|j.k.|rowling|j|o'brien|j|smith");
    ck_assert_str_eq(terms("Vitamin C. The end"), "vitamin|c|the|end");
    ck_assert_str_eq(terms("WFT.N example.com www.a.com Ph.D."), "wft|n|example|com|www|a|com|ph|d");
    ck_assert_str_eq(terms("С.Ш.А. É.-U. Æ.B."), "с.ш.а.|e|u|ae|b");
    ck_assert(FLAG("U.S. troops", 0, MRG_TOKEN_ACRONYM) && FLAG("U.S. troops", 0, MRG_TOKEN_CAPITAL));
    ck_assert(FLAG("U.S. troops", 0, MRG_TOKEN_ALL_CAPS) && !FLAG("e.g. x", 0, MRG_TOKEN_CAPITAL));
    ck_assert(FLAG("U.S.'s plan", 0, MRG_TOKEN_POSSESSIVE) && !FLAG("U.S. s", 0, MRG_TOKEN_POSSESSIVE));
    ck_assert_str_eq(surfaces("the U.S., U.S U.N.'s"), "the|U.S.|U.S|U.N.");
}
END_TEST

START_TEST(hyphens_part_words)
{
    ck_assert_str_eq(terms("Kremlin-backed 62-year-old pick-and-choose"), "kremlin|backed|62|year|old|pick|and|choose");
    ck_assert(FLAG("Kremlin-backed", 1, MRG_TOKEN_HYPHEN) && FLAG("Kremlin\u2010backed", 1, MRG_TOKEN_HYPHEN));
    ck_assert(FLAG("62-year-old", 2, MRG_TOKEN_HYPHEN) && FLAG("U.S.-led", 1, MRG_TOKEN_HYPHEN));
    ck_assert(!FLAG("Kremlin backed", 1, MRG_TOKEN_HYPHEN) && !FLAG("Kremlin - backed", 1, MRG_TOKEN_HYPHEN));
    ck_assert(!FLAG("Kremlin-\nbacked", 1, MRG_TOKEN_HYPHEN)); /* a hyphen at the end of a line is left alone */
    ck_assert_str_eq(terms("Kremlin-\nbacked"), "kremlin|backed");
    ck_assert_str_eq(terms("co\u00adop zero\u200bwidth \u200bx\ufeff \u00ad"), "coop|zerowidth|x");
    ck_assert_str_eq(surfaces("co\u00adop\u00ad x"), "co\u00adop|x");
    ck_assert_str_eq(terms("one—two–three/four_five:six @name #tag a@b.org"),
                     "one|two|three|four|five|six|name|tag|a|b|org");
    ck_assert_str_eq(terms("C++ C# 50% http://example.com/a-b?c=d"), "c|c|50|http|example|com|a|b|c|d");
}
END_TEST

START_TEST(possessives_are_taken_off)
{
    ck_assert_str_eq(terms("Putin's Putin’s Putinʼs Putin´s PUTIN'S states’ year's"),
                     "putin|putin|putin|putin|putin|states|year");
    ck_assert_str_eq(terms("it's he’s 1990's AT&T's a's's"), "it|he|1990|at&t|a");
    ck_assert_str_eq(surfaces("Putin’s states' plan"), "Putin|states|plan");
    ck_assert(FLAG("Putin’s plan", 0, MRG_TOKEN_POSSESSIVE) && FLAG("states’ plan", 0, MRG_TOKEN_POSSESSIVE));
    ck_assert(!FLAG("states plan", 0, MRG_TOKEN_POSSESSIVE) && !FLAG("Putin’s plan", 0, MRG_TOKEN_APOSTROPHE));
    ck_assert(FLAG("NATO's", 0, MRG_TOKEN_ALL_CAPS) && FLAG("NATO'S", 0, MRG_TOKEN_ALL_CAPS));
}
END_TEST

START_TEST(inner_apostrophes_are_straight)
{
    ck_assert_str_eq(terms("O'Brien O’Brien O`Brien OʻBrien don't don’t l’Oréal ma'am"),
                     "o'brien|o'brien|o'brien|o'brien|don't|don't|l'oreal|ma'am");
    ck_assert_str_eq(terms("‘red line’ 'single' ''double'' rock 'n' roll 5'10 '90s"),
                     "red|line|single|double|rock|n|roll|5|10|90s");
    ck_assert(FLAG("O’Brien", 0, MRG_TOKEN_APOSTROPHE) && !FLAG("‘red’", 0, MRG_TOKEN_APOSTROPHE));
}
END_TEST

START_TEST(numbers_as_typed)
{
    ck_assert_str_eq(terms("$1,000 1000 1,000,000.50 100,000.50 3.5 1/2 10% -5 €7 .38"),
                     "1000|1000|1000000.50|100000.50|3.5|1|2|10|5|7|38");
    ck_assert_str_eq(terms("3,5 12,34 1,2345 1234,567 1,000,00 12,34,567"),
                     "3|5|12|34|1|2345|1234|567|1000|00|12|34|567");
    ck_assert_str_eq(terms("G-7 F-16 20th 1990s 3.5bn 10:30 2014-03-01 4x4 H1N1 1,000th"),
                     "g|7|f|16|20th|1990s|3.5bn|10|30|2014|03|01|4x4|h1n1|1000th");
    ck_assert_str_eq(terms("192.168.0.1 24.08.1991 1.2.3 v2.0 at 5. Then 5½"),
                     "192|168|0|1|24|08|1991|1|2|3|v2|0|at|5|then|5");
    ck_assert_str_eq(terms("Aug. 24, 1991 March 29,2004"), "aug|24|1991|march|29|2004");
    ck_assert_str_eq(terms("AT&T R&D S&P 500 Smith&Wesson a & b AT&TX R&D2 AT&T-led Q&A&B"),
                     "at&t|r&d|s&p|500|smith|wesson|a|b|at&tx|r|d2|at&t|led|q&a|b");
    ck_assert(FLAG("G-7", 1, MRG_TOKEN_DIGIT) && FLAG("20th", 0, MRG_TOKEN_DIGIT) && !FLAG("at", 0, MRG_TOKEN_DIGIT));
}
END_TEST

START_TEST(scripts_without_spaces_give_pairs)
{
    ck_assert_str_eq(terms("日本語 東 食べる ジョー・バイデン"), "日本|本語|東|食べ|べる|ジョ|ョー|バイ|イデ|デン");
    ck_assert_str_eq(terms("카터는 대통령 韓國사람"),
                     "카터|터는|대통|통령|韓國|사람"); /* Han and Hangul make no pair */
    ck_assert_str_eq(terms("日本ABC語2015年5月"), "日本|abc|語|2015|年|5|月");
    ck_assert_str_eq(terms("人々 ガス カス ｶﾞｽ か\u3099す 〇"), "人々|ガス|カス|ガス|がす|〇");
    ck_assert_str_eq(terms("\u1112\u1161\u11ab\u1100\u116e\u11a8"), "한국"); /* taken apart */
    ck_assert_str_eq(terms("ไทย น้ำ"), "ไท|ทย|น้ำ");
    ck_assert_str_eq(terms("ភាសា မြန်မာ ລາວ"), "ភាសា|မြန်|န်မာ|ລາ|າວ");
    ck_assert_str_eq(surfaces("日\u200b本 ｶﾞｽ"), "日\u200b本|ｶﾞｽ");
    ck_assert(FLAG("日本語", 0, MRG_TOKEN_NGRAM) && !FLAG("abc", 0, MRG_TOKEN_NGRAM));
    ck_assert(FLAG("日本。語学", 1, MRG_TOKEN_SENTENCE) && !FLAG("日本語", 1, MRG_TOKEN_SENTENCE));
}
END_TEST

START_TEST(sentences_begin)
{
    static const char *const begin[] = {
        "One two. Three",        "One two.” Three",        "One two! (Three",   "One two\n\nThree",
        "One two \n \r\n three", "LONDON (Reuters) - The", "One (Reuters) The", "LONDON (AP) — The",
        "in U.S. The",           "vitamin C. The",         "Apple Inc. The",    "One two? Три",
        "One two\u2029three",
    };
    static const char *const inside[] = {
        "One two Three", "One two\nThree", "Said Mr. Smith",   "the U.S. Treasury", "by J. Smith",     "one No. 1",
        "on Jan. 5",     "One Asst. Sec",  "“Why two?” he",    "One e.g. three",    "in (Crimea) The", "One two.Three",
        "One Lt. Col",   "Said Dr. He",    "one two... three", "One two, Three",    "One two: Three",
    };
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        ck_assert_msg(FLAG(begin[i], 2, MRG_TOKEN_SENTENCE), "%s", begin[i]);
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        ck_assert_msg(!FLAG(inside[i], 2, MRG_TOKEN_SENTENCE), "%s", inside[i]);
    ck_assert(FLAG("One", 0, MRG_TOKEN_SENTENCE) && FLAG("...one", 0, MRG_TOKEN_SENTENCE));
}
END_TEST

START_TEST(capitals_are_remembered)
{
    ck_assert(FLAG("NATO met", 0, MRG_TOKEN_ALL_CAPS) && !FLAG("Nato met", 0, MRG_TOKEN_ALL_CAPS));
    ck_assert(FLAG("Nato met", 0, MRG_TOKEN_CAPITAL) && !FLAG("nATO met", 0, MRG_TOKEN_CAPITAL));
    ck_assert(FLAG("Élysée", 0, MRG_TOKEN_CAPITAL) && FLAG("ÉÉ", 0, MRG_TOKEN_ALL_CAPS));
    ck_assert(!FLAG("A", 0, MRG_TOKEN_ALL_CAPS) && FLAG("A", 0, MRG_TOKEN_CAPITAL));
    ck_assert(FLAG("COMMUNICATIONS", 0, MRG_TOKEN_ALL_CAPS) && !FLAG("COMMUNICATIONs", 0, MRG_TOKEN_ALL_CAPS));
}
END_TEST

START_TEST(positions_go_on_with_a_gap)
{
    mrg_tokens t = { 0 };
    const char *text = "a title\n\nthe body";
    ck_assert_int_eq(mrg_tokenize(&t, text, 0, 7, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(&t, text, 9, strlen(text), 100, NULL), MORGUE_OK);
    ck_assert_uint_eq(t.count, 4);
    ck_assert_uint_eq(t.items[1].position, 1);
    ck_assert_uint_eq(t.items[2].position, 102);
    ck_assert_uint_eq(t.items[2].begin, 9);
    ck_assert(t.items[2].flags & MRG_TOKEN_SENTENCE);
    mrg_tokens_clear(&t);
    ck_assert_int_eq(mrg_tokenize(&t, text, 2, 4, 7, NULL), MORGUE_OK); /* a part of a word */
    ck_assert_uint_eq(t.count, 1);
    ck_assert(t.items[0].position == 7 && t.items[0].begin == 2 && t.items[0].end == 4);
    mrg_tokens_clear(&t);
    ck_assert_int_eq(mrg_tokenize(&t, text, 4, 4, 0, NULL), MORGUE_OK);
    ck_assert_uint_eq(t.count, 0);
    mrg_tokens_dispose(&t);
}
END_TEST

START_TEST(broken_utf8_becomes_replacement)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    const char bytes[] = "a\xff"
                         "b\xe2\x80"
                         "c\xed\xa0\x80"
                         "d\xf4\x90\x80\x80"
                         "e\r\nf\rg\x01h\tz\x7f\xc0\xaf\xe0\x80\xaf";
    ck_assert_int_eq(mrg_is_clean_utf8(bytes, sizeof bytes - 1), 0);
    mrg_clean_utf8(&b, bytes, sizeof bytes - 1);
    ck_assert_str_eq(mrg_buffer_cstr(&b), "a\ufffdb\ufffdc\ufffd\ufffd\ufffdd\ufffd\ufffd\ufffd\ufffde\nf\ng h\tz "
                                          "\ufffd\ufffd\ufffd\ufffd\ufffd");
    ck_assert_str_eq(terms("caf\xe9 x\xffy \xc3"), "caf|x|y");
    mrg_buffer_dispose(&b);
}
END_TEST

START_TEST(clean_text_is_known)
{
    const char clean[] = "plain text, – and more\n\ttoo, long enough for words of eight \ufffd 日本 \U0001f600";
    ck_assert(mrg_is_clean_utf8(clean, strlen(clean)));
    ck_assert(mrg_is_clean_utf8("", 0));
    for (int c = 0; c < 256; c++) {
        char text[20] = "0123456789abcdefgh";
        int is_clean = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n';
        for (size_t i = 0; i < 18; i++) {
            char before = text[i];
            text[i] = (char)c;
            ck_assert_int_eq(mrg_is_clean_utf8(text, 18) != 0, is_clean);
            text[i] = before;
        }
    }
}
END_TEST

START_TEST(whole_strings_fold)
{
    ck_assert_str_eq(fold("  Reuters \n UK’s  Édition\u00a0"), "reuters uk's edition");
    ck_assert_str_eq(fold("Agence\u3000France‑Presse （ＡＦＰ）"), "agence france-presse (afp)");
    ck_assert_str_eq(fold("co\u00adop AT&T, O’Brien; 조선일보 \u1112\u1161\u11ab и\u0306"),
                     "coop at&t, o'brien; 조선일보 한 й");
    ck_assert_str_eq(fold("a\xff, \u0301 \t"), "a\ufffd,");
    ck_assert_str_eq(fold(""), "");
}
END_TEST

/* Each character: what it folds to is a word if it is one, and folds to itself. */
START_TEST(every_character_folds_once)
{
    for (uint32_t c = 0; c < MRG_CODEPOINT_END; c++) {
        unsigned char fold_bytes[MRG_FOLD_MAX];
        mrg_char_class class = mrg_char_classify(c);
        size_t len = (c >= 0xd800 && c < 0xe000) ? 0 : mrg_char_fold(c, class, fold_bytes);
        REQUIRE(len <= MRG_FOLD_MAX);
        for (size_t at = 0; at < len;) {
            mrg_char part;
            REQUIRE(mrg_char_read(&part, fold_bytes + at, fold_bytes + len) == 0);
            if (!(part.flags & MRG_CHAR_SELF) && part.codepoint != 0xfffd)
                ck_abort_msg("U+%04X folds to U+%04X, which folds on", c, part.codepoint);
            int is_part = part.class == MRG_CHAR_LETTER || part.class == MRG_CHAR_DIGIT ||
                          (part.class == MRG_CHAR_MARK && (at || class == MRG_CHAR_MARK));
            int is_word = class == MRG_CHAR_LETTER || class == MRG_CHAR_DIGIT || class == MRG_CHAR_MARK;
            if (is_word != is_part)
                ck_abort_msg("U+%04X (class %d) folds to U+%04X (class %d)", c, class, part.codepoint, part.class);
            at += part.bytes;
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tc = tcase_create("rules");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, case_accents_and_forms_fold);
    tcase_add_test(tc, acronyms_are_one_word);
    tcase_add_test(tc, hyphens_part_words);
    tcase_add_test(tc, possessives_are_taken_off);
    tcase_add_test(tc, inner_apostrophes_are_straight);
    tcase_add_test(tc, numbers_as_typed);
    tcase_add_test(tc, scripts_without_spaces_give_pairs);
    tcase_add_test(tc, sentences_begin);
    tcase_add_test(tc, capitals_are_remembered);
    tcase_add_test(tc, positions_go_on_with_a_gap);
    tcase_add_test(tc, broken_utf8_becomes_replacement);
    tcase_add_test(tc, clean_text_is_known);
    tcase_add_test(tc, whole_strings_fold);
    tcase_add_test(tc, every_character_folds_once);
    return test_run_suite(suite);
}
