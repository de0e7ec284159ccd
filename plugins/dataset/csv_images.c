/* SPDX-License-Identifier: MIT
 *
 * Images that a table lists, with what it says of each: labels, whom it is of, view, sex, age,
 * boxes. Public sets have a preset each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_examples.h"

enum { PATH_ROOM = 8192, MISSING_NAMED = 3 };

static const char *const part_names[] = {"train", "valid", "test", NULL};
static const char *const kind_names[] = {"auto", "class", "labels", "numbers", NULL};
static const char *const blank_names[] = {"zeros", "ignore", NULL};
static const char *const rows_names[] = {"auto", "one", "grouped", NULL};
static const char *const ages_names[] = {"bands", "years", NULL};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct csv_config, preset, "generic", csv_preset_names,
                 "a public set, whose names of files and columns are known; every other option "
                 "says otherwise where it is given"),
    TFU_OPT_ENUM(struct csv_config, part, "train", part_names,
                 "which of the preset's tables and folders, where they are not named"),
    TFU_OPT_PATH(struct csv_config, root, "", 0,
                 "folder of the images, and of the preset's table; empty: the folder that the "
                 "table is in"),
    TFU_OPT_PATH(struct csv_config, table, "", 0,
                 "CSV file with a line for each image behind one with the columns' names, plain, "
                 "gzipped or in a zip archive; empty: the preset's, below `root`"),
    TFU_OPT_STRING(struct csv_config, delimiter, ",", 0,
                   "what stands between fields: a character, or tab"),
    TFU_OPT_STRING_LIST(struct csv_config, where,
                        "rows that are used, as [\"COLUMN=VALUE\"]: of all these columns; of "
                        "several values of one column any"),
    TFU_OPT_STRING(struct csv_config, image, "", 0,
                   "column of the images' names or paths, with or without their ending"),
    TFU_OPT_STRING_LIST(struct csv_config, pattern,
                        "where images lie below `root`, the first that is there: {} stands for "
                        "the name, {COLUMN} for another field, * for any part of a folder's name"),
    TFU_OPT_INT(struct csv_config, channels, 0, 0, 3,
                "1: images are made gray; 3: red, green and blue; 0: as they are in the files, "
                "which then have to be alike"),
    TFU_OPT_STRING_LIST(struct csv_config, labels,
                        "columns of labels; or, with `label_list`, the labels that are wanted"),
    TFU_OPT_STRING(struct csv_config, label_list, "", 0,
                   "column that lists an image's labels, as \"a|b\" or \"['a', 'b']\"; none: the "
                   "preset's is not used"),
    TFU_OPT_ENUM(struct csv_config, kind, "auto", kind_names,
                 "what labels are: class (one column of words or grades), labels (each 1, 0, -1 "
                 "or blank), numbers; auto: the preset's, or class for one column and labels for "
                 "several"),
    TFU_OPT_STRING_LIST(struct csv_config, values,
                        "what words of labels mean, as [\"healthy=0\", \"ill=1\"], or their "
                        "order, as [healthy, ill]; they name the classes, too"),
    TFU_OPT_STRING(
        struct csv_config, binary, "", 0,
        "two classes out of grades: a rule as \">= 2\", or referable_dr (>= 2) or any_dr "
        "(>= 1)"),
    TFU_OPT_STRING_LIST(struct csv_config, uncertain,
                        "what -1 counts as: zeros, ones, ignore (left out, as if nothing were "
                        "given) or smooth, and of single labels as [zeros, \"Edema=ones\"]"),
    TFU_OPT_ENUM(struct csv_config, blank, "zeros", blank_names,
                 "what a blank label counts as: zeros, as CheXpert is used, or ignore"),
    TFU_OPT_FLOAT_LIST(struct csv_config, smooth, 0, 1,
                       "range that `smooth` draws from, once for each image and label; empty: 0.55 "
                       "to 0.85"),
    TFU_OPT_INT(struct csv_config, smooth_seed, 0, 0, INT64_MAX, "what `smooth` draws by"),
    TFU_OPT_ENUM(struct csv_config, rows, "auto", rows_names,
                 "may several rows be of one image (grouped: one example, with the boxes of all); "
                 "one: that is an error; auto: the preset's, or one"),
    TFU_OPT_STRING_LIST(struct csv_config, boxes,
                        "columns of a box in the image: left, top, width, height"),
    TFU_OPT_PATH(struct csv_config, boxes_table, "", 0, "CSV file of boxes, where they have one"),
    TFU_OPT_STRING(struct csv_config, group, "", 0,
                   "whom an image is of: a column, or a regular expression with the group in "
                   "parentheses, of the image's name or (COLUMN=EXPRESSION) another column; none: "
                   "every image is on its own"),
    TFU_OPT_STRING_LIST(struct csv_config, view,
                        "columns of the view, the first of them that says one; none: there is "
                        "none"),
    TFU_OPT_STRING_LIST(struct csv_config, views,
                        "views that are used: PA, AP, AP_SUPINE, L (lateral), LL, RL (from the "
                        "left, the right), UNKNOWN; empty: all"),
    TFU_OPT_STRING(struct csv_config, sex, "", 0, "column of the sex; none: there is none"),
    TFU_OPT_STRING(struct csv_config, age, "", 0, "column of the age; none: there is none"),
    TFU_OPT_ENUM(struct csv_config, ages, "bands", ages_names,
                 "the attribute age: bands, as 40-59, or years"),
    TFU_OPT_INT_LIST(struct csv_config, age_bands, 1, 200,
                     "ages at which a band begins; empty: 20, 40, 60, 80"),
    TFU_OPT_STRING_LIST(struct csv_config, attributes,
                        "other columns that scores and splits may go by"),
};

struct csv_images {
    struct tfu_dataset_info info;
    const struct csv_config *config;
    struct csv_examples x;
    uint32_t *place; /* of each example's image */
};

