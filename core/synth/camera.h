/* SPDX-License-Identifier: MIT
 *
 * camera.h - how a picture was taken: sharpness, noise, compression; and what has nothing to do
 * with the patient but goes with a label.
 */
#ifndef TFU_CORE_SYNTH_CAMERA_H
#define TFU_CORE_SYNTH_CAMERA_H

#include "core/synth/picture.h"

/* What confounds a label. */
enum tfu_confounder {
    TFU_CONFOUNDER_NONE,
    TFU_CONFOUNDER_TAG,     /* a small bright sign near a corner */
    TFU_CONFOUNDER_NOISE,   /* that of few photons: stronger where it is bright */
    TFU_CONFOUNDER_LOW_PASS /* blurred */
};

/* Draws it into the first planes of a scene of the picture's size. */
enum tfu_status tfu_camera_confound(struct tfu_scene *s, int channels, enum tfu_confounder what,
                                    uint64_t key, struct tfu_error *e);
/* Adds to each pixel's channels noise of a standard deviation of `amplitude`, of it `together` the
 * same in all. Of a scene that was shrunk. */
void tfu_camera_noise(struct tfu_scene *s, int channels, float amplitude, float together,
                      uint64_t key);

#endif
