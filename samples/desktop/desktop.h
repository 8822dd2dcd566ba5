/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * desktop.h: the parts of the application, and what they ask of each other.
 *
 * The window (struct desk) knows them all. window.c asks and shows what is answered; the other files are one part each,
 * and tell the window when something was chosen in them. Of Morgue they know morgue.h.
 */
#ifndef DESKTOP_H
#define DESKTOP_H

#include <gtk/gtk.h>
#include "morgue.h"

typedef struct desk desk;
typedef struct desk_list desk_list;
typedef struct desk_reader desk_reader;
typedef struct desk_card desk_card;
typedef struct desk_facets desk_facets;
typedef struct desk_timeline desk_timeline;
typedef struct desk_theme desk_theme;
typedef struct desk_ingest desk_ingest;
typedef struct desk_measure desk_measure;

struct desk {
    GtkWidget *window, *entry, *sidebar_button, *back_button;
    GtkWidget *stack;                                    /* "search", or "welcome" without an archive */
    GtkWidget *count, *chips, *sort;                     /* above the timeline */
    GtkWidget *sidebar, *list_pane, *reader_pane;        /* hold facets, list and reader */
    GtkWidget *reader_stack;                             /* "article", or "empty" */
    GtkWidget *status, *status_text, *progress, *cancel; /* the line at the foot */
    int width;
    gboolean sidebar_wanted, reading; /* with room for one of list and reader only: which */
    guint arrange_source, status_source, settle_source;
    desk_list *list;
    desk_reader *reader;
    desk_card *card;
    desk_facets *facets;
    desk_timeline *timeline;
    desk_theme *theme;
    desk_ingest *ingest;   /* NULL: nothing is being indexed */
    desk_measure *measure; /* NULL: nothing is measured */
    GtkFileChooserNative *chooser;
    char *archive;
    morgue_session *session;   /* NULL: there is no archive yet */
    morgue_searcher *searcher; /* for articles by their ids, and the size of the archive */
    guint parts_source;
    char *query;       /* the one asked last */
    gsize limit;       /* hits asked for */
    gboolean more;     /* it asks for more of the same */
    gboolean answered; /* its page is there, or it failed */
    char *failure;     /* why it did; NULL: it did not */
    GString *told;     /* for --trace, what has come of it since */
    char **filters;    /* what it is narrowed to: "person:Oksana Hrytsenko", "date:2014-02..2014-04" */
    GPtrArray *visits; /* searches that were made, to go back to */
    int visit;         /* which of them this is */
    gboolean silent;   /* the entry is changed by us */
};

/* ---- window.c: questions and answers ---- */

/* `archive`: NULL for the one in the user's data directory. The window frees itself when it is closed. */
void desk_open_window(GtkApplication *app, const char *archive, gboolean measure);

void desk_ask(desk *w);                                               /* what is typed, and narrowed to, now */
void desk_ask_more(desk *w);                                          /* the next page */
void desk_narrow(desk *w, const char *field, const char *value);      /* "person", "Oksana Hrytsenko" */
void desk_widen(desk *w, int index);                                  /* undoes one filter, or with -1 all */
void desk_search_name(desk *w, const char *field, const char *value); /* a search of its own */
void desk_visit_again(desk *w, int step);                             /* one search back (-1) or forward */
void desk_show_article(desk *w, guint index);                         /* of the list, which selects it */
void desk_read(desk *w);                                              /* goes to the article that is selected */
char *desk_query_of(const char *field, const char *value); /* person:"Oksana Hrytsenko"; to be freed with g_free() */
void desk_open_archive(desk *w, const char *path);
void desk_index_folder(desk *w, const char *path);
void desk_indexed(desk *w, const char *text, gboolean failed); /* the ingest is over */
void desk_styled(desk *w, gboolean dark);

/* ---- actions.c: keys and menus ---- */

void desk_actions_add(desk *w, GtkApplication *app);

/* ---- layout.c: the widgets of the window, and how they make do with little room ---- */

void desk_layout_init(desk *w, GtkApplication *app);
void desk_layout_read(desk *w, gboolean reading);
void desk_layout_toggle_sidebar(desk *w);
void desk_show_filters(desk *w);

/* The line at the foot: something goes on that can be cancelled, or what came of it, for a while. */
void desk_busy(desk *w, const char *text);
void desk_message(desk *w, const char *text, gboolean failed);

/* Widgets as all parts want them; each gives back its first argument. */
GtkWidget *desk_styled_as(GtkWidget *widget, const char *css_class);
GtkWidget *desk_named(GtkWidget *widget, const char *accessible_name);
GtkWidget *desk_box(GtkOrientation orientation, int spacing, GtkWidget *first, ...) G_GNUC_NULL_TERMINATED;
GtkWidget *desk_label(const char *text, const char *css_class);
GtkWidget *desk_scroller(GtkWidget *child);
void desk_empty_box(GtkWidget *box);

/* A button with a coloured dot, a name and what stands behind it; the type of the name decides the colour. */
GtkWidget *desk_name_button(const char *css_class, GtkWidget *last);
void desk_name_button_set(GtkWidget *button, const char *type, const char *name);

/* ---- list.c: the ranked list ---- */

