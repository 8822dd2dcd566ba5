/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How well names, their ties, dates, ages and roles are found: names-eval [-v] [--model FILE | --no-model]
 * [--floors FILE] [DIR|FILE]... over articles that are marked as tests/quality/names/README.md says (that directory if
 * none is given). The marks are taken off, everything runs as in indexing, with the model that indexing takes, another
 * or none, and what it finds is laid beside the marks. One table; -v lists what was missed or wrong. With floors ("spans exact f1
 * 80.0" a line), fails if a figure is below its floor.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "entity/attribute.h"
#include "entity/model.h"
#include "entity/when.h"

enum { MAX_MARKS = 1000, MAX_DEPTH = 8, MAX_TEXT = 1 << 16, MAX_FILES = 256, TITLE_GAP = 16 };

typedef enum mark_kind { NAME, DATE, AGE, ROLE } mark_kind;

typedef struct mark {
    mark_kind kind;
    char label[16]; /* "p1": the entity; a date's value */
    size_t begin, end;
    int system; /* NAME: index of the entity that was found at the very same place, or overlapping it; -1 */
    int exact;
} mark;

typedef struct article {
    const char *file;
    char text[MAX_TEXT];
    size_t len, title_len;
    mrg_day published;
    mark marks[MAX_MARKS];
    size_t count;
} article;

typedef struct score {
    size_t right, found, gold;
} score;

enum { TYPED, UNTYPED, LAST_NAMES, TIES, ABBREVIATIONS, DATES, AGES, ROLES, ROLES_TOUCHED, SCORES };
static const char *const score_names[SCORES] = { "spans exact",  "spans untyped", "last names", "ties",         "abbreviations",
                                                 "dates",        "ages",          "roles",      "roles touched" };

typedef struct evaluator {
    mrg_finder *finder;
    mrg_when *when;
    mrg_tokens tokens;
    mrg_found found;
    int verbose;
    score scores[SCORES];
    size_t articles;
} evaluator;

static void die(const char *message, const char *what)
{
    fprintf(stderr, "names-eval: %s: %s\n", what, message);
    exit(2);
}

/* ---- Reading ---- */

/* "{p1:", "{d=2014:", "{age p1:" at `p`; returns what is behind it. */
static const char *read_mark(const article *a, const char *p, mark *m)
{
    const char *colon = strchr(p, ':');
    *m = (mark){ .kind = NAME, .begin = a->len, .system = -1 };
    p++;
    if (!strncmp(p, "age ", 4)) {
        m->kind = AGE;
        p += 4;
    } else if (!strncmp(p, "role ", 5)) {
        m->kind = ROLE;
        p += 5;
    } else if (!strncmp(p, "d=", 2)) {
        m->kind = DATE;
        p += 2;
    }
    if (!colon || colon == p || (size_t)(colon - p) >= sizeof m->label || (m->kind != DATE && !strchr("ploe", *p)))
        die("a mark that is none", a->file);
    memcpy(m->label, p, (size_t)(colon - p));
    return colon + 1;
}

/* Appends text without its marks. */
static void take_text(article *a, const char *p, const char *end)
{
    size_t open[MAX_DEPTH], depth = 0;
    while (p < end) {
        if (a->len + 2 >= sizeof a->text || a->count == MAX_MARKS || depth == MAX_DEPTH)
            die("too large", a->file);
        if (*p == '{') {
            open[depth++] = a->count;
            p = read_mark(a, p, &a->marks[a->count++]);
        } else if (*p == '}') {
            if (!depth)
                die("a mark closes that was not open", a->file);
            a->marks[open[--depth]].end = a->len;
            p++;
        } else {
            a->text[a->len++] = *p++;
        }
    }
    if (depth)
        die("a mark is not closed", a->file);
}

static const char *value_of_line(const article *a, const char **p, const char *name)
{
    size_t len = strlen(name);
    if (strncmp(*p, name, len))
        die("a first or second line is missing", a->file);
    const char *value = *p + len + ((*p)[len] == ' ');
    *p = strchr(value, '\n');
    if (!*p)
        die("cut short", a->file);
    ++*p;
    return value;
}

static void read_article(article *a, const char *file, const char *bytes)
{
    memset(a, 0, sizeof *a);
    a->file = file;
    const char *p = bytes;
    const char *date = value_of_line(a, &p, "date:");
    sscanf(date, "%d-%d-%d", &a->published.year, &a->published.month, &a->published.day);
    const char *title = value_of_line(a, &p, "title:");
    take_text(a, title, p - 1);
    a->title_len = a->len;
    a->text[a->len++] = '\n';
    a->text[a->len++] = '\n';
    while (*p == '\n')
        p++;
    take_text(a, p, p + strlen(p));
    a->text[a->len] = 0;
}

/* ---- What was found ---- */

static size_t begin_of(const evaluator *e, uint32_t token)
{
    return e->tokens.items[token].begin;
}

static size_t end_of(const evaluator *e, uint32_t first, uint32_t count)
{
    return e->tokens.items[first + count - 1].end;
}

static void run(evaluator *e, const article *a)
{
    mrg_tokens_clear(&e->tokens);
    if (mrg_tokenize(&e->tokens, a->text, 0, a->title_len, 0, NULL) ||
        mrg_tokenize(&e->tokens, a->text, a->title_len + 2, a->len, TITLE_GAP, NULL) ||
        mrg_finder_run(e->finder, a->text, a->len, a->title_len, &e->tokens, &e->found, NULL) ||
        mrg_when_run(e->when, a->text, a->len, &e->tokens, &a->published, &e->found, NULL) ||
        mrg_attributes_run(a->text, a->len, &e->tokens, &e->found, NULL))
        die("failed", a->file);
}

static void tell(const evaluator *e, const article *a, const char *what, const char *value, size_t begin, size_t end)
{
    if (!e->verbose)
        return;
    const char *name = strrchr(a->file, '/');
    size_t from = begin > 45 ? begin - 45 : 0, to = end + 30 < a->len ? end + 30 : a->len;
    printf("%.2s %-14s %-12s ", name ? name + 1 : a->file, what, value);
    for (size_t i = from; i < to; i++) {
        if (i == begin)
            fputs("<<", stdout);
        if (i == end)
            fputs(">>", stdout);
        putchar(a->text[i] == '\n' ? '/' : a->text[i]);
    }
    putchar('\n');
}

/* ---- Spans ---- */

static void score_spans(evaluator *e, article *a)
{
    for (size_t g = 0; g < a->count; g++) {
        mark *m = &a->marks[g];
        if (m->kind != NAME)
            continue;
        e->scores[TYPED].gold++;
        e->scores[UNTYPED].gold++;
        int typed = 0;
        for (size_t i = 0; i < e->found.mention_count; i++) {
            const mrg_mention *f = &e->found.mentions[i];
            const mrg_article_entity *entity = &e->found.entities[f->entity];
            size_t begin = begin_of(e, f->first_token), end = end_of(e, f->first_token, f->token_count);
            if (entity->type >= MRG_ENTITY_TYPES || begin >= m->end || end <= m->begin)
                continue;
            /* the full stop of "Inc." belongs to it or not */
            int exact = begin == m->begin && (end == m->end || (end + 1 == m->end && a->text[end] == '.'));
            if (exact || m->system < 0)
                m->system = (int)f->entity;
            m->exact |= exact;
            typed |= exact && mrg_entity_letter(entity->type) == m->label[0];
        }
        e->scores[TYPED].right += (size_t)typed;
        e->scores[UNTYPED].right += (size_t)m->exact;
        if (!typed)
            tell(e, a, m->exact ? "type" : m->system >= 0 ? "borders" : "missed", m->label, m->begin, m->end);
    }
    for (size_t i = 0; i < e->found.mention_count; i++) {
        int is_name = e->found.entities[e->found.mentions[i].entity].type < MRG_ENTITY_TYPES;
        e->scores[TYPED].found += (size_t)is_name;
        e->scores[UNTYPED].found += (size_t)is_name;
    }
}

/* Of each person of the article: is the last word of the name within some person's mention that was found? */
static void score_last_names(evaluator *e, const article *a)
{
    for (size_t g = 0; g < a->count; g++) {
        const mark *m = &a->marks[g];
        int seen = m->kind != NAME || m->label[0] != 'p', hit = 0;
        for (size_t k = 0; k < g && !seen; k++)
            seen = a->marks[k].kind == NAME && !strcmp(a->marks[k].label, m->label);
        if (seen)
            continue;
        size_t word = m->end;
        while (word > m->begin && a->text[word - 1] != ' ')
            word--;
        for (size_t i = 0; i < e->found.mention_count && !hit; i++) {
            const mrg_mention *f = &e->found.mentions[i];
            size_t begin = begin_of(e, f->first_token), end = end_of(e, f->first_token, f->token_count);
            for (size_t at = begin; at + (m->end - word) <= end && !hit; at++)
                hit = e->found.entities[f->entity].type == MRG_ENTITY_PERSON && !strncmp(a->text + at, a->text + word, m->end - word);
        }
        e->scores[LAST_NAMES].gold++;
        e->scores[LAST_NAMES].found++;
        e->scores[LAST_NAMES].right += (size_t)hit;
    }
}

/* Pairs of mentions: of one entity by the marks (gold), by the finder (found), by both. */
static void score_ties(evaluator *e, const article *a)
{
    score *ties = &e->scores[TIES], *shorts = &e->scores[ABBREVIATIONS];
    for (size_t g = 0; g < a->count; g++) {
        const mark *m = &a->marks[g];
        for (size_t k = g + 1; k < a->count && m->kind == NAME; k++) {
            const mark *n = &a->marks[k];
            if (n->kind != NAME)
                continue;
            int gold = !strcmp(m->label, n->label), found = m->system >= 0 && m->system == n->system;
            ties->gold += (size_t)gold;
            ties->found += (size_t)found;
            ties->right += (size_t)(gold && found);
            char open = n->begin ? a->text[n->begin - 1] : 0;
            if (!gold || n->begin < m->end || n->begin - m->end != 2 || (open != '(' && open != '['))
                continue;
            shorts->gold++;
            shorts->found += (size_t)(m->exact && n->exact);
            shorts->right += (size_t)(m->exact && n->exact && found);
            if (!(m->exact && n->exact && found))
                tell(e, a, "abbreviation", n->label, n->begin, n->end);
        }
    }
}

/* ---- Dates ---- */

static void score_dates(evaluator *e, const article *a)
{
    score *dates = &e->scores[DATES];
    for (size_t i = 0; i < e->found.mention_count; i++) {
        const mrg_mention *f = &e->found.mentions[i];
        const mrg_article_entity *entity = &e->found.entities[f->entity];
        size_t begin = begin_of(e, f->first_token), end = end_of(e, f->first_token, f->token_count);
        int touches = 0;
        if (entity->type != MRG_ENTITY_DATE)
            continue;
        dates->found++;
        for (size_t g = 0; g < a->count; g++)
            touches |= a->marks[g].kind == DATE && begin < a->marks[g].end && end > a->marks[g].begin;
        if (!touches)
            tell(e, a, "no date", entity->name, begin, end);
    }
    for (size_t g = 0; g < a->count; g++) {
        const mark *m = &a->marks[g];
        const char *other = "-";
        int right = 0;
        for (size_t i = 0; i < e->found.mention_count && m->kind == DATE && !right; i++) {
            const mrg_mention *f = &e->found.mentions[i];
            const mrg_article_entity *entity = &e->found.entities[f->entity];
            if (entity->type != MRG_ENTITY_DATE || begin_of(e, f->first_token) >= m->end ||
                end_of(e, f->first_token, f->token_count) <= m->begin)
                continue;
            other = entity->name;
            right = !strcmp(other, m->label);
        }
        dates->gold += m->kind == DATE;
        dates->right += (size_t)right;
        if (m->kind == DATE && !right) {
            char both[40];
            snprintf(both, sizeof both, "%s not %s", m->label, other);
            tell(e, a, "date", both, m->begin, m->end);
        }
    }
}

/* ---- Ages and roles ---- */

static size_t skip_article(const article *a, size_t begin)
{
    static const char *const articles[] = { "the ", "a ", "an ", "The ", "now ", "then " };
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        if (!strncmp(a->text + begin, articles[i], strlen(articles[i])))
            return begin + strlen(articles[i]);
    }
    return begin;
}

