/* SPDX-License-Identifier: MIT
 *
 * all.h - every analysis: one file each, and a row in table.c.
 */
#ifndef TFU_CORE_ANALYSIS_ALL_H
#define TFU_CORE_ANALYSIS_ALL_H

#include "core/analysis/analysis.h"

extern const struct tfu_analysis tfu_analysis_agreement, tfu_analysis_compare,
    tfu_analysis_dynamics, tfu_analysis_filters, tfu_analysis_gradcam, tfu_analysis_histograms,
    tfu_analysis_interpolate, tfu_analysis_movement, tfu_analysis_probe, tfu_analysis_reinit,
    tfu_analysis_saliency, tfu_analysis_similarity, tfu_analysis_subsets;

#endif