desk_list *desk_list_new(desk *w);
void desk_list_free(desk_list *list);
GtkWidget *desk_list_widget(desk_list *list);
void desk_list_show(desk_list *list, morgue_part *take_page, gboolean more); /* of the same; NULL: nothing */
gsize desk_list_size(const desk_list *list);
const morgue_hit *desk_list_hit(const desk_list *list, gsize index); /* NULL past the last */
void desk_list_select(desk_list *list, guint index, gboolean focus);
int desk_list_selected(const desk_list *list); /* -1: none */

/* ---- reader.c: the article, with matches and names ---- */

desk_reader *desk_reader_new(desk *w);
void desk_reader_free(desk_reader *reader);
GtkWidget *desk_reader_widget(desk_reader *reader);
GtkWidget *desk_reader_text(desk_reader *reader); /* what takes the focus */
/* The article of morgue_fetch(), from its top; NULL: none. Taken, also on failure; to be gone before its archive is. */
morgue_status desk_reader_show(desk_reader *reader, morgue_results *take_article, morgue_error *err);
const char *desk_reader_id(const desk_reader *reader); /* of what is shown, or "" */
void desk_reader_restyle(desk_reader *reader);         /* the colours have changed */

/* ---- card.c: what is known of a name of the article, and what to do with it ---- */

desk_card *desk_card_new(desk *w, GtkWidget *parent);
void desk_card_free(desk_card *card);                                                    /* before the parent is gone */
morgue_status desk_card_search(desk_card *card, const char *archive, morgue_error *err); /* NULL: none any more */
void desk_card_show(desk_card *card, const morgue_entity *entity, const GdkRectangle *where);

/* ---- facets.c: the names and sources of what was found ---- */

/* Related names are those that go with the query more than chance has it, of any type. */
enum { DESK_RELATED, DESK_PEOPLE, DESK_ORGS, DESK_PLACES, DESK_SOURCES, DESK_SECTIONS };
enum { DESK_RELATED_NAMES = 12 };

desk_facets *desk_facets_new(desk *w);
void desk_facets_free(desk_facets *facets);
GtkWidget *desk_facets_widget(desk_facets *facets);
void desk_facets_show(desk_facets *facets, int section, morgue_part *take_values); /* NULL: none */
gboolean desk_facets_focus(desk_facets *facets);

/* ---- timeline.c: how many appeared when; dragging narrows to a time ---- */

desk_timeline *desk_timeline_new(desk *w);
void desk_timeline_free(desk_timeline *timeline);
GtkWidget *desk_timeline_widget(desk_timeline *timeline);
void desk_timeline_cover(desk_timeline *timeline, const char *range);      /* NULL: whatever it is shown */
gboolean desk_timeline_wants_days(const desk_timeline *timeline);          /* and not months? */
void desk_timeline_show(desk_timeline *timeline, morgue_part *take_dates); /* NULL: none */

/* ---- text.c: untrusted text made fit to be shown ----
 *
 * It reaches the screen only through here, and never as markup: no control characters, none that turn the direction of
 * what follows, no endless lines. Each character stays one, so that a place counted in characters stays the same. */

char *desk_text_line(const char *text, gssize len); /* len -1: up to the NUL. To be freed, as the other two */
char *desk_text_body(const char *text, gssize len); /* paragraphs; lines broken to fit a terminal are joined */
char *desk_date(const char *iso);                   /* "12 March 2014", also of a month, a year, a range */
const char *desk_number(guint64 number);            /* "1,234"; lent until the next call but three */

const char *desk_title(const morgue_hit *hit); /* else the end of its id; untrusted still */

/* Where bytes of a valid text are, in characters; asked for in ascending order it costs one walk. */
typedef struct desk_chars {
    const char *text;
    gsize len, byte, chars;
} desk_chars;
desk_chars desk_chars_of(const char *text, gsize len);
guint desk_chars_at(desk_chars *at, gsize byte);

/* ---- ingest.c: a folder is indexed on a thread ---- */

/* Tells desk_busy() how it goes, then desk_indexed(). The archive is made if there is none. */
desk_ingest *desk_ingest_start(desk *w, const char *archive, const char *folder);
void desk_ingest_cancel(desk_ingest *ingest);
void desk_ingest_free(desk_ingest *ingest); /* waits for the end, and tells nothing any more */

/* ---- theme.c: dark or light, as the system has it or as the reader chose ---- */

desk_theme *desk_theme_new(desk *w);
void desk_theme_free(desk_theme *theme);
void desk_theme_set(desk_theme *theme, const char *style); /* "system", "light", "dark" */

/* ---- measure.c: --measure and --trace ---- */

/* From a key, by the clock of the X server, to the frame that shows the first page of its query, or of a later one. */
desk_measure *desk_measure_new(GtkWidget *window);
void desk_measure_end(desk_measure *measure);  /* prints */
void desk_measure_key(desk_measure *measure);  /* the text was changed by a key */
void desk_measure_page(desk_measure *measure); /* a first page is in the widgets, and waits to be painted */

/* What the window shows, a line for each change, for tests that press keys. */
void desk_trace_on(void);
void desk_trace(const char *format, ...) G_GNUC_PRINTF(1, 2);
void desk_trace_place(const char *name, GtkWidget *widget); /* "place NAME X Y W H" */
void desk_trace_accessible(GtkWidget *widget); /* "unnamed TYPE" for each control without an accessible name */

#endif
