/* SPDX-License-Identifier: MIT
 *
 * layout.h - where files of a set lie and what its tables say: a row for each public set that is
 * imitated. Private to this folder.
 */
#ifndef TFU_CORE_SYNTH_LAYOUT_H
#define TFU_CORE_SYNTH_LAYOUT_H

#include "core/base/text.h"
#include "core/synth/plan.h"

/* A set that is being written. */
struct tfu_synth_set {
    const struct tfu_synth_options *options;
    const char *folder;
    const struct tfu_synth_plan *plan;
    const struct tfu_synth_truth *truth; /* of each item */
};

struct tfu_synth_layout {
    unsigned kinds; /* a bit for each that it can hold */
    /* Appends the image's place in the folder; what it ends with says how it is written. */
    void (*put_path)(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                     const struct tfu_synth_truth *t, struct tfu_text *path);
    /* Likewise of one of its masks; NULL: in truth/masks, as the image. False: this mask has no
     * place in the layout. */
    bool (*put_mask)(const struct tfu_synth_item *i, const char *name, struct tfu_text *path);
    enum tfu_status (*write_tables)(const struct tfu_synth_set *s, struct tfu_error *e);
};
extern const struct tfu_synth_layout tfu_layout_eyepacs, tfu_layout_aptos, tfu_layout_chexpert,
    tfu_layout_idrid, tfu_layout_image_folder;

/* The classes that `task` makes: "3", "0", "disc"; and which of them a picture is in. */
int tfu_synth_class_count(const struct tfu_synth_options *o);
const char *tfu_synth_class_name(const struct tfu_synth_options *o, int class);
int tfu_synth_class_of(const struct tfu_synth_options *o, const struct tfu_synth_truth *t);
/* The number of a finding by its name, or -1. */
int tfu_synth_finding_named(const char *name);
/* Has the picture the label that is confounded? */
bool tfu_synth_has_label(const struct tfu_synth_options *o, const struct tfu_synth_truth *t);

/* ---- tables */

/* A table's text as the file "<folder>/<name>"; frees it. */
enum tfu_status tfu_synth_write_table(struct tfu_text *table, const char *folder, const char *name,
                                      struct tfu_error *e);

/* truth/images.csv, landmarks.csv, boxes.csv: for every layout. */
enum tfu_status tfu_synth_write_truth(const struct tfu_synth_set *s, struct tfu_error *e);

/* A file of a set, its folders made. Not brought to the disk by itself: a set is whole when
 * synth.json is there. */
enum tfu_status tfu_synth_write_file(const char *folder, const char *name, const void *bytes,
                                     size_t size, struct tfu_error *e);

#endif