static void close_images(void *self)
{
    struct csv_images *d = self;
    csv_examples_free(&d->x);
    free(d->place);
    free(d);
}

/* ---- images */

static enum tfu_status too_long(const struct csv_images *d, size_t i, struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_EINVAL, "the path of the image '%.300s' is too long",
                   csv_words_get(&d->x.images, (uint32_t)i));
}

/* How many images have no file, and which come first. */
struct missing {
    int64_t count;
    uint32_t first[MISSING_NAMED];
};

static enum tfu_status find_images(struct csv_images *d, struct missing *m,
                                   struct tfu_dataset_host *h)
{
    d->place = malloc((size_t)d->x.images.count * sizeof *d->place + 1);
    if (!d->place)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset csv_images");
    for (uint32_t i = 0; i < d->x.images.count; i++) {
        bool found;
        const enum tfu_status st = csv_places_find(&d->x.places, csv_words_get(&d->x.images, i),
                                                   d->x.folder[i], &found, &d->place[i], h);
        if (st != TFU_OK)
            return st;
        if (!found && m->count++ < MISSING_NAMED)
            m->first[m->count - 1] = i;
    }
    return TFU_OK;
}

/* An image was refused: what the table has to do with that, in front of the reason. */
static enum tfu_status refuse_image(const struct csv_images *d, uint32_t i, const struct missing *m,
                                    enum tfu_status st, struct tfu_dataset_host *h)
{
    char names[600] = "";
    size_t n = 0;
    bool is_missing = false;
    const size_t named = m->count < MISSING_NAMED ? (size_t)m->count : MISSING_NAMED;
    for (size_t k = 0; k < named && n < sizeof names; k++) {
        is_missing |= m->first[k] == i;
        n += (size_t)snprintf(names + n, sizeof names - n, "%s'%.80s' (line %lld)", k ? ", " : "",
                              csv_words_get(&d->x.images, m->first[k]),
                              (long long)d->x.line[m->first[k]]);
    }
    if (!is_missing)
        return h->fail(h, st, "%s:%lld", d->x.settings.table, (long long)d->x.line[i]);
    return h->fail(h, st, "%s:%lld: of %u images %lld are not below '%s': %s%s",
                   d->x.settings.table, (long long)d->x.line[i], d->x.images.count,
                   (long long)m->count, d->x.settings.root, names,
                   m->count > MISSING_NAMED ? " and more" : "");
}

static enum tfu_status add_images(struct csv_images *d, struct tfu_dataset_host *h)
{
    char path[PATH_ROOM];
    struct missing m = {0};
    enum tfu_status st = find_images(d, &m, h);
    for (uint32_t i = 0; st == TFU_OK && i < d->x.images.count; i++) {
        if (!csv_places_path(&d->x.places, csv_words_get(&d->x.images, i), d->place[i], path,
                             sizeof path))
            return too_long(d, i, h);
        st = h->add_image(h, path, d->config->channels);
        if (st != TFU_OK)
            return refuse_image(d, i, &m, st, h);
    }
    return st;
}

/* ---- opening */

