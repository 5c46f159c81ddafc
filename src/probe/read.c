#include "probe/read.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

/* Layout of a BPF ring buffer as user space sees it: kernel/bpf/ringbuf.c, include/uapi/linux/bpf.h. */
#define BUSY (1u << 31)
#define DISCARDED (1u << 30)
#define HEAD_BYTES 8u
#define AT_ONCE 65536u /* records in one drain: who calls has other things to look at */

struct sp_probe_reader {
    int wake; /* edge-triggered: readable once for each time that the kernel says so */
    size_t page;
    volatile uint64_t *consumed;
    const volatile uint64_t *produced;
    void *produced_map;
    const unsigned char *ring;
    const struct sp_wire_counts *counts;
    const volatile struct sp_wire_control *control;
    struct sp_wire_control before; /* as it stood when this was opened */
    struct sp_wire_text *text;
};

static size_t
whole_pages(size_t bytes, size_t page)
{
    return (bytes + page - 1) / page * page;
}

static int
map_all(struct sp_probe_reader *reader, const int fds[3], struct sp_error *err)
{
    size_t page = reader->page;
    void *consumed = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], 0);
    if (consumed == MAP_FAILED)
        return sp_fail_errno(err, "the ring of the probes cannot be mapped");
    reader->consumed = consumed;
    /* the data stand there twice, so that no record is ever in two pieces */
    void *produced =
        mmap(NULL, page + 2 * (size_t)SP_WIRE_RING_BYTES, PROT_READ, MAP_SHARED, fds[0], (off_t)page);
    if (produced == MAP_FAILED)
        return sp_fail_errno(err, "the ring of the probes cannot be mapped");
    reader->produced_map = produced;
    reader->produced = produced;
    reader->ring = (const unsigned char *)produced + page;
    void *counts = mmap(NULL, whole_pages(sizeof(struct sp_wire_counts) * SP_WIRE_PROCESSES, page), PROT_READ,
                        MAP_SHARED, fds[1], 0);
    if (counts == MAP_FAILED)
        return sp_fail_errno(err, "the counts of the probes cannot be mapped");
    reader->counts = counts;
    void *control = mmap(NULL, page, PROT_READ, MAP_SHARED, fds[2], 0);
    if (control == MAP_FAILED)
        return sp_fail_errno(err, "the state of the probes cannot be mapped");
    reader->control = control;
    reader->before = *(const struct sp_wire_control *)control;
    return 0;
}

static int
watch_ring(struct sp_probe_reader *reader, int ring, struct sp_error *err)
{
    struct epoll_event wanted = { .events = EPOLLIN | EPOLLET };
    reader->wake = epoll_create1(EPOLL_CLOEXEC);
    if (reader->wake < 0 || epoll_ctl(reader->wake, EPOLL_CTL_ADD, ring, &wanted) < 0)
        return sp_fail_errno(err, "the ring of the probes cannot be watched");
    return 0;
}

int
sp_probe_read_open(struct sp_probe_reader **out, const int fds[3], const struct sp_decoys *decoys,
                   struct sp_error *err)
{
    struct sp_probe_reader *reader = sp_new(struct sp_probe_reader, err);
    if (!reader)
        return -1;
    reader->wake = -1;
    reader->page = (size_t)sysconf(_SC_PAGESIZE);
    if (map_all(reader, fds, err) < 0 || watch_ring(reader, fds[0], err) < 0 ||
        sp_wire_text_new(&reader->text, decoys, err) < 0) {
        sp_probe_read_close(reader);
        return -1;
    }
    *out = reader;
    return 0;
}

int
sp_probe_read_fd(const struct sp_probe_reader *reader)
{
    return reader->wake;
}

static int
hand_on(struct sp_probe_reader *reader, const unsigned char *bytes, size_t length,
        const struct sp_event_sink *sink, struct sp_error *err)
{
    struct sp_event event, more;
    int got = sp_wire_decode(reader->text, bytes, length, &event);
    if (got < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "the ring of the probes holds what no probe writes");
    if (!got)
        return 0;
    sp_event_send(sink, &event);
    if (sp_wire_more(reader->text, &event, &more))
        sp_event_send(sink, &more);
    return 0;
}

