/* SPDX-License-Identifier: MIT
 *
 * fake_registry.h - plugins as plain constants, with options of every type: the configuration is
 * tested without a shared object. Linked in place of core/plugin/registry.c.
 */
#ifndef TFU_TESTS_CONFIG_FAKE_REGISTRY_H
#define TFU_TESTS_CONFIG_FAKE_REGISTRY_H

#include "core/plugin/registry.h"

#include <transfuse/option.h>

/* Stands for the registry wherever one is asked for. */
struct tfu_registry *fake_registry(void);

/* The config struct of the architecture `every`, an option of each type. */
struct fake_every {
    int32_t flag, mode;
    int64_t whole, exact;
    double real;
    const char *text, *file;
    struct tfu_int_list sizes;
    struct tfu_float_list mean;
    struct tfu_string_list words;
    struct {
        const char *from;
        int64_t to;
    } slim;
};

#endif
