/* SPDX-License-Identifier: MIT */
#include "core/analysis/context.h"

#include <stdlib.h>
#include <string.h>

const char *const tfu_analysis_splits[] = {"", "train", "valid", "test", NULL};
const char *const tfu_analysis_positions[] = {"position", "image", NULL};
const char *const tfu_analysis_sides[] = {"", "a", "b", NULL};

/* A network that was opened. */
struct tfu_opened {
    char *key;
    struct tfu_subject *subject;
};

enum tfu_status tfu_analysis_context_init(struct tfu_analysis_context *c,
                                          const struct tfu_analysis_host *host, struct tfu_error *e)
{
    *c = (struct tfu_analysis_context){.host = *host};
    const enum tfu_status st = tfu_digests_new(&c->digests, e);
    return st == TFU_OK ? tfu_images_new(&c->images, e) : st;
}

void tfu_analysis_context_free(struct tfu_analysis_context *c)
{
    for (size_t i = 0; i < c->opened_count; i++) {
        tfu_subject_close(c->opened[i].subject);
        free(c->opened[i].key);
    }
    free(c->opened);
    tfu_images_free(c->images);
    tfu_digests_free(c->digests);
    tfu_threads_free(c->threads);
    *c = (struct tfu_analysis_context){.threads = NULL};
}

enum tfu_status tfu_analysis_refuse(struct tfu_analysis_context *c, const char *option,
                                    struct tfu_error *e, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(e, TFU_EINVAL, fmt, args);
    va_end(args);
    c->refused = option;
    return TFU_EINVAL;
}

enum tfu_status tfu_analysis_threads(struct tfu_analysis_context *c, int64_t standard,
                                     struct tfu_error *e)
{
    const int64_t wanted = c->common->threads ? c->common->threads : standard;
    if (c->threads && wanted == c->threads_asked)
        return TFU_OK;
    struct tfu_threads *threads;
    const enum tfu_status st = tfu_threads_new(&threads, (uint32_t)wanted, e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < c->opened_count; i++)
        c->opened[i].subject->context.threads = threads;
    tfu_threads_free(c->threads);
    c->threads = threads;
    c->threads_asked = wanted;
    return TFU_OK;
}

/* ---- networks */

/* Its length without a state. */
static size_t length_of_run(const char *spec)
{
    const char *at = strrchr(spec, '@');
    return at && !strchr(at, '/') ? (size_t)(at - spec) : strlen(spec);
}

static bool are_of_one_run(const char *a, const char *b)
{
    const size_t n = length_of_run(a);
    return n == length_of_run(b) && strncmp(a, b, n) == 0;
}

/* What labels call it; NULL: as its configuration says, also where that was changed. */
static const char *name_of(const struct tfu_analysis_context *c, const struct tfu_state_request *r)
{
    for (size_t i = 0; i < c->names && r->override_count == 0; i++)
        if (are_of_one_run(c->name[i].spec, r->spec))
            return c->name[i].name;
    return NULL;
}

/* All that decides which network it is, and what it is called. */
static char *make_key(const struct tfu_analysis_context *c, const struct tfu_state_request *r)
{
    struct tfu_text key = TFU_TEXT_INIT;
    const struct tfu_analysis_common *common = c->common;
    const char *name = name_of(c, r);
    tfu_text_printf(&key, "%s\n%d\n%s\n%s\n", r->spec, r->initial, name ? name : "",
                    common->config ? common->config : "");
    for (uint64_t i = 0; i < common->set.count; i++)
        tfu_text_printf(&key, "%s\n", common->set.item[i]);
    for (size_t i = 0; i < r->override_count; i++)
        tfu_text_printf(&key, "%s\n", r->override[i]);
    if (key.failed)
        tfu_text_free(&key);
    return key.data;
}

static enum tfu_status open_subject(struct tfu_analysis_context *c,
                                    const struct tfu_state_request *r, struct tfu_opened *to,
                                    struct tfu_error *e)
{
    const struct tfu_string_list *set = &c->common->set;
    const char **override = calloc(set->count + r->override_count + 1, sizeof *override);
    if (!override)
        return tfu_error_memory(e, "opening a network", 0);
    size_t count = 0;
    for (uint64_t i = 0; i < set->count; i++)
        override[count++] = set->item[i];
    for (size_t i = 0; i < r->override_count; i++)
        override[count++] = r->override[i];
    const char *config = c->common->config;
    const struct tfu_subject_request request = {
        .spec = r->spec,
        .config = config && config[0] ? config : NULL,
        .name = name_of(c, r),
        .initial = r->initial,
        .override = override,
        .override_count = count,
        .registry = c->host.registry,
        .threads = c->threads,
        .log = c->host.log,
        .digests = c->digests,
    };
    enum tfu_status st = tfu_subject_open(&to->subject, &request, c->host.diagnostics, e);
    free(override);
    if (st != TFU_OK || c->threads)
        return st;
    st = tfu_analysis_threads(c, to->subject->experiment->threads, e);
    to->subject->context.threads = c->threads;
    return st;
}

enum tfu_status tfu_analysis_subject(struct tfu_analysis_context *c,
                                     const struct tfu_state_request *request,
                                     const struct tfu_subject **out, struct tfu_error *e)
{
    struct tfu_opened *more = reallocarray(c->opened, c->opened_count + 1, sizeof *more);
    char *key = make_key(c, request);
    if (more)
        c->opened = more;
    if (!more || !key) {
        free(key);
        return tfu_error_memory(e, "opening a network", 0);
    }
    for (size_t i = 0; i < c->opened_count; i++)
        if (strcmp(c->opened[i].key, key) == 0) {
            *out = c->opened[i].subject;
            free(key);
            return TFU_OK;
        }
    struct tfu_opened *to = &c->opened[c->opened_count];
    *to = (struct tfu_opened){.key = key};
    const enum tfu_status st = open_subject(c, request, to, e);
    if (st == TFU_OK) {
        c->opened_count++;
        *out = to->subject;
        return TFU_OK;
    }
    tfu_subject_close(to->subject);
    free(key);
    return st;
}

/* ---- data */

const char *tfu_analysis_split_name(const struct tfu_analysis_common *common)
{
    return common->split ? tfu_analysis_splits[common->split] : NULL;
}

enum tfu_status tfu_analysis_images(struct tfu_analysis_context *c, const struct tfu_subject *s,
                                    enum tfu_split split, const struct tfu_dataset **out,
                                    struct tfu_error *e)
{
    return tfu_images_get(c->images, s, split, false, out, e);
}
