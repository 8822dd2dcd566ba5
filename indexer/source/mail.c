/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mail: one message (RFC 5322) or an mbox of many, through GMime. A message is an article: its subject the title,
 * its plain text, or else its HTML as text; a digest's messages follow one another. Attachments are left out. Messages
 * are taken from the stream one at a time.
 */
#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

#include "source/charset.h"
#include "source/html.h"
#include "source/reader.h"

enum { LONGEST_LINE = 1 << 20, DEEPEST_PART = 40 };

typedef struct mail {
    mrg_input *in;
    uint64_t number; /* of the message, from 1 */
    int is_mbox;
    mrg_buffer raw, text;
} mail;

static void init_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, g_mime_init);
}

/* ---- parts ---- */

typedef struct chosen {
    mrg_buffer *out;
    morgue_error *err;
    morgue_status status;
} chosen;

/* The bytes of a part without its transfer encoding, as UTF-8. */
static void append_part(mrg_buffer *out, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    if (!content)
        return;
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    const char *charset = g_mime_content_type_get_parameter(type, "charset");
    mrg_to_utf8(out, bytes->data, bytes->len, charset);
    g_object_unref(stream);
}

static void take_part(chosen *c, GMimePart *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    mrg_buffer utf8 = MRG_BUFFER_INIT;
    append_part(&utf8, part);
    if (c->out->len)
        mrg_buffer_append_str(c->out, "\n\n");
    if (g_mime_content_type_is_type(type, "text", "html"))
        c->status = mrg_html_fragment_text(c->out, utf8.data ? (const char *)utf8.data : "", utf8.len, c->err);
    else if (utf8.len)
        mrg_buffer_append(c->out, utf8.data, utf8.len);
    if (utf8.failed && !c->status)
        c->status = mrg_fail_nomem(c->err);
    mrg_buffer_dispose(&utf8);
}

static int is_text(GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    return GMIME_IS_PART(object) && (g_mime_content_type_is_type(type, "text", "plain") ||
                                     g_mime_content_type_is_type(type, "text", "html") ||
                                     g_mime_content_type_is_type(type, "text", "enriched"));
}

static int is_attachment(GMimeObject *object)
{
    const char *disposition = g_mime_object_get_disposition(object);
    return disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

static int is_blank(const mrg_buffer *b, size_t from)
{
    for (size_t i = from; i < b->len; i++)
        if (!strchr(" \t\r\n", b->data[i]) || !b->data[i])
            return 0;
    return 1;
}

static void take_object(chosen *c, GMimeObject *object, int depth);

/* Plain text before HTML, whatever the order. */
static void take_alternative(chosen *c, GMimeMultipart *multipart, int depth)
{
    int count = g_mime_multipart_get_count(multipart);
    size_t before = c->out->len;
    for (int i = 0; i < count && !c->status; i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        if (g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain"))
            take_object(c, part, depth);
    }
    for (int i = count - 1; i >= 0 && !c->status && is_blank(c->out, before); i--) {
        c->out->len = before;
        take_object(c, g_mime_multipart_get_part(multipart, i), depth);
    }
}

static void take_object(chosen *c, GMimeObject *object, int depth)
{
    if (depth == DEEPEST_PART || c->status || is_attachment(object))
        return;
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = GMIME_MULTIPART(object);
        if (g_mime_content_type_is_type(g_mime_object_get_content_type(object), "multipart", "alternative")) {
            take_alternative(c, multipart, depth + 1);
            return;
        }
        for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
            take_object(c, g_mime_multipart_get_part(multipart, i), depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        GMimeObject *body = inner ? g_mime_message_get_mime_part(inner) : NULL;
        if (body)
            take_object(c, body, depth + 1);
    } else if (is_text(object)) {
        take_part(c, GMIME_PART(object));
    }
}

/* ---- a message ---- */

/* The first sender's name, or the address if there is none. */
static char *author_of(GMimeMessage *message)
{
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first = from && internet_address_list_length(from) > 0
                                 ? internet_address_list_get_address(from, 0)
                                 : NULL;
    const char *name = first ? internet_address_get_name(first) : NULL;
    if (name && *name)
        return g_strdup(name);
    return first && INTERNET_ADDRESS_IS_MAILBOX(first)
               ? g_strdup(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)))
               : NULL;
}

/* What stands before the address in "The Harbour List <harbour.lists.example>". */
static char *list_of(GMimeMessage *message)
{
    const char *list = g_mime_object_get_header(GMIME_OBJECT(message), "List-Id");
    char *name = list ? g_mime_utils_header_decode_text(NULL, list) : NULL;
    char *bracket = name ? strchr(name, '<') : NULL;
    if (bracket && bracket != name)
        *bracket = 0;
    return name;
}

