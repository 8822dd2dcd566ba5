/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query language: what each construct becomes, what is refused and where, and that trees survive being
   printed and read again. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "core/buffer.h"
#include "query.h"

/* ---- Trees as text: (and a "b c" (not source=x)) ---- */

static void describe(const mrg_node *n, mrg_buffer *out);

static void describe_children(const mrg_node *n, mrg_buffer *out)
{
    for (size_t i = 0; i < n->child_count; i++) {
        mrg_buffer_append_byte(out, ' ');
        describe(n->children[i], out);
    }
    mrg_buffer_append_byte(out, ')');
}

static void describe_list(const mrg_node *n, mrg_buffer *out)
{
    static const char *const lists[] = { "near", "before", "group", "and", "or", "not" };
    mrg_buffer_printf(out, "(%s", lists[n->type - MRG_NODE_NEAR]);
    if (n->type < MRG_NODE_GROUP)
        mrg_buffer_printf(out, "/%u", n->distance);
    describe_children(n, out);
}

static void describe_leaf(const mrg_node *n, mrg_buffer *out)
{
    static const char *const metas[] = { "source", "author", "lang", "id", "url" };
    static const char *const types[] = { "person", "org", "place", "event", "name", "date" };
    const char *quote = n->quoted || n->type == MRG_NODE_PHRASE ? "\"" : "";
    if (n->type == MRG_NODE_DATE || n->type == MRG_NODE_WHEN) {
        mrg_buffer_printf(out, "%s%u..%u", n->type == MRG_NODE_WHEN ? "when=" : "", n->from, n->to);
        return;
    }
    if (n->type == MRG_NODE_SLOT) {
        mrg_buffer_printf(out, "<%s>", types[n->entity_type]);
        return;
    }
    if (n->type == MRG_NODE_FIELD)
        mrg_buffer_printf(out, "%s=", metas[n->meta_field]);
    if (n->type == MRG_NODE_ENTITY)
        mrg_buffer_printf(out, "%s=", types[n->entity_type]);
    if (n->text_field == MRG_FIELD_TITLE)
        mrg_buffer_append_str(out, "title=");
    ck_assert_uint_eq(n->text_len, strlen(n->text));
    mrg_buffer_printf(out, "%s%s%s%s", n->type == MRG_NODE_PATTERN ? "like:" : "", quote, n->text, quote);
    if (n->type == MRG_NODE_FUZZY)
        mrg_buffer_printf(out, "~%u", n->edits);
    if (n->slop)
        mrg_buffer_printf(out, "~%u", n->slop);
    if (n->child_count) {
        mrg_buffer_append_byte(out, '(');
        describe_children(n, out);
    }
}

static void describe(const mrg_node *n, mrg_buffer *out)
{
    if (n->type >= MRG_NODE_NEAR)
        describe_list(n, out);
    else
        describe_leaf(n, out);
    if (n->boost != 1)
        mrg_buffer_printf(out, "^%.9g", n->boost);
}

static int is_element(const mrg_node *n)
{
    return n->type == MRG_NODE_WORDS || n->type == MRG_NODE_PATTERN || n->type == MRG_NODE_FUZZY ||
           n->type == MRG_NODE_SLOT;
}

static int is_operand(const mrg_node *n)
{
    int is_or = n->type == MRG_NODE_OR;
    for (size_t i = 0; is_or && i < n->child_count; i++)
        is_or = is_operand(n->children[i]);
    return n->boost == 1 && n->text_field == MRG_FIELD_ANY &&
           (is_or || n->type == MRG_NODE_WORDS || n->type == MRG_NODE_PATTERN || n->type == MRG_NODE_FUZZY ||
            n->type == MRG_NODE_PHRASE || n->type == MRG_NODE_ENTITY || n->type == MRG_NODE_WHEN ||
            n->type == MRG_NODE_NEAR || n->type == MRG_NODE_BEFORE);
}

static void check_shape(const mrg_node *n, const mrg_node *parent, int depth)
{
    ck_assert_int_le(depth, MRG_QUERY_MAX_DEPTH);
    ck_assert_int_ge(n->column, 1);
    ck_assert(n->boost > 0 && n->boost <= 100);
    ck_assert_int_eq(n->type == MRG_NODE_SLOT && (!parent || parent->type != MRG_NODE_PHRASE), 0);
    if (n->type == MRG_NODE_NOT) {
        ck_assert_uint_eq(n->child_count, 1);
        ck_assert(!parent || parent->type == MRG_NODE_GROUP || parent->type == MRG_NODE_AND);
        ck_assert(n->boost == 1);
    } else if (n->type == MRG_NODE_GROUP && n->child_count == 1) {
        ck_assert_int_eq(n->children[0]->type, MRG_NODE_NOT);
    } else if (n->type == MRG_NODE_NEAR || n->type == MRG_NODE_BEFORE) {
        ck_assert(n->child_count == 2 && n->distance <= MRG_QUERY_MAX_DISTANCE);
        ck_assert(is_operand(n->children[0]) && is_operand(n->children[1]));
    } else if (n->type >= MRG_NODE_GROUP) {
        ck_assert_uint_ge(n->child_count, 2);
    } else if (n->type == MRG_NODE_PHRASE) {
        ck_assert(n->child_count != 1 || n->children[0]->type != MRG_NODE_WORDS);
        for (size_t i = 0; i < n->child_count; i++)
            ck_assert(is_element(n->children[i]) && n->children[i]->boost == 1);
    } else {
        ck_assert_uint_eq(n->child_count, 0);
    }
    for (size_t i = 0; i < n->child_count; i++)
        check_shape(n->children[i], n, depth + 1);
}

