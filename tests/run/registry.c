/* A stand-in registry for the end-to-end tests: serves the files beneath a directory on a port of loopback, which it
 * prints. What lies under /private/ needs "Authorization: Bearer t0ken-of-the-user" and is 401 without. Each request is
 * a line in DIRECTORY/requests.log: method, path, authorization.
 *
 * How a path misbehaves is told by a file beside it, PATH.answer, with one of these on each line:
 *   slow SECONDS      it waits before it answers
 *   type TYPE         the media type
 *   redirect URL      302, to URL
 *   status CODE       that, and no document */
#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *directory;
static FILE *requests;

static enum MHD_Result
say(struct MHD_Connection *connection, unsigned code, const char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

struct manners {
    unsigned slow, status;
    char type[128], redirect[1024];
};

static void
read_manners(const char *path, struct manners *out)
{
    char name[4200], line[1200];
    *out = (struct manners){ 0 };
    snprintf(name, sizeof(name), "%s.answer", path);
    FILE *file = fopen(name, "re");
    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (!strncmp(line, "slow ", 5))
            out->slow = (unsigned)atoi(line + 5);
        else if (!strncmp(line, "status ", 7))
            out->status = (unsigned)atoi(line + 7);
        else if (!strncmp(line, "type ", 5))
            snprintf(out->type, sizeof(out->type), "%.127s", line + 5);
        else if (!strncmp(line, "redirect ", 9))
            snprintf(out->redirect, sizeof(out->redirect), "%.1023s", line + 9);
    }
    if (file)
        fclose(file);
}

static enum MHD_Result
redirect(struct MHD_Connection *connection, const char *url)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Location", url);
    enum MHD_Result result = MHD_queue_response(connection, 302, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
answer(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
       const char *upload, size_t *upload_size, void **state)
{
    char path[4096];
    struct stat status;
    struct manners manners;
    const char *token = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    (void)context, (void)version, (void)upload, (void)upload_size, (void)state;
    fprintf(requests, "%s %s %s\n", method, url, token ? token : "-");
    fflush(requests);
    if (strstr(url, "..") || snprintf(path, sizeof(path), "%s%s", directory, url) >= (int)sizeof(path))
        return say(connection, 400, "bad\n");
    if (!strncmp(url, "/private/", 9) && (!token || strcmp(token, "Bearer t0ken-of-the-user") != 0))
        return say(connection, 401, "{\"error\":\"no token\"}\n");
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') /* a folder's name may end in one */
        path[--end] = '\0';
    read_manners(path, &manners);
    if (manners.slow)
        sleep(manners.slow);
    if (*manners.redirect)
        return redirect(connection, manners.redirect);
    if (manners.status)
        return say(connection, manners.status, "{\"error\":\"as was asked for\"}\n");
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        strncat(path, "/index", sizeof(path) - strlen(path) - 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        if (fd >= 0)
            close(fd);
        return say(connection, 404, "{\"error\":\"not found\"}\n");
    }
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)status.st_size, fd);
    const char *dot = strrchr(path, '.');
    MHD_add_response_header(response, "Content-Type",
                            *manners.type ? manners.type
                            : dot && (!strcmp(dot, ".tgz") || !strcmp(dot, ".gz") || !strcmp(dot, ".whl"))
                                ? "application/octet-stream"
                            : strstr(url, "/simple/") ? "text/html"
                                                      : "application/json");
    enum MHD_Result result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

int
main(int argc, char **argv)
{
    char log[4096];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    if (argc != 2)
        return 2;
    directory = argv[1];
    snprintf(log, sizeof(log), "%s/requests.log", directory);
    requests = fopen(log, "ae");
    struct MHD_Daemon *daemon = requests
                                    ? MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0,
                                                       NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END)
                                    : NULL;
    const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info)
        return 1;
    printf("%u\n", info->port);
    fflush(stdout);
    for (;;)
        pause();
}
