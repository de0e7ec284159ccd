/* SPDX-License-Identifier: MIT
 *
 * A folder a part, a folder a class in it: train/3/patient00012_left_1.jpg.
 */
#include "core/io/folder.h"
#include "core/synth/layout.h"

static void put_path(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                     const struct tfu_synth_truth *t, struct tfu_text *path)
{
    const long long patient = (long long)i->patient + 1;
    tfu_text_printf(path, "%s/%s/", tfu_synth_parts[i->part],
                    tfu_synth_class_name(o, tfu_synth_class_of(o, t)));
    switch (o->kind) {
    case TFU_SYNTH_FUNDUS:
        tfu_text_printf(path, "patient%05lld_%s_%d.jpg", patient, i->left ? "left" : "right",
                        i->visit);
        break;
    case TFU_SYNTH_CXR:
        tfu_text_printf(path, "patient%05lld_study%d_view%d.jpg", patient, i->study,
                        i->view_number);
        break;
    default:
        tfu_text_printf(path, "%06lld.jpg", patient);
    }
}

/* Every part has a folder for every class, also where chance gave it none: classes are numbered by
 * the folders that are there. */
static enum tfu_status write_tables(const struct tfu_synth_set *s, struct tfu_error *e)
{
    bool has[3] = {false};
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; k < s->plan->count; k++)
        has[s->plan->item[k].part] = true;
    for (int part = 0; part < 3; part++)
        for (int c = 0; c < tfu_synth_class_count(s->options) && has[part] && st == TFU_OK; c++) {
            struct tfu_text path = TFU_TEXT_INIT;
            tfu_text_printf(&path, "%s/%s/%s", s->folder, tfu_synth_parts[part],
                            tfu_synth_class_name(s->options, c));
            st = path.failed ? tfu_error_memory(e, "creating a folder", 0)
                             : tfu_folder_make(tfu_text_get(&path), e);
            tfu_text_free(&path);
        }
    return st;
}

const struct tfu_synth_layout tfu_layout_image_folder = {
    .kinds = 1u << TFU_SYNTH_FUNDUS | 1u << TFU_SYNTH_CXR | 1u << TFU_SYNTH_NATURAL,
    .put_path = put_path,
    .write_tables = write_tables};
