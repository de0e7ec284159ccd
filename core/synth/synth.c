/* SPDX-License-Identifier: MIT */
#include "core/synth/synth.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/json.h"
#include "core/base/path.h"
#include "core/base/tasks.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/io/image_encode.h"
#include "core/io/mapped_file.h"
#include "core/synth/cxr.h"
#include "core/synth/fundus.h"
#include "core/synth/layouts.h"
#include "core/synth/natural.h"

/* Goes up whenever the same options draw other pixels: an unfinished set of an older program is
 * not gone on with. */
enum { DRAWING = 1 };

static const char finished_name[] = "synth.json", unfinished_name[] = "synth.json.unfinished";

/* ---- one picture */

/* What is asked for, of the kind that the set has. */
struct request {
    struct tfu_fundus_request fundus;
    struct tfu_cxr_request cxr;
    struct tfu_natural_request natural;
};

static struct request request_of(const struct tfu_synth_options *o, const struct tfu_synth_item *i)
{
    static const enum tfu_fundus_shares shares[TFU_SYNTH_FORMS] = {
        [TFU_SYNTH_EYEPACS] = TFU_SHARES_EYEPACS,
        [TFU_SYNTH_APTOS] = TFU_SHARES_APTOS,
        [TFU_SYNTH_IDRID] = TFU_SHARES_IDRID,
        [TFU_SYNTH_IMAGE_FOLDER] = TFU_SHARES_APTOS};
    struct request q = {.fundus = {.side = o->side}, .cxr = {.side = o->side}};
    q.natural.side = o->side;
    switch (o->kind) {
    case TFU_SYNTH_FUNDUS:
        q.fundus.patient = i->patient_key;
        q.fundus.image = i->image_key;
        q.fundus.left = i->left;
        q.fundus.grade = tfu_fundus_draw_grade(i->patient_key, i->left, shares[o->form]);
        break;
    case TFU_SYNTH_CXR:
        q.cxr.patient = i->patient_key;
        q.cxr.study = i->study_key;
        q.cxr.image = i->image_key;
        q.cxr.truth.view = i->view;
        q.cxr.truth.study = i->study;
        q.cxr.truth.number = i->view_number;
        tfu_cxr_draw_study(i->patient_key, i->study_key, &q.cxr.truth);
        break;
    default:
        q.natural.image = i->image_key;
        q.natural.class =
            (int)(tfu_random_key(i->image_key, "draw", "class") % TFU_NATURAL_CLASSES);
    }
    return q;
}

static void set_confounder(struct request *q, enum tfu_confounder what)
{
    q->fundus.confounder = q->cxr.confounder = q->natural.confounder = what;
}

/* Is it there? As often with the label as without at rate 0, always with it alone at rate 1. */
static bool is_confounded(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                          const struct tfu_synth_truth *t)
{
    if (o->confounder == TFU_CONFOUNDER_NONE)
        return false;
    struct tfu_random r = tfu_synth_stream(i->image_key, "confounded");
    const bool with = tfu_synth_has_label(o, t) != (o->reverse && i->part == TFU_PART_TEST);
    return tfu_synth_chance(&r, 0.5 + (with ? 0.5 : -0.5) * o->rate);
}

static enum tfu_status describe(const struct tfu_synth_options *o, const struct request *q,
                                struct tfu_synth_truth *t, int *quality, struct tfu_error *e)
{
    t->kind = o->kind;
    if (o->kind == TFU_SYNTH_FUNDUS)
        return tfu_fundus_describe(&q->fundus, t, quality, e);
    if (o->kind == TFU_SYNTH_CXR)
        return tfu_cxr_describe(&q->cxr, t, quality, e);
    t->class = q->natural.class;
    *quality = tfu_natural_quality(&q->natural);
    return TFU_OK;
}

static enum tfu_status draw(const struct tfu_synth_options *o, const struct request *q,
                            struct tfu_picture *out, struct tfu_error *e)
{
    return o->kind == TFU_SYNTH_FUNDUS ? tfu_fundus_draw(&q->fundus, out, e)
           : o->kind == TFU_SYNTH_CXR  ? tfu_cxr_draw(&q->cxr, out, e)
                                       : tfu_natural_draw(&q->natural, out, e);
}

/* ---- its files */

static enum tfu_status write_pixels(const char *folder, const struct tfu_text *name,
                                    const struct tfu_pixels *pixels, int quality,
                                    struct tfu_error *e)
{
    void *bytes = NULL;
    size_t size = 0;
    if (name->failed)
        return tfu_error_memory(e, "writing an image", 0);
    const bool png = strcmp(name->data + name->length - 4, ".png") == 0;
    enum tfu_status st = png ? tfu_encode_png(pixels, &bytes, &size, e)
                             : tfu_encode_jpeg(pixels, quality, &bytes, &size, e);
    if (st == TFU_OK)
        st = tfu_synth_write_file(folder, tfu_text_get(name), bytes, size, e);
    free(bytes);
    return st;
}

