/* SPDX-License-Identifier: MIT */
#include "core/conformance/sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/conformance/model.h"

#include <transfuse/option.h>

/* A required path that no pair sets, or NULL. */
static const char *missing_path(const struct tfu_plugin *p, const struct tfu_weights_sample *s)
{
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        const size_t n = strlen(o->name);
        bool given = o->type != TFU_PATH || !(o->flags & TFU_OPT_REQUIRED);
        for (size_t k = 0; k < s->pair_count && !given; k++)
            given = strncmp(s->pair[k], o->name, n) == 0 && s->pair[k][n] == '=';
        if (!given)
            return o->name;
    }
    return NULL;
}

static enum tfu_status write_sample(struct tfu_weights_sample *s, struct tfu_error *e)
{
    const char *folder = getenv("TMPDIR");
    snprintf(s->path, sizeof s->path, "%s/transfuse-sample-XXXXXX",
             folder && folder[0] ? folder : "/tmp");
    const int fd = mkstemp(s->path);
    if (fd < 0) {
        const enum tfu_status st = tfu_error_errno(e, errno, "cannot make", s->path);
        s->path[0] = '\0';
        return st;
    }
    close(fd);
    return tfu_check_model_write(s->path, e);
}

/* Adds the option to the pairs. */
static enum tfu_status add_option(struct tfu_weights_sample *s, const char *name,
                                  struct tfu_error *e)
{
    s->pairs = calloc(s->pair_count + 1, sizeof *s->pairs);
    tfu_text_printf(&s->option, "%s=%s", name, s->path);
    if (!s->pairs || s->option.failed)
        return tfu_error_memory(e, "checking a plugin", 0);
    if (s->pair_count)
        memcpy(s->pairs, s->pair, s->pair_count * sizeof *s->pairs);
    s->pairs[s->pair_count++] = tfu_text_get(&s->option);
    s->pair = s->pairs;
    s->name = name;
    return TFU_OK;
}

enum tfu_status tfu_weights_sample_new(struct tfu_weights_sample *s, struct tfu_registry *r,
                                       enum tfu_kind kind, const char *name,
                                       const char *const *pair, size_t pair_count,
                                       struct tfu_error *e)
{
    const struct tfu_plugin *p = NULL;
    *s = (struct tfu_weights_sample){.pair = pair, .pair_count = pair_count};
    if (kind != TFU_KIND_INIT)
        return TFU_OK;
    enum tfu_status st = tfu_registry_find(r, kind, name, NULL, &p, e);
    const char *option = st == TFU_OK ? missing_path(p, s) : NULL;
    if (!option)
        return st;
    st = write_sample(s, e);
    return st == TFU_OK ? add_option(s, option, e) : st;
}

void tfu_weights_sample_free(struct tfu_weights_sample *s)
{
    if (s->path[0])
        unlink(s->path);
    tfu_text_free(&s->option);
    free(s->pairs);
}
