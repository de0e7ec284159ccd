/* SPDX-License-Identifier: MIT */
#include "core/train/checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/io/preprocessing.h"
#include "core/train/tensor_list.h"

#define NOTE_CONFIG  "transfuse.config"
#define NOTE_DATA    "transfuse.data"
#define NOTE_DIGEST  "transfuse.sha256"
#define NOTE_CLASSES "transfuse.classes"

static const char *const own_notes[] = {NOTE_CONFIG, NOTE_DIGEST};
const struct tfu_weights_own tfu_checkpoint_own = {own_notes, TFU_COUNT(own_notes),
                                                   TFU_TENSOR_LIST_SLOTS};

/* The fields of struct tfu_train_state by their names in the metadata. */
static const struct {
    const char *name;
    size_t offset;
    int real; /* double; else int64_t */
} fields[] = {
    {"step", offsetof(struct tfu_train_state, step), 0},
    {"epoch", offsetof(struct tfu_train_state, epoch), 0},
    {"batch", offsetof(struct tfu_train_state, batch), 0},
    {"evaluated", offsetof(struct tfu_train_state, evaluated), 0},
    {"best", offsetof(struct tfu_train_state, best), 1},
    {"best_step", offsetof(struct tfu_train_state, best_step), 0},
    {"reference", offsetof(struct tfu_train_state, reference), 1},
    {"stale", offsetof(struct tfu_train_state, stale), 0},
    {"threshold_step", offsetof(struct tfu_train_state, threshold_step), 0},
    {"loss_sum", offsetof(struct tfu_train_state, loss_sum), 1},
    {"loss_count", offsetof(struct tfu_train_state, loss_count), 0},
    {"metrics_bytes", offsetof(struct tfu_train_state, metrics_bytes), 0},
};

enum { FIELD_COUNT = TFU_COUNT(fields), FIELD_SIZE = 40 };

static void print_field(const struct tfu_train_state *state, size_t i, char text[FIELD_SIZE])
{
    const void *value = (const char *)state + fields[i].offset;
    if (fields[i].real)
        snprintf(text, FIELD_SIZE, "%.17g", *(const double *)value);
    else
        snprintf(text, FIELD_SIZE, "%" PRId64, *(const int64_t *)value);
}

static int parse_field(struct tfu_train_state *state, size_t i, const char *text)
{
    void *value = (char *)state + fields[i].offset;
    char *end = NULL;
    if (!text || !text[0])
        return 0;
    errno = 0;
    if (fields[i].real)
        *(double *)value = strtod(text, &end);
    else
        *(int64_t *)value = strtoll(text, &end, 10);
    /* counts are never negative */
    return *end == '\0' && errno == 0 && (fields[i].real || *(int64_t *)value >= 0);
}

static int by_name(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = left, *b = right;
    return strcmp(a->name, b->name);
}

enum tfu_status tfu_checkpoint_save(const struct tfu_checkpoint_request *request,
                                    struct tfu_error *e)
{
    struct tfu_tensor_list list;
    enum tfu_status st = tfu_tensor_list_make(&list, request->network, request->optimiser, e);
    if (st != TFU_OK)
        return st;
    qsort(list.tensor, list.count, sizeof *list.tensor, by_name);
    char hex[TFU_HASH_HEX], text[FIELD_COUNT][FIELD_SIZE];
    st = tfu_safetensors_digest(NULL, 0, list.tensor, list.count, hex, e);
    struct tfu_text preprocessing[2] = {TFU_TEXT_INIT, TFU_TEXT_INIT};
    struct tfu_safetensors_note note[FIELD_COUNT + 5 + TFU_PREPROCESSING_NOTES] = {
        {"format", "pt"},
        {NOTE_CONFIG, request->config},
        {NOTE_DATA, request->data},
        {NOTE_DIGEST, hex},
    };
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        print_field(request->state, i, text[i]);
        note[4 + i] = (struct tfu_safetensors_note){fields[i].name, text[i]};
    }
    size_t notes = FIELD_COUNT + 4;
    if (request->classes)
        note[notes++] = (struct tfu_safetensors_note){NOTE_CLASSES, request->classes};
    if (request->preprocessing && request->preprocessing->channels) {
        tfu_preprocessing_notes(request->preprocessing, note + notes, preprocessing);
        notes += TFU_PREPROCESSING_NOTES;
    }
    if (preprocessing[0].failed || preprocessing[1].failed)
        st = tfu_error_memory(e, "writing a checkpoint", 0);
    if (st == TFU_OK)
        st = tfu_safetensors_write_guarded(request->path, list.tensor, list.count, note, notes,
                                           request->guard, e);
    tfu_text_free(&preprocessing[0]);
    tfu_text_free(&preprocessing[1]);
    tfu_tensor_list_free(&list);
    return st;
}