static char *parsed(const char *text, morgue_error *err)
{
    mrg_query query;
    mrg_buffer out = MRG_BUFFER_INIT;
    if (mrg_query_parse(&query, text, err)) {
        ck_assert_int_eq(err->status, MORGUE_ERR_INVALID);
        ck_assert_int_ge(err->column, 1);
        ck_assert_ptr_null(query.root);
        return NULL;
    }
    check_shape(query.root, NULL, 1);
    describe(query.root, &out);
    mrg_query_dispose(&query);
    return mrg_buffer_take(&out, NULL);
}

static void expect(const char *text, const char *tree)
{
    morgue_error err = { 0 };
    char *got = parsed(text, &err);
    ck_assert_msg(got != NULL, "%s: column %d: %s", text, err.column, err.message);
    ck_assert_msg(strcmp(got, tree) == 0, "%s\n  gave     %s\n  expected %s", text, got, tree);
    mrg_free(got);
}

static void expect_error(const char *text, int column, const char *part)
{
    morgue_error err = { 0 };
    char *got = parsed(text, &err);
    ck_assert_msg(got == NULL, "%s was read as %s", text, got);
    ck_assert_msg(err.column == column, "%s: column %d, not %d: %s", text, err.column, column, err.message);
    ck_assert_msg(strstr(err.message, part) != NULL, "%s: \"%s\" lacks \"%s\"", text, err.message, part);
}

/* ---- Constructs ---- */

START_TEST(words_stay_as_typed)
{
    expect("ukraine", "ukraine");
    expect("  ukraine\t talks\n", "(group ukraine talks)");
    expect("Kremlin-backed 62-year-old", "(group Kremlin-backed 62-year-old)");
    expect("U.S. AT&T K&L G-7", "(group U.S. AT&T K&L G-7)");
    expect("$1,000 $14.2 3.5 50%", "(group $1,000 $14.2 3.5 50%)");
    expect("O'Malley Putin’s", "(group O'Malley Putin’s)");
    expect("and or not And Or", "(group and or not And Or)");
    expect("why? really?! who?\"x\"", "(group why? really?! who? \"x\")");
    expect("10:30 2:1", "(group 10:30 2:1)");
    expect("http://a.example/b?c=d*~e", "http://a.example/b?c=d*~e");
    expect("Ukraine: what next", "(group Ukraine: what next)");
    expect("海底电缆　条约", "(group 海底电缆 条约)");
    expect("near before after near-by", "(group near before after near-by)");
    expect("+44 !5 and/or", "(group +44 !5 and/or)");
}
END_TEST

START_TEST(phrases_are_literal)
{
    expect("\"red line\"", "\"red line\"");
    expect("“red line” „rote Linie“", "(group \"red line\" \"rote Linie\")");
    expect("\"he said “no” to it\"", "\"he said “no” to it\"");
    expect("“5\" guns”", "\"5\" guns\"");
    expect("\"foo:bar\" \"AND\" \"10^4\" \"why? so\"", "(group \"foo:bar\" \"AND\" \"10^4\" \"why? so\")");
    expect("\"see http://a.example/?b*~c now\"", "\"see http://a.example/?b*~c now\"");
    expect("\"a < b > c\"", "\"a < b > c\"");
    expect("\"two\nlines\"", "\"two lines\"");
    expect("say\"no\"now", "(group say \"no\" now)");
}
END_TEST

START_TEST(operators_bind_as_documented)
{
    expect("a AND b", "(and a b)");
    expect("a AND b AND c", "(and a b c)");
    expect("a OR b OR c", "(or a b c)");
    expect("a b AND c OR d", "(or (and (group a b) c) d)");
    expect("a OR b c", "(or a (group b c))");
    expect("walrus OR trout AND clocks", "(or walrus (and trout clocks))");
    expect("(walrus OR trout) AND clocks", "(and (or walrus trout) clocks)");
    expect("(a OR b) c", "(group (or a b) c)");
    expect("((a))", "a");
    expect("(a b) c", "(group (group a b) c)");
    expect("f(x)y", "(group f x y)");
}
END_TEST

START_TEST(exclusion_has_two_spellings)
{
    expect("a NOT b", "(group a (not b))");
    expect("a -b", "(group a (not b))");
    expect("a AND NOT b", "(and a (not b))");
    expect("a AND NOT b c", "(and a (group (not b) c))");
    expect("-\"new york\" x -(a OR b) -title:c", "(group (not \"new york\") x (not (or a b)) (not title=c))");
    expect("NOT a", "(not a)");
    expect("-a -b", "(group (not a) (not b))");
    expect("NOT(a)", "(not a)");
    expect("a OR -b", "(or a (group (not b)))");
    expect("NOT a OR b", "(or (group (not a)) b)");
    expect("NOT (NOT a)", "(not (group (not a)))");
    expect("a (-b)", "(group a (not b))");
}
END_TEST

