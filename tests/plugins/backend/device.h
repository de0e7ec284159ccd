/* SPDX-License-Identifier: MIT
 *
 * device.h - the built cpu plugin, opened with an instruction set and a number of threads.
 */
#ifndef TFU_TESTS_PLUGINS_BACKEND_DEVICE_H
#define TFU_TESTS_PLUGINS_BACKEND_DEVICE_H

#include <stdbool.h>

#include "core/base/host.h"
#include "core/base/threads.h"
#include "core/plugin/open.h"

#include <transfuse/backend.h>

struct device {
    struct tfu_backend_host host; /* first: what the plugin hands back is the device */
    struct tfu_host_call base;
    struct tfu_error error;
    struct tfu_threads *pool;
    struct tfu_plugin_file file;
    const struct tfu_backend_ops *ops;
    void *config;
    void *dev;
};

/* "portable", "avx2", "avx512"; NULL at the end. */
extern const char *const device_isa[];
enum { DEVICE_ISA_COUNT = 3 };

/* The plugin's file. */
struct tfu_plugin_file device_library(void);

/* False when this machine or build does not have that instruction set. */
bool device_open(struct device *d, const char *isa, uint32_t threads);
void device_close(struct device *d);

/* Row `i` of the kernel table. */
const struct tfu_kernel *device_kernel(const struct device *d, uint32_t i);

#endif
