/* SPDX-License-Identifier: MIT
 *
 * CheXpert-v1.0-small: train.csv and valid.csv of 19 columns; the folder is the one of that name.
 * Training labels are what a labeler of reports says (uncertain, not mentioned), the others those
 * of people who looked: 0 and 1. The public archive has no test part; here it is like the
 * validation part.
 */
#include "core/synth/cxr.h"
#include "core/synth/layout.h"

static void put_view(const struct tfu_synth_item *i, struct tfu_text *to)
{
    tfu_text_printf(to, "%s/patient%05lld/study%d/view%d_%s.jpg", tfu_synth_parts[i->part],
                    (long long)i->patient + 1, i->study, i->view_number,
                    i->view == TFU_SYNTH_LATERAL ? "lateral" : "frontal");
}

static void put_path(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                     const struct tfu_synth_truth *t, struct tfu_text *path)
{
    (void)o;
    (void)t;
    put_view(i, path);
}

/* The columns behind AP/PA, in their order. */
enum column {
    NO_FINDING,
    ENLARGED_CARDIOMEDIASTINUM,
    CARDIOMEGALY,
    LUNG_OPACITY,
    LUNG_LESION,
    OEDEMA,
    CONSOLIDATION,
    PNEUMONIA,
    ATELECTASIS,
    PNEUMOTHORAX,
    EFFUSION,
    PLEURAL_OTHER,
    FRACTURE,
    SUPPORT_DEVICES,
    COLUMNS
};
static const char head[] =
    "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,"
    "Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,"
    "Pleural Effusion,Pleural Other,Fracture,Support Devices\n";
static const enum column column_of[TFU_FINDINGS] = {
    [TFU_FINDING_ATELECTASIS] = ATELECTASIS,     [TFU_FINDING_CARDIOMEGALY] = CARDIOMEGALY,
    [TFU_FINDING_CONSOLIDATION] = CONSOLIDATION, [TFU_FINDING_OEDEMA] = OEDEMA,
    [TFU_FINDING_EFFUSION] = EFFUSION,
};

/* As the reports have it; what is never drawn is never mentioned. */
static void mention(const struct tfu_synth_item *i, const struct tfu_cxr_truth *t,
                    enum tfu_mention to[COLUMNS])
{
    bool anything = false;
    for (int f = 0; f < TFU_FINDINGS; f++) {
        const enum tfu_mention m = tfu_cxr_mention(t, (enum tfu_finding)f, i->study_key);
        to[column_of[f]] = m;
        anything = anything || m == TFU_MENTION_YES || m == TFU_MENTION_UNCERTAIN;
        if (m == TFU_MENTION_YES && f != TFU_FINDING_CARDIOMEGALY && f != TFU_FINDING_EFFUSION)
            to[LUNG_OPACITY] = TFU_MENTION_YES;
    }
    to[NO_FINDING] = anything ? TFU_MENTION_BLANK : TFU_MENTION_YES;
    to[SUPPORT_DEVICES] = t->devices ? TFU_MENTION_YES : TFU_MENTION_BLANK;
}

/* As it is. */
static void look(const struct tfu_cxr_truth *t, enum tfu_mention to[COLUMNS])
{
    bool anything = false;
    for (int c = 0; c < COLUMNS; c++)
        to[c] = TFU_MENTION_NO;
    for (int f = 0; f < TFU_FINDINGS; f++)
        if (t->severity[f] > 0) {
            to[column_of[f]] = TFU_MENTION_YES;
            anything = true;
        }
    if (t->severity[TFU_FINDING_ATELECTASIS] > 0 || t->severity[TFU_FINDING_CONSOLIDATION] > 0 ||
        t->severity[TFU_FINDING_OEDEMA] > 0)
        to[LUNG_OPACITY] = TFU_MENTION_YES;
    to[NO_FINDING] = anything ? TFU_MENTION_NO : TFU_MENTION_YES;
    to[SUPPORT_DEVICES] = t->devices ? TFU_MENTION_YES : TFU_MENTION_NO;
}

static void put_row(const struct tfu_synth_item *i, const struct tfu_cxr_truth *t,
                    struct tfu_text *to)
{
    static const char *const value[] = {"", "0.0", "1.0", "-1.0"};
    static const char *const view[] = {"Frontal,PA", "Frontal,AP", "Lateral,"};
    enum tfu_mention m[COLUMNS] = {TFU_MENTION_BLANK};
    if (i->part == TFU_PART_TRAIN)
        mention(i, t, m);
    else
        look(t, m);
    tfu_text_puts(to, "CheXpert-v1.0-small/");
    put_view(i, to);
    tfu_text_printf(to, ",%s,%d,%s", t->female ? "Female" : "Male", t->age, view[t->view]);
    for (int c = 0; c < COLUMNS; c++)
        tfu_text_printf(to, ",%s", value[m[c]]);
    tfu_text_puts(to, "\n");
}

static enum tfu_status write_tables(const struct tfu_synth_set *s, struct tfu_error *e)
{
    static const char *const name[] = {"train.csv", "valid.csv", "test.csv"};
    enum tfu_status st = TFU_OK;
    for (int part = 0; part < 3 && st == TFU_OK; part++) {
        struct tfu_text table = TFU_TEXT_INIT;
        int64_t rows = 0;
        tfu_text_puts(&table, head);
        for (int64_t k = 0; k < s->plan->count; k++)
            if ((int)s->plan->item[k].part == part) {
                put_row(&s->plan->item[k], &s->truth[k].cxr, &table);
                rows++;
            }
        if (rows || part != TFU_PART_TEST)
            st = tfu_synth_write_table(&table, s->folder, name[part], e);
        tfu_text_free(&table);
    }
    return st;
}

const struct tfu_synth_layout tfu_layout_chexpert = {
    .kinds = 1u << TFU_SYNTH_CXR, .put_path = put_path, .write_tables = write_tables};
