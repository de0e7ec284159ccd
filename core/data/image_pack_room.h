/* SPDX-License-Identifier: MIT
 *
 * image_pack_room.h - room for a pack in the folder that it has in common with others.
 */
#ifndef TFU_CORE_DATA_IMAGE_PACK_ROOM_H
#define TFU_CORE_DATA_IMAGE_PACK_ROOM_H

#include <stdbool.h>
#include <stdint.h>

/* May the pack in the file `own` have `bytes`, where all in files <prefix>*.pack have `most`? Packs
 * that nobody has open go for that, the ones used longest ago first. They are not removed before
 * one needs the room: those of the same run may be opened later. */
bool tfu_image_pack_room(const char *folder, const char *prefix, const char *own, uint64_t bytes,
                         uint64_t most);

#endif
