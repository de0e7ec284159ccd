/* SPDX-License-Identifier: MIT
 *
 * filter.h - the option that says how an image gets another size.
 */
#ifndef TFU_PLUGINS_TRANSFORM_FILTER_H
#define TFU_PLUGINS_TRANSFORM_FILTER_H

#include <transfuse/example.h>

static const char *const filter_choices[] = {"bilinear", "bicubic", NULL};

static inline enum tfu_filter filter_of(int32_t choice)
{
    return choice ? TFU_FILTER_BICUBIC : TFU_FILTER_BILINEAR;
}

#endif
