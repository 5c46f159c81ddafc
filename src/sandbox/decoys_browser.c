/* decoys_browser.c: browser profiles, and small SQLite files written by hand: the sandbox knows no database.
 * Source: SQLite, Database File Format. */
#include "sandbox/decoys_parts.h"

#include <string.h>

#define PAGE 4096

struct column {
    char type; /* 't' text, 'b' blob, 'n' null, 'i' integer of one byte */
    const void *bytes;
    size_t length;
};

static void
put_u16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void
put_u32(unsigned char *at, uint32_t value)
{
    put_u16(at, value >> 16);
    put_u16(at + 2, value & 0xffff);
}

/* Numbers below 16,384 in SQLite's variable length. */
static size_t
put_varint(unsigned char *at, size_t value)
{
    if (value < 128) {
        at[0] = (unsigned char)value;
        return 1;
    }
    at[0] = (unsigned char)(0x80 | value >> 7);
    at[1] = (unsigned char)(value & 0x7f);
    return 2;
}

/* Makes a table's leaf with one row in PAGE_BYTES, whose header begins at AT (100 on the first page). */
static void
put_leaf(unsigned char *page, size_t at, const struct column *columns, size_t count)
{
    unsigned char types[64], body[2048], cell[2048 + 128];
    size_t type_size = 0, body_size = 0, size;
    for (size_t i = 0; i < count; i++) {
        size_t length = columns[i].length, serial = columns[i].type == 'n'   ? 0
                                                    : columns[i].type == 'i' ? 1
                                                    : columns[i].type == 't' ? 13 + 2 * length
                                                                             : 12 + 2 * length;
        type_size += put_varint(types + type_size, serial);
        if (length)
            memcpy(body + body_size, columns[i].bytes, length);
        body_size += length;
    }
    size = put_varint(cell, 1 + type_size + body_size);
    size += put_varint(cell + size, 1); /* row id */
    cell[size++] = (unsigned char)(1 + type_size);
    memcpy(cell + size, types, type_size);
    size += type_size;
    memcpy(cell + size, body, body_size);
    size += body_size;

    page[at] = 0x0d;
    put_u16(page + at + 3, 1);
    put_u16(page + at + 5, (unsigned)(PAGE - size));
    put_u16(page + at + 8, (unsigned)(PAGE - size));
    memcpy(page + PAGE - size, cell, size);
}

/* A database of one table with one row. */
static int
write_database(struct sp_decoy_making *making, const char *table, const char *sql, uint32_t application,
               const struct column *columns, size_t count)
{
    unsigned char pages[2 * PAGE] = "SQLite format 3";
    static const unsigned char root[1] = { 2 };
    put_u16(pages + 16, PAGE);
    memcpy(pages + 18, "\x01\x01\x00\x40\x20\x20", 6);
    put_u32(pages + 24, 1);
    put_u32(pages + 28, 2);
    put_u32(pages + 40, 1);
    put_u32(pages + 44, 4);
    put_u32(pages + 56, 1);
    put_u32(pages + 68, application);
    put_u32(pages + 92, 1);
    put_u32(pages + 96, 3040001);
    const struct column schema[] = { { 't', "table", 5 },
                                     { 't', table, strlen(table) },
                                     { 't', table, strlen(table) },
                                     { 'i', root, 1 },
                                     { 't', sql, strlen(sql) } };
    put_leaf(pages, 100, schema, SP_COUNT(schema));
    put_leaf(pages + PAGE, 0, columns, count);
    return sp_decoy_append(making, pages, sizeof(pages));
}

static struct column
text(const char *string)
{
    return (struct column){ 't', string, strlen(string) };
}

/* Chrome's encrypted values begin with "v10" or "v11". */
static int
encrypted(struct sp_decoy_making *making, char out[64], struct column *column)
{
    unsigned char nonce[12];
    if (sp_random_bytes(nonce, sizeof(nonce), making->err) < 0)
        return -1;
    memcpy(out, "v11", 3);
    memcpy(out + 3, nonce, sizeof(nonce));
    memcpy(out + 15, making->canaries.texts[0], SP_CANARY_LENGTH);
    *column = (struct column){ 'b', out, 15 + SP_CANARY_LENGTH };
    return 0;
}

int
sp_write_chrome_logins(struct sp_decoy_making *making)
{
    static const char sql[] =
        "CREATE TABLE logins (origin_url VARCHAR NOT NULL, action_url VARCHAR, username_element VARCHAR, "
        "username_value VARCHAR, password_element VARCHAR, password_value BLOB, signon_realm VARCHAR NOT "
        "NULL)";
    char value[64];
    struct column columns[] = { text("https://bank.example.org/login"),
                                text("https://bank.example.org/session"),
                                text("user"),
                                text(making->account),
                                text("password"),
                                { 'n', NULL, 0 },
                                text("https://bank.example.org/") };
    if (encrypted(making, value, &columns[5]) < 0)
        return -1;
    return write_database(making, "logins", sql, 0, columns, SP_COUNT(columns));
}

int
sp_write_chrome_cookies(struct sp_decoy_making *making)
{
    static const char sql[] =
        "CREATE TABLE cookies (host_key TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT "
        "NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL)";
    char value[64];
    struct column columns[] = {
        text(".example.org"), text("session"), text(""), { 'n', NULL, 0 }, text("/")
    };
    if (encrypted(making, value, &columns[3]) < 0)
        return -1;
    return write_database(making, "cookies", sql, 0, columns, SP_COUNT(columns));
}

/* Bitcoin Core's wallets are SQLite files whose application id is the network's magic. */
int
sp_write_bitcoin(struct sp_decoy_making *making)
{
    char value[128] = "\x01\x04\x88\xad\xe4";
    memcpy(value + 5, making->canaries.texts[0], SP_CANARY_LENGTH);
    if (sp_random_bytes(value + 5 + SP_CANARY_LENGTH, 50, making->err) < 0)
        return -1;
    struct column columns[] = { { 'b', "\x13walletdescriptorkey", 20 },
                                { 'b', value, 5 + SP_CANARY_LENGTH + 50 } };
    /* without the PRIMARY KEY of the original, which would want an index on a page of its own */
    return write_database(making, "main", "CREATE TABLE main(key BLOB NOT NULL, value BLOB NOT NULL)",
                          0xf9beb4d9u, columns, SP_COUNT(columns));
}

int
sp_write_firefox_logins(struct sp_decoy_making *making)
{
    return sp_decoy_printf(
        making,
        "{\"nextId\":2,\"logins\":[{\"id\":1,\"hostname\":\"https://bank.example.org\",\"httpRealm\":null,"
        "\"formSubmitURL\":\"https://"
        "bank.example.org\",\"usernameField\":\"user\",\"passwordField\":\"password\","
        "\"encryptedUsername\":\"MDIEEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZIhvcNAwcECJx2\","
        "\"encryptedPassword\":\"MEIEEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZIhvcNAwcECA%sAA==\","
        "\"guid\":\"{5f6c9d0e-3f0b-4a43-8a2e-6f1d2c3b4a59}\",\"encType\":1,\"timeCreated\":1681205213000,"
        "\"timeLastUsed\":1681205213000,\"timePasswordChanged\":1681205213000,\"timesUsed\":4}],"
        "\"potentiallyVulnerablePasswords\":[],\"dismissedBreachAlertsByLoginGUID\":{},\"version\":3}\n",
        making->canaries.texts[0]);
}