/* "Keywords: grain, wheat" */
static char *keywords_of(GMimeMessage *message)
{
    const char *header = g_mime_object_get_header(GMIME_OBJECT(message), "Keywords");
    char *keywords = header ? g_mime_utils_header_decode_text(NULL, header) : NULL;
    for (char *p = keywords; p && *p; p++)
        *p = *p == ',' ? ';' : *p;
    return keywords;
}

static morgue_status deliver(mail *m, GMimeMessage *message, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    GDateTime *when = g_mime_message_get_date(message);
    char *date = when ? g_date_time_format(when, "%Y-%m-%dT%H:%M:%S%z") : NULL;
    char *author = author_of(message), *list = list_of(message), *keywords = keywords_of(message);
    const char *text = mrg_buffer_cstr(&m->text);
    mrg_format_place(place, m->in->path, m->is_mbox ? '#' : 0, m->number);
    const morgue_article article = {
        .id = g_mime_message_get_message_id(message),
        .title = g_mime_message_get_subject(message),
        .text = text,
        .text_len = m->text.len,
        .date = date,
        .source = list,
        .author = author,
        .subject = keywords,
    };
    morgue_status status = text ? mrg_deliver(m->in, &article, place, place, err) : mrg_fail_nomem(err);
    g_free(date);
    g_free(author);
    g_free(list);
    g_free(keywords);
    return status;
}

static void tell_message(mail *m, const char *message)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, m->in->path, m->is_mbox ? '#' : 0, m->number);
    mrg_tell_place(m->in, place, message);
}

/* The message in m->raw. */
static morgue_status read_message(mail *m, morgue_error *err)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)m->raw.data, m->raw.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    morgue_status status = MORGUE_OK;
    mrg_buffer_clear(&m->text);
    if (message) {
        chosen c = { &m->text, err, MORGUE_OK };
        if (g_mime_message_get_mime_part(message))
            take_object(&c, g_mime_message_get_mime_part(message), 0);
        status = c.status ? c.status : deliver(m, message, err);
        g_object_unref(message);
    } else {
        tell_message(m, "no mail message; skipped");
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return status;
}

/* ---- the mailbox ---- */

/* Collects lines up to the next "From " line behind an empty one; that line is taken off. *more: it was there. */
static morgue_status next_message(mail *m, int *more, int *too_long, morgue_error *err)
{
    uint64_t longest = m->in->options->max_article_bytes;
    int after_empty = 1;
    mrg_buffer_clear(&m->raw);
    *more = *too_long = 0;
    for (;;) {
        mrg_line line;
        morgue_status status = mrg_stream_line(&m->in->stream, LONGEST_LINE, &line, err);
        if (status || !line.text)
            return status;
        if (m->is_mbox && after_empty && line.len > 5 && memcmp(line.text, "From ", 5) == 0) {
            *more = 1;
            return MORGUE_OK;
        }
        after_empty = line.len == 0 && !line.too_long;
        if (*too_long || m->raw.len + line.len > longest) {
            *too_long = 1;
            continue;
        }
        size_t quotes = 0; /* ">From " was "From " */
        while (m->is_mbox && quotes < line.len && line.text[quotes] == '>')
            quotes++;
        int quoted = quotes && line.len - quotes > 5 && memcmp(line.text + quotes, "From ", 5) == 0;
        mrg_buffer_append(&m->raw, line.text + quoted, line.len - (size_t)quoted);
        mrg_buffer_append_byte(&m->raw, '\n');
    }
}

static morgue_status read_mail(mrg_input *in, morgue_error *err)
{
    mail m = { .in = in };
    morgue_status status = mrg_stream_fill(&in->stream, 5, err);
    const mrg_stream *s = &in->stream;
    int more = 1, too_long;
    init_library();
    m.is_mbox = !status && s->end - s->begin >= 5 && memcmp(s->data + s->begin, "From ", 5) == 0;
    if (m.is_mbox && !status)
        status = next_message(&m, &more, &too_long, err); /* what stands before the first: nothing */
    while (more && !status) {
        m.number++;
        status = next_message(&m, &more, &too_long, err);
        if (!status && m.raw.failed)
            status = mrg_fail_nomem(err);
        if (!status && too_long)
            tell_message(&m, "a message longer than an article may be; skipped");
        else if (!status && m.raw.len)
            status = read_message(&m, err);
    }
    mrg_buffer_dispose(&m.raw);
    mrg_buffer_dispose(&m.text);
    return status;
}

const mrg_reader_kind mrg_reader_mail = { "mail", read_mail, 0 };
