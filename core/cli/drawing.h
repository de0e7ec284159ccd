/* SPDX-License-Identifier: MIT
 *
 * drawing.h - what the kinds of `transfuse figure` share. A kind is a file figure_<name>.c with one
 * function here and a row in cmd_figure.c.
 */
#ifndef TFU_CORE_CLI_DRAWING_H
#define TFU_CORE_CLI_DRAWING_H

#include "core/cli/figure_output.h"
#include "core/cli/option.h"
#include "core/report/image.h"
#include "core/study/subject.h"

/* argv[0] is the kind's name. */
int tfu_figure_filters(struct tfu_cli *cli, int argc, char **argv);
int tfu_figure_histograms(struct tfu_cli *cli, int argc, char **argv);
int tfu_figure_gradcam(struct tfu_cli *cli, int argc, char **argv);
int tfu_figure_saliency(struct tfu_cli *cli, int argc, char **argv);

enum { TFU_DRAWING_SUBJECTS = 6 };

struct tfu_drawing;

/* A kind's command line. */
struct tfu_drawing_command {
    const char *name; /* "figure filters" */
    const char *help;
    size_t least; /* networks; at most TFU_DRAWING_SUBJECTS */
    const struct tfu_cli_option *option;
    size_t option_count; /* its own, besides those of all kinds */
    /* Looks at its own options; 0 or an exit status. May be NULL. */
    int (*check)(void *arg);
    enum tfu_status (*run)(void *arg, struct tfu_drawing *d, struct tfu_error *e);
    void *arg;
};

struct tfu_drawing {
    struct tfu_cli *cli;
    const char *spec[TFU_DRAWING_SUBJECTS];
    size_t count;          /* of networks */
    const char **override; /* room for all arguments */
    size_t override_count;
    const char *config, *split, *output;
    bool help;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_subject *subject[TFU_DRAWING_SUBJECTS];
    struct tfu_dataset *data[TFU_DRAWING_SUBJECTS]; /* of the split that was asked for, else test,
                                                       else valid, else train */
    enum tfu_split used[TFU_DRAWING_SUBJECTS];
};

/* Parses the command line, opens the networks and their data, draws, says what went wrong. Returns
 * an exit status. */
int tfu_drawing_main(struct tfu_cli *cli, const struct tfu_drawing_command *command, int argc,
                     char **argv);

/* Network number `i` with its numbers, without training; both are the caller's. */
enum tfu_status tfu_drawing_network(const struct tfu_drawing *d, size_t i, struct tfu_graph **graph,
                                    struct tfu_network **network, struct tfu_error *e);
/* "(1) cbr_tiny (random, seed 1) initial; (2) ...". */
void tfu_drawing_list(const struct tfu_drawing *d, struct tfu_text *out);
/* Writes an image into the folder. */
enum tfu_status tfu_drawing_image(const struct tfu_drawing *d, const struct tfu_image *image,
                                  const char *name, struct tfu_error *e);

#endif
