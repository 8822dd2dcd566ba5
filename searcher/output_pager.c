/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output_pager.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/arguments.h"

static const char program[] = "morgue-search";

typedef struct pager {
    mrg_pager_setup setup;
    char *held; /* what is printed so far, while it fits */
    size_t held_len, held_capacity;
    mrg_row_count count;  /* of what is held */
    mrg_row_count filter; /* finds links in what the pager gets */
    pid_t child;          /* 0: not started */
    int pipe;             /* to the child; -1: it reads no more */
    int direct;           /* the pager could not be started: straight to the terminal */
    struct sigaction old_int, old_pipe;
} pager;

const char *mrg_pager_command(void)
{
    const char *command = getenv("MORGUE_PAGER");
    if (!command)
        command = getenv("PAGER");
    if (!command)
        command = "less";
    return !*command || strcmp(command, "cat") == 0 ? NULL : command;
}

/* ---- Rows ---- */

/* By the first byte of a character: East Asian scripts and pictures are wide. Near enough for deciding whether
   a screen is full, as lines have been wrapped with care before. */
static size_t width_of_lead(unsigned char byte)
{
    if (byte < 0x20 || (byte >= 0x80 && byte < 0xc0))
        return 0;
    return byte >= 0xe3 ? 2 : 1;
}

static void count_text(mrg_row_count *c, unsigned char byte)
{
    size_t width = width_of_lead(byte);
    if (byte == '\n') {
        c->rows++;
        c->column = 0;
    } else if (c->columns && c->column + width > c->columns) {
        c->rows++;
        c->column = width;
    } else {
        c->column += width;
    }
}

int mrg_row_count_byte(mrg_row_count *c, unsigned char byte)
{
    switch (c->state) {
    case MRG_ROW_TEXT:
        if (byte == 0x1b)
            c->state = MRG_ROW_ESCAPE;
        else
            count_text(c, byte);
        return 0;
    case MRG_ROW_ESCAPE:
        c->state = byte == '[' ? MRG_ROW_CSI : byte == ']' ? MRG_ROW_OSC : MRG_ROW_TEXT;
        return byte == ']';
    case MRG_ROW_CSI:
        if (byte >= 0x40 && byte <= 0x7e)
            c->state = MRG_ROW_TEXT;
        return 0;
    case MRG_ROW_OSC:
        if (byte == 0x1b)
            c->state = MRG_ROW_OSC_ESCAPE;
        return 1;
    case MRG_ROW_OSC_ESCAPE:
        break;
    }
    c->state = MRG_ROW_TEXT;
    return 1;
}

/* ---- The pager itself ---- */

static void run_pager(const char *command, int in)
{
    dup2(in, STDIN_FILENO);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    /* As git does: leave at once if it fits, take colours, leave the screen as it is. */
    setenv("LESS", "FRX", 0);
    setenv("LV", "-c", 0);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* The interrupt key is the pager's while it runs. */
static void ignore_signals(pager *p)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &ignore, &p->old_int);
    sigaction(SIGPIPE, &ignore, &p->old_pipe);
}

static void start_pager(pager *p)
{
    int ends[2];
    fflush(p->setup.terminal);
    fflush(stderr);
    p->direct = 1;
    if (pipe(ends))
        return;
    p->child = fork();
    if (p->child == 0) {
        close(ends[1]);
        run_pager(p->setup.command, ends[0]);
    }
    close(ends[0]);
    if (p->child < 0) {
        p->child = 0;
        close(ends[1]);
        return;
    }
    ignore_signals(p);
    p->direct = 0;
    p->pipe = ends[1];
}

static void write_to_pager(pager *p, const char *bytes, size_t len)
{
    while (len > 0 && p->pipe >= 0) {
        ssize_t n = write(p->pipe, bytes, len);
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            close(p->pipe);
            p->pipe = -1;
        }
    }
}

/* Without links, unless they may stay. */
static void feed_pager(pager *p, const char *bytes, size_t len)
{
    size_t done = 0;
    for (size_t i = 0; i < len && !p->setup.keep_links; i++) {
        int had_escape = p->filter.state == MRG_ROW_ESCAPE;
        if (!mrg_row_count_byte(&p->filter, (unsigned char)bytes[i])) {
            /* An escape waits for what follows it. */
            if (p->filter.state == MRG_ROW_ESCAPE) {
                write_to_pager(p, bytes + done, i - done);
                done = i + 1;
            } else if (had_escape) {
                write_to_pager(p, "\033", 1);
            }
        } else {
            write_to_pager(p, bytes + done, i - done);
            done = i + 1;
        }
    }
    write_to_pager(p, bytes + done, len - done);
}

/* ---- The stream in front of it ---- */

/* -1 when memory ran out. */
static int hold(pager *p, const char *bytes, size_t len)
{
    if (p->held_len + len > p->held_capacity) {
        size_t capacity = (p->held_len + len) * 2;
        char *more = realloc(p->held, capacity);
        if (!more)
            return -1;
        p->held = more;
        p->held_capacity = capacity;
    }
    memcpy(p->held + p->held_len, bytes, len);
    p->held_len += len;
    for (size_t i = 0; i < len; i++)
        mrg_row_count_byte(&p->count, (unsigned char)bytes[i]);
    return 0;
}

static void put(pager *p, const char *bytes, size_t len)
{
    if (p->child)
        feed_pager(p, bytes, len);
    else
        fwrite(bytes, 1, len, p->setup.terminal);
}

static ssize_t write_stream(void *cookie, const char *bytes, size_t len)
{
    pager *p = cookie;
    if (p->child || p->direct) {
        put(p, bytes, len);
        return (ssize_t)len;
    }
    if (hold(p, bytes, len))
        return 0;
    /* The prompt wants a row of its own. */
    if (p->count.rows + 1 > p->setup.rows) {
        start_pager(p);
        put(p, p->held, p->held_len);
        p->held_len = 0;
    }
    return (ssize_t)len;
}

static int wait_for_pager(pager *p)
{
    int status = 0;
    if (p->pipe >= 0)
        close(p->pipe);
    while (waitpid(p->child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &p->old_int, NULL);
    sigaction(SIGPIPE, &p->old_pipe, NULL);
    if (!WIFEXITED(status) || (WEXITSTATUS(status) != 126 && WEXITSTATUS(status) != 127))
        return 0;
    mrg_complain(program, "the pager \"%s\" could not be run; --no-pager does without", p->setup.command);
    return -1;
}

static int close_stream(void *cookie)
{
    pager *p = cookie;
    int failed = 0;
    if (p->child)
        failed = wait_for_pager(p);
    else if (p->held_len)
        fwrite(p->held, 1, p->held_len, p->setup.terminal);
    if (!p->child)
        failed = mrg_finish_output(program, p->setup.terminal);
    free(p->held);
    free(p);
    return failed;
}

FILE *mrg_pager_open(const mrg_pager_setup *setup)
{
    cookie_io_functions_t functions = { .write = write_stream, .close = close_stream };
    pager *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->setup = *setup;
    p->count.columns = setup->columns;
    p->pipe = -1;
    FILE *stream = fopencookie(p, "w", functions);
    if (!stream)
        free(p);
    return stream;
}

int mrg_pager_close(FILE *stream)
{
    return fclose(stream) ? -1 : 0;
}
