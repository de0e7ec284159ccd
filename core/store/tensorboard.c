/* SPDX-License-Identifier: MIT */
#include "core/store/tensorboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/store/crc32c.h"
#include "core/store/events.h"

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

/* TensorFlow's mask: a checksum of bytes that hold checksums is a weak one. */
static uint32_t masked_crc(const void *bytes, size_t n)
{
    const uint32_t crc = tfu_crc32c(bytes, n);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/* TFRecord framing: length, its checksum, data, their checksum. Frees the event. */
static void append_record(struct tfu_text *out, struct tfu_text *event)
{
    struct tfu_text length = TFU_TEXT_INIT;
    tfu_little_endian_append(&length, event->length, 8);
    if (length.failed || event->failed) {
        out->failed = true;
    } else {
        tfu_text_append(out, length.data, length.length);
        tfu_little_endian_append(out, masked_crc(length.data, length.length), 4);
        tfu_text_append(out, event->data, event->length);
        tfu_little_endian_append(out, masked_crc(event->data, event->length), 4);
    }
    tfu_text_free(&length);
    tfu_text_free(event);
}

void tfu_tensorboard_version_record(struct tfu_text *out, double wall_time)
{
    struct tfu_text event = TFU_TEXT_INIT;
    tfu_event_version(&event, wall_time);
    append_record(out, &event);
}

void tfu_tensorboard_start_record(struct tfu_text *out, double wall_time, int64_t step)
{
    struct tfu_text event = TFU_TEXT_INIT;
    tfu_event_start(&event, wall_time, step);
    append_record(out, &event);
}

void tfu_tensorboard_scalar_record(struct tfu_text *out, double wall_time, int64_t step,
                                   const char *tag, double value)
{
    struct tfu_text event = TFU_TEXT_INIT;
    tfu_event_scalar(&event, wall_time, step, tag, value);
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

void tfu_tensorboard_abandon(struct tfu_tensorboard *t)
{
    if (t && t->file)
        __fpurge(t->file);
    tfu_tensorboard_free(t);
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
