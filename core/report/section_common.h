/* SPDX-License-Identifier: MIT
 *
 * section_common.h - what tables, figures and lists of runs have alike: keys, and how they are
 * read. Private to this folder.
 *
 * A function that finds something wrong adds a finding, and leaves out what it is about.
 */
#ifndef TFU_CORE_REPORT_SECTION_COMMON_H
#define TFU_CORE_REPORT_SECTION_COMMON_H

#include "core/config/value.h"
#include "core/report/section_reader.h"

/* What is asked, with the words of its keys. */
struct tfu_section_asked {
    struct tfu_report_ask ask;
    struct tfu_string_list rows, columns, over, value, shown;
    const char *x;
};

/* ---- keys, of a struct tfu_section_asked */

#define TFU_SECTION_LIST(field, help_)                                                             \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_STRING_LIST, .flags = TFU_VALUE_SINGLE,       \
        .offset = offsetof(struct tfu_section_asked, field)                                        \
    }
#define TFU_SECTION_COMMON                                                                         \
    {.name = "name",                                                                               \
     .help = "of its files",                                                                       \
     .type = TFU_STRING,                                                                           \
     .offset = offsetof(struct tfu_section_asked, ask.name)},                                      \
    {                                                                                              \
        .name = "caption", .help = "what it shows; what is over how many runs is said behind it",  \
        .type = TFU_STRING, .offset = offsetof(struct tfu_section_asked, ask.caption)              \
    }
#define TFU_SECTION_NUMBERS                                                                        \
    TFU_SECTION_LIST(over, "the axes that a number is the mean over; by default `seed`"),          \
        {.name = "at",                                                                             \
         .help = "which value of a metric: `last`, `best` or the number of a step",                \
         .type = TFU_STRING,                                                                       \
         .sdef = "last",                                                                           \
         .offset = offsetof(struct tfu_section_asked, ask.at)},                                    \
    {                                                                                              \
        .name = "digits", .help = "behind the point", .type = TFU_INT,                             \
        .offset = offsetof(struct tfu_section_asked, ask.digits), .idef = -1, .imin = 0,           \
        .imax = 15                                                                                 \
    }

/* ---- reading; `path` is that of the mapping `n` */

/* Its keys by `option`; those of `other` are read by whoever knows them. */
void tfu_section_options_read(struct tfu_section_reader *r, const char *path,
                              const struct tfu_node *n, const struct tfu_option *option,
                              size_t count, const char *const *other, size_t others,
                              struct tfu_section_asked *a);
/* `at`; false after a finding. */
bool tfu_section_at_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                         struct tfu_report_ask *ask);
/* `name`, or one by the kind and the place. */
void tfu_section_name_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                           const char *kind, struct tfu_report_ask *ask);
/* The number that `text` at `m` names; false after a finding. */
bool tfu_section_value_read(struct tfu_section_reader *r, const char *path, struct tfu_mark m,
                            const char *text, const char *at, struct tfu_report_value *out);
/* Those of the list under `key`. */
void tfu_section_values_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *n, const char *key,
                             const struct tfu_string_list *text, struct tfu_report_ask *ask);
/* Axes, what the numbers are means over, and which cases. */
void tfu_section_cases_read(struct tfu_section_reader *r, const char *path,
                            const struct tfu_node *n, bool figure, struct tfu_section_asked *a);
/* A copy that stays; NULL where there are more findings than `before`. */
const struct tfu_report_ask *tfu_section_keep(struct tfu_section_reader *r,
                                              const struct tfu_section_asked *a, size_t before);

/* Item `i` of a list, or what stands in the place of one. */
const struct tfu_node *tfu_section_item(const struct tfu_node *list, size_t i);

#endif
