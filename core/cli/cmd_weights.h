/* SPDX-License-Identifier: MIT
 *
 * cmd_weights.h - what the actions of `transfuse weights` share: the command line, and columns.
 */
#ifndef TFU_CORE_CLI_CMD_WEIGHTS_H
#define TFU_CORE_CLI_CMD_WEIGHTS_H

#include <stdio.h>

#include "core/cli/cli.h"
#include "core/io/weights_convert.h"

#include <transfuse/option.h>

/* Exit statuses of diff, as diff(1) and cmp(1) have them. */
enum { TFU_WEIGHTS_EQUAL = 0, TFU_WEIGHTS_DIFFER = 1, TFU_WEIGHTS_TROUBLE = 2 };

struct tfu_weights_command {
    const char *file[2];
    struct tfu_string_list match, rename;                    /* --rename: OLD=NEW, all of them */
    const char *strip, *sha256, *dictionary, *preprocessing; /* "": not said */
    bool strips;  /* was --strip said? "" takes nothing off */
    int64_t bins; /* --histogram; 0: none */
    int32_t csv, force;
    double tolerance;
    bool tolerates; /* was --tolerance said? */
    int32_t type;   /* a place in: as it is, F64, F32, F16, BF16 */
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
/* The names that count. */
struct tfu_patterns tfu_cmd_weights_match(const struct tfu_weights_command *c);
/* The longest name of those that fit, for columns: at least `least`. */
int tfu_cmd_weights_name_width(const struct tfu_weights_command *c, const struct tfu_weights *w,
                               int least);

#endif
