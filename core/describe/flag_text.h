/* SPDX-License-Identifier: MIT
 *
 * flag_text.h - rows of a table of options as flags of a command line, in words.
 */
#ifndef TFU_CORE_DESCRIBE_FLAG_TEXT_H
#define TFU_CORE_DESCRIBE_FLAG_TEXT_H

#include "core/base/text.h"
#include "core/config/options.h"

/* "--nodes-b" of nodes_b */
void tfu_flag_put_name(struct tfu_text *out, const char *name);
/* "train, valid or test", of an option of type TFU_ENUM */
void tfu_option_put_choices(struct tfu_text *out, const struct tfu_option *o);
/* A line for each row of the table, wrapped: its flag, what it means, its default. */
void tfu_flags_put_help(struct tfu_text *out, const struct tfu_options_table *table);

#endif
