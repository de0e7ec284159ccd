/* SPDX-License-Identifier: MIT */
#include "core/run/captured.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"

static const char json_name[] = "capture.json";

/* ---- names */

/* Rows of a node in an image. */
static int64_t cells(const struct tfu_captured *c, size_t i)
{
    return c->maps ? 1 : c->want[i].height * c->want[i].width;
}

/* Where row i is not image i, a second file says what it is. */
static bool has_places(const struct tfu_captured *c, size_t i)
{
    int64_t images;
    tfu_capture_examples(c->capture, &images);
    return cells(c, i) > 1 || c->want[i].rows < images;
}

static enum tfu_status name_node(struct tfu_captured *c, size_t i, struct tfu_error *e)
{
    struct tfu_text rows = TFU_TEXT_INIT;
    enum tfu_status st = tfu_capture_files_add(&c->files, c->node[i].name, &c->data_file[i], e);
    c->rows_file[i] = SIZE_MAX;
    if (st != TFU_OK || !has_places(c, i))
        return st;
    tfu_text_printf(&rows, "%s.rows", c->node[i].name);
    st = rows.failed ? tfu_error_memory(e, "writing arrays", 0)
                     : tfu_capture_files_add(&c->files, tfu_text_get(&rows), &c->rows_file[i], e);
    tfu_text_free(&rows);
    return st;
}

enum tfu_status tfu_captured_begin(struct tfu_captured *c, const char *folder, bool force,
                                   struct tfu_error *e)
{
    c->force = force;
    c->data_file = calloc(c->node_count + 1, sizeof *c->data_file);
    c->rows_file = calloc(c->node_count + 1, sizeof *c->rows_file);
    c->json_path = tfu_path_join(folder, json_name);
    if (!c->data_file || !c->rows_file || !c->json_path)
        return tfu_error_memory(e, "writing arrays", 0);
    if (!force && access(c->json_path, F_OK) == 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' is there already; name another folder, or `force` to write "
                             "over it",
                             c->json_path);
    enum tfu_status st = tfu_capture_files_init(&c->files, folder, force, 2 * c->node_count + 2, e);
    for (size_t i = 0; st == TFU_OK && i < c->node_count; i++)
        st = name_node(c, i, e);
    if (st == TFU_OK)
        st = tfu_capture_files_add(&c->files, "examples", &c->examples, e);
    return st == TFU_OK ? tfu_capture_files_add(&c->files, "labels", &c->labels, e) : st;
}

/* ---- numbers */

static enum tfu_status begin_node(struct tfu_captured *c, size_t want,
                                  const struct tfu_shape *shape, struct tfu_error *e)
{
    int64_t dim[4] = {0};
    tfu_capture_rows(c->capture, want, 0, &dim[0]);
    for (uint32_t k = 1; k < shape->rank; k++)
        dim[k] = shape->dim[k];
    /* what has no height and width has none in its file */
    const struct tfu_graph *g = tfu_capture_graph(c->capture);
    size_t rank = (size_t)shape->rank;
    if (c->maps && g->value[c->node[want].value].shape.rank != 4) {
        dim[1] = shape->dim[3];
        rank = 2;
    }
    return tfu_capture_files_begin(&c->files, c->data_file[want], TFU_STORED_F32, rank, dim, e);
}

enum tfu_status tfu_captured_add(struct tfu_captured *c, size_t want, int64_t first,
                                 const struct tfu_tensor *rows, struct tfu_error *e)
{
    const enum tfu_status st = first == 0 ? begin_node(c, want, &rows->shape, e) : TFU_OK;
    if (st != TFU_OK)
        return st;
    return tfu_npy_writer_add(&c->files.file[c->data_file[want]].writer, rows->data,
                              (size_t)tfu_shape_count(&rows->shape) * sizeof(float), e);
}

