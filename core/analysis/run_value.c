/* SPDX-License-Identifier: MIT */
#include "core/analysis/run_value.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/config/peek.h"

const char *tfu_run_value(struct tfu_load *l, const char *run, const char *key)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_peek *p = NULL;
    if (!run)
        return "";
    char *path = tfu_path_join(run, "config.yaml");
    const char *found = path && tfu_peek_open(&p, path, &e) == TFU_OK ? tfu_peek_value(p, key) : "";
    const char *copy = tfu_load_printf(l, "%s", found ? found : "");
    l->out_of_memory |= !path || e.status == TFU_ENOMEM;
    tfu_peek_close(p);
    free(path);
    return copy ? copy : "";
}

int tfu_run_value_compare(const char *a, const char *b)
{
    char *end_a, *end_b;
    const double x = strtod(a, &end_a), y = strtod(b, &end_b);
    if (*a && *b && !*end_a && !*end_b)
        return x < y ? -1 : x > y;
    return strcmp(a, b);
}
