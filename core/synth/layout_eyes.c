/* SPDX-License-Identifier: MIT
 *
 * EyePACS (Kaggle's Diabetic Retinopathy Detection of 2015), APTOS 2019 and IDRiD.
 */
#include "core/synth/layout.h"

/* ---- EyePACS: train/12_left.jpeg, trainLabels.csv; the test's labels came later */

static void put_eye(const struct tfu_synth_item *i, struct tfu_text *to)
{
    tfu_text_printf(to, "%lld_%s", (long long)i->patient + 1, i->left ? "left" : "right");
}

static void put_eyepacs(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                        const struct tfu_synth_truth *t, struct tfu_text *path)
{
    (void)o;
    (void)t;
    tfu_text_printf(path, "%s/", i->part == TFU_PART_TEST ? "test" : "train");
    put_eye(i, path);
    tfu_text_puts(path, ".jpeg");
}

static enum tfu_status write_eyepacs(const struct tfu_synth_set *s, struct tfu_error *e)
{
    struct tfu_text train = TFU_TEXT_INIT, test = TFU_TEXT_INIT;
    tfu_text_puts(&train, "image,level\n");
    tfu_text_puts(&test, "image,level,Usage\n");
    for (int64_t k = 0; k < s->plan->count; k++) {
        const struct tfu_synth_item *i = &s->plan->item[k];
        struct tfu_text *to = i->part == TFU_PART_TEST ? &test : &train;
        put_eye(i, to);
        tfu_text_printf(to, ",%d", s->truth[k].fundus.grade);
        if (i->part == TFU_PART_TEST) /* a fifth of the patients, as of the original's */
            tfu_text_puts(to, i->patient_key % 5 ? ",Private" : ",Public");
        tfu_text_puts(to, "\n");
    }
    enum tfu_status st = tfu_synth_write_table(&train, s->folder, "trainLabels.csv", e);
    if (st == TFU_OK)
        st = tfu_synth_write_table(&test, s->folder, "retinopathy_solution.csv", e);
    tfu_text_free(&test);
    return st;
}

const struct tfu_synth_layout tfu_layout_eyepacs = {
    .kinds = 1u << TFU_SYNTH_FUNDUS, .put_path = put_eyepacs, .write_tables = write_eyepacs};

/* ---- APTOS: train_images/0a1b2c3d4e5f.png, train.csv; the test's labels were never published */

/* 12 digits without meaning, but never the same twice: the first bit says which part, the last 20
 * which picture of it (an odd factor only shuffles them). */
static void put_code(const struct tfu_synth_item *i, struct tfu_text *to)
{
    const uint64_t number = (uint64_t)i->number * 0x9E375u & 0xFFFFFu;
    const uint64_t part = i->part == TFU_PART_TEST, any = i->image_key >> 37;
    tfu_text_printf(to, "%012llx", (unsigned long long)(part << 47 | any << 20 | number));
}

static void put_aptos(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                      const struct tfu_synth_truth *t, struct tfu_text *path)
{
    (void)o;
    (void)t;
    tfu_text_puts(path, i->part == TFU_PART_TEST ? "test_images/" : "train_images/");
    put_code(i, path);
    tfu_text_puts(path, ".png");
}

static enum tfu_status write_aptos(const struct tfu_synth_set *s, struct tfu_error *e)
{
    struct tfu_text train = TFU_TEXT_INIT, test = TFU_TEXT_INIT;
    tfu_text_puts(&train, "id_code,diagnosis\n");
    tfu_text_puts(&test, "id_code\n");
    for (int64_t k = 0; k < s->plan->count; k++) {
        const struct tfu_synth_item *i = &s->plan->item[k];
        struct tfu_text *to = i->part == TFU_PART_TEST ? &test : &train;
        put_code(i, to);
        if (i->part != TFU_PART_TEST)
            tfu_text_printf(to, ",%d", s->truth[k].fundus.grade);
        tfu_text_puts(to, "\n");
    }
    enum tfu_status st = tfu_synth_write_table(&train, s->folder, "train.csv", e);
    if (st == TFU_OK)
        st = tfu_synth_write_table(&test, s->folder, "test.csv", e);
    tfu_text_free(&test);
    return st;
}

const struct tfu_synth_layout tfu_layout_aptos = {
    .kinds = 1u << TFU_SYNTH_FUNDUS, .put_path = put_aptos, .write_tables = write_aptos};
