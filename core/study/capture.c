/* SPDX-License-Identifier: MIT */
#include "core/study/capture.h"

#include <stdlib.h>
#include <string.h>

#include "core/data/loader.h"
#include "core/graph/access.h"
#include "core/study/draw.h"

struct tfu_capture {
    struct tfu_capture_request request;
    struct tfu_graph *graph;
    struct tfu_network *network;      /* with the state, or NULL */
    const struct tfu_network *source; /* of the state; NULL: the subject is */
    uint32_t *kept; /* values that it keeps; then those that are foreseen as well */
    size_t kept_count, networks;
    struct tfu_loader *loader; /* NULL: not needed at the moment */
    int64_t batch, images;
    struct tfu_capture_want *want;
    const float **activation; /* of each, of the batch that was just run */
    size_t want_count;
    struct tfu_draw *draw; /* want_count x draws */
    float *labels;
    int64_t label_columns;
    int64_t *example; /* images */
};

/* ---- sizes */

static int64_t batch_size(const struct tfu_train_config *train)
{
    return train->evaluate.batch > 0 ? train->evaluate.batch : train->batch;
}

static struct tfu_shape map_shape(const struct tfu_capture *c, uint32_t value)
{
    const struct tfu_shape *s = &c->graph->value[value].shape;
    return s->rank == 4 ? *s : tfu_shape_make(4, s->dim[0], 1, 1, s->dim[1], 1);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static size_t want_bytes(const struct tfu_capture *c, const struct tfu_capture_want *want)
{
    const struct tfu_sampling *s = &c->request.sampling;
    const int64_t cells = want->height * want->width, channels = map_shape(c, want->value).dim[3];
    const int64_t wanted = want->rows > 0 ? want->rows : s->rows;
    const int64_t images = c->request.emit ? least(c->batch, c->images) : c->images;
    const int64_t rows =
        c->request.maps ? least(wanted, images) * cells : least(wanted, images * cells);
    const int64_t columns = s->channels > 0 ? least(s->channels, channels) : channels;
    return (size_t)rows * (size_t)columns * (size_t)s->draws * sizeof(float);
}

size_t tfu_capture_bytes(const struct tfu_capture *c, const struct tfu_capture_want *want,
                         size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += want_bytes(c, &want[i]);
    return bytes;
}

/* ---- making and freeing */

static void free_draws(struct tfu_capture *c)
{
    const size_t n = c->draw ? c->want_count * (size_t)c->request.sampling.draws : 0;
    for (size_t i = 0; i < n; i++)
        tfu_draw_free(&c->draw[i]);
    free(c->draw);
    free(c->want);
    free(c->activation);
    c->activation = NULL;
    c->draw = NULL;
    c->want = NULL;
    c->want_count = 0;
}

static void free_network(struct tfu_capture *c)
{
    tfu_network_free(c->network);
    c->network = NULL;
}

static enum tfu_status open_loader(struct tfu_capture *c, struct tfu_error *e)
{
    const struct tfu_loader_request request = {
        .dataset = c->request.data,
        .batch = c->batch,
        .shuffle = true,
        .seed = c->request.sampling.seed,
        .workers = tfu_loader_workers(c->request.subject->experiment->data.workers),
    };
    return tfu_loader_new(&c->loader, &request, e);
}

enum tfu_status tfu_capture_new(struct tfu_capture **out, const struct tfu_capture_request *request,
                                struct tfu_error *e)
{
    *out = NULL;
    struct tfu_capture *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "capturing activations", 0);
    const struct tfu_dataset_info *info = tfu_dataset_info(request->data);
    c->request = *request;
    c->batch = batch_size(&request->subject->experiment->train);
    c->images = request->images > 0 ? least(request->images, info->count) : info->count;
    c->label_columns = info->label_columns;
    c->labels = calloc((size_t)(c->images * c->label_columns) + 1, sizeof *c->labels);
    c->example = calloc((size_t)c->images + 1, sizeof *c->example);
    enum tfu_status st =
        c->labels && c->example ? TFU_OK : tfu_error_memory(e, "capturing activations", 0);
    if (st == TFU_OK)
        st = tfu_assemble_graph(&c->graph, &request->subject->context, info, c->batch, e);
    if (st == TFU_OK)
        st = open_loader(c, e);
    if (st != TFU_OK)
        tfu_capture_free(c);
    else
        *out = c;
    return st;
}

