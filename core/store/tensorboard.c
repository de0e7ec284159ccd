/* SPDX-License-Identifier: MIT */
#include "core/store/tensorboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/store/crc32c.h"
#include "core/store/events.pb-c.h"

struct tfu_tensorboard {
    FILE *file;
    char *path;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void append_little_endian(struct tfu_text *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(value >> (8 * i));
        tfu_text_append(out, &byte, 1);
    }
}

/* TensorFlow's mask: a checksum of bytes that hold checksums is a weak one. */
static uint32_t masked_crc(const void *bytes, size_t n)
{
    const uint32_t crc = tfu_crc32c(bytes, n);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/* TFRecord framing: length, its checksum, data, their checksum. */
static void append_record(struct tfu_text *out, const Tfu__Events__Event *event)
{
    const size_t n = tfu__events__event__get_packed_size(event);
    uint8_t *data = malloc(n ? n : 1);
    if (!data) {
        out->failed = true;
        return;
    }
    tfu__events__event__pack(event, data);
    uint8_t length[8];
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (uint8_t)((uint64_t)n >> (8 * i));
    tfu_text_append(out, (const char *)length, sizeof length);
    append_little_endian(out, masked_crc(length, sizeof length), 4);
    tfu_text_append(out, (const char *)data, n);
    append_little_endian(out, masked_crc(data, n), 4);
    free(data);
}

void tfu_tensorboard_version_record(struct tfu_text *out, double wall_time)
{
    static char version[] = "brain.Event:2";
    Tfu__Events__Event event = TFU__EVENTS__EVENT__INIT;
    event.wall_time = wall_time;
    event.what_case = TFU__EVENTS__EVENT__WHAT_FILE_VERSION;
    event.file_version = version;
    append_record(out, &event);
}

void tfu_tensorboard_start_record(struct tfu_text *out, double wall_time, int64_t step)
{
    Tfu__Events__SessionLog log = TFU__EVENTS__SESSION_LOG__INIT;
    log.status = TFU__EVENTS__SESSION_LOG__SESSION_STATUS__START;
    Tfu__Events__Event event = TFU__EVENTS__EVENT__INIT;
    event.wall_time = wall_time;
    event.step = step;
    event.what_case = TFU__EVENTS__EVENT__WHAT_SESSION_LOG;
    event.session_log = &log;
    append_record(out, &event);
}

void tfu_tensorboard_scalar_record(struct tfu_text *out, double wall_time, int64_t step,
                                   const char *tag, double value)
{
    Tfu__Events__Summary__Value number = TFU__EVENTS__SUMMARY__VALUE__INIT;
    number.tag = (char *)tag;
    number.number_case = TFU__EVENTS__SUMMARY__VALUE__NUMBER_SIMPLE_VALUE;
    number.simple_value = (float)value;
    Tfu__Events__Summary__Value *numbers[] = {&number};
    Tfu__Events__Summary summary = TFU__EVENTS__SUMMARY__INIT;
    summary.n_value = 1;
    summary.value = numbers;
    Tfu__Events__Event event = TFU__EVENTS__EVENT__INIT;
    event.wall_time = wall_time;
    event.step = step;
    event.what_case = TFU__EVENTS__EVENT__WHAT_SUMMARY;
    event.summary = &summary;
    append_record(out, &event);
}

static enum tfu_status write_record(struct tfu_tensorboard *t, struct tfu_text *record,
                                    struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (record->failed)
        st = tfu_error_memory(e, "writing a TensorBoard event", 0);
    else if (fwrite(record->data, 1, record->length, t->file) != record->length)
        st = tfu_error_errno(e, errno, "cannot write", t->path);
    tfu_text_free(record);
    return st;
}

/* Opens a file of a name that is not taken. */
static enum tfu_status create(struct tfu_tensorboard *t, const char *folder, struct tfu_error *e)
{
    char host[128] = "localhost";
    gethostname(host, sizeof host - 1);
    for (int n = 0; n < 1000; n++) {
        struct tfu_text path = TFU_TEXT_INIT;
        tfu_text_printf(&path, "%s/events.out.tfevents.%lld.%s.%ld.%d", folder,
                        (long long)time(NULL), host, (long)getpid(), n);
        free(t->path);
        t->path = path.data;
        if (path.failed)
            return tfu_error_memory(e, "opening a TensorBoard file", 0);
        const int fd = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return tfu_error_errno(e, errno, "cannot create", t->path);
        t->file = fdopen(fd, "wb");
        if (!t->file) {
            close(fd);
            return tfu_error_memory(e, "opening a TensorBoard file", 0);
        }
        return TFU_OK;
    }
    return tfu_error_errno(e, EEXIST, "cannot create", t->path);
}

enum tfu_status tfu_tensorboard_new(struct tfu_tensorboard **out, const char *folder, int64_t step,
                                    struct tfu_error *e)
{
    *out = NULL;
    struct tfu_tensorboard *t = calloc(1, sizeof *t);
    if (!t)
        return tfu_error_memory(e, "opening a TensorBoard file", 0);
    enum tfu_status st = create(t, folder, e);
    if (st == TFU_OK) {
        struct tfu_text record = TFU_TEXT_INIT;
        tfu_tensorboard_version_record(&record, now());
        if (step > 1)
            tfu_tensorboard_start_record(&record, now(), step);
        st = write_record(t, &record, e);
    }
    if (st == TFU_OK)
        st = tfu_tensorboard_flush(t, e);
    if (st != TFU_OK) {
        tfu_tensorboard_free(t);
        return st;
    }
    *out = t;
    return TFU_OK;
}

void tfu_tensorboard_free(struct tfu_tensorboard *t)
{
    if (!t)
        return;
    if (t->file)
        fclose(t->file);
    free(t->path);
    free(t);
}

enum tfu_status tfu_tensorboard_add(struct tfu_tensorboard *t, int64_t step, const char *tag,
                                    double value, struct tfu_error *e)
{
    struct tfu_text record = TFU_TEXT_INIT;
    tfu_tensorboard_scalar_record(&record, now(), step, tag, value);
    return write_record(t, &record, e);
}

enum tfu_status tfu_tensorboard_flush(struct tfu_tensorboard *t, struct tfu_error *e)
{
    if (fflush(t->file) != 0)
        return tfu_error_errno(e, errno, "cannot write", t->path);
    return TFU_OK;
}
