/* SPDX-License-Identifier: MIT
 *
 * about.h - the core's layers in words: what infer() and forward() compute, for documentation.
 */
#ifndef TFU_CORE_LAYER_ABOUT_H
#define TFU_CORE_LAYER_ABOUT_H

#include <stddef.h>

struct tfu_layer_about {
    const char *name, *summary;
    const char *in, *out;   /* shapes; what is no letter is an attribute */
    const char *parameters; /* "weight (K, C), ..."; "": none */
};

/* NULL when there is no core layer of that name. */
const struct tfu_layer_about *tfu_layer_about(const char *name);

#endif