START_TEST(fields_take_a_word_or_a_phrase)
{
    expect("title:summit title:\"sea cable\" TITLE:x", "(group title=summit title=\"sea cable\" title=x)");
    expect("source:reuters author:\"Gail Drummond\"", "(group source=reuters author=\"Gail Drummond\")");
    expect("lang:de id:a/b:c?*~x|y", "(group lang=de id=a/b:c?*~x|y)");
    expect("url:http://a.example/?b*^2", "url=http://a.example/?b*^2");
    expect("id:http://a.example/?b id:“a\"b”", "(group id=http://a.example/?b id=\"a\"b\")");
    expect("person:putin org:\"Sevmor Line\" place:Kyiv", "(group person=putin org=\"Sevmor Line\" place=Kyiv)");
    expect("event:brexit name:U.S.", "(group event=brexit name=U.S.)");
    expect("(source:a)", "source=a");
    expect("title:AND title:not", "(group title=AND title=not)");
}
END_TEST

START_TEST(dates_are_inclusive_days)
{
    expect("date:2014", "20140101..20141231");
    expect("date:2014-02", "20140201..20140228");
    expect("date:2016-02", "20160201..20160229");
    expect("date:1900-02", "19000201..19000228");
    expect("date:2014-03-01", "20140301..20140301");
    expect("date:\"2014-03\"", "20140301..20140331");
    expect("date:2014-02..2014-04", "20140201..20140430");
    expect("date:2014-02-03..2015", "20140203..20151231");
    expect("date:..2014", "0..20141231");
    expect("date:2014-06..", "20140601..0");
    expect("before:2015 before:2014-03 before:2014-03-01", "(group 0..20141231 0..20140228 0..20140228)");
    expect("after:2013 after:2013-06 after:2013-12-31", "(group 20140101..0 20130701..0 20140101..0)");
    expect("after:2016-02-28 before:2000-07-02", "(group 20160229..0 0..20000701)");
}
END_TEST

START_TEST(patterns_and_fuzzy_words_are_words_with_marks)
{
    expect("sanction* wom?n", "(group like:sanction* like:wom?n)");
    expect("*burg ?omen a* Kremlin-back*", "(group like:*burg like:?omen like:a* like:Kremlin-back*)");
    expect("why? wh?y?", "(group why? like:wh?y?)");
    expect("title:sanct*", "title=like:sanct*");
    expect("zelenski~ zelenskyy~ nato~ volodymyr~1 nato~2", "(group zelenski~1 zelenskyy~2 nato~1 volodymyr~1 nato~2)");
    expect("title:stotenberg~", "title=stotenberg~2");
    expect("Müllers~", "Müllers~1");
}
END_TEST

START_TEST(phrases_hold_patterns_fuzzy_words_and_slots)
{
    expect("\"new yor* city\"", "\"new yor* city\"( new like:yor* city)");
    expect("\"stotenberg~ said so\"", "\"stotenberg~ said so\"( stotenberg~2 said so)");
    expect("\"nato~1, (women?) wom?n!\"", "\"nato~1, (women?) wom?n!\"( nato~1 (women?) like:wom?n!)");
    expect("\"<person> met <ORG>\"", "\"<person> met <ORG>\"( <person> met <org>)");
    expect("\"<name>'s wife\" \"<date>, <place>’s\"",
           "(group \"<name>'s wife\"( <name> wife) \"<date>, <place>’s\"( <date> <place>))");
    expect("\"pro-<place> <event>\"", "\"pro-<place> <event>\"( pro- <place> <event>)");
    expect("\"<person>\"", "\"<person>\"( <person>)");
    expect("\"sanction*\"", "\"sanction*\"( like:sanction*)");
    expect("\"<person> - <org>\"", "\"<person> - <org>\"( <person> <org>)");
    expect("title:\"wom?n win\"", "title=\"wom?n win\"( like:wom?n win)");
}
END_TEST

START_TEST(slop_follows_a_phrase)
{
    expect("\"legal guarantees\"~3", "\"legal guarantees\"~3");
    expect("\"a b\"~0 “a b”~1000", "(group \"a b\" \"a b\"~1000)");
    expect("title:\"a b\"~2", "title=\"a b\"~2");
    expect("\"<person> met\"~4^2", "\"<person> met\"~4( <person> met)^2");
}
END_TEST

START_TEST(near_and_before_bind_tightest)
{
    expect("a NEAR b", "(near/10 a b)");
    expect("a NEAR/0 b c BEFORE/1000 d", "(group (near/0 a b) (before/1000 c d))");
    expect("a NEAR/3 b BEFORE/4 c", "(before/4 (near/3 a b) c)");
    expect("a NEAR/3 (b BEFORE/4 c)", "(near/3 a (before/4 b c))");
    expect("a AND b NEAR/1 c OR d", "(or (and a (near/1 b c)) d)");
    expect("-a NEAR/1 b", "(not (near/1 a b))");
    expect("x NOT a NEAR/1 b", "(group x (not (near/1 a b)))");
    expect("\"a b\"~2 NEAR/1 person:x", "(near/1 \"a b\"~2 person=x)");
    expect("(a OR \"b c\" OR (d NEAR/1 e)) BEFORE/2 when:2014",
           "(before/2 (or a \"b c\" (near/1 d e)) when=20140101..20141231)");
    expect("(a NEAR/1 b OR c) NEAR/2 sanction*", "(near/2 (or (near/1 a b) c) like:sanction*)");
    expect("zelenski~ NEAR \"<org>\"", "(near/10 zelenski~1 \"<org>\"( <org>))");
    expect("(a NEAR/1 b)^2", "(near/1 a b)^2");
    expect("a near b NEARBY", "(group a near b NEARBY)");
    expect("near/ near/far nearby/5", "(group near/ near/far nearby/5)");
}
END_TEST

