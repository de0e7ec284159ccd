/* SPDX-License-Identifier: MIT */
#include "core/analysis/pictures.h"

enum tfu_status tfu_pictures_open(struct tfu_pictures *p, const struct tfu_analysis_networks *n,
                                  struct tfu_analysis_context *c, struct tfu_error *e)
{
    *p = (struct tfu_pictures){.spec = n->of, .count = n->count};
    enum tfu_status st = TFU_OK;
    if (n->count > TFU_PICTURES_MAX)
        return tfu_error_set(e, TFU_EINVAL,
                             "%zu networks are more than the %d that are opened at once", n->count,
                             TFU_PICTURES_MAX);
    for (size_t i = 0; st == TFU_OK && i < n->count; i++) {
        const struct tfu_state_request request = {.spec = n->of[i]};
        st = tfu_analysis_subject(c, &request, &p->subject[i], e);
        if (st == TFU_OK)
            st = tfu_split_choose_any(p->subject[i]->experiment, tfu_analysis_split_name(c->common),
                                      &p->split[i], e);
        if (st == TFU_OK)
            st = tfu_analysis_images(c, p->subject[i], p->split[i], &p->data[i], e);
    }
    return st;
}

enum tfu_status tfu_pictures_network(const struct tfu_pictures *p, size_t i,
                                     struct tfu_graph **graph, struct tfu_network **network,
                                     struct tfu_error *e)
{
    const struct tfu_subject *s = p->subject[i];
    const struct tfu_assemble_options options = {.training = false};
    *network = NULL;
    enum tfu_status st = tfu_assemble_graph(graph, &s->context, tfu_dataset_info(p->data[i]), 1, e);
    if (st != TFU_OK)
        return st;
    st = tfu_assemble_network(network, *graph, &s->context, &options, e);
    if (st == TFU_OK)
        st = tfu_subject_load(s, *network, tfu_dataset_preprocessing(p->data[i]), e);
    if (st != TFU_OK) {
        tfu_network_free(*network);
        tfu_graph_free(*graph);
        *network = NULL;
        *graph = NULL;
    }
    return st;
}
