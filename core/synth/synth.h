/* SPDX-License-Identifier: MIT
 *
 * synth.h - a synthetic data set in a folder, laid out as a public one is.
 *
 * Picture i follows from the seed, its patient and its number in the patient alone: a larger set
 * begins with the same pictures, and any number of threads draws the same. Pixels and truth are the
 * same on every machine; the bytes of a JPEG or PNG are those of the library that writes it.
 */
#ifndef TFU_CORE_SYNTH_SYNTH_H
#define TFU_CORE_SYNTH_SYNTH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/threads.h"
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

struct tfu_synth_summary {
    int64_t images, patients, part[3]; /* training, validation, test */
};

/* Fills in what was not said and refuses what does not fit together (TFU_EINVAL). Those below
 * expect options that went through it. */
enum tfu_status tfu_synth_check(struct tfu_synth_options *o, struct tfu_error *e);

struct tfu_synth_hooks {
    void *arg;
    void (*progress)(void *arg, int64_t done, int64_t total); /* NULL: nobody wants to know */
    bool (*interrupted)(void *arg);                           /* NULL: never */
};

/* Draws all of it. The folder is made; one that holds anything is refused (TFU_EINVAL) but where
 * it is the unfinished one of the same options, whose files are written again. `synth.json` with
 * the options is the last file; until then it has another name. TFU_EIO with "interrupted" when
 * the hook says so. */
enum tfu_status tfu_synth_write(const struct tfu_synth_options *o, const char *folder,
                                struct tfu_threads *threads, const struct tfu_synth_hooks *hooks,
                                struct tfu_synth_summary *out, struct tfu_error *e);

#endif
