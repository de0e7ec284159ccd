/* SPDX-License-Identifier: MIT
 *
 * elf.h - looks at a file before the dynamic linker does, so that what is no shared object for this
 * machine is refused in words of ours.
 */
#ifndef TFU_CORE_PLUGIN_ELF_H
#define TFU_CORE_PLUGIN_ELF_H

#include "core/base/error.h"

/* Is `path` a readable, regular, whole shared object for the machine that this program was built
 * for?
 */
enum tfu_status tfu_elf_check(const char *path, struct tfu_error *e);

#endif
