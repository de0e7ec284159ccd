/* SPDX-License-Identifier: MIT */
#include "core/report/cost_kept.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/json.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"

static char *place(struct tfu_arena *arena, const char *store, const char *key)
{
    return tfu_arena_printf(arena, "%s/.cost/%s.json", store, key);
}

static double number(const json_t *root, const char *key)
{
    const json_t *v = json_object_get(root, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

void tfu_cost_times_read(struct tfu_cost_times *out, const char *store, const char *key,
                         struct tfu_arena *arena)
{
    const char *path = place(arena, store, key);
    json_t *root = path ? json_load_file(path, 0, NULL) : NULL;
    const char *processor = json_string_value(json_object_get(root, "processor"));
    *out =
        (struct tfu_cost_times){.latency_1 = number(root, "latency_1_ms"),
                                .latency_8 = number(root, "latency_8_ms"),
                                .processor = processor ? tfu_arena_strdup(arena, processor) : NULL};
    json_decref(root);
}

enum tfu_status tfu_cost_times_write(const struct tfu_cost_times *t, const char *store,
                                     const char *key, struct tfu_error *e)
{
    struct tfu_arena arena;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_arena_init(&arena, 0);
    const char *path = place(&arena, store, key);
    const char *folder = tfu_arena_printf(&arena, "%s/.cost", store);
    enum tfu_status st = path && folder ? tfu_folder_make(folder, e)
                                        : tfu_error_memory(e, "keeping a measurement", 0);
    if (st == TFU_OK)
        st = tfu_json_write(json_pack("{s:o, s:o, s:o}", "latency_1_ms",
                                      tfu_json_number(t->latency_1), "latency_8_ms",
                                      tfu_json_number(t->latency_8), "processor",
                                      tfu_json_text(t->processor)),
                            &text, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, tfu_text_get(&text), text.length, e);
    tfu_text_free(&text);
    tfu_arena_free(&arena);
    return st;
}
