/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clean.h"

static void complain(const char *program, const char *format, va_list args)
{
    char *line = NULL;
    if (vasprintf(&line, format, args) < 0)
        return;
    fprintf(stderr, "%s: ", program);
    mrg_put_clean_str(stderr, line);
    putc('\n', stderr);
    free(line);
}

void mrg_complain(const char *program, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(program, format, args);
    va_end(args);
}

int mrg_usage_error(const char *program, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(program, format, args);
    va_end(args);
    fprintf(stderr, "Try '%s --help'.\n", program);
    return MRG_EXIT_USAGE;
}

/* Digits only: strtoull alone would take signs and spaces. */
static int read_digits(const char *s, uint64_t *out, const char **end)
{
    char *stop;
    if (*s < '0' || *s > '9')
        return -1;
    errno = 0;
    *out = strtoull(s, &stop, 10);
    *end = stop;
    return errno ? -1 : 0;
}

int mrg_read_count(const char *s, uint64_t max, uint64_t *out)
{
    const char *end;
    return read_digits(s, out, &end) || *end || *out > max ? -1 : 0;
}

int mrg_read_size(const char *s, uint64_t *out)
{
    static const char units[] = "KMGT";
    const char *end;
    unsigned shift = 0;
    if (read_digits(s, out, &end))
        return -1;
    const char *unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end) : NULL;
    if (unit) {
        shift = 10 * ((unsigned)(unit - units) + 1);
        end++;
        if (strcmp(end, "B") == 0 || strcmp(end, "iB") == 0)
            end = "";
    }
    if (*end || *out > UINT64_MAX >> shift)
        return -1;
    *out <<= shift;
    return 0;
}

int mrg_read_seconds(const char *s, unsigned *out_ms)
{
    char *end;
    if ((*s < '0' || *s > '9') && *s != '.')
        return -1;
    double seconds = strtod(s, &end);
    if (*end || end == s || !(seconds <= 4000000))
        return -1;
    *out_ms = (unsigned)(seconds * 1000);
    *out_ms += (double)*out_ms < seconds * 1000;
    return 0;
}

static char *join(const char *directory, const char *rest)
{
    char *path = NULL;
    return asprintf(&path, "%s%s", directory, rest) < 0 ? NULL : path;
}

char *mrg_default_archive(int *is_ours)
{
    const char *archive = getenv("MORGUE_ARCHIVE");
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (is_ours)
        *is_ours = !(archive && *archive);
    if (archive && *archive)
        return join(archive, "");
    /* The XDG specification: a relative path is to be ignored. */
    if (data && *data == '/')
        return join(data, "/morgue/archive");
    return home && *home ? join(home, "/.local/share/morgue/archive") : NULL;
}

int mrg_getopt_error(const char *program, char *const *argv, int returned)
{
    if (returned == ':')
        return mrg_usage_error(program, "%s wants a value", argv[optind - 1]);
    if (optopt > 0 && optopt < 128)
        return mrg_usage_error(program, "there is no option -%c", optopt);
    return mrg_usage_error(program, "there is no such option, or it wants no value: %s", argv[optind - 1]);
}

void mrg_guard_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
    }
}

int mrg_finish_output(const char *program, FILE *out)
{
    errno = 0;
    int failed = fflush(out) != 0;
    if (!failed && !ferror(out))
        return 0;
    mrg_complain(program, "cannot write the output%s%s", failed && errno ? ": " : "",
                 failed && errno ? strerror(errno) : "");
    return -1;
}
