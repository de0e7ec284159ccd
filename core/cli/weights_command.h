/* SPDX-License-Identifier: MIT
 *
 * weights_command.h - what the actions of `transfuse weights` share: the command line, and columns.
 */
#ifndef TFU_CORE_CLI_WEIGHTS_COMMAND_H
#define TFU_CORE_CLI_WEIGHTS_COMMAND_H

#include <stdio.h>

#include "core/cli/cli.h"
#include "core/io/weights_convert.h"

/* Exit statuses of diff, as diff(1) and cmp(1) have them. */
enum { TFU_WEIGHTS_EQUAL = 0, TFU_WEIGHTS_DIFFER = 1, TFU_WEIGHTS_TROUBLE = 2 };

struct tfu_weights_command {
    const char *file[2];
    int files;
    const char **pattern; /* --match; room for all arguments */
    struct tfu_patterns match;
    const char *strip, *sha256, *dictionary;
    int64_t bins; /* --histogram; 0: none */
    bool csv;
    double tolerance; /* --tolerance; negative: not said */
    bool typed;       /* --type */
    enum tfu_stored_type type;
    struct tfu_weights_rename *rename; /* --rename; room for all arguments */
    size_t renames;
    const char *preprocessing; /* --preprocessing, a name */
    bool force;
    unsigned given; /* options that only some actions take, a bit each; see cmd_weights.c */
};

int tfu_cmd_weights_inspect(const struct tfu_weights_command *c);
int tfu_cmd_weights_stats(const struct tfu_weights_command *c);
int tfu_cmd_weights_diff(const struct tfu_weights_command *c);
int tfu_cmd_weights_convert(const struct tfu_weights_command *c);

/* File `i` of the command line; on failure it has been said. */
struct tfu_weights *tfu_cmd_weights_open(const struct tfu_weights_command *c, int i);

/* A name out of a file, for the terminal: without control characters, padded to `width`. */
void tfu_cmd_weights_put_name(const char *name, int width);
/* "64 x 3 x 7 x 7", or "scalar". */
void tfu_cmd_weights_shape(const struct tfu_weights_tensor *t, struct tfu_text *out);
/* The tensors' indices in the order that people count in: "blocks.2" before "blocks.10". To be
 * freed; NULL: out of memory. */
size_t *tfu_cmd_weights_order(const struct tfu_weights *w);
/* The longest name of those that fit, for columns: at least `least`. */
int tfu_cmd_weights_name_width(const struct tfu_weights_command *c, const struct tfu_weights *w,
                               int least);

#endif