/* Whether what was found belongs to the person of the mark: the mention beside which it stands is one of theirs. */
static int is_same_person(const evaluator *e, const article *a, const mrg_attribute *attribute, const char *label)
{
    const mrg_mention *f = &e->found.mentions[attribute->mention];
    size_t begin = begin_of(e, f->first_token), end = end_of(e, f->first_token, f->token_count);
    for (size_t g = 0; g < a->count; g++) {
        const mark *m = &a->marks[g];
        if (m->kind == NAME && !strcmp(m->label, label) && begin < m->end && end > m->begin)
            return 1;
    }
    return 0;
}

/* Once an article and person, as what was found is. */
static int is_said_before(const article *a, size_t g)
{
    const mark *m = &a->marks[g];
    for (size_t k = 0; k < g; k++) {
        const mark *n = &a->marks[k];
        if (n->kind == m->kind && !strcmp(n->label, m->label) && n->end - n->begin == m->end - m->begin &&
            !strncmp(a->text + n->begin, a->text + m->begin, m->end - m->begin))
            return 1;
    }
    return 0;
}

static void score_attributes(evaluator *e, const article *a)
{
    for (size_t i = 0; i < e->found.attribute_count; i++) {
        e->scores[AGES].found += e->found.attributes[i].kind == MRG_ATTRIBUTE_AGE;
        e->scores[ROLES].found += e->found.attributes[i].kind == MRG_ATTRIBUTE_ROLE;
        e->scores[ROLES_TOUCHED].found += e->found.attributes[i].kind == MRG_ATTRIBUTE_ROLE;
    }
    for (size_t g = 0; g < a->count; g++) {
        const mark *m = &a->marks[g];
        int exact = 0, touched = 0;
        if ((m->kind != AGE && m->kind != ROLE) || is_said_before(a, g))
            continue;
        for (size_t i = 0; i < e->found.attribute_count; i++) {
            const mrg_attribute *f = &e->found.attributes[i];
            size_t begin = begin_of(e, f->first_token), end = end_of(e, f->first_token, f->token_count);
            if ((f->kind == MRG_ATTRIBUTE_AGE) != (m->kind == AGE) || begin >= m->end || end <= m->begin ||
                !is_same_person(e, a, f, m->label))
                continue;
            touched = 1;
            exact |= begin == skip_article(a, m->begin) && end == m->end;
        }
        score *s = &e->scores[m->kind == AGE ? AGES : ROLES];
        s->gold++;
        s->right += (size_t)exact;
        if (m->kind == ROLE) {
            e->scores[ROLES_TOUCHED].gold++;
            e->scores[ROLES_TOUCHED].right += (size_t)touched;
        }
        if (!exact)
            tell(e, a, m->kind == AGE ? "age" : touched ? "role borders" : "role", m->label, m->begin, m->end);
    }
}