/* The image (its number in examples.npy), y and x of every row. */
static enum tfu_status write_places(struct tfu_captured *c, size_t want, struct tfu_error *e)
{
    enum { PLACE = 3 };
    const int64_t width = c->maps ? 1 : c->want[want].width, all = cells(c, want);
    int64_t count;
    const int64_t *row = tfu_capture_rows(c->capture, want, 0, &count);
    int64_t *place = malloc((size_t)count * PLACE * sizeof *place + 1);
    if (!place)
        return tfu_error_memory(e, "writing arrays", (size_t)count * PLACE * sizeof *place);
    for (int64_t i = 0; i < count; i++) {
        place[i * PLACE] = row[i] / all;
        place[i * PLACE + 1] = row[i] % all / width;
        place[i * PLACE + 2] = row[i] % all % width;
    }
    const enum tfu_status st =
        tfu_capture_files_write(&c->files, c->rows_file[want], TFU_STORED_I64, 2,
                                (const int64_t[]){count, PLACE}, place, e);
    free(place);
    return st;
}

static enum tfu_status write_rest(struct tfu_captured *c, struct tfu_error *e)
{
    int64_t images, columns;
    const int64_t *example = tfu_capture_examples(c->capture, &images);
    const float *label = tfu_capture_labels(c->capture, &columns);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < c->node_count; i++)
        if (c->rows_file[i] != SIZE_MAX)
            st = write_places(c, i, e);
    if (st == TFU_OK)
        st =
            tfu_capture_files_write(&c->files, c->examples, TFU_STORED_I64, 1, &images, example, e);
    if (st == TFU_OK)
        st = tfu_capture_files_write(&c->files, c->labels, TFU_STORED_F32, columns == 1 ? 1 : 2,
                                     (const int64_t[]){images, columns}, label, e);
    return st;
}

/* ---- capture.json */

static json_t *file_json(const struct tfu_capture_file *f)
{
    json_t *shape = json_array();
    for (size_t k = 0; k < f->rank; k++)
        json_array_append_new(shape, json_integer((json_int_t)f->dim[k]));
    return json_pack("{s:s, s:o, s:s}", "file", f->name, "shape", shape, "sha256", f->sha256);
}

static json_t *channels_json(const struct tfu_captured *c, size_t i)
{
    int64_t count;
    const int64_t *channel = tfu_capture_channels(c->capture, i, 0, &count);
    json_t *list = json_array();
    for (int64_t k = 0; k < count; k++)
        json_array_append_new(list, json_integer((json_int_t)channel[k]));
    return list;
}

static json_t *node_json(const struct tfu_captured *c, size_t i)
{
    const struct tfu_graph *g = tfu_capture_graph(c->capture);
    const struct tfu_shape *s = &g->value[c->node[i].value].shape;
    json_t *node = file_json(&c->files.file[c->data_file[i]]);
    int64_t channels;
    tfu_capture_channels(c->capture, i, 0, &channels);
    json_object_set_new(node, "node", json_string(c->node[i].name));
    json_object_set_new(node, "output_of", json_string(g->value[c->node[i].value].name));
    json_object_set_new(node, "row", json_string(cells(c, i) > 1 ? "position" : "image"));
    if (c->rows_file[i] != SIZE_MAX)
        json_object_set_new(node, "rows", file_json(&c->files.file[c->rows_file[i]]));
    if (s->rank == 4)
        json_object_set_new(node, "map",
                            json_pack("[I, I]", (json_int_t)s->dim[1], (json_int_t)s->dim[2]));
    if (channels < s->dim[s->rank - 1])
        json_object_set_new(node, "channels", channels_json(c, i));
    return node;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *describe(const struct tfu_captured *c, const char *state_sha256)
{
    const struct tfu_subject *s = c->subject;
    json_t *nodes = json_array(), *files = json_array();
    int64_t images;
    tfu_capture_examples(c->capture, &images);
    for (size_t i = 0; i < c->node_count; i++)
        json_array_append_new(nodes, node_json(c, i));
    for (size_t i = 0; i < c->files.count; i++)
        json_array_append_new(files, json_string(c->files.file[i].name));
    json_t *network =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "given", c->spec, "name", s->label, "arch",
                  tfu_capture_graph(c->capture)->arch, "run", text_or_null(s->folder), "state",
                  text_or_null(s->path), "state_sha256", text_or_null(state_sha256), "step",
                  s->step < 0 ? json_null() : json_integer((json_int_t)s->step));
    json_t *data = json_pack("{s:s, s:o, s:I}", "split", tfu_split_name(c->split), "fingerprint",
                             text_or_null(tfu_dataset_info(c->data)->fingerprint), "images",
                             (json_int_t)images);
    return json_pack("{s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "format", "transfuse capture 1",
                     "network", network, "data", data, "seed",
                     (json_int_t)tfu_capture_seed(c->capture), "nodes", nodes, "examples",
                     file_json(&c->files.file[c->examples]), "labels",
                     file_json(&c->files.file[c->labels]), "files", files);
}

