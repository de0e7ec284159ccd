/* SPDX-License-Identifier: MIT
 *
 * cxr.h - X-rays of the chest.
 */
#ifndef TFU_CORE_SYNTH_CXR_H
#define TFU_CORE_SYNTH_CXR_H

#include "core/synth/camera.h"
#include "core/synth/truth.h"

/* Who the patient is, and what a study finds: `t` gets sex, age, severities and devices. Findings
 * are as frequent as in CheXpert's training part when half of its uncertain labels are taken for
 * positive. */
void tfu_cxr_draw_study(uint64_t patient, uint64_t study, struct tfu_cxr_truth *t);

/* What CheXpert's labeler would have said of a finding in a study. */
enum tfu_mention { TFU_MENTION_BLANK, TFU_MENTION_NO, TFU_MENTION_YES, TFU_MENTION_UNCERTAIN };
/* Mild findings are uncertain, and some that are not there; most of what is not there is not
 * mentioned. In CheXpert's shares. */
enum tfu_mention tfu_cxr_mention(const struct tfu_cxr_truth *t, enum tfu_finding f, uint64_t study);

struct tfu_cxr_request {
    int side;
    uint64_t patient, study, image; /* keys */
    struct tfu_cxr_truth truth;     /* view and what tfu_cxr_draw_study() said */
    enum tfu_confounder confounder;
};
/* What is to be seen: the truth, without the pixels. */
enum tfu_status tfu_cxr_describe(const struct tfu_cxr_request *q, struct tfu_synth_truth *t,
                                 int *quality, struct tfu_error *e);
/* The picture to it, gray, with masks "LUNGS", "HEART", and of findings. [any thread] */
enum tfu_status tfu_cxr_draw(const struct tfu_cxr_request *q, struct tfu_picture *out,
                             struct tfu_error *e);

#endif
