/* SPDX-License-Identifier: MIT
 *
 * option_text.h - one row of a table of options in words, as a line of Markdown, and as JSON.
 */
#ifndef TFU_CORE_DESCRIBE_OPTION_TEXT_H
#define TFU_CORE_DESCRIBE_OPTION_TEXT_H

#include <jansson.h>

#include "core/base/text.h"

#include <transfuse/option.h>

/* What is shown of a row: of an option, or of a layer's attribute. */
struct tfu_option_view {
    const char *section; /* in front of the name, with a dot between; "": nothing */
    const char *name, *help;
    const char *type;     /* in words, instead of the option's; NULL: the option's */
    const char *standard; /* the same for the default */
    const struct tfu_option *option;
};

struct tfu_option_view tfu_option_view(const struct tfu_option *o);

/* "train.batch: whole number from 1 to 1000000000; default 32" and the meaning below it. */
void tfu_option_put_text(struct tfu_text *out, const struct tfu_option_view *v);
/* The head of a table of Markdown, and a line of it. */
void tfu_option_put_table_head(struct tfu_text *out, const char *what);
void tfu_option_put_table_line(struct tfu_text *out, const struct tfu_option_view *v);
/* Prose in a place where Markdown would take a star or a bar for its own. */
void tfu_option_put_markdown(struct tfu_text *out, const char *s);
/* NULL when out of memory. */
json_t *tfu_option_json(const struct tfu_option_view *v);

/* A default as YAML. */
void tfu_option_put_default(struct tfu_text *out, const struct tfu_option *o);
bool tfu_option_is_path(const struct tfu_option *o);

#endif
