/* SPDX-License-Identifier: MIT */
#include "core/sweep/prints.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/config/measured_numbers.h"
#include "core/data/measure.h"
#include "core/train/session.h"

/* Data as their keys say them, by a digest of that text. */
struct known {
    struct known *next;
    uint8_t digest[TFU_HASH_SIZE];
    struct tfu_data_print data;
    struct tfu_measured measured; /* where `normalise: {from: data}` is among the keys */
};

enum { LISTS = 256 };

struct tfu_data_prints {
    struct tfu_arena arena;
    struct tfu_registry *registry;
    struct known *known[LISTS]; /* by the first byte of the digest */
};

enum tfu_status tfu_data_prints_new(struct tfu_data_prints **out, struct tfu_registry *r,
                                    struct tfu_error *e)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "opening data", sizeof **out);
    tfu_arena_init(&(*out)->arena, 0);
    (*out)->registry = r;
    return TFU_OK;
}

void tfu_data_prints_free(struct tfu_data_prints *p)
{
    if (!p)
        return;
    tfu_arena_free(&p->arena);
    free(p);
}

/* All splits of the data in words. */
static enum tfu_status digest(const struct tfu_config *c, uint8_t out[TFU_HASH_SIZE],
                              struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(c);
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_data_split *split = tfu_experiment_split(x, (enum tfu_split)i);
        tfu_text_printf(&text, "%s:\n", tfu_split_name((enum tfu_split)i));
        if (i == TFU_SPLIT_TRAIN || split->present)
            st = tfu_config_print_split(c, split, &text, e);
    }
    if (st == TFU_OK && text.failed)
        st = tfu_error_memory(e, "opening data", 0);
    tfu_hash_bytes(tfu_text_get(&text), text.length, out);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status open_data(struct tfu_data_prints *p, const struct tfu_experiment *x,
                                 struct known *k, struct tfu_error *e)
{
    struct tfu_session *s;
    const enum tfu_status st = tfu_session_open(&s, x, p->registry, NULL, e);
    if (st != TFU_OK)
        return st;
    bool ok = true;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const char *print = s->data[i] ? tfu_dataset_info(s->data[i])->fingerprint : NULL;
        k->data.print[i] = print ? tfu_arena_strdup(&p->arena, print) : NULL;
        ok = ok && (!print || k->data.print[i]);
    }
    k->data.train = *tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]);
    k->data.train.fingerprint = NULL;
    k->data.train.class_names = NULL;
    tfu_session_free(s);
    return ok ? TFU_OK : tfu_error_memory(e, "opening data", 0);
}

/* The numbers that are asked for are measured where nothing is known of these data yet. */
static enum tfu_status put_measured(struct tfu_data_prints *p, struct tfu_config *c,
                                    struct known *k, bool is_known, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (!tfu_measured_is_wanted(c))
        return TFU_OK;
    if (!is_known)
        st = tfu_measure_numbers(&k->measured, c, p->registry, NULL, e);
    return st == TFU_OK ? tfu_measured_set(c, k->measured.channels, k->measured.mean,
                                           k->measured.deviation, e)
                        : st;
}

enum tfu_status tfu_data_prints_get(struct tfu_data_prints *p, struct tfu_config *c,
                                    const struct tfu_data_print **out, struct tfu_error *e)
{
    uint8_t key[TFU_HASH_SIZE];
    enum tfu_status st = digest(c, key, e);
    if (st != TFU_OK)
        return st;
    struct known *k = p->known[key[0]];
    while (k && memcmp(k->digest, key, sizeof key) != 0)
        k = k->next;
    const bool is_known = k != NULL;
    if (!k)
        k = tfu_arena_alloc(&p->arena, sizeof *k);
    st = k ? put_measured(p, c, k, is_known, e) : tfu_error_memory(e, "opening data", 0);
    if (st == TFU_OK && !is_known)
        st = open_data(p, tfu_config_experiment(c), k, e);
    if (st != TFU_OK)
        return st;
    if (!is_known) {
        memcpy(k->digest, key, sizeof key);
        k->next = p->known[key[0]];
        p->known[key[0]] = k;
    }
    *out = &k->data;
    return TFU_OK;
}
