/* SPDX-License-Identifier: MIT */
#include "core/report/value_title.h"

#include <stdlib.h>
#include <string.h>

#include "core/report/class_names.h"
#include "core/report/names.h"
#include "core/result/label.h"

/* Where ".class.3" begins that a number ends with, of class `k`; NULL: it is of none. */
static const char *class_of(const char *value, int64_t *k)
{
    static const char of_class[] = ".class.";
    const char *at = strstr(value, of_class);
    const char *digits = at ? at + sizeof of_class - 1 : "";
    if (!digits[0] || digits[strspn(digits, "0123456789")])
        return NULL;
    *k = strtoll(digits, NULL, 10);
    return at;
}

/* "AUC of Edema". */
static const char *of_class(struct tfu_report_builder *b, const char *value, const char *at,
                            const char *name, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    const char *metric = tfu_arena_strndup(&b->out->arena, value, (size_t)(at - value));
    const char *words = metric ? tfu_report_names_find(&b->section->names, metric) : NULL;
    text.failed = !metric;
    tfu_text_printf(&text, "%s of ", words ? words : metric ? metric : "");
    tfu_label_clean(&text, name, SIZE_MAX);
    return tfu_report_keep(b, &text, e);
}

const char *tfu_report_value_title(struct tfu_report_builder *b, const char *value,
                                   const bool *chosen, struct tfu_error *e)
{
    const char *words = tfu_report_names_find(&b->section->names, value), *name = NULL;
    int64_t k;
    const char *at = words ? NULL : class_of(value, &k);
    if (at && tfu_report_class_name(b, chosen, k, &name, e) != TFU_OK)
        return NULL;
    return words ? words : name ? of_class(b, value, at, name, e) : value;
}