/* ---- All of it ---- */

static void judge(evaluator *e, const char *path)
{
    static article a;
    static char bytes[MAX_TEXT];
    FILE *file = fopen(path, "r");
    if (!file)
        die("cannot be read", path);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = 0;
    fclose(file);
    read_article(&a, path, bytes);
    run(e, &a);
    score_spans(e, &a);
    score_last_names(e, &a);
    score_ties(e, &a);
    score_dates(e, &a);
    score_attributes(e, &a);
    e->articles++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void judge_directory(evaluator *e, const char *path)
{
    char *files[MAX_FILES];
    size_t count = 0;
    DIR *dir = opendir(path);
    if (!dir)
        die("cannot be read", path);
    for (struct dirent *d = readdir(dir); d && count < MAX_FILES; d = readdir(dir)) {
        size_t len = strlen(d->d_name);
        if (len < 4 || strcmp(d->d_name + len - 4, ".txt"))
            continue;
        files[count] = malloc(strlen(path) + len + 2);
        if (!files[count])
            die("out of memory", path);
        sprintf(files[count++], "%s/%s", path, d->d_name);
    }
    closedir(dir);
    qsort(files, count, sizeof *files, by_name);
    for (size_t i = 0; i < count; i++) {
        judge(e, files[i]);
        free(files[i]);
    }
}

static void judge_path(evaluator *e, const char *path)
{
    struct stat st;
    if (stat(path, &st))
        die("is not there", path);
    if (S_ISDIR(st.st_mode))
        judge_directory(e, path);
    else
        judge(e, path);
}

static double percent(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* precision, recall, f1 */
static void figures(const score *s, double out[3])
{
    out[0] = percent(s->right, s->found);
    out[1] = percent(s->right, s->gold);
    out[2] = out[0] + out[1] > 0 ? 2 * out[0] * out[1] / (out[0] + out[1]) : 0;
}

static void print_table(const evaluator *e)
{
    printf("%-14s %9s %9s %9s %7s %7s %7s\n", "", "precision", "recall", "F1", "right", "found", "gold");
    for (int i = 0; i < SCORES; i++) {
        double f[3];
        figures(&e->scores[i], f);
        printf("%-14s %9.1f %9.1f %9.1f %7zu %7zu %7zu\n", score_names[i], f[0], f[1], f[2], e->scores[i].right,
               e->scores[i].found, e->scores[i].gold);
    }
    printf("%zu articles\n", e->articles);
}

/* The number of figures below their floors. */
static int count_below(const evaluator *e, const char *path)
{
    static const char *const columns[] = { "precision", "recall", "f1" };
    char line[200];
    int below = 0, count = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        die("cannot be read", path);
    while (fgets(line, sizeof line, file)) {
        double f[3];
        int known = *line == '#' || *line == '\n';
        for (int i = 0; i < SCORES; i++) {
            for (int c = 0; c < 3; c++) {
                char head[60];
                int n = snprintf(head, sizeof head, "%s %s ", score_names[i], columns[c]);
                if (strncmp(line, head, (size_t)n))
                    continue;
                figures(&e->scores[i], f);
                known = 1;
                count++;
                if (f[c] >= atof(line + n))
                    continue;
                printf("%s%.1f is below the floor, %s", head, f[c], line + n);
                below++;
            }
        }
        if (!known)
            die("a line that names no figure", path);
    }
    fclose(file);
    printf("%d floors, %d failed\n", count, below);
    return below;
}

int main(int argc, char **argv)
{
    static evaluator e;
    const char *floors = NULL, *model_path = NULL;
    mrg_model *model = NULL;
    morgue_error err;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (!strcmp(argv[first], "-v")) {
            e.verbose = 1;
        } else if (!strcmp(argv[first], "--floors") && first + 1 < argc) {
            floors = argv[++first];
        } else if (!strcmp(argv[first], "--no-model")) {
            model_path = "";
        } else if (!strcmp(argv[first], "--model") && first + 1 < argc) {
            model_path = argv[++first];
        } else {
            fputs("Usage: names-eval [-v] [--model FILE | --no-model] [--floors FILE] [DIR|FILE]...\n", stderr);
            return 2;
        }
    }
    if (mrg_model_find(&model, model_path, &err))
        die(err.message, "the model");
    const mrg_finder_options options = { .model = model };
    if (mrg_finder_create(&e.finder, &options, NULL) || mrg_when_create(&e.when, NULL))
        die("out of memory", "the finder");
    if (first == argc)
        judge_path(&e, "tests/quality/names");
    for (int i = first; i < argc; i++)
        judge_path(&e, argv[i]);
    print_table(&e);
    int below = floors ? count_below(&e, floors) : 0;
    mrg_finder_free(e.finder);
    mrg_model_free(model);
    mrg_when_free(e.when);
    mrg_found_dispose(&e.found);
    mrg_tokens_dispose(&e.tokens);
    return below ? 1 : 0;
}
