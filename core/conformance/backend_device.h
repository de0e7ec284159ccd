/* SPDX-License-Identifier: MIT
 *
 * backend_device.h - for the tests of backends: an open device, whose tasks are watched.
 */
#ifndef TFU_CORE_CONFORMANCE_BACKEND_DEVICE_H
#define TFU_CORE_CONFORMANCE_BACKEND_DEVICE_H

#include <stdatomic.h>

#include "core/base/threads.h"
#include "core/conformance/tests.h"

#include <transfuse/backend.h>

struct tfu_check_device {
    struct tfu_backend_host host; /* first: what the plugin hands back is this struct */
    struct tfu_host_call base;
    struct tfu_threads *pool;
    const struct tfu_backend_ops *ops;
    void *dev;
    atomic_bool bends_numbers; /* a task left rounding or the like changed */
};

/* To be closed when it succeeds. */
enum tfu_status tfu_check_device_open(const struct tfu_check *c, const void *config,
                                      uint32_t threads, struct tfu_check_device *d,
                                      struct tfu_error *said);
void tfu_check_device_close(struct tfu_check_device *d);

/* The tests of kernels need kernels, and memory that can be looked at: skips those of a backend
 * that has them not. */
bool tfu_check_no_kernels(struct tfu_check *c);
bool tfu_check_has_kernel(const struct tfu_backend_ops *b, const char *op);

/* backend_pack.c */
enum tfu_status tfu_check_packed(struct tfu_check *c, struct tfu_error *e);

#endif