struct tfu_checkpoint {
    struct tfu_safetensors *file;
    char *path;
    const char *config, *data;
    struct tfu_train_state state;
};

/* Of what the file holds; it may be known. The file lists its tensors by name. */
static enum tfu_status digest_file(const struct tfu_checkpoint *c, struct tfu_digests *digests,
                                   char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    const struct tfu_file_state *state = tfu_safetensors_state(c->file);
    if (tfu_digests_find(digests, TFU_DIGEST_OF_TENSORS, state, 1, hex))
        return TFU_OK;
    const size_t count = tfu_safetensors_count(c->file);
    const enum tfu_status st = tfu_safetensors_digest(
        NULL, 0, count ? tfu_safetensors_get(c->file, 0) : NULL, count, hex, e);
    return st == TFU_OK ? tfu_digests_add(digests, TFU_DIGEST_OF_TENSORS, state, 1, hex, e) : st;
}

static enum tfu_status verify(struct tfu_checkpoint *c, struct tfu_digests *digests,
                              struct tfu_error *e)
{
    char hex[TFU_HASH_HEX];
    const char *saved = tfu_safetensors_note(c->file, NOTE_DIGEST);
    c->config = tfu_safetensors_note(c->file, NOTE_CONFIG);
    c->data = tfu_safetensors_note(c->file, NOTE_DATA);
    if (!c->config || !c->data || !saved)
        return tfu_error_at(e, TFU_EUNSUPPORTED, c->path, 0, 0,
                            "not a checkpoint of transfuse: its metadata lack transfuse.config, "
                            "transfuse.data or transfuse.sha256");
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (!parse_field(&c->state, i, tfu_safetensors_note(c->file, fields[i].name)))
            return tfu_error_at(e, TFU_ECORRUPT, c->path, 0, 0, "metadata: '%s' is not a number",
                                fields[i].name);
    const enum tfu_status st = digest_file(c, digests, hex, e);
    if (st == TFU_OK && strcmp(hex, saved) != 0)
        return tfu_error_at(e, TFU_ECORRUPT, c->path, 0, 0,
                            "its numbers are not those that were saved: the digest is %.12s..., "
                            "not %.12s...",
                            hex, saved);
    return st;
}

enum tfu_status tfu_checkpoint_open(struct tfu_checkpoint **out, const char *path,
                                    struct tfu_digests *digests, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_checkpoint *c = calloc(1, sizeof *c);
    if (!c || !(c->path = strdup(path))) {
        free(c);
        return tfu_error_memory(e, "opening a checkpoint", 0);
    }
    enum tfu_status st = tfu_safetensors_open(&c->file, path, e);
    if (st == TFU_OK)
        st = verify(c, digests, e);
    if (st != TFU_OK) {
        tfu_checkpoint_close(c);
        return st;
    }
    *out = c;
    return TFU_OK;
}

void tfu_checkpoint_close(struct tfu_checkpoint *c)
{
    if (!c)
        return;
    tfu_safetensors_close(c->file);
    free(c->path);
    free(c);
}

const struct tfu_train_state *tfu_checkpoint_state(const struct tfu_checkpoint *c)
{
    return &c->state;
}

const char *tfu_checkpoint_config(const struct tfu_checkpoint *c)
{
    return c->config;
}

const char *tfu_checkpoint_data(const struct tfu_checkpoint *c)
{
    return c->data;
}

const char *tfu_checkpoint_classes(const struct tfu_checkpoint *c)
{
    return tfu_safetensors_note(c->file, NOTE_CLASSES);
}

enum tfu_status tfu_checkpoint_read_classes(char **out, const char *path, struct tfu_error *e)
{
    struct tfu_safetensors *file;
    *out = NULL;
    const enum tfu_status st = tfu_safetensors_open(&file, path, e);
    if (st != TFU_OK)
        return st;
    const char *classes = tfu_safetensors_note(file, NOTE_CLASSES);
    *out = classes ? strdup(classes) : NULL;
    tfu_safetensors_close(file);
    return !classes || *out ? TFU_OK : tfu_error_memory(e, "opening a checkpoint", 0);
}

enum tfu_status tfu_checkpoint_load(const struct tfu_checkpoint *c, struct tfu_network *network,
                                    struct tfu_optimiser *optimiser, struct tfu_error *e)
{
    struct tfu_tensor_list list;
    enum tfu_status st = tfu_tensor_list_make(&list, network, optimiser, e);
    if (st != TFU_OK)
        return st;
    st = tfu_tensor_list_match(&list, c->file, c->path, e);
    if (st == TFU_OK)
        st = tfu_tensor_list_load(&list, c->file, network, e);
    tfu_tensor_list_free(&list);
    return st;
}
