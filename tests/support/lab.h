/* SPDX-License-Identifier: MIT
 *
 * lab.h - a small network, images for it, and folders of runs as a training leaves them, all in a
 * scratch folder. These functions end the test when something unexpected fails.
 */
#ifndef TFU_TESTS_SUPPORT_LAB_H
#define TFU_TESTS_SUPPORT_LAB_H

#include "core/study/subject.h"

struct lab {
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_diagnostics *diagnostics;
    struct tfu_subject *subject; /* before its first step */
    struct tfu_dataset *data;    /* its test split: 11 images of 12 x 12 x 3, classes 0 to 2 */
};

/* Makes the scratch folder and opens all of it, with `threads` threads. */
void lab_open(struct lab *l, uint32_t threads);
void lab_close(struct lab *l);

/* Of a file in the folder; valid until the fourth call from now. */
const char *lab_path(const char *name);
/* Writes a file there. */
void lab_write(const char *name, const char *text);
/* The configuration, with what is `replaced` in it, if it is not NULL, in other words. */
void lab_write_config(const char *name, const char *replaced, const char *by);

/* A folder of a run, whose name may have folders before it, with the configuration in file
 * `config` and a checkpoint of each step, which differ. */
void lab_make_run(struct lab *l, const char *name, const char *config, const int64_t *step,
                  size_t count);

/* Opened with `digests`, which may be NULL. */
struct tfu_subject *lab_subject(struct lab *l, const char *spec, struct tfu_digests *digests);

#endif
