/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal can do: width, colours, characters, links. Asked of the environment, never of the terminal
   itself, which might not answer. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "output.h"
#include "cli/arguments.h"

enum { DEFAULT_WIDTH = 80, LINK_MAX_BYTES = 2000 };

static int is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

static int can_steer(int fd)
{
    const char *term = getenv("TERM");
    return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

static size_t terminal_width(int fd)
{
    struct winsize size;
    uint64_t columns;
    const char *text = getenv("COLUMNS");
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (text && mrg_read_count(text, 10000, &columns) == 0 && columns > 0)
        return (size_t)columns;
    return DEFAULT_WIDTH;
}

static size_t terminal_rows(int fd)
{
    struct winsize size;
    return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

/* NO_COLOR is no-color.org's, the other two are those of BSD and its heirs. */
static int wants_color(int fd, mrg_color color)
{
    const char *force = getenv("CLICOLOR_FORCE"), *plain = getenv("CLICOLOR");
    if (color != MRG_COLOR_AUTO)
        return color == MRG_COLOR_ALWAYS;
    if (is_set("NO_COLOR"))
        return 0;
    if (force && *force && strcmp(force, "0") != 0)
        return 1;
    return can_steer(fd) && !(plain && strcmp(plain, "0") == 0);
}

/* As setlocale() would read them; the program itself stays in the C locale. */
static int is_utf8(void)
{
    const char *locale = is_set("LC_ALL") ? getenv("LC_ALL") : is_set("LC_CTYPE") ? getenv("LC_CTYPE") : getenv("LANG");
    return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static int env_at_least(const char *name, unsigned long least)
{
    const char *value = getenv(name);
    return value && strtoul(value, NULL, 10) >= least;
}

static int is_one_of(const char *value, const char *const *list)
{
    for (; value && *list; list++) {
        if (strcmp(value, *list) == 0)
            return 1;
    }
    return 0;
}

/* Only terminals that are known to understand links; those inside tmux or screen are not known. */
static int knows_links(int fd)
{
    static const char *const programs[] = { "iTerm.app", "WezTerm", "vscode", "ghostty", NULL };
    static const char *const terms[] = { "xterm-kitty", "xterm-ghostty", "foot", "foot-extra", "alacritty", "wezterm",
                                         "contour", NULL };
    const char *term = getenv("TERM");
    if (!can_steer(fd) || is_set("TMUX") || is_set("STY") || strncmp(term, "screen", 6) == 0 ||
        strncmp(term, "tmux", 4) == 0)
        return 0;
    return is_one_of(term, terms) || is_one_of(getenv("TERM_PROGRAM"), programs) || env_at_least("VTE_VERSION", 5000) ||
           env_at_least("KONSOLE_VERSION", 201200) || is_set("WT_SESSION");
}

mrg_screen mrg_screen_make(FILE *out, const mrg_search_args *args)
{
    int fd = fileno(out);
    mrg_screen screen = { .out = out,
                          .color = wants_color(fd, args->color),
                          .width = args->has_width ? args->width : terminal_width(fd),
                          .rows = terminal_rows(fd),
                          .utf8 = is_utf8(),
                          .links = args->links == MRG_COLOR_AUTO ? knows_links(fd) : args->links == MRG_COLOR_ALWAYS };
    return screen;
}

mrg_screen mrg_screen_narrowed(const mrg_screen *screen, const mrg_search_args *args, size_t max)
{
    mrg_screen narrow = *screen;
    if (!args->has_width && narrow.width > max)
        narrow.width = max;
    return narrow;
}

/* ---- Links ---- */

int mrg_is_link(const char *url)
{
    return (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0) &&
           strlen(url) <= LINK_MAX_BYTES;
}

void mrg_put_link(const mrg_screen *screen, const char *url)
{
    fputs("\033]8;;", screen->out);
    for (; *url; url++) {
        unsigned char c = (unsigned char)*url;
        if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c))
            fprintf(screen->out, "%%%02X", c);
        else
            putc(c, screen->out);
    }
    fputs("\033\\", screen->out);
}