int
sp_probe_read_drain(struct sp_probe_reader *reader, const struct sp_event_sink *sink, struct sp_error *err)
{
    struct epoll_event woken;
    uint64_t at = *reader->consumed;
    unsigned records = 0;
    (void)!epoll_wait(reader->wake, &woken, 1, 0);
    uint64_t end = __atomic_load_n(reader->produced, __ATOMIC_ACQUIRE);
    while (at < end && records < AT_ONCE) {
        const unsigned char *record = reader->ring + (at & (SP_WIRE_RING_BYTES - 1));
        uint32_t head = __atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);
        uint32_t length = head & ~(BUSY | DISCARDED);
        if (head & BUSY)
            break; /* is being written just now */
        if (length > SP_WIRE_RING_BYTES || at + HEAD_BYTES + length > end)
            return sp_fail(err, SP_ERROR_INTERNAL, "the ring of the probes is damaged");
        if (!(head & DISCARDED) && hand_on(reader, record + HEAD_BYTES, length, sink, err) < 0)
            return -1;
        at += (HEAD_BYTES + length + 7) / 8 * 8;
        records++;
        __atomic_store_n(reader->consumed, at, __ATOMIC_RELEASE);
    }
    return records > 0;
}

void
sp_probe_read_leftover(struct sp_probe_reader *reader, const struct sp_wire_file *file,
                       const struct sp_event_sink *sink)
{
    sp_event_send(sink, &(struct sp_event){ .kind = SP_EVENT_BYTES,
                                            .process = file->process,
                                            .subject = sp_wire_path(reader->text, file->device, file->inode),
                                            .value = (int64_t)file->read,
                                            .bytes = file->written });
}

static void
tell_lost(const struct sp_event_sink *sink, const char *what, uint64_t count)
{
    if (count)
        sp_event_send(
            sink, &(struct sp_event){ .kind = SP_EVENT_DROPPED, .subject = what, .value = (int64_t)count });
}

void
sp_probe_read_end(struct sp_probe_reader *reader, const struct sp_event_sink *sink)
{
    static const char *const kinds[SP_WIRE_KIND_END] = {
        [SP_WIRE_FORK] = "processes that began",
        [SP_WIRE_WORDS_PART] = "words of commands",
        [SP_WIRE_EXEC] = "programs that were started",
        [SP_WIRE_EXIT] = "processes that ended",
        [SP_WIRE_OPEN] = "files that were opened",
        [SP_WIRE_LOOK] = "places that were looked at",
        [SP_WIRE_BYTES] = "bytes of files",
        [SP_WIRE_CHANGE] = "files that were changed",
        [SP_WIRE_SOCKET] = "acts on sockets",
        [SP_WIRE_TCP] = "states of connections",
        [SP_WIRE_SAID_BYTES] = "bytes that were sent",
        [SP_WIRE_CODE] = "code that was loaded",
        [SP_WIRE_NAME] = "names that were looked up",
        [SP_WIRE_PROOF] = "decoys that were opened",
    };
    const struct sp_wire_control *before = &reader->before;
    const volatile struct sp_wire_control *now = reader->control;
    uint32_t end = now->next_process < SP_WIRE_PROCESSES ? now->next_process : SP_WIRE_PROCESSES;
    for (uint32_t process = before->next_process ? before->next_process : 1; process < end; process++) {
        uint64_t numbers[SP_COUNT_END];
        memcpy(numbers, reader->counts[process].values, sizeof(numbers));
        sp_event_send(sink, &(struct sp_event){ .kind = SP_EVENT_COUNTS,
                                                .process = process,
                                                .numbers = numbers,
                                                .number_count = SP_COUNT_END });
    }
    for (size_t kind = 1; kind < SP_WIRE_KIND_END; kind++)
        tell_lost(sink, kinds[kind], now->lost[kind] - before->lost[kind]);
    tell_lost(sink, "threads: more at once than are kept", now->lost_tasks - before->lost_tasks);
    tell_lost(sink, "processes: more than are counted", now->lost_processes - before->lost_processes);
    tell_lost(sink, "open files: more at once than are counted", now->lost_files - before->lost_files);
    tell_lost(sink, "the beginning of threads", now->late - before->late);
}

uint64_t
sp_probe_read_refused(const struct sp_probe_reader *reader)
{
    return reader->control->refused - reader->before.refused;
}

void
sp_probe_read_close(struct sp_probe_reader *reader)
{
    if (!reader)
        return;
    size_t page = reader->page;
    if (reader->consumed)
        munmap((void *)reader->consumed, page);
    if (reader->produced_map)
        munmap(reader->produced_map, page + 2 * (size_t)SP_WIRE_RING_BYTES);
    if (reader->counts)
        munmap((void *)reader->counts, whole_pages(sizeof(struct sp_wire_counts) * SP_WIRE_PROCESSES, page));
    if (reader->control)
        munmap((void *)reader->control, page);
    if (reader->wake >= 0)
        close(reader->wake);
    sp_wire_text_free(reader->text);
    free(reader);
}
