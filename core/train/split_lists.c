/* SPDX-License-Identifier: MIT */
#include "core/train/split_lists.h"

#include <inttypes.h>

#include "core/data/shared_groups.h"

static enum tfu_status find_shared(struct tfu_dataset *const *data, int64_t *shared,
                                   struct tfu_text *text, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    *shared = 0;
    for (int a = 0; a < TFU_SPLIT_COUNT; a++)
        for (int b = a + 1; st == TFU_OK && b < TFU_SPLIT_COUNT; b++) {
            int64_t n = 0;
            if (data[a] && data[b])
                st = tfu_shared_groups_of_splits(tfu_dataset_example_groups(data[a]),
                                                 tfu_split_name((enum tfu_split)a),
                                                 tfu_dataset_example_groups(data[b]),
                                                 tfu_split_name((enum tfu_split)b), &n, text, e);
            *shared += n;
        }
    return st;
}

enum tfu_status tfu_split_lists_check(const struct tfu_context *c, struct tfu_dataset *const *data,
                                      struct tfu_error *e)
{
    const struct tfu_experiment *x = c->experiment;
    const bool allowed = x->data.shared_groups == TFU_SHARED_GROUPS_ALLOW || x->cut.unsafe;
    struct tfu_text text = TFU_TEXT_INIT;
    int64_t shared;
    enum tfu_status st = find_shared(data, &shared, &text, e);
    if (st == TFU_OK && shared && allowed)
        tfu_log_write(c->log, TFU_LOG_WARNING,
                      "%s; what is measured on them says little about new ones", text.data);
    else if (st == TFU_OK && shared)
        st = tfu_error_set(e, TFU_EINVAL, "%s; %s", text.data, TFU_SHARED_GROUPS_ADVICE);
    tfu_text_free(&text);
    return st;
}

static bool knows_groups(struct tfu_dataset *const *data)
{
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (data[i] && tfu_dataset_groups(data[i]))
            return true;
    return false;
}

enum tfu_status tfu_split_lists_put_groups(struct tfu_dataset *const *data, struct tfu_text *out,
                                           struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    int64_t shared;
    if (!knows_groups(data))
        return TFU_OK;
    const enum tfu_status st = find_shared(data, &shared, &text, e);
    tfu_text_free(&text);
    if (st != TFU_OK)
        return st;
    for (int i = 0, first = 1; i < TFU_SPLIT_COUNT; i++)
        if (data[i]) {
            tfu_text_printf(out, "%s%s %" PRId64, first ? "" : " ",
                            tfu_split_name((enum tfu_split)i), tfu_dataset_groups(data[i]));
            first = 0;
        }
    tfu_text_printf(out, ": %" PRId64 " shared", shared);
    return TFU_OK;
}

bool tfu_split_lists_tell(const struct tfu_context *c, struct tfu_dataset *const *data,
                          const struct tfu_id_list *list)
{
    bool tell = c->experiment->cut.present;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        tell = tell || (data[i] && list[i].named);
    return tell;
}

void tfu_split_lists_put_digests(const struct tfu_context *c, struct tfu_dataset *const *data,
                                 const struct tfu_id_list *list, struct tfu_text *out)
{
    if (!tfu_split_lists_tell(c, data, list))
        return;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (data[i])
            tfu_text_printf(out, "%s%s %.16s", out->length ? " " : "",
                            tfu_split_name((enum tfu_split)i), list[i].sha256);
}

enum tfu_status tfu_split_lists_write(const struct tfu_context *c, struct tfu_dataset *const *data,
                                      struct tfu_run_folder *folder, struct tfu_error *e)
{
    static const char *const file[] = {"split.train.txt", "split.valid.txt", "split.test.txt"};
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && c->experiment->cut.present && i < TFU_SPLIT_COUNT; i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        struct tfu_id_list list;
        if (!data[i])
            continue;
        st = tfu_id_list_make(&list, data[i], &text, e);
        if (st == TFU_OK)
            st = tfu_run_folder_write(folder, file[i], tfu_text_get(&text), e);
        tfu_text_free(&text);
    }
    return st;
}
