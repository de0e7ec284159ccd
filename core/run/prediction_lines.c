/* SPDX-License-Identifier: MIT */
#include "core/run/prediction_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/base/json.h"
#include "core/io/csv.h"
#include "core/task/task.h"

enum { DIGITS = 9, NAME_SIZE = 24 }; /* digits of a float32, which they give back */

static const char *name_of(const struct tfu_prediction_lines *l, int64_t output,
                           char number[NAME_SIZE])
{
    if (l->names)
        return l->names[output];
    snprintf(number, NAME_SIZE, "%" PRId64, output);
    return number;
}

static bool chooses_one(const struct tfu_prediction_lines *l)
{
    return tfu_task_of(l->task)->words.chooses_one;
}

static bool answers(const struct tfu_prediction_lines *l)
{
    return tfu_task_of(l->task)->answer != NULL;
}

/* ---- CSV */

void tfu_prediction_lines_begin(const struct tfu_prediction_lines *l)
{
    struct tfu_csv csv = {.file = l->file};
    if (l->json)
        return;
    tfu_csv_text(&csv, "image");
    if (l->positions > 1)
        tfu_csv_text(&csv, "position");
    if (l->top) {
        tfu_csv_text(&csv, "rank");
        tfu_csv_text(&csv, "class");
        tfu_csv_text(&csv, "score");
        tfu_csv_end_line(&csv);
        return;
    }
    if (answers(l))
        tfu_csv_text(&csv, chooses_one(l) ? "class" : "labels");
    if (chooses_one(l))
        tfu_csv_text(&csv, "score");
    for (int64_t k = 0; k < l->outputs; k++) {
        struct tfu_text column = TFU_TEXT_INIT;
        char number[NAME_SIZE];
        tfu_text_printf(&column, "score.%s", name_of(l, k, number));
        tfu_csv_text(&csv, tfu_text_get(&column));
        tfu_text_free(&column);
    }
    tfu_csv_end_line(&csv);
}

/* "Edema|Effusion" */
static void put_labels(const struct tfu_prediction_lines *l, const int64_t *said,
                       struct tfu_csv *csv)
{
    struct tfu_text text = TFU_TEXT_INIT;
    char number[NAME_SIZE];
    for (int64_t k = 0; k < l->outputs; k++)
        if (said[k])
            tfu_text_printf(&text, "%s%s", text.length ? "|" : "", name_of(l, k, number));
    tfu_csv_text(csv, tfu_text_get(&text));
    tfu_text_free(&text);
}

static void put_csv_all(const struct tfu_prediction_lines *l, struct tfu_csv *csv,
                        const int64_t *said, const float *scores)
{
    char number[NAME_SIZE];
    if (chooses_one(l)) {
        tfu_csv_text(csv, name_of(l, said[0], number));
        tfu_csv_number(csv, (double)scores[said[0]], DIGITS);
    } else if (answers(l)) {
        put_labels(l, said, csv);
    }
    for (int64_t k = 0; k < l->outputs; k++)
        tfu_csv_number(csv, (double)scores[k], DIGITS);
    tfu_csv_end_line(csv);
}

static void put_csv(const struct tfu_prediction_lines *l, const char *image, int64_t position,
                    const int64_t *said, const int64_t *order, const float *scores)
{
    struct tfu_csv csv = {.file = l->file};
    char number[NAME_SIZE];
    for (int64_t rank = 0; rank < (l->top ? l->top : 1) && rank < l->outputs; rank++) {
        tfu_csv_text(&csv, image);
        if (l->positions > 1)
            tfu_csv_int(&csv, position);
        if (!l->top) {
            put_csv_all(l, &csv, said, scores);
            continue;
        }
        tfu_csv_int(&csv, rank + 1);
        tfu_csv_text(&csv, name_of(l, order[rank], number));
        tfu_csv_number(&csv, (double)scores[order[rank]], DIGITS);
        tfu_csv_end_line(&csv);
    }
}

