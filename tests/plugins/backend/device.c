/* SPDX-License-Identifier: MIT */
#include "tests/plugins/backend/device.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/kernel.h"

const char *const device_isa[] = {"portable", "avx2", "avx512", NULL};

static void parallel(const struct tfu_backend_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    tfu_threads_run(((const struct device *)h)->pool, tasks, task, arg);
}

/* Fills a config struct that has one option, the enumeration `isa`. */
static void *config_of(const struct tfu_plugin *p, const char *isa)
{
    ck_assert_uint_eq(p->option_count, 1);
    ck_assert_str_eq(p->options[0].name, "isa");
    char *config = calloc(1, p->config_size);
    ck_assert_ptr_nonnull(config);
    int32_t choice = 0;
    while (p->options[0].choices[choice] && strcmp(p->options[0].choices[choice], isa) != 0)
        choice++;
    ck_assert_ptr_nonnull(p->options[0].choices[choice]);
    memcpy(config + p->options[0].offset, &choice, sizeof choice);
    return config;
}

struct tfu_plugin_file device_library(void)
{
    char path[4096];
    const char *folder = getenv("TOP_BUILDDIR");
    struct tfu_plugin_file file;
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(path, sizeof path, "%s/plugins/backend/.libs/cpu.so", folder ? folder : ".");
    tfu_plugin_open(path, TFU_KIND_BACKEND, "cpu", &file, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return file;
}

bool device_open(struct device *d, const char *isa, uint32_t threads)
{
    *d = (struct device){.error = TFU_ERROR_INIT, .file = device_library()};
    enum tfu_status st = tfu_threads_new(&d->pool, threads, &d->error);
    ck_assert_msg(st == TFU_OK, "%s", d->error.text);
    d->ops = d->file.plugin->ops;
    d->config = config_of(d->file.plugin, isa);
    d->host = (struct tfu_backend_host){.struct_size = sizeof d->host,
                                        .threads = threads,
                                        .base = tfu_host_call_init(&d->base, NULL, &d->error),
                                        .parallel = parallel};
    st = d->ops->open(&d->dev, d->config, &d->host);
    if (st == TFU_OK)
        return true;
    ck_assert_int_eq(st, TFU_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(d->error.text, isa));
    device_close(d);
    return false;
}

void device_close(struct device *d)
{
    if (d->dev)
        d->ops->close(d->dev);
    tfu_threads_free(d->pool);
    tfu_plugin_close(&d->file);
    free(d->config);
    *d = (struct device){.error = TFU_ERROR_INIT};
}

const struct tfu_kernel *device_kernel(const struct device *d, uint32_t i)
{
    return tfu_kernel_at(d->ops, i);
}
