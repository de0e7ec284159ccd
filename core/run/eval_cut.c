/* SPDX-License-Identifier: MIT */
#include "core/run/eval_cut.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/difference.h"
#include "core/base/path.h"
#include "core/data/id_list.h"
#include "core/io/mapped_file.h"
#include "core/store/identity.h"

/* ---- how it was cut */

/* The lines below `data.split` of an identity. */
static void take_section(const char *identity, struct tfu_text *out)
{
    static const char head[] = "\n  split:\n", below[] = "    ";
    const char *at = strstr(identity, head);
    for (at = at ? at + sizeof head - 1 : ""; strncmp(at, below, sizeof below - 1) == 0;) {
        const size_t n = strcspn(at, "\n");
        tfu_text_append(out, at + 2, n - 2);
        tfu_text_puts(out, "\n");
        at += n + (at[n] == '\n');
    }
}

/* Nothing where both cut alike. */
static enum tfu_status compare(const char *was, const struct tfu_config *config,
                               struct tfu_digests *digests, struct tfu_text *difference,
                               struct tfu_error *e)
{
    struct tfu_text is = TFU_TEXT_INIT, before = TFU_TEXT_INIT, after = TFU_TEXT_INIT;
    const struct tfu_config_contents contents = {.digests = digests};
    enum tfu_status st = tfu_config_identity(config, &contents, &is, e);
    if (st == TFU_OK) {
        take_section(was, &before);
        take_section(tfu_text_get(&is), &after);
        if (before.failed || after.failed)
            st = tfu_error_memory(e, "comparing data", 0);
        else if (strcmp(tfu_text_get(&before), tfu_text_get(&after)) != 0)
            tfu_text_difference(difference, tfu_text_get(&before), tfu_text_get(&after));
    }
    tfu_text_free(&is);
    tfu_text_free(&before);
    tfu_text_free(&after);
    return st;
}

/* ---- what was trained on */

struct line {
    const char *at, *end; /* of it, of all */
    size_t length;
};

static bool next(struct line *l)
{
    l->at += l->length;
    l->at += l->at < l->end;
    const char *stop = l->at < l->end ? memchr(l->at, '\n', (size_t)(l->end - l->at)) : NULL;
    l->length = stop ? (size_t)(stop - l->at) : (size_t)(l->end - l->at);
    return l->at < l->end;
}

static int order(const struct line *a, const struct line *b)
{
    const size_t n = a->length < b->length ? a->length : b->length;
    const int c = memcmp(a->at, b->at, n);
    return c ? c : (a->length > b->length) - (a->length < b->length);
}

static bool first(struct line *l, const char *bytes, size_t size)
{
    const char *stop = size ? memchr(bytes, '\n', size) : NULL;
    *l = (struct line){bytes, bytes + size, stop ? (size_t)(stop - bytes) : size};
    return size > 0;
}

/* Lines that two sorted lists have in common. */
static int64_t count_common(const char *a, size_t a_size, const char *b, size_t b_size)
{
    struct line x, y;
    bool more = first(&x, a, a_size), others = first(&y, b, b_size);
    int64_t common = 0;
    while (more && others) {
        const int c = order(&x, &y);
        common += c == 0;
        more = c > 0 || next(&x);
        others = c < 0 || next(&y);
    }
    return common;
}

/* How many of `data` are in the run's list of what it was trained on; -1: it has none. */
static enum tfu_status count_trained(const char *folder, const struct tfu_dataset *data,
                                     int64_t *out, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_id_list list;
    struct tfu_mapped_file file;
    char *path = tfu_path_join(folder, "split.train.txt");
    *out = -1;
    if (!path)
        return tfu_error_memory(e, "comparing data", 0);
    if (access(path, R_OK) != 0) {
        free(path);
        return TFU_OK;
    }
    enum tfu_status st = tfu_id_list_make(&list, data, &text, e);
    if (st == TFU_OK)
        st = tfu_mapped_file_open(&file, path, e);
    if (st == TFU_OK) {
        *out = count_common(file.bytes, file.size, text.data, text.length);
        tfu_mapped_file_close(&file);
    }
    tfu_text_free(&text);
    free(path);
    return st;
}

/* ---- */

static enum tfu_status warn(const char *folder, const char *difference, enum tfu_split split,
                            const struct tfu_dataset *data, struct tfu_log *log,
                            struct tfu_error *e)
{
    int64_t trained = -1;
    char text[128] = "";
    enum tfu_status st = TFU_OK;
    if (split != TFU_SPLIT_TRAIN)
        st = count_trained(folder, data, &trained, e);
    if (trained >= 0)
        snprintf(text, sizeof text,
                 "; of the %" PRId64 " examples %" PRId64 " are among those that it was trained on",
                 tfu_dataset_info(data)->count, trained);
    if (st == TFU_OK)
        tfu_log_write(log, TFU_LOG_WARNING,
                      "the %s data are cut by another data.split than the run's (- then, + now)%s\n"
                      "%s",
                      tfu_split_name(split), text, difference);
    return st;
}

enum tfu_status tfu_eval_cut_warn(const char *folder, const struct tfu_config *config,
                                  enum tfu_split split, const struct tfu_dataset *data,
                                  const struct tfu_context *context, bool *warned,
                                  struct tfu_error *e)
{
    struct tfu_text difference = TFU_TEXT_INIT;
    char *was;
    *warned = false;
    enum tfu_status st = tfu_identity_read(folder, &was, e);
    if (st != TFU_OK || !was)
        return st;
    st = compare(was, config, context->digests, &difference, e);
    if (st == TFU_OK && difference.length > 0) {
        st = warn(folder, tfu_text_get(&difference), split, data, context->log, e);
        *warned = true;
    }
    tfu_text_free(&difference);
    free(was);
    return st;
}
