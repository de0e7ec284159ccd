/* SPDX-License-Identifier: MIT
 *
 * images.h - the data that subjects are shown, each opened and fingerprinted once: networks whose
 * configurations say the same of a split are shown the very same dataset.
 */
#ifndef TFU_CORE_STUDY_IMAGES_H
#define TFU_CORE_STUDY_IMAGES_H

#include "core/data/dataset.h"
#include "core/study/subject.h"

struct tfu_images;

enum tfu_status tfu_images_new(struct tfu_images **out, struct tfu_error *e);
/* Says what the data had to note, each once, with of how many runs it is true. The registries and
 * the log of the subjects are still there; they themselves need not be. */
void tfu_images_free(struct tfu_images *images);

/* A split of the subject's data, checked against its task. `labelled`: without labels it is
 * refused. `*out` is borrowed until tfu_images_free(). [one thread] */
enum tfu_status tfu_images_get(struct tfu_images *images, const struct tfu_subject *subject,
                               enum tfu_split split, bool labelled, const struct tfu_dataset **out,
                               struct tfu_error *e);

/* How many were opened so far. */
size_t tfu_images_opened(const struct tfu_images *images);

#endif
