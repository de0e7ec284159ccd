/* SPDX-License-Identifier: MIT
 *
 * processor.h - what the machine's processor calls itself.
 */
#ifndef TFU_CORE_PROCESSOR_H
#define TFU_CORE_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

/* "AMD EPYC 9R14"; false where the system does not tell. */
bool tfu_processor_name(char *out, size_t size);

#endif