static void describe(struct csv_images *d)
{
    const struct csv_labels *l = &d->x.labels;
    static const uint32_t targets[] = {0, TFU_FIELD_CLASS, TFU_FIELD_LABELS, TFU_FIELD_NUMBERS};
    d->info = (struct tfu_dataset_info){
        .struct_size = sizeof d->info,
        .target = targets[l->kind],
        .count = d->x.images.count,
        .label_columns = (int64_t)l->columns,
        .classes = l->kind == CSV_CLASS ? l->classes : 0,
        .class_names = l->kind == CSV_CLASS ? (const char *const *)l->class_name
                       : l->kind            ? d->x.settings.labels.item
                                            : NULL,
        .channels = d->config->channels,
        .memory = (int64_t)(csv_examples_bytes(&d->x) + d->x.images.count * sizeof *d->place),
        .attribute_names = d->x.about.name,
        .attributes = (int64_t)d->x.about.attributes,
        .notes = (const char *const *)d->x.note,
        .note_count = (int64_t)d->x.notes,
    };
}

static enum tfu_status open_images(void **self, const void *config, struct tfu_dataset_host *h)
{
    const struct csv_config *c = config;
    *self = NULL;
    if (c->channels == 2)
        return h->fail(
            h, TFU_EINVAL,
            "channels is 2; it is 1 (gray), 3 (red, green, blue) or 0 (as in the files)");
    struct csv_images *d = calloc(1, sizeof *d);
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset csv_images");
    d->config = c;
    enum tfu_status st = csv_examples_read(&d->x, c, h);
    if (st == TFU_OK)
        st = h->add_file(h, d->x.settings.table);
    if (st == TFU_OK)
        st = add_images(d, h);
    if (st != TFU_OK) {
        close_images(d);
        return st;
    }
    csv_examples_finish(&d->x);
    describe(d);
    *self = d;
    return TFU_OK;
}

/* ---- use */

static const struct tfu_dataset_info *info(const void *self)
{
    return &((const struct csv_images *)self)->info;
}

static const char *name(const void *self, int64_t index)
{
    return csv_words_get(&((const struct csv_images *)self)->x.images, (uint32_t)index);
}

static enum tfu_status labels(const void *self, int64_t first, int64_t count, float *labels,
                              struct tfu_dataset_host *h)
{
    const struct csv_images *d = self;
    if (first < 0 || count < 0 || first > d->info.count || count > d->info.count - first)
        return h->fail(h, TFU_EINVAL, "examples %lld and on, %lld of them, are not among the %lld",
                       (long long)first, (long long)count, (long long)d->info.count);
    for (int64_t i = 0; i < count; i++)
        csv_labels_get(&d->x.labels, (size_t)(first + i), name(self, first + i),
                       labels + i * d->info.label_columns);
    return TFU_OK;
}

static enum tfu_status add_boxes(const struct csv_images *d, uint32_t index,
                                 struct tfu_example_host *h)
{
    const struct csv_box *box;
    const size_t count = csv_boxes_of(&d->x.boxes, index, &box);
    const struct tfu_shape shape = tfu_shape_make(2, (int64_t)count, 5, 1, 1, 1);
    if (count == 0)
        return TFU_OK;
    const struct tfu_tensor *t = h->add(h, TFU_FIELD_BOXES, TFU_F32, &shape);
    if (!t)
        return TFU_ENOMEM;
    float own = 0, *to = t->data;
    if (d->x.labels.kind == CSV_CLASS)
        csv_labels_get(&d->x.labels, index, name(d, index), &own);
    for (size_t k = 0; k < count; k++, to += 5) {
        const float numbers[] = {box[k].top, box[k].left, box[k].bottom, box[k].right,
                                 box[k].class < 0 ? own : box[k].class};
        memcpy(to, numbers, sizeof numbers);
    }
    return TFU_OK;
}

static enum tfu_status get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct csv_images *d = self;
    char path[PATH_ROOM];
    if (index < 0 || index >= d->info.count)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %lld of the dataset",
                       (long long)index, (long long)d->info.count);
    csv_places_path(&d->x.places, name(self, index), d->place[index], path, sizeof path);
    const enum tfu_status st = h->read_image(h, path, d->config->channels);
    return st == TFU_OK ? add_boxes(d, (uint32_t)index, h) : st;
}

static const char *group(const void *self, int64_t index)
{
    return csv_about_group(&((const struct csv_images *)self)->x.about, (size_t)index);
}

static const char *attribute(const void *self, int64_t index, int64_t which)
{
    return csv_about_attribute(&((const struct csv_images *)self)->x.about, (size_t)index,
                               (size_t)which);
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = open_images,
                                           .close = close_images,
                                           .info = info,
                                           .labels = labels,
                                           .get = get,
                                           .name = name,
                                           .group = group,
                                           .attribute = attribute};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "csv_images",
    .version = "1.0",
    .summary = "images listed in a CSV table; CheXpert, NIH, PadChest, RSNA, EyePACS, APTOS, "
               "Messidor-2, IDRiD",
    TFU_OPTIONS(options, struct csv_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
