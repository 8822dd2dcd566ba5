/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Names of files come from anywhere; what is not printable must not reach a log or a terminal. A
   multi-byte character cut by the size of the message is dropped. */
static void tidy(char *message)
{
    unsigned char *out = (unsigned char *)message;
    const unsigned char *in = out;
    while (*in) {
        size_t n = *in < 0x80 ? 1 : *in >= 0xf0 && *in < 0xf5 ? 4 : *in >= 0xe0 ? 3 : *in >= 0xc2 ? 2 : 0;
        size_t have = 1;
        if (*in >= 0xf5)
            n = 0;
        while (have < n && (in[have] & 0xc0) == 0x80)
            have++;
        if (n == 0 || have < n || (n == 2 && in[0] == 0xc2 && in[1] < 0xa0)) {
            if (n > 1 && in[have] == 0 && have < n)
                break;
            *out++ = '?';
            in += n == 2 && have == 2 ? 2 : 1;
            continue;
        }
        if (n == 1 && (*in < 0x20 || *in == 0x7f)) {
            *out++ = '?';
            in++;
            continue;
        }
        memmove(out, in, n);
        out += n;
        in += n;
    }
    *out = 0;
}

static void format_message(morgue_error *err, morgue_status status, const char *format, va_list args)
{
    err->status = status;
    err->column = 0;
    vsnprintf(err->message, sizeof err->message, format, args);
    tidy(err->message);
}

morgue_status mrg_fail(morgue_error *err, morgue_status status, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        format_message(err, status, format, args);
        va_end(args);
    }
    return status;
}

morgue_status mrg_fail_errno(morgue_error *err, int errno_value, const char *format, ...)
{
    morgue_status status = errno_value == ENOMEM ? MORGUE_ERR_NOMEM
                           : errno_value == ENOENT ? MORGUE_ERR_NOT_FOUND
                                                   : MORGUE_ERR_IO;
    if (err) {
        va_list args;
        va_start(args, format);
        format_message(err, status, format, args);
        va_end(args);
        size_t len = strlen(err->message);
        char text[128] = "";
        /* The GNU variant returns the text; it may or may not use the buffer. */
        const char *said = strerror_r(errno_value, text, sizeof text);
        snprintf(err->message + len, sizeof err->message - len, ": %s", said);
    }
    return status;
}

morgue_status mrg_fail_nomem(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_NOMEM, "out of memory");
}

void mrg_error_clear(morgue_error *err)
{
    if (err) {
        err->status = MORGUE_OK;
        err->column = 0;
        err->message[0] = 0;
    }
}

const char *morgue_status_text(morgue_status status)
{
    switch (status) {
    case MORGUE_OK:
        return "no error";
    case MORGUE_ERR_NOMEM:
        return "out of memory";
    case MORGUE_ERR_INVALID:
        return "invalid argument or query";
    case MORGUE_ERR_IO:
        return "input or output failed";
    case MORGUE_ERR_CORRUPT:
        return "data is corrupt";
    case MORGUE_ERR_LOCKED:
        return "archive is locked";
    case MORGUE_ERR_VERSION:
        return "archive is of another version";
    case MORGUE_ERR_NOT_FOUND:
        return "not found";
    case MORGUE_ERR_CANCELLED:
        return "cancelled";
    case MORGUE_ERR_LIMIT:
        return "a limit was reached";
    case MORGUE_ERR_INTERNAL:
        return "internal error";
    }
    return "unknown status";
}
