/* SPDX-License-Identifier: MIT
 *
 * defaults.h - the plugins that are taken where none is named: default values, as a number has
 * them. Nothing else in the core knows a plugin by its name; what it needs one for it asks of its
 * needs and flags.
 */
#ifndef TFU_CORE_CONFIG_DEFAULTS_H
#define TFU_CORE_CONFIG_DEFAULTS_H

#define TFU_DEFAULT_BACKEND    "cpu"
#define TFU_DEFAULT_INIT       "random"     /* of a parameter that no rule is for */
#define TFU_DEFAULT_INIT_FILE  "pretrained" /* of a network that begins with a file of weights */
#define TFU_DEFAULT_OPTIM      "adam"       /* of a benchmark */
#define TFU_DEFAULT_SIMILARITY "svcca" /* the metric of `compare` and of studies of activations */
#define TFU_DEFAULT_MOVEMENT   "movement"  /* the metric of `study movement` */
#define TFU_DEFAULT_PROBE      "knn_probe" /* the metric of `study probe` */

#endif