/* ---- JSON */

/* A float32 in the fewest digits that give it back, which are not more than nine. */
static json_t *number_of(float score)
{
    char text[32];
    snprintf(text, sizeof text, "%.9g", (double)score);
    return tfu_json_number(strtod(text, NULL));
}

static json_t *json_top(const struct tfu_prediction_lines *l, const int64_t *order,
                        const float *scores)
{
    json_t *list = json_array();
    char number[NAME_SIZE];
    for (int64_t rank = 0; rank < l->top && rank < l->outputs; rank++) {
        json_t *item = json_object();
        json_object_set_new(item, "class", tfu_json_text(name_of(l, order[rank], number)));
        json_object_set_new(item, "score", number_of(scores[order[rank]]));
        json_array_append_new(list, item);
    }
    return list;
}

static void set_said(const struct tfu_prediction_lines *l, const int64_t *said, const float *scores,
                     json_t *root)
{
    char number[NAME_SIZE];
    if (chooses_one(l)) {
        json_object_set_new(root, "class", tfu_json_text(name_of(l, said[0], number)));
        json_object_set_new(root, "score", number_of(scores[said[0]]));
        return;
    }
    if (!answers(l))
        return;
    json_t *list = json_array();
    for (int64_t k = 0; k < l->outputs; k++)
        if (said[k])
            json_array_append_new(list, tfu_json_text(name_of(l, k, number)));
    json_object_set_new(root, "labels", list);
}

static enum tfu_status put_json(const struct tfu_prediction_lines *l, const char *image,
                                int64_t position, const int64_t *said, const int64_t *order,
                                const float *scores, struct tfu_error *e)
{
    json_t *root = json_object();
    char number[NAME_SIZE];
    json_object_set_new(root, "image", tfu_json_text(image));
    if (l->positions > 1)
        json_object_set_new(root, "position", json_integer((json_int_t)position));
    if (l->top) {
        json_object_set_new(root, "top", json_top(l, order, scores));
    } else {
        json_t *all = json_object();
        set_said(l, said, scores, root);
        for (int64_t k = 0; k < l->outputs; k++)
            json_object_set_new(all, name_of(l, k, number), number_of(scores[k]));
        json_object_set_new(root, "scores", all);
    }
    char *text =
        root ? json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (!text)
        return tfu_error_memory(e, "writing predictions", 0);
    fputs(text, l->file);
    fputc('\n', l->file);
    free(text);
    return TFU_OK;
}

/* ---- a row */

/* The numbers of the outputs, the best first; the first of equal ones. */
static void rank(const float *scores, int64_t outputs, int64_t *order)
{
    for (int64_t k = 0; k < outputs; k++) {
        int64_t i = k;
        for (; i > 0 && scores[order[i - 1]] < scores[k]; i--)
            order[i] = order[i - 1];
        order[i] = k;
    }
}

enum tfu_status tfu_prediction_lines_put(const struct tfu_prediction_lines *l, const char *image,
                                         const float *logits, const float *scores,
                                         struct tfu_error *e)
{
    int64_t *said = calloc(2 * (size_t)l->outputs, sizeof *said), *order = said + l->outputs;
    if (!said)
        return tfu_error_memory(e, "writing predictions", 0);
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; st == TFU_OK && i < l->positions; i++) {
        if (answers(l))
            tfu_task_of(l->task)->answer(logits + i * l->outputs, l->outputs, said);
        rank(scores + i * l->outputs, l->outputs, order);
        if (l->json)
            st = put_json(l, image, i, said, order, scores + i * l->outputs, e);
        else
            put_csv(l, image, i, said, order, scores + i * l->outputs);
    }
    free(said);
    if (st == TFU_OK && (fflush(l->file) != 0 || ferror(l->file)))
        st = tfu_error_errno(e, errno, "cannot write", "the predictions");
    return st;
}
