/* documents_xml.c: XML of registries. Source: libxml2; "Billion laughs" is why no entity is ever defined. */
#include "metadata/documents.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

static void
on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    (void)name, (void)id, (void)uri;
    xmlParserCtxtPtr parser = context;
    parser->_private = parser; /* marks why it ended */
    xmlStopParser(parser);
}

static void
on_error(void *context, const char *message, ...)
{
    (void)context, (void)message; /* the outcome is looked at instead */
}

static bool
has_too_many(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length && count <= SP_TREE_VALUES_MAX; i++)
        count += bytes[i] == '<' || bytes[i] == '='; /* elements and attributes */
    return count > SP_TREE_VALUES_MAX;
}

int
sp_document_xml(const struct sp_teller *teller, const char *bytes, size_t length, xmlDoc **out,
                struct sp_error *err)
{
    *out = NULL;
    if (!length || length > SP_TREE_MAX || has_too_many(bytes, length))
        return sp_record_problem(teller->record, err, "%s: %s", teller->source,
                                 length ? "more elements than any package has" : "an empty document");
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(bytes, (int)length);
    if (!parser)
        return sp_fail_memory(err);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    parser->sax->internalSubset = on_doctype;
    parser->sax->error = parser->sax->warning = on_error;
    xmlParseDocument(parser);
    bool doctype = parser->_private, memory = parser->errNo == XML_ERR_NO_MEMORY;
    bool good = parser->wellFormed && !doctype;
    if (good && parser->myDoc)
        *out = parser->myDoc;
    else if (parser->myDoc)
        xmlFreeDoc(parser->myDoc);
    parser->myDoc = NULL;
    xmlFreeParserCtxt(parser);
    if (*out)
        return SP_READ;
    if (memory)
        return sp_fail_memory(err);
    return sp_record_problem(teller->record, err, "%s: %s", teller->source,
                             doctype ? "a DOCTYPE, which could define entities: it is not read"
                                     : "XML that is not well formed") < 0
               ? -1
               : SP_NOT_READ;
}

static const xmlNode *
find_from(const xmlNode *node, const char *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0))
        node = node->next;
    return node;
}

const xmlNode *
sp_element_child(const xmlNode *node, const char *name)
{
    return node ? find_from(node->children, name) : NULL;
}

const xmlNode *
sp_element_next(const xmlNode *node)
{
    return find_from(node->next, (const char *)node->name);
}

const char *
sp_element_text(const xmlNode *node, struct sp_arena *arena, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    for (const xmlNode *part = node ? node->children : NULL; part; part = part->next)
        if ((part->type == XML_TEXT_NODE || part->type == XML_CDATA_SECTION_NODE) && part->content &&
            sp_buffer_append_string(&text, (const char *)part->content, err) < 0)
            return NULL;
    const char *from = sp_buffer_string(&text);
    from += strspn(from, " \t\r\n");
    size_t length = strlen(from);
    while (length && strchr(" \t\r\n", from[length - 1]))
        length--;
    return sp_arena_copy(arena, from, length, err);
}
