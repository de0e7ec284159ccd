/* SPDX-License-Identifier: MIT
 *
 * layouts.h - all of them. Private to this folder.
 */
#ifndef TFU_CORE_SYNTH_LAYOUTS_H
#define TFU_CORE_SYNTH_LAYOUTS_H

#include "core/synth/layout.h"

const struct tfu_synth_layout *tfu_synth_layout_of(enum tfu_synth_form form);

#endif
