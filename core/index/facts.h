/* SPDX-License-Identifier: MIT
 *
 * facts.h - what the folder of one run says, read from its files. Whatever is wrong in there is a
 * sentence in `problem`, and no error: a damaged run is still one. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_FACTS_H
#define TFU_CORE_INDEX_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/index/row.h"

/* How far a metrics.csv has been read: a run that goes on writes the same bytes again, so that what
 * lies behind is new. */
struct tfu_facts_place {
    uint64_t inode;
    int64_t bytes, lines; /* of whole lines */
    int64_t step;         /* the last one that they speak of; -1: none */
    char tail[33];        /* the last of them, in hex digits: what must still stand there */
};

struct tfu_fact_leaf {
    const char *key, *value;
};

struct tfu_fact_metric {
    size_t series; /* among those of the facts */
    int64_t step;
    double value; /* NaN: not defined */
    const char *note;
};

struct tfu_facts_metrics {
    struct tfu_facts_place from, to;
    bool anew; /* from the first line: what was known before is void */
    const char **series;
    size_t series_count, series_room;
    struct tfu_fact_metric *row;
    size_t count, room;
};

struct tfu_fact_final {
    const char *series;
    double value;
};

/* What was known of a run before. */
struct tfu_facts_known {
    uint64_t stamp;
    struct tfu_facts_place place;
};

struct tfu_facts {
    struct tfu_arena arena;
    struct tfu_index_run run; /* `row` is not filled in */
    uint64_t stamp;           /* another one when something in the folder changed, or who has it */
    bool none;                /* there is no run: an empty folder that is called like one, say */
    bool same;                /* it is the one that was known: nothing else was read */
    struct tfu_fact_leaf *leaf;
    size_t leaves, leaf_room;
    struct tfu_facts_metrics metrics;
    struct tfu_fact_final *final; /* of summary.json */
    size_t finals;
    struct tfu_index_artefact *artefact;
    size_t artefacts, artefact_room;
    struct tfu_index_session *session;
    size_t sessions;
    struct tfu_text problem;
};

void tfu_facts_free(struct tfu_facts *f);

/* Adds a sentence to what is wrong with the run. */
void tfu_facts_complain(struct tfu_facts *f, const char *fmt, ...) TFU_PRINTF(2, 3);

/* Opens a regular file of the folder; -1, with errno, for all that is none: a pipe must not hang
 * who reads. */
int tfu_facts_open(int folder, const char *name);
/* The JSON of an opened file of so many bytes; NULL, with line and text in `error`. In one read:
 * jansson's own is one a byte. */
json_t *tfu_facts_json(int fd, size_t bytes, size_t flags, json_error_t *error);
/* Makes room for one more of `size` bytes in an array; false: memory ran out. */
bool tfu_facts_grow(struct tfu_facts *f, void **array, size_t count, size_t *room, size_t size);

#endif
