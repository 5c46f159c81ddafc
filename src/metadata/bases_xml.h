/* bases_xml.h: small XML files of the user's, as a tree. */
#pragma once
#include "metadata/bases_read.h"

#include <libxml/tree.h>

/* Reads PATH: *OUT is the document, NULL where there is no such file. A document type is refused: with it
 * entities could be declared. Free with xmlFreeDoc. */
int sp_bases_xml_open(struct sp_bases_reading *reading, const char *path, xmlDoc **out, struct sp_error *err);
void sp_bases_xml_close(xmlDoc **document);
#define sp_autoxml __attribute__((cleanup(sp_bases_xml_close)))

/* The next element with this name (namespaces are passed over; NULL: any) from NODE on, NODE included. */
xmlNode *sp_xml_find(xmlNode *node, const char *name);
/* The first such child of PARENT, which may be NULL. */
xmlNode *sp_xml_child(xmlNode *parent, const char *name);
/* Text of such a child, and an attribute, without the blanks around; in the arena. NULL: there is none, or
 * memory ran out (ERR is then filled). */
char *sp_xml_text(struct sp_bases_reading *reading, xmlNode *parent, const char *name, struct sp_error *err);
char *sp_xml_attribute(struct sp_bases_reading *reading, xmlNode *node, const char *name,
                       struct sp_error *err);
/* "PATH:LINE" of NODE; in the arena. */
char *sp_xml_place(struct sp_bases_reading *reading, const char *path, const xmlNode *node,
                   struct sp_error *err);
