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
#include "core/synth/check.h"

struct tfu_synth_summary {
    int64_t images, patients, part[3]; /* training, validation, test */
};

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
