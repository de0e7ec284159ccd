/* SPDX-License-Identifier: MIT
 *
 * reader_file.h - inside the conformance suite: a reader at work on the sample of its format,
 * or on what was made of it.
 */
#ifndef TFU_CORE_CONFORMANCE_READER_FILE_H
#define TFU_CORE_CONFORMANCE_READER_FILE_H

#include "core/base/guarded.h"
#include "core/conformance/tests.h"

#include <transfuse/reader.h>

/* The sample, or none; the process frees it when it ends. */
struct tfu_check_sample {
    unsigned char *bytes; /* NULL: there is none, and the test is skipped */
    size_t size;
};
enum tfu_status tfu_check_sample(struct tfu_check *c, struct tfu_check_sample *s,
                                 struct tfu_error *e);

/* Random bytes. */
void tfu_check_draw(uint64_t key, unsigned char *bytes, size_t size);

/* Tests of probe(). */
enum tfu_status tfu_check_reader_knows(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_reader_knows_no_other(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_reader_knows_no_noise(struct tfu_check *c, struct tfu_error *e);

/* How a file is read. */
struct tfu_check_reading {
    const void *bytes;
    size_t size;
    const void *config;
    uint32_t flags;
    int64_t wanted_height, wanted_width, limit; /* 0: the host's */
    int64_t frame;
    enum tfu_guard guard;
    unsigned char poison; /* what the pixels' memory holds */
};

/* What came of it. */
struct tfu_check_outcome {
    enum tfu_status status; /* of the reader */
    bool opened;            /* open() did not refuse it */
    struct tfu_error said;
    struct tfu_reader_info info;
    unsigned char *pixels; /* freed by tfu_check_outcome_free() */
    size_t bytes;
    int64_t peak; /* bytes that open() had at once; -1: not known */
};

/* Opens, reads and closes. A refusal is an outcome; what the header forbids is an error. */
enum tfu_status tfu_check_read(const struct tfu_check *c, const struct tfu_check_reading *r,
                               struct tfu_check_outcome *out, struct tfu_error *e);
void tfu_check_outcome_free(struct tfu_check_outcome *o);

#endif
