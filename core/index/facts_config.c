/* SPDX-License-Identifier: MIT */
#include "core/index/facts_config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/config/peek.h"

static const char *keep(struct tfu_facts *f, const char *text)
{
    return tfu_arena_strdup(&f->arena, text);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct tfu_fact_leaf *)a)->key, ((const struct tfu_fact_leaf *)b)->key);
}

/* "random", "random+pretrained": the plugins of the rules. */
static enum tfu_status join_init(struct tfu_facts *f, const struct tfu_peek *p)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (int i = 0; i < 100; i++) {
        char key[32];
        snprintf(key, sizeof key, "init.%d.plugin", i);
        const char *plugin = tfu_peek_value(p, key);
        if (!plugin)
            break;
        tfu_text_printf(&text, "%s%s", i ? "+" : "", tfu_path_last(plugin));
    }
    f->run.init = text.length ? keep(f, tfu_text_get(&text)) : NULL;
    const bool failed = text.failed || (text.length && !f->run.init);
    tfu_text_free(&text);
    return failed ? TFU_ENOMEM : TFU_OK;
}

static enum tfu_status take_config(struct tfu_facts *f, const struct tfu_peek *p)
{
    const char *key, *value;
    for (size_t i = 0; tfu_peek_at(p, i, &key, &value); i++) {
        const struct tfu_fact_leaf leaf = {keep(f, key), keep(f, value)};
        if (!leaf.key || !leaf.value ||
            !tfu_facts_grow(f, (void **)&f->leaf, f->leaves, &f->leaf_room, sizeof *f->leaf))
            return TFU_ENOMEM;
        f->leaf[f->leaves++] = leaf;
    }
    if (f->leaves)
        qsort(f->leaf, f->leaves, sizeof *f->leaf, by_key);
    const char *seed = tfu_peek_value(p, "seed"), *arch = tfu_peek_value(p, "arch.plugin");
    const char *steps = tfu_peek_value(p, "train.steps");
    f->run.seed = seed ? keep(f, seed) : NULL;
    f->run.arch = arch ? keep(f, tfu_path_last(arch)) : NULL;
    f->run.steps = steps ? strtoll(steps, NULL, 10) : -1;
    return join_init(f, p);
}

enum tfu_status tfu_facts_read_config(struct tfu_facts *f, const char *folder, int fd,
                                      struct tfu_error *e)
{
    struct tfu_error found = TFU_ERROR_INIT;
    struct tfu_peek *p = NULL;
    char path[PATH_MAX];
    const int file = tfu_facts_open(fd, "config.yaml");
    if (file < 0) {
        const bool absent = errno == ENOENT;
        tfu_facts_complain(f, absent ? "there is no config.yaml" : "config.yaml: %s",
                           strerror(errno));
        if (!absent || f->run.state == TFU_INDEX_DONE)
            f->run.state = TFU_INDEX_DAMAGED;
        return TFU_OK;
    }
    close(file);
    enum tfu_status st = tfu_path_put(path, folder, "config.yaml")
                             ? tfu_peek_open(&p, path, &found)
                             : tfu_error_set(&found, TFU_EINVAL, "its path is too long");
    if (st == TFU_OK)
        st = take_config(f, p);
    tfu_peek_close(p);
    if (st == TFU_ENOMEM)
        return tfu_error_memory(e, "reading a configuration", 0);
    if (st != TFU_OK) {
        /* the folder is known: only the file, the place and what is wrong */
        const char *text = strstr(found.text, "config.yaml");
        tfu_facts_complain(f, "%s", text ? text : found.text);
        f->run.state = TFU_INDEX_DAMAGED;
    }
    return TFU_OK;
}