START_TEST(weights_are_kept)
{
    expect("a^3 b^0.5 c^100 d^1", "(group a^3 b^0.5 c^100 d)");
    expect("\"a b\"^2 title:c^1.125 person:x^2 org:\"y z\"^3",
           "(group \"a b\"^2 title=c^1.125 person=x^2 org=\"y z\"^3)");
    expect("(a b)^2 (c OR d)^0.001", "(group (group a b)^2 (or c d)^0.001)");
    expect("wom?n^2 zelenski~^2 when:2014^2", "(group like:wom?n^2 zelenski~1^2 when=20140101..20141231^2)");
    expect("(a)^2 (a^1)^3", "(group a^2 a^3)");
    expect("(a^2 b)^3 -(c^2)", "(group (group a^2 b)^3 (not c^2))");
    expect("(http://a.example)^2 (peace:)^2", "(group http://a.example^2 peace:^2)");
}
END_TEST

START_TEST(when_takes_dates_as_date_does)
{
    expect("when:2014 when:2014-03..", "(group when=20140101..20141231 when=20140301..0)");
    expect("when:1991-08-24 when:..1999", "(group when=19910824..19910824 when=0..19991231)");
    expect("when:1990s when:1980s..1990s", "(group when=19900101..19991231 when=19800101..19991231)");
}
END_TEST

/* ---- Errors ---- */

START_TEST(errors_name_the_place)
{
    expect_error("", 1, "empty");
    expect_error("  \t ", 1, "empty");
    expect_error("putin \"red line", 7, "unclosed quotation mark");
    expect_error("海底 “红线\"", 4, "unclosed quotation mark");
    expect_error("title:\"x", 7, "unclosed quotation mark");
    expect_error("a \"\"", 3, "nothing to search for");
    expect_error("a \"...\"", 3, "nothing to search for");
    expect_error("((((", 4, "unclosed parenthesis");
    expect_error("a (b", 3, "unclosed parenthesis");
    expect_error("a (b OR c", 3, "unclosed parenthesis");
    expect_error("a) b", 2, "no ( was opened");
    expect_error(")", 1, "no ( was opened");
    expect_error("a () b", 3, "nothing between the parentheses");
}
END_TEST

START_TEST(operators_want_operands)
{
    expect_error("a AND", 3, "after AND");
    expect_error("a OR ", 3, "after OR");
    expect_error("a NOT", 3, "after NOT");
    expect_error("(a AND) b", 4, "after AND");
    expect_error("AND b", 1, "AND needs something before it");
    expect_error("a (OR b)", 4, "OR needs something before it");
    expect_error("a AND OR b", 7, "OR cannot follow AND");
    expect_error("NOT NOT a", 5, "NOT cannot follow NOT");
    expect_error("NOT -a", 5, "cannot follow NOT");
    expect_error("-AND", 2, "AND cannot follow -");
    expect_error("a - b", 3, "lone -");
    expect_error("a -", 3, "lone -");
    expect_error("--all", 1, "two hyphens");
}
END_TEST

START_TEST(stray_punctuation_is_refused)
{
    expect_error("talks — war", 7, "no letter or digit");
    expect_error("a & b", 3, "write AND");
    expect_error("a && b", 3, "write AND");
    expect_error("a || b", 3, "write OR");
    expect_error("a|b", 2, "write OR");
    expect_error("a ?", 3, "no letter or digit");
    expect_error("+putin", 1, "not needed");
    expect_error("a –putin", 3, "plain hyphen");
    expect_error("a !putin", 3, "plain hyphen");
}
END_TEST

START_TEST(unknown_fields_are_refused_with_the_known_ones)
{
    expect_error("x foo:bar", 3,
                 "there is no field foo: (the fields are title: source: author: subject: lang: id: url: date: before:");
    expect_error("foo:\"b c\"", 1, "there is no field foo:");
    expect_error("mailto:a@b.example", 1, "there is no field mailto:");
    expect_error("C:\\x", 1, "there is no field C:");
    expect_error("title: x", 7, "directly after the colon");
    expect_error("title:", 7, "directly after the colon");
    expect_error("title:(a b)", 7, "before each of them");
    expect_error("source:a(b)", 9, "quotation marks");
    expect_error("source:a\"b\"", 9, "quotation marks");
    expect_error("source:-a", 8, "-source:word");
    expect_error("source:...", 8, "no letter or digit");
    expect_error("id:--", 4, "-id:word");
}
END_TEST

