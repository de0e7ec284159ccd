/* SPDX-License-Identifier: MIT
 *
 * npy_pickle.h - arrays of numpy in a pickle: one array, or a dictionary, list or tuple of arrays,
 * by protocols 2 to 5, also as Python 2 wrote them.
 */
#ifndef TFU_CORE_IO_NPY_PICKLE_H
#define TFU_CORE_IO_NPY_PICKLE_H

#include "core/io/npy.h"

struct tfu_npy_pickle;

struct tfu_npy_pickled {
    const char *name;     /* the key, the number in a list; of a single array "array" */
    struct tfu_npy npy;   /* no header */
    const uint8_t *bytes; /* npy.bytes of them, for tfu_npy_arrange() */
};

/* `path` is for messages. TFU_ENOTFOUND: a pickle of something else, which is not looked into;
 * TFU_EUNSUPPORTED: an array that does not hold plain numbers; TFU_ECORRUPT: damaged. */
enum tfu_status tfu_npy_pickle_open(struct tfu_npy_pickle **out, const char *path,
                                    const void *bytes, size_t size, struct tfu_error *e);
void tfu_npy_pickle_close(struct tfu_npy_pickle *p);
size_t tfu_npy_pickle_count(const struct tfu_npy_pickle *p);
const struct tfu_npy_pickled *tfu_npy_pickle_get(const struct tfu_npy_pickle *p, size_t i);

#endif