/* truth/masks/<as the image>_<name>.png, unless the layout has a place for it. */
static void put_mask_path(const struct tfu_synth_layout *l, const struct tfu_synth_item *i,
                          const char *image, const char *mask, struct tfu_text *to)
{
    if (l->put_mask && l->put_mask(i, mask, to))
        return;
    const char *end = strrchr(image, '.');
    tfu_text_printf(to, "truth/masks/%.*s_%s.png", (int)(end - image), image, mask);
}

static enum tfu_status write_picture(const struct tfu_synth_set *s, const struct tfu_synth_item *i,
                                     const struct tfu_synth_truth *t, const struct tfu_picture *p,
                                     int quality, struct tfu_error *e)
{
    const struct tfu_synth_layout *l = tfu_synth_layout_of(s->options->form);
    struct tfu_text name = TFU_TEXT_INIT;
    l->put_path(s->options, i, t, &name);
    enum tfu_status st =
        write_pixels(s->folder, &name,
                     &(struct tfu_pixels){p->side, p->side, p->channels, p->pixel}, quality, e);
    for (int m = 0; m < p->mask_count && st == TFU_OK && !s->options->tables_only; m++) {
        struct tfu_text mask = TFU_TEXT_INIT;
        put_mask_path(l, i, tfu_text_get(&name), p->mask[m].name, &mask);
        st = write_pixels(s->folder, &mask,
                          &(struct tfu_pixels){p->side, p->side, 1, p->mask[m].pixel}, 0, e);
        tfu_text_free(&mask);
    }
    tfu_text_free(&name);
    return st;
}

/* ---- all of them */

struct work {
    struct tfu_synth_set set;
    struct tfu_synth_truth *truth;
    const struct tfu_synth_hooks *hooks;
    int64_t first;
    atomic_bool stopped;
};

static enum tfu_status make_picture(void *arg, uint32_t index, struct tfu_error *e)
{
    struct work *w = arg;
    const struct tfu_synth_options *o = w->set.options;
    const struct tfu_synth_item *i = &w->set.plan->item[w->first + index];
    struct tfu_synth_truth *t = &w->truth[w->first + index];
    struct request q = request_of(o, i);
    struct tfu_picture p = {.pixel = NULL};
    int quality = 0;
    if (w->hooks && w->hooks->interrupted && w->hooks->interrupted(w->hooks->arg))
        atomic_store(&w->stopped, true);
    if (atomic_load(&w->stopped))
        return tfu_error_set(e, TFU_EIO, "interrupted; the same command goes on");
    enum tfu_status st = describe(o, &q, t, &quality, e);
    if (st != TFU_OK)
        return st;
    t->confounded = is_confounded(o, i, t);
    set_confounder(&q, t->confounded ? o->confounder : TFU_CONFOUNDER_NONE);
    st = draw(o, &q, &p, e);
    if (st == TFU_OK)
        st = write_picture(&w->set, i, t, &p, quality, e);
    tfu_picture_free(&p);
    return st;
}

/* In runs, between which it is said how far it is. */
static enum tfu_status make_pictures(struct work *w, struct tfu_threads *threads,
                                     struct tfu_error *e)
{
    enum { RUN = 256 };
    const int64_t count = w->set.plan->count;
    enum tfu_status st = TFU_OK;
    for (; w->first < count && st == TFU_OK; w->first += RUN) {
        const int64_t left = count - w->first;
        st = tfu_tasks_run(threads, (uint32_t)(left < RUN ? left : RUN), make_picture, w, e);
        if (st == TFU_OK && w->hooks && w->hooks->progress)
            w->hooks->progress(w->hooks->arg, left < RUN ? count : w->first + RUN, count);
    }
    return st;
}

/* ---- the folder */

/* What decides every byte of the set, but the libraries that compress. */
static enum tfu_status put_options(const struct tfu_synth_options *o, struct tfu_text *to,
                                   struct tfu_error *e)
{
    return tfu_json_write(
        json_pack("{s:i, s:s, s:s, s:I, s:i, s:I, s:f, s:f, s:s, s:s, s:s, s:f, s:b, s:b}",
                  "drawing", DRAWING, "kind", tfu_synth_kinds[o->kind], "layout",
                  tfu_synth_forms[o->form], "images", (json_int_t)o->images, "size", o->side,
                  "seed", (json_int_t)o->seed, "valid", o->valid, "test", o->test, "task", o->task,
                  "confounder", tfu_synth_confounders[o->confounder], "label", o->label, "rate",
                  o->rate, "reverse", o->reverse, "tables_only", o->tables_only),
        to, e);
}

