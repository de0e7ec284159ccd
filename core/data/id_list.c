/* SPDX-License-Identifier: MIT */
#include "core/data/id_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/data/example_names.h"

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum tfu_status put(struct tfu_id_list *out, const char **name, int64_t count,
                           struct tfu_text *text, struct tfu_error *e)
{
    struct tfu_hash *hash;
    enum tfu_status st = tfu_hash_new(&hash, e);
    if (st != TFU_OK)
        return st;
    qsort(name, (size_t)count, sizeof *name, by_bytes);
    for (int64_t i = 0; i < count; i++) {
        tfu_hash_add(hash, name[i], strlen(name[i]));
        tfu_hash_add(hash, "\n", 1);
        if (text)
            tfu_text_printf(text, "%s\n", name[i]);
    }
    st = tfu_hash_hex(hash, out->sha256, e);
    tfu_hash_free(hash);
    return st == TFU_OK && text && text->failed ? tfu_error_memory(e, "listing examples", 0) : st;
}

enum tfu_status tfu_id_list_make(struct tfu_id_list *out, const struct tfu_dataset *d,
                                 struct tfu_text *text, struct tfu_error *e)
{
    const int64_t count = tfu_dataset_info(d)->count;
    struct tfu_example_names names;
    *out = (struct tfu_id_list){.named = false};
    enum tfu_status st = tfu_example_names_read(&names, tfu_dataset_source(d), e);
    if (st != TFU_OK)
        return st;
    out->named = names.given;
    const char **name = malloc(((size_t)count + 1) * sizeof *name);
    for (int64_t i = 0; name && i < count; i++)
        name[i] = names.name[tfu_dataset_source_index(d, i)];
    st = name ? put(out, name, count, text, e) : tfu_error_memory(e, "listing examples", 0);
    free(name);
    tfu_example_names_free(&names);
    return st;
}
