/* SPDX-License-Identifier: MIT
 *
 * options.h - what of a set can be asked for.
 */
#ifndef TFU_CORE_SYNTH_OPTIONS_H
#define TFU_CORE_SYNTH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/synth/camera.h"
#include "core/synth/truth.h"

enum tfu_synth_form {
    TFU_SYNTH_EYEPACS,
    TFU_SYNTH_APTOS,
    TFU_SYNTH_CHEXPERT,
    TFU_SYNTH_IDRID,
    TFU_SYNTH_IMAGE_FOLDER,
    TFU_SYNTH_FORMS
};
/* "eyepacs"; ends with NULL. */
extern const char *const tfu_synth_forms[TFU_SYNTH_FORMS + 1];
/* "none", "tag", "noise", "low-pass"; enum tfu_confounder. */
extern const char *const tfu_synth_confounders[];

struct tfu_synth_options {
    enum tfu_synth_kind kind;
    enum tfu_synth_form form;
    int64_t images; /* 1 to TFU_SYNTH_IMAGES_MAX */
    int side;       /* of a picture: TFU_SYNTH_SIDE_MIN to TFU_SYNTH_SIDE_MAX */
    uint64_t seed;
    double valid, test; /* shares of the patients; what a layout has no place for is training */
    /* What the folders of `image_folder` are: "grade", "referable", "class", or a finding; "": not
     * said, which only X-rays in such folders are refused for. */
    const char *task;
    enum tfu_confounder confounder;
    const char *label; /* that it goes with: "referable", a finding, a class; "": not said */
    double rate;       /* 0: as often with it as without; 1: with it always, and never without */
    bool reverse;      /* in the test part it goes with the opposite */
    bool tables_only;  /* of the truth: no masks */
};
enum { TFU_SYNTH_IMAGES_MAX = 1000000 };

#endif
