/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interactive.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/clean.h"
#include "output.h"

enum { HISTORY_LINES = 1000, COMPLETIONS = 20 };

struct mrg_line_source {
    const mrg_search_args *args;
    morgue_searcher *searcher;
    const char *const *commands;
    EditLine *editor; /* NULL: lines come from a pipe or a file */
    History *history;
    char *history_path; /* NULL: not kept */
    char *line;         /* without its end */
    size_t capacity;
};

/* ---- History ---- */

/* Every directory in front of the last slash; private, as what somebody searched for is. */
static void make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* The XDG base directories: a relative path is to be ignored. */
static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    int made = state && *state == '/' ? asprintf(&path, "%s/morgue/history", state)
               : home && *home == '/' ? asprintf(&path, "%s/.local/state/morgue/history", home)
                                      : -1;
    return made < 0 ? NULL : path;
}

static void open_history(mrg_line_source *source)
{
    HistEvent event;
    source->history = history_init();
    if (!source->history)
        return;
    history(source->history, &event, H_SETSIZE, HISTORY_LINES);
    history(source->history, &event, H_SETUNIQUE, 1);
    el_set(source->editor, EL_HIST, history, source->history);
    source->history_path = history_path();
    if (source->history_path)
        history(source->history, &event, H_LOAD, source->history_path);
}

static void close_history(mrg_line_source *source)
{
    HistEvent event;
    if (!source->history)
        return;
    if (source->history_path) {
        mode_t mask = umask(077);
        make_directories(source->history_path);
        history(source->history, &event, H_SAVE, source->history_path);
        umask(mask);
    }
    history_end(source->history);
}

/* ---- Completion ---- */

static size_t shared_prefix(const char *a, const char *b, size_t len)
{
    size_t n = 0;
    while (n < len && a[n] && a[n] == b[n])
        n++;
    return n;
}

