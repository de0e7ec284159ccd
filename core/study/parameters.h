/* SPDX-License-Identifier: MIT
 *
 * parameters.h - all parameters and running statistics of a network, kept apart from it: to be put
 * back, in part or mixed with those of another network of the same graph.
 */
#ifndef TFU_CORE_STUDY_PARAMETERS_H
#define TFU_CORE_STUDY_PARAMETERS_H

#include "core/graph/access.h"

struct tfu_parameters;

/* Room for those of a network of float32. */
enum tfu_status tfu_parameters_new(struct tfu_parameters **out, const struct tfu_graph *graph,
                                   struct tfu_error *e);
void tfu_parameters_free(struct tfu_parameters *p);

enum tfu_status tfu_parameters_take(struct tfu_parameters *p, const struct tfu_network *from,
                                    struct tfu_error *e);
/* Those with chosen[param of the graph]; NULL: all. */
enum tfu_status tfu_parameters_put(const struct tfu_parameters *p, const bool *chosen,
                                   struct tfu_network *into, struct tfu_error *e);
/* (1 - t) a + t b, in double and then rounded: exactly a at 0 and b at 1. */
enum tfu_status tfu_parameters_put_mixture(const struct tfu_parameters *a,
                                           const struct tfu_parameters *b, double t,
                                           struct tfu_network *into, struct tfu_error *e);
/* Are the parameter's numbers the same bits in both? */
bool tfu_parameters_equal(const struct tfu_parameters *a, const struct tfu_parameters *b,
                          uint32_t param);

/* Do two graphs have the same operations, and parameters of the same names and shapes? An error
 * lists what differs. */
enum tfu_status tfu_parameters_match(const struct tfu_graph *a, const char *a_name,
                                     const struct tfu_graph *b, const char *b_name,
                                     struct tfu_error *e);

#endif
