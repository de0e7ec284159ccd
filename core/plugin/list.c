/* SPDX-License-Identifier: MIT */
#include "core/plugin/list.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

static void free_entry(struct tfu_registry_entry *entry)
{
    free((char *)entry->name);
    free((char *)entry->path);
}

void tfu_registry_list_free(struct tfu_registry_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free_entry(&l->entry[i]);
    free(l->entry);
    *l = (struct tfu_registry_list){.entry = NULL};
}

/* "cbr_tiny" of "cbr_tiny.so", newly allocated; NULL for other files (and out of memory, which
 * `failed` tells). */
static char *plugin_name(const char *file, bool *failed)
{
    const size_t n = strlen(file);
    if (n <= 3 || file[0] == '.' || strcmp(file + n - 3, ".so") != 0)
        return NULL;
    char *name = strndup(file, n - 3);
    *failed = *failed || !name;
    return name;
}

static bool append(struct tfu_registry_list *l, const struct tfu_registry_entry *entry)
{
    struct tfu_registry_entry *larger = realloc(l->entry, (l->count + 1) * sizeof *larger);
    if (!larger)
        return false;
    l->entry = larger;
    l->entry[l->count++] = *entry;
    return true;
}

/* One folder of one kind. A folder that is not there holds nothing. */
static bool list_folder(const char *folder, const struct tfu_kind_row *kind,
                        struct tfu_registry_list *l)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s/%s", folder, kind->name);
    bool failed = path.failed;
    DIR *d = failed ? NULL : opendir(tfu_text_get(&path));
    for (struct dirent *f; d && !failed && (f = readdir(d));) {
        struct tfu_registry_entry entry = {.kind = kind->kind};
        char *name = plugin_name(f->d_name, &failed);
        if (!name)
            continue;
        struct tfu_text file = TFU_TEXT_INIT;
        tfu_text_printf(&file, "%s/%s", tfu_text_get(&path), f->d_name);
        entry.name = name;
        entry.path = file.data;
        for (size_t i = 0; i < l->count; i++)
            if (l->entry[i].kind == entry.kind && strcmp(l->entry[i].name, name) == 0)
                entry.hidden = true;
        if (file.failed || !append(l, &entry)) {
            free_entry(&entry);
            failed = true;
        }
    }
    if (d)
        closedir(d);
    tfu_text_free(&path);
    return !failed;
}

static int by_kind_and_name(const void *a, const void *b)
{
    const struct tfu_registry_entry *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    const int order = strcmp(x->name, y->name);
    return order ? order : (int)x->hidden - (int)y->hidden;
}

enum tfu_status tfu_registry_list_folders(const char *const *folder, size_t folder_count, int kind,
                                          struct tfu_registry_list *out, struct tfu_error *e)
{
    *out = (struct tfu_registry_list){.entry = NULL};
    bool complete = true;
    for (size_t i = 0; i < folder_count; i++)
        for (size_t k = 0; k < tfu_kind_count(); k++)
            if (!kind || (int)tfu_kind_at(k)->kind == kind)
                complete = complete && list_folder(folder[i], tfu_kind_at(k), out);
    if (!complete) {
        tfu_registry_list_free(out);
        return tfu_error_memory(e, "listing plugins", 0);
    }
    if (out->count)
        qsort(out->entry, out->count, sizeof *out->entry, by_kind_and_name);
    return TFU_OK;
}
