/* SPDX-License-Identifier: MIT
 *
 * kind.h - what there is to know of each kind of plugin.
 */
#ifndef TFU_CORE_PLUGIN_KIND_H
#define TFU_CORE_PLUGIN_KIND_H

#include "core/base/error.h"
#include "core/base/text.h"

#include <transfuse/option.h>

enum tfu_kind_flags {
    TFU_KIND_IN_STEP = 1u << 0,      /* called inside a step, where nothing is allocated */
    TFU_KIND_HAS_WORKSPACE = 1u << 1 /* the host lends scratch memory that its table asks for */
};

/* A function that a kind cannot do without, in its table. */
struct tfu_kind_function {
    size_t offset;
    const char *name;
};

struct tfu_kind_row {
    enum tfu_kind kind;
    const char *name;   /* "arch": also of the folders of its plugins and of its template */
    const char *plural; /* "architectures" */
    uint32_t flags;     /* enum tfu_kind_flags */
    size_t table_size; /* of its table of functions when the kind came: a plugin's is not shorter */
    const struct tfu_kind_function *function;
    size_t function_count;
    /* What the table says beyond its functions: is it right? NULL: it says nothing. The table is
     * long enough and has the functions. The text begins with "its" or "it". */
    enum tfu_status (*contents)(const void *ops, struct tfu_error *e);
    /* Row `index` of the attributes that the table declares, as an option; false behind the last.
     * NULL: plugins of the kind have none. */
    bool (*attribute)(const void *ops, uint32_t index, struct tfu_option *out);
};

/* In the order of their numbers. */
size_t tfu_kind_count(void);
const struct tfu_kind_row *tfu_kind_at(size_t index);
/* NULL for a number that is no kind. */
const struct tfu_kind_row *tfu_kind_row(int kind);

/* "arch", "init", ...; NULL for a number that is no kind. And back: 0 when it is none. */
const char *tfu_kind_name(int kind);
int tfu_kind_from_name(const char *name);
/* Appends all names, `between` between them and `last` before the last: "arch, init and metric". */
void tfu_kind_put_names(struct tfu_text *out, const char *between, const char *last);

#endif
