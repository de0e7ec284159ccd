/* SPDX-License-Identifier: MIT */
#include "core/plugin/kind.h"

#include <string.h>

#include "core/plugin/kind_list.h"
#include "core/plugin/sizes.h"
#include "core/plugin/tables.h"

#include <transfuse/arch.h>
#include <transfuse/backend.h>
#include <transfuse/dataset.h>
#include <transfuse/init.h>
#include <transfuse/metric.h>
#include <transfuse/optim.h>
#include <transfuse/reader.h>
#include <transfuse/transform.h>

#define FUNCTION(kind, function)                                                                   \
    {                                                                                              \
        offsetof(struct tfu_##kind##_ops, function), #function                                     \
    }

#define FUNCTIONS(number, name, plural, flags, last, contents, attribute, ...)                     \
    static const struct tfu_kind_function name##_functions[] = {__VA_ARGS__};
TFU_KIND_LIST(FUNCTIONS, FUNCTION)

#define ROW(number, name_, plural_, flags_, last, contents_, attribute_, ...)                      \
    {.kind = (number),                                                                             \
     .name = #name_,                                                                               \
     .plural = (plural_),                                                                          \
     .flags = (flags_),                                                                            \
     .table_size = TFU_SIZE_THROUGH(tfu_##name_##_ops, last),                                      \
     .function = name_##_functions,                                                                \
     .function_count = TFU_COUNT(name_##_functions),                                               \
     .contents = (contents_),                                                                      \
     .attribute = (attribute_)},
static const struct tfu_kind_row rows[] = {TFU_KIND_LIST(ROW, FUNCTION)};

/* As long as there is nothing after 2.0, `last` is the last one. */
#if TFU_ABI_MINOR == 0 && UINTPTR_MAX == UINT64_MAX
#define IS_LAST(number, name, plural, flags, last, ...)                                            \
    _Static_assert(TFU_SIZE_THROUGH(tfu_##name##_ops, last) == sizeof(struct tfu_##name##_ops),    \
                   #last " is not the last field of struct tfu_" #name "_ops");
TFU_KIND_LIST(IS_LAST, FUNCTION)
_Static_assert(TFU_PLUGIN_2_0 == sizeof(struct tfu_plugin), "core/plugin/sizes.h");
_Static_assert(TFU_OPTION_2_0 == sizeof(struct tfu_option), "core/plugin/sizes.h");
_Static_assert(TFU_ATTR_INFO_2_0 == sizeof(struct tfu_attr_info), "core/plugin/sizes.h");
_Static_assert(TFU_KERNEL_2_0 == sizeof(struct tfu_kernel), "core/plugin/sizes.h");
#endif

size_t tfu_kind_count(void)
{
    return TFU_COUNT(rows);
}

const struct tfu_kind_row *tfu_kind_at(size_t index)
{
    return &rows[index];
}

const struct tfu_kind_row *tfu_kind_row(int kind)
{
    for (size_t i = 0; i < TFU_COUNT(rows); i++)
        if ((int)rows[i].kind == kind)
            return &rows[i];
    return NULL;
}

const char *tfu_kind_name(int kind)
{
    const struct tfu_kind_row *row = tfu_kind_row(kind);
    return row ? row->name : NULL;
}

int tfu_kind_from_name(const char *name)
{
    for (size_t i = 0; i < TFU_COUNT(rows); i++)
        if (strcmp(name, rows[i].name) == 0)
            return (int)rows[i].kind;
    return 0;
}

void tfu_kind_put_names(struct tfu_text *out, const char *between, const char *last)
{
    for (size_t i = 0; i < TFU_COUNT(rows); i++)
        tfu_text_printf(out, "%s%s",
                        i == 0                    ? ""
                        : i + 1 < TFU_COUNT(rows) ? between
                                                  : last,
                        rows[i].name);
}
