/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of XML share: a tree out of bytes that may be ill-formed, and words out of the tree. Names are
 * compared without their prefixes, since news XML comes with and without. Nothing is fetched, no entity that the
 * document declares is expanded.
 */
#ifndef MRG_XML_H
#define MRG_XML_H

#include <libxml/tree.h>

#include "source/reader.h"

/* Reads the whole input as XML. *out is NULL if there is no element in it; that was told. Free with xmlFreeDoc. */
morgue_status mrg_xml_read(mrg_input *in, xmlDoc **out, morgue_error *err);

/* Messages without a context would reach standard error; between these two calls they are dropped. */
typedef struct mrg_xml_quiet {
    xmlStructuredErrorFunc handler;
    void *ctx;
} mrg_xml_quiet;
mrg_xml_quiet mrg_xml_hush(void);
void mrg_xml_unhush(mrg_xml_quiet old);

int mrg_xml_is(const xmlNode *node, const char *name); /* an element of this local name, in any case */

/* The first child of this name, and the next sibling of this name; NULL for none. A NULL parent has none. */
xmlNode *mrg_xml_child(const xmlNode *parent, const char *name);
xmlNode *mrg_xml_next(const xmlNode *node, const char *name);
/* The first element of this name below `root`, in document order. */
xmlNode *mrg_xml_find(const xmlNode *root, const char *name);
/* The next node in document order below `root`; NULL past the last. */
xmlNode *mrg_xml_walk(const xmlNode *node, const xmlNode *root);

/* An attribute's value by local name, lent; NULL for none. */
const char *mrg_xml_attribute(const xmlNode *node, const char *name);

/* Appends the character data below a node, as it stands. NULL appends nothing. */
void mrg_xml_append_text(mrg_buffer *out, const xmlNode *node);

/* Appends the text of markup that reads like HTML (XHTML, NITF), with its paragraphs. */
morgue_status mrg_xml_append_markup(mrg_buffer *out, const xmlNode *node, morgue_error *err);

#endif
