/* SPDX-License-Identifier: MIT
 *
 * effect.h - keys of an experiment that its results do not follow from: an axis of them would be
 * the same run several times.
 */
#ifndef TFU_CORE_SWEEP_EFFECT_H
#define TFU_CORE_SWEEP_EFFECT_H

/* What the key does instead, as "says how many threads compute it"; NULL: results follow from it,
 * or it is a plugin's. */
const char *tfu_key_without_effect(const char *path);

#endif
