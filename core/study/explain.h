/* SPDX-License-Identifier: MIT
 *
 * explain.h - where in an image a network finds the evidence for a class: maps from gradients of
 * one logit, in evaluation (running statistics, no dropout).
 *
 * Grad-CAM: Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks via
 * gradient-based localization", equations 1 and 2: the maps of a layer, weighted by the mean over
 * the positions of the logit's gradient by them, summed, and what is negative cut off.
 * Saliency: Simonyan et al. 2014, "Deep inside convolutional networks", section 3.1: the largest
 * absolute gradient of the logit by a pixel over its channels. The pixels are those that the
 * network gets, after normalisation.
 */
#ifndef TFU_CORE_STUDY_EXPLAIN_H
#define TFU_CORE_STUDY_EXPLAIN_H

#include "core/data/dataset.h"
#include "core/study/subject.h"

struct tfu_explainer;

struct tfu_explain_request {
    const struct tfu_subject *subject; /* must outlive the explainer */
    const struct tfu_dataset *data;    /* likewise: what the images look like */
    const char *layer; /* Grad-CAM's: a node, or a stage's last map; NULL: the last map there is */
};

/* TFU_EINVAL: no such layer, or one without maps. */
enum tfu_status tfu_explainer_new(struct tfu_explainer **out,
                                  const struct tfu_explain_request *request, struct tfu_error *e);
void tfu_explainer_free(struct tfu_explainer *x);

/* Of the layer that Grad-CAM looks at. */
const char *tfu_explainer_layer(const struct tfu_explainer *x);
void tfu_explainer_map_size(const struct tfu_explainer *x, int64_t *height, int64_t *width);
int64_t tfu_explainer_classes(const struct tfu_explainer *x);

/* Logits of an image H,W,C; valid until the next call. */
enum tfu_status tfu_explainer_logits(struct tfu_explainer *x, const float *pixels,
                                     const float **logits, struct tfu_error *e);
/* The gradient of logit `class` (below tfu_explainer_classes()) for an image. */
enum tfu_status tfu_explainer_look(struct tfu_explainer *x, const float *pixels, int64_t class,
                                   struct tfu_error *e);
/* After a look: a map of the layer's height x width, no number below 0. */
enum tfu_status tfu_explainer_gradcam(const struct tfu_explainer *x, float *out,
                                      struct tfu_error *e);
/* After a look: a map of the image's height x width. */
enum tfu_status tfu_explainer_saliency(const struct tfu_explainer *x, float *out,
                                       struct tfu_error *e);

#endif
