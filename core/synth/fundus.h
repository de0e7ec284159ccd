/* SPDX-License-Identifier: MIT
 *
 * fundus.h - photographs of the retina.
 */
#ifndef TFU_CORE_SYNTH_FUNDUS_H
#define TFU_CORE_SYNTH_FUNDUS_H

#include "core/synth/camera.h"
#include "core/synth/truth.h"

/* The grade of an eye, drawn by shares of grades as they are in published sets; two eyes of a
 * patient have the same one mostly. */
enum tfu_fundus_shares { TFU_SHARES_EYEPACS, TFU_SHARES_APTOS, TFU_SHARES_IDRID };
int tfu_fundus_draw_grade(uint64_t patient, bool left, enum tfu_fundus_shares shares);

struct tfu_fundus_request {
    int side;
    uint64_t patient, image; /* keys */
    bool left;
    int grade;
    enum tfu_confounder confounder;
};
/* What is to be seen and how it was taken: the truth, without the pixels. */
enum tfu_status tfu_fundus_describe(const struct tfu_fundus_request *q, struct tfu_synth_truth *t,
                                    int *quality, struct tfu_error *e);
/* The picture to it, with masks "OD", "MA", "HE", "EX", "SE", "NV". [any thread] */
enum tfu_status tfu_fundus_draw(const struct tfu_fundus_request *q, struct tfu_picture *out,
                                struct tfu_error *e);

#endif