START_TEST(marks_where_they_mean_nothing_are_refused)
{
    expect_error("a *", 3, "sanction*");
    expect_error("*a", 1, "too many words");
    expect_error("?a*", 1, "too many words");
    expect_error("kremlin-*", 1, "too many words");
    expect_error("海底*", 1, "without spaces");
    expect_error("\"a * b\"", 4, "\"a b\"~3");
    expect_error("\"red *x\"", 6, "too many words");
    expect_error("ab~", 1, "too short");
    expect_error("x ab~2", 3, "too short");
    expect_error("kremlin-backd~", 1, "single word");
    expect_error("zelenski~3", 9, "only 1 or 2");
    expect_error("zelenski~0", 9, "only 1 or 2");
    expect_error("zelenski~x", 9, "only 1 or 2");
    expect_error("sanct*n~", 8, "not both");
    expect_error("\"sanct*n~\"", 9, "not both");
    expect_error("\"a ~\"", 4, "directly behind a word");
    expect_error("\"about ~5\"", 8, "directly behind a word");
    expect_error("\"stotenberg~x\"", 12, "only 1 or 2");
    expect_error("~", 1, "directly behind");
    expect_error("~x", 1, "directly behind");
    expect_error("\"a b\" ~3", 7, "without a space");
    expect_error("\"a b\"~", 6, "number of other words");
    expect_error("\"a b\"~1001", 6, "0 to 1000");
    expect_error("\"a b\"~x", 6, "number of other words");
    expect_error("\"zelenski\"~1", 1, "two words or more");
    expect_error("\"a b\"*", 6, "sanction*");
    expect_error("(a b)~3", 6, "NEAR/3");
    expect_error("person:\"a b\"~3", 13, "behind a word or a phrase alone");
    expect_error("person:put*", 11, "does not work in names");
    expect_error("person:putn~", 12, "does not work in names");
    expect_error("source:reut*", 12, "does not work in this field");
    expect_error("a|b", 2, "write OR");
}
END_TEST

START_TEST(weights_are_numbers_on_what_weighs)
{
    expect_error("peace^", 6, "above 0 and up to 100");
    expect_error("peace^0", 6, "above 0 and up to 100");
    expect_error("peace^100.001", 6, "above 0 and up to 100");
    expect_error("peace^1.2345", 6, "three decimals");
    expect_error("peace^1.", 6, "above 0");
    expect_error("peace^.5", 6, "above 0");
    expect_error("peace^x", 6, "above 0");
    expect_error("peace^2^3", 6, "above 0");
    expect_error("\"a b\"^2~3", 6, "above 0");
    expect_error("peace ^2", 7, "without a space");
    expect_error("^", 1, "directly behind");
    expect_error("source:x^2", 9, "only filters");
    expect_error("source:\"x\"^2", 11, "only filters");
    expect_error("date:\"2014\"^2", 12, "only filters");
    expect_error("(id:x)^2", 7, "only filters");
    expect_error("(-a)^2", 5, "excluded");
    expect_error("(a^2)^3", 6, "already");
}
END_TEST

START_TEST(near_wants_what_has_a_place)
{
    const char *takes = "stands between words, phrases, names";
    expect_error("a NEAR", 3, "nothing to search for after NEAR");
    expect_error("NEAR b", 1, "NEAR needs something before it");
    expect_error("(BEFORE b)", 2, "BEFORE needs something before it");
    expect_error("a NEAR AND b", 8, "AND cannot follow NEAR");
    expect_error("a NEAR BEFORE b", 8, "BEFORE cannot follow NEAR");
    expect_error("a NEAR -b", 8, takes);
    expect_error("a NEAR NOT b", 8, takes);
    expect_error("a NEAR (b c)", 9, takes);
    expect_error("(b AND c) NEAR a", 2, takes);
    expect_error("(-b) NEAR a", 2, takes);
    expect_error("a NEAR (b OR c d)", 14, takes);
    expect_error("a NEAR (b OR (c AND d))", 15, takes);
    expect_error("a NEAR source:b", 8, takes);
    expect_error("date:2014 NEAR b", 1, takes);
    expect_error("a NEAR (b OR date:2014)", 14, takes);
    expect_error("a NEAR title:b", 8, "leave title: out");
    expect_error("a NEAR b^2", 8, "(a NEAR b)^2");
    expect_error("a BEFORE (b OR c^2)", 16, "(a BEFORE b)^2");
    expect_error("a NEAR/ b", 3, "0 to 1000");
    expect_error("a NEAR/x b", 3, "0 to 1000");
    expect_error("a NEAR/-1 b", 3, "0 to 1000");
    expect_error("a NEAR/1001 b", 3, "0 to 1000");
    expect_error("a BEFORE/99999999999 b", 3, "0 to 1000");
    expect_error("a NEAR:5 b", 3, "follows a slash");
    expect_error("a near/10 b", 3, "write NEAR/10");
    expect_error("a before/3 b", 3, "write BEFORE/3");
    expect_error("a w/5 b", 3, "write NEAR/5");
    expect_error("a PRE/5 b", 3, "write BEFORE/5");
    expect_error("a AROUND(5) b", 3, "write a NEAR/5 b");
}
END_TEST

START_TEST(slots_stand_in_quotation_marks)
{
    expect_error("<person>", 1, "stands in quotation marks");
    expect_error("a <Person> b", 3, "stands in quotation marks");
    expect_error("\"<company> met\"", 2, "there is no slot <company>");
    expect_error("“who met <them>”", 10, "there is no slot <them>");
    expect_error("title:\"met <person>\"", 12, "hold words alone");
}
END_TEST