static enum tfu_status write_json(struct tfu_captured *c, struct tfu_error *e)
{
    char hex[TFU_HASH_HEX];
    enum tfu_status st = c->subject->path ? tfu_hash_file(c->subject->path, hex, e) : TFU_OK;
    if (st != TFU_OK)
        return st;
    c->json = describe(c, c->subject->path ? hex : NULL);
    char *text = c->json ? json_dumps(c->json, JSON_INDENT(2)) : NULL;
    struct tfu_text line = TFU_TEXT_INIT;
    if (text)
        tfu_text_printf(&line, "%s\n", text);
    free(text);
    st = line.length && !line.failed
             ? tfu_atomic_write_file(c->json_path, tfu_text_get(&line), line.length, e)
             : tfu_error_memory(e, "writing capture.json", 0);
    tfu_text_free(&line);
    return st;
}

/* ---- the end */

static bool is_written(const struct tfu_captured *c, const char *name)
{
    for (size_t i = 0; i < c->files.count; i++)
        if (strcmp(c->files.file[i].name, name) == 0)
            return true;
    return false;
}

/* With `force` the arrays of an earlier capture go, which nothing would describe any more; files
 * that it did not write stay. */
static void remove_earlier(const struct tfu_captured *c)
{
    json_t *earlier = json_load_file(c->json_path, 0, NULL), *name;
    size_t i;
    json_array_foreach(json_object_get(earlier, "files"), i, name)
    {
        const char *text = json_string_value(name);
        const char *dot = text ? strrchr(text, '.') : NULL;
        if (!dot || strcmp(dot, ".npy") != 0 || strchr(text, '/') || is_written(c, text))
            continue;
        char *path = tfu_path_join(c->files.folder, text);
        if (path)
            unlink(path);
        free(path);
    }
    json_decref(earlier);
    unlink(c->json_path);
}

enum tfu_status tfu_captured_finish(struct tfu_captured *c, struct tfu_error *e)
{
    enum tfu_status st = write_rest(c, e);
    if (st == TFU_OK && c->force)
        remove_earlier(c);
    if (st == TFU_OK)
        st = tfu_capture_files_commit(&c->files, e);
    if (st == TFU_OK)
        st = write_json(c, e);
    if (st != TFU_OK)
        tfu_capture_files_revoke(&c->files);
    return st;
}

const struct tfu_capture_file *tfu_captured_file(const struct tfu_captured *c, size_t node)
{
    return &c->files.file[c->data_file[node]];
}

void tfu_captured_free(struct tfu_captured *c)
{
    tfu_capture_files_abandon(&c->files);
    tfu_capture_free(c->capture);
    tfu_dataset_close(c->data);
    tfu_subject_close(c->subject);
    json_decref(c->json);
    free(c->node);
    free(c->want);
    free(c->data_file);
    free(c->rows_file);
    free(c->json_path);
    *c = (struct tfu_captured){.spec = NULL};
}