void tfu_capture_free(struct tfu_capture *c)
{
    if (!c)
        return;
    free_draws(c);
    tfu_loader_free(c->loader);
    free_network(c);
    tfu_graph_free(c->graph);
    free(c->kept);
    free(c->labels);
    free(c->example);
    free(c);
}

const struct tfu_graph *tfu_capture_graph(const struct tfu_capture *c)
{
    return c->graph;
}

int64_t tfu_capture_draws(const struct tfu_capture *c)
{
    return c->request.sampling.draws;
}

uint64_t tfu_capture_seed(const struct tfu_capture *c)
{
    return c->request.sampling.seed;
}

/* ---- a run */

static struct tfu_draw *draw_of(const struct tfu_capture *c, size_t want, int64_t draw)
{
    return &c->draw[want * (size_t)c->request.sampling.draws + (size_t)draw];
}

static enum tfu_status prepare_draw(struct tfu_capture *c, size_t w, int64_t number,
                                    struct tfu_error *e)
{
    const struct tfu_capture_want *want = &c->want[w];
    struct tfu_sampling sampling = c->request.sampling;
    struct tfu_draw *d = draw_of(c, w, number);
    *d = (struct tfu_draw){.height = want->height, .width = want->width, .maps = c->request.maps};
    sampling.rows = want->rows > 0 ? want->rows : sampling.rows;
    const struct tfu_draw_request request = {.sampling = &sampling,
                                             .number = number,
                                             .node = want->node,
                                             .channels = map_shape(c, want->value).dim[3],
                                             .images = c->images,
                                             .room = c->request.emit ? c->batch : c->images};
    return tfu_draw_choose(d, &request, e);
}

/* The state, as it is now. */
static enum tfu_status fill_network(struct tfu_capture *c, struct tfu_error *e)
{
    const struct tfu_preprocessing *own = c->request.preprocessing;
    if (c->source)
        return tfu_network_copy_params(c->network, c->source, e);
    return tfu_subject_load(c->request.subject, c->network,
                            own ? own : tfu_dataset_preprocessing(c->request.data), e);
}

static bool is_kept(const struct tfu_capture *c, uint32_t value)
{
    bool kept = false;
    for (size_t i = 0; i < c->kept_count && !kept; i++)
        kept = c->kept[i] == value;
    return kept;
}

/* More values that the next network is to keep. */
static enum tfu_status keep_also(struct tfu_capture *c, const uint32_t *value, size_t count,
                                 struct tfu_error *e)
{
    uint32_t *more = realloc(c->kept, (c->kept_count + count) * sizeof *more + 1);
    if (!more)
        return tfu_error_memory(e, "capturing activations", 0);
    c->kept = more;
    for (size_t i = 0; i < count; i++)
        if (!is_kept(c, value[i]))
            c->kept[c->kept_count++] = value[i];
    return TFU_OK;
}

/* The network that is there will do, or there is a new one that keeps what is wanted now and no
 * more. */
static enum tfu_status prepare_network(struct tfu_capture *c, struct tfu_error *e)
{
    bool enough = true;
    for (size_t i = 0; i < c->want_count; i++)
        enough = enough && is_kept(c, c->want[i].value);
    if (enough && c->network)
        return c->source ? fill_network(c, e) : TFU_OK;
    enum tfu_status st = TFU_OK;
    if (!enough) {
        c->kept_count = 0;
        for (size_t i = 0; st == TFU_OK && i < c->want_count; i++)
            st = keep_also(c, &c->want[i].value, 1, e);
    }
    const struct tfu_assemble_options options = {.keep = c->kept, .keep_count = c->kept_count};
    free_network(c);
    if (st == TFU_OK)
        st = tfu_assemble_network(&c->network, c->graph, &c->request.subject->context, &options, e);
    if (st == TFU_OK)
        st = fill_network(c, e);
    if (st == TFU_OK)
        c->networks++;
    else
        free_network(c);
    return st;
}

