/* SPDX-License-Identifier: MIT */
#include "core/study/find_where.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/config/peek.h"

static bool number_of(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool same_value(const char *a, const char *b)
{
    double x, y;
    if (number_of(a, &x) && number_of(b, &y))
        return x >= y && x <= y;
    return tfu_text_same_but_blanks(a, b);
}

static enum tfu_status open_config(struct tfu_peek **out, const char *run, struct tfu_error *e)
{
    char *path = tfu_path_join(run, "config.yaml");
    *out = NULL;
    const enum tfu_status st =
        path ? tfu_peek_open(out, path, e) : tfu_error_memory(e, "looking for runs", 0);
    free(path);
    return st;
}

enum tfu_status tfu_find_matches(const char *run, const char *key, const char *value, bool *out,
                                 struct tfu_error *e)
{
    struct tfu_peek *p;
    const enum tfu_status st = open_config(&p, run, e);
    const char *is = st == TFU_OK ? tfu_peek_value(p, key) : NULL;
    *out = is && same_value(is, value);
    tfu_peek_close(p);
    return st;
}

/* Adds what a run has under the key to a list, once; and the first near miss of the key. */
static enum tfu_status note_value(const char *run, const char *key, struct tfu_text *values,
                                  struct tfu_text *nearest, struct tfu_error *e)
{
    struct tfu_peek *p;
    const enum tfu_status st = open_config(&p, run, e);
    if (st != TFU_OK)
        return st;
    const char *is = tfu_peek_value(p, key), *near = tfu_peek_nearest(p, key);
    struct tfu_text item = TFU_TEXT_INIT;
    if (is)
        tfu_text_printf(&item, "'%s'", is);
    if (is && !strstr(tfu_text_get(values), tfu_text_get(&item)))
        tfu_text_printf(values, "%s%s", values->length ? ", " : "", tfu_text_get(&item));
    if (!is && near && !nearest->length)
        tfu_text_printf(nearest, "; did you mean '%s'?", near);
    values->failed |= item.failed;
    tfu_text_free(&item);
    tfu_peek_close(p);
    return TFU_OK;
}

enum tfu_status tfu_found_none(const struct tfu_found *f, const char *key, const char *value,
                               struct tfu_error *e)
{
    struct tfu_text values = TFU_TEXT_INIT, nearest = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < f->count; i++)
        if (f->item[i].run)
            st = note_value(f->item[i].run, key, &values, &nearest, e);
    if (st == TFU_OK && (values.failed || nearest.failed))
        st = tfu_error_memory(e, "looking for runs", 0);
    else if (st == TFU_OK && values.length && !value)
        st = tfu_error_set(e, TFU_ENOTFOUND,
                           "none of %zu runs has one of these values under '%s'; they have %s",
                           f->count, key, tfu_text_get(&values));
    else if (st == TFU_OK && values.length)
        st = tfu_error_set(e, TFU_ENOTFOUND, "none of %zu runs has '%s: %s'; they have %s",
                           f->count, key, value, tfu_text_get(&values));
    else if (st == TFU_OK)
        st = tfu_error_set(e, TFU_ENOTFOUND, "none of %zu runs has a value under the key '%s'%s",
                           f->count, key, tfu_text_get(&nearest));
    tfu_text_free(&values);
    tfu_text_free(&nearest);
    return st;
}

void tfu_found_drop(struct tfu_found *f, const bool *keep)
{
    size_t to = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (keep[i]) {
            f->item[to++] = f->item[i];
            continue;
        }
        free(f->item[i].spec);
        free(f->item[i].run);
    }
    f->count = to;
}

enum tfu_status tfu_found_keep(struct tfu_found *f, const char *key, const char *value,
                               struct tfu_error *e)
{
    bool *keep = calloc(f->count + 1, sizeof *keep);
    size_t kept = 0;
    enum tfu_status st = keep ? TFU_OK : tfu_error_memory(e, "looking for runs", 0);
    for (size_t i = 0; st == TFU_OK && i < f->count; i++) {
        st = f->item[i].run ? tfu_find_matches(f->item[i].run, key, value, &keep[i], e)
                            : tfu_error_set(e, TFU_EINVAL,
                                            "'%s' is no folder of a run, which alone can be chosen "
                                            "by '%s'",
                                            f->item[i].spec, key);
        kept += keep[i];
    }
    if (st == TFU_OK && kept == 0)
        st = tfu_found_none(f, key, value, e);
    if (st == TFU_OK)
        tfu_found_drop(f, keep);
    free(keep);
    return st;
}
