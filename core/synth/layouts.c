/* SPDX-License-Identifier: MIT */
#include "core/synth/layouts.h"

const struct tfu_synth_layout *tfu_synth_layout_of(enum tfu_synth_form form)
{
    static const struct tfu_synth_layout *const all[TFU_SYNTH_FORMS] = {
        &tfu_layout_eyepacs, &tfu_layout_aptos, &tfu_layout_chexpert, &tfu_layout_idrid,
        &tfu_layout_image_folder};
    return all[form];
}