enum tfu_status tfu_capture_foresee(struct tfu_capture *c, const uint32_t *value, size_t count,
                                    struct tfu_error *e)
{
    const size_t before = c->kept_count;
    const enum tfu_status st = keep_also(c, value, count, e);
    if (c->kept_count > before)
        free_network(c);
    return st;
}

size_t tfu_capture_kept_bytes(const struct tfu_capture *c, const uint32_t *value, size_t count)
{
    size_t numbers = 0;
    for (size_t i = 0; i < count; i++) {
        bool counted = false;
        for (size_t k = 0; k < i && !counted; k++)
            counted = value[k] == value[i];
        if (!counted)
            numbers += (size_t)tfu_shape_count(&c->graph->value[value[i]].shape);
    }
    return numbers * sizeof(float);
}

size_t tfu_capture_networks(const struct tfu_capture *c)
{
    return c->networks;
}

static enum tfu_status prepare(struct tfu_capture *c, const struct tfu_capture_want *want,
                               size_t count, struct tfu_error *e)
{
    free_draws(c);
    c->want = calloc(count + 1, sizeof *c->want);
    c->draw = calloc(count * (size_t)c->request.sampling.draws + 1, sizeof *c->draw);
    c->activation = calloc(count + 1, sizeof *c->activation);
    if (!c->want || !c->draw || !c->activation)
        return tfu_error_memory(e, "capturing activations", 0);
    memcpy(c->want, want, count * sizeof *want);
    c->want_count = count;
    enum tfu_status st = prepare_network(c, e);
    for (size_t w = 0; st == TFU_OK && w < count; w++)
        for (int64_t d = 0; st == TFU_OK && d < c->request.sampling.draws; d++)
            st = prepare_draw(c, w, d, e);
    return st;
}

enum tfu_status tfu_capture_network(struct tfu_capture *c, const struct tfu_network **out,
                                    struct tfu_error *e)
{
    free_draws(c);
    const enum tfu_status st = prepare_network(c, e);
    *out = c->network;
    return st;
}

void tfu_capture_feed(struct tfu_capture *c, const struct tfu_network *network)
{
    free_draws(c);
    free_network(c);
    c->source = network;
}

void tfu_capture_rest(struct tfu_capture *c)
{
    tfu_loader_free(c->loader);
    c->loader = NULL;
    if (!c->source)
        free_network(c);
}

struct fill_job {
    struct tfu_capture *capture;
    int64_t first, rows;
};

static void fill_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct fill_job *job = arg;
    struct tfu_capture *c = job->capture;
    (void)worker;
    const size_t want = index / (size_t)c->request.sampling.draws;
    const struct tfu_shape map = map_shape(c, c->want[want].value);
    tfu_draw_fill(&c->draw[index], &map, c->activation[want], job->first, job->rows);
}

static enum tfu_status emit_batch(struct tfu_capture *c, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t w = 0; st == TFU_OK && w < c->want_count; w++) {
        struct tfu_draw *d = draw_of(c, w, 0);
        const struct tfu_tensor rows = tfu_draw_tensor(d, d->next - d->first);
        if (d->next > d->first)
            st = c->request.emit(c->request.arg, w, d->first, &rows, e);
        d->first = d->next;
    }
    return st;
}

