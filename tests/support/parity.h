/* SPDX-License-Identifier: MIT
 *
 * parity.h - the networks that are compared with PyTorch's, and their pass.
 */
#ifndef TFU_TESTS_SUPPORT_PARITY_H
#define TFU_TESTS_SUPPORT_PARITY_H

#include "tests/support/model.h"

enum { PARITY_BATCH = 2, PARITY_CLASSES = 5 };

/* The same list as in make_parity.py. */
struct parity_case {
    const char *name, *arch, *options;
    int64_t channels, side;
    bool small; /* also run by the definitions, in float64 */
};
extern const struct parity_case parity_cases[];
extern const size_t parity_case_count;

/* A network of a case on `backend`, in float32 or float64; parameters hold nothing yet. */
struct model parity_open(const struct parity_case *c, const char *backend, uint32_t dtype);
/* First values, as start() of make_parity.py gives them. */
void parity_fill(const struct model *m);

/* One number of a tensor of either type. */
double parity_number(const struct tfu_tensor *t, size_t i);

/* Inference, then a training step's passes from the same start, each result handed to `result`:
 * "logits.inference", "logits.training", "logits.auxiliary", "gradient.<param>",
 * "running.<param>". */
void parity_run(const struct model *m,
                void (*result)(void *arg, const char *name, const struct tfu_tensor *t), void *arg);

#endif
