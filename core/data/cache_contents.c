/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/data/cache_contents.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/config/print.h"
#include "core/config/schema.h"
#include "core/data/choice_text.h"
#include "core/data/image_file.h"

/* A plugin by what its file holds: one that was built anew may compute something else. */
static enum tfu_status put_plugin(struct tfu_text *out, const struct tfu_registry *r,
                                  const struct tfu_plugin *p, struct tfu_error *e)
{
    const char *path = tfu_registry_path(r, p);
    char hex[TFU_HASH_HEX] = "";
    const enum tfu_status st = path ? tfu_hash_file(path, hex, e) : TFU_OK;
    tfu_text_printf(out, "%s %s\n", p->name, hex);
    return st;
}

/* Does the key of a split say which examples there are, and not what they are? */
static bool chooses(const char *key)
{
    static const char *const keys[] = {"classes", "limit", "limit_per_class", "limit_seed",
                                       "on_bad_image"};
    for (size_t i = 0; i < TFU_COUNT(keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return strcmp(key, "resize") == 0 || strncmp(key, "normalise.", 10) == 0; /* are transforms */
}

static void put_select(struct tfu_text *out, struct tfu_data_select select)
{
    const struct tfu_options_table t = tfu_schema_select(&select);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        if (chooses(o->name))
            continue;
        tfu_text_printf(out, "%s=", o->name);
        tfu_value_print(out, o, (const char *)t.config + o->offset);
        tfu_text_puts(out, "\n");
    }
}

enum tfu_status tfu_cache_contents(struct tfu_text *out, const struct tfu_source *s,
                                   const struct tfu_pipeline *p, size_t steps, struct tfu_error *e)
{
    const struct tfu_image_file_want want = {.channels = 0};
    const struct tfu_plugin_choice *dataset = &s->split->choice;
    uint64_t readers = 0;
    enum tfu_status st = tfu_image_files_how(s->files, &want, &readers, e);
    tfu_text_printf(out, "transfuse %s\n%s\nreaders %016" PRIx64 "\n", PACKAGE_VERSION,
                    s->info.fingerprint, readers);
    if (st == TFU_OK)
        st = put_plugin(out, s->registry, dataset->plugin, e);
    tfu_choice_text(out, dataset, false);
    put_select(out, s->split->select);
    tfu_text_printf(out, "at least %lld x %lld\n", (long long)p->wanted[0],
                    (long long)p->wanted[1]);
    for (size_t i = 0; st == TFU_OK && i < steps; i++) {
        st = put_plugin(out, s->registry, p->step[i].choice->plugin, e);
        tfu_choice_text(out, p->step[i].choice, true);
    }
    return st == TFU_OK && out->failed ? tfu_error_memory(e, "opening a cache of images", 0) : st;
}