static bool has_bytes(const char *path, const struct tfu_text *text)
{
    struct tfu_mapped_file file;
    if (tfu_mapped_file_open(&file, path, NULL) != TFU_OK)
        return false;
    const bool same = file.size == text->length && memcmp(file.bytes, text->data, file.size) == 0;
    tfu_mapped_file_close(&file);
    return same;
}

static enum tfu_status count_files(const char *folder, int *count, struct tfu_error *e)
{
    DIR *d = opendir(folder);
    *count = 0;
    if (!d)
        return errno == ENOENT ? TFU_OK
                               : tfu_error_errno(e, errno, "cannot read the folder", folder);
    for (const struct dirent *f = readdir(d); f; f = readdir(d))
        *count += strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0;
    closedir(d);
    return TFU_OK;
}

static enum tfu_status claim(const char *folder, const struct tfu_text *options,
                             struct tfu_error *e)
{
    char finished[PATH_MAX], unfinished[PATH_MAX];
    struct stat info;
    int files;
    if (!tfu_path_put(finished, folder, finished_name) ||
        !tfu_path_put(unfinished, folder, unfinished_name))
        return tfu_error_set(e, TFU_EINVAL, "the name of the folder is too long");
    enum tfu_status st = count_files(folder, &files, e);
    if (st != TFU_OK)
        return st;
    if (files && stat(finished, &info) == 0)
        return tfu_error_set(
            e, TFU_EINVAL,
            "'%s' has a finished data set (its synth.json says which); name another "
            "folder, or remove it",
            folder);
    if (files && has_bytes(unfinished, options))
        return TFU_OK;
    if (files && stat(unfinished, &info) == 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' has an unfinished data set of other options (its "
                             "synth.json.unfinished says which); name another folder, or remove it",
                             folder);
    if (files)
        return tfu_error_set(
            e, TFU_EINVAL,
            "'%s' is not empty, and nothing in it would be overwritten; name another "
            "folder",
            folder);
    st = tfu_folder_make(folder, e);
    return st == TFU_OK ? tfu_atomic_write_file(unfinished, options->data, options->length, e) : st;
}

static enum tfu_status finish(const char *folder, struct tfu_error *e)
{
    char finished[PATH_MAX], unfinished[PATH_MAX];
    if (!tfu_path_put(finished, folder, finished_name) ||
        !tfu_path_put(unfinished, folder, unfinished_name))
        return tfu_error_set(e, TFU_EINVAL, "the name of the folder is too long");
    return rename(unfinished, finished) == 0
               ? TFU_OK
               : tfu_error_errno(e, errno, "cannot put in place", finished);
}

static enum tfu_status write_set(struct work *w, struct tfu_threads *threads, struct tfu_error *e)
{
    enum tfu_status st = make_pictures(w, threads, e);
    if (st == TFU_OK)
        st = tfu_synth_layout_of(w->set.options->form)->write_tables(&w->set, e);
    if (st == TFU_OK)
        st = tfu_synth_write_truth(&w->set, e);
    return st == TFU_OK ? finish(w->set.folder, e) : st;
}

enum tfu_status tfu_synth_write(const struct tfu_synth_options *o, const char *folder,
                                struct tfu_threads *threads, const struct tfu_synth_hooks *hooks,
                                struct tfu_synth_summary *out, struct tfu_error *e)
{
    struct tfu_synth_plan plan;
    struct tfu_text options = TFU_TEXT_INIT;
    *out = (struct tfu_synth_summary){.images = 0};
    enum tfu_status st = tfu_synth_plan_new(&plan, o, e);
    if (st != TFU_OK)
        return st;
    struct work w = {.set = {.options = o, .folder = folder, .plan = &plan},
                     .truth = calloc((size_t)plan.count, sizeof *w.truth),
                     .hooks = hooks};
    w.set.truth = w.truth;
    if (!w.truth)
        st = tfu_error_memory(e, "planning a data set", (size_t)plan.count * sizeof *w.truth);
    if (st == TFU_OK)
        st = put_options(o, &options, e);
    if (st == TFU_OK)
        st = claim(folder, &options, e);
    if (st == TFU_OK)
        st = write_set(&w, threads, e);
    out->images = plan.count;
    out->patients = plan.patients;
    for (int64_t i = 0; i < plan.count; i++) {
        out->part[plan.item[i].part]++;
        if (w.truth)
            tfu_truth_free(&w.truth[i]);
    }
    free(w.truth);
    tfu_text_free(&options);
    tfu_synth_plan_free(&plan);
    return st;
}
