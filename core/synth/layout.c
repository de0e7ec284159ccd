/* SPDX-License-Identifier: MIT */
#include "core/synth/layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/io/folder.h"
#include "core/synth/natural.h"

/* ---- classes */

int tfu_synth_finding_named(const char *name)
{
    for (int f = 0; f < TFU_FINDINGS; f++)
        if (strcmp(tfu_finding_names[f], name) == 0)
            return f;
    return -1;
}

int tfu_synth_class_count(const struct tfu_synth_options *o)
{
    return o->kind == TFU_SYNTH_NATURAL    ? TFU_NATURAL_CLASSES
           : strcmp(o->task, "grade") == 0 ? 5
                                           : 2;
}

const char *tfu_synth_class_name(const struct tfu_synth_options *o, int class)
{
    static const char *const digit[] = {"0", "1", "2", "3", "4"};
    return o->kind == TFU_SYNTH_NATURAL ? tfu_natural_classes[class] : digit[class];
}

int tfu_synth_class_of(const struct tfu_synth_options *o, const struct tfu_synth_truth *t)
{
    switch (t->kind) {
    case TFU_SYNTH_FUNDUS:
        return strcmp(o->task, "referable") == 0 ? t->fundus.grade >= 2 : t->fundus.grade;
    case TFU_SYNTH_CXR:
        return t->cxr.severity[tfu_synth_finding_named(o->task)] > 0;
    default:
        return t->class;
    }
}

bool tfu_synth_has_label(const struct tfu_synth_options *o, const struct tfu_synth_truth *t)
{
    switch (t->kind) {
    case TFU_SYNTH_FUNDUS:
        return t->fundus.grade >= 2;
    case TFU_SYNTH_CXR:
        return t->cxr.severity[tfu_synth_finding_named(o->label)] > 0;
    default:
        return strcmp(tfu_natural_classes[t->class], o->label) == 0;
    }
}

/* ---- files */

enum tfu_status tfu_synth_write_file(const char *folder, const char *name, const void *bytes,
                                     size_t size, struct tfu_error *e)
{
    char *path = tfu_path_join(folder, name);
    if (!path)
        return tfu_error_memory(e, "writing a file", 0);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    enum tfu_status st = tfu_folder_make(path, e);
    *slash = '/';
    FILE *f = st == TFU_OK ? fopen(path, "wb") : NULL;
    if (st == TFU_OK && !f)
        st = tfu_error_errno(e, errno, "cannot create", path);
    if (f) {
        const bool whole = fwrite(bytes, 1, size, f) == size;
        if ((fclose(f) != 0 || !whole) && st == TFU_OK)
            st = tfu_error_errno(e, errno, "cannot write", path);
    }
    free(path);
    return st;
}

enum tfu_status tfu_synth_write_table(struct tfu_text *table, const char *folder, const char *name,
                                      struct tfu_error *e)
{
    const enum tfu_status st =
        table->failed ? tfu_error_memory(e, "writing a table", 0)
                      : tfu_synth_write_file(folder, name, tfu_text_get(table), table->length, e);
    tfu_text_free(table);
    return st;
}