/* The first `rows` images of a batch, which are number `first` and those behind it. */
static enum tfu_status run_batch(struct tfu_capture *c, const struct tfu_loader_batch *batch,
                                 int64_t first, int64_t rows, struct tfu_error *e)
{
    memcpy(c->labels + first * c->label_columns, batch->labels,
           (size_t)(rows * c->label_columns) * sizeof *c->labels);
    for (int64_t i = 0; i < rows; i++)
        c->example[first + i] = tfu_dataset_source_index(c->request.data, batch->example[i]);
    enum tfu_status st = tfu_network_put_input(c->network, rows, batch->pixels, e);
    if (st == TFU_OK)
        st = tfu_network_forward(c->network, rows, false, 0, e);
    for (size_t w = 0; st == TFU_OK && w < c->want_count; w++)
        st = tfu_network_look(c->network, tfu_region_value(c->want[w].value, rows),
                              &c->activation[w], e);
    if (st != TFU_OK)
        return st;
    struct fill_job job = {c, first, rows};
    tfu_threads_run(c->request.subject->context.threads,
                    (uint32_t)(c->want_count * (size_t)c->request.sampling.draws), fill_task, &job);
    return c->request.emit ? emit_batch(c, e) : TFU_OK;
}

/* Was just that captured already? */
static bool has(const struct tfu_capture *c, const struct tfu_capture_want *want, size_t count)
{
    if (!c->draw || count != c->want_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (want[i].value != c->want[i].value || want[i].rows != c->want[i].rows ||
            want[i].height != c->want[i].height || want[i].width != c->want[i].width ||
            strcmp(want[i].node, c->want[i].node) != 0)
            return false;
    return true;
}

enum tfu_status tfu_capture_run(struct tfu_capture *c, const struct tfu_capture_want *want,
                                size_t count, struct tfu_error *e)
{
    const struct tfu_capture_request *r = &c->request;
    if (!r->emit && !c->source && has(c, want, count))
        return TFU_OK;
    enum tfu_status st = prepare(c, want, count, e);
    if (st == TFU_OK && !c->loader)
        st = open_loader(c, e);
    if (st == TFU_OK)
        st = tfu_loader_seek(c->loader, 0, 0, e);
    for (int64_t done = 0; st == TFU_OK && done < c->images;) {
        struct tfu_loader_batch batch;
        st = tfu_loader_next(c->loader, &batch, e);
        if (st != TFU_OK)
            break;
        const int64_t rows = least(batch.rows, c->images - done);
        st = run_batch(c, &batch, done, rows, e);
        done += rows;
        if (st == TFU_OK && r->progress)
            r->progress(r->arg, done, c->images);
        if (st == TFU_OK && r->interrupted && r->interrupted(r->arg))
            st = tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
    }
    if (st != TFU_OK)
        free_draws(c);
    if (st != TFU_OK && st != TFU_EINTERRUPTED)
        tfu_error_prefix(e, "%s", r->subject->label);
    return st;
}

struct tfu_tensor tfu_capture_get(const struct tfu_capture *c, size_t want, int64_t draw)
{
    const struct tfu_draw *d = draw_of(c, want, draw);
    return tfu_draw_tensor(d, d->rows);
}

const int64_t *tfu_capture_rows(const struct tfu_capture *c, size_t want, int64_t draw,
                                int64_t *count)
{
    const struct tfu_draw *d = draw_of(c, want, draw);
    *count = d->rows;
    return d->row;
}

const int64_t *tfu_capture_channels(const struct tfu_capture *c, size_t want, int64_t draw,
                                    int64_t *count)
{
    const struct tfu_draw *d = draw_of(c, want, draw);
    *count = d->channels;
    return d->channel;
}

const int64_t *tfu_capture_examples(const struct tfu_capture *c, int64_t *count)
{
    *count = c->images;
    return c->example;
}

const float *tfu_capture_labels(const struct tfu_capture *c, int64_t *columns)
{
    *columns = c->label_columns;
    return c->labels;
}

int64_t tfu_capture_image(const struct tfu_capture *c, size_t want, int64_t draw, int64_t row)
{
    const struct tfu_capture_want *w = &c->want[want];
    return draw_of(c, want, draw)->row[row] / (c->request.maps ? 1 : w->height * w->width);
}
