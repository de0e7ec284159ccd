/* SPDX-License-Identifier: MIT */
#include "core/run/capture_folder.h"

#include <stdlib.h>

enum { POSITIONS = 10000 };

/* One `arg` for all calls out of a capture. */
struct job {
    const struct tfu_capture_folder_request *request;
    struct tfu_captured *captured;
};

static void on_progress(void *arg, int64_t done, int64_t total)
{
    const struct job *j = arg;
    if (j->request->progress)
        j->request->progress(j->request->arg, j->captured->split, done, total);
}

static bool on_interrupted(void *arg)
{
    const struct job *j = arg;
    return j->request->interrupted && j->request->interrupted(j->request->arg);
}

static enum tfu_status on_rows(void *arg, size_t want, int64_t first, const struct tfu_tensor *rows,
                               struct tfu_error *e)
{
    const struct job *j = arg;
    return tfu_captured_add(j->captured, want, first, rows, e);
}

static enum tfu_status open_network(struct job *j, struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_capture_folder_request *r = j->request;
    struct tfu_captured *c = j->captured;
    const struct tfu_subject_request request = {
        .spec = r->spec,
        .config = r->config,
        .override = r->override,
        .override_count = r->override_count,
        .registry = r->registry,
        .threads = r->threads,
        .log = r->log,
    };
    enum tfu_status st = tfu_subject_open(&c->subject, &request, d, e);
    if (st == TFU_OK)
        st = tfu_split_choose(c->subject->experiment, r->split, &c->split, e);
    if (st == TFU_OK)
        st = tfu_assemble_images(&c->data, &c->subject->context, c->split, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_capture_request capture = {
        .subject = c->subject,
        .data = c->data,
        .images = r->images,
        .sampling = {.channels = r->channels, .draws = 1, .seed = r->seed},
        .maps = r->maps,
        .arg = j,
        .progress = on_progress,
        .interrupted = on_interrupted,
        .emit = on_rows,
    };
    st = tfu_capture_new(&c->capture, &capture, e);
    return st == TFU_OK ? tfu_nodes_choose(&c->node, &c->node_count, tfu_capture_graph(c->capture),
                                           r->nodes, r->node_count, e)
                        : st;
}

/* A row is an image where there are no positions to draw from: then all of them are wanted. */
static enum tfu_status make_wants(const struct tfu_capture_folder_request *r,
                                  struct tfu_captured *c, struct tfu_error *e)
{
    c->want = calloc(c->node_count + 1, sizeof *c->want);
    if (!c->want)
        return tfu_error_memory(e, "capturing activations", 0);
    for (size_t i = 0; i < c->node_count; i++) {
        const struct tfu_node_choice *n = &c->node[i];
        const struct tfu_shape *s = &tfu_capture_graph(c->capture)->value[n->value].shape;
        const bool map = s->rank == 4 && !r->image_rows;
        const int64_t height = map ? s->dim[1] : 1, width = map ? s->dim[2] : 1;
        const int64_t usual = r->maps || height * width == 1 ? INT64_MAX : POSITIONS;
        c->want[i] = (struct tfu_capture_want){n->name, n->value, height, width,
                                               r->rows > 0 ? r->rows : usual};
    }
    return TFU_OK;
}

enum tfu_status tfu_capture_folder(struct tfu_captured *out,
                                   const struct tfu_capture_folder_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct job j = {request, out};
    *out = (struct tfu_captured){.spec = request->spec, .maps = request->maps};
    enum tfu_status st = open_network(&j, d, e);
    if (st == TFU_OK)
        st = make_wants(request, out, e);
    if (st == TFU_OK)
        st = tfu_captured_begin(out, request->folder, request->force, e);
    if (st == TFU_OK)
        st = tfu_capture_run(out->capture, out->want, out->node_count, e);
    return st == TFU_OK ? tfu_captured_finish(out, e) : st;
}