static size_t count_chars(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* What all candidates begin with replaces the word, if that is more of it; else they are listed. */
typedef struct candidates {
    const char *texts[COMPLETIONS];
    size_t count;
} candidates;

/* The likeliest first, from left to right. */
static void list(EditLine *editor, const candidates *c)
{
    mrg_line_source *source;
    size_t column = 0, width, in_line;
    el_get(editor, EL_CLIENTDATA, &source);
    width = mrg_screen_make(stdout, source->args).width;
    for (size_t i = 0; i < c->count; i++) {
        size_t needed = mrg_clean_width(c->texts[i], strlen(c->texts[i])) + 2;
        column = needed > column ? needed : column;
    }
    in_line = width > column ? width / column : 1;
    for (size_t i = 0; i < c->count; i++) {
        if (i % in_line == 0)
            putchar('\n');
        fputs("  ", stdout);
        mrg_put_clean_str(stdout, c->texts[i]);
        if ((i + 1) % in_line && i + 1 < c->count)
            printf("%*s", (int)(column - 2 - mrg_clean_width(c->texts[i], strlen(c->texts[i]))), "");
    }
    putchar('\n');
}

static unsigned char offer(EditLine *editor, const candidates *c, const char *word, size_t word_len)
{
    char text[512];
    if (c->count == 0)
        return CC_ERROR;
    size_t shared = strlen(c->texts[0]);
    for (size_t i = 1; i < c->count; i++)
        shared = shared_prefix(c->texts[0], c->texts[i], shared);
    while (shared > 0 && ((unsigned char)c->texts[0][shared] & 0xc0) == 0x80)
        shared--;
    if (shared + 2 < sizeof text && (c->count == 1 || shared > word_len)) {
        memcpy(text, c->texts[0], shared);
        strcpy(text + shared, c->count == 1 && text[shared - 1] != ':' ? " " : "");
        el_deletestr(editor, (int)count_chars(word, word_len));
        return el_insertstr(editor, text) ? CC_ERROR : CC_REFRESH;
    }
    list(editor, c);
    return CC_REDISPLAY;
}

static unsigned char complete_command(mrg_line_source *source, const char *word, size_t len)
{
    candidates c = { .count = 0 };
    for (size_t i = 0; source->commands[i] && c.count < COMPLETIONS; i++) {
        if (strncmp(source->commands[i], word, len) == 0)
            c.texts[c.count++] = source->commands[i];
    }
    return offer(source->editor, &c, word, len);
}

static unsigned char complete(EditLine *editor, int key)
{
    mrg_line_source *source;
    const LineInfo *info = el_line(editor);
    size_t len = (size_t)(info->cursor - info->buffer);
    morgue_completions *found = NULL;
    candidates c = { .count = 0 };
    (void)key;
    el_get(editor, EL_CLIENTDATA, &source);
    if (len > 0 && info->buffer[0] == '/' && !memchr(info->buffer, ' ', len))
        return complete_command(source, info->buffer + 1, len - 1);
    char *text = strndup(info->buffer, len);
    if (!text || morgue_complete(source->searcher, text, COMPLETIONS, &found, NULL)) {
        free(text);
        return CC_ERROR;
    }
    size_t from = morgue_completions_from(found);
    for (size_t i = 0; i < morgue_completions_size(found) && c.count < COMPLETIONS; i++)
        c.texts[c.count++] = morgue_completions_at(found, i)->text;
    unsigned char result = from <= len ? offer(editor, &c, text + from, len - from) : CC_ERROR;
    morgue_completions_free(found);
    free(text);
    return result;
}

/* ---- Lines ---- */

static const char *prompt(EditLine *editor)
{
    (void)editor;
    return "morgue> ";
}

static void open_editor(mrg_line_source *source)
{
    setlocale(LC_CTYPE, "");
    source->editor = el_init("morgue-search", stdin, stdout, stderr);
    if (!source->editor)
        return;
    el_set(source->editor, EL_CLIENTDATA, source);
    el_set(source->editor, EL_PROMPT, prompt);
    el_set(source->editor, EL_EDITOR, "emacs");
    el_set(source->editor, EL_SIGNAL, 1);
    el_set(source->editor, EL_ADDFN, "morgue-complete", "complete a word", complete);
    el_set(source->editor, EL_BIND, "^I", "morgue-complete", NULL);
    el_source(source->editor, NULL);
    open_history(source);
}

mrg_line_source *mrg_line_open(const mrg_search_args *args, morgue_searcher *searcher, const char *const *commands)
{
    const char *term = getenv("TERM");
    mrg_line_source *source = calloc(1, sizeof *source);
    if (!source)
        return NULL;
    source->args = args;
    source->searcher = searcher;
    source->commands = commands;
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0)
        open_editor(source);
    return source;
}

int mrg_line_is_terminal(const mrg_line_source *source)
{
    return source->editor != NULL;
}

/* White space at both ends taken off. */
static const char *trim(char *line)
{
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r\n", line[len - 1]))
        line[--len] = 0;
    return line + strspn(line, " \t");
}

/* The editor's line, kept in the history and copied, as it may be changed. NULL at the end. */
static const char *read_edited(mrg_line_source *source)
{
    HistEvent event;
    int count = 0;
    errno = 0;
    const char *line = el_gets(source->editor, &count);
    if (!line || count <= 0) {
        if (errno == EINTR) {
            putchar('\n');
            return "";
        }
        putchar('\n');
        return NULL;
    }
    free(source->line);
    source->line = strdup(line);
    if (!source->line)
        return NULL;
    const char *trimmed = trim(source->line);
    if (*trimmed && source->history)
        history(source->history, &event, H_ENTER, trimmed);
    return trimmed;
}

const char *mrg_line_read(mrg_line_source *source)
{
    if (source->editor)
        return read_edited(source);
    if (getline(&source->line, &source->capacity, stdin) < 0)
        return NULL;
    return trim(source->line);
}

void mrg_line_close(mrg_line_source *source)
{
    close_history(source);
    if (source->editor)
        el_end(source->editor);
    free(source->history_path);
    free(source->line);
    free(source);
}
