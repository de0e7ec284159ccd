/* SPDX-License-Identifier: MIT
 *
 * work.h - a sweep from inside: what was read, the cases as numbers, and what is kept of them. Of
 * 10,000 cases no tree and no text of a configuration is kept: they are made again when asked for.
 */
#ifndef TFU_CORE_SWEEP_WORK_H
#define TFU_CORE_SWEEP_WORK_H

#include "core/base/digests.h"
#include "core/base/hash.h"
#include "core/config/experiment.h"
#include "core/sweep/kept.h"
#include "core/sweep/spec.h"
#include "core/sweep/sweep.h"
#include "core/train/assemble.h"

enum { TFU_WORK_CASE = UINT32_MAX };

/* Beside a struct tfu_sweep_case. */
struct tfu_work_item {
    uint32_t run;    /* of `runs`; TFU_WORK_CASE: a case, or a candidate */
    bool candidate;  /* of `tune` */
    bool known;      /* its key was computed, or what is wrong was said */
    uint32_t *value; /* by axis, that of `tune` among them */
    struct tfu_kept kept;
    char *folder;                      /* of its run, once that was found; NULL: not yet */
    const struct tfu_data_print *data; /* that `folder` follows from, with the configuration alone;
                                          NULL: from more, or not known */
    double score; /* of a candidate that is done: what is chosen by, once it was read */
    bool scored;
    /* out of the record (recall.h): `folder` below the store, if its data are what they were */
    const char *recalled;
    struct tfu_recalled_data *recalled_data;
};

struct tfu_data_prints; /* fingerprints of data that were opened before (prints.h) */
struct tfu_data_print;

/* Data that runs of the record were of. */
struct tfu_recalled_data {
    const char *print[TFU_SPLIT_COUNT]; /* as of struct tfu_data_print */
    enum { TFU_RECALLED_UNKNOWN, TFU_RECALLED_SAME, TFU_RECALLED_OTHER } state;
};

struct tfu_sweep_priv {
    struct tfu_sweep sweep; /* what the caller sees */
    struct tfu_arena arena;
    struct tfu_registry *registry;
    struct tfu_diagnostics *findings; /* of a load that goes on after reading: none should come */
    struct tfu_spec spec;
    struct tfu_work_item *work;  /* beside sweep.item */
    struct tfu_sweep_case *item; /* the same as sweep.item */
    size_t room;                 /* of both */
    size_t *slot, slots;         /* number of an item + 1 by run and values; 0: free */
    char sources[TFU_HASH_HEX];  /* what the sweep is made of (inputs.h) */
    char texts[TFU_HASH_HEX];    /* what the study file, its bases and includes say */
    bool recalled;               /* the items are those of a record (recall.h) */
    bool whole;                  /* nothing but its place was laid over the file */
    bool
        wants_runs; /* the folders of runs, where they follow from the configuration and the data */
    struct tfu_digests *digests;    /* of files that were read */
    struct tfu_data_prints *prints; /* NULL before the first run's folder is asked for */
};

/* ---- items.c */

/* The item of a run of `runs`, or a case, with these values; SIZE_MAX: there is none. A tuned case
 * and its candidates are told apart by their value on the axis of `tune`. */
size_t tfu_work_find(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value);
/* A new one, behind all others; SIZE_MAX: memory ran out. `value` is copied. */
size_t tfu_work_add(struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value);
/* The names of these values, by axis; NULL: memory ran out. */
const char **tfu_work_value_names(struct tfu_sweep_priv *p, const uint32_t *value);
/* As if there were none yet. */
void tfu_work_forget(struct tfu_sweep_priv *p);
/* Those that are for others to the front, needs renumbered. */
enum tfu_status tfu_work_order(struct tfu_sweep_priv *p, struct tfu_error *e);
/* The values of `value` that a run of `runs` is one for each of. */
void tfu_work_project(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value,
                      uint32_t *out);

/* ---- tree.c: the configuration of an item */

struct tfu_work_tree {
    struct tfu_sweep_priv *p;
    uint32_t run;
    const uint32_t *value;
    /* The text for a state of a run with these values, or NULL after a finding in `l`. */
    const char *(*artefact)(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                            const struct tfu_node *scalar);
    void *arg;
};

/* As `artefact` where any will do: of a run that nothing is known of. */
const char *tfu_work_no_artefact(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                                 const struct tfu_node *scalar);

enum tfu_status tfu_work_compose(struct tfu_config **out, struct tfu_work_tree *tree,
                                 struct tfu_diagnostics *d, struct tfu_error *e);

/* ---- without_effect.c */

/* A key of the base that the command line says in vain becomes a finding, of a spec without any. */
void tfu_work_refuse_without_effect(struct tfu_load *l, const struct tfu_spec *s);

/* ---- resolve.c */

/* What is known of its data, which are opened the first time; the numbers that it asks for of them
 * are in `c` then. */
enum tfu_status tfu_work_open_data(struct tfu_sweep_priv *p, struct tfu_config *c,
                                   const struct tfu_data_print **out, struct tfu_error *e);
/* Finds the folder of the run that item's configuration comes to, which opens its data. */
enum tfu_status tfu_work_name_folder(struct tfu_sweep_priv *p, struct tfu_config *c,
                                     struct tfu_work_item *item, struct tfu_error *e);

/* ---- cases.c: all items, with their keys */

/* What is wrong goes into `d`, each thing once. */
enum tfu_status tfu_work_make_cases(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                                    struct tfu_error *e);

/* Of a sweep that was not read without findings: its first case, and that with each other value in
 * its place. What is wrong goes into `d`. */
enum tfu_status tfu_work_check_values(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                                      struct tfu_error *e);

#endif
