/* SPDX-License-Identifier: MIT */
#include "core/synth/check.h"

#include <string.h>

#include "core/synth/layouts.h"
#include "core/synth/natural.h"

/* Appends the names that a task (`tasks`) or a label of the kind may have. */
static void put_names(const struct tfu_synth_options *o, bool tasks, struct tfu_text *to)
{
    if (o->kind == TFU_SYNTH_FUNDUS)
        tfu_text_puts(to, tasks ? "grade, referable" : "referable");
    for (int f = 0; f < TFU_FINDINGS && o->kind == TFU_SYNTH_CXR; f++)
        tfu_text_printf(to, "%s%s", f ? ", " : "", tfu_finding_names[f]);
    if (o->kind == TFU_SYNTH_NATURAL && tasks)
        tfu_text_puts(to, "class");
    for (int c = 0; c < TFU_NATURAL_CLASSES && o->kind == TFU_SYNTH_NATURAL && !tasks; c++)
        tfu_text_printf(to, "%s%s", c ? ", " : "", tfu_natural_classes[c]);
}

static bool is_name(const struct tfu_synth_options *o, bool tasks, const char *name)
{
    bool found = false;
    if (o->kind == TFU_SYNTH_FUNDUS)
        found = strcmp(name, "referable") == 0 || (tasks && strcmp(name, "grade") == 0);
    else if (o->kind == TFU_SYNTH_CXR)
        found = tfu_synth_finding_named(name) >= 0;
    else if (tasks)
        found = strcmp(name, "class") == 0;
    else
        for (int c = 0; c < TFU_NATURAL_CLASSES; c++)
            found = found || strcmp(name, tfu_natural_classes[c]) == 0;
    return found;
}

static enum tfu_status check_name(const struct tfu_synth_options *o, bool tasks, const char *name,
                                  struct tfu_error *e)
{
    if (is_name(o, tasks, name))
        return TFU_OK;
    struct tfu_text names = TFU_TEXT_INIT;
    put_names(o, tasks, &names);
    const char *what = tasks ? "task" : "label to confound";
    if (name[0])
        tfu_error_set(e, TFU_EINVAL, "'%s' is no %s of %s pictures, which have %s", name, what,
                      tfu_synth_kinds[o->kind], tfu_text_get(&names));
    else
        tfu_error_set(e, TFU_EINVAL, "the %s is not said: %s pictures have %s", what,
                      tfu_synth_kinds[o->kind], tfu_text_get(&names));
    tfu_text_free(&names);
    return TFU_EINVAL;
}

static enum tfu_status check_form(const struct tfu_synth_options *o, struct tfu_error *e)
{
    if (tfu_synth_layout_of(o->form)->kinds & 1u << o->kind)
        return TFU_OK;
    struct tfu_text forms = TFU_TEXT_INIT;
    for (int f = 0; f < TFU_SYNTH_FORMS; f++)
        if (tfu_synth_layout_of((enum tfu_synth_form)f)->kinds & 1u << o->kind)
            tfu_text_printf(&forms, "%s%s", forms.length ? ", " : "", tfu_synth_forms[f]);
    tfu_error_set(e, TFU_EINVAL, "the layout %s is not for %s pictures; they have %s",
                  tfu_synth_forms[o->form], tfu_synth_kinds[o->kind], tfu_text_get(&forms));
    tfu_text_free(&forms);
    return TFU_EINVAL;
}

enum tfu_status tfu_synth_check(struct tfu_synth_options *o, struct tfu_error *e)
{
    static const char *const tasks[] = {"grade", "", "class"};
    static const char *const labels[] = {"referable", "", ""};
    if (o->images < 1 || o->images > TFU_SYNTH_IMAGES_MAX)
        return tfu_error_set(e, TFU_EINVAL, "%lld images cannot be drawn; there may be 1 to %d",
                             (long long)o->images, TFU_SYNTH_IMAGES_MAX);
    if (o->side < TFU_SYNTH_SIDE_MIN || o->side > TFU_SYNTH_SIDE_MAX)
        return tfu_error_set(e, TFU_EINVAL,
                             "a side of %d pixels cannot be drawn; it may be %d to %d", o->side,
                             TFU_SYNTH_SIDE_MIN, TFU_SYNTH_SIDE_MAX);
    if (!(o->valid >= 0 && o->test >= 0 && o->valid + o->test <= 1))
        return tfu_error_set(e, TFU_EINVAL,
                             "the shares of validation, %g, and test, %g, are more than all",
                             o->valid, o->test);
    if (!(o->rate >= 0 && o->rate <= 1))
        return tfu_error_set(e, TFU_EINVAL, "the rate of a confounder is 0 to 1, not %g", o->rate);
    enum tfu_status st = check_form(o, e);
    if (st != TFU_OK)
        return st;
    if (o->form != TFU_SYNTH_IMAGE_FOLDER && o->task[0])
        return tfu_error_set(
            e, TFU_EINVAL,
            "the layout %s has tables of labels and takes no task; image_folder does",
            tfu_synth_forms[o->form]);
    if (o->form == TFU_SYNTH_IMAGE_FOLDER) {
        o->task = o->task[0] ? o->task : tasks[o->kind];
        st = check_name(o, true, o->task, e);
    }
    if (o->confounder == TFU_CONFOUNDER_NONE && (o->label[0] || o->reverse))
        return tfu_error_set(e, TFU_EINVAL, "nothing confounds the label: no confounder is named");
    if (o->confounder != TFU_CONFOUNDER_NONE && st == TFU_OK) {
        o->label = o->label[0] ? o->label : is_name(o, false, o->task) ? o->task : labels[o->kind];
        st = check_name(o, false, o->label, e);
    }
    return st;
}
