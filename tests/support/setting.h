/* SPDX-License-Identifier: MIT
 *
 * setting.h - a network and the rules of `init:` to fill it by, both from YAML as a user writes it,
 * over the shipped plugins; and source files made for it. These functions end the test when
 * something unexpected fails.
 */
#ifndef TFU_TESTS_SUPPORT_SETTING_H
#define TFU_TESTS_SUPPORT_SETTING_H

#include "core/config/experiment.h"
#include "core/graph/network.h"
#include "core/io/safetensors.h"

/* A scratch folder, where the files of a test are. */
void folder_begin(void);
void folder_end(void);
/* Of a file in it; valid until the fourth call from now. */
const char *folder_path(const char *name);

struct setting {
    struct tfu_registry *registry;
    struct tfu_config *config;
    struct tfu_threads *threads;
    struct tfu_graph *graph;
    struct tfu_network *network;
    struct tfu_text report;
    uint64_t seed;
};

/* `arch` and `init` in YAML: "{plugin: cbr_tiny}", "[{plugin: random}]"; "%s" in `init` is the
 * scratch folder. Images of 16 x 16 x 3, five outputs. */
struct setting setting_open(const char *arch, const char *init);
/* What tfu_initialise() says. */
enum tfu_status setting_try(struct setting *s, uint32_t threads, struct tfu_error *e);
/* Fills it, with a report. */
void setting_run(struct setting *s, uint32_t threads);
void setting_close(struct setting *s);

/* Opened and run with one thread. */
struct setting setting_filled(const char *arch, const char *init);

/* The numbers of a parameter. */
float *setting_get(const struct setting *s, const char *param, size_t *n);
/* Ends the test unless the parameters for which which() holds (NULL: all) have the same bits. */
void setting_same(const struct setting *a, const struct setting *b,
                  bool (*which)(const struct tfu_graph *g, uint32_t param));

/* Gives every parameter skewed random numbers, variances above 0. */
void setting_scramble(struct setting *s, uint64_t seed);
/* A file of weights in the scratch folder with every parameter of the network as it is now. */
void setting_save(const struct setting *s, const char *name);
/* A scrambled network of `arch`, of which <name> in the scratch folder has everything. */
struct setting setting_source(const char *arch, const char *name);
/* A file with one tensor. */
void setting_save_tensor(const char *file, const char *tensor, size_t rank, const int64_t *dim,
                         const float *data);

/* Of numbers: mean, variance (divided by n) and fourth central moment. */
struct sample {
    double mean, variance, fourth;
};
struct sample sample_of(const float *w, size_t n);

#endif
