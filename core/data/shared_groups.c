/* SPDX-License-Identifier: MIT */
#include "core/data/shared_groups.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SHOWN = 10 };

/* Shared groups, as they are found. */
struct found {
    int64_t count;
    struct tfu_text names; /* of the first of them */
};

static void add(void *arg, const char *name)
{
    struct found *f = arg;
    if (++f->count <= SHOWN)
        tfu_text_printf(&f->names, "%s%s", f->count > 1 ? ", " : "", name);
    else if (f->count == SHOWN + 1)
        tfu_text_puts(&f->names, ", ...");
}

static enum tfu_status put(struct found *f, const char *a_name, const char *b_name,
                           struct tfu_text *out, struct tfu_error *e)
{
    if (f->count)
        tfu_text_printf(out, "%s%" PRId64 " group%s in %s and %s data: %s", out->length ? "; " : "",
                        f->count, f->count == 1 ? " is" : "s are", a_name, b_name,
                        tfu_text_get(&f->names));
    out->failed |= f->names.failed;
    tfu_text_free(&f->names);
    return out->failed ? tfu_error_memory(e, "comparing groups", 0) : TFU_OK;
}

enum tfu_status tfu_shared_groups_of_parts(const struct tfu_example_groups *g, const uint8_t *part,
                                           int64_t count, struct tfu_text *out, struct tfu_error *e)
{
    static const char *const name[] = {"train", "valid", "test"};
    uint8_t *in = calloc((size_t)g->count + 1, sizeof *in); /* a bit for each part */
    if (!in)
        return tfu_error_memory(e, "comparing groups", 0);
    for (int64_t i = 0; g->count && i < count; i++)
        in[g->of[i]] |= (uint8_t)(1 << part[i]);
    enum tfu_status st = TFU_OK;
    for (int a = 0; a < TFU_CUT_PARTS; a++)
        for (int b = a + 1; st == TFU_OK && b < TFU_CUT_PARTS; b++) {
            struct found f = {.count = 0};
            for (int64_t k = 0; k < g->named; k++)
                if (in[k] & 1 << a && in[k] & 1 << b)
                    add(&f, g->name[k]);
            st = put(&f, name[a], name[b], out, e);
        }
    free(in);
    return st;
}

enum tfu_status tfu_shared_groups_find(const struct tfu_example_groups *a,
                                       const struct tfu_example_groups *b,
                                       void (*found)(void *arg, const char *name), void *arg,
                                       struct tfu_error *e)
{
    struct tfu_words words = TFU_WORDS_INIT;
    for (int64_t k = 0; k < a->named; k++)
        if (tfu_words_add(&words, a->name[k]) < 0) {
            tfu_words_free(&words);
            return tfu_error_memory(e, "comparing groups", 0);
        }
    for (int64_t k = 0; k < b->named; k++)
        if (tfu_words_find(&words, b->name[k]) >= 0)
            found(arg, b->name[k]);
    tfu_words_free(&words);
    return TFU_OK;
}

enum tfu_status tfu_shared_groups_of_splits(const struct tfu_example_groups *a, const char *a_name,
                                            const struct tfu_example_groups *b, const char *b_name,
                                            int64_t *shared, struct tfu_text *out,
                                            struct tfu_error *e)
{
    struct found f = {.count = 0};
    const enum tfu_status st = tfu_shared_groups_find(a, b, add, &f, e);
    *shared = f.count;
    return st == TFU_OK ? put(&f, a_name, b_name, out, e) : st;
}
