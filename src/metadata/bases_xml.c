#include "metadata/bases_xml.h"

#include <libxml/parser.h>
#include <string.h>

void
sp_bases_xml_close(xmlDoc **document)
{
    if (*document)
        xmlFreeDoc(*document);
}

int
sp_bases_xml_open(struct sp_bases_reading *reading, const char *path, xmlDoc **out, struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    *out = NULL;
    int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
    if (there <= 0)
        return there;
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return sp_fail_memory(err);
    xmlDoc *document =
        xmlCtxtReadMemory(parser, sp_buffer_string(&file.content), (int)file.content.length, NULL, NULL,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    int line = parser->lastError.line;
    xmlFreeParserCtxt(parser);
    if (!document)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%d: is no whole XML; mend it or move it away", path,
                       line > 0 ? line : 1);
    if (document->intSubset || document->extSubset) {
        xmlFreeDoc(document);
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: a document type, which no such file needs; remove it",
                       path);
    }
    *out = document;
    return 0;
}

xmlNode *
sp_xml_find(xmlNode *node, const char *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || (name && strcmp((const char *)node->name, name) != 0)))
        node = node->next;
    return node;
}

xmlNode *
sp_xml_child(xmlNode *parent, const char *name)
{
    return parent ? sp_xml_find(parent->children, name) : NULL;
}

/* TEXT is freed. */
static char *
trim(struct sp_bases_reading *reading, xmlChar *text, struct sp_error *err)
{
    if (!text)
        return NULL;
    const char *start = (const char *)text + strspn((const char *)text, " \t\r\n");
    size_t length = strlen(start);
    while (length && strchr(" \t\r\n", start[length - 1]))
        length--;
    char *copy = sp_arena_copy(&reading->reading.arena, start, length, err);
    xmlFree(text);
    return copy;
}

char *
sp_xml_text(struct sp_bases_reading *reading, xmlNode *parent, const char *name, struct sp_error *err)
{
    xmlNode *child = sp_xml_child(parent, name);
    return child ? trim(reading, xmlNodeGetContent(child), err) : NULL;
}

char *
sp_xml_attribute(struct sp_bases_reading *reading, xmlNode *node, const char *name, struct sp_error *err)
{
    return trim(reading, xmlGetProp(node, (const xmlChar *)name), err);
}

char *
sp_xml_place(struct sp_bases_reading *reading, const char *path, const xmlNode *node, struct sp_error *err)
{
    return sp_arena_printf(&reading->reading.arena, err, "%s:%ld", path, xmlGetLineNo(node));
}