START_TEST(fields_that_were_meant_are_named)
{
    expect_error("titel:x", 1, "did you mean title:?");
    expect_error("a athor:x", 3, "did you mean author:?");
    expect_error("Headline:x", 1, "did you mean title:?");
    expect_error("site:x", 1, "did you mean source:?");
    expect_error("since:2014", 1, "did you mean after:?");
    expect_error("company:x", 1, "did you mean org:?");
    expect_error("whem:2014", 1, "did you mean when:?");
    expect_error("zzz:x", 1, "the fields are title: source:");
}
END_TEST

START_TEST(dates_that_do_not_exist_are_refused)
{
    expect_error("date:2014-02-30", 6, "not a date");
    expect_error("date:1900-02-29", 6, "not a date");
    expect_error("date:14", 6, "2014-03");
    expect_error("date:2014-3-1", 6, "not a date");
    expect_error("date:2014-13", 6, "not a date");
    expect_error("date:2014-00", 6, "not a date");
    expect_error("date:0000", 6, "not a date");
    expect_error("date:2014..x", 12, "not a date");
    expect_error("date:\"2014..x\"", 13, "not a date");
    expect_error("date:..", 6, "not a date");
    expect_error("date:\"\"", 7, "not a date");
    expect_error("date:2015..2014", 6, "ends before it begins");
    expect_error("before:2014..2015", 8, "not a date");
    expect_error("when:1990s..x", 13, "not a date");
    expect_error("when:1995s", 6, "1990s");
    expect_error("when:2014^2x", 10, "above 0");
    expect_error("date:1990s", 6, "not a date");
    expect_error("before:0001", 8, "no day before");
    expect_error("after:9999-12", 7, "no day after");
}
END_TEST

/* ---- Bounds ---- */

static char *repeated(const char *part, size_t count, const char *end)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    for (size_t i = 0; i < count; i++)
        mrg_buffer_append_str(&b, part);
    mrg_buffer_append_str(&b, end);
    return mrg_buffer_take(&b, NULL);
}

