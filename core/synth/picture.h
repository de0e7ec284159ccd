/* SPDX-License-Identifier: MIT
 *
 * picture.h - what a drawing ends as: pixels of 8 bits, masks, and the planes that it is drawn in.
 */
#ifndef TFU_CORE_SYNTH_PICTURE_H
#define TFU_CORE_SYNTH_PICTURE_H

#include "core/synth/plane.h"

enum { TFU_SYNTH_SIDE_MIN = 16, TFU_SYNTH_SIDE_MAX = 2048, TFU_PICTURE_MASKS = 6 };

/* 255 where at least a third of the pixel is covered, else 0. */
struct tfu_picture_mask {
    const char *name; /* "MA" */
    unsigned char *pixel;
};

struct tfu_picture {
    int side, channels;   /* 1 or 3 */
    unsigned char *pixel; /* side x side x channels */
    struct tfu_picture_mask mask[TFU_PICTURE_MASKS];
    int mask_count;
};

void tfu_picture_free(struct tfu_picture *p);

/* Planes of one size that a drawing is made in, finer than the picture by a whole factor. */
enum { TFU_SCENE_PLANES = 16 };
struct tfu_scene {
    int side, factor; /* of the picture; planes have side * factor */
    int count;
    struct tfu_plane plane[TFU_SCENE_PLANES];
};

/* `count` planes of zeros. */
enum tfu_status tfu_scene_new(struct tfu_scene *out, int side, int count, struct tfu_error *e);
void tfu_scene_free(struct tfu_scene *s);

/* Brings `channels` planes from `first` on (0 to 1 in each) to the size of the picture, in the
 * place of the scene's own: the scene is one of the picture's pixels afterwards, factor 1. */
enum tfu_status tfu_scene_shrink(struct tfu_scene *s, struct tfu_error *e);
/* The first planes as pixels, rounded; what is below 0 or above 1 is cut. Of a scene that was
 * shrunk. */
enum tfu_status tfu_scene_pixels(const struct tfu_scene *s, int channels, struct tfu_picture *out,
                                 struct tfu_error *e);
/* A mask of one plane of a scene, unless it is empty. */
enum tfu_status tfu_scene_mask(const struct tfu_scene *s, int plane, const char *name,
                               struct tfu_picture *out, struct tfu_error *e);

#endif
