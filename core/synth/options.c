/* SPDX-License-Identifier: MIT */
#include "core/synth/options.h"

const char *const tfu_synth_forms[TFU_SYNTH_FORMS + 1] = {"eyepacs", "aptos",        "chexpert",
                                                          "idrid",   "image_folder", NULL};

const char *const tfu_synth_confounders[] = {"none", "tag", "noise", "low-pass", NULL};