START_TEST(long_queries_are_read_or_refused)
{
    morgue_error err = { 0 };
    struct {
        const char *part;
        size_t count;
        const char *end;
        const char *message; /* NULL: fine */
    } cases[] = {
        { "x", 100000, "", NULL },           { "\"a b\" ", 4095, "", NULL },    { "a ", 50000, "", "too long" },
        { "a OR ", 20000, "a", "too long" }, { "(", 100000, "", "too deeply" }, { "-(", 50000, "a", "too deeply" },
        { "a (", 50000, "a", "too deeply" }, { "(", 64, "a", "unclosed" },      { "?", 100000, "", "no letter" },
        { "<", 100000, "x", NULL },          { "a:", 50000, "", "no field" },   { "near/", 20000, "", NULL },
        { "9", 100000, ":", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = repeated(cases[i].part, cases[i].count, cases[i].end);
        char *got = parsed(text, &err);
        ck_assert_msg((got == NULL) == (cases[i].message != NULL), "case %zu: %s", i, err.message);
        ck_assert_msg(got || strstr(err.message, cases[i].message), "case %zu: %s", i, err.message);
        mrg_free(got);
        mrg_free(text);
    }
}
END_TEST

START_TEST(broken_utf8_is_replaced)
{
    expect("caf\xc3 x", "(group caf\xef\xbf\xbd x)");
    expect("\"a\x80z\"", "\"a\xef\xbf\xbdz\"");
    expect_error("\xff\xfe", 1, "no letter or digit");
}
END_TEST

START_TEST(memory_running_out_is_a_clean_failure)
{
    for (long n = 1; n < 100; n++) {
        mrg_query query;
        morgue_error err = { 0 };
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_query_parse(&query, "a (b OR \"c d*\"~2) -title:eel~ date:2014", &err);
        mrg_alloc_fail_at(0);
        if (status == MORGUE_OK) {
            mrg_query_dispose(&query);
            ck_assert_int_gt(n, 2);
            return;
        }
        ck_assert_int_eq(status, MORGUE_ERR_NOMEM);
        ck_assert_ptr_null(query.root);
    }
    ck_abort_msg("never succeeded");
}
END_TEST

/* ---- Properties ---- */

static uint64_t random_state;

static unsigned pick(unsigned below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % below;
}

static uint64_t start_random(void)
{
    const char *fixed = getenv("MORGUE_SEED");
    uint64_t seed = fixed ? strtoull(fixed, NULL, 10) : (uint64_t)time(NULL);
    random_state = seed;
    return seed;
}

/* Printing `text`'s tree and reading that gives the same tree, and prints the same. */
static void check_round_trip(const char *text, uint64_t seed)
{
    mrg_query first, second;
    morgue_error err = { 0 };
    mrg_buffer a = MRG_BUFFER_INIT, b = MRG_BUFFER_INIT, printed = MRG_BUFFER_INIT, again = MRG_BUFFER_INIT;
    if (mrg_query_parse(&first, text, &err))
        return;
    check_shape(first.root, NULL, 1);
    mrg_query_format(&first, &printed);
    const char *line = mrg_buffer_cstr(&printed);
    ck_assert_ptr_null(strpbrk(line, "\n\r"));
    morgue_status status = mrg_query_parse(&second, line, &err);
    ck_assert_msg(status == MORGUE_OK, "seed %llu: \"%s\" printed as \"%s\": %s", (unsigned long long)seed, text, line,
                  err.message);
    describe(first.root, &a);
    describe(second.root, &b);
    mrg_query_format(&second, &again);
    ck_assert_msg(strcmp(mrg_buffer_cstr(&a), mrg_buffer_cstr(&b)) == 0 && strcmp(line, mrg_buffer_cstr(&again)) == 0,
                  "seed %llu: \"%s\" printed as \"%s\": %s became %s", (unsigned long long)seed, text, line,
                  mrg_buffer_cstr(&a), mrg_buffer_cstr(&b));
    mrg_query_dispose(&first);
    mrg_query_dispose(&second);
    mrg_buffer_dispose(&a);
    mrg_buffer_dispose(&b);
    mrg_buffer_dispose(&printed);
    mrg_buffer_dispose(&again);
}

START_TEST(any_text_that_is_read_survives_printing)
{
    static const char *const parts[] = { "a",        "U.S.",     "why?",
                                         " ",        " ",        "\"",
                                         "\"",       "(",        ")",
                                         "-",        " OR ",     " AND ",
                                         " NOT ",    "title:",   "id:",
                                         "person:",  "date:",    "2014",
                                         "..",       "-03",      "-01",
                                         "before:",  "after:",   "“",
                                         "”",        "source:",  "b",
                                         "海",       "\xff",     "*",
                                         "://",      "name:",    "\xe3\x80\x80",
                                         "'",        "\n",       "<org>",
                                         "x y",      ":",        "?",
                                         "\"c d\"",  "~",        "~1",
                                         "^2",       "^0.5",     "word",
                                         " NEAR/3 ", " BEFORE ", "when:",
                                         "url:",     "ther",     "\"<person> abc* nato~\"~2",
                                         "1990s",    "<date>",   "wom?n" };
    uint64_t seed = start_random();
    for (int round = 0; round < 200000; round++) {
        char text[256] = "";
        unsigned count = 1 + pick(16);
        for (unsigned i = 0; i < count; i++)
            strcat(text, parts[pick(sizeof parts / sizeof *parts)]);
        check_round_trip(text, seed);
    }
}
END_TEST

static double random_boost(void)
{
    static const double boosts[] = { 1, 1, 1, 2, 0.5, 100, 0.001, 1.125, 12.34 };
    return boosts[pick(sizeof boosts / sizeof *boosts)];
}

static mrg_node *random_tree(mrg_arena *arena, int depth, int may_be_not);

/* Operands are drawn until there are two that may be. */
static mrg_node *random_near(mrg_arena *arena, mrg_node *n, int depth)
{
    n->type = pick(2) ? MRG_NODE_NEAR : MRG_NODE_BEFORE;
    n->distance = pick(MRG_QUERY_MAX_DISTANCE + 1);
    n->boost = random_boost();
    n->child_count = 2;
    n->children = mrg_arena_alloc(arena, 2 * sizeof(mrg_node *));
    for (int i = 0; i < 2; i++) {
        do
            n->children[i] = random_tree(arena, pick(3) ? 0 : depth - 1, 0);
        while (!is_operand(n->children[i]));
    }
    return n;
}

/* A tree as the planner may meet it, with nodes of its own. */
static mrg_node *random_tree(mrg_arena *arena, int depth, int may_be_not)
{
    static const char *const words[] = { "putin", "U.S.", "62-year-old", "AT&T", "why?", "or", "10:30", "a://b*" };
    static const char *const phrases[] = { "red line", "AND", "foo:bar", "say “no”", "5\" gun", "10^4", "x" };
    static const char *const patterns[] = { "sanction*", "wom?n?", "Kremlin-back*", "*burg" };
    static const char *const fuzzy[] = { "zelenski", "Müllers", "nato" };
    mrg_node *n = mrg_arena_alloc(arena, sizeof *n);
    memset(n, 0, sizeof *n);
    n->column = 1;
    n->boost = 1;
    unsigned kind = pick(depth > 0 ? 14 : 7);
    if (kind >= 12)
        return random_near(arena, n, depth);
    if (kind >= 7) {
        n->type = kind < 8 && may_be_not ? MRG_NODE_NOT
                  : kind < 9             ? MRG_NODE_GROUP
                  : kind < 11            ? MRG_NODE_AND
                                         : MRG_NODE_OR;
        n->boost = n->type == MRG_NODE_NOT ? 1 : random_boost();
        n->child_count = n->type == MRG_NODE_NOT ? 1 : 2 + pick(3);
        n->children = mrg_arena_alloc(arena, n->child_count * sizeof(mrg_node *));
        for (size_t i = 0; i < n->child_count; i++)
            n->children[i] = random_tree(arena, depth - 1, n->type == MRG_NODE_GROUP || n->type == MRG_NODE_AND);
        return n;
    }
    if (kind == 4 || kind == 5) {
        static const uint32_t days[] = { 20140101, 20140301, 20140305, 19991201 };
        static const uint32_t ends[] = { 0, 20141231, 20150228, 20160305 };
        n->type = kind == 4 ? MRG_NODE_DATE : MRG_NODE_WHEN;
        n->boost = kind == 4 ? 1 : random_boost();
        n->from = days[pick(4)];
        n->to = ends[pick(4)];
        if (n->to && pick(4) == 0)
            n->from = 0;
        return n;
    }
    if (kind == 6) {
        n->type = pick(2) ? MRG_NODE_PATTERN : MRG_NODE_FUZZY;
        n->text = n->type == MRG_NODE_PATTERN ? patterns[pick(4)] : fuzzy[pick(3)];
        n->text_len = strlen(n->text);
        n->text_field = (mrg_text_field)pick(2);
        n->edits = n->type == MRG_NODE_FUZZY ? 1 + pick(2) : 0;
        n->boost = random_boost();
        return n;
    }
    n->type = (mrg_node_type[]){ MRG_NODE_WORDS, MRG_NODE_PHRASE, MRG_NODE_FIELD, MRG_NODE_ENTITY }[kind];
    n->quoted = kind >= 2 && pick(2);
    n->text = kind == 1 || n->quoted ? phrases[pick(sizeof phrases / sizeof *phrases)] : words[pick(7)];
    n->text_len = strlen(n->text);
    n->text_field = kind < 2 ? (mrg_text_field)pick(2) : MRG_FIELD_ANY;
    n->slop = kind == 1 && pick(2) && strchr(n->text, ' ') ? pick(MRG_QUERY_MAX_DISTANCE + 1) : 0;
    n->boost = n->type == MRG_NODE_FIELD ? 1 : random_boost();
    n->meta_field = (mrg_meta_field)pick(5);
    n->entity_type = (mrg_entity_type)pick(MRG_ENTITY_TYPES + 1);
    return n;
}

START_TEST(any_tree_survives_printing)
{
    uint64_t seed = start_random();
    for (int round = 0; round < 20000; round++) {
        mrg_query made = { 0 }, read;
        morgue_error err = { 0 };
        mrg_buffer a = MRG_BUFFER_INIT, b = MRG_BUFFER_INIT, printed = MRG_BUFFER_INIT;
        made.root = random_tree(&made.arena, 5, 1);
        mrg_query_format(&made, &printed);
        morgue_status status = mrg_query_parse(&read, mrg_buffer_cstr(&printed), &err);
        ck_assert_msg(status == MORGUE_OK, "seed %llu: %s: column %d: %s", (unsigned long long)seed,
                      mrg_buffer_cstr(&printed), err.column, err.message);
        describe(made.root, &a);
        describe(read.root, &b);
        ck_assert_msg(strcmp(mrg_buffer_cstr(&a), mrg_buffer_cstr(&b)) == 0, "seed %llu: %s became %s",
                      (unsigned long long)seed, mrg_buffer_cstr(&a), mrg_buffer_cstr(&b));
        mrg_query_dispose(&made);
        mrg_query_dispose(&read);
        mrg_buffer_dispose(&a);
        mrg_buffer_dispose(&b);
        mrg_buffer_dispose(&printed);
    }
}
END_TEST

static Suite *parse_suite(void)
{
    Suite *suite = suite_create("parse");
    TCase *language = tcase_create("language"), *errors = tcase_create("errors"),
          *properties = tcase_create("properties");
    tcase_add_test(language, words_stay_as_typed);
    tcase_add_test(language, phrases_are_literal);
    tcase_add_test(language, operators_bind_as_documented);
    tcase_add_test(language, exclusion_has_two_spellings);
    tcase_add_test(language, fields_take_a_word_or_a_phrase);
    tcase_add_test(language, dates_are_inclusive_days);
    tcase_add_test(language, patterns_and_fuzzy_words_are_words_with_marks);
    tcase_add_test(language, phrases_hold_patterns_fuzzy_words_and_slots);
    tcase_add_test(language, slop_follows_a_phrase);
    tcase_add_test(language, near_and_before_bind_tightest);
    tcase_add_test(language, weights_are_kept);
    tcase_add_test(language, when_takes_dates_as_date_does);
    tcase_add_test(errors, errors_name_the_place);
    tcase_add_test(errors, operators_want_operands);
    tcase_add_test(errors, stray_punctuation_is_refused);
    tcase_add_test(errors, unknown_fields_are_refused_with_the_known_ones);
    tcase_add_test(errors, marks_where_they_mean_nothing_are_refused);
    tcase_add_test(errors, weights_are_numbers_on_what_weighs);
    tcase_add_test(errors, near_wants_what_has_a_place);
    tcase_add_test(errors, slots_stand_in_quotation_marks);
    tcase_add_test(errors, fields_that_were_meant_are_named);
    tcase_add_test(errors, dates_that_do_not_exist_are_refused);
    tcase_add_test(errors, long_queries_are_read_or_refused);
    tcase_add_test(errors, broken_utf8_is_replaced);
    tcase_add_test(errors, memory_running_out_is_a_clean_failure);
    tcase_set_timeout(properties, 60);
    tcase_add_test(properties, any_text_that_is_read_survives_printing);
    tcase_add_test(properties, any_tree_survives_printing);
    suite_add_tcase(suite, language);
    suite_add_tcase(suite, errors);
    suite_add_tcase(suite, properties);
    return suite;
}

int main(void)
{
    return test_run_suite(parse_suite());
}
